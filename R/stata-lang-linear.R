# lincom and test after a regression: linear combinations of its coefficients and Wald tests of hypotheses on them.
# Source: Stata's manual of lincom and test; W = (Rb - r)'(R V R')^-1 (Rb - r), F = W / q with residual df.

# list(weights, constant) of an expression in which coefficients stand under their names or as _b[name].
linear_form <- function(text, session) {
  b <- session$e$b
  if (is.null(b)) abort_stata("last estimates not found", 301L)
  names <- without_base(colnames(b))
  text <- gsub("(^|[[#: (])([0-9]+)bn?[.]", "\\1\\2.", text)
  text <- gsub("(?<![\\w\\]])\\[\\s*([[:alpha:]_]\\w*)\\s*\\](?=[[:alpha:]_])", "\\1:", text, perl = TRUE)
  for (j in order(-nchar(names))) {
    for (name in coefficient_spellings(names[j])) {
      plain <- gsub(".", "\\.", name, fixed = TRUE)
      text <- gsub(sprintf("_(b|coef)\\[\\s*%s\\s*\\]", plain), sprintf(" __b%d ", j), text)
      text <- gsub(sprintf("(?<![\\w.#])%s(?![\\w.(\\[#])", plain), sprintf("__b%d", j), text, perl = TRUE)
    }
  }
  at <- function(values) {
    inner <- new_session()
    inner$data <- stats::setNames(as.list(values), sprintf("__b%d", seq_along(names)))
    inner$scalars <- session$scalars
    inner$n <- 1L
    evaluate_scalar(tokenize(text), inner)
  }
  zero <- numeric(length(names))
  constant <- at(zero)
  if (!is.numeric(constant)) abort_stata("type mismatch", 109L)
  weights <- vapply(seq_along(names), function(j) at(replace(zero, j, 1)) - constant, 0)
  if (!linear_at(at, weights, constant, seq_along(names) + 0.5))
    abort_stata("not possible with a nonlinear expression", 131L)
  list(weights = weights, constant = constant)
}

# The ways to write a coefficient: factors of an interaction in any order, c. of a variable or not.
coefficient_spellings <- function(name) {
  part <- strsplit(name, "#", fixed = TRUE)[[1L]]
  if (length(part) == 1L) return(c(name, if (grepl("^[[:alpha:]_]\\w*$", name)) paste0("c.", name)))
  if (length(part) > 4L) return(name)
  orders <- function(x) if (length(x) < 2L) list(x) else
    unlist(lapply(seq_along(x), function(i) lapply(orders(x[-i]), function(rest) c(x[i], rest))), recursive = FALSE)
  unique(c(name, vapply(orders(part), paste, "", collapse = "#")))
}

# Is the function what its values at 0 and at the unit vectors say?
linear_at <- function(at, weights, constant, point) {
  expected <- sum(weights * point) + constant
  isTRUE(abs(at(point) - expected) <= 1e-9 * max(1, abs(expected), abs(weights)))
}

# a - 2*b = 3, in the order of the coefficients, numbers on the right.
show_hypothesis <- function(form, names) {
  used <- which(form$weights != 0)
  size <- abs(form$weights[used])
  term <- ifelse(size == 1, names[used], paste0(trimws(stata_general(size, 9L)), "*", names[used]))
  sign <- ifelse(form$weights[used] < 0, " - ", " + ")
  left <- sub("^ [+] ", "", sub("^ - ", "- ", paste0(sign, term, collapse = "")))
  right <- if (form$constant == 0) 0 else -form$constant
  sprintf("%s = %s", left, trimws(stata_general(right, 9L)))
}

# After maximum likelihood the coefficients carry the name of their equation, the outcome.
tested_names <- function(session) {
  names <- colnames(session$e$b)
  if (is.null(session$regression$kind)) names else sprintf("[%s]%s", session$regression$depvar, names)
}

hypothesis_lines <- function(forms, names) {
  sprintf(" (%2d)  %s", seq_along(forms), vapply(forms, show_hypothesis, "", names = names))
}

# ---- lincom ------------------------------------------------------------------------------------

# lincom exp [, level(#) eform or rr irr hr]
run_lincom <- function(text, session, statement) {
  command <- parse_command(paste("lincom", text))
  o <- command_options(command, c(level = "l", eform = "ef", or = "or", rr = "rr", irr = "ir", hr = "hr"))
  level <- if (is.null(o$level)) session$level else number_word(o$level)
  ratio <- setdiff(names(o), "level")
  if (identical(session$e$cmd, "logistic") && !length(ratio)) ratio <- "or"
  form <- linear_form(command$rest_text, session)
  if (form$constant != 0) abort_stata("additive constant term not allowed", 198L)
  if (all(form$weights == 0)) abort_stata("the expression holds no coefficient", 198L)
  row <- lincom_row(form, session$e, level / 100)
  session$r <- Filter(Negate(is.null), list(estimate = row$b, se = row$se, df = session$e$df_r, t = row$t, p = row$p,
                                            lb = row$lo, ub = row$hi, level = level))
  t <- !is.null(session$e$df_r)
  if (!t) names(session$r)[names(session$r) == "t"] <- "z"
  shown <- row
  if (length(ratio)) shown[c("b", "se", "lo", "hi")] <- c(exp(row$b), exp(row$b) * row$se, exp(row$lo), exp(row$hi))
  heading <- switch(c(ratio, "")[1L], or = "Odds Ratio", rr = "Risk Ratio", irr = "IRR", hr = "Haz. Ratio",
                    eform = "exp(b)", "Coef.")
  lines <- format_coef_table(shown, session$e$depvar %||% "", level / 100, if (t) "t" else "z", heading)
  emit(session, c("", hypothesis_lines(list(form), tested_names(session)), "", in_words_of(lines, session$estimates)))
}

# The head of the table as the version of Stata that the regression prints for words it.
in_words_of <- function(lines, view) {
  new <- c("Coefficient  Std. err.", "Odds ratio   Std. err.", "Risk ratio   Std. err.", "Std. err.", "conf. interval")
  old <- c("     Coef.   Std. Err.", "Odds Ratio   Std. Err.", "Risk Ratio   Std. Err.", "Std. Err.", "Conf. Interval")
  if (is.null(view$meta) || by_version(c("old", "new"), view$meta$version) == "old") return(lines)
  for (i in seq_along(old)) lines[2L] <- sub(old[i], new[i], lines[2L], fixed = TRUE)
  lines
}

lincom_row <- function(form, e, level) {
  found <- linear_tests(list(form), e)
  reach <- critical_value(level, e$df_r %||% NA_real_) * found$se
  data.frame(name = "(1)", b = found$estimate, se = found$se, t = found$zval, p = found$pval,
             lo = found$estimate - reach, hi = found$estimate + reach)
}

# ---- test --------------------------------------------------------------------------------------

# test coeflist; test exp = exp [= exp]; test (spec) (spec) ...
run_test <- function(text, session, statement) {
  command <- parse_command(paste("test", text))
  no_options(command)
  specs <- test_specs(command$rest, command$text)
  forms <- unlist(lapply(specs, test_forms, session = session), recursive = FALSE)
  if (!length(forms)) abort_stata("invalid syntax", 198L)
  wald <- wald_test(forms, session$e)
  if (!wald$df) abort_stata("the hypotheses hold no coefficient", 198L)
  session$r <- wald
  emit(session, c("", hypothesis_lines(forms, tested_names(session)), dropped_lines(wald$dropped), "",
                  wald_lines(wald)))
  session$r$dropped <- NULL
}

# The texts in parentheses one by one, or the whole.
test_specs <- function(tokens, text) {
  n <- nrow(tokens)
  out <- character()
  at <- 1L
  while (at <= n) {
    close <- if (tokens$text[at] == "(" && tokens$type[at] == "punct") closing_token(tokens, at)
    if (is.null(close)) return(token_text(text, tokens, 1L, n))
    out <- c(out, token_text(text, tokens, at + 1L, close - 1L))
    at <- close + 1L
  }
  out
}

closing_token <- function(tokens, open) {
  depth <- token_depth(tokens)
  close <- which(seq_along(depth) > open & depth == depth[open] & tokens$text == ")" & tokens$type == "punct")
  if (!length(close)) abort_stata("parentheses unbalanced", 132L)
  close[1L]
}

# a b c: each is 0; a = b = 2: each equals the last.
test_forms <- function(spec, session) {
  sides <- strsplit(gsub("==", "=", spec, fixed = TRUE), "=", fixed = TRUE)[[1L]]
  if (length(sides) > 1L) {
    last <- sides[length(sides)]
    return(lapply(sides[-length(sides)], function(side) linear_form(sprintf("(%s) - (%s)", side, last), session)))
  }
  lapply(strsplit(trimws(spec), "\\s+")[[1L]], linear_form, session = session)
}

# Hypotheses that follow from those before them are dropped, as are contradictions of this kind.
wald_test <- function(forms, e) {
  kept <- integer()
  for (i in seq_along(forms)) {
    found <- linear_tests(forms[c(kept, i)], e)
    if (is.finite(found$QM) && all(found$se > 0)) kept <- c(kept, i)
  }
  out <- list(df = length(kept), dropped = setdiff(seq_along(forms), kept),
              drop = as.numeric(length(kept) < length(forms)))
  if (!length(kept)) return(out)
  found <- linear_tests(forms[kept], e)
  if (is.null(e$df_r)) return(c(out, chi2 = found$QM, p = found$QMp))
  c(out, F = found$QM, df_r = e$df_r, p = found$QMp)
}

# Estimates and joint test of linear forms of the coefficients; those that depend on each other have no joint test.
linear_tests <- function(forms, e) {
  L <- do.call(rbind, lapply(forms, `[[`, "weights"))
  df <- e$df_r %||% NaN
  call_core(cpp_linear_tests(unname(L), -vapply(forms, `[[`, 0, "constant"), drop(unname(e$b)), unname(e$V),
                             rep(df, nrow(L)), df))
}

dropped_lines <- function(which) if (length(which)) sprintf("       Constraint %d dropped", which)

wald_lines <- function(x) {
  p <- stata_fixed(x$p, 9L, 4L)
  if (is.null(x$F)) {
    return(c(sprintf("           chi2(%3d) =%s", x$df, stata_fixed(x$chi2, 8L, 2L)),
             sprintf("         Prob > chi2 = %s", p)))
  }
  c(sprintf("       F(%3d,%6.0f) =%s", x$df, x$df_r, stata_fixed(x$F, 8L, 2L)), sprintf("            Prob > F = %s", p))
}

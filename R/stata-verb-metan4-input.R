# Input of metan 4: variables, cells with their corrections, study effects and intervals, labels and their titles.
# Source: the command's help pages; Sweeting et al. (2004) for cc(). Oracle: verified logs of metan 4.08.

metan4_input <- function(mc, data, env, o, call) {
  data <- resolve_data(data, call)
  if (!is.null(mc$study)) mc$label <- mc$study
  nvars <- length(mc$...)
  by <- if (!is.null(mc$by)) stata_column(mc$by, data, env, "by", call)
  input <- metan_input(mc, data, env, call)
  if (is.null(mc$label) && is.null(mc$lcols)) input <- number_studies(input, call)
  if (is.character(by)) {
    value <- as.character(input$by)
    input$by <- factor(value, levels = unique(value[!is.na(value)]))
  }
  input$by <- keep_missing_group(input$by, o)
  k <- length(stata_varlist(mc$..., data, env, nvars, call)[[1L]])
  column <- function(expr, arg) {
    x <- stata_option_column(expr, data, env, arg, k, call)
    if (is.null(x)) NULL else check_numeric_vector(x, arg, call)[input$rows]
  }
  input$npts <- if (!isTRUE(o$npts)) column(mc$npts, "npts")
  input$dfs <- column(mc$df, "df")
  input$qwt <- column(quality_name(o$models), "qwt")
  input$title <- study_title(mc, data, env, o, call)
  input$sorted <- if (!is.null(mc$sortby)) sort_words(mc$sortby) else attr(data, "sorted", exact = TRUE)
  input
}

# Without names the studies are numbered as they are shown; rows without any value are no studies.
number_studies <- function(input, call) {
  empty <- Reduce(`&`, lapply(input$vars, is.na))
  if (any(empty) && !all(empty)) {
    warn_dropped(input$rows[empty], "all values are missing", call)
    each <- c("by", "wgt", "label", "name", "rows")
    input[each] <- lapply(input[each], function(x) x[!empty])
    for (set in c("vars", "rcols")) input[[set]] <- lapply(input[[set]], function(x) x[!empty])
  }
  input$label <- input$name <- as.character(seq_along(input$rows))
  input
}

# by(g, missing): studies without a group make one of their own, last.
keep_missing_group <- function(by, o) {
  if (is.null(by) || !isTRUE(o$missing) || !anyNA(by)) return(by)
  levels <- c(levels(by), "Missing")
  by <- as.character(by)
  by[is.na(by)] <- "Missing"
  factor(by, levels)
}

quality_name <- function(models) {
  for (m in models) if (!is.null(m$options$qwt)) return(as.name(m$options$qwt))
  NULL
}

# The heading of the labels: labtitle(), else the variables' labels, "by and study (year)".
study_title <- function(mc, data, env, o, call) {
  if (!is.null(o$labtitle)) return(o$labtitle)
  expr <- if (!is.null(mc$label)) mc$label else first_element(mc$lcols)
  parts <- if (is.call(expr) && as.character(expr[[1L]])[1L] %in% c("c", "list")) as.list(expr)[-1L]
  else if (is.list(expr) || is.character(expr) && !is.null(names(expr))) as.list(expr) else list(namevar = expr)
  names(parts) <- sub("^year.*$", "year", names(parts))
  name <- if (is.null(expr)) "Study" else
    variable_title(parts[[if ("namevar" %in% names(parts)) "namevar" else 1L]], data, env, call)
  if (!is.null(parts$year) && length(parts) > 1L)
    name <- sprintf("%s (%s)", name, variable_title(parts$year, data, env, call))
  if (is.null(mc$by)) name else paste(variable_title(mc$by, data, env, call), "and", name)
}

first_element <- function(expr) {
  if (is.call(expr) && as.character(expr[[1L]])[1L] %in% c("c", "list")) expr[[2L]]
  else if (is.character(expr)) expr[1L] else expr
}

variable_title <- function(expr, data, env, call) {
  label <- attr(stata_column(expr, data, env, "label", call), "label", exact = TRUE)
  if (is.character(label) && length(label) == 1L && nzchar(label)) label else varlist_names(list(expr))
}

# ---- studies -------------------------------------------------------------------------------------

metan4_studies <- function(input, o, call) {
  check_metan4_values(input, o, call)
  s <- data.frame(study = seq_along(input$rows), row = input$rows, label = input$label, name = input$name,
                  stringsAsFactors = FALSE)
  s$group <- input$by
  s$wgt <- input$wgt
  s$qwt <- input$qwt
  s <- if (o$proportion) proportion_studies(s, input, o, call) else effect_studies(s, input, o, call)
  s$reason <- metan4_reason(s, input, o)
  for (reason in unique(s$reason[!is.na(s$reason)])) warn_dropped(s$row[which(s$reason == reason)], reason, call)
  if (!any(is.na(s$reason))) abort_input("...", "must hold at least one study that can be used", call)
  metan4_intervals(s, input, o, call)
}

check_metan4_values <- function(input, o, call) {
  if (o$proportion) check_proportions(input, call) else check_metan_values(input, o, call)
}

effect_studies <- function(s, input, o, call) {
  v <- unname(input$vars)
  if (input$nvars == 4L) return(table_studies(s, v, o, call))
  s[c("yi", "vi")] <- metan_effects(input, o)
  if (input$nvars == 6L) {
    s[c("n1", "m1", "sd1", "n2", "m2", "sd2")] <- v
    s[["n"]] <- v[[1L]] + v[[4L]]
  }
  if (!is.null(input$npts)) s[["n"]] <- input$npts
  s
}

# Study effects come from corrected cells; Mantel-Haenszel and Peto sums from them only when cc() asks for it.
table_studies <- function(s, v, o, call) {
  raw <- matrix(unlist(v), ncol = 4L)
  double <- double_zero(raw)
  usable <- rowSums(is.finite(raw)) == 4L & (!double | !o$ratio) & raw[, 1L] + raw[, 2L] > 0 & raw[, 3L] + raw[, 4L] > 0
  fixed <- raw
  s$corrected <- FALSE
  if (any(usable) && o$zero$amount > 0 && o$measure_word != "PETO") {
    x <- call_core(cpp_correct_tables(raw[usable, , drop = FALSE], o$zero$amount, o$zero$rule,
                                      empirical_ratio(raw[usable, , drop = FALSE], o),
                                      o$zero$allifzero), call)
    fixed[usable, ] <- c(x$a, x$b, x$c, x$d)
    s$corrected[which(usable)[x$rows]] <- TRUE
  }
  effect <- table_effects(fixed, o)
  s[c("yi", "vi")] <- effect
  if (o$measure == "RD") s$yi <- table_effects(raw, o)$yi
  pooled <- o$zero$pooled || needs_correction(raw[usable, , drop = FALSE], o)
  s[c("a", "b", "c", "d")] <- as.data.frame(if (pooled) fixed else raw)
  attr(s, "corrected_sums") <- pooled
  s[c("a0", "b0", "c0", "d0")] <- as.data.frame(raw)
  s[["n"]] <- rowSums(raw)
  s
}

double_zero <- function(x) (x[, 1L] %in% 0 & x[, 3L] %in% 0) | (x[, 2L] %in% 0 & x[, 4L] %in% 0)

# When every study has its empty cell in the same arm, no ratio can be pooled without a correction.
needs_correction <- function(x, o) {
  if (!o$ratio || nrow(x) == 0L) return(FALSE)
  if (o$measure == "OR") all(x[, 1L] * x[, 4L] == 0) || all(x[, 2L] * x[, 3L] == 0) else all(x[, 1L] == 0) ||
    all(x[, 3L] == 0)
}

table_effects <- function(x, o) {
  columns <- stats::setNames(lapply(seq_len(4L), function(j) x[, j]), c("ai", "bi", "ci", "di"))
  spec <- effect_spec(o$measure_word, metan_convention(o))
  spec[c("add", "to", "drop00", "rd_uncorrected")] <- list(0, "none", FALSE, FALSE)
  out <- quiet_drops(effect_sizes(o$measure_word, columns, spec))
  list(yi = as.numeric(out$yi), vi = as.numeric(out$vi))
}

# theta of the empirical correction: the odds ratio of the first model. Mantel-Haenszel sums take every study as it is,
# the other models the studies without empty cells, of which there must be one.
empirical_ratio <- function(x, o) {
  if (o$zero$rule != "empirical") return(1)
  m <- o$models[[1L]]
  whole <- rowSums(x == 0) == 0L
  if (!any(whole)) abort_input("cc", "empirical needs at least one study without an empty cell", o$call)
  if (m$kind != "mh") x <- x[whole, , drop = FALSE]
  s <- data.frame(row = seq_len(nrow(x)), label = seq_len(nrow(x)), x)
  names(s)[3:6] <- c("a", "b", "c", "d")
  if (m$kind == "mh") return(exp(pool4_mh(s, m, o)$est))
  s[c("yi", "vi")] <- table_effects(x, o)
  exp(metan4_pool(s, m, o)$est)
}

metan4_reason <- function(s, input, o) {
  reason <- rep(NA_character_, nrow(s))
  gaps <- Reduce(`|`, lapply(input$vars, function(x) !is.finite(x)))
  if (!is.null(s$wgt)) gaps <- gaps | is.na(s$wgt)
  if (!is.null(s$group)) gaps <- gaps | is.na(s$group)
  reason[gaps] <- "a value is missing"
  if (input$nvars == 4L) {
    raw <- as.matrix(s[c("a0", "b0", "c0", "d0")])
    reason[!gaps & (raw[, 1L] + raw[, 2L] == 0 | raw[, 3L] + raw[, 4L] == 0)] <- "an arm is empty"
    if (o$ratio) reason[is.na(reason) & double_zero(raw)] <- "no events, or nothing but events, in both arms"
  }
  reason[is.na(reason) & !(s$vi > 0 & is.finite(s$vi))] <- "the standard error is not positive"
  reason
}

# The interval of each study, on the scale of the analysis.
metan4_intervals <- function(s, input, o, call) {
  if (o$proportion && o$citype != "transform") return(s)
  df <- if (o$citype == "t") t_df(if (!is.null(input$dfs)) input$dfs else s[["n"]] - 2) else NA
  critical <- critical_value(o$ilevel, df)
  s$lo <- s$yi - critical * sqrt(s$vi)
  s$hi <- s$yi + critical * sqrt(s$vi)
  if (o$citype == "cornfield") {
    x <- call_core(cpp_cornfield(as.matrix(s[c("a", "b", "c", "d")]), o$ilevel))
    s[c("lo", "hi")] <- lapply(x, log)
  }
  if (input$nvars == 3L && o$ilevel == 0.95 && o$citype == "normal") s[c("lo", "hi")] <- unname(input$vars)[2:3]
  s
}

# ---- proportions ---------------------------------------------------------------------------------

proportion_studies <- function(s, input, o, call) {
  x <- as.numeric(input$vars[[1L]])
  n <- as.numeric(input$vars[[2L]])
  edge <- is.finite(x) & is.finite(n) & (x == 0 | x == n)
  add <- if (o$transform %in% c("ftukey", "arcsine")) 0 else o$zero$amount * edge
  measure <- c(none = "PR", logit = "PLO", arcsine = "PAS")
  e <- if (o$transform == "ftukey") call_core(cpp_proportion_effects(x, n, TRUE), call) else {
    columns <- list(xi = x + add, mi = n - x + add)
    spec <- effect_spec(measure[[o$transform]], "metan4", list(add = 0, to = "none"))
    quiet_drops(effect_sizes(measure[[o$transform]], columns, spec))
  }
  s[c("x", "n")] <- list(x, n)
  s$yi <- as.numeric(e$yi)
  s$vi <- as.numeric(e$vi)
  s$corrected <- add > 0
  if (o$citype == "transform") return(s)
  limits <- call_core(cpp_proportion_intervals(x, n, o$ilevel, if (o$citype == "wilson") "score" else o$citype), call)
  s$p <- x / n
  s$p_lo <- limits$lb
  s$p_hi <- limits$ub
  s
}

# From the scale of the analysis to proportions; FTT returns through a mean of the sample sizes.
proportion_back <- function(value, o, n, se = NULL) {
  if (o$nopr) return(value)
  out <- switch(o$transform, none = value, logit = stats::plogis(value),
                arcsine = sin(pmin(pmax(value, 0), pi / 2))^2,
                ftukey = call_core(cpp_freeman_tukey_inverse(as.numeric(value), back_size(o, n, se)))$p)
  o$denominator * out
}

back_size <- function(o, n, se) {
  n <- as.numeric(n)
  switch(o$ft_mean, arithmetic = mean(n), geometric = exp(mean(log(n))), ivariance = if (is.null(se)) n else 1 / se^2,
         n)
}

check_proportions <- function(input, call) {
  x <- input$vars[[1L]]
  n <- input$vars[[2L]]
  names <- names(input$vars)
  bad <- which(n <= 0 | is.infinite(n))
  if (length(bad)) abort_studies(names[2L], input$rows[bad], "must hold totals that are positive and finite", call)
  bad <- which(x < 0 | x > n)
  if (length(bad)) abort_studies(names[1L], input$rows[bad], sprintf("must lie between 0 and `%s`", names[2L]), call)
  bad <- which(!is.na(input$wgt) & (input$wgt < 0 | is.infinite(input$wgt)))
  if (length(bad)) abort_studies("wgt", input$rows[bad], "must be finite and not negative", call)
}

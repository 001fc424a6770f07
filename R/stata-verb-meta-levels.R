# Owns the levels of Stata's multilevel commands: equations of random effects in words, to terms of rma.mv() and back.
# Source: Stata's documented syntax; Konstantopoulos (2011). Oracle: rma.mv() with its own formulas.

# "district: x, covariance(unstructured) noconstant sd(. .2)"
level_equation <- function(text, call) {
  comma <- regexpr(",", text, fixed = TRUE)
  head <- if (comma > 0L) substr(text, 1L, comma - 1L) else text
  if (!grepl(":", head, fixed = TRUE))
    abort_input("model", sprintf("lacks a colon in the equation \"%s\"", trimws(text)), call)
  level <- trimws(sub(":.*$", "", head))
  if (!nzchar(level) || grepl("\\s", level))
    abort_input("model", "must name one grouping variable before each colon", call)
  if (level == "_all") abort_capability("model", "with the level _all is not available here", call)
  options <- if (comma > 0L) level_options(substring(text, comma + 1L), call)
  out <- list(level = level, slopes = plain_word_list(sub("^[^:]*:", "", head)), constant = !isTRUE(options$noconstant),
              sd = options$sd)
  out$kind <- level_kind(out, options$covariance, call)
  out
}

level_options <- function(text, call) {
  words <- regmatches(text, gregexpr("[a-z]+\\s*(\\([^()]*\\))?", text))[[1L]]
  out <- list()
  for (word in words) {
    name <- meta_match(trimws(sub("\\(.*$", "", word)), c("covariance", "noconstant", "sd"), "model", call)
    inner <- if (grepl("(", word, fixed = TRUE)) trimws(gsub("^[^(]*\\(|\\)$", "", word))
    out[[name]] <- switch(name, noconstant = TRUE, covariance = inner %||% "", sd = fixed_sds(inner %||% "", call))
  }
  out
}

# Numbers, and points for standard deviations that are to be estimated.
fixed_sds <- function(text, call) {
  words <- plain_word_list(text)
  out <- ifelse(words == ".", NA_real_, suppressWarnings(as.numeric(words)))
  if (!length(words) || any(words != "." & (is.na(out) | out < 0)))
    abort_input("sd", "must be numbers not below 0, or . for those to be estimated", call)
  out
}

level_kind <- function(equation, word, call) {
  size <- length(equation$slopes) + equation$constant
  if (!size) abort_input("model", "leaves an equation without random effects", call)
  kind <- if (is.null(word)) "independent" else meta_match(word, names(covariance_words), "covariance", call)
  if (size > 1L && kind %in% c("identity", "exchangeable"))
    abort_capability("covariance", sprintf(
      "= \"%s\" of several random effects is not available here: use independent or unstructured", kind), call)
  if (!is.null(equation$sd) && (length(equation$sd) != size || kind == "unstructured" && size > 1L))
    abort_input("sd", sprintf("must be %d numbers, one for each independent random effect", size), call)
  if (size == 1L) "Identity" else title_word(kind)
}

level_list <- function(relevels, call) {
  text <- paste(check_vector_of_words(relevels, "relevels", call), collapse = " ")
  levels <- plain_word_list(sub(",.*$", "", text))
  if (!length(levels)) abort_input("relevels", "must name grouping variables", call)
  options <- if (grepl(",", text, fixed = TRUE)) level_options(sub("^[^,]*,", "", text), call)
  if (length(setdiff(names(options), "sd"))) abort_input("relevels", "takes the option sd() alone", call)
  if (!is.null(options$sd) && length(options$sd) != length(levels))
    abort_input("relevels", sprintf("must have %d numbers in sd()", length(levels)), call)
  lapply(seq_along(levels), function(i) {
    list(level = levels[i], slopes = character(), constant = TRUE, kind = "Identity",
         sd = if (!is.null(options$sd)) options$sd[i])
  })
}

# ---- terms -------------------------------------------------------------------------------------

# Columns .g1, .g2, ... with the nested groups as numbers, .s1_1, ... with the variables of random slopes.
level_frame <- function(groups, slopes, used) {
  out <- list()
  above <- rep(1L, length(used))
  for (i in seq_along(groups)) {
    own <- match(groups[[i]][used], unique(groups[[i]][used]))
    key <- paste(above, own)
    above <- match(key, unique(key))
    out[[sprintf(".g%d", i)]] <- above
    for (j in seq_len(ncol(slopes[[i]]) %||% 0L)) out[[sprintf(".s%d_%d", i, j)]] <- slopes[[i]][used, j]
  }
  as.data.frame(out, optional = TRUE)
}

# Formulas and fixed values of rma.mv(), and at which level each of its components stands.
level_formulas <- function(equations, call) {
  plain <- vapply(equations, function(e) !length(e$slopes), NA)
  if (sum(!plain) > 2L)
    abort_capability("model", "with random slopes at more than two levels is not available here", call)
  formulas <- lapply(seq_along(equations), function(i) {
    e <- equations[[i]]
    inner <- c(if (e$constant) "1" else "0", sprintf(".s%d_%d", i, seq_along(e$slopes)))
    stats::as.formula(sprintf("~ %s | .g%d", if (plain[i]) "1" else paste(inner, collapse = " + "), i), baseenv())
  })
  sds <- function(e) (e$sd %||% rep(NA_real_, length(e$slopes) + e$constant))^2
  turned <- function(e) if (e$constant) c(length(e$slopes) + 1L, seq_along(e$slopes)) else seq_along(e$slopes)
  fixed <- list()
  if (any(plain)) fixed$sigma2 <- unlist(lapply(equations[plain], sds))
  slope <- equations[!plain]
  for (i in seq_along(slope)) fixed[[c("tau2", "gamma2")[i]]] <- sds(slope[[i]])[turned(slope[[i]])]
  kind <- vapply(slope, `[[`, "", "kind")
  struct <- if (length(slope)) list(struct = ifelse(kind == "Unstructured", "GEN", "GDIAG"))
  list(formulas = c(formulas[plain], formulas[!plain]), struct = struct,
       fixed = Filter(function(v) !all(is.na(v)), fixed))
}

# The covariance matrix of the random effects of each level: slopes first, the constant last.
level_covariances <- function(fit, equations) {
  plain <- vapply(equations, function(e) !length(e$slopes), NA)
  place <- cumsum(plain)
  slope <- cumsum(!plain)
  lapply(seq_along(equations), function(i) {
    e <- equations[[i]]
    names <- c(e$slopes, if (e$constant) "_cons")
    S <- if (plain[i]) matrix(fit$sigma2[place[i]]) else unname(as.matrix(if (slope[i] == 1L) fit$G else fit$H))
    order <- if (e$constant && !plain[i]) c(seq_along(e$slopes) + 1L, 1L) else seq_len(nrow(S))
    list(level = e$level, kind = e$kind, names = names, Sigma = structure(S[order, order, drop = FALSE],
                                                                          dimnames = list(names, names)),
         fixed = !is.na(e$sd %||% rep(NA_real_, length(names))))
  })
}

group_table <- function(equations, frame) {
  size <- lapply(seq_along(equations), function(i) tabulate(frame[[sprintf(".g%d", i)]]))
  data.frame(level = vapply(equations, `[[`, "", "level"), groups = lengths(size), min = vapply(size, min, 0L),
             mean = vapply(size, mean, 0), max = vapply(size, max, 0L))
}

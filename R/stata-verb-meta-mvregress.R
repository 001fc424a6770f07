# Owns meta_mvregress(): several outcomes of each study, with Stata's words, log and predictions. The fit is rma.mv()'s.
# Source: Stata's documented model; Jackson, White & Riley (2012). Oracle: a real log of Stata 17; Berkey et al. (1998).

#' Multivariate meta-regression as Stata's meta mvregress
#'
#' @param model the outcomes and moderators: Stata's words in a string (`"y1 y2 = x i.group"`) or a formula
#'   (`y1 + y2 ~ x + factor(group)`). A study may lack some of its outcomes.
#' @param data a data frame, one row for each study.
#' @param wcovvariables names of the columns of variances and covariances within studies, row by row of the upper
#'   triangle:
#'   `"v11 v12 v22"`.
#' @param wsevariables,wcorrelations in place of them: names of the columns of standard errors, and the correlations
#'   within
#'   studies (one number, or one for each pair of outcomes in that order; 0 when missing).
#' @param random method of the random-effects model: `"reml"` (default) or `"mle"`; Stata's suboption
#'   `"reml, covariance(independent)"` may follow.
#' @param covariance structure of the covariances between studies: `"unstructured"` (default), `"independent"`,
#'   `"identity"` or `"exchangeable"`.
#' @param fixed,common models without random effects.
#' @param se `"khartung"` or `"khartung, truncated"`: the adjustment of Jackson and Riley, with t tests.
#' @param tdistribution t tests without the adjustment.
#' @param level confidence level in percent.
#' @param noheader leave out the header.
#' @param variance print variances and covariances in place of standard deviations and correlations.
#' @param subset rows to keep.
#' @param object a result.
#' @param statistic `"xb"`, `"stdp"`, `"fitted"`, `"residuals"`, `"reffects"` or `"rstandard"`.
#' @param fixedonly residuals without the predicted random effects.
#' @param ... not used.
#' @return An object of class `stata_meta_mvregress` (see [stata_view]). `r` holds Stata's `e()`: `N`, `N_s`, `ll`,
#'   `chi2` or `F`, `p`, `Q_M`, `df_Q_M`, `p_Q_M`, `b`, `V`; `fit` is the model of [rma.mv()]. `predict()` gives a
#'   matrix,
#'   one column for each outcome.
#' @details Numbers are those of the exact maximum: Stata's optimiser may stop short of it, most of all where a
#'   correlation
#'   ends at -1 or 1, and then depends on the order of the outcomes. The restricted likelihood is without log|X'X|/2, as
#'   Stata prints it. Errors: `metaparity_error_input`, `metaparity_error_studies`, `metaparity_error_unsupported`;
#'   studies
#'   without moderators are left out with a warning of class `metaparity_warning_dropped`.
#' @section Formula: y_i ~ N(X_i b, S_i + Sigma).
#' @section Shortest forms: In stata() and stata_do() an option may be cut: `r option_forms("meta_mvregress")`.
#' @section In other software: Stata `meta mvregress y1 y2 = x, wcovvariables(v11 v12 v22)`; metafor
#'   `rma.mv(yi, V, mods = ~ outcome + outcome:x - 1, random = ~ outcome | study, struct = "UN")`.
#' @references Jackson D, White IR, Riley RD (2012). Statistics in Medicine 31, 3805-3820. Jackson D, Riley RD (2014).
#'   Statistics in Medicine 33, 541-554.
#' @examples
#' d <- data.frame(y1 = c(.47, .2, .4, .26, .56), y2 = c(-.32, -.6, -.12, -.31, -.39),
#'                 v11 = c(.0075, .0057, .0021, .0029, .0148),
#'                 v12 = c(.003, .0009, .0007, .0009, .0072),
#'                 v22 = c(.0077, .0008, .0014, .0015, .0304))
#' fit <- meta_mvregress("y1 y2", d, wcovvariables = "v11 v12 v22")
#' fit
#' estat_heterogeneity(fit)
#' @export
meta_mvregress <- function(model, data, wcovvariables = NULL, wsevariables = NULL, wcorrelations = NULL,
                           random = "reml", covariance = "unstructured", fixed = FALSE, common = FALSE, se = NULL,
                           tdistribution = FALSE, level = 95, noheader = FALSE, variance = FALSE, subset = NULL) {
  check_given(model)
  mc <- match.call()
  check_given(data, call = mc)
  o <- mvregress_options(list(random = random, covariance = covariance, fixed = fixed, common = common), mc)
  o <- c(o, model_se_options(se, tdistribution, mc), level = check_stata_level(level, "level", mc),
         noheader = check_flag(noheader, "noheader", mc), variance = check_flag(variance, "variance", mc))
  d <- model_data(data, model_subset(data, mc, parent.frame()), mc)
  words <- model_formula_words(model, mvregress_words, mc)
  if (anyDuplicated(words$outcomes)) abort_input("model", "must name each outcome once", mc)
  within <- within_covariances(words$outcomes, d$data, wcovvariables, wsevariables, wcorrelations, mc)
  design <- meta_design(words$moderators, list(table = d$data), environment(model) %||% parent.frame(), mc)
  s <- stack_outcomes(words$outcomes, d, within, design, mc)
  new_mvregress(s, words$outcomes, design, d, o, mc)
}

mvregress_words <- function(text) {
  side <- strsplit(text, "=", fixed = TRUE)[[1L]]
  list(outcomes = plain_word_list(side[1L]), moderators = setdiff(plain_word_list(c(side, "")[2L]), "_cons"))
}

covariance_words <- c(unstructured = "UN", independent = "DIAG", identity = "ID", exchangeable = "CS")

# random(method, covariance(structure)) or covariance = ; fixed and common take no structure.
mvregress_options <- function(o, call) {
  for (name in c("fixed", "common")) check_flag(o[[name]], name, call)
  if (o$fixed && o$common) abort_input("common", sprintf("cannot go with `%s`", "fixed"), call)
  if (o$fixed || o$common) return(list(model = if (o$fixed) "fixed" else "common", method = "FE"))
  text <- if (isTRUE(o$random)) "reml" else check_word(o$random, "random", call)
  inner <- regmatches(text, regexec("cov[a-z]*\\(([^()]*)\\)", text))[[1L]]
  if (length(inner)) o$covariance <- trimws(inner[2L])
  word <- trimws(sub(",.*$", "", text))
  known <- c("reml", "mle", "jwriley")
  method <- if (nzchar(word)) meta_match(word, known, "random", call) else "reml"
  if (method == "jwriley") abort_capability("random", paste("\"jwriley\" is not available here: the moment method of",
    "Jackson, White and Riley is that of mvmeta, mm"), call)
  structure <- meta_match(o$covariance, names(covariance_words), "covariance", call)
  list(model = "random", method = c(reml = "REML", mle = "ML")[[method]], structure = structure)
}

# The covariances within studies: an array of studies, outcomes, outcomes.
within_covariances <- function(outcomes, data, cov, se, cor, call) {
  p <- length(outcomes)
  pairs <- which(t(lower.tri(diag(p), diag = TRUE)), arr.ind = TRUE)
  pairs <- pairs[order(pairs[, 1L], pairs[, 2L]), , drop = FALSE]
  if (is.null(cov) == is.null(se)) abort_input("wcovvariables", "or `wsevariables` must be given", call)
  S <- array(NA_real_, c(nrow(data), p, p))
  columns <- if (is.null(cov)) covariances_of_errors(pairs, p, data, se, cor, call) else {
    names <- option_columns(cov, "wcovvariables", call)
    if (length(names) != nrow(pairs))
      abort_input("wcovvariables", sprintf("must name %d columns, not %d", nrow(pairs), length(names)), call)
    lapply(names, numeric_column, data = data, arg = "wcovvariables", call = call)
  }
  for (j in seq_len(nrow(pairs))) {
    S[, pairs[j, 1L], pairs[j, 2L]] <- columns[[j]]
    S[, pairs[j, 2L], pairs[j, 1L]] <- columns[[j]]
  }
  S
}

covariances_of_errors <- function(pairs, p, data, se, cor, call) {
  names <- option_columns(se, "wsevariables", call)
  if (length(names) != p) abort_input("wsevariables", sprintf("must name %d columns, not %d", p, length(names)), call)
  sd <- lapply(names, numeric_column, data = data, arg = "wsevariables", call = call)
  cor <- if (is.null(cor)) 0 else check_numeric_vector(cor, "wcorrelations", call)
  off <- pairs[, 1L] != pairs[, 2L]
  if (!length(cor) %in% c(1L, sum(off)) || anyNA(cor) || any(abs(cor) > 1))
    abort_input("wcorrelations", sprintf("must be one number from -1 to 1, or %d", sum(off)), call)
  r <- rep(1, nrow(pairs))
  r[off] <- rep_len(cor, sum(off))
  lapply(seq_len(nrow(pairs)), function(j) r[j] * sd[[pairs[j, 1L]]] * sd[[pairs[j, 2L]]])
}

# Estimates below each other, study by study. Cells without estimate or variance are left out; so are studies without
# moderators.
stack_outcomes <- function(outcomes, d, within, design, call) {
  n <- nrow(d$data)
  p <- length(outcomes)
  Y <- vapply(outcomes, numeric_column, numeric(n), data = d$data, arg = "model", call = call)
  Y <- matrix(Y, n, p)
  own <- matrix(vapply(seq_len(p), function(j) within[, j, j], numeric(n)), n, p)
  bad <- which(rowSums(own <= 0, na.rm = TRUE) > 0)
  if (length(bad)) abort_studies("wcovvariables", d$rows[bad], "must be positive variances", call)
  known <- is.finite(Y) & is.finite(own)
  if (any(!design$complete)) warn_dropped(d$rows[!design$complete], "missing values in the moderators", call)
  empty <- design$complete & rowSums(known) == 0
  if (any(empty)) warn_dropped(d$rows[empty], "no outcome with a variance", call)
  known[!design$complete, ] <- FALSE
  use <- which(t(known), arr.ind = TRUE)
  if (!nrow(use)) abort_input("model", "leaves no study with an outcome", call)
  blocks <- lapply(split(use[, 1L], use[, 2L]), identity)
  V <- Map(function(i, j) within[i, j, j, drop = FALSE], as.integer(names(blocks)), blocks)
  lost <- d$rows[as.integer(names(blocks))[vapply(V, anyNA, NA)]]
  if (length(lost)) abort_studies("wcovvariables", lost, "must have covariances of all outcomes", call)
  check_within_covariances(lapply(V, function(v) matrix(v, dim(v)[2L])), d$rows[as.integer(names(blocks))],
                           if (is.null(call$wcovvariables)) "wcorrelations" else "wcovvariables", -Inf, call)
  list(yi = t(Y)[use], study = use[, 2L], outcome = use[, 1L], V = lapply(V, function(v) matrix(v, dim(v)[2L])), p = p)
}

# One set of coefficients for each outcome, the constant last.
stacked_design <- function(s, design) {
  X <- design$X[, c(seq_len(ncol(design$X))[-1L], 1L), drop = FALSE]
  q <- ncol(X)
  out <- matrix(0, length(s$yi), s$p * q)
  for (j in seq_len(s$p)) {
    own <- s$outcome == j
    out[own, (j - 1L) * q + seq_len(q)] <- X[s$study[own], , drop = FALSE]
  }
  colnames(out) <- sprintf("x%d", seq_len(ncol(out)))
  list(X = out, constant = rep(seq_len(q) == q, s$p), equation = rep(seq_len(s$p), each = q))
}

new_mvregress <- function(s, outcomes, design, d, o, call) {
  X <- stacked_design(s, design)
  frame <- data.frame(.outcome = factor(s$outcome, seq_len(s$p)), .study = s$study)
  random <- if (o$model == "random") list(formulas = ~ .outcome | .study, struct =
    list(struct = covariance_words[[o$structure]]))
  fit <- fit_stacked(s$yi, s$V, X$X, frame, o$method, random, o, X$constant)
  test <- stacked_tests(fit, X$X, X$constant, o)
  Sigma <- if (o$model == "random") structure(fit$G, dimnames = list(outcomes, outcomes))
  re <- if (!is.null(Sigma)) list(list(level = "", kind = title_word(o$structure), names = outcomes, Sigma = Sigma,
                                       fixed = FALSE))
  terms <- rbind(design$terms, data.frame(block = "", name = "_cons", column = NA))
  table <- cbind(equation = outcomes[X$equation], block = rep(terms$block, s$p), name = rep(terms$name, s$p), test$coef)
  rownames(table) <- NULL
  r <- c(model_return(fit, test, o$method), N_s = length(unique(s$study)),
         mvregress_matrices(test, design, outcomes, Sigma), list(depvar = paste(outcomes, collapse = " ")))
  new_stata_view("meta_mvregress", r, table, fit, o, test = test, design = X, stack = s, outcomes = outcomes, re = re,
                 rows = d$rows, meta = suite_words_of, call = call)
}

title_word <- function(word) paste0(toupper(substr(word, 1L, 1L)), substring(word, 2L))

mvregress_matrices <- function(test, design, outcomes, Sigma) {
  names <- unlist(lapply(outcomes, term_names, terms = design$terms))[test$kept]
  sds <- if (!is.null(Sigma)) stats::setNames(log(sqrt(diag(Sigma))), sprintf("lnsd:%s", outcomes))
  c(model_matrices(test$coef$b[test$kept], test$V, names, sds), if (!is.null(Sigma)) list(Sigma = Sigma))
}

#' @exportS3Method
saved_estimates.stata_meta_mvregress <- function(view) c(view$r, list(cmd = "meta mvregress"))

#' @export
format.stata_meta_mvregress <- function(x, ...) {
  blocks <- split(x$table, factor(x$table$equation, x$outcomes))
  c(if (!x$options$noheader) c("", format_mvregress_header(x), ""),
    format_model_table(blocks, "", x$test, x$options$level), homogeneity_line(x$fit),
    if (!is.null(x$re)) format_random_effects(x$re, x$options$variance))
}

format_mvregress_header <- function(x) {
  o <- x$options
  size <- as.integer(table(x$stack$study))
  title <- sprintf("Multivariate %s meta-%s", tolower(meta_model_name(o$model)), if (x$test$df_m) "regression" else
    "analysis")
  left <- c(title, paste("Method:", c(REML = "REML", ML = "ML", FE = "Inverse-variance")[[o$method]]),
            model_seadj_line(o$seadj))
  right <- c(right_line(c("Number of obs", "Number of studies"), stata_integer(c(x$test$k, length(size)), 9L)),
             "Obs per study:", right_line(justify(c("min", "avg", "max"), 17L), c(stata_integer(min(size), 8L),
               stata_fixed(mean(size), 8L, 1L), stata_integer(max(size), 8L))), test_lines(x$test))
  left <- c(left, rep("", length(right) - 1L - length(left)), model_likelihood_line(x$fit, o$method))
  two_halves(left, right)
}

#' @rdname meta_mvregress
#' @export
predict.stata_meta_mvregress <- function(object, statistic = "xb", fixedonly = FALSE, ...) {
  s <- object$stack
  value <- model_predictions(object, statistic, fixedonly, function() outcome_effects(object))
  out <- matrix(NA_real_, length(object$rows), s$p, dimnames = list(NULL, object$outcomes))
  out[cbind(s$study, s$outcome)] <- value
  out
}

# Predicted random effects of the estimates, in their order.
outcome_effects <- function(x) {
  if (is.null(x$re)) return(numeric(length(x$stack$yi)))
  S <- x$re[[1L]]$Sigma
  at <- split(seq_along(x$stack$yi), x$stack$study)
  left <- x$stack$yi - as.numeric(stats::fitted(x$fit))
  out <- numeric(length(left))
  for (g in seq_along(at)) {
    i <- at[[g]]
    own <- S[x$stack$outcome[i], x$stack$outcome[i], drop = FALSE]
    out[i] <- own %*% solve(own + x$stack$V[[g]], left[i])
  }
  out
}

# effects(): the sum of the random effects of each estimate; each(): these one by one.
model_predictions <- function(x, statistic, fixedonly, effects, each = effects) {
  statistic <- meta_match(statistic, c("xb", "stdp", "fitted", "residuals", "reffects", "rstandard"), "statistic", NULL)
  check_flag(fixedonly, "fixedonly")
  fit <- x$fit
  xb <- as.numeric(stats::fitted(fit))
  yi <- as.numeric(fit$yi)
  switch(statistic, xb = xb, stdp = spread_along(fit$X, unname(fit$vb) * x$test$scale), fitted = xb + effects(),
         reffects = each(), residuals = yi - xb - if (fixedonly) 0 else effects(),
         rstandard = as.numeric(stats::rstandard(fit)$z))
}

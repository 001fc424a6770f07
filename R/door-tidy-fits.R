# tidy(), glance() and augment() for fits of every class, with the columns that broom gives for metafor's fits, whether
# or
# not broom and metafor are there. Oracle: broom on metafor's fits.

#' @rdname metaparity_tidy
#' @param conf.level level of the limits.
#' @param include_studies whether the studies stand above the mean.
#' @exportS3Method generics::tidy metaparity
tidy.metaparity <- function(x, conf.int = FALSE, conf.level = 0.95, exponentiate = FALSE, include_studies = FALSE,
                            ...) {
  tidy_choices(conf.int, exponentiate, sys.call())
  check_flag(include_studies, "include_studies", sys.call())
  level <- check_level(conf.level, "conf.level", sys.call())
  frame <- coefficient_frame(x)
  ends <- fixed_limits(x, level)
  term <- if (isTRUE(x$int.only)) "overall" else sub("^intrcpt$", "intercept", frame$term)
  out <- data.frame(term = term, type = "summary", estimate = frame$estimate, se = frame$se, zval = frame$zval,
                    pval = frame$pval, ci.lb = ends[, 1L], ci.ub = ends[, 2L], stringsAsFactors = FALSE)
  if (include_studies) out <- rbind(tidy_studies(x, level), out)
  if (exponentiate) out[c("estimate", "ci.lb", "ci.ub")] <- lapply(out[c("estimate", "ci.lb", "ci.ub")], exp)
  more <- other_parameters(x)
  if (!is.null(more)) out <- rbind(cbind(out, component = more$main), tidy_parameters(more, x, level))
  names(out)[3:8] <- c("estimate", "std.error", "statistic", "p.value", "conf.low", "conf.high")
  tidy_table(if (conf.int) out else out[setdiff(seq_along(out), 7:8)])
}

# Scale and selection stay on their own scale; limits of another level are those of Wald within the bounds.
tidy_parameters <- function(more, x, level) {
  ends <- cbind(more$ci.lb, more$ci.ub)
  if (!isTRUE(all.equal(level, 1 - x$level))) {
    reach <- critical_value(rep(level, length(more$se)), rep_len(as.numeric(more$df), length(more$se))) * more$se
    ends <- cbind(pmax(more$estimate - reach, more$lower), pmin(more$estimate + reach, more$upper))
  }
  data.frame(term = sub("^intrcpt$", "intercept", more$term), type = "summary", estimate = more$estimate, se = more$se,
             zval = more$zval, pval = more$pval, ci.lb = ends[, 1L], ci.ub = ends[, 2L], component = more$component,
             stringsAsFactors = FALSE)
}

# Limits of the coefficients at a level, from the fit or from its confint().
fixed_limits <- function(x, level) {
  if (isTRUE(all.equal(level, 1 - x$level))) return(cbind(x$ci.lb, x$ci.ub))
  if (!is.null(other_parameters(x))) {
    reach <- critical_value(rep(level, length(x$se)), rep_len(as.numeric(x$ddf %||% NA), length(x$se))) * x$se
    return(cbind(as.vector(x$beta) - reach, as.vector(x$beta) + reach))
  }
  found <- stats::confint(x, fixed = TRUE, random = FALSE, level = 100 * level)$fixed
  unname(as.matrix(found)[, c("ci.lb", "ci.ub"), drop = FALSE])
}

tidy_studies <- function(x, level) {
  s <- model_studies(x)
  v <- if (is.matrix(s$V)) diag(s$V) else as.numeric(s$V)
  studies <- summary(escalc("GEN", yi = as.numeric(s$yi), vi = v), level = 100 * level)
  data.frame(term = as.character(s$slab), type = "study", estimate = as.numeric(studies$yi), se = studies$sei,
             zval = studies$zi, pval = studies$pval, ci.lb = studies$ci.lb, ci.ub = studies$ci.ub,
               stringsAsFactors = FALSE)
}

#' @rdname metaparity_tidy
#' @exportS3Method generics::glance metaparity
glance.metaparity <- function(x, ...) {
  one <- function(name) if (length(x[[name]]) == 1L) as.numeric(x[[name]])
  tau2 <- total_tau2(x)
  fields <- list(i.squared = one("I2"), h.squared = one("H2"), tau.squared = if (!is.na(tau2)) tau2,
                 tau.squared.se = one("se.tau2"),
                 cochran.qe = one("QE"), p.value.cochran.qe = one("QEp"), cochran.qm = one("QM"),
                   p.value.cochran.qm = one("QMp"),
                 df.residual = as.numeric(heterogeneity_df(x)))
  row <- if (x$method %in% "REML") "REML" else "ML"
  stats <- if (row %in% names(x$fit.stats)) x$fit.stats[[row]]
  if (length(stats)) fields[c("logLik", "deviance", "AIC", "BIC", "AICc")] <- as.numeric(stats)
  do.call(tidy_table, c(Filter(length, fields), nobs = as.integer(x$k)))
}

#' @rdname metaparity_tidy
#' @param interval `"prediction"` or `"confidence"`: which limits stand beside the fitted values.
#' @exportS3Method generics::augment metaparity
augment.metaparity <- function(x, interval = c("prediction", "confidence"), ...) {
  interval <- check_choice(interval[1L], c("prediction", "confidence"), "interval", sys.call())
  s <- model_studies(x)
  k <- length(s$yi)
  fitted <- fitted_studies(x, k, interval)
  more <- Filter(function(column) length(column) == k, list(
    .resid = tried(as.numeric(stats::residuals(x)), x, k), .hat = tried(as.numeric(stats::hatvalues(x)), x, k),
    .std.resid = tried(as.numeric(stats::rstandard(x)$z), x, k),
    .cooksd = tried(as.numeric(stats::cooks.distance(x)), x, k), .weight = tried(as.numeric(stats::weights(x)), x, k)))
  do.call(tidy_table, c(list(.rownames = as.character(s$slab), .observed = as.numeric(s$yi)), fitted, more))
}

# What a class cannot answer is left out of the table; rows without an estimate too.
tried <- function(values, x, k) {
  values <- tryCatch(values, metaparity_error = function(e) NULL)
  if (length(values) == length(x$not.na) && length(values) != k) values[x$not.na] else values
}

# The true effects of the studies where the class predicts them, else the means.
fitted_studies <- function(x, k, interval) {
  found <- if (inherits(x, "metaparity_uni")) tryCatch(blup(x), metaparity_error = function(e) NULL)
  if (is.null(found)) found <- stats::predict(x)
  end <- function(side) found[[paste0(if (interval == "prediction" && length(found$pi.lb)) "pi." else "ci.", side)]]
  columns <- list(.fitted = found$pred, .se.fit = found$se, .lower = end("lb"), .upper = end("ub"))
  lapply(columns, function(column) {
    column <- as.numeric(column)
    if (length(column) == length(x$not.na) && length(column) != k) column <- column[x$not.na]
    rep_len(column, k)
  })
}

# insight's generic; registered when that package is loaded. The statistic has the name that it has there for metafor's
# fits, so that parameters puts the mean's beside those of the studies.
get_statistic_metaparity <- function(x, ...) {
  # Their coefficients are of two kinds, which insight reads itself.
  if (inherits(x, c("metaparity_ls", "metaparity_selmodel"))) return(NextMethod("get_statistic"))
  term <- sub("^intrcpt$", "(Intercept)", rownames(x$beta) %||% "intrcpt")
  out <- data.frame(Parameter = term, Statistic = as.numeric(x$zval), stringsAsFactors = FALSE)
  attr(out, "statistic") <- if (is.null(x$test) || x$test == "z") "z-statistic" else "t-statistic"
  out
}

register_insight_methods <- function(...) {
  registerS3method("get_statistic", "metaparity", get_statistic_metaparity, envir = asNamespace("insight"))
}

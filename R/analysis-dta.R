# predict(), confint() and ranef() of models of diagnostic accuracy. Source: Harbord et al. (2007).
# Oracle: Stata's tables, sums over nodes.

#' Summary points, intervals and random effects of a model of diagnostic accuracy
#'
#' @param object a fit of [rma.dta()].
#' @param newmods values of the covariates, a matrix or data frame with a column for each; a list with elements `sens`
#'   and `spec` where the two logits have covariates of their own.
#' @param prevalence probabilities of the disease before the test, for the predictive values.
#' @param level confidence level in percent; that of the fit by default.
#' @param fixed,random which intervals to give: of the coefficients, of the variances and their correlation.
#' @param digits number of decimals printed.
#' @param parm,transf,targs as in [confint.metaparity_uni()].
#' @param ... not used.
#' @return `predict()`: a data frame with a row for each setting and each prevalence: `sens`, `spec`, `DOR`, `LR+`,
#'   `LR-` with `.lb` and `.ub`, limits of a new study's sensitivity and specificity (`sens.pi.lb`, ...), and with
#'   `prevalence` the predictive values `ppv` and `npv` (with limits by the delta method on the scale of the logit, the
#'   prevalence known). `confint()`: an object of class `c("metaparity_confint", "confint.rma")` with `random` and
#'   `fixed`; variances on the scale of the logarithm, the correlation on that of Fisher's z. `ranef()`: a data frame
#'   with the posterior mean and standard deviation of each study's two deviations and its estimated sensitivity and
#'   specificity.
#' @details Errors are of class `metaparity_error_input`.
#' @section In other software: Stata: `metandi`, `midas, pddam()`; \pkg{metafor} has no model of this kind.
#' @examples
#' d <- data.frame(tp = c(18, 18, 15, 24, 17, 53), fp = c(17, 43, 12, 10, 2, 36),
#'                 fn = c(4, 2, 7, 5, 6, 4), tn = c(25, 99, 19, 13, 16, 41))
#' fit <- rma.dta(tp, fp, fn, tn, data = d)
#' predict(fit, prevalence = c(0.1, 0.5))
#' confint(fit)
#' ranef(fit)
#' @name dta-results
NULL

#' @rdname dta-results
#' @export
predict.metaparity_dta <- function(object, newmods, prevalence, level, digits, ...) {
  call <- match.call()
  named_dots(character(), call, ...)
  level <- if (missing(level)) 1 - object$level else check_level(level)
  rows <- dta_prediction_rows(object, if (!missing(newmods)) newmods, call)
  out <- do.call(rbind, lapply(seq_len(nrow(rows$sens)), function(i) {
    dta_prediction(object, rows$sens[i, ], rows$spec[i, ], level)
  }))
  if (missing(prevalence)) return(as.data.frame(out, optional = TRUE))
  prevalence <- check_numeric_vector(prevalence, "prevalence", call)
  if (anyNA(prevalence) || any(prevalence <= 0 | prevalence >= 1))
    abort_input("prevalence", "must be probabilities between 0 and 1", call)
  at <- expand.grid(prevalence = prevalence, row = seq_len(nrow(out)))
  data.frame(prevalence = at$prevalence, out[at$row, , drop = FALSE],
             predictive_values(out[at$row, , drop = FALSE], at$prevalence), check.names = FALSE)
}

# Rows of coefficients of the two logits.
dta_prediction_rows <- function(x, newmods, call) {
  p <- x$p.sides
  if (is.null(newmods)) {
    if (x$int.only) return(list(sens = cbind(1, 0), spec = cbind(0, 1)))
    sides <- list(sens = x$counts$X.sens, spec = x$counts$X.spec)
  } else {
    if (x$int.only) abort_input("newmods", "cannot be used: the model has no moderators", call)
    given <- if (is.list(newmods) && !is.data.frame(newmods)) newmods else list(sens = newmods, spec = newmods)
    sides <- lapply(stats::setNames(nm = c("sens", "spec")), function(side) {
      names <- colnames(x$counts[[paste0("X.", side)]])
      with_one <- x$intercepts[[side]]
      if (with_one && length(names) == 1L && is.null(given[[side]])) return(matrix(1))
      values <- newmods_matrix(given[[side]], length(names) - with_one, names)
      if (ncol(values) < length(names)) cbind(1, values) else values
    })
    n <- max(nrow(sides$sens), nrow(sides$spec))
    sides <- lapply(sides, function(X) X[rep_len(seq_len(nrow(X)), n), , drop = FALSE])
  }
  zeros <- function(X, m) matrix(0, nrow(X), m)
  list(sens = cbind(sides$sens, zeros(sides$sens, p[["spec"]])),
       spec = cbind(zeros(sides$spec, p[["sens"]]), sides$spec))
}

dta_prediction <- function(x, sens, spec, level) {
  s <- dta_summary(x, sens, spec, level)
  reach <- critical_value(level) * sqrt(x$tau2 + s[c("logit.sens", "logit.spec"), "se"]^2)
  new <- stats::plogis(rep(s[c("logit.sens", "logit.spec"), 1L], each = 2L) + c(-1, 1) * rep(reach, each = 2L))
  shown <- c("sens", "spec", "DOR", "LR+", "LR-")
  values <- unlist(lapply(shown, function(row) {
    stats::setNames(s[row, c("estimate", "ci.lb", "ci.ub")], paste0(row, c("", ".lb", ".ub")))
  }))
  t(c(values, stats::setNames(new, c("sens.pi.lb", "sens.pi.ub", "spec.pi.lb", "spec.pi.ub"))))
}

# After the test the odds are those before it times the likelihood ratio.
predictive_values <- function(rows, prevalence) {
  odds <- prevalence / (1 - prevalence)
  after <- function(column) odds * rows[, column] / (1 + odds * rows[, column])
  data.frame(ppv = after("LR+"), ppv.lb = after("LR+.lb"), ppv.ub = after("LR+.ub"), npv = 1 - after("LR-"),
             npv.lb = 1 - after("LR-.ub"), npv.ub = 1 - after("LR-.lb"))
}

#' @rdname dta-results
#' @export
confint.metaparity_dta <- function(object, parm, level, digits, transf, targs, fixed = FALSE, random = TRUE, ...) {
  call <- sys.call()
  named_dots(character(), call, ...)
  level <- if (missing(level)) 1 - object$level else check_level(level)
  fixed <- check_flag(fixed, "fixed", call)
  random <- check_flag(random, "random", call) && object$spec$struct != "NONE"
  out <- list()
  if (fixed || !random)
    out$fixed <- fixed_interval(object, level, transform_spec(call, transf, targs, object, named = TRUE))
  if (random) {
    p <- length(object$beta)
    at <- replace(rep(0, p), 1L, 1)
    rows <- dta_summary(object, at, at, level)[c("var.sens", "var.spec", "rho"), c("estimate", "ci.lb", "ci.ub")]
    rownames(rows) <- c("tau^2.sens", "tau^2.spec", "rho")
    colnames(rows) <- interval_columns
    out <- c(out, list(random = rows, ci.null = FALSE, lb.sign = "", ub.sign = ""))
  }
  new_parameter_confint(out, level, merge_digits(object, digits))
}

#' @rdname dta-results
#' @exportS3Method ranef metaparity_dta
#' @exportS3Method metafor::ranef metaparity_dta
ranef.metaparity_dta <- function(object, level, digits, ...) {
  side <- function(name, X, beta) {
    part <- object$effects[[name]]
    mean <- if (length(part$mean)) part$mean else rep(0, object$k)
    sd <- if (length(part$sd)) part$sd else rep(0, object$k)
    eta <- as.numeric(X %*% beta)
    stats::setNames(data.frame(mean, sd, stats::plogis(eta + mean)), paste0(name, c(".dev", ".sd", "")))
  }
  p <- object$p.sides[["sens"]]
  beta <- as.numeric(object$beta)
  out <- cbind(side("sens", object$counts$X.sens, beta[seq_len(p)]),
               side("spec", object$counts$X.spec, beta[-seq_len(p)]))
  rownames(out) <- make.unique(as.character(used_slab(object)))
  out
}

# What each study says by itself, with limits: proportions with exact intervals (Clopper & Pearson 1934), ratios by the
# delta method with half a person added to the cells of a study with an empty one.
dta_study_estimates <- function(x, level) {
  d <- x$counts
  proportion <- function(yes, no) {
    ci <- call_core(cpp_proportion_intervals(yes, yes + no, level, "exact"))
    cbind(estimate = yes / (yes + no), ci.lb = ci$lb, ci.ub = ci$ub)
  }
  half <- 0.5 * (d$tp == 0 | d$fp == 0 | d$fn == 0 | d$tn == 0)
  h <- lapply(d[dta_cells], `+`, half)
  pos <- h$tp + h$fn
  neg <- h$tn + h$fp
  reach <- function(log, variance) {
    log + outer(critical_value(level) * sqrt(variance), c(estimate = 0, ci.lb = -1, ci.ub = 1))
  }
  log_dor <- reach(log(h$tp * h$tn / (h$fp * h$fn)), 1 / h$tp + 1 / h$fp + 1 / h$fn + 1 / h$tn)
  list(sens = proportion(d$tp, d$fn), spec = proportion(d$tn, d$fp),
       "LR+" = exp(reach(log(h$tp / pos / (h$fp / neg)), 1 / h$tp - 1 / pos + 1 / h$fp - 1 / neg)),
       "LR-" = exp(reach(log(h$fn / pos / (h$tn / neg)), 1 / h$fn - 1 / pos + 1 / h$tn - 1 / neg)),
       DOR = exp(log_dor), log.DOR = log_dor)
}

# rma(): resolves the input, asks the core once, wraps. All numbers come from fit_uni().

#' Meta-analysis by the linear (mixed-effects) model
#'
#' Fits common-effect, random-effects and mixed-effects models to study estimates by weighted least
#' squares, with any of the usual estimators of the between-study variance, and for subgroups with
#' the test between them.
#'
#' @param yi study estimates, a numeric vector of length k (a column of `data` or a variable), a
#'   two-sided formula `yi ~ moderators`, or the data frame of [escalc()].
#' @param vi,sei sampling variances or standard errors, length k. Of a matrix the diagonal counts; a variance below 0 is
#'   set to 0, with a warning of class `metaparity_warning_studies`, as is one of 0 among others.
#' @param weights weights of the user's own, length k; the default weights are `1 / (vi + tau2)`.
#' @param ai,bi,ci,di,n1i,n2i,x1i,x2i,t1i,t2i,m1i,m2i,sd1i,sd2i,xi,mi,ri,ti,fi,pi,sdi,r2i,ni raw data of
#'   `measure`, handed to [escalc()].
#' @param mods moderators: a one-sided formula, a vector or a matrix with k rows.
#' @param scale predictors of the amount of heterogeneity, for a location-scale model: a one-sided formula, or a vector
#'   or
#'   matrix with k rows that enters as it is; `~ 1` is a constant amount. By `"ML"` or `"REML"`.
#' @param measure the effect size measure; `"GEN"` for estimates that are given.
#' @param data a data frame in which the arguments are looked up first.
#' @param slab study labels, length k.
#' @param subset rows to keep: logical of length k or row numbers.
#' @param add,to,drop00 treatment of zero cells, see [escalc()].
#' @param intercept whether a design given as a matrix gets an intercept.
#' @param method estimator of tau2: `"REML"` (default), `"EE"`, `"FE"` or `"CE"` (none), `"HS"`, `"HSk"`,
#'   `"HE"`, `"DL"`, `"DLIT"`, `"GENQ"`, `"GENQM"`, `"SJ"`, `"SJIT"`, `"PM"`, `"PMM"`, `"ML"`, `"EB"`. A vector
#'   is accepted; the first is used, as no estimator fails to converge here.
#' @param weighted whether the estimates are weighted; if not, their variance still comes from the model.
#' @param test `"z"`, `"t"` (k - p degrees of freedom), `"knha"` or `"hksj"` (Knapp-Hartung), `"adhoc"`
#'   (Knapp-Hartung with the variance factor floored at 1).
#' @param level confidence level in percent, or as a proportion.
#' @param btt coefficients of the omnibus test: their numbers, or a string to be found in their names.
#' @param att coefficients of the omnibus test of the scale part, as `btt`.
#' @param tau2 a fixed value of tau2, instead of an estimate; without effect in common-effect models.
#' @param verbose kept in the object and without effect: there are no iterations to report.
#' @param digits number of decimals printed.
#' @param control a list: `tau2.min`, the lower end of the parameter space (0; not below `-min(vi)`), for the estimators
#'   that are truncated there; `tau2.init`, the a priori value of `method = "SJ"`; `REMLf`, whether the restricted
#'   likelihood counts log|X'X| (yes); `tau2.max`, the largest tau2 that `"PM"`, `"PMM"` and `"GENQM"` may give, an
#'   error beyond. Names of \pkg{metafor} that tune iterations (`threshold`, `maxiter`, `stepadj`, `tol`, `evtol`, ...)
#'   have no effect, as the optima are exact; others are named in a warning.
#' @param by,subgroup a grouping of the studies, length k. The result then holds the fit of each
#'   group, of all studies, and the test between the groups.
#' @param convention name of a convention, see [conventions()]; `"metafor"` by default. It decides the rule for zero
#'   cells, variances, the Q of DerSimonian and Laird (`QE` is that Q too), the estimator of tau2 if `method` is not
#'   given, whether Knapp and Hartung's factor is at least 1, whether `I2` and `H2` come from Q or from tau2, whether
#'   `R2` may be negative, and the degrees of freedom of [predict()]'s prediction interval.
#' @param ... `vtype`, `correct`, `mini`, `maxi`, `addyi`, `addvi`, `onlyo1`, `cutoff` of [escalc()], with raw data.
#'   `dfs`,
#'   degrees of freedom of the tests and intervals by t, F and Knapp and Hartung, instead of k - p; `knha = TRUE`,
#'   another word
#'   for `test = "knha"`; `i2def`, how the sampling variances are summed up for I2 and H2: `"1"` (Higgins and Thompson's
#'   typical variance), `"2"` (their harmonic mean); `r2def`, what R2 is the share of: `"1"` (of tau2 without
#'   moderators,
#'   what is gone), `"2"` (of tau2 and the variance of the fitted values, that variance), `"3"` (of tau2 without
#'   moderators, that variance), each with a `"v"` of the sum with the harmonic mean of the sampling variances, `"4"`
#'   (the
#'   squared correlation of estimates and fitted values; `"4w"`, with the weights of the fit); `skipr2 = TRUE`, no R2;
#'   `outlist = "minimal"`, a small object with what [print()] and [summary()] need, or `"coef=beta, vcov=vb"`, a list
#'   of
#'   fields.
#'
#'   With `scale` also `link` (`"log"`, the default, or `"identity"`), `alpha`, given values of the scale coefficients
#'   (`NA`:
#'   estimated), `optbeta = TRUE`, by which the coefficients count among the parameters of the likelihood (their
#'   standard
#'   errors come from the joint information), and then `beta`, given values of the coefficients (`NA`: estimated).
#'
#'   Words that tune iterations or timing (`time`, `skiphes`, ...) are accepted; anything else gives a warning of class
#'   `metaparity_warning_unknown` that names it, and is disregarded.
#'
#' @return An object of class `c("metaparity_uni", "metaparity", "rma.uni", "rma")`, a list with the
#'   fields of \pkg{metafor}'s `rma.uni` (`beta`, `se`, `zval`, `pval`, `ci.lb`, `ci.ub`, `vb`, `tau2`, `se.tau2`,
#'   `I2`, `H2`, `R2`, `QE`, `QEp`, `QM`, `QMp`, `k`, `p`, `fit.stats`, ...) and three more: `input`, the data as they
#'   entered; `spec`, the choices made; and `dropped`, `NULL` or a data frame of the studies left out: `row`, `slab`,
#'   `reason`. With `by`, an object of class `metaparity_subgroup`. With `scale`, an object of class
#'   `c("metaparity_ls", "metaparity", "rma.ls", "rma.uni", "rma")` in which `tau2`, `I2` and `H2` have an element for
#'   each study, and whose further fields are those of \pkg{metafor}'s `rma.ls`: `alpha`, `va`, `se.alpha`,
#'   `zval.alpha`, `pval.alpha`, `ci.lb.alpha`, `ci.ub.alpha`, `QS`, `QSdf`, `QSp`, `Z`, `link`, ...
#'
#' @details Every iterative estimator returns the exact solution of its equation: `tau2` scales with
#' the data, is exactly 0 when the optimum is at the boundary, and is the global maximum when a
#' likelihood has several. `PM`, `EB`, `DLIT` and `SJIT` solve the same equation and give the same value.
#'
#' In a location-scale model log(tau2_i) = z_i'alpha (or tau2_i = z_i'alpha, not below 0, with `link = "identity"`).
#' Where the studies of some kind show no heterogeneity at all, the likelihood rises as their log(tau2) falls without
#' end: their `tau2` is 0, the coefficients concerned are infinite without standard errors, and a warning of class
#' `metaparity_warning_separation` names them. Others are `metaparity_warning_boundary` (identity link: tau2 of some
#' studies is 0), `metaparity_warning_multimodal` and `metaparity_warning_not_identified`.
#'
#' Errors are of class `metaparity_error_input` or `metaparity_error_studies` (which names the rows);
#' studies with missing values are left out with a warning of class `metaparity_warning_dropped`.
#' @section In other software: Stata: `metan`, `meta summarize`, `meta regress`, `metareg`; RevMan: generic
#'   inverse variance; \pkg{metafor}: `rma()`, `rma.uni()`.
#' @references Viechtbauer, W. (2005). Bias and efficiency of meta-analytic variance estimators in the
#'   random-effects model. *Journal of Educational and Behavioral Statistics*, 30, 261-293.
#'
#'   Knapp, G. and Hartung, J. (2003). Improved tests for a random effects meta-regression with a single
#'   covariate. *Statistics in Medicine*, 22, 2693-2710.
#'
#'   Viechtbauer, W. and Lopez-Lopez, J. A. (2022). Location-scale models for meta-analysis. *Research Synthesis
#'   Methods*, 13, 697-715.
#' @examples
#' d <- data.frame(study = c("A", "B", "C", "D"), est = c(-2.2, 0.22, -14.61, -0.88),
#'                 se = c(1.45, 2.08, 2.74, 0.31))
#' rma(est, sei = se, data = d, slab = study, method = "DL")
#' @export
rma <- function(yi, vi, sei, weights, ai, bi, ci, di, n1i, n2i, x1i, x2i, t1i, t2i, m1i, m2i, sd1i, sd2i, xi, mi, ri,
                ti, fi, pi, sdi, r2i, ni, mods, scale, measure = "GEN", data, slab, subset, add = 1/2, to = "only0",
                drop00 = FALSE, intercept = TRUE, method = "REML", weighted = TRUE, test = "z", level = 95, btt, att,
                tau2, verbose = FALSE, digits, control, by, subgroup, convention = "metafor", ...) {
  mc <- match.call()
  more <- if (...length() > 0L) effect_choices(mc, parent.frame(), ...)
  part <- more[scale_arguments]
  told <- uni_choices(more[intersect(names(more), uni_arguments)], mc)
  more <- more[setdiff(names(more), c(scale_arguments, uni_arguments))]
  if (!is.logical(verbose) && !is.numeric(verbose)) abort_input("verbose", "must be TRUE or FALSE, or a number", mc)
  if (missing(scale) && !missing(att)) warn_input("att", "is not used: it is for location-scale models", mc)
  if (!missing(intercept)) check_flag(intercept, "intercept", mc)
  rules <- if (!missing(convention)) convention_spec(convention, mc)
  spec <- if (missing(test) && missing(level) && missing(weighted) && missing(tau2)) default_spec else {
    rma_spec(test, level, weighted, if (missing(tau2)) NULL else tau2, mc)
  }
  if (told$knha && missing(test)) spec$test <- "knha"
  if (!missing(method)) spec$method <- check_method(method, mc)
  if (!is.null(rules)) spec <- conventional_spec(spec, rules, missing(method))
  if (!missing(control)) spec["bounds"] <- list(control_bounds(control, spec$method, mc))
  # The rule for cells is a promise: raw data alone evaluate it.
  input <- rma_input(mc, parent.frame(), measure, intercept,
                     c(if (!missing(add)) list(add = add), if (!missing(to)) list(to = to),
                       if (!missing(drop00)) list(drop00 = drop00), list(convention = convention), more))
  if (isTRUE(min(input$vi, 1, na.rm = TRUE) <= 0)) input$vi <- constrained_variances(input$vi, input$ids, mc)
  spec$int.incl <- input$int.incl
  if (!is.null(rules)) spec <- conventional_heterogeneity(spec, rules, !input$int.only)
  if (!is.null(input$raw) && spec$method == "DL") spec$q_centre <- dl_centre(input, measure, input$cells, mc)
  options <- list(add = add, to = to, drop00 = drop00, verbose = verbose,
                  control = if (missing(control)) list() else control,
                  btt = if (!missing(btt)) btt, digits = if (!missing(digits)) digits)
  if (!missing(scale))
    return(as_listed(fit_location_scale(input, spec, options, part, if (!missing(att)) att, mc), told$outlist, mc))
  if (length(told$told)) spec$told <- told$told
  if (!is.null(input[["group"]])) return(fit_subgroups(input, spec, options, mc))
  as_listed(fit_uni(input, spec, options, mc), told$outlist, mc)
}

#' @rdname rma
#' @export
rma.uni <- rma

default_spec <- model_spec()

# What a convention decides of the model: the estimator of tau2 if the call has none, the floor of Knapp and Hartung's
# variance, the degrees of freedom of prediction intervals.
conventional_spec <- function(spec, rules, free_method) {
  if (free_method) spec$method <- rules$method
  if (spec$test %in% c("knha", "hksj") && rules$h_test == "truncated") spec$test <- "adhoc"
  spec$predtype <- switch(rules$predict_df, "k-2" = "riley", "k-1" = "t", "default")
  spec
}

# And of what is told of heterogeneity: the base of I2 and H2, the floor of R2.
conventional_heterogeneity <- function(spec, rules, moderated) {
  spec$i2_from_q <- rules[[if (moderated) "i2_residual" else "i2"]] == "Q"
  spec$r2_signed <- rules$r2 == "signed"
  spec
}

rma_spec <- function(test, level, weighted, tau2, call) {
  test <- lower_text(test)
  model_spec(test = check_choice(test, test_types, "test", call), level = check_level(level, "level", call),
             weighted = check_flag(weighted, "weighted", call),
             tau2 = if (is.null(tau2) || is.atomic(tau2) && identical(is.na(tau2), TRUE)) NA_real_ else {
               check_number(tau2, "tau2", 0, .Machine$double.xmax, call)
             })
}

# A variance below 0 counts as 0; a study without sampling error has its say, but is named.
constrained_variances <- function(vi, rows, call) {
  below <- which(vi < 0)
  zero <- which(vi == 0)
  if (length(below)) warn_studies("vi", rows[below], "is negative, and is set to 0", call)
  if (length(zero) && length(zero) < length(vi))
    warn_studies("vi", rows[zero], "is 0: there is no test of heterogeneity", call)
  pmax(vi, 0)
}

# Where the convention takes the Q of DerSimonian and Laird around the Mantel-Haenszel estimate of a
# 2x2 table, that estimate; NA otherwise.
dl_centre <- function(input, measure, cells, call) {
  if (convention_spec(cells$convention, call)$dl_q != "Mantel-Haenszel") return(NA_real_)
  if (!measure %in% c("RR", "OR", "RD") || !isTRUE(input$int.only)) return(NA_real_)
  used <- lapply(input$raw, function(x) x[input$ids[input$not.na]])
  as.numeric(do.call(rma.mh, c(list(measure = measure), used, cells))$beta)
}

# input: of rma_input(); spec: of model_spec(). The rows to be used are input$not.na.
fit_uni <- function(input, spec, options = list(), call = NULL) {
  used <- used_rows(input, call)
  if (!input$int.only) {
    design <- drop_collinear(used$X, input$ids[input$not.na], call)
    used$X <- design$X
    from_formula <- !is.null(input$formula.mods) || !is.null(input$formula.yi)
    used$coef.na <- stats::setNames(design$coef.na, paste0("X", if (from_formula) {
      sub("^intrcpt$", "(Intercept)", names(design$coef.na))
    } else names(design$coef.na)))
    if (any(design$coef.na)) input$X <- input$X[, !design$coef.na, drop = FALSE]
  }
  spec <- resolve_spec(spec, used, options$btt, call)
  if (!is.null(spec$bounds)) spec$bounds <- clip_bounds(spec$bounds, used$vi, call)
  fit <- told_otherwise(fit_used(input, used, spec, options, call, input$ids[input$not.na]), spec$told)
  if (length(options$control)) check_tau2_max(fit, options$control, call)
  if (spec$test != "z" && fit[["s2w"]] %in% 0) {
    warn_input("test", "gives standard errors of 0: the model fits every estimate exactly", call)
  }
  fit
}

# The rows that enter the fit: yi, vi, X, weights, ni, coef.na. Missing ones are reported.
used_rows <- function(input, call) {
  keep <- input$not.na
  if (all(keep)) return(input)
  if (!any(keep)) abort_input("yi", "holds no study without missing values", call)
  leave_out(input$dropped$row, gettextf("missing values in %s", paste(unique(input$dropped$reason), collapse = ", ")),
            call)
  list(yi = input$yi[keep], vi = input$vi[keep], X = input$X[keep, , drop = FALSE], weights = input$weights[keep],
       ni = input$ni[keep], coef.na = input$coef.na)
}

resolve_spec <- function(spec, used, btt, call) {
  k <- length(used$yi)
  p <- dim(used$X)[2L]
  if (!is.na(spec$tau2) && spec$method %in% common_methods) spec$tau2 <- NA_real_
  if (k > p && is.null(btt)) return(spec)
  if (p > k) {
    abort_input("mods", sprintf("give %d coefficients for %d %s", p, k, if (k == 1L) "study" else "studies"), call)
  }
  if (k == p && is.na(spec$tau2) && !spec$method %in% common_methods) {
    if (k > 1L) abort_input("mods", sprintf("give %d coefficients for %d studies, which leaves none for tau2", p, k),
                            call)
    warn_input("method", "is set to \"EE\": 1 study cannot tell heterogeneity from 1 coefficient", call)
    spec$method <- "EE"
  }
  if (k == p && spec$test != "z") {
    warn_input("test", "is set to \"z\": there are as many coefficients as studies, no degrees of freedom are left",
               call)
    spec$test <- "z"
  }
  if (!is.null(btt)) spec$btt <- resolve_btt(btt, colnames(used$X), call)
  spec
}

resolve_btt <- function(btt, names, call, fixed = NULL) {
  if (length(btt) == 0L) abort_input("btt", "must name at least one coefficient", call)
  if (is.character(btt)) {
    if (anyNA(btt)) abort_input("btt", "must hold no missing values", call)
    found <- unique(unlist(lapply(btt, function(pattern) which(matches(pattern, names, "btt", call, isTRUE(fixed))))))
    if (length(found) == 0L) abort_input("btt", sprintf("matches no coefficient of %s", paste(names, collapse = ", ")),
                                         call)
    return(sort(found))
  }
  btt <- unique(round(check_numeric_vector(btt, "btt", call)))
  all <- seq_along(names)
  if (anyNA(btt) || any(abs(btt) > length(names)) || any(btt == 0)) {
    abort_input("btt", sprintf("must hold numbers of coefficients, 1 to %d", length(names)), call)
  }
  if (any(btt > 0) && any(btt < 0)) abort_input("btt", "must not mix positive and negative numbers", call)
  if (length(all[btt]) == 0L) abort_input("btt", "leaves no coefficient", call)
  all[btt]
}

check_method <- function(method, call) {
  if (is.character(method) && length(method) == 1L && match(method, tau2_methods, 0L) > 0L) return(method)
  if (!is.character(method) || length(method) == 0L || !all(method %in% tau2_methods)) {
    if (!is.character(method)) check_choice(method, tau2_methods, "method", call)
    unknown <- utils::head(setdiff(method, tau2_methods), 1L)
    abort_input("method", sprintf("must be one of %s, not %s%s", paste0('"', tau2_methods, '"', collapse = ", "),
                                  paste(format(method), collapse = ", "), did_you_mean(unknown, tau2_methods)), call)
  }
  method[1L]
}

# A misspelt argument lands in `...`: a warning names it.
# Choices of escalc() that are no arguments of rma(); `mini` and `maxi` are columns, found where the others are.
effect_choices <- function(mc, env, ...) {
  given <- dots_names(...)
  known <- c("vtype", "correct", "cutoff", zero_choices, "mini", "maxi", uni_arguments,
             if (!is.null(mc$scale)) scale_arguments)
  warn_unknown(setdiff(given, known), mc)
  lapply(stats::setNames(nm = setdiff(intersect(given, known), c("mini", "maxi"))), function(arg) eval(mc[[arg]], env))
}

# Further arguments of location-scale models.
scale_arguments <- c("link", "alpha", "optbeta", "beta")


# A fit of rows that are known to be usable: no warning is raised a second time.
refit_used <- function(input, used, spec, options, call) {
  spec <- resolve_spec(spec, used, NULL, call)
  fit_used(input, used, spec, options, call)
}

# One inverse-variance fit of rma(); centre: where the Q of DerSimonian-Laird is taken.
fit_estimates <- function(yi, vi, method, level = 0.95, weights = NULL, centre = NA_real_, slab = NULL,
                      measure = "GEN", tau2 = NA_real_) {
  k <- length(yi)
  if (k == 1L) method <- "EE"
  labels <- if (!is.null(slab)) make.unique(as.character(slab))
  input <- new_input(yi, vi, weights = weights, slab = labels, measure = measure)
  fit_uni(input, model_spec(method, level = level, q_centre = centre, tau2 = tau2))
}

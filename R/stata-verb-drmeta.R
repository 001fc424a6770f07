# Owns drmeta(): dose-response meta-analysis in one stage or two, with Stata's words and log. The fit is rma.mv()'s.
# Source: Crippa, Discacciati, Bottai, Spiegelman & Orsini (2019); Orsini (2021). Oracle: the R package dosresmeta.

#' Dose-response meta-analysis as Stata's drmeta
#'
#' Studies that compare several doses with one reference; linear trends, polynomials or splines whose coefficients vary
#' between studies.
#'
#' @inheritParams glst
#' @param counts names of the columns of denominators and cases: Stata's `data(n cases)`.
#' @param id column of the study.
#' @param type column of the kind of estimate: 1 odds ratio, 2 hazard ratio (rates), 3 risk ratio; or `"cc"`, `"ir"`,
#'   `"ci"`.
#' @param or,hr,rr the kind in place of `type`, for one study.
#' @param ml,reml random-effects models by maximum and by restricted maximum likelihood, with unstructured covariances;
#'   without them all studies share one curve.
#' @param twostage Stata's `2stage`: the coefficients of each study are pooled, in place of all estimates at once.
#' @param hamling the covariances of Hamling et al., from counts that have the standard errors, too.
#' @param mm not available.
#' @param stddeviations standard deviations and correlations in place of variances and covariances.
#' @param noretable,nolrt leave out the table of random effects, the likelihood-ratio test.
#' @return An object of class `stata_drmeta` (see [stata_view]). `r` holds Stata's `e()`: `N`, `N_s`, `k_f`, `k_r`,
#'   `ll`,
#'   `ll_c`, `aic`, `chi2`, `p`, `lrt_c`, `p_c`, `D`, `p_D`, `Q`, `Q_df`, `Q_p` (two stages), `b`, `V`, `Psi`.
#'   `predict()`
#'   gives differences from the reference.
#' @details Standard errors are those of (X'WX)^-1 at the estimated covariances; Stata's `2stage` adds the uncertainty
#'   of
#'   the covariances. The restricted likelihood is without log|X'X|/2. Errors: `metaparity_error_input`,
#'   `metaparity_error_studies`, `metaparity_error_unsupported`.
#'   The types and counts are as in Orsini (2021); for risk ratios (type 3) `counts` are all persons, as Greenland and
#'   Longnecker have them: dosresmeta fits their counts by odds ratios.
#' @section Formula: one stage: y_i ~ N(X_i b, S_i + X_i Psi X_i'); two stages: b_i ~ N(b, V_i + Psi).
#' @section Shortest forms: In stata() and stata_do() an option may be cut: `r option_forms("drmeta")`.
#' @section In other software: Stata `drmeta logrr dose, data(n cases) id(study) type(type) se(se) reml`; the R package
#'   dosresmeta.
#' @references Crippa A, Discacciati A, Bottai M, Spiegelman D, Orsini N (2019). Statistical Methods in Medical Research
#'   28,
#'   1579-1596. Hamling J, Lee P, Weitkunat R, Ambuehl M (2008). Statistics in Medicine 27, 954-970. Orsini N (2021).
#'   Stata Journal 21, 320-354.
#' @examples
#' d <- data.frame(id = rep(1:3, each = 3), type = 1, dose = c(0, 5, 20, 0, 10, 30, 0, 4, 15),
#'                 cases = c(40, 35, 50, 60, 40, 30, 25, 30, 20),
#'                 n = c(100, 80, 90, 150, 90, 60, 60, 64, 38),
#'                 logrr = c(0, .15, .5, 0, .1, .4, 0, .2, .3),
#'                 se = c(0, .3, .29, 0, .27, .31, 0, .36, .41))
#' drmeta(logrr, dose, se = se, counts = "n cases", id = id, type = type, reml = TRUE,
#'        data = d)
#' @export
drmeta <- function(..., se, counts, id = NULL, type = NULL, or = FALSE, hr = FALSE, rr = FALSE, ml = FALSE,
                   reml = FALSE, twostage = FALSE, vwls = FALSE, hamling = FALSE, mm = FALSE, stddeviations = FALSE,
                   noretable = FALSE, nolrt = FALSE, eform = FALSE, level = 95, data = NULL, subset = NULL) {
  mc <- match.call()
  env <- parent.frame()
  check_given(data, call = mc)
  check_given(counts, call = mc)
  flags <- list(or = or, hr = hr, rr = rr, ml = ml, reml = reml, twostage = twostage, vwls = vwls, hamling = hamling,
                mm = mm, stddeviations = stddeviations, noretable = noretable, nolrt = nolrt)
  o <- c(dose_options(level, eform, mc), drmeta_options(flags, mc))
  d <- model_data(dose_frame(data, mc), model_subset(data, mc, env), mc)
  vars <- dose_variables(as.list(match.call(expand.dots = FALSE)$...), d$data, env, mc)
  k <- nrow(d$data)
  counts <- two_columns(counts, d, "counts", mc)
  own <- function(arg) stata_option_column(mc[[arg]], d$data, env, arg, k, mc)
  type <- own("type")
  if (is.null(type) && is.null(o$design)) abort_input("type", "or `or`, `hr`, `rr` must be given", mc)
  columns <- list(y = vars[[1L]], se = check_numeric_vector(own("se"), "se", mc), doses = vars[-1L], n = counts[[1L]],
                  cases = counts[[2L]], id = own("id") %||% rep(1L, k),
                  type = if (is.null(type)) rep(o$design, k) else design_codes(type, "type", mc))
  new_drmeta(dose_studies(columns, d$rows, o$how, mc), vars, o, d, mc)
}

drmeta_options <- function(o, call) {
  for (name in names(o)) check_flag(o[[name]], name, call)
  if (o$hamling && o$vwls) abort_input("vwls", sprintf("cannot go with `%s`", "hamling"), call)
  if (o$mm) abort_capability("mm", "is not available here: use `reml`", call)
  if (o$ml && o$reml) abort_input("reml", sprintf("cannot go with `%s`", "ml"), call)
  given <- dose_designs[c(o$or, o$hr, o$rr)]
  if (length(given) > 1L) abort_input("rr", "must be the only one of `or`, `hr`, `rr`", call)
  c(o[c("twostage", "stddeviations", "noretable", "nolrt")],
    list(how = if (o$hamling) "hamling" else if (o$vwls) "vwls" else "gl", design = if (length(given)) given,
         method = if (o$ml) "ML" else if (o$reml) "REML" else "FE"))
}

new_drmeta <- function(s, vars, o, d, call) {
  doses <- names(vars)[-1L]
  if (length(s$ids) < 2L && (o$twostage || o$method != "FE"))
    abort_input("id", "must tell more than one study for a model with random effects or two stages", call)
  own <- own_trends_or_null(s, o$twostage, call)
  fit <- if (o$twostage) two_stage_fit(own, doses, o) else one_stage_fit(s, o)
  Psi <- if (o$method != "FE") structure(fit$Psi, dimnames = list(doses, doses))
  r <- drmeta_return(s, fit, doses, o)
  new_stata_view("drmeta", c(r, dose_matrices(doses, fit$test), if (!is.null(Psi)) list(Psi = Psi),
                             list(depvar = names(vars)[1L])), dose_table(doses, fit$test), fit$fit, o, test = fit$test,
                 stack = s, own = own, Psi = Psi, depvar = names(vars)[1L], rows = d$rows, call = call)
}

# One stage needs no study to tell all coefficients by itself.
own_trends_or_null <- function(s, needed, call) {
  if (needed) return(own_trends(s, call))
  tryCatch(own_trends(s, call), metaparity_error_input = function(e) NULL)
}

one_stage_fit <- function(s, o) {
  if (o$method == "FE") return(dose_gls(s, o))
  p <- ncol(s$X)
  formula <- stats::as.formula(sprintf("~ 0 + %s | .study", paste0(".s", seq_len(p), collapse = " + ")), baseenv())
  random <- list(formulas = formula, struct = list(struct = "GEN"))
  out <- dose_gls(s, o, random, o$method)
  out$Psi <- unname(as.matrix(out$fit$G))
  random$fixed <- c(list(tau2 = rep(0, p)), if (p > 1L) list(rho = rep(0, p * (p - 1L) / 2L)))
  out$null <- dose_gls(s, o, random, o$method)$fit
  out
}

two_stage_fit <- function(own, doses, o) {
  p <- length(doses)
  k <- length(own)
  X <- matrix(diag(p)[rep(seq_len(p), k), ], k * p, dimnames = list(NULL, sprintf("x%d", seq_len(p))))
  frame <- data.frame(.dose = factor(rep(seq_len(p), k)), .study = rep(seq_len(k), each = p))
  random <- if (o$method != "FE") list(formulas = if (p > 1L) ~ .dose | .study else ~ 1 | .study,
                                       struct = if (p > 1L) list(struct = "UN"))
  b <- unlist(lapply(own, `[[`, "b"))
  V <- lapply(own, `[[`, "V")
  fit <- fit_stacked(b, V, X, frame, o$method, random, o)
  out <- list(fit = fit, test = stacked_tests(fit, X, rep(FALSE, p), o))
  if (o$method == "FE") return(out)
  out$Psi <- if (p > 1L) unname(as.matrix(fit$G)) else matrix(fit$sigma2)
  random$fixed <- if (p > 1L) list(tau2 = rep(0, p), rho = rep(0, p * (p - 1L) / 2L)) else list(sigma2 = 0)
  out$null <- fit_stacked(b, V, X, frame, o$method, random, o)
  out
}

drmeta_return <- function(s, fit, doses, o) {
  p <- length(doses)
  k_r <- if (o$method == "FE") 0L else p * (p + 1L) / 2L
  ll <- as.numeric(stats::logLik(fit$fit))
  pooled <- if (o$twostage) fit$fit else dose_gls(s, o)$fit
  out <- list(N = length(s$y), N_s = length(s$ids), k = p + k_r, k_f = p, k_r = k_r, ll = ll,
              aic = -2 * ll + 2 * (p + k_r), df_m = fit$test$df_m, chi2 = fit$test$chi2, p = fit$test$p)
  if (!is.null(fit$null)) {
    out$ll_c <- as.numeric(stats::logLik(fit$null))
    out$lrt_c <- max(0, 2 * (ll - out$ll_c))
    out$df_c <- k_r
    out$p_c <- upper_p(out$lrt_c, k_r)
  }
  c(out, if (o$twostage) list(Q = pooled$QE, Q_df = pooled$QEdf, Q_p = pooled$QEp) else
    list(D = pooled$QE, p_D = pooled$QEp))
}

#' @exportS3Method
saved_estimates.stata_drmeta <- function(view) {
  o <- view$options
  c(view$r, list(cmd = "drmeta", method = c(FE = "gls", ML = "ml", REML = "reml")[[o$method]],
                 proc = if (o$twostage) "Two-stage" else "One-stage"))
}

#' @export
format.stata_drmeta <- function(x, ...) {
  o <- x$options
  random <- o$method != "FE"
  c("", format_drmeta_header(x),
    format_coef_table(shown_doses(x$table, o$eform), x$depvar, o$level, "z", if (o$eform) "exp(b)" else "Coef."),
    if (random && !o$noretable) format_drmeta_effects(x$Psi, o$stddeviations),
    if (random && !o$nolrt) drmeta_test_line(x$r))
}

drmeta_test_line <- function(r) {
  at_column(paste("LR test vs. no random-effects model =", trimws(stata_general(r$lrt_c, 9L))), 55L,
            sprintf("Prob >= chi2(%d) = %s", as.integer(r$df_c), stata_fixed(r$p_c, 6L, 4L)))
}

format_drmeta_header <- function(x) {
  o <- x$options
  r <- x$r
  left <- c(sprintf("%s-stage %s-effects dose-response model", if (o$twostage) "Two" else "One",
                    if (o$method == "FE") "fixed" else "random"),
            paste("Optimization   =", c(FE = "gls", ML = "ml", REML = "reml")[[o$method]]),
            paste("           AIC =", trimws(stata_fixed(r$aic, 8L, 2L))),
            paste("Log likelihood =", trimws(stata_general(r$ll, 10L))))
  name <- c("Number of studies", "Number of obs", sprintf("Model chi2(%d)", r$df_m), "Prob > chi2")
  value <- c(stata_integer(c(r$N_s, r$N), 7L), stata_fixed(r$chi2, 7L, 2L), stata_fixed(r$p, 7L, 4L))
  right <- paste(name, "=", value)
  to_right(left, right, 78L)
}

format_drmeta_effects <- function(Psi, sds) {
  name <- abbreviate_name(rownames(Psi), 12L)
  sd <- sqrt(diag(Psi))
  pairs <- which(lower.tri(Psi), arr.ind = TRUE)
  words <- if (sds) c("std", "corr") else c("var", "cov")
  off <- if (sds) as_correlation(Psi)[pairs] else Psi[pairs]
  label <- c(sprintf("%s(%s,%s)", words[1L], name, name),
             if (nrow(pairs)) sprintf("%s(%s,%s)", words[2L], name[pairs[, 2L]], name[pairs[, 1L]]))
  bar <- rule(29L, 15L)
  c(bar, "  Random-effects parameters  |   Estimate", bar,
    paste0(justify(label, 29L, left = TRUE), "|   ", stata_general(c(if (sds) sd else sd^2, off), 9L)), bar)
}

#' @rdname drmeta
#' @param object a result of `drmeta()`.
#' @param statistic `"xb"` (fixed effects), `"xbs"` (the study's own curve), `"fitted"` (fixed and predicted random
#'   effects),
#'   `"reffects"` (one column for each coefficient), `"stdp"`, `"residuals"`.
#' @export
predict.stata_drmeta <- function(object, statistic = "xb", ...) {
  statistic <- meta_match(statistic, c("xb", "xbs", "fitted", "reffects", "stdp", "residuals"), "statistic", NULL)
  s <- object$stack
  xb <- as.numeric(s$X %*% object$table$b)
  value <- switch(statistic, xb = xb, stdp = spread_along(unname(s$X), unname(object$r$V)), residuals = s$y - xb,
                  xbs = own_curves(object), {
                    u <- dose_effects(object)
                    if (statistic == "reffects") u else xb + rowSums(s$X * u)
                  })
  value <- as.matrix(value)
  none <- if (statistic %in% c("reffects", "residuals")) NA_real_ else 0
  out <- matrix(none, length(object$rows), ncol(value), dimnames = list(NULL, colnames(value)))
  out[s$at, ] <- value
  if (ncol(out) == 1L) as.numeric(out) else out
}

own_curves <- function(x) {
  if (is.null(x$own)) abort_capability("statistic", "= \"xbs\" needs studies with doses for all coefficients")
  b <- do.call(rbind, lapply(x$own, `[[`, "b"))
  rowSums(x$stack$X * b[x$stack$study, , drop = FALSE])
}

# Psi X_i'(X_i Psi X_i' + S_i)^-1 (y_i - X_i b), at each row of the study.
dose_effects <- function(x) {
  s <- x$stack
  if (is.null(x$Psi)) return(matrix(0, length(s$y), ncol(s$X)))
  left <- s$y - as.numeric(s$X %*% x$table$b)
  u <- t(vapply(seq_along(s$ids), function(g) {
    X <- s$X[s$study == g, , drop = FALSE]
    as.numeric(x$Psi %*% t(X) %*% solve(X %*% x$Psi %*% t(X) + s$V[[g]], left[s$study == g]))
  }, numeric(ncol(s$X))))
  if (ncol(s$X) == 1L) u <- t(u)
  structure(u[s$study, , drop = FALSE], dimnames = list(NULL, colnames(s$X)))
}

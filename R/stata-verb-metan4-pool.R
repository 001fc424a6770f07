# One pooled result of metan 4: a fit of the package's verbs, then the model's own variance and test from the core.
# Every number is computed there; this file picks and names. Oracle: verified logs of metan 4.08.

# s: studies with yi, vi, the cells that are pooled (a, b, c, d), n, wgt, row; m: a row of the models of the call.
metan4_pool <- function(s, m, o) {
  p <- switch(m$kind,
    user = list(est = m$est, lo = m$lo, hi = m$hi, se = NA_real_, weight = rep(NA_real_, nrow(s))),
    mh = pool4_mh(s, m, o),
    peto = pool4_peto(s, o),
    pool4_iv(s, m, o))
  p <- c(list(model = m, k = nrow(s), label = m$label), p)
  p <- add_model_test(p, m, o)
  add_heterogeneity(p, s, m, o)
}

pool4_mh <- function(s, m, o) {
  fit <- quiet_drops(rma.mh(ai = s$a, bi = s$b, ci = s$c, di = s$d, measure = o$measure, slab = s$label, add = 0,
                            to = "none", drop00 = FALSE, level = 100 * o$olevel, convention = "metan4"))
  list(est = as.numeric(fit$beta)[1L], se = fit$se, weight = aligned_weights(fit, nrow(s)), fit = fit,
       chi2 = if (m$test == "cmh") fit$MH)
}

# A study without information in the sums has weight 0.
aligned_weights <- function(fit, k) {
  out <- numeric(k)
  out[fit$not.na] <- as.numeric(stats::weights(fit))
  out[is.na(out)] <- 0
  out
}

pool4_peto <- function(s, o) {
  fit <- quiet_drops(rma.peto(ai = s$a, bi = s$b, ci = s$c, di = s$d, slab = s$label, level = 100 * o$olevel, add = 0,
                              to = "none", drop00 = FALSE, convention = "metan4"))
  list(est = as.numeric(fit$beta)[1L], se = fit$se, weight = 1 / s$vi, fit = fit)
}

# The standard model first; what a model changes comes on top.
pool4_iv <- function(s, m, o) {
  fit <- metan4_fit(s, m, o)
  tau2 <- if (m$tau2 == "FE") NULL else if (is.null(fit$tau2)) 0 else fit$tau2
  shift <- if (is.null(tau2)) 0 else tau2
  p <- list(est = as.numeric(fit$beta)[1L], se = fit$se, weight = 1 / (s$vi + shift), fit = fit, tau2 = tau2)
  if (!is.null(s$wgt)) return(given_weights(p, s, s$wgt, shift))
  if (nrow(s) == 1L) return(p)
  switch(m$kind,
    kr = pool4_kr(p, s, m),
    bt = utils::modifyList(p, call_core(cpp_biggerstaff_tweedie(s$yi, s$vi, tau2))),
    hc = utils::modifyList(p, pool4_hc(s, tau2, o)),
    ivhet = given_weights(p, s, 1 / s$vi, shift),
    qe = given_weights(p, s, call_core(cpp_quality_weights(s$vi, quality_of(s, m)), o$call, s$row), shift),
    mult = pool4_inflated(p, call_core(cpp_hksj_factor(s$yi, s$vi, p$est, 0))),
    likelihood = p,
    pool4_corrected(p, s, m, o))
}

given_weights <- function(p, s, weights, tau2) {
  w <- call_core(cpp_weighted_mean(s$yi, s$vi, as.numeric(weights), tau2))
  p[c("est", "se", "weight")] <- list(w$est, w$se, weights)
  p
}

quality_of <- function(s, m) {
  if (is.null(s$qwt)) abort_input("qwt", "is needed by the model qe: a variable of the studies' quality")
  as.numeric(s$qwt)
}

# rma() of the estimator; estimators with a start of their own give tau2 as known.
metan4_fit <- function(s, m, o) {
  own <- if (nrow(s) > 1L) started_tau2(s, m, o)
  if (!is.null(s$pooled_tau2)) own <- s$pooled_tau2[1L]
  method <- switch(m$tau2, BDL = , B0 = , SA = "DL", SJ2S = "SJ", DK2S = dk2s_method(m), m$tau2)
  if (m$tau2 == "SJ2S" && !is.null(m$options$init) && is.null(own)) method <- "DL"
  fit_estimates(s$yi, s$vi, method, o$olevel, slab = s$label, measure = o$measure_word,
            tau2 = if (is.null(own)) NA_real_ else own)
}

dk2s_method <- function(m) {
  if (is.null(m$options$init)) return("CA2")
  start <- model_key(m$options$init, NULL)
  if (!start %in% c("hedges", "vc", "dlaird", "random", "re")) abort_input("init", "must be hedges or dlaird for dk2s")
  if (start %in% c("hedges", "vc")) "CA2" else "DL2"
}

started_tau2 <- function(s, m, o) {
  value <- switch(m$tau2,
    BDL = call_core(cpp_bootstrap_tau2(s$yi, s$vi, number_option(m, "reps", 1000), 1L)),
    B0 = call_core(cpp_tau2_start(s$yi, s$vi, "B0", if (is.null(s[["n"]])) NA_real_ else sum(s[["n"]]))),
    SA = sensitivity_tau2(s, m),
    SJ2S = if (!is.null(m$options$init)) call_core(cpp_tau2_start(s$yi, s$vi, "SJ2S", start_of(s, m, o))))
  if (is.null(value)) NULL else call_core(value, o$call)
}

start_of <- function(s, m, o) {
  first <- new_model(m$options$init, list(), 2L, o$call)
  metan4_fit(s, first, o)$tau2
}

number_option <- function(m, name, default, lower = 0, upper = Inf) {
  text <- m$options[[name]]
  if (is.null(text)) return(default)
  check_number(suppressWarnings(as.numeric(text)), name, lower, upper)
}

# I2 = tau2 / (tau2 + sigma2) with the typical variance of Higgins and Thompson.
sensitivity_tau2 <- function(s, m) {
  if (!is.null(m$options$tausq)) return(number_option(m, "tausq", 0))
  share <- number_option(m, "isq", 80, 0, 99.9999) / 100
  share / (1 - share) * (nrow(s) - 1) / call_core(cpp_q_scale(s$vi))
}

pool4_kr <- function(p, s, m) {
  kr <- call_core(cpp_kenward_roger(s$yi, s$vi, p$tau2, isTRUE(m$options$oim)))
  utils::modifyList(p, list(se = kr$se, df = kr$df))
}

pool4_hc <- function(s, tau2, o) {
  hc <- call_core(cpp_henmi_copas(s$yi, s$vi, tau2, o$olevel))
  hc$p_stat <- hc$p
  hc$p <- NULL
  c(hc, list(weight = 1 / s$vi))
}

pool4_inflated <- function(p, factor) {
  p$factor <- factor
  p$se <- p$se * sqrt(factor)
  p
}

pool4_corrected <- function(p, s, m, o) {
  if (m$robust) p$se <- call_core(cpp_robust_se(s$yi, s$vi, p$est, p$tau2))
  if (!m$hksj) return(p)
  factor <- call_core(cpp_hksj_factor(s$yi, s$vi, p$est, p$tau2))
  least <- switch(if (is.null(m$options$truncate)) "no" else m$options$truncate, one = 1,
                  zovert = (critical_value(o$olevel) / critical_value(o$olevel, p$fit$k - 1))^2, 0)
  p$raw_factor <- factor
  pool4_inflated(p, max(factor, least))
}

# stat: what the log names; df: of t, or 1 for chi-squared. Limits that the model has not set are est +- critical se.
add_model_test <- function(p, m, o) {
  if (m$kind == "user") return(p)
  if (m$kind == "likelihood" && p$k > 1L && is.null(p$p_stat)) return(likelihood_parts(p, m, o))
  test <- m$test
  if (test == "t" && is.null(p$df)) p$df <- p$k - 1
  if (test == "t" && p$k == 1L) test <- "z"
  critical <- critical_value(o$olevel, if (test == "t") p$df else NA)
  if (is.null(p$lb)) p[c("lo", "hi")] <- list(p$est - critical * p$se, p$est + critical * p$se)
  else p[c("lo", "hi")] <- p[c("lb", "ub")]
  z <- p$est / p$se
  if (!is.null(p$chi2) || test %in% c("chi2", "cmh")) {
    p$chi2 <- if (is.null(p$chi2)) z^2 else p$chi2
    return(c(p, list(stat = "chi\u00b2", value = p$chi2, df = 1, p = upper_p(p$chi2, 1))))
  }
  value <- if (!is.null(p$p_stat)) p$p_stat else two_sided_p(z, if (test == "t") p$df else NA)
  c(p, list(stat = test, value = z, p = value))
}

likelihood_parts <- function(p, m, o) {
  type <- if (!is.null(m$options$bartlett)) "bartlett" else if (!is.null(m$options$skovgaard)) "skovgaard" else "plain"
  x <- call_core(cpp_likelihood(as.numeric(p$fit$yi), p$fit$vi, p$est, p$tau2, o$olevel, type), o$call)
  p[c("lo", "hi")] <- x[c("lb", "ub")]
  if (m$test == "chi2") {
    return(c(p, list(stat = "LR chi\u00b2", value = x$lr, df = 1, p = upper_p(x$lr, 1))))
  }
  c(p, list(stat = "LL z", value = x$z, p = two_sided_p(x$z)))
}

# ---- heterogeneity -------------------------------------------------------------------------------

# Q around the estimate of the model (MH, Peto, own weights) or the inverse-variance one; H untruncated; limits from Q.
add_heterogeneity <- function(p, s, m, o) {
  if (m$kind == "user") return(p)
  p$q_name <- q_name(m)
  p$random <- is_random_model(m)
  centre <- if (m$kind %in% c("mh", "peto") || !is.null(s$wgt) && !p$random) p$est else NA_real_
  common <- if (is.na(centre)) fit_estimates(s$yi, s$vi, "FE")
  p$Q <- if (is.na(centre)) common$QE else call_core(cpp_q_around(s$yi, s$vi, centre))
  if (!is.null(m$options$breslow)) p$Q <- p$fit$BD
  if (!is.null(m$options$tarone)) p$Q <- p$fit$TA
  p$Qdf <- p$k - 1
  p$sigma2 <- if (p$k > 1L) p$Qdf / call_core(cpp_q_scale(s$vi)) else NA_real_
  if (m$name == "sa" && p$k > 1L) p$Q <- p$Qdf * (1 + p$tau2 / p$sigma2)
  p$Qp <- q_test(p$Q, p$k)$Qp
  p <- c(p, q_scales(p, s, m, o))
  if (!is.null(p$tau2) && p$k > 1L) p[c("tau2_lo", "tau2_hi")] <- tau2_limits(p, s, m, o)
  p
}

q_name <- function(m) {
  if (m$kind != "mh") return(if (m$kind == "peto") "Peto Q" else "Cochran's Q")
  if (!is.null(m$options$breslow)) "Breslow-Day Q" else if (!is.null(m$options$tarone)) "Breslow-Day-Tarone Q" else
    "Mantel-Haenszel Q"
}

q_scales <- function(p, s, m, o) {
  if (p$Qdf == 0) return(list(H = NA_real_, H_lo = NA_real_, H_hi = NA_real_, I2 = NA_real_, I2_lo = NA_real_,
                              I2_hi = NA_real_))
  kind <- if (isTRUE(o$testbased)) "test" else if (p$random) "gamma" else "noncentral"
  ci <- if (m$name == "sa") list(lb = NA_real_, ub = NA_real_) else call_core(cpp_q_interval(p$Q, s$vi, o$hlevel, kind))
  limit <- function(q) max(1, sqrt(q / p$Qdf))
  share <- function(q) i2_from_q(q, p$Qdf)
  list(H = sqrt(p$Q / p$Qdf), H_lo = limit(ci$lb), H_hi = limit(ci$ub), I2 = if (p$Q > 0) share(p$Q) else 0,
       I2_lo = share(ci$lb), I2_hi = share(ci$ub), Q_lo = ci$lb, Q_hi = ci$ub)
}

tau2_limits <- function(p, s, m, o) {
  if (is.null(m$ci) || p$fit$tau2.fix) return(list(NA_real_, NA_real_))
  if (m$ci == "gamma") {
    ci <- call_core(cpp_gamma_tau2_interval(p$Q, s$vi, o$hlevel))
    return(list(ci$lb, ci$ub))
  }
  ci <- random_interval(p$fit, o$hlevel, m$ci)$random["tau^2", ]
  list(ci[["ci.lb"]], ci[["ci.ub"]])
}

# Dispersion of the subgroups' estimates under their own weights; F for the common-effect model.
between_groups <- function(groups, m, k) {
  groups <- Filter(Negate(is.null), groups)
  if (length(groups) < 2L || m$kind == "user") return(NULL)
  est <- vapply(groups, `[[`, 0, "est", USE.NAMES = FALSE)
  se <- vapply(groups, `[[`, 0, "se", USE.NAMES = FALSE)
  fit <- fit_estimates(est, se^2, "FE")
  df <- length(groups) - 1
  out <- list(Q = fit$QE, df = df, p = upper_p(fit$QE, df))
  within <- k - length(groups)
  if (m$kind != "iv" || within < 1L) return(out)
  out$Qsum <- sum(vapply(groups, `[[`, 0, "Q"))
  out$F <- (out$Q / df) / (out$Qsum / within)
  out$df2 <- within
  out$Fp <- upper_p(out$F, df, within)
  out
}

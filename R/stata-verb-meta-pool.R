# Owns one pooled result of the meta suite for any model, and the sets of them: groups, cumulative, leave-one-out.
# Source: Stata's documented formulas; DerSimonian & Laird (1986); Higgins et al. (2009) for the prediction interval;
# oracle: printed logs, metafor for the same choices.

# rows: rows of the meta data; o: model, method, test ("z", "t", "knha", "adhoc"), level, tau2.
meta_pool <- function(m, rows, o) {
  d <- m$table[rows, ]
  yi <- d[["_meta_es"]]
  vi <- d[["_meta_se"]]^2
  k <- length(yi)
  test <- if (k == 1L) "z" else o$test
  p <- if (o$method == "mhaenszel") meta_pool_mh(m, rows, yi, vi, test) else meta_pool_iv(m, d, yi, vi, test, o)
  pool <- new_pool(list(est = p$est, se = p$se, Q = p$Q, k = k), pool_rules_of(o$level, ddf = p$ddf))
  p$k <- k
  p$df <- k - 1L
  p$pQ <- pool$Qp
  if (o$model != "random") {
    p$I2 <- if (p$df > 0L && p$Q > 0) 100 * (p$Q - p$df) / p$Q else 0
    p$H2 <- if (p$df > 0L) max(p$Q / p$df, 1) else 1
  }
  p[c("lo", "hi", "z", "p")] <- pool[c("lo", "hi", "z", "p")]
  p
}

meta_pool_iv <- function(m, d, yi, vi, test, o) {
  method <- if (o$model == "random") meta_random_methods[[o$method]] else "FE"
  fit <- meta_uni(yi, vi, method, test, o$level, o$tau2, d[["_meta_studylabel"]], meta_measure(m))
  list(est = as.numeric(fit$beta)[1L], se = fit$se[1L], tau2 = fit$tau2, I2 = fit$I2, H2 = fit$H2, Q = fit$QE,
       ddf = if (test == "z") NA_real_ else length(yi) - 1, weight = 1 / (vi + fit$tau2), fit = fit)
}

meta_measure <- function(m) if (m$type == "Generic") "GEN" else meta_types[[m$type]]$measure

meta_uni <- function(yi, vi, method, test = "z", level = 0.95, tau2 = NULL, slab = NULL, measure = "GEN", X = NULL) {
  if (length(yi) == 1L) method <- "EE"
  input <- new_input(yi, vi, X, slab = if (!is.null(slab)) make.unique(as.character(slab)), measure = measure)
  spec <- model_spec(method, test = test, level = level, tau2 = if (is.null(tau2)) NA_real_ else tau2)
  fit_uni(input, spec)
}

# The corrected cells of a study with a zero cell enter the estimate, its variance and the weights.
meta_pool_mh <- function(m, rows, yi, vi, test) {
  cells <- lapply(unname(m$vars), `[`, rows)
  cells <- meta_cells(stats::setNames(cells, c("ai", "bi", "ci", "di")), m$zero)
  to <- rep(meta_where(m$zero$to), 2L)
  add <- rep(if (to[1L] == "none") 0 else m$zero$add, 2L)
  fit <- quiet_drops(do.call(rma.mh, c(cells, list(measure = meta_types[[m$type]]$measure, add = add, to = to,
    slab = make.unique(m$table[["_meta_studylabel"]][rows]), convention = "stata18"))))
  est <- as.numeric(fit$beta)[1L]
  list(est = est, se = fit$se[1L], tau2 = NA_real_, I2 = NA_real_, H2 = NA_real_,
       Q = call_core(cpp_q_around(yi, vi, est)),
       ddf = if (test == "z") NA_real_ else length(yi) - 1, weight = as.numeric(stats::weights(fit)), fit = fit)
}

# theta -/+ t(k - 2) sqrt(tau2 + se^2)
meta_prediction <- function(p, level) {
  if (p$k < 3L) return(c(NA_real_, NA_real_))
  p$est + c(-1, 1) * critical_value(level, p$k - 2) * sqrt(p$tau2 + p$se^2)
}

# Q_b: inverse-variance dispersion of the estimates of the groups.
meta_between <- function(pools) {
  est <- vapply(pools, `[[`, 0, "est")
  se <- vapply(pools, `[[`, 0, "se")
  if (length(est) < 2L) return(list(Q = 0, df = 0L, p = NA_real_))
  out <- call_core(cpp_test_between(est, se))
  list(Q = out$Q, df = as.numeric(out$df), p = out$pval)
}

meta_pool_row <- function(p, display) {
  limits <- meta_limits(display, p$lo, p$hi)
  data.frame(es = display$back(p$est), cil = limits$lo, ciu = limits$hi, p = p$p)
}

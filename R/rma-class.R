# The fitted object: class, fields, their order. Fields carry metafor's names and meanings.

fit_stat_rows <- c("ll", "dev", "AIC", "BIC", "AICc")

# input: all rows as given; used: the rows that entered the fit; fit: the core's numbers.
new_rma <- function(input, used, spec, fit, options = list(), call = NULL) {
  names <- colnames(used$X)
  beta <- fit[[1L]]
  dimnames(beta) <- list(names, NULL)
  vb <- fit[[7L]]
  dimnames(vb) <- list(names, names)
  n <- fit[[8L]]
  k <- length(used$yi)
  p <- length(beta)
  fixed <- !is.na(spec$tau2)
  common <- spec$method %in% common_methods && !fixed
  yi <- used$yi
  if (!is.null(input$measure)) attr(yi, "measure") <- input$measure
  out <- list(
    b = beta, beta = beta, se = fit[[2L]], zval = fit[[3L]], pval = fit[[4L]], ci.lb = fit[[5L]], ci.ub = fit[[6L]],
    vb = vb, tau2 = n[1L], se.tau2 = n[2L], tau2.fix = fixed, tau2.f = n[1L], I2 = n[3L], H2 = n[4L],
    R2 = if (is.na(n[5L])) NULL else n[5L], vt = n[6L], QE = n[7L], QEp = n[8L], QM = n[9L],
    QMdf = c(as.integer(n[11L]), n[12L]), QMp = n[10L], k = k, k.f = length(input$yi), k.eff = k,
    k.all = length(input$yi), p = p, p.eff = p, parms = n[14L], int.only = input$int.only, int.incl = input$int.incl,
    intercept = input$int.incl, allvipos = TRUE, coef.na = used$coef.na, yi = yi, vi = used$vi, X = used$X,
    weights = if (length(used$weights)) used$weights, yi.f = input$yi, vi.f = input$vi, X.f = input$X,
    weights.f = input$weights, ni = used$ni, ni.f = input$ni, ids = input$ids, not.na = input$not.na,
    subset = input$subset, slab = input$slab, slab.null = input$slab.null, measure = input$measure,
    method = spec$method, model = "rma.uni", weighted = spec$weighted, test = spec$test, dfs = n[15L], ddf = n[15L],
    s2w = n[16L], btt = if (length(spec$btt)) spec$btt else default_btt(p, input$int.incl), m = as.integer(n[13L]),
    digits = expand_digits(options$digits), level = 1 - spec$level, control = options$control,
    verbose = isTRUE(options$verbose), add = options$add, to = options$to, drop00 = options$drop00,
    fit.stats = new_fit_stats(fit[[9L]], fit[[10L]]), data = input$data, formula.yi = input$formula.yi,
    formula.mods = input$formula.mods, version = package_version_string, call = call, input = input, spec = spec)
  if (common) out["se.tau2"] <- list(NA_real_)
  class(out) <- c("metaparity_uni", "metaparity", "rma.uni", "rma")
  out
}

default_btt <- function(p, int.incl) if (int.incl && p > 1L) seq.int(2L, p) else seq_len(p)

new_fit_stats <- function(ml, reml) {
  out <- list(ML = ml, REML = reml)
  attr(out, "row.names") <- fit_stat_rows
  class(out) <- "data.frame"
  out
}

package_version_string <- "0.1.0"

# The rows of the data that the fit used, in the order of its yi.
used_slab <- function(x) {
  if (all(x$not.na)) x$slab else x$slab[x$not.na]
}

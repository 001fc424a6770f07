# The fitted object: class, fields, their order. Fields carry metafor's names and meanings.

# The core's numbers, in the order in which the glue hands them over (wrap_fit()).
core_fields <- c("b", "beta", "se", "zval", "pval", "ci.lb", "ci.ub", "vb", "tau2", "se.tau2", "I2", "H2", "R2", "vt",
                 "QE", "QEp", "QM", "QMdf", "QMp", "m", "parms", "dfs", "ddf", "s2w", "ml", "reml")

# input: all rows as given; used: the rows that entered the fit; fit: the core's numbers.
new_rma <- function(input, used, spec, fit, options = list(), call = NULL) {
  names <- dimnames(used$X)[[2L]]
  dimnames(fit[[1L]]) <- list(names, NULL)
  fit[[2L]] <- fit[[1L]]
  dimnames(fit[[8L]]) <- list(names, names)
  names(fit) <- core_fields
  p <- length(fit[[1L]])
  k <- length(used$yi)
  yi <- used$yi
  attr(yi, "measure") <- input$measure
  out <- c(fit[1:24], list(
    tau2.fix = !is.na(spec$tau2), tau2.f = fit[[9L]], k = k, k.f = length(input$yi), k.eff = k, k.all = length(input$yi),
    p = p, p.eff = p, int.only = input$int.only, int.incl = input$int.incl, intercept = input$int.incl,
    allvipos = TRUE, coef.na = used$coef.na, yi = yi, vi = used$vi, X = used$X,
    weights = if (length(used$weights)) used$weights, yi.f = input$yi, vi.f = input$vi, X.f = input$X,
    weights.f = input$weights, ni = used$ni, ni.f = input$ni, ids = input$ids, not.na = input$not.na,
    subset = input$subset, slab = input$slab, slab.null = input$slab.null, measure = input$measure,
    method = spec$method, model = "rma.uni", weighted = spec$weighted, test = spec$test,
    btt = if (length(spec$btt)) spec$btt else default_btt(p, input$int.incl),
    digits = expand_digits(options$digits), level = 1 - spec$level, control = options$control,
    verbose = isTRUE(options$verbose), add = options$add, to = options$to, drop00 = options$drop00,
    fit.stats = new_fit_stats(fit[[25L]], fit[[26L]]), data = input$data, formula.yi = input$formula.yi,
    formula.mods = input$formula.mods, version = package_version_string, call = call, input = input, spec = spec))
  class(out) <- rma_uni_class
  out
}

rma_uni_class <- c("metaparity_uni", "metaparity", "rma.uni", "rma")

default_btt <- function(p, int.incl) if (int.incl && p > 1L) seq.int(2L, p) else seq_len(p)

# A data frame made by hand: data.frame() would cost more than the fit.
new_fit_stats <- function(ml, reml) {
  out <- list(ml, reml)
  attributes(out) <- fit_stats_attributes
  out
}

fit_stats_attributes <- list(names = c("ML", "REML"), row.names = c("ll", "dev", "AIC", "BIC", "AICc"),
                             class = "data.frame")

package_version_string <- "0.1.0"

# The rows of the data that the fit used, in the order of its yi.
used_slab <- function(x) {
  if (all(x$not.na)) x$slab else x$slab[x$not.na]
}

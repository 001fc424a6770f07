# The fitted object: class, fields, their order. Fields carry metafor's names and meanings.

# The fields that the core computes, in the order in which the glue fills them (wrap_fit()).
core_fields <- c("b", "beta", "se", "zval", "pval", "ci.lb", "ci.ub", "vb", "tau2", "se.tau2", "I2", "H2", "R2", "vt",
                 "QE", "QEp", "QM", "QMdf", "QMp", "m", "parms", "dfs", "ddf", "s2w", "tau2.f", "fit.stats")

# The others, in the order of rest_of_fit().
input_fields <- c("tau2.fix", "k", "k.f", "k.eff", "k.all", "p", "p.eff", "int.only", "int.incl", "intercept",
                  "allvipos", "coef.na", "yi", "vi", "X", "weights", "yi.f", "vi.f", "X.f", "weights.f", "ni", "ni.f",
                  "ids", "not.na", "subset", "slab", "slab.null", "measure", "method", "model", "weighted", "test",
                  "btt", "digits", "level", "control", "verbose", "add", "to", "drop00", "data", "formula.yi",
                  "formula.mods", "version", "call", "input", "spec", "dropped")

rma_shape <- list(c(core_fields, input_fields), c("metaparity_uni", "metaparity", "rma.uni", "rma"), c("ML", "REML"),
                  c("ll", "dev", "AIC", "BIC", "AICc"), "data.frame")

# input: all rows as given; used: the rows that entered the fit.
rest_of_fit <- function(input, used, spec, options, call) {
  k <- length(used$yi)
  n <- length(input$yi)
  p <- dim(used$X)[2L]
  incl <- input$int.incl
  list(!is.na(spec$tau2), k, n, k, n, p, p, input$int.only, incl, incl, TRUE, used$coef.na, used$yi, used$vi, used$X,
       if (length(used$weights)) used$weights, input$yi, input$vi, input$X, input$weights, used$ni, input$ni, input$ids,
       input$not.na, input$subset, input$slab, input$slab.null, input$measure, spec$method, "rma.uni", spec$weighted,
       spec$test, if (length(spec$btt)) spec$btt else default_btt(p, incl),
       if (is.null(options$digits)) default_digits else expand_digits(options$digits, call = call), 1 - spec$level,
       options$control, options$verbose, options$add, options$to, options$drop00, input$data, input$formula.yi,
       input$formula.mods, package_version_string, call, input, spec, input$dropped)
}

default_digits <- c(est = 4, se = 4, test = 4, pval = 4, ci = 4, var = 4, sevar = 4, fit = 4, het = 4)

default_btt <- function(p, int.incl) if (int.incl && p > 1L) seq.int(2L, p) else seq_len(p)

package_version_string <- "0.1.0"

# The rows of the data that the fit used, in the order of its yi.
used_slab <- function(x) {
  if (all(x$not.na)) x$slab else x$slab[x$not.na]
}

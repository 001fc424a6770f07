# The fitted object: class, fields, their order. Fields carry metafor's names and meanings.

# The fields that the core computes, in the order of the object; the glue fills them by name (wrap_fit()).
core_fields <- c("b", "beta", "se", "zval", "pval", "ci.lb", "ci.ub", "vb", "tau2", "se.tau2", "I2", "H2", "R2", "vt",
                 "QE", "QEp", "QM", "QMdf", "QMp", "m", "parms", "dfs", "ddf", "s2w", "tau2.f", "fit.stats")

# The others: the list in which the glue finds each (fit_sources()), and its element there.
input_fields <- c(
  tau2.fix = "own$tau2.fix", k = "own$k", k.f = "own$k.f", k.eff = "own$k", k.all = "own$k.all", p = "own$p",
  p.eff = "own$p", int.only = "input$int.only", int.incl = "input$int.incl", intercept = "input$int.incl",
  allvipos = "own$allvipos", coef.na = "used$coef.na", yi = "used$yi", vi = "used$vi", X = "used$X",
  weights = "used$weights", yi.f = "input$yi", vi.f = "input$vi", X.f = "input$X", weights.f = "input$weights",
  ni = "used$ni", ni.f = "input$ni", ids = "input$ids", not.na = "input$not.na", subset = "input$subset",
  slab = "input$slab", slab.null = "input$slab.null", measure = "input$measure", method = "spec$method",
  model = "constant$model", weighted = "spec$weighted", test = "spec$test", btt = "own$btt", digits = "own$digits",
  level = "own$level", control = "options$control", verbose = "options$verbose", add = "options$add",
  to = "options$to", drop00 = "options$drop00", data = "input$data", formula.yi = "input$formula.yi",
  formula.mods = "input$formula.mods", version = "constant$version", call = "own$call", input = "own$input",
  spec = "own$spec", dropped = "input$dropped")

rma_shape <- local({
  where <- strsplit(input_fields, "$", fixed = TRUE)
  fields <- c(core_fields, names(input_fields))
  list(names = fields, class = c("metaparity_uni", "metaparity", "rma.uni", "rma"),
       stat_columns = c("ML", "REML"), stat_rows = c("ll", "dev", "AIC", "BIC", "AICc"), stat_class = "data.frame",
       further = names(input_fields), lists = vapply(where, `[`, "", 1L, USE.NAMES = FALSE),
       elements = vapply(where, `[`, "", 2L, USE.NAMES = FALSE),
       outcome = match(c("yi", "yi.f", "ni", "ni.f", "slab", "ids", "slab.null", "measure"), fields) - 1L)
})

# input: all rows as given; used: the rows that entered the fit. The names are those of input_fields.
fit_sources <- function(input, used, spec, options, call) {
  p <- dim(used$X)[2L]
  own <- list(tau2.fix = !is.na(spec$tau2), allvipos = all(used$vi > 0), k = length(used$yi),
              k.f = length(input$yi), p = p,
              k.all = if (is.null(input$subset)) length(input$yi) else length(input$subset),
              btt = if (length(spec$btt)) spec$btt else default_btt(p, input$int.incl),
              digits = expand_digits(options$digits, call = call),
              level = 1 - spec$level, call = call, input = input, spec = spec)
  list(own = own, input = input, used = used, spec = spec, options = options, constant = constant_fields)
}

# The fit of rows that are known to be usable.
fit_used <- function(input, used, spec, options, call, rows = NULL) {
  core_result(cpp_rma(used, spec, fit_sources(input, used, spec, options, call), rma_shape), call, rows)
}

default_btt <- function(p, int.incl) if (int.incl && p > 1L) seq.int(2L, p) else seq_len(p)

constant_fields <- list(model = "rma.uni", version = "0.1.0")

# The rows of the data that the fit used, in the order of its yi.
used_slab <- function(x) {
  if (all(x$not.na)) x$slab else x$slab[x$not.na]
}

# The field `fit.stats`.
fit_stats_table <- function(ML, REML) {
  out <- list(ML = as.numeric(ML), REML = as.numeric(REML))
  attributes(out) <- list(names = c("ML", "REML"), class = "data.frame",
                          row.names = c("ll", "dev", "AIC", "BIC", "AICc"))
  out
}

# Those of them that have an effect: in a Mantel-Haenszel or Peto fit, not the tables without events.
estimated_slab <- function(x) if (is.null(x$not.na.yivi)) used_slab(x) else x$slab[x$not.na.yivi]

# The fit behind a subgroup analysis is the one over all studies.
whole_fit <- function(x) if (inherits(x, "metaparity_subgroup")) x$overall else x

is_random <- function(x) !isTRUE(x$method %in% c("EE", "FE", "CE")) && !inherits(x, c("rma.mh", "rma.peto"))

# An argument that may use columns of the fit's data, which go before variables of the caller. `value` is its promise.
from_data <- function(expr, value, x, env) {
  data <- whole_fit(x)$data
  if (!is.data.frame(data) || !any(all.vars(expr) %in% names(data))) return(value)
  eval(expr, data, env)
}

# What rma.mh() and rma.peto() share: rules for cells in study effects and in pooling, input, object.

# A choice for the study effects and one for pooling; a single value is that for the effects.
pair_choice <- function(x, second, arg, call) {
  if (!is.atomic(x) || is.object(x)) abort_input(arg, sprintf("must have one or two elements, not %s", describe(x)),
                                                 call)
  if (length(x) == 1L) return(c(x, second))
  if (length(x) != 2L) abort_input(arg, sprintf("must have one or two elements, not %d", length(x)), call)
  x
}

# given: what the user set explicitly; rules: of the convention. drop00 of the effects is TRUE in
# metafor's verbs for pooling, whatever escalc() does. Unchanged rules need no check.
pooling_rules <- function(given, rules, add, measure, call) {
  partly <- given[intersect(c("addyi", "addvi"), names(given))]
  for (arg in names(partly)) check_flag(partly[[arg]], arg, call)
  out <- list(add = c(add, rules$mh_add), to = c(rules$to, rules$mh_to),
              drop00 = c(TRUE, rules$mh_drop00) & (measure != "RD" || rules$mh_rd_drop00),
              correct = rules$mh_correct, rd_variance = rules$mh_rd_variance, rd_uncorrected = rules$rd_uncorrected,
              add_how = add_how_of(rules, measure))
  out[names(partly)] <- partly
  if (!is.null(given$onlyo1) && check_flag(given$onlyo1, "onlyo1", call)) out$add_how <- "events"
  if (!length(given)) return(out)
  for (value in as.list(if (is.null(given[["add"]])) NULL else check_numeric_vector(given[["add"]], "add", call)))
    check_number(value, "add", lower = 0, upper = 1e6, call = call)
  if (!is.null(given[["add"]])) out$add <- pair_choice(given[["add"]], 0, "add", call)
  if (!is.null(given$to)) out$to <- pair_choice(given$to, "none", "to", call)
  if (!is.null(given$drop00)) out$drop00 <- pair_choice(given$drop00, FALSE, "drop00", call)
  if (!is.null(given$correct)) out$correct <- check_flag(given$correct, "correct", call)
  for (i in 1:2) {
    check_number(out$add[i], "add", lower = 0, upper = 1e6, call = call)
    check_choice(out$to[i], c("only0", "all", "if0all", "none"), "to", call)
    check_flag(out$drop00[i], "drop00", call)
  }
  out
}

# The arguments among add, to, drop00, correct that the call has, evaluated.
given_rules <- function(mc, frame) {
  out <- list()
  for (arg in c("add", "to", "drop00", "correct")) {
    if (!is.null(mc[[arg]])) out[[arg]] <- get(arg, envir = frame)
  }
  out
}

effect_rules <- function(rules) {
  list(add = rules$add[1L], to = rules$to[1L], drop00 = rules$drop00[1L], vtype = "LS", correct = TRUE, j = "exact",
       standardiser = "pooled", rd_uncorrected = rules$rd_uncorrected, add_how = rules$add_how)
}

# Pooled cells are corrected in all four cells even where the study's risk ratio is not.
pool_rules <- function(rules, level) {
  list(add = rules$add[2L], to = rules$to[2L], drop00 = rules$drop00[2L], correct = rules$correct,
       rd_variance = rules$rd_variance, add_how = if (rules$add_how == "events") "equal" else rules$add_how,
       level = level)
}

# The four columns of tables or of person-time, rows of `subset` only, and what belongs to the rows.
pooled_input <- function(mc, env, measure) {
  data <- data_of_call(mc, env)
  rates <- measure_table[[measure]]$family == "rates"
  args <- if (rates) c("x1i", "x2i", "t1i", "t2i") else c("ai", "bi", "ci", "di", "n1i", "n2i")
  given <- resolve_columns(args, mc, data, env, mc)
  columns <- check_columns(given, mc)
  if (rates) require_inputs(columns, measure, mc)
  raw <- if (rates) columns[args] else table_columns(columns, measure, mc)
  k <- length(raw[[1L]])
  slab <- if (!is.null(mc$slab)) check_slab(resolve_column(mc$slab, data, env, "slab", mc), k, mc)
  subset <- if (!is.null(mc$subset)) check_subset(resolve_column(mc$subset, data, env, "subset", mc), k, mc)
  ids <- seq_len(k)
  slab.null <- is.null(slab)
  if (slab.null) slab <- ids
  if (!is.null(subset)) {
    raw <- lapply(raw, `[`, subset)
    ids <- ids[subset]
    slab <- slab[subset]
  }
  if (!slab.null) slab <- unique_slab(slab)
  list(raw = raw, ids = ids, slab = slab, slab.null = slab.null, subset = kept_logical(subset, k), k.all = k,
       data = data,
       measure = measure, rates = rates, whole = counts_are_integer(given))
}

# The rows that are pooled: those with a weight. Missing values and the pooling's own drop00 take rows out.
complete_tables <- function(input, weights, call) {
  if (!length(weights)) abort_input("subset", "keeps no rows", call)
  ok <- !is.na(weights)
  if (all(ok)) return(ok)
  missing <- is.na(input$raw[[1L]] + input$raw[[2L]] + input$raw[[3L]] + input$raw[[4L]])
  if (all(missing)) abort_input(names(input$raw)[1L], "and the others leave no row without missing values", call)
  if (any(missing)) leave_out(which(missing), "missing values", call)
  empty <- !ok & !missing
  if (any(empty)) warn_dropped(which(empty), "no events, or only events, in both groups", call)
  ok
}

report_effects <- function(fit, ok, call) {
  if (length(fit[["fractional"]])) warn_studies("ai", fit$fractional, "and the like are counts but not whole", call)
  if (anyNA(fit$yi) && length(absent <- which(ok & is.na(fit$yi)))) {
    warn_studies("yi", absent, "is not estimable: no part in the test of heterogeneity", call)
  }
  if (is.na(fit$numbers$beta)) warn_input("measure", "has no pooled estimate with these data", call)
}

# Fields as metafor's, in its order; the tests of Mantel-Haenszel come between QEp and k.
new_common_fit <- function(input, ok, fit, rules, form, call) {
  n <- fit$numbers
  counts <- fit$counts
  fit$ni <- typed_sizes(fit$ni, input$whole)
  has <- if (anyNA(fit$yi) || anyNA(fit$vi)) ok & !is.na(fit$yi) & !is.na(fit$vi) else ok
  all_used <- all(has)
  yi.f <- fit$yi
  attributes(yi.f) <- list(ni = fit$ni, measure = input$measure)
  yi <- if (all_used) yi.f else structure(fit$yi[has], measure = input$measure, ni = fit$ni[has])
  beta <- c(intrcpt = n$beta)
  ones <- matrix(1, length(ok), 1L)
  out <- list(
    b = beta, beta = beta, se = n$se, zval = n$zval, pval = n$pval, ci.lb = n$ci.lb, ci.ub = n$ci.ub,
    vb = variance_matrix(n$se^2), tau2 = 0, tau2.f = 0, I2 = n$I2, H2 = n$H2, QE = n$QE, QEp = n$QEp, CO = NULL,
    COp = NULL, MH = NULL, MHp = NULL, BD = NULL, BDp = NULL, TA = NULL, TAp = NULL, k = counts$k, k.f = length(ok),
    k.yi = counts$k.yi, k.pos = form$k.pos, k.eff = counts$k,
    k.all = input$k.all, p = 1, p.eff = 1, parms = 1, int.only = TRUE, intercept = TRUE, coef.na = c(X = FALSE),
    yi = yi, vi = if (all_used) fit$vi else fit$vi[has], yi.f = yi.f, vi.f = fit$vi,
    X.f = ones, weights = if (all(ok)) fit$weights else fit$weights[ok],
    chksumyi = NA_character_, chksumvi = NA_character_, outdat.f = input$raw, outdat = used_tables(input, ok, rules),
    ni = if (all_used) fit$ni else fit$ni[has], ni.f = fit$ni, ids = input$ids, not.na = ok, subset = input$subset,
    not.na.yivi = has, slab = input$slab, slab.null = input$slab.null, measure = input$measure, method = "FE",
    weighted = TRUE, test = "z", ddf = NA_integer_, dfs = NA_integer_, btt = 1, m = 1, digits = form$digits,
    level = 1 - form$level, add = rules$add, to = rules$to, drop00 = rules$drop00, correct = form$correct,
    fit.stats = fit_stats_frame(fit$ml, fit$reml), data = input$data, formula.yi = NULL, formula.mods = NULL,
    version = constant_fields$version, model = form$model, call = call,
    input = list(yi = fit$yi, vi = fit$vi, X = ones, weights = fit$weights, ni = fit$ni,
                 slab = input$slab, data = input$data, dropped = which(!ok), raw = input$raw),
    spec = c(list(method = "FE", test = "z", level = form$level), rules))
  out
}

variance_matrix <- function(v) {
  attributes(v) <- list(dim = c(1L, 1L), dimnames = list("intrcpt", "intrcpt"))
  v
}

fit_stats_frame <- function(ml, reml) {
  out <- list(ML = ml, REML = reml)
  attributes(out) <- list(names = c("ML", "REML"), row.names = c("ll", "dev", "AIC", "BIC", "AICc"),
                          class = "data.frame")
  out
}

no_cells <- list(ai = NA_real_, bi = NA_real_, ci = NA_real_, di = NA_real_)
no_rates <- list(x1i = NA_real_, x2i = NA_real_, t1i = NA_real_, t2i = NA_real_)

# The counts that were pooled: corrected where the rule for pooling says so.
used_tables <- function(input, ok, rules) {
  raw <- input$raw
  if (rules$to[2L] != "none" && rules$add[2L] > 0) raw <- corrected_counts(raw, input$rates, rules)
  if (!all(ok)) raw <- lapply(raw, `[`, ok)
  if (input$rates) c(no_cells, raw) else c(raw, no_rates)
}

corrected_counts <- function(raw, rates, rules) {
  counts <- if (rates) raw[1:2] else raw
  empty <- Reduce(`|`, lapply(counts, function(x) x %in% 0))
  where <- switch(rules$to[2L], only0 = empty, all = TRUE, if0all = any(empty))
  raw[names(counts)] <- lapply(counts, function(x) x + rules$add[2L] * where)
  raw
}

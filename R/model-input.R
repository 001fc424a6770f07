# The last look at the user's expressions: yi, vi, weights, X, slab, subset become plain numbers,
# rows that cannot be used are found and reported, all at once.

# What cpp_plain_input() needs, in this order: names of rma_input()'s list, dimnames of its X, default measure, coef.na.
input_shape <- list(c("yi", "vi", "X", "weights", "ni", "slab", "slab.null", "ids", "not.na", "subset", "measure",
                      "int.incl", "int.only", "formula.yi", "formula.mods", "group", "group_name", "data",
                      "raw", "cells",
                      "dropped", "coef.na"), list(NULL, "intrcpt"), "GEN", intercept_kept)

# mc: the user's call; env: where it was made. One list with all rows as given and `not.na`, the
# rows that can be used; what is not there is NULL.
rma_input <- function(mc, env, measure = "GEN", intercept = TRUE, escalc_args = list()) {
  plain <- if (is.null(mc$scale)) cpp_plain_input(mc, env, input_shape)
  if (!is.null(plain)) return(plain)
  data <- data_of_call(mc, env)
  es <- outcome_columns(mc, data, env, measure, escalc_args)
  if (!identical(measure, "GEN")) {
    check_measure(measure, call = mc)
    if (es$measure == "GEN") es$measure <- measure
  }
  data <- data %||% es$data
  k <- length(es$yi)
  if (k == 0L) abort_input("yi", "must hold at least one study, but is empty", mc)
  if (!is.null(es$mods) && !is.null(mc$mods))
    warn_input("mods", "is not used: the formula in `yi` has the moderators", mc)
  mods <- if (is.null(es$mods) && !is.null(mc$mods)) resolve_mods(mc$mods, data, env, mc) else es$mods
  mods <- expand_dot(mods, mc, data, es$formula.yi %||% mods)
  if (is.null(mods) && !intercept) warn_input("intercept", "stays in a model without moderators", mc)
  design <- if (is.null(mods)) intercept_column(k) else design_matrix(mods, data, k, intercept, env, mc)
  slab <- if (is.null(mc$slab)) es$slab else check_slab(resolve_column(mc$slab, data, env, "slab", mc), k, mc)
  by <- if (is.null(mc$by)) mc$subgroup else mc$by
  rows <- list(yi = es$yi, vi = es$vi, X = design$X, ni = es$ni, slab = slab,
               weights = if (!is.null(mc$weights)) resolve_weights(mc, data, env, k),
               Z = if (!is.null(mc$scale)) (scale <- scale_design(mc, data, env, k))$Z,
               group = if (!is.null(by)) resolve_group(by, data, env, k, mc))
  keep <- if (is.null(mc$subset)) NULL else check_subset(resolve_column(mc$subset, data, env, "subset", mc), k, mc)
  if (!is.null(keep)) {
    if (length(keep) == 0L) abort_input("subset", "keeps no study", mc)
    rows <- keep_rows(rows, keep)
  }
  usable <- usable_rows(rows, design$int.only)
  ids <- if (is.null(keep)) seq_len(k) else keep
  slabs <- if (is.null(slab)) ids else if (is.null(by)) unique_slab(as.character(rows$slab)) else
    as.character(rows$slab)
  out <- list(yi = rows$yi, vi = rows$vi, X = rows$X, weights = rows$weights, ni = rows$ni, slab = slabs,
       slab.null = is.null(slab), ids = ids, not.na = usable, subset = kept_logical(keep, k),
       measure = es$measure, int.incl = design$int.incl, int.only = design$int.only,
       formula.yi = expand_dot(es$formula.yi, mc, data), formula.mods = if (inherits(mods, "formula")) mods,
       group = rows$group,
       group_name = if (is.null(by)) NULL else name_as_written(by, env),
       data = data, raw = es$raw, cells = es$cells,
       dropped = if (!all(usable)) dropped_rows(rows, usable, ids, slabs),
       coef.na = if (design$int.only) intercept_kept)
  if (is.null(mc$scale)) out else c(out, list(Z = rows$Z), scale[c("Z.int.incl", "Z.int.only", "formula.scale")])
}

# The input of a fit whose rows are numbers already and all usable; X NULL is the intercept alone.
new_input <- function(yi, vi, X = NULL, weights = NULL, ni = NULL, slab = NULL, ids = seq_along(yi), measure = "GEN",
                      int.incl = TRUE) {
  design <- if (is.null(X)) intercept_column(length(yi)) else {
    list(X = X, int.incl = int.incl, int.only = int.incl && ncol(X) == 1L)
  }
  c(list(yi = yi, vi = vi, weights = weights, ni = ni, slab = if (is.null(slab)) ids else slab,
         slab.null = is.null(slab), ids = ids, not.na = rep(TRUE, length(yi)), measure = measure,
         dropped = integer()), design)
}

keep_rows <- function(rows, keep) {
  for (name in setdiff(names(rows), c("X", "Z"))) if (!is.null(rows[[name]])) rows[[name]] <- rows[[name]][keep]
  rows$X <- rows$X[keep, , drop = FALSE]
  if (!is.null(rows$Z)) rows$Z <- rows$Z[keep, , drop = FALSE]
  rows
}

# Rows with missing values cannot be used; they stay in the object and are reported by the fit.
usable_rows <- function(rows, int.only) {
  usable <- if (anyNA(rows$yi) || anyNA(rows$vi)) !(is.na(rows$yi) | is.na(rows$vi)) else rep.int(TRUE, length(rows$yi))
  if (!int.only && anyNA(rows$X)) usable <- usable & !rowSums(is.na(rows$X)) > 0
  if (anyNA(rows$Z)) usable <- usable & !rowSums(is.na(rows$Z)) > 0
  if (anyNA(rows$weights)) usable <- usable & !is.na(rows$weights)
  if (anyNA(rows$group)) usable <- usable & !is.na(rows$group)
  usable
}

# The record of what was left out: row of the data, label, and the arguments with missing values.
dropped_rows <- function(rows, usable, ids, slab) {
  missing <- list(yi = is.na(rows$yi), vi = is.na(rows$vi), mods = rowSums(is.na(rows$X)) > 0,
                  scale = if (is.null(rows$Z)) logical() else rowSums(is.na(rows$Z)) > 0,
                  weights = is.na(rows$weights), by = is.na(rows$group))
  given <- vapply(missing, any, NA)
  why <- vapply(which(!usable), function(i) {
    paste(names(missing)[given][vapply(missing[given], function(m) m[i], NA)], collapse = " and ")
  }, "")
  data.frame(row = ids[!usable], slab = as.character(slab)[!usable], reason = why)
}

resolve_group <- function(by, data, env, k, call) {
  group <- resolve_column(by, data, env, "by", call)
  if (length(group) != k) {
    abort_input("by", sprintf("must have one element for each of the %d studies, not %d", k, length(group)), call)
  }
  group
}

# yi and vi: given, from raw data by escalc(), or the columns of an escalc data frame.
outcome_columns <- function(mc, data, env, measure, escalc_args) {
  if (is.null(mc$yi)) return(raw_outcome(mc, data, env, measure, escalc_args))
  yi <- if (is.call(mc$yi) && identical(mc$yi[[1L]], quote(`~`))) eval(mc$yi, env) else {
    resolve_column(mc$yi, data, env, "yi", mc)
  }
  if (inherits(yi, "escalc")) {
    out <- escalc_outcome(yi, mc)
    if (!is.null(mc$ni)) out["ni"] <- list(size_column(resolve_column(mc$ni, yi, env, "ni", mc), length(out$yi), mc))
    return(c(out, list(data = yi)))
  }
  mods <- NULL
  formula.yi <- NULL
  if (inherits(yi, "formula")) {
    if (length(yi) != 3L) abort_input("yi", "must be a two-sided formula when it is one", mc)
    formula.yi <- yi
    mods <- yi[-2L]
    yi <- resolve_column(formula.yi[[2L]], data, environment(formula.yi), "yi", mc)
  }
  notes <- effect_notes(yi, data, "yi", mc)
  measure <- attr(yi, "measure")
  yi <- check_numeric_vector(yi, "yi", mc)
  ni <- if (is.null(mc$ni)) notes$ni else size_column(resolve_column(mc$ni, data, env, "ni", mc), length(yi), mc)
  list(yi = yi, vi = variance_column(mc, data, env, length(yi)), ni = ni, mods = mods,
       slab = notes$slab, formula.yi = formula.yi, measure = if (is.null(measure)) "GEN" else measure)
}

size_column <- function(ni, k, call) {
  if (is.null(ni)) return(NULL)
  if (!is.integer(ni)) ni <- check_numeric_vector(ni, "ni", call)
  if (length(ni) != k) {
    abort_input("ni", sprintf("must have one element for each of the %d studies, not %d", k, length(ni)), call)
  }
  bad <- which(is.infinite(ni) | ni < 0)
  if (length(bad)) abort_studies("ni", bad, "must be finite and not negative", call)
  ni
}

variance_column <- function(mc, data, env, k) {
  vi <- resolve_column(mc$vi, data, env, "vi", mc)
  sei <- if (is.null(vi)) resolve_column(mc$sei, data, env, "sei", mc)
  if (is.null(vi) && is.null(sei)) {
    if (is.null(attr(data, "vi.names"))) abort_input("vi", "or `sei` must be given", mc)
    vi <- .subset2(data, attr(data, "vi.names")[1L])
  }
  if (is.matrix(vi) && nrow(vi) == k && ncol(vi) == k && k > 1L) vi <- diagonal_of(vi, mc)
  arg <- if (is.null(sei)) "vi" else "sei"
  x <- check_numeric_vector(if (is.null(sei)) vi else sei, arg, mc)
  if (length(x) == 1L && k > 1L) x <- rep(x, k)
  if (length(x) != k) {
    abort_input(arg, sprintf("must have one element for each of the %d studies, not %d", k, length(x)), mc)
  }
  if (is.null(sei)) return(x)
  if (any(x < 0, na.rm = TRUE)) abort_studies("sei", which(x < 0), "must not be negative", mc)
  x^2
}

diagonal_of <- function(vi, call) {
  if (any(vi[row(vi) != col(vi)] != 0, na.rm = TRUE)) {
    warn_input("vi", "is a matrix with covariances: its diagonal alone is used", call)
  }
  diag(vi)
}

escalc_outcome <- function(x, call = NULL) {
  yi <- .subset2(x, attr(x, "yi.names")[1L])
  measure <- attr(yi, "measure")
  notes <- effect_notes(yi, x, "yi", call)
  list(yi = as.numeric(yi), vi = as.numeric(.subset2(x, attr(x, "vi.names")[1L])), ni = notes$ni,
       slab = notes$slab, measure = if (is.null(measure)) "GEN" else measure)
}

raw_outcome <- function(mc, data, env, measure, escalc_args) {
  given <- raw_data_args[raw_data_args %in% names(mc)]
  if (length(given) == 0L) {
    if (is.null(attr(data, "yi.names"))) abort_input("yi", "must be given (or the raw data of `measure`)", mc)
    return(escalc_outcome(data, mc))
  }
  columns <- vector("list", length(given))
  names(columns) <- given
  for (arg in given) columns[arg] <- list(resolve_column(mc[[arg]], data, env, arg, mc))
  c(raw_effects(measure, columns, escalc_args, mc), list(raw = columns, cells = escalc_args))
}

# escalc() without a data frame around its numbers. What it says of effects that are too large it says itself.
raw_effects <- function(measure, columns, choices, mc) {
  check_measure(measure, call = mc)
  plain <- c("add", "to", "drop00", "vtype", "correct", zero_choices)
  if (measure %in% flagged_measures || !all(names(choices) %in% plain))
    return(escalc_outcome(do.call(escalc, c(list(measure = measure), columns, choices), quote = TRUE)))
  spec <- effect_spec(measure, "metafor", choices, mc)
  spec$level <- 0.95
  out <- effect_sizes(measure, columns, spec, mc)
  list(yi = as.numeric(out$yi), vi = as.numeric(out$vi), ni = out$ni, slab = NULL, measure = measure)
}

intercept_column <- function(k) {
  X <- rep.int(1, k)
  attributes(X) <- list(dim = c(k, 1L), dimnames = list(NULL, "intrcpt"))
  list(X = X, int.incl = TRUE, int.only = TRUE)
}

resolve_weights <- function(mc, data, env, k) {
  w <- if (is.null(mc$weights)) NULL else resolve_column(mc$weights, data, env, "weights", mc)
  if (is.null(w)) return(NULL)
  w <- check_numeric_vector(w, "weights", mc)
  if (length(w) == 1L) w <- rep(w, k)
  if (length(w) != k) {
    abort_input("weights", sprintf("must have one element for each of the %d studies, not %d", k, length(w)), mc)
  }
  w
}

# From named columns to yi, vi, ni: checks the columns, asks the core once, reports the rows that
# need a look. escalc() and rma() both come through here.

column_args <- c("ai", "bi", "ci", "di", "n1i", "n2i", "x1i", "x2i", "t1i", "t2i", "m1i", "m2i", "sd1i",
                 "sd2i", "xi", "mi", "ri", "ti", "fi", "pi", "sdi", "r2i", "mini", "maxi", "ni", "yi", "vi",
                 "sei", "ci.lb", "ci.ub")

# columns: a named list of what the user gave; spec: from effect_spec().
effect_sizes <- function(measure, columns, spec, call = NULL) {
  columns <- check_columns(columns, call)
  out <- switch(measure_table[[measure]]$family,
    binary = effects_binary(measure, columns, spec, call),
    means = effects_means(measure, columns, spec, call),
    proportion = effects_proportion(measure, columns, spec, call),
    generic = effects_generic(columns, spec$level %||% 0.95, call))
  if (length(out$infinite)) {
    warn_studies("yi", out$infinite, "or its variance is infinite and set to missing", call)
  }
  if (length(out$fractional)) warn_studies("ai", out$fractional, "and the like are counts but not whole", call)
  out[c("yi", "vi", "ni")]
}

check_columns <- function(columns, call = NULL) {
  k <- if (length(columns)) length(columns[[1L]]) else 0L
  for (arg in names(columns)) {
    x <- columns[[arg]]
    if (is.object(x) || !is.numeric(x)) {
      columns[[arg]] <- check_numeric_vector(x, arg, call)
    } else if (!is.double(x)) {
      columns[[arg]] <- as.double(x)
    }
    if (length(x) != k) abort_length(columns, arg, k, call)
  }
  if (length(columns) && k == 0L) abort_input(names(columns)[1L], "has no rows", call)
  columns
}

abort_length <- function(columns, arg, k, call) {
  abort_input(arg, sprintf("must have %d elements as `%s` has, not %d", k, names(columns)[1L], length(columns[[arg]])),
              call)
}

require_columns <- function(columns, needed, measure, call = NULL) {
  for (arg in needed) {
    if (is.null(columns[[arg]])) {
      abort_input(arg, sprintf("is needed for measure \"%s\", which takes %s", measure,
                               describe_inputs(measure_table[[measure]]$family)), call)
    }
  }
}

# The part of `total` that `given` leaves; a value of the part itself comes first.
complement_of <- function(columns, part, total, given, measure, call) {
  if (is.null(columns[[total]])) {
    require_columns(columns, part, measure, call)
    return(columns[[part]])
  }
  rest <- call_core(cpp_complement(columns[[total]], columns[[given]], total, given), call)
  own <- columns[[part]]
  if (is.null(own)) return(rest)
  own[is.na(own)] <- rest[is.na(own)]
  own
}

table_columns <- function(columns, measure, call = NULL) {
  require_columns(columns, c("ai", "ci"), measure, call)
  list(ai = columns$ai, bi = complement_of(columns, "bi", "n1i", "ai", measure, call),
       ci = columns$ci, di = complement_of(columns, "di", "n2i", "ci", measure, call))
}

effects_binary <- function(measure, columns, spec, call) {
  x <- table_columns(columns, measure, call)
  call_core(cpp_effect_binary(x$ai, x$bi, x$ci, x$di, measure, spec), call)
}

effects_means <- function(measure, columns, spec, call) {
  require_columns(columns, c("n1i", "n2i"), measure, call)
  if (measure == "SMD") columns$di <- given_differences(columns, call)
  if (is.null(columns$di) || measure != "SMD" || !is.null(columns$m1i)) {
    columns$di <- if (measure == "SMD") columns$di
    require_columns(columns, c("m1i", "m2i", "sd1i", "sd2i"), measure, call)
  }
  out <- call_core(cpp_effect_means(columns, measure, spec), call)
  warn_small_groups(columns, call)
  out
}

# d as given, else from the t statistic, its p, or a point-biserial correlation; NULL without them.
given_differences <- function(columns, call) {
  d <- columns$di
  for (from in c("ti", "pi", "ri")) {
    if (is.null(columns[[from]])) next
    own <- call_core(cpp_standardised(columns[[from]], columns$n1i, columns$n2i, from), call)
    if (is.null(d)) d <- own else d[is.na(d)] <- own[is.na(d)]
  }
  d
}

warn_small_groups <- function(columns, call) {
  for (arg in c("n1i", "n2i")) {
    rows <- which(columns[[arg]] < 2)
    if (length(rows)) warn_studies(arg, rows, "is below 2: such a group has no standard deviation", call)
  }
  for (arg in c("sd1i", "sd2i")) {
    rows <- which(columns[[arg]] == 0)
    if (length(rows)) warn_studies(arg, rows, "is 0", call)
  }
}

effects_proportion <- function(measure, columns, spec, call) {
  require_columns(columns, "xi", measure, call)
  if (is.null(columns$mi)) require_columns(columns, "ni", measure, call)
  mi <- complement_of(columns, "mi", "ni", "xi", measure, call)
  call_core(cpp_effect_proportion(columns$xi, mi, measure, spec), call)
}

effects_generic <- function(columns, level, call) {
  limits <- !is.null(columns$ci.lb) && !is.null(columns$ci.ub)
  if (limits && is.null(columns$vi) && is.null(columns$sei)) return(effects_limits(columns, level, call))
  require_columns(columns, "yi", "GEN", call)
  is_se <- is.null(columns$vi)
  if (is_se) require_columns(columns, "sei", "GEN", call)
  spread <- if (is_se) columns$sei else columns$vi
  out <- call_core(cpp_effect_generic(columns$yi, spread, is_se), call)
  out$ni <- columns$ni
  out
}

effects_limits <- function(columns, level, call) {
  yi <- columns$yi %||% numeric(0)
  out <- call_core(cpp_effect_limits(yi, columns$ci.lb, columns$ci.ub, level), call)
  if (length(out$asymmetric)) {
    warn_studies("ci.lb", out$asymmetric,
                 "and `ci.ub` are not symmetric about the estimate: limits of ratios must be logarithms", call)
  }
  out$ni <- columns$ni
  out
}

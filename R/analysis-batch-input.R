# The data of rma_batch(): matrices with a row per outcome, or long columns put in runs of one outcome each.

batch_args <- c("ai", "bi", "ci", "di", "n1i", "n2i", "x1i", "x2i", "t1i", "t2i", "m1i", "m2i", "sd1i", "sd2i", "xi",
                "mi", "ri", "ti", "ni", "yi", "vi", "sei")

# n outcomes; yi, vi (or cells): matrices, or columns with `start`, the ends of the runs; X: the design; by: groups of
# the studies or rows; impossible: outcomes with impossible raw data.
batch_input <- function(mc, data, env, measure, rules, cells, o, intercept) {
  columns <- resolve_columns(batch_args, mc, data, env, mc)
  if (!length(columns)) abort_input("yi", "must be given, with `vi` or `sei`, or raw data of a `measure`", mc)
  columns <- lapply(stats::setNames(nm = names(columns)), function(arg) batch_column(columns[[arg]], arg, mc))
  out <- if (is.null(mc$outcome)) batch_wide(columns, mc) else batch_long(columns, mc, data, env)
  out$measure <- measure
  resolve <- if (o$pooled) batch_tables else batch_effects
  out <- resolve(out, measure, rules, cells, o, mc)
  c(out, batch_design(mc, data, env, out, intercept, o), list(by = batch_by(mc, data, env, out)))
}

batch_column <- function(x, arg, call) {
  if (is.data.frame(x)) x <- as.matrix(list2frame(lapply(x, integer64_numbers)))
  x <- integer64_numbers(x)
  if (!is.numeric(x) && !(is.logical(x) && all(is.na(x)))) {
    abort_input(arg, sprintf("must be numbers, in a matrix or a column, not %s", describe(x)), call)
  }
  if (length(dim(x)) > 2L) abort_input(arg, sprintf("must be a matrix or a column, not %s", describe(x)), call)
  x
}

# Whole numbers of 64 bits lie in doubles as bits.
integer64_numbers <- function(x) {
  if (!inherits(x, "integer64")) return(x)
  shape <- dim(x)
  x <- as.double(integer64_text(x))
  if (is.null(shape)) x else array(x, shape)
}

batch_wide <- function(columns, call) {
  shape <- dim(columns[[1L]])
  for (arg in names(columns)) {
    x <- columns[[arg]]
    if (length(dim(x)) != 2L) {
      abort_input(
        arg, "must be a matrix with a row per outcome and a column per study; columns in long form need `outcome`",
          call)
    }
    if (!identical(dim(x), shape)) {
      abort_input(arg, sprintf("must have the shape of `%s`, %d x %d, not %d x %d", names(columns)[1L], shape[1L],
                               shape[2L], nrow(x), ncol(x)), call)
    }
  }
  names <- rownames(columns[[1L]])
  list(n = shape[1L], wide = shape[2L], columns = columns, start = NULL, order = NULL,
       names = if (is.null(names)) as.character(seq_len(shape[1L])) else names)
}

batch_long <- function(columns, mc, data, env) {
  outcome <- resolve_column(mc$outcome, data, env, "outcome", mc)
  if (!is.atomic(outcome) || length(dim(outcome)) > 1L) {
    abort_input("outcome", sprintf("must be a column of labels, not %s", describe(outcome)), mc)
  }
  n <- length(outcome)
  for (arg in names(columns)) {
    if (length(columns[[arg]]) != n) {
      abort_input(arg, sprintf("must have %d elements as `outcome` has, not %d", n, length(columns[[arg]])), mc)
    }
  }
  if (anyNA(outcome)) abort_studies("outcome", which(is.na(outcome)), "is missing", mc)
  names <- unique(outcome)
  at <- match(outcome, names)
  order <- order(at, method = "radix")
  list(n = length(names), wide = NULL, columns = lapply(columns, function(x) as.vector(x)[order]), order = order,
       start = c(0, cumsum(tabulate(at, length(names)))), names = as.character(names))
}

# yi and vi in the shape of the data. Rows with impossible raw data are set aside and named by their outcome.
batch_effects <- function(x, measure, rules, cells, o, call) {
  shape <- dim(x$columns[[1L]])
  spec <- effect_spec(measure, rules, cells, call)
  spec$level <- o$model$level
  plain <- identical(sort(names(x$columns)), c("vi", "yi"))
  found <- if (plain) list(sizes = x$columns, bad = integer()) else
    batch_sizes(measure, lapply(x$columns, as.vector), spec, call)
  es <- found$sizes
  bad <- found$bad
  shaped <- function(v) {
    if (!is.double(v)) storage.mode(v) <- "double"
    if (is.null(x$start) && !identical(dim(v), shape)) dim(v) <- shape
    v
  }
  centred <- o$method == "DL" && rules$dl_q == "Mantel-Haenszel" && measure %in% c("RR", "OR", "RD") &&
    !"yi" %in% names(x$columns)
  c(x[c("n", "wide", "start", "order", "names", "measure")],
    list(yi = shaped(es$yi), vi = shaped(es$vi), impossible = batch_outcome_of(x, bad)),
    if (centred) batch_centring(x, measure, rules, cells, o, is.na(es$yi), bad, call))
}

# The tables whose Mantel-Haenszel estimate is the centre of an outcome's Q: those with an effect.
batch_centring <- function(x, measure, rules, cells, o, lacking, bad, call) {
  x$columns <- lapply(x$columns, function(v) replace(v, which(lacking | seq_along(v) %in% bad), NA))
  o$method <- "MH"
  batch_tables(x, measure, rules, cells, o, call)[c("cells", "pool")]
}

batch_sizes <- function(measure, flat, spec, call) {
  bad <- integer()
  repeat {
    sizes <- tryCatch(quiet_drops(effect_sizes(measure, flat, spec, call)), metaparity_error_studies = function(e) e)
    if (!inherits(sizes, "condition")) return(list(sizes = sizes, bad = bad))
    rows <- setdiff(sizes$rows, bad)
    if (!length(rows)) stop(sizes)
    bad <- c(bad, rows)
    flat <- lapply(flat, function(v) replace(v, rows, NA))
  }
}

# The outcomes of elements of the data.
batch_outcome_of <- function(x, elements) {
  if (!length(elements)) return(integer())
  sort(unique(if (is.null(x$start)) (elements - 1L) %% x$n + 1L else findInterval(elements - 0.5, x$start)))
}

batch_tables <- function(x, measure, rules, cells, o, call) {
  if (o$method == "PETO") rules[c("mh_add", "mh_to")] <- list(0, "none")
  choice <- pooling_rules(cells, rules, if (o$method == "PETO") rules$peto_add else 0.5,
                          if (o$method == "PETO") "PETO" else measure, call)
  raw <- x$columns[intersect(c("ai", "bi", "ci", "di", "n1i", "n2i"), names(x$columns))]
  if (length(raw) < length(x$columns)) {
    abort_input(setdiff(names(x$columns), names(raw))[1L], sprintf("has no part in method \"%s\"", o$method), call)
  }
  shape <- dim(raw[[1L]])
  cells <- table_columns(lapply(raw, function(v) as.double(as.vector(v))), measure, call)
  if (!is.null(shape)) cells <- lapply(cells, matrix, shape[1L], shape[2L])
  c(x[c("n", "wide", "start", "order", "names", "measure")],
    list(cells = unname(cells)[1:4], impossible = integer(),
         pool = list(effects = effect_rules(choice), pool = pool_rules(choice, o$model$level))))
}

# One row per study, or per row of long data, in the order of the runs.
batch_design <- function(mc, data, env, x, intercept, o) {
  if (is.null(mc$mods)) return(list(X = matrix(1, 1L, 1L), simple = TRUE, int.incl = TRUE))
  if (o$pooled) abort_input("mods", sprintf("has no part in method \"%s\"", o$method), mc)
  if (length(o$also)) abort_input("also", "is for models without moderators", mc)
  k <- if (is.null(x$start)) x$wide else length(x$yi)
  design <- design_matrix(resolve_mods(mc$mods, data, env, mc), data, k, intercept, env, mc)
  X <- design$X
  if (!is.null(x$order)) X <- X[x$order, , drop = FALSE]
  storage.mode(X) <- "double"
  list(X = X, simple = design$int.only, int.incl = design$int.incl)
}

batch_by <- function(mc, data, env, x) {
  if (is.null(mc$by)) return(NULL)
  if (!is.null(mc$mods)) abort_input("by", "cannot be combined with `mods`", mc)
  by <- resolve_column(mc$by, data, env, "by", mc)
  k <- if (is.null(x$start)) x$wide else x$start[length(x$start)]
  if (!is.atomic(by) || length(by) != k) {
    message <- if (is.null(x$start)) "must have one element for each of the %d studies, not %s" else
      "must have one element for each of the %d rows, not %s"
    abort_input("by", sprintf(message, k, describe(by)), mc)
  }
  by <- droplevels(group_factor(by))
  if (is.null(x$order)) by else by[x$order]
}

# The input with some of its studies, or rows of long data, alone.
batch_subset <- function(x, keep) {
  take <- function(v) if (is.null(x$start)) v[, keep, drop = FALSE] else v[keep]
  for (part in intersect(c("yi", "vi"), names(x))) x[[part]] <- take(x[[part]])
  if (!is.null(x$cells)) x$cells <- lapply(x$cells, take)
  if (!is.null(x$start)) {
    x$start <- c(0, cumsum(tabulate(findInterval(keep - 0.5, x$start), x$n)))
  }
  x
}

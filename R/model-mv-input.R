# The data of rma.mv(): estimates, sampling variances in blocks, weights, design, labels; rows that cannot be used.
# Sampling
# variances stay blocks from here on: no n x n matrix is made of them.

mv_input <- function(mc, env, intercept) {
  data <- data_of_call(mc, env)
  es <- mv_outcome(mc, data, env)
  data <- data %||% es$data
  k <- length(es$yi)
  if (k == 0L) abort_input("yi", "must hold at least one estimate, but is empty", mc)
  if (!is.null(es$mods) && !is.null(mc$mods))
    warn_input("mods", "is not used: the formula in `yi` has the moderators", mc)
  mods <- if (is.null(es$mods) && !is.null(mc$mods)) resolve_mods(mc$mods, data, env, mc) else es$mods
  mods <- expand_dot(mods, mc, data, es$formula.yi %||% mods)
  design <- if (is.null(mods)) intercept_column(k) else design_matrix(mods, data, k, intercept, env, mc)
  slab <- if (is.null(mc$slab)) es$slab else check_slab(resolve_column(mc$slab, data, env, "slab", mc), k, mc)
  W <- if (!is.null(mc$W)) mv_weights(mc, data, env, k)
  keep <- if (is.null(mc$subset)) NULL else check_subset(resolve_column(mc$subset, data, env, "subset", mc), k, mc)
  if (!is.null(keep) && length(keep) == 0L) abort_input("subset", "keeps no estimate", mc)
  out <- list(yi = es$yi, V = es$V, X = design$X, W = W, ni = es$ni, slab = slab, data = data, all = k, keep = keep)
  if (!is.null(keep)) out <- mv_keep(out, keep)
  out$not.na <- mv_usable(out)
  ids <- if (is.null(keep)) seq_len(k) else keep
  slabs <- if (is.null(slab)) ids else unique_slab(as.character(out$slab))
  if (!all(out$not.na)) out$dropped <- mv_dropped(out, ids, slabs)
  c(out[c("yi", "V", "X", "W", "ni", "not.na", "data", "all", "keep", "dropped")],
    list(slab = slabs, slab.null = is.null(slab), ids = ids, subset = kept_logical(keep, k), measure = es$measure,
         int.incl = design$int.incl, int.only = design$int.only,
         formula.yi = expand_dot(es$formula.yi, mc, data), formula.mods = if (inherits(mods, "formula")) mods,
         coef.na = if (design$int.only) intercept_kept))
}

# yi as rma() reads it; V is looked up where rma() looks for vi.
mv_outcome <- function(mc, data, env) {
  values <- if (!is.null(mc$V)) mv_value(mc$V, data, env, mc)
  asked <- mc
  asked$V <- NULL
  if (!is.null(values)) asked$vi <- 1
  es <- outcome_columns(asked, data, env, "GEN", list())
  if (is.null(values)) values <- es$vi
  es$V <- sampling_blocks(values, length(es$yi), mc)
  es
}

# The value of `V` or `W`: matrices of the package Matrix as plain ones.
mv_value <- function(expr, data, env, mc, arg = "V") {
  value <- if (is.symbol(expr) && !is.null(data)) .subset2(data, as.character(expr))
  if (is.null(value)) value <- tryCatch(eval(expr, data, env), error = function(e) {
    abort_input(arg, sprintf("could not be evaluated: %s", conditionMessage(e)), mc)
  })
  if (isS4(value) && inherits(value, "Matrix")) value <- as.matrix(value)
  if (is.data.frame(value)) value <- as.matrix(value)
  fine <- is.numeric(value) || is.list(value) && all(vapply(value, is.numeric, NA))
  if (!fine) abort_input(arg, sprintf("must be numbers, a matrix or a list of matrices, not %s", describe(value)), mc)
  value
}

# list(vi, blocks, rows): blocks are NULL where all covariances are 0.
sampling_blocks <- function(values, k, call) {
  if (is.list(values)) {
    blocks <- lapply(values, function(b) if (is.matrix(b)) unclassed_matrix(b) else as_block(b))
    sizes <- vapply(blocks, nrow, 0L)
    if (any(vapply(blocks, ncol, 0L) != sizes)) abort_input("V", "must be a list of square matrices", call)
    if (sum(sizes) != k) abort_input("V", sprintf("must have %d rows in all its blocks, not %d", k, sum(sizes)), call)
    ends <- cumsum(sizes)
    rows <- Map(function(end, size) seq.int(end - size + 1L, length.out = size), ends, sizes)
    for (b in blocks) check_symmetric(b, "V", call)
    return(list(vi = unlist(lapply(blocks, diag), use.names = FALSE), blocks = unname(blocks), rows = unname(rows)))
  }
  if (!is.matrix(values)) {
    vi <- as.numeric(values)
    if (length(vi) == 1L && k > 1L) vi <- rep(vi, k)
    if (length(vi) != k) abort_input("V", sprintf("must have one element for each of the %d estimates, not %d", k,
                                                  length(vi)), call)
    return(list(vi = vi, blocks = NULL, rows = NULL))
  }
  if (nrow(values) != k || ncol(values) != k) abort_input("V",
                                                          sprintf("must be %d x %d, not %d x %d", k, k, nrow(values),
                                                                  ncol(values)),
                                     call)
  values <- unclassed_matrix(values)
  check_symmetric(values, "V", call)
  found <- call_core(cpp_mv_blocks(values), call)
  list(vi = diag(values), blocks = found$blocks, rows = found$rows)
}

as_block <- function(b) if (length(b) == 1L) matrix(as.numeric(b)) else diag(as.numeric(b), length(b))

check_symmetric <- function(x, arg, call) {
  if (nrow(x) < 2L) return(invisible())
  off <- abs(x - t(x))
  if (any(off > 1e-8 * max(abs(x), na.rm = TRUE), na.rm = TRUE)) abort_input(arg, "must be symmetric", call)
}

mv_weights <- function(mc, data, env, k) {
  W <- mv_value(mc$W, data, env, mc, "W")
  if (is.list(W)) abort_input("W", "must be a vector or a matrix", mc)
  if (is.matrix(W)) {
    if (nrow(W) != k || ncol(W) != k) abort_input("W", sprintf("must be %d x %d, not %d x %d", k, k, nrow(W), ncol(W)),
                                                  mc)
    check_symmetric(W, "W", mc)
    return(unclassed_matrix(W))
  }
  if (!length(W) %in% c(1L, k)) abort_input("W", sprintf("must have %d elements, not %d", k, length(W)), mc)
  diag(rep_len(as.numeric(W), k), nrow = k)
}

mv_keep <- function(x, keep) {
  for (name in c("yi", "ni", "slab")) if (!is.null(x[[name]])) x[[name]] <- x[[name]][keep]
  x$X <- x$X[keep, , drop = FALSE]
  if (!is.null(x$W)) x$W <- x$W[keep, keep, drop = FALSE]
  x$V <- blocks_of_rows(x$V, keep)
  x
}

# The sampling variances of these rows, which get the numbers 1, 2, ...
blocks_of_rows <- function(V, keep) {
  if (is.null(V$blocks)) return(list(vi = V$vi[keep], blocks = NULL, rows = NULL))
  now <- match(seq_along(V$vi), keep)
  at <- lapply(V$rows, function(r) which(!is.na(now[r])))
  some <- lengths(at) > 0L
  list(vi = V$vi[keep], blocks = Map(function(b, i) b[i, i, drop = FALSE], V$blocks[some], at[some]),
       rows = Map(function(r, i) now[r[i]], V$rows[some], at[some]))
}

# One matrix of them.
joined_blocks <- function(V) {
  n <- length(V$vi)
  out <- diag(V$vi, nrow = n)
  for (b in seq_along(V$blocks)) out[V$rows[[b]], V$rows[[b]]] <- V$blocks[[b]]
  out
}

mv_usable <- function(x) {
  usable <- !is.na(x$yi) & !is.na(x$V$vi)
  for (b in seq_along(x$V$blocks)) {
    block <- x$V$blocks[[b]]
    if (!anyNA(block)) next
    # A row is lost by what is missing among rows that are there.
    here <- x$V$rows[[b]]
    known <- usable[here]
    lost <- rowSums(is.na(block[, known, drop = FALSE])) > 0
    usable[here[lost]] <- FALSE
  }
  if (anyNA(x$X)) usable <- usable & !rowSums(is.na(x$X)) > 0
  if (anyNA(x$W)) usable <- usable & !is.na(diag(x$W))
  usable
}

mv_dropped <- function(x, ids, slabs) {
  missing <- list(yi = is.na(x$yi), V = is.na(x$V$vi), mods = rowSums(is.na(x$X)) > 0)
  lost <- which(!x$not.na)
  why <- vapply(lost, function(i) {
    given <- names(missing)[vapply(missing, function(m) m[i], NA)]
    if (length(given)) paste(given, collapse = " and ") else "V"
  }, "")
  data.frame(row = ids[lost], slab = as.character(slabs)[lost], reason = why)
}

# The rows that enter the fit, and their design.
mv_used_rows <- function(input, call) {
  keep <- input$not.na
  if (!any(keep)) abort_input("yi", "holds no estimate without missing values", call)
  used <- if (all(keep)) input[c("yi", "V", "X", "W", "ni")] else {
    leave_out(input$dropped$row, gettextf("missing values in %s", paste(unique(input$dropped$reason), collapse = ", ")),
              call)
    list(yi = input$yi[keep], V = blocks_of_rows(input$V, which(keep)), X = input$X[keep, , drop = FALSE],
         W = if (!is.null(input$W)) input$W[keep, keep, drop = FALSE], ni = input$ni[keep])
  }
  used$yi <- as.numeric(used$yi)
  bad <- which(!is.finite(used$yi))
  if (length(bad)) abort_studies("yi", input$ids[keep][bad], "must be finite", call)
  bad <- which(!is.finite(used$V$vi))
  if (length(bad)) abort_studies("V", input$ids[keep][bad], "must have finite variances", call)
  negative <- which(used$V$vi < 0)
  if (length(negative)) {
    if (!is.null(used$V$blocks)) abort_studies("V", input$ids[keep][negative],
                                               "must have variances that are not negative", call)
    warn_studies("V", input$ids[keep][negative], "has negative variances, which are set to 0", call)
    used$V$vi[negative] <- 0
  }
  used$coef.na <- input$coef.na
  if (!input$int.only) {
    design <- drop_collinear(used$X, input$ids[keep], call)
    used$X <- design$X
    used$coef.na <- design$coef.na
  }
  used
}

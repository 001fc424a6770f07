# Block-diagonal matrices: bldiag() puts blocks together, blsplit() takes them apart. Oracle: metafor::bldiag, blsplit.

#' Block-diagonal matrices
#'
#' `bldiag()` makes one matrix of its arguments as blocks; `blsplit()` gives the blocks of one, such as the sampling
#' variances
#' of the studies.
#'
#' @param ... square or rectangular matrices, or one list of them.
#' @param order a vector with an element for each row of the result, which must be square: rows and columns are put in
#'   the place that these have in sorted order.
#' @param x a symmetric matrix.
#' @param cluster the block of each row, a vector.
#' @param fun a function applied to each block, such as [stats::cov2cor()].
#' @param args further arguments of `fun`, a list or one value.
#' @param sort whether blocks are in sorted order; by default in that of their first rows.
#' @return `bldiag()`: a matrix. `blsplit()`: a list of matrices, named by cluster, which [rma.mv()] takes as its `V`.
#' @details `blsplit()` leaves out what stands between blocks. Errors are of class `metaparity_error_input`: `cluster`
#'   of
#'   another length, a matrix that is not symmetric.
#' @section In other software: \pkg{metafor}: `bldiag()`, `blsplit()`.
#' @examples
#' V <- bldiag(diag(2) + 0.5, matrix(1.5))
#' blsplit(V, cluster = c("a", "a", "b"))
#' @name bldiag
#' @export
bldiag <- function(..., order) {
  call <- match.call()
  blocks <- list(...)
  if (length(blocks) == 1L && is.list(blocks[[1L]])) blocks <- blocks[[1L]]
  blocks <- lapply(blocks, function(b) {
    if (!is.numeric(b)) abort_input("...", sprintf("must be matrices, not %s", describe(b)), call)
    if (is.matrix(b)) b else matrix(b, nrow = length(b) > 0L)
  })
  rows <- vapply(blocks, nrow, 0L)
  cols <- vapply(blocks, ncol, 0L)
  out <- matrix(0, sum(rows), sum(cols))
  for (i in seq_along(blocks)) {
    at <- sum(rows[seq_len(i - 1L)]) + seq_len(rows[i])
    out[at, sum(cols[seq_len(i - 1L)]) + seq_len(cols[i])] <- blocks[[i]]
  }
  if (length(blocks) && all(vapply(blocks, inherits, NA, "vcovmat")))
    out <- structure(out, class = c("vcovmat", "metaparity_vcov", "matrix", "array"))
  if (missing(order)) return(out)
  if (nrow(out) != ncol(out) || length(order) != nrow(out))
    abort_input("order", sprintf("must have one element for each of the %d rows of a square matrix", nrow(out)), call)
  place <- rank(order, ties.method = "first")
  out[place, place, drop = FALSE]
}

#' @rdname bldiag
#' @export
blsplit <- function(x, cluster, fun, args, sort = FALSE) {
  call <- match.call()
  check_given(x)
  if (isS4(x) && inherits(x, "Matrix")) x <- as.matrix(x)
  if (!is.matrix(x) || !is.numeric(x) || nrow(x) != ncol(x)) abort_input("x", "must be a square matrix", call)
  if (nrow(x) > 1L && any(abs(x - t(x)) > 1e-8 * max(abs(x), na.rm = TRUE), na.rm = TRUE))
    abort_input("x", "must be symmetric", call)
  if (missing(cluster)) abort_input("cluster", "must be given", call)
  if (length(cluster) != nrow(x))
    abort_input("cluster", sprintf("must have one element for each of the %d rows, not %d", nrow(x), length(cluster)),
                call)
  if (anyNA(cluster)) abort_studies("cluster", which(is.na(cluster)), "must not be missing", call)
  labels <- if (check_flag(sort, "sort", call)) base::sort(unique(cluster)) else unique(cluster)
  sets <- split(seq_len(nrow(x)), factor(cluster, levels = labels))
  out <- lapply(sets, function(rows) {
    block <- unclass(x)[rows, rows, drop = FALSE]
    if (inherits(x, "vcovmat")) structure(block, class = c("vcovmat", "metaparity_vcov", "matrix", "array")) else block
  })
  if (missing(fun)) return(out)
  if (!is.function(fun)) abort_input("fun", sprintf("must be a function, not %s", describe(fun)), call)
  more <- if (missing(args)) list() else as.list(args)
  lapply(out, function(block) do.call(fun, c(list(block), more)))
}

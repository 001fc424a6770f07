# Results that are tables of fits (leave1out, cumul, ...): a list of columns, then `slab`, then the rest.

# Of what measure and level the estimates are, where the fields do not say.
list_origin <- function(x, what) {
  if (is.null(x[[what]])) attr(x, what, exact = TRUE) else x[[what]]
}

# The columns of the table: what stands before `slab`.
list_columns <- function(x) {
  columns <- unclass(x)[seq_len(match("slab", names(x)) - 1L)]
  if (isTRUE(x$transf)) columns$se <- NULL
  columns
}

#' Tables of fits as data frames
#'
#' @param x a result of [leave1out()], [cumul()] or another function that returns a table of fits.
#' @param digits number of decimals printed, as in [rma()].
#' @param i rows: numbers, a logical vector, or labels. Columns of `x` can be used by name, as in `x[z > 2]`.
#' @param n number of rows.
#' @param name,value name and values of a column.
#' @param ... not used.
#' @return `as.data.frame()`: a data frame with one row per fit, its row names the study labels; `as.matrix()`: a
#'   matrix.
#'   `[`, `head()`, `tail()`: a table with these rows (`NULL` when there are none). `$<-`: `x` with the column.
#'   `print()`: the data frame, invisibly.
#' @details There are no errors of its own.
#' @section In other software: \pkg{metafor}: the methods for its class `list.rma`.
#' @examples
#' d <- data.frame(est = c(-2.2, 0.22, -14.61, -0.88), se = c(1.45, 2.08, 2.74, 0.31))
#' as.data.frame(leave1out(rma(est, sei = se, data = d)))
#' @export
as.data.frame.metaparity_list <- function(x, ...) {
  data.frame(list_columns(x), row.names = make.unique(as.character(x$slab)), check.names = FALSE)
}

#' @rdname as.data.frame.metaparity_list
#' @export
print.metaparity_list <- function(x, digits = x$digits, ...) {
  cat_lines(c("", format_list_table(x, expand_digits(digits)), ""))
  invisible(as.data.frame(x))
}

#' @rdname as.data.frame.metaparity_list
#' @export
as.matrix.metaparity_list <- function(x, ...) {
  columns <- list_columns(x)
  out <- do.call(cbind, columns[setdiff(names(columns), c("cr.lb", "cr.ub"))])
  rownames(out) <- as.character(x$slab)
  out
}

#' @rdname as.data.frame.metaparity_list
#' @export
`[.metaparity_list` <- function(x, i, ...) {
  all <- seq_along(x$slab)
  rows <- if (missing(i)) all else list_rows(eval(substitute(i), unclass(x), parent.frame()), as.character(x$slab))
  if (!length(rows)) return(NULL)
  cut <- intersect(c(names(x)[seq_len(match("slab", names(x)))], "ids"), names(x))
  out <- unclass(x)
  out[c("cr.lb", "cr.ub")] <- NULL
  cut <- c(intersect(cut, names(out)), intersect("X", names(out)))
  out[cut] <- lapply(out[cut], function(v) {
    if (is.matrix(v)) v[rows, , drop = FALSE] else if (length(v) == length(all)) v[rows] else v
  })
  structure(out, class = if (inherits(x, "metaparity_predict")) class(x) else c("metaparity_list", "list.rma"))
}

list_rows <- function(i, slab) {
  if (is.character(i)) i <- match(i, slab)
  if (is.logical(i)) i <- which(rep_len(i, length(slab)))
  rows <- seq_along(slab)[i]
  rows[!is.na(rows)]
}

#' @rdname as.data.frame.metaparity_list
#' @importFrom utils head
#' @export
head.metaparity_list <- function(x, n = 6L, ...) {
  rows <- utils::head(seq_along(x$slab), n)
  x[rows]
}

#' @rdname as.data.frame.metaparity_list
#' @importFrom utils tail
#' @export
tail.metaparity_list <- function(x, n = 6L, ...) {
  rows <- utils::tail(seq_along(x$slab), n)
  x[rows]
}

#' @rdname as.data.frame.metaparity_list
#' @export
`$<-.metaparity_list` <- function(x, name, value) {
  kept <- class(x)
  out <- unclass(x)
  at <- match("slab", names(out))
  if (name %in% names(out) || is.null(value) || is.na(at)) {
    out[[name]] <- value
  } else {
    out <- append(out, stats::setNames(list(value), name), after = at - 1L)
  }
  structure(out, class = kept)
}

list_digits <- c(se = "se", ci.lb = "ci", ci.ub = "ci", cr.lb = "ci", cr.ub = "ci", pi.lb = "ci", pi.ub = "ci",
                 zval = "test", tval = "test", Q = "test", pval = "pval", Qp = "pval", I2 = "het", H2 = "het",
                 tau2 = "var")

format_list_table <- function(x, digits) {
  table <- as.data.frame(x)
  for (name in names(table)) {
    column <- table[[name]]
    kind <- list_digits[sub("[.][^.]*$", "", name)]
    if (name %in% names(list_digits)) kind <- list_digits[name]
    if (is.na(kind)) kind <- "est"
    if (is.integer(column)) table[[name]] <- ifelse(is.na(column), "NA", as.character(column))
    if (is.double(column)) table[[name]] <- format_fixed(column, digits[[kind]])
  }
  paste0(utils::capture.output(print(table, quote = FALSE, right = TRUE)), " ")
}

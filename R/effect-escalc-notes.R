# Owns the notes on an effect column (sample sizes `ni`, labels `slab`) and the proof that they belong to its rows: the
# attribute `rows` holds the effects that the notes were made for and, where effects are tied, what else tells their
# rows apart. Verbs that move rows without knowing the notes (vctrs, data.table) leave a proof that no longer fits.

# columns: of the data beside the effects.
note_rows <- function(yi, columns = NULL) {
  yi <- as.numeric(yi)
  tied <- which(duplicated(yi) | duplicated(yi, fromLast = TRUE))
  key <- if (length(tied)) list(at = tied, columns = key_columns(columns, tied, length(yi)))
  structure(list(yi = yi, key = key), class = "metaparity_rows")
}

#' @export
print.metaparity_rows <- function(x, ...) {
  cat(sprintf("<of %d rows>\n", length(x$yi)))
  invisible(x)
}

#' @exportS3Method utils::str metaparity_rows
str.metaparity_rows <- function(object, ...) print(object)

key_columns <- function(columns, at, k) {
  columns <- as.list(plain_list(columns))
  fits <- vapply(columns, function(x) is.atomic(x) && length(x) == k, NA)
  lapply(columns[fits], function(x) if (is.factor(x)) as.character(x[at]) else as.vector(x[at]))
}

plain_list <- function(data) lapply(stats::setNames(nm = names(data)), function(name) .subset2(data, name))

# An effect column with its notes; data: the other columns of its frame.
with_notes <- function(yi, ni, slab, measure, data = NULL) {
  own <- c(list(ni = ni), if (length(slab)) list(slab = slab), list(measure = measure))
  if (!is.null(ni) || length(slab)) own$rows <- note_rows(yi, data)
  attributes(yi) <- own
  yi
}

# Which of the rows that the notes were made for each row of yi is; NULL where that cannot be told.
note_positions <- function(yi, data = NULL, notes = attributes(yi)) {
  rows <- notes$rows
  k <- length(yi)
  if (is.null(rows)) {
    fit <- vapply(notes[intersect(c("ni", "slab"), names(notes))], length, 0L) == k
    return(if (all(fit)) seq_len(k))
  }
  values <- restored(as.numeric(yi), rows$yi)
  if (is.null(rows$key) && identical(values, rows$yi)) return(seq_len(k))
  at <- match(values, rows$yi)
  if (anyNA(at)) return(NULL)
  tied <- which(at %in% rows$key$at)
  if (!length(tied)) return(at)
  found <- tied_positions(at[tied], rows, key_columns(data, tied, k), identical(values, rows$yi))
  if (is.null(found)) return(NULL)
  at[tied] <- found
  at
}

# Effects that were set to missing where all others stand as they stood.
restored <- function(values, before) {
  if (length(values) != length(before)) return(values)
  gone <- is.na(values) & !is.na(before)
  if (any(gone) && !all(gone) && identical(values[!gone], before[!gone])) values[gone] <- before[gone]
  values
}

# Rows with equal effects are told apart by the columns that nobody changed; rows equal in all of them keep their order,
# but only where all effects stand as they stood.
tied_positions <- function(first, rows, now, unmoved) {
  then <- rows$key$columns
  same <- Filter(function(name) all(now[[name]] %in% then[[name]]), intersect(names(then), names(now)))
  old <- do.call(paste, c(list(match(rows$yi, rows$yi)[rows$key$at]), then[same], sep = "\r"))
  new <- do.call(paste, c(list(first), now[same], sep = "\r"))
  if (unmoved) {
    counted <- function(x) paste(x, stats::ave(seq_along(x), x, FUN = seq_along), sep = "\r")
    old <- counted(old)
    new <- counted(new)
  }
  found <- match(new, replace(old, old %in% old[duplicated(old)], NA))
  if (!anyNA(found)) rows$key$at[found]
}

# The notes that belong to the rows of yi; those that cannot be shown to do are dropped with a warning.
effect_notes <- function(yi, data = NULL, arg = "yi", call = NULL) {
  notes <- attributes(yi)[c("ni", "slab")]
  if (is.null(notes$ni) && is.null(notes$slab)) return(list(ni = NULL, slab = NULL))
  at <- note_positions(yi, data)
  if (is.null(at)) warn_notes(arg, notes, call)
  list(ni = if (!is.null(at)) notes$ni[at], slab = if (!is.null(at)) notes$slab[at])
}

warn_notes <- function(arg, notes, call = NULL) {
  kinds <- c(slab = "study labels", ni = "sample sizes")[c(!is.null(notes$slab), !is.null(notes$ni))]
  warning(warningCondition(sprintf("`%s` has %s of other rows, which are dropped: rows or effects were changed since",
                                   arg, paste(kinds, collapse = " and ")), arg = arg,
                           class = c("metaparity_warning_notes", "metaparity_warning_input", "metaparity_warning"),
                           call = call))
}

# The effect column `name` of a data frame, its notes those of its rows now.
noted_column <- function(data, name, call = NULL) {
  yi <- .subset2(data, name)
  own <- attributes(yi)
  if (is.null(own$ni) && is.null(own$slab)) return(yi)
  at <- note_positions(yi, data)
  if (!identical(at, seq_along(yi))) {
    if (is.null(at)) warn_notes(name, own, call)
    own[c("ni", "slab", "rows")] <- list(own$ni[at], own$slab[at], NULL)
    own <- Filter(Negate(is.null), if (is.null(at)) own[setdiff(names(own), c("ni", "slab"))] else own)
    own <- if (is.null(at)) own else c(own, list(rows = note_rows(yi, columns_beside(data, name))))
    attributes(yi) <- own
  }
  yi
}

columns_beside <- function(data, name) plain_list(data)[setdiff(names(data), name)]

# out: rows of x in the order `at`, made by code that knows no notes.
take_notes <- function(out, x, at, call = NULL) {
  for (name in intersect(attr(x, "yi.names"), names(out))) {
    own <- attributes(noted_column(x, name, call))
    yi <- .subset2(out, name)
    yi <- with_notes(as.numeric(yi), own$ni[at], own$slab[at], own$measure, columns_beside(out, name))
    attributes(yi) <- c(attributes(yi), own[setdiff(names(own), c("ni", "slab", "measure", "rows", "names"))])
    out[[name]] <- yi
  }
  as_escalc_of(out, x)
}

# out: rows that come from x, nobody knows which: the notes are found again by the effects, or dropped.
find_notes <- function(out, x, call = NULL) {
  out <- plain_frame(out)
  for (name in intersect(attr(x, "yi.names"), names(out))) {
    own <- attributes(noted_column(x, name, call))
    yi <- .subset2(out, name)
    if (!is.numeric(yi)) next
    at <- note_positions(yi, out, own)
    if (is.null(at)) warn_notes(name, own, call)
    kept <- if (!is.null(at)) list(ni = own$ni[at], slab = own$slab[at])
    out[[name]] <- with_notes(as.numeric(yi), kept$ni, if (!is.null(kept$slab)) unique_slab(kept$slab), own$measure,
                              columns_beside(out, name))
  }
  as_escalc_of(out, x)
}

# Effects that were changed where they stand keep their notes: x is the frame before.
renew_notes <- function(out, x) {
  for (name in intersect(attr(x, "yi.names"), names(out))) {
    old <- .subset2(x, name)
    new <- .subset2(out, name)
    rows <- attr(old, "rows")
    if (is.null(rows) || !identical(attr(new, "rows"), rows) || length(new) != length(old)) next
    if (!identical(as.numeric(old), rows$yi) || identical(sort(as.numeric(new)), sort(rows$yi))) next
    attr(new, "rows") <- note_rows(new, columns_beside(out, name))
    out <- unclass(out)
    out[[name]] <- new
    class(out) <- class(x)
  }
  out
}

# The attributes of the frame x for the columns that are there in `out`.
as_escalc_of <- function(out, x) {
  for (kind in c("digits", names(escalc_kinds))) {
    kept <- attr(x, kind)
    attr(out, kind) <- if (kind == "digits") kept else kept[kept %in% names(out)]
    if (!length(attr(out, kind))) attr(out, kind) <- NULL
  }
  attr(out, "raw.names") <- attr(x, "raw.names")
  class(out) <- class(x)
  out
}

#' @exportS3Method dplyr::dplyr_row_slice metaparity_escalc
dplyr_row_slice.metaparity_escalc <- function(data, i, ...) {
  take_notes(dplyr::dplyr_row_slice(plain_frame(data), i, ...), data, row_positions(data, i))
}

#' @exportS3Method dplyr::dplyr_reconstruct metaparity_escalc
dplyr_reconstruct.metaparity_escalc <- function(data, template) find_notes(data, template)

#' @exportS3Method dplyr::dplyr_col_modify metaparity_escalc
dplyr_col_modify.metaparity_escalc <- function(data, cols) {
  renew_notes(as_escalc_of(dplyr::dplyr_col_modify(plain_frame(data), cols), data), data)
}

#' @export
merge.metaparity_escalc <- function(x, y, ...) {
  find_notes(merge(plain_frame(x), if (inherits(y, "escalc")) plain_frame(y) else y, ...), x, sys.call())
}

#' @export
`names<-.metaparity_escalc` <- function(x, value) {
  old <- names(x)
  out <- NextMethod("names<-")
  for (kind in intersect(names(escalc_kinds), names(attributes(x)))) {
    at <- match(attr(x, kind), old)
    attr(out, kind) <- if (anyNA(names(out)[at])) attr(x, kind) else names(out)[at]
  }
  out
}

#' @export
`[[<-.metaparity_escalc` <- function(x, i, j, value) renew_notes(NextMethod("[[<-"), x)

#' @export
`[<-.metaparity_escalc` <- function(x, i, j, value) renew_notes(NextMethod("[<-"), x)

#' @export
transform.metaparity_escalc <- function(`_data`, ...) renew_notes(as_escalc_of(NextMethod(), `_data`), `_data`)

# A results table as a table of another package: flextable (whose generic is registered when it is loaded), gt,
# tinytable.

#' A table for gt and tinytable
#'
#' Turns a table of [results_table()] and its relatives into one of \pkg{gt} or \pkg{tinytable}; for \pkg{flextable}
#' there is
#' `flextable::as_flextable()`.
#'
#' @param x a table of [results_table()], [sensitivity_table()], [bias_table()] or [study_table()].
#' @param ... further arguments of `gt::gt()` or `tinytable::tt()`.
#' @return An object of class `gt_tbl` or `tinytable`.
#' @details Errors of class `metaparity_error_input`: `x` is no such table; `metaparity_error_unsupported`: the package
#'   is not
#'   installed. An object of another class goes to `gtsummary::as_gt()` where that package is installed.
#' @section In other software: \pkg{gtsummary}: `as_gt()`. Stata: `collect export`.
#' @references Iannone R et al. gt: Easily create presentation-ready display tables. R package.
#' @examples
#' t <- results_table(REML = rma(c(-0.9, -1.6, -1.3), c(0.33, 0.19, 0.42)))
#' if (requireNamespace("gt", quietly = TRUE)) as_gt(t)
#' if (requireNamespace("tinytable", quietly = TRUE)) as_tinytable(t)
#' @export
as_gt <- function(x, ...) {
  check_given(x)
  if (!inherits(x, "metaparity_table") && requireNamespace("gtsummary", quietly = TRUE))
    return(getExportedValue("gtsummary", "as_gt")(x, ...))
  t <- foreign_table(x, "gt", sys.call())
  fill_gt(t, function(name) getExportedValue("gt", name), ...)
}

#' @rdname as_gt
#' @export
as_tinytable <- function(x, ...) {
  check_given(x)
  t <- foreign_table(x, "tinytable", sys.call())
  fill_tinytable(t, function(name) getExportedValue("tinytable", name), ...)
}

# Cells, heads and notes as text without markup.
foreign_table <- function(x, package, call) {
  if (!inherits(x, "metaparity_table"))
    abort_input("x", sprintf('must be a table of results_table(), not of class "%s"', class(x)[1L]), call)
  if (!is.null(package) && !requireNamespace(package, quietly = TRUE))
    abort_capability("x", sprintf("cannot become a table of the package %s, which is not installed", package), call)
  with_table_form(x, {
    cells <- result_cells(x, plain_signs)
    c(cells, list(caption = x$form$caption, notes = table_notes(x)))
  })
}

# Greek and squares as characters.
plain_signs <- function(text) {
  greek <- c(tau = "\u03c4", sigma = "\u03c3", gamma = "\u03b3")
  for (name in names(greek)) text <- gsub(paste0(name, "^2"), paste0(greek[[name]], "\u00b2"), text, fixed = TRUE)
  gsub("\\b([IHR])\\^2", "\\1\u00b2", text, perl = TRUE)
}

indented <- function(t, blank = "\u2003") paste0(ifelse(t$inner, blank, ""), t$label)

foreign_body <- function(t) {
  body <- data.frame(c(list(indented(t)), t$table), stringsAsFactors = FALSE)
  stats::setNames(body, sprintf("c%d", seq_along(body)))
}

foreign_heads <- function(t) stats::setNames(as.list(c(t$head, names(t$table))),
                                             sprintf("c%d", seq_len(ncol(t$table) + 1L)))

fill_gt <- function(t, from, ...) {
  out <- from("gt")(foreign_body(t), ...)
  out <- do.call(from("cols_label"), c(list(out), foreign_heads(t)))
  if (!is.null(t$caption)) out <- from("tab_header")(out, title = t$caption)
  for (note in t$notes) out <- from("tab_source_note")(out, source_note = note)
  from("cols_align")(out, align = "right", columns = names(foreign_body(t))[-1L])
}

fill_tinytable <- function(t, from, ...) {
  body <- foreign_body(t)
  names(body) <- make.unique(unlist(foreign_heads(t)))
  out <- from("tt")(body, caption = t$caption, notes = if (length(t$notes)) as.list(t$notes), ...)
  from("style_tt")(out, j = seq_along(body)[-1L], align = "r")
}

# flextable's generic; registered when that package is loaded.
as_flextable_table <- function(x, ..., from = function(name) getExportedValue("flextable", name)) {
  t <- foreign_table(x, NULL, sys.call())
  out <- from("flextable")(foreign_body(t))
  out <- from("set_header_labels")(out, values = foreign_heads(t))
  if (!is.null(t$caption)) out <- from("set_caption")(out, caption = t$caption)
  if (length(t$notes)) out <- from("add_footer_lines")(out, values = t$notes)
  out <- from("align")(out, j = seq_len(ncol(t$table)) + 1L, align = "right", part = "all")
  from("autofit")(out)
}

register_flextable_methods <- function(...) {
  register_flextable_method()
  registerS3method("as_flextable", "metaparity_table", as_flextable_table, envir = asNamespace("flextable"))
}

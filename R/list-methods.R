# Results that are tables of fits (leave1out, cumul, ...): a list of columns, then `slab`, then the rest.

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
#' @param ... not used.
#' @return `as.data.frame()`: a data frame with one row per fit, its row names the study labels. `print()`:
#'   `x`, invisibly.
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
  cat("", format_list_table(x, expand_digits(digits)), "", sep = "\n")
  invisible(x)
}

list_digits <- c(se = "se", ci.lb = "ci", ci.ub = "ci", cr.lb = "ci", cr.ub = "ci", pi.lb = "ci", pi.ub = "ci",
                 zval = "test", tval = "test", Q = "test", pval = "pval", Qp = "pval", I2 = "het", H2 = "het", tau2 = "var")

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

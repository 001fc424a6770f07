# conv.2x2(): cells of 2x2 tables from other statistics. The core solves (core/effect/tables_2x2). Oracle: the tables.

#' Cells of 2x2 tables from other statistics
#'
#' Reconstructs tables from their margins and an odds ratio, a phi coefficient or a chi-squared statistic; or tables
#' of
#' diagnostic studies from sensitivity, specificity and predictive values.
#'
#' @param ori odds ratios.
#' @param ri phi coefficients.
#' @param x2i chi-squared statistics, with the sign of the association.
#' @param ni total sample sizes.
#' @param n1i,n2i margins: numbers with the outcome on the first variable (`ai + bi`) and on the second (`ai + ci`).
#' @param sens,spec,ppv,npv sensitivities, specificities, positive and negative predictive values, between 0 and 1.
#'   Three
#'   of them are enough.
#' @param correct whether the chi-squared statistics have Yates's correction: one value or one per study.
#' @param drop01 whether studies with an accuracy of 0 or 1 are left missing.
#' @param data data frame in which the columns are looked up first.
#' @param include rows to compute: logical or row numbers.
#' @param var.names names of the four new columns.
#' @param append whether `data` is returned with the new columns.
#' @param replace `"ifna"` (or `FALSE`): only missing values of existing columns are replaced; `"all"` (or `TRUE`):
#'   wherever
#'   there is a new value; `"complete"`: the whole column.
#' @param ... not used.
#' @return A data frame with the cells, whole numbers; when `data` is given and `append = TRUE`, `data` with them.
#' @details Where a study gives several statistics, accuracy measures come first, then the odds ratio, phi,
#'   chi-squared.
#'   A table with a negative cell is set to missing, with a warning of class `metaparity_warning_studies`. Errors of
#'   class `metaparity_error_studies`: margins above the sample size, correlations beyond -1 to 1, negative odds
#'   ratios,
#'   accuracies outside 0 to 1.
#'
#'   From accuracy measures the whole cells are found whose measures come closest to those given (least squares).
#' @section In other software: \pkg{metafor}: the same call; its search over cells can end in a table that fits less
#'   well.
#'   RevMan: the calculator for diagnostic tables.
#' @references Bonett, D. G. (2007). Transforming odds ratios into correlations for meta-analytic research. *American
#'   Psychologist*, 62, 254-255.
#' @examples
#' conv.2x2(ori = 2.05, ni = 240, n1i = 122, n2i = 56)
#' conv.2x2(sens = 0.80, spec = 0.78, ppv = 0.85, ni = 58)
#' @export
conv.2x2 <- function(ori, ri, x2i, ni, n1i, n2i, sens, spec, ppv, npv, correct = TRUE, drop01 = TRUE, data, include,
                     var.names = c("ai", "bi", "ci", "di"), append = TRUE, replace = "ifna", ...) {
  mc <- match.call()
  named_dots(character(), mc, ...)
  args <- c("ori", "ri", "x2i", "ni", "n1i", "n2i", "sens", "spec", "ppv", "npv")
  found <- conversion_columns(args, mc, parent.frame())
  x <- found$columns
  check_2x2_columns(x, mc)
  correct <- if (missing(correct)) TRUE else resolve_column(mc$correct, found$data, parent.frame(), "correct", mc)
  if (!is.logical(correct) && !is.numeric(correct) || !length(correct)) {
    abort_input("correct", sprintf("must be TRUE or FALSE, not %s", describe(correct)), mc)
  }
  x$correct <- rep_len(as.numeric(as.logical(correct)), found$k)
  cells <- rounded_cells(call_core(cpp_first_cell(x), mc), x)
  accuracy <- do.call(cbind, x[c("sens", "spec", "ppv", "npv")])
  enough <- rowSums(!is.na(accuracy)) >= 3L & !is.na(x$ni)
  if (check_flag(drop01, "drop01", mc)) enough <- enough & rowSums(accuracy == 0 | accuracy == 1, na.rm = TRUE) == 0
  cells[enough, ] <- call_core(cpp_accuracy_cells(accuracy[enough, , drop = FALSE], x$ni[enough]), mc)
  bad <- which(rowSums(cells < 0) > 0)
  if (length(bad)) warn_studies("n1i", bad, "or the statistic does not fit the table: a cell would be negative", mc)
  cells[bad, ] <- NA
  names <- check_conv_names(var.names, 4L, mc)
  place_columns(found, stats::setNames(as.data.frame(cells), names), conversion_replace(replace, mc),
                check_flag(append, "append", mc))
}

check_2x2_columns <- function(x, call) {
  limits <- list(ri = c(-1, 1), ori = c(0, Inf), ni = c(0, Inf), sens = 0:1, spec = 0:1, ppv = 0:1, npv = 0:1)
  for (arg in names(limits)) {
    bad <- which(x[[arg]] < limits[[arg]][1L] | x[[arg]] > limits[[arg]][2L])
    if (length(bad)) {
      abort_studies(arg, bad, sprintf("must be between %s and %s", limits[[arg]][1L], limits[[arg]][2L]), call)
    }
  }
  for (arg in c("ni", "x2i")) {
    bad <- which(is.infinite(x[[arg]]))
    if (length(bad)) abort_studies(arg, bad, "must be finite", call)
  }
  for (arg in c("n1i", "n2i")) {
    bad <- which(x[[arg]] > x$ni | x[[arg]] < 0)
    if (length(bad)) abort_studies(arg, bad, "must be between 0 and `ni`", call)
  }
}

rounded_cells <- function(a, x) {
  # Halves go up.
  a <- floor(a + 0.5)
  cbind(a, x$n1i - a, x$n2i - a, x$ni - x$n1i - x$n2i + a)
}

# Plain columns beside the data.
place_columns <- function(found, new, replace, append) {
  if (!is.data.frame(found$data) || !append) return(new)
  check_data_rows(found, sys.call(-1L), single = TRUE)
  data <- plain_frame(found$data)
  for (name in names(new)) data[[name]] <- fill_column(data[[name]], new[[name]], replace)
  if (inherits(found$data, "escalc")) class(data) <- class(found$data)
  data
}

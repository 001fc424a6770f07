# method_formulas(): the tables of formulas that the package works by, as data frames.

#' Formulas, their sources, and who uses them
#'
#' Every effect measure, estimator of the between-study variance, test and interval of the package with its formula, the
#' paper
#' it comes from, and its name in Stata, RevMan and R. Measures are read from the table that [escalc()] computes by.
#'
#' @param what `"measures"`, `"estimators"`, `"tests"` or `"intervals"`.
#' @return A data frame with one row for each: `name` (as our verbs take it), `formula`, `source`, `stata`, `revman`,
#'   `r`; for
#'   measures also `label` and `data`, the columns that [escalc()] needs; for estimators `default`, the programs whose
#'   default it
#'   is ([conventions()]).
#' @details Notation: y, v effects and sampling variances, w = 1/v, w* = 1/(v + tau2), m and m* the weighted means, Q
#'   the
#'   weighted sum of squares around m, k studies, p coefficients, C = sum(w) - sum(w^2)/sum(w). An unknown `what` is an
#'   error of
#'   class `metaparity_error_input`.
#' @section In other software: Stata: the manual's pages 'Methods and formulas'.
#' @references Viechtbauer W et al. (2015). A comparison of procedures to test for moderators in mixed-effects
#'   meta-regression
#'   models. Psychological Methods 20, 360-374; and those of the column `source`.
#' @seealso `vignette("methods", "metaparity")`.
#' @examples
#' method_formulas("estimators")[c("name", "formula", "source")]
#' @export
method_formulas <- function(what = c("measures", "estimators", "tests", "intervals")) {
  what <- check_choice(if (missing(what)) "measures" else what, c("measures", "estimators", "tests", "intervals"),
                       "what", sys.call())
  switch(what, measures = measure_formulas(), estimators = estimator_formulas(), tests = formula_frame(test_formulas),
         intervals = formula_frame(interval_formulas))
}

formula_frame <- function(rows) {
  field <- function(name) vapply(rows, `[[`, "", name, USE.NAMES = FALSE)
  data.frame(name = names(rows), formula = field("formula"), source = field("source"), stata = field("stata"),
             revman = field("revman"), r = field("r"), stringsAsFactors = FALSE)
}

estimator_formulas <- function() {
  out <- formula_frame(tau2_formulas)
  used <- vapply(convention_table, `[[`, "", "method")
  out$default <- vapply(out$name, function(name) paste(names(used)[used == name], collapse = ", "), "",
                        USE.NAMES = FALSE)
  out
}

measure_formulas <- function() {
  rows <- measure_table
  named <- function(row, programs) {
    words <- row$also[intersect(programs, names(row$also))]
    paste(sprintf("%s %s", sub("_", " ", names(words)), words), collapse = "; ")
  }
  field <- function(name) vapply(rows, `[[`, "", name, USE.NAMES = FALSE)
  programs <- function(...) vapply(rows, named, "", programs = c(...), USE.NAMES = FALSE)
  data.frame(name = names(rows), label = field("label"), formula = field("formula"), source = field("source"),
             data = vapply(rows, function(row) describe_inputs(row$family), "", USE.NAMES = FALSE),
             stata = programs("metan", "meta_suite"), revman = programs("revman"), r = programs("meta"),
             stringsAsFactors = FALSE)
}

# Subgroup analysis: a fit per group, a fit of all studies, and the test between the groups.

#' Results of a subgroup analysis
#'
#' `rma(..., by = )` returns the fit of each group, the fit of all studies, and the test between the groups.
#'
#' @param object,x a result of [rma()] with `by`.
#' @param digits,showfit,signif.stars,signif.legend see [print.metaparity_uni()].
#' @param type see [weights.metaparity()].
#' @param row.names,optional not used.
#' @param ... not used.
#'
#' @return An object of class `c("metaparity_subgroup", "metaparity")`, a list with the elements
#'   \describe{
#'     \item{overall}{the fit of all studies, as [rma()] returns it without `by`.}
#'     \item{groups}{a list of fits named by group, in the order of the groups, each with its own tau2.}
#'     \item{between}{the test between the groups, a list: `Q`, `df`, `pval`, `method`.}
#'     \item{by}{the group of each study in `overall`, a factor of length k.}
#'     \item{by.f}{the same for each row of the data, also those that were left out of the fit.}
#'     \item{by_name}{name of the grouping.}
#'     \item{k, measure, method, level, digits, call}{as in `overall`.}
#'   }
#'   `coef()` and `se()` give an element per group and one named `overall`; `weights()` the weights of the overall
#'   fit in percent; `as.data.frame()` a row per group and one for all studies.
#'
#' @details Groups come in the order of the levels of a factor, in ascending order of numbers, and in order of
#'   appearance of character strings. A group of one study is kept: its estimate is the study's, its tau2 is 0 and
#'   its test is that of the normal distribution.
#'
#'   Moderators cannot be combined with groups; this is an error of class `metaparity_error_input`.
#' @section Formula: \eqn{Q_b = \sum_g (\hat\theta_g - \hat\theta_\cdot)^2 / se_g^2} with
#'   \eqn{\hat\theta_\cdot} the inverse-variance mean of the group estimates, on G - 1 degrees of freedom. For the
#'   common-effect model it equals the total Q minus the sum of the Q within groups.
#' @section In other software: Stata: `metan, by()`, `meta summarize, subgroup()`; RevMan: test for subgroup
#'   differences; \pkg{metafor}: separate fits and a Wald test; \pkg{meta}: `subgroup =`.
#' @references Borenstein, M., Hedges, L. V., Higgins, J. P. T. and Rothstein, H. R. (2009). *Introduction to
#'   Meta-Analysis*, chapter 19. Wiley.
#' @examples
#' d <- data.frame(est = c(-0.9, -1.6, -1.3, -1.4, -0.2), v = c(0.33, 0.19, 0.41, 0.02, 0.05),
#'                 arm = c("A", "A", "B", "B", "B"))
#' fit <- rma(est, v, data = d, by = arm)
#' fit
#' as.data.frame(fit)
#' @name metaparity_subgroup
NULL

fit_subgroups <- function(input, spec, options, call) {
  if (!input$int.only) abort_input("by", "cannot be combined with `mods`", call)
  by <- group_factor(input$group)
  input["group"] <- list(NULL)
  overall <- fit_uni(input, spec, options, call)
  used <- which(input$not.na)
  all <- by
  by <- droplevels(by[used])
  groups <- lapply(split(used, by), function(rows) {
    own <- take_rows(input, rows)
    if (!is.na(spec$q_centre)) spec$q_centre <- dl_centre(own, input$measure, input$cells, call)
    fit_group(own, spec, options, call)
  })
  out <- new_subgroup(overall, groups, by, input$group_name, call)
  out$by.f <- all
  out
}

# Levels in the order in which the groups are shown.
group_factor <- function(x) {
  if (is.factor(x)) return(x)
  if (is.character(x)) factor(x, levels = unique(x[!is.na(x)])) else factor(x)
}

# One study tells nothing about tau2, nor about the scale that Knapp-Hartung estimates.
fit_group <- function(input, spec, options, call) {
  if (length(input$yi) == 1L) {
    spec$test <- "z"
    if (!spec$method %in% common_methods && is.na(spec$tau2)) spec$method <- "EE"
  }
  fit_uni(input, spec, options, call)
}

# The input of some usable rows alone; `ids` still count the rows of the user's data.
take_rows <- function(input, rows) {
  for (name in c("yi", "vi", "ni", "weights", "ids", "not.na", "slab")) {
    if (!is.null(input[[name]])) input[[name]] <- input[[name]][rows]
  }
  input$X <- input$X[rows, , drop = FALSE]
  input["dropped"] <- list(NULL)
  input
}

new_subgroup <- function(overall, groups, by, by_name, call) {
  test <- call_core(cpp_test_between(vapply(groups, function(g) g$beta[1L], 0),
                                     vapply(groups, function(g) g$se[1L], 0)),
                    call)
  structure(
    list(overall = overall, groups = groups,
         between = c(test, method = "inverse variance"),
         by = by, by_name = by_name, k = overall$k, measure = overall$measure, method = overall$method,
         level = overall$level, digits = overall$digits, call = call),
    class = c("metaparity_subgroup", "metaparity"))
}

all_fits <- function(object) c(object$groups, list(overall = object$overall))

#' @rdname metaparity_subgroup
#' @export
coef.metaparity_subgroup <- function(object, ...) vapply(all_fits(object), function(f) f$beta[1L], 0)

#' @rdname metaparity_subgroup
#' @export
#' @exportS3Method metafor::se metaparity_subgroup
se.metaparity_subgroup <- function(object, ...) vapply(all_fits(object), function(f) f$se[1L], 0)

#' @rdname metaparity_subgroup
#' @export
nobs.metaparity_subgroup <- function(object, ...) object$k

#' @rdname metaparity_subgroup
#' @export
weights.metaparity_subgroup <- function(object, type = "diagonal", ...) {
  stats::weights(object$overall, type = type, ...)
}

#' @rdname metaparity_subgroup
#' @export
as.data.frame.metaparity_subgroup <- function(x, row.names = NULL, optional = FALSE, ...) {
  fits <- all_fits(x)
  field <- function(name) vapply(fits, function(f) as.numeric(f[[name]][1L]), 0, USE.NAMES = FALSE)
  out <- data.frame(group = names(fits), k = as.integer(field("k")), estimate = field("beta"))
  for (name in c("se", "zval", "pval", "ci.lb", "ci.ub", "tau2", "I2", "H2", "QE", "QEp")) out[[name]] <- field(name)
  out
}

#' @export
formula.metaparity_subgroup <- function(x, ...) stats::formula(x$overall, ...)

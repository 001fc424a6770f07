# cmicalc(): the factor that makes a standardised mean difference unbiased. Source: Hedges (1981), equation 6e and its
# approximation. Oracles: metafor::cmicalc; the ratio of gamma functions.

#' The factor that corrects standardised mean differences for bias
#'
#' A standardised mean difference overestimates its parameter; times this factor it is unbiased.
#'
#' @param mi degrees of freedom of the standard deviation that divides the difference.
#' @param method `"exact"`, or `"approx"` for `1 - 3 / (4 mi - 1)`.
#' @return A numeric vector as long as `mi`; `NA` where `mi` is 1 or less, or missing.
#' @details Errors are of class `metaparity_error_input`: values that are not numbers, another method.
#' @section Formula: gamma(m/2) / (sqrt(m/2) gamma((m - 1)/2)).
#' @section In other software: \pkg{metafor}: `cmicalc()`; [escalc()] applies it by default for `"SMD"` and its kin.
#' @references Hedges, L. V. (1981). Distribution theory for Glass's estimator of effect size and related estimators.
#'   *Journal of Educational Statistics*, 6, 107-128.
#' @examples
#' cmicalc(c(10, 20, 50))
#' cmicalc(c(10, 20, 50), method = "approx")
#' @export
cmicalc <- function(mi, method = "exact") {
  call <- match.call()
  check_given(mi)
  mi <- check_numeric_vector(mi, "mi", call)
  method <- check_choice(method, c("exact", "approx"), "method", call)
  out <- cpp_small_sample_factor(mi, method == "exact")
  replace(out, is.nan(out), NA_real_)
}

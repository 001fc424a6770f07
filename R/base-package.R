#' @keywords internal
"_PACKAGE"

## usethis namespace: start
#' @useDynLib metaparity, .registration = TRUE
#' @importFrom Rcpp evalCpp
## usethis namespace: end
NULL

# The S3 generics of the package. Plain numbers and data frames go to an internal function before
# dispatch, so that no default or data.frame method has to be registered. An object of another
# package for whose class we have no method goes to metafor's generic of the same name.

#' Generics of the package
#'
#' Functions that dispatch on a result of this package. Objects made by \pkg{metafor} or \pkg{meta}
#' are passed on to the function of the same name in \pkg{metafor}, so the packages can be attached in
#' either order.
#'
#' @param object a result of this package, or any fit with a `vcov()` method.
#' @param ... arguments of the method.
#' @return What the method returns.
#' @details A class of results that has no answer gives an error of class `metaparity_error_unsupported`; an object
#'   for which neither package has a method, R's own.
#' @section In other software: the names are those of \pkg{metafor}.
#' @examples
#' se(lm(dist ~ speed, data = cars))
#' @name metaparity-generics
#' @keywords internal
NULL

own_classes <- c("metaparity", "metaparity_list", "metaparity_escalc", "stata_view")

is_plain <- function(x) {
  if (missing(x)) check_given(x, deparse(substitute(x)), sys.call(-1L))
  (is.numeric(x) || is.logical(x)) && !is.object(x) || is.data.frame(x)
}

# TRUE when dispatch of our generic would find no method for `x`. The test of our own classes comes
# first: it is the common case and costs no search.
is_foreign <- function(x, generic) {
  if (missing(x)) check_given(x, deparse(substitute(x)), sys.call(-1L))
  if (inherits(x, own_classes)) return(FALSE)
  !any(vapply(class(x), has_method, NA, generic = generic))
}

# Where UseMethod() looks: methods registered for our generic, and the user's workspace. getS3method() would also
# find what an attached package exports under such a name, which dispatch passes over.
has_method <- function(cls, generic) {
  name <- paste(generic, cls, sep = ".")
  exists(name, envir = topenv()[[".__S3MethodsTable__."]], inherits = FALSE) ||
    exists(name, envir = globalenv(), mode = "function", inherits = FALSE)
}

foreign_generic <- function(generic, x) {
  if (!is.object(x)) {
    abort_input("x", sprintf("must be a result that %s() takes, such as a fit of rma(), not %s", generic, describe(x)),
                sys.call(-1L))
  }
  known <- requireNamespace("metafor", quietly = TRUE) && any(vapply(class(x), function(cls) {
    is.function(utils::getS3method(generic, cls, optional = TRUE, envir = asNamespace("metafor")))
  }, NA))
  if (!known) abort_input("x", sprintf("is of a class for which %s() has no method", generic), sys.call(-1L))
  getExportedValue("metafor", generic)
}

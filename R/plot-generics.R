# The generics of the plots; objects of other packages go to metafor's function of that name.

#' @rdname baujat
#' @export
baujat <- function(x, ...) {
  if (is_foreign(x, "baujat")) return(foreign_generic("baujat", x)(x, ...))
  UseMethod("baujat")
}

#' @rdname regplot
#' @export
regplot <- function(x, ...) {
  if (is_foreign(x, "regplot")) return(foreign_generic("regplot", x)(x, ...))
  UseMethod("regplot")
}

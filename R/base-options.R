# setmfopt(), getmfopt(): options that change how results are printed and drawn. They stand in R's option "metafor", so
# that scripts which set that option directly work too. Oracle: metafor.

option_defaults <- list(check = TRUE, silent = FALSE, space = TRUE, theme = "default")

option_themes <- c("default", "light", "dark", "auto", "custom")

#' Options of printing
#'
#' `setmfopt()` sets options for the session, `getmfopt()` tells them.
#'
#' @param x name of an option, quoted or not; without it all options are returned.
#' @param default value for an option that is not set.
#' @param ... options by name: `space` (are there empty lines before and after results?), `digits` (default
#'   decimals: one
#'   number, or a vector with the names used in [rma()]), `theme` (`"default"`, `"light"`, `"dark"`, `"auto"`,
#'   `"custom"`,
#'   each also with a 2 behind it), `fg` and `bg` (its colours), `style`, `check`, `silent`. `NULL` takes an option
#'   away.
#' @return `getmfopt()`: the value, or a list of all. `setmfopt()`: the options before, invisibly.
#' @details The options are R's option `"metafor"`, a list. `check`, `silent` and `style` are kept for scripts and
#'   have no
#'   effect here. Errors of class `metaparity_error_input`: values that an option cannot have.
#' @section In other software: \pkg{metafor}: the same calls. Stata: `set`.
#' @examples
#' old <- getmfopt("space", default = TRUE)
#' setmfopt(space = FALSE)
#' rma(c(0.1, 0.4, 0.3), c(0.05, 0.02, 0.04))
#' setmfopt(space = old)
#' @export
getmfopt <- function(x, default = NULL) {
  held <- held_options()
  if (missing(x)) return(held)
  name <- substitute(x)
  name <- if (is.character(name)) name else if (is.symbol(name)) as.character(name) else x
  check_word(name, "x", sys.call())
  held[[name]] %||% default
}

#' @rdname getmfopt
#' @export
setmfopt <- function(...) {
  given <- list(...)
  if (length(given) && (is.null(names(given)) || !all(nzchar(names(given))))) {
    abort_input("...", "must have names", sys.call())
  }
  before <- held <- held_options()
  for (name in names(given)) {
    check_option(name, given[[name]], sys.call())
    held[[name]] <- given[[name]]
  }
  options(metafor = held)
  invisible(list(metafor = before))
}

held_options <- function() {
  held <- getOption("metafor")
  if (is.list(held)) held else option_defaults
}

check_option <- function(name, value, call) {
  if (is.null(value)) return()
  if (name %in% c("space", "check", "silent")) check_flag(value, name, call)
  if (name == "theme") check_choice(value, c(option_themes, paste0(option_themes, "2")), "theme", call)
  if (name == "digits") check_decimals(value, call)
}

# Are results set off by empty lines?
with_space <- function() !isFALSE(held_options()$space)

# The default decimals of the session over those of the package.
option_digits <- function(digits) {
  own <- held_options()$digits
  if (is.null(own)) return(digits)
  if (!is.numeric(own) || anyNA(own) || any(own < 0 | own > most_decimals)) return(digits)
  known <- intersect(names(own), digit_kinds)
  if (is.null(names(own))) digits[] <- own[1L] else digits[known] <- own[known]
  digits
}

# The transf.*.int() and transf.*.mode() functions: mean and mode of a back-transformed normal variable, computed by
# the core (core/effect/transform_moments).

transf_mean_function <- function(name) {
  force(name)
  function(xi, targs = NULL) transform_moment(name, xi, targs, "mean")
}

transf_mode_function <- function(name) {
  force(name)
  function(xi, targs = NULL) transform_moment(name, xi, targs, "mode")
}

#' @rdname transf
#' @export
transf.ztor.int <- transf_mean_function("ztor")
#' @rdname transf
#' @export
transf.exp.int <- transf_mean_function("exp")
#' @rdname transf
#' @export
transf.ilogit.int <- transf_mean_function("ilogit")
#' @rdname transf
#' @export
transf.iprobit.int <- transf_mean_function("iprobit")
#' @rdname transf
#' @export
transf.iarcsin.int <- transf_mean_function("iarcsin")
#' @rdname transf
#' @export
transf.iahw.int <- transf_mean_function("iahw")
#' @rdname transf
#' @export
transf.iabt.int <- transf_mean_function("iabt")
#' @rdname transf
#' @export
transf.dtocles.int <- transf_mean_function("dtocles")
#' @rdname transf
#' @export
transf.ztor.mode <- transf_mode_function("ztor")
#' @rdname transf
#' @export
transf.exp.mode <- transf_mode_function("exp")
#' @rdname transf
#' @export
transf.ilogit.mode <- transf_mode_function("ilogit")
#' @rdname transf
#' @export
transf.iprobit.mode <- transf_mode_function("iprobit")
#' @rdname transf
#' @export
transf.iarcsin.mode <- transf_mode_function("iarcsin")
#' @rdname transf
#' @export
transf.iahw.mode <- transf_mode_function("iahw")
#' @rdname transf
#' @export
transf.iabt.mode <- transf_mode_function("iabt")

transform_moment <- function(name, xi, targs, moment) {
  call <- sys.call(-1L)
  if (missing(xi)) abort_input("xi", "must be given", call)
  targs <- check_moment_targs(targs, call)
  x <- check_transformed(xi, "xi", call)
  out <- if (moment == "mode") {
    call_core(cpp_transform_mode(name, x, targs$tau2))
  } else {
    call_core(cpp_transform_mean(name, x, targs$tau2, targs$lower, targs$upper))
  }
  keep_shape(call_core(out, call), xi)
}

# A list or named vector with tau2, lower, upper; one number without a name is tau2.
check_moment_targs <- function(targs, call) {
  if (is.numeric(targs) && is.null(names(targs)) && length(targs) == 1L) targs <- list(tau2 = targs)
  targs <- as.list(check_vector(targs, "targs", call))
  if (is.null(targs$tau2)) abort_input("targs", "must give the variance of the normal variable as `tau2`", call)
  given <- function(arg) {
    x <- targs[[arg]]
    if (is.null(x)) return(NaN)
    if (!is.numeric(x) || length(x) != 1L || is.na(x)) {
      abort_input("targs", sprintf("must have one number as `%s`", arg), call)
    }
    as.numeric(x)
  }
  out <- list(tau2 = given("tau2"), lower = given("lower"), upper = given("upper"))
  if (out$tau2 < 0 || is.infinite(out$tau2)) {
    abort_input("targs", "must have a finite `tau2` that is not negative", call)
  }
  out
}

# Is a function one of the means and modes? Limits of a prediction interval have no meaning on their scale.
is_moment <- function(transf) {
  own <- grep("[.](int|mode)$", names(transf_table), value = TRUE)
  is.function(transf) && is_one_of(transf, paste0("transf.", own))
}

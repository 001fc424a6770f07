# Owns the one convention of `transf`, `atransf` and `targs`: the function takes one value and, where there are any,
# `targs` as a whole as its second argument. Oracle: metafor. Miller (1978) for the sizes of pooled values.

# Functions whose second argument is the size of a study: each study has its own, what is pooled their harmonic mean.
sized_transforms <- c(transf.ipft = "ni", transf.iirft = "ti")

# The function that a user's `transf` (or `atransf`) and `targs` stand for, of a vector of values, and of `study`: the
# numbers of the studies that the values are the results of, missing for what is pooled. Without more arguments
# exp() and the like stay themselves. ni: sizes of the studies as far as the data know them; tau2: that of the fit.
bind_transform <- function(fun, targs = NULL, ni = NULL, tau2 = NULL, arg = "transf", call = NULL) {
  if (isFALSE(fun)) fun <- NULL
  if (is.null(fun) || is_bound(fun)) return(fun)
  if (!is.function(fun)) abort_input(arg, sprintf("must be a function, not %s", describe(fun)), call)
  if (is_elementwise(fun) && is.null(targs)) return(fun)
  sized <- sized_transforms[vapply(names(sized_transforms), is_one_of, NA, f = fun)]
  if (length(sized)) return(structure(sized_transform(fun, given_sizes(targs, ni, sized, call), call), fun = fun))
  targs <- known_targs(fun, if (!is.null(targs)) check_vector(targs, "targs", call), ni, tau2)
  if (!is.null(targs) && !takes_targs(fun)) {
    abort_input("targs", sprintf("cannot be used: the function of `%s` has no second argument", arg), call)
  }
  one <- if (is.null(targs)) fun else function(v) fun(v, targs)
  structure(function(v, study = NULL) each_value(v, one, is_vectorised(fun), arg, call), fun = fun)
}

is_bound <- function(f) !is.null(attr(f, "fun", exact = TRUE))

# What the user gave.
unbound <- function(f) if (is_bound(f)) attr(f, "fun", exact = TRUE) else f

# Values of studies under a function from bind_transform(); NULL changes nothing.
transform_studies <- function(f, v, study = seq_along(v)) {
  if (is.null(f)) v else if (is_bound(f)) f(v, study) else f(v)
}

takes_targs <- function(fun) {
  formals <- names(formals(args(fun)))
  length(formals) > 1L || "..." %in% formals
}

# exp, log, sqrt and other functions of R's group Math that take each number by itself.
is_elementwise <- function(fun) is.primitive(fun) && is_one_of(fun, elementwise)

elementwise <- c("abs", "sign", "sqrt", "exp", "expm1", "log", "log1p", "log2", "log10", "cos", "sin",
                 "tan", "acos", "asin", "atan",
                 "cosh", "sinh", "tanh", "acosh", "asinh", "atanh", "cospi", "sinpi", "tanpi", "gamma",
                 "lgamma", "digamma", "trigamma",
                 "floor", "ceiling", "trunc", "round", "-", "+", "(")

is_vectorised <- function(fun) is_elementwise(fun) || identical(topenv(environment(fun)), topenv())

each_value <- function(v, one, vectorised, arg, call) {
  out <- v
  some <- which(!is.na(v))
  out[some] <- if (vectorised) one(as.numeric(v[some])) else
    vapply(some, function(i) one_value(one(v[i]), arg, call), 0)
  out
}

one_value <- function(value, arg, call) {
  if (length(value) == 1L && (is.numeric(value) || is.logical(value))) return(as.numeric(value))
  abort_input(arg, sprintf("must give one number for each value, not %s", describe(value)), call)
}

# What the fit knows and the user did not give: the sizes for the harmonic mean, tau2 for means and modes.
known_targs <- function(fun, targs, ni, tau2) {
  if (is_one_of(fun, "transf.ipft.hm")) return(if (is.null(targs) && !is.null(ni)) list(ni = ni) else targs)
  if (is.null(tau2) || !is_moment(fun) || !(is.null(targs) || is.list(targs) || !is.null(names(targs)))) return(targs)
  targs <- as.list(check_vector(targs, "targs"))
  if (is.null(targs$tau2)) targs$tau2 <- tau2
  targs
}

given_sizes <- function(targs, ni, name, call) {
  sizes <- if (is.null(targs)) ni else if (is.list(targs) || !is.null(names(targs))) targs[[name]] else targs
  if (is.numeric(sizes) && any(is.finite(sizes)) && all(sizes > 0, na.rm = TRUE)) return(as.numeric(sizes))
  abort_input("targs", sprintf("must be a list with the sizes of the studies as `%s`", name), call)
}

sized_transform <- function(fun, sizes, call) {
  mean <- harmonic_size(list(ni = sizes))
  function(v, study = NULL) {
    own <- rep_len(if (length(study)) sizes_of(sizes, study, call) else mean, length(v))
    own[is.na(own)] <- mean
    out <- v
    some <- which(!is.na(v))
    out[some] <- vapply(some, function(i) as.numeric(fun(as.numeric(v[i]), own[i])), 0)
    out
  }
}

sizes_of <- function(sizes, study, call) {
  if (length(sizes) == 1L) return(sizes)
  if (any(study > length(sizes), na.rm = TRUE)) {
    abort_input("targs", sprintf("must have one size for each of the %d studies, not %d", max(study, na.rm = TRUE),
                                 length(sizes)), call)
  }
  sizes[study]
}

# Sizes that a user gave for all data, brought by `align` to the studies that are shown.
align_sizes <- function(targs, fun, align) {
  if (!any(vapply(names(sized_transforms), is_one_of, NA, f = fun))) return(targs)
  if (is.list(targs)) lapply(targs, align) else align(targs)
}

# transf and targs of a verb for the fit x; fun is NULL when nothing is transformed. named: may it be a function's name?
transform_spec <- function(mc, transf, targs, x, named = FALSE) {
  fun <- if (missing(transf)) NULL else transf
  if (named && is_word(fun)) fun <- get0(fun[1L], mode = "function", ifnotfound = fun)
  if (isFALSE(fun)) fun <- NULL
  list(fun = bind_transform(fun, if (missing(targs)) NULL else targs, x$ni, x$tau2, call = mc))
}

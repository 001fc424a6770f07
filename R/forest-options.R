# Owns the arguments of forest(): their checks, the table of metafor's further arguments, and the
# evaluation of those that may name columns of the data.

# Every option with its default; what is not named here or in `unused` is an error.
forest_defaults <- list(
  annotate = TRUE, addfit = TRUE, addpred = FALSE, showweights = NULL, header = TRUE, alim = NULL, at = NULL,
  refline = NULL, digits = NULL, level = NULL, xlab = NULL, slab = NULL, mlab = NULL, ilab = NULL, ilab.lab = NULL,
  order = NULL, transf = NULL, atransf = NULL, main = NULL, note = NULL, plot = TRUE,
  targs = NULL, xlim = NULL, rows = NULL, efac = 1, psize = NULL, col = NULL, border = NULL, colout = NULL,
  colci = NULL, shade = FALSE, colshade = NULL, lty = NULL, steps = 5, cex = NULL, favours = NULL,
  device = NULL, size = c(NA_real_, NA_real_), lang = NULL)

# Arguments by which metafor places things by hand.
unused_arguments <- c("ylim", "ilab.xpos", "ilab.pos", "textpos", "width", "plim", "pch", "fonts", "cex.lab",
                      "cex.axis", "predstyle", "predlim", "olim", "top", "annosym", "tabfig", "preddist")

forest_options <- function(...) {
  given <- list(...)
  unused <- intersect(names(given), unused_arguments)
  if (length(unused)) {
    inform(sprintf("forest() measures its texts; unused: %s.", paste0("`", unused, "`", collapse = ", ")), "unused")
  }
  given <- given[!names(given) %in% unused]
  unknown <- setdiff(names(given), names(forest_defaults))
  if (length(unknown)) abort_input(if (nzchar(unknown[1L])) unknown[1L] else "...", "is not an argument of forest()")
  options <- forest_defaults
  given <- Filter(Negate(is.null), given)
  options[names(given)] <- given
  check_forest_options(options)
}

check_forest_options <- function(options) {
  for (name in c("annotate", "addfit", "addpred")) check_flag(options[[name]], name)
  if (!is.null(options$showweights)) check_flag(options$showweights, "showweights")
  for (name in c("alim", "xlim")) check_pair(options[[name]], name)
  for (name in c("at", "refline", "rows", "psize")) {
    if (!is.null(options[[name]])) options[[name]] <- check_numeric_vector(options[[name]], name)
  }
  for (name in c("transf", "atransf")) {
    if (!is.null(options[[name]]) && !is.function(options[[name]])) {
      abort_input(name, sprintf("must be a function, not %s", describe(options[[name]])))
    }
  }
  if (!is.null(options$transf) && !is.null(options$atransf)) {
    abort_input("atransf", "cannot be used together with `transf`")
  }
  if (!is.null(options$digits)) check_number(options$digits[1L], "digits", 0, 15)
  if (!is.null(options$level)) options$level <- 100 * check_level(options$level)
  options$efac <- check_number(options$efac[1L], "efac", 0, 10)
  options$steps <- check_number(options$steps[1L], "steps", 1, 100)
  if (!is.null(options$favours) && length(options$favours) != 2L) {
    abort_input("favours", sprintf("must be two texts, not %d", length(options$favours)))
  }
  options
}

check_pair <- function(x, arg) {
  if (is.null(x)) return(invisible())
  if (!is.numeric(x) || length(x) != 2L || !all(is.finite(x)) || x[1L] == x[2L]) {
    abort_input(arg, sprintf("must be two different numbers, not %s", describe(x)))
  }
}

# What depends on rows and style: digits, weights, the scale of ratios; numbers under `transf`.
settle_options <- function(rows, style, options) {
  if (is.null(options$digits)) options$digits <- 2L
  if (is.null(options$showweights)) options$showweights <- style$showweights
  info <- attr(rows, "info")
  if (is.null(options$transf) && is.null(options$atransf) && isTRUE(style$natural) && identical(info$natural, exp)) {
    options$atransf <- exp
  }
  if (identical(style$between, "last")) rows <- between_last(rows)
  list(rows = transform_forest_rows(rows, options), options = options)
}

between_last <- function(rows) {
  last <- rows$type == "between"
  if (!any(last)) return(rows)
  index <- c(which(!last), which(last))
  extra <- attr(rows, "extra")
  structure(rows[index, , drop = FALSE], row.names = seq_along(index), info = attr(rows, "info"),
            extra = if (!is.null(extra)) extra[index, , drop = FALSE])
}

transform_forest_rows <- function(rows, options) {
  if (is.null(options$transf)) return(rows)
  numbers <- c("est", "lo", "hi", "fit", "fit_lo", "fit_hi")
  rows[numbers] <- lapply(rows[numbers], transformed_numbers, options = options)
  for (ends in list(c("lo", "hi"), c("fit_lo", "fit_hi"))) {
    swap <- which(rows[[ends[1L]]] > rows[[ends[2L]]])
    rows[swap, ends] <- rows[swap, rev(ends)]
  }
  rows
}

# The data in which `slab`, `ilab` and `order` may name columns.
plot_data <- function(x) {
  data <- if (inherits(x, "metaparity_subgroup")) x$overall$data else if (is.list(x)) x$data
  if (is.data.frame(data)) data
}

# An argument that names only columns of the data means these; otherwise it is what the caller passed.
data_argument <- function(expr, value, data, env) {
  names <- all.vars(expr)
  if (length(names) && all(names %in% names(data))) return(eval(expr, data, env))
  if (is.null(data) || !length(names)) return(value)
  tryCatch(value, error = function(e) eval(expr, data, env))
}

# ---- plain estimates --------------------------------------------------------------------------

estimate_columns <- list(yi = c("yi", "est", "estimate", "theta", "es", "b"), vi = c("vi", "var"),
                         sei = c("sei", "se", "seTE"), lo = c("ci.lb", "ci_lb", "lo", "lower", "lci"),
                         hi = c("ci.ub", "ci_ub", "hi", "upper", "uci"), slab = c("slab", "label", "study"))

new_estimates <- function(x, given, call = NULL) {
  data <- if (is.data.frame(x)) x
  found <- if (is.null(data)) list(yi = x, slab = attr(x, "slab")) else frame_estimates(data, call)
  given <- Filter(Negate(is.null), given)
  if (length(intersect(names(given), c("vi", "sei", "lo", "hi")))) found[c("vi", "sei", "lo", "hi")] <- NULL
  found[names(given)] <- given
  if (!is.null(found$sei)) found$vi <- check_numeric_vector(found$sei, "sei", call)^2
  check_estimates(found, call)
  measure <- if (is.null(found$measure)) attr(found$yi, "measure") else found$measure
  structure(list(yi = as.numeric(found$yi), vi = as_numeric(found$vi), lo = as_numeric(found$lo),
                 hi = as_numeric(found$hi), slab = found$slab, level = 95, data = data,
                 measure = if (is.null(measure)) "GEN" else measure), class = "metaparity_estimates")
}

as_numeric <- function(x) if (!is.null(x)) as.numeric(x)

# Columns by escalc's attributes, else by their usual names.
frame_estimates <- function(data, call) {
  columns <- lapply(estimate_columns, function(names) intersect(names, colnames(data))[1L])
  own <- c(attr(data, "yi.names")[1L], attr(data, "vi.names")[1L])
  if (length(own) == 2L) columns[c("yi", "vi")] <- own
  if (is.na(columns$yi)) {
    abort_input("x", sprintf("must have a column of estimates, named one of %s", toString(estimate_columns$yi)), call)
  }
  found <- lapply(columns[!is.na(columns)], function(name) data[[name]])
  own <- attr(found$yi, "slab")
  if (!is.null(own) && length(own) == nrow(data)) found$slab <- own
  if (!is.null(found$vi)) found[c("sei", "lo", "hi")] <- NULL
  found
}

check_estimates <- function(found, call) {
  k <- length(found$yi)
  check_numeric_vector(found$yi, "x", call)
  if (is.null(found$vi) && (is.null(found$lo) || is.null(found$hi))) {
    abort_input("vi", "must be given, or `sei`, or both `ci.lb` and `ci.ub`", call)
  }
  for (name in intersect(c("vi", "lo", "hi"), names(found))) {
    check_numeric_vector(found[[name]], name, call)
    if (length(found[[name]]) != k) {
      abort_input(name, sprintf("must have one value for each of the %d estimates, not %d", k, length(found[[name]])),
                  call)
    }
  }
  bad <- which(found$vi < 0)
  if (length(bad)) abort_studies("vi", bad, "must not be negative", call)
}

# Owns plain estimates, numbers or a data frame, as what forest_rows() reads: estimates with variances or limits, labels
# and measure. Columns are found by the attributes of escalc(), else by their usual names.

estimate_columns <- list(yi = c("yi", "est", "estimate", "theta", "es", "b"), vi = c("vi", "var"),
                         sei = c("sei", "se", "seTE"), lo = c("ci.lb", "ci_lb", "lo", "lower", "lci"),
                         hi = c("ci.ub", "ci_ub", "hi", "upper", "uci"), slab = c("slab", "label", "study"))

new_estimates <- function(x, given, call = NULL) {
  data <- if (is.data.frame(x)) x
  found <- if (is.null(data)) list(yi = x, slab = effect_notes(x, arg = "x", call = call)$slab) else frame_estimates(data, call)
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
  own <- effect_notes(found$yi, data, "x", call)$slab
  if (!is.null(own)) found$slab <- own
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

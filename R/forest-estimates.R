# Owns plain estimates, numbers or a data frame, as what forest_rows() reads: estimates with variances or limits, labels
# and measure. Columns are found by the attributes of escalc(), else by their usual names.

estimate_columns <- list(yi = c("yi", "est", "estimate", "theta", "es", "b"), vi = c("vi", "var"),
                         sei = c("sei", "se", "seTE"),
                         lo = c("ci.lb", "ci_lb", "lo", "lower", "lci", "ll", "low", "lcl", "conf.low", "ci_lower"),
                         hi = c("ci.ub", "ci_ub", "hi", "upper", "uci", "ul", "high", "ucl", "conf.high", "ci_upper"),
                         slab = c("slab", "label", "study"))

# Columns of these names hold ratios, not their logarithms.
ratio_columns <- c(or = "OR", rr = "RR", hr = "HR", irr = "IRR", rom = "ROM")

new_estimates <- function(x, given, call = NULL) {
  data <- if (is.data.frame(x)) x
  found <- if (is.null(data)) c(list(yi = x), effect_notes(x, arg = "x", call = call)) else frame_estimates(data, call)
  given <- Filter(Negate(is.null), given)
  if (length(intersect(names(given), c("vi", "sei", "lo", "hi")))) found[c("vi", "sei", "lo", "hi")] <- NULL
  found[names(given)] <- given
  if (!is.null(found$sei)) found$vi <- check_numeric_vector(found$sei, "sei", call)^2
  check_estimates(found, call)
  measure <- found$measure %||% attr(found$yi, "measure") %||% found$ratio
  natural <- holds_ratios(found, measure %||% "GEN")
  if (natural) found <- ratios_as_logarithms(found, call)
  structure(list(yi = as.numeric(found$yi), vi = as_numeric(found$vi), lo = as_numeric(found$lo),
                 hi = as_numeric(found$hi), slab = found$slab, ni = found$ni, level = 95, data = data,
                 measure = measure %||% "GEN", given_ratios = natural, yi.f = as.numeric(found$yi)),
            class = "metaparity_estimates")
}

as_numeric <- function(x) if (!is.null(x)) as.numeric(x)

# Columns by escalc's attributes, else by their usual names.
frame_estimates <- function(data, call) {
  columns <- lapply(estimate_columns, function(names) intersect(names, colnames(data))[1L])
  own <- c(attr(data, "yi.names")[1L], attr(data, "vi.names")[1L])
  if (length(own) == 2L) columns[c("yi", "vi")] <- own
  ratio <- colnames(data)[match(names(ratio_columns), tolower(colnames(data)))]
  ratio <- c(ratio[!is.na(ratio)], NA)[1L]
  if (is.na(columns$yi)) columns$yi <- ratio else ratio <- NA
  if (is.na(columns$yi)) {
    abort_input("x", sprintf("must have a column of estimates, named one of %s",
                             toString(c(estimate_columns$yi, names(ratio_columns)))), call)
  }
  found <- lapply(columns[!is.na(columns)], function(name) data[[name]])
  own <- effect_notes(found$yi, data, "x", call)
  found$ni <- own$ni
  if (!is.null(own$slab)) found$slab <- own$slab
  if (!is.null(found$vi)) found[c("sei", "lo", "hi")] <- NULL
  if (!is.na(ratio)) found$ratio <- ratio_columns[[tolower(ratio)]]
  found
}

# Ratios, where the measure is analysed as a logarithm: by the name of their column, or because all are positive and the
# limits lie around them as those of ratios do, at equal distances on the log scale only.
holds_ratios <- function(found, measure) {
  if (!is.null(found$ratio)) return(TRUE)
  values <- unlist(found[c("yi", "lo", "hi")], use.names = FALSE)
  if (!is_log_measure(measure) || is.null(found$lo) || !all(values > 0, na.rm = TRUE)) return(FALSE)
  skew <- function(f) {
    parts <- lapply(found[c("yi", "lo", "hi")], function(v) f(as.numeric(v)))
    stats::median(abs(parts$hi + parts$lo - 2 * parts$yi) / (parts$hi - parts$lo), na.rm = TRUE)
  }
  isTRUE(skew(log) < skew(identity))
}

ratios_as_logarithms <- function(found, call) {
  if (is.null(found$lo) || is.null(found$hi)) {
    abort_input("ci.lb", "and `ci.ub` must be given with ratios; standard errors belong to their logarithms", call)
  }
  for (name in c("yi", "lo", "hi")) {
    bad <- which(found[[name]] <= 0)
    if (length(bad)) abort_studies(c(yi = "x", lo = "ci.lb", hi = "ci.ub")[[name]], bad, "must be positive: ratios",
                                   call)
    found[[name]] <- log(as.numeric(found[[name]]))
  }
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

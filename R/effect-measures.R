# The one table of effect measures: the columns each needs, its formulas and their source, its scale, its labels, and
# what other software calls it. Everything that asks about a measure asks here; rows in measures-*.R.

measure_table <- c(table_measures, count_measures, mean_measures, correlation_measures)

escalc_measures <- function() names(measure_table)

check_measure <- function(measure, choices = escalc_measures(), call = NULL) {
  if (!is.character(measure) || length(measure) != 1L || is.na(measure)) {
    abort_input("measure", sprintf("must be the name of one measure, not %s", describe(measure)), call)
  }
  if (!measure %in% choices) {
    abort_input("measure", sprintf("\"%s\" is not available (yet); available are %s%s", measure,
                                   paste(choices, collapse = ", "), did_you_mean(measure, choices)), call)
  }
  measure
}

measure_info <- function(measure) measure_table[[measure]] %||% measure_table[["GEN"]]

# The columns a measure cannot do without, as a sentence for messages.
describe_inputs <- function(family) {
  ways <- vapply(measure_inputs[[family]], paste, "", collapse = ", ")
  paste(ways, collapse = " or ")
}

# Is the effect analysed as a logarithm?
is_log_measure <- function(measure) identical(measure_info(measure)$back, "exp")

# The function that a measure's row names.
measure_function <- function(name) get(name, envir = topenv(), mode = "function")

# The label of an axis or column of effects. transf: the values are transformed; atransf: only their labels are.
# kind of "GEN": 1 outcomes of studies, 2 pooled ones, 3 a short name.
axis_label <- function(measure, transf = NULL, atransf = NULL, kind = 1L, short = FALSE) {
  info <- measure_info(measure)
  if (info$family == "generic" && info$label == "Observed Outcome") {
    plain <- c("Observed Outcome", "Overall Estimate", "Estimate")[kind]
    return(if (is.null(transf) && is.null(atransf)) plain else "Observed Outcome")
  }
  if (is.null(transf) && is.null(atransf)) return(if (short) info$short else info$label)
  natural <- natural_labels(info, transf %||% atransf, short)
  if (is.null(natural)) return(if (short) "Observed Outcome" else sub("^(Transformed )?", "Transformed ", info$label))
  scale <- natural$scale
  if (is.null(transf) && !short && !is.na(scale)) sprintf("%s (%s scale)", natural$label, scale) else natural$label
}

# Label and scale after the function `f`; NULL when it does not lead to the natural scale.
natural_labels <- function(info, f, short) {
  odds <- info$label == "Log Odds" && is_one_of(f, c("exp", "transf.exp.int"))
  if (odds) return(list(label = "Odds", scale = "log"))
  equals <- if (nzchar(info$back)) c(info$back, back_equals[[info$back]])
  if (!is_one_of(f, equals)) return(NULL)
  list(label = if (short) info$natural_short else info$natural_label, scale = unname(info$scale))
}

# Is f one of these functions, ours, R's, or those of metafor where it is in use?
is_one_of <- function(f, names) {
  f <- unbound(f)
  for (name in names) {
    if (identical(f, get0(name, envir = topenv(), mode = "function"), ignore.srcref = TRUE)) return(TRUE)
    if (isNamespaceLoaded("metafor") && name %in% getNamespaceExports("metafor") &&
        identical(f, getExportedValue("metafor", name))) return(TRUE)
  }
  FALSE
}

# The table for the documentation of escalc().
measures_rd <- function() {
  code <- function(x) paste0("\\code{", x, "}", collapse = ", ")
  safe <- function(x) gsub("([%{}\\\\])", "\\\\\\1", x)
  rows <- vapply(names(measure_table), function(m) {
    info <- measure_table[[m]]
    ways <- paste(vapply(measure_inputs[[info$family]], code, ""), collapse = " or ")
    more <- c(if (nzchar(info$source)) paste("Source:", info$source),
              if (length(info$vtypes) < length(any_vtype) - 1L) paste("vtype:", code(info$vtypes)),
              if (nzchar(info$back)) paste("Back-transformation:", code(info$back)))
    sprintf("\\item{\\code{%s}}{%s. \\code{%s}. Takes %s. %s}", m, info$label, safe(info$formula), ways,
            paste0(c(more, ""), collapse = ". "))
  }, "")
  c("@section Measures:",
    "Estimate and, after the semicolon, sampling variance (the default \\code{vtype}) in the letters of the arguments:",
    "a, b, c, d are cells, n1, n2 and m1, m2 margins or sizes and means, J the exact small-sample factor, c a squared",
    "coefficient of variation over n, D the variance of a change, RMS the root mean square of both standard deviations,",
    "z and Phi the quantile and distribution function of the normal; v() is the variance of another measure.",
    "\\describe{", rows, "}")
}

# The columns of one way to give the data, missing arguments of the nearest way named by an error.
require_inputs <- function(columns, measure, call = NULL) {
  ways <- measure_inputs[[measure_table[[measure]]$family]]
  given <- names(columns)
  for (way in ways) if (!anyNA(match(way, given))) return(invisible(columns))
  lacking <- lapply(ways, setdiff, given)
  shared <- lengths(ways) - lengths(lacking)
  near <- which(shared == max(shared))
  near <- near[lengths(lacking)[near] == min(lengths(lacking)[near])]
  missing <- lacking[[max(near)]]
  here <- setdiff(ways[[max(near)]], missing)
  abort_input(missing[1L],
              sprintf("is needed for measure \"%s\"%s, which takes %s", measure, if (!length(here)) "" else {
                sprintf(" (to go with %s: still missing %s)", paste(here, collapse = ", "),
                        paste(missing, collapse = ", "))
              }, describe_inputs(measure_table[[measure]]$family)), call)
}

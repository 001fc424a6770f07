# Owns forest_column(), a column of text as the user describes it, and what such a description becomes: cells as text,
# one per row of the plot.

#' A column of a forest plot
#'
#' Describes one column of text beside the panel, for the argument `columns` of [forest()].
#'
#' @param value what the cells say: a vector with one value per study; the name of a column of the data, or a formula
#'   such as `~ paste0(events, "/", total)` that is evaluated in it; or the name of a column that every plot can make:
#'   `"label"`, `"est"` (effect with interval), `"weight"`, `"weight2"` (of a second model), `"events"`, `"total"`,
#'   `"noevents"`, `"ratio"` (events/total), `"mean"`, `"sd"`, `"mean_sd"` for two arms or one, `"p"`, `"z"`, and of
#'   pooled rows and those of [cumul()] and [leave1out()] `"Q"`, `"I2"`, `"H2"`, `"tau2"`.
#' @param header heading; a line feed breaks it. `expression()` is allowed. By default the name of the column.
#' @param align `"left"`, `"right"`, `"centre"`, `"decimal"` (numbers on their decimal points), or `"auto"`: decimal
#'   for numbers, else left.
#' @param digits decimals of numbers; by default as many as they have, up to seven digits.
#' @param side `"left"` or `"right"` of the panel.
#' @param span heading over this and the neighbouring columns with the same `span`.
#' @param pooled what pooled rows say: `"none"`, `"sum"` of their studies, or texts, one per pooled row from the top.
#'
#' @return A list of class `forest_column`.
#' @details Errors are of class `metaparity_error_input`.
#' @section In other software:
#' Stata: `lcols()` and `rcols()` of metan, the columns of `meta forestplot`. metafor: `ilab`. meta: `leftcols`.
#' @examples
#' trials <- data.frame(study = c("Ames", "Bell", "Cole"), yi = c(-.6, -.2, .1), vi = c(.12, .04, .02),
#'                      n = c(40, 120, 260), dose = c(2.5, 10, 20.25))
#' fit <- rma(yi, vi, data = trials, slab = study)
#' forest(fit, columns = list(forest_column("n", "Patients", pooled = "sum"),
#'                            forest_column("dose", "Dose (mg)", side = "right")))
#' @export
forest_column <- function(value, header = NULL, align = "auto", digits = NULL, side = "left", span = NULL,
                          pooled = "none") {
  check_given(value)
  check_choice(align, c("auto", "left", "right", "centre", "center", "decimal"), "align")
  check_choice(side, c("left", "right"), "side")
  if (!is.null(digits)) check_decimals(check_number(digits, "digits", 0, 15))
  check_texts(header, "header")
  check_texts(span, "span")
  header <- as_label(header, "header")
  span <- as_label(span, "span")
  for (one in list(header, span)) if (length(one) > 1L) abort_input("header", "and `span` must be one text each")
  structure(list(value = value, header = header, align = if (align == "center") "centre" else align, digits = digits,
                 side = side, span = span, pooled = pooled, env = parent.frame()), class = "forest_column")
}

# The user's columns as descriptions whose values are those of the studies; names of standard columns stay.
resolve_forest_columns <- function(columns, x, k) {
  if (is.null(columns)) return(NULL)
  if (inherits(columns, "forest_column")) columns <- list(columns)
  if (!is.list(columns) && !is.character(columns)) {
    abort_input("columns", sprintf("must be a list of forest_column(), not %s", describe(columns)))
  }
  data <- plot_data(x)
  fit <- if (inherits(x, "metaparity_subgroup")) x$overall else x
  lapply(seq_along(columns), function(i) resolve_forest_value(columns[[i]], names(columns)[i], data, fit, k))
}

resolve_forest_value <- function(column, name, data, fit, k) {
  if (!inherits(column, "forest_column")) column <- forest_column(column, if (!is.null(name) && nzchar(name)) name)
  value <- column$value
  if (inherits(value, "formula")) {
    column$header <- c(column$header, deparse(value[[length(value)]], nlines = 1L))[1L]
    value <- eval(value[[length(value)]], data, environment(value))
  } else if (is.character(value) && length(value) == 1L && k > 1L || identical(value, "panel")) {
    if (value %in% c(names(column_makers), "panel", "|")) return(column)
    if (!value %in% names(data)) {
      abort_input("columns", sprintf("names \"%s\", which is neither a column of the data nor one of %s", value,
                                     toString(setdiff(names(column_makers), c("own", "ilab")))))
    }
    column$header <- c(column$header, value)[1L]
    value <- data[[value]]
  }
  value <- align_rows(value, fit)
  if (length(value) != k) {
    abort_input("columns", sprintf("must have one value for each of the %d studies, not %d", k, length(value)))
  }
  column$header <- c(column$header, "")[1L]
  column$numbers <- if (is.numeric(value)) as.numeric(value)
  column$value <- if (is.numeric(value)) format_cells(value, column$digits) else blank_missing(as_label(value))
  column
}

# Numbers with up to seven digits, or with the decimals asked for.
format_cells <- function(value, digits = NULL) {
  out <- if (is.null(digits)) as.character(signif(value, 7)) else sprintf("%.*f", as.integer(digits), value)
  out[is.na(value)] <- ""
  out
}

blank_missing <- function(text) ifelse(is.na(text), "", text)

# The cells of a column, one per row of the plot.
column_cells <- function(column, rows) {
  out <- blank_missing(column$value[rows$study])
  pooled <- which(rows$type %in% c("subtotal", "summary") & !is_second(rows))
  if (identical(column$pooled, "none")) return(out)
  if (identical(column$pooled, "sum")) {
    if (is.null(column$numbers)) abort_input("pooled", "can be \"sum\" for numbers only")
    out[pooled] <- format_cells(sums_of(column$numbers, rows)[pooled], column$digits)
  } else {
    text <- as_label(column$pooled)
    out[utils::head(pooled, length(text))] <- utils::head(text, length(pooled))
  }
  out
}

# For each pooled row the sum over its studies.
sums_of <- function(value, rows) {
  out <- rep(NA_real_, nrow(rows))
  study <- is_study_type(rows$type)
  for (i in which(rows$type %in% c("subtotal", "summary"))) {
    mine <- study & (rows$type[i] == "summary" | rows$group %in% rows$group[i])
    out[i] <- sum(value[unique(rows$study[mine])], na.rm = TRUE)
  }
  out
}

# What the rows of a plot carry beside numbers: the user's columns, the data of the arms, colours.
with_columns <- function(rows, x, options) {
  info <- attr(rows, "info")
  # Studies without a row count too.
  k <- info$studies %||% max(rows$study, 0L, na.rm = TRUE)
  info$columns <- resolve_forest_columns(options$columns, x, k)
  check_study_symbols(options$pch, rows, k)
  if (is.null(info$arms)) info$arms <- arms_of(x, k)
  info$lights <- lights_of(rows, x, options, k)
  info$colours <- study_colours(align_rows(options$colour, if (inherits(x, "metaparity_subgroup")) x$overall else x),
                                k, forest_palette)
  attr(rows, "info") <- info
  with_tests(rows, info)
}

# One symbol, or one per study; what is drawn of some studies may have theirs only.
check_study_symbols <- function(pch, rows, k) {
  n <- length(pch)
  shown <- sum(is_study_type(rows$type))
  if (n < 2L || n %in% c(k, shown)) return(invisible())
  abort_input("pch", sprintf("must have one value, or one for each of the %d studies, not %d", k, n))
}

# Tests of the rows that have an estimate and an interval on the scale of analysis, unless they bring their own; none
# where 0 has no meaning.
with_tests <- function(rows, info) {
  if (!tests_zero(info)) {
    rows[c("z", "pz")] <- NA_real_
    return(rows)
  }
  if (isTRUE(info$changed)) return(rows)
  own <- which(is.na(rows$z) & is.finite(rows$est) & is.finite(rows$hi - rows$lo) & rows$hi > rows$lo)
  if (!length(own)) return(rows)
  level <- ifelse(rows$type[own] == "study", info$level_study %||% info$level, info$level)
  se <- (rows$hi[own] - rows$lo[own]) / (2 * critical_value(level / 100))
  test <- call_core(cpp_study_tests(rows$est[own], se^2, 0, 0.05))
  rows$z[own] <- test$zi
  rows$pz[own] <- test$pval
  rows
}

# Owns results as tables of a document: a result -> caption, columns and notes -> the markup that knitr::kable() writes.

# One row per column of a table: its heading, the kind of its decimals, and the fields of the results that fill it.
document_columns <- list(
  k = list(head = "k", kind = NA, fields = "k"),
  estimate = list(head = "Estimate", kind = "est", fields = c("estimate", "pred")),
  ci = list(head = "%s%% CI", kind = "ci", fields = c("ci.lb", "ci.ub")),
  se = list(head = "SE", kind = "se", fields = "se"),
  z = list(head = "z", kind = "test", fields = "zval"),
  t = list(head = "t", kind = "test", fields = "tval"),
  p = list(head = "p", kind = "pval", fields = "pval"),
  pi = list(head = "%s%% PI", kind = "ci", fields = c("pi.lb", "pi.ub")),
  Q = list(head = "Q", kind = "test", fields = c("Q", "QE")),
  Qp = list(head = "p (Q)", kind = "pval", fields = c("Qp", "QEp")),
  tau2 = list(head = "$\\tau^2$", kind = "var", fields = "tau2"),
  I2 = list(head = "$I^2$ (%)", kind = 1L, fields = "I2"))

#' @rdname knitr
#' @exportS3Method knitr::knit_print
knit_print.metaparity <- function(x, options, ...) {
  frame <- as.data.frame(x)
  if (x$test != "z") names(frame)[names(frame) == "zval"] <- "tval"
  label <- if (length(frame$term) > 1L) list(Term = frame$term)
  knit_table(x, options, frame, label, format_model_title(x), fit_notes(x))
}

#' @rdname knitr
#' @exportS3Method knitr::knit_print
knit_print.metaparity_subgroup <- function(x, options, ...) {
  frame <- as.data.frame(x)
  group <- ifelse(frame$group == "overall", translate("Overall"), frame$group)
  between <- x$between
  note <- if (!is.na(between$Q)) {
    sprintf("%s Q(%d) = %s, %s", translate("Test for subgroup differences:"), between$df,
            format_fixed(between$Q, 2L), format_p_equation(between$pval, 3L, "p", zero = TRUE))
  }
  knit_table(x, options, frame, list(Subgroup = group), format_model_title(x$overall), note)
}

#' @rdname knitr
#' @exportS3Method knitr::knit_print
knit_print.metaparity_list <- function(x, options, ...) {
  knit_table(x, options, as.data.frame(x), list(Study = as.character(x$slab)))
}

#' @rdname knitr
#' @exportS3Method knitr::knit_print
knit_print.metaparity_cumul <- knit_print.metaparity_list

# label: the first column, named by its heading. In documents that are not made by pandoc, and where the user wants it,
# the result prints as in the console.
knit_table <- function(x, options, frame, label, caption = NULL, notes = NULL) {
  if (isFALSE(options$metaparity.table) || is.null(knitr::opts_knit$get("rmarkdown.pandoc.to"))) {
    return(knitr::normal_print(x))
  }
  digits <- expand_digits(NULL, if (is.null(x$digits)) x$overall$digits else x$digits)
  level <- format_level(shown_level(x))
  table <- document_table(frame, digits, level)
  if (!any(nzchar(unlist(label)))) label <- NULL
  label <- lapply(label, escape_markdown)
  if (length(label)) table <- c(stats::setNames(label, translate(names(label))), table)
  table <- data.frame(table, check.names = FALSE, stringsAsFactors = FALSE)
  align <- c(if (length(label)) "l", rep("r", length(table) - length(label)))
  if (!is.null(caption)) caption <- gsub("tau^2", "$\\tau^2$", translate(caption), fixed = TRUE)
  text <- knitr::kable(table, format = "pipe", align = align, caption = caption)
  notes <- notes[nzchar(notes)]
  knitr::asis_output(paste(c("", text, "", if (length(notes)) c(paste(notes, collapse = "; "), "")), collapse = "\n"))
}

# Percent.
shown_level <- function(x) {
  level <- if (is.null(x$overall)) list_origin(x, "level") else x$overall$level
  if (is.null(level)) return(95)
  if (level < 0.5) level <- 1 - level
  if (level < 1) 100 * level else level
}

document_table <- function(frame, digits, level) {
  columns <- lapply(document_columns, function(column) document_column(column, frame, digits))
  columns <- Filter(Negate(is.null), columns)
  heads <- vapply(document_columns[names(columns)], function(column) {
    if (grepl("%s", column$head, fixed = TRUE)) translatef(column$head, level) else translate(column$head)
  }, "")
  stats::setNames(columns, heads)
}

document_column <- function(column, frame, digits) {
  found <- intersect(column$fields, names(frame))
  if (!length(found)) return(NULL)
  if (is.na(column$kind)) return(as.character(frame[[found[1L]]]))
  decimals <- if (is.character(column$kind)) digits[[column$kind]] else column$kind
  if (column$kind == "pval") return(format_p_value(frame[[found[1L]]], decimals))
  text <- lapply(frame[found], format_fixed, digits = decimals)
  if (column$kind == "ci") paste0(text[[1L]], " to ", text[[2L]]) else text[[1L]]
}

# Heterogeneity and its test in one line.
fit_notes <- function(x) {
  c(if (!x$method %in% common_methods) sprintf("$\\tau^2$ = %s", format_variance(x$tau2, 4L)),
    if (!is.na(x$I2)) sprintf("$I^2$ = %s%%", format_fixed(x$I2, 1L)),
    if (!is.na(x$QE)) sprintf("Q(%d) = %s, %s", heterogeneity_df(x), format_fixed(x$QE, 2L),
                              format_p_equation(x$QEp, 3L, "p", zero = TRUE)))
}

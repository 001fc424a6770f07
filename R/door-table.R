# Owns results_table(): pooled results, groups, sensitivity and bias of several models in one table. The rows come from
# door-table-rows.R; columns, headings and p values are those of tables in documents (door-knit-tables.R).

#' One table of several results
#'
#' Puts pooled results of several outcomes or models, subgroups, sensitivity analyses and tests of publication bias into
#' one
#' table, on the natural scale, with one style of numbers and in one language.
#'
#' @param ... results, named by what the table is to call them: of [rma()] (with `by =` and moderators too), [rma.mh()],
#'   [rma.peto()], [rma.mv()], [rma.glmm()], [selmodel()], [leave1out()], [cumul()], [trimfill()], [regtest()],
#'   [ranktest()], [fsn()], [tes()], or tables made by `results_table()`, [sensitivity_table()] and [bias_table()].
#' @param columns which columns: of `"k"`, `"estimate"`, `"ci"`, `"p"`, `"pi"`, `"tau2"`, `"I2"`, `"Q"`, `"Qp"`,
#'   `"test"`; all
#'   that hold something by default.
#' @param layout `"rows"`: a row for each result; `"columns"`: results side by side, a column for each.
#' @param natural whether estimates are shown on the natural scale (ratios, proportions, correlations). Pooled double
#'   arcsines become proportions by the harmonic mean of the sample sizes where the result knows the sizes.
#' @param digits decimals of estimates and limits; a vector with the names of [rma()] (`"est"`, `"test"`, `"pval"`,
#'   `"var"`)
#'   changes others.
#' @param p.style `"plain"` (0.012, <0.001), `"apa"` (.012, < .001) or `"jama"` (two decimals from 0.01 on); the option
#'   `metaparity.p` by default.
#' @param lang `"en"` or `"zh"`; the option `metaparity.lang` by default.
#' @param caption the title, or `NULL`.
#' @param x a table made here.
#' @param row.names,optional not used.
#' @return An object of class `metaparity_table`. It prints as text and stands in R Markdown and Quarto as a table.
#'   `as.data.frame()`: its numbers, one row each, on the scale that is shown: `block`, `label`, `k`, `estimate`,
#'   `ci.lb`,
#'   `ci.ub`, `pval`, `pi.lb`, `pi.ub`, `tau2`, `I2`, `Q`, `Qp`, `test`, `statistic`, `df`. `format()`: its cells as
#'   text.
#'   `as_flextable()` of \pkg{flextable}, [as_gt()] and [as_tinytable()] give tables of those packages.
#' @details Errors of class `metaparity_error_input` name the argument: a result that has no table, results of several
#'   confidence levels in one table. Terms of a meta-regression of ratios are shown as `exp()` of the coefficients.
#' @section In other software: Stata: `meta summarize`, `etable`; RevMan: summary tables; \pkg{metafor}: none.
#' @references The columns follow Page MJ et al. (2021). The PRISMA 2020 statement. BMJ 372, n71, items 20a-20d.
#' @seealso [sensitivity_table()], [bias_table()], [study_table()]; \link{knitr} for single results.
#' @examples
#' d <- data.frame(ev1 = c(4, 6, 3, 62), n1 = c(123, 306, 231, 13598),
#'                 ev2 = c(11, 29, 11, 248), n2 = c(139, 303, 220, 12867))
#' reml <- rma(ai = ev1, n1i = n1, ci = ev2, n2i = n2, data = d, measure = "RR")
#' mh <- rma.mh(ai = ev1, n1i = n1, ci = ev2, n2i = n2, data = d, measure = "RR")
#' results_table("Random effects" = reml, "Mantel-Haenszel" = mh)
#' results_table("Random effects" = reml, "Mantel-Haenszel" = mh, layout = "columns")
#' @export
results_table <- function(..., columns = NULL, layout = c("rows", "columns"), natural = TRUE, digits = 2,
                          p.style = NULL,
                          lang = NULL, caption = NULL) {
  call <- match.call(expand.dots = FALSE)
  results <- list(...)
  if (!length(results)) abort_input("...", "must be results", sys.call())
  natural <- check_flag(natural, "natural", sys.call())
  names(results) <- given_names(call$..., results)
  parts <- unlist(Map(function(x, name) table_blocks(x, name, natural, lang, sys.call(-4L)), results, names(results)),
                  recursive = FALSE)
  new_results_table(unname(parts),
                    table_form(columns, if (missing(layout)) "rows" else layout, digits, p.style, lang, caption,
                                      sys.call()))
}

# What the arguments were called; an argument without a name is called by its expression where that is short.
given_names <- function(expressions, results) {
  own <- names(expressions) %||% rep("", length(results))
  text <- vapply(expressions, function(e) paste(deparse(e, nlines = 2L), collapse = ""), "")
  ifelse(nzchar(own), own, ifelse(nchar(text) <= 30L, text, ""))
}

# One block for a result, the blocks of a table for a table.
table_blocks <- function(x, name, natural, lang, call) {
  if (inherits(x, "metaparity_table")) return(x$blocks)
  if (!any(vapply(class(x), function(one) !is.null(utils::getS3method("table_rows", one, optional = TRUE)), NA))) {
    abort_input("...", sprintf('must be results that have a table, not one of class "%s"', class(x)[1L]), call)
  }
  list(with_language(lang, c(list(name = name), table_rows(x, natural))))
}

table_choices <- c("k", "estimate", "ci", "p", "pi", "tau2", "I2", "Q", "Qp", "test")
p_styles <- c("plain", "apa", "jama")

table_form <- function(columns, layout, digits, p.style, lang, caption, call) {
  if (!is.null(columns)) check_choices(columns, table_choices, "columns", call)
  if (!is.null(caption)) check_word(caption, "caption", call)
  check_decimals(digits, call)
  base <- c(est = 2, se = 3, test = 2, pval = 3, ci = 2, var = 3, sevar = 3, fit = 2, het = 1)
  if (is.null(names(digits))) base[c("est", "ci")] <- digits[[1L]] else base[names(digits)] <- digits
  list(columns = columns, layout = check_choice(layout, c("rows", "columns"), "layout", call), digits = base,
       p.style = check_choice(p.style %||% getOption("metaparity.p", "plain"), p_styles, "p.style", call),
       lang = check_language(lang %||% getOption("metaparity.lang", "en"), call = call), caption = caption)
}

# Several of the choices, at least one.
check_choices <- function(x, choices, arg, call) {
  if (!is.character(x) || !length(x)) abort_input(arg, sprintf("must be names, not %s", describe_shortly(x)), call)
  for (one in x) check_choice(one, choices, arg, call)
}

new_results_table <- function(blocks, form, call = NULL) {
  level <- unique(unlist(lapply(blocks, `[[`, "level")))
  if (length(level) > 1L) abort_input("...", "must be results of one confidence level", call)
  structure(list(blocks = blocks, form = form, level = if (length(level)) level else 95), class = "metaparity_table")
}

#' @rdname results_table
#' @export
as.data.frame.metaparity_table <- function(x, row.names = NULL, optional = FALSE, ...) {
  out <- do.call(rbind, lapply(x$blocks, function(b) cbind(block = b$name, b$rows, stringsAsFactors = FALSE)))
  rownames(out) <- NULL
  out
}

#' @rdname results_table
#' @export
format.metaparity_table <- function(x, ...) {
  cells <- with_table_form(x, result_cells(x))
  data.frame(c(stats::setNames(list(paste0(ifelse(cells$inner, "  ", ""), cells$label)), cells$head), cells$table),
             check.names = FALSE, stringsAsFactors = FALSE)
}

#' @rdname results_table
#' @export
print.metaparity_table <- function(x, ...) {
  with_table_form(x, {
    lines <- aligned_lines(format(x))
    notes <- table_notes(x)
    cat_lines(c(if (!is.null(x$form$caption)) c(x$form$caption, ""), lines,
                if (length(notes)) c("", strwrap(paste0(notes, "."), getOption("width"), exdent = 2L))))
  })
  invisible(x)
}

# Columns of text under their heads: the first to the left, the others to the right.
aligned_lines <- function(table) {
  columns <- Map(function(head, text, first) {
    all <- c(head, text)
    pad <- strrep(" ", max(nchar(all, type = "width")) - nchar(all, type = "width"))
    if (first) paste0(all, pad) else paste0(pad, all)
  }, names(table), table, seq_along(table) == 1L)
  lines <- do.call(paste, c(unname(columns), sep = "  "))
  c(lines[1L], strrep("-", max(nchar(lines, type = "width"))), lines[-1L])
}

# Style and language of the table while `code` runs.
with_table_form <- function(x, code) {
  old <- options(metaparity.p = x$form$p.style)
  on.exit(options(old))
  with_language(x$form$lang, code)
}

#' @rdname knitr
#' @exportS3Method knitr::knit_print
knit_print.metaparity_table <- function(x, options = NULL, ...) {
  with_table_form(x, knit_result(x, table_document, options, ...))
}

table_document <- function(x) {
  cells <- result_cells(x, document_signs, escape_markdown)
  label <- paste0(ifelse(cells$inner, "&nbsp;&nbsp;&nbsp;", ""), cells$label)
  caption <- if (is.null(x$form$caption)) NULL else escape_markdown(x$form$caption)
  list(frame = shown_numbers(as.data.frame(x)), table = cells$table,
       label = stats::setNames(list(I(label)), cells$head),
       caption = caption, notes = escaped_notes(table_notes(x)), digits = x$form$digits, level = x$level,
       heads = character(), inline = inline_table(x))
}

# The squares of our own notes stay signs.
escaped_notes <- function(notes) gsub("\\b(tau|sigma|gamma|[IHR])&#94;2", "\\1^2", escape_markdown(notes), perl = TRUE)

# In a sentence: the rows one after the other, each with its name, estimate and interval, or with its test and p.
inline_table <- function(x) {
  study <- inherits(x, "metaparity_study_table")
  blocks <- if (study) list(list(name = "", rows = data.frame(label = x$study, x$effects[-1L], pval = NA, test = NA),
                                 measure = x$measure)) else x$blocks
  digits <- x$form$digits
  each <- lapply(blocks, function(b) {
    r <- b$rows
    ends <- function(v) format_plain(v, digits[["ci"]])
    name <- escape_markdown(if (nrow(r) == 1L) row_name(b) else ifelse(nzchar(r$label), r$label, b$name))
    shown <- ifelse(is.na(r$estimate), "", translatef("%s (%s%% CI %s to %s)", own_text(
      trimws(paste(b$measure %||% "", format_plain(r$estimate, digits[["est"]])))), x$level, own_text(ends(r$ci.lb)),
      own_text(ends(r$ci.ub))))
    tested <- if (all(is.na(r$test))) "" else statistic_text(r, digits)
    p <- ifelse(is.na(r$test) | is.na(r$pval), "", format_p_document(r$pval, digits[["pval"]], TRUE))
    parts <- Map(function(...) paste(Filter(nzchar, c(...)), collapse = ", "), shown, tested, p)
    paste(trimws(paste(name, unlist(parts))), collapse = "; ")
  })
  paste(unlist(each), collapse = "; ")
}

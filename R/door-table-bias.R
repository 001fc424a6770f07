# bias_table(): the tests of small-study effects of several meta-analyses in one table. Each test is that of its own
# verb.

#' A table of publication-bias tests
#'
#' Egger's, Begg's, Harbord's and Peters' tests and trim and fill, for one meta-analysis or several.
#'
#' @param ... results of [rma()] without moderators, [rma.mh()] or [rma.peto()], named by what the table is to call
#'   them.
#' @param tests which: `"egger"`, `"begg"`, `"harbord"`, `"peters"`, `"trimfill"`.
#' @param natural,columns,layout,digits,p.style,lang,caption as in [results_table()].
#' @return A `metaparity_table`, see [results_table()].
#' @details Egger's test is the weighted regression of 1997, `regtest(model = "lm")`; Begg's is [ranktest()]; Harbord's
#'   and
#'   Peters' are those of [metabias()] and need the counts of 2x2 tables; trim and fill is [trimfill()], which
#'   takes fits of [rma()]. Fewer than 10 studies
#'   and tests that could not be done are told in notes. Errors of class `metaparity_error_input`: a result that is none
#'   of
#'   these.
#' @section In other software: Stata: `meta bias` once for each test, `meta trimfill`; \pkg{metafor}: `regtest()`,
#'   `ranktest()`, `trimfill()`; RevMan: none.
#' @references Sterne JAC et al. (2011). Recommendations for examining and interpreting funnel plot asymmetry in
#'   meta-analyses of randomised controlled trials. BMJ 343, d4002.
#' @examples
#' d <- data.frame(ev1 = c(4, 6, 3, 62), n1 = c(123, 306, 231, 13598),
#'                 ev2 = c(11, 29, 11, 248), n2 = c(139, 303, 220, 12867))
#' bias_table(rma(ai = ev1, n1i = n1, ci = ev2, n2i = n2, data = d, measure = "OR"))
#' @export
bias_table <- function(..., tests = c("egger", "begg", "harbord", "peters", "trimfill"), natural = TRUE, columns = NULL,
                       layout = "rows", digits = 2, p.style = NULL, lang = NULL, caption = NULL) {
  call <- match.call(expand.dots = FALSE)
  fits <- list(...)
  if (!length(fits)) abort_input("...", "must be results", sys.call())
  check_choices(tests, names(bias_tests_done), "tests", sys.call())
  check_flag(natural, "natural", sys.call())
  form <- table_form(columns, layout, digits, p.style, lang, caption, sys.call())
  names(fits) <- given_names(call$..., fits)
  for (fit in fits) {
    if (!inherits(fit, c("metaparity_uni", "metaparity_mh", "metaparity_peto")) || !isTRUE(fit$int.only))
      abort_input("...", "must be results of rma(), rma.mh() or rma.peto() without moderators", sys.call())
    look_whole(fit, "...", studies = TRUE)
  }
  with_language(form$lang, new_results_table(unname(Map(bias_block, fits, names(fits), list(tests), list(natural))),
                                             form,
                                     sys.call()))
}

bias_tests_done <- list(
  egger = list(name = "Egger's test", rows = function(x, natural) table_rows(regtest(x, model = "lm"), natural)$rows),
  begg = list(name = "Begg's test", rows = function(x, natural) table_rows(ranktest(x), natural)$rows),
  harbord = list(name = "Harbord's test", rows = function(x, natural) line_row(x, "harbord")),
  peters = list(name = "Peters' test", rows = function(x, natural) line_row(x, "peters")),
  trimfill = list(name = "Trim and fill", rows = function(x, natural) filled_rows(x, natural)))

bias_block <- function(x, name, tests, natural) {
  done <- lapply(bias_tests_done[tests], function(test) {
    tryCatch(suppressWarnings(test$rows(x, natural)), metaparity_error = function(e) conditionMessage(e))
  })
  failed <- vapply(done, is.character, NA)
  names <- translate(vapply(bias_tests_done[tests], `[[`, "", "name"))
  rows <- do.call(rbind, unname(done[!failed]))
  if (is.null(rows)) rows <- table_frame(translate("no test could be done"))
  rows$k[is.na(rows$k)] <- x$k
  notes <- c(if (x$k < 10L) translate("fewer than 10 studies: these tests have little power"),
             if (any(failed)) paste0(names[failed], ": ", sub("[.]$", "", unlist(done[failed]))))
  scale <- if (natural) natural_scale(x$measure, ni = x$ni)
  list(name = name, rows = rows, measure = row_measure(x, scale), level = shown_level(list(overall = x)), notes = notes)
}

# trimfill() fills fits of rma() alone, and so does its row.
filled_rows <- function(x, natural) {
  if (!inherits(x, "metaparity_uni")) return(translate("needs a fit of rma(): pooled tables are not filled"))
  table_rows(trimfill(x), natural)$rows
}

# Harbord's and Peters' regressions on the counts.
line_row <- function(x, test) {
  cells <- counted_cells(x)
  if (is.null(cells)) return(translate("needs the counts of 2x2 tables"))
  call_args <- list(cells$ai, cells$bi, cells$ci, cells$di, rr = x$measure == "RR" && test == "harbord")
  call_args[[test]] <- TRUE
  r <- do.call(metabias, call_args)$r
  table_frame(translate(bias_tests_done[[test]]$name), k = r$N, pval = r$p_bias, statistic = r$bias / r$se_bias,
              df = r$df_r, test = "t")
}

counted_cells <- function(x) {
  arms <- arms_of(x, length(x$not.na))
  if (is.null(arms) || arms$kind != "binary" || !x$measure %in% c("OR", "RR", "PETO")) return(NULL)
  used <- which(x$not.na)
  one <- arms$arms[[1L]]
  two <- arms$arms[[2L]]
  list(ai = one$events[used], bi = (one$total - one$events)[used], ci = two$events[used],
       di = (two$total - two$events)[used])
}

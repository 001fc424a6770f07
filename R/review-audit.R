# Owns audit(): one door for what a paper or a file states -> findings of all checks, counted. Source: the checks by
# interval arithmetic on printed decimals that are listed in `audit_checks`.

#' Audit what a paper or a file states
#'
#' Goes through printed numbers and reports what cannot be true. Every printed number stands for the interval of all
#' numbers that
#' round to it: an **error** is a contradiction that no reading of the numbers reconciles; a **warning** one that only a
#' second
#' convention does (which is named); a **note** is a matter of plausibility. What was checked, what passed and what
#' could not be decided
#' is counted.
#'
#' @param x what is audited:
#'   * a data frame of a printed **forest plot**, a row per study: best with the numbers as text, as printed, so that
#'     their decimals are
#'   known. Columns are found by their usual names (`study`, `est`, `ci.lb`, `ci.ub` or `ci`, `weight`, `p`, `se`,
#'   `events1`,
#'   `n1`, `events2`, `n2`, `mean1`, `sd1`, ..., `group`, `analysis`, `measure`; those of [escalc()], RevMan and
#'   Cochrane's data packages, too);
#'   * a data frame of **tests of bias** (`score`, `sd`, `z`, `p`, `n`; `egger`, `egger_se`, `egger_p`), of a **flow**
#'   (`box`, `n`), of a **summary of findings** (`risk0`, `risk1`, `est`, `lb`, `ub`, `certainty`, the domains), or of
#'   **statements**: `quantity`,
#'   `where`, `value`, where values of one quantity must agree;
#'   * a data frame of a **baseline table**, a row per `variable`: `mean1`, `sd1`, `n1`, `mean2`, `sd2`, `n2`, or
#'   `events1`, `events2`, with its `p`; a table of **references** with `retracted`;
#'   * what [read_rm5()], [prisma_flow()], [grade_profile()] or [sof_table()] returned;
#'   * sentences (text), with `results` to compare them with;
#'   * a list of these, or of audits: the parts of one paper.
#' @param ... for the methods: what follows, and nothing else.
#' @param pooled data frame of the printed pooled rows: `est`, `ci.lb`, `ci.ub`, `Q`, `df`, `I2`, `pQ`, `tau2`, `z`,
#'   `p`, `pi.lb`, `pi.ub`, `weight`,
#'   totals; `group` says of which rows ("" or "overall": all), "between groups" is the test between subgroups;
#'   `analysis` as in `x`.
#' @param columns names of columns that are called otherwise: `c(est = "Mean")`.
#' @param measure the measure, if the plot states it: `"RR"`, `"OR"`, `"HR"`, `"MD"`, `"SMD"`, `"RD"`, ...; by default
#'   found.
#' @param model the model that is stated: `"fixed"`, `"random"`, `"MH"`, `"IV"`, `"DL"`, `"REML"`, ...
#' @param level level of the intervals in percent; by default 95, and 90 and 99 are tried.
#' @param digits decimals of numeric columns, one number for estimates and limits or several by column; by default the
#'   most that a column needs.
#' @param results data frame of results that sentences speak of: `label`, `est`, `lb`, `ub`, `p`, `k`, `n`, `I2`.
#' @param effects printed effects (a data frame as of a forest plot with `analysis`) from which tests of bias are
#'   computed again.
#' @param axis for a plot whose marks were read off a figure, in columns `est.px`, `ci.lb.px`, `ci.ub.px`: a data frame
#'   of the ticks of its axis, `value` and `px`.
#' @param favours the labels under the axis of a plot, left and right: `c("Favours drug", "Favours placebo")`. `pooled`
#'   may have a column `favours` with what its rows are said to favour.
#' @param arms names of the experimental and the control group, where the labels do not call them so.
#' @param harmful `TRUE` where more of the outcome is bad (deaths), `FALSE` where it is good (recoveries).
#' @param retracted a list of retracted papers that you have: a data frame with `doi`, `pubmed` or `title`, or DOIs.
#'   `x` is then a table of references, or a review of [read_rm5()].
#' @param object what `audit()` returned.
#' @param most,lang for `print()`: the most findings shown; the language, `"en"` or `"zh"`.
#'
#' @return A data frame of class `metaparity_audit_report`, a row per finding: `part` (which analysis), `check` (its
#'   code below),
#'   `severity`, `row`, `what`, `printed`, `expected` (an interval), `reading` (the convention that reconciles, or under
#'   which it was
#'   expected), `suggestion` (the smallest change that would), `why`, `study`. `print()` counts and lists, `summary()`
#'   is a table of the checks: checked,
#'   passed, found, not decidable and why; `as.data.frame()` drops the class.
#' @details
#' **Rows.** A1 limits in order, A2 estimate in the centre (logarithms of ratios), A3 raw data give effect and interval
#' under one
#' measure for all rows, A4 possible counts, A5 one level, A6 percentages, A7 studies without events under a stated
#' correction.
#' **Pooling.** B1 weights sum to 100, B2 weights and B3 results follow from a model (fixed, DerSimonian-Laird, REML,
#' ...; from raw
#' data Mantel-Haenszel and Peto), B4 Q, df, I2, B5 P of Q and of z, B6 P and interval, B7 tau2, B8 subgroups, B9
#' prediction interval, B10 totals.
#' **Extraction**, see [check_data()]: C1 to C10. **Places**: C12 flow, C13 text and tables, C14 tests of bias, C16
#' summary of findings (risks, numbers needed to treat, certainty).
#' **What is brought**: B11 positions of marks that were read off a figure and the labels of its sides, C11 P values of
#' a baseline table (and whether they are too alike together), C15 references on a list of retracted papers.
#' Nothing is looked up in a network.
#'
#' From printed rows a pooled number has an interval: the first-order bound of the rounding times 1.05, joined with the
#' corners of the box. Errors: `metaparity_error_input` for what has no columns that are known.
#' @section In other software: none in Stata, RevMan or \pkg{metafor}. The packages \pkg{statcheck} (test statistics
#'   against P) and
#'   \pkg{scrutiny} (GRIM) check single numbers.
#' @seealso [check_data()] before pooling, [compare_printed()] for any analysis on rounded inputs, [verify_rm5()].
#' @references Gotzsche, P. C., Hrobjartsson, A., Maric, K. and Tendal, B. (2007). Data extraction errors in
#' meta-analyses that use standardized mean
#'   differences. *JAMA*, 298, 430-437.
#' @examples
#' plot <- data.frame(study = c("A", "B", "C"), est = c("-0.45", "-0.05", "0.22"),
#'                    ci.lb = c("-0.69", "-1.37", "-0.11"), ci.ub = c("-0.21", "1.47", "0.55"))
#' x <- audit(plot, measure = "MD")
#' x
#' summary(x)
#' audit(data.frame(quantity = "patients", where = c("abstract", "Table 1"),
#'                  value = c("744", "734")))
#' @export
audit <- function(x, ...) UseMethod("audit")

#' @rdname audit
#' @export
audit.default <- function(x, ...) {
  check_given(x)
  abort_input("x", sprintf("must be a data frame, a review, a flow, sentences or a list of these, not %s",
                           describe(x)), sys.call())
}

#' @rdname audit
#' @export
audit.data.frame <- function(x, pooled = NULL, columns = NULL, measure = NULL, model = NULL, level = NULL,
                             digits = NULL,
                             results = NULL, effects = NULL, axis = NULL, favours = NULL, arms = NULL, harmful = NULL,
                             retracted = NULL, ...) {
  call <- sys.call()
  named_dots(character(), call, ...)
  if (!nrow(x)) abort_input("x", "must have rows", call)
  own <- plain_name(names(x))
  if (!is.null(retracted)) return(new_audit_report(list(retraction_check(x, retracted, call))))
  if (is_baseline(x)) return(new_audit_report(baseline_checks(x, columns, call)))
  if (is.null(columns)) {
    if (all(c("quantity", "where", "value") %in% own)) return(new_audit_report(statement_check(x, call)))
    if (all(c("box", "n") %in% own)) return(new_audit_report(flow_checks(x)))
    if (is_bias_table(x)) return(audit_bias(x, effects, call))
    if (is_sof(x)) return(new_audit_report(sof_checks(x, results)))
  }
  audit_plot(x, pooled, columns, list(measure = measure, model = model, level = level, digits = digits, axis = axis,
                                      favours = favours, arms = arms, harmful = harmful), call)
}

audit_bias <- function(x, effects, call) {
  s <- if (!is.null(effects)) new_plot(check_table(effects, "effects", call), call = call)
  new_audit_report(bias_checks(x, s))
}

audit_plot <- function(x, pooled, columns, asked, call) {
  named <- is.null(columns) || is.character(columns) && is.null(dim(columns)) && !is.null(names(columns))
  if (!named || length(setdiff(columns, c(names(x), names(pooled))))) {
    abort_input("columns", "must be names of columns, named by what they are: c(est = \"RR\")", call)
  }
  s <- new_plot(x, columns[columns %in% names(x)], asked$measure, asked$level, asked$digits, call)
  total <- grepl(total_pattern, s$study, ignore.case = TRUE)
  if (any(total) && !all(total)) {
    warn_studies("x", which(total), "seems to be a pooled row and is not taken for a study: give it as `pooled`", call)
    x <- x[!total, , drop = FALSE]
    s <- new_plot(x, columns[columns %in% names(x)], asked$measure, asked$level, asked$digits, call)
  }
  known <- has_rows(s, c("est", "lb", "ub")) || any(vapply(raw_kinds, function(kind) has_rows(s, kind$columns), NA)) ||
    has_rows(s, "weight")
  if (!known) {
    abort_input("x", sprintf("must have columns of a forest plot (est, ci.lb, ci.ub), of a table of tests, a flow, findings or statements; it has %s",
                             paste(utils::head(names(x), 8L), collapse = ", ")), call)
  }
  if (!is.null(asked$model)) check_stated_model(asked$model, call)
  p <- if (is.null(pooled)) NULL else new_pooled(pooled, columns, asked$digits, call)
  results <- c(row_checks(s), raw_check(s), pool_checks(s, p, asked$model, call),
               list(position_check(x, s, asked$axis, call), favours_check(s, p, asked, call)))
  new_audit_report(results, s$study, s$analysis, do.call(rbind, lapply(results, `[[`, "readings")))
}

#' @rdname audit
#' @export
audit.revman_review <- function(x, retracted = NULL, ...) {
  call <- sys.call()
  named_dots(character(), call, ...)
  new_audit_report(c(review_checks(x), review_retractions(x, retracted, call)))
}

#' @rdname audit
#' @export
audit.metaparity_prisma <- function(x, ...) {
  named_dots(character(), sys.call(), ...)
  new_audit_report(flow_checks(x))
}

#' @rdname audit
#' @export
audit.metaparity_audit_report <- function(x, ...) x

#' @rdname audit
#' @export
audit.character <- function(x, results = NULL, ...) {
  call <- sys.call()
  named_dots(character(), call, ...)
  if (!length(x)) abort_input("x", "must have a sentence", call)
  results <- if (is.null(results)) data.frame() else check_table(results, "results", call)
  if (nrow(results)) {
    if (!all(c("est", "lb", "ub") %in% names(results))) {
      abort_input("results", "must have the columns est, lb and ub", call)
    }
    if (is.null(results$label)) results$label <- as.character(seq_len(nrow(results)))
    for (name in intersect(names(text_words),
                           names(results))) results[[name]] <- as.numeric(printed_numbers(results[[name]])$value)
  }
  new_audit_report(lapply(seq_along(x), function(i) sentence_check(x[i], results, row = i)))
}

#' @rdname audit
#' @export
audit.list <- function(x, ...) {
  call <- sys.call()
  if (!length(x)) abort_input("x", "must have parts", call)
  bind_audits(lapply(x, audit, ...))
}

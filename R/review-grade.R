# Owns grade_profile(): results, a table of the user's and judgements of bias -> outcomes with absolute effects,
# computed evidence beside each domain of GRADE, judgements and the certainty that they leave.

#' GRADE: evidence profile and summary of findings
#'
#' `grade_profile()` puts beside each domain of GRADE what can be computed from the results, joins it with the
#' judgements, which are yours, and derives the certainty; `sof_table()` makes the summary of findings of it, with
#' absolute effects. Both print, convert to data frames, HTML and Markdown, become tables in documents, and draw as
#' figures.
#'
#' @param x a result of [rma()], [rma.mh()], [rma.peto()], [rma.mv()], [rma.glmm()], [revman()] or [metan()], or a list
#'   of them whose names are the outcomes. `sof_table()` also takes what `grade_profile()` returned.
#' @param outcomes a data frame with a row per outcome, in the order of the table. All columns but `outcome` may be
#'   missing: `design`, `importance`; the domains `risk_of_bias`, `inconsistency`, `indirectness`, `imprecision`,
#'   `publication_bias` (or `other`), `large_effect`, `dose_response`, `confounding` with judgements; for each a column
#'   with the reason, as `imprecision_reason`; `n_exp`, `n_ctrl` (participants, or `"events/participants"`),
#'   `n_studies`; `assumed_risk` (a share), `control_mean`, `units`, `sd`, `mid`; `start` (`"high"` or `"low"`),
#'   `comment`;
#'   `certainty` is compared with what follows. Outcomes without a result are shown with what the table says.
#' @param judgements instead, a data frame with a row per judgement: `outcome`, `domain`, `judgement`, `reason`.
#' @param rob what [rob()] returned, or a list of those named by outcome: shares of the weight by overall judgement.
#' @param design design of the studies where `outcomes` does not say it; observational studies start low.
#' @param assumed assumed risk of the comparator: `"median"`, `"mean"` or `"pooled"` of the control groups, `"range"`
#'   (lowest, median, highest), or numbers between 0 and 1: one for all, or named by outcome; or a list of such, whose
#'   names label several risks (`list(Relapse = c(low = 0.1, high = 0.4))`).
#' @param mid smallest important effect on the scale that is read, one for all or named by outcome: a ratio, a
#'   difference of means, of risks. It sets thresholds and information size; without it 25 % of relative change, 0.5
#'   standard deviations for the interval and 0.2 for the size.
#' @param measure what plain effects are: `"MD"`, `"SMD"`, or `"RR"`, `"OR"`, `"HR"` of logarithms; one for all or named
#'   by outcome. Results that know another measure are refused.
#' @param intervention,comparison names of the two arms.
#' @param title a title.
#' @param per number of persons that absolute effects are told for.
#' @param lang language of the texts, by default the option `metaparity.lang`.
#' @param ... for `sof_table()` arguments of `grade_profile()`.
#' @return `grade_profile()`: a list of class `metaparity_grade` with the data frames `outcomes` (effects, counts,
#'   certainty), `risks` (assumed and corresponding risks with limits and differences, as shares), `judgements` (`steps`
#'   taken or given, `reason`), and `evidence`, a list of numbers per outcome. `sof_table()`: the same with class
#'   `metaparity_sof` before it. `as.data.frame()` gives a row per outcome and assumed risk, numbers or, with `shape =
#'   "printed"`, what is printed.
#' @details Judgements are words (`not serious`, `serious`, `very serious`, `extremely serious`, `undetected`,
#' `suspected`, `very strongly suspected`, `large`, `very large`, `yes`, `no`, and their Chinese) or levels (`0`,
#' `-1`, `-2`).
#' Certainty is where the design starts, less the levels taken and plus those given, between very low and high.
#'
#' With risk \eqn{p} in the comparator the corresponding risk is \eqn{p\,RR}, \eqn{pOR/(1-p+pOR)}, \eqn{1-(1-p)^{HR}} or
#' \eqn{p+RD}; limits go through the same map. The optimal information size is for two-sided \eqn{\alpha = 0.05} and
#' power 0.80. Of [rma.mv()] the studies are the levels of its outermost factor, I2 is the share of the mean variance of
#' true effects in it and the typical sampling variance (as of [rma()]), and participants are summed over rows: give
#' `n_exp` and `n_ctrl` where rows share an arm. Studies of [rma.glmm()] are weighed by participants. Tests of
#' small-study effects (Egger; Peters for odds ratios with counts) are run from ten studies on.
#'
#' Proportions, rates and means of one group, and correlations, are told on the scale that is read, without a
#' comparison; a ratio without a name of its own is a "Ratio".
#'
#' Errors: `metaparity_error_input`, and `metaparity_error_studies` with the rows of `outcomes` whose judgements are not
#' understood. Warnings: `metaparity_warning_reason` for levels taken or given without a reason (field `judgements`),
#' `metaparity_warning_studies` for studies that `rob` does not judge, `metaparity_warning_input` for a stated certainty
#' that does not follow.
#' @section In other software: GRADEpro; RevMan: Summary of findings tables; none in Stata or \pkg{metafor}.
#' @references Guyatt G, Oxman AD, Akl EA, et al. (2011). GRADE guidelines 1. *J Clin Epidemiol*, 64, 383-394; 6.
#'   Imprecision, 1283-1293. Schunemann HJ, Higgins JPT, Vist GE, et al. (2023). Completing 'Summary of findings'
#'   tables. *Cochrane Handbook*, version 6.4, chapter 14. Peters JL, Sutton AJ, Jones DR, et al. (2006). *JAMA*, 295,
#'   676-680.
#' @examples
#' d <- data.frame(study = c("Ash 2001", "Birch 2004", "Cedar 2009", "Dill 2011"),
#'                 e1 = c(12, 30, 7, 15), n1 = c(60, 150, 55, 80), e2 = c(20, 41, 9, 25),
#'                 n2 = c(61, 148, 54, 79))
#' fit <- rma(measure = "RR", ai = e1, n1i = n1, ci = e2, n2i = n2, data = d, slab = study)
#' judged <- data.frame(outcome = "Relapse", importance = "critical",
#'                      imprecision = "serious", imprecision_reason = "Few participants")
#' grade_profile(list(Relapse = fit), judged)
#' sof_table(list(Relapse = fit), judged, assumed = c(Relapse = 0.2),
#'           intervention = "Drug", comparison = "placebo")
#' @name grade_profile
NULL

#' @rdname grade_profile
#' @export
grade_profile <- function(x, outcomes = NULL, judgements = NULL, rob = NULL, design = "randomised trials",
                          assumed = "median", mid = NULL, measure = NULL, intervention = NULL, comparison = NULL,
                          title = NULL, per = 1000, lang = NULL) {
  check_given(x)
  call <- sys.call()
  per <- check_number(per, "per", 1, 1e9, call)
  if (!is.null(lang)) lang <- check_language(lang, call = call)
  fits <- grade_fits(x, outcomes, call)
  table <- grade_table(fits, outcomes, check_one_text(design, "design", call), call)
  words <- per_outcome(measure, table$outcome, "measure", call)
  mids <- per_outcome(mid, table$outcome, "mid", call)
  table$mid <- ifelse(is.na(mids), table$mid, as.numeric(mids))
  check_rob_argument(rob, call)
  judged <- read_judgements(if (is.null(judgements)) outcomes else check_table(judgements, "judgements", call),
                            table$outcome, call)
  risk <- assumed_argument(assumed, table, call)
  parts <- lapply(seq_len(nrow(table)), function(i) {
    grade_outcome(table[i, ], fits[[table$outcome[i]]], words[i], risk[[i]], rob, call)
  })
  out <- bind_grade(parts, judged, call)
  out[c("intervention", "comparison", "title", "per", "lang")] <-
    list(grade_name(intervention, "intervention", call), grade_name(comparison, "comparison", call),
         if (!is.null(title)) check_one_text(title, "title", call), per, lang)
  warn_reasons(judged, call)
  structure(out, class = "metaparity_grade")
}

#' @rdname grade_profile
#' @export
sof_table <- function(x, ..., lang = NULL) {
  check_given(x)
  if (inherits(x, "metaparity_grade")) {
    named_dots(character(), sys.call(), ...)
    if (!is.null(lang)) x$lang <- check_language(lang, call = sys.call())
  } else {
    x <- grade_profile(x, ..., lang = lang)
  }
  class(x) <- c("metaparity_sof", "metaparity_grade")
  x
}

grade_name <- function(text, arg, call) if (is.null(text)) NULL else check_one_text(text, arg, call)

check_rob_argument <- function(rob, call) {
  fine <- is.null(rob) || inherits(rob, "metaparity_rob") ||
    is.list(rob) && !is.null(names(rob)) && all(vapply(rob, inherits, NA, "metaparity_rob"))
  if (!fine) abort_input("rob", sprintf("must be what rob() returned, or a list of those, not %s", describe(rob)), call)
}

# A named list of results. One without a name takes that of the table's only row.
grade_fits <- function(x, outcomes, call) {
  if (is.list(x) && is.null(attr(x, "class"))) fits <- x else fits <- list(x)
  if (!length(fits)) return(list())
  names <- names(fits)
  if (is.null(names) && length(fits) == 1L) {
    known <- if (is.data.frame(outcomes) && nrow(outcomes) == 1L) outcome_column(outcomes)
    names <- known %||% outcome_name_of(fits[[1L]])
  }
  if (is.null(names) || !all(nzchar(names)) || anyDuplicated(names)) {
    abort_input("x", "must be a list whose names are the outcomes, each once", call)
  }
  stats::setNames(fits, names)
}

outcome_name_of <- function(x) {
  own <- if (inherits(x, "revman_view")) x$settings$name
  if (length(own) == 1L && !is.na(own) && nzchar(own)) own else "Outcome"
}

outcome_column <- function(table) {
  at <- match(c("outcome", "outcomes", "label", "\u7ed3\u5c40", "\u7ed3\u5c40\u6307\u6807"), plain_name(names(table)))
  at <- at[!is.na(at)][1L]
  if (is.na(at)) NULL else as.character(table[[at]])
}

# Values named by outcome, or one for all.
per_outcome <- function(value, outcome, arg, call) {
  if (is.null(value)) return(rep(NA, length(outcome)))
  fine <- is.atomic(value) && !anyNA(value) &&
    if (arg == "mid") is.numeric(value) && all(is.finite(value)) else
      is.character(value) && all(vapply(value, is_word, NA))
  if (!fine) {
    abort_input(arg, sprintf("must be one value, or values named by outcome, not %s", describe(value)), call)
  }
  if (is.null(names(value)) && length(value) == 1L) return(rep(value, length(outcome)))
  if (is.null(names(value)) || !all(names(value) %in% outcome)) {
    abort_input(arg, sprintf("must be named by outcome: %s", some_of(outcome)), call)
  }
  unname(value[outcome])
}

# A list with the risks or the rule of each outcome.
assumed_argument <- function(assumed, table, call) {
  rules <- c("median", "mean", "pooled", "range")
  given <- lapply(table$assumed_risk, function(p) if (!is.na(p)) c(given = p))
  if (is.character(assumed) && length(assumed) == 1L) {
    rule <- check_choice(assumed, rules, "assumed", call)
    return(lapply(given, function(p) list(given = p, rule = rule)))
  }
  single <- is.numeric(assumed) && length(assumed) == 1L && is.null(names(assumed))
  own <- if (is.list(assumed)) assumed else if (single) {
    stats::setNames(rep(list(c(given = assumed)), nrow(table)), table$outcome)
  } else if (is.numeric(assumed)) lapply(assumed, function(p) c(given = p))
  risks <- function(p) is.numeric(p) && is.null(dim(p)) && length(p) > 0L && all(is.finite(p)) && all(p >= 0 & p <= 1)
  fine <- is.list(own) && !is.null(names(own)) && all(names(own) %in% table$outcome) &&
    all(vapply(own, risks, NA))
  if (!fine) {
    abort_input("assumed", sprintf("must be one of %s, or risks between 0 and 1, named by outcome, not %s",
                                   paste0("\"", rules, "\"", collapse = ", "), describe(assumed)), call)
  }
  Map(function(p, name) list(given = own[[name]] %||% p, rule = "median"), given, table$outcome)
}

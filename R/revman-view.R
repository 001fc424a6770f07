# Owns revman(): an outcome of a file, or data, as Review Manager analyses and prints it. All numbers come from one call
# of the core (R/revman-outcome.R). Source: Deeks & Higgins (2010); for RevMan Web the Cochrane Methods notes of 2024.
# Oracle: numbers stored in RevMan's files and packages, metafor on corrected cells.

#' An analysis as Review Manager makes it
#'
#' Computes an outcome by the rules of RevMan 5 or RevMan Web: effects of the rows, weights, subgroups, pooled results,
#' heterogeneity and tests, printed as RevMan prints them.
#'
#' @param x what [read_rm5()] or [read_revman_web()] returned, an [outcome()] of it, or a data frame of studies.
#' @param which number of the outcome (`"1.2"`) or its id, where `x` is a review.
#' @param ... for a data frame the columns, named as in [escalc()]: `ai, ci` with `n1i, n2i` or `bi, di`; `m1i, sd1i,
#'   n1i, m2i,
#'   sd2i, n2i`; `yi` with `sei` or `vi` (a logarithm for ratios); or `oe, v`: observed minus expected events and their
#'   variance.
#'   A data frame of [escalc()] needs none: its raw data are used where RevMan has the measure, else its effects.
#' @param measure `"OR"`, `"RR"`, `"RD"`, `"PETO"`, `"MD"`, `"SMD"`, or the name of an effect that was given, such as
#'   `"HR"`.
#' @param method `"MH"`, `"IV"` or `"Peto"`; also `"DL"`, `"REML"` (random effects with this estimator) or `"FE"`
#'   (fixed).
#' @param model `"fixed"` or `"random"`.
#' @param totals `"YES"`, `"SUB"` (of the subgroups only) or `"NO"`.
#' @param by subgroup of each row, and `study`, its label: columns of a data frame.
#' @param study see `by`.
#' @param convention `"revman5"`: DerSimonian and Laird, Wald intervals, I2 from Q. `"revman_web"`: as RevMan Web since
#'   2025, with
#'   an interval of tau2, a prediction interval, I2 from tau2 and a choice of `estimator` and `interval`.
#' @param estimator of tau2, `"DL"` or `"REML"`, which RevMan 5 does not have.
#' @param interval `"Wald"` or `"HKSJ"` (Hartung, Knapp, Sidik, Jonkman), whose variance is not floored and whose P
#'   value stays
#'   that of Wald, as in RevMan Web.
#' @param level,level_study confidence levels of pooled results and of rows in percent.
#' @param labels `c(experimental, control, favours left, favours right)`, or the first two.
#' @param object,row.names,optional,digits used by the methods: decimals of effects.
#' @return A list of class `revman_view`: `settings`, `subgroups` and `rows` as in [outcome()], with the results on the
#'   scale of
#'   analysis (ratios as natural logarithms) in `effects`, `groups`, `total`, `between`, `tau2_interval`, and the rules
#'   in `spec`.
#'   `print()` shows RevMan's table with its footers, `as.data.frame()` has one row per study, subgroup and total on
#'   the scale that
#'   is shown, [forest()] and [funnel()] draw RevMan's figures, [as_rma()] gives a fit for every other verb,
#'   `weights()` the
#'   percentages.
#' @details What the file says is used where an argument is not given. For data the defaults are RevMan's: fixed effect,
#'   Mantel-Haenszel for tables; `"revman_web"` takes REML for random effects. 0.5 is added to all cells of a table
#'   with an empty
#'   cell, in the pooled sums too; risk differences are those of the raw counts; DerSimonian and Laird's Q is taken
#'   around the
#'   Mantel-Haenszel estimate under `"MH"`; each subgroup has its own tau2, the whole that of all rows. Rows that are
#'   not estimable
#'   stay in the table and in the totals of participants.
#'
#'   Errors: `metaparity_error_input`; `metaparity_error_studies` for impossible rows; rows with missing values are
#'   left out with a
#'   warning of class `metaparity_warning_dropped`.
#' @section In other software: RevMan: the analysis itself; meta: `metabin(..., method.tau = "DL")` with several
#' settings; Stata:
#'   `metan`, whose rules for empty cells differ, see [conventions()].
#' @references Deeks JJ, Higgins JPT (2010). Statistical algorithms in Review Manager 5. Cochrane Collaboration.
#' @seealso [read_rm5()], [verify_rm5()], [save_revman_figures()].
#' @examples
#' x <- read_rm5(system.file("extdata", "example.rm5", package = "metaparity"))
#' revman(x, "1.1")
#' revman(x, "1.2", model = "random")$total$tau2
#' trials <- data.frame(e1 = c(4, 6, 0), n1 = c(123, 306, 231),
#'                      e2 = c(11, 29, 11), n2 = c(139, 303, 220))
#' view <- revman(trials, ai = e1, n1i = n1, ci = e2, n2i = n2, measure = "RR", model = "random")
#' as.data.frame(view)
#' @export
revman <- function(x, which = NULL, ..., measure = NULL, method = NULL, model = NULL, totals = NULL, by = NULL,
                   study = NULL,
                   convention = NULL, estimator = NULL, interval = NULL, level = NULL, level_study = NULL,
                   labels = NULL) {
  check_given(x)
  call <- match.call()
  columns <- as.list(substitute(list(...)))[-1L]
  o <- if (is.data.frame(x)) {
    if (length(columns) && (is.null(names(columns)) || !all(nzchar(names(columns))))) {
      abort_input("...", "must name the columns by what they are, as in ai = events, n1i = total", call)
    }
    if (!is.null(which)) abort_input("which", "is for reviews: a data frame holds one outcome", call)
    revman_from_data(x, columns, substitute(by), substitute(study), measure, parent.frame(), call)
  } else {
    if (length(columns)) warn_unknown(dots_names(...), call)
    revman_source(x, which, call)
  }
  asked <- list(measure = measure, method = method, model = model, totals = totals, level = level,
                level_study = level_study,
                labels = labels)
  o$settings <- change_settings(o, asked, call)
  new_revman_view(o, revman_rules(o, convention, estimator %||% estimator_of(method), interval, call), call)
}

# The outcome that is meant. A review with one outcome needs no number.
revman_source <- function(x, which, call) {
  if (inherits(x, "revman_view")) x <- new_revman_outcome(x$settings, x$subgroups, x$rows, x$risk_of_bias)
  if (inherits(x, "revman_outcome")) return(x)
  if (!inherits(x, "revman_review")) {
    abort_input("x", sprintf("must be a review, one of its outcomes or a data frame, not %s", describe(x)), call)
  }
  if (is.null(which) && nrow(x$outcomes) == 1L) which <- x$outcomes$outcome
  if (is.null(which)) abort_input("which", sprintf("must name one of the outcomes: %s", some_of(x$outcomes$outcome)),
                                  call)
  outcome(x, which)
}

some_of <- function(values, most = 8L) {
  paste0(paste(utils::head(values, most), collapse = ", "), if (length(values) > most) ", ...")
}

new_revman_outcome <- function(settings, subgroups, rows, bias = NULL) {
  out <- list(settings = settings, subgroups = subgroups, rows = rows)
  out$risk_of_bias <- bias
  structure(out, class = "revman_outcome")
}

estimator_of <- function(method) {
  if (!is_word(method)) return(NULL)
  known <- intersect(toupper(method), c("DL", "REML"))
  if (length(known)) known[1L]
}

revman_fixed <- c("FE", "EE", "CE")

# What arguments change in the settings of the outcome.
change_settings <- function(o, asked, call) {
  s <- o$settings
  if (!is.null(asked$measure) && !is.null(o$rows)) s <- change_measure(s, asked$measure, call)
  if (!is.null(asked$method)) {
    known <- c("MH", "IV", "PETO", "DL", "REML", revman_fixed)
    method <- check_choice(if (is_word(asked$method)) toupper(asked$method) else asked$method, known, "method", call)
    if (method == "PETO" && s$type == "DICH" && !s$effect_measure %in% c("OR", "PETO_OR")) {
      abort_input("method", sprintf("must not be \"Peto\", which pools odds ratios: the measure is \"%s\"",
                                    s$effect_measure), call)
    }
    if (method %in% c("MH", "IV", "PETO")) s$method <- method else s$random <- !method %in% revman_fixed
  }
  if (!is.null(asked$model)) s$random <- check_choice(asked$model, c("fixed", "random"), "model", call) == "random"
  if (!is.null(asked$totals)) s$totals <- check_choice(asked$totals, c("YES", "SUB", "NO"), "totals", call)
  if (!is.null(asked$level)) s$ci_total <- 100 * check_level(asked$level, "level", call)
  if (!is.null(asked$level_study)) s$ci_study <- 100 * check_level(asked$level_study, "level_study", call)
  if (!is.null(asked$labels)) s <- change_labels(s, asked$labels, call)
  check_view_settings(s, call)
}

change_measure <- function(s, measure, call) {
  if (s$type %in% c("IV", "IPD")) return(s)
  choices <- if (s$type == "DICH") c("OR", "RR", "RD", "PETO") else c("MD", "SMD")
  check_choice(measure, choices, "measure", call)
  s$effect_measure <- if (measure == "PETO") "PETO_OR" else measure
  if (measure == "PETO") s$method <- "PETO" else if (s$method %in% "PETO") s$method <- "MH"
  s
}

change_labels <- function(s, labels, call) {
  if (!is.character(labels) || !length(labels) %in% c(2L, 4L) || anyNA(labels) || !all(validUTF8(labels))) {
    abort_input("labels", sprintf("must be two or four texts, not %s", describe(labels)), call)
  }
  s[c("group_label_1", "group_label_2", "graph_label_1", "graph_label_2")[seq_along(labels)]] <- as.list(labels)
  s
}

# RevMan has no M-H of means and no random effects of Peto's method.
check_view_settings <- function(s, call) {
  if (s$type != "DICH") {
    if (s$method %in% c("MH", if (s$type != "IPD") "PETO")) {
      abort_input("method", "must be \"IV\": the data are no tables", call)
    }
  } else if (xor(s$method %in% "PETO", s$effect_measure %in% "PETO_OR")) {
    if (s$method %in% "PETO") s$effect_measure <- "PETO_OR" else
      abort_input("method", "must be \"Peto\" for Peto's odds ratio", call)
  }
  if (s$type == "IPD" || s$method %in% "PETO") {
    if (isTRUE(s$random)) abort_input("model", "must be \"fixed\" for Peto's method", call)
  }
  s
}

# The rules beside the settings: list(convention, estimator, interval) with NULL for those of RevMan 5.
revman_rules <- function(o, convention, estimator, interval, call) {
  own <- o$web
  if (is.null(convention)) convention <- if (is.null(own) && identical(estimator %||% "DL", "DL") &&
                                             is.null(interval)) "revman5" else "revman_web"
  check_choice(convention, c("revman5", "revman_web"), "convention", call)
  if (convention == "revman5") {
    if (!is.null(estimator) && !identical(estimator, "DL")) abort_input("estimator", "must be \"DL\" in RevMan 5", call)
    if (!is.null(interval) && !identical(interval, "Wald")) {
      abort_input("interval", "must be \"Wald\" in RevMan 5", call)
    }
    return(list(convention = convention))
  }
  estimator <- check_choice(estimator %||% own$tau2 %||% "REML", c("DL", "REML"), "estimator", call)
  interval <- check_choice(interval %||% own$interval %||% "Wald", c("Wald", "HKSJ"), "interval", call)
  list(convention = convention, tau2 = estimator, interval = interval)
}

new_revman_view <- function(o, rules, call) {
  web <- if (rules$convention == "revman_web") rules[c("tau2", "interval")]
  if (!is.null(web)) o$settings[c("estimator", "ci_method")] <- web
  n <- revman_numbers(o, web, call)
  if (is.null(n)) abort_input("x", "has no rows of data, or its data are of a type that RevMan does not analyse", call)
  if (!identical(n$spec$totals, "YES")) n$total <- unshown_total(o, web, call)
  structure(list(settings = o$settings, subgroups = o$subgroups, rows = o$rows, effects = n$rows, groups = n$groups,
                 total = n$total,
                 between = n$between, tau2_interval = if (!is.null(web)) revman_tau2_interval(n), spec = n$spec,
                 convention = rules$convention, web = web, call = call, risk_of_bias = o$risk_of_bias),
            class = "revman_view")
}

# All rows pooled by their own tau2, where RevMan shows no total and files hold fillers.
unshown_total <- function(o, web, call) {
  o$settings$totals <- "YES"
  revman_numbers(o, web, call)$total
}

# Q-profile limits, which RevMan Web seeks up to 100.
revman_tau2_interval <- function(n) {
  e <- n$rows[n$rows$estimable, ]
  if (!n$spec$random || nrow(e) < 2L) return(c(NA_real_, NA_real_))
  fit <- fit_estimates(e$est, e$se^2, "DL", n$spec$level_total)
  ends <- random_interval(fit, n$spec$level_total, "QP")$random[1L, 2:3]
  unname(pmin(ends, 100))
}

is_ratio_view <- function(x) is_revman_ratio(x$spec$measure, x$settings$log_data)

shows_totals <- function(x) x$spec$totals == "YES"

shows_subtotals <- function(x) x$spec$totals != "NO" && nrow(x$groups) > 0L && !isFALSE(x$settings$subtotals)

shows_between <- function(x) {
  shows_subtotals(x) && nrow(x$groups) > 1L && !isFALSE(x$settings$subgroup_test)
}

#' @rdname revman
#' @export
weights.revman_view <- function(object, ...) {
  stats::setNames(object$effects$weight, object$rows$study)
}

#' @rdname revman
#' @export
as.data.frame.revman_view <- function(x, row.names = NULL, optional = FALSE, ...) {
  back <- if (is_ratio_view(x)) exp else identity
  study <- data.frame(type = "study", label = as.character(x$rows$study), subgroup = NA_character_,
                      row = seq_len(nrow(x$rows)),
                      stringsAsFactors = FALSE)
  if (nrow(x$subgroups)) study$subgroup <- group_names_of(x)[revman_groups(x)]
  e <- x$effects
  own <- revman_columns[[revman_kind(x$spec$measure)]]
  study[own] <- x$rows[own]
  study <- cbind(study, data.frame(estimable = e$estimable, effect = back(e$est), ci.lb = back(e$ci.lb),
                                   ci.ub = back(e$ci.ub), se = e$se,
                                   weight = e$weight))
  pooled <- function(p, type, label, group, rows) {
    counts <- stored_counts(rows)
    out <- data.frame(type = type, label = label, subgroup = group, estimable = p$estimable, effect = back(p$est),
                      ci.lb = back(p$ci.lb),
                      ci.ub = back(p$ci.ub), se = p$se, weight = p$weight, studies = counts$studies, k = p$k, z = p$z,
                      pval = p$p, Q = p$Q,
                      df = p$df, Qp = p$Qp, I2 = p$I2, tau2 = if (x$spec$random) p$tau2 else NA_real_,
                      pi.lb = back(p$pi.lb), pi.ub = back(p$pi.ub), stringsAsFactors = FALSE)
    for (name in intersect(c("events_1", "total_1", "events_2", "total_2"), own)) out[[name]] <- counts[[name]]
    out
  }
  parts <- list(study)
  if (shows_subtotals(x)) {
    parts <- c(parts, lapply(seq_len(nrow(x$groups)), function(i) {
      name <- group_names_of(x)[x$groups$subgroup[i]]
      pooled(x$groups[i, ], "subgroup", name, name, x$rows[revman_groups(x) %in% x$groups$subgroup[i], ])
    }))
  }
  if (shows_totals(x)) parts <- c(parts, list(pooled(x$total, "total", "Total", NA_character_, x$rows)))
  out <- bind_frames(parts)
  rownames(out) <- NULL
  out
}

# Rows of frames with some columns in common; the others are missing where a frame lacks them.
bind_frames <- function(frames) {
  names <- unique(unlist(lapply(frames, names)))
  do.call(rbind, lapply(frames, function(frame) {
    frame[setdiff(names, names(frame))] <- NA
    frame[names]
  }))
}

group_names_of <- function(x) as.character(x$subgroups$name)

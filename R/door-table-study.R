# study_table(): the studies of a meta-analysis as a table of a paper.

#' A table of the studies
#'
#' One row for each study: data of the arms, effect with its interval, weight.
#'
#' @param x a result of [rma()] (with `by =`, the groups are a column), [rma.mh()], [rma.peto()] or another fit of one
#'   effect per study.
#' @param add a data frame or list of further columns, one value per row of the data, shown after the labels.
#' @param groups names of the two arms.
#' @param natural,digits,p.style,lang,caption as in [results_table()].
#' @return An object of class `metaparity_study_table`: `as.data.frame()` gives its numbers (`study`, the columns of
#'   `add`,
#'   the data of the arms, `estimate`, `ci.lb`, `ci.ub`, `weight`), `format()` its cells as text; it prints and stands
#'   in
#'   documents as those of [results_table()] do.
#' @details Data of the arms are shown where the fit was given them or [escalc()] put the effects beside them. Studies
#'   without
#'   an effect are not in the fit and not in the table; their number stands below. Errors of class
#'   `metaparity_error_input`.
#' @section In other software: Stata: `meta summarize, nometashow`; RevMan: the table of a forest plot; \pkg{metafor}:
#'   none.
#' @references Page MJ et al. (2021). The PRISMA 2020 statement. BMJ 372, n71, item 19.
#' @examples
#' d <- data.frame(trial = c("A", "B", "C"), ev1 = c(4, 6, 3), n1 = c(123, 306, 231),
#'                 ev2 = c(11, 29, 11), n2 = c(139, 303, 220), year = c(1948, 1949, 1960))
#' fit <- rma(ai = ev1, n1i = n1, ci = ev2, n2i = n2, data = d, measure = "RR", slab = trial)
#' study_table(fit, add = d["year"])
#' @export
study_table <- function(x, add = NULL, groups = c("Treatment", "Control"), natural = TRUE, digits = 2, p.style = NULL,
                        lang = NULL, caption = NULL) {
  check_given(x)
  if (!inherits(x, "metaparity")) abort_input("x", "must be a fit of one effect per study", sys.call())
  look_whole(whole_fit(x), "x", studies = TRUE)
  form <- table_form(NULL, "rows", digits, p.style, lang, caption, sys.call())
  check_flag(natural, "natural", sys.call())
  if (!is.character(groups) || length(groups) != 2L || anyNA(groups))
    abort_input("groups", "must be the names of two arms", sys.call())
  if (inherits(x, "metaparity_subgroup")) {
    group <- stats::setNames(list(as.character(x$by.f)), x$by_name)
    x <- x$overall
    more <- c(group, added_columns(add, length(x$not.na), sys.call()))
  } else more <- added_columns(add, length(x$not.na), sys.call())
  rows <- which(x$not.na)
  scale <- with_language(form$lang, if (natural) natural_scale(x$measure, ni = x$ni))
  effects <- study_effects(x, scale)
  arms <- arm_numbers(x, groups)
  pick <- function(columns) lapply(columns, `[`, rows)
  left <- length(x$not.na) - length(rows)
  structure(list(study = effects$slab, add = pick(more), arms = lapply(arms, pick), effects = effects, form = form,
                 measure = with_language(form$lang, row_measure(x, scale)), level = shown_level(list(overall = x)),
                   left = left),
            class = c("metaparity_study_table", "metaparity_table"))
}

study_effects <- function(x, scale) {
  frame <- as.data.frame(x, what = "studies")
  limits <- summary(escalc("GEN", yi = frame$yi, vi = frame$vi), level = shown_level(list(overall = x)))
  shown <- if (is.null(scale)) as.numeric else if (measure_info(x$measure)$back == "transf.ipft")
    function(v) as.numeric(transf.ipft(v, x$ni)) else
      function(v) vapply(v, function(one) as.numeric(scale$fun(one)), 0)
  data.frame(slab = frame$slab, estimate = shown(frame$yi), ci.lb = shown(limits$ci.lb), ci.ub = shown(limits$ci.ub),
             weight = frame$weight, stringsAsFactors = FALSE)
}

added_columns <- function(add, k, call) {
  if (is.null(add)) return(list())
  fine <- is.list(add) && !is.pairlist(add) && !is.null(names(add)) && all(nzchar(names(add))) && all(lengths(add) == k)
  if (!fine) abort_input("add", sprintf("must be named columns of %d values, one per row of the data", k), call)
  lapply(add, function(column) if (is.factor(column)) as.character(column) else column)
}

# The numbers of the arms, named by arm.
arm_numbers <- function(x, groups) {
  arms <- arms_of(x, length(x$not.na))
  if (is.null(arms)) return(list())
  stats::setNames(arms$arms, if (arms$count == 2L) groups else "")
}

#' @rdname study_table
#' @param row.names,optional,... not used.
#' @export
as.data.frame.metaparity_study_table <- function(x, row.names = NULL, optional = FALSE, ...) {
  arms <- unlist(x$arms, recursive = FALSE)
  if (length(arms)) names(arms) <- sub("^[.]", "", names(arms))
  data.frame(c(list(study = x$study), x$add, arms, x$effects[-1L]), check.names = FALSE, stringsAsFactors = FALSE)
}

# What an arm says in one cell: events/total, mean (SD) and total, events in a time.
study_arm_cell <- function(arm) {
  n <- format_count
  if (!is.null(arm$mean)) return(sprintf("%s (%s), %s", format_measured(arm$mean), format_measured(arm$sd),
                                         n(arm$total)))
  sprintf("%s/%s", n(arm$events), n(arm$total %||% arm$time))
}

study_arm_head <- function(arm, name) {
  what <- if (!is.null(arm$mean)) "Mean (SD), n" else if (!is.null(arm$total)) "Events/Total" else "Events/Time"
  trimws(paste(translate(name), translate(what)))
}

study_cells <- function(x, signs, clean) {
  arms <- stats::setNames(lapply(x$arms, study_arm_cell), clean(mapply(study_arm_head, x$arms, names(x$arms))))
  e <- x$effects
  digits <- x$form$digits
  frame <- stats::setNames(e[c("estimate", "ci.lb", "ci.ub")], c("natural", "natural.lb", "natural.ub"))
  table <- document_table(frame, digits, x$level, c(natural = x$measure), signs = signs)
  none <- is.na(e$estimate)
  table[] <- lapply(table, function(text) ifelse(none, "", text))
  table[[1L]][none] <- translate("Not estimable")
  table[[translate("Weight (%)")]] <- ifelse(is.na(e$weight), "", format_fixed(e$weight, 1L))
  more <- lapply(x$add, function(column) if (is.numeric(column)) format(column, trim = TRUE) else clean(column))
  names(more) <- clean(names(more))
  list(head = translate("Study"), label = clean(as.character(x$study)), inner = rep(FALSE, length(x$study)),
       table = data.frame(c(more, arms, table), check.names = FALSE, stringsAsFactors = FALSE))
}

# results_text(): the sentences about results of a paper. Every number is a field of the result; nothing is computed
# here
# but its form.

#' @rdname methods_text
#' @export
results_text <- function(x, ...) {
  check_given(x)
  UseMethod("results_text")
}

#' @rdname methods_text
#' @export
results_text.default <- methods_text.default

#' @rdname methods_text
#' @export
results_text.metaparity_uni <- function(x, digits = 2, lang = NULL, ...) {
  digits <- check_number(digits, "digits", 0, 10, sys.call())
  with_language(lang, {
    if (!x$int.only) return(new_text(c(moderator_sentences(x, digits), heterogeneity_sentence(x, digits))))
    new_text(c(pooled_sentence(x, digits), heterogeneity_sentence(x, digits), prediction_sentence(x, digits)))
  })
}

#' @rdname methods_text
#' @export
results_text.metaparity_mh <- function(x, digits = 2, lang = NULL, ...) {
  digits <- check_number(digits, "digits", 0, 10, sys.call())
  with_language(lang, new_text(c(pooled_sentence(x, digits), heterogeneity_sentence(x, digits))))
}
#' @rdname methods_text
#' @export
results_text.metaparity_peto <- results_text.metaparity_mh

#' @rdname methods_text
#' @export
results_text.metaparity_subgroup <- function(x, digits = 2, lang = NULL, ...) {
  digits <- check_number(digits, "digits", 0, 10, sys.call())
  whole <- results_text(x$overall, digits = digits, lang = lang)
  with_language(lang, {
    groups <- vapply(names(x$groups), function(name) {
      f <- x$groups[[name]]
      n <- text_numbers(f, digits)
      translatef("In subgroup %s (%d studies) it was %s (%s%% CI %s to %s).", own_label(name), f$k, n$show(f$beta),
                 text_level(f), n$show(f$ci.lb), n$show(f$ci.ub))
    }, "")
    b <- x$between
    new_text(c(text_markup(whole), groups,
               translatef("Test between subgroups: Q = %s on %d df, %s.", text_fixed(b$Q, 2L), b$df,
                                         text_p(b$pval))))
  })
}

#' @rdname methods_text
#' @export
results_text.metaparity_regtest <- function(x, lang = NULL, ...) {
  with_language(lang, {
    statistic <- if (is.null(x$ddf) || is.na(x$ddf)) sprintf("z = %s", text_fixed(x$zval, 2L)) else
      sprintf("t(%s) = %s", text_df(x$ddf), text_fixed(x$zval, 2L))
    new_text(translatef("The regression test of funnel plot asymmetry gave %s, %s.", statistic, text_p(x$pval)))
  })
}

#' @rdname methods_text
#' @export
results_text.metaparity_ranktest <- function(x, lang = NULL, ...) {
  with_language(lang, new_text(translatef("The rank correlation test of funnel plot asymmetry gave Kendall's tau = %s, %s.",
                                          text_fixed(x$tau, 2L), text_p(x$pval))))
}

#' @rdname methods_text
#' @export
results_text.metaparity_trimfill <- function(x, digits = 2, lang = NULL, ...) {
  digits <- check_number(digits, "digits", 0, 10, sys.call())
  with_language(lang, {
    n <- text_numbers(x, digits)
    side <- translate(if (x$side == "left") "left" else "right")
    new_text(c(
      translatef(if (x$k0 == 1) "Trim and fill added %d study on the %s." else "Trim and fill added %d studies on the %s.",
                 as.integer(x$k0), side),
      if (x$k0 > 0) translatef("The pooled %s then was %s (%s%% CI %s to %s; %s).", n$effect, n$show(x$beta),
                               text_level(x),
                               n$show(x$ci.lb), n$show(x$ci.ub), text_p(x$pval))))
  })
}

#' @rdname methods_text
#' @export
results_text.metaparity_leave1out <- function(x, digits = 2, lang = NULL, ...) {
  digits <- check_number(digits, "digits", 0, 10, sys.call())
  with_language(lang, {
    frame <- as.data.frame(x)
    n <- listed_numbers(x, digits)
    low <- which.min(frame$estimate)
    high <- which.max(frame$estimate)
    labels <- sub("^-", "", rownames(frame))
    said <- list(n$effect, n$show(frame$estimate[low]), own_label(labels[low]), n$show(frame$estimate[high]),
                 own_label(labels[high]))
    new_text(c(do.call(left_out_sentence, c(list(attr(x, "left.out")), said)), p_range_sentence(frame$pval)))
  })
}

# What was left out at a time: a study, a cluster, or, where it has a name, a group of a variable.
left_out_sentence <- function(what, ...) {
  if (is.null(what)) {
    return(translatef("Without one study the pooled %s lay between %s (without %s) and %s (without %s).", ...))
  }
  if (!nzchar(what)) {
    return(translatef("Without one cluster the pooled %s lay between %s (without %s) and %s (without %s).", ...))
  }
  translatef("Without one group of %s the pooled %s lay between %s (without %s) and %s (without %s).", own_label(what),
             ...)
}

p_range_sentence <- function(p) {
  largest <- format_p_document(max(p, na.rm = TRUE), 3L)
  translatef(if (startsWith(largest, "<")) "All p values were %s." else "The largest p value was %s.",
             own_text(largest))
}

#' @rdname methods_text
#' @export
results_text.metaparity_cumul <- function(x, digits = 2, lang = NULL, ...) {
  digits <- check_number(digits, "digits", 0, 10, sys.call())
  with_language(lang, {
    frame <- as.data.frame(x)
    n <- listed_numbers(x, digits)
    last <- nrow(frame)
    new_text(translatef("As studies were added the pooled %s moved from %s to %s (%s).", n$effect,
                        n$show(frame$estimate[1L]), n$show(frame$estimate[last]), text_p(frame$pval[last])))
  })
}

#' @rdname methods_text
#' @export
results_text.metaparity_influence <- function(x, lang = NULL, ...) {
  with_language(lang, {
    labels <- rownames(as.data.frame(x$inf))[which(x$is.infl)]
    new_text(if (length(labels)) translatef("Influential studies: %s.", text_list(labels)) else
      translate("No study was influential."))
  })
}

# Lists of fits know their measure through the attributes of the fit behind them.
listed_numbers <- function(x, digits, estimate = x$estimate) text_numbers(
  list(measure = x$measure %||% attr(x, "measure") %||% "GEN", ni = list_origin(x, "ni")), digits, estimate)

pooled_sentence <- function(x, digits) {
  n <- text_numbers(x, digits)
  stat <- if (is.null(x$ddf) || is.na(x$ddf)) sprintf("z = %s", text_fixed(x$zval, 2L)) else
    sprintf("t(%s) = %s", text_df(x$ddf), text_fixed(x$zval, 2L))
  if (x$k == 1L) {
    return(translatef("The %s of the only study was %s (%s%% CI %s to %s; %s, %s).", n$effect, n$show(x$beta),
                      text_level(x), n$show(x$ci.lb), n$show(x$ci.ub), stat, text_p(x$pval)))
  }
  translatef("The pooled %s of %d studies was %s (%s%% CI %s to %s; %s, %s).", n$effect, as.integer(x$k),
             n$show(x$beta),
             text_level(x), n$show(x$ci.lb), n$show(x$ci.ub), stat, text_p(x$pval))
}

heterogeneity_sentence <- function(x, digits) {
  df <- heterogeneity_df(x)
  if (df < 1L) return(NULL)
  q <- sprintf("Q(%d) = %s, %s", df, text_fixed(x$QE, 2L), text_p(x$QEp))
  if (is.null(x$tau2) || inherits(x, c("rma.mh", "rma.peto")) || is_common_effect(x)) {
    return(translatef("Heterogeneity: %s; I\u00b2 = %s%%.", own_text(q), text_fixed(x$I2, 1L)))
  }
  translatef("Heterogeneity: %s; I\u00b2 = %s%%, \u03c4\u00b2 = %s.", own_text(q), text_fixed(x$I2, 1L),
             text_variance(x$tau2, digits))
}

# A variance above 0 is not shown as 0.
text_variance <- function(x, digits) {
  digits <- max(2L, digits + 1L)
  text_fixed(x, if (isTRUE(round(x, digits) == 0)) text_places(x, digits) else digits)
}

prediction_sentence <- function(x, digits) {
  if (is_common_effect(x) || x$k < 3L) return(NULL)
  n <- text_numbers(x, digits)
  p <- stats::predict(x)
  translatef("The %s%% prediction interval was %s to %s.", text_level(x), n$show(p$pi.lb), n$show(p$pi.ub))
}

moderator_sentences <- function(x, digits) {
  frame <- as.data.frame(x)
  rows <- which(!frame$term %in% "intrcpt")
  effect <- text_measure(measure_info(x$measure %||% "GEN"))
  each <- vapply(rows, function(i) {
    digits <- text_places(frame$estimate[i], digits)
    translatef("The coefficient of %s for the %s was %s (%s%% CI %s to %s; %s).", own_label(frame$term[i]), effect,
               text_fixed(frame$estimate[i], digits), text_level(x), text_fixed(frame$ci.lb[i], digits),
               text_fixed(frame$ci.ub[i], digits), text_p(frame$pval[i]))
  }, "")
  joint <- if (length(rows) > 1L) translatef("Test of moderators: QM(%d) = %s, %s.", as.integer(x$m),
                                             text_fixed(x$QM, 2L),
                                             text_p(x$QMp))
  c(each, joint, if (!is.null(x$R2) && !is.na(x$R2)) translatef("The moderators account for %s%% of the heterogeneity.",
                                                               text_fixed(x$R2, 1L)))
}

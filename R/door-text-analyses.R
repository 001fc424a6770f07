# Paragraphs about analyses of a fit: fail-safe numbers, excess significance, permutation, intervals of the
# heterogeneity,
# tests of moderators, best predictions.

#' @rdname methods_text
#' @export
methods_text.metaparity_fsn <- function(x, cite = TRUE, lang = NULL, ...) {
  check_flag(cite, "cite", sys.call())
  with_language(lang, {
    key <- switch(x$type, Rosenthal = "rosenthal1979", Orwin = "orwin1983", Rosenberg = "rosenberg2005")
    how <- if (is.null(key)) translatef("The fail-safe number was computed by fitting the model to the studies with unpublished ones added.") else
      translatef("The fail-safe number was computed by the method of %s%s.", own_text(x$type), cited(key, cite))
    new_text(how, key)
  })
}

#' @rdname methods_text
#' @export
results_text.metaparity_fsn <- function(x, digits = 2, lang = NULL, ...) {
  digits <- check_number(digits, "digits", 0, 10, sys.call())
  with_language(lang, {
    number <- own_text(paste0(x$ub.sign, format(x$fsnum, big.mark = "")))
    new_text(if (!is.na(x$target)) {
      translatef("It takes %s unpublished studies to bring the effect to %s.", number, text_fixed(x$target, digits))
    } else {
      translatef("It takes %s unpublished studies without effect to bring the p value above %s.", number,
                 format(x$alpha))
    })
  })
}

#' @rdname methods_text
#' @export
methods_text.metaparity_tes <- function(x, cite = TRUE, lang = NULL, ...) {
  check_flag(cite, "cite", sys.call())
  with_language(lang, new_text(translatef("An excess of significant results was looked for by the test of excess significance%s.",
                                          cited("ioannidis2007", cite)), "ioannidis2007"))
}

#' @rdname methods_text
#' @export
results_text.metaparity_tes <- function(x, lang = NULL, ...) {
  with_language(lang, new_text(translatef("Of %d studies %d were significant where %s were expected (%s).",
                                          as.integer(x$k),
                                          as.integer(x$O), text_fixed(x$E, 1L), text_p(x$pval))))
}

#' @rdname methods_text
#' @export
methods_text.metaparity_hc <- function(x, cite = TRUE, lang = NULL, ...) {
  check_flag(cite, "cite", sys.call())
  with_language(lang, new_text(translatef("A confidence interval less sensitive to publication bias was computed by the method of Henmi and Copas%s.",
                                          cited("henmi2010", cite)), "henmi2010"))
}

#' @rdname methods_text
#' @export
results_text.metaparity_hc <- function(x, digits = 2, lang = NULL, ...) {
  digits <- check_number(digits, "digits", 0, 10, sys.call())
  with_language(lang, {
    n <- text_numbers(list(measure = list_origin(x, "measure") %||% "GEN", ni = list_origin(x, "ni")), digits,
                      x$beta)
    new_text(translatef("By the method of Henmi and Copas the pooled %s was %s (%s%% CI %s to %s).", n$effect,
                        n$show(x$beta), format(shown_level(x)),
                        n$show(x$ci.lb), n$show(x$ci.ub)))
  })
}

#' @rdname methods_text
#' @export
methods_text.metaparity_hettest <- function(x, cite = TRUE, lang = NULL, ...) {
  with_language(lang, new_text(c(
    translatef("Whether the heterogeneity is the same for all studies was tested (%s).",
               translate(het_labels[[x$test]])),
    if (x$boot) translatef("Its p value comes from a parametric bootstrap of %d samples.", as.integer(x$iter)))))
}

#' @rdname methods_text
#' @export
results_text.metaparity_hettest <- function(x, lang = NULL, ...) {
  with_language(lang, new_text(translatef("The test of equal heterogeneity gave %s, %s.", own_text(
    if (is.na(x$df)) text_fixed(x$statistic, 2L) else sprintf("\u03c7\u00b2(%d) = %s", as.integer(x$df),
                                                              text_fixed(x$statistic, 2L))),
    text_p(x$pval))))
}

#' @rdname methods_text
#' @export
methods_text.metaparity_gosh <- function(x, cite = TRUE, lang = NULL, ...) {
  check_flag(cite, "cite", sys.call())
  with_language(lang, new_text(translatef("The model was fitted to %d subsets of the studies%s.",
                                          as.integer(length(x$fit)),
                                          cited("olkin2012", cite)), "olkin2012"))
}

#' @rdname methods_text
#' @export
results_text.metaparity_gosh <- function(x, digits = 2, lang = NULL, ...) {
  digits <- check_number(digits, "digits", 0, 10, sys.call())
  with_language(lang, {
    i2 <- range(x$res$I2, na.rm = TRUE)
    if (!isTRUE(x$int.only)) return(new_text(translatef("Over the subsets I\u00b2 ran from %s%% to %s%%.",
                                                        text_fixed(i2[1L], 1L),
                                                        text_fixed(i2[2L], 1L))))
    limits <- range(x$res$estimate %||% x$res[[ncol(x$res)]], na.rm = TRUE)
    n <- text_numbers(list(measure = x$measure %||% "GEN"), digits, limits)
    new_text(translatef("Over the subsets the pooled %s ran from %s to %s and I\u00b2 from %s%% to %s%%.", n$effect,
                        n$show(limits[1L]),
                        n$show(limits[2L]), text_fixed(i2[1L], 1L), text_fixed(i2[2L], 1L)))
  })
}

#' @rdname methods_text
#' @export
methods_text.metaparity_permutest <- function(x, cite = TRUE, lang = NULL, ...) {
  check_flag(cite, "cite", sys.call())
  with_language(lang, {
    key <- if (isTRUE(x$int.only)) "follmann1999" else "higgins2004"
    new_text(translatef(permutation_sentence(x), permutation_count(x), cited(key, cite)), key)
  })
}

# How many permutations there were: rows of what was kept of each.
permutation_count <- function(x) {
  kept <- Find(Negate(is.null), list(x$zval.perm, x$zval.alpha.perm, x$QM.perm, x$QS.perm, x$beta.perm))
  as.integer(if (is.null(kept)) x$exact.iter else NROW(kept))
}

permutation_sentence <- function(x) {
  total <- if (is.null(x$zval.perm)) x$Z.exact.iter %||% x$exact.iter else x$exact.iter
  if (isTRUE(permutation_count(x) == total)) "P values come from an exact permutation test of all %d permutations%s." else
    "P values come from a permutation test with %d random permutations%s."
}
#' @rdname methods_text
#' @export
methods_text.metaparity_permutest_ls <- methods_text.metaparity_permutest

#' @rdname methods_text
#' @export
results_text.metaparity_permutest <- function(x, digits = 2, lang = NULL, ...) {
  digits <- check_number(digits, "digits", 0, 10, sys.call())
  with_language(lang, {
    names <- rownames(x$beta)
    rows <- if (isTRUE(x$int.only)) 1L else which(!names %in% "intrcpt")
    each <- vapply(rows, function(i) {
      if (isTRUE(x$int.only)) translatef("The permutation test of the pooled effect gave %s.", text_p(x$pval[i])) else
        translatef("The permutation test of %s gave %s.", own_label(names[i]), text_p(x$pval[i]))
    }, "")
    scale <- setdiff(rownames(x$alpha), "intrcpt")
    other <- vapply(which(rownames(x$alpha) %in% scale & is.finite(x$pval.alpha %||% NA)), function(i) {
      translatef("The permutation test of %s for the heterogeneity gave %s.", own_label(rownames(x$alpha)[i]),
                 text_p(x$pval.alpha[i]))
    }, "")
    new_text(c(each, other))
  })
}
#' @rdname methods_text
#' @export
results_text.metaparity_permutest_ls <- results_text.metaparity_permutest

#' @rdname methods_text
#' @export
methods_text.metaparity_confint <- function(x, cite = TRUE, lang = NULL, ...) {
  check_flag(cite, "cite", sys.call())
  with_language(lang, new_text(translatef("Confidence intervals of the heterogeneity were computed%s.",
                                          cited("viechtbauer2007", cite)), "viechtbauer2007"))
}
#' @rdname methods_text
#' @export
methods_text.metaparity_confint_list <- methods_text.metaparity_confint
#' @rdname methods_text
#' @export
methods_text.metaparity_profile <- function(x, cite = TRUE, lang = NULL, ...) {
  check_flag(cite, "cite", sys.call())
  with_language(lang, new_text(translatef("The likelihood was profiled over the variance parameters%s.",
                                          cited("hardy1996", cite)),
                               "hardy1996"))
}
#' @rdname methods_text
#' @export
methods_text.metaparity_profile_list <- methods_text.metaparity_profile

#' @rdname methods_text
#' @export
results_text.metaparity_confint <- function(x, digits = 2, lang = NULL, ...) {
  digits <- check_number(digits, "digits", 0, 10, sys.call())
  with_language(lang, {
    level <- attr(x, "level") %||% 0.05
    level <- format(100 * if (level < 0.5) 1 - level else level)
    table <- x$random
    each <- vapply(seq_len(NROW(table)), function(i) {
      name <- sub("\\(%\\)", " (%)", rownames(table)[i])
      name <- sub("^sigma(?=[.0-9]*$)", "\u03c3", sub("^tau(?=[.0-9]*$)", "\u03c4", name, perl = TRUE), perl = TRUE)
      translatef("%s was %s (%s%% CI %s to %s).", own_label(plain_signs(name)), text_fixed(table[i, 1L], digits), level,
                 text_fixed(table[i, 2L], digits), text_fixed(table[i, 3L], digits))
    }, "")
    new_text(c(each, if (isTRUE(x$ci.null)) translate("No value of \u03c4\u00b2 is compatible with so little heterogeneity.")))
  })
}

#' @rdname methods_text
#' @export
results_text.metaparity_confint_list <- function(x, digits = 2, lang = NULL, ...) {
  parts <- Filter(function(part) inherits(part, "metaparity_confint"), unclass(x))
  with_language(lang, new_text(vapply(parts, function(part) text_markup(results_text(part, digits = digits)), "")))
}

#' @rdname methods_text
#' @export
results_text.metaparity_profile <- function(x, digits = 2, lang = NULL, ...) {
  digits <- check_number(digits, "digits", 0, 10, sys.call())
  with_language(lang, new_text(translatef("The log-likelihood is highest, %s, at %s.", text_fixed(x$maxll, 2L),
                                          own_text(
    paste(plain_signs(sub("2$", "^2", names(unclass(x))[1L])), "=", text_fixed(x$vc, max(3L, digits + 1L)))))))
}

#' @rdname methods_text
#' @export
results_text.metaparity_profile_list <- function(x, digits = 2, lang = NULL, ...) {
  parts <- Filter(function(part) inherits(part, "metaparity_profile"), unclass(x))
  with_language(lang, new_text(vapply(parts, function(part) text_markup(results_text(part, digits = digits)), "")))
}

#' @rdname methods_text
#' @export
methods_text.metaparity_anova <- function(x, cite = TRUE, lang = NULL, ...) {
  with_language(lang, new_text(translate(if (identical(x$type,
      "LRT")) "Nested models were compared by a likelihood ratio test." else
    "Moderators were tested by Wald-type tests.")))
}
#' @rdname methods_text
#' @export
methods_text.metaparity_anova_list <- function(x, cite = TRUE, lang = NULL, ...) methods_text(x[[1L]], lang = lang)

#' @rdname methods_text
#' @export
results_text.metaparity_anova <- function(x, lang = NULL, ...) {
  with_language(lang, {
    if (identical(x$type, "LRT")) {
      return(new_text(translatef("The likelihood ratio test gave %s, %s.", own_text(
        sprintf("LRT(%d) = %s", as.integer(x$parms.f - x$parms.r), text_fixed(x$LRT, 2L))), text_p(x$pval))))
    }
    f <- length(x$QMdf) > 1L && !is.na(x$QMdf[2L])
    test <- sprintf(if (f) "F(%s) = %s, %s" else "QM(%s) = %s, %s",
                    paste(format(round(stats::na.omit(x$QMdf), 2L), trim = TRUE), collapse = ", "),
                      text_fixed(x$QM, 2L), text_p(x$QMp))
    new_text(translatef("Test of moderators: %s.", own_text(test)))
  })
}

#' @rdname methods_text
#' @export
results_text.metaparity_anova_list <- function(x, lang = NULL, ...) {
  parts <- Filter(function(part) inherits(part, "metaparity_anova"), unclass(x))
  with_language(lang, new_text(vapply(parts, function(part) text_markup(results_text(part)), "")))
}

#' @rdname methods_text
#' @export
methods_text.metaparity_vif <- function(x, cite = TRUE, lang = NULL, ...) {
  with_language(lang, new_text(translate("Collinearity of the moderators was judged by variance inflation factors.")))
}

#' @rdname methods_text
#' @export
results_text.metaparity_vif <- function(x, digits = 2, lang = NULL, ...) {
  digits <- check_number(digits, "digits", 0, 10, sys.call())
  with_language(lang, {
    values <- unlist(x$vifs)
    new_text(translatef("The largest variance inflation factor was %s (%s).", text_fixed(max(values), digits),
                        own_label(names(values)[which.max(values)])))
  })
}

#' @rdname methods_text
#' @export
methods_text.metaparity_predict <- function(x, cite = TRUE, lang = NULL, ...) {
  check_flag(cite, "cite", sys.call())
  with_language(lang, new_text(translatef("Effects were predicted from the model, with intervals for the effect of a new study%s.",
                                          cited("riley2011", cite)), "riley2011"))
}

#' @rdname methods_text
#' @export
results_text.metaparity_predict <- function(x, digits = 2, lang = NULL, ...) {
  digits <- check_number(digits, "digits", 0, 10, sys.call())
  with_language(lang, {
    measure <- if (isTRUE(is.function(x$transf)) || isTRUE(x$transf)) "GEN" else list_origin(x, "measure") %||% "GEN"
    n <- text_numbers(list(measure = measure, ni = list_origin(x, "ni")), digits, x$pred)
    level <- format(shown_level(x))
    labels <- as.character(x$slab)
    each <- vapply(seq_along(x$pred), function(i) {
      start <- if (length(x$pred) == 1L || !nzchar(labels[i])) "" else own_text(paste0(own_label(labels[i]), ": "))
      both <- length(x$pi.lb) && !is.na(x$pi.lb[i])
      paste0(start, if (both) translatef("the predicted %s was %s (%s%% CI %s to %s; prediction interval %s to %s).",
                                         n$effect,
        n$show(x$pred[i]), level, n$show(x$ci.lb[i]), n$show(x$ci.ub[i]), n$show(x$pi.lb[i]), n$show(x$pi.ub[i])) else
        translatef("the predicted %s was %s (%s%% CI %s to %s).", n$effect, n$show(x$pred[i]), level,
                   n$show(x$ci.lb[i]), n$show(x$ci.ub[i])))
    }, "")
    capital <- getOption("metaparity.lang", "en") == "en" && length(each) == 1L
    new_text(if (capital) sub("^the", "The", each) else each)
  })
}

#' @rdname methods_text
#' @export
methods_text.metaparity_list <- function(x, cite = TRUE, lang = NULL, ...) {
  if (!all(c("pred", "pi.lb", "pi.ub") %in% names(unclass(x)))) return(methods_text.default(x))
  check_flag(cite, "cite", sys.call())
  what <- if (is.null(attr(x,
                           "deviations"))) "True effects of the studies were predicted by best linear unbiased predictions%s." else
    "Random effects were predicted by best linear unbiased predictions%s."
  with_language(lang, new_text(translatef(what, cited("raudenbush1985", cite)), "raudenbush1985"))
}

#' @rdname methods_text
#' @export
results_text.metaparity_list <- function(x, digits = 2, lang = NULL, ...) {
  if (!all(c("pred", "pi.lb", "pi.ub") %in% names(unclass(x)))) return(methods_text.default(x))
  digits <- check_number(digits, "digits", 0, 10, sys.call())
  with_language(lang, {
    deviations <- attr(x, "deviations")
    n <- if (is.null(deviations)) listed_numbers(x, digits, x$pred) else text_numbers(list(), digits, x$pred)
    effect <- if (is.null(deviations)) n$effect else text_measure(measure_info(deviations))
    ends <- c(which.min(x$pred), which.max(x$pred))
    what <- if (is.null(deviations)) "The predicted true effects (%s) of the studies lie between %s (%s) and %s (%s)." else
      "The predicted random effects of the studies (deviations from the average %s) lie between %s (%s) and %s (%s)."
    bare <- is.null(deviations) && effect == translate("effect")
    if (bare) what <- "The predicted true effects of the studies lie between %s (%s) and %s (%s)."
    said <- list(n$show(x$pred[ends[1L]]), own_label(x$slab[ends[1L]]), n$show(x$pred[ends[2L]]),
                 own_label(x$slab[ends[2L]]))
    new_text(do.call(translatef, c(list(what), if (!bare) list(effect), said)))
  })
}

#' @rdname methods_text
#' @export
methods_text.metaparity_ranef <- function(x, cite = TRUE, lang = NULL, ...) {
  check_flag(cite, "cite", sys.call())
  with_language(lang, new_text(translatef("Random effects were predicted by best linear unbiased predictions%s.",
                                          cited("raudenbush1985", cite)), "raudenbush1985"))
}

#' @rdname methods_text
#' @export
results_text.metaparity_ranef <- function(x, digits = 2, lang = NULL, ...) {
  digits <- check_number(digits, "digits", 0, 10, sys.call())
  with_language(lang, {
    each <- vapply(names(x), function(name) {
      values <- x[[name]][[1L]]
      translatef("The random effects of %s lie between %s and %s.", own_label(name), text_fixed(min(values), digits),
                 text_fixed(max(values), digits))
    }, "")
    new_text(each)
  })
}

#' @rdname methods_text
#' @export
methods_text.metaparity_deltamethod <- function(x, cite = TRUE, lang = NULL, ...) {
  with_language(lang, new_text(translate("Functions of the coefficients were estimated by the delta method.")))
}

#' @rdname methods_text
#' @export
results_text.metaparity_deltamethod <- function(x, digits = 2, lang = NULL, ...) {
  digits <- check_number(digits, "digits", 0, 10, sys.call())
  with_language(lang, {
    each <- vapply(seq_len(nrow(x$tab)), function(i) {
      row <- x$tab[i, ]
      digits <- text_places(row$coef, digits)
      translatef("Function %s was %s (%s%% CI %s to %s; %s).", own_label(rownames(x$tab)[i] %||% as.character(i)),
                 text_fixed(row$coef, digits), text_level(x), text_fixed(row$ci.lb, digits),
                   text_fixed(row$ci.ub, digits),
                 text_p(row$pval))
    }, "")
    new_text(each)
  })
}

#' @rdname methods_text
#' @export
methods_text.metaparity_escalc <- function(x, cite = TRUE, lang = NULL, ...) {
  check_flag(cite, "cite", sys.call())
  with_language(lang, new_text(c(translatef("The %s of each study and its sampling variance were computed from the data.",
    text_measure(measure_info(attr(x$yi, "measure") %||% "GEN"))), software_sentence(cite)), "rcore"))
}

#' @rdname methods_text
#' @export
results_text.metaparity_escalc <- function(x, digits = 2, lang = NULL, ...) {
  digits <- check_number(digits, "digits", 0, 10, sys.call())
  with_language(lang, {
    used <- range(as.numeric(x$yi), na.rm = TRUE)
    n <- text_numbers(list(measure = attr(x$yi, "measure") %||% "GEN", ni = attr(x$yi, "ni")), digits, used)
    new_text(translatef("The %s of %d studies ran from %s to %s.", n$effect, sum(!is.na(x$yi)), n$show(used[1L]),
                        n$show(used[2L])))
  })
}

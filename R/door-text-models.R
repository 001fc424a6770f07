# Paragraphs about the models that are not of one effect per study with one variance: multilevel and multivariate
# models,
# models of counts, location-scale and selection models, diagnostic accuracy, regression on correlations.

#' @rdname methods_text
#' @export
methods_text.metaparity_mv <- function(x, cite = TRUE, lang = NULL, ...) {
  check_flag(cite, "cite", sys.call())
  with_language(lang, {
    keys <- c(if (x$withS) "konstantopoulos2011", if (length(x$mv$terms$inner)) "berkey1998")
    effect <- text_numbers(x, 2L)$effect
    k <- as.integer(x$k)
    first <- if (!length(keys)) translatef("The model of the %s has %d estimates and known variances alone.", effect,
                                           k) else
      translatef("We analysed %d estimates of the %s by a multilevel or multivariate model%s, fitted by %s.", k, effect,
                 cited(keys, cite), own_text(translate(estimator_words(x$method))))
    inner <- vapply(x$mv$terms$inner, inner_sentence, "")
    new_text(c(first, if (x$withS) translatef("It has random effects of %s.", text_list(x$s.names)), inner,
               known_covariances(x), moderators_sentence(x), test_sentence(x, cite),
               translatef("Heterogeneity was described by Cochran's Q and the variance components."),
                 software_sentence(cite)),
             c(keys, test_key(x$test), df_key(x), robust_key(x), "rcore"))
  })
}

inner_sentence <- function(term) {
  translatef("The effects of %s within %s are correlated (structure %s).",
             own_label(term$inner$label %||% term$inner$names[1L]),
             own_label(term$outer$name), own_text(term$struct))
}

known_covariances <- function(x) {
  V <- x$V
  if (!is.matrix(V) && !inherits(V, "Matrix")) return(NULL)
  if (any(V[upper.tri(V)] != 0)) translate("Covariances of the sampling errors were part of the model.")
}

moderators_sentence <- function(x) {
  if (x$int.only) return(NULL)
  translatef("Moderators: %s.", text_list(moderator_names(x)))
}

robust_key <- function(x) if (is_robust(x)) "hedges2010"

#' @rdname methods_text
#' @export
results_text.metaparity_mv <- function(x, digits = 2, lang = NULL, ...) {
  digits <- check_number(digits, "digits", 0, 10, sys.call())
  with_language(lang, {
    n <- text_numbers(x, digits)
    first <- if (!x$int.only) moderator_sentences(x, digits) else
      translatef("The pooled %s of %d estimates was %s (%s%% CI %s to %s; %s, %s).", n$effect, as.integer(x$k),
                 n$show(x$beta), text_level(x), n$show(x$ci.lb), n$show(x$ci.ub), statistic_words(x), text_p(x$pval))
    pi <- predicted_range(x)
    new_text(c(first, whole_q_sentence(x), components_sentence(x, digits),
               if (!anyNA(pi)) translatef("The %s%% prediction interval was %s to %s.", text_level(x), n$show(pi[1L]),
                                          n$show(pi[2L]))))
  })
}

statistic_words <- function(x) {
  if (is.null(x$ddf) || is.na(x$ddf[1L])) sprintf("z = %s", text_fixed(x$zval, 2L)) else
    sprintf("t(%s) = %s", text_df(x$ddf[1L]), text_fixed(x$zval, 2L))
}

whole_q_sentence <- function(x) {
  df <- heterogeneity_df(x)
  if (df < 1L || is.na(x$QE)) return(NULL)
  translatef("Heterogeneity: %s.", own_text(sprintf("Q(%d) = %s, %s", df, text_fixed(x$QE, 2L), text_p(x$QEp))))
}

components_sentence <- function(x, digits) {
  table <- model_components(x)
  if (!nrow(table)) return(NULL)
  parts <- sprintf("%s = %s", plain_signs(named_components(x, table$name, escape_markdown)),
                   vapply(table$estimate, format_variance, "", digits = max(3L, digits + 1L)))
  translatef("Variance components: %s.", own_text(paste(parts, collapse = translate(", "))))
}

#' @rdname methods_text
#' @export
methods_text.metaparity_glmm <- function(x, cite = TRUE, lang = NULL, ...) {
  check_flag(cite, "cite", sys.call())
  with_language(lang, {
    family <- if (x$measure %in% c("OR", "PLO")) "logistic" else "Poisson"
    first <- if (x$measure %in% c("OR", "IRR")) {
      translatef("We analysed the %s of %d studies by a mixed-effects %s regression of the counts (%s)%s, fitted by %s.",
                 text_numbers(x, 2L)$effect, as.integer(x$k), family, glmm_words(x$model), cited("stijnen2010", cite),
                 own_text(translate("maximum likelihood")))
    } else {
      translatef("We analysed the %s of %d studies by a %s regression of the counts with a random intercept%s, fitted by %s.",
                 text_numbers(x, 2L)$effect, as.integer(x$k), family, cited("stijnen2010", cite),
                 own_text(translate("maximum likelihood")))
    }
    new_text(c(first, if (is_common_effect(x)) translate("No heterogeneity was assumed."), moderators_sentence(x),
               test_sentence(x, cite), translate("Heterogeneity was tested by a Wald and a likelihood ratio test."),
               software_sentence(cite)), c("stijnen2010", "rcore"))
  })
}

glmm_words <- function(model) {
  switch(model, UM.FS = "unconditional, with fixed effects of the studies",
         UM.RS = "unconditional, with random effects of the studies",
         CM.AL = "conditional on the numbers of events, with an approximate likelihood",
         CM.EL = "conditional on the numbers of events, with the exact likelihood")
}

#' @rdname methods_text
#' @export
results_text.metaparity_glmm <- function(x, digits = 2, lang = NULL, ...) {
  digits <- check_number(digits, "digits", 0, 10, sys.call())
  with_language(lang, {
    first <- if (x$int.only) pooled_sentence(x, digits) else moderator_sentences(x, digits)
    df <- heterogeneity_df(x)
    line <- function(name, q, p) sprintf("%s(%d) = %s, %s", name, df, text_fixed(q, 2L), text_p(p))
    tests <- own_text(paste(c(line("Wald", x$QE.Wld, x$QEp.Wld), line("LRT", x$QE.LRT, x$QEp.LRT)), collapse = "; "))
    het <- if (df < 1L) NULL else if (is_common_effect(x)) translatef("Heterogeneity: %s.", tests) else
      translatef("Heterogeneity: %s; \u03c4\u00b2 = %s.", tests, text_fixed(x$tau2, max(2L, digits + 1L)))
    new_text(c(first, het))
  })
}

#' @rdname methods_text
#' @export
methods_text.metaparity_ls <- function(x, cite = TRUE, lang = NULL, ...) {
  check_flag(cite, "cite", sys.call())
  with_language(lang, {
    scale <- setdiff(rownames(x$alpha), "intrcpt")
    first <- translatef("We analysed the %s of %d studies by a location-scale model%s, fitted by %s.",
                        text_numbers(x, 2L)$effect,
                        as.integer(x$k), cited("viechtbauer2022", cite), own_text(translate(estimator_words(x$method))))
    how <- if (length(scale)) translatef(if (x$link == "log") "The logarithm of \u03c4\u00b2 depends on %s." else "\u03c4\u00b2 depends on %s.",
                                         text_list(scale))
    new_text(c(first, how, moderators_sentence(x), test_sentence(x, cite), software_sentence(cite)),
             c("viechtbauer2022", test_key(x$test), "rcore"))
  })
}

#' @rdname methods_text
#' @export
results_text.metaparity_ls <- function(x, digits = 2, lang = NULL, ...) {
  digits <- check_number(digits, "digits", 0, 10, sys.call())
  with_language(lang, {
    first <- if (x$int.only) pooled_sentence(x, digits) else moderator_sentences(x, digits)
    names <- rownames(x$alpha)
    rows <- which(names != "intrcpt" & is.finite(x$alpha))
    scale <- vapply(rows, function(i) {
      translatef("The coefficient of %s for the heterogeneity was %s (%s%% CI %s to %s; %s).", own_label(names[i]),
                 text_fixed(x$alpha[i], digits), text_level(x), text_fixed(x$ci.lb.alpha[i], digits),
                 text_fixed(x$ci.ub.alpha[i], digits), text_p(x$pval.alpha[i]))
    }, "")
    new_text(c(first, scale, whole_q_sentence(x)))
  })
}

#' @rdname methods_text
#' @export
methods_text.metaparity_selmodel <- function(x, cite = TRUE, lang = NULL, ...) {
  check_flag(cite, "cite", sys.call())
  with_language(lang, {
    key <- selection_key(x$type)
    steps <- if (x$type %in% c("stepfun", "stepcon", "trunc", "truncest") && length(x$steps))
      translatef("Steps of the selection: %s.",
                 own_text(paste(format(x$steps[x$steps < 1], trim = TRUE), collapse = translate(", "))))
    new_text(c(model_sentence(x, cite), translatef("Publication bias was modelled by a selection function (%s)%s.",
                                                   translate(selection_words(x$type)), cited(key, cite)), steps,
               test_sentence(x, cite), software_sentence(cite)),
                 c(estimator_key(x$method), key, test_key(x$test), "rcore"))
  })
}

selection_words <- function(type) {
  switch(type, stepfun = "step function", stepcon = "step function", beta = "beta function",
         halfnorm = "half-normal function",
         negexp = "negative exponential function", negexppow = "negative exponential power function",
         logistic = "logistic function", power = "power function", trunc = "truncated distribution",
         truncest = "truncated distribution", "weights of a function of the p value")
}

selection_key <- function(type) {
  switch(type, stepfun = , stepcon = "vevea1995", beta = "citkowicz2017", trunc = , truncest = "rust1990",
         "preston2004")
}

#' @rdname methods_text
#' @export
results_text.metaparity_selmodel <- function(x, digits = 2, lang = NULL, ...) {
  digits <- check_number(digits, "digits", 0, 10, sys.call())
  with_language(lang, {
    first <- if (x$int.only) c(translate("These results take the selection into account."),
                               pooled_sentence(x, digits)) else moderator_sentences(x, digits)
    spread <- if (!is_common_effect(x)) translatef("The between-study variance was \u03c4\u00b2 = %s.",
                                                   text_fixed(x$tau2, max(2L, digits + 1L)))
    lrt <- if (isTRUE(is.finite(x$LRT))) translatef("Test of the selection: %s.", own_text(
      sprintf("LRT(%d) = %s, %s", as.integer(x$LRTdf), text_fixed(x$LRT, 2L), text_p(x$LRTp))))
    new_text(c(first, spread, lrt))
  })
}

#' @rdname methods_text
#' @export
methods_text.metaparity_dta <- function(x, cite = TRUE, lang = NULL, ...) {
  check_flag(cite, "cite", sys.call())
  with_language(lang, {
    keys <- c("chu2006", "reitsma2005", if (!is.null(x$summary) && is.finite(x$summary["Lambda", 1L])) "harbord2007")
    curve <- if ("harbord2007" %in% keys) translatef("The summary ROC curve is that of the hierarchical model%s.",
                                                     cited("harbord2007", cite))
    new_text(c(translatef(paste("Sensitivity and specificity of %d studies were pooled by a bivariate mixed-effects logistic",
                                "regression%s, fitted by maximum likelihood."), as.integer(x$k),
                                  cited(keys[1:2], cite)),
               curve, moderators_sentence(x), test_sentence(x, cite), software_sentence(cite)), c(keys, "rcore"))
  })
}

#' @rdname methods_text
#' @export
results_text.metaparity_dta <- function(x, digits = 2, lang = NULL, ...) {
  digits <- check_number(digits, "digits", 0, 10, sys.call())
  with_language(lang, {
    if (is.null(x$summary)) return(new_text(moderator_sentences(x, digits)))
    shown <- function(name, words) {
      row <- x$summary[name, ]
      translatef("%s was %s (%s%% CI %s to %s).", translate(words), text_fixed(row[["estimate"]], digits),
                 text_level(x),
                 text_fixed(row[["ci.lb"]], digits), text_fixed(row[["ci.ub"]], digits))
    }
    new_text(c(shown("sens", "The pooled sensitivity"), shown("spec", "The pooled specificity"),
               shown("DOR", "The diagnostic odds ratio"), shown("LR+", "The positive likelihood ratio"),
               shown("LR-", "The negative likelihood ratio"),
               if (isTRUE(is.finite(x$summary["AUC", "ci.lb"]))) shown("AUC", "The area under the summary ROC curve")))
  })
}

#' @rdname methods_text
#' @export
methods_text.metaparity_matreg <- function(x, cite = TRUE, lang = NULL, ...) {
  check_flag(cite, "cite", sys.call())
  with_language(lang, new_text(c(
    translatef("Regression coefficients were computed from the matrix of correlations or covariances%s.",
               cited("becker1992", cite)),
    test_sentence(x, cite), software_sentence(cite)), c("becker1992", "rcore")))
}

#' @rdname methods_text
#' @export
results_text.metaparity_matreg <- function(x, digits = 2, lang = NULL, ...) {
  digits <- check_number(digits, "digits", 0, 10, sys.call())
  with_language(lang, {
    frame <- as.data.frame(x)
    each <- vapply(which(!frame$term %in% "intrcpt"), function(i) {
      translatef("The coefficient of %s was %s (%s%% CI %s to %s; %s).", own_label(frame$term[i]),
                 text_fixed(frame$beta[i], digits), text_level(x), text_fixed(frame$ci.lb[i], digits),
                 text_fixed(frame$ci.ub[i], digits), text_p(frame$pval[i]))
    }, "")
    new_text(c(each, if (isTRUE(is.finite(x$R2))) translatef("The predictors account for %s%% of the variance.",
                                                             text_fixed(100 * x$R2, 1L))))
  })
}

#' @rdname methods_text
#' @export
methods_text.metaparity_batch <- function(x, cite = TRUE, lang = NULL, ...) {
  check_flag(cite, "cite", sys.call())
  with_language(lang, {
    s <- attr(x, "settings")
    common <- s$method %in% c("FE", "EE", "CE")
    key <- if (!common) estimator_key(s$method)
    first <- if (common) translatef("Each of %d outcomes was pooled by a common-effect model with inverse-variance weights.", nrow(x)) else
      translatef("Each of %d outcomes was pooled by a random-effects model; the between-study variance was estimated by %s.", nrow(x),
                 own_text(paste0(translate(estimator_words(s$method)), cited(key, cite))))
    adjusted <- if (identical(s$padj, "BH")) translatef("P values were adjusted for the false discovery rate%s.",
                                                        cited("benjamini1995", cite)) else
      if (length(s$padj) && !identical(s$padj, "none")) translatef("P values were adjusted (%s).", own_text(s$padj))
    new_text(c(first, test_sentence(list(test = s$test, level = 1 - s$level), cite), adjusted, software_sentence(cite)),
             c(key, test_key(s$test), if (identical(s$padj, "BH")) "benjamini1995", "rcore"))
  })
}

#' @rdname methods_text
#' @export
results_text.metaparity_batch <- function(x, lang = NULL, ...) {
  with_language(lang, {
    alpha <- 1 - attr(x, "settings")$level
    count <- function(p) sum(p < alpha, na.rm = TRUE)
    new_text(c(translatef("Of %d outcomes %d had a p value below %s.", sum(is.finite(x$pval)), count(x$pval),
                          format(alpha)),
               if (!is.null(x$padj)) translatef("After the adjustment there were %d.", count(x$padj))))
  })
}

#' @rdname methods_text
#' @export
methods_text.stata_view <- function(x, cite = TRUE, lang = NULL, ...) {
  methods_text(told_result(x, sys.call()), cite = cite, lang = lang, ...)
}

#' @rdname methods_text
#' @export
results_text.stata_view <- function(x, lang = NULL, ...) results_text(told_result(x, sys.call()), lang = lang, ...)

# The first result behind a view that has a paragraph.
told_result <- function(x, call) {
  found <- first_told(x$fit) %||% first_told(x$model) %||% first_told(x$pool)
  if (is.null(found)) abort_capability("x", sprintf('is of class "%s", which has no fit to write about', class(x)[1L]),
                                       call)
  found
}

first_told <- function(x) {
  if (is.null(x) || !is.list(x)) return(NULL)
  if (inherits(x, c("stata_mvmeta", "stata_network_meta"))) return(x)
  if (inherits(x, "stata_view")) return(first_told(x$fit))
  has <- function(class) !is.null(utils::getS3method("methods_text", class, optional = TRUE))
  if (any(vapply(class(x), has, NA))) return(x)
  if (is.object(x)) return(NULL)
  for (part in x) {
    found <- first_told(part)
    if (!is.null(found)) return(found)
  }
}

#' @rdname methods_text
#' @export
methods_text.stata_mvmeta <- function(x, cite = TRUE, lang = NULL, ...) {
  check_flag(cite, "cite", sys.call())
  with_language(lang, new_text(c(
    translatef("%d outcomes of %d studies were analysed together by a multivariate model%s, fitted by %s.",
               as.integer(x$r$dim),
               as.integer(x$r$N), cited("white2011", cite), mvmeta_words(x$r$method)), software_sentence(cite)),
    c("white2011", "rcore")))
}

mvmeta_words <- function(method) {
  own_text(switch(as.character(method), reml = translate("restricted maximum likelihood"),
                  ml = translate("maximum likelihood"),
                  fixed = translate("weighted least squares without heterogeneity"), mm = , mm1 = ,
                    mm2 = translate("the method of moments"),
                  method))
}

#' @rdname methods_text
#' @export
results_text.stata_mvmeta <- function(x, digits = 2, lang = NULL, ...) {
  digits <- check_number(digits, "digits", 0, 10, sys.call())
  with_language(lang, new_text(coefficient_sentences(x$table, x$options$level, digits)))
}

# Rows of a table of Stata's: eq, name, b, lo, hi, p.
coefficient_sentences <- function(table, level, digits, label = NULL) {
  constant <- table$name %in% c("_cons", "")
  label <- label %||% ifelse(constant, table$eq, paste0(table$eq, ":", table$name))
  vapply(seq_along(label), function(i) {
    translatef("The coefficient of %s was %s (%s%% CI %s to %s; %s).", own_label(label[i]),
               text_fixed(table$b[i], digits),
               format(100 * level), text_fixed(table$lo[i], digits), text_fixed(table$hi[i], digits),
                 text_p(table$p[i]))
  }, "")
}

#' @rdname methods_text
#' @export
methods_text.stata_network_meta <- function(x, cite = TRUE, lang = NULL, ...) {
  check_flag(cite, "cite", sys.call())
  with_language(lang, {
    keys <- c("white2012", if (x$model == "inconsistency") "higgins2012")
    model <- if (x$model == "inconsistency") "design-by-treatment inconsistency model" else "consistency model"
    new_text(c(translatef("%d treatments of %d studies were compared by a network meta-analysis (%s)%s.",
                          nrow(x$network$treatments), length(x$network$ids), translate(model), cited(keys, cite)),
               translate("One heterogeneity variance was common to all comparisons."), software_sentence(cite)),
                 c(keys, "rcore"))
  })
}

#' @rdname methods_text
#' @export
results_text.stata_network_meta <- function(x, digits = 2, lang = NULL, ...) {
  digits <- check_number(digits, "digits", 0, 10, sys.call())
  with_language(lang, {
    info <- measure_info(contrast_measure(x$network$measure))
    back <- if (identical(info$back, "exp")) exp else identity
    rows <- x$table[x$table$name %in% "_cons", , drop = FALSE]
    treatments <- x$network$treatments
    named <- treatments$name[match(sub("^.*_", "", rows$eq), treatments$code)]
    named[is.na(named)] <- rows$eq[is.na(named)]
    base <- treatments$name[match(x$network$ref, treatments$code)]
    each <- vapply(seq_len(nrow(rows)), function(i) {
      translatef("%s against %s: %s %s (%s%% CI %s to %s; %s).", own_label(named[i]), own_label(base),
                 text_measure(info, identical(info$back, "exp")), text_fixed(back(rows$b[i]), digits),
                 format(100 * x$options$level), text_fixed(back(rows$lo[i]), digits),
                   text_fixed(back(rows$hi[i]), digits),
                 text_p(rows$p[i]))
    }, "")
    test <- x$test
    new_text(c(each, if (length(test$p)) translatef("Test of inconsistency: %s.", own_text(
      sprintf("\u03c7\u00b2(%s) = %s, %s", format(test$df), text_fixed(test$chi2 %||% (test$F), 2L), text_p(test$p))))))
  })
}

contrast_measure <- function(measure) {
  known <- c("log odds ratio" = "OR", "log risk ratio" = "RR", "risk difference" = "RD", "log hazard ratio" = "HR",
             "mean difference" = "MD", "standardised mean difference" = "SMD", "standardized mean difference" = "SMD")
  found <- known[tolower(as.character(measure %||% ""))]
  if (length(found) != 1L || is.na(found)) "GEN" else found[[1L]]
}

# Commands for the bias of small studies have numbers but no fit.
bias_words <- function(x) {
  r <- x$r
  lines <- list(
    egger = if (length(r$bias)) list(egger1997 = list(r$bias, r$se_bias, r$p_bias %||% r$p)),
    begg = if (length(r$score)) list(begg1994 = list(r$z, r$p)))
  Filter(Negate(is.null), lines)
}

methods_of_bias <- function(x, cite) {
  known <- bias_words(x)
  new_text(c(if (length(known$egger)) translatef("Asymmetry of the funnel plot was tested by Egger's regression%s.",
                                                 cited("egger1997", cite)),
             if (length(known$begg)) translatef(
               "Asymmetry of the funnel plot was tested by the rank correlation of effects and variances (Begg's test)%s.",
               cited("begg1994", cite))),
           c(if (length(known$egger)) "egger1997", if (length(known$begg)) "begg1994"))
}

results_of_bias <- function(x) {
  known <- bias_words(x)
  egger <- known$egger$egger1997
  begg <- known$begg$begg1994
  new_text(c(if (length(egger)) translatef("Egger's test: intercept %s (SE %s), %s.", text_fixed(egger[[1L]], 2L),
                                           text_fixed(egger[[2L]], 2L), text_p(egger[[3L]])),
             if (length(begg)) translatef("Begg's test: z = %s, %s.", text_fixed(begg[[1L]], 2L), text_p(begg[[2L]]))))
}

#' @rdname methods_text
#' @export
methods_text.stata_metabias6 <- function(x, cite = TRUE, lang = NULL, ...) {
  check_flag(cite, "cite", sys.call())
  if (!length(bias_words(x))) return(NextMethod())
  with_language(lang, methods_of_bias(x, cite))
}
#' @rdname methods_text
#' @export
methods_text.stata_metabias <- methods_text.stata_metabias6
#' @rdname methods_text
#' @export
methods_text.stata_meta_bias <- methods_text.stata_metabias6

#' @rdname methods_text
#' @export
results_text.stata_metabias6 <- function(x, lang = NULL, ...) {
  if (!length(bias_words(x))) return(NextMethod())
  with_language(lang, results_of_bias(x))
}
#' @rdname methods_text
#' @export
results_text.stata_metabias <- results_text.stata_metabias6
#' @rdname methods_text
#' @export
results_text.stata_meta_bias <- results_text.stata_metabias6

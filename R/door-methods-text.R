# methods_text(): the paragraph about methods of a paper, from what a result knows of its model.

#' Paragraphs for a paper
#'
#' `methods_text()` writes what was done (measure, model, estimator, tests, heterogeneity, software), `results_text()`
#' what
#' came out (pooled effect on its natural scale, interval, p value, heterogeneity, prediction interval), from the result
#' itself and in English or Chinese.
#'
#' @param x,object a result: of [rma()] (with moderators, groups or a scale too), [rma.mh()], [rma.peto()], [rma.mv()],
#'   [rma.glmm()], [rma.dta()], [selmodel()], [robust()], [matreg()], [rma_batch()]; of an analysis: [regtest()],
#'   [ranktest()],
#'   [trimfill()], [fsn()], [tes()], [hc()], [hettest()], [leave1out()], [cumul()], [influence()], [gosh()],
#'   [permutest()],
#'   [anova()][anova.metaparity], [confint()][confint.metaparity_uni], [profile()][profile.metaparity], [vif()],
#'   [predict()][predict.metaparity], [blup()], [ranef()], [deltamethod()]; of [escalc()]; of Stata's commands
#'   ([metan()] and the
#'   others), for the fit behind them.
#' @param cite whether the references are marked as in `[@knapp2003]`, which pandoc resolves.
#' @param digits decimals of effects.
#' @param lang `"en"` or `"zh"`; the option `metaparity.lang` by default.
#' @param ... not used.
#' @return A character string of class `metaparity_text` with the attribute `keys`, the references that it cites;
#'   `toBibtex()` gives their entries (file `REFERENCES.bib` of the package). The string is plain text; in
#'   R Markdown the text itself stands as it is, with labels of studies escaped.
#' @details What has no text is an error of class `metaparity_error_unsupported`.
#' @section In other software: \pkg{metafor}: `reporter()` writes a report; RevMan, Stata: none.
#' @references Appelbaum M et al. (2018). Journal article reporting standards for quantitative research in psychology.
#'   American Psychologist 73, 3-25.
#' @examples
#' d <- data.frame(ev1 = c(4, 6, 3, 62), n1 = c(123, 306, 231, 13598),
#'                 ev2 = c(11, 29, 11, 248), n2 = c(139, 303, 220, 12867))
#' fit <- rma(ai = ev1, n1i = n1, ci = ev2, n2i = n2, data = d, measure = "RR", test = "knha")
#' methods_text(fit)
#' results_text(fit)
#' toBibtex(methods_text(fit))
#' @export
methods_text <- function(x, ...) {
  check_given(x)
  UseMethod("methods_text")
}

#' @rdname methods_text
#' @export
methods_text.default <- function(x, ...) {
  abort_capability("x", sprintf('is of class "%s", which has no paragraph: use a result of rma() or of an analysis of one',
                                class(x)[1L]), sys.call(-1L))
}

#' @rdname methods_text
#' @export
methods_text.metaparity_uni <- function(x, cite = TRUE, lang = NULL, ...) {
  check_flag(cite, "cite", sys.call())
  with_language(lang, new_text(c(model_sentence(x, cite), test_sentence(x, cite), cells_sentence(x),
                                 weights_sentence(x), heterogeneity_methods(x, cite), software_sentence(cite)),
                               c(if (!isTRUE(x$tau2.fix)) estimator_key(x$method),
                                 if (!x$int.only && !is_common_effect(x)) "thompson2002", test_key(x$test),
                                 robust_key(x), "higgins2002", "rcore")))
}

#' @rdname methods_text
#' @export
methods_text.metaparity_mh <- function(x, cite = TRUE, lang = NULL, ...) {
  check_flag(cite, "cite", sys.call())
  peto <- inherits(x, "rma.peto")
  keys <- if (peto) "yusuf1985" else c("mantel1959", "robins1986")
  with_language(lang, {
    effect <- text_numbers(x, 2L)$effect
    sentence <- if (peto) translatef("We pooled the %s of %d studies by Peto's method%s.", effect, x$k,
                                     cited(keys, cite)) else
      translatef("We pooled the %s of %d studies by the Mantel-Haenszel method%s.", effect, x$k, cited(keys, cite))
    new_text(c(sentence, translatef("Heterogeneity was described by Cochran's Q and I\u00b2%s.",
                                    cited("higgins2002", cite)),
               software_sentence(cite)), c(keys, "higgins2002", "rcore"))
  })
}
#' @rdname methods_text
#' @export
methods_text.metaparity_peto <- methods_text.metaparity_mh

#' @rdname methods_text
#' @export
methods_text.metaparity_subgroup <- function(x, cite = TRUE, lang = NULL, ...) {
  whole <- methods_text(x$overall, cite = cite, lang = lang)
  with_language(lang, {
    new_text(c(whole, translatef("Subgroups by %s were pooled separately and compared by the test between groups.",
                                 own_label(x$by_name))), attr(whole, "keys"))
  })
}

#' @rdname methods_text
#' @export
methods_text.metaparity_regtest <- function(x, cite = TRUE, lang = NULL, ...) {
  with_language(lang, {
    how <- if (x$model == "lm") "weighted regression with multiplicative dispersion" else "meta-regression"
    new_text(translatef("Asymmetry of the funnel plot was tested by regression on the %s (Egger's test, %s)%s.",
                        regtest_predictor(x$predictor), how, cited("egger1997", cite)), "egger1997")
  })
}

regtest_predictor <- function(predictor) {
  switch(predictor, sei = "standard error", vi = "sampling variance", ni = "sample size", ninv = "inverse sample size",
         sqrtni = "square root of the sample size", sqrtninv = "inverse square root of the sample size", predictor)
}

#' @rdname methods_text
#' @export
methods_text.metaparity_ranktest <- function(x, cite = TRUE, lang = NULL, ...) {
  with_language(lang, new_text(translatef(
    "Asymmetry of the funnel plot was tested by the rank correlation of effects and variances (Begg's test)%s.",
    cited("begg1994", cite)), "begg1994"))
}

#' @rdname methods_text
#' @export
methods_text.metaparity_trimfill <- function(x, cite = TRUE, lang = NULL, ...) {
  with_language(lang, new_text(translatef("Missing studies were imputed by trim and fill (estimator %s)%s.", x$k0.est,
                                          cited("duval2000", cite)), "duval2000"))
}

#' @rdname methods_text
#' @export
methods_text.metaparity_leave1out <- function(x, cite = TRUE, lang = NULL, ...) {
  name <- attr(x, "left.out")
  with_language(lang, new_text(
    if (is.null(name)) translate("In a sensitivity analysis each study was left out in turn.") else
      if (nzchar(name)) translatef("In a sensitivity analysis each group of %s was left out in turn.",
                                   own_label(name)) else
        translate("In a sensitivity analysis each cluster was left out in turn.")))
}

#' @rdname methods_text
#' @export
methods_text.metaparity_cumul <- function(x, cite = TRUE, lang = NULL, ...) {
  check_flag(cite, "cite", sys.call())
  with_language(lang, new_text(translatef("In a cumulative meta-analysis the studies were added one at a time%s.",
                                          cited("lau1992", cite)), "lau1992"))
}

#' @rdname methods_text
#' @export
methods_text.metaparity_influence <- function(x, cite = TRUE, lang = NULL, ...) {
  with_language(lang, new_text(translatef(
    "Influential studies were looked for by Cook's distances, DFFITS and covariance ratios%s.",
    cited("viechtbauer2010", cite)), "viechtbauer2010"))
}

# ---- sentences of a model ----

model_sentence <- function(x, cite) {
  effect <- text_numbers(x, 2L)$effect
  if (is_common_effect(x)) {
    if (!x$int.only) return(translatef("The %s of %d studies was related to %s by a common-effect meta-regression.",
                                       effect,
                                       x$k, text_list(moderator_names(x))))
    return(translatef("We pooled the %s of %d studies by a common-effect model with inverse-variance weights.", effect,
                      x$k))
  }
  if (isTRUE(x$tau2.fix)) return(given_tau2_sentence(x, effect, cite))
  tau2 <- paste0(translate(estimator_words(x$method)), cited(estimator_key(x$method), cite))
  if (x$int.only) {
    translatef("We pooled the %s of %d studies by a random-effects model; the between-study variance was estimated by %s.",
               effect, x$k, own_text(tau2))
  } else {
    translatef("The %s of %d studies was related to %s by a mixed-effects meta-regression%s; \u03c4\u00b2 was estimated by %s.",
               effect, x$k, text_list(moderator_names(x)), cited("thompson2002", cite), own_text(tau2))
  }
}

given_tau2_sentence <- function(x, effect, cite) {
  value <- own_text(format(signif(x$tau2, 4L)))
  if (x$int.only) {
    return(translatef("We pooled the %s of %d studies by a random-effects model; the between-study variance was set to %s.",
                      effect, x$k, value))
  }
  translatef("The %s of %d studies was related to %s by a mixed-effects meta-regression%s; \u03c4\u00b2 was set to %s.",
             effect, x$k, text_list(moderator_names(x)), cited("thompson2002", cite), value)
}

moderator_names <- function(x) setdiff(rownames(x$beta), "intrcpt")

estimator_words <- function(method) {
  switch(method, REML = "restricted maximum likelihood", ML = "maximum likelihood",
         DL = "the method of DerSimonian and Laird", HE = , CO = , VC = "the method of Hedges and Olkin",
         HS = , HSk = "the method of Hunter and Schmidt", SJ = "the method of Sidik and Jonkman",
         PM = , MP = "the method of Paule and Mandel", EB = "empirical Bayes",
         DLIT = , GENQ = , GENQM = , DL2 = , CA2 = "a generalised method of moments", paste("the estimator", method))
}

estimator_key <- function(method) {
  switch(method, REML = , ML = "viechtbauer2005", DL = "dersimonian1986", HE = , CO = , VC = "hedges1985",
         HS = , HSk = "hunter2004", SJ = "sidik2005", PM = , MP = "paule1982", EB = "morris1983",
         DLIT = , GENQ = , GENQM = , DL2 = , CA2 = "dersimonian2007", NULL)
}

test_key <- function(test) if (test %in% c("knha", "hksj", "adhoc")) "knapp2003"

test_sentence <- function(x, cite) {
  level <- text_level(x)
  if (is_robust(x)) {
    return(translatef("Tests and %s%% confidence intervals use cluster-robust variances%s (%d clusters) and the t distribution.",
                      level, cited("hedges2010", cite), as.integer(x$n)))
  }
  switch(x$test,
    knha = , hksj = translatef("Tests and %s%% confidence intervals are those of Knapp and Hartung%s.", level,
                               cited("knapp2003", cite)),
    adhoc = translatef(paste("Tests and %s%% confidence intervals are those of Knapp and Hartung%s, with a variance not",
                             "below that of the model."), level, cited("knapp2003", cite)),
    t = t_sentence(x, level, cite),
    translatef("Tests and %s%% confidence intervals use the normal distribution.", level))
}

# Multilevel models have several ways to degrees of freedom.
t_sentence <- function(x, level, cite) {
  dfs <- if (inherits(x, "metaparity_mv")) x$dfs
  if (is.null(dfs)) return(translatef("Tests and %s%% confidence intervals use the t distribution.", level))
  switch(if (is.character(dfs)) dfs else "given",
    `kenward-roger` = translatef(paste("Tests and %s%% confidence intervals use the t distribution with variances and degrees of",
                                       "freedom by the method of Kenward and Roger%s."), level,
                                         cited("kenward1997", cite)),
    satterthwaite = translatef("Tests and %s%% confidence intervals use the t distribution with Satterthwaite degrees of freedom%s.",
                               level, cited("satterthwaite1946", cite)),
    contain = translatef("Tests and %s%% confidence intervals use the t distribution with degrees of freedom by containment.", level),
    residual = translatef("Tests and %s%% confidence intervals use the t distribution with residual degrees of freedom.", level),
    translatef("Tests and %s%% confidence intervals use the t distribution with given degrees of freedom.", level))
}

df_key <- function(x) {
  if (is_robust(x) || !is.character(x$dfs)) return(NULL)
  switch(x$dfs[1L], `kenward-roger` = "kenward1997", satterthwaite = "satterthwaite1946")
}

weights_sentence <- function(x) {
  if (length(own_weights(x))) return(translate("The studies were weighted by weights of our own."))
  if (isFALSE(x$weighted)) translate("The studies were not weighted.")
}

# The rule for cells of 0, where the data are tables that have some: that of the fit, or the one by which escalc() came
# to the effects.
cells_sentence <- function(x) {
  if (!measure_info(x$measure)$family %in% c("binary", "rates")) return(NULL)
  raw <- raw_of(x)
  counts <- raw[intersect(c("ai", "bi", "ci", "di", "x1i", "x2i"), names(raw))]
  zero <- Reduce(`|`, c(lapply(counts, function(v) v %in% 0), empty_cells(raw)), FALSE)
  if (!any(zero)) return(NULL)
  cells <- x$input$cells
  rule <- if (is.null(x$input$raw) || is.null(cells)) found_rule(raw, x) else
    list(add = cells$add %||% convention_spec(cells$convention)$add, to = cells$to %||% "only0")
  if (is.null(rule) || rule$to == "none") return(NULL)
  translatef(if (rule$to == "only0") "In studies with a cell of 0, %s was added to every cell." else
    "%s was added to every cell of all studies.", format(rule$add))
}

# Arms given by their totals have cells of 0 where everyone had the event.
empty_cells <- function(raw) {
  pairs <- list(c("n1i", "ai"), c("n2i", "ci"))
  lapply(Filter(function(pair) all(pair %in% names(raw)), pairs), function(pair) raw[[pair[1L]]] == raw[[pair[2L]]])
}

# The usual rules under which the counts give the effects of the fit, if not adding anything does not give them, too.
found_rule <- function(raw, x) {
  given <- cbind(as.numeric(x$yi.f), as.numeric(x$vi.f))
  gives <- function(add, to) {
    made <- tryCatch(suppressWarnings(do.call(escalc, c(list(x$measure), raw, list(add = add, to = to)))),
                     metaparity_error = function(e) NULL)
    if (is.null(made)) return(FALSE)
    found <- cbind(as.numeric(align_rows(as.numeric(made$yi), x)), as.numeric(align_rows(as.numeric(made$vi), x)))
    identical(dim(found), dim(given)) && isTRUE(all.equal(found[x$not.na, ], given[x$not.na, ], tolerance = 1e-8))
  }
  if (gives(0, "none")) return(NULL)
  for (add in c(1 / 2, 1, 0.1, 0.01)) for (to in c("only0", "all")) if (gives(add, to)) return(list(add = add, to = to))
}

heterogeneity_methods <- function(x, cite) {
  if (is_common_effect(x)) {
    return(translatef("Heterogeneity was described by Cochran's Q and I\u00b2%s.", cited("higgins2002", cite)))
  }
  if (!x$int.only || x$k < 3L) {
    return(translatef("Heterogeneity was described by Cochran's Q, I\u00b2 and \u03c4\u00b2%s.",
                      cited("higgins2002", cite)))
  }
  translatef("Heterogeneity was described by Cochran's Q, I\u00b2 and \u03c4\u00b2%s and by a prediction interval.",
             cited("higgins2002", cite))
}

software_sentence <- function(cite) {
  translatef("The analysis was done in R %s%s with the package metaparity %s.", format(getRversion()),
             cited("rcore", cite),
             format(utils::packageVersion("metaparity")))
}

# Owns which results are tables of a document, and what each of them says there: the numbers, the names of the rows,
# the caption, and in notes below whatever the columns do not hold.

#' @rdname knitr
#' @exportS3Method knitr::knit_print
knit_print.metaparity <- function(x, options = NULL, ...) knit_result(x, fit_document, options, ...)

#' @rdname knitr
#' @exportS3Method knitr::knit_print
knit_print.metaparity_subgroup <- function(x, options = NULL, ...) knit_result(x, subgroup_document, options, ...)

#' @rdname knitr
#' @exportS3Method knitr::knit_print
knit_print.metaparity_list <- function(x, options = NULL, ...) knit_result(x, list_document, options, ...)

#' @rdname knitr
#' @exportS3Method knitr::knit_print
knit_print.metaparity_cumul <- knit_print.metaparity_list

#' @rdname knitr
#' @exportS3Method knitr::knit_print
knit_print.metaparity_confint <- function(x, options = NULL, ...) knit_result(x, confint_document, options, ...)

#' @rdname knitr
#' @exportS3Method knitr::knit_print
knit_print.metaparity_anova <- function(x, options = NULL, ...) knit_result(x, anova_document, options, ...)

#' @rdname knitr
#' @exportS3Method knitr::knit_print
knit_print.metaparity_anova_list <- function(x, options = NULL, ...) knit_result(x, anova_document, options, ...)

#' @rdname knitr
#' @exportS3Method knitr::knit_print
knit_print.metaparity_regtest <- function(x, options = NULL, ...) knit_result(x, regtest_document, options, ...)

#' @rdname knitr
#' @exportS3Method knitr::knit_print
knit_print.metaparity_ranktest <- function(x, options = NULL, ...) knit_result(x, ranktest_document, options, ...)

#' @rdname knitr
#' @exportS3Method knitr::knit_print
knit_print.metaparity_influence <- function(x, options = NULL, ...) knit_result(x, influence_document, options, ...)

#' @rdname knitr
#' @exportS3Method knitr::knit_print
knit_print.metaparity_permutest <- function(x, options = NULL, ...) knit_result(x, permutest_document, options, ...)

#' @rdname knitr
#' @exportS3Method knitr::knit_print
knit_print.metaparity_escalc <- function(x, options = NULL, ...) knit_result(x, escalc_document, options, ...)

fit_document <- function(x) {
  frame <- as.data.frame(x)
  if (x$test != "z") names(frame)[names(frame) == "zval"] <- "tval"
  moderated <- !x$int.only
  scale <- natural_scale(x$measure, moderated, x$ni)
  label <- if (length(frame$term) > 1L) list(Term = frame$term)
  main <- rep(TRUE, nrow(frame))
  if (!is.null(frame$component)) {
    main <- frame$component %in% c("location", "effect")
    label <- c(list(Part = translate(component_words[frame$component])), label)
  }
  frame$term <- frame$component <- NULL
  frame <- add_natural(frame, scale)
  frame[!main, intersect(c("natural", "natural.lb", "natural.ub"), names(frame))] <- NA
  list(frame = frame, label = label, caption = document_title(x), notes = fit_notes(x), blank = !all(main),
       spoken = which(main), heads = measure_heads(x$measure, scale, moderated || !all(main)),
       sentence = if (moderated) "estimate" else "natural")
}

component_words <- c(location = "Location", scale = "Scale", effect = "Effect", selection = "Selection")

# As in the console; a selection model is named, too.
document_title <- function(x) {
  if (!is.na(pooled_title(x))) return(sprintf("Equal-Effects Model (k = %d)", x$k))
  if (inherits(x, "metaparity_mv")) return(mv_title(x))
  if (inherits(x, "metaparity_ls")) return(ls_title(x))
  if (inherits(x, "metaparity_selmodel")) return(sub("^[-A-Za-z]+", "Selection", format_model_title(x)))
  format_model_title(x)
}

pooled_title <- function(x) {
  if (inherits(x, "metaparity_mh")) "Mantel-Haenszel" else if (inherits(x, "metaparity_peto")) "Peto" else NA_character_
}

# What a fit says beside its coefficients.
fit_notes <- function(x) {
  common <- x$method %in% common_methods && !isTRUE(x$tau2.fix)
  pooled <- pooled_title(x)
  digits <- expand_digits(NULL, x$digits)
  label <- measure_info(x$measure)$label
  c(if (!is.na(pooled)) sprintf("%s: %s", translate("Method"), pooled),
    if (!x$int.only && label != "Observed Outcome") sprintf("%s: %s", translate("Measure"), translate(label)),
    if (!common && is.na(pooled)) component_notes(x, escape_markdown),
    if (isFALSE(is.na(x$I2))) sprintf("I^2 = %s%%", format_fixed(x$I2, 1L)),
    q_notes(x, digits),
    moderator_notes(x, digits), class_notes(x, digits), part_notes(x, digits[["pval"]]),
      if (inherits(x, "summary.metaparity"))
      fit_stat_notes(x, digits))
}

# Mixed models of counts have two statistics.
q_notes <- function(x, digits) {
  line <- function(name, stat, p) {
    sprintf("%s(%d) = %s, %s", name, heterogeneity_df(x), format_fixed(stat, 2L),
            format_p_document(p, digits[["pval"]], TRUE))
  }
  if (inherits(x, "metaparity_glmm")) return(c(line("Wld", x$QE.Wld, x$QEp.Wld), line("LRT", x$QE.LRT, x$QEp.LRT)))
  if (isFALSE(is.na(x$QE))) line(if (x$int.only) "Q" else "QE", x$QE, x$QEp)
}

component_notes <- function(x, clean = identity) {
  # A variance that differs between studies is no one number.
  if (length(x$tau2) != 1L && !inherits(x, "metaparity_mv")) return(NULL)
  if (!inherits(x, "metaparity_mv")) return(sprintf("tau^2 = %s", format_variance(x$tau2, 4L)))
  table <- model_components(x)
  sprintf("%s = %s", named_components(x, table$name, clean), vapply(table$estimate, format_variance, "", digits = 4L))
}

# The names of components with those of their factors or levels.
named_components <- function(x, names, clean = identity) {
  inner <- lapply(seq_along(x$mv$terms$inner), function(i) {
    t <- x$mv$terms$inner[[i]]
    v <- inner_values(x, i)
    if (length(v$tau2) > 1L) return(stats::setNames(t$inner$levels, paste0(v$names[1L], ".", seq_along(v$tau2))))
    stats::setNames(paste(t$inner$label %||% t$inner$names, t$outer$name, sep = " | "), v$names[1L])
  })
  one <- length(x$sigma2) == 1L
  known <- c(if (x$withS) stats::setNames(x$s.names, if (one) "sigma^2" else paste0("sigma^2.", seq_along(x$sigma2))),
             unlist(inner))
  own <- names %in% names(known)
  names[own] <- sprintf("%s (%s)", names[own], clean(known[names[own]]))
  names
}

moderator_notes <- function(x, digits) {
  if (x$int.only || is.na(x$QM)) return(NULL)
  df <- if (is.na(x$QMdf[2L])) "QM(%s)" else "F(%s, %s)"
  name <- do.call(sprintf, c(list(df), as.list(format(round(stats::na.omit(x$QMdf), 2), trim = TRUE))))
  test <- paste(translate(sprintf("Test of Moderators (coefficient%s %s):", if (length(x$btt) == 1L) "" else "s",
                                  format_runs(x$btt))),
                sprintf("%s = %s, %s", name, format_fixed(x$QM, 2L), format_p_document(x$QMp, digits[["pval"]], TRUE)))
  c(if (!is.null(x$R2) && !is.na(x$R2)) sprintf("R^2 = %s%%", format_fixed(x$R2, 1L)), test)
}

class_notes <- function(x, digits) {
  lines <- c(if (inherits(x, "metaparity_trimfill")) format_trimfill(x, digits),
             if (is_robust(x)) c(format_clusters(x),
                                 paste(sub("^1[)] ", "", trimws(format_robust_note(x))), collapse = " ")),
             if (inherits(x, "metaparity_mh") && !inherits(x, "metaparity_peto")) format_mh_tests(x, digits))
  as_sentence(translate(lines))
}

fit_stat_notes <- function(x, digits) {
  stats <- x$fit.stats[[if (x$method %in% "REML") "REML" else "ML"]]
  sprintf("%s = %s", c("logLik", "deviance", "AIC", "BIC", "AICc"), format_fixed(stats, digits[["fit"]]))
}

subgroup_document <- function(x) {
  frame <- as.data.frame(x)
  group <- ifelse(frame$group == "overall", translate("Overall"), frame$group)
  if (x$overall$test != "z") names(frame)[names(frame) == "zval"] <- "tval"
  frame$group <- NULL
  between <- x$between
  digits <- expand_digits(NULL, x$overall$digits)
  note <- if (is.na(between$Q)) "not available: a standard error is 0 or missing" else {
    sprintf("Q(%d) = %s, %s", between$df, format_fixed(between$Q, 2L),
            format_p_document(between$pval, digits[["pval"]], TRUE))
  }
  scale <- natural_scale(x$overall$measure, ni = x$overall$ni)
  if (!is.null(scale)) scale$each <- unname(lapply(x$groups, function(fit) natural_scale(fit$measure, ni = fit$ni)$fun))
  length(scale$each) <- if (is.null(scale)) 0L else nrow(frame)
  list(frame = add_natural(frame, scale), label = list(Subgroup = group), caption = format_model_title(x$overall),
       notes = paste(translate("Test for subgroup differences:"), translate(note)), digits = digits,
       heads = measure_heads(x$overall$measure, scale))
}

# Tables that are lists: leave1out(), cumul(), predict(), rstudent() and others.
list_document <- function(x) {
  columns <- if (inherits(x, "metaparity_predict")) prediction_table(x) else as.data.frame(x)
  frame <- as.data.frame(columns, check.names = FALSE)
  measure <- if (!isTRUE(x$transf)) list_origin(x, "measure")
  scale <- natural_scale(measure, ni = list_origin(x, "ni"))
  label <- attr(x, "label")
  caption <- if (inherits(x, "metaparity_leave1out")) "Leave-one-out meta-analysis" else {
    if (inherits(x, "metaparity_cumul")) "Cumulative meta-analysis"
  }
  list(frame = add_natural(frame, scale), label = list(Study = as.character(x$slab)), caption = caption,
       heads = c(measure_heads(measure, scale), if (!is.null(label)) c(estimate = translate(label))),
       own = grep("^X[.]|^intrcpt$", names(frame), value = TRUE))
}

confint_document <- function(x) {
  frame <- as.data.frame(rbind(x$fixed, x$random))
  random <- as.character(sub("(%)", " (%)", rownames(x$random), fixed = TRUE))
  ends <- if (isTRUE(x$ci.null)) {
    sprintf("The upper and lower CI bounds for tau^2 both fall below %s.", format(x$tau2.min))
  } else if (isTRUE(x$lb.sign == "<")) sprintf("The lower CI bound for tau^2 is at most %s.", format(x$tau2.min))
  list(frame = frame, label = list(Term = I(c(escape_markdown(rownames(x$fixed)), document_signs(random)))),
       caption = "Confidence intervals", notes = translate(ends))
}

anova_document <- function(x) {
  frame <- as.data.frame(x)
  named <- intersect(c("spec", "coefs", "hyp"), names(frame))
  label <- if (length(named)) list(Coefficients = frame[[named[length(named)]]]) else
    list(Model = translate(rownames(frame)))
  whole <- inherits(x, "metaparity_anova") && !is.null(x$QM) && !is.na(x$QM) && x$type == "Wald.Xb"
  digits <- expand_digits(NULL, if (inherits(x, "metaparity_anova")) x$digits else x[[1L]]$digits)
  list(frame = frame[setdiff(names(frame), named)], label = label, digits = digits,
       caption = if (length(named)) "Test of moderators" else "Likelihood ratio test", blank = TRUE,
       notes = if (whole) as_sentence(format_omnibus(x, digits)))
}

regtest_document <- function(x) {
  frame <- data.frame(zval = x$zval, df = x$ddf, pval = x$pval)
  if (is.na(x$ddf)) frame$df <- NULL else names(frame)[1L] <- "tval"
  if (!is.null(x$est)) frame <- cbind(data.frame(estimate = x$est, ci.lb = x$ci.lb, ci.ub = x$ci.ub), frame)
  list(frame = frame, caption = "Regression Test for Funnel Plot Asymmetry", digits = tested_digits(x$digits, x),
       heads = c(estimate = translate("Limit estimate")),
       notes = gsub(": +", ": ", translate(format_test_model(x))))
}

ranktest_document <- function(x) {
  list(frame = data.frame(estimate = unname(x$tau), pval = x$pval), heads = c(estimate = "Kendall's tau"),
       caption = "Rank Correlation Test for Funnel Plot Asymmetry", digits = tested_digits(x$digits, x))
}

influence_document <- function(x) {
  frame <- as.data.frame(x$inf)
  dfbetas <- as.data.frame(x$dfbs)
  own <- if (x$p > 1L) paste0("dfbs.", names(dfbetas)) else "dfbs"
  frame[own] <- dfbetas
  frame <- frame[c(setdiff(names(frame), "inf"), "inf")]
  list(frame = frame, label = list(Study = as.character(x$inf$slab)), caption = "Influence diagnostics",
       own = if (x$p > 1L) own)
}

permutest_document <- function(x) {
  frame <- data.frame(estimate = as.vector(x$beta), se = x$se, zval = x$zval, pval = x$pval, ci.lb = x$ci.lb,
                      ci.ub = x$ci.ub)
  if (x$test != "z") names(frame)[names(frame) == "zval"] <- "tval"
  what <- paste0(if (x$int.only) "p-value" else "p-values", if (x$permci) " and CI bounds")
  digits <- expand_digits(NULL, x$digits)
  list(frame = frame, label = if (x$p > 1L) list(Term = rownames(x$beta)), caption = "Permutation test",
       notes = c(moderator_notes(x, digits), translate(paste(what, "based on permutation testing"))))
}

# The data of a user keep the names they have.
escalc_document <- function(x) {
  digits <- expand_digits(NULL, attr(x, "digits"))
  table <- plain_frame(x)
  table[] <- lapply(names(table), function(name) {
    text <- as.character(format_escalc_column(table[[name]], name, x, digits))
    if (name %in% attr(x, "pval.names")) text <- as_sentence(text)
    escape_number(text)
  })
  names(table) <- escape_markdown(names(table))
  list(table = table, digits = digits)
}

# Owns the computed evidence beside each domain of GRADE: numbers, and sentences made of them in the language that is
# set. What it means is judged by the user.

# Numbers of one outcome; `rob`: judgements of its studies, or NULL.
grade_evidence <- function(result, o, risks, rob, call) {
  sd <- grade_sd(result)
  size <- information_size(result$measure, if (length(risks)) stats::median(risks) else NA_real_, o$mid,
                           if (is.na(o$sd)) sd else o$sd)
  test <- grade_bias_test(result)
  list(weights = if (!is.null(rob)) weight_by_level(result, rob, call), share_of = result$share_of, I2 = result$I2,
       tau2 = result$tau2, components = result$components, Q = result$Q, df = result$df, Qp = result$Qp, pi = result$pi,
       k = result$k, estimates = result$estimates, lb = result$lb, ub = result$ub, null = result$null,
       size = size, thresholds = grade_thresholds(result$measure, o$mid, if (is.na(o$sd)) sd else o$sd),
       n = o$n_exp + o$n_ctrl, events = o$events_exp + o$events_ctrl, test = test, est = result$est,
       ratio = result$ratio)
}

# Shares of the weight in percent by the overall judgement of the studies, which are matched by their labels.
weight_by_level <- function(result, rob, call) {
  x <- shown_overall(rob, TRUE, call)
  overall <- which(x$domains$overall & x$domains$group == "bias")
  level <- if (length(overall)) x$values[, overall[1L]] else NULL
  row <- match(plain_label(result$studies), plain_label(x$study))
  if (anyNA(row)) {
    warn_studies("rob", which(is.na(row)), sprintf("has no judgements of these studies: %s",
                                                   some_of(result$studies[is.na(row)])), call)
  }
  own <- if (is.null(level)) rep(NA_character_, length(row)) else level[row]
  weight <- ifelse(is.na(result$weight), 0, result$weight)
  levels <- x$tool$levels
  share <- vapply(levels$level, function(one) 100 * sum(weight[own %in% one]) / sum(weight), 0)
  out <- data.frame(level = levels$level, label = levels$label, share = unname(share), stringsAsFactors = FALSE)
  rest <- 100 * sum(weight[is.na(own)]) / sum(weight)
  rbind(out, data.frame(level = "not_judged", label = "Not judged", share = rest))
}

# Judgements of the studies of an outcome: those of its result where the tool judges results.
rob_of_outcome <- function(rob, outcome, call) {
  if (is.null(rob)) return(NULL)
  if (!inherits(rob, "metaparity_rob")) rob <- rob[[outcome]]
  if (is.null(rob)) return(NULL)
  if (!is.null(rob$outcome)) {
    own <- plain_label(rob$outcome) %in% plain_label(outcome)
    if (any(own)) rob <- rob[which(own)]
  }
  if (anyDuplicated(plain_label(rob$study))) {
    abort_input("rob", sprintf("has several judgements of a study for the outcome %s", dQuote(outcome, FALSE)), call)
  }
  rob
}

# ---- sentences ------------------------------------------------------------------------------------

# Named by domain; "" where nothing is computed.
evidence_sentences <- function(e) {
  if (is.null(e)) return(stats::setNames(rep("", length(grade_all)), names(grade_all)))
  out <- c(risk_of_bias = say_weights(e), inconsistency = say_heterogeneity(e), indirectness = "",
           imprecision = say_precision(e), publication_bias = say_bias_test(e), large_effect = say_size(e),
           dose_response = "", confounding = "")
  out[names(grade_all)]
}

say_weights <- function(e) {
  w <- e$weights
  if (is.null(w)) return("")
  w <- w[w$share > 0.05, ]
  w <- w[order(-match(w$level, e$weights$level)), ]
  template <- c(weight = "weight: %s", participants = "participants: %s", studies = "studies: %s")[[e$share_of]]
  translatef(template, own_text(paste(sprintf("%s %s%%", tolower(short_labels(w$label)), format_fixed(w$share, 0L)),
                                          collapse = ", ")))
}

say_heterogeneity <- function(e) {
  if (max(e$k, e$estimates) < 2) return(translate("one study"))
  parts <- c(if (!is.null(e$I2) && is.finite(e$I2)) sprintf("I\u00b2 = %s%%", format_fixed(e$I2, 0L)),
             if (is.finite(e$Qp)) if (e$Qp < 0.001) "Q: p < 0.001" else sprintf("Q: p = %s", format_fixed(e$Qp, 3L)),
             say_variances(e),
             if (!is.null(e$pi)) translatef("prediction interval %s to %s", format_fixed(e$pi[1L], 2L),
                                            format_fixed(e$pi[2L], 2L)))
  paste(parts, collapse = "; ")
}

greek_letters <- c(tau = "\u03c4", sigma = "\u03c3", rho = "\u03c1", gamma = "\u03b3", phi = "\u03c6",
                   "^2" = "\u00b2")

say_variances <- function(e) {
  name <- e$components$name %||% "tau^2"
  value <- e$components$estimate %||% e$tau2
  keep <- is.finite(value)
  if (!any(keep)) return(NULL)
  name <- name[keep]
  for (word in names(greek_letters)) name <- sub(word, greek_letters[[word]], name, fixed = TRUE)
  paste(sprintf("%s = %s", name, vapply(signif(value[keep], 2L), format, "")), collapse = "; ")
}

say_precision <- function(e) {
  if (!all(is.finite(c(e$lb, e$ub)))) return(translate("the effect cannot be estimated"))
  crossed <- e$thresholds[e$thresholds > e$lb & e$thresholds < e$ub]
  includes <- e$null >= e$lb && e$null <= e$ub
  size <- e$size
  have <- if (size$unit == "events") e$events else e$n
  parts <- c(if (!is.na(includes)) translate(if (includes) "the interval includes no effect" else
                                               "the interval excludes no effect"),
             if (length(crossed)) translatef("it crosses %s", listed_limits(crossed)) else if (length(e$thresholds)) {
               translatef("it does not cross %s", listed_limits(e$thresholds))
             },
             if (is.finite(size$size)) translatef("optimal information size %s %s (%s)", format_count(size$size),
                                                  size$unit, own_text(do.call(translatef, size$basis))),
             if (is.finite(have) && is.finite(size$size)) translatef(if (have < size$size) "not reached: %s" else
                                                                     "reached: %s", format_count(have)))
  paste(parts, collapse = "; ")
}

listed_limits <- function(x) own_text(paste(format_fixed(x, 2L), collapse = ", "))

say_bias_test <- function(e) {
  if (e$k == 1 && is.null(e$estimates)) return(translate("one study"))
  if (e$test$name == "impossible") {
    return(translatef("%d studies: no test can be computed", as.integer(e$k)))
  }
  if (e$test$name == "dependent") return(translatef("%d studies: no test of dependent estimates", as.integer(e$k)))
  if (e$test$name == "none") return(translatef("%d studies: too few for a test (10)", as.integer(e$k)))
  p <- if (e$test$p < 0.001) "p < 0.001" else sprintf("p = %s", format_fixed(e$test$p, 3L))
  translatef(if (e$test$name == "Peters") "%d studies; Peters' test: %s" else "%d studies; Egger's test: %s",
             as.integer(e$k), own_text(p))
}

# A relative effect beyond 2 or 5, either way.
say_size <- function(e) {
  if (!e$ratio || !is.finite(e$est) || e$est <= 0) return("")
  size <- max(e$est, 1 / e$est)
  if (size > 5) translate("beyond 5 or 0.2") else if (size > 2) translate("beyond 2 or 0.5") else ""
}

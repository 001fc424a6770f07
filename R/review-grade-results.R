# Owns what GRADE asks of a result, whatever made it: measure, effect on the scale that is read, arms, weights,
# heterogeneity, a test of small-study effects (Egger 1997; Peters 2006 for odds ratios). Lists of one shape for all.

# x: a fit or a view. list(measure, ratio, est, lb, ub, level, k, studies, weight, arms, Q, df, Qp, I2, tau2, pi, bias).
grade_result <- function(x, call) UseMethod("grade_result")

#' @exportS3Method
grade_result.default <- function(x, call) {
  abort_input("x", sprintf("must hold results of rma() and its kin, revman() or metan(), not %s",
                           describe(x)), call)
}

#' @exportS3Method
grade_result.metaparity <- function(x, call) {
  if (!isTRUE(x$int.only)) abort_input("x", "must be models without moderators", call)
  measure <- grade_measure_of(x$measure)
  if (is_value_measure(x$measure)) return(grade_value(x, call))
  ratio <- is_log_measure(x$measure)
  if (ratio && measure == "effect") measure <- "ratio"
  used <- x$not.na %||% rep(TRUE, length(x$slab))
  arms <- used_arms(arms_of(x, length(used)), used)
  back <- if (ratio) exp else identity
  c(list(measure = measure, ratio = ratio, est = back(x$beta[[1L]]), lb = back(x$ci.lb), ub = back(x$ci.ub),
         level = 100 * (1 - x$level), arms = arms, null = if (ratio) 1 else 0, pi = grade_interval(x, back)),
    grade_studies(x, arms), grade_spread(x))
}

# One group's proportion, rate or mean, and correlations, are values: no effect is higher or lower than a comparator.
is_value_measure <- function(measure) {
  info <- if (is_word(measure)) measure_table[[measure]]
  !is.null(info) && info$family != "generic" && grade_measure_of(measure) == "effect" &&
    !grepl("Difference|Change|Ratio", info$label)
}

grade_value <- function(x, call) {
  back <- value_scale(x, call)
  correlation <- grepl("Correlation|Phi|Yule", measure_info(x$measure)$label)
  ends <- sort(back(c(x$ci.lb, x$ci.ub)), na.last = TRUE)
  c(list(measure = x$measure, ratio = FALSE, est = back(x$beta[[1L]]), lb = ends[1L], ub = ends[2L],
         level = 100 * (1 - x$level), arms = NULL, null = if (correlation) 0 else NA_real_,
         pi = grade_interval(x, back)),
    grade_studies(x, NULL), grade_spread(x))
}

# The way back to the scale that is read; double arcsines go by the harmonic mean of the sizes (Miller 1978).
value_scale <- function(x, call) {
  info <- measure_info(x$measure)
  if (info$back == "transf.ipft") return(function(v) transf.ipft.hm(v, list(ni = x$ni)))
  if (nzchar(info$back)) return(measure_function(info$back))
  if (grepl("Transformed", info$label)) {
    abort_input("x", sprintf("holds values of \"%s\", which have no way back to the scale that is read", x$measure),
                call)
  }
  identity
}

# The interval of a new true effect, of a model with several levels the widest; NULL where nothing varies.
grade_interval <- function(x, back) {
  spread <- model_components(x)
  if (x$k < 3L || !any(spread$estimate[spread$name != "rho"] > 0, na.rm = TRUE)) return(NULL)
  p <- tryCatch(stats::predict(x), metaparity_error = function(e) NULL)
  limits <- suppressWarnings(c(min(p$pi.lb), max(p$pi.ub)))
  if (all(is.finite(limits))) back(limits)
}

# Who was studied: number, labels, weights and of what they are, estimates for a test of small-study effects.
grade_studies <- function(x, arms) UseMethod("grade_studies")

#' @exportS3Method
grade_studies.metaparity <- function(x, arms) {
  weight <- stats::weights(x)
  list(k = x$k, studies = names(weight), weight = unname(weight), share_of = "weight", yi = as.numeric(x$yi), vi = x$vi)
}

# Estimates of a study are one study; they are no independent points of a test of small-study effects.
#' @exportS3Method
grade_studies.metaparity_mv <- function(x, arms) {
  weight <- stats::weights(x, type = "diagonal")
  group <- outer_factor(x)
  own <- if (is.null(group)) used_slab(x) else group
  several <- anyDuplicated(own) > 0L
  weight <- tapply(unname(weight), factor(own, unique(own)), sum)
  list(k = length(weight), estimates = x$k, studies = names(weight), weight = as.numeric(weight), share_of = "weight",
       yi = if (!several) as.numeric(x$yi), vi = if (!several) x$vi)
}

# The levels of the first random term's outer factor, per estimate; NULL without one.
outer_factor <- function(x) {
  if (isTRUE(x$withG)) return(as.character(x$mf.g$outer))
  if (!length(x$mf.r)) return(NULL)
  frame <- x$mf.r[[1L]]
  if ( NROW(frame) != x$k || !x$s.nlevels[1L] < x$k) return(NULL)
  as.character(frame[[1L]])
}

# A model of counts gives estimates no weights: its studies are weighed by their participants, or one each.
#' @exportS3Method
grade_studies.metaparity_glmm <- function(x, arms) {
  own <- model_studies(x)
  total <- if (!is.null(arms)) Reduce(`+`, lapply(arms$arms, `[[`, "total"))
  known <- length(total) == x$k && all(is.finite(total))
  list(k = x$k, studies = own$slab, weight = if (known) total else rep(1, x$k),
       share_of = if (known) "participants" else "studies", yi = if (all(is.finite(own$yi))) own$yi, vi = own$V)
}

# Heterogeneity: Q, df, Qp, I2, and the variances of true effects: tau2, or `components` where they are several.
grade_spread <- function(x) UseMethod("grade_spread")

#' @exportS3Method
grade_spread.metaparity <- function(x) {
  random <- identical(x$method %in% common_methods, FALSE)
  list(Q = x$QE, df = x$k - 1, Qp = x$QEp, I2 = single_value(x$I2), tau2 = if (random) single_value(x$tau2))
}

# Of a scale that varies there is no single one.
single_value <- function(x) if (length(unique(x)) == 1L) x[[1L]]

#' @exportS3Method
grade_spread.metaparity_mv <- function(x) {
  V <- unclassed_matrix(model_studies(x)$V)
  between <- mean(diag(unclassed_matrix(model_marginal(x))) - diag(V))
  list(Q = x$QE, df = x$k - x$p, Qp = x$QEp, I2 = call_core(cpp_typical_i2(between, V, x$X)),
       components = model_components(x)[c("name", "estimate")])
}

# Wald's test of the saturated model, or the likelihood ratio where it has none.
#' @exportS3Method
grade_spread.metaparity_glmm <- function(x) {
  test <- if (is.finite(x$QEp.Wld %||% NA)) "Wld" else "LRT"
  list(Q = x[[paste0("QE.", test)]], df = x$QE.df, Qp = x[[paste0("QEp.", test)]], I2 = x$I2,
       tau2 = if (!x$method %in% common_methods) x$tau2)
}

#' @exportS3Method
grade_result.metaparity_subgroup <- function(x, call) grade_result(x$overall, call)

#' @exportS3Method
grade_result.stata_metan <- function(x, call) {
  if (is.null(x$fit$overall)) abort_input("x", "has a view without an overall result", call)
  out <- grade_result(x$fit$overall, call)
  word <- grade_measure_of(x$r$measure)
  if (out$measure %in% c("effect", "ratio") && word != "effect") out$measure <- word
  if (!out$ratio && identical(x$null$value, "1")) out <- as_ratio_result(out)
  out
}

#' @exportS3Method
grade_result.revman_view <- function(x, call) {
  total <- x$total
  if (!isTRUE(total$estimable)) abort_input("x", "has an analysis whose total cannot be estimated", call)
  own <- x$effects$estimable
  ratio <- is_ratio_view(x)
  back <- if (ratio) exp else identity
  e <- x$effects[own, ]
  label <- revman_effect_label(x)
  word <- grade_measure_of(c(PETO_OR = "OR", GIV = label, OE = label)[x$spec$measure] %|na|% x$spec$measure)
  if (ratio && word == "effect") word <- "ratio"
  list(measure = word, ratio = ratio, est = back(total$est), lb = back(total$ci.lb), ub = back(total$ci.ub),
       level = 100 * x$spec$level_total, k = total$k, studies = as.character(x$rows$study[own]), weight = e$weight,
       share_of = "weight",
       arms = revman_arms(x), null = if (ratio) 1 else 0, Q = total$Q, df = total$df, Qp = total$Qp, I2 = total$I2,
       tau2 = if (x$spec$random) total$tau2,
       pi = if (isTRUE(is.finite(total$pi.lb)) && isTRUE(total$tau2 > 0)) back(c(total$pi.lb, total$pi.ub)),
       yi = e$est, vi = e$se^2)
}

`%|na|%` <- function(x, y) if (is.na(x)) unname(y) else unname(x)

as_ratio_result <- function(out) {
  out[c("est", "lb", "ub")] <- lapply(out[c("est", "lb", "ub")], exp)
  if (!is.null(out$pi)) out$pi <- exp(out$pi)
  out[c("ratio", "null")] <- list(TRUE, 1)
  if (out$measure == "effect") out$measure <- "ratio"
  out
}

used_arms <- function(arms, used) {
  if (is.null(arms)) return(NULL)
  arms$arms <- lapply(arms$arms, function(arm) lapply(arm, function(value) value[used]))
  arms
}

# The words of programs for the measures whose absolute effects are known; others are named "effect",
# or "ratio" where they are one.
grade_measures <- c(OR = "OR", RR = "RR", RD = "RD", HR = "HR", MD = "MD", SMD = "SMD", PETO = "OR", SMDH = "SMD",
                    WMD = "MD", IRR = "IRR", ROM = "ROM", SMD1 = "SMD", D2ORN = "OR", D2ORL = "OR", "Odds Ratio" = "OR",
                    "Risk Ratio" = "RR", "Risk Difference" = "RD", "Hazard Ratio" = "HR", "Mean Difference" = "MD",
                    "Peto Odds Ratio" = "OR", "Std. Mean Difference" = "SMD", "Rate Ratio" = "IRR")

grade_measure_of <- function(word) {
  if (!is.character(word) || length(word) != 1L || is.na(word)) return("effect")
  hit <- match(tolower(word), tolower(names(grade_measures)))
  if (is.na(hit)) "effect" else unname(grade_measures[hit])
}

grade_ratios <- c("OR", "RR", "HR", "IRR", "ROM")

# Numbers of the arms: events, participants, risks of the control groups; NA where nothing is known.
grade_counts <- function(result) {
  out <- list(n_exp = NA_real_, n_ctrl = NA_real_, events_exp = NA_real_, events_ctrl = NA_real_)
  a <- result$arms
  if (is.null(a) || a$count != 2L) return(out)
  total <- function(arm, name) if (length(arm[[name]])) sum(arm[[name]], na.rm = TRUE) else NA_real_
  out[c("n_exp", "n_ctrl")] <- lapply(a$arms, total, "total")
  if (a$kind %in% c("binary", "oe")) out[c("events_exp", "events_ctrl")] <- lapply(a$arms, total, "events")
  out
}

# Risks of events, or means, of the control groups.
control_values <- function(result) {
  a <- result$arms
  if (is.null(a) || a$count != 2L) return(NULL)
  arm <- a$arms[[2L]]
  value <- switch(a$kind, binary = arm$events / arm$total, means = arm$mean)
  if (is.null(value)) return(NULL)
  keep <- is.finite(value)
  list(kind = a$kind, value = value[keep], events = arm$events[keep], total = arm$total[keep])
}

# The pooled standard deviation of all arms.
grade_sd <- function(result) {
  a <- result$arms
  if (is.null(a) || a$kind != "means") return(NA_real_)
  sd <- unlist(lapply(a$arms, `[[`, "sd"))
  n <- unlist(lapply(a$arms, `[[`, "total"))
  keep <- is.finite(sd) & is.finite(n) & n > 1
  if (!any(keep)) NA_real_ else sqrt(sum((n[keep] - 1) * sd[keep]^2) / sum(n[keep] - 1))
}

# Tests of small-study effects need ten studies. Peters' regression is on 1/n, weighted by events and non-events.
grade_bias_test <- function(result) {
  none <- list(name = if (length(result$yi)) "none" else "dependent", p = NA_real_)
  if (result$k < 10 || length(result$yi) < 10L) return(none)
  a <- result$arms
  peters <- result$measure == "OR" && !is.null(a) && a$kind == "binary" &&
    length(a$arms[[1L]]$events) == length(result$yi)
  test <- tryCatch(suppressWarnings(if (peters) peters_test(result$yi, a$arms) else {
    regtest(result$yi, vi = result$vi, model = "lm")
  }), metaparity_error = function(e) NULL)
  if (is.null(test)) return(list(name = "impossible", p = NA_real_))
  list(name = if (peters) "Peters" else "Egger", p = test$pval)
}

peters_test <- function(yi, arms) {
  events <- arms[[1L]]$events + arms[[2L]]$events
  n <- arms[[1L]]$total + arms[[2L]]$total
  regtest(yi, vi = 1 / events + 1 / (n - events), ni = n, predictor = "ninv", model = "lm")
}

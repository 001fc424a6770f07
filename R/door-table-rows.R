# Owns the rows that a result has in a results table: one method per class of table_rows(), which answers
# list(rows, measure, level, notes, moderated).

table_rows <- function(x, natural) UseMethod("table_rows")

numbers_of_rows <- c("k", "estimate", "ci.lb", "ci.ub", "pval", "pi.lb", "pi.ub", "tau2", "I2", "Q", "Qp", "statistic",
                     "df")

# Numbers that a row has not are NA; estimates and limits go to the natural scale, if there is one.
table_frame <- function(label, ..., scale = NULL, test = NA_character_) {
  given <- list(...)
  out <- data.frame(label = as.character(label), stringsAsFactors = FALSE)
  for (name in numbers_of_rows) out[[name]] <- rep_len(as.numeric(if (length(given[[name]])) given[[name]] else NA),
                                                       nrow(out))
  out$test <- rep_len(as.character(test), nrow(out))
  if (is.null(scale)) return(out)
  shown <- c("estimate", "ci.lb", "ci.ub", "pi.lb", "pi.ub")
  out[shown] <- lapply(out[shown], function(v) vapply(v, function(one) as.numeric(scale$fun(one)), 0))
  out
}

#' @exportS3Method table_rows metaparity
table_rows.metaparity <- function(x, natural) {
  frame <- as.data.frame(x)
  moderated <- !isTRUE(x$int.only)
  scale <- if (natural) natural_scale(x$measure, moderated, x$ni)
  one <- function(name) if (length(x[[name]]) == 1L) x[[name]] else NA_real_
  tau2 <- total_tau2(x)
  whole <- c(k = x$k, tau2 = if (is_random(x)) tau2 else NA, I2 = one("I2"), Q = one("QE"), Qp = one("QEp"))
  first <- function(name) c(whole[[name]], rep(NA, nrow(frame) - 1L))
  pi <- predicted_range(x)
  more <- other_parameters(x)
  label <- coefficient_labels(frame, moderated, more)
  rows <- table_frame(label, k = first("k"), estimate = frame$estimate, ci.lb = frame$ci.lb, ci.ub = frame$ci.ub,
                      pval = frame$pval, pi.lb = c(pi[1L], rep(NA, nrow(frame) - 1L)),
                      pi.ub = c(pi[2L], rep(NA, nrow(frame) - 1L)), tau2 = first("tau2"), I2 = first("I2"),
                      Q = first("Q"), Qp = first("Qp"), scale = scale)
  # Logarithms of tau^2 and weights of a selection are on no scale of the measure.
  other <- frame$component %in% more$component
  rows[other, c("estimate", "ci.lb", "ci.ub")] <- frame[other, c("estimate", "ci.lb", "ci.ub")]
  list(rows = rows, measure = row_measure(x, scale, moderated), level = shown_level(list(overall = x)),
       notes = c(model_note(x), if (!is.na(tau2) && is_summed(x))
         translate("tau^2: the sum of the variance components"), sized_note(x, scale), part_notes(x)),
           moderated = moderated || length(more))
}

sized_note <- function(x, scale) {
  if (!is.null(scale) && measure_info(x$measure)$back == "transf.ipft")
    translate("proportions by the harmonic mean of the sample sizes")
}

# Rows of a scale or a selection say so.
coefficient_labels <- function(frame, moderated, more) {
  term <- ifelse(frame$term == "intrcpt", translate("Intercept"), frame$term)
  if (is.null(more)) return(if (moderated) term else "")
  other <- frame$component == more$component
  part <- translate(if (more$component == "scale") "Scale" else "Selection")
  ifelse(other, paste(part, term, sep = ": "), if (moderated) term else translate("Pooled effect"))
}

# What is tested of a scale or a selection, and the scale of their rows.
part_notes <- function(x, digits = 3L) {
  test <- function(name, df, stat, p) if (length(p) && isFALSE(is.na(p)))
    sprintf("%s: %s(%s) = %s, %s", translate(name),
            if (length(df) > 1L) "F" else if (name == "Test of the scale") "QM" else "LRT",
            paste(format(round(df, 2), trim = TRUE), collapse = ", "), format_fixed(stat, 2L),
              format_p_document(p, digits, TRUE))
  if (inherits(x, "metaparity_ls")) {
    return(c(translate(if (x$link == "log") "scale coefficients are of log(tau^2)" else "scale coefficients are of tau^2"),
             if (x$q > 1L) test("Test of the scale", stats::na.omit(as.numeric(x$QSdf)), x$QS, x$QSp)))
  }
  if (inherits(x, "metaparity_selmodel")) {
    return(c(translatef("selection function: %s", own_text(x$type)),
             test("Test of the selection", x$LRTdf, x$LRT, x$LRTp)))
  }
}

# The variance of true effects around the model where it is one number: with several components their sum, of models in
# which it differs between studies NA.
total_tau2 <- function(x) {
  if (!inherits(x, "metaparity_mv")) return(if (length(x$tau2) == 1L) as.numeric(x$tau2) else NA_real_)
  parts <- Filter(length, list(if (x$withG) as.numeric(x$tau2),
                               if (length(x$mv$terms$inner) > 1L) as.numeric(x$gamma2)))
  if (!x$withS && !length(parts) || any(lengths(parts) > 1L) || is_general(x)) return(NA_real_)
  sum(unlist(parts), if (x$withS) x$sigma2)
}

# Slopes: their variances are no variances of the effect.
is_general <- function(x) any(vapply(x$mv$terms$inner, function(t) t$struct %in% general_structs, NA))

is_summed <- function(x) inherits(x, "metaparity_mv") &&
  length(x$sigma2[x$withS]) + x$withG + (length(x$mv$terms$inner) > 1L) > 1L

row_measure <- function(x, scale, moderated = FALSE) {
  heads <- measure_heads(x$measure, scale, moderated)
  unname(if ("natural" %in% names(heads)) heads["natural"] else if (length(heads)) heads["estimate"] else translate("Estimate"))
}

# Models without moderators that have heterogeneity, the same everywhere, predict a new study.
predicted_range <- function(x) {
  if (!isTRUE(x$int.only) || !is_random(x) || x$k < 3L || is.na(total_tau2(x))) return(c(NA_real_, NA_real_))
  found <- tryCatch(stats::predict(x), metaparity_error_unsupported = function(e) NULL)
  if (is.null(found$pi.lb)) c(NA_real_, NA_real_) else c(found$pi.lb[1L], found$pi.ub[1L])
}

model_note <- function(x) {
  pooled <- pooled_title(x)
  if (!is.na(pooled)) return(translate(if (pooled == "Peto") "Peto method" else "Mantel-Haenszel method"))
  name <- if (inherits(x, "metaparity_mv")) translate("Multilevel or multivariate model") else
    if (inherits(x, "metaparity_glmm")) translate("Mixed-effects model of counts") else
      if (inherits(x, "metaparity_selmodel")) translate("Selection model") else
        if (inherits(x, "metaparity_ls")) translate("Location-scale model") else
        if (is_common_effect(x)) translate("Common-effect model") else
          if (isTRUE(x$int.only)) translate("Random-effects model") else translate("Mixed-effects model")
  parts <- c(name, if (isTRUE(x$tau2.fix)) translate("tau^2 was given") else if (is_random(x)) x$method,
             if (x$test %in% c("knha", "hksj", "adhoc")) "Knapp-Hartung" else if (identical(x$test,
                 "t")) translate("t distribution"),
             if (is_robust(x)) translate("cluster-robust variances"),
             if (inherits(x, "metaparity_mv")) component_notes(x))
  paste(parts, collapse = ", ")
}

#' @exportS3Method table_rows metaparity_trimfill
table_rows.metaparity_trimfill <- function(x, natural) {
  out <- NextMethod()
  out$rows$label <- translatef("Trim and fill (%d added)", as.integer(x$k0))
  out$notes <- NULL
  out
}

#' @exportS3Method table_rows metaparity_subgroup
table_rows.metaparity_subgroup <- function(x, natural) {
  whole <- table_rows(x$overall, natural)
  rows <- do.call(rbind, c(lapply(unname(x$groups), function(fit) table_rows(fit, natural)$rows), list(whole$rows)))
  rows$label <- c(names(x$groups), translate("Overall"))
  b <- x$between
  note <- if (is.na(b$Q)) translate("not available: a standard error is 0 or missing") else
    sprintf("Q(%d) = %s, %s", b$df, format_fixed(b$Q, 2L), format_p_document(b$pval, 3L, TRUE))
  whole$rows <- rows
  whole$notes <- c(whole$notes, paste(translate("Test for subgroup differences:"), note))
  whole
}

#' @exportS3Method table_rows metaparity_list
table_rows.metaparity_list <- function(x, natural) {
  frame <- as.data.frame(x)
  if (!all(c("estimate", "ci.lb", "ci.ub") %in% names(frame)))
    abort_input("...", "must be of models without moderators: one row has one estimate", sys.call(-1L))
  measure <- if (!isTRUE(x$transf)) list_origin(x, "measure")
  scale <- if (natural) natural_scale(measure, ni = list_origin(x, "ni"))
  rows <- table_frame(sub("^-", "", as.character(x$slab)), k = frame$k, estimate = frame$estimate, ci.lb = frame$ci.lb,
                      ci.ub = frame$ci.ub,
                      pval = frame$pval, tau2 = frame$tau2, I2 = frame$I2, Q = frame$Q, Qp = frame$Qp, scale = scale)
  list(rows = rows, measure = row_measure(list(measure = measure), scale), level = shown_level(x))
}

#' @exportS3Method table_rows metaparity_regtest
table_rows.metaparity_regtest <- function(x, natural) {
  df <- if (length(x$ddf) && !is.na(x$ddf)) x$ddf else NA
  own <- c(sei = "Egger's test", ninv = "Regression on inverse sample size")[x$predictor]
  label <- if (is.na(own)) translatef("Regression on the %s", regtest_predictor(x$predictor)) else translate(own[[1L]])
  list(rows = table_frame(label, pval = x$pval, statistic = x$zval, df = df, test = if (is.na(df)) "z" else "t"))
}

#' @exportS3Method table_rows metaparity_ranktest
table_rows.metaparity_ranktest <- function(x, natural) {
  list(rows = table_frame(translate("Begg's test"), k = x$k, pval = x$pval, statistic = x$tau, test = "tau"))
}

#' @exportS3Method table_rows metaparity_fsn
table_rows.metaparity_fsn <- function(x, natural) {
  list(rows = table_frame(translatef("Fail-safe N (%s)", x$type), statistic = x$fsnum, test = "N"))
}

#' @exportS3Method table_rows metaparity_tes
table_rows.metaparity_tes <- function(x, natural) {
  list(rows = table_frame(translate("Test of excess significance"), k = x$k, pval = x$pval, statistic = x$X2,
                          test = if (length(x$X2) && !is.na(x$X2)) "X2" else NA))
}

# The seam between the Stata views and the verbs: effects of studies and one pooled result in metan's terms.
# Source: Bradburn, Deeks, Altman (1998) STB-44 sbe24; Harris et al. (2008); corrected cells enter every sum.

# Estimates and variances of the studies by the convention "stata14".
metan_effects <- function(input, o) {
  v <- unname(input$vars)
  if (input$nvars == 2L) return(list(yi = v[[1L]], vi = v[[2L]]^2))
  if (input$nvars == 3L) {
    return(list(yi = v[[1L]], vi = ((v[[3L]] - v[[2L]]) / (2 * critical_value(o$ilevel)))^2))
  }
  rules <- metan_convention(o)
  measure <- if (o$model == "Peto") "PETO" else c(RR = "RR", OR = "OR", RD = "RD", WMD = "MD", SMD = "SMD")[[o$measure]]
  columns <- stats::setNames(v, if (input$nvars == 4L) c("ai", "bi", "ci", "di") else
    c("n1i", "m1i", "sd1i", "n2i", "m2i", "sd2i"))
  out <- quiet_drops(effect_sizes(measure, columns, effect_spec(measure, rules)))
  list(yi = as.numeric(out$yi), vi = as.numeric(out$vi))
}

metan_convention <- function(o) {
  rules <- convention_spec("stata14")
  rules$add <- o$cc
  rules$mh_add <- o$cc
  if (o$hedges) rules[c("smd", "smd_vtype")] <- c("hedges", "HEDGES")
  if (o$glass) rules[c("smd", "smd_vtype")] <- c("glass", "GLASS")
  rules
}

# model: "M-H", "I-V", "D+L", "Peto" or "*" (the user's weights).
metan_pool <- function(s, model, o) {
  fit <- switch(model,
    "M-H" = metan_fit_mh(s, o),
    "Peto" = metan_fit_peto(s, o),
    "D+L" = metan_fit_dl(s, o),
    metan_fit_iv(s, model, o))
  finish_pool(c(list(model = model, k = nrow(s)), fit), o)
}

metan_fit_iv <- function(s, model, o) {
  own <- model == "*"
  fit <- fit_estimates(s$yi, s$vi, "FE", weights = if (own) s$wgt, slab = s$label, measure = metan_measure_word(o))
  est <- as.numeric(fit$beta)[1L]
  list(est = est, se = fit$se, weight = if (own) s$wgt else 1 / s$vi,
       het = if (own) call_core(cpp_q_around(s$yi, s$vi, est)) else fit$QE, fit = fit)
}

# `random` on 2x2 tables takes Q around the Mantel-Haenszel estimate; `randomi` around the inverse-variance one.
metan_fit_dl <- function(s, o) {
  centre <- if (is.null(s$a) || o$randomi) NA_real_ else metan_fit_mh(s, o)$est
  fit <- fit_estimates(s$yi, s$vi, "DL", centre = centre, slab = s$label, measure = metan_measure_word(o))
  list(est = as.numeric(fit$beta)[1L], se = fit$se, weight = 1 / (s$vi + fit$tau2), het = fit$QE, tau2 = fit$tau2,
       fit = fit)
}

metan_fit_mh <- function(s, o) {
  fit <- quiet_drops(rma.mh(ai = s$a, bi = s$b, ci = s$c, di = s$d, measure = o$measure, slab = s$label,
                            convention = metan_convention(o)))
  est <- as.numeric(fit$beta)[1L]
  het <- if (o$breslow) fit$BD else call_core(cpp_q_around(s$yi, s$vi, est))
  list(est = est, se = fit$se, weight = as.numeric(stats::weights(fit)), het = het,
       chi2 = if (o$chi2) fit$MH, fit = fit)
}

metan_fit_peto <- function(s, o) {
  fit <- quiet_drops(rma.peto(ai = s$a, bi = s$b, ci = s$c, di = s$d, slab = s$label,
                              convention = metan_convention(o)))
  est <- as.numeric(fit$beta)[1L]
  list(est = est, se = fit$se, weight = 1 / s$vi, het = call_core(cpp_q_around(s$yi, s$vi, est)),
       chi2 = if (o$chi2) fit$zval^2, fit = fit)
}

# z is always positive; I2 is from Q; one study has neither a test nor an I2.
finish_pool <- function(p, o) {
  pool <- new_pool(list(est = p$est, se = p$se, Q = p$het, k = p$k), pool_rules_of(o$olevel, "positive"))
  p[c("lo", "hi", "z", "p_z", "df", "p_het", "i_sq")] <- pool[c("lo", "hi", "z", "p", "df", "Qp", "I2")]
  if (!is.null(p$chi2)) p$p_chi2 <- upper_p(p$chi2, 1)
  p
}

cornfield_limits <- function(s, input, o) {
  cells <- vapply(input$vars, as.numeric, numeric(nrow(s)))
  cells <- matrix(cells, nrow = nrow(s))
  zero <- rowSums(cells == 0) > 0
  cells[zero %in% TRUE, ] <- cells[zero %in% TRUE, ] + o$cc
  out <- call_core(cpp_cornfield(cells, o$ilevel))
  list(lo = out$lb, hi = out$ub)
}

# Coefficients in one row and their variances; the constant stands last.
coefficient_matrices <- function(b, V, names) {
  order <- order(names == "_cons")
  names <- names[order]
  list(b = matrix(b[order], 1L, dimnames = list("y1", names)),
       V = matrix(V[order, order], length(names), dimnames = list(names, names)))
}

new_variables <- function(view) UseMethod("new_variables")

#' @exportS3Method
new_variables.default <- function(view) list(rows = integer(), values = list(), labels = list())

# The base level of a factor has its place among the others, as 1b.group, with zeros.
with_base_levels <- function(found, bases) {
  names <- colnames(found$b)
  for (one in bases) {
    level <- ifelse(one$levels == one$base, paste0(one$base, "b"), one$levels)
    block <- paste(level, one$block, sep = ".")
    own <- names %in% block
    if (any(own)) names <- append(names[!own], block, which(own)[1L] - 1L)
  }
  at <- match(colnames(found$b), names)
  b <- matrix(0, 1L, length(names), dimnames = list("y1", names))
  V <- matrix(0, length(names), length(names), dimnames = list(names, names))
  b[at] <- found$b
  V[at, at] <- found$V
  list(b = b, V = V)
}

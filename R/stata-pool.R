# The seam between the Stata views and the fits: one pooled result in the terms of metan 9.
# Source: Bradburn, Deeks, Altman (1998) STB-44 sbe24; Harris et al. (2008); corrected cells enter every sum.

# model: "M-H", "I-V", "D+L", "Peto" or "*" (the user's weights).
metan_pool <- function(s, model, o) {
  fit <- switch(model,
    "M-H" = metan_fit_mh(s, o),
    "Peto" = metan_fit_peto(s, o),
    metan_fit_iv(s, model, o))
  finish_pool(c(list(model = model, k = nrow(s)), fit), o)
}

# z is always positive; I2 is from Q; one study has neither a test nor an I2.
finish_pool <- function(p, o) {
  half <- stats::qnorm((1 + o$olevel) / 2) * p$se
  p$lo <- p$est - half
  p$hi <- p$est + half
  p$z <- abs(p$est) / p$se
  p$p_z <- 2 * stats::pnorm(-p$z)
  p$df <- p$k - 1
  p$p_het <- if (p$df > 0) stats::pchisq(p$het, p$df, lower.tail = FALSE) else NA_real_
  p$i_sq <- if (p$df == 0) NA_real_ else if (p$het > 0) max(0, 100 * (p$het - p$df) / p$het) else 0
  if (!is.null(p$chi2)) p$p_chi2 <- stats::pchisq(p$chi2, 1, lower.tail = FALSE)
  p
}

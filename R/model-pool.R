# One pooled result in a program's terms: what follows from estimate, standard error, Q and the number of studies by the
# program's rules. Oracle: the printed logs of the programs; the formulas written out.

# fit: est, se, Q, k; rules: level, ddf (NA: the normal), z ("signed" or "positive").
new_pool <- function(fit, rules) {
  half <- critical_value(rules$level, rules$ddf) * fit$se
  z <- fit$est / fit$se
  if (rules$z == "positive") z <- abs(z)
  c(fit, list(lo = fit$est - half, hi = fit$est + half, z = z, p = two_sided_p(z, rules$ddf)), q_test(fit$Q, fit$k))
}

pool_rules_of <- function(level, z = "signed", ddf = NA_real_) list(level = level, z = z, ddf = ddf)

# The test of heterogeneity and I2 from Q; one study has neither.
q_test <- function(Q, k) {
  df <- k - 1
  if (!(df > 0)) return(list(df = df, Qp = NA_real_, I2 = NA_real_))
  list(df = df, Qp = upper_p(Q, df), I2 = i2_from_q(Q, df))
}

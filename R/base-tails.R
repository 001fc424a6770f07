# Tail probabilities, critical values and I2, each one call of the core for whole columns (core/linalg/tails).
# Without degrees of freedom the distribution is normal, that of a denominator chi-squared.

two_sided_p <- function(z, df = NA_real_) like(call_core(cpp_two_sided(as.double(z), as.double(df))), z)

# P(X > x) of chi-squared on df1, or of F.
upper_p <- function(x, df1, df2 = NA_real_)
  like(call_core(cpp_upper_tail(as.double(x), as.double(df1), as.double(df2))), x)

critical_value <- function(level, df = NA_real_) {
  like(call_core(cpp_critical_value(as.double(level), as.double(df))), level)
}

# In percent, not below 0.
i2_from_q <- function(Q, df) like(call_core(cpp_i2_from_q(as.double(Q), as.double(df))), Q)

# Of t and F alone: where degrees of freedom are missing so is the number.
t_df <- function(df) replace(df, is.na(df), 0)

like <- function(value, x) {
  if (length(value) == length(x)) attributes(value) <- attributes(x)
  value
}

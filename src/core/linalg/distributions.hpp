// Tail probabilities and quantiles. Closed forms where they exist, Boost.Math elsewhere.
// Oracle: R's own p- and q-functions.
#pragma once

namespace metaparity {

double normal_upper(double z);      // P(Z > z)
double normal_two_sided(double z);  // P(|Z| > |z|)
double normal_quantile(double prob);
double t_two_sided(double t, double df);  // P(|T| > |t|)
double t_quantile(double prob, double df);
double chisq_upper(double x, double df);  // P(X > x)
double chisq_quantile(double prob, double df);
double noncentral_chisq_quantile(double prob, double df, double nc);  // nc: sum of squared means
double gamma_lower(double x, double shape, double scale);             // P(X <= x)
double gamma_quantile(double prob, double shape, double scale);
double f_upper(double x, double df1, double df2);

// Two-sided critical value: normal when df is NaN, t otherwise.
double critical_value(double level, double df);
// Two-sided p: normal when df is NaN, t otherwise.
double two_sided(double statistic, double df);

}  // namespace metaparity

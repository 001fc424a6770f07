# Measures of means and standard deviations: two groups, one group, two occasions.
# d = (m1 - m2)/s with the pooled s, g = J d, J the exact factor of Hedges (1981) for its degrees of freedom;
# c = sd^2/(n m^2), D the variance of the change sd1^2 + sd2^2 - 2 r sd1 sd2; RMS the root mean square of both SDs.

smd_vtypes <- c("LS", "LS2", "LS3", "UB", "AV", "H0")
two_orders <- c("LS", "LS2")

mean_measures <- list(
  MD = measure_row("means", "Mean Difference", "m1 - m2; sd1^2/n1 + sd2^2/n2 (HO: pooled variance)",
                   "Borenstein 2009, eq. 12.3, 12.5", vtypes = c("LS", "UB", "HO"), short = "MD",
                   also = c(metan = "nostandard", meta_suite = "mdiff", revman = "MD", meta = "MD")),
  SMD = measure_row("difference", "Standardized Mean Difference", "g; 1/n1 + 1/n2 + g^2/(2 (n1 + n2))",
                    "Hedges 1981, 1982, 1983; Borenstein 2009 (LS2); Lin & Aloe 2020 (LS3)",
                    vtypes = c(smd_vtypes, "COHEN", "HEDGES", "GLASS"), short = "SMD",
                    also = c(metan = "cohen", meta_suite = "hedgesg", revman = "SMD", meta = "SMD")),
  SMDH = measure_row("means", "Standardized Mean Difference", "J (m1 - m2)/RMS; variance for unequal variances",
                     "Bonett 2008, 2009", vtypes = c("LS", "LS2", "LS3"), short = "SMD"),
  SMD1 = measure_row("second_sd", "Standardized Mean Difference", "g = J (m1 - m2)/sd2; 1/n1 + 1/n2 + g^2/(2 n2)",
                     "Hedges 1981", vtypes = smd_vtypes, short = "SMD"),
  SMD1H = measure_row("means", "Standardized Mean Difference",
                      "g = J (m1 - m2)/sd2; sd1^2/(sd2^2 (n1 - 1)) + 1/(n2 - 1) + g^2/(2 (n2 - 1))", "Bonett 2008",
                      short = "SMD"),
  ROM = ratio_row("means", "Ratio of Means", "log(m1/m2) + (c1 - c2)/2; c1 + c2 (LS2: + c1^2/2 + c2^2/2)",
                  "Hedges et al. 1999; Lajeunesse 2015; Nakagawa et al. 2023 (AV, AVHO)",
                  vtypes = c("LS", "LS2", "HO", "AV", "AVHO"), short_name = "RoM", natural_short = "Ratio of Means",
                  also = c(meta = "ROM")),
  POMPMD = measure_row("pomp_means", "POMP Mean Difference", "as MD, times 100/(max - min)", "Cohen et al. 1999",
                       vtypes = c("LS", "UB", "HO"), short = "POMPMD"),
  VR = ratio_row("two_sds", "Variability Ratio",
                 "log(sd1/sd2) + 1/(2 (n1 - 1)) - 1/(2 (n2 - 1)); 1/(2 (n1 - 1)) + 1/(2 (n2 - 1))",
                 "Senior et al. 2020, eq. 5, 11, 15", vtypes = two_orders, short_name = "VR", natural_short = "VR"),
  CVR = ratio_row("means", "Coefficient of Variation Ratio", "log((sd1/m1)/(sd2/m2)), biases off; v(VR) + v(ROM)",
                  "Senior et al. 2020, eq. 6, 13, 16", vtypes = two_orders, short_name = "CVR", natural_short = "CVR"),
  RPB = measure_row("difference", "Point-Biserial Correlation Coefficient",
                    "d/sqrt(d^2 + h), h = (n - 2)(1/n1 + 1/n2); ST delta method, CS Tate",
                    "Tate 1954", vtypes = c("LS", "ST", "CS"), short = "Correlation"),
  RBIS = measure_row("difference", "Correlation Coefficient", "sqrt(p q)/f(z) RPB; variance of Soper with n - 1",
                     "Soper 1914; Jacobs & Viechtbauer 2017", short = "Correlation"),
  D2OR = ratio_row("difference", "Odds Ratio", "d pi/sqrt(3); v(d) pi^2/3", "Hasselblad & Hedges 1995",
                   short_name = "OR",
                   natural_short = "Odds Ratio"),
  D2ORN = ratio_row("difference", "Odds Ratio", "1.65 d; 1.65^2 v(d)", "Cox & Snell 1989", short_name = "OR",
                    natural_short = "Odds Ratio"),
  D2ORL = ratio_row("difference", "Odds Ratio", "d pi/sqrt(3); v(d) pi^2/3", "Hasselblad & Hedges 1995",
                    short_name = "OR",
                    natural_short = "Odds Ratio"),
  CLES = measure_row("area", "Common Language Effect Size", "A; LS method 4, LS2 eq. 1-2, over (n1 - 1)(n2 - 1)",
                     "Newcombe 2006; Hanley & McNeil 1982 (LS2); Cho et al. 2019", vtypes = c("LS", "LS2", "H0", "MAX"),
                     short = "CLES", null = 0.5),
  CLESN = measure_row("binormal", "Common Language Effect Size", "Phi((m1 - m2)/sqrt(sd1^2 + sd2^2)); delta method",
                      "Goddard & Hinberg 1990", vtypes = c("LS", "LS2", "LS3", "HO", "H0"), short = "CLES", null = 0.5),
  MN = measure_row("mean", "Mean", "m; sd^2/n (HO: one variance in all studies)", vtypes = c("LS", "HO"), null = NA),
  SMN = measure_row("mean", "Standardized Mean", "g = J m/sd; 1/n + g^2/(2 n)", "Hedges 1981", short = "Std. Mean",
                    null = NA),
  POMPMN = measure_row("pomp_mean", "POMP Mean", "100 (m - min)/(max - min); v(MN) (100/(max - min))^2",
                       "Cohen et al. 1999", vtypes = c("LS", "HO"), null = NA),
  MNLN = ratio_row("mean", "Mean", "log(m); c", "Nakagawa et al. 2015", short_name = "Mean", natural_short = "Mean",
                   null = NA),
  SDLN = ratio_row("sd", "Standard Deviation", "log(sd) + 1/(2 (n - 1)); 1/(2 (n - 1))", "Nakagawa et al. 2015",
                   short_name = "SD", natural_short = "SD", null = NA),
  CVLN = ratio_row("mean", "Coefficient of Variation", "log(sd/m) + 1/(2 (n - 1)); 1/(2 (n - 1)) + c",
                   "Nakagawa et al. 2015, eq. 27", short_name = "CV", natural_short = "CV", null = NA),
  MC = measure_row("change", "Mean Change", "m1 - m2; D/n", "Gibbons et al. 1993"),
  SMCC = measure_row("change_given", "Standardized Mean Change", "g = J (m1 - m2)/sqrt(D); 1/n + g^2/(2 n)",
                     "Gibbons et al. 1993", vtypes = c("LS", "LS2", "UB", "H0"), short = "SMC"),
  SMCR = measure_row("change_first", "Standardized Mean Change", "g = J (m1 - m2)/sd1; 2 (1 - r)/n + g^2/(2 n)",
                     "Becker 1988; Morris 2000; r of Olkin & Pratt 1958 (UB, H0)", vtypes = c("LS", "LS2", "UB", "H0"),
                     short = "SMC"),
  SMCRH = measure_row("change", "Standardized Mean Change", "g = J (m1 - m2)/sd1; D/(sd1^2 (n - 1)) + g^2/(2 (n - 1))",
                      "Bonett 2008", vtypes = two_orders, short = "SMC"),
  SMCRP = measure_row("change", "Standardized Mean Change", "g = J (m1 - m2)/RMS; 2 (1 - r)/n + g^2 (1 + r^2)/(4 n)",
                      "Cousineau 2020", vtypes = "LS", short = "SMC"),
  SMCRPH = measure_row("change", "Standardized Mean Change", "J (m1 - m2)/RMS; variance for unequal variances",
                       "Bonett 2008, eq. 12-13", vtypes = two_orders, short = "SMC"),
  CLESCN = measure_row("change", "Common Language Effect Size", "Phi((m1 - m2)/sqrt(sd1^2 + sd2^2)); delta method",
                       "Goddard & Hinberg 1990", short = "CLES", null = 0.5),
  ROMC = ratio_row("change", "Ratio of Means", "log(m1/m2) + (c1 - c2)/2; c1 + c2 - 2 r sqrt(c1 c2)", "Lajeunesse 2011",
                   vtypes = two_orders, short_name = "RoM", natural_short = "Ratio of Means"),
  VRC = ratio_row("change_sds", "Variability Ratio", "log(sd1/sd2); (1 - r^2)/(n - 1) (LS2: + (1 - r^4)/(n - 1)^2)",
                  "Senior et al. 2020, eq. 21", vtypes = two_orders, short_name = "VR", natural_short = "VR"),
  CVRC = ratio_row("change", "Coefficient of Variation Ratio", "VRC - ROMC; v(VRC) + v(ROMC)",
                   "Senior et al. 2020, eq. 23", vtypes = two_orders, short_name = "CVR", natural_short = "CVR"),
  POMPMC = measure_row("pomp_change", "POMP Mean Change", "as MC, times 100/(max - min)", "Cohen et al. 1999",
                       short = "POMPMC")
)
mean_measures$ZPB <- z_row(mean_measures$RPB, "atanh(r); v(RPB)/(1 - r^2)^2", "phi", vtypes = c("LS", "ST", "CS"))
mean_measures$ZBIS <- z_row(mean_measures$RBIS, "atanh(r); v(RBIS)/(1 - r^2)^2")

# The same numbers under the name of the area under the curve.
area_names <- c(CLES = "AUC", CLESN = "AUCN", CLESCN = "AUCCN")
for (from in names(area_names)) {
  mean_measures[[area_names[[from]]]] <- utils::modifyList(mean_measures[[from]], list(
    label = "Area under the Curve", short = "AUC", natural_label = "Area under the Curve", natural_short = "AUC"))
}
rm(from)

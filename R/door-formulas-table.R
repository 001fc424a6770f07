# Rows of method_formulas(): estimators of tau2, tests and intervals with formula, source, and their names elsewhere. Names are
# those that the verbs take; a test compares them with what the verbs know.
# Notation: w = 1/v, w* = 1/(v + tau2), m = sum(w y)/sum(w), Q = sum(w (y - m)^2), C = sum(w) - sum(w^2)/sum(w).

formula_row <- function(formula, source, stata = "", revman = "", r = "") {
  list(formula = formula, source = source, stata = stata, revman = revman, r = r)
}

tau2_formulas <- list(
  EE = formula_row("tau2 = 0", "Hedges & Olkin 1985", "meta, fixed; metan, fixed", "Fixed effect", "metafor EE"),
  FE = formula_row("tau2 = 0", "Hedges & Olkin 1985", "meta, fixed; metan, fixed", "Fixed effect", "metafor FE"),
  CE = formula_row("tau2 = 0", "Hedges & Olkin 1985", "meta, common; metan, fixed", "Fixed effect", "meta common"),
  HS = formula_row("(Q - k)/sum(w)", "Hunter & Schmidt 2004", "meta, random(hschmidt); metan, hs", r = "metafor HS; meta HS"),
  HSk = formula_row("(Q*k/(k - 1) - k)/sum(w)", "Viechtbauer et al. 2015", "metan, hs(ssc)", r = "metafor HSk"),
  HE = formula_row("var(y) - mean(v)", "Hedges & Olkin 1985", "meta, random(hedges); metan, he", r = "metafor HE; meta HE"),
  CO = formula_row("that of HE", "Cochran 1954", "metan, ca", r = "metafor CO"),
  VC = formula_row("that of HE", "Hedges & Olkin 1985", "metan, vc", r = "metafor VC"),
  DL = formula_row("(Q - (k - 1))/C", "DerSimonian & Laird 1986", "meta, random(dlaird); metan, random",
                   "Random effects (RevMan 5; RevMan Web: choice)", "metafor DL; meta DL"),
  DLIT = formula_row("DL repeated with weights 1/(v + tau2) until it stays: Q(tau2) = k - p", "Paule & Mandel 1982",
                     r = "metafor DLIT"),
  GENQ = formula_row("(Q_a - tr(P V))/tr(P), weights a given by the user", "Jackson 2013", "metan, genq", r = "metafor GENQ"),
  GENQM = formula_row("the tau2 under which Q_a is the median of its distribution", "Viechtbauer 2021", r = "metafor GENQM"),
  SJ = formula_row("sum(u*(y - sum(u*y)/sum(u))^2)/(k - 1); u = 1/(v/t0 + 1), t0 = sum((y - mean(y))^2)/k",
                   "Sidik & Jonkman 2005", "meta, random(sjonkman); metan, sj", r = "metafor SJ; meta SJ"),
  SJIT = formula_row("SJ repeated until it stays: Q(tau2) = k - p", "Sidik & Jonkman 2007", r = "metafor SJIT"),
  PM = formula_row("the root of Q(tau2) = sum(w* (y - m*)^2) = k - p", "Paule & Mandel 1982",
                   "meta, random(pmandel); metan, pm", r = "metafor PM; meta PM"),
  MP = formula_row("that of PM", "Mandel & Paule 1970", "metan, mp", r = "metafor MP"),
  PMM = formula_row("the root of Q(tau2) = median of chi-squared on k - p", "Viechtbauer 2021", "metan, pmm", r = "metafor PMM"),
  ML = formula_row("maximum of -sum(log(v + tau2))/2 - Q(tau2)/2", "Hardy & Thompson 1996", "meta, random(mle); metan, mle",
                   r = "metafor ML; meta ML"),
  REML = formula_row("maximum of the ML term - log det(X' W* X)/2", "Harville 1977; Viechtbauer 2005",
                     "meta, random(reml); metan, reml", "Random effects (RevMan Web, default)", "metafor REML; meta REML"),
  EB = formula_row("the root of Q(tau2) = k - p", "Morris 1983", "meta, random(ebayes); metan, eb", r = "metafor EB; meta EB"),
  HM = formula_row("Q^2/((2*(k - 1) + Q)*C)", "Hartung & Makambi 2003", "metan, hm"),
  BP = formula_row("sum((y - mean(y))^2)/(k + 1)", "Rukhin 2013", "metan, bp"),
  CA2 = formula_row("GENQ with weights 1/(v + t), t from Cochran's ANOVA (HE)", "DerSimonian & Kacker 2007", "metan, ca2"),
  DL2 = formula_row("GENQ with weights 1/(v + t), t from DL", "DerSimonian & Kacker 2007", "metan, dl2"))

test_formulas <- list(
  z = formula_row("b/se, normal", "Wald 1943", "meta; metan", "Wald-type", "metafor z; meta classic"),
  t = formula_row("b/se, t on k - p", "Follmann & Proschan 1999", "meta, tdistribution", r = "metafor t"),
  knha = formula_row("variance times q = sum(w* (y - m*)^2)/(k - p), t on k - p", "Hartung 1999; Knapp & Hartung 2003",
                     "meta, se(khartung); metan, hksj", "HKSJ (RevMan Web)", "metafor knha; meta HK"),
  hksj = formula_row("that of knha", "Sidik & Jonkman 2002", "metan, hksj", "HKSJ (RevMan Web)", "metafor hksj"),
  adhoc = formula_row("knha with q not below 1", "Knapp & Hartung 2003", "meta, se(khartung, truncated)", r = "metafor adhoc"),
  QM = formula_row("b' (V_b)^-1 b on the moderators, chi-squared on m; F on m and k - p with t tests", "Hedges & Olkin 1985",
                   "meta regress", r = "metafor QM"),
  Q = formula_row("sum(w (y - X b)^2), chi-squared on k - p", "Cochran 1954", "meta; metan", "Chi2", "metafor QE"),
  between = formula_row("sum over groups of (m_g - m)^2/se_g^2, chi-squared on G - 1", "Borenstein & Higgins 2013",
                        "meta, subgroup()", "Test for subgroup differences", "metafor QM; meta Q.b"),
  egger = formula_row("weighted regression of y on se, t of the slope on k - 2", "Egger et al. 1997",
                      "meta bias, egger; metabias, egger", r = "regtest(model = \"lm\"); meta Egger"),
  begg = formula_row("Kendall's tau of (y - m)/sqrt(v - 1/sum(w)) and v", "Begg & Mazumdar 1994",
                     "meta bias, begg; metabias, begg", r = "ranktest(); meta Begg"),
  harbord = formula_row("regression of Z/sqrt(V) on sqrt(V), score and its variance at OR = 1 (or RR = 1)",
                        "Harbord et al. 2006", "meta bias, harbord; metabias, harbord", r = "meta Harbord"),
  peters = formula_row("regression of log OR on 1/n, weights (1/events + 1/no events)^-1", "Peters et al. 2006",
                       "meta bias, peters; metabias, peters", r = "meta Peters"),
  trimfill = formula_row("L0 = (4 S - k (k + 1))/(2 k - 1), S the rank sum of the larger side; R0, Q0", "Duval & Tweedie 2000",
                         "meta trimfill; metatrim", r = "trimfill()"),
  tes = formula_row("(O - E)^2/E + (O - E)^2/(k - E), E the sum of the powers", "Ioannidis & Trikalinos 2007", r = "metafor tes()"),
  fsn = formula_row("(sum(z)/z_alpha)^2 - k (Rosenthal)", "Rosenthal 1979; Orwin 1983; Rosenberg 2005", r = "metafor fsn()"))

interval_formulas <- list(
  mean = formula_row("m* +- z se, or t on k - p", "Hedges & Olkin 1985", "meta; metan", "Wald-type", "metafor; meta"),
  prediction = formula_row("m* +- z sqrt(se^2 + tau2), or t on k - p; k - 2 in Stata and meta", "Higgins et al. 2009",
                           "meta, predinterval; metan, predict", "Prediction interval (RevMan Web)", "metafor predict()"),
  QP = formula_row("the tau2 with Q(tau2) at the quantiles of chi-squared on k - p", "Viechtbauer 2007", "metan, qprofile",
                   "Q-profile (RevMan Web)", "metafor QP; meta QP"),
  PL = formula_row("the tau2 whose profile log-likelihood is below the maximum by chi2/2", "Hardy & Thompson 1996",
                   "metan, pl", r = "metafor PL; meta PL"),
  GENQ = formula_row("the tau2 that put Q_a at the quantiles of its distribution (Farebrother)", "Jackson 2013", "metan, bs",
                     r = "metafor GENQ; meta BJ, J"),
  HT = formula_row("limits of log H with its approximate variance", "Higgins & Thompson 2002", "metan", r = "metafor HT"),
  Wald = formula_row("tau2 +- z se(tau2), not below 0", "Viechtbauer 2007", "metan, wald", r = "metafor Wald"),
  Wald.log = formula_row("exp(log(tau2) +- z se(tau2)/tau2)", "Viechtbauer 2007", r = "metafor Wald.log"),
  Wald.sqrt = formula_row("(tau +- z se(tau2)/(2 tau))^2", "Viechtbauer 2007", r = "metafor Wald.sqrt"),
  I2 = formula_row("100 tau2/(tau2 + v~), v~ the typical variance; 100 (Q - df)/Q in Stata 15, RevMan, meta",
                   "Higgins & Thompson 2002", "meta; metan", "I2", "metafor; meta"),
  MH = formula_row("log OR +- z with the variance of Robins, Breslow and Greenland", "Robins et al. 1986",
                   "meta, fixed(mhaenszel); metan", "M-H", "rma.mh(); meta MH"),
  Peto = formula_row("sum(O - E)/sum(V) +- z/sqrt(sum(V))", "Yusuf et al. 1985", "metan, peto", "Peto", "rma.peto(); meta Peto"))

# The one table of the transf.*() functions: formula, domain, inverse, source. The help page and the tests are
# made from it; src/core/effect/transforms.cpp computes. Oracle: metafor, and each inverse against its function.

transf_row <- function(formula, domain, inverse = "", source = "") {
  list(formula = formula, domain = domain, inverse = inverse, source = source)
}

all_numbers <- "all numbers"

transf_table <- list(
  rtoz = transf_row("z = atanh(r)", "-1 to 1; beyond: the ends", "ztor", "Fisher (1921)"),
  ztor = transf_row("r = tanh(z)", all_numbers, "rtoz", "Fisher (1921)"),
  logit = transf_row("log(p / (1 - p))", "0 to 1", "ilogit"),
  ilogit = transf_row("1 / (1 + exp(-x))", all_numbers, "logit"),
  probit = transf_row("the x with Phi(x) = p", "0 to 1", "iprobit"),
  iprobit = transf_row("Phi(x)", all_numbers, "probit"),
  arcsin = transf_row("asin(sqrt(p))", "0 to 1", "iarcsin"),
  iarcsin = transf_row("sin(x)^2", "0 to pi/2; beyond: the ends", "arcsin"),
  pft = transf_row("(asin(sqrt(p n / (n + 1))) + asin(sqrt((p n + 1) / (n + 1)))) / 2", "0 to 1", "ipft",
                   "Freeman and Tukey (1950)"),
  ipft = transf_row("(1 - sgn(cos 2x) sqrt(1 - (sin 2x + (sin 2x - 1 / sin 2x) / n)^2)) / 2",
                    "what 0 to n events give; beyond: the ends", "pft", "Miller (1978)"),
  ipft.hm = transf_row("as ipft, with the harmonic mean of the sample sizes", "as ipft", "pft", "Miller (1978)"),
  isqrt = transf_row("x^2", "0 and more; below: 0"),
  irft = transf_row("(sqrt(x) + sqrt(x + 1 / t)) / 2", "0 and more", "iirft", "Freeman and Tukey (1950)"),
  iirft = transf_row("(x - 1 / (4 t x))^2", "what 0 events give, and more; below: 0", "irft"),
  ahw = transf_row("1 - (1 - a)^(1/3)", "up to 1", "iahw", "Hakstian and Whalen (1976)"),
  iahw = transf_row("1 - (1 - x)^3", "0 to 1; beyond: the ends", "ahw", "Hakstian and Whalen (1976)"),
  abt = transf_row("-log(1 - a)", "up to 1", "iabt", "Bonett (2002)"),
  iabt = transf_row("1 - exp(-x)", "0 and more; below: 0", "abt", "Bonett (2002)"),
  r2toz = transf_row("log((1 + sqrt(x)) / (1 - sqrt(x))) / 2", "0 to 1; beyond: the ends", "ztor2",
                     "Olkin and Finn (1995)"),
  ztor2 = transf_row("tanh(z)^2", all_numbers, "r2toz", "Olkin and Finn (1995)"),
  ztor.int = transf_row("mean of tanh(Z)", all_numbers),
  exp.int = transf_row("mean of exp(Z), exp(xi + tau2 / 2)", all_numbers),
  ilogit.int = transf_row("mean of 1 / (1 + exp(-Z))", all_numbers),
  iprobit.int = transf_row("mean of Phi(Z)", all_numbers),
  iarcsin.int = transf_row("mean of sin(Z)^2, Z within 0 to pi/2", all_numbers),
  iahw.int = transf_row("mean of 1 - (1 - Z)^3, Z within 0 to 1", all_numbers),
  iabt.int = transf_row("mean of 1 - exp(-Z), Z positive", all_numbers),
  ztor.mode = transf_row("tanh(z), z = xi + 2 tau2 tanh(z)", all_numbers),
  exp.mode = transf_row("exp(xi - tau2)", all_numbers),
  ilogit.mode = transf_row("p with logit(p) = xi + tau2 (2p - 1); NA for tau2 > 2 (two modes)", all_numbers),
  iprobit.mode = transf_row("Phi(xi / (1 - tau2)); for tau2 of 1 and more an end", all_numbers),
  iarcsin.mode = transf_row("sin(x)^2, xi - x = 2 tau2 cot(2x); an end where there is none", all_numbers),
  iahw.mode = transf_row("1 - (1 - x)^3, (x - xi)(1 - x) = 2 tau2; an end where there is none", all_numbers),
  iabt.mode = transf_row("1 - exp(-(xi + tau2))", all_numbers),
  dtou1 = transf_row("U1 = (2 Phi(|d| / 2) - 1) / Phi(|d| / 2)", all_numbers, source = "Cohen (1988)"),
  dtou2 = transf_row("U2 = Phi(d / 2)", all_numbers, source = "Cohen (1988)"),
  dtou3 = transf_row("U3 = Phi(d)", all_numbers, source = "Cohen (1988)"),
  dtoovl = transf_row("2 Phi(-|d| / 2)", all_numbers, source = "Inman and Bradley (1989)"),
  dtocles = transf_row("Phi(d / sqrt(2))", all_numbers, "clestod", "McGraw and Wong (1992)"),
  clestod = transf_row("the d with Phi(d / sqrt(2)) = x", "0 to 1", "dtocles", "McGraw and Wong (1992)"),
  dtocles.int = transf_row("mean of Phi(Z / sqrt(2))", all_numbers),
  dtocliffd = transf_row("2 Phi(d / sqrt(2)) - 1", all_numbers),
  dtobesd = transf_row("1/2 + d / (2 sqrt(d^2 + 4))", all_numbers, source = "Rosenthal and Rubin (1982)"),
  dtomd = transf_row("d times the standard deviation", all_numbers),
  dtorpb = transf_row("d / sqrt(d^2 + h), h = m/n1 + m/n2, m = n1 + n2 - 2; without sizes h = 4", all_numbers, "rpbtod",
                      "Jacobs and Viechtbauer (2017)"),
  dtorbis = transf_row("sqrt(p (1 - p)) / f(z_p) times dtorpb, p = n1 / (n1 + n2); without sizes p = 1/2", all_numbers,
                       "rtod", "Jacobs and Viechtbauer (2017)"),
  rpbtorbis = transf_row("sqrt(p (1 - p)) / f(z_p) r", all_numbers, "rtorpb", "Jacobs and Viechtbauer (2017)"),
  rtorpb = transf_row("f(z_p) / sqrt(p (1 - p)) r", all_numbers, "rpbtorbis", "Jacobs and Viechtbauer (2017)"),
  rtod = transf_row("rtorpb, then rpbtod", "where the point-biserial correlation is within -1 to 1", "dtorbis",
                    "Jacobs and Viechtbauer (2017)"),
  rpbtod = transf_row("sqrt(h) r / sqrt(1 - r^2), h as in dtorpb", "-1 to 1", "dtorpb",
                      "Jacobs and Viechtbauer (2017)"),
  lnortord = transf_row("pc OR / (1 - pc + pc OR) - pc", all_numbers),
  lnortorr = transf_row("OR / (1 - pc + pc OR)", all_numbers),
  lnortod.norm = transf_row("x / 1.65", all_numbers, "dtolnor.norm", "Cox and Snell (1989)"),
  lnortod.logis = transf_row("x sqrt(3) / pi", all_numbers, "dtolnor.logis", "Chinn (2000)"),
  dtolnor.norm = transf_row("1.65 d", all_numbers, "lnortod.norm", "Cox and Snell (1989)"),
  dtolnor.logis = transf_row("d pi / sqrt(3)", all_numbers, "lnortod.logis", "Chinn (2000)"),
  lnortortet.pearson = transf_row("cos(pi / (1 + sqrt(OR)))", all_numbers, source = "Pearson (1900)"),
  lnortortet.digby = transf_row("(OR^(3/4) - 1) / (OR^(3/4) + 1)", all_numbers, source = "Digby (1983)")
)

# The table as a list in Rd.
transf_rd <- function() {
  rows <- vapply(names(transf_table), function(name) {
    row <- transf_table[[name]]
    inverse <- if (nzchar(row$inverse)) sprintf("inverse: \\code{transf.%s}", row$inverse)
    more <- c(inverse, if (nzchar(row$source)) row$source)
    text <- paste(c(sprintf("\\code{%s}; domain: %s", row$formula, row$domain), more), collapse = "; ")
    sprintf("\\item{\\code{transf.%s}}{%s.}", name, text)
  }, "")
  c("@section Formulas:", "Phi and f are the distribution function and density of the standard normal, OR = exp(x).",
    "\\describe{", rows, "}")
}

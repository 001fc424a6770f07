# The one table of effect measures: the columns each needs, its scale, its labels, and what other
# software calls it. Everything that asks about a measure asks here.

# back: the function that returns to the natural scale (by name; "" when there is none); label is
# the axis label on the analysis scale, natural_label that after the back-transformation.
measure_row <- function(family, label, transform = "", back = "", natural_label = label, null = 0,
                        add = 0.5, vtypes = "LS", also = character()) {
  list(family = family, label = label, transform = transform, back = back, natural_label = natural_label,
       null = null, add = add, vtypes = vtypes, also = also)
}

smd_vtypes <- c("LS", "LS2", "LS3", "UB", "AV", "H0", "COHEN", "HEDGES", "GLASS")
any_vtype <- c("LS", "LS2", "LS3", "UB", "HO", "ST", "CS", "AV", "AV2", "AVHO", "H0")

measure_table <- list(
  RR = measure_row("binary", "Log Risk Ratio", "log", "exp", "Risk Ratio", vtypes = c("LS", "AV"),
                   also = c(metan = "rr", meta_suite = "lnrratio", revman = "RR", meta = "RR")),
  OR = measure_row("binary", "Log Odds Ratio", "log", "exp", "Odds Ratio", vtypes = c("LS", "AV"),
                   also = c(metan = "or", meta_suite = "lnoratio", revman = "OR", meta = "OR")),
  RD = measure_row("binary", "Risk Difference", vtypes = c("LS", "UB", "AV"),
                   also = c(metan = "rd", meta_suite = "rdiff", revman = "RD", meta = "RD")),
  PETO = measure_row("binary", "Log Odds Ratio", "log", "exp", "Odds Ratio", vtypes = any_vtype,
                     also = c(metan = "peto", meta_suite = "lnorpeto", revman = "PETO_OR", meta = "Peto")),
  AS = measure_row("binary", "Arcsine Transformed Risk Difference", add = 0, vtypes = any_vtype,
                   also = c(meta = "ASD")),
  MD = measure_row("means", "Mean Difference", vtypes = c("LS", "UB", "HO"),
                   also = c(metan = "nostandard", meta_suite = "mdiff", revman = "MD", meta = "MD")),
  SMD = measure_row("means", "Standardized Mean Difference", vtypes = smd_vtypes,
                    also = c(metan = "cohen", meta_suite = "hedgesg", revman = "SMD", meta = "SMD")),
  SMDH = measure_row("means", "Standardized Mean Difference", vtypes = c("LS", "LS2", "LS3")),
  ROM = measure_row("means", "Log Ratio of Means", "log", "exp", "Ratio of Means",
                    vtypes = c("LS", "LS2", "HO", "AV", "AVHO"), also = c(meta = "ROM")),
  IRR = measure_row("rates", "Log Incidence Rate Ratio", "log", "exp", "Incidence Rate Ratio",
                    also = c(meta = "IRR")),
  IRD = measure_row("rates", "Incidence Rate Difference", also = c(meta = "IRD")),
  PR = measure_row("proportion", "Proportion", vtypes = c("LS", "UB", "AV"),
                   also = c(metaprop = "default", metan = "transform(none)", meta = "PRAW")),
  PLN = measure_row("proportion", "Log Proportion", "log", "exp", "Proportion", vtypes = c("LS", "AV"),
                    also = c(meta = "PLN")),
  PLO = measure_row("proportion", "Log Odds", "qlogis", "plogis", "Proportion", vtypes = c("LS", "AV"),
                    also = c(metan = "transform(logit)", meta_suite = "logitprop", meta = "PLOGIT")),
  PRZ = measure_row("proportion", "Probit Transformed Proportion", "qnorm", "pnorm", "Proportion",
                    vtypes = any_vtype),
  PAS = measure_row("proportion", "Arcsine Transformed Proportion", "transf_arcsin", "transf_iarcsin",
                    "Proportion", add = 0, vtypes = any_vtype,
                    also = c(metan = "transform(arcsine)", meta = "PAS")),
  PFT = measure_row("proportion", "Double Arcsine Transformed Proportion", "transf_pft", "transf_ipft",
                    "Proportion", add = 0, vtypes = any_vtype,
                    also = c(metaprop = "ftt", metan = "transform(ftukey)", meta_suite = "ftukeyprop",
                             meta = "PFT")),
  GEN = measure_row("generic", "Observed Outcome",
                    also = c(metan = "theta se", meta_suite = "meta set", revman = "IV", meta = "metagen"))
)

# Each inner vector is one way to give the data of a family.
measure_inputs <- list(
  binary = list(c("ai", "bi", "ci", "di"), c("ai", "n1i", "ci", "n2i")),
  means = list(c("m1i", "m2i", "sd1i", "sd2i", "n1i", "n2i")),
  rates = list(c("x1i", "x2i", "t1i", "t2i")),
  proportion = list(c("xi", "mi"), c("xi", "ni")),
  generic = list(c("yi", "vi"), c("yi", "sei"), c("yi", "ci.lb", "ci.ub"))
)

escalc_measures <- function() {
  names(measure_table)[vapply(measure_table, function(m) m$family != "rates", NA)]
}

check_measure <- function(measure, choices = escalc_measures(), call = NULL) {
  if (!is.character(measure) || length(measure) != 1L || is.na(measure)) {
    abort_input("measure", sprintf("must be the name of one measure, not %s", describe(measure)), call)
  }
  if (!measure %in% choices) {
    abort_input("measure", sprintf("\"%s\" is not available (yet); available are %s", measure,
                                   paste(choices, collapse = ", ")), call)
  }
  measure
}

measure_info <- function(measure) measure_table[[measure]] %||% measure_table[["GEN"]]

# The columns a measure cannot do without, as a sentence for messages.
describe_inputs <- function(family) {
  ways <- vapply(measure_inputs[[family]], paste, "", collapse = ", ")
  paste(ways, collapse = " or ")
}

`%||%` <- function(x, y) if (is.null(x)) y else x

# Is the effect analysed as a logarithm?
is_log_measure <- function(measure) identical(measure_info(measure)$transform, "log")

# The function that a measure's row names.
measure_function <- function(name) get(name, envir = topenv(), mode = "function")

transf_arcsin <- function(x) asin(sqrt(x))

# Limits outside the range of the transformation stand for 0 and 1.
transf_iarcsin <- function(x) sin(pmin(pmax(x, 0), pi / 2))^2

transf_pft <- function(x, n) 0.5 * (asin(sqrt(x * n / (n + 1))) + asin(sqrt((x * n + 1) / (n + 1))))

# Miller (1978) Am Stat 32:138; values beyond what 0 or n events give stand for 0 and 1.
transf_ipft <- function(x, n) {
  s <- sin(2 * x)
  out <- 0.5 * (1 - sign(cos(2 * x)) * sqrt(pmax(0, 1 - (s + (s - 1 / s) / n)^2)))
  out[x <= transf_pft(0, n)] <- 0
  out[x >= transf_pft(1, n)] <- 1
  out
}

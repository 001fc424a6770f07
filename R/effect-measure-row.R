# The shape of a row in the table of effect measures (measures-*.R, put together in measures.R), and the ways to
# give the data of a family.

# Each inner vector is one way to give the data of a family.
measure_inputs <- list(
  binary = list(c("ai", "bi", "ci", "di"), c("ai", "n1i", "ci", "n2i")),
  matched = list(c("ai", "bi", "ci", "di"), c("ai", "n1i", "ci", "n2i")),
  margins = list(c("ai", "bi", "ci", "di", "ri"), c("ai", "bi", "ci", "di", "pi"), c("ai", "n1i", "ci", "n2i", "pi"),
                 c("ai", "n1i", "ci", "n2i", "ri")),
  means = list(c("m1i", "m2i", "sd1i", "sd2i", "n1i", "n2i")),
  difference = list(c("di", "n1i", "n2i"), c("ti", "n1i", "n2i"), c("pi", "n1i", "n2i"), c("ri", "n1i", "n2i"),
                    c("m1i", "m2i", "sd1i", "sd2i", "n1i", "n2i")),
  second_sd = list(c("m1i", "m2i", "sd2i", "n1i", "n2i")),
  two_sds = list(c("sd1i", "sd2i", "n1i", "n2i")),
  pomp_means = list(c("m1i", "m2i", "sd1i", "sd2i", "n1i", "n2i", "mini", "maxi")),
  area = list(c("ai", "n1i", "n2i")),
  binormal = list(c("ai", "n1i", "n2i"), c("di", "n1i", "n2i"), c("ti", "n1i", "n2i"), c("pi", "n1i", "n2i"),
                  c("m1i", "m2i", "sd1i", "sd2i", "n1i", "n2i")),
  correlation = list(c("ti", "ni"), c("pi", "ni"), c("ri", "ni")),
  partial = list(c("ri", "mi", "ni"), c("pi", "mi", "ni"), c("ti", "mi", "ni")),
  semi_partial = list(c("ri", "mi", "ni", "r2i"), c("pi", "mi", "ni", "r2i"), c("ti", "mi", "ni", "r2i")),
  determination = list(c("fi", "mi", "ni"), c("pi", "mi", "ni"), c("r2i", "mi", "ni")),
  rates = list(c("x1i", "x2i", "t1i", "t2i")),
  proportion = list(c("xi", "mi"), c("xi", "ni")),
  one_rate = list(c("xi", "ti")),
  mean = list(c("mi", "sdi", "ni")),
  sd = list(c("sdi", "ni")),
  pomp_mean = list(c("mi", "sdi", "ni", "mini", "maxi")),
  change = list(c("m1i", "m2i", "sd1i", "sd2i", "ri", "ni")),
  change_given = list(c("di", "ni"), c("ti", "ni"), c("pi", "ni"), c("m1i", "m2i", "sd1i", "sd2i", "ri", "ni")),
  change_first = list(c("m1i", "m2i", "sd1i", "ri", "ni")),
  change_sds = list(c("sd1i", "sd2i", "ri", "ni")),
  pomp_change = list(c("m1i", "m2i", "sd1i", "sd2i", "ri", "ni", "mini", "maxi")),
  alpha = list(c("ai", "mi", "ni")),
  genotypes = list(c("ai", "bi", "ci")),
  generic = list(c("yi", "vi"), c("yi", "sei"), c("yi", "ci.lb", "ci.ub"))
)

# family: key of measure_inputs; label: axis label on the analysis scale; formula and source for the documentation
# (the core has the same by the same name); vtypes: those that exist, the first is the default. back: the function
# that returns to the natural scale, by name ("" when there is none), natural: the label there, scale: the word for
# the axis that is analysed on one scale and labelled on the other; short, natural_short: names in a column.
# null: NA where no value means "no effect"; add: what goes to empty cells; also: names in other software.
measure_row <- function(family, label, formula, source = "", vtypes = any_vtype, short = label, back = "",
                        natural = label, natural_short = short, null = 0, add = 0.5, also = character()) {
  list(family = family, label = label, formula = formula, source = source, vtypes = vtypes, short = short, back = back,
       natural_label = natural, natural_short = natural_short, scale = back_scales[back], null = null, add = add,
       also = also)
}

# What the axis says when only its labels are back-transformed.
back_scales <- c(exp = "log", plogis = "logit", pnorm = "probit", transf.iarcsin = "arcsine",
                 transf.isqrt = "square root")

# Other functions that lead to the same scale.
back_equals <- list(exp = "transf.exp.int", plogis = c("transf.ilogit", "transf.ilogit.int"),
                    pnorm = c("transf.iprobit", "transf.iprobit.int", "transf.dtou3"),
                    tanh = c("transf.ztor", "transf.ztor.int"), transf.iarcsin = "transf.iarcsin.int",
                    transf.ipft = "transf.ipft.hm", transf.iahw = "transf.iahw.int", transf.iabt = "transf.iabt.int")

# Measures with one formula take every name.
any_vtype <- c("LS", "LS2", "LS3", "UB", "HO", "ST", "CS", "AV", "AV2", "AVHO", "H0", "H0a", "H0b", "MAX")

# A ratio, analysed as a logarithm.
ratio_row <- function(family, name, formula, ..., short_name = name) {
  measure_row(family, paste("Log", name), formula, back = "exp", natural = name, short = sprintf("Log[%s]", short_name),
              ...)
}

# Fisher's z of another measure of the table.
z_row <- function(of, formula, index = "r", back = "tanh", ...) {
  short <- if (index == "phi") quote("Fisher's " * z[phi]) else quote("Fisher's " * z[r])
  measure_row(of$family, paste("Fisher's z Transformed", of$label), formula, source = "Fisher 1921; delta method",
              short = as.expression(short), back = back, natural = of$label, natural_short = of$short,
              add = of$add, ...)
}

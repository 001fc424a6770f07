# Ten published analyses under both packages (rare events against the paper): the same words, and numbers within the last
# digits that metafor's search leaves.

# The analysis f with a package's functions: what it prints.
printed_by <- function(package, f) {
  space <- asNamespace(package)
  out <- NULL
  lines <- utils::capture.output(out <- suppressMessages(suppressWarnings(f(space))))
  c(lines, unlist(lapply(out, function(x) utils::capture.output(print(x)))))
}

number_pattern <- "[-+]?[0-9]*[.]?[0-9]+([eE][-+]?[0-9]+)?"

# Words, and numbers less what printing rounds away.
expect_same_print <- function(f, slack = 2e-4) {
  ours <- printed_by("metaparity", f)
  theirs <- printed_by("metafor", f)
  expect_identical(gsub(" +", " ", gsub(number_pattern, "#", ours)), gsub(" +", " ", gsub(number_pattern, "#", theirs)))
  numbers <- function(x) as.numeric(unlist(regmatches(x, gregexpr(number_pattern, x))))
  a <- numbers(ours)
  b <- numbers(theirs)
  expect_identical(length(a), length(b))
  expect_true(all(abs(a - b) <= 1.01e-4 + slack * abs(b)), info = paste(theirs[ours != theirs], collapse = "\n"))
}

skip_if_not_installed("metafor")
skip_if_not_installed("metadat")

test_that("Konstantopoulos (2011): schools within districts", {
  d <- metadat::dat.konstantopoulos2011
  expect_same_print(function(m) {
    fit <- m$rma.mv(yi, vi, random = ~ 1 | district / school, data = d)
    year <- m$rma.mv(yi, vi, mods = ~ I(year - mean(year)), random = ~ 1 | district / school, data = d, method = "ML")
    list(fit, summary(year), predict(fit), confint(fit), anova(year))
  })
})

test_that("Berkey et al. (1998): two outcomes of periodontal treatment", {
  d <- metadat::dat.berkey1998
  expect_same_print(function(m) {
    V <- m$vcalc(vi = 1, cluster = author, rvars = c(v1i, v2i), data = d)
    fit <- m$rma.mv(yi, V, mods = ~ 0 + outcome, random = ~ outcome | trial, struct = "UN", data = d, method = "ML")
    list(summary(fit), predict(fit, newmods = diag(2), tau2.levels = c("AL", "PD")), anova(fit, X = c(1, -1)))
  })
})

test_that("Ishak et al. (2007): effects over time", {
  wide <- metadat::dat.ishak2007
  d <- data.frame(study = rep(wide$study, each = 4), time = rep(1:4, nrow(wide)),
                  yi = as.vector(t(wide[paste0("y", 1:4, "i")])), vi = as.vector(t(wide[paste0("v", 1:4, "i")])))
  d <- d[!is.na(d$yi), ]
  expect_same_print(function(m) {
    list(m$rma.mv(yi, vi, mods = ~ 0 + factor(time), random = ~ 1 | study, data = d),
         m$rma.mv(yi, vi, mods = ~ 0 + factor(time), random = ~ factor(time) | study, struct = "DIAG", data = d))
  })
})

test_that("Assink and Wibbelink (2016): dependent effect sizes", {
  d <- metadat::dat.assink2016
  expect_same_print(function(m) {
    V <- m$vcalc(vi, cluster = study, obs = esid, rho = 0.6, data = d)
    fit <- m$rma.mv(yi, V, random = ~ 1 | study / esid, data = d)
    list(fit, m$robust(fit, cluster = study), m$rma.mv(yi, V, mods = ~ deltype, random = ~ 1 | study / esid, data = d))
  })
})

test_that("van Houwelingen et al. (2002): odds in both arms", {
  d <- metadat::dat.colditz1994
  expect_same_print(function(m) {
    long <- m$to.long(measure = "OR", ai = tpos, bi = tneg, ci = cpos, di = cneg, data = d)
    long <- m$escalc(measure = "PLO", xi = out1, mi = out2, data = long)
    fit <- m$rma.mv(yi, vi, mods = ~ 0 + group, random = ~ group | study, struct = "UN", data = long, method = "ML")
    list(fit, anova(fit, X = c(1, -1)))
  }, slack = 5e-4)
})

test_that("Gleser and Olkin (2009): several treatments and one control", {
  d <- data.frame(study = c(1, 1, 2, 3, 3, 3), trt = c("a", "b", "a", "a", "b", "c"), ai = c(40, 40, 10, 150, 150, 18),
                  n1i = c(1000, 1000, 200, 2000, 2000, 2000), ci = c(100, 100, 15, 150, 150, 150),
                  n2i = c(4000, 4000, 400, 2000, 2000, 2000))
  expect_same_print(function(m) {
    es <- m$escalc(measure = "RD", ai = ai, n1i = n1i, ci = ci, n2i = n2i, data = d)
    shared <- with(d, ci / n2i * (1 - ci / n2i) / n2i)
    V <- ifelse(outer(d$study, d$study, `==`), shared, 0)
    diag(V) <- es$vi
    list(m$rma.mv(yi, V, mods = ~ 0 + trt, data = es))
  })
})

test_that("Law et al. (2016): consistency and inconsistency of a network", {
  d <- data.frame(study = rep(1:8, c(1, 1, 1, 1, 2, 1, 2, 1)), design = c(1, 1, 2, 2, 3, 3, 4, 5, 5, 6),
                  b = c(1, 1, 0, 0, 1, 0, -1, 1, 0, 0), c = c(0, 0, 1, 1, 0, 1, 1, 0, 1, 1),
                  yi = c(-0.3, 0.1, -0.5, -0.9, -0.2, -0.4, -0.6, 0.3, -0.7, -0.1), vi = rep(c(0.04, 0.09), 5))
  V <- diag(d$vi)
  for (s in c(5, 7)) V[d$study == s, d$study == s][c(2, 3)] <- 0.02
  expect_same_print(function(m) {
    d$contrast <- paste0(d$b, d$c)
    list(m$rma.mv(yi, V, mods = ~ 0 + b + c, random = ~ contrast | study, rho = 1 / 2, data = d),
         m$rma.mv(yi, V, mods = ~ 0 + b + c, random = list(~ contrast | study, ~ contrast | design), rho = 1 / 2, phi = 1 / 2,
                  data = d))
  }, slack = 1e-3)
})

test_that("Stijnen et al. (2010): rare events, tables II and III", {
  d <- metadat::dat.nielweise2007
  control <- rma.glmm(measure = "PLO", xi = ci, ni = n2i, data = d)
  treated <- rma.glmm(measure = "PLO", xi = ai, ni = n1i, data = d)
  # The paper's likelihood is approximate.
  expect_equal(c(coef(control), control$se, control$tau2, coef(treated), treated$se, treated$tau2),
               c(-3.4964, 0.2570, 0.8124, -4.8121, 0.3555, 0.8265), tolerance = 3e-3, ignore_attr = TRUE)
  odds <- suppressWarnings(rma.glmm(measure = "OR", ai = ai, n1i = n1i, ci = ci, n2i = n2i, data = d, model = "CM.EL"))
  expect_equal(round(c(coef(odds), odds$se, sqrt(odds$tau2)), 3), c(-1.353, 0.351, 0.833), ignore_attr = TRUE)
  expect_equal(round(unlist(unclass(predict(odds, transf = exp))[c("pred", "ci.lb", "ci.ub")]), 4), c(0.2584, 0.1299, 0.5142),
               ignore_attr = TRUE)
})

test_that("Vevea and Woods (2005): weights of p-values given", {
  d <- metadat::dat.raudenbush1985
  steps <- c(0.005, 0.01, 0.05, 0.1, 0.25, 0.35, 0.5, 0.65, 0.75, 0.9, 0.95, 0.99, 0.995, 1)
  delta <- c(1, 0.99, 0.95, 0.8, 0.75, 0.65, 0.6, 0.55, 0.5, 0.5, 0.5, 0.5, 0.5, 0.5)
  expect_same_print(function(m) {
    fit <- m$rma(yi, vi, data = d, method = "ML")
    list(m$selmodel(fit, type = "stepfun", steps = steps, delta = delta))
  }, slack = 1e-3)
})

test_that("Viechtbauer and Lopez-Lopez (2022): location and scale", {
  d <- metadat::dat.bangertdrowns2004
  d$ni100 <- d$ni / 100
  expect_same_print(function(m) {
    list(m$rma(yi, vi, mods = ~ ni100, scale = ~ ni100, data = d), m$rma(yi, vi, scale = ~ meta, data = d[!is.na(d$meta), ]))
  }, slack = 1e-3)
})

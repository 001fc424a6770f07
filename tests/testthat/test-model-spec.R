# A convention's fit has the numbers of that program's own view, whichever way they are asked for.

d <- stata_fixture("example.csv")
tables <- list(plain = d[c("tdeath", "tnodeath", "cdeath", "cnodeath")],
               zeros = d[c("tdeath", "tnodeath", "cdeath_zero", "cnodeath")],
               both = d[c("tdeath_zero", "tnodeath", "cdeath_zero", "cnodeath")])
means <- d[c("tsample", "tmean", "tsd", "csample", "cmean", "csd")]
as_columns <- function(x, names) stats::setNames(as.list(x), names)
named <- function(x) as_columns(x, if (length(x) == 4L) c("ai", "bi", "ci", "di") else
  c("n1i", "m1i", "sd1i", "n2i", "m2i", "sd2i"))

fit_by <- function(columns, measure, convention, ...) {
  quiet_drops(do.call(rma, c(named(columns), list(measure = measure, convention = convention, ...))))
}
told <- function(f) c(f$beta[1L], f$se[1L], f$ci.lb[1L], f$ci.ub[1L], f$zval[1L], f$pval[1L], f$tau2, f$QE, f$QEp, f$I2)
told_by_stata <- function(v) {
  r <- v$r
  z <- r$z * if (r$ES < 0) -1 else 1
  c(r$ES, r$selogES %||% r$seES, r$ci_low, r$ci_upp, z, r$p_z, r$tau2, r$het, r$p_het, r$i_sq)
}
by_metan <- function(columns, ...) {
  data <- stats::setNames(columns, letters[seq_along(columns)])
  args <- lapply(names(data), as.name)
  quiet_drops(do.call(metan, c(args, list(data = data, random = TRUE, ...))))
}

test_that("the numbers of metan 9 are those of convention \"stata14\"", {
  compared <- 0L
  for (columns in tables) for (measure in c("RR", "OR", "RD")) {
    flags <- stats::setNames(list(TRUE, if (measure != "RD") TRUE), c(tolower(measure), "log"))
    view <- do.call(by_metan, c(list(columns), flags[lengths(flags) > 0L]))
    expect_gate(told(fit_by(columns, measure, "stata14")), told_by_stata(view), "closed_form")
    compared <- compared + 1L
  }
  expect_identical(compared, 9L)
  expect_gate(told(fit_by(means, "SMD", "stata14")), told_by_stata(by_metan(means)), "closed_form")
  expect_gate(told(fit_by(means, "MD", "stata14")), told_by_stata(by_metan(means, nostandard = TRUE)), "closed_form")
  f <- rma(logor, sei = selogor, data = d, convention = "stata14")
  expect_identical(f$method, "DL")
  expect_gate(told(f), told_by_stata(metan(logor, selogor, data = d, random = TRUE)), "closed_form")
})

test_that("pooled tables have metan's numbers under convention \"stata14\", for every data set of the cases", {
  sets <- list(example = list(d, c("tdeath", "tnodeath", "cdeath", "cnodeath")),
               zero = list(d, c("tdeath", "tnodeath", "cdeath_zero", "cnodeath")),
               both = list(d, c("tdeath_zero", "tnodeath", "cdeath_zero", "cnodeath")),
               bcg = list(stata_fixture("bcg.csv"), c("tcases", "tnoncases", "ccases", "cnoncases")),
               aspirin = list(transform(stata_fixture("aspirin.csv"), l1 = n1 - d1, l2 = n2 - d2),
                              c("d1", "l1", "d2", "l2")))
  for (set in sets) for (measure in c("RR", "OR", "RD", "PETO")) {
    columns <- set[[1L]][set[[2L]]]
    data <- stats::setNames(columns, letters[1:4])
    flags <- if (measure == "PETO") list(peto = TRUE) else stats::setNames(list(TRUE), tolower(measure))
    view <- quiet_drops(do.call(metan, c(lapply(letters[1:4], as.name), list(data = data), flags,
                                         if (measure != "RD") list(log = TRUE))))
    fun <- if (measure == "PETO") rma.peto else rma.mh
    fit <- quiet_drops(do.call(fun, c(named(columns), list(convention = "stata14"),
                                      if (measure != "PETO") list(measure = measure))))
    r <- view$r
    expect_gate(c(fit$beta, fit$se, fit$ci.lb, fit$ci.ub), c(r$ES, r$selogES %||% r$seES, r$ci_low, r$ci_upp),
                "closed_form")
  }
})

test_that("estimates with standard errors have metan's numbers in every data set of the cases", {
  sets <- list(c("magnesium", "logor", "selogor"), c("cheung", "y", "se"), c("cholesterol", "logor", "selogor"),
               c("bcg", "logRR", "selogRR"))
  for (set in sets) {
    data <- stata_fixture(paste0(set[1L], ".csv"))
    view <- do.call(metan, list(as.name(set[2L]), as.name(set[3L]), data = data, random = TRUE))
    fit <- do.call(rma, list(data[[set[2L]]], sei = data[[set[3L]]], convention = "stata14"))
    expect_gate(told(fit), told_by_stata(view), "closed_form")
  }
})

test_that("the numbers of metan 4 are those of convention \"metan4\"", {
  for (columns in tables) for (measure in c("RR", "OR", "RD")) {
    flags <- stats::setNames(list(TRUE, 4), c(tolower(measure), "version"))
    view <- do.call(by_metan, c(list(columns), flags, if (measure != "RD") list(log = TRUE)))
    r <- view$r
    f <- fit_by(columns, measure, "metan4")
    expect_gate(c(f$beta[1L], f$tau2, f$QE, f$I2), c(r$eff %||% r$ES, r$tausq %||% r$tau2, r$Q %||% r$het, r$Isq %||% r$i_sq),
                "closed_form")
  }
})

test_that("the numbers of the meta suite are those of convention \"stata18\"", {
  for (method in c("REML", "DL", "HS", "SJ", "ML", "EB", "HE")) {
    word <- c(REML = "reml", DL = "dlaird", HS = "hschmidt", SJ = "sjonkman", ML = "mle", EB = "ebayes",
              HE = "hedges")[[method]]
    m <- meta_set(logor, selogor, data = d)
    r <- meta_summarize(m, random = word)$r
    f <- rma(logor, sei = selogor, data = d, convention = "stata18", method = method)
    expect_gate(c(f$beta[1L], f$se[1L], f$ci.lb[1L], f$ci.ub[1L], f$tau2, f$QE, f$QEp, f$I2, f$H2),
                c(r$theta, r$se, r$ci_lb, r$ci_ub, r$tau2, r$Q, r$p_Q, r$I2, r$H2), "closed_form")
  }
})

test_that("the numbers of RevMan are those of conventions \"revman5\" and \"revman_web\"", {
  for (columns in tables) for (measure in c("RR", "OR", "RD")) {
    data <- as.data.frame(named(columns))
    total <- revman(data, ai = ai, bi = bi, ci = ci, di = di, measure = measure, model = "random")$total
    f <- fit_by(columns, measure, "revman5")
    expect_gate(c(f$beta[1L], f$se[1L], f$tau2, f$QE, f$I2), c(total$est, total$se, total$tau2, total$Q, total$I2),
                "closed_form")
  }
})

test_that("package meta's numbers are those of convention \"meta\"", {
  skip_if_not_installed("meta")
  for (measure in c("RR", "OR", "RD")) {
    t <- tables$zeros
    o <- meta::metabin(t[[1L]], t[[1L]] + t[[2L]], t[[3L]], t[[3L]] + t[[4L]], sm = measure, method = "Inverse")
    f <- fit_by(t, measure, "meta")
    expect_gate(c(f$beta[1L], f$se[1L], f$tau2, f$QE, f$I2),
                c(o$TE.random, o$seTE.random, o$tau2, o$Q, 100 * o$I2), "metafor_iterative")
  }
})

test_that("I2 of a convention is from Q or from tau2, with moderators too; R2 may be negative", {
  x <- c(0.31, 0.02, -0.44, 0.18, 0.9, 0.05, -0.2, 0.6)
  v <- c(0.04, 0.02, 0.09, 0.05, 0.03, 0.06, 0.02, 0.08)
  z <- c(1, 3, 2, 5, 4, 8, 6, 7)
  f <- rma(x, v, mods = ~z, convention = "stata14")
  g <- rma(x, v, mods = ~z, method = "DL")
  null <- rma(x, v, method = "DL")$tau2
  expect_gate(f$I2, max(0, 100 * (g$QE - 6) / g$QE), "closed_form")
  expect_gate(f$R2, 100 * (null - g$tau2) / null, "closed_form")
  expect_gate(g$I2, 100 * g$tau2 / (g$tau2 + g$vt), "closed_form")
  expect_true(f$R2 < 0 && g$R2 == 0)
})

test_that("refits keep the convention's Q and I2", {
  t <- tables$zeros
  f <- fit_by(t, "RR", "stata14")
  out <- leave1out(f)
  one <- fit_by(t[-1L, ], "RR", "stata14")
  expect_gate(c(out$Q[1L], out$I2[1L], out$tau2[1L]), c(one$QE, one$I2, one$tau2), "closed_form")
  upto <- fit_by(t[1:5, ], "RR", "stata14")
  expect_gate(cumul(f)$I2[5L], upto$I2, "closed_form")
})

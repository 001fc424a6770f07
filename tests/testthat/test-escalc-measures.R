test_that("every measure agrees with metafor for every variance formula, corrected or not", {
  skip_if_not_installed("metafor")
  slow <- c("R2F", "ZR2F")
  for (m in setdiff(names(measure_table), slow)) for (v in metafor_vtypes(m)) {
    same_measure(m, family_data[[measure_table[[m]]$family]], vtype = v)
    if (v == "LS") same_measure(m, family_data[[measure_table[[m]]$family]], correct = FALSE)
  }
  for (m in slow) same_measure(m, lapply(family_data$determination, `[`, 2L))
})

test_that("variance formulas may differ between studies", {
  skip_if_not_installed("metafor")
  for (m in names(measure_table)) {
    v <- metafor_vtypes(m)
    if (length(v) %in% 3:8) same_measure(m, family_data[[measure_table[[m]]$family]], vtype = rep_len(v, 4L))
  }
})

test_that("a variance formula that a measure has not is refused by both", {
  skip_if_not_installed("metafor")
  for (m in setdiff(names(measure_table), c("GEN", "HR", "HD"))) for (v in c("LS2", "UB", "AV", "H0")) {
    if (v %in% measure_table[[m]]$vtypes) next
    args <- c(list(m), lapply(family_data[[measure_table[[m]]$family]], `[`, 1:2), list(vtype = v))
    expect_error(do.call(metafor::escalc, args), label = paste(m, v))
    expect_error(do.call(escalc, args), class = "metaparity_error_input", label = paste(m, v))
  }
})

test_that("rma() takes the raw data of every measure, and vtype, correct, mini, maxi", {
  skip_if_not_installed("metafor")
  for (m in setdiff(names(measure_table), c("R2F", "ZR2F", "GEN", "HR", "HD", "RTET", "ZTET"))) {
    args <- c(family_data[[measure_table[[m]]$family]], list(measure = m, method = "DL"))
    ours <- suppressWarnings(do.call(metaparity::rma, args))
    theirs <- suppressWarnings(do.call(metafor::rma, args))
    expect_gate(ours$beta, theirs$beta, "metafor_closed")
    expect_identical(ours$measure, m)
  }
  args <- c(family_data$means, list(measure = "SMD", method = "DL", vtype = "UB", correct = FALSE))
  expect_gate(do.call(metaparity::rma, args)$beta, do.call(metafor::rma, args)$beta, "metafor_closed")
  d <- as.data.frame(family_data$pomp_mean)
  fit <- rma(mi = mi, sdi = sdi, ni = ni, mini = mini, maxi = maxi, measure = "POMPMN", data = d)
  expect_equal(length(fit$yi), 4L)
  expect_warning(rma(yi = 1:3, vi = 1:3, vtyp = "LS"), class = "metaparity_warning_unknown")
})

test_that("other ways to give the data agree with metafor, and fill the gaps of each other", {
  skip_if_not_installed("metafor")
  given <- list(di = c(.5, NA, NA, NA), ti = c(NA, 2, NA, NA), pi = c(NA, NA, -.02, NA), n1i = c(10, 20, 33, 8),
                n2i = c(12, 25, 31, 9))
  means <- list(m1i = c(1, 2, 3, 4), m2i = c(0, 2, 4, 3), sd1i = rep(2, 4), sd2i = rep(2.2, 4))
  for (m in c("SMD", "RPB", "ZPB", "RBIS", "ZBIS", "D2OR", "D2ORN", "D2ORL", "CLESN")) {
    same_measure(m, given)
    same_measure(m, c(given, means))
  }
  for (m in c("COR", "UCOR", "ZCOR"))
    same_measure(m, list(ri = c(.1, NA, NA), ti = c(NA, 2, NA), pi = c(NA, NA, -.04), ni = c(10, 20, 30)))
  for (m in c("PCOR", "ZPCOR", "SPCOR", "ZSPCOR")) {
    same_measure(m, list(ti = c(1, NA, NA), pi = c(NA, .3, NA), ri = c(NA, NA, .2), mi = 2:4, ni = c(10, 20, 30),
                         r2i = c(.3, .4, .5)))
  }
  for (m in c("R2", "ZR2")) same_measure(m, list(r2i = c(.3, NA, NA), fi = c(NA, 2, NA), pi = c(NA, NA, .02),
                                                 mi = 2:4, ni = c(10, 20, 30)))
  same_measure("SMCC", list(di = c(.5, NA, NA), ti = c(NA, 2, NA), pi = c(NA, NA, -.03), ni = c(10, 20, 30)))
  same_measure("MPORM", c(family_data$margins[1:4], list(pi = c(.05, .1, .1, .2))))
  for (v in c("LS", "LS2")) same_measure("CLES", c(family_data$area, list(mi = c(0, .1, NA, .2))), vtype = v)
})

test_that("empty cells and small studies agree with metafor", {
  skip_if_not_installed("metafor")
  cells <- list(ai = c(0, 5, 3, NA, 10), bi = c(5, 0, 4, 4, 1), ci = c(2, 4, 0, 3, 3), di = c(3, 1, 7, 2, 8))
  rules <- list(list(to = "only0"), list(to = "all", add = .3), list(to = "if0all"), list(to = "none"), list(add = 0))
  for (rule in rules) {
    for (m in c("PHI", "ZPHI", "YUQ", "YUY", "PBIT", "OR2DN", "MPRD", "MPRR", "MPOR", "MPORC", "MPPETO")) {
      do.call(same_measure, c(list(m, cells), rule))
    }
    for (m in c("IRR", "IRD", "IRSD")) {
      do.call(same_measure, c(list(m, list(x1i = c(0, 0, 5), x2i = c(0, 4, 0), t1i = 10:12, t2i = 11:13)), rule))
    }
    for (m in c("IR", "IRLN", "IRS", "IRFT"))
      do.call(same_measure, c(list(m, list(xi = c(0, 3, NA), ti = 10:12)), rule))
  }
  for (m in c("COR", "UCOR", "ZCOR")) same_measure(m, list(ri = c(1, -1, 0, .3, .3, .3), ni = c(10, 10, 10, 5, 4, 3)))
})

test_that("effects far too large are pointed out once", {
  x <- list("SMD", n1i = 10, n2i = 12, m1i = 30 + stats::runif(1), m2i = 2, sd1i = 1, sd2i = 1)
  expect_warning(do.call(escalc, x), class = "metaparity_warning_studies")
  expect_no_warning(do.call(escalc, x))
  expect_no_warning(do.call(escalc, c(x[-4L], list(m1i = 40), list(cutoff = NA))))
})

test_that("the tetrachoric correlation and R2 with fixed predictors are exact", {
  skip_if_not_installed("metafor")
  expect_gate(escalc("RTET", ai = 6, bi = 30, ci = 8, di = 40)$yi, 0, "closed_form", scale = 1)
  r <- as.numeric(escalc("RTET", ai = 12, bi = 14, ci = 13, di = 17)$yi)
  z <- qnorm(c(26, 25) / 56)
  share <- stats::integrate(function(u) exp(-(sum(z^2) - 2 * prod(z) * sin(u)) / (2 * cos(u)^2)) / (2 * pi), 0, asin(r),
                            rel.tol = 1e-13)$value
  expect_gate(pnorm(z[1]) * pnorm(z[2]) + share, 12 / 56, "exact_solution")
  f <- function(x, power) x^power * exp(-50 * x / (2 * (1 - x)))
  moment <- function(p) stats::integrate(f, 0, 1, power = p, rel.tol = 1e-12)$value
  expect_gate(escalc("R2F", r2i = 0, mi = 3, ni = 50)$vi, moment(2) / moment(0) - (moment(1) / moment(0))^2,
              "exact_solution")
})

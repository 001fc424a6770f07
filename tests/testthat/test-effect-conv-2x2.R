test_that("tables from odds ratios, phi and chi-squared, as in metafor", {
  expect_same_output({
    d <- data.frame(ai = c(36, NA, NA, NA), bi = c(86, NA, NA, NA), ci = c(20, NA, NA, NA), di = c(98, NA, NA, NA),
                    or = c(NA, 2.05, NA, NA), phi = c(NA, NA, .15, NA), chisq = c(NA, NA, NA, 5.06),
                    ni = c(NA, 240, 240, 240),
                    n1i = c(NA, 122, 122, 122), n2i = c(NA, 56, 56, 56))
    conv.2x2(ri = phi, ori = or, x2i = chisq, ni = ni, n1i = n1i, n2i = n2i, data = d)
    conv.2x2(ri = phi, ori = or, x2i = chisq, ni = ni, n1i = n1i, n2i = n2i, data = d, include = 2, append = FALSE)
    conv.2x2(ri = phi, ori = or, x2i = chisq, ni = ni, n1i = n1i, n2i = n2i, data = d,
             var.names = c("A", "B", "C", "D"))
    conv.2x2(ri = 0.54, ni = 400, n1i = 200, n2i = c(248))
    conv.2x2(ri = 0.54, ni = 400, n1i = 200, n2i = 50)
    conv.2x2(x2i = -8, ni = 200, n1i = 100, n2i = 100)
    conv.2x2(x2i = c(8, 8), correct = c(TRUE, FALSE), ni = c(72, 72), n1i = c(42, 42), n2i = c(40, 40))
    conv.2x2(ori = c(0, 1, 2), ni = c(200, 200, 201), n1i = c(100, 100, 101), n2i = c(70, 70, 70))
    conv.2x2(ni = 200, n1i = 100, n2i = 70)
    conv.2x2(sens = .8, spec = .78, ppv = .85, npv = .72, ni = 58)
    conv.2x2(sens = .8, spec = .78, ppv = .85, ni = 58)
    conv.2x2(sens = .8, ppv = .85, npv = .72, ni = 58)
    conv.2x2(sens = 1, spec = .78, ppv = .85, npv = 1, ni = 58)
    conv.2x2(sens = .8, spec = .78, ni = 58)
  })
})

test_that("a table comes back from its own statistics", {
  set.seed(2)
  for (i in 1:40) {
    x <- as.numeric(rpois(4, c(20, 35, 50, 12)) + 1)
    n <- sum(x)
    ori <- x[1] * x[4] / (x[2] * x[3])
    m <- c(n, x[1] + x[2], x[1] + x[3])
    expect_identical(as.numeric(conv.2x2(ori = ori, ni = m[1], n1i = m[2], n2i = m[3])), x)
    phi <- (x[1] * x[4] - x[2] * x[3]) / sqrt(prod(m[2], n - m[2], m[3], n - m[3]))
    expect_identical(as.numeric(conv.2x2(ri = phi, ni = m[1], n1i = m[2], n2i = m[3])), x)
    y <- conv.2x2(sens = x[1] / m[3], spec = x[4] / (n - m[3]), ppv = x[1] / m[2], npv = x[4] / (n - m[2]), ni = n)
    expect_identical(as.numeric(y), x)
  }
})

test_that("accuracy measures that no table has: the fit is at least as good as metafor's", {
  skip_if_not_installed("metafor")
  misfit <- function(t, want) {
    t <- as.numeric(t)
    got <- c(t[1] / (t[1] + t[3]), t[4] / (t[2] + t[4]), t[1] / (t[1] + t[2]), t[4] / (t[3] + t[4]))
    sum((got - want)^2)
  }
  for (case in list(list(c(.95, .6, .31, .98), 1000), list(c(.95, .6, .31, .98), 37), list(c(.7, .9, .55, .8), 212))) {
    args <- c(stats::setNames(as.list(case[[1]]), c("sens", "spec", "ppv", "npv")), ni = case[[2]])
    expect_lte(misfit(do.call(conv.2x2, args), case[[1]]), misfit(do.call(metafor::conv.2x2, args), case[[1]]))
  }
})

test_that("what fits no table is named", {
  expect_error(conv.2x2(ri = 1.2, ni = 200, n1i = 100, n2i = 70), class = "metaparity_error_studies")
  expect_error(conv.2x2(ori = -1, ni = 200, n1i = 100, n2i = 70), class = "metaparity_error_studies")
  expect_error(conv.2x2(ori = 2, ni = 100, n1i = 200, n2i = 70), class = "metaparity_error_studies")
  expect_error(conv.2x2(ori = 2:3, ni = 100, n1i = 20, n2i = 70), class = "metaparity_error_input")
  expect_warning(conv.2x2(ri = 0.54, ni = 400, n1i = 200, n2i = 50), class = "metaparity_warning_studies")
})

test_that("infinite sizes and statistics make no table", {
  expect_error(conv.2x2(ori = 2, ni = Inf, n1i = 5, n2i = 5), class = "metaparity_error_studies")
  expect_error(conv.2x2(x2i = Inf, ni = 20, n1i = 5, n2i = 5), class = "metaparity_error_studies")
})

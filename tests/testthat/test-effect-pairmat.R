test_that("pairmat() as in metafor, also inside anova()", {
  expect_same_output({
    d <- escalc("RR", ai = tpos, bi = tneg, ci = cpos, di = cneg, data = dat.bcg)
    x <- rma(yi, vi, mods = ~ 0 + alloc, data = d)
    pairmat(x, btt = 1:3)
    pairmat(x, btt = "alloc")
    anova(x, X = pairmat(btt = 1:3))
    z <- rma(yi, vi, mods = ~ alloc, data = d)
    pairmat(z, btt = "alloc", btt2 = "alloc")
    pairmat(z, btt = 2:3)
  })
})

test_that("a fit and two coefficients are needed", {
  x <- rma(c(0.1, 0.4, 0.3, 0.8), rep(0.1, 4), mods = ~ c(1, 2, 3, 5))
  expect_error(pairmat(btt = 1:2), class = "metaparity_error_input")
  expect_error(pairmat(x), class = "metaparity_error_input")
  expect_error(pairmat(x, btt = 1), class = "metaparity_error_input")
  expect_error(pairmat(x, btt = 7), class = "metaparity_error_input")
})

test_that("looking for the fit leaves no promise behind that was interrupted", {
  x <- rma(c(0.1, 0.4, 0.3, 0.8), rep(0.1, 4), mods = ~ c(1, 2, 3, 5))
  ask <- function(object) predict(object)
  expect_no_warning(try(ask(pairmat(btt = 1:2)), silent = TRUE))
  expect_no_warning(try(ask(object = pairmat(btt = 1:2)), silent = TRUE))
  expect_error(pairmat(x, btt = "("), class = "metaparity_error_input")
  expect_error(anova(x, btt = "("), class = "metaparity_error_input")
})

test_that("options change the layout as in metafor", {
  old <- options(metafor = NULL)
  on.exit(options(old))
  expect_same_output({
    options(metafor = list(check = TRUE, silent = FALSE, space = TRUE, theme = "default"))
    getmfopt(space)
    getmfopt("digits")
    getmfopt("zz", default = 5)
    setmfopt(space = FALSE)
    setmfopt(digits = c(est = 2, se = 3))
    getmfopt()
    d <- data.frame(y = c(.1, .35, .5, .9), v = c(.1, .2, .1, .3))
    res <- rma(y, v, data = d, method = "DL")
    res
    summary(res)
    predict(res)
    leave1out(res)
    ranktest(res)
    fsn(res)
    anova(res, X = 1)
    rma.peto(ai = c(3, 4), bi = c(20, 30), ci = c(5, 6), di = c(21, 22))
    setmfopt(space = TRUE, digits = NULL)
    getmfopt()
  })
})

test_that("values that an option cannot have are refused", {
  expect_error(setmfopt(theme = "xx"), class = "metaparity_error_input")
  expect_error(setmfopt(space = "a"), class = "metaparity_error_input")
  expect_error(setmfopt(FALSE), class = "metaparity_error_input")
  expect_error(setmfopt(digits = "a"), class = "metaparity_error_input")
})

test_that("digits of the session go before those of a fit, and the options before are returned as metafor's", {
  skip_if_not_installed("metafor")
  old <- options(metafor = NULL)
  on.exit(options(old))
  yi <- c(-0.9, -1.6, -1.3)
  vi <- c(0.33, 0.19, 0.41)
  printed <- function(rma, setmfopt) {
    options(metafor = list(check = TRUE, silent = FALSE, space = TRUE, theme = "default"))
    fits <- list(rma(yi, vi, method = "DL"), rma(yi, vi, digits = 2, method = "DL"))
    before <- setmfopt(digits = 3)
    out <- lapply(c(fits, list(rma(yi, vi, digits = 5, method = "DL"))), function(fit) {
      utils::capture.output(print(fit), print(summary(fit)), print(fit, digits = 1), print(predict(fit)),
                            print(confint(fit)))
    })
    setmfopt(digits = c(est = 6, pval = 2))
    list(before, out, utils::capture.output(print(fits[[2L]])))
  }
  expect_identical(printed(rma, setmfopt), printed(metafor::rma, metafor::setmfopt))
})

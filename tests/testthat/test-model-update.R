test_that("update() changes the call where it is called from", {
  d <- fit_data()
  fit <- rma(est, v, data = d)
  expect_identical(coef(update(fit, method = "DL")), coef(rma(est, v, data = d, method = "DL")))
  expect_identical(coef(update(fit, ~year)), coef(rma(est, v, mods = ~year, data = d)))
  more <- update(fit, ~year)
  expect_identical(coef(update(more, ~ . - year)), coef(fit))
  expect_identical(names(coef(update(more, ~ . + I(year^2)))), c("intrcpt", "year", "I(year^2)"))
  inside <- function(d) {
    d <- d[-1, ]
    update(fit, data = d)$k
  }
  expect_identical(inside(d), 7L)
  expect_identical(update(fit, method = "DL", evaluate = FALSE)$method, "DL")
  expect_identical(coef(update(rma(est ~ 1, v, data = d), . ~ year)), coef(more))
  rma <- function(...) stop("another package's rma()")
  expect_identical(update(fit, method = "EE")$method, "EE")
})

test_that("update() refuses what it cannot do", {
  d <- fit_data()
  plain <- rma(d$est, d$v, mods = cbind(year = d$year))
  expect_error(update(plain, ~ . + x), class = "metaparity_error_input")
  plain$call <- NULL
  expect_error(update(plain, test = "t"), class = "metaparity_error_input")
})

test_that("update() takes a dot on the left, and lmtest its tests from it", {
  skip_if_not_installed("lmtest")
  users <- list2env(list(rma = rma, d = moderator_sets()$bcg), parent = globalenv())
  run <- function(code) eval(parse(text = code), new.env(parent = users))
  large <- run("rma(yi, vi, mods = ~x, data = d, method = 'ML')")
  null <- run("rma(yi, vi, data = d, method = 'ML')")
  fits <- "large <- rma(yi, vi, mods = ~x, data = d, method = 'ML'); "
  expect_equal(run(paste0(fits, "update(large, . ~ 1)"))$beta, null$beta)
  expect_equal(run(paste0(fits, "update(large, . ~ . - x)"))$beta, null$beta)
  expect_equal(run(paste0(fits, "update(update(large, . ~ 1), . ~ . + x)"))$beta, large$beta)
  expect_equal(run(paste0(fits, "update(large, I(2 * yi) ~ .)"))$yi, 2 * large$yi, ignore_attr = TRUE)
  expect_equal(run("update(rma(d$yi, d$vi, mods = d$x, method = 'ML'), . ~ 1)")$beta, null$beta)
  # lmtest updates from its own frames, which see the workspace alone.
  assign("lrtest_data", moderator_sets()$bcg, envir = globalenv())
  on.exit(rm("lrtest_data", envir = globalenv()))
  large <- rma(yi, vi, mods = ~x, data = lrtest_data, method = "ML")
  expect_equal(lmtest::lrtest(large)$Chisq[2], anova(large, null)$LRT)
  expect_equal(lmtest::lrtest(large, "x")$Chisq[2], anova(large, null)$LRT)
  for (wrong in list("x", 3, NULL)) expect_error(update(null, wrong), class = "metaparity_error_input")
})

test_that("lists of intervals print as one, and have a table", {
  one <- new_parameter_confint(list(random = matrix(1:3, 1L, dimnames = list("a", interval_columns)), lb.sign = "",
                                    ub.sign = ""), 0.95, expand_digits())
  expect_s3_class(as_confint_list(list(one), expand_digits()), "metaparity_confint")
  two <- as_confint_list(list(one, one), expand_digits())
  expect_length(utils::capture.output(print(two)), 7L)
  expect_identical(nrow(as.data.frame(two)), 2L)
})

test_that("ranges of components and coefficients cut their intervals", {
  d <- metadat::dat.bangertdrowns2004
  d$id <- seq_len(nrow(d))
  fit <- rma.mv(yi, vi, random = ~ 1 | id, data = d)
  whole <- confint(fit)
  cut <- confint(fit, xlim = c(0.03, 0.06))
  expect_identical(unname(cut$random[1L, 2:3]), c(0.03, 0.06))
  expect_identical(c(cut$lb.sign, cut$ub.sign), c("<", ">"))
  expect_equal(confint(fit, control = list(vc.max = 0.06))$random[1L, 2:3], c(whole$random[1L, 2L], 0.06),
                   ignore_attr = TRUE)
  expect_error(confint(fit, xlim = c(1, 2)), class = "metaparity_error_input")
  scale <- rma(yi, vi, scale = ~1, data = d)
  expect_identical(unname(confint(scale, xlim = c(-3.5, -2.5))$random[1L, 2:3]), c(-3.5, -2.5))
  selected <- selmodel(rma(yi, vi, data = d, method = "ML"), type = "stepfun", steps = 0.025)
  expect_identical(confint(selected, delta = 2, xlim = c(0.2, 2))$lb.sign, "<")
})

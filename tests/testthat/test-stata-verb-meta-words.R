test_that("words may be abbreviated, ambiguous ones are refused", {
  expect_identical(meta_match("dl", names(meta_random_methods), "random", NULL), "dlaird")
  expect_error(meta_match("h", names(meta_random_methods), "random", NULL), class = "metaparity_error_input")
  m <- suite_magnesium()
  expect_identical(meta_model_of(list(random = FALSE, fixed = TRUE, common = FALSE), m$type, NULL)$method, "mhaenszel")
  expect_identical(meta_model_of(list(random = FALSE, fixed = FALSE, common = "iv"), m$type, NULL)$method,
                   "invvariance")
})

test_that("exponents are labelled by the effect size", {
  m <- suite_magnesium()
  show <- function(m, ...) meta_display(m, utils::modifyList(list(eform = FALSE, or = FALSE, rr = FALSE), list(...)),
                                        NULL)$label
  expect_identical(show(m, eform = TRUE), "Risk ratio")
  expect_identical(show(m, transform = "Efficacy of it: efficacy"), "Efficacy of it")
  expect_error(show(m, or = TRUE), class = "metaparity_error_input")
  d <- data.frame(es = c(.1, .2), se = c(.1, .1))
  expect_identical(show(meta_set(es, se, data = d, eslabel = "log HR"), eform = TRUE), "exp(log HR)")
  expect_identical(show(meta_set(es, se, data = d, eslabel = "log hazard ratio"), eform = TRUE), "exp(ES)")
})

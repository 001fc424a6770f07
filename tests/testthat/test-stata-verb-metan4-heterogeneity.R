test_that("tables of heterogeneity follow the model and the options", {
  d <- metan4_fixture("validation")
  lines <- function(...) format(metan(logor, selogor, data = d, ..., version = 4))
  expect_match(lines(fe = TRUE), "non-central chi", all = FALSE)
  expect_match(lines(random = TRUE), "Gamma [(]random-effects[)]", all = FALSE)
  expect_match(lines(testbased = TRUE), "test-based", all = FALSE)
  expect_match(lines(cumulative = TRUE), "calculated from the totality of data", all = FALSE)
  expect_false(any(grepl("Heterogeneity", lines(nohet = TRUE))))
  expect_false(any(grepl("variance estimates", lines(fe = TRUE))))
})

test_that("one row per estimator; models that share one are joined", {
  d <- metan4_fixture("validation")
  v <- metan(logor, selogor, data = d, model = "dl \\ bt \\ ml \\ pl", version = 4)
  rows <- metaparity:::tau2_rows(v$results)
  expect_identical(rows$label, c("DL/BT", "ML/PL"))
  expect_equal(rows$tau2[1], v$r$tausq)
})

test_that("between groups: Q of every model, F of the common-effect one, the remark on heterogeneity", {
  d <- metan4_fixture("validation")
  fe <- format(metan(logor, selogor, data = d, by = type_study, version = 4))
  expect_match(fe, "Between:Within [(]F[)]", all = FALSE)
  expect_match(fe, "heterogeneity observed", all = FALSE)
  dl <- format(metan(logor, selogor, data = d, by = type_study, random = TRUE, version = 4))
  expect_match(dl, "calculated using DL subgroup weights", all = FALSE)
  none <- format(metan(logor, selogor, data = d, by = type_study, nobetween = TRUE, version = 4))
  expect_false(any(grepl("^Between", none)))
})

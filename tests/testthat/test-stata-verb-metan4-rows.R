test_that("rows stand in the order of the log", {
  d <- metan4_fixture("validation")
  types <- function(...) rle(metan(logor, selogor, data = d, ..., version = 4)$rows$type)$values
  expect_identical(types(), c("study", "rule", "overall"))
  expect_identical(types(by = type_study), c(rep(c("heading", "study", "blank", "subtotal", "rule"), 2L), "overall"))
  expect_identical(types(by = type_study, nosubgroup = TRUE), c(rep(c("heading", "study"), 2L), "rule", "overall"))
  expect_identical(types(by = type_study, summaryonly = TRUE, nooverall = TRUE),
                   rep(c("heading", "blank", "subtotal", "rule"), 2L))
  expect_identical(types(cumulative = TRUE), "study")
})

test_that("weights: of all studies, or within the groups", {
  d <- metan4_fixture("validation")
  of <- function(...) metan(logor, selogor, data = d, by = type_study, ..., version = 4)$table
  whole <- of()
  expect_equal(sum(whole$weight[whole$type == "study"]), 100)
  expect_equal(sum(whole$weight[whole$type == "subtotal"]), 100)
  own <- of(sgweight = TRUE)
  expect_equal(own$weight[own$type == "subtotal"], c(100, 100))
  expect_true(is.na(own$weight[own$type == "overall"]))
  expect_equal(of(nooverall = TRUE, ovwt = TRUE)$weight[1], whole$weight[1])
})

test_that("studies that cannot be used are left out, or shown last or in their place", {
  d <- data.frame(es = c(.1, NA, .3, .2), se = c(.1, .2, .2, .1), id = LETTERS[1:4])
  of <- function(...) suppressWarnings(metan(es, se, data = d, study = id, ..., version = 4))$table$label[1:4]
  expect_identical(of()[1:3], c("A", "C", "D"))
  expect_identical(of(keepall = TRUE), c("A", "C", "D", "B"))
  expect_identical(of(keeporder = TRUE), c("A", "B", "C", "D"))
})

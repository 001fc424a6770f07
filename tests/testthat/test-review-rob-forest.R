judged <- rob(data.frame(study = c("Ash 2001", "Birch, 2004", "Cedar 2009"), D1 = c("low", "high", NA),
                         D2 = c("some concerns", "low", "low"), stringsAsFactors = FALSE), "rob2", overall = FALSE)

test_that("lights follow the studies of the plot by their labels, whatever their order, case and commas", {
  lights <- forest_lights(judged, c("cedar 2009", NA, "Birch 2004", "Ash  2001"), "revman", FALSE)
  told <- lights$levels$label[lights$level]
  dim(told) <- dim(lights$level)
  expect_identical(told[, 1L], c(NA, NA, "High risk of bias", "Low risk of bias"))
  expect_identical(told[, 2L], c("Low risk of bias", NA, "Low risk of bias", "Some concerns"))
  expect_identical(lights$domains, judged$domains$label)
})

test_that("studies that are mere numbers are taken in their order", {
  expect_identical(light_rows(judged, c("Study 1", "Study 2", "Study 3"), TRUE), 1:3)
})

test_that("studies without judgements are told, and none at all is an error", {
  w <- expect_warning(row <- light_rows(judged, c("Ash 2001", "Dogwood"), FALSE), class = "metaparity_warning_studies")
  expect_identical(row, c(1L, NA))
  expect_identical(w$rows, 2L)
  expect_error(light_rows(judged, c("Dogwood", "Elm"), FALSE), "none", class = "metaparity_error_input")
  twice <- rob(data.frame(study = c("Ash", "Ash"), D1 = "low", outcome = c("pain", "sleep")), "rob2",
               outcome = "outcome", domains = "D1", overall = FALSE)
  expect_error(light_rows(twice, "Ash", FALSE), "once", class = "metaparity_error_input")
  expect_identical(light_rows(twice[2L], "Ash", FALSE), 1L)
})

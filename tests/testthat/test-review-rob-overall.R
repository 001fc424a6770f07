frame <- function(...) data.frame(study = c("a", "b", "c"), ..., stringsAsFactors = FALSE)

test_that("the worst level is that of the domains, and what is not judged hides all but the worst", {
  levels <- c("low", "moderate", "serious", "critical", "no_information")
  cases <- list(list(c("low", "low"), "low"), list(c("low", "serious", "moderate"), "serious"),
                list(c("low", NA), NA_character_), list(c("critical", NA), "critical"),
                list(c("low", "no_information"), "no_information"), list(c("moderate", "no_information"), "no_information"),
                list(c("serious", "no_information"), "serious"), list(c("no_information", NA), NA_character_))
  for (case in cases) expect_identical(worst_level(case[[1L]], levels), case[[2L]], label = toString(case[[1L]]))
  expect_identical(worst_level(c("low", "high", NA), c("low", "some_concerns", "high")), "high")
})

test_that("an overall judgement that is given stands, and an empty one is filled", {
  d <- frame(D1 = c("low", "high", "low"), D2 = "low", D3 = "low", D4 = "low", D5 = "low",
             Overall = c("some concerns", NA, NA))
  x <- rob(d, "rob2")
  own <- which(x$domains$overall)
  expect_identical(unname(x$values[, own]), c("some_concerns", "high", "low"))
  expect_identical(unname(x$derived[, own]), c(FALSE, TRUE, TRUE))
  expect_false(any(rob(d, "rob2", overall = FALSE)$domains$overall))
})

test_that("a rule of the user's is asked for each study, and must answer with a level", {
  count <- rob_tool("rob2", overall = function(levels) if (sum(levels != "low") > 1L) "high" else "low")
  x <- rob(frame(D1 = c("low", "high", "high"), D2 = c("low", "low", "some concerns")), count)
  expect_identical(unname(x$values[, x$domains$overall]), c("low", "low", "high"))
  wrong <- rob_tool("rob2", overall = function(levels) "good")
  expect_error(rob(frame(D1 = "low"), wrong), class = "metaparity_error_input")
})

test_that("stars are added up, and a stated total that is not their sum is told", {
  nos <- rob_tool("nos")
  stars <- function(...) stats::setNames(frame(c(3, 4, 2), c(2, 1, 0), c(3, 2, NA), ...), c("study", nos$domains$label, names(list(...))))
  x <- rob(stars(), nos)
  expect_identical(unname(x$stars[, x$domains$overall]), c(8, 7, NA))
  w <- expect_warning(rob(stars(Total = c(8, 5, 2)), nos), class = "metaparity_warning_studies")
  expect_identical(w$rows, 2L)
})

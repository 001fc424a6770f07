rows <- data.frame(use = c(0, 1, 1, 2, 3, 4, 5, 7, 9), label = letters[1:9], es = c(NA, 0.1, 0.3, NA, 0.2, NA, 0.25, NA, 0),
                   lo = c(NA, 0, 0.1, NA, 0.05, NA, 0.1, -0.2, 0), hi = c(NA, 0.2, 0.5, NA, 0.35, NA, 0.4, 0.7, 0),
                   weight = c(NA, 60, 40, NA, 100, NA, 100, NA, 0), stringsAsFactors = FALSE)
view_of <- function(...) forestplot_view(rows, NULL, NULL, list(...), NULL)
types <- function(...) forest_rows(view_of(...))$type

test_that("each _USE has its kind of row, and others are left out", {
  expect_identical(view_of()$table$type, c("heading", "study", "study", "excluded", "subtotal", "text", "summary",
                                           "prediction"))
  expect_identical(view_of()$r$k, 2L)
  expect_identical(unique(view_of()$table$label), letters[1:8])
})

test_that("pooled rows are left out by their options", {
  expect_false("summary" %in% view_of(nooverall = TRUE)$table$type)
  expect_false("subtotal" %in% view_of(nosubgroup = TRUE)$table$type)
  expect_true("subtotal" %in% view_of(nooverall = TRUE)$table$type)
})

test_that("only studies and pooled rows have numbers", {
  out <- forest_rows(view_of())
  expect_true(all(is.na(out$est[!out$type %in% c("study", "subtotal", "summary", "prediction")])))
  expect_identical(out$est[out$type == "study"], c(0.1, 0.3))
  expect_identical(out$lo[out$type == "prediction"], -0.2)
  expect_identical(out$weight[out$type == "study"], c(60, 40))
})

test_that("the line of no effect and the level are those of the options", {
  info <- function(...) attr(forest_rows(view_of(...)), "info")
  expect_equal(info()$null, 0)
  expect_equal(info(null = 2, eform = TRUE)$null, log(2))
  expect_equal(info(null = 2)$null, 2)
  expect_equal(info(level = 90)$level, 90)
  expect_error(view_of(level = 5), "level", class = "metaparity_error_input")
})

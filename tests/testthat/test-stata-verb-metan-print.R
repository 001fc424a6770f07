d <- data.frame(id = c("Ash", "Birch", "Cedar", "A name of more than twenty letters"), g = c("x", "x", "y", "y"),
                es = c(0.1, 0.5, 0.9, 0.4), se = c(0.1, 0.2, 0.15, 0.3), stringsAsFactors = FALSE)
view <- function(...) metan(es, se, data = d, label = c(namevar = "id"), ...)
numbers <- function(line) as.numeric(regmatches(line, gregexpr("-?[0-9]+[.][0-9]+", line))[[1L]])

test_that("each row shows effect, limits and weight in their columns", {
  v <- view(fixedi = TRUE)
  lines <- format(v)
  row <- grep("^Birch", lines, value = TRUE)
  half <- stats::qnorm(0.975) * 0.2
  expect_equal(numbers(row), c(round(c(0.5, 0.5 - half, 0.5 + half), 3), round(v$table$weight[2L], 2)))
  expect_identical(substr(row, 22L, 22L), "|")
  expect_true(any(startsWith(lines, "A name of more than ")))
  pooled <- grep("pooled ES", lines, value = TRUE)
  expect_equal(numbers(pooled)[1L], round(v$r$ES, 3))
})

test_that("tests are those of the saved results", {
  v <- view(random = TRUE)
  lines <- format(v)
  het <- grep("Heterogeneity chi-squared", lines, value = TRUE)
  expect_equal(numbers(het), round(c(v$r$het, v$r$p_het), c(2, 3)))
  expect_match(grep("Tau-squared", lines, value = TRUE), sprintf("%.4f", v$r$tau2), fixed = TRUE)
  expect_match(grep("Test of ES=0", lines, value = TRUE), sprintf("z= +%.2f p = %.3f", v$r$z, v$r$p_z))
})

test_that("groups have their lines, and the note on heterogeneity inside them its bounds", {
  lines <- format(view(by = g, fixedi = TRUE))
  expect_identical(sum(grepl("^ Sub-total", lines)), 2L)
  note <- function(most) format_metan_between_note(list(between = list(max_i_sq = most)))
  expect_length(note(0), 0L)
  expect_match(note(49)[1L], "^Some.*49.0%")
  expect_match(note(50)[1:2], "^Moderate|likely to be invalid")
  expect_match(note(75)[1L], "^Considerable")
  expect_match(format_metan_between_note(list(between = NULL))[1L], "not calculated")
})

test_that("an excluded study says so, and notable prints nothing", {
  v <- suppressWarnings(metan(es, se, data = transform(d, se = c(0.1, 0.2, 0, 0.3)), label = c(namevar = "id")))
  expect_match(grep("^Cedar", format(v), value = TRUE), "\\(Excluded\\)$")
  expect_identical(format(view(notable = TRUE)), character())
})

test_that("another level of the pooled result is announced above it", {
  lines <- format(view(olevel = 90))
  expect_match(lines[grep("pooled", lines) - 1L], "90% Conf")
})

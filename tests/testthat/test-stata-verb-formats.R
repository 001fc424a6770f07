test_that("a format falls into its parts", {
  expect_identical(parse_format("%-8.2fc")[c("kind", "width", "digits", "left", "comma", "zero")],
                   list(kind = "f", width = 8L, digits = 2L, left = TRUE, comma = TRUE, zero = FALSE))
  expect_true(parse_format("%08.3f")$zero)
  expect_identical(parse_format("%td")$kind, "t")
  for (wrong in c("8.2f", "%8.2q", "%f", "%8.2")) {
    expect_error(parse_format(wrong), class = "metaparity_error_stata_unsupported", label = wrong)
  }
})

test_that("numbers are printed in the width and with the signs that the format asks for", {
  expect_identical(apply_format(c(1234567.891, -5, NA), "%14.2fc"), c("  1,234,567.89", "         -5.00", "             ."))
  expect_identical(apply_format(-7, "%05.1f"), "-07.0")
  expect_identical(apply_format(c(3, 4), "%-4.0f"), c("3   ", "4   "))
  expect_identical(apply_format(missing_value("q"), "%4.0f"), "  .q")
  expect_identical(apply_format("text", "%9s"), "text")
})

test_that("fixed formats round as C does, for many numbers", {
  set.seed(3)
  x <- c(runif(50, -1e4, 1e4), 0.125, 2.5)
  expect_identical(apply_format(x, "%12.3f"), sprintf("%12.3f", x))
})

test_that("dates count the days from 1960", {
  day <- c(0, -1, 14609)
  expect_identical(trimws(apply_format(day, "%td")), c("01jan1960", "31dec1959", "31dec1999"))
  expect_identical(format_stata_date(as.numeric(as.Date("2020-02-29")) + 3653), "29feb2020")
  expect_identical(trimws(apply_format(c(missing_value("a"), NA), "%td")), c(".a", "."))
})

test_that("thousands are parted by commas", {
  expect_identical(group_thousands(c("1234567.5", "-1234", "999", "12345678901")),
                   c("1,234,567.5", "-1,234", "999", "12,345,678,901"))
  expect_identical(zero_filled("-1.5", 6L), "-001.5")
})

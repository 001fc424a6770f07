test_that("numbers are read as papers print them", {
  x <- printed_numbers(c("0.50", "\u22120.05", "<0.001", "10,101", "45%", "", "NE", "1.2\u00d710^-5", "P = 0.03",
                         "\uff10\uff0e\uff15\uff10", "0\u00b795", "\u2013.5", "1 234", NA))
  expect_equal(x$value, c(0.5, -0.05, 0.001, 10101, 45, NA, NA, 1.2e-5, 0.03, 0.5, 0.95, -0.5, 1234, NA))
  expect_identical(x$digits[c(1:5, 8)], c(2L, 2L, 3L, 0L, 0L, 6L))
  expect_equal(c(x$low[3L], x$high[3L]), c(0, 0.001))
  expect_equal(c(x$low[1L], x$high[1L]), c(0.495, 0.505), tolerance = 1e-8)
  expect_identical(printed_numbers(">10")$high, Inf)
  expect_identical(printed_numbers("\u22640.05")$sign, "<")
})

test_that("decimal commas and commas of thousands are told apart by the whole column", {
  expect_equal(printed_numbers(c("0,95", "1,204"))$value, c(0.95, 1.204))
  expect_equal(printed_numbers(c("1,204", "12,345,678"))$value, c(1204, 12345678))
  expect_equal(printed_numbers(c("1,204", "0.5"))$value, c(1204, 0.5))
  expect_equal(printed_numbers("1.204,50", decimal = ",")$value, 1204.5)
})

test_that("numbers lose their zeros, so that decimals are those of the column or given", {
  expect_identical(printed_numbers(c(0.5, 0.25))$digits, c(2L, 2L))
  expect_identical(printed_numbers(c(0.5, 0.25), digits = 3)$digits, c(3L, 3L))
  expect_error(printed_numbers(1, digits = NA), class = "metaparity_error_input")
  expect_error(printed_numbers(list(1)), class = "metaparity_error_input")
  expect_error(printed_numbers("1", decimal = "x"), class = "metaparity_error_input")
})

test_that("texts of several numbers are taken apart", {
  values <- function(text) printed_pairs(text)[[1L]]$value
  expect_equal(values("0.95 (0.77 to 1.16)"), c(0.95, 0.77, 1.16))
  expect_equal(values("0.5~1.2"), c(0.5, 1.2))
  expect_equal(values("\uff080.5\uff0c1.2\uff09"), c(0.5, 1.2))
  expect_equal(values("-0.69--0.21"), c(-0.69, -0.21))
  expect_equal(values("\u22120.69 \u2013 \u22120.21"), c(-0.69, -0.21))
  expect_equal(values("58.4\u00b13.4"), c(58.4, 3.4))
  expect_equal(values("1/119"), c(1, 119))
  expect_equal(values("(0,5; 1,2)"), c(0.5, 1.2))
  expect_equal(values("0.34\u20130.66"), c(0.34, 0.66))
  expect_identical(nrow(printed_pairs("not estimable")[[1L]]), 0L)
})

test_that("text in no encoding is no number", {
  expect_identical(printed_numbers("\xff\xfe")$value, NA_real_)
})

test_that("raised powers and marks of footnotes are read", {
  found <- printed_numbers(c("1.2\u00d710\u207b\u2075", "0.5*", "0.05\u2020", "\u22480.3", "2 \u00d7 10\u00b3"))
  expect_equal(found$value, c(1.2e-5, 0.5, 0.05, 0.3, 2000))
  expect_equal(found$digits[2:4], c(1, 2, 1))
})

test_that("every number of the logs survives its display format", {
  formats <- utils::read.csv(test_path("fixtures", "stata", "number-formats.csv"),
                             colClasses = c(printed = "character"),
                             stringsAsFactors = FALSE)
  expect_gt(nrow(formats), 2500L)
  show <- function(kind, width, digits, printed) {
    x <- as.numeric(printed)
    trimws(if (kind == "fixed") stata_fixed(x, width, digits) else stata_general(x, width, digits))
  }
  got <- unlist(Map(show, formats$kind, formats$width, formats$digits, formats$printed), use.names = FALSE)
  expect_identical(got, formats$printed)
})

test_that("%w.df keeps one column of overflow, then turns to e-notation", {
  expect_identical(stata_fixed(c(1085.0512, 40312.7, 2.6e17), 7, 3), c("1085.051", " 4.0e+04", " 2.6e+17"))
  expect_identical(stata_fixed(c(-0.0001, 0, -0), 7, 3), c(" -0.000", "  0.000", "  0.000"))
  expect_identical(stata_fixed(c(NA, NaN, Inf), 5, 2), rep("    .", 3))
})

test_that("%w.0g counts digits, drops leading and trailing zeros", {
  expect_identical(trimws(stata_general(c(.0251540, -.0431234, 0, 1, 7.57e-6, 100), 9)),
                   c(".025154", "-.0431234", "0", "1", "7.57e-06", "100"))
  expect_identical(trimws(stata_general(c(1.1863, .40571), 6)), c("1.186", ".4057"))
  expect_identical(trimws(stata_general(c(.024321, 5.31e-08), 8, 4)), c(".02432", "5.3e-08"))
  expect_identical(trimws(stata_general(c(-.13712, 0, .13712), 7, 3)), c("-.137", "0", ".137"))
  expect_identical(trimws(stata_general(c(12345678, 1234567, .99999999), 9)), c("1.23e+07", "1234567", "1"))
  expect_identical(stata_general(NA, 9), "        .")
  expect_identical(stata_exponent(1234.5, 10, 2), "  1.23e+03")
  expect_identical(stata_integer(c(3, NA), 4), c("   3", "   ."))
})

test_that("padding and cutting go by display width", {
  wide <- "\u859b\u4e91\u5ddd (2020)"
  expect_identical(display_width(justify(wide, 20L, left = TRUE)), 20L)
  expect_identical(display_width(cut_label(strrep("\u859b", 12L), 20L)), 20L)
  expect_identical(cut_label(paste0("a", strrep("\u859b", 12L)), 20L), paste0("a", strrep("\u859b", 9L)))
  expect_identical(cut_label("Lifespan study (2004)", 20L), "Lifespan study (2004")
  expect_identical(cut_label(NA, 5L), "")
})

test_that("single precision is the format of metan's variables", {
  expect_identical(stata_fixed(as_single(0.1825), 7, 3), "  0.183")
  expect_identical(as_single(c(0.5, NA)), c(0.5, NaN))
})

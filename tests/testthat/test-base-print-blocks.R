test_that("blocks format numbers, p values and runs", {
  expect_identical(metaparity:::format_fixed(c(1.005, NA, -0.001), 2), c("1.00", "NA", "-0.00"))
  expect_identical(metaparity:::format_p_value(c(0.5, 1e-9, NA), 4), c("0.5000", "<.0001", "NA"))
  expect_identical(metaparity:::format_p_equation(1e-9, 0), "p-val < .01")
  expect_identical(metaparity:::format_p_equation(1e-9, 4, zero = TRUE), "p-val < 0.0001")
  expect_identical(metaparity:::format_runs(c(1, 3, 4, 7)), "1,3:4,7")
  expect_identical(metaparity:::format_stars(c(0, 0.001, 0.0011, 0.05, 0.1, 0.2, NA)),
                   c("***", "***", "**", "*", ".", " ", " "))
  expect_identical(metaparity:::format_variance(0, 4), "0")
})

test_that("the smallest p value shown is one unit of the last decimal, of two decimals at least", {
  for (digits in 0:6) {
    unit <- 10^-max(2, digits)
    expect_match(format_p_value(unit * 0.999, digits), "^<[.]0*1$")
    expect_false(grepl("<", format_p_value(unit, digits)))
    expect_equal(as.numeric(sub("^<", "0", format_p_value(unit / 2, digits))), unit)
  }
  expect_identical(format_p_value(numeric(), 4), logical())
  expect_identical(format_p_equation(NA, 4), "p-val = NA")
})

test_that("runs read back as the numbers they came from", {
  set.seed(3)
  for (i in 1:30) {
    numbers <- sort(sample(12, sample(12, 1)))
    parts <- lapply(strsplit(strsplit(format_runs(numbers), ",")[[1L]], ":"), as.integer)
    expect_identical(unlist(lapply(parts, function(p) if (length(p) == 2L) seq(p[1L], p[2L]) else p)), numbers)
    expect_true(all(lengths(parts) == 1L | vapply(parts, function(p) p[length(p)] > p[1L], NA)))
  }
})

test_that("marks are those of symnum()", {
  p <- c(0, 1e-4, 0.001, 0.00101, 0.01, 0.05, 0.07, 0.1, 0.5, 1)
  theirs <- stats::symnum(p, corr = FALSE, na = FALSE, cutpoints = c(0, 0.001, 0.01, 0.05, 0.1, 1),
                          symbols = c("***", "**", "*", ".", " "))
  expect_identical(format_stars(p), as.vector(unclass(theirs)))
  expect_identical(format_stars(numeric()), character())
})

test_that("blocks are set apart by empty lines, empty blocks leave none", {
  expect_identical(join_blocks("a", NULL, character(), c("b", "c")), c("", "a", "", "b", "c", ""))
  expect_identical(join_blocks(), "")
  old <- options(metaparity.space = NULL)
  on.exit(options(old))
  expect_identical(capture.output(cat_lines(c("", "a", ""))), c("", "a", ""))
})

test_that("texts are padded to the width on the screen, and a table without labels is not wrapped", {
  expect_identical(pad_right(c("ab", "\u4e2d\u6587")), c("ab  ", "\u4e2d\u6587"))
  wide <- matrix(strrep("9", 10), 1, 20, dimnames = list("row", paste0("c", 1:20)))
  old <- options(width = 40)
  on.exit(options(old))
  expect_length(format_text_table(wide, label = FALSE), 2L)
  expect_gt(length(format_text_table(wide)), 2L)
  expect_identical(getOption("width"), 40L)
})

test_that("display formats", {
  shown <- metaparity:::apply_format
  expect_identical(shown(c(1.5, NA), "%9.0g"), c("      1.5", "        ."))
  expect_identical(shown(1234567, "%12.0fc"), "   1,234,567")
  expect_identical(shown(0.00001234, "%9.2e"), " 1.23e-05")
  expect_identical(trimws(shown(0, "%td")), "01jan1960")
  expect_error(shown(1, "%nosuch"), class = "metaparity_error_stata_unsupported")
})

test_that("display shows texts and numbers, in a format when one is given", {
  out <- stata(c("display \"a = \" 2 + 3", "display %6.2f 1/3", "di as text \"x\" as result 7"), data.frame(x = 1))$log
  expect_identical(out, c("a = 5", "  0.33", "x7"))
})

test_that("colours may be cut short", {
  expect_equal(stata("di in wh \"a\" in ye \"b\" as res 2")$log, "ab2")
})

test_that("an equals sign may stand before an expression; a sign behind a text begins a number", {
  expect_identical(stata(c("local s: display %tdCCYY-NN-DD =daily(\"2 Jan 2020\", \"DMY\")", "display \"`s'\""))$log,
                   "2020-01-02")
  expect_identical(stata("display \"B: \" -1.5")$log, "B: -1.5")
})

takes <- function(check, values) for (x in values) expect_identical(check(x, "a", NULL), x)

refuses <- function(check, values) {
  for (x in values) {
    e <- expect_error(check(x, "a", NULL), class = "metaparity_error_input")
    expect_identical(e$arg, "a")
  }
}

test_that("colours are what col2rgb() takes", {
  takes(check_colours, list("red", "#FF0000", "#FF000080", 2, NA, c("red", NA), factor("b")))
  refuses(check_colours, list("no colour", -1, 1e7, character(), list("red"), NULL, "#12"))
  takes(check_one_colour, list("red", NA))
  refuses(check_one_colour, list(c("red", "blue"), "nothing"))
  takes(check_colour_or_flag, list(TRUE, FALSE, "red"))
  refuses(check_colour_or_flag, list(NA, c(TRUE, FALSE), "nothing"))
})

test_that("symbols are those of points(): numbers with a drawing, printable signs", {
  takes(check_symbols, list(0, 25, 32, 126, -955, "x", c("a", "b"), NA, "."))
  refuses(check_symbols, list(26, 31, 127, -1, "xy", "\u00e9", list(1), NULL, matrix(1)))
})

test_that("line types are words, numbers or pairs of hexadecimal digits", {
  takes(check_lty, list("dotted", 0, 3, "44", "13F2", c("solid", "dashed")))
  refuses(check_lty, list("wavy", "4", "123", -1, 256, NA, NULL, "4444444444"))
  expect_identical(line_type_words(0:7), c(line_types, "solid"))
  grDevices::pdf(NULL)
  on.exit(grDevices::dev.off())
  graphics::plot.new()
  for (i in 0:6) {
    graphics::par(lty = i)
    expect_identical(graphics::par("lty"), line_type_words(i))
  }
})

test_that("sizes, places, titles, breaks and digits", {
  takes(check_sizes, list(0, 0.001, 1000, c(1, 2)))
  refuses(check_sizes, list(-1, 1e-4, 1001, NA, "1", NULL, matrix(1)))
  takes(check_one_size, list(1, 0.5))
  refuses(check_one_size, list(0, c(1, 2), "a"))
  takes(check_places, list(0, c(-1, 1e150)))
  refuses(check_places, list(NA, Inf, 1e151, numeric(), "a", Sys.Date()))
  takes(check_one_place, list(1, c(1, 2)))
  refuses(check_one_place, list(1:3, NA))
  takes(check_reference, list(NULL, NA, 0, c(0, 1)))
  refuses(check_reference, list("a", Inf, Sys.Date()))
  takes(check_title, list("a", NA, 3, quote(x^2), expression(x)))
  refuses(check_title, list(c("a", "b"), list("a"), NULL, "\xff"))
  takes(check_breaks, list("Sturges", "FD", 20, c(0, 1, 2), nclass.scott))
  refuses(check_breaks, list("many", 0, c(2, 1), NA, 1e6, c("scott", "fd")))
  takes(check_tick_digits, list(2, 2L, c(1, 2), list(2L, 3)))
  refuses(check_tick_digits, list(-1, 16, 1:3, "2", NA))
  takes(check_transformation, list(exp, FALSE))
  refuses(check_transformation, list(TRUE, "exp", NULL))
  takes(check_box, list("o", "n"))
  refuses(check_box, list("x", 1))
})

test_that("values are checked by their names; NULL is the default of most, of some it is none", {
  expect_silent(check_kinds(list(col = "red", pch = NULL, other = stop, main = NULL)))
  expect_error(check_kinds(list(col = "nothing")), class = "metaparity_error_input")
  expect_error(check_kinds(list(pch = NULL), formals = alist(pch = 19)), class = "metaparity_error_input")
  expect_silent(check_kinds(list(pch = NULL), formals = alist(pch = )))
  expect_true(all(never_null %in% names(drawing_kinds)))
})

test_that("a verb checks the arguments that were given, FALSE becomes no transformation", {
  verb <- function(col = "red", pch = 19, transf = NULL, lty) {
    check_drawing(environment(), but = "pch")
    transf
  }
  expect_null(verb())
  expect_null(verb(transf = FALSE, pch = 99))
  expect_identical(verb(transf = exp), exp)
  expect_error(verb(col = "nothing"), class = "metaparity_error_input")
  expect_error(verb(lty = "wavy"), class = "metaparity_error_input")
})

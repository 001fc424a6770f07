labelled <- function(...) stata(c(...), data.frame(g = c(1, 2, 3), h = 1, s = "a"))
last <- function(run) utils::tail(run$log, 1L)

test_that("labels of values stand in their sets, and show as factors where every value has one", {
  run <- labelled("label define grp 1 \"one\" 2 \"two\"", "label values g h grp")
  expect_false(is.factor(run$data$g))
  expect_identical(as.character(run$data$h), rep("one", 3L))
  run <- labelled("label define grp 1 \"one\" 2 \"two\"", "label define grp 3 \"three\", add", "label values g grp")
  expect_identical(as.character(run$data$g), c("one", "two", "three"))
  run <- labelled("label define grp -1 \"m\" 1 \"one\", replace", "label define grp 1 \"uno\", modify", "label list grp")
  expect_match(paste(run$log, collapse = "\n"), "-1 m\n +1 uno")
})

test_that("sets are not redefined unless asked, and strings take no labels", {
  rc <- function(...) expect_error(labelled(...), class = "metaparity_error_stata")$rc
  expect_identical(rc("label define a 1 \"x\"", "label define a 2 \"y\""), 110L)
  expect_identical(rc("label define a 1 \"x\"", "label define a 1 \"y\", add"), 180L)
  expect_identical(rc("label define a 1 \"x\"", "label values s a"), 181L)
  expect_identical(rc("label list nothing"), 111L)
  expect_identical(rc("label define a one"), 198L)
})

test_that("a set is copied, dropped, taken off, and numbered", {
  run <- labelled("label define a 1 \"x\" 2 \"y\" 3 \"z\"", "label copy a b", "label drop a", "label values g b",
                  "numlabel b, add")
  expect_identical(levels(run$data$g), c("1. x", "2. y", "3. z"))
  run <- labelled("label define a 1 \"x\" 2 \"y\" 3 \"z\"", "numlabel a, add mask(\"[#] \")", "numlabel a, remove mask(\"[#] \")",
                  "label values g a", "label values g .")
  expect_identical(as.numeric(run$data$g), c(1, 2, 3))
})

test_that("variables have labels and formats", {
  run <- labelled("label variable g \"the group\"", "format g %5.1f", "list g in 1, noobs clean")
  expect_identical(attr(run$data$g, "label"), "the group")
  expect_identical(trimws(last(run)), "1.0")
  expect_error(labelled("format g 5.1f"), class = "metaparity_error_stata")
})

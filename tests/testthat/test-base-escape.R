test_that("no character of a label is markup", {
  label <- "`r file.create('X')` <low> C:\\new *a* [b](http://c) \\input{d} $x$ #1 | ~e~ ^f^ @g !h &amp;"
  text <- escape_markdown(label)
  expect_false(grepl("[`<>\\*$|~^@!{}]|\\[|\\]|://", text))
  expect_match(text, "&#96;r file.create", fixed = TRUE)
  expect_match(text, "&#35;1", fixed = TRUE)
  expect_match(text, "&amp;amp;", fixed = TRUE)
  expect_identical(escape_markdown("Smith (2001), et al."), "Smith (2001), et al.")
})

test_that("a label in a report is text, not code", {
  skip_if_not_installed("rmarkdown")
  dir <- tempfile()
  dir.create(dir)
  made <- file.path(dir, "MADE")
  slab <- c(sprintf("`r file.create(\"%s\")`", made), "<low>", "C:\\new", "*d*", "E", "F")
  fit <- rma(c(9, -1.6, -1.3, -0.2, 0.1, -2), c(0.003, 0.19, 0.42, 0.05, 0.02, 0.1), slab = slab)
  out <- suppressMessages(suppressWarnings(reporter(fit, dir = dir, filename = "r", open = FALSE, forest = FALSE,
                                                    funnel = FALSE)))
  expect_false(file.exists(made))
  expect_match(paste(readLines(out), collapse = " "), "file.create", fixed = TRUE)
  expect_error(reporter(fit, dir = dir, filename = "../x"), class = "metaparity_error_input")
})

test_that("a cutoff is a number, not code", {
  fit <- rma(c(-.2, .1, .3), c(.1, .1, .1))
  made <- tempfile()
  expect_error(predict(fit, prob = sprintf("< file.create('%s')", made)), class = "metaparity_error_input")
  expect_error(predict(fit, prob = "<(function() 1)()"), class = "metaparity_error_input")
  expect_false(file.exists(made))
  expect_identical(predict(fit, prob = "< log(1)"), predict(fit, prob = "< 0"))
})

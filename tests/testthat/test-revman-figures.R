test_that("every outcome of a review in a folder, and nothing outside it", {
  x <- example_review()
  folder <- tempfile("figures")
  made <- save_revman_figures(x, folder, format = "svg")
  expect_identical(made$kind, rep(c("forest", "funnel"), 2L))
  expect_identical(sort(list.files(folder)), sort(basename(made$file)))
  expect_true(all(file.size(made$file) > 1000))
  expect_error(save_revman_figures(x, folder, format = "svg"), class = "metaparity_error_input")
  expect_error(save_revman_figures(x, folder, which = "9.9"), class = "metaparity_error_input")
  expect_error(save_revman_figures(x, file.path(folder, "no", "such")), class = "metaparity_error_input")
  expect_error(save_revman_figures(x, "| ls"), class = "metaparity_error_input")
  x$outcomes$name <- c("../../up|rm <x>\n", "../../up|rm <x>\n")
  x$outcomes$outcome[2L] <- "../1"
  x$rows$outcome[x$rows$outcome == "1.2"] <- x$subgroups$outcome <- "../1"
  other <- tempfile("figures")
  made <- save_revman_figures(x, other, kinds = "forest", format = "svg")
  expect_identical(normalizePath(dirname(made$file)), rep(normalizePath(other), 2L))
  expect_false(any(grepl("[|<>\n]", made$file)))
})

test_that("a link in the folder is replaced, not followed", {
  skip_on_os("windows")
  folder <- tempfile("figures")
  dir.create(folder)
  target <- tempfile()
  writeLines("mine", target)
  file.symlink(target, file.path(folder, "1.1 Recurrence forest.svg"))
  save_revman_figures(example_review(), folder, which = "1.1", kinds = "forest", format = "svg", overwrite = TRUE)
  expect_identical(readLines(target), "mine")
})

test_that("a plan has each outcome once for each kind, in the order of the review, files apart", {
  x <- example_review()
  x$outcomes$name <- c("Same", NA)
  plan <- figure_plan(x, x$outcomes$outcome, c("forest", "funnel"), "png")
  expect_identical(plan$outcome, rep(c("1.1", "1.2"), each = 2L))
  expect_identical(plan$file[1:2], c("1.1 Same forest.png", "1.1 Same funnel.png"))
  expect_identical(anyDuplicated(plan$file), 0L)
  expect_identical(plan$name[3L], "")
})

test_that("outcomes are chosen by number or id, in the order of the review; others are refused", {
  x <- example_review()
  expect_identical(chosen_outcomes(x, NULL, NULL), x$outcomes$outcome)
  expect_identical(chosen_outcomes(x, c(1.2, 1.1), NULL), c("1.1", "1.2"))
  expect_identical(chosen_outcomes(x, x$outcomes$id[2L], NULL), "1.2")
  for (bad in list("3.3", character(), TRUE, NA)) {
    e <- expect_error(chosen_outcomes(x, bad, NULL), class = "metaparity_error_input")
    expect_identical(e$arg, "which")
  }
})

test_that("what has no figure says why, and leaves no file", {
  x <- example_review()
  x$rows <- x$rows[x$rows$outcome != "1.1" | x$rows$study == x$rows$study[2L], ]
  x$rows <- x$rows[x$rows$outcome != "1.2", ]
  folder <- tempfile("figures")
  made <- save_revman_figures(x, folder, format = "svg")
  expect_identical(is.na(made$file), c(FALSE, TRUE, TRUE, TRUE))
  expect_identical(nzchar(made$why), is.na(made$file))
  expect_identical(list.files(folder), basename(made$file[1L]))
  expect_true(all(made[1L, c("width", "height")] > 0))
})


test_that("forest plots of a file may have its judgements", {
  x <- read_rm5(system.file("extdata", "example.rm5", package = "metaparity"))
  folder <- tempfile("figures")
  on.exit(unlink(folder, recursive = TRUE))
  plain <- save_revman_figures(x, folder, which = "1.1", kinds = "forest", format = "svg")
  lights <- save_revman_figures(x, folder, which = "1.1", kinds = "forest", format = "svg", overwrite = TRUE, rob = TRUE)
  expect_gt(lights$height, plain$height)
  expect_error(save_revman_figures(x, folder, which = "1.1", kinds = "forest", format = "svg", overwrite = TRUE, rob = 3),
               class = "metaparity_error_input")
})

test_that("what is handed on to a figure is a value, never evaluated", {
  review <- read_rm5(system.file("extdata", "example.rm5", package = "metaparity"))
  seen <- new.env()
  code <- bquote(assign("ran", TRUE, envir = .(seen)))
  expect_error(save_revman_figures(review, tempfile(), which = "1.1", rob = code), class = "metaparity_error_input")
  expect_null(seen$ran)
  expect_error(write_revman_csv(review, tempfile(), prefix = "\xff\xfe"), class = "metaparity_error_input")
})

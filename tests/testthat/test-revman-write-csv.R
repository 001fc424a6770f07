test_that("the templates of RevMan Web's import", {
  x <- example_review()
  x$studies$study[1L] <- x$rows$study[x$rows$study_id == x$studies$study_id[1L]] <- "\u738b, \"A\" 2001"
  folder <- tempfile("import")
  paths <- write_revman_csv(x, folder)
  expect_identical(basename(paths), sprintf("review-%s.csv",
                                            c("study-information", "study-arms", "study-results", "risk-of-bias-1")))
  expect_identical(readBin(paths[1L], "raw", 3L), as.raw(c(0xef, 0xbb, 0xbf)))
  table <- function(i) utils::read.csv(paths[i], fileEncoding = "UTF-8-BOM", check.names = FALSE, encoding = "UTF-8")
  expect_identical(names(table(1L))[1:4], c("Study", "Year", "Data source", "Char: Methods"))
  expect_identical(names(table(2L)), c("Study", "Arm", "Description", "Intervention"))
  results <- table(3L)
  expect_identical(nrow(results), 16L)
  expect_identical(results$Cases[1:2], c(0L, 4L))
  expect_identical(table(4L)[[2L]][1:3], c("Low risk", "Unclear risk", "High risk"))
  expect_identical(enc2utf8(table(1L)$Study[1L]), "\u738b, \"A\" 2001")
  expect_error(write_revman_csv(x, folder), class = "metaparity_error_input")
  expect_error(write_revman_csv(x, "http://a/b"), class = "metaparity_error_input")
})

test_that("a package that is written from a review of RevMan 5 says the same", {
  x <- example_review()
  folder <- tempfile("package")
  write_revman_csv(x, folder, what = "analyses")
  web <- read_revman_web(folder)
  expect_identical(web$outcomes$outcome, x$outcomes$outcome)
  expect_equal(web$rows[c("study", "events_1", "total_2", "mean_1", "sd_2", "subgroup")],
               x$rows[c("study", "events_1", "total_2", "mean_1", "sd_2", "subgroup")])
  expect_setequal(verify_revman_web(folder)$verdict, "equal")
  expect_error(verify_revman_web(x), class = "metaparity_error_input")
})

test_that("names of files: no sign that a system refuses, no reserved word, never empty or too long", {
  expect_identical(file_stem(c("a/b:c", "..", " x ", "con", "COM1", "a\tb\nc")),
                   c("a b c", "review", "x", "con_", "COM1_", "a b c"))
  expect_identical(nchar(file_stem(strrep("word ", 60))) <= 80, TRUE)
  expect_identical(file_stem(character()), character())
  set.seed(2)
  for (i in 1:50) {
    signs <- c(letters, "/", "\\", ":", "*", "?", "|", "<", ".", " ", "\u738b")
    stem <- file_stem(paste(sample(signs, 12, TRUE), collapse = ""))
    expect_false(grepl("[/\\\\:*?\"<>|]|^[. ]|[. ]$", stem))
    expect_true(nzchar(stem))
  }
})

test_that("a table is written so that it reads back, quotes, commas and lines included", {
  file <- tempfile(fileext = ".csv")
  table <- data.frame(a = c("x, \"y\"", "two\nlines", NA, "\u738b"), b = c(1, 0.1 + 0.2, NA, -3),
                      c = c(TRUE, FALSE, NA, TRUE))
  write_table(table, file)
  back <- utils::read.csv(file, fileEncoding = "UTF-8-BOM", na.strings = "", encoding = "UTF-8")
  expect_identical(enc2utf8(back$a), table$a)
  expect_identical(back$b, table$b)
  expect_identical(back$c, c("true", "false", NA, "true"))
  expect_identical(plain_number(c(3, 2.5, NA)), c("3", "2.5", ""))
})

test_that("text that would be read as HTML is written as signs, other text stays", {
  text <- c("a < b", "<b>bold</b>", "x &amp; y", "p<0.05 & more", NA, "")
  written <- as_html(text)
  expect_identical(html_text(written), text)
  expect_identical(written[c(1, 4, 5, 6)], text[c(1, 4, 5, 6)])
})

test_that("folders: made below one that is there, files and pipes are refused", {
  folder <- tempfile("out")
  expect_identical(output_folder(paste0(folder, "//"), NULL), normalizePath(folder, "/"))
  expect_true(dir.exists(folder))
  file <- tempfile()
  file.create(file)
  for (bad in list(file, file.path(folder, "no", "such"), "| ls", 1, NA, character()))
    expect_error(output_folder(bad, NULL), class = "metaparity_error_input")
  for (bad in list(1, NA_character_, c("a", "b")))
    expect_error(check_word(bad, "prefix", NULL), class = "metaparity_error_input")
})

test_that("arms of a study that comes twice in an outcome are numbered", {
  x <- example_review()
  x$rows <- rbind(x$rows, x$rows[1L, ])
  arms <- row_arms(x)
  last <- nrow(x$rows)
  expect_identical(arms$first[last], paste(arms$first[1L], "2"))
  expect_identical(arms$label_1[last], arms$label_1[1L])
  expect_identical(anyDuplicated(arms_table(x)[c("Study", "Arm")]), 0L)
})

test_that("a package of analyses holds the numbers that its settings tell", {
  d <- data.frame(a = c(2, 10, 15, 3, 20, 8), n = 50, c = c(10, 8, 9, 12, 11, 10), m = 50, g = rep(1:2, each = 3L))
  for (interval in c("HKSJ", "Wald")) for (estimator in c("REML", "DL")) {
    view <- revman(d, ai = a, n1i = n, ci = c, n2i = m, by = g, measure = "RR", model = "random",
                   convention = "revman_web", estimator = estimator, interval = interval)
    folder <- tempfile()
    expect_silent(write_revman_csv(view, folder, what = "analyses"))
    expect_identical(sum(as.data.frame(verify_revman_web(folder))$verdict == "different"), 0L)
    own <- read_revman_web(folder)$outcomes
    expect_equal(log(c(own$effect_size, own$ci_start, own$ci_end)), unlist(view$total[c("est", "ci.lb", "ci.ub")]),
                 tolerance = 1e-12, ignore_attr = TRUE)
  }
  expect_warning(written(view), NA)
  web <- revman(d, ai = a, n1i = n, ci = c, n2i = m, measure = "RR", model = "random", interval = "HKSJ")
  expect_warning(written(web), class = "metaparity_warning_input")
})

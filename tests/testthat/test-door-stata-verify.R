verified <- function(lines, data = NULL, ...) {
  folder <- tempfile("verify")
  dir.create(folder)
  log <- file.path(folder, "paper.log")
  writeLines(lines, log)
  stata_verify(log, folder, data, ...)
}
d <- data.frame(es = c(.2, .5, .1), se = c(.1, .2, .15))

test_that("a log of our own is equal, and an altered number is found", {
  log <- c(". metan es se, nograph", "", stata("metan es se, nograph", d)$log, "")
  v <- verified(log, d)
  expect_equal(v$status, "equal")
  expect_equal(v$lines, v$lines_equal)
  expect_equal(verify_status(v), 0L)
  altered <- sub("0.243", "0.247", log)
  altered <- if (identical(altered, log)) sub("([0-9])(?=[0-9]{2}\\s*$)", "9", log, perl = TRUE) else altered
  v <- verified(altered, d)
  expect_equal(v$status, "different")
  expect_gt(v$different, 0)
  expect_match(v$first_difference, "here:")
  expect_equal(verify_status(v), 1L)
})

test_that("refusals, errors and missing data are counted, not guessed", {
  v <- verified(c(". melogit y x", "1.5 2.5", "", ". use nothere, clear", "", ". summarize x", "0.5", "",
                  ". display nothere", "nothere not found", "r(111);", ""))
  expect_equal(v$status, c("refused", "not run", "not run", "layout"))
  expect_equal(verify_status(v), 2L)
  expect_match(v$first_difference[1], "melogit")
  expect_equal(v$numbers[1], 2)
})

test_that("studies that a log prints are audited when the data are not there", {
  table <- stata("metan es se, nograph", d)$log
  v <- verified(c(". metan es se, nograph", "", table, ""))
  expect_true(v$status %in% c("audited", "not run"))
})

test_that("SMCL, the page and the summary", {
  folder <- tempfile("verify")
  dir.create(folder)
  log <- file.path(folder, "paper.smcl")
  writeLines(c("{smcl}", "{com}. display 2 + 3", "{res}5", "{txt}", "{com}. display \"a{c |}b\"", "{txt}a{c |}b", ""),
             log)
  v <- stata_verify(log)
  expect_equal(v$status[1], "equal")
  page <- verify_page(v, file.path(folder, "page.html"))
  expect_match(paste(readLines(page), collapse = ""), "display 2 + 3", fixed = TRUE)
  expect_output(print(summary(v)), "2 commands")
  expect_output(print(v, all = TRUE), "line 1")
  expect_false(file.exists(file.path(folder, "extra")))
})

test_that("what is no log is refused", {
  expect_error(stata_verify("nothere.log"), class = "metaparity_error_input")
  expect_error(verified("just text"), class = "metaparity_error_input")
  expect_error(verify_status(1), class = "metaparity_error_input")
})

test_that("files called by the folder's own name are found in its copy, and it stays as it was", {
  folder <- tempfile("verify")
  dir.create(folder)
  writeLines(c("x", "1", "2"), file.path(folder, "d.csv"))
  log <- file.path(folder, "a.log")
  where <- normalizePath(folder, "/")
  writeLines(c(sprintf(". cd \"%s\"", where), where, "", sprintf(". import delimited \"%s/d.csv\", clear", where),
               "(1 var, 2 obs)",
               "", ". export delimited using out.csv", "file out.csv saved", ""), log)
  v <- stata_verify(log, folder)
  expect_equal(v$status, c("ran", "equal", "equal"))
  expect_false(file.exists(file.path(folder, "out.csv")))
})

test_that("a document shows the verification as a table", {
  skip_if_not_installed("knitr")
  v <- verified(c(". display 2", "2", ""))
  expect_match(paste(as.character(knitr::knit_print(v)), collapse = "\n"), "display 2", fixed = TRUE)
})

test_that("a folder is copied without links and without R's temporary folder, and never when it is huge", {
  folder <- tempfile("data")
  dir.create(file.path(folder, "sub"), recursive = TRUE)
  writeLines("a", file.path(folder, "a.csv"))
  writeLines("b", file.path(folder, "sub", "b.csv"))
  file.symlink("/", file.path(folder, "root"))
  dir.create(file.path(folder, "replay12ab"))
  writeLines("c", file.path(folder, "replay12ab", "c.csv"))
  expect_setequal(files_below(normalizePath(folder), NULL), c("a.csv", "sub/b.csv"))
  expect_error(files_below("/", NULL), class = "metaparity_error_input")
  log <- file.path(folder, "x.log")
  writeLines(c(". display 2 + 3", "5", ""), log)
  expect_identical(stata_verify(log, tempdir())$status, "equal")
  above <- dirname(normalizePath(tempdir()))
  found <- tryCatch(files_below(above, NULL), metaparity_error_input = function(e) character())
  expect_false(any(startsWith(found, basename(tempdir()))))
})

test_that("the version of metan is read from what the log printed, or from its commands", {
  z <- data.frame(a = c(10, 20, 15), b = c(90, 80, 95), c = c(12, 22, 30), d = c(88, 78, 70))
  for (version in c(4, 9)) for (command in c("metan a b c d, or nograph", "metan a b c d, rr random nograph")) {
    v <- verified(c(paste(".", command), "", stata(command, z, metan = version)$log, ""), z)
    expect_equal(v$status, "equal")
    expect_gt(v$numbers, 20)
  }
  both <- unlist(lapply(c(4, 9), function(version) {
    c(". metan a b c d, or nograph", "", stata("metan a b c d, or nograph", z, metan = version)$log, "")
  }))
  expect_equal(verified(both, z)$status, c("equal", "equal"))
  commands <- function(...) metan_of_log(read_log_commands(c(...)))
  expect_equal(commands(". quietly metan a b c d, ///", ">   model(dl) nograph", ". display 1", "1"), c(4, 4))
  expect_equal(commands(". quietly metan a b c d, nograph", ". display 1", "1"), c(9, 9))
  expect_gt(sum(verified(both, z, metan = 9)$different), 0)
})

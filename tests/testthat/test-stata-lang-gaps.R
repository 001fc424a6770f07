refused <- function(...) tryCatch(do_file(..., data = trials_data()),
                                  metaparity_error_stata_unsupported = function(e) e)

test_that("a typo and a real gap have different conditions", {
  typo <- refused("regess a b")
  expect_s3_class(typo, "metaparity_error_stata_unknown")
  expect_true("regress" %in% typo$near)
  gap <- refused("gllamm a b")
  expect_s3_class(gap, "metaparity_error_stata_gap")
  expect_match(gap$use, "lme4")
  option <- refused("metan a b c d, randm nograph")
  expect_s3_class(option, "metaparity_error_stata_unknown")
  expect_true("random" %in% option$near)
})

test_that("what could reach beyond the folder is refused by name, also under capture", {
  for (text in c("shell ls", "!ls", "erase x.dta", "capture copy a b", "mata: x = 1", "python: x = 1",
                 "use http://example.org/a.dta, clear",
                 "rm x", "winexec a")) {
    expect_s3_class(refused(text), "metaparity_error_stata_gap")
  }
  lines <- refused("mata", "x = 1", "end", "display 1")
  expect_equal(lines$line, 1L)
})

test_that("installing does nothing, and which says what is there", {
  expect_true("(metan is built in)" %in% do_file("ssc install metan, replace")$log)
  log <- do_file("capture which metan", "display _rc", "capture which nosuch", "display _rc")$log
  expect_equal(log[log %in% c("0", "111")], c("0", "111"))
})

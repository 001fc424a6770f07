d <- data.frame(x = c(1, 2, 3, 4, 5, NA))

test_that("recode follows its rules in their order", {
  out <- stata(c("recode x (1/2 = 10 \"low\") (3 = .) (missing = 99) (else = copy), generate(y)"), d)
  expect_equal(unclass(stata("recode y (99 = 98)")$data$y) * 1, c(10, 10, NA, 4, 5, 98), ignore_attr = TRUE)
  expect_equal(out$log, "(4 differences between x and y)")
  expect_equal(stata("recode x 1=2 2=1", d)$data$x[1:2], c(2, 1))
  expect_equal(stata("recode x min/2=0 5/max=9 if x != 1", d)$data$x, c(1, 0, 3, 4, 9, NA))
  expect_equal(tryCatch(stata("recode x", d), metaparity_error_stata = function(e) e$rc), 198L)
})

test_that("mvdecode and mvencode are each other's inverse", {
  out <- stata("mvdecode x, mv(4 5)", d)
  expect_equal(out$data$x, c(1, 2, 3, NA, NA, NA))
  expect_equal(stata("mvencode x, mv(8)")$data$x, c(1, 2, 3, 8, 8, 8))
  expect_equal(tryCatch(stata("mvencode x, mv(1)", d), metaparity_error_stata = function(e) e$rc), 9L)
})

test_that("tostring converts only what comes back", {
  out <- stata(c("tostring x, replace", "generate z = 1/3", "tostring z, generate(s)",
                 "tostring z, generate(s) format(%4.2f) force"), d)
  expect_equal(out$data$x, c("1", "2", "3", "4", "5", "."))
  expect_equal(out$data$s[1], "0.33")
  expect_true("z cannot be converted reversibly; no generate" %in% out$log)
  expect_equal(stata("destring x, replace")$data$x, d$x)
})

test_that("split, duplicates, isid, separate and recast", {
  s <- data.frame(p = c("12-14", "3", "7-"), g = c(1, 1, 2))
  out <- stata("split p, parse(-) destring", s)$data
  expect_equal(out$p1, c(12, 3, 7))
  expect_equal(out$p2, c(14, NA, NA))
  out <- stata(c("duplicates report g", "duplicates tag g, generate(t)", "duplicates drop g, force"), s)
  expect_true("        2 |            2             1" %in% out$log)
  expect_equal(out$data$t, c(1, 0))
  expect_equal(tryCatch(stata("isid g", s), metaparity_error_stata = function(e) e$rc), 459L)
  out <- stata("separate x, by(x > 2)", d)$data
  expect_equal(out$x0, c(1, 2, NA, NA, NA, NA), ignore_attr = TRUE)
  out <- stata(c("generate double h = 1/3", "recast float h", "recast float h, force"), d)
  expect_equal(out$data$h[1], metaparity:::as_single(1 / 3))
  expect_match(out$log[1], "would be changed; not changed")
})

test_that("the table of duplicates is closed by plain rules", {
  log <- stata("duplicates report g", data.frame(g = c(1, 1, 2)))$log
  edge <- strrep("-", 38)
  expect_equal(log[4:9], c(edge, "   copies | observations       surplus", "----------+---------------------------",
                           "        1 |            1             0", "        2 |            2             1", edge))
})

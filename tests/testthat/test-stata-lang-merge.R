skip_if_not_installed("haven")

# Master and using data as in the manual's examples of match merging.
with_using <- function(..., using, master) {
  folder <- tempfile("merge")
  dir.create(folder)
  old <- setwd(folder)
  on.exit(setwd(old))
  haven::write_dta(using, "u.dta")
  stata(c(...), master)
}
master <- data.frame(id = c(3, 1, 2, 5), x = c(30, 10, NA, 50))

test_that("merge joins by keys and codes where rows come from", {
  out <- with_using("merge 1:1 id using u", using = data.frame(id = c(1, 2, 4), z = c("a", "b", "d")), master = master)
  d <- merge(master, data.frame(id = c(1, 2, 4), z = c("a", "b", "d")), all = TRUE)
  got <- out$data[order(out$data$id), ]
  expect_equal(got$x, d$x)
  expect_equal(got$z, c("a", "b", "", "d", ""))
  expect_equal(as.integer(sub(".*\\((.)\\)$", "\\1", as.character(got$`_merge`))), c(3L, 3L, 1L, 2L, 1L))
  expect_equal(out$log, c("", "    Result                           # of obs.",
                          "    -----------------------------------------",
    "    not matched                             3", "        from master                         2  (_merge==1)",
    "        from using                          1  (_merge==2)", "",
    "    matched                                 2  (_merge==3)",
    "    -----------------------------------------"))
})

test_that("keep, nogenerate, keepusing, assert and update do what they say", {
  u <- data.frame(id = c(1, 2, 4), x = c(11, 22, 44), z = 1:3, w = 4:6)
  out <- with_using("merge 1:1 id using u, keep(match) nogenerate keepusing(z)", using = u, master = master)
  expect_equal(out$data, data.frame(id = c(1, 2), x = c(10, NA), z = c(1, 2)), ignore_attr = TRUE)
  out <- with_using("merge 1:1 id using u, update", using = u, master = master)
  expect_equal(out$data$x[match(1:2, out$data$id)], c(10, 22))
  expect_match(as.character(out$data$`_merge`[match(1:2, out$data$id)]), "conflict|updated")
  out <- with_using("merge 1:1 id using u, update replace nogen", using = u, master = master)
  expect_equal(out$data$x[match(1:2, out$data$id)], c(11, 22))
  rc <- function(...) tryCatch(with_using(..., using = u, master = master), metaparity_error_stata = function(e) e$rc)
  expect_equal(rc("merge 1:1 id using u, assert(match)"), 9L)
  expect_equal(rc("merge 1:1 w using u"), 111L)
})

test_that("m:1, 1:m and m:m pair rows as Stata does", {
  many <- data.frame(id = c(1, 1, 2, 3), v = 1:4)
  one <- data.frame(id = c(1, 2, 4), z = c(10, 20, 40))
  out <- with_using("merge m:1 id using u, keep(1 3) nogen", using = one, master = many)
  expect_equal(out$data$z, c(10, 10, 20, NA))
  out <- with_using("merge 1:m id using u, keep(3) nogen", using = many, master = one)
  expect_equal(out$data$v, c(1, 2, 3))
  out <- with_using("merge m:m id using u, nogen", using = data.frame(id = c(1, 2, 2), z = 1:3), master = many)
  expect_equal(out$data$z[order(out$data$v)][1:4], c(1, 1, 2, 3))
  expect_equal(tryCatch(with_using("merge 1:1 id using u", using = one, master = many),
                        metaparity_error_stata = function(e) e$rc), 459L)
})

test_that("append, joinby and cross put rows together", {
  u <- data.frame(id = c(1, 1, 9), s = c("p", "q", "r"))
  out <- with_using("append using u, generate(src)", using = u, master = master)
  expect_equal(out$data$id, c(master$id, u$id), ignore_attr = TRUE)
  expect_equal(out$data$s, c(rep("", 4), u$s))
  expect_equal(out$data$src, c(0, 0, 0, 0, 1, 1, 1))
  out <- with_using("joinby id using u", using = u, master = master)
  expect_equal(out$data$s, c("p", "q"))
  out <- with_using("cross using u", using = data.frame(k = 1:2), master = data.frame(a = 1:3))
  expect_equal(nrow(out$data), 6L)
  e <- tryCatch(with_using("append using u", using = data.frame(x = "text"), master = master),
                metaparity_error_stata = function(e) e)
  expect_equal(e$rc, 106L)
})

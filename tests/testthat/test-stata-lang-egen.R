d <- data.frame(g = c(1, 1, 2, 2, 2), x = c(3, 1, 4, NA, 9), y = c(2, NA, 4, 5, 1), s = c("a", "b", "a", "a", ""))
single <- metaparity:::as_single
value <- function(text, data = d) {
  out <- stata(paste("egen new =", text), data)$data$new
  attributes(out) <- NULL
  out
}

test_that("functions of groups agree with R's", {
  expect_equal(value("std(x)"), single((d$x - mean(d$x, na.rm = TRUE)) / sd(d$x, na.rm = TRUE)))
  expect_equal(value("rank(x)"), c(2, 1, 3, NA, 4))
  expect_equal(value("rank(x), field"), c(3, 4, 2, NA, 1))
  expect_equal(value("total(x), by(g)"), c(4, 4, 13, 13, 13))
  expect_equal(value("median(x), by(g)"), c(2, 2, 6.5, 6.5, 6.5))
  expect_equal(value("pctile(x), p(25)"), rep(2, 5))
  expect_equal(value("iqr(x)"), rep(4.5, 5))
  expect_equal(value("mode(g)"), rep(2, 5))
  expect_equal(value("count(x), by(g)"), c(2, 2, 2, 2, 2))
  expect_equal(value("seq(), from(1) to(2)"), c(1, 2, 1, 2, 1))
  expect_equal(value("pc(x)"), single(100 * d$x / 17))
})

test_that("functions of rows and of lists", {
  expect_equal(value("rowtotal(x y)"), c(5, 1, 8, 5, 10))
  expect_equal(value("rowmean(x y)"), c(2.5, 1, 4, 5, 5))
  expect_equal(value("rowsd(x y)")[1], single(sd(c(3, 2))))
  expect_equal(value("rowmiss(x y)"), c(0, 1, 0, 1, 0))
  expect_equal(value("rowfirst(x y)"), c(3, 1, 4, 5, 9))
  expect_equal(value("rowlast(x y)"), c(2, 1, 4, 5, 1))
  expect_equal(value("diff(x y)"), c(1, 1, 0, 1, 1))
  expect_equal(value("anymatch(x y), values(4 5)"), c(0, 0, 1, 1, 0))
  expect_equal(value("concat(g s), punct(-)"), c("1-a", "1-b", "2-a", "2-a", "2-"))
})

test_that("group, tag and cut", {
  expect_equal(value("group(g s)"), c(1, 2, 3, 3, NA))
  expect_equal(value("group(g s), missing"), c(1, 2, 4, 4, 3))
  expect_equal(value("tag(g)"), c(1, 0, 1, 0, 0))
  expect_equal(value("cut(x), at(1 3 5)"), c(3, 1, 3, NA, NA))
  expect_equal(value("cut(x), at(1 3 5 10) icodes"), c(1, 0, 1, NA, 2))
  expect_equal(value("cut(x), group(2)"), c(0, 0, 1, NA, 1))
  d <- data.frame(s = c("Ann Lee Wu", "Bo"))
  expect_equal(stata("egen a = ends(s)", d)$data$a, c("Ann", "Bo"))
  expect_equal(stata("egen a = ends(s), last", d)$data$a, c("Wu", "Bo"))
  expect_equal(stata("egen a = ends(s), tail", d)$data$a, c("Lee Wu", ""))
  expect_equal(stata("egen a = fill(2 4)", d)$data$a, c(2, 4))
})

test_that("corr() and its covariance are those of the pairs of each group", {
  e <- data.frame(g = rep(1:3, c(5, 4, 1)), a = c(1, 4, 2, NA, 7, 3, 3, 3, 3, 1), b = c(2, 1, 5, 4, 9, 1, 2, 3, 4, 1))
  r <- stats::cor(e$a[1:5], e$b[1:5], use = "complete.obs")
  expect_gate(value("corr(a b), by(g)", e), c(rep(r, 5), rep(NA, 5)), "single_precision")
  expect_gate(value("corr(a b), by(g) covariance", e)[1], stats::cov(e$a[c(1:3, 5)], e$b[c(1:3, 5)]), "single_precision")
  expect_gate(value("corr(a b), spearman", e)[1], stats::cor(e$a, e$b, use = "complete.obs", method = "spearman"),
              "single_precision")
})

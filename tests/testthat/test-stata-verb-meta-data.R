d <- data.frame(es = c(.2, .5, .1), se = c(.1, .2, .15), lab = c("A", "B", "C"))

test_that("standard errors come from limits, asymmetric ones are an error", {
  x <- transform(d, lo = es - qnorm(.95) * se, hi = es + qnorm(.95) * se)
  expect_equal(meta_set(es, lo, hi, data = x, civarlevel = 90)$table[["_meta_se"]], d$se)
  x$hi[2] <- 2
  expect_error(meta_set(es, lo, hi, data = x), class = "metaparity_error_studies")
})

test_that("effect sizes follow the convention stata18", {
  g <- data.frame(n1 = 20, m1 = 5, s1 = 2, n2 = 25, m2 = 4, s2 = 1.5)
  one <- function(...) meta_esize(n1, m1, s1, n2, m2, s2, data = g, ...)$table
  sp <- sqrt((19 * 4 + 24 * 2.25) / 43)
  j <- 1 - 3 / (4 * 43 - 1)
  expect_equal(one()[["_meta_es"]], j / sp)
  expect_equal(one()[["_meta_se"]], j * sqrt(45 / 500 + 1 / sp^2 / 90))
  expect_equal(one(esize = "hedgesg, exact")[["_meta_es"]], exp(lgamma(21.5) - lgamma(21)) / sqrt(21.5) / sp)
  expect_equal(one(esize = "cohend")[["_meta_se"]], sqrt(45 / 500 + 1 / sp^2 / 90))
  expect_equal(one(esize = "cohend, holkinse")[["_meta_se"]], sqrt(45 / 500 + 1 / sp^2 / 86))
  expect_equal(one(esize = "mdiff")[["_meta_se"]], sp * sqrt(1 / 20 + 1 / 25))
  expect_equal(one(esize = "mdiff, unequal")[["_meta_se"]], sqrt(4 / 20 + 2.25 / 25))
  expect_equal(one(esize = "glassdelta2")[["_meta_es"]], 1 / 1.5)
  expect_equal(one(esize = "glassdelta1")[["_meta_es"]], 1 / 2)
})

test_that("zerocells() has Stata's five rules", {
  x <- data.frame(a = c(0, 4), b = c(10, 6), c = c(2, 3), d = c(18, 17))
  first <- function(...) meta_esize(a, b, c, d, data = x, ...)$table[["_meta_es"]]
  lor <- function(a, b, c, d) log(a * d / (b * c))
  expect_equal(first()[1], lor(.5, 10.5, 2.5, 18.5))
  expect_equal(first()[2], lor(4, 6, 3, 17))
  expect_equal(first(zerocells = "0.5, all")[2], lor(4.5, 6.5, 3.5, 17.5))
  expect_equal(first(zerocells = c("0.1", "allif0"))[2], lor(4.1, 6.1, 3.1, 17.1))
  expect_equal(first(zerocells = "tacc")[1], lor(1 / 3, 10 + 1 / 3, 2 + 2 / 3, 18 + 2 / 3))
  expect_warning(meta_esize(a, b, c, d, data = x, zerocells = "none"), class = "metaparity_warning")
})

test_that("the declaration prints, updates and refuses", {
  m <- meta_set(es, se, data = d, studylabel = lab, version = 16)
  expect_true("       Study label:  lab" %in% format(m))
  expect_snapshot(m)
  u <- meta_update(m, random = "dlaird", level = 90)
  expect_identical(u$method, "dlaird")
  expect_equal(u$level, .9)
  expect_match(format(meta_query(m))[2], "from meta set")
  expect_error(meta_update(m, nosuch = 1), class = "metaparity_error_input")
  expect_error(meta_set(es, data = d), class = "metaparity_error_input")
  expect_error(meta_set(es, se, data = d, random = TRUE, fixed = TRUE), class = "metaparity_error_input")
  expect_warning(meta_set(es, c(.1, NA, .2), data = d), class = "metaparity_warning_dropped")
})

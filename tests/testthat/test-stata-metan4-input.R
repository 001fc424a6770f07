test_that("labels are headed by the variables' labels, by and study with a year behind", {
  d <- metan4_fixture("validation")[1:6, ]
  attr(d$id, "label") <- "Study identifier"
  v <- metan(logor, selogor, data = d, label = c(namevar = id, yearid = year), by = type_study, version = 4)
  expect_identical(v$title, "type_study and Study identifier (year)")
  expect_identical(metan(logor, selogor, data = d, version = 4)$title, "Study")
  expect_identical(metan(logor, selogor, data = d, labtitle = "Trial", study = id, version = 4)$title, "Trial")
})

test_that("several variables sort the studies; the log names them", {
  d <- metan4_fixture("validation")[1:6, ]
  v <- metan(logor, selogor, data = d, cumulative = TRUE, sortby = c(type_study, year), study = id, version = 4)
  expect_identical(v$studies$row, order(d$type_study, d$year))
  expect_match(format(v), "in order of type_study year", all = FALSE)
  plain <- metan(logor, selogor, data = d, cumulative = TRUE, version = 4)
  expect_match(format(plain), "in order of appearance", all = FALSE)
})

test_that("a group of missing values is one of its own when asked for", {
  d <- transform(metan4_fixture("validation")[1:6, ], g = c("a", "a", "b", "b", NA, NA))
  expect_warning(v <- metan(logor, selogor, data = d, by = g, version = 4), class = "metaparity_warning_dropped")
  expect_identical(v$r$k, 4L)
  v <- metan(logor, selogor, data = d, by = g, missing = TRUE, version = 4)
  expect_identical(names(v$groups), c("a", "b", "Missing"))
})

test_that("corrections go to the studies' rows, and to the sums only when asked for", {
  d <- data.frame(a = c(0, 5, 9), b = c(40, 50, 60), c = c(4, 8, 11), d = c(38, 55, 61))
  plain <- metan(a, b, c, d, data = d, or = TRUE, version = 4)
  own <- suppressWarnings(rma.mh(ai = a, bi = b, ci = c, di = d, data = d, measure = "OR", add = 0, to = "none",
                                 convention = "metan4"))
  expect_equal(plain$r$eff, as.numeric(own$beta))
  expect_match(plain$table$label[1], "[*]$")
  asked <- metan(a, b, c, d, data = d, or = TRUE, cc = 0.5, version = 4)
  expect_equal(asked$r$eff, metan(a, b, c, d, data = d, or = TRUE)$r$ES |> log())
  none <- suppressWarnings(metan(a, b, c, d, data = d, or = TRUE, nocc = TRUE, version = 4))
  expect_identical(sum(!is.na(none$studies$reason)), 1L)
})

test_that("proportions: intervals, transforms, denominators", {
  d <- data.frame(r = c(0, 5, 9), n = c(20, 30, 40))
  v <- metan(r, n, data = d, proportion = TRUE, transform = "logit", denominator = 100, citype = "exact", version = 4)
  exact <- stats::binom.test(5, 30)$conf.int
  expect_equal(c(v$table$ci_low[2], v$table$ci_upp[2]), 100 * as.numeric(exact), tolerance = 1e-8)
  expect_equal(v$table$es[4], 100 * stats::plogis(v$r$eff))
  jeffreys <- metan(r, n, data = d, proportion = TRUE, ftt = TRUE, citype = "jeffreys", version = 4)
  expect_equal(jeffreys$table$ci_low[2], stats::qbeta(.025, 5.5, 25.5), tolerance = 1e-8)
  expect_error(metan(r, n, data = transform(d, r = 50), proportion = TRUE, version = 4), class = "metaparity_error_studies")
})

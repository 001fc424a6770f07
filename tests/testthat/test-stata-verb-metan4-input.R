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
  expect_error(metan(r, n, data = transform(d, r = 50), proportion = TRUE, version = 4),
               class = "metaparity_error_studies")
})

test_that("the empirical correction is steered by the Mantel-Haenszel ratio of all studies, else by the whole ones", {
  d <- metan4_fixture("sparse-23")
  cells <- d[c("tevent", "tnoevent", "cevent", "cnoevent")]
  names(cells) <- c("a", "b", "c", "d")
  shown <- cells[!(cells$a + cells$c == 0), ]
  n <- rowSums(shown)
  ratio <- sum(shown$a * shown$d / n) / sum(shown$b * shown$c / n)
  expect_equal(ratio, 1.7854530236763)
  corrected <- function(theta) {
    empty <- rowSums(shown == 0) > 0
    R <- (shown$c + shown$d) / (shown$a + shown$b)
    shown[c("a", "b")] + empty * theta / (R + theta)
  }
  quiet <- function(expr) suppressWarnings(expr, classes = "metaparity_warning_dropped")
  v <- quiet(metan(tevent, tnoevent, cevent, cnoevent, data = d, or = TRUE, mh = TRUE, cc = "0.5, empirical",
                   version = 4))
  s <- v$studies[is.na(v$studies$reason), ]
  expect_equal(as.matrix(s[c("a", "b")]), as.matrix(corrected(ratio)), ignore_attr = TRUE)
  whole <- shown[rowSums(shown == 0) == 0, ]
  logs <- log(whole$a * whole$d / (whole$b * whole$c))
  w <- 1 / rowSums(1 / whole)
  v <- quiet(metan(tevent, tnoevent, cevent, cnoevent, data = d, or = TRUE, iv = TRUE, cc = "0.5, empirical",
                   version = 4))
  s <- v$studies[is.na(v$studies$reason), ]
  expect_equal(as.matrix(s[c("a", "b")]), as.matrix(corrected(exp(sum(w * logs) / sum(w)))), ignore_attr = TRUE)
  typed <- quiet(stata("metan tevent tnoevent cevent cnoevent, or nograph mh cc(.5, empirical)", d, metan = 4))
  expect_equal(typed$results[[1]]$r$eff, quiet(metan(tevent, tnoevent, cevent, cnoevent, data = d, or = TRUE, mh = TRUE,
                                                     cc = "0.5, empirical", version = 4))$r$eff)
  expect_error(quiet(metan(c(0, 1), c(9, 8), c(2, 0), c(7, 9), or = TRUE, mh = TRUE, cc = "empirical", version = 4)),
               class = "metaparity_error_input")
})

test_that("cimethod() names the interval of single proportions, as citype() does", {
  d <- data.frame(r = c(0, 5, 9), n = c(20, 30, 40))
  limits <- function(...) {
    v <- metan(r, n, data = d, proportion = TRUE, version = 4, ...)
    unlist(v$table[2, c("ci_low", "ci_upp")], use.names = FALSE)
  }
  exact <- as.numeric(stats::binom.test(5, 30)$conf.int)
  wilson <- as.numeric(stats::prop.test(5, 30, correct = FALSE)$conf.int)
  z <- stats::qnorm(.975)
  centre <- (5 + z^2 / 2) / (30 + z^2)
  half <- z * sqrt(centre * (1 - centre) / (30 + z^2))
  expect_equal(limits(cimethod = "exact"), exact, tolerance = 1e-8)
  expect_equal(limits(cimethod = "score"), wilson, tolerance = 1e-8)
  expect_equal(limits(cimethod = "wilson"), limits())
  expect_equal(limits(cimethod = "wald"), 5 / 30 + c(-1, 1) * z * sqrt(5 / 30 * 25 / 30 / 30), tolerance = 1e-8)
  expect_equal(limits(cimethod = "agresti"), centre + c(-1, 1) * half, tolerance = 1e-8)
  expect_equal(limits(cimethod = "jeff"), stats::qbeta(c(.025, .975), 5.5, 25.5), tolerance = 1e-8)
  expect_equal(limits(cimethod = "exact"), limits(citype = "exact"))
  typed <- stata("metan r n, proportion nograph cimethod(exact)", d, metan = 4)$results[[1]]
  expect_equal(unlist(typed$table[2, c("ci_low", "ci_upp")], use.names = FALSE), exact, tolerance = 1e-8)
  expect_error(limits(cimethod = "exact", citype = "wald"), class = "metaparity_error_input")
  expect_error(limits(cimethod = "bayes"), class = "metaparity_error_input")
  expect_error(metan(r, n, data = d, cimethod = "exact", version = 4), class = "metaparity_error_input")
})

test_that("studies without names are numbered as they are shown; in version 9 by their place in the data", {
  d <- data.frame(es = c(.4, .1, .3, .2, NA), se = c(.1, .2, .15, .12, NA), year = c(2004, 2001, 2003, 2002, 2005))
  labels <- function(...) {
    v <- suppressWarnings(metan(es, se, data = d, ...), classes = "metaparity_warning_dropped")
    v$table$label[v$table$type == "study"]
  }
  expect_identical(labels(version = 4), c("1", "2", "3", "4"))
  expect_identical(labels(version = 4, subset = year > 2002), c("1", "2"))
  expect_identical(labels(version = 4, sortby = year), c("1", "2", "3", "4"))
  expect_identical(labels(subset = year > 2002), c("1", "3"))
  expect_identical(labels(sortby = year, subset = year < 2005), c("2", "4", "3", "1"))
  expect_warning(v <- metan(es, se, data = d, version = 4), class = "metaparity_warning_dropped")
  expect_no_match(format(v), "insufficient data")
  typed <- suppressWarnings(stata("metan es se if year > 2002, nograph", d, metan = 4))
  expect_match(typed$log, "^2  +[|]", all = FALSE)
  expect_no_match(typed$log, "^3  +[|]")
})

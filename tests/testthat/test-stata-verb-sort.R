d <- data.frame(id = c("d", "a", "c", "b", "e"), g = c(2, 1, 2, 1, 1), year = c(2003, 2002, 2001, 2002, 2001),
                es = c(.4, .1, .3, .2, .35), se = c(.1, .2, .15, .12, .3), stringsAsFactors = FALSE)
order_of <- function(v) v$table$label[v$table$type == "study"]

test_that("one key, several, a string of names and expressions sort the studies", {
  for (version in c(9, 4)) {
    by <- function(...) order_of(metan(es, se, data = d, label = c(namevar = "id"), version = version, ...))
    expect_identical(by(sortby = id), c("a", "b", "c", "d", "e"))
    expect_identical(by(sortby = c(g, year)), d$id[order(d$g, d$year)])
    expect_identical(by(sortby = "g year"), d$id[order(d$g, d$year)])
    expect_identical(by(sortby = c("g", "year")), d$id[order(d$g, d$year)])
    expect_identical(by(sortby = -year), d$id[order(-d$year)])
    expect_identical(by(sortby = es / se), d$id[order(d$es / d$se)])
    expect_identical(by(sortby = list(g, -es)), d$id[order(d$g, -d$es)])
    expect_identical(by(sortby = d$year), d$id[order(d$year)])
    expect_error(by(sortby = 1:3), class = "metaparity_error_input")
    expect_error(by(sortby = nothing), class = "metaparity_error_input")
  }
})

test_that("missing numbers stand last and ties keep their order", {
  gaps <- transform(d, year = c(NA, 2002, 2001, 2002, NA))
  expect_identical(order_of(metan(es, se, data = gaps, label = c(namevar = "id"), sortby = year)),
                   c("c", "a", "b", "d", "e"))
})

test_that("variables that the command makes are keys, too", {
  by <- function(...) order_of(metan(es, se, data = d, label = c(namevar = "id"), ...))
  expect_identical(by(sortby = "_ES"), d$id[order(d$es)])
  expect_identical(by(sortby = `_ES`), d$id[order(d$es)])
  expect_identical(by(sortby = -`_WT`), d$id[order(d$se)])
  expect_identical(by(sortby = c(g, `_ES`)), d$id[order(d$g, d$es)])
  expect_identical(by(sortby = "_ES", version = 4), d$id[order(d$es)])
  p <- data.frame(id = c("a", "b", "c"), r = c(9, 2, 5), n = c(20, 20, 20))
  expect_identical(order_of(metaprop(r, n, data = p, label = c(namevar = "id"), sortby = "_ES")), c("b", "c", "a"))
  expect_identical(order_of(metacum(es, se, data = d, label = c(namevar = "id"), sortby = "_seES")), d$id[order(d$se)])
  one <- "metan es se, nograph label(namevar=id) sortby(%s)"
  for (metan in c(9, 4)) for (key in c("_ES", "g _ES", "_seES")) {
    out <- stata(sprintf(one, key), d, metan = metan)$results[[1]]
    want <- list("_ES" = order(d$es), "g _ES" = order(d$g, d$es), "_seES" = order(d$se))[[key]]
    expect_identical(order_of(out), d$id[want])
  }
  expect_error(stata(sprintf(one, "nothing"), d), class = "metaparity_error_stata")
})

test_that("version 9 and metaprop sort by the variables of this run, version 4 by those it finds", {
  old <- data.frame(d, `_ES` = 5:1, check.names = FALSE)
  expect_identical(order_of(metan(es, se, data = old, label = c(namevar = "id"), sortby = "_ES")), d$id[order(d$es)])
  expect_identical(order_of(metan(es, se, data = old, label = c(namevar = "id"), sortby = "_ES", version = 4)),
                   rev(d$id))
})

test_that("groups of version 9 and of metaprop stand in the order of the data, those of version 4 as Stata sorts them",
          {
  groups <- function(...) names(metan(es, se, data = transform(d, g = c("z", "a", "z", "m", "a")), by = g,
                                      ...)$fit$groups)
  expect_identical(groups(), c("z", "a", "m"))
  expect_identical(groups(sortby = year), c("z", "a", "m"))
  numbers <- metan(es, se, data = d, by = g)
  expect_identical(numbers$groups$label, c("2", "1", "Overall"))
  expect_identical(names(metan(es, se, data = d, by = g, version = 4)$groups), c("1", "2"))
  own <- metan(es, se, data = transform(d, g = factor(g, 1:2)), by = g)
  expect_identical(own$groups$label, c("1", "2", "Overall"))
  typed <- stata(c("label define g 1 \"one\" 2 \"two\"", "label values g g", "metan es se, by(g) nograph"), d)
  expect_identical(typed$results[[1]]$groups$label, c("two", "one", "Overall"))
})

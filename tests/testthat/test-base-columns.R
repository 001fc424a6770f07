resolve <- function(expr, data = NULL, env = parent.frame()) resolve_column(expr, data, env, "ai")

test_that("a column of data comes before a variable, a variable before a function", {
  d <- data.frame(ev = 1:3, t = 4:6)
  ev <- c(9, 9, 9)
  expect_equal(resolve(quote(ev), d), 1:3)
  expect_equal(resolve(quote(ev)), c(9, 9, 9))
  expect_equal(resolve(quote(t), d), 4:6)
  expect_equal(resolve(quote(ev + t), d), c(5, 7, 9))
  c <- 1:2
  expect_equal(resolve(quote(c)), 1:2)
})

test_that("values in the call and absent arguments pass through", {
  expect_null(resolve(NULL))
  expect_equal(resolve(c(1, 2)), c(1, 2))
  f <- function(...) g(...)
  g <- function(ai, data) {
    mc <- match.call()
    resolve_column(mc[["ai"]], data, parent.frame(), "ai")
  }
  expect_equal(f(ai = ev, data = data.frame(ev = 7)), 7)
})

test_that("no partial matching of column names", {
  expect_error(resolve(quote(eve), data.frame(events = 1)), class = "metaparity_error_input")
})

test_that("an unknown column names the argument and the column", {
  err <- expect_error(resolve(quote(nosuch), data.frame(ev = 1)), class = "metaparity_error_input")
  expect_identical(err$arg, "ai")
  expect_match(conditionMessage(err), "nosuch")
  expect_error(resolve(quote(nosuch * 2), data.frame(ev = 1)), class = "metaparity_error_input")
  expect_error(resolve(quote(paste)), class = "metaparity_error_input")
})

test_that("only given arguments are resolved", {
  f <- function(ai, bi, ci) {
    mc <- match.call()
    resolve_columns(c("ai", "bi", "ci"), mc, NULL, parent.frame())
  }
  x <- 1
  expect_equal(f(ai = x, ci = 2), list(ai = 1, ci = 2))
  expect_length(f(), 0L)
  expect_length(f(ai = NULL), 0L)
})

test_that("subset is logical or row numbers", {
  expect_null(check_subset(NULL, 3L))
  expect_equal(check_subset(c(TRUE, FALSE, TRUE), 3L), c(1L, 3L))
  expect_warning(kept <- check_subset(c(TRUE, NA, FALSE), 3L), class = "metaparity_warning_dropped")
  expect_equal(kept, 1L)
  expect_equal(check_subset(c(3, 1, 1), 3L), c(1L, 3L))
  expect_equal(check_subset(-2, 3L), c(1L, 3L))
  expect_error(check_subset(c(TRUE, FALSE), 3L), class = "metaparity_error_input")
  expect_error(check_subset("a", 3L), class = "metaparity_error_input")
  err <- expect_error(check_subset(c(1, 9, 0), 3L), class = "metaparity_error_studies")
  expect_equal(err$rows, 2:3)
  expect_error(check_subset(c(-1, 2), 3L), class = "metaparity_error_input")
})

test_that("slab has one label per row", {
  expect_equal(check_slab(factor(c("b", "a")), 2L), c("b", "a"))
  expect_error(check_slab("a", 2L), class = "metaparity_error_input")
  expect_error(check_slab(c("a", NA), 2L), class = "metaparity_error_studies")
})

test_that("data must be a data frame or something that becomes one", {
  expect_equal(resolve_data(list(a = 1)), data.frame(a = 1))
  expect_error(resolve_data("a"), class = "metaparity_error_input")
})

test_that("wrappers with dots find data and columns, through several of them", {
  verbs <- list2env(list(rma = rma, regtest = regtest, fsn = fsn, escalc = escalc, rma.mh = rma.mh),
                    parent = globalenv())
  verbs$d <- data.frame(est = c(.1, .4, .3, .8, .2), v = c(.05, .04, .06, .03, .05), n = 21:25)
  run <- function(code) eval(parse(text = code), new.env(parent = verbs))
  plain <- run("rma(est, v, data = d)")
  for (code in c("f <- function(...) rma(...); f(est, v, data = d)",
                 "f <- function(...) rma(...); g <- function(...) f(...); g(est, v, data = d)",
                 "f <- function(...) rma(...); g <- function(y, ...) { k <- 1; f(...) }; one <- 1; g(0, est * one, v, data = d)",
                 "f <- function(dat, ...) rma(est, v, data = dat, ...); f(d, slab = paste(n))")) {
    expect_equal(run(code)$beta, plain$beta, info = code)
  }
  expect_equal(run("(function(...) regtest(...))(est, v, data = d)")$zval, regtest(plain)$zval)
  expect_equal(run("(function(...) fsn(...))(est, v, data = d)")$fsnum, run("fsn(est, v, data = d)")$fsnum)
  expect_equal(run("(function(...) rma.mh(...))(ai = n, bi = n, ci = n, di = n + 1, data = d)")$k, 5)
  expect_error(run("(function(...) rma(...))(est, w, data = d)"), class = "metaparity_error_input")
  expect_error(run("(function(...) rma(...))(est, v, data = nowhere)"), class = "metaparity_error_input")
})

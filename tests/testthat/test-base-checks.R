
test_that("a missing first argument is named", {
  may_be_missing <- c("conventions", "getmfopt", "replmiss", "rob_tool", "setmfopt")
  seen <- 0L
  for (name in setdiff(getNamespaceExports("metaparity"), may_be_missing)) {
    fun <- getExportedValue("metaparity", name)
    first <- if (is.function(fun)) formals(fun)[1L]
    if (is.null(first) || names(first) == "..." || !identical(first[[1L]], quote(expr = ))) next
    expect_s3_class(tryCatch(fun(), error = identity), "metaparity_error_input")
    seen <- seen + 1L
  }
  expect_gt(seen, 100L)
  for (verb in list(forest, funnel, radial, leave1out, cumul, robust, permutest, regplot, trimfill, forest_size)) {
    expect_identical(tryCatch(verb(), error = function(e) e$arg), "x")
  }
  expect_identical(tryCatch(hc(), error = function(e) e$arg), "object")
})

test_that("any text can stand in a message", {
  bytes <- `Encoding<-`("caf\xe9", "bytes")
  expect_identical(describe(bytes), "\"caf<e9>\"")
  expect_identical(describe("caf\xe9"), "\"caf<e9>\"")
  expect_identical(nchar(describe(strrep("a", 1000))), 62L)
  expect_error(check_flag(bytes, "x"), class = "metaparity_error_input")
})

test_that("values of arguments are not evaluated again", {
  f <- function(a) values_in(environment(), "a")$a
  expect_identical(f(quote(b)), quote(b))
})

test_that("columns come from any list of columns", {
  expect_identical(as_frame(pairlist(a = 1), "x"), data.frame(a = 1))
  deep <- Reduce(function(x, i) list(x), 1:200, 1)
  expect_error(as_frame(deep, "x"), class = "metaparity_error_input")
  expect_error(as_frame(structure(list(), class = "rma.uni"), "x"), class = "metaparity_error_input")
})

test_that("more than 15 decimals are refused by every verb", {
  fit <- rma(c(0.1, 0.5, 0.3), c(0.01, 0.02, 0.04))
  expect_error(rma(c(1, 2, 3), c(1, 1, 1), digits = 16), class = "metaparity_error_input")
  expect_error(print(fit, digits = 99), class = "metaparity_error_input")
  expect_error(fmtx(1, digits = 99), class = "metaparity_error_input")
  expect_error(leave1out(fit, digits = 99), class = "metaparity_error_input")
  expect_error(setmfopt(digits = 99), class = "metaparity_error_input")
})

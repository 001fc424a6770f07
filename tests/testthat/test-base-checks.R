
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

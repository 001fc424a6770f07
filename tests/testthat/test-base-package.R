test_that("every function of the core that R calls is registered, and nothing is looked up by name", {
  dll <- getLoadedDLLs()[["metaparity"]]
  expect_false(unclass(dll)$dynamicLookup)
  registered <- names(getDLLRegisteredRoutines(dll)$.Call)
  callers <- grep("^cpp_", ls(asNamespace("metaparity")), value = TRUE)
  expect_gt(length(callers), 50L)
  expect_setequal(grep("_cpp_", registered, value = TRUE), paste0("_metaparity_", callers))
  expect_length(getDLLRegisteredRoutines(dll)$.C, 0L)
})

test_that("what is exported is there, and the core is not among it", {
  exported <- getNamespaceExports("metaparity")
  expect_true(all(vapply(exported, exists, NA, envir = asNamespace("metaparity"))))
  expect_length(grep("^cpp_", exported), 0L)
})

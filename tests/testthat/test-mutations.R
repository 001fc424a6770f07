# Plausible slips in every argument of every verb: a result, or a condition of the package's classes. tools/mutations runs
# all of them, these are a sample with a fixed seed.

test_that("the calls name every exported function", {
  named <- unique(vapply(mutation_calls(), function(call) deparse(call[[1L]])[1L], ""))
  expect_identical(setdiff(getNamespaceExports("metaparity"), named), character())
})

test_that("each call without a mutation has a result", {
  skip_on_cran()
  folder <- tempfile("mutations")
  dir.create(folder)
  old <- setwd(folder)
  on.exit(setwd(old))
  Sys.setenv(METAPARITY_TESTS = old)
  on.exit(Sys.unsetenv("METAPARITY_TESTS"), add = TRUE)
  world <- mutation_world()
  calls <- mutation_calls()
  utils::capture.output(kind <- vapply(calls, function(call) mutation_outcome(call, world)$kind, ""))
  expect_identical(vapply(calls[kind != "value"], function(call) deparse(call)[1L], ""), character())
})

test_that("mutated arguments lead to a result or to a classed condition", {
  skip_on_cran()
  folder <- tempfile("mutations")
  dir.create(folder)
  old <- setwd(folder)
  on.exit(setwd(old))
  Sys.setenv(METAPARITY_TESTS = old)
  on.exit(Sys.unsetenv("METAPARITY_TESTS"), add = TRUE)
  world <- mutation_world()
  calls <- mutation_calls("mutations")
  rows <- all_mutations(calls, world)
  set.seed(20)
  rows <- rows[sample(nrow(rows), 500L), ]
  rows[c("kind", "message")] <- NA_character_
  found <- run_mutations(rows, calls, world)
  expect_identical(nrow(found), 500L)
  bad <- found[!found$kind %in% c("value", "classed", "user"), ]
  told <- sprintf("%s, %s = %s: %s", vapply(calls[bad$call], function(call) substr(deparse(call)[1L], 1L, 40L), ""), bad$arg, bad$value, bad$message)
  expect_identical(told, character())
})

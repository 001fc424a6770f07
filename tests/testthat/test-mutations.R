# Plausible slips in every argument of every verb: a result, or a condition of the package's classes. tools/mutations
# runs all of them, these are a sample with a fixed seed.

test_that("the calls name every exported function", {
  named <- unique(vapply(mutation_calls(), function(call) deparse(call[[1L]])[1L], ""))
  expect_identical(setdiff(getNamespaceExports("metaparity"), named), character())
})

# Code in a folder of its own, with the fixtures at hand.
in_mutation_folder <- function(code) {
  folder <- tempfile("mutations")
  dir.create(folder)
  old <- setwd(folder)
  on.exit(setwd(old))
  Sys.setenv(METAPARITY_TESTS = old)
  on.exit(Sys.unsetenv("METAPARITY_TESTS"), add = TRUE)
  code
}

told_leaks <- function(found, calls) {
  bad <- found[!found$kind %in% c("value", "classed", "user"), ]
  sprintf("%s, %s = %s: %s", vapply(calls[bad$call], function(call) substr(deparse(call)[1L], 1L, 40L), ""),
          bad$arg, bad$value, bad$message)
}

sampled_leaks <- function(seed, n, pick = identity, files = "mutations") {
  in_mutation_folder({
    world <- mutation_world()
    calls <- mutation_calls(files)
    rows <- all_mutations(calls, world)
    set.seed(seed)
    rows <- pick(rows)
    rows <- rows[sample(nrow(rows), n), ]
    rows[c("kind", "message")] <- NA_character_
    found <- run_mutations(rows, calls, world)
    expect_identical(nrow(found), n)
    told_leaks(found, calls)
  })
}

test_that("each call without a mutation has a result", {
  skip_on_cran()
  kind <- in_mutation_folder({
    world <- mutation_world()
    calls <- mutation_calls()
    # Without these packages their tables are refused by name.
    needs <- c(as_gt = "gt", as_tinytable = "tinytable")[vapply(calls, function(call) deparse(call[[1L]])[1L], "")]
    calls <- calls[is.na(needs) | vapply(needs, requireNamespace, NA, quietly = TRUE)]
    utils::capture.output(kind <- vapply(calls, function(call) mutation_outcome(call, world)$kind, ""))
    kind
  })
  expect_identical(vapply(calls[kind != "value"], function(call) deparse(call)[1L], ""), character())
})

test_that("mutated arguments lead to a result or to a classed condition", {
  skip_on_cran()
  expect_identical(sampled_leaks(20, 500L), character())
})

test_that("two mutated arguments do so as well", {
  skip_on_cran()
  expect_identical(sampled_leaks(21, 200L, function(rows) double_mutations(rows, 0.01)), character())
})

test_that("mutations that once leaked do so no more", {
  skip_on_cran()
  mended <- utils::read.csv(test_path("fixtures", "mutations-mended.csv"), na.strings = "", colClasses = "character")
  expect_gt(nrow(mended), 150L)
  leaks <- in_mutation_folder({
    world <- mutation_world()
    calls <- mutation_calls()
    text <- vapply(calls, function(call) substr(paste(deparse(call), collapse = ""), 1L, 60L), "")
    rows <- data.frame(call = match(mended$call, text), mended[c("arg", "value")], kind = NA_character_,
                       message = NA_character_)
    two <- !is.na(mended$arg2)
    found <- run_mutations(rows[!two, ], calls, world)
    both <- run_mutations(cbind(rows, mended[c("arg2", "value2")])[two, ], calls, world)
    c(told_leaks(found, calls), told_leaks(both, calls))
  })
  expect_identical(leaks, character())
})

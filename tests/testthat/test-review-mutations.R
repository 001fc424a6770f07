# Plausible slips in the arguments of the verbs of a review: a sample of those of fixtures/mutations-review.R.

test_that("mutated arguments of the verbs of a review lead to a result or to a classed condition", {
  skip_on_cran()
  world <- mutation_world()
  calls <- mutation_calls("mutations-review")
  rows <- all_mutations(calls, world)
  set.seed(3)
  rows <- rows[sample(nrow(rows), 400L), ]
  rows[c("kind", "message")] <- NA_character_
  folder <- tempfile("mutations")
  dir.create(folder)
  old <- setwd(folder)
  on.exit(setwd(old))
  found <- run_mutations(rows, calls, world)
  bad <- found[!found$kind %in% c("value", "classed", "user"), ]
  told <- sprintf("%s, %s = %s: %s", vapply(calls[bad$call], function(call) deparse(call[[1L]]), ""), bad$arg,
                  bad$value, bad$message)
  expect_identical(told, character())
})

# Plausible slips in the arguments of the verbs of a review: a sample of those of fixtures/mutations-review.R.

test_that("mutated arguments of the verbs of a review lead to a result or to a classed condition", {
  skip_on_cran()
  world <- new.env(parent = globalenv())
  for (name in c("rob", "rob_tool", "rob_summary", "rob_graph", "prisma_flow")) {
    assign(name, getExportedValue("metaparity", name), world)
  }
  world$judged <- data.frame(study = c("Alba", "Brno"), D1 = c("low", "high"), D2 = c("some concerns", "low"))
  world$judged_long <- data.frame(study = c("Alba", "Brno"), domain = "x", judgement = c("low", "?"), support = "",
                                  outcome = "y")
  calls <- as.list(parse(test_path("fixtures", "mutations-review.R"), keep.source = FALSE))
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

# Plausible slips in the arguments of RevMan's verbs: a sample of those of fixtures/mutations-revman.R.

test_that("mutated arguments of RevMan's verbs lead to a result or to a classed condition", {
  skip_on_cran()
  world <- new.env(parent = globalenv())
  for (name in c("revman", "as_escalc", "as_rma", "write_rm5", "read_revman_web", "verify_revman_web",
                 "write_revman_csv",
                 "save_revman_figures")) {
    assign(name, getExportedValue("metaparity", name), world)
  }
  world$example <- read_rm5(system.file("extdata", "example.rm5", package = "metaparity"))
  world$one_outcome <- outcome(world$example, "1.2")
  world$arms <- data.frame(study = c("Alba", "Brno", "Cork"), e1 = c(4, 0, 3), n1 = c(40, 30, 20), e2 = c(5, 6, 7),
                           n2 = 50, g = c("a", "b", "b"))
  world$package_folder <- tempfile("package")
  write_revman_csv(world$example, world$package_folder, what = "analyses")
  calls <- as.list(parse(test_path("fixtures", "mutations-revman.R"), keep.source = FALSE))
  rows <- all_mutations(calls, world)
  share <- as.integer(Sys.getenv("METAPARITY_MUTATIONS", "250"))
  set.seed(7)
  rows <- rows[sample(nrow(rows), min(share, nrow(rows))), ]
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

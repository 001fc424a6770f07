skip_if_not_installed("xml2")
example_review <- function() read_rm5(system.file("extdata", "example.rm5", package = "metaparity"))

test_that("a file that is right raises no error", {
  x <- audit(example_review())
  expect_false("error" %in% x$severity)
  own <- summary(x)
  expect_true(all(c("A3", "B2", "B3", "B4", "B5", "B10") %in% own$check))
  expect_identical(sum(own$checked[own$check == "A3"]) > 0L, TRUE)
})

test_that("a changed number, a sentence and a flow that do not agree are found", {
  r <- example_review()
  r$rows$effect_size[2L] <- r$rows$effect_size[2L] * 1.1
  x <- audit(r)
  expect_identical(x$check[x$severity == "error"], "A3")
  expect_identical(x$row[x$severity == "error"], 2L)
  r <- example_review()
  o <- r$outcomes[1L, ]
  say <- function(est) data.frame(ref = "x", outcome = o$outcome, shown = "",
                                  sentence = sprintf("It was %.2f (95%% CI %.2f to %.2f).", est, o$ci_start, o$ci_end),
                                  stringsAsFactors = FALSE)
  r$links <- say(o$effect_size)
  expect_false("C13" %in% audit(r)$check)
  r$links <- say(o$effect_size + 1)
  x <- audit(r)
  expect_identical(x$what[x$check == "C13"], "estimate")
})

test_that("a flow is audited from its numbers and from its figure", {
  flow <- data.frame(stage = "screening", box = c("records screened", "excluded on title and abstract",
                                                  "full-text articles assessed for eligibility"), n = c(100, 60, 41))
  x <- audit(flow)
  expect_identical(x$check, "C12")
  expect_match(x$expected, "40")
  expect_identical(as.data.frame(suppressWarnings(audit(prisma_flow(flow, draw = FALSE)))), as.data.frame(x))
})

test_that("the flow ends with the studies that the review has", {
  r <- example_review()
  n <- sum(r$studies$section == "included")
  chart <- function(n) data.frame(step = 1:2, side = FALSE, n = c(100L, n),
                                  text = c("100 records screened",
                                           sprintf("%d studies included in qualitative synthesis", n)))
  r$flowchart <- chart(n)
  expect_false("C12" %in% audit(r)$check)
  r$flowchart <- chart(n + 1L)
  x <- audit(r)
  expect_identical(x$severity[x$check == "C12"], "warning")
})

test_that("more records removed than there were is found", {
  x <- suppressWarnings(audit(prisma_flow(databases = 10, duplicates = 20, draw = FALSE)))
  expect_identical(x$check, "C12")
})

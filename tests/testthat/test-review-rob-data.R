judged <- data.frame(study = c("a", "a", "b", "c"), domain = c("x", "y", "x", "y"),
                     judgement = c("low", "high", "unclear", "low"), support = c("s1", NA, "s3", "s4"),
                     stringsAsFactors = FALSE)

test_that("each judgement of a long table comes to its study and domain, and the rest stays empty", {
  out <- long_table(list(data = judged), list(), NULL)
  expect_identical(out$study, c("a", "b", "c"))
  expect_identical(unname(out$words), rbind(c("low", "high"), c("unclear", NA), c(NA, "low")))
  expect_identical(unname(out$rows), rbind(c(1L, 2L), c(3L, NA), c(NA, 4L)))
  expect_identical(colnames(out$words), c("x", "y"))
  shuffled <- long_table(list(data = judged[c(4, 2, 3, 1), ]), list(), NULL)
  expect_identical(shuffled$words[match(out$study, shuffled$study), c("x", "y")], out$words)
})

test_that("studies of the review without judgements have empty rows in the review's order", {
  out <- long_table(list(data = judged, studies = c("c", "d", "a", "b")), list(), NULL)
  expect_identical(out$study, c("c", "d", "a", "b"))
  expect_true(all(is.na(out$words[2L, ])))
  expect_identical(unname(out$words[1L, ]), c(NA, "low"))
})

test_that("two judgements of one study and domain are told with their rows; of another outcome they are not", {
  twice <- rbind(judged, judged[2L, ])
  expect_identical(expect_error(long_table(list(data = twice), list(), NULL), class = "metaparity_error_studies")$rows,
                   5L)
  twice$outcome <- c(rep("pain", 4L), "sleep")
  expect_identical(nrow(long_table(list(data = twice), list(), NULL)$words), 4L)
  expect_error(rob_labels(c("a", NA, " "), "study", NULL), class = "metaparity_error_studies")
})

test_that("a table is long when it has a column of domains, and wide when domains are asked for", {
  expect_true(is_long_table(judged, list()))
  expect_false(is_long_table(judged, list(domains = c("x", "y"))))
  expect_false(is_long_table(data.frame(study = "a", D1 = "low"), list()))
  expect_true(is_long_table(data.frame(wer = "a", was = "x"), list(domain = "was")))
})

test_that("columns that are mostly judgements are the domains, support stands beside them", {
  wide <- data.frame(study = c("a", "b"), Blinding = c("low", "high"), Blinding.support = c("yes", NA),
                     Country = c("here", "there"), Weight = c(40, 60), stringsAsFactors = FALSE)
  out <- wide_table(list(data = wide), list(), rob_tool("generic"), NULL)
  expect_identical(unname(out$words), matrix(c("low", "high")))
  expect_identical(unname(out$support), matrix(c("yes", "")))
  expect_identical(out$weight, c(40, 60))
  expect_identical(out$unused, "Country")
})

test_that("the tool is that whose domains have the names and whose words fit", {
  named <- function(tool) {
    own <- rob_tool(tool)
    label <- own$domains$label[own$domains$group == "bias"]
    words <- matrix(own$levels$label[1L], 1L, length(label))
    guessed_tool(list(words = words, labels = label))$name
  }
  for (tool in c("rob1", "rob2", "robins_i", "robins_e", "quips")) expect_identical(named(tool), tool, label = tool)
  odd <- guessed_tool(list(words = matrix(c("low", "high"), 1L), labels = c("first", "second")))
  expect_identical(nrow(odd$domains), 0L)
})

test_that("tables of stars are read back as they were written", {
  for (tool in c("nos", "nos_cohort", "nos_case_control")) {
    own <- rob_tool(tool)$domains
    table <- data.frame(study = c("a", "b"))
    for (label in own$label) table[[label]] <- c(1, 0)
    x <- rob(table, tool = tool)
    for (back in list(rob(as.data.frame(x), tool = tool), rob(as.data.frame(x)),
                      rob(as.data.frame(x, shape = "wide"), tool = tool))) {
      expect_identical(back$stars, x$stars)
      expect_identical(back$tool$name, tool)
    }
  }
})

test_that("a study comes twice only with several results", {
  twice <- data.frame(study = c("a", "b", "a"), D1 = c("low", "high", "low"), D2 = "low")
  expect_error(rob(twice), class = "metaparity_error_studies")
  expect_identical(tryCatch(rob(twice), metaparity_error_studies = function(e) e$rows), 3L)
  told <- data.frame(twice["study"], outcome = c("x", "x", "y"), twice[-1L])
  expect_identical(rob(told)$outcome, told$outcome)
})

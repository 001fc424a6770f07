yi <- c(-0.4, -0.1, -0.6, -0.2)
vi <- c(0.04, 0.09, 0.05, 0.02)
fit <- rma(yi, vi, measure = "RR", method = "DL", slab = c("Ash", "Birch", "Cedar", "Dill"))
evidence <- function(...) grade_profile(list(a = fit), ...)$evidence$a

test_that("shares of the weight are those of the overall judgements, and of what is not judged", {
  judged <- rob(data.frame(study = c("dill", "ash", "Birch"), D1 = c("low", "high", "low"), D2 = "low", D3 = "low",
                           D4 = "low", D5 = "low", stringsAsFactors = FALSE), "rob2")
  expect_warning(w <- evidence(rob = judged)$weights, "Cedar", class = "metaparity_warning_studies")
  weight <- unname(weights(fit))
  share <- stats::setNames(w$share, w$level)
  expect_equal(share[c("low", "high", "not_judged")], c(sum(weight[c(2L, 4L)]), weight[1L], weight[3L]),
               ignore_attr = TRUE)
  expect_equal(sum(share), 100)
})

test_that("judgements of results are those of the outcome's", {
  both <- rob(data.frame(study = c("Ash", "Ash"), outcome = c("Pain", "Sleep"), D1 = c("low", "high")), "rob2",
              domains = "D1", outcome = "outcome", overall = FALSE)
  expect_identical(unname(rob_of_outcome(both, "sleep", NULL)$values[, 1L]), "high")
  expect_identical(rob_of_outcome(list(Pain = both[1L]), "Pain", NULL)$study, "Ash")
  expect_null(rob_of_outcome(list(Pain = both[1L]), "Sleep", NULL))
  expect_error(rob_of_outcome(both, "Other", NULL), class = "metaparity_error_input")
})

test_that("sentences say the numbers of the result", {
  said <- evidence_sentences(evidence(assumed = 0.2))
  expect_match(said[["inconsistency"]], sprintf("Q: p = %.3f", fit$QEp), fixed = TRUE)
  expect_match(said[["inconsistency"]], sprintf("I\u00b2 = %.0f%%", fit$I2), fixed = TRUE)
  expect_match(said[["imprecision"]], "excludes no effect; it crosses 0.75", fixed = TRUE)
  expect_match(said[["publication_bias"]], "4 studies: too few")
  expect_identical(said[["indirectness"]], "")
})

test_that("precision holds the interval against its thresholds and the size against what is there", {
  e <- list(thresholds = c(0.75, 1.25), lb = 0.8, ub = 1.1, null = 1, n = 900, events = 90,
            size = list(size = 1000, unit = "participants", basis = list("risks of %s and %s per 1000", "200", "150")))
  expect_match(say_precision(e), "includes no effect; it does not cross 0.75, 1.25; .*not reached: 900")
  e[c("lb", "ub", "n")] <- list(0.7, 0.9, 1000)
  expect_match(say_precision(e), "excludes no effect; it crosses 0.75; .*; reached: 1,?000")
  e$size$unit <- "events"
  expect_match(say_precision(e), "not reached: 90$")
})

test_that("a ratio beyond 2 or 5 either way is large", {
  size <- vapply(c(1.9, 2.1, 5.1, 1 / 1.9, 1 / 2.1, 1 / 5.1, NA), function(est) say_size(list(ratio = TRUE, est = est)), "")
  expect_identical(nchar(size) > 0L, c(FALSE, TRUE, TRUE, FALSE, TRUE, TRUE, FALSE))
  expect_identical(size[c(2L, 3L)], size[c(5L, 6L)])
  expect_identical(say_size(list(ratio = FALSE, est = 9)), "")
})

test_that("a test that cannot be computed is not told as too few studies", {
  d <- data.frame(a = c(3, 5, 4, 6, 2, 7, 5, 4, 3, 6, 5, 4), c = c(6, 5, 7, 8, 4, 9, 6, 5, 7, 8, 6, 5))
  fit <- rma.mh(measure = "OR", ai = a, n1i = rep(50, 12L), ci = c, n2i = rep(50, 12L), data = d)
  said <- evidence_sentences(suppressMessages(grade_profile(list(a = fit)))$evidence$a)[["publication_bias"]]
  expect_identical(said, "12 studies: no test can be computed")
})

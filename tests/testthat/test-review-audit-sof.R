test_that("the corresponding risk is the assumed risk times the ratio", {
  d <- data.frame(outcome = c("a", "b", "c"), risk0 = c("526", "211", "100"), risk1 = c("500", "378", "182"),
                  risk1.lb = c("405", "285", "130"), risk1.ub = c("610", "498", "250"),
                  measure = c("RR", "RR", "OR"), est = c("0.95", "1.79", "2.00"), lb = c("0.77", "1.35", "1.35"),
                  ub = c("1.16", "2.36", "3.00"))
  expect_identical(nrow(audit(d)), 0L)
  d$risk1[2L] <- "387"
  x <- audit(d)
  expect_identical(x$check, "C16")
  expect_identical(x$part, "b")
  expect_match(x$expected, "37[0-9]")
})

test_that("certainty is what the judgements leave", {
  d <- data.frame(outcome = c("a", "b", "c", "d"), design = c("RCT", "RCT", "cohort", "RCT"),
                  risk_of_bias = c("not serious", "serious", "not serious", "serious"),
                  inconsistency = c("not serious", "very serious", "serious", "serious"), indirectness = "not serious",
                  imprecision = "not serious", other = "none",
                  certainty = c("high", "very low", "very low", "high"))
  x <- audit(d)
  expect_identical(x$part, "d")
  expect_identical(x$expected, "low")
  expect_identical(x$severity, "warning")
  d$risk_of_bias[1L] <- "?"
  expect_identical(summary(audit(d))$undecided, 1L)
})

test_that("a RevMan table is read and compared with its analyses", {
  cells <- rbind(c("Outcomes", "Risks", "", "Relative effect(95% CI)", "No of Participants(studies)", "Quality", ""),
                 c("Response", "Study population", "", "RR 0.95 (0.77 to 1.16)", "678(3 studies)", "low", ""),
                 c("526 per 1000", "500 per 1000(405 to 610)", "", "", "", "", ""))
  rows <- sof_of_cells(cells)
  expect_identical(rows$risk1.ub, "610")
  results <- data.frame(label = "1.1", name = "Response", est = 0.947, lb = 0.7735, ub = 1.159, k = 3, n = 678)
  expect_identical(nrow(new_audit_report(sof_checks(rows, results))), 0L)
  results$n <- 687
  x <- new_audit_report(sof_checks(rows, results))
  expect_identical(x$what, "participants")
  expect_null(sof_of_cells(cells[1L, , drop = FALSE]))
})

test_that("numbers needed to treat are one over the difference, rounded or rounded up", {
  d <- data.frame(outcome = c("a", "b", "c"), risk0 = c("120", "120", "300"), risk1 = c("96", "96", "200"),
                  measure = "RR", est = c("0.80", "0.80", "0.67"), nnt = c("42", "41", "10"))
  expect_identical(nrow(audit(d)), 0L)
  d$nnt[1L] <- "24"
  x <- audit(d)
  expect_identical(x$what, "number needed to treat")
  expect_identical(x$part, "a")
})

test_that("upgrades and a stated start count", {
  d <- data.frame(outcome = c("a", "b"), design = "cohort", risk_of_bias = "not serious", inconsistency = "not serious",
                  large_effect = c("very large", "no"), start = c("low", "high"), certainty = "high")
  expect_identical(nrow(audit(d)), 0L)
})

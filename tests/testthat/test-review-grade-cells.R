trials <- data.frame(study = c("Ash", "Birch", "Cedar", "Dill"), e1 = c(12, 30, 7, 15), n1 = c(60, 150, 55, 80),
                     e2 = c(20, 41, 9, 25), n2 = c(61, 148, 54, 79))
fit <- rma(measure = "RR", ai = e1, n1i = n1, ci = e2, n2i = n2, data = trials, slab = study)
judged <- data.frame(outcome = "Relapse", imprecision = "serious", imprecision_reason = "Few", risk_of_bias = "serious",
                     risk_of_bias_reason = "Open", importance = "critical")
sof <- function(...) grade_cells(sof_table(list(Relapse = fit), judged, ..., intervention = "Drug", comparison = "none"))

test_that("a summary has a row per assumed risk, with the outcome's cells on the first", {
  shown <- sof(assumed = list(Relapse = c(low = 0.1, high = 0.4)))
  expect_identical(dim(shown$cells), c(2L, 8L))
  expect_identical(shown$first, c(TRUE, FALSE))
  expect_identical(shown$cells[, 1L], c("Relapse", ""))
  expect_match(shown$cells[, 2L], "^(low: 100|high: 400) per 1000$")
  rr <- exp(as.numeric(fit$beta))
  expect_match(shown$cells[2L, 3L], sprintf("^%.0f per 1000", 400 * rr))
  expect_match(shown$cells[1L, 5L], sprintf("RR %.2f (%.2f to %.2f)", rr, exp(fit$ci.lb), exp(fit$ci.ub)), fixed = TRUE)
  expect_match(shown$cells[1L, 6L], "687 (4 randomised trials)", fixed = TRUE)
  expect_identical(shown$heads[2:3], c("Risk with none", "Risk with Drug"))
})

test_that("each reason has one letter, which stands at the certainty", {
  shown <- sof(assumed = 0.2)
  expect_match(shown$cells[1L, 7L], "^Low \\[a,b\\]$")
  expect_identical(shown$notes, c("a. Risk of bias (serious): Open", "b. Imprecision (serious): Few"))
  expect_identical(shown$level, 2L)
  profile <- grade_cells(grade_profile(list(Relapse = fit), judged))
  expect_match(profile$cells[1L, 3L], "^serious \\[a\\]")
  expect_match(profile$cells[1L, 8L], "^64 ?/ ?345|^64/345")
  expect_identical(profile$cells[1L, 13L], "critical")
})

test_that("means are told as differences, standardized ones also in units where their deviation is known", {
  o <- data.frame(measure = "SMD", est = -0.5, lb = -0.9, ub = 0.1, sd = 4, units = "points", control_mean = 20)
  lines <- strsplit(mean_effect(o), "\n")[[1L]]
  expect_match(lines[1L], "SMD 0.50 SD lower (0.90 lower to 0.10 higher)", fixed = TRUE)
  expect_match(lines[2L], "2.00 points lower (3.60 lower to 0.40 higher)", fixed = TRUE)
  expect_identical(mean_without(o), "mean 20 points")
  expect_identical(mean_effect(list(measure = "RR", est = 1)), "")
})

test_that("counts of arms and studies", {
  expect_identical(arm_cell(list(n_exp = 50, events_exp = 3), "exp"), "3/50")
  expect_identical(arm_cell(list(n_exp = 50, events_exp = NA), "exp"), "50")
  expect_identical(arm_cell(list(n_exp = NA, events_exp = 3), "exp"), "")
  expect_identical(studies_cell(list(k = 1, design = "randomised trials")), "1 randomised trial")
  expect_identical(participants_cell(list(n_exp = 10, n_ctrl = NA, k = 3, design = "cohorts")), "3 cohorts")
})

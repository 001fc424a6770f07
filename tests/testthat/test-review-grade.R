trials <- data.frame(study = c("Ash 2001", "Birch 2004", "Cedar 2009", "Dill 2011"), e1 = c(12, 30, 7, 15),
                     n1 = c(60, 150, 55, 80), e2 = c(20, 41, 9, 25), n2 = c(61, 148, 54, 79))
trial_fit <- function(measure = "RR", ...) {
  rma(measure = measure, ai = e1, n1i = n1, ci = e2, n2i = n2, data = trials, slab = study, ...)
}
means <- data.frame(study = c("a", "b", "c"), m1 = c(5, 6, 4.5), s1 = c(2, 2.5, 2), n1 = c(40, 60, 30),
                    m2 = c(6.5, 7, 6), s2 = c(2.2, 2.4, 1.8), n2 = c(42, 58, 31))
mean_fit <- function(measure = "MD") {
  rma(measure = measure, m1i = m1, sd1i = s1, n1i = n1, m2i = m2, sd2i = s2, n2i = n2, data = means, slab = study)
}
quiet_reasons <- function(code) withCallingHandlers(code, metaparity_warning_reason = function(w) {
  invokeRestart("muffleWarning")
})

test_that("counts, effect and evidence are those of the fit", {
  fit <- trial_fit()
  g <- grade_profile(list(Relapse = fit))
  o <- g$outcomes
  expect_identical(c(o$n_exp, o$n_ctrl, o$events_exp, o$events_ctrl), c(345, 342, 64, 95))
  expect_equal(c(o$est, o$lb, o$ub), exp(c(fit$beta[1L], fit$ci.lb, fit$ci.ub)), tolerance = 1e-14)
  expect_identical(o$certainty, "high")
  e <- g$evidence$Relapse
  expect_identical(c(e$I2, e$Q, e$Qp), c(fit$I2, fit$QE, fit$QEp))
  expect_identical(e$test$name, "none")
  expect_equal(g$risks$risk0, median(trials$e2 / trials$n2), tolerance = 1e-15)
})

test_that("fits of every kind and views say the same", {
  mh <- rma.mh(measure = "OR", ai = e1, n1i = n1, ci = e2, n2i = n2, data = trials, slab = study)
  peto <- rma.peto(ai = e1, n1i = n1, ci = e2, n2i = n2, data = trials, slab = study)
  view <- metan(e1, n1 - e1, e2, n2 - e2, data = trials, label = study)
  g <- grade_profile(list(a = mh, b = peto, c = view))
  expect_identical(g$outcomes$measure, c("OR", "OR", "RR"))
  expect_identical(g$outcomes$n_exp, rep(345, 3L))
  expect_equal(g$outcomes$est[3L], view$r$ES, tolerance = 1e-14)
  rm5 <- revman(read_rm5(system.file("extdata", "example.rm5", package = "metaparity")), "1.1")
  g <- grade_profile(rm5)
  expect_identical(g$outcomes$outcome, "Recurrence")
  expect_identical(c(g$outcomes$events_exp, g$outcomes$n_ctrl), c(49, 301))
  expect_equal(g$outcomes$est, exp(rm5$total$est), tolerance = 1e-15)
  expect_error(grade_profile(list(a = 1)), class = "metaparity_error_input")
  expect_error(grade_profile(list(mh, peto)), class = "metaparity_error_input")
  moderated <- rma(measure = "RR", ai = e1, n1i = n1, ci = e2, n2i = n2, mods = ~ n1, data = trials)
  expect_error(grade_profile(moderated), class = "metaparity_error_input")
})

test_that("plain effects take the measure that is named", {
  fit <- rma(log(c(0.7, 0.8, 0.9)), c(0.04, 0.05, 0.03))
  g <- grade_profile(fit, measure = "HR", assumed = 0.3)
  expect_identical(g$outcomes$measure, "HR")
  expect_equal(g$outcomes$est, exp(fit$beta[1L]), tolerance = 1e-15)
  expect_equal(g$risks$risk1, 1 - 0.7^g$outcomes$est, tolerance = 1e-14)
  expect_error(grade_profile(fit, measure = "XX"), class = "metaparity_error_input")
  expect_error(grade_profile(trial_fit(), measure = "MD"), class = "metaparity_error_input")
})

test_that("certainty is where it starts, less and plus the judgements", {
  fits <- list(a = trial_fit(), b = trial_fit(), c = trial_fit(), d = trial_fit())
  table <- data.frame(outcome = c("a", "b", "c", "d"), design = c("RCT", "cohort studies", "RCT", "RCT"),
                      risk_of_bias = c("serious", "not serious", "very serious", "0"),
                      imprecision = c("no", "", "serious", "-1"),
                      imprecision_reason = c("", "", "few events", "few events"),
                      large_effect = c("no", "very large", NA, "no"), other = c("none", "none", "suspected", "none"))
  g <- quiet_reasons(grade_profile(fits, table))
  expect_identical(g$outcomes$certainty, c("moderate", "high", "very low", "moderate"))
  expect_warning(grade_profile(fits, table), class = "metaparity_warning_reason")
  notes <- grade_notes(g)
  expect_identical(notes$of$d, notes$letter[g$judgements$outcome == "d" & g$judgements$domain == "imprecision"])
  expect_identical(sum(grepl("few events", notes$text)), 1L)
  table$imprecision[2L] <- "perhaps"
  error <- expect_error(grade_profile(fits, table), class = "metaparity_error_studies")
  expect_identical(error$rows, 2L)
  long <- data.frame(outcome = "a", domain = c("imprecision", "\u504f\u501a\u98ce\u9669"),
                     judgement = c("serious", "\u975e\u5e38\u4e25\u91cd"), reason = c("x", "y"))
  expect_identical(grade_profile(fits["a"], judgements = long)$outcomes$certainty, "very low")
  expect_identical(grade_start(c("cross-over randomised trials", "cross-sectional studies")), c(4L, 2L))
  start <- data.frame(outcome = "a", design = "cohort", start = "high")
  expect_identical(grade_profile(fits["a"], start)$outcomes$certainty, "high")
  stated <- data.frame(outcome = "a", certainty = "moderate")
  expect_warning(grade_profile(fits["a"], stated), class = "metaparity_warning_input")
})

test_that("words of judgements are recognised, English and Chinese", {
  expect_identical(grade_steps(c("not serious", "Serious", "very serious", "extremely serious", "undetected", "none")),
                   c(0L, 1L, 2L, 3L, 0L, 0L))
  expect_identical(grade_steps(c("\u4e0d\u4e25\u91cd", "\u4e25\u91cd", "\u975e\u5e38\u4e25\u91cd", "\u65e0")),
                   c(0L, 1L, 2L, 0L))
  expect_identical(grade_steps(c("strongly suspected", "-2", "2", "maybe", NA)), c(1L, 2L, NA, NA, 0L))
  expect_identical(grade_steps(c("large", "very large", "+1", "-1"), up = TRUE), c(1L, 2L, 1L, NA))
})

test_that("weight by judgement sums to 100 and is matched by label", {
  r <- rob(data.frame(study = toupper(trials$study)[c(3, 1, 2, 4)], D1 = c("low", "low", "high", "some concerns"),
                      D2 = "low", D3 = "low", D4 = "low", D5 = "low"), "rob2")
  fit <- trial_fit()
  w <- grade_profile(list(a = fit), rob = r)$evidence$a$weights
  expect_equal(sum(w$share), 100, tolerance = 1e-12)
  expect_equal(w$share[w$level == "high"], unname(weights(fit)[2L]), tolerance = 1e-12)
  warning <- expect_warning(grade_profile(list(a = fit), rob = r[-2L]), class = "metaparity_warning_studies")
  expect_identical(warning$rows, 1L)
  expect_error(grade_profile(list(a = fit), rob = 1), class = "metaparity_error_input")
})

test_that("outcomes without a result are shown with what the table says", {
  table <- data.frame(outcome = c("x", "y"), n_exp = c("3/50", "40"), n_ctrl = c("5/50", "41"), n_studies = c(2, 1))
  g <- grade_profile(list(), table)
  expect_identical(g$outcomes$events_exp, c(3, NA))
  expect_identical(g$outcomes$n_ctrl, c(50, 41))
  expect_match(paste(format(g), collapse = "\n"), "not pooled")
  table$n_exp[1L] <- "many"
  expect_error(grade_profile(list(), table), class = "metaparity_error_studies")
  expect_error(grade_profile(list(), NULL), class = "metaparity_error_input")
})

test_that("an outcome that nobody has judged is told", {
  f <- rma(c(-0.5, -0.3, -0.4), c(0.1, 0.05, 0.08), measure = "RR")
  expect_message(grade_profile(list(Death = f)), "Death")
})

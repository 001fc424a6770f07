test_that("sts test and sts list follow Kaplan, Meier and the log-rank test", {
  skip_if_not_installed("survival")
  d <- survival_times()
  test <- survival::survdiff(survival::Surv(d$t, d$d) ~ d$g)
  expect_gate(survival_numbers("quietly sts test g", "r(chi2)"), test$chisq, "exact_solution")
  km <- survival::survfit(survival::Surv(d$t, d$d) ~ 1, conf.type = "log-log")
  found <- stata(c("quietly stset t, failure(d)", "sts generate s = s", "sort t"), d)$data$s
  expect_gate(found, km$surv[match(sort(d$t), km$time)], "single_precision")
  list <- stata(c("quietly stset t, failure(d)", "sts list, at(2 4)"), d)$log
  at <- summary(km, times = 2)
  row <- utils::tail(strsplit(trimws(utils::tail(list, 5)[1]), " +")[[1L]], 4L)
  expect_equal(row, sprintf("%.4f", c(at$surv, at$std.err, at$lower, at$upper)))
})

test_that("survival commands need stset", {
  d <- survival_times()
  expect_equal(expect_error(stata("stcox x", d), class = "metaparity_error_stata")$rc, 119L)
  expect_error(stata("stset t, failure(d) enter(d==1)", d), class = "metaparity_error_stata_gap")
})

test_that("sts graph, ci draws bands; what has no effect warns", {
  d <- survival_times()
  polygons <- function(line) {
    layers <- utils::tail(stata(c("quietly stset t, failure(d)", line), d)$graphs, 1L)[[1L]]$view$layers
    sum(vapply(layers, function(l) identical(l$type, "polygon"), NA))
  }
  expect_identical(polygons("sts graph, by(g) ci"), 2L)
  expect_identical(polygons("sts graph, by(g)"), 0L)
  expect_warning(polygons("sts graph, risktable"), class = "metaparity_warning_input")
})

test_that("sts test: strata, weights and trend", {
  skip_if_not_installed("survival")
  d <- survival_times()
  d$s <- rep(1:4, each = 10)
  S <- survival::Surv(d$t, d$d)
  strata <- survival::strata
  found <- survival_numbers("quietly sts test g, strata(s)", c("r(chi2)", "r(df)"), d)
  expect_gate(found, c(survival::survdiff(S ~ g + strata(s), d)$chisq, 1), "exact_solution")
  # rho = 1 weighs by the curve before the failure.
  found <- survival_numbers("quietly sts test g, fh(1 0)", "r(chi2)", d)
  expect_gate(found, survival::survdiff(S ~ g, d, rho = 1)$chisq, "exact_solution")
  log <- stata(c("quietly stset t, failure(d)", "sts test g, strata(s) detail"), d)$log
  expect_true("Stratified log-rank test for equality of survivor functions" %in% log)
  expect_identical(sum(grepl("^Log-rank test", log)), 4L)
  # The groups' numbers as scores: of two groups the trend is the test itself.
  two <- survival_numbers("quietly sts test g, trend", c("r(chi2)", "r(chi2_tr)"), d)
  expect_gate(two[2], two[1], "exact_solution")
})

test_that("records of one subject that go on are no losses", {
  skip_if_not_installed("survival")
  d <- heart_records()
  km <- survival::survfit(survival::Surv(start, stop, event) ~ 1, d, conf.type = "log-log", id = d$id)
  found <- stata(c(heart_set, "sts generate s = s", "sts generate u = ub"), d)$data
  at <- match(d$stop, km$time)
  expect_gate(found$s, km$surv[at], "single_precision")
  log <- stata(c(heart_set, "sts list"), d)$log
  expect_false(any(grepl("^ +[0-9]+ +[0-9]+ +0 +0 ", log)))
  at <- stata(c(heart_set, "sts list, at(0 10 100)"), d)$log
  expect_true(any(grepl("^ +100 +[0-9]+ +[0-9]+ +0[.][0-9]{4}", at)))
  expect_match(at[length(at) - 1L], "calculated over full data")
})

test_that("sts list and sts test stand in the columns of published logs", {
  d <- data.frame(time = c(rep(1, 10), 2, 2, 2, 2, 3, 3, 4, 4, rep(5, 8), 6, 6, 7, 10, 10, 12, 12, 13),
                  fstat = c(rep(0, 8), 1, 1, 0, 0, 1, 1, 0, 1, 0, 1, 0, 0, 0, 0, 0, rep(1, 11)))
  log <- stata(c("quietly stset time, failure(fstat)", "sts list"), d)$log
  at <- which(startsWith(log, "     1 "))
  expect_identical(log[at + c(-3:-2, 0, 9)], c(
    "           Beg.          Net            Survivor      Std.",
    "  Time    Total   Fail   Lost           Function     Error     [95% Conf. Int.]",
    "     1       34      2      8             0.9412    0.0404     0.7847    0.9850",
    "    13        1      1      0             0.0000         .          .         ."))
  d$g <- rep(1:2, 17)
  log <- stata(c("quietly stset time, failure(fstat)", "sts test g, wilcoxon"), d)$log
  expect_true("------+--------------------------------------" %in% log)
  expect_match(log[length(log)], "^ {12}Pr>chi2 =     [0-9.]{6}$")
})

# Every class of fits as a result of GRADE. Oracles: the fit of rma() that a model of several levels equals; closed forms.

grade_data <- function() {
  n1 <- c(60, 150, 55, 80, 120, 90, 70, 65, 130, 85, 75, 140)
  n2 <- c(61, 148, 54, 79, 118, 92, 66, 70, 128, 80, 77, 142)
  a <- c(12, 30, 7, 15, 40, 9, 21, 8, 30, 11, 25, 20)
  c <- c(20, 41, 9, 25, 38, 22, 18, 20, 44, 12, 20, 45)
  escalc(measure = "RR", ai = a, n1i = n1, ci = c, n2i = n2, slab = paste0("S", 1:12),
         data = data.frame(a, n1, c, n2, study = rep(paste("Trial", 1:6), each = 2L), id = 1:12))
}
judged <- function() suppressWarnings(rob(data.frame(study = paste("Trial", 1:6),
                                                     overall = c("high", "low", "low", "high", "low", "low")),
                                          tool = "RoB 2"))

test_that("a model with one component is the model of rma()", {
  d <- grade_data()
  uni <- grade_result(rma(yi, vi, data = d), NULL)
  mv <- grade_result(rma.mv(yi, vi, random = ~ 1 | id, data = d), NULL)
  for (name in c("est", "lb", "ub", "Q", "df", "Qp", "I2", "pi", "k", "weight")) {
    expect_equal(mv[[name]], uni[[name]], tolerance = 1e-6, info = name)
  }
  expect_equal(mv$components$estimate, uni$tau2, tolerance = 1e-6)
  expect_identical(grade_bias_test(mv)$name, "Egger")
})

test_that("estimates of a study are one study, with their weights together", {
  d <- grade_data()
  fit <- rma.mv(yi, vi, random = ~ 1 | study / id, data = d)
  g <- suppressMessages(grade_profile(list(Relapse = fit), rob = judged()))
  expect_identical(g$outcomes$k, 6L)
  e <- g$evidence$Relapse
  expect_identical(e$estimates, 12L)
  weight <- weights(fit)
  expect_equal(e$weights$share[e$weights$level == "high"], sum(weight[c(1, 2, 7, 8)]), tolerance = 1e-12)
  V <- diag(d$vi)
  W <- solve(V)
  P <- W - W %*% matrix(1, 12, 12) %*% W / sum(W)
  expect_equal(e$I2, 100 * sum(fit$sigma2) / (sum(fit$sigma2) + 11 / sum(diag(P))), tolerance = 1e-10)
  p <- predict(fit)
  expect_equal(e$pi, exp(c(p$pi.lb, p$pi.ub)), tolerance = 1e-14)
  said <- evidence_sentences(e)
  expect_match(said[["inconsistency"]], "\u03c3\u00b2.1 = ", fixed = TRUE)
  expect_match(said[["publication_bias"]], "dependent")
  expect_identical(g$outcomes$n_exp, sum(d$n1))
})

test_that("structures of covariances have studies and a spread too", {
  d <- grade_data()
  fit <- rma.mv(yi, vi, random = ~ factor(id) | study, struct = "CS", data = d)
  own <- grade_result(fit, NULL)
  expect_identical(own$k, 6L)
  expect_identical(own$components$name, c("tau^2", "rho"))
  uni <- rma(yi, vi, data = d)
  expect_equal(own$I2, 100 * fit$tau2 / (fit$tau2 + uni$vt), tolerance = 1e-10)
  plain <- grade_result(rma.mv(yi, vi, data = d), NULL)
  expect_identical(c(plain$k, nrow(plain$components)), c(12L, 0L))
  expect_equal(plain$est, exp(as.numeric(rma(yi, vi, data = d, method = "EE")$beta)), tolerance = 1e-10)
})

test_that("models of counts are weighed by participants", {
  d <- grade_data()
  fit <- rma.glmm(measure = "OR", ai = a, n1i = n1, ci = c, n2i = n2, data = d, slab = paste("Trial", 1:12))
  g <- suppressWarnings(suppressMessages(grade_profile(list(Relapse = fit), rob = judged(), assumed = 0.3)))
  e <- g$evidence$Relapse
  n <- d$n1 + d$n2
  expect_equal(e$weights$share[e$weights$level == "high"], 100 * sum(n[c(1, 4)]) / sum(n), tolerance = 1e-12)
  expect_match(evidence_sentences(e)[["risk_of_bias"]], "^participants: ")
  expect_equal(g$outcomes$est, exp(as.numeric(fit$beta)), tolerance = 1e-14)
  odds <- 0.3 / 0.7 * exp(as.numeric(fit$beta))
  expect_equal(g$risks$risk1, odds / (1 + odds), tolerance = 1e-14)
  expect_identical(c(e$Q, e$Qp, e$tau2), c(fit$QE.Wld, fit$QEp.Wld, fit$tau2))
  rates <- rma.glmm(measure = "IRR", x1i = a, t1i = n1, x2i = c, t2i = n2, data = d)
  own <- grade_result(rates, NULL)
  expect_identical(c(own$measure, own$share_of), c("IRR", "studies"))
  expect_s3_class(sof_table(list(Relapse = fit), data.frame(outcome = "Relapse", imprecision = "not serious")),
                  "metaparity_sof")
})

test_that("a scale that varies has no single tau2", {
  d <- grade_data()
  e <- suppressMessages(grade_profile(list(x = rma(yi, vi, scale = ~ n1, data = d))))$evidence$x
  expect_null(e$tau2)
  expect_false(grepl("\u03c4", evidence_sentences(e)[["inconsistency"]]))
})

test_that("models with moderators are refused, of every class", {
  d <- grade_data()
  expect_error(grade_profile(list(x = rma.mv(yi, vi, mods = ~ n1, random = ~ 1 | id, data = d))),
               class = "metaparity_error_input")
  expect_error(grade_profile(list(x = rma.glmm(measure = "OR", ai = a, n1i = n1, ci = c, n2i = n2, mods = ~ id,
                                               data = d))), class = "metaparity_error_input")
})

d <- data.frame(study = letters[1:12], a = c(5, 8, 12, 3, 9, 20, 4, 7, 15, 6, 11, 2), n1 = 50 + 5 * (1:12),
                c = c(9, 8, 15, 7, 12, 24, 9, 10, 14, 12, 19, 8), n2 = 52 + 5 * (1:12))
counts <- function(...) rma(ai = a, n1i = n1, ci = c, n2i = n2, data = d, slab = study, ...)

test_that("a ratio is read back, a difference is not", {
  fit <- counts(measure = "OR")
  result <- grade_result(fit, NULL)
  expect_equal(c(result$est, result$lb, result$ub, result$null), c(exp(c(fit$beta, fit$ci.lb, fit$ci.ub)), 1))
  expect_equal(result$weight, unname(weights(fit)))
  expect_identical(result$studies, d$study)
  rd <- counts(measure = "RD")
  expect_equal(grade_result(rd, NULL)[c("est", "null")], list(est = as.numeric(rd$beta), null = 0))
  expect_error(grade_result(lm(a ~ c, d), NULL), class = "metaparity_error_input")
})

test_that("words of programs are measures", {
  words <- c(PETO = "OR", SMDH = "SMD", "risk ratio" = "RR", "Hazard Ratio" = "HR", ZCOR = "effect", wmd = "MD")
  expect_identical(vapply(names(words), grade_measure_of, "", USE.NAMES = FALSE), unname(words))
  expect_identical(grade_measure_of(NA_character_), "effect")
  expect_identical(grade_measure_of(NULL), "effect")
})

test_that("counts are sums over the studies used, risks are those of the second arm", {
  gap <- replace(d$a, 3L, NA)
  fit <- calm(rma(measure = "OR", ai = gap, n1i = n1, ci = c, n2i = n2, data = d, subset = a > 4))
  used <- !is.na(gap) & d$a > 4
  result <- grade_result(fit, NULL)
  expect_identical(unlist(grade_counts(result), use.names = FALSE),
                   c(sum(d$n1[used]), sum(d$n2[used]), sum(d$a[used]), sum(d$c[used])))
  expect_equal(control_values(result)$value, (d$c / d$n2)[used])
})

test_that("the pooled deviation is that of all arms", {
  fit <- rma(measure = "MD", m1i = c(5, 6), sd1i = c(2, 3), n1i = c(10, 20), m2i = c(4, 4), sd2i = c(1, 2),
             n2i = c(30, 40))
  expect_equal(grade_sd(grade_result(fit, NULL)), sqrt((9 * 4 + 19 * 9 + 29 * 1 + 39 * 4) / (9 + 19 + 29 + 39)))
  expect_identical(grade_sd(grade_result(counts(measure = "RR"), NULL)), NA_real_)
})

test_that("Peters' test is the regression on 1/n weighted by events and non-events, Egger's that of the rest", {
  or <- counts(measure = "OR")
  events <- d$a + d$c
  n <- d$n1 + d$n2
  line <- summary(stats::lm(or$yi ~ I(1 / n), weights = 1 / (1 / events + 1 / (n - events))))$coefficients
  found <- grade_bias_test(grade_result(or, NULL))
  expect_identical(found$name, "Peters")
  expect_equal(found$p, line[2L, 4L], tolerance = 1e-8)
  rr <- counts(measure = "RR")
  egger <- summary(stats::lm(I(yi / sqrt(vi)) ~ I(1 / sqrt(vi)), data.frame(yi = c(rr$yi), vi = rr$vi)))$coefficients
  found <- grade_bias_test(grade_result(rr, NULL))
  expect_identical(found$name, "Egger")
  expect_equal(found$p, egger[1L, 4L], tolerance = 1e-8)
  few <- grade_bias_test(grade_result(counts(measure = "OR", subset = a > 4), NULL))
  expect_identical(few$name, "none")
})

test_that("proportions, means and correlations are values on the scale that is read", {
  told <- function(fit) paste(capture.output(print(suppressMessages(sof_table(list(a = fit))))), collapse = "\n")
  logit <- rma(measure = "PLO", xi = c(3, 5, 6), ni = c(20, 30, 40))
  g <- suppressMessages(grade_profile(list(a = logit)))$outcomes
  expect_equal(c(g$est, g$lb, g$ub), plogis(c(logit$beta[1L], logit$ci.lb, logit$ci.ub)), tolerance = 1e-14)
  expect_match(told(logit), "Proportion 0.16 (0.09 to 0.25)", fixed = TRUE)
  z <- rma(measure = "ZCOR", ri = c(0.3, 0.5, 0.6), ni = c(20, 30, 40))
  expect_match(told(z), sprintf("Correlation %.2f", tanh(z$beta[1L])), fixed = TRUE)
  double <- rma(measure = "PFT", xi = c(3, 5, 6), ni = c(20, 30, 40))
  expect_match(told(double), sprintf("Proportion %.2f", predict(double, transf = transf.ipft.hm,
                                                                targs = list(ni = c(20, 30, 40)))$pred), fixed = TRUE)
  mean <- rma(measure = "MN", mi = c(3, 5, 6), sdi = c(1, 2, 2), ni = c(20, 30, 40))
  for (text in c(told(logit), told(z), told(double), told(mean))) expect_no_match(text, "lower|higher")
  rate <- rma(measure = "IRFT", xi = c(3, 5, 6), ti = c(20, 30, 40))
  expect_error(suppressMessages(sof_table(list(a = rate))), class = "metaparity_error_input")
})

test_that("a ratio without a name of its own is told as a ratio", {
  fit <- rma(measure = "VR", sd1i = c(2, 3, 4), n1i = c(20, 30, 40), sd2i = c(3, 3, 5), n2i = c(20, 31, 40))
  text <- paste(capture.output(print(suppressMessages(sof_table(list(a = fit))))), collapse = "\n")
  expect_match(text, sprintf("Ratio %.2f", exp(fit$beta[1L])), fixed = TRUE)
  expect_no_match(text, "lower|higher")
})

test_that("an effect that cannot be estimated is said to be so", {
  fit <- suppressWarnings(rma.mh(measure = "OR", ai = 0, n1i = 20, ci = 0, n2i = 20))
  text <- capture.output(print(suppressMessages(sof_table(list(a = fit)))))
  expect_match(text, "not pooled", all = FALSE)
  text <- capture.output(print(suppressMessages(grade_profile(list(a = fit)))))
  expect_match(text, "the effect cannot be estimated", all = FALSE)
})

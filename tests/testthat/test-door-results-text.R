d <- data.frame(yi = c(-0.9, -1.6, -1.3, -0.2, 0.1), vi = c(0.33, 0.19, 0.42, 0.05, 0.02), x = c(1, 4, 3, 2, 6))
has <- function(text, ...) for (words in c(...)) expect_match(as.character(text), words, fixed = TRUE)

test_that("numbers are the fit's, on the natural scale of its measure", {
  f <- rma(yi, vi, data = d, measure = "OR")
  f2 <- function(v) sprintf("%.2f", exp(v))
  p <- stats::predict(f)
  has(results_text(f), sprintf("odds ratio of 5 studies was %s (95%% CI %s to %s", f2(f$beta), f2(f$ci.lb), f2(f$ci.ub)),
      sprintf("z = %.2f, p = %.3f", f$zval, f$pval), sprintf("Q(4) = %.2f", f$QE), sprintf("I\u00b2 = %.1f%%", f$I2),
      sprintf("\u03c4\u00b2 = %.3f", f$tau2), sprintf("interval was %s to %s", f2(p$pi.lb), f2(p$pi.ub)))
  g <- rma(yi, vi, data = d, test = "knha", level = 90)
  has(results_text(g, digits = 3), sprintf("effect of 5 studies was %.3f (90%% CI", g$beta), sprintf("t(4) = %.2f", g$zval))
  tiny <- rma(yi - 9, vi, data = d)
  has(results_text(tiny), "p < 0.001")
})

test_that("moderators, groups and the analyses", {
  f <- rma(yi, vi, mods = ~x, data = d, measure = "OR")
  has(results_text(f), sprintf("coefficient of x for the log odds ratio was %.2f", f$beta[2]), "of the heterogeneity")
  g <- rma(yi, vi, data = d, by = c("a", "a", "b", "b", "b"))
  has(results_text(g), "In subgroup a (2 studies)", sprintf("Q = %.2f on 1 df", g$between$Q))
  h <- rma(yi, vi, data = d)
  r <- regtest(h)
  has(results_text(r), sprintf("z = %.2f, p < 0.001", r$zval))
  k <- ranktest(h)
  has(results_text(k), sprintf("tau = %.2f", k$tau))
  w <- leave1out(h)
  has(results_text(w), sprintf("%.2f (without %s)", min(w$estimate), which.min(w$estimate)))
  t <- trimfill(h)
  has(results_text(t), sprintf("added %d stud", t$k0))
})

test_that("labels are no markup in a document, and read as they are when printed", {
  f <- rma(yi, vi, data = d, slab = c("A *b*", "<i>", "C & D", "d", "e"))
  text <- results_text(leave1out(f))
  expect_no_match(as.character(text), "*b*", fixed = TRUE)
  out <- paste(utils::capture.output(print(text)), collapse = " ")
  expect_no_match(out, "&#", fixed = TRUE)
})

test_that("one study is not pooled", {
  f <- rma(0.3, 0.1, method = "EE")
  has(results_text(f), "of the only study was 0.30")
  expect_match(as.character(results_text(f, lang = "zh")), "^\u552f\u4e00")
})

test_that("degrees of freedom of Q count the studies that are in it", {
  sparse <- list(ai = c(0, 0, 1, 2), n1i = c(10, 20, 30, 40), ci = c(0, 1, 2, 0), n2i = c(10, 20, 30, 40))
  mh <- suppressWarnings(do.call(rma.mh, c(sparse, measure = "OR")))
  has(results_text(mh), "Q(2)")
  has(results_text(suppressWarnings(do.call(rma.peto, sparse))), "Q(2)")
  one <- suppressWarnings(rma.mh(measure = "OR", ai = c(0, 1), n1i = c(10, 30), ci = c(0, 2), n2i = c(10, 30)))
  expect_no_match(as.character(results_text(one)), "Heterogeneity")
})

test_that("p values that are all below what is shown are said to be so", {
  f <- rma(c(-1, -1.1, -0.9, -1.05), rep(0.02, 4))
  has(results_text(leave1out(f)), "All p values were <0.001.")
  has(results_text(leave1out(rma(yi, vi, data = d))), "The largest p value was 0")
})

test_that("random effects are called deviations, best predictions are on the natural scale", {
  f <- rma(yi, vi, data = d, measure = "RR")
  b <- blup(f)
  has(results_text(b), "true effects (risk ratio)", sprintf("between %.2f (2) and %.2f", exp(min(b$pred)), exp(max(b$pred))))
  r <- ranef(f)
  has(results_text(r), "random effects of the studies (deviations from the average log risk ratio)",
      sprintf("between %.2f (", min(r$pred)))
  expect_no_match(as.character(results_text(r)), "true effects")
  has(methods_text(r), "Random effects were predicted")
  expect_match(as.character(results_text(r, lang = "zh")), "\u968f\u673a\u6548\u5e94")
  expect_match(as.character(methods_text(r, lang = "zh")), "\u968f\u673a\u6548\u5e94")
  expect_no_match(as.character(results_text(blup(f, transf = exp))), "ratio")
})

test_that("what is left out has its name", {
  z <- data.frame(yi = c(d$yi, 0.3), vi = c(d$vi, 0.1), district = c("p", "p", "q", "q", "r", "r"), s = 1:6)
  m <- rma.mv(yi, vi, random = ~ 1 | district / s, data = z)
  has(results_text(leave1out(m, cluster = district)), "Without one group of district the pooled effect")
  has(results_text(leave1out(m, cluster = z$district)), "Without one group of district")
  has(results_text(leave1out(m, cluster = rep(c("p", "q", "r"), each = 2))), "Without one cluster the")
  has(methods_text(leave1out(m, cluster = district)), "each group of district was left out")
  has(results_text(leave1out(rma(yi, vi, data = z))), "Without one study")
})

test_that("text is plain, in documents labels are no markup", {
  f <- rma(yi, vi, data = d, slab = c("A & *b*", "B & C", "c", "d", "E_1"))
  text <- results_text(leave1out(f))
  low <- paste(text)
  expect_no_match(low, "&#|&amp;")
  expect_match(low, "B & C")
  expect_identical(paste0(as.character(text)), utils::capture.output(cat(text)))
  expect_match(as.character(knitr::knit_print(text)), "&amp;", fixed = TRUE)
})

test_that("small effects keep two significant digits, zero has no sign", {
  g <- rma(c(-0.001, -0.002, -0.003, -0.0015), rep(1e-7, 4), measure = "RD")
  has(results_text(g), sprintf("was %.4f (95%% CI %.4f to %.4f", g$beta, g$ci.lb, g$ci.ub))
  expect_no_match(as.character(results_text(g)), "-0.00( |;|\\))")
  expect_no_match(as.character(results_text(g)), "\u03c4\u00b2 = 0.000.", fixed = TRUE)
  expect_identical(text_fixed(c(-0.001, -0.2, 0), 2), c("0.00", "-0.20", "0.00"))
  expect_identical(text_places(c(0.0123, NA), 2), 3)
})

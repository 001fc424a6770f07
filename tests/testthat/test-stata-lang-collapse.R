d <- data.frame(g = c("b", "a", "b", "a", "a"), x = c(1, 2, NA, 4, 9), y = c(5, 4, 3, 2, 1), w = c(1, 2, 1, 3, 1))

test_that("collapse gives the statistics of each group", {
  out <- stata(paste("collapse (mean) x my=y (sd) sx=x (median) p=x (count) n=x (sum) t=x (min) lo=y (max) hi=y",
                     "(first) f=y (iqr) q=x, by(g)"), d)$data
  a <- d[d$g == "a", ]
  expect_equal(out$g, c("a", "b"))
  expect_equal(out$x, metaparity:::as_single(c(mean(a$x), 1)), ignore_attr = TRUE)
  expect_equal(out$sx[1], metaparity:::as_single(sd(a$x)))
  expect_equal(unlist(out[1, c("my", "p", "n", "t", "lo", "hi", "f", "q")], use.names = FALSE),
               c(metaparity:::as_single(7 / 3), 4, 3, 15, 1, 4, 4, 7), tolerance = 1e-7)
  expect_equal(out$n, c(3, 1), ignore_attr = TRUE)
  expect_equal(attr(out$n, "label"), "(count) x")
})

test_that("weights, contract and statsby", {
  out <- stata("collapse x (rawsum) w [aweight = w]", d)$data
  use <- !is.na(d$x)
  expect_equal(out$x, metaparity:::as_single(weighted.mean(d$x[use], d$w[use])), ignore_attr = TRUE)
  out <- stata("contract g, freq(n) percent(p)", d)$data
  expect_equal(out$n, c(3, 2), ignore_attr = TRUE)
  out <- stata("statsby m=r(mean) n=r(N), by(g) clear: summarize x", d)$data
  expect_equal(out$m, metaparity:::as_single(c(5, 1)))
  expect_equal(out$n, c(3, 1))
})

test_that("simulate collects results of a program, reproducibly", {
  text <- c("program p, rclass", "drop _all", "set obs 10", "generate u = runiform()", "summarize u",
            "return scalar m = r(mean)", "end",
            "simulate m = r(m), reps(5) seed(3) nodots: p")
  one <- do_file(text)$data
  two <- do_file(text)$data
  expect_equal(nrow(one), 5L)
  expect_equal(one, two)
  expect_gt(sd(one$m), 0)
  set.seed(3)
  expect_equal(one$m[1], metaparity:::as_single(mean(metaparity:::as_single(runif(10)))), tolerance = 1e-6)
})

test_that("what no statistic is fails", {
  rc <- function(text) tryCatch(stata(text, d), metaparity_error_stata = function(e) e$rc)
  expect_equal(rc("collapse (mode) x"), 198L)
  expect_equal(rc("collapse (mean) x (sd) x"), 198L)
  expect_equal(rc("collapse (mean) g"), 109L)
})

test_that("statsby takes _b and _se together; terms of factors are named by their place", {
  d <- data.frame(id = rep(1:2, each = 6), y = c(1, 3, 2, 5, 4, 7, 2, 2, 4, 3, 6, 5), x = rep(1:6, 2), g = rep(0:1, 6))
  out <- stata("statsby _b _se, by(id) clear: regress y x", d)$data
  fit <- stats::lm(y ~ x, d, id == 1)
  expect_gate(unname(unlist(out[1, c("_b_x", "_b_cons", "_se_x", "_se_cons")])),
              unname(c(stats::coef(fit)[2:1], sqrt(diag(stats::vcov(fit)))[2:1])), "single_precision")
  out <- stata("statsby _b _se, by(id) clear: regress y c.x#c.x x", d)$data
  expect_identical(setdiff(names(out), "id"), c("_stat_1", "_b_x", "_b_cons", "_stat_4", "_se_x", "_se_cons"))
})

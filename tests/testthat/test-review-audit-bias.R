test_that("tables of tests of bias are audited", {
  b <- data.frame(outcome = c("BMD", "vitamin D", "x"), n = c(17, 4, 2), score = c(32, -4, 1),
                  sd = c("24.276", "2.944", "1.000"), z = c("-1.32", "-1.36", "1.00"), p = c("0.187", "0.174", "0.317"),
                  egger = c("1.82", "-2.24", "1.00"), egger_se = c("1.45", "2.00", "1.0"),
                  egger_p = c("0.229", "0.380", "0.5"))
  x <- audit(b)
  own <- x[x$severity == "error", ]
  expect_identical(own$part, c("BMD", "x"))
  expect_match(own$suggestion[1L], "1.32 instead of -1.32 (other sign)", fixed = TRUE)
  expect_match(own$why[2L], "fewer than 3")
  expect_identical(x$part[x$severity == "note"], c("vitamin D", "x"))
  b$egger_p[2L] <- "0.038"
  expect_true("vitamin D" %in% audit(b)$part[audit(b)$severity == "error"])
})

test_that("tests are computed again from printed effects", {
  set.seed(2)
  v <- runif(12, 0.02, 0.3)
  y <- rnorm(12, sqrt(v), sqrt(v))
  own <- bias_tests(y, sqrt(v), 0.95)
  effects <- data.frame(analysis = "a", est = sprintf("%.2f", y), ci.lb = sprintf("%.2f", y - 1.959964 * sqrt(v)),
                        ci.ub = sprintf("%.2f", y + 1.959964 * sqrt(v)), measure = "MD")
  b <- data.frame(outcome = "a", n = 12, score = own$score, egger = sprintf("%.2f", own$bias),
                  egger_p = sprintf("%.3f", own$p_bias))
  expect_false("error" %in% audit(b, effects = effects)$severity)
  b$egger <- sprintf("%.2f", own$bias + 1)
  x <- audit(b, effects = effects)
  expect_identical(x$what[x$severity == "error"], "Egger: bias")
})

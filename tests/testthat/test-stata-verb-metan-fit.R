d <- data.frame(g = c(1, 1, 2, 2, 2), es = c(0.1, 0.5, 0.9, 0.4, -0.2), se = c(0.1, 0.2, 0.15, 0.3, 0.25),
                a = c(4, 6, 3, 62, 0), b = c(119, 300, 228, 1353, 40), c = c(11, 29, 11, 48, 0), d = c(128, 274, 209, 1261, 44))
calmly <- function(expr) suppressWarnings(expr, classes = "metaparity_warning_dropped")

test_that("weights are shares of the inverse variance, and of the user's", {
  w <- 1 / d$se^2
  v <- metan(es, se, data = d, fixedi = TRUE)
  expect_equal(v$table$weight[v$table$type == "study"], 100 * w / sum(w))
  expect_equal(v$r$ES, sum(w * d$es) / sum(w))
  own <- metan(es, se, data = transform(d, w = c(1, 2, 3, 4, 0)), wgt = w)
  expect_equal(own$table$weight[own$table$type == "study"], 10 * c(1, 2, 3, 4, 0))
  expect_equal(own$r$seES, sqrt(sum(c(1, 2, 3, 4, 0)^2 * d$se^2)) / 10)
})

test_that("the test between groups is what the groups' Q leave of the total", {
  v <- metan(es, se, data = d, by = g, fixedi = TRUE)
  q <- function(i) sum((d$es[i] - stats::weighted.mean(d$es[i], 1 / d$se[i]^2))^2 / d$se[i]^2)
  Q <- q(1:5) - q(1:2) - q(3:5)
  expect_equal(unlist(v$between[c("Q", "df", "p")], use.names = FALSE), c(Q, 1, stats::pchisq(Q, 1, lower.tail = FALSE)))
  expect_equal(v$groups$het, c(q(1:2), q(3:5), q(1:5)))
  expect_null(metan(es, se, data = d, by = g, random = TRUE)$between)
})

test_that("weights of subgroups add up to 100 in each", {
  v <- metan(es, se, data = d, by = g, sgweight = TRUE)
  study <- v$table[v$table$type == "study", ]
  expect_equal(as.numeric(tapply(study$weight, study$group, sum)), c(100, 100))
})

test_that("the predictive interval has k - 2 degrees of freedom", {
  v <- metan(es, se, data = d, random = TRUE, rfdist = TRUE)
  half <- stats::qt(0.975, 3) * sqrt(v$r$tau2 + v$r$seES^2)
  expect_equal(c(v$r$rflow, v$r$rfupp), v$r$ES + c(-half, half))
  expect_identical(metan_predict(list(tau2 = 0.1, k = 2L), 0.95), list(NA_real_, NA_real_))
})

test_that("what a study lacks is told as its reason", {
  expect_warning(v <- metan(a, b, c, d, data = d, or = TRUE), "no events", class = "metaparity_warning_dropped")
  expect_identical(v$table$type[v$table$label == "5"], "excluded")
  expect_identical(expect_error(metan(es, se, data = transform(d, se = -se)), class = "metaparity_error_studies")$rows, 1:5)
  expect_identical(expect_error(metan(a, b, c, d, data = transform(d, a = a + 0.5)), class = "metaparity_error_studies")$rows,
                   1:5)
})

test_that("risk differences keep a study without events, in the pooled sums and their weights too", {
  v <- metan(a, b, c, d, data = d, rd = TRUE)
  n1 <- d$a + d$b
  n2 <- d$c + d$d
  w <- n1 * n2 / (n1 + n2)
  expect_equal(v$r$ES, sum(w * (d$a / n1 - d$c / n2)) / sum(w))
  expect_equal(v$table$weight[1:5], 100 * w / sum(w))
  expect_equal(v$table$weight[v$table$type == "overall"], 100)
})

test_that("the average event rates are those of all tables", {
  v <- calmly(metan(a, b, c, d, data = d))
  expect_equal(v$r$tger, sum(d$a) / sum(d$a + d$b))
  expect_equal(v$r$cger, sum(d$c) / sum(d$c + d$d))
})

test_that("limits given at 95 percent stay as they are, and the model follows the words", {
  v <- metan(es, lo, hi, data = data.frame(es = 1:2, lo = c(0.4, 1.1), hi = c(1.5, 3)))
  expect_identical(v$table$ci_low[1:2], c(0.4, 1.1))
  expect_identical(c(model_name("fixed", 4L, NULL), model_name("fixed", 2L, NULL), model_name("randomi", 4L, NULL)),
                   c("M-H", "I-V", "D+L"))
  expect_error(model_name("peto", 6L, NULL), class = "metaparity_error_input")
})

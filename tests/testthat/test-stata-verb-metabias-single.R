cells <- data.frame(a = c(4, 6, 3, 62, 8, 50), b = c(119, 300, 228, 1353, 253, 883), c = c(11, 29, 11, 48, 10, 49),
                    d = c(128, 274, 209, 1261, 619, 834))
effects <- transform(cells, es = log(a * d / (b * c)), se = sqrt(1 / a + 1 / b + 1 / c + 1 / d))

test_that("Egger's test is the line of es/se on 1/se", {
  v <- metabias(es, se, data = effects, egger = TRUE)
  line <- summary(stats::lm(I(es / se) ~ I(1 / se), effects))
  expect_equal(unlist(v$r[c("bias", "se_bias", "p_bias", "rmse", "df_r")], use.names = FALSE),
               c(line$coefficients[1L, c(1, 2, 4)], line$sigma, 4), ignore_attr = TRUE)
  expect_equal(v$table$b[v$table$name == "slope"], line$coefficients[2L, 1L], tolerance = 1e-9)
})

test_that("Harbord's test is the line of Z/sqrt(V) on sqrt(V)", {
  v <- metabias(a, b, c, d, data = cells, harbord = TRUE)
  n <- rowSums(cells)
  Z <- cells$a - (cells$a + cells$b) * (cells$a + cells$c) / n
  V <- with(cells, (a + b) * (c + d) * (a + c) * (b + d) / (n^2 * (n - 1)))
  line <- summary(stats::lm(I(Z / sqrt(V)) ~ I(sqrt(V))))$coefficients
  expect_equal(c(v$r$bias, v$r$se_bias, v$r$p_bias), unname(line[1L, c(1, 2, 4)]), tolerance = 1e-9)
})

test_that("Peters' test is the line on 1/n weighted by events and non-events", {
  v <- metabias(a, b, c, d, data = cells, peters = TRUE)
  n <- rowSums(cells)
  w <- with(cells, (a + c) * (b + d) / n)
  line <- summary(stats::lm(effects$es ~ I(1 / n), weights = w))$coefficients
  expect_equal(c(v$r$bias, v$r$p_bias), unname(line[2L, c(1, 4)]), tolerance = 1e-9)
})

test_that("Begg's test is Kendall's of the standardized effects and variances", {
  v <- metabias(es, se, data = effects, begg = TRUE)
  e <- effects
  w <- 1 / e$se^2
  t <- (e$es - sum(w * e$es) / sum(w)) / sqrt(e$se^2 - 1 / sum(w))
  s <- e$se^2
  pairs <- utils::combn(nrow(e), 2L)
  score <- sum(sign(t[pairs[1L, ]] - t[pairs[2L, ]]) * sign(s[pairs[1L, ]] - s[pairs[2L, ]]))
  sd <- sqrt(6 * 5 * 17 / 18)
  expect_equal(c(v$r$score, v$r$score_sd, v$r$p_bias_ncc, v$r$p_bias),
               c(score, sd, 2 * pnorm(-abs(score) / sd), 2 * pnorm(-(abs(score) - 1) / sd)))
})

test_that("exactly one test is named, and tests of cells need cells", {
  arg <- function(...) expect_error(metabias(..., data = effects), class = "metaparity_error_input")$arg
  expect_identical(arg(es, se), "egger")
  expect_identical(arg(es, se, egger = TRUE, begg = TRUE), "egger")
  expect_identical(arg(es, se, harbord = TRUE), "...")
  expect_identical(arg(a, b, c, d, peters = TRUE, rr = TRUE), "rr")
  expect_identical(arg(a, b, c, d, peters = TRUE, graph = TRUE), "graph")
})

test_that("words of the older command mean the older command", {
  expect_true(is_old_metabias(character(), 3L, FALSE, FALSE))
  expect_true(is_old_metabias("by", 2L, FALSE, FALSE))
  expect_true(is_old_metabias(character(), 2L, "begg", FALSE))
  expect_false(is_old_metabias("by", 2L, FALSE, TRUE))
  expect_false(is_old_metabias(character(), 4L, TRUE, FALSE))
})

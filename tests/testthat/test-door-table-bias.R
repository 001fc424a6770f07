counts <- data.frame(a = c(4, 6, 3, 62, 33, 17), n1 = c(123, 306, 231, 13598, 5069, 1716),
                     c = c(11, 29, 11, 248, 47, 65), n2 = c(139, 303, 220, 12867, 5808, 1665))

test_that("each test is that of its verb", {
  fit <- rma(ai = a, n1i = n1, ci = c, n2i = n2, data = counts, measure = "OR")
  t <- as.data.frame(bias_table(BCG = fit))
  row <- function(label) t[startsWith(t$label, label), ]
  expect_equal(row("Egger")$pval, regtest(fit, model = "lm")$pval)
  expect_equal(row("Begg")$statistic, as.numeric(ranktest(fit)$tau))
  own <- function(test) do.call(metabias, c(with(counts, list(a, n1 - a, c, n2 - c)), stats::setNames(list(TRUE), test)))$r
  expect_equal(row("Harbord")$pval, own("harbord")$p_bias)
  expect_equal(row("Peters")$pval, own("peters")$p_bias)
  expect_equal(row("Trim")$estimate, exp(as.numeric(trimfill(fit)$beta)))
  expect_identical(unique(t$block), "BCG")
})

test_that("what could not be done is told, several results are blocks", {
  plain <- rma(c(-0.9, -1.6, -1.3, -0.2), c(0.33, 0.19, 0.42, 0.05))
  t <- bias_table(plain, plain, tests = c("egger", "harbord"))
  expect_identical(nrow(as.data.frame(t)), 2L)
  notes <- table_notes(t)
  expect_true(any(grepl("Harbord's test", notes)))
  expect_true(any(grepl("fewer than 10", notes)))
  expect_error(bias_table(leave1out(plain)), class = "metaparity_error_input")
  expect_error(bias_table(plain, tests = "all"), class = "metaparity_error_input")
  expect_error(bias_table(), class = "metaparity_error_input")
})

test_that("the meta package has the same p values", {
  skip_if_not_installed("meta")
  m <- meta::metabin(a, n1, c, n2, data = counts, sm = "OR", method = "Inverse")
  fit <- rma(ai = a, n1i = n1, ci = c, n2i = n2, data = counts, measure = "OR")
  t <- as.data.frame(bias_table(fit, tests = c("egger", "harbord", "peters")))
  p <- function(method) meta::metabias(m, method.bias = method, k.min = 3)$p.value
  expect_gate(t$pval, c(p("Egger"), p("Harbord"), p("Peters")), "metafor_closed")
})

test_that("pooled tables are not filled, and a single study has a table that says so", {
  mh <- rma.mh(ai = a, n1i = n1, ci = c, n2i = n2, data = counts, measure = "OR")
  t <- bias_table(mh)
  expect_false(any(grepl("Trim", as.data.frame(t)$label)))
  expect_true(any(grepl("Trim and fill: needs a fit of rma", table_notes(t))))
  one <- bias_table(suppressWarnings(rma(0.3, 0.1)))
  expect_match(capture.output(print(one)), "no test could be done", all = FALSE)
})

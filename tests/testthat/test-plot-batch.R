made_batch <- function(n = 400) {
  set.seed(4)
  effect <- c(rnorm(n - 8, 0, 0.02), rep(c(-0.8, 0.8), 4))
  yi <- matrix(rnorm(n * 5, effect, 0.15), n, dimnames = list(paste0("site", seq_len(n)), NULL))
  rma_batch(yi, matrix(0.15^2, n, 5), method = "EE")
}

test_that("a volcano plot has every outcome at its estimate and p", {
  b <- made_batch()
  out <- on_page(plot(b))
  expect_equal(out$x, b$estimate)
  expect_equal(out$y, -log10(b$pval))
  expect_identical(out$significant, b$padj <= 0.05)
  figure <- attr(out, "figure")
  line <- Filter(function(l) l$type == "line", figure$layers)
  expect_equal(line[[1]]$y[1], -log10(max(b$pval[b$padj <= 0.05])))
  named <- Filter(function(l) l$type == "labels", figure$layers)[[1]]
  expect_setequal(named$label, b$outcome[order(b$pval)[1:5]])
})

test_that("a Manhattan plot puts chromosomes side by side in their order", {
  b <- made_batch()
  chr <- rep(c("chr10", "chr2", "X", "chr1"), each = 100)
  pos <- rep(seq(1000, 100000, length.out = 100), 4)
  out <- on_page(plot(b, type = "manhattan", chr = chr, pos = pos))
  means <- tapply(out$x, chr, mean)
  expect_identical(names(sort(means)), c("chr1", "chr2", "chr10", "X"))
  expect_true(max(out$x[chr == "chr1"]) < min(out$x[chr == "chr2"]))
  expect_identical(attr(out, "figure")$x$labels, c("chr1", "chr2", "chr10", "X"))
  expect_error(plot(b, type = "manhattan", chr = 1:3), class = "metaparity_error_input")
  expect_error(plot(b, type = "manhattan", pos = letters[rep(1, 400)]), class = "metaparity_error_input")
})

test_that("quantiles of p values and the inflation factor", {
  b <- made_batch()
  out <- on_page(plot(b, type = "qq"))
  expect_equal(out$y, -log10(sort(b$pval)))
  expect_gate(attr(out, "lambda"), median(qnorm(b$pval / 2)^2) / qchisq(0.5, 1), "exact_solution")
})

test_that("a forest plot shows the smallest p values, with or without moderators", {
  b <- made_batch()
  rows <- on_page(plot(b, type = "forest", top = 4))
  layout <- forest_layout(data.frame(yi = 1:2, vi = 1), width = 6)
  expect_true(length(layout) > 0L)
  set.seed(5)
  y <- matrix(rnorm(300), 50)
  m <- rma_batch(y, matrix(1, 50, 6), mods = ~ x, data = data.frame(x = 1:6))
  out <- on_page(plot(m, coef = "x"))
  expect_equal(out$x, m$estimate.x)
  expect_error(plot(m, coef = "z"), class = "metaparity_error_input")
})

test_that("points that would cover each other are drawn once", {
  x <- rep(seq(0, 1, length.out = 10), 1000)
  kept <- thinned(x, x, seq_along(x) == 9999)
  expect_length(kept, 11L)
  expect_true(9999 %in% kept)
})

test_that("what cannot be drawn is refused or named", {
  b <- made_batch()
  b$estimate[3] <- NA
  expect_warning(on_page(plot(b)), class = "metaparity_warning_dropped")
  expect_error(plot(made_batch(), type = "pie"), class = "metaparity_error_input")
  expect_error(plot(made_batch(), cutoff = 2), class = "metaparity_error_input")
  expect_error(plot(made_batch(), names = "a"), class = "metaparity_error_input")
})

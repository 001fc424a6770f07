cells <- function(...) {
  d <- stata_fixture("example.csv")
  labbe(tdeath, tnodeath, cdeath, cnodeath, data = d, graph = FALSE, ...)
}

test_that("labbe's points are event rates; Stata prints nothing", {
  d <- stata_fixture("example.csv")
  v <- cells()
  expect_equal(v$table$y, d$tdeath / (d$tdeath + d$tnodeath))
  expect_equal(v$table$x, d$cdeath / (d$cdeath + d$cnodeath))
  expect_equal(v$table$weight, d$tdeath + d$tnodeath + d$cdeath + d$cnodeath)
  expect_identical(format(v), character())
  expect_identical(format(cells(rr = 1.3)), "Note: some effect sizes are outside valid ranges")
  expect_identical(format(cells(or = 3, rr = 0.5)), character())
})

test_that("lines hold the effect they stand for", {
  p <- c(0.2, 0.5)
  q <- labbe_rate("or", 1.7, p)
  expect_equal(q / (1 - q) / (p / (1 - p)), c(1.7, 1.7))
  expect_equal(labbe_rate("rr", 0.8, p) / p, c(0.8, 0.8))
  expect_equal((1 - labbe_rate("rrn", 0.9, p)) / (1 - p), c(0.9, 0.9))
})

test_that("labbe draws rates, percent and logits", {
  pdf(NULL)
  on.exit(dev.off())
  f <- plot(cells(null = TRUE, or = c(0.8, 1.2), rd = 0.1))
  expect_s3_class(f, "metaparity_figure")
  expect_identical(vapply(f$legend, `[[`, "", "label"), c("Null", "Odds ratio", "Risk difference"))
  expect_null(plot(cells(null = TRUE))$legend)
  expect_identical(plot(cells(percent = TRUE))$x$labels, c("0", "25", "50", "75", "100"))
  expect_s3_class(plot(cells(logit = TRUE, null = TRUE, nowt = TRUE, symbol = "triangle")), "metaparity_figure")
})

test_that("labbe refuses wrong input", {
  d <- data.frame(a = c(1, 0), b = c(4, 5), c = c(2, 3), d = c(5, -1))
  expect_error(labbe(a, b, c, d, data = d, graph = FALSE), class = "metaparity_error_studies")
  expect_error(labbe(a, b, c, data = d, graph = FALSE), class = "metaparity_error_input")
  expect_error(cells(or = -1), class = "metaparity_error_input")
  expect_error(cells(symbol = "star"), class = "metaparity_error_input")
  d$d <- 4
  expect_warning(v <- labbe(a, b, c, d, data = d, logit = TRUE, graph = FALSE), class = "metaparity_warning_dropped")
  expect_identical(nrow(v$table), 1L)
})

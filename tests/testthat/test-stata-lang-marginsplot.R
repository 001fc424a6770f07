plotted <- function(...) {
  set.seed(2)
  d <- data.frame(y = rep(c(1, 3, 2, 5, 4, 6), 4), x = rep(1:8, 3), g = rep(0:1, 12))
  stata(c("label define g 0 \"no\" 1 \"yes\"", "label values g g", "quietly regress y c.x##i.g", ...), d, graphs = FALSE)
}

test_that("marginsplot draws the margins with their intervals over what varies", {
  out <- plotted("quietly margins g, at(x = (1 4 8))", "marginsplot, name(m)", "count")
  figure <- out$graphs[[1L]]$view
  expect_s3_class(figure, "metaparity_figure")
  expect_identical(figure$x$title, "x")
  expect_identical(figure$y$title, "Linear prediction")
  expect_identical(trimws(tail(out$log, 1L)), "24")
  text <- paste(utils::capture.output(utils::str(figure)), collapse = " ")
  expect_match(text, "g=no", fixed = TRUE)
  expect_match(text, "Adjusted Predictions with 95% CIs", fixed = TRUE)
})

test_that("labels of a factor stand on the axis; recast, noci and titles are the user's", {
  figure <- plotted("quietly margins g", "marginsplot, recast(scatter) noci ytitle(\"Mean\") title(\"T\")")$graphs[[1L]]$view
  text <- paste(utils::capture.output(utils::str(figure)), collapse = " ")
  expect_match(text, "\"no\" \"yes\"", fixed = TRUE)
  expect_identical(figure$y$title, "Mean")
  expect_no_error(plotted("quietly margins, dydx(*)", "marginsplot, yline(0)"))
  expect_no_error(plotted("quietly margins, at(x = (1 8)) over(g)", "marginsplot, recast(line) recastci(rarea)"))
  expect_error(plotted("marginsplot"), class = "metaparity_error_stata")
  expect_error(plotted("quietly margins g", "marginsplot, horizontal"), class = "metaparity_error_stata_unsupported")
})

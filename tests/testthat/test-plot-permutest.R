
test_that("the legend's place and look are those of a list, whose mistakes are input errors", {
  p <- permutest(rma(c(-0.9, -1.6, -1.3, -1.4, -0.2, -0.4), c(0.33, 0.19, 0.41, 0.02, 0.05, 0.1)), exact = TRUE)
  grDevices::pdf(NULL)
  on.exit(grDevices::dev.off())
  expect_silent(plot(p, legend = list(cex = 0.7)))
  expect_silent(plot(p, legend = list(x = 0, y = 0.1, bty = "n")))
  expect_error(plot(p, legend = list(x = "above")), class = "metaparity_error_input")
  expect_error(plot(p, legend = "nowhere"), class = "metaparity_error_input")
  expect_warning(plot(p, legend = list(place = "top")), class = "metaparity_warning_input")
})

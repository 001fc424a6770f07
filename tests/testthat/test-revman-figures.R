
test_that("forest plots of a file may have its judgements", {
  x <- read_rm5(system.file("extdata", "example.rm5", package = "metaparity"))
  folder <- tempfile("figures")
  on.exit(unlink(folder, recursive = TRUE))
  plain <- save_revman_figures(x, folder, which = "1.1", kinds = "forest", format = "svg")
  lights <- save_revman_figures(x, folder, which = "1.1", kinds = "forest", format = "svg", overwrite = TRUE, rob = TRUE)
  expect_gt(lights$height, plain$height)
  expect_error(save_revman_figures(x, folder, which = "1.1", kinds = "forest", format = "svg", overwrite = TRUE, rob = 3),
               class = "metaparity_error_input")
})

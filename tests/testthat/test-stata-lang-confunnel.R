test_that("confunnel draws contours at z times the standard error around no effect", {
  d <- data.frame(es = c(-0.5, 0.2, 0.4, 0.9), se = c(0.1, 0.2, 0.3, 0.4))
  s <- stata("confunnel es se, contours(5 10) twowayopts(title(\"A title\") xtitle(\"Log ratio\"))", d, graphs = FALSE)
  f <- s$graphs[[1]]$view
  expect_equal(max(f$layers[[1]]$x), stats::qnorm(0.975) * 0.4)
  expect_equal(max(f$layers[[2]]$x), stats::qnorm(0.95) * 0.4)
  expect_equal(f$title, "A title")
  expect_equal(f$x$title, "Log ratio")
  expect_true(f$y$limits[1] > f$y$limits[2])
  expect_equal(stata("confunnel es se, metric(invse)", d, graphs = FALSE)$graphs[[1]]$view$y$title,
               "Inverse standard error")
})

test_that("what confunnel cannot draw is refused by name", {
  d <- data.frame(es = 1:3, se = 1:3)
  expect_error(stata("confunnel es se, onesided(lower)", d), class = "metaparity_error_stata_unsupported")
  expect_error(stata("confunnel es se, metric(n)", d), class = "metaparity_error_stata_unsupported")
  expect_error(stata("confunnel es se, wrongword", d), class = "metaparity_error_stata_unsupported")
  expect_error(stata("confunnel es", d), class = "metaparity_error_stata")
})

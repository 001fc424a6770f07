test_that("predictions are metafor's, line by line", {
  skip_if_not_installed("metafor")
  d <- transform(metadat::dat.bangertdrowns2004, ni100 = ni / 100)[1:20, ]
  lines <- function(package, scale, ..., mods = NULL) {
    x <- do.call(asNamespace(package)$rma, c(list(quote(yi), quote(vi), scale = scale, data = d),
                                             if (!is.null(mods)) list(mods = mods)))
    utils::capture.output(print(predict(x, ...), digits = 3))
  }
  for (args in list(list(), list(newmods = 1, newscale = 2), list(newscale = 1:2), list(newscale = 1, transf = exp),
                    list(newmods = 1), list(newmods = 1, newscale = 2, addx = TRUE, addz = TRUE))) {
    expect_identical(do.call(lines, c("metaparity", list(~ni100, mods = ~ni100), args)),
                     do.call(lines, c("metafor", list(~ni100, mods = ~ni100), args)))
  }
  for (args in list(list(), list(newscale = 1:3))) {
    expect_identical(do.call(lines, c("metaparity", list(~ni100), args)), do.call(lines, c("metafor", list(~ni100), args)))
  }
  fit <- rma(yi, vi, mods = ~ni100, scale = ~ni100, data = d)
  expect_identical(predict(fit, newscale = 1)$pred.type, "scale")
  expect_error(predict(fit, newmods = 1:2, newscale = 1:3), class = "metaparity_error_input")
  expect_error(predict(rma(yi, vi, data = d), newscale = 1), class = "metaparity_error_input")
})

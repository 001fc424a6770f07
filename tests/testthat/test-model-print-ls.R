test_that("prints are metafor's, line by line", {
  skip_if_not_installed("metafor")
  d <- transform(metadat::dat.bangertdrowns2004, ni100 = ni / 100)
  lines <- function(package, args) {
    x <- suppressWarnings(do.call(asNamespace(package)$rma, c(list(quote(yi), quote(vi), data = d), args)))
    c(utils::capture.output(print(x, digits = 3)), utils::capture.output(print(summary(x), digits = 3)))
  }
  for (args in list(list(mods = ~ni100, scale = ~ni100), list(scale = ~ni100, test = "t"), list(scale = ~1),
                    list(mods = ~ni100, scale = ~ni100, test = "knha", method = "ML"),
                    list(scale = ~factor(grade), att = 2:3), list(scale = ~ni100, alpha = c(NA, -0.5)))) {
    expect_identical(lines("metaparity", args), lines("metafor", args))
  }
})

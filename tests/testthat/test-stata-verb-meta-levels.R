test_that("groups are nested: a name under another group is another group", {
  d <- data.frame(a = c(1, 1, 2, 2), b = c("x", "y", "x", "x"))
  f <- metaparity:::level_frame(list(d$a, d$b), list(matrix(0, 4, 0), matrix(0, 4, 0)), 1:4)
  expect_identical(f$.g1, c(1L, 1L, 2L, 2L))
  expect_identical(f$.g2, c(1L, 2L, 3L, 3L))
})

test_that("equations in words", {
  e <- metaparity:::level_equation("district: x z, cov(uns) nocons", NULL)
  expect_identical(e[c("level", "slopes", "constant", "kind")],
                   list(level = "district", slopes = c("x", "z"), constant = FALSE, kind = "Unstructured"))
  expect_identical(metaparity:::level_equation(" school: ", NULL)$kind, "Identity")
  expect_identical(metaparity:::level_equation("a: x, sd(. .5)", NULL)$sd, c(NA, 0.5))
  for (text in c("district", "a b:", ":", "a: , nocons", "a: x, sd(1)", "a:, sd(x)", "a:, other(1)")) {
    expect_error(metaparity:::level_equation(text, NULL), class = "metaparity_error_input")
  }
  for (text in c("_all: x", "a: x, cov(exch)", "a: x, cov(ident)")) {
    expect_error(metaparity:::level_equation(text, NULL), class = "metaparity_error_unsupported")
  }
  expect_error(metaparity:::level_list("a b, sd(1)", NULL), class = "metaparity_error_input")
})

test_that("slopes without a constant, and at two levels", {
  d <- schools()
  v <- meta_meregress("stdmdiff year || district: year, nocons", d, essevariable = "se")
  f <- rma.mv(stdmdiff, se^2, mods = ~ year, random = ~ 0 + year | district, struct = "GDIAG", data = d)
  expect_equal(v$table$se, f$se[2:1])
  expect_equal(v$re[[1]]$Sigma[1], as.numeric(f$G)[1])
  three <- "stdmdiff year || district: year || school: year || year: year"
  expect_error(meta_meregress(three, d, essevariable = "se"), class = "metaparity_error_unsupported")
})

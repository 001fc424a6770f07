d <- data.frame(y = c(.4, .1, .3, .2, .35, .6), s = c(.1, .2, .15, .12, .3, .2), x = c(1, 4, 2, 6, 3, 5),
                z = c(0, 1, 1, 0, 1, 0))
shown <- function(commands, expression, data = d) {
  log <- stata(c(commands, paste("display %18.12f", expression)), data)$log
  as.numeric(utils::tail(log, 1L))
}

test_that("coefficients, variances and e() of metareg are values of expressions", {
  fit <- rma(d$y, sei = d$s, mods = ~ x + z, data = d, test = "knha")
  view <- metareg(y, x, z, wsse = s, data = d)
  own <- "metareg y x z, wsse(s)"
  expect_equal(shown(own, "_b[x]"), fit$beta[[2]], tolerance = 1e-6)
  expect_equal(shown(own, "_b[_cons]"), fit$beta[[1]], tolerance = 1e-6)
  expect_equal(shown(own, "_se[z]"), view$table$se[2], tolerance = 1e-10)
  expect_equal(shown(own, "_b[x]/_se[x]"), view$table$t[1], tolerance = 1e-9)
  expect_equal(shown(own, "e(b)[1,2]"), view$table$b[2], tolerance = 1e-10)
  expect_equal(shown(own, "e(V)[3,3]"), view$table$se[3]^2, tolerance = 1e-9)
  expect_equal(shown(own, "_coef[x]"), view$table$b[1], tolerance = 1e-10)
  expect_equal(shown(own, "e(I2)"), view$r$I2 / 100, tolerance = 1e-10)
  expect_equal(shown(own, "e(q_KH)"), fit$s2w, tolerance = 1e-6)
  expect_equal(shown(own, "100*(1-e(tau2)/e(tau2_0))"), view$r$adjR2, tolerance = 1e-8)
  expect_equal(shown(own, "e(F)"), view$r$F, tolerance = 1e-9)
  eform <- "metareg y x z, wsse(s) eform"
  expect_equal(shown(eform, "_b[x]"), view$table$b[1], tolerance = 1e-10)
  out <- stata(c(own, "gen fit = _b[_cons] + _b[x]*x + _b[z]*z"), d)$data
  expect_equal(as.vector(out$fit), as.numeric(predict(view)), tolerance = 1e-6)
})

test_that("meta regress and the regression tests leave e(b) and e(V), too", {
  own <- c("meta set y s", "meta regress x i.z")
  fit <- rma(d$y, sei = d$s, mods = ~ x + z, data = d)
  expect_equal(shown(own, "_b[x]"), fit$beta[[2]], tolerance = 1e-6)
  expect_equal(shown(own, "_se[1.z]"), fit$se[3], tolerance = 1e-6)
  expect_equal(shown(own, "el(e(V), 1, 4)"), fit$vb[2, 1], tolerance = 1e-6)
  view <- meta_regress(meta_set(y, s, data = d), x)
  expect_identical(colnames(view$r$b), c("x", "_cons"))
  expect_equal(view$r$b[1, ], stats::setNames(view$table$b, view$table$name))
  expect_equal(sqrt(diag(view$r$V)), stats::setNames(view$table$se, view$table$name))
  line <- stats::lm(I(y / s) ~ I(1 / s), data = d)
  for (command in c("metabias y s, egger", "metabias6 y s")) {
    expect_equal(shown(command, "_b[bias]"), stats::coef(line)[[1]], tolerance = 1e-5)
    expect_equal(shown(command, "_se[slope]"), summary(line)$coefficients[2, 2], tolerance = 1e-6)
    expect_equal(shown(command, "e(V)[1,2]"), stats::vcov(line)[2, 1], tolerance = 1e-5)
  }
})

test_that("labelled groups are named by their values", {
  labels <- c("label define z 0 \"no\" 1 \"yes\"", "label values z z", "meta set y s", "meta regress i.z")
  fit <- rma(d$y, sei = d$s, mods = ~ z, data = d)
  expect_equal(shown(labels, "_b[1.z]"), fit$beta[[2]], tolerance = 1e-6)
})

test_that("matrix list shows a row, the lower half of variances, and matrices that are made", {
  log <- stata(c("quietly metareg y x z, wsse(s)", "matrix list e(b)", "matrix list e(V)", "matrix V = e(V)",
                 "matrix b = e(b)'",
                 "mat l b", "display rowsof(V) \" \" colsof(b)", "matrix M = (1, 2 \\ 3, 4)", "matrix list M",
                 "display M[2,1]"), d)$log
  view <- metareg(y, x, z, wsse = s, data = d)
  number <- trimws(stata_general(view$table$b, 10L))
  wide <- function(x) paste0("  ", formatC(x, width = max(nchar(number))), collapse = "")
  expect_identical(log[2:4], c("e(b)[1,3]", paste0("  ", wide(c("x", "z", "_cons"))), paste0("y1", wide(number))))
  expect_identical(log[6], "symmetric e(V)[3,3]")
  expect_identical(lengths(strsplit(trimws(log[8:10]), " +")), 2:4)
  expect_identical(log[12], "b[3,1]")
  expect_match(log, "^3 1$", all = FALSE)
  expect_identical(utils::tail(log, 5), c("M[2,2]", "    c1  c2", "r1   1   2", "r2   3   4", "3"))
})

test_that("return list and ereturn list name scalars, macros and matrices", {
  log <- stata(c("quietly metareg y x z, wsse(s)", "ereturn list"), d)$log
  expect_match(log, "^ +e[(]N[)] = 6$", all = FALSE)
  expect_match(log, "^ +e[(]depvar[)] = \"y\"$", all = FALSE)
  expect_match(log, "^ +e[(]V[)] :  3 x 3$", all = FALSE)
  log <- stata(c("quietly metan y s, nograph model(fe \\ dl)", "return list", "display r(ovstats)[1,2]"),
               d, metan = 4)$log
  expect_match(log, "^ +r[(]ovstats[)] :  11 x 2$", all = FALSE)
  expect_equal(as.numeric(utils::tail(log, 1)), metan(y, s, data = d, random = TRUE)$r$ES, tolerance = 1e-6)
})

test_that("what is not there is an error, a place outside is missing", {
  expect_error(stata("display _b[x]", d), class = "metaparity_error_stata")
  own <- "quietly metareg y x, wsse(s)"
  expect_error(stata(c(own, "display _b[w]"), d), class = "metaparity_error_stata")
  expect_error(stata(c(own, "matrix list e(nothing)"), d), class = "metaparity_error_stata")
  expect_error(stata(c(own, "display A[1,1]"), d), class = "metaparity_error_stata")
  expect_error(stata("matrix A = inv(e(V))", d), class = "metaparity_error_stata")
  expect_identical(utils::tail(stata(c(own, "display e(b)[1,9]"), d)$log, 1), ".")
  expect_identical(utils::tail(stata("display x[2] + x[1]", d)$log, 1), "5")
})

test_that("numbers in macros have no blanks beside them", {
  log <- stata(c("local a = 1", "local b = .1", "scalar c = 2/3", "local c = c", "display \"[`a'][`b'][`c']\""), d)$log
  expect_identical(log, "[1][.1][.6666666666666666]")
})

test_that("r(table) holds what the coefficient table shows", {
  view <- metareg(y, x, z, wsse = s, data = d)
  own <- "quietly metareg y x z, wsse(s)"
  expect_equal(shown(own, "r(table)[4,2]"), view$table$p[2], tolerance = 1e-9)
  expect_equal(shown(own, "r(table)[\"ul\", \"_cons\"]"), view$table$hi[3], tolerance = 1e-9)
  regress <- c("quietly meta set y s", "quietly meta regress x")
  expect_equal(shown(regress, "r(table)[\"z\", \"x\"]"), rma(y, sei = s, mods = ~ x, data = d)$zval[2],
               tolerance = 1e-5)
  log <- stata(c(own, "matrix list r(table), format(%8.4f)"), d)$log
  expect_match(log, sprintf("^pvalue +%.4f +%.4f +%.4f$", view$table$p[1], view$table$p[2], view$table$p[3]),
               all = FALSE)
})

test_that("Peters' regression posts the bias first, as it is shown", {
  cells <- stata_fixture("example.csv")
  v <- metabias(tdeath, tnodeath, cdeath, cnodeath, data = cells, peters = TRUE, or = TRUE)
  own <- "quietly metabias tdeath tnodeath cdeath cnodeath, peters or"
  expect_equal(shown(own, "_b[bias]", cells), v$r$bias, tolerance = 1e-9)
  expect_equal(shown(own, "r(table)[2,1]", cells), v$r$se_bias, tolerance = 1e-9)
  expect_equal(shown(own, "sqrt(e(V)[2,2])", cells), v$table$se[v$table$name == "constant"], tolerance = 1e-9)
})

test_that("coefficients are found with and without the mark of the base", {
  names <- c("0bn.g", "1.g", "1.c:0bn.g", "x")
  place <- metaparity:::coefficient_place
  expect_identical(place("0.g", names), 1L)
  expect_identical(place("1.c:0.g", names), 3L)
  expect_identical(place("1.c:0bn.g", names), 3L)
  expect_identical(place("1b.g", names), 2L)
})

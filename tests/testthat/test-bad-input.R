# One assertion per mistake a user of rma() can make: the class of the condition, the argument, the rows.

y <- c(1, 2, 4, 3, 2.5)
v <- c(0.1, 0.2, 0.3, 0.4, 0.1)
d <- data.frame(y, v, x = 1:5, g = letters[1:5], f = factor(c("a", "b", "a", "b", "a")))

expect_input_error <- function(code, arg) {
  e <- expect_error(code, class = "metaparity_error_input")
  expect_s3_class(e, "metaparity_error")
  expect_identical(e$arg, arg)
  expect_true(startsWith(conditionMessage(e), sprintf("`%s`", arg)))
}

expect_studies_error <- function(code, arg, rows) {
  e <- expect_error(code, class = "metaparity_error_studies")
  expect_identical(e$arg, arg)
  expect_equal(e$rows, rows)
}

expect_dropped <- function(code, rows, reasons) {
  w <- expect_warning(fit <- code, class = "metaparity_warning_dropped")
  expect_equal(w$rows, rows)
  expect_equal(fit$dropped$row, rows)
  expect_identical(fit$dropped$reason, reasons)
  expect_identical(fit$k, length(fit$not.na) - length(rows))
  expect_identical(which(!fit$not.na), match(rows, fit$ids))
}

test_that("missing values leave with a warning and are recorded with the reason", {
  expect_dropped(rma(c(1, NA, 4, 3, 2.5), v), 2, "yi")
  expect_dropped(rma(c(1, NaN, 4, 3, NA), v), c(2, 5), c("yi", "yi"))
  expect_dropped(rma(y, c(0.1, NA, 0.3, 0.4, NaN)), c(2, 5), c("vi", "vi"))
  expect_dropped(rma(y, sei = c(0.1, NA, 0.3, 0.4, 0.1)), 2, "vi")
  expect_dropped(rma(c(NA, 2, 4, 3, 2.5), c(NA, 0.2, 0.3, 0.4, 0.1)), 1, "yi and vi")
  expect_dropped(rma(y, v, mods = cbind(c(1, 2, NA, 4, 5))), 3, "mods")
  expect_dropped(rma(y, v, weights = c(NA, 1, 1, 1, 1)), 1, "weights")
  expect_dropped(rma(c(1, 2, NA, 3, 2.5), v, subset = 3:5), 3, "yi")
  expect_null(rma(y, v)$dropped)
  expect_input_error(rma(c(NA_real_, NA), c(1, 1)), "yi")
})

test_that("infinite, negative and zero values are named by row", {
  expect_studies_error(rma(c(1, Inf, 4, -Inf, 2.5), v), "yi", c(2, 4))
  expect_studies_error(rma(y, c(0.1, Inf, 0.3, 0.4, 0.1)), "vi", 2)
  below <- expect_warning(fit <- rma(y, c(0.1, -0.2, 0.3, -0.4, 0.1)), class = "metaparity_warning_studies")
  expect_equal(below$rows, c(2, 4))
  expect_equal(fit$vi, c(0.1, 0, 0.3, 0, 0.1))
  expect_studies_error(rma(y, sei = c(0.1, -0.1, 0.2, -0.3, 0.1)), "sei", c(2, 4))
  expect_studies_error(suppressWarnings(rma(y, c(0, 0.2, 0.3, 0.4, 0.1), method = "EE")), "vi", 1)
  expect_studies_error(suppressWarnings(rma(rep(1, 5), c(0, 0.2, 0, 0.4, 0.1))), "vi", c(1, 3))
  expect_studies_error(rma(y, v, mods = cbind(c(1, 2, Inf, 4, 5))), "mods", 3)
  expect_studies_error(rma(y, v, weights = c(-1, 1, 1, Inf, 1)), "weights", c(1, 4))
})

test_that("rows are counted in the user's data, after subset and missing values", {
  expect_studies_error(suppressWarnings(rma(c(NA, 2, 4, 3, 2.5), c(0.1, 0.2, 0.3, Inf, 0.1))), "vi", 4)
  expect_equal(expect_warning(rma(y, c(0.1, 0.2, 0.3, -0.4, 0.1), subset = 2:5),
                              class = "metaparity_warning_studies")$rows, 4)
  expect_studies_error(rma(y, v, mods = cbind(c(1, 2, 3, 4, Inf)), subset = 2:5), "mods", 5)
})

test_that("a variance of zero is fine as long as tau2 is not", {
  expect_warning(fit <- rma(y, c(0, 0.2, 0.3, 0.4, 0.1)), class = "metaparity_warning_studies")
  expect_equal(fit$fit.stats["dev", "ML"], -2 * fit$fit.stats["ll", "ML"])
  expect_gt(fit$tau2, 0)
  expect_true(is.na(fit$QE))
})

test_that("lengths must agree", {
  expect_input_error(rma(y, v[1:3]), "vi")
  expect_input_error(rma(y, sei = v[1:3]), "sei")
  expect_input_error(rma(y, v, weights = c(1, 2)), "weights")
  expect_input_error(rma(y, v, slab = 1:3), "slab")
  expect_input_error(rma(y, v, subset = c(TRUE, FALSE)), "subset")
  expect_input_error(rma(y, v, mods = 1:3), "mods")
  expect_input_error(rma(y, v, by = 1:3), "by")
  expect_input_error(rma(y, diag(v)[, 1:2]), "vi")
  expect_equal(coef(rma(y, diag(v))), coef(rma(y, v)))
  expect_warning(rma(y, diag(v) + 0.01), class = "metaparity_warning_input")
})

test_that("no studies is an error", {
  expect_input_error(rma(numeric(), numeric()), "yi")
  expect_input_error(rma(y, v, data = d[0, ]), "yi")
  expect_input_error(rma(y ~ x, v, data = d[0, ]), "yi")
  expect_input_error(rma(y, v, subset = rep(FALSE, 5)), "subset")
  expect_input_error(rma(NULL, v), "yi")
  expect_input_error(rma(), "yi")
  expect_input_error(rma(y), "vi")
})

test_that("one study is a common-effect result with a warning", {
  expect_warning(fit <- rma(1, 0.1), class = "metaparity_warning_input")
  expect_identical(c(fit$beta[1], fit$tau2, fit$QE, fit$QEp), c(1, 0, 0, 1))
  expect_gate(fit$se, sqrt(0.1), "closed_form")
  expect_no_warning(rma(1, 0.1, method = "EE"))
  expect_warning(fit <- rma(1, 0.1, method = "EE", test = "knha"), class = "metaparity_warning_input")
  expect_identical(fit$test, "z")
})

test_that("identical estimates: tau2 is 0; Knapp-Hartung warns of its standard error of 0", {
  fit <- rma(rep(1, 5), v)
  expect_identical(c(fit$tau2, fit$QE, fit$I2), c(0, 0, 0))
  expect_warning(fit <- rma(rep(1, 5), v, test = "knha"), class = "metaparity_warning_input")
  expect_identical(fit$se, 0)
  expect_no_warning(rma(rep(1, 5), v, test = "adhoc"))
})

test_that("text and factors are not numbers", {
  expect_input_error(rma(g, v, data = d), "yi")
  expect_input_error(rma(f, v, data = d), "yi")
  expect_input_error(rma(y, g, data = d), "vi")
  expect_input_error(rma(y, sei = f, data = d), "sei")
  expect_input_error(rma(y, v, mods = f, data = d), "mods")
  expect_input_error(rma(y, v, mods = letters[1:5]), "mods")
  expect_input_error(rma(y, v, weights = g, data = d), "weights")
  expect_input_error(rma(list(1, 2), v), "yi")
  expect_input_error(rma(as.Date("2020-01-01") + 0:4, v), "yi")
  expect_input_error(rma(y + 0i, v), "yi")
})

test_that("unknown columns and misspelt arguments are named", {
  expect_input_error(rma(y, v, data = nosuch), "data")
  expect_input_error(rma(nope, v, data = d), "yi")
  expect_input_error(rma(y, nope, data = d), "vi")
  expect_input_error(rma(y, v, mods = ~nope, data = d), "mods")
  expect_input_error(rma(y, v, mods = nope, data = d), "mods")
  expect_input_error(rma(y, v, slab = nope, data = d), "slab")
  warned <- expect_warning(rma(y, v, data = d, metod = "DL"), class = "metaparity_warning_unknown")
  expect_identical(warned$arg, "metod")
  expect_input_error(rma(y, v, data = 5), "data")
  expect_input_error(rma(y, v, scale = ~nope, data = d), "scale")
})

test_that("an offset among the moderators is left out with a warning", {
  d <- data.frame(yi = c(0.1, 0.4, -0.2, 0.5), vi = 0.1, x = 1:4)
  expect_warning(fit <- rma(yi ~ x + offset(x), vi, data = d), class = "metaparity_warning_input")
  expect_equal(coef(fit), coef(rma(yi ~ x, vi, data = d)))
})

test_that("collinear moderators leave with a warning; too many coefficients are an error", {
  expect_warning(fit <- rma(y, v, mods = ~ x + I(2 * x), data = d), class = "metaparity_warning_input")
  expect_identical(rownames(fit$beta), c("intrcpt", "x"))
  expect_identical(names(which(fit$coef.na)), "XI(2 * x)")
  expect_input_error(rma(y, v, mods = ~g, data = d), "mods")
  expect_identical(rma(y, v, mods = ~g, data = d, method = "EE")$p, 5L)
  expect_input_error(rma(y, v, mods = cbind(rep(0, 5)), intercept = FALSE), "mods")
  wide <- matrix(sin((1:30)^2), 5)
  expect_input_error(suppressWarnings(rma(y, v, mods = wide)), "mods")
})

test_that("choices and numbers are checked", {
  for (level in list(-1, 101, NA, "95", c(90, 95))) expect_input_error(rma(y, v, level = level), "level")
  for (method in list("XX", 1, NA, character())) expect_input_error(rma(y, v, method = method), "method")
  for (tau2 in list(Inf, -1, c(1, 2), "a")) expect_input_error(rma(y, v, tau2 = tau2), "tau2")
  expect_input_error(rma(y, v, test = "w"), "test")
  expect_input_error(rma(y, v, weighted = NA), "weighted")
  expect_input_error(rma(y, v, weighted = "yes"), "weighted")
  expect_input_error(rma(y, v, intercept = "a"), "intercept")
  expect_input_error(rma(y, v, digits = -1), "digits")
  expect_input_error(rma(y, v, digits = "a"), "digits")
  expect_input_error(rma(y, v, convention = "zz"), "convention")
  expect_input_error(rma(y, v, measure = "ZZ"), "measure")
  expect_input_error(rma(y, v, btt = 9, mods = ~x, data = d), "btt")
  expect_input_error(rma(y, v, btt = "zz", mods = ~x, data = d), "btt")
  expect_identical(rma(y, v, measure = "MD")$measure, "MD")
})

test_that("subset must be within the rows", {
  expect_studies_error(rma(y, v, subset = c(1, 9)), "subset", 2)
  expect_input_error(rma(y, v, subset = "a"), "subset")
  expect_input_error(rma(y, v, subset = c(-1, 2)), "subset")
})

test_that("numbers at the ends of the range give an error, not a wrong result", {
  expect_input_error(rma(c(1e160, 2, 4, 3, 2.5), v), "yi")
  expect_input_error(rma(c(1e308, -1e308, 1, 2, 3), v), "yi")
  expect_input_error(rma(y * 1e160, v * 1e300), "yi")
  expect_input_error(rma(y, v, weights = rep(0, 5)), "weights")
  tiny <- rma(y * 1e-150, v * 1e-300)
  expect_gate(tiny$beta * 1e150, rma(y, v)$beta, "scale_free")
})

test_that("misspelt words are answered by the nearest choices, too few columns by the closest way to give them", {
  d <- data.frame(yi = c(.1, .4, .3, .8), vi = c(.05, .04, .06, .03), n = 11:14)
  said <- function(expr) conditionMessage(tryCatch(expr, metaparity_error_input = identity))
  expect_match(said(rma(yi, vi, data = d, method = "DLL")), "did you mean \"DL\"", fixed = TRUE)
  expect_match(said(rma(yi, vi, data = d, method = "reml")), "\"REML\"?", fixed = TRUE)
  expect_match(said(escalc("rr", ai = n, bi = n, ci = n, di = n, data = d)), "did you mean \"RR\"?", fixed = TRUE)
  expect_match(said(escalc("MD", vtype = "ub", m1i = n, m2i = n, sd1i = n, sd2i = n, n1i = n, n2i = n, data = d)),
               "\"UB\"?", fixed = TRUE)
  expect_match(said(trimfill(rma(yi, vi, data = d), side = "Left")), "did you mean \"left\"?", fixed = TRUE)
  expect_no_match(said(rma(yi, vi, data = d, method = "random")), "did you mean", fixed = TRUE)
  expect_identical(did_you_mean(strrep("a", 1e6), c("a", "b")), "")
  expect_identical(did_you_mean("\xff", c("a", "b")), "")
  expect_identical(tryCatch(escalc("SMD", m1i = n, sd1i = n, data = d), error = identity)$arg, "m2i")
  expect_match(said(escalc("SMD", m1i = n, sd1i = n, data = d)), "m2i, sd2i, n1i, n2i", fixed = TRUE)
  expect_identical(tryCatch(escalc("SMD", di = yi, n1i = n, data = d), error = identity)$arg, "n2i")
})

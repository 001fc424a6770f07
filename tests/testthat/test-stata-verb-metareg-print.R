d <- data.frame(y = c(0.1, 0.5, 0.9, 0.4, -0.2, 0.7), s = c(0.1, 0.2, 0.15, 0.3, 0.25, 0.2), x = c(1, 3, 6, 2, 0, 4),
                z = c(1, 0, 0, 1, 1, 0))
numbers <- function(line) as.numeric(regmatches(line, gregexpr("-?[0-9]*[.]?[0-9]+", line))[[1L]])

test_that("the header says what is saved", {
  v <- metareg(y, x, data = d, wsse = s)
  lines <- format(v)
  value <- function(label) numbers(sub("^.*=", "", grep(label, lines, value = TRUE, fixed = TRUE)))
  expect_equal(value("Number of obs"), 6)
  expect_equal(value(" tau2 "), v$r$tau2, tolerance = 1e-3)
  expect_equal(value("I-squared_res"), round(v$r$I2, 2))
  expect_equal(value("Adj R-squared"), round(v$r$adjR2, 2))
  expect_true("With Knapp-Hartung modification" %in% lines)
  expect_true(all(regexpr("=", grep("= ", lines[2:5], value = TRUE), fixed = TRUE) == 70L))
})

test_that("several covariates have a joint test: F, or chi-squared with z", {
  f <- metareg(y, x, z, data = d, wsse = s)
  expect_match(grep("Model F(2,3)", format(f), value = TRUE, fixed = TRUE), sprintf("%.2f$", f$r$F))
  chi <- metareg(y, x, z, data = d, wsse = s, z = TRUE)
  expect_match(grep("Model chi2(2)", format(chi), value = TRUE, fixed = TRUE), sprintf("%.2f$", chi$r$chi2))
  expect_match(grep("Prob > chi2", format(chi), value = TRUE), sprintf("%.4f$", chi$r$p))
})

test_that("rows of coefficients are those of the table", {
  v <- metareg(y, x, data = d, wsse = s)
  row <- numbers(sub("^.*\\|", "", grep("^ +x \\|", format(v), value = TRUE)))
  t <- v$table[v$table$name == "x", ]
  expect_equal(row, unlist(t[c("b", "se", "t", "p", "lo", "hi")], use.names = FALSE), tolerance = 5e-3)
  eform <- metareg(y, x, data = d, wsse = s, eform = TRUE)
  expect_false(any(grepl("_cons", format(eform))))
})

test_that("the test of tau2 is printed when asked for", {
  v <- metareg(y, x, data = d, wsse = s, tau2test = TRUE)
  line <- grep("Q_res (4 df)", format(v), value = TRUE, fixed = TRUE)
  expect_match(line, sprintf("%.2f$", v$r$Q))
  expect_match(grep("Prob > Q_res", format(v), value = TRUE), sprintf("%.4f$", v$r$p_Q))
})

test_that("permutations print unadjusted and adjusted p", {
  set.seed(1)
  v <- metareg(y, x, z, data = d, wsse = s, permute = 50)
  row <- numbers(sub("^.*\\|", "", grep("^ +x \\|", format(v), value = TRUE)))
  expect_equal(row, round(c(v$permutation$p[1L], v$permutation$p_adjusted[1L]), 3))
})

test_that("symbols have areas in proportion to the weights", {
  cex <- bubble_cex(c(4, 1, 16))
  expect_equal(cex^2 / cex[3L]^2, c(4, 1, 16) / 16)
  expect_identical(bubble_cex(c(1e-9, 1))[1L], 0.3)
})

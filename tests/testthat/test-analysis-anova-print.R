fit <- rma(yi, vi, mods = ~ x + z, method = "DL",
           data = data.frame(yi = c(0.1, 0.4, 0.9, -0.2, 0.5, 0.8, 0.3), vi = c(0.1, 0.2, 0.1, 0.3, 0.2, 0.1, 0.15),
                             x = c(1, 3, 2, 5, 4, 7, 6), z = c(0, 1, 0, 1, 1, 0, 0)))

test_that("tables of Wald tests have the numbers of the result, F with two degrees of freedom", {
  d <- as.data.frame(anova(fit, btt = 2:3))
  expect_identical(names(d), c("coefs", "QM", "df", "pval"))
  expect_identical(d$coefs, "2:3")
  expect_gate(d$pval, pchisq(d$QM, 2, lower.tail = FALSE), "closed_form")
  knha <- update(fit, test = "knha")
  f <- as.data.frame(anova(knha, btt = 2:3))
  expect_identical(names(f), c("coefs", "Fval", "df1", "df2", "pval"))
  expect_gate(f$pval, pf(f$Fval, 2, 4, lower.tail = FALSE), "closed_form")
})

test_that("combinations: estimate over error is the statistic, one row for each hypothesis", {
  X <- rbind(c(1, 2, 0), c(0, 1, -1))
  a <- anova(fit, X = X)
  d <- as.data.frame(a)
  expect_identical(nrow(d), 2L)
  expect_gate(d$estimate, X %*% coef(fit), "exact_solution", scale = 1)
  expect_gate(d$se, sqrt(diag(X %*% vcov(fit) %*% t(X))), "exact_solution")
  expect_gate(d$zval, d$estimate / d$se, "closed_form")
  expect_null(d$df)
  t <- as.data.frame(anova(update(fit, test = "t"), X = X))
  expect_gate(t$pval, 2 * pt(-abs(t$tval), 4), "closed_form")
  expect_identical(as.numeric(t$df), c(4, 4))
})

test_that("likelihood ratio: both fits with their difference in the second row only", {
  full <- update(fit, method = "ML")
  small <- update(full, mods = ~x)
  d <- as.data.frame(anova(full, small))
  expect_identical(rownames(d), c("Full", "Reduced"))
  expect_true(all(is.na(d["Full", c("LRT", "pval", "R^2")])))
  expect_gate(d["Reduced", "LRT"], 2 * (logLik(full) - logLik(small)), "exact_solution")
  expect_gate(d$AIC, c(AIC(full), AIC(small)), "closed_form")
  expect_null(as.data.frame(anova(update(full, method = "EE"), update(small, method = "EE")))[["tau^2"]])
})

test_that("a list of sets has a row for each, with the words that were asked for", {
  l <- anova(fit, btt = list(2, 3))
  d <- as.data.frame(l)
  expect_identical(nrow(d), 2L)
  expect_gate(d$QM, (coef(fit) / fit$se)[2:3]^2, "exact_solution")
  expect_identical(unname(d$coefs), c("2", "3"))
})

test_that("what is printed is the table with the decimals asked for, and comes back invisibly", {
  for (a in list(anova(fit), anova(fit, X = c(1, 1, 0)), anova(fit, btt = list(2, 3)),
                 anova(update(fit, method = "ML"), update(fit, method = "ML", mods = ~x)))) {
    lines <- capture.output(value <- withVisible(print(a, digits = 2)))
    expect_false(value$visible)
    expect_identical(value$value, a)
    expect_false(any(grepl("[0-9][.][0-9]{3}", gsub("[<=] *[.0-9]+", "", lines))))
    expect_error(print(a, digits = -1), class = "metaparity_error_input")
  }
})

test_that("texts of tested columns: decimals by kind, stars by the option", {
  d <- data.frame(estimate = 1.23456, se = 0.5, zval = 2.46912, df = 3.456, pval = 0.0135)
  digits <- replace(expand_digits(2), "test", 1)
  old <- options(show.signif.stars = FALSE)
  on.exit(options(old))
  out <- format_tested(d, digits)
  expect_identical(unlist(out, use.names = FALSE), c("1.23", "0.50", "2.5", "3.46", "0.01"))
  options(show.signif.stars = TRUE)
  expect_identical(format_tested(d, digits)[[6L]], "*")
})

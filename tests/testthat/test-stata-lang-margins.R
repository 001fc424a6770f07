margin_data <- function() {
  set.seed(5)
  d <- data.frame(x = stats::rnorm(60), z = stats::runif(60), g = rep(1:3, 20))
  d$y <- as.numeric(stats::runif(60) < stats::plogis(-0.3 + 0.7 * d$x + 0.6 * (d$g == 3)))
  d$n <- stats::rpois(60, exp(0.5 + 0.2 * d$x))
  d
}

# b and V of margins as matrices in the log.
margin_result <- function(commands, d) {
  show <- c("matrix b = r(b)", "matrix V = r(V)", "display %20.16f b[1,1]", "display %20.16f sqrt(V[1,1])",
            "display colsof(b)")
  as.numeric(utils::tail(stata(c(commands, show), d)$log, 3))
}

# A mean of predictions and its standard error from numerical derivatives.
by_delta <- function(fit, f) {
  J <- numDeriv::grad(f, stats::coef(fit))
  c(f(stats::coef(fit)), sqrt(drop(J %*% stats::vcov(fit) %*% J)))
}

test_that("margins are means of predictions with the delta method's standard errors", {
  skip_if_not_installed("numDeriv")
  d <- margin_data()
  fit <- stats::glm(y ~ x + factor(g), binomial, d, control = list(epsilon = 1e-14))
  X <- stats::model.matrix(fit)
  at <- function(g, x = d$x) cbind(1, x, g == 2, g == 3)
  mean_of <- function(M) function(b) mean(stats::plogis(drop(M %*% b)))
  found <- margin_result(c("quietly logit y x i.g", "margins"), d)
  expect_gate(found[1:2], by_delta(fit, mean_of(X)), "margins_numeric")
  found <- margin_result(c("quietly logit y x i.g", "margins g"), d)
  expect_gate(found[1:2], by_delta(fit, mean_of(at(1))), "margins_numeric")
  expect_equal(found[3], 3)
  found <- margin_result(c("quietly logit y x i.g", "margins g, at(x = (-1 1))"), d)
  expect_gate(found[1:2], by_delta(fit, mean_of(at(1, -1))), "margins_numeric")
  expect_equal(found[3], 6)
})

test_that("dydx() is the mean of derivatives, of factors the change from the base level", {
  skip_if_not_installed("numDeriv")
  d <- margin_data()
  fit <- stats::glm(y ~ x + I(x^2) + factor(g), binomial, d, control = list(epsilon = 1e-14))
  X <- stats::model.matrix(fit)
  slope <- function(b) mean(stats::dlogis(drop(X %*% b)) * (b[2] + 2 * d$x * b[3]))
  found <- margin_result(c("quietly logit y c.x##c.x i.g", "margins, dydx(x)"), d)
  expect_gate(found[1:2], by_delta(fit, slope), "margins_numeric")
  change <- function(b) {
    level <- function(k) replace(replace(X, cbind(1:60, 4), k == 2), cbind(1:60, 5), k == 3)
    mean(stats::plogis(drop(level(2) %*% b)) - stats::plogis(drop(level(1) %*% b)))
  }
  found <- margin_result(c("quietly logit y c.x##c.x i.g", "margins, dydx(g)"), d)
  expect_gate(found[1:2], by_delta(fit, change), "margins_numeric")
  fit <- stats::glm(n ~ x, poisson, d, control = list(epsilon = 1e-14))
  found <- margin_result(c("quietly poisson n x", "margins, dydx(x) atmeans"), d)
  expect_gate(found[1:2], by_delta(fit, function(b) exp(b[1] + b[2] * mean(d$x)) * b[2]), "margins_numeric")
})

test_that("margins after regress have t statistics; the log has Stata's heading", {
  d <- margin_data()
  fit <- stats::lm(z ~ x * factor(g), d)
  found <- margin_result(c("quietly regress z c.x##i.g", "margins g, at(x = 0.5)"), d)
  expect_gate(found[1], unname(stats::coef(fit)[1] + 0.5 * stats::coef(fit)[2]), "margins_numeric")
  log <- stata(c("quietly regress z c.x##i.g", "margins, dydx(x)"), d)$log
  expect_equal(log[2:6], c("Average marginal effects                        Number of obs     =         60",
                           "Model VCE    : OLS", "", "Expression   : Linear prediction, predict()",
                           "dy/dx w.r.t. : x"))
})

test_that("what margins cannot do is refused by name", {
  d <- margin_data()
  refused <- function(...) expect_error(stata(c("quietly logit y x i.g", ...), d),
                                        class = "metaparity_error_stata_unsupported")
  refused("margins, at((median) x)")
  refused("margins, eyex(x)")
  refused("margins, asbalanced")
  refused("margins, over(g) atmeans")
  expect_error(stata(c("quietly logit y x", "margins x"), d), class = "metaparity_error_stata")
  expect_error(stata("margins", d), class = "metaparity_error_stata_unsupported")
})

test_that("margins after a weighted regression are weighted averages", {
  d <- mtcars
  of <- function(lines) stata(lines, d)$r
  fit <- stats::lm(mpg ~ hp + factor(cyl), d, weights = wt)
  mean_at <- function(...) stats::weighted.mean(stats::predict(fit, transform(d, ...)), d$wt)
  found <- of(c("quietly regress mpg hp i.cyl [aweight = wt]", "margins cyl"))
  expect_gate(as.vector(found$b), c(mean_at(cyl = 4), mean_at(cyl = 6), mean_at(cyl = 8)), "margins_numeric")
  found <- of(c("quietly regress mpg hp i.cyl [aweight = wt]", "margins, at(hp = (100 200))"))
  expect_gate(as.vector(found$b), c(mean_at(hp = 100), mean_at(hp = 200)), "margins_numeric")
  J <- t(vapply(c(100, 200), function(h) {
    X <- stats::model.matrix(fit)
    X[, "hp"] <- h
    colSums(d$wt * X) / sum(d$wt)
  }, numeric(4L)))
  expect_gate(unname(found$V), unname(J %*% stats::vcov(fit) %*% t(J)), "margins_numeric")
  g <- suppressWarnings(stats::glm(am ~ hp, stats::binomial, d, weights = carb))
  slope <- stats::weighted.mean(stats::dlogis(stats::predict(g)) * stats::coef(g)[[2L]], d$carb)
  found <- of(c("quietly logit am hp [fweight = carb]", "margins, dydx(hp)"))
  expect_gate(as.vector(found$b), slope, "margins_numeric")
  expect_identical(as.numeric(found$N), sum(d$carb))
})

test_that("margins after mixed averages the fixed portion", {
  d <- data.frame(g = rep(1:6, each = 4), x = sin(1:24), a = rep(0:1, 12), y = cos(1:24 * 1.3) + rep(1:6, each = 4) / 4)
  out <- stata(c("quietly mixed y i.a x || g:", "margins a, at(x = (0 1))", "matrix b = r(b)",
                 "display %21.16f b[1,2]", "display %21.16f _b[1.a] + _b[_cons]"), d)
  found <- as.numeric(utils::tail(out$log, 2L))
  expect_gate(found[1L], found[2L], "exact_solution")
  expect_true("Expression   : Linear prediction, fixed portion, predict()" %in% out$log)
  expect_false(any(grepl("Model VCE", out$log)))
})

test_that("over() averages within groups, also derivatives; the columns carry Stata's names", {
  skip_if_not_installed("numDeriv")
  d <- margin_data()
  fit <- stats::glm(y ~ x * factor(g), binomial, d, control = list(epsilon = 1e-14))
  X <- stats::model.matrix(fit)
  own <- d$g == 2
  found <- margin_result(c("quietly logit y c.x##i.g", "margins if g >= 2, over(g)"), d)
  expect_gate(found[1:2], by_delta(fit, function(b) mean(stats::plogis(drop(X[own, ] %*% b)))), "margins_numeric")
  expect_equal(found[3], 2)
  slope <- function(b) mean(stats::dlogis(drop(X[own, ] %*% b)) * (b[2] + b[5]))
  found <- margin_result(c("quietly logit y c.x##i.g", "margins if g >= 2, dydx(x) over(g)"), d)
  expect_gate(found[1:2], by_delta(fit, slope), "margins_numeric")
  columns <- function(...) {
    tail(stata(c("label define g 1 \"a\" 2 \"b\" 3 \"c\"", "label values g g", "quietly logit y c.x##i.g", ...,
                 "local n : colfullnames r(b)", "display \"`n'\""), d)$log, 1L)
  }
  expect_identical(columns("margins g"), "1bn.g 2.g 3.g")
  expect_identical(columns("margins g, at(x = (0 1))"),
                   "1bn._at#1bn.g 1bn._at#2.g 1bn._at#3.g 2._at#1bn.g 2._at#2.g 2._at#3.g")
  expect_identical(columns("margins g, dydx(x)"), "x:1bn.g x:2.g x:3.g")
  expect_identical(columns("margins, dydx(g)"), "2.g 3.g")
})

test_that("posted margins are combined by lincom with and without the mark of the base", {
  d <- margin_data()
  of <- function(...) stata(c("quietly logit y c.x##i.g", ...), d)$r
  a <- of("margins g, post", "lincom _b[2.g] - _b[1.g]")
  b <- of("margins g, post", "lincom _b[2.g] - _b[1bn.g]")
  expect_identical(a$estimate, b$estimate)
  slopes <- of("margins g, dydx(x) post", "lincom _b[x:2.g] - _b[x:1bn.g]")
  m <- of("margins g, dydx(x)")$b
  expect_gate(slopes$estimate, m[[2L]] - m[[1L]], "closed_form")
})

test_that("atmeans sets factors at their shares", {
  skip_if_not_installed("numDeriv")
  d <- margin_data()
  fit <- stats::glm(y ~ x * factor(g), binomial, d, control = list(epsilon = 1e-14))
  at <- c(1, mean(d$x), 1 / 3, 1 / 3, mean(d$x) / 3, mean(d$x) / 3)
  found <- margin_result(c("quietly logit y c.x##i.g", "margins, atmeans"), d)
  expect_gate(found[1:2], by_delta(fit, function(b) stats::plogis(sum(at * b))), "margins_numeric")
  log <- stata(c("quietly logit y c.x##i.g", "margins, atmeans"), d)$log
  expect_true("             : 1.g             = .3333333333 (mean)" %in% log)
})

test_that("margins after meta regress and metareg are predict()'s of rma()", {
  d <- data.frame(es = c(0.1, 0.4, 0.2, 0.6, 0.3, 0.5, 0.9, 0.2), se = rep(c(0.1, 0.2), 4), g = rep(1:2, 4), x = c(1:5, 3, 2, 7))
  fit <- rma(es, se^2, mods = ~ x + I(x^2) + factor(g), data = d)
  meta <- c("quietly meta set es se", "quietly meta regress c.x##c.x i.g")
  found <- margin_result(c(meta, "margins, at(x = (2 4)) atmeans"), d)
  expected <- stats::predict(fit, newmods = c(2, 4, 0.5))
  expect_gate(found[1:2], c(expected$pred, expected$se), "exact_solution")
  found <- margin_result(c(meta, "margins g"), d)
  expected <- stats::predict(fit, newmods = cbind(mean(d$x), mean(d$x^2), 0))
  expect_gate(found[1:2], c(expected$pred, expected$se), "exact_solution")
  expect_true("Expression   : Fitted values, predict(fitted fixedonly)" %in% stata(c(meta, "margins"), d)$log)
  plain <- rma(es, se^2, mods = ~x, data = d, test = "knha")
  found <- margin_result(c("quietly metareg es x, wsse(se)", "margins, at(x = 3)"), d)
  expect_gate(found[1L], stats::predict(plain, newmods = 3)$pred, "exact_solution")
})

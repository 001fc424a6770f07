set.seed(12)
d <- data.frame(yi = rnorm(10, 0.3, 0.6), vi = runif(10, 0.02, 0.4), x = rnorm(10), z = rnorm(10))
parts <- c("pred", "se", "ci.lb", "ci.ub", "pi.lb", "pi.ub")

test_that("predictions agree with metafor for every distribution", {
  skip_if_not_installed("metafor")
  for (test in c("z", "t", "knha")) {
    a <- rma(yi, vi, data = d, method = "DL", test = test)
    b <- metafor::rma.uni(yi, vi, data = d, method = "DL", test = test)
    for (predtype in c("simple", "riley", "t")) {
      ours <- predict(a, predtype = predtype)
      theirs <- predict(b, predtype = predtype)
      for (part in parts) expect_gate(ours[[part]], theirs[[part]], "metafor_closed")
    }
    for (part in parts) expect_gate(predict(a)[[part]], predict(b)[[part]], "metafor_closed")
  }
})

test_that("new values of moderators can be a vector or a matrix", {
  skip_if_not_installed("metafor")
  a <- rma(yi, vi, mods = ~ x + z, data = d, method = "DL")
  b <- metafor::rma.uni(yi, vi, mods = ~ x + z, data = d, method = "DL")
  new <- cbind(c(-1, 0, 2), 0.5)
  for (part in parts) {
    expect_gate(predict(a, newmods = new)[[part]], predict(b, newmods = new)[[part]], "metafor_closed")
    expect_gate(predict(a)[[part]], predict(b)[[part]], "metafor_closed")
    expect_gate(predict(a, newmods = c(1, 2), intercept = FALSE)[[part]],
                predict(b, newmods = c(1, 2), intercept = FALSE)[[part]], "metafor_closed")
  }
  expect_equal(capture.output(print(predict(a, newmods = new, addx = TRUE))),
               capture.output(print(predict(b, newmods = new, addx = TRUE))))
  expect_equal(nrow(as.data.frame(predict(a, newmods = new))), 3L)
})

test_that("transformed limits keep their order", {
  x <- rma(yi, vi, data = d)
  p <- predict(x, transf = function(v) -v)
  expect_lt(p$ci.lb, p$ci.ub)
  expect_gate(p$ci.ub, -predict(x)$ci.lb, "closed_form")
})

test_that("a wrong number of values is an error", {
  x <- rma(yi, vi, mods = ~ x + z, data = d)
  expect_error(predict(x, newmods = 1), class = "metaparity_error_input")
  expect_error(predict(rma(yi, vi, data = d), newmods = 1), class = "metaparity_error_input")
  expect_error(predict(x, predtype = "no"), class = "metaparity_error_input")
})

test_that("new moderators: one value per coefficient, names of rows, columns by part of their name", {
  skip_if_not_installed("metafor")
  d <- data.frame(yi = c(-0.9, -1.6, -1.3, -1.4, -0.2, 0.1), vi = c(0.33, 0.19, 0.41, 0.02, 0.05, 0.04),
                  dose = c(1, 3, 2, 5, 4, 6), year = c(3, 1, 4, 1, 5, 9), g = rep(c("a", "b"), 3))
  same <- function(mods, ...) {
    a <- predict(rma(yi, vi, mods = mods, data = d, method = "DL"), ...)
    b <- predict(metafor::rma(yi, vi, mods = mods, data = d, method = "DL"), ...)
    expect_equal(a$pred, b$pred, tolerance = 1e-10)
    expect_equal(a$pi.ub, b$pi.ub, tolerance = 1e-10)
    expect_identical(utils::capture.output(print(a)), utils::capture.output(print(b)))
  }
  same(~ dose + year, cbind(1, 2, 5))
  same(~ dose + year, cbind(0, 2, 5))
  same(~ dose, cbind(1, 5))
  same(~ dose, c(low = 1, high = 5))
  same(~ dose + year, cbind(ye = 4, do = 2))
  same(~ 0 + g, diag(2))
  same(~ g + year, rbind(A = c(0, 4), B = c(1, 4)))
  same(~ dose + year, addx = TRUE)
  expect_identical(utils::capture.output(print(predict(rma(yi, vi, mods = ~dose, data = d, method = "DL"),
                                                       addx = TRUE)[2:3])),
                   utils::capture.output(print(predict(metafor::rma(yi, vi, mods = ~dose, data = d, method = "DL"),
                                                       addx = TRUE)[2:3])))
  fit <- rma(yi, vi, mods = ~dose, data = d)
  expect_warning(predict(fit, cbind(1, 5), intercept = FALSE), class = "metaparity_warning_input")
  expect_error(predict(fit, cbind(1, 5, 6)), class = "metaparity_error_input")
})

test_that("the older name of predtype is understood", {
  fit <- rma(c(-0.9, -1.6, -1.3, -1.4, -0.2), c(0.33, 0.19, 0.41, 0.02, 0.05))
  expect_identical(predict(fit, pi.type = "riley")$pi.lb, predict(fit, predtype = "riley")$pi.lb)
  expect_lt(predict(fit, predtype = "riley")$pi.lb, predict(fit)$pi.lb)
})

test_that("shares of true effects, intervals for all predictions together, and covariances print as metafor's", {
  skip_if_not_installed("metafor")
  d <- data.frame(yi = c(-0.9, -1.6, -1.3, -1.4, -0.2, 0.1), vi = c(0.33, 0.19, 0.41, 0.02, 0.05, 0.04),
                  x = c(1, 3, 2, 5, 4, 6),
                  g = rep(c("a", "b"), 3))
  both <- function(mods, method, test, ...) {
    a <- rma(yi, vi, mods = mods, data = d, method = method, test = test)
    b <- metafor::rma(yi, vi, mods = mods, data = d, method = method, test = test)
    for (arguments in list(...)) {
      expect_identical(utils::capture.output(print(do.call(predict, c(list(a), arguments)))),
                       utils::capture.output(print(do.call(predict, c(list(b), arguments)))),
                       info = toString(names(arguments)))
    }
    for (type in c("obs", "marginal", "fitted", "resid")) {
      expect_identical(utils::capture.output(print(vcov(a, type = type)), print(round(vcov(a, type = type), 2))),
                       utils::capture.output(print(vcov(b, type = type)), print(round(vcov(b, type = type), 2))),
                       info = type)
    }
  }
  cases <- list(list(prob = "<0"), list(prob = " >= -1"), list(prob = "<log(0.5)", predtype = "simple"),
                list(prob = ">0", predtype = "riley", digits = 3), list(prob = "<0", transf = exp, addx = TRUE),
                list(adjust = TRUE))
  for (method in c("DL", "EE")) for (test in c("z", "knha")) {
    do.call(both, c(list(~ 1, method, test), if (method == "DL") cases else cases[-3L]))
    do.call(both, c(list(~ factor(g) + x, method, test), if (method == "DL") cases else cases[-3L]))
  }
  expect_error(predict(rma(yi, vi, data = d), prob = "0"), class = "metaparity_error_input")
})

test_that("names of newmods match in full, by a unique start or part; others are refused", {
  d <- moderator_sets()$bcg
  d$later <- seq_along(d$yi) %% 5
  d$latitude <- (seq_along(d$yi) * 7) %% 11
  ours <- rma(yi, vi, mods = ~ later + latitude + x, data = d)
  theirs <- metafor_fit(d$yi, d$vi, mods = ~ later + latitude + x, data = d)
  for (at in list(c(x = 1, latitude = 2, later = 3), c(x = 1, lati = 2, late = 3), c(x = 1, titude = 2, ater = 3))) {
    expect_gate(predict(ours, newmods = at)$pred, predict(theirs, newmods = at)$pred, "metafor_iterative")
    expect_gate(predict(ours, newmods = rbind(at))$se, predict(theirs, newmods = rbind(at))$se, "metafor_iterative")
    expect_equal(predict(ours, newmods = c(intrcpt = 1, at))$pred, predict(ours, newmods = at)$pred)
  }
  for (at in list(c(x = 1, lat = 2, later = 3), c(x = 1, x = 2, later = 3), c(x = 1, foo = 2, later = 3),
                  c(x = 1, latitude = 2))) {
    expect_error(predict(ours, newmods = at), class = "metaparity_error_input")
  }
  expect_error(predict(ours, newdata = d), class = "metaparity_error_input")
  error <- tryCatch(predict(ours, newdata = d), error = identity)
  expect_match(conditionMessage(error), "newmods", fixed = TRUE)
})

test_that("the heterogeneity for prediction intervals may be given, for all predictions or for each", {
  skip_if_not_installed("metafor")
  a <- rma(yi, vi, mods = ~ x, data = d, method = "DL", test = "knha")
  b <- metafor::rma.uni(yi, vi, mods = ~ x, data = d, method = "DL", test = "knha")
  same <- function(...) {
    ours <- predict(a, ...)
    theirs <- predict(b, ...)
    for (part in c(parts, "pi.se", "prob")) expect_equal(ours[[part]], theirs[[part]], tolerance = 1e-8)
  }
  same(newmods = c(-1, 2), hetvar = c(0.1, 0))
  same(hetvar = 0.7)
  for (type in c("simple", "riley", "t")) same(newmods = c(-1, 2), hetvar = c(0.1, 0.3), predtype = type)
  same(newmods = c(-1, 2), hetvar = 0.3, prob = "<0.2")
  for (bad in list("a", NULL, -1, numeric(), c(1, 2), NA)) {
    expect_error(predict(rma(yi, vi, data = d), hetvar = bad), class = "metaparity_error_input")
  }
})

test_that("probabilities take a comparison for all predictions or for each, and a number as a lower limit", {
  skip_if_not_installed("metafor")
  for (test in c("z", "knha")) {
    a <- rma(yi, vi, mods = ~ x, data = d, method = "DL", test = test)
    b <- metafor::rma.uni(yi, vi, mods = ~ x, data = d, method = "DL", test = test)
    new <- c(-1, 0.3, 2)
    for (prob in list("< 0", ">=0.1", 0.1, "<log(2)")) {
      for (type in c("default", "simple", "riley")) {
        expect_equal(predict(a, new, prob = prob, predtype = type)$prob,
                     predict(b, new, prob = prob, predtype = type)$prob,
                     tolerance = 1e-8)
      }
    }
  }
  x <- rma(yi, vi, data = d)
  expect_equal(predict(x, prob = "< 0")$prob + predict(x, prob = "> 0")$prob, 1)
  each <- predict(rma(yi, vi, mods = ~ x, data = d), new, prob = c("<-.5", ">0", "<= 1"))
  expect_equal(each$prob, pnorm(c(-1, 1, -1) * (each$pred - c(-0.5, 0, 1)) / each$pi.se), tolerance = 1e-12)
  for (bad in list("<", "x < 0", "< a", c("< 0", "> 0"), list("< 0"), TRUE, NA, NULL, "> system('ls')")) {
    expect_error(predict(x, prob = bad), class = "metaparity_error_input")
  }
})

test_that("a name without a colon means the variable, not its product with another", {
  d <- data.frame(yi = c(0.2, 0.5, 0.1, 0.9, 0.4, 0.7, 0.3, 0.6), vi = 0.05, ablat = 1:8, year = c(3, 1, 4, 1, 5, 9, 2, 6))
  fit <- rma(yi ~ ablat * year, vi, data = d)
  expect_identical(predict(fit, newmods = c(ab = 3, ye = 2, "ablat:" = 6)), predict(fit, newmods = c(3, 2, 6)))
  expect_error(predict(fit, newmods = c(a = 3, y = 2, ":" = 6, x = 1)), class = "metaparity_error_input")
})

test_that("intervals of new estimates have their sampling variance", {
  skip_if_not_installed("metafor")
  for (test in c("z", "knha")) {
    a <- rma(yi, vi, mods = ~x, data = d, method = "DL", test = test)
    b <- metafor::rma.uni(yi, vi, mods = ~x, data = d, method = "DL", test = test)
    for (newvi in list(0.1, c(0.1, 0.4))) {
      ours <- predict(a, newmods = c(0, 1), newvi = newvi)
      theirs <- predict(b, newmods = c(0, 1), newvi = newvi)
      for (part in parts) expect_gate(ours[[part]], theirs[[part]], "metafor_closed", scale = 1)
    }
  }
  expect_error(predict(a, newvi = -1), class = "metaparity_error_input")
  expect_error(predict(a, newmods = c(0, 1), newvi = 1:3), class = "metaparity_error_input")
})

test_that("a series stands for its numbers", {
  fit <- rma(c(.1, .4, -.2, .6, .3), rep(.1, 5), mods = 1:5)
  expect_equal(predict(fit, newmods = ts(1:3))$pred, predict(fit, newmods = 1:3)$pred)
})

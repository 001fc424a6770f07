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

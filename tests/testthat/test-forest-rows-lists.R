yi <- c(0.4, -0.2, 0.9, 0.1)
vi <- c(0.09, 0.01, 0.04, 0.16)
fit <- rma(yi, vi, method = "DL", slab = letters[1:4])
rows_of <- function(x, ...) forest_rows(x, forest_options(...))

test_that("rows of a cumulative result are its steps, and the last row that of all studies", {
  steps <- cumul(fit)
  rows <- rows_of(steps)
  study <- rows[rows$type == "study", ]
  expect_identical(study$label, c("a", "+ b", "+ c", "+ d"))
  expect_equal(study$est, as.numeric(steps$estimate))
  expect_equal(study$hi, as.numeric(steps$ci.ub))
  pooled <- rows[rows$type == "summary", ]
  expect_equal(unlist(pooled[c("est", "lo", "hi", "Q")], use.names = FALSE),
               c(fit$beta, fit$ci.lb, fit$ci.ub, fit$QE))
  expect_false(any(rows_of(steps, addfit = FALSE)$type == "summary"))
})

test_that("what is left out bears a minus, and the pooled row is the whole fit", {
  rows <- rows_of(leave1out(fit))
  study <- rows[rows$type == "study", ]
  brute <- vapply(seq_along(yi), function(i) as.numeric(rma(yi[-i], vi[-i], method = "DL")$beta), 0)
  expect_equal(study$est, brute)
  expect_equal(rows$est[rows$type == "summary"], as.numeric(fit$beta))
  unnamed <- rows_of(leave1out(rma(yi, vi)))
  expect_identical(unnamed$label[unnamed$type == "study"], paste0("-Study ", 1:4))
})

test_that("the level is the result's, and another is told", {
  steps <- cumul(rma(yi, vi, level = 90))
  expect_warning(rows <- rows_of(steps, level = 95), class = "metaparity_warning_input")
  expect_equal(attr(rows, "info")$level, 90)
})

test_that("plain estimates have Wald limits, and one that is missing is not estimable", {
  rows <- forest_rows(structure(list(yi = c(yi, NA), vi = c(vi, 1), level = 95, measure = "GEN"),
                                class = "metaparity_estimates"), forest_options())
  expect_identical(rows$type, c(rep("study", 4L), "excluded"))
  expect_equal(rows$hi[1:4], yi + stats::qnorm(0.975) * sqrt(vi))
})

test_that("studies of several outcomes are counted through, each outcome with its own pooled row", {
  other <- rma(yi[1:2] + 1, vi[1:2], method = "DL")
  rows <- rows_of(new_outcomes(list(pain = fit, sleep = other)))
  expect_identical(rows$label[rows$type == "heading"], c("pain", "sleep"))
  expect_equal(rows$study[rows$type == "study"], 1:6)
  expect_equal(rows$est[rows$type == "subtotal"], c(fit$beta, other$beta))
  expect_identical(names(new_outcomes(list(fit, other))$fits), c("Outcome 1", "Outcome 2"))
  expect_error(new_outcomes(list()), class = "metaparity_error_input")
  expect_error(new_outcomes(list(fit, 1)), "element 2", class = "metaparity_error_input")
  ratio <- rma(yi, vi, measure = "OR")
  expect_error(new_outcomes(list(fit, ratio)), "share one axis", class = "metaparity_error_input")
})

pth <- data.frame(est = c(-0.76, 11.01, -3.76), lb = c(-8.01, 2.23, -4.76), ub = c(6.49, 19.79, -2.76))
pool <- function(d) {
  fit <- rma(d$est, sei = (d$ub - d$lb) / (2 * stats::qnorm(.975)), method = "DL")
  c(est = fit$beta[1], lb = fit$ci.lb, ub = fit$ci.ub)
}

test_that("numbers that come back are equal, others are judged by the box of the inputs", {
  out <- compare_printed(c(est = 1.24, lb = -6.65, ub = 9.13), pool, pth, digits = 2, draws = 10)
  expect_s3_class(out, "metaparity_comparison")
  expect_identical(as.character(out$verdict), rep("equal", 3))
  expect_true(all(out$low <= out$ours & out$ours <= out$high))
  off <- compare_printed(c(est = round(out$high[1], 2) + 0.05, lb = -6.66, ub = NA), pool, pth, digits = 2, draws = 10)
  expect_identical(as.character(off$verdict), c("different", "equal within rounding", NA))
})

test_that("the box of a mean is known exactly", {
  x <- list(a = c(1.1, 2.2, 3.4), tag = "x")
  out <- compare_printed(c(m = 2.3), function(x) c(m = mean(x$a)), x, digits = 1, input.digits = c(a = 1), draws = 0)
  expect_equal(c(out$low, out$high), mean(x$a) + c(-0.05, 0.05))
  expect_identical(as.character(out$verdict), "equal within rounding")
  out <- compare_printed(c(m = 2.5), function(x) c(m = mean(x$a)), x, digits = 1, draws = 0, input.digits = c(a = 1))
  expect_identical(as.character(out$verdict), "different")
})

test_that("a count that moves in steps is approached", {
  below <- function(x) c(k = sum(x$a < 1))
  x <- list(a = c(0.99, 1, 1, 1, 1))
  out <- compare_printed(c(k = 5), below, x, digits = 0, input.digits = c(a = 2), draws = 0)
  expect_identical(as.character(out$verdict), "equal within rounding")
})

test_that("the caller's random numbers stay as they were, and a seed repeats the result", {
  set.seed(5)
  before <- .Random.seed
  first <- compare_printed(c(est = 1.2), pool, pth, digits = 1, draws = 5)
  expect_identical(.Random.seed, before)
  expect_identical(first, compare_printed(c(est = 1.2), pool, pth, digits = 1, draws = 5))
})

test_that("missing inputs and failing points do no harm", {
  x <- list(a = c(1.2, NA))
  out <- compare_printed(c(m = 1.2), function(x) if (x$a[1] > 1.2) stop("no") else c(m = x$a[1]), x,
                         digits = 1, draws = 4)
  expect_identical(as.character(out$verdict), "equal")
})

test_that("wrong arguments are named", {
  expect_error(compare_printed(c(1, 2), pool, pth), class = "metaparity_error_input")
  expect_error(compare_printed(c(nothing = 1), pool, pth), class = "metaparity_error_input")
  expect_error(compare_printed(c(est = 1), pool, pth, input.digits = c(zz = 1)), class = "metaparity_error_input")
  expect_error(compare_printed(c(est = 1), pool, pth, draws = -1), class = "metaparity_error_input")
})

test_that("digits are counted or taken by name", {
  expect_equal(printed_digits(c(1, 2.25, NA)), 2)
  expect_equal(printed_digits(c(1, 2)), 0)
  expect_equal(digits_of(c(a = 1, b = 1, c = 1), c(b = 3, 2)), c(2, 3, 2))
  out <- compare_printed(c(est = 1.24), pool, pth, draws = 0)
  expect_output(print(out), "1.24 .*equal")
})

test_that("what rounding leaves open is not decidable", {
  inputs <- data.frame(est = c(0.01, 0.00), se = c(0.01, 0.00))
  q_test <- function(d) {
    if (any(d$se <= 0)) stop("no standard error")
    c(p = stats::pchisq(diff(d$est)^2 / sum(d$se^2), 1, lower.tail = FALSE), est = 5)
  }
  open <- function(d) q_test(transform(d, se = pmax(se, 1e-6)))
  out <- compare_printed(c(p = 0.2), open, inputs, digits = 2, range = list(p = c(0, 1)))
  expect_identical(as.character(out$verdict), "not decidable")
  free <- compare_printed(c(p = 0.2), open, inputs, digits = 2)
  expect_identical(as.character(free$verdict), "equal within rounding")
  failing <- function(d) if (d$x < 1) stop("fails") else c(mean = 5)
  out <- compare_printed(c(mean = 7), failing, list(x = 1), 0, c(x = 0), draws = 5)
  expect_identical(as.character(out$verdict), "not decidable")
  expect_error(compare_printed(c(p = 0.2), open, inputs, range = list(q = c(0, 1))), class = "metaparity_error_input")
  expect_error(compare_printed(c(p = 0.2), open, inputs, range = list(p = 1)), class = "metaparity_error_input")
})

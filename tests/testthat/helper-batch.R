# Made outcomes for the tests of rma_batch(): one without any study, one with one, one with two.
some_outcomes <- function(n = 60, k = 7, holes = 0.2) {
  set.seed(11)
  v <- matrix(rexp(n * k, 10), n)
  y <- matrix(rnorm(n * k, 0.2, sqrt(v + 0.05)), n)
  y[sample(n * k, n * k * holes)] <- NA
  y[1, ] <- NA
  y[2, -1] <- NA
  y[3, -(1:2)] <- NA
  list(y = y, v = v)
}

batch_numbers <- c("k", "estimate", "se", "zval", "pval", "ci.lb", "ci.ub", "tau2", "I2", "H2", "QE", "QEp")

calm <- function(expr) suppressWarnings(expr, classes = "metaparity_warning")

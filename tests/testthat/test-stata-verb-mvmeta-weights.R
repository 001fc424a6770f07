# Stata's wt() counts the variance that stands beside the estimate missing in the first study: its numbers come out
# when that
# estimate is taken for one (its value does not matter); without it the weights are those of what was estimated.
as_stata_counts <- function(fit) {
  fit$studies$y[1L, 1L] <- 1
  fit
}

test_that("weights of studies and borrowing of strength are those of Stata's log", {
  fit <- as_stata_counts(mvmeta(z, S, study, data = mvmeta_data("telomerase")))
  fit$options$wt <- "sd details format(%5.3f) unscaled"
  fit$wt <- mvmeta_weights(fit, NULL)
  lines <- format_mvmeta_weights(fit)
  expect_true(all(c("               z1:      z1:      z2:      z2:", "            study    _cons    study    _cons",
                    "       1   24.157   33.466   21.487   29.937", "       6    0.660    0.689    0.287    1.132",
                    "      10   27.045   10.445   26.588    9.166", "   TOTAL  100.000  100.000  100.000  100.000",
                    "BORROWED    3.467    4.010    1.460    1.663",
                    "  DIRECT   96.533   95.990   98.540   98.337") %in% lines))
  expect_true(any(grepl("0.001     0.061     0.008     0.430$", lines)))
  expect_true(any(grepl("0.000     0.000     0.000     0.012$", lines)))
})

test_that("coefficients of the estimates are those of Stata's log and give the means", {
  fit <- as_stata_counts(mvmeta(z, S, study, data = mvmeta_data("telomerase")))
  fit$options$wt <- "dpc format(%5.3f)"
  fit$wt <- mvmeta_weights(fit, NULL)
  lines <- format_mvmeta_weights(fit)
  expect_true(all(c(" 1:z1  -0.055   0.381   0.032  -0.230", "10:z2   0.002  -0.010   0.065  -0.234") %in% lines))
  own <- mvmeta(z, S, study, data = mvmeta_data("telomerase"), wt = "dpc")
  y <- t(own$studies$y)
  expect_equal(as.numeric(t(own$wt$coefficients) %*% y[is.finite(y)]), unname(own$fit$beta), tolerance = 1e-8)
})

test_that("relative variances compare with outcomes alone", {
  fit <- mvmeta(z, S, study, data = mvmeta_data("telomerase"), wt = "rv details format(%5.3f)")
  lines <- format(fit)
  expect_true(all(c("Weights using relative variances method", "BORROWED   22.001   26.358   -6.821   -6.774",
                    "  DIRECT   77.999   73.642  106.821  106.774",
                    "  Univariate  .08850026  .56253764  .18662818  1.1682476",
                    "                     z1:        z1:        z2:        z2:") %in% lines))
})

test_that("shares add up, and common coefficients have none", {
  fit <- mvmeta(y, V, data = mvmeta_data("berkey"), wt = TRUE)
  expect_equal(colSums(fit$wt$total), diag(fit$fit$vb), ignore_attr = TRUE)
  expect_true(all(fit$wt$direct >= 0))
  expect_error(mvmeta(y, V, pubyear, data = mvmeta_data("berkey"), commonparm = TRUE, wt = TRUE),
               class = "metaparity_error_input")
  expect_error(mvmeta(fit, wt = "heavy"), class = "metaparity_error_input")
})

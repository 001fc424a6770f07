test_that("V may be a vector, a matrix, a list of blocks or one number", {
  d <- metadat::dat.assink2016
  V <- vcalc(vi, cluster = study, obs = esid, rho = 0.6, data = d)
  fit <- function(V) rma.mv(d$yi, V, random = ~ 1 | study/esid, data = d)$sigma2
  expect_equal(fit(blsplit(V, d$study)), fit(V), tolerance = 1e-12)
  expect_equal(fit(unclass(V)), fit(V), tolerance = 1e-12)
  expect_equal(fit(diag(d$vi)), fit(d$vi), tolerance = 1e-12)
  expect_equal(fit(0.1), fit(rep(0.1, 100)), tolerance = 1e-12)
  expect_null(sampling_blocks(diag(3), 3L, NULL)$blocks)
  expect_equal(joined_blocks(sampling_blocks(unclass(V), 100L, NULL)), unname(unclass(V)))
})

test_that("escalc data bring estimates and variances along", {
  d <- escalc("ZCOR", ri = ri, ni = ni, data = metadat::dat.mcdaniel1994[1:20, ])
  d$type <- rep(1:5, 4)
  a <- rma.mv(yi, vi, random = ~ 1 | type/study, data = d)
  b <- metafor::rma.mv(yi, vi, random = ~ 1 | type/study, data = d)
  expect_equal(as.numeric(a$beta), as.numeric(b$beta), tolerance = gate("mv_component"))
  expect_identical(a$measure, "ZCOR")
  c <- rma.mv(yi ~ type, vi, random = ~ 1 | study, data = d)
  expect_equal(as.numeric(c$beta), as.numeric(rma.mv(yi, vi, mods = ~ type, random = ~ 1 | study, data = d)$beta))
})

test_that("rows with missing values and subsets are left out, as metafor does", {
  d <- metadat::dat.konstantopoulos2011
  d$yi[c(2, 9)] <- NA
  d$year[20] <- NA
  expect_warning(a <- rma.mv(yi, vi, mods = ~ I(year - 1990), random = ~ 1 | district/school, data = d),
                 class = "metaparity_warning_dropped")
  b <- suppressWarnings(metafor::rma.mv(yi, vi, mods = ~ I(year - 1990), random = ~ 1 | district/school, data = d))
  expect_equal(a$sigma2, b$sigma2, tolerance = gate("mv_component"))
  expect_equal(c(a$k, a$k.f, a$s.nlevels), c(b$k, b$k.f, b$s.nlevels))
  expect_equal(a$dropped$row, c(2, 9, 20))
  a <- suppressWarnings(rma.mv(yi, vi, random = ~ 1 | district, data = d, subset = year > 1990))
  b <- suppressWarnings(metafor::rma.mv(yi, vi, random = ~ 1 | district, data = d, subset = year > 1990))
  expect_equal(a$sigma2, b$sigma2, tolerance = gate("mv_component"))
  V <- diag(3)
  V[1, 2] <- V[2, 1] <- NA
  expect_equal(mv_usable(list(yi = 1:3, V = sampling_blocks(list(V[1:2, 1:2], 1), 3L, NULL), X = matrix(1, 3))),
               c(FALSE, FALSE, TRUE))
})

test_that("negative sampling variances are 0, with a warning", {
  d <- metadat::dat.konstantopoulos2011
  d$vi[3] <- -0.1
  expect_warning(fit <- rma.mv(yi, vi, random = ~ 1 | district/school, data = d), class = "metaparity_warning_studies")
  d$vi[3] <- 0
  expect_equal(coef(fit), coef(rma.mv(yi, vi, random = ~ 1 | district/school, data = d)))
  V <- diag(d$vi)
  V[1, 2] <- V[2, 1] <- 0.01
  V[3, 3] <- -1
  expect_error(rma.mv(yi, V, random = ~ 1 | district/school, data = d), class = "metaparity_error_studies")
})

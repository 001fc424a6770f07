test_that("outcomes are found by their beginnings, in the order of the data or of vars", {
  d <- mvmeta_data("berkey")
  expect_identical(mvmeta(y, V, data = d)$studies$outcomes, c("y1", "y2"))
  two <- mvmeta("y", "V", data = d, vars = "y2 y1")
  expect_identical(two$studies$outcomes, c("y2", "y1"))
  expect_equal(rev(unname(two$fit$beta)), unname(mvmeta(y, V, data = d)$fit$beta), tolerance = 1e-8)
  expect_identical(mvmeta(y, V, data = d, vars = "y?")$studies$outcomes, c("y1", "y2"))
  names(d)[names(d) == "V12"] <- "V21"
  expect_equal(mvmeta(y, V, data = d)$fit$beta, mvmeta(y, V, data = mvmeta_data("berkey"))$fit$beta)
})

test_that("studies without outcomes or with missing covariates are told", {
  d <- mvmeta_data("telomerase", "z_both")
  lines <- format(mvmeta(z, S, study, data = d))
  expect_true("Warning: 1 observation has all outcomes missing, and has been dropped from analysis" %in% lines)
  lines <- format(mvmeta(y, S, study2, data = d))
  expect_true(paste("Warning: 1 observation has observed outcome and missing covariate, and has been dropped",
                    "from analysis") %in% lines)
  lines <- format(mvmeta(z, S, study, data = mvmeta_data("telomerase"), id = studychar))
  expect_true("Warning: at studychar=Study 1, z1 is missing, so I'm ignoring non-missing S12" %in% lines)
  off <- format(mvmeta(z, S, study, data = mvmeta_data("telomerase"), warning = "off"))
  expect_false(any(startsWith(off, "Warning")))
})

test_that("within-study correlations stand for covariances that are not there", {
  d <- mvmeta_data("p53")
  expect_error(mvmeta(lnHR, VlnHR, data = d), class = "metaparity_error_studies")
  fit <- mvmeta(lnHR, VlnHR, data = d, wscorr = 0.7)
  expect_true("Note: wscorr(0.7) used for all covariances" %in% sub("wscorr[(][.]7", "wscorr(0.7", format(fit)))
  d$VlnHRosdfs <- 0.7 * sqrt(d$VlnHRosos * d$VlnHRdfsdfs)
  expect_equal(mvmeta(lnHR, VlnHR, data = d)$fit$beta, fit$fit$beta)
  expect_error(mvmeta(lnHR, VlnHR, data = mvmeta_data("p53"), wscorr = 2), class = "metaparity_error_input")
})

test_that("variances must be there and above 0", {
  d <- mvmeta_data("berkey")
  d$V11[2L] <- NA
  expect_error(mvmeta(y, V, data = d), class = "metaparity_error_studies")
  d$V11[2L] <- -1
  expect_error(mvmeta(y, V, data = d), class = "metaparity_error_studies")
  d$V11 <- NULL
  expect_error(mvmeta(y, V, data = d), class = "metaparity_error_input")
})

test_that("equations give outcomes their own covariates", {
  d <- mvmeta_data("berkey")
  fit <- mvmeta(y, V, data = d, equations = "y1: pubyear, y2:")
  expect_identical(fit$table$name, c("pubyear", "_cons", "_cons"))
  expect_equal(fit$fit$beta, mvmeta(y, V, data = d, equations = list(y1 = "pubyear"))$fit$beta)
  expect_error(mvmeta(y, V, data = d, equations = "q: pubyear"), class = "metaparity_error_input")
  expect_error(mvmeta(y, V, data = d, equations = "y1: pubyear", commonparm = TRUE), class = "metaparity_error_input")
  expect_error(mvmeta(y, V, data = d, noconstant = TRUE), class = "metaparity_error_input")
  expect_error(mvmeta(y, V, pubyear, data = d[1L, ]), class = "metaparity_error_input")
})

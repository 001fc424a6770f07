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

test_that("covariances too large for the variances are an error with their rows, singular ones a warning", {
  d <- data.frame(y1 = c(.5, .1, .7), y2 = c(.2, .3, .1), V11 = .05, V22 = .05, V12 = c(.01, .1, .05))
  e <- expect_error(mvmeta(y, V, data = d), class = "metaparity_error_studies")
  expect_identical(e$rows, 2L)
  expect_s3_class(suppressWarnings(mvmeta(y, V, data = d[-2, ])), "stata_mvmeta")
  w <- expect_warning(mvmeta(y, V, data = d, subset = 3:1 != 2), class = "metaparity_warning_studies")
  expect_identical(w$rows, 3L)
  e <- expect_error(meta_mvregress("y1 y2", d, wcovvariables = "V11 V12 V22"), class = "metaparity_error_studies")
  expect_identical(e$rows, 2L)
  expect_warning(meta_mvregress("y1 y2", d[-2, ], wcovvariables = "V11 V12 V22"), class = "metaparity_warning_studies")
  # Stata's option; three correlations that no three estimates have.
  three <- cbind(d[c(1, 3), ], y3 = c(.1, .2), V33 = .05, V13 = .04, V23 = -.04)
  three$V12 <- .04
  expect_error(mvmeta(y, V, data = three, fixed = TRUE), class = "metaparity_error_studies")
  expect_s3_class(tryCatch(mvmeta(y, V, data = three, fixed = TRUE, noposdef = TRUE), error = identity), "condition")
})

test_that("a result is shown again with other names of the studies", {
  d <- mvmeta_data("berkey")
  d$name <- paste("Trial", LETTERS[1:5])
  fit <- mvmeta(y, V, data = d, longparm = TRUE)
  expect_match(format(mvmeta(fit, wt = TRUE, id = name)), "Trial C", all = FALSE)
  again <- mvmeta(fit, pbest = "max, reps(10) seed(1) all id(name)")
  expect_match(names(again$pbest$probability), "^Trial")
  expect_identical(again$pbest$id, "name")
  expect_error(mvmeta(fit, pbest = "max, id(nothing)"), class = "metaparity_error_input")
  expect_error(mvmeta(fit, wt = TRUE, id = name, data = d[1:2, ]), class = "metaparity_error_input")
})

test_that("numbers of a log with a covariate", {
  d <- dta_counts("ascus")
  d$Test <- as.numeric(d$test == "RepC")
  v <- midas(tp, fp, fn, tn, data = d, reg = Test, res = "all")
  lines <- format(v)
  # Printed by Stata; what its own deviance of 298.3 enters is in the details of the help page.
  for (line in c("Reference-positive Units =  972", "Reference-negative Units = 9487", "Pretest Prob of Disease = 0.09",
                 "Correlation (Mixed Model)= -0.62",
                 "Interstudy variation in Sensitivity: ICC_SEN =  0.24, 95% CI = [ 0.09- 0.38]",
                 "Interstudy variation in Sensitivity: MED_SEN =  0.72, 95% CI = [ 0.65- 0.81]",
                 "Interstudy variation in Specificity: ICC_SPE =  0.08, 95% CI = [ 0.03- 0.13]",
                 "Interstudy variation in Specificity: MED_SPE =  0.63, 95% CI = [ 0.59- 0.67]",
                 "ROC Area, AUROC = 0.78 [0.74 - 0.81]", "Inconsistency (I-square): LRT_I2 =  99, 95% CI = [ 98- 99]",
                 "Sensitivity                     0.83 [    0.75,    0.89]",
                 "Specificity                     0.65 [    0.59,    0.70]",
                 "Positive Likelihood Ratio        2.4 [     2.1,     2.7]",
                 "Diagnostic Odds Ratio              9 [       6,      14]",
                 "  | Test        Yes        12.52     0.00     84   66     100  |",
                 "  |             No         .         .        .    .      .    |",
                 "  |             No               10   0.93 [0.89 - 0.97]   .      0.61 [0.53 - 0.69]   .    |"))
    expect_true(line %in% lines, label = line)
})

test_that("options, figures, the language", {
  d <- dta_counts("dementia")
  v <- midas(tp, fp, fn, tn, data = d, id = study, table = "dss", fagan = .2, sroc = "both", forest = "dss")
  expect_equal(v$options$prior, .2)
  expect_match(format(v), "Galluzi 2010", all = FALSE)
  grDevices::pdf(NULL)
  on.exit(grDevices::dev.off())
  for (which in c("sroc", "forest", "fagan")) expect_s3_class(plot(v, which), "metaparity_figure")
  out <- stata("midas tp fp fn tn, res(all) nip(1) plot sroc(both)\nmidas tp fp fn tn, forest(dss) id(study)", data = d,
               graphs = FALSE)
  expect_match(utils::capture.output(print(out)), "LRT_Q = 40.135", all = FALSE)
})

test_that("what cannot be reproduced is refused by name", {
  d <- dta_counts("dementia")
  for (option in c("pubbias", "modchk", "chiplot", "bivbox", "lrmatrix")) {
    e <- expect_error(do.call(midas, c(list(quote(tp), quote(fp), quote(fn), quote(tn), data = d),
                                       stats::setNames(list(TRUE), option))), class = "metaparity_error_input")
    expect_identical(e$arg, option)
  }
  expect_error(midas(tp, fp, fn, tn, data = d, res = "none"), class = "metaparity_error_input")
  expect_error(midas(tp, fp, fn, tn, data = d, reg = tp), class = "metaparity_error_input")
  expect_error(midas(tp, fp, fn, tn, data = d, fagan = 3), class = "metaparity_error_input")
})

test_that("a study that is left out is in no group of the covariate", {
  d <- dta_counts("ascus")
  d$Test <- as.numeric(d$test == "RepC")
  whole <- midas(tp, fp, fn, tn, data = d[-2, ], reg = Test)
  d$tp[2] <- NA
  expect_warning(v <- midas(tp, fp, fn, tn, data = d, reg = Test), class = "metaparity_warning_dropped")
  expect_identical(v$reg$n, whole$reg$n)
  expect_identical(sum(v$reg$n), nrow(d) - 1L)
  d$Test[2] <- NA
  expect_identical(suppressWarnings(midas(tp, fp, fn, tn, data = d, reg = Test))$reg$n, whole$reg$n)
})

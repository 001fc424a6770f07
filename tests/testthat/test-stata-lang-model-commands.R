test_that("equations are read from the command, options go where they belong", {
  p <- metaparity:::parse_meta("meta meregress y x i.g if z > 1 || a: x, cov(uns) || b:, essevariable(se) mle")
  expect_identical(p$rest$text[1:3], c("meregress", "y", "x"))
  expect_identical(p$options, list(essevariable = "se", mle = NA_character_))
  expect_identical(p$equations, list(list(level = "a", vars = "x", own = "cov(uns)"),
                                     list(level = "b", vars = "", own = character())))
  expect_identical(metaparity:::parse_meta("meta set a b")$rest$text, c("set", "a", "b"))
  expect_error(metaparity:::parse_meta("meta meregress y || a"), class = "metaparity_error_stata")
})

test_that("multilevel words give the verbs' numbers, e() and estat", {
  r <- do_file("meta meregress stdmdiff year || district: year, cov(ind) || school:, esse(se) nolog",
               "gen b = _b[year]", "gen s = exp(_b[lns1_1_2:_cons])", "test year", "scalar p = r(p)", "estat group",
               "estat heterogeneity", "scalar i2 = r(I2_Q)", "estat recov, relevel(district)", "matrix S = r(cov)",
               "predict double re*, reffects", "predict double f if district == 11, fitted", "estat sd, variance",
               "meta multilevel stdmdiff i.late, relevels(district school) essevariable(se) mle",
               data = transform(schools(), late = as.integer(year > 5)))
  v <- r$results[[1]]
  expect_equal(r$data$b[1], v$table$b[1], tolerance = 1e-6)
  expect_equal(r$data$s[1], sqrt(v$re[[1]]$Sigma[2, 2]), tolerance = 1e-6)
  expect_identical(is.na(r$data$f), r$data$district != 11)
  expect_equal(v$r$ll, meta_meregress("stdmdiff year || district: year || school:", schools(), essevariable = "se")$r$ll)
  expect_gate(r$data$re3, unname(predict(v, "reffects")[, 3]), "closed_form", scale = 1)
  expect_s3_class(r$results[[length(r$results)]], "stata_meta_meregress")
  expect_identical(r$results[[length(r$results)]]$table$name, c("1", "_cons"))
})

test_that("multivariate words: the log of Stata 17", {
  r <- do_file("meta mvregress y1 y2 = study, wcovvar(S11 S12 S22) random(,cov(uns))", "estat recovariance",
               "predict f*, fitted", "predict r2, residuals equation(y2)", "test [y1]study", "lincom [y2]study - [y1]study",
               "display _b[y1:study] - _b[study]", data = models_data("telomerase2"))
  expect_stata_lines(format(r$results[[1]]), models_log("mvregress-y1y2"))
  expect_true(all(c("f1", "f2", "r2") %in% names(r$data)))
  expect_equal(r$data$f1, unname(predict(r$results[[1]], "fitted")[, 1]), tolerance = 1e-6)
})

test_that("dose-response words", {
  d <- models_data("alcohol-crc")
  r <- do_file("gen dose2 = dose^2", "drmeta logrr dose, data(peryears cases) id(study) type(type) se(se) reml",
               "lincom dose*12, eform", "predict b, reffects", "predict f, fitted",
               "drmeta logrr dose dose2, d(peryears cases) i(study) t(type) se(se) reml 2stage", "testparm dose*",
               "glst logrr dose if study == 1, se(se) cov(peryears cases) ir", "predict x, xb",
               "glst logrr dose, se(se) cov(peryears cases) pfirst(study type) tstage(r)", data = d)
  expect_true(r$results[[2]]$options$twostage)
  expect_equal(r$results[[3]]$r$N, 5L)
  expect_identical(sum(is.na(r$data$f)), 0L)
  expect_identical(sum(is.na(r$data$b)), 8L)
})

test_that("what is not here is refused by name", {
  refused <- function(line, data, class = "metaparity_error_unsupported") {
    expect_error(do_file(line, data = data), class = class)
  }
  refused("meta meregress stdmdiff || district: year, cov(exch), || school:, esse(se)", schools(), "metaparity_error")
  refused(c("meta multilevel stdmdiff, relevels(district) esse(se)", "estat bubbleplot"), schools(), "metaparity_error")
  refused("meta mvregress y1 y2, wcovvar(v11 v12 v22) random(jwriley)", gum(), "metaparity_error")
  refused(c("glst logrr dose if study == 1, se(se) cov(peryears cases) ir", "estat sd"), models_data("alcohol-crc"),
          "metaparity_error")
  refused("meta mvregress y1 y2#year, wcovvar(v11 v12 v22)", gum(), "metaparity_error")
})

test_that("predict takes any name, also without options, and the first equation of mvmeta", {
  d <- gum()
  run <- run_stata_lines(c("meta mvregress y1 y2 = year, wcovvar(v11 v12 v22)", "predict xb", "predict p*, xb"), d)
  expect_equal(run$data$xb, run$data$p1)
  b <- mvmeta_data("berkey")
  b$x <- c(1, 3, 2, 5, 4)
  run <- run_stata_lines(c("mvmeta y V x in 2/5", "predict p, xb", "predict q*, xb", "predict r, eq(y2)"), b)
  expected <- predict(mvmeta(y, V, x, data = b, subset = 2:5))
  expect_equal(run$data$p, c(NA, expected[, 1]), ignore_attr = TRUE, tolerance = 1e-6)
  expect_equal(run$data$q2, c(NA, expected[, 2]), ignore_attr = TRUE, tolerance = 1e-6)
  expect_equal(run$data$r, run$data$q2)
})

test_that("sbe16_meta lists studies, shrinks them and draws the chosen model", {
  d <- stata_fixture("example.csv")
  v <- sbe16_meta(logor, selogor, data = d, id = id, ebayes = TRUE, print = TRUE, level = 90)
  expect_snapshot(sbe16_meta(logor, selogor, data = d[1:5, ], id = id, print = TRUE, eform = TRUE))
  fit <- rma(logor, sei = selogor, data = d, method = "DL", level = 90)
  expect_equal(v$r$random_ub, fit$ci.ub)
  expect_equal(v$r$tau2, fit$tau2)
  e <- v$studies_table
  expect_equal(e$ebest, (d$logor / d$selogor^2 + v$r$random / v$r$tau2) / (1 / d$selogor^2 + 1 / v$r$tau2))
  pdf(NULL)
  on.exit(dev.off())
  for (gr in c("f", "r", "e")) expect_s3_class(plot(sbe16_meta(logor, selogor, data = d, gr = gr)), "forest_plot")
  expect_error(sbe16_meta(logor, selogor, data = d, gr = "x"), class = "metaparity_error_input")
})

test_that("metatrim saves the filled data and refuses to write over a file", {
  d <- stata_fixture("example.csv")
  file <- tempfile(fileext = ".csv")
  on.exit(unlink(file))
  v <- metatrim(logor, selogor, data = d, idvar = id, save = file)
  expect_equal(utils::read.csv(file)$theta, v$table$theta)
  expect_error(metatrim(logor, selogor, data = d, save = file), class = "metaparity_error_input")
  expect_silent(metatrim(logor, selogor, data = d, save = paste0(file, ", replace")))
})

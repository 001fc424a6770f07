test_that("heterogeneity of the multilevel model", {
  v <- meta_multilevel("stdmdiff", schools(), "district school", essevariable = "se")
  h <- estat_heterogeneity(v)
  expect_gate(h$table$value, c(90.49863, 63.32484, 31.86248, 95.18731), "dosresmeta_counts")
  expect_identical(names(h$r), c("I2_Q", "I2_HT_district", "I2_HT_school", "I2_HT"))
  expect_identical(estat_heterogeneity(v, relevel = "school")$table$part, c("Joint", "school"))
  slopes <- meta_meregress("stdmdiff year || district: year", schools(), essevariable = "se")
  expect_identical(estat_heterogeneity(slopes)$table$method, "Cochran")
  expect_snapshot(h)
  expect_snapshot(estat_sd(v, variance = TRUE))
  expect_snapshot(estat_recovariance(v, relevel = "district"))
  expect_snapshot(estat_group(v))
})

test_that("heterogeneity of the multivariate model, by its formulas", {
  d <- gum()
  v <- meta_mvregress("y1 y2 = year", d, "v11 v12 v22")
  f <- meta_mvregress("y1 y2 = year", d, "v11 v12 v22", common = TRUE)
  h <- estat_heterogeneity(v, all = TRUE)
  value <- function(method, part, name) h$table$value[h$table$method == method & h$table$part == part & h$table$name == name]
  Q <- v$fit$QE
  expect_equal(value("Cochran", "Joint", "I2"), 100 * (Q - 6) / Q)
  expect_equal(value("Cochran", "Joint", "H2"), Q / 6)
  R <- (det(v$test$V) / det(f$test$V))^(1 / 8)
  expect_equal(value("Jackson\u2013White\u2013Riley", "Joint", "R"), R)
  expect_equal(value("Jackson\u2013White\u2013Riley", "Joint", "I2"), 100 * (R^2 - 1) / R^2)
  R <- (det(v$test$V[3:4, 3:4]) / det(f$test$V[3:4, 3:4]))^(1 / 4)
  expect_equal(value("Jackson\u2013White\u2013Riley", "y2", "R"), R)
  w <- 1 / d$v11
  s2 <- 4 * sum(w) / (sum(w)^2 - sum(w^2))
  expect_equal(value("White", "y1", "I2"), 100 * v$r$Sigma[[1]] / (v$r$Sigma[[1]] + s2))
  expect_identical(unique(estat_heterogeneity(v)$table$method), c("Cochran", "Jackson\u2013White\u2013Riley"))
  expect_identical(unique(estat_heterogeneity(v, white = TRUE)$table$method), "White")
  expect_identical(unique(estat_heterogeneity(v, jwriley = "y2")$table$part), "y2")
  expect_snapshot(estat_heterogeneity(v))
  expect_equal(diag(estat_recovariance(v, correlation = TRUE)$r$corr), c(y1 = 1, y2 = 1))
})

test_that("what has none is refused", {
  f <- meta_mvregress("y1 y2", gum(), "v11 v12 v22", common = TRUE)
  for (verb in list(estat_heterogeneity, estat_sd, estat_recovariance)) {
    expect_error(verb(f), class = "metaparity_error_unsupported")
    expect_error(verb(1), class = "metaparity_error_input")
    expect_error(verb(), class = "metaparity_error_input")
  }
  v <- meta_mvregress("y1 y2", gum(), "v11 v12 v22")
  expect_error(estat_group(v), class = "metaparity_error_input")
  expect_error(estat_heterogeneity(v, jwriley = "x"), class = "metaparity_error_input")
  expect_error(estat_recovariance(v, relevel = "y1"), class = "metaparity_error_input")
})

test_that("estat_group() says which commands have groups", {
  d <- data.frame(y1 = c(.47, .2, .4), y2 = c(-.32, -.6, -.12), v11 = .01, v12 = .001, v22 = .01)
  fit <- meta_mvregress("y1 y2", d, wcovvariables = "v11 v12 v22")
  e <- expect_error(estat_group(fit), class = "metaparity_error_input")
  expect_match(conditionMessage(e), "no groups")
  expect_no_match(conditionMessage(e), "stata_")
})

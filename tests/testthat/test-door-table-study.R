d <- data.frame(trial = c("A", "B", "C"), a = c(4, 6, 3), n1 = c(123, 306, 231), c = c(11, 29, 11),
                n2 = c(139, 303, 220), year = c(1948, 1949, 1960))

test_that("studies stand with their arms, effects and weights", {
  fit <- rma(ai = a, n1i = n1, ci = c, n2i = n2, data = d, measure = "RR", slab = trial)
  t <- study_table(fit, add = d["year"])
  frame <- as.data.frame(t)
  expect_identical(frame$study, d$trial)
  expect_equal(frame$estimate, exp(as.numeric(fit$yi)))
  expect_equal(frame$weight, as.numeric(weights(fit)))
  expect_identical(frame$year, d$year)
  cells <- format(t)
  expect_identical(cells[["Treatment Events/Total"]], c("4/123", "6/306", "3/231"))
  expect_equal(frame$ci.ub, exp(as.numeric(fit$yi) + qnorm(0.975) * sqrt(fit$vi)))
  expect_match(names(format(study_table(fit, lang = "zh")))[1L], "\u7814\u7a76")
})

test_that("means have their SD, estimates alone have none, rows left out are counted", {
  e <- escalc("MD", m1i = c(1, 2), sd1i = c(1, 1), n1i = c(10, 12), m2i = c(2, 2.5), sd2i = c(1, 2), n2i = c(9, 11))
  cells <- format(study_table(rma(measure = "MD", m1i = c(1, 2), sd1i = c(1, 1), n1i = c(10, 12), m2i = c(2, 2.5),
                                  sd2i = c(1, 2), n2i = c(9, 11)), groups = c("New", "Old")))
  expect_true(any(grepl("New", names(cells))))
  expect_match(cells[[2L]][1L], "1[.0]* \\(1[.0]*\\), 10")
  gone <- suppressWarnings(rma(c(0.1, NA, 0.3), c(0.02, 0.03, 0.04)))
  expect_identical(nrow(as.data.frame(study_table(gone))), 2L)
  expect_match(table_notes(study_table(gone)), "1 studies|1 ")
  expect_error(study_table(gone, add = list(x = 1:2)), class = "metaparity_error_input")
  expect_error(study_table(), class = "metaparity_error_input")
  expect_error(study_table(gone, groups = "A"), class = "metaparity_error_input")
})

test_that("groups are a column; studies without an effect of their own say so", {
  by <- rma(ai = a, n1i = n1, ci = c, n2i = n2, data = d, measure = "RR", by = trial == "A")
  frame <- as.data.frame(study_table(by, add = d["year"]))
  expect_identical(frame[[2L]], as.character(d$trial == "A"))
  expect_equal(frame$estimate, exp(as.numeric(by$overall$yi)))
  mh <- suppressWarnings(rma.mh(measure = "OR", ai = c(0, 0, 1), n1i = c(10, 20, 30), ci = c(0, 1, 2), n2i = c(10, 20, 30)))
  cells <- format(study_table(mh))
  expect_identical(cells[["Odds Ratio"]][1L], "Not estimable")
  expect_identical(cells[["95% CI"]][1L], "")
  expect_false(any(grepl("NA", unlist(cells))))
  gone <- suppressWarnings(rma(c(0.1, NA, 0.3), c(0.02, 0.03, 0.04)))
  expect_identical(table_notes(study_table(gone)), "1 study without an effect is not shown")
})

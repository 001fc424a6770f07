two <- list(m1i = 10, m2i = 10, sd1i = 3, sd2i = 3, n1i = 20, n2i = 20)

of_families <- function(...) {
  Filter(function(m) measure_table[[m]]$family %in% c(...), names(mean_measures))
}

test_that("equal groups and occasions have the value of no effect", {
  for (m in of_families("means", "difference", "second_sd", "two_sds", "binormal"))
    expect_gate(do.call(escalc, c(list(m), two))$yi, measure_table[[m]]$null, "closed_form", scale = 1)
  for (m in of_families("change", "change_given", "change_first", "change_sds"))
    expect_gate(escalc(m, m1i = 10, m2i = 10, sd1i = 3, sd2i = 3, ri = 0.4, ni = 20)$yi, measure_table[[m]]$null,
                "closed_form", scale = 1)
  expect_identical(measure_table$CLES$null, 0.5)
  for (m in of_families("mean", "sd", "pomp_mean")) expect_true(is.na(measure_table[[m]]$null), label = m)
})

test_that("back on the natural scale: ratios, means, standard deviations", {
  back <- function(m, ...) measure_function(measure_table[[m]]$back)(as.numeric(escalc(m, correct = FALSE, ...)$yi))
  given <- list(m1i = 12, m2i = 8, sd1i = 3, sd2i = 4, n1i = 20, n2i = 30)
  expect_gate(do.call(back, c("ROM", given)), 1.5, "closed_form")
  expect_gate(do.call(back, c("VR", given)), 0.75, "closed_form")
  expect_gate(do.call(back, c("CVR", given)), 0.5, "closed_form")
  expect_gate(back("MNLN", mi = 5, sdi = 2, ni = 10), 5, "closed_form")
  expect_gate(back("SDLN", sdi = 2, ni = 10), 2, "closed_form")
  expect_gate(back("CVLN", mi = 5, sdi = 2, ni = 10), 0.4, "closed_form")
  d <- 0.7
  expect_gate(back("D2OR", di = d, n1i = 20, n2i = 30), exp(d * pi / sqrt(3)), "closed_form")
  expect_gate(back("ROMC", m1i = 12, m2i = 8, sd1i = 3, sd2i = 4, ri = 0.3, ni = 20), 1.5, "closed_form")
})

test_that("the variance formulas of the table are those of the core", {
  ask <- list(means = two, difference = two, second_sd = two, two_sds = two, binormal = two,
              area = list(ai = 0.7, n1i = 20, n2i = 20), mean = list(mi = 5, sdi = 2, ni = 10))
  for (m in of_families("means", "difference", "second_sd", "two_sds", "binormal", "area")) {
    info <- measure_table[[m]]
    if (identical(info$vtypes, any_vtype)) next
    for (v in any_vtype) {
      run <- function() suppressWarnings(do.call(escalc, c(list(m, vtype = v), ask[[info$family]])))
      if (v %in% info$vtypes) expect_true(is.finite(run()$vi), label = paste(m, v)) else
        expect_error(run(), class = "metaparity_error_input", label = paste(m, v))
    }
  }
})

test_that("groups changing places change the sign of every difference and ratio", {
  a <- list(m1i = 12, m2i = 8, sd1i = 3, sd2i = 4, n1i = 20, n2i = 30)
  b <- list(m1i = 8, m2i = 12, sd1i = 4, sd2i = 3, n1i = 30, n2i = 20)
  for (m in c("MD", "SMD", "SMDH", "ROM", "VR", "CVR", "RPB", "RBIS", "D2OR", "D2ORN", "D2ORL")) {
    expect_gate(do.call(escalc, c(m, a))$yi, -do.call(escalc, c(m, b))$yi, "closed_form")
    expect_gate(do.call(escalc, c(m, a))$vi, do.call(escalc, c(m, b))$vi, "closed_form")
  }
})

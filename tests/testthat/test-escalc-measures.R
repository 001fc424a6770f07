test_that("every measure agrees with metafor for every variance formula, corrected or not", {
  skip_if_not_installed("metafor")
  slow <- c("R2F", "ZR2F")
  for (m in setdiff(names(measure_table), slow)) for (v in metafor_vtypes(m)) {
    same_measure(m, family_data[[measure_table[[m]]$family]], vtype = v)
    if (v == "LS") same_measure(m, family_data[[measure_table[[m]]$family]], correct = FALSE)
  }
  for (m in slow) same_measure(m, lapply(family_data$determination, `[`, 2L))
})

test_that("variance formulas may differ between studies", {
  skip_if_not_installed("metafor")
  for (m in names(measure_table)) {
    v <- metafor_vtypes(m)
    if (length(v) %in% 3:8) same_measure(m, family_data[[measure_table[[m]]$family]], vtype = rep_len(v, 4L))
  }
})

test_that("a variance formula that a measure has not is refused by both", {
  skip_if_not_installed("metafor")
  for (m in setdiff(names(measure_table), c("GEN", "HR", "HD"))) for (v in c("LS2", "UB", "AV", "H0")) {
    if (v %in% measure_table[[m]]$vtypes) next
    args <- c(list(m), lapply(family_data[[measure_table[[m]]$family]], `[`, 1:2), list(vtype = v))
    expect_error(do.call(metafor::escalc, args), label = paste(m, v))
    expect_error(do.call(escalc, args), class = "metaparity_error_input", label = paste(m, v))
  }
})

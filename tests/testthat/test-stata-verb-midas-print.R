test_that("genuine logs, line by line", {
  for (name in c("telomerase", "dementia")) {
    v <- midas(tp, fp, fn, tn, data = dta_counts(name), res = "all", sroc = "both", nip = 1)
    expect_identical(format(v), dta_log(paste0("midas-", name)))
  }
})

test_that("parts of the log and tables", {
  d <- dta_counts("dementia")
  het <- format(midas(tp, fp, fn, tn, data = d, res = "het"))
  expect_match(het, "LRT_Q", all = FALSE)
  expect_false(any(grepl("^Sensitivity ", het)))
  sum <- format(midas(tp, fp, fn, tn, data = d, res = "sum", level = 90))
  expect_match(sum, "90% CI", all = FALSE)
  for (table in c("dss", "dlr", "dlor")) {
    box <- format(midas(tp, fp, fn, tn, data = d, table = table, id = study))
    box <- box[grepl("^  [|+]", box)]
    expect_length(unique(nchar(box)), 1L)
    expect_match(box, "Summary", all = FALSE)
  }
})

test_that("large ratios are printed in full", {
  d <- data.frame(tp = c(90, 88, 95, 80), fp = c(1, 2, 1, 3), fn = c(5, 4, 3, 6), tn = c(150, 160, 140, 170))
  for (table in c("dlor", "dlr", "dss")) expect_no_match(format(midas(tp, fp, fn, tn, data = d, table = table)), "e[+]")
  lines <- format(midas(tp, fp, fn, tn, data = d, table = "dlor"))
  expect_match(lines, sprintf("%.2f", 88 * 160 / (4 * 2)), fixed = TRUE, all = FALSE)
})

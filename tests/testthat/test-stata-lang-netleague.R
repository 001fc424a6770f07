test_that("cells hold the column against the row, as network compare has them", {
  net <- network_setup(d, n, data = smoking_data(), studyvar = study, trtvar = trt)
  t <- network_compare(network_meta(net, "consistency"), eform = TRUE)$table
  run <- netgraph_run(c(smoking_pairs[1:2], "netleague, lab(No Self Ind Group) sort(Group No Self Ind) eform"),
      smoking_data())
  names <- c(No = "A", Self = "B", Ind = "C", Group = "D")[c("Group", "No", "Self", "Ind")]
  expect_identical(diag(as.matrix(run$data[1:4, paste0("_", names)])), names(names))
  for (i in 1:4) for (j in setdiff(1:4, i)) {
    at <- which(t$treatment == names[j] & t$comparator == names[i])
    expect_identical(run$data[[paste0("_", names[j])]][i], sprintf("%.2f (%.2f,%.2f)", t$est[at], t$lo[at], t$hi[at]))
  }
  expect_true(any(grepl("stored at the end", run$log)))
  plain <- netgraph_run(c(smoking_pairs[1:2], "netleague, nokeep"), smoking_data())
  expect_false("_A" %in% names(plain$data))
})

test_that("effects of variables make the table, which is written as a workbook", {
  skip_if_not_installed("openxlsx")
  d <- data.frame(es = c(.5, 1, .4), se = c(.1, .2, .3), t1 = c("A", "A", "B"), t2 = c("B", "C", "C"))
  file <- tempfile(fileext = ".xlsx")
  run <- netgraph_run(sprintf("netleague es se t1 t2, nomv lab(X Y Z) sort(A B C) export(\"%s\")", file), d)
  expect_identical(run$data[["_A"]], c("X", "0.50 (0.30,0.70)", "1.00 (0.61,1.39)"))
  expect_identical(run$data[["_C"]][1L], "-1.00 (-1.39,-0.61)")
  sheet <- openxlsx::read.xlsx(file, colNames = FALSE)
  expect_identical(sheet[2L, 1L], "0.50 (0.30,0.70)")
  expect_error(stata("netleague es se t1 t2", d), class = "metaparity_error_stata")
  expect_error(stata("netleague es se t1 t2, nomv", rbind(d, d)), class = "metaparity_error_stata")
  expect_error(stata("netleague es se t1 t2, nomv sort(A B)", d), class = "metaparity_error_stata")
})

test_that("the page names verbs that there are", {
  page <- tools::Rd_db("metaparity")[["which_model.Rd"]]
  text <- paste(as.character(page), collapse = "")
  linked <- unique(regmatches(text, gregexpr("[a-z][a-z0-9_.]*(?=\\(\\))", text, perl = TRUE))[[1L]])
  ours <- intersect(linked, c("rma", "rma.mh", "rma.mv", "rma.glmm", "vcalc", "robust", "selmodel", "matreg", "bias_table"))
  expect_length(ours, 9L)
  expect_true(all(ours %in% getNamespaceExports("metaparity")))
})

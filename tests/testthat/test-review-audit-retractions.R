test_that("references are found by DOI, number or title", {
  x <- data.frame(study = c("A", "B", "C", "D"),
                  doi = c("https://doi.org/10.1000/ABC", "10.1000/xyz", NA, NA), pmid = c(NA, "123", "456", NA),
                  title = c("", "", "", "A long title of a paper, that is its own!"))
  gone <- data.frame(doi = "10.1000/abc", pubmed = "PMID 456", title = "A long title of a paper that is its own")
  found <- audit(x, retracted = gone)
  expect_identical(found$row, c(1L, 3L, 4L))
  expect_setequal(found$check, "C15")
  expect_identical(found$what, c("doi", "pubmed", "title"))
  expect_identical(nrow(audit(x, retracted = "10.9/none")), 0L)
  expect_error(audit(x, retracted = data.frame(a = 1)), class = "metaparity_error_input")
  expect_error(audit(data.frame(a = 1), retracted = "10.1/a"), class = "metaparity_error_input")
})

test_that("a review's references are named by their study", {
  review <- read_rm5(system.file("extdata", "example.rm5", package = "metaparity"))
  review$references$doi[2L] <- "10.1000/abc"
  found <- audit(review, retracted = "10.1000/abc")
  expect_identical(found$part[found$check == "C15"], "Birch 2004")
})

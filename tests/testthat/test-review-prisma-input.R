test_that("numbers have names of boxes, parts and pairs; what is none is named", {
  numbers <- prisma_numbers(list(screened = 12L, databases = list(a = 1, b = 2), included = c(8, 10)), NULL)
  expect_identical(numbers, list(screened = 12, databases = c(a = 1, b = 2), included = c(studies = 8, reports = 10)))
  for (wrong in list(list(screned = 1), list(screened = 1.5), list(screened = -1), list(screened = 1:2), list(1),
                     list(databases = c(1, 2)), list(included = c(studies = 1, papers = 2)), list(after = 3))) {
    expect_error(prisma_numbers(wrong, NULL), class = "metaparity_error_input")
  }
  expect_error(prisma_numbers(list(screned = 1), NULL), "screened", class = "metaparity_error_input")
})

test_that("the total is the part without a name, or the sum", {
  expect_identical(prisma_total(c(a = 1, b = 2)), 3)
  expect_identical(prisma_total(c(9, a = 1, b = 2)), 9)
  expect_identical(prisma_total(NULL), NA_real_)
  expect_identical(parts_of(c(9, a = 1)), c(a = 1))
})

test_that("texts of boxes are understood with their stage", {
  cases <- list(c("duplicates removed", "screening", "duplicates"),
                c("records after duplicates removed", "", "after_duplicates"),
                c("excluded on title and abstract", "screening", "excluded"),
                c("excluded on full text", "eligibility", "excluded_reports"),
                c("reports not retrieved", "", "not_retrieved"), c("reports sought for retrieval", "", "sought"),
                c("full-text articles assessed for eligibility", "eligibility", "assessed"),
                c("studies included in quantitative synthesis", "included", "quantitative"),
                c("reports of included studies", "included", "included_reports"),
                c("total studies included", "included", "total"), c("clinicaltrials.gov", "identification", "registers"),
                c("hand search", "identification", "other"), c("pubmed", "identification", "databases"),
                c("\u53bb\u91cd\u540e", "", "after_duplicates"), c("\u7eb3\u5165\u7814\u7a76", "", "included"))
  for (case in cases) expect_identical(box_field(case[1L], case[2L]), case[3L], label = case[1L])
})

test_that("a table's reasons follow the colon, and counts are whole numbers", {
  flow <- table_numbers(data.frame(box = c("Full texts excluded: wrong design", "Full texts excluded: no data"),
                                   n = c("1,003", "2")), NULL)
  expect_identical(flow, list(excluded_reports = c("wrong design" = 1003, "no data" = 2)))
  e <- expect_error(table_numbers(data.frame(box = c("PubMed", "CNKI"), n = c("12", "many")), NULL),
                    class = "metaparity_error_studies")
  expect_identical(e$rows, 2L)
})

test_that("the template of the package PRISMA2020 is read by its codes", {
  expect_identical(template_value("Reason one, 3; Another, with comma, 4"), c("Reason one" = 3, "Another, with comma" = 4))
  expect_identical(template_value("12"), 12)
  expect_null(template_value(" "))
  flow <- template_numbers(data.frame(data = c("database_results", "database_specific_results", "records_screened",
                                               "new_studies", "website_results", "something"),
                                      n = c("30", "A, 10; B, 20", "25", "4", "7", "1")), NULL)
  expect_identical(flow$databases, c(A = 10, B = 20))
  expect_identical(flow[c("screened", "included", "other")],
                   list(screened = 25, included = c(studies = 4), other = c(Websites = 7)))
})

test_that("a box is given once", {
  expect_error(prisma_flow(databases = 10, databases = 11, draw = FALSE), class = "metaparity_error_input")
})

test_that("boxes called as the package calls them are those boxes", {
  box <- c("identified", "duplicates", "screened", "excluded", "sought", "not_retrieved", "assessed", "excluded_reports",
           "included")
  flow <- prisma_flow(data.frame(box = box, n = c(120, 20, 100, 60, 40, 2, 38, 30, 8)), draw = FALSE)
  expect_true(all(flow$balance$balanced))
  for (name in c("other_not_retrieved", "assessed")) expect_identical(box_field(name, ""), name)
  expect_identical(box_field("other methods: reports not retrieved", ""), "other_not_retrieved")
})

test_that("numbers that follow are those that the others leave", {
  flow <- list(databases = c(a = 70, b = 30), registers = 20, duplicates = 15, automation = 5, excluded = 60,
               not_retrieved = 4, other_sought = 9, other_not_retrieved = 2)
  whole <- prisma_filled(flow, "2020")
  expect_identical(unlist(whole[c("screened", "sought", "assessed", "other_assessed")]),
                   c(screened = 100, sought = 40, assessed = 36, other_assessed = 7))
  old <- prisma_filled(list(databases = 100, other = 10, duplicates = 20, excluded = 50), "2009")
  expect_identical(unlist(old[c("after_duplicates", "screened", "assessed")]),
                   c(after_duplicates = 90, screened = 90, assessed = 40))
  expect_null(prisma_filled(list(databases = 100), "2020")$screened)
  expect_null(prisma_filled(list(screened = 10, excluded = 20), "2020")$assessed)
  expect_identical(prisma_filled(list(screened = 10, excluded = 2, assessed = 7), "2020")$assessed, 7)
})

test_that("a row of a check has the sum of its terms and what is stated", {
  row <- balance_row("x", c(774, -163, -599), 10)
  expect_identical(row$formula, "774 - 163 - 599")
  expect_identical(c(row$expected, row$difference), c(12, -2))
  expect_false(row$balanced)
  expect_true(balance_row("x", c(10, NA, 5), 12, "<=")$balanced)
  expect_identical(balance_row("x", c(10, -0), 10)$formula, "10 - 0")
  expect_null(balance_row("x", c(NA, 5), 12))
  expect_null(balance_row("x", 5, NA))
})

test_that("every step of a flow that adds up is checked, and one number off unbalances a step", {
  flow <- list(databases = c(a = 70, b = 30), registers = 20, duplicates = 20, screened = 100, excluded = c(x = 40, y = 20),
               sought = 40, not_retrieved = 4, assessed = 36, excluded_reports = c(u = 20, v = 6), other_sought = 9,
               other_not_retrieved = 2, other_assessed = 7, other_excluded = 3, included = c(studies = 12, reports = 14),
               previous = c(studies = 3), total = c(studies = 15))
  expect_true(all(prisma_balance(flow, "2020")$balanced))
  for (name in c("screened", "sought", "not_retrieved", "assessed", "other_not_retrieved", "previous")) {
    off <- flow
    off[[name]][[1L]] <- off[[name]][[1L]] + 1
    expect_false(all(prisma_balance(off, "2020")$balanced), label = name)
  }
})

test_that("a total beside its parts is their sum", {
  rows <- prisma_balance(list(excluded = c(50, a = 30, b = 25)), "2020")
  expect_identical(rows$expected, 55)
  expect_identical(rows$stated, 50)
})

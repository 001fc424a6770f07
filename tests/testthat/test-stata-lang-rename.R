d <- data.frame(sbp1 = 1, sbp2 = 2, age = 3, Arm = 4)
renamed <- function(text) names(stata(text, d)$data)

test_that("rename takes names, lists, wildcards and letter case", {
  expect_equal(renamed("rename age years"), c("sbp1", "sbp2", "years", "Arm"))
  expect_equal(renamed("rename (sbp1 age) (p a)"), c("p", "sbp2", "a", "Arm"))
  expect_equal(renamed("rename sbp* bp*_mm"), c("bp1_mm", "bp2_mm", "age", "Arm"))
  expect_equal(renamed("rename sbp# bp#"), c("bp1", "bp2", "age", "Arm"))
  expect_equal(renamed("rename *1 *_first"), c("sbp_first", "sbp2", "age", "Arm"))
  expect_equal(renamed("rename *, lower"), c("sbp1", "sbp2", "age", "arm"))
  expect_equal(renamed("rename (sbp1 sbp2) (sbp2 sbp1)"), c("sbp2", "sbp1", "age", "Arm"))
})

test_that("names that clash or are none fail", {
  rc <- function(text) tryCatch(stata(text, d), metaparity_error_stata = function(e) e$rc)
  expect_equal(rc("rename age Arm"), 110L)
  expect_equal(rc("rename (sbp1 sbp2) (a a)"), 110L)
  expect_equal(rc("rename age 1a"), 198L)
  expect_equal(rc("rename no* x*"), 111L)
})

test_that("order and generate place variables", {
  expect_equal(renamed("order age, before(sbp2)"), c("sbp1", "age", "sbp2", "Arm"))
  expect_equal(renamed("order sbp1, last"), c("sbp2", "age", "Arm", "sbp1"))
  expect_equal(renamed("generate b = 1, after(sbp1)"), c("sbp1", "b", "sbp2", "age", "Arm"))
})

names_of <- function(text) {
  session <- metaparity:::new_session(data.frame(y = 1:6, x = c(2, 1, 4, 3, 6, 5), g = c(1, 1, 2, 2, 3, 3),
                                                 h = c(0, 1, 0, 1, 0, 1)))
  words <- metaparity:::regressor_words(metaparity:::tokenize(text), session)
  metaparity:::design_of(words, session, 1:6)
}

test_that("factors and interactions have Stata's names and columns", {
  expect_equal(names_of("i.g")$names, c("1b.g", "2.g", "3.g", "_cons"))
  expect_equal(names_of("ib3.g x")$names, c("1.g", "2.g", "3b.g", "x", "_cons"))
  expect_equal(names_of("i.h##c.x")$names, c("0b.h", "1.h", "x", "0b.h#c.x", "1.h#c.x", "_cons"))
  d <- names_of("i.g#i.h")
  expect_equal(ncol(d$X), 7L)
  expect_equal(d$X[, 2], as.numeric(c(0, 1, 0, 0, 0, 0)))
  expect_equal(names_of("i.(g h)")$names, names_of("i.g i.h")$names)
  expect_equal(unname(names_of("c.x#c.x")$X[, 1]), c(2, 1, 4, 3, 6, 5)^2)
})

test_that("levels must be whole and not negative", {
  session <- metaparity:::new_session(data.frame(z = c(1.5, 2)))
  expect_error(metaparity:::design_of("i.z", session, 1:2), class = "metaparity_error_stata")
})

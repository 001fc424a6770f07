test_that("tokens keep their place, and joined they give the text back", {
  text <- "replace x_1 = y[_n - 1]*2.5e-3 if z>=.a & name==`\"a \"b\" c\"' // no"
  text <- sub(" //.*$", "", text)
  t <- tokenize(text)
  expect_identical(token_text(text, t, 1L, nrow(t)), text)
  expect_identical(token_text(text, t, 3L, 2L), "")
  bare <- t$type != "string"
  expect_identical(substring(text, t$start, t$end)[bare], t$text[bare])
  expect_identical(t$text[t$type == "string"], "a \"b\" c")
  expect_identical(t$type[match(c("2.5e-3", ".a", ">="), t$text)], c("number", "missing", "op"))
})

test_that("a blank before a token is told", {
  t <- tokenize("a -b- c")
  expect_identical(t$blank[-1L], c(TRUE, FALSE, FALSE, TRUE))
})

test_that("depth counts brackets, which stand at the outer depth themselves", {
  expect_equal(token_depth(tokenize("a(b[1], (c)) d")), c(0, 0, 1, 1, 2, 2 - 1, 1, 1, 2, 1, 0, 0)[seq_along(
    tokenize("a(b[1], (c)) d")$text)])
})

test_that("letters beyond ASCII stand in names", {
  expect_identical(tokenize("gen \u6548\u5e94 = 1")$text[2L], "\u6548\u5e94")
  expect_identical(tokenize("gen \u6548\u5e94 = 1")$type[2L], "name")
  expect_identical(other_letters("plain"), "")
})

test_that("rows of tokens are tokens", {
  t <- tokenize("a b c")[2:3, ]
  expect_s3_class(t, "stata_tokens")
  expect_identical(t$text, c("b", "c"))
})

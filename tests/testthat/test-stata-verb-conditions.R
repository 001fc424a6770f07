test_that("an error has Stata's return code and the family's classes", {
  e <- expect_error(abort_stata("no variables", 111L, "metaparity_error_own", field = 7), class = "metaparity_error_stata")
  expect_identical(list(e$rc, e$field, conditionMessage(e)), list(111L, 7, "no variables"))
  expect_s3_class(e, c("metaparity_error_own", "metaparity_error_stata", "metaparity_error"), exact = FALSE)
  refused <- expect_error(abort_unsupported("tabodds"), class = "metaparity_error_stata_unsupported")
  expect_identical(list(refused$rc, refused$what), list(199L, "tabodds"))
})

test_that("an error is located once, where it happened first", {
  raised <- tryCatch(abort_stata("no", 5L), error = identity)
  at <- locate_error(raised, list(line = 3L, text = "sort x"))
  expect_identical(conditionMessage(at), "line 3: no\n  command: sort x")
  expect_identical(list(at$line, at$command, at$rc), list(3L, "sort x", 5L))
  expect_identical(locate_error(at, list(line = 9L, text = "other")), at)
})

test_that("errors of the verbs keep their class and field; what nobody refused is the interpreter's fault", {
  where <- list(line = 1L, text = "metan a")
  own <- locate_error(tryCatch(abort_input("level", "must be"), error = identity), where)
  expect_s3_class(own, "metaparity_error_input")
  expect_s3_class(own, "metaparity_error_stata")
  expect_identical(list(own$arg, own$rc), list("level", 198L))
  expect_false(inherits(own, "metaparity_error_stata_internal"))
  fault <- locate_error(tryCatch(stop("oops"), error = identity), where)
  expect_s3_class(fault, "metaparity_error_stata_internal")
})

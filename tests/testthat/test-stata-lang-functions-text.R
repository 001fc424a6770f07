test_that("regular expressions keep their groups", {
  d <- data.frame(s = c("Smith 2001; 12", "no year", "Li 1999; 7"))
  out <- stata(c("generate y = real(regexs(1)) if regexm(s, \"([0-9]+);\")",
                 "generate u = ustrregexra(s, \"[0-9]\", \"#\")",
                 "generate r = regexr(s, \"[0-9]+\", \"N\")"), d)$data
  expect_equal(out$y, c(2001, NA, 1999))
  expect_equal(out$u, c("Smith ####; ##", "no year", "Li ####; #"))
  expect_equal(out$r[1], "Smith N; 12")
  expect_error(stata("display regexm(\"a\", \"(\")", d), class = "metaparity_error_stata")
})

test_that("strings by position, word and character", {
  expect_equal(expression_value("strrpos(\"a-b-c\", \"-\")"), 4)
  expect_equal(expression_value("subinword(\"a ab a\", \"a\", \"x\", .)"), "x ab x")
  expect_equal(expression_value("\"ab\" * 3"), "ababab")
  expect_equal(expression_value("char(65) + uchar(946)"), "A\u03b2")
  expect_equal(expression_value("strtoname(\"1 a b\")"), "_1_a_b")
  expect_equal(expression_value("plural(2, \"study\", \"studies\")"), "studies")
  expect_equal(expression_value("ustrlen(\"\u00e9t\u00e9\") + indexnot(\"aab\", \"a\")"), 6)
  expect_error(expression_value("substrr(\"a\", 1, 1)"), class = "metaparity_error_stata_unknown")
})

test_that("directives become the characters that they stand for", {
  one <- metaparity:::smcl_line
  expect_equal(one("{txt}Study{col 12}{c |}{res}  1.5"), "Study      |  1.5")
  expect_equal(one("{hline 5}{c +}{hline 3}"), "-----+---")
  expect_equal(one("{ralign 6:ab}{lalign 4:c}{center 5:x}|"), "    abc     x  |")
  expect_equal(one("a{space 3}b{dup 3:-}"), "a   b---")
  expect_equal(one("{bf:{it:both}} {c -(}x{c )-} {stata \"di 1\"}"), "both {x} di 1")
  expect_equal(one("no {nosuch} left{"), "no {nosuch} left{")
})

test_that("a log of SMCL becomes text", {
  expect_equal(metaparity:::smcl_lines(c("{smcl}", "{com}. display 5", "{txt}{res}5", "{txt}")),
               c(". display 5", "5", ""))
  expect_equal(metaparity:::smcl_lines(c(". display \"{x}\"", "{x}")), c(". display \"{x}\"", "{x}"))
})

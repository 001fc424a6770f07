test_that("tokens know their kinds", {
  t <- metaparity:::tokenize("gen x1=.5e2*\"a b\"!=.a & y[_n-1]>=1.")
  expect_equal(t$type, c("name", "name", "op", "number", "op", "string", "op", "missing", "op", "name",
                         "punct", "name", "op",
                         "number", "punct", "op", "number"))
})

test_that("a command falls into its clauses", {
  p <- metaparity:::parse_command("metan a b if x[_n]>1 & y!=2 in 1/9 [aw=n], by(g) effect(Odds, ratio) nograph")
  expect_equal(p$word, "metan")
  expect_equal(p$rest_text, "a b")
  expect_equal(p$`if`$text[1L], "x")
  expect_equal(paste(p[["in"]]$text, collapse = ""), "1/9")
  expect_equal(p$weight$kind, "aweight")
  expect_equal(p$options, list(by = "g", effect = "Odds, ratio", nograph = NA_character_))
  expect_error(metaparity:::parse_command("metan a, by(g"), class = "metaparity_error_stata")
})

test_that("prefixes are peeled off", {
  p <- metaparity:::parse_prefixes("capture quietly bysort g (x): gen n = _n")
  expect_true(p$capture && p$quietly)
  expect_equal(p$by$vars$text, "g")
  expect_equal(p$by$order$text, "x")
  expect_equal(p$text, "gen n = _n")
})

test_that("deep nesting is Stata's error, long loops and long files end", {
  deep <- paste0(strrep("if 1 {\n", 6000), "di 1\n", strrep("}\n", 6000))
  expect_error(stata(deep), class = "metaparity_error")
  expect_length(parse_blocks(rep(list(list(line = 1L, text = "di 1", raw = "di 1")), 5000L)), 5000L)
})

test_that("the dot of a line copied from a log is passed over", {
  expect_equal(stata(c(". display 1", ". . display 2", "display .5 + .5"))$log, c("1", "2", "1"))
})

test_that("each word and each of its abbreviations from the least on is its command's", {
  for (row in Filter(function(row) !may_be_prefix(row$word), command_table$rows)) {
    expect_identical(command_index[[row$word]]$word, row$word, label = row$word)
    expect_true(startsWith(row$word, row$least), label = row$word)
  }
  expect_identical(vapply(c("g", "gen", "su", "sum", "ta", "tab", "di", "reg", "l", "d", "u", "sa", "te"),
                          function(word) command_index[[word]]$word, "", USE.NAMES = FALSE),
                   c("generate", "generate", "summarize", "summarize", "tabulate", "tabulate", "display", "regress",
                     "list", "describe", "use", "save", "test"))
  expect_null(command_index[["summarizes"]])
  expect_null(command_index[["re"]])
})

test_that("prefixes are no commands, and a word that is another's abbreviation stays its own", {
  expect_false(any(vapply(c("by", "qui", "cap"), function(word) !is.null(command_index[[word]]), NA)))
  table <- list(word = c("order", "ord"), rows = list(command_row("order", "o", 1), command_row("ord", "ord", 2)))
  index <- index_commands(table)
  expect_identical(c(index$order$run, index$ord$run, index$orde$run), c(1, 2, 1))
})

test_that("metan's word and its options choose the version", {
  d <- trials_data()
  nine <- stata("metan a b c d, nograph", data = d)$results[[1L]]
  expect_identical(nine$r[c("ES", "het")], metan(a, b, c, d, data = d)$r[c("ES", "het")])
  expect_identical(stata("metan9 a b c d, or nograph", data = d)$results[[1L]]$r$ES,
                   metan(a, b, c, d, data = d, or = TRUE)$r$ES)
})

test_that("metabias is the older command where its options say so", {
  d <- transform(trials_data(), es = log(a / b / (c / d)), se = sqrt(1 / a + 1 / b + 1 / c + 1 / d))
  kind <- function(line) class(stata(line, data = d)$results[[1L]])[1L]
  expect_identical(kind("metabias es se, egger"), "stata_metabias")
  expect_identical(kind("metabias es se, by(region)"), "stata_metabias6")
  expect_identical(kind("metabias a b c d, harbord"), "stata_metabias")
})

test_that("metaprop_one takes groupid() and refuses its logistic model by name", {
  d <- data.frame(r = c(3, 10, 4, 7), n = c(20, 45, 15, 60), g = 1:4)
  run <- stata("metaprop_one r n, random ftt groupid(g)", d, graphs = FALSE)
  expect_identical(run$log[-1L], stata("metaprop r n, random ftt", d, graphs = FALSE)$log[-1L])
  expect_error(stata("metaprop_one r n, logit groupid(g)", d), class = "metaparity_error_stata_gap")
  expect_error(stata("metaprop_one r n, random groupid(nothere)", d), class = "metaparity_error_stata")
})

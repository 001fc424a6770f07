# Judgements of three studies under RoB 2.
three <- function(...) {
  data.frame(study = c("Ash 2001", "Birch 2004", "Cedar 2009"), D1 = c("low", "some concerns", "low"),
             D2 = c("low", "low", "high"),
             D3 = "low", D4 = "low", D5 = "low", ..., stringsAsFactors = FALSE)
}

levels_of <- function(words, tool) {
  x <- rob(data.frame(study = paste0("S", seq_along(words)), a = words), tool = tool, domains = "a", overall = FALSE)
  unname(x$values[, 1L])
}

test_that("words are recognised in English, in Chinese and as signs, whatever their case and dress", {
  expect_identical(levels_of(c("Low", " LOW RISK of bias ", "l", "+", "\uff0b", "\u4f4e", "\u4f4e\u98ce\u9669",
                               "\u4f4e\u504f\u501a\u98ce\u9669",
                               "\u98ce\u9669\u4f4e", "low.", "Low (fine)"), "rob1"), rep("low", 11L))
  expect_identical(levels_of(c("high", "H", "-", "\u2212", "\u2013", "\u9ad8", "\u9ad8\u5ea6\u98ce\u9669",
                               "\u9ad8\u98ce\u9669\u504f\u501a"), "rob1"),
                   rep("high", 8L))
  expect_identical(levels_of(c("Unclear", "?", "\uff1f", "unclear_risk", "\u4e0d\u6e05\u695a",
                               "\u98ce\u9669\u4e0d\u6e05", "\u672a\u77e5\u98ce\u9669"), "rob1"),
                   rep("unclear", 7L))
  expect_identical(levels_of(c("Yes", "No", "adequate"), "rob1"), c("low", "high", "low"))
  expect_identical(levels_of(c("Some concerns", "SC", "some", "?", "\u6709\u4e00\u5b9a\u98ce\u9669",
                               "\u4e00\u4e9b\u62c5\u5fe7"), "rob2"), rep("some_concerns", 6L))
  expect_identical(levels_of(c("Moderate", "serious risk", "Critical", "NI", "no information",
                               "\u4e2d\u7b49\u98ce\u9669", "\u4e25\u91cd\u504f\u501a\u98ce\u9669",
                               "\u65e0\u4fe1\u606f", "\u6781\u4e25\u91cd", "\u4e2d\u5ea6"), "robins_i"),
                   c("moderate", "serious", "critical", "no_information", "no_information", "moderate", "serious",
                     "no_information", "critical",
                     "moderate"))
  expect_identical(levels_of(c("very high", "some concerns", "\u6781\u9ad8\u98ce\u9669"), "robins_e"),
                   c("very_high", "some_concerns", "very_high"))
  expect_identical(levels_of(c("Y", "no", "N/A", "\u5426", "\u4e0d\u9002\u7528"), "jbi"),
                   c("yes", "no", "not_applicable", "no", "not_applicable"))
  expect_identical(levels_of(c("low", NA, "", "n/a", "  "), "rob2"), c("low", NA, NA, NA, NA))
})

test_that("beside crosses a dash is the middle of three levels", {
  expect_identical(levels_of(c("+", "-", "X"), "rob2"), c("low", "some_concerns", "high"))
  expect_identical(levels_of(c("+", "-", "?"), "rob2"), c("low", "high", "some_concerns"))
})

test_that("what is no judgement of the tool is an error that names all rows", {
  d <- three()
  d$D1[2L] <- "lowish"
  d$D4[c(1L, 3L)] <- c("moderate", "perhaps")
  e <- expect_error(rob(d, tool = "rob2"), class = "metaparity_error_studies")
  expect_identical(e$rows, 1:3)
  expect_match(conditionMessage(e), "lowish")
  long <- data.frame(study = c("a", "a", "b"), domain = c("x", "y", "x"), judgement = c("low", "bad", "low"))
  expect_identical(expect_error(rob(long, "rob1"), class = "metaparity_error_studies")$rows, 2L)
  long$domain[2L] <- "x"
  expect_identical(expect_error(rob(long, "rob1"), class = "metaparity_error_studies")$rows, 2L)
  expect_error(rob(three(), tool = "rob3"), class = "metaparity_error_input")
  expect_error(rob(1), class = "metaparity_error_input")
  expect_error(rob(three(), domains = nothing), class = "metaparity_error_input")
  expect_error(rob(data.frame(study = "a", year = 2000)), class = "metaparity_error_input")
})

test_that("wide and long tables, bare names, text and positions give the same", {
  wide <- rob(three(), tool = "rob2")
  long <- stats::reshape(three(), direction = "long", idvar = "study", varying = paste0("D", 1:5),
                         v.names = "judgement",
                         timevar = "domain", times = paste0("D", 1:5))
  expect_identical(rob(long, tool = "rob2")$values, wide$values)
  expect_identical(rob(three(), "rob2", domains = 2:6)$values, wide$values)
  expect_identical(rob(three(), "rob2", study = study, domains = c(D1, D2, D3, D4, D5))$values, wide$values)
  names(long)[1:3] <- c("wer", "was", "wie")
  expect_identical(rob(long, "rob2", study = "wer", domain = was, judgement = 3)$values, wide$values)
  d <- three(Year = 2000:2002, Weight = c(20, 30, 50), Country = "here")
  x <- rob(d, "rob2")
  expect_identical(x$values, wide$values)
  expect_identical(x$unused, c("Year", "Country"))
  expect_identical(x$weight, c(20, 30, 50))
  labelled <- rob(three(), "rob2", domains = c("Randomisation" = D1, D2))
  expect_identical(labelled$domains$label, c("Randomisation", "Bias due to deviations from intended interventions"))
  m <- as.matrix(three()[-1L])
  rownames(m) <- three()$study
  expect_identical(rob(m, "rob2")$values, wide$values)
})

test_that("the tool is found by names and words", {
  expect_identical(rob(three())$tool$name, "rob2")
  name <- function(...) rob(data.frame(study = c("a", "b"), ..., check.names = FALSE))$tool$name
  expect_identical(name(`Random sequence generation` = c("low", "high"), `Other bias` = c("?", "+")), "rob1")
  named <- data.frame(Study = c("a", "b"), D1 = c("Low", "High"), D2 = "Some concerns", D3 = "Low", D4 = "Low",
                      D5 = "Low", Overall = c("Low", "High"), Weight = c(33.3, 66.7))
  expect_identical(rob(named)$tool$name, "rob2")
  expect_identical(name(D1 = c("serious", "NI"), D2 = "low", D3 = "low", D4 = "low", D5 = "low", D6 = "low",
                        D7 = "low"), "robins_i")
  plain <- function(d, words) rob(data.frame(study = c("a", "b"), stats::setNames(rep(list(words), d),
                                                                                  paste0("D", seq_len(d)))))
  expect_identical(plain(6, c("low", "serious"))$tool$name, "robins_i_v2")
  expect_identical(plain(4, c("low", "unclear"))$domains$label, paste0("D", 1:4))
  expect_identical(name(Q1 = c("yes", "no"), Q2 = "unclear"), "jbi")
  expect_identical(name(Selection = c(4, 3), Comparability = c(2, 1), Outcome = c(3, 2)), "nos")
  expect_identical(name("\u968f\u673a\u5e8f\u5217\u4ea7\u751f" = c("\u4f4e\u98ce\u9669", "\u9ad8\u98ce\u9669"),
                        "\u5206\u914d\u9690\u85cf" = "\u4e0d\u6e05\u695a"), "rob1")
})

test_that("the overall judgement is derived where the tool has a rule and none was given", {
  x <- rob(three(), "rob2")
  expect_identical(unname(x$values[, "overall"]), c("low", "some_concerns", "high"))
  expect_true(all(x$derived[, "overall"]))
  given <- rob(three(Overall = c("low", "high", "high")), "rob2")
  expect_identical(unname(given$values[, "overall"]), c("low", "high", "high"))
  expect_false(any(given$derived))
  half <- rob(three(Overall = c("low", "", "high")), "rob2")
  expect_identical(unname(half$derived[, "overall"]), c(FALSE, TRUE, FALSE))
  expect_false(any(rob(three(), "rob2", overall = FALSE)$domains$overall))
  gap <- three()
  gap$D5 <- c(NA, "low", NA)
  expect_identical(unname(rob(gap, "rob2")$values[, "overall"]), c(NA, "some_concerns", "high"))
  one <- data.frame(study = c("a", "b"), `Other bias` = c("low", "high"), check.names = FALSE)
  expect_false(any(rob(one, "rob1")$domains$overall))
  expect_identical(unname(rob(one, "rob1", overall = TRUE)$values[, "overall"]), c("low", "high"))
  expect_error(rob(data.frame(study = "a", `Index test` = "low", check.names = FALSE), "quadas2", overall = TRUE),
               class = "metaparity_error_input")
  i <- data.frame(study = letters[1:5], D1 = c("low", "moderate", "serious", "NI", "critical"),
                  D2 = c("low", "low", "NI", "low", NA),
                  D3 = "low", D4 = "low", D5 = "low", D6 = "low", D7 = "low")
  expect_identical(unname(rob(i, "robins_i")$values[, "overall"]), c("low", "moderate", "serious", "no_information",
                                                                     "critical"))
})

test_that("QUADAS-2 and PROBAST have domains of applicability, with an overall judgement of their own in PROBAST", {
  q <- data.frame(study = "a", `Patient selection` = "low", `Index test` = "high",
                  `Applicability: patient selection` = "?", check.names = FALSE)
  x <- rob(q, "quadas2")
  expect_identical(x$domains$group, c("bias", "bias", "applicability"))
  p <- data.frame(study = c("a", "b"), D1 = "low", D2 = c("low", "high"), D3 = "low", D4 = "low", A1 = c("high", "low"),
                  A2 = "low", A3 = c("low", "unclear"))
  x <- rob(p, "probast")
  expect_identical(x$domains$id[x$domains$overall], c("overall", "overall_applicability"))
  expect_identical(unname(x$values[, x$domains$overall]), matrix(c("low", "high", "high", "unclear"), 2L))
})

test_that("stars are counted, and totals that are not their sums are told", {
  d <- data.frame(study = c("a", "b"), Selection = c("\u2605\u2605\u2605\u2605", "***"), Comparability = c("2", "1/2"),
                  Outcome = c("3", NA))
  x <- rob(d, "nos")
  expect_identical(unname(x$stars[, "overall"]), c(9, NA))
  expect_warning(rob(cbind(d, Total = c(8, 6)), "nos"), class = "metaparity_warning_studies")
  expect_identical(expect_error(rob(transform(d, Comparability = c(3, 2)), "nos"),
                                class = "metaparity_error_studies")$rows, 1L)
})

test_that("RevMan's tables are read: included studies without judgement, items with several groups", {
  review <- read_rm5(system.file("extdata", "example.rm5", package = "metaparity"))
  x <- rob(review)
  expect_identical(x$study, review$studies$study)
  expect_identical(unname(x$values[, 1L]), review$risk_of_bias$judgement)
  expect_identical(rob(review$risk_of_bias)$values, x$values)
  table <- review$risk_of_bias[c(1, 1, 2, 2), ]
  table$group <- c("Early", "Late", "Early", "Late")
  expect_identical(ncol(rob(table)$values), 2L)
  web <- data.frame(Study = c("a", "b"), `Bias due to missing outcome data (judgement)` = c("Low", "High"),
                    `Bias due to missing outcome data (support)` = c("all seen", ""), check.names = FALSE)
  x <- rob(web, "rob2")
  expect_identical(unname(x$support[1L, 1L]), "all seen")
  expect_identical(x$unused, character())
  names(web) <- make.names(names(web))
  expect_identical(rob(web, "rob2")$values, x$values)
})

test_that("tools are lists that a user extends or makes", {
  mine <- rob_tool("mine", levels = c(ok = "Reported", poor = "Not reported"), colours = c("#009E73", "#D55E00"),
                   symbols = c("R", "N"),
                   words = list(ok = "fine"), overall = function(row) if (all(row == "ok")) "ok" else "poor")
  x <- rob(data.frame(study = c("a", "b"), first = c("fine", "Reported"), second = c("ok", "N")), mine)
  expect_identical(unname(x$values[, "overall"]), c("ok", "poor"))
  expect_identical(rob_tool("rob2", colours = c(high = "purple"))$levels$revman[3L], "purple")
  expect_error(rob_tool("nobody"), class = "metaparity_error_input")
  expect_error(rob_tool("rob2", colours = c("red", "blue")), class = "metaparity_error_input")
  expect_error(rob_tool("mine", levels = c("a", "a")), class = "metaparity_error_input")
  for (name in rob_tool()) {
    tool <- rob_tool(name)
    expect_identical(unname(levels_of(if (identical(tool$overall, "stars")) "1" else tool$levels$level[1L], name)),
                     if (identical(tool$overall, "stars")) "all_stars" else tool$levels$level[1L], label = name)
    expect_false(anyDuplicated(tool$domains$id) > 0L)
  }
})

test_that("print, data frames, subsets, and Chinese", {
  x <- rob(three(), "rob2")
  expect_output(print(x), "RoB 2.*Some concerns.*Overall risk of bias \\*")
  expect_identical(nrow(as.data.frame(x)), 18L)
  expect_identical(names(as.data.frame(x, shape = "wide")), c("study", paste0("D", 1:5), "overall"))
  counts <- as.data.frame(x, shape = "counts")
  expect_identical(counts$n[counts$domain == "D1"], c(2L, 1L, 0L))
  expect_identical(x[2:3]$study, c("Birch 2004", "Cedar 2009"))
  expect_error(x[9], class = "metaparity_error_input")
  zh <- utils::capture.output(print(rob(three(), "rob2", lang = "zh")))
  expect_false(any(grepl("[A-Za-z]{4,}", zh)))
})

test_that("tools go by the names that papers print", {
  d <- data.frame(study = "A", D1 = "low", D2 = "high", D3 = "low", D4 = "low", D5 = "low")
  expect_identical(rob(d, tool = "RoB 2"), rob(d, tool = "rob2"))
  expect_identical(rob_tool("QUADAS-2"), rob_tool("quadas2"))
  expect_error(rob(d, tool = "RoB 7"), class = "metaparity_error_input")
})

test_that("an unclear answer of a checklist is no unclear risk", {
  levels <- rob_tool("jbi_rct")$levels
  expect_identical(levels$label[levels$level == "unclear"], "Unclear")
  expect_identical(rob_tool("rob1")$levels$label[2L], "Unclear risk of bias")
})

test_that("a review without judgements is refused by name", {
  x <- read_rm5(system.file("extdata", "example.rm5", package = "metaparity"))
  x$risk_of_bias <- x$risk_of_bias[0L, ]
  expect_error(rob(x), class = "metaparity_error_input")
})

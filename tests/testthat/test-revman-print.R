test_that("the table has a line for each study, its totals and its footers, no blank at the end of a line", {
  v <- revman_made(measure = "RR")
  text <- format(v)
  for (study in revman_tables$study) expect_identical(sum(grepl(study, text, fixed = TRUE)), 1L)
  expect_identical(sum(grepl("^Subtotal", text)), 2L)
  expect_identical(sum(grepl("^Total \\(95% CI\\)", text)), 1L)
  expect_false(any(grepl(" $", text)))
  rule <- grep("^-+$", text, value = TRUE)
  expect_length(rule, 1L)
  expect_gte(nchar(rule), max(nchar(text[grepl("[0-9]\\]$|estimable$", text)])))
})

test_that("effects are shown on the scale of the measure in the decimals asked for", {
  v <- revman_made(measure = "OR")
  shown <- sprintf("%.4f [%.4f, %.4f]", exp(v$total$est), exp(v$total$ci.lb), exp(v$total$ci.ub))
  expect_match(format(v, digits = 4), shown, fixed = TRUE, all = FALSE)
  rd <- revman_made(measure = "RD")
  expect_match(format(rd), sprintf("%.2f [%.2f, %.2f]", rd$total$est, rd$total$ci.lb, rd$total$ci.ub), fixed = TRUE,
               all = FALSE)
  for (bad in list(-1, "a", NA, 16)) expect_error(format(v, digits = bad), class = "metaparity_error_input")
  lines <- capture.output(value <- withVisible(print(v)))
  expect_false(value$visible)
  expect_identical(value$value, v)
})

test_that("sums of arms are those of the rows that are shown", {
  text <- format(revman_made(measure = "OR"))
  expect_match(grep("^Total \\(95% CI\\)", text, value = TRUE), sprintf(" %d +%d ", sum(revman_tables$n1),
                                                                       sum(revman_tables$n2)))
  expect_match(text, sprintf("^Total events: +%d +%d$", sum(revman_tables$e1), sum(revman_tables$e2)), all = FALSE)
})

test_that("columns stay in line where names are as wide as Chinese", {
  d <- revman_tables
  d$study[2L] <- "\u738b\u4e00 2004"
  text <- format(revman(d, ai = e1, n1i = n1, ci = e2, n2i = n2, study = study))
  rows <- text[vapply(d$study[2:4], function(s) grep(s, text, fixed = TRUE)[1L], 0L)]
  ends <- vapply(rows, function(line) nchar(sub("\\].*$", "]", line), type = "width"), 0L)
  expect_length(unique(unname(ends)), 1L)
})

test_that("RevMan Web's rules are told, RevMan 5's are not", {
  d <- data.frame(y = c(-0.5, 0.1, 0.6), s = c(0.2, 0.3, 0.25))
  web <- revman(d, yi = y, sei = s, model = "random", estimator = "REML", interval = "HKSJ")
  expect_match(format(web), "Hartung-Knapp-Sidik-Jonkman", fixed = TRUE, all = FALSE)
  expect_false(any(grepl("restricted maximum", format(revman(d, yi = y, sei = s, model = "random")))))
})

test_that("the heading of effects tells the level of the rows, totals that of the pooled result", {
  d <- data.frame(m1 = c(5, 6), s1 = 2, n1 = 30, m2 = c(6, 7), s2 = 2, n2 = 30)
  view <- revman(d, m1i = m1, sd1i = s1, n1i = n1, m2i = m2, sd2i = s2, n2i = n2, measure = "MD", level = 90)
  text <- format(view)
  expect_match(text, "IV, Fixed, 95% CI", fixed = TRUE, all = FALSE)
  expect_match(text, "Total (90% CI)", fixed = TRUE, all = FALSE)
  drawn <- forest(view, plot = FALSE)$layout$texts$text
  expect_true(all(c("IV, Fixed, 95% CI", "Total (90% CI)") %in% drawn))
  both <- revman(d, m1i = m1, sd1i = s1, n1i = n1, m2i = m2, sd2i = s2, n2i = n2, measure = "MD", level = 90,
                 level_study = 99)
  expect_match(format(both), "IV, Fixed, 99% CI", fixed = TRUE, all = FALSE)
})

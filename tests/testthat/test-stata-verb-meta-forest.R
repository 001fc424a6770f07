test_that("the words of the graph", {
  v <- meta_forestplot(suite_magnesium(version = 16), fixed = TRUE, eform = TRUE, nullrefline = TRUE, draw = FALSE)
  expect_identical(v$text[2], "Study  Yes  No  Yes  No  with 95% CI  (%)")
  expect_identical(v$text[18], "ISIS-4  2,216  26,795  2,103  26,936  1.05 [  1.00,  1.12]  89.76")
  expect_identical(utils::tail(v$text, 2L), c("1/64  1/8  1  8", "Fixed-effects Mantel-Haenszel model"))
})

test_that("rows for the engine are on the scale of analysis, and all kinds draw", {
  m <- suite_magnesium()
  v <- meta_summarize(m, eform = TRUE, cumulative = year)
  rows <- forest_rows(v)
  expect_equal(exp(rows$est[1:16]), v$table$es)
  grDevices::pdf(NULL, width = 9, height = 8)
  on.exit(grDevices::dev.off())
  for (view in list(v, meta_summarize(m, subgroup = year), meta_summarize(m, leaveoneout = TRUE),
                    meta_summarize(m, subgroup = c(year, trial)), meta_summarize(m, common = TRUE, rr = TRUE))) {
    expect_no_error(suppressMessages(plot(view)))
  }
})

test_that("groups stand over the middle of their columns, subscripts are drawn, tests of subgroups are plain", {
  v <- meta_forestplot(suite_magnesium(version = 16), subgroup = year, draw = FALSE)
  texts <- suppressMessages(forest_layout(v))$texts
  middle <- function(word) {
    hit <- texts[texts$text == word, ]
    (hit$left + hit$right) / 2
  }
  ends <- texts[texts$text %in% c("Yes", "No"), ]
  expect_equal(middle("Treatment"), mean(c(min(ends$left), sort(ends$right)[2L])), tolerance = 0.02)
  expect_equal(middle("Control"), mean(c(sort(ends$left)[3L], max(ends$right))), tolerance = 0.02)
  expect_true(all(texts$markup[grepl("Q_b", texts$text)]))
  expect_true(all(texts$font[grepl("^Heterogeneity", texts$text)] == 1L))
  expect_identical(texts$font[texts$text == "Overall"], 2L)
})

texts_of <- function(layout) layout$texts[order(round(-layout$texts$y, 3), layout$texts$left), c("text", "font")]

test_that("the look \"stata_meta\" of a fit is the graph of meta forestplot", {
  d <- stata_fixture("bcg.csv")
  d$group <- rep(c("one", "two"), length.out = nrow(d))
  m <- meta_esize(tcases, tnoncases, ccases, cnoncases, data = d, esize = "lnrratio", studylabel = trialnam)
  call <- list(measure = "RR", ai = d$tcases, bi = d$tnoncases, ci = d$ccases, di = d$cnoncases, slab = d$trialnam)
  fit <- do.call(rma, call)
  expect_equal(texts_of(forest_layout(fit, style = "stata_meta")),
               texts_of(forest_layout(meta_forestplot(m, draw = FALSE))), ignore_attr = TRUE)
  expect_equal(texts_of(forest_layout(fit, style = "stata_meta", atransf = exp)),
               texts_of(forest_layout(meta_forestplot(m, eform = TRUE, draw = FALSE))), ignore_attr = TRUE)
  groups <- do.call(rma, c(call, list(by = d$group)))
  expect_equal(texts_of(forest_layout(groups, style = "stata_meta")),
               texts_of(forest_layout(meta_forestplot(m, subgroup = group, draw = FALSE))), ignore_attr = TRUE)
})

test_that("two lines of headings, green subgroups, bold overall, no weight of pooled rows", {
  layout <- forest_layout(meta_forestplot(suite_magnesium(), subgroup = year, draw = FALSE))
  heads <- layout$texts[layout$texts$role == "header", ]
  expect_length(unique(round(heads$y, 6)), 2L)
  line <- function(word) round(heads$y[heads$text == word], 6)[1L]
  expect_identical(line("Treatment"), line("Weight"))
  expect_identical(line("Yes"), line("(%)"))
  expect_setequal(layout$polygons$fill[layout$polygons$role == "diamond"], "#55752F")
  expect_false("100.00" %in% layout$texts$text)
})

test_that("cumulative results are green with round markers", {
  m <- suite_magnesium()
  for (layout in list(forest_layout(meta_summarize(m, cumulative = year)),
                      forest_layout(cumul(rma(1:4, rep(1, 4))), style = "stata_meta"))) {
    marks <- layout$polygons[layout$polygons$role == "box", ]
    expect_setequal(marks$fill, "#55752F")
    expect_gt(min(table(marks$id)), 8L)
    expect_setequal(layout$segments$col[layout$segments$role == "ci"], "#55752F")
  }
})

test_that("counts are whole numbers with commas, a study alone has no I2", {
  d <- data.frame(a = c(1234, 9.6), b = c(39, 126), c = c(2, 23.4), d = c(34, 112), g = 1:2)
  v <- meta_forestplot(meta_esize(a, b, c, d, data = d), subgroup = g, draw = FALSE)
  expect_match(v$text, "1,234", all = FALSE, fixed = TRUE)
  expect_match(v$text, "10  126  23  112", all = FALSE, fixed = TRUE)
  expect_match(v$text, "I 2 = .%, H 2 = .", all = FALSE, fixed = TRUE)
})

d <- data.frame(id = c("Ash", "Birch", "Cedar", "Dill", "Elm"), r = c(3, 12, 20, 8, 5), n = c(20, 40, 50, 60, 30),
                g = c("x", "x", "y", "y", "y"), stringsAsFactors = FALSE)
view <- function(...) metaprop(r, n, data = d, label = c(namevar = "id"), ...)
numbers <- function(line) as.numeric(regmatches(line, gregexpr("-?[0-9]+[.][0-9]+", line))[[1L]])

test_that("rows show proportion, limits and weight, with the decimals asked for", {
  v <- view(random = TRUE)
  row <- numbers(grep("^Birch", format(v), value = TRUE))
  t <- v$table[2L, ]
  expect_equal(row, round(c(0.3, t$ci_low, t$ci_upp, t$weight), 2))
  four <- numbers(grep("^Birch", format(view(random = TRUE, dp = 4)), value = TRUE))
  expect_equal(four[1:3], round(c(0.3, t$ci_low, t$ci_upp), 4))
  expect_length(numbers(grep("^Birch", format(view(random = TRUE, nowt = TRUE)), value = TRUE)), 3L)
})

test_that("tests are those of the saved results", {
  v <- view(random = TRUE)
  lines <- format(v)
  expect_equal(numbers(grep("Heterogeneity chi", lines, value = TRUE)), round(c(v$r$het, v$r$p_het), 2))
  expect_match(grep("Tau\\^2", lines, value = TRUE), sprintf("%.2f$", v$r$tau2))
  expect_match(grep("Test of ES=0", lines, value = TRUE), sprintf("%.2f p = +%.2f", v$r$z, v$r$p_z))
})

test_that("groups of up to three studies show no heterogeneity", {
  v <- view(random = TRUE, by = g)
  lines <- format(v)
  at <- grep("^Test\\(s\\) of heterogeneity", lines)
  block <- lines[at + 3:5]
  expect_match(block[1:2], "^[xy] +[.]")
  expect_match(block[3L], "^Overall +[0-9]")
  few <- format_metaprop_heterogeneity(data.frame(label = c("x", "Overall"), het = 1, df = c(2, 2), p_het = 0.5, i_sq = 0),
                                       list(dp = 2))
  expect_match(few[5L], "^Overall +[.] +[.] +[.] +[.]%$")
})

test_that("the axis has 0 inside, and options of the look are cut from a title", {
  at <- metaprop_ticks(data.frame(es = c(0.2, 0.55), ci_upp = c(0.3, 0.71)))
  expect_true(0 %in% at[-c(1L, length(at))])
  expect_gte(max(at), 0.71)
  expect_equal(diff(at), rep(at[2L] - at[1L], length(at) - 1L))
  expect_identical(stata_text(c("\"Some, text\", size(4)", "plain, size(3)")), "Some, text\nplain")
  expect_null(stata_text(NULL))
})

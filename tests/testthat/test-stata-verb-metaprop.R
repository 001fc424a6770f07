quiet <- function(expr) suppressWarnings(expr, classes = "metaparity_warning")

test_that("metaprop prints the numbers of Stata's logs", {
  d <- stata_fixture("ascus.csv")
  expect_printed(quiet(metaprop(num, denom, data = d, random = TRUE, by = tgroup, cimethod = "exact")),
                 "metaprop_arbyn_by_random")
  d <- stata_fixture("comorbidity.csv")
  expect_printed(metaprop(r, n, data = d, ftt = TRUE, random = TRUE, power = 2, by = morb),
                 "metaprop_covid_by_ftt_power2")
  for (name in c("wnl", "hsil")) {
    d <- stata_fixture(paste0(name, ".csv"))
    v <- metaprop(p16p, p16tot, data = d, random = TRUE, ftt = TRUE, cimethod = "exact", sortby = c(year, author))
    expect_printed(v, sprintf("metaprop_tsoumpou_%s_ftt", name))
  }
  expect_printed(metaprop(case, pop, data = stata_fixture("two.csv"), random = TRUE),
                 "metaprop_two_studies_random_is_fixed")
})

test_that("metaprop agrees with metafor's double arcsine", {
  skip_if_not_installed("metafor")
  d <- stata_fixture("comorbidity.csv")
  v <- metaprop(r, n, data = d, ftt = TRUE, random = TRUE)
  e <- metafor::escalc(measure = "PFT", xi = r, ni = n, data = d)
  fit <- metafor::rma(e$yi, e$vi, method = "DL")
  p <- predict(fit, transf = metafor::transf.ipft.hm, targs = list(ni = d$n))
  expect_gate(c(v$r$ES, v$r$ci_low, v$r$ci_upp), c(p$pred, p$ci.lb, p$ci.ub), "metafor_closed")
})

test_that("intervals of one proportion agree with R", {
  d <- data.frame(r = c(0, 3, 12), n = c(9, 20, 12))
  limits <- function(m) {
    v <- quiet(metaprop(r, n, data = d, cimethod = m, ftt = TRUE))
    as.matrix(v$table[1:3, c("ci_low", "ci_upp")])
  }
  exact <- t(mapply(function(x, n) stats::binom.test(x, n)$conf.int, d$r, d$n))
  score <- t(mapply(function(x, n) suppressWarnings(stats::prop.test(x, n, correct = FALSE)$conf.int), d$r, d$n))
  expect_equal(unname(limits("exact")), exact, tolerance = 1e-9)
  expect_equal(unname(limits("score")), score, tolerance = 1e-9)
  p <- 3 / 20
  expect_equal(unname(limits("wald")[2, ]), p + c(-1, 1) * stats::qnorm(0.975) * sqrt(p * (1 - p) / 20))
})

test_that("studies of 0 and 1 are left out, corrected or transformed", {
  d <- data.frame(r = c(0, 3, 12, 5), n = c(9, 20, 12, 30))
  expect_warning(v <- metaprop(r, n, data = d), class = "metaparity_warning_dropped")
  expect_identical(sum(v$table$type == "excluded"), 2L)
  expect_identical(sum(metaprop(r, n, data = d, cc = 0.5)$table$type == "excluded"), 0L)
  expect_error(quiet(metaprop(r, n, data = d[c(1, 3), ])), class = "metaparity_error_input")
  bad <- expect_error(metaprop(r, n, data = transform(d, r = c(10, 3, 12, 5))), class = "metaparity_error_studies")
  expect_identical(bad$rows, 1L)
  expect_error(metaprop(r, n, data = d, cimethod = "agresti"), class = "metaparity_error_input")
  expect_warning(metaprop(r, n, data = d, ftt = TRUE, plotregion = "x"), class = "metaparity_warning_input")
})

test_that("metaprop's log and plot", {
  d <- stata_fixture("comorbidity.csv")[1:14, ]
  expect_snapshot({
    metaprop(r, n, data = d, ftt = TRUE, random = TRUE, by = morb, label = c(namevar = "study"), olevel = 90, dp = 3)
    metaprop(r, n, data = d, second = "random", olevel = 90, nowt = TRUE)
  })
  pdf(NULL)
  on.exit(dev.off())
  v <- metaprop(r, n, data = d, ftt = TRUE, by = morb, title = "\"Morbidity\", size(4)", xtitle = "Proportion")
  expect_s3_class(plot(v), "forest_plot")
  expect_identical(stata_text("Positivity of p16, size(4)"), "Positivity of p16")
})

test_that("the graph has no line at 0, no ID, and right columns that begin at the left", {
  v <- metaprop(c(3, 10, 7), c(30, 50, 20), random = TRUE, label = c("Ash", "Birch", "Cedar"))
  layout <- forest_layout(v)
  texts <- layout$texts
  expect_false("ID" %in% texts$text)
  starts <- texts$left[grepl("^(ES |[0-9.]+ [(])", texts$text)]
  expect_length(unique(round(starts, 6)), 1L)
  weights <- texts$left[grepl("^(Weight|[0-9]+[.][0-9]+)$", texts$text) & texts$left > starts[1L]]
  expect_length(unique(round(weights, 6)), 1L)
  expect_identical(layout$axis$label, c("-.5", "0", ".5", "1"))
  lines <- layout$segments[layout$segments$role == "line" & layout$segments$x0 == layout$segments$x1 &
                             layout$segments$y1 > layout$panel[["bottom"]] + 0.2, ]
  expect_setequal(lines$col, style_stata()$pooled_line$col)
})

test_that("without groups the weights are six wide with two decimals, with groups they follow dp()", {
  d <- data.frame(id = c("A", "B", "C", "D"), r = c(3, 10, 4, 7), n = c(20, 45, 15, 60), g = c(1, 1, 2, 2))
  w <- with(d, n / (r / n * (1 - r / n)))
  w <- c(100 * w / sum(w), 100)
  lines <- format(metaprop(r, n, data = d, label = c(namevar = "id"), dp = 3, second = "random"))
  expect_identical(lines[2], "           Study     |     ES    [95% Conf. Interval]     % Weight")
  rows <- grep("^([A-D] |Fixed|Random)", lines, value = TRUE)
  expect_identical(substring(rows, 60), sprintf("%6.2f", c(w, 100)))
  expect_identical(substring(rows[5:6], 1, 22), c("Fixed pooled  ES     |", "Random pooled  ES    |"))
  by <- format(metaprop(r, n, data = d, label = c(namevar = "id"), dp = 3, by = g))
  expect_identical(substring(grep("^[A-D] ", by, value = TRUE), 60), sprintf("%10.3f", w[1:4]))
  expect_length(grep("^  Fixed pooled  ES   [|]", by), 3L)
  expect_match(stata("metaprop r n, nograph", d)$log, "^Fixed pooled  ES     [|]", all = FALSE)
})

test_that("one study is not pooled, small groups show no heterogeneity, fixed models no table of it", {
  d <- data.frame(r = c(3, 10, 4, 7, 8), n = c(20, 45, 15, 60, 30), g = c(1, 1, 1, 1, 2))
  expect_length(grep("pooled", format(metaprop(r, n, data = d[1, ]))), 0L)
  lines <- format(metaprop(r, n, data = d, by = g, random = TRUE))
  expect_length(grep("Random pooled  ES", lines), 2L)
  expect_match(lines, "^2 {27}[.] {6}0 {15}[.] {9}[.]%$", all = FALSE)
  expect_no_match(format(metaprop(r, n, data = d, by = g)), "Test.s. of heterogeneity")
  weighted <- format(metaprop(r, n, data = d, wgt = n))
  expect_match(weighted, "^[*] pooled  ES", all = FALSE)
  expect_match(weighted, "^ Heterogeneity calculated by formula", all = FALSE)
})

test_that("metaprop saves the second model and, after ftt, its standard errors under their own names", {
  d <- data.frame(r = c(3, 10, 4, 7), n = c(20, 45, 15, 60))
  v <- metaprop(r, n, data = d, ftt = TRUE, second = "random")
  own <- metaprop(r, n, data = d, ftt = TRUE, random = TRUE)
  expect_equal(v$r[c("ES_2", "ci_low_2", "ci_upp_2")], own$r[c("ES", "ci_low", "ci_upp")], ignore_attr = TRUE)
  expect_equal(v$r$fttseES, sqrt(1 / sum(d$n + .5)))
  expect_identical(stata("metaprop r n, second(random) nograph", d)$r$method_2, "Random")
})

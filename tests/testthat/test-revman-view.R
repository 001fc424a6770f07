test_that("an outcome of a file: the numbers that it stores, in RevMan's table", {
  x <- example_review()
  v <- revman(x, "1.1")
  d <- as.data.frame(v)
  total <- d[d$type == "total", ]
  stored <- x$outcomes[1L, ]
  expect_equal(c(total$effect, total$ci.lb, total$ci.ub, total$Q, total$z),
               c(stored$effect_size, stored$ci_start, stored$ci_end, stored$chi2, stored$z),
               tolerance = 1e-8)
  expect_equal(d$weight[1:4], x$rows$weight[1:4], tolerance = 1e-8)
  text <- format(v)
  expect_match(text, "^Total \\(95% CI\\) +305 +301 +100.0% +0.58 \\[0.39, 0.88\\]$", all = FALSE)
  expect_match(text, "^Total events: +49 +74$", all = FALSE)
  expect_match(text, "^Heterogeneity: Chi.? = 1.88, df = 3 \\(P = 0.60\\); I.? = 0%$", all = FALSE)
  expect_match(text, "^Test for overall effect: Z = 2.58 \\(P = 0.01\\)$", all = FALSE)
  expect_output(print(v), "Analysis 1.1  Recurrence")
})

test_that("subgroups: own tau2, test between, totals of subgroups only, none", {
  v <- revman_made(measure = "RR", method = "DL")
  own <- lapply(split(revman_tables, revman_tables$g), function(d) revman(d, ai = e1, n1i = n1, ci = e2, n2i = n2,
                                                                          measure = "RR", method = "DL"))
  expect_equal(v$groups$tau2, vapply(own, function(one) one$total$tau2, 0, USE.NAMES = FALSE), tolerance = 1e-12)
  text <- format(v)
  expect_match(text, "Tau.? = .*Chi.? = .*df = 1", all = FALSE)
  expect_match(text, "^Test for subgroup differences: Chi.? = [0-9.]+, df = 1 \\(P = [0-9.]+\\), I.? = [0-9.]+%$",
               all = FALSE)
  expect_match(text, "Elm 2015 .*Not estimable$", all = FALSE)
  sub <- revman_made(totals = "SUB")
  expect_false(any(as.data.frame(sub)$type == "total"))
  expect_equal(sum(sub$effects$weight), 200)
  expect_false(any(grepl("^Total \\(95% CI\\)", format(sub))))
  none <- revman_made(totals = "NO")
  expect_identical(unique(as.data.frame(none)$type), "study")
  expect_false(any(grepl("Heterogeneity|%$", format(none))))
})

test_that("one study, and none that is estimable", {
  one <- revman(revman_tables[2L, ], ai = e1, n1i = n1, ci = e2, n2i = n2)
  expect_match(format(one), "^Heterogeneity: Not applicable$", all = FALSE)
  none <- revman(revman_tables[5L, ], ai = e1, n1i = n1, ci = e2, n2i = n2)
  expect_match(format(none), "^Total .*Not estimable$", all = FALSE)
  expect_match(format(none), "^Test for overall effect: Not applicable$", all = FALSE)
  expect_s3_class(forest(none, plot = FALSE), "forest_plot")
  expect_error(funnel(none), class = "metaparity_error_input")
})

test_that("RevMan Web: intervals of Hartung and Knapp, T with the P of Wald, interval of tau2, prediction", {
  d <- data.frame(y = c(-.6, .2, 1.1, .4, .5), s = c(.2, .3, .25, .1, .4))
  v <- revman(d, yi = y, sei = s, method = "REML", interval = "HKSJ")
  fit <- metafor::rma(y, sei = s, data = d, test = "knha", control = list(threshold = 1e-12))
  expect_equal(c(v$total$se, v$total$ci.lb, v$total$tau2, v$total$I2), c(fit$se, fit$ci.lb, fit$tau2, fit$I2),
               tolerance = 1e-8)
  expect_equal(v$tau2_interval, unname(confint(fit)$random[1L, 2:3]), tolerance = 1e-5)
  expect_equal(v$total$pi.lb, as.numeric(predict(fit)$pi.lb), tolerance = 1e-8)
  text <- format(v)
  expect_match(text, "T = [0-9.]+, df = 4", all = FALSE)
  expect_match(text, "Tau.? \\(REML, 95% CI\\) = ", all = FALSE)
  expect_match(text, "^95% prediction interval", all = FALSE)
  wide <- revman(data.frame(y = c(-20, 25), s = c(.5, .6)), yi = y, sei = s, method = "REML", interval = "Wald")
  expect_identical(wide$tau2_interval[2L], 100)
})

test_that("each kind of data, and what escalc() left", {
  means <- data.frame(m1 = c(1, 2, 3), s1 = 1, n1 = c(10, 12, 9), m2 = c(0, 1, 1), s2 = c(1.2, 1, 0), n2 = 11)
  md <- revman(means, m1i = m1, sd1i = s1, n1i = n1, m2i = m2, sd2i = s2, n2i = n2)
  expect_identical(md$effects$estimable, c(TRUE, TRUE, FALSE))
  smd <- revman(means, m1i = m1, sd1i = s1, n1i = n1, m2i = m2, sd2i = s2, n2i = n2, measure = "SMD")
  es <- suppressWarnings(escalc("SMD", m1i = m1, sd1i = s1, n1i = n1, m2i = m2, sd2i = s2, n2i = n2, data = means,
                                convention = "revman5"))
  expect_equal(smd$effects$est, as.numeric(es$yi), tolerance = 1e-12)
  expect_equal(revman(es)$total$est, smd$total$est, tolerance = 1e-12)
  peto <- revman(revman_tables, ai = e1, n1i = n1, ci = e2, n2i = n2, measure = "PETO")
  scores <- with(revman_tables, {
    n <- n1 + n2
    m <- e1 + e2
    data.frame(oe = e1 - n1 * m / n, v = n1 * n2 * m * (n - m) / (n^2 * (n - 1)))
  })
  logrank <- revman(scores, oe = oe, v = v, measure = "HR")
  expect_equal(logrank$total$est, peto$total$est, tolerance = 1e-12)
  expect_match(format(logrank), "O-E +Variance", all = FALSE)
  expect_match(format(logrank), "Exp\\[\\(O-E\\) / V\\], Fixed", all = FALSE)
  ratios <- revman(data.frame(y = c(-.5, .1), s = c(.2, .3)), yi = y, sei = s, measure = "HR")
  expect_match(format(ratios), "log\\[Hazard Ratio\\]", all = FALSE)
  expect_equal(as.data.frame(ratios)$effect[1L], exp(-.5))
})

test_that("non-events on request of the file", {
  o <- outcome(example_review(), "1.1")
  o$settings$swap_events <- TRUE
  plain <- with(o$rows, revman(data.frame(a = total_1 - events_1, n1 = total_1, c = total_2 - events_2, n2 = total_2),
                               ai = a, n1i = n1, ci = c, n2i = n2))
  expect_equal(revman(o)$total$est, plain$total$est, tolerance = 1e-12)
})

test_that("what cannot be is named", {
  x <- example_review()
  expect_error(revman(x), class = "metaparity_error_input")
  expect_error(revman(x, "7.7"), class = "metaparity_error_input")
  expect_error(revman(1), class = "metaparity_error_input")
  expect_error(revman(revman_tables), class = "metaparity_error_input")
  expect_error(revman(revman_tables, ai = e1, n1i = n1, ci = e2, n2i = n2, measure = "MD"),
               class = "metaparity_error_input")
  expect_error(revman(x, "1.2", method = "MH"), class = "metaparity_error_input")
  expect_error(revman(x, "1.1", convention = "revman5", estimator = "REML"), class = "metaparity_error_input")
  expect_error(revman(x, "1.1", measure = "PETO", model = "random"), class = "metaparity_error_input")
  bad <- revman_tables
  bad$e1[3L] <- 200
  err <- expect_error(revman(bad, ai = e1, n1i = n1, ci = e2, n2i = n2), class = "metaparity_error_studies")
  expect_identical(err$rows, 3L)
  bad$e1[3L] <- NA
  expect_warning(v <- revman(bad, ai = e1, n1i = n1, ci = e2, n2i = n2), class = "metaparity_warning_dropped")
  expect_identical(nrow(v$rows), 4L)
  expect_warning(revman(x, "1.1", mesure = "RR"), class = "metaparity_warning_unknown")
})

test_that("subgroups of the same name are two", {
  o <- outcome(example_review(), "1.2")
  o$subgroups$name <- c("same", "same")
  text <- format(revman(o))
  expect_match(text, "^Subtotal .* 100 +99 ", all = FALSE)
  expect_match(text, "^Subtotal .* 205 +202 ", all = FALSE)
  expect_identical(sum(text == "same"), 2L)
})

test_that("columns are named, subgroups of pooled tables print, templates are written from analyses", {
  d <- data.frame(s = paste("S", 1:5), e1 = c(4, 6, 0, 12, 3), n1 = c(123, 306, 231, 60, 30), e2 = c(11, 29, 11, 20, 5),
                  n2 = c(139, 303, 220, 61, 30), g = c(1, 1, 2, 2, 2))
  expect_error(revman(d, e1, n1, e2, n2, measure = "RR"), class = "metaparity_error_input")
  v <- revman(d, ai = e1, n1i = n1, ci = e2, n2i = n2, measure = "OR", study = s, by = g)
  expect_output(print(as_rma(v, subgroups = TRUE)), "Fixed-Effects Model")
  folder <- tempfile("import")
  write_revman_csv(v, folder)
  expect_true(any(grepl("results", list.files(folder))))
  web <- revman(d, ai = e1, n1i = n1, ci = e2, n2i = n2, measure = "OR", model = "random", study = s,
                convention = "revman_web")
  expect_warning(write_rm5(web, tempfile(fileext = ".rm5")), class = "metaparity_warning_input")
})

test_that("Peto's method is of odds ratios only", {
  asked <- function(...) revman(revman_tables, ai = e1, n1i = n1, ci = e2, n2i = n2, method = "Peto", ...)
  for (measure in c("RR", "RD")) expect_error(asked(measure = measure), class = "metaparity_error_input")
  expect_identical(asked(measure = "OR")$total, asked(measure = "PETO")$total)
})

test_that("labels must be valid text", {
  expect_error(revman(ai = c(3, 5), n1i = c(30, 30), ci = c(5, 9), n2i = c(30, 30), measure = "OR",
                      labels = c("fine", "caf\xe9")), class = "metaparity_error_input")
})

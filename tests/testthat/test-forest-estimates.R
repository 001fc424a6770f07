# Ratios are drawn on a log axis; what escalc() was given stays with its effects.

ratios <- data.frame(study = c("a", "b", "c", "d"), or = c(0.5, 0.8, 1.2, 0.7), lower = c(0.3, 0.5, 0.6, 0.2),
                     upper = c(0.8, 1.3, 2.4, 2.4))

test_that("a data frame of ratios and limits is drawn on a log axis with ratios on it", {
  generic <- stats::setNames(ratios, c("study", "est", "lower", "upper"))
  calls <- list(list(ratios), list(ratios, measure = "RR"), list(generic, measure = "HR"),
                list(generic$est, ci.lb = generic$lower, ci.ub = generic$upper, measure = "OR"))
  for (call in calls) {
    layout <- do.call(layout_of, c(call, list(at = c(0.25, 1, 4), alim = c(0.2, 5))))
    expect_equal(layout$rows$est, log(ratios$or))
    expect_equal(layout$rows$lo, log(ratios$lower))
    expect_equal(layout$axis$at, log(c(0.25, 1, 4)))
    expect_identical(layout$axis$label, c("0.25", "1", "4"))
    expect_equal(layout$lim, log(c(0.2, 5)))
    expect_true(all(c("0.50", "1.20") %in% trimws(layout$texts$text)))
  }
})

test_that("logarithms stay what they are, and what cannot be ratios is an error", {
  logs <- data.frame(yi = c(0.5, 0.9), lower = c(0.1, 0.3), upper = c(0.9, 1.5))
  expect_equal(layout_of(logs, measure = "OR")$rows$est, logs$yi)
  plain <- stats::setNames(ratios, c("study", "est", "lower", "upper"))
  expect_equal(layout_of(plain)$rows$est, plain$est)
  expect_equal(layout_of(plain, measure = "MD")$rows$est, plain$est)
  expect_error(layout_of(data.frame(or = 1:2, se = c(1, 1))), class = "metaparity_error_input")
  expect_error(layout_of(data.frame(or = c(-1, 2), lower = c(0.1, 1), upper = c(2, 3))),
               class = "metaparity_error_studies")
  expect_error(layout_of(ratios, at = c(-1, 1)), class = "metaparity_error_input")
})

raw <- data.frame(s = c("Ames", "Bell", "Cole"), a = c(4, 6, 3), n1 = c(123, 306, 231), c = c(11, 29, 12),
                  n2 = c(139, 303, 220),
                  m1 = c(1.2, 2.5, 3), m2 = c(1, 1.5, 2.9), s1 = c(1, 1.1, 2), s2 = c(1.3, 2, 1))

test_that("escalc() data show events, totals, means and SDs, also after rows were taken from them", {
  events <- escalc("OR", ai = a, n1i = n1, ci = c, n2i = n2, data = raw, slab = s)
  means <- escalc("MD", m1i = m1, sd1i = s1, n1i = n1, m2i = m2, sd2i = s2, n2i = n2, data = raw, slab = s)
  shown <- function(x) layout_of(x, style = "revman")
  layout <- shown(rma(yi, vi, data = events))
  expect_true(all(c("Events", "660", "662", "Total events:", "13", "52") %in% layout$texts$text))
  expect_identical(unique(layout$rects$fill[layout$rects$role == "box"]), "#0000CC")
  layout <- shown(rma(yi, vi, data = means))
  expect_true(all(c("Mean", "SD", "1.2", "2.0", "660") %in% layout$texts$text))
  expect_identical(unique(layout$rects$fill[layout$rects$role == "box"]), "#00CC00")
  expect_true("Events" %in% shown(events)$texts$text)
  some <- shown(rma(yi, vi, data = events[c(3, 1), ]))$texts$text
  expect_true(all(c("354", "359", "7", "23") %in% some))
  expect_true(all(c("429", "442") %in% shown(rma(yi, vi, data = events, subset = s != "Cole"))$texts$text))
  skip_if_not_installed("dplyr")
  expect_true("354" %in% shown(rma(yi, vi, data = dplyr::filter(events, s != "Bell")))$texts$text)
})

test_that("effects that are not those of the raw data show none", {
  events <- escalc("OR", ai = a, n1i = n1, ci = c, n2i = n2, data = raw, slab = s)
  expect_null(attr(escalc("OR", ai = raw$a, n1i = raw$n1, ci = raw$c, n2i = raw$n2), "raw.names"))
  events$other <- c(0.1, 0.2, 0.3)
  expect_false("Events" %in% layout_of(rma(other, vi, data = events), style = "revman")$texts$text)
})

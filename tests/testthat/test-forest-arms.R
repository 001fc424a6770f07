counts <- data.frame(a = c(4, 10, 0), n1 = c(50, 100, 30), c = c(8, 12, 1), n2 = c(52, 98, 31))
measured <- data.frame(m1 = c(5.1, 6.25, 4), s1 = c(1, 1.2, 2), n1 = c(30, 40, 25), m2 = c(6, 6.1, 5.5),
                       s2 = c(1.1, 1, 1.9),
                       n2 = c(31, 39, 26))
binary <- rma(ai = a, n1i = n1, ci = c, n2i = n2, data = counts, measure = "OR", slab = c("Ames", "Bell", "Cole"))
means <- rma(m1i = m1, sd1i = s1, n1i = n1, m2i = m2, sd2i = s2, n2i = n2, data = measured, measure = "MD")

test_that("events and totals stand beside their studies, with their sums", {
  for (style in c("revman", "stata_meta", "jama", "bmj", "lancet")) {
    layout <- layout_of(binary, style = style)
    expect_sound_layout(layout)
    text <- layout$texts$text
    if (style %in% c("jama", "bmj", "lancet")) {
      expect_true(all(c("4/50", "12/98", "14/180", "21/181") %in% text))
    } else {
      expect_true(all(c("4", "8", "10") %in% text))
    }
    if (style == "revman") expect_true(all(c("180", "181", "Total events:", "14", "21") %in% text))
    if (style == "stata_meta") expect_true(all(c("46", "44") %in% text) && !"180" %in% text)
  }
})

test_that("means, standard deviations and totals, rates and proportions", {
  text <- layout_of(means, style = "revman")$texts$text
  expect_true(all(c("5.10", "6.25", "1.0", "95", "96") %in% text))
  text <- layout_of(means, style = "bmj")$texts$text
  expect_true("5.10 (1.0)" %in% text)
  rates <- rma(x1i = c(4, 9), t1i = c(100, 200.5), x2i = c(5, 8), t2i = c(110, 190), measure = "IRR")
  expect_true(all(c("200.5", "300.5") %in% layout_of(rates, style = "jama")$texts$text))
  share <- rma(xi = c(4, 9), ni = c(40, 90), measure = "PLO")
  expect_true(all(c("4/40", "13/130") %in% layout_of(share, style = "lancet")$texts$text))
})

test_that("arms are columns of any style by name, and absent where there are no data", {
  layout <- layout_of(binary, style = "metafor", columns = list("label", "events", "total", "panel", "est"))
  expect_sound_layout(layout)
  expect_true(all(c("4", "52") %in% layout$texts$text))
  plain <- rma(c(0.1, 0.2), c(0.1, 0.1))
  expect_sound_layout(layout_of(plain, style = "revman"))
  expect_false("Events" %in% layout_of(plain, style = "revman")$texts$text)
})

test_that("sums of subgroups are those of their studies", {
  by <- rma(ai = a, n1i = n1, ci = c, n2i = n2, data = counts, measure = "OR", by = c("x", "x", "y"), method = "EE")
  layout <- layout_of(by, style = "revman")
  expect_sound_layout(layout)
  expect_true(all(c("150", "30", "180") %in% layout$texts$text))
})

test_that("RevMan's footers stand directly under the totals, ticks cross the axis, Favours run left on one line", {
  fit <- rma.mh(ai = c(4, 6, 3), n1i = c(123, 306, 231), ci = c(11, 29, 12), n2i = c(139, 303, 220))
  layout <- layout_of(fit, style = "revman")
  at <- function(pattern) layout$texts$y[grep(pattern, layout$texts$text)[1L]]
  expect_lt(at("^Total events") - at("^Heterogeneity"), 1.2 * layout$pitch)
  lines <- layout$segments[layout$segments$role == "line", ]
  ticks <- lines[lines$x0 == lines$x1 & abs(lines$y0 - lines$y1) < layout$pitch, ]
  axis <- layout$panel[["bottom"]]
  expect_true(all(pmax(ticks$y0, ticks$y1) > axis & pmin(ticks$y0, ticks$y1) < axis))
  expect_true("Favours [experimental]" %in% layout$texts$text)
  narrow <- forest_layout(fit, style = "revman", width = 6.5)
  expect_true("Favours [experimental]" %in% narrow$texts$text)
})

test_that("a cell of two numbers is empty where both are missing, and says which one is", {
  d <- data.frame(a = c(3, NA, 5, NA), n1 = c(30, NA, 40, 20), c = 4:7, n2 = c(30, 31, 40, 20))
  fit <- suppressWarnings(rma(measure = "RR", ai = a, n1i = n1, ci = c, n2i = n2, data = d))
  text <- layout_of(fit, style = "jama")$texts$text
  expect_true(all(c("3/30", "5/40", "-/20", "5/31") %in% text))
  expect_false(any(c("/", "/20", "-/-") %in% text))
})

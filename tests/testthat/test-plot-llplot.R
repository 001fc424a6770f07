quiet_ll <- function(...) llplot(..., draw = FALSE)
bare <- function(x) {
  attr(x, "figure") <- NULL
  x
}

test_that("likelihoods and user coordinates of estimates are metafor's", {
  skip_if_not_installed("metafor")
  theirs_of <- function(...) metafor::llplot(measure = "GEN", yi = bcg_effects$yi, vi = bcg_effects$vi, ...)
  ours_of <- function(...) llplot(measure = "GEN", yi = yi, vi = vi, data = bcg_effects, ...)
  for (a in list(list(), list(xlim = c(-3, 2)), list(level = 95, refline = NA), list(scale = FALSE, xvals = 100),
                 list(ylim = c(0, 9), xlim = c(-1, 0.5)))) {
    theirs <- ours <- NULL
    usr <- usr_after(theirs <- do.call(theirs_of, a))
    expect_equal(usr_after(ours <- do.call(ours_of, a)), usr)
    expect_gate(bare(ours), theirs, "metafor_closed", scale = max(theirs, na.rm = TRUE))
    expect_sound_figure(page_of(ours))
  }
})

test_that("the likelihood of a table is the non-central hypergeometric one", {
  one <- quiet_ll("OR", ai = 4, n1i = 20, ci = 9, n2i = 25, scale = FALSE, xlim = c(0, 2), xvals = 2, level = 99.999)
  by_definition <- function(theta) {
    x <- 0:13
    p <- choose(20, x) * choose(25, 13 - x) * exp(theta * x)
    p[5] / sum(p)
  }
  expect_equal(as.numeric(bare(one)), c(by_definition(0), by_definition(2)))
  expect_equal(stats::dhyper(4, 20, 25, 13), by_definition(0))
})

test_that("kinds of curves, flat ones dropped, missing values reported", {
  d <- data.frame(ai = c(4, 0, 0, 7), n1i = c(20, 18, 20, 30), ci = c(9, 3, 0, 2), n2i = c(25, 20, 21, 30))
  types <- function(...) {
    figure <- attr(quiet_ll("OR", ai = ai, n1i = n1i, ci = ci, n2i = n2i, data = d, refline = NA, ...), "figure")
    vapply(figure$layers, `[[`, "", "lty")
  }
  expect_identical(types(), c("solid", "dashed", "solid"))
  expect_identical(types(drop00 = FALSE), c("solid", "dashed", "dotted", "solid"))
  expect_warning(quiet_ll("GEN", yi = c(1, NA, 2), vi = c(1, 1, 1)), class = "metaparity_warning_dropped")
  bad <- function(...) expect_error(quiet_ll(...), class = "metaparity_error_input")
  bad("RR", yi = 1, vi = 1)
  bad("GEN", yi = 1)
  bad("GEN", vi = 1)
  bad("GEN", yi = 1:2, vi = 1)
  bad("GEN", yi = 1:3, vi = 1:3, col = c("red", "blue"))
  expect_sound_figure(page_of(quiet_ll("GEN", yi = 1, vi = 1, lang = "zh", main = "Title")))
})

test_that("tables of parts of persons are an error", {
  expect_error(llplot("OR", ai = 4.3, bi = 5, ci = 3, di = 6, draw = FALSE), class = "metaparity_error_input")
  expect_silent(llplot("OR", ai = 4e6, bi = 5e6, ci = 3e6, di = 6e6, draw = FALSE))
})

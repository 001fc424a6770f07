test_that("marks are where their numbers are, on both scales", {
  axis <- data.frame(value = c(0.1, 1, 10), px = c(100, 200, 300))
  at <- function(v) 200 + 100 * log10(v)
  d <- data.frame(study = c("A", "B"), est = c("0.50", "1.20"), ci.lb = c("0.25", "0.60"), ci.ub = c("1.00", "2.40"),
                  est.px = at(c(0.5, 1.2)), ci.lb.px = at(c(0.25, 0.6)), ci.ub.px = at(c(1, 2.4)))
  x <- audit(d, measure = "RR", axis = axis)
  expect_identical(nrow(x), 0L)
  expect_true("B11" %in% summary(x)$check)
  d$est.px[2L] <- at(0.8)
  x <- audit(d, measure = "RR", axis = axis)
  expect_identical(c(x$check, x$what, x$study), c("B11", "est", "B"))
  plain <- data.frame(est = "2.0", ci.lb = "1.0", ci.ub = "3.0", est.px = 60)
  expect_identical(nrow(audit(plain, measure = "MD", axis = data.frame(value = c(0, 10), px = c(0, 300)))), 0L)
})

test_that("what lies beyond the axis is not judged, and axes are checked", {
  d <- data.frame(est = "2.0", ci.lb = "1.0", ci.ub = "30.0", ci.ub.px = 100)
  axis <- data.frame(value = c(0, 10), px = c(0, 100))
  expect_identical(nrow(audit(d, measure = "MD", axis = axis)[0, ]), 0L)
  expect_false("B11" %in% audit(d, measure = "MD", axis = axis)$check)
  expect_error(audit(d, measure = "MD", axis = axis[1L, ]), class = "metaparity_error_input")
  bent <- data.frame(value = c(0, 5, 10), px = c(0, 80, 100))
  expect_error(audit(d, measure = "MD", axis = bent), class = "metaparity_error_input")
  expect_error(audit(d[1:3], measure = "MD", axis = axis), class = "metaparity_error_input")
})

sides <- function(...) {
  d <- data.frame(study = c("A", "B"), est = c("0.50", "0.80"), ci.lb = c("0.25", "0.40"), ci.ub = c("1.00", "1.60"))
  x <- audit(d, measure = "RR", ...)
  as.data.frame(x)[x$check == "B11", ]
}

test_that("the labels of the sides fit the direction of the outcome", {
  right <- c("Favours probiotics", "Favours placebo")
  arms <- c("Probiotics", "Placebo")
  expect_identical(nrow(sides(favours = right, arms = arms, harmful = TRUE)), 0L)
  x <- sides(favours = rev(right), arms = arms, harmful = TRUE)
  expect_identical(c(x$severity, x$what), c("error", "labels of the sides"))
  expect_identical(x$expected, "Favours probiotics | Favours placebo")
  expect_identical(nrow(sides(favours = rev(right), arms = arms, harmful = FALSE)), 0L)
  expect_identical(nrow(sides(favours = rev(right), arms = arms)), 0L)
  expect_match(sides(favours = c("Favours placebo", "placebo"), arms = arms)$why, "same arm")
})

test_that("arms are recognised by the words that plots use, English and Chinese", {
  expect_identical(named_arms(c("Favours [experimental]", "Favours [control]"), NULL), 1:2)
  expect_identical(named_arms(c("Favors treatment", "Favors no treatment"), NULL), 1:2)
  expect_identical(named_arms(c("\u652f\u6301\u8bd5\u9a8c\u7ec4", "\u652f\u6301\u5bf9\u7167\u7ec4"), NULL), 1:2)
  expect_identical(named_arms(c("Lower", "Higher"), NULL), c(NA_integer_, NA_integer_))
  expect_identical(named_arms(c("favours drug A", "Drug A + B"), c("Drug A", "Drug A + B")), 1:2)
  d <- data.frame(est = "0.50", ci.lb = "0.25", ci.ub = "1.00")
  s <- summary(audit(d, measure = "RR", favours = c("Lower", "Higher")))
  expect_identical(s[["not decidable"]][s$check == "B11"] %||% s$undecided[s$check == "B11"], 1L)
})

test_that("raw data tell which arm effects are of", {
  d <- data.frame(study = c("A", "B"), events1 = c(20, 30), n1 = c(100, 100), events2 = c(10, 12), n2 = c(100, 100),
                  est = c("0.50", "0.40"), ci.lb = c("0.25", "0.22"), ci.ub = c("1.01", "0.74"))
  own <- function(side) {
    x <- audit(d, measure = "RR", favours = side, harmful = TRUE)
    sum(x$check == "B11")
  }
  expect_identical(own(c("Favours control", "Favours experimental")), 0L)
  expect_identical(own(c("Favours experimental", "Favours control")), 1L)
})

test_that("what a pooled row is said to favour lies at that side", {
  side <- c("Favours drug", "Favours placebo")
  pooled <- data.frame(est = c("0.63", "1.40", "0.90"), ci.lb = c("0.40", "1.10", "0.70"),
                       ci.ub = c("0.99", "1.78", "1.16"), group = c("overall", "late", "early"),
                       favours = c("drug", "drug", "drug"))
  x <- sides(pooled = pooled, favours = side, arms = c("drug", "placebo"), harmful = TRUE)
  expect_identical(x$part, c("late", "early"))
  expect_identical(x$severity, c("error", "note"))
  expect_identical(x$expected[1L], "Favours placebo")
  pooled$favours <- c("drug", "placebo", "neither")
  expect_identical(nrow(sides(pooled = pooled, favours = side, arms = c("drug", "placebo"))), 0L)
})

test_that("labels of sides are checked as arguments", {
  d <- data.frame(est = "0.50", ci.lb = "0.25", ci.ub = "1.00")
  expect_error(audit(d, favours = "left"), class = "metaparity_error_input")
  expect_error(audit(d, favours = 1:2), class = "metaparity_error_input")
  expect_error(audit(d, arms = c("a", "b")), class = "metaparity_error_input")
  expect_error(audit(d, favours = c("a", "b"), harmful = "yes"), class = "metaparity_error_input")
})

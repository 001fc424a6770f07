counts <- function() data.frame(study = LETTERS[1:5], events1 = c(10, 20, 0, 5, 12), n1 = c(50, 60, 30, 40, 45),
                                events2 = c(15, 22, 4, 9, 11), n2 = c(52, 61, 31, 39, 47))

as_printed <- function(d, e, back = exp, digits = 2) {
  show <- function(x) sprintf("%.*f", digits, back(x))
  cbind(d, est = show(e$yi), ci.lb = show(e$yi - qnorm(0.975) * sqrt(e$vi)),
        ci.ub = show(e$yi + qnorm(0.975) * sqrt(e$vi)), stringsAsFactors = FALSE)
}

reading_of <- function(x) attr(x, "readings")$reading[1L]

test_that("the measure that gives all rows is found, for tables and for means", {
  d <- counts()
  for (m in c("RR", "OR")) {
    x <- audit(as_printed(d, escalc(m, ai = events1, n1i = n1, ci = events2, n2i = n2, data = d)))
    expect_identical(nrow(x), 0L)
    expect_match(reading_of(x), c(RR = "risk ratio", OR = "odds ratio")[[m]])
  }
  x <- audit(as_printed(d[-3L, ], escalc("RD", ai = events1, n1i = n1, ci = events2, n2i = n2, data = d[-3L, ]),
                        identity))
  expect_identical(nrow(x), 0L)
  expect_match(reading_of(x), "risk difference")
  m <- data.frame(mean1 = c(5.1, 4.2, 6.3), sd1 = c(1.2, 1.5, 1.1), n1 = c(20, 25, 30), mean2 = c(4.2, 4.4, 5.1),
                  sd2 = c(1.3, 1.4, 1.6), n2 = c(21, 24, 29))
  for (measure in c("MD", "SMD")) {
    x <- audit(as_printed(m, escalc(measure, m1i = mean1, sd1i = sd1, n1i = n1, m2i = mean2, sd2i = sd2, n2i = n2,
                                    data = m), identity, 3))
    expect_identical(nrow(x), 0L)
    expect_match(reading_of(x), c(MD = "mean difference", SMD = "standardised")[[measure]])
  }
})

test_that("a wrong digit anywhere is found, with the number that would agree", {
  d <- counts()
  p <- as_printed(d, escalc("RR", ai = events1, n1i = n1, ci = events2, n2i = n2, data = d))
  q <- p
  q$ci.ub[2L] <- "1.57"
  x <- audit(q)
  x <- x[x$check == "A3", ]
  expect_identical(x$row, 2L)
  expect_identical(x$what, "upper limit")
  expect_match(x$suggestion, "upper limit 1.51 instead of 1.57")
})

test_that("a row of another kind than the rest is an error that names it", {
  d <- counts()
  rr <- as_printed(d, escalc("RR", ai = events1, n1i = n1, ci = events2, n2i = n2, data = d))
  or <- as_printed(d, escalc("OR", ai = events1, n1i = n1, ci = events2, n2i = n2, data = d))
  mixed <- rr
  mixed[4L, ] <- or[4L, ]
  x <- audit(mixed)
  expect_identical(x$check, "A3")
  expect_identical(x$reading, "odds ratio")
  swapped <- rr
  swapped[5L, c("events1", "n1", "events2", "n2")] <- rr[5L, c("events2", "n2", "events1", "n1")]
  expect_identical(audit(swapped)$reading, "arms exchanged")
})

test_that("standard errors taken as standard deviations are named", {
  m <- data.frame(mean1 = c(5.1, 4.2, 6.3), sd1 = c(1.2, 1.5, 1.1), n1 = c(20, 25, 30), mean2 = c(4.2, 4.4, 5.1),
                  sd2 = c(1.3, 1.4, 1.6), n2 = c(21, 24, 29))
  p <- as_printed(m, escalc("MD", m1i = mean1, sd1i = sd1, n1i = n1, m2i = mean2, sd2i = sd2, n2i = n2, data = m),
                  identity)
  p$sd1[2L] <- p$sd1[2L] / 5
  p$sd2[2L] <- p$sd2[2L] / sqrt(24)
  x <- audit(p)
  expect_identical(x$check, "A3")
  expect_match(x$reading, "standard errors")
})

test_that("another correction for zeros is a convention, which is named", {
  d <- counts()
  p <- as_printed(d, escalc("OR", ai = events1, n1i = n1, ci = events2, n2i = n2, data = d))
  N <- c(30, 31)
  add <- c(N[1L], N[2L]) / sum(N)
  cells <- c(0 + add[1L], 30 + add[1L], 4 + add[2L], 27 + add[2L])
  e <- data.frame(yi = log(cells[1L] * cells[4L] / (cells[2L] * cells[3L])), vi = sum(1 / cells))
  p[3L, c("est", "ci.lb", "ci.ub")] <- as_printed(data.frame(a = 1), e)[c("est", "ci.lb", "ci.ub")]
  x <- audit(p)
  expect_identical(x$check, "A7")
  expect_identical(x$severity, "warning")
  expect_match(x$reading, "arms' sizes")
})

test_that("events in all people of both arms have the ratio 1, as RevMan has it, and none in both no ratio", {
  d <- data.frame(study = c("A", "B", "C"), events1 = c(10, 20, 0), n1 = c(50, 20, 30), events2 = c(15, 22, 0),
                  n2 = c(52, 22, 31),
                  est = c("0.69", "1.00", ""), ci.lb = c("0.34", "0.91", ""), ci.ub = c("1.40", "1.09", ""))
  x <- audit(d, measure = "RR")
  expect_identical(nrow(x[x$severity == "error", ]), 0L)
})

test_that("levels other than 95 % are found", {
  d <- counts()[-3L, ]
  e <- escalc("RR", ai = events1, n1i = n1, ci = events2, n2i = n2, data = d)
  p <- as_printed(d, e)
  for (level in c(0.9, 0.99)) {
    z <- qnorm(1 - (1 - level) / 2)
    p$ci.lb <- sprintf("%.2f", exp(e$yi - z * sqrt(e$vi)))
    p$ci.ub <- sprintf("%.2f", exp(e$yi + z * sqrt(e$vi)))
    x <- audit(p)
    expect_identical(nrow(x), 0L)
    expect_match(reading_of(x), sprintf("%.0f %%", 100 * level))
  }
})

test_that("data that give no known effect are a warning, and an error where the measure is stated", {
  d <- counts()[1:2, ]
  p <- cbind(d, est = c("0.33", "0.44"), ci.lb = c("0.11", "0.22"), ci.ub = c("0.99", "0.88"))
  expect_setequal(audit(p)$severity[audit(p)$check == "A3"], "warning")
  expect_setequal(audit(p, measure = "RR")$severity[audit(p, measure = "RR")$check == "A3"], "error")
})

test_that("entries with their standard errors give differences or, exponentiated, ratios", {
  entry <- c(0.2, -0.4, 0.1)
  se <- c(0.1, 0.2, 0.3)
  show <- function(x) sprintf("%.2f", exp(x))
  d <- data.frame(entry = entry, entry_se = se, est = show(entry), ci.lb = show(entry - 1.959964 * se),
                  ci.ub = show(entry + 1.959964 * se))
  expect_identical(nrow(audit(d)), 0L)
  expect_match(reading_of(audit(d)), "exponential")
  d$ci.ub[2L] <- "1.99"
  x <- audit(d)
  expect_identical(x$row[x$check == "A3"], 2L)
  expect_match(x$suggestion[x$check == "A3"], "upper limit 0.99 instead of 1.99")
})

test_that("variances at the studies' averages or under no effect are readings of the measure that is stated", {
  set.seed(3)
  k <- 7
  d <- data.frame(study = letters[1:k], n1 = 20 + 5 * 1:k, n2 = 60 - 4 * 1:k, mean1 = round(rnorm(k, 50, 4), 1),
                  mean2 = round(rnorm(k, 55, 4), 1), sd1 = round(runif(k, 6, 12), 1), sd2 = round(runif(k, 6, 12), 1),
                  events1 = 3 + 2 * 1:k, events2 = 20 - 1:k)
  shown <- function(es, ratio) {
    f <- if (ratio) exp else identity
    half <- stats::qnorm(0.975) * sqrt(es$vi)
    cbind(d["study"], est = sprintf("%.2f", f(es$yi)), ci.lb = sprintf("%.2f", f(es$yi - half)),
          ci.ub = sprintf("%.2f", f(es$yi + half)))
  }
  means <- c("n1", "n2", "mean1", "mean2", "sd1", "sd2")
  tables <- c("n1", "n2", "events1", "events2")
  flagged <- function(measure, vtype, stated) {
    ratio <- measure %in% c("RR", "OR")
    es <- if (startsWith(measure, "SMD")) {
      escalc(measure, m1i = mean1, sd1i = sd1, n1i = n1, m2i = mean2, sd2i = sd2, n2i = n2, data = d, vtype = vtype)
    } else escalc(measure, ai = events1, n1i = n1, ci = events2, n2i = n2, data = d, vtype = vtype)
    p <- cbind(shown(es, ratio), d[if (startsWith(measure, "SMD")) means else tables])
    wrong <- p
    wrong[4, c("est", "ci.lb", "ci.ub")] <- p[1, c("est", "ci.lb", "ci.ub")]
    a <- audit(p, measure = stated)
    b <- audit(wrong, measure = stated)
    c(sum(a$check == "A3" & a$severity != "note"), all(b$row[b$check == "A3"] == 4L) && any(b$check == "A3"))
  }
  for (v in c("AV", "H0")) for (m in c("SMD", "RR", "OR", "RD")) expect_equal(flagged(m, v, m), c(0, 1))
  expect_equal(flagged("RD", "UB", "RD"), c(0, 1))
  for (m in c("SMDH", "SMD1H")) expect_equal(flagged(m, "LS", "SMD"), c(0, 1))
})

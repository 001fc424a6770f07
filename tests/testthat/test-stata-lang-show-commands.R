x <- c(4, 8, 15, 16, 23, 42, 108, 4)
shown <- function(...) stata(c(...), data.frame(x = x, g = rep(c("a", "b"), each = 4)))

test_that("moments are those of the data, weighted ones those of the repeated data", {
  s <- summary_of(x, NULL, NULL, TRUE)
  expect_equal(c(s$mean, s$Var, s$sum), c(mean(x), var(x), sum(x)))
  m <- function(k) mean((x - mean(x))^k)
  expect_equal(c(s$skewness, s$kurtosis), c(m(3) / m(2)^1.5, m(4) / m(2)^2))
  w <- c(1, 2, 0, 3, 1, 1, 2, NA)
  f <- summary_of(x, w, "fweight", FALSE)
  long <- rep(x[1:7], w[1:7])
  expect_equal(c(f$N, f$mean, f$Var), c(length(long), mean(long), var(long)))
  a <- summary_of(x, w, "aweight", FALSE)
  expect_equal(c(a$N, a$mean), c(6, mean(long)))
  expect_identical(summary_of("a", NULL, NULL, FALSE), list(N = 0))
})

test_that("a percentile is the value behind which so many lie, or the mean of two", {
  brute <- function(v, p) {
    s <- sort(v)
    share <- 100 * seq_along(s) / length(s)
    at <- which(share > p - 1e-9)[1L]
    if (abs(share[at] - p) < 1e-9 && at < length(s)) mean(s[at + 0:1]) else s[at]
  }
  for (n in 1:9) for (p in c(5, 10, 25, 50, 75, 90)) {
    expect_identical(stata_percentile(rev(x[seq_len(min(n, 8L))]), p), brute(x[seq_len(min(n, 8L))], p))
  }
})

test_that("summarize prints what it saves", {
  run <- shown("summarize x", "display %9.0g r(mean)")
  line <- grep("^ +x \\|", run$log, value = TRUE)
  numbers <- as.numeric(strsplit(trimws(sub("^.*\\|", "", line)), " +")[[1L]])
  expect_equal(numbers, c(8, mean(x), sd(x), min(x), max(x)), tolerance = 1e-6)
  expect_identical(as.numeric(utils::tail(run$log, 1L)), numbers[2L])
})

test_that("list shows the rows asked for, with a line after each fifth or where a group ends", {
  lines <- shown("list x g if x > 10, sepby(g)")$log
  expect_length(grep("^ +[0-9]+[.] \\|", lines), 5L)
  rules <- grep("^ +[|]-+[|]$", lines)
  expect_length(rules, 2L)
  expect_match(lines[rules[2L] - 1L], " a \\|$")
  expect_length(grep("^ +[|]-+[|]$", shown("list x")$log), 2L)
  expect_identical(trimws(shown("list g in 5, noobs clean")$log), c("", "g", "b"))
})

test_that("describe tells types, and the size of the data", {
  run <- shown("describe", "display r(N) \" \" r(k)")
  expect_identical(utils::tail(run$log, 1L), "8 2")
  expect_match(paste(run$log, collapse = "\n"), "x +int +%8.0g")
  expect_match(grep("size:", run$log, value = TRUE), " 24 *$")
})

test_that("summarize takes importance weights", {
  d <- data.frame(x = c(1, 2, 4), w = c(0.5, 1.5, 2))
  r <- stata("summarize x [iweight = w]", d)$r
  expect_gate(c(r$mean, r$sum_w), c(stats::weighted.mean(d$x, d$w), 4), "closed_form")
  expect_gate(r$Var, sum(d$w * (d$x - r$mean)^2) / (sum(d$w) - 1), "closed_form")
})

test_that("GRIM agrees with brute force over sums", {
  for (n in c(7, 12, 28, 39)) {
    means <- sprintf("%.2f", seq(2, 3, by = 0.01))
    possible <- unique(sprintf("%.2f", (0:(4 * n)) / n))
    fits <- grim_fits(printed_numbers(means), rep(n, length(means)))
    expect_identical(fits, means %in% possible)
  }
  expect_identical(grim_fits(printed_numbers("2.03"), 150), NA)
  # Two items double the sums that a mean may have.
  expect_false(grim_fits(printed_numbers("2.25"), 10))
  expect_true(grim_fits(printed_numbers("2.25"), 10, 2))
})

test_that("GRIMMER lets pass what whole numbers give, and finds a spread that they cannot have", {
  set.seed(1)
  for (i in 1:60) {
    x <- sample(0:6, sample(5:40, 1L), TRUE)
    expect_true(grimmer_fits(printed_numbers(sprintf("%.2f", mean(x))), printed_numbers(sprintf("%.2f", sd(x))),
                             length(x)))
  }
  # n = 3, mean 2.00: sums of squares 12, 14, 18 and so on, standard deviations 0, 1, 1.73.
  sds <- vapply(split(expand.grid(a = 0:6, b = 0:6, c = 0:6), 1:343),
                function(x) if (sum(x) == 6) sd(unlist(x)) else NA_real_, 0)
  possible <- unique(sprintf("%.2f", sds[!is.na(sds)]))
  tried <- sprintf("%.2f", seq(0, 3.4, by = 0.01))
  fits <- grimmer_fits(printed_numbers(rep("2.00", length(tried))), printed_numbers(tried), rep(3, length(tried)))
  expect_true(all(fits[tried %in% possible]))
  expect_gt(mean(!fits), 0.9)
})

test_that("findings of whole numbers and of the scale", {
  d <- data.frame(study = "A", mean1 = "2.34", sd1 = "1.00", n1 = 10, mean2 = "2.30", sd2 = "1.06", n2 = 10)
  x <- check_data(d, integer = TRUE)
  expect_identical(x$check, "C9")
  expect_match(x$expected, "2.30 or 2.40")
  d <- data.frame(mean1 = c("2.0", "9.5"), sd1 = c("1.0", "3.0"), n1 = 20, mean2 = c("2.0", "11.0"),
                  sd2 = c("1.1", "1.0"), n2 = 20)
  x <- check_data(d, scale = c(0, 10))
  x <- x[x$check == "C10", ]
  expect_identical(x$what, c("sd1", "mean2"))
})

test_that("copies, repeated controls, equal spreads and exchanged arms", {
  d <- data.frame(study = c("A", "A", "B", "C"), analysis = "1", n1 = c(20, 21, 30, 30), mean1 = c(5, 6, 4, 4),
                  sd1 = c(2, 2.1, 1.5, 1.5), n2 = c(22, 22, 31, 31), mean2 = c(4, 4, 5, 5), sd2 = c(1.9, 1.9, 1.5, 1.5))
  x <- check_data(d)
  expect_identical(x$row[x$check == "C7"], 2L)
  expect_identical(x$severity[x$check == "C7"], "warning")
  expect_identical(x$row[x$check == "C8"], 4L)
  expect_identical(x$row[x$check == "C6"], 3:4)
  grouped <- cbind(d[1:2, ], group = c("x", "y"))
  expect_identical(check_data(grouped)$severity, "note")
  two <- data.frame(study = "A", analysis = c("1", "2", "3"), events1 = c(3, 4, 5), n1 = c(50, 50, 52),
                    events2 = c(5, 6, 7), n2 = c(52, 52, 50))
  x <- check_data(two)
  expect_identical(x$check, "C4")
  expect_identical(x$row, 3L)
})

test_that("DEBIT: the spread of values 0 and 1 follows from their mean", {
  all <- expand.grid(k = 0:30, n = c(10L, 30L))
  all <- all[all$k <= all$n, ]
  for (i in seq_len(nrow(all))) {
    x <- rep(0:1, c(all$n[i] - all$k[i], all$k[i]))
    d <- data.frame(study = "a", mean1 = sprintf("%.2f", mean(x)), sd1 = sprintf("%.2f", stats::sd(x)), n1 = all$n[i])
    expect_identical(sum(check_data(d, binary = TRUE)$check == "C9"), 0L)
  }
  wrong <- data.frame(study = "a", mean1 = "0.20", sd1 = "0.30", n1 = 30)
  found <- check_data(wrong, binary = TRUE)
  expect_match(found$why[found$check == "C9"], "DEBIT")
  expect_error(check_data(wrong, binary = NA), class = "metaparity_error_input")
})

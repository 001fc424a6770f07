means <- function() {
  data.frame(study = LETTERS[1:6], n1 = c(40, 55, 62, 48, 51, 44), n2 = c(41, 50, 60, 50, 49, 45),
             mean1 = c(12.1, 11.4, 12.8, 12.0, 11.9, 12.5), sd1 = c(4.1, 3.8, 4.3, 4.4, 3.9, 4.0),
             mean2 = c(13.0, 12.6, 13.9, 12.9, 13.1, 13.3), sd2 = c(4.0, 4.2, 3.7, 3.9, 4.1, 4.5))
}
found <- function(d, ...) {
  x <- check_data(d, measure = "MD", ...)
  x[x$severity != "note" | x$check %in% c("C6", "C4", "C5"), ]
}

test_that("clean data raise nothing", {
  expect_identical(nrow(found(means())), 0L)
  expect_s3_class(check_data(means()), "metaparity_audit_report")
})

test_that("standard errors, units and signs are seen", {
  d <- means()
  d[3L, c("sd1", "sd2")] <- d[3L, c("sd1", "sd2")] / sqrt(61)
  x <- found(d)
  expect_identical(x$check, "C1")
  expect_identical(x$row, 3L)
  expect_match(x$suggestion, "standard deviations 4.3")
  d <- means()
  d[2L, c("mean1", "mean2", "sd1", "sd2")] <- 10 * d[2L, c("mean1", "mean2", "sd1", "sd2")]
  expect_true(all(c("C2") %in% found(d)$check))
  d <- means()
  d[4L, c("mean1", "mean2")] <- d[4L, c("mean2", "mean1")]
  expect_identical(found(d)$check, "C3")
})

test_that("a standardised difference has no common scale, but should not mix changes and final values", {
  d <- means()
  d[3L, c("sd1", "sd2")] <- d[3L, c("sd1", "sd2")] / sqrt(61)
  expect_false("C1" %in% check_data(d, measure = "SMD")$check)
  d <- means()
  d[5L, c("mean1", "mean2")] <- c(-1.2, -0.4)
  expect_true("C5" %in% check_data(d, measure = "SMD")$check)
})

test_that("wrong arguments are named", {
  expect_error(check_data(1), class = "metaparity_error_input")
  expect_error(check_data(data.frame(a = 1)), class = "metaparity_error_input")
  expect_error(check_data(means(), scale = 1), class = "metaparity_error_input")
  expect_error(check_data(means(), integer = NA), class = "metaparity_error_input")
  expect_error(check_data(means(), items = 0), class = "metaparity_error_input")
})

test_that("rows without numbers, and measures that are none, are not passed over in silence", {
  d <- data.frame(events1 = c(1, 2, 3), n1 = c("10", "abc", NA), events2 = c(2, 3, 4), n2 = c(10, 12, 11))
  caught <- NULL
  withCallingHandlers(check_data(d), metaparity_warning_studies = function(w) {
    caught <<- w$rows
    invokeRestart("muffleWarning")
  })
  expect_identical(caught, 2:3)
  expect_error(check_data(means(), measure = "ZZ"), class = "metaparity_error_input")
  for (word in c("SMD", "g", "Mean Difference", "Hazard Ratio", "WMD")) expect_silent(check_measure_word(word, NULL))
})

test_that("a lost sign of one mean is found, and negative sizes and spreads are called so without warnings", {
  d <- data.frame(study = LETTERS[1:5], n1 = c(40, 55, 62, 48, 50), n2 = c(41, 50, 60, 50, 52),
                  mean1 = c(12.1, -11.4, 12.8, 12.0, 12.3), sd1 = c(4.1, 3.8, 4.5, 4.4, 4.2),
                  mean2 = c(13.0, 12.6, 13.9, 12.9, 13.1), sd2 = c(4.0, 4.2, 4.6, 3.9, 4.3))
  x <- check_data(d, measure = "MD")
  expect_identical(x$row[x$check == "C3"], 2L)
  expect_identical(x$what[x$check == "C3"], "mean1")
  d$mean1 <- abs(d$mean1)
  expect_false("C3" %in% check_data(d, measure = "MD")$check)
  d$n1[1L] <- -40
  d$sd2[3L] <- -4.6
  x <- expect_silent(check_data(d, measure = "MD"))
  expect_setequal(x$row[x$check == "A4"], c(1L, 3L))
  expect_match(x$why[x$check == "A4"], "negative")
  expect_false(any(grepl("NA", x$printed)))
})

test_that("means and standard deviations of all methods equal metafor's", {
  skip_if_not_installed("metafor")
  five <- list(c(2, NA, 6, NA, 14), c(NA, 4, 6, 9, NA), c(2, 4, 6, 9, 14), c(2, NA, NA, NA, 14),
               c(2, 4, NA, 9, 14), c(2, 4, 6, NA, 14),
               c(2, 6, 6, 6, 14), c(1, NA, 1, NA, 30))
  values <- as.data.frame(do.call(rbind, five))
  names(values) <- c("min", "q1", "median", "q3", "max")
  for (n in c(4, 5, 20, 71, 1000)) {
    for (case in list(list(), list(dist = "lnorm"), list(dist = "lnorm", transf = FALSE), list(method = "wan2014"),
                      list(method = "hozo"),
                      list(method = "bland2015"), list(method = "walter2007"), list(test = FALSE))) {
      args <- c(as.list(values), list(n = rep(n, length(five))), case)
      ours <- suppressWarnings(do.call(conv.fivenum, args))
      theirs <- suppressWarnings(do.call(metafor::conv.fivenum, args))
      expect_gate(ours$mean, theirs$mean, "metafor_closed")
      expect_gate(ours$sd, theirs$sd, "metafor_closed")
      expect_gate(attr(ours$mean, "tval"), attr(theirs$mean, "tval"), "metafor_closed")
      expect_gate(attr(ours$mean, "crit"), attr(theirs$mean, "crit"), "metafor_closed")
    }
  }
})

test_that("columns, attributes and replacement as in metafor", {
  expect_same_output({
    d <- data.frame(case = c(1:3, NA), min = c(2, NA, 2, NA), q1 = c(NA, 9, 9, NA), median = c(14, 14, 14, NA),
                    q3 = c(NA, 18, 18, NA),
                    max = c(24, NA, 24, NA), mean = c(NA, NA, NA, 14.6), sd = c(NA, NA, NA, 5.8), n = c(20, 20, 20, 20))
    str(conv.fivenum(min = min, q1 = q1, median = median, q3 = q3, max = max, n = n, data = d))
    conv.fivenum(min = min, q1 = q1, median = median, q3 = q3, max = max, n = n, data = d, include = 1:2)
    str(conv.fivenum(min = min, q1 = q1, median = median, q3 = q3, max = max, n = n, data = d, append = FALSE))
    str(conv.fivenum(min = min, q1 = q1, median = median, q3 = q3, max = max, n = n, data = d, var.names = c("m", "s")))
    d$mean[1] <- 9
    str(conv.fivenum(min = min, q1 = q1, median = median, q3 = q3, max = max, n = n, data = d, replace = "all"))
    str(conv.fivenum(min = min, q1 = q1, median = median, q3 = q3, max = max, n = n, data = d, replace = "complete"))
    str(conv.fivenum(min = c(2, 3), median = c(3, 4), max = c(5, 5), n = c(50, 50), dist = c("norm", "lnorm")))
  })
})

test_that("numbers that cannot be are named", {
  expect_error(conv.fivenum(min = 2, median = 1, max = 3, n = 20), class = "metaparity_error_studies")
  expect_error(conv.fivenum(min = 0, median = 1, max = 3, n = 20, dist = "lnorm"), class = "metaparity_error_studies")
  expect_error(conv.fivenum(min = 1, median = 2, max = 3, n = 20, dist = "gamma"), class = "metaparity_error_input")
  expect_error(conv.fivenum(min = 1, median = 2, max = 3, n = 20, method = "zz"), class = "metaparity_error_input")
  expect_error(conv.fivenum(n = 20), class = "metaparity_error_input")
  expect_error(conv.fivenum(min = 1:2, median = 3:4, max = 5:6, n = 20), class = "metaparity_error_input")
  expect_warning(conv.fivenum(min = 1, median = 2, max = 3, n = 20, method = "hozo", dist = "lnorm"),
                 class = "metaparity_warning_input")
})

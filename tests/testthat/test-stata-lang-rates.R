test_that("iri prints the manual's example", {
  log <- stata("iri 41 15 28010 19017", data.frame(a = 1))$log
  words <- function(name) strsplit(trimws(gsub("[|]", " ", sub("^[^|]*[|]", "", grep(name, log, value = TRUE)[1L]))),
                                   " +")[[1L]]
  expect_equal(words("Incidence rate"), c(".0014638", ".0007888", ".0011908"))
  expect_equal(words("rate diff"), c(".000675", ".0000749", ".0012751"))
  expect_equal(words("Attr. frac. pop"), ".337618")
  expect_match(log[length(log)], "= +0[.]0355 [(]exact[)]")
})

test_that("ir counts cases and time; its limits are those of poisson.test()", {
  d <- data.frame(cases = c(4, 3, 9, 2), e = c(1, 0, 1, 0), time = c(10, 20, 30, 25))
  log <- stata(c("ir cases e time", "display %21.17f r(irr)", "display %21.17f r(lb_irr)", "display %21.17f r(ub_irr)"),
               d)$log
  test <- stats::poisson.test(c(13, 5), c(40, 45))
  expect_gate(as.numeric(utils::tail(log, 3)), c(test$estimate[[1]], test$conf.int), "exact_solution")
  expect_error(stata("ir cases e time, ird", d), class = "metaparity_error_stata_gap")
})

test_that("ir names its variables and prints the mid-p lines as published logs do", {
  d <- data.frame(cases = c(617, 623), smoker = 1:0, years = c(39636.77, 41288.39))
  attr(d$smoker, "label") <- "Current smoker, exam 1"
  attr(d$cases, "label") <- "Incident Hosp MI or fatal CHD"
  log <- stata("ir cases smoker years", d)$log
  expect_identical(log[2L], "                 | Current smoker, exam 1 |")
  expect_true("Incident Hosp MI |       617         623  |       1240" %in% log)
  expect_true("           years |  39636.77    41288.39  |   80925.16" %in% log)
  expect_true("                     (midp)   Pr(k>=617) =                   0.2917 (exact)" %in% log)
  expect_identical(log[length(log)], "                     (midp) 2*Pr(k>=617) =                   0.5835 (exact)")
})

test_that("the adaptive format shows three significant digits", {
  expect_equal(estout_number(-238.894, "a3"), "-238.9")
  expect_equal(estout_number(11253.06, "a3"), "11253.1")
  expect_equal(estout_number(1.746559, "a3"), "1.747")
  expect_equal(estout_number(-49.51222, "a3"), "-49.51")
  expect_equal(estout_number(0.008471, "a3"), "0.00847")
  expect_equal(estout_number(0.57735, "a3"), "0.577")
})

test_that("esttab prints coefficients, t statistics, stars and notes", {
  d <- reg_data()
  log <- stata(c("quietly regress y x", "eststo", "quietly regress y x z", "eststo", "esttab, se r2 title(T)"), d)$log
  fit <- stats::lm(y ~ x + z, d)
  expect_equal(log[1:2], c("(est1 stored)", "(est2 stored)"))
  x <- grep("^x ", log, value = TRUE)
  expect_match(x, sprintf("%.3f***", stats::coef(stats::lm(y ~ x, d))[["x"]]), fixed = TRUE)
  expect_match(x, sprintf("%.3f", stats::coef(fit)[["x"]]), fixed = TRUE)
  expect_match(log[which(startsWith(log, "x ")) + 1L], sprintf("(%s)", estout_number(sqrt(stats::vcov(fit)["x", "x"]),
    "a3")),
               fixed = TRUE)
  expect_true("Standard errors in parentheses" %in% log)
  expect_true("* p<0.05, ** p<0.01, *** p<0.001" %in% log)
  expect_equal(nchar(log[5L]), 44L)
})

test_that("cells() shows every statistic in its format, wide puts them side by side", {
  set.seed(2)
  d <- data.frame(y = stats::rnorm(30), x = stats::rnorm(30))
  fit <- stats::lm(y ~ x, d)
  table <- function(line) stata(c("quietly regress y x", "estimates store A", line), d)$log
  b <- sprintf("%.3f", stats::coef(fit)[["x"]])
  ci <- sprintf("\\[%s,%s\\]", sprintf("%.2f", stats::confint(fit)["x", 1]), sprintf("%.2f", stats::confint(fit)["x", 2]))
  p <- sprintf("%.3f", summary(fit)$coefficients["x", 4])
  rows <- table("esttab A, cells(b(star fmt(3)) ci(par fmt(2)) p(fmt(3)))")
  at <- grep("^x ", rows)
  expect_match(rows[at], b, fixed = TRUE)
  expect_match(rows[at + 1L], ci)
  expect_match(rows[at + 2L], p, fixed = TRUE)
  expect_true("95% confidence intervals in brackets" %in% rows)
  flat <- table("esttab A, cells(\"b(star fmt(3)) ci(par fmt(2)) p(fmt(3))\")")
  expect_match(grep("^x ", flat, value = TRUE), paste0(b, " +", ci, " +", p))
  expect_match(grep("^x ", table("esttab A, se wide"), value = TRUE), "^x .*\\([0-9.]+\\)")
  expect_error(table("esttab A, cells(b(fmt(3)) nothing)"), class = "metaparity_error_stata_unsupported")
})

test_that("estout shows what is asked alone: names, columns of statistics, %9.0g", {
  log <- stata(c("eststo m1: quietly regress mpg wt", "eststo m2: quietly regress mpg wt hp", "estout"), mtcars)$log
  lines <- utils::tail(log, 8)
  expect_equal(lines[2:3], c("                       m1           m2", "                        b            b"))
  expect_equal(lines[7], "_cons            37.28513     37.22727")
  expect_false(any(grepl("^N |p<0.05", log)))
  more <- stata(c("eststo m1: quietly regress mpg wt", "estout, cells(b(star fmt(3)) se(par)) stats(r2 N) legend"),
                mtcars)$log
  expect_true(any(grepl("^ +b/se", more)))
  expect_true(any(grepl("^r2 +[.]7528328", more)))
  expect_true("* p<0.05, ** p<0.01, *** p<0.001" %in% more)
})

test_that("esttab shows base levels as 0 and (.), nobaselevels leaves them out; labels of levels and products", {
  d <- data.frame(y = c(1, 3, 2, 5, 4, 6, 7, 3, 9), g = rep(1:3, length.out = 9), x = c(1:8, 4))
  run <- function(line, more = NULL) stata(c(more, "quietly regress y i.g##c.x", line), d)$log
  plain <- run("esttab")
  at <- grep("^1b[.]g ", plain)
  expect_match(plain[at], "0 +$")
  expect_match(plain[at + 1L], "[(][.][)] +$")
  expect_false(any(grepl("1b.g", run("esttab, nobaselevels"), fixed = TRUE)))
  expect_false(any(grepl("^1b[.]g ", run("esttab, drop(1b.g)"))))
  expect_true(any(grepl("[.,.]", run("esttab, ci"), fixed = TRUE)))
  expect_true(any(grepl("^g=2 ", run("esttab, label"))))
  labelled <- run("esttab, label", c("label define gl 1 \"One\" 2 \"Two\" 3 \"Three\"", "label values g gl",
                                     "label variable x \"Dose\""))
  expect_true(any(grepl("^One ", labelled)) && any(grepl("^Two # Dose", labelled)))
})

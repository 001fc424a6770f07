# Oracle: R's own calendar; day 0 is 1 January 1960.
day <- function(text) as.numeric(as.Date(text)) + 3653

test_that("dates are read by their mask and taken apart", {
  expect_equal(expression_value("date(\"12mar2014\", \"DMY\")"), day("2014-03-12"))
  expect_equal(expression_value("date(\"March 5, 1960\", \"MDY\")"), day("1960-03-05"))
  expect_equal(expression_value("date(\"20140312\", \"YMD\")"), day("2014-03-12"))
  expect_equal(expression_value("date(\"3/4/99\", \"MD19Y\")"), day("1999-03-04"))
  expect_equal(expression_value("date(\"3/4/02\", \"MDY\", 2020)"), day("2002-03-04"))
  expect_true(is.na(expression_value("date(\"31feb2014\", \"DMY\")")))
  expect_equal(expression_value("mdy(2, 29, 2016)"), day("2016-02-29"))
  d <- data.frame(t = day(c("1959-12-31", "2016-02-29")))
  expect_equal(expression_value("year(t) * 10000 + month(t) * 100 + day(t)", d), c(19591231, 20160229))
  expect_equal(expression_value("dow(t)", d), as.POSIXlt(c("1959-12-31", "2016-02-29"))$wday)
  expect_equal(expression_value("doy(t)", d), c(365, 60))
})

test_that("months, quarters, clocks and literals", {
  expect_equal(expression_value("ym(2014, 3)"), 650)
  expect_equal(expression_value("mofd(td(15mar2014)) - tm(2014m3)"), 0)
  expect_equal(expression_value("qofd(mdy(12, 31, 1960))"), 3)
  expect_equal(expression_value("dofm(tm(1960m2))"), 31)
  expect_equal(expression_value("td(31dec1959)"), -1)
  expect_equal(expression_value("clock(\"1960-01-02 01:02:03\", \"YMDhms\")"), 1000 * (86400 + 3723))
  expect_equal(expression_value("hh(clock(\"2014-03-12 01:05 pm\", \"YMDhm\"))"), 13)
  expect_equal(expression_value("age(td(29feb2000), td(28feb2016))"), 15)
  expect_error(expression_value("td(99foo2000)"), class = "metaparity_error_stata")
})

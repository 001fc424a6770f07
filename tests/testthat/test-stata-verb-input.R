d3 <- data.frame(id = c("A", "B", "C"), year = c(2001, 2002, 2003), es = c(.2, .5, .1), se = c(.1, .2, .15),
                 g = c("y", "x", "y"), stringsAsFactors = FALSE)

test_that("variables are found as bare names, expressions, strings and vectors", {
  a <- metan(es, se, data = d3)
  expect_equal(metan("es", "se", data = d3)$r, a$r)
  expect_equal(metan(d3$es, d3$se)$r, a$r)
  expect_equal(metan(es * 1, sqrt(se^2), data = d3)$r, a$r)
  effect <- d3$es
  expect_equal(metan(effect, se, data = d3)$r, a$r)
  inner <- function(data) metan(es, se, data = data)
  expect_equal(inner(d3)$r, a$r)
})

test_that("label() takes c(), list(), bare names, strings, vectors", {
  want <- c("A (2001)", "B (2002)", "C (2003)")
  expect_identical(metan(es, se, data = d3, label = c(namevar = "id", yearid = "year"))$table$label[1:3], want)
  expect_identical(metan(es, se, data = d3, label = list(namevar = id, yearvar = year))$table$label[1:3], want)
  words <- c(namevar = "id", yearid = "year")
  expect_identical(metan(es, se, data = d3, label = words)$table$label[1:3], want)
  expect_identical(metan(es, se, data = d3, label = id)$table$label[1:3], d3$id)
  expect_identical(metan(es, se, data = d3)$table$label[1:3], c("1", "2", "3"))
  expect_identical(metan(es, se, data = d3, label = c(yearid = "year"))$table$label[1:3], c("2001", "2002", "2003"))
  expect_error(metan(es, se, data = d3, label = c(name = "id")), class = "metaparity_error_input")
})

test_that("subset is Stata's if and in, sortby sorts", {
  expect_equal(metan(es, se, data = d3, subset = year > 2001)$r, metan(es, se, data = d3[2:3, ])$r)
  expect_equal(metan(es, se, data = d3, subset = 1:2)$r, metan(es, se, data = d3[1:2, ])$r)
  expect_identical(metan(es, se, data = d3, sortby = es, label = id)$table$label[1:3], c("C", "A", "B"))
})

test_that("groups keep the order of a factor; metan 9 takes others as the data name them, metabias 6 sorts them", {
  expect_identical(metan(es, se, data = d3, by = g)$groups$label, c("y", "x", "Overall"))
  f <- factor(d3$g, c("x", "y"))
  expect_identical(metan(es, se, data = d3, by = f)$groups$label, c("x", "y", "Overall"))
  expect_identical(metan(es, se, data = d3, by = "g")$groups$label, c("y", "x", "Overall"))
  expect_identical(metan(es, se, data = d3, by = c(10, 9, 10))$groups$label, c("10", "9", "Overall"))
  expect_identical(metabias6(es, se, data = d3, by = g)$table$stratum, c("x", "y", "overall"))
})

test_that("mistakes are named", {
  expect_error(metan(es, data = d3), class = "metaparity_error_input")
  expect_error(metan(es, se, se, se, se, data = d3), class = "metaparity_error_input")
  expect_error(metan(es, nothing, data = d3), class = "metaparity_error_input")
  expect_error(metan(es, id, data = d3), class = "metaparity_error_input")
  expect_error(metan(es, c(1, 2), data = d3), class = "metaparity_error_input")
  expect_error(metan(es, se, data = d3, by = c("a", "b")), class = "metaparity_error_input")
  expect_error(metan(es, se, data = d3, first = 1), class = "metaparity_error_input")
  expect_error(metan(es, -se, data = d3), class = "metaparity_error_studies")
  expect_error(metan(es, se, data = d3[0, ]), class = "metaparity_error_input")
  e <- tryCatch(metan(es, se, data = d3, efficacy = TRUE), error = identity)
  expect_identical(e$arg, "efficacy")
})

test_that("a proportion of 0 with a tiny standard error is reported", {
  trap <- data.frame(p = c(1 / 73, 0, 2 / 73), se = c(.0136, .0002, .0191))
  expect_warning(metan(p, se, data = trap, fixed = TRUE), class = "metaparity_warning_input")
  expect_no_warning(metan(es, se, data = d3))
})

test_that("studies that cannot be used are shown, recorded and reported", {
  gaps <- rbind(d3, data.frame(id = c("D", "E"), year = 2004:2005, es = c(NA, .3), se = c(.2, 0), g = "x"))
  expect_warning(expect_warning(v <- metan(es, se, data = gaps, label = id), class = "metaparity_warning_dropped"),
                 class = "metaparity_warning_dropped")
  expect_identical(v$table$type, rep(c("study", "excluded", "overall"), c(3, 2, 1)))
  expect_equal(v$r$ES, metan(es, se, data = d3)$r$ES)
  expect_identical(sum(grepl("(Excluded)", format(v), fixed = TRUE)), 2L)
  expect_identical(v$studies$row[!is.na(v$studies$reason)], 4:5)
})

test_that("three variables of the bias commands are ratios with limits", {
  d <- data.frame(or = c(1.5, 2, .8), ll = c(1, 1.2, .5), ul = c(2.25, 3.3, 1.28))
  v <- metafunnel(or, ll, ul, data = d)
  expect_equal(v$table$theta, log(d$or))
  expect_equal(v$table$se, log(d$ul / d$ll) / (2 * qnorm(.975)))
  w <- metafunnel(or, ll, ul, c(95, .95, 90), data = d)
  expect_equal(w$table$se[3], log(1.28 / .5) / (2 * qnorm(.95)))
  expect_error(metafunnel(-or, ll, ul, data = d), class = "metaparity_error_studies")
  expect_equal(metafunnel(log(or), c(.04, .09, .01), data = d, var = TRUE)$table$se, c(.2, .3, .1))
})

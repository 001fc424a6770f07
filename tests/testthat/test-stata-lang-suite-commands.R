reg <- function(lines) {
  d <- data.frame(es = c(0.1, 0.4, 0.2, 0.6, 0.3, 0.5), se = c(0.1, 0.2, 0.15, 0.2, 0.1, 0.2), g = rep(c(3, 5, 7), 2))
  stata(c("meta set es se", lines), d, graphs = FALSE)$log
}

test_that("the base level of a labelled variable is told by its number", {
  plain <- reg("meta regress ib5.g")
  labelled <- reg(c("label define g 3 \"low\" 5 \"mid\" 7 \"high\"", "label values g g", "meta regress ib5.g"))
  numbers <- function(log) unlist(regmatches(log, gregexpr("-?[0-9]*[.][0-9]+", log)))
  expect_equal(numbers(utils::tail(labelled, 9)), numbers(utils::tail(plain, 9)))
  expect_true(any(grepl("high", labelled)))
  expect_false(any(grepl("^ +mid", labelled)))
})

test_that("columnopts() may be cut short and is no list of columns", {
  expect_warning(reg("meta forestplot, col(_id, title(\"A\"))"), class = "metaparity_warning_input")
})

test_that("products of moderators: meta regress agrees with rma()", {
  d <- data.frame(es = c(0.1, 0.4, 0.2, 0.6, 0.3, 0.5, 0.9, 0.2, 0.1, 0.7), se = rep(c(0.1, 0.2, 0.15, 0.2, 0.12), 2),
                  g = rep(1:2, 5), h = rep(1:2, each = 5), x = c(1:5, 3, 2, 7, 4, 1))
  of <- function(line, names) {
    show <- c("local n : colnames e(b)", "display \"`n'\"", sprintf("display %%21.16f _b[%s]", names))
    utils::tail(stata(c("quietly meta set es se", line, show), d)$log, length(names) + 1L)
  }
  fit <- rma(es, se^2, mods = ~ x + I(x^2) + factor(g) + x:factor(g), data = d)
  out <- of("meta regress c.x##c.x g##c.x", c("_cons", "x", "c.x#c.x", "2.g", "2.g#c.x"))
  expect_identical(out[1L], "x c.x#c.x 1b.g 2.g 2.g#c.x _cons")
  expect_gate(as.numeric(out[-1L]), as.numeric(stats::coef(fit)), "exact_solution")
  out <- of("meta regress i.g##i.h", c("_cons", "2.g", "2.h", "2.g#2.h"))
  fit <- rma(es, se^2, mods = ~ factor(g) * factor(h), data = d)
  expect_gate(as.numeric(out[-1L]), as.numeric(stats::coef(fit)), "exact_solution")
})

test_that("meta query without settings says so; ways to the maximum change nothing", {
  d <- data.frame(es = c(0.1, 0.4, 0.2), se = c(0.1, 0.2, 0.15))
  expect_match(stata("meta query", d)$log, "data not meta set")
  expect_identical(stata(c("quietly meta set es se", "meta summarize, tolerance(1e-9) iterate(50)"), d)$log,
                   stata(c("quietly meta set es se", "meta summarize"), d)$log)
})

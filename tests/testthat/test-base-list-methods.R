test_that("rows and columns of tables of fits as in metafor", {
  expect_same_output({
    res <- rma(c(.1, .35, .5), c(.1, .2, .12), method = "DL")
    sav <- leave1out(res)
    sav[1:2]
    sav[1:2, ]
    sav[estimate > .3, ]
    sav[-1]
    head(sav, 2)
    tail(sav, 1)
    head(sav)
    as.matrix(sav)
    sav$zval <- NULL
    sav
    sav$new <- 1:3
    sav
    sav$estimate <- sav$estimate * 2
    sav
    sav[4]
    p <- predict(res)
    as.matrix(p)
    p[1]
    r <- rstudent(res)
    r[abs(z) > .5, ]
    cumul(res)[2]
  })
  sav <- leave1out(rma(c(.1, .35, .5), c(.1, .2, .12)))
  expect_identical(sav["-2"]$slab, "-2")
})

test_that("the elements, as.matrix(), a new column and what print() returns are metafor's", {
  expect_same_output({
    d <- escalc("RR", ai = tpos, bi = tneg, ci = cpos, di = cneg, data = dat.bcg, slab = paste(author, year))
    fit <- rma(yi, vi, mods = ~ablat, data = d, method = "DL")
    none <- rma(yi, vi, data = d, method = "DL")
    tables <- list(leave1out(none), predict(fit, newmods = c(10, 20), addx = TRUE), predict(none),
                   rstandard(fit), blup(fit))
    for (x in tables) {
      print(names(x))
      print(as.matrix(x))
      shown <- print(x, digits = 2)
      print(shown)
    }
    x <- predict(fit)
    x$year <- d$year / 2
    x
  })
})

made_list <- function(slab) {
  k <- length(slab)
  structure(list(estimate = seq_len(k) / 10, se = rev(seq_len(k)) / 20, slab = slab, digits = expand_digits(4)),
            class = c("metaparity_list", "list.rma"))
}

test_that("rows are numbers, logical values, labels or columns; none is NULL, and what is not there is left out", {
  x <- made_list(c("a", "b", "b", "c"))
  expect_s3_class(x[2], c("metaparity_list", "list.rma"), exact = TRUE)
  expect_identical(x[c("c", "a")]$slab, c("c", "a"))
  expect_identical(x[c(TRUE, FALSE)]$estimate, x$estimate[c(1, 3)])
  expect_identical(x[]$estimate, x$estimate)
  expect_null(x[9])
  expect_null(x["nobody"])
  expect_null(x[FALSE])
  wanted <- 0.25
  expect_identical(x[estimate > wanted]$slab, x$slab[x$estimate > wanted])
  expect_identical(head(x, 2)$estimate, x$estimate[1:2])
  expect_identical(tail(x, -3)$slab, "c")
  expect_null(head(x, 0))
})

test_that("a table as data frame and matrix: columns before the labels, repeated labels made different", {
  x <- made_list(c("b", "b", "c"))
  d <- as.data.frame(x)
  expect_identical(rownames(d), c("b", "b.1", "c"))
  expect_identical(names(d), names(x)[seq_len(match("slab", names(x)) - 1L)])
  expect_identical(rownames(as.matrix(x)), c("b", "b", "c"))
  expect_identical(unname(as.matrix(x)[, "se"]), x$se)
  x$n <- 1:3
  expect_identical(names(as.data.frame(x)), c(names(d), "n"))
  x$n <- NULL
  x$n <- NULL
  expect_identical(as.data.frame(x), d)
})

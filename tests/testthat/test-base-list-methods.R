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

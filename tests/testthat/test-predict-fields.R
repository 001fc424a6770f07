predict_fields <- c("pred", "se", "ci.lb", "ci.ub", "pi.lb", "pi.ub", "cr.lb", "cr.ub", "pi.dist", "pi.ddf",
                    "pi.se", "ddf", "method",
                    "transf", "pred.type")

test_that("predictions have metafor's fields and lines", {
  d <- moderator_sets()$bcg
  fits <- list(list(list(), list()), list(list(mods = ~ x + g), list(newmods = rbind(c(30, 1, 0), c(10, 0, 1)))),
               list(list(mods = ~x, test = "knha"), list(newmods = c(10, 20, 30))), list(list(method = "EE"), list()),
               list(list(mods = ~ 0 + g), list(newmods = diag(3))),
               list(list(mods = ~ x + g),
                    list(newmods = stats::setNames(c(1, 0, 30), c("grandom", "gsystematic", "x")))))
  for (case in fits) {
    ours <- do.call(rma, c(list(d$yi, d$vi, data = d), case[[1]]))
    theirs <- do.call(metafor_fit, c(list(d$yi, d$vi, data = d), case[[1]]))
    for (args in list(list(), list(transf = exp, digits = 2), list(predtype = "riley", level = 90),
                      list(predtype = "simple"),
                      list(predtype = "t"), list(addx = TRUE))) {
      a <- do.call(predict, c(list(ours), case[[2]], args))
      b <- do.call(predict, c(list(theirs), case[[2]], args))
      expect_same_fields(a, b, predict_fields, scale = max(abs(b$pred)))
      expect_identical(setdiff(names(b), "X"), setdiff(names(a), "X"))
      expect_equal(names(attributes(a$pi.lb)), names(attributes(b$pi.lb)))
      expect_same_print(a, b)
    }
  }
  v <- predict(rma(yi, vi, mods = ~x, data = d), newmods = c(10, 20), vcov = TRUE)
  w <- predict(metafor_fit(d$yi, d$vi, mods = ~x, data = d), newmods = c(10, 20), vcov = TRUE)
  expect_gate(v$vcov, w$vcov, "metafor_tight")
})

test_that("robust fits by CR2 have degrees of freedom for each prediction", {
  skip_if_not_installed("clubSandwich")
  d <- moderator_sets()$bcg
  a <- robust(rma(yi, vi, mods = ~x, data = d), cluster = cluster, clubSandwich = TRUE)
  b <- suppressMessages(metafor::robust(metafor_fit(d$yi, d$vi, mods = ~x, data = d), cluster = d$cluster,
                                        clubSandwich = TRUE))
  for (args in list(list(), list(newmods = c(10, 30)))) {
    expect_same_print(do.call(predict, c(list(a), args)), do.call(predict, c(list(b), args)))
  }
  expect_gate(confint(a, fixed = TRUE, random = FALSE)$fixed[, 2], a$ci.lb, "exact_solution")
})

sizes <- c(12, 40, 25, 70, 33)
events <- c(3, 8, 11, 20, 0)
pft <- escalc("PFT", xi = events, ni = sizes, slab = c("Ames", "Bell", "Cole", "Dunn", "Ebbs"))
fit <- rma(yi, vi, data = pft)
theirs <- metafor::rma(yi, vi, data = metafor::escalc("PFT", xi = events, ni = sizes))
harmonic <- list(ni = sizes)
third <- function(v, targs) v / targs$by
pooled <- transf.ipft(as.numeric(fit$beta), 1 / mean(1 / sizes))

x_ticks <- function(plot) texts_with_role(page_of(plot), "x_tick")

test_that("every verb hands targs to the function as its second argument", {
  by <- list(by = 3)
  with_targs <- list(
    forest = function(...) forest(fit, plot = FALSE, ...)$layout$rows$est,
    list = function(...) forest(cumul(fit), plot = FALSE, ...)$layout$rows$est,
    plain = function(...) forest(pft$yi, pft$vi, plot = FALSE, ...)$layout$rows$est,
    predict = function(...) predict(fit, ...)$pred, confint = function(...) confint(fit, fixed = TRUE, ...)$fixed[1L],
    leave1out = function(...) leave1out(fit, ...)$estimate, cumul = function(...) cumul(fit, ...)$estimate,
    blup = function(...) blup(fit, ...)$pred, hc = function(...) hc(fit, ...)$beta,
    left = function(...) plot(leave1out(fit), draw = FALSE, ...)$estimate,
    added = function(...) plot(cumul(fit), draw = FALSE, ...)$estim,
    regplot = function(...) regplot(rma(yi, vi, mods = ~ sizes, data = pft), draw = FALSE, ...)$yi)
  for (name in names(with_targs)) {
    value <- with_targs[[name]]
    expect_equal(as.numeric(value(transf = third, targs = by)), as.numeric(value()) / 3, label = name)
    expect_error(value(transf = exp, targs = by), class = "metaparity_error_input", label = name)
    expect_error(value(transf = function(v) v, targs = by), class = "metaparity_error_input", label = name)
    expect_error(value(transf = function(v) "a"), class = "metaparity_error_input", label = name)
  }
})

test_that("axes hand targs to atransf", {
  by <- list(by = 10)
  moderated <- rma(yi, vi, mods = ~ sizes, data = pft)
  ticks <- function(side, plot) texts_with_role(page_of(plot), side)
  expect_identical(ticks("x_tick", funnel(fit, atransf = third, targs = by, at = c(0.2, 0.4), draw = FALSE)),
                   c("0.02", "0.04"))
  expect_identical(ticks("x_tick", drapery(fit, atransf = third, targs = by, at = c(0.2, 0.4), draw = FALSE)),
                   c("0.02", "0.04"))
  expect_identical(ticks("y_tick", regplot(moderated, atransf = third, targs = by, at = c(0.2, 0.4), draw = FALSE)),
                   c("0.02", "0.04"))
  for (x in list(leave1out(fit), cumul(fit))) {
    expect_identical(ticks("x_tick", plot(x, atransf = third, targs = by, at = c(0.2, 0.8), draw = FALSE)),
                     c("0.02", "0.08"))
  }
  layout <- forest(fit, atransf = third, targs = by, at = c(0.2, 0.4), plot = FALSE)$layout
  expect_true(all(c("0.02", "0.04") %in% layout$texts$text))
  for (draw in list(funnel, drapery, forest))
    expect_error(draw(fit, atransf = exp, targs = by), class = "metaparity_error_input")
  chosen <- list(funnel(fit, atransf = third, targs = by, draw = FALSE),
                 drapery(fit, atransf = third, targs = by, draw = FALSE),
                 plot(leave1out(fit), atransf = third, targs = by, draw = FALSE))
  for (plot in chosen) expect_gt(length(x_ticks(plot)), 3L)
})

test_that("functions are called value by value, and may be metafor's", {
  single <- function(v) if (v > 0.5) 1 else 0
  expect_equal(layout_of(fit, transf = single)$rows$est, as.numeric(c(pft$yi, fit$beta) > 0.5))
  expect_equal(predict(fit, transf = metafor::transf.ipft.hm, targs = harmonic)$pred, pooled)
  expect_equal(layout_of(fit, transf = metafor::transf.ipft)$rows$est, c(events / sizes, pooled))
})

test_that("transf.ipft.hm() takes one harmonic mean for all rows, as in metafor", {
  p <- predict(theirs, transf = metafor::transf.ipft.hm, targs = harmonic)
  ours <- predict(fit, transf = transf.ipft.hm, targs = harmonic)
  for (field in c("pred", "ci.lb", "ci.ub", "pi.lb", "pi.ub")) {
    expect_gate(as.numeric(ours[[field]]), p[[field]], "metafor_iterative", scale = 1)
  }
  rows <- layout_of(fit, transf = transf.ipft.hm, targs = harmonic)$rows
  expect_equal(rows$est, c(metafor::transf.ipft.hm(as.numeric(pft$yi), harmonic), ours$pred))
  expect_equal(rows$lo[6], ours$ci.lb)
  for (verb in c("leave1out", "cumul")) {
    a <- getExportedValue("metaparity", verb)(fit, transf = transf.ipft.hm, targs = harmonic)
    b <- getExportedValue("metafor", verb)(theirs, transf = metafor::transf.ipft.hm, targs = harmonic)
    expect_gate(a$estimate, b$estimate, "metafor_iterative", scale = 1)
  }
})

test_that("transf.ipft() gives studies their own size and pooled rows the harmonic mean", {
  raw <- c(events / sizes, pooled)
  expect_equal(layout_of(fit, transf = transf.ipft)$rows$est, raw)
  expect_equal(layout_of(fit, transf = transf.ipft, targs = harmonic)$rows$est, raw)
  expect_equal(layout_of(fit, transf = transf.ipft, targs = sizes)$rows$est, raw)
  order <- c(4, 2, 5, 1, 3)
  expect_equal(layout_of(fit, transf = transf.ipft, order = order)$rows$est, raw[c(order, 6)])
  expect_equal(layout_of(pft, transf = transf.ipft)$rows$est, events / sizes)
  expect_equal(layout_of(pft$yi, vi = pft$vi, transf = transf.ipft)$rows$est, events / sizes)
  expect_equal(predict(fit, transf = transf.ipft)$pred, pooled)
  printed <- layout_of(fit, atransf = transf.ipft, digits = 3)$texts$text
  expect_true(all(sprintf("%.3f", raw) %in% trimws(printed)))
  parts <- rma(yi, vi, data = pft, subset = c(TRUE, FALSE, TRUE, TRUE, TRUE))
  kept <- (events / sizes)[-2]
  expect_equal(layout_of(parts, transf = transf.ipft)$rows$est[1:4], kept)
  expect_equal(layout_of(parts, transf = transf.ipft, targs = harmonic)$rows$est[1:4], kept)
  expect_equal(predict(parts, transf = transf.ipft)$pred, transf.ipft(as.numeric(parts$beta), 1 / mean(1 / sizes[-2])))
  moderated <- rma(yi, vi, mods = ~ sizes, data = pft)
  expect_equal(regplot(moderated, transf = transf.ipft, draw = FALSE)$yi, events / sizes)
  rates <- escalc("IRFT", xi = events, ti = sizes)
  expect_equal(layout_of(rma(yi, vi, data = rates), transf = transf.iirft, targs = list(ti = sizes))$rows$est[1:5],
               events / sizes)
})

test_that("subgroups and several outcomes keep the sizes of their studies", {
  grouped <- rma(yi, vi, data = pft, by = c("a", "b", "a", "b", "a"))
  rows <- layout_of(grouped, transf = transf.ipft)$rows
  at <- rows$type == "study"
  expect_equal(rows$est[at], (events / sizes)[rows$study[at]])
  rows <- layout_of(list(First = fit, Second = fit), transf = transf.ipft)$rows
  at <- rows$type == "study"
  expect_equal(rows$est[at], rep(events / sizes, 2))
})

test_that("sizes that the data know need not be given; without any the error names targs", {
  expect_equal(predict(fit, transf = transf.ipft.hm)$pred, pooled)
  expect_equal(forest(fit, transf = transf.ipft.hm, plot = FALSE)$layout$rows$est[6], pooled)
  expect_equal(plot(leave1out(fit), transf = transf.ipft.hm, draw = FALSE)$estimate,
               leave1out(fit, transf = transf.ipft.hm)$estimate)
  bare <- rma(as.numeric(pft$yi), as.numeric(pft$vi))
  for (fun in list(transf.ipft, transf.ipft.hm)) {
    condition <- tryCatch(forest(bare, transf = fun, plot = FALSE), error = identity)
    expect_s3_class(condition, "metaparity_error_input")
    expect_identical(condition$arg, "targs")
  }
  condition <- tryCatch(forest(bare, transf = transf.ipft, targs = sizes[1:3], plot = FALSE), error = identity)
  expect_identical(condition$arg, "targs")
})

test_that("summary() of effects hands further arguments to the function, one per study, as metafor's", {
  theirs <- metafor::escalc("PFT", xi = events, ni = sizes)
  b <- summary(theirs, transf = metafor::transf.ipft, ni = sizes)
  for (a in list(summary(pft, transf = transf.ipft, ni = sizes), summary(pft, transf = transf.ipft))) {
    expect_equal(as.numeric(a$yi), as.numeric(b$yi))
    expect_equal(a$ci.lb, b$ci.lb)
    expect_equal(a$ci.ub, b$ci.ub)
  }
  expect_equal(as.numeric(summary(pft, transf = transf.ipft.hm)$yi), transf.ipft.hm(as.numeric(pft$yi), harmonic))
  expect_equal(forest(predict(fit), transf = transf.ipft.hm, plot = FALSE)$layout$rows$est, pooled)
})

test_that("addpoly() takes the function and the targs of the plot", {
  on_page({
    forest(fit, transf = transf.ipft.hm, targs = harmonic)
    expect_equal(addpoly(fit, row = -3)$est, pooled)
    expect_equal(addpoly(fit, row = -4, transf = exp)$est, exp(as.numeric(fit$beta)))
    expect_equal(addpoly(fit, row = -5, transf = third, targs = list(by = 2))$est, as.numeric(fit$beta) / 2)
  })
  on_page({
    forest(fit, transf = transf.ipft)
    expect_equal(addpoly(fit, row = -3)$est, pooled)
    expect_equal(addpoly(predict(fit), row = -4)$est, pooled)
  })
})

test_that("FALSE is no transformation, as in metafor", {
  x <- rma(c(.1, .5, .3), c(.1, .1, .2), measure = "OR")
  expect_equal(funnel(x, atransf = FALSE, draw = FALSE), funnel(x, draw = FALSE), ignore_attr = TRUE)
  expect_equal(forest(x, transf = FALSE, atransf = FALSE, plot = FALSE)$layout$rows$est,
               forest(x, plot = FALSE)$layout$rows$est)
  expect_equal(radial(x, transf = FALSE, draw = FALSE), radial(x, draw = FALSE), ignore_attr = TRUE)
  expect_equal(predict(x, transf = FALSE)$pred, predict(x)$pred)
  on_page({
    forest(x)
    expect_equal(addpoly(x, row = -3, transf = FALSE)$est, as.numeric(x$beta))
  })
})

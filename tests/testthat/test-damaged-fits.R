# Fits whose parts were lost or overwritten: a classed error or a result, never an error of R and never a hang.

damages <- list(beta = function(f) { f$beta[] <- NA; f$b[] <- NA; f }, vi = function(f) { f$vi[] <- NA; f },
                se = function(f) { f$se <- NA; f }, k = function(f) { f$k <- 0L; f },
                X = function(f) { f$X <- NULL; f })

expect_classed <- function(verb, fit, info) {
  setTimeLimit(elapsed = 20, transient = TRUE)
  on.exit(setTimeLimit())
  e <- tryCatch(suppressWarnings({ verb(fit); NULL }), error = identity)
  if (is.null(e)) return(succeed())
  expect_true(inherits(e, "metaparity_error"), info = paste(info, conditionMessage(e)))
}

test_that("verbs on damaged fits end, with an error of the package or a result", {
  d <- data.frame(ai = c(4, 6, 3, 62, 33), bi = c(119, 300, 228, 1353, 503), ci = c(11, 29, 11, 248, 47),
                  di = c(128, 274, 209, 1261, 576))
  es <- escalc("OR", ai = ai, bi = bi, ci = ci, di = di, data = d)
  fits <- list(uni = rma(yi, vi, data = es), mh = rma.mh(ai = ai, bi = bi, ci = ci, di = di, data = d),
               reg = rma(yi, vi, mods = ~ c(1, 3, 2, 5, 4), data = es),
               peto = rma.peto(ai = ai, bi = bi, ci = ci, di = di, data = d))
  verbs <- list(confint = confint, drapery = function(x) drapery(x, draw = FALSE),
                galbraith = function(x) galbraith(x, draw = FALSE),
                labbe = function(x) labbe(x, draw = FALSE), predict = predict, leave1out = leave1out,
                tes = function(x) utils::capture.output(print(tes(x))), se = se, plot = plot)
  grDevices::pdf(NULL)
  on.exit(grDevices::dev.off())
  for (v in names(verbs)) for (f in names(fits)) for (how in names(damages)) {
    expect_classed(verbs[[v]], damages[[how]](fits[[f]]), paste(v, f, how))
  }
})

test_that("verbs that draw or compute from all parts of a fit refuse one whose parts do not belong together", {
  reg <- rma(c(.1, .5, .3, .9), c(.1, .1, .2, .1), mods = ~ c(1, 3, 2, 5))
  mh <- rma.mh(ai = c(1, 2, 5), bi = c(9, 8, 5), ci = c(2, 4, 5), di = c(8, 6, 5))
  without <- function(fit, field, value) {
    fit[[field]] <- value
    fit
  }
  refuses <- function(code) expect_error(code, class = "metaparity_error_input")
  refuses(profile(without(reg, "vi", rep(NA_real_, 4)), progbar = FALSE))
  refuses(qqnorm(without(reg, "vi", rep(NA_real_, 4))))
  refuses(qqnorm(without(mh, "beta", matrix(NA_real_))))
  refuses(simulate(without(reg, "k", 0L)))
})

test_that("a second argument that a verb needs is named", {
  d <- data.frame(a = 1, b = 2)
  arg <- function(code) tryCatch(code, metaparity_error_input = function(e) e$arg)
  expect_identical(arg(compare_printed(c(a = 1))), "fun")
  expect_identical(arg(contrmat(d)), "grp1")
  expect_identical(arg(to.wide(d)), "study")
  expect_identical(arg(heterogi(1)), "df")
  expect_identical(arg(why_differs("stata14")), "b")
  expect_identical(arg(save_forest(rma(c(.1, .5), c(.1, .1)))), "file")
})

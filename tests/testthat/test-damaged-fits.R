# Fits whose parts were lost or overwritten: a classed error or a result, never an error of R and never a hang.

damages <- list(beta = function(f) { f$beta[] <- NA; f$b[] <- NA; f }, vi = function(f) { f$vi[] <- NA; f },
                se = function(f) { f$se <- NA; f }, k = function(f) { f$k <- 0L; f }, X = function(f) { f$X <- NULL; f })

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
  verbs <- list(confint = confint, drapery = function(x) drapery(x, draw = FALSE), galbraith = function(x) galbraith(x, draw = FALSE),
                labbe = function(x) labbe(x, draw = FALSE), predict = predict, leave1out = leave1out,
                tes = function(x) utils::capture.output(print(tes(x))), se = se, plot = plot)
  grDevices::pdf(NULL)
  on.exit(grDevices::dev.off())
  for (v in names(verbs)) for (f in names(fits)) for (how in names(damages)) {
    expect_classed(verbs[[v]], damages[[how]](fits[[f]]), paste(v, f, how))
  }
})

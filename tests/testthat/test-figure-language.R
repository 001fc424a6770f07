# Every verb that draws, as a function of the language of its texts.
d <- data.frame(yi = c(-.9, -1.6, -1.3, -1.4, -.2, -.8), se = c(.6, .4, .6, .1, .2, .3), slab = paste0("S", 1:6),
                g = rep(c("S1", "S2"), 3), x = 1:6, ev1 = c(4, 6, 3, 62, 33, 180),
                n1 = c(123, 306, 231, 13598, 5069, 1541),
                ev2 = c(11, 29, 11, 248, 47, 372), n2 = c(139, 303, 220, 12867, 5808, 1451))
es <- escalc("RR", ai = ev1, n1i = n1, ci = ev2, n2i = n2, slab = slab, data = d)
fit <- rma(yi, vi, data = es)
moderated <- rma(yi, vi, mods = ~ x, data = es)
m <- meta_esize(ev1, n1 - ev1, ev2, n2 - ev2, data = d, esize = "lnrratio", studylabel = slab)
counts <- function(measure) rma(measure = measure, ai = d$ev1, n1i = d$n1, ci = d$ev2, n2i = d$n2, slab = d$slab)
rates <- function(measure) rma.mh(measure = measure, x1i = d$ev1, t1i = d$n1, x2i = d$ev2, t2i = d$n2, slab = d$slab)

drawn <- c(
  lapply(names(funnel_scales), function(yaxis) function(...) funnel(fit, yaxis = yaxis, ...)),
  lapply(c("RD", "RR", "OR", "AS"),
         function(measure) function(...) labbe(counts(measure), ci = TRUE, pi = TRUE, legend = TRUE, ...)),
  lapply(c("IRR", "IRD"), function(measure) function(...) labbe(rates(measure), legend = TRUE, ...)),
  lapply(c("sei", "vi", "ni", "ninv", "sqrtni", "sqrtninv"), function(p) {
    function(...) plot(regtest(fit, predictor = p), view = "predictor", legend = TRUE, ...)
  }),
  lapply(c("tau2", "I2", "H2"), function(yaxis) function(...) plot(cumul(fit), yaxis = yaxis, atransf = exp, ...)),
  list(
    function(...) funnel(suppressWarnings(trimfill(fit)), legend = TRUE, ...),
    function(...) funnel(fit, level = c(90, 95), legend = list(show = "cis"), horizontal = TRUE, ...),
    function(...) funnel(moderated, ...),
    function(...) funnel(es$yi, es$vi, ...),
    function(...) radial(fit, ...),
    function(...) labbe(counts("OR"), transf = exp, ...),
    function(...) labbe(counts("OR"), transf = plogis, ...),
    function(...) baujat(fit, ...),
    function(...) baujat(rma(yi, vi, data = es, method = "EE"), ...),
    function(...) baujat(moderated, ...),
    function(...) regplot(moderated, xlab = "x", pi = TRUE, legend = TRUE, ...),
    function(...) plot(gosh(fit, progbar = FALSE), out = 6, ...),
    function(...) plot(influence(fit), plotdfbs = TRUE, ...),
    function(...) profile(fit, plot = TRUE, ...),
    function(...) plot(profile(rma(yi, vi, data = es, method = "ML"), plot = FALSE), cline = TRUE, ...),
    function(...) qqnorm(fit, reps = 20, ...),
    function(...) llplot("OR", ai = d$ev1, n1i = d$n1, ci = d$ev2, n2i = d$n2, ...),
    function(...) llplot("GEN", yi = es$yi, vi = es$vi, scale = FALSE, ...),
    function(...) drapery(fit, labels = "slab", ...),
    function(...) plot(fit, ...),
    function(...) plot(moderated, qqplot = TRUE, ...),
    function(...) plot(leave1out(fit), ...),
    function(...) plot(regtest(fit), legend = TRUE, ...),
    function(...) plot(metabias6(yi, se, data = d), which = "egger", legend = TRUE, ...),
    function(...) plot(metabias6(yi, se, data = d), which = "begg", ...),
    function(...) plot(metabias(yi, se, data = d, egger = TRUE), ...),
    function(...) plot(metafunnel(yi, se, data = d), ...),
    function(...) plot(metatrim(yi, se, data = d), ...),
    function(...) plot(galbr(yi, se, data = d), ...),
    function(...) plot(metainf(yi, se, data = d, label = list(namevar = slab)), ...),
    function(..., draw) forest(metacum(yi, se, data = d, label = list(namevar = slab)), plot = FALSE, ...),
    function(...) plot(metareg(yi, x, wsse = se, data = d), xtitle = "x", ytitle = "yi", ...),
    function(...) plot(labbe(ev1, n1 - ev1, ev2, n2 - ev2, data = d, graph = FALSE), ...),
    function(...) meta_funnelplot(m, contours = c(1, 5, 10), ...),
    function(...) meta_funnelplot(m, metric = "invse", ...),
    function(...) meta_galbraithplot(m, ...),
    function(...) meta_labbeplot(m, ...),
    function(...) estat_bubbleplot(meta_regress(m, x), ...),
    function(...) plot(meta_trimfill(m), ...),
    function(...) plot(meta_bias(m, egger = TRUE), ...)
  )
)

figure_said <- function(make, ...) {
  grDevices::pdf(NULL, 9, 9)
  on.exit(grDevices::dev.off())
  x <- suppressMessages(make(..., draw = FALSE))
  if (inherits(x, "metaparity_profile")) x <- plot(x, ..., draw = FALSE)
  if (inherits(x, "forest_plot")) return(x$layout$texts$text)
  if (inherits(x, "stata_view")) x <- plot(x, ..., draw = FALSE)
  figure <- as_figure(x)
  layout <- figure_layout(figure, figure$size[[1L]], figure$size[[2L]])
  forests <- lapply(layout$parts, function(part) part$forest$texts$text)
  c(layout_texts(layout)$label, unlist(forests))
}

# Names of statistics, of models and of data that stay as they are.
stays_as_is <- paste0("\u03b8(_[A-Z]+|[(][A-Z]+[)])|\\b(CI|df|RR|OR|RD|ES|Egger|Begg|Galbraith|Pearson|Q|QQ|rstudent|dffits|cook|cov|tau2|QE|del|hat|dfbs|intrcpt|Baujat|DFFITS|Cook|es|slab|Abb\u00e9|",
                      "exp|log|se|tau|mu|frac|sqrt|REML|DL|yi|S[0-9]+|s\\.e)\\b")

test_that("with lang = \"zh\" no plot has an English word but names of statistics", {
  expect_gt(length(drawn), 60L)
  for (i in seq_along(drawn)) {
    said <- figure_said(drawn[[i]], lang = "zh")
    english <- said[grepl("[A-Za-z]{2,}", gsub(stays_as_is, "", said))]
    expect_identical(unique(english), character(), label = paste(deparse(body(drawn[[i]])), collapse = ""))
  }
})

test_that("without lang the option decides, and lang goes before it", {
  chosen <- drawn[c(1L, 12L, 20L, 40L, 50L, 60L)]
  old <- options(metaparity.lang = "zh")
  on.exit(options(old))
  for (make in chosen) {
    expect_identical(figure_said(make), figure_said(make, lang = "zh"))
    expect_false(identical(figure_said(make, lang = "en"), figure_said(make)), label = deparse(body(make))[1L])
  }
})

test_that("titles, axis titles and headings of the user are as they were written, though the table has them", {
  own <- c("Year", "Weight")
  of <- list(function(...) funnel(fit, ...), function(...) baujat(fit, ...), function(...) drapery(fit, ...),
             function(...) labbe(counts("OR"), ...), function(...) llplot("GEN", yi = es$yi, vi = es$vi, ...),
             function(...) regplot(moderated, ...), function(...) plot(cumul(fit), yaxis = "tau2", ...),
             function(...) plot(regtest(fit), ...), function(...) qqnorm(fit, ...))
  for (make in of) {
    said <- figure_said(make, xlab = "Year", ylab = "Weight", lang = "zh")
    expect_true(all(own %in% said), label = deparse(body(make))[1L])
    expect_true("Total" %in% figure_said(make, main = "Total", lang = "zh"), label = deparse(body(make))[1L])
  }
  d2 <- data.frame(yi = d$yi, sei = d$se, Weight = 1:6)
  said <- forest(d2, sei = sei, ilab = data.frame(Year = 2001:2006), plot = FALSE, lang = "zh")$layout$texts$text
  expect_true("Year" %in% said)
  names(d)[names(d) == "x"] <- "Year"
  said <- figure_said(function(...) regplot(rma(yi, se^2, mods = ~ Year, data = d), ...), lang = "zh")
  expect_true("Year" %in% said)
})

test_that("limits below 0 are joined by a word in the journals' looks", {
  fit <- rma(c(-3, -2, -.5), c(.2, .3, .1))
  for (style in c("jama", "lancet")) {
    texts <- forest_layout(fit, style = style)$texts$text
    shown <- grep("^[(].*[)]$", texts, value = TRUE)
    shown <- shown[grepl("[0-9]", shown) & !grepl("CI", shown)]
    expect_gte(length(shown), 4L)
    expect_true(all(grepl(" to ", shown)))
  }
  positive <- forest_layout(rma(c(3, 2, 5), c(.2, .3, .1)), style = "jama")$texts$text
  expect_false(any(grepl(" to ", positive)))
})

test_that("tests bear their own names, and there is none where 0 has no meaning", {
  fit <- rma(c(-3, -2, -.5, 1), c(.2, .3, .1, .4), test = "knha")
  for (style in c("revman", "bmj", "jama", "stata_meta")) {
    texts <- forest_layout(fit, style = style)$texts$text
    expect_false(any(grepl("\\b[zZ] ?= ?", texts)), label = style)
    expect_true(any(grepl("\\b(t[(]3[)]|T) ?= ?", texts)), label = style)
  }
  share <- rma(measure = "PLO", xi = c(3, 5, 8), ni = c(10, 12, 20))
  for (style in c("revman", "stata_meta", "jama")) {
    texts <- forest_layout(share, style = style)$texts$text
    expect_false(any(grepl("overall effect|\u03b8 = 0", texts)), label = style)
  }
})

test_that("a tick of RevMan's look stands where its label says", {
  for (reach in c(1.4, 3, 8, 15, 40, 80, 900)) {
    ticks <- symmetric_ticks(c(-log(reach), log(reach)), exp)
    for (set in ticks$candidates) expect_equal(exp(set$at), as.numeric(set$label), tolerance = 1e-6)
  }
  expect_identical(symmetric_ticks(c(-.6, .6), exp)$candidates[[1L]]$label, c("0.5", "0.7", "1", "1.5", "2"))
})

test_that("figures and print have one number of degrees of freedom of Q", {
  fit <- suppressWarnings(rma.mh(measure = "OR", ai = c(3, 4, 0, 6, 2), bi = c(20, 22, 20, 18, 30),
                                 ci = c(5, 6, 0, 9, 3),
                                 di = c(25, 21, 20, 20, 29)))
  expect_output(print(fit), "Q(df = 3)", fixed = TRUE)
  rows <- forest_layout(fit)$rows
  expect_identical(rows$df[rows$type == "summary"], 3)
})

figure_words <- function(...) {
  grDevices::pdf(NULL)
  on.exit(grDevices::dev.off())
  plot <- suppressWarnings(forest(...))
  list(text = plot$layout$texts$text, texts = plot$layout$texts, plot = plot)
}

sparse_tables <- list(ai = c(0, 5, 3, 0, 7, 2), bi = c(20, 15, 30, 20, 22, 33), ci = c(0, 8, 4, 1, 5, 3),
                      di = c(20, 12, 25, 22, 20, 30))

differences <- list(yi = c(-32, -20, -11, -25, -14), vi = c(20, 9, 30, 14, 8))

test_that("df of pooled tables leave out studies without an estimate, as in print()", {
  for (fit in list(suppressWarnings(do.call(rma.mh, c(sparse_tables, measure = "OR"))),
                   suppressWarnings(do.call(rma.peto, sparse_tables)))) {
    expect_match(paste(capture.output(print(fit)), collapse = " "), "Q(df = 4)", fixed = TRUE)
    expect_true(any(grepl("df = 4,", figure_words(fit)$text, fixed = TRUE)))
    expect_true(any(grepl("df = 4 (P", figure_words(fit, style = "revman")$text, fixed = TRUE)))
  }
})

test_that("a t test is called one, with its degrees of freedom, in every style and language", {
  fit <- rma(differences$yi, differences$vi, measure = "MD", test = "knha")
  named <- c(stata_meta = "t(4) =", revman = "T = [0-9.]+, df = 4", jama = "t(4) =", bmj = "t(4)=")
  for (style in names(named)) {
    for (lang in c("en", "zh")) {
      text <- figure_words(fit, style = style, lang = lang)$text
      found <- if (style == "revman") grepl(named[[style]], text) else grepl(named[[style]], text, fixed = TRUE)
      expect_true(any(found), label = paste(style, lang))
      expect_false(any(grepl("\\b[zZ] ?= ?[-0-9]", text)), label = paste(style, lang))
    }
  }
  expect_true("t" %in% figure_words(fit, columns = list("z"))$text)
  normal <- rma(differences$yi, differences$vi, measure = "MD")
  expect_true(any(grepl("Z = ", figure_words(normal, style = "revman")$text, fixed = TRUE)))
})

test_that("measures without a null are tested against none", {
  fit <- rma(measure = "PLO", xi = c(10, 22, 8), ni = c(30, 50, 20))
  for (style in c("stata_meta", "revman", "jama", "bmj", "lancet")) {
    text <- figure_words(fit, style = style)$text
    expect_false(any(grepl("verall effect|\u03b8 = 0", text)), label = style)
    expect_true(any(grepl("eterogeneity", text)), label = style)
  }
  expect_false(any(grepl("0\\.[0-9]{3}$|<0.001", figure_words(fit, columns = list("p"), digits = 2)$text)))
})

test_that("limits below 0 are joined by a word", {
  fit <- rma(differences$yi, differences$vi, measure = "MD")
  for (style in c("jama", "lancet")) {
    text <- figure_words(fit, style = style)$text
    expect_true(any(grepl("^\\(-[0-9]+.[0-9]+ to -[0-9]+.[0-9]+\\)$", text)), label = style)
    expect_false(any(grepl("[0-9](-|\u2013)-?[0-9]", text[startsWith(text, "(-")])), label = style)
  }
})

test_that("no p value is 0", {
  text <- figure_words(rma(differences$yi, differences$vi, measure = "MD"), columns = list("p"))$text
  expect_true("<0.001" %in% text)
  expect_false("0.000" %in% text)
})

test_that("the label of a tick is its value on the shown scale", {
  for (reach in c(0.2, 0.5, 1.1, 1.6, 2.5, 3.5, 5, 8)) {
    fit <- rma(reach * c(-1, 0.2, 0.5), c(0.01, 0.02, 0.01), measure = "OR")
    for (style in names(styles())) {
      ticks <- subset(figure_words(fit, style = style)$texts, role == "tick" & nzchar(text))
      at <- figure_words(fit, style = style)$plot$at
      natural <- isTRUE(styles()[[style]]()$natural)
      shown <- vapply(sub("\u00b7", ".", ticks$text), function(t) eval(parse(text = t)), 0)
      expect_equal(unname(shown), if (natural) exp(at) else at, tolerance = 5e-3, label = paste(style, reach))
    }
  }
})

test_that("p of leave-one-out and cumulative forests is that of the result, also by t tests", {
  fit <- rma(c(-3, -2, -.5, 1, .4), c(.2, .3, .1, .4, .2), test = "knha")
  for (result in list(leave1out(fit), cumul(fit))) {
    rows <- forest_layout(result, columns = list("label", "panel", "est", "p"))$rows
    expect_equal(rows$pz[rows$type == "study"], as.numeric(result$pval))
  }
})

test_that("headings in metafor's look are metafor's short ones, plotmath with indices", {
  heading <- function(measure, ...) {
    yi <- structure(c(0.2, 0.4, 0.5), measure = measure)
    texts <- layout_of(rma(yi, c(0.03, 0.02, 0.02)), ...)$texts
    sub(" \\[95.*", "", grep("[95%", texts$text, fixed = TRUE, value = TRUE)[1L])
  }
  expected <- c(ZCOR = "Fisher's z_{r}", ZPHI = "Fisher's z_{\u03c6}", PLO = "Log[Odds]", R2 = "R^{2}",
                ZR2 = "z_{R\u00b2}",
                AHW = "Alpha_{HW}", PRZ = "\u03a6^{\u22121}(p)", PAS = "arcsin(\u221ap)", OR = "Log[OR]",
                GEN = "Estimate")
  for (measure in names(expected)) expect_identical(heading(measure), expected[[measure]], label = measure)
  expect_identical(heading("ZCOR", atransf = transf.ztor), "Correlation")
  expect_false(grepl("_", heading("ZCOR", lang = "zh")))
  runs <- text_runs("Fisher's z_{r} [95% CI]", TRUE)
  expect_identical(runs$text, c("Fisher's z", "r", " [95% CI]"))
})

test_that("the user's own Favours labels are never translated", {
  fit <- rma(c(.2, .3, .5), c(.01, .02, .03), measure = "OR")
  own <- c("Favours [experimental]", "Favours [control]")
  shown <- function(...) {
    texts <- forest_layout(fit, ..., lang = "zh")$texts
    paste(texts$text[texts$role == "favours"], collapse = " ")
  }
  expect_identical(shown(favours = own), paste(own, collapse = " "))
  expect_identical(shown(label.left = own[1], label.right = own[2]), paste(own, collapse = " "))
})

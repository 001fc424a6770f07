# A clean document of knitr's; the markup that pandoc gets, or the output.
knit_markdown <- function(lines, format = rmarkdown::md_document(variant = "markdown"), ...) {
  folder <- tempfile("document")
  dir.create(folder)
  old <- knitr::knit_hooks$get()
  on.exit(knitr::knit_hooks$restore(old))
  input <- file.path(folder, "document.Rmd")
  writeLines(c("---", "title: Document", "---", "", lines), input)
  out <- rmarkdown::render(input, format, envir = new.env(parent = globalenv()), quiet = TRUE, ...)
  if (grepl("docx$", out)) out else paste(readLines(out, warn = FALSE, encoding = "UTF-8"), collapse = "\n")
}

html <- function() rmarkdown::html_document(self_contained = FALSE, theme = NULL, highlight = NULL,
                                            mathjax = NULL, keep_md = TRUE)

chunk <- function(..., header = "r, echo = FALSE") c(sprintf("```{%s}", header), ..., "```", "")

bcg <- chunk("library(metaparity)", "d <- metadat::dat.bcg",
             "es <- escalc('OR', ai = tpos, bi = tneg, ci = cpos, di = cneg, data = d, slab = paste(author, year))",
             "fit <- rma(yi, vi, data = es)", "moderated <- rma(yi, vi, mods = ~ ablat, data = es)",
             header = "r, include = FALSE")

d <- metadat::dat.bcg
es <- escalc("OR", ai = tpos, bi = tneg, ci = cpos, di = cneg, data = d)
fit <- rma(yi, vi, data = es)
moderated <- rma(yi, vi, mods = ~ ablat, data = es)

test_that("every result prints as a table in a document, without options too", {
  results <- list(
    fit, summary(fit), moderated, trimfill(fit), robust(fit, cluster = d$alloc), predict(fit), rstudent(fit),
    leave1out(fit),
    cumul(fit), confint(fit), anova(moderated), anova(moderated, btt = list(1, 2)), regtest(fit),
    regtest(fit, model = "lm"),
    ranktest(fit), influence(fit), influence(moderated), es, permutest(fit, iter = 20, progbar = FALSE),
    rma.mh(measure = "OR", ai = tpos, bi = tneg, ci = cpos, di = cneg, data = d),
    rma.mh(measure = "RD", ai = tpos, bi = tneg, ci = cpos, di = cneg, data = d),
    rma.peto(ai = tpos, bi = tneg, ci = cpos, di = cneg, data = d), rma(yi, vi, by = alloc, data = es))
  for (x in results) for (format in c("html", "latex", "docx")) {
    out <- in_document(knitr::knit_print(x), format)
    expect_match(out, "\n\\|[:-]+", label = class(x)[1L])
    expect_false(grepl("NULL|NaN|&#94;2", out), label = class(x)[1L])
  }
})

test_that("tables have what the result has, on the natural scale too, with the measure named", {
  out <- in_document(knitr::knit_print(fit))
  expect_match(out, "Log Odds Ratio", fixed = TRUE)
  natural <- c(exp(fit$beta), exp(fit$ci.lb), exp(fit$ci.ub))
  expect_match(out, do.call(sprintf, c("%.4f| %.4f to %.4f|", as.list(natural))), fixed = TRUE)
  expect_match(in_document(knitr::knit_print(rma(c(.2, .3), c(.01, .02), measure = "PLO"))), "Proportion", fixed = TRUE)
  expect_match(in_document(knitr::knit_print(leave1out(fit))), sprintf("%.4f", exp(leave1out(fit)$estimate[3L])),
               fixed = TRUE)
  out <- in_document(knitr::knit_print(predict(fit, transf = exp)))
  expect_match(out, "| Odds Ratio|", fixed = TRUE)
  expect_false(grepl("Log Odds Ratio", out, fixed = TRUE))
  expect_match(in_document(knitr::knit_print(predict(fit, level = 90))), "90% CI", fixed = TRUE)
  expect_match(in_document(knitr::knit_print(confint(fit, level = 90))), "90% CI", fixed = TRUE)
  filled <- suppressWarnings(trimfill(rma(c(.1, .2, .4, .9, 1.2), c(.01, .02, .05, .2, .3))))
  expect_match(in_document(knitr::knit_print(filled)), sprintf("studies on the %s side: %d", filled$side, filled$k0),
               fixed = TRUE)
  out <- in_document(knitr::knit_print(robust(fit, cluster = d$alloc)))
  expect_match(out, "Number of clusters: 3", fixed = TRUE)
  expect_match(out, "CR1", fixed = TRUE)
  out <- in_document(knitr::knit_print(moderated))
  expect_match(out, sprintf("R^2^ = %.1f%%", moderated$R2), fixed = TRUE)
  expect_match(out, sprintf("QM(1) = %.2f", moderated$QM), fixed = TRUE)
  expect_match(in_document(knitr::knit_print(summary(fit))), sprintf("AICc = %.4f", stats::AIC(fit, correct = TRUE)),
               fixed = TRUE)
  out <- in_document(knitr::knit_print(rstudent(fit)))
  expect_match(out, sprintf("%.4f", rstudent(fit)$resid[2L]), fixed = TRUE)
  out <- in_document(knitr::knit_print(predict(moderated, newmods = c(10, 40), addx = TRUE)))
  expect_match(out, "X.ablat", fixed = TRUE)
  expect_match(out, "exp|Odds Ratio")
})

test_that("one style of p values in a document", {
  for (x in list(fit, moderated, rma(yi, vi, by = alloc, data = es), leave1out(fit),
                 rma.mh(measure = "OR", ai = tpos, bi = tneg, ci = cpos, di = cneg, data = d))) {
    out <- in_document(knitr::knit_print(x))
    expect_false(grepl("[<=] ?[.][0-9]|p-val", out), label = class(x)[1L])
    expect_match(out, "< ?0[.]0001")
  }
  expect_no_match(as.character(results_text(fit)), "[<=] ?[.][0-9]")
})

test_that("results in a sentence, in loops and with captions and labels of their own", {
  text <- knit_markdown(c(bcg, "It was `r fit` and `r moderated`; `r ranktest(fit)`.", "",
                          chunk("for (m in c('DL', 'ML')) cat(knitr::knit_print(rma(yi, vi, data = es, method = m)))",
                                header = "r, results = 'asis', echo = FALSE"),
                          chunk("fit", "moderated", "regtest(fit)",
                                header = "r, echo = FALSE, tab.cap = c('First one', NA)")))
  expect_match(text, "It was Odds Ratio 0.4746 \\(95% CI 0.3296\\s+to\\s+0.6835\\)")
  expect_match(gsub("\\s+", " ", text), "ablat -0.0315 (95% CI -0.0438 to -0.0192); Kendall's tau 0.0256, p 0.9524",
               fixed = TRUE)
  for (caption in c("estimator: DL", "estimator: ML", "First one", "Regression Test for"))
    expect_match(text, caption, fixed = TRUE)
  expect_false(grepl("Mixed-Effects Model", text, fixed = TRUE))
})

test_that("two tables of a chunk have two labels where documents have labels", {
  old <- knitr::opts_knit$get("bookdown.internal.label")
  on.exit(knitr::opts_knit$set(bookdown.internal.label = old))
  knitr::opts_knit$set(bookdown.internal.label = TRUE)
  options <- list(label = "both")
  labels <- in_document(vapply(1:3, function(i) as.character(knitr::knit_print(fit, options)), ""))
  found <- regmatches(labels, regexpr("tab:[-a-z0-9]+", labels))
  expect_length(unique(found), 3L)
})

test_that("wide tables fit the line: LaTeX in a smaller font, HTML by scrolling, and no formula needs MathJax", {
  lines <- c(bcg, chunk("leave1out(fit)"))
  tex <- knit_markdown(lines, rmarkdown::latex_document())
  expect_match(tex, "\\\\begingroup\\\\(small|footnotesize|scriptsize|tiny)\\\\setlength")
  expect_match(tex, "\\(\\tau^2\\)", fixed = TRUE)
  expect_false(grepl("\u03c4", tex))
  web <- knit_markdown(lines, html())
  expect_match(web, "overflow-x: auto", fixed = TRUE)
  expect_match(web, "\u03c4<sup>2</sup>", fixed = TRUE)
  expect_false(grepl("\\(\\tau", web, fixed = TRUE))
  docx <- knit_markdown(lines, rmarkdown::word_document())
  file <- utils::unzip(docx, "word/document.xml", exdir = tempfile())
  xml <- readChar(file, file.size(file), useBytes = TRUE)
  expect_identical(lengths(regmatches(xml, gregexpr("<w:tbl>", xml, fixed = TRUE))), 1L)
  expect_match(xml, "Leave-one-out", fixed = TRUE)
})

test_that("several figures of a chunk keep their captions, without echo and blank lines too", {
  captions <- paste("Cap", c("one", "two", "three", "four", "five"))
  lines <- c(chunk("library(metaparity)", "fit <- rma(c(.1, .2, .4), c(.1, .2, .1))", "forest(fit)", "funnel(fit)",
                   header = "r, echo = FALSE, fig.cap = c('Cap one', 'Cap two')"),
             chunk("forest(fit)", "x <- funnel(fit)", "baujat(fit)",
                   header = "r, echo = FALSE, fig.cap = c('Cap three', 'Cap four', 'Cap five')"))
  lines <- lines[nzchar(lines)]
  tex <- knit_markdown(lines, rmarkdown::latex_document())
  expect_identical(lengths(regmatches(tex, gregexpr("\\\\caption\\{Cap", tex))), 5L)
  web <- knit_markdown(lines, html())
  for (caption in captions) expect_match(web, caption, fixed = TRUE)
})

test_that("names of strangers in tables are text", {
  bad <- c("*a* `r stop(1)`", "<b>x</b>", "\\input{x}", "a|b", "[l](u)")
  d <- data.frame(yi = c(.1, .2, .3, .5, .1), vi = .1, slab = bad, x = 1:5)
  names(d)[4L] <- "x*y*"
  out <- in_document(knitr::knit_print(rstudent(rma(yi, vi, data = d, slab = slab))))
  expect_false(grepl("`|<b>|\\\\input|a\\|b|\\*a\\*", out))
  out <- in_document(knitr::knit_print(escalc("GEN", yi = yi, vi = vi, data = d)))
  expect_false(grepl("`|<b>|\\\\input|a\\|b|\\*a\\*|x\\*y", out))
})

test_that("tests and diagnostics of single numbers are tables, too", {
  wide <- rma(yi, vi, mods = ~ ablat + alloc, data = es)
  results <- list(vif(wide), vif(wide, btt = list(2, 3:4)), vif(wide, sim = 10), fsn(fit), fsn(yi, vi, data = es),
                  tes(fit), hc(fit),
                  hettest(fit, boot = FALSE), hettest(fit, test = "ksn", boot = 10))
  for (x in results) for (format in c("html", "latex", "docx")) {
    expect_match(in_document(knitr::knit_print(x), format), "\n\\|[:-]+", label = class(x)[1L])
  }
  expect_match(in_document(knitr::knit_print(fsn(fit))), sprintf("Fail-safe N +\\| +%d\\|", fsn(fit)$fsnum))
  expect_match(in_document(knitr::knit_print(vif(wide))),
               sprintf("allocrandom +\\| *%.4f", vif(wide)$vifs[["allocrandom"]]))
  expect_match(in_document(knitr::knit_print(tes(fit))), sprintf("%d (out of 13)", tes(fit)$O), fixed = TRUE)
  expect_match(in_document(knitr::knit_print(hc(fit))), sprintf("%.4f", hc(fit)$beta), fixed = TRUE)
  expect_match(in_document(knitr::knit_print(hettest(fit, boot = FALSE))),
               sprintf("%.4f", hettest(fit, boot = FALSE)$statistic), fixed = TRUE)
})

test_that("models of counts, of scale, of selection and of several levels have tables with all their parts", {
  glmm <- rma.glmm(measure = "OR", ai = tpos, bi = tneg, ci = cpos, di = cneg, data = d)
  out <- in_document(knitr::knit_print(glmm))
  expect_match(out, sprintf("Wld(12) = %.2f", glmm$QE.Wld), fixed = TRUE)
  expect_match(out, sprintf("LRT(12) = %.2f", glmm$QE.LRT), fixed = TRUE)
  scaled <- rma(yi, vi, scale = ~ablat, data = es)
  out <- in_document(knitr::knit_print(scaled))
  expect_match(out, "Location-Scale Model (k = 13;", fixed = TRUE)
  expect_match(out, sprintf("\\|Scale +\\|ablat +\\| *%.4f", scaled$alpha[2L]))
  expect_match(out, sprintf("QM(1) = %.2f", scaled$QS), fixed = TRUE)
  expect_no_match(out, "\\bNA\\b")
  chosen <- selmodel(fit, type = "halfnorm")
  out <- in_document(knitr::knit_print(chosen))
  expect_match(out, "Selection Model (k = 13;", fixed = TRUE)
  expect_match(out, sprintf("\\|Selection +\\|delta +\\| *%.4f", chosen$delta))
  expect_match(out, sprintf("LRT(1) = %.2f", chosen$LRT), fixed = TRUE)
  expect_match(as.character(knitr::knit_print(chosen, inline = TRUE)), "^Odds Ratio [0-9.]+ \\(95% CI [0-9.]+ to [0-9.]+\\)$")
  levels <- rma.mv(yi, vi, random = ~ 1 | alloc / trial, data = es)
  out <- in_document(knitr::knit_print(levels))
  expect_match(out, "Multivariate Meta-Analysis Model (k = 13; method: REML)", fixed = TRUE)
  expect_match(out, "\u03c3^2^.2 (alloc/trial) = ", fixed = TRUE)
})

test_that("groups of double arcsines are proportions by their own sizes", {
  p <- rma(measure = "PFT", xi = c(3, 5, 1, 9), ni = c(20, 25, 30, 50), by = c(1, 1, 2, 2))
  out <- in_document(knitr::knit_print(p))
  for (f in c(p$groups, list(p$overall)))
    expect_match(out, sprintf("%.4f", as.numeric(predict(f, transf = transf.ipft.hm)$pred)))
})

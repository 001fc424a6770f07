zh_study <- "\u7814\u7a76"

test_that("texts are translated one by one, and what has no entry comes back", {
  expect_identical(translate(c(a = "Study", b = "Kowalski 2001", c = NA, d = ""), "zh"),
                   c(a = zh_study, b = "Kowalski 2001", c = NA, d = ""))
  expect_identical(translate("Study"), "Study")
  expect_identical(translate(quote(x^2), "zh"), quote(x^2))
  expect_identical(translate(3, "zh"), 3)
  expect_null(translate(NULL, "zh"))
  expect_identical(translate(list(a = "Study", b = list("Study")), "zh"), list(a = zh_study, b = list(zh_study)))
  expect_identical(translate(character(), "zh"), character())
})

test_that("the language is an option, a locale's name will do, and an unknown one is refused", {
  expect_identical(translate("Study", "zh_CN.UTF-8"), zh_study)
  expect_identical(with_language("zh", translate("Study")), zh_study)
  expect_identical(with_language(NULL, translate("Study")), "Study")
  expect_identical(translate("Study"), "Study")
  error <- expect_error(translate("Study", "xx"), class = "metaparity_error_input")
  expect_identical(error$arg, "lang")
  expect_match(conditionMessage(error), "\"en\", \"zh\"", fixed = TRUE)
  expect_error(translate("Study", NA_character_), class = "metaparity_error_input")
  expect_error(translate("Study", 3), class = "metaparity_error_input")
})

test_that("templates are translated as they are, by translatef(), and after they were filled", {
  expect_identical(translate("{model} Model", "zh"), "{model}")
  expect_identical(translatef("s.e. of: %s", "BMD", lang = "zh"), translate("s.e. of: BMD", "zh"))
  expect_match(translate("s.e. of: BMD", "zh"), "^BMD ")
  expect_identical(translate("Log Risk Ratio (log scale)", "zh"),
                   paste0(translate("Log Risk Ratio", "zh"), "\uff08\u5bf9\u6570\u5c3a\u5ea6\uff09"))
  expect_match(translate("Begg's funnel plot with pseudo 95% confidence limits", "zh"), "95%", fixed = TRUE)
  expect_identical(translate("Overall  (I-squared = 88.3%, p = 0.000)", "zh"), "\u603b\u8ba1  (I^2 = 88.3%, P = 0.000)")
})

test_that("a template catches no text that it was not made for, and what a user names is never translated", {
  for (text in c("Estimated by hand", "Study of Smith", "Study model Model (k = 3)",
                 "Model: my own words", "Heterogeneity: as ever", "Tests of everything = 0: z = 3, p = 0.1",
                 "Random-effects Smith model")) {
    expect_identical(translate(text, "zh"), text)
  }
  expect_identical(translate("Subgroups by Weight: 3", "zh"), "\u6309 Weight \u5206\u4e9a\u7ec4\uff1a3 \u7ec4")
  expect_match(translate("Omitting Study", "zh"), "Study$")
  expect_match(translate("Favours Control", "zh"), "Control$")
  expect_identical(translate("Estimated Log odds-ratio", "zh"),
                   paste0(translate("Log odds-ratio", "zh"), " \u7684\u4f30\u8ba1\u503c"))
})

test_that("every measure has its names, and one idea has one term", {
  labels <- unlist(lapply(measure_table,
                          function(m) Filter(is.character, m[c("label", "short", "natural_label", "natural_short")])))
  labels <- setdiff(unique(labels), "")
  words <- translations("zh")$words
  expect_identical(labels[is.na(words[labels])], character())
  others <- c("\u8f6e\u5ed3", "\u5e3d\u5b50\u503c", "\u89c2\u5bdf\u7ed3\u5c40", "\u53d1\u75c5\u7387", "\u4e58\u6027")
  for (word in others) expect_false(any(grepl(word, words)), label = word)
  expect_identical(unname(words[c("Profile likelihood", "Hat value", "Observed Outcome", "Incidence Rate")]),
                   c("\u5256\u9762\u4f3c\u7136", "\u6760\u6746\u503c", "\u6548\u5e94\u91cf", "\u53d1\u751f\u7387"))
})

test_that("every table is complete: no text twice, none without translation, the same placeholders", {
  for (lang in setdiff(languages(), "en")) {
    file <- system.file("translations", paste0(lang, ".csv"), package = "metaparity")
    table <- utils::read.csv(file, colClasses = "character", encoding = "UTF-8", na.strings = character())
    expect_gt(nrow(table), 100)
    expect_identical(names(table), c("text", "translation", "holes"))
    expect_true(all(table$holes %in% c("", "own", "any")))
    expect_identical(table$text[duplicated(table$text)], character())
    expect_identical(table$text[!nzchar(table$translation)], character())
    holes <- function(x) lapply(regmatches(x, gregexpr(placeholder, x, perl = TRUE)),
                                function(h) sort(sub("[0-9]+\\$", "", h)))
    same <- mapply(identical, holes(table$text), holes(table$translation))
    expect_identical(table$text[!same], character())
    expect_true(all(validUTF8(table$translation)))
  }
})

# What a figure says, as its layout has it.
figure_texts <- function(x) {
  if (inherits(x, "forest_plot")) return(x$layout$texts$text)
  figure <- as_figure(x)
  on_page(layout_texts(figure_layout(figure, figure$size[[1L]], figure$size[[2L]]))$label)
}

# Names, abbreviations and symbols that stay.
stays <- paste0("\\b(CI|df|RR|OR|RD|ES|SMD|WMD|MD|Egger|Begg|Galbraith|Peto|Mantel|Haenszel|IV|MH|DerSimonian|Laird|Q_b|Cook|Pearson|Baujat|DFFITS|",
                "GOSH|exp|log|se|tau|Tau|Chi|frac|sqrt|REML|DL|yi|S[0-9]+)\\b")

untranslated <- function(text) {
  left <- gsub(stays, "", text)
  unique(text[grepl("[A-Za-z]{2,}", left)])
}

test_that("under lang = \"zh\" no figure has an English word but names, abbreviations and symbols", {
  d <- data.frame(yi = c(-.9, -1.6, -1.3, -1.4, -.2, -.8), se = c(.6, .4, .6, .1, .2, .3), slab = paste0("S", 1:6),
                  g = rep(c("S1", "S2"), 3), x = 1:6, ev1 = c(4, 6, 3, 62, 33, 180),
                  n1 = c(123, 306, 231, 13598, 5069, 1541),
                  ev2 = c(11, 29, 11, 248, 47, 372), n2 = c(139, 303, 220, 12867, 5808, 1451))
  old <- options(metaparity.lang = "zh")
  on.exit(options(old))
  es <- escalc("RR", ai = ev1, n1i = n1, ci = ev2, n2i = n2, slab = slab, data = d)
  fit <- rma(yi, vi, data = es)
  subgroups <- rma(yi, vi, by = g, data = es)
  results <- list(fit, subgroups, leave1out(fit), cumul(fit), suppressWarnings(trimfill(fit)),
                  rma(yi, vi, mods = ~ x, data = es),
                  rma.mh(measure = "OR", ai = ev1, n1i = n1, ci = ev2, n2i = n2, data = d, slab = d$slab),
                  metan(yi, se, data = d, random = TRUE, by = g, label = list(namevar = slab)))
  for (style in names(styles())) for (x in results) {
    texts <- figure_texts(forest(x, style = style, plot = FALSE, showweights = TRUE, addpred = TRUE,
                                 favours = c("\u652f\u6301\u6cbb\u7597\u7ec4", "\u652f\u6301\u5bf9\u7167\u7ec4")))
    expect_identical(untranslated(texts), character(), label = paste(style, class(x)[1L]))
  }
  scatter <- list(funnel(fit, draw = FALSE), funnel(suppressWarnings(trimfill(fit)), legend = TRUE, draw = FALSE),
                  funnel(fit, yaxis = "seinv", draw = FALSE),
                  plot(metabias6(yi, se, data = d), which = "egger", draw = FALSE),
                  plot(metabias6(yi, se, data = d), which = "begg", draw = FALSE),
                  plot(metafunnel(yi, se, data = d), draw = FALSE), plot(metatrim(yi, se, data = d), draw = FALSE),
                  plot(galbr(yi, se, data = d), draw = FALSE),
                  plot(metainf(yi, se, data = d, label = list(namevar = slab)), draw = FALSE))
  for (x in scatter) expect_identical(untranslated(figure_texts(x)), character())
})

test_that("the argument lang is that of one plot, and what a plot says is kept when it is drawn again", {
  one <- function(...) forest(c(.1, .2), sei = c(.1, .1), plot = FALSE, ...)$layout$texts$text
  expect_true(zh_study %in% one(lang = "zh"))
  expect_false(zh_study %in% one())
  expect_error(one(lang = "xx"), class = "metaparity_error_input")
})

# Prose that is left in English, between the lines of tables.
english_lines <- function(lines) {
  heads <- paste0("^ *(estimate|Q\\(df|QM\\(df|QE\\(df|F\\(df|logLik|min |rstudent|resid|pred|df +AIC|VIF|[(]Intercept|intrcpt|",
                  "ablat|factor|Full|Reduced|R\\^2|I2|coefs|vif|method|REML|DL|k  |random|alternate|systematic|overall|I\\^2\\(|tau)|^---|^ *$")
  words <- gsub(paste0("\\b(tau|theta|theta_lim|REML|SE|Meta|sei|Kendall|CI|CR[0-9]|lim|Cochran|Mantel|Haenszel|Tarone|CMH|MH|df|val|Fail|Rosenthal|",
                       "Orwin|Rosenberg|Wald|alloc|VIF|SIF|Satterthwaite|ablat|intrcpt|IRR|OR|vi|Kolmogorov|Smirnov)\\b"), "", lines[!grepl(heads, lines)])
  words[grepl("[A-Za-z]{2,}", words)]
}

test_that("every print is translated as a whole, and columns stay aligned", {
  d <- metadat::dat.bcg
  es <- escalc("OR", ai = tpos, bi = tneg, ci = cpos, di = cneg, data = d)
  fit <- rma(yi, vi, data = es)
  moderated <- rma(yi, vi, mods = ~ ablat, data = es)
  pooled <- function(measure) rma.mh(measure = measure, ai = tpos, bi = tneg, ci = cpos, di = cneg, data = d)
  results <- list(fit, moderated, summary(fit), pooled("OR"),
                  rma.mh(measure = "IRR", x1i = tpos, t1i = tneg, x2i = cpos, t2i = cneg, data = d),
                  rma.peto(ai = tpos, bi = tneg, ci = cpos, di = cneg, data = d), tes(fit), tes(fit, test = "chi2"),
                  tes(fit, alternative = "less"), tes(moderated),
                  fsn(yi, vi, data = es), fsn(yi, vi, data = es, type = "Orwin"), fsn(fit), hettest(fit, boot = 2),
                  regtest(fit),
                  regtest(fit, predictor = "vi"), ranktest(fit), trimfill(fit),
                  suppressWarnings(trimfill(fit, estimator = "R0")),
                  robust(fit, cluster = d$alloc), robust(moderated, cluster = d$trial),
                  permutest(fit, iter = 10, progbar = FALSE), anova(moderated), anova(moderated, X = rbind(c(1, 10))),
                  vif(rma(yi, vi, mods = ~ ablat + year, data = es), btt = 2), rma(yi, vi, by = alloc, data = es))
  for (x in results) {
    zh <- with_language("zh", utils::capture.output(print(x)))
    expect_identical(english_lines(zh), character(), label = class(x)[1L])
    en <- utils::capture.output(print(x))
    expect_identical(length(zh), length(en))
  }
  lines <- with_language("zh", utils::capture.output(print(tes(fit))))[4:6]
  at <- vapply(lines, function(line) nchar(sub("[0-9].*", "", line), type = "width"), 0L, USE.NAMES = FALSE)
  expect_length(unique(at), 1L)
  lines <- with_language("zh", grep("^[a-zA-Z]+.*\uff1a", utils::capture.output(print(fit)), value = TRUE))
  at <- vapply(lines, function(line) nchar(sub("(\uff1a *)[0-9].*", "\\1", line), type = "width"), 0L,
               USE.NAMES = FALSE)
  expect_length(unique(at[-1L]), 1L)
})

test_that("printed results follow the language", {
  fit <- rma(c(-.9, -1.6, -1.3, -1.4, -.2), c(.33, .19, .41, .02, .05))
  lines <- with_language("zh", utils::capture.output(print(fit), print(regtest(fit)), print(ranktest(fit))))
  heads <- "^ *(estimate|Q\\(df)|^---|^$"
  words <- gsub("\\b(tau|REML|SE|Meta|sei|Kendall|CI)\\b", "", lines[!grepl(heads, lines)])
  expect_identical(words[grepl("[A-Za-z]{2,}", words)], character())
  expect_true(any(grepl("Random-Effects", utils::capture.output(print(fit)))))
})

test_that("prints of all models are in the language that is set", {
  old <- options(metaparity.lang = "zh")
  on.exit(options(old))
  d <- text_data
  fits <- list(rma.mv(yi, vi, random = ~ 1 | g/x, data = d),
               suppressWarnings(rma.mv(yi, vi, random = ~ o | g, struct = "UN", data = d)),
               rma.glmm(measure = "OR", ai = e1, n1i = n1, ci = e2, n2i = n2, data = text_counts),
               suppressWarnings(rma(yi, vi, scale = ~x, data = d)), suppressWarnings(selmodel(rma(yi, vi, data = d), "beta")),
               compare_software(d, yi = yi, sei = sqrt(vi), measure = "SMD"), gosh(rma(yi, vi, data = d), subsets = 10, progbar = FALSE),
               rma_batch(rbind(d$yi, -d$yi), sei = sqrt(rbind(d$vi, d$vi))))
  for (x in fits) {
    lines <- utils::capture.output(print(x))
    expect_no_match(lines, "(Model|Test|Variance|Interval|effects?|meta-analys|(inner|outer) factor)[a-z]* ", ignore.case = FALSE)
  }
})

test_that("labels of the user's in tables stay, whatever they are", {
  old <- options(metaparity.lang = "zh")
  on.exit(options(old))
  fit <- rma(c(.1, .5, .3, .9, .2), rep(.1, 5), slab = c("Study 1", "Overall", "Total", "Study 4", "intrcpt"))
  for (x in list(influence(fit), leave1out(fit), cumul(fit), rstudent(fit), blup(fit))) {
    lines <- utils::capture.output(print(x))
    expect_true(any(grepl("^-?Study 1 ", lines)))
    expect_true(any(grepl("^-?Study 4 ", lines)))
  }
})

tables <- data.frame(e1 = c(4, 6, 3, 62, 0), n1 = c(123, 306, 231, 13598, 20), e2 = c(11, 29, 11, 248, 3),
                     n2 = c(139, 303, 220, 12867, 22), x = c(1, 3, 2, 4, 5), g = c("a", "b", "a", "b", "b"))
fit_tables <- function(...) rma(ai = e1, n1i = n1, ci = e2, n2i = n2, data = tables, measure = "RR", ...)
has <- function(text, ...) for (words in c(...)) expect_match(as.character(text), words, fixed = TRUE)

test_that("methods name measure, model, estimator, test and software", {
  text <- methods_text(fit_tables(method = "DL", test = "knha", level = 90))
  has(text, "risk ratio of 5 studies", "random-effects", "DerSimonian and Laird [@dersimonian1986]", "90% confidence",
      "Knapp and Hartung [@knapp2003]", "cell of 0, 0.5 was added", "prediction interval", "metaparity")
  expect_setequal(attr(text, "keys"), c("dersimonian1986", "knapp2003", "higgins2002", "rcore"))
  has(methods_text(fit_tables(method = "EE")), "common-effect model")
  has(methods_text(fit_tables(mods = ~x)), "related to x by a mixed-effects meta-regression")
  has(methods_text(fit_tables(by = g)), "Subgroups by g")
  expect_no_match(as.character(methods_text(fit_tables(), cite = FALSE)), "@", fixed = TRUE)
})

test_that("every estimator has words, and every key an entry of the bibliography", {
  entries <- names(bibliography())
  for (method in tau2_methods) {
    expect_true(nzchar(estimator_words(method)))
    expect_true(all(estimator_key(method) %in% entries))
  }
  text <- methods_text(fit_tables(test = "knha"))
  out <- utils::toBibtex(text)
  expect_length(out, length(attr(text, "keys")))
  expect_true(all(grepl("^@", out)))
})

test_that("pooled tables and analyses have their methods", {
  has(methods_text(rma.mh(ai = e1, n1i = n1, ci = e2, n2i = n2, data = tables)), "odds ratio", "Mantel-Haenszel method")
  has(methods_text(rma.peto(ai = e1, n1i = n1, ci = e2, n2i = n2, data = tables)), "Peto's method")
  f <- fit_tables()
  has(methods_text(regtest(f)), "Egger's test", "standard error")
  has(methods_text(suppressWarnings(ranktest(f))), "Begg's test")
  has(methods_text(trimfill(f)), "trim and fill", "L0")
  has(methods_text(leave1out(f)), "left out in turn")
  expect_error(methods_text(1), class = "metaparity_error_unsupported")
  expect_error(methods_text(rstudent(f)), class = "metaparity_error_unsupported")
  expect_error(results_text(rstudent(f)), class = "metaparity_error_unsupported")
})

test_that("Chinese has no word of English in it but names", {
  old <- options(metaparity.lang = "zh")
  on.exit(options(old))
  f <- fit_tables(test = "knha")
  all <- list(f, fit_tables(mods = ~x), fit_tables(by = g), regtest(f), suppressWarnings(ranktest(f)), trimfill(f),
              leave1out(f), cumul(f), influence(f), fit_tables(method = "EE", test = "t"))
  names <- paste0("Knapp|Hartung|Cochran's|Begg|Egger|Meta|DFFITS|Cook|metaparity|DerSimonian|Laird|[A-Za-z]*@[a-z0-9]+|",
                  "R [0-9.]+|Q|CI|QM|Kendall's|tau|\\b[a-zA-Z][0-9]?\\b|\\bdf\\b")
  for (x in all) for (text in list(methods_text(x), results_text(x))) {
    expect_no_match(gsub(names, "", as.character(text)), "[A-Za-z]{2,}")
    expect_match(as.character(text), "\u3002$")
  }
})

test_that("robust variances, own weights and the lack of a prediction interval are told", {
  d <- data.frame(yi = c(0.1, 0.4, -0.2, 0.6, 0.3), vi = 0.1, g = c(1, 1, 2, 3, 4))
  f <- rma(yi, vi, data = d)
  has(methods_text(robust(f, cluster = d$g)), "cluster-robust variances [@hedges2010] (4 clusters)")
  has(methods_text(rma(yi, vi, weights = 1:5, data = d)), "weights of our own")
  has(methods_text(rma(yi, vi, weighted = FALSE, data = d)), "not weighted")
  expect_no_match(as.character(methods_text(rma(yi, vi, data = d[1:2, ]))), "prediction interval")
})

test_that("a value of tau2 that was given is not said to be estimated", {
  d <- data.frame(yi = c(0.1, 0.4, -0.2, 0.6), vi = 0.1, x = 1:4)
  text <- methods_text(rma(yi, vi, tau2 = 0.12, data = d))
  has(text, "was set to 0.12")
  expect_no_match(as.character(text), "estimated")
  has(methods_text(rma(yi, vi, mods = ~x, tau2 = 0.12, data = d)), "\u03c4\u00b2 was set to 0.12")
})

test_that("the continuity correction is told of data that come through escalc(), too", {
  cells <- data.frame(ai = c(0, 3, 5, 2), n1i = c(20, 30, 40, 25), ci = c(2, 5, 4, 3), n2i = c(20, 30, 40, 25))
  told <- function(measure, ...) {
    e <- suppressWarnings(escalc(measure, ai = ai, n1i = n1i, ci = ci, n2i = n2i, data = cells, ...))
    as.character(methods_text(suppressWarnings(rma(yi, vi, data = e))))
  }
  has(told("RR"), "In studies with a cell of 0, 0.5 was added to every cell.")
  has(told("OR", add = 1), "In studies with a cell of 0, 1 was added to every cell.")
  for (to in c("all", "if0all")) has(told("RR", to = to), "0.5 was added to every cell of all studies.")
  expect_no_match(told("RR", to = "none"), "was added")
  cells$ai[1] <- 1
  expect_no_match(told("RR"), "was added")
  cells$ai[1] <- 20
  has(told("OR"), "cell of 0, 0.5")
})

test_that("degrees of freedom and permutations are named", {
  z <- data.frame(yi = c(-0.9, -1.6, -1.3, -0.2, 0.1, 0.3), vi = c(0.33, 0.19, 0.42, 0.05, 0.02, 0.1),
                  g = c(1, 1, 2, 2, 3, 3), s = 1:6)
  told <- function(dfs) methods_text(rma.mv(yi, vi, random = ~ 1 | g / s, data = z, dfs = dfs, test = "t"))
  expect_match(told("kenward-roger"), "Kenward and Roger [@kenward1997]", fixed = TRUE)
  expect_match(told("satterthwaite"), "Satterthwaite degrees of freedom [@satterthwaite1946]", fixed = TRUE)
  expect_match(told("contain"), "by containment")
  expect_match(told("residual"), "residual degrees of freedom")
  expect_match(told(4), "given degrees of freedom")
  expect_length(toBibtex(told("kenward-roger")), length(attr(told("kenward-roger"), "keys")))
  f <- rma(yi, vi, data = z)
  expect_match(methods_text(permutest(f, progbar = FALSE)), "exact permutation test of all 64 permutations")
  expect_match(methods_text(permutest(f, iter = 50, progbar = FALSE)), "with 50 random permutations")
})

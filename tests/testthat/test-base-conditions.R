# Odd calls fail, warn or are silent as with metafor, which is run beside.

odd_calls <- '
rma(yi, vi, data = d, method = "FOO")
rma(yi, vi, data = d, test = "KNHA")
rma(yi, vi, data = d, level = 101)
rma(yi, vi, data = d, level = 30)
rma(yi, vi, data = d, digits = "a")
rma(yi, vi[1:3], data = d)
rma(yi, -vi, data = d)
rma(yi, c(0, vi[-1]), data = d)
rma(yi, diag(vi), data = d)
rma(yi, diag(vi) + .01, data = d)
rma(c(NA, yi[-1]), vi, data = d)
rma(yi, vi, mods = ~x, data = d[1:2, ])
rma(yi, vi, mods = ~ x + I(2 * x), data = d)
rma(yi, vi, mods = g, data = d)
rma(yi, vi, mods = ~ -1, data = d)
rma(yi, vi, intercept = FALSE, data = d)
rma(yi, vi, weights = c(1, 2), data = d)
rma(yi, vi, weights = "a", data = d)
rma(yi, vi, subset = rep(TRUE, 20), data = d)
rma(yi, vi, subset = 100, data = d)
rma(yi, vi, slab = 1:3, data = d)
rma(yi > 0, vi, data = d)
rma(yi, vi, tau2 = -1, data = d)
rma(yi, vi, tau2 = NA, data = d)
rma(yi, vi, tau2 = .1, method = "EE", data = d)
rma(yi, vi, mods = ~x, btt = 5, data = d)
rma(yi, vi, mods = ~x, btt = c(2, 2), data = d)
rma(yi, vi, mods = ~x, btt = 1.6, data = d)
rma(yi, vi, att = 1, data = d)
rma(yi, vi, verbose = "a", data = d)
rma(yi, vi, modds = ~x, data = d)
rma.mh(ai = 1:3, bi = 4:6, ci = 2:4, di = 5:7, foo = 1)
rma.mh(ai = c(0, 3), bi = c(10, 10), ci = c(0, 2), di = c(10, 10))
rma.mh(ai = 1:3, bi = 4:6, ci = 2:4, di = 5:7, level = 101)
rma.peto(ai = 1:3, bi = 4:6, ci = 2:4, di = 5:7, to = "foo")
rma.peto(ai = 1:3, bi = 4:6, ci = 2:4, di = 5:7, method = "DL")
escalc(measure = "OR", ai = 1:3, bi = 4:6, ci = 2:4, di = 5:7, foo = 1)
predict(fit, newmods = 1)
predict(reg, newmods = c(NA_real_, NA))
predict(reg, newmods = "a")
predict(reg2, newmods = cbind(foo = 1, x = 2))
predict(fit, foo = 1)
confint(fit, parm = 1)
confint(fit, fixed = FALSE, random = FALSE)
confint(fit, type = "FOO")
confint(rma(yi, vi, tau2 = .1, data = d))
confint(rma(1, 1, method = "EE"), fixed = TRUE, random = FALSE)
confint(fit, foo = 1)
anova(reg, btt = 5)
anova(reg, btt = c(2, 2))
anova(reg, X = 1:4)
anova(reg, fit, test = "foo")
anova(reg, rma(yi, vi, data = d, method = "ML"))
anova(reg, fit, refit = TRUE)
anova(reg, 5)
robust(fit)
robust(fit, cluster = 1:3)
permutest(fit, iter = 1, progbar = FALSE)
vif(fit)
vif(reg2, foo = 1)
hc(reg)
blup(fit, level = 200)
profile(fit, xlim = 1, progbar = FALSE, plot = FALSE)
fitstats(fit, 5)
simulate(fit, nsim = 1.4, seed = 1)
simulate(fit, olim = 1)
vcov(fit, type = "foo")
rstudent(fit, foo = 1)
rstandard(fit, type = "foo")
cooks.distance(fit, foo = 1)
influence(fit, foo = 1)
influence(rma(1, 1, method = "EE"))
leave1out(fit, cluster = 1:3)
cumul(fit, order = "a")
gosh(fit, subsets = 5, parallel = "foo", progbar = FALSE)
regtest(fit, model = "foo")
ranktest(reg)
trimfill(reg)
trimfill(fit, ilim = 1)
fsn(rma(1, 1, method = "EE"))
tes(yi, vi, data = d, alpha = 2)
conv.2x2(ori = 2, ni = 20, n1i = 30, n2i = 10)
conv.fivenum(q1 = 4, median = 3, q3 = 2, n = 20)
conv.wald(out = 3, ci.lb = 1, ci.ub = 2)
to.long(measure = "FOO", ai = 1, bi = 1, ci = 1, di = 1)
vec2mat(1:4)
replmiss(1:3, numeric(0))
contrmat(5)
pairmat(fit)
dfround(5)
fmtt(1.2, "z", pval = .03, format = 3)
fmtp(2)'

kinds_with <- function(package, calls) {
  space <- list2env(mget(getNamespaceExports(package), envir = asNamespace(package), inherits = TRUE),
                    parent = globalenv())
  space$d <- data.frame(yi = c(-0.9, -1.6, -1.3, -1.4, -0.2, -0.8), vi = c(0.33, 0.19, 0.42, 0.02, 0.05, 0.01),
                        x = c(1, 4, 2, 6, 3, 5),
                        z = c(2, 1, 4, 3, 3, 1), g = letters[1:6])
  space$fit <- eval(quote(rma(yi, vi, data = d)), space)
  space$reg <- eval(quote(rma(yi, vi, mods = ~x, data = d)), space)
  space$reg2 <- eval(quote(rma(yi, vi, mods = ~ x + z, data = d)), space)
  vapply(calls, function(call) {
    warned <- FALSE
    failed <- tryCatch({
      withCallingHandlers(utils::capture.output(eval(call, space)), warning = function(w) {
        warned <<- TRUE
        invokeRestart("muffleWarning")
      })
      FALSE
    }, error = function(e) TRUE)
    if (failed) "error" else if (warned) "warning" else "silent"
  }, "")
}

test_that("odd calls fail, warn or are silent as with metafor", {
  skip_if_not_installed("metafor")
  calls <- as.list(parse(text = odd_calls))
  expect_gt(length(calls), 85)
  ours <- kinds_with("metaparity", calls)
  theirs <- kinds_with("metafor", calls)
  texts <- vapply(calls, function(call) paste(deparse(call), collapse = " "), "")
  expect_identical(paste(texts, ours), paste(texts, theirs))
})

test_that("arguments that a verb does not have are named, one or several", {
  one <- expect_warning(warn_unknown("foo"), class = "metaparity_warning_unknown")
  expect_identical(one$arg, "foo")
  several <- expect_warning(warn_unknown(c("foo", "")), class = "metaparity_warning_input")
  expect_identical(several$arg, c("foo", "..."))
  expect_silent(warn_unknown(character()))
})

test_that("messages follow R's own language, a text without a translation is English as a whole", {
  told <- function(language) {
    code <- c("library(metaparity)",
              "says <- function(code) tryCatch(code, condition = function(e) c(class(e)[1L], conditionMessage(e)))",
              "out <- list(says(rma(1:2, c('a', 'b'))), says(rma(c(1, 2), c(1, NA))), says(rma(1:3, 1:3, method = 'DLL')),",
              "            says(rma(1:3, 1:3, digits = 'x')), says(rma(1:3, c(1, -1, 1))))",
              "saveRDS(out, commandArgs(TRUE))")
    script <- tempfile(fileext = ".R")
    file <- tempfile()
    writeLines(code, script)
    system2(file.path(R.home("bin"), "Rscript"), c("--vanilla", script, file), stdout = FALSE, stderr = FALSE,
            env = c(paste0("LANGUAGE=", language), "LC_ALL=C.UTF-8",
                    paste0("R_LIBS=", paste(.libPaths(), collapse = ":"))))
    readRDS(file)
  }
  en <- told("en")
  zh <- told("zh_CN")
  expect_identical(lapply(en, `[`, 1L), lapply(zh, `[`, 1L))
  text <- vapply(zh, `[`, "", 2L)
  expect_match(text[1L], "`vi` \u5fc5\u987b\u662f\u6570\u503c")
  expect_match(text[2L], "\u7565\u53bb 1 \u9879\u7814\u7a76\uff1avi \u6709\u7f3a\u5931\u503c\uff08\u7b2c 2 \u884c",
               fixed = TRUE)
  expect_match(text[3L], "\u5fc5\u987b\u662f\u4ee5\u4e0b\u4e4b\u4e00")
  expect_match(text[4L], "\u5fc5\u987b\u662f\u5c0f\u6570\u4f4d\u6570")
  # No translation yet: nothing of it is.
  expect_false(any(grepl("[A-Za-z]{3,}.*[^\x01-\x7f]", gsub("`[^`]*`|\"[^\"]*\"|TRUE|FALSE", "", text[4L]))))
  for (one in en) expect_false(grepl("[^\x01-\x7f]", one[2L]))
})

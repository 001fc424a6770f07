d <- metadat::dat.bcg
es <- escalc("OR", ai = tpos, bi = tneg, ci = cpos, di = cneg, data = d)
fit <- rma(yi, vi, data = es)

test_that("printed lines become quantity and value, the first colon divides", {
  out <- lines_document(c("", "Tau^2 (by: DL):   0.5", "p-val: < .001"), "Caption", expand_digits(4))
  expect_identical(out$label[[1L]], c("Tau^2 (by", "p-val"))
  expect_identical(out$table[[1L]], c("DL): 0.5", "< 0.001"))
  plain <- lines_document(c("Observed:  3", "Expected: 2.5"), "Caption", expand_digits(4))
  expect_identical(plain$table[[1L]], c("3", "2.5"))
  expect_identical(out$caption, "Caption")
})

test_that("inflation factors: a row for each coefficient or set, with the numbers of the result", {
  x <- vif(rma(yi, vi, mods = ~ ablat + year, data = es))
  one <- vif_document(x)
  expect_identical(nrow(one$frame), 2L)
  expect_identical(length(one$label$Coefficients), 2L)
  expect_gate(one$frame$vif, as.data.frame(x)$vif, "closed_form")
})

test_that("the table of hc() has both methods, that of hettest() a row with its p value", {
  x <- hc(fit)
  table <- hc_document(x)
  expect_identical(table$frame$estimate, c(x$beta.rma[1L], x$beta[1L]))
  expect_identical(nrow(table$frame), length(table$label$method))
  expect_gate(table$frame$natural, exp(table$frame$estimate), "closed_form")
  expect_match(in_document(knitr::knit_print(hc(update(fit, level = 90)))), "90% CI", fixed = TRUE)
  expect_null(hc_document(hc(fit, transf = exp))$frame$natural)
  h <- hettest(fit, boot = FALSE)
  expect_identical(hettest_document(h)$frame$pval, h$pval)
})

test_that("tests of single numbers print as tables with all their numbers", {
  skip_if_not_installed("knitr")
  for (x in list(fsn(yi, vi, data = es), fsn(yi, vi, data = es, type = "Orwin"), tes(yi, vi, data = es), hc(fit),
                 vif(rma(yi, vi, mods = ~ ablat + year, data = es)))) for (format in c("html", "latex")) {
    out <- in_document(knitr::knit_print(x), format)
    expect_match(out, "\n\\|[:-]+")
    expect_false(grepl("NULL|NaN", out))
  }
  n <- fsn(yi, vi, data = es)
  expect_match(in_document(knitr::knit_print(n)), as.character(n$fsnum), fixed = TRUE)
})

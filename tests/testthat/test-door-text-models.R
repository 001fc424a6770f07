d <- text_data
counts <- text_counts

test_that("multilevel and multivariate models, robust variances", {
  ml <- rma.mv(yi, vi, random = ~ 1 | g/x, data = d)
  expect_paragraph(ml, sprintf("%.2f", ml$beta), "8 estimates", "Variance components")
  expect_paragraph(suppressWarnings(rma.mv(yi, vi, mods = ~o, random = ~ o | g, struct = "UN", data = d)), "coefficient of ob")
  expect_paragraph(rma.mv(yi, vi, data = d))
  expect_paragraph(robust(ml, cluster = d$g))
  V <- vcalc(vi, cluster = g, obs = x, data = d, rho = 0.5)
  expect_match(as.character(methods_text(rma.mv(yi, V, random = ~ 1 | g, data = d))), "Covariances of the sampling errors")
})

test_that("models of counts, location and scale, selection, accuracy, correlations, many outcomes", {
  glmm <- rma.glmm(measure = "OR", ai = e1, n1i = n1, ci = e2, n2i = n2, data = counts)
  expect_paragraph(glmm, sprintf("%.2f", exp(glmm$beta)))
  expect_paragraph(rma.glmm(measure = "PLO", xi = e1, ni = n1, data = counts), "pooled proportion")
  expect_paragraph(rma.glmm(measure = "IRLN", xi = e1, ti = n1, data = counts))
  expect_paragraph(suppressWarnings(rma(yi, vi, scale = ~x, data = d)))
  expect_paragraph(suppressWarnings(selmodel(rma(yi, vi, data = d), "stepfun", steps = 0.05)), "Test of the selection")
  for (type in c("stepfun", "beta", "halfnorm", "negexp", "logistic", "power", "trunc", "other")) {
    expect_true(nzchar(selection_words(type)))
    expect_true(selection_key(type) %in% names(bibliography()))
  }
  acc <- data.frame(tp = c(18, 18, 15, 24, 17, 53), fp = c(17, 43, 12, 10, 2, 36), fn = c(4, 2, 7, 5, 6, 4),
                    tn = c(25, 99, 19, 13, 16, 41))
  dta <- rma.dta(tp, fp, fn, tn, data = acc)
  expect_paragraph(dta, sprintf("%.2f", dta$summary["sens", "estimate"]))
  R <- matrix(c(1, .3, .4, .3, 1, .2, .4, .2, 1), 3)
  expect_paragraph(matreg(y = 1, x = 2:3, R = R, n = 50), "coefficient of x2")
  expect_paragraph(rma_batch(rbind(d$yi, -d$yi), sei = sqrt(rbind(d$vi, d$vi))), "Of 2 outcomes")
})

test_that("Stata's commands speak through their fits", {
  expect_paragraph(metan(yi, sqrt(vi), data = d, random = TRUE, nograph = TRUE), "8 studies")
  expect_paragraph(metareg(yi, x, wsse = sqrt(vi), data = d), "coefficient of x")
  expect_paragraph(metabias6(yi, sqrt(vi), data = d), "Egger's test", "Begg's test")
  expect_error(methods_text(heterogi(10, 5)), class = "metaparity_error_unsupported")
  arms <- data.frame(study = c(1, 1, 2, 2, 3, 3, 4, 4), t = c("A", "B", "A", "C", "B", "C", "A", "B"),
                     r = c(9, 23, 11, 12, 29, 79, 20, 31), n = c(140, 140, 78, 85, 170, 302, 150, 140))
  net <- network_setup(r, n, data = arms, studyvar = study, trtvar = t)
  fit <- network_meta(net, "inconsistency")
  expect_paragraph(fit, "B against A: odds ratio", sprintf("%.2f", exp(fit$table$b[1L])), "Test of inconsistency")
  expect_paragraph(network_meta(net, "consistency")$fit, "coefficient of")
})

d <- text_data
counts <- text_counts

test_that("every analysis of a fit has its paragraphs", {
  f <- rma(yi, vi, data = d)
  m <- rma(yi, vi, mods = ~ x + o, data = d)
  expect_paragraph(fsn(f), "unpublished studies")
  for (type in c("Rosenthal", "Orwin", "Rosenberg")) {
    x <- fsn(d$yi, d$vi, type = type, target = if (type == "Orwin") 0.1)
    expect_paragraph(x, format(x$fsnum))
  }
  expect_paragraph(tes(f), "significant")
  expect_paragraph(hc(rma(yi, vi, data = d, method = "DL")), "Henmi")
  expect_paragraph(hettest(f, boot = FALSE), "equal heterogeneity")
  expect_paragraph(gosh(f, subsets = 20, progbar = FALSE), "Over the subsets")
  expect_paragraph(permutest(m, iter = 20, progbar = FALSE), "permutation test of x")
  expect_paragraph(profile(f, steps = 5, progbar = FALSE, plot = FALSE), "log-likelihood")
  ci <- confint(f)
  expect_paragraph(ci, sprintf("%.2f", ci$random[1L, 3L]), "\u03c4\u00b2")
  expect_paragraph(confint(rma.mv(yi, vi, random = ~ 1 | g/x, data = d)), "\u03c3\u00b2.2")
  expect_paragraph(anova(m), "Test of moderators")
  expect_paragraph(anova(rma(yi, vi, mods = ~x, data = d, method = "ML"), rma(yi, vi, data = d, method = "ML")), "LRT(1)")
  expect_paragraph(vif(m), "variance inflation")
  expect_paragraph(predict(f), "The predicted effect")
  expect_paragraph(blup(f), "lie between")
  expect_paragraph(ranef(rma.mv(yi, vi, random = ~ 1 | g, data = d)), "random effects of g")
  expect_paragraph(deltamethod(f, fun = exp), "Function")
  expect_paragraph(escalc("RR", ai = e1, n1i = n1, ci = e2, n2i = n2, data = counts), "risk ratio of 5 studies")
})

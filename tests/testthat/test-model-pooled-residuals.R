test_that("residuals of Mantel-Haenszel and Peto fits are metafor's", {
  for (pair in pooled_pairs()) {
    for (type in c("response", "rstandard", "rstudent", "pearson"))
      expect_named_equal(residuals(pair$ours, type = type), residuals(pair$theirs, type = type))
    expect_error(residuals(pair$ours, type = "cholesky"), class = "metaparity_error_input")
    expect_named_equal(weights(pair$ours), weights(pair$theirs), scale = 100)
    expect_same_print(rstandard(pair$ours), rstandard(pair$theirs))
    expect_same_print(rstudent(pair$ours), rstudent(pair$theirs))
    expect_same_print(confint(pair$ours), confint(pair$theirs))
    expect_same_print(predict(pair$ours, transf = exp), predict(pair$theirs, transf = exp))
    expect_gate(model.matrix(pair$ours), model.matrix(pair$theirs), "closed_form")
  }
})

test_that("a table without events has a residual that is missing", {
  args <- list(ai = c(1, 0, 3, 4), n1i = rep(20, 4), ci = c(2, 0, 5, 1), n2i = rep(20, 4))
  for (verb in c("rma.mh", "rma.peto")) {
    a <- suppressWarnings(do.call(get(verb, asNamespace("metaparity")), args))
    b <- suppressWarnings(do.call(getExportedValue("metafor", verb), args))
    expect_named_equal(residuals(a), residuals(b))
  }
})

test_that("residuals against the other studies: a pooled fit without each of them", {
  d <- list(ai = c(4, 6, 3, 62), bi = c(119, 300, 228, 13536), ci = c(11, 29, 11, 248), di = c(128, 274, 209, 12619))
  for (verb in list(rma.mh, rma.peto)) {
    x <- do.call(verb, d)
    out <- rstudent(x)
    for (i in 1:4) {
      without <- do.call(verb, lapply(d, `[`, -i))
      expect_gate(out$resid[i], x$yi.f[i] - coef(without), "closed_form", scale = 1)
      expect_gate(out$se[i], sqrt(x$vi.f[i] + without$se^2), "closed_form")
    }
    expect_gate(out$z, out$resid / out$se, "closed_form")
    inner <- rstandard(x)
    expect_gate(inner$resid, as.numeric(x$yi.f) - coef(x), "closed_form", scale = 1)
    expect_gate(sum(weights(x)), 100, "closed_form")
    expect_gate(diag(weights(x, type = "matrix")) / sum(diag(weights(x, type = "matrix"))), weights(x) / 100,
                "closed_form")
  }
})

test_that("two studies: each against the other; one has none to stand against", {
  x <- rma.mh(ai = c(4, 6), bi = c(19, 30), ci = c(11, 29), di = c(28, 27))
  expect_gate(rstudent(x)$resid, x$yi.f - rev(x$yi.f), "closed_form", scale = 1)
  one <- rma.mh(ai = 4, bi = 19, ci = 11, di = 28)
  w <- capture_warnings_of(out <- rstudent(one))
  expect_true(is.na(out$resid))
  expect_true(all(vapply(w, inherits, NA, "metaparity_warning")))
})

test_that("what a pooled fit has no residual of is refused", {
  x <- rma.mh(ai = c(4, 6), bi = c(19, 30), ci = c(11, 29), di = c(28, 27))
  expect_error(rstandard(x, type = "other"), class = "metaparity_error_input")
  expect_error(residuals(x, type = "deviance"), class = "metaparity_error")
  expect_error(weights(x, type = "rowsum"), class = "metaparity_error_input")
})

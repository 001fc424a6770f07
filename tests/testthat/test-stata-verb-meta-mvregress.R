for (order in list(c("y1", "y2"), c("y2", "y1"))) {
  test_that(paste("the log of Stata 17 line by line, outcomes in the order", order[1L]), {
    S <- c("S11", "S12", "S22")
    words <- if (order[1L] == "y1") S else rev(S)
    v <- meta_mvregress(paste(c(order, "= study"), collapse = " "), models_data("telomerase2"), words)
    name <- paste0(order[1L], order[2L])
    expect_stata_lines(format(v), models_log(paste0("mvregress-", name)))
    expect_stata_lines(format(estat_recovariance(v)), models_log(paste0("recovariance-", name)))
    expect_listed_differences(format(v), paste0("mvregress-", name))
    expect_listed_differences(format(estat_recovariance(v)), paste0("recovariance-", name))
  })
}

test_that("the exact maximum: what mvmeta prints with nounc, whatever the order of the outcomes", {
  d <- models_data("telomerase2")
  v <- meta_mvregress("y1 y2 = study", d, "S11 S12 S22")
  w <- meta_mvregress("y2 y1 = study", d, "S22 S12 S11")
  printed <- c(" .0011207", " 1.146843", "-.1627416", " 2.949419")
  expect_identical(metaparity:::stata_general(v$table$b, 9L), printed)
  expect_identical(metaparity:::stata_general(v$table$se, 8L), c(" .069972", " .421251", " .192565", " 1.20228"))
  expect_gate(unlist(w$table[c(3, 4, 1, 2), c("b", "se")]), unlist(v$table[c("b", "se")]), "scale_free", scale = 1e-3)
  expect_gate(w$r$ll, v$r$ll, "exact_likelihood")
  expect_identical(v$r$Sigma[2, 1] / sqrt(prod(diag(v$r$Sigma))), -1)
  expect_gate(sqrt(v$r$Sigma[1, 1]), 0.470034044, "metafor_closed")
})

test_that("the model is that of rma.mv(), in every structure", {
  d <- gum()
  b <- as.data.frame(metadat::dat.berkey1998)
  b$outcome <- factor(b$outcome, c("PD", "AL"))
  V <- lapply(split(b[c("v1i", "v2i")], b$trial), as.matrix)
  structures <- c(unstructured = "UN", independent = "DIAG", identity = "ID", exchangeable = "CS")
  for (word in names(structures)) {
    f <- rma.mv(yi, V, mods = ~ 0 + outcome, random = ~ outcome | trial, struct = structures[[word]], data = b,
                method = "ML")
    v <- meta_mvregress(y1 + y2 ~ 1, d, c("v11", "v12", "v22"), random = "mle", covariance = word)
    expect_equal(v$table$b, as.numeric(f$beta))
    expect_equal(v$table$se, f$se)
    expect_equal(unname(v$r$Sigma), unname(as.matrix(f$G)))
    expect_equal(v$r$ll, as.numeric(logLik(f)))
    expect_equal(meta_mvregress("y1 y2", d, "v11 v12 v22", random = sprintf("mle, cov(%s)", word))$r, v$r)
  }
  f <- rma.mv(yi, V, mods = ~ 0 + outcome, data = b, method = "FE")
  for (model in c("fixed", "common")) {
    v <- do.call(meta_mvregress, c(list("y1 y2", d, "v11 v12 v22"), stats::setNames(list(TRUE), model)))
    expect_equal(v$table$se, f$se)
    expect_null(v$re)
  }
})

test_that("errors and correlations in place of covariances", {
  d <- transform(gum(), s1 = sqrt(v11), s2 = sqrt(v22), v12 = 0.4 * sqrt(v11 * v22))
  v <- meta_mvregress("y1 y2", d, "v11 v12 v22")
  expect_equal(meta_mvregress("y1 y2", d, wsevariables = "s1 s2", wcorrelations = 0.4)$r, v$r)
  expect_equal(meta_mvregress("y1 y2", d, wsevariables = "s1 s2")$r, meta_mvregress("y1 y2", transform(d, v12 = 0),
                                                                                   "v11 v12 v22")$r)
})

test_that("studies may lack outcomes; nothing is left out silently", {
  d <- gum()
  d$y2[2] <- NA
  v <- meta_mvregress("y1 y2 = year", d, "v11 v12 v22")
  expect_identical(v$r$N, 9L)
  expect_match(format(v)[5], "min =          1")
  expect_identical(which(is.na(predict(v)), arr.ind = TRUE)[1, ], c(row = 2L, col = 2L))
  d$year[3] <- NA
  expect_warning(v <- meta_mvregress("y1 y2 = year", d, "v11 v12 v22"), class = "metaparity_warning_dropped")
  expect_identical(v$r$N, 7L)
  expect_warning(meta_mvregress("y1 y2", transform(d, y1 = replace(y1, 2, NA)), "v11 v12 v22"),
                 class = "metaparity_warning_dropped")
})

test_that("the adjusted variance and predictions", {
  d <- gum()
  v <- meta_mvregress("y1 y2 = year", d, "v11 v12 v22")
  k <- meta_mvregress("y1 y2 = year", d, "v11 v12 v22", se = "khartung")
  t <- meta_mvregress("y1 y2 = year", d, "v11 v12 v22", se = "khartung, truncated")
  left <- v$fit$yi - fitted(v$fit)
  scale <- sum(left * solve(v$fit$M, left)) / 6
  expect_equal(k$table$se, v$table$se * sqrt(scale))
  expect_equal(t$table$se, v$table$se * sqrt(max(1, scale)))
  expect_equal(k$r$df_r, 6)
  u <- ranef(v$fit)[[1L]]$intrcpt
  expect_equal(sort(as.numeric(predict(v, "reffects"))), sort(u))
  expect_equal(predict(v, "fitted"), predict(v) + predict(v, "reffects"))
  expect_equal(predict(v, "residuals", fixedonly = TRUE), as.matrix(d[c("y1", "y2")]) - predict(v), ignore_attr = TRUE)
  expect_equal(as.numeric(predict(v, "stdp")), sqrt(rowSums((v$fit$X %*% v$fit$vb) * v$fit$X))[c(1, 3, 5, 7, 9, 2, 4, 6,
                                                                                               8, 10)])
})

test_that("bad input is named", {
  d <- gum()
  expect_error(meta_mvregress(), class = "metaparity_error_input")
  expect_error(meta_mvregress("y1 y2"), class = "metaparity_error_input")
  expect_error(meta_mvregress("y1 y2", d), class = "metaparity_error_input")
  expect_error(meta_mvregress("y1 y2", d, "v11 v22"), class = "metaparity_error_input")
  expect_error(meta_mvregress("y1 y1", d, "v11 v12 v22"), class = "metaparity_error_input")
  expect_error(meta_mvregress("y1 nobody", d, "v11 v12 v22"), class = "metaparity_error_input")
  expect_error(meta_mvregress("y1 y2", d, "v11 v12 v22", random = "jwriley"), class = "metaparity_error_unsupported")
  expect_error(meta_mvregress("y1 y2", d, "v11 v12 v22", fixed = TRUE, common = TRUE), class = "metaparity_error_input")
  bad <- expect_error(meta_mvregress("y1 y2", transform(d, v11 = replace(v11, 4, 0)), "v11 v12 v22"),
                      class = "metaparity_error_studies")
  expect_identical(bad$rows, 4L)
  bad <- expect_error(meta_mvregress("y1 y2", transform(d, v12 = replace(v12, 2, NA)), "v11 v12 v22"),
                      class = "metaparity_error_studies")
  expect_identical(bad$rows, 2L)
})

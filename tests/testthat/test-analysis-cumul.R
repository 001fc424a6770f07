# Oracles: metafor::cumul, refits with rma().

expect_same_cumul <- function(ours, theirs) {
  names <- names(theirs)[seq_len(match("slab", names(theirs)) - 1L)]
  expect_identical(names(ours)[seq_len(match("slab", names(ours)) - 1L)], names)
  for (name in names) expect_gate(ours[[name]], theirs[[name]], "metafor_closed", scale = 1e-2)
  expect_equal(as.character(ours$slab), as.character(theirs$slab))
  expect_equal(ours$order, theirs$order)
}

test_that("cumul agrees with metafor on the metadat data sets", {
  sets <- Filter(function(d) nrow(d) <= 14L, metadat_effects())
  compared <- 0L
  for (d in sets) {
    d$yi <- round(d$yi, 12)  # estimates that differ by rounding alone make a standard error of noise
    for (args in list(list(method = "FE"), list(method = "DL", test = "knha"), list(method = "HE", test = "t"))) {
      a <- do.call(rma, c(list(quote(yi), quote(vi), data = quote(d)), args))
      b <- do.call(metafor::rma, c(list(quote(yi), quote(vi), data = quote(d)), args))
      expect_same_cumul(suppressWarnings(cumul(a, order = vi)), suppressWarnings(metafor::cumul(b, order = vi)))
      compared <- compared + 1L
    }
  }
  expect_gte(compared, 75L)
})

test_that("order, decreasing, collapse and missing rows work as in metafor", {
  d <- metadat_effects()[["dat.bcg RR"]]
  d$g <- rep(c(3, 1, 2, 1, 5), length.out = 13)
  d$yi[3] <- NA
  a <- suppressWarnings(rma(yi, vi, data = d, method = "DL"))
  b <- suppressWarnings(metafor::rma(yi, vi, data = d, method = "DL"))
  expect_same_cumul(cumul(a), metafor::cumul(b))
  expect_same_cumul(cumul(a, order = g), metafor::cumul(b, order = g))
  expect_same_cumul(cumul(a, order = g, decreasing = TRUE), metafor::cumul(b, order = g, decreasing = TRUE))
  expect_same_cumul(cumul(a, order = g, collapse = TRUE), metafor::cumul(b, order = g, collapse = TRUE))
  expect_same_cumul(cumul(a, order = g, transf = exp), metafor::cumul(b, order = g, transf = exp))
  expect_equal(cumul(a, order = g)$data$g, metafor::cumul(b, order = g)$data$g)
  old <- options(na.action = "na.pass")
  on.exit(options(old))
  expect_same_cumul(cumul(a, order = g), metafor::cumul(b, order = g))
})

test_that("subset is respected", {
  d <- metadat_effects()[["dat.bcg RR"]]
  d$g <- 13:1
  a <- cumul(rma(yi, vi, data = d, method = "DL", subset = g > 4), order = g)
  b <- metafor::cumul(metafor::rma(yi, vi, data = d, method = "DL", subset = g > 4), order = g)
  expect_same_cumul(a, b)
})

test_that("iterative estimators are refitted", {
  d <- metadat_effects()[["dat.bcg RR"]]
  a <- cumul(rma(yi, vi, data = d))
  for (i in c(3, 8, 13)) {
    b <- rma(yi, vi, data = d[seq_len(i), ])
    expect_gate(c(a$estimate[i], a$tau2[i], a$se[i]), c(b$beta, b$tau2, b$se), "exact_solution", scale = 1e-3)
  }
  expect_s3_class(a, "cumul.rma")
})

test_that("bad input is named", {
  fit <- rma(c(0.1, 0.2, 0.4, 0.3), c(0.1, 0.2, 0.3, 0.4))
  expect_warning(cumul(fit, ordr = 1:4), class = "metaparity_warning_unknown")
  expect_error(cumul(fit, order = 1:3), class = "metaparity_error_input")
  expect_error(cumul(fit, order = rep(NA, 4)), class = "metaparity_error_input")
  expect_error(cumul(fit, collapse = NA), class = "metaparity_error_input")
  expect_warning(cumul(fit, order = order(4:1)), class = "metaparity_warning_input")
  expect_error(cumul(rma(c(0.1, 0.2, 0.4), c(0.1, 0.2, 0.3), mods = ~ c(1, 2, 4))), class = "metaparity_error_input")
})

test_that("print follows metafor line by line", {
  d <- metadat_effects()[["dat.bcg RR"]]
  ours <- rma(yi, vi, data = d, method = "DL")
  theirs <- metafor::rma(yi, vi, data = d, method = "DL")
  expect_identical(capture.output(print(cumul(ours, order = ni))),
                   capture.output(print(metafor::cumul(theirs, order = ni))))
})

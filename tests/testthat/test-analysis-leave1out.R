# Oracles: metafor::leave1out, refits with rma().

fields <- c("estimate", "se", "zval", "pval", "ci.lb", "ci.ub", "Q", "Qp", "tau2", "I2", "H2")

expect_same_table <- function(ours, theirs, quantity = "metafor_closed") {
  names <- names(theirs)[seq_len(match("slab", names(theirs)) - 1L)]
  expect_identical(names(ours)[seq_len(match("slab", names(ours)) - 1L)], names)
  for (name in names) expect_gate(ours[[name]], theirs[[name]], quantity, scale = 1e-2)
}

test_that("leave1out agrees with metafor on the metadat data sets", {
  sets <- Filter(function(d) nrow(d) <= 14L, metadat_effects())
  compared <- 0L
  for (d in sets) {
    for (args in list(list(method = "FE"), list(method = "DL", test = "knha"), list(method = "DL", test = "adhoc"),
                      list(method = "HE", test = "t"))) {
      a <- do.call(rma, c(list(d$yi, d$vi), args))
      b <- do.call(metafor::rma, c(list(d$yi, d$vi), args))
      expect_same_table(suppressWarnings(leave1out(a)), suppressWarnings(metafor::leave1out(b)))
      compared <- compared + 1L
    }
  }
  expect_gte(compared, 100L)
})

test_that("rows are the fits without the study", {
  d <- metadat_effects()[["dat.bcg RR"]]
  for (args in list(list(method = "REML"), list(method = "PM", test = "knha"), list(method = "DL", weights = d$ni),
                    list(method = "REML", weighted = FALSE), list(method = "DL", tau2 = 0.2), list(method = "ML"))) {
    a <- leave1out(do.call(rma, c(list(d$yi, d$vi), args)))
    refits <- lapply(seq_len(nrow(d)), function(i) {
      if (!is.null(args$weights)) args$weights <- args$weights[-i]
      do.call(rma, c(list(d$yi[-i], d$vi[-i]), args))
    })
    pick <- function(name) vapply(refits, function(f) as.numeric(f[[name]]), 0)
    expect_gate(a$estimate, pick("beta"), "exact_solution")
    expect_gate(a$se, pick("se"), "exact_solution")
    expect_gate(a$tau2, pick("tau2"), "exact_solution", scale = 1e-3)
    expect_gate(a$Q, pick("QE"), "exact_solution")
    expect_gate(a$I2, pick("I2"), "exact_solution", scale = 1e-2)
  }
})

test_that("clusters leave together, as in metafor", {
  d <- metadat_effects()[["dat.bcg RR"]]
  d$g <- rep(c("c", "a", "b"), length.out = 13)
  a <- leave1out(rma(yi, vi, data = d, method = "DL"), cluster = g)
  b <- metafor::leave1out(metafor::rma(yi, vi, data = d, method = "DL"), cluster = g)
  expect_same_table(a, b)
  expect_identical(a$slab, b$slab)
})

test_that("with moderators every coefficient is given", {
  x <- c(1, 2, 3, 4, 5, 6)
  yi <- c(0.3, -0.2, 0.5, 0.1, 0.7, 0.2)
  vi <- c(0.04, 0.09, 0.05, 0.03, 0.1, 0.06)
  a <- leave1out(rma(yi, vi, mods = ~ x))
  expect_identical(dim(a$estimate), c(6L, 2L))
  b <- rma(yi[-2], vi[-2], mods = ~ x[-2])
  expect_gate(a$estimate[2, ], b$beta, "exact_solution")
  expect_gate(a$Q[2], b$QE, "exact_solution")
  expect_warning(b <- leave1out(rma(yi, vi, mods = ~ c(0, 0, 0, 0, 0, 1))), class = "metaparity_warning_input")
  expect_true(all(is.na(b$estimate[6, ])))
  expect_output(print(a), "estimate.x")
})

test_that("transf, digits and missing rows work as in metafor", {
  d <- metadat_effects()[["dat.bcg RR"]]
  d$yi[3] <- NA
  fit <- suppressWarnings(rma(yi, vi, data = d, method = "DL"))
  other <- suppressWarnings(metafor::rma(yi, vi, data = d, method = "DL"))
  expect_same_table(leave1out(fit, transf = exp), metafor::leave1out(other, transf = exp))
  falling <- leave1out(fit, transf = function(x, f) -f * x, targs = 2)
  expect_true(all(falling$ci.lb <= falling$ci.ub))
  expect_identical(leave1out(fit)$slab, metafor::leave1out(other)$slab)
  old <- options(na.action = "na.pass")
  on.exit(options(old))
  expect_same_table(leave1out(fit), metafor::leave1out(other))
  expect_identical(leave1out(fit)$slab, metafor::leave1out(other)$slab)
})

test_that("scale follows through", {
  d <- metadat_effects()[["dat.bcg RR"]]
  for (method in c("DL", "REML")) {
    base <- leave1out(rma(yi, vi, data = d, method = method))
    for (s in 10^c(-9, -3, 3, 9)) {
      a <- leave1out(rma(d$yi * s, d$vi * s^2, method = method))
      expect_gate(c(a$estimate / s, a$tau2 / s^2, a$I2), c(base$estimate, base$tau2, base$I2), "scale_free")
    }
  }
})

test_that("bad input is named", {
  fit <- rma(c(0.1, 0.2, 0.4, 0.3), c(0.1, 0.2, 0.3, 0.4))
  expect_warning(leave1out(fit, clusters = 1:4), class = "metaparity_warning_unknown")
  expect_error(leave1out(fit, cluster = 1:3), class = "metaparity_error_input")
  expect_error(leave1out(fit, cluster = c(1, NA, 2, 3)), class = "metaparity_error_studies")
  expect_error(leave1out(fit, cluster = rep(1, 4)), class = "metaparity_error_input")
  expect_error(leave1out(fit, transf = "exp"), class = "metaparity_error_input")
  expect_error(leave1out(suppressWarnings(rma(0.1, 0.2))), class = "metaparity_error_input")
})

test_that("print follows metafor line by line", {
  d <- metadat_effects()[["dat.bcg RR"]]
  ours <- rma(yi, vi, data = d, method = "DL", test = "knha")
  theirs <- metafor::rma(yi, vi, data = d, method = "DL", test = "knha")
  expect_identical(capture.output(print(leave1out(ours))), capture.output(print(metafor::leave1out(theirs))))
  expect_identical(capture.output(print(leave1out(ours, transf = exp), digits = 2)),
                   capture.output(print(metafor::leave1out(theirs, transf = exp), digits = 2)))
  table <- as.data.frame(leave1out(ours))
  expect_identical(dim(table), c(13L, 11L))
  expect_identical(rownames(table)[1], "-1")
})

test_that("Mantel-Haenszel and Peto fits agree with metafor", {
  sets <- read_metadat(metadat_tables, c("ai", "n1i", "ci", "n2i"))
  compared <- 0L
  for (d in sets[c("dat.bcg", "dat.yusuf1985", "dat.li2007", "dat.egger2001")]) {
    d <- as.data.frame(d)
    d <- d[stats::complete.cases(d), ]
    d$g <- rep(1:5, length.out = nrow(d))
    for (measure in c("OR", "RR", "RD", "PETO")) {
      verb <- if (measure == "PETO") "rma.peto" else "rma.mh"
      args <- c(list(ai = quote(ai), n1i = quote(n1i), ci = quote(ci), n2i = quote(n2i), data = quote(d)),
                if (measure != "PETO") list(measure = measure))
      a <- suppressWarnings(do.call(get(verb), args))
      b <- suppressWarnings(do.call(getExportedValue("metafor", verb), args))
      expect_same_table(suppressWarnings(leave1out(a)), suppressWarnings(metafor::leave1out(b)))
      expect_same_table(suppressWarnings(leave1out(a, cluster = g)),
                        suppressWarnings(metafor::leave1out(b, cluster = g)))
      expect_same_table(suppressWarnings(cumul(a)), suppressWarnings(metafor::cumul(b)))
      compared <- compared + 1L
    }
  }
  expect_identical(compared, 16L)
  a <- suppressWarnings(rma.mh(ai = ai, n1i = n1i, ci = ci, n2i = n2i, data = as.data.frame(sets[["dat.bcg"]])))
  expect_gate(leave1out(a, transf = TRUE)$estimate, exp(leave1out(a)$estimate), "closed_form")
})

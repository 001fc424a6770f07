# Oracles: metafor's rma.mh(); numbers printed by metan 9, metan 4 and Stata's meta suite.

test_that("tables of metadat agree with metafor in every field and line", {
  skip_if_not_installed("metafor")
  sets <- read_metadat(metadat_tables, c("ai", "n1i", "ci", "n2i"))
  expect_length(sets, 26L)
  for (x in sets) for (measure in c("OR", "RR", "RD")) {
    do.call(expect_same_fit, c("rma.mh", x, list(measure = measure)))
  }
  for (x in sets[1:8]) for (measure in c("OR", "RR", "RD")) {
    do.call(expect_same_fit, c("rma.mh", x, list(measure = measure, add = c(.5, .5), to = c("only0", "only0"))))
    do.call(expect_same_fit, c("rma.mh", x,
                               list(measure = measure, drop00 = FALSE, correct = FALSE, level = 90, digits = 3)))
  }
})

test_that("person-time data of metadat agree with metafor", {
  skip_if_not_installed("metafor")
  sets <- read_metadat(metadat_rates, c("x1i", "x2i", "t1i", "t2i"))
  expect_length(sets, 2L)
  for (x in sets) for (measure in c("IRR", "IRD")) {
    do.call(expect_same_fit, c("rma.mh", x, list(measure = measure)))
    do.call(expect_same_fit, c("rma.mh", x, list(measure = measure, add = c(.5, .5), to = c("only0", "all"))))
  }
})

test_that("sparse tables agree with metafor under every rule", {
  skip_if_not_installed("metafor")
  x <- sparse_tables()
  for (measure in c("OR", "RR", "RD")) {
    for (to in c("only0", "all", "if0all", "none")) {
      do.call(expect_same_fit, c("rma.mh", x, list(measure = measure, add = c(.5, .1), to = c("only0", to))))
      do.call(expect_same_fit, c("rma.mh", x, list(measure = measure, to = to, drop00 = FALSE)))
    }
    do.call(expect_same_fit, c("rma.mh", x, list(measure = measure, drop00 = c(TRUE, TRUE))))
    expect_same_fit("rma.mh", ai = 3, bi = 7, ci = 5, di = 11, measure = measure)
    expect_same_fit("rma.mh", ai = c(0, 0), bi = 7:8, ci = c(5, 2), di = 11:10, measure = measure)
    expect_same_fit("rma.mh", ai = c(0, 0), bi = 7:8, ci = c(0, 0), di = 11:10, measure = measure)
  }
})

test_that("subset, slab and data fill the fields as in metafor", {
  skip_if_not_installed("metafor")
  d <- metadat::dat.bcg
  run <- function(f) {
    f(ai = tpos, bi = tneg, ci = cpos, di = cneg, data = d, slab = author, subset = year > 1960, measure = "RR")
  }
  ours <- run(metaparity::rma.mh)
  theirs <- run(metafor::rma.mh)
  for (field in c("ids", "slab", "k", "k.f", "k.all", "not.na", "slab.null")) {
    expect_equal(ours[[field]], theirs[[field]], label = field)
  }
  expect_gate(ours$beta, theirs$beta, "metafor_closed")
  expect_s3_class(ours, c("metaparity_mh", "metaparity", "rma.mh", "rma"), exact = TRUE)
})

test_that("metan 9 prints these Mantel-Haenszel numbers", {
  d <- stata_fixture("example.csv")
  printed <- stata_printed()
  check <- function(id, measure, ai, ci) {
    fit <- suppressWarnings(rma.mh(ai = d[[ai]], bi = d$tnodeath, ci = d[[ci]], di = d$cnodeath, measure = measure,
                                   convention = "stata14"))
    want <- printed[printed$id == id, ]
    expect_gt(nrow(want), 0L)
    want <- stats::setNames(want$printed, want$key)
    got <- c(ov_es = exp(fit$beta[[1L]]), ov_lci = exp(fit$ci.lb), ov_uci = exp(fit$ci.ub), Q = fit$QE,
             df = fit$k.yi - 1, pQ = fit$QEp, z = abs(fit$zval))
    for (key in names(got)) expect_rounds_to(got[[key]], want[[key]], paste(id, key))
    weight <- 100 * fit$weights / sum(fit$weights)
    expect_rounds_to(weight[length(weight)], want[[max(grep("^s[0-9]+_wt$", names(want)))]], paste(id, "weight"))
  }
  check("metan9_or_mh", "OR", "tdeath", "cdeath")
  check("metan9_rr_mh", "RR", "tdeath", "cdeath")
  check("metan9_rr_zerocells", "RR", "tdeath", "cdeath_zero")
  check("metan9_rr_doublezero", "RR", "tdeath_zero", "cdeath_zero")
  want <- printed[printed$id == "metan9_or_breslow" & printed$key %in% c("Q", "pQ"), ]
  fit <- rma.mh(ai = tdeath, bi = tnodeath, ci = cdeath, di = cnodeath, data = d)
  expect_rounds_to(fit$BD, want$printed[want$key == "Q"], "Breslow-Day")
  expect_rounds_to(fit$BDp, want$printed[want$key == "pQ"], "Breslow-Day p")
})

test_that("metan 4 prints these Mantel-Haenszel numbers", {
  d <- stata_fixture("example.csv")
  cases <- stata_tables_printed("metan4-printed.csv")
  expect_equal(nrow(cases), 3L)
  for (i in seq_len(nrow(cases))) {
    zero <- if (cases$control[i] == "zero") "_zero" else ""
    fit <- suppressWarnings(rma.mh(ai = d[[paste0("tdeath", zero)]], bi = d$tnodeath, ci = d[[paste0("cdeath", zero)]],
                                   di = d$cnodeath, measure = cases$measure[i], convention = "metan4"))
    got <- c(es = exp(fit$beta[[1L]]), lci = exp(fit$ci.lb), uci = exp(fit$ci.ub), z = fit$zval, Q = fit$QE,
             df = fit$k.yi - 1)
    for (key in names(got)) expect_rounds_to(got[[key]], cases[[key]][i], paste(cases$id[i], key))
  }
})

test_that("metan 4 prints these numbers for sparse tables with a continuity correction", {
  tables <- stata_tables("zero-tables.csv")
  cases <- stata_tables_printed("zero-printed.csv")
  expect_equal(nrow(cases), 8L)
  for (i in which(cases$model == "mh")) {
    d <- tables[tables$set == cases$set[i], ]
    cc <- as.numeric(cases$cc[i])
    fit <- suppressWarnings(rma.mh(ai, bi, ci, di, data = d, add = c(cc, cc), to = c("only0", "only0"),
                                   drop00 = c(TRUE, TRUE)))
    got <- c(es = exp(fit$beta[[1L]]), lci = exp(fit$ci.lb), uci = exp(fit$ci.ub), z = fit$zval, Q = fit$QE,
             df = fit$k.yi - 1)
    for (key in names(got)) expect_rounds_to(got[[key]], cases[[key]][i], paste(cases$set[i], cc, key))
  }
  for (i in which(cases$model == "iv")) {
    d <- tables[tables$set == cases$set[i], ]
    x <- escalc("OR", ai = ai, bi = bi, ci = ci, di = di, data = d, add = as.numeric(cases$cc[i]),
                convention = "metan4")
    w <- 1 / x$vi
    expect_rounds_to(exp(sum(w * x$yi, na.rm = TRUE) / sum(w, na.rm = TRUE)), cases$es[i], paste(cases$set[i], "iv"))
  }
})

test_that("metan 4 adds in proportion to the opposite group with cc(, opposite)", {
  tables <- stata_tables("zero-tables.csv")
  cases <- stata_tables_printed("zero-opposite.csv")
  expect_equal(nrow(cases), 4L)
  opposite <- utils::modifyList(convention_spec("metan4"), list(add_how = "opposite"))
  for (i in seq_len(nrow(cases))) {
    d <- tables[tables$set == cases$set[i], ]
    cc <- as.numeric(cases$cc[i])
    fit <- suppressWarnings(rma.mh(ai, bi, ci, di, data = d, add = c(cc, cc), to = c("only0", "only0"),
                                   drop00 = c(TRUE, TRUE), convention = opposite))
    got <- c(es = exp(fit$beta[[1L]]), lci = exp(fit$ci.lb), uci = exp(fit$ci.ub), z = fit$zval, Q = fit$QE)
    for (key in names(got)) expect_rounds_to(got[[key]], cases[[key]][i], paste(cases$set[i], cc, key))
  }
})

test_that("Stata's meta suite prints these numbers for the magnesium trials", {
  d <- stata_tables("magnesium-counts.csv")
  fit <- rma.mh(ai = dead1, n1i = tot1, ci = dead0, n2i = tot0, data = d, measure = "RR", convention = "stata18")
  expect_rounds_to(fit$beta[[1L]], "0.006", "theta")
  expect_rounds_to(fit$ci.lb, "-0.049", "lower")
  expect_rounds_to(fit$ci.ub, "0.061", "upper")
  expect_rounds_to(fit$pval, "0.8414", "p")
  expect_rounds_to(fit$QE, "45.17", "Q")
  expect_rounds_to(100 * fit$weights[8] / sum(fit$weights), "0.07", "weight of the study without deaths")
  expect_rounds_to(fit$I2, "66.79", "I2")
})

test_that("a hundred thousand large tables do not overflow", {
  set.seed(2)
  k <- 1e5
  cells <- matrix(as.integer(rpois(4 * k, 2e5)), k)
  fit <- rma.mh(ai = cells[, 1], bi = cells[, 2], ci = cells[, 3], di = cells[, 4])
  expect_true(all(is.finite(c(fit$beta, fit$se, fit$MH, fit$BD, fit$TA, fit$QE))))
})

test_that("each mistake gives its class and its argument", {
  input <- function(expr, arg) expect_identical(expect_error(expr, class = "metaparity_error_input")$arg, arg)
  one <- c(1, 2, 3)
  input(rma.mh(one, one, one, one, measure = "PETO"), "measure")
  input(rma.mh(one, one, one), "di")
  input(rma.mh(one, one, one, 1:2), "di")
  input(rma.mh(nosuch, one, one, one), "ai")
  input(rma.mh(one, one, one, one, add = c(1, 2, 3)), "add")
  input(rma.mh(one, one, one, one, to = "some"), "to")
  input(rma.mh(one, one, one, one, drop00 = NA), "drop00")
  input(rma.mh(one, one, one, one, correct = 2), "correct")
  input(rma.mh(one, one, one, one, level = 200), "level")
  expect_warning(rma.mh(one, one, one, one, levle = 90), class = "metaparity_warning_unknown")
  input(rma.mh(one, one, one, one, subset = c(FALSE, FALSE, FALSE)), "subset")
  input(rma.mh(c(NA, NA), 1:2, 1:2, 1:2), "ai")
  input(rma.mh(x1i = one, x2i = one, t1i = one, measure = "IRR"), "t2i")
  input(rma.mh(numeric(), numeric(), numeric(), numeric()), "ai")
  e <- expect_error(rma.mh(c(-1, 1, -1), one, one, one), class = "metaparity_error_studies")
  expect_identical(as.integer(e$rows), c(1L, 3L))
  e <- expect_error(rma.mh(x1i = one, x2i = one, t1i = c(1, 0, 1), t2i = one, measure = "IRR"),
                    class = "metaparity_error_studies")
  expect_identical(e$arg, "t1i")
  e <- expect_error(rma.mh(ai = c(9, 1), n1i = c(4, 4), ci = 1:2, n2i = c(4, 4)), class = "metaparity_error_studies")
  expect_identical(as.integer(e$rows), 1L)
})

test_that("rows that are left out, and data without an estimate, are reported", {
  w <- expect_warning(rma.mh(c(1, NA, 3), 1:3, 1:3, 1:3), class = "metaparity_warning_dropped")
  expect_identical(as.integer(w$rows), 2L)
  w <- expect_warning(rma.mh(c(1, 0, 3), 1:3, c(1, 0, 3), 1:3), class = "metaparity_warning_studies")
  expect_identical(as.integer(w$rows), 2L)
  expect_warning(rma.mh(c(1.5, 2), 1:2, 1:2, 1:2), class = "metaparity_warning_studies")
  expect_warning(rma.mh(c(0, 0), 1:2, 1:2, 1:2), class = "metaparity_warning_input")
})

test_that("accessors work on the fit", {
  d <- metadat::dat.bcg
  fit <- rma.mh(tpos, tneg, cpos, cneg, data = d)
  expect_equal(unname(coef(fit)), fit$beta[[1L]])
  expect_equal(unname(vcov(fit)), unname(fit$vb))
  expect_equal(nobs(fit), 13)
})

test_that("the amount for empty cells enters estimates and variances as asked", {
  skip_if_not_installed("metafor")
  x <- data.frame(a = c(0, 3, 4, 8), b = c(20, 7, 3, 9), c = c(5, 5, 5, 3), d = c(9, 9, 9, 12))
  for (choice in list(list(addyi = FALSE), list(addvi = FALSE), list(onlyo1 = TRUE))) {
    ours <- suppressWarnings(do.call(rma.mh, c(list(x$a, x$b, x$c, x$d), choice)))
    theirs <- suppressWarnings(do.call(metafor::rma.mh, c(list(x$a, x$b, x$c, x$d), choice)))
    for (field in c("yi", "vi", "beta", "QE", "k.yi"))
      expect_gate(as.numeric(ours[[field]]), as.numeric(theirs[[field]]), "metafor_closed", scale = 1e-3)
    expect_gate(unlist(ours$fit.stats), unlist(theirs$fit.stats), "metafor_closed")
  }
})

test_that("no study with an estimate of its own leaves no test of heterogeneity, and no warning of R's", {
  told <- character()
  fit <- withCallingHandlers(rma.mh(c(0, 0), c(5, 6), c(0, 2), c(4, 0), addyi = FALSE), warning = function(w) {
    told <<- c(told, class(w)[1])
    invokeRestart("muffleWarning")
  })
  expect_true(all(startsWith(told, "metaparity_warning")))
  expect_identical(as.integer(fit$k.yi), 0L)
  expect_true(is.na(fit$QE))
})

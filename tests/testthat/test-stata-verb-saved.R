# Names that the commands' help lists against what they save; values against the fits they come from. Names of Stata's
# own programs (e(predict) and e(estat_cmd) of meta regress, what margins may use) are not saved.

saved_data <- data.frame(a = c(4, 6, 3, 62, 33), b = c(119, 300, 228, 1353, 503), c = c(11, 29, 11, 248, 47),
                         d = c(128, 274, 209, 1261, 576), g = c(1, 1, 2, 2, 2), x = c(1, 3, 2, 5, 4), n = 600,
                         es = c(.1, .5, .3, .9, .2), se = c(.1, .2, .15, .3, .12))
saved_setup <- list(none = NULL, esize = "meta esize a b c d, esize(lnoratio)", skewed = "meta set es se")

saved_by <- function(commands, metan = 9) {
  suppressWarnings(stata(commands, saved_data, metan = metan, graphs = FALSE))
  as.list(getFromNamespace("stata_memory", "metaparity")$session)[c("r", "e")]
}

test_that("every name of the helps' lists is saved", {
  listed <- utils::read.csv(test_path("fixtures", "stata", "saved-results.csv"), colClasses = "character")
  expect_gt(nrow(listed), 40L)
  missing <- Map(function(metan, setup, command, where, names) {
    found <- saved_by(c(saved_setup[[setup]], command), as.numeric(metan))[[where]]
    lost <- setdiff(strsplit(names, " ")[[1L]], names(found))
    if (length(lost)) paste0(command, ": ", paste(lost, collapse = " "))
  }, listed$metan, listed$setup, listed$command, listed$where, listed$names)
  expect_identical(unlist(missing, use.names = FALSE), NULL)
})

e <- escalc("OR", ai = a, bi = b, ci = c, di = d, data = saved_data)

test_that("matrices of subgroups hold the fits of the groups", {
  r <- saved_by(c(saved_setup$esize, "meta summarize, subgroup(g)"))$r
  fits <- lapply(list(1:2, 3:5, 1:5), function(i) rma(yi, vi, data = e[i, ]))
  of <- function(name) vapply(fits, function(f) as.numeric(f[[name]]), 0)
  expect_identical(rownames(r$esgroup), c("1", "2", "Overall"))
  for (at in list(c("theta", "beta"), c("se", "se"), c("ci_lb", "ci.lb"), c("ci_ub", "ci.ub"), c("p", "pval"))) {
    expect_equal(unname(r$esgroup[, at[1L]]), of(at[2L]), tolerance = gate("closed_form"))
  }
  for (at in list(c("df_Q", "k"), c("Q", "QE"), c("p_Q", "QEp"), c("tau2", "tau2"), c("I2", "I2"), c("H2", "H2"))) {
    expect_equal(unname(r$hetgroup[, at[1L]]), of(at[2L]) - (at[2L] == "k"), tolerance = gate("closed_form"))
  }
  between <- rma(of("beta")[1:2], sei = of("se")[1:2], method = "FE")
  expect_equal(unname(r$diffgroup["g", ]), c(1, between$QE, between$QEp), tolerance = gate("closed_form"))
  several <- saved_by(c(saved_setup$esize, "meta summarize, subgroup(g x)"))$r
  expect_identical(rownames(several$diffgroup), c("g", "x"))
  expect_identical(rownames(several$esgroup), c("g:1", "g:2", paste0("x:", 1:5), "Overall"))
  expect_null(saved_by(c(saved_setup$esize, "meta summarize, subgroup(g) common"))$r$hetgroup)
})

test_that("cumulative and leave-one-out matrices hold every step, on the scale of the analysis", {
  r <- saved_by(c(saved_setup$esize, "meta summarize, cumulative(x) or"))$r
  steps <- cumul(rma(yi, vi, data = e), order = saved_data$x)
  expect_equal(unname(r$cumul[, "theta"]), as.numeric(steps$estimate), tolerance = gate("exact_solution"))
  expect_equal(unname(r$cumul[, "se"]), unname(steps$se), tolerance = gate("exact_solution"))
  expect_identical(unname(r$cumul[, "x"]), sort(saved_data$x))
  r <- saved_by(c(saved_setup$esize, "meta summarize, leaveoneout"))$r
  expect_equal(unname(r$leaveoneout[, "theta"]), as.numeric(leave1out(rma(yi, vi, data = e))$estimate),
               tolerance = gate("exact_solution"))
})

test_that("seadj is the factor of the standard error", {
  for (command in c("meta summarize", "meta regress x")) {
    own <- saved_by(c(saved_setup$esize, command))
    adjusted <- saved_by(c(saved_setup$esize, paste0(command, ", se(khartung)")))
    se <- function(s) if (command == "meta summarize") s$r$se else sqrt(diag(s$e$V))
    found <- if (command == "meta summarize") adjusted$r$seadj else adjusted$e$seadj
    expect_equal(unname(se(adjusted) / se(own)), rep(found, length(se(own))), tolerance = gate("closed_form"))
  }
})

test_that("tables of meta bias and meta trimfill, ranges of graphs", {
  r <- saved_by(c(saved_setup$esize, "meta bias, egger"))$r
  fit <- rma(yi, vi, mods = ~ sqrt(vi), data = e)
  expect_equal(unname(r$table["b", ]), rev(as.numeric(fit$beta)), tolerance = gate("closed_form"))
  expect_equal(unname(r$table["pvalue", ]), rev(fit$pval), tolerance = gate("closed_form"))
  filled <- trimfill(rma(es, sei = se, data = saved_data))
  r <- saved_by(c(saved_setup$skewed, "meta trimfill"))$r
  expect_equal(nrow(r$imputed), filled$k0)
  expect_equal(r$table[["Observed + Imputed", "se"]], filled$se, tolerance = gate("closed_form"))
  r <- saved_by(c(saved_setup$esize, "meta funnelplot, metric(invse)"))$r
  expect_equal(unlist(r[c("xmin", "xmax", "ymin", "ymax")], use.names = FALSE),
               c(range(e$yi), range(1 / sqrt(e$vi))), tolerance = gate("closed_form"))
})

test_that("characteristics of declared data are read by the macro function char", {
  out <- stata(c(saved_setup$esize, "local k : char _dta[_meta_K]", "local none : char _dta[_meta_esopt_exact]",
                 "di \"`k' `: char _dta[_meta_modellabel]' `: char _dta[_meta_n12var]' [`none']\""), saved_data)
  expect_identical(utils::tail(out$log, 1L), "5 Random-effects b []")
  m <- meta_set(es, se, data = saved_data, common = TRUE)
  found <- getFromNamespace("meta_characteristics", "metaparity")(m)
  expect_identical(unname(found[c("_meta_datavars", "_meta_model", "_meta_sevar")]), c("es se", "common", "se"))
  cells <- meta_esize(a, b, c, d, data = saved_data, zerocells = c("0.5", "all"))
  found <- getFromNamespace("meta_characteristics", "metaparity")(cells)
  expect_identical(unname(found[c("_meta_zcopt", "_meta_zcadj")]), c("zerocells(0.5, all)", "all"))
})

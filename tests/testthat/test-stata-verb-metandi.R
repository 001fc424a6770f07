test_that("genuine logs, line by line", {
  d <- dta_counts("dementia")
  expect_dta_log(format(metandi(tp, fp, fn, tn, data = d)), dta_log("metandi-dementia"), "metandi_log")
  t <- dta_counts("telomerase")
  v <- metandi(tp, fp, fn, tn, data = t, nip = 7)
  expect_dta_log(format(v), dta_log("metandi-telomerase"), "metandi_edge")
  # Stata stopped below the maximum of the same approximation.
  expect_gt(v$r$ll, -50.386576)
})

test_that("parts of the table, levels, saved results", {
  d <- dta_counts("dementia")
  v <- metandi(tp, fp, fn, tn, data = d, nohsroc = TRUE, nosummarypt = TRUE, level = 90)
  expect_false(any(grepl("HSROC|Summary", format(v))))
  expect_match(format(v), "[90% Conf. Interval]", fixed = TRUE, all = FALSE)
  e <- saved_estimates(v)
  expect_identical(colnames(e$b), c("muA", "muB", "s2A", "s2B", "rAB"))
  expect_equal(sqrt(diag(e$V)), c(muA = .2128247, muB = .2075006, s2A = .2364583, s2B = .2344757, rAB = .3097361),
               tolerance = 1e-5)
  expect_identical(v$r$N, 14L)
})

test_that("the language runs it, and draws on request", {
  d <- dta_counts("dementia")
  out <- stata("metandi tp fp fn tn\nmetandiplot tp fp fn tn\ndisplay e(N)", data = d, graphs = FALSE)
  expect_match(utils::capture.output(print(out)), "Covariance between estimates", all = FALSE)
  grDevices::pdf(NULL)
  on.exit(grDevices::dev.off())
  expect_s3_class(plot(metandi(tp, fp, fn, tn, data = d)), "metaparity_figure")
  expect_s3_class(metandiplot(tp, fp, fn, tn, data = d), "stata_metandiplot")
})

test_that("wrong input is refused", {
  d <- dta_counts("dementia")
  expect_error(metandi(tp, fp, fn, data = d), class = "metaparity_error_input")
  expect_error(metandi(tp, fp, fn, tn, data = d, nip = 0), class = "metaparity_error_input")
  expect_warning(metandi(tp, fp, fn, tn, data = d, gllamm = TRUE), class = "metaparity_warning_input")
  expect_warning(metandi(tp, fp, fn, tn, data = transform(d, tp = replace(tp, 2, NA))),
                 class = "metaparity_warning_dropped")
})

test_that("metandiplot shows the parts that are asked for, also of the last metandi", {
  d <- data.frame(tp = c(18, 18, 15, 24, 17, 53), fp = c(17, 43, 12, 10, 2, 36), fn = c(4, 2, 7, 5, 6, 4),
                  tn = c(25, 99, 19, 13, 16, 41))
  graphs <- stata(c("quietly metandi tp fp fn tn", "metandiplot", "metandiplot tp fp fn tn [aw=1], conf(off) curve(off) predlevel(50)"), d,
                  graphs = FALSE)$graphs
  expect_length(graphs, 2L)
  options <- graphs[[2L]]$view$options
  expect_identical(options$parts, "pred")
  expect_identical(options$predlevel, 50)
  expect_identical(options$psize, rep(1, 6L))
  figure <- plot(graphs[[2L]]$view, draw = FALSE)
  expect_s3_class(figure, "metaparity_figure")
  expect_error(stata("metandiplot", d), class = "metaparity_error_stata")
})

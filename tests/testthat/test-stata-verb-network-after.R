smoking_fit <- function(model = "consistency", ...) {
  network_meta(network_setup(d, n, data = smoking_data(), studyvar = study, trtvar = trt, ref = "Self help"), model,
               ...)
}

test_that("the table of comparisons is that of Stata's log", {
  fit <- smoking_fit()
  expect_identical(format(network_compare(fit)), c(
    "Table of log odds ratio and its standard error for Treatment vs. Comparator:", strrep("-", 43),
    "           |           Treatment           ", "Comparator |      A       B       C       D",
    "-----------+-------------------------------", "         A |          0.398   0.702   0.866",
    "           |          0.331   0.199   0.376", "           | ", "         B | -0.398           0.304   0.467",
    "           |  0.331           0.341   0.407", "           | ", "         C | -0.702  -0.304           0.164",
    "           |  0.199   0.341           0.355", "           | ", "         D | -0.866  -0.467  -0.164        ",
    "           |  0.376   0.407   0.355        ", strrep("-", 43)))
  ratio <- format(network_compare(fit, eform = TRUE, level = 99, format = "%6.2f"))
  expect_identical(ratio[1L], "Table of exponentiated log odds ratio (and its 99% CI) for Treatment vs. Comparator:")
  expect_true(all(c("         A |                     1.49         2.02         2.38",
                    "           |              (0.63,3.49)  (1.21,3.37)  (0.90,6.27)") %in% ratio))
})

test_that("comparisons do not depend on the format", {
  fit <- smoking_fit()
  standard <- network_meta(network_convert(fit$network, "standard"), "consistency")
  expect_equal(network_compare(fit)$table, network_compare(standard)$table, tolerance = 1e-5)
  cad <- network_import(network_fixture("coronary"), c(t1, t2), logOR, selogOR, study = study)
  pairs <- network_compare(network_meta(cad, "c", z = TRUE))$table
  expect_equal(pairs$est[pairs$comparator == "MT" & pairs$treatment == "PTCA"], 0.0007112 + 0.0804069, tolerance = 1e-5)
  expect_error(network_compare(smoking_fit("inconsistency")), class = "metaparity_error_input")
})

test_that("split sides are Stata's", {
  want <- network_fixture("sidesplit")
  net <- network_setup(d, n, data = smoking_data(), studyvar = study, trtvar = trt)
  own <- network_sidesplit(net, "all", tau = TRUE)
  expect_identical(own$table$side, want$side)
  for (field in setdiff(names(want), c("side", "p"))) expect_lt(max(abs(own$table[[field]] - want[[field]])), 5e-6)
  expect_lt(max(abs(own$table$p - want$p)), 6e-4)
  lines <- format(own)
  expect_identical(lines[3L], "        Coef.      Std. Err.  Coef.      Std. Err.  Coef.      Std. Err.  P>|z|")
  expect_match(lines[4L], "^A B      [.]326696[5-9]   [.]44318[67].*  0[.]790    [.]69744")
  one <- format(network_sidesplit(net, c("Self help", "Individual counselling"), nosymm = TRUE))
  expect_identical(one[2L], "Results splitting B C:")
  expect_true(any(grepl("^      direct \\|   [.]025981[123] +[.]54527[34]", one)))
  expect_true(any(grepl("^  difference \\|  -[.]41959[89].   [.]635090", one)))
})

test_that("sides without indirect evidence have none", {
  d <- data.frame(s = c(1, 1, 2, 2, 3, 3), t = c("A", "B", "A", "C", "A", "B"), r = c(9, 23, 11, 12, 14, 21),
                  n = c(140, 140, 78, 85, 120, 130))
  net <- network_setup(r, n, data = d, studyvar = s, trtvar = t)
  split <- network_sidesplit(net, "all")
  expect_true(all(is.na(split$table$direct)))
  expect_true("Sides without indirect evidence cannot be split" %in% format(split))
  expect_error(network_sidesplit(net, "B C"), class = "metaparity_error_input")
  expect_error(network_sidesplit(net, "A"), class = "metaparity_error_input")
})

test_that("ranks follow from the draws, seeded", {
  fit <- smoking_fit()
  rank <- network_rank(fit, "max", seed = 3, reps = 20000, meanrank = TRUE)
  p <- rank$ranks$probability[[1L]]
  expect_equal(unname(colSums(p)), rep(1, 4))
  expect_equal(unname(rowSums(p)), rep(1, 4))
  low <- network_rank(fit, "min", seed = 3, reps = 20000)$ranks$probability[[1L]]
  expect_equal(unname(low), unname(p[4:1, ]))
  expect_identical(rank$table, network_rank(fit, "max", seed = 3, reps = 20000)$table)
  t <- network_pairwise(fit)
  ahead <- t[t$comparator == "A" & t$treatment == "B", ]
  two <- network_meta(network_setup(d, n, data = smoking_data(), studyvar = study, trtvar = trt,
                                    trtlist = c("No contact", "Self help")), "c")
  own <- network_rank(two, "max", seed = 1, reps = 20000)$ranks$probability[[1L]]
  z <- two$table$b / two$table$se
  expect_lt(abs(own["Best", "Self help"] - stats::pnorm(z)), 0.015)
  expect_gt(ahead$se, 0)
  wide <- network_rank(fit, "max", seed = 3, predict = TRUE)$ranks$probability[[1L]]
  expect_lt(wide["Best", "Group counselling"], p["Best", "Group counselling"] + 0.02)
  expect_identical(length(network_rank(smoking_fit("inconsistency"), "max", seed = 1)$ranks$probability), 24L)
  expect_error(network_rank(fit, "best"), class = "metaparity_error_input")
  expect_error(network_rank(1, "max"), class = "metaparity_error_input")
})

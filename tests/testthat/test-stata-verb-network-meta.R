network_lines <- function(case) {
  setup <- case$setup
  chain <- switch(case$converted, aug = if (case$data == "smoking") c("network convert st", "network convert aug") else
    "network convert aug", st = "network convert st", pairs = "network convert pairs", character())
  c(setup, chain, case$command)
}

network_value <- function(view, key) {
  if (startsWith(key, "test_")) return(view$test[[sub("test_", "", key)]])
  if (inherits(view$fit, "stata_metareg")) {
    word <- sub("[0-9]+$", "", key)
    return(view$fit$table[[word]][as.integer(sub("^[a-z]+", "", key))])
  }
  mvmeta_value(view$fit, key)
}

test_that("models of networks give the numbers of genuine logs in all formats", {
  cases <- network_fixture("network-cases", colClasses = "character")
  printed <- network_fixture("network-printed", colClasses = "character")
  expect_identical(nrow(cases), 12L)
  for (i in seq_len(nrow(cases))) {
    d <- if (cases$data[i] == "smoking") smoking_data() else network_fixture("coronary")
    run <- run_stata_lines(network_lines(cases[i, ]), d)
    view <- run$results[[length(run$results)]]
    expect_identical(gsub(" +", " ", view$stata_ran), gsub(" +", " ", cases$ran[i]))
    expect_network_printed(view, printed[printed$id == cases$id[i], ], network_value)
  }
})

test_that("the log shows command, model and test as Stata does", {
  net <- network_setup(d, n, data = smoking_data(), studyvar = study, trtvar = trt, ref = "Self help")
  lines <- format(network_meta(network_convert(net, "standard"), "inconsistency"))
  at <- match("Testing for inconsistency:", lines)
  expect_identical(lines[at + 0:10], c("Testing for inconsistency:", " ( 1)  [_y_1]_trtdiff1_C_des_ACD = 0",
    " ( 2)  [_y_1]_trtdiff1_D_des_AD = 0", " ( 3)  [_y_1]_trtdiff1_C_des_BC = 0",
    " ( 4)  [_y_1]_trtdiff1_C_des_BCD = 0",
    " ( 5)  [_y_1]_trtdiff1_D_des_BCD = 0", " ( 6)  [_y_1]_trtdiff1_D_des_BD = 0",
    " ( 7)  [_y_1]_trtdiff1_D_des_CD = 0", "",
    "           chi2(  7) =    5.11", "         Prob > chi2 =    0.6464"))
  expect_true(all(c(" _trtdiff1_A |  -.3300634   .4675836    -0.71   0.480     -1.24651    .5863837",
                    "_trtdiff1~AD |   3.393989    1.89001     1.80   0.073    -.3103627    7.098341") %in% lines))
})

test_that("pairs are a meta-regression, which several arms make wrong", {
  net <- network_setup(d, n, data = smoking_data(), studyvar = study, trtvar = trt, format = "pairs")
  expect_error(network_meta(net, "c"), class = "metaparity_error_input")
  lines <- format(network_meta(net, "i", force = TRUE))
  expect_identical(lines[1L], "The data contain multi-arm trials - this analysis in pairs format is wrong")
  expect_true(all(c("  _trtdiff_B |   .3258176   .4483121     0.73   0.477    -.6160511    1.267686",
                    "_trtdiff_~AD |   3.393989   1.823511     1.86   0.079    -.4370652    7.225044",
                    "            Prob > F =    0.5441") %in% lines))
  expect_true(any(grepl("F(  7,    18) =    0.88", lines, fixed = TRUE)))
})

test_that("the thrombolytics network gives the numbers of its log", {
  net <- network_setup(r, n, data = network_fixture("thromb"), studyvar = study, trtvar = treat)
  m <- network_meta(net, "consistency")
  expect_lt(abs(m$fit$fit$ll + 115.4584), 2e-4)
  expect_lt(max(abs(m$table$b - c(-.1612884, .002128, -.0438162, -.1558534, -.1130021, -.1972332, .0143584))), 2e-6)
  # Stata differentiates a likelihood with variances of 1e6 by differences: its errors are off by up to 3e-5, those of
  # the
  # format without such variances are ours.
  expect_lt(max(abs(m$table$se - c(.0463903, .0324293, .0488541, .0803896, .0619122, .2215627, .040299))), 3e-5)
  expect_equal(m$table$se, network_meta(network_convert(net, "standard"), "consistency")$table$se, tolerance = 1e-4)
  rr <- network_setup(r, n, data = network_fixture("thromb"), studyvar = study, trtvar = treat, rr = TRUE)
  i <- network_meta(rr, "inconsistency")
  expect_lt(abs(i$test$chi2 - 8.58), 0.006)
  expect_identical(i$test$df, 8L)
})

test_that("without heterogeneity, or without inconsistency, the model is refused or fixed", {
  d <- data.frame(s = c(1, 1, 2, 2), t = c("A", "B", "A", "C"), r = c(9, 23, 11, 12), n = c(140, 140, 78, 85))
  net <- network_setup(r, n, data = d, studyvar = s, trtvar = t)
  expect_error(network_meta(net, "c"), class = "metaparity_error_input")
  fixed <- network_meta(net, "c", fixed = TRUE)
  expect_equal(fixed$table$b, c(net$studies[[1]]$y, net$studies[[2]]$y), tolerance = 1e-6)
  expect_error(network_meta(net, "i", fixed = TRUE), class = "metaparity_error_input")
  expect_error(network_meta(net, "random"), class = "metaparity_error_input")
  expect_error(network_meta(net), class = "metaparity_error_input")
  expect_error(network_meta(1, "c"), class = "metaparity_error_input")
})

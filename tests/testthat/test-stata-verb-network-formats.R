test_that("the formats hold the numbers that Stata lists", {
  net <- network_setup(d, n, data = smoking_data(), studyvar = study, trtvar = trt, ref = "Self help")
  p <- network_convert(net, "pairs")
  expect_identical(format(p), "Converting augmented to pairs ...")
  expect_equal(p$data[["_y"]][1:7], c(1.051293, .12852757, -.92276545, .00124456, .22533329, .22408873, -.01596494),
               tolerance = 1e-7)
  expect_equal(p$data[["_stderr"]][1:7], c(.41324323, .47598025, .39979716, .45040696, .38393935, .3722995, .16991505),
               tolerance = 1e-7)
  expect_identical(p$data[["_contrast"]][1:3], c("C - A", "D - A", "D - C"))
  s <- network_convert(p, "standard")
  expect_equal(unlist(s$data[1, c("_y_1", "_y_2", "_S_1_1", "_S_1_2", "_S_2_2")], use.names = FALSE),
               c(1.051293, .12852757, .17076997, .1187447, .2265572), tolerance = 1e-7)
  expect_identical(s$data[["_contrast_2"]][1:3], c("D - A", "D - B", ""))
  a <- network_convert(s, "augmented", large = 1e5)
  expect_equal(unlist(a$data[1, c("_y_A", "_y_C", "_S_A_A", "_S_C_C", "_S_C_D")], use.names = FALSE),
               c(0, 1.051293, 1e5, 100000.17077, 100000.11874), tolerance = 1e-7)
  expect_equal(a$data[["_y_A"]][3], .01596494, tolerance = 1e-6)
})

test_that("conversion loses nothing and may change the reference", {
  net <- network_setup(d, n, data = smoking_data(), studyvar = study, trtvar = trt)
  round <- network_convert(network_convert(net, "pairs"), "standard")
  expect_identical(round$studies, net$studies)
  other <- network_convert(net, "augmented", ref = "Group counselling")
  expect_identical(other$ref, "D")
  a <- network_meta(network_convert(net, "standard"), "consistency")
  b <- network_meta(network_convert(other, "standard"), "consistency")
  expect_equal(network_pairwise(a), network_pairwise(b), tolerance = 1e-6)
})

test_that("components and degrees of freedom are counted", {
  d <- data.frame(s = c(1, 1, 2, 2), t = c("A", "B", "C", "D"), r = c(9, 23, 11, 12), n = c(140, 140, 78, 85))
  net <- network_setup(r, n, data = d, studyvar = s, trtvar = t)
  expect_true("   Components:                         2 (disconnected)" %in% format(net))
  expect_error(network_meta(net, "consistency", force = TRUE), class = "metaparity_error_unsupported")
  t <- network_setup(r, n, data = network_fixture("thromb"), studyvar = study, trtvar = treat)
  expect_identical(c(t$r$df_inconsistency, t$r$df_heterogeneity), c(8L, 15L))
})

test_that("only networks are converted, to known formats", {
  expect_error(network_convert(1, "pairs"), class = "metaparity_error_input")
  net <- network_setup(d, n, data = smoking_data(), studyvar = study, trtvar = trt)
  expect_error(network_convert(net), class = "metaparity_error_input")
  expect_error(network_convert(net, "wide"), class = "metaparity_error_input")
  expect_error(network_convert(net, "augmented", large = -1), class = "metaparity_error_input")
})

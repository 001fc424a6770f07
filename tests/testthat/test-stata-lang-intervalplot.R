test_that("intervals are those of the network and of the t distribution", {
  net <- network_setup(d, n, data = smoking_data(), studyvar = study, trtvar = trt)
  fit <- network_meta(net, "consistency")
  t <- network_compare(fit)$table
  run <- netgraph_run(c(smoking_pairs[1:2], "intervalplot, pred keep noplot lab(No Self Ind Group)"), smoking_data())
  d <- run$data[1:6, ]
  expect_identical(d[["_Comparison"]], c("Self vs No", "Ind vs No", "Group vs No", "Ind vs Self", "Group vs Self",
                                         "Group vs Ind"))
  at <- match(c("A B", "A C", "A D", "B C", "B D", "C D"), paste(t$comparator, t$treatment))
  expect_equal(d[["_Effect_Size"]], t$est[at], tolerance = gate("closed_form"))
  expect_equal(d[["_UCI"]], t$hi[at], tolerance = gate("closed_form"))
  # 24 studies, 6 comparisons with data.
  half <- qt(0.975, 24 - 6 - 1) * sqrt(t$se[at]^2 + fit$fit$fit$Sigma[1L, 1L])
  expect_equal(d[["_LPrI"]], t$est[at] - half, tolerance = gate("closed_form"))
  expect_equal(d[["_UPrI"]], t$est[at] + half, tolerance = gate("closed_form"))
})

test_that("reference(), reverse and eform", {
  keep <- function(o) netgraph_run(c(smoking_pairs[1:2],
      sprintf("intervalplot, keep noplot notable lab(No Self Ind Group) %s",
                                                                 o)), smoking_data())$data
  all <- keep("")
  one <- keep("ref(Self)")
  expect_identical(one[["_Comparison"]][1:3], c("No vs Self", "Ind vs Self", "Group vs Self"))
  expect_equal(one[["_Effect_Size"]][1L], -all[["_Effect_Size"]][1L])
  turned <- keep("reverse")
  expect_equal(turned[["_LCI"]], -all[["_UCI"]])
  expect_equal(keep("eform")[["_UCI"]], exp(all[["_UCI"]]))
  expect_error(keep("ref(Nobody)"), class = "metaparity_error_stata")
})

test_that("limits in variables are drawn as they are", {
  d <- data.frame(es = c(1.2, 0.8), l = c(1, .5), u = c(1.5, 1.1), pl = c(.8, .3), pu = c(2, 1.7), a = c("A", "B"),
                  b = c("C", "D"))
  f <- first_graph(netgraph_run("intervalplot es l u pl pu, nomv lab(a b) null(1) notab", d))
  expect_identical(f$data$label, c("A vs C", "B vs D"))
  expect_identical(f$data$phi, d$pu)
  expect_length(f$legend, 2L)
  run <- netgraph_run("intervalplot es l u, nomv noplot", d)
  expect_length(run$graphs, 0L)
  expect_false(any(grepl("_LPrI", run$log)))
  expect_error(stata("intervalplot es l u pl, nomv", d), class = "metaparity_error_stata")
  expect_error(stata("intervalplot es l u", d), class = "metaparity_error_stata")
})

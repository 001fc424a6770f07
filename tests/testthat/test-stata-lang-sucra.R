test_that("SUCRA, the probability of being best and the mean rank come from gen()", {
  lines <- c(smoking_pairs[1:2], "network rank max, all zero reps(2000) seed(3) gen(prob)")
  run <- netgraph_run(c(lines, "sucra prob*, lab(No Self Ind Group)"), smoking_data())
  net <- network_setup(d, n, data = smoking_data(), studyvar = study, trtvar = trt)
  p <- network_rank(network_meta(net, "consistency"), "max", reps = 2000, seed = 3)$ranks$probability[[1L]]
  s <- rank_summary(p)
  expect_equal(run$r$table[, "SUCRA"], 100 * s["SUCRA", ], tolerance = gate("closed_form"), ignore_attr = TRUE)
  expect_equal(run$r$table[, "PrBest"], 100 * p[1L, ], tolerance = gate("closed_form"), ignore_attr = TRUE)
  expect_equal(run$r$table[, "MeanRank"], s["MEAN RANK", ], tolerance = gate("closed_form"), ignore_attr = TRUE)
  expect_equal(run$data$prob2_C[1L], p[2L, 3L])
  expect_true(is.na(run$data$prob2_C[2L]))
  f <- first_graph(run)
  expect_s3_class(f, "metaparity_panels")
  expect_equal(f$data$p[f$data$treatment == "Group"], cumsum(p[, 4L]), ignore_attr = TRUE)
  bars <- first_graph(netgraph_run(c(lines, "sucra prob*, rankog order notable"), smoking_data()))
  expect_identical(bars$data$treatment[1L], "Group counselling")
  expect_equal(bars$data$p[1:4], p[, 4L], ignore_attr = TRUE)
  expect_error(netgraph_run(c(lines, "sucra prob1*"), smoking_data()), class = "metaparity_error_stata")
  expect_error(netgraph_run(c(lines, lines[3L]), smoking_data()), class = "metaparity_error_stata")
})

test_that("a matrix in variables, in shares or percents, and a second set", {
  d <- data.frame(A = c(.7, .2, .1), B = c(.2, .5, .3), C = c(.1, .3, .6), X = c(60, 30, 10), Y = c(30, 40, 30),
                  Z = c(10, 30, 60))
  run <- netgraph_run("sucra A B C, nomv comp(X Y Z) names(\"Effect\" \"Safety\") lcol(black blue)", d)
  expect_equal(run$r$table[, "SUCRA"], 100 * c(0.8, 0.45, 0.25), tolerance = gate("closed_form"), ignore_attr = TRUE)
  expect_true("Treatment Relative Ranking of Safety" %in% run$log)
  expect_identical(unique(first_graph(run)$data$model), c("Effect", "Safety"))
  expect_match(first_graph(run)$title, "Effect")
  bad <- function(line) expect_error(stata(line, d, graphs = FALSE), class = "metaparity_error_stata")
  bad("sucra A B, nomv")
  bad("sucra A B C")
  bad("sucra A B C, nomv comp(X Y)")
  bad("sucra A B C, nomv names(one two)")
  d$A[1L] <- 0.9
  bad("sucra A B C, nomv")
  expect_error(stata("sucra, nomv stats(\"a.txt\") rprob(p)", d), class = "metaparity_error_stata_gap")
})

test_that("P-scores are means of the probabilities pair by pair", {
  run <- netgraph_run(c(smoking_pairs[1:2], "sucra, pscore max"), smoking_data())
  net <- network_setup(d, n, data = smoking_data(), studyvar = study, trtvar = trt)
  t <- network_compare(network_meta(net, "consistency"))$table
  want <- tapply(pnorm(t$est / t$se), t$treatment, mean)
  expect_equal(as.vector(run$r$table), as.vector(want), tolerance = gate("closed_form"))
  least <- netgraph_run(c(smoking_pairs[1:2], "sucra, pscore min"), smoking_data())
  expect_equal(as.vector(least$r$table), 1 - as.vector(want), tolerance = gate("closed_form"))
  expect_error(netgraph_run(c(smoking_pairs[1:2], "sucra, pscore"), smoking_data()), class = "metaparity_error_stata")
})

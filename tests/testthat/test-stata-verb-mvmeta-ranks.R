test_that("probabilities of ranks are Stata's, to the error of 1000 draws", {
  fit <- mvmeta(z, S, study, data = mvmeta_data("telomerase"), pbest = "min, seed(641) reps(20000)")
  stata <- c(90.3, 91.7, 92.6, 92.5, 91.0, 87.5, 78.0, 69.3, 60.7, 52.2) / 100
  own <- vapply(fit$pbest$probability, function(p) p["Best", "z1"], 0)
  expect_true(all(abs(own - stata) < 5 * sqrt(stata * (1 - stata) / 1000)))
  zero <- mvmeta(fit, pbest = "min in 2/5, all zero predict mcse seed(641) reps(20000)")
  expect_identical(names(zero$pbest$probability), as.character(2:5))
  best <- zero$pbest$probability[["2"]]["Best", ]
  expect_true(all(abs(best - c(0.884, 0.028, 0.088)) < 5 * sqrt(0.1 / 1000)))
})

test_that("the table stands as in Stata's log", {
  fit <- mvmeta(z, S, study, data = mvmeta_data("telomerase"), pbest = "min in 2/5, zero predict mcse seed(1)")
  lines <- format(fit)
  at <- match("Estimated probabilities (%) of each treatment having each rank", lines)
  expect_identical(lines[at + 1:10], c("- assuming the minimum parameter is the best", "- using 1000 draws",
    "- allowing for parameter uncertainty and between-studies variation",
    "- figures are estimated probability (upper), Monte Carlo error (lower)", "----------------------------",
    "_id and   |    Treatment    ", "Rank      | zero    z1    z2", "----------+-----------------", "2         |",
    lines[at + 10L]))
  expect_match(lines[at + 10L], "^     Best \\| +[0-9.]+ +[0-9.]+ +[0-9.]+$")
  expect_identical(utils::tail(lines, 1L), "----------------------------")
})

test_that("the same seed gives the same table; mean ranks follow from it", {
  fit <- mvmeta(y, V, data = mvmeta_data("berkey"), longparm = TRUE, pbest = "max, seed(5) meanrank")
  expect_identical(fit$pbest, mvmeta(fit, pbest = "max, seed(5) meanrank")$pbest)
  p <- fit$pbest$probability[[1L]]
  expect_equal(rank_summary(p)["MEAN RANK", ], colSums(p * 1:2))
  expect_equal(unname(colSums(p)), c(1, 1))
  expect_true(any(grepl("SUCRA", format(fit))))
  expect_identical(rank_words(5L), c("Best", "2nd", "3rd", "4th", "Worst"))
})

test_that("what has no ranks is refused", {
  fit <- mvmeta(y, V, data = mvmeta_data("berkey"))
  expect_error(mvmeta(fit, pbest = "max"), class = "metaparity_error_input")
  reg <- mvmeta(y, V, pubyear, data = mvmeta_data("berkey"))
  expect_error(mvmeta(reg, pbest = "best"), class = "metaparity_error_input")
  expect_error(mvmeta(reg, pbest = "max, reps(0)"), class = "metaparity_error_input")
  expect_error(mvmeta(reg, pbest = "max in 40/50"), class = "metaparity_error_input")
})

test_that("a network's data change with its format", {
  run <- run_stata_lines(c("network setup d n, studyvar(stud) trtvar(trt) ref(Self help)", "describe, short",
                           "network convert pairs", "count", "network convert stan", "network meta c",
                           "network compare",
                           "network unset"), smoking_data())
  expect_true("Converting augmented to pairs ..." %in% run$log)
  expect_true(any(grepl("^ *28$", run$log)))
  expect_true("         A |          0.398   0.702   0.866" %in% run$log)
})

test_that("figures of the network are graphs of the session", {
  run <- suppressWarnings(stata(c("network setup d n, studyvar(study) trtvar(trt)", "network map", "network meta c",
                                  "network forest, title(Smoking)", "network rank max, seed(1) line"), smoking_data(),
                                graphs = FALSE))
  expect_length(run$graphs, 3L)
  grDevices::pdf(NULL)
  on.exit(grDevices::dev.off())
  expect_s3_class(plot(run$graphs[[1L]]$view, draw = FALSE), "metaparity_figure")
  expect_s3_class(plot(run$graphs[[2L]]$view, draw = FALSE), "metaparity_figure")
  expect_s3_class(plot(run$graphs[[3L]]$view, draw = FALSE), "metaparity_figure")
})

test_that("words without a network, and unknown words, are errors of Stata", {
  d <- smoking_data()
  expect_error(stata("network meta c", d), class = "metaparity_error_stata")
  expect_error(stata("network bayes", d), class = "metaparity_error_stata_unsupported")
  expect_error(stata("network setup d n, trtvar(trt)", d), class = "metaparity_error_stata")
  expect_error(stata(c("network setup d n, studyvar(study) trtvar(trt)", "network rank max"), d),
               class = "metaparity_error_stata")
})

test_that("gen() of network rank keeps the probabilities; the last fit is ranked", {
  d <- smoking_data()
  lines <- c("network setup d n, studyvar(study) trtvar(trt)", "network meta c", "network meta i", "network meta c",
             "network rank max, seed(1) reps(200) gen(p)")
  run <- run_stata_lines(lines, d)
  expect_identical(sum(!is.na(run$data$p1_A)), 1L)
  expect_equal(sum(unlist(run$data[1L, sprintf("p%d_D", 1:4)])), 1)
  inco <- run_stata_lines(c(lines[1:3], lines[5L]), d)
  expect_false(anyNA(inco$data$p1_A))
  expect_error(run_stata_lines(c(lines[1:2], "network rank max, gen(1x)"), d), class = "metaparity_error_stata")
})

test_that("treatments that are numbers are named in ref() and trtlist()", {
  d <- network_fixture("smoking")
  run <- run_stata_lines(c("network setup d n, studyvar(study) trtvar(trt) ref(2) numcodes trtlist(1 2 3)",
                           "network meta c"), d)
  expect_identical(run$results[[1L]]$ref, "2")
  expect_identical(run$results[[1L]]$treatments$name, c("1", "2", "3"))
})

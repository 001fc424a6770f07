test_that("treatments are ordered by number or by the alphabet, and named by labels()", {
  expect_identical(netgraph_codes(list(list(key = c(10, 2), text = c("10", "2")), list(key = c(3, 10), text = c("3",
      "10")))),
                   c("2", "3", "10"))
  expect_identical(quoted_words("A \"B c\" `\"D e\"' F"), c("A", "B c", "D e", "F"))
  command <- list(word = "networkplot")
  expect_identical(netgraph_labels(" ", c("x", "y"), command), c("x", "y"))
  expect_error(netgraph_labels("one", c("x", "y"), command), class = "metaparity_error_stata")
  expect_identical(netgraph_order("b a", c("a", "b"), "sort"), 2:1)
  expect_error(netgraph_order("b b", c("a", "b"), "sort"), class = "metaparity_error_stata")
  expect_error(netgraph_order("b c", c("a", "b"), "sort"), class = "metaparity_error_stata")
})

test_that("effects of the comparisons are those of rma()", {
  d <- pairs_data()
  p <- list(a = match(d$t1, LETTERS), b = match(d$t2, LETTERS), y = d$es, se = d$se)
  found <- netgraph_direct(p, "DL")
  for (i in seq_along(found$a)) {
    at <- p$a == found$a[i] & p$b == found$b[i]
    fit <- rma(d$es[at], sei = d$se[at], method = if (sum(at) > 1L) "DL" else "FE")
    expect_equal(c(found$est[i], found$v[i]), c(fit$beta[[1L]], fit$se^2), tolerance = gate("closed_form"))
  }
  fixed <- netgraph_direct(p, "DL", 0.1)
  at <- d$t1 == "A" & d$t2 == "B"
  w <- 1 / (d$se[at]^2 + 0.1)
  expect_equal(c(fixed$est[1L], fixed$v[1L]), c(sum(w * d$es[at]) / sum(w), 1 / sum(w)),
      tolerance = gate("closed_form"))
})

test_that("effects after network meta are the same in each format, and those of mvmeta", {
  run <- function(format) netgraph_run(c(sprintf("network setup d n, studyvar(study) trtvar(trt) format(%s)", format),
                                         "network meta c", "intervalplot, keep noplot notable"), smoking_data())$data
  one <- run("augmented")
  expect_equal(run("standard")[["_Effect_Size"]], one[["_Effect_Size"]], tolerance = gate("stata_ml"))
  mv <- netgraph_run(c("network setup d n, studyvar(study) trtvar(trt)",
                       "mvmeta _y _S, bscovariance(exch 0.5) longparm vars(_y_B _y_C _y_D)",
                       "intervalplot, keep noplot notable"), smoking_data())$data
  expect_equal(mv[["_Effect_Size"]], one[["_Effect_Size"]], tolerance = gate("stata_ml"))
  expect_equal(mv[["_LCI"]], one[["_LCI"]], tolerance = gate("stata_ml"))
})

test_that("without estimates, and with values that cannot be, Stata's errors", {
  expect_error(stata("intervalplot", pairs_data()), class = "metaparity_error_stata")
  expect_error(stata("ifplot es se t1 t1 id", pairs_data()), class = "metaparity_error_stata")
  d <- pairs_data()
  d$se[2L] <- -1
  expect_error(stata("netfunnel es se t1 t2", d), class = "metaparity_error_stata")
  inco <- c("network setup d n, studyvar(study) trtvar(trt)", "network meta i", "netleague")
  expect_error(suppressWarnings(stata(inco, smoking_data())), class = "metaparity_error_stata")
})

test_that("tables have dividers, and columns are kept from the first observation on", {
  expect_identical(divided_table(list(a = c("1", "22"), bb = c("x", "y"))),
                   c("", "  +---------+", "  |  a | bb |", "  |----+----|", "  |  1 |  x |", "  | 22 |  y |",
                       "  +---------+"))
  run <- netgraph_run(c("drop in 3/10", "clusterank es se", "di 1")[c(1L, 3L)])
  expect_identical(nrow(run$data), 2L)
})

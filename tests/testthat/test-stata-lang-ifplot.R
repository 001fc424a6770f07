test_that("loops are triangles, and quadrilaterals without a triangle", {
  loops <- function(a, b, n) network_loops(list(a = a, b = b, codes = LETTERS[seq_len(n)]))
  expect_identical(loops(c(1, 1, 2), c(2, 3, 3), 3), list(1:3))
  expect_length(loops(c(1, 1, 1, 2, 2, 3), c(2, 3, 4, 3, 4, 4), 4), 4L)
  square <- loops(c(1, 2, 3, 1), c(2, 3, 4, 4), 4)
  expect_identical(square, list(1:4))
  expect_length(loops(c(1, 2, 3, 1, 1), c(2, 3, 4, 4, 3), 4), 2L)
  expect_identical(loops(c(1, 2), c(2, 3), 3), list())
})

test_that("the inconsistency factor is direct less indirect, with the loop's heterogeneity", {
  d <- pairs_data()
  for (method in c("mm", "reml", "eb")) {
    r <- netgraph_run(sprintf("ifplot es se t1 t2 id, %s noplot", method), d)$r
    expect_identical(r$loops, 1L)
    # Study 7 has all three comparisons: it loses the one with most studies, A against B (first of A-B and B-C).
    own <- d[d$t2 != "D" & !(d$id == 7 & d$t1 == "A" & d$t2 == "B"), ]
    X <- cbind((own$t1 == "A" & own$t2 == "B") * 1, (own$t1 == "B") * 1, (own$t1 == "A" & own$t2 == "C") * 1)
    fit <- rma(own$es, sei = own$se, mods = X, intercept = FALSE, method = c(mm = "DL", reml = "REML",
        eb = "EB")[[method]])
    way <- c(1, 1, -1)
    expect_equal(r$table[1L, "IF"], abs(sum(way * fit$beta)), tolerance = gate("metafor_closed"), ignore_attr = TRUE)
    expect_equal(r$table[1L, "seIF"], sqrt(sum(way * (fit$vb %*% way))), tolerance = gate("metafor_closed"),
        ignore_attr = TRUE)
    expect_equal(r$table[1L, "tau2"], fit$tau2, tolerance = gate("metafor_closed"), ignore_attr = TRUE)
  }
})

test_that("Bucher's difference with a fixed, a given and a comparison's own heterogeneity", {
  d <- data.frame(es = c(.3, .5, .9), se = c(.2, .25, .3), t1 = c("A", "B", "A"), t2 = c("B", "C", "C"), id = 1:3)
  r <- netgraph_run("ifplot es se t1 t2 id, tau2(0.1) noplot", d)$r
  expect_equal(as.vector(r$table[1L, c("IF", "seIF")]), c(0.1, sqrt(.04 + .0625 + .09 + 0.3)),
      tolerance = gate("closed_form"))
  fixed <- netgraph_run("ifplot es se t1 t2 id, tau2(comparison) fixed noplot", d)$r
  expect_equal(fixed$table[1L, "seIF"], sqrt(.04 + .0625 + .09), tolerance = gate("closed_form"), ignore_attr = TRUE)
  z <- 0.1 / sqrt(.1925)
  expect_equal(fixed$table[1L, "p"], 2 * pnorm(-z), tolerance = gate("closed_form"), ignore_attr = TRUE)
  expect_identical(fixed$table[1L, "lo"][[1L]], 0)
  own <- netgraph_run("ifplot es se t1 t2 id, tau2(comparison) noplot", pairs_data())$r
  part <- function(at) rma(pairs_data()$es[at], sei = pairs_data()$se[at], method = "DL")
  fits <- list(part(1:2), part(c(4, 5, 9)), part(c(3, 8)))
  expect_equal(own$table[1L, "IF"], abs(fits[[1L]]$beta[[1L]] + fits[[2L]]$beta[[1L]] - fits[[3L]]$beta[[1L]]),
               tolerance = gate("closed_form"), ignore_attr = TRUE)
})

test_that("a quadrilateral goes round, whatever the directions of the pairs", {
  d <- data.frame(es = c(.3, -.5, .9, .2), se = .2, t1 = c("A", "C", "C", "D"), t2 = c("B", "B", "D", "A"), id = 1:4)
  r <- netgraph_run("ifplot es se t1 t2 id, noplot", d)$r
  # A to B .3, B to C .5, C to D .9, D to A .2.
  expect_equal(as.vector(r$table[1L, c("IF", "seIF")]), c(1.9, 0.4), tolerance = gate("closed_form"))
  expect_identical(rownames(r$table), "A_B_C_D")
})

test_that("the log has Stata's heading; labels, eform, details and summary", {
  run <- netgraph_run(paste("ifplot es se t1 t2 id, eform labels(P Q R S) details summary plotopt(texts(120))",
                            "xlab(1,2,3) keep"), pairs_data())
  expect_true(" * 1 triangular loops found" %in% run$log)
  expect_true(" Evaluation of inconsistency using loop-specific heterogeneity estimates:" %in% run$log)
  expect_true(any(grepl("P-Q-R \\|", run$log)))
  expect_true(any(grepl("ROR \\| z_value \\| p_value \\| +CI_95 \\| Loop_Heterog_tau2", run$log)))
  expect_true(" Loop P-Q-R: comparison P vs Q is dropped from study 7" %in% run$log)
  expect_identical(run$data[["_Loop"]][1:2], c("P-Q-R", ""))
  f <- first_graph(run)
  expect_equal(f$x$at, log(1:3))
  parts <- netgraph_run("ifplot es se t1 t2 id, separate noplot", pairs_data())$log
  expect_true(" Loops Without Evidence of Statistical Inconsistency:" %in% parts)
})

test_that("what ifplot cannot do is refused", {
  bad <- function(line, d = pairs_data()) expect_error(stata(line, d, graphs = FALSE), class = "metaparity_error_stata")
  bad("ifplot es se t1 t2 id if t2 != \"C\"")
  bad("ifplot es se t1 t2 id, mm reml")
  bad("ifplot es se t1 t2 id, tau2(-1)")
  bad("ifplot es se t1 t2 id, tau2(comparison) reml")
  bad("ifplot es se t1 t2 id, fixed")
  bad("ifplot es se t1 t2")
  bad("ifplot es se t1 t2 id if id == 7")
})

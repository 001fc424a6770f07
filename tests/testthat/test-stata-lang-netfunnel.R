test_that("studies are centred at the pooled effect of their comparison", {
  d <- pairs_data()
  for (method in c("fixed", "random")) {
    x <- netgraph_run(sprintf("netfunnel es se t1 t2, %s", method), d)$data[["_ES_CEN"]]
    for (k in c("A B", "A C", "B C", "C D")) {
      at <- which(paste(d$t1, d$t2) == k)
      mu <- rma(d$es[at], sei = d$se[at], method = if (method == "fixed") "FE" else "DL")$beta[[1L]]
      expect_equal(x[at], d$es[at] - mu, tolerance = gate("closed_form"))
    }
  }
})

test_that("order() turns comparisons, noalpha leaves them", {
  d <- pairs_data()
  first <- netgraph_run("netfunnel es se t1 t2, bycomp", d)
  expect_identical(unique(first_graph(first)$data$comparison), c("A vs B", "A vs C", "B vs C", "C vs D"))
  turned <- netgraph_run("netfunnel es se t1 t2, bycomp order(D C B A)", d)
  expect_equal(turned$data[["_ES_CEN"]], -first$data[["_ES_CEN"]])
  expect_identical(unique(first_graph(turned)$data$comparison), c("B vs A", "C vs A", "C vs B", "D vs C"))
  d[c("t1", "t2")] <- d[c("t2", "t1")]
  kept <- netgraph_run("netfunnel es se t1 t2, bycomp noalpha", d)
  expect_equal(kept$data[["_ES_CEN"]], first$data[["_ES_CEN"]])
  expect_identical(unique(first_graph(kept)$data$comparison), c("B vs A", "C vs A", "C vs B", "D vs C"))
  expect_error(stata("netfunnel es se t1 t2, order(A B) ", d), class = "metaparity_error_stata")
  expect_error(stata("netfunnel es se t1 t2, order(A B C D) noalpha", d), class = "metaparity_error_stata")
})

test_that("the funnel has limits, a line at zero, and what addplot() adds", {
  f <- first_graph(netgraph_run("netfunnel es se t1 t2, random bycomp add(lfit se _ES_CEN) noalpha ylabel(0 0.1 0.2)"))
  lines <- Filter(function(l) l$type == "line", f$layers)
  expect_equal(lines[[3L]]$x[2L], qnorm(0.975) * 0.31)
  expect_length(f$legend, 5L)
  expect_equal(f$y$at, c(0, 0.1, 0.2))
  bare <- first_graph(netgraph_run("netfunnel es se t1 t2, noci scatter(mcolor(red))"))
  expect_length(Filter(function(l) l$type == "line", bare$layers), 1L)
  expect_identical(unique(Filter(function(l) l$type == "points", bare$layers)[[1L]]$data$col), "#FF0000")
})

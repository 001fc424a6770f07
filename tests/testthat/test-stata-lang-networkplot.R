test_that("nodes and lines follow the studies, or variables", {
  f <- first_graph(netgraph_run("networkplot t1 t2"))
  expect_identical(f$data$treatment, LETTERS[1:4])
  expect_identical(f$data$studies, c(5L, 6L, 7L, 2L))
  widths <- vapply(Filter(function(l) l$type == "line", f$layers), `[[`, 0, "lwd")
  expect_equal(widths, network_line_width(c(3, 2, 3, 2), c(3, 2, 3, 2)))
  f <- first_graph(netgraph_run("networkplot t1 t2, edgeweight(n mean) edgescale(2) nodeweight(study n sum)"))
  widths <- vapply(Filter(function(l) l$type == "line", f$layers), `[[`, 0, "lwd")
  mean <- c(100 / 3, 55, 60, 80)
  expect_equal(widths, 2 * (1 + 9 * mean / 80))
  nodes <- Filter(function(l) l$type == "points", f$layers)[[1L]]$data$cex
  sums <- c(10 + 20 + 30 + 70 + 80, 10 + 20 + 40 + 50 + 70 + 90, 30 + 40 + 50 + 60 + 80 + 90 + 100, 160)
  expect_equal(nodes, network_node_size(sums))
  f <- first_graph(netgraph_run("networkplot t1 t2, noweight edgecolor(gs8) edgepattern(dash)"))
  line <- Filter(function(l) l$type == "line", f$layers)
  expect_identical(unique(vapply(line, `[[`, 0, "lwd")), 1.5)
  expect_identical(line[[1L]]$lty, "44")
})

test_that("a study of several arms counts once where the network is known", {
  f <- first_graph(netgraph_run(c(smoking_pairs, "networkplot _t1 _t2, lab(No Self \"One by one\" Group)"),
      smoking_data()))
  expect_identical(f$data$studies, c(19L, 6L, 19L, 6L))
  expect_identical(f$data$treatment[3L], "One by one")
  some <- first_graph(netgraph_run(c(smoking_pairs, "networkplot _t1 _t2 if _t1 == \"A\""), smoking_data()))
  expect_identical(length(Filter(function(l) l$type == "line", some$layers)), 3L)
})

test_that("lines have the colour of their level of bias", {
  colours <- function(option, d = pairs_data()) {
    f <- first_graph(netgraph_run(sprintf("networkplot t1 t2, edgecolor(%s)", option), d))
    vapply(Filter(function(l) l$type == "line", f$layers), `[[`, "", "col")
  }
  low <- bias_colours[1L]
  unclear <- bias_colours[2L]
  high <- bias_colours[3L]
  expect_identical(colours("by bias"), c(low, high, high, unclear))
  expect_identical(colours("by bias mean"), c(low, high, high, unclear))
  expect_identical(colours("by bias min"), c(low, unclear, high, unclear))
  expect_identical(colours("by bias wmean n"), c(low, high, high, unclear))
  d <- pairs_data()
  d$bias <- c("low", "Low", "unclear", "h", "high", "u", "l", "h", "H", "U")
  expect_identical(colours("by bias", d), c(low, high, high, unclear))
  expect_identical(pooled_level(c(1, 2), c(1, 1), "mean"), 2)
  expect_identical(pooled_level(c(1, 3, NA), c(1, 1, 1), "mode"), 3)
  expect_identical(pooled_level(NA_real_, 1, "mean"), NA_real_)
  five <- first_graph(netgraph_run("networkplot t1 t2, edgecolor(by bias) bylevels(4) bycolors(green blue red black)"))
  expect_identical(Filter(function(l) l$type == "line", five$layers)[[1L]]$col, "#008000")
})

test_that("what networkplot cannot read is refused", {
  bad <- function(option) expect_error(stata(sprintf("networkplot t1 t2, %s", option), pairs_data(), graphs = FALSE),
                                       class = "metaparity_error_stata")
  for (option in c("edgecolor(by)", "edgecolor(by bias median)", "edgecolor(by bias wmean)", "edgecolor(by n)",
                   "edgecolor(by bias) bylevels(5)", "edgecolor(by bias) bylevels(2) bycolors(red)", "edgescale(0)",
                   "nodeweight(arm n)", "labels(A B)", "wrongword")) bad(option)
})

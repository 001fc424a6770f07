test_that("in a triangle the contributions are those of inverse variances", {
  d <- data.frame(es = c(.3, .5, .9), se = c(.2, .25, .3), t1 = c("A", "B", "A"), t2 = c("B", "C", "C"))
  run <- netgraph_run(c("netweight es se t1 t2, noplot", "matrix h = e(h)", "matrix p = e(p)", "matrix list h",
      "di h[1,1]",
                        "di p[1,1]"), d)
  v <- d$se^2
  # A to B directly, and over C: columns are A-B, A-C, B-C.
  direct <- (1 / v[1L]) / (1 / v[1L] + 1 / (v[2L] + v[3L]))
  said <- suppressWarnings(as.numeric(run$log))
  said <- said[!is.na(said)]
  expect_equal(said[1L], direct, tolerance = 1e-7)
  expect_equal(said[2L], 100 * direct / (direct + 2 * (1 - direct)), tolerance = 1e-7)
})

test_that("the hat matrix gives the estimates of weighted least squares; rows of shares add up to 100", {
  d <- pairs_data()
  p <- list(a = match(d$t1, LETTERS), b = match(d$t2, LETTERS), y = d$es, se = d$se)
  direct <- netgraph_direct(p, "FE")
  w <- network_contributions(direct, LETTERS[1:4])
  fit <- lm(direct$est ~ 0 + w$X, weights = 1 / direct$v)
  expect_equal(as.vector(w$H[c("B vs A", "C vs A", "D vs A"), ] %*% direct$est), unname(coef(fit)),
               tolerance = gate("exact_solution"))
  expect_equal(unname(rowSums(w$P)), rep(100, 7L), tolerance = gate("closed_form"))
  expect_equal(unname(w$P["Entire network", ]), unname(100 * colSums(abs(w$H)) / sum(abs(w$H))),
      tolerance = gate("closed_form"))
  # The only way to D: its evidence is the direct one.
  expect_equal(w$P["D vs C", "D vs C"], 100, tolerance = gate("closed_form"))
})

test_that("the figure has squares for the shares; what is not here is refused by name", {
  f <- first_graph(netgraph_run("netweight es se t1 t2, tau2(0.1) notable scale(0.5) color(blue)"))
  expect_s3_class(f, "metaparity_figure")
  expect_identical(nrow(f$data), 28L)
  points <- Filter(function(l) l$type == "points", f$layers)[[1L]]$data
  expect_equal(points$cex, 2 * sqrt(f$data$share / 100))
  expect_length(first_graph(netgraph_run("netweight es se t1 t2, novalues nostudies notable"))$layers, 1L)
  expect_error(stata("netweight es se t1 t2, bargraph(by bias)", pairs_data()), class = "metaparity_error_stata_gap")
  expect_error(stata("netweight es se t1 t2, fixed random", pairs_data()), class = "metaparity_error_stata")
  expect_error(stata("netweight es se t1 t2 if t1 != \"B\" & t2 != \"C\" | t2 == \"D\" & t1 == \"C\"",
      transform(pairs_data(),
    t1 = ifelse(t2 == "D", "E", t1)), graphs = FALSE), class = "metaparity_error_stata")
})

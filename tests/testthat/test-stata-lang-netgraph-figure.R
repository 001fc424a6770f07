test_that("the axis holds the estimates; intervals beyond it end in arrows", {
  t <- data.frame(label = c("a", "b"), est = c(0, 1), lo = c(-1, -50), hi = c(1, 60), text = c("x", "y"))
  reach <- interval_reach(t, 0)
  expect_true(reach[1L] <= 0 && reach[2L] >= 1)
  run <- netgraph_run(c(smoking_pairs[1:2], "intervalplot, eform null(1) range(0.5 2) separate"), smoking_data())
  f <- first_graph(run)
  expect_equal(f$x$at, log(c(0.5, 1, 2)))
  lines <- Filter(function(l) l$type == "line", f$layers)
  expect_true(any(vapply(lines, function(l) length(l$x) == 3L, NA)))
  expect_identical(sum(vapply(lines, function(l) identical(l$col, "#B0B0B0"), NA)), 2L)
  ticks <- restyled(f, list(xlabel = c(0.7, 1.5)))
  expect_equal(ticks$x$at, log(c(0.7, 1.5)))
})

test_that("the figure is drawn with names and numbers that do not overlap", {
  run <- netgraph_run(c(smoking_pairs[1:2], "intervalplot, eform pred null(1)"), smoking_data())
  f <- first_graph(run)
  grDevices::pdf(NULL, width = f$size[1L], height = f$size[2L])
  on.exit(grDevices::dev.off())
  texts <- layout_texts(figure_layout(f, f$size[1L], f$size[2L]))
  for (i in seq_len(nrow(texts))) {
    other <- texts[-i, ]
    over <- other$left < texts$right[i] & other$right > texts$left[i] & other$bottom < texts$top[i] - 1e-6 &
      other$top > texts$bottom[i] + 1e-6
    expect_false(any(over), label = texts$label[i])
  }
})

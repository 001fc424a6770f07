judged <- rob(data.frame(study = c("a", "b", "c", "d"), D1 = c("low", "high", "low", "low"),
                         D2 = c("low", "some concerns", NA, "high"), Weight = c(10, 20, 30, 40),
                         stringsAsFactors = FALSE), "rob2", overall = FALSE)
share <- function(...) {
  out <- rob_graph(judged, draw = FALSE, ...)
  tapply(out$share, list(out$level, out$domain), sum)
}

test_that("shares are those of the studies, or of their weights", {
  plain <- share()
  expect_equal(plain[c("low", "some_concerns", "high"), "D1"], c(0.75, 0, 0.25), ignore_attr = TRUE)
  expect_equal(plain[c("low", "some_concerns", "high"), "D2"], c(0.25, 0.25, 0.25), ignore_attr = TRUE)
  weighted <- share(weights = TRUE)
  expect_equal(weighted[c("low", "high"), "D1"], c(0.8, 0.2), ignore_attr = TRUE)
  expect_equal(share(weights = c(d = 4, c = 3, b = 2, a = 1)), weighted)
  fit <- rma(c(0, 0.1, 0.3, -0.1), c(4, 2, 4 / 3, 1), slab = c("A", "b", "C", "d"), method = "EE")
  expect_equal(share(weights = fit), weighted)
})

test_that("studies without weight are told and leave the graph", {
  expect_warning(out <- share(weights = c(1, 0, 1, NA)), class = "metaparity_warning_dropped")
  expect_equal(out["low", ], c(D1 = 1, D2 = 0.5))
  for (wrong in list(1:3, c(-1, 1, 1, 1), rep(0, 4), c(e = 1), "a")) {
    expect_error(share(weights = wrong), class = "metaparity_error_input")
  }
})

test_that("bars are as long as the shares, from the left in the order of the levels", {
  layout <- page_of(rob_graph(judged, draw = FALSE))
  tool <- rob_tool("rob2")
  coloured <- Filter(function(item) item$fill %in% tool$levels$revman & length(item$x) == 4L, items_of(layout, "polygon"))
  bars <- data.frame(left = vapply(coloured, function(b) min(b$x), 0), right = vapply(coloured, function(b) max(b$x), 0),
                     bottom = vapply(coloured, function(b) min(b$y), 0), fill = vapply(coloured, `[[`, "", "fill"))
  first <- bars[abs(bars$bottom - max(bars$bottom)) < 1e-9, ]
  second <- bars[abs(bars$bottom - max(bars$bottom[bars$bottom < max(bars$bottom) - 1e-9])) < 1e-9, ]
  whole <- diff(range(first$left, first$right))
  expect_identical(first$fill, tool$levels$revman[c(1L, 3L)])
  expect_equal((first$right - first$left) / whole, c(0.75, 0.25))
  expect_equal((second$right - second$left) / whole, c(0.25, 0.25, 0.25))
  expect_equal(second$left[-1L], second$right[-3L])
})

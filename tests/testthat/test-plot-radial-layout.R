fit <- rma(yi, vi, data = bcg_effects, slab = study)
figure_of <- function(...) attr(radial(fit, ..., draw = FALSE), "figure", exact = TRUE)

geometry <- list(sx = 2, sz = 0.5, origin = 1, base = 3, radius = 4)

test_that("a point of the arc lies on its circle, on the line of its slope in data units", {
  for (slope in c(-3, 0, 0.7, 40)) {
    at <- arc_point(arc_angle(slope, geometry), geometry$radius, geometry)
    expect_equal((at$x - 1)^2 + (at$y - 3)^2, 16)
    expect_equal(((at$y - 3) / geometry$sz) / ((at$x - 1) / geometry$sx), slope)
  }
})

test_that("an arc has as many pieces as asked for, from end to end", {
  ends <- arc_angle(c(-1, 2), geometry)
  arc <- arc_point(ends, 4, geometry, pieces = 50)
  expect_length(arc$x, 51L)
  expect_equal(atan2(arc$y - 3, arc$x - 1)[c(1, 51)], ends)
})

test_that("labels of the arc are the estimates, however points are centred or transformed", {
  plain <- radial_arc_labels(figure_of())
  centred <- radial_arc_labels(figure_of(center = TRUE))
  expect_identical(plain$labels, centred$labels)
  expect_equal(plain$at - centred$at, rep(coef(fit)[[1L]], length(plain$at)))
  expect_equal(range(plain$at), range(bcg_effects$yi))
  given <- radial_arc_labels(figure_of(aty = c(0, -1), transf = exp, digits = 1))
  expect_identical(given$labels, c("0.4", "1.0"))
})

test_that("the room between the titles is never nothing", {
  figure <- figure_of()
  on_blank_page({
    span <- radial_span(figure, figure$style, 6)
    expect_true(span[1L] > 0 && span[2L] < 6 && span[1L] < span[2L])
    figure$title <- strrep("title\n", 60)
    small <- radial_span(figure, figure$style, 2)
    expect_gt(diff(small), 1)
  })
})

test_that("limits of z hold the arcs, the band and 5 standard errors", {
  figure <- figure_of()
  arc <- radial_arc_labels(figure)
  xlim <- c(0, 1.3 * max(figure$data$x))
  z <- radial_zlim(figure, arc, xlim)
  expect_true(z[1L] <= -5 && z[2L] >= 5)
  expect_true(all(figure$data$y >= z[1L] & figure$data$y <= z[2L]))
  crit <- figure$ask$crit
  expect_true(all(figure$points$pooled[1L] * xlim + crit <= z[2L]))
})

test_that("no place for what was asked for is an input error", {
  expect_error(page_of(figure_of(aty = 1e6)), class = "metaparity_error_input")
  expect_error(page_of(figure_of(atz = 1e6)), class = "metaparity_error_input")
})

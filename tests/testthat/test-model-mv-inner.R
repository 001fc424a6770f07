test_that("distances between places", {
  xy <- data.frame(x = c(4.9, 2.35, -0.13), y = c(52.4, 48.86, 51.5))
  expect_equal(place_distances(xy, 1:3, "euclidean", NULL), unname(as.matrix(dist(xy))))
  expect_equal(place_distances(xy, 1:3, "manhattan", NULL), unname(as.matrix(dist(xy, "manhattan"))))
  D <- place_distances(xy, 1:3, "gcd", NULL)
  # Amsterdam to Paris is 430 km as the crow flies, to London 358.
  expect_equal(D[1, 2:3], c(430, 358), tolerance = 0.01)
  expect_error(place_distances(xy, 1:3, "far", NULL), class = "metaparity_error_input")
})

test_that("pairs of levels are counted by outer level", {
  expect_equal(level_pairs(c(1, 2, 1, 2, 3), c(1, 1, 2, 2, 2), 3L), c(2L, 1L, 1L))
  expect_length(level_pairs(c(1, 1), 1:2, 1L), 0L)
})

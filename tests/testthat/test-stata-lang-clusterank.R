ranks_of_two <- function() {
  data.frame(a = c(10, 90, 80, 75, 20, 30, 55), b = c(12, 40, 88, 35, 70, 25, 50), t = LETTERS[1:7],
      stringsAsFactors = FALSE)
}

test_that("the number of clusters has the largest clustering gain", {
  x <- cbind(c(0, 1, 10, 11), c(0, 0, 0, 0))
  expect_equal(clustering_gain(c(1, 1, 2, 2), x), 2 * 5^2)
  expect_equal(clustering_gain(c(1, 1, 1, 1), x), 0)
  run <- netgraph_run("clusterank a b t, method(averagelinkage Euclidean)", ranks_of_two())
  d <- ranks_of_two()
  h <- stats::hclust(stats::dist(d[1:2]), "average")
  gain <- vapply(2:6, function(k) {
    g <- stats::cutree(h, k)
    sum(vapply(unique(g), function(j) {
      m <- as.matrix(d[g == j, 1:2])
      (nrow(m) - 1) * sum((colMeans(m) - colMeans(d[1:2]))^2)
    }, 0))
  }, 0)
  expect_equal(run$r$gain, max(gain), tolerance = gate("closed_form"))
  expect_equal(run$r$clusters, (2:6)[which.max(gain)])
  expect_equal(run$r$cophenetic, stats::cor(stats::dist(d[1:2]), stats::cophenetic(h)), tolerance = gate("closed_form"))
})

test_that("the tree agrees best with the distances, unless method() names it", {
  x <- as.matrix(ranks_of_two()[1:2])
  best <- clusterank_tree(x, NULL)
  for (m in c("averagelinkage L2", "singlelinkage absolute", "wardslinkage euclidean", "complete canberra")) {
    expect_gte(best$r, clusterank_tree(x, m)$r)
  }
  expect_identical(first_graph(netgraph_run("clusterank a b t, clusters(3)", ranks_of_two()))$data$treatment,
      LETTERS[1:7])
  down <- first_graph(netgraph_run("clusterank a b, best(min)", ranks_of_two()))
  expect_true(down$x$limits[1L] > down$x$limits[2L])
  expect_identical(down$data$treatment[1L], "1")
  tree <- first_graph(netgraph_run("clusterank a b t, dendrogram", ranks_of_two()))
  expect_length(tree$layers, 6L)
})

test_that("what clusterank cannot do is refused", {
  bad <- function(line) expect_error(stata(line, ranks_of_two(), graphs = FALSE), class = "metaparity_error_stata")
  bad("clusterank a b t in 1/2")
  bad("clusterank a b, clusters(9)")
  bad("clusterank a b, method(neighbours)")
  bad("clusterank a b, method(single gower)")
  bad("clusterank a b, best(mean)")
  bad("clusterank a")
})

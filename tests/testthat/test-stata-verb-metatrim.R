test_that("sbe16 meta prints the numbers of its log", {
  v <- stata_case("sbe16_meta_cheung")
  want <- stata_printed()
  want <- want[want$id == "sbe16_meta_cheung", ]
  p <- v$pool$pooled
  of <- function(i) c(p$est[i], p$lci[i], p$uci[i], p$z[i], p$p[i])
  got <- c(of(1), v$pool$k, of(2), v$pool$q$stat, v$pool$q$df, v$pool$q$p, v$pool$tau2)
  expect_true(all(rounds_to(got, want$printed)))
  expect_identical(format(v)[8], "Random |  -0.729  -0.804  -0.654  -19.030    0.000")
})

test_that("metatrim iterates, fills and pools again", {
  d <- stata_fixture("magnesium.csv")
  v <- metatrim(logor, selogor, data = d, flip = TRUE, reffect = TRUE)
  expect_identical(v$iterations$Tn, c(95, 110, 119, 121, 121))
  expect_identical(as.integer(v$iterations$k0), c(3L, 5L, 7L, 7L, 7L))
  expect_identical(v$iterations$diff, c(136, 30, 18, 4, 0))
  expect_identical(sum(v$table$filled), 7L)
  centre <- v$iterations$estimate[5]
  lowest <- sort(d$logor)[1:7]
  expect_equal(sort(v$table$theta[v$table$filled]), sort(2 * centre - lowest))
  expect_equal(v$r$n_filled, 23)
  expect_snapshot(v)
})

test_that("nothing to trim leaves the data unchanged; other estimators and options", {
  d <- stata_fixture("example.csv")
  v <- metatrim(logor, selogor, data = d, flip = TRUE)
  expect_identical(v$k0, 0L)
  expect_true("Note: no trimming performed; data unchanged" %in% format(v))
  expect_snapshot(metatrim(logor, selogor, data = d, estimat = "run", eform = TRUE, print = TRUE, id = id))
  q <- metatrim(logor, selogor, data = d, estimat = "quadratic", mixed = TRUE)
  expect_match(format(q), "Quadratic", all = FALSE)
  expect_match(format(q), "mixed mode", all = FALSE)
  expect_error(metatrim(logor, selogor, data = d, estimat = "cubic"), class = "metaparity_error_input")
})

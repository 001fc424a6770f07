correlated <- function(f = escalc) {
  d <- data.frame(id = c(3, 3, 1, 1, 2, 2, 2, 5), es = c(1, 2, 1, 2, 1, 2, 3, 1), time = c(1, 2, 1, 3, 1, 2, 3, 1),
                  grp = c("a", "b", "b", "b", "a", "c", "c", "z"),
                  lg = c(TRUE, FALSE, TRUE, TRUE, NA, TRUE, FALSE, TRUE),
                  f = factor(c("u", "v", "v", "u", "u", "u", "v", "v")), num = c(1, 2, NA, 4, 5, 6, 7, 8),
                  yi = c(-.63, .18, -.84, 1.6, .33, -.82, .49, .74), vi = c(.4, .5, .25, .2, .3, .27, .41, .15))
  f("SMD", yi = yi, vi = vi, data = d, slab = paste0("s", 1:8), ni = 11:18)
}

same_aggregate <- function(ours, theirs) {
  expect_equal(names(ours), names(theirs))
  for (name in names(theirs)) expect_equal(ours[[name]], theirs[[name]], tolerance = 1e-10, label = name)
  expect_identical(capture.output(print(ours)), capture.output(print(theirs)))
}

test_that("every structure, weighting and choice of rows aggregates as in metafor", {
  skip_if_not_installed("metafor")
  x <- correlated()
  m <- correlated(metafor::escalc)
  both <- function(...) {
    written <- as.list(substitute(list(...)))[-1L]
    one <- function(data) eval(as.call(c(quote(aggregate), list(data), written)))
    same_aggregate(one(x), one(m))
  }
  both(cluster = id, rho = .5)
  both(cluster = id, rho = c(.1, .2, .3, .4), select = c("grp", "yi"))
  both(cluster = id, struct = "ID", addk = TRUE)
  both(cluster = id, struct = "CAR", time = time, phi = .5, subset = id < 3)
  both(cluster = id, struct = "CS+CAR", time = time, phi = .5, rho = .4)
  both(cluster = id, struct = "CS*CAR", time = time, obs = es, phi = .5, rho = .4)
  both(cluster = grp, rho = .3, weighted = FALSE, digits = 2)
  both(cluster = id, V = diag(c(.4, .5, .25, .2, .3, .27, .41, .15)))
  both(cluster = id, rho = .5, fun = list(sum, any, function(v) "q"))
  x$yi[c(1, 8)] <- NA
  m$yi[c(1, 8)] <- NA
  both(cluster = id, rho = .5, addk = TRUE)
  both(cluster = id, rho = .5, na.rm = FALSE)
  both(cluster = id, rho = .5, na.rm = c(TRUE, FALSE))
})

test_that("each mistake names its argument", {
  x <- correlated()
  input <- function(expr, arg) expect_identical(expect_error(expr, class = "metaparity_error_input")$arg, arg)
  input(aggregate(x, cluster = id), "rho")
  input(aggregate(x, rho = .5), "cluster")
  input(aggregate(x, cluster = id, rho = 2), "rho")
  input(aggregate(x, cluster = id, rho = c(.1, .2)), "rho")
  input(aggregate(x, cluster = id, struct = "XX"), "struct")
  input(aggregate(x, cluster = id, struct = "CAR", phi = .5), "time")
  input(aggregate(x, cluster = id, V = diag(3)), "V")
  input(aggregate(x, cluster = id, rho = .5, fun = mean), "fun")
  expect_error(aggregate(x, cluster = id, rho = 1), class = "metaparity_error_studies")
  x$id[1] <- NA
  expect_error(aggregate(x, cluster = id, rho = .5), class = "metaparity_error_studies")
})

test_that("a list of matrices belongs to the clusters", {
  x <- correlated()
  V <- lapply(split(x$vi, factor(x$id, unique(x$id))), function(v) .5 * sqrt(outer(v, v)) + diag(.5 * v, length(v)))
  expect_equal(aggregate(x, cluster = id, V = V)$yi, aggregate(x, cluster = id, rho = .5)$yi, tolerance = 1e-12)
})

d <- stata_fixture("example.csv")

test_that("six variables give the definitions of the help file", {
  N <- with(d, tsample + csample)
  sp <- with(d, sqrt(((tsample - 1) * tsd^2 + (csample - 1) * csd^2) / (N - 2)))
  of <- function(...) metan(tsample, tmean, tsd, csample, cmean, csd, data = d, ...)$studies
  base <- with(d, N / (tsample * csample))
  g <- with(d, (tmean - cmean) / sp * (1 - 3 / (4 * N - 9)))
  h <- of(hedges = TRUE)
  expect_equal(h$yi, g)
  expect_equal(h$vi, base + g^2 / (2 * (N - 3.94)))
  delta <- with(d, (tmean - cmean) / csd)
  s <- of(glass = TRUE)
  expect_equal(s$yi, delta)
  expect_equal(s$vi, base + delta^2 / (2 * (d$csample - 1)))
  w <- of(nostandard = TRUE, random = TRUE)
  expect_equal(w$yi, d$tmean - d$cmean)
  expect_equal(w$vi, with(d, tsd^2 / tsample + csd^2 / csample))
})

test_that("Peto's method is the sum of O - E over the sum of V", {
  v <- metan(tdeath, tnodeath, cdeath, cnodeath, data = d, peto = TRUE, chi2 = TRUE)
  with(d, {
    n1 <- tdeath + tnodeath
    n2 <- cdeath + cnodeath
    N <- n1 + n2
    m <- tdeath + cdeath
    V <- n1 * n2 * m * (N - m) / (N^2 * (N - 1))
    theta <- (tdeath - n1 * m / N) / V
    pooled <- sum(V * theta) / sum(V)
    expect_equal(v$r$ES, exp(pooled))
    expect_equal(v$r$het, sum(V * (theta - pooled)^2))
    expect_equal(v$r$chi2, pooled^2 * sum(V))
    expect_equal(v$table$weight[1:20], 100 * V / sum(V))
  })
  expect_match(format(v), "Test of OR=1: chi-squared = ", all = FALSE, fixed = TRUE)
})

test_that("chi2 is the Mantel-Haenszel test without continuity correction", {
  v <- metan(tdeath, tnodeath, cdeath, cnodeath, data = d, or = TRUE, chi2 = TRUE)
  expect_identical(format(v)[length(format(v))], "  Test of OR=1: chi-squared = 0.66 (d.f. = 1) p = 0.417")
})

test_that("random takes Q around Mantel-Haenszel, randomi around inverse variance", {
  r <- metan(tdeath, tnodeath, cdeath, cnodeath, data = d, random = TRUE)
  i <- metan(tdeath, tnodeath, cdeath, cnodeath, data = d, randomi = TRUE)
  f <- metan(tdeath, tnodeath, cdeath, cnodeath, data = d, fixed = TRUE)
  s <- r$studies
  expect_equal(r$r$het, sum((s$yi - log(f$r$ES))^2 / s$vi))
  expect_equal(i$r$het, sum((s$yi - weighted.mean(s$yi, 1 / s$vi))^2 / s$vi))
  dl <- function(Q) (Q - 19) / (sum(1 / s$vi) - sum(1 / s$vi^2) / sum(1 / s$vi))
  expect_equal(r$r$tau2, dl(r$r$het))
  expect_equal(i$r$tau2, dl(i$r$het))
})

test_that("zero cells: corrected in every sum, switched off by cc = 0, risk differences keep their estimates", {
  z <- data.frame(a = c(0, 5, 8), b = c(20, 15, 22), c = c(4, 7, 9), d = c(16, 13, 21))
  v <- metan(a, b, c, d, data = z)
  k <- z
  k[1, ] <- k[1, ] + 0.5
  n1 <- k$a + k$b
  n2 <- k$c + k$d
  expect_equal(v$r$ES, sum(k$a * n2 / (n1 + n2)) / sum(k$c * n1 / (n1 + n2)))
  expect_equal(v$table$weight[1:3], 100 * (k$c * n1 / (n1 + n2)) / sum(k$c * n1 / (n1 + n2)))
  half <- metan(a, b, c, d, data = z, cc = 0.25)
  expect_equal(half$studies$yi[1], log(.25 * 20.5 / (4.25 * 20.5)))
  expect_warning(none <- metan(a, b, c, d, data = z, fixedi = TRUE, cc = 0), class = "metaparity_warning_dropped")
  expect_identical(none$table$type, c("study", "study", "excluded", "overall"))
  rd <- metan(a, b, c, d, data = z, rd = TRUE)
  expect_equal(rd$studies$yi, z$a / (z$a + z$b) - z$c / (z$c + z$d))
  w <- (z$a + z$b) * (z$c + z$d) / rowSums(z)
  expect_equal(rd$r$ES, sum(w * rd$studies$yi) / sum(w))
  expect_equal(rd$studies$vi[1], .5 * 20.5 / 21^3 + 4.5 * 16.5 / 21^3)
})

test_that("weights of the user's own", {
  v <- metan(logor, selogor, data = d, wgt = n_positives)
  w <- d$n_positives
  expect_equal(v$r$ES, sum(w * d$logor) / sum(w))
  expect_equal(v$r$seES, sqrt(sum(w^2 * d$selogor^2)) / sum(w))
  expect_error(metan(logor, selogor, data = d, wgt = -n_positives), class = "metaparity_error_studies")
})

test_that("bad counts and sizes are named with their rows", {
  z <- data.frame(a = c(-1, 5, 8), b = c(20, 15, 22), c = c(4, 7, 9), d = c(16, 13, 21))
  e <- tryCatch(metan(a, b, c, d, data = z), metaparity_error_studies = identity)
  expect_identical(list(e$arg, e$rows), list("a", 1L))
  e <- tryCatch(metan(1, 2, 3, 5, 2, 1), metaparity_error_studies = identity)
  expect_identical(e$rows, 1L)
  expect_error(metan(5, 2, -3, 5, 2, 1), class = "metaparity_error_studies")
  expect_error(suppressWarnings(metan(0, 0, 3, 4)), class = "metaparity_error_input")
  expect_error(metan(logor, selogor, data = d, second = list(1, 2, "x", 3)), class = "metaparity_error_input")
  user <- metan(logor, selogor, data = d, second = list(.1, -.1, .3, "Bayesian"), secondstats = "p = 0.3")
  expect_match(format(user), "^Bayesian pooled ES", all = FALSE)
  expect_equal(user$r$ES_2, .1)
  rows <- forest_rows(user)
  expect_match(rows$label[nrow(rows)], "p = 0.3")
})

test_that("the underlying fits carry labels and measures", {
  v <- metan(tdeath, tnodeath, cdeath, cnodeath, data = d, random = TRUE, label = id, by = type_study)
  expect_s3_class(v$fit$overall, "rma.uni")
  expect_identical(v$fit$overall$slab, d$id)
  expect_identical(v$fit$overall$measure, "RR")
  expect_named(v$fit$groups, sort(unique(d$type_study)))
  m <- metan(tdeath, tnodeath, cdeath, cnodeath, data = d, label = id)
  expect_s3_class(m$fit$overall, "rma.mh")
  expect_identical(m$fit$overall$slab, d$id)
  expect_warning(metan(logor, selogor, data = d, xtick = 1), class = "metaparity_warning_input")
})

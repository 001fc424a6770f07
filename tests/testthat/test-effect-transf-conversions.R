test_that("group sizes, risks and proportions as metafor takes them", {
  skip_if_not_installed("metafor")
  x <- c(-0.7, 0.2, 0.5)
  n1 <- c(10, 25, 40)
  n2 <- c(12, 50, 8)
  for (f in paste0("transf.", c("dtorpb", "dtorbis", "rtod", "rpbtod"))) {
    ours <- getExportedValue("metaparity", f)
    theirs <- getExportedValue("metafor", f)
    expect_gate(ours(x, n1, n2), theirs(x, n1, n2), "closed_form")
    expect_gate(ours(x, 20, 30), theirs(x, rep(20, 3), rep(30, 3)), "closed_form")
    expect_gate(ours(x, 20), theirs(x, 20), "closed_form")
  }
  for (f in paste0("transf.", c("rpbtorbis", "rtorpb"))) {
    p <- c(0.2, 0.5, NA)
    expect_gate(getExportedValue("metaparity", f)(x, p), getExportedValue("metafor", f)(x, p), "closed_form")
  }
  pc <- c(0, 0.3, 1)
  expect_gate(transf.lnortord(x, pc), metafor::transf.lnortord(x, pc), "closed_form", scale = 1e-3)
  expect_gate(transf.lnortorr(x, pc), metafor::transf.lnortorr(x, pc), "closed_form")
})

test_that("overlap, superiority and their kin from the two normal distributions", {
  d <- c(-1.3, 0, 0.2, 2)
  below <- function(cut, mean) vapply(seq_along(d), function(i) pnorm(cut[i], mean[i]), 0)
  expect_gate(transf.dtou3(d), 1 - below(rep(0, 4), d), "closed_form")
  expect_gate(transf.dtou2(d), pnorm(d / 2), "closed_form")
  overlap <- vapply(d, function(m) {
    integrate(function(x) pmin(dnorm(x), dnorm(x, m)), -12, m / 2, rel.tol = 1e-12)$value +
      integrate(function(x) pmin(dnorm(x), dnorm(x, m)), m / 2, 12, rel.tol = 1e-12)$value
  }, 0)
  expect_gate(transf.dtoovl(d), overlap, "exact_solution")
  superior <- vapply(d, function(m) integrate(function(x) pnorm(x) * dnorm(x, m), -15, 15, rel.tol = 1e-12)$value, 0)
  expect_gate(transf.dtocles(d), superior, "exact_solution")
  expect_gate(transf.dtocliffd(d), 2 * superior - 1, "exact_solution", scale = 1)
  expect_gate(transf.clestod(superior), d, "exact_solution", scale = 1)
  # Cohen's U1, the share of both that does not overlap, from U2.
  u2 <- pnorm(abs(d) / 2)
  expect_gate(transf.dtou1(d), (2 * u2 - 1) / u2, "closed_form", scale = 1)
})

test_that("d and r by the t test that both describe", {
  n1 <- 12
  n2 <- 30
  d <- c(-0.8, 0.1, 1.5)
  t <- d / sqrt(1 / n1 + 1 / n2)
  r <- t / sqrt(t^2 + n1 + n2 - 2)
  expect_gate(transf.dtorpb(d, n1, n2), r, "closed_form")
  expect_gate(transf.rpbtod(r, n1, n2), d, "closed_form")
  p <- n1 / (n1 + n2)
  expect_gate(transf.dtorbis(d, n1, n2), r * sqrt(p * (1 - p)) / dnorm(qnorm(p)), "closed_form")
  expect_gate(transf.rpbtorbis(r, p), r * sqrt(p * (1 - p)) / dnorm(qnorm(p)), "closed_form")
  expect_gate(transf.rtorpb(transf.rpbtorbis(r / 2, p), p), r / 2, "closed_form")
})

test_that("odds ratios as risks differ from the risk of the control group", {
  pc <- c(0.05, 0.3, 0.8)
  lnor <- c(-1, 0.2, 0.7)
  pt <- plogis(qlogis(pc) + lnor)
  expect_gate(transf.lnortord(lnor, pc), pt - pc, "closed_form", scale = 1)
  expect_gate(transf.lnortorr(lnor, pc), pt / pc, "closed_form")
  expect_gate(transf.dtomd(c(-0.5, 2), 12.5), c(-6.25, 25), "closed_form")
})

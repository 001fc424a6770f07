same_vcalc <- function(...) {
  call <- substitute(list(...))
  run <- function(f) suppressWarnings(eval(as.call(c(f, as.list(call)[-1L])), parent.frame(2L)))
  a <- run(vcalc)
  b <- run(metafor::vcalc)
  expect_equal(unclass(a), unclass(b), tolerance = gate("closed_form"), ignore_attr = TRUE)
  expect_identical(capture.output(print(a)), capture.output(print(b)))
}

test_that("covariances of dependent estimates are metafor's", {
  d <- data.frame(s = c(1, 1, 1, 1, 2, 2), obs = c(1, 2, 1, 2, 1, 2), type = c("a", "a", "b", "b", "a", "b"),
                  t = c(1, 3, 2, 2, 1, 2), v = c(1, 4, 1, 1, 2, 3), sub = c(1, 1, 2, 2, 1, 1))
  R <- matrix(c(1, 0.3, 0.3, 1), 2, dimnames = list(c("a", "b"), c("a", "b")))
  same_vcalc(v, cluster = s, obs = obs, type = type, rho = c(0.6, 0.4), data = d)
  same_vcalc(v, cluster = s, time1 = t, phi = 0.8, data = d)
  same_vcalc(v, cluster = s, obs = obs, time1 = t, rho = 0.5, phi = 0.8, data = d)
  same_vcalc(v, cluster = s, type = type, rho = R, data = d)
  same_vcalc(v, cluster = s, obs = obs, type = type, rho = list(0.7, R), data = d)
  same_vcalc(v, cluster = s, subgroup = sub, obs = obs, rho = 0.5, data = d)
  same_vcalc(vi, cluster = study, obs = esid, rho = 0.6, data = metadat::dat.assink2016)
  same_vcalc(vi = 1, cluster = author, rvars = c(v1i, v2i), data = metadat::dat.berkey1998)
})

test_that("contrasts that share a group, by size and time", {
  g <- data.frame(s = 1, g1 = c(2, 3, 1, 2), g2 = c(1, 1, 4, 3), w1 = c(10, 20, 30, 5), w2 = c(40, 40, 6, 7),
                  t1 = c(1, 2, 1, 3), t2 = c(1, 1, 2, 1), v = 1)
  same_vcalc(v, cluster = s, grp1 = g1, grp2 = g2, data = g)
  same_vcalc(v, cluster = s, grp1 = g1, grp2 = g2, w1 = w1, w2 = w2, data = g)
  same_vcalc(v, cluster = s, grp1 = g1, grp2 = g2, time1 = t1, time2 = t2, phi = 0.7, data = g)
  g$g2[1] <- 2
  g$t2[1] <- 2
  same_vcalc(v, cluster = s, grp1 = g1, grp2 = g2, time1 = t1, time2 = t2, w1 = w1, w2 = w2, phi = 0.7, data = g)
})

test_that("what is wrong is named", {
  d <- data.frame(s = c(1, 1), o = 1:2, v = c(1, 2))
  wrong <- list(cluster = quote(vcalc(v, obs = o, rho = 0.5, data = d)), rho = quote(vcalc(v, s, obs = o, data = d)),
                rho = quote(vcalc(v, s, obs = o, rho = 1.5, data = d)), phi = quote(vcalc(v, s, time1 = o, data = d)),
                rvars = quote(vcalc(v, s, rvars = zz, data = d)), nearpd = quote(vcalc(v, s, nearpd = TRUE, data = d)))
  for (i in seq_along(wrong)) {
    error <- tryCatch(eval(wrong[[i]]), error = identity)
    expect_s3_class(error, "metaparity_error_input")
    expect_identical(error$arg, names(wrong)[i])
  }
  expect_warning(vcalc(v, s, data = d), class = "metaparity_warning_input")
})

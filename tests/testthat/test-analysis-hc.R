test_that("estimate and limits are metafor's with its tolerance at the resolution of doubles", {
  for (d in moderator_sets()) {
    a <- hc(rma(yi, vi, data = d))
    b <- metafor::hc(metafor_fit(d$yi, d$vi), control = list(tol = 1e-13))
    expect_same_fields(a, b, setdiff(names(a), "digits"), "metafor_iterative", scale = a$se)
    expect_same_print(a, b)
    expect_same_print(hc(rma(yi, vi, data = d), transf = exp),
                      metafor::hc(metafor_fit(d$yi, d$vi), transf = exp, control = list(tol = 1e-13)))
  }
})

test_that("the interval scales with the data", {
  d <- moderator_sets()$bcg
  a <- hc(rma(yi, vi, data = d))
  b <- hc(rma(1e-5 * yi, 1e-10 * vi, data = d))
  expect_gate(b$ci.lb, 1e-5 * a$ci.lb, "scale_free")
  expect_error(hc(rma(yi, vi, mods = ~x, data = d)), class = "metaparity_error_input")
})

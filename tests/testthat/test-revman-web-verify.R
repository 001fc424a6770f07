test_that("what a package should hold of a pooled result: zeros for none, T only with Hartung and Knapp", {
  p <- data.frame(k = c(3, 0), est = c(log(2), NA), se = c(0.5, NA), ci.lb = c(0, NA), ci.ub = c(1, NA), z = 1.4,
                  p = 0.2, Q = 2, df = c(2, NA), Qp = 0.3, I2 = 10, tau2 = 0.1, pi.lb = -1, pi.ub = 2, weight = 100)
  plain <- web_pool(p, exp, list(random = FALSE, hksj = FALSE))
  expect_gate(plain$effect_size, c(2, 0), "closed_form")
  expect_true(is.na(plain$tau2[1L]))
  expect_false("t" %in% names(plain))
  expect_true(all(plain[2L, ] == 0))
  adjusted <- web_pool(p, exp, list(random = TRUE, hksj = TRUE))
  expect_gate(adjusted$t[1L], log(2) / 0.5, "closed_form")
  expect_identical(adjusted$tau2[1L], 0.1)
  p$df[1L] <- 0
  expect_identical(web_pool(p, exp, list(random = TRUE, hksj = TRUE))$t[1L], 0)
})

test_that("each changed number is found where it stands, zeros that were never computed are no results", {
  x <- read_revman_web(made_package()$folder)
  expect_setequal(verify_revman_web(x)$verdict, "equal")
  for (field in c("effect_size", "ci_start", "weight")) {
    changed <- x
    changed$rows[[field]][3L] <- changed$rows[[field]][3L] * 1.01
    v <- verify_revman_web(changed)
    off <- v[v$verdict == "different", ]
    expect_identical(off$field, field)
    expect_identical(off$level, "row")
  }
  blank <- x
  blank$rows[2L, c("effect_size", "ci_start", "ci_end")] <- 0
  v <- verify_revman_web(blank)
  expect_true("not a result" %in% v$verdict)
  expect_false("different" %in% v$verdict)
})

test_that("the tolerance decides, and what is no package is refused", {
  x <- read_revman_web(made_package()$folder)
  x$rows$effect_size[2L] <- x$rows$effect_size[2L] * (1 + 1e-6)
  expect_true("different" %in% verify_revman_web(x)$verdict)
  expect_false("different" %in% verify_revman_web(x, tolerance = 1e-4)$verdict)
  expect_error(verify_revman_web(x, tolerance = -1), class = "metaparity_error_input")
  expect_error(verify_revman_web(example_review()), class = "metaparity_error_input")
})

test_that("tests and intervals are those that the verbs take", {
  expect_true(all(c("z", "t", "knha", "hksj", "adhoc", names(bias_tests_done)) %in% names(test_formulas)))
  expect_true(all(tau2_interval_types %in% names(interval_formulas)))
  for (rows in list(tau2_formulas, test_formulas, interval_formulas)) {
    expect_true(all(vapply(rows, function(row) nzchar(row$formula) && nzchar(row$source), NA)))
  }
})

test_that("formulas in closed form give the numbers of the core", {
  y <- c(-0.9, -1.6, -1.3, -0.2, 0.1)
  v <- c(0.33, 0.19, 0.42, 0.05, 0.02)
  k <- 5
  w <- 1 / v
  m <- sum(w * y) / sum(w)
  Q <- sum(w * (y - m)^2)
  C <- sum(w) - sum(w^2) / sum(w)
  of <- function(method) rma(y, v, method = method)$tau2
  value <- function(name) {
    parts <- strsplit(tau2_formulas[[name]]$formula, "; |, (?=[a-z0-9]+ = )", perl = TRUE)[[1L]]
    known <- list2env(list(y = y, v = v, k = k, w = w, Q = Q, C = C))
    for (part in rev(parts)) found <- eval(parse(text = sub(" = ", " <- ", part, fixed = TRUE)), known)
    found
  }
  for (name in c("HS", "HSk", "HE", "DL", "SJ", "HM", "BP")) expect_gate(of(name), value(name), "closed_form")
})

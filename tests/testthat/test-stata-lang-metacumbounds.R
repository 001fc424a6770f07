bcg_trials <- function() {
  d <- metadat::dat.bcg
  data.frame(a = d$tpos, b = d$tneg, c = d$cpos, d = d$cneg, author = d$author)
}

test_that("boundaries are Lan and DeMets' printed ones", {
  # Five looks, two-sided 0.05; Lan & DeMets (1983), Reboussin et al. (2000): printed with four and five figures.
  bound <- function(kind) metaparity:::cpp_spending_bounds(1:5 / 5, 0.05, kind, 1)$bound
  expect_gate(bound("obrienfleming"), c(4.8769, 3.3569, 2.6803, 2.2898, 2.0310), "spending_printed")
  expect_gate(bound("pocock"), c(2.438, 2.427, 2.410, 2.397, 2.386), "spending_printed")
})

test_that("alpha is spent: the chance to leave at each look, by simulation", {
  set.seed(1)
  t <- c(0.3, 0.35, 0.8, 1)
  found <- metaparity:::cpp_spending_bounds(t, 0.2, "power", 1)
  S <- apply(matrix(stats::rnorm(4e5), 4) * sqrt(diff(c(0, t))), 2, cumsum)
  out <- abs(S / sqrt(t)) >= found$bound
  share <- rowMeans(apply(out, 2, cumsum) > 0)
  expect_equal(found$spent, 0.2 * t)
  expect_lt(max(abs(share - found$spent)), 5 * sqrt(0.2 * 0.8 / 1e5))
})

test_that("metacumbounds pools as metan and takes the trials' sizes for information", {
  skip_if_not_installed("metadat")
  d <- bcg_trials()
  line <- "metacumbounds a b c d, data(count) effect(r) spending(1) is(ais) stat(rr) id(author) graph"
  out <- stata(c(line, "matrix B = r(bounds)", "display %21.17f B[13,3]", "display %21.17f B[8,2]",
                 "display %21.17f B[13,5]"), d)
  m <- metan(a, b, c, d, data = d, rr = TRUE, random = TRUE, version = 9)$r
  size <- cumsum(rowSums(d[1:4]))
  value <- as.numeric(utils::tail(out$log, 3))
  expect_gate(value[1:2], c(log(m$ES) / m$selogES, size[8] / size[13]), "exact_solution")
  t <- size / size[13]
  expect_gate(value[3], metaparity:::cpp_spending_bounds(t, 0.05, "obrienfleming", 1)$bound[13], "exact_solution")
  expect_true("The boundary is crossed with trial Hart & Sutherland" %in% out$log)
  expect_length(out$graphs, 1L)
})

test_that("the required size is the sample size of two proportions, divided by 1 - D2", {
  skip_if_not_installed("metadat")
  d <- bcg_trials()
  line <- "quietly metacumbounds a b c d, data(count) effect(f) spending(1) is(apis) rrr(0.2) beta(.1) diversity"
  value <- as.numeric(utils::tail(stata(c(line, "display %21.17f r(APIS)", "display %21.17f r(D2)",
                                          "display %21.17f r(IS)"), d)$log, 3))
  p <- sum(d$c) / sum(d$c + d$d)
  m <- p * 0.9
  z <- stats::qnorm(0.975) + stats::qnorm(0.9)
  size <- 4 * z^2 * m * (1 - m) / (0.2 * p)^2
  se <- function(...) metan(a, b, c, d, data = d, rr = TRUE, version = 9, ...)$r$selogES
  D2 <- 1 - se(fixed = TRUE)^2 / se(random = TRUE)^2
  expect_gate(value, c(size, D2, size / (1 - D2)), "exact_solution")
})

test_that("hazard ratios come with their errors and sizes; wrong words are refused", {
  d <- data.frame(y = c(-0.3, -0.2, -0.5), s = c(0.3, 0.25, 0.2), n = c(100, 150, 240), c1 = 1)
  log <- stata("metacumbounds y s n, data(loghr) effect(f) spending(2) is(ais)", d)$log
  expect_true(any(grepl("Pocock type spending", log)))
  run <- function(options) stata(paste("metacumbounds y s n, data(loghr) effect(f)", options), d)
  expect_error(run("spending(4) is(ais)"), class = "metaparity_error_stata")
  expect_error(run("spending(1) is(apis)"), class = "metaparity_error_stata")
  expect_error(run("spending(1)"), class = "metaparity_error_stata")
})

# Oracle: metafor's escalc(), side by side.

same_effects <- function(...) {
  ours <- suppressWarnings(metaparity::escalc(...))
  theirs <- suppressWarnings(metafor::escalc(...))
  label <- paste(c(..1, names(list(...))), collapse = " ")
  expect_identical(is.na(ours$yi), is.na(as.vector(theirs$yi)), label = label)
  use <- !is.na(theirs$yi)
  expect_gate(ours$yi[use], theirs$yi[use], "metafor_closed", scale = 1e-4)
  expect_gate(ours$vi[use], theirs$vi[use], "metafor_closed")
}

binary_measures <- c("RR", "OR", "RD", "PETO", "AS")
means_measures <- list(MD = c("LS", "UB", "HO"), SMD = c("LS", "LS2", "LS3", "UB", "AV", "H0"),
                       SMDH = c("LS", "LS2", "LS3"), ROM = c("LS", "LS2", "HO", "AV", "AVHO"))
proportion_measures <- c("PR", "PLN", "PLO", "PRZ", "PAS", "PFT")
binary_vtypes <- function(m) switch(m, RD = c("LS", "UB", "AV"), RR = , OR = c("LS", "AV"), "LS")
proportion_vtypes <- function(m) switch(m, PR = c("LS", "UB", "AV"), PLN = , PLO = c("LS", "AV"), "LS")
zero_rules <- expand.grid(to = c("only0", "all", "if0all", "none"), drop00 = c(FALSE, TRUE),
                          stringsAsFactors = FALSE)

test_that("2x2 measures agree with metafor under every rule for zero cells", {
  skip_if_not_installed("metafor")
  ai <- c(3, 0, 0, 5, NA)
  bi <- c(7, 10, 9, 0, 4)
  ci <- c(5, 2, 0, 4, 0)
  di <- c(11, 12, 13, 0, 9)
  for (m in binary_measures) for (v in binary_vtypes(m)) for (r in seq_len(nrow(zero_rules))) {
    for (add in c(0.5, 0.1)) {
      same_effects(m, ai = ai, bi = bi, ci = ci, di = di, add = add, to = zero_rules$to[r],
                   drop00 = zero_rules$drop00[r], vtype = v)
    }
    same_effects(m, ai = ai, bi = bi, ci = ci, di = di, to = zero_rules$to[r], vtype = v)
  }
})

test_that("means agree with metafor for every variance formula", {
  skip_if_not_installed("metafor")
  x <- list(n1i = c(10, 20, 33, 2), n2i = c(12, 25, 31, 3), m1i = c(3, 4, 5, NA), m2i = c(2, 3.5, 5.2, 2),
            sd1i = c(1, 1.2, 1.5, 1), sd2i = c(1.1, 1.6, 2, 1))
  for (m in names(means_measures)) for (v in means_measures[[m]]) for (correct in c(TRUE, FALSE)) {
    do.call(same_effects, c(list(m), x, list(vtype = v, correct = correct)))
  }
  same_effects("SMD", di = c(.5, NA, NA), ti = c(NA, 2, NA), pi = c(NA, NA, -.02), n1i = c(10, 20, 33),
               n2i = c(12, 25, 31))
  same_effects("SMD", ri = c(.04, -.3, .5), n1i = c(10, 20, 33), n2i = c(12, 25, 31))
  do.call(same_effects, c(list("SMD"), x, list(di = c(.5, NA, NA, 1))))
  same_effects("SMD", n1i = c(1, 2), n2i = c(1, 2), m1i = 1:2, m2i = c(0, 0), sd1i = c(1, 1), sd2i = c(1, 1))
})

test_that("one proportion agrees with metafor", {
  skip_if_not_installed("metafor")
  for (m in proportion_measures) for (v in proportion_vtypes(m)) for (to in unique(zero_rules$to)) {
    same_effects(m, xi = c(3, 0, 5, 20, NA), ni = c(10, 15, 30, 20, 10), to = to, vtype = v)
    same_effects(m, xi = c(3, 0, 5), mi = c(7, 15, 0), to = to, add = 0.25, vtype = v)
  }
})

test_that("given effects agree with metafor, limits give the standard error", {
  skip_if_not_installed("metafor")
  same_effects("GEN", yi = c(1, 2), vi = c(.1, 0))
  same_effects("GEN", yi = c(1, NA), sei = c(.1, .2))
  x <- escalc(yi = -0.4, ci.lb = -0.9, ci.ub = 0.1)
  expect_gate(x$vi, (1 / (2 * qnorm(.975)))^2, "closed_form")
  expect_gate(escalc("GEN", ci.lb = -0.9, ci.ub = 0.1, level = 90)$yi, -0.4, "closed_form")
})

test_that("2x2 data sets of metadat agree with metafor", {
  skip_if_not_installed("metafor")
  sets <- read_metadat(metadat_tables, c("ai", "n1i", "ci", "n2i"))
  expect_length(sets, 26L)
  for (x in sets) for (m in binary_measures) {
    for (v in binary_vtypes(m)) do.call(same_effects, c(list(m), x, list(vtype = v)))
    do.call(same_effects, c(list(m), x, list(to = "all", drop00 = TRUE)))
    do.call(same_effects, c(list(m), x, list(to = "if0all", add = 0.1)))
  }
})

test_that("means of metadat agree with metafor", {
  skip_if_not_installed("metafor")
  sets <- read_metadat(metadat_means, c("n1i", "n2i", "m1i", "m2i", "sd1i", "sd2i"))
  expect_length(sets, 7L)
  for (x in sets) for (m in names(means_measures)) for (v in means_measures[[m]]) for (correct in c(TRUE, FALSE)) {
    do.call(same_effects, c(list(m), x, list(vtype = v, correct = correct)))
  }
})

test_that("proportions of metadat agree with metafor", {
  skip_if_not_installed("metafor")
  sets <- read_metadat(metadat_proportions, c("xi", "ni"))
  expect_length(sets, 7L)
  for (x in sets) for (m in proportion_measures) for (v in proportion_vtypes(m)) {
    do.call(same_effects, c(list(m), x, list(vtype = v)))
  }
})

test_that("subset, include, slab, append, replace, flip, names and attributes follow metafor", {
  skip_if_not_installed("metafor")
  d <- metadat::dat.bcg[1:5, c("trial", "author", "tpos", "tneg", "cpos", "cneg")]
  d$author[2] <- d$author[1]
  had <- transform(d, yi = c(1, NA, 2, NA, 3))
  run <- function(f, more) {
    eval(as.call(c(f, list("OR"), alist(ai = tpos, bi = tneg, ci = cpos, di = cneg), more)), list(d = d, had = had))
  }
  plain <- function(x) {
    class(x) <- "data.frame"
    yi <- attr(x, "yi.names")[1L]
    attr(x[[yi]], "ni") <- as.numeric(attr(x[[yi]], "ni"))
    x
  }
  compare <- function(...) {
    more <- as.list(substitute(list(...)))[-1L]
    ours <- plain(run(quote(metaparity::escalc), more))
    theirs <- plain(run(quote(metafor::escalc), more))
    expect_equal(names(ours), names(theirs))
    expect_equal(attributes(ours)[sort(names(attributes(theirs)))], attributes(theirs)[sort(names(attributes(theirs)))])
    for (column in names(theirs)) {
      expect_equal(as.vector(ours[[column]]), as.vector(theirs[[column]]), tolerance = 1e-10)
      own <- attributes(ours[[column]])
      own$rows <- NULL
      expect_equal(own[sort(names(own))], attributes(theirs[[column]])[sort(names(attributes(theirs[[column]])))])
    }
  }
  compare(data = d)
  compare(data = d, slab = author)
  compare(data = d, subset = trial > 2, slab = author)
  compare(data = d, include = trial > 2)
  compare(data = d, add.measure = TRUE)
  compare(data = d, append = FALSE, slab = author)
  compare(data = d, flip = c(TRUE, FALSE, FALSE, TRUE, TRUE))
  compare(data = d, flip = c(2, 1, 1, -1, 1))
  compare(data = d, digits = c(est = 3, var = 6))
  compare(data = d, var.names = c("y", "v"))
  compare(data = had, replace = FALSE)
  both <- metaparity::escalc("RR", ai = tpos, bi = tneg, ci = cpos, di = cneg, var.names = c("y2", "v2"),
                             data = run(quote(metaparity::escalc), list(data = d)))
  expect_equal(attr(both, "yi.names"), c("y2", "yi"))
})

test_that("data need not be a data frame column, and rows keep their names", {
  x <- escalc("RR", ai = 4, n1i = 123, ci = 11, n2i = 139)
  expect_s3_class(x, c("metaparity_escalc", "escalc", "data.frame"), exact = TRUE)
  expect_gate(x$yi, log((4 / 123) / (11 / 139)), "closed_form")
  expect_null(attr(escalc(yi = 1, vi = 1)$yi, "ni"))
  expect_equal(attr(escalc(yi = 1, vi = 1, ni = 30)$yi, "ni"), 30)
  kept <- escalc("PR", xi = x, ni = n, data = data.frame(x = 1:3, n = 9, row.names = c("a", "b", "c")), subset = 2:3)
  expect_equal(row.names(kept), c("b", "c"))
})

test_that("each mistake gives its class, its argument and all its rows", {
  input <- function(expr, arg) expect_identical(expect_error(expr, class = "metaparity_error_input")$arg, arg)
  rows <- function(expr, arg, rows) {
    e <- expect_error(expr, class = "metaparity_error_studies")
    expect_identical(e$arg, arg)
    expect_identical(as.integer(e$rows), as.integer(rows))
  }
  one <- c(1, 2, 3)
  input(escalc("XX", ai = 1), "measure")
  input(escalc("COR", ri = .5), "ni")
  input(escalc(1, ai = 1), "measure")
  input(escalc("OR", ai = nosuch, bi = one, ci = one, di = one, data = data.frame(a = one)), "ai")
  input(escalc("OR", ai = one, bi = one, ci = one), "di")
  input(escalc("OR", ai = one, bi = 1:2, ci = one, di = one), "bi")
  input(escalc("OR", ai = factor(one), bi = one, ci = one, di = one), "ai")
  input(escalc("OR", ai = one, bi = c("a", "b", "c"), ci = one, di = one), "bi")
  input(escalc("OR", ai = numeric(), bi = numeric(), ci = numeric(), di = numeric()), "ai")
  input(escalc("OR", ai = one, bi = one, ci = one, di = one, vtype = "UB"), "vtype")
  input(escalc("ZCOR", ri = .5, ni = 10, vtype = "UB"), "vtype")
  input(escalc("OR", ai = one, bi = one, ci = one, di = one, vtype = 1), "vtype")
  input(escalc("OR", ai = one, bi = one, ci = one, di = one, vtype = c("LS", "AV")), "vtype")
  input(escalc("OR", ai = one, bi = one, ci = one, di = one, add = -1), "add")
  input(escalc("OR", ai = one, bi = one, ci = one, di = one, to = "some"), "to")
  input(escalc("OR", ai = one, bi = one, ci = one, di = one, drop00 = NA), "drop00")
  input(escalc("OR", ai = one, bi = one, ci = one, di = one, convention = "sas"), "convention")
  input(escalc("OR", ai = one, bi = one, ci = one, di = one, var.names = "y"), "var.names")
  input(escalc("OR", ai = one, bi = one, ci = one, di = one, flip = 1:2), "flip")
  input(escalc("OR", ai = one, bi = one, ci = one, di = one, digits = "a"), "digits")
  expect_warning(escalc("OR", ai = 1, bi = 2, ci = 3, di = 4, digits = c(esst = 1)), class = "metaparity_warning_input")
  input(escalc("GEN", yi = one), "sei")
  input(escalc("MD", n1i = one, n2i = one, m1i = one, m2i = one, sd1i = one), "sd2i")
  input(escalc("PR", xi = one), "ni")
  rows(escalc("OR", ai = c(-1, 2, -3), bi = one, ci = one, di = one), "ai", c(1, 3))
  rows(escalc("OR", ai = c(1, Inf, 3), bi = one, ci = one, di = one), "ai", 2)
  rows(escalc("OR", ai = c(5, 2, 9), n1i = c(4, 4, 4), ci = one, n2i = c(9, 9, 9)), "ai", c(1, 3))
  rows(escalc("PR", xi = c(5, 2), ni = c(4, 4)), "xi", 1)
  rows(escalc("MD", n1i = c(0, 5), n2i = c(5, -5), m1i = 1:2, m2i = 1:2, sd1i = 1:2, sd2i = 1:2), "n1i", 1)
  rows(escalc("MD", n1i = c(5, 5), n2i = c(5, 5), m1i = 1:2, m2i = 1:2, sd1i = c(1, -2), sd2i = 1:2), "sd1i", 2)
  rows(escalc("GEN", yi = 1:2, vi = c(1, -1)), "vi", 2)
  rows(escalc("GEN", yi = 1:2, sei = c(-1, 1)), "sei", 1)
  rows(escalc("GEN", yi = c(Inf, 1), sei = c(1, 1)), "yi", 1)
  rows(escalc("GEN", yi = 1:2, ci.lb = c(0, 3), ci.ub = c(2, 4)), "ci.lb", 2)
})

test_that("rows that need a look give a warning that names them all", {
  warned <- function(expr, rows) {
    w <- expect_warning(expr, class = "metaparity_warning_studies")
    expect_identical(as.integer(w$rows), as.integer(rows))
  }
  warned(escalc("OR", ai = c(1.5, 2), bi = c(3, 4), ci = c(1, 2.5), di = c(3, 3)), 1:2)
  warned(escalc("OR", ai = c(0, 2), bi = c(3, 4), ci = c(1, 2), di = c(3, 3), add = 0), 1)
  warned(escalc("MD", n1i = c(1, 5), n2i = c(5, 5), m1i = 1:2, m2i = 1:2, sd1i = 1:2, sd2i = 1:2), 1)
  warned(escalc("MD", n1i = c(5, 5), n2i = c(5, 5), m1i = 1:2, m2i = 1:2, sd1i = c(1, 0), sd2i = 1:2), 2)
  warned(escalc("GEN", yi = c(.5, 1), ci.lb = c(.2, .5), ci.ub = c(1.25, 1.5)), 1)
})

test_that("a million tables have an estimate each", {
  skip_on_cran()
  set.seed(1)
  k <- 1e6
  n <- rpois(k, 50) + 1
  x <- rbinom(k, n, .3)
  y <- rbinom(k, n, .2)
  e <- escalc("OR", ai = x, n1i = n, ci = y, n2i = n)
  expect_equal(nrow(e), k)
  expect_true(all(is.finite(e$yi) & e$vi > 0))
})

test_that("labels stay with the data, and the measure stands where an effect was computed", {
  skip_if_not_installed("metafor")
  skip_if_not_installed("metadat")
  twice <- function(escalc, ...) {
    d <- escalc("OR", ai = tpos, bi = tneg, ci = cpos, di = cneg, data = metadat::dat.bcg[1:6, ], slab = author,
                add.measure = TRUE, include = c(1, 3, 6))
    escalc("RR", ai = ifelse(year > 1970, NA, tpos), bi = tneg, ci = cpos, di = cneg, data = d, add.measure = TRUE, ...)
  }
  for (arguments in list(list(replace = TRUE), list(replace = FALSE), list(include = 2:4), list(subset = 2:5),
                         list(subset = c(5, 2, 2)), list(append = FALSE), list(var.names = c("y", "v", "measure")))) {
    a <- do.call(twice, c(list(escalc), arguments))
    b <- do.call(twice, c(list(metafor::escalc), arguments))
    for (name in names(b)) expect_equal(without_proof(a[[name]]), b[[name]], info = paste(name, names(arguments)),
                                        tolerance = 1e-12)
  }
})

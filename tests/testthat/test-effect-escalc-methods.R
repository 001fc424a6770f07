effects <- function(f = escalc) {
  f("OR", ai = tpos, bi = tneg, ci = cpos, di = cneg, data = metadat::dat.bcg[1:5, c(1, 2, 4:7)], slab = author)
}

test_that("summary has the tests and limits of metafor", {
  skip_if_not_installed("metafor")
  ours <- summary(effects())
  theirs <- summary(effects(metafor::escalc))
  for (column in c("sei", "zi", "pval", "ci.lb", "ci.ub"))
    expect_gate(ours[[column]], theirs[[column]], "metafor_closed")
  kinds <- paste0(c("yi", "vi", "sei", "zi", "pval", "ci.lb", "ci.ub"), ".names")
  expect_equal(attributes(ours)[kinds], attributes(theirs)[kinds])
  ours <- summary(effects(), transf = exp, append = FALSE, level = 90)
  theirs <- summary(effects(metafor::escalc), transf = exp, append = FALSE, level = 90)
  expect_equal(names(ours), names(theirs))
  for (column in names(theirs)) expect_gate(ours[[column]], theirs[[column]], "metafor_closed")
  ours <- summary(effects(), H0 = .3, olim = c(-2, 0))
  theirs <- summary(effects(metafor::escalc), H0 = .3, olim = c(-2, 0))
  expect_gate(ours$ci.lb, theirs$ci.lb, "metafor_closed")
  expect_gate(ours$pval, theirs$pval, "metafor_closed")
})

test_that("a falling transformation keeps the limits in order", {
  s <- summary(effects(), transf = function(x) -x)
  expect_true(all(s$ci.lb <= s$yi & s$yi <= s$ci.ub))
})

test_that("the printed table is metafor's", {
  skip_if_not_installed("metafor")
  for (f in list(identity, summary, function(x) summary(x, transf = exp))) {
    expect_identical(capture.output(print(f(effects()))), capture.output(print(f(effects(metafor::escalc)))))
  }
  expect_output(print(effects(), digits = 2), "-0.94")
})

test_that("rows and columns keep the attributes of the effects", {
  x <- effects()
  part <- x[2:3, ]
  expect_s3_class(part, "metaparity_escalc")
  expect_equal(attr(part$yi, "ni"), attr(x$yi, "ni")[2:3])
  expect_equal(attr(part$yi, "slab"), attr(x$yi, "slab")[2:3])
  expect_equal(attr(x[x$trial > 3, ]$yi, "slab"), attr(x$yi, "slab")[4:5])
  expect_equal(attr(x["2", ]$yi, "ni"), attr(x$yi, "ni")[2])
  expect_null(attr(x["trial"], "yi.names"))
  expect_type(x[, "trial"], "integer")
  expect_type(x[1, "yi"], "double")
  expect_identical(class(as.data.frame(x)), "data.frame")
  expect_equal(nrow(head(x, 2)), 2L)
})

test_that("summary of a frame without effects is an error", {
  x <- effects()["trial"]
  expect_error(summary(x), class = "metaparity_error_input")
  expect_error(summary(effects(), var.names = c("a", "b")), class = "metaparity_error_input")
  expect_error(summary(effects(), out.names = "a"), class = "metaparity_error_input")
  expect_error(summary(effects(), transf = "exp"), class = "metaparity_error_input")
  expect_error(summary(effects(), level = 200), class = "metaparity_error_input")
})

test_that("frames are put together as in metafor", {
  skip_if_not_installed("metafor")
  ours <- effects()
  theirs <- effects(metafor::escalc)
  same <- function(x, y) {
    expect_equal(names(x), names(y))
    for (name in names(y)) expect_equal(without_proof(x[[name]]), y[[name]], tolerance = 1e-12)
    kinds <- c("yi.names", "vi.names", "digits")
    expect_equal(attributes(x)[kinds], attributes(y)[kinds])
  }
  same(rbind(ours, ours), rbind(theirs, theirs))
  same(cbind(ours, z = 1:5), cbind(theirs, z = 1:5))
  ours$trial <- NULL
  theirs$trial <- NULL
  same(ours, theirs)
  same(head(ours, 2), head(theirs, 2))
  same(tail(ours, 2), tail(theirs, 2))
  other <- escalc("SMD", yi = 1, vi = 1, data = data.frame(z = 1))
  expect_identical(attr(rbind(other["yi"], ours["yi"])$yi, "measure"), "GEN")
  ours$yi <- NULL
  expect_null(attr(ours, "yi.names"))
})

test_that("a missing effect is printed as in metafor", {
  skip_if_not_installed("metafor")
  show <- function(f) capture.output(print(f("PETO", ai = c(1, 0), bi = c(5, 4), ci = c(2, 0), di = c(3, 4),
                                             drop00 = TRUE)))
  expect_identical(suppressWarnings(show(escalc)), show(metafor::escalc))
})

test_that("rows are chosen by the names of columns, columns by position", {
  skip_if_not_installed("metafor")
  skip_if_not_installed("metadat")
  year <- 1:13
  own <- escalc("RR", ai = tpos, bi = tneg, ci = cpos, di = cneg, data = metadat::dat.bcg)
  other <- metafor::escalc("RR", ai = tpos, bi = tneg, ci = cpos, di = cneg, data = metadat::dat.bcg)
  same <- function(a, b) expect_equal(without_proof(as.data.frame(a)), as.data.frame(b), tolerance = 1e-12)
  same(own[year > 1960 & alloc == "random", ], other[year > 1960 & alloc == "random", ])
  same(own[order(vi), 2:4], other[order(vi), 2:4])
  same(own[2:3], other[2:3])
  same(own["yi"], other["yi"])
  same(own[-1, ], other[-1, ])
  expect_identical(as.numeric(own[trial %in% 2:3, "yi"]), as.numeric(own$yi[2:3]))
  expect_identical(own[4, , drop = TRUE]$year, 1977L)
})

test_that("summary() takes the second argument of a transformation, and sizes from the data", {
  d <- escalc("PFT", xi = c(3, 10, 0, 7), ni = c(20, 34, 15, 40))
  plain <- summary(d, transf = transf.ipft)
  expect_equal(as.numeric(plain$yi), c(3 / 20, 10 / 34, 0, 7 / 40))
  expect_equal(summary(d, transf = transf.ipft, targs = list(ni = c(20, 34, 15, 40))), plain)
  expect_equal(summary(d, transf = transf.ipft, ni = c(20, 34, 15, 40)), plain)
  moved <- summary(d, transf = function(x, targs) x + targs$by, targs = list(by = 1))
  expect_equal(as.numeric(moved$yi), as.numeric(d$yi) + 1)
  expect_error(summary(d, transf = function(x) x, by = 1), class = "metaparity_error_input")
})

test_that("rows put together have sizes only when all of them have", {
  d <- escalc(measure = "RR", ai = tpos, bi = tneg, ci = cpos, di = cneg, data = metadat::dat.bcg)
  first <- d[1:3, ]
  last <- d[4:6, ]
  expect_equal(attr(rbind(first, last)$yi, "ni"), attr(d$yi, "ni")[1:6])
  attr(first$yi, "ni") <- NULL
  expect_null(attr(rbind(first, last)$yi, "ni"))
})

# Data for every family of measures, and the comparison of one call with metafor's escalc().
family_data <- local({
  cells <- list(ai = c(4, 6, 3, 12), bi = c(20, 30, 9, 14), ci = c(11, 8, 11, 13), di = c(25, 41, 7, 17))
  groups <- list(m1i = c(3, 4, 5, 6.5), m2i = c(2.5, 4.2, 4, 5), sd1i = c(1, 1.2, .9, 1.5),
                 sd2i = c(1.1, .8, 1.3, 1.25),
                 n1i = c(10, 20, 15, 33), n2i = c(12, 18, 16, 40))
  pairs <- c(groups[1:4], list(ri = c(.5, .6, .3, .7), ni = c(10, 20, 15, 33)))
  limits <- list(mini = c(0, 0, 1, 0), maxi = c(10, 8, 7, 9))
  regression <- list(ti = c(1.1, -2, .5, 3), mi = c(3, 4, 2, 5), ni = c(20, 30, 40, 60))
  list(binary = cells, matched = cells,
       margins = list(ai = c(4, 6, 3, 12), bi = c(20, 30, 9, 14), ci = c(11, 8, 6, 13), di = c(13, 28, 6, 13),
                      ri = c(.2, .3, .1, .25)),
       means = groups, difference = groups, second_sd = groups[-3L], two_sds = groups[3:6], binormal = groups,
       pomp_means = c(groups, limits),
       area = list(ai = c(.7, .8, .6, .5), n1i = c(10, 20, 15, 33), n2i = c(12, 18, 16, 40)),
       correlation = list(ri = c(.1, -.3, .5, .7), ni = c(10, 20, 35, 60)), partial = regression,
       semi_partial = c(regression, list(r2i = c(.3, .4, .1, .5))),
       determination = list(r2i = c(.3, .4, .1, .5), mi = c(3, 4, 2, 5), ni = c(20, 30, 40, 60)),
       rates = list(x1i = c(4, 6, 3, 12), x2i = c(5, 2, 8, 11), t1i = c(40, 70, 90, 101), t2i = c(50, 66, 80, 97)),
       proportion = list(xi = c(3, 6, 12, 7), ni = c(20, 30, 40, 60)),
       one_rate = list(xi = c(3, 6, 12, 7), ti = c(20, 30.5, 40, 60)),
       mean = list(mi = c(3, 4, 5, 6.5), sdi = c(1, 1.2, .9, 1.5), ni = c(10, 20, 35, 60)),
       sd = list(sdi = c(1, 1.2, .9, 1.5), ni = c(10, 20, 35, 60)),
       pomp_mean = c(list(mi = c(3, 4, 5, 6.5), sdi = c(1, 1.2, .9, 1.5), ni = c(10, 20, 35, 60)), limits),
       change = pairs, change_given = pairs, change_first = pairs[-4L], change_sds = pairs[3:6],
       pomp_change = c(pairs, limits),
       alpha = list(ai = c(.7, .8, .9, .65), mi = c(10, 20, 5, 8), ni = c(100, 200, 50, 80)),
       genotypes = list(ai = c(4, 6, 3, 12), bi = c(20, 30, 9, 14), ci = c(11, 8, 11, 13)),
       generic = list(yi = c(.1, -.3, .5, .7), vi = c(.1, .2, .3, .4)))
})

# Stata's formulas have no counterpart; a measure with one formula takes every name, of which two are tried.
metafor_vtypes <- function(measure) {
  v <- setdiff(measure_table[[measure]]$vtypes, c("COHEN", "HEDGES", "GLASS"))
  if (length(v) > 8L) c("LS", "AV") else v
}

# "tetrachoric" and "fixed_predictors": metafor stops its search, or sums on a grid, where ours is exact.
measure_gate <- function(measure) {
  switch(measure, RTET = , ZTET = "metafor_tetrachoric", R2F = , ZR2F = "metafor_grid", "metafor_closed")
}

same_measure <- function(measure, columns, ...) {
  args <- c(list(measure), columns, list(...))
  ours <- suppressWarnings(do.call(metaparity::escalc, args))
  theirs <- suppressWarnings(do.call(metafor::escalc, args))
  gate <- measure_gate(measure)
  expect_gate(as.numeric(ours$yi), as.numeric(theirs$yi), gate, scale = if (gate == "metafor_tetrachoric") 1 else 0)
  expect_gate(as.numeric(ours$vi), as.numeric(theirs$vi), gate)
  expect_equal(as.numeric(attr(ours$yi, "ni")), as.numeric(attr(theirs$yi, "ni")))
  expect_identical(attr(ours$yi, "measure"), attr(theirs$yi, "measure"))
}

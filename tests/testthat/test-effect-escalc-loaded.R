# Data sets of metadat have the class "escalc"; a script that loads only this package prints and summarises them, and
# finds them on the search path. Each case runs in a fresh R process.

frames <- c("for (d in list(dat.assink2016, dat.begg1989, dat.hackshaw1998, dat.mccurdy2020, dat.riley2003)) {",
            "  print(head(d)); print(summary(d)[1:3, ])", "}",
            "d <- dat.raudenbush1985; d$year <- NULL; d[order(vi), ][1:3, ]; rbind(d[1:2, ], d[5, ])",
            "aggregate(dat.assink2016, cluster = study, rho = 0.6)")

test_that("escalc frames of others print, select and combine as under metafor", {
  theirs <- fresh_lines(frames, "metafor")
  expect_gt(length(theirs), 60L)
  expect_identical(fresh_lines(frames, "metaparity"), theirs)
})

test_that("metafor's own methods win whenever it is loaded, without a word", {
  ask <- "cat(identical(getS3method('print', 'escalc'), asNamespace('metafor')$print.escalc))"
  for (packages in list(c("metafor", "metaparity"), c("metaparity", "metafor"))) {
    expect_identical(utils::tail(fresh_lines(ask, packages), 1L), "TRUE")
  }
  expect_identical(fresh_lines("invisible(loadNamespace('metafor'))", "metaparity"), character())
})

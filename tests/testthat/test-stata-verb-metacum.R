test_that("metacum prints the numbers of Stata's log", {
  d <- stata_fixture("example.csv")
  v <- metacum(logor, selogor, data = d, eform = TRUE, effect = "Odds ratio", lcols = c(id, year))
  value <- function(v, key) {
    part <- strsplit(key, "_")[[1L]]
    v$table[[c(es = "es", lci = "ci_low", uci = "ci_upp")[[part[2L]]]]][as.integer(sub("s", "", part[1L]))]
  }
  expect_printed(v, "metacum_or_eform", value)
})

test_that("the last step is the pooled result, each step that of its studies", {
  d <- stata_fixture("example.csv")
  v <- metacum(logor, selogor, data = d, random = TRUE)
  fit <- rma(logor, sei = selogor, data = d[1:7, ], method = "DL")
  expect_equal(v$table$es[7], as.numeric(fit$beta))
  expect_equal(v$table$tau2[7], fit$tau2)
  expect_equal(v$r$eff, v$table$es[20])
  mh <- metacum(tdeath, tnodeath, cdeath, cnodeath, data = d, or = TRUE)
  expect_equal(mh$r$eff, as.numeric(rma.mh(ai = tdeath, bi = tnodeath, ci = cdeath, di = cnodeath, data = d,
                                              convention = "metan4")$beta))
})

test_that("metacum's log: groups, wrapped heads, the remark on commas", {
  d <- stata_fixture("example.csv")
  few <- d[1:5, ]
  attr(few$id, "label") <- "Study identifier"
  expect_snapshot({
    metacum(tdeath, tnodeath, cdeath, cnodeath, data = few, rd = TRUE, random = TRUE,
            label = c(namevar = id, yearid = year))
    metacum(logor, selogor, data = d[1:8, ], by = type_study, xlabel = "0.5, 1")
  })
  pdf(NULL)
  on.exit(dev.off())
  expect_s3_class(plot(metacum(logor, selogor, data = d, by = type_study)), "forest_plot")
  expect_error(metacum(logor, selogor, data = d, xlabel = "a b"), class = "metaparity_error_input")
})

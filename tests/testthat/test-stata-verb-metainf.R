metainf_value <- function(view, key) {
  part <- strsplit(key, "_")[[1L]]
  row <- if (part[1L] == "comb") nrow(view$table) else as.integer(sub("s", "", part[1L]))
  view$table[[c(es = "es", lci = "ci_low", uci = "ci_upp")[[part[2L]]]]][row]
}

for (id in c("metaninf_fixed", "metaninf_random", "metaninf_random_eform")) {
  test_that(paste("metaninf prints the numbers of", id), {
    expect_printed(stata_case(id), id, metainf_value)
  })
}

test_that("each row is the analysis of the other studies", {
  d <- stata_fixture("magnesium.csv")
  v <- metainf(logor, selogor, data = d, random = TRUE, id = trial)
  one <- metan(logor, selogor, data = d[-4, ], random = TRUE)
  expect_equal(unlist(v$table[4, 2:4], use.names = FALSE),
               unlist(one$r[c("ES", "ci_low", "ci_upp")], use.names = FALSE))
  f <- metainf(logor, selogor, data = d, id = trial)
  expect_equal(f$table$es[2], metan(logor, selogor, data = d[-2, ])$r$ES)
  expect_equal(metainf(logor, selogor, data = d, eform = TRUE)$table$es, exp(f$table$es))
  expect_identical(f$table$study[17], "Combined")
  expect_snapshot(v)
  expect_length(format(metainf(logor, selogor, data = d, print = FALSE)), 0L)
})

test_that("metaninf leaves out studies of 2x2 tables under any model", {
  d <- stata_fixture("example.csv")[1:6, ]
  v <- metaninf(tdeath, tnodeath, cdeath, cnodeath, data = d, or = TRUE, label = c(namevar = "id", yearid = "year"))
  expect_equal(v$table$es[3], metan(tdeath, tnodeath, cdeath, cnodeath, data = d[-3, ], or = TRUE)$r$ES)
  expect_identical(v$table$study[1:6], d$id)
})

test_that("one study is too few", {
  expect_error(metainf(1, .2), class = "metaparity_error_input")
})

test_that("objects of the package meta go on to its functions", {
  skip_if_not_installed("meta")
  d <- stata_fixture("magnesium.csv")
  m <- meta::metagen(logor, selogor, data = d)
  expect_equal(metainf(m)$TE, meta::metainf(m)$TE)
  expect_equal(metabias(m)$pval, meta::metabias(m)$pval)
})

test_that("metaninf: display format, and the estimates as a variable", {
  d <- stata_fixture("example.csv")[1:6, ]
  v <- metaninf(logor, selogor, data = d, format = "%6.3f")
  expect_match(format(v), sprintf("  %.3f ", v$table$es[1]), all = FALSE)
  out <- stata("metaninf logor selogor, nograph save(left_out, replace)", d)
  expect_equal(as.numeric(out$data$left_out), v$table$es[1:6], tolerance = 1e-6)
  expect_error(metaninf(logor, selogor, data = d, format = "wide"), class = "metaparity_error_input")
})

test_that("metaninf takes print as metainf does", {
  d <- data.frame(id = c("A", "B", "C"), es = c(-0.76, 11.01, -3.76), se = c(3.70, 4.48, 0.51))
  shown <- function(command) utils::capture.output(stata(command, data = d))
  expect_identical(shown("metaninf es se, print label(namevar=id)")[-1], shown("metaninf es se, label(namevar=id)")[-1])
})

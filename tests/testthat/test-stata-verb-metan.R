metan_ids <- grep("^metan9", stata_fixture("cases.csv")$id, value = TRUE)

test_that("the cases are there", {
  expect_gte(length(metan_ids), 23L)
  expect_gt(nrow(stata_printed()), 2200L)
})

for (id in metan_ids) {
  test_that(paste("metan prints the numbers of", id), {
    expect_printed(stata_case(id), id)
  })
}

test_that("the log keeps its columns", {
  d <- stata_fixture("example.csv")
  lines <- format(metan(tdeath, tnodeath, cdeath, cnodeath, data = d, by = type_study, label = c(namevar = "id")))
  rows <- grep("^[A-Z].*[|] .*[0-9]$", lines, value = TRUE)
  expect_true(all(regexpr("|", rows, fixed = TRUE) == 22L))
  expect_true(all(nchar(rows) == 65L))
})

test_that("our logs do not change", {
  d <- stata_fixture("magnesium.csv")
  expect_snapshot(metan(logor, selogor, data = d, random = TRUE, label = c(namevar = "trial"), eform = TRUE))
  d$site <- rep(c("north", "south"), 8L)
  expect_snapshot(metan(logor, selogor, data = d, fixed = TRUE, by = site, label = c(namevar = "trial"),
                        second = "random"))
  expect_snapshot(metan(logor, selogor, data = d[1:3, ], random = TRUE, olevel = 90))
  chinese <- data.frame(id = c("\u90ed\u632f\u56fd (2020)", "\u859b\u4e91\u5ddd (2020)", "Sadegh Jafarnejad (2017)"),
                        es = c(-0.76, 11.01, -3.76), lci = c(-8.01, 2.23, -4.76), uci = c(6.49, 19.79, -2.76))
  expect_snapshot(metan(es, lci, uci, data = chinese, random = TRUE, label = c(namevar = "id")))
})

test_that("parts of the log can be left out", {
  d <- stata_fixture("example.csv")
  v <- metan(logor, selogor, data = d, by = type_study, nosubgroup = TRUE)
  expect_false(any(grepl("Sub-total", format(v))))
  v <- metan(logor, selogor, data = d, by = type_study, nooverall = TRUE)
  lines <- format(v)
  expect_false(any(grepl("^Overall {2,}", lines)))
  expect_equal(sum(v$table$weight[v$table$type == "study"]), 200)
  rules <- grep("^-+[+]-+$", lines)
  expect_true(all(diff(rules) > 1))
  single <- metan(logor, selogor, data = d[1, ], random = TRUE)
  expect_true(any(grepl("(d.f. = 0) p =    .", format(single), fixed = TRUE)))
})

test_that("options that do not go together are named", {
  d <- stata_fixture("example.csv")
  bad <- function(...) tryCatch(metan(..., data = d), metaparity_error = function(e) e$arg)
  expect_identical(bad(logor, selogor, random = TRUE, fixed = TRUE), "random")
  expect_identical(bad(logor, selogor, peto = TRUE), "peto")
  expect_identical(bad(logor, selogor, or = TRUE), "or")
  expect_identical(bad(logor, selogor, nostandard = TRUE), "nostandard")
  expect_identical(bad(logor, selogor, log = TRUE), "log")
  expect_identical(bad(logor, selogor, random = 1), "random")
  expect_identical(bad(logor, selogor, ilevel = 3), "ilevel")
  expect_identical(bad(logor, selogor, second = "reml"), "second")
  expect_identical(bad(tdeath, tnodeath, cdeath, cnodeath, rr = TRUE, or = TRUE), "or")
  expect_identical(bad(tdeath, tnodeath, cdeath, cnodeath, rd = TRUE, breslow = TRUE), "breslow")
  expect_identical(bad(tdeath, tnodeath, cdeath, cnodeath, or = TRUE, random = TRUE, breslow = TRUE), "breslow")
  expect_identical(bad(tdeath, tnodeath, cdeath, cnodeath, eform = TRUE), "eform")
  e <- tryCatch(metan(tdeath, tnodeath, cdeath_half, cnodeath, data = d), metaparity_error_studies = identity)
  expect_identical(e$arg, "cdeath_half")
  expect_identical(e$rows, 1:20)
  e <- tryCatch(metan(logor, ucilogor, lcilogor, data = d), metaparity_error_studies = identity)
  expect_identical(e$arg, "logor")
})

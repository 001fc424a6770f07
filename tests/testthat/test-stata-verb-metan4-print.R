test_that("the log of metan 4", {
  d <- metan4_fixture("validation")[1:6, ]
  attr(d$id, "label") <- "Study identifier"
  expect_snapshot({
    metan(tdeath, tnodeath, cdeath, cnodeath, data = d, or = TRUE, study = id, version = 4)
    metan(logor, selogor, data = d, random = TRUE, by = type_study, hr = TRUE, study = id, version = 4)
    metan(logor, selogor, data = d, model = "fe \\ dl \\ pl", study = id, version = 4)
  })
})

test_that("headings take at most two lines and widen the column where they must", {
  wrap <- metaparity:::title_wrap
  expect_identical(wrap("Study identifier (Year)", 21L)$lines, c("Study identifier", "(Year)"))
  expect_gt(wrap("a very long name of a variable that does not end", 10L)$width, 10L)
})

test_that("xlabel with commas brings the null and a remark", {
  d <- metan4_fixture("validation")[1:6, ]
  v <- metan(logor, selogor, data = d, eform = TRUE, xlabel = "0.5, 2", version = 4)
  expect_match(format(v), "xlabel(.5 1 2)", fixed = TRUE, all = FALSE)
  expect_false(any(grepl("numlist", format(metan(logor, selogor, data = d, xlabel = c(-1, 1), version = 4)))))
  expect_error(metan(logor, selogor, data = d, xlabel = "a b", version = 4), class = "metaparity_error_input")
})

test_that("proportions are headed by what they are shown as", {
  head <- function(...) format(metan(c(3, 9, 5), c(20, 30, 40), proportion = TRUE, notable = FALSE,
                                     version = 4, ...))[8:11]
  text <- function(...) paste(trimws(substring(grep("[|]", head(...), value = TRUE), 23, 36)), collapse = " ")
  expect_match(text(), "Proportion")
  expect_match(text(denominator = 100), "Percentage")
  expect_match(text(denominator = 1000), "Events per 1000 obs[.]")
  expect_match(text(transform = "logit", nopr = TRUE), "Transformed proportion")
})

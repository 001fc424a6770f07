judged <- rob(data.frame(study = c("a", "b", "c", "d"), D1 = c("low", "high", "low", "low"),
                         D2 = c("low", "some concerns", NA, "high"), Country = "here", stringsAsFactors = FALSE), "rob2",
              overall = FALSE)

test_that("the long table has a row per study and domain, the wide one a column per domain", {
  long <- as.data.frame(judged)
  expect_identical(nrow(long), 8L)
  wide <- as.data.frame(judged, shape = "wide")
  for (i in seq_len(nrow(long))) {
    expect_identical(long$judgement[i], wide[wide$study == long$study[i], long$domain[i]])
  }
  expect_error(as.data.frame(judged, shape = "tall"), class = "metaparity_error_input")
})

test_that("counts and shares are those of a table of the judgements", {
  counts <- as.data.frame(judged, shape = "counts")
  of <- function(domain, level) counts[counts$domain == domain & counts$level == level, ]
  expect_identical(c(of("D1", "low")$n, of("D1", "high")$n, of("D2", "some_concerns")$n), c(3L, 1L, 1L))
  expect_equal(tapply(counts$share, counts$domain, sum)[c("D1", "D2")], c(D1 = 1, D2 = 0.75), ignore_attr = TRUE)
  weighted <- rob_counts(judged, c(4, 3, 2, 1))
  expect_equal(weighted$share[weighted$domain == "D1" & weighted$level == "low"], 0.7)
})

test_that("the print counts each level and what is not judged, and names unused columns", {
  lines <- format_rob(judged)
  expect_match(lines[2L], "4.*2")
  row <- grep("deviations", lines, value = TRUE)
  expect_identical(as.integer(utils::tail(strsplit(trimws(row), " +")[[1L]], 4L)), c(1L, 1L, 1L, 1L))
  expect_match(lines[length(lines)], "Country")
  expect_identical(unique(nchar(lines[4:6])), nchar(lines[4L]))
})

test_that("scales of stars print the mean of those that have them", {
  nos <- rob_tool("nos")
  stars <- rob(stats::setNames(data.frame(c("a", "b"), c(3, 4), c(2, 1), c(1, NA)), c("study", nos$domains$label)), nos)
  row <- grep(nos$domains$label[3L], format_rob(stars), value = TRUE, fixed = TRUE)
  expect_match(row, "1[.]0 +1$")
  expect_identical(as.data.frame(stars)$stars[1:2], c(3, 4))
})

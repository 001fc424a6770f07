test_that("the table of arms is that of Stata's log", {
  net <- network_setup(d, n, data = smoking_data(), studyvar = study, trtvar = trt, ref = "Self help")
  lines <- format(network_table(net))
  expect_identical(lines[2:8], c(strrep("-", 64), "          |               Treatment and Statistic               ",
    "          | - Self h -    - No con -    - Indivi -    - Group  -",
    "    study |    d     n       d     n       d     n       d     n",
    "----------+-----------------------------------------------------",
    "        1 |                  9   140      23   140      10   138",
    "        2 |   11    78                    12    85      29   170"))
  expect_true("        9 |                 .5    34     9.5    49              " %in% lines)
  s <- data.frame(study = c(1, 1, 1, 2, 2, 3, 3), trt = c("A", "B", "C", "A", "B", "A", "C"),
                  sbp = c(50, 60, 62, 70, 75, 60, 55), sbpsd = 10, count = c(100, 100, 100, 100, 100, 25, 25))
  wide <- format(network_table(network_setup(sbp, sbpsd, count, data = s, studyvar = study, trtvar = trt, smd = TRUE)))
  expect_identical(wide[4:5], c("          | -------- A --------    -------- B --------    -------- C --------",
                                "    study |   sbp  sbpsd  count      sbp  sbpsd  count      sbp  sbpsd  count"))
})

test_that("designs are counted", {
  net <- network_setup(d, n, data = smoking_data(), studyvar = study, trtvar = trt)
  p <- network_pattern(net)
  expect_identical(sum(p$table$studies), 24L)
  expect_identical(p$table$design[1L], "A C")
  expect_true("       14   + . + ." %in% format(p))
  cad <- network_import(network_fixture("coronary"), c(t1, t2), logOR, selogOR, study = study)
  expect_error(network_table(cad), class = "metaparity_error_input")
  expect_identical(sum(network_pattern(cad)$table$studies), 62L)
  expect_error(network_table(1), class = "metaparity_error_input")
  expect_error(network_pattern(), class = "metaparity_error_input")
})

test_that("names that begin alike can be told apart, and wide letters stay in their columns", {
  d <- data.frame(s = c(1, 1, 2, 2), t = c("\u836f\u7269A", "\u836f\u7269B"), r = 2:5, n = 20)
  lines <- format(network_table(network_setup(r, n, data = d, studyvar = s, trtvar = t)))
  for (name in unique(d$t)) expect_match(lines, name, fixed = TRUE, all = FALSE)
  expect_length(unique(nchar(lines[grepl("[|+]", lines) & !grepl("---- *$", lines)], "width")), 1L)
})

test_that("tables of counts", {
  d <- data.frame(g = c("a", "b", "a", "a"), h = c(1, 1, 2, 2))
  one <- stata("tabulate g", d)$log
  expect_match(one, "a [|] +3 +75[.]00 +75[.]00", all = FALSE)
  expect_match(one, "Total [|] +4 +100[.]00", all = FALSE)
  two <- stata("tabulate g h", d)$log
  expect_match(two, "a [|] +1 +2 [|] +3", all = FALSE)
  expect_error(stata("tabulate nosuch", d), class = "metaparity_error_stata")
})

test_that("long labels stand over several lines, above and beside the values", {
  d <- data.frame(g = c(1, 2, 3, 1), h = c(0, 1, 0, 1))
  labels <- c("label variable g \"Number of previous births\"",
              "label variable h \"Received any treatment in the last 12 months\"")
  log <- stata(c(labels, "tabulate g h"), d)$log
  expect_equal(trimws(log[2:4], "right"), c(" Number of |Received any treatment", "  previous |in the last 12 months",
                                            "    births |         0          1 |     Total"))
  log <- stata(c(labels, "tabulate h g"), d)$log
  expect_equal(trimws(log[2:3], "right"), c("  Received |", "       any |"))
  expect_equal(trimws(log[6], "right"), "   last 12 |    Number of previous births")
  expect_match(log[7], "^    months \\|         1          2          3 \\|     Total$")
  log <- stata(c("xtile q = g, nq(2)", "tabulate q h"), d)$log
  expect_equal(trimws(substr(log[2:4], 1, 10)), c("2", "quantiles", "of g"))
  log <- stata(c("label variable g \"Record 1978\"", "tabulate g"), d)$log
  expect_match(log[2], "^Record 1978 \\|      Freq")
  chinese <- strrep("\u65e2\u5f80", 6)
  log <- stata(c(sprintf("label variable g \"%s\"", chinese), "tabulate g h"), d)$log
  expect_equal(paste(trimws(sub("\\|.*", "", log[2:4])), collapse = ""), chinese)
})

d <- data.frame(g = c("x", "y", "x", "y"), es = c(0.1, 0.5, 0.9, 0.4), se = c(0.1, 0.2, 0.15, 0))
view <- function(...) suppressWarnings(metan(es, se, data = d, ...), classes = "metaparity_warning_dropped")

test_that("excluded studies stand last in their block, without numbers", {
  rows <- view()$rows
  expect_identical(rows$type, c(rep("study", 3L), "excluded", "rule", "overall"))
  expect_true(all(is.na(rows[4L, c("es", "ci_low", "ci_upp", "weight")])))
  shuffled <- suppressWarnings(metan(es, se, data = d[4:1, ]))
  expect_identical(shuffled$rows$study[1:4], c(2L, 3L, 4L, 1L))
})

test_that("each group has its heading, studies, pooled lines and rule", {
  rows <- view(by = g, second = "random")$rows
  block <- c("heading", "study", "study", "sub_heading", "subtotal", "subtotal_second", "rule")
  expect_identical(rows$type[1:7], block)
  expect_identical(utils::tail(rows$type, 3L), c("overall_heading", "overall", "overall_second"))
  expect_identical(rows$study[rows$type == "study"], c(1L, 3L, 2L))
  sub <- rows[rows$type == "subtotal", ]
  study <- rows[rows$type == "study", ]
  expect_equal(sub$weight, as.numeric(tapply(study$weight, study$group, sum)))
})

test_that("pooled rows are left out by their options", {
  expect_false(any(grepl("^sub", view(by = g, nosubgroup = TRUE)$rows$type)))
  expect_false(any(grepl("overall", view(by = g, nooverall = TRUE)$rows$type)))
  expect_identical(utils::tail(view(nooverall = TRUE)$rows$type, 1L), "rule")
})

test_that("a pooled row names model and measure, and another level its rule", {
  rows <- view(random = TRUE)$rows
  expect_identical(rows$label[rows$type == "overall"], "D+L pooled ES")
  expect_true("level_rule" %in% view(olevel = 90)$rows$type)
  expect_identical(pooled_row("overall", list(model = "M-H", est = 1, lo = 0, hi = 2), list(log = TRUE, measure = "OR"),
                              100)$label, "M-H pooled logOR")
})

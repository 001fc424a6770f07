test_that("a review of analyses: every kind of data, verified after reading", {
  means <- data.frame(m1 = c(1, 2), s1 = 1, n1 = c(10, 12), m2 = c(0, 1), s2 = c(1.2, 1), n2 = 11)
  list <- list("One" = list("Tables" = revman_made(method = "DL"),
                            "Means" = revman(means, m1i = m1, sd1i = s1, n1i = n1, m2i = m2, sd2i = s2, n2i = n2)),
               "\u4e8c" = list(revman(data.frame(y = c(-.5, .1), s = c(.2, .3)), yi = y, sei = s, measure = "HR",
                                      study = c("\u674e 2001", "B (2)")),
                               revman(data.frame(oe = c(-3, -2), v = c(4, 5)), oe = oe, v = v, measure = "HR"),
                               revman_made(measure = "PETO"), revman_made(totals = "SUB", method = "DL"),
                                 revman_made(totals = "NO")))
  file <- written(list, title = "Made")
  x <- read_rm5(file)
  expect_identical(x$outcomes$outcome, c("1.1", "1.2", "2.1", "2.2", "2.3", "2.4", "2.5"))
  expect_identical(x$comparisons$name, c("One", "\u4e8c"))
  expect_true("\u674e 2001" %in% x$studies$study)
  v <- verify_rm5(file)
  expect_false("different" %in% v$verdict)
  expect_identical(length(unique(v$outcome)), 7L)
  expect_equal(revman(x, "2.1")$total$est, list[[2L]][[1L]]$total$est, tolerance = 1e-12)
})

test_that("ids of studies are RevMan's and differ where names do", {
  expect_identical(study_ids(c("Ash 2001", "M\u00fcller-B", "Ash_2001", "Ash 2001")),
                   c("STD-Ash-2001", "STD-M_x00fc_ller_x002d_B", "STD-Ash_x005f_2001", "STD-Ash-2001-1"))
  expect_identical(study_ids(character()), character())
  set.seed(4)
  names <- unique(replicate(200, paste(sample(c("a", "B", "-", "_", " ", ".", "\u738b"), 4, TRUE), collapse = "")))
  expect_identical(anyDuplicated(study_ids(names)), 0L)
  expect_true(all(grepl("^STD-[A-Za-z0-9_-]*$", study_ids(names))))
})

test_that("one analysis, a list of them, or lists of lists become comparisons with names", {
  v <- revman_made()
  one <- as_comparisons(v, "Title", NULL)
  expect_identical(names(one), "Title")
  expect_length(one[[1L]], 1L)
  expect_identical(names(as_comparisons(v, "", NULL)), "Comparison")
  two <- as_comparisons(list(A = v, v), "", NULL)
  expect_identical(names(two[[1L]])[1L], "A")
  nested <- as_comparisons(list(list(v), X = list(v, v)), "", NULL)
  expect_identical(lengths(nested, use.names = FALSE), c(1L, 2L))
  for (bad in list(1, list(), list(list()), list(v, 1), data.frame()))
    expect_error(as_comparisons(bad, "", NULL), class = "metaparity_error_input")
})

test_that("a review of analyses is numbered throughout, its rows belong to its studies", {
  x <- review_of_analyses(list(One = list(revman_made(), revman_made(measure = "RR")), Two = revman_made()), "T", NULL)
  expect_identical(x$outcomes$outcome, c("1.1", "1.2", "2.1"))
  expect_identical(x$outcomes$id, c("CMP-001.01", "CMP-001.02", "CMP-002.01"))
  expect_identical(x$comparisons$name, c("One", "Two"))
  expect_true(all(x$rows$study_id %in% x$studies$study_id))
  expect_identical(x$studies$year, c("2001", "2004", "2009", "2011", "2015"))
  expect_identical(anyDuplicated(x$subgroups$id), 0L)
  check_review(x, NULL)
  expect_error(review_of_analyses(revman_made(), NA_character_, NULL), class = "metaparity_error_input")
})

test_that("an axis holds the intervals in a round number; ratios keep RevMan's", {
  expect_identical(default_scale(revman_made()), 100)
  d <- data.frame(y = c(3, -7), s = c(1, 2))
  scale <- default_scale(revman(d, yi = y, sei = s))
  expect_gte(scale, 7 + 2 * 1.96 - 1e-9)
  expect_lte(scale, 30)
})

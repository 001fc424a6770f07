grade_of <- function(n, zh, seed = 1) {
  set.seed(seed)
  words <- c("Quality", "of", "life", "at", "twelve", "months", "\u9aa8\u5bc6\u5ea6", "&", "<5",
             "Longwordwithoutanyblanks")
  names <- make.unique(vapply(seq_len(n), function(i) paste(sample(words, sample(1:8, 1L), TRUE), collapse = " "), ""))
  fits <- lapply(seq_len(n), function(i) {
    rma(measure = "RR", ai = c(12, 30, 7), n1i = c(60, 150, 55), ci = c(20, 41, 9), n2i = c(61, 148, 54))
  })
  table <- data.frame(outcome = names, imprecision = sample(c("serious", "not serious"), n, TRUE),
                      imprecision_reason = paste("Reason", sample(3, n, TRUE), strrep("and more ", 12L)),
                      comment = "A comment that is long enough for several lines of its column")
  grade_profile(stats::setNames(fits, names), table, assumed = "range", lang = if (zh) "zh")
}

test_that("nothing overlaps and nothing leaves the page, for 1 to 12 outcomes in both languages", {
  for (n in c(1L, 4L, 12L)) {
    for (zh in c(FALSE, TRUE)) {
      g <- grade_of(n, zh, n)
      for (figure in list(plot(g, draw = FALSE), plot(sof_table(g), draw = FALSE))) {
        layout <- page_of(figure)
        expect_gt(layout$scale, 0.98)
        texts <- layout_texts(layout)
        expect_true(all(texts$left > -1e-6 & texts$bottom > -1e-6 & texts$right < layout$width + 1e-6 &
                        texts$top < layout$height + 1e-6))
        for (i in seq_len(nrow(texts))) {
          wide <- pmin(texts$right, texts$right[i]) - pmax(texts$left, texts$left[i])
          deep <- pmin(texts$top, texts$top[i]) - pmax(texts$bottom, texts$bottom[i])
          expect_false(any(wide[-i] > 0.005 & deep[-i] > 0.005))
        }
      }
    }
  }
})

test_that("there is one filled sign per level of certainty", {
  g <- grade_of(3L, FALSE)
  layout <- page_of(plot(sof_table(g), draw = FALSE))
  rings <- Filter(function(item) length(item$x) == 40L, items_of(layout, "polygon"))
  expect_length(rings, 12L)
  crosses <- Filter(function(item) max(abs(diff(item$x)), abs(diff(item$y))) < 0.2, items_of(layout, "line"))
  expect_length(crosses, 2L * sum(g$outcomes$level_of_certainty))
})

test_that("a file has the figure's size, and a smaller page all of it", {
  figure <- plot(grade_of(4L, FALSE), draw = FALSE)
  size <- figure_size(figure)
  expect_gt(size[["width"]], 8)
  small <- page_of(as_figure(figure), 5, 3)
  expect_lt(small$scale, 0.6)
  file <- tempfile(fileext = ".pdf")
  on.exit(unlink(file))
  save_figure(figure, file)
  expect_gt(file.size(file), 1000)
})

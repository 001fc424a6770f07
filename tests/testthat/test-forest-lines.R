long <- paste("A multicentre randomised controlled trial of early against late supplementation in",
              "hospitalised adults with acute illness")
chinese <- paste(rep("\u591a\u4e2d\u5fc3\u968f\u673a\u5bf9\u7167\u8bd5\u9a8c", 6L), collapse = "")

small <- function(slab, groups = NULL) {
  d <- data.frame(yi = c(-.6, -.2, .1, .3), vi = c(.12, .04, .02, .09))
  if (is.null(groups)) rma(yi, vi, data = d, slab = slab) else rma(yi, vi, data = d, slab = slab, by = groups)
}

# Texts of one row do not reach into the next one.
expect_separate_rows <- function(layout) {
  lines <- layout$lines
  between <- lines$y[-nrow(lines)] - lines$y[-1L] - (lines$height[-nrow(lines)] + lines$height[-1L]) / 2
  expect(all(between > -1e-9), "rows overlap")
  own <- layout$texts$line
  some <- !is.na(own)
  boxes <- text_boxes(layout)[some, ]
  at <- own[some]
  expect(all(boxes$top <= lines$y[at] + lines$height[at] / 2 + 0.02 & boxes$bottom >= lines$y[at] -
             lines$height[at] / 2 - 0.02),
         "a text is higher than its row")
  invisible(layout)
}

test_that("labels and cells with line feeds have rows as high as they need, in every style", {
  labels <- c("Ames\n1999", "Bell", "Cole\n2001\n(second report)", "Dunn")
  notes <- c("one", "two\nlines", "three", "four\nof\nthem\nhere")
  for (style in names(styles())) {
    layout <- forest_layout(small(labels), style = style, ilab = notes)
    expect_sound_layout(layout)
    expect_separate_rows(layout)
    pieces <- unlist(strsplit(c(labels, notes), "\n"))
    expect_true(all(pieces %in% layout$texts$text), info = style)
    expect_false(any(grepl("\n", layout$texts$text, fixed = TRUE)), info = style)
    height <- layout$lines$height[match(1:4, layout$lines$row)]
    expect_identical(order(height), c(1L, 2L, 3L, 4L), info = style)
    plain <- forest_layout(small(LETTERS[1:4]), style = style, ilab = LETTERS[1:4])
    grown <- sum(height) - 4 * layout$pitch
    expect_equal(layout$height - plain$height, grown, tolerance = 1e-6, info = style)
    right <- forest_layout(small(labels), style = style, columns = forest_column(notes, "Notes", side = "right"))
    expect_sound_layout(right)
    expect_separate_rows(right)
  }
})

test_that("marks stand in the middle of a high row, shading fills it, and pages are cut between rows", {
  labels <- paste0(rep(c("Ames\n1999", "Bell", "Cole\n2001\n(second report)", "Dunn"), 10L), " ", 1:40)
  x <- rma(rep(c(-.6, -.2, .1, .3), 10L), rep(c(.12, .04, .02, .09), 10L), slab = labels)
  layout <- forest_layout(x, shade = TRUE)
  boxes <- layout$rects[layout$rects$role == "box", ]
  expect_equal((boxes$y0 + boxes$y1) / 2, layout$lines$y[match(boxes$row, layout$lines$row)])
  shade <- layout$rects[layout$rects$role == "shade", ]
  expect_equal(abs(shade$y1 - shade$y0), layout$lines$height[match(shade$row, layout$lines$row)])
  pages <- forest_pages(layout, 5)
  expect_gt(length(pages), 1L)
  expect_identical(sum(vapply(pages, function(page) sum(page$texts$role == "label"), 0L)),
                   sum(layout$texts$role == "label"))
  for (page in pages) {
    expect_sound_layout(page)
    # Marks remain beside the middle of their label.
    boxes <- page$rects[page$rects$role == "box", ]
    expect_equal((boxes$y0 + boxes$y1) / 2, page$lines$y[match(boxes$row, page$lines$row)])
  }
})

test_that("heights that the user gives hold: all rows grow alike", {
  labels <- c("Ames\n1999", "Bell", "Cole\n2001\n(second report)", "Dunn")
  drawn <- forest(small(labels), rows = 9:6, plot = FALSE)
  expect_identical(drawn$rows, 6:9)
  expect_sound_layout(drawn$layout)
  expect_equal(diff(drawn$layout$lines$y[1:4]), rep(-drawn$layout$pitch, 3L))
  expect_separate_rows(drawn$layout)
  placed <- forest(small(labels), xlim = c(-8, 6), plot = FALSE)
  expect_identical(placed$rows, 1:4)
  expect_separate_rows(placed$layout)
})

test_that("long labels, groups, cells and headings are wrapped before anything is scaled", {
  groups <- c(paste("Trials", long), paste("Cohorts", long))[c(1, 1, 2, 2)]
  for (words in c(long, chinese)) {
    for (style in names(styles())) {
      x <- small(paste(c("Ames", "Bell", "Cole", "Dunn"), words), groups)
      layout <- forest_layout(x, style = style, width = 7)
      expect_identical(layout$scale, 1, info = style)
      expect_sound_layout(layout)
      expect_separate_rows(layout)
      cells <- forest_layout(small(LETTERS[1:4]), style = style, width = 8, columns = list(
        forest_column(rep(words, 4L), paste("Assessed", words)),
        forest_column(rep(words, 4L), "Notes", side = "right")))
      expect_gt(cells$scale, 0.7)
      expect_sound_layout(cells)
      expect_separate_rows(cells)
    }
  }
  # Also where nothing forces it, but no wider than a sensible line.
  expect_lt(forest_size(small(rep(strrep("word ", 60L), 4L)))[["width"]], 10.5)
  expect_identical(forest_layout(small(c("A", "B", "C", "A label of some words")))$lines$text[4L],
                   "A label of some words")
})

test_that("a label with a line feed and a long line, markup and plotmath keep what they are", {
  layout <- forest_layout(small(c(paste0("Ames\n", long), "I^2 one", "Cole", "Dunn")), width = 6, style = "revman")
  expect_sound_layout(layout)
  expect_true(all(c("Ames", "I^2 one") %in% layout$texts$text))
  mathematics <- forest_layout(small(LETTERS[1:4]), slab = expression(alpha^2, beta, gamma, delta))
  expect_sound_layout(mathematics)
  expect_equal(mathematics$lines$height, rep(mathematics$pitch, nrow(mathematics$lines)))
})

test_that("stacked parts wrap and grow alike", {
  parts <- list(Deaths = small(paste(LETTERS[1:4], long)), Pain = small(c("A\nB", "C", "D", "E")))
  grDevices::pdf(NULL, 7, 7)
  layout <- forest_stack(parts)$layout
  grDevices::dev.off()
  expect_identical(layout$scale, 1)
  expect_sound_layout(layout)
})

# The size that the message about scaling names, in inches; NULL where there is no message.
size_told <- function(width, height, x, ..., before = NULL) {
  grDevices::pdf(NULL, width, height)
  on.exit(grDevices::dev.off())
  if (!is.null(before)) before()
  told <- NULL
  layout <- withCallingHandlers(forest(x, ...)$layout, message = function(m) {
    if (inherits(m, "metaparity_message_scaled")) {
      told <<- as.numeric(regmatches(conditionMessage(m),
                                     regexec("([0-9.]+) x ([0-9.]+) in", conditionMessage(m)))[[1L]][2:3])
    }
    invokeRestart("muffleMessage")
  })
  expect_identical(is.null(told), layout$scale == 1)
  told
}

test_that("on a device of the size that the message names nothing is scaled, and it never names what there is", {
  ilab <- data.frame(a = rep("some words", 4L), b = 1:4, c = c("1/2", "3/4", "5/6", "7/8"))
  cases <- list(list(small(LETTERS[1:4])), list(small(paste(LETTERS[1:4], long))),
                list(small(LETTERS[1:4]), ilab = ilab),
                list(small(paste("Ames and others", 2001:2004)), ilab = ilab, showweights = TRUE),
                list(small(paste(LETTERS[1:4], chinese)), style = "revman"), list(small(LETTERS[1:4]), cex = 1.4))
  for (case in cases) {
    for (page in list(c(7, 7), c(7, 2), c(3, 9), c(5.5, 12), c(9, 3))) {
      told <- do.call(size_told, c(page, case))
      if (is.null(told)) next
      expect_true(any(told > page))
      expect_null(do.call(size_told, c(told, case)))
    }
  }
})

test_that("in a cell of a page the message names the size of the page", {
  halves <- function() graphics::par(mfrow = c(1L, 2L))
  told <- size_told(7, 7, small(LETTERS[1:4]), before = halves)
  expect_gt(told[1L], 7)
  expect_null(size_told(told[1L], told[2L], small(LETTERS[1:4]), before = halves))
})

test_that("ticks, keys and added rows may have line feeds, too", {
  ticks <- c("low\nhere" = -1, none = 0, "high\nup\nthere" = 1)
  layout <- forest_layout(small(LETTERS[1:4]), colour = c("a\nb", "a\nb", "c", "c"), at = ticks,
                          favours = c("this", "that"))
  expect_sound_layout(layout)
  expect_true(all(c("low", "here", "there", "a b") %in% layout$texts$text))
})

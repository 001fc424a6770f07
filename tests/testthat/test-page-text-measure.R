latin <- "Sadegh Jafarnejad (2017)"
chinese <- "\u859b\u5ddd\u4e91 (2020) a"

with_device <- function(open, code) {
  open()
  on.exit(grDevices::dev.off())
  graphics::par(mar = c(0, 0, 0, 0))
  graphics::plot.new()
  force(code)
}
plain_pdf <- function() grDevices::pdf(NULL)
cairo_png <- function() grDevices::png(tempfile(fileext = ".png"), type = "cairo")

test_that("East Asian characters are found and given their family", {
  expect_identical(has_cjk(c(latin, chinese, NA, "na\u00efve \u2264 1", "\uff081\uff09")),
                   c(FALSE, TRUE, FALSE, FALSE, TRUE))
  expect_identical(cjk_family(chinese), "GB1")
  expect_identical(cjk_family("\u81fa\u7063\u7814\u7a76"), "CNS1")
  expect_identical(cjk_family("\u7814\u7a76\u306e"), "Japan1")
  expect_identical(cjk_family("\ud55c\uad6d\uc5b4"), "Korea1")
})

test_that("a plain device gets one run per family, and no character that its fonts lack", {
  runs <- text_runs(c(latin, chinese, "\u5f02\u8d28\u6027: \u03c4\u00b2 \u2212 \u00e7"), plain = TRUE)
  expect_identical(runs$id, c(1L, 2L, 2L, 3L, 3L, 3L, 3L))
  expect_identical(runs$family, c("", "GB1", "", "GB1", "", "GB1", ""))
  expect_identical(runs$text[7L], "\u00b2 - \u00e7")
  expect_identical(text_runs(chinese, plain = FALSE)$text, c("\u859b\u5ddd\u4e91", " (2020) a"))
  expect_identical(text_runs(chinese, plain = FALSE)$family, c("", ""))
  expect_true(text_runs("\u0142", plain = TRUE)$text %in% c("l", "?"))
})

test_that("superscripts are runs of their own", {
  runs <- text_runs(c("I^2 = 50%", "a^2"), markup = c(TRUE, FALSE), plain = FALSE)
  expect_identical(runs$text, c("I", "2", " = 50%", "a^2"))
  expect_identical(runs$rise > 0, c(FALSE, TRUE, FALSE, FALSE))
})

test_that("widths are those of the runs, and a wide character is one em where nothing can be measured", {
  with_device(plain_pdf, {
    expect_equal(text_width("\u859b\u5ddd\u4e91", 12), 0.5)
    expect_equal(text_width(chinese, 12), 0.5 + text_width(" (2020) a", 12))
    expect_equal(text_width(c(latin, latin), c(12, 6)), text_width(latin, 12) * c(1, 0.5))
    expect_lt(text_width("I^2", 12, markup = TRUE), text_width("I2", 12))
    expect_identical(text_width(character(), 12), numeric())
    expect_equal(text_width(NA, 12), 0)
    expect_silent(text_width("\u03c4 \u2264 \u4e2d", 12))
  })
  skip_if_not(isTRUE(unname(capabilities("cairo"))))
  with_device(cairo_png, {
    expect_equal(text_width(latin, 12), graphics::strwidth(latin, "inches"))
    expect_gt(text_width(chinese, 12), text_width(" (2020) a", 12))
  })
})

test_that("a drawn pdf says once that its East Asian font is not embedded, and loses no character", {
  rm(list = ls(session_answers), envir = session_answers)
  draw <- function() with_device(plain_pdf, draw_text(0.5, c(0.2, 0.5), c(chinese, "I^2"), 9, markup = TRUE))
  expect_message(draw(), class = "metaparity_message_embedding")
  expect_silent(draw())
  expect_silent(with_device(plain_pdf, draw_text(0.5, 0.5, chinese, 9, hadj = 0.5, srt = 90)))
})

test_that("postscript without the family warns and goes on", {
  open <- function() grDevices::postscript(tempfile(fileext = ".ps"))
  expect_warning(with_device(open, suppressMessages(draw_text(0.5, 0.5, chinese, 9))),
                 class = "metaparity_warning_font")
})

test_that("a missing font is a classed warning that names what to install", {
  lacking <- function(language) FALSE
  expect_warning(warn_missing_font(chinese, available = lacking), class = "metaparity_warning_font")
  expect_silent(warn_missing_font(latin, available = lacking))
  expect_silent(warn_missing_font(chinese, available = function(language) NA))
})

test_that("lines break at spaces and between East Asian characters, not before closing punctuation", {
  with_device(plain_pdf, {
    lines <- wrap_text("one two three four five", text_width("one two three", 9), 9)
    expect_identical(lines, c("one two three", "four five"))
    zh <- "\u4e2d\u6587\u6807\u7b7e\uff0c\u6362\u884c"
    lines <- wrap_text(zh, text_width("\u4e2d\u6587\u6807\u7b7e", 9) * 1.05, 9)
    expect_identical(lines, c("\u4e2d\u6587\u6807", "\u7b7e\uff0c\u6362\u884c"))
    expect_identical(wrap_text("unbreakable", 0.01, 9), "unbreakable")
    expect_identical(wrap_text("", 1, 9), "")
  })
})

test_that("a relation stays with its sides, and many strings break as each alone", {
  grDevices::pdf(NULL)
  on.exit(grDevices::dev.off())
  graphics::plot.new()
  text <- "Heterogeneity: Tau^2 = 0.20; Chi^2 = 15.85, df = 4 (P = 0.003); I^2 = 75%"
  for (width in seq(1, 5, 0.25)) {
    lines <- wrap_text(text, width, 10)
    expect_false(any(grepl("[=<>]$|^[=<>]", lines)))
    expect_true(all(text_width(lines, 10) <= width))
    expect_identical(gsub(" ", "", paste(lines, collapse = "")), gsub(" ", "", text))
  }
  many <- c(text, "short", strrep("\u9aa8\u8d28\u758f\u677e", 15), strrep("x", 100), "")
  together <- wrap_texts(many, 1.5, 9)
  expect_identical(together, lapply(many, wrap_text, width = 1.5, size = 9))
  expect_true(all(text_width(unlist(together), 9) <= 1.5))
})

test_that("the note on fonts of pdf() comes with East Asian letters alone", {
  on_pdf <- function(text) {
    grDevices::pdf(NULL)
    on.exit(grDevices::dev.off())
    graphics::plot.new()
    draw_text(0.5, 0.5, text, 10)
  }
  forget <- function() suppressWarnings(rm(list = "embedding", envir = session_answers))
  forget()
  expect_no_message(on_pdf(c("\u03c4\u00b2 = 0.10, I\u00b2 \u2264 5, \u03b8\u1d62", "Na\u00efve \u0416")))
  expect_message(on_pdf("\u7814\u7a76 2020"), class = "metaparity_message_embedding")
  forget()
})

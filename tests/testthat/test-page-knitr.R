# Renders a document in a clean session of knitr's hooks; returns the text of the output and the sizes of its figures.
render_document <- function(chunks, format, hooked = FALSE, ...) {
  folder <- tempfile("document")
  dir.create(folder)
  old <- knitr::knit_hooks$get()
  on.exit(knitr::knit_hooks$restore(old))
  if (!hooked) knitr::knit_hooks$set(evaluate = knitr::knit_hooks$get("evaluate", default = TRUE))
  body <- unlist(lapply(chunks, function(chunk) c(if (!startsWith(chunk[1L], "```")) "```{r}", chunk, "```", "")))
  input <- file.path(folder, "document.Rmd")
  writeLines(c("---", "title: Document", "---", "", body), input)
  out <- rmarkdown::render(input, format, envir = new.env(parent = globalenv()), quiet = TRUE, ...)
  figures <- list.files(folder, "-[0-9]+[.](png|pdf|svg)$", recursive = TRUE, full.names = TRUE)
  figures <- figures[order(basename(figures))]
  sizes <- lapply(figures, figure_inches)
  names(sizes) <- sub("[.][a-z]+$", "", sub("^unnamed-chunk-", "", basename(figures)))
  list(text = readLines(out, warn = FALSE), sizes = sizes, figures = figures)
}

# PNG files are 192 dots per inch here (knitr's 96 twice, for fine screens).
figure_inches <- function(file, dpi = 192) {
  bytes <- readBin(file, "raw", 1e6)
  if (grepl("png$", file)) return(readBin(bytes[17:24], "integer", 2, size = 4, endian = "big") / dpi)
  text <- rawToChar(bytes[bytes != 0])
  box <- regmatches(text, regexpr("MediaBox *\\[[^]]*\\]", text, useBytes = TRUE))
  as.numeric(strsplit(sub(".*\\[ *0 +0 +([^]]*?) *\\]", "\\1", box), " +")[[1L]]) / 72
}

html <- function() rmarkdown::html_document(self_contained = FALSE, theme = NULL, highlight = NULL, mathjax = NULL)

studies <- c("library(metaparity)", "d <- function(k) {",
             "  data.frame(yi = sin(seq_len(k)), sei = 0.2 + seq_len(k) %% 5 / 10, slab = paste('Study', seq_len(k)))",
             "}")

natural <- function(k, ..., extension = "png") {
  d <- data.frame(yi = sin(seq_len(k)), sei = 0.2 + seq_len(k) %% 5 / 10, slab = paste("Study", seq_len(k)))
  unname(forest_size(d, ..., device = list(extension = extension, dpi = 192)))
}

test_that("forests of 3, 30 and 120 rows get their size in HTML, in the chunk that attaches the package too", {
  for (hooked in c(FALSE, TRUE)) {
    out <- render_document(list(c(studies, "forest(d(3))"), "forest(d(30))",
                                "x <- forest(d(120))"), html(), hooked)
    expect_length(out$sizes, 3L)
    for (i in 1:3) expect_equal(out$sizes[[i]], natural(c(3, 30, 120)[i]), tolerance = 0.02)
    width <- regmatches(out$text, regexpr("(?<=width=\")[0-9.]+", out$text, perl = TRUE))
    expect_equal(as.numeric(width), 96 * vapply(out$sizes, `[`, 0, 1L, USE.NAMES = FALSE), tolerance = 0.01)
  }
})

test_that("other plots keep knitr's size, in any order, and loops and added lines work", {
  out <- render_document(list(studies, c("plot(1:3)", "forest(d(4))", "abline(v = 0)", "plot(3:1)"),
                              c("for (k in c(5, 20)) forest(d(k))", "plot(2)", "lines(1:2)"),
                              c("{plot(1); forest(d(6))}"),
                              c("par(mfrow = c(1, 2))", "forest(d(3))", "forest(d(3))")), html(), hooked = TRUE)
  expect_identical(names(out$sizes), c("2-1", "2-2", "2-3", "3-1", "3-2", "3-3", "4-1", "4-2", "5-1"))
  plain <- c(7, 5)
  expect_equal(out$sizes[c("2-1", "2-3", "3-3", "4-1", "5-1")], rep(list(plain), 5), ignore_attr = TRUE)
  for (i in c("2-2", "3-1", "3-2", "4-2")) {
    k <- c("2-2" = 4, "3-1" = 5, "3-2" = 20, "4-2" = 6)[[i]]
    expect_equal(out$sizes[[i]], natural(k), tolerance = 0.02)
  }
})

test_that("the chunk's own size, and the option forest.size, decide", {
  out <- render_document(list(studies, c("```{r, fig.width = 5}", "forest(d(4))"),
                              c("```{r, fig.dim = c(4, 3)}", "forest(d(4))"),
                              c("```{r, forest.size = FALSE}", "forest(d(4))"),
                              c("```{r, forest.size = 'double'}", "forest(d(4))"),
                              c("```{r, fig.height = 6}", "forest(d(4))")), html())
  expect_equal(out$sizes[["2-1"]][1L], 5, tolerance = 0.01)
  expect_lt(out$sizes[["2-1"]][2L], 3)
  expect_equal(out$sizes[["3-1"]], c(4, 3), tolerance = 0.01)
  expect_equal(out$sizes[["4-1"]], c(7, 5), tolerance = 0.01)
  expect_equal(out$sizes[["5-1"]][1L], 170 / 25.4, tolerance = 0.01)
  expect_equal(out$sizes[["6-1"]][2L], 6, tolerance = 0.01)
})

test_that("lines are added to a figure of the first chunk too, then in knitr's size", {
  out <- render_document(list(c(studies, "forest(d(4))", "abline(v = 0)"), "forest(d(4))"), html())
  expect_identical(names(out$sizes), c("1-1", "2-1"))
  expect_equal(out$sizes[["1-1"]], c(7, 5), tolerance = 0.01)
  expect_equal(out$sizes[["2-1"]], natural(4), tolerance = 0.02)
})

test_that("figures with two axes come in their own size, with caption", {
  out <- render_document(list(studies,
                              c("```{r, fig.cap = 'Funnel'}", "fit <- rma(yi, sei = sei, data = d(9))", "funnel(fit)"),
                              c("radial(fit)")), html(), hooked = TRUE)
  figure <- attr(funnel(rma(c(.1, .2, .4), c(.1, .2, .1)), draw = FALSE), "figure")
  expect_equal(out$sizes[["2-1"]], unname(figure_size(figure)), tolerance = 0.01)
  expect_length(out$sizes, 2L)
  expect_true(any(grepl("Funnel", out$text, fixed = TRUE)))
})

test_that("LaTeX: sizes within the line, East Asian labels embedded", {
  zh <- "slab <- function(k) paste0('\\u859b\\u5ddd\\u4e91', seq_len(k))"
  out <- render_document(list(c(studies, zh, "forest(d(3), slab = slab(3))"), "forest(d(30), slab = slab(30))",
                              "forest(d(120))", "forest(d(3), slab = rep(strrep('long label ', 7), 3))"),
                              rmarkdown::latex_document())
  expect_identical(names(out$sizes), c("1-1", "2-1", "3-1", "3-2", "3-3", "3-4", "4-1"))
  expect_equal(sum(grepl("\\includegraphics{", out$text, fixed = TRUE)), 7L)
  expect_true(all(vapply(out$sizes, `[`, 0, 1L) <= 6.5 + 0.01))
  expect_true(all(vapply(out$sizes, `[`, 0, 2L) <= 8.5 + 0.01))
  embedded <- function(file) any(grepl("FontFile", readLines(file, warn = FALSE), useBytes = TRUE))
  expect_identical(unname(vapply(out$figures, embedded, NA)), rep(c(TRUE, FALSE), c(2, 5)))
  gap <- diff(grep("\\includegraphics{", out$text, fixed = TRUE))
  expect_true(all(gap > 1))
})

test_that("results are tables in documents, in Chinese if asked, and print as ever where that is wanted", {
  lines <- c(studies, "fit <- rma(yi, sei = sei, data = d(6))")
  out <- render_document(list(c(lines, "fit"), "rma(yi, sei = sei, data = d(6), by = rep(1:2, 3))", "leave1out(fit)",
                              "cumul(fit)", "rma(yi, sei = sei, mods = ~ sei, data = d(6), test = 'knha')",
                              c("options(metaparity.lang = 'zh')", "fit"), "options(metaparity.lang = 'en')",
                              c("```{r, metaparity.table = FALSE}", "fit"), "print(fit)"),
                         rmarkdown::md_document(variant = "markdown"))
  text <- paste(out$text, collapse = "\n")
  expect_identical(lengths(regmatches(text, gregexpr("95% CI", text, fixed = TRUE))), 6L)
  expect_match(text, "\u4f30\u8ba1\u503c")
  expect_match(text, "Overall", fixed = TRUE)
  expect_identical(lengths(regmatches(text, gregexpr("Model Results:", text, fixed = TRUE))), 2L)
})

test_that("a figure is laid out again on the device on which it is replayed", {
  skip_if_not(isTRUE(unname(capabilities("cairo"))))
  grDevices::pdf(NULL, 7, 7)
  grDevices::dev.control("enable")
  forest(c(.1, .2), sei = c(.1, .1), main = "Replayed")
  record <- grDevices::recordPlot()
  grDevices::dev.off()
  file <- tempfile(fileext = ".svg")
  grDevices::svg(file, 5, 1.9)
  grDevices::replayPlot(record)
  usr <- graphics::par("usr")
  grDevices::dev.off()
  grDevices::svg(tempfile(), 5, 1.9)
  suppressMessages(forest(c(.1, .2), sei = c(.1, .1), main = "Replayed"))
  expect_equal(usr, graphics::par("usr"))
  grDevices::dev.off()
})

test_that("every panel has metafor's user coordinates", {
  skip_if_not_installed("metafor")
  for (mods in list(NULL, cbind(ablat = bcg_tables$ablat))) {
    f <- if (is.null(mods)) both_fits("rma", measure = "RR") else both_fits("rma", measure = "RR", mods = mods)
    theirs <- stats::influence(f$theirs)
    ours <- stats::influence(f$ours)
    for (i in 1:8) {
      usr <- usr_after(plot(theirs, plotinf = i))
      expect_gate(usr_after(plot(ours, plotinf = i)), usr, "metafor_interval", scale = max(abs(usr)))
    }
    usr <- usr_after(plot(theirs, plotinf = FALSE, plotdfbs = TRUE))
    expect_gate(usr_after(plot(ours, plotinf = FALSE, plotdfbs = TRUE)), usr, "metafor_interval", scale = 1)
  }
})

test_that("pages of panels hold their texts; influential studies are filled", {
  fit <- rma(c(bcg_effects$yi, 4), c(bcg_effects$vi, 0.003), slab = c(bcg_effects$study, "An outlier 2001"))
  x <- influence(fit)
  expect_true(x$is.infl[14L])
  figure <- plot(x, plotdfbs = TRUE, slab.style = 2, main = "Diagnostics", lang = "zh", draw = FALSE)
  page <- page_of(figure)
  expect_length(page$parts, 9L)
  expect_identical(overlapping_texts(page), character())
  expect_equal(unname(figure_size(figure)), c(8, 5 * (2.3 + min(1.5, 0.075 * 19)) + 0.4))
  marks <- do.call(rbind, lapply(items_of(page, "points"), function(item) item$data))
  expect_true("red" %in% marks$bg)
  many <- influence(rma(rep(bcg_effects$yi, 8), rep(bcg_effects$vi, 8)))
  expect_identical(overlapping_texts(page_of(plot(many, draw = FALSE), 5, 6)), character())
  file <- tempfile(fileext = ".png")
  save_figure(figure, file, dpi = 40)
  expect_gt(file.size(file), 1000)
  bad <- function(...) expect_error(plot(x, ..., draw = FALSE), class = "metaparity_error_input")
  bad(plotinf = FALSE)
  bad(plotinf = 9)
  bad(slab.style = 4)
})

test_that("the printed table is metafor's, of all studies or the influential ones", {
  skip_if_not_installed("metafor")
  f <- both_fits("rma", measure = "RR", method = "DL", slab = bcg_tables$study, data = bcg_tables)
  lines <- function(x, ...) utils::capture.output(print(stats::influence(x), ...))
  expect_identical(lines(f$ours), lines(f$theirs))
  g <- both_fits("rma", measure = "RR", method = "DL", mods = cbind(ablat = bcg_tables$ablat))
  expect_identical(lines(g$ours), lines(g$theirs))
  expect_message(lines(g$ours, infonly = TRUE), class = "metaparity_message_empty")
  h <- both_fits("rma", measure = "RR", method = "DL", data = bcg_tables[1:5, ])
  expect_identical(lines(h$ours, infonly = TRUE), lines(h$theirs, infonly = TRUE))
  expect_identical(dim(as.data.frame(stats::influence(f$ours))), c(13L, 10L))
})

test_that("the layout of the panels and the words of par() are taken", {
  inf <- influence(rma(yi, vi, data = bcg_effects))
  expect_identical(plot(inf, layout = c(8, 1), las = 1, draw = FALSE)$columns, 1L)
  expect_identical(plot(inf, layout = c(2, 4), cex = 0.5, draw = FALSE)$columns, 4L)
  expect_error(plot(inf, layout = 0, draw = FALSE), class = "metaparity_error_input")
})

test_that("flagged studies are named in every panel, free of each other", {
  set.seed(3)
  yi <- c(stats::rnorm(18, 0.2, 0.2), 3, -2.5)
  fit <- rma(yi, rep(0.02, 20), slab = sprintf("A rather long study name %d", 1:20))
  result <- influence(fit)
  flagged <- which(result$is.infl)
  expect_gt(length(flagged), 0L)
  figure <- plot(result, draw = FALSE)
  expect_message(page <- page_of(figure), NA)
  expect_sound_figure(page)
  names <- texts_with_role(page, "label")
  long <- as.character(result$inf$slab)[flagged]
  expect_setequal(gsub("\n", " ", names), paste0(strtrim(long, 21L), "..."))
  expect_length(names, 8L * length(flagged))
  plain <- influence(rma(c(0.1, 0.2, 0.15, 0.18, 0.22), rep(0.1, 5)))
  expect_length(texts_with_role(page_of(plot(plain, draw = FALSE)), "label"), 0L)
})

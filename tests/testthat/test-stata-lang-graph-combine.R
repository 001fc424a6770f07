combined <- function(...) {
  d <- data.frame(es = c(0.1, 0.3, 0.5, 0.2), se = c(0.1, 0.2, 0.2, 0.15))
  stata(c("quietly metan es se, random name(a)", "quietly metan es se, fixed name(b)", "metafunnel es se, name(f)", ...),
        d, graphs = FALSE)
}

test_that("forest plots share a page with other graphs, each cell as large as its graph", {
  graphs <- combined("graph combine a f b, cols(2) title(Both)")$graphs
  view <- graphs[[4]]$view
  expect_s3_class(view, "stata_combined")
  size <- lapply(graphs[1:3], graph_size)
  expect_equal(view$widths[1], max(size[[1]][1], size[[2]][1]), ignore_attr = TRUE)
  expect_equal(view$heights[2], size[[2]][[2]], ignore_attr = TRUE)
  expect_equal(combined_size(view)[["height"]], sum(view$heights) + 0.4)
  expect_equal(c(view$rows, view$columns), c(2, 2))
})

test_that("a combined graph is drawn, exported, and is a graph of others", {
  file <- tempfile(fileext = ".png")
  folder <- tempfile("combine")
  dir.create(folder)
  old <- setwd(folder)
  on.exit(setwd(old))
  log <- combined("graph combine a b, cols(1) name(c)", "graph export c.png, width(600)", "graph combine c f",
                  "graph export d.pdf")$log
  expect_true("(file c.png written in PNG format)" %in% log)
  expect_true(all(file.size(c("c.png", "d.pdf")) > 2000))
})

test_that("the background of a scheme lies below the title of combined forest plots", {
  colours <- function(...) {
    file <- tempfile(fileext = ".svg")
    view <- combined("set scheme s2color", "scatter es se, name(s)", ...)$graphs
    view <- view[[length(view)]]$view
    save_combined(view, file, 72)
    list(page = view$page, first = grep("<(rect|path).*fill:rgb", readLines(file), value = TRUE)[1:2])
  }
  skip_if_not(isTRUE(unname(capabilities("cairo"))))
  with <- colours("graph combine a s, title(All)")
  expect_equal(with$page, stata(c("set scheme s2color", "scatter y x"), data.frame(y = 1:2, x = 1:2),
                                graphs = FALSE)$graphs[[1]]$view$style$page)
  share <- paste(sprintf("%.2f", 100 * grDevices::col2rgb(with$page)[1] / 255))
  expect_match(with$first[2], substr(share, 1, 4), fixed = TRUE)
  expect_true(is.na(colours("graph combine a b, title(All)")$page))
  expect_equal(colours("graph combine a s, name(c)", "graph combine c b, title(All)")$page, with$page)
})

test_that("a graph stays in the window for the next call", {
  stata("scatter y x", data.frame(x = 1:5, y = c(2, 1, 4, 3, 5)), graphs = FALSE)
  file <- tempfile(fileext = ".png")
  out <- stata(sprintf("graph export \"%s\", width(200)", file))
  expect_true(file.exists(file))
  expect_length(out$graphs, 0L)
  stata("summarize x", data.frame(x = 1:3))
  expect_error(stata(sprintf("graph export \"%s\", replace", file)), class = "metaparity_error_stata")
})

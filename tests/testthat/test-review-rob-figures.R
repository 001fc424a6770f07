# Random judgements of n studies in d domains with labels of random lengths, some Chinese.
random_rob <- function(n, d, overall = TRUE) {
  words <- c("Bias", "in", "measurement", "of", "the", "outcome", "\u968f\u673a\u5e8f\u5217\u4ea7\u751f", "selection",
             "(performance bias)",
             "M\u00fcller", "Longwordwithoutanyblanksatall")
  label <- function() paste(sample(words, sample(1:12, 1L), TRUE), collapse = " ")
  domains <- make.unique(vapply(seq_len(d), function(i) label(), ""))
  data <- data.frame(study = paste(vapply(seq_len(n), function(i) label(), ""), seq_len(n)), stringsAsFactors = FALSE)
  data[domains] <- lapply(domains, function(name) sample(c("low", "unclear", "high", NA, "low"), n, TRUE))
  data[1L, domains] <- "low"
  rob(data, "rob1", domains = seq_len(d) + 1L, overall = overall)
}

expect_boxes_apart <- function(layout) {
  texts <- layout_texts(layout)
  expect_true(all(texts$left > -1e-6 & texts$bottom > -1e-6 & texts$right < layout$width + 1e-6 &
                  texts$top < layout$height + 1e-6))
  order <- order(texts$left)
  texts <- texts[order, ]
  clash <- character()
  last <- findInterval(texts$right - 0.005, texts$left)
  for (i in which(last > seq_along(last))) {
    j <- (i + 1L):last[i]
    hit <- j[pmin(texts$top[j], texts$top[i]) - pmax(texts$bottom[j], texts$bottom[i]) > 0.005]
    if (length(hit)) clash <- c(clash, paste(texts$label[i], "|", texts$label[hit[1L]]))
  }
  expect_identical(clash, character())
  shapes <- items_of(layout, "polygon")
  x <- unlist(lapply(shapes, `[[`, "x"))
  y <- unlist(lapply(shapes, `[[`, "y"))
  expect_true(all(x > -1e-6 & x < layout$width + 1e-6 & y > -1e-6 & y < layout$height + 1e-6))
}

test_that("nothing overlaps and nothing leaves the page, for 1 to 200 studies and 1 to 20 domains", {
  set.seed(5)
  for (n in c(1L, 2L, 30L, 200L)) {
    x <- random_rob(n, sample(1:20, 1L), overall = n %% 2L == 0L)
    for (labels in c("name", "id")) {
      expect_boxes_apart(page_of(rob_summary(x, labels = labels, lang = if (n > 10L) "zh", title = "A title",
                                             draw = FALSE)))
      expect_boxes_apart(page_of(rob_graph(x, labels = labels, title = paste(rep("A long title", 20L), collapse = " "),
                                           draw = FALSE)))
    }
  }
})

test_that("the size follows the contents, and a smaller page makes all of it smaller", {
  set.seed(6)
  size <- function(n, d, ...) figure_size(rob_summary(random_rob(n, d), draw = FALSE, ...))
  expect_gt(size(40L, 5L, columns = 1)[["height"]], size(10L, 5L, columns = 1)[["height"]] + 6)
  expect_gt(size(5L, 15L)[["width"]], size(5L, 3L)[["width"]] + 2)
  many <- size(200L, 6L)
  expect_lt(many[["height"]] / many[["width"]], 1.8)
  figure <- as_figure(rob_summary(random_rob(20L, 6L), draw = FALSE))
  small <- page_of(figure, 3, 2.5)
  expect_lt(small$scale, 0.6)
  expect_boxes_apart(small)
  large <- page_of(figure, 20, 20)
  expect_identical(large$scale, 1)
  expect_boxes_apart(large)
})

fills <- function(layout) {
  discs <- Filter(function(item) length(item$x) > 30L, items_of(layout, "polygon"))
  unname(vapply(discs, `[[`, "", "fill"))
}

test_that("a light has the colour and the sign of its judgement; what is not judged has none", {
  d <- data.frame(study = c("a", "b"), `Other bias` = c("low", "high"), `Allocation concealment` = c("unclear", NA),
                  check.names = FALSE)
  x <- rob(d, "rob1")
  layout <- page_of(rob_summary(x, legend = FALSE, draw = FALSE))
  expect_identical(sort(fills(layout)), sort(c("#00C000", "#E0E000", "#C00000")))
  expect_identical(sort(texts_with_role(layout, "sign")), sort(c("+", "?", "\u2212")))
  blind <- page_of(rob_summary(x, legend = FALSE, colours = "colourblind", symbols = FALSE, draw = FALSE))
  expect_identical(sort(fills(blind)), sort(c("#56B4E9", "#F0E442", "#D55E00")))
  expect_identical(texts_with_role(blind, "sign"), character())
  own <- page_of(rob_summary(x, legend = FALSE, colours = c(high = "#123456"), draw = FALSE))
  expect_true("#123456" %in% fills(own))
  expect_identical(texts_with_role(page_of(rob_summary(x, draw = FALSE)), "legend"),
                   c("Low risk of bias", "Unclear risk of bias", "High risk of bias"))
  chinese <- texts_with_role(page_of(rob_summary(x, lang = "zh", draw = FALSE)), "domain")
  expect_false(any(grepl("[A-Za-z]", chinese)))
})

test_that("bars have the shares of all studies, or of their weight", {
  d <- data.frame(study = c("a", "b", "c", "d"), x = c("low", "low", "high", NA), stringsAsFactors = FALSE)
  x <- rob(d, "rob1", domains = "x")
  plain <- rob_graph(x, draw = FALSE)
  expect_equal(plain$share, c(0.5, 0, 0.25))
  numbers <- rob_graph(x, weights = c(1, 2, 3, 4), draw = FALSE)
  expect_equal(numbers$share, c(0.3, 0, 0.3))
  fit <- rma(c(0.1, 0.4, 0.2, 0.9), c(0.1, 0.2, 0.05, 0.3), slab = c("d", "c", "b", "a"))
  w <- weights(fit)[c("a", "b", "c", "d")] / 100
  fitted <- rob_graph(x, weights = fit, draw = FALSE)
  expect_equal(fitted$share, unname(c(w[1] + w[2], 0, w[3])))
  expect_match(texts_with_role(page_of(fitted), "x_title"), "weight")
  bars <- Filter(function(item) item$fill %in% c("#00C000", "#C00000") && diff(range(item$x)) > 0.3,
                 items_of(page_of(fitted), "polygon"))
  wide <- vapply(bars, function(item) diff(range(item$x)), 0)
  expect_equal(wide[2L] / wide[1L], unname(w[3] / (w[1] + w[2])), tolerance = 1e-8)
})

test_that("weights that fit no study, or that are none, are told", {
  d <- data.frame(study = c("a", "b", "c"), x = c("low", "low", "high"), Weight = c(1, 1, 2))
  x <- rob(d, "rob1", domains = "x")
  expect_warning(rob_graph(x, weights = c(a = 1, b = 2), draw = FALSE), class = "metaparity_warning_dropped")
  for (bad in list(c(z = 1), 1:2, c(-1, 1, 1), "a", list(), c(0, 0, 0), c(NA, NaN, 1), Inf)) {
    expect_error(suppressWarnings(rob_graph(x, weights = bad, draw = FALSE)), class = "metaparity_error_input")
  }
  expect_equal(rob_graph(x, weights = TRUE, draw = FALSE)$share, c(0.5, 0, 0.5))
  for (call in list(quote(rob_summary(1)), quote(rob_summary(x, colours = "blue")), quote(rob_graph(x, legend = NA)),
                    quote(rob_summary(x, columns = 9)), quote(rob_graph(x, labels = "both")),
                    quote(rob_summary(x, order = 1)))) {
    expect_error(eval(call), class = "metaparity_error_input")
  }
})

test_that("figures are saved in every format, in both languages", {
  x <- rob(read_rm5(system.file("extdata", "example.rm5", package = "metaparity")))
  for (extension in c("png", "pdf", "svg")) for (lang in c("en", "zh")) {
    file <- tempfile(fileext = paste0(".", extension))
    save_figure(rob_summary(x, lang = lang, draw = FALSE), file)
    expect_gt(file.size(file), 1000)
    unlink(file)
  }
})

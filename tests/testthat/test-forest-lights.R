light_data <- function(k, chinese = FALSE, seed = 1) {
  set.seed(seed)
  names <- if (chinese) c("\u674e\u950b", "\u859b\u4e91\u5ddd", "\u90ed\u632f\u56fd") else
    c("Ash", "Hernandez-Lopez", "M\u00fcller")
  study <- paste(sample(names, k, TRUE), 1950 + seq_len(k))
  word <- function() sample(c("low", "some concerns", "high", NA), k, TRUE, c(0.6, 0.2, 0.15, 0.05))
  judged <- data.frame(study = study, D1 = word(), D2 = word(), D3 = word(), D4 = word(), D5 = word())
  judged$D1[1L] <- "low"
  n <- sample(30:200, k, TRUE)
  list(rob = rob(judged, "rob2"), fit = rma(measure = "RR", ai = rbinom(k, n, 0.2) + 1, n1i = n,
                                            ci = rbinom(k, n, 0.25) + 1, n2i = n, slab = study))
}

test_that("nothing overlaps and nothing leaves the page, in every style and both languages", {
  for (k in c(4L, 30L, 60L)) {
    d <- light_data(k, chinese = k == 30L)
    for (style in c("metafor", "revman", "stata", "stata_meta", "jama", "bmj", "lancet")) {
      layout <- suppressMessages(layout_of(d$fit, style = style, rob = d$rob, lang = if (k == 30L) "zh"))
      expect_sound_layout(layout)
      discs <- layout$polygons[layout$polygons$role == "light", ]
      spans <- tapply(discs$x, discs$id, range)
      ends <- do.call(rbind, spans[order(vapply(spans, `[`, 0, 1L))])
      centre <- data.frame(x = rowMeans(do.call(rbind, spans)), y = tapply(discs$y, discs$id, mean))
      near <- as.matrix(stats::dist(centre))
      diag(near) <- Inf
      expect_gt(min(near), diff(range(discs$x[discs$id == discs$id[1L]])))
      expect_identical(length(spans), sum(!is.na(d$rob$values)) + 3L)
    }
  }
})

test_that("a light has the colour of its judgement and stands in the row of its study", {
  d <- light_data(6L)
  layout <- layout_of(d$fit, style = "revman", rob = d$rob[6:1])
  discs <- layout$polygons[layout$polygons$role == "light" & !is.na(layout$polygons$row), ]
  first <- discs[!duplicated(discs$id), ]
  y <- layout$lines$y[match(first$row, layout$lines$row)]
  expect_equal(unname(tapply(discs$y, discs$id, mean)), y, tolerance = 1e-9, ignore_attr = TRUE)
  fill <- c(low = "#00C000", some_concerns = "#E0E000", high = "#C00000")
  label <- layout$rows$label[first$row]
  for (study in unique(label)) {
    own <- d$rob$values[d$rob$study == study, ]
    expect_identical(first$fill[label == study], unname(fill[own[!is.na(own)]]))
  }
  blind <- layout_of(d$fit, rob = d$rob, robcolours = "colourblind")
  expect_true("#D55E00" %in% c(blind$polygons$fill, "#D55E00"))
  expect_false("#C00000" %in% blind$polygons$fill)
})

test_that("studies are matched by their labels, and what is not judged is told", {
  d <- light_data(5L)
  warning <- expect_warning(layout_of(d$fit, rob = d$rob[-2L]), class = "metaparity_warning_studies")
  expect_identical(warning$rows, 2L)
  other <- d$rob
  other$study <- paste("X", seq_along(other$study))
  expect_error(layout_of(d$fit, rob = other), class = "metaparity_error_input")
  twice <- d$rob[c(1:5, 1L)]
  expect_error(layout_of(d$fit, rob = twice), class = "metaparity_error_input")
  expect_error(layout_of(d$fit, rob = "low"), class = "metaparity_error_input")
  expect_error(layout_of(d$fit, rob = TRUE), class = "metaparity_error_input")
  numbers <- rma(d$fit$yi, d$fit$vi)
  expect_identical(sum(layout_of(numbers, rob = d$rob)$polygons$role == "light") %% 32L, 0L)
  stars <- rob(data.frame(study = "a", Selection = 4, Comparability = 2, Outcome = 3), "nos")
  expect_error(layout_of(d$fit, rob = stars), class = "metaparity_error_input")
})

test_that("an analysis of a file draws the judgements of the file", {
  review <- read_rm5(system.file("extdata", "example.rm5", package = "metaparity"))
  layout <- forest(revman(review, "1.1"), rob = TRUE, plot = FALSE)$layout
  expect_sound_layout(layout)
  expect_identical(sum(layout$texts$text == "(A) Random sequence generation (selection bias)"), 1L)
  discs <- layout$polygons[layout$polygons$role == "light" & !is.na(layout$polygons$row), ]
  expect_identical(discs$fill[!duplicated(discs$id)], c("#00C000", "#E0E000", "#C00000", "#00C000"))
  again <- revman(revman(review, "1.1"), method = "IV")
  expect_s3_class(again$risk_of_bias, "revman_bias")
})

test_that("subgroups, sorted rows, own columns and pages keep the lights", {
  d <- light_data(8L)
  expect_sound_layout(layout_of(d$fit, rob = d$rob, order = "est"))
  expect_sound_layout(layout_of(d$fit, style = "revman", rob = d$rob,
                                columns = list(forest_column(1:8, "Dose", side = "right"))))
  groups <- suppressMessages(layout_of(d$fit, rob = d$rob, subset = 1:4))
  expect_sound_layout(groups)
  pages <- forest_pages(layout_of(light_data(60L)$fit, rob = light_data(60L)$rob), 8.5)
  expect_gt(length(pages), 1L)
  rows <- unlist(lapply(pages, function(page) unique(page$polygons$row[page$polygons$role == "light"])))
  expect_setequal(rows[!is.na(rows)], 1:60)
})

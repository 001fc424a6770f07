# The layout of a figure on a page of the given size, and what every layout must satisfy.
page_of <- function(figure, width = figure$size[1L], height = figure$size[2L]) {
  figure <- as_figure(figure)
  grDevices::pdf(NULL, width, height)
  on.exit(grDevices::dev.off())
  graphics::par(mai = c(0, 0, 0, 0))
  graphics::plot.new()
  figure_layout(figure, width, height)
}

items_of <- function(layout, type) Filter(function(item) item$type == type, layout$items)

overlapping_texts <- function(layout, slack = 0.02) {
  texts <- layout_texts(layout)
  if (nrow(texts) < 2L) return(character())
  pairs <- utils::combn(nrow(texts), 2)
  a <- texts[pairs[1L, ], ]
  b <- texts[pairs[2L, ], ]
  wide <- pmin(a$right, b$right) - pmax(a$left, b$left)
  high <- pmin(a$top, b$top) - pmax(a$bottom, b$bottom)
  hit <- wide > slack & high > slack
  paste(a$label, "|", b$label)[hit]
}

expect_sound_figure <- function(layout, labels_may_touch = FALSE) {
  if (!is.null(layout$parts)) return(invisible(lapply(layout$parts, expect_sound_figure, labels_may_touch)))
  texts <- layout_texts(layout)
  expect_gt(nrow(texts), 0)
  expect_true(all(texts$left > -1e-6 & texts$bottom > -1e-6), label = "texts right of and above the page's edge")
  expect_true(all(texts$right < layout$width + 1e-6 & texts$top < layout$height + 1e-6), label = "texts on the page")
  if (!labels_may_touch) expect_identical(overlapping_texts(layout), character())
  points <- do.call(rbind, lapply(items_of(layout, "points"), function(item) item$data[c("x", "y")]))
  expect_true(all(points$x >= 0 & points$x <= layout$width & points$y >= 0 & points$y <= layout$height))
  panel <- layout$panel
  ticks <- texts[texts$role == "x_tick", ]
  middle <- (ticks$left + ticks$right) / 2
  expect_true(all(middle > panel[1L] - 0.6 & middle < panel[3L] + 0.6))
}

bcg_effects <- data.frame(
  study = c("Aronson 1948", "Ferguson 1949", "Rosenthal 1960", "Hart 1977", "Frimodt-Moller 1973", "Stein 1953",
            "Vandiviere 1973", "TPT Madras 1980", "Coetzee 1968", "Rosenthal 1961", "Comstock 1974", "Comstock 1969",
            "Comstock 1976"),
  yi = c(-0.8893, -1.5854, -1.3481, -1.4416, -0.2175, -0.7861, -1.6209, 0.0120, -0.4694, -1.3713, -0.3394, 0.4459,
         -0.0173),
  vi = c(0.3256, 0.1946, 0.4154, 0.0200, 0.0512, 0.0069, 0.2230, 0.0040, 0.0564, 0.0730, 0.0124, 0.5325, 0.0714))

# usr of the plot region after `code` has drawn on a device that keeps nothing.
usr_after <- function(code) {
  grDevices::pdf(NULL, 7, 6)
  on.exit(grDevices::dev.off())
  force(code)
  graphics::par("usr")
}

# Fields and user coordinates of one of our plots against metafor's of the same name.
expect_metafor_plot <- function(verb, ours, theirs, ..., gate = "metafor_iterative") {
  b <- NULL
  usr <- usr_after(b <- getExportedValue("metafor", verb)(theirs, ...))
  a <- NULL
  expect_gate(usr_after(a <- getExportedValue("metaparity", verb)(ours, ...)), usr, gate, scale = max(abs(usr)))
  if (is.data.frame(b)) {
    expect_identical(names(a), names(b))
    expect_identical(dim(a), dim(b))
    expect_identical(rownames(a), rownames(b))
  }
  b <- unclass(b)
  for (field in names(b)) {
    label <- paste(verb, field)
    if (is.double(b[[field]])) expect_gate(a[[field]], b[[field]], gate, scale = max(abs(b[[field]]))) else
      expect_identical(as.character(a[[field]]), as.character(b[[field]]), label = label)
  }
  expect_sound_figure(page_of(a))
  invisible(a)
}

bcg_tables <- data.frame(
  tpos = c(4, 6, 3, 62, 33, 180, 8, 505, 29, 17, 186, 5, 27),
  tneg = c(119, 300, 228, 13536, 5036, 1361, 2537, 87886, 7470, 1699, 50448, 2493, 16886),
  cpos = c(11, 29, 11, 248, 47, 372, 10, 499, 45, 65, 141, 3, 29),
  cneg = c(128, 274, 209, 12619, 5761, 1079, 619, 87892, 7232, 1600, 27197, 2338, 17825),
  ablat = c(44, 55, 42, 52, 13, 44, 19, 13, 27, 42, 18, 33, 33), study = bcg_effects$study)

# The same model of the same tables by both packages.
both_fits <- function(verb, ..., data = bcg_tables) {
  fit_by <- function(package) {
    suppressWarnings(getExportedValue(package, verb)(ai = data$tpos, bi = data$tneg, ci = data$cpos,
                                                     di = data$cneg, ...))
  }
  list(ours = fit_by("metaparity"), theirs = fit_by("metafor"))
}

texts_with_role <- function(layout, role) {
  texts <- layout_texts(layout)
  texts$label[texts$role == role]
}

# The page on which a Stata graph stands: scheme(), graphregion(), plotregion(), xsize(), ysize(), aspect(). A forest
# plot has as many inches as its rows need; another shape sets its rows further apart or closer together.
# Source: Stata's Graphics manual, region_options, aspect_option, marginstyle, schemes intro.

page_words <- c("scheme", "graphregion", "plotregion", "ysize", "aspectratio", "bgcolor")

# The margins in percent of the graph's smaller side: left, right, bottom, top.
margin_names <- list(zero = c(0, 0, 0, 0), tiny = c(1, 1, 1, 1), vsmall = c(2, 2, 2, 2), small = c(3, 3, 3, 3),
                     medsmall = c(4, 4, 4, 4), medium = c(5, 5, 5, 5), medlarge = c(6, 6, 6, 6), large = c(8, 8, 8, 8),
                     vlarge = c(12, 12, 12, 12), sides = c(5, 5, 0, 0), top_bottom = c(0, 0, 5, 5), bottom = c(0, 0,
                       5, 0),
                     top = c(0, 0, 0, 5), left = c(5, 0, 0, 0), right = c(0, 5, 0, 0), none = c(0, 0, 0, 0))

# margin(small), margin(l=5 r=5), margin(1 1 0 1), margin(l+2)
region_margin <- function(text) {
  hit <- regmatches(text, regexec("(?:^|\\W)m(?:argin|argi|arg|ar)?\\(([^()]*)\\)", text))[[1L]]
  if (!length(hit)) return(NULL)
  inner <- trimws(hit[2L])
  if (inner %in% names(margin_names)) return(margin_names[[inner]])
  numbers <- suppressWarnings(as.numeric(plain_words(inner)))
  if (length(numbers) == 4L && !anyNA(numbers)) return(pmin(pmax(numbers, 0), 40))
  pairs <- regmatches(inner, gregexpr("[lrbt]\\s*[=+]?\\s*-?[0-9.]+", inner))[[1L]]
  if (!length(pairs)) return(NULL)
  out <- c(0, 0, 0, 0)
  for (p in pairs) out[match(substr(p, 1L, 1L), c("l", "r", "b", "t"))] <- as.numeric(gsub("[^0-9.-]", "", p))
  pmin(pmax(out, 0), 40)
}

# The colour inside a region and that of its edge; NA where there is none.
region_fill <- function(text, default) {
  for (word in c("ifcolor", "icolor", "fcolor", "fc", "color", "c")) {
    hit <- regmatches(text, regexec(sprintf("(?:^|[^[:alpha:]])%s\\(([^()]*)\\)", word), text))[[1L]]
    if (length(hit)) return(stata_colour(hit[2L], default))
  }
  default
}

region_edge <- function(text) {
  hit <- regmatches(text, regexec("(?:^|[^[:alpha:]])(?:ilcolor|lcolor|lc)\\(([^()]*)\\)", text))[[1L]]
  if (length(hit)) stata_colour(hit[2L], NA) else NA
}

# list(page, panel, edge, margin) of a graph's words; without a scheme the page of a forest plot is white.
page_looks <- function(looks) {
  style <- if (!is.null(looks$scheme)) scheme_style(plain_words(sub(",.*$", "", looks$scheme))[1L]) else
    list(page = "white", panel = NA)
  graph <- looks$graphregion %||% ""
  plot <- looks$plotregion %||% ""
  page <- region_fill(graph, style$page)
  if (!is.null(looks$bgcolor)) page <- stata_colour(looks$bgcolor, page)
  list(page = page, panel = region_fill(plot, style$panel), edge = region_edge(plot),
       margin = region_margin(graph) %||% rep(if (is_white(page)) 0 else 3, 4L), inner = region_margin(plot) %||% c(0,
         0, 0, 0))
}

is_white <- function(colour) is.na(colour) || all(grDevices::col2rgb(colour) == 255)

has_page <- function(graph) length(setdiff(names(graph$words$looks), character())) > 0L

inches_of <- function(text) {
  value <- suppressWarnings(as.numeric(sub("in$", "", trimws(text %||% ""))))
  if (!length(value) || is.na(value) || value < 1 || value > 100) NULL else value
}

aspect_of <- function(looks) {
  value <- suppressWarnings(as.numeric(sub(",.*$", "", looks$aspectratio %||% "")))
  if (!length(value) || is.na(value) || value <= 0) NULL else min(max(value, 0.05), 20)
}

# list(width, height, stretch, margin in inches, ...) of a forest plot's page.
stata_page <- function(graph, device = NULL) {
  looks <- graph$words$looks
  page <- page_looks(looks)
  args <- graph_arguments(graph)
  natural <- function(stretch) with_stretch(stretch, do.call(forest_size, c(list(graph$view, device = device), args),
    quote = TRUE))
  first <- natural(1)
  width <- graph$words$xsize %||% NULL
  height <- inches_of(looks$ysize)
  aspect <- aspect_of(looks)
  side <- min(width %||% first[["width"]], height %||% first[["height"]])
  margin <- (page$margin + page$inner) / 100 * side
  total <- width %||% (first[["width"]] + margin[1L] + margin[2L])
  inner <- max(total - margin[1L] - margin[2L], 0.5)
  ratio <- if (!is.null(height)) max(height - margin[3L] - margin[4L], 0.5) / inner else aspect
  stretch <- 1
  if (!is.null(ratio)) {
    want <- ratio * first[["width"]]
    slope <- natural(2)[["height"]] - first[["height"]]
    stretch <- min(max(1 + (want - first[["height"]]) / slope, 0.75), 8)
  }
  size <- if (stretch == 1) first else natural(stretch)
  deep <- inner * (ratio %||% (size[["height"]] / size[["width"]])) + margin[3L] + margin[4L]
  c(page, list(width = total, height = height %||% min(max(deep, 1), 100), stretch = stretch, edges = margin,
               own = (page$margin) / 100 * side))
}

# Colours the page, leaves its margins free and draws the plot inside them.
draw_forest_page <- function(graph, page = stata_page(graph)) {
  old <- graphics::par("omi")
  on.exit(graphics::par(omi = old))
  din <- graphics::par("din")
  edges <- page$edges * min(din[1L] / page$width, din[2L] / page$height, 1)
  graphics::par(omi = c(0, 0, 0, 0), mai = c(0, 0, 0, 0))
  graphics::plot.new()
  box <- function(x0, y0, x1, y1, fill, border = NA) {
    at <- function(v, f) f(v, "ndc")
    graphics::rect(at(x0, graphics::grconvertX), at(y0, graphics::grconvertY), at(x1, graphics::grconvertX),
                   at(y1, graphics::grconvertY), col = fill, border = border, xpd = NA)
  }
  if (!is.na(page$page)) box(0, 0, 1, 1, page$page)
  args <- graph_arguments(graph)
  with_stretch(page$stretch, {
    if (!is.na(page$panel) || !is.na(page$edge)) {
      span <- plot_span(graph, args, din - c(edges[1L] + edges[2L], edges[3L] + edges[4L]))
      own <- page$own * edges / pmax(page$edges, 1e-9)
      own[page$edges == 0] <- 0
      box(own[1L] / din[1L], (edges[3L] + span[1L]) / din[2L], 1 - own[2L] / din[1L], (edges[3L] +
        span[2L]) / din[2L], page$panel,
          page$edge)
    }
    graphics::par(omi = c(edges[3L], edges[1L], edges[4L], edges[2L]), new = TRUE)
    do.call(plot, c(list(graph$view), args), quote = TRUE)
  })
}

# Lower and upper end in inches of what lies above the axis and below the title.
plot_span <- function(graph, args, room) {
  lay <- do.call(forest, c(list(graph$view, plot = FALSE, size = room), args), quote = TRUE)$layout
  scale <- min(room[1L] / lay$width, room[2L] / lay$height, 1)
  up <- room[2L] - lay$height * scale
  top <- lay$height
  titles <- lay$texts[lay$texts$role %in% c("main", "title"), , drop = FALSE]
  if (nrow(titles)) top <- min(titles$y) - lay$fontsize / 72 * 0.8
  c(up + lay$panel[["bottom"]] * scale, up + top * scale)
}

save_forest_page <- function(graph, file, dpi) {
  device <- list(extension = figure_extension(file), dpi = dpi)
  page <- stata_page(graph, device)
  dpi <- feasible_dpi(file, c(page$width, page$height), dpi)
  old <- grDevices::dev.cur()
  open_figure_device(file, page$width, page$height, dpi)
  done <- FALSE
  on.exit(if (!done) close_device(old))
  withCallingHandlers(draw_forest_page(graph, page),
    metaparity_message_scaled = function(m) invokeRestart("muffleMessage"))
  done <- TRUE
  close_device(old)
  check_written(file)
}

# The same words on a figure with two axes.
figure_with_page <- function(figure, words) {
  looks <- words$looks
  if (!length(looks) && is.null(words$xsize)) return(figure)
  if (!is.null(looks$scheme)) {
    scheme <- scheme_style(plain_words(sub(",.*$", "", looks$scheme))[1L])
    figure$style[c("page", "panel", "grid_col", "text_col", "frame")] <- scheme[c("page", "panel", "grid_col",
      "text_col", "frame")]
  }
  if (!is.null(looks$graphregion)) figure$style$page <- region_fill(looks$graphregion, figure$style$page)
  if (!is.null(looks$plotregion)) figure$style$panel <- region_fill(looks$plotregion, figure$style$panel)
  if (!is.null(looks$bgcolor)) figure$style$page <- stata_colour(looks$bgcolor, figure$style$page)
  margin <- region_margin(looks$graphregion %||% "")
  if (!is.null(margin)) figure$style$pad <- figure$style$pad + max(margin) / 100 * min(figure$size)
  if (!is.null(words$xsize)) figure$size[1L] <- min(max(words$xsize, 1), 100)
  height <- inches_of(looks$ysize)
  if (!is.null(height)) figure$size[2L] <- height
  aspect <- aspect_of(looks)
  if (!is.null(aspect)) figure$size[2L] <- min(max(figure$size[1L] * aspect, 1), 100)
  figure
}

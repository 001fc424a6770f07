# Owns the layout of a figure with two axes: data units -> items in inches. Text is measured on the device that is open,
# margins follow from the measured text, so nothing is cut off and nothing has to be tried out.

# The layout of a figure for a page of width x height inches. A device must be open and a page begun. A legend for which
# the panel has no free place goes below it.
figure_layout <- function(figure, width, height) UseMethod("figure_layout")

#' @exportS3Method figure_layout metaparity_figure
figure_layout.metaparity_figure <- function(figure, width, height) {
  fitted <- fit_scale(figure, width, height)
  style <- fitted$style
  frame <- scatter_frame(fitted$figure, style, width, height)
  if (isTRUE(figure$square)) figure <- with_equal_units(figure, frame$panel)
  map <- scatter_map(figure, frame$panel)
  layers <- lapply(figure$layers, layer_items, map = map, style = style)
  if (legend_covers(frame, layers, style)) {
    figure$legend_at <- "below"
    return(figure_layout(figure, width, height))
  }
  items <- c(list(item_rect(c(0, 0, width, height), style$page), item_rect(frame$panel, style$panel)),
             grid_items(figure, map, style), unlist(layers, recursive = FALSE),
             frame_items(frame$panel, style), axis_items(fitted$figure$x, "x", map, style),
             axis_items(fitted$figure$y, "y", map, style), right_axis_items(fitted$figure, frame, map, style),
               word_items(fitted$figure, frame, style),
             legend_items(frame$legend, legend_corner(frame, layers, style, map), style))
  items <- resolve_labels(items, frame$panel, c(width, height))
  new_layout(items, frame$panel, figure$x$limits, figure$y$limits, width, height, fitted$scale)
}

new_layout <- function(items, panel, xlim, ylim, width, height, scale = 1) {
  list(items = items, panel = panel, xlim = xlim, ylim = ylim, width = width, height = height, scale = scale)
}

text_scales <- c(1, 0.9, 0.8, 0.7, 0.6, 0.5, 0.4, 0.3, 0.2)

# The largest text scale at which the panel keeps its share of the page.
fit_scale <- function(figure, width, height) {
  for (scale in text_scales) {
    style <- scale_style(figure$style, scale)
    wrapped <- wrap_words(figure, style, width, height)
    frame <- scatter_frame(wrapped, style, width, height)
    if (!legend_fits(frame)) {
      wrapped <- wrap_words(utils::modifyList(figure, list(legend_at = "below")), style, width, height)
      frame <- scatter_frame(wrapped, style, width, height)
    }
    panel <- frame$panel
    roomy <- panel[3L] - panel[1L] >= 0.4 * width && panel[4L] - panel[2L] >= 0.45 * height
    if (roomy && all_labels_fit(wrapped, style, panel)) break
  }
  list(figure = wrapped, style = style, scale = scale)
}

# Where all labels are shown they need the length of the panel, and in their place the distance of two rows.
all_labels_fit <- function(figure, style, panel) {
  need <- function(axis, side) {
    if (axis$crowded == "thin") return(0)
    sizes <- label_sizes(axis$labels, side, axis, style)
    if (axis$crowded == "spread") sum(sizes) else max(sizes) * length(sizes)
  }
  need(figure$x, "x") <= panel[3L] - panel[1L] && need(figure$y, "y") <= panel[4L] - panel[2L]
}

scale_style <- function(style, scale) {
  points <- grep("^pt_", names(style), value = TRUE)
  lengths <- c("tick", "tick_gap", "title_gap", "axis_gap", "pad", "point_cex", points)
  style[lengths] <- lapply(style[lengths], `*`, scale)
  style$scale <- scale
  style
}

wrap_words <- function(figure, style, width, height) {
  inner <- width - 2 * style$pad
  figure$title <- wrap_lines(figure$title, inner, style$pt_title, style$font_title)
  figure$subtitle <- wrap_lines(figure$subtitle, inner, style$pt_subtitle)
  figure$x$title <- wrap_lines(figure$x$title, inner, style$pt_axis_title)
  figure$legend <- wrap_legend(figure$legend, if (legend_is_inside(figure$legend_at)) 0.4 * width else inner, style)
  span <- y_title_span(figure, style, width, height)
  figure$y$title <- wrap_lines(figure$y$title, span[2L] - span[1L], style$pt_axis_title)
  if (isTRUE(figure$x$upright)) {
    figure$x$labels <- wrap_long(figure$x$labels, 0.35 * height, style$pt_tick)
  }
  if (is_horizontal(figure$y, style)) {
    figure$y$labels <- wrap_long(figure$y$labels, 0.42 * width, style$pt_tick)
  }
  figure
}

# Depth of title and subtitle, under which the title of the y axis stays.
head_height <- function(figure, style) {
  line <- function(label, pt, font = 1) if (is.null(label)) 0 else text_extent(label, pt, font)[2L] + style$title_gap
  line(figure$title, style$pt_title, style$font_title) + line(figure$subtitle, style$pt_subtitle)
}

# Depth of a legend outside the panel.
legend_height <- function(figure, style, width) {
  if (legend_is_inside(figure$legend_at)) return(0)
  block <- legend_block(figure$legend, style, width - 2 * style$pad, one_column = FALSE)
  if (block$h == 0) 0 else block$h + style$title_gap
}

# Lower and upper end of the room for the title of the y axis: other words run through the whole width below and above.
y_title_span <- function(figure, style, width, height) {
  legend <- legend_height(figure, style, width)
  x_title <- if (is.null(figure$x$title)) 0 else text_extent(figure$x$title, style$pt_axis_title)[2L] + style$title_gap
  span <- c(style$pad + x_title + (figure$legend_at == "below") * legend,
            height - style$pad - head_height(figure, style) - (figure$legend_at == "above") * legend)
  if (span[2L] - span[1L] > 0.1 * height) span else c(style$pad, height - style$pad)
}

is_horizontal <- function(axis, style) if (is.null(axis$horizontal)) style$y_horizontal else axis$horizontal

# Panel and the places of the words, from the outside in.
scatter_frame <- function(figure, style, width, height) {
  pt_height <- function(label, pt) if (is.null(label)) 0 else text_extent(label, pt)[2L] + style$title_gap
  legend <- legend_block(figure$legend, style, width - 2 * style$pad, one_column = legend_is_inside(figure$legend_at))
  legend$at <- figure$legend_at
  outside <- legend_height(figure, style, width)
  ticks <- style$axis_gap + style$tick + style$tick_gap
  bottom <- style$pad + pt_height(figure$x$title, style$pt_axis_title) + tick_extent(figure$x, "x", style) + ticks +
    (legend$at == "below") * outside
  left <- style$pad + pt_height(figure$y$title, style$pt_axis_title) + tick_extent(figure$y, "y", style) + ticks
  top <- style$pad + head_height(figure, style) + (legend$at == "above") * outside
  right <- style$pad + max(0, text_width(utils::tail(figure$x$labels, 1L), style$pt_tick) / 2)
  if (!is.null(figure$right)) {
    right <- max(right, style$pad + pt_height(figure$right$title, style$pt_axis_title) + tick_extent(figure$right,
      "y", style) + ticks)
  }
  list(panel = c(left, bottom, width - right, height - top), legend = legend, width = width, height = height)
}

# Depth in inches that the tick labels take away from the panel.
tick_extent <- function(axis, side, style) {
  if (length(axis$labels) == 0L) return(0)
  if (isTRUE(axis$upright)) return(max(text_extents(axis$labels, style$pt_tick)[1L, ]))
  if (side == "y" && is_horizontal(axis, style)) return(max(text_extents(axis$labels, style$pt_tick)[1L, ]))
  max(text_extents(axis$labels, style$pt_tick)[2L, ])
}

# A unit is as long across as upwards: the wider side of the panel shows more.
with_equal_units <- function(figure, panel) {
  inches <- c(panel[3L] - panel[1L], panel[4L] - panel[2L])
  span <- c(diff(figure$x$limits), diff(figure$y$limits))
  unit <- max(span / inches)
  figure$x$limits <- mean(figure$x$limits) + c(-0.5, 0.5) * unit * inches[1L]
  figure$y$limits <- mean(figure$y$limits) + c(-0.5, 0.5) * unit * inches[2L]
  figure
}

scatter_map <- function(figure, panel) {
  linear <- function(limits, from, to) {
    force(limits)
    function(v) from + (v - limits[1L]) / (limits[2L] - limits[1L]) * (to - from)
  }
  list(x = linear(figure$x$limits, panel[1L], panel[3L]), y = linear(figure$y$limits, panel[2L], panel[4L]),
       panel = panel)
}

# ---- layers ----

# Points and names beyond the panel are left out; lines and areas end at its edge.
layer_items <- function(layer, map, style) {
  if (layer$type == "labels")
    layer[c("x", "y", "label", "side")] <- inside_panel(layer[c("x", "y", "label", "side")], map)
  x <- map$x(layer$x)
  y <- map$y(layer$y)
  switch(layer$type,
    polygon = list(item_polygon(x, y, layer$fill, layer$border, layer$lty, clip = TRUE)),
    line = list(item_line(x, y, layer$col, layer$lwd, layer$lty, clip = TRUE)),
    points = list(points_item(layer$data, map, style)),
    spikes = spike_items(layer, map, style),
    words = unname(Map(function(x, y, label) item_text(x, y, label, style$pt_axis_title, col = layer$col), x, y,
                       layer$label)),
    labels = list(list(type = "labels", x = x, y = y, label = layer$label, side = layer$side, pt = style$pt_label,
                       offset = layer$offset * style$pt_label / 72, col = layer$col, reach = layer$reach)))
}

inside_panel <- function(data, map) {
  x <- map$x(data$x)
  y <- map$y(data$y)
  panel <- map$panel
  keep <- x >= panel[1L] - 0.01 & x <= panel[3L] + 0.01 & y >= panel[2L] - 0.01 & y <= panel[4L] + 0.01
  if (is.data.frame(data)) data[keep %in% TRUE, ] else lapply(data, `[`, keep %in% TRUE)
}

points_item <- function(data, map, style) {
  data <- inside_panel(data, map)
  data$x <- map$x(data$x)
  data$y <- map$y(data$y)
  data$cex <- data$cex * style$point_cex
  item_points(data)
}

spike_items <- function(layer, map, style) {
  half <- layer$cap / 2 * style$scale
  line <- function(x, y) item_line(x, y, layer$col, layer$lwd)
  one <- function(x, lo, hi) {
    cap <- x + c(-half, half)
    list(line(c(x, x), c(lo, hi)), line(cap, c(lo, lo)), line(cap, c(hi, hi)))
  }
  unlist(Map(one, map$x(layer$x), map$y(layer$lo), map$y(layer$hi)), recursive = FALSE)
}

grid_items <- function(figure, map, style) {
  panel <- map$panel
  across <- if (figure$y$grid) lapply(map$y(figure$y$at), function(y) {
    item_line(panel[c(1L, 3L)], c(y, y), style$grid_col, style$grid_lwd, clip = TRUE)
  })
  upright <- if (figure$x$grid) lapply(map$x(figure$x$at), function(x) {
    item_line(c(x, x), panel[c(2L, 4L)], style$grid_col, style$grid_lwd, clip = TRUE)
  })
  if (is.na(style$grid_col)) list() else c(across, upright)
}

frame_items <- function(panel, style) {
  switch(style$frame,
    L = list(item_line(panel[c(1, 1, 3)], panel[c(4, 2, 2)], style$axis_col)),
    box = list(item_rect(panel, NA, style$axis_col)),
    list())
}

# ---- axes ----

axis_items <- function(axis, side, map, style) {
  if (side %in% style$hidden_axes) return(list())
  along <- map[[side]](axis$at)
  span <- if (side == "x") map$panel[c(1L, 3L)] else map$panel[c(2L, 4L)]
  inside <- along >= span[1L] - 1e-6 & along <= span[2L] + 1e-6
  along <- along[inside]
  labels <- axis$labels[inside]
  if (length(along) == 0L) return(list())
  order <- order(along)
  along <- along[order]
  labels <- labels[order]
  sizes <- label_sizes(labels, side, axis, style)
  gap <- style$pt_tick / 72 * 0.35
  at <- if (axis$crowded == "spread") spread_labels(along, sizes, gap, span + c(-1, 1) * style$pad) else along
  thin <- axis$crowded == "thin" || !have_room(at, sizes)
  keep <- if (thin) thin_tick_labels(at, sizes, gap, labels) else rep(TRUE, length(at))
  if (thin && axis$crowded != "thin") inform_left_out(sum(!keep), length(keep))
  c(if (axis$ticks) tick_items(along, at, side, map$panel, style),
    tick_label_items(at[keep], labels[keep], side, axis, map$panel, style))
}

# A second axis of y to the right of the panel; its ticks stand in units of the first.
right_axis_items <- function(figure, frame, map, style) {
  axis <- figure$right
  if (is.null(axis)) return(list())
  panel <- map$panel
  along <- map$y(axis$at)
  inside <- along >= panel[2L] - 1e-6 & along <= panel[4L] + 1e-6
  edge <- panel[3L] + style$axis_gap
  across <- is_horizontal(axis, style)
  label_at <- edge + style$tick + style$tick_gap
  one <- function(at, label) {
    list(item_line(edge + c(0, style$tick), c(at, at), style$axis_col),
         if (across) item_text(label_at, at, label, style$pt_tick, hjust = 0, col = style$axis_col,
           role = "y_tick") else
           item_text(label_at, at, label, style$pt_tick, vjust = 1, rot = 90, col = style$axis_col, role = "y_tick"))
  }
  marks <- unlist(Map(one, along[inside], axis$labels[inside], USE.NAMES = FALSE), recursive = FALSE)
  title <- if (!is.null(axis$title)) {
    item_text(frame$width - style$pad, (panel[2L] + panel[4L]) / 2, axis$title, style$pt_axis_title, vjust = 0,
      rot = 90,
              col = style$text_col, role = "y_title")
  }
  frame_line <- if (style$frame == "L") list(item_line(panel[c(3L, 3L)], panel[c(2L, 4L)], style$axis_col))
  c(frame_line, marks, if (!is.null(title)) list(title))
}

label_sizes <- function(labels, side, axis, style) {
  across <- (side == "y" && is_horizontal(axis, style)) || isTRUE(axis$upright)
  text_extents(labels, style$pt_tick)[if (across) 2L else 1L, ]
}

have_room <- function(at, sizes) all(diff(at) >= (sizes[-1L] + sizes[-length(sizes)]) / 2 - 1e-6)

# Every n-th label with the smallest n that leaves room; a label "0" stays among them.
thin_tick_labels <- function(at, sizes, gap, labels) {
  k <- length(at)
  if (k == 0L) return(logical())
  anchor <- match("0", labels, nomatch = 1L)
  for (n in seq_len(k)) {
    keep <- which((seq_len(k) - anchor) %% n == 0L)
    room <- diff(at[keep]) - (sizes[keep][-1L] + sizes[keep][-length(keep)]) / 2
    if (all(room >= gap)) break
  }
  seq_len(k) %in% keep
}

# Least-squares places that keep the order and do not overlap: isotonic regression after the sizes are taken out.
spread_labels <- function(at, sizes, gap, span) {
  k <- length(at)
  if (k < 2L) return(at)
  before <- c(0, cumsum((sizes[-1L] + sizes[-k]) / 2 + gap))
  moved <- stats::isoreg(at - before)$yf
  low <- span[1L] + sizes[1L] / 2
  high <- span[2L] - sizes[k] / 2 - before[k]
  if (high >= low) moved <- pmin(pmax(moved, low), high)
  moved + before
}

# A tick runs straight out; when its label had to move, it bends to the label.
tick_items <- function(along, at, side, panel, style) {
  edge <- if (side == "x") panel[2L] - style$axis_gap else panel[1L] - style$axis_gap
  out <- edge - style$tick * c(0, 0.35, 1)
  Map(function(from, to) {
    path <- c(from, from, to)
    if (side == "x") item_line(path, out, style$axis_col) else item_line(out, path, style$axis_col)
  }, along, at)
}

tick_label_items <- function(at, labels, side, axis, panel, style) {
  horizontal <- is_horizontal(axis, style)
  away <- (if (side == "x") panel[2L] else panel[1L]) - style$axis_gap - style$tick - style$tick_gap
  one <- function(at, label) {
    role <- paste0(side, "_tick")
    if (isTRUE(axis$upright)) {
      return(item_text(at, away, label, style$pt_tick, hjust = 1, vjust = 0.5, rot = 90, col = style$axis_col,
                       role = role))
    }
    if (side == "x") return(item_text(at, away, label, style$pt_tick, vjust = 1, col = style$axis_col, role = role))
    if (horizontal) return(item_text(away, at, label, style$pt_tick, hjust = 1, col = style$axis_col, role = role))
    item_text(away, at, label, style$pt_tick, vjust = 0, rot = 90, col = style$axis_col, role = role)
  }
  Map(one, at, labels, USE.NAMES = FALSE)
}

# ---- words ----

word_items <- function(figure, frame, style) {
  panel <- frame$panel
  centre <- function(label, pt, font = 1) {
    half <- text_extent(label, pt, font)[1L] / 2
    min(max((panel[1L] + panel[3L]) / 2, half + style$pad), max(frame$width - half - style$pad, frame$width / 2))
  }
  line <- function(label, pt, y, role, font = 1) {
    if (is.null(label)) return(NULL)
    item_text(centre(label, pt, font), y, label, pt, vjust = 1, col = style$text_col, font = font, role = role)
  }
  top <- frame$height - style$pad
  title <- line(figure$title, style$pt_title, top, "title", style$font_title)
  if (!is.null(title)) top <- title$box[2L] - style$title_gap
  subtitle <- line(figure$subtitle, style$pt_subtitle, top, "subtitle")
  ticks <- style$axis_gap + style$tick + style$tick_gap + tick_extent(figure$x, "x", style)
  below <- panel[2L] - ticks - style$title_gap
  x_title <- line(figure$x$title, style$pt_axis_title, below, "x_title")
  y_title <- if (!is.null(figure$y$title)) {
    item_text(style$pad, y_title_centre(figure, frame, style), figure$y$title, style$pt_axis_title, vjust = 1, rot = 90,
              col = style$text_col, role = "y_title")
  }
  Filter(Negate(is.null), list(title, subtitle, x_title, y_title))
}

y_title_centre <- function(figure, frame, style) {
  half <- text_extent(figure$y$title, style$pt_axis_title)[1L] / 2
  span <- y_title_span(figure, style, frame$width, frame$height)
  min(max((frame$panel[2L] + frame$panel[4L]) / 2, span[1L] + half), max(span[2L] - half, mean(span)))
}

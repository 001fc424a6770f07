# Owns the geometry of the radial plot: an arc around the origin in inches, on which slopes are read off as estimates.
# The limits of both axes, and so the user coordinates, are those of metafor's plot, the oracle.

radial_figure <- function(points, ask, style) {
  words <- radial_words(points, ask)
  structure(list(points = points, ask = ask, words = words, style = style, data = points$data, size = style$size,
                 title = ask$title),
            class = c("metaparity_radial", "metaparity_figure"))
}

radial_words <- function(points, ask) {
  root <- if (points$random) quote(sqrt(v[i] + tau^2)) else quote(sqrt(v[i]))
  top <- if (points$center) quote(y[i] - hat(mu)) else quote(y[i])
  list(x = if (is.null(ask$xlab)) bquote(x[i] == 1 / .(root)) else own_text(ask$xlab),
       z = if (is.null(ask$zlab)) bquote(z[i] == frac(.(top), .(root))) else ask$zlab)
}

#' @exportS3Method figure_layout metaparity_radial
figure_layout.metaparity_radial <- function(figure, width, height) {
  xlim <- if (is.null(figure$ask$xlim)) c(0, 1.3 * max(figure$data$x)) else figure$ask$xlim
  arc <- radial_arc_labels(figure)
  zlim <- if (is.null(figure$ask$zlim)) radial_zlim(figure, arc, xlim) else figure$ask$zlim
  for (scale in text_scales) {
    style <- scale_style(figure$style, scale)
    wrapped <- wrap_radial(figure, style, width, height)
    panel <- radial_panel(wrapped, arc, style, width, height)
    if (panel[3L] - panel[1L] >= 0.35 * width && panel[4L] - panel[2L] >= 0.5 * height) break
  }
  geometry <- radial_geometry(xlim, zlim, panel, style)
  arc <- visible_arc(figure, arc, geometry)
  map <- list(x = function(v) panel[1L] + (v - xlim[1L]) * geometry$sx, y = geometry$y, panel = panel)
  ground <- if (!is.na(style$panel))
    list(item_rect(c(panel[1L] - style$title_gap, panel[2L], width - style$pad / 2, panel[4L]), style$panel))
  items <- c(list(item_rect(c(0, 0, width, height), style$page)), ground, radial_band(figure, xlim, map),
             list(points_item(radial_marks(figure), map, style)),
             radial_x_axis(figure, xlim, map, style), radial_z_axis(figure, map, geometry, style),
             radial_arcs(figure, arc, geometry, style), radial_titles(wrapped, map, geometry, style, c(width, height)))
  new_layout(items, panel, xlim, geometry$zlim, width, height, scale)
}

# The words in lines that the page has room for.
wrap_radial <- function(figure, style, width, height) {
  inner <- c(width, height) - 2 * style$pad
  figure$words$x <- wrap_lines(figure$words$x, inner[1L], style$pt_axis_title)
  if (!is.null(figure$title)) figure$title <- wrap_lines(figure$title, inner[1L], style$pt_title, style$font_title)
  span <- radial_span(figure, style, height)
  figure$words$z <- wrap_lines(figure$words$z, span[2L] - span[1L], style$pt_axis_title)
  figure
}

# Lower and upper end of the room between the title of the x axis and that of the figure.
radial_span <- function(figure, style, height) {
  above <- if (is.null(figure$title)) 0 else text_extent(figure$title, style$pt_title, style$font_title)[2L] +
    style$title_gap
  span <- c(style$pad + title_extent(figure$words$x, style)[2L] + style$title_gap, height - style$pad - above)
  if (span[2L] - span[1L] > 0.1 * height) span else c(style$pad, height - style$pad)
}

radial_marks <- function(figure) {
  layer_points(figure$data$x, figure$data$y, figure$ask$pch, 1, figure$ask$col, figure$ask$bg)$data
}

# Ticks of the arc, as slopes, with their labels on the scale of the estimates.
radial_arc_labels <- function(figure) {
  points <- figure$points
  at <- if (is.null(figure$ask$aty)) {
    seq(min(points$theta), max(points$theta), length.out = figure$ask$steps)
  } else {
    sort(figure$ask$aty) - points$shift
  }
  at <- unique(at)
  list(at = at, labels = figure$ask$label(at + points$shift))
}

# Gap between panel and outer arc, and between outer and inner arc, in inches.
arc_gap <- 0.75
arc_inner <- 0.16

radial_panel <- function(figure, arc, style, width, height) {
  z_title <- title_extent(figure$words$z, style)[1L]
  z_ticks <- text_width("-00", style$pt_tick)
  left <- style$pad + z_title + 1.5 * style$title_gap + z_ticks + style$tick_gap + style$tick + style$title_gap
  right <- style$pad + max(text_extents(arc$labels, style$pt_tick)[1L, ]) + 2 * style$tick_gap + style$tick +
    arc_gap * style$scale
  bottom <- style$pad + title_extent(figure$words$x, style)[2L] + 2.5 * style$title_gap + style$pt_tick / 72 +
    style$tick_gap + style$tick
  top <- style$pad + if (is.null(figure$title)) style$title_gap else text_extent(figure$title, style$pt_title)[2L] +
    style$pt_title / 72
  c(left, bottom, width - right, height - top)
}

# A string stands upright beside its axis, an expression lies.
title_extent <- function(title, style) {
  extent <- text_extent(title, style$pt_axis_title)
  if (is.language(title)) extent else extent[c(2L, 2L)]
}

# Limits that hold -5 to 5, the ends of both arcs, which stand 12 and 14 percent right of the panel, and the band.
radial_zlim <- function(figure, arc, xlim) {
  points <- figure$points
  beyond <- function(share) xlim[2L] + share * (xlim[2L] - xlim[1L])
  band <- outer(c(-1.1, 1.1) * figure$ask$crit, points$pooled[1L] * xlim, `+`)
  range(-5, 5, 1.1 * beyond(0.14) * range(points$theta, arc$at), 1.1 * beyond(0.12) * points$pooled[2:3], band)
}

# Inches per unit of x (sx) and of z (sz), the height of z = 0, the radius of the outer arc, the slopes the page shows.
radial_geometry <- function(xlim, zlim, panel, style) {
  sx <- (panel[3L] - panel[1L]) / (xlim[2L] - xlim[1L])
  sz <- (panel[4L] - panel[2L]) / (zlim[2L] - zlim[1L])
  origin <- panel[1L] - xlim[1L] * sx
  radius <- panel[3L] - origin + arc_gap * style$scale
  steepest <- sqrt((radius / (panel[3L] - origin + arc_inner * style$scale))^2 - 1)
  base <- panel[2L] - zlim[1L] * sz
  list(sx = sx, sz = sz, base = base, origin = origin, radius = radius, zlim = zlim, y = function(v) base + v * sz,
       slopes = visible_slopes(panel, base, radius, steepest) * sx / sz)
}

# Tangents of the angles at which the arc is on the page and beside the panel.
visible_slopes <- function(panel, base, radius, steepest) {
  sine <- pmin(pmax((panel[c(2L, 4L)] - base) / radius, -0.999), 0.999)
  c(max(tan(asin(sine[1L])), -steepest), min(tan(asin(sine[2L])), steepest))
}

# The arc as the page shows it: automatic ticks are spread over what is visible, given ones outside it are left out.
visible_arc <- function(figure, arc, geometry) {
  inside <- arc$at >= geometry$slopes[1L] & arc$at <= geometry$slopes[2L]
  if (all(inside)) return(arc)
  if (!is.null(figure$ask$aty)) {
    if (!any(inside)) abort_input("aty", "has no place on the arc")
    return(list(at = arc$at[inside], labels = arc$labels[inside]))
  }
  ends <- pmin(pmax(range(arc$at), geometry$slopes[1L]), geometry$slopes[2L])
  at <- unique(seq(ends[1L], ends[2L], length.out = figure$ask$steps))
  list(at = at, labels = figure$ask$label(at + figure$points$shift))
}

radial_band <- function(figure, xlim, map) {
  slope <- figure$points$pooled[1L]
  crit <- figure$ask$crit
  x <- map$x(xlim)
  low <- map$y(slope * xlim - crit)
  high <- map$y(slope * xlim + crit)
  list(item_polygon(c(x, rev(x)), c(low, rev(high)), figure$ask$back, clip = TRUE),
       item_line(x, low, lty = 3, clip = TRUE), item_line(x, high, lty = 3, clip = TRUE),
       item_line(x, map$y(slope * xlim), clip = TRUE))
}

radial_x_axis <- function(figure, xlim, map, style) {
  at <- pretty_inside(xlim, 4)
  bottom <- map$panel[2L]
  axis <- new_axis(xlim, at, figure$style$format_tick(at))
  c(list(item_line(map$x(range(at)), c(bottom, bottom), style$axis_col)), axis_items(axis, "x", map, style))
}

# Ticks at whole standard errors and labels at even ones while there are few, pretty ticks otherwise.
radial_z_axis <- function(figure, map, geometry, style) {
  z <- range(figure$data$y, -2, 2)
  at <- figure$ask$atz
  labels <- NULL
  if (is.null(at) && z[2L] - z[1L] <= 14) {
    at <- seq(floor(z[1L]), ceiling(z[2L]))
    labels <- ifelse(at %% 2 == 0, format_tick_plain(at), "")
  }
  if (is.null(at)) at <- pretty(z)
  if (is.null(labels)) labels <- format_tick_plain(at)
  y <- map$y(at)
  keep <- y >= map$panel[2L] - style$pad & y <= map$panel[4L] + style$pad
  if (!any(keep)) abort_input("atz", "has no place on the axis")
  x <- map$panel[1L] - style$title_gap
  named <- which(keep & nzchar(labels))
  named <- named[thin_tick_labels(y[named], rep(style$pt_tick / 72, length(named)), 0, labels[named])]
  c(list(item_line(c(x, x), range(y[keep]), style$axis_col)),
    lapply(y[keep], function(y) item_line(c(x, x - style$tick), c(y, y), style$axis_col)),
    Map(function(y, label) {
      item_text(x - style$tick - style$tick_gap, y, label, style$pt_tick, hjust = 1, col = style$axis_col,
                role = "y_tick")
    }, y[named], labels[named], USE.NAMES = FALSE))
}

# ---- arcs ----

radial_arcs <- function(figure, arc, geometry, style) {
  inner <- geometry$radius - arc_inner * style$scale
  c(arc_items(range(arc$at), arc$at, geometry$radius, 1, figure, geometry, style),
    arc_items(figure$points$pooled[2:3], figure$points$pooled, inner, -1, figure, geometry, style),
    arc_label_items(arc, geometry, style))
}

# The arc between two slopes with ticks outward (1) or inward (-1).
arc_items <- function(ends, ticks, radius, direction, figure, geometry, style) {
  curve <- arc_point(arc_angle(ends, geometry), radius, geometry, figure$ask$arc.res)
  c(list(item_line(curve$x, curve$y, style$axis_col)), lapply(ticks, function(slope) {
    angle <- arc_angle(slope, geometry)
    from <- arc_point(angle, radius, geometry)
    to <- arc_point(angle, radius + direction * style$tick * 0.8, geometry)
    item_line(c(from$x, to$x), c(from$y, to$y), style$axis_col)
  }))
}

arc_angle <- function(slope, geometry) atan(slope * geometry$sz / geometry$sx)

arc_point <- function(angle, radius, geometry, pieces = 1) {
  if (length(angle) == 2L) angle <- seq(angle[1L], angle[2L], length.out = pieces + 1)
  list(x = geometry$origin + radius * cos(angle), y = geometry$base + radius * sin(angle))
}

arc_label_items <- function(arc, geometry, style) {
  place <- lapply(arc$at, function(slope) {
    arc_point(arc_angle(slope, geometry), geometry$radius + style$tick + style$tick_gap, geometry)
  })
  y <- vapply(place, function(at) at$y, 0)
  sizes <- text_extents(arc$labels, style$pt_tick)[2L, ]
  keep <- thin_tick_labels(y, sizes, 0, arc$labels)
  Map(function(at, label) {
    item_text(at$x, at$y, label, style$pt_tick, hjust = 0, col = style$axis_col, role = "arc_tick")
  }, place[keep], arc$labels[keep], USE.NAMES = FALSE)
}

# In the middle of the panel, but not over the edge of the page.
radial_titles <- function(figure, map, geometry, style, page) {
  on_page <- function(middle, half, size) min(max(middle, half + style$pad), max(size - half - style$pad, size / 2))
  half <- function(label, pt, font = 1) text_extent(label, pt, font)[1L] / 2
  middle <- mean(map$panel[c(1L, 3L)])
  pt <- style$pt_axis_title
  lying <- is.language(figure$words$z)
  base <- min(max(geometry$base, map$panel[2L]), map$panel[4L])
  span <- radial_span(figure, style, page[2L])
  if (!lying) base <- min(max(base, span[1L] + half(figure$words$z, pt)),
                          max(span[2L] - half(figure$words$z, pt), mean(span)))
  z <- item_text(style$pad, base, figure$words$z, pt, hjust = if (lying) 0 else 0.5, vjust = if (lying) 0.5 else 1,
                 rot = if (lying) 0 else 90, role = "y_title")
  x <- item_text(on_page(middle, half(figure$words$x, pt), page[1L]), style$pad, figure$words$x, pt,
                 vjust = 0, role = "x_title")
  title <- if (!is.null(figure$title)) {
    at <- on_page(middle, half(figure$title, style$pt_title, style$font_title), page[1L])
    item_text(at, page[2L] - style$pad, figure$title, style$pt_title, vjust = 1, font = style$font_title,
              col = style$text_col,
              role = "title")
  }
  Filter(Negate(is.null), list(z, x, title))
}

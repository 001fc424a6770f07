# Owns the graphics calls of a forest plot, and nothing else: marks and texts come placed in inches.

# The user's coordinates become inches of the figure, so that the layout is drawn as it stands. A figure
# wider than the layout centres it; in a higher one it stands below the caller's upper margin, and the rest is white.
draw_forest <- function(layout, figure = c(layout$width, layout$height)) {
  graphics::par(usr = page_coordinates(layout, figure), xlog = FALSE, ylog = FALSE)
  draw_marks(layout)
}

# Inches of the layout at the edges of a part of the figure, given as par("plt").
page_coordinates <- function(layout, figure, plt = c(0, 1, 0, 1)) {
  spare <- figure - c(layout$width, layout$height)
  drop <- min(max(spare[2L], 0), layout$drop)
  c(figure[1L] * plt[1:2] - spare[1L] / 2, figure[2L] * plt[3:4] - spare[2L] + drop)
}

# The same on a page whose margins are the caller's.
draw_on_page <- function(layout) {
  graphics::par(usr = page_coordinates(layout, graphics::par("fin"), graphics::par("plt")))
  draw_marks(layout)
}

draw_marks <- function(layout) {
  family <- graphics::par("family")
  on.exit(graphics::par(family = family))
  for (role in layout$order) {
    draw_rects(layout$rects[layout$rects$role == role, ])
    draw_segments(layout$segments[layout$segments$role == role, ])
    draw_polygons(layout$polygons[layout$polygons$role == role, ])
  }
  fonts <- run_fonts(layout)
  for (one in unique(fonts)) {
    graphics::par(family = if (nzchar(one)) one else family)
    draw_runs(layout$runs[fonts == one, ], layout$runs$col[fonts == one])
  }
  invisible(layout)
}

# The family of each run of text, "" for the device's: parts of a stack have their own.
run_fonts <- function(layout) layout$runs$fonts %||% rep(layout$fonts %||% "", nrow(layout$runs))

draw_rects <- function(rects) {
  if (!nrow(rects)) return(invisible())
  graphics::rect(rects$x0, rects$y0, rects$x1, rects$y1, col = rects$fill, border = rects$border, lwd = 0.75, xpd = NA)
}

draw_segments <- function(segments) {
  for (part in split(segments, segments$lty)) {
    graphics::segments(part$x0, part$y0, part$x1, part$y1, col = part$col, lwd = part$lwd, lty = part$lty[1L],
                       lend = "butt", xpd = NA)
  }
}

draw_polygons <- function(polygons) {
  if (!nrow(polygons)) return(invisible())
  first <- !duplicated(polygons$id)
  at <- cumsum(!logical(nrow(polygons))) + cumsum(first) - 1L
  x <- y <- rep(NA_real_, max(at))
  x[at] <- polygons$x
  y[at] <- polygons$y
  graphics::polygon(x, y, col = polygons$fill[first], border = polygons$border[first], lwd = polygons$lwd[1L],
                    ljoin = "mitre", xpd = NA)
}

# A new figure without margins; returns its size in inches. The caller restores par().
begin_figure <- function() {
  graphics::par(mar = c(0, 0, 0, 0), cex = 1, pty = "m", xpd = NA)
  graphics::plot.new()
  graphics::par("fin")
}

# Owns the shapes of a forest plot as data frames in inches: rectangles, segments and polygons, each with a `role` that
# the style puts in order and the row it belongs to.

# data.frame() without its checks: columns of one length.
quick_frame <- function(...) {
  columns <- list(...)
  structure(columns, row.names = .set_row_names(length(columns[[1L]])), class = "data.frame")
}

new_rects <- function(x0, y0, x1, y1, look, role, row = NA_integer_) {
  n <- length(y0)
  quick_frame(x0 = rep_len(x0, n), y0 = y0, x1 = rep_len(x1, n), y1 = y1, fill = rep_len(look$fill, n),
              border = rep_len(look$border, n), role = rep_len(role, n), row = rep_len(row, n))
}

new_segments <- function(x0, y0, x1, y1, look, role, row = NA_integer_) {
  n <- max(length(x0), length(y0))
  if (!length(x0) || !length(y0) || is.null(look)) n <- 0L
  word <- function(value, default) rep_len(if (is.null(value)) default else value, n)
  quick_frame(x0 = rep_len(x0, n), y0 = rep_len(y0, n), x1 = rep_len(x1, n), y1 = rep_len(y1, n),
              col = word(look$col, "black"), lwd = word(look$lwd, 1), lty = as.character(word(look$lty, "solid")),
              role = rep_len(role, n), row = rep_len(row, n))
}

# points: list of list(x, y); one polygon each.
new_polygons <- function(points, look, role, row) {
  n <- length(points)
  if (!n) return(NULL)
  size <- vapply(points, function(p) length(p$x), 0L)
  word <- function(value, default) rep(rep_len(if (is.null(value)) default else value, n), size)
  quick_frame(id = rep(seq_len(n), size), x = unlist(lapply(points, `[[`, "x")), y = unlist(lapply(points, `[[`, "y")),
              fill = word(look$fill, NA_character_), border = word(look$border, NA_character_), lwd = word(look$lwd, 1),
              role = rep(rep_len(role, n), size), row = rep(rep_len(row, n), size))
}

bind_polygons <- function(parts) {
  parts <- Filter(NROW, parts)
  if (!length(parts)) {
    return(data.frame(id = integer(), x = numeric(), y = numeric(), fill = character(), border = character(),
                      lwd = numeric(), role = character(), row = integer()))
  }
  count <- 0L
  for (i in seq_along(parts)) {
    parts[[i]]$id <- parts[[i]]$id + count
    count <- max(parts[[i]]$id)
  }
  do.call(rbind, parts)
}

# ---- polygons -----------------------------------------------------------------------------------

rhombus <- function(left, middle, right, y, half) {
  list(x = c(left, middle, right, middle), y = c(y, y - half, y, y + half))
}

# The rhombus of an interval, cut at the edges of the panel.
clipped_rhombus <- function(left, middle, right, y, half, x) clipped_polygon(rhombus(left, middle, right, y, half), x)

clipped_polygon <- function(points, x) cut_polygon(cut_polygon(points, x$left, 1), x$right, -1)

# Sutherland-Hodgman at one vertical line; keeps the side where sign * (x - edge) >= 0.
cut_polygon <- function(points, edge, sign) {
  d <- sign * (points$x - edge)
  if (!length(d) || all(d >= 0)) return(points)
  n <- length(d)
  out <- list(x = numeric(), y = numeric())
  for (i in seq_len(n)) {
    j <- i %% n + 1L
    if (d[i] >= 0) out <- list(x = c(out$x, points$x[i]), y = c(out$y, points$y[i]))
    if ((d[i] >= 0) != (d[j] >= 0)) {
      t <- d[i] / (d[i] - d[j])
      out <- list(x = c(out$x, edge), y = c(out$y, points$y[i] + t * (points$y[j] - points$y[i])))
    }
  }
  out
}

# A head at the edge of the panel, pointing outwards; `inward` is the direction of its base.
arrow_points <- function(clipped, edge, inward, y, look, em) {
  lapply(which(clipped), function(i) {
    base <- edge + inward * look$arrow * em
    half <- look$arrow_half * em
    list(x = c(edge, base, base), y = c(y[i], y[i] - half, y[i] + half))
  })
}

# Outlines of R's plotting symbols, 1 wide and high, centred on 0.
symbol_outlines <- local({
  turn <- seq(0, 2 * pi, length.out = 25L)[-25L]
  cross <- list(x = c(-.5, -.1, -.1, .1, .1, .5, .5, .1, .1, -.1, -.1, -.5),
                y = c(-.1, -.1, -.5, -.5, -.1, -.1, .1, .1, .5, .5, .1, .1))
  list(square = list(x = c(-.5, .5, .5, -.5), y = c(-.5, -.5, .5, .5)),
       circle = list(x = 0.5 * cos(turn), y = 0.5 * sin(turn)),
       diamond = list(x = c(-.5, 0, .5, 0), y = c(0, -.5, 0, .5)),
       up = list(x = c(-.5, .5, 0), y = c(.433, .433, -.433)),
       down = list(x = c(-.5, .5, 0), y = c(-.433, -.433, .433)),
       plus = cross,
       times = list(x = (cross$x - cross$y) * sqrt(0.5), y = (cross$x + cross$y) * sqrt(0.5)))
})

# Shape and filling of each value of pch; all others are squares.
symbol_kinds <- c("1" = "circle", "2" = "up", "3" = "plus", "4" = "times", "5" = "diamond", "6" = "down",
                  "8" = "times", "9" = "diamond", "10" = "circle", "13" = "circle", "16" = "circle", "17" = "up",
                  "18" = "diamond", "19" = "circle", "20" = "circle", "21" = "circle", "23" = "diamond",
                  "24" = "up", "25" = "down")

# Boxes are shapes of their own, whose size is the weight: letters have no such size.
check_forest_symbols <- function(pch) {
  if (all(is.na(pch) | pch %in% 0:25)) return(pch)
  abort_input("pch", sprintf("must be numbers of symbols from 0 to 25, not %s", describe(pch)))
}

symbol_kind <- function(pch) {
  kind <- symbol_kinds[as.character(pch)]
  unname(ifelse(is.na(kind), "square", kind))
}

is_open_symbol <- function(pch) pch %in% c(0:2, 5:14, 21:25)

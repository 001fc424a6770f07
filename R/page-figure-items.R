# Owns the atoms of a figure. Layers and axes are in data units (what a plot says); items are in inches from the lower
# left corner of the figure (where the ink goes). Both are plain lists, so a layout can be tested without a device.

# ---- layers, in data units ----

layer_polygon <- function(x, y, fill, border = NA, lty = 1) {
  list(type = "polygon", x = x, y = y, fill = fill, border = border, lty = lty)
}

layer_line <- function(x, y, col = "black", lwd = 1, lty = 1) {
  list(type = "line", x = x, y = y, col = col, lwd = lwd, lty = lty)
}

layer_points <- function(x, y, pch = 19, cex = 1, col = "black", bg = NA) {
  list(type = "points", data = data.frame(x = x, y = y, pch = rep_len(pch, length(x)), cex = rep_len(cex, length(x)),
                                          col = rep_len(col, length(x)), bg = rep_len(bg, length(x))))
}

# Vertical spikes from lo to hi with caps of `cap` inches.
layer_spikes <- function(x, lo, hi, cap = 0.08, col = "black", lwd = 1) {
  list(type = "spikes", x = x, lo = lo, hi = hi, cap = cap, col = col, lwd = lwd)
}

# Names beside points; the layout finds the free place, at most `reach` inches away. `side` is where to try first:
# "left" or "right".
layer_labels <- function(x, y, label, side = "right", offset = 0.4, col = "black", reach = Inf) {
  list(type = "labels", x = x, y = y, label = as.character(label), side = rep_len(side, length(x)),
       offset = unname(offset), col = col, reach = reach)
}

# Words centred on their points.
layer_words <- function(x, y, label, col = "black") {
  list(type = "words", x = x, y = y, label = as.character(label), col = col)
}

# An axis. When labels collide, `crowded` says what gives way: "thin" leaves labels out, "spread" moves them apart,
# "shrink" keeps all of them in their place in smaller type. `horizontal` overrides the look (y axis only); `upright`
# turns the labels of the x axis.
new_axis <- function(limits, at, labels, title = NULL, crowded = "thin", grid = FALSE, ticks = TRUE,
                     horizontal = NULL, upright = FALSE) {
  list(limits = limits, at = at, labels = labels, title = title, crowded = crowded, grid = grid, ticks = ticks,
       horizontal = horizontal, upright = upright)
}

# Several symbols are drawn over each other.
legend_point <- function(label, pch, col = "black", bg = NA, cex = 1) {
  list(key = "point", label = label, pch = pch, col = col, bg = bg, cex = cex)
}

legend_line <- function(label, col = "black", lwd = 1, lty = 1) {
  list(key = "line", label = label, col = col, lwd = lwd, lty = lty)
}

legend_fill <- function(label, fill, border = "gray40") list(key = "fill", label = label, fill = fill, border = border)

# A figure: layers, two axes, words around them (translated here; `legend` is the wish for its place and look), a look
# and a natural size. `data` is what the plot verb returns.
new_figure <- function(layers, x, y, words = list(), legend = NULL, style, data = NULL, size = style$size) {
  x["title"] <- list(translate(x$title))
  y["title"] <- list(translate(y$title))
  legend <- lapply(legend, function(entry) {
    entry$label <- with_subscript(translate(entry$label))
    entry
  })
  structure(list(layers = Filter(Negate(is.null), layers), x = x, y = y, title = translate(words$title),
                 subtitle = translate(words$subtitle), legend = if (length(legend)) legend,
                 legend_at = if (is.null(words$legend)) style$legend_at else words$legend$at,
                 style = legend_style(style, words$legend), data = data, size = size * room_for_names(layers)),
            class = "metaparity_figure")
}

# The estimate of a method, a theta with the method below the line, as plotmath: that has no East Asian glyphs in pdf(),
# so beside such words the label stays text, with the method in brackets.
with_subscript <- function(label) {
  at <- if (is.character(label)) regexpr("\u03b8_[A-Z]+", label) else -1L
  if (is.na(at) || at < 0L) return(label)
  if (any(utf8ToInt(enc2utf8(label)) > 0x2e7f)) return(sub("\u03b8_([A-Z]+)", "\u03b8(\\1)", label))
  end <- at + attr(at, "match.length")
  bquote(paste(.(substring(label, 1L, at - 1L)), theta[.(substring(label, at + 2L, end - 1L))],
               .(substring(label, end))))
}

# Names beside points that fill more than three square inches need a larger figure.
room_for_names <- function(layers) {
  fill <- vapply(layers, function(layer) {
    if (!identical(layer$type, "labels")) return(0)
    sum(nchar(enc2utf8(layer$label), "width"), na.rm = TRUE) * 0.07 * 0.17
  }, 0)
  min(max(1, sqrt(sum(fill) / 3)), 1.7)
}

# The figure with its axes exchanged. An axis that ran downward runs to the right.
turned_figure <- function(figure) {
  turn <- function(x) {
    x[c("x", "y")] <- x[c("y", "x")]
    x
  }
  figure$layers <- lapply(figure$layers, function(layer) {
    if (is.null(layer$data)) return(turn(layer))
    layer$data <- turn(layer$data)
    layer
  })
  figure <- turn(figure)
  figure$x$limits <- sort(figure$x$limits)
  figure
}

# ---- items, in inches ----

# `extent` is the size of the label where it is known already.
item_text <- function(x, y, label, pt, hjust = 0.5, vjust = 0.5, rot = 0, col = "black", font = 1, role = "text",
                      extent = text_extent(label, pt, font)) {
  if (rot %% 180 != 0) extent <- rev(extent)
  left <- x - extent[1L] * if (rot %% 180 == 0) hjust else 1 - vjust
  bottom <- y - extent[2L] * if (rot %% 180 == 0) vjust else hjust
  list(type = "text", x = x, y = y, label = label, pt = pt, hjust = hjust, vjust = vjust, rot = rot, col = col,
       font = font, role = role, box = c(left, bottom, left + extent[1L], bottom + extent[2L]))
}

item_line <- function(x, y, col = "black", lwd = 1, lty = 1, clip = FALSE) {
  list(type = "line", x = x, y = y, col = col, lwd = lwd, lty = lty, clip = clip)
}

item_polygon <- function(x, y, fill, border = NA, lty = 1, clip = FALSE) {
  list(type = "polygon", x = x, y = y, fill = fill, border = border, lty = lty, clip = clip)
}

item_rect <- function(box, fill = NA, border = NA) {
  item_polygon(box[c(1, 3, 3, 1)], box[c(2, 2, 4, 4)], fill, border)
}

item_points <- function(data) list(type = "points", data = data)

line_pitch <- 1.25

# Width and height in inches of one label on the open device, at `pt` points; a label is a string, whose lines are
# separated by "\n", or an expression of plotmath.
text_extent <- function(label, pt, font = 1) {
  if (is.null(label)) return(c(0, 0))
  if (is.language(label)) {
    cex <- points_to_cex(pt)
    return(c(graphics::strwidth(label, "inches", cex), graphics::strheight(label, "inches", cex)))
  }
  lines <- text_lines(label)
  c(max(text_width(lines, pt, font)), ((length(lines) - 1) * line_pitch + 1) * pt / 72)
}

# Widths (row 1) and heights (row 2) of many labels; strings are measured in one go.
text_extents <- function(labels, pt) {
  if (is.list(labels)) return(vapply(labels, text_extent, c(0, 0), pt = pt, USE.NAMES = FALSE))
  lines <- lapply(labels, text_lines)
  count <- lengths(lines)
  widths <- split(text_width(unlist(lines), pt), rep(seq_along(lines), count))
  rbind(vapply(widths, max, 0, USE.NAMES = FALSE), ((count - 1) * line_pitch + 1) * pt / 72)
}

text_lines <- function(label) {
  if (is.na(label)) return("")
  lines <- strsplit(label, "\n", fixed = TRUE)[[1L]]
  if (length(lines)) lines else ""
}

# A string broken into lines of at most `width` inches.
wrap_lines <- function(label, width, pt, font = 1) {
  if (is.null(label) || is.language(label)) return(label)
  paste(unlist(lapply(text_lines(label), wrap_text, width = width, size = pt, font = font)), collapse = "\n")
}

# Many strings, of which those wider than `width` are broken.
wrap_long <- function(labels, width, pt) {
  if (!length(labels)) return(labels)
  long <- text_extents(labels, pt)[1L, ] > width
  lines <- lapply(labels[long], text_lines)
  broken <- vapply(wrap_texts(unlist(lines), width, pt), paste, "", collapse = "\n")
  labels[long] <- vapply(split(broken, rep(seq_along(lines), lengths(lines))), paste, "", collapse = "\n")
  labels
}

# The boxes of all text of a layout, one row per text: what the tests of overlap look at.
layout_texts <- function(layout) {
  texts <- Filter(function(item) item$type == "text", layout$items)
  boxes <- do.call(rbind, lapply(texts, function(item) item$box))
  data.frame(label = vapply(texts, function(item) paste(deparse_label(item$label), collapse = ""), ""),
             role = vapply(texts, function(item) item$role, ""),
             left = boxes[, 1L], bottom = boxes[, 2L], right = boxes[, 3L], top = boxes[, 4L])
}

deparse_label <- function(label) if (is.character(label)) label else deparse(label)

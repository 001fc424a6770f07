# Owns figures that are tables of boxes and signs: each has a size that its contents need; on a smaller page all of it
# is made smaller, on a larger one it stands in the middle. A block is a list of items in inches, its top at 0 and its
# left edge at 0.

new_page_figure <- function(kind, content, style, data = NULL) {
  figure <- structure(list(content = content, style = style, data = data),
                      class = c(kind, "metaparity_page", "metaparity_figure"))
  block <- with_measuring_device(NULL, with_family(style$family, page_block(figure, 1)))
  # How the parts are set is settled once: on a smaller page the same figure is smaller.
  figure$content[names(block$settled)] <- block$settled
  figure$size <- c(block$width, block$height)
  figure
}

# The block of a figure with all lengths times `scale`: list(items, width, height). A device must be open.
page_block <- function(figure, scale) UseMethod("page_block")

#' @exportS3Method figure_layout metaparity_page
figure_layout.metaparity_page <- function(figure, width, height) {
  scale <- 1
  for (try in 1:12) {
    block <- page_block(figure, scale)
    room <- min(width / block$width, height / block$height)
    if (room >= 1 - 1e-9) break
    scale <- scale * room * 0.995
  }
  layout <- new_layout(block$items, c(0, -block$height, block$width, 0), c(0, block$width), c(0, block$height), width,
                       height, scale)
  layout <- move_layout(layout, (width - block$width) / 2, height - (height - block$height) / 2, width, height)
  layout$panel <- pmin(pmax(layout$panel, 0), c(width, height, width, height))
  layout$items <- c(list(item_rect(c(0, 0, width, height), figure$style$page)), layout$items)
  layout
}

page_style <- function(fontsize = NULL, family = "", call = NULL) {
  size <- if (is.null(fontsize)) 9 else check_number(fontsize, "fontsize", 2, 72, call)
  list(pt = size, page = "white", text_col = "black", family = family)
}

shift_items <- function(items, dx, dy) {
  move_layout(list(items = items, panel = c(0, 0, 0, 0)), dx, dy, 0, 0)$items
}

# The lines of labels that are wrapped to a width, and their sizes: text, width, height.
wrapped_labels <- function(labels, width, pt, font = 1L) {
  labels <- gsub("\r\n?", "\n", enc2utf8(as.character(labels)))
  labels[is.na(labels)] <- ""
  lines <- lapply(labels, text_lines)
  flat <- unlist(lines)
  broken <- if (length(flat)) wrap_texts(flat, width, pt, font) else list()
  count <- lengths(broken)
  wide <- if (length(flat)) text_width(unlist(broken), pt, font) else numeric()
  of <- rep(rep(seq_along(labels), lengths(lines)), count)
  groups <- factor(of, seq_along(labels))
  n <- tabulate(of, length(labels))
  list(text = unname(vapply(split(unlist(broken), groups), paste, "", collapse = "\n")),
       width = unname(vapply(split(wide, groups), function(w) max(c(0, w)), 0)),
       height = ((n - 1) * line_pitch + 1) * pt / 72)
}

# One item of a wrapped label.
label_item <- function(wrapped, i, x, y, pt, hjust = 0, vjust = 0.5, rot = 0, font = 1L, col = "black", role = "text") {
  item_text(x, y, wrapped$text[i], pt, hjust, vjust, rot, col, font, role,
            extent = c(wrapped$width[i], wrapped$height[i]))
}

circle_points <- local({
  angle <- seq(0, 2 * pi, length.out = 41L)[-41L]
  list(x = cos(angle), y = sin(angle))
})

item_disc <- function(x, y, radius, fill, border = "black") {
  item_polygon(x + radius * circle_points$x, y + radius * circle_points$y, fill, border)
}

star_points <- local({
  angle <- pi / 2 + seq(0, 2 * pi, length.out = 11L)[-11L]
  size <- rep(c(1, 0.4), 5L)
  list(x = size * cos(angle), y = size * sin(angle))
})

item_star <- function(x, y, radius, fill) item_polygon(x + radius * star_points$x, y + radius * star_points$y, fill, NA)

# Black on light grounds, white on dark ones.
text_on <- function(fill) {
  rgb <- grDevices::col2rgb(fill) / 255
  ifelse(colSums(rgb^2.2 * c(0.2126, 0.7152, 0.0722)) > 0.18, "black", "white")
}

# Entries of a legend one after the other in lines of at most `width`, or in the lines that were settled; list(items,
# width, height, lines). signs: functions of x and y that make the items of a key of the size `key`.
flow_legend <- function(labels, signs, width, pt, key, lines = NULL) {
  gap <- 0.06 * pt / 9
  between <- 2.4 * gap + key
  words <- wrapped_labels(labels, max(width - key - gap, 0.5 * pt / 9), pt)
  wide <- key + gap + words$width
  if (is.null(lines)) lines <- legend_lines(wide, between, width)
  high <- tapply(pmax(words$height, key), lines, max)
  top <- cumsum(high) + (seq_along(high) - 1) * 0.05 * pt / 9
  x <- stats::ave(wide + between, lines, FUN = cumsum) - wide - between
  y <- -(top - high / 2)[lines]
  items <- lapply(seq_along(labels), function(i) {
    c(signs[[i]](x[i] + key / 2, y[i]), list(label_item(words, i, x[i] + key + gap, y[i], pt, role = "legend")))
  })
  list(items = unlist(items, recursive = FALSE), width = max(x + wide), height = max(top), lines = lines)
}

# In which line each entry stands.
legend_lines <- function(wide, between, width) {
  line <- integer(length(wide))
  at <- 0
  for (i in seq_along(wide)) {
    fresh <- i > 1L && at + wide[i] > width
    line[i] <- if (i == 1L) 1L else line[i - 1L] + fresh
    at <- (if (fresh) 0 else at) + wide[i] + between
  }
  line
}

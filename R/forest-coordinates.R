# Owns user coordinates of a forest plot: where metafor's forest() puts the edges of the plot and the columns when
# nothing is asked for, found by experiment; whether the texts fit there; the fields of its result; and par("usr") after
# drawing. Oracle: metafor's forest().

# ---- metafor's default places -------------------------------------------------------------------

# Shares of the width for labels, panel and annotation, before each column of ilab takes 0.05 more.
default_shares <- function(rows, options) {
  left <- if (has_own_labels(rows)) 0.4 else 0.25
  right <- if (!options$annotate) 0.1 else if (isTRUE(options$showweights)) 0.3 else 0.25
  c(left + 0.05 * count_ilab(rows), 1 - left - right, right)
}

count_ilab <- function(rows) if (is.null(attr(rows, "extra"))) 0L else ncol(attr(rows, "extra"))

# Labels that only number the studies need less room.
has_own_labels <- function(rows) {
  label <- rows$label[is_study_type(rows$type)]
  number <- sub("%s", "[0-9]+", translate("Study %s"), fixed = TRUE)
  numbers <- setequal(label, seq_along(label))
  !numbers && !all(is.na(label) | label == "" | grepl(sprintf("^([+-] *)?%s$", number), label))
}

# From the lowest to the highest limit of the studies; NULL where there is none.
interval_range <- function(rows) {
  value <- unlist(rows[is_study(rows), c("lo", "hi")], use.names = FALSE)
  value <- value[is.finite(value)]
  if (length(value) && diff(range(value)) > 0) range(value)
}

# The edges: what the user's axis shows of the intervals takes the panel's share. Rounded as the ticks are, unless the
# numbers are so small that rounding would move an edge by much.
default_edges <- function(reach, shares, options) {
  if (length(options$alim)) {
    reach <- c(max(reach[1L], min(options$alim)), min(reach[2L], max(options$alim)))
  } else if (length(options$at)) {
    reach <- c(max(reach[1L], min(options$at)), min(reach[2L], max(options$at)))
  }
  wide <- diff(reach)
  if (!(wide > 0)) return(NULL)
  edges <- reach + wide * c(-shares[1L], shares[3L]) / shares[2L]
  rounded <- round(edges, c(options$digits[2L], options$digits[1L])[1L + (length(options$digits) < 2L)])
  if (all(abs(rounded - edges) < 0.1 * wide)) rounded else edges
}

# Columns of ilab in the room between the left edge and the lowest limit.
default_columns <- function(n, left, lowest) {
  share <- if (n == 1L) 0.25 else if (n == 2L) c(0.35, 0.15) else if (n == 3L) c(0.4, 0.25, 0.1) else {
    seq(0.5, 0.1, length.out = n)
  }
  lowest - share * (lowest - left)
}

# The options with metafor's places where the user gives none; NULL where the style has no such places, or all are
# given.
with_default_places <- function(rows, style, options) {
  if (!has_metafor_places(style) || !is.null(options$widths)) return(NULL)
  if (length(panel_place(attr(rows, "info")$columns))) return(NULL)
  reach <- interval_range(rows)
  n <- count_ilab(rows)
  if (is.null(reach) || !(is.null(options$xlim) || (n > 0L && is.null(options$ilab.xpos)))) return(NULL)
  if (is.null(options$xlim)) options$xlim <- default_edges(reach, default_shares(rows, options), options)
  if (is.null(options$xlim)) return(NULL)
  # Limits of the axis beyond all intervals leave no room between them and the edge.
  if (n > 0L && reach[1L] <= min(options$xlim)) return(NULL)
  if (n > 0L && is.null(options$ilab.xpos)) options$ilab.xpos <- default_columns(n, min(options$xlim), reach[1L])
  options$default_places <- TRUE
  options
}

# On a page the text may shrink to this share of its size for the sake of these places; a plot that is free to choose
# its width may be so much wider than it would be with places of its own, and anyhow so wide in inches.
least_text <- 0.56
most_width <- 1.4
common_width <- 8.5

# usual, own: functions of a size that give the layout with metafor's places and with those of the plot itself.
choose_places <- function(usual, own, size) {
  first <- usual(size)
  if (!isTRUE(first$placed)) return(own_places(own(size)))
  free <- is.na(size[1L])
  if (free && first$width <= common_width || !free && first$scale == 1) return(first)
  # A page that is as large as the plot asked for when it was free has the places that it had then.
  if (!free && first$scale > 1 / most_width && !asked_own_width(usual, own, size[1L])) return(first)
  second <- own(size)
  keep <- if (free) {
    first$width <= most_width * second$width
  } else {
    first$scale >= 0.95 * second$scale ||
      (first$scale >= least_text && !(second$scale == 1 && asked_own_width(usual, own, size[1L])))
  }
  if (keep) first else own_places(second)
}

# Is this page at least what a plot with places of its own asked for when it was free?
asked_own_width <- function(usual, own, width) {
  free <- choose_places(usual, own, c(NA_real_, NA_real_))
  isTRUE(free$widened) && free$width < width + 2 * rounding
}

own_places <- function(layout) {
  layout$widened <- !isTRUE(layout$placed)
  layout
}

inform_moved <- function(layout) {
  inform(sprintf("The texts do not fit between the usual limits; `xlim` is now c(%s).",
                 toString(signif(user_x(layout$edges, layout), 3L))), "widened")
}

# ---- what metafor's forest() returns ------------------------------------------------------------

metafor_fields <- function(layout) {
  cex <- layout$fontsize / graphics::par("ps")
  edges <- user_edges(layout)
  hand <- layout$hand
  list(xlim = edges$x, alim = layout$lim, at = layout$axis$at, ylim = edges$y, rows = study_heights(layout), cex = cex,
       cex.lab = cex * layout$sizes$title_size, cex.axis = cex * layout$sizes$size,
       ilab.xpos = if (length(layout$ilab)) user_x(layout$ilab, layout), ilab.pos = hand$ilab.pos,
       textpos = if (is.null(hand$textpos)) edges$x else ifelse(is.na(hand$textpos), edges$x, hand$textpos),
       areas = layout$shares / sum(layout$shares))
}

# Limits of the plot region: the outer edges of the texts, the axis, and `top` rows above the highest study.
user_edges <- function(layout) {
  panel <- layout$panel
  list(x = clean(user_x(layout$edges, layout), diff(layout$lim)),
       y = round(c(user_y(panel[["bottom"]], layout), user_y(panel[["top"]], layout) + layout$top - 1), 10L))
}

# Without the noise of the way from units to inches and back.
clean <- function(value, scale) round(value, max(0, 12 - ceiling(log10(abs(scale) + 1e-300))))

is_whole <- function(rows) is.integer(rows) || (length(rows) == 1L && rows == round(rows))

# From the lowest study; integers unless the user's heights are not.
study_heights <- function(layout) {
  study <- which(is_study_type(layout$rows$type))
  line <- match(study, layout$lines$row)
  height <- round(rev(user_y(layout$lines$y[line[!is.na(line)]], layout)), 10L)
  if (isTRUE(layout$hand$whole) && all(height == round(height))) as.integer(height) else height
}

user_x <- function(inch, layout) {
  panel <- layout$panel
  layout$lim[1L] + (inch - panel[["left"]]) / (panel[["right"]] - panel[["left"]]) * diff(layout$lim)
}

user_y <- function(inch, layout) layout$origin[["user"]] + (inch - layout$origin[["y"]]) / layout$pitch

# Inches of a place in user coordinates.
inch_x <- function(value, layout) {
  panel <- layout$panel
  panel[["left"]] + (value - layout$lim[1L]) / diff(layout$lim) * (panel[["right"]] - panel[["left"]])
}

inch_y <- function(value, layout) layout$origin[["y"]] + (value - layout$origin[["user"]]) * layout$pitch

# ---- par() after drawing ------------------------------------------------------------------------

# As metafor's: par("usr") is xlim and ylim, and the margins are the caller's. The plot region is that of these limits,
# so that what is added lands in the plot, until the next page begins.
leave_coordinates <- function(layout, figure) {
  edges <- user_edges(layout)
  inch <- page_coordinates(layout, figure)
  share <- function(value, ends) pmin(pmax((value - ends[1L]) / diff(ends), 0), 1)
  graphics::par(plt = c(share(inch_x(edges$x, layout), inch[1:2]), share(inch_y(edges$y, layout), inch[3:4])))
  graphics::par(usr = c(edges$x, edges$y))
  keep_region(graphics::par("mai"))
  open_clip(layout, figure)
  remember_forest(layout)
}

# What is added may stand anywhere in the figure, as in metafor's plot region, which holds all texts.
open_clip <- function(layout, figure) {
  inch <- page_coordinates(layout, figure)
  corner_x <- user_x(inch[1:2], layout)
  corner_y <- user_y(inch[3:4], layout)
  graphics::clip(corner_x[1L], corner_x[2L], corner_y[1L], corner_y[2L])
}

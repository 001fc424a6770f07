# Owns the looks of the figures that plot points and lines. A look is a plain list: sizes of text in points,
# lengths in inches, colours; layout and drawing read it and never ask which look it is.

scatter_style <- function(...) {
  base <- list(
    page = "white", panel = NA, frame = "L", axis_col = "black", grid_col = NA, grid_lwd = 1, text_col = "black",
    pt_title = 14, pt_subtitle = 12, pt_axis_title = 12, pt_tick = 12, pt_legend = 11, pt_label = 10,
    font_title = 1, tick = 0.08, tick_gap = 0.06, title_gap = 0.10, axis_gap = 0, pad = 0.15,
    expand = 0.04, y_horizontal = FALSE, point_cex = 0.9, pch = 19, pch_fill = 21, point_col = "black",
    point_bg = "white", line_col = "black", line_lwd = 1, limit_lty = 3, ref_lty = 3,
    legend_at = "corner", legend_box = TRUE, legend_bg = "white",
    back = "gray82", shade = c("white", "gray60", "gray72", "gray80"), hlines = "white",
    y_ticks = "steps", format_tick = format_tick_plain, leading_zero = TRUE, size = c(6.5, 5.5),
    hidden_axes = character(),
    group_pch = c(19, 17, 15, 18, 1, 2, 0, 5, 3, 4), group_col = distinct_colours
  )
  utils::modifyList(base, list(...), keep.null = TRUE)
}

# Eight colours that colour-blind readers tell apart (Okabe & Ito 2008), the yellow left out.
distinct_colours <- c("#000000", "#D55E00", "#0072B2", "#009E73", "#CC79A7", "#E69F00", "#56B4E9")

scatter_style_metafor <- function() scatter_style()

# Stata's s2color scheme: blue-grey page, white panel, horizontal grid, navy markers, legend under the plot.
scatter_style_stata <- function() {
  scatter_style(
    page = "#EAF2F3", panel = "white", grid_col = "#EAF2F3", grid_lwd = 1.5, text_col = "#1E2D53",
    pt_title = 14, pt_subtitle = 12, pt_axis_title = 10, pt_tick = 10, pt_legend = 10, pt_label = 9,
    tick = 0.06, tick_gap = 0.05, axis_gap = 0.03, expand = 0.03, point_cex = 1, pch_fill = 22,
    point_col = "#1A476F", point_bg = NA, line_lwd = 1.3, limit_lty = 2, ref_lty = 1, legend_at = "below",
    back = NA, shade = NA, hlines = NA, y_ticks = "round", format_tick = format_tick_stata, leading_zero = FALSE,
    size = c(5.5, 4),
    group_pch = stata_symbols, group_col = stata_colours
  )
}

# The graphics of Stata 7, in which metabias6, metatrim, metainf and galbr still draw: white, boxed, no grid.
scatter_style_stata7 <- function() {
  plain <- list(page = "white", grid_col = NA, text_col = "black", frame = "box", axis_gap = 0, pch = 1,
                pt_title = 12, pt_subtitle = 11, point_col = "black", line_lwd = 1, limit_lty = 1,
                legend_at = "above", legend_box = FALSE, legend_bg = NA, size = c(6, 4.4))
  utils::modifyList(scatter_style_stata(), plain, keep.null = TRUE)
}

# The scatter look of a style such as style_stata(), or of its name; NULL stands for the figure's own look.
as_scatter_style <- function(style, default, call = NULL) {
  if (is.null(style)) return(default)
  style <- resolve_style(style, call = call)
  look <- style$scatter
  if (!identical(style$family, "")) look$family <- style$family
  look
}

# As few decimals as keep three significant digits of the largest number and two of the smallest step.
format_tick_plain <- function(x) {
  if (length(x) == 0L) return(character())
  if (!all(is.finite(x))) {
    text <- as.character(x)
    return(replace(text, is.finite(x), format_tick_plain(x[is.finite(x)])))
  }
  scale <- c(max(abs(x)), min(diff(sort(unique(x))), Inf) * 10)
  decimals <- max(2 - floor(log10(scale[is.finite(scale) & scale > 0])), 0)
  if (decimals > 7 || max(abs(x)) >= 1e7) return(trimws(formatC(x, digits = 3L, format = "g")))
  text <- formatC(x, digits = decimals, format = "f", drop0trailing = TRUE)
  sub("^-0$", "0", text)
}

# %9.0g as axes show it: up to six significant digits, no zero before the point.
format_tick_stata <- function(x) {
  drop_leading_zero(trimws(formatC(x, digits = 6L, format = "g")))
}

drop_leading_zero <- function(text) sub("^(-?)0\\.", "\\1.", text)

# Labels of an axis in the notation of the style; `digits` NULL means as many as needed.
tick_format <- function(style, digits = NULL) {
  if (is.null(digits)) return(style$format_tick)
  format <- format_tick_digits(digits)
  if (style$leading_zero) format else function(x) drop_leading_zero(format(x))
}

# An integer `digits` drops trailing zeros, a double keeps them (metafor's convention).
format_tick_digits <- function(digits) {
  digits <- if (length(digits)) digits[[1L]] else digits
  function(x) {
    text <- formatC(x, digits = as.integer(digits), format = "f", drop0trailing = is.integer(digits))
    sub("^-(0(\\.0*)?)$", "\\1", text)
  }
}

# Stata's symbols O T S D + X Oh Th Sh Dh and s2color's colours, in this order.
stata_symbols <- c(19, 17, 15, 18, 3, 4, 1, 2, 0, 5)

stata_colours <- c("#1A476F", "#90353B", "#55752F", "#E37E00", "#6E8E84", "#C10534", "#938DD2", "#CAC27E", "#A0522D",
                   "#7B92A8")

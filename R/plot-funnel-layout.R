# Owns what a funnel plot shows: points, pseudo confidence limits on any of the y scales, contours, as layers of a
# figure. Limits: refline -/+ z * SE(y) (Light & Pillemer 1984; Sterne & Egger 2001; contours Peters et al. 2008).

# One row per y scale: its title, whether large values are at the bottom, and the standard error at y (NULL: no limits).
funnel_scales <- list(
  sei = list(title = "Standard Error", down = TRUE, se = function(y) y),
  vi = list(title = "Variance", down = TRUE, se = function(y) sqrt(y)),
  seinv = list(title = "Inverse Standard Error", down = FALSE, se = function(y) 1 / y),
  vinv = list(title = "Inverse Variance", down = FALSE, se = function(y) 1 / sqrt(y)),
  ni = list(title = "Sample Size", down = FALSE),
  ninv = list(title = "Inverse Sample Size", down = TRUE),
  sqrtni = list(title = "Square Root Sample Size", down = FALSE),
  sqrtninv = list(title = "Inverse Square Root Sample Size", down = TRUE),
  lni = list(title = "Log Sample Size", down = FALSE),
  wi = list(title = "Weight (in %)", down = FALSE)
)

# y values of the points from standard errors, sample sizes and weights.
funnel_y <- function(yaxis, sei, ni, wi) {
  switch(yaxis, sei = sei, vi = sei^2, seinv = 1 / sei, vinv = 1 / sei^2, ni = ni, ninv = 1 / ni, sqrtni = sqrt(ni),
         sqrtninv = 1 / sqrt(ni), lni = log(ni), wi = wi)
}

# Figure of `data` (x, y, slab, fill). `look`: yaxis, refline, levels (proportions), tau2, limits and words of the user.
funnel_figure <- function(data, look, style) {
  scale <- funnel_scales[[look$yaxis]]
  ylim <- funnel_ylim(data$y, scale, look$ylim, style)
  window <- list(y = expand_limits(ylim, style$expand))
  limits <- funnel_limits(scale, window$y, look)
  xlim <- range(funnel_xlim(data$x, funnel_limits(scale, ylim, look), look$xlim), look$at)
  window$x <- expand_limits(xlim, style$expand)
  warn_off_window(data, window)
  ticks <- funnel_x_ticks(xlim, look)
  y_at <- if (!is.null(look$steps)) seq(ylim[1L], ylim[2L], length.out = look$steps) else pretty_inside(ylim, 4)
  y_title <- if (is.null(look$ylab)) scale$title else own_text(look$ylab)
  new_figure(funnel_layers(data, limits, window, y_at, look, style),
             x = new_axis(window$x, ticks$at, ticks$label, look$xlab),
             y = new_axis(window$y, y_at, look$format_y(y_at), y_title, grid = !is.na(style$grid_col)),
             words = list(title = look$title, subtitle = look$subtitle, legend = look$legend),
             legend = funnel_legend(data, limits, look, style), style = style, data = data)
}

# Round numbers on the scale that the reader sees.
funnel_x_ticks <- function(xlim, look) {
  at <- look$at
  if (is.null(at) && !is.null(look$atransf)) {
    at <- shown_ticks(xlim, look$atransf, look$digits)
  }
  if (is.null(at)) at <- pretty_inside(xlim)
  list(at = at, label = look$format_x(at))
}

# From bottom to top. Scales that fall with precision run downward, those with limits from 0.
funnel_ylim <- function(y, scale, given, style) {
  lim <- if (is.null(given)) range(if (scale$down && !is.null(scale$se)) c(0, y) else y) else sort(given)
  if (is.null(given) && style$y_ticks == "round") lim <- range(pretty(lim, 4))
  if (lim[1L] == lim[2L]) lim <- lim + c(-1, 1) * max(abs(lim[1L]) * 0.1, if (lim[1L] == 0) 1 else 0)
  if (scale$down) rev(lim) else lim
}

funnel_xlim <- function(x, limits, given) {
  if (!is.null(given)) return(sort(given))
  lim <- range(x, limits$x)
  width <- lim[2L] - lim[1L]
  if (width == 0) width <- if (lim[1L] == 0) 1 else abs(lim[1L])
  lim + c(-0.1, 0.1) * width
}

# Limits in long form: x, y, level, side, refline. Empty where the y scale has no standard error.
funnel_limits <- function(scale, ylim, look) {
  none <- data.frame(x = numeric(), y = numeric(), level = numeric(), side = numeric())
  if (is.null(scale$se) || is.null(look$refline)) return(none)
  y <- seq(ylim[1L], ylim[2L], length.out = 201L)
  y <- if (scale$down) sort(c(0, y[y > 0])) else y[y > 0]
  se <- sqrt(scale$se(y)^2 + look$tau2)
  one <- function(level, side) {
    data.frame(x = look$refline + side * critical_value(level) * se, y = y, level = level, side = side)
  }
  do.call(rbind, unlist(lapply(look$levels, function(level) list(one(level, -1), one(level, 1))), recursive = FALSE))
}

funnel_layers <- function(data, limits, window, y_at, look, style) {
  shades <- rev(seq_along(look$levels))
  areas <- lapply(shades, function(i) limit_area(limits, look$levels[i], look$shade[i]))
  edges <- lapply(look$levels, limit_edges, limits = limits, lty = look$lty[1L], style = style)
  hlines <- lapply(if (is.null(look$hlines) || is.na(look$hlines)) NULL else y_at, function(y) {
    layer_line(window$x, c(y, y), look$hlines)
  })
  reference <- if (!is.null(look$refline)) {
    layer_line(rep(look$refline, 2L), reference_span(limits, window$y), style$line_col, style$line_lwd, look$lty[2L])
  }
  back <- if (!is.null(look$back)) layer_polygon(window$x[c(1, 2, 2, 1)], window$y[c(1, 1, 2, 2)], look$back)
  c(list(back), hlines, areas, unlist(edges, recursive = FALSE), list(reference), second_layers(look, window, style),
    point_layers(data, look, style))
}

second_layers <- function(look, window, style) {
  if (is.null(look$second)) return(NULL)
  limits <- funnel_limits(funnel_scales[[look$yaxis]], window$y, look$second)
  c(limit_edges(look$second$levels, limits, 2, style),
    list(layer_line(rep(look$second$refline, 2L), reference_span(limits, window$y), style$line_col, style$line_lwd, 2)))
}

# The reference line starts at the tip of the funnel.
reference_span <- function(limits, ylim) range(if (nrow(limits)) limits$y else ylim)

limit_area <- function(limits, level, fill) {
  if (!nrow(limits) || is.null(fill) || is.na(fill)) return(NULL)
  lower <- limits[limits$level == level & limits$side < 0, ]
  upper <- limits[limits$level == level & limits$side > 0, ]
  layer_polygon(c(lower$x, rev(upper$x)), c(lower$y, rev(upper$y)), fill)
}

limit_edges <- function(level, limits, lty, style) {
  if (!nrow(limits)) return(NULL)
  lapply(c(-1, 1), function(side) {
    edge <- limits[limits$level == level & limits$side == side, ]
    layer_line(edge$x, edge$y, style$line_col, style$line_lwd, lty)
  })
}

point_layers <- function(data, look, style) {
  points <- layer_points(data$x, data$y, look$pch, 1, look$col, look$bg)
  named <- funnel_named(data, look)
  if (!any(named)) return(list(points))
  side <- ifelse(data$x < if (is.null(look$refline)) mean(data$x) else look$refline, "left", "right")
  list(points, layer_labels(data$x[named], data$y[named], data$slab[named], side[named], look$offset))
}

# Which points carry their name: none, all, those outside the limits, or the n most extreme.
funnel_named <- function(data, look) {
  label <- look$label
  if (isTRUE(label) || identical(label, "all")) return(rep(TRUE, nrow(data)))
  if (is.logical(label)) return(rep(FALSE, nrow(data)))
  distance <- abs(data$x - if (is.null(look$refline)) 0 else look$refline) / sqrt(data$se^2 + look$tau2)
  if (identical(label, "out")) return(distance > critical_value(max(look$levels)))
  rank(-distance, ties.method = "first") <= label
}

# ---- legend ----

funnel_legend <- function(data, limits, look, style) {
  if (!look$legend$shown) return(NULL)
  shaded <- nrow(limits) > 0L && !all(is.na(look$shade))
  areas <- if (shaded && !anyNA(look$legend$show)) contour_entries(look, style)
  c(areas, if (look$legend$studies) symbol_entries(data, look))
}

symbol_entries <- function(data, look) {
  entry <- function(label, i) legend_point(label, look$pch[i], look$col[i], look$bg[i])
  filled <- if (any(data$fill)) list(entry("Imputed Studies", match(TRUE, data$fill)))
  if (is.null(look$group)) return(c(list(entry(if (length(filled)) "Observed Studies" else "Studies",
                                               match(FALSE, data$fill))), filled))
  shown <- intersect(seq_len(nlevels(look$group)), as.integer(look$group)[!data$fill])
  names <- levels(look$group)
  names[is.na(names)] <- "."
  c(lapply(shown, function(i) entry(names[i], which(as.integer(look$group) == i & !data$fill)[1L])), filled)
}

# The area inside the smallest level holds the largest p values; what has no shade of its own shows the page.
contour_entries <- function(look, style) {
  cut <- c(1, 1 - sort(look$levels), 0)
  text <- formatC(cut, digits = max(2L, decimals_needed(cut)), format = "f")
  ground <- if (is.na(style$panel)) style$page else style$panel
  fills <- c(look$shade[order(look$levels)], if (is.null(look$back)) NA else look$back)
  fills[is.na(fills)] <- ground
  lapply(seq_along(fills), function(i) {
    label <- if (look$legend$show == "cis") cis_label(look$levels, i) else p_between(text[i + 1L], text[i])
    legend_fill(label, fills[i])
  })
}

# low < p <= high in plotmath: the sign is not in every 8-bit font.
p_between <- function(low, high) call("<=", call("<", low, quote(p)), high)

cis_label <- function(levels, i) {
  levels <- sort(levels)
  percent <- formatC(100 * levels, format = "g")
  if (i > length(levels)) return(sprintf("Outside %s%% CI", percent[length(levels)]))
  sprintf("%s%% CI region", percent[i])
}

decimals_needed <- function(x) {
  max(nchar(sub("^[^.]*\\.?", "", formatC(round(x, 8), digits = 8, format = "f", drop0trailing = TRUE))))
}

# ---- limits, shared with the other figures ----

warn_off_window <- function(data, window) {
  off <- data$x < min(window$x) | data$x > max(window$x) | data$y < min(window$y) | data$y > max(window$y)
  if (any(off)) {
    warn_input("xlim", sprintf("and `ylim` leave %d of %d studies outside the plot (%s)", sum(off), length(off),
                               format_rows(which(off))))
  }
}

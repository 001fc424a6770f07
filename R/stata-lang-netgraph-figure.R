# The figure of rows with intervals that intervalplot and ifplot share: names at the left, numbers at the right.

# t: label, est, lo, hi, perhaps plo and phi (the wider interval), text; on the scale of the axis. An interval
# beyond the axis ends in an arrow.
interval_figure <- function(t, look, xtitle) {
  style <- scatter_style_stata()
  style[c("pt_tick", "pt_axis_title", "pt_label")] <- lapply(style[c("pt_tick", "pt_axis_title", "pt_label")], `*`,
      look$text)
  n <- nrow(t)
  reach <- if (is.null(look$range)) interval_reach(t, look$null) else sort(look$range)
  wide <- if (look$values) 0.085 * look$text * max(display_width(c(t$text, look$value_title))) else 0
  panel <- 3.4
  right <- reach[2L] + diff(reach) * (0.03 + wide / panel)
  middle <- reach[2L] + diff(reach) * (0.03 + wide / panel / 2)
  axis <- interval_axis(reach, right, look, style, xtitle)
  row <- seq_len(n)
  spikes <- function(lo, hi, col, lty, lwd) unlist(lapply(which(is.finite(lo) & is.finite(hi)), function(i) {
    lapply(network_forest_spike(lo[i], hi[i], i, reach, col), function(l) utils::modifyList(l, list(lty = lty,
        lwd = lwd)))
  }), recursive = FALSE)
  seen <- t$est >= reach[1L] & t$est <= reach[2L]
  layers <- c(
    lapply(look$breaks, function(i) layer_line(c(reach[1L], right), c(i, i) + 0.5, "#B0B0B0", 0.8)),
    if (!is.null(look$null)) list(layer_line(rep(look$null, 2L), c(0.4, n + 0.6), look$null_col, 1.3, look$null_lty)),
    if (look$predicted) spikes(t$plo, t$phi, look$pcol, look$plty, look$lwd),
    spikes(t$lo, t$hi, look$col, look$lty, look$lwd * if (look$predicted) 1.5 else 1),
    list(layer_points(t$est[seen], row[seen], look$pch, look$cex, look$col)),
    if (look$values) list(layer_words(rep(middle, n + 1L), 0:n, c(look$value_title, t$text))))
  y <- new_axis(c(n + 0.7, -0.6), 0:n, c(look$label_title, t$label), "", crowded = "shrink", ticks = FALSE,
      horizontal = TRUE)
  legend <- if (look$predicted) list(legend_line("Confidence interval", look$col, look$lwd, look$lty),
                                     legend_line("Prediction interval", look$pcol, look$lwd, look$plty))
  left <- 0.085 * look$text * max(display_width(c(t$label, look$label_title)))
  new_figure(layers, axis, y, list(), legend, style, t, c(panel + wide + left + 0.6, 1.5 + (n + 2) * 0.24 * look$text))
}

# The axis holds the estimates and most of the intervals.
interval_reach <- function(t, null) {
  ends <- unlist(t[intersect(c("lo", "hi", "plo", "phi"), names(t))])
  ends <- ends[is.finite(ends)]
  inner <- range(t$est, null)
  span <- max(diff(inner), stats::quantile(abs(ends - mean(inner)), 0.9, names = FALSE), 1e-8)
  c(max(min(ends, inner), mean(inner) - 2 * span), min(max(ends, inner), mean(inner) + 2 * span))
}

interval_axis <- function(reach, right, look, style, xtitle) {
  at <- if (look$log) log(axis_ratios(exp(reach))) else pretty(reach, 5L)
  at <- at[at >= reach[1L] - 1e-9 & at <= reach[2L] + 1e-9]
  axis <- new_axis(c(reach[1L] - 0.03 * diff(reach), right), at, format_tick_stata(if (look$log) exp(at) else at),
      xtitle)
  if (look$log) axis$place <- log
  axis
}

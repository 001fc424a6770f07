# A figure of two points with the x axis asked for.
figure_with <- function(x_at, x_labels, crowded = "thin", title = NULL) {
  style <- scatter_style_metafor()
  new_figure(list(layer_points(c(0.2, 0.8), c(0.3, 0.6))),
             new_axis(c(0, 1), x_at, x_labels, "x", crowded = crowded),
             new_axis(c(0, 1), c(0, 0.5, 1), c("0", "0.5", "1"), "y"),
             list(title = title), style = style)
}

# Code that measures text needs an open page.
on_blank_page <- function(code) {
  grDevices::pdf(NULL, 7, 6)
  on.exit(grDevices::dev.off())
  graphics::par(mai = c(0, 0, 0, 0))
  graphics::plot.new()
  force(code)
}

# Axes from 0 to 1.
unit_axis <- function() new_axis(c(0, 1), 0:1, c("0", "1"))

unit_figure <- function(...) new_figure(list(...), unit_axis(), unit_axis(), style = scatter_style_metafor())

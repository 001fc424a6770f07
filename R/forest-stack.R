# Owns several forest plots under each other, each with its own axis, their columns and panels aligned: the layouts are
# made with common column widths and put into one.

#' Forest plots under each other
#'
#' Draws several forest plots under each other, for example of several outcomes, with aligned columns and panels. Each
#' has its own effect measure and axis. For several fits under one axis, give [forest()] a named list.
#'
#' @param x a list of results that [forest()] draws; their names are the titles. An element may itself be a list whose
#'   first element is the result and whose others are arguments of [forest()] for this part.
#' @param ... arguments of [forest()] for all parts.
#' @param gap free rows between two parts.
#' @param file,width,dpi where to write the figure, as in [save_forest()]; by default it is drawn on the open device.
#' @param plot `FALSE` returns the layout without drawing.
#'
#' @return The layout of the whole, invisibly, as [forest()] returns it. After drawing, user coordinates are those of
#'   the lowest part.
#' @details Errors are of class `metaparity_error_input`.
#' @section In other software: Stata: `graph combine, cols(1)`. metafor: `par(mfrow = )`, without alignment.
#' @examples
#' deaths <- rma(c(-.6, -.2, .1), c(.12, .04, .02), slab = c("Ames", "Bell", "Cole"))
#' pain <- rma(c(-3, -8, 1.5), c(4, 6, 2), slab = c("Ames", "Bell", "Dunning and others"))
#' forest_stack(list(Deaths = deaths, Pain = pain))
#' @export
forest_stack <- function(x, ..., gap = 1, file = NULL, width = NULL, dpi = 300, plot = TRUE) {
  check_given(x)
  check_number(gap, "gap", 0, 100)
  parts <- stack_parts(x, list(...))
  target <- column_width(width)
  lay <- function(size) {
    wrap_to_fit(function(wrap) {
      stack_layout(lapply(parts, function(part) {
        part$options$wrap <- wrap
        part
      }), gap, size)
    }, size[1L])
  }
  if (isFALSE(plot)) return(with_measuring_device(NULL, stack_result(lay(c(target, NA_real_)))))
  if (!is.null(file)) return(save_stack(lay, file, target, dpi))
  invisible(draw_stack(lay))
}

# Rows, style and options of each part.
stack_parts <- function(x, shared) {
  if (!is.list(x) || is.object(x) || !length(x)) {
    abort_input("x", sprintf("must be a list of results, not %s", describe(x)))
  }
  lapply(seq_along(x), function(i) {
    one <- x[[i]]
    if (!is.list(one) || is.object(one)) one <- list(one)
    arguments <- shared
    arguments[names(one)[-1L]] <- one[-1L]
    if (is.null(arguments$main) && !is.null(names(x))) arguments$main <- names(x)[i]
    arguments$plot <- NA
    do.call(forest, c(one[1L], arguments), quote = TRUE)
  })
}

draw_stack <- function(lay) {
  return_margins()
  old <- graphics::par(c("mar", "cex", "pty", "xpd"))
  drop <- graphics::par("mai")[3L]
  on.exit(graphics::par(old))
  figure <- begin_figure()
  layout <- lay(figure)
  layout$drop <- drop
  if (layout$scale < 1) {
    inform_small(layout$scale, sufficient_page(lay, figure))
  }
  draw_forest(layout, figure)
  graphics::par(old)
  leave_coordinates(layout, figure)
  on.exit()
  stack_result(layout)
}

stack_result <- function(layout) structure(c(metafor_fields(layout), list(layout = layout)), class = "forest_plot")

save_stack <- function(lay, file, width, dpi) {
  natural <- with_measuring_device(list(extension = figure_extension(check_figure_file(file)), dpi = dpi),
                                   lay(c(width, NA_real_)))
  size <- c(width = if (is.na(width)) natural$width else width, height = natural$height)
  old <- grDevices::dev.cur()
  open_figure_device(file, size[[1L]], size[[2L]], feasible_dpi(file, size, dpi))
  done <- FALSE
  on.exit(if (!done) close_device(old))
  withCallingHandlers(draw_stack(lay), metaparity_message_scaled = function(m) {
    if (!is.na(width)) invokeRestart("muffleMessage")
  })
  done <- TRUE
  close_device(old)
  check_written(file)
  invisible(structure(file, size = size))
}

# Twice: at the widths that each part needs, then at the largest of these for columns of the same place.
stack_layout <- function(parts, gap, size) {
  fit_layout(function(scale) {
    lay <- function(part, widths = NULL) {
      part$options$widths <- widths
      with_language(part$options$lang, lay_out(part$rows, scaled_style(part$style, scale), part$options, size[1L]))
    }
    first <- lapply(parts, lay)
    widths <- common_widths(first)
    join_layouts(align_panels(lapply(parts, lay, widths = widths)), gap)
  }, size)
}

# For each side the largest widths of columns, NULL where the parts have different numbers of them; and the largest
# room beside the panels.
common_widths <- function(layouts) {
  largest <- lapply(c(left = "left", right = "right"), function(side) {
    widths <- lapply(layouts, function(layout) layout$columns[[side]])
    if (length(unique(lengths(widths))) == 1L) do.call(pmax, widths)
  })
  sides <- lapply(layouts, `[[`, "sides")
  c(largest, list(sides = do.call(pmax, sides)))
}

# Parts with other columns still have their panels under each other.
align_panels <- function(layouts) {
  left <- max(vapply(layouts, function(layout) layout$panel[["left"]], 0))
  lapply(layouts, function(layout) shift_forest(layout, left - layout$panel[["left"]], 0))
}

shift_forest <- function(layout, right, up) {
  for (name in c("texts", "runs", "polygons")) {
    layout[[name]]$x <- layout[[name]]$x + right
    layout[[name]]$y <- layout[[name]]$y + up
  }
  for (name in c("rects", "segments")) {
    layout[[name]][c("x0", "x1")] <- layout[[name]][c("x0", "x1")] + right
    layout[[name]][c("y0", "y1")] <- layout[[name]][c("y0", "y1")] + up
  }
  layout$axis$x <- layout$axis$x + right
  layout$lines$y <- layout$lines$y + up
  layout$panel <- layout$panel + c(right, right, up, up)
  layout$moved <- layout$moved + right
  layout$edges <- layout$edges + c(0, right)
  layout$origin["y"] <- layout$origin[["y"]] + up
  layout$width <- layout$width + right
  layout
}

# The parts as one layout, the first on top; panel, axis and rows of user coordinates are those of the lowest.
join_layouts <- function(layouts, gap) {
  layouts <- lapply(layouts, function(layout) {
    layout$runs$fonts <- run_fonts(layout)
    layout
  })
  out <- layouts[[length(layouts)]]
  out$parts <- list(part_of(out))
  for (layout in rev(layouts)[-1L]) {
    layout <- shift_forest(layout, 0, out$height + gap * out$pitch)
    counts <- c(runs = nrow(out$texts), polygons = max(0, out$polygons$id), rows = nrow(out$rows),
                lines = nrow(out$lines))
    layout$runs$id <- layout$runs$id + counts[["runs"]]
    layout$polygons$id <- layout$polygons$id + counts[["polygons"]]
    for (name in c("rects", "segments", "polygons")) layout[[name]]$row <- layout[[name]]$row + counts[["rows"]]
    layout$lines$row <- layout$lines$row + counts[["rows"]]
    layout$texts$line <- layout$texts$line + counts[["lines"]]
    out$parts <- c(list(part_of(layout)), out$parts)
    for (name in c("texts", "runs", "rects", "segments", "polygons", "lines")) {
      out[[name]] <- rbind(out[[name]], layout[[name]])
    }
    out$rows <- rbind(as.data.frame(unclass(out$rows)), as.data.frame(unclass(layout$rows)))
    out$width <- max(out$width, layout$width)
    out$longest <- pmax(out$longest, layout$longest)
    out$height <- layout$height + out$height + gap * out$pitch
  }
  out
}

part_of <- function(layout) layout[c("panel", "lim", "axis")]

# Owns the marks of the layout: what stands for the studies, in inches. Depths are from the top; finish_layout() turns
# them over.

forest_marks <- function(plan, x, y) {
  centre <- rep(NA_real_, nrow(plan$rows))
  first <- !is.na(plan$lines$row)
  centre[plan$lines$row[first]] <- y$rows + plan$lines$at[first] * y$pitch
  at <- list(y = centre)
  for (name in c("est", "lo", "hi", "fit", "fit_lo", "fit_hi")) at[[name]] <- panel_x(plan$rows[[name]], plan, x)
  ci <- ci_marks(plan, x, at)
  prediction <- prediction_marks(plan, x, at)
  list(rects = rbind(shade_rects(plan, x, y), box_rects(plan, x, at), legend_rects(plan, y), prediction$rects),
       segments = rbind(rule_segments(plan, x, y), axis_segments(plan, x, y), ci$segments, prediction$segments),
       polygons = bind_polygons(list(fitted_polygons(plan, x, at), ci$arrows, symbol_polygons(plan, x, at),
                                     marker_polygons(plan, x, at), prediction$polygons, diamond_polygons(plan, x, at),
                                     diamond_arrows(plan, x, at), light_polygons(plan, x, y))))
}

# Within the panel, with a hair of slack for rounding.
in_panel <- function(value, x) !is.na(value) & value >= x$left - 1e-6 & value <= x$right + 1e-6

ci_marks <- function(plan, x, at) {
  look <- plan$style$ci
  em <- plan$em
  rows <- which(is_study(plan$rows) & !is.na(at$lo) & !is.na(at$hi))
  lo <- at$lo[rows]
  hi <- at$hi[rows]
  y <- at$y[rows]
  from <- pmin(pmax(lo, x$left), x$right)
  to <- pmin(pmax(hi, x$left), x$right)
  look$cap <- min(look$cap * plan$options$efac$cap, 0.48 * plan$style$pitch)
  look[c("arrow", "arrow_half")] <- arrow_look(plan)
  study <- recycle_study(plan, plan$info$colours$value, NA_character_)
  own <- recycle_study(plan, plan$options$colci, NA_character_)
  look$col <- ifelse(!is.na(own), own, ifelse(is.na(study), look$col, study))[rows]
  look$lty <- c(plan$options$lty, "solid")[1L]
  body <- new_segments(from, y, to, y, look, "ci", rows)
  caps <- rbind(cap_segments(lo, y, look, x, em, rows), cap_segments(hi, y, look, x, em, rows))
  arrows <- c(arrow_points(lo < x$left - 1e-6, x$left, 1, y, look, em),
              arrow_points(hi > x$right + 1e-6, x$right, -1, y, look, em))
  clipped <- c(which(lo < x$left - 1e-6), which(hi > x$right + 1e-6))
  edge <- ifelse(seq_along(clipped) <= sum(lo < x$left - 1e-6), x$left, x$right)
  col <- look$col[clipped]
  # On a box the head has a white edge; an estimate beyond the panel has no box.
  est <- at$est[rows[clipped]]
  hidden <- in_panel(est, x) & abs(est - edge) < look$arrow * em + box_sides(plan)[rows[clipped]] / 2
  list(segments = rbind(body, caps),
       arrows = new_polygons(arrows, list(fill = col, border = ifelse(hidden %in% TRUE, "white", col)), "arrow",
                             rows[clipped]))
}

cap_segments <- function(value, y, look, x, em, rows) {
  some <- in_panel(value, x) & look$cap > 0
  half <- look$cap * em
  look$col <- look$col[some]
  look$lty <- "solid"
  new_segments(value[some], y[some] - half, value[some], y[some] + half, look, "ci", rows[some])
}

# A value per study of the caller's order, or one for all; `default` where none is given.
recycle_study <- function(plan, value, default) {
  study <- plan$rows$study
  if (is.null(value)) return(rep_len(default, length(study)))
  k <- max(study, 0L, na.rm = TRUE)
  out <- rep_len(value, max(k, 1L))[study]
  out[is.na(study)] <- default
  out
}

# ---- boxes --------------------------------------------------------------------------------------

# Sides in inches. Rule "area": area in proportion to the weight; "linear": the side grows with the share of the weight
# from `least` to `largest`.
box_sides <- function(plan) {
  rows <- plan$rows
  look <- plan$style$box
  some <- is_study(rows) & !is.na(rows$est)
  psize <- recycle_study(plan, plan$options$psize, NA_real_)
  size <- ifelse(is.na(rows$size), rows$weight, rows$size)
  size[!some | !is.finite(size) | size < 0] <- NA
  largest <- max(c(size, 0), na.rm = TRUE)
  side <- if (largest <= 0) {
    ifelse(some, look$largest / 2, NA)
  } else if (!is.null(look$plim)) {
    limited_sides(sqrt(size), look$plim)
  } else if (identical(look$rule, "linear")) {
    look$least + (look$largest - look$least) * size / sum(size, na.rm = TRUE)
  } else {
    sqrt(size / largest) * look$largest
  }
  side <- ifelse(some & is.na(side), look$largest / 2, if (is.null(look$plim)) pmax(side, look$least) else side)
  ifelse(is.na(psize), side, 0.6 * psize) * plan$em
}

# metafor's plim: from the smallest to the largest size; with one of them NA in proportion to the other.
limited_sides <- function(side, plim) {
  reach <- range(side, na.rm = TRUE)
  if (is.na(plim[1L])) {
    side <- side / reach[2L] * plim[2L]
  } else if (is.na(plim[2L])) {
    side <- side / reach[1L] * plim[1L]
  } else if (diff(reach) > 0) {
    side <- plim[1L] + (side - reach[1L]) / diff(reach) * (plim[2L] - plim[1L])
  } else {
    side[!is.na(side)] <- mean(plim[1:2])
  }
  if (length(plim) > 2L && !is.na(plim[3L])) pmax(side, plim[3L]) else side
}

# What is drawn at the estimates: rows, sides, colours and symbols.
box_looks <- function(plan, x, at) {
  style <- plan$style
  if (is.null(style$box)) return(NULL)
  side <- box_sides(plan)
  rows <- which(is_study(plan$rows) & in_panel(at$est, x) & side > 0)
  filled <- plan$rows$type[rows] == "filled"
  study <- recycle_study(plan, plan$info$colours$value, NA_character_)
  own <- recycle_study(plan, plan$options$colout, NA_character_)
  own <- ifelse(is.na(own), study, own)[rows]
  kind <- plan$info$arms$kind
  by_kind <- if (is.null(kind)) NULL else style$box$kinds[[kind]]
  pick <- function(name) {
    usual <- if (is.null(by_kind)) style$box[[name]] else by_kind
    ifelse(filled, style$filled[[name]], ifelse(is.na(own), usual, own))
  }
  pch <- recycle_study(plan, plan$options$pch, 15)[rows]
  fill <- pick("fill")
  fill[is_open_symbol(pch)] <- "white"
  list(rows = rows, side = side[rows], fill = fill, border = pick("border"), kind = symbol_kind(pch))
}

box_rects <- function(plan, x, at) {
  looks <- box_looks(plan, x, at)
  some <- which(looks$kind == "square")
  rows <- looks$rows[some]
  half <- looks$side[some] / 2
  new_rects(at$est[rows] - half, at$y[rows] - half, at$est[rows] + half, at$y[rows] + half,
            list(fill = looks$fill[some], border = looks$border[some]), rep_len("box", length(rows)), rows)
}

symbol_polygons <- function(plan, x, at) {
  looks <- box_looks(plan, x, at)
  some <- which(looks$kind != "square")
  points <- lapply(some, function(i) {
    outline <- symbol_outlines[[looks$kind[i]]]
    row <- looks$rows[i]
    list(x = at$est[row] + outline$x * looks$side[i] * 1.1, y = at$y[row] + outline$y * looks$side[i] * 1.1)
  })
  new_polygons(points, list(fill = looks$fill[some], border = looks$border[some]), "box", looks$rows[some])
}

marker_polygons <- function(plan, x, at) {
  look <- plan$style$marker
  if (is.null(look)) return(NULL)
  rows <- which(is_study(plan$rows) & in_panel(at$est, x))
  half <- look$half * plan$em
  new_polygons(lapply(rows, function(i) rhombus(at$est[i] - half, at$est[i], at$est[i] + half, at$y[i], half)),
               list(fill = look$col, border = look$col), "marker", rows)
}

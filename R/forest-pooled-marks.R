# Owns the marks of pooled rows: diamonds, fitted values, prediction intervals in metafor's five styles.

diamond_polygons <- function(plan, x, at) {
  look <- diamond_look(plan)
  if (is.null(look)) return(NULL)
  polygons_of(pooled_rows(plan, at), at[c("lo", "est", "hi", "y")], look, plan, x, "diamond")
}

diamond_look <- function(plan) {
  look <- plan$style$diamond
  if (is.null(look)) return(NULL)
  if (!is.null(plan$options$col)) look$fill <- plan$options$col[1L]
  if (!is.null(plan$options$border)) look$border <- plan$options$border[1L]
  look
}

pooled_rows <- function(plan, at) {
  which(plan$rows$type %in% c("subtotal", "summary") & !is.na(at$est) & !is.na(at$lo) & !is.na(at$hi))
}

# A diamond that is cut at the edge of the panel bears an arrow there.
diamond_arrows <- function(plan, x, at) {
  look <- diamond_look(plan)
  if (is.null(look)) return(NULL)
  rows <- pooled_rows(plan, at)
  low <- at$lo[rows] < x$left - 1e-6
  high <- at$hi[rows] > x$right + 1e-6
  size <- arrow_look(plan)
  points <- c(arrow_points(low, x$left, 1, at$y[rows], size, plan$em),
              arrow_points(high, x$right, -1, at$y[rows], size, plan$em))
  new_polygons(points, list(fill = look$border, border = look$border), "diamond", rows[c(which(low), which(high))])
}

arrow_look <- function(plan) {
  look <- lapply(plan$style$ci[c("arrow", "arrow_half")], `*`, plan$options$efac$arrow)
  lapply(look, min, 0.48 * plan$style$pitch)
}

# Inches of a half height in em that stays within its row.
within_row <- function(half, plan) min(half, 0.48 * plan$style$pitch) * plan$em

fitted_polygons <- function(plan, x, at) {
  rows <- which(!is.na(at$fit) & !is.na(at$fit_lo) & !is.na(at$fit_hi))
  look <- plan$style$fitted
  own <- Filter(Negate(is.null), list(fill = plan$options$col[1L], border = plan$options$border[1L]))
  look[names(own)] <- own
  polygons_of(rows, at[c("fit_lo", "fit", "fit_hi", "y")], look, plan, x, "fitted")
}

# at: left end, middle, right end and depth of all rows.
polygons_of <- function(rows, at, look, plan, x, role) {
  half <- within_row(look$half * plan$options$efac$polygon, plan)
  points <- lapply(rows, function(i) clipped_rhombus(at[[1L]][i], at[[2L]][i], at[[3L]][i], at$y[i], half, x))
  some <- vapply(points, function(p) length(p$x) > 0L, NA)
  new_polygons(points[some], look, role, rows[some])
}

# ---- prediction intervals -----------------------------------------------------------------------

# On the line of its pooled estimate, or with a mark on a line of its own. A list of rects, segments and polygons.
prediction_marks <- function(plan, x, at) {
  rows <- which(plan$rows$type == "prediction" & !is.na(at$lo) & !is.na(at$hi))
  rows <- rows[rows > 1L]
  style <- plan$options$predstyle
  if (!length(rows)) return(list())
  if (style == "line") return(prediction_line(plan, x, at, rows))
  draw <- list(polygon = prediction_polygon, bar = prediction_bar, shade = prediction_shade,
               dist = prediction_dist)[[style]]
  out <- draw(plan, x, at, rows)
  out$polygons <- bind_polygons(list(out$polygons, prediction_arrows(plan, x, at, rows, at$y[rows])))
  out
}

# The user's second colour, border and type of line are those of the prediction interval.
prediction_look <- function(plan) {
  look <- plan$style$prediction
  look$lty <- c(plan$options$lty[-1L], look$lty)[1L]
  look$fill <- c(plan$options$col[-1L], NA)[1L]
  if (!is.na(look$fill)) look$col <- look$fill
  look$border <- c(plan$options$border[-1L], look$col)[1L]
  look
}

# An `open` line leaves out the diamond.
prediction_line <- function(plan, x, at, rows) {
  look <- prediction_look(plan)
  pooled <- rows - 1L
  y <- at$y[pooled]
  clip <- function(value) pmin(pmax(value, x$left), x$right)
  inner <- if (isTRUE(look$open)) list(at$lo[pooled], at$hi[pooled]) else list(at$hi[rows], at$hi[rows])
  out <- new_segments(clip(at$lo[rows]), y, clip(inner[[1L]]), y, look, "prediction", rows)
  if (isTRUE(look$open)) {
    out <- rbind(out, new_segments(clip(inner[[2L]]), y, clip(at$hi[rows]), y, look, "prediction", rows))
  }
  list(segments = rbind(out, cap_prediction(at$lo[rows], y, look, x, plan$em, rows),
                        cap_prediction(at$hi[rows], y, look, x, plan$em, rows)),
       polygons = prediction_arrows(plan, x, at, rows, y))
}

prediction_arrows <- function(plan, x, at, rows, y) {
  look <- c(prediction_look(plan)["col"], arrow_look(plan))
  low <- at$lo[rows] < x$left - 1e-6
  high <- at$hi[rows] > x$right + 1e-6
  points <- c(arrow_points(low, x$left, 1, y, look, plan$em), arrow_points(high, x$right, -1, y, look, plan$em))
  new_polygons(points, list(fill = look$col, border = look$col), "prediction", rows[c(which(low), which(high))])
}

cap_prediction <- function(value, y, look, x, em, rows) {
  look$col <- rep_len(look$col, length(rows))
  out <- cap_segments(value, y, look, x, em, rows)
  out$role <- rep_len("prediction", nrow(out))
  out
}

prediction_half <- function(plan) 0.35 * plan$em * plan$options$efac$prediction

prediction_polygon <- function(plan, x, at, rows) {
  half <- prediction_half(plan)
  points <- lapply(rows, function(i) clipped_rhombus(at$lo[i], at$est[i - 1L], at$hi[i], at$y[i], half, x))
  look <- prediction_look(plan)
  fill <- if (is.na(look$fill)) "grey90" else look$fill
  list(polygons = new_polygons(points, list(fill = fill, border = look$border), "prediction", rows))
}

prediction_bar <- function(plan, x, at, rows) {
  look <- prediction_look(plan)
  half <- 0.5 * prediction_half(plan)
  clip <- function(value) pmin(pmax(value, x$left), x$right)
  list(rects = new_rects(clip(at$lo[rows]), at$y[rows] - half, clip(at$hi[rows]), at$y[rows] + half,
                         list(fill = look$col, border = look$border), "prediction", rows))
}

# The bar in strips whose grey follows the predictive density.
prediction_shade <- function(plan, x, at, rows) {
  half <- 0.5 * prediction_half(plan)
  strips <- lapply(reaching(rows, x, at), function(i) {
    edge <- seq(max(at$lo[i], x$left), min(at$hi[i], x$right), length.out = 61L)
    middle <- (edge[-1L] + edge[-61L]) / 2
    density <- predictive_density(plan, x, at, i, middle)
    col <- shade_colours(plan, density / max(density))
    new_rects(edge[-61L], rep(at$y[i] - half, 60L), edge[-1L], rep(at$y[i] + half, 60L),
              list(fill = col, border = col), "prediction", rep(i, 60L))
  })
  list(rects = do.call(rbind, strips))
}

# From the colour of the ends to that of the centre: the user's third and second.
shade_colours <- function(plan, share) {
  own <- c(plan$options$col[-1L], NA, NA)[1:2]
  ends <- c(if (is.na(own[2L])) "grey95" else own[2L], if (is.na(own[1L])) "black" else own[1L])
  grDevices::rgb(grDevices::colorRamp(ends)(pmin(pmax(share, 0), 1)), maxColorValue = 255)
}

# Rows whose interval reaches into the panel.
reaching <- function(rows, x, at) rows[at$lo[rows] < x$right - 1e-6 & at$hi[rows] > x$left + 1e-6]

# The whole distribution; what lies beyond the interval is darker.
prediction_dist <- function(plan, x, at, rows) {
  look <- prediction_look(plan)
  tails <- if (is.na(look$fill)) "grey60" else look$fill
  one <- function(i) {
    ends <- pmin(pmax(distribution_ends(plan, x, at, i), x$left), x$right)
    value <- seq(ends[1L], ends[2L], length.out = 101L)
    density <- predictive_density(plan, x, at, i, value)
    base <- at$y[i] + 0.5 * plan$em
    top <- base - 1.1 * plan$em * plan$options$efac$prediction * density / max(density)
    area <- function(some) list(x = c(value[some], rev(value[some])), y = c(top[some], rep(base, sum(some))))
    parts <- list(rep(TRUE, 101L), value <= at$lo[i], value >= at$hi[i])
    parts <- parts[vapply(parts, sum, 0L) > 1L]
    new_polygons(lapply(parts, area), list(fill = c("grey90", tails, tails)[seq_along(parts)],
                                           border = c(look$border, NA, NA)[seq_along(parts)]), "prediction", i)
  }
  list(polygons = bind_polygons(lapply(reaching(rows, x, at), one)))
}

# Where the distribution of a row begins and ends: the user's limits, or where the user's distribution has some height.
distribution_ends <- function(plan, x, at, row) {
  own <- plan$options$preddist
  if (!is.null(plan$options$predlim)) return(panel_x(plan$options$predlim, plan, x))
  if (is.null(own)) return(at$est[row - 1L] + 2 * (c(at$lo[row], at$hi[row]) - at$est[row - 1L]))
  panel_x(range(own[[1L]][own[[2L]] > max(own[[2L]]) / 1000]), plan, x)
}

# Density of the prediction at places of the panel: the user's, or the normal one whose quantiles the interval shows.
predictive_density <- function(plan, x, at, row, place) {
  own <- plan$options$preddist
  if (!is.null(own)) {
    own <- check_preddist(own)
    out <- stats::approx(panel_x(own[[1L]], plan, x), own[[2L]], place, yleft = 0, yright = 0)$y
  } else {
    spread <- (at$hi[row] - at$lo[row]) / (2 * critical_value(plan$info$level / 100))
    out <- stats::dnorm(place, (at$hi[row] + at$lo[row]) / 2, spread)
  }
  if (isTRUE(max(out) > 0)) out else rep(1, length(place))
}

# Owns the marks of the layout: rectangles, segments and polygons as data frames in inches, each with a
# `role` that the style puts in order. Depths are from the top; finish_layout() turns them over.

forest_marks <- function(plan, x, y) {
  centre <- rep(NA_real_, nrow(plan$rows))
  first <- !is.na(plan$lines$row)
  centre[plan$lines$row[first]] <- y$rows + plan$lines$at[first] * y$pitch
  at <- list(y = centre)
  for (name in c("est", "lo", "hi", "fit", "fit_lo", "fit_hi")) at[[name]] <- panel_x(plan$rows[[name]], plan, x)
  ci <- ci_marks(plan, x, at)
  prediction <- prediction_marks(plan, x, at)
  list(rects = rbind(shade_rects(plan, x, y), box_rects(plan, x, at)),
       segments = rbind(rule_segments(plan, x, y), axis_segments(plan, x, y), ci$segments, prediction),
       polygons = bind_polygons(list(fitted_polygons(plan, x, at), ci$arrows, marker_polygons(plan, x, at),
                                     prediction_arrows(plan, x, at), diamond_polygons(plan, x, at))))
}

new_rects <- function(x0, y0, x1, y1, look, role, row = NA_integer_) {
  n <- length(y0)
  data.frame(x0 = rep_len(x0, n), y0 = y0, x1 = rep_len(x1, n), y1 = y1, fill = rep_len(look$fill, n),
             border = rep_len(look$border, n), role = rep_len(role, n), row = rep_len(row, n), stringsAsFactors = FALSE)
}

new_segments <- function(x0, y0, x1, y1, look, role, row = NA_integer_) {
  n <- max(length(x0), length(y0))
  if (!length(x0) || !length(y0) || is.null(look)) n <- 0L
  word <- function(value, default) rep_len(if (is.null(value)) default else value, n)
  data.frame(x0 = rep_len(x0, n), y0 = rep_len(y0, n), x1 = rep_len(x1, n), y1 = rep_len(y1, n),
             col = word(look$col, "black"), lwd = word(look$lwd, 1), lty = as.character(word(look$lty, "solid")),
             role = rep_len(role, n), row = rep_len(row, n), stringsAsFactors = FALSE)
}

# points: list of list(x, y); one polygon each.
new_polygons <- function(points, look, role, row) {
  n <- length(points)
  if (!n) return(NULL)
  size <- vapply(points, function(p) length(p$x), 0L)
  word <- function(value, default) rep(rep_len(if (is.null(value)) default else value, n), size)
  data.frame(id = rep(seq_len(n), size), x = unlist(lapply(points, `[[`, "x")), y = unlist(lapply(points, `[[`, "y")),
             fill = word(look$fill, NA_character_), border = word(look$border, NA_character_), lwd = word(look$lwd, 1),
             role = rep(rep_len(role, n), size), row = rep(rep_len(row, n), size), stringsAsFactors = FALSE)
}

bind_polygons <- function(parts) {
  parts <- Filter(Negate(is.null), parts)
  if (!length(parts)) {
    return(data.frame(id = integer(), x = numeric(), y = numeric(), fill = character(), border = character(),
                      lwd = numeric(), role = character(), row = integer()))
  }
  count <- 0L
  for (i in seq_along(parts)) {
    parts[[i]]$id <- parts[[i]]$id + count
    count <- max(parts[[i]]$id)
  }
  do.call(rbind, parts)
}

# ---- studies ----------------------------------------------------------------------------------

is_study <- function(rows) rows$type %in% c("study", "filled")

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
  look$col <- recycle_study(plan, plan$options$colci, look$col)[rows]
  look$lty <- if (is.character(plan$options$lty)) plan$options$lty[1L] else "solid"
  body <- new_segments(from, y, to, y, look, "ci", rows)
  caps <- rbind(cap_segments(lo, y, look, x, em, rows), cap_segments(hi, y, look, x, em, rows))
  arrows <- c(arrow_points(lo < x$left - 1e-6, x$left, 1, y, look, em),
              arrow_points(hi > x$right + 1e-6, x$right, -1, y, look, em))
  clipped <- c(which(lo < x$left - 1e-6), which(hi > x$right + 1e-6))
  list(segments = rbind(body, caps),
       arrows = new_polygons(arrows, list(fill = look$col[clipped], border = look$col[clipped]), "ci", rows[clipped]))
}

cap_segments <- function(value, y, look, x, em, rows) {
  some <- in_panel(value, x) & look$cap > 0
  half <- look$cap * em
  look$col <- look$col[some]
  look$lty <- "solid"
  new_segments(value[some], y[some] - half, value[some], y[some] + half, look, "ci", rows[some])
}

# A head at the edge of the panel, pointing outwards; `inward` is the direction of its base.
arrow_points <- function(clipped, edge, inward, y, look, em) {
  lapply(which(clipped), function(i) {
    base <- edge + inward * look$arrow * em
    half <- look$arrow_half * em
    list(x = c(edge, base, base), y = c(y[i], y[i] - half, y[i] + half))
  })
}

# Area in proportion to the weight.
box_sides <- function(plan) {
  rows <- plan$rows
  look <- plan$style$box
  some <- is_study(rows) & !is.na(rows$est)
  psize <- recycle_study(plan, plan$options$psize, NA_real_)
  size <- ifelse(is.na(rows$size), rows$weight, rows$size)
  size[!some | !is.finite(size) | size < 0] <- NA
  largest <- max(c(size, 0), na.rm = TRUE)
  side <- if (largest > 0) sqrt(size / largest) * look$largest else ifelse(some, look$largest / 2, NA)
  side <- ifelse(some & is.na(side), look$largest / 2, pmax(side, look$least))
  ifelse(is.na(psize), side, 0.6 * psize) * plan$em
}

box_rects <- function(plan, x, at) {
  if (is.null(plan$style$box)) return(NULL)
  side <- box_sides(plan)
  rows <- which(is_study(plan$rows) & in_panel(at$est, x) & side > 0)
  half <- side[rows] / 2
  filled <- plan$rows$type[rows] == "filled"
  own <- recycle_study(plan, plan$options$colout, NA_character_)[rows]
  pick <- function(name) {
    ifelse(filled, plan$style$filled[[name]], ifelse(is.na(own), plan$style$box[[name]], own))
  }
  new_rects(at$est[rows] - half, at$y[rows] - half, at$est[rows] + half, at$y[rows] + half,
            list(fill = pick("fill"), border = pick("border")), rep_len("box", length(rows)), rows)
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

marker_polygons <- function(plan, x, at) {
  look <- plan$style$marker
  if (is.null(look)) return(NULL)
  rows <- which(is_study(plan$rows) & in_panel(at$est, x))
  half <- look$half * plan$em
  new_polygons(lapply(rows, function(i) rhombus(at$est[i] - half, at$est[i], at$est[i] + half, at$y[i], half)),
               list(fill = look$col, border = look$col), "marker", rows)
}

# ---- pooled rows ------------------------------------------------------------------------------

rhombus <- function(left, middle, right, y, half) {
  list(x = c(left, middle, right, middle), y = c(y, y - half, y, y + half))
}

# The rhombus of an interval, cut at the edges of the panel.
clipped_rhombus <- function(left, middle, right, y, half, x) {
  points <- rhombus(left, middle, right, y, half)
  points <- cut_polygon(points, x$left, 1)
  cut_polygon(points, x$right, -1)
}

# Sutherland-Hodgman at one vertical line; keeps the side where sign * (x - edge) >= 0.
cut_polygon <- function(points, edge, sign) {
  d <- sign * (points$x - edge)
  if (!length(d) || all(d >= 0)) return(points)
  n <- length(d)
  out <- list(x = numeric(), y = numeric())
  for (i in seq_len(n)) {
    j <- i %% n + 1L
    if (d[i] >= 0) out <- list(x = c(out$x, points$x[i]), y = c(out$y, points$y[i]))
    if ((d[i] >= 0) != (d[j] >= 0)) {
      t <- d[i] / (d[i] - d[j])
      out <- list(x = c(out$x, edge), y = c(out$y, points$y[i] + t * (points$y[j] - points$y[i])))
    }
  }
  out
}

diamond_polygons <- function(plan, x, at) {
  look <- plan$style$diamond
  if (is.null(look)) return(NULL)
  if (!is.null(plan$options$col)) look$fill <- plan$options$col[1L]
  if (!is.null(plan$options$border)) look$border <- plan$options$border[1L]
  rows <- which(plan$rows$type %in% c("subtotal", "summary") & !is.na(at$est) & !is.na(at$lo) & !is.na(at$hi))
  polygons_of(rows, at[c("lo", "est", "hi", "y")], look, plan, x, "diamond")
}

fitted_polygons <- function(plan, x, at) {
  rows <- which(!is.na(at$fit))
  polygons_of(rows, at[c("fit_lo", "fit", "fit_hi", "y")], plan$style$fitted, plan, x, "fitted")
}

# at: left end, middle, right end and depth of all rows.
polygons_of <- function(rows, at, look, plan, x, role) {
  half <- look$half * plan$em * plan$options$efac
  points <- lapply(rows, function(i) clipped_rhombus(at[[1L]][i], at[[2L]][i], at[[3L]][i], at$y[i], half, x))
  some <- vapply(points, function(p) length(p$x) > 0L, NA)
  new_polygons(points[some], look, role, rows[some])
}

# The prediction interval on the row of its pooled estimate. An `open` one leaves out the diamond.
prediction_marks <- function(plan, x, at) {
  look <- plan$style$prediction
  rows <- which(plan$rows$type == "prediction" & !is.na(at$lo) & !is.na(at$hi))
  rows <- rows[rows > 1L]
  pooled <- rows - 1L
  y <- at$y[pooled]
  clip <- function(value) pmin(pmax(value, x$left), x$right)
  inner <- if (isTRUE(look$open)) list(at$lo[pooled], at$hi[pooled]) else list(at$hi[rows], at$hi[rows])
  out <- new_segments(clip(at$lo[rows]), y, clip(inner[[1L]]), y, look, "prediction", rows)
  if (isTRUE(look$open)) {
    out <- rbind(out, new_segments(clip(inner[[2L]]), y, clip(at$hi[rows]), y, look, "prediction", rows))
  }
  rbind(out, cap_prediction(at$lo[rows], y, look, x, plan$em, rows),
        cap_prediction(at$hi[rows], y, look, x, plan$em, rows))
}

prediction_arrows <- function(plan, x, at) {
  look <- c(plan$style$prediction["col"], plan$style$ci[c("arrow", "arrow_half")])
  rows <- which(plan$rows$type == "prediction" & !is.na(at$lo) & !is.na(at$hi))
  rows <- rows[rows > 1L]
  y <- at$y[rows - 1L]
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

# ---- lines and shading ------------------------------------------------------------------------

rule_segments <- function(plan, x, y) {
  style <- plan$style
  rules <- style$rules
  edge <- c(x$margin / 2, x$total - x$margin / 2)
  null <- plan$axis$null
  null <- panel_x(null[!is.na(null)], plan, x)
  pooled <- pooled_value(plan, x)
  null <- null[in_panel(null, x)]
  across <- summary_rule(plan, y)
  header <- if (y$header_lines) y$rule
  rbind(new_segments(rep(edge[1L], length(header)), header, edge[2L], header, rules$header, "line"),
        new_segments(rep(edge[1L], length(across)), across, edge[2L], across, rules$summary, "line"),
        new_segments(null, rep(y$axis, length(null)), null, y$rule, style$null_line, "line"),
        new_segments(pooled, rep(y$axis, length(pooled)), pooled, y$rule, style$pooled_line, "line"))
}

# The vertical line through the pooled estimate, where the style has one.
pooled_value <- function(plan, x) {
  if (is.null(plan$style$pooled_line)) return(numeric())
  est <- plan$rows$est[plan$rows$type == "summary"]
  value <- panel_x(est[!is.na(est)][1L], plan, x)
  value[in_panel(value, x)]
}

# Half way in the blank above the overall rows.
summary_rule <- function(plan, y) {
  if (is.null(plan$style$rules$summary)) return(numeric())
  pooled <- which(plan$rows$type %in% c("summary", "between"))
  if (!length(pooled) || pooled[1L] == 1L) return(numeric())
  at <- plan$lines$at[match(pooled[1L], plan$lines$row)]
  y$rows + (at - 0.5 - plan$style$blank$before_summary / 2) * y$pitch
}

axis_segments <- function(plan, x, y) {
  look <- plan$style$axis
  at <- panel_x(plan$axis$at, plan, x)
  rbind(new_segments(x$left, y$axis, x$right, y$axis, look, "line"),
        new_segments(at, y$axis, at, y$axis + look$tick * plan$em, look, "line"))
}

shade_rects <- function(plan, x, y) {
  shade <- plan$options$shade
  rows <- which(is_study(plan$rows))
  odd <- seq_along(rows) %% 2L == 1L
  if (is.character(shade)) {
    shade <- switch(check_choice(shade, c("zebra", "zebra2", "all"), "shade"), zebra = odd, zebra2 = !odd, all = TRUE)
  } else if (isTRUE(shade)) {
    shade <- odd
  } else if (is.logical(shade) && length(shade) > 1L) {
    shade <- shade[plan$rows$study[rows]]
  } else {
    shade <- rows %in% shade
  }
  rows <- rows[rep_len(shade, length(rows)) %in% TRUE]
  at <- y$rows + plan$lines$at[match(rows, plan$lines$row)] * y$pitch
  fill <- if (is.null(plan$options$colshade)) plan$style$shade else plan$options$colshade
  new_rects(x$margin / 2, at - y$pitch / 2, x$total - x$margin / 2, at + y$pitch / 2,
            list(fill = fill, border = NA_character_), "shade", rows)
}

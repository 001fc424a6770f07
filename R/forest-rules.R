# Owns the lines and the shading of a forest plot: rules across, the lines of no effect and of the pooled estimate, the
# axis, shaded rows.

rule_segments <- function(plan, x, y) {
  style <- plan$style
  rules <- style$rules
  edge <- c(x$margin / 2, x$total - x$margin / 2)
  null <- plan$axis$null
  null <- panel_x(null[!is.na(null)], plan, x)
  pooled <- pooled_value(plan, x)
  null <- null[in_panel(null, x)]
  across <- summary_rule(plan, y)
  header <- if (has_header_rule(plan, y$header_lines)) y$rule
  rules <- lapply(rules, ruled_by_user, plan = plan)
  rbind(span_rules(plan, x, y),
        new_segments(rep(edge[1L], length(header)), header, edge[2L], header, rules$header, "line"),
        new_segments(rep(edge[1L], length(across)), across, edge[2L], across, rules$summary, "line"),
        new_segments(null, rep(y$axis, length(null)), null, y$rule, style$null_line, "line"),
        new_segments(pooled, rep(y$axis, length(pooled)), pooled, y$rule, style$pooled_line, "line"))
}

# metafor's third element of lty.
ruled_by_user <- function(look, plan) {
  if (length(plan$options$lty) > 2L && !is.null(look)) look$lty <- plan$options$lty[3L]
  look
}

# Under the headings of several columns.
span_rules <- function(plan, x, y) {
  look <- plan$style$rules$span
  spans <- Filter(function(span) span$several, span_places(plan, x))
  if (is.null(look) || !length(spans)) return(NULL)
  at <- y$at_header + (span_line(plan, y) * line_height + 0.08) * plan$em
  pick <- function(name) vapply(spans, `[[`, 0, name)
  new_segments(pick("from"), at, pick("to"), at, look, "line")
}

# The vertical line through the pooled estimate, where the style has one; a forest without a pooled row may name it.
pooled_value <- function(plan, x) {
  if (is.null(plan$style$pooled_line)) return(numeric())
  est <- c(plan$rows$est[plan$rows$type == "summary"], plan$info$pooled)
  value <- panel_x(est[!is.na(est)][1L], plan, x)
  value[in_panel(value, x)]
}

# Half way in the blank above the overall rows.
summary_rule <- function(plan, y) {
  if (is.null(plan$style$rules$summary)) return(numeric())
  pooled <- which(plan$rows$type %in% c("summary", "between"))
  if (!length(pooled) || pooled[1L] == 1L) return(numeric())
  line <- plan$lines[match(pooled[1L], plan$lines$row), ]
  y$rows + (line$at - line$height / 2 - plan$style$blank$before_summary / 2) * y$pitch
}

axis_segments <- function(plan, x, y) {
  look <- plan$style$axis
  at <- panel_x(plan$axis$at, plan, x)
  rbind(new_segments(x$left, y$axis, x$right, y$axis, look, "line"),
        new_segments(at, y$axis - (if (isTRUE(look$cross)) look$tick else 0) * plan$em, at,
                     y$axis + look$tick * plan$em,
                     look, "line"))
}

shade_rects <- function(plan, x, y) {
  shade <- plan$options$shade
  by_height <- is.numeric(shade)
  rows <- if (by_height) rep(NA_integer_, length(shade)) else shaded_studies(plan, shade)
  lines <- plan$lines[match(rows, plan$lines$row), ]
  at <- if (by_height) height_depth(shade, plan, y) else y$rows + lines$at * y$pitch
  half <- (if (by_height) rep(1, length(at)) else lines$height) * y$pitch / 2
  within <- at > y$rule & at < y$axis
  fill <- if (is.null(plan$options$colshade)) plan$style$shade else plan$options$colshade
  new_rects(x$margin / 2, (at - half)[within], x$total - x$margin / 2, (at + half)[within],
            list(fill = fill, border = NA_character_), "shade", rows[within])
}

# By rule, or a value for each study of the caller's order.
shaded_studies <- function(plan, shade) {
  rows <- which(is_study(plan$rows))
  odd <- seq_along(rows) %% 2L == 1L
  if (is.character(shade)) {
    shade <- switch(check_choice(shade, c("zebra", "zebra2", "all"), "shade"), zebra = odd, zebra2 = !odd, all = TRUE)
  } else if (is.logical(shade)) {
    shade <- if (length(shade) > 1L) shade[plan$rows$study[rows]] else isTRUE(shade) & odd
  } else {
    abort_input("shade", sprintf("must be a word, TRUE or FALSE for each study, or heights, not %s", describe(shade)))
  }
  rows[rep_len(shade, length(rows)) %in% TRUE]
}

# Depth of heights in the user's rows.
height_depth <- function(height, plan, y) {
  origin <- row_origin(plan)
  y$rows + (origin[["depth"]] + origin[["user"]] - height) * y$pitch
}

# Owns where things stand down a forest plot, in inches from the top: title, header, rows, axis, and what is below it.

line_height <- 1.3

place_down <- function(plan, x) {
  em <- plan$em
  style <- plan$style
  title <- wrapped(plan$options$main, x$total - 2 * x$margin, style$fontsize * style$main_size, 2L)
  at_title <- style$margin * em
  under_title <- if (length(title)) (length(title) * line_height * style$main_size + 0.6) * em else 0
  at_header <- at_title + asked_top(plan) + under_title
  over_panel <- panel_heading(plan, x)
  head <- max(plan$columns$header_lines, length(over_panel))
  pitch <- style$pitch * em * (row_stretch$factor %||% 1)
  kept <- has_header_rule(plan, head)
  empty <- if (kept) style$header$empty * pitch else 0
  rule <- at_header + if (head) (head * line_height + style$header$gap) * em else empty
  rows <- rule + ((if (kept) style$blank$after_header else 0) + asked_above(plan)) * pitch
  axis <- rows + lowest_row(plan) * pitch
  at_ticks <- axis + (style$axis$tick + 0.3) * em
  tick_lines <- max(1, tabulate(text_pieces(plan$axis$label)$index))
  foot <- place_foot(at_ticks + tick_lines * line_height * style$axis$size * em, axis, plan, x)
  c(list(title = title, at_title = at_title, header_lines = head, over_panel = over_panel, at_header = at_header,
         rule = rule, pitch = pitch, rows = rows, axis = axis, at_ticks = at_ticks), foot)
}

# The user's height of the lowest study, and the depth at which it stands.
row_origin <- function(plan) {
  study <- plan$lines$at[plan$lines$row %in% which(is_study_type(plan$rows$type))]
  low <- plan$options$rows
  low <- if (length(low) > 1L) min(low) else if (length(low)) low - length(study) + 1 else 1
  c(user = low, depth = if (length(study)) max(study) else max(plan$lines$at))
}

# A style may keep the rule and room for headings written by hand.
has_header_rule <- function(plan, head) head > 0 || !is.null(plan$style$header$empty)

# metafor's top counts the rows from the upper edge to the rule and one more; 3 have room for a line of headings.
asked_top <- function(plan) max(0, plan_top(plan) - 3) * plan$style$pitch * plan$em

plan_top <- function(plan) if (is.null(plan$options$top)) 3 else plan$options$top

# Free rows between the rule and the first line, where ylim asks for them.
asked_above <- function(plan) {
  high <- plan$options$ylim
  if (length(high) != 2L) return(0)
  origin <- row_origin(plan)
  first <- origin[["user"]] + origin[["depth"]] - 0.5
  max(0, max(high) - (plan_top(plan) - 1) - first - 0.5 - plan$style$blank$after_header)
}

# Depth of the axis in rows: below all lines, or at the lower end of ylim.
lowest_row <- function(plan) {
  end <- lowest_end(plan$lines)
  low <- plan$options$ylim
  if (!length(low)) return(end + plan$style$blank$at_end + below_studies(plan))
  origin <- row_origin(plan)
  max(end, origin[["depth"]] + origin[["user"]] - min(low))
}

# Where nothing follows the studies the axis is as far below height 1 as it is without metafor's `rows`.
below_studies <- function(plan) {
  if (is.null(plan$options$rows) || any(plan$rows$type %in% c("subtotal", "summary"))) return(0)
  max(0, row_origin(plan)[["user"]] - 1)
}

# The heading over the panel, wrapped to its width.
panel_heading <- function(plan, x) {
  wrapped(plan$head$panel, x$right - x$left, plan$style$fontsize, plan$style$header$font)
}

# ---- below the axis -----------------------------------------------------------------------------

# Favours, title of the axis, legend and notes under the axis; footers beside it or, where the left block is too narrow,
# below all.
place_foot <- function(depth, axis, plan, x) {
  em <- plan$em
  style <- plan$style
  favours <- place_favours(depth, plan, x)
  xlab <- place_xlab(favours$end + 0.4 * em, plan, x)
  legend <- place_legend(xlab$end, plan, x)
  footer <- place_footer(axis, legend$end, plan, x, min(favours$left, xlab$left))
  note <- place_note(max(legend$end, footer$end), plan, x)
  lights <- place_lights(max(note$end, footer$end), plan, x)
  list(favours = favours, xlab = xlab, legend = legend, footer = footer, note = note, lights = lights,
       total = lights$end + style$margin * em)
}

place_favours <- function(depth, plan, x) {
  text <- plan$options$favours
  em <- plan$em
  size <- plan$style$fontsize
  if (is.null(text)) return(list(end = depth, left = Inf))
  text <- if (inherits(text, "own_text")) unclass(text) else translate(text)
  word <- vapply(text, widest_word, 0, plan = plan) + 0.7 * em
  centre <- max(min(favour_centre(plan, x), x$total - x$margin - word[2L]), x$margin + word[1L])
  reach <- if (length(footer_lines(plan)) && plan$style$footer$place == "beside") {
    c(if (identical(plan$style$axis$favours, "run")) Inf else centre - x$left + 4 * em, x$right - centre + 4 * em)
  } else {
    c(Inf, Inf)
  }
  room <- pmin(reach, c(centre - x$margin, x$total - x$margin - centre)) - 0.6 * em
  lines <- list(wrapped(text[1L], room[1L], size), wrapped(text[2L], room[2L], size))
  list(lines = lines, at = depth, centre = centre, end = depth + max(lengths(lines)) * line_height * em,
       left = centre - 0.6 * em - max(0, plan$measure(lines[[1L]], 1L, TRUE)))
}

place_xlab <- function(depth, plan, x) {
  style <- plan$style
  size <- style$axis$title_size
  lines <- wrapped(axis_title(plan$rows, style, plan$options), x$total - 2 * x$margin, style$fontsize * size)
  half <- max(0, plan$measure(lines, 1L, TRUE, size)) / 2
  middle <- min(max((x$left + x$right) / 2, x$margin + half), max(x$total - x$margin - half, x$margin + half))
  list(lines = lines, at = depth, middle = middle, left = if (length(lines)) middle - half else Inf,
       end = depth + length(lines) * line_height * size * plan$em)
}

place_note <- function(depth, plan, x) {
  style <- plan$style
  size <- style$note_size
  lines <- wrapped(c(style_note(plan), plan$options$note), x$total - 2 * x$margin, style$fontsize * size)
  depth <- depth + if (length(lines)) 0.6 * plan$em else 0
  list(lines = lines, at = depth, end = depth + length(lines) * line_height * size * plan$em)
}

# What the style says about the model under the plot.
style_note <- function(plan) {
  if (!all(is.na(plan$rows$fit))) {
    words <- "Grey diamonds: fitted values with {level}% confidence intervals"
    return(fill_label(words, plan$rows[1L, ], plan$style, plan$info))
  }
  if (!any(plan$rows$type %in% c("summary", "subtotal"))) return(NULL)
  fill_label(plan$style$labels$model_note, plan$rows[1L, ], plan$style, plan$info)
}

# Beside the axis when the texts under it leave at least 14 em, else below.
place_footer <- function(axis, end, plan, x, left) {
  style <- plan$style
  text <- footer_lines(plan)
  if (!length(text)) return(list(lines = character(), end = -Inf))
  size <- style$note_size
  ticks <- panel_x(plan$axis$at, plan, x) - plan$axis$width / 2
  room <- min(left, ticks, x$left) - x$margin - plan$em
  beside <- identical(style$footer$place, "beside") && room > 14 * plan$em
  lines <- wrapped(text, if (beside) room else x$total - 2 * x$margin, style$fontsize * size)
  at <- if (beside) axis - footer_lift(plan) else end + 0.6 * plan$em
  list(lines = lines, at = at, end = at + length(lines) * line_height * size * plan$em)
}

# How far above the axis the footers beside it begin: directly under the rows, where the style wants them there.
footer_lift <- function(plan) {
  if (!isTRUE(plan$style$footer$under_rows)) return(0.2 * plan$em)
  (lowest_row(plan) - lowest_end(plan$lines)) * plan$style$pitch * plan$em
}

# Lines of one or several strings; none for NULL, NA or "".
wrapped <- function(text, width, size, font = 1L) {
  text <- as.character(text)
  text <- text[!is.na(text) & nzchar(text)]
  parts <- lapply(text, function(one) if (is_math(one)) one else strsplit(one, "\n", fixed = TRUE)[[1L]])
  unlist(lapply(unlist(parts), wrap_text, width = width, size = size, font = font, markup = TRUE))
}

# The least width that a text needs where it is wrapped.
widest_word <- function(text, plan) {
  words <- if (is_math(text)) text else strsplit(text, "[[:space:]]+")[[1L]]
  max(0, plan$measure(words, 1L, TRUE))
}

favour_centre <- function(plan, x) {
  null <- plan$axis$null[1L]
  lim <- plan$axis$lim
  # Beyond the axis one of the two sides is empty.
  panel_x(if (is.na(null)) mean(lim) else min(max(null, lim[1L]), lim[2L]), plan, x)
}

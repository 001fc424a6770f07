# Owns the layout: rows + style + options -> pure data in inches, origin at the lower left of the plot.
# Every text with its box, every mark, rule and tick; nothing here draws. Text is measured on the open
# device, on which a plot must have begun.

# Devices round their size to pixels or points; so much of the margin may be lost, in inches.
rounding <- 0.03

# size: c(width, height) available, NA where it is free. What does not fit is scaled as a whole; the field
# `scale` says by how much.
forest_layout <- function(rows, style, options = forest_options(), size = c(NA_real_, NA_real_)) {
  layout <- lay_out(rows, style, options, size[1L])
  scale <- 1
  for (round in 1:8) {
    if (all(size - c(layout$width, layout$height) > -rounding, na.rm = TRUE)) break
    fits <- min(1, size / c(layout$width, layout$height), na.rm = TRUE)
    scale <- scale * fits * if (round > 2L) 0.99 else 1
    smaller <- style
    smaller$fontsize <- style$fontsize * scale
    layout <- lay_out(rows, smaller, options, size[1L])
  }
  layout$scale <- scale
  for (name in c("segments", "polygons")) layout[[name]]$lwd <- layout[[name]]$lwd * max(scale, 0.3)
  layout
}

# One pass at one font size. plan: what does not depend on the place of things; x, y: the places.
lay_out <- function(rows, style, options, width = NA_real_) {
  plan <- plan_layout(rows, style, options)
  x <- place_across(plan, width)
  plan <- plan_axis(plan, x)
  y <- place_down(plan, x)
  marks <- forest_marks(plan, x, y)
  texts <- forest_texts(plan, x, y)
  finish_layout(plan, x, y, marks, texts)
}

plan_layout <- function(rows, style, options) {
  em <- style$fontsize / 72
  plan <- list(rows = rows, style = style, options = options, em = em, info = attr(rows, "info"))
  plan$measure <- function(text, font = 1L, markup = FALSE, size = 1) {
    text_width(text, style$fontsize * size, font, markup)
  }
  plan$head <- header_texts(rows, style, options)
  plan$lines <- display_lines(rows, style, options)
  plan$columns <- plan_columns(plan)
  plan$lines <- add_notes(plan)
  plan$limits <- axis_limits(rows, style, options)
  plan
}

# ---- lines ------------------------------------------------------------------------------------

# The printed lines top down: each row, the lines below pooled rows, and where the blanks are.
# at: centre of the line in rows from the top.
display_lines <- function(rows, style, options) {
  n <- nrow(rows)
  label <- row_labels(rows, style)
  below <- rows_below(rows, style, options)
  before <- blanks_before(rows, style)
  has_below <- !is.na(below)
  index <- rep(seq_len(n), 1L + has_below)
  first <- !duplicated(index)
  lines <- data.frame(row = ifelse(first, index, NA_integer_), of = index,
                      text = ifelse(first, label[index], below[index]), stringsAsFactors = FALSE)
  lines$markup <- !first | (is.na(rows$label)[index] & !rows$type[index] %in% c("study", "filled", "excluded"))
  type <- rows$type[index]
  pooled <- type %in% c("subtotal", "summary")
  lines$font <- ifelse(type == "heading", style$heading_font, ifelse(pooled, style$pooled_font, 1L))
  lines$font[!first] <- 1L
  lines$indent <- ifelse(!is.na(rows$group[index]) & type != "heading", style$indent, 0)
  step <- ifelse(first, 1 + before[index], 1)
  lines$at <- cumsum(step) - 0.5
  place_studies(lines, rows, options)
}

# metafor's `rows`: studies at the given heights, what follows them below.
place_studies <- function(lines, rows, options) {
  if (is.null(options$rows)) return(lines)
  study <- which(lines$row %in% which(rows$type %in% c("study", "filled", "excluded")))
  at <- options$rows
  if (length(at) == 1L) at <- at + length(study) - seq_along(study)
  if (length(at) != length(study)) {
    abort_input("rows", sprintf("must have one height for each of the %d studies, not %d", length(study), length(at)))
  }
  old <- max(lines$at[study])
  after <- lines$at > old
  lines$at[study] <- max(at) - at + min(lines$at[study])
  lines$at[after] <- lines$at[after] + max(lines$at[study]) - old
  lines
}

row_labels <- function(rows, style) {
  label <- rows$label
  for (i in which(is.na(label))) {
    label[i] <- fill_label(style$labels[[rows$type[i]]], rows[i, ], style, attr(rows, "info")$level)
  }
  ifelse(is.na(label), "", label)
}

rows_below <- function(rows, style, options) {
  out <- rep(NA_character_, nrow(rows))
  for (i in which(rows$type %in% c("subtotal", "summary") & !is.na(rows$Q))) {
    out[i] <- fill_label(style$labels[[paste0(rows$type[i], "_below")]], rows[i, ], style, attr(rows, "info")$level)
  }
  out
}

blanks_before <- function(rows, style) {
  blank <- style$blank
  type <- rows$type
  later <- seq_along(type) > 1L
  out <- numeric(length(type))
  out[type == "heading" & later] <- blank$before_group
  overall <- type %in% c("summary", "between") | (type == "prediction" & is.na(rows$group))
  out[overall & later & !c(FALSE, overall[-length(overall)])] <- blank$before_summary
  out
}

# Notes inside the plot, wrapped to the block left of the panel so that no line of the panel crosses them.
add_notes <- function(plan) {
  style <- plan$style
  note <- if (plan$info$random && isTRUE(plan$options$showweights)) style$labels$note_random
  if (is.null(note)) return(plan$lines)
  block <- max(plan$columns$left_width, 14 * plan$em)
  text <- wrap_text(translate(note), block, style$fontsize * style$note_size)
  last <- max(plan$lines$at)
  notes <- data.frame(row = NA_integer_, of = NA_integer_, text = text, markup = FALSE, font = 1L, indent = 0,
                      at = last + 0.6 + 0.8 * seq_along(text), stringsAsFactors = FALSE)
  rbind(plan$lines, notes)
}

# ---- across -----------------------------------------------------------------------------------

# Left block, panel, right columns. The panel takes what the rest leaves, within the style's bounds; beside it
# there is room for the blocks, for half a tick label, and for what metafor's xlim asks.
place_across <- function(plan, width) {
  em <- plan$em
  columns <- plan$columns
  margin <- plan$style$margin * em
  gap <- plan$style$gap * em
  least <- pmax(c(columns$left_width + gap, if (columns$right_width > 0) gap + columns$right_width else 0), 2 * em)
  share <- asked_shares(plan)
  panel <- panel_width(plan$style$panel, em, width - 2 * margin, least, share)
  sides <- side_widths(panel, width - 2 * margin, least, share)
  left <- margin + sides[1L]
  total <- left + panel + sides[2L]
  list(margin = margin, left = left, right = left + panel, gap = gap, total = total + margin,
       columns_right = total - columns$right_width)
}

# The widest panel with which panel and sides fill `room`: sides are at least `least`, and `share` of the panel.
panel_width <- function(bounds, em, room, least, share) {
  if (is.na(room)) return(bounds$natural * em)
  fits <- c(room - sum(least), (room - least[2L]) / (1 + share[1L]), (room - least[1L]) / (1 + share[2L]),
            room / (1 + sum(share)))
  min(max(min(fits), bounds$least * em), bounds$most * em)
}

# What xlim asks for is given up before the plot is scaled.
side_widths <- function(panel, room, least, share) {
  sides <- pmax(least, share * panel)
  excess <- panel + sum(sides) - room
  spare <- sides - least
  if (is.na(excess) || excess <= 0 || sum(spare) == 0) return(sides)
  sides - spare * min(1, excess / sum(spare))
}

# metafor's xlim: room to the left and right of the axis, in widths of the axis.
asked_shares <- function(plan) {
  xlim <- plan$options$xlim
  if (is.null(xlim)) return(c(0, 0))
  lim <- plan$limits$lim
  pmax(0, c(lim[1L] - min(xlim), max(xlim) - lim[2L]) / diff(lim))
}

# Position of a value in the panel.
panel_x <- function(value, plan, x) {
  lim <- plan$axis$lim
  x$left + (value - lim[1L]) / diff(lim) * (x$right - x$left)
}

# ---- axis -------------------------------------------------------------------------------------

# Limits before ticks: from the user, or all intervals and the null.
axis_limits <- function(rows, style, options) {
  info <- attr(rows, "info")
  null <- reference_value(info, options)
  if (!is.null(options$alim)) return(list(lim = sort(options$alim), fixed = TRUE, null = null))
  if (!is.null(options$at)) return(list(lim = open_limits(options$at), fixed = TRUE, null = null))
  value <- shown_range(rows)
  data <- open_limits(value)
  near <- null[!is.na(null) & null > data[1L] - 2 * diff(data) & null < data[2L] + 2 * diff(data)]
  ratio <- identical(options$atransf, exp)
  list(lim = open_limits(c(value, if (ratio) null else near)), fixed = FALSE, null = null)
}

# Studies and pooled rows; a prediction interval that would stretch the axis by more than half is clipped instead.
shown_range <- function(rows) {
  one <- rows$type == "prediction"
  value <- unlist(rows[!one, c("est", "lo", "hi", "fit_lo", "fit_hi")], use.names = FALSE)
  value <- value[is.finite(value)]
  wide <- c(rows$lo[one], rows$hi[one])
  if (!length(value)) return(wide[is.finite(wide)])
  reach <- range(value) + c(-0.5, 0.5) * diff(range(value))
  c(value, wide[is.finite(wide) & wide >= reach[1L] & wide <= reach[2L]])
}

# The user's reference line, or the value of no effect on the scale of the axis.
reference_value <- function(info, options) {
  if (!is.null(options$refline)) return(options$refline)
  if (is.null(options$transf) || is.na(info$null)) return(info$null)
  out <- transformed_numbers(info$null, options)
  if (is.finite(out)) out else NA_real_
}

# Ticks: the richest candidate whose labels stand clear of each other.
plan_axis <- function(plan, x) {
  limits <- plan$limits
  options <- plan$options
  ticks <- if (!is.null(options$at)) {
    given_ticks(inside(options$at, limits$lim), limits$lim, options$atransf)
  } else {
    axis_ticks(limits$lim, limits$null, plan$style$axis$ticks, options$atransf, limits$fixed, options$steps)
  }
  plan$axis <- list(lim = ticks$lim, null = limits$null)
  for (candidate in ticks$candidates) {
    at <- panel_x(candidate$at, plan, x)
    width <- plan$measure(candidate$label)
    room <- diff(at) - (width[-1L] + width[-length(width)]) / 2
    plan$axis$at <- candidate$at
    plan$axis$label <- candidate$label
    plan$axis$width <- width
    if (!length(room) || all(room > 0.4 * plan$em)) return(plan)
  }
  plan$axis <- thin_ticks(plan$axis, at, plan$em)
  plan
}

# Where even the sparsest set is too dense, labels go and ticks stay; the null's label is kept.
thin_ticks <- function(axis, at, em) {
  first <- which(axis$at %in% axis$null)
  kept <- integer()
  for (i in unique(c(first, seq_along(at)))) {
    clear <- abs(at[i] - at[kept]) - (axis$width[i] + axis$width[kept]) / 2 > 0.4 * em
    if (all(clear)) kept <- c(kept, i)
  }
  axis$label[setdiff(seq_along(at), kept)] <- ""
  axis
}

# ---- down -------------------------------------------------------------------------------------

line_height <- 1.3

# Depths from the top in inches: title, header, rows, axis, axis title, notes.
place_down <- function(plan, x) {
  em <- plan$em
  style <- plan$style
  title <- wrapped(plan$options$main, x$total - 2 * x$margin, style$fontsize * style$main_size, 2L)
  at_title <- style$margin * em
  at_header <- at_title + if (length(title)) (length(title) * line_height * style$main_size + 0.6) * em else 0
  head <- max(0L, lengths(strsplit(unlist(plan$columns$headers), "\n")))
  rule <- at_header + if (head) (head * line_height + 0.35) * em else 0
  pitch <- style$pitch * em
  rows <- rule + (if (head) style$blank$after_header else 0) * pitch
  axis <- rows + (max(plan$lines$at) + 0.5 + style$blank$at_end) * pitch
  at_ticks <- axis + (style$axis$tick + 0.3) * em
  foot <- place_foot(at_ticks + line_height * em, plan, x)
  c(list(title = title, at_title = at_title, header_lines = head, at_header = at_header, rule = rule, pitch = pitch,
         rows = rows, axis = axis, at_ticks = at_ticks), foot)
}

# What stands below the tick labels: favours, axis title, notes.
place_foot <- function(depth, plan, x) {
  em <- plan$em
  style <- plan$style
  size <- style$fontsize
  room <- x$total - 2 * x$margin
  centre <- favour_centre(plan, x)
  favours <- list(wrapped(translate(plan$options$favours[1L]), centre - x$margin - 0.6 * em, size),
                  wrapped(translate(plan$options$favours[2L]), x$total - x$margin - centre - 0.6 * em, size))
  xlab <- wrapped(axis_title(plan$rows, style, plan$options), room, size)
  note <- wrapped(plan$options$note, room, size * style$note_size)
  at_xlab <- depth + (max(lengths(favours)) * line_height + 0.4) * em
  at_note <- at_xlab + (length(xlab) * line_height + if (length(xlab)) 0.6 else 0.2) * em
  end <- if (length(note)) at_note + length(note) * line_height * style$note_size * em else at_note - 0.6 * em
  list(favours = favours, at_favours = depth, xlab = xlab, at_xlab = at_xlab, note = note, at_note = at_note,
       total = end + style$margin * em)
}

# Lines of one or several strings; none for NULL, NA or "".
wrapped <- function(text, width, size, font = 1L) {
  text <- as.character(text)
  text <- text[!is.na(text) & nzchar(text)]
  unlist(lapply(unlist(strsplit(text, "\n", fixed = TRUE)), wrap_text, width = width, size = size, font = font,
                markup = TRUE))
}

favour_centre <- function(plan, x) {
  null <- plan$axis$null[1L]
  lim <- plan$axis$lim
  if (is.na(null) || null <= lim[1L] || null >= lim[2L]) null <- mean(lim)
  panel_x(null, plan, x)
}

# ---- the result -------------------------------------------------------------------------------

# Depths become heights above the lower edge; texts get their runs.
finish_layout <- function(plan, x, y, marks, texts) {
  up <- function(depth) y$total - depth
  texts$y <- up(texts$y)
  for (name in c("rects", "segments")) {
    marks[[name]]$y0 <- up(marks[[name]]$y0)
    marks[[name]]$y1 <- up(marks[[name]]$y1)
  }
  marks$polygons$y <- up(marks$polygons$y)
  panel <- c(left = x$left, right = x$right, bottom = up(y$axis), top = up(y$rule))
  at <- y$rows + plan$lines$at * y$pitch
  structure(c(list(width = x$total, height = y$total, scale = 1, fontsize = plan$style$fontsize, pitch = y$pitch,
                   panel = panel, lim = plan$axis$lim,
                   axis = data.frame(at = plan$axis$at, label = plan$axis$label, x = panel_x(plan$axis$at, plan, x)),
                   lines = cbind(plan$lines[c("row", "text")], y = up(at)),
                   rows = plan$rows, texts = texts, runs = layout_runs(texts), order = plan$style$order), marks),
            class = "forest_layout")
}

layout_runs <- function(texts) {
  runs <- lay_runs(texts$text, texts$size, texts$hadj, rep(0, nrow(texts)), texts$font, texts$markup)
  runs$x <- texts$x[runs$id] + runs$along
  runs$y <- texts$y[runs$id] + runs$up
  runs$col <- texts$col[runs$id]
  runs
}

#' @export
print.forest_layout <- function(x, ...) {
  cat(format_forest_layout(x), sep = "\n")
  invisible(x)
}

format_forest_layout <- function(x) {
  sprintf("Forest plot: %d studies, %.2f x %.2f in at %.1f pt%s", sum(x$rows$type %in% c("study", "filled")), x$width,
          x$height, x$fontsize, if (x$scale < 1) sprintf(" (scaled to %.0f%%)", 100 * x$scale) else "")
}

# Owns the printed lines of a forest plot, top down: one per row, the lines below pooled rows, notes, and the blanks
# between them. Depths are in rows from the top.

# shown: the text with its line feeds. part: "row", "below" (further texts of a pooled row), "events" (sums below a
# pooled row), "note". of: the row that a line belongs to; row: the same for the first line of a row only. before: the
# blank above. Once the columns are known place_lines() adds `height` and `at`, the centre.
display_lines <- function(rows, style, options) {
  label <- row_labels(rows, style)
  below <- rows_below(rows, style)
  told <- setdiff(seq_len(nrow(rows)), untold_rows(rows, style, options))
  index <- rep(told, 1L + lengths(below)[told])
  first <- !duplicated(index)
  text <- unlist(Map(c, label, below)[told], use.names = FALSE)
  part <- ifelse(first, "row", ifelse(seq_along(index) - match(index, index) == 1L & has_sums(rows, style)[index],
                                      "events", "below"))
  type <- rows$type[index]
  pooled <- type %in% c("subtotal", "summary")
  data.frame(row = ifelse(first, index, NA_integer_), of = index, text = text, shown = text, part = part,
             markup = !first | type == "text" | (is.na(rows$label)[index] & !is_study_type(type)),
             font = ifelse(!first, 1L, ifelse(type == "heading", style$heading_font,
                                              ifelse(pooled, pooled_fonts(style, type), 1L))),
             indent = ifelse(!is.na(rows$group[index]) & type != "heading", style$indent, 0),
             before = ifelse(first, blanks_before(rows, style)[index], 0), stringsAsFactors = FALSE)
}

# A line with several lines of text is as much higher. Where things are placed by hand all rows are as high as the
# highest needs it, so that the coordinates hold.
place_lines <- function(plan) {
  lines <- plan$lines
  grown <- (lines_of_text(plan) - 1) * line_height / plan$style$pitch
  if (isTRUE(plan$options$by_hand) || !is.null(plan$options$rows)) {
    plan$style$pitch <- plan$style$pitch * (1 + max(grown))
    grown <- 0 * grown
  }
  lines$height <- 1 + grown
  lines$at <- cumsum(lines$before + lines$height) - lines$height / 2
  plan$lines <- place_studies(lines, plan$rows, plan$options)
  plan
}

# The rows of subgroups may be in a type of their own.
pooled_fonts <- function(style, type) {
  ifelse(type == "subtotal", c(style$subtotal_font, style$pooled_font)[1L], style$pooled_font)
}

# A prediction interval that is a line on its pooled row, and told in the footer, needs no row of its own.
untold_rows <- function(rows, style, options) {
  if (is.null(style$footer$prediction) || options$predstyle != "line") return(integer())
  which(rows$type == "prediction" & is.na(rows$group))
}

is_study_type <- function(type) type %in% c("study", "filled", "excluded")

# metafor's `rows`: studies at the given heights, the pooled row as far below 1 as it is without.
place_studies <- function(lines, rows, options) {
  if (is.null(options$rows)) return(lines)
  if (any(rows$type == "heading")) abort_input("rows", "cannot be used where the plot has headings of its own")
  study <- which(lines$row %in% which(is_study_type(rows$type)))
  at <- options$rows
  if (length(at) == 1L) at <- at + 1 - seq_along(study)
  if (length(at) != length(study)) {
    abort_input("rows", sprintf("must have one height for each of the %d studies, not %d", length(study), length(at)))
  }
  old <- max(lines$at[study])
  after <- lines$at > old
  lines$at[study] <- max(at) - at + min(lines$at[study])
  lines$at[after] <- lines$at[after] + max(lines$at[study]) - old + max(0, min(at) - 1)
  lines
}

row_labels <- function(rows, style) {
  label <- rows$label
  for (i in which(is.na(label))) {
    label[i] <- fill_label(style$labels[[rows$type[i]]], rows[i, ], style, attr(rows, "info"))[1L]
  }
  ifelse(is.na(label), "", label)
}

# A list: the further texts of each row. Sums of events come first. A label that the user wrote stands alone.
rows_below <- function(rows, style) {
  out <- rep(list(character()), nrow(rows))
  sums <- has_sums(rows, style)
  info <- attr(rows, "info")
  info$grouped <- any(rows$type == "subtotal")
  for (i in which(rows$type %in% c("subtotal", "summary") & is.na(rows$label))) {
    out[[i]] <- fill_label(below_template(style$labels, rows[i, ]), rows[i, ], style, info)
  }
  out[sums] <- lapply(out[sums], function(text) c(translate(style$labels$events), text))
  out
}

# A pooled row of one study has a template of its own, or what is always said; so has one without an estimate.
below_template <- function(labels, row) {
  own <- labels[[paste0(row$type, "_below")]]
  if (!is.na(row$Q)) return(own)
  single <- labels[[paste0(row$type, if (is.na(row$est)) "_none" else "_single")]]
  if (!is.null(single) || is.na(row$est)) single else own[names(own) %in% c("always", "ungrouped")]
}

# Which rows have a line of sums below: pooled rows of counted events, where the style asks for one.
has_sums <- function(rows, style) {
  counted <- isTRUE(attr(rows, "info")$arms$kind == "binary") &&
    any(c("arms", "events") %in% c(style$left, style$right))
  counted && !is.null(style$labels$events) & rows$type %in% c("subtotal", "summary") & !is_second(rows)
}

# The pooled row of a second model follows that of the first.
is_second <- function(rows) {
  pooled <- rows$type %in% c("subtotal", "summary")
  key <- paste(rows$type, rows$group)
  pooled & duplicated(ifelse(pooled, key, seq_along(key)))
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

# ---- notes under the rows -----------------------------------------------------------------------

# Notes stand under the rows and are wrapped so that no vertical line of the panel crosses them.
add_notes <- function(plan, x) {
  text <- row_notes(plan)
  if (!length(text)) return(plan$lines)
  style <- plan$style
  text <- wrapped(text, clear_width(plan, x), style$fontsize * style$note_size)
  notes <- data.frame(row = NA_integer_, of = NA_integer_, text = text, shown = text, part = "note", markup = TRUE,
                      font = 1L, indent = 0, before = 0, height = 1,
                      at = lowest_end(plan$lines) + 0.1 + 0.8 * seq_along(text), stringsAsFactors = FALSE)
  rbind(plan$lines, notes)
}

lowest_end <- function(lines) max(lines$at + lines$height / 2)

row_notes <- function(plan) {
  if (plan$info$random && isTRUE(plan$options$showweights) && !isTRUE(plan$info$sequence))
    translate(plan$style$labels$note_random)
}

# From the left margin to the first line that runs down to the axis.
clear_width <- function(plan, x) {
  lines <- panel_x(plan$axis$null[!is.na(plan$axis$null)], plan, x)
  if (is.null(plan$style$null_line)) lines <- numeric()
  lines <- c(lines[in_panel(lines, x)], pooled_value(plan, x), x$total - x$margin)
  max(min(lines) - x$margin - 0.6 * plan$em, 8 * plan$em)
}

# ---- footers beside the axis --------------------------------------------------------------------

# Texts of the overall rows that the style wants at the foot, filled in.
footer_lines <- function(plan) {
  footer <- plan$style$footer
  if (is.null(footer)) return(character())
  rows <- plan$rows
  summary <- which(rows$type == "summary" & !is_second(rows))
  row <- rows[summary[1L], ]
  own <- if (length(summary)) footer_template(footer, row)
  between <- plan$info$between
  c(if (length(own)) fill_label(own, row, plan$style, plan$info), prediction_words(plan),
    if (!is.null(between)) fill_label(footer$between, between, plan$style, plan$info))
}

# One study, or none that is estimable, has a template of its own.
footer_template <- function(footer, row) {
  if (is.na(row$est) && !is.null(footer$none)) footer$none else if (is.na(row$Q)) footer$single else footer$lines
}

# The prediction intervals that have no row.
prediction_words <- function(plan) {
  rows <- untold_rows(plan$rows, plan$style, plan$options)
  if (!length(rows)) return(NULL)
  parts <- est_parts(plan)
  limits <- if (is.null(parts$interval)) paste(parts$lo, parts$hi) else parts$interval
  label <- vapply(rows, function(i) fill_label(plan$style$footer$prediction, plan$rows[i, ], plan$style, plan$info), "")
  paste0(label, ": ", limits[rows])
}

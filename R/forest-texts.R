# Owns the texts of a forest plot in their places: headings, labels, cells, ticks, and what stands above and below.

# The anchor of a line is this far below its centre, in em: half the height of a capital.
centre_drop <- 0.36

# All texts: x of the anchor, depth of the baseline, width, and the box they fill.
forest_texts <- function(plan, x, y) {
  parts <- c(column_texts(plan, x, y), list(span_texts(plan, x, y), axis_texts(plan, x, y), foot_texts(plan, x, y)))
  texts <- do.call(rbind, parts)
  texts <- texts[nzchar(texts$text), , drop = FALSE]
  rownames(texts) <- NULL
  texts$width <- text_width(texts$text, texts$size, texts$font, texts$markup)
  texts$height <- label_height(texts$text, texts$size, texts$font)
  texts$family <- ifelse(has_cjk(texts$text), "cjk", "")
  texts
}

new_texts <- function(plan, text, x, y, role, hadj = 0, ...) {
  n <- length(text)
  given <- list(...)
  value <- function(name, default) rep_len(if (is.null(given[[name]])) default else given[[name]], n)
  quick_frame(text = as.character(text), x = rep_len(x, n), y = rep_len(y, n), hadj = rep_len(hadj, n),
              size = value("size", plan$style$fontsize), font = value("font", 1L), markup = value("markup", FALSE),
              col = value("col", plan$style$text_col), role = rep_len(role, n), line = value("line", NA_integer_))
}

column_texts <- function(plan, x, y) {
  columns <- c(plan$columns$left, plan$columns$right)
  lines <- plan$lines
  baseline <- y$rows + lines$at * y$pitch + centre_drop * plan$em
  parts <- lapply(seq_along(columns), function(i) {
    column <- columns[[i]]
    cells <- column$cells
    baseline <- baseline - raised(plan, column$kind) * y$pitch
    body <- if (column$kind == "label") {
      label_texts(plan, x$starts[i], baseline)
    } else {
      new_texts(plan, cells$text, x$starts[i] + cells$at, baseline[cells$line] + below_middle(plan, cells$rank),
                "cell", cells$hadj,
                font = lines$font[cells$line], line = cells$line)
    }
    if (column$kind != "lights") return(list(header_text(plan, column, x$starts[i], y), body))
    list(light_heads(plan, column, x$starts[i], y), light_signs(plan, column, body))
  })
  unlist(c(parts, list(list(note_texts(plan, x, baseline)))), recursive = FALSE)
}

# metafor's rowadj: rows that labels, annotation and ilab are raised by.
raised <- function(plan, kind) {
  rowadj <- plan$options$rowadj
  part <- match(kind, c("label", "est", "ilab"))
  if (is.null(rowadj) || is.na(part)) 0 else if (length(rowadj) == 1L) rowadj else c(rowadj, 0, 0)[part]
}

label_texts <- function(plan, from, baseline) {
  some <- which(plan$lines$part != "note")
  piece <- text_pieces(plan$lines$shown[some])
  some <- some[piece$index]
  lines <- plan$lines[some, ]
  new_texts(plan, piece$text, from + lines$indent * plan$em, baseline[some] + below_middle(plan, piece$rank), "label",
            font = lines$font, markup = lines$markup, line = some)
}

# Inches below the middle of a row of the lines of its texts.
below_middle <- function(plan, rank) rank * line_height * plan$em

note_texts <- function(plan, x, baseline) {
  some <- which(plan$lines$part == "note")
  new_texts(plan, plan$lines$text[some], x$margin, baseline[some], "label", markup = TRUE, line = some,
            size = plan$style$fontsize * plan$style$note_size)
}

# Depth of the baseline of lines that end on the lowest line of the header.
header_depth <- function(plan, y, lines, of = y$header_lines) {
  lift <- of - lines + seq_len(lines)
  y$at_header + (lift * line_height - 0.5 * line_height + centre_drop) * plan$em
}

header_text <- function(plan, column, from, y) {
  head <- header_lines_of(column$header)
  side <- c(left = 0, centre = 0.5, right = 1)[[column$align]]
  new_texts(plan, head, from + side * column$width, header_depth(plan, y, length(head)), "header", side,
            font = plan$style$header$font, markup = isTRUE(column$markup) | has_indices(head))
}

# Headings over several columns, and the heading over the panel.
span_texts <- function(plan, x, y) {
  font <- plan$style$header$font
  spans <- lapply(span_places(plan, x), function(span) {
    new_texts(plan, span$text, (span$from + span$to) / 2, header_depth(plan, y, 1L, span_line(plan, y)), "header", 0.5,
              font = font)
  })
  over <- y$over_panel
  panel <- new_texts(plan, over, (x$left + x$right) / 2, header_depth(plan, y, length(over)), "header", 0.5,
                     font = font)
  rbind(do.call(rbind, spans), panel)
}

# Spans stand over the highest heading of the columns.
span_line <- function(plan, y) y$header_lines - plan$columns$header_lines + 1L

span_places <- function(plan, x) {
  one <- function(columns, offset) {
    lapply(span_runs(columns), function(run) {
      last <- run[length(run)]
      list(text = columns[[run[1L]]]$span, from = x$starts[offset + run[1L]],
           to = x$starts[offset + last] + columns[[last]]$width, several = length(run) > 1L)
    })
  }
  c(one(plan$columns$left, 0L), one(plan$columns$right, length(plan$columns$left)))
}

axis_texts <- function(plan, x, y) {
  size <- plan$style$axis$size
  piece <- text_pieces(plan$axis$label)
  number <- sequence(tabulate(piece$index, length(plan$axis$label)))
  depth <- y$at_ticks + ((number - 0.5) * line_height + centre_drop) * plan$em * size
  new_texts(plan, piece$text, panel_x(plan$axis$at, plan, x)[piece$index], depth, "tick", 0.5,
            size = plan$style$fontsize * size)
}

# Stacked lines under a depth.
stacked <- function(plan, text, x, depth, role, hadj = 0, size = 1, font = 1L) {
  em <- plan$em * size
  y <- depth + ((seq_along(text) - 0.5) * line_height + centre_drop) * em
  new_texts(plan, text, x, y, role, hadj, size = plan$style$fontsize * size, font = font, markup = TRUE)
}

foot_texts <- function(plan, x, y) {
  style <- plan$style
  favours <- y$favours
  space <- 0.6 * plan$em
  rbind(stacked(plan, favours$lines[1L][[1L]], favours$centre - space, favours$at, "favours", 1),
        stacked(plan, favours$lines[2L][[1L]], favours$centre + space, favours$at, "favours", 0),
        stacked(plan, y$xlab$lines, y$xlab$middle, y$xlab$at, "xlab", 0.5, style$axis$title_size),
        new_texts(plan, y$legend$text, y$legend$x + 1.1 * plan$em, y$legend$y + centre_drop * plan$em, "legend"),
        stacked(plan, y$footer$lines, x$margin, y$footer$at, "footer", 0, style$note_size),
        stacked(plan, y$note$lines, x$margin, y$note$at, "note", 0, style$note_size),
        light_key_texts(plan, x, y),
        stacked(plan, y$title, x$total / 2, y$at_title, "title", 0.5, style$main_size, 2L))
}

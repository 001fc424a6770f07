# Owns the columns of text beside the panel: what each cell says, how wide a column is, and where the
# texts of the whole plot stand.

# left, right: lists of columns; widths of the two blocks; headers of all columns.
plan_columns <- function(plan) {
  style <- plan$style
  left <- lapply(style$left, function(name) column_makers[[name]](plan))
  right <- lapply(style$right, function(name) column_makers[[name]](plan))
  left <- Filter(Negate(is.null), unlist(left, recursive = FALSE))
  right <- Filter(Negate(is.null), unlist(right, recursive = FALSE))
  gap <- style$gap * plan$em
  block <- function(columns) {
    if (!length(columns)) 0 else sum(vapply(columns, `[[`, 0, "width")) + gap * (length(columns) - 1L)
  }
  left <- widen_label(left, plan, block(left) - if (length(left)) left[[1L]]$width else 0)
  list(left = left, right = right, left_width = block(left), right_width = block(right),
       headers = lapply(c(left, right), `[[`, "header"))
}

# A column: header, align, width, and cells (line, text, hadj, at: offset of the anchor from the left edge).
new_column <- function(plan, header, align, cells, width) {
  head <- strsplit(header, "\n", fixed = TRUE)[[1L]]
  head_width <- max(0, plan$measure(head, plan$style$header$font))
  spare <- max(0, head_width - width)
  shift <- switch(align, left = 0, centre = spare / 2, right = spare)
  cells$at <- cells$at + rep_len(shift, nrow(cells))
  list(header = header, align = align, width = width + spare, cells = cells)
}

new_cells <- function(line, text, hadj, at) {
  data.frame(line = line, text = text, hadj = rep_len(hadj, length(line)), at = rep_len(at, length(line)),
             stringsAsFactors = FALSE)
}

# The label column is as wide as the labels of rows that have cells to its right; the others may run on
# over the empty cells of the left block (widen_label()).
label_column <- function(plan) {
  lines <- plan$lines
  em <- plan$em
  indent <- lines$indent * em
  width <- plan$measure(lines$text, lines$font, lines$markup) + indent
  crowded <- !is.na(lines$row) & has_extra(plan$rows)[lines$row]
  column <- new_column(plan, plan$head$label, "left", new_cells(seq_len(nrow(lines)), lines$text, 0, indent),
                       max(0, width[crowded %in% TRUE]))
  column$reach <- max(0, width)
  list(column)
}

has_extra <- function(rows) {
  extra <- attr(rows, "extra")
  if (is.null(extra)) logical(nrow(rows)) else rowSums(matrix(nzchar(extra), nrow(rows))) > 0
}

widen_label <- function(left, plan, others) {
  for (i in which(vapply(left, function(column) !is.null(column$reach), NA))) {
    left[[i]]$width <- max(left[[i]]$width, left[[i]]$reach - others)
  }
  left
}

extra_columns <- function(plan) {
  extra <- attr(plan$rows, "extra")
  if (is.null(extra)) return(NULL)
  line <- match(seq_len(nrow(plan$rows)), plan$lines$row)
  lapply(seq_len(ncol(extra)), function(j) {
    some <- nzchar(extra[, j])
    text <- extra[some, j]
    width <- plan$measure(text)
    wide <- max(0, width)
    numbers <- !anyNA(suppressWarnings(as.numeric(text)))
    cells <- new_cells(line[some], text, if (numbers) 1 else 0.5, if (numbers) wide else wide / 2)
    new_column(plan, translate(colnames(extra)[j]), "centre", cells, wide)
  })
}

# Estimate, lower and upper limit stand in three right-aligned parts, so that brackets and points line up.
est_column <- function(plan) {
  options <- plan$options
  if (!options$annotate) return(NULL)
  rows <- plan$rows
  form <- plan$style$est
  shown <- lapply(rows[c("est", "lo", "hi")], shown_numbers, options = options)
  swap <- !is.na(shown$lo) & !is.na(shown$hi) & shown$lo > shown$hi
  shown[c("lo", "hi")] <- list(ifelse(swap, shown$hi, shown$lo), ifelse(swap, shown$lo, shown$hi))
  part <- function(name) {
    text <- format_digits(shown[[name]], options$digits[1L])
    ifelse(nzchar(text), sprintf(form[[name]], text), "")
  }
  parts <- lapply(c(est = "est", lo = "lo", hi = "hi"), part)
  line <- match(seq_len(nrow(rows)), plan$lines$row)
  width <- vapply(parts, function(text) max(0, plan$measure(text)), 0)
  space <- plan$measure("a b") - plan$measure("ab")
  end <- cumsum(width + c(0, space, space))
  cells <- do.call(rbind, Map(function(text, at) {
    new_cells(line[nzchar(text)], text[nzchar(text)], 1, at)
  }, parts, end))
  excluded <- which(rows$type == "excluded")
  word <- translate(plan$style$labels$excluded)
  wide <- max(end[3L], if (length(excluded)) plan$measure(word))
  cells$at <- cells$at + wide - end[3L]
  cells <- rbind(cells, new_cells(line[excluded], rep(word, length(excluded)), 1, wide))
  list(new_column(plan, plan$head$est, "right", cells, wide))
}

weight_column <- function(plan) {
  rows <- plan$rows
  some <- which(!is.na(rows$weight))
  if (!isTRUE(plan$options$showweights) || !length(some)) return(NULL)
  line <- match(seq_len(nrow(rows)), plan$lines$row)
  text <- sprintf(plan$style$weight, sprintf("%.2f", rows$weight[some]))
  wide <- max(plan$measure(text))
  list(new_column(plan, plan$head$weight, "right", new_cells(line[some], text, 1, wide), wide))
}

column_makers <- list(label = label_column, extra = extra_columns, est = est_column, weight = weight_column)

# ---- texts ------------------------------------------------------------------------------------

# The anchor of a line is this far below its centre, in em: half the height of a capital.
centre_drop <- 0.36

# All texts: x of the anchor, depth of the baseline, width, and the box they fill.
forest_texts <- function(plan, x, y) {
  parts <- c(column_texts(plan, x, y), list(axis_texts(plan, x, y), foot_texts(plan, x, y)))
  texts <- do.call(rbind, parts)
  texts <- texts[nzchar(texts$text), , drop = FALSE]
  rownames(texts) <- NULL
  texts$width <- text_width(texts$text, texts$size, texts$font, texts$markup)
  texts$height <- texts$size / 72
  texts$family <- ifelse(has_cjk(texts$text), "cjk", "")
  texts
}

new_texts <- function(plan, text, x, y, role, hadj = 0, ...) {
  n <- length(text)
  given <- list(...)
  value <- function(name, default) rep_len(if (is.null(given[[name]])) default else given[[name]], n)
  data.frame(text = as.character(text), x = rep_len(x, n), y = rep_len(y, n), hadj = rep_len(hadj, n),
             size = value("size", plan$style$fontsize), font = value("font", 1L), markup = value("markup", FALSE),
             col = rep_len(plan$style$text_col, n), role = rep_len(role, n), line = value("line", NA_integer_),
             stringsAsFactors = FALSE)
}

column_texts <- function(plan, x, y) {
  columns <- c(plan$columns$left, plan$columns$right)
  from <- column_starts(plan, x)
  lines <- plan$lines
  note <- is.na(lines$of)
  baseline <- y$rows + lines$at * y$pitch + centre_drop * plan$em
  unlist(lapply(seq_along(columns), function(i) {
    column <- columns[[i]]
    cells <- column$cells
    body <- if (i == 1L && length(plan$columns$left)) {
      new_texts(plan, lines$text, from[i] + lines$indent * plan$em, baseline, "label", font = lines$font,
                markup = lines$markup, line = seq_len(nrow(lines)),
                size = plan$style$fontsize * ifelse(note, plan$style$note_size, 1))
    } else {
      font <- lines$font[cells$line]
      new_texts(plan, cells$text, from[i] + cells$at, baseline[cells$line], "cell", cells$hadj, font = font,
                line = cells$line)
    }
    list(header_text(plan, column, from[i], y), body)
  }), recursive = FALSE)
}

column_starts <- function(plan, x) {
  gap <- plan$style$gap * plan$em
  width <- function(columns) vapply(columns, `[[`, 0, "width")
  starts <- function(from, width) from + cumsum(c(0, width + gap))[seq_along(width)]
  c(starts(x$margin, width(plan$columns$left)), starts(x$columns_right, width(plan$columns$right)))
}

# Lines of a heading end on the lowest line of the header.
header_text <- function(plan, column, from, y) {
  head <- strsplit(column$header, "\n", fixed = TRUE)[[1L]]
  lift <- y$header_lines - length(head) + seq_along(head)
  depth <- y$at_header + (lift * line_height - 0.5 * line_height + centre_drop) * plan$em
  side <- c(left = 0, centre = 0.5, right = 1)[[column$align]]
  new_texts(plan, head, from + side * column$width, depth, "header", side, font = plan$style$header$font)
}

axis_texts <- function(plan, x, y) {
  depth <- y$at_ticks + (0.5 * line_height + centre_drop) * plan$em
  new_texts(plan, plan$axis$label, panel_x(plan$axis$at, plan, x), depth, "tick", 0.5)
}

# Stacked lines under a depth.
stacked <- function(plan, text, x, depth, role, hadj = 0, size = 1, font = 1L) {
  em <- plan$em * size
  y <- depth + ((seq_along(text) - 0.5) * line_height + centre_drop) * em
  new_texts(plan, text, x, y, role, hadj, size = plan$style$fontsize * size, font = font, markup = TRUE)
}

foot_texts <- function(plan, x, y) {
  style <- plan$style
  centre <- favour_centre(plan, x)
  half <- max(0, text_width(y$xlab, style$fontsize, markup = TRUE)) / 2
  middle <- min(max((x$left + x$right) / 2, x$margin + half), max(x$total - x$margin - half, x$margin + half))
  rbind(stacked(plan, y$favours[[1L]], centre - 0.6 * plan$em, y$at_favours, "favours", 1),
        stacked(plan, y$favours[[2L]], centre + 0.6 * plan$em, y$at_favours, "favours", 0),
        stacked(plan, y$xlab, middle, y$at_xlab, "xlab", 0.5),
        stacked(plan, y$note, x$margin, y$at_note, "note", 0, style$note_size),
        stacked(plan, y$title, x$total / 2, y$at_title, "title", 0.5, style$main_size, 2L))
}

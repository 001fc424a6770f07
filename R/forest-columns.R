# Owns the columns of text beside the panel: what each cell says, how wide a column is, and the headings over them.

# left, right: lists of columns; widths of the two blocks; lines of the headings.
plan_columns <- function(plan) {
  sides <- column_sides(plan)
  left <- make_columns(sides$left, plan)
  right <- make_columns(sides$right, plan)
  gap <- plan$style$gap * plan$em
  left <- widen_spans(widen_to_given(left, plan$options$widths$left), plan)
  right <- widen_spans(widen_to_given(right, plan$options$widths$right), plan)
  left <- widen_label(left, gap)
  right <- widen_label(right, gap)
  list(left = left, right = right, left_width = block_width(left, gap), right_width = block_width(right, gap),
       header_lines = header_height(c(left, right)))
}

# A heading over several columns takes a line above theirs; beside it stand the first lines of the other headings.
header_height <- function(columns) {
  max(0L, vapply(columns, function(column) length(header_lines_of(column$header)) + !is.null(column$span), 0L))
}

block_width <- function(columns, gap) {
  if (!length(columns)) 0 else sum(vapply(columns, `[[`, 0, "width")) + gap * (length(columns) - 1L)
}

# Names of columns and the user's descriptions, in order. A list of the user that holds "panel" is the whole order, else
# its columns stand where the style has `extra`, or at the end of the right side, instead of the style's of that name.
column_sides <- function(plan) {
  own <- plan$info$columns
  style <- plan$style
  as_column <- function(name) if (is.character(name)) list(value = name) else name
  if (!is.null(plan$info$lights)) style$right <- union(style$right, setdiff("rob", style$left))
  if (!length(own)) return(list(left = lapply(style$left, as_column), right = lapply(style$right, as_column)))
  panel <- panel_place(own)
  if (length(panel)) {
    return(list(left = own[seq_len(panel[1L] - 1L)], right = own[-seq_len(panel[1L])]))
  }
  side <- vapply(own, `[[`, "", "side")
  named <- unlist(lapply(own,
                         function(column) if (is.character(column$value) && length(column$value) == 1L) column$value))
  unnamed <- function(columns) Filter(function(column) !any(column$value %in% named), lapply(columns, as_column))
  left <- unnamed(style$left)
  after <- max(c(1L, which(vapply(left, function(column) column$value == "extra", NA))))
  list(left = append(left, own[side == "left"], min(after, length(left))),
       right = c(unnamed(style$right), own[side == "right"]))
}

# Where the user's list of columns has the panel.
panel_place <- function(own) {
  which(vapply(own, function(column) identical(column$value, "panel") || identical(column$value, "|"), NA))
}

make_columns <- function(columns, plan) {
  made <- lapply(columns, function(column) {
    standard <- is.character(column$value) && length(column$value) == 1L && !is.null(column_makers[[column$value]])
    if (standard && is.null(column$cells)) {
      out <- column_makers[[column$value]](plan)
      return(lapply(out, rename_column, column = column, plan = plan))
    }
    list(own_column(plan, column))
  })
  Filter(Negate(is.null), unlist(made, recursive = FALSE))
}

# A standard column under the user's heading.
rename_column <- function(made, column, plan) {
  if (is.null(column$header) || !nzchar(column$header)) return(made)
  made$header <- column$header
  made$span <- column$span
  wide <- max(0, plan$measure(header_lines_of(made$header), plan$style$header$font))
  widen_column(made, max(made$width, wide))
}

header_lines_of <- function(header) if (is_math(header)) header else strsplit(header, "\n", fixed = TRUE)[[1L]]

# A column: header, align, width, and cells (line, text, hadj, at: offset of the anchor from the left edge, rank: of a
# line of text among those of its cell, from the middle).
new_column <- function(plan, header, align, cells, width, span = NULL, kind = "") {
  column <- list(header = header, align = align, width = width, cells = cells, span = span, kind = kind)
  head <- header_lines_of(header)
  column$head_width <- max(0, plan$measure(head, plan$style$header$font, has_indices(head)))
  widen_column(column, max(width, column$head_width - overhang(plan, kind)))
}

# The heading of the annotation may begin over the panel, where that is beside it and has no heading of its own.
overhang <- function(plan, kind) {
  if (kind != "est" || plan$style$header$est_align != "right" || !is.null(plan$head$panel)) return(0)
  beside <- vapply(column_sides(plan)$right, function(column) as.character(column$value[1L]), "")
  if (!isTRUE(plan$options$showweights)) beside <- beside[!beside %in% c("weight", "weight2")]
  if (beside[1L] %in% c("est", "effect")) 10 * plan$em else 0
}

# More width; cells keep to the side of their alignment.
widen_column <- function(column, width) {
  spare <- max(0, width - column$width)
  column$cells$at <- column$cells$at + switch(column$align, left = 0, centre = spare / 2, right = spare)
  column$width <- column$width + spare
  column
}

new_cells <- function(line, text, hadj, at, rank = 0) {
  n <- length(line)
  quick_frame(line = line, text = rep_len(text, n), hadj = rep_len(hadj, n), at = rep_len(at, n),
              rank = rep_len(rank, n))
}

# Cells of plain texts. On the decimal point: the parts before it end at one place.
text_column <- function(plan, header, align, line, text, span = NULL, kind = "") {
  some <- nzchar(text) & !is.na(line)
  piece <- text_pieces(text[some])
  line <- line[some][piece$index]
  text <- decimal_mark(piece$text, plan$style)
  width <- plan$measure(text, plan$lines$font[line])
  if (align == "decimal") {
    whole <- plan$measure(sub("[.,\u00b7].*$", "", text), plan$lines$font[line])
    before <- max(0, whole)
    cells <- new_cells(line, text, 0, before - whole, piece$rank)
    return(new_column(plan, header, "centre", cells, before + max(0, width - whole), span, kind))
  }
  wide <- max(0, width)
  hadj <- c(left = 0, centre = 0.5, right = 1)[[align]]
  new_column(plan, header, align, new_cells(line, text, hadj, hadj * wide, piece$rank), wide, span, kind)
}

own_column <- function(plan, column) {
  text <- column_cells(column, plan$rows)
  align <- column$align
  if (align == "auto") align <- if (!is.null(column$numbers)) "decimal" else "left"
  words_column(plan, translate_label(column$header), align, text, column$span)
}

# A column of the user's words, in cells and heading, which are wrapped.
words_column <- function(plan, header, align, text, span = NULL, kind = "") {
  line <- match(seq_len(nrow(plan$rows)), plan$lines$row)
  widest <- plan$wrap$cell * plan$em
  if (align != "decimal") text <- wrapped_texts(plan, text, widest)
  wide <- max(0, plan$measure(text_pieces(text)$text))
  header <- wrapped_texts(plan, header, max(wide, min(widest, 16 * plan$em)), plan$style$header$font)
  out <- text_column(plan, header, align, line, text, span, kind)
  out$words <- wide
  out
}

translate_label <- function(text) ifelse(is_math(text), text, translate(text))

# ---- width --------------------------------------------------------------------------------------

# Columns of stacked plots are as wide as the widest of their place.
widen_to_given <- function(columns, widths) {
  if (length(widths) != length(columns)) return(columns)
  Map(widen_column, columns, pmax(widths, vapply(columns, `[[`, 0, "width")))
}

column_widths_of <- function(columns) {
  lapply(columns[c("left", "right")], function(side) vapply(side, `[[`, 0, "width"))
}

# Neighbours under one heading share what it needs more.
widen_spans <- function(columns, plan) {
  for (run in span_runs(columns)) {
    gap <- plan$style$gap * plan$em
    spare <- plan$measure(columns[[run[1L]]]$span, plan$style$header$font) - block_width(columns[run], gap)
    if (spare > 0) {
      columns[run] <- lapply(columns[run], function(column) widen_column(column, column$width + spare / length(run)))
    }
  }
  columns
}

# Indices of neighbouring columns with the same span.
span_runs <- function(columns) {
  span <- vapply(columns, function(column) if (is.null(column$span)) "" else column$span, "")
  id <- cumsum(c(TRUE, span[-1L] != span[-length(span)]))[seq_along(span)]
  Filter(function(run) nzchar(span[run[1L]]), unname(split(seq_along(span), id)))
}

# The label column is as wide as the labels of rows that have cells to its right; the others may run on
# over the empty cells of the left block.
widen_label <- function(columns, gap) {
  for (i in which(vapply(columns, function(column) !is.null(column$reach), NA))) {
    others <- block_width(columns[-seq_len(i)], gap) + if (i < length(columns)) gap else 0
    columns[[i]]$width <- max(columns[[i]]$width, columns[[i]]$reach - others)
  }
  columns
}

# ---- the columns that every plot can make -------------------------------------------------------

# Crowded lines have text of another left column beside them.
label_column <- function(plan) {
  piece <- text_pieces(plan$lines$shown)
  lines <- plan$lines[piece$index, ]
  indent <- lines$indent * plan$em
  width <- plan$measure(piece$text, lines$font, lines$markup) + indent
  crowded <- is_crowded(plan)[piece$index]
  column <- new_column(plan, plan$head$label, "left", new_cells(piece$index, piece$text, 0, indent, piece$rank),
                       max(0, width[crowded]), kind = "label")
  column$reach <- max(0, width)
  column$narrow <- column$width
  list(column)
}

is_crowded <- function(plan) {
  lines <- plan$lines
  beside <- setdiff(unlist(lapply(column_sides(plan)$left, function(column) as.character(column$value[1L]))),
                    c("label", "extra"))
  if (!length(beside)) return(!is.na(lines$row) & has_extra(plan$rows)[lines$row])
  type <- plan$rows$type[lines$of]
  ilab <- has_extra(plan$rows)[lines$of]
  plain <- lines$part == "row" & (type %in% c("study", "filled", "excluded", "subtotal", "summary") | ilab)
  (plain | lines$part == "events") %in% TRUE
}

has_extra <- function(rows) {
  extra <- attr(rows, "extra")
  if (is.null(extra)) logical(nrow(rows)) else rowSums(matrix(nzchar(extra), nrow(rows))) > 0
}

extra_columns <- function(plan) {
  extra <- attr(plan$rows, "extra")
  if (is.null(extra)) return(NULL)
  lapply(seq_len(ncol(extra)), function(j) {
    text <- extra[, j]
    numbers <- !anyNA(suppressWarnings(as.numeric(text[nzchar(text)])))
    words_column(plan, colnames(extra)[j], if (numbers) "decimal" else "centre", text, plan$info$extra_spans[j], "ilab")
  })
}

# Estimate, lower and upper limit stand in right-aligned parts, so that brackets and points line up.
est_column <- function(plan) {
  options <- plan$options
  if (!options$annotate) return(NULL)
  rows <- plan$rows
  parts <- est_parts(plan)
  line <- match(seq_len(nrow(rows)), plan$lines$row)
  if (identical(plan$style$est$align, "left")) return(list(left_est_column(plan, parts, line)))
  font <- plan$lines$font[line]
  told <- !is.na(line)
  width <- vapply(parts, function(text) max(0, plan$measure(text[told], font[told])), 0)
  if (!is.null(options$width)) width <- pmax(width, rep_len(options$width, length(width)) * plan$measure("0"))
  space <- max(plan$measure("a b") - plan$measure("ab"), 0.25 * plan$em)
  end <- cumsum(width + c(0, rep(space, length(parts) - 1L)))
  cells <- do.call(rbind, Map(function(text, at) {
    some <- nzchar(text) & told
    new_cells(line[some], text[some], 1, at)
  }, parts, end))
  last <- end[length(end)]
  excluded <- which(is_without_estimate(rows))
  word <- translate(plan$style$labels$excluded)
  wide <- max(last, if (length(excluded)) plan$measure(word))
  cells$at <- cells$at + wide - last
  cells <- rbind(cells, new_cells(line[excluded], rep(word, length(excluded)), 1, wide))
  list(new_column(plan, plan$head$est, plan$style$header$est_align, cells, wide, kind = "est"))
}

# Rows whose place for numbers says so: studies, and pooled rows of studies all of which are excluded.
is_without_estimate <- function(rows) rows$type == "excluded" |
  (rows$type %in% c("subtotal", "summary") & is.na(rows$est))

# As one text from the left.
left_est_column <- function(plan, parts, line) {
  text <- trimws(do.call(paste, unname(parts)))
  text[is_without_estimate(plan$rows)] <- translate(plan$style$labels$excluded)
  text_column(plan, plan$head$est, "left", line, text, kind = "est")
}

# A style with `join` prints the interval as one text, with "to" where a dash could be taken for a minus.
est_parts <- function(plan) {
  rows <- plan$rows
  options <- plan$options
  form <- lapply(plan$style$est, translate)
  shown <- lapply(rows[c("est", "lo", "hi")], transform_studies, f = options$atransf, study = own_studies(rows))
  swap <- !is.na(shown$lo) & !is.na(shown$hi) & shown$lo > shown$hi
  shown[c("lo", "hi")] <- list(ifelse(swap, shown$hi, shown$lo), ifelse(swap, shown$lo, shown$hi))
  apart <- isTRUE(form$join) && any(c(shown$lo, shown$hi) < 0, na.rm = TRUE)
  if (apart) form[c("lo", "hi")] <- list("(%s to", "%s)")
  part <- function(name) {
    text <- decimal_mark(format_digits(shown[[name]], options$digits[1L]), plan$style)
    if (!is.null(options$minus)) text <- sub("-", options$minus, text, fixed = TRUE)
    ifelse(nzchar(text), sprintf(translate(form[[name]]), text), "")
  }
  parts <- lapply(c(est = "est", lo = "lo", hi = "hi"), part)
  if (!isTRUE(form$join)) return(parts)
  list(est = parts$est, interval = trimws(paste(parts$lo, parts$hi, sep = if (apart) " " else "")))
}

weight_column <- function(plan) weights_as_column(plan, plan$rows$weight, plan$head$weight)

second_weight_column <- function(plan) weights_as_column(plan, plan$rows$weight2, plan$head$weight2)

weights_as_column <- function(plan, weight, header) {
  if (!isTRUE(plan$options$showweights) || all(is.na(weight))) return(NULL)
  digits <- c(plan$options$digits[-(1:2)], plan$style$weight_digits)[1L]
  if (isFALSE(plan$style$pooled_weight)) weight[plan$rows$type %in% c("subtotal", "summary")] <- NA
  text <- ifelse(is.na(weight), "", sprintf(plan$style$weight, format_digits(weight, digits)))
  align <- plan$style$weight_align %||% "right"
  list(text_column(plan, header, align, match(seq_len(nrow(plan$rows)), plan$lines$row), text, kind = "weight"))
}

test_column <- function(name) {
  force(name)
  function(plan) {
    rows <- plan$rows
    value <- rows[[name]]
    text <- if (name == "z") format_digits(value, 2L) else format_small_p(value)
    heading <- if (name == "pz") "P-value" else if (any(!is.na(rows$tdf))) "t" else "z"
    list(text_column(plan, translate(heading), "right", match(seq_len(nrow(rows)), plan$lines$row),
                     decimal_mark(text, plan$style)))
  }
}

# A measure of heterogeneity, in the decimals of the style; its heading has a superscript.
heterogeneity_column <- function(name, heading) {
  force(name)
  force(heading)
  function(plan) {
    value <- plan$rows[[name]]
    text <- rep("", length(value))
    some <- !is.na(value) & plan$rows$type != "between"
    text[some] <- sprintf(plan$style$formats[[name]], value[some])
    if (name == "I2") text[some] <- paste0(text[some], "%")
    out <- text_column(plan, heading, "right", match(seq_along(value), plan$lines$row), text)
    out$markup <- TRUE
    list(out)
  }
}

# Three decimals; no p value is 0.
format_small_p <- function(p) ifelse(!is.na(p) & p < 0.001, "<0.001", format_digits(p, 3L))

arm_maker <- function(quantity) {
  force(quantity)
  function(plan) if (!is.null(plan$info$arms)) arm_columns(plan, quantity)
}

column_makers <- c(
  list(label = label_column, extra = extra_columns, est = est_column, effect = est_column, weight = weight_column,
       weight2 = second_weight_column, z = test_column("z"), p = test_column("pz"),
       Q = heterogeneity_column("Q", "Q"), I2 = heterogeneity_column("I2", "I^2"),
       H2 = heterogeneity_column("H2", "H^2"), tau2 = heterogeneity_column("tau2", "Tau^2"),
       arms = function(plan) arm_columns(plan), rob = light_columns),
  lapply(c(events = "events", noevents = "noevents", total = "total", mean = "mean", sd = "sd", mean_sd = "mean_sd",
           ratio = "ratio", time = "time"), arm_maker))

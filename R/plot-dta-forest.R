# Owns the paired forest plot of diagnostic accuracy: counts, both measures as numbers, both panels side by side.
# Source: the layout of Cochrane reviews of test accuracy. Oracle: intervals of Clopper & Pearson (1934).

#' Paired forest plot of diagnostic accuracy
#'
#' Sensitivity and specificity of each study side by side, with the counts, exact intervals and the summary.
#'
#' @param x a fit of [rma.dta()].
#' @param measures `"dss"` (sensitivity and specificity), `"dlr"` (likelihood ratios of a positive and a negative test)
#'   or `"dlor"` (diagnostic odds ratio and likelihood ratio of a positive test); these on logarithmic axes.
#' @param order order of the studies: `"data"`, `"sens"`, `"spec"`, or row numbers.
#' @param header,main heading of the studies, title.
#' @param digits decimals of the numbers.
#' @param style look of the plot, see [funnel()].
#' @param draw draw the plot? `FALSE` only returns the data and the figure.
#' @param lang language of the texts, by default the option `metaparity.lang`.
#' @param ... words of [graphics::par()] as in [labbe.metaparity()].
#' @return A data frame, invisibly, with the counts, and for both measures estimate and limits; its attribute `figure`
#'   is the figure.
#' @details Errors are of class `metaparity_error_input`.
#' @section In other software: RevMan: forest plot of a test; Stata: `midas, bforest(dss)`.
#' @examples
#' d <- data.frame(tp = c(18, 18, 15, 24, 17, 53), fp = c(17, 43, 12, 10, 2, 36),
#'                 fn = c(4, 2, 7, 5, 6, 4), tn = c(25, 99, 19, 13, 16, 41))
#' forest(rma.dta(tp, fp, fn, tn, data = d, slab = LETTERS[1:6]))
#' @exportS3Method forest metaparity_dta
#' @exportS3Method metafor::forest metaparity_dta
forest.metaparity_dta <- function(x, measures = "dss", order = "data", header = "Study", main = NULL, digits = 2,
                                  style = NULL, draw = TRUE, lang = NULL, ...) {
  call <- sys.call()
  check_drawing(environment(), call, c("order", "header", "digits"))
  header <- check_word(header, "header", call)
  measures <- check_choice(measures, names(paired_measures), "measures", call)
  style <- wished_style(sized_style(style, c(9.5, 4), call), list(...), call = call)
  digits <- check_number(digits, "digits", 0, 8, call)
  level <- 1 - x$level
  parts <- paired_measures[[measures]]
  own <- dta_study_estimates(x, level)[parts]
  o <- paired_order(order, own, x$k, call)
  data <- data.frame(slab = as.character(used_slab(x))[o], as.data.frame(x$counts[dta_cells])[o, , drop = FALSE])
  for (i in 1:2) {
    data[paste0(parts[i], c("", ".lb", ".ub"))] <- as.data.frame(own[[i]][o, , drop = FALSE])
  }
  total <- if (!is.null(x$summary)) lapply(parts, function(row) x$summary[row, c("estimate", "ci.lb", "ci.ub")])
  figure <- with_language(lang, paired_figure(data, total, parts, format(100 * level),
                                              list(header = header, title = own_text(main), digits = digits), style))
  present(data, figure, draw, lang, call)
}

paired_measures <- list(dss = c("sens", "spec"), dlr = c("LR+", "LR-"), dlor = c("DOR", "LR+"))
paired_names <- c(sens = "Sensitivity", spec = "Specificity", "LR+" = "Positive LR", "LR-" = "Negative LR",
                  DOR = "Diagnostic OR")

paired_order <- function(order, own, k, call) {
  if (is.numeric(order)) {
    if (!setequal(order, seq_len(k)) || length(order) != k)
      abort_input("order", sprintf("must hold each of the numbers 1 to %d once", k), call)
    return(order)
  }
  switch(check_choice(order, c("data", "sens", "spec"), "order", call), data = seq_len(k),
         sens = order(own[[1L]][, 1L]), spec = order(own[[2L]][, 1L]))
}

# Texts, numbers and axes of the plot, in data units.
paired_figure <- function(data, total, parts, level, ask, style) {
  panel <- function(i) {
    v <- rbind(as.matrix(data[paste0(parts[i], c("", ".lb", ".ub"))]), total[[i]])
    text <- formatC(v, digits = ask$digits, format = "f")
    text <- ifelse(is.finite(v[, 1L]), sprintf("%s [%s, %s]", text[, 1L], text[, 2L], text[, 3L]), "-")
    log <- !parts[i] %in% c("sens", "spec")
    axis <- if (log) log_axis(v) else list(limits = c(0, 1), at = seq(0, 1, 0.2), labels = formatC(seq(0, 1, 0.2)))
    list(values = unname(if (log) log(v) else v), text = text, axis = axis, log = log,
         name = translate(paired_names[[parts[i]]]),
         head = translate(sprintf("%s (%s%% CI)", paired_names[[parts[i]]], level)))
  }
  k <- nrow(data)
  structure(list(slab = cut_long_label(data$slab), counts = as.matrix(data[dta_cells]), panels = lapply(1:2, panel),
                 header = cut_long_label(translate(ask$header)), title = translate(ask$title), style = style,
                 summary = if (length(total)) translate("Summary"),
                 size = c(9.5, 0.235 * (k + (length(total) > 0)) + 1.4 + (if (is.null(ask$title)) 0 else 0.3))),
            class = c("metaparity_paired", "metaparity_figure"))
}

# No label fills the page.
cut_long_label <- function(text, most = 150L) {
  long <- nchar(text) > most
  text[long] <- paste0(substr(text[long], 1L, most), "...")
  text
}

log_axis <- function(v) {
  span <- range(v[is.finite(v) & v > 0], 1)
  decades <- seq(floor(log10(span[1L])), ceiling(log10(span[2L])))
  list(limits = log(10^range(decades)), at = log(10^decades), labels = plain_numbers(10^decades))
}

plain_numbers <- function(v) {
  vapply(v, format, "", trim = TRUE, drop0trailing = TRUE, scientific = FALSE, USE.NAMES = FALSE)
}

#' @exportS3Method figure_layout metaparity_paired
figure_layout.metaparity_paired <- function(figure, width, height) {
  title <- panels_title(figure, width, height)
  for (scale in text_scales) {
    at <- paired_columns(figure, width, scale, title$depth)
    fits <- at$panel_width >= 0.11 * width && at$pitch * at$rows + at$head + at$foot <= height
    if (fits || scale == utils::tail(text_scales, 1L)) break
  }
  top <- height - at$head
  y <- top - (seq_len(at$rows) - 0.5) * at$pitch
  items <- c(list(item_rect(c(0, 0, width, height), figure$style$page)), title$items, paired_texts(figure, at, y, top),
             unlist(lapply(1:2, function(i) paired_panel(figure$panels[[i]], at, i, y, top, !is.null(figure$summary))),
                    recursive = FALSE))
  first <- at$panels[[1L]]
  new_layout(items, c(first[1L], top - at$pitch * at$rows, first[2L], top), figure$panels[[1L]]$axis$limits,
             c(0.5, at$rows + 0.5), width, height, scale)
}

# Right edges of the columns of text, and both panels, in inches.
paired_columns <- function(figure, width, scale, title_depth) {
  pt <- 10 * scale
  pad <- figure$style$pad
  gap <- 0.16 * scale
  wide <- function(text) max(text_width(text, pt))
  labels <- wrap_long(c(figure$header, figure$slab, figure$summary), 0.26 * width, pt)
  lines <- max(lengths(strsplit(labels, "\n", fixed = TRUE)))
  counts <- vapply(seq_along(dta_cells), function(j) {
    wide(c(toupper(dta_cells[j]), as.character(figure$counts[, j])))
  }, 0)
  heads <- lapply(figure$panels, function(p) wrap_lines(p$head, 1.6 * wide(p$text), pt, 2))
  texts <- vapply(1:2, function(i) max(wide(figure$panels[[i]]$text), text_extent(heads[[i]], pt, 2)[1L]), 0)
  left <- pad + max(text_extents(labels, pt)[1L, ])
  rights <- left + cumsum(c(counts, texts) + gap)
  ticks <- vapply(figure$panels, function(p) wide(p$axis$labels), 0) / 2
  between <- max(1.5 * gap, sum(ticks) + 0.5 * gap)
  from <- utils::tail(rights, 1L) + max(1.5 * gap, ticks[1L])
  panel_width <- (width - max(pad, ticks[2L]) - from - between) / 2
  list(pt = pt, left = pad, rights = rights, labels = labels, heads = heads, panel_width = panel_width, scale = scale,
       panels = list(c(from, from + panel_width), c(from + panel_width + between, from + 2 * panel_width + between)),
       rows = length(figure$slab) + !is.null(figure$summary),
       pitch = max(0.235 * scale, (lines * 1.25 + 0.3) * pt / 72),
       head = pad + title_depth + 0.12 * scale +
         max(vapply(c(heads, labels[1L]), function(h) text_extent(h, pt, 2)[2L], 0)),
       foot = pad + 0.42 * scale)
}

paired_texts <- function(figure, at, y, top) {
  col <- figure$style$text_col
  put <- function(x, y, label, hjust, font = 1, role = "text", vjust = 0.5) {
    item_text(x, y, label, at$pt, hjust = hjust, vjust = vjust, col = col, font = font, role = role)
  }
  k <- length(figure$slab)
  head <- top + 0.08 * at$scale
  column <- function(x, heading, cells) {
    c(list(put(x, head, heading, 1, 2, "header", 0)),
      lapply(seq_along(cells), function(i) put(x, y[i], cells[i], 1, if (i > k) 2 else 1)))
  }
  counts <- lapply(seq_along(dta_cells), function(j) {
    column(at$rights[j], toupper(dta_cells[j]), as.character(figure$counts[, j]))
  })
  texts <- lapply(1:2, function(i) column(at$rights[4L + i], at$heads[[i]], figure$panels[[i]]$text))
  names <- lapply(seq_along(y), function(i) put(at$left, y[i], at$labels[i + 1L], 0, if (i > k) 2 else 1, "label"))
  c(list(put(at$left, head, at$labels[1L], 0, 2, "header", 0)), names, unlist(counts, recursive = FALSE),
    unlist(texts, recursive = FALSE))
}

# Marks of one measure: squares with their intervals, the summary as a diamond, the axis below.
paired_panel <- function(panel, at, i, y, top, with_summary) {
  edge <- at$panels[[i]]
  limits <- panel$axis$limits
  x <- function(v) edge[1L] + (pmin(pmax(v, limits[1L]), limits[2L]) - limits[1L]) / diff(limits) * diff(edge)
  bottom <- top - at$pitch * at$rows
  v <- panel$values
  half <- 0.05 * at$scale
  rows <- which(is.finite(v[, 1L]))
  one <- function(r) {
    if (with_summary && r == nrow(v)) {
      d <- at$pitch * 0.3
      return(list(item_polygon(x(v[r, c(2, 1, 3, 1)]), y[r] + c(0, d, 0, -d), "gray30", "black")))
    }
    middle <- x(v[r, 1L])
    list(item_line(x(v[r, 2:3]), c(y[r], y[r])),
         item_rect(c(middle - half, y[r] - half, middle + half, y[r] + half), "#3B6EA5"))
  }
  middle <- if (with_summary) list(item_line(rep(x(v[nrow(v), 1L]), 2L), c(bottom, top), "gray60", 0.8, 2))
  ticks <- unlist(lapply(seq_along(panel$axis$at), function(j) {
    where <- x(panel$axis$at[j])
    list(item_line(c(where, where), c(bottom, bottom - 0.05 * at$scale)),
         item_text(where, bottom - 0.08 * at$scale, panel$axis$labels[j], 0.85 * at$pt, vjust = 1, role = "tick"))
  }), recursive = FALSE)
  c(middle, if (panel$log) list(item_line(rep(x(0), 2L), c(bottom, top), "gray75")),
    list(item_line(edge, c(bottom, bottom)), item_text(mean(edge), top + 0.08 * at$scale, panel$name, at$pt, vjust = 0,
                                                       font = 2, role = "header")),
    ticks, unlist(lapply(rows, one), recursive = FALSE))
}

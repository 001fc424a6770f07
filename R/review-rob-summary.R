# Owns the risk of bias summary: a light for each study and domain. Source of the look: figures made by RevMan 5,
# cells of 30 pixels with discs of 18, names of domains upright above.

#' Risk of bias summary and graph
#'
#' `rob_summary()` draws a light for every judgement, studies by domains; `rob_graph()` a bar for every domain with
#' the shares of the judgements, of studies or of their weight in a meta-analysis. Both are as large as their contents
#' need.
#'
#' @param x what [rob()] returned.
#' @param overall show the overall judgements? `TRUE` derives them where the tool has a rule. By default they are
#'   shown if there are any.
#' @param colours `"revman"`, `"colourblind"` (told apart by readers with any colour vision, and in print), or
#'   colours: one per level of the tool, or named by level.
#' @param symbols show the signs in the lights?
#' @param labels `"name"`: the names of the domains; `"id"`: their short names (`D1`), explained by a key below.
#' @param legend show the legend?
#' @param title a title, by default none.
#' @param order order of the studies: `"data"`, or `"study"`: by name.
#' @param columns number of columns that the studies are set in; by default as many as keep the page from becoming too
#'   high.
#' @param fontsize size of the text in points, by default 9; lights and cells follow it.
#' @param draw draw the figure? `FALSE` only returns it.
#' @param lang language of the texts, by default that of `x`, and the option `metaparity.lang`.
#' @return Invisibly, a data frame whose attribute `figure` is the figure, which [save_figure()] writes to a file and
#'   [figure_size()] measures: for `rob_summary()` a row per judgement, as `as.data.frame(x)`; for `rob_graph()` a row
#'   per domain and level with the number of studies `n` and their `share`, weighted if weights are given. Shares are
#'   of all studies: what is not judged is left white at the right end.
#' @details Scales that count stars show stars in the summary, and in the graph the shares of studies that have all,
#'   some or none.
#'
#' Errors of class `metaparity_error_input`: `x` is not of [rob()]; `overall = TRUE` for a tool without a rule;
#' weights of studies that `x` does not have. Studies without weight are left out with a warning,
#' `metaparity_warning_dropped`.
#' @section In other software: RevMan: Risk of bias graph and summary (unweighted); \pkg{robvis}:
#'   `rob_traffic_light()`, `rob_summary()`.
#' @references Higgins JPT, Green S (2011). *Cochrane Handbook*, version 5.1.0, section 8.6. Okabe M, Ito K (2008).
#'   *Color Universal Design*.
#' @examples
#' d <- data.frame(study = c("Ash 2001", "Birch 2004", "Cedar 2009"),
#'                 D1 = c("low", "high", "low"),
#'                 D2 = c("low", "low", "high"), D3 = "some concerns", D4 = "low", D5 = "low")
#' x <- rob(d, tool = "rob2")
#' rob_summary(x)
#' rob_graph(x, colours = "colourblind")
#' fit <- rma(c(-0.2, -0.5, 0.1), c(0.04, 0.09, 0.02), slab = d$study)
#' rob_graph(x, weights = fit)
#' @name rob_summary
NULL

#' @rdname rob_summary
#' @export
rob_summary <- function(x, overall = NULL, colours = "revman", symbols = TRUE, labels = "name", legend = TRUE,
                        title = NULL, order = "data", columns = NULL, fontsize = NULL, draw = TRUE, lang = NULL) {
  check_given(x)
  call <- sys.call()
  x <- shown_overall(check_rob(x, call), overall, call)
  if (check_choice(order, c("data", "study"), "order", call) == "study") x <- x[order(tolower(x$study))]
  if (!is.null(columns)) columns <- check_number(columns, "columns", 1, length(x$study), call)
  ask <- list(symbols = check_flag(symbols, "symbols", call), legend = check_flag(legend, "legend", call),
              title = rob_title(title, "title", call), labels = check_choice(labels, c("name", "id"), "labels", call),
              columns = if (!is.null(columns)) as.integer(columns), levels = coloured_levels(x$tool, colours, call))
  style <- page_style(fontsize, call = call)
  if (is.null(lang)) lang <- x$lang
  present(as.data.frame(x), new_page_figure("metaparity_rob_summary", summary_content(x, ask, call), style, x), draw,
          lang, call)
}

# What the figure shows, in words of the language that is set.
summary_content <- function(x, ask, call) {
  study <- x$study
  again <- study %in% study[duplicated(study)]
  if (!is.null(x$outcome)) study[again] <- paste0(study, ", ", x$outcome)[again]
  level <- match(x$values, ask$levels$level)
  dim(level) <- dim(x$values)
  shown <- legend_levels(x, ask$levels)
  list(study = study, domains = domain_labels(x, ask$labels, call), level = level, stars = x$stars, levels = ask$levels,
       group = x$domains$group, overall = x$domains$overall,
       heads = translate(unname(group_headings[unique(x$domains$group)])),
       legend = if (ask$legend && is.null(x$stars)) list(rows = match(shown$level, ask$levels$level),
                                                         labels = level_labels(x, shown)),
       key = if (ask$labels == "id") summary_key(x), symbols = ask$symbols, title = translate(ask$title),
       columns = ask$columns)
}

summary_key <- function(x) {
  own <- x$domains[!x$domains$overall, ]
  paste0(short_ids(own), ": ", translate(own$label))
}

#' @exportS3Method page_block metaparity_rob_summary
page_block.metaparity_rob_summary <- function(figure, scale) {
  content <- figure$content
  size <- summary_sizes(content, figure$style$pt * scale)
  part <- summary_parts(content, size)
  blocks <- lapply(part$rows, function(rows) summary_part(content, size, rows))
  items <- unlist(Map(function(block, at) shift_items(block, at, 0), blocks, part$left), recursive = FALSE)
  body <- list(items = items, width = part$width, height = size$head + part$height)
  body <- with_below(body, content, size)
  out <- padded_block(titled_block(body, content$title, size$pt), size$em)
  out$settled <- list(columns = length(part$rows), lines = body$lines)
  out
}

# Widths and heights of rows and columns: cells of 2.4 em, wider where the lines of a name need it.
summary_sizes <- function(content, pt) {
  em <- pt / 72
  cell <- 2.4 * em
  study <- wrapped_labels(content$study, 24 * em, pt)
  upright <- max(0L, nchar(content$domains[!content$overall], "width")) > 4L
  domain <- wrapped_labels(content$domains, if (upright) 24 * em else level_width(content$domains, em, pt), pt)
  across <- if (upright) domain$height else domain$width
  deep <- if (upright) domain$width else domain$height
  wide <- pmax(cell, across + 0.6 * em)
  if (!is.null(content$stars)) {
    most <- apply(content$stars, 2L, max, 1, na.rm = TRUE) * !content$overall
    wide <- pmax(wide, most * 1.3 * em + em)
  }
  n <- length(content$domains)
  turn <- c(FALSE, content$group[-1L] != content$group[-n])
  before <- ifelse(turn, 1.2 * em, ifelse(content$overall & seq_len(n) > 1L, 0.5 * em, 0))
  groups <- group_bands(content, wide, before, pt)
  list(pt = pt, em = em, cell = cell, study = study, domain = domain, upright = upright, wide = groups$wide,
       before = before, high = pmax(cell, study$height + 0.5 * em), label = max(study$width) + 0.6 * em,
       bands = groups$words,
       head = max(deep) + 0.8 * em + groups$height, band = groups$height)
}

# The width of names that lie over their cells, so that no line is a single sign.
level_width <- function(labels, em, pt) {
  fine <- function(width) {
    last <- sub("^.*\n", "", wrapped_labels(labels, width, pt)$text)
    broken <- last != labels
    all(nchar(last[broken], "width") > 2L)
  }
  for (width in c(5, 4.2, 6, 7)) if (fine(width * em)) return(width * em)
  5 * em
}

# Headings over the domains of several groups; narrow groups are widened until a heading has room.
group_bands <- function(content, wide, before, pt) {
  names <- unique(content$group)
  if (length(names) < 2L) return(list(wide = wide, height = 0))
  em <- pt / 72
  for (name in names) {
    own <- content$group == name
    lack <- 7 * em - sum(wide[own])
    if (lack > 0) wide[own] <- wide[own] + lack / sum(own)
  }
  room <- vapply(names, function(name) sum(wide[content$group == name]), 0)
  words <- lapply(seq_along(names), function(i) wrapped_labels(content$heads[i], room[i], pt, 2L))
  list(wide = wide, words = words, height = max(vapply(words, `[[`, 0, "height")) + 0.8 * em)
}

# Which rows stand in which column of the page: as few columns as keep it at most 1.45 times as high as wide, or 9
# inches at 9 points.
summary_parts <- function(content, size) {
  n <- length(content$study)
  width <- size$label + sum(size$wide) + sum(size$before)
  gap <- 2.5 * size$em
  for (count in seq_len(n)) {
    if (!is.null(content$columns)) count <- content$columns
    rows <- split(seq_len(n), cut_evenly(n, count))
    count <- length(rows)
    high <- max(vapply(rows, function(r) sum(size$high[r]), 0))
    whole <- count * width + (count - 1) * gap
    if (!is.null(content$columns) || size$head + high <= max(72 * size$em, 1.45 * whole)) break
  }
  list(rows = rows, left = (seq_len(count) - 1) * (width + gap), width = whole, height = high)
}

cut_evenly <- function(n, parts) (seq_len(n) - 1L) %/% ceiling(n / parts)

# One column of the page: names of domains, names of studies, cells and lights.
summary_part <- function(content, size, rows) {
  right <- size$label + cumsum(size$wide + size$before)
  left <- right - size$wide
  below <- -size$head - cumsum(size$high[rows])
  middle <- below + size$high[rows] / 2
  names <- lapply(seq_along(rows), function(i) {
    label_item(size$study, rows[i], size$label - 0.5 * size$em, middle[i], size$pt, hjust = 1, role = "study")
  })
  heads <- lapply(seq_along(left), function(j) {
    x <- (left[j] + right[j]) / 2
    y <- -size$head + 0.5 * size$em
    if (!size$upright) return(label_item(size$domain, j, x, y, size$pt, hjust = 0.5, vjust = 0, role = "domain"))
    label_item(size$domain, j, x, y, size$pt, hjust = 0, vjust = 0.5, rot = 90, role = "domain")
  })
  cells <- unlist(lapply(seq_along(rows), function(i) {
    box <- function(j) c(left[j], below[i], right[j], below[i] + size$high[rows[i]])
    unlist(lapply(seq_along(left), function(j) cell_items(content, size, rows[i], j, box(j))), recursive = FALSE)
  }), recursive = FALSE)
  c(band_items(content, size, left, right), names, heads, cells)
}

band_items <- function(content, size, left, right) {
  names <- unique(content$group)
  lapply(seq_along(size$bands), function(i) {
    own <- content$group == names[i]
    label_item(size$bands[[i]], 1L, (min(left[own]) + max(right[own])) / 2, -0.2 * size$em, size$pt, hjust = 0.5,
               vjust = 1, font = 2L,
               role = "group")
  })
}

cell_items <- function(content, size, i, j, box) {
  frame <- list(item_rect(box, NA, "black"))
  x <- (box[1L] + box[3L]) / 2
  y <- (box[2L] + box[4L]) / 2
  if (!is.null(content$stars)) return(c(frame, star_items(content$stars[i, j], content$overall[j], x, y, size)))
  level <- content$level[i, j]
  if (is.na(level)) return(frame)
  c(frame, light_items(content$levels[level, ], x, y, size, content$symbols))
}

# A disc of 18 pixels in a cell of 30, with its sign.
light_items <- function(level, x, y, size, symbols) {
  sign <- if (symbols) {
    list(item_text(x, y + 0.08 * size$em, level$symbol, 1.4 * size$pt, col = level$ink, font = 2L, role = "sign",
                   extent = c(0.6, 1) * size$em * 1.4))
  }
  c(list(item_disc(x, y, 0.75 * size$em, level$fill)), sign)
}

star_items <- function(stars, total, x, y, size) {
  if (is.na(stars)) return(list())
  if (total || stars == 0) {
    return(list(item_text(x, y, format(stars), size$pt, font = if (total) 2L else 1L, role = "sign")))
  }
  at <- x + (seq_len(stars) - (stars + 1) / 2) * 1.3 * size$em
  lapply(at, function(x) item_star(x, y, 0.6 * size$em, "black"))
}

# Legend and key under the table, as wide as it or as they need.
with_below <- function(body, content, size) {
  parts <- list(if (!is.null(content$legend)) summary_legend(content, size, max(body$width, 22 * size$em)),
                if (!is.null(content$key)) key_block(content$key, max(body$width, 26 * size$em), size$pt))
  for (part in Filter(Negate(is.null), parts)) {
    top <- body$height + 0.9 * size$em
    body <- list(items = c(body$items, shift_items(part$items, 0, -top)), width = max(body$width, part$width),
                 height = top + part$height,
                 lines = c(body$lines, part$lines))
  }
  body
}

summary_legend <- function(content, size, width) {
  signs <- lapply(content$legend$rows, function(row) {
    function(x, y) light_items(content$levels[row, ], x, y, size, content$symbols)
  })
  flow_legend(content$legend$labels, signs, width, size$pt, 1.6 * size$em, content$lines)
}

key_block <- function(key, width, pt) {
  words <- wrapped_labels(key, width, pt)
  top <- cumsum(words$height + 0.35 * pt / 72) - words$height
  items <- lapply(seq_along(key), function(i) label_item(words, i, 0, -top[i], pt, vjust = 1, role = "key"))
  list(items = items, width = max(words$width), height = max(top + words$height))
}

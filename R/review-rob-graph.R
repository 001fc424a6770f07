# Owns the risk of bias graph: stacked bars of shares per domain. Source of the look: figures made by RevMan 5, rows
# of 25 pixels with bars of 18 in a frame, the axis in quarters, the legend in a frame below.

#' @rdname rob_summary
#' @param weights weights of the studies: a fit whose labels are those of the studies, numbers (one per study, or
#'   named by study), or `TRUE` for a column "Weight" of the data of [rob()]. By default every study counts the same.
#' @export
rob_graph <- function(x, weights = NULL, overall = NULL, colours = "revman", labels = "name", legend = TRUE,
                      title = NULL,
                      fontsize = NULL, draw = TRUE, lang = NULL) {
  check_given(x)
  call <- sys.call()
  x <- shown_overall(check_rob(x, call), overall, call)
  weight <- if (!is.null(weights)) study_weights(x, weights, call)
  if (!is.null(weight)) {
    x <- x[which(weight > 0)]
    weight <- weight[weight > 0]
  }
  counts <- rob_counts(x, if (is.null(weight)) rep(1, length(x$study)) else weight)
  ask <- list(legend = check_flag(legend, "legend", call), title = rob_title(title, "title", call),
              labels = check_choice(labels, c("name", "id"), "labels", call), weighted = !is.null(weight),
              levels = coloured_levels(x$tool, colours, call))
  style <- page_style(fontsize, call = call)
  if (is.null(lang)) lang <- x$lang
  present(counts, new_page_figure("metaparity_rob_graph", graph_content(x, counts, ask, call), style, counts), draw,
          lang, call)
}

# One weight per study of `x`; studies without weight are told.
study_weights <- function(x, weights, call) {
  weight <- if (isTRUE(weights)) x$weight else if (is.numeric(weights)) weights else rob_fit_weights(x, weights, call)
  if (is.null(weight)) abort_input("weights", "is TRUE, but the data of `x` has no column of weights", call)
  n <- length(x$study)
  if (!is.null(names(weight))) weight <- match_weights(x, weight, call)
  if (length(weight) != n) {
    abort_input("weights", sprintf("must have one value for each of the %d studies, not %d", n, length(weight)), call)
  }
  weight <- as.numeric(weight)
  if (any(is.infinite(weight) | weight %in% NaN | weight < 0, na.rm = TRUE) || !any(weight > 0, na.rm = TRUE)) {
    abort_input("weights", "must be finite, not negative, and not all 0", call)
  }
  out <- which(is.na(weight) | weight == 0)
  if (length(out)) warn_dropped(out, "no weight", call)
  replace(weight, out, 0)
}

rob_fit_weights <- function(x, fit, call) {
  if (!inherits(fit, c("rma", "metaparity"))) {
    abort_input("weights", sprintf("must be a fit, numbers or TRUE, not %s", describe(fit)), call)
  }
  weight <- stats::weights(fit)
  if (isTRUE(fit$slab.null)) unname(weight) else weight
}

plain_label <- function(label) tolower(gsub("[[:space:],]+", " ", trimws(label)))

match_weights <- function(x, weight, call) {
  row <- match(plain_label(names(weight)), plain_label(x$study))
  if (anyNA(row)) {
    abort_input("weights", sprintf("has studies that `x` does not have: %s",
                                   paste(utils::head(names(weight)[is.na(row)], 5L), collapse = ", ")), call)
  }
  if (anyDuplicated(row) || anyDuplicated(plain_label(x$study))) {
    abort_input("weights", "must name each study of `x` once", call)
  }
  out <- rep(NA_real_, length(x$study))
  out[row] <- weight
  out
}

graph_content <- function(x, counts, ask, call) {
  if (!is.null(x$stars)) x <- keep_domains(x, which(!x$domains$overall))
  shown <- legend_levels(x, ask$levels)
  levels <- ask$levels$level
  share <- vapply(x$domains$id, function(id) counts$share[counts$domain == id][match(levels,
                                                                                     counts$level[counts$domain == id])],
                  numeric(length(levels)))
  list(domains = domain_labels(x, ask$labels, call), share = matrix(share, length(levels)), fill = ask$levels$fill,
       group = x$domains$group,
       overall = x$domains$overall, heads = translate(unname(group_headings[unique(x$domains$group)])),
       axis = if (ask$weighted) translate("Share of the weight in the meta-analysis"), title = translate(ask$title),
       key = if (ask$labels == "id") summary_key(x),
       legend = if (ask$legend) list(fill = shown$fill, labels = level_labels(x, shown)))
}

#' @exportS3Method page_block metaparity_rob_graph
page_block.metaparity_rob_graph <- function(figure, scale) {
  content <- figure$content
  pt <- figure$style$pt * scale
  em <- pt / 72
  rows <- graph_rows(content, pt)
  label <- max(rows$words$width) + 0.8 * em
  bar <- 30 * em
  items <- c(graph_bars(content, rows, label, bar, em), graph_axis(content, rows$bottom, label, bar, pt))
  frame_bottom <- rows$bottom - 3.2 * em - if (is.null(content$axis)) 0 else 1.6 * em
  body <- list(items = items, width = label + bar + 1.5 * em, height = -frame_bottom)
  if (!is.null(content$legend)) body <- with_graph_legend(body, content, pt)
  if (!is.null(content$key)) body <- with_key(body, content$key, pt)
  out <- padded_block(titled_block(framed_block(body, em), content$title, pt), 0.8 * em)
  out$settled <- list(lines = body$lines)
  out
}

with_key <- function(body, key, pt) {
  part <- key_block(key, max(body$width, 26 * pt / 72), pt)
  list(items = c(body$items, shift_items(part$items, 0, -body$height - 0.6 * pt / 72)),
       width = max(body$width, part$width),
       height = body$height + 0.6 * pt / 72 + part$height)
}

# Middles of the rows, headings of groups included; a row is 2.1 em high, and higher where its name has several lines.
graph_rows <- function(content, pt) {
  em <- pt / 72
  words <- wrapped_labels(content$domains, 26 * em, pt)
  several <- length(unique(content$group)) > 1L
  high <- pmax(2.1 * em, words$height + 0.5 * em)
  first <- !duplicated(content$group)
  before <- ifelse(several & first, 2.2 * em, 0) + ifelse(content$overall & seq_along(high) > 1L, 0.4 * em, 0)
  bottom <- -cumsum(high + before)
  list(words = words, middle = bottom + high / 2, bottom = min(bottom) - 0.3 * em,
       heads = if (several) (bottom + high + 1.1 * em)[first], high = high)
}

graph_bars <- function(content, rows, left, bar, em) {
  pt <- em * 72
  items <- lapply(seq_along(content$domains), function(j) {
    ends <- left + bar * cumsum(c(0, content$share[, j]))
    y <- rows$middle[j] + c(-0.75, 0.75) * em
    parts <- lapply(which(content$share[, j] > 0), function(i) {
      item_rect(c(ends[i], y[1L], ends[i + 1L], y[2L]), content$fill[i], "black")
    })
    c(list(label_item(rows$words, j, left - 0.6 * em, rows$middle[j], pt, hjust = 1, role = "domain")), parts,
      list(item_rect(c(left, y[1L], left + bar, y[2L]), NA, "black")))
  })
  heads <- lapply(seq_along(rows$heads), function(i) {
    item_text(left, rows$heads[i], content$heads[i], pt, hjust = 0, font = 2L, role = "group")
  })
  c(unlist(items, recursive = FALSE), heads)
}

graph_axis <- function(content, y, left, bar, pt) {
  em <- pt / 72
  at <- left + bar * (0:4) / 4
  ticks <- lapply(at, function(x) item_line(c(x, x), c(y, y - 0.4 * em)))
  words <- paste0(c(0, 25, 50, 75, 100), "%")
  labels <- lapply(seq_along(at), function(i) item_text(at[i], y - 0.7 * em, words[i], pt, vjust = 1, role = "x_tick"))
  title <- if (!is.null(content$axis)) {
    wrapped <- wrapped_labels(content$axis, bar, pt)
    list(label_item(wrapped, 1L, left + bar / 2, y - 2.3 * em, pt, hjust = 0.5, vjust = 1, role = "x_title"))
  }
  c(list(item_line(c(left, left + bar), c(y, y))), ticks, labels, title)
}

with_graph_legend <- function(body, content, pt) {
  em <- pt / 72
  signs <- lapply(content$legend$fill, function(fill) {
    function(x, y) list(item_rect(c(x - 0.8 * em, y - 0.55 * em, x + 0.8 * em, y + 0.55 * em), fill, "black"))
  })
  part <- flow_legend(content$legend$labels, signs, body$width - 2 * em, pt, 1.6 * em, content$lines)
  top <- body$height
  box <- c(0, -top - part$height - 1.2 * em, part$width + 1.6 * em, -top)
  shift <- max(0, (body$width - box[3L]) / 2)
  items <- c(shift_items(list(item_rect(box, NA, "black")), shift, 0),
             shift_items(part$items, shift + 0.8 * em, -top - 0.6 * em))
  list(items = c(body$items, items), width = max(body$width, box[3L]), height = -box[2L], lines = part$lines)
}

framed_block <- function(block, em) {
  inner <- padded_block(block, 0.8 * em)
  inner$items <- c(list(item_rect(c(0, -inner$height, inner$width, 0), NA, "black")), inner$items)
  inner
}

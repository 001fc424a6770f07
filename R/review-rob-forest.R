# Owns the judgements of rob() beside a forest plot: matched to its studies by their labels.

#' @exportS3Method
forest_lights.metaparity_rob <- function(x, labels, colours, numbered) {
  check_rob(x, NULL)
  if (!is.null(x$stars)) abort_input("rob", "has stars, which are no lights: rob_summary() draws them")
  levels <- coloured_levels(x$tool, colours, NULL)
  row <- light_rows(x, labels, numbered)
  values <- x$values[row, , drop = FALSE]
  shown <- legend_levels(x, levels)
  level <- match(values, shown$level)
  dim(level) <- dim(values)
  shown$label <- level_labels(x, shown)
  list(level = level, levels = shown[c("label", "symbol", "fill", "ink")],
       domains = paste0(translate(x$domains$label), ifelse(x$domains$group == "applicability",
                                                           sprintf(" (%s)", translate("applicability")), "")))
}

# The row of judgements of each study of the plot. Studies that are mere numbers are those of `x` in their order.
light_rows <- function(x, labels, numbered) {
  drawn <- which(!is.na(labels))
  if (numbered && length(labels) == length(x$study)) return(seq_along(labels))
  key <- plain_label(x$study)
  if (anyDuplicated(key[key %in% plain_label(labels[drawn])])) {
    abort_input("rob", "must judge each study of the plot once: take the rows of one outcome, rob(...)[i]")
  }
  row <- match(plain_label(labels), key)
  lost <- drawn[is.na(row[drawn])]
  if (length(lost) == length(drawn)) {
    abort_input("rob", sprintf("judges none of the studies of the plot (%s); it has %s", some_of(labels[drawn], 3L),
                               some_of(x$study, 3L)))
  }
  if (length(lost)) {
    warn_studies("rob", lost, sprintf("has no judgements of these studies: %s", some_of(labels[lost])))
  }
  row
}

# The table of an analysis of a review: all items of the studies, those of groups of outcomes where this one is of them.
#' @exportS3Method
forest_lights.revman_bias <- function(x, labels, colours, numbered) {
  class(x) <- "data.frame"
  forest_lights(rob(x), labels, colours, FALSE)
}

# Owns the colours of studies by a variable, and the key under the plot that names them.

# Colours that readers with a deficiency of colour vision tell apart: Okabe and Ito (2008).
forest_palette <- c("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#000000", "#F0E442")

# One colour per study and, where they stand for the values of a variable, the key. NULL without `colour`.
study_colours <- function(colour, k, palette) {
  if (is.null(colour)) return(NULL)
  if (length(colour) == 1L) colour <- rep(colour, k)
  if (length(colour) != k) {
    abort_input("colour", sprintf("must have one value for each of the %d studies, not %d", k, length(colour)))
  }
  if (is.character(colour) && all(is_colour(colour))) return(list(value = colour))
  colour <- if (is.factor(colour)) droplevels(colour) else factor(colour)
  col <- rep_len(palette, nlevels(colour))
  list(value = col[as.integer(colour)], key = stats::setNames(col, levels(colour)))
}

is_colour <- function(text) {
  text %in% grDevices::colours() | grepl("^#([0-9A-Fa-f]{6}|[0-9A-Fa-f]{8})$", text)
}

# The key in rows of squares and texts, as wide as the plot.
place_legend <- function(depth, plan, x) {
  key <- plan$info$colours$key
  if (!length(key)) return(list(end = depth))
  em <- plan$em
  text <- gsub("\n", " ", names(key), fixed = TRUE)
  flow <- flow_key(plan$measure(text) + 2.4 * em, x$total - 2 * x$margin)
  depth <- depth + 0.4 * em
  list(text = text, fill = unname(key), x = x$margin + flow$at, y = depth + (flow$line + 0.5) * line_height * em,
       end = depth + (flow$row + 1L) * line_height * em)
}

legend_rects <- function(plan, y) {
  legend <- y$legend
  if (!length(legend$text)) return(NULL)
  half <- 0.35 * plan$em
  centre <- legend$x + half
  new_rects(centre - half, legend$y - half, centre + half, legend$y + half,
            list(fill = legend$fill, border = legend$fill), "box")
}

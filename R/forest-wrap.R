# Owns texts of several lines in a forest plot: line feeds of the user, and the wrapping of labels and cells of words,
# whose widths are narrowed until a plot fits its page.

# How many lines of text each line holds: its label, or its highest cell.
lines_of_text <- function(plan) {
  count <- tabulate(text_pieces(plan$lines$shown)$index, nrow(plan$lines))
  for (column in c(plan$columns$left, plan$columns$right)) {
    if (column$kind == "label") next
    of <- 2 * abs(column$cells$rank) + 1
    tall <- tapply(of, column$cells$line, max)
    some <- as.integer(names(tall))
    count[some] <- pmax(count[some], tall)
  }
  pmax(count, 1)
}

# The lines of several texts one after the other: index of the text, and rank, the distance from its middle in lines.
text_pieces <- function(text) {
  parts <- as.list(text)
  several <- which(grepl("\n", text, fixed = TRUE) & !is_math(text))
  parts[several] <- strsplit(text[several], "\r?\n")
  n <- lengths(parts)
  list(index = rep(seq_along(parts), n), text = as.character(unlist(parts, use.names = FALSE)),
       rank = sequence(n) - rep((n + 1) / 2, n))
}

# Texts with line feeds where they are wider than so many inches.
wrapped_texts <- function(plan, text, width, font = 1L, markup = FALSE) {
  n <- length(text)
  font <- rep_len(font, n)
  markup <- rep_len(markup, n)
  width <- rep_len(width, n)
  for (some in split(seq_len(n), paste(font, markup, width))) {
    i <- some[1L]
    piece <- text_pieces(text[some])
    lines <- wrap_texts(piece$text, width[i], plan$style$fontsize, font[i], markup[i])
    text[some] <- vapply(split(lines, factor(piece$index, seq_along(some))),
                         function(of) paste(unlist(of), collapse = "\n"), "")
  }
  text
}

# Labels that have cells beside them are wrapped to the width for labels; the others to that of the whole left block.
wrap_labels <- function(plan, room = Inf) {
  lines <- plan$lines
  width <- ifelse(is_crowded(plan), plan$wrap$label * plan$em, room) - lines$indent * plan$em
  if (all(is.infinite(width))) return(plan)
  plan$lines$shown <- wrapped_texts(plan, lines$text, width, lines$font, lines$markup)
  plan
}

# ---- labels -------------------------------------------------------------------------------------

label_columns <- function(columns) Filter(function(column) column$kind == "label", c(columns$left, columns$right))

label_reach <- function(columns) max(0, vapply(label_columns(columns), `[[`, 0, "reach"))

# The width of labels that have no cells beside them: that of the others and the rest of the left block.
label_room <- function(plan) {
  left <- plan$columns$left
  label <- label_columns(plan$columns)
  widest <- max(plan$wrap$label * plan$em, vapply(label, `[[`, 0, "narrow"))
  place <- which(vapply(left, function(column) column$kind == "label", NA))
  after <- if (length(place)) left[-seq_len(place[1L])] else list()
  widest + block_width(after, plan$style$gap * plan$em) + if (length(after)) plan$style$gap * plan$em else 0
}

# The widest label and the widest cell of words, in em.
longest_texts <- function(plan) {
  words <- unlist(lapply(c(plan$columns$left, plan$columns$right), `[[`, "words"))
  c(label = label_reach(plan$columns), cell = max(0, words)) / plan$em
}

# ---- fitting to a page --------------------------------------------------------------------------

# Widths in em beyond which labels and cells of words are wrapped: the first on any page, the others where the plot
# would have to be scaled.
wrap_levels <- list(list(label = 32, cell = 22), list(label = 26, cell = 17), list(label = 21, cell = 13),
                    list(label = 17, cell = 10))

# placed: the layout at a level. The first that is not scaled, or the one that is scaled least. Where the narrowest
# lines gain something and still not enough, those between are not tried.
wrap_to_fit <- function(placed, width, enough = 1) {
  wide <- placed(wrap_levels[[1L]])
  last <- length(wrap_levels)
  if (is.na(width) || wide$scale >= enough || all(wide$longest <= unlist(wrap_levels[[last]]))) return(wide)
  narrow <- placed(wrap_levels[[last]])
  if (narrow$scale > wide$scale && narrow$scale < enough) return(narrow)
  best <- if (narrow$scale > wide$scale) narrow else wide
  for (level in wrap_levels[-c(1L, last)]) {
    if (all(wide$longest <= unlist(level))) next
    one <- placed(level)
    if (one$scale >= enough) return(one)
    if (one$scale > best$scale) best <- one
  }
  best
}

# Who places things in user coordinates counts on rows of one height, and on texts that are made smaller rather than
# wrapped.
is_placed_by_hand <- function(options) any(lengths(options[c("xlim", "ylim", "textpos", "rows", "ilab.xpos")]) > 0L)

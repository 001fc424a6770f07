# Owns the lights at the right of a forest plot, one per study and domain, and the key under it. What is judged of the
# studies comes from a method of forest_lights(); the look is RevMan's: letters above, names of domains below.

# x: judgements; labels: of the studies in the caller's order; numbered: are they mere numbers? list(level: matrix of
# rows of `levels`, levels: data frame with label, symbol, fill, ink; domains: names; title).
forest_lights <- function(x, labels, colours, numbered) UseMethod("forest_lights")

#' @exportS3Method
forest_lights.default <- function(x, labels, colours, numbered) {
  abort_input("rob", sprintf("must be what rob() returned, not %s", describe(x)))
}

# Labels of the studies by their number; NA where a study has no row.
study_labels_of <- function(rows, k) {
  own <- which(is_study_type(rows$type) & !is.na(rows$study))
  out <- rep(NA_character_, k)
  out[rows$study[own]] <- rows$label[own]
  out
}

lights_of <- function(rows, x, options, k) {
  if (is.null(options$rob)) return(NULL)
  fit <- if (inherits(x, "metaparity_subgroup")) x$overall else x
  judged <- options$rob
  if (isTRUE(judged)) judged <- x$risk_of_bias
  if (is.null(judged)) {
    abort_input("rob",
                "is TRUE, but the plot is not of an analysis of a review with judgements: give what rob() returned")
  }
  out <- forest_lights(judged, study_labels_of(rows, k), options$robcolours %||% "revman",
                       is.list(fit) && isTRUE(fit$slab.null))
  out$letter <- light_letters(ncol(out$level))
  out
}

light_letters <- function(n) c(LETTERS, as.vector(t(outer(LETTERS, LETTERS, paste0))))[seq_len(n)]

# ---- the column ---------------------------------------------------------------------------------

light_pitch <- 1.55

light_radius <- 0.62

# One column whose cells stand at the middles of its lights.
light_columns <- function(plan) {
  lights <- plan$info$lights
  if (is.null(lights)) return(NULL)
  m <- ncol(lights$level)
  pitch <- max(light_pitch * plan$em, plan$measure(lights$letter, plan$style$header$font) + 0.3 * plan$em)
  at <- (seq_len(m) - 0.5) * pitch
  line <- match(seq_len(nrow(plan$rows)), plan$lines$row)
  shown <- which(is_study_type(plan$rows$type) & !is.na(plan$rows$study) & !is.na(line))
  level <- lights$level[plan$rows$study[shown], , drop = FALSE]
  index <- as.vector(level)
  some <- which(!is.na(index))
  cells <- new_cells(rep(line[shown], m)[some], lights$levels$symbol[index[some]], 0.5,
                     rep(at, each = length(shown))[some])
  column <- new_column(plan, paste(lights$letter, collapse = ""), "centre", cells, m * pitch, translate("Risk of bias"),
                       "lights")
  column$lights <- list(at = at, level = index[some], row = rep(shown, m)[some])
  list(column)
}

# Letters over the lights, which are in the middle of a column that its heading made wider.
light_heads <- function(plan, column, from, y) {
  at <- column$lights$at
  at <- at + column$width / 2 - (at[1L] + at[length(at)]) / 2
  new_texts(plan, plan$info$lights$letter, from + at, header_depth(plan, y, 1L), "header", 0.5,
            font = plan$style$header$font)
}

# Signs in the ink that their light asks for.
light_signs <- function(plan, column, texts) {
  texts$col <- plan$info$lights$levels$ink[column$lights$level]
  texts$font <- rep(2L, nrow(texts))
  texts
}

light_disc <- function(x, y, radius) {
  turn <- seq(0, 2 * pi, length.out = 33L)[-33L]
  list(x = x + radius * cos(turn), y = y + radius * sin(turn))
}

# Discs of the cells and of the key.
light_polygons <- function(plan, x, y) {
  lights <- plan$info$lights
  if (is.null(lights)) return(NULL)
  columns <- c(plan$columns$left, plan$columns$right)
  i <- which(vapply(columns, function(column) identical(column$kind, "lights"), NA))
  cells <- if (length(i)) columns[[i[1L]]]
  depth <- y$rows + plan$lines$at[cells$cells$line] * y$pitch
  radius <- min(light_radius * plan$em, 0.46 * y$pitch)
  discs <- Map(light_disc, x$starts[i[1L]] + cells$cells$at, depth, radius)
  key <- y$lights
  discs <- c(discs, Map(light_disc, key$x, key$y, radius))
  fill <- lights$levels$fill[c(cells$lights$level, key$level)]
  new_polygons(unname(discs), list(fill = fill, border = "black", lwd = 0.6), "light",
               c(cells$lights$row, rep(NA_integer_, length(key$level))))
}

# ---- the key ------------------------------------------------------------------------------------

# Names of the domains by their letters, and what the lights mean, below all.
place_lights <- function(depth, plan, x) {
  lights <- plan$info$lights
  if (is.null(lights)) return(list(end = depth))
  em <- plan$em
  size <- plan$style$fontsize
  room <- x$total - 2 * x$margin
  title <- wrapped(translate("Risk of bias legend"), room, size, 2L)
  lines <- unlist(lapply(sprintf("(%s) %s", lights$letter, lights$domains), wrap_text, width = room, size = size))
  at <- depth + 0.6 * em
  below <- at + (length(title) + length(lines)) * line_height * em
  text <- lights$levels$label
  flow <- flow_key(plan$measure(text) + 3 * em, room)
  middle <- below + 0.3 * em + (flow$line + 0.5) * 1.15 * line_height * em
  list(title = title, lines = lines, at = at, text = text, level = seq_along(text), x = x$margin + flow$at + 0.7 * em,
       y = middle, end = below + 0.3 * em + (max(flow$line) + 1) * 1.15 * line_height * em)
}

light_key_texts <- function(plan, x, y) {
  key <- y$lights
  if (is.null(key$text)) return(NULL)
  n <- length(key$title)
  drop <- key$y + centre_drop * plan$em
  levels <- plan$info$lights$levels
  rbind(stacked(plan, key$title, x$margin, key$at, "legend", 0, font = 2L),
        stacked_plain(plan, key$lines, x$margin, key$at + n * line_height * plan$em),
        new_texts(plan, levels$symbol, key$x, drop, "legend", 0.5, col = levels$ink, font = 2L),
        new_texts(plan, key$text, key$x + 1.1 * plan$em, drop, "legend"))
}

# The user's words have no markup.
stacked_plain <- function(plan, text, x, depth) {
  y <- depth + ((seq_along(text) - 0.5) * line_height + centre_drop) * plan$em
  new_texts(plan, text, x, y, "legend")
}

# Entries of these widths one after the other, in lines of at most `room`: where each begins, and its line from 0.
flow_key <- function(width, room) {
  at <- numeric(length(width))
  line <- integer(length(width))
  used <- 0
  row <- 0L
  for (i in seq_along(width)) {
    if (used > 0 && used + width[i] > room) {
      used <- 0
      row <- row + 1L
    }
    at[i] <- used
    line[i] <- row
    used <- used + width[i]
  }
  list(at = at, line = line, row = row)
}

# The graph of a typed command: titles, ticks and legend go to the plot, what only changes its looks is named in a
# warning.

# Words of every graph, by what they are for: title, axis, page, size, line; look: named in a warning, without effect.
graph_option <- function(word, role) {
  table <- options_of("graph")
  match_option(word, table$least[table$role == role])
}

# A word of the graph; anything that is not known is refused.
graph_word <- function(word, text, words, command) {
  if (grepl("^nogr", word)) return(words)
  name <- graph_option(word, "title")
  if (!is.na(name) && !is.na(text)) {
    words[[name]] <- unquote(strsplit(text, ",\\s*(?=[a-z]+\\()", perl = TRUE)[[1L]][1L])
    return(words)
  }
  axis <- graph_option(word, "axis")
  if (!is.na(axis)) {
    ticks <- if (!is.na(text)) ticks_with_texts(text)
    if (is.null(ticks) && !is.na(text) && !grepl("[\"#]|none", unquote_numbers(text))) ticks <- option_numbers(text)
    if (!is.null(ticks)) words[[axis]] <- ticks
    return(words)
  }
  if (isTRUE(startsWith("legend", word)) && nchar(word) >= 3L && identical(trimws(text), "off")) {
    words$legend <- FALSE
    return(words)
  }
  page <- graph_option(word, "page")
  if (!is.na(page) && !is.na(text)) {
    words$looks[[page]] <- trimws(text)
    return(words)
  }
  size <- graph_option(word, "size")
  if (!is.na(size) && !is.na(text) && !is.na(real_value(sub("^[*]", "", trimws(text))))) {
    words[[size]] <- real_value(sub("^[*]", "", trimws(text)))
    return(words)
  }
  line <- graph_option(word, "line")
  if (!is.na(line) && !is.na(text)) {
    place <- if (startsWith(line, "t")) "subtitle" else "note"
    words[[place]] <- c(words[[place]], unquote(strsplit(text, ",\\s*(?=[a-z]+\\()", perl = TRUE)[[1L]][1L]))
    return(words)
  }
  if (word == "name" && !is.na(text)) {
    words$name <- strsplit(trimws(text), "[ ,]+")[[1L]][1L]
    return(words)
  }
  if (is.na(graph_option(word, "look")) && is.na(graph_option(word, "line")) && is.na(graph_option(word, "size"))) {
    refuse_option(word, command$word, c(command$known, option_names("graph")))
  }
  warn_looks(word, command)
  words
}

# list(o, words): a command's own options as texts, the others as words of its graph.
figure_options <- function(command, known, required = character()) {
  own <- !is.na(vapply(names(command$options), match_option, "", known = known))
  words <- list()
  for (i in which(!own)) words <- graph_word(names(command$options)[i], command$options[[i]], words, command)
  command$options <- command$options[own]
  list(o = command_options(command, known, required), words = words)
}

# The words that the view's plot method takes.
draw_graph <- function(graph) {
  if (inherits(graph$view, c("metaparity_figure", "stata_combined"))) return(plot(graph$view))
  if (is_forest_view(graph$view) && has_page(graph) &&
    all(graphics::par("mfrow") == 1L)) return(draw_forest_page(graph))
  if (!is_forest_view(graph$view) && has_page(graph)) return(draw_figure(figure_of(graph)))
  do.call(plot, c(list(graph$view), graph_arguments(graph)), quote = TRUE)
}

# A forest plot has a title above, a note below and one axis; the other graphs know Stata's words themselves.
graph_arguments <- function(graph) {
  words <- graph$words
  if (!is_forest_view(graph$view)) return(words[setdiff(names(words), c("note", "caption", "scale", "xsize", "looks"))])
  ticks <- words$xlabel
  if (!is.null(ticks) && identical(attr(forest_rows(graph$view), "info")$natural, exp)) ticks <- log(ticks[ticks > 0])
  out <- list(main = c(words$title, words$subtitle), xlab = words$xtitle, note = c(words$note, words$caption),
              at = ticks, fontsize = if (!is.null(words$scale)) scaled_font(graph))
  Filter(length, out)
}

# scale(1.5): the text, on which all lengths of a forest plot hang, by so much larger; texts() counts, too.
scaled_font <- function(graph) {
  usual <- style_stata()$fontsize * c(graph$view$options$texts, 100)[1L] / 100
  usual * min(max(graph$words$scale, 0.2), 10)
}

# xsize() is the width of a forest plot in inches; its height follows from its rows.
save_graph <- function(graph, file, dpi = 300) {
  if (inherits(graph$view, "stata_combined")) return(save_combined(graph$view, file, dpi))
  if (is_forest_view(graph$view) && has_page(graph)) return(save_forest_page(graph, file, dpi))
  if (is_forest_view(graph$view)) {
    width <- if (!is.null(graph$words$xsize)) min(max(graph$words$xsize, 1), 100)
    return(do.call(save_forest, c(list(graph$view, file, dpi = dpi, width = width), graph_arguments(graph)),
                   quote = TRUE))
  }
  save_figure(figure_of(graph), file, dpi = dpi)
}

# Views whose graph is a forest plot, which is as large as its rows need.
is_forest_view <- function(view) {
  if (!is.null(view$options$plplot)) return(FALSE)
  space <- asNamespace("metaparity")
  any(vapply(class(view), function(k) !is.null(utils::getS3method("forest_rows", k, TRUE, space)), NA))
}

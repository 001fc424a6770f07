# The frame of a twoway graph: axes with their ticks and titles, lines across, legend, titles and note.
# Source: Stata's Graphics manual, axis_label_options, axis_scale_options, legend_options, title_options.

twoway_figure <- function(layers, plots, whole, session) {
  style <- session$graph_style
  if (!is.null(whole$graphregion)) style <- region_colours(style, whole$graphregion, "page")
  if (!is.null(whole$plotregion)) style <- region_colours(style, whole$plotregion, "panel")
  x <- twoway_axis("x", unlist(lapply(layers, `[[`, "x")), twoway_title(layers, "x"), whole, style, session,
                   axis_name(layers, "x"))
  second <- vapply(layers, function(l) isTRUE(l$second), NA)
  wholes <- list(whole, whole)
  for (name in c("ytitle", "ylabel", "yscale", "ytick", "ymtick", "ymlabel")) for (i in 1:2) {
    wholes[[i]] <- unclass(wholes[[i]])
    wholes[[i]][[name]] <- on_axis(unlist(unclass(whole)[names(whole) == name]), i)
    wholes[[i]] <- exact_list(wholes[[i]])
  }
  main <- if (all(second)) layers else layers[!second]
  y <- twoway_axis("y", unlist(lapply(main, `[[`, "y")), twoway_title(main, "y"), wholes[[1L]], style, session,
                   axis_name(main, "y"))
  right <- if (any(second) && !all(second)) second_axis(layers[second], y, wholes[[2L]], style, session)
  if (!is.null(right)) layers[second] <- lapply(layers[second], function(l) {
    l$layers <- lapply(l$layers, moved_layer, move = right$move)
    l
  })
  scale <- function(layer) scale_layer(layer, x$log, y$log)
  drawn <- lapply(unlist(lapply(layers, `[[`, "layers"), recursive = FALSE), scale)
  drawn <- c(crossing_lines(whole$xline, "x", y$limits, x$log), crossing_lines(whole$yline, "y", x$limits, y$log),
             drawn,
             graph_texts(whole$text))
  legend <- twoway_legend(layers, whole, style)
  figure <- finish_figure(drawn, x, y, whole, legend, style)
  if (!is.null(right)) figure$right <- right$axis
  figure
}

# Words, size and note that all graphs share.
finish_figure <- function(layers, x, y, whole, legend, style) {
  note <- c(graph_words_of(whole$note), graph_words_of(whole$caption))
  if (length(note)) x$title <- paste(c(if (is.null(x$title)) "" else x$title, note), collapse = "\n")
  size <- style$size
  if (!is.null(whole$xsize)) size[1L] <- figure_inches(whole$xsize, size[1L])
  if (!is.null(whole$ysize)) size[2L] <- figure_inches(whole$ysize, size[2L])
  ratio <- suppressWarnings(as.numeric(sub(",.*$", "", c(whole$aspectratio, "")[1L])))
  if (!is.na(ratio) && ratio > 0) size[2L] <- min(max(size[1L] * ratio, 1), 100)
  inside <- grepl("ring\\(0\\)", c(whole$legend, "")[1L])
  figure <- new_figure(layers, x, y, list(title = graph_words_of(whole$title),
                                          subtitle = graph_words_of(whole$subtitle)),
                       legend, style, data.frame(), size)
  if (inside) figure$legend_at <- "corner"
  figure
}

figure_inches <- function(text, default) {
  value <- suppressWarnings(as.numeric(text))
  if (is.na(value) || value < 1 || value > 100) default else value
}

region_colours <- function(style, text, what) {
  style[[what]] <- region_fill(text, style[[what]])
  margin <- region_margin(text)
  if (what == "page" && !is.null(margin)) style$pad <- style$pad + max(margin) / 100 * min(style$size)
  if (what == "panel" && !is.null(margin)) style$expand <- max(margin) / 100
  style
}

twoway_title <- function(layers, side) {
  first <- layers[[1L]]
  if (side == "x") return(first$xtitle)
  titles <- unique(unlist(lapply(layers, `[[`, "ytitle")))
  if (length(titles) == 1L) titles else if (length(layers) == 1L && length(titles) > 1L) "" else
    if (length(titles) <= 2L && "Fitted values" %in% titles) paste(titles,
                                                                   collapse = "/") else if (length(titles) > 2L) "" else
      paste(titles, collapse = "/")
}

axis_name <- function(layers, side) {
  name <- layers[[1L]][[paste0(side, "name")]]
  if (length(name)) name[1L] else ""
}

# xlabel(), xscale(), xtitle(): ticks and limits.
twoway_axis <- function(side, values, title, whole, style, session, name) {
  get <- function(option) whole[[paste0(side, option)]]
  scale <- c(get("scale"), "")[1L]
  log <- grepl("\\blog\\b", scale)
  values <- values[is.finite(values)]
  if (!length(values)) values <- c(0, 1)
  wish <- read_ticks(get("label"), values, log)
  range <- regmatches(scale, regexec("r(?:ange|ang|an|a)?\\(([^)]*)\\)", scale))[[1L]]
  more <- if (length(range)) option_numbers(range[2L])
  at <- wish$at
  # Automatic ticks enclose the values; ticks that are asked for add to their range.
  limits <- range(values, if (length(at)) at, more)
  if (limits[1L] == limits[2L]) limits <- limits + c(-0.5, 0.5)
  format <- if (nzchar(name) && name %in% names(session$meta)) session$meta[[name]]$format else "%9.0g"
  labels <- if (!is.null(wish$labels)) wish$labels else ticks_as_text(at, c(wish$format, format)[1L], wish$valuelabel,
                                                                      name, session)
  if (log) {
    at <- log(at[at > 0])
    limits <- log(range(values[values > 0], wish$at[wish$at > 0]))
  }
  limits <- expand_limits(limits, style$expand)
  if (grepl("\\brev(e|er|ers|erse)?\\b", scale)) limits <- rev(limits)
  title <- if (is.null(get("title"))) title else graph_words_of(get("title"))
  grid <- side == "y" && !wish$nogrid || wish$grid
  axis <- new_axis(limits, at, labels, if (!is.null(title) && nzchar(title)) title,
                   crowded = if (is.null(wish$labels)) "thin" else "shrink",
                   grid = grid && !is.na(style$grid_col), horizontal = if (side == "y") wish$flat,
                   upright = side == "x" && wish$upright)
  axis$log <- log
  axis
}

# list(at, labels, ...) of xlabel(0(10)50 60 "sixty", angle(0) format(%4.1f)).
read_ticks <- function(text, values, log) {
  text <- c(text, "")[1L]
  comma <- top_level_comma_quoted(text)
  head <- trimws(if (is.na(comma)) text else substr(text, 1L, comma - 1L))
  tail <- if (is.na(comma)) "" else substring(text, comma + 1L)
  format <- regmatches(tail, regexec("format\\(([^)]*)\\)", tail))[[1L]]
  angle <- regmatches(tail, regexec("ang(?:l|le)?\\(([^)]*)\\)", tail))[[1L]]
  turned <- if (length(angle)) angle[2L] else ""
  out <- list(format = if (length(format)) format[2L], valuelabel = grepl("\\bvalue", tail),
              nogrid = grepl("nogrid", tail),
              grid = grepl("(^|[^o])grid", tail), flat = if (turned %in% c("0", "horizontal", "hor")) TRUE,
              upright = turned %in% c("90", "vertical", "45", "ver", "270"))
  count <- regmatches(head, regexec("^#([0-9]+)$", head))[[1L]]
  if (head == "none") return(c(out, list(at = numeric())))
  if (head == "minmax") return(c(out, list(at = range(values))))
  if (length(count)) return(c(out, list(at = pretty(values, as.numeric(count[2L])))))
  if (!nzchar(head)) return(c(out, list(at = automatic_ticks(values, log))))
  if (!grepl("\"", head, fixed = TRUE)) {
    automatic <- grepl("^##?[0-9]+", head)
    return(c(out, list(at = if (automatic) automatic_ticks(values, log) else option_numbers(head))))
  }
  c(out, ticks_in_words(head))
}

ticks_in_words <- function(head) {
  tokens <- tokenize(head)
  text <- tokens$type == "string"
  pieces <- list()
  number <- ""
  for (i in seq_len(nrow(tokens))) {
    if (text[i]) {
      values <- parse_numlist(number)
      pieces <- c(pieces, list(list(at = values, labels = c(vapply(values[-length(values)], macro_text, ""),
                                                            plain_graph_text(tokens$text[i])))))
      number <- ""
    } else number <- paste0(number, if (tokens$blank[i]) " ", tokens$text[i])
  }
  if (nzchar(trimws(number))) {
    values <- parse_numlist(number)
    pieces <- c(pieces, list(list(at = values, labels = vapply(values, macro_text, ""))))
  }
  list(at = unlist(lapply(pieces, `[[`, "at")), labels = unlist(lapply(pieces, `[[`, "labels")))
}

automatic_ticks <- function(values, log) {
  if (!log) return(pretty(values, 5L))
  values <- values[values > 0]
  exp(pretty(log(values), 5L))
}

ticks_as_text <- function(at, format, labelled, name, session) {
  if (labelled && name %in% names(session$meta)) {
    set <- session$value_labels[[c(session$meta[[name]]$labels, "")[1L]]]
    if (!is.null(set)) return(ifelse(at %in% set, names(set)[match(at, set)], vapply(at, macro_text, "")))
  }
  if (grepl("^%t|^%d", format)) return(trimws(apply_format(at, format)))
  plain <- is.null(format) || grepl("g(c?)$", format)
  if (plain) format_tick_stata(at) else trimws(apply_format(at, format))
}

# ---- lines across, texts, log scales -----------------------------------------------------------

crossing_lines <- function(texts, side, limits, log) {
  unlist(lapply(texts, function(text) {
    comma <- top_level_comma_quoted(text)
    o <- read_options(if (is.na(comma)) "" else substring(text, comma + 1L), "xline")$plot
    at <- option_numbers(if (is.na(comma)) text else substr(text, 1L, comma - 1L))
    if (log) at <- log(at)
    lapply(at, function(v) {
      ends <- list(c(v, v), limits)
      if (side == "y") ends <- rev(ends)
      layer_line(ends[[1L]], ends[[2L]], stata_colour(c(o$lcolor, o$clcolor)[1L], "#1E2D53"),
      stata_size(c(o$lwidth, o$clwidth)[1L]),
                 stata_pattern(c(o$lpattern, o$clpattern)[1L]))
    })
  }), recursive = FALSE)
}

scale_layer <- function(layer, log_x, log_y) {
  ln <- function(v) suppressWarnings(ifelse(v > 0, log(v), NA_real_))
  if (log_x) if (is.null(layer$data)) layer$x <- ln(layer$x) else layer$data$x <- ln(layer$data$x)
  if (log_y) {
    if (!is.null(layer$data)) layer$data$y <- ln(layer$data$y)
    else for (f in intersect(c("y", "lo", "hi"), names(layer))) layer[[f]] <- ln(layer[[f]])
  }
  layer
}

# text(y x "words")
graph_texts <- function(texts) {
  lapply(texts, function(text) {
    tokens <- tokenize(sub(",[^\"]*$", "", text))
    numbers <- parse_numlist(paste(ifelse(tokens$type == "string", "",
                                          paste0(ifelse(tokens$blank, " ", ""), tokens$text)), collapse = ""))
    layer_labels(numbers[2L], numbers[1L], plain_graph_text(tokens$text[tokens$type == "string"][1L]), "right", 0)
  })
}

# ---- legend ------------------------------------------------------------------------------------

# legend(off), order(1 "a" 2 "b"), label(1 "a"); one series alone has none unless asked for.
twoway_legend <- function(layers, whole, style) {
  entries <- unlist(lapply(layers, `[[`, "legend"), recursive = FALSE)
  text <- whole$legend
  if (is.null(text)) return(if (length(entries) > 1L) entries)
  given <- parse_command(paste("legend ,", text))$options
  o <- split(unlist(lapply(given, function(v) if (is.na(v)) "" else v)), factor(names(given), unique(names(given))))
  if ("off" %in% names(o)) return(NULL)
  for (l in unlist(o[intersect(names(o), c("label", "lab", "labe"))])) {
    part <- tokenize(l)
    k <- suppressWarnings(as.integer(part$text[1L]))
    words <- plain_graph_text(part$text[part$type == "string"])
    if (!is.na(k) && k <= length(entries)) entries[[k]]$label <- paste(words, collapse = "\n")
  }
  order <- unlist(o[intersect(names(o), c("order", "ord", "or"))])
  if (length(order)) entries <- ordered_entries(order[1L], entries)
  if (length(entries) < 2L && !length(order) && !"on" %in% names(o)) return(NULL)
  entries
}

ordered_entries <- function(text, entries) {
  tokens <- tokenize(text)
  out <- list()
  for (i in seq_len(nrow(tokens))) {
    if (tokens$type[i] == "number") {
      k <- as.integer(tokens$text[i])
      if (k < 1L || k > length(entries)) abort_stata(sprintf("legend order(): there is no plot %d", k), 198L)
      out <- c(out, entries[k])
    } else if (tokens$type[i] == "string" && length(out)) out[[length(out)]]$label <- plain_graph_text(tokens$text[i])
  }
  out
}

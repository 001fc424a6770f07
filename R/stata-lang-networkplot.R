# networkplot: treatments as nodes, comparisons as lines, sized by studies or by a variable, lines coloured by the
# risk of bias. Source: Chaimani et al. (2013) PLoS ONE 8:e76654; help of networkplot. Oracle: sums and means by
# hand.

networkplot_options <- c(noweight = "now", nodeweight = "nodew", edgeweight = "edgew", labels = "lab", labsize = "labs",
                         nodecolor = "nodec", edgecolor = "edgec", bylevels = "bylev", bycolors = "bycol",
                         edgepattern = "edgepat", plotregion = "plot", edgescale = "edgesc", nodescale = "nodesc")

# networkplot t1 t2 [if] [in] [, noweight nodeweight(study v | arm v1 v2 [sum|mean]) edgeweight(v [sum|mean])
# edgecolor(colour | by v [mean|mode|wmean w|max|min]) bylevels(#) bycolors() labels() ...]
run_networkplot <- function(command, session, rows) {
  given <- figure_options(command, networkplot_options)
  o <- given$o
  words <- given$words
  if (!is.null(o$plotregion)) words$looks$plotregion <- o$plotregion
  p <- netgraph_pairs(command, session, rows, c("t1", "t2"))
  k <- netgraph_comparisons(p)
  study <- networkplot_study(p, session)
  shape <- c(circle_places(length(p$codes)), list(a = k$a, b = k$b, studies = networkplot_counts(p, study)))
  node <- networkplot_nodes(p, o, shape$studies, session)
  edge <- networkplot_edges(k, p, o, study, session)
  ask <- c(list(draw = FALSE), words[intersect(c("title", "subtitle", "legend"), names(words))])
  figure <- network_circle(shape, netgraph_labels(o$labels, p$codes, command), node, edge, ask, edge$legend,
                           stata_size(o$labsize %||% "small") / stata_sizes[["small"]])
  add_graph(restyled(figure_with_page(figure, words), words), list(name = words$name), session)
}

# Data in the pairs format know their studies; else a row is a study.
networkplot_study <- function(p, session) {
  name <- if (identical(session$network$format, "pairs")) session$network$studyvar
  if (is.null(name) || !name %in% names(session$data)) seq_along(p$rows) else session$data[[name]][p$rows]
}

networkplot_counts <- function(p, study) {
  vapply(seq_along(p$codes), function(t) length(unique(study[p$a == t | p$b == t])), 0L)
}

# The words of nodeweight() and edgeweight(): a kind, variables, and how their values come together.
weight_words <- function(text, kinds, most, option, session) {
  words <- plain_words(text)
  method <- intersect(utils::tail(words, 1L), c("sum", "mean"))
  if (length(method)) words <- utils::head(words, -1L)
  kind <- intersect(utils::head(words, 1L), setdiff(kinds, names(session$data)))
  if (length(kind)) words <- words[-1L]
  vars <- expand_varlist(words, session, 1L, most)
  if (length(kind) && length(vars) != match(kind, kinds)) {
    abort_stata(sprintf("%s(%s ...) needs %s", option, kind, c("one variable", "two variables")[match(kind,
        kinds)]), 198L)
  }
  list(vars = vars, pool = if (identical(method, "mean")) mean else sum)
}

numbers_of <- function(name, rows, session) numeric_operand(session$data[[name]])[rows]

# Sizes of the nodes, their areas by what is counted.
networkplot_nodes <- function(p, o, studies, session) {
  value <- if (!is.null(o$nodeweight)) {
    w <- weight_words(o$nodeweight, c("study", "arm"), 2L, "nodeweight", session)
    one <- numbers_of(w$vars[1L], p$rows, session)
    two <- numbers_of(w$vars[length(w$vars)], p$rows, session)
    vapply(seq_along(p$codes), function(t) pooled_weight(c(one[p$a == t], two[p$b == t]), w$pool), 0)
  } else if (is.null(o$noweight)) studies else rep(1, length(studies))
  list(cex = network_node_size(value) * scale_option(o$nodescale, "nodescale") * if (is.null(o$noweight) ||
                                                                                   !is.null(o$nodeweight)) 1 else 0.6,
       col = stata_colour(o$nodecolor %||% "", "#0000FF"))
}

pooled_weight <- function(x, pool) {
  x <- x[!is.na(x)]
  if (any(x < 0)) abort_stata("negative weights encountered", 402L)
  if (length(x)) pool(x) else 0
}

scale_option <- function(text, option) {
  if (is.null(text)) return(1)
  x <- number_word(text)
  if (is.na(x) || x <= 0) abort_stata(sprintf("%s() must be a positive number", option), 198L)
  x
}

networkplot_edges <- function(k, p, o, study, session) {
  n <- vapply(seq_along(k$a), function(i) length(unique(study[k$of == i])), 0L)
  value <- if (!is.null(o$edgeweight)) {
    w <- weight_words(o$edgeweight, character(), 1L, "edgeweight", session)
    x <- numbers_of(w$vars, p$rows, session)
    vapply(seq_along(k$a), function(i) pooled_weight(x[k$of == i], w$pool), 0)
  } else if (is.null(o$noweight)) n
  width <- if (is.null(value)) rep(1.5, length(n)) else if (is.null(o$edgeweight)) network_line_width(n, n) else
    1 + 9 * value / max(value, .Machine$double.xmin)
  colour <- networkplot_colours(o, k, p, session)
  list(lwd = width * scale_option(o$edgescale, "edgescale"), col = colour$col, legend = colour$legend,
       lty = stata_pattern(o$edgepattern))
}

# One colour, or that of each comparison's level of bias.
networkplot_colours <- function(o, k, p, session) {
  words <- plain_words(o$edgecolor %||% "")
  if (!identical(utils::head(words, 1L), "by")) {
    return(list(col = rep(stata_colour(o$edgecolor %||% "", "#000000"), length(k$a)), legend = NULL))
  }
  b <- bias_levels(words[-1L], o, p$rows, session)
  level <- vapply(seq_along(k$a), function(i) pooled_level(b$score[k$of == i], b$weight[k$of == i], b$method), 0)
  col <- ifelse(is.na(level), "#808080", b$colours[level])
  used <- sort(unique(level[!is.na(level)]))
  list(col = col, legend = c(lapply(used, function(l) legend_line(b$names[l], b$colours[l], 3)),
                             if (anyNA(level)) list(legend_line("No score", "#808080", 3))))
}

bias_colours <- c("#008000", "#FFD700", "#FF0000")

# by v [method [w]]: scores 1, 2, ..., the method and its weights, the colours of the levels.
bias_levels <- function(words, o, rows, session) {
  if (!length(words)) abort_stata("by needs a variable with the levels of bias", 198L)
  name <- find_stata_variable(words[1L], session)
  method <- if (length(words) > 1L) words[2L] else "mode"
  if (!method %in% c("mode", "mean", "wmean", "max", "min")) abort_stata(sprintf("%s is no way to pool the bias",
      method), 198L)
  if (length(words) != 2L + (method == "wmean") && length(words) != 1L) {
    abort_stata(if (method == "wmean") "wmean needs a variable of weights" else sprintf("%s: too many words",
        method), 198L)
  }
  most <- if (is.null(o$bylevels)) 3L else as.integer(number_word(o$bylevels))
  if (!isTRUE(most >= 1L)) abort_stata("bylevels() must be a whole number from 1 on", 198L)
  colours <- bias_palette(o, most)
  x <- session$data[[name]][rows]
  score <- if (is.character(x)) bias_letters(x, name, o) else numeric_operand(x)
  bad <- score[!is.na(score) & (score != round(score) | score < 1 | score > most)]
  if (length(bad)) abort_stata(sprintf("%s holds %s, which is no level from 1 to %d", name, macro_text(bad[1L]),
      most), 459L)
  names <- if (is.null(o$bylevels)) c("Low risk", "Unclear risk", "High risk") else sprintf("Level %d", seq_len(most))
  weight <- if (method == "wmean") numbers_of(find_stata_variable(words[3L], session), rows, session) else rep(1,
      length(rows))
  list(score = score, method = method, weight = weight, colours = colours, names = names)
}

bias_palette <- function(o, most) {
  if (is.null(o$bycolors)) {
    if (most > 3L) abort_stata("option bycolors() required", 198L)
    return(bias_colours[seq_len(most)])
  }
  words <- quoted_words(o$bycolors)
  if (length(words) != most) abort_stata(sprintf("bycolors() must name %d colours", most), 198L)
  vapply(words, stata_colour, "", default = "#000000", USE.NAMES = FALSE)
}

bias_letters <- function(x, name, o) {
  if (!is.null(o$bylevels)) abort_stata("bylevels() needs a numeric variable", 109L)
  first <- substr(tolower(trimws(x)), 1L, 1L)
  out <- match(first, c("l", "u", "h"))
  if (any(is.na(out) & nzchar(first))) abort_stata(sprintf("%s must hold low, unclear or high", name), 459L)
  out
}

# The level of a comparison; ties of the mode go to the higher risk, means to the nearest level.
pooled_level <- function(score, weight, method) {
  use <- !is.na(score) & !is.na(weight)
  score <- score[use]
  weight <- weight[use]
  if (!length(score) || sum(weight) <= 0) return(NA_real_)
  switch(method, mode = {
    count <- table(score)
    max(as.numeric(names(count)[count == max(count)]))
  }, mean = , wmean = floor(sum(weight * score) / sum(weight) + 0.5), max = max(score), min = min(score))
}

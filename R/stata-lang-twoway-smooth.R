# Smooth curves of twoway and as commands: kdensity, lowess; spikes between pairs of coordinates; the second y axis.
# Source: Stata's Base Reference manual, kdensity and lowess (methods and formulas). Oracle: the kernels and the running
# line written out.

kernel_words <- c(epanechnikov = "epan", gaussian = "gau", biweight = "biw", cosine = "cos", rectangle = "rec",
  triangle = "tri")

kernel_value <- function(kind, z) {
  inside <- abs(z) < 1
  switch(kind, gaussian = stats::dnorm(z), biweight = ifelse(inside, 15 / 16 * (1 - z^2)^2, 0),
         cosine = ifelse(abs(z) < 0.5, 1 + cos(2 * pi * z), 0), rectangle = ifelse(inside, 0.5, 0),
         triangle = ifelse(inside, 1 - abs(z), 0), ifelse(abs(z) < sqrt(5), 0.75 * (1 - z^2 / 5) / sqrt(5), 0))
}

# list(x, y, width): the density at n points over the range of the values and a band width beyond.
kernel_density <- function(x, o, w = NULL) {
  n <- length(x)
  spread <- min(stats::sd(x), (stata_percentile(x, 75) - stata_percentile(x, 25)) / 1.349)
  if (!is.finite(spread) || spread <= 0) spread <- stats::sd(x)
  h <- if (!is.null(o$bwidth)) number_word(o$bwidth) else if (!is.null(o$width)) number_word(o$width) else
    0.9 * spread / n^0.2
  if (is.na(h) || h <= 0) abort_stata("bwidth() must be greater than 0", 198L)
  points <- if (is.null(o$n)) max(min(n, 50), 2) else number_word(o$n)
  if (is.na(points) || points < 2 || points > 1e5) abort_stata("n() invalid", 198L)
  ends <- if (is.null(o$range)) range(x) + c(-h, h) else option_numbers(o$range)
  at <- seq(ends[1L], ends[2L], length.out = points)
  kind <- c(intersect(names(kernel_words), names(o)), if (!is.null(o$kernel)) match_option(trimws(o$kernel),
    kernel_words),
            "epanechnikov")[1L]
  w <- if (is.null(w)) rep(1 / n, n) else w / sum(w)
  y <- vapply(at, function(a) sum(w * kernel_value(kind, (a - x) / h)) / h, 0)
  list(x = at, y = y, width = h, kernel = kind)
}

density_layers <- function(p, first, session) {
  x <- numeric_operand(session$data[[p$vars[1L]]])[p$rows]
  w <- if (!is.null(p$weight)) numeric_operand(evaluate_column(p$weight$tokens, session))[p$rows]
  use <- if (is.null(w)) !is.na(x) else !is.na(x) & !is.na(w)
  if (sum(use) < 2L) abort_stata("no observations", 2000L)
  d <- kernel_density(x[use], p$options, if (!is.null(w)) w[use])
  p$start <- first
  look <- plot_look(p, first, session$graph_style)
  area <- identical(trimws(p$options$recast %||% ""), "area")
  layer <- if (area) layer_polygon(c(d$x[1L], d$x, d$x[length(d$x)]), c(0, d$y, 0), look$fill) else
    layer_line(d$x, d$y, look$line, look$lwd, look$lty)
  title <- series_title(p$vars[1L], session)
  list(layers = list(layer), legend = list(legend_of("lfit", paste("kdensity", p$vars[1L]), look)), x = d$x, y = c(0,
    d$y),
       xtitle = title, ytitle = "Density", xname = p$vars[1L], yname = character())
}

# Options as they were written; a command's text without them.
option_words <- function(options) {
  if (!length(options)) return("")
  text <- vapply(options, function(v) if (is.na(v)) "" else sprintf("(%s)", v), "")
  paste(paste0(names(options), text), collapse = " ")
}

before_options <- function(text) {
  comma <- top_level_comma(text)
  trimws(if (is.na(comma)) text else substr(text, 1L, comma - 1L))
}

# kdensity x [, generate(x d) n() bwidth() normal nograph ...]
run_kdensity <- function(text, session, statement) {
  own <- c("generate", "at", "nograph", "normal", "normopts", "student", "note", "addplot")
  command <- parse_command(paste("kdensity", text))
  options <- command$options
  names <- vapply(names(options), function(n) match_option(n, c(generate = "g", at = "at", nograph = "nogr",
    normal = "nor",
                                                                normopts = "normop")), "")
  keep <- is.na(names)
  o <- stats::setNames(lapply(options[!keep], function(v) if (is.na(v)) "" else v), names[!keep])
  name <- expand_varlist(command$rest, session, 1L, 1L)
  rest <- option_words(options[keep])
  plain <- before_options(text)
  inner <- read_options(rest, "kdensity")
  x <- numeric_operand(session$data[[name]])[selected_rows(command, session)]
  d <- kernel_density(x[!is.na(x)], inner$plot)
  session$r <- list(kernel = d$kernel, bwidth = d$width, n = length(d$x), scale = d$x[2L] - d$x[1L])
  if (!is.null(o$generate)) {
    new <- plain_words(o$generate)
    if (length(new) == 1L) new <- c(paste0("_x", new), new)
    if (session$n < length(d$x)) set_observations(length(d$x), session)
    for (i in 1:2) store_variable(session, check_new_name(new[i], session),
                                  c(d[[c("x", "y")[i]]], rep(NA_real_, session$n - length(d$x))), session$type)
  }
  if (!is.null(o$nograph)) return(invisible())
  note <- sprintf("note(\"kernel = %s, bandwidth = %s\")", d$kernel, trimws(stata_general(d$width, 6L)))
  over <- if (!is.null(o$normal)) sprintf("(function y = normalden(x, %.10g, %.10g), range(%.10g %.10g))", mean(x,
    na.rm = TRUE),
                                          stats::sd(x, na.rm = TRUE), d$x[1L], d$x[length(d$x)])
  title <- if (is.null(inner$whole$title)) "title(\"Kernel density estimate\")"
  if (is.null(inner$whole$ytitle)) rest <- paste(rest, "ytitle(\"Density\")")
  draw_twoway(sprintf("(kdensity %s, %s) %s, %s %s", plain, rest, over %||% "", title %||% "",
    if (is.null(inner$whole$note)) note else ""),
              session, NULL)
}

# A running line with tricube weights, the line's value or, with mean, the weighted mean at each point.
running_line <- function(x, y, bandwidth = 0.8, line = TRUE) {
  n <- length(x)
  order <- order(x)
  x <- x[order]
  y <- y[order]
  k <- floor((n * bandwidth - 0.5) / 2)
  value <- vapply(seq_len(n), function(i) {
    from <- max(1, i - k)
    to <- min(i + k, n)
    own <- from:to
    reach <- 1.0001 * max(x[to] - x[i], x[i] - x[from])
    w <- if (reach > 0) pmax(1 - (abs(x[own] - x[i]) / reach)^3, 0)^3 else rep(1, length(own))
    mx <- sum(w * x[own]) / sum(w)
    my <- sum(w * y[own]) / sum(w)
    if (!line) return(my)
    sxx <- sum(w * (x[own] - mx)^2)
    if (sxx <= 1e-14 * max(1, mx^2)) my else my + (x[i] - mx) * sum(w * (x[own] - mx) * (y[own] - my)) / sxx
  }, 0)
  list(x = x, y = value, order = order)
}

lowess_layers <- function(p, first, session) {
  if (length(p$vars) != 2L) abort_stata("two variables needed", 102L)
  rows <- plotted_rows(p$vars, p$rows, session)
  p$start <- first
  look <- plot_look(p, first, session$graph_style)
  bandwidth <- if (is.null(p$options$bwidth)) 0.8 else number_word(p$options$bwidth)
  s <- running_line(session$data[[p$vars[2L]]][rows], session$data[[p$vars[1L]]][rows], bandwidth,
    is.null(p$options$mean))
  list(layers = list(layer_line(s$x, s$y, look$line, look$lwd, look$lty)),
       legend = list(legend_of("lfit", sprintf("lowess %s %s", p$vars[1L], p$vars[2L]), look)), x = s$x, y = s$y,
       xtitle = series_title(p$vars[2L], session), ytitle = sprintf("lowess %s %s", p$vars[1L], p$vars[2L]),
         xname = p$vars[2L],
       yname = character())
}

# lowess y x [, bwidth() generate() nograph mean]
run_lowess <- function(text, session, statement) {
  command <- parse_command(paste("lowess", text))
  own <- c(generate = "g", nograph = "nogr", bwidth = "bw", mean = "me", noweight = "now", logit = "lo", adjust = "a")
  names <- vapply(names(command$options), match_option, "", known = own)
  o <- stats::setNames(lapply(command$options[!is.na(names)], function(v) if (is.na(v)) "" else v),
    names[!is.na(names)])
  for (bad in intersect(names(o), c("noweight", "logit", "adjust"))) abort_unsupported(sprintf("option %s of lowess",
    bad))
  vars <- expand_varlist(command$rest, session, 2L, 2L)
  rows <- plotted_rows(vars, selected_rows(command, session), session)
  bandwidth <- if (is.null(o$bwidth)) 0.8 else number_word(o$bwidth)
  if (!is.null(o$generate)) {
    s <- running_line(session$data[[vars[2L]]][rows], session$data[[vars[1L]]][rows], bandwidth, is.null(o$mean))
    value <- rep(NA_real_, session$n)
    value[rows[s$order]] <- s$y
    store_variable(session, check_new_name(trimws(o$generate), session), value, session$type, sprintf("lowess: %s",
      vars[1L]))
  }
  if (!is.null(o$nograph)) return(invisible())
  rest <- command$options[is.na(names)]
  words <- option_words(rest)
  clause <- trimws(sub("^\\s*\\S+\\s+\\S+", "", before_options(text)))
  title <- if (!any(grepl("^ti", names(rest)))) "title(\"Lowess smoother\")" else ""
  form <- paste("(scatter %1$s %2$s %3$s) (lowess %1$s %2$s %3$s, bwidth(%4$s)),",
                "legend(off) note(\"bandwidth = %5$s\") %6$s %7$s")
  draw_twoway(sprintf(form,
                      vars[1L], vars[2L], clause, bandwidth, trimws(stata_general(bandwidth, 6L)), title, words),
                        session, NULL)
}

# qnorm x: its values against those of a normal distribution of the same mean and variance.
run_qnorm <- function(text, session, statement) {
  command <- parse_command(paste("qnorm", text))
  name <- expand_varlist(command$rest, session, 1L, 1L)
  x <- numeric_operand(session$data[[name]])[selected_rows(command, session)]
  x <- sort(x[!is.na(x)])
  n <- length(x)
  if (n < 2L) abort_stata("no observations", 2000L)
  expected <- mean(x) + stats::sd(x) * stats::qnorm(seq_len(n) / (n + 1))
  inner <- new_session(data.frame(value = x, expected = expected))
  inner$meta$value$label <- series_title(name, session)
  inner$meta$expected$label <- "Inverse Normal"
  inner$scheme <- session$scheme
  draw_twoway(sprintf("(scatter value expected) (line expected expected), legend(off) ytitle(\"%s\") %s",
    series_title(name, session),
                      option_words(command$options)), inner, NULL)
  add_figure(inner$graphs[[length(inner$graphs)]]$view, session, "Graph")
}

pair_layers <- function(p, first, session) {
  if (length(p$vars) != 4L) abort_stata("four variables needed: y1 x1 y2 x2", 102L)
  rows <- plotted_rows(p$vars, p$rows, session)
  at <- lapply(p$vars, function(v) session$data[[v]][rows])
  p$start <- first
  look <- plot_look(p, first, session$graph_style)
  lines <- lapply(seq_along(rows), function(i) layer_line(c(at[[2L]][i], at[[4L]][i]), c(at[[1L]][i], at[[3L]][i]),
    look$line,
                                                         look$lwd, look$lty))
  if (p$type == "pcarrow") lines <- c(lines, list(layer_points(at[[4L]], at[[3L]], 18, 0.7, look$line)))
  list(layers = lines, legend = list(legend_of("line", series_title(p$vars[1L], session), look)), x = c(at[[2L]],
    at[[4L]]),
       y = c(at[[1L]], at[[3L]]), xtitle = series_title(p$vars[2L], session), ytitle = series_title(p$vars[1L],
         session),
       xname = p$vars[2L], yname = character())
}

# What axis(2) of an option says: the options without it, and those with it.
on_axis <- function(texts, axis) {
  if (is.null(texts)) return(NULL)
  second <- grepl("axis\\(\\s*2\\s*\\)", texts)
  hit <- texts[if (axis == 2L) second else !second]
  if (!length(hit)) return(NULL)
  trimws(sub(",\\s*$", "", gsub("axis\\(\\s*[12]\\s*\\)", "", hit[length(hit)])))
}

# The layers of the second axis in units of the first, and the ticks to the right of the panel.
second_axis <- function(layers, y, whole, style, session) {
  values <- unlist(lapply(layers, `[[`, "y"))
  other <- twoway_axis("y", values, twoway_title(layers, "y"), whole, style, session, axis_name(layers, "y"))
  a <- diff(y$limits) / diff(other$limits)
  move <- function(v) y$limits[1L] + (v - other$limits[1L]) * a
  other$at <- move(other$at)
  other$grid <- FALSE
  list(axis = other, move = move)
}

moved_layer <- function(layer, move) {
  if (!is.null(layer$data)) layer$data$y <- move(layer$data$y)
  for (f in intersect(c("y", "lo", "hi"), names(layer))) layer[[f]] <- move(layer[[f]])
  layer
}

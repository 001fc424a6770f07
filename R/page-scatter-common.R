# Owns what the plot verbs share: the last step (build, draw, return), sizes of symbols, legend wishes, colours that
# stand for TRUE, and axes whose plot region has base graphics' limits, so that text() and abline() land where they
# should.

# Builds the figure in the language asked for, draws it, and returns `out` invisibly with the figure in its attribute.
present <- function(out, figure, draw = TRUE, lang = NULL, call = NULL) {
  check_flag(draw, "draw", call)
  attr(out, "figure") <- with_language(lang, figure)
  if (draw) with_language(lang, draw_figure(attr(out, "figure", exact = TRUE)))
  invisible(out)
}

# The range of the values, or the limits asked for; never empty.
shown_limits <- function(values, given, arg, call = NULL) {
  if (!is.null(given)) return(check_limits(given, arg, call))
  if (!any(is.finite(values))) abort_input("x", "must hold at least one finite value to draw", call)
  lim <- range(values[is.finite(values)])
  if (lim[1L] == lim[2L]) lim <- lim + c(-1, 1) * if (lim[1L] == 0) 1 else abs(lim[1L]) * 0.1
  lim
}

# An axis over `lim`, widened by 4 percent on both sides as base graphics does.
plain_axis <- function(lim, title, style, at = NULL, format = style$format_tick, grid = FALSE) {
  if (is.null(at)) at <- pretty_inside(range(expand_limits(lim, style$expand)))
  new_axis(expand_limits(lim, style$expand), at, format(at), title, grid = grid)
}

# Labels of an axis on a transformed scale: `digits` NULL means as many as needed.
axis_format <- function(style, digits = NULL, atransf = NULL) {
  format <- tick_format(style, digits)
  function(v) format(if (is.null(atransf)) v else atransf(v))
}

# Ticks at round numbers of the scale that the reader sees.
scale_ticks <- function(lim, style, atransf = NULL, digits = NULL) {
  window <- range(expand_limits(lim, style$expand))
  if (is.null(atransf)) pretty_inside(window) else shown_ticks(window, atransf, digits)
}

# digits: decimals of the labels, in which neighbours must differ.
shown_ticks <- function(lim, atransf, digits = NULL) {
  decimals <- if (length(digits)) digits[[1L]] else Inf
  axis_ticks(lim, NA, atransf = atransf, fixed = TRUE, decimals = decimals)$candidates[[1L]]$at
}

# Sizes between plim[1] and plim[2]; where one of them is NA, in proportion to the other, at least plim[3].
scaled_sizes <- function(x, plim, call = NULL) {
  plim <- c(plim, NA_real_)[1:3]
  if (!is.numeric(plim) || all(is.na(plim[1:2])))
    abort_input("plim", "must be two numbers, one of which may be NA", call)
  lim <- range(x, finite = TRUE)
  if (is.na(plim[1L])) {
    size <- x / lim[2L] * plim[2L]
  } else if (is.na(plim[2L])) {
    size <- x / lim[1L] * plim[1L]
  } else if (lim[1L] == lim[2L]) {
    return(rep_len(1, length(x)))
  } else {
    size <- (x - lim[1L]) / (lim[2L] - lim[1L]) * (plim[2L] - plim[1L]) + plim[1L]
  }
  if (is.na(plim[3L])) size else pmax(size, plim[3L])
}

# TRUE stands for `default`, FALSE and NULL for nothing, a string for itself.
colour_or <- function(x, default, arg, call = NULL) {
  if (is.null(x) || isFALSE(x)) return(NULL)
  if (isTRUE(x)) return(default)
  if (!is.character(x) || length(x) != 1L || is.na(x)) abort_input(arg, "must be TRUE, FALSE or a colour", call)
  check_colours(x, arg, call)
}

# Keywords of graphics::legend(); the free corner, and beside the panel.
base_places <- c("topright", "topleft", "bottomright", "bottomleft", "top", "bottom", "left", "right", "center")
legend_places <- c("corner", base_places, "above", "below")

# Elements of a legend that is given as a list.
legend_elements <- c("x", "y", "inset", "bty", "bg", "cex", "pt.cex", "show", "studies")

# list(shown, at, xy, look, show, studies) of TRUE, FALSE, a place or a list with legend_elements. `xy`: left and top in
# user coordinates.
legend_wish <- function(legend, style, call = NULL) {
  wish <- list(shown = TRUE, at = style$legend_at, show = "pvals", studies = TRUE)
  if (is.list(legend)) return(listed_legend(wish, check_legend_list(legend, call), call))
  if (is.character(legend)) {
    wish$at <- check_choice(legend, legend_places, "legend", call)
  } else {
    wish$shown <- check_flag(legend, "legend", call)
  }
  wish
}

check_legend_list <- function(legend, call = NULL) {
  unknown <- setdiff(names(legend), legend_elements)
  if (is.null(names(legend)) && length(legend)) unknown <- describe(legend)
  if (length(unknown)) {
    warn_input("legend", sprintf("has elements that are not used: %s; there are %s", toString(unknown),
                                 toString(legend_elements)), call)
  }
  check_kinds(legend[intersect(names(legend), c("cex", "bg", "bty"))], call)
  legend[intersect(names(legend), legend_elements)]
}

listed_legend <- function(wish, given, call) {
  number <- function(x, arg, n = 1L) {
    if (is.numeric(x) && length(x) %in% n && all(is.finite(x))) return(as.numeric(x))
    abort_input("legend", sprintf("has the element `%s`, which must be a number, not %s", arg, describe(x)), call)
  }
  if (is.character(given$x)) wish$at <- check_choice(given$x, legend_places, "legend", call)
  if (!is.null(given$x) && !is.character(given$x)) {
    wish$at <- "point"
    wish$xy <- c(number(given$x, "x"), number(given$y, "y"))
  }
  if (!is.null(given$show)) wish$show <- if (is.na(given$show[1L])) NA else
    check_choice(given$show, c("pvals", "cis"), "show", call)
  if (!is.null(given$studies)) wish$studies <- check_flag(given$studies, "studies", call)
  wish$look <- list(inset = if (!is.null(given$inset)) rep_len(number(given$inset, "inset", 1:2), 2L),
                    box = if (!is.null(given$bty)) given$bty != "n", bg = given$bg,
                    cex = if (!is.null(given$cex)) check_number(given$cex, "cex", 0.01, 20, call),
                    pt.cex = if (!is.null(given$pt.cex)) check_number(given$pt.cex, "pt.cex", 0, 20, call))
  wish
}

# The look with what a legend that was given as a list wants.
legend_style <- function(style, wish) {
  look <- wish$look
  if (!is.null(look$cex)) style$pt_legend <- style$pt_legend * look$cex
  if (!is.null(look$box)) style$legend_box <- look$box
  if (!is.null(look$bg)) style$legend_bg <- look$bg
  style$legend_inset <- look$inset
  style$legend_key <- look$pt.cex
  style$legend_xy <- wish$xy
  style
}

# A value per study of the data or of the rows used, recycled when single.
per_study <- function(value, x, k, arg, call = NULL) {
  value <- check_values(value, arg, call)
  if (is.pairlist(value)) value <- as.list(value)
  if (length(value) == 1L) return(rep(value, k))
  out <- of_plotted(value, x, k)
  if (is.null(out)) abort_input(arg, sprintf("must have one value, or one for each of the %d studies, not %d",
                                             k, length(value)), call)
  out
}

# The look of a figure with a size of its own.
sized_style <- function(style, size, call = NULL, default = scatter_style_metafor()) {
  style <- as_scatter_style(style, default, call)
  style$size <- size
  style
}

# What escalc() notes at outcomes (sample sizes, labels, measure), also at what is shown in their place.
as_outcomes <- function(value, yi, rows = seq_along(yi)) {
  notes <- attributes(yi)[c("ni", "slab", "measure")]
  notes <- Filter(Negate(is.null), notes)
  each <- lengths(notes) == length(yi) & names(notes) != "measure"
  notes[each] <- lapply(notes[each], `[`, rows)
  attributes(value) <- notes
  value
}

# Values per study, for the k studies that have an estimate: `values` may also count the data before `subset`, all rows,
# or the rows without missing data, of which a Mantel-Haenszel or Peto fit may hold some that have no estimate of their
# own.
of_plotted <- function(values, x, k) {
  kept <- if (is.null(x$not.na.yivi)) x$not.na else x$not.na.yivi
  if (length(values) == k) return(values)
  if (length(values) > length(kept) && length(values) == length(x$subset)) values <- values[x$subset]
  if (length(values) == length(kept)) return(values[kept])
  if (length(values) == sum(x$not.na)) values[kept[x$not.na]] else NULL
}

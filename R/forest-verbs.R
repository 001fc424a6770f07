# Owns the verb forest(): arguments -> options -> rows -> layout -> drawing, for every kind of result.

#' Forest plot
#'
#' Draws studies, subgroups and pooled results as a forest plot. Every text is measured, the distance of rows is
#' constant, and nothing overlaps or is cut off.
#'
#' @param x a fit ([rma()], [rma.mh()], [rma.peto()]), a fit with subgroups, the result of [trimfill()],
#'   [leave1out()] or [cumul()], a Stata view, a data frame of [escalc()], a data frame with columns of estimates and
#'   limits or standard errors, or a numeric vector of estimates (then with `vi`, `sei`, or `ci.lb` and `ci.ub`).
#'   Columns `or`, `rr`, `hr`, `irr` or `rom` with limits, and positive estimates of such a `measure` whose limits lie
#'   around them as those of ratios do, are ratios: they are drawn on a log axis, and `at`, `alim` and `refline` are
#'   ratios.
#' @param style a style, as [style_metafor()] and its siblings make, or its name: `"metafor"`, `"stata"`,
#'   `"stata_meta"`, `"revman"`, `"jama"`, `"bmj"` or `"lancet"`. By default Stata's for a Stata view, else metafor's.
#' @param annotate show estimates and intervals as text?
#' @param addfit show pooled rows (with moderators: fitted values)?
#' @param addpred show the prediction interval? With moderators: fitted values span theirs.
#' @param showweights show a column of weights in percent? By default what the style says.
#' @param header `TRUE`, `FALSE`, or the heading of the labels and, second, of the annotation.
#' @param alim limits of the axis on the scale of the estimates (after `transf`). Intervals that reach further are
#'   cut there and end in an arrow.
#' @param at positions of the ticks, on the same scale; names are the labels of the ticks.
#' @param refline position of the vertical reference line or lines, on the same scale; `NA` for none. By default
#'   the value of no effect.
#' @param digits decimals of the annotation.
#' @param level confidence level in percent.
#' @param xlab title of the axis.
#' @param slab labels of the studies; may name columns of the data of `x`.
#' @param mlab label of the pooled row.
#' @param ilab further columns between labels and panel: a vector, matrix or data frame with one row per study;
#'   may name columns of the data.
#' @param columns a list of columns, as [forest_column()] makes, beside those of the style (in their place where they
#'   have its names); `NULL` for those of the style alone.
#' @param order `"obs"` or `"est"` (by estimate), `"prec"` (by precision), `"alphabetic"`, of a fit also `"fit"`,
#'   `"resid"`, `"rstandard"`, `"abs.resid"` and `"abs.rstandard"`, or a variable to sort by. `decreasing = TRUE` (among
#'   the
#'   further arguments) turns it round.
#' @param transf function that transforms estimates and limits, for example `exp` or `transf.ilogit`; the axis is
#'   linear on the new scale.
#' @param atransf function that transforms only what is printed, for example `exp`: the axis of a log ratio then
#'   shows ratios on a log scale.
#' @param favours two texts below the axis, left and right of the reference line.
#' @param lang language of the texts, `"en"` or `"zh"`.
#' @param main,note title above and note below; a vector gives several lines.
#' @param ... for plain estimates `vi`, `sei`, `ci.lb`, `ci.ub` and `measure`; `colour`, a variable by which studies are
#'   coloured; `second`, a second fit of the same studies with its own weights and pooled row; `fontsize` in points;
#'   `excluded = FALSE`, which leaves out the rows of studies without an estimate; `overall = FALSE`, which leaves out
#'   the estimate of all studies and what is told about it, and `subgroup = FALSE`, which leaves out those of groups (or
#'   one `TRUE` or `FALSE` for each); `rob`, judgements of [rob()], which are drawn as lights at the right of the
#'   studies
#'   that have these labels, with a key below, or `TRUE` for an analysis of [read_rm5()] whose file has judgements, and
#'   `robcolours`, as `colours` of [rob_summary()];
#'   `ticks` and `limits`, `at` and `alim` on the printed scale; `plot = FALSE`, which returns the layout without
#'   drawing; and the further arguments of metafor's and of meta's `forest()`, which [forest_arguments()] lists: for
#'   example `xlim`, `ylim`, `rows`, `top`, `ilab.xpos`, `textpos`, `predstyle`, `preddist`, `efac`, `psize`, `plim`,
#'   `pch`, `col`, `colout`, `shade`, `lty`, `annosym`, `subset`, `targs`, `colgap`, `plotwidth`. Any other name gives a
#'   warning.
#'
#' @return The layout, invisibly: a list of class `forest_plot` with metafor's fields `xlim`, `alim`, `at`, `ylim`,
#'   `rows`, `cex`, `cex.lab`, `cex.axis`, `ilab.xpos`, `ilab.pos`, `textpos`, `areas`, and `layout`: every text, mark
#'   and tick in inches, whose fields [forest_layout()] lists. `forest(x, plot = FALSE)$layout` is the same without
#'   drawing.
#' @section User coordinates:
#' After drawing, `par("usr")` is `c(xlim, ylim)`: x is the scale of the axis, rows count from the last study, which is
#' at 1, the pooled row is at -1, and headings stand at `max(rows) + 2`. Rows with several lines take more than 1,
#' unless one of `xlim`, `ylim`, `rows`, `textpos` and `ilab.xpos` is given: then all rows are as high as the highest.
#' In metafor's style these are metafor's coordinates, on any page, so that `text()`, `abline()`, `segments()` and
#' [addpoly()] of a script land where they did; text is made smaller, down to about 5 points, to fit there. Where it
#' does not fit even so, or would need a figure much wider than the plot otherwise has, `xlim` is wider and a message
#' says so. Margins (`par("mar")`) remain the caller's, and `axis()`, `mtext()`, `title()` and `legend()` add to the
#' plot until the next page begins.
#' @details
#' The plot keeps its size whatever the device: rows are 1.6 times the font size apart, and higher where a label or cell
#' has several lines. Labels and cells of words that are too long for a line are wrapped; so are headings. A larger
#' device leaves white space below and widens the panel; on a smaller one more is wrapped, then everything is scaled
#' down, and a message names a size of the device on which nothing is, as [forest_size()] computes it. [save_forest()]
#' writes a file of that size. The plot may stand in a cell of `layout()` or `par(mfrow = )`.
#'
#' Cumulative and leave-one-out results have their labels with metafor's signs, and the result with all studies as the
#' pooled row, which `addfit = FALSE` leaves out.
#'
#' Chinese, Japanese and Korean labels need no settings: in `pdf()` they are drawn with R's CID fonts, elsewhere with
#' any installed font that has them.
#'
#' Errors are of class `metaparity_error_input`: an argument that is unknown, of the wrong kind or length.
#' @section In other software:
#' Stata: the graph of `metan`, or `meta forestplot`. RevMan: the figure of an analysis. metafor: `forest(res)`.
#' @references Lewis S, Clarke M (2001). Forest plots: trying to see the wood and the trees. *BMJ*, 322, 1479-1480.
#' @examples
#' forest(c(-.6, -.2, .1, .3), sei = c(.35, .2, .15, .3), slab = c("Ames", "Bell", "Cole", "Dunn"))
#' @exportS3Method forest metaparity
#' @exportS3Method metafor::forest metaparity
forest.metaparity <- function(x, style = NULL, annotate = TRUE, addfit = TRUE, addpred = FALSE,
                              showweights = NULL, header = TRUE, alim = NULL, at = NULL, refline = NULL,
                              digits = NULL, level = NULL, xlab = NULL, favours = NULL, slab = NULL, mlab = NULL,
                              ilab = NULL, order = NULL, transf = NULL, atransf = NULL, main = NULL, note = NULL,
                              lang = NULL, ..., columns = NULL) {
  data <- plot_data(x)
  env <- parent.frame()
  further <- further_arguments(substitute(list(...)), function(i) ...elt(i), data, env)
  options <- do.call(forest_options, c(list(
    columns = columns, annotate = annotate, addfit = addfit, addpred = addpred, showweights = showweights,
    header = header, alim = alim, at = at, refline = refline, digits = digits, level = level, xlab = xlab,
    favours = favours, slab = data_argument(substitute(slab), slab, data, env), mlab = mlab,
    ilab = data_argument(substitute(ilab), ilab, data, env), order = data_argument(substitute(order), order, data, env),
    transf = transf, atransf = atransf, main = main, note = note, lang = lang), further), quote = TRUE)
  with_language(options$lang, forest_with(x, if (is.null(style)) options$style else style, options))
}

# Arguments behind the dots; those that give a value per study may name columns of the data.
named_in_data <- c("colour", "colout", "colci", "pch", "psize", "subset", "shade", "studlab", "sortvar")

further_arguments <- function(call, value, data, env) {
  expr <- as.list(call)[-1L]
  out <- lapply(seq_along(expr), function(i) {
    if (isTRUE(names(expr)[i] %in% named_in_data)) {
      data_argument(expr[[i]], value(i), data, env)
    } else {
      value(i)
    }
  })
  stats::setNames(out, names(expr))
}

forest_with <- function(x, style, options) {
  options <- estimate_looks(x, options)
  rows <- without_pooled(without_excluded(forest_rows(x, options), options), options)
  style <- resolve_style(if (is.null(style)) attr(rows, "info")$style else style, options$fontsize)
  style <- told_below(fitted_style(style, options), rows)
  rows <- with_columns(rows, x, options)
  ready <- settle_options(rows, style, options)
  if (is.na(options$plot)) return(list(rows = ready$rows, style = style, options = ready$options))
  if (isFALSE(options$plot)) return(described(measured_layout(ready$rows, style, ready$options)))
  shown(plot_forest(ready$rows, style, ready$options))
}

# Where nothing is pooled metafor's col is the colour of the estimates, and the second lty that of the rules.
estimate_looks <- function(x, options) {
  if (!inherits(x, c("metaparity_estimates", "metaparity_list"))) return(options)
  if (is.null(options$colout)) options["colout"] <- options["col"]
  if (length(options$lty) == 2L) options$lty <- c(options$lty[1L], "dotted", options$lty[2L])
  options
}

#' @exportS3Method forest metaparity_list
#' @exportS3Method metafor::forest metaparity_list
forest.metaparity_list <- forest.metaparity

#' @exportS3Method forest stata_view
#' @exportS3Method metafor::forest stata_view
forest.stata_view <- forest.metaparity

#' @exportS3Method forest metaparity_escalc
#' @exportS3Method metafor::forest metaparity_escalc
forest.metaparity_escalc <- function(x, ...) forest_plain(x, ...)

# A list of fits: several outcomes under one axis.
forest_several <- function(x, ...) forest.metaparity(new_outcomes(x, sys.call(-1L)), ...)

# Plain estimates: numbers or a data frame.
forest_plain <- function(x, vi = NULL, sei = NULL, ci.lb = NULL, ci.ub = NULL, measure = NULL, ...) {
  call <- sys.call(-1L)
  data <- if (is.data.frame(x)) x
  env <- parent.frame(2L)
  given <- list(vi = data_argument(substitute(vi), vi, data, env), sei = data_argument(substitute(sei), sei, data, env),
                lo = data_argument(substitute(ci.lb), ci.lb, data, env),
                hi = data_argument(substitute(ci.ub), ci.ub, data, env), measure = measure)
  forest.metaparity(new_estimates(x, given, call), ...)
}

# ---- drawing ----------------------------------------------------------------------------------

plot_forest <- function(rows, style, options) {
  if (draws_later()) return(new_later(function() plot_forest(rows, style, options)))
  warn_labels(rows)
  most <- highest_page()
  pages <- if (is.finite(most)) count_pages(rows, style, options, most) else 1L
  parts <- lapply(seq_len(pages), function(i) {
    function(layout) if (pages > 1L) forest_pages(layout, most)[[i]] else layout
  })
  for (part in parts) drawn <- plot_forest_page(rows, style, options, part)
  drawn
}

count_pages <- function(rows, style, options, most) {
  lay_out <- function(width) forest_natural(rows, style, options, width)
  width <- width_in_line(function(width) forest_page(lay_out(width)), knitr_state$chunk$options)
  length(forest_pages(lay_out(width), most))
}

# part: takes what is shown on this page out of the layout.
plot_forest_page <- function(rows, style, options, part) {
  force(part)
  fit_page(function(width) forest_page(part(forest_natural(rows, style, options, width))), forest_words(rows))
  return_margins()
  old <- graphics::par(c("mar", "cex", "pty", "xpd"))
  drop <- graphics::par("mai")[3L]
  on.exit(graphics::par(old))
  figure <- own_page(begin_figure())
  lay_out <- function(page) page_layout(rows, style, options, part, page)
  layout <- lay_out(figure)
  if (layout$scale < 1 && !has_own_page()) inform_scaled(layout, rows, style, options)
  if (isTRUE(layout$widened) && !has_own_page()) inform_moved(layout)
  draw <- function(layout) {
    page <- graphics::par("fin")
    layout$drop <- drop
    draw_forest(layout, page)
    graphics::par(old)
    leave_coordinates(layout, page)
  }
  draw_redrawable(layout, draw, lay_out)
  on.exit()
  structure(c(metafor_fields(layout), list(layout = layout)), class = "forest_plot")
}

# One of several pages is laid out as a whole in its width.
page_layout <- function(rows, style, options, part, page) {
  whole <- layout_forest(rows, style, options, c(page[1L], NA_real_))
  one <- part(whole)
  if (one$height < whole$height || one$height <= page[2L]) one else layout_forest(rows, style, options, page)
}

# The layout on a page that is as large as it needs; `width` NA is free.
forest_natural <- function(rows, style, options, width = page_width()) {
  options$size <- c(width, NA_real_)
  measured_layout(rows, style, options)$layout
}

forest_page <- function(layout) c(width = layout$width, height = layout$height)

# What decides about fonts: labels, and the words of the language.
forest_words <- function(rows) c(rows$label, rows$group, attr(rows, "extra"), translate("Study"))

# The layout at its natural size on the open device, or on a device like the one that would open.
measured_layout <- function(rows, style, options) {
  with_measuring_device(options$device, {
    layout <- layout_forest(rows, style, options, options$size)
    structure(c(metafor_fields(layout), list(layout = layout)), class = "forest_plot")
  })
}

inform_scaled <- function(layout, rows, style, options) {
  needed <- sufficient_page(function(size) layout_forest(rows, style, options, size), graphics::par("fin"))
  inform_small(layout$scale, needed)
}

# A page on which nothing is scaled: that of the natural size, or one that is as wide as the figure is and higher.
sufficient_page <- function(lay_out, figure) {
  natural <- forest_page(lay_out(c(NA_real_, NA_real_)))
  if (any(natural > figure) && lay_out(tenths_up(natural))$scale == 1) return(natural)
  width <- max(natural[[1L]], figure[1L])
  c(width, max(lay_out(c(width, NA_real_))$height, natural[[2L]]))
}

tenths_up <- function(inches) ceiling(10 * inches - 0.001) / 10

# Where the figure is a part of the page, the page must be as much larger.
inform_small <- function(scale, needed) {
  device <- graphics::par("din")
  outer <- graphics::par("omi")
  edges <- c(outer[2L] + outer[4L], outer[1L] + outer[3L])
  share <- graphics::par("fin") / pmax(device - edges, 0.01)
  page <- tenths_up(edges + needed / share)
  inform(sprintf(paste("The figure is too small for this plot, which was scaled to %.0f%%:",
                       "it needs %.1f x %.1f in (width x height of the device, see forest_size())."),
                 max(1, min(99, round(100 * scale))), page[1L], page[2L]), "scaled")
}

warn_labels <- function(rows) {
  text <- forest_words(rows)
  if (any(has_cjk(text)) && !is_plain_device()) warn_missing_font(text)
}

#' @export
print.forest_plot <- function(x, ...) {
  cat(c(format_forest_layout(x$layout), format_forest_fields(x)), sep = "\n")
  invisible(x)
}

# What a call that places things by hand starts from.
format_forest_fields <- function(x) {
  fields <- Filter(length, x[c("xlim", "alim", "at", "ylim", "rows", "cex", "ilab.xpos", "textpos")])
  text <- vapply(fields, function(value) paste(format(value, digits = 4L, trim = TRUE), collapse = " "), "")
  strwrap(sprintf("%s: %s", names(fields), text), exdent = 2L)
}

#' @rdname forest.metaparity
#' @export
forest <- function(x, ...) {
  if (is_plain(x)) return(forest_plain(x, ...))
  if (is.list(x) && !is.object(x)) return(forest_several(x, ...))
  if (is_foreign(x, "forest")) return(foreign_generic("forest", x)(x, ...))
  UseMethod("forest")
}

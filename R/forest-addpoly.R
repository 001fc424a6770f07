# Owns addpoly(): pooled results added to the forest plot that was drawn last, in its scale, columns and look. Where the
# plot's things stand is remembered per device; a row of the user is a row of the plot.

#' Add a pooled result to a forest plot
#'
#' Draws diamonds with their labels and annotation into the plot that [forest()] drew last on the open device, for
#' example subtotals of subsets, or averages that a model predicts.
#'
#' @param x a fit without moderators, the result of [predict()][predict.metaparity] for a fit, or a vector of estimates.
#' @param ... for estimates `vi`, `sei`, or `ci.lb` and `ci.ub` as in [forest()], and `pi.lb` and `pi.ub`, limits of
#'   prediction intervals; or arguments of the methods.
#' @param row,rows heights in rows of the plot: one for each diamond, or the first, below which the others follow. With
#'   a `predstyle` other than `"line"` a second height is that of the prediction interval, by default one row lower.
#' @param level confidence level in percent; by default that of the fit, of the prediction, or of the plot.
#' @param annotate show estimate and interval as text? By default as in the plot.
#' @param addpred show the prediction interval?
#' @param predstyle `"line"`, `"polygon"`, `"bar"`, `"shade"` or `"dist"`; asks for the prediction interval.
#' @param predlim limits of the distribution with `predstyle = "dist"`.
#' @param preddist the predictive distribution of one diamond, a list of values and their densities, as in [forest()].
#'   The prediction interval is from its quantiles, or from its elements `pi.lb` and `pi.ub`.
#' @param digits decimals of the annotation.
#' @param width least width of the annotation's numbers in digits, one number or one for each of estimate and limits;
#'   they end where those of the plot end. By default they stand as those of the plot do.
#' @param mlab labels, text or `expression()`. By default that of the plot's style for a fit, and none otherwise.
#' @param transf,atransf,targs transformations and their arguments; by default those of the plot.
#' @param efac factor of the height of the diamonds.
#' @param col,border colours of the diamonds.
#' @param lty type of the line of the prediction interval.
#' @param fonts family of the texts.
#' @param cex size of the texts as a multiple of 12 points.
#' @param constarea shall several diamonds have the same area?
#'
#' @return A data frame of what was added, invisibly: `est`, `lo`, `hi` on the scale of the axis, and `row`; its
#'   attribute `layout` holds marks and texts in inches.
#' @details Errors are of class `metaparity_error_input`: no plot of [forest()] on the open device, a fit with
#'   moderators, an argument of the wrong kind or length.
#' @section In other software: metafor: `addpoly()`. Stata and RevMan draw subtotals only as part of the plot.
#' @references Lewis S, Clarke M (2001). Forest plots: trying to see the wood and the trees. *BMJ*, 322, 1479-1480.
#' @examples
#' fit <- rma(c(-.6, -.2, .1, .3), sei = c(.35, .2, .15, .3), slab = c("Ames", "Bell", "Cole", "Dunn"))
#' forest(fit, ylim = c(-4, 7), mlab = "All")
#' addpoly(update(fit, subset = 1:3), row = -2, mlab = "Without Dunn")
#' addpoly(0.05, sei = 0.1, rows = -3, mlab = "An earlier review")
#' @export
addpoly <- function(x, ...) {
  if (is_plain(x) && !is.data.frame(x)) return(addpoly_plain(x, ...))
  if (is_foreign(x, "addpoly")) return(foreign_generic("addpoly", x)(x, ...))
  UseMethod("addpoly")
}

#' @rdname addpoly
#' @exportS3Method addpoly metaparity
#' @exportS3Method metafor::addpoly metaparity
addpoly.metaparity <- function(x, row = -2, level = NULL, annotate = NULL, addpred = FALSE, predstyle = NULL,
                               predlim = NULL, digits = NULL, width = NULL, mlab = NULL, transf = NULL, atransf = NULL,
                               targs = NULL, efac = NULL, col = NULL, border = NULL, lty = NULL, fonts = NULL,
                               cex = NULL, preddist = NULL, ...) {
  dots <- added_dots(list(...), c("rows", "addcred"))
  if (!isTRUE(x$int.only)) {
    abort_input("x", "must be a fit without moderators; addpoly(predict(x, ...)) adds what a model predicts")
  }
  addpred <- check_flag(dots$addcred %||% addpred, "addpred") || !is.null(predstyle)
  options <- added_options(list(level = level, annotate = annotate, addpred = addpred, predstyle = predstyle,
                                predlim = predlim, preddist = preddist, digits = digits, transf = transf,
                                atransf = atransf, targs = targs, efac = efac, col = col, border = border, lty = lty,
                                fonts = fonts, cex = cex, width = width))
  options$mlab <- as_label(mlab, "mlab")
  options$level <- level
  blocks <- pooled_blocks(x, "summary", options)
  add_to_forest(Filter(Negate(is.null), blocks), dots$rows %||% row, options)
}

#' @rdname addpoly
#' @exportS3Method addpoly metaparity_predict
#' @exportS3Method metafor::addpoly metaparity_predict
addpoly.metaparity_predict <- function(x, rows = -2, annotate = NULL, addpred = FALSE, predstyle = NULL,
                                       predlim = NULL, digits = NULL, width = NULL, mlab = NULL, transf = NULL,
                                       atransf = NULL, targs = NULL, efac = NULL, col = NULL, border = NULL,
                                       lty = NULL, fonts = NULL, cex = NULL, constarea = FALSE, preddist = NULL, ...) {
  dots <- added_dots(list(...), "addcred")
  if (is.null(x$pred)) abort_input("x", "must hold predictions, as predict() gives them")
  addpred <- check_flag(dots$addcred %||% addpred, "addpred") || !is.null(predstyle)
  modelled <- addpred && is.null(preddist)
  if (modelled && is.null(x$pi.lb)) abort_input("addpred", "needs a prediction with limits `pi.lb` and `pi.ub`")
  addpoly_plain(as.numeric(x$pred), ci.lb = x$ci.lb, ci.ub = x$ci.ub, pi.lb = if (modelled) x$pi.lb,
                pi.ub = if (modelled) x$pi.ub, rows = rows, annotate = annotate, predstyle = predstyle,
                predlim = predlim, preddist = if (addpred) preddist, digits = digits, mlab = mlab, transf = transf,
                atransf = atransf, targs = targs, width = width, efac = efac, col = col, border = border,
                lty = lty, fonts = fonts, cex = cex,
                constarea = constarea)
}

# Some rows of a prediction.
#' @exportS3Method addpoly metaparity_list
addpoly.metaparity_list <- addpoly.metaparity_predict

# Plain estimates.
addpoly_plain <- function(x, vi = NULL, sei = NULL, ci.lb = NULL, ci.ub = NULL, pi.lb = NULL, pi.ub = NULL, rows = -1,
                          level = NULL, annotate = NULL, predstyle = NULL, predlim = NULL, digits = NULL,
                          width = NULL, mlab = NULL, transf = NULL, atransf = NULL, targs = NULL, efac = NULL,
                          col = NULL, border = NULL, lty = NULL, fonts = NULL, cex = NULL, constarea = FALSE,
                          preddist = NULL, ...) {
  call <- sys.call(-1L)
  added_dots(list(...))
  options <- added_options(list(level = level, annotate = annotate, predstyle = predstyle, predlim = predlim,
                                preddist = preddist, digits = digits, transf = transf, atransf = atransf,
                                targs = targs, efac = efac, col = col, border = border, lty = lty, fonts = fonts,
                                cex = cex, width = width))
  options$constarea <- check_flag(constarea, "constarea")
  one <- new_estimates(x, list(vi = vi, sei = sei, lo = ci.lb, hi = ci.ub), call)
  studies <- new_studies(one$yi, one$vi, options$level, one$slab, one$lo, one$hi)
  k <- studies$k
  mlab <- if (is.null(mlab)) "" else as_label(mlab, "mlab")
  if (!length(mlab) %in% c(1L, k)) abort_input("mlab", sprintf("must be %d labels, not %d", k, length(mlab)), call)
  if (!is.null(preddist)) {
    limits <- distribution_limits(preddist, c(pi.lb, pi.ub), k, options$level, call)
    pi.lb <- limits[1L]
    pi.ub <- limits[2L]
  }
  check_prediction_limits(pi.lb, pi.ub, k, call)
  blocks <- lapply(seq_len(k), function(i) {
    list(list(type = "summary", label = rep_len(mlab, k)[i], est = studies$est[i], lo = studies$lo[i],
              hi = studies$hi[i]),
         if (!is.null(pi.lb)) list(type = "prediction", lo = pi.lb[i], hi = pi.ub[i]))
  })
  add_to_forest(Filter(Negate(is.null), unlist(blocks, recursive = FALSE)), rows, options)
}

check_prediction_limits <- function(lo, hi, k, call) {
  if (is.null(lo) != is.null(hi)) abort_input("pi.ub", "and `pi.lb` must be given together", call)
  for (one in list(lo, hi)) {
    if (is.null(one)) next
    check_numeric_vector(one, "pi.lb", call)
    if (length(one) != k) abort_input("pi.lb", sprintf("must have %d values, not %d", k, length(one)), call)
  }
}

# A distribution belongs to one diamond; limits beside it that the user gave go before its quantiles.
distribution_limits <- function(preddist, given, k, level, call) {
  if (k != 1L) abort_input("preddist", sprintf("needs one diamond, not %d", k), call)
  limits <- predictive_limits(preddist, NULL, level)
  if (length(given) == 2L) given else limits
}

# What metafor's forest() takes behind its dots, too; returns all.
added_dots <- function(dots, also = NULL) {
  warn_unknown(setdiff(names(dots), c("annosym", "textpos", "lwd", also)))
  dots
}

# ---- the plot that was drawn last -----------------------------------------------------------------

drawn_forests <- new.env(parent = emptyenv())

this_device <- function() paste(names(grDevices::dev.cur()), grDevices::dev.cur())

remember_forest <- function(layout) assign(this_device(), layout, drawn_forests)

last_forest <- function() {
  layout <- if (grDevices::dev.cur() > 1L) drawn_forests[[this_device()]]
  if (is.null(layout) || !page_begun())
    abort_input("x", "can only be added to a plot that forest() has drawn on the open device")
  layout
}

# A new device takes the number of one that was closed.
page_begun <- function() !inherits(try(graphics::points(numeric(), numeric()), silent = TRUE), "try-error")

# What a layout keeps for additions: the look, and where the panel and its columns stand.
addable <- function(plan, x, total) {
  columns <- c(plan$columns$left, plan$columns$right)
  kind <- vapply(columns, `[[`, "", "kind")
  est <- which(kind == "est")[1L]
  list(style = plan$style, options = plan$options, info = plan$info, em = plan$em, axis = plan$axis["lim"],
       x = x[c("left", "right")], total = total, label = x$starts[which(kind == "label")[1L]],
       est = if (!is.na(est)) x$starts[est] + part_ends(columns[[est]]))
}

# Right edges of the parts of the annotation.
part_ends <- function(column) {
  cells <- column$cells
  lines <- split(cells$at, cells$line)
  if (length(lines)) sort(lines[[which.max(lengths(lines))]]) else column$width
}

# The plot's options with those given here.
added_options <- function(given) {
  base <- last_forest()$base
  options <- base$options
  if (is.null(given$annotate)) given$annotate <- !is.null(base$est) && isTRUE(options$annotate)
  options <- own_transformation(options, given)
  given <- Filter(Negate(is.null), given)
  options[names(given)] <- given
  if (is.null(given$level)) options$level <- base$info$level
  if (!is.null(given$efac) && !length(check_numeric_vector(given$efac, "efac"))) {
    abort_input("efac", "must be a number, not none")
  }
  if (is.numeric(options$efac)) options$efac <- list(cap = 1, arrow = 1, polygon = options$efac[1L], prediction = 1)
  if (is.null(given$predstyle)) options$predstyle <- "line"
  if (!is.null(given$lty)) options$lty <- c("solid", check_line_types(given$lty))
  options[c("own_cex", "own_width", "preddist")] <- list(given$cex, given$width, given$preddist)
  check_added_options(options)
}

# A function of the addition takes the place of the plot's; it has the plot's `targs` where it has a place for them.
own_transformation <- function(options, given) {
  for (name in c("transf", "atransf")) options[name] <- list(unbound(options[[name]]))
  if (!is.null(given$transf)) options["atransf"] <- list(NULL)
  if (!is.null(given$atransf)) options["transf"] <- list(NULL)
  fun <- given$transf %||% given$atransf
  if (is.function(fun) && !takes_targs(fun)) options["targs"] <- list(NULL)
  options
}

check_added_options <- function(options) {
  check_flag(options$annotate, "annotate")
  options <- check_transformations(options)
  check_placing(options)
  if (!is.null(options$digits)) check_tick_digits(options$digits, "digits")
  if (!is.null(options$fonts)) check_family(check_vector_of_words(options$fonts, "fonts")[1L])
  for (name in c("col", "border")) if (!is.null(options[[name]])) check_colours(options[[name]], name)
  check_pair(options$predlim, "predlim")
  if (!is.null(options$own_cex)) check_number(options$own_cex, "cex", 0, 20)
  check_number(options$efac$polygon, "efac", 0, 10)
  options$predstyle <- check_prediction_style(options$predstyle)
  options$level <- 100 * check_level(options$level)
  options
}

# ---- drawing ------------------------------------------------------------------------------------

# blocks: pooled rows, each followed by its prediction interval if it has one.
add_to_forest <- function(blocks, at, options) {
  info <- last_forest()$base$info
  options <- bind_options(options, info)
  rows <- transform_forest_rows(new_forest_rows(blocks, info), options)
  height <- added_heights(rows, at, options$predstyle)
  spec <- list(rows = rows, options = options, height = height)
  grDevices::recordGraphics(draw_added(spec), list(spec = spec), topenv())
  pooled <- rows$type == "summary"
  added <- data.frame(est = rows$est, lo = rows$lo, hi = rows$hi, row = height)[pooled, ]
  invisible(structure(added, row.names = seq_len(sum(pooled)), layout = added_layout(spec, last_forest())))
}

# A height for every row; a prediction interval that is a line has that of its diamond.
added_heights <- function(rows, at, predstyle) {
  check_numeric_vector(at, "rows")
  pooled <- rows$type == "summary"
  k <- sum(pooled)
  apart <- predstyle != "line" && any(!pooled)
  if (length(at) == 1L) at <- at - (seq_len(k) - 1) * (1 + apart)
  if (!length(at) %in% c(k, if (apart && k == 1L) 2L)) {
    abort_input("rows", sprintf("must be one height or one for each of the %d diamonds, not %d", k, length(at)))
  }
  height <- at[cumsum(pooled)]
  height[!pooled] <- if (length(at) == k + 1L) at[k + 1L] else height[!pooled] - apart
  height
}

draw_added <- function(spec) {
  layout <- last_forest()
  old <- graphics::par("usr")
  draw_on_page(added_layout(spec, layout))
  graphics::par(usr = old)
  open_clip(layout, graphics::par("fin"))
}

# Marks and texts in inches on the page of the plot.
added_layout <- function(spec, layout) {
  base <- layout$base
  if (spec$options$predstyle != "line") base$style$labels$prediction <- "Prediction Interval"
  plan <- c(list(rows = spec$rows, options = spec$options), base[c("style", "info", "em", "axis")])
  depth <- base$total - layout$origin[["y"]] - (spec$height - layout$origin[["user"]]) * layout$pitch
  marks <- added_marks(plan, base$x, depth)
  texts <- added_texts(plan, base, depth)
  part <- c(layout[c("width", "height", "drop", "order")], list(fonts = spec$options$fonts[1L] %||% layout$fonts))
  part[c("rects", "segments", "polygons")] <- lapply(marks, turned, total = base$total, right = layout$moved)
  texts$x <- texts$x + layout$moved
  texts$y <- base$total - texts$y
  part$runs <- layout_runs(texts)
  part
}

# Depths become heights, and what was shifted to align panels is shifted as well.
turned <- function(marks, total, right) {
  for (name in intersect(c("y0", "y1", "y"), names(marks))) marks[[name]] <- total - marks[[name]]
  for (name in intersect(c("x0", "x1", "x"), names(marks))) marks[[name]] <- marks[[name]] + right
  marks
}

added_marks <- function(plan, x, depth) {
  at <- list(y = depth)
  for (name in c("est", "lo", "hi")) at[[name]] <- panel_x(plan$rows[[name]], plan, x)
  prediction <- prediction_marks(plan, x, at)
  diamonds <- if (isTRUE(plan$options$constarea)) equal_diamonds(plan, x, at) else diamond_polygons(plan, x, at)
  none <- new_rects(numeric(), numeric(), numeric(), numeric(), list(fill = "", border = ""), "box")
  list(rects = rbind(none, prediction$rects),
       segments = rbind(new_segments(numeric(), numeric(), numeric(), numeric(), list(), "line"), prediction$segments),
       polygons = bind_polygons(list(prediction$polygons, diamonds, diamond_arrows(plan, x, at))))
}

# Diamonds of the same area: the narrowest has the usual height.
equal_diamonds <- function(plan, x, at) {
  rows <- pooled_rows(plan, at)
  wide <- at$hi[rows] - at$lo[rows]
  bind_polygons(lapply(seq_along(rows), function(i) {
    plan$options$efac$polygon <- plan$options$efac$polygon * min(wide) / wide[i]
    polygons_of(rows[i], at[c("lo", "est", "hi", "y")], diamond_look(plan), plan, x, "diamond")
  }))
}

# Right edges of the numbers: those of the plot, or with a width of their own side by side up to the plot's last edge.
annotation_ends <- function(parts, ends, digits, size, font) {
  if (is.null(digits)) return(utils::tail(ends, length(parts)))
  measure <- function(text) text_width(text, size, font)
  wide <- pmax(vapply(parts, function(text) max(measure(text)), 0), rep_len(digits, length(parts)) * measure("0"))
  space <- max(measure("a b") - measure("ab"), 0.25 * size / 72)
  utils::tail(ends, 1L) - rev(cumsum(c(0, rev(wide[-1L] + space))))
}

added_texts <- function(plan, base, depth) {
  rows <- plan$rows
  own <- plan$options$own_cex
  size <- if (is.null(own)) plan$style$fontsize else 12 * own
  some <- rows$type == "summary" | plan$options$predstyle != "line"
  baseline <- depth[some] + centre_drop * size / 72
  font <- plan$style$pooled_font
  label <- if (length(base$label)) {
    piece <- text_pieces(row_labels(rows, plan$style)[some])
    new_texts(plan, piece$text, base$label, baseline[piece$index] + piece$rank * line_height * size / 72, "label",
              font = font, size = size, markup = is.na(rows$label[some])[piece$index])
  }
  parts <- if (isTRUE(plan$options$annotate)) est_parts(plan)
  ends <- annotation_ends(parts, base$est, plan$options$own_width, size, font)
  cells <- Map(function(text, end) new_texts(plan, text[some], end, baseline, "cell", 1, font = font, size = size),
               parts[seq_along(ends)], ends)
  texts <- do.call(rbind, c(list(label), cells))
  texts[nzchar(texts$text) & size > 0, , drop = FALSE]
}

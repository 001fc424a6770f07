# Figures of many meta-analyses: volcano, Manhattan, quantiles of p values, forest plot of the top outcomes. Points that
# would cover each other are drawn once. Source of the inflation factor: Devlin & Roeder (1999, Biometrics 55, 997).

#' Figures of many meta-analyses
#'
#' Draws the results of [rma_batch()]: a volcano plot (estimates against their p values), a Manhattan plot (p values
#' along the genome or in the order of the outcomes), a plot of observed against expected p values, or a forest plot
#'   of the
#' outcomes with the smallest p values.
#'
#' @param x a result of [rma_batch()].
#' @param type `"volcano"`, `"manhattan"`, `"qq"` or `"forest"`.
#' @param chr,pos chromosome (or another grouping) and position of each outcome, for `"manhattan"`: vectors as long
#'   as `x` has rows. Without them outcomes stand in their order.
#' @param cutoff p values at which lines are drawn; by default the largest that the adjustment of `x` calls significant.
#' @param fdr level of the adjusted p values for the default `cutoff` and for highlighting.
#' @param annotate number of outcomes that are named, those with the smallest p values.
#' @param names names of the outcomes in the figure, `x$outcome` by default.
#' @param top number of outcomes of the forest plot.
#' @param coef name of the coefficient, with moderators.
#' @param xlab,ylab,main,xlim,ylim titles and limits, as in [graphics::plot()].
#' @param col two colours: of points, or of chromosomes in turn; and a third, of outcomes below `cutoff`.
#' @param pch,cex symbol and size of points.
#' @param style,draw,lang see [baujat()].
#' @param ... arguments of [forest()] with `type = "forest"`; else not used.
#' @return The data drawn, a data frame, invisibly: `outcome`, `x`, `y`, `p`, `significant`; for `"qq"` with the
#'   attribute `lambda`, the genomic inflation factor: the median of the squared z values of `p` over that of
#'   chi-squared with one degree of freedom.
#' @details Outcomes without an estimate are left out, with a warning of class `metaparity_warning_dropped`. p values of
#'   0 stand at the smallest positive number.
#'   Errors are of class `metaparity_error_input`: an unknown `type`, a `chr` or `pos` of another length.
#' @section In other software: R packages qqman and EnhancedVolcano; Stata: no command.
#' @references Devlin B, Roeder K (1999). Genomic control for association studies. Biometrics 55, 997-1004.
#' @examples
#' set.seed(1)
#' yi <- matrix(rnorm(2000 * 5, rep(c(0, 0.6), c(1980, 20)), 0.2), 2000)
#' b <- rma_batch(yi, matrix(0.04, 2000, 5), method = "EE")
#' plot(b)
#' plot(b, type = "manhattan", chr = rep(1:20, each = 100))
#' plot(b, type = "forest", top = 5)
#' @export
plot.metaparity_batch <- function(x, type = c("volcano", "manhattan", "qq", "forest"), chr = NULL, pos = NULL,
                                  cutoff = NULL, fdr = 0.05, annotate = 5, names = NULL, top = 10, coef = NULL,
                                  xlab = NULL, ylab = NULL, main = NULL, xlim = NULL, ylim = NULL, col = NULL, pch = 19,
                                  cex = NULL, style = NULL, draw = TRUE, lang = NULL, ...) {
  call <- sys.call()
  if (is.character(type)) type <- type[1L]
  check_choice(type, c("volcano", "manhattan", "qq", "forest"), "type", call)
  data <- batch_points(x, names, coef, check_number(fdr, "fdr", 0, 1, call), chr, pos, call)
  if (type == "forest") {
    top <- check_number(top, "top", 1, 1000, call)
    return(batch_forest(x, data, top, xlab, main, style, draw, lang, ...))
  }
  if (...length() > 0L) warn_unknown(dots_names(...), call)
  style <- sized_style(style, if (type == "manhattan") c(9, 4.5) else c(6.5, 5.5), call)
  ask <- list(cutoff = batch_cutoff(cutoff, data, call), annotate = check_number(annotate, "annotate", 0, 1000, call),
              pch = check_symbols(pch, "pch", call), cex = check_number(cex %||% 0.5, "cex", 0, 20, call),
              col = batch_colours(col, type, call), xlab = if (!is.null(xlab)) own_text(xlab),
              ylab = own_text(ylab %||% "-log10(p)"), title = own_text(main), xlim = xlim, ylim = ylim)
  build <- switch(type, volcano = volcano_figure, manhattan = manhattan_figure, qq = expected_p_figure)
  made <- build(data, ask, style, x, call)
  present(made$data, made$figure, draw, lang, call)
}

# The outcomes that can be drawn: outcome, estimate, p, and their place where they have one.
batch_points <- function(x, names, coef, fdr, chr, pos, call) {
  of <- function(field) if (is.null(coef)) field else paste(field, coef, sep = ".")
  simple <- "estimate" %in% base::names(x)
  if (!simple && is.null(coef)) coef <- batch_coefs(x)[1L]
  if (!is.null(coef) && !of("estimate") %in% base::names(x)) {
    abort_input("coef", sprintf("must be one of %s, not \"%s\"", toString(batch_coefs(x)), format(coef)), call)
  }
  n <- nrow(x)
  long <- function(v, arg) {
    if (is.null(v)) return(NULL)
    if (is.atomic(v) && length(v) == n) return(v)
    abort_input(arg, sprintf("must have %d elements, not %s", n, describe(v)), call)
  }
  p <- pmax(x[[of("pval")]], .Machine$double.xmin)
  padj <- if (is.null(coef)) x$padj else adjust_p(p, "BH")
  out <- data.frame(outcome = as.character(long(names, "names") %||% x$outcome), estimate = x[[of("estimate")]], p = p,
                    significant = padj <= fdr, row = seq_len(n), stringsAsFactors = FALSE)
  out$chr <- long(chr, "chr")
  out$pos <- long(pos, "pos")
  bad <- which(!is.finite(out$p) | !is.finite(out$estimate))
  if (length(bad) == n) abort_input("x", "has no outcome with an estimate", call)
  if (length(bad)) warn_dropped(bad, "no estimate", call)
  attr(out, "coef") <- coef
  if (length(bad)) out[-bad, , drop = FALSE] else out
}

batch_coefs <- function(x) sub("^estimate[.]", "", grep("^estimate[.]", names(x), value = TRUE))

batch_cutoff <- function(cutoff, data, call) {
  if (is.null(cutoff)) return(if (any(data$significant)) max(data$p[data$significant]))
  if (!is.numeric(cutoff) || anyNA(cutoff) || any(cutoff <= 0 | cutoff > 1)) {
    abort_input("cutoff", sprintf("must be p values above 0 and at most 1, not %s", describe(cutoff)), call)
  }
  cutoff
}

batch_colours <- function(col, type, call) {
  default <- if (type == "manhattan") c("#1F4E79", "#7FA6C9", "#1F4E79") else c("gray45", "gray45", "#C0392B")
  if (is.null(col)) return(default)
  check_colours(col, "col", call)
  default[seq_along(default)] <- rep_len(col, 3L)
  default
}

# Points that fall on the same place of a fine grid are drawn once; what is named or significant stays.
thinned <- function(x, y, keep, cells = 1500) {
  if (length(x) < 5000L) return(seq_along(x))
  cell <- function(v) round((v - min(v)) / max(diff(range(v)), 1e-300) * cells)
  which(keep | !duplicated(cell(x) * (cells + 1) + cell(y)))
}

# The figure of points x, y of the outcomes in `data`.
batch_figure <- function(data, x, y, col, axis, ask, style, lines = list()) {
  named <- utils::head(order(data$p), min(ask$annotate, nrow(data)))
  shown <- thinned(x, y, seq_along(x) %in% named)
  layers <- c(lines, list(layer_points(x[shown], y[shown], ask$pch, ask$cex, col[shown])),
              if (length(named)) list(layer_labels(x[named], y[named], data$outcome[named], offset = 0.25,
                                                   reach = 0.9)))
  out <- data.frame(outcome = data$outcome, x = x, y = y, p = data$p, significant = data$significant,
                    stringsAsFactors = FALSE)
  ylim <- shown_limits(c(0, y), ask$ylim, "ylim")
  list(data = out, figure = new_figure(layers, axis, plain_axis(ylim, ask$ylab, style), list(title = ask$title), NULL,
                                       style, out))
}

cutoff_lines <- function(ask, lim) {
  lapply(ask$cutoff, function(p) layer_line(lim + c(-1, 1) * diff(lim), -log10(c(p, p)), "gray60", 1, 2))
}

volcano_figure <- function(data, ask, style, x, call) {
  lim <- shown_limits(c(0, data$estimate), ask$xlim, "xlim", call)
  measure <- attr(x, "settings")$measure %||% "GEN"
  title <- ask$xlab %||% attr(data, "coef") %||% if (measure == "GEN") "Estimate" else axis_label(measure)
  col <- ifelse(batch_hits(data, ask), ask$col[3L], ask$col[1L])
  batch_figure(data, data$estimate, -log10(data$p), col, plain_axis(lim, title, style), ask, style,
               cutoff_lines(ask, lim))
}

batch_hits <- function(data, ask) if (is.null(ask$cutoff)) data$significant else data$p <= max(ask$cutoff)

# Chromosomes side by side in the order of their numbers, then of their appearance; labels in their middle.
manhattan_figure <- function(data, ask, style, x, call) {
  group <- if (is.null(data$chr)) rep(1L, nrow(data)) else match(data$chr, chromosome_order(data$chr))
  if (!is.null(data$pos) && !is.numeric(data$pos)) abort_input("pos", "must be numbers", call)
  along <- if (is.null(data$pos)) data$row else as.double(data$pos)
  if (anyNA(group) || anyNA(along)) abort_input(if (anyNA(group)) "chr" else "pos", "must have no missing values", call)
  ends <- vapply(split(along, group), range, numeric(2L))
  if (is.null(data$pos)) ends <- rbind(ends[1L, ], ends[2L, ])
  width <- pmax(ends[2L, ] - ends[1L, ], 1)
  gap <- if (length(width) > 1L) 0.01 * sum(width) else 0
  left <- cumsum(c(0, utils::head(width + gap, -1L)))
  at <- left[group] + along - ends[1L, group]
  labels <- if (is.null(data$chr)) NULL else as.character(chromosome_order(data$chr))
  lim <- shown_limits(at, ask$xlim, "xlim", call)
  axis <- if (is.null(labels)) plain_axis(lim, ask$xlab %||% "Outcome", style) else {
    new_axis(expand_limits(lim, style$expand), left + width / 2, labels, ask$xlab %||% "Chromosome", ticks = FALSE)
  }
  col <- ask$col[(group - 1L) %% 2L + 1L]
  if (!identical(ask$col[3L], ask$col[1L])) col[batch_hits(data, ask)] <- ask$col[3L]
  batch_figure(data, at, -log10(data$p), col, axis, ask, style, cutoff_lines(ask, lim))
}

chromosome_order <- function(chr) {
  levels <- if (is.factor(chr)) levels(droplevels(chr)) else unique(as.character(chr))
  number <- suppressWarnings(as.numeric(sub("^chr", "", levels, ignore.case = TRUE)))
  if (is.factor(chr)) levels else levels[order(number, seq_along(levels), na.last = TRUE)]
}

expected_p_figure <- function(data, ask, style, x, call) {
  data <- data[order(data$p), , drop = FALSE]
  expected <- -log10(stats::ppoints(nrow(data)))
  lim <- shown_limits(c(0, expected), ask$xlim, "xlim", call)
  top <- max(lim)
  ask$xlab <- ask$xlab %||% "Expected -log10(p)"
  if (identical(as.character(ask$ylab), "-log10(p)")) ask$ylab <- own_text("Observed -log10(p)")
  out <- batch_figure(data, expected, -log10(data$p), ifelse(batch_hits(data, ask), ask$col[3L], ask$col[1L]),
                      plain_axis(lim, ask$xlab, style), ask, style, list(layer_line(c(0, top), c(0, top), "gray60")))
  z2 <- stats::qchisq(data$p, 1, lower.tail = FALSE)
  attr(out$data, "lambda") <- stats::median(z2) / stats::qchisq(0.5, 1)
  out
}

batch_forest <- function(x, data, top, xlab, main, style, draw, lang, ...) {
  data <- utils::head(data[order(data$p), , drop = FALSE], top)
  of <- function(field) if (is.null(attr(data, "coef"))) field else paste(field, attr(data, "coef"), sep = ".")
  rows <- x[data$row, ]
  measure <- attr(x, "settings")$measure %||% "GEN"
  args <- list(...)
  if (is.null(args$header)) args$header <- "Outcome"
  if (!is.null(xlab)) args$xlab <- xlab
  if (!is.null(main)) args$main <- main
  if (!is.null(style)) args$style <- style
  if (!draw) args$draw <- FALSE
  if (!is.null(lang)) args$lang <- lang
  yi <- structure(rows[[of("estimate")]], measure = measure)
  do.call(forest, c(list(yi, ci.lb = rows[[of("ci.lb")]], ci.ub = rows[[of("ci.ub")]], slab = data$outcome), args),
          quote = TRUE)
}

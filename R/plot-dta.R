# Owns the summary ROC plot of diagnostic accuracy: studies, summary point with its regions, the HSROC curve. Sources:
# Harbord et al. (2007); Douglas (1993) for the ellipse. Oracle: points of the ellipse have the quantile as distance.

#' Summary ROC plot
#'
#' Plots sensitivity against specificity: studies as circles by their number of persons, the summary point with its
#' confidence and prediction regions, and the hierarchical summary ROC curve.
#'
#' @param x a fit of [rma.dta()].
#' @param what `"both"` (regions and curve), `"mean"` (summary point and regions), `"conf"` or `"pred"` (one of the
#'   regions), `"curve"`, or `"points"` (studies alone); several of them show the parts of each.
#' @param full draw the curve over the whole axis; by default over the specificities of the studies.
#' @param level level of the regions in percent; that of the fit by default.
#' @param labels write the studies' labels beside their circles?
#' @param psize areas of the circles; by default the number of persons.
#' @param plim smallest and largest size of the circles.
#' @param xlab,ylab,main titles.
#' @param legend `TRUE`, `FALSE`, or a place such as `"bottomright"`.
#' @param style look of the plot, see [funnel()].
#' @param draw draw the plot? `FALSE` only returns the data and the figure.
#' @param lang language of the texts, by default the option `metaparity.lang`.
#' @param ... words of [graphics::par()] as in [labbe.metaparity()].
#' @return A data frame, invisibly, with `spec`, `sens`, `n`, `cex` and `slab`. Its attribute `figure` is the figure,
#'   which [save_figure()] writes to a file; its attribute `curves` holds the coordinates of curve and regions.
#' @details The regions are ellipses on the scale of the logits, with the constant `sqrt(2 F(2, k - 2))`. With
#'   covariates
#' each of their combinations in the data has a summary point with its confidence region, up to seven.
#' Errors are of class `metaparity_error_input`.
#' @section In other software: Stata: `metandiplot`, `midas, sroc(both)`; RevMan: the SROC plot.
#' @references Harbord RM, Deeks JJ, Egger M, Whiting P, Sterne JAC (2007). A unification of models for meta-analysis of
#'   diagnostic accuracy studies. *Biostatistics*, 8, 239-251.
#' @examples
#' d <- data.frame(tp = c(18, 18, 15, 24, 17, 53), fp = c(17, 43, 12, 10, 2, 36),
#'                 fn = c(4, 2, 7, 5, 6, 4), tn = c(25, 99, 19, 13, 16, 41))
#' plot(rma.dta(tp, fp, fn, tn, data = d))
#' @export
plot.metaparity_dta <- function(x, what = "both", full = FALSE, level, labels = FALSE, psize = NULL, plim = c(0.8, 4),
                                xlab = NULL, ylab = NULL, main = NULL, legend = TRUE, style = NULL, draw = TRUE,
                                lang = NULL, ...) {
  call <- sys.call()
  check_drawing(environment(), call, c("labels", "psize"))
  if (!length(what)) abort_input("what", "must name at least one part", call)
  what <- vapply(what, check_choice, "", names(sroc_parts), "what", call)
  style <- exact_sizes(wished_style(sized_style(style, c(6, 6), call), list(...), call = call))
  style$frame <- "box"
  data <- sroc_points(x, psize, plim, call)
  ask <- list(parts = unique(unlist(sroc_parts[what])), full = check_flag(full, "full", call),
              labels = check_flag(labels, "labels", call),
              level = if (missing(level)) 1 - x$level else check_level(level, "level", call),
              title = own_text(main), xlab = if (is.null(xlab)) "Specificity" else own_text(xlab),
              ylab = if (is.null(ylab)) "Sensitivity" else own_text(ylab),
              legend = legend_wish(legend, style, call))
  curves <- sroc_curves(x, data, ask)
  attr(data, "curves") <- curves
  present(data, sroc_figure(data, curves, ask, style), draw, lang, call)
}

sroc_parts <- list(both = c("pred", "conf", "curve", "mean"), mean = c("pred", "conf", "mean"),
                   conf = c("conf", "mean"),
                   pred = c("pred", "mean"), curve = c("curve", "mean"), points = character())

# Studies with persons on both sides.
sroc_points <- function(x, psize, plim, call) {
  d <- x$counts
  n <- d$tp + d$fp + d$fn + d$tn
  size <- if (is.null(psize)) n else check_numeric_vector(psize, "psize", call)
  if (!length(size) %in% c(1L, x$k)) abort_input("psize", sprintf("must have one value, or %d", x$k), call)
  if (!all(is.finite(size) & size > 0)) abort_input("psize", "must be above 0", call)
  out <- data.frame(spec = d$tn / (d$tn + d$fp), sens = d$tp / (d$tp + d$fn), n = n,
                    cex = scaled_sizes(sqrt(rep_len(size, x$k)), plim, call), slab = as.character(used_slab(x)))
  both <- is.finite(out$spec) & is.finite(out$sens)
  if (any(!both)) warn_dropped(x$ids[x$not.na][!both], "one side has no persons", call)
  out[both, , drop = FALSE]
}

# One setting without covariates, else those of the data.
sroc_settings <- function(x) {
  rows <- dta_prediction_rows(x, NULL, x$call)
  keep <- which(!duplicated(cbind(rows$sens, rows$spec)))
  if (length(keep) > 7L) return(list())
  lapply(keep, function(i) list(sens = rows$sens[i, ], spec = rows$spec[i, ],
                                slab = if (length(keep) > 1L) setting_name(x, i)))
}

setting_name <- function(x, i) {
  X <- x$counts$X.sens
  if (ncol(X) < 2L) X <- x$counts$X.spec
  paste(colnames(X)[-1L], format(X[i, -1L], trim = TRUE), sep = " = ", collapse = ", ")
}

sroc_curves <- function(x, data, ask) {
  parts <- if (x$spec$struct == "NONE") setdiff(ask$parts, c("pred", "curve")) else ask$parts
  lapply(sroc_settings(x), function(at) {
    s <- dta_summary(x, at$sens, at$spec, ask$level)
    mean <- s[c("logit.sens", "logit.spec"), "estimate"]
    L <- rbind(at$sens, at$spec)
    V <- L %*% x$vb %*% t(L)
    between <- matrix(c(x$tau2[1L], x$cov, x$cov, x$tau2[2L]), 2L)
    list(slab = at$slab, mean = stats::plogis(unname(mean)),
         conf = if ("conf" %in% parts) region(mean, V, x$k, ask$level),
         pred = if ("pred" %in% parts && is.null(at$slab)) region(mean, V + between, x$k, ask$level),
         curve = if ("curve" %in% parts && is.finite(s["Lambda", 1L])) {
           hsroc_line(s["Lambda", 1L], s["beta", 1L], if (ask$full) c(1e-4, 1 - 1e-4) else range(data$spec))
         })
  })
}

# The ellipse on the scale of the logits, back on that of proportions: columns spec and sens.
region <- function(mean, V, k, level, points = 181L) {
  if (!all(is.finite(V))) return(NULL)
  radius <- if (k > 2L) sqrt(2 * stats::qf(level, 2, k - 2)) else sqrt(stats::qchisq(level, 2))
  e <- eigen(V, symmetric = TRUE)
  t <- seq(0, 2 * pi, length.out = points)
  z <- mean + radius * e$vectors %*% (sqrt(pmax(e$values, 0)) * rbind(cos(t), sin(t)))
  cbind(spec = stats::plogis(z[2L, ]), sens = stats::plogis(z[1L, ]))
}

# logit(sens) = Lambda exp(-beta / 2) - exp(-beta) logit(spec).
hsroc_line <- function(lambda, beta, span, points = 301L) {
  t <- seq(stats::qlogis(max(span[1L], 1e-4)), stats::qlogis(min(span[2L], 1 - 1e-4)), length.out = points)
  cbind(spec = stats::plogis(t), sens = stats::plogis(lambda * exp(-beta / 2) - exp(-beta) * t))
}

# Specificity runs from 1 on the left to 0 on the right.
sroc_figure <- function(data, curves, ask, style) {
  colours <- rep_len(style$group_col[-1L], max(1L, length(curves)))
  if (length(curves) < 2L) colours <- style$line_col
  layers <- list()
  for (i in seq_along(curves)) {
    one <- curves[[i]]
    line <- function(part, lty, lwd = style$line_lwd) {
      if (!is.null(one[[part]])) list(layer_line(one[[part]][, "spec"], one[[part]][, "sens"], colours[i], lwd, lty))
    }
    layers <- c(layers, line("pred", 3), line("conf", 2), line("curve", 1, 1.6 * style$line_lwd))
  }
  o <- order(data$cex, decreasing = TRUE)
  layers <- c(layers, list(layer_points(data$spec[o], data$sens[o], 21, data$cex[o], "gray35", NA)),
              if ("mean" %in% ask$parts) lapply(seq_along(curves), function(i) {
                layer_points(curves[[i]]$mean[2L], curves[[i]]$mean[1L], 22, 1.5, colours[i], colours[i])
              }),
              if (ask$labels) list(layer_labels(data$spec, data$sens, data$slab)))
  axis <- function(limits, title) new_axis(limits, seq(0, 1, 0.2), style$format_tick(seq(0, 1, 0.2)), title,
                                           grid = !is.na(style$grid_col))
  new_figure(layers, axis(c(1.03, -0.03), ask$xlab), axis(c(-0.03, 1.03), ask$ylab),
             list(title = ask$title, legend = ask$legend),
             if (ask$legend$shown) sroc_legend(curves, colours, ask, style), style, data)
}

sroc_legend <- function(curves, colours, ask, style) {
  level <- format(100 * ask$level)
  has <- function(part) any(vapply(curves, function(one) !is.null(one[[part]]), NA))
  means <- if ("mean" %in% ask$parts && length(curves)) lapply(seq_along(curves), function(i) {
    name <- if (is.null(curves[[i]]$slab)) "Summary point" else own_text(curves[[i]]$slab)
    legend_point(name, 22, colours[i], colours[i], 1.2)
  })
  c(list(legend_point("Study estimate", 21, "gray35", NA, 1.2)), means,
    if (has("curve")) list(legend_line("HSROC curve", style$line_col, 1.6 * style$line_lwd, 1)),
    if (has("conf")) list(legend_line(sprintf("%s%% confidence region", level), style$line_col, style$line_lwd, 2)),
    if (has("pred")) list(legend_line(sprintf("%s%% prediction region", level), style$line_col, style$line_lwd, 3)))
}

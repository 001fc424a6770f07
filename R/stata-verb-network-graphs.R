# Figures of ranks (rankograms and their cumulative curves) and of two outcomes (bubbles). Sources: Salanti, Ades &
# Ioannidis
# (2011, J Clin Epidemiol 64, 163); White (2011, Stata J 11, 255).

#' Figures of ranks in a network
#'
#' The probabilities that each treatment has each rank, as lines or added up; the area under the curve of what is added
#' up is
#' the treatment's SUCRA.
#'
#' @param x a result of [network_rank()].
#' @param type `"rankogram"`, or `"cumulative"` for the probability of being among the best so many.
#' @param study for ranks by study (inconsistency model): whose; the first by default.
#' @param ... `title`, `subtitle`, `xtitle`, `ytitle`, `style`, `size`, `draw`, `lang`, `legend`.
#' @return The figure, invisibly; its field `data` holds `treatment`, `rank`, `p` (what is drawn, a share) and `SUCRA`.
#' @details Errors: `metaparity_error_input`.
#' @section Formula: SUCRA is the mean of the cumulative probabilities over all ranks but the last, (n - mean rank)/(n -
#'   1).
#' @section In other software: Stata `network rank max, line cumulative`; \pkg{netmeta} `plot(rankogram())`.
#' @references Salanti G, Ades AE, Ioannidis JPA (2011). Graphical methods and numerical summaries for presenting
#'   results from
#'   multiple-treatment meta-analysis. *Journal of Clinical Epidemiology*, 64, 163-171.
#' @examples
#' d <- data.frame(study = c(1, 1, 2, 2, 3, 3, 4, 4), t = c("A", "B", "A", "C", "B", "C", "A", "B"),
#'                 r = c(9, 23, 11, 12, 29, 79, 20, 31), n = c(140, 140, 78, 85, 170, 302, 150, 140))
#' fit <- network_meta(network_setup(r, n, data = d, studyvar = study, trtvar = t), "consistency")
#' ranks <- network_rank(fit, "max", seed = 1)
#' plot(ranks)
#' plot(ranks, type = "cumulative")
#' @export
plot.stata_network_rank <- function(x, type = c("rankogram", "cumulative"), study = NULL, ...) {
  mc <- match.call()
  type <- check_choice(type[1L], c("rankogram", "cumulative"), "type", mc)
  all <- x$ranks$probability
  if (!is.null(study) && !as.character(study) %in% names(all))
    abort_input("study", sprintf("must be one of %s", paste(names(all), collapse = ", ")), mc)
  p <- all[[if (is.null(study)) 1L else match(as.character(study), names(all))]]
  n <- nrow(p)
  if (n < 2L) abort_input("x", "must have at least two treatments", mc)
  shown <- if (type == "cumulative") apply(p, 2L, cumsum) else p
  ask <- stata_asked(...)
  style <- as_scatter_style(ask$style, scatter_style_stata())
  look <- rank_looks(ncol(p))
  layers <- lapply(seq_len(ncol(p)),
                   function(j) layer_line(seq_len(n), 100 * shown[, j], look$col[j], 1.6, look$lty[j]))
  marks <- lapply(seq_len(ncol(p)),
                  function(j) layer_points(seq_len(n), 100 * shown[, j], look$pch[j], 0.9, look$col[j]))
  legend <- lapply(seq_len(ncol(p)), function(j) legend_line(colnames(p)[j], look$col[j], 1.6, look$lty[j]))
  data <- data.frame(treatment = rep(colnames(p), each = n), rank = rep(seq_len(n), ncol(p)), p = as.vector(shown),
                     SUCRA = rep(rank_summary(p)["SUCRA", ], each = n), row.names = NULL)
  xaxis <- new_axis(c(0.8, n + 0.2), seq_len(n), as.character(seq_len(n)), "Rank")
  yaxis <- new_axis(c(-2, 102), seq(0, 100, 20), as.character(seq(0, 100, 20)),
                    if (type == "cumulative") "Cumulative probability (%)" else "Probability (%)", grid = TRUE)
  invisible(stata_graph(c(layers, marks), xaxis, yaxis, list(), legend, data, ask, style,
                        if (is.null(ask$size)) c(7, 5) else ask$size))
}

# Colours that differ in lightness too, for printing in grey.
rank_looks <- function(n) {
  col <- c("#1a476f", "#90353b", "#55752f", "#e37e00", "#6e8e84", "#938dd2", "#7b92a8", "#2d6d66")
  list(col = rep_len(col, n), lty = rep_len(rep(1:3, each = length(col)), n), pch = rep_len(c(16, 15, 17, 18), n))
}

#' Bubbles of two outcomes
#'
#' Draws the estimates of two outcomes against each other: for each study the region in which its true effects lie by
#' its
#' sampling variances and their correlation, and the confidence region of the means.
#'
#' @param x a result of [mvmeta()] with two or more outcomes.
#' @param which two outcomes, by number or name.
#' @param region confidence level of the studies' regions in percent.
#' @param level confidence level of the region of the means in percent.
#' @param ... `title`, `subtitle`, `xtitle`, `ytitle`, `style`, `size`, `draw`, `lang`, `legend`.
#' @return The figure, invisibly; its field `data` holds the studies' estimates of both outcomes.
#' @details Studies without one of the outcomes are left out with a warning of class `metaparity_warning_dropped`.
#'   Errors:
#'   `metaparity_error_input`. The regions are those of the normal distribution; Stata's options of the look have no
#'   equivalents but those of `...`.
#' @section Formula: y + sqrt(chi2(2, region)) S^(1/2) u on the unit circle.
#' @section In other software: Stata `mvmeta y V, bubble`.
#' @references White IR (2011). Multivariate random-effects meta-regression: updates to mvmeta. *Stata Journal*, 11,
#'   255-270.
#' @examples
#' d <- data.frame(y1 = c(.47, .20, .40, .26, .56), y2 = c(-.32, -.60, -.12, -.31, -.39),
#'                 V11 = c(.0075, .0057, .0021, .0029, .0148),
#'                 V22 = c(.0077, .0008, .0014, .0015, .0304),
#'                 V12 = c(.0030, .0009, .0007, .0009, .0072))
#' plot(mvmeta(y, V, data = d))
#' @export
plot.stata_mvmeta <- function(x, which = 1:2, region = 50, level = 95, ...) {
  mc <- match.call()
  names <- x$studies$outcomes
  at <- if (is.character(which)) match(which, names) else which
  if (length(at) != 2L || anyNA(at) || any(!at %in% seq_along(names)) || at[1L] == at[2L])
    abort_input("which", sprintf("must be two of the outcomes %s", paste(names, collapse = ", ")), mc)
  region <- check_stata_level(region, "region", mc)
  level <- check_stata_level(level, "level", mc)
  points <- bubble_points(x, at, mc)
  ask <- stata_asked(...)
  style <- as_scatter_style(ask$style, scatter_style_stata())
  rings <- lapply(seq_along(points$S), function(i) ellipse_points(points$y[i, ], points$S[[i]], region))
  mean <- bubble_mean(x, at, level)
  every <- do.call(rbind, c(rings, if (!is.null(mean)) list(mean$ring)))
  layers <- c(lapply(rings, function(r) layer_line(r[, 1L], r[, 2L], "#1a476f", 0.8)),
              list(layer_points(points$y[, 1L], points$y[, 2L], 16, 0.5, "#1a476f")),
              if (!is.null(mean)) list(layer_line(mean$ring[, 1L], mean$ring[, 2L], "#90353b", 1.8),
                                       layer_points(mean$at[1L], mean$at[2L], 18, 1.2, "#90353b")))
  legend <- Filter(Negate(is.null), list(
    legend_line("Region of a study", "#1a476f", 0.8),
    if (!is.null(mean)) legend_line("Region of the means", "#90353b", 1.8)))
  data <- data.frame(study = points$study, x = points$y[, 1L], y = points$y[, 2L])
  invisible(stata_graph(layers, stata_axis(every[, 1L], style, names[at[1L]]),
                        stata_axis(every[, 2L], style, names[at[2L]], grid = TRUE), list(), legend, data, ask, style,
                        if (is.null(ask$size)) c(7, 6) else ask$size))
}

# The boundary of a normal distribution's region of this level.
ellipse_points <- function(center, S, level, n = 72L) {
  e <- eigen(S, symmetric = TRUE)
  root <- e$vectors %*% diag(sqrt(pmax(e$values, 0)))
  t <- seq(0, 2 * pi, length.out = n + 1L)
  sweep(sqrt(stats::qchisq(level, 2)) * cbind(cos(t), sin(t)) %*% t(root), 2L, -as.numeric(center))
}

# Studies with both outcomes: their estimates and the sampling covariances of the two.
bubble_points <- function(x, at, call) {
  s <- x$studies
  q <- length(s$outcomes)
  y <- s$y[, at, drop = FALSE]
  both <- !is.na(y[, 1L]) & !is.na(y[, 2L])
  if (!any(both)) abort_input("which", "are outcomes that no study has together", call)
  if (!all(both)) leave_out(which(!both), "one outcome alone", call)
  S <- lapply(which(both), function(i) matrix(s$S[i, ], q)[at, at, drop = FALSE])
  list(y = unname(y[both, , drop = FALSE]), S = S, study = s$label[both])
}

# The means and their region; NULL with covariates.
bubble_mean <- function(x, at, level) {
  s <- x$studies
  own <- vapply(s$outcomes[at], function(o) {
    rows <- which(s$names$eq == o | s$names$eq == "Overall_mean" & s$names$term == o)
    if (length(rows) == 1L) rows else NA_integer_
  }, 0L)
  if (ncol(s$x) > 0L || anyNA(own)) return(NULL)
  beta <- as.numeric(x$fit$beta)[own]
  list(at = beta, ring = ellipse_points(beta, mvmeta_variance(x$fit, x$options)[own, own], level))
}

# Figures of networks: the map of treatments and comparisons, and the forest plot by comparison.
# Sources: Chaimani et al. (2013) PLoS ONE 8:e76654; White (2015) Stata J 15:951.

#' Figures of a network
#'
#' `network_map()` draws the treatments on a circle, as large as the number of studies that have them, and lines as
#' wide as
#' the number of studies that compare them. `network_forest()` draws the studies by comparison, with what is pooled
#' within
#' designs (inconsistency model) and over the network (consistency model).
#'
#' @param net a result of [network_setup()] or [network_import()].
#' @param trtcodes show the codes of the treatments, not their names.
#' @param consistency,inconsistency results of [network_meta()]; fitted by default, `FALSE` leaves them out.
#' @param eform exponents on the axis.
#' @param ... `title`, `subtitle`, `xtitle`, `style`, `size`, `draw`, `lang`, `legend`.
#' @return The figure, invisibly; its field `data` holds what is drawn.
#' @details Errors: `metaparity_error_input`.
#' @section Shortest forms: In stata() and stata_do() an option may be cut: `r option_forms("network_map")`.
#' @section In other software: Stata `network map`, `network forest`; \pkg{netmeta} `netgraph()`.
#' @examples
#' d <- data.frame(study = c(1, 1, 2, 2, 3, 3, 4, 4), t = c("A", "B", "A", "C", "B", "C", "A", "B"),
#'                 r = c(9, 23, 11, 12, 29, 79, 20, 31), n = c(140, 140, 78, 85, 170, 302, 150, 140))
#' net <- network_setup(r, n, data = d, studyvar = study, trtvar = t)
#' network_map(net)
#' network_forest(net)
#' @export
network_map <- function(net, trtcodes = FALSE, ...) {
  mc <- match.call()
  check_network(net, mc)
  names <- if (check_flag(trtcodes, "trtcodes", mc)) net$treatments$code else net$treatments$name
  shape <- network_map_shape(net)
  edge <- list(lwd = network_line_width(shape$n, shape$n), col = rep("gray55", length(shape$n)), lty = "solid")
  invisible(network_circle(shape, names, list(cex = network_node_size(shape$studies)), edge, stata_asked(...)))
}

# Treatments on the circle. node: cex and perhaps col; edge: lwd, col, lty; the legend tells the colours of the lines.
network_circle <- function(shape, names, node, edge, ask, legend = NULL, text = 1) {
  default <- scatter_style_stata()
  default$pt_label <- default$pt_label * text
  style <- as_scatter_style(ask$style, default)
  style$frame <- "none"
  style$hidden_axes <- c("x", "y")
  ask["style"] <- list(NULL)
  lines <- Map(function(a, b, lwd, col) layer_line(shape$x[c(a, b)], shape$y[c(a, b)], col, lwd, edge$lty),
               shape$a, shape$b, edge$lwd, edge$col)
  nodes <- layer_points(shape$x, shape$y, 19, node$cex, if (is.null(node$col)) style$point_col else node$col)
  labels <- lapply(seq_along(names), function(i) {
    layer_labels(shape$x[i], shape$y[i], names[i], if (shape$x[i] < -1e-9) "left" else "right",
                 0.35 + 0.42 * node$cex[i])
  })
  data <- data.frame(treatment = names, x = shape$x, y = shape$y, studies = shape$studies)
  wide <- 1.25 + 0.04 * text * max(display_width(names))
  size <- if (is.null(ask$size)) c(min(max(7, 4.2 * wide), 13), 6) else ask$size
  axis <- function(limit) new_axis(c(-limit, limit), numeric(), character())
  stata_graph(c(lines, list(nodes), labels), axis(wide), axis(max(1.2, 5.3 * wide / (size[1L] - 0.4))), list(), legend,
              data, ask, style, size)
}

# Places on the circle, how many studies have a treatment and compare two of them.
network_map_shape <- function(net) {
  codes <- net$treatments$code
  has <- t(vapply(net$studies, function(s) codes %in% s$codes, logical(length(codes))))
  joint <- crossprod(has * 1)
  at <- which(upper.tri(joint) & joint > 0, arr.ind = TRUE)
  c(circle_places(length(codes)), list(studies = diag(joint), a = at[, 1L], b = at[, 2L], n = joint[at]))
}

circle_places <- function(n) {
  angle <- pi / 2 - 2 * pi * (seq_len(n) - 1L) / n
  list(x = cos(angle), y = sin(angle))
}

network_line_width <- function(n, all) 1 + 9 * n / max(all, 10)
network_node_size <- function(studies) 1.2 + 3.2 * sqrt(studies / max(studies))

# ---- forest -------------------------------------------------------------------------------------

#' @rdname network_map
#' @export
network_forest <- function(net, consistency = NULL, inconsistency = NULL, eform = FALSE, trtcodes = FALSE, ...) {
  mc <- match.call()
  check_network(net, mc)
  fits <- list(cons = network_forest_fit(consistency, net, "consistency", mc),
               inco = network_forest_fit(inconsistency, net, "inconsistency", mc))
  names <- if (check_flag(trtcodes, "trtcodes", mc)) net$treatments$code else net$treatments$name
  rows <- network_forest_rows(net, fits, stats::setNames(names, net$treatments$code))
  ask <- stata_asked(...)
  invisible(network_forest_figure(rows, net, fits, check_flag(eform, "eform", mc), ask))
}

network_forest_fit <- function(given, net, model, call) {
  if (isFALSE(given)) return(NULL)
  if (inherits(given, "stata_network_meta")) return(given)
  if (!is.null(given)) abort_input(model, "must be a result of network_meta() or FALSE", call)
  if (model == "inconsistency" && !nrow(network_inconsistency(net))) return(NULL)
  pairs <- net$format == "pairs"
  if (max(net$shape$component) > 1L) return(NULL)
  network_meta(if (pairs) network_convert(net, "standard") else net, model, force = TRUE)
}

# Of each comparison: its studies by design, the pooled effects of the designs, and that of the network.
network_forest_rows <- function(net, fits, names) {
  pairs <- network_pairs(net)
  id <- as.character(pairs[[net$studyvar]])
  y <- pairs[[net$stub[1L]]]
  se <- pairs[[if (is.null(net$stderr)) "_stderr" else net$stderr]]
  key <- paste(pairs[["_t1"]], pairs[["_t2"]])
  order <- unique(key[order(match(pairs[["_t1"]], net$treatments$code), match(pairs[["_t2"]], net$treatments$code))])
  blocks <- lapply(order, function(k) {
    codes <- strsplit(k, " ", fixed = TRUE)[[1L]]
    mine <- which(key == k)
    by <- lapply(unique(pairs[["_design"]][mine]), function(d) {
      at <- mine[pairs[["_design"]][mine] == d]
      rbind(data.frame(type = "study", label = id[at], est = y[at], se = se[at]),
            network_forest_pooled(fits$inco, codes, d, sprintf("All %s", network_design_label(d)), "inco"))
    })
    title <- data.frame(type = "title", label = sprintf("%s vs. %s", names[codes[2L]], names[codes[1L]]), est = NA,
                        se = NA)
    rbind(title, do.call(rbind, by), network_forest_pooled(fits$cons, codes, "", "All studies", "cons"))
  })
  do.call(rbind, blocks)
}

# ACD; with the spaces where codes are words.
network_design_label <- function(design) {
  if (all(nchar(strsplit(design, " ", fixed = TRUE)[[1L]]) == 1L)) gsub(" ", "", design, fixed = TRUE) else design
}

network_forest_pooled <- function(fit, codes, design, label, type) {
  if (is.null(fit)) return(NULL)
  L <- network_rows(fit, codes, design)
  l <- L[2L, ] - L[1L, ]
  e <- network_estimates(fit)
  data.frame(type = type, label = label, est = sum(l * e$beta), se = sqrt(sum(l * (e$V %*% l))))
}

network_forest_figure <- function(rows, net, fits, eform, ask) {
  default <- scatter_style_stata()
  style <- as_scatter_style(ask$style, default)
  half <- critical_value(0.95) * rows$se
  rows$lo <- rows$est - half
  rows$hi <- rows$est + half
  row <- seq_len(nrow(rows))
  reach <- network_forest_reach(rows)
  col <- c(study = "#1a476f", inco = "#2e8b57", cons = "#c10534", title = NA)[rows$type]
  seen <- which(is.finite(rows$est))
  spikes <- unlist(lapply(seen, function(i) network_forest_spike(rows$lo[i], rows$hi[i], i, reach, col[[i]])),
                   recursive = FALSE)
  inside <- seen[rows$est[seen] >= reach[1L] & rows$est[seen] <= reach[2L]]
  size <- ifelse(rows$type == "study", pmax(0.45, 1.3 * sqrt(min(rows$se[seen]) / rows$se)), 1)
  marks <- layer_points(rows$est[inside], inside, 15, size[inside], col[inside])
  null <- layer_line(c(0, 0), c(0, nrow(rows) + 1), "gray60", 1, 2)
  x <- network_forest_axis(reach, eform, net, style)
  y <- new_axis(c(nrow(rows) + 0.7, 0.3), row, ifelse(rows$type == "title", rows$label, paste0("   ", rows$label)), "",
                crowded = "shrink", ticks = FALSE, horizontal = TRUE)
  key <- list(legend_point("Studies", 15, "#1a476f"), if (!is.null(fits$inco)) legend_point("Pooled within design",
                                                                                            15, "#2e8b57"),
              if (!is.null(fits$cons)) legend_point("Pooled overall", 15, "#c10534"))
  words <- list(legend = list(at = "below"))
  if (!is.null(fits$inco)) words$subtitle <- network_forest_note(fits$inco$test)
  size <- if (is.null(ask$size)) c(7.5, max(5, 1.6 + 0.17 * nrow(rows))) else ask$size
  stata_graph(c(list(null), spikes, list(marks)), x, y, words, Filter(Negate(is.null), key), rows, ask, default, size)
}

# An interval; an end beyond the axis is an arrow.
network_forest_spike <- function(lo, hi, row, reach, col) {
  end <- pmin(pmax(c(lo, hi), reach[1L]), reach[2L])
  head <- 0.012 * diff(reach)
  arrow <- function(at, back) layer_line(c(at + back, at, at + back), row + c(-0.3, 0, 0.3), col, 1.2)
  c(list(layer_line(end, c(row, row), col, 1.2)), if (lo < reach[1L]) list(arrow(reach[1L], head)),
    if (hi > reach[2L]) list(arrow(reach[2L], -head)))
}

network_forest_note <- function(test) {
  if (is.null(test$F)) return(sprintf("Test of consistency: chi2(%d)=%s, P=%s", test$df, trimws(stata_fixed(test$chi2,
                                                                                                            8L, 2L)),
                                      stata_p(test$p)))
  sprintf("Test of consistency: F(%d,%s)=%s, P=%s", test$df, format(test$df_r), trimws(stata_fixed(test$F, 8L, 2L)),
          stata_p(test$p))
}

# The axis holds the intervals, but for those much wider than the others, whose ends are arrows.
network_forest_reach <- function(rows) {
  ends <- c(rows$lo, rows$hi)
  ends <- ends[is.finite(ends)]
  middle <- range(rows$est, na.rm = TRUE)
  span <- max(stats::quantile(abs(ends), 0.9, names = FALSE), max(abs(middle)))
  c(max(min(ends, 0), -1.3 * span), min(max(ends, 0), 1.3 * span))
}

network_forest_axis <- function(reach, eform, net, style) {
  title <- if (eform) sub("^Log (.)", "\\U\\1", net$measure, perl = TRUE) else net$measure
  if (!eform) {
    at <- pretty(reach, 5L)
    at <- at[at >= reach[1L] - 0.05 * diff(reach) & at <= reach[2L] + 0.05 * diff(reach)]
    return(new_axis(range(reach, at) + c(-0.02, 0.02) * diff(reach), at, style$format_tick(at), title))
  }
  at <- log(c(0.01, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 100))
  at <- at[at >= reach[1L] & at <= reach[2L]]
  new_axis(reach + c(-0.02, 0.02) * diff(reach), at, trimws(stata_general(exp(at), 6L)), title)
}

# The graphs of the Stata views: hand finished numbers to the stata_graph_*() functions.

#' Plots of Stata views
#'
#' Draws the graph that Stata's command draws.
#'
#' @param x a Stata view.
#' @param which for the tests of publication bias, `"egger"` or `"begg"`.
#' @param stratum with `by`, the stratum to draw (its name).
#' @param title,legend,style title, legend (`TRUE` or `FALSE`) and look of the graph of `metabias`.
#' @param ... further arguments of the graph: `title`, `subtitle`, `xtitle`, `ytitle`, `labels`, `legend`, `style`.
#' @return The figure, invisibly.
#' @details Errors of class `metaparity_error_input` name the argument.
#' @section In other software: Stata `metabias6 theta se, graph(egger)`, `metainf`, `galbr`, `metafunnel`,
#'   `metatrim, funnel`.
#' @examples
#' d <- data.frame(es = c(.8, .5, .6, .4, .3), se = c(.4, .3, .25, .2, .15))
#' plot(metabias6(es, se, data = d), which = "egger")
#' plot(metainf(es, se, data = d))
#' @name stata_plots
NULL

#' @rdname stata_plots
#' @export
plot.stata_metabias6 <- function(x, which = c("egger", "begg"), stratum = NULL, ...) {
  which <- meta_match(which[1L], c("egger", "begg"), "which", NULL)
  s <- stratum_studies(x, stratum)
  if (which == "begg") {
    pooled <- fit_estimates(s$theta, s$se^2, "FE")$beta[[1L]]
    name <- effect_name(x$studies)
    args <- list(s$theta, s$se, pooled, 100 * x$options$level, isTRUE(x$options$gweight))
    return(invisible(with_titles(stata_graph_begg, args, name, paste("s.e. of:", name), ...)))
  }
  e <- egger_test(s$theta, s$se, x$options$level)
  invisible(stata_graph_egger(s$theta / s$se, 1 / s$se, e$slope$b, e$bias$b, c(e$bias$lo, e$bias$hi), ...))
}

# Titles from the variables' names, unless the user gives others.
with_titles <- function(.graph, .args, .y, .x, ...) {
  given <- list(...)
  titles <- list(ytitle = .y, xtitle = .x)
  do.call(.graph, c(.args, titles[setdiff(names(titles), names(given))], given), quote = TRUE)
}

effect_name <- function(s) if (s$log) sprintf("log[%s]", s$names[1L]) else s$names[1L]

stratum_studies <- function(x, stratum) {
  s <- x$studies
  if (is.null(s$by) || is.null(stratum)) return(s)
  stratum <- check_choice(stratum, levels(s$by), "stratum")
  mine <- s$by %in% stratum
  list(theta = s$theta[mine], se = s$se[mine])
}

#' @rdname stata_plots
#' @export
plot.stata_metabias <- function(x, title = NULL, legend = TRUE, style = style_stata(), ...) {
  if (!x$options$test %in% c("egger", "harbord")) {
    abort_input("graph", "goes with `egger` and `harbord` only; see metafunnel() for a funnel plot")
  }
  s <- x$studies
  harbord <- x$options$test == "harbord"
  data <- if (harbord) list(x = x$fit$x, y = x$fit$y) else list(x = 1 / s$se, y = s$theta / s$se)
  names <- if (harbord) c("sqrt(V)", "Z / sqrt(V)") else c("Precision", "SND of effect estimate")
  line <- if (!x$options$nofit) list(slope = x$fit$slope$b, bias = x$fit$bias, level = x$options$level)
  invisible(stata_graph_metabias(data, line, names, title = title, legend = legend, style = style, ...))
}

#' @rdname stata_plots
#' @export
plot.stata_metainf <- function(x, ...) {
  k <- nrow(x$table)
  one <- x$table[-k, ]
  all <- unlist(x$table[k, c("es", "ci_low", "ci_upp")])
  invisible(stata_graph_metainf(one$study, one$es, one$ci_low, one$ci_upp, unname(all), eform = FALSE, ...))
}

#' @rdname stata_plots
#' @export
plot.stata_metatrim <- function(x, ...) {
  model <- if (x$options$reffect) "random" else "fixed"
  pooled <- x$fit$after[[model]]$beta[[1L]]
  invisible(stata_graph_metatrim(x$table$theta, x$table$se, x$table$filled, pooled, 100 * x$options$level, ...))
}

#' @rdname stata_plots
#' @export
plot.stata_galbr <- function(x, ...) {
  invisible(stata_graph_galbr(x$studies$theta, x$studies$se, x$labels, slope = x$r$slope, ...))
}

#' @rdname stata_plots
#' @export
plot.stata_metafunnel <- function(x, ...) {
  s <- x$studies
  line <- NULL
  if (x$options$egger) {
    e <- egger_test(s$theta, s$se, 0.95)
    line <- c(e$slope$b, e$bias$b)
  }
  name <- effect_name(s)
  args <- list(s$theta, s$se, x$r$centre, s$by, eform = x$options$eform, egger = line, reverse = x$options$reverse,
               lines = !x$options$nolines)
  invisible(with_titles(stata_graph_metafunnel, args, paste("s.e. of", name),
                        if (x$options$eform) sprintf("exp(%s), log scale", name) else name, ...))
}

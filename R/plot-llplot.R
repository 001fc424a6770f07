# Owns llplot(): the likelihood of the true effect in each study. The core computes the curves.
# Source: van Houwelingen, Zwinderman & Stijnen (1993). Oracle: metafor.

#' Likelihoods of the single studies
#'
#' Draws how likely each value of the true effect is, given the data of each study.
#'
#' @param measure `"GEN"` for estimates with their variances, or `"OR"` for 2x2 tables.
#' @param yi,vi,sei estimates, their variances or their standard errors (`"GEN"`).
#' @param ai,bi,ci,di,n1i,n2i cells and row totals of the tables (`"OR"`): `ai`, `bi`, `ci`, `di`, or `ai`, `ci`, `n1i`,
#'   `n2i`.
#' @param data data frame in which these are looked up first.
#' @param subset rows to draw: logical or numbers.
#' @param drop00 drop tables without events, or with events only, in both rows? Their likelihood is flat.
#' @param xvals number of values at which the likelihoods are computed.
#' @param xlim,ylim axis limits, two numbers each.
#' @param xlab,ylab axis titles.
#' @param scale scale each curve to an area of 1?
#' @param lty,lwd,col types, widths and colours of the lines: one value, or one per study. By default dashed where the
#'   estimate is infinite, dotted where the curve is flat, and thicker and darker the more precise the study.
#' @param level each curve is drawn over the confidence interval of this level, in percent.
#' @param refline x of a vertical line; `NA` for none.
#' @param style look of the plot, see [funnel()].
#' @param draw draw the plot? `FALSE` only returns the values.
#' @param lang language of the texts, by default the option `metaparity.lang`.
#' @param ... `main`, `cex.lab`, `cex.axis`, `cex.main`, `las`, `bty`, `xaxt`, `yaxt` as in [graphics::par()]. Other
#'   arguments are ignored with a warning.
#' @return A matrix, invisibly: the likelihoods at the `xvals` values (columns) per study (rows), `NA` outside the
#'   interval. Its attribute `figure` is the figure, which [save_figure()] writes to a file.
#' @details Studies with missing values are left out with a warning of class `metaparity_warning_dropped`. Errors of
#'   class
#' `metaparity_error_input`: neither estimates nor tables; another measure; no study left.
#' @section Formula: `"GEN"`: the normal density of y at theta with variance v. `"OR"`: the probability of a given both
#'   margins,
#' C(n1, a) C(n2, m - a) exp(a theta) / sum over x of C(n1, x) C(n2, m - x) exp(x theta), with m = a + c.
#' @section In other software: Stata, RevMan: none. \pkg{metafor}: `llplot()`, same arguments.
#' @references van Houwelingen HC, Zwinderman KH, Stijnen T (1993). A bivariate approach to meta-analysis. *Statistics
#'   in Medicine*, 12, 2273-2284.
#' @examples
#' llplot("GEN", yi = c(-0.9, -1.6, -0.2), sei = c(0.57, 0.44, 0.23))
#' llplot("OR", ai = c(4, 6, 3), n1i = c(123, 306, 231), ci = c(11, 29, 11),
#'        n2i = c(139, 303, 220), refline = NA)
#' @export
llplot <- function(measure, yi, vi, sei, ai, bi, ci, di, n1i, n2i, data, subset, drop00 = TRUE, xvals = 1000,
                   xlim = NULL,
                   ylim = NULL, xlab = NULL, ylab = NULL, scale = TRUE, lty = NULL, lwd = NULL, col = NULL,
                   level = 99.99,
                   refline = 0, style = NULL, draw = TRUE, lang = NULL, ...) {
  mc <- match.call()
  call <- sys.call()
  check_drawing(environment(), call)
  check_choice(if (missing(measure)) "GEN" else measure, c("GEN", "OR"), "measure", call)
  style <- wished_style(sized_style(style, c(6.5, 5.5), call), list(...), call = call)
  tables <- !missing(measure) && measure == "OR"
  studies <- likelihood_studies(mc, parent.frame(), tables, check_flag(drop00, "drop00", call), call)
  reach <- critical_value(check_level(level, call = call)) * sqrt(studies$vi)
  xlim <- shown_limits(c(studies$yi - reach, studies$yi + reach), xlim, "xlim", call)
  at <- seq(min(xlim), max(xlim), length.out = check_number(xvals, "xvals", 2, 1e6, call))
  check_flag(scale, "scale", call)
  out <- call_core(if (tables) cpp_table_likelihood(as.matrix(studies[c("ai", "ci", "n1i", "n2i")]), at, scale) else
    cpp_normal_likelihood(studies$yi, studies$vi, at, scale), call)
  out[abs(outer(studies$yi, at, `-`)) > reach] <- NA
  look <- likelihood_look(studies, list(lty = lty, lwd = lwd, col = col), call)
  ask <- list(xlim = xlim, ylim = shown_limits(c(0, out), ylim, "ylim", call), refline = refline,
              title = own_text(list(...)$main),
              xlab = if (is.null(xlab)) axis_label_of(if (tables) "OR" else "GEN") else own_text(xlab),
              ylab = if (is.null(ylab)) if (scale) "Scaled Likelihood" else "Likelihood" else own_text(ylab))
  present(out, likelihood_figure(out, at, look, ask, style), draw, lang, call)
}

# yi and vi per study, and of tables the counts and the kind of curve: 1 with a peak, 2 rising without end, 3 flat.
likelihood_studies <- function(mc, env, tables, drop00, call) {
  data <- if (is.null(mc$data)) NULL else resolve_data(eval(mc$data, env), call)
  given <- resolve_columns(if (tables) c("ai", "bi", "ci", "di", "n1i", "n2i") else c("yi", "vi", "sei"),
                           mc, data, env, call)
  studies <- if (tables) llplot_tables(given, call) else estimate_studies(given, call)
  keep <- check_subset(resolve_column(mc$subset, data, env, "subset", call), nrow(studies), call)
  studies$row <- seq_len(nrow(studies))
  if (!is.null(keep)) studies <- studies[keep, ]
  bad <- !stats::complete.cases(studies) | !is.finite(studies$yi) | !(studies$vi > 0) %in% TRUE
  if (any(bad)) warn_dropped(studies$row[bad], "missing values, or no positive variance", call)
  studies <- studies[!bad & !(drop00 & studies$kind == 3L), ]
  if (nrow(studies) == 0L) abort_input(if (tables) "ai" else "yi", "must leave a study to draw", call)
  studies
}

estimate_studies <- function(given, call) {
  if (is.null(given$yi)) abort_input("yi", 'must be given for measure = "GEN"', call)
  if (is.null(given$vi) && is.null(given$sei)) abort_input("vi", "or `sei` must be given", call)
  yi <- check_numeric_vector(given$yi, "yi", call)
  vi <- if (is.null(given$vi)) check_numeric_vector(given$sei, "sei", call)^2 else
    check_numeric_vector(given$vi, "vi", call)
  if (length(vi) != length(yi))
    abort_input("vi", sprintf("must have %d values, one per estimate, not %d", length(yi), length(vi)), call)
  data.frame(yi = as.numeric(yi), vi = as.numeric(vi), kind = 1L)
}

# The interval of a table is that of its log odds ratio, 1/2 added to the cells where one is 0.
llplot_tables <- function(given, call) {
  es <- suppressWarnings(do.call(escalc, c(list("OR", drop00 = FALSE), given)))
  total <- function(n, event, other) if (is.null(given[[n]])) given[[event]] + given[[other]] else given[[n]]
  out <- data.frame(yi = as.numeric(es$yi), vi = as.numeric(es$vi), ai = given$ai, ci = given$ci,
                    n1i = total("n1i", "ai", "bi"),
                    n2i = total("n2i", "ci", "di"))
  empty <- out$ai == 0 | out$ci == 0 | out$ai == out$n1i | out$ci == out$n2i
  flat <- (out$ai == 0 & out$ci == 0) | (out$ai == out$n1i & out$ci == out$n2i)
  out$kind <- ifelse(flat, 3L, ifelse(empty, 2L, 1L))
  out
}

# Line types by the kind of curve; widths from 2.5 to 0.8 and greys from dark to light as the variances grow.
likelihood_look <- function(studies, given, call) {
  share <- sqrt(studies$vi)
  share <- if (diff(range(share)) > 0) (share - min(share)) / diff(range(share)) else 0 * share
  own <- list(lty = c("solid", "dashed", "dotted")[studies$kind], lwd = 2.5 - 1.7 * share,
              col = grDevices::gray(0.15 + 0.6 * share))
  for (arg in names(own)) {
    value <- given[[arg]]
    if (is.null(value)) next
    if (length(value) > 1L && length(value) < max(studies$row)) {
      abort_input(arg, sprintf("must have one value, or one per study, not %d", length(value)), call)
    }
    own[[arg]] <- if (length(value) == 1L) rep(value, nrow(studies)) else value[studies$row]
  }
  own
}

likelihood_figure <- function(values, at, look, ask, style) {
  curves <- lapply(seq_len(nrow(values)), function(i) {
    fine <- which(!is.na(values[i, ]))
    if (length(fine) > 1L) layer_line(at[fine], values[i, fine], look$col[i], look$lwd[i], look$lty[i])
  })
  reference <- if (isTRUE(is.finite(ask$refline)))
    layer_line(rep(ask$refline, 2L), expand_limits(ask$ylim, 1), lty = "dotted")
  new_figure(c(list(reference), curves), plain_axis(ask$xlim, ask$xlab, style), plain_axis(ask$ylim, ask$ylab, style),
             list(title = ask$title), style = style, data = values)
}

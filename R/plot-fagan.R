# Owns Fagan's nomogram: probability before the test, likelihood ratio, probability after it, as straight lines.
# Source: Fagan (1975, N Engl J Med 293, 257). Oracle: Bayes' theorem.

#' Fagan's nomogram
#'
#' Shows what a positive and a negative test make of the probability of the disease.
#'
#' @param x a fit of [rma.dta()] without covariates, or two likelihood ratios: of a positive and a negative test.
#' @param prior probability of the disease before the test; by default the share of persons with it in the data.
#' @param main title.
#' @param legend show the numbers below?
#' @param style look of the plot, see [funnel()].
#' @param draw draw the plot? `FALSE` only returns the data and the figure.
#' @param lang language of the texts, by default the option `metaparity.lang`.
#' @param ... words of [graphics::par()] as in [labbe.metaparity()].
#' @return A data frame, invisibly, with rows `positive` and `negative`: `prior`, `LR`, `posterior`. Its attribute
#'   `figure` is the figure.
#' @details Errors are of class `metaparity_error_input`: likelihood ratios that are not positive, a probability that is
#'   not between 0 and 1, a fit with covariates.
#' @section Formula: posterior odds = prior odds x likelihood ratio.
#' @section In other software: Stata: `midas, fagan(0.3)`, `fagani`.
#' @references Fagan TJ (1975). Nomogram for Bayes's theorem. *New England Journal of Medicine*, 293, 257.
#' @examples
#' fagan(c(8.7, 0.26), prior = 0.3)
#' @export
fagan <- function(x, prior, main = NULL, legend = TRUE, style = NULL, draw = TRUE, lang = NULL, ...) {
  call <- sys.call()
  check_given(x)
  check_drawing(environment(), call)
  ratios <- fagan_ratios(x, call)
  if (missing(prior) && !inherits(x, "metaparity_dta"))
    abort_input("prior", "must be given with likelihood ratios", call)
  if (missing(prior)) {
    d <- x$counts
    prior <- sum(d$tp + d$fn) / sum(d$tp + d$fn + d$tn + d$fp)
  }
  prior <- check_number(prior, "prior", 1e-6, 1 - 1e-6, call)
  style <- wished_style(sized_style(style, c(5, 6.5), call), list(...), call = call)
  odds <- prior / (1 - prior) * ratios
  data <- data.frame(prior = prior, LR = ratios, posterior = odds / (1 + odds), row.names = c("positive", "negative"))
  figure <- with_language(lang, fagan_figure(data, own_text(main), check_flag(legend, "legend", call), style))
  present(data, figure, draw, lang, call)
}

fagan_ratios <- function(x, call) {
  if (inherits(x, "metaparity_dta")) {
    if (is.null(x$summary)) abort_input("x", "must be a fit without covariates, or two likelihood ratios", call)
    return(unname(x$summary[c("LR+", "LR-"), "estimate"]))
  }
  if (!is.numeric(x) || length(x) != 2L || !all(is.finite(x)) || any(x <= 0))
    abort_input("x", sprintf("must be a fit of rma.dta() or two positive likelihood ratios, not %s", describe(x)), call)
  as.numeric(x)
}

fagan_percents <- c(0.1, 0.2, 0.3, 0.5, 0.7, 1, 2, 3, 5, 7, 10, 20, 30, 40, 50, 60, 70, 80, 90, 93, 95, 97, 98, 99,
                    99.3, 99.5, 99.7, 99.8, 99.9)
fagan_factors <- c(1000, 500, 200, 100, 50, 20, 10, 5, 2, 1, 0.5, 0.2, 0.1, 0.05, 0.02, 0.01, 0.005, 0.002, 0.001)

fagan_figure <- function(data, title, legend, style) {
  number <- function(v) formatC(v, digits = 3L, format = "g")
  percent <- function(v) paste0(formatC(100 * v, digits = 3L, format = "g"), "%")
  lines <- c(translatef("Prior probability = %s", percent(data$prior[1L])),
             translatef("Positive test: LR = %s, posterior probability = %s", number(data$LR[1L]),
                        percent(data$posterior[1L])),
             translatef("Negative test: LR = %s, posterior probability = %s", number(data$LR[2L]),
                        percent(data$posterior[2L])))
  structure(list(data = data, title = translate(title), legend = if (legend) lines, style = style,
                 titles = translate(c("Pre-test probability (%)", "Likelihood ratio", "Post-test probability (%)")),
                 size = c(5, 6.5)), class = c("metaparity_fagan", "metaparity_figure"))
}

# With the logit of the prior running down and that of the posterior up, half the logarithm of the ratio lies between.
#' @exportS3Method figure_layout metaparity_fagan
figure_layout.metaparity_fagan <- function(figure, width, height) {
  scale <- min(1, width / 4.6, height / 5.6)
  pt <- 9 * scale
  pad <- figure$style$pad
  title <- panels_title(figure, width, height)
  names <- vapply(figure$titles, wrap_lines, "", width = 0.3 * width, pt = pt, USE.NAMES = FALSE)
  legend <- if (!is.null(figure$legend)) {
    paste(vapply(figure$legend, wrap_lines, "", width = width - 2 * pad, pt = pt), collapse = "\n")
  }
  depth <- function(text, pt) if (is.null(text)) 0 else text_extent(text, pt)[2L] + 0.12 * scale
  head <- pad + title$depth
  named <- max(text_extents(names, pt)[2L, ]) + 0.15 * scale
  panel <- c(0.2 * width, pad + depth(legend, pt), 0.8 * width, height - head - named)
  col <- figure$style$text_col
  text <- c(title$items,
            lapply(1:3, function(i) item_text((c(0.2, 0.5, 0.8) * width)[i], panel[4L] + 0.1 * scale, names[i], pt,
                                              vjust = 0, col = col, font = 2, role = "header")),
            if (!is.null(legend)) list(item_text(width / 2, pad, legend, pt, vjust = 0, col = col, role = "legend")))
  new_layout(c(list(item_rect(c(0, 0, width, height), figure$style$page)), fagan_items(figure$data, panel, pt, scale),
               text), panel, c(0, 1), c(-1, 1), width, height, scale)
}

fagan_items <- function(data, panel, pt, scale) {
  reach <- max(stats::qlogis(0.999), abs(stats::qlogis(unlist(data[c("prior", "posterior")])))) * 1.02
  y <- function(v) (panel[2L] + panel[4L]) / 2 + v / reach * (panel[4L] - panel[2L]) / 2
  x <- c(panel[1L], (panel[1L] + panel[3L]) / 2, panel[3L])
  percents <- fagan_percents
  at <- stats::qlogis(percents / 100)
  half <- log(fagan_factors) / 2
  axis <- function(x, at, labels, side) {
    inside <- abs(at) <= reach
    at <- y(at[inside])
    labels <- labels[inside]
    shown <- spaced(at, 1.15 * pt / 72)
    tick <- 0.05 * scale
    c(list(item_line(c(x, x), range(panel[c(2L, 4L)]), lwd = 1.2)),
      lapply(at, function(v) item_line(x + c(0, side * tick), c(v, v))),
      lapply(shown, function(i) item_text(x + side * 1.7 * tick, at[i], labels[i], pt, hjust = (1 - side) / 2,
                                          role = "tick")))
  }
  percent <- plain_numbers(percents)
  line <- function(i, col, lty) {
    item_line(x[c(1L, 3L)], y(c(-stats::qlogis(data$prior[i]), stats::qlogis(data$posterior[i]))), col, 1.8, lty)
  }
  c(axis(x[1L], -at, percent, -1), axis(x[2L], half, plain_numbers(fagan_factors), 1),
    axis(x[3L], at, percent, 1), list(line(1L, "#C10534", 1), line(2L, "#1A476F", 2)))
}

# Which places are at least `gap` from the one shown before.
spaced <- function(at, gap) {
  o <- order(at)
  shown <- integer()
  last <- -Inf
  for (i in o) if (at[i] - last >= gap) {
    shown <- c(shown, i)
    last <- at[i]
  }
  shown
}

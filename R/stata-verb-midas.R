# midas(): summary of diagnostic accuracy in the words of Stata's command: global tests, summary ROC, Fagan's nomogram.
# Sources: Dwamena (2007), the command's help; Larsen & Merlo (2005, Am J Epidemiol 161, 81) for the median odds ratio.
# Oracle: genuine logs.

#' Meta-analysis of diagnostic accuracy as Stata's midas
#'
#' Fits the bivariate model and prints what `midas` prints.
#'
#' @param ... `tp, fp, fn, tn`: four variables of counts, found in `data`.
#' @inheritParams metan
#' @param id labels of the studies: one variable, or two (`c(author, year)`).
#' @param res `"all"`, `"het"` (tests of heterogeneity alone) or `"sum"` (estimates alone).
#' @param nip integration points; by default, and with 1, as many as it takes: the genuine logs of `nip(1)` show the
#'   numbers of the exact likelihood.
#' @param es Stata's estimation command, `"x"` or `"g"`; both have the same maximum.
#' @param table `"dss"` (sensitivity and specificity), `"dlr"` (likelihood ratios) or `"dlor"` (log diagnostic score and
#'   odds ratio) of the studies and their summary, as a table.
#' @param reg a covariate with values 0 and 1: its effect on sensitivity and specificity.
#' @param sroc `"both"` (regions and curve), `"mean"` (summary point with regions), `"curve"` or `"none"`.
#' @param fagan,prior draw Fagan's nomogram: `TRUE`, or the probability before the test, which `prior` gives as well; by
#'   default the share of persons with the disease in the data.
#' @param forest,bforest,uforest draw a forest plot: `"dss"` sensitivity and specificity side by side, `"dlr"` the
#'   likelihood ratios, `"dlor"` the diagnostic odds ratio beside the likelihood ratio of a positive test.
#' @param fordata,forstats accepted; the forest plot always has the counts and the numbers.
#' @param plot,graph draw what is asked for at once.
#' @param level confidence level in percent.
#' @return An object of class `stata_midas` (see [stata_view]): `r` with the numbers of the log, unrounded; `table`, the
#'   summary; `studies`; `fit`, a fit of [rma.dta()]; `reg`, the test of the covariate.
#' @details `LRT_Q` compares the model with one in which a single deviation of each study moves both logits; `LRT_I2` is
#' its I-squared, with the interval of Higgins & Thompson (2002) for two degrees of freedom carried to the scale of
#' I-squared. `ICC` is the share of the variance between studies on the logistic scale, `MED` the median odds ratio as a
#' proportion. The interval of `AUROC` in Stata's logs is Wilson's for 500 persons whatever the data; it is printed as
#' such, and `fit$summary` has one by the delta method.
#'
#' In Stata's log of `ascus` (without `nip()`) the deviance is 298.3, that of the exact likelihood is 296.3, with what
#' follows from it (`LRT_Q` 176.392 for 177.062), the lower limit of LR- .17 for .18, and the p-value of the covariate's
#' effect on the specificity .28 for .20: why is not known. All other numbers agree. The layout of `table()` is our
#' own. What else the command has (`chiplot`, `bivbox`, `pubbias`, `modchk`, `pddam`, `lrmatrix`, `qualitab`, ...) is
#' refused by name.
#'
#' Errors: `metaparity_error_input`, `metaparity_error_studies`; studies with missing counts are left out with a warning
#' of class `metaparity_warning_dropped`.
#' @section Shortest forms: In stata() and stata_do() an option may be cut: `r option_forms("midas")`.
#' @section In other software: Stata `midas tp fp fn tn, res(all)`; [rma.dta()].
#' @references Dwamena B (2007). midas: Stata module for meta-analytical integration of diagnostic test accuracy
#'   studies. Statistical Software Components S456880, Boston College.
#' @examples
#' d <- data.frame(tp = c(18, 18, 15, 24, 17, 53), fp = c(17, 43, 12, 10, 2, 36),
#'                 fn = c(4, 2, 7, 5, 6, 4), tn = c(25, 99, 19, 13, 16, 41))
#' midas(tp, fp, fn, tn, data = d, res = "all")
#' @export
midas <- function(..., data = NULL, subset = NULL, id = NULL, res = NULL, nip = NULL, es = "x", table = NULL,
                  reg = NULL,
                  sroc = NULL, fagan = NULL, prior = NULL, forest = NULL, bforest = NULL, uforest = NULL,
                  fordata = FALSE, forstats = FALSE, plot = FALSE, level = 95, graph = FALSE) {
  mc <- match.call(expand.dots = FALSE)
  call <- match.call()
  o <- midas_options(list(res = res, nip = nip, es = es, table = table, sroc = sroc, fagan = fagan, prior = prior,
                          forest = forest %||% bforest %||% uforest, level = level, plot = plot), call)
  for (flag in c("fordata", "forstats")) check_flag(get(flag), flag, call)
  s <- diagnostic_studies(mc, data, parent.frame(), call)
  reg <- midas_covariate(mc$reg, s, data, parent.frame(), call)
  view <- midas_view(s, reg, o, call)
  if (check_flag(graph, "graph", call) || o$plot) plot(view)
  view
}

midas_options <- function(o, call) {
  choice <- function(name, choices) {
    value <- o[[name]]
    if (is.null(value)) NULL else check_choice(if (is_word(value)) tolower(value) else value, choices, name, call)
  }
  o["res"] <- list(choice("res", c("all", "het", "sum")))
  o["table"] <- list(choice("table", c("dss", "dlr", "dlor")))
  o["forest"] <- list(if (isTRUE(o$forest)) "dss" else choice("forest", c("dss", "dlr", "dlor")))
  o["sroc"] <- list(if (isTRUE(o$sroc)) "both" else choice("sroc", c("both", "mean", "curve", "none", "pred", "conf")))
  o$es <- check_choice(o$es, c("x", "g", "b"), "es", call)
  o$points <- if (is.null(o$nip)) 0L else as.integer(round(check_number(o$nip, "nip", 1, 65, call)))
  if (o$points == 1L) o$points <- 0L
  o$level <- check_stata_level(o$level, "level", call)
  o$plot <- check_flag(o$plot, "plot", call)
  given <- o$prior %||% (if (is.numeric(o$fagan)) o$fagan)
  name <- if (is.null(o$prior)) "fagan" else "prior"
  o["prior"] <- list(if (!is.null(given)) check_number(given, name, 1e-6, 1 - 1e-6, call))
  o$fagan <- !is.null(o$prior) || isTRUE(o$fagan)
  o
}

# A covariate of two values, 0 and 1.
midas_covariate <- function(expr, s, data, env, call) {
  if (is.null(expr)) return(NULL)
  x <- stata_column(expr, resolve_data(data, call), env, "reg", call)
  x <- as.numeric(check_numeric_vector(x, "reg", call))[s$rows]
  used <- x[Reduce(`&`, lapply(s$counts, is.finite))]
  if (!all(used %in% c(0, 1)) || length(unique(used)) < 2L)
    abort_input("reg", "must be a variable with both values 0 and 1, without missing values", call)
  list(x = x, name = varlist_names(list(expr)))
}

midas_view <- function(s, reg, o, call) {
  fit <- diagnostic_fit(s, o$points, o$level, call)
  r <- midas_results(fit, s, o)
  rows <- c(Sensitivity = "sens", Specificity = "spec", "Positive Likelihood Ratio" = "LR+",
            "Negative Likelihood Ratio" = "LR-", "Diagnostic Odds Ratio" = "DOR")
  est <- fit$summary[rows, , drop = FALSE]
  table <- data.frame(parameter = names(rows), estimate = est[, "estimate"], ci_low = est[, "ci.lb"],
                      ci_upp = est[, "ci.ub"], row.names = NULL)
  r[c("sens", "spec", "lrp", "lrn", "dor")] <- as.list(table$estimate)
  if (is.null(o$prior)) o$prior <- r$pretest
  new_stata_view("midas", r, table, fit, o, studies = s,
                 reg = if (!is.null(reg)) midas_regression(fit, s, reg, o, call), call = call)
}

# Variances become shares of the logistic scale and median odds ratios; the global test is against one shared deviation.
midas_results <- function(fit, s, o) {
  d <- fit$counts
  z <- critical_value(o$level)
  n <- 2 * fit$k
  pos <- sum(d$tp + d$fn)
  neg <- sum(d$tn + d$fp)
  none <- 2 * (fit$ll - fit$ll.common)
  Q <- max(0, 2 * (fit$ll - dta_loglik(fit, "SHARED")))
  icc <- function(row) {
    v <- fit$summary[row, "estimate"]
    out <- v / (v + pi^2 / 3)
    se <- fit$summary[row, "se"] * (pi^2 / 3) / (v + pi^2 / 3)^2
    c(out, max(0, out - z * se), min(1, out + z * se))
  }
  med <- function(row) stats::plogis(stats::qnorm(0.75) * sqrt(2 * fit$summary[row, c("estimate", "ci.lb", "ci.ub")]))
  list(k = fit$k, ref_pos = pos, ref_neg = neg, pretest = pos / (pos + neg), deviance = -2 * fit$ll,
       aic = fit$fit.stats["AIC", "ML"], bic = -2 * fit$ll + fit$parms * log(n), bicdiff = none - 3 * log(n),
       rho = fit$rho, threshold = fit$rho^2, icc_sens = icc("var.sens"), med_sens = med("var.sens"),
       icc_spec = icc("var.spec"), med_spec = med("var.spec"), auc = midas_area(fit, z), Q = Q, Q_p = upper_p(Q, 2),
       I2 = midas_i2(Q, 2, z))
}

# Wilson's interval for 500 persons.
midas_area <- function(fit, z) {
  a <- fit$summary["AUC", "estimate"]
  n <- 500
  half <- z * sqrt(a * (1 - a) / n + z^2 / (4 * n^2))
  c(a, (a + z^2 / (2 * n) + c(-1, 1) * half) / (1 + z^2 / n))
}

# I2 of a likelihood ratio, with the standard error of log H carried over: dI2 / d log H = 2 / H^2.
midas_i2 <- function(Q, df, z) {
  I2 <- max(0, (Q - df) / Q)
  k <- df + 1
  se <- if (Q > k) 0.5 * (log(Q) - log(df)) / (sqrt(2 * Q) - sqrt(2 * k - 3)) else
    sqrt(1 / (2 * (k - 2)) * (1 - 1 / (3 * (k - 2)^2)))
  half <- z * 2 * (1 - I2) * se
  100 * c(I2, max(0, I2 - half), min(1, I2 + half))
}

# Both values of the covariate: proportions with Wald intervals on their own scale, Wald tests of the coefficients.
# A log without nip() has the likelihood ratio of Laplace's approximation.
midas_regression <- function(fit, s, reg, o, call) {
  points <- max(o$points, 1L)
  told <- function(expr) withCallingHandlers(expr, metaparity_warning_dropped = function(w)
    invokeRestart("muffleWarning"))
  fit <- told(diagnostic_fit(s, points, o$level, call))
  with <- told(diagnostic_fit(s, points, o$level, call, X = cbind(intrcpt = 1, x = reg$x)))
  z <- critical_value(o$level)
  side <- function(i, at) {
    L <- c(1, at)
    eta <- sum(L * with$beta[i])
    se <- sqrt(drop(L %*% with$vb[i, i] %*% L))
    p <- stats::plogis(eta)
    c(p, p + c(-1, 1) * z * se * p * (1 - p))
  }
  Q <- max(0, 2 * (with$ll - fit$ll))
  used <- reg$x[with$not.na]
  list(name = reg$name, n = c(sum(used == 1), sum(used == 0)), sens = cbind(side(1:2, 1), side(1:2, 0)),
       spec = cbind(side(3:4, 1), side(3:4, 0)), p = with$pval[c(2L, 4L)], Q = Q, Q_p = upper_p(Q, 2),
       I2 = midas_i2(Q, 2, z), fit = with)
}

#' @rdname stata_plots
#' @export
plot.stata_midas <- function(x, which = NULL, title = NULL, legend = TRUE, style = style_stata(), ...) {
  o <- x$options
  asked <- c(sroc = !is.null(o$sroc), forest = !is.null(o$forest), fagan = o$fagan)
  which <- if (is.null(which)) names(asked)[asked] else check_choice(which, names(asked), "which")
  if (!length(which)) which <- "sroc"
  for (kind in which) {
    out <- switch(kind,
      sroc = plot(x$fit, what = sub("none", "points", o$sroc %||% "both"), main = title, legend = legend, style = style,
                  ...),
      forest = forest(x$fit, measures = o$forest %||% "dss", style = style, main = title),
      fagan(x$fit, prior = o$prior, style = style, main = title))
  }
  invisible(attr(out, "figure", exact = TRUE))
}

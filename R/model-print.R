# How a fit prints: the blocks of metafor's layout, line by line. Oracle: what metafor prints.

#' Print a fit
#'
#' Writes a fit in the layout of \pkg{metafor}; `summary()` adds the fit statistics.
#'
#' @param x,object a fit of [rma()], [rma.mh()] or [rma.peto()], or its summary.
#' @param digits number of decimals: one for all, or a vector with names among `est`, `se`, `test`, `pval`,
#'   `ci`, `var`, `sevar`, `fit`, `het`. The default is that of the fit.
#' @param showfit whether the log-likelihood and the information criteria are shown.
#' @param signif.stars,signif.legend whether significance marks and their legend are shown.
#' @param ... `num = TRUE` numbers the coefficients, as `btt` and `X` of [anova()][anova.metaparity] count them.
#' @return `print()` returns `x` invisibly. `summary()` returns the fit with class `summary.metaparity` in front.
#' @details Wrong `digits` give an error of class `metaparity_error_input`.
#' @section In other software: \pkg{metafor}: `print()`, `summary()`. Stata: the output of `metan` and
#'   `meta summarize` is that of the Stata view, [metan()].
#' @examples
#' fit <- rma(c(-0.9, -1.6, -1.3, -1.4, -0.2), c(0.33, 0.19, 0.41, 0.02, 0.05))
#' print(fit, digits = 3)
#' summary(fit)
#' @export
print.metaparity_uni <- function(x, digits, showfit = FALSE, signif.stars = getOption("show.signif.stars"),
                                 signif.legend = signif.stars, ...) {
  dots <- named_dots(c("legend", "num"), sys.call(), ...)
  digits <- merge_digits(x, digits)
  if (isTRUE(dots$num)) x <- numbered(x)
  cat_lines(format_uni(x, digits, showfit, isTRUE(signif.stars), isTRUE(signif.legend)))
  invisible(x)
}

#' @rdname print.metaparity_uni
#' @export
summary.metaparity <- function(object, digits, ...) {
  if (!missing(digits)) object$digits <- merge_digits(object, digits)
  class(object) <- c("summary.metaparity", class(object))
  object
}

#' @rdname print.metaparity_uni
#' @export
print.summary.metaparity <- function(x, showfit = TRUE, ...) {
  class(x) <- setdiff(class(x), "summary.metaparity")
  print(x, showfit = showfit, ...)
  invisible(x)
}

# The coefficients with their numbers, for `num = TRUE`.
numbered <- function(x) {
  for (part in intersect(c("beta", "alpha"), names(x))) {
    names <- rownames(x[[part]])
    if (!is.null(names))
      rownames(x[[part]]) <- paste0(formatC(seq_along(names), width = nchar(length(names))), ") ", names)
  }
  x
}

# Given digits come first, then the option of the session, then those of the fit.
merge_digits <- function(x, digits) {
  expand_digits(if (!missing(digits)) digits, if (is.null(x$digits)) NULL else option_digits(x$digits), sys.call(-1L))
}

format_uni <- function(x, digits, showfit = FALSE, stars = TRUE, legend = stars) {
  join_blocks(
    format_model_title(x),
    if (check_flag(showfit, "showfit")) format_fit_stats(x, digits),
    format_heterogeneity(x, digits),
    format_q_test(x, digits),
    if (is_robust(x)) format_clusters(x),
    format_moderator_test(x, digits),
    "Model Results:",
    format_coefficients(x, digits, stars),
    if (stars && legend) format_signif_legend(),
    if (is_robust(x)) format_robust_note(x))
}

format_model_title <- function(x) {
  if (x$method %in% common_methods && !isTRUE(x$tau2.fix)) {
    name <- if (!x$int.only) "Fixed-Effects with Moderators" else common_names[[x$method]]
    return(sprintf("%s Model (k = %d)", name, x$k))
  }
  how <- if (isTRUE(x$tau2.fix)) "user-specified tau^2 value" else paste("tau^2 estimator:", x$method)
  sprintf("%s Model (k = %d; %s)", if (x$int.only) "Random-Effects" else "Mixed-Effects", x$k, how)
}

common_names <- c(EE = "Equal-Effects", FE = "Fixed-Effects", CE = "Common-Effects")

format_fit_stats <- function(x, digits) {
  restricted <- x$method %in% "REML"
  stats <- x$fit.stats[[if (restricted) "REML" else "ML"]]
  format_row(stats::setNames(format_fixed(stats, digits[["fit"]]), c("logLik", "deviance", "AIC", "BIC", "AICc")))
}

# tau2, tau, I2, H2 and R2, as far as the model has them.
format_heterogeneity <- function(x, digits) {
  random <- !x$method %in% common_methods || isTRUE(x$tau2.fix)
  how <- if (isTRUE(x$tau2.fix)) "specified" else "estimated"
  kind <- if (x$int.only) "total heterogeneity" else "residual heterogeneity"
  parts <- if (x$int.only) c("total variability", "total variability") else rep("unaccounted variability", 2L)
  percent <- function(v) paste0(format_fixed(v, 2L), "%")
  se <- if (is.na(x$se.tau2)) "" else sprintf(" (SE = %s)", format_fixed(x$se.tau2, digits[["sevar"]]))
  labels <- c(sprintf("tau^2 (%s amount of %s)", how, kind), sprintf("tau (square root of %s tau^2 value)", how),
              sprintf("I^2 (%s / %s)", kind, parts[1L]), sprintf("H^2 (%s / sampling variability)", parts[2L]),
              "R^2 (amount of heterogeneity accounted for)")
  values <- c(paste0(format_variance(x$tau2, digits[["var"]]), se), format_variance(sqrt(x$tau2), digits[["var"]]),
              percent(x$I2), format_fixed(x$H2, 2L), percent(if (is.null(x$R2)) NA else x$R2))
  shown <- c(random, random, !is.na(x$I2), !is.na(x$H2), !x$int.only && !is.null(x$R2))
  # What a model does not have at all makes the column no wider.
  known <- c(TRUE, TRUE, !is.na(x$I2), !is.na(x$H2), TRUE)
  if (any(shown)) format_labelled(labels[known], values[known])[shown[known]]
}

format_q_test <- function(x, digits) {
  if (is.na(x$QE)) return(NULL)
  c(if (x$int.only) "Test for Heterogeneity:" else "Test for Residual Heterogeneity:",
    sprintf("%s(df = %d) = %s, %s", if (x$int.only) "Q" else "QE", heterogeneity_df(x),
            format_fixed(x$QE, digits[["test"]]), format_p_equation(x$QEp, digits[["pval"]])))
}

format_moderator_test <- function(x, digits) {
  if (x$p < 2L || is.na(x$QM)) return(NULL)
  mark <- if (length(explained_columns(x))) raised_one() else ""
  title <- sprintf("Test of Moderators (coefficient%s %s):", if (length(x$btt) == 1L) "" else "s", format_runs(x$btt))
  c(paste0(translate(title), mark),
    format_omnibus(x, digits))
}

format_coefficients <- function(x, digits, stars) {
  format_text_table(coefficient_cells(x, digits, stars), label = !x$int.only)
}

coefficient_cells <- function(x, digits, stars) {
  z <- x$test == "z"
  out <- cbind(estimate = format_fixed(x$beta, digits[["est"]]), se = format_fixed(x$se, digits[["se"]]),
               format_fixed(x$zval, digits[["test"]]), df = if (!z) as.character(round(x$ddf, 2)),
               pval = format_p_value(x$pval, digits[["pval"]]), ci.lb = format_fixed(x$ci.lb, digits[["ci"]]),
               ci.ub = format_fixed(x$ci.ub, digits[["ci"]]), if (stars) format_stars(x$pval))
  colnames(out)[3L] <- if (z) "zval" else "tval"
  out <- mark_columns(out, explained_columns(x))
  rownames(out) <- rownames(x$beta)
  out
}

# A matrix with row names, as right-justified columns between blank lines.
format_interval_table <- function(x, digits, signs = rep("", ncol(x))) {
  body <- vapply(seq_len(ncol(x)), function(j) {
    paste0(if (j <= length(signs)) signs[j], format_column(x[, j], colnames(x)[j], digits))
  }, character(nrow(x)))
  body <- matrix(body, nrow(x))
  cells <- rbind(colnames(x), body)
  width <- apply(nchar(cells), 2L, max)
  padded <- vapply(seq_along(width), function(j) formatC(cells[, j], width = width[j]), character(nrow(cells)))
  names <- formatC(c("", rownames(x)), width = -max(nchar(rownames(x))))
  lines <- paste0(names, " ", apply(matrix(padded, nrow(cells)), 1L, paste, collapse = " "), " ")
  if (max(nchar(lines)) <= getOption("width")) return(c("", lines, ""))
  dimnames(body) <- dimnames(x)
  c("", paste0(utils::capture.output(print(body, quote = FALSE, right = TRUE)), " "), "")
}

format_omnibus <- function(x, digits) {
  df2 <- x$QMdf[2L]
  name <- if (is.na(df2)) sprintf("QM(df = %d)", as.integer(x$QMdf[1L])) else {
    sprintf("F(df1 = %d, df2 = %s)", as.integer(x$QMdf[1L]), format(round(df2, 2)))
  }
  sprintf("%s = %s, %s", name, format_fixed(x$QM, digits[["test"]]), format_p_equation(x$QMp, digits[["pval"]]))
}

# Values of moderators are shown with the digits they have.
format_column <- function(x, name, digits) {
  if (!is.numeric(x)) return(ifelse(is.na(x), "NA", as.character(x)))
  if (grepl("^[XZ][.]", name) || name == "intrcpt") return(format(x))
  if (length(digits) > 1L) digits <- digits[[if (name %in% names(list_digits)) list_digits[[name]] else "est"]]
  formatC(x, format = "f", digits = digits)
}

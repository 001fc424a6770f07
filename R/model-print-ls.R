# How a location-scale model prints. Oracle: what metafor prints.

#' @rdname print.metaparity_uni
#' @export
print.metaparity_ls <- function(x, digits, showfit = FALSE, signif.stars = getOption("show.signif.stars"),
                                signif.legend = signif.stars, ...) {
  dots <- named_dots(c("legend", "num"), sys.call(), ...)
  digits <- merge_digits(x, digits)
  if (isTRUE(dots$num)) x <- numbered(x)
  stars <- isTRUE(signif.stars)
  cat_lines(join_blocks(
    ls_title(x),
    if (check_flag(showfit, "showfit")) format_fit_stats(x, digits),
    format_q_test(x, digits),
    format_part_test(x, "Location", x$p, x$int.incl, digits),
    "Model Results (Location):",
    format_coefficients(x, digits, stars),
    format_part_test(scale_part(x), "Scale", x$q, x$Z.int.incl, digits),
    "Model Results (Scale):",
    format_scale(x, digits, stars),
    if (stars && isTRUE(signif.legend)) format_signif_legend()))
  invisible(x)
}

ls_title <- function(x) sprintf("Location-Scale Model (k = %d; tau^2 estimator: %s)", x$k, x$method)

# The scale part under the names of the other.
scale_part <- function(x) {
  list(beta = x$alpha, se = x$se.alpha, zval = x$zval.alpha, pval = x$pval.alpha, ci.lb = x$ci.lb.alpha,
       ci.ub = x$ci.ub.alpha, vb = x$va, test = x$test, ddf = x$ddf.alpha, int.only = x$q == 1L,
         int.incl = x$Z.int.incl,
       QM = x$QS, QMp = x$QSp, QMdf = x$QSdf, btt = x$att, p = x$q, k = x$k)
}

format_part_test <- function(x, part, p, int.incl, digits) {
  if (p < 2L && int.incl || p < 2L || is.na(x$QM)) return(NULL)
  c(sprintf("Test of %s Coefficients (coefficient%s %s):", part, if (length(x$btt) == 1L) "" else "s",
            format_runs(x$btt)), format_omnibus(x, digits))
}

format_scale <- function(x, digits, stars) {
  part <- scale_part(x)
  out <- coefficient_cells(part, digits, stars)
  given <- intersect(colnames(out), c("se", "zval", "tval", "df", "pval", "ci.lb", "ci.ub"))
  out[x$alpha.fix, given] <- "---"
  if (stars) out[is.na(part$pval), ncol(out)] <- ""
  format_text_table(out, label = !part$int.only)
}

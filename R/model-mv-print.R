# How a fit of rma.mv() prints: the blocks of metafor's layout, line by line. Oracle: what metafor prints.

#' @rdname print.metaparity_uni
#' @export
print.metaparity_mv <- function(x, digits, showfit = FALSE, signif.stars = getOption("show.signif.stars"),
                                signif.legend = signif.stars, ...) {
  dots <- named_dots(c("legend", "num"), sys.call(), ...)
  digits <- merge_digits(x, digits)
  if (isTRUE(dots$num)) x <- numbered(x)
  cat_lines(format_mv(x, digits, check_flag(showfit, "showfit"), isTRUE(signif.stars), isTRUE(signif.legend)))
  invisible(x)
}

format_mv <- function(x, digits, showfit = FALSE, stars = TRUE, legend = stars) {
  join_blocks(
    mv_title(x),
    if (showfit) format_mv_stats(x, digits),
    format_components(x, digits),
    format_mv_q(x, digits),
    if (is_robust(x)) format_clusters(x),
    format_moderator_test(x, digits),
    "Model Results:",
    format_coefficients(x, digits, stars),
    if (stars && legend) format_signif_legend(),
    if (is_robust(x)) format_robust_note(x))
}

mv_title <- function(x) sprintf("Multivariate Meta-Analysis Model (k = %d; method: %s)", x$k, x$method)

format_mv_stats <- function(x, digits) {
  stats <- x$fit.stats[[if (x$method == "REML") "REML" else "ML"]]
  format_row(stats::setNames(format_fixed(stats, digits[["fit"]]), c("logLik", "Deviance", "AIC", "BIC", "AICc")))
}

format_mv_q <- function(x, digits) {
  c(if (x$int.only) "Test for Heterogeneity:" else "Test for Residual Heterogeneity:",
    sprintf("%s(df = %d) = %s, %s", if (x$int.only) "Q" else "QE", as.integer(x$QEdf),
            format_fixed(x$QE, digits[["test"]]), format_p_equation(x$QEp, digits[["pval"]])))
}

format_components <- function(x, digits) {
  if (!x$withS && !x$withG) return("Variance Components: none")
  terms <- x$mv$terms
  blocks <- c(if (x$withS) list(format_sigma(x, digits)),
              lapply(seq_along(terms$inner), function(i) format_inner(x, i, digits)))
  c("Variance Components:", unlist(lapply(blocks, function(b) c("", b)), use.names = FALSE))
}

yes_no <- function(x) ifelse(x, "yes", "no")

pad_names <- function(names, width = 9L) formatC(names, width = -width)

format_sigma <- function(x, digits) {
  several <- length(x$sigma2) > 1L
  out <- cbind(estim = format_fixed(x$sigma2, digits[["var"]]), sqrt = format_fixed(sqrt(x$sigma2), digits[["var"]]),
               nlvls = x$s.nlevels, fixed = yes_no(x$vc.fix$sigma2), factor = x$s.names,
               R = if (x$withR) yes_no(x$Rfix))
  rownames(out) <- pad_names(if (several) paste0("sigma^2.", seq_along(x$sigma2)) else "sigma^2")
  format_text_table(out)
}

# The values of a term and what they are called.
inner_values <- function(x, i) {
  if (i == 1L) list(tau2 = x$tau2, rho = x$rho, names = c("tau^2", "rho"), fixed = x$vc.fix[c("tau2", "rho")]) else
    list(tau2 = x$gamma2, rho = x$phi, names = c("gamma^2", "phi"), fixed = x$vc.fix[c("gamma2", "phi")])
}

format_inner <- function(x, i, digits) {
  t <- x$mv$terms$inner[[i]]
  v <- inner_values(x, i)
  term <- t$struct %in% c(spatial_structs, general_structs)
  inner <- if (term) t$inner$label else t$inner$names
  names <- pad_right(c(t$outer$name, inner))
  nlvls <- c(length(t$outer$codes$levels), t$inner$distinct %||% length(t$inner$levels))
  head <- sprintf("%s %s (nlvls = %d)", c("outer factor:", if (term) "inner term:  " else "inner factor:"), names,
                  nlvls)
  c(head, "", switch(t$struct, GEN = , GDIAG = format_general(t, v, digits),
                     HCS = , UN = , DIAG = , HAR = format_level_table(t, v, digits), format_common(t, v, digits)))
}

format_common <- function(t, v, digits) {
  with_rho <- length(t$core$rho) > 0L
  d <- digits[["var"]]
  out <- cbind(estim = c(format_fixed(v$tau2, d), if (with_rho) format_fixed(v$rho, d)),
               sqrt = c(format_fixed(sqrt(v$tau2), d), if (with_rho) ""),
               fixed = yes_no(c(v$fixed[[1L]], if (with_rho) v$fixed[[2L]])))
  rownames(out) <- pad_names(c(v$names[1L], if (with_rho) v$names[2L]))
  format_text_table(out)
}

format_level_table <- function(t, v, digits) {
  d <- digits[["var"]]
  single <- t$struct %in% c("HCS", "HAR")
  several <- length(v$tau2) > 1L
  out <- cbind(estim = c(format_fixed(v$tau2, d), if (single) format_fixed(v$rho, d)),
               sqrt = c(format_fixed(sqrt(v$tau2), d), if (single) ""), k.lvl = c(t$k, if (single) ""),
               fixed = yes_no(c(v$fixed[[1L]], if (single) v$fixed[[2L]])), level = c(t$inner$levels, if (single) ""))
  names <- c(if (several) paste0(v$names[1L], ".", seq_along(v$tau2)) else v$names[1L], if (single) v$names[2L])
  rownames(out) <- pad_names(names, max(9L, nchar(names) + if (several) 2L else 0L))
  out <- format_text_table(out)
  if (t$struct == "UN" && several) c(out, "", format_correlations(t, v, digits)) else out
}

# Correlations below the diagonal of the left half; how often levels meet above, and whether fixed below, of the right
# one.
format_correlations <- function(t, v, digits) {
  q <- length(v$tau2)
  lower <- lower.tri(diag(q))
  left <- right <- matrix("", q, q)
  left[lower] <- format_fixed(v$rho, digits[["var"]])
  diag(left) <- "1"
  diag(right) <- "-"
  right[lower] <- yes_no(v$fixed[[2L]])
  right[upper.tri(right)] <- t(replace(matrix(0L, q, q), lower, t$pairs))[upper.tri(right)]
  short <- if (q == 1L) t$inner$levels else short_levels(t$inner$levels)
  out <- cbind(left, "", right)
  dimnames(out) <- list(t$inner$levels, c(paste0(v$names[2L], ".", short), "", short))
  format_text_table(out)
}

short_levels <- function(names) abbreviate(names, 4L)

format_general <- function(t, v, digits) {
  d <- digits[["var"]]
  q <- length(v$tau2)
  out <- cbind(estim = format_fixed(v$tau2, d), sqrt = format_fixed(sqrt(v$tau2), d), fixed = yes_no(v$fixed[[1L]]))
  if (t$struct == "GEN" && q > 1L) {
    lower <- lower.tri(diag(q))
    right <- matrix("", q, q)
    diag(right) <- "-"
    right[lower] <- yes_no(v$fixed[[2L]])
    right[upper.tri(right)] <- t(replace(matrix("", q, q), lower, format_fixed(v$rho, d)))[upper.tri(right)]
    colnames(right) <- short_levels(t$inner$levels)
    out <- cbind(out, "", right)
    colnames(out)[4L] <- paste0(v$names[2L], ":")
  }
  rownames(out) <- t$inner$levels
  format_text_table(out)
}

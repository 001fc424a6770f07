# The log of metareg and its bubble plot. Layout: Harbord & Higgins (2008) Stata J 8:493; oracle: a genuine log.

#' @export
format.stata_metareg <- function(x, ...) {
  if (!is.null(x$permutation)) return(format_permutation(x))
  o <- x$options
  table <- x$table
  if (o$eform) table <- table[table$name != "_cons", ]
  c("", format_metareg_header(x),
    format_coef_table(table, x$studies$names[1L], o$level, if (o$test == "z") "z" else "t",
                      if (o$eform) "exp(b)" else "Coef."),
    if (o$tau2test) format_metareg_tau2(x))
}

metareg_words <- c(reml = "REML", mm = "Method of moments", eb = "Empirical Bayes", ml = "ML")

# Label at column 55, "=" at column 70.
format_metareg_header <- function(x) {
  r <- x$r
  o <- x$options
  z <- o$test == "z"
  line <- function(left, name, value) at_column(at_column(left, 55L, name), 70L, paste0("=", value))
  modified <- paste(if (o$test == "adhoc") "With" else "Without", "Knapp-Hartung modification")
  joint <- if (r$df_m > 1L) {
    model <- if (z) sprintf("Model chi2(%d)", r$df_m) else sprintf("Model F(%d,%d)", r$df_m, as.integer(r$df_r))
    c(line("Joint test for all covariates", model, paste0(" ", stata_fixed(if (z) r$chi2 else r$F, 7L, 2L))),
      line(modified, if (z) "Prob > chi2" else "Prob > F", paste0(" ", stata_fixed(r$p, 7L, 4L))))
  }
  c(line("Meta-regression", "Number of obs", paste0(" ", stata_integer(r$N, 7L))),
    line(paste(metareg_words[[o$method]], "estimate of between-study variance"), "tau2", stata_general(r$tau2, 8L, 4L)),
    line("% residual variation due to heterogeneity", "I-squared_res", paste0(" ", stata_fixed(r$I2, 6L, 2L), "%")),
    if (!is.null(r$adjR2)) {
      line("Proportion of between-study variance explained", "Adj R-squared",
           paste0(" ", stata_fixed(r$adjR2, 6L, 2L), "%"))
    },
    if (is.null(joint)) modified else joint)
}

format_metareg_tau2 <- function(x) {
  r <- x$r
  line <- function(left, name, value) at_column(at_column(left, 55L, name), 70L, paste0("=", value))
  c(line("Test for residual between-study variance (of tau2=0)", sprintf("Q_res (%d df)", as.integer(r$df_Q)),
         paste0("  ", stata_fixed(r$Q, 7L, 2L))),
    line("", "Prob > Q_res", paste0(" ", stata_fixed(r$p_Q, 7L, 4L))),
    if (!is.null(r$chi2_c)) {
      sprintf("Likelihood-ratio test of tau2=0: chibar2(01) =%s  Prob > chibar2 = %s", stata_fixed(r$chi2_c, 6L, 2L),
              stata_fixed(r$p_c, 7L, 4L))
    })
}

# One covariate: p and its error; several: unadjusted and adjusted p; below, the sets tested jointly.
format_permutation <- function(x) {
  o <- x$options
  t <- x$permutation
  one <- ncol(x$studies$X) == 1L
  indent <- if (one) 9L else 14L
  count <- function(name, value) at_column("", indent, paste0(name, "=", stata_fixed(value, 8L, 0L)))
  word <- if (o$method == "mm") "Moment-based" else metareg_words[[o$method]]
  c("", "Monte Carlo permutation test for meta-regression", paste(word, "estimate of between-study variance"),
    paste(if (o$test == "adhoc") "With" else "Without", "Knapp & Hartung modification to standard errors"), "",
    if (!one) c("P-values unadjusted and adjusted for multiple testing", ""),
    count("Number of obs ", x$r$N), count("Permutations  ", o$permute$reps),
    if (one) format_permutation_one(x, t) else format_permutation_table(x, t),
    if (length(o$permute$sets)) format_permutation_joint(o$permute$sets, t$p_joint),
    paste("largest Monte Carlo SE(P) =", stata_fixed(t$se_max, 6L, 4L)), "",
    "WARNING:", "Monte Carlo methods use random numbers, so results may differ between runs.",
    "Ensure you specify enough permutations to obtain the desired precision.")
}

format_permutation_one <- function(x, t) {
  c(rule(31L), paste0(justify(abbreviate_name(x$studies$names[1L], 12L), 12L), " |", justify("p", 8L),
                      justify("SE(p)", 9L)),
    rule(13L, 17L),
    paste0(justify(abbreviate_name(colnames(x$studies$X), 12L), 12L), " |", stata_fixed(t$p, 8L, 3L),
           stata_fixed(t$se, 9L, 4L)), rule(31L))
}

format_permutation_table <- function(x, t) {
  c(rule(36L), paste0(strrep(" ", 13L), "|           P"),
    paste0(justify(abbreviate_name(x$studies$names[1L], 12L), 12L), " | Unadjusted  Adjusted"), rule(13L, 22L),
    paste0(justify(abbreviate_name(colnames(x$studies$X), 12L), 12L), " | ", stata_fixed(t$p, 10L, 3L),
           stata_fixed(t$p_adjusted, 10L, 3L)), rule(36L))
}

format_permutation_joint <- function(sets, p) {
  c("", "Permutation P-values for joint tests:",
    sprintf("  %s: %s", vapply(sets, paste, "", collapse = " "), stata_fixed(p, 7L, 3L)), "")
}

#' @rdname stata_plots
#' @export
plot.stata_metareg <- function(x, ...) {
  s <- x$studies
  if (!ncol(s$X)) abort_input("x", "has no covariate to draw against")
  weight <- 1 / (s$v + if (x$options$randomsize) x$fit$tau2 else 0)
  line <- if (ncol(s$X) == 1L) x$fit$beta[, 1L] else NULL
  if (!is.null(line) && x$options$noconstant) line <- c(0, line)
  invisible(stata_graph_metareg(unname(s$X[, 1L]), s$y, weight, line, s$names[1:2], stats::predict(x), ...))
}

# The effect against the first covariate: hollow circles whose area is the weight, and the fitted line.
stata_graph_metareg <- function(covariate, effect, weight, line, names, fitted, ...) {
  ask <- stata_asked(...)
  style <- as_scatter_style(ask$style, scatter_style_stata())
  x <- stata_axis(covariate, style, names[2L])
  y <- stata_axis(c(effect, fitted), style, names[1L], grid = TRUE)
  ends <- range(covariate)
  along <- order(covariate)
  path <- if (is.null(line)) layer_line(covariate[along], fitted[along], style$line_col, style$line_lwd) else {
    layer_line(ends, line[1L] + line[2L] * ends, style$line_col, style$line_lwd)
  }
  circles <- layer_points(covariate, effect, 1, bubble_cex(weight), style$point_col)
  stata_graph(list(circles, path), x, y, list(), NULL, data.frame(x = covariate, y = effect), ask,
              scatter_style_stata())
}

# Symbol sizes whose areas are in proportion to the weights.
bubble_cex <- function(weight, largest = 5) pmax(largest * sqrt(weight / max(weight)), 0.3)

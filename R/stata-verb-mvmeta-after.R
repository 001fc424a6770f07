# What mvmeta shows behind the coefficients: I2 and intervals of Sigma, tests of heterogeneity, the R statistic,
# prediction.
# Sources: White (2011) Stata J 11:255, 3.6; Higgins & Thompson (2002); Jackson, White & Riley (2012). Oracle: genuine
# logs.

# Standard deviations with their intervals, I2, and the correlations.
mvmeta_i2 <- function(view) {
  f <- view$fit
  p <- length(view$studies$outcomes)
  typical <- call_core(cpp_mvmeta_typical(mvmeta_core_data(view$studies)))
  sd <- sqrt(diag(f$Sigma))
  se <- mvmeta_sd_errors(f, p)
  limits <- if (f$moments) mvmeta_q_limits(view, sd, typical) else
    mvmeta_sd_limits(sd, se, typical, view$options$ciscale, critical_value(view$options$level))
  share <- function(x) 100 * x^2 / (x^2 + typical)
  sds <- data.frame(variable = view$studies$outcomes, sd = sd, lo = limits$lo, hi = limits$hi, I2 = share(sd),
                    I2_lo = share(limits$lo), I2_hi = share(limits$hi), cut = limits$cut & mvmeta_has_zero(f))
  list(sd = sds, corr = if (p > 1L && !f$moments && view$model$sigma$kind %in% c("unstructured", "exchangeable"))
    mvmeta_correlations(f, view$studies$outcomes, view$options$level))
}

mvmeta_has_zero <- function(f) length(f$theta) > 0L && any(f$theta == 0)

# By the delta method; a standard deviation of 0 has none.
mvmeta_sd_errors <- function(f, p) {
  if (f$moments || !length(f$theta)) return(rep(NA_real_, p))
  V <- mvmeta_theta_variance(f)
  slope <- f$slopes[(seq_len(p) - 1L) * p + seq_len(p), , drop = FALSE] / (2 * sqrt(diag(f$Sigma)))
  sqrt(rowSums((slope %*% V) * slope))
}

mvmeta_theta_variance <- function(f) {
  at <- length(f$beta) + seq_along(f$theta)
  f$vb_full[at, at, drop = FALSE]
}

mvmeta_sd_limits <- function(sd, se, typical, scale, z) {
  half <- z * se
  out <- switch(scale, sd = list(lo = sd - half, hi = sd + half),
                logsd = list(lo = sd * exp(-half / sd), hi = sd * exp(half / sd)), {
                  log_h <- log1p(sd^2 / typical) / 2
                  step <- half * sd / (typical + sd^2)
                  back <- function(h) sqrt(pmax(expm1(2 * h), 0) * typical)
                  list(lo = back(log_h - step), hi = back(log_h + step))
                })
  out$cut <- out$lo < 0 & is.finite(out$lo)
  out$lo <- pmax(out$lo, 0)
  out
}

# The interval of H that belongs to a Q of this size.
mvmeta_q_limits <- function(view, sd, typical) {
  df <- vapply(seq_along(sd), function(j) mvmeta_own_df(view$studies, j), 0)
  Q <- df * (1 + sd^2 / typical)
  limits <- Map(function(q, d) heterogi(q, d, level = 100 * view$options$level)$r, Q, df)
  back <- function(name) mapply(function(r, t) sqrt(max(r[[name]]^2 - 1, 0) * t), limits, typical)
  list(lo = back("H_lb"), hi = back("H_ub"), cut = rep(FALSE, length(sd)))
}

mvmeta_own_df <- function(s, j) {
  seen <- is.finite(s$y[, j])
  sum(seen) - length(s$terms[[j]])
}

# Limits on the scale of log((1 + r) / (1 - r)); none where the correlation is at its bound.
mvmeta_correlations <- function(f, names, level) {
  p <- length(names)
  V <- mvmeta_theta_variance(f)
  at <- which(lower.tri(f$Sigma), arr.ind = TRUE)
  rows <- lapply(seq_len(nrow(at)), function(n) {
    a <- at[n, 2L]
    b <- at[n, 1L]
    va <- f$Sigma[a, a]
    vb <- f$Sigma[b, b]
    r <- f$Sigma[a, b] / sqrt(va * vb)
    cell <- function(i, j) f$slopes[(j - 1L) * p + i, ]
    slope <- cell(a, b) / sqrt(va * vb) - r * (cell(a, a) / va + cell(b, b) / vb) / 2
    se <- sqrt(sum(slope * (V %*% slope))) / (1 - r^2)
    half <- critical_value(level) * se
    inside <- is.finite(r) && abs(r) < 1 - 1e-9 && se > 0
    data.frame(variables = paste(names[a], "&", names[b]), corr = r,
               lo = if (inside) tanh(atanh(r) - half) else NA_real_,
               hi = if (inside) tanh(atanh(r) + half) else NA_real_)
  })
  do.call(rbind, rows)
}

format_mvmeta_i2 <- function(x) {
  s <- x$i2$sd
  level <- ci_heading(x$options$level)
  number <- function(v, width) justify(trimws(stata_general(v, 10L)), width, TRUE)
  line <- paste0(justify(abbreviate_name(s$variable, 15L), 16L, TRUE), number(s$sd, 11L), number(s$lo, 11L),
                 number(s$hi, 9L), stata_fixed(s$I2, 8L, 0L), stata_fixed(s$I2_lo, 9L, 0L), stata_fixed(s$I2_hi, 11L,
                                                                                                        0L),
                 ifelse(s$cut, " *", ""))
  scale <- c(sd = "SD", logsd = "log SD", logh = "log H")[[x$options$ciscale]]
  c("", "Approximate confidence intervals for between-studies SDs and I^2:", strrep("-", 78L),
    sprintf("Variable         SD        %s   I^2     %s", level, level), strrep("-", 78L), line, strrep("-", 78L),
    "Note: I^2 computed from estimated between-studies variance", "      and typical within-studies variances",
    if (!x$fit$moments) sprintf("Note: CIs computed on %s scale", scale),
    if (any(s$cut)) "* CI for I^2 ignores zero variance components", format_mvmeta_correlations(x$i2$corr, level))
}

format_mvmeta_correlations <- function(t, level) {
  if (is.null(t)) return(NULL)
  width <- max(nchar(t$variables) + 3L, 16L)
  number <- function(v) justify(trimws(stata_general(v, 9L)), 11L, TRUE)
  bar <- strrep("-", width + 33L)
  c("", "Between-study correlations:", bar, paste0(justify("Variables", width, TRUE), "Correl.    ", level), bar,
    sub("\\s+$", "", paste0(justify(t$variables, width, TRUE), number(t$corr), number(t$lo), number(t$hi))), bar,
    "Note: CI computed on log((1+corr)/(1-corr)) scale")
}

# ---- against the model without heterogeneity ----------------------------------------------------

mvmeta_common <- function(s, model, call) {
  p <- length(s$outcomes)
  data <- mvmeta_core_data(s)
  fit <- call_core(cpp_mvmeta(data, list(kind = "equals", known = matrix(0, p, p)),
                              list(restricted = model$method != "ml", overall = FALSE)), call)
  r <- data$y - as.numeric(data$X %*% fit$beta)
  Q <- sum(vapply(seq_len(s$N), function(i) {
    seen <- which(is.finite(s$y[i, ]))
    e <- r[(i - 1L) * p + seen]
    sum(e * solve(matrix(s$S[i, ], p)[seen, seen, drop = FALSE], e))
  }, 0))
  list(ll = fit$ll, vb = fit$vb, Q = Q, df = sum(is.finite(data$y)) - length(fit$beta))
}

format_mvmeta_lr <- function(x) {
  if (is.null(x$fit$ll)) return(c("", "Likelihood ratio test is not available with this method"))
  lr <- max(0, 2 * (x$fit$ll - x$common$ll))
  df <- length(x$fit$theta)
  if (!df) return(c("", "Likelihood ratio test is not available: Sigma has no parameters"))
  p <- upper_p(lr, df) / 2
  word <- if (x$model$method == "ml") "Likelihood" else "Restricted likelihood"
  c("", sprintf("%s ratio test for heterogeneity: LRT = %s (d.f. = %d) P = %s", word, stata_fixed(lr, 6L, 2L), df,
                stata_p(p)), "P-value halved: see help j_chibar")
}

format_mvmeta_q <- function(x) {
  c("", sprintf("Scalar Q test for heterogeneity: Q = %s (d.f. = %d) P = %s", stata_fixed(x$common$Q, 6L, 2L),
                as.integer(x$common$df), stata_p(upper_p(x$common$Q, x$common$df))))
}

mvmeta_randfix <- function(x) {
  s <- x$studies
  given <- x$options$randfix
  chosen <- if (isTRUE(given)) s$outcomes else
    unique(unlist(lapply(strsplit(trimws(given), "\\s+")[[1L]], mvmeta_matching, names = s$outcomes, call = x$call)))
  at <- which(ifelse(s$names$eq == "Overall_mean", s$names$term, s$names$eq) %in% chosen)
  own <- list(nouncertainv = FALSE)
  V <- mvmeta_variance(x$fit, own)[at, at, drop = FALSE]
  size <- sqrt(c(det(V), det(x$common$vb[at, at, drop = FALSE])))
  list(outcomes = chosen, q = length(at), random = size[1L], fixed = size[2L],
       R = (size[1L] / size[2L])^(1 / length(at)))
}

format_mvmeta_randfix <- function(x) {
  t <- mvmeta_randfix(x)
  line <- function(name, value) at_column(name, 49L, value)
  number <- function(v) trimws(stata_general(v, 10L))
  c("", "Multivariate R statistic", "Measures ratio of std errors in current vs. fixed-effect analysis", strrep("-",
                                                                                                                78L),
    line("Outcomes considered", paste(t$outcomes, collapse = " ")), line("Number of parameters", as.character(t$q)),
    line(sprintf("Sqrt determinant of variance (%s)", x$model$method), number(t$random)),
    line(sprintf("%s(fixed)", strrep(" ", 29L)), number(t$fixed)),
    line(sprintf("R statistic = ratio ^ (1/%d)", t$q), number(t$R)), strrep("-", 78L))
}

# ---- prediction ---------------------------------------------------------------------------------

mvmeta_prediction <- function(view, call) {
  s <- view$studies
  o <- mvmeta_suboptions(view$options$pi, c("level", "format", "xvar"), "pi", call)
  level <- if (is.null(o$level)) 0.95 else check_stata_level(suppressWarnings(as.numeric(o$level)), "pi", call)
  term <- if (is.null(o$xvar)) "_cons" else o$xvar
  means <- s$names$eq == "Overall_mean"
  at <- if (any(means)) seq_along(s$outcomes) else vapply(s$outcomes, function(y) {
    match(TRUE, (s$names$eq == y | view$model$commonparm) & s$names$term == term)
  }, 0L)
  if (anyNA(at)) abort_input("pi", sprintf("needs the coefficient %s in all equations", term), call)
  V <- mvmeta_variance(view$fit, list(nouncertainv = FALSE))
  est <- view$fit$beta[at]
  se <- sqrt(diag(V)[at])
  half <- critical_value(level) * se
  far <- critical_value(level, s$N - 2) * sqrt(diag(view$fit$Sigma) + se^2)
  list(table = data.frame(outcome = s$outcomes, est = est, lo = est - half, hi = est + half, pi_lo = est - far,
                          pi_hi = est + far, row.names = NULL), level = level, df = s$N - 2L, format = o$format)
}

# "level(80) format(%9.5f)" as a list of texts; words without brackets are TRUE.
mvmeta_suboptions <- function(given, known, arg, call) {
  if (isTRUE(given)) return(list())
  text <- check_word(given, arg, call)
  found <- regmatches(text, gregexpr("[[:alnum:]_]+([(][^()]*[)])?", text))[[1L]]
  name <- sub("[(].*$", "", found)
  value <- ifelse(grepl("(", found, fixed = TRUE), sub("^[^(]*[(](.*)[)]$", "\\1", found), NA)
  full <- vapply(name, match_option, "", known = stats::setNames(substr(known, 1L, pmin(nchar(known), 3L)), known))
  if (anyNA(full)) abort_input(arg, sprintf("has no suboption %s here", name[is.na(full)][1L]), call)
  stats::setNames(lapply(value, function(v) if (is.na(v)) TRUE else trimws(v)), full)
}

format_mvmeta_prediction <- function(x) {
  p <- x$pi
  t <- p$table
  number <- function(v) justify(if (is.null(p$format)) trimws(stata_general(v, 9L)) else
    trimws(apply_number_format(v, p$format)), 12L)
  percent <- trimws(stata_general(100 * p$level, 9L))
  title <- if (length(unlist(x$studies$equations))) " for the meta-regression intercepts" else ""
  c("", paste0("Table of prediction intervals", title), strrep("-", 70L),
    sprintf("Outcome     Estimate    %s%% Confidence Int.     %s%% Prediction Int.", percent, percent),
    paste0(justify(t$outcome, 9L, TRUE), number(t$est), number(t$lo), number(t$hi), number(t$pi_lo), number(t$pi_hi)),
    strrep("-", 70L), sprintf("Note: using N-2=%d degrees of freedom", p$df))
}

# %9.5f, %9.0g.
apply_number_format <- function(x, format) {
  part <- regmatches(format, regexec("^%([0-9]+)[.]([0-9]+)([fg])$", format))[[1L]]
  if (!length(part)) abort_input("format", sprintf("must be a format as %%9.3f, not %s", format))
  width <- as.integer(part[2L])
  digits <- as.integer(part[3L])
  if (part[4L] == "f") justify(mark_missing(sprintf("%.*f", digits, x), x), width) else stata_general(x, width, digits)
}

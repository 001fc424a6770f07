# lrtest, hausman: tests between two stored estimations.
# Source: Stata's Base Reference manual, lrtest, hausman. Oracle: anova() of lm(), glm() and lme4's fits.

# lrtest name [name] [, force stats]: twice the difference of the log-likelihoods.
run_lrtest <- function(command, session, rows) {
  o <- command_options(command, c(force = "force", stats = "st", dir = "di", df = "df"))
  names <- command$rest$text
  if (!length(names) || length(names) > 2L) abort_stata("one or two names of stored estimates expected", 198L)
  if (length(names) == 1L) names <- c(names, ".")
  es <- lapply(names, function(n) find_estimates(n, session)$e)
  check_likelihoods(es, names, is.null(o$force))
  ll <- vapply(es, function(e) e$ll, 0)
  size <- vapply(es, estimated_parameters, 0)
  small <- if (size[1L] != size[2L]) which.min(size) else which.min(ll)
  df <- if (is.null(o$df)) abs(diff(size)) else number_word(o$df)
  chi2 <- 2 * (ll[3L - small] - ll[small])
  if (df == 0) chi2 <- abs(chi2)
  p <- if (df > 0) upper_p(chi2, df) else NA_real_
  session$r <- list(p = p, chi2 = chi2, df = df)
  shown <- vapply(names, function(n) if (n == ".") "." else n, "")
  emit(session, c("", to_right("Likelihood-ratio test", sprintf("LR chi2(%s)  =%s", macro_text(df),
                                                                stata_fixed(chi2, 10L, 2L)), 77L),
                  to_right(sprintf("(Assumption: %s nested in %s)", shown[small], shown[3L - small]),
                           sprintf("Prob > chi2 =%s", if (is.na(p)) justify(".", 10L) else stata_fixed(p, 10L, 4L)),
                           77L),
                  if (any(vapply(es, function(e) !is.null(e$k_r), NA)) && !same_random(es)) c(
                    "", "Note: The reported degrees of freedom assumes the null hypothesis is not on",
                    "      the boundary of the parameter space.  If this is not true, then the",
                    "      reported test is conservative.")))
}

same_random <- function(es) identical(es[[1L]]$k_r, es[[2L]]$k_r)

# What makes two likelihoods incomparable.
check_likelihoods <- function(es, names, strict) {
  for (i in 1:2) {
    if (is.null(es[[i]]$ll)) abort_stata(sprintf("%s does not contain scalar e(ll)", names[i]), 498L)
    if (strict && (!is.null(es[[i]]$N_clust) || isTRUE(es[[i]]$vce %in% c("robust", "cluster")))) {
      abort_stata("LR test likely invalid for models with robust vce", 498L)
    }
  }
  if (strict && es[[1L]]$N != es[[2L]]$N) {
    abort_stata(sprintf("observations differ: %s vs. %s", macro_text(es[[1L]]$N), macro_text(es[[2L]]$N)), 498L)
  }
  reml <- vapply(es, function(e) identical(e$method, "REML"), NA)
  if (strict && (any(reml) && !all(reml) || all(reml) && !setequal(colnames(es[[1L]]$b), colnames(es[[2L]]$b)))) {
    abort_stata("REML criterion is not comparable under different fixed-effects specifications", 498L)
  }
}

# Coefficients and what else was estimated.
estimated_parameters <- function(e) {
  free <- sum(diag(as.matrix(e$V)) > 0)
  if (!is.null(e$k_r)) free + e$k_r else if (is.null(e$rank)) free else as.numeric(e$rank)
}

# hausman consistent efficient: the slopes' difference against the difference of their variances.
run_hausman <- function(command, session, rows) {
  o <- command_options(command, c(constant = "c", alleqs = "all", sigmamore = "sigmam", sigmaless = "sigmal"))
  names <- command$rest$text
  if (!length(names) || length(names) > 2L) abort_stata("one or two names of stored estimates expected", 198L)
  if (length(names) == 1L) names <- c(names, ".")
  es <- lapply(names, function(n) find_estimates(n, session)$e)
  of <- lapply(es, function(e) colnames(e$b)[diag(as.matrix(e$V)) > 0])
  vars <- intersect(of[[1L]], of[[2L]])
  if (is.null(o$constant)) vars <- setdiff(vars, "_cons")
  if (!length(vars)) abort_stata("no coefficients in common", 498L)
  sigma <- vapply(es, function(e) as.numeric(c(e$sigma_e, e$rmse, NA)[1L])^2, 0)
  scale <- if (!is.null(o$sigmamore)) c(sigma[2L] / sigma[1L], 1) else if (!is.null(o$sigmaless))
    c(1, sigma[1L] / sigma[2L]) else c(1, 1)
  b <- lapply(es, function(e) e$b[1L, vars])
  V <- Map(function(e, s) as.matrix(e$V)[vars, vars, drop = FALSE] * s, es, scale)
  gap <- b[[1L]] - b[[2L]]
  D <- V[[1L]] - V[[2L]]
  root <- eigen(D, symmetric = TRUE)
  used <- abs(root$values) > max(abs(root$values)) * 1e-10
  chi2 <- sum(drop(crossprod(root$vectors[, used, drop = FALSE], gap))^2 / root$values[used])
  df <- sum(used)
  p <- if (chi2 >= 0) upper_p(chi2, df) else NA_real_
  session$r <- list(chi2 = chi2, df = df, p = p)
  emit(session, hausman_lines(vars, b, gap, sqrt(pmax(diag(D), 0)), names, es, chi2, df, p,
                              any(root$values[used] < 0)))
}

hausman_lines <- function(vars, b, gap, se, names, es, chi2, df, p, wild) {
  shown <- ifelse(names == ".", ".", substr(names, 1L, 8L))
  g <- function(x, width) justify(trimws(stata_general(x, 9L)), width)
  line <- paste0(justify(abbreviate_name(vars, 12L), 12L), " |", g(b[[1L]], 12L), g(b[[2L]], 13L), g(gap, 16L),
                 ifelse(se > 0, g(se, 16L), justify(".", 16L)))
  c("", paste0(strrep(" ", 17L), "---- Coefficients ----"),
    "             |      (b)          (B)            (b-B)     sqrt(diag(V_b-V_B))",
    paste0("             |", justify(shown[1L], 9L), justify(shown[2L], 13L), "        Difference          S.E."),
    rule(13L, 64L), line, strrep("-", 78L),
    justify(sprintf("b = consistent under Ho and Ha; obtained from %s", es[[1L]]$cmd), 78L),
    justify(sprintf("B = inconsistent under Ha, efficient under Ho; obtained from %s", es[[2L]]$cmd), 78L), "",
    "    Test:  Ho:  difference in coefficients not systematic", "",
    paste0(justify(sprintf("chi2(%d)", df), 25L), " = (b-B)'[(V_b-V_B)^(-1)](b-B)"),
    sprintf("                          =%s", stata_fixed(chi2, 11L, 2L)),
    if (chi2 >= 0) sprintf("                Prob>chi2 =%s", stata_fixed(p, 12L, 4L)) else
      "                chi2<0 ==> model fitted on these data fails to meet the asymptotic assumptions of the test",
    if (wild) "                (V_b-V_B is not positive definite)")
}

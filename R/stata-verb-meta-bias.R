# Owns meta_bias(): regression tests under the suite's models and Begg's test, with their log.
# Source: Egger 1997, Harbord 2006 (Stat Med 25:3443), Peters 2006 (JAMA 295:676), Begg & Mazumdar 1994; Stata's manual
# for the models; oracle: printed logs, metafor's regtest().

#' Tests for small-study effects as Stata's meta bias
#'
#' @inheritParams meta_regress
#' @param ... moderators, as in [meta_regress()].
#' @param egger,harbord,peters,begg the test; exactly one. Harbord's needs log odds- or risk-ratios computed by
#'   [meta_esize()], Peters' log odds-ratios.
#' @param traditional the test as first published: fixed effects, multiplicative error, t test.
#' @param nometashow leave out the declaration of the data.
#' @param detail print the table of the regression, too.
#' @return An object of class `stata_meta_bias` (see [stata_view]): `r` with `beta1`, `se`, `z` (or `t`), `p`; for
#'   Begg's test `score`, `se_score`, `z`, `p`. `plot()` draws the funnel plot with the regression line for Egger's
#'   test.
#' @details Begg's z has a continuity correction, as Stata's `ktau`. Studies whose score has no variance are left out of
#'   Harbord's test. Errors: `metaparity_error_input`.
#' @section Shortest forms: In stata() and stata_do() an option may be cut: `r option_forms("meta_bias")`.
#' @section In other software: Stata `meta bias, egger`; metafor `regtest(x)` (mixed model, z),
#'   `regtest(x, model = "lm")` for `traditional`, `ranktest(x)`.
#' @references Harbord RM, Egger M, Sterne JAC (2006). Statistics in Medicine 25, 3443-3457. Peters JL et al. (2006).
#'   JAMA 295, 676-680. Begg CB, Mazumdar M (1994). Biometrics 50, 1088-1101.
#' @examples
#' d <- data.frame(es = c(.8, .5, .6, .4, .3), se = c(.4, .3, .25, .2, .15))
#' meta_bias(meta_set(es, se, data = d), egger = TRUE)
#' @export
meta_bias <- function(x, ..., egger = FALSE, harbord = FALSE, peters = FALSE, begg = FALSE, traditional = FALSE,
                      random = FALSE, fixed = FALSE, common = FALSE, multiplicative = FALSE, tdistribution = FALSE,
                      se = NULL, level = NULL, nometashow = FALSE, subset = NULL, detail = FALSE) {
  check_given(x)
  mc <- match.call()
  check_meta(x, mc)
  env <- parent.frame()
  flags <- list(egger = egger, harbord = harbord, peters = peters, begg = begg, traditional = traditional)
  for (name in names(flags)) check_flag(flags[[name]], name, mc)
  test <- c("egger", "harbord", "peters", "begg")[unlist(flags[1:4])]
  if (length(test) != 1L) abort_input("egger", "or `harbord`, `peters`, `begg`: exactly one must be TRUE", mc)
  if (traditional) {
    fixed <- if (isFALSE(fixed)) TRUE else fixed
    multiplicative <- tdistribution <- TRUE
  }
  o <- meta_regress_options(x, list(random = random, fixed = fixed, common = common, multiplicative = multiplicative,
    se = se, tdistribution = tdistribution, tau2 = NULL, i2 = NULL, level = level, noheader = FALSE,
    nometashow = nometashow), mc)
  o[c("bias", "traditional", "detail")] <- list(test, traditional, check_flag(detail, "detail", mc))
  x <- meta_subset(x, mc$subset, env, mc)
  if (nrow(x$table) < 3L) abort_input("x", "must hold at least 3 studies", mc)
  moderators <- as.list(match.call(expand.dots = FALSE)$...)
  view <- if (test == "begg") meta_bias_begg(x, o, moderators, mc) else meta_bias_line(x, o, moderators, env, mc)
  view$call <- mc
  view
}

meta_bias_begg <- function(m, o, moderators, call) {
  if (length(moderators)) abort_input("...", "moderators do not go with `begg`", call)
  b <- begg_test(m$table[["_meta_es"]], m$table[["_meta_se"]])
  r <- list(k = b$k, score = b$score, se_score = b$sd, z = b$z_cc, p = b$p_cc)
  new_stata_view("meta_bias", c(r, testtype = "begg"), as.data.frame(r), options = o, meta = m, fit = b)
}

meta_bias_line <- function(m, o, moderators, env, call) {
  s <- meta_bias_data(m, o$bias, call)
  design <- meta_design(moderators, m, env, call)
  use <- intersect(meta_design_rows(design, call), which(s$use))
  X <- cbind(design$X[use, , drop = FALSE], s$x[use])
  colnames(X) <- c(colnames(design$X), "bias")
  if (length(use) <= ncol(X)) abort_input("x", sprintf("leaves %d studies for %d coefficients", length(use), ncol(X)),
                                          call)
  if (all(s$x[use] == s$x[use][1L])) abort_input("x", "has the same precision in all studies", call)
  reg <- meta_regression(s$y[use], s$v[use], X, o)
  row <- reg$coef[ncol(X), ]
  r <- list(beta1 = row$b, se = row$se)
  r[[if (is.na(reg$ddf)) "z" else "t"]] <- row$t
  r$p <- row$p
  r$df <- if (!is.na(reg$ddf)) reg$ddf
  r <- c(r, list(testtype = o$bias, model = o$model, method = o$method))
  if (length(design$names)) r$moderators <- paste(design$names, collapse = " ")
  table <- cbind(name = c("bias", design$terms$name, "_cons"),
                 reg$coef[c(ncol(X), seq_len(ncol(X))[-c(1L, ncol(X))], 1L), ], stringsAsFactors = FALSE)
  rownames(table) <- NULL
  r$table <- bias_matrix(table, reg$ddf)
  new_stata_view("meta_bias", r, table, reg$fit, o, meta = m, reg = reg, moderators = design$names, rows = use)
}

# What each test regresses on what: y, x, and the variance of y.
meta_bias_data <- function(m, test, call) {
  y <- m$table[["_meta_es"]]
  se <- m$table[["_meta_se"]]
  if (test == "egger") return(list(y = y, x = se, v = se^2, use = rep(TRUE, length(y))))
  allowed <- if (test == "peters") "lnoratio" else c("lnoratio", "lnrratio")
  if (!m$type %in% allowed) abort_input(test,
                                        sprintf("needs effect sizes of type %s", paste(allowed, collapse = " or ")),
                                        call)
  cells <- stats::setNames(unname(m$vars), c("a", "b", "c", "d"))
  n <- cells$a + cells$b + cells$c + cells$d
  if (test == "peters") return(list(y = y, x = 1 / n, v = se^2, use = n > 0))
  score <- harbord_score(cells, n, m$type)
  use <- is.finite(score$v) & score$v > 0
  list(y = score$z / score$v, x = 1 / sqrt(score$v), v = 1 / score$v, use = use)
}

# Score Z and its variance V at no effect: hypergeometric for odds ratios; for risk ratios with binomial arms.
harbord_score <- function(cells, n, type) {
  n1 <- cells$a + cells$b
  n0 <- cells$c + cells$d
  events <- cells$a + cells$c
  if (type == "lnoratio") {
    return(list(z = cells$a - events * n1 / n, v = n1 * n0 * events * (n - events) / (n^2 * (n - 1))))
  }
  list(z = (cells$a * n - events * n1) / (n - events), v = n1 * n0 * events / (n * (n - events)))
}

#' @export
format.stata_meta_bias <- function(x, ...) {
  o <- x$options
  v <- x$meta$version
  show <- if (x$meta$metashow && !o$nometashow) format_meta_show(x$meta)
  line <- function(name, value) paste0(justify(name, 17L), " = ", value)
  if (o$bias == "begg") {
    return(c(show, "", "Begg's test for small-study effects", "",
             line("Kendall's score", stata_fixed(x$r$score, 9L, 2L)),
             line("SE of score", stata_fixed(x$r$se_score, 9L, 3L)), line("z", stata_fixed(x$r$z, 9L, 2L)),
             line("Prob > |z|", stata_fixed(x$r$p, 9L, 4L))))
  }
  name <- c(egger = "Egger", harbord = "Harbord", peters = "Peters")[[o$bias]]
  letter <- if (is.null(x$r$z)) "t" else "z"
  detail <- if (isTRUE(o$detail)) c("", format_coef_table(x$table, "_meta_es", o$level, letter))
  c(show, detail, "", sprintf("Regression-based %s test for small-study effects", name),
    paste(meta_model_name(o$model), "model"),
    if (o$multiplicative) "Error: Multiplicative", meta_method_line(o, v),
    if (!is.null(o$seadj)) format_meta_seadj(o$seadj, v),
    if (length(x$moderators)) paste("Moderators:", paste(x$moderators, collapse = " ")), "",
    "H0: beta1 = 0; no small-study effects", line("beta1", stata_fixed(x$r$beta1, 9L, 2L)),
    line("SE of beta1", stata_fixed(x$r$se, 9L, 3L)), line(letter, stata_fixed(x$r[[letter]], 9L, 2L)),
    line(sprintf("Prob > |%s|", letter), stata_fixed(x$r$p, 9L, 4L)))
}

# Owns meta_regress(), its log, its predictions and the data of estat bubbleplot.
# Source: Stata's documented formulas (Knapp & Hartung 2003 for khartung); oracle: printed logs, metafor's rma().

#' Meta-regression as Stata's meta regress
#'
#' @inheritParams meta_summarize
#' @param ... moderators: variables of the data, with Stata's prefixes `i.`, `ib2.`, `c.` as part of the name, a string
#'   of such words, or a one-sided formula (`~ year + factor(alloc)`). None, or `_cons`: the constant alone.
#' @param multiplicative fixed effects with a multiplicative error.
#' @param object a result of `meta_regress()`.
#' @param statistic `"xb"`, `"stdp"`, `"fitted"`, `"residuals"`, `"reffects"`, `"leverage"` (or `"hat"`), `"rstandard"`.
#' @param fixedonly residuals without the predicted random effects.
#' @param noheader,nometashow leave out the header, the declaration of the data.
#' @return An object of class `stata_meta_regress` (see [stata_view]): `r` holds Stata's `e()`: `N`, `tau2`, `I2_res`,
#'   `H2_res`, `R2`, `chi2` or `F`, `p`, `Q_res`, `df_Q_res`, `p_Q_res`, `b`, `V`; `table`: the coefficients.
#'   `predict()` gives one number per study of the meta data, missing where a moderator is missing. `plot()` is
#'   [estat_bubbleplot()].
#' @details Errors: `metaparity_error_input`; studies without a moderator are left out with a warning of class
#'   `metaparity_warning_dropped`. Where REML ends at 0 Stata prints the tiny value at which its iteration stopped.
#' @section Shortest forms: In stata() and stata_do() an option may be cut: `r option_forms("meta_regress")`.
#' @section In other software: Stata `meta regress year i.alloc`; metafor `rma(yi, vi, mods = ~ year + factor(alloc))`.
#' @references Knapp G, Hartung J (2003). Statistics in Medicine 22, 2693-2710.
#' @examples
#' d <- data.frame(es = c(.2, .5, .1, .4, .3), se = c(.1, .2, .15, .3, .2), year = 2001:2005)
#' fit <- meta_regress(meta_set(es, se, data = d), year)
#' fit
#' predict(fit, "fitted")
#' @export
meta_regress <- function(x, ..., random = FALSE, fixed = FALSE, common = FALSE, multiplicative = FALSE, se = NULL,
                         tdistribution = FALSE, tau2 = NULL, i2 = NULL, level = NULL, noheader = FALSE,
                         nometashow = FALSE, subset = NULL) {
  check_given(x)
  mc <- match.call()
  check_meta(x, mc)
  env <- parent.frame()
  o <- meta_regress_options(x, list(random = random, fixed = fixed, common = common, multiplicative = multiplicative,
    se = se, tdistribution = tdistribution, tau2 = tau2, i2 = i2, level = level, noheader = noheader,
    nometashow = nometashow), mc)
  x <- meta_subset(x, mc$subset, env, mc)
  design <- meta_design(as.list(match.call(expand.dots = FALSE)$...), x, env, mc)
  rows <- meta_design_rows(design, mc)
  if (length(rows) <= ncol(design$X)) {
    abort_input("...", sprintf("need more than %d studies, not %d", ncol(design$X), length(rows)), mc)
  }
  d <- x$table[rows, ]
  reg <- meta_regression(d[["_meta_es"]], d[["_meta_se"]]^2, design$X[rows, , drop = FALSE], o, d[["_meta_studylabel"]])
  r2 <- if (o$model == "random" && reg$df_m > 0L) meta_r2(d, reg, o) else NA_real_
  table <- meta_coef_table(design$terms, reg)
  new_stata_view("meta_regress", meta_regress_return(reg, r2, o, design), table, reg$fit, o, meta = x, reg = reg,
                 design = design, rows = rows, r2 = r2, call = mc)
}

meta_regress_options <- function(m, o, call) {
  plain <- list(predinterval = FALSE, eform = FALSE, or = FALSE, rr = FALSE, transform = NULL, nostudies = FALSE)
  check_flag(o$multiplicative, "multiplicative", call)
  if (o$multiplicative && isFALSE(o$fixed) && isFALSE(o$common)) abort_input("multiplicative", "needs `fixed`", call)
  given <- c(fixed = isTRUE(o$fixed), common = isTRUE(o$common))
  for (name in names(given)[given]) o[[name]] <- "invvariance"
  o <- meta_options(m, c(o, plain), call)
  if (o$method == "mhaenszel") o$method <- "invvariance"
  o
}

# The share of the between-study variance that the moderators explain.
meta_r2 <- function(d, reg, o) {
  null <- meta_uni(d[["_meta_es"]], d[["_meta_se"]]^2, meta_random_methods[[o$method]], tau2 = o$tau2)$tau2
  if (null <= 0) return(0)
  max(0, 100 * (null - reg$fit$tau2) / null)
}

meta_coef_table <- function(terms, reg) {
  out <- reg$coef[c(seq_len(nrow(reg$coef))[-1L], 1L), ]
  out <- cbind(block = c(terms$block, ""), name = c(terms$name, "_cons"), out, stringsAsFactors = FALSE)
  rownames(out) <- NULL
  out
}

meta_regress_return <- function(reg, r2, o, design) {
  terms <- design$terms
  random <- o$model == "random"
  out <- list(N = reg$k, df_m = reg$df_m, df_r = reg$ddf, tau2 = if (random) reg$fit$tau2,
              I2_res = if (random) reg$fit$I2,
              H2_res = if (random) reg$fit$H2, R2 = if (random) r2, phi = if (o$multiplicative) reg$phi, p = reg$p,
              Q_res = reg$Q, df_Q_res = reg$df, p_Q_res = reg$pQ, level = 100 * o$level, model = o$model,
              method = o$method,
              seadj = se_adjustment(reg$fit, o$seadj), seadjtype = o$seadj)
  out[[if (is.na(reg$ddf)) "chi2" else "F"]] <- reg$chi2
  out <- Filter(function(v) !is.null(v) && !is.na(v[1L]), out)
  kept <- !is.na(reg$coef$b)
  name <- c("_cons", coefficient_words(terms))
  found <- coefficient_matrices(reg$coef$b[kept], unname(reg$fit$vb) * reg$phi, name[kept])
  c(out, with_base_levels(found, design$bases))
}

#' @exportS3Method
saved_estimates.stata_meta_regress <- function(view) {
  o <- view$options
  c(view$r, list(converged = meta_converged(o), title = paste(meta_model_name(o$model), "meta-regression"),
                 indepvars = if (length(view$design$names)) paste(view$design$names, collapse = " "),
                 depvar = "_meta_es", properties = "b V", cmd = "meta regress"))
}

#' @export
format.stata_meta_regress <- function(x, ...) {
  o <- x$options
  m <- x$meta
  reg <- x$reg
  c(if (m$metashow && !o$nometashow) format_meta_show(m), if (!o$noheader) c("", format_regress_header(x)),
    format_regress_table(x),
    if (o$model == "random") {
      to_right(sprintf("Test of residual homogeneity: Q_res = chi2(%d) = %s", as.integer(reg$df),
                       stata_fixed(reg$Q, 5L, 2L)),
               sprintf("Prob > Q_res = %s", stata_fixed(reg$pQ, 6L, 4L)), 78L)
    })
}

format_regress_header <- function(x) {
  o <- x$options
  reg <- x$reg
  v <- x$meta$version
  left <- c(paste0(meta_model_name(o$model), " meta-regression"), if (o$multiplicative) "Error: Multiplicative",
            meta_method_line(o, v), if (!is.null(o$seadj)) format_meta_seadj(o$seadj, v))
  line <- function(name, value) paste0(justify(name, 15L, left = TRUE), "= ", justify(value, 9L))
  t <- !is.na(reg$ddf)
  test <- if (t) sprintf("Model F(%d,%d)", as.integer(reg$df_m), as.integer(reg$ddf)) else
    sprintf("Wald chi2(%d)", as.integer(reg$df_m))
  small <- function(name, value) paste0(name, " = ", justify(value, 7L))
  fit <- reg$fit
  right <- c(line("Number of obs", stata_integer(reg$k, 9L)),
    if (o$model == "random") c(justify("Residual heterogeneity:", 26L, left = TRUE),
      small("tau2", trimws(stata_general(fit$tau2, 8L, 4L))), small("I2 (%)", stata_fixed(max(fit$I2, 0), 7L, 2L)),
      small("H2", stata_fixed(fit$H2, 7L, 2L)), small("R-squared (%)", stata_fixed(x$r2, 7L, 2L))),
    line(test, stata_fixed(reg$chi2, 9L, 2L)), line(if (t) "Prob > F" else "Prob > chi2", stata_fixed(reg$p, 9L, 4L)))
  n <- max(length(left), length(right))
  sub("\\s+$", "", to_right(c(left, rep("", n - length(left))), c(right, rep("", n - length(right))), 78L))
}

format_regress_table <- function(x) {
  v <- x$meta$version
  t <- if (is.na(x$reg$ddf)) "z" else "t"
  head <- sprintf(by_version(c("    _meta_es |      Coef.   Std. Err.      %s    P>|%s|     %s",
                               "    _meta_es | Coefficient  Std. err.      %s    P>|%s|     %s"), v), t, t,
                  meta_ci_head(x$options$level, v))
  c(strrep("-", 78L), head, rule(13L, 64L), regress_lines(x$table), strrep("-", 78L))
}

# Levels of a factor stand under its name, between blank rows; what has no level stands beside its name. The factors of
# a long name stand below each other.
regress_lines <- function(table) {
  omitted <- is.na(table$b)
  level <- nzchar(table$block)
  shown <- table
  beside <- level & !nzchar(table$name)
  heads <- lapply(table$block, block_lines)
  last_line <- vapply(heads, function(h) h[length(h)], "")
  shown$name[level] <- paste0(justify(meta_cut(table$name[level], 11L), 11L), " ")
  shown$name[beside] <- last_line[beside]
  line <- coef_lines(shown)
  line[omitted] <- sprintf("%s |          %s  (omitted)", justify(shown$name[omitted], 12L),
                           (table$empty %||% rep("0", nrow(table)))[omitted])
  blank <- paste0(strrep(" ", 13L), "|")
  out <- character()
  last <- ""
  for (i in seq_along(line)) {
    if (table$block[i] != last) {
      head <- if (level[i]) paste0(justify(heads[[i]], 12L), ifelse(grepl("#$", heads[[i]]), "|", " |"))
      out <- c(out, blank, if (beside[i]) head[-length(head)] else head)
    }
    last <- table$block[i]
    out <- c(out, line[i])
  }
  out
}

block_lines <- function(name) {
  if (nchar(name) <= 12L) return(name)
  parts <- strsplit(name, "#", fixed = TRUE)[[1L]]
  last <- seq_along(parts) == length(parts)
  out <- abbreviate_name(parts, 12L)
  out[!last] <- paste0(out[!last], "#")
  out
}

#' @rdname meta_regress
#' @export
predict.stata_meta_regress <- function(object, statistic = "xb", fixedonly = FALSE, ...) {
  statistic <- meta_match(statistic, c("xb", "stdp", "fitted", "residuals", "reffects", "leverage", "hat", "rstandard"),
                          "statistic", NULL)
  check_flag(fixedonly, "fixedonly")
  out <- rep(NA_real_, nrow(object$meta$table))
  fit <- object$fit
  xb <- as.numeric(stats::fitted(fit))
  d <- object$meta$table[object$rows, ]
  u <- if (object$options$model == "random") {
    fit$tau2 / (fit$tau2 + d[["_meta_se"]]^2) * (d[["_meta_es"]] - xb)
  } else {
    rep(0, length(xb))
  }
  X <- fit$X
  out[object$rows] <- switch(statistic, xb = xb, stdp = spread_along(X, fit$vb * object$reg$phi),
    fitted = xb + u, reffects = u, residuals = d[["_meta_es"]] - xb - if (fixedonly) 0 else u,
    leverage = , hat = as.numeric(stats::hatvalues(fit)), rstandard = stats::rstandard(fit)$z)
  out
}

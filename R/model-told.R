# What metafor's fitting functions take in `...` that changes what a fit tells, not its estimates: degrees of freedom,
# definitions of I2 and R2, the fields that are kept. Sources: Higgins & Thompson (2002, Stat Med 21, 1539) for the
# typical variance; Raudenbush (2009) for R2. Oracle: metafor.

uni_arguments <- c("knha", "dfs", "i2def", "r2def", "skipr2", "outlist", "pleasedonotreportI2thankyouverymuch")

r2_definitions <- c("1", "1v", "2", "2v", "3", "3v", "4", "4w")

# told: what told_otherwise() takes.
uni_choices <- function(given, call) {
  flag <- function(arg) !is.null(given[[arg]]) && check_flag(given[[arg]], arg, call)
  one_of <- function(arg, choices) {
    if (!is.null(given[[arg]])) check_choice(as.character(given[[arg]]), choices, arg, call)
  }
  told <- list(dfs = if (!is.null(given$dfs)) check_number(given$dfs, "dfs", .Machine$double.xmin, Inf, call),
               i2def = one_of("i2def", c("1", "2")), r2def = one_of("r2def", r2_definitions),
               skipr2 = if (flag("skipr2")) TRUE, silent_i2 = if (flag("pleasedonotreportI2thankyouverymuch")) TRUE)
  list(knha = flag("knha"), outlist = given$outlist, told = told[lengths(told) > 0L])
}

told_otherwise <- function(fit, told) {
  if (!length(told)) return(fit)
  if (!is.null(told$dfs) && fit$test != "z") fit <- with_df(fit, told$dfs)
  harmonic <- 1 / mean(1 / fit$vi)
  if (identical(told$i2def, "2")) {
    fit[c("vt", "I2", "H2")] <- typical_shares(fit$tau2, harmonic)
  }
  if (!is.null(told$r2def) && !is.null(fit$R2)) fit$R2 <- r2_share(fit, told$r2def, harmonic)
  if (isTRUE(told$skipr2)) fit["R2"] <- list(NULL)
  if (isTRUE(told$silent_i2)) fit[c("I2", "H2")] <- NA_real_
  fit
}

typical_shares <- function(tau2, vt) list(vt, 100 * tau2 / (vt + tau2), tau2 / vt + 1)

# Tests and intervals of the coefficients by t and F with `df` degrees of freedom.
with_df <- function(fit, df) {
  p <- length(fit$beta)
  each <- call_core(cpp_linear_tests(diag(p), rep(0, p), as.numeric(fit$beta), matrix(as.numeric(fit$vb), p),
                                     rep(df, p), df))
  reach <- critical_value(1 - fit$level, df) * fit$se
  fit$pval[] <- each$pval
  fit$ci.lb[] <- fit$beta - reach
  fit$ci.ub[] <- fit$beta + reach
  fit$ddf[] <- df
  fit$dfs[] <- df
  fit$QMdf[2L] <- df
  fit$QMp <- upper_p(fit$QM, length(fit$btt), df)
  fit
}

# Shares of the heterogeneity without moderators, or of its sum with the sampling variance ("v"): by what is left of it
# ("1"), by the variance of the fitted values against what is left ("2") or against the whole ("3"); "4" is the squared
# correlation of estimates and fitted values ("4w": with the weights of the fit). In percent, not below 0.
r2_share <- function(fit, definition, vt) {
  extra <- if (endsWith(definition, "v")) vt else 0
  weights <- if (definition == "4w") fit[["weights"]] %||% (1 / (fit$vi + fit$tau2)) else rep(1, length(fit$vi))
  spec <- fit$spec
  spec$tau2 <- NA_real_
  before <- fit_numbers(list(yi = fit$yi, vi = fit$vi), spec, fit$call)$tau2
  fitted <- call_core(cpp_fitted(fit$X, as.numeric(fit$beta)))
  explained <- stats::var(fitted)
  share <- switch(substr(definition, 1L, 1L), "1" = (before - fit$tau2) / (before + extra),
                  "2" = explained / (explained + fit$tau2 + extra), "3" = explained / (before + extra),
                  stats::cov.wt(cbind(as.numeric(fit$yi), fitted), weights / sum(weights), cor = TRUE)$cor[2L]^2)
  100 * max(0, share)
}

# Fields with an element for each study or level: data, designs and what is computed of them.
long_fields <- c("yi", "vi", "V", "W", "X", "weights", "ni", "yi.f", "vi.f", "V.f", "X.f", "W.f", "weights.f",
                 "ni.f", "M", "ids", "not.na", "not.na.yivi", "subset", "slab", "data", "outdat", "outdat.f",
                 "input", "hessian", "H", "opt.res", "s.levels", "s.levels.f", "R", "mf.r", "mf.s", "mf.g", "mf.g.f",
                 "mf.h", "mf.h.f", "Z.S", "Z.G1", "Z.G2", "Z.H1", "Z.H2", "Z", "Z.f", "tau2.f", "effect", "study",
                 "counts", "call", "dropped", "formula.yi", "formula.mods", "formula.scale", "formulas", "random")

# `outlist`: "minimal" keeps what print() and summary() show; "name=field, ..." gives a plain list of these fields.
as_listed <- function(fit, outlist, call) {
  if (is.null(outlist)) return(fit)
  if (!is.character(outlist) || length(outlist) != 1L || is.na(outlist))
    abort_input("outlist", sprintf("must be \"minimal\" or a text such as \"coef=beta, vcov=vb\", not %s",
                                   describe(outlist)), call)
  if (outlist == "minimal") return(minimal_fit(fit))
  parts <- strsplit(trimws(strsplit(outlist, ",", fixed = TRUE)[[1L]]), " *= *")
  fields <- vapply(parts, function(part) part[length(part)], "")
  unknown <- setdiff(fields, names(fit))
  if (length(unknown)) abort_input("outlist", sprintf("has the field \"%s\", which the fit does not have", unknown[1L]),
                                   call)
  stats::setNames(unclass(fit)[fields], vapply(parts, `[`, "", 1L))
}

minimal_fit <- function(fit) {
  kept <- unclass(fit)
  kept$mv <- without_environments(kept$mv[setdiff(names(kept$mv), "model")])
  structure(kept[setdiff(names(kept), long_fields)], class = class(fit))
}

# Formulas hold the data of where they were written.
without_environments <- function(x) {
  if (inherits(x, "formula")) environment(x) <- globalenv()
  if (is.list(x)) x[] <- lapply(x, without_environments)
  x
}

# best, second: the likelihoods of the highest maximum and of the next one that was found.
warn_multimodal <- function(best, second, call, ...) {
  gap <- best - second
  if (!is.finite(gap) || gap <= 1e-5 || gap >= 2) return()
  warn_fit("multimodal", sprintf("The likelihood has another maximum that is lower by %s only: the highest is given",
                                 if (gap < 5e-4) format(gap, digits = 1L) else format_fixed(gap, 3L)), call, ...)
}

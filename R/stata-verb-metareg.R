# metareg(): random-effects meta-regression with Stata's options, saved results and predictions.
# Source: Harbord & Higgins (2008) Stata J 8:493-519; Knapp & Hartung (2003); Higgins & Thompson (2004) for permute.
# Oracle: a genuine log and the published cholesterol example.

#' Meta-regression as Stata's metareg
#'
#' @param ... `y, x1, x2, ...`: the effect estimates and the covariates. Bare names or expressions, found in `data`.
#' @inheritParams metan
#' @param wsse,wsvar variable of the standard errors (or of the variances) of the effects; one of the two is required.
#' @param reml,mm,eb,ml estimator of tau-squared: restricted maximum likelihood (the default), moments, empirical Bayes,
#'   maximum likelihood.
#' @param bsest the estimator in the words of the command's first version: `"reml"`, `"mm"`, `"eb"`, `"ml"`; tests are
#'   then by `z`.
#' @param z normal tests without the Knapp-Hartung modification. `noknapphart` is another name for it.
#' @param noknapphart see `z`.
#' @param knapphartung Knapp-Hartung modification, never narrowing: the default, except with `permute`.
#' @param t t tests without the modification.
#' @param eform show exponents of the coefficients and leave out the constant.
#' @param noconstant no constant.
#' @param tau2test test of the residual between-study variance.
#' @param level confidence level in percent.
#' @param permute number of permutations, or Stata's words `"1000, univariable joint(x1 x2 | x3)"`, or
#'   `list(1000, univariable = TRUE, joint = list(c("x1", "x2"), "x3"))`. Estimation is then by moments and without the
#'   modification unless asked for.
#' @param graph draw the bubble plot at once; `randomsize`: circles by the weights of the random effects.
#' @param randomsize see `graph`.
#' @param log accepted for Stata's sake; there is no iteration to show.
#' @param object a result of `metareg()`.
#' @param statistic for `predict()`: `"xb"` (fitted values), `"stdp"` (their standard errors), `"stdf"` (with
#'   tau-squared), `"u"` (predicted random effects), `"xbu"`, `"residuals"`, `"hat"`, `"rstandard"`.
#' @return An object of class `stata_metareg` (see [stata_view]): `r` holds Stata's `e()`: `N`, `df_m`, `df_r`, `tau2`,
#'   `I2`, `adjR2`, `F` or `chi2`, `p`, `Q`, `df_Q`, `p_Q`, `chi2_c`, `p_c`; `table` the coefficients; `permutation` the
#'   p-values. `predict()` gives one number per study used.
#' @details The residual I-squared is that of Q with fixed-effect weights. The adjusted R-squared compares tau-squared
#'   with that of the model with a constant alone and may be negative. Permutations are drawn in the compiled core from
#'   a seed that R's generator gives, so [set.seed()] repeats them. Errors: `metaparity_error_input`,
#'   `metaparity_error_studies`; studies with missing values are left out with a warning of class
#'   `metaparity_warning_dropped`.
#' @section Shortest forms: In stata() and stata_do() an option may be cut: `r option_forms("metareg")`.
#' @section In other software: Stata `metareg y x, wsse(se)`, later `meta regress x, se(khartung)`; metafor
#'   `rma(y, sei = se, mods = ~ x, test = "adhoc")`.
#' @references Harbord RM, Higgins JPT (2008). Meta-regression in Stata. Stata Journal 8, 493-519. Higgins JPT, Thompson
#'   SG (2004). Controlling the risk of spurious findings from meta-regression. Statistics in Medicine 23, 1663-1682.
#' @examples
#' d <- data.frame(y = c(.2, .5, .1, .4, .3, .6), se = c(.1, .2, .15, .3, .2, .2), x = 1:6)
#' fit <- metareg(y, x, data = d, wsse = se)
#' fit
#' stats::predict(fit, "stdf")
#' @export
metareg <- function(..., data = NULL, subset = NULL, wsse = NULL, wsvar = NULL, reml = FALSE, mm = FALSE, eb = FALSE,
                    ml = FALSE, bsest = NULL, z = FALSE, noknapphart = FALSE, knapphartung = FALSE, t = FALSE,
                    eform = FALSE, noconstant = FALSE, tau2test = FALSE, log = FALSE, level = 95, permute = NULL,
                    graph = FALSE, randomsize = FALSE, label = NULL) {
  mc <- match.call(expand.dots = FALSE)
  call <- match.call()
  flags <- list(reml = reml, mm = mm, eb = eb, ml = ml, z = z, noknapphart = noknapphart, knapphartung = knapphartung,
                t = t, eform = eform, noconstant = noconstant, tau2test = tau2test, log = log, graph = graph,
                randomsize = randomsize)
  for (name in names(flags)) check_flag(flags[[name]], name, call)
  o <- metareg_options(flags, bsest, permute, call)
  o$level <- check_stata_level(level, "level", call)
  s <- metareg_studies(mc, data, parent.frame(), o, call)
  if (!is.null(o$permute)) o$permute <- permute_plan(o$permute, s, o, call)
  view <- metareg_view(s, o, call)
  if (o$graph || o$randomsize) plot(view)
  view
}

metareg_methods <- c(reml = "REML", mm = "DL", eb = "EB", ml = "ML")

metareg_options <- function(o, bsest, permute, call) {
  given <- names(metareg_methods)[unlist(o[names(metareg_methods)])]
  if (!is.null(bsest)) given <- c(given, check_choice(bsest, names(metareg_methods), "bsest", call))
  if (length(unique(given)) > 1L) abort_input(given[2L], sprintf("cannot go with `%s`: give one estimator", given[1L]),
                                              call)
  o$method <- if (length(given)) given[1L] else if (is.null(permute)) "reml" else "mm"
  plain <- o$z || o$noknapphart || !is.null(bsest)
  if (o$knapphartung && (plain || o$t)) abort_input("knapphartung", "cannot go with `z` or `t`", call)
  o$test <- if (o$t) "t" else if (o$knapphartung) "adhoc" else if (plain || !is.null(permute)) "z" else "adhoc"
  o$permute <- permute
  o
}

# y, X and variances of the studies that can be used.
metareg_studies <- function(mc, data, env, o, call) {
  data <- resolve_data(data, call)
  vars <- stata_varlist(mc$..., data, env, seq_len(max(length(mc$...), 1L)), call)
  k <- length(vars[[1L]])
  if (is.null(mc$wsse) == is.null(mc$wsvar)) abort_input("wsse", "or `wsvar`: one of the two is required", call)
  arg <- if (is.null(mc$wsse)) "wsvar" else "wsse"
  spread <- check_numeric_vector(stata_option_column(mc[[arg]], data, env, arg, k, call), arg, call)
  bad <- which(spread <= 0)
  if (length(bad)) abort_studies(arg, bad, "must be greater than zero", call)
  label <- stata_labels(mc$label, data, env, k, call)$name
  keep <- check_subset(resolve_column(mc$subset, data, env, "subset", call), k, call)
  if (is.null(keep)) keep <- seq_len(k)
  all <- cbind(as.matrix(as.data.frame(vars)), spread)[keep, , drop = FALSE]
  use <- rowSums(!is.finite(all)) == 0
  if (any(!use)) warn_dropped(keep[!use], "a value is missing", call)
  p <- length(vars) - 1L + !o$noconstant
  if (sum(use) <= p) abort_input("...", sprintf("need more than %d studies that can be used, not %d", p, sum(use)),
                                 call)
  if (p == 0L) abort_input("noconstant", "needs a covariate", call)
  X <- all[use, -c(1L, ncol(all)), drop = FALSE]
  colnames(X) <- names(vars)[-1L]
  v <- all[use, ncol(all)]
  list(y = unname(all[use, 1L]), v = if (arg == "wsse") v^2 else v, X = X, rows = keep[use], label = label[keep][use],
       names = names(vars))
}

metareg_view <- function(s, o, call) {
  fit <- metareg_fit(s, s$X, o, o$method, o$test, call)
  table <- metareg_table(fit, s, o)
  null <- if (!o$noconstant && ncol(s$X)) metareg_fit(s, s$X[, 0L, drop = FALSE], o, o$method, "z", call)$tau2 else
    NA_real_
  df <- length(s$y) - nrow(table)
  p <- if (o$noconstant) nrow(table) else nrow(table) - 1L
  r <- list(N = length(s$y), df_m = p, df_r = if (o$test == "z") NA_real_ else df, tau2 = fit$tau2,
            I2 = i2_from_q(fit$QE, df), adjR2 = 100 * (1 - fit$tau2 / null),
            Q = fit$QE, df_Q = df, p_Q = fit$QEp)
  r[[if (o$test == "z") "chi2" else "F"]] <- fit$QM
  r$p <- fit$QMp
  if (o$method == "reml" && o$tau2test) r[c("chi2_c", "p_c")] <- metareg_lr(s, fit, o, call)
  permutation <- if (!is.null(o$permute)) {
    call_core(cpp_permute_metareg(s$y, s$v, s$X, model_spec(metareg_methods[[o$method]], o$test), o$permute), call)
  }
  new_stata_view("metareg", Filter(function(v) !is.na(v), r), table, fit, o, studies = s, permutation = permutation,
                 call = call)
}

metareg_fit <- function(s, X, o, method, test, call) {
  constant <- !o$noconstant
  if (constant) X <- cbind(intrcpt = 1, X)
  input <- new_input(s$y, s$v, X, slab = make.unique(s$label), int.incl = constant)
  spec <- model_spec(if (method == "fe") "FE" else metareg_methods[[method]], test, o$level, int.incl = constant)
  fit_uni(input, spec, call = call)
}

# e() of metareg: I2 is a share, q_KH the factor before it is raised to 1; eform changes what is shown, not b and V.
#' @exportS3Method
saved_estimates.stata_metareg <- function(view) {
  s <- view$studies
  o <- view$options
  fit <- view$fit
  r <- view$r
  out <- c(r[c("N", "tau2", "df_m", "Q", "df_Q")], list(I2 = r$I2 / 100), r["df_r"])
  if (o$test == "adhoc") out$q_KH <- metareg_fit(s, s$X, o, o$method, "knha", view$call)$s2w
  if (o$method == "reml") {
    common <- metareg_fit(s, s$X, o, "fe", "z", view$call)
    out[c("remll", "remll_c")] <- c(metareg_remll(fit), metareg_remll(common))
    out$chi2_c <- metareg_lr(s, fit, o, view$call)[[1L]]
  }
  if (!o$noconstant && ncol(s$X)) {
    out$tau2_0 <- metareg_fit(s, s$X[, 0L, drop = FALSE], o, o$method, "z", view$call)$tau2
  }
  if (r$df_m > 0) out <- c(out, r[intersect(c("F", "chi2"), names(r))])
  words <- list(method = c(reml = "REML", mm = "Method of moments", eb = "Empirical Bayes", ml = "ML")[[o$method]],
                wsse = if (is.symbol(view$call$wsse)) as.character(view$call$wsse),
                wsvar = if (is.symbol(view$call$wsvar)) as.character(view$call$wsvar),
                depvar = s$names[1L], predict = "metareg_p", cmd = "metareg")
  name <- sub("^intrcpt$", "_cons", rownames(fit$beta))
  Filter(length, c(out, words, coefficient_matrices(as.numeric(fit$beta), unname(fit$vb), name)))
}

# The command leaves (k - p) log(2 pi) / 2 and log |X'X| / 2 out of the restricted log-likelihood.
metareg_remll <- function(fit) {
  constant <- (fit$k - fit$p) * log(2 * pi) / 2 - as.numeric(determinant(crossprod(fit$X))$modulus) / 2
  fit$fit.stats["ll", "REML"] + constant
}

# Covariates first, the constant last, as Stata lists them.
metareg_table <- function(fit, s, o) {
  name <- rownames(fit$beta)
  out <- data.frame(name = sub("^intrcpt$", "_cons", name), b = as.numeric(fit$beta), se = fit$se, t = fit$zval,
                    p = fit$pval, lo = fit$ci.lb, hi = fit$ci.ub, stringsAsFactors = FALSE)
  out <- out[order(name == "intrcpt"), ]
  rownames(out) <- NULL
  if (!o$eform) return(out)
  out$se <- exp(out$b) * out$se
  for (field in c("b", "lo", "hi")) out[[field]] <- exp(out[[field]])
  out
}

# Twice the gain of restricted log-likelihood over tau2 = 0; half of the chi-squared probability with one df.
metareg_lr <- function(s, fit, o, call) {
  gain <- 2 * (fit$fit.stats["ll", "REML"] - metareg_fit(s, s$X, o, "fe", "z", call)$fit.stats["ll", "REML"])
  gain <- max(0, gain)
  list(gain, if (gain > 0) upper_p(gain, 1) / 2 else 1)
}

# ---- permute() ---------------------------------------------------------------------------------

# What the core needs: reps, univariable, sets of covariates by number, a seed.
permute_plan <- function(permute, s, o, call) {
  if (!ncol(s$X)) abort_input("permute", "needs a covariate", call)
  p <- if (is.character(permute)) permute_words(check_vector_of_words(permute, "permute", call), call) else {
    as.list(check_vector(permute, "permute", call))
  }
  if (is.null(names(p))) names(p) <- c("reps", "univariable", "joint")[seq_along(p)]
  names(p)[!nzchar(names(p))] <- "reps"
  if (isTRUE(p$detail)) warn_input("permute", "shows no detail of the single permutations", call)
  bad <- setdiff(names(p), c("reps", "univariable", "joint", "detail"))
  if (length(bad)) abort_input("permute", sprintf("has no suboption %s here", bad[1L]), call)
  reps <- as.integer(check_number(p$reps, "permute", 1, 1e7, call))
  joint <- lapply(p$joint, function(set) {
    at <- match(set, colnames(s$X))
    if (anyNA(at)) abort_input("permute", sprintf("joint(): %s is not a covariate", set[is.na(at)][1L]), call)
    at
  })
  list(reps = reps, intercept = !o$noconstant, univariable = isTRUE(p$univariable), joint = joint,
       sets = p$joint, seed = sample.int(.Machine$integer.max, 1L))
}

# "1000, univariable joint(x1 x2 | x3)"
permute_words <- function(text, call) {
  parts <- strsplit(paste(text, collapse = " "), ",", fixed = TRUE)[[1L]]
  out <- list(reps = suppressWarnings(as.numeric(parts[1L])))
  rest <- trimws(paste(parts[-1L], collapse = ","))
  joint <- regmatches(rest, regexpr("j(o|oi|oin|oint)?\\(([^)]*)\\)", rest))
  if (length(joint)) {
    sets <- strsplit(sub("^[a-z]+\\((.*)\\)$", "\\1", joint), "|", fixed = TRUE)[[1L]]
    out$joint <- strsplit(trimws(sets), "\\s+")
    rest <- trimws(sub(joint, "", rest, fixed = TRUE))
  }
  for (word in strsplit(rest, "\\s+")[[1L]]) {
    flag <- match_option(word, c(univariable = "uni", detail = "d"))
    if (is.na(flag)) abort_input("permute", sprintf("has no suboption %s here", word), call)
    out[[flag]] <- TRUE
  }
  out
}

# ---- predictions -------------------------------------------------------------------------------

#' @rdname metareg
#' @export
predict.stata_metareg <- function(object, statistic = "xb", ...) {
  words <- c("xb", "stdp", "stdf", "u", "ustandard", "xbu", "stdxbu", "residuals", "hat", "leverage", "rstandard")
  statistic <- meta_match(statistic, words, "statistic", NULL)
  fit <- object$fit
  at <- stats::predict(fit)
  s <- object$studies
  fitted <- as.numeric(at$pred)
  stdp <- as.numeric(at$se)
  share <- fit$tau2 / (fit$tau2 + s$v)
  u <- share * (s$y - fitted)
  out <- switch(statistic, xb = fitted, stdp = stdp, stdf = sqrt(stdp^2 + fit$tau2), u = u, xbu = fitted + u,
                stdxbu = sqrt(share * s$v + (1 - share)^2 * stdp^2),
                ustandard = (s$y - fitted) / sqrt(s$v + fit$tau2 - stdp^2),
                residuals = s$y - fitted, hat = , leverage = as.numeric(stats::hatvalues(fit)),
                rstandard = stats::rstandard(fit)$z)
  stats::setNames(out, s$label)
}

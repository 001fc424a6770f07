# rma.mv(): multilevel and multivariate models. Resolves the input, asks the core once, wraps. Sources: Konstantopoulos
# (2011); Berkey et al. (1998); Harville (1977) for ML and REML. Oracle: metafor::rma.mv and exact solutions.

#' Multilevel and multivariate meta-analysis
#'
#' Fits models of dependent estimates: random effects of nested and crossed groups, correlated effects of several
#' outcomes
#' or times, and sampling errors that are correlated.
#'
#' @param yi estimates, a numeric vector of length k (a column of `data` or a variable), a two-sided formula
#'   `yi ~ moderators`, or the data frame of [escalc()].
#' @param V sampling variances, a vector of length k; or variances and covariances, a k x k matrix or a list of the
#'   blocks
#'   of one, in the order of the rows.
#' @param W weights of the user's own: a vector of length k or a k x k matrix. The default is the inverse of the
#'   marginal
#'   variances.
#' @param mods moderators: a one-sided formula, a vector or a matrix with k rows.
#' @param data a data frame in which the arguments are looked up first.
#' @param slab labels of the estimates, length k.
#' @param subset rows to keep: logical of length k or row numbers.
#' @param random a formula or a list of formulas. `~ 1 | a` adds random effects of the levels of `a`, `~ 1 | a/b` of `a`
#'   and of `b` within `a`; `~ inner | outer`, at most twice, effects that differ by `inner` and are correlated within
#'   the levels of `outer` as `struct` says.
#' @param struct covariance structure of each `~ inner | outer`: `"CS"`, `"HCS"`, `"UN"`, `"ID"`, `"DIAG"`, `"AR"`,
#'   `"HAR"`,
#'   `"CAR"` (inner: numbers), `"SPEXP"`, `"SPGAU"`, `"SPLIN"`, `"SPRAT"`, `"SPSPH"` (inner: coordinates), `"GEN"`,
#'   `"GDIAG"` (inner: covariates with random slopes).
#' @param intercept whether a design given as a matrix gets an intercept.
#' @param method `"REML"` (default), `"ML"`, or `"EE"`, `"FE"`, `"CE"` for a model without random effects.
#' @param test `"z"` or `"t"`.
#' @param dfs degrees of freedom of t tests: `"residual"` (k - p), `"contain"` (of the grouping within which a moderator
#'   is constant), `"satterthwaite"` (of the precision of the estimated components), `"kenward-roger"` (the same, with
#'   standard errors that count the estimation of the components, and scaled F tests; with `method = "REML"`), or
#'   numbers,
#'   one or one for each coefficient. \pkg{metafor} has neither of the two.
#' @param level confidence level in percent, or as a proportion.
#' @param btt coefficients of the omnibus test: their numbers, or a string to be found in their names.
#' @param R a list of known correlation matrices of the levels of grouping variables, named by these; row names are the
#'   levels.
#' @param Rscale how these are scaled: `"cor"` (to correlations), `"cor0"` (correlations, from 0 to 1), `"cov0"`
#'   (smallest
#'   value 0), `"none"`.
#' @param sigma2,tau2,rho,gamma2,phi fixed values of the variance components; `NA` for those to be estimated.
#' @param cvvc whether to return the covariance matrix of the estimated components: `TRUE` (or `"varcor"`), or
#'   `"varcov"` for covariances in place of correlations, or `"transf"` on the scales without bounds (logarithms of
#'   variances, inverse hyperbolic tangents of correlations).
#' @param sparse accepted: blocks are found and used whatever it is.
#' @param verbose accepted; the core does not print.
#' @param digits number of decimals printed.
#' @param control a list: `sigma2.init`, `tau2.init`, `rho.init`, `gamma2.init`, `phi.init`, further starts of the
#'   search;
#'   `REMLf`, whether the restricted likelihood counts log|X'X|. Settings of optimisers have no effect.
#' @param ... `dist`, the distances of spatial structures: `"euclidean"`, `"maximum"`, `"manhattan"`, `"gcd"`
#'   (kilometres
#'   between longitudes and latitudes), or a list with a matrix whose row names are the levels; `beta`, fixed values of
#'   the
#'   coefficients, `NA` for those to be estimated; `vccon`, which components are equal: a list with elements `sigma2`,
#'   `tau2`, `rho`, `gamma2` or `phi`, each a vector with equal entries for the components that are to be equal.
#' @return An object of class `c("metaparity_mv", "metaparity", "rma.mv", "rma")`, a list with the fields of
#'   \pkg{metafor}'s `rma.mv`: `beta`, `se`, `zval`, `pval`, `ci.lb`, `ci.ub`, `vb`, `sigma2`, `tau2`, `rho`, `gamma2`, `phi`,
#'   `QE`, `QM`, `G`, `H`, `fit.stats`, ...; `V`, `M` and other k x k matrices are made when they are asked for by `$`.
#'   `opt.res` tells of the search: starts, iterations, distinct maxima, components at their bounds.
#' @details The likelihood is maximised from several starts with analytic derivatives; variances at the edge are exactly
#'   0 and
#'   correlations exactly -1 or 1. Estimates that depend on each other form blocks, and no matrix is larger than a
#'   block.
#'
#'   Errors are of class `metaparity_error_input`, `metaparity_error_studies`, `metaparity_error_unsupported` or
#'   `metaparity_error_not_converged`; estimates with missing values are left out with a warning of class
#'   `metaparity_warning_dropped`; components that the data cannot tell are fixed with one of class
#'   `metaparity_warning_input`; a second maximum within 2 of the highest likelihood gives one of class
#'   `metaparity_warning_multimodal`, components that the likelihood does not tell apart one of
#'   `metaparity_warning_not_identified` (field `components`), a search that stopped early one of
#'   `metaparity_warning_not_converged`, a common correlation of m effects that had to be kept at -1 / (m - 1) or above
#'   one of `metaparity_warning_bounded`.
#' @section Formula: y ~ N(Xb, V + sum_j sigma2_j Z_j R_j Z_j' + G + H). ML: -(n/2) log 2pi - 1/2 log|M| - 1/2 r'M^-1 r;
#'   REML adds (p/2) log 2pi + 1/2 log|X'X| - 1/2 log|X'M^-1 X|.
#'
#'   Kenward and Roger: with Phi = (X'M^-1X)^-1, P_i = X'M^-1 M_i M^-1 X, Q_ij = X'M^-1 M_i M^-1 M_j M^-1 X, R_ij =
#'   X'M^-1 M_ij M^-1 X and w the inverse of the expected information of the components, the variance is
#'   Phi + 2 Phi (sum w_ij (Q_ij - P_i Phi P_j - R_ij/4)) Phi; a coefficient c has 2 (c'Phi c)^2 / sum w_ij
#'   (c'Phi P_i Phi c)(c'Phi P_j Phi c) degrees of freedom. `"CS"`, `"UN"` and `"GEN"` enter by variances and
#'   covariances
#'   (R = 0), other structures by tau2 and rho; components given or at a bound count as known.
#' @section In other software: Stata: `meta multilevel`, `meta meregress`, `meta mvregress`, `mvmeta`; \pkg{metafor}:
#'   `rma.mv()`.
#' @references Konstantopoulos, S. (2011). Fixed effects and variance components estimation in three-level
#'   meta-analysis. *Research Synthesis Methods*, 2, 61-76.
#'
#'   Berkey, C. S., Hoaglin, D. C., Antczak-Bouckoms, A., Mosteller, F. and Colditz, G. A. (1998). Meta-analysis of
#'   multiple outcomes by regression with random effects. *Statistics in Medicine*, 17, 2537-2550.
#'
#'   Kenward, M. G. and Roger, J. H. (1997). Small sample inference for fixed effects from restricted maximum
#'   likelihood.
#'   *Biometrics*, 53, 983-997.
#'
#'   Satterthwaite, F. E. (1946). An approximate distribution of estimates of variance components. *Biometrics
#'   Bulletin*, 2, 110-114.
#' @examples
#' d <- data.frame(study = c(1, 1, 2, 2, 3, 3, 4), id = 1:7, est = c(0.1, 0.3, -0.2, 0, 0.6, 0.9, 0.4),
#'                 v = c(0.02, 0.03, 0.05, 0.02, 0.04, 0.03, 0.06))
#' rma.mv(est, v, random = ~ 1 | study/id, data = d)
#' @export
rma.mv <- function(yi, V, W, mods, data, slab, subset, random, struct = "CS", intercept = TRUE, method = "REML",
                   test = "z", dfs = "residual", level = 95, btt, R, Rscale = "cor", sigma2, tau2, rho, gamma2, phi,
                   cvvc = FALSE, sparse = FALSE, verbose = FALSE, digits, control, ...) {
  mc <- match.call()
  env <- parent.frame()
  spec <- mv_spec(method, test, dfs, level, cvvc, mc)
  if (!missing(W) && identical(spec$dfs, "kenward-roger"))
    abort_input("W", "cannot be given with `dfs = \"kenward-roger\"`, which is for weights by the model", mc)
  if (...length() > 0L) dots <- mv_dots(mc, ...) else dots <- NULL
  if (isTRUE(dots$tdist) && missing(test)) spec$test <- "t"
  if (!missing(control)) spec <- mv_control(spec, control, mc)
  input <- mv_input(mc, env, if (missing(intercept)) TRUE else check_flag(intercept, "intercept", mc))
  formulas <- if (missing(random)) list() else random_formulas(random, spec$method, mc)
  if (spec$cvvc == "transf" && any(c("UN", "GEN") %in% struct) && any(lengths(lapply(formulas, all.vars)) > 1L))
    abort_capability("cvvc", "cannot be \"transf\" for \"UN\" and \"GEN\": use \"varcor\" or \"varcov\"", mc)
  given <- list(sigma2 = if (!missing(sigma2)) sigma2, tau2 = if (!missing(tau2)) tau2,
                rho = if (!missing(rho)) rho, gamma2 = if (!missing(gamma2)) gamma2, phi = if (!missing(phi)) phi)
  options <- list(struct = struct, R = if (!missing(R)) R, Rscale = Rscale, dist = dots$dist,
                  beta = dots$beta, vccon = dots$vccon, btt = if (!missing(btt)) btt,
                    digits = if (!missing(digits)) digits, given = given,
                  sparse = check_flag(sparse, "sparse", mc), verbose = verbose,
                  control = if (missing(control)) list() else control)
  as_listed(fit_mv(input, formulas, spec, options, mc), dots$outlist, mc)
}

mv_methods <- c("REML", "ML", "EE", "FE", "CE")

mv_spec <- function(method, test, dfs, level, cvvc, call) {
  method <- check_choice(if (is.character(method)) method[1L] else method, mv_methods, "method", call)
  test <- check_choice(test, c("z", "t"), "test", call)
  if (is.character(dfs)) {
    dfs <- check_choice(dfs, c("residual", "contain", "satterthwaite", "kenward-roger"), "dfs", call)
    if (dfs == "kenward-roger" && method == "ML")
      abort_input("dfs", "can be \"kenward-roger\" with `method = \"REML\"` alone", call)
    if (dfs != "residual") test <- "t"
  } else {
    dfs <- check_numeric_vector(dfs, "dfs", call)
    test <- "t"
  }
  if (is.character(cvvc)) cvvc <- check_choice(cvvc, c("varcor", "varcov", "transf"), "cvvc", call) else
    cvvc <- if (check_flag(cvvc, "cvvc", call)) "varcor" else ""
  list(method = method, test = test, dfs = dfs, level = check_level(level, "level", call), cvvc = cvvc,
       reml_design = TRUE, restricted = method == "REML", vcov = nzchar(cvvc), covariances = cvvc == "varcov",
       many_starts = TRUE, init = list())
}

# What of metafor's dots has a meaning here; the rest of them has none or is refused.
mv_dots <- function(mc, ...) {
  given <- dots_names(...)
  for (name in intersect(given, c("lambda1", "lambda2", "knha")))
    abort_capability(name, "is not available here: fix single components by `sigma2`, `tau2`, `rho`", mc)
  warn_unknown(setdiff(given, c("dist", "W", "beta", "vccon", "tdist", "outlist", "cutoff", "optbeta")), mc)
  list(...)[c("dist", "beta", "vccon", "tdist", "outlist")]
}

mv_control <- function(spec, control, call) {
  check_settings(control, "control", call)
  if (length(control) && (is.null(names(control)) || !all(nzchar(names(control)))))
    abort_input("control", "must have names", call)
  unknown <- setdiff(names(control), c(idle_controls, mv_idle_controls, mv_starts, "REMLf"))
  if (length(unknown))
    warn_input("control", sprintf("has names without meaning: %s", paste(unknown, collapse = ", ")), call)
  if (!is.null(control$REMLf)) spec$reml_design <- check_flag(control$REMLf, "control$REMLf", call)
  for (name in intersect(mv_starts, names(control)))
    spec$init[[sub(".init", "", name, fixed = TRUE)]] <- check_numeric_vector(control[[name]],
                                                                              paste0("control$", name), call)
  spec
}

mv_starts <- c("sigma2.init", "tau2.init", "rho.init", "gamma2.init", "phi.init")
mv_idle_controls <- c("parallel", "nearpd", "hesstol", "check.k.gtr.1", "cholesky", "vctransf", "maxfun", "maxit",
                      "reltol", "abstol", "step.min", "step.max", "x.tol", "xf.tol", "rhobeg", "rhoend", "REMLf",
                        "nearpd",
                      "trace", "factr", "fnscale", "parscale", "verbose")

# The fit of resolved input: rows, terms, core, fields.
fit_mv <- function(input, formulas, spec, options, call) {
  terms <- mv_terms(input, formulas, options, spec, call)
  used <- mv_used_rows(input, call)
  p <- ncol(used$X)
  k <- length(used$yi)
  beta <- if (!is.null(options$beta)) given_coefficients(options$beta, used, spec, call)
  ties <- if (!is.null(options$vccon)) component_ties(options$vccon, terms, call)
  if (!is.null(ties)) {
    if (spec$vcov) abort_capability("cvvc", "is not available with `vccon`", call)
    terms <- tied_values(terms, ties)
  }
  if (p > k) abort_input("mods", sprintf("give %d coefficients for %d %s", p, k, if (k == 1L) "estimate" else
    "estimates"), call)
  if (k == p) terms <- saturated_terms(terms, spec, call) else terms <- absorbed_terms(terms, used$X, spec, call)
  if (k == p && identical(spec$test, "t") && identical(spec$dfs, "residual")) {
    warn_input("test", "is set to \"z\": there are as many coefficients as estimates, no degrees of freedom are left",
               call)
    spec$test <- "z"
  }
  model <- list(yi = used$yi, X = used$X, vi = used$V$vi, blocks = used$V$blocks, rows = used$V$rows,
                terms = terms$core, W = used$W, beta = beta, ties = ties)
  found <- core_result(cpp_mv(model, spec), call, input$ids[input$not.na])
  new_mv(input, used, terms, model, found, spec, options, call)
}

# As many coefficients as estimates leave nothing to tell the components by.
# The restricted likelihood is flat in a component whose levels the moderators tell apart: nothing is left of it.
absorbed_terms <- function(terms, X, spec, call) {
  if (!spec$restricted || !length(terms$groups)) return(terms)
  told <- vapply(seq_along(terms$groups), function(j) {
    is.na(terms$core[[j]]$tau2) && length(terms$groups[[j]]$codes$levels) <= ncol(X)
  }, NA)
  if (!any(told)) return(terms)
  decomposed <- qr(X)
  told[told] <- vapply(terms$groups[told], function(g) {
    max(abs(qr.resid(decomposed, indicators(g$codes$code, g$codes$levels)))) < 1e-10
  }, NA)
  if (!any(told)) return(terms)
  warn_input("random", sprintf("has grouping variables whose levels the moderators tell, with a component fixed to 0: %s",
                               paste(vapply(terms$groups[told], `[[`, "", "name"), collapse = ", ")), call)
  for (j in which(told)) terms$core[[j]]$tau2 <- 0
  terms$fixed$sigma2[told] <- TRUE
  terms
}

saturated_terms <- function(terms, spec, call) {
  free <- vapply(terms$core, function(t) anyNA(t$tau2) || anyNA(t$rho), NA)
  if (!any(free)) return(terms)
  warn_input("random", "has its components fixed to 0: there are as many coefficients as estimates", call)
  terms$core <- lapply(terms$core, function(t) {
    t$tau2[is.na(t$tau2)] <- 0
    t$rho[is.na(t$rho)] <- 0
    t
  })
  terms$fixed <- lapply(terms$fixed, function(f) if (identical(f, NA)) f else rep(TRUE, length(f)))
  terms
}

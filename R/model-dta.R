# rma.dta(): true and false results of diagnostic tests to a spec, one call of the core, a fitted object. Sources: those
# of core/model/diagnostic. Oracles: lme4, Stata's logs of metandi.

#' Meta-analysis of diagnostic test accuracy
#'
#' Fits the bivariate model of sensitivity and specificity to the counts themselves: binomial within studies, logits
#' with a bivariate normal distribution between them. The hierarchical summary ROC curve is the same model in other
#' words.
#'
#' @param tp,fp,fn,tn true positives, false positives, false negatives and true negatives of each study, length k.
#' @param data data frame in which the columns are looked up.
#' @param slab labels of the studies.
#' @param subset studies to be used: logical, or row numbers.
#' @param mods covariates of both logits: a formula, vector or matrix as in [rma()]; or a list with elements `sens` and
#'   `spec` where each has its own.
#' @param struct covariances between studies: `"UN"`, `"DIAG"` (no correlation), `"SHARED"` (one deviation of each study
#'   moves both logits) or `"NONE"` (no heterogeneity).
#' @param nAGQ points of the adaptive Gauss-Hermite quadrature in each dimension; by default as many as it takes for the
#'   log-likelihood to stand still to 1e-10. A number of points (1: Laplace's approximation) means the maximum of that
#'   approximation.
#' @param level confidence level in percent.
#' @param digits number of decimals printed, see [rma()].
#' @param ... not used; a warning of class `metaparity_warning_unknown` names what is given.
#' @return An object of class `c("metaparity_dta", "metaparity", "rma.dta")`: `beta` (logit of sensitivity, then of
#'   specificity), `se`, `zval`, `pval`, `ci.lb`, `ci.ub`, `vb`, `tau2` (their variances between studies), `cov`, `rho`,
#'   `covariance` (of beta, the two variances and the covariance), `summary` (a matrix with estimate, `se`, `ci.lb`,
#'   `ci.ub`; without covariates), `ll`, `ll.common` (no heterogeneity), `fit.stats`, `points`, `at.edge`, `k`, ...
#' @details Rows of `summary`: `logit.sens`, `logit.spec`, `var.sens`, `var.spec`, `rho`; `Lambda`, `Theta`, `beta`,
#' `s2alpha`, `s2theta` of the HSROC model; `sens`, `spec`, `DOR`, `LR+`, `LR-`, `1/LR-` at the summary point; `AUC`,
#' the area under the HSROC curve. Intervals are symmetric on the scale of the logarithm for variances and ratios, of
#' the logit for proportions and of Fisher's z for `rho`. Where the likelihood has its maximum at an edge (a variance
#' of 0, a correlation of -1 or 1) the estimate is that edge exactly, `at.edge` is `TRUE`, and it has no standard error.
#'
#' The normal approximation (Reitsma et al. 2005, with half a person added to the cells, on the false positive rate) is
#' another model with other numbers; [rma.mv()] fits it to the logits of [escalc()].
#'
#' Errors are of class `metaparity_error_input`; studies with missing counts, or without persons on both sides, are
#' left out with a warning of class `metaparity_warning_dropped`. Warnings of class
#' `metaparity_warning_not_identified`: no standard errors.
#' @section In other software: Stata: `metandi tp fp fn tn` (5 points), `midas tp fp fn tn, res(all)`, `metadta`; R:
#'   `lme4::glmer()` (`nAGQ = 1`), `mada::reitsma()` (the normal approximation); SAS: `NLMIXED`, `METADAS`.
#' @references Chu H, Cole SR (2006). Bivariate meta-analysis of sensitivity and specificity with sparse data: a
#'   generalized linear mixed model approach. *Journal of Clinical Epidemiology*, 59, 1331-1332.
#'
#'   Harbord RM, Deeks JJ, Egger M, Whiting P, Sterne JAC (2007). A unification of models for meta-analysis of
#'   diagnostic accuracy studies. *Biostatistics*, 8, 239-251.
#'
#'   Reitsma JB, Glas AS, Rutjes AWS, Scholten RJPM, Bossuyt PM, Zwinderman AH (2005). Bivariate analysis of sensitivity
#'   and specificity produces informative summary measures in diagnostic reviews. *Journal of Clinical Epidemiology*,
#'   58, 982-990.
#' @examples
#' d <- data.frame(tp = c(18, 18, 15, 24, 17, 53), fp = c(17, 43, 12, 10, 2, 36),
#'                 fn = c(4, 2, 7, 5, 6, 4), tn = c(25, 99, 19, 13, 16, 41))
#' fit <- rma.dta(tp, fp, fn, tn, data = d)
#' fit
#' predict(fit, prevalence = 0.3)
#' plot(fit)
#' @export
rma.dta <- function(tp, fp, fn, tn, data, slab, subset, mods, struct = "UN", nAGQ, level = 95, digits, ...) {
  mc <- match.call()
  warn_unknown(dots_names(...), mc)
  check_given(tp)
  check_given(fp)
  check_given(fn)
  check_given(tn)
  spec <- list(struct = check_choice(struct, c("UN", "DIAG", "SHARED", "NONE"), "struct", mc),
               points = if (missing(nAGQ)) 0L else as.integer(round(check_number(nAGQ, "nAGQ", 0, 65, mc))),
               level = check_level(level, "level", mc))
  input <- dta_input(mc, parent.frame())
  fit_dta(input, spec, if (!missing(digits)) digits, mc)
}

dta_cells <- c("tp", "fp", "fn", "tn")

dta_input <- function(mc, env) {
  data <- data_of_call(mc, env)
  counts <- lapply(stats::setNames(nm = dta_cells), function(arg) {
    as.numeric(check_numeric_vector(resolve_column(mc[[arg]], data, env, arg, mc), arg, mc))
  })
  k <- length(counts$tp)
  for (arg in dta_cells[-1L]) {
    if (length(counts[[arg]]) != k)
      abort_input(arg, sprintf("must have %d values like `tp`, not %d", k, length(counts[[arg]])), mc)
  }
  if (k == 0L) abort_input("tp", "must hold at least one study, but is empty", mc)
  slab <- check_slab(resolve_column(mc$slab, data, env, "slab", mc), k, mc)
  design <- dta_designs(mc$mods, data, k, env, mc)
  keep <- check_subset(resolve_column(mc$subset, data, env, "subset", mc), k, mc) %||% seq_len(k)
  if (!length(keep)) abort_input("subset", "keeps no study", mc)
  new_dta_input(lapply(counts, `[`, keep), lapply(design, function(d) {
    d$X <- d$X[keep, , drop = FALSE]
    d
  }), if (is.null(slab)) keep else slab[keep], keep, is.null(slab), data, mc)
}

# Rows with usable counts are marked; those of a side without persons are usable by the other side.
new_dta_input <- function(counts, design, slab, ids, slab.null = FALSE, data = NULL, call = NULL) {
  for (cell in dta_cells) {
    x <- counts[[cell]]
    bad <- !is.na(x) & (x < 0 | abs(x - round(x)) > 1e-8 | !is.finite(x))
    if (any(bad)) abort_studies(cell, ids[bad], "must be counts", call)
  }
  missing <- Reduce(`|`, lapply(counts, is.na), rowSums(is.na(design$sens$X)) + rowSums(is.na(design$spec$X)) > 0)
  empty <- !missing & Reduce(`+`, counts) == 0
  if (any(missing)) leave_out(ids[missing], "missing values", call)
  if (any(empty)) leave_out(ids[empty %in% TRUE], "no persons", call)
  usable <- !missing & !(empty %in% TRUE)
  if (!any(usable)) abort_input("data", "holds no study with usable counts", call)
  list(counts = counts, design = design, slab = if (slab.null) slab else unique_slab(as.character(slab)), ids = ids,
       slab.null = slab.null, not.na = usable, data = data,
       reason = ifelse(missing, "missing values", "no persons"))
}

# The designs of both logits: list(sens, spec), each with X and whether it is an intercept alone.
dta_designs <- function(expr, data, k, env, call) {
  if (is.null(expr)) return(list(sens = intercept_column(k), spec = intercept_column(k)))
  listed <- is.call(expr) && identical(expr[[1L]], quote(list))
  given <- if (listed) as.list(expr)[-1L] else list(sens = expr, spec = expr)
  if (is.null(names(given)) || !all(names(given) %in% c("sens", "spec")))
    abort_input("mods", "must be a formula, or a list with elements `sens` and `spec`", call)
  lapply(stats::setNames(nm = c("sens", "spec")), function(side) {
    if (is.null(given[[side]])) return(intercept_column(k))
    mods <- resolve_mods(given[[side]], data, env, call)
    design_matrix(expand_dot(mods, call, data, mods), data, k, TRUE, env, call)
  })
}

fit_dta <- function(input, spec, digits, call) {
  keep <- input$not.na
  rows <- input$ids[keep]
  designs <- lapply(input$design, function(d) {
    X <- d$X[keep, , drop = FALSE]
    if (d$int.only) X else drop_collinear(X, rows, call)$X
  })
  data <- c(lapply(input$counts, `[`, keep), list(X.sens = designs$sens, X.spec = designs$spec))
  check_dta_sides(data, call)
  k <- length(rows)
  spec$n <- 2 * k
  found <- call_core(cpp_diagnostic(data, spec), call, rows)
  if (found$singular)
    warn_fit("not_identified", "The information of the parameters is singular: there are no standard errors", call)
  if (any(found$se > 1e3, na.rm = TRUE))
    warn_fit("separation", "the likelihood has no finite maximum: a coefficient runs to infinity", call = call)
  new_dta(input, spec, data, found, digits, call)
}

# Both sides need persons, and no more coefficients than studies.
check_dta_sides <- function(data, call) {
  sizes <- list(sens = data$tp + data$fn, spec = data$tn + data$fp)
  for (side in names(sizes)) {
    p <- ncol(data[[paste0("X.", side)]])
    n <- sum(sizes[[side]] > 0)
    cells <- if (side == "sens") c("tp", "fn") else c("tn", "fp")
    if (n == 0L) abort_input(cells[1L], sprintf("and `%s` have no persons in any study", cells[2L]), call)
    if (p > n) abort_input("mods", sprintf("give %d coefficients for %d studies", p, n), call)
  }
}

new_dta <- function(input, spec, data, found, digits, call) {
  p <- c(sens = ncol(data$X.sens), spec = ncol(data$X.spec))
  int.only <- all(vapply(input$design, `[[`, NA, "int.only"))
  names <- if (int.only) c("sens", "spec") else
    c(paste0("sens:", colnames(data$X.sens)), paste0("spec:", colnames(data$X.spec)))
  matrix_of <- function(v) matrix(v, length(names), dimnames = list(names, if (is.matrix(v)) names))
  k <- length(data$tp)
  stats <- data.frame(ML = found$stats, REML = NA_real_, row.names = c("ll", "dev", "AIC", "BIC", "AICc"))
  slopes <- which(!grepl(":intrcpt$", names))
  out <- c(list(b = matrix_of(found$beta), beta = matrix_of(found$beta)),
           found[c("se", "zval", "pval", "ci.lb", "ci.ub")],
           list(vb = matrix_of(found$vb), tau2 = found$spread[1:2], cov = found$spread[3L], rho = found$rho,
                covariance = found$covariance, k = k, k.f = length(input$not.na), k.eff = 2 * k, p = sum(p),
                p.eff = sum(p), p.sides = p,
                intercepts = vapply(input$design, `[[`, NA, "int.incl"), parms = found$parms,
                int.only = int.only, int.incl = TRUE,
                btt = if (int.only || !length(slopes)) seq_along(names) else slopes, counts = data,
                counts.f = input$counts, ids = input$ids, not.na = input$not.na, slab = input$slab,
                slab.null = input$slab.null, measure = "DTA", method = "ML", test = "z", ddf = NA_integer_,
                dfs = NA_integer_, digits = expand_digits(digits, call = call), level = 1 - spec$level,
                fit.stats = stats, data = input$data, ll = found$ll, points = found$points, at.edge = found$at.edge,
                singular = found$singular, effects = found[c("sens", "spec")], spec = spec,
                dropped = dta_dropped(input), call = call, version = constant_fields$version))
  names(out$tau2) <- c("sens", "spec")
  out$summary <- if (int.only) dta_summary(out, c(1, 0), c(0, 1), spec$level)
  fit <- structure(out, class = c("metaparity_dta", "metaparity", "rma.dta"))
  fit$ll.common <- if (spec$struct == "NONE") fit$ll else dta_loglik(fit, "NONE")
  fit
}

dta_dropped <- function(input) {
  left <- !input$not.na
  if (!any(left)) return(NULL)
  data.frame(row = input$ids[left], slab = as.character(input$slab[left]), reason = input$reason[left])
}

# The table of the core at the combinations of coefficients that are the two logits.
dta_summary <- function(x, sens, spec, level) {
  p <- length(x$beta)
  L <- rbind(c(sens, 0, 0, 0), c(spec, 0, 0, 0), cbind(matrix(0, 3L, p), diag(3L)))
  at <- as.numeric(L %*% c(as.numeric(x$beta), x$tau2, x$cov))
  call_core(cpp_diagnostic_summary(at, L %*% x$covariance %*% t(L), level))
}

# The log-likelihood of a simpler structure of the same data.
dta_loglik <- function(x, struct) {
  spec <- x$spec
  spec$struct <- struct
  call_core(cpp_diagnostic(x$counts, spec), x$call)$ll
}

# ---- the contract ----

# Logits with half a person added to the cells of studies with an empty one: for figures and lists alone.
#' @exportS3Method model_studies metaparity_dta
model_studies.metaparity_dta <- function(x) {
  d <- x$counts
  half <- 0.5 * (d$tp == 0 | d$fp == 0 | d$fn == 0 | d$tn == 0)
  p <- x$p.sides
  k <- x$k
  X <- rbind(cbind(d$X.sens, matrix(0, k, p[["spec"]])), cbind(matrix(0, k, p[["sens"]]), d$X.spec))
  colnames(X) <- rownames(x$beta)
  yi <- c(log((d$tp + half) / (d$fn + half)), log((d$tn + half) / (d$fp + half)))
  slab <- used_slab(x)
  list(yi = yi, X = X, V = c(1 / (d$tp + half) + 1 / (d$fn + half), 1 / (d$tn + half) + 1 / (d$fp + half)),
       weights = numeric(), slab = c(paste(slab, "sens"), paste(slab, "spec")), rows = which(x$not.na), yi.f = yi,
       X.f = X)
}

#' @exportS3Method model_components metaparity_dta
model_components.metaparity_dta <- function(x) {
  if (x$spec$struct == "NONE") return(new_components(character(), numeric()))
  se <- sqrt(pmax(diag(x$covariance)[length(x$beta) + 1:2], 0))
  se[x$tau2 == 0] <- NA_real_
  rho <- x$summary["rho", "se"] %||% NA_real_
  new_components(c("tau^2.sens", "tau^2.spec", "rho"), c(x$tau2, x$rho), c(se, rho),
                 c(FALSE, FALSE, x$spec$struct != "UN"), c(0, 0, -1), c(Inf, Inf, 1))
}

#' @exportS3Method model_marginal metaparity_dta
model_marginal.metaparity_dta <- function(x, at = NULL) {
  at <- if (is.null(at)) c(x$tau2, x$rho) else at
  k <- x$k
  cov <- if (is.na(at[3L])) 0 else at[3L] * sqrt(at[1L] * at[2L])
  kronecker(matrix(c(at[1L], cov, cov, at[2L]), 2L), diag(k)) + diag(model_studies(x)$V)
}

#' @exportS3Method model_refit metaparity_dta
model_refit.metaparity_dta <- function(x, rows = NULL, yi = NULL, spec = NULL) {
  if (!is.null(yi))
    abort_capability("yi", "cannot be replaced: the model is one of counts, not of estimates", sys.call())
  if (is.null(rows)) rows <- seq_len(x$k)
  data <- lapply(x$counts, function(v) if (is.matrix(v)) v[rows, , drop = FALSE] else v[rows])
  found <- call_core(cpp_diagnostic(data, if (is.null(spec)) x$spec else spec), x$call)
  c(list(estimate = found$beta), found[c("se", "zval", "pval", "ci.lb", "ci.ub", "vb")],
    list(components = c(found$spread[1:2], found$rho), Q = NA_real_, Qp = NA_real_, tau2 = NA_real_, I2 = NA_real_,
         H2 = NA_real_))
}

#' @exportS3Method model_loglik metaparity_dta
model_loglik.metaparity_dta <- function(x, at) {
  if (all(is.na(at))) return(x$ll)
  at <- ifelse(is.na(at), c(x$tau2, x$rho), at)
  rho <- if (is.na(at[3L])) 0 else at[3L]
  root <- c(sqrt(at[2L]), sqrt(at[1L] * (1 - rho^2)), rho * sqrt(at[1L]))
  call_core(cpp_diagnostic_loglik(x$counts, c(as.numeric(x$beta), root), max(x$points, 1L), TRUE), x$call)
}

#' @exportS3Method model_words metaparity_dta
model_words.metaparity_dta <- function(x = NULL) {
  list(scheme = "GLMM", effects = if (identical(x$spec$struct, "NONE")) "Fixed" else "Random",
       model_name = "Bivariate model of diagnostic test accuracy")
}

# Fits to the same counts can be compared.
#' @exportS3Method model_sampling metaparity_dta
model_sampling.metaparity_dta <- function(x) x$counts[dta_cells]

#' @export
nobs.metaparity_dta <- function(object, ...) object$k

#' @exportS3Method case_statistics metaparity_dta
case_statistics.metaparity_dta <- function(x, call) refuse_counts(x, call)
#' @exportS3Method case_matrix metaparity_dta
case_matrix.metaparity_dta <- function(x, which, call) refuse_counts(x, call)
#' @exportS3Method deletion_statistics metaparity_dta
deletion_statistics.metaparity_dta <- function(x, call) refuse_counts(x, call)
#' @rawNamespace S3method(simulate, metaparity_dta, uni_only)
#' @rawNamespace S3method(profile, metaparity_dta, uni_only_fitted)
#' @rawNamespace S3method(funnel, metaparity_dta, uni_only_x)
#' @rawNamespace S3method(metafor::funnel, metaparity_dta, uni_only_x)
#' @rawNamespace S3method(cumul, metaparity_dta, uni_only_x)
#' @rawNamespace S3method(metafor::cumul, metaparity_dta, uni_only_x)
NULL
#' @exportS3Method qqnorm metaparity_dta
qqnorm.metaparity_dta <- function(y, ...) refuse_pooled(y, "y", sys.call())

# The model contract: what an analysis or a figure may ask of any fit. A class answers with methods of these internal
# generics; one that it leaves out is a classed error that names the class. Fields of a fit carry metafor's meanings.

# yi, X, V of the studies used (V: sampling variances, a matrix where estimates are correlated), their labels and rows;
# yi.f, X.f: of all rows.
model_studies <- function(x) UseMethod("model_studies")

# The coefficients: beta, their covariances, and how they are tested.
model_mean <- function(x) UseMethod("model_mean")

# The variance parameters as a table: name, estimate, se, fixed, lower, upper, levels.
model_components <- function(x) UseMethod("model_components")

# The marginal variances of the estimates, a vector or a matrix, at the fit's variance parameters or at others.
model_marginal <- function(x, at = NULL) UseMethod("model_marginal")

# Mean, variance and degrees of freedom of a new true effect at the rows of X.
model_predictive <- function(x, X) UseMethod("model_predictive")

# The same model fitted to some of the studies used (`rows`), to other estimates (`yi`), or with other settings:
# list(estimate, se, zval, pval, ci.lb, ci.ub, vb, components, Q, Qp, tau2, I2, H2).
model_refit <- function(x, rows = NULL, yi = NULL, spec = NULL) UseMethod("model_refit")

# The log-likelihood at values of the variance parameters, one each in the order of model_components(); NA: at its
# maximum.
model_loglik <- function(x, at) UseMethod("model_loglik")

# Its names: scheme ("IV"), effects ("Random" or "Fixed"), model_name, instead (what to use where it has no answer).
model_words <- function(x = NULL) UseMethod("model_words")

refuse_question <- function(question) {
  function(x, ...) {
    abort_capability("x", sprintf('is of class "%s", which has no answer to %s(): %s', class(x)[1L], question,
                                  "use a fit of rma() of the same studies"), sys.call(-1L))
  }
}
#' @exportS3Method model_studies default
model_studies.default <- refuse_question("model_studies")
#' @exportS3Method model_components default
model_components.default <- refuse_question("model_components")
#' @exportS3Method model_marginal default
model_marginal.default <- refuse_question("model_marginal")
#' @exportS3Method model_predictive default
model_predictive.default <- refuse_question("model_predictive")
#' @exportS3Method model_refit default
model_refit.default <- refuse_question("model_refit")
#' @exportS3Method model_loglik default
model_loglik.default <- refuse_question("model_loglik")

# Analyses of independent estimates with a sampling variance each take fits of rma() and of pooled tables.
require_independent <- function(x, arg, call) {
  if (!inherits(x, "metaparity") || inherits(x, c("metaparity_uni", "metaparity_mh", "metaparity_peto")))
    return(invisible())
  refuse_pooled(x, arg, call)
}

# ---- what every class of ours has ----

#' @exportS3Method model_mean default
model_mean.default <- function(x) {
  list(beta = stats::setNames(as.numeric(x$beta), rownames(x$beta)), vb = unclassed_matrix(x$vb), se = x$se,
       ddf = x$ddf,
       test = x$test, level = 1 - x$level)
}

#' @exportS3Method model_words default
model_words.default <- function(x = NULL) {
  random <- inherits(x, "metaparity") && is_random(x) || any(x$tau2 > 0, na.rm = TRUE)
  named_words("IV", random, x$method)
}

named_words <- function(scheme, random, method = NULL) {
  long <- c("M-H" = "Mantel\u2013Haenszel", Peto = "Peto", IV = "inverse-variance")[[scheme]]
  name <- if (!random) sprintf("Fixed-effects %s model", long) else {
    if (is.character(method)) sprintf("Random-effects %s model", method) else "Random-effects model"
  }
  list(scheme = scheme, effects = if (random) "Random" else "Fixed", model_name = name)
}

# ---- fits of rma() ----

#' @exportS3Method model_studies metaparity_uni
model_studies.metaparity_uni <- function(x) {
  list(yi = as.numeric(x$yi), X = x$X, V = x$vi, weights = own_weights(x), slab = used_slab(x), rows = which(x$not.na),
       yi.f = as.numeric(x$yi.f), X.f = x$X.f)
}

#' @exportS3Method model_components metaparity_uni
model_components.metaparity_uni <- function(x) {
  common <- x$method %in% common_methods
  bounds <- if (is.null(x$spec$bounds)) c(0, Inf) else c(x$spec$bounds[[1L]], x$spec$bounds[[2L]])
  new_components("tau^2", x$tau2, x$se.tau2, isTRUE(x$tau2.fix) || common, bounds[1L],
                 if (is.na(bounds[2L])) Inf else bounds[2L])[!common, ]
}

new_components <- function(name, estimate, se = NA_real_, fixed = FALSE, lower = 0, upper = Inf, levels = NA_integer_) {
  if (!length(name)) se <- fixed <- lower <- upper <- levels <- NULL
  data.frame(name = as.character(name), estimate = as.numeric(estimate), se = as.numeric(se), fixed = as.logical(fixed),
             lower = as.numeric(lower), upper = as.numeric(upper), levels = as.integer(levels),
             stringsAsFactors = FALSE)
}

#' @exportS3Method model_marginal metaparity_uni
model_marginal.metaparity_uni <- function(x, at = NULL) x$vi + (if (is.null(at)) x$tau2 else at)

#' @exportS3Method model_predictive metaparity_uni
model_predictive.metaparity_uni <- function(x, X) {
  m <- model_mean(x)
  list(mean = values_along(X, m), variance = x$tau2 + spread_along(X, m$vb)^2,
       df = if (x$test == "z") NaN else x$spec$told$dfs %||% (x$k - x$p))
}

#' @exportS3Method model_refit metaparity_uni
model_refit.metaparity_uni <- function(x, rows = NULL, yi = NULL, spec = NULL) {
  s <- model_studies(x)
  if (is.null(rows)) rows <- seq_along(s$yi)
  if (is.null(yi)) yi <- s$yi[rows]
  used <- list(yi = yi, vi = s$V[rows], X = s$X[rows, , drop = FALSE],
               weights = if (length(s$weights)) s$weights[rows], ni = x$ni[rows], coef.na = x$coef.na)
  input <- new_input(used$yi, used$vi, if (!x$int.only) used$X, used$weights, used$ni, s$slab[rows],
                     x$ids[s$rows[rows]],
                     x$measure, x$int.incl)
  if (is.null(spec)) spec <- x$spec
  if (is_recentred(x)) spec$q_centre <- centre_of_rows(x, rows)
  fit <- refit_used(input, used, spec, list(digits = x$digits), x$call)
  c(list(estimate = as.numeric(fit$beta)), fit[c("se", "zval", "pval", "ci.lb", "ci.ub", "vb")],
    list(components = fit$tau2, Q = fit$QE, Qp = fit$QEp), fit[c("tau2", "I2", "H2", "s2w")])
}

# Where the Q of DerSimonian and Laird is taken around the Mantel-Haenszel estimate, other tables have another centre.
is_recentred <- function(x) isFALSE(is.na(x$spec$q_centre)) && !is.null(x$input$raw)

centre_of_rows <- function(x, rows) {
  ids <- x$ids[x$not.na][rows]
  used <- list(raw = x$input$raw, int.only = TRUE, ids = ids, not.na = rep(TRUE, length(ids)))
  dl_centre(used, x$measure, x$input$cells, x$call)
}

#' @exportS3Method model_loglik metaparity_uni
model_loglik.metaparity_uni <- function(x, at) {
  spec <- x$spec
  spec$tau2 <- if (is.na(at)) x$tau2 else at
  fit <- suppressWarnings(fit_uni(x$input, spec, list(digits = x$digits), x$call))
  fit$fit.stats["ll", if (x$method == "REML") "REML" else "ML"]
}

# ---- pooled tables: rma.mh() and rma.peto() ----

#' @exportS3Method model_studies metaparity_mh
model_studies.metaparity_mh <- function(x) {
  rows <- which(x$not.na)
  list(yi = as.numeric(x$yi.f)[rows], X = x$X.f[rows, , drop = FALSE], V = as.numeric(x$vi.f)[rows],
       weights = as.numeric(x$weights), slab = used_slab(x), rows = rows, yi.f = as.numeric(x$yi.f), X.f = x$X.f)
}

#' @exportS3Method model_components metaparity_mh
model_components.metaparity_mh <- function(x) new_components(character(), numeric())

#' @exportS3Method model_marginal metaparity_mh
model_marginal.metaparity_mh <- function(x, at = NULL) model_studies(x)$V

#' @exportS3Method model_predictive metaparity_mh
model_predictive.metaparity_mh <- function(x, X) {
  m <- model_mean(x)
  list(mean = values_along(X, m), variance = spread_along(X, m$vb)^2, df = NaN)
}

#' @exportS3Method model_refit metaparity_mh
model_refit.metaparity_mh <- function(x, rows = NULL, yi = NULL, spec = NULL) {
  if (!is.null(yi)) abort_capability("yi", "cannot be replaced: the model pools tables, not estimates", sys.call())
  if (is.null(rows)) rows <- seq_len(sum(x$not.na))
  as.list(pool_subsets(x, list(which(x$not.na)[rows]), "these", x$call))
}

# The names of metafor's classes: what is left of a fit in a table of fits has them alone.
#' @exportS3Method model_words rma.mh
model_words.rma.mh <- function(x = NULL) named_words("M-H", FALSE)

#' @exportS3Method model_studies metaparity_peto
model_studies.metaparity_peto <- model_studies.metaparity_mh
#' @exportS3Method model_components metaparity_peto
model_components.metaparity_peto <- model_components.metaparity_mh
#' @exportS3Method model_marginal metaparity_peto
model_marginal.metaparity_peto <- model_marginal.metaparity_mh
#' @exportS3Method model_predictive metaparity_peto
model_predictive.metaparity_peto <- model_predictive.metaparity_mh
#' @exportS3Method model_refit metaparity_peto
model_refit.metaparity_peto <- model_refit.metaparity_mh
#' @exportS3Method model_words rma.peto
model_words.rma.peto <- function(x = NULL) named_words("Peto", FALSE)

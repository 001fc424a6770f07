# mvmeta(): multivariate meta-analysis and meta-regression with Stata's options, saved results and replay.
# Sources: White (2009) Stata J 9:40; White (2011) Stata J 11:255; Jackson et al. (2010, 2013) for moments. Oracle:
# logs.

#' Multivariate meta-analysis as Stata's mvmeta
#'
#' Pools several estimates per study, whose sampling errors and true values are correlated. The data have one row per
#' study: estimates in columns that begin with `b`, their variances and covariances in columns that begin with `V`.
#'
#' @param b stub of the columns of the estimates (a bare name or a string): `y` stands for `y1`, `y2`, ...; or a result
#'   of
#'   `mvmeta()`, which is shown again with other options for the output.
#' @param V stub of the columns of variances and covariances: with `S`, the variance of `y1` is `S11`, the covariance of
#'   `y1` and `y2` is `S12` or `S21`.
#' @param ... covariates, the same for all outcomes: bare names or strings.
#' @inheritParams metan
#' @param vars outcomes to be used, in this order; a string may hold several names, and patterns with `*` and `?`.
#' @param wscorr correlation of the sampling errors where no covariance is found; `"riley"` for the model of one overall
#'   correlation, which needs no covariances.
#' @param bscovariance covariances between studies: `"unstructured"` (default), `"exchangeable"`, `"exchangeable 0.5"`,
#'   `"proportional I(2)"`, or with a matrix of your own a list as `list("proportional", P)`, `list("equals", P)`,
#'   `list("correlation", P)`.
#' @param equations covariates of single outcomes: `"y1: x1, y2: x1 x2"` or a named list of names.
#' @param noconstant no constant.
#' @param commonparm the same coefficients for all outcomes.
#' @param longparm one equation per outcome also without covariates.
#' @param reml,ml,mm,mm1,mm2,fixed how it is estimated: restricted maximum likelihood (default), maximum likelihood,
#'   moments by the matrix of Q (`mm2` and `mm`) or pair by pair (`mm1`), or without heterogeneity.
#' @param nouncertainv standard errors without the uncertainty of the covariances between studies.
#' @param eform show exponents of the coefficients; a string is their name.
#' @param dof degrees of freedom of t tests: a number or an expression in `n`, as `"n-2"`.
#' @param print `"bscorr"` (default) shows standard deviations and correlations between studies, `"bscov"` covariances,
#'   `"bscov bscorr"` both.
#' @param i2 show I-squared and intervals of the standard deviations; `ciscale`: on which scale intervals are computed,
#'   `"sd"`, `"logsd"` or `"logh"`.
#' @param ciscale see `i2`.
#' @param testsigma likelihood ratio test of no heterogeneity.
#' @param qscalar the scalar Q.
#' @param randfix compare the precision with that of the model without heterogeneity; outcomes as in `vars`.
#' @param pi prediction intervals; a string holds Stata's suboptions `level()`, `format()`, `xvar()`.
#' @param wt weights of the studies and borrowing of strength: `TRUE`, or Stata's words `sd`, `rv`, `dpc`, `details`,
#'   `format()`, `unscaled`, `nostudies`.
#' @param pbest probabilities of ranks: `"min"` or `"max"` with Stata's suboptions, as
#'   `"max, reps(5000) seed(1) zero predict all mcse meanrank id(study)"`; `in 1/5` before the comma chooses rows.
#' @param id column that names the studies in the output; when a result is shown again, of the data that it is of (or
#'   of `data`).
#' @param showall show the parameters of the covariances between studies, too.
#' @param suppress `"mm"`: no statistics that rest on moments.
#' @param warning `"off"` leaves the warnings out of the log.
#' @param noposdef do not check that the covariances of each study's errors are those of some estimates (without
#'   negative eigenvalues).
#' @param object a result of `mvmeta()`.
#' @param statistic for `predict()`: `"xb"` or `"stdp"`.
#' @return An object of class `stata_mvmeta` (see [stata_view]): `r` holds `N`, `dim`, `ll`, `Sigma` and so on; `table`
#'   the
#'   coefficients; `fit` the unrounded fit with `beta`, `vb` (Sigma known), `vb_full` (with its uncertainty), `Sigma`,
#'   `theta`. `predict()` gives a matrix with a row for each study and a column for each outcome.
#' @details The standard errors come from the observed information of the coefficients and of the parameters of Sigma
#'   together: the Cholesky factor where it is unstructured, standard deviations, and a correlation. The likelihood is
#'   maximised from several starts with analytic derivatives, so that there are no iterations to be shown, and a
#'   correlation at its bound is exactly 1 or -1. With `"exchangeable"` the correlation is free, as in Stata: a value
#'   beyond
#'   1 or -1 is warned of. The restricted log-likelihood leaves log|X'X| out.
#'
#'   A study without an estimate of an outcome has no weight for it; Stata's `wt()` counts a variance that stands
#'   beside a
#'   missing estimate. `pbest()` draws from a stream of our own that its seed fixes: the shares agree with Stata's up to
#'   the error of the simulation.
#'
#'   A variance between studies is fixed at 0 when the estimates of its outcome are no more than its coefficients, and
#'   so is a correlation of outcomes that never meet in a study (in general: what has no information in the restricted
#'   likelihood), with a warning of class `metaparity_warning_not_identified`; Sigma stays without negative eigenvalues.
#'
#'   Errors: `metaparity_error_input`, `metaparity_error_studies` (also where the covariances of the errors are too
#'   large for their variances; a singular matrix is warned of), `metaparity_error_not_converged`; studies left out
#'   are
#'   told in the log and by a warning of class `metaparity_warning_dropped`.
#' @section Shortest forms: In stata() and stata_do() an option may be cut: `r option_forms("mvmeta")`.
#' @section In other software: Stata `mvmeta y S x`; \pkg{metafor} `rma.mv(y, V, mods = ~ outcome - 1, random = ~
#'   outcome |
#'   study, struct = "UN")`, whose standard errors are those of `nouncertainv`.
#' @references White IR (2011). Multivariate random-effects meta-regression: updates to mvmeta. Stata Journal 11,
#'   255-270.
#'   Jackson D, White IR, Thompson SG (2010). Extending DerSimonian and Laird's methodology to perform multivariate
#'   random
#'   effects meta-analyses. Statistics in Medicine 29, 1282-1297. Jackson D, White IR, Riley RD (2013). A matrix-based
#'   method of moments for fitting the multivariate random effects model. Biometrical Journal 55, 231-245.
#' @examples
#' d <- data.frame(y1 = c(.47, .20, .40, .26, .56), y2 = c(-.32, -.60, -.12, -.31, -.39),
#'                 V11 = c(.0075, .0057, .0021, .0029, .0148), V22 = c(.0077, .0008, .0014,
#'                 .0015, .0304),
#'                 V12 = c(.0030, .0009, .0007, .0009, .0072))
#' fit <- mvmeta(y, V, data = d)
#' fit
#' mvmeta(fit, i2 = TRUE)
#' @export
mvmeta <- function(b, V, ..., data = NULL, subset = NULL, vars = NULL, wscorr = NULL, bscovariance = "unstructured",
                   equations = NULL, noconstant = FALSE, commonparm = FALSE, longparm = FALSE, reml = FALSE, ml = FALSE,
                   mm = FALSE, mm1 = FALSE, mm2 = FALSE, fixed = FALSE, nouncertainv = FALSE, eform = FALSE, dof = NULL,
                   level = 95, print = "bscorr", i2 = FALSE, ciscale = "sd", testsigma = FALSE, qscalar = FALSE,
                   randfix = FALSE, pi = FALSE, wt = FALSE, pbest = NULL, id = NULL, showall = FALSE, suppress = NULL,
                   warning = "error", noposdef = FALSE) {
  mc <- match.call(expand.dots = FALSE)
  check_given(b, call = mc)
  shown <- mvmeta_shown(nouncertainv, eform, dof, level, print, i2, ciscale, testsigma, qscalar, randfix, pi, wt, pbest,
                        showall, mc)
  earlier <- mvmeta_replayed(mc$b, parent.frame())
  if (!is.null(earlier)) {
    studies <- if (is.null(mc$id)) earlier$studies else
      mvmeta_relabelled(earlier$studies, mc$id, resolve_data(data, mc), parent.frame(), mc)
    return(mvmeta_view(studies, earlier$fit, earlier$model, shown, mc))
  }
  if (is.null(mc$V)) abort_input("V", "is missing: the stub of the variances", mc)
  model <- list(noconstant = check_flag(noconstant, "noconstant", mc), longparm = check_flag(longparm, "longparm", mc),
                commonparm = check_flag(commonparm, "commonparm", mc), wscorr = wscorr, equations = equations,
                suppress = suppress, noposdef = check_flag(noposdef, "noposdef", mc), quiet = identical(warning, "off"),
                method = mvmeta_method(list(reml = reml, ml = ml, mm = mm, mm1 = mm1, mm2 = mm2, fixed = fixed), mc))
  model$overall <- identical(wscorr, "riley")
  if (!is.null(wscorr) && !model$overall) {
    if (!is.numeric(wscorr)) abort_input("wscorr", "must be a correlation or \"riley\"", mc)
    model$wscorr <- check_number(wscorr, "wscorr", -1, 1, mc)
  }
  s <- mvmeta_studies(mc, resolve_data(data, mc), parent.frame(), model, mc)
  model$sigma <- mvmeta_sigma(bscovariance, length(s$outcomes), mc)
  mvmeta_view(s, mvmeta_fit(s, model, mc), model, shown, mc)
}

mvmeta_replayed <- function(expr, env) {
  if (is.character(expr)) return(NULL)
  if (is.symbol(expr) && !exists(as.character(expr), envir = env)) return(NULL)
  value <- tryCatch(eval(expr, env), error = function(e) NULL)
  if (inherits(value, "stata_mvmeta")) value
}

# What the log shows beside the coefficients.
mvmeta_shown <- function(nouncertainv, eform, dof, level, print, i2, ciscale, testsigma, qscalar, randfix, pi, wt,
                         pbest,
                         showall, call) {
  what <- strsplit(trimws(paste(check_vector_of_words(print, "print", call), collapse = " ")), "[ ,]+")[[1L]]
  bad <- setdiff(what, c("bscorr", "bscov"))
  if (length(bad)) abort_input("print", sprintf("must be \"bscorr\" or \"bscov\", not \"%s\"", bad[1L]), call)
  randfix <- if (is.logical(randfix)) check_flag(randfix, "randfix", call) else check_word(randfix, "randfix", call)
  if (!is.logical(eform)) eform <- check_word(eform, "eform", call) else check_flag(eform, "eform", call)
  flags <- list(nouncertainv = nouncertainv, i2 = i2, testsigma = testsigma, qscalar = qscalar, showall = showall)
  for (name in names(flags)) flags[[name]] <- check_flag(flags[[name]], name, call)
  c(flags, list(eform = eform, dof = dof, level = check_stata_level(level, "level", call), print = what,
                ciscale = check_choice(ciscale, c("sd", "logsd", "logh"), "ciscale", call), randfix = randfix, pi = pi,
                wt = wt, pbest = pbest))
}

mvmeta_method <- function(given, call) {
  flags <- vapply(names(given), function(n) check_flag(given[[n]], n, call), NA)
  named <- unique(sub("^mm$", "mm2", names(given)[flags]))
  if (length(named) > 1L) abort_input(named[2L], sprintf("cannot go with `%s`: give one method", named[1L]), call)
  if (length(named)) named else "reml"
}

mvmeta_view <- function(s, fit, model, o, call) {
  if (fit$moments && o$nouncertainv) fit$remark <- "nouncertainv"
  o$df <- mvmeta_df(o$dof, s$N, call)
  table <- mvmeta_table(s, fit, o)
  r <- Filter(Negate(is.null), list(N = s$N, dim = length(s$outcomes), ll = fit$ll, df_r = o$df, Sigma = fit$Sigma,
              method = model$method, bscov = model$sigma$label, cmd = "mvmeta"))
  view <- new_stata_view("mvmeta", r, table, fit, o, studies = s, model = model, call = call)
  if (isTRUE(o$i2)) view$i2 <- mvmeta_i2(view)
  if (!isFALSE(o$pi)) view$pi <- mvmeta_prediction(view, call)
  if (o$testsigma || o$qscalar || !isFALSE(o$randfix)) view$common <- mvmeta_common(s, model, call)
  if (!isFALSE(o$wt)) view$wt <- mvmeta_weights(view, call)
  if (!is.null(o$pbest)) view$pbest <- mvmeta_ranks(view, call)
  view
}

# "n-2": numbers, n, + - * / and brackets.
mvmeta_df <- function(dof, n, call) {
  if (is.null(dof)) return(NULL)
  if (is.numeric(dof)) return(check_number(dof, "dof", 0, call = call))
  text <- check_word(dof, "dof", call)
  parts <- regmatches(text, regexec("^ *([-0-9.]*) *[*]? *n? *(([-+]) *([0-9.]+))? *$", text))[[1L]]
  if (!length(parts) || !grepl("n", text, fixed = TRUE))
    abort_input("dof", sprintf("must be a number or as \"n-2\", not \"%s\"", text), call)
  times <- if (nzchar(parts[2L])) as.numeric(parts[2L]) else 1
  plus <- if (nzchar(parts[5L])) as.numeric(paste0(parts[4L], parts[5L])) else 0
  check_number(times * n + plus, "dof", 0, call = call)
}

# Which variance of the coefficients is shown.
mvmeta_variance <- function(fit, o) {
  q <- length(fit$beta)
  if (o$nouncertainv || fit$moments || !length(fit$theta)) fit$vb else fit$vb_full[seq_len(q), seq_len(q), drop = FALSE]
}

# Coefficients by equation; those of Sigma last.
mvmeta_table <- function(s, fit, o) {
  b <- fit$beta
  se <- sqrt(diag(mvmeta_variance(fit, o)))
  names <- s$names
  if (o$showall && !o$nouncertainv && length(fit$theta)) {
    b <- c(b, fit$theta)
    se <- c(se, sqrt(diag(fit$vb_full))[-seq_along(fit$beta)])
    names <- rbind(names, data.frame(eq = fit$theta_names, term = "_cons"))
  }
  df <- if (is.null(o$df)) NA_real_ else o$df
  half <- critical_value(o$level, df) * se
  out <- data.frame(eq = names$eq, name = names$term, b = b, se = se, t = b / se, p = two_sided_p(b / se, df),
                    lo = b - half, hi = b + half, stringsAsFactors = FALSE)
  if (isFALSE(o$eform)) return(out)
  mean <- seq_along(fit$beta)
  out$se[mean] <- exp(out$b[mean]) * out$se[mean]
  for (field in c("b", "lo", "hi")) out[[field]][mean] <- exp(out[[field]][mean])
  out
}

#' @exportS3Method
saved_estimates.stata_mvmeta <- function(view) {
  f <- view$fit
  s <- view$studies
  V <- if (length(f$theta) && !f$moments) f$vb_full else f$vb
  names <- c(mvmeta_full_names(s), if (length(f$theta) && !f$moments) paste0(f$theta_names, ":_cons"))
  b <- c(f$beta, if (length(f$theta) && !f$moments) f$theta)
  c(view$r[setdiff(names(view$r), "Sigma")],
    list(nparms_mean = length(f$beta), Sigma = f$Sigma, yvars = paste(s$outcomes, collapse = " ")),
    list(b = matrix(b, 1L, dimnames = list("y1", names)), V = matrix(V, length(b), dimnames = list(names, names))))
}

# [y1]x as y1:x; of the equation of means the outcome alone.
mvmeta_full_names <- function(s) {
  ifelse(s$names$eq == "Overall_mean", s$names$term, paste(s$names$eq, s$names$term, sep = ":"))
}

#' @rdname mvmeta
#' @export
predict.stata_mvmeta <- function(object, statistic = "xb", ...) {
  statistic <- check_choice(statistic, c("xb", "stdp"), "statistic")
  s <- object$studies
  V <- mvmeta_variance(object$fit, object$options)
  value <- if (statistic == "xb") s$X %*% object$fit$beta else sqrt(rowSums((s$X %*% V) * s$X))
  matrix(value, ncol = length(s$outcomes), byrow = TRUE, dimnames = list(s$label, s$outcomes))
}

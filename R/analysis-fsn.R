# fsn(): fail-safe N (file drawer analysis). The core computes (core/bias/fail_safe). Oracle: metafor.

#' Fail-safe N
#'
#' How many studies averaging null results would have to be added to overturn a result.
#'
#' @param x a result of [rma()] without moderators, or study estimates: a numeric vector of length k (a column of
#'   `data`
#'   or a variable).
#' @param vi,sei sampling variances or standard errors, length k, when `x` is a vector.
#' @param subset rows to keep when `x` is a vector: logical of length k or row numbers.
#' @param data a data frame in which the arguments are looked up first.
#' @param type `"Rosenthal"` (the default for a vector), `"Orwin"`, `"Rosenberg"`, or `"General"` (the default for a
#'   fit; a
#'   fit takes no other). Can be abbreviated.
#' @param alpha level that the result is brought to.
#' @param target pooled estimate that the result is brought to, for `"Orwin"` (by default half of the estimate) and
#'   `"General"`; its sign is made that of the estimate.
#' @param method estimator of heterogeneity for `"General"`: that of the fit, or `"REML"`.
#' @param exact whether, for `"General"`, the model is refitted to the enlarged data; otherwise tau2 is pooled from
#'   two
#'   groups.
#' @param verbose whether the steps of the search are shown.
#' @param digits number of decimals printed.
#' @param ... for `"General"`: `maxint`, the number beyond which the search stops, 10,000,000; `tau2`, `test`,
#'   `weighted` as in
#'   [rma()], for estimates or instead of those of the fit; `mumiss`, the mean of the missing studies, 0. `interval`,
#'   `tol`
#'   and `maxiter` are accepted.
#' @return An object of class `c("metaparity_fsn", "fsn")`: a list with `type`, `fsnum` (the number of studies),
#'   `est`, `tau2`,
#'   `pval` of the observed studies, `alpha`, `target`, `method`, and `est.fsn`, `tau2.fsn`, `pval.fsn` with the
#'   file drawer.
#' @details Rosenthal's method combines the studies by Stouffer's test (one-sided), Rosenberg's by the common-effect
#'   estimate (two-sided). The general method adds studies with mean 0, the harmonic mean of the sampling variances
#'   and the
#'   heterogeneity of the observed studies. Models with t tests are always refitted. The number found is the root of a
#'   step function, rounded up, as in \pkg{metafor}; it can be one above the smallest number of studies that is
#'   enough.
#'
#'   `pool = "fisher"`, for Rosenthal's method, combines the one-sided p values of the |z|, as \pkg{metafor} 5.2 does; a
#'   study in the drawer has p = 1/2. \pkg{metafor}'s number, the root of a function with jumps, may be one or two
#'   lower,
#'   with a level still below `alpha`.
#'
#'   The fail-safe N is not an estimate of the number of missing studies. Errors are of class
#'   `metaparity_error_input` or
#'   `metaparity_error_studies`.
#' @section In other software: \pkg{metafor}: the same call. Stata and RevMan: none.
#' @references Rosenthal, R. (1979). The "file drawer problem" and tolerance for null results. *Psychological
#'   Bulletin*, 86,
#'   638-641.
#'
#'   Orwin, R. G. (1983). A fail-safe N for effect size in meta-analysis. *Journal of Educational Statistics*, 8,
#'   157-159.
#'
#'   Rosenberg, M. S. (2005). The file-drawer problem revisited. *Evolution*, 59, 464-468.
#'
#'   Viechtbauer, W. (2024). A fail-safe N computation based on the random-effects model. Annual Meeting of the
#'   Society for
#'   Research Synthesis Methodology.
#' @examples
#' d <- data.frame(est = c(-0.9, -1.6, -1.3, -0.2), var = c(0.33, 0.19, 0.42, 0.05))
#' fsn(est, var, data = d)
#' fsn(rma(est, var, data = d))
#' @export
fsn <- function(x, vi, sei, subset, data, type, alpha = 0.05, target, method, exact = FALSE, verbose = FALSE, digits,
                ...) {
  mc <- match.call()
  # The whole number is found by bisection: `interval`, `tol` and `maxiter` have nothing to tune.
  dots <- named_dots(c("maxint", "pool", fsn_model_words, "mumiss", "interval", "tol", "maxiter"), mc, ...)
  pool <- if (is.null(dots$pool)) "stouffer" else {
    abbreviated(lower_text(dots$pool), c("stouffer", "fisher"), "pool", mc)
  }
  x <- tested_object(mc, parent.frame())
  if (is_foreign_fit(x)) return(foreign_function("fsn")(x, ...))
  type <- fsn_type(if (missing(type)) NULL else type, inherits(x, "rma"), mc)
  studies <- fsn_studies(x, type, mc, parent.frame())
  alpha <- check_number(alpha, "alpha", 0, 1, mc)
  target <- if (missing(target) || is.null(target)) NA_real_ else check_number(target, "target", call = mc)
  out <- fsn_skeleton(type, alpha, tested_digits(if (missing(digits)) NULL else digits, x))
  if (type == "General") {
    search <- list(alpha = alpha, target = target, exact = check_flag(exact, "exact", mc),
                   maxint = dots$maxint %||% 1e7, verbose = isTRUE(verbose),
                   missing = check_number(dots$mumiss %||% 0, "mumiss", call = mc))
    model <- fsn_spec(x, if (missing(method)) NULL else method, dots[intersect(names(dots), fsn_model_words)], mc)
    out <- fsn_general(out, studies, model, search, mc)
  } else {
    out <- fsn_closed(out, studies, target, pool, mc)
  }
  structure(out, class = c("metaparity_fsn", "fsn"))
}

fsn_skeleton <- function(type, alpha, digits) {
  numbers <- c("est", "tau2", "meanes", "pval", "alpha", "target", "method", "est.fsn", "tau2.fsn", "pval.fsn")
  out <- c(list(type = type, fsnum = NA_real_), stats::setNames(as.list(rep(NA_real_, length(numbers))), numbers))
  out$alpha <- alpha
  out$method <- NA
  c(out, list(ub.sign = "", digits = digits))
}

fsn_types <- c("Rosenthal", "Orwin", "Rosenberg", "General")

fsn_type <- function(type, fit, call) {
  if (is.null(type)) return(if (fit) "General" else "Rosenthal")
  at <- if (is.character(type) && length(type) == 1L) pmatch(lower_text(type), tolower(fsn_types)) else NA
  if (is.na(at)) check_choice(type, fsn_types, "type", call)
  if (fit && at != 4L) {
    warn_input("type", 'is "General" when `x` is a fit', call)
    at <- 4L
  }
  fsn_types[at]
}

# Orwin's unweighted method needs no variances.
fsn_studies <- function(x, type, mc, env) {
  if (inherits(x, "rma")) {
    if (!x$int.only) abort_input("x", "must be a model without moderators", mc)
    if (!is.null(x$weights)) abort_input("x", "must not have weights of the user's own", mc)
    if (x$k < 2L) abort_input("x", "must have at least 2 studies", mc)
    return(fit_studies(x, mc))
  }
  bare <- type == "Orwin" && is.null(mc$vi) && is.null(mc$sei)
  studies <- if (bare) bare_studies(x, mc, env) else plain_studies(x, mc, env)
  if (!bare) check_tested_variances(studies, mc)
  if (length(studies$yi) < 2L) abort_input("x", "must have at least 2 studies", mc)
  studies
}

bare_studies <- function(x, mc, env) {
  yi <- check_numeric_vector(unclass_values(x), "x", mc)
  rows <- check_subset(resolve_column(mc$subset, data_of_call(mc, env), env, "subset", mc), length(yi), mc)
  if (is.null(rows)) rows <- seq_along(yi)
  missing <- rows[is.na(yi[rows])]
  if (length(missing)) warn_dropped(missing, "missing values", mc)
  list(yi = yi[setdiff(rows, missing)], vi = numeric())
}

fsn_closed <- function(out, studies, target, pool, call) {
  code <- match(out$type, fsn_types) - 1L
  if (code == 0L && pool == "fisher") code <- 3L
  found <- call_core(cpp_fail_safe(studies$yi, studies$vi, code, if (code == 1L) target else out$alpha), call)
  # A result that is whole up to rounding error stays whole.
  out$fsnum <- ceiling(found$N * (1 - 1e-12))
  out$est <- out$meanes <- found$est
  out$pval <- found$pval
  if (code == 1L) out$target <- if (is.na(target)) found$est / 2 else sign_like(target, found$est)
  out
}

sign_like <- function(x, like) if (sign(x) != sign(like)) -x else x

fsn_model_words <- c("tau2", "test", "weighted")

# The model of the observed studies: that of the fit, but for what the call says of it.
fsn_spec <- function(x, method, words, call) {
  spec <- if (!inherits(x, "rma")) model_spec() else if (is.null(method)) x$spec else
    model_spec(test = x$test, weighted = x$weighted)
  spec["q_centre"] <- list(NA_real_)
  if (!is.null(method)) spec$method <- check_method(method, call)
  if (!is.null(words$test)) spec$test <- check_choice(lower_text(words$test), test_types, "test", call)
  if (!is.null(words$weighted)) spec$weighted <- check_flag(words$weighted, "weighted", call)
  if (!is.null(words$tau2)) spec$tau2 <- check_number(words$tau2, "tau2", 0, call = call)
  list(spec = spec, method = spec$method, test = spec$test)
}

fsn_general <- function(out, studies, model, search, call) {
  exact <- search$exact || !identical(model$test, "z")
  at <- function(N) call_core(cpp_with_file_drawer(studies$yi, studies$vi, model$spec, N, exact, search$missing), call)
  now <- at(0)
  out$method <- model$method
  out[c("est", "tau2", "pval")] <- now
  out$meanes <- now$est
  if (!is.na(search$target)) out$target <- search$target <- sign_like(search$target, now$est)
  # Positive once the result is overturned.
  excess <- function(N) {
    if (N > search$maxint) return(1)
    found <- at(N)
    if (search$verbose) message(sprintf("N = %g  est = %.4f  pval = %.4f", N, found$est, found$pval))
    if (is.na(search$target)) found$pval - search$alpha else abs(search$target) - abs(found$est)
  }
  out$fsnum <- search_drawer(excess, length(studies$yi), search)
  if (out$fsnum > search$maxint) {
    out$ub.sign <- ">"
    out$fsnum <- search$maxint
  }
  out[c("est.fsn", "tau2.fsn", "pval.fsn")] <- at(out$fsnum)
  out
}

search_drawer <- function(excess, k, search) {
  if (excess(0) >= 0) return(0)
  if (search$target %in% 0 && search$missing == 0) return(Inf)
  # The smallest whole number that overturns the result; as in metafor, whose root lies just beyond it, one more where
  # the
  # result there is nearer the limit than the one before.
  below <- 0
  above <- k
  while (excess(above) < 0) {
    below <- above
    above <- 2 * above
  }
  while (above - below > 1) {
    middle <- floor((above + below) / 2)
    if (excess(middle) < 0) below <- middle else above <- middle
  }
  if (excess(above) < -0.99 * excess(above - 1)) above + 1 else above
}

#' @export
print.metaparity_fsn <- function(x, digits = x$digits, ...) {
  digits <- tested_digits(digits, x)
  cat_lines(c("", sprintf("Fail-safe N Calculation Using the %s Approach", x$type), "", fsn_lines(x, digits), "",
              format_labelled("Fail-safe N", paste0(x$ub.sign, format_drawer(x$fsnum))), ""))
  invisible(x)
}

format_drawer <- function(n) if (is.na(n) || n >= 1e7) format(n) else format(n, scientific = FALSE)

# Label, value now, value with the file drawer; one column each.
fsn_lines <- function(x, digits) {
  p <- function(v) format_p_value(v, digits[["pval"]])
  row <- function(label, now, then = NA) c(label, now, if (is.na(then)) "" else then)
  shown <- function(v, kind) if (is.na(v)) NA else format_fixed(v, digits[[kind]])
  general <- x$type == "General"
  drawer <- general && x$fsnum > 0
  rows <- list(
    if (!is.na(x$est)) row("Average Effect Size", shown(x$est, "est"), if (drawer) shown(x$est.fsn, "est") else NA),
    if (general && !x$method %in% c("FE", "EE", "CE")) {
      row("Amount of Heterogeneity", shown(x$tau2, "var"), if (drawer) shown(x$tau2.fsn, "var") else NA)
    },
    if (!is.na(x$pval)) row("Observed Significance Level", p(x$pval), if (drawer) p(x$pval.fsn) else NA),
    if (is.na(x$target)) row("Target Significance Level", format(x$alpha)),
    if (!is.na(x$target)) row("Target Effect Size", shown(x$target, "est")))
  fsn_columns(do.call(rbind, rows))
}

# Numbers stand under each other by their first character, a minus sign hanging.
fsn_columns <- function(rows) {
  hang <- function(text) {
    negative <- startsWith(text, "-")
    if (any(negative)) ifelse(negative, text, paste0(" ", text)) else text
  }
  now <- hang(rows[, 2L])
  then <- rows[, 3L]
  then[nzchar(then)] <- hang(then[nzchar(then)])
  format_labelled(rows[, 1L], ifelse(nzchar(then), translatef("%s (with file drawer: %s)", now, then), now))
}

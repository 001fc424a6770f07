# confint(), profile() and permutest() of location-scale models; the core fits each of them again.
# Sources: Viechtbauer & Lopez-Lopez (2022); Higgins & Thompson (2004). Oracle: metafor.

#' Intervals, profiles and permutation tests of a location-scale model
#'
#' @param object,fitted,x a fit of [rma()] with `scale`; for `print()` its permutation test.
#' @param alpha numbers of the scale coefficients; all by default.
#' @param level confidence level in percent; that of the fit by default.
#' @param fixed also give the intervals of the location coefficients?
#' @param xlim range of the values; by default that of a 99% Wald interval.
#' @param exact go through all permutations?
#' @param iter number of random permutations otherwise; the first is the data as given.
#' @param btt,att coefficients of the two omnibus tests; by default those of the fit.
#' @param skip.beta,skip.alpha leave out the permutations of one part?
#' @param signif.stars,signif.legend whether significance marks and their legend are shown.
#' @param digits number of decimals printed.
#' @inheritParams selmodel-profile
#' @return As for [selmodel-profile]: `confint()` and `profile()`; `permutest()`: an object of class
#'   `c("metaparity_permutest_ls", "permutest.rma.ls", "permutest.rma.uni")` with `pval`, `QMp`, `pval.alpha`, `QSp` by
#'   permutation and the permuted statistics `zval.perm`, `QM.perm`, `zval.alpha.perm`, `QS.perm`.
#' @details A permutation reorders the rows of one part's design. Random ones depend on R's seed. An end of an interval
#' that does not exist is infinite. Errors are of class `metaparity_error_input`.
#' @section In other software: \pkg{metafor}: `confint()`, `profile()`, `permutest()`.
#' @examples
#' set.seed(1)
#' d <- data.frame(z = 1:20, vi = runif(20, 0.02, 0.1))
#' d$yi <- rnorm(20, 0.3, sqrt(d$vi + d$z / 50))
#' fit <- rma(yi, vi, scale = ~ z, data = d)
#' confint(fit, alpha = 2)
#' @name location-scale
NULL

#' @rdname location-scale
#' @export
confint.metaparity_ls <- function(object, parm, level, fixed = FALSE, alpha, digits, transf, targs, verbose = FALSE,
                                  control, ...) {
  call <- sys.call()
  xlim <- searched_range(named_dots(c("xlim", "extint"), call, ...)$xlim, if (!missing(control)) control, call)
  if (!missing(parm)) warn_input("parm", "is not used: `alpha` names scale coefficients", call)
  level <- if (missing(level)) 1 - object$level else check_level(level)
  digits <- merge_digits(object, digits)
  fixed <- check_flag(fixed, "fixed", call)
  which <- if (!fixed || !missing(alpha)) scale_parameters(object, if (missing(alpha)) NULL else alpha, call)
  out <- lapply(which, function(j) {
    ends <- call_core(cpp_location_scale_interval(scale_data(object), object$spec, j, level), call)
    ends <- ends_within(ends, object$alpha[j], xlim, call)
    table <- matrix(c(object$alpha[j], ends$ends), 1L, dimnames = list(alpha_names(object)[j], interval_columns))
    new_parameter_confint(c(list(random = table, ci.null = FALSE), ends[c("lb.sign", "ub.sign")]), level, digits)
  })
  if (fixed) {
    table <- fixed_interval(object, level, transform_spec(call, transf, targs, object, named = TRUE))
    out <- c(list(new_parameter_confint(list(fixed = table), level, digits)), out)
  }
  as_confint_list(out, digits)
}

scale_parameters <- function(x, alpha, call, arg = "object") {
  free <- which(!x$alpha.fix)
  if (is.null(alpha) && !length(free)) abort_input(arg, "has no component that was estimated", call)
  if (is.null(alpha)) return(free)
  alpha <- check_numeric_vector(alpha, "alpha", call)
  if (!length(alpha) || !all(alpha %in% seq_len(x$q)))
    abort_input("alpha", sprintf("must be numbers from 1 to %d", x$q), call)
  if (any(x$alpha.fix[alpha])) abort_input("alpha", "names a coefficient that is given, not estimated", call)
  as.integer(alpha)
}

#' @rdname location-scale
#' @export
profile.metaparity_ls <- function(fitted, alpha, xlim = NULL, ylim = NULL, steps = 20, lltol = 1e-03, progbar = TRUE,
                                  parallel = "no", ncpus = 1, cl = NULL, plot = TRUE, ...) {
  call <- match.call()
  which <- scale_parameters(fitted, if (missing(alpha)) NULL else alpha, call, "fitted")
  ask <- list(xlim = check_limits(xlim, "xlim", call), ylim = check_limits(ylim, "ylim", call), steps = steps)
  out <- lapply(which, function(j) {
    if (!is.finite(fitted$alpha[j])) abort_input("alpha", "names a coefficient without a finite estimate", call)
    values <- profiled_values(fitted$alpha[j], fitted$se.alpha[j], 1, c(-Inf, Inf), ask, call)
    found <- call_core(cpp_location_scale_profile(scale_data(fitted), fitted$spec, j, values), call)
    new_profile("alpha", values, found, substitute(alpha[i], list(i = j)), fitted$alpha[j], fitted, ask)
  })
  as_profile_list(out, lltol, plot, call, ...)
}

#' @rdname anova.metaparity
#' @export
anova.metaparity_ls <- function(object, object2, btt, X, att, Z, rhs, adjust, digits, refit = FALSE, ...) {
  call <- match.call()
  dots <- named_dots(c("fixed", "df"), call, ...)
  digits <- merge_digits(object, digits)
  if (!missing(object2)) return(likelihood_ratio(object, object2, check_flag(refit, "refit", call), digits, call))
  adjust <- if (missing(adjust)) "none" else adjust_method(adjust, call)
  rhs <- if (missing(rhs)) NULL else check_numeric_vector(rhs, "rhs", call)
  of_part <- function(fit, part, set, combos) {
    out <- if (is.null(combos)) wald_sets(fit, set, rhs, adjust, digits, call, dots$fixed) else
      wald_combinations(fit, combos, rhs, adjust, digits, call)
    if (inherits(out, "metaparity_anova_list")) {
      out[] <- lapply(out, as_part, part)
      out
    } else if (inherits(out, "metaparity_anova")) as_part(out, part) else out
  }
  if (!missing(att) && !missing(btt)) abort_input("att", "cannot be given with `btt`: test one part at a time", call)
  if (!missing(Z) && !missing(X)) abort_input("Z", "cannot be given with `X`: test one part at a time", call)
  scale <- scale_object(object)
  if (!missing(att) || !missing(Z)) {
    set <- if (!missing(att)) resolve_att(att, rownames(object$alpha), call, dots$fixed)
    return(of_part(scale, "Scale", set, if (!missing(Z)) Z))
  }
  of_part(object, "Location", if (missing(btt)) object$btt else btt, if (!missing(X)) X)
}

# A test of the scale part has names of its own: QS, att, q, Za.
as_part <- function(test, part) {
  test$part <- part
  if (part != "Scale") return(test)
  names(test) <- recoded(names(test), names(scale_test_names), scale_test_names)
  test$type <- recoded(test$type, c("Wald.btt", "Wald.Xb"), c("Wald.att", "Wald.Za"))
  if (!is.null(rownames(test$Za))) rownames(test$Za) <- sub("^X$", "Z", rownames(test$Za))
  if (!is.null(names(test$se))) names(test$se) <- sub("^X$", "Z", names(test$se))
  test
}

scale_test_names <- c(QM = "QS", QMdf = "QSdf", QMp = "QSp", btt = "att", p = "q", Xb = "Za")

recoded <- function(x, from, to) {
  at <- match(x, from)
  ifelse(is.na(at), x, to[at])
}

#' @rdname location-scale
#' @exportS3Method permutest metaparity_ls
#' @exportS3Method metafor::permutest metaparity_ls
permutest.metaparity_ls <- function(x, exact = FALSE, iter = 1000, btt = x$btt, att = x$att, progbar = TRUE, digits,
                                    control, skip.beta = FALSE, skip.alpha = FALSE, ...) {
  call <- match.call()
  dots <- named_dots(c(permutation_names, "seed", "tol", "fixed"), call, ...)
  how <- permutation_choices(dots, call)
  how$control <- permutation_control(with_slack(if (missing(control)) list() else control, dots), call)
  total <- call_core(cpp_count_permutations(x$X, x$int.only))
  Z.total <- call_core(cpp_count_permutations(x$Z, FALSE))
  if (identical(exact, "i")) return(total)
  check_number(iter, "iter", 2, 1e6, call)
  exact <- check_flag(exact, "exact", call)
  check_flag(progbar, "progbar", call)
  x$spec$btt <- resolve_btt(btt, rownames(x$beta), call, dots$fixed)
  x$spec$att <- resolve_att(att, rownames(x$alpha), call, dots$fixed)
  use_seed(dots$seed, call)
  out <- c(unclass(x)[c("beta", "se", "zval", "ci.lb", "ci.ub", "QM", "QMdf", "alpha", "se.alpha", "zval.alpha",
                        "ci.lb.alpha", "ci.ub.alpha", "QS", "QSdf", "k", "p", "m", "q", "m.alpha", "test", "dfs", "ddf",
                        "ddf.alpha", "int.only", "int.incl", "Z.int.only", "Z.int.incl")],
           list(btt = x$spec$btt, att = x$spec$att, digits = merge_digits(x, digits), exact.iter = total,
                Z.exact.iter = Z.total, permci = FALSE, alternative = how$alternative, p2defn = how$p2defn,
                stat = how$stat, skip.beta = check_flag(skip.beta, "skip.beta", call),
                skip.alpha = check_flag(skip.alpha, "skip.alpha", call), fit = x))
  if (!out$skip.beta) {
    found <- permuted_part(x, if (x$int.only) "signs" else "X", if (exact) total else iter, total, how, call)
    out[c("pval", "QMp", "QM.perm", "zval.perm", "beta.perm")] <- found
  }
  if (!out$skip.alpha && !x$Z.int.only) {
    found <- permuted_part(x, "Z", if (exact) Z.total else iter, Z.total, how, call)
    out[c("pval.alpha", "QSp", "QS.perm", "zval.alpha.perm", "alpha.perm")] <- found
  }
  structure(out, class = c("metaparity_permutest_ls", "permutest.rma.ls", "permutest.rma.uni"))
}

# Every order of k rows, a column each, the given one first.
all_orders <- function(k) {
  if (k == 1L) return(matrix(1L))
  before <- all_orders(k - 1L)
  do.call(cbind, lapply(k:1, function(at) {
    rbind(before[seq_len(at - 1L), , drop = FALSE], k, before[seq_len(k - at) + at - 1L, , drop = FALSE])
  }))
}

# All signs of k estimates, a column each.
all_signs <- function(k) t(as.matrix(expand.grid(rep(list(c(1L, -1L)), k))))

permuted_part <- function(x, part, n, total, how, call) {
  if (n >= total && total > 1e6) abort_input("exact", sprintf("would need %s permutations: too many", format(total)),
                                             call)
  order <- if (n >= total) {
    if (part == "signs") all_signs(x$k) else all_orders(x$k)
  } else {
    start_permutations()
    drawn_permutations(if (part == "Z") x$Z else x$X, part == "signs", n, TRUE)
  }
  storage.mode(order) <- "integer"
  location <- part != "Z"
  found <- call_core(cpp_location_scale_permuted(scale_data(x), x$spec, order, part), call)
  values <- if (how$stat == "coef") found$estimate else found$stat
  frame <- function(m) stats::setNames(as.data.frame(m), rownames(if (location) x$beta else x$alpha))
  list(permutation_p(values, values[1L, ], how),
       mean(found$joint >= found$joint[1L] - how$control$comptol, na.rm = TRUE), found$joint, frame(found$stat),
       frame(found$estimate))
}

#' @rdname location-scale
#' @export
print.metaparity_permutest_ls <- function(x, digits = x$digits, signif.stars = getOption("show.signif.stars"),
                                          signif.legend = signif.stars, ...) {
  digits <- expand_digits(digits, x$digits, sys.call())
  stars <- isTRUE(signif.stars)
  show <- function(part, title, pval, Qp, name) {
    if (is.null(pval)) return(NULL)
    part$pval <- pval
    part$QMp <- Qp
    test <- sub("^QM", name, format_part_test(part, title, part$p, TRUE, digits))
    table <- mark_columns(coefficient_cells(part, digits, stars), "pval")
    list(if (length(test)) c(paste0(test[1L], raised_one()), test[-1L]), sprintf("Model Results (%s):", title),
         format_text_table(table, label = part$p > 1L))
  }
  fit <- x$fit
  # `$` would take pval.alpha for a pval that is not there.
  blocks <- c(show(unclass(fit), "Location", x[["pval"]], x$QMp, "QM"),
              show(scale_part(fit), "Scale", x$pval.alpha, x$QSp, "QS"))
  cat_lines(do.call(join_blocks, c(blocks, list(if (stars && isTRUE(signif.legend)) format_signif_legend(),
                                                translate("1) p-values based on permutation testing")))))
  invisible(x)
}

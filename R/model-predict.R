# predict(): predicted averages with confidence and prediction intervals.

#' Predicted values of a meta-analytic model
#'
#' The average effect, or with moderators the average effects at given values of them, with confidence
#' intervals and, when there is heterogeneity, prediction intervals for the effect in a new study.
#'
#' @param object a result of [rma()], [rma.mh()] or [rma.peto()].
#' @param newmods values of the moderators: a vector (one setting, or for one moderator several), or a
#'   matrix with a column for each moderator. By default those of the studies.
#' @param intercept whether the intercept enters the prediction; by default as in the model.
#' @param addx whether to add the values of the moderators to the result.
#' @param level confidence level in percent; that of the fit by default.
#' @param digits number of decimals printed.
#' @param transf,targs a function applied to predictions and limits, and its second argument, see [transf].
#' @param predtype distribution of the prediction interval: `"default"` (normal, or t with k - p degrees of
#'   freedom when the tests use t), `"simple"` (normal, without the uncertainty of the average), `"riley"`
#'   (t with k less the parameters, k - p - 1 when tau2 was estimated: Stata's rule), `"t"` (t with k - p).
#' @param vcov whether to return the covariance matrix of the predictions too.
#' @param hetvar amounts of heterogeneity (tau2) for the prediction intervals, instead of that of the fit: one number,
#'   or one for each prediction.
#' @param prob a comparison such as `"< 0"` or `"> log(2)"`, or one for each prediction: the share of true effects
#'   there, by the predictive distribution, is added as `prob`. A number alone means `">"`. The cutoff is on the scale
#'   of the model, before `transf`.
#' @param adjust whether the intervals hold for all predictions together (Bonferroni).
#' @param ... `newvi`, sampling variances of new studies, one or one for each prediction: the prediction intervals are
#'   then those of their estimates, not of their true effects; for fits of [rma.mv()] `tau2.levels` and
#'   `gamma2.levels`: the inner levels, by name or number, whose
#'   variances the prediction intervals have, where a structure has several; for location-scale models `newscale`,
#'   values of the scale part's predictors as in `newmods`, and `addz`, as `addx`. With `newscale` alone the scale
#'   part is
#'   predicted (the logarithm of tau2, or tau2), with `newmods` too the prediction intervals are those for its tau2.
#' @return An object of class `c("metaparity_predict", "metaparity_list", "predict.rma", "list.rma")`: a list with
#'   `pred`, `se`, `ci.lb`, `ci.ub`, `pi.lb`, `pi.ub` and how they were made. With `vcov = TRUE`, a list of it and
#'   `vcov`.
#' @details Errors are of class `metaparity_error_input`: `newmods` without moderators or with another number of them,
#'   an unknown `predtype`, a level outside its range.
#' @section In other software: Stata: `metan, rfdist`, `meta summarize, predinterval` (both
#'   `predtype = "riley"`); \pkg{metafor}: `predict()`.
#' @references Riley, R. D., Higgins, J. P. T. and Deeks, J. J. (2011). Interpretation of random effects
#'   meta-analyses. *BMJ*, 342, d549.
#' @examples
#' x <- rma(c(-0.9, -1.6, -1.3, 0.1, -0.2), c(0.33, 0.19, 0.42, 0.02, 0.05))
#' predict(x, transf = exp)
#' predict(x, predtype = "riley")
#' @export
predict.metaparity <- function(object, newmods, intercept, addx = FALSE, level, digits, transf, targs,
                               predtype = "default", vcov = FALSE, hetvar, prob, adjust = FALSE, ...) {
  call <- match.call()
  if ("newdata" %in% dots_names(...))
    abort_input("newdata", "is no argument here: `newmods` has the values of the moderators", call)
  older <- named_dots(c("pi.type", "newscale", "addz", "newvi",
                        if (inherits(object, "metaparity_mv")) c("tau2.levels", "gamma2.levels")), call, ...)
  if (!is.null(older$newscale) && is.null(if (!missing(newmods)) newmods)) {
    return(predict_scale(object, older$newscale, call, parent.frame()))
  }
  if (missing(predtype)) predtype <- older$pi.type %||% object$spec$predtype %||% "default"
  level <- if (missing(level)) 1 - object$level else check_level(level)
  rows <- prediction_rows(object, if (missing(newmods)) NULL else newmods, if (missing(intercept)) NULL else intercept)
  if (inherits(object, "metaparity_ls")) rows <- scale_rows(object, rows, older$newscale, missing(newmods), call)
  levels <- prediction_levels(object, rows, missing(newmods), dots_levels(...), missing(hetvar), call)
  rows <- levels$rows
  if (check_flag(adjust, "adjust", call)) level <- 1 - (1 - level) / nrow(rows$X)
  spread <- combination_variances(object, rows$X, call)
  ddf <- prediction_ddf(object, spread, rows)
  pi <- prediction_distribution(object,
                                check_choice(predtype, c("default", "simple", "riley", "Riley", "t"), "predtype"), ddf)
  tau2 <- if (missing(hetvar)) rows$tau2 %||% levels$tau2 else prediction_heterogeneity(hetvar, nrow(rows$X), call)
  if (!is.null(older$newvi)) tau2 <- tau2 + new_sampling(older$newvi, nrow(rows$X), call)
  cut <- if (missing(prob)) list(cutoff = numeric()) else prediction_cutoffs(prob, nrow(rows$X), call)
  spec <- c(list(level = level, tau2 = tau2, ddf = ddf, pi_df = pi$df, simple = pi$simple), cut)
  fit <- call_core(cpp_predict(rows$X, as.numeric(object$beta), spread$vb, spec))
  fit <- blank_unseen(fit, spread$lost)
  transform <- transform_spec(call, transf, targs, object, named = TRUE)
  out <- new_prediction(object, fit, rows,
                        list(dist = pi$dist, df = pi$df, simple = pi$simple, level = 1 - level, ddf = ddf), transform,
                        merge_digits(object, digits), check_flag(addx, "addx"),
                        check_flag(older$addz %||% FALSE, "addz"), levels$columns)
  if (!check_flag(vcov, "vcov")) return(out)
  list(pred = out, vcov = prediction_vcov(rows, spread, out))
}

# The amount of heterogeneity of each prediction, and where it differs by level the columns that name the levels.
prediction_levels <- function(object, rows, fitted, given, free, call) UseMethod("prediction_levels")

#' @exportS3Method prediction_levels metaparity
prediction_levels.metaparity <- function(object, rows, fitted, given, free, call) {
  list(rows = rows, tau2 = rep_len(object$tau2, nrow(rows$X)))
}

dots_levels <- function(tau2.levels = NULL, gamma2.levels = NULL, ...) list(tau2 = tau2.levels, gamma2 = gamma2.levels)

has_heterogeneity <- function(object, levels) UseMethod("has_heterogeneity")

#' @exportS3Method has_heterogeneity metaparity
has_heterogeneity.metaparity <- function(object, levels) {
  isTRUE(any(object$tau2 > 0) || !object$method %in% c(common_methods, "MH", "PETO"))
}

# What the tests of each row use; NaN for the normal distribution.
prediction_ddf <- function(object, spread, rows) {
  if (is_robust(object) && object$robumethod == "clubSandwich") return(ifelse(is.infinite(spread$ddf), NaN, spread$ddf))
  row_ddf(object, rows$X)
}

# Degrees of freedom of combinations of coefficients: the least of those that have a part, NaN for normal tests.
row_ddf <- function(object, X) {
  ddf <- as.numeric(object$ddf)
  if (!length(ddf) || is.na(ddf[1L]) || identical(object$test, "z")) return(rep(NaN, nrow(X)))
  if (length(ddf) < ncol(X)) return(rep(ddf[1L], nrow(X)))
  kr <- if (!is_robust(object)) object$mv$kr
  if (!is.null(kr)) return(call_core(cpp_kenward_roger_test(kr, X))$ddf)
  vapply(seq_len(nrow(X)), function(i) {
    part <- X[i, ] != 0
    if (any(part, na.rm = TRUE)) min(ddf[which(part)]) else min(ddf)
  }, 0)
}

# Of predictions whose variance a robust fit cannot estimate the estimate alone is left.
blank_unseen <- function(fit, lost) {
  if (!any(lost)) return(fit)
  lapply(fit, function(field) if (identical(field, fit$pred)) field else replace(field, lost, NA_real_))
}

prediction_vcov <- function(rows, spread, out) {
  v <- covariance_along(rows$X, spread$vb)
  v[spread$lost, ] <- v[, spread$lost] <- NA
  labels <- if (identical(out$slab, "")) "1" else as.character(out$slab)
  dimnames(v) <- list(labels, labels)
  structure(v, class = c("vcovmat", "metaparity_vcov", "matrix", "array"))
}

#' @export
print.metaparity_vcov <- function(x, digits = 4, ...) {
  shown <- round(unclass(x), check_decimals(check_number(digits, "digits", 0, 15, sys.call()), sys.call()))
  # No more decimals than the rounded numbers have.
  decimals <- Find(function(d) all(round(shown, d) == shown, na.rm = TRUE), seq(0, digits))
  names <- dimnames(x) %||% lapply(dim(x), function(n) as.character(seq_len(n)))
  text <- matrix(format_fixed(unclass(x), decimals), nrow(x), dimnames = names)
  text[abs(x) < .Machine$double.eps] <- "."
  text[] <- formatC(text, width = max(nchar(text)))
  cat("", paste0(utils::capture.output(print(text, quote = FALSE, right = TRUE)), " "), "", sep = "\n")
  invisible(x)
}

#' @export
`[.metaparity_vcov` <- function(x, ...) {
  out <- NextMethod()
  if (is.matrix(out)) structure(out, class = class(x)) else out
}

# The settings of the moderators and what they are called.
prediction_rows <- function(object, newmods, intercept) {
  X <- prediction_points(object, newmods, intercept)
  n <- nrow(X)
  slab <- if (!is.null(newmods)) {
    labels <- if (is.matrix(newmods) || is.data.frame(newmods)) rownames(newmods) else if (n == length(newmods))
      names(newmods)
    if (!is.null(labels)) labels else if (n == 1L) "" else seq_len(n)
  } else if (isTRUE(object$int.only) || is.null(object$X)) "" else if (keeps_missing()) object$slab else
    used_slab(object)
  list(X = X, slab = slab)
}

prediction_points <- function(object, newmods, intercept) {
  p <- length(object$beta)
  if (is.null(newmods)) {
    check_na_fail(object)
    if (p > 1L && is.null(object$X)) abort_input("newmods", "must be given: the fit keeps no values of its moderators")
    X <- if (isTRUE(object$int.only) || is.null(object$X)) matrix(1, 1L, 1L) else object$X
    if (keeps_missing() && nrow(X) > 1L) {
      X <- object$X.f
      if (!fills_missing()) X[!object$not.na, ] <- NA
    }
    dimnames(X) <- list(NULL, rownames(object$beta))
    return(X)
  }
  if (isTRUE(object$int.only)) abort_input("newmods", "cannot be used: the model has no moderators")
  with_intercept <- if (is.null(intercept)) object$int.incl else check_flag(intercept, "intercept")
  slopes <- p - object$int.incl
  X <- newmods_matrix(newmods, slopes, rownames(object$beta))
  if (ncol(X) == p && !is.null(intercept)) {
    warn_input("intercept", "is not used: `newmods` has a value for every coefficient", sys.call(-2L))
  }
  if (ncol(X) < p) X <- cbind(as.numeric(with_intercept), X)
  dimnames(X) <- list(NULL, rownames(object$beta))
  X
}

# One column per slope, or one per coefficient; columns with names are put in the order of the model.
newmods_matrix <- function(newmods, slopes, coefs) {
  if (is.data.frame(newmods)) newmods <- as.matrix(newmods)
  if (!is.numeric(newmods)) abort_input("newmods", sprintf("must be numeric, not %s", describe(newmods)))
  if (is.object(newmods) && !is.matrix(newmods)) newmods <- stats::setNames(as.numeric(newmods), names(newmods))
  if (!is.matrix(newmods)) newmods <- if (slopes == 1L) cbind(newmods) else rbind(newmods)
  if (!ncol(newmods) %in% c(slopes, slopes + 1L)) {
    abort_input("newmods", sprintf("must have %d %s (%s), not %d", slopes, if (slopes == 1L) "column" else "columns",
                                   paste(utils::tail(coefs, slopes), collapse = ", "), ncol(newmods)))
  }
  names <- if (ncol(newmods) == slopes) utils::tail(coefs, slopes) else coefs
  at <- if (length(names) == ncol(newmods)) columns_by_name(colnames(newmods), names)
  if (!is.null(at)) newmods <- newmods[, order(at), drop = FALSE]
  storage.mode(newmods) <- "double"
  if (all(rowSums(is.na(newmods)) > 0)) abort_input("newmods", "has missing values in every row")
  newmods
}

# The coefficient that each column means: by its name, a start or else a part of it that no other has; NULL without
# names.
columns_by_name <- function(given, names) {
  if (is.null(given) || !all(nzchar(given))) return(NULL)
  if (length(names) == 1L) return(1L)
  at <- pmatch(given, names, duplicates.ok = TRUE)
  product <- grepl(":", names, fixed = TRUE)
  for (i in which(is.na(at))) {
    hits <- grep(given[i], names, fixed = TRUE)
    # A name without a colon means a variable rather than a product with it.
    if (length(hits) > 1L && !grepl(":", given[i], fixed = TRUE) && any(!product[hits])) hits <- hits[!product[hits]]
    if (length(hits) != 1L) {
      abort_input("newmods", sprintf("has the name \"%s\", which %s; these are %s", given[i], if (length(hits)) {
        "could mean several variables of the model"
      } else "is no variable of the model", paste(names, collapse = ", ")))
    }
    at[i] <- hits
  }
  if (anyDuplicated(at)) abort_input("newmods", sprintf("names \"%s\" twice", names[at[duplicated(at)][1L]]))
  at
}

prediction_distribution <- function(object, predtype, ddf) {
  df <- switch(predtype,
    default = ddf,
    simple = rep(NaN, length(ddf)),
    t = rep(object$k - object$p, length(ddf)),
    rep(object$k - object$parms, length(ddf)))
  list(df = as.double(df), dist = if (is.nan(df[1L])) "norm" else "t", simple = predtype == "simple")
}

prediction_heterogeneity <- function(hetvar, n, call) {
  if (!is.numeric(hetvar) || !length(hetvar) || any(hetvar < 0, na.rm = TRUE)) {
    abort_input("hetvar", sprintf("must be amounts of heterogeneity, 0 or more, not %s", describe(hetvar)), call)
  }
  each_prediction(as.numeric(hetvar), n, "hetvar", call)
}

# Sampling variances of new estimates, whose intervals are wider than those of their true effects.
new_sampling <- function(newvi, n, call) {
  newvi <- check_numeric_vector(newvi, "newvi", call)
  if (anyNA(newvi) || any(newvi < 0)) abort_input("newvi", "must be sampling variances, 0 or more", call)
  each_prediction(newvi, n, "newvi", call)
}

each_prediction <- function(x, n, arg, call) {
  if (!length(x) %in% c(1L, n)) {
    abort_input(arg, sprintf("must have one value, or one for each of the %d predictions, not %d", n, length(x)), call)
  }
  rep_len(x, n)
}

# Where the predictive distributions are cut, as in "< 0"; a number alone is a lower limit.
prediction_cutoffs <- function(prob, n, call) {
  if (!(is.character(prob) && all(validUTF8(prob))) && !is.numeric(prob) || !length(prob)) {
    abort_input("prob", sprintf("must be a comparison such as \"< 0\", not %s", describe(prob)), call)
  }
  text <- if (is.numeric(prob)) rep("> 0", length(prob)) else prob
  parts <- regmatches(text, regexec("^ *([<>])=?(.*)$", text))
  cutoff <- if (is.numeric(prob)) as.numeric(prob) else vapply(parts, function(part) {
    value <- if (length(part) == 3L) parsed_number(part[3L])
    if (is.numeric(value) && length(value) == 1L && !is.na(value)) value else NA_real_
  }, 0)
  if (anyNA(cutoff)) {
    abort_input("prob", sprintf("must be a comparison such as \"< 0\", not %s", describe(prob[is.na(cutoff)][1L])),
                call)
  }
  list(cutoff = each_prediction(cutoff, n, "prob", call),
       above = rep_len(vapply(parts, function(part) part[2L] != "<", NA), n))
}

# A number or arithmetic of numbers, as in "log(0.8)"; nothing else of a text is run.
parsed_number <- function(text) {
  value <- function(e) {
    if (is.numeric(e)) return(e)
    known <- c("+", "-", "*", "/", "^", "(", "log", "exp", "sqrt")
    if (!is.call(e) || !is.name(e[[1L]]) || !as.character(e[[1L]]) %in% known) stop("no number")
    do.call(getExportedValue("base", as.character(e[[1L]])), lapply(as.list(e)[-1L], value))
  }
  tryCatch(suppressWarnings(value(str2lang(text))), error = function(e) NULL)
}

new_prediction <- function(object, fit, rows, pi, transform, digits, addx, addz = FALSE, levels = NULL) {
  out <- fit[c("pred", "se", "ci.lb", "ci.ub")]
  # sqrt(tau2) alone is one number, as in metafor.
  if (pi$simple && length(unique(fit$pi.se)) == 1L) fit$pi.se <- fit$pi.se[1L]
  random <- has_heterogeneity(object, levels) && !is_moment(transform$fun)
  if (random) out <- c(out, fit[c("pi.lb", "pi.ub")])
  transformed <- is.function(transform$fun)
  if (transformed) out <- transform_prediction(out, transform$fun)
  if (random) out[c("cr.lb", "cr.ub")] <- out[c("pi.lb", "pi.ub")]
  out$prob <- fit$prob
  out[names(levels)] <- levels
  if (addx) out$X <- rows$X
  if (addz) out$Z <- rows$Z
  out$slab <- rows$slab
  t <- if (!is.nan(pi$df[1L])) pi$df
  if (random) attributes(out$pi.lb) <- c(list(level = pi$level, dist = pi$dist), if (!is.null(t)) list(ddf = t),
                                         list(se = fit$pi.se))
  out <- c(out, list(digits = digits, method = object$method, transf = transformed, pred.type = "location"),
           if (!is.nan(pi$ddf[1L])) list(ddf = pi$ddf), list(pi.dist = pi$dist), if (!is.null(t)) list(pi.ddf = t),
           if (!all(is.na(fit$pi.se))) list(pi.se = fit$pi.se))
  attr(out, "level") <- pi$level
  attr(out, "measure") <- object$measure
  attr(out, "ni") <- object$ni
  if (transformed) attr(out, "label") <- axis_label(object$measure, transform$fun)
  class(out) <- c("metaparity_predict", "metaparity_list", "predict.rma", "list.rma")
  out
}

transform_prediction <- function(out, transf) {
  for (name in setdiff(names(out), "se")) out[[name]] <- transf(as.numeric(out[[name]]))
  out$se <- rep(NA_real_, length(out$pred))
  for (ends in list(c("ci.lb", "ci.ub"), c("pi.lb", "pi.ub"))) {
    if (is.null(out[[ends[1L]]])) next
    lower <- pmin(out[[ends[1L]]], out[[ends[2L]]])
    out[[ends[2L]]] <- pmax(out[[ends[1L]]], out[[ends[2L]]])
    out[[ends[1L]]] <- lower
  }
  out
}

#' @export
print.metaparity_predict <- function(x, digits = x$digits, ...) {
  cat_lines(format_interval_table(prediction_table(x), expand_digits(digits)))
  x$X <- NULL
  invisible(as.data.frame(x))
}

#' @export
as.data.frame.metaparity_predict <- function(x, ...) as.data.frame(prediction_table(x))

prediction_table <- function(x) {
  columns <- unclass(list_columns(x))
  columns[c("cr.lb", "cr.ub")] <- NULL
  if (!is.null(x$Z)) colnames(columns$Z) <- make.names(paste0("Z.", colnames(x$Z)), unique = TRUE)
  if (!is.null(x$X) && ncol(x$X) > 1L) colnames(columns$X) <- make.names(paste0("X.", colnames(x$X)), unique = TRUE)
  numbers <- all(vapply(columns, is.numeric, NA))
  out <- if (numbers) do.call(cbind, columns) else data.frame(columns, check.names = FALSE, stringsAsFactors = FALSE)
  rownames(out) <- if (numbers || length(x$slab) == nrow(out) && !anyDuplicated(x$slab)) x$slab
  out
}

# predict() of location-scale models: the amount of heterogeneity for the prediction intervals, and the scale part
# itself.
# Source: Viechtbauer & Lopez-Lopez (2022). Oracle: metafor.

# tau2 and Z for the rows of a prediction; without `newscale` those of the studies, NA at new values of moderators.
scale_rows <- function(object, rows, newscale, of_studies, call) {
  if (is.null(newscale)) {
    n <- nrow(rows$X)
    if (of_studies && n == 1L && !object$Z.int.only) {
      rows$X <- rows$X[rep(1L, object$k), , drop = FALSE]
      rows$slab <- used_slab(object)
    }
    rows$Z <- if (of_studies && nrow(rows$X) == object$k) object$Z
    rows$tau2 <- if (of_studies && length(object$tau2) == nrow(rows$X)) object$tau2 else
      if (of_studies && object$Z.int.only) rep(object$tau2[1L], nrow(rows$X)) else rep(NA_real_, nrow(rows$X))
    return(rows)
  }
  Z <- scale_points(object, newscale, call)
  n <- max(nrow(Z), nrow(rows$X))
  if (!all(c(nrow(Z), nrow(rows$X)) %in% c(1L, n)))
    abort_input("newscale", sprintf("must have one row, or as many as `newmods`, %d", nrow(rows$X)), call)
  rows$X <- rows$X[rep_len(seq_len(nrow(rows$X)), n), , drop = FALSE]
  rows$Z <- Z[rep_len(seq_len(nrow(Z)), n), , drop = FALSE]
  if (length(rows$slab) != n) rows$slab <- seq_len(n)
  eta <- call_core(cpp_fitted(rows$Z, as.numeric(object$alpha)))
  rows$tau2 <- if (object$link == "log") exp(eta) else pmax(eta, 0)
  rows
}

scale_points <- function(object, newscale, call) {
  part <- scale_object(object)
  tryCatch(prediction_points(part, newscale, NULL), metaparity_error_input = function(e) {
    e$arg <- "newscale"
    e$message <- sub("`newmods`", "`newscale`", e$message, fixed = TRUE)
    stop(e)
  })
}

# The scale part as a fit without heterogeneity of its own.
scale_object <- function(object) {
  structure(list(beta = object$alpha, vb = object$va, int.only = object$Z.int.only, int.incl = object$Z.int.incl,
                 X = object$Z, test = object$test, ddf = object$ddf.alpha, tau2 = 0, method = "FE", k = object$k,
                 p = object$q, parms = object$q, level = object$level, digits = object$digits, measure = "GEN",
                 not.na = rep(TRUE, object$k), slab = used_slab(object)), class = "metaparity")
}

# The call to predict() again, on the scale part.
predict_scale <- function(object, newscale, call, env) {
  if (!inherits(object, "metaparity_ls")) abort_input("newscale", "is for location-scale models", call)
  further <- intersect(names(call), c("level", "digits", "transf", "targs", "vcov", "adjust", "intercept"))
  args <- lapply(stats::setNames(nm = further), function(arg) eval(call[[arg]], env))
  if (object$Z.int.only) abort_input("newscale", "cannot be used: the scale part has no predictors", call)
  out <- do.call(predict.metaparity, c(list(scale_object(object), newmods = newscale), args), quote = TRUE)
  if (is.null(out$pred.type)) out$pred$pred.type <- "scale" else out$pred.type <- "scale"
  out
}

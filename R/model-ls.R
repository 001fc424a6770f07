# rma(scale =): location-scale models. The scale part of the input, and one call of the core. Source: Viechtbauer &
# Lopez-Lopez (2022). Oracle: metafor.

# The design of the scale part: a formula, or values that enter as they are.
scale_design <- function(mc, data, env, k) {
  scale <- mc$scale
  if (is.call(scale) && identical(scale[[1L]], quote(`~`)) && length(scale) == 2L) {
    # Columns of numbers raise no condition.
    X <- numeric_terms(scale[[2L]], data)
    if (!is.null(X) && nrow(X) == k && !"." %in% colnames(X)) return(scale_parts(intercept_first(X), eval(scale, env)))
  }
  scale <- as_scale(resolve_mods(scale, data, env, mc))
  if (is.null(scale)) abort_input("scale", "must be a formula, a vector or a matrix", mc)
  if (inherits(scale, "formula")) scale <- expand_dot(scale, mc, data, scale)
  scale_parts(as_scale(design_matrix(scale, data, k, FALSE, env, mc)), scale)
}

scale_parts <- function(design, scale) {
  list(Z = design$X, Z.int.incl = design$int.incl, Z.int.only = design$int.only,
       formula.scale = if (inherits(scale, "formula")) scale)
}

# What is said of `mods` is said of `scale` here.
as_scale <- function(expr) {
  rename <- function(condition) {
    condition$arg <- "scale"
    condition$message <- sub("`mods`", "`scale`", condition$message, fixed = TRUE)
    condition
  }
  withCallingHandlers(tryCatch(expr, metaparity_error_input = function(e) stop(rename(e)),
                               metaparity_error_studies = function(e) stop(rename(e))),
                      metaparity_warning_input = function(w) {
                        if (identical(w$arg, "scale")) return()
                        warning(rename(w))
                        invokeRestart("muffleWarning")
                      })
}

# more: the further arguments of the call, scale_arguments; options: those of rma().
fit_location_scale <- function(input, spec, options, more, att, call) {
  if (!spec$method %in% c("ML", "REML"))
    abort_input("method", sprintf("must be \"ML\" or \"REML\" with `scale`, not \"%s\"", spec$method), call)
  if (!is.na(spec$tau2)) abort_input("tau2", "cannot be given with `scale`, which models it", call)
  if (!is.null(input$weights) || !spec$weighted) abort_input("weights", "cannot be given with `scale`", call)
  if (!is.null(input[["group"]])) abort_input("by", "cannot be given with `scale`", call)
  used <- used_rows(input, call)
  used$Z <- if (all(input$not.na)) input$Z else input$Z[input$not.na, , drop = FALSE]
  rows <- input$ids[input$not.na]
  design <- drop_collinear(used$X, rows, call)
  scale <- drop_collinear(used$Z, rows, call, "scale")
  used$X <- design$X
  used$Z <- scale$X
  if (any(design$coef.na)) input$X <- input$X[, !design$coef.na, drop = FALSE]
  if (any(scale$coef.na)) input$Z <- input$Z[, !scale$coef.na, drop = FALSE]
  used$coef.na <- design$coef.na
  names(used$coef.na) <- paste0("X", names(design$coef.na))
  used$coef.na.Z <- scale$coef.na
  names(used$coef.na.Z) <- paste0("Z", names(scale$coef.na))
  k <- length(used$yi)
  if (k <= ncol(used$X) || k <= ncol(used$Z))
    abort_input("scale", sprintf("and `mods` give %d and %d coefficients for %d studies: too many", ncol(used$Z),
                                 ncol(used$X), k), call)
  spec <- scale_spec(spec, used, options, more, att, input$Z.int.incl, call)
  found <- core_result(cpp_location_scale(used, spec), call, rows)
  out <- new_ls(input, used, spec, options, found, call)
  warn_scale(out, found, call)
  out
}

scale_links <- c("log", "identity")

scale_spec <- function(spec, used, options, more, att, int.incl, call) {
  q <- ncol(used$Z)
  names <- colnames(used$Z)
  spec$link <- if (is.null(more$link)) "log" else abbreviated(more$link, scale_links, "link", call)
  spec$restricted <- spec$method == "REML"
  spec$reml_design <- is.null(spec$bounds) || spec$bounds[[3L]] == 1
  alpha <- if (is.null(more$alpha)) rep(NA_real_, q) else check_numeric_vector(more$alpha, "alpha", call)
  if (length(alpha) != q) abort_input("alpha", sprintf("must have %d values, not %d", q, length(alpha)), call)
  spec$alpha <- if (all(is.na(alpha))) numeric() else alpha
  start <- options$control$alpha.init
  spec[c("joint", "beta")] <- located(more, used, call)
  spec$alpha.init <- if (is.null(start)) numeric() else check_numeric_vector(start, "control$alpha.init", call)
  if (!length(spec$alpha.init) %in% c(0L, q))
    abort_input("control$alpha.init", sprintf("must have %d values, not %d", q, length(spec$alpha.init)), call)
  spec$test <- if (spec$test == "hksj") "knha" else spec$test
  p <- ncol(used$X)
  spec$btt <- if (is.null(options$btt)) default_btt(p, spec$int.incl) else resolve_btt(options$btt, colnames(used$X),
                                                                                       call)
  spec$att <- if (is.null(att)) default_btt(q, int.incl) else resolve_att(att, names, call)
  spec
}

# `optbeta`: the coefficients count among the parameters of the likelihood, and `beta` may hold some at values.
located <- function(more, used, call) {
  joint <- !is.null(more$optbeta) && check_flag(more$optbeta, "optbeta", call)
  if (!joint && !is.null(more$beta)) warn_input("beta", "is not used: it needs `optbeta = TRUE`", call)
  beta <- if (joint && !is.null(more$beta)) given_coefficients(more$beta, used, list(), call)
  list(joint = joint, beta = beta %||% numeric())
}

resolve_att <- function(att, names, call, fixed = NULL) {
  tryCatch(resolve_btt(att, names, call, fixed), metaparity_error_input = function(e) {
    e$arg <- "att"
    e$message <- sub("`btt`", "`att`", e$message, fixed = TRUE)
    stop(e)
  })
}

warn_scale <- function(x, found, call) {
  names <- rownames(x$alpha)
  if (found$separated) {
    gone <- !is.finite(x$alpha)
    none <- used_slab(x)[x$tau2 == 0]
    warn_fit("separation", sprintf(
      "There is no heterogeneity among %d studies, and no finite estimate of the scale coefficients %s", length(none),
      paste(names[gone], collapse = ", ")), call, parameter = names[gone], rows = which(x$not.na)[x$tau2 == 0])
  }
  if (found$bounded) {
    warn_fit("boundary", "The scale part lies at the bound where tau2 is 0: its coefficients have no standard errors",
             call, parameter = names, value = as.numeric(x$alpha))
  }
  if (found$singular) {
    warn_fit("not_identified", "The information of the scale coefficients is singular: there are no standard errors",
             call)
  }
  if (length(found$maxima) > 1L) warn_multimodal(found$maxima[1L], found$maxima[2L], call, maxima = found$maxima)
}

# ---- the fitted object ----

new_ls <- function(input, used, spec, options, found, call) {
  k <- length(used$yi)
  names <- colnames(used$X)
  z_names <- colnames(used$Z)
  matrix_of <- function(v, labels) matrix(v, length(labels), dimnames = list(labels, if (is.matrix(v)) labels))
  p <- length(names)
  q <- length(z_names)
  given <- if (length(spec$alpha)) !is.na(spec$alpha) else rep(FALSE, q)
  df <- function(n) if (spec$test == "z") NA_integer_ else k - n
  out <- list(b = matrix_of(found$beta, names), beta = matrix_of(found$beta, names))
  out[c("se", "zval", "pval", "ci.lb", "ci.ub")] <- found$location[c("se", "zval", "pval", "ci.lb", "ci.ub")]
  stats <- fit_stats_table(found$ML, found$REML)
  own <- list(vb = matrix_of(found$vb, names), tau2 = found$tau2, se.tau2 = NA_real_, tau2.fix = FALSE,
              tau2.f = found$tau2, I2 = 100 * found$tau2 / (found$vt + found$tau2), H2 = found$tau2 / found$vt + 1,
              R2 = NULL, vt = found$vt, QE = found$QE$stat, QEp = found$QE$pval, QM = found$location$Q,
              QMdf = c(length(spec$btt), df(p)), QMp = found$location$Qp, k = k, k.f = length(input$yi), k.eff = k,
              k.all = if (is.null(input$subset)) length(input$yi) else length(input$subset), p = p, p.eff = p,
              parms = p - sum(!is.na(spec$beta)) + sum(!given), int.only = input$int.only, int.incl = input$int.incl,
              intercept = input$int.incl, allvipos = all(used$vi > 0), coef.na = used$coef.na, yi = used$yi,
              vi = used$vi, X = used$X, weights = NULL, yi.f = input$yi, vi.f = input$vi, X.f = input$X,
              weights.f = NULL, ni = used$ni, ni.f = input$ni, ids = input$ids, not.na = input$not.na,
              subset = input$subset, slab = input$slab, slab.null = input$slab.null, measure = input$measure,
              method = spec$method, model = "rma.ls", weighted = TRUE, test = spec$test, dfs = df(p), ddf = df(p),
              s2w = found$s2w, btt = spec$btt, m = length(spec$btt),
              digits = expand_digits(options$digits, call = call), level = 1 - spec$level, control = options$control,
              verbose = options$verbose, add = options$add, to = options$to, drop00 = options$drop00,
              fit.stats = stats, data = input$data, formula.yi = input$formula.yi, formula.mods = input$formula.mods,
              version = constant_fields$version, call = call)
  attributes(own$yi) <- list(measure = input$measure, ni = used$ni)
  out <- c(out, own, scale_fields(input, used, spec, found, given, matrix_of, df(q)))
  if (spec$joint) out$beta.fix <- if (length(spec$beta)) !is.na(spec$beta) else rep(FALSE, p)
  class(out) <- c("metaparity_ls", "metaparity", "rma.ls", "rma.uni", "rma")
  out
}

scale_fields <- function(input, used, spec, found, given, matrix_of, df) {
  names <- colnames(used$Z)
  q <- length(names)
  tests <- found$scale
  list(alpha = matrix_of(found$alpha, names), va = matrix_of(found$va, names), se.alpha = tests$se,
       zval.alpha = tests$zval, pval.alpha = tests$pval, ci.lb.alpha = tests$ci.lb, ci.ub.alpha = tests$ci.ub,
       alpha.fix = given, optbeta = spec$joint, randhet = FALSE, q = q, alphas = q, link = spec$link, Z = used$Z,
       Z.f = input$Z, att = spec$att, m.alpha = length(spec$att), ddf.alpha = df, QS = tests$Q,
       QSdf = c(length(spec$att), df), QSp = tests$Qp, formula.scale = input$formula.scale,
       Z.int.incl = input$Z.int.incl, Z.intercept = input$Z.int.incl, Z.int.only = input$Z.int.only,
       coef.na.Z = used$coef.na.Z, H = matrix_of(found$H, names), ll = found$ll, maxima = found$maxima, spec = spec,
       input = input, dropped = input$dropped)
}

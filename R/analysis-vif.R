# vif(): variance inflation factors of coefficients and of sets of them.
# Sources: Fox & Monette (1992); Horn (1965) for the simulation. Oracle: metafor::vif.

#' Variance inflation factors
#'
#' How much the variances of coefficients grow because moderators are related to each other.
#'
#' @param x a fit of [rma()] with moderators; for the methods, a result of `vif()`.
#' @param btt coefficients taken together, as in [anova()][anova.metaparity]; a list for several sets.
#' @param att for location-scale models, as `btt`: coefficients of the scale part taken together. If both parts have
#'   moderators, the result is a list of two, `beta` and `alpha`.
#' @param table whether to add the factors to the table of coefficients; without `btt` alone.
#' @param reestimate whether the model is fitted again with the intercept and the coefficients in question alone, so
#'   that tau2 may change; by default tau2 stays.
#' @param sim whether to simulate the factors under independence of the moderators: `TRUE` for 1000 data sets, or their
#'   number.
#' @param progbar show a progress bar? It appears when the work takes longer than a second.
#' @param seed a seed for R's generator.
#' @param parallel,ncpus,cl accepted for compatibility; the fits take microseconds.
#' @param digits number of decimals printed.
#' @param ... `intercept = TRUE` gives a factor to the intercept too, and to each coefficient that of its column as it
#'   is
#'   instead of centred; `fixed`, whether a text as `btt` is taken as it is, not as a regular expression.
#' @return An object of class `c("metaparity_vif", "vif.rma")`: `vif`, a list with a data frame per coefficient or set
#'   (`spec`, `coefs`, `coefname`, `m`, `vif`, `sif`, the latter vif^(1/(2m))), `vifs`, a named vector, `bttspec`,
#'   `digits`; with `table` also `table` and `test`; with `sim` also `sim`, a matrix of simulated values, and `prop`,
#'   the share of them below the observed one.
#' @details In a simulation the columns of `data` are shuffled one by one and the formula evaluated anew; moderators
#'   given as a matrix are shuffled by column. Redundant columns give `Inf`, fits that do not exist `NA`.
#'   The permutations are R's for the seed, but not metafor's. Errors of class `metaparity_error_input`: no
#'   moderators, unknown coefficients.
#' @section Formula: With R the correlation matrix of the coefficients without the intercept, det(R11) det(R22) / det(R)
#'   for the set 1 and the others 2.
#' @section In other software: Stata: `estat vif`; \pkg{metafor}: `vif()`; \pkg{car}: `vif()`.
#' @references Fox J, Monette G (1992). Generalized collinearity diagnostics. *Journal of the American Statistical
#'   Association*, 87, 178-183.
#' @examples
#' d <- data.frame(est = c(-0.9, -1.6, -1.3, -1.4, -0.2, 0.1),
#'                 v = c(0.33, 0.19, 0.41, 0.02, 0.05, 0.04),
#'                 year = 1:6, dose = c(2, 1, 4, 3, 7, 5))
#' fit <- rma(est, v, mods = ~ year + dose, data = d)
#' vif(fit)
#' vif(fit, sim = 20, seed = 1)
#' @name vif
#' @export
vif <- function(x, ...) {
  if (is_foreign(x, "vif")) return(foreign_generic("vif", x)(x, ...))
  UseMethod("vif")
}

#' @rdname vif
#' @exportS3Method vif metaparity
#' @exportS3Method metafor::vif metaparity
vif.metaparity <- function(x, btt, att, table = FALSE, reestimate = FALSE, sim = FALSE, progbar = TRUE, seed = NULL,
                           parallel = "no", ncpus = 1, cl, digits, ...) {
  call <- match.call()
  dots <- named_dots(vif_dots, call, ...)
  if (!missing(att)) abort_input("att", "is for location-scale models, fits of rma() with `scale`", call)
  if (isTRUE(x$int.only)) abort_input("x", "must be a model with moderators", call)
  reestimate <- check_flag(reestimate, "reestimate", call)
  # The factors of all coefficients, the intercept too, are those of uncentred columns.
  if (!is.null(dots$intercept) && check_flag(dots$intercept, "intercept", call)) x$int.incl <- FALSE
  sets <- vif_sets(x, if (missing(btt)) NULL else btt, call, fixed = dots$fixed)
  value <- vif_values(x, sets$columns, reestimate)
  frames <- vif_frames(x, sets, value)
  out <- list(vif = frames, vifs = stats::setNames(value, names(frames)))
  if (check_flag(table, "table", call) && !sets$given)
    out <- c(out, list(table = coef.summary.metaparity(x), test = x$test))
  out <- c(out, list(bttspec = sets$given, digits = merge_digits(x, digits)))
  n <- if (isTRUE(sim)) 1000 else if (isFALSE(sim)) 0 else check_number(sim, "sim", 1, 1e7, call)
  if (n > 0) out <- c(out, simulate_vif(x, sets$columns, value, n, reestimate, seed,
                                        check_flag(progbar, "progbar", call), call))
  structure(out, class = c("metaparity_vif", "vif.rma"))
}

# Of a location-scale model: of the part that has moderators, or a list of both.
#' @rdname vif
#' @exportS3Method vif metaparity_ls
#' @exportS3Method metafor::vif metaparity_ls
vif.metaparity_ls <- function(x, btt, att, table = FALSE, reestimate = FALSE, sim = FALSE, progbar = TRUE, seed = NULL,
                              parallel = "no", ncpus = 1, cl, digits, ...) {
  call <- match.call()
  dots <- named_dots(vif_dots, call, ...)
  if (!is.null(dots$intercept) && check_flag(dots$intercept, "intercept", call)) x$int.incl <- x$Z.int.incl <- FALSE
  for (name in c("reestimate", "sim"))
    if (!isFALSE(get(name))) abort_capability(name, "is not available for location-scale models", call)
  if (x$int.only && x$Z.int.only) abort_input("x", "must be a model with moderators", call)
  digits <- merge_digits(x, digits)
  table <- check_flag(table, "table", call)
  part <- function(fit, given, set, resolve) {
    sets <- vif_sets(fit, set, call, resolve, dots$fixed)
    value <- vif_values(fit, sets$columns, FALSE)
    frames <- vif_frames(fit, sets, value)
    out <- list(vif = frames, vifs = stats::setNames(value, names(frames)))
    if (table && !sets$given) out <- c(out, list(table = coef_table(fit), test = fit$test))
    out[[given]] <- sets$given
    structure(c(out, list(digits = digits)), class = c("metaparity_vif", "vif.rma"))
  }
  beta <- if (!x$int.only) part(unclass(x), "bttspec", if (!missing(btt)) btt, resolve_btt)
  alpha <- if (!x$Z.int.only) part(scale_part(x), "attspec", if (!missing(att)) att, resolve_att)
  if (is.null(beta)) return(alpha)
  if (is.null(alpha)) return(beta)
  structure(list(beta = beta, alpha = alpha), class = c("metaparity_vif_parts", "metaparity_vif", "vif.rma"))
}

# `joinb` and `joina` arrange metafor's figure.
vif_dots <- c("intercept", "fixed", "joinb", "joina")

# spec: what the user wrote; columns: the numbers of the coefficients.
vif_sets <- function(x, btt, call, resolve = resolve_btt, fixed = NULL) {
  names <- rownames(x$beta)
  if (is.null(btt)) {
    columns <- as.list(setdiff(seq_along(names), if (x$int.incl) 1L))
    return(list(spec = as.character(unlist(columns)), columns = columns, given = FALSE,
                labels = names[unlist(columns)]))
  }
  btt <- if (is.list(btt)) btt else list(btt)
  if (!length(btt)) abort_input("btt", "must name at least one coefficient", call)
  columns <- lapply(btt, resolve, names = names, call = call, fixed = fixed)
  runs <- vapply(columns, format_runs, "")
  spec <- ifelse(vapply(btt, is.character, NA), vapply(btt, function(b) as.character(b)[1L], ""), runs)
  list(spec = spec, columns = columns, given = TRUE, labels = runs)
}

vif_given <- function(x) isTRUE(x$bttspec) || isTRUE(x$attspec)

vif_frames <- function(x, sets, value) {
  out <- lapply(seq_along(sets$columns), function(i) {
    set <- sets$columns[[i]]
    m <- length(set)
    data.frame(spec = sets$spec[i], coefs = format_runs(set), coefname = if (m == 1L) rownames(x$beta)[set] else "",
               m = m, vif = value[i], sif = value[i]^(1 / (2 * m)))
  })
  stats::setNames(out, sets$labels)
}

# NA where a fit does not exist.
vif_values <- function(x, columns, reestimate) {
  vb <- unclassed_matrix(x$vb)
  if (reestimate) {
    return(vapply(columns, function(set) {
      alone <- refit_columns(x, sort(unique(c(if (x$int.incl) 1L, set))))
      if (is.null(alone)) return(NA_real_)
      det(vb[set, set, drop = FALSE]) / det(alone$vb[set_position(x, set), set_position(x, set), drop = FALSE])
    }, 0))
  }
  call_core(cpp_vif(vb, x$int.incl, columns))
}

set_position <- function(x, set) match(set, sort(unique(c(if (x$int.incl) 1L, set))))

# The model with some of its columns, NULL when it cannot be fitted.
refit_columns <- function(x, columns) {
  used <- list(yi = as.numeric(x$yi), vi = x$vi, X = x$X[, columns, drop = FALSE], weights = x$weights, ni = x$ni,
               coef.na = x$coef.na)
  x$spec$btt <- integer()
  tryCatch(fit_used(x$input, used, x$spec, list(), x$call), metaparity_error = function(e) NULL)
}

# The table of coefficients with the factors beside; the intercept has none.
vif_table <- function(x) {
  at <- match(rownames(x$table), names(x$vif))
  pick <- function(name) vapply(x$vif, `[[`, 0, name, USE.NAMES = FALSE)[at]
  data.frame(x$table, vif = pick("vif"), sif = pick("sif"))
}

simulate_vif <- function(x, columns, observed, n, reestimate, seed, progbar, call) {
  if (any(x$coef.na)) abort_input("sim", "cannot be used: redundant moderators were dropped from the model", call)
  use_seed(seed, call)
  from_data <- !is.null(x$formula.mods) && is.data.frame(x$data)
  draw <- if (from_data) function() shuffled_design(x) else function() apply(x$X, 2L, sample)
  sim <- do.call(cbind, lapply_progress(seq_len(n), function(i) shuffled_vif(x, draw(), columns, reestimate), progbar))
  sim <- matrix(t(sim), n, dimnames = list(seq_len(n), seq_along(columns)))
  attr(sim, "type") <- if (from_data) "data" else "X"
  prop <- vapply(seq_along(columns), function(j) mean(sim[, j] < observed[j], na.rm = TRUE), 0)
  list(sim = sim, prop = stats::setNames(prop, seq_along(columns)))
}

# The design of the data with every column shuffled by itself; rows that the fit used.
shuffled_design <- function(x) {
  data <- frame_alone(x$data)
  rows <- if (is.null(x$subset)) seq_len(nrow(data)) else x$subset
  data <- data[rows, , drop = FALSE][x$not.na, , drop = FALSE]
  for (name in intersect(names(data), all.vars(x$formula.mods))) data[[name]] <- sample(data[[name]])
  design <- design_matrix(x$formula.mods, data, nrow(data), TRUE, environment(x$formula.mods), NULL)
  unname(design$X)
}

shuffled_vif <- function(x, X, columns, reestimate) {
  if (ncol(X) != x$p || length(call_core(cpp_independent_columns(X))) < x$p) return(rep(Inf, length(columns)))
  x$X[] <- X
  fit <- refit_columns(x, seq_len(x$p))
  if (is.null(fit)) rep(NA_real_, length(columns)) else {
    x$vb <- fit$vb
    vif_values(x, columns, reestimate)
  }
}


#' @rdname vif
#' @export
as.data.frame.metaparity_vif <- function(x, ...) {
  out <- do.call(rbind, c(unname(x$vif), list(make.row.names = FALSE)))
  if (!is.null(x$prop)) out$prop <- unname(x$prop)
  if (!vif_given(x)) rownames(out) <- names(x$vifs)
  keep <- c(if (any(out$spec != out$coefs)) "spec", "coefs", "m", "vif", "sif", if (!is.null(x$prop)) "prop")
  out[keep]
}

#' @rdname vif
#' @export
print.metaparity_vif <- function(x, digits = x$digits, ...) {
  named_dots("num", sys.call(), ...)
  cat_lines(format_vif(x, expand_digits(digits, x$digits, sys.call())))
  invisible(x)
}

#' @export
print.metaparity_vif_parts <- function(x, digits = x$beta$digits, ...) {
  named_dots("num", sys.call(), ...)
  digits <- expand_digits(digits, x$beta$digits, sys.call())
  cat_lines(c("", "Location Coefficients:", format_vif(x$beta, digits), "Scale Coefficients:",
              format_vif(x$alpha, digits)))
  invisible(x)
}

#' @export
as.data.frame.metaparity_vif_parts <- function(x, ...) {
  parts <- lapply(unclass(x), as.data.frame)
  rows <- lapply(names(parts), function(part) data.frame(part = part, name = rownames(parts[[part]]), parts[[part]]))
  do.call(rbind, rows)
}

format_vif <- function(x, digits) {
  est <- digits[["est"]]
  if (!is.null(x$table)) return(join_blocks(format_framed(vif_coefficient_text(vif_table(x), digits))))
  prop <- if (!is.null(x$prop)) format_fixed(x$prop, 2L)
  if (!vif_given(x)) {
    text <- format_fixed(x$vifs, est)
    if (is.null(prop)) return(join_blocks(format_named_row(stats::setNames(text, names(x$vifs)))))
    cells <- cbind(vif = text, prop = prop)
    rownames(cells) <- names(x$vifs)
    return(join_blocks(format_text_table(cells)))
  }
  table <- as.data.frame(x)
  if (nrow(table) == 1L) {
    set <- x$vif[[1L]]
    word <- if (set$m == 1L) c("VIF", "SIF") else c("GVIF", "GSIF")
    return(join_blocks(c(
      sprintf("Collinearity Diagnostics (coefficient%s %s):", if (set$m == 1L) "" else "s", set$coefs),
      paste0(sprintf("%s = %s, %s = %s", word[1L], format_fixed(set$vif, est), word[2L], format_fixed(set$sif, est)),
             if (!is.null(prop)) sprintf(", prop = %s", prop)))))
  }
  table[c("vif", "sif")] <- lapply(table[c("vif", "sif")], format_fixed, est)
  if (!is.null(prop)) table$prop <- prop
  join_blocks(format_framed(table))
}

vif_coefficient_text <- function(table, digits) {
  kinds <- c(estimate = "est", se = "se", zval = "test", tval = "test", ci.lb = "ci", ci.ub = "ci",
             vif = "est", sif = "est")
  out <- table
  for (name in intersect(names(kinds), names(table)))
    out[[name]] <- format_fixed(table[[name]], digits[[kinds[[name]]]])
  if (!is.null(table$df)) out$df <- as.character(round(table$df, 2))
  out$pval <- format_p_value(table$pval, digits[["pval"]])
  out
}

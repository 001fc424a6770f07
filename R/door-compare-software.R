# Owns compare_software(): one data set under each program's conventions, in one table.
# Source: the conventions table; oracle: metafor and meta run in the tests, logs of Stata.

#' One data set as each program analyses it
#'
#' Computes the effect sizes and pools them by the rules of several programs, see [conventions()].
#'
#' @param data a data frame.
#' @param ... the columns, named as in [escalc()]: `ai, bi, ci, di` or `ai, n1i, ci, n2i`;
#'   `n1i, m1i, sd1i, n2i, m2i, sd2i`; `yi, vi` or `yi, sei`. Bare names, expressions, or strings that name columns.
#' @param measure `"RR"`, `"OR"`, `"RD"`, `"PETO"`, `"MD"`, `"SMD"`, `"GEN"`. By default `"OR"` for tables, `"SMD"` for
#'   means.
#' @param model `"random"`, or `"common"`: Mantel-Haenszel for tables, inverse variance otherwise.
#' @param method estimator of tau2 for all programs; by default each program's own.
#' @param software names of conventions.
#' @param level confidence level in percent.
#' @param slab study labels.
#' @param x a result.
#' @param digits decimals printed.
#' @param row.names,optional ignored.
#' @return An object of class `metaparity_software`: `table` with one row per program: `estimate`, `se`, `ci.lb`,
#'   `ci.ub` (log scale for ratios), `tau2`, `I2` (percent), `Q`, `df`, `p`, `pi.lb`, `pi.ub`, `method`, `k`; `weights`,
#'   a matrix of percent weights, studies by programs; `fits`. Printing shows ratios as such.
#' @details Each column follows the documented behaviour of the program; `metafor` and `meta` are confirmed against the
#'   packages themselves. Errors: `metaparity_error_input`, `metaparity_error_studies`.
#' @section In other software: none has it; each column is what that program prints.
#' @references The sources of the conventions are named in [conventions()].
#' @examples
#' trials <- data.frame(e1 = c(4, 6, 0), n1 = c(123, 306, 231),
#'                      e2 = c(11, 29, 11), n2 = c(139, 303, 220))
#' compare_software(trials, ai = e1, n1i = n1, ci = e2, n2i = n2, measure = "RR")
#' @export
compare_software <- function(data, ..., measure = NULL, model = c("random", "common"), method = NULL,
                             software = names(convention_table), level = 95, slab = NULL) {
  check_given(data)
  mc <- match.call(expand.dots = FALSE)
  call <- match.call()
  s <- compared_studies(mc, data, parent.frame(), measure, model, method, level, call)
  if (!is.character(software) || !length(software)) abort_input("software", "must name conventions", call)
  fits <- lapply(stats::setNames(nm = unique(software)), function(name) convention_fit(s, convention_spec(name, call)))
  table <- do.call(rbind, lapply(fits, `[[`, "row"))
  weights <- vapply(fits, `[[`, numeric(s$k), "weight")
  dim(weights) <- c(s$k, length(fits))
  dimnames(weights) <- list(s$slab, names(fits))
  structure(list(table = table, weights = weights, fits = lapply(fits, `[[`, "fit"), measure = s$measure,
                 model = s$model,
                 level = level, call = call), class = "metaparity_software")
}

# The studies and the choices common to all programs.
compared_studies <- function(mc, data, env, measure, model, method, level, call) {
  data <- resolve_data(data, call)
  dots <- as.list(mc$...)
  if (!length(dots) || is.null(names(dots)) || !all(names(dots) %in% column_args)) {
    bad <- setdiff(names(dots), column_args)
    abort_input(if (length(bad) && nzchar(bad[1L])) bad[1L] else "...", "must be columns named as in escalc()", call)
  }
  columns <- lapply(stats::setNames(nm = names(dots)), function(n) stata_column(dots[[n]], data, env, n, call))
  columns <- check_columns(columns, call)
  k <- length(columns[[1L]])
  if (is.null(measure)) measure <- if (!is.null(columns$ai)) "OR" else if (!is.null(columns$m1i)) "SMD" else "GEN"
  check_choice(measure, c("RR", "OR", "RD", "PETO", "MD", "SMD", "GEN"), "measure", call)
  if (!is.null(method)) method <- check_method(method, call)
  list(columns = columns, measure = measure, k = k, method = method, level = check_level(level, "level", call),
       model = check_choice(if (is.character(model)) model[1L] else model, c("random", "common"), "model", call),
       slab = check_slab(resolve_column(mc$slab, data, env, "slab", call), k, call) %||% as.character(seq_len(k)))
}

# One analysis by the rules given, a list of the conventions table.
convention_fit <- function(s, rules) {
  effects <- quiet_drops(effect_sizes(s$measure, s$columns, effect_spec(s$measure, rules)))
  yi <- as.numeric(effects$yi)
  vi <- as.numeric(effects$vi)
  use <- which(is.finite(yi) & is.finite(vi) & vi > 0)
  if (!length(use)) abort_input("data", sprintf("holds no study that %s can use", rules$software))
  tables <- s$measure %in% c("RR", "OR", "RD")
  p <- if (s$model == "common" && s$measure == "PETO") convention_peto(s, rules) else
    if (s$model == "common" && tables) convention_mh(s, rules) else
      convention_iv(s, rules, yi[use], vi[use], if (tables) use)
  method <- p$method
  p <- finish_convention(p, s, rules, yi[use], vi[use])
  weight <- rep(0, s$k)
  weight[use] <- if (length(p$weight) == length(use)) p$weight else p$weight[use]
  weight[is.na(weight)] <- 0
  row <- data.frame(estimate = p$est, se = p$se, ci.lb = p$lo, ci.ub = p$hi, tau2 = p$tau2, I2 = p$I2,
                    Q = p$Q, df = p$df,
                    p = p$p, pi.lb = p$pi[1L], pi.ub = p$pi[2L], method = method, k = p$df + 1,
                    stringsAsFactors = FALSE)
  list(row = row, weight = 100 * weight / sum(weight), fit = p$fit)
}

convention_iv <- function(s, rules, yi, vi, tables) {
  method <- if (s$model == "common") "EE" else if (is.null(s$method)) rules$method else s$method
  centre <- NA_real_
  if (s$model == "random" && method == "DL" && rules$dl_q == "Mantel-Haenszel" && !is.null(tables)) {
    centre <- convention_mh(s, rules)$est
  }
  fit <- fit_estimates(yi, vi, method, s$level, centre = centre)
  list(est = as.numeric(fit$beta)[1L], se = fit$se[1L], tau2 = fit$tau2, tau2_I2 = fit$I2, fit = fit, method = method,
       Q = fit$QE, weight = 1 / (vi + fit$tau2))
}

# The pooled risk difference may be the mean of uncorrected differences under weights of corrected cells.
convention_mh <- function(s, rules) {
  columns <- s$columns[intersect(names(s$columns), c("ai", "bi", "ci", "di", "n1i", "n2i"))]
  fit <- quiet_drops(do.call(rma.mh, c(columns, list(measure = s$measure, convention = rules))))
  weight <- as.numeric(of_used(stats::weights(fit)))
  est <- as.numeric(fit$beta)[1L]
  if (s$measure == "RD" && grepl("^mean", rules$mh_rd_point)) {
    n1 <- fit$outdat$ai + fit$outdat$bi
    n2 <- fit$outdat$ci + fit$outdat$di
    weight <- n1 * n2 / (n1 + n2)
    est <- stats::weighted.mean(as.numeric(fit$yi), weight)
  }
  list(est = est, se = fit$se[1L], tau2 = 0, tau2_I2 = fit$I2, fit = fit, method = "MH", Q = fit$QE, weight = weight,
       df = fit$k.yi - 1)
}

convention_peto <- function(s, rules) {
  columns <- s$columns[intersect(names(s$columns), c("ai", "bi", "ci", "di", "n1i", "n2i"))]
  fit <- quiet_drops(do.call(rma.peto, c(columns, list(convention = rules))))
  list(est = as.numeric(fit$beta)[1L], se = fit$se[1L], tau2 = 0, tau2_I2 = fit$I2, fit = fit, method = "Peto",
       Q = fit$QE, df = fit$k.yi - 1,
       weight = as.numeric(of_used(stats::weights(fit))))
}

# Interval, I2 on the convention's base, test of Q, prediction interval.
finish_convention <- function(p, s, rules, yi, vi) {
  if (is.null(p$df)) p$df <- length(yi) - 1
  p$p <- if (p$df > 0) upper_p(p$Q, p$df) else NA_real_
  from_q <- i2_from_q(p$Q, p$df)
  p$I2 <- if (rules$i2 == "tau2" && s$model == "random") p$tau2_I2 else from_q
  half <- critical_value(s$level) * p$se
  p$lo <- p$est - half
  p$hi <- p$est + half
  df <- c(model = NaN, "k-2" = p$df - 1, "k-1" = p$df)[rules$predict_df]
  random <- s$model == "random" && !is.na(df) | identical(rules$predict_df, "model") && s$model == "random"
  p$pi <- if (random && !(is.finite(df) && df < 1)) p$est + c(-1, 1) * critical_value(s$level, unname(df)) *
    sqrt(p$tau2 + p$se^2) else c(NA_real_, NA_real_)
  p
}

#' @rdname compare_software
#' @export
as.data.frame.metaparity_software <- function(x, row.names = NULL, optional = FALSE, ...) {
  cbind(software = rownames(x$table), x$table, stringsAsFactors = FALSE)
}

#' @rdname compare_software
#' @export
print.metaparity_software <- function(x, digits = 4, ...) {
  cat(format_software(x, digits), sep = "\n")
  invisible(x)
}

format_software <- function(x, digits) {
  t <- x$table
  ratio <- identical(measure_table[[x$measure]]$back, "exp")
  show <- if (ratio) exp else identity
  num <- function(v, d = digits) ifelse(is.na(v), "", formatC(v, digits = d, format = "f"))
  between <- function(lo, hi) ifelse(is.na(lo), "", paste0("[", num(lo), ", ", num(hi), "]"))
  rows <- list(Method = t$method, Estimate = num(show(t$estimate)),
               "Interval, lower" = num(show(t$ci.lb)), "Interval, upper" = num(show(t$ci.ub)), tau2 = num(t$tau2),
               "I2 (%)" = num(t$I2, 2), Q = num(t$Q), "df of Q" = num(t$df, 0), "p of Q" = num(t$p),
               "Prediction, lower" = num(show(t$pi.lb)), "Prediction, upper" = num(show(t$pi.ub)))
  weights <- apply(x$weights, 2L, num, d = 2)
  dim(weights) <- dim(x$weights)
  rows <- rbind(do.call(rbind, rows), weights)
  rownames(rows)[-seq_len(11L)] <- paste(translate("Weight (%)"), rownames(x$weights))
  rownames(rows)[seq_len(11L)] <- translate(rownames(rows)[seq_len(11L)])
  head <- c("", rownames(t))
  cells <- rbind(head, cbind(rownames(rows), rows))
  wide <- apply(cells, 2L, function(column) max(display_width(column)))
  line <- vapply(seq_len(nrow(cells)), function(i) {
    paste(c(justify(cells[i, 1L], wide[1L], left = TRUE), justify(cells[i, -1L], wide[-1L])), collapse = "  ")
  }, "")
  title <- translatef("%s, %s, %s%% interval", if (ratio) measure_table[[x$measure]]$natural_label else
    measure_table[[x$measure]]$label, if (x$model == "random") "random effects" else "common effect", format(x$level))
  c(title, "", line[1L], strrep("-", display_width(line[1L])), line[-1L])
}

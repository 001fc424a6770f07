# metaan(): one random-effects model at a time with its heterogeneity measures, as Stata's command prints them.
# Source: Kontopantelis & Reeves (2010) Stata J 10:395-407; Higgins & Thompson (2002). Oracle: verified logs.

#' Meta-analysis by a named estimator as Stata's metaan
#'
#' @param ... `theta, se` (or with `varc = TRUE` `theta, variance`); with `peo` the cells of 2x2 tables: events and
#'   non-events, treated then control. Bare names or expressions, found in `data`.
#' @inheritParams metan
#' @param fe,dl,bdl,ml,reml,pl,pe,sa,peo,prp the model, exactly one: fixed effect, DerSimonian-Laird, bootstrapped
#'   DerSimonian-Laird, maximum likelihood, restricted maximum likelihood, profile likelihood (the estimates of maximum
#'   likelihood with likelihood intervals), permutations, sensitivity analysis at a given I-squared, Peto's odds ratio,
#'   proportions (`events, total`: Freeman-Tukey's transform, DerSimonian-Laird).
#' @param grpby a variable of groups, each analysed on its own before the whole (`groups` of the result).
#' @param varc the second variable is a variance.
#' @param exp show exponents.
#' @param label study labels, as in [metan()].
#' @param reps number of resamples (`bdl`) or of sign patterns (`pe`; all patterns when there are no more).
#' @param seed seed of the random numbers; by default one is drawn from R's generator, so [set.seed()] rules.
#' @param sens I-squared in percent that `sa` assumes.
#' @param plplot `"mu"` or `"tsq"`, with `ml`, `reml` and `pl`: draw the profile log-likelihood of the mean or of
#'   tau-squared at once.
#' @param forest,graph draw the forest plot at once.
#' @return An object of class `stata_metaan` (see [stata_view]): `r` with `eff`, `effvar`, `efflo`, `effup`, `Q`, `df`,
#'   `Qpval`, `Hsq`, `Isq`, `tausq` and the limits of the last three; `table` the printed rows.
#' @details H-squared and I-squared are taken from tau-squared of the chosen model (of DerSimonian-Laird for the fixed
#'   effect), their limits are test-based. Errors: `metaparity_error_input`, `metaparity_error_studies`.
#' @section Shortest forms: In stata() and stata_do() an option may be cut: `r option_forms("metaan")`.
#' @section In other software: Stata `metaan theta se, reml label(study)`; metafor `rma(theta, sei = se)`.
#' @references Kontopantelis E, Reeves D (2010). metaan: random-effects meta-analysis. Stata Journal 10, 395-407.
#' @examples
#' d <- data.frame(es = c(.8, .5, .6, .4, .3), se = c(.4, .3, .25, .2, .15))
#' metaan(es, se, data = d, dl = TRUE)
#' @export
metaan <- function(..., data = NULL, subset = NULL, fe = FALSE, dl = FALSE, bdl = FALSE, ml = FALSE, reml = FALSE,
                   pl = FALSE, pe = FALSE, sa = FALSE, peo = FALSE, prp = FALSE, varc = FALSE, exp = FALSE,
                   label = NULL,
                   grpby = NULL,
                   reps = 1000, seed = NULL, sens = 80, plplot = NULL, forest = FALSE, graph = FALSE) {
  mc <- match.call(expand.dots = FALSE)
  call <- match.call()
  flags <- list(fe = fe, dl = dl, bdl = bdl, ml = ml, reml = reml, pl = pl, pe = pe, sa = sa, peo = peo, prp = prp)
  for (name in names(flags)) check_flag(flags[[name]], name, call)
  model <- names(flags)[unlist(flags)]
  if (length(model) != 1L) abort_input("dl", "or another model: exactly one must be given", call)
  o <- list(model = model, exp = check_flag(exp, "exp", call), reps = check_number(reps, "reps", 10, 1e6, call),
            seed = core_seed(seed, model %in% c("bdl", "pe"), call), sens = check_number(sens, "sens", 0, 99.99, call),
            plplot = if (!is.null(plplot)) check_plplot(plplot, model, call), level = 0.95,
            labelled = !is.null(mc$label))
  if (model == "prp" && o$exp) abort_input("exp", "does not go with proportions", call)
  mc$by <- mc$grpby
  s <- metaan_studies(mc, data, parent.frame(), o, check_flag(varc, "varc", call), call)
  view <- metaan_view(s, o, call)
  if (!is.null(s$by)) view$groups <- metaan_groups(s, o, call)
  if (check_flag(forest, "forest", call) || check_flag(graph, "graph", call)) forest(view)
  if (!is.null(o$plplot)) plot(view)
  view
}

check_plplot <- function(plplot, model, call) {
  plplot <- check_choice(plplot, c("mu", "tsq"), "plplot", call)
  if (!model %in% c("ml", "reml", "pl")) abort_input("plplot", "goes with ml, reml and pl", call)
  plplot
}

# A seed for the generator of the core; drawn from R's only when random numbers are needed.
core_seed <- function(seed, needed, call) {
  if (!needed) return(NA_integer_)
  if (is.null(seed)) return(sample.int(.Machine$integer.max, 1L))
  as.integer(check_number(seed, "seed", 0, .Machine$integer.max, call))
}

metaan_studies <- function(mc, data, env, o, varc, call) {
  if (o$model == "prp") return(proportion_studies_of(mc, data, env, call))
  if (o$model != "peo") return(bias_input(mc, data, env, varc, call, sizes = 2L))
  s <- cell_studies(mc, data, env, "OR", call)
  peto <- peto_of_cells(s$cells)
  s$theta <- as.numeric(peto$yi)
  s$se <- sqrt(as.numeric(peto$vi))
  s$peto <- peto
  s
}

# Events and total: Freeman-Tukey's transform, pooled by DerSimonian and Laird.
proportion_studies_of <- function(mc, data, env, call) {
  s <- bias_input(mc, data, env, FALSE, call, sizes = 2L)
  bad <- s$rows[s$theta < 0 | s$theta > s$se]
  if (length(bad)) abort_studies(s$names[1L], bad, sprintf("must lie between 0 and `%s`", s$names[2L]), call)
  e <- call_core(cpp_proportion_effects(s$theta, s$se, TRUE), call)
  s[c("events", "total")] <- s[c("theta", "se")]
  s$theta <- as.numeric(e$yi)
  s$se <- sqrt(as.numeric(e$vi))
  s
}

# Back to what is printed: exponents, proportions, or as analysed.
metaan_show <- function(s, o) {
  if (o$model == "prp") function(x, n = s$total) call_core(cpp_freeman_tukey_inverse(as.numeric(x), as.numeric(n)))$p
  else if (o$exp) base::exp else identity
}

# grpby(): the same analysis within each group; a group of one study has none.
metaan_groups <- function(s, o, call) {
  each <- c("theta", "se", "label", "rows", "events", "total")
  lapply(split(seq_along(s$theta), s$by), function(i) {
    if (length(i) < 2L) return(NULL)
    g <- s
    g[intersect(each, names(s))] <- lapply(s[intersect(each, names(s))], `[`, i)
    if (!is.null(s$cells)) {
      g$cells <- s$cells[i, , drop = FALSE]
      g$peto <- peto_of_cells(g$cells)
    }
    g$by <- NULL
    metaan_view(g, o, call)
  })
}

peto_of_cells <- function(cells)
  quiet_drops(rma.peto(ai = cells[, 1L], bi = cells[, 2L], ci = cells[, 3L], di = cells[, 4L]))

metaan_view <- function(s, o, call) {
  k <- length(s$theta)
  if (k < 2L) abort_input("...", "must hold at least two studies", call)
  fit <- metaan_fit(s, o, call)
  half <- critical_value(0.95) * s$se
  weight <- 1 / (s$se^2 + fit$tau2)
  show <- metaan_show(s, o)
  own <- if (is.null(s$total)) show else function(x) vapply(seq_along(x), function(i) show(x[i], s$total[i]), 0)
  label <- if (o$labelled) s$label else as.character(seq_len(k))
  table <- data.frame(type = c(rep("study", k), "overall"), label = c(label, sprintf("Overall effect (%s)", o$model)),
                      es = c(own(s$theta), show(fit$est)), ci_low = c(own(s$theta - half), show(fit$lo)),
                      ci_upp = c(own(s$theta + half), show(fit$hi)), weight = c(100 * weight / sum(weight), 100),
                      stringsAsFactors = FALSE)
  h <- metaan_heterogeneity(fit, k, o, call)
  r <- c(list(eff = show(fit$est), effvar = fit$se^2, efflo = show(fit$lo), effup = show(fit$hi), Q = fit$fit$QE,
              df = k - 1, Qpval = fit$fit$QEp), h, list(tausq = fit$tausq, tausqlo = fit$tausqlo,
                                                        tausqup = fit$tausqup))
  new_stata_view("metaan", c(r, metaan_names(r, fit, o)), table, fit$fit, o, studies = s, call = call)
}

# The names that the command's help gives: limits with an underscore, tau2 by the model it belongs to.
metaan_names <- function(r, fit, o) {
  limits <- r[c("Isqlo", "Isqup", "Hsqlo", "Hsqup")]
  names(limits) <- sub("(lo|up)$", "_\\1", names(limits))
  out <- c(limits, list(tausq_dl = fit$tausq_dl))
  if (o$model %in% c("bdl", "ml", "reml", "pl", "sa")) out[[paste0("tausq_", o$model)]] <- fit$tausq
  if (o$model == "pl") {
    out[c("tausqlo_pl", "tausqup_pl")] <- fit[c("tausqlo", "tausqup")]
    found <- is.finite(c(fit$lo, fit$hi, fit$tausqlo, fit$tausqup))
    out[c("cloeff_pl", "cupeff_pl", "ctausqlo_pl", "ctausqup_pl")] <- as.numeric(found)
  }
  if (o$model %in% c("ml", "reml")) out[[paste0("conv_", o$model)]] <- 1
  if (o$model == "pe") out$exec_pe <- 1
  out
}

# Estimate with interval, the tau2 behind the weights and the one behind the heterogeneity measures.
metaan_fit <- function(s, o, call) {
  vi <- s$se^2
  dl <- fit_estimates(s$theta, vi, "DL", o$level, slab = s$label)
  fit <- switch(o$model, fe = , peo = fit_estimates(s$theta, vi, "FE", o$level, slab = s$label), dl = , pe = , prp = dl,
                ml = , pl = fit_estimates(s$theta, vi, "ML", o$level, slab = s$label),
                reml = fit_estimates(s$theta, vi, "REML", o$level, slab = s$label),
                metaan_fixed_tau2(s, dl, o, call))
  tausq <- if (o$model %in% c("fe", "peo")) dl$tau2 else fit$tau2
  if (!is.null(s$peto)) fit[c("beta", "se", "ci.lb", "ci.ub")] <- s$peto[c("beta", "se", "ci.lb", "ci.ub")]
  out <- list(est = fit$beta[[1L]], se = fit$se, lo = fit$ci.lb, hi = fit$ci.ub, tau2 = fit$tau2, tausq = tausq,
              tausqlo = NA_real_, tausqup = NA_real_, tausq_dl = dl$tau2, vt = typical_variance(dl), fit = fit)
  limits <- metaan_limits(s, out, o, call)
  out[names(limits)] <- limits
  out
}

# bdl: the mean of the bootstrapped tau2; sa: the tau2 of an assumed I2.
metaan_fixed_tau2 <- function(s, dl, o, call) {
  tau2 <- if (o$model == "sa") typical_variance(dl) * o$sens / (100 - o$sens)
  else call_core(cpp_bootstrap_tau2(s$theta, s$se^2, as.integer(o$reps), o$seed), call)
  input <- new_input(s$theta, s$se^2, slab = make.unique(as.character(s$label)))
  fit_uni(input, model_spec("DL", level = o$level, tau2 = tau2))
}

typical_variance <- function(fit) as.numeric(fit$vt)

metaan_limits <- function(s, fit, o, call) {
  vi <- s$se^2
  if (o$model == "pe") {
    p <- call_core(cpp_permutation_interval(s$theta, vi, o$level, as.integer(o$reps), o$seed), call)
    return(list(lo = p$lb, hi = p$ub))
  }
  if (o$model != "pl") return(list())
  p <- call_core(cpp_profile_mean(s$theta, vi, fit$est, fit$tau2, o$level), call)
  t <- stats::confint(fit$fit, type = "PL", level = 100 * o$level)$random
  list(lo = p$lb, hi = p$ub, tausqlo = t[1L, "ci.lb"], tausqup = t[1L, "ci.ub"])
}

metaan_heterogeneity <- function(fit, k, o, call) {
  hsq <- (fit$tausq + fit$vt) / fit$vt
  h <- call_core(cpp_heterogeneity_interval(hsq * (k - 1), k - 1, o$level, FALSE), call)
  list(Hsq = h$H^2, Hsqlo = h$H.lb^2, Hsqup = h$H.ub^2, Isq = 100 * h$I2, Isqlo = 100 * h$I2.lb, Isqup = 100 * h$I2.ub)
}

metaan_titles <- c(
  fe = "Fixed-effect method selected", dl = "DerSimonian-Laird random-effects method selected",
  bdl = "Bootstrapped DerSimonian-Laird random-effects method selected", ml = "Maximum Likelihood method selected",
  reml = "Restricted Maximum Likelihood (REML) method selected", pl = "Profile Likelihood method selected",
  pe = "Permutations random-effects method selected", sa = "Sensitivity analysis method selected",
  peo = "Peto fixed-effect O-E method selected",
  prp = "Freeman-Tukey transformed proportions, DerSimonian-Laird random-effects method selected")

#' @export
format.stata_metaan <- function(x, ...) {
  whole <- format_metaan(x)
  if (is.null(x$groups)) return(whole)
  parts <- lapply(names(x$groups), function(g) {
    own <- x$groups[[g]]
    c(sprintf("Group: %s", g), "", if (is.null(own)) "fewer than two studies" else format_metaan(own), "")
  })
  c(unlist(parts), "Overall", "", whole)
}

format_metaan <- function(x) {
  t <- x$table
  k <- nrow(t) - 1L
  line <- paste0(justify(cut_label(t$label, 21L), 21L, left = TRUE), "|", stata_fixed(t$es, 9L, 3L),
                 stata_fixed(t$ci_low, 11L, 3L), stata_fixed(t$ci_upp, 10L, 3L), stata_fixed(t$weight, 11L, 2L))
  done <- c(ml = "ML", pl = "ML", reml = "REML")[x$options$model]
  c(metaan_titles[[x$options$model]], strrep("-", 67L),
    "        Study        |   Effect   [95% Conf. Interval]   % Weight", rule(21L, 45L), line[seq_len(k)],
    rule(21L, 45L),
    line[k + 1L], strrep("-", 67L),
    if (!is.na(done)) paste(done, "method succesfully converged"),
    if (x$options$model == "pl") "PL method succesfully converged for both upper and lower CI limits",
    "", "", format_metaan_heterogeneity(x$r, x$options))
}

format_metaan_heterogeneity <- function(r, o) {
  bar <- strrep("-", 51L)
  word <- if (o$model %in% c("fe", "peo")) "dl" else o$model
  limits <- function(x, lo, hi, d) {
    paste0(stata_fixed(x, 11L, d), if (!is.na(lo)) paste0(stata_fixed(lo, 9L, d), stata_fixed(hi, 9L, d)))
  }
  c("Heterogeneity Measures", bar, "               |     value     df     p-value", rule(15L, 35L),
    paste0("Cochrane Q     |", stata_fixed(r$Q, 11L, 2L), stata_integer(r$df, 7L), stata_fixed(r$Qpval, 10L, 3L)),
    bar, "", bar,
    "               |     value     [95% Conf. Interval]", rule(15L, 35L),
    paste0("I^2(%)         |", limits(r$Isq, r$Isqlo, r$Isqup, 2L)),
    paste0("H^2            |", limits(r$Hsq, r$Hsqlo, r$Hsqup, 2L)),
    paste0(justify(sprintf("tau^2(%s)", word), 15L, left = TRUE), "|", limits(r$tausq, r$tausqlo, r$tausqup, 3L)), bar)
}

#' @export
forest_rows.stata_metaan <- function(x, options = forest_options()) {
  o <- x$options
  back <- if (o$exp) log else identity
  t <- x$table
  k <- nrow(t) - 1L
  study <- list(type = "study", label = t$label[seq_len(k)], study = seq_len(k))
  number <- function(rows) list(est = back(t$es[rows]), lo = back(t$ci_low[rows]), hi = back(t$ci_upp[rows]),
                                weight = t$weight[rows])
  pooled <- list(type = "summary", label = t$label[k + 1L], Q = x$r$Q, df = x$r$df, p = x$r$Qpval, I2 = x$r$Isq,
                 tau2 = x$r$tausq)
  info <- forest_info(level = 100 * o$level, natural = if (o$exp) base::exp, style = "stata",
                      names = list(stata = if (o$exp) "exp(ES)" else "Effect"))
  new_forest_rows(list(c(study, number(seq_len(k))), c(pooled, number(k + 1L))), info)
}

#' @rdname stata_plots
#' @export
plot.stata_metaan <- function(x, ...) {
  if (is.null(x$options$plplot)) return(forest(x, ...))
  of_tau2 <- x$options$plplot == "tsq"
  s <- x$studies
  at <- if (of_tau2) x$r$tausq else x$fit$beta[[1L]]
  reach <- if (of_tau2) max(4 * at, typical_variance(x$fit)) else 4 * x$fit$se
  grid <- seq(if (of_tau2) 0 else at - reach, at + reach, length.out = 201L)
  value <- call_core(cpp_profile_log_likelihood(s$theta, s$se^2, grid, of_tau2))
  invisible(stata_graph_likelihood(grid, value, at, if (of_tau2) "tau^2" else "mu", ...))
}

stata_graph_likelihood <- function(grid, value, at, name, ...) {
  ask <- stata_asked(...)
  style <- as_scatter_style(ask$style, scatter_style_stata())
  x <- stata_axis(grid, style, name)
  y <- stata_axis(value, style, "Log-likelihood", grid = TRUE)
  layers <- list(layer_line(c(at, at), y$limits, "#606060", 1, 2),
                 layer_line(grid, value, style$point_col, style$line_lwd))
  stata_graph(layers, x, y, list(title = "Profile log-likelihood"), NULL, data.frame(x = grid, y = value), ask,
              scatter_style_stata())
}

# sbe16_meta(): the old two-variable command meta, which metatrim, metainf and metacum of its time build on.
# Source: Sharp & Sterne (1997, 1998) STB-38/42/43 sbe16. Oracle: a genuine log.

#' The old meta command of Stata (sbe16)
#'
#' Fixed and random effects (DerSimonian-Laird) side by side, as the command `meta` of Sharp and Sterne prints them. The
#' name `meta` is left to the suite of Stata 16, see [meta_set()].
#'
#' @inheritParams metabias6
#' @param print show the weights and estimates of the studies.
#' @param eform show exponents.
#' @param ebayes add the empirical Bayes estimates `ebest` and their standard errors `ebse` to the table of studies.
#' @param level confidence level in percent.
#' @param gr,graph `"f"`, `"r"` or `"e"`: draw the graph of the fixed, random or empirical Bayes estimates at once.
#' @param id,label study labels, as in [metan()].
#' @return An object of class `stata_sbe16_meta` (see [stata_view]): `r` with `fixed`, `random`, their limits, `q`,
#'   `df`, `p`, `tau2`; `table` the two pooled rows; `studies_table` the studies with weights.
#' @details Errors: `metaparity_error_input`, `metaparity_error_studies`.
#' @section Shortest forms: In stata() and stata_do() an option may be cut: `r option_forms("sbe16_meta")`.
#' @section In other software: Stata (before 16) `meta theta se, print graph(r)`; metafor
#'   `rma(theta, sei = se, method = "DL")`.
#' @references Sharp S, Sterne J (1997). Meta-analysis. Stata Technical Bulletin 38, 9-14.
#' @examples
#' d <- data.frame(id = c("A", "B", "C"), es = c(.8, .5, .6), se = c(.4, .3, .25))
#' sbe16_meta(es, se, data = d, id = id, print = TRUE)
#' @export
sbe16_meta <- function(..., data = NULL, subset = NULL, var = FALSE, ci = FALSE, print = FALSE, eform = FALSE,
                       ebayes = FALSE, level = 95, gr = NULL, graph = NULL, id = NULL, label = NULL) {
  mc <- match.call(expand.dots = FALSE)
  call <- match.call()
  s <- bias_input(mc, data, parent.frame(), check_flag(var, "var", call), call)
  if (is.null(gr)) gr <- graph
  if (!is.null(gr)) check_word(gr, "gr", call)
  if (!is.null(gr)) gr <- check_choice(substr(as.character(gr), 1L, 1L), c("f", "r", "e"), "gr", call)
  o <- list(eform = check_flag(eform, "eform", call), level = check_stata_level(level, "level", call),
            print = check_flag(print, "print", call), ebayes = check_flag(ebayes, "ebayes", call), gr = gr)
  p <- sbe16_pool(s$theta, s$se, o)
  table <- data.frame(study = s$label, theta = s$theta, se = s$se, stringsAsFactors = FALSE)
  r <- list(fixed = p$pooled$est[1L], fixed_lb = p$pooled$lci[1L], fixed_ub = p$pooled$uci[1L],
            random = p$pooled$est[2L], random_lb = p$pooled$lci[2L], random_ub = p$pooled$uci[2L], q = p$q$stat,
            df = p$q$df, p = p$q$p, tau2 = p$tau2)
  view <- new_stata_view("sbe16_meta", r, p$pooled, p$fit, o, pool = p, studies_table = add_ebayes(table, p),
                         studies = s, call = call)
  if (!is.null(gr)) plot(view)
  view
}

# The old meta: fixed and random (DerSimonian-Laird) side by side.
sbe16_pool <- function(theta, se, o) {
  fixed <- fit_estimates(theta, se^2, "FE", o$level)
  random <- fit_estimates(theta, se^2, "DL", o$level)
  show <- if (o$eform) exp else identity
  of <- function(name) c(fixed[[name]][1L], random[[name]][1L])
  pooled <- data.frame(method = c("Fixed", "Random"), est = show(of("beta")), lci = show(of("ci.lb")),
                       uci = show(of("ci.ub")), z = of("zval"), p = of("pval"))
  list(pooled = pooled, q = list(stat = fixed$QE, df = length(theta) - 1L, p = fixed$QEp), k = length(theta),
       tau2 = random$tau2, fit = list(fixed = fixed, random = random))
}

# Shrunken estimates: the precision-weighted mean of a study and the random-effects mean.
add_ebayes <- function(table, p) {
  tau2 <- p$tau2
  mu <- p$fit$random$beta[[1L]]
  share <- tau2 / (tau2 + table$se^2)
  table$ebest <- share * table$theta + (1 - share) * mu
  table$ebse <- sqrt(share * table$se^2)
  table
}

#' @export
format.stata_sbe16_meta <- function(x, ...) {
  o <- x$options
  c(format_sbe16(x$pool$pooled, x$pool$q, x$pool$k, x$pool$tau2, o$eform),
    if (o$print) format_sbe16_studies(x$pool, x$studies_table, o))
}

# Absolute weights 1/v and 1/(v + tau2) with each study's interval; long names widen the first column.
format_sbe16_studies <- function(pool, table, o) {
  show <- if (o$eform) exp else identity
  weight <- lapply(pool$fit, function(f) 1 / (table$se^2 + f$tau2))
  half <- critical_value(o$level) * table$se
  wide <- min(max(display_width(table$study), 5L), 20L)
  c("", paste0(strrep(" ", wide + 1L), "|      Weights      Study       95% CI"),
    paste0(justify("Study", wide), " |   Fixed  Random     Est   Lower   Upper"), rule(wide + 1L, 40L),
    paste0(justify(cut_label(table$study, wide), wide), " |", stata_fixed(weight$fixed, 8L, 2L),
           stata_fixed(weight$random, 8L, 2L), stata_fixed(show(table$theta), 8L, 2L),
           stata_fixed(show(table$theta - half), 8L, 2L), stata_fixed(show(table$theta + half), 8L, 2L)))
}

#' @rdname stata_plots
#' @export
plot.stata_sbe16_meta <- function(x, ...) forest(x, ...)

#' @export
forest_rows.stata_sbe16_meta <- function(x, options = forest_options()) {
  o <- x$options
  t <- x$studies_table
  which <- if (is.null(o$gr)) "f" else o$gr
  fit <- x$fit[[if (which == "f") "fixed" else "random"]]
  est <- if (which == "e") t$ebest else t$theta
  half <- critical_value(o$level) * (if (which == "e") t$ebse else t$se)
  weight <- 1 / (t$se^2 + fit$tau2)
  study <- list(type = "study", label = t$study, study = seq_along(est), est = est, lo = est - half, hi = est + half,
                weight = 100 * weight / sum(weight))
  pooled <- list(type = "summary", label = "Combined", est = fit$beta[[1L]], lo = fit$ci.lb, hi = fit$ci.ub,
                 weight = 100)
  info <- forest_info(level = 100 * o$level, natural = if (o$eform) exp, style = "stata",
                      names = list(stata = "Effect"))
  new_forest_rows(list(study, pooled), info)
}

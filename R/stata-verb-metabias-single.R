# metabias(): one test of small-study effects at a time, as Stata's command of 2009 and later.
# Source: Harbord, Harris, Sterne (2009) Stata J 9:197-210; Egger 1997, Harbord 2006, Peters 2006, Begg 1994.

#' Tests for small-study effects as Stata's metabias
#'
#' The command of 2009 and later; exactly one of the four tests is named. For both classical tests in one
#' log see [metabias6()].
#'
#' @param ... `theta, se`, or the cells of 2x2 tables: cases and non-cases, treated then control. Bare names or
#'   expressions, found in `data`.
#' @inheritParams metan
#' @param egger,harbord,peters,begg the test. Harbord's and Peters' need the cells.
#' @param or,rr the effect with cells: odds ratio (assumed) or risk ratio (not with `peters`).
#' @param level confidence level in percent.
#' @param cc number added to each cell of a study with an empty cell, for the effects of the other tests than Harbord's.
#' @param graph draw the plot of Egger's or Harbord's regression at once. `"begg"` or `"egger"` is the syntax of the
#'   command of 1997 to 2003, and so are `by`, `var`, `ci`, `gweight` and three variables, a ratio and its limits: the
#'   call is then that of [metabias6()] and gives its result.
#' @param nofit the plot shows the studies alone.
#' @param label study labels, as in [metan()].
#' @param by,var,ci,gweight options of the older command, see [metabias6()].
#' @param version,v3 layout of version 3 (2020) or 2 (2009) of the command; `v3 = TRUE` is version 3.
#' @return An object of class `stata_metabias` (see [stata_view]): `r` with `N`, `p_bias`, and for regressions `bias`,
#'   `se_bias`, `rmse`, `df_r`; for Begg `score`, `score_sd`, `z`, `z_cc`, `p_cc`, where `p_bias` has the
#'   continuity correction and `p_bias_ncc` has not. `table`: the coefficients.
#' @details Errors: `metaparity_error_input` names the argument, `metaparity_error_studies` the rows. Studies with a
#'   zero margin are left out of Harbord's test with a note in the log. An object of the package \pkg{meta} is passed
#'   on to its function of this name.
#' @section Shortest forms: In stata() and stata_do() an option may be cut: `r option_forms("metabias")`.
#' @section In other software: Stata `metabias theta se, egger`; metafor `regtest(x, model = "lm")`, `ranktest(x)`; meta
#'   `metabias(x, method.bias = "Egger")`.
#' @references Harbord RM, Harris RJ, Sterne JAC (2009). Updated tests for small-study effects in meta-analyses. Stata
#'   Journal 9, 197-210.
#' @examples
#' d <- data.frame(es = c(.8, .5, .6, .4, .3), se = c(.4, .3, .25, .2, .15))
#' metabias(es, se, data = d, egger = TRUE)
#' @export
metabias <- function(..., data = NULL, subset = NULL, egger = FALSE, harbord = FALSE, peters = FALSE, begg = FALSE,
                     or = FALSE, rr = FALSE, cc = 0.5, level = 95, graph = FALSE, nofit = FALSE, label = NULL,
                     version = 3,
                     v3 = FALSE, by = NULL, var = FALSE, ci = FALSE, gweight = FALSE) {
  mc <- match.call(expand.dots = FALSE)
  call <- match.call()
  if (is.null(data) && is_meta_call(mc$..., parent.frame())) return(meta::metabias(...))
  tested <- isTRUE(harbord) || isTRUE(peters) || isTRUE(or) || isTRUE(rr)
  if (is_old_metabias(names(mc), length(mc$...), graph, tested)) return(eval(old_metabias_call(call), parent.frame()))
  flags <- list(egger = egger, harbord = harbord, peters = peters, begg = begg, or = or, rr = rr)
  for (name in names(flags)) check_flag(flags[[name]], name, call)
  test <- c("egger", "harbord", "peters", "begg")[unlist(flags[1:4])]
  if (length(test) != 1L) abort_input("egger", "or `harbord`, `peters`, `begg`: exactly one must be TRUE", call)
  if (or && rr) abort_input("rr", "cannot go with `or`", call)
  if (rr && test == "peters") abort_input("rr", "does not go with `peters`", call)
  o <- list(test = test, measure = if (rr) "RR" else "OR", given = or || rr,
            level = check_stata_level(level, "level", call),
            version = if (check_flag(v3, "v3", call)) 3 else check_number(version, "version", 2, 3, call),
            nofit = check_flag(nofit, "nofit", call),
            cc = check_number(cc, "cc", 0, 1, call))
  check_flag(graph, "graph", call)
  if (graph && !o$test %in% c("egger", "harbord")) abort_input("graph", "goes with `egger` and `harbord` only", call)
  s <- metabias_studies(mc, data, parent.frame(), o, call)
  view <- metabias_view(s, o, call)
  if (graph) plot(view)
  view
}

# The command of 1997 to 2003 names no test; graph(begg|egger), its other options and ratios with limits are not those
# of the later one.
is_old_metabias <- function(given, nvars, graph, tested) {
  own <- is.character(graph) || nvars == 3L || any(c("by", "var", "ci", "gweight") %in% given)
  own && !tested
}

old_metabias_call <- function(call) {
  call[[1L]] <- quote(metaparity::metabias6)
  call[c("or", "rr", "harbord", "peters", "cc", "nofit", "version", "v3")] <- NULL
  if (is.logical(call$graph)) call$graph <- NULL
  call
}

metabias_studies <- function(mc, data, env, o, call) {
  if (length(mc$...) != 4L) {
    if (o$test %in% c("harbord", "peters")) {
      abort_input("...", "must be the four cells of 2x2 tables for this test", call)
    }
    return(bias_input(mc, data, env, FALSE, call, sizes = 2L))
  }
  cell_studies(mc, data, env, o$measure, call, o$cc)
}

# The studies of a command that takes the four cells of 2x2 tables, with the effects of metan.
cell_studies <- function(mc, data, env, measure, call, cc = 0.5) {
  input <- metan_input(mc, data, env, call)
  if (input$nvars != 4L) abort_input("...", "must be the four cells of 2x2 tables", call)
  options <- list(nointeger = FALSE, cc = cc, ratio = TRUE, measure = measure, model = "M-H", hedges = FALSE,
                  glass = FALSE, ilevel = 0.95, cornfield = FALSE)
  full <- metan_studies(input, options, call)
  use <- is.na(full$reason)
  list(theta = full$yi[use], se = sqrt(full$vi[use]), cells = as.matrix(full[use, c("a", "b", "c", "d")]), nvars = 4L,
       rows = full$row[use], label = full$name[use], by = full$group[use], names = names(input$vars), log = TRUE)
}

metabias_view <- function(s, o, call) {
  if (o$test == "begg") {
    b <- begg_test(s$theta, s$se)
    r <- list(N = b$k, score = b$score, score_sd = b$sd, z = b$z, p_bias = b$p_cc, p_bias_ncc = b$p, z_cc = b$z_cc,
              p_cc = b$p_cc)
    return(new_stata_view("metabias", r, as.data.frame(r), fit = b, o, studies = s, call = call))
  }
  fit <- regression_of(s, o, call)
  names <- switch(o$test, harbord = c("sqrt(V)", "bias"), peters = c("constant", "bias"), c("slope", "bias"))
  table <- egger_coef(fit, names)
  if (o$test == "peters") table <- table[2:1, ]
  r <- list(N = fit$k, df_r = fit$df, bias = fit$bias$b, se_bias = fit$bias$se, p_bias = fit$bias$p, rmse = fit$rmse)
  new_stata_view("metabias", r, table, fit = fit, o, studies = s, call = call,
                 shown = if (o$test == "egger") egger_coef(regression_of(in_single(s), o, call)) else table)
}

# The command keeps theta/se and 1/se in single precision, which the seventh digit of its log shows.
in_single <- function(s) {
  x <- as_single(1 / s$se)
  list(theta = as_single(s$theta / s$se) / x, se = 1 / x)
}

regression_of <- function(s, o, call) {
  out <- switch(o$test,
    egger = call_core(cpp_egger_line(s$theta, s$se, o$level), call),
    harbord = call_core(cpp_harbord_line(s$cells, o$measure == "OR", o$level), call),
    peters = call_core(cpp_peters_line(s$theta, s$cells, o$level), call))
  stata_line_fit(out)
}

#' @exportS3Method
saved_estimates.stata_metabias <- function(view) {
  o <- view$options
  if (o$test == "begg") return(NULL)
  names <- switch(o$test, harbord = c("sqrt(V)", "bias"), peters = c("constant", "bias"), c("slope", "bias"))
  depvar <- if (o$test == "harbord") "Z/sqrt(V)" else "Std_Eff"
  line_estimates(view$fit, names, depvar, if (o$test == "peters") 2:1 else 1:2)
}

#' @export
format.stata_metabias <- function(x, ...) {
  o <- x$options
  head <- c("", format_metabias_notes(x), "", metabias_titles(o))
  if (o$test == "begg") return(c(head, format_begg_block(x$fit)))
  depvar <- if (o$test == "harbord") "Z/sqrt(V)" else "Std_Eff"
  tight <- o$version >= 3 && o$test == "peters"
  count <- paste("Number of studies =", stata_integer(x$r$N, if (tight) 2L else 3L))
  count <- paste0(at_column(count, 56L, "Root MSE      ="), if (tight) " " else "  ", stata_general(x$r$rmse, 6L))
  c(head, "", count, format_coef_table(x$shown, depvar, o$level), "",
    paste0("Test of H0: no small-study effects          P = ", stata_fixed(x$r$p_bias, 5L, 3L)))
}

format_metabias_notes <- function(x) {
  o <- x$options
  dot <- if (o$version < 3) "." else ""
  if (x$studies$nvars < 4L) return(paste0("Note: data input format theta se_theta assumed", dot))
  ratio <- if (o$measure == "OR") "Odds" else "Risk"
  n <- length(x$fit$excluded)
  c(paste0("Note: data input format tcases tnoncases ccases cnoncases assumed", dot),
    if (o$version >= 3 || !o$given) {
      sprintf("Note: %s ratios %s as effect estimate of interest%s", ratio,
              if (o$given) "specified" else "assumed", dot)
    },
    if (o$test %in% c("egger", "begg")) {
      paste0("Note: Peters or Harbord tests generally recommended for binary data", dot)
    },
    if (n) {
      sprintf("Note: excluding %d non-informative %s with a zero marginal total", n,
              if (n == 1L) "study" else "studies")
    })
}

metabias_titles <- function(o) {
  switch(o$test,
    egger = c("Egger's test for small-study effects:", "Regress standard normal deviate of intervention",
              paste0(if (o$version >= 3) "  ", "effect estimate against its standard error")),
    harbord = c("Harbord's modified test for small-study effects:",
                "Regress Z/sqrt(V) on sqrt(V), where Z is the efficient score and V is the score variance"),
    peters = c("Peter's test for small-study effects:",
               "Regress intervention effect estimate on 1/Ntot, with weights S\u00d7F/Ntot"),
    begg = c("Begg's test for small-study effects:",
             "Rank correlation between standardized intervention effect and its standard error"))
}

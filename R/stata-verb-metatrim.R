# metatrim(): Duval and Tweedie's trim and fill by Stata's iteration, with the sbe16 meta blocks around it.
# Source: Steichen (2000) STB-57 sbe39; Duval & Tweedie (2000); Sharp & Sterne (1997) STB-38 sbe16 for the blocks.

#' Trim and fill as Stata's metatrim
#'
#' Estimates how many studies are missing, adds their mirror images and pools again. Stata's rules differ from
#' [trimfill()]: always the left side unless `flip`, fixed effect in the iteration unless `reffect`, the number of
#' missing studies truncated after adding one half, and stop when no rank changes.
#'
#' @inheritParams metabias6
#' @param reffect random effects (DerSimonian-Laird) in the iteration and the report.
#' @param mixed the iteration uses the other model.
#' @param estimat `"linear"` (L0), `"run"` (R0) or `"quadratic"` (Q0).
#' @param eform show exponents in the analysis of the filled data.
#' @param flip look for missing studies on the right.
#' @param print show the weights and estimates of the studies of the filled data.
#' @param funnel,graph draw the filled funnel plot at once.
#' @param id,idvar,label study labels, as in [metan()].
#' @param save file for the filled data: `.csv`, or `.dta` where \pkg{haven} is installed; `"file.csv, replace"` writes
#'   over an old one.
#' @return An object of class `stata_metatrim` (see [stata_view]): `r` with `k`, `k0`, `n_filled`, `fixed`, `random` and
#'   their limits before and after filling; `table` the studies with `filled`; `iterations`, `before`, `after`.
#' @details Errors: `metaparity_error_input`, `metaparity_error_studies`.
#' @section Shortest forms: In stata() and stata_do() an option may be cut: `r option_forms("metatrim")`.
#' @section In other software: Stata `metatrim theta se, reffect funnel`; metafor
#'   `trimfill(rma(..., method = "FE"), side = "left")`, whose stopping rule and side differ.
#' @references Steichen TJ (2000). Nonparametric trim and fill analysis of publication bias in meta-analysis. Stata
#'   Technical Bulletin 57, 8-14. Duval S, Tweedie R (2000). Biometrics 56, 455-463.
#' @examples
#' d <- data.frame(es = c(.8, .5, .6, .4, .3, .2, .25), se = c(.4, .3, .25, .2, .15, .1, .12))
#' metatrim(es, se, data = d)
#' @export
metatrim <- function(..., data = NULL, subset = NULL, reffect = FALSE, mixed = FALSE,
                     estimat = c("linear", "run", "quadratic"), eform = FALSE, flip = FALSE, print = FALSE,
                     var = FALSE, ci = FALSE, funnel = FALSE, graph = FALSE, level = 95, id = NULL, label = NULL,
                     idvar = NULL, save = NULL) {
  mc <- match.call(expand.dots = FALSE)
  if (!is.null(mc$idvar)) mc$id <- mc$idvar
  call <- match.call()
  s <- bias_input(mc, data, parent.frame(), check_flag(var, "var", call), call)
  o <- list(reffect = check_flag(reffect, "reffect", call), mixed = check_flag(mixed, "mixed", call),
            estimat = meta_match(if (is.character(estimat)) estimat[1L] else estimat, c("linear", "run", "quadratic"),
                                 "estimat", call),
            eform = check_flag(eform, "eform", call), flip = check_flag(flip, "flip", call),
            print = check_flag(print, "print", call), level = check_stata_level(level, "level", call))
  view <- metatrim_view(s, o, call)
  if (!is.null(save)) save_table(view$table, save, "save", call)
  if (check_flag(funnel, "funnel", call) || check_flag(graph, "graph", call)) plot(view)
  view
}

metatrim_view <- function(s, o, call) {
  trim <- metatrim_fit(s, o, call)
  theta <- c(s$theta, trim$fill_theta)
  se <- c(s$se, trim$fill_se)
  table <- data.frame(study = c(s$label, sprintf("fill %d", seq_len(trim$k0))), theta = theta, se = se,
                      filled = seq_along(theta) > length(s$theta), stringsAsFactors = FALSE)
  # Steichen (2000): the first analysis is always reported as theta, only that of the filled data in exponents.
  before <- sbe16_pool(s$theta, s$se, utils::modifyList(o, list(eform = FALSE)))
  after <- sbe16_pool(theta, se, o)
  fit <- list(before = before$fit, after = after$fit)
  new_stata_view("metatrim", metatrim_return(before, after, trim), table, fit, o,
                 before = before, after = after, iterations = trim$iterations, converged = trim$converged,
                 note = s$note, names = s$names, k0 = trim$k0, call = call)
}

# The iteration runs on the model that `reffect` names, or under `mixed` on the other one.
metatrim_fit <- function(s, o, call) {
  method <- if (xor(o$reffect, o$mixed)) "DL" else "FE"
  estimator <- c(linear = "L0", run = "R0", quadratic = "Q0")[[o$estimat]]
  out <- call_core(cpp_metatrim(s$theta, s$se^2, estimator, o$flip, model_spec(method, level = o$level)), call)
  list(k0 = out$k0, fill_theta = out$yi, fill_se = s$se[out$source], iterations = out$steps, converged = out$converged)
}

metatrim_return <- function(before, after, trim) {
  pick <- function(b, tail) {
    values <- c(as.list(b$pooled$est), as.list(b$pooled$lci), as.list(b$pooled$uci))
    names(values) <- paste0(c("fixed", "random", "fixed_lb", "random_lb", "fixed_ub", "random_ub"), tail)
    values
  }
  c(list(k = before$k, k0 = trim$k0, n_filled = after$k), pick(before, ""), pick(after, "_filled"),
    list(tau2 = before$tau2, tau2_filled = after$tau2))
}

#' @export
format.stata_metatrim <- function(x, ...) {
  o <- x$options
  block <- function(b, eform) format_sbe16(b$pooled, b$q, b$k, b$tau2, eform)
  c("", x$note, block(x$before, FALSE), "", format_trim_head(o), "", format_trim_iterations(x$iterations),
    if (!x$converged) "Warning: iterative algorithm did not converge",
    if (x$k0 == 0L) c("", "Note: no trimming performed; data unchanged"),
    "", "Filled ", block(x$after, o$eform)[-1L], if (o$print) format_sbe16_studies(x$after, x$table, o))
}

format_trim_head <- function(o) {
  name <- c(linear = "Linear", run = "Run", quadratic = "Quadratic")[[o$estimat]]
  model <- if (o$reffect) "Random-effects model" else "Fixed-effects model"
  c(paste("Trimming estimator:", name),
    paste0("Meta-analysis type: ", model, if (o$mixed) " initially, but mixed mode"))
}

format_trim_iterations <- function(it) {
  c("iteration |  estimate    Tn    # to trim     diff", rule(10L, 38L),
    paste0(stata_integer(seq_len(nrow(it)), 5L), "     |", stata_fixed(it$estimate, 9L, 3L),
           stata_integer(it$Tn, 7L), stata_integer(it$k0, 10L), stata_integer(it$diff, 12L)))
}

# "file" or "file, replace"
save_table <- function(table, save, arg, call) {
  check_word(save, arg, call)
  words <- trimws(strsplit(save, ",", fixed = TRUE)[[1L]])
  file <- gsub("\"", "", words[1L], fixed = TRUE)
  if (!grepl("[.](csv|dta)$", file)) file <- paste0(file, ".dta")
  file <- output_path(file, "dta", arg, call)
  if (file.exists(file) && !"replace" %in% words) abort_input(arg, sprintf("names a file that exists: %s", file), call)
  if (grepl("[.]csv$", file)) return(utils::write.csv(table, file, row.names = FALSE))
  if (!requireNamespace("haven", quietly = TRUE)) abort_input("save", "needs the package haven for .dta files", call)
  haven::write_dta(table, file)
  check_written(file, arg, call)
}

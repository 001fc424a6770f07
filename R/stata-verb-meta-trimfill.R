# Owns meta_trimfill(): Duval and Tweedie's trim and fill with the suite's models, and its log.
# Source: Duval & Tweedie (2000); side from the fixed-effect Egger slope; oracle: printed logs, the core of trimfill().

#' Trim and fill as Stata's meta trimfill
#'
#' @inheritParams meta_summarize
#' @param random,fixed,common model of both stages instead of the declared one.
#' @param estimator `"linear"`, `"run"` or `"quadratic"`.
#' @param left,right side on which studies are imputed; by default the sign of the fixed-effect slope of Egger's
#'   regression decides.
#' @param itermethod,poolmethod method of the iteration and of the pooling: a method of [meta_set()].
#' @param iterate largest number of iterations.
#' @param funnel draw the funnel plot at once: `TRUE`, or a list of options of [meta_funnelplot()].
#' @param nometashow leave out the declaration of the data.
#' @return An object of class `stata_meta_trimfill` (see [stata_view]): `r` with `K_total`, `K_observed`, `K_imputed`
#'   and the estimates before and after; `table`: the two printed rows; `studies`: observed and imputed studies.
#'   `plot()` draws the funnel plot.
#' @details Errors: `metaparity_error_input`. A cycle of the iteration gives a warning of class
#'   `metaparity_warning_cycle`.
#' @section Shortest forms: In stata() and stata_do() an option may be cut: `r option_forms("meta_trimfill")`.
#' @section In other software: Stata `meta trimfill, eform`; metafor `trimfill()` with `side =` and `estimator =`.
#' @references Duval S, Tweedie R (2000). Biometrics 56, 455-463.
#' @examples
#' d <- data.frame(es = c(.8, .5, .6, .4, .3, .2), se = c(.4, .3, .25, .2, .15, .1))
#' meta_trimfill(meta_set(es, se, data = d))
#' @export
meta_trimfill <- function(x, random = FALSE, fixed = FALSE, common = FALSE, estimator = "linear", left = FALSE,
                          right = FALSE, itermethod = NULL, poolmethod = NULL, iterate = 100, level = NULL,
                          eform = FALSE,
                          or = FALSE, rr = FALSE, transform = NULL, funnel = FALSE, nometashow = FALSE, subset = NULL) {
  check_given(x)
  mc <- match.call()
  check_meta(x, mc)
  check_flag(left, "left", mc)
  check_flag(right, "right", mc)
  if (left && right) abort_input("right", "cannot go with `left`", mc)
  o <- meta_options(x, list(random = random, fixed = if (isTRUE(fixed)) "iv" else fixed,
    common = if (isTRUE(common)) "iv" else common, predinterval = FALSE, se = NULL, tdistribution = FALSE, tau2 = NULL,
    i2 = NULL, level = level, eform = eform, or = or, rr = rr, transform = transform, nostudies = FALSE,
    noheader = FALSE,
    nometashow = nometashow), mc)
  if (o$method == "mhaenszel") o$method <- "invvariance"
  o$estimator <- meta_match(estimator, c("linear", "run", "quadratic"), "estimator", mc)
  o$iter <- meta_stage(o, itermethod, "itermethod", mc)
  o$pool <- meta_stage(o, poolmethod, "poolmethod", mc)
  o$iterate <- as.integer(check_number(iterate, "iterate", 1, 1e6, mc))
  x <- meta_subset(x, mc$subset, parent.frame(), mc)
  if (nrow(x$table) < 3L) abort_input("x", "must hold at least 3 studies", mc)
  view <- meta_trimfill_view(x, o, if (left) "left" else if (right) "right" else "auto", mc)
  if (!isFALSE(funnel)) do.call(graphics::plot, c(list(view), if (is.list(funnel)) funnel), quote = TRUE)
  view
}

# The method of one stage; the model follows from it.
meta_stage <- function(o, method, arg, call) {
  if (is.null(method)) return(o[c("model", "method")])
  short <- c(iv = "invvariance")
  check_word(method, arg, call)
  if (method %in% names(short)) method <- short[[method]]
  method <- meta_match(method, c(names(meta_random_methods), "invvariance", "ivariance"), arg, call)
  if (method == "ivariance") method <- "invvariance"
  list(model = if (method != "invvariance") "random" else if (o$model == "common") "common" else "fixed",
       method = method)
}

# Imputed on the right when small studies have the smaller effects.
meta_trim_side <- function(yi, vi, side) {
  if (side != "auto") return(side)
  slope <- meta_uni(yi, vi, "FE", X = cbind(intrcpt = 1, sei = sqrt(vi)))$beta[2L]
  # Standard errors that differ by rounding alone tell no side.
  if (isTRUE(slope < 0)) "right" else "left"
}

meta_trimfill_view <- function(m, o, side, call) {
  yi <- m$table[["_meta_es"]]
  se <- m$table[["_meta_se"]]
  method <- function(stage) if (stage$model == "random") meta_random_methods[[stage$method]] else "FE"
  side <- if (all(se == se[1L]) && side == "auto") "left" else meta_trim_side(yi, se^2, side)
  options <- list(estimator = c(linear = "L0", run = "R0", quadratic = "Q0")[[o$estimator]], side = side,
                  maxiter = o$iterate, ilim = c(NA_real_, NA_real_))
  found <- call_core(cpp_trimfill(yi, se^2, numeric(), model_spec(method(o$iter), level = o$level), options), call)
  warn_unsettled(found, call)
  studies <- data.frame(study = c(m$table[["_meta_studylabel"]], sprintf("Imputed %d", seq_len(found$k0))),
                        es = c(yi, found$yi), se = c(se, se[found$source]),
                        imputed = rep(c(FALSE, TRUE), c(length(yi), found$k0)), stringsAsFactors = FALSE)
  pools <- list(Observed = meta_uni(yi, se^2, method(o$pool), level = o$level))
  pools[["Observed + Imputed"]] <- meta_uni(studies$es, studies$se^2, method(o$pool), level = o$level)
  rows <- lapply(pools, function(f) list(est = f$beta[1L], lo = f$ci.lb[1L], hi = f$ci.ub[1L], p = f$pval[1L]))
  table <- cbind(studies = names(pools), meta_pool_rows(rows, o), stringsAsFactors = FALSE)
  rownames(table) <- NULL
  r <- list(K_total = nrow(studies), K_observed = length(yi), K_imputed = found$k0, theta_obs = rows[[1L]]$est,
            theta_all = rows[[2L]]$est, tau2_obs = pools[[1L]]$tau2, tau2_all = pools[[2L]]$tau2,
            converged = as.numeric(found$converged), level = 100 * o$level, side = side, estimator = o$estimator,
            itermethod = o$iter$method, poolmethod = o$pool$method,
            table = pool_matrix(Map(c, rows, lapply(pools, function(f) list(se = f$se[1L]))), names(pools)))
  if (found$k0 > 0L) {
    r$imputed <- as.matrix(studies[studies$imputed, c("es", "se")])
    dimnames(r$imputed) <- list(as.character(seq_len(found$k0)), c("_meta_es", "_meta_se"))
  }
  new_stata_view("meta_trimfill", r, table, pools, o, meta = m, studies = studies, side = side,
                 steps = found$steps, call = call)
}

#' @export
format.stata_meta_trimfill <- function(x, ...) {
  o <- x$options
  v <- x$meta$version
  stage <- function(s) c(paste("  Model:", meta_model_name(s$model)), paste(" Method:", meta_method_name(s$method, v)))
  title <- c(linear = "Linear", run = "Run", quadratic = "Quadratic")[[o$estimator]]
  iteration <- stage(o$iter)
  count <- function(name, n) paste(justify(name, 10L), "=", stata_integer(n, 6L))
  c(if (x$meta$metashow && !o$nometashow) format_meta_show(x$meta), "",
    "Nonparametric trim-and-fill analysis of publication bias",
    sprintf("%s estimator, imputing on the %s", title, x$side), "",
    to_right("Iteration", paste("Number of studies =", stata_integer(x$r$K_total, 6L)), 63L),
    to_right(iteration[1L], count("observed", x$r$K_observed), 63L),
    to_right(iteration[2L], count("imputed", x$r$K_imputed), 63L), "", "Pooling", stage(o$pool), "",
    format_trim_table(x))
}

# A label too long for its column stands above the table.
format_trim_table <- function(x) {
  o <- x$options
  v <- x$meta$version
  label <- o$display$label
  long <- display_width(label) > 16L
  head <- if (long) o$display$theta else label
  t <- x$table
  c(if (long) paste0(justify(paste0(o$display$theta, ":"), 22L), " Overall ", label), strrep("-", 63L),
    paste0(justify("Studies", 20L), " |", justify(head, 17L), "    ", meta_ci_head(o$level, v)), rule(21L, 41L),
    paste0(justify(t$studies, 20L), " |", stata_fixed(t$es, 17L, 3L), " ", stata_fixed(t$cil, 11L, 3L), " ",
           stata_fixed(t$ciu, 11L, 3L)), strrep("-", 63L))
}

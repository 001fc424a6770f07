# rma.glmm(): counts to a spec, one call of the core, a fitted object with metafor's fields. Sources: those of
# core/model/glmm. Oracles: metafor, exact solutions.

#' Meta-analysis of counts by generalised linear mixed models
#'
#' Fits random-effects models to the counts themselves, without a normal approximation of the study estimates: logistic
#' models of two arms (odds ratios) or one (proportions), Poisson models of rates.
#'
#' @inheritParams rma
#' @param ai,bi,ci,di,n1i,n2i for `"OR"`: events, non-events or totals of the two arms, length k.
#' @param x1i,x2i,t1i,t2i for `"IRR"`: events and person-times of the two arms.
#' @param xi,mi,ni for `"PLO"`: events, non-events or totals.
#' @param ti for `"IRLN"`, with `xi`: person-times.
#' @param measure `"OR"` (log odds ratio), `"IRR"` (log rate ratio), `"PLO"` (logit of a proportion), `"IRLN"` (log
#'   rate).
#' @param add,to,drop00 for the estimates and variances that I2 and figures use, see [escalc()]; with `drop00` (the
#'   default) studies with no events, or nothing but events, in both arms are left out of the model too.
#' @param model `"UM.FS"` (a free level for each study), `"UM.RS"` (random levels), `"CM.AL"` (given the total of
#'   events, approximate likelihood), `"CM.EL"` (the same, exact: noncentral hypergeometric for odds ratios).
#' @param method `"ML"`, or `"EE"` (`"FE"`, `"CE"`) for no heterogeneity.
#' @param coding of the random effect in unconditional models: 1/2 (plus and minus a half), 1 or 0 (in the first or in
#'   the second arm alone).
#' @param cor for `"UM.RS"`: may random effect and level be correlated?
#' @param test `"z"`, or `"t"` with k - p degrees of freedom.
#' @param nAGQ points of the adaptive Gauss-Hermite quadrature; by default as many as it takes for the log-likelihood to
#'   stand still to 1e-10 (1e-8 for `"UM.RS"`).
#' @param verbose,control kept in the object; there is nothing to tune.
#' @param ... `tdist = TRUE`, another word for `test = "t"`; `skiphet = TRUE` leaves the tests of heterogeneity out;
#'   `link` and
#'   `family` may name the canonical ones; `i2def`, `outlist` as in [rma()]; `vtype`, `addyi`, `addvi`, `onlyo1` as in
#'   [escalc()], for the estimates that figures and I2 use. A warning of class `metaparity_warning_unknown` names what
#'   else
#'   is given.
#' @return An object of class `c("metaparity_glmm", "metaparity", "rma.glmm", "rma")` with \pkg{metafor}'s fields:
#'   `beta`, `se`, `zval`, `pval`, `ci.lb`, `ci.ub`, `vb`, `tau2`, `se.tau2`, `sigma2`, `rho`, `I2`, `H2`, `vt`,
#'   `QE.Wld`,
#'   `QEp.Wld`, `QE.LRT`, `QEp.LRT`, `QE.df`, `QM`, `QMp`, `k`, `yi`, `vi`, `fit.stats`, ...; and `points`, the order of
#'   the quadrature, `ll.common`, the log-likelihood without heterogeneity, and `ll.saturated`.
#' @details Log-likelihoods, AIC and BIC are those of the model itself, with all constants of the distribution of the
#' counts. `tau2` is exactly 0 where nothing above is more likely. `QE.Wld` and `QE.LRT` compare the model without
#' heterogeneity with one in which every study has its own effect; studies whose own effect is infinite tell the first
#' nothing.
#'
#' Errors are of class `metaparity_error_input`; studies without usable counts are left out with a warning of class
#' `metaparity_warning_dropped`. Warnings of class `metaparity_warning_not_identified`: no standard errors.
#' @section In other software: \pkg{metafor}: `rma.glmm()` (its log-likelihoods are those of conditional deviances for
#'   all
#'   but `"CM.EL"` and `"UM.RS"`); \pkg{lme4}: `glmer()`; Stata: `melogit`, `mepoisson`, `metaprop_one`; SAS: `NLMIXED`.
#' @references Stijnen, T., Hamza, T. H. and Ozdemir, P. (2010). Random effects meta-analysis of event outcome in the
#'   framework of the generalized linear mixed model with applications in sparse data. *Statistics in Medicine*, 29,
#'   3046-3067.
#'
#'   Jackson, D., Law, M., Stijnen, T., Viechtbauer, W. and White, I. R. (2018). A comparison of seven random-effects
#'   models for meta-analyses that estimate the summary odds ratio. *Statistics in Medicine*, 37, 1059-1085.
#' @examples
#' d <- data.frame(ai = c(4, 6, 3, 12, 9), n1i = c(120, 300, 230, 480, 510),
#'                 ci = c(11, 29, 11, 30, 20), n2i = c(130, 300, 220, 470, 500))
#' rma.glmm(measure = "OR", ai = ai, n1i = n1i, ci = ci, n2i = n2i, data = d, model = "CM.EL")
#' rma.glmm(measure = "PLO", xi = ci, ni = n2i, data = d)
#' @export
rma.glmm <- function(ai, bi, ci, di, n1i, n2i, x1i, x2i, t1i, t2i, xi, mi, ti, ni, mods, measure, data, slab, subset,
                     add = 1/2, to = "only0", drop00 = TRUE, intercept = TRUE, model = "UM.FS", method = "ML",
                     coding = 1/2, cor = FALSE, test = "z", level = 95, btt, nAGQ = 7, verbose = FALSE, digits,
                     control, ...) {
  mc <- match.call()
  dots <- named_dots(c("tdist", "skiphet", "link", "family", "vtype", "i2def", "outlist", zero_choices), mc, ...)
  if (!is.null(dots$tdist) && missing(test)) test <- if (check_flag(dots$tdist, "tdist", mc)) "t" else "z"
  measure <- check_choice(if (missing(measure)) NULL else measure, c("OR", "IRR", "PLO", "IRLN"), "measure", mc)
  spec <- glmm_spec(measure, model, method, coding, cor, test, level, if (missing(nAGQ)) 0L else nAGQ, mc)
  check_canonical(dots, measure, mc)
  told <- uni_choices(dots[intersect(names(dots), c("i2def", "outlist"))], mc)
  check_flag(drop00, "drop00", mc)
  input <- rma_input(glmm_call(mc, measure), parent.frame(), measure, check_flag(intercept, "intercept", mc),
                     c(list(add = add, to = to, drop00 = drop00),
                       dots[intersect(names(dots), c("vtype", zero_choices))]))
  used <- glmm_rows(input, measure, drop00, mc)
  options <- list(add = add, to = to, drop00 = drop00, verbose = verbose,
                  control = if (missing(control)) list() else check_settings(control, "control", mc),
                  digits = if (!missing(digits)) digits)
  fit <- fit_glmm(input, used, spec, options, if (!missing(btt)) btt, mc)
  # On the log scale an amount of 1000 is none of data.
  if (any(fit$se > 1e3, na.rm = TRUE) || fit$tau2 > 1e3) {
    warn_fit("separation", "the likelihood has no finite maximum: a coefficient runs to infinity", call = mc)
  }
  fit <- told_otherwise(fit, told$told)
  if (!is.null(dots$skiphet) && check_flag(dots$skiphet, "skiphet", mc)) fit <- without_tests(fit)
  as_listed(fit, told$outlist, mc)
}

without_tests <- function(fit) {
  fit[c("QE.Wld", "QEp.Wld", "QE.LRT", "QEp.LRT")] <- NA_real_
  fit
}

# Counts of events are binomial with the logit, rates Poisson with the logarithm.
check_canonical <- function(dots, measure, call) {
  own <- if (measure %in% c("OR", "PLO")) "logit" else "log"
  links <- list(link = dots$link, family = if (is.list(dots$family)) dots$family$link)
  for (arg in names(links)[lengths(links) > 0L]) {
    if (!identical(as.character(links[[arg]]), own))
      abort_capability(arg, sprintf("can be that of the link \"%s\" alone for measure \"%s\"", own, measure), call)
  }
}

# Sample sizes that belong to `measure` are raw data, not sizes of studies.
glmm_call <- function(mc, measure) {
  keep <- c("", "mods", "data", "slab", "subset", "measure", glmm_columns(measure))
  mc[names(mc) %in% keep]
}

glmm_columns <- function(measure) {
  switch(measure, OR = c("ai", "bi", "ci", "di", "n1i", "n2i"), IRR = c("x1i", "x2i", "t1i", "t2i"),
         PLO = c("xi", "mi", "ni"), c("xi", "ti"))
}

glmm_models <- c("UM.FS", "UM.RS", "CM.AL", "CM.EL")

glmm_spec <- function(measure, model, method, coding, cor, test, level, points, call) {
  model <- check_choice(model, glmm_models, "model", call)
  if (measure == "IRR" && model == "CM.AL") model <- "CM.EL"
  if (measure %in% c("PLO", "IRLN")) model <- "UM.FS"
  method <- check_choice(method, c("ML", common_methods), "method", call)
  if (!is.numeric(coding) || length(coding) != 1L || !coding %in% c(0, 1/2, 1))
    abort_input("coding", sprintf("must be 1/2, 1 or 0, not %s", describe(coding)), call)
  if (check_flag(cor, "cor", call) && model != "UM.RS")
    abort_input("cor", "is for model \"UM.RS\" alone", call)
  points <- round(check_number(points, "nAGQ", 0, 100, call))
  if (points > 0 && points < least_points) {
    warn_input("nAGQ", sprintf("is raised to %d: with fewer points the approximation has no exact maximum",
                               least_points),
               call)
    points <- least_points
  }
  list(measure = measure, model = model, method = method, random = method == "ML", cor = cor, coding = coding,
       points = as.integer(points), tau2 = NA_real_, test = check_choice(test, c("z", "t"), "test", call),
       level = check_level(level, "level", call))
}

# Below it sums over the nodes are no derivatives of the approximation.
least_points <- 7L

# Counts of each row and which of them can be used: `events1`, `size1` and those of the second arm.
glmm_rows <- function(input, measure, drop00, call) {
  raw <- lapply(input$raw, function(v) as.numeric(v)[input$ids])
  counts <- glmm_counts(raw, measure, call)
  k <- length(input$yi)
  missing <- Reduce(`|`, lapply(counts, is.na), rowSums(is.na(input$X)) > 0)
  check_glmm_counts(counts, measure, input$ids, call)
  empty <- rep(FALSE, k)
  if (drop00 && measure %in% c("OR", "IRR")) {
    total <- counts$events1 + counts$events2
    empty <- total == 0 | measure == "OR" & total == counts$size1 + counts$size2
  }
  empty <- empty %in% TRUE & !missing
  if (any(missing)) leave_out(input$ids[missing], "missing values", call)
  if (any(empty)) leave_out(input$ids[empty], "no events, or nothing but events", call)
  usable <- !missing & !empty
  if (!any(usable)) abort_input("data", "holds no study with usable counts", call)
  list(counts = counts, not.na = usable, reason = ifelse(missing, "missing values", "no events, or nothing but events"))
}

glmm_counts <- function(raw, measure, call) {
  total <- function(n, x, rest, name) {
    if (!is.null(n)) return(n)
    if (is.null(rest)) abort_input(name, "must be given", call)
    x + rest
  }
  need <- function(name) if (is.null(raw[[name]])) abort_input(name, "must be given", call) else raw[[name]]
  switch(measure,
    OR = list(events1 = need("ai"), size1 = total(raw$n1i, raw$ai, raw$bi, "n1i"), events2 = need("ci"),
              size2 = total(raw$n2i, raw$ci, raw$di, "n2i")),
    IRR = list(events1 = need("x1i"), size1 = need("t1i"), events2 = need("x2i"), size2 = need("t2i")),
    PLO = list(events1 = need("xi"), size1 = total(raw$ni, raw$xi, raw$mi, "ni")),
    list(events1 = need("xi"), size1 = need("ti")))
}

check_glmm_counts <- function(counts, measure, rows, call) {
  for (arm in c("1", "2")) {
    x <- counts[[paste0("events", arm)]]
    n <- counts[[paste0("size", arm)]]
    if (is.null(x)) next
    name <- switch(measure, OR = if (arm == "1") "ai" else "ci", IRR = paste0("x", arm, "i"), "xi")
    whole <- is.na(x) | x >= 0 & abs(x - round(x)) < 1e-8 & is.finite(x)
    if (!all(whole)) abort_studies(name, rows[!whole], "must be counts", call)
    bad <- !is.na(x) & !is.na(n) & (n <= 0 | !is.finite(n) | measure %in% c("OR", "PLO") & n < x)
    if (any(bad)) abort_studies(name, rows[bad], "must not be larger than the total, which must be above 0", call)
  }
}

fit_glmm <- function(input, used, spec, options, btt, call) {
  keep <- used$not.na
  rows <- input$ids[keep]
  X <- input$X[keep, , drop = FALSE]
  design <- if (input$int.only) list(X = X, coef.na = FALSE) else drop_collinear(X, rows, call)
  X <- design$X
  k <- nrow(X)
  p <- ncol(X)
  if (p > k) abort_input("mods", sprintf("give %d coefficients for %d studies", p, k), call)
  if (spec$random && k == 1L) {
    warn_input("method", "is set to \"EE\": 1 study cannot tell heterogeneity from 1 coefficient", call)
    spec$random <- FALSE
    spec$method <- "EE"
  }
  two <- spec$measure %in% c("OR", "IRR") && spec$model %in% c("UM.FS", "UM.RS")
  spec$btt <- if (is.null(btt)) default_btt(p, input$int.incl) else resolve_btt(btt, colnames(X), call)
  spec$df <- k - p
  spec$ddf <- if (spec$test == "z") NA_real_ else max(k - p, 1)
  spec$n <- if (two) 2 * k else k
  data <- c(lapply(used$counts, function(v) v[keep]), list(X = X))
  found <- call_core(cpp_glmm(data, spec), call, rows)
  if (found$singular) {
    warn_fit("not_identified", "The information of the parameters is singular: there are no standard errors", call)
  }
  new_glmm(input, used, spec, options, data, found, design$coef.na, call)
}

# The one table of named conventions: what each program does where programs differ. A verb reads
# its defaults here; what the user gives explicitly wins.
# Sources: the programs' documentation and printed logs; checked by the tests of each choice.

convention_table <- list(
  metafor = list(
    software = "metafor (R), version 5",
    add = 0.5, to = "only0", drop00 = FALSE, peto_add = 0.5, rd_uncorrected = FALSE,
    smd = "hedges", j = "exact", smd_vtype = "LS", md_vtype = "LS", no_spread = "kept",
    add_how = "equal", mh_add = 0, mh_to = "none", mh_drop00 = FALSE, mh_rd_variance = "sato", mh_correct = TRUE,
    mh_rd_drop00 = TRUE,
    method = "REML", dl_q = "inverse variance", i2 = "tau2", h_test = "untruncated",
    between = "model", predict_df = "model",
    mh_rd_point = "sums of the cells pooled",
    z_sign = "signed", q_ci = "Q-profile", r2 = "floored at 0", i2_residual = "tau2", limits_z = "normal quantile",
    proportion = "as asked for; back-transformation by the user", proportion_ci = "normal", weights_of = "group",
    precision = "double", p_least = "<.0001",
    egger = "rma", begg = "exact", trimfill_side = "model", trimfill_method = "model"),
  stata14 = list(
    software = "metan 9 and its family (Stata 9 to 15)",
    add = 0.5, to = "only0", drop00 = TRUE, peto_add = 0, rd_uncorrected = TRUE,
    smd = "cohen", j = "approx", smd_vtype = "COHEN", md_vtype = "LS", no_spread = "kept",
    add_how = "equal", mh_add = 0.5, mh_to = "only0", mh_drop00 = TRUE, mh_rd_variance = "greenland-robins",
    mh_correct = FALSE,
    mh_rd_drop00 = FALSE,
    method = "DL", dl_q = "Mantel-Haenszel", i2 = "Q", h_test = "truncated",
    between = "Q total minus Q within", predict_df = "k-2",
    mh_rd_point = "sums of uncorrected cells",
    z_sign = "positive", q_ci = "none", r2 = "signed", i2_residual = "Q", limits_z = "normal quantile",
    proportion = "raw, or Freeman-Tukey with the harmonic mean of n", proportion_ci = "Wilson", weights_of = "overall",
    precision = "single", p_least = "0.000",
    egger = "lm", begg = "continuity", trimfill_side = "left", trimfill_method = "FE"),
  metan4 = list(
    software = "metan 4 (Stata, since 2020)",
    add = 0.5, to = "only0", drop00 = TRUE, peto_add = 0, rd_uncorrected = TRUE,
    smd = "cohen", j = "approx", smd_vtype = "COHEN", md_vtype = "LS", no_spread = "kept",
    add_how = "equal", mh_add = 0, mh_to = "none", mh_drop00 = TRUE, mh_rd_variance = "greenland-robins",
    mh_correct = FALSE,
    mh_rd_drop00 = FALSE,
    method = "DL", dl_q = "inverse variance", i2 = "Q", h_test = "untruncated",
    between = "subgroup estimates", predict_df = "k-2",
    mh_rd_point = "sums of the cells pooled",
    z_sign = "signed", q_ci = "non-central chi2 or gamma", r2 = "none", i2_residual = "none",
    limits_z = "normal quantile",
    proportion = "raw, or a transformation asked for", proportion_ci = "exact", weights_of = "overall",
    precision = "double", p_least = "0.000",
    egger = "lm", begg = "continuity", trimfill_side = "left", trimfill_method = "FE"),
  stata18 = list(
    software = "the meta suite (Stata 16 and later)",
    add = 0.5, to = "only0", drop00 = FALSE, peto_add = 0, rd_uncorrected = FALSE,
    smd = "hedges", j = "approx", smd_vtype = "LS2", md_vtype = "HO", no_spread = "kept",
    add_how = "equal", mh_add = 0.5, mh_to = "only0", mh_drop00 = FALSE, mh_rd_variance = "greenland-robins",
    mh_correct = FALSE,
    mh_rd_drop00 = TRUE,
    method = "REML", dl_q = "inverse variance", i2 = "tau2", h_test = "untruncated",
    between = "subgroup estimates", predict_df = "k-2",
    mh_rd_point = "sums of the cells pooled",
    z_sign = "signed", q_ci = "none", r2 = "floored at 0", i2_residual = "tau2", limits_z = "normal quantile",
    proportion = "Freeman-Tukey", proportion_ci = "normal", weights_of = "overall",
    precision = "double", p_least = "0.000",
    egger = "rma", begg = "continuity", trimfill_side = "FE", trimfill_method = "REML"),
  revman5 = list(
    software = "RevMan 5",
    add = 0.5, to = "only0", drop00 = TRUE, peto_add = 0, rd_uncorrected = TRUE,
    smd = "hedges", j = "approx", smd_vtype = "HEDGES", md_vtype = "LS", no_spread = "not estimable",
    add_how = "keep full for RR", mh_add = 0.5, mh_to = "only0", mh_drop00 = TRUE, mh_rd_variance = "revman",
    mh_correct = FALSE,
    mh_rd_drop00 = FALSE,
    method = "DL", dl_q = "Mantel-Haenszel", i2 = "Q", h_test = "none",
    between = "subgroup estimates", predict_df = "none",
    mh_rd_point = "sums of uncorrected cells",
    z_sign = "positive", q_ci = "none", r2 = "none", i2_residual = "none", limits_z = "normal quantile",
    proportion = "none", proportion_ci = "none", weights_of = "overall",
    precision = "double", p_least = "< 0.00001",
    egger = "none", begg = "none", trimfill_side = "none", trimfill_method = "none"),
  revman_web = list(
    software = "RevMan Web (since 2025)",
    add = 0.5, to = "only0", drop00 = TRUE, peto_add = 0, rd_uncorrected = TRUE,
    smd = "hedges", j = "approx", smd_vtype = "HEDGES", md_vtype = "LS", no_spread = "not estimable",
    add_how = "keep full for RR", mh_add = 0.5, mh_to = "only0", mh_drop00 = TRUE, mh_rd_variance = "revman",
    mh_correct = FALSE,
    mh_rd_drop00 = FALSE,
    method = "REML", dl_q = "Mantel-Haenszel", i2 = "tau2", h_test = "untruncated",
    between = "subgroup estimates", predict_df = "model",
    mh_rd_point = "sums of uncorrected cells",
    z_sign = "positive", q_ci = "Q-profile", r2 = "none", i2_residual = "none", limits_z = "normal quantile",
    proportion = "none", proportion_ci = "none", weights_of = "overall",
    precision = "double", p_least = "< 0.00001",
    egger = "none", begg = "none", trimfill_side = "none", trimfill_method = "none"),
  meta = list(
    software = "meta (R), version 8",
    add = 0.5, to = "only0", drop00 = TRUE, peto_add = 0, rd_uncorrected = TRUE,
    smd = "hedges", j = "exact", smd_vtype = "UB", md_vtype = "LS", no_spread = "kept",
    add_how = "events for RR", mh_add = 0.5, mh_to = "only0", mh_drop00 = TRUE, mh_rd_variance = "greenland-robins",
    mh_correct = FALSE,
    mh_rd_drop00 = TRUE,
    method = "REML", dl_q = "inverse variance", i2 = "Q", h_test = "untruncated",
    between = "subgroup estimates", predict_df = "k-1",
    mh_rd_point = "mean weighted by corrected cells",
    z_sign = "signed", q_ci = "test-based", r2 = "floored at 0", i2_residual = "tau2", limits_z = "normal quantile",
    proportion = "logit", proportion_ci = "Clopper-Pearson", weights_of = "overall",
    precision = "double", p_least = "< 0.0001",
    egger = "lm", begg = "normal", trimfill_side = "FE", trimfill_method = "FE")
)

for (name in names(convention_table)) convention_table[[name]]$name <- name
rm(name)

convention_spec <- function(name, call = NULL) {
  if (is.list(name) && all(names(convention_table[[1L]]) %in% names(name))) return(name)
  check_choice(name, names(convention_table), "convention", call)
  convention_table[[name]]
}

#' Conventions of other programs
#'
#' What each program does where programs for meta-analysis differ: the rule for zero cells, the
#' variance of a standardised mean difference, which Q feeds the DerSimonian-Laird estimator, and so
#' on. [escalc()], [rma()], [rma.mh()], [rma.peto()] take a name of this table as `convention`.
#'
#' The fields: rules for zero cells (`add`, `to`, `drop00`, `peto_add`, `rd_uncorrected`, `add_how`: `"keep full"` keeps
#' a study with events in everybody) and for those that enter Mantel-Haenszel sums (`mh_...`; `mh_rd_drop00`: are tables
#' with an empty column left out of risk differences); standardised mean differences (`smd`, `j`, `smd_vtype`) and the
#' variance of a mean difference (`md_vtype`), means of an arm without spread (`no_spread`); the estimator of tau2 and
#' where its Q is taken (`method`, `dl_q`); the base of I2 (`i2`, `i2_residual`) and its interval (`q_ci`); the floor of
#' Knapp and Hartung's variance (`h_test`); the test between groups (`between`); the prediction interval (`predict_df`);
#' tests of bias and trim and fill (`egger`, `begg`, `trimfill_side`, `trimfill_method`); explained variance (`r2`);
#' proportions; and what is only printed differently (`z_sign`, `weights_of`, `precision`, `p_least`).
#'
#' @param name names of conventions; all when missing.
#' @return A data frame with one row for each choice and one column for each convention.
#' @details An unknown name is an error of class `metaparity_error_input`.
#' @section In other software: `"stata14"` is what `metan` did in papers of 2008 to 2020,
#'   `"stata18"` the `meta` suite of Stata, `"revman5"` the RevMan of the Cochrane Collaboration,
#'   `"revman_web"` its successor, see [revman()].
#' @references Harris RJ et al. (2008) metan: fixed- and random-effects meta-analysis. Stata Journal
#'   8:3-28.
#' @examples
#' conventions(c("metafor", "stata14"))
#' @export
conventions <- function(name) {
  if (missing(name)) name <- names(convention_table)
  if (!is.character(name)) check_choice(name, names(convention_table), "name", sys.call())
  for (one in name) check_choice(one, names(convention_table), "name", sys.call())
  chosen <- lapply(convention_table[name], function(x) vapply(x, as.character, ""))
  as.data.frame(chosen, optional = TRUE, stringsAsFactors = FALSE)
}

# The choices for effect sizes of one measure. `given` has what the user set explicitly among add,
# to, drop00, vtype, correct; it wins over the convention.
effect_spec <- function(measure, convention = "metafor", given = list(), call = NULL) {
  rules <- convention_spec(convention, call)
  info <- measure_table[[measure]]
  spec <- list(
    add = if (measure == "PETO") rules$peto_add else min(rules$add, info$add),
    to = rules$to,
    drop00 = rules$drop00 && measure %in% c("RR", "OR", "PETO"),
    vtype = switch(measure, SMD = rules$smd_vtype, MD = rules$md_vtype, "LS"),
    correct = measure != "SMD" || rules$smd == "hedges",
    j = rules$j,
    standardiser = if (identical(rules$smd, "glass")) "control" else "pooled",
    rd_uncorrected = rules$rd_uncorrected, add_how = add_how_of(rules, measure),
    no_spread = measure %in% c("MD", "SMD") && rules$no_spread == "not estimable")
  spec[names(given)] <- given
  if (!is.null(given$onlyo1) && check_flag(given$onlyo1, "onlyo1", call)) spec$add_how <- "events"
  check_effect_spec(spec, measure, info$vtypes, call)
}

# Of what the amount for empty cells is part: of the estimates, of their variances, of the events alone.
zero_choices <- c("addyi", "addvi", "onlyo1")

# How the amount is added: a program may have a way of its own for risk ratios.
add_how_of <- function(rules, measure) {
  if (!grepl(" for RR$", rules$add_how)) return(rules$add_how)
  if (measure == "RR") sub(" for RR$", "", rules$add_how) else "equal"
}

check_effect_spec <- function(spec, measure, vtypes, call) {
  spec$add <- check_number(spec$add, "add", lower = 0, upper = 1e6, call = call)
  check_choice(spec$to, c("only0", "all", "if0all", "none"), "to", call)
  check_flag(spec$drop00, "drop00", call)
  for (arg in intersect(c("addyi", "addvi"), names(spec))) check_flag(spec[[arg]], arg, call)
  check_flag(spec$correct, "correct", call)
  if (!is.character(spec$vtype) || anyNA(spec$vtype)) {
    abort_input("vtype", sprintf("must be a character string, not %s", describe(spec$vtype)), call)
  }
  bad <- spec$vtype[!spec$vtype %in% vtypes]
  if (length(bad)) {
    abort_input("vtype", sprintf("must be one of %s for measure \"%s\", not \"%s\"%s",
                                 paste0('"', vtypes, '"', collapse = ", "), measure, bad[1L],
                                 did_you_mean(bad[1L], vtypes)), call)
  }
  spec
}

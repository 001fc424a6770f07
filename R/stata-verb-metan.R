# metan(), version 9: the number of variables decides the analysis; options in Stata's words.
# Source: Harris et al. (2008) Stata J 8:3-28; Bradburn, Deeks, Altman (1998) STB-44 sbe24. Oracle: verified logs.

#' Meta-analysis of studies as Stata's metan (version 9)
#'
#' The command of the Stata papers of 2008 to 2020: pools studies and prints Stata's log. Two variables are
#' an estimate and its standard error; three an estimate and its confidence limits on the scale of the analysis
#' (logs for ratios); four the cells of 2x2 tables; six sample size, mean and standard deviation of two groups.
#'
#' @param ... the variables: `theta, se`; `theta, lci, uci`; `a, b, c, d` (events and non-events, treated then
#'   control); `n1, m1, sd1, n2, m2, sd2`. Bare names or expressions, found in `data`, then where you are.
#' @param data a data frame.
#' @param subset logical or row numbers: Stata's `if` and `in`.
#' @param fixed,random,fixedi,randomi,peto the model. `fixed`: Mantel-Haenszel for 2x2 tables, else inverse
#'   variance; `random`: DerSimonian-Laird with the heterogeneity around the Mantel-Haenszel estimate for 2x2
#'   tables; `fixedi`, `randomi`: inverse variance throughout; `peto`: Peto odds ratio.
#' @param rr,or,rd risk ratio (the default of 2x2 tables), odds ratio, risk difference.
#' @param cohen,hedges,glass,nostandard Cohen's d (the default of six variables), Hedges' g, Glass's delta, or
#'   the mean difference that is not standardised.
#' @param by a variable of groups; each is pooled on its own with a subtotal.
#' @param nosubgroup,nooverall leave out the subtotals, or the overall result (which brings `sgweight`).
#' @param sgweight weights in percent within the groups.
#' @param second a second model to show, one of `"fixed"`, `"fixedi"`, `"random"`, `"randomi"`, `"peto"`, or
#'   `list(es, lci, uci, "description")`.
#' @param first the user's own pooled result instead of the model's, `list(es, lci, uci, "description")`; needs `wgt`.
#' @param secondstats,firststats text shown in the plot beside a user's second or first estimate.
#' @param nosecsub no second model in the subgroups.
#' @param wgt a variable of weights to use instead.
#' @param cc number added to each cell of a study with an empty cell.
#' @param chi2 test the odds ratio by chi-squared (Mantel-Haenszel and Peto).
#' @param breslow Breslow-Day test of heterogeneity (odds ratio, Mantel-Haenszel).
#' @param cornfield Cornfield limits for the studies' odds ratios.
#' @param nointeger allow counts that are not whole.
#' @param eform show the exponents of estimate and limits (two and three variables).
#' @param log show the logarithm of ratios.
#' @param efficacy a column of vaccine efficacy, 100 (1 - ratio) percent, in the forest plot.
#' @param ilevel,olevel confidence level in percent of the studies and of the pooled results.
#' @param level both levels at once.
#' @param sortby what to sort the studies by: a variable, several as `c(group, year)` or `"group year"`, an expression,
#'   or a variable that the command makes, such as `"_ES"`.
#' @param label `c(namevar = "id", yearid = "year")`, or with bare names or vectors `list(namevar = id)`.
#' @param counts,group1,group2,rfdist,rflevel,effect,favours,xlabel,xtick,force,null,nulloff,boxsca,texts,astext,lcols,rcols,nobox,nowt,nostats,nohet,nowarning,summaryonly,dp
#'   options of the forest plot, kept for `plot()`. `rfdist` also gives the predictive interval in `r`; `xtick` goes
#'   with `xlabel`; `astext` is the percentage of the width that the texts take, 50 leaves the width to the plot.
#' @param notable print no table.
#' @param graph draw the forest plot at once. `nograph = TRUE` is the default and accepted for Stata's sake.
#' @param nograph see `graph`.
#' @param double,classic,boxopt,diamopt,pointopt,ciopt,olineopt looks of Stata's graph: `classic` draws the black
#'   squares of version 7; columns have the width of their text, so that `double` changes nothing; the others take
#'   Stata's words for colours, widths, sizes and patterns, `"mcolor(red)"`, `"lcolor(gs8) lwidth(thick)"`; `none`
#'   hides the part, and a word without effect here gives a warning.
#' @param nokeep in [stata()]: make no variables.
#' @param version 9 (3.04 is its number) or 4. All that follows goes with version 4 only.
#' @param proportion two variables are events and total of one group.
#' @param model one or several models in one string, `"fe \\ dl \\ reml, hksj"`; options of a model follow its comma.
#' @param mhaenszel,mh,iv,common,fe,re,dlaird,dl,bdl,he,mpaule,mp,pm,eb,pmm,ml,reml,hm,b0,bp,sj2s,dk2s,sa,pl,kr,bt,hc,mult,ivhet,qe
#'   the model as an option of its own: Mantel-Haenszel; inverse variance; random effects with the estimator of
#'   DerSimonian and Laird, its bootstrap, Hedges, Mandel and Paule (also median-unbiased), maximum and restricted
#'   maximum likelihood, Hartung and Makambi, Rukhin (`b0` needs `npts`), two steps of Sidik and Jonkman or DerSimonian
#'   and Kacker, a given heterogeneity; profile likelihood, Kenward and Roger, Biggerstaff and Tweedie, Henmi and Copas,
#'   multiplicative heterogeneity, Doi's IVhet and quality effects. A string holds options of the model.
#' @param hksj,robust the variance of Hartung, Knapp, Sidik and Jonkman, or Sidik and Jonkman's robust one.
#' @param truncate `"one"` or `"zovert"`: the least factor of `hksj`.
#' @param hetpooled one tau-squared for all subgroups.
#' @param init,isq,tausq,qwt,reps start of two-step estimators (`"he"`), the I-squared in percent or tau-squared of
#'   `sa`, the variable of quality weights of `qe`, the number of resamples of `bdl`.
#' @param itol,maxiter,maxtausq controls of Stata's iteration, which the core does not need.
#' @param bartlett,skovgaard,eim,oim corrections of the likelihood (`pl`), kind of information (`kr`).
#' @param z,t,cmh reference distribution of the test; `cmh` the Cochran-Mantel-Haenszel test.
#' @param tarone Breslow-Day test with Tarone's correction.
#' @param cumulative,influence,leaveoneout pooled results of the first 1, 2, ... studies, or without each study.
#' @param altwt with these, the studies' own weights in the last column.
#' @param keepall,keeporder show studies that cannot be used, last or in their place.
#' @param nocc no continuity correction. In version 4 `cc` may be a string, `"0.5, opposite"`, `"empirical"`,
#'   `"allifzero"`.
#' @param citype,cimethod interval of the studies: `"normal"`, `"t"`, `"woolf"`, `"cornfield"`; of proportions
#'   `"wilson"`, `"exact"`, `"wald"`, `"agresti"`, `"jeffreys"`, `"transform"`. `cimethod`, the word of [metaprop()],
#'   is taken with proportions.
#' @param df variable of the degrees of freedom of `citype = "t"`.
#' @param hlevel level in percent of the intervals of heterogeneity.
#' @param isqparam,testbased I-squared from tau-squared; test-based intervals of heterogeneity.
#' @param missing with `by`: studies without a group make one of their own.
#' @param study,labtitle variable of the study labels, heading of their column.
#' @param npts variable of the number of participants.
#' @param oev observed minus expected events and their variance as columns of the plot.
#' @param denominator proportions are shown per this number.
#' @param transform `"none"`, `"ftukey"`, `"arcsine"` or `"logit"` of proportions; `"ftukey, arithmetic"` names the mean
#'   size of the way back (`harmonic`, `geometric`, `ivariance`). `ftt` is short for `"ftukey"`.
#' @param ftt,nopr see `transform`; `nopr` shows the transformed scale.
#' @param ovwt,sgwt weights in percent of all studies or within the groups.
#' @param nobetween,nomodellabels leave out the test between groups; the models' names in the labels.
#' @param hr,shr,irr estimates on the log scale are shown as hazard, sub-hazard or incidence rate ratios; `or` and `rr`
#'   do likewise with two or three variables.
#' @param md,wmd,smd words of version 4 for `nostandard` and `cohen`.
#' @param ebshrinkage in [stata()]: variables `_EBS_ES` and `_EBS_seES`, the empirical Bayes estimates of the studies.
#' @param hetinfo which statistics stand behind pooled labels in the plot: of `isq`, `h`, `q`, `p`, `tausq`.
#' @param allweights in [stata()]: variables of the weights of every model.
#' @param saving file of the results set (`.csv`, or `.dta` with \pkg{haven}), `"file.csv, replace"`.
#' @param clear in [stata()]: the results set takes the place of the data.
#' @param forestplot Stata's options of the plot in one string.
#' @return An object of class `stata_metan` (see [stata_view]). `r` has `ES`, `seES`, `ci_low`, `ci_upp`, `z`, `p_z`,
#'   `het`, `df`, `p_het`, `i_sq`, `tau2`, `chi2`, `p_chi2`, `measure` and `method`; `groups` the subgroups;
#'   `between` the test between them (inverse variance, fixed effect only).
#' @details Errors of class `metaparity_error_input` name an option that does not go with the input or is not
#'   supported; `metaparity_error_studies` the rows with bad values. Studies that cannot be used are shown as
#'   `(Excluded)` with a warning of class `metaparity_warning_dropped`, and a study whose proportion of 0 was
#'   entered with a tiny standard error with one of class `metaparity_warning_input`.
#' @section Shortest forms: In stata() and stata_do() an option may be cut: `r option_forms("metan")`.
#' @section In other software: Stata `metan logor selogor, random by(g) label(namevar=id)`; RevMan: generic inverse
#'   variance, random effects; metafor `rma(logor, sei = selogor, method = "DL")`, for 2x2 tables
#'   `rma.mh(..., add = c(.5, .5), to = c("only0", "only0"))`.
#' @references Harris R, Bradburn M, Deeks J, Harbord R, Altman D, Sterne J (2008). metan: fixed- and random-effects
#'   meta-analysis. Stata Journal 8, 3-28.
#' @examples
#' d <- data.frame(id = c("A", "B", "C"), es = c(-0.76, 11.01, -3.76), lci = c(-8.01, 2.23, -4.76),
#'                 uci = c(6.49, 19.79, -2.76))
#' metan(es, lci, uci, data = d, random = TRUE, label = c(namevar = "id"))
#' @export
metan <- function(..., data = NULL, subset = NULL,
                  fixed = FALSE, random = FALSE, fixedi = FALSE, randomi = FALSE, peto = FALSE,
                  rr = FALSE, or = FALSE, rd = FALSE, cohen = FALSE, hedges = FALSE, glass = FALSE,
                  nostandard = FALSE, by = NULL, nosubgroup = FALSE, nooverall = FALSE, sgweight = FALSE,
                  second = NULL, secondstats = NULL, first = NULL, firststats = NULL, nosecsub = FALSE, wgt = NULL,
                  cc = NULL, chi2 = FALSE, breslow = FALSE, cornfield = FALSE, nointeger = FALSE, eform = FALSE,
                  log = FALSE, efficacy = FALSE, ilevel = NULL, olevel = NULL, level = 95, sortby = NULL, label = NULL,
                  counts = FALSE, group1 = "Treatment", group2 = "Control", rfdist = FALSE, rflevel = NULL,
                  effect = NULL, favours = NULL, xlabel = NULL, xtick = NULL, force = FALSE, null = NULL,
                  nulloff = FALSE, boxsca = 100, texts = 100, astext = 50, lcols = NULL, rcols = NULL, nobox = FALSE,
                  nowt = FALSE, nostats = FALSE, nohet = FALSE, nowarning = FALSE, summaryonly = FALSE,
                  double = FALSE, classic = FALSE, boxopt = NULL, diamopt = NULL, pointopt = NULL, ciopt = NULL,
                  olineopt = NULL, nokeep = FALSE, dp = 2, notable = FALSE, graph = FALSE, nograph = FALSE,
                  version = 9, proportion = FALSE, model = NULL, mhaenszel = FALSE, mh = FALSE, iv = FALSE,
                  common = FALSE, fe = FALSE, re = FALSE, dlaird = FALSE, dl = FALSE, bdl = FALSE, he = FALSE,
                  mpaule = FALSE, mp = FALSE, pm = FALSE, eb = FALSE, pmm = FALSE, ml = FALSE, reml = FALSE, hm = FALSE,
                  b0 = FALSE, bp = FALSE, sj2s = FALSE, dk2s = FALSE, sa = FALSE, hksj = FALSE, pl = FALSE, kr = FALSE,
                  bt = FALSE, hc = FALSE, mult = FALSE, ivhet = FALSE, qe = FALSE, truncate = NULL, cmh = FALSE,
                  tarone = FALSE, cumulative = FALSE, influence = FALSE, leaveoneout = FALSE, altwt = FALSE,
                  keepall = FALSE, keeporder = FALSE, nocc = FALSE, citype = NULL, cimethod = NULL, df = NULL,
                  hlevel = NULL, isqparam = FALSE, testbased = FALSE, missing = FALSE, study = NULL,
                  labtitle = NULL, npts = NULL,
                  oev = FALSE, denominator = 1, transform = NULL, ftt = FALSE, nopr = FALSE, ovwt = FALSE, sgwt = FALSE,
                  nobetween = FALSE, nomodellabels = FALSE, hr = FALSE, shr = FALSE, irr = FALSE, md = FALSE,
                  wmd = FALSE,
                  smd = FALSE, robust = FALSE, hetpooled = FALSE, init = NULL, isq = NULL, tausq = NULL, itol = NULL,
                  maxiter = NULL, maxtausq = NULL, bartlett = FALSE, skovgaard = FALSE, eim = FALSE, oim = FALSE,
                  qwt = NULL, reps = NULL, z = FALSE, t = FALSE, ebshrinkage = FALSE, hetinfo = NULL,
                  allweights = FALSE,
                  saving = NULL, clear = FALSE, forestplot = NULL) {
  mc <- match.call(expand.dots = FALSE)
  env <- parent.frame()
  call <- match.call()
  version <- metan_version(version, call)
  given <- check_encodings(values_in(environment(), setdiff(names(formals(metan)), c("...", metan_column_words))), call)
  if (is.null(mc$npts) || is.logical(mc$npts)) given["npts"] <- list(mc$npts)
  if (!is.null(mc$qwt)) given$qwt <- paste(deparse(mc$qwt), collapse = "")
  run <- if (version == 4) metan4 else metan9
  mc$sortby <- as_written(mc$sortby, data, env)
  unsorted <- function(mc) run(mc, data, env, without_output(given), call)
  data <- data_to_sort(mc, data, env, c(2L, 3L, 4L, 6L), version == 4, unsorted, call)
  run(mc, data, env, given, call)
}

without_output <- function(o) utils::modifyList(o, list(graph = FALSE, saving = NULL), keep.null = TRUE)

# Arguments that name columns of the data are looked up there, not evaluated as they stand.
metan_column_words <- c("data", "subset", "by", "wgt", "sortby", "label", "lcols", "rcols", "study", "npts",
                        "df", "qwt", "version")

metan_version <- function(version, call) {
  version <- check_number(version, "version", 3, 9, call)
  if (version >= 4 && version < 5) 4 else if (version == 9 || version < 4) 9 else {
    abort_input("version", sprintf("must be 9 (or 3.04, its number) or 4, not %s", format(version)), call)
  }
}

metan9 <- function(mc, data, env, given, call) {
  check_version9(mc, call)
  for (level in c("ilevel", "olevel", "rflevel")) if (is.null(given[[level]])) given[[level]] <- given$level
  if (is.null(given$cc)) given$cc <- 0.5
  input <- groups_as_found(metan_input(mc, data, env, call), mc, data, env, call)
  options <- check_metan_options(given[c(setdiff(option_names("metan", 9), metan_column_words), "graph")], input$nvars,
                                 !is.null(input$wgt), call)
  view <- metan_view(metan_studies(input, options, call), options, input, call)
  if (options$graph) plot(view)
  view
}

# What version 9 does not have is named.
check_version9 <- function(mc, call) {
  wrong <- setdiff(intersect(names(mc), option_names("metan")), option_names("metan", 9))
  if (length(wrong)) abort_input(wrong[1L], "goes with `version = 4` only (in stata() and stata_do(): `metan = 4`)",
                                 call)
}

check_metan_options <- function(o, nvars, has_weights, call) {
  for (flag in c(option_names("metan", 9, c("flag", "optional")), "graph")) o[[flag]] <- check_flag(o[[flag]], flag,
                                                                                                    call)
  o$model <- metan_model(o, nvars, call)
  o$measure <- metan_measure(o, nvars, call)
  o$ilevel <- check_stata_level(o$ilevel, "ilevel", call)
  o$olevel <- check_stata_level(o$olevel, "olevel", call)
  o$rflevel <- check_stata_level(o$rflevel, "rflevel", call)
  o$cc <- check_number(o$cc, "cc", 0, 1, call)
  o$dp <- check_number(o$dp, "dp", 0, 8, call)
  if (o$nooverall) o$sgweight <- TRUE
  o$ratio <- o$measure %in% c("RR", "OR")
  o$astext <- check_number(o$astext, "astext", 1, 99, call)
  if (!is.null(o$xtick) && is.null(o$xlabel)) warn_input("xtick", "has no effect here without `xlabel`", call)
  for (name in c("xlabel", "xtick")) check_ticks(o[[name]], name, call)
  if (o$eform && nvars > 3L) abort_input("eform", "goes with two or three variables only", call)
  if (o$log && !o$ratio) abort_input("log", "goes with odds ratios and risk ratios only", call)
  if (o$efficacy && !o$ratio) abort_input("efficacy", "goes with odds ratios and risk ratios only", call)
  if (!is.null(o$first)) o$first <- check_first(o$first, nvars, has_weights, call)
  for (flag in c("breslow", "cornfield", "chi2")) {
    if (o[[flag]] && o$measure != "OR") abort_input(flag, "goes with odds ratios only", call)
  }
  if (o$breslow && o$model != "M-H") abort_input("breslow", "goes with the Mantel-Haenszel model only", call)
  if (o$chi2 && !o$model %in% c("M-H", "Peto")) abort_input("chi2", "goes with Mantel-Haenszel and Peto only", call)
  o
}

# first(es lci uci description): the user's own pooled result, with the weights that belong to it.
check_first <- function(first, nvars, has_weights, call) {
  first <- check_user_result(first, "first", call)
  if (nvars > 3L) abort_input("first", "goes with two or three variables only", call)
  if (!has_weights) abort_input("first", "needs the studies' weights in `wgt`", call)
  first
}

metan_model <- function(o, nvars, call) {
  picked <- c("fixed", "random", "fixedi", "randomi", "peto")
  picked <- picked[unlist(o[picked])]
  if (length(picked) > 1L) abort_input(picked[2L], sprintf("cannot go with `%s`: give one model", picked[1L]), call)
  model_name(if (length(picked)) picked else "fixed", nvars, call)
}

# The help page that leads from the data to the model.

#' Which model for which data
#'
#' From the shape of the data to the verb, with the name of the same model in other programs. `vignette("multilevel")`
#' has an
#' example of each.
#'
#' @section One effect per study:
#' \tabular{lllll}{
#' \strong{Data} \tab \strong{Here} \tab \strong{metafor} \tab \strong{Stata} \tab \strong{RevMan}\cr
#' effects and variances \tab [rma()] `(yi, vi)` \tab `rma()` \tab `meta summarize`, `metan` \tab Generic inverse
#' variance\cr
#' 2x2 tables \tab [rma()] `(measure = "RR", ai, ...)` \tab `rma()` \tab `meta esize`, `metan` \tab Dichotomous\cr
#' 2x2 tables, few events \tab [rma.mh()], [rma.peto()], [rma.glmm()] \tab the same \tab `metan, fixed peto` \tab M-H,
#' Peto\cr
#' means \tab [rma()] `(measure = "MD", m1i, ...)` \tab `rma()` \tab `meta esize` \tab Continuous\cr
#' proportions \tab [rma()] `(measure = "PLO", xi, ni)`, [rma.glmm()] \tab the same \tab `metaprop` \tab none\cr
#' with moderators \tab [rma()] `(mods = ~ x)` \tab `rma()` \tab `meta regress`, `metareg` \tab none\cr
#' in groups \tab [rma()] `(by = g)` \tab `rma(mods = ~ g)` \tab `metan, by()` \tab Subgroups\cr
#' variance depends on x \tab [rma()] `(scale = ~ x)` \tab the same \tab none \tab none
#' }
#' @section Several effects per study:
#' \tabular{llll}{
#' \strong{Data} \tab \strong{Here} \tab \strong{Stata} \tab \strong{lme4, SAS}\cr
#' effects within studies \tab [rma.mv()] `(random = ~ 1 | study/effect)` \tab `meta multilevel` \tab `PROC MIXED`\cr
#' several outcomes \tab [rma.mv()] `(random = ~ outcome | study, struct = "UN")` \tab `meta mvregress` \tab
#' `TYPE=UN`\cr
#' repeated measures \tab [rma.mv()] `(struct = "CAR")` \tab none \tab `TYPE=SP(POW)`\cr
#' known correlation of levels \tab [rma.mv()] `(R = list(species = A))` \tab none \tab `TYPE=LIN(1)`\cr
#' errors are correlated \tab [vcalc()] for `V` \tab none \tab none\cr
#' dependence is not known \tab [robust()] \tab none \tab `EMPIRICAL`\cr
#' correlation matrices \tab [matreg()] \tab `meta mvregress` \tab `PROC CALIS`
#' }
#' @section Something more about the studies:
#' \tabular{ll}{
#' small studies differ \tab [regtest()], [ranktest()], [trimfill()], [bias_table()]\cr
#' significant results are published more often \tab [selmodel()]\cr
#' one study drives the result \tab [leave1out()], [influence()][influence.metaparity], [gosh()]\cr
#' many outcomes at once \tab [rma_batch()], [rma_scan()]
#' }
#' @references Borenstein M, Hedges LV, Higgins JPT, Rothstein HR (2021). Introduction to meta-analysis, 2nd edition.
#'   Wiley.
#' @seealso \link{metaparity-package} for all verbs by task, [method_formulas()] for formulas.
#' @name which_model
#' @aliases which_model
#' @keywords models
NULL

# The map of the package: every verb by task.

#' Meta-analysis at parity with Stata, RevMan and metafor
#'
#' All verbs by what they are for. New here: `vignette("get-started")`; the model for your data: [which_model]; formulas
#' and their
#' sources: [method_formulas()]. Vignettes: `get-started`, `from-metafor`, `from-stata`, `from-revman`, `figures`,
#' `reporting`,
#' `multilevel`, `methods`, `validation`, `at-scale`, `probiotics`, `inside`.
#'
#' @section Data into effects:
#' [escalc()] computes effect sizes of all measures; [conv.2x2()], [conv.wald()], [conv.fivenum()], [conv.delta()]
#' recover
#' numbers from what papers print; [to.long()], [to.wide()], [to.table()] change shapes; [vcalc()] approximates
#' covariances of
#' dependent effects, [rcalc()] those of correlations; [check_data()] looks at study data before pooling;
#' [conventions()] lists
#' what programs do differently.
#' @section Models:
#' [rma()] common-, random- and mixed-effects models, groups with `by =`, location-scale models with `scale =`;
#' [rma.mh()],
#' [rma.peto()] for tables; [rma.mv()] multilevel and multivariate models; [selmodel()] selection models; [rma_batch()]
#' and
#' [rma_scan()] many outcomes at once; [rma.glmm()] counts; [matreg()] regression on correlations. Which for which data:
#' [which_model].
#' @section What a fit tells:
#' `print()`, `summary()`, `coef()`, `vcov()`, [predict()][predict.metaparity], [confint()][confint.metaparity_uni],
#' [anova()][anova.metaparity], [blup()], [ranef()], [fitstats()], [profile()][profile.metaparity], [robust()], [vif()],
#' [permutest()], [hettest()], [emmprep()].
#' @section Sensitivity and influence:
#' [leave1out()], [cumul()], [influence()][influence.metaparity], [gosh()], [baujat()].
#' @section Bias of small studies:
#' [regtest()] (Egger and its relatives), [ranktest()] (Begg), [trimfill()], [fsn()], [tes()], [hc()], [selmodel()],
#' [funnel()].
#' @section Figures:
#' [forest()] in the looks of metafor, Stata, RevMan, BMJ, JAMA and the Lancet, [addpoly()], [forest_stack()],
#' [forest_column()]; [funnel()], [radial()], [labbe()], [baujat()], [regplot()], [drapery()], [llplot()];
#' [save_forest()], [save_figure()], [forest_size()].
#' @section Stata:
#' [metan()], [metabias()], [metabias6()], [metainf()], [metaninf()], [metacum()], [metatrim()], [metaprop()],
#' [metareg()],
#' [metaan()], [galbr()], [metafunnel()], [heterogi()]; the suite: [meta_set()], [meta_esize()], [meta_summarize()],
#' [meta_regress()], [meta_bias()], [meta_trimfill()], [meta_mvregress()], [meta_meregress()], [meta_multilevel()];
#' [glst()], [drmeta()]; [stata()] and [stata_do()] run Stata's own language.
#' @section RevMan and reviews:
#' [read_rm5()], [verify_rm5()], [write_rm5()], [read_revman_web()], [revman()], [save_revman_figures()]; [rob()],
#' [rob_summary()], [rob_graph()], [prisma_flow()], [grade_profile()], [sof_table()].
#' @section Checks:
#' [audit()] finds contradictions in what a paper prints; [compare_software()] and [why_differs()] show what programs do
#' differently and what it changes; [compare_printed()] tells rounding from error.
#' @section Reports:
#' [results_table()] puts results of several models, groups, [sensitivity_table()] and [bias_table()] into one table,
#' [study_table()] the studies; [methods_text()] and [results_text()] write paragraphs, [reporter()] a report; R
#' Markdown templates 'Meta-analysis report'
#' and 'Replication of a published review'; tables in documents by themselves ([knitr]).
#' @keywords internal
"_PACKAGE"

## usethis namespace: start
#' @useDynLib metaparity, .registration = TRUE
#' @importFrom Rcpp evalCpp
## usethis namespace: end
NULL

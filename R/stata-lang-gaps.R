# Commands and functions of Stata that are not here, each with what to use; a word that is none of them may be a typo.
# What is refused for safety (shell, erase, mata, URLs) is refused in the same way.

safety_words <- "a do-file may not run other programs or reach beyond its folder"
later_words <- "it is not part of this package yet"

stata_gaps <- c(
  shell = safety_words, xshell = safety_words, winexec = safety_words, erase = safety_words, rm = safety_words,
  copy = safety_words, rmdir = safety_words, adoupdate = safety_words, update = safety_words,
  view = "read the file in R", java = safety_words, javacall = safety_words, plugin = safety_words,
  python = "use R for what Python does", mata = "use matrix commands, or R for what Mata does",
  odbc = "read the data base in R and pass the data frame", unzipfile = "use unzip() of R",
  zipfile = "use zip() of R", webuse = "download the file and use it",
  sysuse = "save the example data set and use it", ipdforest = "pool the estimates with metan",
  metapow = "use simulations", gllamm = "use glmer() of the R package lme4",
  melogit = "use glmer() of the R package lme4", meqrlogit = "use glmer() of the R package lme4",
  xtlogit = "use glmer() of the R package lme4", ivregress = "use the R package ivreg", manova = "use manova() of R",
  glm = "use glm() of R", nl = "use nls() of R", probit = "use glm() of R",
  ologit = "use polr() of the R package MASS", mlogit = "use multinom() of the R package nnet",
  nbreg = "use glm.nb() of the R package MASS", tobit = "use the R package survival",
  qreg = "use the R package quantreg", 
  reghdfe = "use the R package fixest", contrast = "use lincom",
  pwcompare = "use lincom", suest = "use lincom", jackknife = "use a loop", permute = "use a loop with runiform()",
  mi = "use the R package mice", ice = "use the R package mice", svy = "use the R package survey",
  svyset = "use the R package survey", factor = "use factanal() of R", pca = "use prcomp() of R",
  cluster = "use hclust() of R", sem = "use the R package lavaan", gsem = "use the R package lavaan",
  roctab = "use the R package pROC", roccomp = "use the R package pROC", diagt = "use the R package epiR",
  kappa = "use the R package irr", kap = "use the R package irr", icc = "use the R package irr",
  alpha = "use alpha() of the R package psych", sampsi = "use power.t.test() of R",
  power = "use power.t.test() of R", outreg = "use estimates table", tabout = "use tabulate and putexcel",
  table1 = "use tabstat and putexcel", xml_tab = "use putexcel",
  etable = "use estimates table", putpdf = "use R Markdown", dyndoc = "use R Markdown",
  markstat = "use R Markdown", translate = "the log is text already",
  tsfill = "use fillin", merge_old = later_words, infile = "use input or import delimited",
  infix = "use read.fwf() of R and pass the data frame", infile2 = later_words, fdasave = later_words,
  mvreg = later_words, heckman = later_words, arima = "use arima() of R", 
  pnorm = "use qqnorm() of R", ineqdeco = later_words,
  boxcox = later_words, sktest = "use swilk", sfrancia = later_words, mhodds = "use metan with fixed",
  meologit = later_words, mepoisson = later_words, menl = later_words, combomarginsplot = later_words,
  coefplot = "use metan with label()", vioplot = later_words, spineplot = later_words, graphlog = later_words,
  parallel = later_words, sumstats = later_words, stem = "use stem() of R", doiplot = "use metafunnel",
  lfk = "use metabias",
  treemap = later_words, metapreg = "use metaprop", metadta = "use metandi or midas", netplot = "use networkplot",
  fvfar = later_words, summtab = "use table, or tabstat and putexcel", grc1leg = "use graph combine",
  sumscale = later_words, `_diparm` = "use nlcom", inspect = "use codebook",
  clogit = "use clogit() of the R package survival", cnsreg = later_words,
  rreg = "use rlm() of the R package MASS", cf = "use merge", datasignature = later_words,
  nmissing = "use misstable", distinct = "use codebook", unique = "use codebook", labelbook = "use label list",
  labvars = "use label variable", texsave = "use file write", ivreg2 = "use the R package ivreg",
  xtivreg = "use the R package plm", ivreg = "use the R package ivreg", ivreghdfe = "use the R package fixest",
  boottest = "use the R package fwildclusterboot", bma = "use the R package BMS", bms = "use the R package BMS",
  lasso = "use the R package glmnet", xtabond = "use the R package plm",
  xtpoisson = "use glmer() of the R package lme4",
  robumeta = "use robust() of R on rma.mv(), or the R package robumeta", metaeff = "use generate and metan",
  metareg2 = "use metareg", diagti = "use cii", ksmirnov1 = later_words, symmetry = "use mcnemar.test() of R",
  tabodds = "use logit", pwmean = "use oneway",
  mvdecompose = later_words,
  frmttable = "use esttab matrix()", mat2txt = "use esttab matrix()",
  outtable = "use esttab matrix()", xsvmat = "use svmat", listtex = "use file write", listtab = "use file write",
  table1_mc = "use table, or tabstat and putexcel", baselinetable = "use table, or tabstat and putexcel",
  estpost = "use tabstat or table", tabstatmat = "use tabstat, save",
  checksum = "compare the files in R: tools::md5sum()", rsource = safety_words, rcall = safety_words,
  sjlog = "use log using", metandi5 = "use metandi", adjrr = "use margins", ladder = later_words,
  gladder = later_words, jb = "use swilk", nptrend = later_words, dunntest = "use dunn.test of R",
  adjust = "use margins", mfx = "use margins, dydx()", collin = "use estat vif", grinter = later_words,
  eclplot = "use twoway rcap and scatter", metagraph = "use forestplot",
  labmask = "use label define and label values", labutil = "use label define", egenmore = "use egen",
  distplot = "use cumul and twoway line", cdfplot = "use cumul and twoway line", graph3d = later_words,
  heatplot = later_words, binscatter = "use collapse and twoway scatter", marktouse = later_words,
  metapred = "use meta regress and predict", mibmi = later_words, metagen = "use metan", metalogit = later_words,
  metannt = "use metan", metaggr = later_words, metamiss = later_words, metamiss2 = later_words,
  metasem = later_words, metap = later_words, metacurve = later_words, fsn = "use fsn() of R",
  metafsn = "use fsn() of R", fsum = "use tabstat", univar = "use tabstat", dotplot = "use twoway scatter",
  symplot = "use qqplot() of R", quantile = "use twoway scatter on cumul", qqplot = "use qqplot() of R",
  strate = "use stptime, by()",
  nestreg = "use regress for each set of variables, and test", stepwise = "use step() of R",
  stcrreg = "use the R package cmprsk", stphplot = "use estat phtest after stcox", stcurve = "use sts graph",
  pchi = later_words, qchi = later_words, ciplot = "use twoway rcap and scatter")

# The row of a command by its word or an abbreviation of it.
find_command <- function(word) {
  table <- stata_registry$table
  hit <- match(word, table$word)
  if (is.na(hit)) {
    hits <- which(startsWith(table$word, word) & nchar(word) >= nchar(table$least))
    if (!length(hits)) refuse_command(word)
    hit <- hits[1L]
  }
  table$rows[[hit]]
}

# What Stata's words for a command were, and what is here; `stata_gaps` names it, else a word nearby may be meant.
refuse_command <- function(word) {
  if (is.na(word) || !nzchar(word)) abort_stata("invalid syntax", 198L)
  if (startsWith(word, "!")) word <- "shell"
  if (word %in% names(stata_gaps)) abort_gap(sprintf("command %s", word), stata_gaps[[word]])
  near <- near_word(word, c(stata_registry$table$word, names(stata_gaps)))
  abort_unknown(sprintf("command %s", word), near)
}

# Stata has it, this package has not.
abort_gap <- function(what, use) {
  abort_stata(sprintf("Stata's %s is not available here: %s", what, use), 199L,
              c("metaparity_error_stata_gap", "metaparity_error_stata_unsupported"), what = what, use = use)
}

# Nobody knows it: a typo, or a program that somebody wrote.
abort_unknown <- function(what, near = character()) {
  hint <- if (length(near)) sprintf("; did you mean %s?", paste(near, collapse = " or ")) else ""
  abort_stata(sprintf("%s is not known here%s", what, hint), 199L,
              c("metaparity_error_stata_unknown", "metaparity_error_stata_unsupported"), what = what, near = near)
}

# The words at the smallest distance, when that is small beside the word's length.
near_word <- function(word, words) {
  if (nchar(word) < 3L || !length(words)) return(character())
  distance <- drop(utils::adist(word, words))
  best <- min(distance)
  if (best > max(1L, nchar(word) %/% 4L)) return(character())
  utils::head(unique(words[distance == best]), 3L)
}

# An option that no table has.
refuse_option <- function(word, command, known = character()) {
  near <- setdiff(near_word(word, known), word)
  if (length(near)) abort_unknown(sprintf("option %s of %s", word, command), near)
  abort_unsupported(sprintf("option %s of %s", word, command))
}

# Commands and functions of Stata that are not here, each with what to use; a word that is none of them may be a typo.
# What is refused for safety (shell, erase, mata, URLs) is refused in the same way.

safety_words <- "a do-file may not run other programs or reach beyond its folder"
later_words <- "it is not part of this package yet"

stata_gaps <- c(
  shell = safety_words, xshell = safety_words, winexec = safety_words, erase = safety_words, rm = safety_words,
  copy = safety_words, rmdir = safety_words, adoupdate = safety_words, update = safety_words,
  view = "read the file in R", java = safety_words, javacall = safety_words, plugin = safety_words,
  python = "use R for what Python does", mata = "use matrix commands, or R for what Mata does",
  odbc = "read the data base in R and pass the data frame", unzipfile = "use unzip() of R", zipfile = "use zip() of R",
  webuse = "download the file and use it", sysuse = "save the example data set and use it",
  ipdforest = "pool the estimates with metan",
  metacumbounds = "use the R package RTSA",
  extfunnel = "use funnel() of R", metapow = "use simulations", gllamm = "use glmer() of the R package lme4",
  mixed = "use the R package lme4", xtmixed = "use the R package lme4", melogit = "use glmer() of the R package lme4",
  meqrlogit = "use glmer() of the R package lme4", xtlogit = "use glmer() of the R package lme4", ivregress = "use the R package ivreg",
  anova = "use regress with i.variable and test",
  manova = "use manova() of R", glm = "use glm() of R", nl = "use nls() of R", probit = "use glm() of R",
  ologit = "use polr() of the R package MASS", mlogit = "use multinom() of the R package nnet",
  nbreg = "use glm.nb() of the R package MASS", tobit = "use the R package survival",
  qreg = "use the R package quantreg",
  stset = "use Surv() of the R package survival", stcox = "use coxph() of the R package survival",
  sts = "use survfit() of the R package survival", streg = "use survreg() of the R package survival",
  areg = "use regress with i.variable", reghdfe = "use the R package fixest", nlcom = "use the delta method in R",
  marginsplot = "use the R package marginaleffects",
  contrast = "use lincom", pwcompare = "use lincom", suest = "use lincom", bootstrap = "use simulate, or boot of R",
  bs = "use simulate, or boot of R", jackknife = "use a loop", permute = "use a loop with runiform()",
  mi = "use the R package mice", ice = "use the R package mice", svy = "use the R package survey",
  svyset = "use the R package survey", factor = "use factanal() of R", pca = "use prcomp() of R",
  cluster = "use hclust() of R", sem = "use the R package lavaan", gsem = "use the R package lavaan",
  roctab = "use the R package pROC", roccomp = "use the R package pROC", diagt = "use the R package epiR",
  kappa = "use the R package irr", kap = "use the R package irr", icc = "use the R package irr",
  alpha = "use alpha() of the R package psych", sampsi = "use power.t.test() of R", power = "use power.t.test() of R",
  esttab = "use estimates table", estout = "use estimates table", outreg2 = "use estimates table",
  outreg = "use estimates table",
  eststo = "use estimates store", tabout = "use tabulate and putexcel", table1 = "use tabstat and putexcel",
  xml_tab = "use putexcel", collect = "use putexcel", etable = "use estimates table", dtable = "use tabstat",
  putpdf = "use R Markdown", dyndoc = "use R Markdown", markstat = "use R Markdown",
  translate = "the log is text already", snapshot = "use preserve and restore",
  tsfill = "use fillin", merge_old = later_words, infile = "use input or import delimited",
  infix = "use read.fwf() of R and pass the data frame", infile2 = later_words, fdasave = later_words,
  mvreg = later_words, heckman = later_words, arima = "use arima() of R", lowess = "use lowess() of R",
  kdensity = "use density() of R", qnorm = "use qqnorm() of R", pnorm = "use qqnorm() of R",
  winsor = "use replace with r(p1)", winsor2 = "use replace with r(p1)", ineqdeco = later_words,
  boxcox = later_words, swilk = "use shapiro.test() of R", sktest = later_words, sfrancia = later_words,
  mhodds = "use metan with fixed", meologit = later_words, mepoisson = later_words, menl = later_words,
  combomarginsplot = later_words, coefplot = "use metan with label()", vioplot = later_words, spineplot = later_words,
  graphlog = later_words, parallel = later_words, sumstats = later_words,
  stem = "use stem() of R", table = "use tabulate or tabstat", inspect = "use codebook",
  proportion = "use tabulate", total = "use tabstat, statistics(sum)",
  ratio = later_words, ttesti = "use ttest on data", prtest = "use prop.test() of R",
  prtesti = "use prop.test() of R", bitest = "use binom.test() of R", sdtest = "use var.test() of R", csi = "use metan",
  cci = "use metan", cs = "use metan or tabulate", cc = "use metan or tabulate", ir = later_words, iri = later_words,
  tabi = "use input and tabulate",
  clogit = "use clogit() of the R package survival", cnsreg = later_words,
  rreg = "use rlm() of the R package MASS", cf = "use merge", datasignature = later_words,
  savesome = "use preserve, keep and save", fre = "use tabulate", mdesc = "use misstable", nmissing = "use misstable",
  distinct = "use codebook", unique = "use codebook", labelbook = "use label list", labvars = "use label variable",
  texsave = "use file write")

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

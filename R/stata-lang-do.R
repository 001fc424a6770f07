# stata() and stata_do(): commands in Stata's own syntax, their log, data, results and graphs.

#' Run Stata commands and do-files
#'
#' `stata()` runs commands written in Stata's syntax on a data frame; `stata_do()` runs a do-file and prints its log
#' with Stata's echo of the commands. Commands of data management, of programs, regression, matrices, graphs and of
#' meta-analysis are understood (see the vignette *From Stata* for the tables); what is not supported is refused by
#' name with its line, never skipped. A word that nobody knows is refused with the words it may have been.
#'
#' @param command one or more commands: a string with line breaks, or one string per line.
#' @param data a data frame to start with. Without one `stata()` goes on with the data of the call before, as Stata
#'   does; `stata_do()` starts empty.
#' @param file path of a do-file (UTF-8 or, when that is not valid, GB18030).
#' @param metan the version of `metan` that the word means: 9 (papers of 2008 to 2020) or 4 (later). Where it is not
#'   given, `stata_do()` takes 4 for a do-file that uses what version 9 has not: `model()`, `forestplot()`, `study()` or
#'   the results set with `_USE` and `_LABELS`.
#' @param graphs draw the graphs on the current device? They are kept in the result in any case, and
#'   `graph export` writes the last one.
#' @param encoding encoding of the text in `.dta` files from before Stata 14, which do not declare it. By default UTF-8
#'   when valid, else GB18030 when the bytes stand in pairs, else Western European.
#' @param echo print the log while running?
#' @param x a result of `stata()` or `stata_do()`.
#' @param row.names,optional,... not used.
#' @return An object of class `stata_log`: `log` (the lines), `data` (the data frame at the end, with the variables that
#'   commands created), `results` (the object of each analysis command, see [stata_view]), `r` (the last saved
#'   results), `graphs`. `print()` writes the log, `plot()` draws a graph; `as.data.frame()` gives the data.
#'   `stata_do()` has printed its log and
#'   returns invisibly. `stata_data()` gives the data in memory.
#' @details Errors of class `metaparity_error_stata` carry `line`, `command`, Stata's return code `rc` and the `log` so
#'   far; those of class `metaparity_error_stata_unsupported`, with `what`, name something that is not supported, and
#'   are
#'   not hidden by `capture`: of class `metaparity_error_stata_gap` (field `use`) where Stata has a command that is not
#'   here, of class `metaparity_error_stata_unknown` (field `near`) where nobody knows the word. Commands that could
#'   reach beyond the folder (`shell`, `!`, `erase`, `copy`, `mata`, `python`, addresses of the network) are refused in
#'   the same way. A do-file reads and writes below its folder, the working folder and R's temporary folder only; `cd`
#'   changes the session's folder alone. Random numbers are R's streams. A do-file that fails leaves the data in memory
#'   as they were before it. Options that only change the looks of a graph give a warning of class
#'   `metaparity_warning_input`. Generated variables are of type float, in single precision, unless a type is given.
#' @section Survival data:
#' `stset time, failure(d==1) id(id) time0(t0) origin(time b) enter(time e) exit(time #) scale(#)`: records of a subject
#' follow each other, the first failure ends it unless `exit(time .)` says otherwise. `sts list` with `by()`, `at()`
#' (several times, or a number of them), `failure`, `na`; `sts test g` with `strata()`, `wilcoxon`, `tware`, `peto`,
#' `fh(p q)`, `trend`; `stci` with `by()`, `p()`, `rmean`; `stptime` with `by()`, `at()`, `per()`; `stir x, strata(g)`;
#' `stsplit new, at(5 10) | every(#)`, with `after(time = exp)`, and `stsplit, at(failures)`; `stcox`; `streg x,
#' distribution()` of `exponential`, `weibull`, `gompertz`, `lognormal`, `loglogistic`, `ggamma`, with hazard ratios,
#' `nohr`, `time`, `tratio`: its log-likelihood is that of ln(t), as Stata's. `predict` after both: `hr`, `xb`, `stdp`,
#' residuals `csnell` and `mgale`; baselines after `stcox`; `median`, `mean`, `surv`, `hazard` after `streg`. Robust
#' variances take a subject's records as one cluster. `lrtest` and `hausman` compare stored estimates.
#' @section Tables of exposure:
#' `cs`, `cc` and `ir` take `by(g)`: the ratio in each stratum, the crude one, Mantel and Haenszel's with the variances
#' of Greenland and Robins and of Robins, Breslow and Greenland; `pool` adds the pooled logarithms. The test of
#' homogeneity sums squared distances of the logarithms from the combined one over their variances. Limits of `cc` and
#' `ir` are exact, those of odds ratios of `cs` Cornfield's, unless `woolf` or `cornfield`. `tabulate a b, summarize(x)`
#' shows means, standard deviations and counts.
#' @section Mixed models:
#' `mixed y x || id: z, covariance(independent | unstructured | exchangeable | identity) reml`: random intercepts and
#' slopes of one grouping or of several nested ones, `|| a: || b:`, or none. The maximum is exact: a variance without
#' support is 0 and has no limits. Errors of the
#' variances come from the observed information on the scale of log standard deviations and atanh correlations.
#' `estat icc`; `predict` with `xb`, `stdp`, `fitted`, `residuals`, `rstandard`, `reffects`. After `xtreg`, Stata has no
#' `estat icc`: its rho is that correlation.
#' @section New studies and sequential boundaries:
#' `extfunnel es se, fixedi | randomi`: where a new study would make the pooled estimate significant below or above
#' `null()`; `isquared()` and `tausquared()` add contours, `sumd` and `prediction` the summary. `metacumbounds a b c d,
#' data(count) effect(f | r) spending(1 | 2 | 3) is(ais | apis) stat(rr | or | rd)`, or `lnhr se n, data(loghr)`: the
#' cumulative z of `metan` (version 9) against boundaries of O'Brien and Fleming's type, Pocock's or a power `phi()`,
#' computed here, so that `rdir()` and its kin say nothing. `is(ais)` takes the information gathered for the whole,
#' `is(apis)` the sample size for `rrr()`, `alpha()` and `beta()`; `diversity`, an option of this package, divides it by
#' 1 - D2. r(): `APIS`, `AIS`, `IS`, `D2`, `crossed`, `bounds`.
#' @section Graphs of networks:
#' The commands of Chaimani's network graphs, on data of pairs (`network convert pairs`) or after `network meta c`
#' and `mvmeta`. `networkplot t1 t2`: `nodeweight()`, `edgeweight()`, `edgecolor(by v mode | mean | wmean w | max |
#' min)`, `bylevels()`, `bycolors()`; nodes count studies where the network knows them, else rows; of two most
#' frequent levels the higher risk is drawn. `netleague`: a cell is the column against the row; the table is
#' printed, too. `intervalplot`: `predictions` take the t distribution with studies less direct comparisons less one
#' degrees of freedom. `sucra prob*` after `network rank max, all zero gen(prob)`, or `nomvmeta` with a variable for
#' each treatment; `pscore`. `ifplot es se t1 t2 id`: all triangles, and the quadrilaterals that hold no triangle;
#' direct less indirect evidence (Bucher), with `tau2(loop | comparison | #)`, `mm`, `reml`, `eb`; a study that has
#' every comparison of a loop loses the one with most studies. `netfunnel es se t1 t2`: effects less the summary of
#' their comparison, kept in `_ES_CEN`. `netweight es se t1 t2`: contributions of the direct comparisons, `e(h)` and
#' `e(p)`. `clusterank a b t`: hierarchical clusters by cophenetic correlation and clustering gain. Codes stand for
#' treatments unless `labels()` names them.
#' @section Tables of descriptions and of results:
#' `dtable x i.g, by(h, tests nototals)` with `continuous()`, `factor()`, `nformat()`; `collect: command`, `collect
#' layout (colname#result[_r_b _r_se]) (cmdset)`, `collect layout (result[N r2]) (cmdset)`, `collect export` to txt and
#' md; other words of `collect` are refused by name. `graph matrix x y z, half`.
#' @section In other software: Stata's command line and `do paper.do`. There is no equivalent in metafor or RevMan.
#' @references StataCorp. Stata User's Guide: language syntax, expressions, missing values, macros.
#'
#'   Bucher HC, Guyatt GH, Griffith LE, Walter SD (1997). The results of direct and indirect treatment comparisons in
#'   meta-analysis of randomized controlled trials. Journal of Clinical Epidemiology 50, 683-691.
#'
#'   Chaimani A, Higgins JPT, Mavridis D, Spyridonos P, Salanti G (2013). Graphical tools for network meta-analysis in
#'   STATA. PLoS ONE 8, e76654.
#'
#'   Chaimani A, Salanti G (2012). Using network meta-analysis to evaluate the existence of small-study effects in a
#'   network of interventions. Research Synthesis Methods 3, 161-176.
#'
#'   Langan D, Higgins JPT, Gregory W, Sutton AJ (2012). Graphical augmentations to the funnel plot assess the impact of
#'   additional evidence on a meta-analysis. Journal of Clinical Epidemiology 65, 511-519.
#'
#'   Lan KKG, DeMets DL (1983). Discrete sequential boundaries for clinical trials. Biometrika 70, 659-663.
#'
#'   Wetterslev J, Thorlund K, Brok J, Gluud C (2009). Estimating required information size by quantifying diversity in
#'   random-effects model meta-analyses. BMC Medical Research Methodology 9, 86.
#' @examples
#' d <- data.frame(id = c("A", "B", "C"), es = c(.2, .5, .1), se = c(.1, .2, .15))
#' stata("metan es se, random nograph label(namevar=id)", d)
#' file <- tempfile(fileext = ".do")
#' writeLines(c("gen var = se^2", "summarize es var", "metan es se if se < .2, ///",
#'              "  nograph"), file)
#' out <- stata_do(file, d)
#' @export
stata <- function(command, data = NULL, metan = 9, graphs = default_graphs(), encoding = NULL) {
  check_given(command)
  if (!is.character(command) || anyNA(command))
    abort_input("command", sprintf("must be text, not %s", describe(command)))
  check_encodings(list(command = enc2utf8(command[Encoding(command) != "bytes"])))
  if (any(Encoding(command) == "bytes")) abort_input("command", sprintf("must be text, not %s", describe(command)))
  session <- if (is.null(data) && !is.null(stata_memory$session)) stata_memory$session else new_session(data)
  prepare_session(session, metan, graphs, encoding)
  stata_memory$session <- session
  path_rules$script <- run_rule(session)
  on.exit(path_rules$script <- NULL)
  until_exit(function() run_statements(parse_blocks(split_statements(command)), session))
  new_stata_log(session)
}

#' @rdname stata
#' @export
stata_do <- function(file, data = NULL, metan = 9, graphs = default_graphs(), encoding = NULL, echo = TRUE) {
  check_given(file)
  if (!is.character(file) || length(file) != 1L || is.na(file) || Encoding(file) == "bytes") {
    abort_input("file", sprintf("must be one path, not %s", describe(file)))
  }
  if (!file.exists(file) && file.exists(paste0(file, ".do"))) file <- paste0(file, ".do")
  if (!file.exists(file)) abort_input("file", sprintf("must exist, but there is no %s", dQuote(file, FALSE)))
  file <- plain_path(file)
  session <- new_session(data)
  prepare_session(session, metan, graphs, encoding)
  session$print <- check_flag(echo, "echo")
  session$folder <- dirname(file)
  before <- stata_memory$session
  done <- FALSE
  on.exit({
    session$print <- FALSE
    session$logs <- list()
    path_rules$script <- NULL
    if (!done) stata_memory$session <- before
  })
  stata_memory$session <- session
  path_rules$script <- run_rule(session)
  session$echo <- TRUE
  statements <- parse_blocks(split_statements(read_text_lines(file)))
  if (missing(metan)) session$metan <- metan_of_script(statements)
  until_exit(function() run_statements(statements, session, echo = TRUE))
  restore_to(0L, session)
  done <- TRUE
  invisible(new_stata_log(session))
}

#' @rdname stata
#' @export
stata_data <- function() {
  if (is.null(stata_memory$session)) return(data.frame())
  session_data(stata_memory$session)
}

# The version of metan that a do-file was written for: 4 where it uses what version 9 has not, its results set or
# options.
metan_of_script <- function(statements) metan_of_texts(script_texts(statements))

metan_of_texts <- function(text) {
  text <- grep("metan|forestplot|_LABELS|_USE|_SS|_selogES", text, perl = TRUE, useBytes = TRUE, value = TRUE)
  own <- grepl("\\b_(LABELS|USE)\\b|^((qui|quietly|cap|capture|noi|noisily)\\s+)*forestplot\\b", text)
  if (any(grepl("\\b_(SS|selogES)\\b", text))) return(9)
  options <- "\\b(model|forestplot|study|npts|hetinfo|citype|labtitle)\\s*\\(|\\b(leaveoneout|influence|keepall)\\b|,.*\\bproportion\\b"
  four <- own | grepl("\\bmetan\\b", text) & grepl(options, text)
  if (any(four)) 4 else 9
}

script_texts <- function(statements) {
  unlist(lapply(statements, function(s) c(s$text, s$head, script_texts(s$body))))
}

# The data in memory between calls, as in Stata.
stata_memory <- new.env(parent = emptyenv())

default_graphs <- function() interactive()

prepare_session <- function(session, metan, graphs, encoding) {
  session$metan <- check_number(metan, "metan", 4, 9)
  session$encoding <- encoding
  session$draw <- if (check_flag(graphs, "graphs")) draw_graph
  session$record <- new_buffer()
  # The graph in the window outlives the command.
  session$window <- c(session$window, session$graphs)
  session$window <- utils::tail(session$window, 1L)
  session$results <- session$graphs <- list()
  session$quiet <- session$loops <- 0L
}

new_stata_log <- function(session) {
  structure(list(log = log_lines(session), data = session_data(session), results = session$results, r = session$r,
                 graphs = session$graphs), class = "stata_log")
}

#' @rdname stata
#' @export
print.stata_log <- function(x, ...) {
  if (length(x$log)) cat(x$log, sep = "\n")
  invisible(x)
}

#' @rdname stata
#' @export
as.data.frame.stata_log <- function(x, row.names = NULL, optional = FALSE, ...) x$data

#' @rdname stata
#' @param which for `plot()`: which of the graphs that were made, by default the last.
#' @export
plot.stata_log <- function(x, which = length(x$graphs), ...) {
  if (!length(x$graphs)) abort_input("x", "holds no graph: none of its commands made one", sys.call())
  invisible(draw_graph(x$graphs[[check_number(which, "which", 1, length(x$graphs), sys.call())]]))
}

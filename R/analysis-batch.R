# rma_batch(): the same meta-analysis of many outcomes in one call. All numbers come from core/batch/outcomes.

#' Many meta-analyses at once
#'
#' Pools every outcome of a table (methylation sites, genes, variants, the outcomes of an umbrella review, the
#' repetitions of a simulation) by the same model, in C++ and on threads. Each row of the result has the numbers that
#' [rma()],
#' [rma.mh()] or [rma.peto()] give for that outcome alone.
#'
#' @param yi,vi,sei estimates and their sampling variances or standard errors: matrices (or data frames of numbers) with
#'   one row per outcome and one column per study, or, with `outcome`, columns with one row per outcome and study. `NA`
#'   where an outcome lacks a study.
#' @param ai,bi,ci,di,n1i,n2i,x1i,x2i,t1i,t2i,m1i,m2i,sd1i,sd2i,xi,mi,ri,ti,ni raw data of `measure` in the same shapes,
#'   see [escalc()].
#' @param outcome with data in long form, the outcome of each row.
#' @param mods moderators, see [rma()]: one row per study (matrices) or per row of the data (long form). `NA` leaves a
#'   study out.
#' @param by a grouping of the studies (of the rows, in long form): each group is pooled too, and groups are compared.
#' @param data a data frame in which columns are looked up: of the studies for matrices, of all rows in long form.
#' @param measure effect measure of raw data, see [escalc()].
#' @param method `"REML"` or another estimator of [rma()], `"EE"` for the common-effect model; `"MH"` or `"PETO"` for
#'   2x2 tables.
#' @param test,level,tau2 as in [rma()].
#' @param add,to,drop00,convention rules for zero cells, see [rma()] and [conventions()].
#' @param also what else is computed of each outcome: any of `"egger"` (Egger's regression, bias coefficient and p),
#'   `"begg"` (rank correlation and p), `"trimfill"` (number of filled studies, estimate and limits with them) and
#'   `"leave1out"` (lowest and highest estimate without one study, largest p).
#' @param padj method of [stats::p.adjust()] for the column `padj`.
#' @param threads number of threads; the result does not depend on it.
#' @param progbar show a progress bar when the work takes longer than a second?
#' @param intercept whether a design given as a matrix gets an intercept.
#' @param x,object a result of `rma_batch()`.
#' @param n number of rows printed.
#' @param digits decimals printed.
#' @param row.names,optional,... not used.
#'
#' @return A data frame of class `metaparity_batch` with one row per outcome, in the order of the rows or of first
#'   appearance: `outcome`, `k` (studies used), `estimate`, `se`, `zval` (`tval` where the test is by t), `pval`,
#'   `padj`, `ci.lb`, `ci.ub`, `pi.lb`, `pi.ub` (prediction limits), `tau2`, `I2`, `H2`, `QE`, `QEp`; with moderators
#'   the first
#'   six of each coefficient as `estimate.<name>`, ..., and `QM`, `QMp`, whose p values `padj` adjusts; with `by` `QB`,
#'   `QBdf`, `QBp` and the columns of each group, `estimate.<group>`, ...; the columns of `also`: `egger`, `egger.p`,
#'   `begg`, `begg.p`, `k0`, `filled`, `filled.lb`, `filled.ub`, `lowest`, `highest`, `largest.p`; and `code`, a factor:
#'   `"ok"`, `"no study"`, `"too few studies"`, `"redundant moderators"`, `"impossible data"` or `"no solution"`.
#'
#' @details One study is its own estimate, with tau2 = 0 and a normal test, as in [rma()]. Outcomes that cannot be
#'   estimated keep their row, with `NA` and a code, and one warning of class `metaparity_warning_studies` counts them.
#'   So does one with a negative variance, which `rma()` alone would set to 0.
#'
#'   Errors of class `metaparity_error_input` name arguments that do not fit together.
#' @section Formula: those of [rma()], [rma.mh()], [rma.peto()], [regtest()] with `model = "lm"`, [ranktest()],
#'   [trimfill()] and [leave1out()].
#' @section In other software: \pkg{metafor}: a loop over `rma()`; METAL: `SCHEME STDERR` is `method = "EE"`; Stata: a
#'   loop over `metan` or `meta summarize`.
#' @references Willer CJ, Li Y, Abecasis GR (2010). METAL: fast and efficient meta-analysis of genomewide association
#'   scans. Bioinformatics 26, 2190-2191.
#' @examples
#' set.seed(1)
#' yi <- matrix(rnorm(1000 * 6, 0.1, 0.3), 1000, dimnames = list(paste0("site", 1:1000), NULL))
#' sei <- matrix(runif(6000, 0.1, 0.4), 1000)
#' fits <- rma_batch(yi, sei = sei)
#' fits
#' long <- data.frame(site = rep(c("a", "b"), each = 3), est = c(.2, .4, .1, -.1, 0, .3), se = .1)
#' rma_batch(est, sei = se, outcome = site, data = long, method = "DL")
#' @export
rma_batch <- function(yi, vi, sei, ai, bi, ci, di, n1i, n2i, x1i, x2i, t1i, t2i, m1i, m2i, sd1i, sd2i, xi, mi, ri, ti,
                      ni, outcome, mods, by, data, measure = "GEN", method = "REML", test = "z", level = 95, tau2,
                      add, to, drop00, convention = "metafor", also = NULL, padj = "BH", threads = 2,
                      progbar = interactive(), intercept = TRUE, ...) {
  mc <- match.call()
  if (...length() > 0L) warn_unknown(dots_names(...), mc)
  measure <- check_measure(measure, call = mc)
  rules <- convention_spec(convention, mc)
  o <- batch_options(method, test, level, if (!missing(tau2)) tau2, also, padj, threads, progbar, measure, mc)
  data <- if (missing(data)) NULL else resolve_data(data, mc)
  check_flag(intercept, "intercept", mc)
  cells <- c(if (!missing(add)) list(add = add), if (!missing(to)) list(to = to),
             if (!missing(drop00)) list(drop00 = drop00))
  input <- batch_input(mc, data, parent.frame(), measure, rules, cells, o, intercept)
  o$spec <- batch_spec(o, rules, !missing(method), !missing(convention), input)
  new_batch(input, o, mc)
}

# What the call asks for beyond its data.
batch_options <- function(method, test, level, tau2, also, padj, threads, progbar, measure, call) {
  pooled <- is_word(method) && toupper(method) %in% c("MH", "PETO")
  method <- if (pooled) toupper(method) else check_method(method, call)
  if (pooled && (!measure %in% c("RR", "OR", "RD", "PETO") || method == "PETO" && !measure %in% c("OR", "PETO"))) {
    abort_input("method", sprintf("\"%s\" is for 2x2 tables: `measure` must be %s", method,
                                  if (method == "MH") "\"OR\", \"RR\" or \"RD\"" else "\"OR\" or \"PETO\""), call)
  }
  if (pooled && !identical(test, "z")) abort_input("test", sprintf("must be \"z\" for method \"%s\"", method), call)
  known <- c("egger", "begg", "trimfill", "leave1out")
  if (length(also)) check_vector_of_words(also, "also", call)
  for (one in also) check_choice(one, known, "also", call)
  if (pooled && length(also)) abort_input("also", sprintf("is not available for method \"%s\"", method), call)
  list(method = method, pooled = pooled, model = rma_spec(test, level, TRUE, tau2, call), also = also,
       padj = check_choice(padj, stats::p.adjust.methods, "padj", call),
       threads = as.integer(check_number(threads, "threads", 1, 256, call)),
       progbar = check_flag(progbar, "progbar", call))
}

# The settings of the core.
batch_spec <- function(o, rules, own_method, conventional, input) {
  model <- o$model
  if (!o$pooled) model$method <- o$method
  if (conventional) {
    model <- conventional_heterogeneity(conventional_spec(model, rules, !own_method), rules, !input$simple)
  }
  if (model$method %in% common_methods) model$tau2 <- NA_real_
  model$int.incl <- input$int.incl
  less <- switch(model$predtype %||% "default", riley = 2L, t = 1L, 0L)
  also <- stats::setNames(as.list(c("egger", "begg", "trimfill", "leave1out") %in% o$also),
                          c("egger", "begg", "trimfill", "leave1out"))
  c(list(model = model, threads = o$threads, predict_less = less), also)
}

# Columns are put together as a list: a data frame is made of them once.
new_batch <- function(input, o, call) {
  all <- batch_fits(input, o, call)
  code <- batch_outcome_codes(all$code, input$impossible)
  columns <- c(list(outcome = input$names), batch_columns(all, input, o))
  if (!is.null(input$by)) columns <- c(columns, batch_groups(input, o, call))
  impossible <- which(code == 4L)
  if (length(impossible)) columns <- without_numbers(columns, impossible)
  at <- match(if (input$simple) "pval" else "QMp", names(columns))
  columns <- append(columns, list(padj = adjust_p(columns[[at]], o$padj)), at)
  columns$code <- batch_code(code)
  warn_codes(code, call)
  structure(columns, row.names = .set_row_names(input$n), class = c("metaparity_batch", "data.frame"), call = call,
            settings = list(measure = input$measure, method = o$spec$model$method, pooled = if (o$pooled) o$method,
                            test = o$spec$model$test, level = o$model$level, padj = o$padj))
}

without_numbers <- function(columns, rows) {
  for (name in setdiff(names(columns), c("outcome", "k"))) columns[[name]][rows] <- NA
  columns
}

# In the core: the table of a million outcomes is sorted once.
adjust_p <- function(p, method) {
  if (method %in% c("none", "hommel")) stats::p.adjust(p, method) else call_core(cpp_adjust_p(p, method))
}

batch_codes <- c("ok", "no study", "too few studies", "redundant moderators", "impossible data", "no solution")

batch_code <- function(code) structure(code + 1L, levels = batch_codes, class = "factor")

# Rows whose raw data are impossible have no effects: they are told from those without data.
batch_outcome_codes <- function(code, impossible) {
  if (length(impossible)) code[impossible] <- 4L
  code
}

warn_codes <- function(code, call) {
  if (all(code == 0L)) return(invisible())
  bad <- which(code != 0L)
  counts <- table(droplevels(batch_code(code[bad])))
  warn_studies("outcome", bad, sprintf("cannot be estimated (%s)",
                                       paste(sprintf("%s: %d", names(counts), counts), collapse = ", ")), call)
}

# The core's answer for all outcomes, in blocks where progress is shown. keep: studies, or rows in long form.
batch_fits <- function(input, o, call, keep = NULL) {
  x <- if (is.null(keep)) input else batch_subset(input, keep)
  size <- if (o$progbar) 50000L else max(x$n, 1L)
  bar <- new_progress(x$n, o$progbar)
  on.exit(bar$close())
  parts <- list()
  done <- 0L
  repeat {
    to <- min(done + size, x$n)
    parts[[length(parts) + 1L]] <- call_core(batch_block(x, o, done, to), call)
    done <- to
    if (done >= x$n) break
    bar$tick(done)
  }
  if (x$n == 0L) return(asked_columns(parts[[1L]], x, o))
  if (length(parts) == 1L) return(parts[[1L]])
  lapply(stats::setNames(nm = names(parts[[1L]])), function(name) {
    pieces <- lapply(parts, `[[`, name)
    if (is.matrix(pieces[[1L]])) do.call(rbind, pieces) else unlist(pieces)
  })
}

# Of no outcomes the core returns all columns that there are; a table has those of other tables of its call.
asked_columns <- function(fit, x, o) {
  simple <- ncol(x$X) == 1L && all(x$X == 1)
  also <- list(egger = c("egger", "egger.p"), begg = c("begg", "begg.p"),
               trimfill = c("k0", "filled", "filled.lb", "filled.ub"), leave1out = c("lowest", "highest", "largest.p"))
  fit[setdiff(names(fit), c(unlist(also[setdiff(names(also), o$also)]),
                            if (simple) c("QM", "QMp") else c("pi.lb", "pi.ub")))]
}

# The outcomes from + 1 to `to`.
batch_block <- function(x, o, from, to) {
  whole <- from == 0L && to == x$n
  rows <- if (!is.null(x$start)) (x$start[from + 1L] + 1):x$start[to + 1L]
  part <- function(v) {
    if (whole) v else if (is.null(x$start)) v[(from + 1L):to, , drop = FALSE] else v[rows]
  }
  start <- if (!is.null(x$start)) x$start[(from + 1L):(to + 1L)] - x$start[from + 1L]
  if (o$pooled) {
    return(cpp_table_outcomes(lapply(x$cells, part), start, o$method, x$measure, x$pool$effects, x$pool$pool, o$spec))
  }
  o$spec <- c(o$spec, if (!is.null(x$cells)) list(centres = batch_centres(x, o, part, start)))
  X <- if (is.null(x$start) || nrow(x$X) == 1L || whole) x$X else x$X[rows, , drop = FALSE]
  cpp_outcomes(part(x$yi), part(x$vi), start, X, o$spec)
}

# Where the Q of DerSimonian and Laird is taken: around the Mantel-Haenszel estimates.
batch_centres <- function(x, o, part, start) {
  as.vector(call_core(cpp_table_outcomes(lapply(x$cells, part), start, "MH", x$measure, x$pool$effects, x$pool$pool,
                                         o$spec))$estimate)
}

batch_columns <- function(fit, input, o) {
  stat <- if (o$spec$model$test == "z") "zval" else "tval"
  names(fit)[names(fit) == "zval"] <- stat
  per <- c("estimate", "se", stat, "pval", "ci.lb", "ci.ub")
  coefs <- if (input$simple) lapply(fit[per], as.vector) else {
    p <- seq_len(ncol(input$X))
    unlist(lapply(p, function(j) {
      stats::setNames(lapply(fit[per], function(m) m[, j]), paste(per, colnames(input$X)[j], sep = "."))
    }), recursive = FALSE)
  }
  rest <- fit[setdiff(names(fit), c("k", per, "code"))]
  first <- intersect(c("QM", "QMp", "pi.lb", "pi.ub"), names(rest))
  c(list(k = fit$k), coefs, rest[c(first, setdiff(names(rest), first))])
}

list2frame <- function(x) as.data.frame(x, optional = TRUE, stringsAsFactors = FALSE)

# Each group's fits beside those of all studies, and the test between them.
batch_groups <- function(input, o, call) {
  groups <- levels(input$by)
  fits <- lapply(stats::setNames(nm = groups), function(g) batch_fits(input, o, call, which(input$by == g)))
  column <- function(name) vapply(fits, function(f) as.vector(f[[name]]), numeric(input$n))
  between <- call_core(cpp_between_outcomes(matrix(column("estimate"), input$n), matrix(column("se"), input$n)), call)
  per <- c("k", "estimate", "se", "pval", "ci.lb", "ci.ub", "tau2")
  own <- unlist(lapply(groups, function(g) {
    stats::setNames(lapply(fits[[g]][per], as.vector), paste(per, g, sep = "."))
  }), recursive = FALSE)
  c(list(QB = between$Q, QBdf = between$df, QBp = between$pval), own)
}

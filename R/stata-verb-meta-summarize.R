# Owns meta_summarize(): one pooled result, subgroups, cumulative and leave-one-out, as rows with unrounded numbers.
# Source: Stata's documented options and formulas; oracle: printed logs of Stata 16 and 17/18.

#' Meta-analysis as Stata's meta summarize
#'
#' @param x meta data of [meta_set()] or [meta_esize()].
#' @param random,fixed,common the model instead of the declared one, as in [meta_set()].
#' @param subgroup a grouping variable of the data; several (`c(a, b)` or `"a b"`) give one analysis each.
#' @param cumulative the variable that orders a cumulative analysis; as a string also with suboptions:
#'   `"year, descending"`, `"year, by(group)"`.
#' @param leaveoneout leave out each study in turn.
#' @param sort variable(s) that order the studies in the output; as a string also `"_meta_se, descending"`.
#' @param predinterval `TRUE` or a level in percent: prediction interval (random effects).
#' @param se `"khartung"` or `"khartung, truncated"`: Knapp-Hartung standard error and t test.
#' @param tdistribution t test with k - 1 degrees of freedom.
#' @param tau2,i2 a given between-study variance, or a given I-squared in percent.
#' @param level confidence level in percent; as declared when missing.
#' @param eform `TRUE`, or a label: show exponents.
#' @param or,rr the same for odds ratios and risk ratios.
#' @param proportion show proportions: the inverse of the transformation that [meta_esize()] made.
#' @param transform `"exp"`, `"corr"`, `"tanh"`, `"invlogit"`, `"invftukey"`, `"efficacy"`, with a label in front if
#'   wanted: `"Efficacy: efficacy"`.
#' @param nostudies,noheader,nometashow leave out the studies, the header, the declaration.
#' @param subset rows of the meta data to use.
#' @return An object of class `stata_meta_summarize` (see [stata_view]): `r` with Stata's `theta`, `se`, `ci_lb`,
#'   `ci_ub`, `tau2`, `I2`, `H2`, `z`, `p`, `Q`, `df_Q`, `p_Q`, `pi_lb`, `pi_ub`, `seadj` (the factor of the
#'   standard error); with subgroups `Q_b`, `df_Q_b`, `p_Q_b` and the matrices `esgroup`, `hetgroup`, `diffgroup`,
#'   else `cumul` or `leaveoneout`; `table`: the rows of the log; `fit`: the underlying fit. `plot()` draws the forest
#'   plot.
#' @details Errors: `metaparity_error_input` names the argument. With several subgroup variables and with `leaveoneout`
#'   and `cumulative` the layout of the log follows the manual; the other layouts are checked line by line against logs.
#'   stata() and stata_do() take iterate(), tolerance(), nrtolerance() and from() of the suite's commands without effect:
#'   the maximum does not hang on the way to it.
#' @section Shortest forms: In stata() and stata_do() an option may be cut: `r option_forms("meta_summarize")`.
#' @section In other software: Stata `meta summarize`; metafor `rma()`, `leave1out()`, `cumul()`; RevMan: forest plot.
#' @references DerSimonian R, Laird N (1986). Controlled Clinical Trials 7, 177-188. Higgins JPT, Thompson SG,
#'   Spiegelhalter DJ (2009). Journal of the Royal Statistical Society A 172, 137-159.
#' @examples
#' d <- data.frame(es = c(.2, .5, .1, .4), se = c(.1, .2, .15, .3), g = c("a", "a", "b", "b"))
#' m <- meta_set(es, se, data = d)
#' meta_summarize(m, predinterval = TRUE)
#' meta_summarize(m, subgroup = g, random = "dlaird")
#' @export
meta_summarize <- function(x, random = FALSE, fixed = FALSE, common = FALSE, subgroup = NULL, cumulative = NULL,
                           leaveoneout = FALSE, sort = NULL, predinterval = FALSE, se = NULL, tdistribution = FALSE,
                           tau2 = NULL, i2 = NULL, level = NULL, eform = FALSE, or = FALSE, rr = FALSE,
                           transform = NULL,
                           proportion = FALSE,
                           nostudies = FALSE, noheader = FALSE, nometashow = FALSE, subset = NULL) {
  check_given(x)
  mc <- match.call()
  check_meta(x, mc)
  env <- parent.frame()
  x <- meta_subset(x, mc$subset, env, mc)
  o <- meta_options(x, list(random = random, fixed = fixed, common = common, predinterval = predinterval, se = se,
    tdistribution = tdistribution, tau2 = tau2, i2 = i2, level = level, eform = eform, or = or, rr = rr,
    transform = transform, proportion = check_flag(proportion, "proportion", mc), nostudies = nostudies,
    noheader = noheader, nometashow = nometashow), mc)
  kind <- c("subgroup", "cumulative", "leaveoneout")[c(!is.null(mc$subgroup), !is.null(mc$cumulative),
                                                       check_flag(leaveoneout, "leaveoneout", mc))]
  if (length(kind) > 1L) abort_input(kind[2L], sprintf("cannot go with `%s`", kind[1L]), mc)
  meta_refuse(o, kind, mc)
  o$order <- meta_order(x, mc$sort, env, mc)
  view <- if (!length(kind)) meta_plain(x, o) else switch(kind,
    subgroup = meta_subgroups(x, o, meta_columns(mc$subgroup, x, env, "subgroup", mc)),
    cumulative = meta_cumulative(x, o, mc$cumulative, env, mc),
    leaveoneout = meta_leaveoneout(x, o))
  view$call <- mc
  view
}

# Options shared by summarize and forestplot, resolved against the declaration.
meta_options <- function(m, o, call) {
  check_encodings(o, call)
  model <- meta_model_of(o, m$type, call)
  if (is.null(model)) model <- m[c("model", "method")]
  o[c("model", "method")] <- model
  for (flag in c("tdistribution", "or", "rr", "nostudies", "noheader", "nometashow")) check_flag(o[[flag]], flag, call)
  o$level <- if (is.null(o$level)) m$level else check_stata_level(o$level, "level", call)
  o$display <- meta_display(m, o, call)
  o$seadj <- if (!is.null(o$se)) {
    words <- vapply(meta_suboptions(o$se, "se", call), meta_match, "",
                    c("khartung", "hknapp", "sjonkman", "truncated"), "se", call)
    if ("truncated" %in% words) "truncated" else "khartung"
  }
  only <- c(se = !is.null(o$se), tau2 = !is.null(o$tau2), i2 = !is.null(o$i2), predinterval = !isFALSE(o$predinterval))
  if (o$model != "random" && any(only)) abort_input(names(only)[only][1L], "goes with random effects only", call)
  if (!is.null(o$se) && o$tdistribution) abort_input("tdistribution", "cannot go with `se`", call)
  o$test <- if (!is.null(o$seadj)) c(khartung = "knha", truncated = "adhoc")[[o$seadj]] else if (o$tdistribution)
    "t" else "z"
  if (!isFALSE(o$predinterval)) {
    o$pilevel <- if (isTRUE(o$predinterval)) o$level else check_stata_level(o$predinterval, "predinterval", call)
  }
  if (!is.null(o$tau2) && !is.null(o$i2)) abort_input("i2", "cannot go with `tau2`", call)
  if (!is.null(o$tau2)) o$tau2 <- check_number(o$tau2, "tau2", 0, Inf, call)
  if (!is.null(o$i2)) {
    i2 <- check_number(o$i2, "i2", 0, 99.999999, call)
    o$tau2 <- meta_uni(m$table[["_meta_es"]], m$table[["_meta_se"]]^2, "FE")$vt * i2 / (100 - i2)
  }
  o
}

meta_refuse <- function(o, kind, call) {
  if (!length(kind)) return(invisible())
  given <- c(tau2 = !is.null(o$tau2), i2 = !is.null(o$i2), tdistribution = o$tdistribution)
  if (kind != "leaveoneout" && any(given)) {
    abort_input(names(given)[given][1L], sprintf("cannot go with `%s`", kind), call)
  }
}

meta_subset <- function(m, expr, env, call) {
  keep <- check_subset(resolve_column(expr, m$table, env, "subset", call), nrow(m$table), call)
  if (is.null(keep)) return(m)
  if (!length(keep)) abort_input("subset", "selects no study", call)
  m$table <- m$table[keep, ]
  m$vars <- lapply(m$vars, `[`, keep)
  rownames(m$table) <- NULL
  m
}

# A bare name, c(a, b), a string "a b", or a vector: a named list of columns of the meta data.
meta_columns <- function(expr, m, env, arg, call) {
  k <- nrow(m$table)
  if (is.character(expr)) {
    if (!all(validUTF8(expr)) || !any(grepl("[^[:space:]]", expr))) {
      abort_input(arg, sprintf("must name variables of the data, not %s", describe(expr)), call)
    }
    names <- strsplit(trimws(expr), "\\s+")
    names <- unlist(names)
    bad <- setdiff(names, names(m$table))
    if (length(bad)) abort_input(arg, sprintf("must name variables of the data; there is no %s", bad[1L]), call)
    return(lapply(stats::setNames(nm = names), function(n) m$table[[n]]))
  }
  parts <- if (is.call(expr) && identical(expr[[1L]], as.name("c"))) as.list(expr)[-1L] else list(expr)
  out <- lapply(parts, stata_option_column, data = m$table, env = env, arg = arg, k = k, call = call)
  names(out) <- vapply(parts, deparse_name, "")
  out
}

# "year, descending by(g)": the variable and its suboptions.
meta_ordered <- function(expr, m, env, arg, call) {
  down <- FALSE
  by <- NULL
  if (is.character(expr)) check_encodings(stats::setNames(list(expr), arg), call)
  if (is.character(expr) && length(expr) == 1L && grepl(",", expr, fixed = TRUE)) {
    part <- strsplit(expr, ",", fixed = TRUE)[[1L]]
    rest <- paste(part[-1L], collapse = " ")
    inside <- regmatches(rest, regexpr("by\\([^)]*\\)", rest))
    if (length(inside)) by <- trimws(substr(inside, 4L, nchar(inside) - 1L))
    words <- meta_suboptions(paste(sub("by\\([^)]*\\)", "", rest), "ascending"), arg, call)
    words <- vapply(words, meta_match, "", c("ascending", "descending"), arg, call)
    down <- "descending" %in% words
    expr <- part[1L]
  }
  list(columns = meta_columns(expr, m, env, arg, call), down = down, by = by)
}

meta_order <- function(m, expr, env, call) {
  if (is.null(expr)) return(seq_len(nrow(m$table)))
  s <- meta_ordered(expr, m, env, "sort", call)
  do.call(order, c(unname(s$columns), list(decreasing = s$down, method = "radix")))
}

meta_rows <- function(m, rows, weight, o) {
  d <- m$table[rows, ]
  z <- critical_value(o$level)
  back <- if (is.null(o$display$each)) o$display$back else o$display$each
  limits <- meta_limits(o$display, d[["_meta_es"]] - z * d[["_meta_se"]], d[["_meta_es"]] + z * d[["_meta_se"]], back)
  data.frame(label = d[["_meta_studylabel"]], es = back(d[["_meta_es"]]), cil = limits$lo, ciu = limits$hi,
             weight = weight, row = rows, stringsAsFactors = FALSE)
}

percent_of <- function(weight) 100 * weight / sum(weight)

meta_plain <- function(m, o) {
  all <- seq_len(nrow(m$table))
  p <- meta_pool(m, all, o)
  m$table[["_meta_weight"]] <- percent_of(p$weight)
  studies <- meta_rows(m, o$order, percent_of(p$weight)[o$order], o)
  pi <- if (!isFALSE(o$predinterval)) meta_prediction(p, o$pilevel)
  meta_view("plain", m, o, p, studies, pi = pi)
}

meta_return <- function(p, m, o, pi = NULL) {
  out <- list(N = p$k, theta = p$est, se = p$se, ci_lb = p$lo, ci_ub = p$hi, tau2 = p$tau2, I2 = p$I2,
              H2 = p$H2, z = p$z,
              p = p$p, df = p$ddf, Q = p$Q, df_Q = p$df, p_Q = p$pQ, pi_lb = pi[1L], pi_ub = pi[2L],
              level = 100 * o$level,
              t = if (!is.null(p$ddf) && !is.na(p$ddf)) p$z,
              model = o$model, method = o$method, seadj = se_adjustment(p$fit, o$seadj), seadjtype = o$seadj)
  Filter(function(v) !is.null(v) && !is.na(v[1L]), out)
}

# 1 where tau2 comes from an iteration; the others have no such result.
meta_converged <- function(o) if (o$method %in% c("reml", "mle", "ebayes")) 1

meta_view <- function(kind, m, o, p, table, ..., matrices = NULL) {
  extra <- list(...)
  r <- meta_return(p, m, o, extra$pi)
  if (!is.null(extra$between)) r[c("Q_b", "df_Q_b", "p_Q_b")] <- extra$between[c("Q", "df", "p")]
  if (!is.null(extra$pi)) r$pilevel <- 100 * o$pilevel
  r$converged <- meta_converged(o)
  if (!is.null(extra$sets)) r$subgroupvars <- paste(names(extra$sets), collapse = " ")
  for (name in c("ordervar", "byvar", "direction")) if (is.character(extra[[name]])) r[[name]] <- extra[[name]]
  r <- c(r, Filter(Negate(is.null), matrices))
  do.call(new_stata_view, c(list("meta_summarize", r, table, p$fit, o, kind = kind, meta = m, pool = p), extra))
}

meta_subgroups <- function(m, o, columns) {
  all <- seq_len(nrow(m$table))
  p <- meta_pool(m, all, o)
  m$table[["_meta_weight"]] <- weight <- percent_of(p$weight)
  if (!length(columns)) abort_input("subgroup", "must name a variable")
  sets <- lapply(columns, function(column) {
    rows <- split(all, stata_groups(column))
    pools <- lapply(rows, function(r) meta_pool(m, r, o))
    list(rows = rows, pools = pools, between = meta_between(pools))
  })
  first <- sets[[1L]]
  studies <- do.call(rbind, lapply(names(first$rows), function(g) {
    rows <- o$order[o$order %in% first$rows[[g]]]
    cbind(group = g, meta_rows(m, rows, weight[rows], o), stringsAsFactors = FALSE)
  }))
  meta_view("subgroup", m, o, p, studies, sets = sets, between = first$between,
            matrices = group_matrices(sets, p, o$model))
}

meta_cumulative <- function(m, o, expr, env, call) {
  s <- meta_ordered(expr, m, env, "cumulative", call)
  value <- s$columns[[1L]]
  if (!is.numeric(value)) abort_input("cumulative", "must be a numeric variable", call)
  order <- order(value, decreasing = s$down, method = "radix")
  by <- if (is.null(s$by)) NULL else stata_groups(meta_columns(s$by, m, env, "cumulative", call)[[1L]])
  groups <- if (is.null(by)) list(order) else
    lapply(stats::setNames(nm = levels(by)), function(g) order[by[order] == g])
  pools <- unlist(lapply(unname(groups), function(rows) {
    lapply(seq_along(rows), function(i) meta_pool(m, rows[seq_len(i)], o))
  }), recursive = FALSE)
  at <- unlist(groups, use.names = FALSE)
  rows <- cbind(group = rep(if (is.null(by)) "" else names(groups), lengths(groups)),
                label = m$table[["_meta_studylabel"]][at], meta_pool_rows(pools, o), order = value[at],
                stringsAsFactors = FALSE)
  rownames(rows) <- NULL
  p <- meta_pool(m, seq_len(nrow(m$table)), o)
  meta_view("cumulative", m, o, p, rows, ordervar = names(s$columns), byvar = s$by,
            direction = if (s$down) "descending" else "ascending",
            matrices = list(cumul = cumulative_matrix(pools, rows$label, rows$order, names(s$columns)[1L])))
}

meta_pool_rows <- function(pools, o) do.call(rbind, lapply(pools, meta_pool_row, o$display))

meta_leaveoneout <- function(m, o) {
  all <- seq_len(nrow(m$table))
  if (length(all) < 2L) abort_input("leaveoneout", "needs at least 2 studies")
  pools <- lapply(o$order, function(i) meta_pool(m, setdiff(all, i), o))
  rows <- cbind(label = m$table[["_meta_studylabel"]][o$order], meta_pool_rows(pools, o), stringsAsFactors = FALSE)
  meta_view("leaveoneout", m, o, meta_pool(m, all, o), rows,
            matrices = list(leaveoneout = pool_matrix(pools, rows$label)))
}

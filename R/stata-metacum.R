# metacum(): the pooled result of the first study, the first two, and so on, as Stata's wrapper of metan 4 prints it.
# Source: Lau et al. (1992) NEJM 327:248; Harris et al. (2008) for the options. Oracle: a genuine log.

#' Cumulative meta-analysis as Stata's metacum
#'
#' Studies are added one by one in the order of the data, or of `sortby`.
#'
#' @param ... the variables of [metan()]. The options of measure, model, groups, labels and graph are those of [metan()].
#' @inheritParams metan
#' @param xlabel ticks of the graph: numbers, or Stata's words in one string.
#' @param effect name of the effect over the column of estimates.
#' @param lcols,rcols,xtick,force,favours,counts,group1,group2,null,nulloff,texts,astext,nostats,nowarning,summaryonly options
#'   of the forest plot, in Stata's words: see [metan()].
#' @return An object of class `stata_metacum` (see [stata_view]): `table` with one row per step: `label`, `es`, `ci_low`,
#'   `ci_upp` (as shown), `se`, `tau2` and `group`; `r` with `ES`, `ci_low`, `ci_upp` of all studies.
#' @details Rules are those of metan 4: Mantel-Haenszel pools uncorrected cells, and DerSimonian-Laird takes Q around the
#'   inverse-variance estimate; tau-squared is estimated anew at each step. The column of labels is headed by the
#'   attribute `label` of the variable, if it has one. Errors and warnings are those of [metan()].
#' @section In other software: Stata `metacum logor selogor, eform lcols(id)`, `metan ..., cumulative`; metafor
#'   `cumul(rma(...))`.
#' @references Lau J, Antman EM, Jimenez-Silva J, et al. (1992). Cumulative meta-analysis of therapeutic trials for
#'   myocardial infarction. New England Journal of Medicine 327, 248-254.
#' @examples
#' d <- data.frame(id = c("A", "B", "C", "D"), es = c(.2, .5, .1, .4), se = c(.1, .2, .15, .1))
#' metacum(es, se, data = d, eform = TRUE, label = c(namevar = "id"))
#' @export
metacum <- function(..., data = NULL, subset = NULL, fixed = FALSE, random = FALSE, fixedi = FALSE, randomi = FALSE,
                    peto = FALSE, rr = FALSE, or = FALSE, rd = FALSE, cohen = FALSE, hedges = FALSE, glass = FALSE,
                    nostandard = FALSE, by = NULL, wgt = NULL, cc = 0.5, nointeger = FALSE, eform = FALSE, log = FALSE,
                    ilevel = 95, olevel = 95, sortby = NULL, label = NULL, lcols = NULL, rcols = NULL, xlabel = NULL,
                    xtick = NULL, force = FALSE, effect = NULL, favours = NULL, counts = FALSE, group1 = "Treatment",
                    group2 = "Control", null = NULL, nulloff = FALSE, texts = 100, astext = 50, nostats = FALSE,
                    nowarning = FALSE, summaryonly = FALSE, graph = FALSE, nograph = TRUE, notable = FALSE) {
  mc <- call <- match.call()
  env <- parent.frame()
  if (is.null(data) && is_meta_call(as.list(match.call(expand.dots = FALSE)$...), env)) return(meta::metacum(...))
  for (name in c("graph", "nograph", "notable")) check_flag(get(name), name, call)
  ticks <- numlist(xlabel, call)
  mc[c("graph", "nograph", "notable")] <- NULL
  mc$xlabel <- ticks$values
  mc[[1L]] <- quote(metaparity::metan)
  full <- eval(mc, env)
  used <- full$studies[is.na(full$studies$reason), , drop = FALSE]
  o <- full$options
  o$notable <- notable
  view <- metacum_view(used, if (is.null(full$wgt_name)) full$r$method else "*", o, call)
  view$heading <- label_heading(mc, data, env)
  view$note <- if (ticks$commas) comma_note(ticks$values)
  view$metan <- full
  if (graph) plot(view)
  view
}

metacum_view <- function(s, model, o, call) {
  show <- if (o$ratio && !o$log || o$eform) exp else identity
  groups <- if (is.null(s$group)) list(s) else Filter(nrow, split(s, s$group))
  table <- do.call(rbind, lapply(groups, cumulate_studies, model = model, o = o, show = show))
  rownames(table) <- NULL
  all <- metan4_pool(s, model, o)
  r <- list(ES = show(all$est), seES = all$se, ci_low = show(all$lo), ci_upp = show(all$hi), measure = o$measure,
            method = model)
  new_stata_view("metacum", r, table, fit = all$fit, o, call = call)
}

cumulate_studies <- function(s, model, o, show) {
  steps <- lapply(seq_len(nrow(s)), function(j) metan4_pool(s[seq_len(j), , drop = FALSE], model, o))
  pick <- function(name) vapply(steps, function(p) as.numeric(p[[name]]), 0)
  out <- data.frame(label = s$label, es = show(pick("est")), ci_low = show(pick("lo")), ci_upp = show(pick("hi")),
                    se = pick("se"), tau2 = pick("tau2"), stringsAsFactors = FALSE)
  if (!is.null(s$group)) out$group <- as.character(s$group)
  out
}

# One pooled result by the rules of metan 4.
metan4_pool <- function(s, model, o) {
  fit <- switch(model,
    "M-H" = quiet_drops(rma.mh(ai = s$a, bi = s$b, ci = s$c, di = s$d, measure = o$measure, convention = "metan4")),
    "Peto" = quiet_drops(rma.peto(ai = s$a, bi = s$b, ci = s$c, di = s$d)),
    "D+L" = stata_uni(s$yi, s$vi, "DL"),
    stata_uni(s$yi, s$vi, "FE", weights = if (model == "*") s$wgt))
  est <- as.numeric(fit$beta)[1L]
  half <- stats::qnorm((1 + o$olevel) / 2) * fit$se
  list(est = est, se = fit$se, lo = est - half, hi = est + half, tau2 = if (is.null(fit$tau2)) 0 else fit$tau2, fit = fit)
}

# Ticks as numbers, or as words of Stata with blanks or commas between them.
numlist <- function(x, call) {
  if (is.null(x)) return(list(values = NULL, commas = FALSE))
  if (!is.character(x)) return(list(values = check_numeric_vector(x, "xlabel", call), commas = FALSE))
  values <- suppressWarnings(as.numeric(strsplit(trimws(paste(x, collapse = " ")), "[, ]+")[[1L]]))
  if (anyNA(values)) abort_input("xlabel", "must be a list of numbers", call)
  list(values = values, commas = any(grepl(",", x, fixed = TRUE)))
}

comma_note <- function(values) {
  c("", "Note: with metan version 4 and above, the preferred syntax is for xlabel()",
    sprintf(" to contain a standard Stata numlist, so e.g. xlabel(%s); see help numlist",
            paste(trimws(stata_general(values, 9L)), collapse = " ")))
}

# The head of the column of labels: the variables' labels, "Study" where there is none.
label_heading <- function(mc, data, env) {
  data <- resolve_data(data)
  of <- function(expr) {
    if (is.null(expr)) return(NULL)
    value <- tryCatch(stata_column(expr, data, env, "label", NULL), metaparity_error = function(e) NULL)
    attr(value, "label", exact = TRUE)
  }
  if (is.null(mc$label)) {
    first <- if (is.call(mc$lcols)) mc$lcols[[2L]] else mc$lcols
    name <- of(if (is.character(first)) first[1L] else first)
    return(if (is.null(name)) "Study" else name)
  }
  parts <- if (is.call(mc$label) && !is.null(names(mc$label))) as.list(mc$label)[-1L] else list(namevar = mc$label)
  name <- of(parts$namevar)
  year <- if (is.null(parts$yearid)) parts$yearvar else parts$yearid
  if (is.null(name)) name <- "Study"
  if (is.null(year)) name else paste0(name, " (", if (is.null(of(year))) "Year" else of(year), ")")
}

#' @export
format.stata_metacum <- function(x, ...) {
  if (x$options$notable) return(character())
  t <- x$table
  wide <- max(21L, display_width(c(t$label, t$group)) + 1L)
  number <- paste0(stata_fixed(t$es, 10L, 3L), " ", stata_fixed(t$ci_low, 10L, 3L), "   ", stata_fixed(t$ci_upp, 7L, 3L))
  line <- paste0(justify(t$label, wide, left = TRUE), "|", number)
  if (!is.null(t$group)) {
    blocks <- lapply(split(seq_along(line), factor(t$group, unique(t$group))), function(i) {
      c(paste0(justify(t$group[i[1L]], wide, left = TRUE), "|"), line[i], rule(wide, 36L))
    })
    line <- utils::head(unlist(blocks, use.names = FALSE), -1L)
  }
  bar <- strrep("-", wide + 37L)
  c("", bar, format_metacum_heading(x, wide), rule(wide, 36L), line, bar, x$note)
}

# Two lines of heads, each as low as it can stand.
format_metacum_heading <- function(x, wide) {
  name <- metacum_effect(x$options)
  words <- strsplit(name, " ", fixed = TRUE)[[1L]]
  title <- if (nchar(name) < 10L || length(words) < 2L || name == "Risk Diff.") name else {
    c(paste(words[-length(words)], collapse = " "), words[length(words)])
  }
  left <- strwrap(x$heading, wide)
  n <- max(length(title), length(left), 2L)
  low <- function(text) c(rep("", n - length(text)), text)
  centred <- vapply(low(title), function(one) paste0(strrep(" ", max(ceiling((12 - nchar(one)) / 2), 0)), one), "")
  out <- paste0(justify(low(left), wide, left = TRUE), "|", centred)
  out[n] <- paste0(justify(out[n], wide + 14L, left = TRUE), ci_heading(x$options$olevel))
  sub("\\s+$", "", if (all(!nzchar(c(low(left)[1L], low(title)[1L])))) out[-1L] else out)
}

metacum_effect <- function(o) {
  if (!is.null(o$effect)) return(o$effect)
  name <- switch(o$measure, RR = "Risk ratio", OR = "Odds Ratio", RD = "Risk Diff.", SMD = "SMD", WMD = "WMD", "Effect")
  if (o$log) paste("log", name) else if (o$eform) "exp(b)" else name
}

#' @rdname stata_plots
#' @export
plot.stata_metacum <- function(x, ...) forest(x, ...)

#' @export
forest_rows.stata_metacum <- function(x, options = forest_options()) {
  o <- x$options
  ratio <- metan_ratio(o)
  back <- if (ratio) log else identity
  t <- x$table
  rows <- list(type = "study", label = t$label, study = seq_len(nrow(t)), group = t$group, est = back(t$es),
               lo = back(t$ci_low), hi = back(t$ci_upp))
  blocks <- if (is.null(t$group)) list(rows) else unlist(lapply(unique(t$group), function(g) {
    list(list(type = "heading", label = g, group = g), lapply(rows, function(column) rep_len(column, nrow(t))[t$group == g]))
  }), recursive = FALSE)
  info <- forest_info(measure = metan_measure_word(o), level = 100 * o$olevel, natural = if (ratio) exp, style = "stata",
                      names = list(stata = metan_effect_name(o)))
  new_forest_rows(blocks, info)
}

#' @exportS3Method forest stata_metacum
#' @exportS3Method metafor::forest stata_metacum
forest.stata_metacum <- function(x, ...) {
  own <- metan_forest_options(x)
  own$style$right <- setdiff(own$style$right, "weight")
  given <- list(...)
  own[names(given)] <- given
  do.call(forest.metaparity, c(list(x), own))
}

# forestplot: draws the results set in memory. Its options are read as those of metan's plot.

# The options of the plot with their defaults, which tell how each is read.
forestplot_known <- list(eform = FALSE, or = FALSE, rr = FALSE, hr = FALSE, effect = NULL, lcols = NULL, rcols = NULL,
                         labels = NULL, use = NULL, wgt = NULL, null = NULL, nulloff = FALSE, xlabel = NULL,
                         xtick = NULL, force = FALSE, favours = NULL, dp = 2, level = NULL, texts = 100, astext = 50,
                         boxsca = 100, boxopt = NULL, pointopt = NULL, diamopt = NULL, ciopt = NULL, olineopt = NULL,
                         classic = FALSE, nobox = FALSE, nowt = FALSE, nostats = FALSE, nooverall = FALSE,
                         nosubgroup = FALSE, interaction = FALSE, nonames = FALSE, nonull = FALSE)

# forestplot [es lci uci] [if] [in] [, eform effect() lcols() rcols() xlabel() ...]
run_forestplot <- function(command, session, rows) {
  command$options <- forest_plot_options(command$options)
  columns <- c("lcols", "rcols", "labels", "use", "wgt")
  given <- vapply(names(command$options), match_option, "", known = options_of("forestplot")$least)
  named <- lapply(columns, function(name) {
    text <- command$options[given %in% name]
    if (length(text)) expand_varlist(tokenize(text[[1L]]), session, 1L)
  })
  names(named) <- columns
  command$options <- command$options[!given %in% columns]
  options <- analysis_options(command, session, forestplot_known, "always", "forestplot")
  o <- options$args
  if (isTRUE(o$or) || isTRUE(o$rr) || isTRUE(o$hr)) o$eform <- TRUE
  if (is.null(o$effect)) o$effect <- c(or = "Odds Ratio", rr = "Risk ratio", hr = "Haz. Ratio")[
    c("or", "rr", "hr")[c(isTRUE(o$or), isTRUE(o$rr), isTRUE(o$hr))]][1L]
  if (is.na(c(o$effect, NA)[1L])) o$effect <- NULL
  if (isTRUE(o$nonull)) o$nulloff <- TRUE
  frame <- results_set_rows(command, named, session)
  rows <- selected_rows(command, session, rows)
  text <- function(names) lapply(session_texts(names, session), `[`, rows)
  view <- forestplot_view(frame[rows, , drop = FALSE], text(named$lcols), text(named$rcols), o, NULL)
  kept <- which(frame$use[rows] %in% 0:7)
  view[c("lcols", "rcols")] <- lapply(view[c("lcols", "rcols")], function(set) lapply(set, `[`, kept))
  add_graph(view, options$words, session)
}

# The columns of a results set under their names, or those that are given.
results_set_rows <- function(command, named, session) {
  vars <- if (nrow(command$rest)) expand_varlist(command$rest, session, 3L, 4L) else c("_ES", "_LCI", "_UCI")
  use <- c(named$use, "_USE")[1L]
  needed <- setdiff(c(vars, use), names(session$data))
  if (length(needed)) abort_stata(sprintf("variable %s not found; forestplot draws a results set", needed[1L]), 111L)
  weight <- c(if (length(vars) == 4L) vars[4L], named$wgt, intersect("_WT", names(session$data)))[1L]
  label <- c(named$labels, intersect(c("_LABELS", "_STUDY"), names(session$data)))[1L]
  number <- function(v) if (is.na(v)) rep(NA_real_, session$n) else numeric_operand(session$data[[v]])
  out <- data.frame(use = number(use), es = number(vars[1L]), lo = number(vars[2L]), hi = number(vars[3L]),
                    weight = number(weight))
  plain <- if (is.na(label)) rep("", session$n) else shown_value(label, session, seq_len(session$n))
  out$label <- gsub("\\{[a-z]+:?\\s*([^{}]*)\\}", "\\1", plain)
  out
}

# Columns as texts, headed by the variables' labels without Stata's marks of fonts.
session_texts <- function(names, session) {
  heads <- vapply(names, function(v) if (nzchar(variable_label(v, session))) variable_label(v, session) else v, "")
  heads <- gsub("[`\"']|\\{[a-z]+:?\\s*|\\}", "", heads)
  stats::setNames(lapply(names, function(v) {
    x <- shown_value(v, session, seq_len(session$n))
    ifelse(is_missing(session$data[[v]]), "", x)
  }), heads)
}

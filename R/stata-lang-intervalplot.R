# intervalplot: the effects of all pairs of treatments with confidence and prediction intervals, as table and figure.
# Source: Chaimani et al. (2013) PLoS ONE 8:e76654; Higgins, Thompson & Spiegelhalter (2009) J R Stat Soc A 172:137;
# Cooper et al. (2009) for the degrees of freedom; help of intervalplot. Oracle: network_compare(), the t
# distribution.

intervalplot_options <- c(mvmetaresults = "mvmeta", nomvmeta = "nomv", predictions = "pred", eform = "eform",
  reverse = "rev", labels = "lab", reference = "ref", novalues = "noval", null = "null", nulloptions = "nullopt",
  fcicolor = "fcicol", scicolor = "scicol", fcipattern = "fcipat", scipattern = "scipat", symbol = "symb", range = "r",
  labtitle = "labt", valuestitle = "valuest", symbolsize = "symbols", textsize = "texts", lwidth = "lw", margin = "mar",
  notable = "notab", noplot = "noplot", keep = "keep", separate = "sep")

# intervalplot [es lci uci [lpi upi], nomvmeta] [if] [in] [, predictions eform null(#) labels() reference() ...]
run_intervalplot <- function(command, session, rows) {
  given <- figure_options(command, intervalplot_options)
  o <- given$o
  words <- given$words
  if (!is.null(o$margin)) warn_looks("margin", command)
  t <- if (is.null(o$nomvmeta)) intervals_of_model(command, o, session) else intervals_of_variables(command, o,
      session, rows)
  if (!is.null(o$reverse)) t[c("est", "lo", "hi", "plo", "phi")] <- -t[c("est", "hi", "lo", "phi", "plo")]
  shown <- t
  columns <- c("est", "lo", "hi", "plo", "phi")
  if (!is.null(o$eform) && is.null(o$nomvmeta)) shown[columns] <- lapply(t[columns], exp)
  predicted <- any(is.finite(t$plo))
  if (is.null(o$notable)) emit(session, intervalplot_lines(shown, predicted))
  if (!is.null(o$keep)) keep_intervals(shown, session)
  if (!is.null(o$noplot)) return(invisible())
  t$text <- interval_texts(shown, predicted)
  look <- intervalplot_look(o, predicted, is.null(o$nomvmeta))
  if (!is.null(o$separate) && is.null(o$nomvmeta)) look$breaks <- which(diff(t$i) != 0)
  figure <- interval_figure(t, look, words$xtitle %||% "")
  add_graph(restyled(figure_with_page(figure, words), words[setdiff(names(words), "xtitle")]),
      list(name = words$name), session)
}

# Pairs in the order of the treatments, each against the earlier ones; the t of predictions has studies less direct
# comparisons less one degrees of freedom.
intervals_of_model <- function(command, o, session) {
  if (nrow(command$rest)) abort_stata("option nomvmeta required with variables", 198L)
  e <- network_effects(command, session)
  names <- if (is.null(o$labels)) e$names else netgraph_labels(o$labels, e$codes, command)
  pairs <- utils::combn(length(names), 2L)
  i <- pairs[1L, ]
  j <- pairs[2L, ]
  if (nzchar(trimws(o$reference %||% ""))) {
    ref <- match(unquote(o$reference), names)
    if (is.na(ref)) ref <- match(unquote(o$reference), e$codes)
    if (is.na(ref)) abort_stata(sprintf("reference(): %s is no treatment", o$reference), 198L)
    j <- setdiff(seq_along(names), ref)
    i <- rep(ref, length(j))
  }
  t <- network_pairs_of(e, i, j, session$level)
  t[c("plo", "phi")] <- NA_real_
  if (!is.null(o$predictions)) {
    if (is.null(e$df)) abort_gap("option predictions of intervalplot after mvmeta", "use network meta")
    if (e$df < 1L) warn_input("predictions", "have no degrees of freedom in this network")
    half <- if (e$df < 1L) NA_real_ else stats::qt(0.5 + session$level / 200, e$df) * sqrt(t$se^2 + e$spread(i, j))
    t[c("plo", "phi")] <- list(t$est - half, t$est + half)
  }
  cbind(label = sprintf("%s vs %s", names[j], names[i]), t)
}

intervals_of_variables <- function(command, o, session, rows) {
  vars <- expand_varlist(command$rest, session, 3L, 5L)
  if (length(vars) == 4L) abort_stata("specify both limits of the predictions", 198L)
  rows <- selected_rows(command, session, rows)
  x <- lapply(vars, numbers_of, rows = rows, session = session)
  use <- Reduce(`&`, lapply(x[1:3], function(v) !is.na(v)))
  if (!any(use)) abort_stata("no observations", 2000L)
  label <- if (is.null(o$labels)) as.character(rows) else {
    parts <- lapply(expand_varlist(tokenize(o$labels), session, 1L), shown_value, session = session, rows = rows)
    do.call(paste, c(parts, sep = " vs "))
  }
  predicted <- length(x) == 5L
  data.frame(label = label, est = x[[1L]], lo = x[[2L]], hi = x[[3L]], plo = if (predicted) x[[4L]] else NA_real_,
             phi = if (predicted) x[[5L]] else NA_real_)[use, ]
}

interval_texts <- function(t, predicted) {
  ci <- sprintf("%s (%s,%s)", fixed_cells(t$est, 2L), fixed_cells(t$lo, 2L), fixed_cells(t$hi, 2L))
  if (predicted) sprintf("%s (%s,%s)", ci, fixed_cells(t$plo, 2L), fixed_cells(t$phi, 2L)) else ci
}

intervalplot_lines <- function(t, predicted) {
  cells <- lapply(t[c("est", "lo", "hi", if (predicted) c("plo", "phi"))], fixed_cells, digits = 3L)
  names(cells) <- c("_Effect_Size", "_LCI", "_UCI", if (predicted) c("_LPrI", "_UPrI"))
  divided_table(c(list(`_Comparison` = t$label), cells))
}

keep_intervals <- function(t, session) {
  values <- list(`_Comparison` = t$label, `_Effect_Size` = t$est, `_LCI` = t$lo, `_UCI` = t$hi)
  if (any(is.finite(t$plo))) values <- c(values, list(`_LPrI` = t$plo, `_UPrI` = t$phi))
  store_at_end(values, session)
}

# What the figure of intervals asks; `log` where the values are drawn on the scale of their logarithms.
intervalplot_look <- function(o, predicted, model) {
  number <- function(text) if (!is.null(text) && nzchar(trimws(text))) option_numbers(text)
  natural <- !is.null(o$eform)
  log <- natural && model
  null <- number(o$null)
  range <- number(o$range)
  if (!is.null(range) && length(range) != 2L) abort_stata("range() needs two numbers", 198L)
  if (log && any(c(null, range) <= 0)) abort_stata("null() and range() must be positive with eform", 198L)
  to <- function(x) if (log && !is.null(x)) log(x) else x
  line <- part_words(o$nulloptions)
  colour <- function(text, default) stata_colour(text %||% "", default)
  list(log = log, null = to(null), range = to(range),
       null_col = colour(line$lcolor, "#0000FF"), null_lty = stata_pattern(line$lpattern, "44"),
       col = colour(o$fcicolor, "#000000"), lty = stata_pattern(o$fcipattern), pcol = colour(o$scicolor, "#C10534"),
       plty = stata_pattern(o$scipattern), pch = stata_symbol(o$symbol %||% "", 18)$pch,
       cex = stata_size(o$symbolsize, 1), lwd = 1.4 * stata_size(o$lwidth), text = text_share(o$textsize),
       values = is.null(o$novalues), breaks = integer(), label_title = unquote(o$labtitle %||% "Treatment Effect"),
       value_title = unquote(o$valuestitle %||% if (predicted) "Mean with 95%CI and 95%PrI" else "Mean with 95%CI"),
       predicted = predicted)
}

# textsize(): a word, or a factor; percents are large numbers.
text_share <- function(text) {
  size <- stata_size(text)
  min(max(if (size > 10) size / 100 else size, 0.3), 3)
}

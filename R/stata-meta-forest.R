# Owns meta_forestplot(): rows, columns and texts of the suite's forest plot for the one forest engine.
# Source: exported graphs of Stata 16 (texts, ticks, colours); oracle: their numbers.

#' Forest plot as Stata's meta forestplot
#'
#' @inheritParams meta_summarize
#' @param nullrefline,esrefline vertical lines at no effect and at the overall effect.
#' @param noohetstats,noohomtest,noosigtest,nogbhomtest,noghetstats,nogwhomtests leave out texts below the table, as in
#'   Stata: heterogeneity, homogeneity and significance of the whole; the test between groups; the same of groups.
#' @param nonotes leave out the footer that names the model.
#' @param draw draw the plot.
#' @param nometashow leave out the declaration of the data.
#' @return An object of classes `stata_meta_forestplot` and `stata_meta_summarize`: the analysis with `text`, the words and
#'   numbers of the graph, one element per line. `plot()` and [forest()] draw it.
#' @details Errors: `metaparity_error_input`.
#' @section In other software: Stata `meta forestplot`; metafor `forest()`; RevMan: forest plot.
#' @references Lewis S, Clarke M (2001). Forest plots: trying to see the wood and the trees. BMJ 322, 1479-1480.
#' @examples
#' d <- data.frame(a = c(1, 9, 2), b = c(39, 126, 198), c = c(2, 23, 7), d = c(34, 112, 193))
#' m <- meta_esize(a, b, c, d, data = d, esize = "lnrratio")
#' meta_forestplot(m, eform = TRUE, nullrefline = TRUE)$text
#' @export
meta_forestplot <- function(x, random = FALSE, fixed = FALSE, common = FALSE, subgroup = NULL, cumulative = NULL,
                            leaveoneout = FALSE, sort = NULL, predinterval = FALSE, se = NULL, tdistribution = FALSE,
                            tau2 = NULL, i2 = NULL, level = NULL, eform = FALSE, or = FALSE, rr = FALSE, transform = NULL,
                            nullrefline = FALSE, esrefline = FALSE, noohetstats = FALSE, noohomtest = FALSE,
                            noosigtest = FALSE, nogbhomtest = FALSE, noghetstats = FALSE, nogwhomtests = FALSE,
                            nonotes = FALSE, nometashow = FALSE, subset = NULL, draw = TRUE) {
  mc <- match.call()
  graph <- list(nullrefline = nullrefline, esrefline = esrefline, noohetstats = noohetstats, noohomtest = noohomtest,
                noosigtest = noosigtest, nogbhomtest = nogbhomtest, noghetstats = noghetstats,
                nogwhomtests = nogwhomtests, nonotes = nonotes)
  for (name in names(graph)) check_flag(graph[[name]], name, mc)
  analysis <- mc[!names(mc) %in% c(names(graph), "draw")]
  analysis[[1L]] <- meta_summarize
  view <- eval(analysis, parent.frame())
  view$graph <- graph
  view$text <- meta_forest_text(view)
  view$call <- mc
  class(view) <- c("stata_meta_forestplot", class(view))
  if (check_flag(draw, "draw", mc)) plot(view)
  view
}

#' @export
format.stata_meta_forestplot <- function(x, ...) {
  if (x$meta$metashow && !x$options$nometashow) format_meta_show(x$meta, TRUE) else character()
}

#' @rdname stata_plots
#' @export
plot.stata_meta_summarize <- function(x, ...) forest(x, ...)

#' @exportS3Method forest stata_meta_summarize
#' @exportS3Method metafor::forest stata_meta_summarize
forest.stata_meta_summarize <- function(x, ...) {
  if (is.null(x$graph)) x$graph <- list(nullrefline = x$options$display$ratio)
  own <- list(style = meta_forest_style(x), digits = 2L)
  ticks <- meta_forest_ticks(x)
  if (!is.null(ticks)) own[c("at", "alim")] <- list(ticks$at, ticks$alim)
  if (!isTRUE(x$graph$nonotes)) own$note <- translate(meta_model_words(x))
  if (!isTRUE(x$graph$nullrefline)) own$refline <- NA_real_
  if (!x$options$display$name %in% c("none", "exp")) own$transf <- x$options$display$back
  given <- list(...)
  own[names(given)] <- given
  do.call(forest.metaparity, c(list(x), own))
}

# The suite's look; the rows bring their own words below the pooled estimates.
meta_forest_style <- function(x) {
  plain <- x$kind %in% c("cumulative", "leaveoneout")
  style <- style_stata_meta(natural = TRUE, header = list(effect = "stata"), pooled_font = 2L,
                            left = if (plain) "label" else c("label", "extra"),
                            right = if (plain) c("est", "extra") else c("est", "weight"))
  if (plain) style$box$largest <- 0.6
  style["null_line"] <- list(if (isTRUE(x$graph$nullrefline)) list(col = "black", lwd = 0.75, lty = "solid"))
  style["pooled_line"] <- list(if (isTRUE(x$graph$esrefline)) list(col = "#55752F", lwd = 0.75, lty = "44"))
  style$labels[c("summary_below", "subtotal_below", "model_note")] <- list(NULL)
  style
}

# ---- words ----------------------------------------------------------------------------------------

meta_sup <- c(tau = "\u03c4\u00b2", i = "I\u00b2", h = "H\u00b2", ti = "\u03b8\u1d62", tj = "\u03b8\u2c7c", theta = "\u03b8",
              qb = "Q_b")
# How a graph exported as text splits superscripts off.
meta_split <- c(tau = "\u03c4 2", i = "I 2", h = "H 2", ti = "\u03b8 i", tj = "\u03b8 j ", theta = "\u03b8", qb = "Q b ")

meta_two <- function(x) trimws(stata_fixed(x, 12L, 2L))

meta_het_words <- function(p, o, sup) {
  tau <- if (o$model == "random") sprintf("%s = %s, ", sup[["tau"]], meta_two(p$tau2))
  sprintf("%s%s = %s%%, %s = %s", if (is.null(tau)) "" else tau, sup[["i"]], meta_two(p$I2), sup[["h"]], meta_two(p$H2))
}

meta_hom_words <- function(p, sup) {
  sprintf("Test of %s = %s: Q(%d) = %s, p = %s", sup[["ti"]], sup[["tj"]], p$df, meta_two(p$Q), meta_two(p$pQ))
}

meta_sig_words <- function(p, sup) {
  stat <- if (is.na(p$ddf)) "z" else sprintf("t(%s)", format(p$ddf))
  sprintf("Test of %s = 0: %s = %s, p = %s", sup[["theta"]], stat, meta_two(p$z), meta_two(p$p))
}

meta_between_words <- function(b, sup) {
  sprintf("Test of group differences: %s(%d) = %s, p = %s", sup[["qb"]], as.integer(b$df), meta_two(b$Q), meta_two(b$p))
}

meta_model_words <- function(x) {
  o <- x$options
  sprintf("%s %s model", meta_model_name(o$model), meta_method_name(o$method, x$meta$version))
}

# ---- rows for the engine --------------------------------------------------------------------------

#' @export
forest_rows.stata_meta_summarize <- function(x, options = forest_options()) {
  o <- x$options
  blocks <- switch(x$kind, subgroup = meta_group_blocks(x), plain = c(list(meta_study_block(x, x$table)), meta_end_blocks(x)),
                   meta_sequence_blocks(x))
  back <- if (o$display$name == "none") NULL else o$display$back
  info <- forest_info(measure = meta_measure(x$meta), level = 100 * o$level, null = 0, natural = back, style = "stata",
                      names = list(stata = meta_graph_label(x)))
  new_forest_rows(blocks, info, meta_extra_columns(x))
}

meta_graph_label <- function(x) x$options$display$label

meta_study_block <- function(x, rows, group = NA_character_) {
  d <- x$meta$table[rows$row, ]
  z <- stats::qnorm((1 + x$options$level) / 2)
  es <- d[["_meta_es"]]
  se <- d[["_meta_se"]]
  list(type = "study", label = rows$label, group = group, study = rows$row, est = es, lo = es - z * se, hi = es + z * se,
       weight = rows$weight)
}

meta_pooled_block <- function(p, type, label, group = NA_character_) {
  list(type = type, label = label, group = group, est = p$est, lo = p$lo, hi = p$hi, Q = p$Q, df = p$df, p = p$pQ,
       I2 = p$I2, tau2 = p$tau2)
}

meta_text_block <- function(text, group = NA_character_) list(type = "text", label = translate(text), group = group)

meta_end_blocks <- function(x) {
  p <- x$pool
  g <- x$graph
  common <- x$options$model == "common"
  list(meta_pooled_block(p, "summary", translate("Overall")),
       if (!is.null(x$pi)) list(type = "prediction", lo = x$pi[1L], hi = x$pi[2L]),
       if (!common && !isTRUE(g$noohetstats)) meta_text_block(translatef("Heterogeneity: %s", meta_het_words(p, x$options, meta_sup))),
       if (!common && !isTRUE(g$noohomtest)) meta_text_block(meta_hom_words(p, meta_sup)),
       if (x$kind == "subgroup") {
         if (!isTRUE(g$nogbhomtest)) meta_text_block(meta_between_words(x$between, meta_sup))
       } else if (!isTRUE(g$noosigtest)) meta_text_block(meta_sig_words(p, meta_sup)))
}

meta_group_blocks <- function(x) {
  several <- length(x$sets) > 1L
  common <- x$options$model == "common"
  blocks <- lapply(names(x$sets), function(variable) {
    set <- x$sets[[variable]]
    rows <- lapply(names(set$pools), function(g) {
      p <- set$pools[[g]]
      if (several) return(list(meta_pooled_block(p, "subtotal", g, g)))
      list(list(type = "heading", label = g, group = g), meta_study_block(x, x$table[x$table$group == g, ], g),
           meta_pooled_block(p, "subtotal", if (common) "" else
             translatef("Heterogeneity: %s", meta_het_words(p, x$options, meta_sup)), g),
           if (!common && !isTRUE(x$graph$nogwhomtests)) meta_text_block(meta_hom_words(p, meta_sup), g))
    })
    c(if (several) list(list(type = "heading", label = variable)), unlist(rows, recursive = FALSE))
  })
  c(unlist(blocks, recursive = FALSE), meta_end_blocks(x))
}

# Cumulative and leave-one-out rows are pooled results with an interval of their own.
meta_sequence_blocks <- function(x) {
  t <- x$table
  un <- meta_unshow(x$options$display)
  ends <- list(un(t$cil), un(t$ciu))
  list(list(type = "study", label = t$label, study = seq_len(nrow(t)), est = un(t$es), lo = pmin(ends[[1L]], ends[[2L]]),
            hi = pmax(ends[[1L]], ends[[2L]]), size = 1))
}

# Back to the scale of analysis.
meta_unshow <- function(display) {
  switch(display$name, none = identity, exp = log, corr = , tanh = atanh, efficacy = function(v) log1p(-v),
         invlogit = stats::qlogis)
}

meta_extra_columns <- function(x) {
  cells <- meta_cells_text(x)
  if (is.null(cells)) return(NULL)
  matrix(unlist(cells), ncol = length(cells), dimnames = list(NULL, meta_cell_heads(x, names(cells))))
}

meta_cell_heads <- function(x, names) {
  if (x$kind %in% c("cumulative", "leaveoneout")) return(names)
  side <- if (length(names) == 4L) c("Treatment\n", "\n", "Control\n", "\n") else
    if (length(names) == 6L) c("\n", "Treatment\n", "\n", "\n", "Control\n", "\n") else rep("\n", length(names))
  paste0(side, names)
}

# The summary data of the studies as Stata prints them.
meta_cells_text <- function(x) {
  m <- x$meta
  if (x$kind %in% c("cumulative", "leaveoneout")) {
    out <- list("P-value" = stata_fixed(x$table$p, 5L, 3L))
    if (x$kind == "cumulative") out[[x$ordervar]] <- trimws(stata_general(x$table$order, 9L))
    return(out)
  }
  if (!length(m$vars) || length(x$sets) > 1L) return(NULL)
  names <- switch(as.character(length(m$vars)), "4" = c("Yes", "No", "Yes", "No"),
                  "6" = c("N", "Mean", "SD", "N", "Mean", "SD"), c("Events", "Total"))
  whole <- !names %in% c("Mean", "SD")
  text <- Map(function(v, w) {
    if (w) vapply(v, format, "", big.mark = ",", digits = 9) else trimws(stata_general(v, 9L))
  }, unname(m$vars), whole)
  stats::setNames(text, names)
}

# Round numbers about a quarter of the range apart; for ratios powers of 2, 1/64 1/8 1 8.
meta_forest_ticks <- function(x) {
  rows <- forest_rows.stata_meta_summarize(x)
  range <- range(c(rows$lo, rows$hi), na.rm = TRUE)
  if (!x$options$display$ratio) {
    if (x$options$display$name != "none") return(NULL)
    at <- nice_multiples(range, nice_step(diff(range) / 4))
    return(list(at = at, labels = meta_tick_labels(at, x$meta$es_format), alim = range(at, range)))
  }
  power <- nice_multiples(range / log(2), max(1, ceiling(diff(range) / log(2) / 4)))
  labels <- vapply(power, function(n) if (n < 0) paste0("1/", format(2^-n)) else format(2^n), "")
  list(at = power * log(2), labels = labels, alim = range(power * log(2), range))
}

# Ticks keep the display format of the declared variable (attribute "format.stata"), when it is %w.df.
meta_tick_labels <- function(at, format) {
  digits <- if (is.null(format)) "" else sub("^%-?0?[0-9]+[.]([0-9]+)f$", "\\1", format)
  if (grepl("^[0-9]+$", digits)) sprintf("%.*f", as.integer(digits), at) else trimws(stata_general(at, 9L))
}

# The next of 1, 2, 5 times a power of ten.
nice_step <- function(x) {
  unit <- 10^floor(log10(x))
  unit * c(1, 2, 5, 10)[x / unit <= c(1, 2, 5, 10) * (1 + 1e-9)][1L]
}

nice_multiples <- function(range, step) {
  ends <- round(range / step)
  if (ends[1L] == ends[2L]) ends <- ends + c(-1, 1)
  seq(ends[1L], ends[2L]) * step
}

# ---- the graph as text ----------------------------------------------------------------------------

meta_forest_text <- function(x) {
  v <- x$options$level
  cells <- meta_cells_text(x)
  label <- meta_graph_label(x)
  sequence <- x$kind %in% c("cumulative", "leaveoneout")
  groups <- if (length(x$meta$vars) >= 4L && !is.null(cells)) c("Treatment", "Control")
  join <- function(...) paste(c(...), collapse = "  ")
  heads <- if (sequence) c(label, join("Study", sprintf("with %s%% CI", format(100 * v)), names(cells))) else
    c(join(groups, label, "Weight"), join("Study", names(cells), sprintf("with %s%% CI", format(100 * v)), "(%)"))
  body <- switch(x$kind, subgroup = meta_group_text(x, cells), plain = meta_study_text(x, x$table, cells),
                 meta_sequence_text(x, cells))
  ticks <- meta_forest_ticks(x)$labels
  c(heads, body, if (!sequence) meta_end_text(x), join(ticks), if (!x$graph$nonotes) meta_model_words(x))
}

meta_interval_text <- function(es, lo, hi) sprintf("%s [  %s,  %s]", meta_two(es), meta_two(lo), meta_two(hi))

meta_study_text <- function(x, rows, cells) {
  own <- if (is.null(cells)) NULL else vapply(rows$row, function(i) paste(vapply(cells, `[`, "", i), collapse = "  "), "")
  line <- paste(meta_interval_text(rows$es, rows$cil, rows$ciu), meta_two(rows$weight), sep = "  ")
  paste(rows$label, if (is.null(own)) line else paste(own, line, sep = "  "), sep = "  ")
}

meta_group_text <- function(x, cells) {
  o <- x$options
  common <- o$model == "common"
  unlist(lapply(names(x$sets), function(variable) {
    set <- x$sets[[variable]]
    lapply(names(set$pools), function(g) {
      p <- set$pools[[g]]
      r <- meta_pool_row(p, o$display)
      interval <- meta_interval_text(r$es, r$cil, r$ciu)
      if (length(x$sets) > 1L) return(paste(g, interval, sep = "  "))
      c(g, meta_study_text(x, x$table[x$table$group == g, ], cells),
        if (common) interval else c(paste0("Heterogeneity: ", meta_het_words(p, o, meta_split), "  ", interval),
                                    meta_hom_words(p, meta_split)))
    })
  }))
}

meta_sequence_text <- function(x, cells) {
  t <- x$table
  paste(t$label, meta_interval_text(t$es, t$cil, t$ciu), do.call(paste, c(unname(cells), sep = "  ")), sep = "  ")
}

meta_end_text <- function(x) {
  p <- x$pool
  o <- x$options
  g <- x$graph
  r <- meta_pool_row(p, o$display)
  c(paste0("Overall  ", meta_interval_text(r$es, r$cil, r$ciu)),
    if (o$model != "common" && !g$noohetstats) paste0("Heterogeneity: ", meta_het_words(p, o, meta_split)),
    if (o$model != "common" && !g$noohomtest) meta_hom_words(p, meta_split),
    if (x$kind == "subgroup") {
      if (!g$nogbhomtest) meta_between_words(x$between, meta_split)
    } else if (!g$noosigtest) meta_sig_words(p, meta_split))
}

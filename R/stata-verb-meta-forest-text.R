# Owns what the suite's forest plot says: the words below the table, the ticks, and the whole graph as lines of text.
# Source: exported graphs of Stata 16; oracle: their texts. `_b` is a subscript and `^2` a superscript where it is
# drawn.

meta_sup <- c(tau = "\u03c4^2", i = "I^2", h = "H^2", ti = "\u03b8_i", tj = "\u03b8_j", theta = "\u03b8", qb = "Q_b")
# How a graph exported as text splits superscripts off.
meta_split <- c(tau = "\u03c4 2", i = "I 2", h = "H 2", ti = "\u03b8 i", tj = "\u03b8 j ", theta = "\u03b8",
                qb = "Q b ")

meta_two <- function(x) trimws(stata_fixed(x, 12L, 2L))

# One study alone has neither I2 nor H2.
meta_het_words <- function(p, o, sup) {
  tau <- if (o$model == "random") sprintf("%s = %s, ", sup[["tau"]], meta_two(p$tau2))
  if (p$df < 1L) p[c("I2", "H2")] <- NA_real_
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

meta_forest_ticks <- function(x) {
  rows <- forest_rows.stata_meta_summarize(x)
  if (!x$options$display$name %in% c("none", "exp")) return(NULL)
  ticks <- suite_ticks(c(rows$lo, rows$hi), FALSE, 5, x$options$display$ratio)
  best <- ticks$candidates[[1L]]
  labels <- if (x$options$display$ratio) best$label else meta_tick_labels(best$at, x$meta$es_format)
  list(at = best$at, labels = labels, alim = ticks$lim)
}

# Ticks keep the display format of the declared variable (attribute "format.stata"), when it is %w.df.
meta_tick_labels <- function(at, format) {
  digits <- if (is.null(format)) "" else sub("^%-?0?[0-9]+[.]([0-9]+)f$", "\\1", format)
  if (grepl("^[0-9]+$", digits)) sprintf("%.*f", as.integer(digits), at) else trimws(stata_general(at, 9L))
}

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
  own <- if (is.null(cells)) NULL else
    vapply(rows$row, function(i) paste(vapply(cells, `[`, "", i), collapse = "  "), "")
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
  if (g$nooverall) return(character())
  r <- meta_pool_row(p, o$display)
  c(paste0("Overall  ", meta_interval_text(r$es, r$cil, r$ciu)),
    if (o$model != "common" && !g$noohetstats) paste0("Heterogeneity: ", meta_het_words(p, o, meta_split)),
    if (o$model != "common" && !g$noohomtest) meta_hom_words(p, meta_split),
    if (x$kind == "subgroup") {
      if (!g$nogbhomtests) meta_between_words(x$between, meta_split)
    } else if (!g$noosigtest) meta_sig_words(p, meta_split))
}

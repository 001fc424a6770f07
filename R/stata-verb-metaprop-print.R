# The log of metaprop and its forest plot: metan's look with two decimals and "I^2".
# Layout: Nyaga, Arbyn & Aerts (2014); oracle: verified logs.

#' @export
format.stata_metaprop <- function(x, ...) {
  if (x$options$notable) return(character())
  by <- !is.null(x$groups)
  head <- paste0("           Study     |", if (by) "      ES       " else "     ES    ", ci_heading(x$options$ilevel))
  if (!x$options$nowt) head <- at_column(head, if (by) 60L else 59L, "% Weight")
  lines <- unlist(lapply(split(x$rows, seq_len(nrow(x$rows))), format_metaprop_row, by = by, x = x), use.names = FALSE)
  c("", head, rule(21L, 51L), lines, if (!x$options$nooverall) rule(21L, 51L), format_metaprop_notes(x), "",
    if (by) format_metaprop_by_tests(x) else format_metaprop_tests(x))
}

format_metaprop_row <- function(row, by, x) {
  switch(row$type,
    heading = paste0("     ", cut_label(row$label, 20L)),
    excluded = paste0(justify(cut_label(row$label, 20L), 21L, left = TRUE), "|  (Excluded)"),
    sub_heading = " Sub-total           |",
    rule = rule(21L, 51L),
    overall_heading = format_overall_heading(x),
    level_rule = paste0(rule(21L, 11L), ci_heading(x$options$olevel), strrep("-", 20L)),
    metaprop_row(if (by && row$type != "study") paste0("  ", row$label) else row$label, row, by, x$options))
}

# Effect at column 23 (25 under by), limits at 35 and 48, each ten wide; the weight at 60: under by it is as wide and
# has the decimals of dp(), without by it has always two.
metaprop_row <- function(label, row, by, o) {
  number <- function(value) stata_fixed(value, 10L, o$dp)
  line <- paste0(justify(cut_label(label, 20L), 21L, left = TRUE), "|", if (by) "  ", number(row$es))
  line <- paste0(at_column(line, 35L, number(row$ci_low)), "   ", number(row$ci_upp))
  if (o$nowt || is.na(row$weight)) return(line)
  at_column(line, 60L, if (by) number(row$weight) else stata_fixed(row$weight, 6L, 2L))
}

format_metaprop_notes <- function(x) {
  if (is.null(x$wgt_name)) return(NULL)
  c(paste("* note: trials pooled by user defined weight", x$wgt_name), " Heterogeneity calculated by formula",
    "  Q = SIGMA_i{ (1/variance_i)*(effect_i - effect_pooled)^2 } ")
}

format_metaprop_tests <- function(x) {
  r <- x$r
  number <- function(value) stata_fixed(value, 10L, x$options$dp)
  c(if (!is.null(r$tau2)) {
      c(sprintf("  Heterogeneity chi^2 = %s (d.f. = %s) p = %s", number(r$het), format(r$df), number(r$p_het)),
        sprintf("  I^2 (variation in ES attributable to heterogeneity) =%s%%", number(r$i_sq)),
        sprintf("  Estimate of between-study variance Tau^2 = %s", number(r$tau2)), "")
    },
    sprintf("  Test of ES=0 : z= %s p = %s", number(r$z), number(r$p_z)))
}

format_metaprop_by_tests <- function(x) {
  g <- x$groups
  o <- x$options
  if (o$nosubgroup && o$nooverall) return(character())
  test <- paste0(justify(cut_label(g$label, 20L), 21L, left = TRUE), " z= ", stata_fixed(g$z, 4L, 2L))
  between <- if (!is.null(x$between) && !o$nosubgroup) {
    c(paste0(if (is.null(x$wgt_name)) o$model else "*", ": Test for heterogeneity between sub-groups:"),
      metaprop_cells("", x$between$Q, x$between$df, x$between$p, o), "")
  }
  c(if (o$model == "Random" && is.null(x$wgt_name)) c(format_metaprop_heterogeneity(g, o), "", ""),
    between, "Significance test(s) of  ES=0", "",
    at_column(test, 37L, paste0("p = ", stata_fixed(g$p_z, 4L, 2L))), strrep("-", 73L))
}

# Groups of up to three studies show no heterogeneity, and all studies together not even its degrees of freedom.
format_metaprop_heterogeneity <- function(g, o) {
  few <- g$df < 3
  g[few, c("het", "p_het", "i_sq")] <- NA_real_
  g$df[few & g$label == "Overall"] <- NA_real_
  c("Test(s) of heterogeneity:", "               Heterogeneity  degrees of",
    "                 statistic     freedom            P       I^2**",
    paste0(metaprop_cells(cut_label(g$label, 20L), g$het, g$df, g$p_het, o), stata_fixed(g$i_sq, 10L, o$dp), "%"),
    "** I^2: the variation in ES attributable to heterogeneity)")
}

metaprop_cells <- function(line, Q, df, p, o) {
  number <- function(value) stata_fixed(value, 10L, o$dp)
  at_column(at_column(at_column(line, 20L, number(Q)), 35L, stata_integer(df, 2L)), 43L, number(p))
}

#' @exportS3Method forest stata_metaprop
#' @exportS3Method metafor::forest stata_metaprop
forest.stata_metaprop <- function(x, ...) {
  own <- metan_forest_options(x)
  o <- x$options
  own$style <- metaprop_style(own$style, !is.null(x$groups))
  if (is.null(own$at)) own$at <- metaprop_ticks(x$rows)
  if (!o$force && length(own$at)) own$alim <- range(own$at, x$rows[c("es", "ci_low", "ci_upp")], na.rm = TRUE)
  own$main <- stata_text(if (is.null(o$title)) o$subtitle else c(o$title, o$subtitle))
  own$xlab <- stata_text(o$xtitle)
  own$refline <- NA_real_
  given <- list(...)
  own[names(given)] <- given
  own <- with_text_share(x, own)
  do.call(forest.metaparity, c(list(x), own), quote = TRUE)
}

metaprop_style <- function(style, by) {
  style$formats[c("I2", "p")] <- c("%.2f", "%.2f")
  style$labels$summary <- paste0("Overall  (I^2 = {I2}%, p {p})", if (by) ";")
  style$labels$subtotal <- "Subtotal  (I^2 = {I2}%, p {p})"
  style$header[c("label", "est_align")] <- c("Study", "left")
  style$est$align <- style$weight_align <- "left"
  style
}

# The axis has 0 inside: one step below it, and steps up to the largest limit.
metaprop_ticks <- function(rows) {
  at <- pretty(c(0, max(rows$ci_upp, rows$es, na.rm = TRUE)), 2)
  c(at[1L] - diff(at[1:2]), at)
}

# The text of title("Some text", size(4)): what follows the first comma outside quotes describes the look.
stata_text <- function(text) {
  if (is.null(text)) return(NULL)
  text <- vapply(as.character(text), function(one) {
    if (grepl("^\\s*\"", one)) sub("^\\s*\"([^\"]*)\".*$", "\\1", one) else trimws(sub(",.*$", "", one))
  }, "", USE.NAMES = FALSE)
  paste(text, collapse = "\n")
}

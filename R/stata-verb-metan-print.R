# The log of metan 9: study table, heterogeneity and significance blocks.
# Layout: columns as documented for metan 3.04 (Harris et al. 2008, Stata J 8:3-28); oracle: verified logs.

#' @export
format.stata_metan <- function(x, ...) {
  if (isTRUE(x$options$notable)) return(character())
  by <- !is.null(x$groups)
  c("", format_metan_header(x), format_metan_rows(x), format_metan_notes(x), "",
    if (by) format_metan_by_tests(x) else format_metan_tests(x))
}

format_metan_header <- function(x) {
  name <- if (x$options$log) paste("log", justify(x$r$measure, 6L, left = TRUE))
  else justify(x$r$measure, 6L, left = TRUE)
  line <- paste0("           Study     |", strrep(" ", if (x$options$log) 1L else 5L), name,
                 ci_heading(x$options$ilevel))
  c(at_column(line, 59L, "% Weight"), rule(21L, 51L))
}

# One numeric row: effect at column 23 (25 under by), limits at 35 and three blanks later, weight at 60.
metan_row <- function(label, row, by) {
  line <- paste0(justify(cut_label(label, 20L), 21L, left = TRUE), "|", if (by) "  ")
  if (is.na(row$es)) return(paste0(line, "  (Excluded)"))
  shown <- stata_fixed(as_single(c(row$es, row$ci_low, row$ci_upp)), 7L, 3L)
  line <- paste0(at_column(paste0(line, shown[1L]), 35L, shown[2L]), "   ", shown[3L])
  if (is.na(row$weight)) line else at_column(line, 60L, stata_fixed(row$weight, 6L, 2L))
}

format_metan_rows <- function(x) {
  by <- !is.null(x$groups)
  rows <- split(x$rows, seq_len(nrow(x$rows)))
  lines <- unlist(lapply(rows, format_metan_row, by = by, x = x), use.names = FALSE)
  if (x$options$nooverall) lines else c(lines, rule(21L, 51L))
}

format_metan_row <- function(row, by, x) {
  switch(row$type,
    heading = paste0("     ", row$label),
    study = metan_row(row$label, row, by),
    excluded = paste0(justify(cut_label(row$label, 20L), 21L, left = TRUE), "|  (Excluded)"),
    sub_heading = " Sub-total           |",
    rule = rule(21L, 51L),
    overall_heading = format_overall_heading(x),
    level_rule = paste0(rule(21L, 11L), ci_heading(x$options$olevel), strrep("-", 20L)),
    metan_row(if (by) paste0("  ", row$label) else row$label, row, by))
}

format_overall_heading <- function(x) {
  level <- if (x$options$olevel != x$options$ilevel) ci_heading(x$options$olevel)
  if (is.null(level)) "Overall              |" else at_column("Overall              |", 34L, level)
}

format_metan_notes <- function(x) {
  c(if (!is.null(x$wgt_name)) paste("* note: trials pooled by user defined weight", x$wgt_name),
    if (x$nvars == 3L || !is.null(x$wgt_name)) {
      c(" Heterogeneity calculated by formula",
        "  Q = SIGMA_i{ (1/variance_i)*(effect_i - effect_pooled)^2 }",
        if (x$nvars == 3L) "where variance_i = ((upper limit - lower limit)/(2*z))^2")
    })
}

null_text <- function(x) sprintf("%s=%s", x$null$name, x$null$value)

format_metan_tests <- function(x) {
  r <- x$r
  if (!is.null(x$options$first)) return(character())
  c(sprintf("  Heterogeneity chi-squared = %s (d.f. = %s) p = %s", stata_fixed(r$het, 6L, 2L), format(r$df),
            stata_p(r$p_het)),
    sprintf("  I-squared (variation in %s attributable to heterogeneity) = %s%%", r$measure,
            stata_fixed(r$i_sq, 5L, 1L)),
    if (!is.null(r$tau2)) {
      sprintf("  Estimate of between-study variance Tau-squared = %s", stata_fixed(r$tau2, 7L, 4L))
    },
    "", format_metan_null_test(x))
}

format_metan_null_test <- function(x) {
  r <- x$r
  if (is.null(r$chi2)) {
    return(sprintf("  Test of %s : z= %s p = %s", null_text(x), stata_fixed(r$z, 6L, 2L), stata_p(r$p_z)))
  }
  sprintf("  Test of %s: chi-squared = %s (d.f. = 1) p = %s", null_text(x), stata_fixed(r$chi2, 4L, 2L),
          stata_p(r$p_chi2))
}

format_metan_by_tests <- function(x) {
  tested <- if (is.null(x$options$first)) x$groups else x$groups[x$groups$label != "Overall", ]
  c("Test(s) of heterogeneity:", format_metan_het_table(x),
    if (!is.null(x$between)) format_metan_between(x),
    sprintf("** I-squared: the variation in %s attributable to heterogeneity)", x$r$measure), "",
    format_metan_between_note(x),
    paste0("Significance test(s) of ", null_text(x)), "",
    sprintf("%s z= %s     p = %s", justify(cut_label(tested$label, 21L), 21L, left = TRUE),
            stata_fixed(tested$z, 5L, 2L), stata_fixed(tested$p_z, 5L, 3L)),
    strrep("-", 73L))
}

format_metan_het_table <- function(x) {
  g <- x$groups
  random <- any(!is.na(g$tau2))
  line <- paste0(justify(cut_label(g$label, 19L), 19L, left = TRUE), stata_fixed(g$het, 6L, 2L),
                 stata_integer(g$df, 11L), strrep(" ", 6L), stata_fixed(g$p_het, 5L, 3L), strrep(" ", 4L),
                 stata_fixed(g$i_sq, 5L, 1L), "%")
  if (random) line <- paste0(line, strrep(" ", 6L), stata_fixed(g$tau2, 7L, 4L))
  c("               Heterogeneity  degrees of",
    paste0("                 statistic     freedom      P    I-squared**", if (random) "   Tau-squared"),
    if (random) "", line)
}

format_metan_between <- function(x) {
  b <- x$between
  c("Overall Test for heterogeneity between sub-groups:",
    paste0(strrep(" ", 19L), stata_fixed(b$Q, 6L, 2L), stata_integer(b$df, 11L), strrep(" ", 6L),
           stata_fixed(b$p, 5L, 3L)), "")
}

# Bounds of the remark on heterogeneity inside groups: 0, 50 and 75 percent.
format_metan_between_note <- function(x) {
  if (is.null(x$between)) {
    if (!is.na(match("no_between_note", names(x)))) return(character())
    return(c("Note: between group heterogeneity not calculated;", "only valid with inverse variance method", ""))
  }
  most <- x$between$max_i_sq
  if (is.na(most) || most <= 0) return(character())
  size <- if (most < 50) "Some" else if (most < 75) "Moderate" else "Considerable"
  c(sprintf("%s heterogeneity observed (up to %s%%) in one or more sub-groups,", size,
            trimws(stata_fixed(most, 5L, 1L))),
    paste("Test for heterogeneity between sub-groups", if (most < 50) "may be invalid" else "likely to be invalid"),
    "")
}

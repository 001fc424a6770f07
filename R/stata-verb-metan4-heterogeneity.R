# The heterogeneity tables of metan 4's log: Q, H and I2 with intervals, tau2 by estimator, Q of the subgroups.
# Source: logs of metan 4.08 as documented. Oracle: verified logs, line by line.

format_metan4_heterogeneity <- function(x) {
  p <- x$results[[1L]]
  if (is.null(p$Q)) return(character())
  if (!is.null(x$groups) && !x$options$nosubgroup) return(format_metan4_groups_q(x))
  c("", "", format_overall_heterogeneity(x, p), format_tau2_table(x))
}

data_words <- function(x) if (x$options$cumulative || x$options$influence) "calculated from the totality of data" else
  "calculated from the data"

format_overall_heterogeneity <- function(x, p) {
  o <- x$options
  width <- metan4_width(x)
  how <- if (o$testbased) "test-based standard error of ln(H)"
  else if (p$random) "Gamma (random-effects) distribution for Q" else
    "non-central chi\u00b2 (common-effect) distribution for Q"
  column <- function(label) paste0(justify(label, width, left = TRUE), "|")
  line <- strrep("-", width + 36L)
  percent <- function(v, w) paste0(stata_fixed(v, w, 1L), "%")
  c(paste0("Heterogeneity measures, ", data_words(x)), paste("with Conf. Intervals based on", how), line,
    paste0(column("Measure"), "     Value      df      p-value"), rule(width, 35L),
    paste0(column(p$q_name), stata_fixed(p$Q, 10L, 2L), stata_fixed(p$Qdf, 9L, 0L), stata_fixed(p$Qp, 11L, 3L)),
    paste0(column(""), "            -", ci_heading(o$hlevel), "-"),
    paste0(column("H"), stata_fixed(p$H, 10L, 3L), stata_fixed(p$H_lo, 10L, 3L), stata_fixed(p$H_hi, 10L, 3L)),
    paste0(column("I\u00b2 (%)"), percent(p$I2, 9L), percent(p$I2_lo, 9L), percent(p$I2_hi, 9L)), line,
    sprintf("H = relative excess in %s over its degrees-of-freedom", p$q_name),
    "I\u00b2 = proportion of total variation in effect estimate due to between-study heterogeneity (based on Q)")
}

# One row per estimator, in the order of the models; models that share one are joined by a slash.
format_tau2_table <- function(x) {
  rows <- tau2_rows(x$results)
  if (is.null(rows)) return(character())
  width <- metan4_width(x)
  limits <- any(!is.na(rows$lo))
  line <- strrep("-", width + 1L + if (limits) 35L else 13L)
  label <- paste0(justify(rows$label, width, left = TRUE), "|", stata_fixed(rows$tau2, 10L, 4L))
  both <- !is.na(rows$lo)
  label[both] <- paste0(label[both], stata_fixed(rows$lo[both], 10L, 4L), stata_fixed(rows$hi[both], 10L, 4L))
  c("", "", paste0("Heterogeneity variance estimates",
                   if (x$options$cumulative || x$options$influence) paste0(", ", data_words(x))),
    if (limits) "with Conf. Intervals as appropriate to the method (see help metan)", line,
    paste0(justify("Method", width, left = TRUE), "|     tau\u00b2",
           if (limits) paste0("    ", ci_heading(x$options$hlevel))),
    rule(width, if (limits) 35L else 13L), label, line)
}

tau2_rows <- function(results) {
  results <- Filter(function(p) !is.null(p$tau2), results)
  if (!length(results)) return(NULL)
  key <- vapply(results, function(p) p$model$tau2, "")
  parts <- lapply(unique(key), function(k) {
    mine <- results[key == k]
    field <- function(name) if (is.null(mine[[1L]][[name]])) NA_real_ else mine[[1L]][[name]]
    data.frame(label = paste(unique(vapply(mine, function(p) p$model$base, "")), collapse = "/"),
               tau2 = mine[[1L]]$tau2,
               lo = field("tau2_lo"), hi = field("tau2_hi"), stringsAsFactors = FALSE)
  })
  do.call(rbind, parts)
}

format_metan4_groups_q <- function(x) {
  o <- x$options
  width <- metan4_width(x)
  parts <- lapply(Filter(Negate(is.null), x$groups), `[[`, 1L)
  highest <- max(0, vapply(parts, `[[`, 0, "I2"), na.rm = TRUE)
  if (!o$nooverall) parts <- c(parts, list(Overall = x$results[[1L]]))
  column <- function(label) paste0(justify(label, width, left = TRUE), "|")
  rows <- vapply(names(parts), function(name) {
    p <- parts[[name]]
    paste0(column(name), stata_fixed(p$Q, 10L, 2L), stata_fixed(p$Qdf, 9L, 0L), stata_fixed(p$Qp, 11L, 3L),
           stata_fixed(p$I2, 10L, 1L), "%")
  }, "", USE.NAMES = FALSE)
  b <- if (!o$nooverall) x$between
  line <- strrep("-", width + 45L)
  c("", "", sprintf("%s statistics for heterogeneity", x$results[[1L]]$q_name),
    "(other heterogeneity measures are stored in matrices r(ovstats) and r(bystats))", line,
    paste0(column("Measure"), "     Value      df      p-value       I\u00b2"), rule(width, 44L), rows,
    if (!is.null(b)) paste0(column("Between"), stata_fixed(b$Q, 10L, 2L), stata_fixed(b$df, 9L, 0L),
                            stata_fixed(b$p, 11L, 3L)),
    if (!is.null(b$F)) paste0(column("Between:Within (F)"), stata_fixed(b$F, 10L, 2L),
                              justify(sprintf("%d, %d", b$df, b$df2), 9L), stata_fixed(b$Fp, 11L, 3L)),
    line, if (!is.null(b)) format_between_note(x, highest))
}

format_between_note <- function(x, highest) {
  m <- x$options$models[[1L]]
  if (m$kind != "iv") return(sprintf("Note: between-subgroup heterogeneity calculated using %s subgroup weights",
                                     m$label))
  if (highest <= 0) return(character())
  size <- if (highest < 50) "Some" else if (highest < 75) "Moderate" else "Considerable"
  c(sprintf("Note: %s heterogeneity observed (I\u00b2 up to %s%%) in one or more subgroups;", size,
            trimws(stata_fixed(highest, 5L, 1L))),
    sprintf("  tests for heterogeneity between subgroups %s", if (highest < 50) "may not be valid" else
            "are likely to be invalid"))
}

# The log of metan 4: headings, study table, tests, heterogeneity. Layout by columns after the bar; numbers come
# finished. Source: logs of metan 4.08 as documented. Oracle: verified logs, line by line.

#' @export
format.stata_metan4 <- function(x, ...) {
  o <- x$options
  c(format_metan4_notes(x), "", format_metan4_counts(x), "", format_metan4_title(x),
    if (!o$notable) c("", format_metan4_table(x)), "", format_metan4_tests(x),
    if (!o$nohet) format_metan4_heterogeneity(x), format_xlabel_note(x))
}

format_metan4_notes <- function(x) {
  o <- x$options
  dropped <- sum(!is.na(x$studies$reason))
  many <- dropped > 1L
  c(if (!is.null(o$wgt_name) && o$models[[1L]]$kind == "iv" && x$nvars == 4L) {
      "Note: user-defined weights supplied; inverse-variance model assumed"
    },
    if (dropped > 0L && !o$keepall && !o$keeporder) {
      c(sprintf("Note: %d %s with missing or insufficient data found;", dropped, if (many) "studies" else "study"),
        sprintf(" use the keepall option to include %s in the summary table%s", if (many) "these studies" else
                "this study",
                if (o$nograph) "" else " and forest plot"))
    })
}

format_metan4_counts <- function(x) {
  used <- is.na(x$studies$reason)
  n <- if (is.null(x$studies[["n"]])) "Unknown" else trimws(stata_general(sum(x$studies[["n"]][used]), 10L))
  c(sprintf("Studies included: %d", sum(used)), sprintf("Participants included: %s", n))
}

metan4_nouns <- c(RR = "Risk Ratios", OR = "Odds Ratios", RD = " Risk Differences",
                  SMD = "Standardised Mean Differences",
                  WMD = "Weighted Mean Differences")
proportion_nouns <- c(none = "(untransformed) Proportions", ftukey = "Freeman-Tukey transformed Proportions",
                      arcsine = "Arcsine-transformed Proportions", logit = "Logit-transformed Proportions")

format_metan4_title <- function(x) {
  o <- x$options
  noun <- if (!is.null(o$ratio_words)) o$ratio_words[2L] else if (o$proportion) proportion_nouns[[o$transform]] else
    if (o$measure == "ES") "aggregate data" else metan4_nouns[[o$measure]]
  verb <- if (o$cumulative) "Cumulative meta-analysis of" else if (o$influence) "Influence meta-analysis of"
  else if (o$measure == "ES") "Meta-analysis pooling of" else "Meta-analysis pooling of"
  many <- length(o$models) > 1L
  c(paste0(verb, " ", if (o$log) "log ", noun),
    if (o$measure == "SMD") sprintf("  by the method of %s", if (o$hedges) "Hedges" else if (o$glass) "Glass" else
                                    "Cohen"),
    if (many) "using multiple analysis methods" else describe_model(o$models[[1L]]),
    if (!is.null(o$wgt_name)) paste("and with user-defined weights", o$wgt_name),
    format_correction(x),
    if (o$cumulative) c("", paste("Studies added cumulatively in order of", cumulative_order(x))))
}

cumulative_order <- function(x) if (length(x$sorted)) paste(x$sorted, collapse = " ") else "appearance"

format_correction <- function(x) {
  o <- x$options
  used <- is.na(x$studies$reason)
  if (is.null(x$studies$corrected) || !any(x$studies$corrected[used])) return(NULL)
  mh <- o$models[[1L]]$kind == "mh"
  pooled <- isTRUE(attr(x$studies, "corrected_sums")) || !mh
  first <- switch(o$zero$rule, opposite = "Opposite-arm continuity correction applied to studies with zero cells",
                  empirical = "Empirical continuity correction applied to studies with zero cells",
                  sprintf("Continuity correction of %s applied to %s", correction_text(o$zero$amount),
                          if (o$zero$allifzero) "all studies" else "studies with zero cells"))
  c("", first, if (pooled) " (marked with *)" else {
    sprintf(" for inclusion in summary table%s (marked with *)", if (o$nograph) "" else " and forest plot")
  }, if (mh) sprintf("Mantel-Haenszel pooled effect is estimated from %s counts",
                     if (pooled) "corrected" else "uncorrected"))
}

correction_text <- function(amount) {
  text <- trimws(stata_general(amount, 9L))
  if (startsWith(text, ".")) paste0("0", text) else text
}

# ---- the table -----------------------------------------------------------------------------------

metan4_weighted <- function(x) !x$options$nowt

format_metan4_table <- function(x) {
  width <- metan4_width(x)
  weights <- metan4_weighted(x)
  right <- if (weights) 46L else 36L
  rows <- x$rows
  if (x$options$summaryonly) rows <- rows[!rows$type %in% c("study", "excluded"), , drop = FALSE]
  ends <- rep(strrep("-", width + right + 1L), 2L)
  body <- vapply(seq_len(nrow(rows)), function(i) metan4_line(rows[i, ], width, weights, x$options$measure == "RD"), "")
  # A rule that would stand right above the closing line is the closing line.
  if (length(body) && rows$type[length(body)] == "rule") body <- body[-length(body)]
  c(ends[1L], metan4_heading(x, width, weights), rule(width, right), body, ends[2L])
}

# The title is set beside the labels without their marks; the marks may widen the column.
metan4_width <- function(x) {
  labels <- x$rows$label[x$rows$type %in% c("study", "excluded", "heading", "subtotal", "overall")]
  max(metan4_title_lines(x)$width, display_width(labels)) + 1L
}

metan4_title_lines <- function(x) {
  labels <- x$rows$label[x$rows$type %in% c("study", "excluded", "heading", "subtotal", "overall")]
  title_wrap(metan4_title_text(x), max(20L, display_width(sub(" [*]$", "", labels))))
}

metan4_title_text <- function(x) if (x$options$influence) paste(x$title, "omitted") else x$title

# The narrowest column, `least` or wider, in which the words take at most two lines.
title_wrap <- function(text, least) {
  words <- strsplit(trimws(text), " +")[[1L]]
  repeat {
    lines <- words_to_width(words, least)
    if (length(lines) <= 2L) return(list(lines = lines, width = max(least, display_width(lines))))
    least <- least + 1L
  }
}

words_to_width <- function(words, width) {
  lines <- character()
  for (word in words) {
    last <- length(lines)
    joined <- if (last) paste(lines[last], word)
    if (last && display_width(joined) <= width) lines[last] <- joined else lines <- c(lines, word)
  }
  lines
}

metan4_heading <- function(x, width, weights) {
  left <- bottom_two(metan4_title_lines(x)$lines)
  effect <- bottom_two(effect_heading(x$options))
  last <- if (weights) bottom_two(weight_heading(x)) else c("", "")
  two <- nzchar(left[1L]) || nzchar(effect[1L]) || nzchar(last[1L])
  level <- c("", ci_heading(x$options$ilevel))
  lines <- paste0(justify(left, width, left = TRUE), "|", strrep(" ", pmax(floor((13 - display_width(effect)) / 2), 0)),
                  effect)
  lines <- at_column(lines, width + 15L, level)
  lines <- sub(" +$", "", at_column(lines, width + 38L, last))
  if (two) lines else lines[2L]
}

bottom_two <- function(lines) utils::tail(c("", "", lines), 2L)

# The name of the effect in one or two lines; "Risk Diff." stays whole.
effect_heading <- function(o) {
  if (!is.null(o$effect)) return(title_wrap(o$effect, 9L)$lines)
  if (o$proportion) return(proportion_heading(o))
  if (!is.null(o$ratio_words) && o$eform) return(title_wrap(o$ratio_words[1L], 9L)$lines)
  name <- switch(o$measure, RR = "Risk ratio", OR = "Odds Ratio", RD = return("Risk Diff."),
                 ES = if (o$eform) "exp(b)" else "Effect", o$measure)
  title_wrap(paste0(if (o$log) "log ", name), 9L)$lines
}

proportion_heading <- function(o) {
  if (o$nopr) return(title_wrap("Transformed proportion", 9L)$lines)
  if (o$denominator == 1) return("Proportion")
  if (o$denominator == 100) return("Percentage")
  title_wrap(sprintf("Events per %s obs.", trimws(stata_general(o$denominator, 9L))), 9L)$lines
}

weight_heading <- function(x) {
  o <- x$options
  if ((o$cumulative || o$influence) && !o$altwt) return(c("Ratio of", "Variances"))
  if (length(o$models) == 1L) return("% Weight")
  name <- o$models[[1L]]$label
  c("% Weight,", paste0(strrep(" ", max(floor((8 - display_width(name)) / 2), 0)), name))
}

# Effect in columns 1-10 after the bar, limits from 12 and 25, weight in 37-42. The risk differences of studies pass
# through single precision (0.5625 - 0.38 is printed 0.183), the other measures do not.
metan4_line <- function(row, width, weights, single) {
  if (row$type == "rule") return(rule(width, if (weights) 46L else 36L))
  line <- paste0(justify(row$label, width, left = TRUE), "|")
  if (row$type %in% c("blank", "heading")) return(line)
  if (row$type == "excluded") return(paste0(line, "  (Insufficient data)"))
  shown <- c(row$es, row$ci_low, row$ci_upp)
  shown <- stata_fixed(if (single && row$type == "study") as_single(shown) else shown, c(10L, 10L, 7L), 3L)
  line <- paste0(line, shown[1L], " ", shown[2L], "   ", shown[3L])
  if (!weights || is.na(row$weight)) line else at_column(line, width + 38L, stata_fixed(row$weight, 6L, 2L))
}

# ---- tests ---------------------------------------------------------------------------------------

metan4_null <- function(o) if (o$exponent) "1" else "0"

# "z =  -1.967  p = 0.049"; t and chi-squared name their degrees of freedom.
test_text <- function(p, digits = 3L) {
  if (identical(p$stat, "t")) {
    return(sprintf(" = %s  on %s df,  p = %s", stata_fixed(p$value, 7L, digits), stata_fixed(p$df, 3L, 0L),
                   stata_p(p$p)))
  }
  if (grepl("chi", p$stat)) return(sprintf(" = %s  on %s df,  p = %s", stata_fixed(p$value, 6L, 2L),
                                           format(p$df), stata_p(p$p)))
  sprintf(" = %s  p = %s", stata_fixed(p$value, if (digits == 3L) 7L else 6L, digits), stata_p(p$p))
}

format_metan4_tests <- function(x) {
  o <- x$options
  if (o$nooverall && is.null(x$groups)) return(character())
  tested <- Filter(function(p) !is.null(p$stat), x$results)
  lines <- if (!is.null(x$groups) && !o$nosubgroup) format_group_tests(x) else if (length(x$results) > 1L)
    format_model_tests(x, tested)
  else if (length(tested)) {
    p <- tested[[1L]]
    paste0(sprintf("Test of overall %seffect = %s:  ", if (o$cumulative) "cumulative " else "", metan4_null(o)),
           p$stat, test_text(p))
  }
  c(lines, if (!is.null(o$wgt_name)) c("", paste("** Note: pooled using user-defined weights", o$wgt_name)),
    format_factor_note(x))
}

format_factor_note <- function(x) {
  low <- Filter(function(p) isTRUE(p$raw_factor < 1) && is.null(p$model$options$truncate), x$results)
  if (!length(low)) return(NULL)
  c("", sprintf("Note: HKSJ correction factor is less than one (%s); consider using the truncate() option",
                trimws(stata_fixed(low[[1L]]$raw_factor, 5L, 3L))))
}

# After a chi-squared line the statistics keep its two decimals.
format_model_tests <- function(x, tested) {
  digits <- 3L
  lines <- character()
  for (p in tested) {
    lines <- c(lines, paste0("  ", justify(p$label, 18L - nchar(p$stat), left = TRUE), p$stat, test_text(p, digits)))
    if (grepl("chi", p$stat)) digits <- 2L
  }
  c(sprintf("Tests of overall effect = %s:", metan4_null(x$options)), lines)
}

format_group_tests <- function(x) {
  width <- metan4_width(x)
  parts <- lapply(Filter(Negate(is.null), x$groups), `[[`, 1L)
  if (!x$options$nooverall) parts <- c(parts, list(Overall = x$results[[1L]]))
  c(sprintf("Tests of subgroup effect size = %s:", metan4_null(x$options)),
    vapply(names(parts), function(name) paste0(justify(name, width, left = TRUE), parts[[name]]$stat,
                                               test_text(parts[[name]])), "", USE.NAMES = FALSE))
}

# xlabel() with commas is version 9's way: the null is added, and version 4 says how it is written now.
format_xlabel_note <- function(x) {
  text <- x$options$xlabel
  if (!is.character(text) || length(text) != 1L || !grepl(",", text, fixed = TRUE)) return(NULL)
  ticks <- xlabel_numbers(x$options)
  c("", "Note: with metan version 4 and above, the preferred syntax is for xlabel()",
    sprintf(" to contain a standard Stata numlist, so e.g. xlabel(%s); see help numlist",
            paste(trimws(stata_general(ticks, 9L)), collapse = " ")))
}

xlabel_numbers <- function(o) {
  if (is.null(o$xlabel)) return(NULL)
  if (is.numeric(o$xlabel)) return(o$xlabel)
  ticks <- tick_numbers(o$xlabel)
  if (any(grepl(",", o$xlabel, fixed = TRUE))) sort(unique(c(ticks, as.numeric(metan4_null(o))))) else ticks
}

# Owns the log of meta summarize, line by line: header, table, heterogeneity by group, tests.
# Source: the documented layout; oracle: logs of Stata 16 and 17/18. Numbers come in finished.

#' @export
format.stata_meta_summarize <- function(x, ...) {
  o <- x$options
  c(if (x$meta$metashow && !o$nometashow) format_meta_show(x$meta, TRUE),
    if (!o$noheader) format_meta_header(x, meta_table_width(x)),
    "", switch(x$kind, plain = format_meta_plain(x), subgroup = format_meta_subgroup(x),
               format_meta_sequence(x)))
}

# Columns before the bar less one blank: at least 17, at most what fits into 78 columns.
meta_label_width <- function(x) {
  labels <- if (x$options$nostudies || length(x$sets) > 1L) "" else x$table$label
  min(max(17L, display_width(labels), display_width(x$options$display$theta)), 27L)
}

meta_table_width <- function(x) {
  meta_label_width(x) + switch(x$kind, plain = , subgroup = 51L, leaveoneout = 52L, cumulative = 63L)
}

to_right <- function(left, right, width) {
  paste0(left, strrep(" ", pmax(width - display_width(left) - display_width(right), 1L)), right)
}

meta_titles <- c(plain = "Meta-analysis summary", subgroup = "Subgroup meta-analysis summary",
                 cumulative = "Cumulative meta-analysis summary", leaveoneout = "Leave-one-out meta-analysis summary")

format_meta_header <- function(x, width) {
  o <- x$options
  v <- x$meta$version
  p <- x$pool
  left <- c(meta_titles[[x$kind]], paste(meta_model_name(o$model), "model"), meta_method_line(o, v),
            if (!is.null(o$seadj)) format_meta_seadj(o$seadj, v))
  group <- if (x$kind == "subgroup" && length(x$sets) == 1L) paste("Group:", names(x$sets))
  if (x$kind == "cumulative") {
    group <- c(paste0("Order variable: ", x$ordervar, if (x$direction == "descending") " (descending)"),
               if (!is.null(x$byvar)) paste("Stratum:", x$byvar))
  }
  count <- paste0("Number of studies = ", stata_integer(p$k, 6L))
  right <- count
  if (x$kind == "plain" && o$model != "common") {
    right <- c(count, justify("Heterogeneity:", 26L, left = TRUE),
               if (o$model == "random") paste0("tau2 = ", stata_fixed(p$tau2, 7L, 4L)),
               paste0("I2 (%) = ", stata_fixed(max(p$I2, 0), 7L, 2L)), paste0("H2 = ", stata_fixed(p$H2, 7L, 2L)))
  }
  left <- c(left, group)
  n <- max(length(left), length(right))
  c("", sub("\\s+$", "", to_right(c(left, rep("", n - length(left))), c(right, rep("", n - length(right))), width)))
}

meta_method_line <- function(o, v) {
  if (!is.null(o$tau2)) return(if (is.null(o$i2)) "Method: User-specified tau2" else "Method: User-specified I2")
  paste("Method:", meta_method_name(o$method, v))
}

format_meta_seadj <- function(seadj, v) {
  name <- meta_word("Knapp\u2013Hartung", v)
  paste("SE adjustment:", if (seadj == "truncated") paste("Truncated", name) else name)
}

# A statistic inside a sentence takes the width it needs.
meta_stat <- function(x) trimws(stata_fixed(x, 12L, 2L))

meta_ci_head <- function(level, v) {
  sprintf(by_version(c("[%s%% Conf. Interval]", "[%s%% conf. interval]"), v), trimws(stata_general(100 * level, 5L)))
}

meta_head_label <- function(label, wide) if (display_width(label) > wide) "Effect size" else label

meta_line <- function(label, w, row, weight = TRUE) {
  out <- paste0(justify(meta_cut(label, w), w), " | ", stata_fixed(row$es, 14L, 3L), " ", stata_fixed(row$cil, 11L, 3L),
                " ",
                stata_fixed(row$ciu, 11L, 3L))
  if (weight) paste0(out, " ", stata_fixed(row$weight, 9L, 2L)) else out
}

# Stata's abbrev(): the end stays behind a tilde.
meta_cut <- function(label, width) {
  long <- display_width(label) > width
  label[long] <- paste0(substr(label[long], 1L, width - 2L), "~", substring(label[long], nchar(label[long])))
  label
}

meta_table_head <- function(x, w, tail) {
  o <- x$options
  v <- x$meta$version
  first <- if (x$kind == "leaveoneout") "Omitted study" else if (length(x$sets) > 1L) "Group" else "Study"
  paste0(justify(first, w), " |", justify(meta_head_label(o$display$label, 15L), 15L), "    ",
         meta_ci_head(o$level, v), tail)
}

meta_weight_head <- function(v) by_version(c("  % Weight", "  % weight"), v)

format_meta_plain <- function(x) {
  o <- x$options
  w <- meta_label_width(x)
  bar <- rule(w + 1L, 49L)
  line <- strrep("-", w + 51L)
  overall <- meta_pool_row(x$pool, o$display)
  c(line, meta_table_head(x, w, meta_weight_head(x$meta$version)), bar,
    if (!o$nostudies) c(meta_line(x$table$label, w, x$table), bar),
    meta_line(o$display$theta, w, overall, weight = FALSE), line, format_meta_pi(x), format_meta_tests(x, w + 51L))
}

format_meta_pi <- function(x) {
  if (is.null(x$pi)) return(NULL)
  o <- x$options
  limits <- meta_limits(o$display, x$pi[1L], x$pi[2L])
  sprintf("%s%% prediction interval for %s: [%s, %s]", trimws(stata_general(100 * o$pilevel, 5L)), o$display$theta,
          trimws(stata_fixed(limits$lo, 9L, 3L)), trimws(stata_fixed(limits$hi, 9L, 3L)))
}

format_meta_tests <- function(x, width) {
  p <- x$pool
  letter <- if (is.na(p$ddf)) "z" else "t"
  stat <- if (is.na(p$ddf)) "z" else sprintf("t(%s)", format(p$ddf))
  c(to_right(sprintf("Test of theta = 0: %s = %s", stat, meta_stat(p$z)),
             sprintf("Prob > |%s| = %s", letter, stata_fixed(p$p, 6L, 4L)), width),
    if (x$options$model != "common") {
      to_right(sprintf("Test of homogeneity: Q = chi2(%d) = %s", p$df, meta_stat(p$Q)),
               sprintf("Prob > Q = %s", stata_fixed(p$pQ, 6L, 4L)), width)
    })
}

format_meta_subgroup <- function(x) {
  if (length(x$sets) > 1L) return(format_meta_groups(x))
  o <- x$options
  w <- meta_label_width(x)
  bar <- rule(w + 1L, 49L)
  line <- strrep("-", w + 51L)
  set <- x$sets[[1L]]
  block <- function(g) {
    own <- x$table[x$table$group == g, ]
    c(paste0(justify(paste0("Group: ", meta_cut(g, w - 6L)), w + 1L, left = TRUE), "|"),
      if (!o$nostudies) c(meta_line(own$label, w, own), paste0(strrep(" ", w + 1L), "|")),
      meta_line(o$display$theta, w, meta_pool_row(set$pools[[g]], o$display), weight = FALSE), bar)
  }
  c(line, meta_table_head(x, w, meta_weight_head(x$meta$version)), bar, unlist(lapply(names(set$rows), block)),
    paste0(justify("Overall", w + 1L, left = TRUE), "|"),
    meta_line(o$display$theta, w, meta_pool_row(x$pool, o$display), weight = FALSE), line, format_meta_heterogeneity(x))
}

# The table of heterogeneity by group (not for a common effect) and the test between the groups.
format_meta_heterogeneity <- function(x) {
  random <- x$options$model == "random"
  width <- if (x$options$model == "common") meta_label_width(x) + 51L else if (random) 77L else 65L
  test <- function(name, b) {
    to_right(sprintf("Test of group differences: Q_b = chi2(%d) = %s", as.integer(b$df), meta_stat(b$Q)),
             sprintf("Prob > Q_b = %s", stata_fixed(b$p, 5L, 3L)), width)
  }
  if (x$options$model == "common") return(test("", x$sets[[1L]]$between))
  bar <- rule(15L, width - 16L)
  blocks <- lapply(x$sets, function(s) c(format_het_lines(names(s$pools), s$pools, random), bar))
  c("", "Heterogeneity summary", strrep("-", width),
    paste0("         Group |      df          Q   P > Q", if (random) "        tau2", "       % I2         H2"), bar,
    unlist(blocks, use.names = FALSE), format_het_lines("Overall", list(x$pool), random), strrep("-", width),
    if (length(x$sets) == 1L) test("", x$sets[[1L]]$between) else format_meta_differences(x$sets))
}

format_het_lines <- function(label, pools, random) {
  of <- function(name) vapply(pools, function(p) as.numeric(p[[name]]), 0)
  paste0(justify(meta_cut(label, 14L), 14L), " |", stata_integer(of("df"), 8L), " ", stata_fixed(of("Q"), 10L, 2L), " ",
         stata_fixed(of("pQ"), 7L, 3L), if (random) paste0(" ", stata_fixed(of("tau2"), 11L, 3L)), " ",
         stata_fixed(pmax(of("I2"), 0), 10L, 2L), " ", stata_fixed(of("H2"), 10L, 2L))
}

format_meta_differences <- function(sets) {
  b <- lapply(sets, `[[`, "between")
  c("", "Test of group differences", strrep("-", 43L), "               |      df        Q_b  P > Q_b", rule(15L, 27L),
    paste0(justify(meta_cut(names(sets), 14L), 14L), " |",
           stata_integer(vapply(b, function(s) as.numeric(s$df), 0), 8L), " ",
           stata_fixed(vapply(b, `[[`, 0, "Q"), 10L, 2L), " ", stata_fixed(vapply(b, `[[`, 0, "p"), 7L, 3L)),
    strrep("-", 43L))
}

# Several grouping variables: one row per group, studies are left out.
format_meta_groups <- function(x) {
  o <- x$options
  w <- meta_label_width(x)
  bar <- rule(w + 1L, 50L)
  block <- function(name, s) {
    rows <- meta_pool_rows(s$pools, o)
    c(paste0(justify(meta_cut(name, w + 1L), w + 1L, left = TRUE), "|"), meta_test_line(names(s$pools), w, rows), bar)
  }
  c(strrep("-", w + 52L), meta_table_head(x, w, "   p-value"), bar,
    unlist(Map(block, names(x$sets), x$sets), use.names = FALSE),
    meta_test_line("Overall", w, meta_pool_row(x$pool, o$display)), strrep("-", w + 52L), format_meta_heterogeneity(x))
}

meta_test_line <- function(label, w, rows) {
  paste0(meta_line(label, w, rows, weight = FALSE), " ", stata_fixed(rows$p, 10L, 3L))
}

# Cumulative and leave-one-out rows carry a p-value; the former the order variable too.
format_meta_sequence <- function(x) {
  o <- x$options
  w <- meta_label_width(x)
  cumulative <- x$kind == "cumulative"
  width <- meta_table_width(x)
  bar <- rule(w + 1L, width - w - 2L)
  tail <- paste0("   p-value", if (cumulative) justify(meta_cut(x$ordervar, 10L), 11L))
  rows <- meta_test_line(x$table$label, w, x$table)
  if (cumulative) rows <- paste0(rows, " ", stata_general(x$table$order, 10L))
  groups <- unique(x$table$group)
  if (length(groups) > 1L) {
    rows <- unlist(lapply(groups, function(g) {
      c(if (g != groups[1L]) bar, paste0(justify(paste0("Group: ", meta_cut(g, w - 6L)), w + 1L, left = TRUE), "|"),
        rows[x$table$group == g])
    }))
  }
  c(strrep("-", width), meta_table_head(x, w, tail), bar, if (!o$nostudies) rows,
    if (!cumulative) c(bar, meta_test_line(o$display$theta, w, meta_pool_row(x$pool, o$display))), strrep("-", width))
}

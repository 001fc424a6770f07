# tabulate, summarize(): tables of means, standard deviations and frequencies, by one variable or two.
# Source: Stata's Base Reference manual, tabulate, summarize(). Oracle: aggregate().

# tabulate g [h], summarize(x): mean, standard deviation and frequency of each group or cell.
tabulate_summary <- function(command, o, session, rows) {
  shown <- c("means", "standard", "freq")
  other <- setdiff(names(o), c("summarize", "missing", "nolabel", "wrap", paste0("no", shown), shown))
  if (length(other)) abort_unsupported(sprintf("option %s of tabulate, summarize()", other[1L]))
  by <- expand_varlist(command$rest, session, 1L, 2L)
  name <- find_stata_variable(trimws(o$summarize), session)
  x <- numeric_operand(session$data[[name]])
  rows <- selected_rows(command, session, rows)
  rows <- rows[!is.na(x[rows])]
  if (is.null(o$missing)) for (v in by) rows <- rows[!is_missing(session$data[[v]][rows])]
  if (!length(rows)) return(emit(session, "no observations"))
  w <- if (is.null(command$weight)) rep(1, length(rows)) else evaluate_column(command$weight$tokens, session)[rows]
  keys <- lapply(by, function(v) table_key(v, session, rows, is.null(o$nolabel)))
  session$r <- list(N = sum(w))
  parts <- tabulated_parts(o)
  cells <- summary_cells(x[rows], w, keys, identical(command$weight$kind, "aweight"))
  emit(session, if (length(by) == 1L) summary_oneway(cells, parts, by, name, levels(keys[[1L]]), session) else
    summary_twoway(cells, parts, by, name, lapply(keys, levels), session))
}

# Which of means, standard deviations, frequencies: those that are named, or all but those with no.
tabulated_parts <- function(o) {
  asked <- c(means = !is.null(o$means), standard = !is.null(o$standard), freq = !is.null(o$freq))
  if (!any(asked)) asked <- c(means = is.null(o$nomeans), standard = is.null(o$nostandard),
                              freq = is.null(o$nofreq))
  if (!any(asked)) abort_stata("nothing to display", 198L)
  names(asked)[asked]
}

# Means, standard deviations and frequencies as matrices with margins; one variable makes one column.
summary_cells <- function(x, w, keys, analytic) {
  if (length(keys) == 1L) keys[[2L]] <- factor(rep(1L, length(x)))
  k <- vapply(keys, nlevels, 1L)
  out <- list(means = matrix(NA_real_, k[1L] + 1L, k[2L] + 1L))
  out$standard <- out$freq <- out$means
  # Both variables, each alone, none: the cells and the margins they fill.
  for (one in c(TRUE, FALSE)) for (two in c(TRUE, FALSE)) {
    at <- cbind(as.integer(keys[[1L]]), as.integer(keys[[2L]]))
    if (!one) at[, 1L] <- k[1L] + 1L
    if (!two) at[, 2L] <- k[2L] + 1L
    cell <- at[, 1L] + (k[1L] + 1L) * at[, 2L]
    group <- match(cell, unique(cell))
    first <- at[!duplicated(group), , drop = FALSE]
    total <- function(v) as.vector(rowsum(v, group))
    n <- total(w)
    mean <- total(w * x) / n
    df <- if (analytic) n * (1 - 1 / tabulate(group)) else n - 1
    out$means[first] <- mean
    out$standard[first] <- sqrt(ifelse(df > 0, total(w * (x - mean[group])^2) / df, 0))
    out$freq[first] <- n
  }
  out$freq[is.na(out$freq)] <- 0
  out
}

summary_words <- c(means = "Means", standard = "Standard Deviations", freq = "Frequencies")

summary_oneway <- function(cells, parts, by, name, shown, session) {
  title <- variable_label(name, session)
  head <- paste("Summary of", if (nzchar(title)) title else name)
  width <- min(max(display_width(shown), 11L), 39L)
  label <- table_title(by, session, width)
  span <- 12L * length(parts)
  number <- function(part, x) if (part == "freq") format_counts(as.matrix(x))[, 1L] else trimws(stata_general(x, 10L))
  body <- do.call(paste0, lapply(parts, function(p) justify(number(p, cells[[p]][, 1L]), 12L)))
  heads <- c(means = "        Mean", standard = "   Std. Dev.", freq = "       Freq.")[parts]
  line <- paste0(justify(cut_label(c(shown, "Total"), width), width), " |", body)
  left <- c(rep("", max(0L, 2L - length(label))), label)
  right <- c(rep("", length(left) - 2L), paste0(strrep(" ", max(0L, (span - nchar(head)) %/% 2L)), head),
             paste(heads, collapse = ""))
  k <- length(line)
  c("", paste0(justify(left, width), " |", right), rule(width + 1L, span), line[-k], rule(width + 1L, span), line[k])
}

summary_twoway <- function(cells, parts, by, name, shown, session) {
  title <- variable_label(name, session)
  words <- summary_words[parts]
  k <- length(words)
  words <- if (k == 1L) words else paste(paste(words[-k], collapse = ", "), "and", words[k])
  head <- sprintf("%s of %s", words, if (nzchar(title)) title else name)
  m <- length(shown[[2L]])
  span <- 11L * m
  bar <- rule(11L, span, 11L)
  number <- function(part, x) {
    out <- if (part == "freq") format_counts(as.matrix(x))[, 1L] else trimws(stata_general(x, 10L))
    ifelse(is.na(x), ".", out)
  }
  block <- function(i, label) vapply(seq_along(parts), function(p) {
    x <- number(parts[p], cells[[parts[p]]][i, ])
    paste0(justify(if (p == 1L) label else "", 10L), " |", paste(justify(x[-(m + 1L)], 10L), collapse = " "), " |",
           justify(x[m + 1L], 10L))
  }, "")
  rows <- length(shown[[1L]])
  heads <- paste0(paste(justify(cut_label(shown[[2L]], 10L), 10L), collapse = " "), " |     Total")
  body <- lapply(seq_len(rows), function(i) c(block(i, cut_label(shown[[1L]][i], 10L)), if (k > 1L) bar))
  c("", paste0(strrep(" ", max(0L, (span + 22L - nchar(head)) %/% 2L)), head), "",
    twoway_head(by, heads, span, session), bar, unlist(body), if (k == 1L) bar, block(rows + 1L, "Total"))
}


# dtable: a table of descriptive statistics, whole and by groups, with tests.
# Source: Stata's Base Reference manual 18, dtable. Oracle: mean(), sd(), table(), the F and chi-squared tests of R.

dtable_options <- c(by = "by", continuous = "cont", factor = "fact", nosample = "nosam", sample = "samp",
                    nformat = "nf", sformat = "sf", title = "ti", export = "exp", column = "col", define = "def",
                    halign = "hal", name = "name", replace = "replace", note = "note", nolistwise = "nol",
                    listwise = "listw", notitle = "noti")

# dtable [varlist i.g] [if] [in] [, by(g[, tests nototals nomissing]) continuous(x, statistics()) factor(g) nformat()
# export()]
run_dtable <- function(text, session, statement) {
  text <- gsub("(^|\\s)i[.](\\w+)", "\\1__i__\\2", text)
  command <- parse_command(paste("dtable", text))
  command$rest$text <- sub("^__i__", "i.", command$rest$text)
  o <- command_options(command, dtable_options)
  for (bad in intersect(names(o), c("define", "halign", "sample"))) abort_unsupported(sprintf("option %s of dtable",
                                                                                              bad))
  by <- dtable_by(o$by, session)
  vars <- dtable_variables(command, o, session)
  rows <- selected_rows(command, session)
  if (!is.null(by)) rows <- rows[!is_missing(session$data[[by$name]][rows])]
  if (!is.null(o$listwise)) for (v in vars) rows <- rows[!is_missing(session$data[[v$name]][rows])]
  if (!length(rows)) abort_stata("no observations", 2000L)
  groups <- if (is.null(by)) list(Summary = rows) else table_levels(by$name, rows, session, total = !by$nototals)
  formats <- dtable_formats(command)
  body <- unlist(lapply(vars, dtable_rows, groups = groups, rows = rows, by = by, formats = formats, session = session),
                 recursive = FALSE)
  if (is.null(o$nosample)) body <- c(list(dtable_sample(groups, rows, by)), body)
  session$r <- list(N = length(rows))
  lines <- dtable_lines(body, names(groups), by, if (!is.null(o$title)) unquote(o$title), session)
  session$collected <- lines
  emit(session, lines)
  if (!is.null(o$export)) write_layout(o$export, lines, session)
}

dtable_by <- function(text, session) {
  if (is.null(text)) return(NULL)
  part <- strsplit(text, ",", fixed = TRUE)[[1L]]
  words <- plain_words(c(part[-1L], "")[1L])
  known <- c(tests = "test", nototals = "nototal", nomissing = "nomis", notests = "notest")
  asked <- vapply(words, match_option, "", known = known)
  if (anyNA(asked)) abort_unsupported(sprintf("by(, %s) of dtable", words[is.na(asked)][1L]))
  list(name = find_stata_variable(trimws(part[1L]), session), tests = "tests" %in% asked,
       nototals = "nototals" %in% asked)
}

# The variables in their order, each with its kind and statistics; those with i. or in factor() are factors.
dtable_variables <- function(command, o, session) {
  words <- if (nrow(command$rest)) varlist_words(command$rest) else character()
  out <- unlist(lapply(words,
                       function(w) lapply(expand_varlist(tokenize(sub("^i[.]", "", w)), session, 1L), function(v) {
    list(name = v, factor = startsWith(w, "i."), stats = NULL)
  })), recursive = FALSE)
  for (kind in c("continuous", "factor")) for (text in unlist(unclass(o)[names(o) == kind])) {
    part <- strsplit(sub(",", "\001", text, fixed = TRUE), "\001", fixed = TRUE)[[1L]]
    stats <- regmatches(text, regexec("stat\\w*\\(([^)]*)\\)", text))[[1L]]
    names <- if (nzchar(trimws(part[1L]))) expand_varlist(tokenize(part[1L]), session) else
      vapply(Filter(function(v) v$factor == (kind == "factor"), out), `[[`, "", "name")
    for (v in names) {
      entry <- list(name = v, factor = kind == "factor", stats = if (length(stats)) plain_words(stats[2L]))
      at <- match(v, vapply(out, `[[`, "", "name"))
      if (is.na(at)) out <- c(out, list(entry)) else out[[at]] <- entry
    }
  }
  if (!length(out)) abort_stata("varlist required", 100L)
  out
}

# nformat(%9.1f mean sd): the formats by statistic.
dtable_formats <- function(command) {
  out <- list()
  for (text in unlist(command$options[names(command$options) %in% c("nformat", "nf", "nfor", "nform", "nforma")])) {
    words <- plain_words(gsub("\"", "", text, fixed = TRUE))
    stats <- if (length(words) > 1L) words[-1L] else c("mean", "sd", "median", "iqr", "min", "max", "fvpercent")
    out[stats] <- words[1L]
  }
  out
}

dtable_rows <- function(v, groups, rows, by, formats, session) {
  title <- series_title(v$name, session)
  test <- if (isTRUE(by$tests)) dtable_test(v, rows, by, session)
  if (!v$factor) {
    cells <- vapply(groups, function(g) continuous_cell(v, g, formats, session), "")
    return(list(list(label = title, cells = cells, test = test)))
  }
  x <- session$data[[v$name]]
  known <- rows[!is_missing(x[rows])]
  key <- table_key(v$name, session, known)
  head <- list(list(label = title, cells = rep("", length(groups)), test = test))
  c(head, lapply(levels(key), function(l) {
    own <- known[key == l]
    cells <- vapply(groups, function(g) {
      n <- sum(own %in% g)
      factor_cell(n, 100 * n / sum(known %in% g), v$stats, formats)
    }, "")
    list(label = paste0("  ", l), cells = cells, test = NULL)
  }))
}

continuous_cell <- function(v, rows, formats, session) {
  x <- numeric_operand(session$data[[v$name]])[rows]
  x <- x[!is.na(x)]
  if (!length(x)) return("")
  stats <- v$stats %||% c("mean", "sd")
  value <- vapply(stats, function(s) {
    number <- as.numeric(group_statistic(switch(s, q1 = "p25", q2 = "p50", q3 = "p75", s), x, NULL, NULL))
    format <- formats[[s]] %||% (if (s %in% c("count", "n")) "%9.0f" else "%9.3f")
    trimws(apply_format(number, format))
  }, "")
  bracket <- stats %in% c("sd", "iqr", "semean")
  paste(ifelse(bracket, sprintf("(%s)", value), value), collapse = " ")
}

factor_cell <- function(n, percent, stats, formats) {
  stats <- stats %||% c("fvfrequency", "fvpercent")
  share <- sprintf("%s%%", trimws(apply_format(percent, formats[["fvpercent"]] %||% "%9.1f")))
  count <- format(n, big.mark = ",")
  frequent <- any(grepl("^fvfreq", stats))
  if (!any(grepl("^fvper", stats))) return(count)
  if (frequent) sprintf("%s (%s)", count, share) else share
}

dtable_sample <- function(groups, rows, by) {
  n <- lengths(groups)
  count <- format(n, big.mark = ",", trim = TRUE)
  list(label = "N", cells = if (is.null(by)) count else sprintf("%s (%.1f%%)", count, 100 * n / length(rows)))
}

# Continuous variables by the F test of groups, factors by Pearson's chi-squared.
dtable_test <- function(v, rows, by, session) {
  g <- comparable(session$data[[by$name]])[rows]
  x <- session$data[[v$name]][rows]
  use <- !is_missing(x)
  g <- factor(g[use])
  if (v$factor) {
    n <- table(comparable(x[use]), g)
    if (min(dim(n)) < 2L) return(NA_real_)
    return(upper_p(pearson_of(n), prod(dim(n) - 1L)))
  }
  x <- numeric_operand(x)[use]
  if (nlevels(g) < 2L) return(NA_real_)
  mean <- stats::ave(x, g)
  df <- c(nlevels(g) - 1, length(x) - nlevels(g))
  f <- sum((mean - mean(x))^2) / df[1L] / (sum((x - mean)^2) / df[2L])
  upper_p(f, df[1L], df[2L])
}

pearson_of <- function(n) {
  expected <- outer(rowSums(n), colSums(n)) / sum(n)
  sum((n - expected)^2 / expected)
}

dtable_lines <- function(body, heads, by, title, session) {
  tests <- isTRUE(by$tests)
  cells <- do.call(rbind, lapply(body, `[[`, "cells"))
  cells <- matrix(cells, length(body))
  if (tests) {
    cells <- cbind(cells, vapply(body, function(r) if (is.null(r$test)) "" else if (is.na(r$test)) "." else
      sprintf("%.3f", r$test), ""))
    heads <- c(heads, "Test")
  }
  label <- vapply(body, `[[`, "", "label")
  left <- max(display_width(label)) + 1L
  wide <- pmax(apply(cells, 2L, function(x) max(display_width(x))), display_width(heads)) + 1L
  line <- function(label, x) sub("\\s+$", "",
                                 paste0(justify(label, left, TRUE), paste(justify(x, wide), collapse = "")))
  span <- left + sum(wide)
  above <- if (!is.null(by)) paste0(strrep(" ", left), centered(series_title(by$name, session), sum(wide)))
  c("", title, strrep("-", span), above, line("", heads), strrep("-", span),
    vapply(seq_along(label), function(i) line(label[i], cells[i, ]), ""), strrep("-", span))
}

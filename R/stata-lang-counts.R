# The command tabulate: one-way and two-way tables of counts in Stata's layout.

run_tabulate <- function(command, session, rows) {
  o <- command_options(command, c(missing = "m", nolabel = "nol"))
  vars <- expand_varlist(command$rest, session, 1L, 2L)
  rows <- selected_rows(command, session, rows)
  if (is.null(o$missing)) for (v in vars) rows <- rows[!is_missing(session$data[[v]][rows])]
  if (!length(rows)) return(emit(session, "no observations"))
  keys <- lapply(vars, function(v) table_key(v, session, rows))
  session$r <- list(N = length(rows), r = nlevels(keys[[1L]]))
  if (length(vars) == 2L) session$r$c <- nlevels(keys[[2L]])
  emit(session, if (length(vars) == 1L) format_oneway(vars, keys[[1L]], session)
       else format_twoway(vars, keys, session))
}

table_key <- function(name, session, rows) {
  x <- session$data[[name]]
  values <- rows[match(sort(unique(comparable(x[rows]))), comparable(x[rows]))]
  factor(match(comparable(x[rows]), comparable(x[values])), seq_along(values),
         make.unique(shown_value(name, session, values)))
}

table_title <- function(name, session, width) {
  label <- variable_label(name, session)
  words <- strwrap(if (nzchar(label)) label else name, width)
  cut_label(words, width)
}

format_oneway <- function(name, key, session) {
  n <- as.vector(table(key))
  width <- min(max(display_width(levels(key)), 11L), 39L)
  share <- 100 * n / sum(n)
  title <- table_title(name, session, width)
  head <- c(rep("", length(title) - 1L), "      Freq.     Percent        Cum.")
  c("", paste0(justify(title, width), " |", head), rule(width + 1L, 35L),
    paste0(justify(cut_label(levels(key), width), width), " |", justify(format(n, big.mark = ",", trim = TRUE), 11L),
           stata_fixed(share, 12L, 2L),
           stata_fixed(cumsum(share), 12L, 2L)),
    rule(width + 1L, 35L),
    paste0(justify("Total", width), " |", justify(format(sum(n), big.mark = ","), 11L), stata_fixed(100, 12L, 2L)))
}

format_twoway <- function(vars, keys, session) {
  n <- table(keys[[1L]], keys[[2L]])
  columns <- ncol(n)
  span <- 11L * columns
  title <- table_title(vars[2L], session, span)[1L]
  centred <- paste0(strrep(" ", max(0, floor((span - nchar(title)) / 2))), title)
  row <- function(label, x, total) {
    paste0(justify(cut_label(label, 10L), 10L), " |", paste(justify(format(x, trim = TRUE), 10L), collapse = " "),
           " |", justify(format(total), 10L), " ")
  }
  bar <- rule(11L, span, 11L)
  head <- paste0(justify(cut_label(table_title(vars[1L], session, 10L)[1L], 10L), 10L), " |",
                 paste(justify(cut_label(levels(keys[[2L]]), 10L), 10L), collapse = " "), " |     Total")
  body <- vapply(seq_len(nrow(n)), function(i) row(levels(keys[[1L]])[i], n[i, ], sum(n[i, ])), "")
  c("", paste0(strrep(" ", 11L), "|", justify(centred, span, TRUE)), head, bar, body, bar,
    row("Total", colSums(n), sum(n)))
}

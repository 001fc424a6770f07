# Commands that print data: list, describe, summarize, tabulate, display. Layouts: Stata's manuals ([D], [R]).

# ---- list --------------------------------------------------------------------------------------

run_list <- function(command, session, rows) {
  o <- command_options(command, c(noobs = "noo", clean = "clean", separator = "sep", sepby = "sepby", abbreviate = "ab",
                                  nolabel = "nol", table = "tab", compress = "compress", nodisplay = "nod",
                                  display = "d", noheader = "noh", linesize = "line", string = "str"))
  vars <- expand_varlist(command$rest, session)
  if (!length(vars)) vars <- names(session$data)
  rows <- selected_rows(command, session, rows)
  if (!length(rows) || !length(vars)) return(invisible())
  cells <- lapply(vars, function(v) if (is.null(o$nolabel)) shown_value(v, session, rows)
                  else trimws(apply_format(session$data[[v]][rows], session$meta[[v]]$format)))
  head <- abbreviate_name(vars, if (is.null(o$abbreviate)) 8L else as.integer(o$abbreviate))
  left <- vapply(vars, function(v) grepl("^%-", session$meta[[v]]$format), NA)
  emit(session, format_list_output(head, cells, left, rows, o, session))
}

format_list_output <- function(head, cells, left, rows, o, session) {
  width <- mapply(function(h, x) max(display_width(c(h, x))), head, cells)
  line <- function(values, sep) {
    paste(mapply(function(v, w, l) justify(v, w, l), values, width, left), collapse = sep)
  }
  number <- if (is.null(o$noobs)) justify(paste0(rows, "."), max(4L, nchar(session$n) + 1L)) else rep("", length(rows))
  body <- vapply(seq_along(rows), function(i) line(vapply(cells, `[`, "", i), "   "), "")
  pad <- if (is.null(o$noobs)) strrep(" ", max(display_width(number)) + 1L) else "  "
  if (!is.null(o$clean)) return(c("", paste0(pad, "  ", line(head, "   "), "  "),
                                  paste0(number, if (is.null(o$noobs)) "   " else "    ", body, "  ")))
  total <- sum(width) + 3L * (length(width) - 1L) + 2L
  bar <- paste0(pad, "|", strrep("-", total), "|")
  edge <- paste0(pad, "+", strrep("-", total), "+")
  c("", edge, paste0(pad, "| ", line(head, "   "), " |"), bar,
    with_separators(paste0(number, if (is.null(o$noobs)) " | " else "  | ", body, " |"), bar, rows, o, session), edge)
}

with_separators <- function(lines, bar, rows, o, session) {
  every <- if (is.null(o$separator)) 5L else as.integer(o$separator)
  n <- length(lines)
  cut <- if (!is.null(o$sepby)) {
    key <- do.call(paste, session$data[expand_varlist(tokenize(o$sepby), session)])[rows]
    which(key[-1L] != key[-n])
  } else if (every > 0L) seq_len(n - 1L)[seq_len(n - 1L) %% every == 0L] else integer()
  unlist(lapply(seq_len(n), function(i) c(lines[i], if (i %in% cut) bar)))
}

# ---- describe ----------------------------------------------------------------------------------

run_describe <- function(command, session, rows) {
  o <- command_options(command, c(short = "s", simple = "si", detail = "d", fullnames = "f", numbers = "n"))
  for (bad in intersect(names(o), c("detail", "numbers"))) abort_unsupported(sprintf("option %s of describe", bad))
  vars <- expand_varlist(command$rest, session)
  whole <- !length(vars)
  if (whole) vars <- names(session$data)
  session$r <- list(N = session$n, k = length(session$data))
  emit(session, c(if (whole) describe_head(session), describe_table(vars, session),
                  if (whole) c(strrep("-", 79L), paste0("Sorted by: ", paste(session$sorted, collapse = "  ")))))
}

describe_head <- function(session) {
  width <- vapply(session$meta[names(session$data)], function(m) type_width(m$type), 0)
  count <- function(n) justify(format(n, big.mark = ","), 14L)
  c("", paste0("Contains data", if (nzchar(session$file)) paste(" from", session$file)),
    trimws(paste0("  obs:", count(session$n), strrep(" ", 26L), session$data_label), "right"),
    paste0(" vars:", count(length(session$data)), strrep(" ", 26L)),
      paste0(" size:", count(session$n * sum(width)), strrep(" ", 26L)))
}

type_width <- function(type) {
  if (startsWith(type, "str")) return(if (type == "strL") 8 else as.numeric(substring(type, 4L)))
  c(byte = 1, int = 2, long = 4, float = 4, double = 8)[[type]]
}

describe_table <- function(vars, session) {
  line <- function(v) {
    m <- session$meta[[v]]
    trimws(paste0(justify(abbreviate_name(v, 15L), 16L, TRUE), justify(m$type, 8L, TRUE), justify(m$format, 11L, TRUE),
                  justify(if (is.null(m$labels)) "" else abbreviate_name(m$labels, 8L), 11L, TRUE), m$label), "right")
  }
  c(if (length(vars) == length(session$data)) strrep("-", 79L) else "", "              storage   display    value",
    "variable name   type    format     label      variable label", strrep("-", 79L),
      vapply(vars, line, "", USE.NAMES = FALSE))
}

# ---- summarize ---------------------------------------------------------------------------------

run_summarize <- function(command, session, rows) {
  o <- command_options(command, c(detail = "d", meanonly = "mean", format = "f", separator = "sep"),
                       weights = c("aweight", "fweight", "iweight"))
  vars <- expand_varlist(command$rest, session)
  if (!length(vars)) vars <- names(session$data)
  rows <- selected_rows(command, session, rows)
  weight <- if (is.null(command$weight)) NULL else evaluate_column(command$weight$tokens, session)[rows]
  detail <- !is.null(o$detail)
  stats <- lapply(vars, function(v) summary_of(session$data[[v]][rows], weight, command$weight$kind, detail))
  session$r <- stats[[length(stats)]]
  if (!is.null(o$meanonly) || session$quiet > 0L) return(invisible())
  if (detail) for (i in seq_along(vars)) emit(session, format_summary_detail(vars[i], stats[[i]], session))
  else emit(session, format_summary(vars, stats))
}

summary_of <- function(x, weight, kind, detail) {
  if (is.character(x)) return(list(N = 0))
  w <- if (is.null(weight)) rep(1, length(x)) else weight
  use <- !is.na(x) & !is.na(w) & w > 0
  x <- x[use]
  w <- w[use]
  N <- if (isTRUE(kind %in% c("fweight", "iweight"))) sum(w) else length(x)
  if (N == 0) return(list(N = 0))
  mean <- sum(w * x) / sum(w)
  var <- if (N > 1) sum(w * (x - mean)^2) / sum(w) * N / (N - 1) else NA_real_
  out <- list(N = N, sum_w = sum(w), mean = mean, Var = var, sd = sqrt(var), min = min(x), max = max(x),
              sum = sum(w * x))
  if (!detail) return(out)
  if (!is.null(weight)) abort_unsupported("summarize, detail with weights")
  c(out, summary_shape(x, mean), list(sorted = sort(x)))
}

summary_percentiles <- c(1, 5, 10, 25, 50, 75, 90, 95, 99)

summary_shape <- function(x, mean) {
  m2 <- mean((x - mean)^2)
  p <- summary_percentiles
  c(list(skewness = mean((x - mean)^3) / m2^1.5, kurtosis = mean((x - mean)^4) / m2^2),
    stats::setNames(lapply(p, sorted_percentile, x = sort(x)), paste0("p", p)))
}

# The value behind which p percent lie, the mean of two when it falls between them.
stata_percentile <- function(x, p) sorted_percentile(sort(x), p)

sorted_percentile <- function(x, p) {
  n <- length(x)
  if (n == 0L) return(NA_real_)
  at <- n * p / 100
  if (abs(at - round(at)) < 1e-9) (x[max(round(at), 1)] + x[min(round(at) + 1, n)]) / 2 else x[ceiling(at)]
}

format_summary <- function(vars, stats) {
  line <- mapply(function(v, s) {
    head <- sprintf("%s |%s", justify(abbreviate_name(v, 12L), 12L), justify(format(s$N, big.mark = ","), 11L))
    if (s$N == 0) return(head)
    paste0(head, "   ", stata_general(s$mean, 9L), "   ", stata_general(s$sd, 9L), "  ", stata_general(s$min, 9L), "  ",
           stata_general(s$max, 9L))
  }, vars, stats, USE.NAMES = FALSE)
  bar <- rule(13L, 57L)
  line <- unlist(lapply(seq_along(line), function(i) c(if (i > 1L && i %% 5L == 1L) bar, line[i])))
  c("", "    Variable |        Obs        Mean    Std. Dev.       Min        Max", bar, line)
}

format_summary_detail <- function(name, s, session) {
  title <- if (nzchar(variable_label(name, session))) variable_label(name, session) else name
  head <- c("", paste0(strrep(" ", max(0, 30L - ceiling(nchar(title) / 2))), title), strrep("-", 61L))
  if (s$N == 0) return(c(head, "no observations"))
  n <- length(s$sorted)
  low <- c(utils::head(s$sorted, 4L), rep(NA, 4L))[1:4]
  high <- c(rep(NA, 4L), utils::tail(s$sorted, 4L))[seq(min(n, 4L) + 1L, length.out = 4L)]
  value <- c(unlist(s[paste0("p", summary_percentiles)]), low, high, s$mean, s$sd, s$Var, s$skewness, s$kurtosis)
  text <- stata_general(value, 9L)
  text[is.na(value)] <- strrep(" ", 9L)
  left <- sprintf("%2d%%    %s%s", summary_percentiles, text[1:9],
                  c(paste0("      ", text[10:13]), "", paste0("      ", text[14:17])))
  count <- justify(c(format(s$N, big.mark = ","), format(s$sum_w, big.mark = ",")), c(11L, 9L))
  right <- paste0("       ", c("Obs         ", "Sum of Wgt.   ", "Mean          ", "Std. Dev.     ", "Variance      ",
                               "Skewness      ", "Kurtosis      "), c(count, text[18:22]))
  c(head, "      Percentiles      Smallest", left[1:2], paste0(left[3:4], right[1:2]), "",
    paste0(left[5L], strrep(" ", 15L), right[3L]), paste0(strrep(" ", 24L), "Largest", right[4L]), left[6L],
    paste0(left[7:9], right[5:7]))
}

# Commands that print data: list, describe, summarize, tabulate, display. Layouts: Stata's manuals ([D], [R]).

# ---- formats -----------------------------------------------------------------------------------

# One value per element in a format such as %9.0g, %8.2f, %10s, %td.
apply_format <- function(x, format) {
  f <- parse_format(format)
  if (is.character(x)) return(x)
  out <- switch(f$kind, f = stata_fixed(x, f$width, f$digits), e = stata_exponent(x, f$width, f$digits),
                g = stata_general(x, f$width, f$digits), t = ifelse(is.na(x), ".", format_stata_date(x)))
  out <- trimws(out)
  if (f$comma) out <- group_thousands(out)
  lost <- which(is.na(x))
  rank <- missing_rank(x[lost])
  out[lost] <- ifelse(rank > 0, paste0(".", c(letters, "")[ifelse(rank > 0, rank, 27L)]), ".")
  justify(out, f$width, f$left)
}

parse_format <- function(format) {
  if (grepl("^%-?[0-9]*td", format)) return(list(kind = "t", width = 9L, digits = 0L, left = FALSE, comma = FALSE))
  part <- regmatches(format, regexec("^%(-?)(0?)([0-9]+)([.]([0-9]+))?([fgeS s])(c?)$", format))[[1L]]
  if (!length(part)) abort_unsupported(sprintf("format %s", format))
  list(kind = tolower(part[7L]), width = as.integer(part[4L]),
       digits = if (nzchar(part[6L])) as.integer(part[6L]) else 0L,
       left = part[2L] == "-", comma = part[8L] == "c")
}

group_thousands <- function(text) {
  whole <- sub("^(-?[0-9]*).*$", "\\1", text)
  rest <- substring(text, nchar(whole) + 1L)
  while (any(grepl("[0-9]{4}", whole))) whole <- sub("^(-?[0-9]+)([0-9]{3})", "\\1,\\2", whole)
  paste0(whole, rest)
}

format_stata_date <- function(x) {
  day <- as.POSIXlt(as.Date(ifelse(is.na(x), 0, x) - 3653, origin = "1970-01-01"))
  sprintf("%02d%s%04d", day$mday, tolower(month.abb)[day$mon + 1L], day$year + 1900L)
}

# What a log shows for rows of a variable: the value label, or the number in the variable's format.
shown_value <- function(name, session, rows) {
  x <- session$data[[name]][rows]
  if (is.character(x)) return(x)
  meta <- session$meta[[name]]
  out <- trimws(apply_format(x, meta$format))
  labels <- session$value_labels[[if (is.null(meta$labels)) "" else meta$labels]]
  if (is.null(labels)) return(out)
  at <- match(x, labels)
  ifelse(is.na(at), out, names(labels)[at])
}

# ---- list --------------------------------------------------------------------------------------

run_list <- function(command, session, rows) {
  o <- command_options(command, c(noobs = "noo", clean = "clean", separator = "sep", sepby = "sepby", abbreviate = "ab",
                                  nolabel = "nol", table = "tab", compress = "compress"))
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
  no_options(command, c("short", "s", "simple"))
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
                       weights = c("aweight", "fweight"))
  vars <- expand_varlist(command$rest, session)
  if (!length(vars)) vars <- names(session$data)
  rows <- selected_rows(command, session, rows)
  weight <- if (is.null(command$weight)) NULL else evaluate_column(command$weight$tokens, session)[rows]
  detail <- !is.null(o$detail)
  stats <- lapply(vars, function(v) summary_of(session$data[[v]][rows], weight, command$weight$kind, detail))
  session$r <- stats[[length(stats)]]
  if (!is.null(o$meanonly)) return(invisible())
  if (!is.null(o$detail)) for (i in seq_along(vars)) emit(session, format_summary_detail(vars[i], stats[[i]], session))
  else emit(session, format_summary(vars, stats))
}

summary_of <- function(x, weight, kind, detail) {
  if (is.character(x)) return(list(N = 0))
  w <- if (is.null(weight)) rep(1, length(x)) else weight
  use <- !is.na(x) & !is.na(w) & w > 0
  x <- x[use]
  w <- w[use]
  N <- if (identical(kind, "fweight")) sum(w) else length(x)
  if (N == 0) return(list(N = 0))
  mean <- sum(w * x) / sum(w)
  var <- if (N > 1) sum(w * (x - mean)^2) / sum(w) * N / (N - 1) else NA_real_
  out <- list(N = N, sum_w = sum(w), mean = mean, Var = var, sd = sqrt(var), min = min(x), max = max(x),
              sum = sum(w * x))
  if (!detail) return(out)
  if (!is.null(weight)) abort_unsupported("summarize, detail with weights")
  c(out, summary_shape(x, mean), list(sorted = sort(x)))
}

summary_shape <- function(x, mean) {
  m2 <- mean((x - mean)^2)
  p <- c(1, 5, 10, 25, 50, 75, 90, 95, 99)
  c(list(skewness = mean((x - mean)^3) / m2^1.5, kurtosis = mean((x - mean)^4) / m2^2),
    stats::setNames(lapply(p, function(q) stata_percentile(x, q)), paste0("p", p)))
}

# The value behind which p percent lie, the mean of two when it falls between them.
stata_percentile <- function(x, p) {
  x <- sort(x)
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
  g <- function(x) ifelse(is.na(x), strrep(" ", 9L), stata_general(x, 9L))
  left <- function(p, extra) sprintf("%2d%%    %s%s", p, g(s[[paste0("p", p)]]),
                                     if (is.null(extra)) "" else paste0("      ", g(extra)))
  right <- function(name, value, w) paste0("       ", justify(name, 23L - w, TRUE), justify(value, w))
  c(head, "      Percentiles      Smallest", left(1, low[1L]), left(5, low[2L]),
    paste0(left(10, low[3L]), right("Obs", format(s$N, big.mark = ","), 11L)),
    paste0(left(25, low[4L]), right("Sum of Wgt.", format(s$sum_w, big.mark = ","), 9L)), "",
    paste0(left(50, NULL), strrep(" ", 15L), right("Mean", g(s$mean), 9L)),
    paste0(strrep(" ", 24L), "Largest", strrep(" ", 0L), right("Std. Dev.", g(s$sd), 9L)),
    left(75, high[1L]), paste0(left(90, high[2L]), right("Variance", g(s$Var), 9L)),
    paste0(left(95, high[3L]), right("Skewness", g(s$skewness), 9L)),
    paste0(left(99, high[4L]), right("Kurtosis", g(s$kurtosis), 9L)))
}

# ---- tabulate ----------------------------------------------------------------------------------

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

# ---- display -----------------------------------------------------------------------------------

# display "text" exp %8.2f exp _n
run_display <- function(text, session, statement) {
  tokens <- tokenize(text)
  out <- ""
  format <- "%10.0g"
  at <- 1L
  while (at <= nrow(tokens)) {
    item <- display_item(text, tokens, at)
    if (item$kind == "directive") abort_unsupported(sprintf("display directive %s", item$text))
    if (item$kind == "style") out <- out
    else if (item$kind == "format") format <- item$text
    else if (item$kind == "newline") out <- paste0(out, "\n")
    else {
      value <- if (item$kind == "string") item$text else evaluate_scalar(tokens[at:item$end, ], session)
      out <- paste0(out, if (is.character(value)) value else display_number(value, format))
      format <- "%10.0g"
    }
    at <- item$end + 1L
  }
  emit(session, strsplit(paste0(out, "\n"), "\n", fixed = TRUE)[[1L]])
}

display_number <- function(x, format) {
  if (format != "%10.0g") return(apply_format(x, format))
  if (is.finite(x) && x == trunc(x) && abs(x) < 1e9) sprintf("%.0f", x) else trimws(apply_format(x, "%10.0g"))
}

display_item <- function(text, tokens, at) {
  type <- tokens$type[at]
  word <- tokens$text[at]
  depth <- token_depth(tokens)
  if (word == "%" && type == "punct") {
    end <- at
    while (end < nrow(tokens) && !tokens$blank[end + 1L]) end <- end + 1L
    return(list(kind = "format", text = token_text(text, tokens, at, end), end = end))
  }
  if (word %in% c("as", "in") && at < nrow(tokens) &&
      tokens$text[at + 1L] %in% c("text", "txt", "result", "res", "error", "err", "input", "inp", "yellow", "green",
                                  "red", "white")) {
    return(list(kind = "style", end = at + 1L))
  }
  if (word %in% c("_skip", "_col", "_column", "_dup", "_continue", "_request")) {
    return(list(kind = "directive", text = word, end = at))
  }
  if (word == "_newline" || word == "_n" && type == "name" &&
      nrow(tokens) == at) return(list(kind = "newline", end = at))
  if (word == "," && type == "punct") return(list(kind = "style", end = at))
  end <- at
  while (end < nrow(tokens) && (depth[end + 1L] > 0L || joins_expression(tokens, end))) end <- end + 1L
  list(kind = if (type == "string" && end == at) "string" else "value", text = word, end = end)
}

# Does the next token continue the expression? Two operands side by side are two items.
joins_expression <- function(tokens, end) {
  operand <- function(i) tokens$type[i] %in% c("name", "number", "string", "missing")
  closes <- operand(end) || tokens$text[end] %in% c(")", "]") && tokens$type[end] == "punct"
  following <- end + 1L
  if (tokens$text[following] == "%" && tokens$type[following] == "punct" || tokens$text[following] == "," &&
      tokens$type[following] == "punct") return(FALSE)
  if (tokens$text[following] %in% c("(", "[") && closes) return(!tokens$blank[following])
  !(closes && operand(following))
}

# Commands that many download: winsor, winsor2, fre, mdesc, savesome; and mkspline, cumul, for. Source: their help
# files; Stata's Base Reference manual, mkspline (methods and formulas: Harrell 2001). Oracle: sorting by hand,
# Hmisc's formula of restricted cubic splines written out.

# winsor x, generate(new) p(#) | h(#) [highonly lowonly]: the h extreme values become the next ones.
run_winsor <- function(command, session, rows) {
  o <- command_options(command, c(generate = "g", p = "p", h = "h", highonly = "high", lowonly = "low"),
                       required = "generate")
  name <- expand_varlist(command$rest, session, 1L, 1L)
  x <- numeric_operand(session$data[[name]])
  rows <- selected_rows(command, session, rows)
  use <- rows[!is.na(x[rows])]
  n <- length(use)
  if (is.null(o$p) == is.null(o$h)) abort_stata("one of p() and h() must be specified", 198L)
  h <- if (!is.null(o$h)) number_word(o$h) else trunc(number_word(o$p) * n)
  if (is.na(h) || h < 1 || h >= n / 2) abort_stata("p() or h() leaves nothing to winsorize, or too much", 198L)
  s <- sort(x[use])
  out <- rep(NA_real_, session$n)
  out[use] <- x[use]
  if (is.null(o$highonly)) out[use] <- pmax(out[use], s[h + 1])
  if (is.null(o$lowonly)) out[use] <- pmin(out[use], s[n - h])
  label <- sprintf("%s, Winsorized fraction %s", name, trimws(stata_general(h / n, 6L)))
  store_variable(session, check_new_name(trimws(o$generate), session), out, session$meta[[name]]$type, label)
}

# winsor2 a b [, suffix() replace cuts(1 99) trim by() label]: values beyond the percentiles become them, or missing.
run_winsor2 <- function(command, session, rows) {
  o <- command_options(command, c(suffix = "s", replace = "rep", cuts = "c", trim = "t", by = "by", label = "l"))
  vars <- expand_varlist(command$rest, session, 1L)
  rows <- selected_rows(command, session, rows)
  cuts <- if (is.null(o$cuts)) c(1, 99) else sort(parse_numlist(o$cuts))
  if (length(cuts) != 2L || any(cuts < 0 | cuts > 100)) abort_stata("cuts() must be two percentiles", 198L)
  by <- if (!is.null(o$by)) expand_varlist(tokenize(o$by), session, 1L)
  suffix <- if (!is.null(o$suffix)) trimws(o$suffix) else if (is.null(o$trim)) "_w" else "_tr"
  for (v in vars) {
    x <- numeric_operand(session$data[[v]])
    out <- x
    for (g in groups_of(by, rows, session)) {
      seen <- x[g][!is.na(x[g])]
      if (!length(seen)) next
      low <- if (cuts[1L] > 0) stata_percentile(seen, cuts[1L]) else min(seen)
      high <- if (cuts[2L] < 100) stata_percentile(seen, cuts[2L]) else max(seen)
      out[g] <- if (is.null(o$trim)) pmin(pmax(x[g], low), high) else ifelse(x[g] < low | x[g] > high, NA_real_, x[g])
    }
    label <- variable_label(v, session)
    if (!is.null(o$label)) label <- sprintf("%s-%s(p%s,p%s)", if (nzchar(label)) label else v,
                                            if (is.null(o$trim)) "Winsor" else "Trim", macro_text(cuts[1L]),
                                              macro_text(cuts[2L]))
    type <- session$meta[[v]]$type
    if (!is.null(o$replace)) session$data[[v]] <- out
    else store_variable(session, check_new_name(paste0(v, suffix), session), out,
                        if (type %in% c("float", "double")) type else session$type, label)
  }
}

# fre a b: values and labels with their counts, missing ones apart.
run_fre <- function(command, session, rows) {
  command_options(command, c(missing = "m", nomissing = "nomi", nolabel = "nol", novalue = "nov", all = "all",
    tabulate = "t",
                             rows = "r", descending = "des", format = "f", width = "w", include = "inc",
                               noname = "nona",
                             notitle = "noti", ascending = "asc", combine = "com"))
  vars <- expand_varlist(command$rest, session)
  if (!length(vars)) vars <- names(session$data)
  rows <- selected_rows(command, session, rows)
  for (v in vars) emit(session, fre_lines(v, rows, session))
}

fre_lines <- function(v, rows, session) {
  x <- session$data[[v]][rows]
  lost <- is_missing(x)
  key <- table_key(v, session, rows, FALSE)
  levels <- levels(key)
  first <- rows[match(levels, key)]
  gone <- is_missing(session$data[[v]][first])
  n <- tabulate(key, length(levels))
  shown <- shown_value(v, session, first)
  text <- ifelse(shown == levels | is.character(x), levels, paste(levels, shown))
  valid <- sum(!lost)
  total <- length(x)
  width <- max(display_width(c(text, "Missing")), 8L) + 8L
  line <- function(label, n, part, cum, head = "") {
    paste0(justify(paste0(justify(head, 8L, TRUE), label), width, TRUE), " |", justify(n, 11L),
           stata_fixed(100 * n / total, 11L, 2L), part, cum)
  }
  share <- function(n) stata_fixed(100 * n / valid, 11L, 2L)
  running <- cumsum(n * !gone)
  body <- vapply(seq_along(n), function(i) {
    head <- if (i == which(!gone)[1L] %in% TRUE) "Valid" else if (i == which(gone)[1L] %in% TRUE) "Missing" else ""
    line(text[i], n[i], if (gone[i]) strrep(" ", 11L) else share(n[i]), if (gone[i]) "" else share(running[i]), head)
  }, "")
  sums <- if (any(!gone)) line("Total", valid, share(valid), "")
  label <- variable_label(v, session)
  edge <- strrep("-", width + 1L + 45L)
  c("", sprintf("%s%s", v, if (nzchar(label)) paste(" --", label) else ""), edge,
    paste0(strrep(" ", width), " |      Freq.    Percent      Valid       Cum."), rule(width + 1L, 44L), body[!gone],
    if (any(gone)) c(sums, body[gone]), line(if (any(gone)) "" else "Total", total, if (any(gone)) "" else
      share(total), "",
                                             if (any(gone)) "Total" else ""), edge)
}

# mdesc [varlist]: how many values are missing.
run_mdesc <- function(command, session, rows) {
  command_options(command, c(abbreviate = "ab", all = "a", any = "any", none = "n"))
  vars <- expand_varlist(command$rest, session)
  if (!length(vars)) vars <- names(session$data)
  rows <- selected_rows(command, session, rows)
  total <- length(rows)
  lost <- vapply(vars, function(v) sum(is_missing(session$data[[v]][rows])), 0L)
  session$r <- list(notmiss_vars = paste(vars[lost == 0L], collapse = " "), miss_vars = paste(vars[lost > 0L],
    collapse = " "),
                    percent = 100 * lost[length(lost)] / total, total = total, miss = lost[length(lost)])
  emit(session, c("", "    Variable    |     Missing          Total     Percent Missing", rule(16L, 47L),
                  paste0(justify(abbreviate_name(vars, 15L), 15L), " |", justify(format(lost, big.mark = ","), 12L),
                         justify(format(total, big.mark = ","), 15L), stata_fixed(100 * lost / total, 17L, 2L)),
                  rule(16L, 47L)))
}

# savesome [varlist] [if] [in] using file [, replace old]
run_savesome <- function(command, session, rows) {
  o <- command_options(command, c(replace = "rep", old = "old"))
  if (is.null(command$using)) abort_stata("using required", 100L)
  vars <- expand_varlist(command$rest, session)
  if (!length(vars)) vars <- names(session$data)
  rows <- selected_rows(command, session, rows)
  out <- new_session()
  for (v in vars) copy_variable(out, v, session, rows)
  out$value_labels <- session$value_labels
  save_session(out, command$using, !is.null(o$replace), session)
}

# mkspline stub = x, nknots(#) cubic [knots() displayknots]; mkspline a # b # c = x; mkspline stub # = x [, pctile]
run_mkspline <- function(text, session, statement) {
  part <- regmatches(text, regexec("^([^=]+)=\\s*(.*)$", text))[[1L]]
  if (!length(part)) abort_stata("invalid syntax: mkspline ... = varname", 198L)
  command <- parse_command(paste("mkspline", part[3L]))
  o <- command_options(command, c(cubic = "c", nknots = "nk", knots = "k", displayknots = "d", marginal = "m",
    pctile = "p"))
  name <- expand_varlist(command$rest, session, 1L, 1L)
  x <- numeric_operand(session$data[[name]])
  rows <- selected_rows(command, session)
  x[setdiff(seq_along(x), rows)] <- NA_real_
  left <- plain_words(part[2L])
  if (!is.null(o$cubic)) return(cubic_spline(left[1L], x, o, session))
  linear_spline(left, x, o, session)
}

harrell_places <- list(`3` = c(10, 50, 90), `4` = c(5, 35, 65, 95), `5` = c(5, 27.5, 50, 72.5, 95),
                       `6` = c(5, 23, 41, 59, 77, 95), `7` = c(2.5, 18.33, 34.17, 50, 65.83, 81.67, 97.5))

cubic_spline <- function(stub, x, o, session) {
  k <- if (!is.null(o$knots)) sort(parse_numlist(o$knots)) else {
    n <- if (is.null(o$nknots)) "5" else macro_text(number_word(o$nknots))
    if (!n %in% names(harrell_places)) abort_stata("nknots() must be between 3 and 7", 198L)
    seen <- sort(x[!is.na(x)])
    vapply(harrell_places[[n]], function(p) centile_of(seen, p / 100, 0.95, TRUE)$c, 0)
  }
  m <- length(k)
  if (m < 3L || anyDuplicated(k)) abort_stata("the knots must be three or more different values", 198L)
  cube <- function(v) pmax(v, 0)^3
  for (i in seq_len(m - 1L)) {
    value <- if (i == 1L) x else {
      j <- i - 1L
      tail <- cube(x - k[m - 1L]) * (k[m] - k[j]) - cube(x - k[m]) * (k[m - 1L] - k[j])
      (cube(x - k[j]) - tail / (k[m] - k[m - 1L])) / (k[m] - k[1L])^2
    }
    store_variable(session, check_new_name(paste0(stub, i), session), value, session$type)
  }
  knots <- matrix(k, 1L, dimnames = list("r1", paste0("knot", seq_len(m))))
  session$r <- list(N_knots = m, knots = knots)
  if (!is.null(o$displayknots)) {
    emit(session, c("", paste0(strrep(" ", 13L), "|", paste(justify(colnames(knots), 10L), collapse = "")), rule(13L,
      10L * m + 1L),
                    paste0(justify("", 12L), " |", paste(stata_general(k, 10L), collapse = "")), ""))
  }
}

# Pieces between the knots; with marginal, the changes at them.
linear_spline <- function(left, x, o, session) {
  numbers <- suppressWarnings(as.numeric(left))
  if (length(left) == 2L && !is.na(numbers[2L]) && numbers[2L] == trunc(numbers[2L])) {
    n <- numbers[2L]
    seen <- x[!is.na(x)]
    knots <- if (is.null(o$pctile)) min(seen) + diff(range(seen)) * seq_len(n - 1) / n else quantile_points(x,
      macro_text(n))
    names <- paste0(left[1L], seq_len(n))
  } else {
    knots <- numbers[!is.na(numbers)]
    names <- left[is.na(numbers)]
  }
  if (length(names) != length(knots) + 1L ||
    is.unsorted(knots)) abort_stata("invalid syntax: names and knots must alternate", 198L)
  low <- c(-Inf, knots)
  high <- c(knots, Inf)
  for (i in seq_along(names)) {
    value <- if (!is.null(o$marginal)) (if (i == 1L) x else pmax(x - low[i], 0)) else
      if (i == 1L) pmin(x, high[1L]) else pmax(pmin(x, high[i]), low[i]) - low[i]
    store_variable(session, check_new_name(names[i], session), value, session$type)
  }
}

# cumul x, generate(new) [freq equal]
run_cumul <- function(command, session, rows) {
  o <- command_options(command, c(generate = "g", freq = "f", equal = "e", by = "by"), required = "generate")
  name <- expand_varlist(command$rest, session, 1L, 1L)
  x <- numeric_operand(session$data[[name]])
  rows <- selected_rows(command, session, rows)
  out <- rep(NA_real_, session$n)
  by <- if (!is.null(o$by)) expand_varlist(tokenize(o$by), session, 1L)
  for (g in groups_of(by, rows, session)) {
    g <- g[!is.na(x[g])]
    place <- rank(x[g], ties.method = if (is.null(o$equal)) "first" else "max")
    out[g] <- if (is.null(o$freq)) place / length(g) else place
  }
  store_variable(session, check_new_name(trimws(o$generate), session), out, session$type)
}

# for var|num|any|new list: command with X; the loop of before Stata 8.
run_for <- function(text, session, statement) {
  part <- split_prefix(text, "for")
  words <- plain_words(part[1L])
  kind <- match_option(words[1L], c(varlist = "v", numlist = "n", anylist = "a", newlist = "new"))
  if (identical(words[1L], "new")) kind <- "newlist"
  if (is.na(kind) || grepl("\\\\", part[1L])) abort_gap(sprintf("for %s", words[1L]), "use foreach")
  rest <- sub("^\\s*\\S+\\s*", "", sub(",.*$", "", part[1L]))
  values <- switch(kind, varlist = expand_varlist(tokenize(rest), session, 1L),
                   numlist = macro_all(parse_numlist(rest)), macro_words(rest))
  if (length(values) > 10000L) abort_stata("too many values", 198L)
  for (value in values) {
    one <- gsub("\\bX\\b", value, part[2L])
    emit(session, c("", sprintf("->  %s", one)))
    for (piece in strsplit(one, "\\", fixed = TRUE)[[1L]]) run_command(trimws(piece), session, statement)
  }
}

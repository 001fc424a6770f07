# egen: functions of whole groups, of rows, and of lists of variables. Source: Stata's Data Management manual, egen.

# Of an expression within each group: one value, or one per row.
egen_functions <- list(
  mean = function(x, o) mean(x, na.rm = TRUE), total = function(x, o) total_of(x, o),
  sum = function(x, o) total_of(x, o),
  sd = function(x, o) stats::sd(x, na.rm = TRUE), min = function(x, o) extreme_value(x, min),
  max = function(x, o) extreme_value(x, max), median = function(x, o) stata_percentile(x[!is.na(x)], 50),
  count = function(x, o) sum(!is_missing(x)), seq = function(x, o) egen_sequence(length(x), o),
  pctile = function(x, o) stata_percentile(x[!is.na(x)], number_word(c(o$p, "50")[1L])),
  iqr = function(x, o) stata_percentile(x[!is.na(x)], 75) - stata_percentile(x[!is.na(x)], 25),
  mad = function(x, o) stata_percentile(abs(x - stata_percentile(x[!is.na(x)], 50))[!is.na(x)], 50),
  mdev = function(x, o) mean(abs(x - mean(x, na.rm = TRUE)), na.rm = TRUE),
  skew = function(x, o) summary_shape(x[!is.na(x)], mean(x, na.rm = TRUE))$skewness,
  kurt = function(x, o) summary_shape(x[!is.na(x)], mean(x, na.rm = TRUE))$kurtosis,
  std = function(x, o) number_word(c(o$mean, "0")[1L]) + number_word(c(o$sd, "1")[1L]) *
    (x - mean(x, na.rm = TRUE)) / stats::sd(x, na.rm = TRUE),
  rank = function(x, o) egen_rank(x, o), mode = function(x, o) egen_mode(x, o),
  pc = function(x, o) (if (is.null(o$prop)) 100 else 1) * x / sum(x, na.rm = TRUE))

# Of several variables, row by row.
egen_row_functions <- list(
  rowmean = function(x, o) rowMeans(x, na.rm = TRUE), rowtotal = function(x, o) row_total(x, o),
  rowsum = function(x, o) row_total(x, o), rmean = function(x, o) rowMeans(x, na.rm = TRUE),
  rsum = function(x, o) row_total(x, o), rowmiss = function(x, o) rowSums(is.na(x)),
  rownonmiss = function(x, o) rowSums(!is.na(x)), rowmin = function(x, o) apply(x, 1L, extreme_value, f = min),
  rowmax = function(x, o) apply(x, 1L, extreme_value, f = max),
  rmin = function(x, o) apply(x, 1L, extreme_value, f = min),
  rmax = function(x, o) apply(x, 1L, extreme_value, f = max),
  rowsd = function(x, o) apply(x, 1L, stats::sd, na.rm = TRUE),
  rowmedian = function(x, o) apply(x, 1L, function(r) stata_percentile(r[!is.na(r)], 50)),
  rowpctile = function(x, o) apply(x, 1L, function(r) stata_percentile(r[!is.na(r)], number_word(c(o$p, "50")[1L]))),
  rowfirst = function(x, o) apply(x, 1L, function(r) c(r[!is.na(r)], NA)[1L]),
  rowlast = function(x, o) apply(x, 1L, function(r) c(NA, r[!is.na(r)])[sum(!is.na(r)) + 1L]),
  anymatch = function(x, o) as.numeric(rowSums(matches_values(x, o)) > 0),
  anycount = function(x, o) rowSums(matches_values(x, o)),
  anyvalue = function(x, o) ifelse(matches_values(x, o)[, 1L], x[, 1L], NA_real_),
  eqany = function(x, o) as.numeric(rowSums(matches_values(x, o)) > 0),
  diff = function(x, o) as.numeric(apply(x, 1L, function(r) length(unique(comparable(r))) > 1L)))

egen_options <- c(by = "by", label = "label", missing = "m", p = "p", from = "f", to = "t", block = "b", at = "at",
                  icodes = "ic", group = "group", values = "v", punct = "p", decode = "d", format = "format",
                  maxlength = "maxl", field = "f", track = "t", unique = "u", mean = "mean", sd = "s", std = "std",
                  minmode = "minm", maxmode = "maxm", nummode = "num", lname = "ln", truncate = "tr", prop = "pr",
                  covariance = "c", spearman = "s", integer = "int", trim = "tr", head = "h", last = "l", tail = "t")

# p() of pctile and punct() of concat share an abbreviation, as do field and from(): the function tells.
egen_known <- function(f) {
  only <- switch(f, concat = c("punct", "decode", "format", "maxlength"), rank = c("field", "track", "unique", "by"),
                 seq = c("from", "to", "block", "by"), pctile = , rowpctile = c("p", "by"),
                 std = c("mean", "sd", "std"),
                 cut = c("at", "icodes", "group", "label"), group = c("missing", "label", "lname", "truncate"),
                 mode = c("minmode", "maxmode", "nummode", "missing", "by"), tag = "missing", pc = c("prop", "by"),
                 anymatch = , anycount = , anyvalue = , eqany = c("values", "integer"),
                 corr = c("covariance", "spearman", "by"), ends = c("punct", "trim", "head", "last", "tail"),
                 total = , sum = , rowtotal = , rowsum = , rsum = c("missing", "by"), c("by", "label"))
  egen_options[only]
}

extreme_value <- function(x, f) if (all(is.na(x))) NA_real_ else f(x, na.rm = TRUE)
total_of <- function(x, o) if (!is.null(o$missing) && all(is.na(x))) NA_real_ else sum(x, na.rm = TRUE)
row_total <- function(x, o) {
  out <- rowSums(x, na.rm = TRUE)
  if (!is.null(o$missing)) out[rowSums(!is.na(x)) == 0L] <- NA_real_
  out
}
matches_values <- function(x, o) {
  if (is.null(o$values)) abort_stata("option values() required", 198L)
  matrix(x %in% parse_numlist(o$values), nrow(x))
}

run_egen <- function(command, session, rows) egen_groups(command, session, list(rows))

egen_groups <- function(command, session, groups) {
  a <- parse_assignment(command$rest, TRUE)
  f <- a$tokens$text[1L]
  o <- command_options(command, egen_known(f))
  check_new_name(a$name, session)
  if (nrow(a$tokens) < 3L || a$tokens$text[2L] != "(") abort_stata("egen: function(argument) expected", 198L)
  inner <- a$tokens[seq_len(nrow(a$tokens))[-c(1L, 2L, nrow(a$tokens))], ]
  if (!is.null(o$by)) groups <- rows_by(expand_varlist(tokenize(o$by), session), session)
  kept <- selected_rows(command, session)
  if (length(kept) < session$n) {
    mask <- seq_len(session$n) %in% kept
    groups <- lapply(groups, function(g) g[mask[g]])
  }
  made <- egen_value(f, inner, o, session, groups, kept)
  type <- if (is.character(made$value)) NULL else if (!is.null(a$type)) a$type
          else if (isTRUE(made$whole)) smallest_type(made$value) else session$type
  set <- if (length(made$labels)) c(o$lname, a$name)[1L]
  if (!is.null(set)) session$value_labels[[set]] <- made$labels
  store_variable(session, a$name, made$value, type, c(made$label, "")[1L], labels = set)
  note_missing(made$value, session)
}

# list(value, whole, label, labels): whole numbers are stored as small as they go.
egen_value <- function(f, tokens, o, session, groups, kept) {
  if (f %in% names(egen_row_functions)) {
    whole <- f %in% c("rowmiss", "rownonmiss", "anymatch", "anycount", "eqany", "diff")
    return(list(value = egen_row(f, tokens, o, session, kept), whole = whole))
  }
  switch(f, group = egen_group(tokens, o, session, kept), tag = egen_tag(tokens, o, session, kept),
         concat = list(value = egen_concat(tokens, o, session, kept)), cut = egen_cut(tokens, o, session, kept),
         corr = list(value = egen_corr(tokens, o, session, groups)),
         ends = list(value = egen_ends(tokens, o, session, kept)), fill = list(value = egen_fill(tokens, session)),
         list(value = egen_column(f, tokens, o, session, groups), whole = f %in% c("seq", "count")))
}

# corr(a b) [, covariance spearman]: of the pairs of each group.
egen_corr <- function(tokens, o, session, groups) {
  vars <- expand_varlist(tokens, session, 2L, 2L)
  x <- lapply(session$data[vars], numeric_operand)
  of <- function(a, b) {
    if (length(a) < 2L) return(NA_real_)
    if (!is.null(o$covariance)) return(stats::cov(a, b))
    if (min(stats::var(a), stats::var(b)) == 0) return(NA_real_)
    stats::cor(a, b, method = if (is.null(o$spearman)) "pearson" else "spearman")
  }
  out <- rep(NA_real_, session$n)
  for (g in groups) {
    both <- g[!is.na(x[[1L]][g]) & !is.na(x[[2L]][g])]
    out[g] <- of(x[[1L]][both], x[[2L]][both])
  }
  out
}

rows_by <- function(vars, session) {
  unname(split(seq_len(session$n), lapply(session$data[vars], comparable), drop = TRUE))
}

egen_column <- function(f, tokens, o, session, groups) {
  fun <- egen_functions[[f]]
  if (is.null(fun)) abort_unsupported(sprintf("egen function %s()", f))
  context <- group_context(groups[lengths(groups) > 0L], session)
  x <- if (nrow(tokens)) evaluate_groups(tokens, context) else rep(1, length(context$rows))
  if (!f %in% c("count", "mode")) numeric_operand(x)
  # A group's value stands for each of its rows.
  value <- unlist(lapply(split(x, context$start), function(v) rep_len(fun(v, o), length(v))), use.names = FALSE)
  if (is.null(value)) value <- numeric()
  out <- if (is.character(value)) rep("", session$n) else rep(NA_real_, session$n)
  out[context$rows] <- if (is.character(value)) value else stata_number(value)
  out
}

egen_sequence <- function(n, o) {
  from <- number_word(c(o$from, "1")[1L])
  to <- if (is.null(o$to)) from + n - 1 else number_word(o$to)
  block <- number_word(c(o$block, "1")[1L])
  cycle <- seq(from, to, by = if (to < from) -1 else 1)
  cycle[((seq_len(n) - 1) %/% block) %% length(cycle) + 1]
}

# The highest of equal values shares the mean rank; track counts from below, field from above, unique breaks ties.
egen_rank <- function(x, o) {
  kept <- !is.na(x)
  out <- rep(NA_real_, length(x))
  out[kept] <- if (!is.null(o$field)) rank(-x[kept], ties.method = "min")
               else rank(x[kept],
                         ties.method = if (!is.null(o$track)) "min" else if (!is.null(o$unique)) "first" else "average")
  out
}

egen_mode <- function(x, o) {
  x <- x[!is_missing(x)]
  none <- if (is.character(x)) "" else NA_real_
  if (!length(x)) return(none)
  n <- table(x)
  best <- names(n)[n == max(n)]
  if (is.numeric(x)) best <- sort(as.numeric(best))
  if (length(best) == 1L || !is.null(o$minmode)) return(best[1L])
  if (!is.null(o$maxmode)) best[length(best)] else none
}

egen_group <- function(tokens, o, session, kept) {
  vars <- expand_varlist(tokens, session, 1L)
  lost <- Reduce(`|`, lapply(session$data[vars], function(x) is_missing(x[kept])))
  whole <- if (is.null(o$missing)) kept[!lost] else kept
  code <- key_codes(vars, session, session)[[1L]]
  values <- sort(unique(code[whole]))
  out <- rep(NA_real_, session$n)
  out[whole] <- as.numeric(match(code[whole], values))
  labels <- if (!is.null(o$label)) {
    first <- match(values, code)
    text <- do.call(paste, lapply(vars, function(v) shown_value(v, session, first)))
    stats::setNames(as.numeric(seq_along(values)), text)
  }
  list(value = out, whole = TRUE, label = sprintf("group(%s)", paste(vars, collapse = " ")), labels = labels)
}

egen_tag <- function(tokens, o, session, kept) {
  vars <- expand_varlist(tokens, session, 1L)
  lost <- Reduce(`|`, lapply(session$data[vars], function(x) is_missing(x[kept])))
  whole <- if (is.null(o$missing)) kept[!lost] else kept
  code <- key_codes(vars, session, session)[[1L]]
  out <- rep(0, session$n)
  out[whole[!duplicated(code[whole])]] <- 1
  list(value = out, whole = TRUE, label = sprintf("tag(%s)", paste(vars, collapse = " ")))
}

egen_concat <- function(tokens, o, session, kept) {
  vars <- expand_varlist(tokens, session, 1L)
  text <- lapply(vars, function(v) {
    x <- session$data[[v]]
    if (is.character(x)) x else if (!is.null(o$decode)) shown_value(v, session, seq_along(x))
    else if (!is.null(o$format)) trimws(apply_format(x, unquote(o$format))) else number_string(x)
  })
  out <- rep("", session$n)
  out[kept] <- do.call(paste, c(text, sep = unquote(c(o$punct, "")[1L])))[kept]
  out
}

# cut(x), at(10 20 30) is the lower end of each interval; group(#) makes groups of about one size.
egen_cut <- function(tokens, o, session, kept) {
  name <- expand_varlist(tokens, session, 1L, 1L)
  x <- numeric_operand(session$data[[name]])
  x[setdiff(seq_along(x), kept)] <- NA_real_
  if (!is.null(o$group)) {
    k <- number_word(o$group)
    seen <- x[!is.na(x)]
    breaks <- unique(c(min(seen), vapply(seq_len(k - 1L), function(i) stata_percentile(seen, 100 * i / k), 0), Inf))
    return(list(value = findInterval(x, breaks) - 1, whole = TRUE))
  }
  if (is.null(o$at)) abort_stata("option at() or group() required", 198L)
  breaks <- sort(parse_numlist(o$at))
  place <- findInterval(x, breaks)
  place[place == 0L | place == length(breaks)] <- NA
  codes <- !is.null(o$icodes) || !is.null(o$label)
  labels <- if (!is.null(o$label)) stats::setNames(seq_along(breaks) - 1, paste0(macro_all(breaks), "-"))
  list(value = if (codes) place - 1 else breaks[place], whole = codes, labels = labels)
}

# ends(s), punct() head|last|tail trim: the first word, the last, or what follows the first.
egen_ends <- function(tokens, o, session, kept) {
  text <- evaluate_column(tokens, session)
  if (!is.character(text)) abort_stata("type mismatch", 109L)
  punct <- if (is.null(o$punct)) " " else unquote(o$punct)
  first <- regexpr(punct, text, fixed = TRUE)
  found <- first > 0L
  if (!is.null(o$last)) {
    piece <- vapply(strsplit(text, punct, fixed = TRUE), function(w) c(w, "")[max(length(w), 1L)], "")
  } else if (!is.null(o$tail)) piece <- ifelse(found, substring(text, first + nchar(punct)), "")
  else piece <- ifelse(found, substr(text, 1L, first - 1L), text)
  if (!is.null(o$trim)) piece <- trimws(piece)
  out <- rep("", session$n)
  out[kept] <- piece[kept]
  out
}

# fill(1 2) goes on in steps, fill(1 2 1 2) repeats.
egen_fill <- function(tokens, session) {
  x <- parse_numlist(paste0(ifelse(tokens$blank, " ", ""), tokens$text, collapse = ""))
  n <- session$n
  k <- length(x)
  if (k < 2L) abort_stata("fill(): two numbers or more expected", 198L)
  half <- k / 2
  if (half == trunc(half) && k > 2L && all(x[seq_len(half)] == x[half +
    seq_len(half)])) return(rep_len(x[seq_len(half)], n))
  step <- diff(x)
  if (length(unique(step)) > 1L) abort_unsupported("such a pattern of egen fill()")
  x[1L] + step[1L] * (seq_len(n) - 1)
}

macro_all <- function(x) vapply(x, macro_text, "", USE.NAMES = FALSE)

egen_row <- function(f, tokens, o, session, kept) {
  vars <- expand_varlist(tokens, session, 1L)
  x <- vapply(session$data[vars], function(x) if (is.character(x) && f %in% c("rowmiss", "rownonmiss"))
    ifelse(nzchar(x), 1, NA_real_)[kept] else numeric_operand(x)[kept], numeric(length(kept)))
  x <- matrix(x, nrow = length(kept))
  out <- rep(NA_real_, session$n)
  out[kept] <- stata_number(egen_row_functions[[f]](x, o))
  out
}

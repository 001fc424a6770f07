# xtile, pctile, _pctile, ipolate, sample, bsample. Source: Stata's Data Management and Base Reference manuals.

# xtile new = exp [if] [in] [, nquantiles(#) cutpoints(var)]
run_xtile <- function(command, session, rows) {
  o <- command_options(command, c(nquantiles = "n", cutpoints = "c", altdef = "altdef"))
  if (!is.null(o$altdef)) abort_unsupported("option altdef of xtile")
  a <- parse_assignment(command$rest, TRUE)
  check_new_name(a$name, session)
  rows <- selected_rows(command, session)
  x <- rep(NA_real_, session$n)
  x[rows] <- numeric_operand(evaluate_column(a$tokens, session))[rows]
  cuts <- if (!is.null(o$cutpoints)) sort(session$data[[find_stata_variable(o$cutpoints, session)]]) else
    quantile_points(x, o$nquantiles)
  value <- findInterval(x, cuts, left.open = TRUE) + 1
  store_variable(session, a$name, ifelse(is.na(x), NA_real_, value), NULL,
                 sprintf("%d quantiles of %s", length(cuts) + 1L, paste(a$tokens$text, collapse = "")))
}

quantile_points <- function(x, n) {
  n <- if (is.null(n)) 2 else number_word(n)
  if (is.na(n) || n < 2 || n > length(x) +
      1) abort_stata("nquantiles() must be between 2 and the number of observations", 198L)
  vapply(seq_len(n - 1), function(i) stata_percentile(x[!is.na(x)], 100 * i / n), 0)
}

# pctile new = exp, nquantiles(#) [genp(p)]; _pctile x, nquantiles(#) or percentiles(): r(r1), r(r2), ...
run_pctile <- function(command, session, rows) {
  o <- command_options(command, c(nquantiles = "n", genp = "g"))
  a <- parse_assignment(command$rest, TRUE)
  check_new_name(a$name, session)
  x <- numeric_operand(evaluate_column(a$tokens, session))[selected_rows(command, session)]
  points <- quantile_points(x, o$nquantiles)
  n <- length(points)
  fill <- function(v) c(v, rep(NA_real_, session$n))[seq_len(session$n)]
  store_variable(session, a$name, fill(points), session$type)
  if (!is.null(o$genp)) store_variable(session, check_new_name(o$genp, session), fill(100 * seq_len(n) / (n + 1)),
                                       "float")
  session$r <- stats::setNames(as.list(points), paste0("r", seq_len(n)))
}

run_pctile_saved <- function(command, session, rows) {
  o <- command_options(command, c(nquantiles = "n", percentiles = "p"))
  name <- expand_varlist(command$rest, session, 1L, 1L)
  x <- numeric_operand(session$data[[name]])[selected_rows(command, session, rows)]
  x <- x[!is.na(x)]
  points <- if (is.null(o$percentiles)) quantile_points(x, o$nquantiles) else
    vapply(parse_numlist(o$percentiles), function(p) stata_percentile(x, p), 0)
  session$r <- stats::setNames(as.list(points), paste0("r", seq_along(points)))
}

# ipolate y x, generate(new) [epolate]: on the straight line between neighbours; equal x share the mean of y.
run_ipolate <- function(command, session, rows) {
  o <- command_options(command, c(generate = "g", epolate = "e"), required = "generate")
  vars <- expand_varlist(command$rest, session, 2L, 2L)
  y <- numeric_operand(session$data[[vars[1L]]])
  x <- numeric_operand(session$data[[vars[2L]]])
  use <- seq_along(x) %in% selected_rows(command, session, rows) & !is.na(x)
  known <- use & !is.na(y)
  out <- rep(NA_real_, session$n)
  at <- sort(unique(x[known]))
  value <- vapply(at, function(v) mean(y[known & x == v]), 0)
  if (length(at) > 1L) out[use] <- stats::approx(at, value, x[use])$y
  if (!is.null(o$epolate) && length(at) > 1L) {
    k <- length(at)
    low <- use & x < at[1L]
    high <- use & x > at[k]
    out[low] <- value[1L] + (x[low] - at[1L]) * (value[2L] - value[1L]) / (at[2L] - at[1L])
    out[high] <- value[k] + (x[high] - at[k]) * (value[k] - value[k - 1L]) / (at[k] - at[k - 1L])
  }
  store_variable(session, check_new_name(o$generate, session), out, session$type)
  note_missing(out, session)
}

# sample # [, count by()]: keeps a random # percent, or # rows, of each group.
run_sample <- function(command, session, rows) {
  o <- command_options(command, c(count = "count", by = "by"))
  size <- evaluate_scalar(command$rest, session)
  rows <- selected_rows(command, session)
  by <- if (is.null(o$by)) character() else expand_varlist(tokenize(o$by), session, 1L)
  keep <- unlist(lapply(groups_of(by, rows, session), function(g) {
    n <- if (is.null(o$count)) round_to(length(g) * size / 100) else min(size, length(g))
    g[sample.int(length(g), n)]
  }))
  note_random(session)
  left <- sort(c(keep, setdiff(seq_len(session$n), rows)))
  gone <- session$n - length(left)
  filter_rows(session, left)
  emit(session, sprintf("(%s deleted)", plural(gone, "observation")))
}

# bsample [exp] [, strata() cluster() weight()]: rows drawn with replacement.
run_bsample <- function(command, session, rows) {
  o <- command_options(command, c(strata = "str", cluster = "cl"))
  rows <- selected_rows(command, session)
  by <- if (is.null(o$strata)) character() else expand_varlist(tokenize(o$strata), session, 1L)
  note_random(session)
  picked <- unlist(lapply(groups_of(by, rows, session), function(g) {
    if (!is.null(o$cluster)) {
      id <- key_codes(expand_varlist(tokenize(o$cluster), session, 1L), session, session)[[1L]]
      units <- split(g, id[g])
      n <- if (nrow(command$rest)) evaluate_scalar(command$rest, session) else length(units)
      return(unlist(units[sample.int(length(units), n, replace = TRUE)], use.names = FALSE))
    }
    n <- if (nrow(command$rest)) evaluate_scalar(command$rest, session) else length(g)
    g[sample.int(length(g), n, replace = TRUE)]
  }))
  filter_rows(session, picked)
  session$sorted <- character()
}

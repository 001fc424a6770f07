# ci proportions and cii: confidence intervals of proportions and means, from data or from numbers.
# Source: Stata's Base Reference manual, ci (methods and formulas); Clopper & Pearson (1934), Wilson (1927), Agresti &
# Coull (1998), Brown, Cai & DasGupta (2001) for Jeffreys. Oracle: binom.test(), prop.test(), the core's intervals.

proportion_kinds <- c(exact = "exact", wald = "wald", wilson = "wil", agresti = "agres", jeffreys = "jeff")

proportion_words <- c(exact = "-- Binomial Exact --", wald = "-- Binomial Wald ---", wilson = "------ Wilson ------",
                      agresti = "-- Agresti-Coull ---", jeffreys = "----- Jeffreys -----")

# list(p, se, lo, hi) of k events among n.
proportion_interval <- function(k, n, kind, level) {
  p <- k / n
  z <- critical_value(level)
  a <- (1 - level) / 2
  ends <- switch(kind,
    exact = c(if (k > 0) stats::qbeta(a, k, n - k + 1) else 0, if (k < n) stats::qbeta(1 - a, k + 1, n - k) else 1),
    wald = p + c(-1, 1) * z * sqrt(p * (1 - p) / n),
    wilson = (p + z^2 / (2 * n) + c(-1, 1) * z * sqrt(p * (1 - p) / n + z^2 / (4 * n^2))) / (1 + z^2 / n),
    agresti = {
      m <- n + z^2
      q <- (k + z^2 / 2) / m
      q + c(-1, 1) * z * sqrt(q * (1 - q) / m)
    },
    jeffreys = stats::qbeta(c(a, 1 - a), k + 0.5, n - k + 0.5))
  if (kind %in% c("wald", "agresti")) ends <- pmin(pmax(ends, 0), 1)
  list(p = p, se = sqrt(p * (1 - p) / n), lo = ends[1L], hi = ends[2L])
}

proportion_kind <- function(o) {
  kind <- intersect(names(proportion_kinds), names(o))
  if (length(kind) > 1L) abort_stata("only one of exact, wald, wilson, agresti, jeffreys may be specified", 198L)
  c(kind, "exact")[1L]
}

proportion_lines <- function(names, n, rows, kind, level) {
  head <- sprintf("    Variable |        Obs  Proportion    Std. Err.       %s", ci_heading(level))
  c("", paste0(strrep(" ", 57L), proportion_words[[kind]]), head, rule(13L, 63L),
    vapply(seq_along(rows), function(i) {
      r <- rows[[i]]
      paste0(justify(abbreviate_name(names[i], 12L), 12L), " |", justify(format(n[i], big.mark = ","), 11L), "   ",
             stata_general(r$p, 9L), "   ", stata_general(r$se, 9L), "       ", stata_general(r$lo, 9L), "   ",
             stata_general(r$hi, 9L))
    }, ""))
}

save_proportion <- function(session, r, n, level) {
  session$r <- list(N = n, proportion = r$p, mean = r$p, se = r$se, lb = r$lo, ub = r$hi, level = 100 * level)
}

# ci proportions a b [, exact wald wilson agresti jeffreys level(#)]: variables of 0 and 1.
ci_proportions <- function(vars, o, rows, level, session) {
  kind <- proportion_kind(o)
  x <- lapply(session$data[vars], function(v) {
    v <- numeric_operand(v)[rows]
    v[!is.na(v)]
  })
  for (i in seq_along(x)) {
    if (!length(x[[i]])) abort_stata("no observations", 2000L)
    if (!all(x[[i]] %in% 0:1)) abort_stata(sprintf("%s is not a 0/1 variable", vars[i]), 450L)
  }
  n <- lengths(x)
  found <- lapply(seq_along(x), function(i) proportion_interval(sum(x[[i]]), n[i], kind, level))
  save_proportion(session, found[[length(found)]], n[[length(n)]], level)
  emit(session, proportion_lines(vars, n, found, kind, level))
}

# cii proportions n k, cii means n mean sd; before Stata 14.1 cii n k and cii n mean sd.
run_cii <- function(command, session, rows) {
  o <- command_options(command, c(level = "l", binomial = "b", proportion_kinds))
  tokens <- command$rest
  word <- match_option(c(tokens$text, "")[1L], c(proportions = "prop", means = "mean", variances = "var"))
  if (identical(word, "variances")) abort_unsupported("cii variances")
  if (!is.na(word)) tokens <- tokens[-1L, ]
  numbers <- number_arguments(tokens, command$text, session)
  level <- (if (is.null(o$level)) session$level else number_word(o$level)) / 100
  if (identical(word, "means") || is.na(word) && length(numbers) == 3L) return(cii_means(numbers, level, session))
  if (length(numbers) != 2L) abort_stata("invalid syntax: cii proportions #obs #succ", 198L)
  n <- numbers[1L]
  k <- if (numbers[2L] > 0 && numbers[2L] < 1) round(n * numbers[2L]) else numbers[2L]
  if (anyNA(numbers) || n < 1 || n != trunc(n) || k < 0 || k > n || k != trunc(k)) {
    abort_stata("numbers of observations and successes must be whole, and not more successes than observations", 459L)
  }
  kind <- proportion_kind(o)
  r <- proportion_interval(k, n, kind, level)
  save_proportion(session, r, n, level)
  emit(session, proportion_lines("", n, list(r), kind, level))
}

cii_means <- function(numbers, level, session) {
  if (length(numbers) != 3L || anyNA(numbers) || numbers[1L] < 2 || numbers[3L] < 0) {
    abort_stata("invalid syntax: cii means #obs #mean #sd", 198L)
  }
  se <- numbers[3L] / sqrt(numbers[1L])
  ends <- numbers[2L] + c(-1, 1) * critical_value(level, numbers[1L] - 1) * se
  session$r <- list(N = numbers[1L], mean = numbers[2L], se = se, lb = ends[1L], ub = ends[2L], level = 100 * level)
  head <- sprintf("    Variable |        Obs        Mean    Std. Err.       %s", ci_heading(level))
  emit(session, c("", head, rule(13L, 63L),
                  paste0(strrep(" ", 12L), " |", justify(format(numbers[1L], big.mark = ","), 11L), "   ",
                         stata_general(numbers[2L], 9L), "   ", stata_general(se, 9L), "       ",
                         stata_general(ends[1L], 9L), "   ", stata_general(ends[2L], 9L))))
}

# The numbers of an immediate command; each may be an expression without blanks, such as n[3].
number_arguments <- function(tokens, text, session) {
  if (!nrow(tokens)) abort_stata("invalid syntax", 198L)
  depth <- token_depth(tokens)
  start <- which(tokens$blank & depth == 0L | seq_len(nrow(tokens)) == 1L)
  ends <- c(start[-1L] - 1L, nrow(tokens))
  vapply(seq_along(start), function(i) as.numeric(evaluate_scalar(tokens[start[i]:ends[i], ], session)), 0)
}

# Stata's functions over whole columns. Source: Stata's functions reference manual.
# The table's formals tell how many arguments a function takes.

string_functions <- c("strpos", "substr", "usubstr", "upper", "lower", "strupper", "strlower", "ustrupper", "ustrlower",
                      "proper", "strproper", "ustrtitle", "trim", "strtrim", "ltrim", "rtrim", "itrim", "stritrim",
                      "strltrim", "strrtrim", "ustrtrim", "ustrltrim", "ustrrtrim", "length", "strlen", "ustrlen",
                      "udstrlen", "subinstr", "usubinstr", "word", "ustrword", "wordcount", "ustrwordcount", "real",
                      "strreverse", "reverse", "ustrreverse", "abbrev", "regexm", "regexr", "strmatch", "ustrpos",
                        "strrpos",
                      "ustrrpos", "subinword", "indexnot", "index", "soundex", "ustrregexm", "ustrregexrf",
                      "ustrregexra",
                      "date", "daily", "clock", "Clock", "monthly", "quarterly", "yearly", "strtoname", "ustrtoname",
                      "plural", "udsubstr")
mixed_functions <- c("cond", "inlist", "inrange", "missing", "mi")
# Which arguments are strings, where it is not the first alone.
string_places <- list(strpos = 1:2, ustrpos = 1:2, subinstr = 1:3, usubinstr = 1:3, subinword = 1:3, regexm = 1:2,
                      regexr = 1:3, ustrregexm = 1:2, ustrregexrf = 1:3, ustrregexra = 1:3, strmatch = 1:2, string = 2L,
                      strofreal = 2L, datediff = 3L, datediff_frac = 3L, strrpos = 1:2, ustrrpos = 1:2,
                        indexnot = 1:2, index = 1:2, date = 1:2,
                      daily = 1:2,
                      clock = 1:2, Clock = 1:2, monthly = 1:2, quarterly = 1:2, yearly = 1:2, plural = 2:3)

# The larger or smaller of the arguments that are not missing.
extreme_of <- function(pick) {
  function(x, y, ...) {
    args <- list(x, y, ...)
    pick_rows(args, function(...) pick(..., na.rm = TRUE))
  }
}

pick_rows <- function(args, f) {
  n <- max(lengths(args))
  do.call(f, lapply(args, rep_len, n))
}

round_to <- function(x, y = 1) {
  y <- rep_len(y, length(x))
  ifelse(y == 0, x, floor(x / y + 0.5) * y)
}

normal_density <- function(z, m, s) {
  if (is.null(m)) return(stats::dnorm(z))
  if (is.null(s)) return(stats::dnorm(z, 0, m))
  stats::dnorm(z, m, s)
}

running_sum <- function(x) cumsum(ifelse(is.na(x), 0, x))

choose_value <- function(x, a, b, c = NULL) {
  if (is.character(a) != is.character(b)) abort_stata("type mismatch", 109L)
  n <- max(length(x), length(a), length(b))
  x <- rep_len(x, n)
  out <- rep_len(b, n)
  yes <- comparable(x) != 0
  out[yes] <- rep_len(a, n)[yes]
  if (!is.null(c)) {
    if (is.character(c) != is.character(a)) abort_stata("type mismatch", 109L)
    out[is.na(x)] <- rep_len(c, n)[is.na(x)]
  }
  out
}

# A missing bound is no bound, a missing value is in no range.
in_range <- function(x, low, high) {
  if (is.character(x)) return(as.numeric(x >= low & x <= high))
  above <- is.na(low) | comparable(x) >= comparable(low)
  below <- is.na(high) | comparable(x) <= comparable(high)
  as.numeric(!is.na(x) & above & below)
}

in_list <- function(x, ...) {
  hit <- FALSE
  for (y in list(...)) {
    if (is.character(x) != is.character(y)) abort_stata("type mismatch", 109L)
    hit <- hit | comparable(x) == comparable(y)
  }
  as.numeric(hit)
}

any_missing <- function(...) as.numeric(Reduce(`|`, lapply(list(...), is_missing)))

real_value <- function(s) {
  text <- trimws(s)
  number <- grepl("^[-+]?([0-9]+[.]?[0-9]*|[.][0-9]+)([eEdD][-+]?[0-9]+)?$", text)
  out <- rep(NA_real_, length(text))
  out[number] <- as.numeric(sub("[dD]", "e", text[number]))
  out
}

number_string <- function(x, fmt = NULL) {
  if (is.null(fmt)) {
    out <- trimws(stata_general(x, 9L))
    whole <- is.finite(x) & x == trunc(x) & abs(x) < 1e9
    out[whole] <- sprintf("%.0f", x[whole])
    return(out)
  }
  trimws(mapply(function(value, format) apply_format(value, format), x, fmt, USE.NAMES = FALSE))
}

# substr() counts bytes, usubstr() characters; a negative start counts from the end, a missing length means the rest.
sub_string <- function(s, start, size, bytes) {
  n <- max(length(s), length(start), length(size))
  s <- rep_len(s, n)
  start <- rep_len(start, n)
  size <- rep_len(size, n)
  bytes <- bytes && any(Encoding(s) == "UTF-8")
  long <- if (bytes) nchar(s, "bytes") else nchar(s)
  from <- ifelse(start < 0, long + start + 1, start)
  from[is.na(from)] <- 0
  to <- ifelse(is.na(size), long, from + size - 1)
  if (!bytes) return(ifelse(from < 1, "", substr(s, from, to)))
  vapply(seq_len(n), function(i) {
    all <- charToRaw(s[i])
    at <- seq_along(all)
    out <- rawToChar(all[at >= from[i] & at <= to[i] & from[i] >= 1])
    if (validUTF8(out)) Encoding(out) <- "UTF-8"
    out
  }, "")
}

position_in <- function(s, what) {
  at <- mapply(function(a, b) regexpr(b, a, fixed = TRUE)[1L], s, what, USE.NAMES = FALSE)
  ifelse(what == "", 0, pmax(at, 0))
}

replace_in <- function(s, old, new, count) {
  mapply(function(x, a, b, k) {
    if (!nzchar(a)) return(x)
    if (is.na(k)) return(gsub(a, b, x, fixed = TRUE))
    for (i in seq_len(k)) x <- sub(a, b, x, fixed = TRUE)
    x
  }, s, old, new, count, USE.NAMES = FALSE)
}

nth_word <- function(s, k) {
  mapply(function(x, i) {
    words <- strsplit(trimws(x), "\\s+")[[1L]]
    if (is.na(i) || i == 0 || abs(i) > length(words)) return("")
    if (i > 0) words[i] else words[length(words) + i + 1]
  }, s, k, USE.NAMES = FALSE)
}

# Blanks between words; those at the ends stay.
squeeze <- function(s) gsub("(?<=[^ ]) +(?=[^ ])", " ", s, perl = TRUE)
proper_case <- function(s) gsub("(^|[^[:alpha:]])([[:alpha:]])", "\\1\\U\\2", tolower(s), perl = TRUE)
trim_both <- function(s) trimws(s, "both", " ")
trim_left <- function(s) trimws(s, "left", " ")
trim_right <- function(s) trimws(s, "right", " ")
byte_length <- function(s) nchar(s, "bytes")
matches_pattern <- function(s, pattern) found_in(s, utils::glob2rx(pattern))

words_in <- function(s) lengths(strsplit(trim_both(s), " +"))

numeric_functions <- list(
  abs = function(x) abs(x), ceil = function(x) ceiling(x), floor = function(x) floor(x), int = function(x) trunc(x),
  trunc = function(x) trunc(x), round = round_to, sqrt = function(x) sqrt(x), exp = function(x) exp(x),
  ln = function(x) log(x), log = function(x) log(x), log10 = function(x) log10(x), ln1p = function(x) log1p(x),
  log1p = function(x) log1p(x), expm1 = function(x) expm1(x), sign = function(x) sign(x),
  mod = function(x, y) ifelse(y <= 0, NA_real_, x - y * floor(x / y)), min = extreme_of(pmin), max = extreme_of(pmax),
  sum = running_sum, sin = function(x) sin(x), cos = function(x) cos(x), tan = function(x) tan(x),
  asin = function(x) asin(x), acos = function(x) acos(x), atan = function(x) atan(x), sinh = function(x) sinh(x),
  cosh = function(x) cosh(x), tanh = function(x) tanh(x), float = function(x) as_single(x),
  logit = function(x) stats::qlogis(x), invlogit = function(x) stats::plogis(x),
  reldif = function(x, y) ifelse(comparable(x) == comparable(y), 0, abs(x - y) / (abs(y) + 1)),
  atan2 = function(y, x) atan2(y, x), asinh = function(x) asinh(x), acosh = function(x) acosh(x),
  atanh = function(x) atanh(x), cloglog = function(x) log(-log(1 - x)), invcloglog = function(x) 1 - exp(-exp(x)),
  digamma = function(x) digamma(x), trigamma = function(x) trigamma(x), gamma = function(x) gamma(x),
  clip = function(x, a, b) ifelse(is.na(x), x, pmin(pmax(x, a), b)), maxbyte = function() 100,
  maxint = function() 32740, maxlong = function() 2147483620, minfloat = function() -1.70141173319e38,
  maxfloat = function() 1.70141173319e38, lnfactorial = function(n) lfactorial(n), lngamma = function(x) lgamma(x),
  comb = function(n, k) choose(n, k))

distribution_functions <- list(
  normal = function(z) stats::pnorm(z), norm = function(z) stats::pnorm(z), normprob = function(z) stats::pnorm(z),
  normalden = function(z, m = NULL, s = NULL) normal_density(z, m, s), lnnormalden = function(z, m = NULL, s = NULL)
    log(normal_density(z, m, s)), normd = function(z) stats::dnorm(z),
  tden = function(df, t) stats::dt(t, df), chi2den = function(df, x) stats::dchisq(x, df),
  Fden = function(df1, df2, f) stats::df(f, df1, df2), gammap = function(a, x) stats::pgamma(x, a),
  binomialtail = function(n, k, p) stats::pbinom(k - 1, n, p, lower.tail = FALSE),
  poisson = function(m, k) stats::ppois(k, m), poissonp = function(m, k) stats::dpois(k, m),
  poissontail = function(m, k) stats::ppois(k - 1, m, lower.tail = FALSE),
  nchi2 = function(df, L, x) stats::pchisq(x, df, L), nttail = function(df, np, t) stats::pt(t, df, np,
      lower.tail = FALSE),
  invbinomial = function(n, k, p) stats::qbeta(1 - p, k + 1, n - k),
  betaden = function(a, b, x) stats::dbeta(x, a, b),
  lnnormal = function(z) stats::pnorm(z, log.p = TRUE), invnormal = function(p) stats::qnorm(p),
  invnorm = function(p) stats::qnorm(p), t = function(df, t) stats::pt(t, df),
  ttail = function(df, t) stats::pt(t, df, lower.tail = FALSE), invt = function(df, p) stats::qt(p, df),
  invttail = function(df, p) stats::qt(p, df, lower.tail = FALSE), chi2 = function(df, x) stats::pchisq(x, df),
  chi2tail = function(df, x) stats::pchisq(x, df, lower.tail = FALSE), invchi2 = function(df, p) stats::qchisq(p, df),
  invchi2tail = function(df, p) stats::qchisq(p, df, lower.tail = FALSE),
  F = function(df1, df2, f) stats::pf(f, df1, df2),
    Ftail = function(df1, df2, f) stats::pf(f, df1, df2, lower.tail = FALSE),
  invF = function(df1, df2, p) stats::qf(p, df1, df2),
  invFtail = function(df1, df2, p) stats::qf(p, df1, df2, lower.tail = FALSE),
  binomial = function(n, k, p) stats::pbinom(k, n, p), binomialp = function(n, k, p) stats::dbinom(k, n, p),
  ibeta = function(a, b, x) stats::pbeta(x, a, b), invibeta = function(a, b, p) stats::qbeta(p, a, b))

turned_text <- function(s) vapply(strsplit(s, ""), function(x) paste(rev(x), collapse = ""), "")

text_functions <- list(
  cond = choose_value, inrange = in_range, inlist = function(x, y, ...) in_list(x, y, ...),
  missing = function(x, ...) any_missing(x, ...), mi = function(x, ...) any_missing(x, ...),
  real = real_value, string = number_string, strofreal = number_string, strpos = position_in, ustrpos = position_in,
  substr = function(s, n1, n2) sub_string(s, n1, n2, TRUE), usubstr = function(s, n1, n2) sub_string(s, n1, n2, FALSE),
  upper = function(s) toupper(s), strupper = function(s) toupper(s), ustrupper = function(s) toupper(s),
  lower = function(s) tolower(s), strlower = function(s) tolower(s), ustrlower = function(s) tolower(s),
  proper = proper_case, strproper = proper_case, trim = trim_both, strtrim = trim_both, ltrim = trim_left,
  strltrim = trim_left, rtrim = trim_right, strrtrim = trim_right, itrim = squeeze, stritrim = squeeze,
  length = byte_length, strlen = byte_length, ustrlen = function(s) nchar(s), subinstr = replace_in, word = nth_word,
  wordcount = words_in, strmatch = matches_pattern, abbrev = function(s, n)
    mapply(abbreviate_name, s, n, USE.NAMES = FALSE),
  strreverse = turned_text, reverse = turned_text)


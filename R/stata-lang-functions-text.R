# String functions: regular expressions, positions, words, characters. Source: Stata's functions manual, String
# functions.
# regexm() leaves its groups for regexs(); they are kept row by row for the expression that is computed.

regex_memory <- new.env(parent = emptyenv())

# One regular expression per row; one that is none is Stata's error. The groups of each row are kept.
found_in <- function(s, re, ignore = 0, memory = "regex") {
  groups <- tryCatch(match_groups(s, re, any(ignore != 0), memory == "ustr"), error = function(e) {
    abort_stata("regexp: invalid regular expression", 198L)
  })
  assign(memory, groups, envir = regex_memory)
  as.numeric(lengths(groups) > 0L)
}

match_groups <- function(s, re, ignore, perl) {
  if (length(unique(re)) == 1L) {
    return(regmatches(s, regexec(re[1L], s, ignore.case = ignore, perl = perl)))
  }
  unlist(Map(function(x, p) regmatches(x, regexec(p, x, ignore.case = ignore, perl = perl)), s, re), recursive = FALSE,
         use.names = FALSE)
}

# regexs(0) is all that matched, regexs(1) the first group.
group_found <- function(k, memory = "regex") {
  groups <- regex_memory[[memory]]
  if (is.null(groups)) abort_stata("regexs() needs regexm() before it", 198L)
  n <- max(length(k), length(groups))
  k <- rep_len(k, n)
  out <- vapply(seq_len(n), function(i) {
    g <- groups[[(i - 1L) %% length(groups) + 1L]]
    if (!is.na(k[i]) && length(g) > k[i]) g[k[i] + 1L] else ""
  }, "")
  ifelse(is.na(out), "", out)
}

# Stata's replacement is text, with \1 in ustrregexra() alone.
replace_regex <- function(s, re, to, all = FALSE, perl = FALSE, ignore = 0) {
  tryCatch(mapply(function(x, pattern, text) {
    if (!perl) text <- gsub("\\", "\\\\", text, fixed = TRUE) else text <- gsub("\\$([0-9])", "\\\\\\1", text)
    f <- if (all) gsub else sub
    f(pattern, text, x, perl = perl, ignore.case = any(ignore != 0))
  }, s, re, to, USE.NAMES = FALSE), error = function(e) abort_stata("regexp: invalid regular expression", 198L))
}

last_position <- function(s, what) {
  mapply(function(a, b) {
    at <- gregexpr(b, a, fixed = TRUE)[[1L]]
    if (!nzchar(b) || at[1L] < 1L) 0 else at[length(at)]
  }, s, what, USE.NAMES = FALSE)
}

# The first place where a character stands that is none of the second string's.
first_other <- function(s, set) {
  mapply(function(a, b) {
    hit <- which(!strsplit(a, "")[[1L]] %in% strsplit(b, "")[[1L]])
    if (length(hit)) hit[1L] else 0
  }, s, set, USE.NAMES = FALSE)
}

replace_words <- function(s, old, new, count) {
  mapply(function(x, a, b, k) {
    words <- strsplit(x, " ", fixed = TRUE)[[1L]]
    hit <- which(words == a)
    if (!is.na(k)) hit <- utils::head(hit, k)
    words[hit] <- b
    squeeze(paste(words, collapse = " "))
  }, s, old, new, count, USE.NAMES = FALSE)
}

as_name <- function(s, p = 1) {
  out <- gsub("[^[:alnum:]_]", "_", s)
  out <- ifelse(grepl("^[0-9]", out) & p != 0, paste0("_", out), out)
  ifelse(nzchar(out), substr(out, 1L, 32L), "_")
}

plural_word <- function(n, one, many = NULL) {
  more <- if (is.null(many)) paste0(one, "s") else ifelse(startsWith(many, "+"), paste0(one, substring(many, 2L)), many)
  ifelse(n == 1 | n == -1, one, more)
}

character_of <- function(n) vapply(n, function(v) if (is.na(v) || v < 1 || v > 1114111) "" else intToUtf8(v), "")

repeat_text <- function(s, n) strrep(s, ifelse(is.na(n) | n < 0, 0, trunc(n)))

# Soundex: the first letter and three digits of the consonants' kinds.
soundex_of <- function(s) {
  code <- c(B = 1, F = 1, P = 1, V = 1, C = 2, G = 2, J = 2, K = 2, Q = 2, S = 2, X = 2, Z = 2, D = 3, T = 3, L = 4,
    M = 5, N = 5,
            R = 6)
  vapply(toupper(gsub("[^[:alpha:]]", "", s)), function(w) {
    if (!nzchar(w)) return("")
    ch <- strsplit(w, "")[[1L]]
    ch <- ch[!(ch %in% c("H", "W") & seq_along(ch) > 1L)]
    k <- code[ch]
    k[is.na(k)] <- 0
    keep <- c(TRUE, k[-1L] != k[-length(k)])
    digits <- k[keep][-1L]
    digits <- digits[digits > 0]
    paste0(ch[1L], paste(c(digits, 0, 0, 0)[1:3], collapse = ""))
  }, "", USE.NAMES = FALSE)
}

more_text_functions <- list(
  soundex = function(s) soundex_of(s),
  regexm = function(s, re) found_in(s, re), regexs = function(n) group_found(n),
  regexr = function(s1, re, s2) replace_regex(s1, re, s2),
  ustrregexm = function(s, re, noc = 0) found_in(s, re, noc, "ustr"), ustrregexs = function(n) group_found(n, "ustr"),
  ustrregexrf = function(s1, re, s2, noc = 0) replace_regex(s1, re, s2, FALSE, TRUE, noc),
  ustrregexra = function(s1, re, s2, noc = 0) replace_regex(s1, re, s2, TRUE, TRUE, noc),
  strrpos = last_position, ustrrpos = last_position, indexnot = first_other, index = position_in,
  subinword = replace_words, usubinstr = replace_in, ustrword = nth_word, ustrwordcount = words_in,
  ustrtrim = trim_both, ustrltrim = trim_left, ustrrtrim = trim_right, ustrtitle = proper_case,
  udstrlen = function(s) display_width(s), udsubstr = function(s, n1, n2) sub_string(s, n1, n2, FALSE),
  ustrreverse = function(s) vapply(strsplit(s, ""), function(x) paste(rev(x), collapse = ""), ""),
  char = function(n) character_of(n), uchar = function(n) character_of(n), strtoname = as_name, ustrtoname = as_name,
  plural = plural_word, strdup = repeat_text)

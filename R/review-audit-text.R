# Owns results stated in sentences and the comparison of places that state one quantity (C12, C13): sentence -> numbers
# -> against the results of an analysis.

# Not the level of an interval.
text_number <- "[<>]?[-+]?(?:[0-9]+(?:[.][0-9]+)?|[.][0-9]+)(?![0-9.]*[0-9]| ?% ?(?:CI|[Cc]onf|\u7f6e|\u53ef))"

# "RR 1.80, 95% CI 0.34 to 0.66" and "0.05 (0.01, 0.10)", in plain characters.
text_separator <- " ?(?:to|and|[-~,;|]|\u81f3|\u5230) ?"
interval_word <- "(?:CI|[Cc]onfidence interval|\u7f6e\u4fe1\u533a\u95f4|\u53ef\u4fe1\u533a\u95f4)"
result_patterns <- c(
  paste0("(", text_number, ")%?[^0-9]{0,40}?(?:[0-9]{2} ?% ?)?", interval_word, "[^0-9+-]{0,30}(", text_number, ")%?",
         text_separator,
         "(", text_number, ")"),
  paste0("(", text_number, ") ?[(\\[](", text_number, ")", text_separator, "(", text_number, ") ?[])]"))

# One row per result in a text: est, lb, ub as text, and p, k, n, I2 of what follows it ("" where not stated).
text_results <- function(text) {
  plain <- plain_decimals(plain_numerals(text), ".")
  plain <- gsub("(?<=[0-9])-(?=[-.0-9])", "~", gsub("(?<=[0-9]) +- +(?=[-.0-9])", " ~ ", plain, perl = TRUE),
                perl = TRUE)
  hits <- lapply(result_patterns, function(pattern) {
    m <- gregexpr(pattern, plain, perl = TRUE)[[1L]]
    if (m[1L] < 0) return(NULL)
    start <- attr(m, "capture.start")
    size <- attr(m, "capture.length")
    own <- matrix(substring(plain, start, start + size - 1L), nrow(start))
    data.frame(at = as.integer(m), end = as.integer(m) + attr(m, "match.length") - 1L, est = own[, 1L], lb = own[, 2L],
               ub = own[, 3L], stringsAsFactors = FALSE)
  })
  found <- do.call(rbind, hits)
  if (is.null(found)) return(NULL)
  found <- found[order(found$at), ]
  found <- found[c(TRUE, found$at[-1L] > utils::head(cummax(found$end), -1L)), ]
  after <- substring(plain, found$end + 1L, c(found$at[-1L] - 1L, nchar(plain)))
  pick <- function(pattern) {
    m <- regmatches(after, regexec(pattern, after, perl = TRUE))
    vapply(m, function(x) if (length(x) > 1L) x[2L] else "", "")
  }
  found$p <- sub("^=", "", gsub(" ", "", pick("(?<![A-Za-z])[pP] ?([=<>] ?[0-9]*[.][0-9]+)")))
  found$k <- pick("([0-9]+) (?:trials?|stud(?:y|ies)|RCTs?)|([0-9]+) ?(?:\u9879|\u7bc7)")
  found$n <- pick("([0-9]+) (?:participants?|patients?|people|women|men|children)")
  found$I2 <- pick("I ?(?:2|\u00b2|\\^2) ?= ?([0-9.]+) ?%?")
  found[setdiff(names(found), c("at", "end"))]
}

# results: data frame of what the analyses give: label, est, lb, ub and, where known, p, k, n, I2 -> does a stated
# result fit?
result_fits <- function(stated, results) {
  fields <- intersect(c("est", "lb", "ub", "p", "k", "n", "I2"), names(results))
  sapply(fields, function(name) {
    if (!nzchar(stated[[name]])) return(rep(NA, nrow(results)))
    p <- printed_numbers(stated[[name]], decimal = ".")
    value <- as.numeric(results[[name]])
    overlaps(p$low, p$high, value, value)
  }, simplify = FALSE)
}

text_words <- c(est = "estimate", lb = "lower limit", ub = "upper limit", p = "P", k = "studies", n = "participants",
                I2 = "I2")

# C13. A sentence against the results it may speak of: it agrees if every stated result is one of them.
sentence_check <- function(text, results, part = "", row = NA_integer_) {
  stated <- text_results(text)
  if (is.null(stated)) return(new_check("C13", 0L, NULL, 1L, "no result could be read from a sentence"))
  if (!nrow(results)) {
    own <- do.call(rbind, lapply(seq_len(nrow(stated)), function(i) own_contradiction(stated[i, ], part, row)))
    known <- nzchar(stated$p)
    return(new_check("C13", sum(known), own, sum(!known),
                     if (any(!known)) "there is nothing to compare a sentence with" else
      ""))
  }
  found <- lapply(seq_len(nrow(stated)), function(i) stated_finding(stated[i, ], results, part, row))
  new_check("C13", nrow(stated), do.call(rbind, found))
}

stated_finding <- function(one, results, part, row) {
  fits <- do.call(cbind, result_fits(one, results))
  wrong <- rowSums(!fits, na.rm = TRUE)
  if (any(wrong == 0L)) return(NULL)
  core <- fits[, c("est", "lb", "ub"), drop = FALSE]
  best <- order(-rowSums(core, na.rm = TRUE), wrong)[1L]
  bad <- colnames(fits)[fits[best, ] %in% FALSE]
  digits <- vapply(bad, function(name) max(printed_numbers(one[[name]], decimal = ".")$digits, 0L), 0)
  # A P value that would be shown as 0 needs more decimals.
  if ("p" %in% bad) digits[["p"]] <- max(digits[["p"]], 3)
  ours <- vapply(bad, function(name) sprintf("%.*f", as.integer(digits[[name]]), as.numeric(results[[name]][best])), "")
  out <- new_findings("C13", row, "the text does not agree with the analysis",
                      what = paste(text_words[bad], collapse = ", "),
                      printed = sprintf("%s (%s, %s)%s", one$est, one$lb, one$ub, extra_stated(one, bad)),
                      expected = paste(text_words[bad], ours, collapse = ", "),
                      reading = results$label[best],
                      suggestion = paste(sprintf("%s %s instead of %s", text_words[bad], ours,
                                                 vapply(bad, function(name) one[[name]], "")), collapse = ", "))
  out$part <- part
  out
}

# A result that contradicts itself: an estimate outside its interval, a P that no test near that of the interval gives.
own_contradiction <- function(one, part, row) {
  p <- lapply(one[c("est", "lb", "ub")], printed_numbers, decimal = ".")
  found <- function(why, severity, what, printed, expected = "") {
    out <- new_findings("C13", row, why, severity, what = what, printed = printed, expected = expected)
    out$part <- part
    out
  }
  shown <- sprintf("%s (%s, %s)", one$est, one$lb, one$ub)
  if (anyNA(c(p$est$value, p$lb$value, p$ub$value))) return(NULL)
  if (p$lb$low > p$ub$high) return(found("the lower limit is above the upper", "error", "limits", shown))
  if (p$est$high < p$lb$low || p$est$low > p$ub$high) {
    return(found("the estimate is not inside its interval", "error", "estimate", shown))
  }
  if (!nzchar(one$p)) return(NULL)
  stated <- printed_numbers(one$p, decimal = ".")
  ours <- p_of_interval(p, one)
  if (is.null(ours) || overlaps(ours[1L], ours[2L], stated$low, stated$high)) return(NULL)
  near <- overlaps(ours[1L] / 4, min(4 * ours[2L], 1), stated$low, stated$high)
  found(if (near) "P belongs to the estimate and its interval only if it is of another test" else
    "P does not belong to the estimate and its interval", if (near) "warning" else "error", "P",
    sprintf("%s; P %s", shown, one$p), show_range(ours[1L], ours[2L], max(stated$digits, 3L)))
}

# Least and greatest P of a normal test on the scales, ratios and differences, on which the interval is centred.
p_of_interval <- function(p, one) {
  z <- critical_ends(0.95)
  scales <- c("identity", if (p$lb$low > 0) "log")
  fits <- vapply(scales, function(scale) {
    !isFALSE(centred(c(p, list(k = 1L, scale = scale)), scale))
  }, NA)
  if (any(fits)) scales <- scales[fits]
  ends <- lapply(scales, function(scale) {
    f <- function(x) scaled(x, scale)
    width <- c(f(p$ub$low) - f(p$lb$high), f(p$ub$high) - f(p$lb$low)) / 2
    size <- abs_range(list(low = f(p$est$low), high = f(p$est$high)))
    if (!all(is.finite(width)) || width[1L] <= 0) return(NULL)
    c(two_sided_p(size$high / (width[1L] / z$high)), two_sided_p(size$low / (width[2L] / z$low)))
  })
  if (any(vapply(ends, is.null, NA))) NULL else range(unlist(ends))
}

extra_stated <- function(one, bad) {
  own <- intersect(c("p", "k", "n", "I2"), bad)
  paste(sprintf("; %s %s", text_words[own], vapply(own, function(name) one[[name]], "")), collapse = "")
}

# ---- places that state one quantity -------------------------------------------------------------

# C12, C13. x: quantity, where, value (text). Values of one quantity must agree at the decimals at which each is
# printed.
statement_check <- function(x, call) {
  text <- function(name) {
    out <- enc2utf8(as.character(x[[name]]))
    ifelse(is.na(out), "", trimws(out))
  }
  quantity <- text("quantity")
  where <- text("where")
  value <- text("value")
  first <- match(quantity, quantity)
  compared <- which(first != seq_along(quantity) & nzchar(value) & nzchar(value[first]))
  same <- vapply(compared, function(i) same_statement(value[i], value[first[i]]), NA)
  bad <- compared[!same]
  twin <- vapply(bad, function(i) twin_statement(i, first[i], quantity, where, value), "")
  found <- new_findings("C13", bad, ifelse(nzchar(twin),
                                           "two places state different values of one quantity; one has the value of another quantity",
                                           "two places state different values of one quantity"), what = quantity[bad],
                        printed = sprintf("%s: %s", where[bad], value[bad]),
                        expected = sprintf("%s: %s", where[first[bad]], value[first[bad]]), reading = twin)
  if (!is.null(found)) found$part <- quantity[bad]
  single <- sum(!quantity %in% quantity[duplicated(quantity)])
  list(new_check("C13", length(compared), found, single, if (single) "a quantity is stated in one place only" else ""))
}

# Texts with numbers agree if their numbers, one by one, may be roundings of the same; others if they are the same
# words.
same_statement <- function(a, b) {
  words <- function(x) gsub("[^a-z\u4e00-\u9fff]+", " ", gsub("\\b(to|and|of)\\b", " ",
                                                              tolower(gsub("[0-9.,]+", " ", x))))
  pairs <- printed_pairs(c(a, b))
  if (!nrow(pairs[[1L]]) || !nrow(pairs[[2L]])) {
    return(trimws(words(a)) == trimws(words(b)) && nrow(pairs[[1L]]) == nrow(pairs[[2L]]))
  }
  if (nrow(pairs[[1L]]) != nrow(pairs[[2L]])) return(FALSE)
  all(same_rounding(pairs[[1L]], pairs[[2L]]))
}

# May the coarser number be the finer one rounded? With as many decimals they must be equal.
same_rounding <- function(a, b) {
  apart <- abs(a$value - b$value)
  ifelse(a$digits == b$digits, apart < 1e-9 & a$sign == b$sign, apart <= 0.5 * 10^-pmin(a$digits, b$digits) + 1e-9 |
         overlaps(a$low, a$high, b$low, b$high) & a$sign != b$sign)
}

# Another quantity with the first word of its name the same, or with several numbers, that has the value which does not
# fit.
twin_statement <- function(i, j, quantity, where, value) {
  stem <- sub("[ ,].*$", "", quantity[i])
  for (own in c(j, i)) {
    n <- nrow(printed_pairs(value[own])[[1L]])
    other <- which(quantity != quantity[i] & nzchar(value) & (startsWith(quantity, stem) | n >= 3L))
    hit <- other[vapply(other, function(o) n > 0L && same_statement(value[o], value[own]), NA)]
    if (length(hit)) return(sprintf("%s has that of %s (%s)", where[own], quantity[hit[1L]], where[hit[1L]]))
  }
  ""
}

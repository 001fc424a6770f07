# Owns the audit of tests of bias (C14): Begg's table by audit_begg(), Egger's P from its statistic, too few studies.

bias_names <- list(label = c("outcome", "label", "analysis", "study"), n = c("n", "k", "studies"),
                   score = c("score", "beggscore"), sd = c("sd", "beggsd"),
                   z = c("z", "beggz"), p = c("p", "beggp"), egger = c("egger", "eggerbias", "bias"),
                   egger_se = c("eggerse"), egger_t = c("eggert"),
                   egger_p = c("eggerp"))

is_bias_table <- function(x) any(c("score", "beggscore", "eggerbias", "egger", "eggerp") %in% plain_name(names(x)))

bias_columns <- function(x) {
  own <- plain_name(names(x))
  at <- lapply(bias_names, function(names) {
    hit <- match(names, own)
    hit[!is.na(hit)][1L]
  })
  out <- lapply(at[!is.na(unlist(at))], function(i) x[[i]])
  out[setdiff(names(out), "label")] <- lapply(out[setdiff(names(out), "label")], column_as_printed)
  if (is.null(out$label)) out$label <- rep("", nrow(x))
  out$label <- enc2utf8(as.character(out$label))
  out
}

begg_words <- c(sign = "z has another sign than the score", z = "z is not the score over its standard deviation",
                p = "P does not follow from z",
                sd = "the score's standard deviation is larger than the number of studies allows")
begg_fields <- c(sign = "z", z = "z", p = "p", sd = "sd")

# effects: a printed plot (analysis, est, lb, ub) from which the tests are computed again; NULL: none.
bias_checks <- function(x, effects = NULL) {
  b <- bias_columns(x)
  c(list(begg_check(b), egger_check(b), few_studies(b)), if (!is.null(effects)) recomputed_bias(b, effects))
}

begg_check <- function(b) {
  if (is.null(b$score)) return(NULL)
  value <- function(name) if (is.null(b[[name]])) NULL else b[[name]]$value
  given <- Filter(Negate(is.null), sapply(c("score", "sd", "z", "p", "n"), value, simplify = FALSE))
  found <- do.call(audit_begg, c(given, list(slab = b$label)))
  if (!nrow(found)) return(new_check("C14", length(b$label)))
  field <- begg_fields[found$check]
  printed <- vapply(seq_along(field), function(j) show_number(b[[field[j]]], found$row[j]), "")
  digits <- vapply(seq_along(field), function(j) max(b[[field[j]]]$digits[found$row[j]], 0L), 0)
  ours <- sprintf("%.*f", as.integer(digits), found$suggestion)
  out <- new_findings("C14", found$row, begg_words[found$check], what = paste("Begg:", field), printed = printed,
                      expected = ours,
                      suggestion = ifelse(found$check == "sign",
                                          sprintf("%s instead of %s (other sign)", ours, printed),
                                          sprintf("%s instead of %s", ours, printed)))
  out$part <- b$label[found$row]
  new_check("C14", length(b$label), out)
}

# P of Egger's test: t = bias / se on n - 2 degrees of freedom.
egger_check <- function(b) {
  if (is.null(b$egger_p) || is.null(b$n)) return(NULL)
  t <- if (!is.null(b$egger_t)) list(low = b$egger_t$low,
                                     high = b$egger_t$high) else if (!is.null(b$egger) && !is.null(b$egger_se)) {
    ratios <- rbind(b$egger$low / b$egger_se$low, b$egger$low / b$egger_se$high, b$egger$high / b$egger_se$low,
                    b$egger$high / b$egger_se$high)
    list(low = apply(ratios, 2L, min), high = apply(ratios, 2L, max))
  }
  df <- b$n$value - 2
  impossible <- which(df < 1 & !is.na(b$egger_p$value))
  found <- new_findings("C14", impossible, "Egger's test has no P with fewer than 3 studies", what = "Egger: p",
                        printed = show_number(b$egger_p, impossible))
  checked <- 0L
  if (!is.null(t)) {
    size <- abs_range(t)
    low <- two_sided_p(size$high, df)
    high <- two_sided_p(size$low, df)
    bad <- which(df >= 1 & !overlaps(low, high, b$egger_p$low, b$egger_p$high))
    found <- rbind(found, new_findings("C14", bad, "Egger's P does not follow from its statistic", what = "Egger: p",
                                       printed = show_number(b$egger_p, bad),
                                       expected = show_range(low[bad], high[bad], b$egger_p$digits[bad])))
    checked <- sum(df >= 1 & !is.na(b$egger_p$value), na.rm = TRUE)
  }
  if (!is.null(found)) found$part <- b$label[found$row]
  open <- if (is.null(t)) sum(!is.na(b$egger_p$value)) else 0L
  new_check("C14", checked, found, open, if (open) "Egger's P needs its standard error or t" else "")
}

few_studies <- function(b) {
  if (is.null(b$n)) return(NULL)
  i <- which(b$n$value < 10)
  out <- new_findings("C14", i, "a test of bias with fewer than 10 studies says little", "note", what = "n",
                      printed = show_number(b$n, i))
  if (!is.null(out)) out$part <- b$label[i]
  new_check("C14", sum(!is.na(b$n$value)), out)
}

# Begg's and Egger's numbers again from the printed effects, over the box of their rounding.
recomputed_bias <- function(b, s) {
  at <- match(b$label, s$sets)
  out <- lapply(which(!is.na(at)), function(i) {
    rows <- which(s$set == at[i] & has_effect(s))
    printed <- c(score = b$score$value[i], egger = b$egger$value[i], egger_p = b$egger_p$value[i])
    printed <- printed[!is.na(printed)]
    if (length(rows) < 3L || !length(printed) || !is.null(b$n) && b$n$value[i] != length(rows)) {
      return(new_check("C14", 0L, NULL, 1L, "the studies of a test of bias are not all given"))
    }
    compared <- compare_bias(s, rows, printed, b, i)
    bad <- which(compared$verdict == "different")
    words <- c(score = "Begg: score", egger = "Egger: bias", egger_p = "Egger: p")
    found <- new_findings("C14", rep(i, length(bad)), "the printed effects do not give this number",
                          what = words[compared$quantity[bad]],
                          printed = sprintf("%.*f", as.integer(compared$digits[bad]), compared$printed[bad]),
                          expected = show_range(compared$low[bad], compared$high[bad], compared$digits[bad]))
    if (!is.null(found)) found$part <- b$label[i]
    open <- sum(compared$verdict == "not decidable")
    new_check("C14", nrow(compared) - open, found, open,
              if (open) "the rounding of the effects leaves a test of bias open" else "")
  })
  out
}

compare_bias <- function(s, rows, printed, b, i) {
  scale <- s$scale[rows[1L]]
  # A row that contradicts itself enters by the centre of its interval.
  off <- centred(s, scale, rows) %in% FALSE
  middle <- switch(scale, log = sqrt(s$lb$value[rows] * s$ub$value[rows]), (s$lb$value[rows] + s$ub$value[rows]) / 2)
  inputs <- list(est = ifelse(off, middle, s$est$value[rows]), lb = s$lb$value[rows], ub = s$ub$value[rows])
  digits <- c(est = max(s$est$digits[rows]), lb = max(s$lb$digits[rows]), ub = max(s$ub$digits[rows]))
  ours <- function(d) {
    y <- scaled(d$est, scale)
    sei <- (scaled(d$ub, scale) - scaled(d$lb, scale)) / (2 * critical_value(0.95))
    own <- bias_tests(y, sei, 0.95)
    c(score = own$score, egger = own$bias, egger_p = own$p_bias)
  }
  own <- c(score = 0, egger = if (is.null(b$egger)) 2 else b$egger$digits[i],
           egger_p = if (is.null(b$egger_p)) 3 else b$egger_p$digits[i])
  compare_printed(printed, ours, inputs, own[names(printed)], digits, draws = 100,
                  range = list(egger_p = c(0, 1))[intersect("egger_p", names(printed))])
}

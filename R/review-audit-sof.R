# Owns the checks of a summary of findings (C16): corresponding risks, numbers of studies and participants, certainty.

sof_names <- list(
  outcome = c("outcome", "outcomes", "label"), risk0 = c("risk0", "assumedrisk", "riskwithout", "control"),
  risk1 = c("risk1", "correspondingrisk", "riskwith"),
  risk1.lb = c("risk1lb", "riskwithlb"), risk1.ub = c("risk1ub", "riskwithub"), measure = c("measure"),
  est = c("est", "relativeeffect", "effect"),
  lb = c("lb", "cilb"), ub = c("ub", "ciub"), n = c("n", "participants"), k = c("k", "studies", "nstudies"),
  certainty = c("certainty", "quality"),
  design = c("design"), risk_of_bias = c("riskofbias"), inconsistency = c("inconsistency"),
  indirectness = c("indirectness"),
  imprecision = c("imprecision"), other = c("other", "publicationbias"), per = c("per"),
  large_effect = "largeeffect", dose_response = "doseresponse", confounding = c("confounding", "plausibleconfounding"),
  start = "start", nnt = c("nnt", "nntb", "nnth", "numberneededtotreat"))

grade_levels <- c("very low", "low", "moderate", "high")
grade_domains <- c("risk_of_bias", "inconsistency", "indirectness", "imprecision", "other")
sof_upgrades <- c("large_effect", "dose_response", "confounding")
sof_words <- c("outcome", "measure", "certainty", "design", "start", grade_domains, sof_upgrades)

is_sof <- function(x) any(c("certainty", "quality", "riskofbias", "risk0", "assumedrisk") %in% plain_name(names(x)))

sof_columns <- function(x) {
  own <- plain_name(names(x))
  at <- lapply(sof_names, function(names) {
    hit <- match(names, own)
    hit[!is.na(hit)][1L]
  })
  out <- lapply(at[!is.na(unlist(at))], function(i) x[[i]])
  for (name in setdiff(names(out), sof_words)) out[[name]] <- column_as_printed(out[[name]])
  for (name in intersect(sof_words, names(out))) out[[name]] <- enc2utf8(as.character(out[[name]]))
  out$rows <- nrow(x)
  if (is.null(out$outcome)) out$outcome <- rep("", nrow(x))
  out
}

# results: data frame with label, est, lb, ub, k, n of the analyses, matched by the outcome's name; NULL: none to
# compare with.
sof_checks <- function(x, results = NULL) {
  s <- sof_columns(x)
  list(sof_risks(s), sof_needed(s), sof_certainty(s), sof_results(s, results))
}

# Assumed risks are per 1000 unless they are shares.
sof_per <- function(s) {
  ifelse(s$risk0$value <= 1 & s$risk0$digits > 0L, 1,
         if (is.null(s$per)) 1000 else ifelse(is.na(s$per$value), 1000, s$per$value))
}

# The number needed to treat is one over the difference of the risks, as printed or as the relative effect makes it;
# rounded, or rounded up.
sof_needed <- function(s) {
  if (is.null(s$nnt) || is.null(s$risk0) || (is.null(s$risk1) && is.null(s$est))) return(NULL)
  per <- sof_per(s)
  measure <- if (is.null(s$measure)) rep("RR", s$rows) else toupper(s$measure)
  own <- list(if (!is.null(s$risk1)) list(low = s$risk1$low, high = s$risk1$high),
              if (!is.null(s$est)) list(low = risk_per(s$risk0$low, s$est$low, measure, per),
                                        high = risk_per(s$risk0$high, s$est$high, measure, per)))
  range <- lapply(Filter(Negate(is.null), own), function(r) {
    least <- pmax(0, pmax(r$low - s$risk0$high, s$risk0$low - r$high)) / per
    most <- pmax(r$high - s$risk0$low, s$risk0$high - r$low) / per
    list(low = 1 / most, high = 1 / least)
  })
  low <- do.call(pmin, c(lapply(range, `[[`, "low"), na.rm = TRUE))
  high <- do.call(pmax, c(lapply(range, `[[`, "high"), na.rm = TRUE))
  step <- 10^-pmax(s$nnt$digits, 0L)
  i <- which(!overlaps(low, high + step, abs(s$nnt$value) - step / 2, abs(s$nnt$value) + step / 2))
  found <- new_findings("C16", i, "the number needed to treat is not one over the difference of the risks",
                        what = "number needed to treat", printed = show_number(s$nnt, i),
                        expected = show_range(low[i], high[i], s$nnt$digits[i]))
  if (!is.null(found)) found$part <- s$outcome[found$row]
  new_check("C16", sum(!is.na(s$nnt$value) & is.finite(low)), found)
}

# The corresponding risk is the assumed risk times the ratio, per 1000 or as a share.
sof_risks <- function(s) {
  if (is.null(s$risk0) || is.null(s$risk1) || is.null(s$est)) return(NULL)
  fields <- list(c("risk1", "est"), c("risk1.lb", "lb"), c("risk1.ub", "ub"))
  fields <- Filter(function(f) !is.null(s[[f[1L]]]) && !is.null(s[[f[2L]]]), fields)
  measure <- if (is.null(s$measure)) rep("RR", s$rows) else toupper(s$measure)
  per <- sof_per(s)
  parts <- lapply(fields, function(f) {
    ratio <- s[[f[2L]]]
    low <- risk_per(s$risk0$low, ratio$low, measure, per)
    high <- risk_per(s$risk0$high, ratio$high, measure, per)
    own <- s[[f[1L]]]
    # Programs round the assumed risk after they have computed with it, or before; and to whole persons.
    i <- which(!overlaps(low, high, own$low, own$high))
    new_findings("C16", i, "the corresponding risk is not the assumed risk times the relative effect",
                 what = if (f[1L] == "risk1") "corresponding risk" else "its interval",
                 printed = show_number(own, i), expected = show_range(low[i], high[i], own$digits[i]),
                 reading = sprintf("%s %s, assumed risk %s", measure[i], show_number(ratio, i),
                                   show_number(s$risk0, i)))
  })
  found <- do.call(rbind, parts)
  if (!is.null(found)) found$part <- s$outcome[found$row]
  new_check("C16", length(fields) * sum(!is.na(s$risk1$value) & !is.na(s$risk0$value) & !is.na(s$est$value)), found)
}

# Of risks per `per`; measures without a map of their own are read as ratios of risks.
risk_per <- function(risk, ratio, measure, per) {
  known <- ifelse(measure %in% c("OR", "HR", "RD"), measure, "RR")
  per * corresponding_risk(pmin(pmax(risk / per, 0), 1), ratio, known)
}

# Certainty is where it starts (high for trials) less what the domains take, and more what size, dose and confounding
# give.
sof_certainty <- function(s) {
  own <- intersect(grade_domains, names(s))
  if (is.null(s$certainty) || !length(own)) return(NULL)
  level <- match(trimws(tolower(s$certainty)), grade_levels)
  taken <- Reduce(`+`, lapply(own, function(name) downgrades(s[[name]])))
  given <- Reduce(`+`, lapply(intersect(sof_upgrades, names(s)), function(name) grade_steps(s[[name]], TRUE)), 0L)
  start <- if (is.null(s$design)) 4L else grade_start(s$design)
  stated <- if (!is.null(s$start)) match(trimws(tolower(s$start)), grade_levels)
  if (!is.null(stated)) start <- ifelse(is.na(stated), start, stated)
  taken <- taken - given
  expected <- pmin(pmax(start - taken, 1L), 4L)
  i <- which(level != expected)
  found <- new_findings("C16", i, "the certainty is not what the judgements of the domains leave", "warning",
                        what = "certainty", printed = s$certainty[i],
                        expected = grade_levels[expected[i]], reading = sprintf("%d steps down", as.integer(taken[i])))
  if (!is.null(found)) found$part <- s$outcome[i]
  unread <- sum(is.na(level) | is.na(taken))
  new_check("C16", sum(!is.na(level) & !is.na(taken)), found, unread,
            if (unread) "a judgement of certainty was not recognised" else "")
}

downgrades <- function(x) {
  x <- trimws(tolower(ifelse(is.na(x), "", x)))
  none <- x %in% c("", "none", "no", "undetected", "-") |
    grepl("^(not|no) (serious|detected|suspected)|\u4e0d\u4e25\u91cd|\u65e0", x)
  very <- grepl("very|\u975e\u5e38|\u6781", x) & !none
  some <- grepl("serious|suspected|detected|yes|\u4e25\u91cd|\u6000\u7591", x) & !none
  ifelse(none, 0L, ifelse(very, 2L, ifelse(some, 1L, NA_integer_)))
}

sof_results <- function(s, results) {
  if (is.null(results) || !nrow(results)) return(NULL)
  key <- function(x) gsub("[^a-z0-9\u4e00-\u9fff]", "", tolower(x))
  at <- lapply(key(s$outcome), function(name) which(key(results$name) == name & nzchar(name)))
  known <- lengths(at) > 0L
  fields <- Filter(function(name) !is.null(s[[name]]), c("est", "lb", "ub", "k", "n"))
  found <- lapply(which(known), function(i) {
    fits <- vapply(fields, function(name) overlaps(s[[name]]$low[i], s[[name]]$high[i], results[[name]][at[[i]]],
                                                   results[[name]][at[[i]]]), logical(length(at[[i]])))
    fits <- matrix(fits, length(at[[i]]))
    best <- which.min(rowSums(!fits, na.rm = TRUE))
    bad <- fields[fits[best, ] %in% FALSE]
    if (!length(bad)) return(NULL)
    ours <- vapply(bad, function(name) sprintf("%.*f", max(s[[name]]$digits[i], 0L), results[[name]][at[[i]][best]]),
                   "")
    out <- new_findings("C16", i, "the summary of findings does not agree with the analysis",
                        what = paste(text_words[bad], collapse = ", "),
                        printed = paste(text_words[bad], vapply(bad, function(name) show_number(s[[name]], i), ""),
                                        collapse = ", "),
                        expected = paste(text_words[bad], ours, collapse = ", "),
                        reading = results$label[at[[i]][best]])
    out$part <- s$outcome[i]
    out
  })
  new_check("C16", sum(known), do.call(rbind, found), sum(!known),
            if (any(!known)) "no analysis has the name of an outcome" else "")
}

# A RevMan table of cells as rows: an outcome's line, and below it the assumed and the corresponding risk.
sof_of_cells <- function(cells) {
  if (is.null(cells) || ncol(cells) < 6L) return(NULL)
  text <- matrix(plain_numerals(cells), nrow(cells))
  effects <- "^ *(RR|OR|HR|RD|MD|SMD)? *[-0-9.]+ *[(]"
  rows <- which(grepl(effects, text[, 4L]) & grepl("[0-9] *[(][0-9]+", text[, 5L]))
  if (!length(rows)) return(NULL)
  effect <- lapply(printed_pairs(text[rows, 4L]), function(p) p)
  counts <- printed_pairs(text[rows, 5L])
  until <- c(rows[-1L] - 1L, nrow(text))
  out <- lapply(seq_along(rows), function(j) {
    if (nrow(effect[[j]]) < 3L || nrow(counts[[j]]) < 2L) return(NULL)
    own <- seq(rows[j], until[j])
    own <- own[grepl("[0-9] per 1000", text[own, 1L]) & grepl("[0-9] per 1000", text[own, 2L])]
    base <- data.frame(outcome = cells[rows[j], 1L], measure = sub("^ *([A-Z]+)?.*$", "\\1", text[rows[j], 4L]),
                       est = show_number(effect[[j]], 1L),
                       lb = show_number(effect[[j]], 2L), ub = show_number(effect[[j]], 3L),
                       n = show_number(counts[[j]], 1L), k = show_number(counts[[j]], 2L),
                       risk0 = "", risk1 = "", risk1.lb = "", risk1.ub = "", stringsAsFactors = FALSE)
    if (!length(own)) return(base)
    do.call(rbind, lapply(own, function(i) {
      with <- number_tokens(gsub("per 1000", " ", text[i, 2L]))
      base$risk0 <- number_tokens(gsub("per 1000", " ", text[i, 1L]))[1L]
      if (length(with) >= 3L) base[c("risk1", "risk1.lb", "risk1.ub")] <- with[1:3]
      base
    }))
  })
  do.call(rbind, out)
}

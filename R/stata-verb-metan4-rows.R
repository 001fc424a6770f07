# The rows of metan 4's table and plot: studies, cumulative and influence steps, subgroups, overall results, in the
# order of the log. Source: logs of metan 4.08 as documented.

# Numbers as they are shown: ratios, proportions, or the scale of the analysis.
metan4_show <- function(value, o, n = NULL, se = NULL) {
  if (o$exponent) exp(value) else if (o$proportion) proportion_back(value, o, n, se) else value
}

new_metan4_row <- function(type, label = "", numbers = rep(NA_real_, 3L), weight = NA_real_, group = NA_character_,
                           study = NA_integer_, model = NA_character_) {
  data.frame(type = type, label = label, es = numbers[1L], ci_low = numbers[2L], ci_upp = numbers[3L], weight = weight,
             group = group, study = study, model = model, stringsAsFactors = FALSE)
}

metan4_rows <- function(s, results, groups, steps, o) {
  blank <- new_metan4_row("blank")
  if (is.null(groups)) {
    rows <- list(metan4_study_rows(s, steps, o))
  } else {
    rows <- lapply(names(groups), function(name) metan4_group_rows(s, name, groups[[name]], steps, o))
  }
  overall <- if (!o$nooverall && !o$cumulative) metan4_overall_rows(s, results, o)
  if (!is.null(overall) && !is.null(groups) && o$nosubgroup) overall <- rbind(new_metan4_row("rule"), overall)
  else if (!is.null(overall) && is.null(groups)) overall <- rbind(new_metan4_row("rule"), overall)
  do.call(rbind, c(rows, list(overall), make.row.names = FALSE))
}

metan4_study_rows <- function(s, steps, o, group = NA_character_) {
  out <- !is.na(s$reason)
  s <- s[if (o$keeporder) seq_len(nrow(s)) else order(out), , drop = FALSE]
  out <- !is.na(s$reason)
  if (nrow(s) == 0L) return(NULL)
  mark <- if (is.null(s$corrected)) "" else ifelse(s$corrected & !out, " *", "")
  numbers <- study_numbers(s, o)
  weight <- s$weight
  if (!is.null(steps)) {
    at <- match(s$row, steps$row)
    numbers <- as.data.frame(lapply(steps[at, c("est", "lo", "hi")], metan4_show, o = o, n = s[["n"]]))
    if (!o$altwt) weight <- steps$ratio[at]
  }
  rows <- data.frame(type = ifelse(out, "excluded", "study"), label = paste0(s$label, mark), es = numbers[[1L]],
                     ci_low = numbers[[2L]], ci_upp = numbers[[3L]], weight = weight, group = group, study = s$study,
                     model = NA_character_, stringsAsFactors = FALSE)
  rows[out, c("es", "ci_low", "ci_upp", "weight")] <- NA_real_
  if (o$keepall || o$keeporder) rows else rows[!out, , drop = FALSE]
}

# Single proportions are shown as they are, with their own intervals.
study_numbers <- function(s, o) {
  if (!o$proportion || o$citype == "transform" || o$nopr) {
    if (is.null(s$lo)) s[c("lo", "hi")] <- list(s$yi - critical_value(o$ilevel) * sqrt(s$vi),
                                                s$yi + critical_value(o$ilevel) * sqrt(s$vi))
    return(lapply(list(s$yi, s$lo, s$hi), function(v) if (o$proportion && !o$nopr) own_back(v, s, o) else
                  metan4_show(v, o)))
  }
  lapply(s[c("p", "p_lo", "p_hi")], function(v) o$denominator * v)
}

own_back <- function(v, s, o) {
  if (o$transform != "ftukey") return(proportion_back(v, o, s[["n"]]))
  vapply(seq_along(v), function(i) if (is.na(v[i])) NA_real_ else proportion_back(v[i], o, s[["n"]][i]), 0)
}

metan4_group_rows <- function(s, name, pools, steps, o) {
  mine <- s[s$group %in% name, , drop = FALSE]
  rows <- metan4_study_rows(mine, steps, o, name)
  if (o$summaryonly) rows <- NULL
  pooled <- if (!o$nosubgroup && !is.null(pools) && !o$cumulative) {
    if (o$nosecsub) pools <- pools[1L]
    parts <- lapply(seq_along(pools), function(i) {
      weight <- if (i > 1L) NA_real_ else if (o$influence && !o$altwt) 100 else sum(mine$weight, na.rm = TRUE)
      pooled4_row("subtotal", pools[[i]], weight, mine[is.na(mine$reason), ], o, name)
    })
    rbind(new_metan4_row("blank"), do.call(rbind, parts))
  }
  rbind(new_metan4_row("heading", name, group = name), rows, pooled,
        if (!o$nosubgroup || o$cumulative) new_metan4_row("rule", group = name))
}

pooled4_row <- function(type, p, weight, used, o, group = NA_character_) {
  label <- paste0(if (type == "subtotal") "Subgroup" else "Overall",
                  if (nzchar(p$label) && !o$nomodellabels) paste0(", ", p$label),
                  if (!is.null(o$wgt_name)) " **")
  numbers <- metan4_show(c(p$est, p$lo, p$hi), o, used[["n"]], p$se)
  new_metan4_row(type, label, numbers, weight, group, model = p$label)
}

metan4_overall_rows <- function(s, results, o) {
  used <- s[is.na(s$reason), , drop = FALSE]
  own <- (o$sgweight || o$sgwt) && !o$ovwt && !is.null(s$group)
  parts <- lapply(seq_along(results),
                  function(i) pooled4_row("overall", results[[i]], if (i > 1L || own) NA_real_ else 100, used, o))
  do.call(rbind, parts)
}

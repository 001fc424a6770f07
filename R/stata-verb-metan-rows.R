# The rows of metan's table, in the order of the log: headings, studies, pooled lines, rules.
# Excluded studies stand last in their block.

metan_rows <- function(s, all, second, groups, o) {
  blocks <- if (is.null(groups)) list(metan_study_rows(s)) else {
    lapply(names(groups), function(name) metan_group_rows(s, name, groups[[name]], o))
  }
  out <- c(blocks, list(metan_overall_rows(all, second, groups, s, o)))
  do.call(rbind, c(out, make.row.names = FALSE))
}

new_metan_row <- function(type, label = "", est = NA_real_, lo = NA_real_, hi = NA_real_, weight = NA_real_,
                          group = NA_character_, study = NA_integer_) {
  data.frame(type = type, label = label, es = est, ci_low = lo, ci_upp = hi, weight = weight, group = group,
             study = study, stringsAsFactors = FALSE)
}

metan_study_rows <- function(s, group = NA_character_) {
  if (nrow(s) == 0L) return(NULL)
  out <- !is.na(s$reason)
  s <- s[order(out), , drop = FALSE]
  out <- sort(out)
  rows <- new_metan_row(ifelse(out, "excluded", "study"), s$label, s$yi, s$lo, s$hi, s$weight, group, s$study)
  rows[out, c("es", "ci_low", "ci_upp", "weight")] <- NA_real_
  rows
}

metan_group_rows <- function(s, name, group, o) {
  mine <- s[s$group %in% name, , drop = FALSE]
  rbind(new_metan_row("heading", name, group = name), metan_study_rows(mine, name),
        if (!o$nosubgroup) metan_subtotal_rows(mine, name, group, o), new_metan_row("rule", group = name))
}

metan_subtotal_rows <- function(mine, name, group, o) {
  if (is.null(group)) return(NULL)
  rbind(new_metan_row("sub_heading", group = name),
        pooled_row("subtotal", group, o, sum(mine$weight, na.rm = TRUE), name),
        if (!is.null(group$second)) pooled_row("subtotal_second", group$second, o, NA_real_, name))
}

pooled_row <- function(type, pool, o, weight, group = NA_character_) {
  label <- sprintf("%s pooled %s%s", pool$model, if (o$log) "log" else "", o$measure)
  new_metan_row(type, label, pool$est, pool$lo, pool$hi, weight, group)
}

metan_overall_rows <- function(all, second, groups, s, o) {
  by <- !is.null(groups)
  if (o$nooverall) return(if (!by) new_metan_row("rule"))
  weight <- if (o$sgweight && by) NA_real_ else sum(s$weight, na.rm = TRUE)
  rule <- if (by) "overall_heading" else if (o$olevel != o$ilevel) "level_rule" else "rule"
  rbind(new_metan_row(rule), pooled_row("overall", all, o, weight),
        if (!is.null(second)) pooled_row("overall_second", second, o, if (isTRUE(second$user)) weight else NA_real_))
}

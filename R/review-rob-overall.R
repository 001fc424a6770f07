# Owns the overall judgement of a study: which is given, which is derived by the tool's rule.

# derive: TRUE, FALSE, or NULL for the tool's habit. Given judgements stand; a column that is there is filled where it
# is empty only if asked to.
with_overall <- function(x, derive, call) {
  if (isFALSE(derive)) return(keep_domains(x, !x$domains$overall))
  rule <- x$tool$overall
  if (identical(rule, "none") || identical(rule, "worst_on_request") && !isTRUE(derive)) {
    if (isTRUE(derive) && !any(x$domains$overall)) {
      abort_input("overall", sprintf("cannot be derived: %s has no rule for it", x$tool$title), call)
    }
    return(x)
  }
  for (group in unique(x$domains$group)) {
    if (has_all_domains(x, group) || is.function(rule) || isTRUE(derive)) x <- derive_overall(x, group, rule, call)
  }
  x
}

# All domains of the tool are there: the rule is about all of them.
has_all_domains <- function(x, group) {
  need <- sum(x$tool$domains$group == group)
  need > 0L && sum(!x$domains$overall & x$domains$group == group) >= need
}

derive_overall <- function(x, group, rule, call) {
  own <- which(!x$domains$overall & x$domains$group == group)
  given <- which(x$domains$overall & x$domains$group == group)
  if (identical(rule, "stars")) return(sum_stars(x, own, given, call))
  value <- apply(x$values[, own, drop = FALSE], 1L, function(row) one_overall(row, rule, x$tool, call))
  if (length(given)) {
    open <- is.na(x$values[, given[1L]]) & !is.na(value)
    x$values[open, given[1L]] <- value[open]
    x$derived[open, given[1L]] <- TRUE
    return(x)
  }
  add_overall(x, group, unname(value), NULL)
}

one_overall <- function(row, rule, tool, call) {
  if (is.function(rule)) return(user_overall(rule(row), tool, call))
  worst_level(row, tool$levels$level)
}

user_overall <- function(value, tool, call) {
  if (length(value) == 1L && (is.na(value) || value %in% tool$levels$level)) return(as.character(value))
  abort_input("overall", sprintf("must return one level of the tool or NA, not %s", describe(value)), call)
}

# Missing information weighs less than the two worst levels and more than the others; of what is not judged nothing is
# known, but nothing is worse than the worst.
worst_level <- function(row, levels) {
  none <- levels == "no_information"
  rank <- match(row, levels[!none])
  top <- sum(!none)
  if (top %in% rank) return(levels[!none][top])
  if (anyNA(row)) return(NA_character_)
  if (!any(row == "no_information")) return(levels[!none][max(rank)])
  worst <- max(rank, 0L, na.rm = TRUE)
  if (worst >= 3L) levels[!none][worst] else "no_information"
}

sum_stars <- function(x, own, given, call) {
  total <- rowSums(x$stars[, own, drop = FALSE])
  if (!length(given)) return(add_overall(x, "bias", rep(NA_character_, length(total)), total))
  off <- which(x$stars[, given[1L]] != total)
  if (length(off)) warn_studies("data", off, "has totals of stars that are not the sums of the domains", call)
  open <- is.na(x$stars[, given[1L]]) & !is.na(total)
  x$stars[open, given[1L]] <- total[open]
  x$derived[open, given[1L]] <- TRUE
  x
}

# A column of derived judgements after the domains of its group.
add_overall <- function(x, group, value, stars) {
  id <- if (group == "bias") "overall" else "overall_applicability"
  n <- length(value)
  domains <- rbind(x$domains, data.frame(id = id, label = overall_label(x$tool, group), group = group, overall = TRUE,
                                         most = NA_real_,
                                         stringsAsFactors = FALSE))
  x$domains <- domains
  x$values <- cbind(x$values, value)
  x$support <- cbind(x$support, rep("", n))
  x$derived <- cbind(x$derived, !is.na(value) | !is.null(stars))
  if (!is.null(x$stars)) x$stars <- cbind(x$stars, stars)
  keep_domains(x, order(domains$group == "applicability", domains$overall))
}

# Some domains, in this order.
keep_domains <- function(x, which) {
  x$domains <- x$domains[which, ]
  rownames(x$domains) <- NULL
  for (name in c("values", "stars", "support", "derived")) {
    if (is.null(x[[name]])) next
    x[[name]] <- x[[name]][, which, drop = FALSE]
    colnames(x[[name]]) <- x$domains$id
  }
  x
}

# Owns verify_rm5(): every number that a RevMan file stores against the same number computed here, under RevMan's rules
# of storage. Source: those rules as found in files of RevMan 5.0 to 5.4.

#' Verify the results stored in a file of Review Manager
#'
#' Computes every outcome of a review anew from its data and compares each number that the file stores: effects and
#' intervals of the rows, weights, pooled results, heterogeneity, tests, totals.
#'
#' @param file path of an .rm5 file, or what [read_rm5()] returned.
#' @param tolerance relative tolerance; P values are compared to 1e-6, as RevMan approximates them.
#' @return A data frame of class `revman_verification`, one row per stored number: `outcome`, `level` (`"row"`,
#'   `"subgroup"`, `"outcome"`), `row` (number of the row or subgroup within the outcome), `label`, `field`, `stored`,
#'   `ours`, `verdict` (`"equal"`, `"stored noise"`, `"not a result"` where the file stores fillers of totals that are
#'   switched off, or `"different"`) and `why`. `print()` counts and lists what differs.
#' @details Errors are those of [read_rm5()], of class `metaparity_error_input`.
#' @section In other software: none.
#' @examples
#' verify_rm5(system.file("extdata", "example.rm5", package = "metaparity"))
#' @export
verify_rm5 <- function(file, tolerance = 1e-8) {
  check_given(file)
  call <- sys.call()
  check_number(tolerance, "tolerance", 0, 1, call)
  x <- if (inherits(file, "revman_review")) file else read_rm5(file)
  parts <- lapply(x$outcomes$outcome, function(number) verify_outcome(outcome(x, number), tolerance))
  out <- do.call(rbind, c(list(empty_verification()), parts))
  rownames(out) <- NULL
  structure(out, class = c("revman_verification", "data.frame"))
}

empty_verification <- function() {
  data.frame(outcome = character(), level = character(), row = integer(), label = character(), field = character(),
             stored = numeric(), ours = numeric(), verdict = character(), why = character(), stringsAsFactors = FALSE)
}

verify_outcome <- function(o, tolerance) {
  ours <- revman_numbers(o)
  if (is.null(ours)) return(NULL)
  rbind(compare_stored(o, "row", o$rows, stored_rows(o, ours), o$rows$study, tolerance),
        if (nrow(o$subgroups)) compare_stored(o, "subgroup", o$subgroups, stored_groups(o, ours),
                                              o$subgroups$name, tolerance),
        compare_stored(o, "outcome", o$settings, stored_total(o, ours), o$settings$name, tolerance))
}

revman_back <- function(o, spec) if (is_revman_ratio(spec$measure, o$settings$log_data)) exp else identity

zero_where <- function(value, not) ifelse(not, 0, value)

# What the file should hold of its rows.
stored_rows <- function(o, ours) {
  r <- ours$rows
  back <- revman_back(o, ours$spec)
  off <- !r$estimable
  out <- data.frame(effect_size = zero_where(back(r$est), off), ci_start = zero_where(back(r$ci.lb), off),
                    ci_end = zero_where(back(r$ci.ub), off), weight = r$weight, estimable = as.numeric(r$estimable))
  if (!ours$spec$measure %in% c("GIV", "OE")) out$se <- zero_where(r$se, off)
  if (ours$spec$method != "PETO" && revman_kind(ours$spec$measure) == "table") out$var <- zero_where(r$se^2, off)
  out
}

stored_pool <- function(p, back, spec) {
  off <- !p$estimable
  data.frame(effect_size = zero_where(back(p$est), off), ci_start = zero_where(back(p$ci.lb), off),
             ci_end = zero_where(back(p$ci.ub), off), z = zero_where(p$z, off), p_z = zero_where(p$p, off),
             chi2 = zero_where(p$Q, off), df = zero_where(p$df, off), p_chi2 = zero_where(p$Qp, off),
             i2 = zero_where(p$I2, off),
             tau2 = if (spec$random) zero_where(p$tau2, off) else 0, weight = p$weight,
             estimable = as.numeric(p$estimable))
}

# Sums and counts are over all rows, also those that are not estimable; a study with several rows is one.
stored_counts <- function(rows) {
  sum_of <- function(name) sum(as.numeric(rows[[name]]), na.rm = TRUE)
  data.frame(studies = length(unique(rows$study_id)), total_1 = sum_of("total_1"), total_2 = sum_of("total_2"),
             events_1 = sum_of("events_1"), events_2 = sum_of("events_2"))
}

stored_groups <- function(o, ours) {
  back <- revman_back(o, ours$spec)
  own <- match(seq_len(nrow(o$subgroups)), ours$groups$subgroup)
  pools <- stored_pool(ours$groups[own, ], back, ours$spec)
  pools[is.na(own), ] <- 0
  counts <- do.call(rbind, lapply(o$subgroups$subgroup, function(g) stored_counts(o$rows[o$rows$subgroup %in% g, ])))
  cbind(pools, counts)
}

stored_total <- function(o, ours) {
  p <- stored_pool(ours$total, revman_back(o, ours$spec), ours$spec)
  if (ours$spec$random && !p$estimable) p$tau2 <- NaN
  test <- ours$between
  tested <- nrow(o$subgroups) > 0L && ours$spec$totals != "NO"
  cbind(p, q = if (tested) test$Q else 0, p_q = if (tested) zero_where(test$p, is.na(test$p)) else 1,
        i2_q = if (tested) test$I2 else 0, stored_counts(o$rows))
}

# Totals that are switched off: nothing of the whole is shown, and what the file stores is no result.
totals_off <- function(o) {
  o$settings$totals %in% "NO" || o$settings$totals %in% "SUB" && !nrow(o$subgroups)
}

compare_stored <- function(o, level, file, ours, label, tolerance, absolute = 0) {
  fields <- intersect(names(ours), names(file))
  parts <- lapply(fields, function(field) {
    stored <- as.numeric(file[[field]])
    some <- which(!is.na(file[[field]]) | is.nan(stored))
    if (!length(some)) return(NULL)
    made <- as.numeric(ours[[field]])[some]
    stored <- stored[some]
    base <- if (field %in% names(noise_of)) ours[[noise_of[[field]]]][some] else rep(NA_real_, length(some))
    judged <- judge_stored(field, stored, made, tolerance, base, absolute, off = level != "row" && totals_off(o))
    data.frame(outcome = o$settings$outcome, level = level, row = some, label = label[some], field = field,
               stored = stored,
               ours = made, verdict = judged$verdict, why = judged$why, stringsAsFactors = FALSE)
  })
  do.call(rbind, parts)
}

p_fields <- c("p_z", "p_chi2", "p_q")

# Limits that RevMan Web finds by a coarse search.
sought_fields <- c("tau2_start", "tau2_end")

# The statistic whose rounding noise decides what a field holds.
noise_of <- c(chi2 = "chi2", i2 = "chi2", p_chi2 = "chi2", q = "q", i2_q = "q", p_q = "q")

# ours: the data frame of what the file should hold. Where a statistic is 0 but for rounding, RevMan stores the noise,
# and takes I2 = 0 or 100 and P = 0 or 1 from it.
judge_stored <- function(field, stored, ours, tolerance, base = NULL, absolute = 0, off = FALSE) {
  close <- if (field %in% p_fields) abs(stored - ours) <= 1e-6 else abs(stored - ours) <= tolerance *
    pmax(abs(stored), abs(ours))
  if (field %in% sought_fields) close <- abs(stored - ours) <= pmax(tolerance, 1e-4) *
    pmax(abs(stored), abs(ours), 1e-3)
  close <- close %in% TRUE | (abs(stored - ours) <= absolute & absolute > 0) %in% TRUE | is.nan(stored) & is.nan(ours)
  verdict <- ifelse(close, "equal", "different")
  why <- character(length(stored))
  noise <- !close & (base %in% 0 | abs(base) < 1e-10) &
    switch(field, chi2 = , q = abs(stored) < 1e-10, signif(stored, 12L) %in% c(0, 1, 100))
  if (field == "tau2") noise <- !close & abs(stored) < 1e-10 & abs(ours) < 1e-10
  verdict[noise %in% TRUE] <- "stored noise"
  why[noise %in% TRUE] <- "the statistic is 0 but for rounding"
  if (off && !field %in% c("studies", "total_1", "total_2", "events_1", "events_2")) {
    verdict[!close] <- "not a result"
    why[!close] <- "totals are switched off"
  }
  list(verdict = verdict, why = why)
}

#' @export
print.revman_verification <- function(x, most = 20L, ...) {
  cat(format_verification(x, most), sep = "\n")
  invisible(x)
}

format_verification <- function(x, most) {
  count <- table(factor(x$verdict, c("equal", "stored noise", "not a result", "different")))
  bad <- x[x$verdict == "different", ]
  shown <- utils::head(bad, most)
  c(translatef("%d stored numbers of %d outcomes: %s", nrow(x), length(unique(x$outcome)),
               own_text(paste(sprintf("%d %s", count, translate(names(count))), collapse = translate(", ")))),
    if (nrow(bad)) sprintf(paste0("  ", translate("%s %s (%s), %s: stored %s, ours %s")), shown$outcome,
                           sprintf(translate(paste(shown$level, "%d")), shown$row), shown$label, shown$field,
                           format(shown$stored, digits = 10L), format(shown$ours, digits = 10L)),
    if (nrow(bad) > most) paste0("  ", translatef("and %d more", nrow(bad) - as.integer(most))))
}

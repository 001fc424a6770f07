# audit_estimates(), audit_begg(): whether printed results agree with themselves. Every check allows for the rounding
# of what is printed: a finding is a contradiction that rounding cannot explain, or a trait that needs a look.

#' Audit published results for numbers that contradict each other
#'
#' `audit_estimates()` goes through the rows of a published forest plot (studies or pooled rows), `audit_begg()`
#' through a published table of Begg's test, and both report what cannot be true, or should not be trusted,
#' whatever the data were. Rounding of the printed numbers is allowed for.
#'
#' @param yi,ci.lb,ci.ub printed estimates and their confidence limits, length k: variables or columns of `data`.
#' @param weights printed weights in percent, of all rows of one analysis.
#' @param slab study labels, length k.
#' @param group names of the places where a result is printed (sites, sources), length k, to be named in findings.
#' @param data a data frame in which the arguments are looked up first.
#' @param digits number of decimals printed; by default the most that occurs in the numbers.
#' @param log whether estimates and limits are ratios, whose interval is symmetrical on the log scale.
#' @param share a study that takes more than this percentage of the weight is reported.
#' @param score,sd,z,p printed score, its standard deviation, z without continuity correction and p value.
#' @param n printed number of studies.
#'
#' @return A data frame of class `metaparity_audit`, one row per finding: `check`, `row` (NA: all rows), `study`,
#'   `suggestion` (a number that would agree with the others, or NA) and `message`. The checks of `audit_estimates()`:
#'   `missing`, `negative` (a ratio below 0), `swapped` (limits), `outside` (the estimate is not in its interval),
#'   `off_centre`, `no_width`, `dominant` (weight), `weight_sum`, `same_study` (one study in several rows of an
#'   analysis), `same_values` (one result printed for two rows). Those of `audit_begg()`: `sign` (z against the score),
#'   `z` (score / sd), `p`, `sd` (more than the number of studies allows).
#' @details Errors are of class `metaparity_error_input`: an argument is not numeric or has another length.
#' @seealso [audit()], which does these checks and more, on text with its decimals.
#' @section In other software: there is no such command in Stata, RevMan or \pkg{metafor}.
#' @references Begg, C. B. and Mazumdar, M. (1994). Operating characteristics of a rank correlation test for
#'   publication bias. *Biometrics*, 50, 1088-1101 (the score and its variance).
#' @examples
#' audit_estimates(c(-0.45, -0.05, 0.22), c(-0.69, -1.37, -0.11), c(-0.21, 1.47, 0.55),
#'                 slab = c("A", "B", "C"))
#' audit_begg(score = 32, sd = 24.276, z = -1.32, p = 0.187, n = 17, slab = "bone density")
#' @export
audit_estimates <- function(yi, ci.lb, ci.ub, weights, slab, group, data, digits = NULL, log = FALSE, share = 90) {
  mc <- match.call()
  s <- audit_columns(mc, c("yi", "ci.lb", "ci.ub", "weights"), c("slab", "group"), parent.frame())
  for (arg in c("yi", "ci.lb", "ci.ub")) if (is.null(s[[arg]])) abort_input(arg, "must be given", mc)
  s$log <- check_flag(log, "log", mc)
  s$share <- check_number(share, "share", 0, 100, mc)
  s$digits <- if (is.null(digits)) printed_digits(c(s$yi, s$ci.lb,
                                                    s$ci.ub)) else check_number(digits, "digits", 0, 15, mc)
  s$half <- 0.5 * 10^-s$digits
  checks <- list(audit_missing, if (s$log) audit_negative, audit_swapped, audit_outside, audit_off_centre,
                 audit_no_width, audit_dominant,
                 audit_weight_sum, audit_same_study, audit_same_values)
  new_audit(lapply(Filter(length, checks), function(check) check(s)), s)
}

#' @rdname audit_estimates
#' @export
audit_begg <- function(score, sd, z, p, n, slab, data) {
  mc <- match.call()
  s <- audit_columns(mc, c("score", "sd", "z", "p", "n"), "slab", parent.frame())
  if (is.null(s$score)) abort_input("score", "must be given", mc)
  bad <- which(s$n < 1 | s$n > .Machine$integer.max)
  if (length(bad)) abort_studies("n", bad, "must be numbers of studies", mc)
  new_audit(lapply(list(audit_z_sign, audit_z_size, audit_p_of_z, audit_sd_of_score), function(check) check(s)), s)
}

# The columns that were given, all as long as the first; labels are the row numbers where there are none.
audit_columns <- function(mc, numbers, words, env) {
  data <- data_of_call(mc, env)
  of <- function(arg) if (is.null(mc[[arg]])) NULL else resolve_column(mc[[arg]], data, env, arg, mc)
  s <- list()
  for (arg in numbers) {
    x <- of(arg)
    if (!is.null(x)) s[[arg]] <- check_numeric_vector(x, arg, mc)
  }
  for (arg in words) s[[arg]] <- as.character(of(arg))
  s <- s[lengths(s) > 0L]
  s$k <- if (length(s)) length(s[[1L]]) else 0L
  for (arg in setdiff(names(s), "k")) {
    if (length(s[[arg]]) != s$k) abort_input(arg, sprintf("must have %d values, not %d", s$k, length(s[[arg]])), mc)
  }
  s$study <- if (is.null(s$slab)) rep("", s$k) else s$slab
  if (!is.null(s$group)) s$study <- paste0(s$study, ifelse(nzchar(s$study) & nzchar(s$group), ", ", ""), s$group)
  s
}

# Decimals of printed numbers: the most that any of them needs, at most 8.
printed_digits <- function(x) {
  x <- x[is.finite(x)]
  for (d in 0:7) if (all(abs(x - round(x, d)) < 1e-9 * pmax(1, abs(x)))) return(d)
  8L
}

findings <- function(check, row, message, suggestion = NA_real_) {
  if (length(row) == 0L) return(NULL)
  data.frame(check = check, row = row, suggestion = suggestion, message = message, stringsAsFactors = FALSE)
}

new_audit <- function(parts, s) {
  out <- do.call(rbind, parts)
  if (is.null(out)) out <- findings("", 1L, "")[0L, ]
  out$study <- s$study[out$row]
  out <- out[order(is.na(out$row), out$row), c("check", "row", "study", "suggestion", "message")]
  rownames(out) <- NULL
  class(out) <- c("metaparity_audit", "data.frame")
  attr(out, "k") <- s$k
  out
}

# ---- checks of estimates ------------------------------------------------------------------------

show_printed <- function(x, digits) sprintf("%.*f", digits, x)

show_interval <- function(s, i) sprintf("(%s, %s)", show_printed(s$ci.lb[i], s$digits),
                                        show_printed(s$ci.ub[i], s$digits))

audit_missing <- function(s) {
  i <- which(is.na(s$yi) | is.na(s$ci.lb) | is.na(s$ci.ub))
  findings("missing", i, "the estimate or a limit is missing")
}

audit_negative <- function(s) {
  i <- which(s$yi < 0 | s$ci.lb < 0 | s$ci.ub < 0)
  findings("negative", i, sprintf("a ratio is never below 0, but %s %s stands there", show_printed(s$yi[i], s$digits),
                                  show_interval(s, i)))
}

audit_swapped <- function(s) {
  i <- which(s$ci.lb > s$ci.ub)
  findings("swapped", i, sprintf("the lower limit of %s is above the upper", show_interval(s, i)))
}

is_outside <- function(s) (s$yi + s$half < s$ci.lb - s$half | s$yi - s$half > s$ci.ub + s$half) & s$ci.lb <= s$ci.ub

audit_outside <- function(s) {
  i <- which(is_outside(s))
  findings("outside", i, sprintf("%s is not inside %s", show_printed(s$yi[i], s$digits), show_interval(s, i)),
           centre(s)[i])
}

centre <- function(s) {
  if (!s$log) return((s$ci.lb + s$ci.ub) / 2)
  sqrt(ifelse(s$ci.lb >= 0 & s$ci.ub >= 0, s$ci.lb * s$ci.ub, NA))
}

# Contradicted when no three numbers that round to the printed ones have the estimate in the centre.
off_centre <- function(s, yi = s$yi) {
  digits <- rep_len(as.numeric(s$digits), length(yi))
  rows <- list(est = yi, lb = s$ci.lb, ub = s$ci.ub, est.digits = digits, lb.digits = digits, ub.digits = digits)
  !call_core(cpp_audit_centred(rows, if (s$log) "log" else "identity"))
}

audit_off_centre <- function(s) {
  i <- which(off_centre(s) & !is_outside(s) & s$ci.lb <= s$ci.ub)
  middle <- centre(s)
  turned <- !s$log & !off_centre(s, -s$yi)
  text <- sprintf("%s is not the centre of %s, which is %s%s", show_printed(s$yi[i], s$digits), show_interval(s, i),
                  format(round(middle[i], s$digits + 1L)),
                  ifelse(turned[i], ": with the other sign it would be", ""))
  findings("off_centre", i, text, ifelse(turned[i], -s$yi[i], middle[i]))
}

audit_no_width <- function(s) {
  i <- which(s$ci.lb == s$ci.ub)
  findings("no_width", i, sprintf("the interval %s has no width at %d decimals: its standard error is below %s",
                                  show_interval(s, i), s$digits, format(s$half / critical_value(0.95), digits = 2L)))
}

audit_dominant <- function(s) {
  if (is.null(s$weights) || sum(!is.na(s$weights)) < 2L) return(NULL)
  i <- which(s$weights > s$share)
  findings("dominant", i, sprintf("takes %s %% of the weight", format(s$weights[i])))
}

audit_weight_sum <- function(s) {
  if (is.null(s$weights) || anyNA(s$weights)) return(NULL)
  total <- sum(s$weights)
  slack <- s$k * 0.5 * 10^-printed_digits(s$weights) + 1e-9
  findings("weight_sum", if (abs(total - 100) > slack) NA_integer_,
           sprintf("the weights sum to %s, not 100", format(total)))
}

audit_same_study <- function(s) {
  if (is.null(s$slab)) return(NULL)
  again <- unique(s$slab[duplicated(s$slab)])
  count <- vapply(again, function(slab) sum(s$slab == slab), 0L)
  findings("same_study", if (length(again)) NA_integer_,
           sprintf("rows of one study are not independent: %s", paste0(again, " x ", count, collapse = ", ")))
}

audit_same_values <- function(s) {
  key <- paste(s$yi, s$ci.lb, s$ci.ub)
  i <- which(duplicated(key) & !is.na(s$yi) & s$ci.lb != s$ci.ub)
  first <- match(key[i], key)
  where <- ifelse(nzchar(s$study[first]), s$study[first], paste("row", first))
  findings("same_values", i, sprintf("prints the same %s %s as %s", show_printed(s$yi[i], s$digits),
                                     show_interval(s, i), where))
}

# ---- checks of Begg's test ----------------------------------------------------------------------

audit_z_sign <- function(s) {
  if (is.null(s$z)) return(NULL)
  i <- which(s$z * s$score < 0)
  findings("sign", i, sprintf("z is %s, but the score is %s", format(s$z[i]), format(s$score[i])), -s$z[i])
}

# |z| is |score| / sd; both denominators and z carry their rounding.
audit_z_size <- function(s) {
  if (is.null(s$z) || is.null(s$sd)) return(NULL)
  half <- 0.5 * 10^-printed_digits(s$sd)
  slack <- 0.5 * 10^-printed_digits(s$z) + 1e-9
  i <- which(abs(s$z) > abs(s$score) / (s$sd - half) + slack | abs(s$z) < abs(s$score) / (s$sd + half) - slack)
  findings("z", i, sprintf("z is %s, but score / sd is %s", format(s$z[i]), format(s$score[i] / s$sd[i], digits = 3L)),
           s$score[i] / s$sd[i])
}

audit_p_of_z <- function(s) {
  if (is.null(s$z) || is.null(s$p)) return(NULL)
  half <- 0.5 * 10^-printed_digits(s$z)
  slack <- 0.5 * 10^-printed_digits(s$p) + 1e-9
  two_sided <- function(z) two_sided_p(pmax(z, 0))
  i <- which(s$p > two_sided(abs(s$z) - half) + slack | s$p < two_sided(abs(s$z) + half) - slack)
  findings("p", i, sprintf("p is %s, but z = %s gives %s", format(s$p[i]), format(s$z[i]),
                           format(two_sided(abs(s$z[i])), digits = 3L)), two_sided(abs(s$z[i])))
}

# Without ties the variance of the score is n(n - 1)(2n + 5) / 18 (Kendall); ties only lower it.
audit_sd_of_score <- function(s) {
  if (is.null(s$sd) || is.null(s$n)) return(NULL)
  most <- sqrt(s$n * (s$n - 1) * (2 * s$n + 5) / 18)
  i <- which(s$sd > most + 0.5 * 10^-printed_digits(s$sd) + 1e-9)
  findings("sd", i, sprintf("the score's standard deviation is %s, but %d studies give at most %s", format(s$sd[i]),
                            as.integer(s$n[i]), format(most[i], digits = 4L)), most[i])
}

#' @export
print.metaparity_audit <- function(x, ...) {
  cat(format_audit(x), sep = "\n")
  invisible(x)
}

format_audit <- function(x) {
  if (nrow(x) == 0L) return(translate("Audit: nothing found"))
  where <- ifelse(is.na(x$row), translate("all rows"), sprintf(translate("row %d"), x$row))
  named <- !is.na(x$study) & nzchar(x$study)
  where[named] <- sprintf("%s, %s", where[named], x$study[named])
  c(if (nrow(x) == 1L) translate("Audit: 1 finding") else translatef("Audit: %d findings", nrow(x)),
    sprintf("  [%s] %s: %s", x$check, where, translate(x$message)))
}

# Owns verify_revman_web(): the numbers that a data package of RevMan Web stores against the same numbers computed here.
# Source: RevMan Web's rules of 2024 to 2026 as found in packages (estimators, intervals, what a single study exports).

#' Verify the results stored in a data package of RevMan Web
#'
#' Computes every analysis of a package anew from its data and settings and compares each number that the package
#' stores.
#'
#' @param path the package, as in [read_revman_web()], or what that returned.
#' @param tolerance relative tolerance. P values are compared to 1e-6, limits of tau2 to 1e-4, which is how exactly
#'   RevMan Web seeks
#'   them, and numbers of a package that has six decimals to half a unit of the sixth.
#' @return A data frame of class `revman_verification`, as [verify_rm5()] returns it. Results that the package never
#'   computed
#'   (zeros) are `"not a result"`.
#' @details Errors are those of [read_revman_web()], of class `metaparity_error_input`.
#' @section In other software: none.
#' @examples
#' folder <- file.path(tempdir(), "verify")
#' x <- read_rm5(system.file("extdata", "example.rm5", package = "metaparity"))
#' write_revman_csv(x, folder, what = "analyses")
#' verify_revman_web(folder)
#' unlink(folder, recursive = TRUE)
#' @export
verify_revman_web <- function(path, tolerance = 1e-8) {
  check_given(path)
  call <- sys.call()
  check_number(tolerance, "tolerance", 0, 1, call)
  if (inherits(path, "revman_review") && !inherits(path, "revman_web")) {
    abort_input("path", "is a review of RevMan 5: verify_rm5() verifies it", call)
  }
  x <- if (inherits(path, "revman_web")) path else read_revman_web(path)
  absolute <- if (is.na(x$review$decimals[1L])) 0 else 0.51 * 10^-x$review$decimals[1L]
  parts <- lapply(x$outcomes$outcome, function(number) verify_web_outcome(outcome(x, number), tolerance, absolute))
  out <- do.call(rbind, c(list(empty_verification()), parts))
  rownames(out) <- NULL
  structure(out, class = c("revman_verification", "data.frame"))
}

verify_web_outcome <- function(o, tolerance, absolute) {
  n <- revman_numbers(o, o$web)
  if (is.null(n)) return(NULL)
  back <- revman_back(o, n$spec)
  rows <- data.frame(effect_size = back(n$rows$est), ci_start = back(n$rows$ci.lb), ci_end = back(n$rows$ci.ub),
                     weight = n$rows$weight)
  rows[!n$rows$estimable, 1:3] <- 0
  own <- match(seq_len(nrow(o$subgroups)), n$groups$subgroup)
  groups <- if (nrow(n$groups)) web_pool(n$groups[own, ], back, n$spec)
  total <- web_pool(n$total, back, n$spec)
  test <- n$between
  ends <- if (n$spec$random && !is.na(o$settings$tau2_start)) revman_tau2_interval(n) else c(NA_real_, NA_real_)
  total <- cbind(total, q = test$Q, q_df = test$df, p_q = zero_where(test$p, is.na(test$p)), i2_q = test$I2,
                 tau2_start = ends[1L], tau2_end = ends[2L])
  compare <- function(level, file, ours, label) {
    found <- compare_stored(o, level, file, ours, label, tolerance, absolute)
    if (is.null(found)) return(NULL)
    blank <- with(file, effect_size %in% 0 & ci_start %in% 0 & ci_end %in% 0)[found$row] & found$verdict == "different"
    found$verdict[blank] <- "not a result"
    found$why[blank] <- "the package holds zeros: never computed"
    found
  }
  out <- rbind(compare("row", o$rows, rows, o$rows$study), if (!is.null(groups)) compare("subgroup", o$subgroups,
                                                                                         groups, o$subgroups$name),
               compare("outcome", o$settings, total, o$settings$name))
  off <- out$level == "outcome" & totals_off(o) & out$verdict == "different"
  out$verdict[off] <- "not a result"
  out$why[off] <- "totals are switched off"
  out
}

# What the package should hold of pooled results. A single study has no T.
web_pool <- function(p, back, spec) {
  adjusted <- spec$random && spec$hksj
  out <- data.frame(effect_size = back(p$est), ci_start = back(p$ci.lb), ci_end = back(p$ci.ub), z = p$z, p_z = p$p,
                    chi2 = p$Q, df = p$df, p_chi2 = p$Qp,
                    i2 = p$I2, tau2 = if (spec$random) p$tau2 else NA_real_, pi_start = back(p$pi.lb),
                    pi_end = back(p$pi.ub), weight = p$weight)
  if (adjusted) out$t <- ifelse(p$df > 0, abs(p$est) / p$se, 0)
  out[is.na(p$k) | p$k == 0, ] <- 0
  out
}

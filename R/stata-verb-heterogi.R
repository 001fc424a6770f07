# heterogi(): H and I2 with intervals from Cochran's Q, and the seam to the core for metaan().
# Source: Higgins & Thompson (2002) Stat Med 21:1539-1558.

#' H and I-squared from Cochran's Q as Stata's heterogi
#'
#' @param Q Cochran's Q, a number of at least 0.
#' @param df its degrees of freedom, at least 1.
#' @param level confidence level in percent.
#' @param format Stata's format of the numbers, such as `"%4.2f"`; by default one decimal for H and none for I-squared.
#' @param ncchi2 take the limits from the non-central chi-squared distribution instead of the test-based ones.
#' @return An object of class `stata_heterogi` (see [stata_view]): `r` with `Q`, `df`, `p`, `H`, `H_lb`, `H_ub`, and in
#'   percent `I2`, `I2_lb`, `I2_ub`; `table` the two printed rows.
#' @details H is at least 1 and I-squared at least 0, and so are their limits. With one degree of freedom and a small Q
#'   there is no test-based interval. Errors: `metaparity_error_input`.
#' @section Shortest forms: In stata() and stata_do() an option may be cut: `r option_forms("heterogi")`.
#' @section In other software: Stata `heterogi 14.4 24`; RevMan prints I-squared without limits; metafor
#'   `confint(x)`, whose limits are those of the between-study variance.
#' @references Higgins JPT, Thompson SG (2002). Quantifying heterogeneity in a meta-analysis. Statistics in Medicine
#'   21, 1539-1558.
#' @examples
#' heterogi(14.4, 24)
#' heterogi(81.5, 19, ncchi2 = TRUE, format = "%3.2f")
#' @export
heterogi <- function(Q, df, level = 95, format = NULL, ncchi2 = FALSE) {
  check_given(df)
  check_given(Q)
  call <- match.call()
  Q <- check_number(Q, "Q", 0, call = call)
  df <- check_number(df, "df", 1, call = call)
  level <- check_stata_level(level, "level", call)
  o <- list(level = level, ncchi2 = check_flag(ncchi2, "ncchi2", call), format = stata_format_of(format, call))
  h <- call_core(cpp_heterogeneity_interval(Q, df, level, o$ncchi2), call)
  r <- list(Q = Q, df = df, p = upper_p(Q, df), H = h$H, H_lb = max(h$H.lb, 1),
            H_ub = max(h$H.ub, 1), I2 = 100 * h$I2, I2_lb = 100 * h$I2.lb, I2_ub = 100 * h$I2.ub)
  table <- data.frame(statistic = c("H", "I^2"), estimate = c(r$H, r$I2), lower = c(r$H_lb, r$I2_lb),
                      upper = c(r$H_ub, r$I2_ub), stringsAsFactors = FALSE)
  new_stata_view("heterogi", r, table, options = o, call = call)
}

# "%4.2f" -> width and digits of a fixed format.
stata_format_of <- function(format, call) {
  if (is.null(format)) return(NULL)
  part <- if (is_word(format)) regmatches(format, regexec("^%?-?([0-9]+)\\.([0-9]+)([fg])$", format)) else list(NULL)
  if (length(part[[1L]]) == 0L) {
    abort_input("format", "must be one of Stata's numeric formats, such as \"%4.2f\"", call)
  }
  list(width = as.integer(part[[1L]][2L]), digits = as.integer(part[[1L]][3L]), type = part[[1L]][4L])
}

# One decimal for H and none for I2, unless the user gives a format.
format_heterogi <- function(values, f) {
  if (is.null(f)) return(c(stata_fixed(values[1L], 8L, 1L), stata_fixed(values[2L], 8L, 0L)))
  if (f$type == "f") stata_fixed(values, max(f$width, f$digits + 6L), f$digits) else
    stata_general(values, f$width, f$digits)
}

#' @export
format.stata_heterogi <- function(x, ...) {
  o <- x$options
  t <- x$table
  shown <- function(values) format_heterogi(values, o$format)
  limits <- paste0(trimws(shown(t$lower)), "    ", trimws(shown(t$upper)))
  heading <- ci_heading(o$level)
  wide <- max(display_width(c(limits, heading)))
  bar <- strrep("-", 26L + wide)
  c("", bar, paste0("Statistic |   Estimate   ", justify(heading, wide)), rule(10L, 15L + wide),
    paste0(justify(t$statistic, 9L), " | ", justify(shown(t$estimate), 10L), "   ", justify(limits, wide)), bar)
}

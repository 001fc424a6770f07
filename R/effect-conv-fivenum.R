# conv.fivenum(): means and standard deviations from five-number summaries. Formulas: core/effect/five_numbers.
# Oracle: metafor.

#' Means and standard deviations from five-number summaries
#'
#' Estimates the mean and the standard deviation of a sample from what is known of its minimum, lower quartile,
#' median,
#' upper quartile and maximum.
#'
#' @param min,q1,median,q3,max the five numbers; each a column of `data` or a vector, `NA` where not reported.
#' @param n sample sizes.
#' @param data data frame in which the columns are looked up first.
#' @param include rows to compute: logical or row numbers.
#' @param method `"default"` (the same as `"luo/wan/shi"`), `"hozo2005"`, `"wan2014"`, `"bland2015"`,
#'   `"walter2007"`, or one of
#'   `"qe"`, `"bc"`, `"mln"` (package \pkg{estmeansd}) and `"blue"` (package \pkg{metaBLUE}), which need these
#'   packages. Can be
#'   abbreviated.
#' @param dist distribution of the data: `"norm"` or `"lnorm"`, one value or one per study.
#' @param transf whether, with `"lnorm"`, the moments of the logarithms are brought back to the scale of the data.
#' @param test whether studies are left missing when the test for skewness is significant.
#' @param var.names names of the two new columns.
#' @param append whether `data` is returned with the columns.
#' @param replace `"ifna"` (or `FALSE`): only missing values of existing columns are replaced; `"all"` (or `TRUE`):
#'   wherever
#'   there is a new value; `"complete"`: the whole column.
#' @param ... `seed` is accepted: nothing here is random.
#' @return A data frame with the columns `mean` and `sd`; when `data` is given and `append = TRUE`, `data` with
#'   them. The
#'   means carry the attributes `tval`, `crit`, `sig` (the test for skewness) and `dist`; where missing values of
#'   existing
#'   columns were replaced, `est` tells which.
#' @details With minimum and maximum the mean is that of Luo et al. (2016, equation 7) and the standard deviation
#'   that of Wan
#'   et al. (2014, equation 9); with the quartiles equations 11 and 16; with all five numbers equation 15 and Shi et
#'   al.
#'   (2020a, equation 10). Standard deviations need no median. The tests for skewness are those of Shi et al. (2023),
#'   log-normal data follow Shi et al. (2020b). Samples below 5 give `NA`.
#'
#'   Errors of class `metaparity_error_studies`: numbers out of order, log-normal data that are not positive.
#' @section In other software: \pkg{metafor}: the same call; \pkg{meta}: `metacont(median.e, q1.e, ...)`; RevMan:
#'   none.
#' @references
#'   Bland, M. (2015). Estimating mean and standard deviation from the sample size, three quartiles, minimum, and
#'   maximum.
#'   *International Journal of Statistics in Medical Research*, 4, 57-64.
#'
#'   Hozo, S. P., Djulbegovic, B. and Hozo, I. (2005). Estimating the mean and variance from the median, range, and
#'   the size
#'   of a sample. *BMC Medical Research Methodology*, 5, 13.
#'
#'   Luo, D., Wan, X., Liu, J. and Tong, T. (2016). Optimally estimating the sample mean from the sample size, median,
#'   mid-range, and/or mid-quartile range. *Statistical Methods in Medical Research*, 27, 1785-1805.
#'
#'   Shi, J. et al. (2020a). Optimally estimating the sample standard deviation from the five-number summary.
#'   *Research
#'   Synthesis Methods*, 11, 641-654.
#'
#'   Shi, J., Tong, T., Wang, Y. and Genton, M. G. (2020b). Estimating the mean and variance from the five-number
#'   summary of a
#'   log-normal distribution. *Statistics and Its Interface*, 13, 519-531.
#'
#'   Shi, J. et al. (2023). Detecting the skewness of data from the five-number summary and its application in
#'   meta-analysis.
#'   *Statistical Methods in Medical Research*, 32, 1338-1360.
#'
#'   Walter, S. D. and Yao, X. (2007). Effect sizes can be calculated for studies reporting ranges for outcome
#'   variables.
#'   *Journal of Clinical Epidemiology*, 60, 849-852.
#'
#'   Wan, X., Wang, W., Liu, J. and Tong, T. (2014). Estimating the sample mean and standard deviation from the
#'   sample size,
#'   median, range and/or interquartile range. *BMC Medical Research Methodology*, 14, 135.
#' @examples
#' conv.fivenum(min = 2, q1 = 9, median = 14, q3 = 18, max = 24, n = 20)
#' d <- data.frame(lo = c(2, NA), md = 14, hi = c(24, NA), n = 20, mean = c(NA, 14.6), sd = c(NA, 5.8))
#' conv.fivenum(min = lo, median = md, max = hi, n = n, data = d)
#' @export
conv.fivenum <- function(min, q1, median, q3, max, n, data, include, method = "default", dist = "norm", transf = TRUE,
                         test = TRUE, var.names = c("mean", "sd"), append = TRUE, replace = "ifna", ...) {
  mc <- match.call()
  env <- parent.frame()
  # Nothing here is random.
  named_dots("seed", mc, ...)
  numbers <- c("min", "q1", "median", "q3", "max")
  if (!any(numbers %in% names(mc))) abort_input("min", "or others of the five numbers must be given", mc)
  found <- conversion_columns(c(numbers, "n"), mc, env)
  values <- do.call(cbind, found$columns[numbers])
  check_order(values, mc)
  dist <- if (missing(dist)) "norm" else resolve_column(mc$dist, found$data, env, "dist", mc)
  dist <- check_distribution(dist, values, found$k, mc)
  method <- fivenum_method(method, dist, mc)
  out <- if (is.character(method)) {
    foreign_fivenum(values, found$columns$n, method, mc)
  } else {
    back <- check_flag(transf, "transf", mc)
    call_core(cpp_five_numbers(values, found$columns$n, as.numeric(dist == "lnorm"), method, back), mc)
  }
  significant <- !is.na(out$crit) & abs(out$tval) >= out$crit
  if (check_flag(test, "test", mc)) out$mean[significant] <- out$sd[significant] <- NA
  unknown <- is.na(out$tval) | is.na(out$crit)
  skew <- list(tval = out$tval, crit = out$crit, sig = ifelse(unknown, NA, significant), dist = dist)
  place_moments(found, out, skew, check_conv_names(var.names, 2L, mc), conversion_replace(replace, mc),
                check_flag(append, "append", mc))
}

check_order <- function(values, call) {
  bad <- which(apply(values, 1L, function(x) is.unsorted(x[!is.na(x)])))
  if (length(bad)) abort_studies("min", bad, "<= q1 <= median <= q3 <= max must hold", call)
}

check_distribution <- function(dist, values, k, call) {
  known <- c("norm", "lnorm")
  at <- pmatch(as.character(dist), known, duplicates.ok = TRUE)
  if (anyNA(at) || !length(at) %in% c(1L, k)) {
    abort_input("dist", 'must be "norm" or "lnorm", one value or one per study', call)
  }
  dist <- rep_len(known[at], k)
  bad <- which(dist == "lnorm" & rowSums(values <= 0, na.rm = TRUE) > 0)
  if (length(bad)) abort_studies("dist", bad, 'must not be "lnorm" where values are not positive', call)
  dist
}

# The number of a method of the core, or the name of one of another package.
fivenum_method <- function(method, dist, call) {
  own <- c("luo/wan/shi", "hozo2005", "wan2014", "bland2015", "walter2007")
  other <- c("qe", "bc", "mln", "blue")
  if (length(method) != 1L || !is.character(method)) abort_input("method", "must be one name", call)
  if (identical(method, "default")) method <- own[1L]
  at <- pmatch(method, c(own, other))
  if (is.na(at)) check_choice(method, c("default", own, other), "method", call)
  if (at > 1L && any(dist == "lnorm")) {
    warn_input("method", 'is "luo/wan/shi" where `dist` is "lnorm"', call)
    at <- 1L
  }
  if (at <= length(own)) at - 1L else other[at - length(own)]
}

# The methods of the packages estmeansd and metaBLUE, one study at a time.
foreign_fivenum <- function(values, n, method, call) {
  package <- if (method == "blue") "metaBLUE" else "estmeansd"
  if (!requireNamespace(package, quietly = TRUE)) abort_input("method", sprintf("needs the package %s", package), call)
  one <- function(x, n) {
    if (is.na(n) || n < 5 || sum(!is.na(x)) < 3L) return(c(NA_real_, NA_real_))
    known <- which(!is.na(x))
    if (method == "blue") {
      scenario <- if (length(known) == 5L) "S3" else if (is.na(x[1L])) "S2" else "S1"
      r <- getExportedValue(package, "BLUE_s")(x[known], n, scenario)
      return(c(r$muhat, r$sigmahat))
    }
    args <- stats::setNames(as.list(x[known]), c("min.val", "q1.val", "med.val", "q3.val", "max.val")[known])
    r <- do.call(getExportedValue(package, paste0(method, ".mean.sd")), c(args, n = n))
    c(r$est.mean, r$est.sd)
  }
  found <- vapply(seq_along(n), function(i) one(values[i, ], n[i]), numeric(2L))
  list(mean = found[1L, ], sd = found[2L, ], tval = rep(NA_real_, length(n)), crit = rep(NA_real_, length(n)))
}

place_moments <- function(found, out, skew, names, replace, append) {
  fresh <- !is.data.frame(found$data) || !append
  if (!fresh) check_data_rows(found, sys.call(-1L), single = TRUE)
  data <- if (fresh) data.frame(row.names = seq_len(found$k)) else plain_frame(found$data)
  estimated <- lapply(c("mean", "sd"), function(m) {
    old <- data[[names[match(m, c("mean", "sd"))]]]
    rows <- replaced_rows(old, out[[m]], replace)
    x <- as.vector(fill_column(old, out[[m]], replace))
    if (!is.null(old) && replace != "complete") attr(x, "est") <- rows
    x
  })
  attributes(estimated[[1L]]) <- c(attributes(estimated[[1L]]), skew)
  for (i in 1:2) data[[names[i]]] <- estimated[[i]]
  if (!fresh && inherits(found$data, "escalc")) class(data) <- class(found$data)
  data
}

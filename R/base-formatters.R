# fmtx(), fmtp(), fmtp2(), fmtt(): numbers, p values and tests as text. Oracle: metafor.

#' Numbers, p values and tests as text
#'
#' @description
#' `fmtx()` writes numbers with fixed decimals, `fmtp()` p values with a bound for small ones, `fmtp2()` p values with
#' fewer decimals the larger they are (style of the American Psychological Association), and `fmtt()` a test statistic
#' with its degrees of freedom and p value.
#'
#' @param x numeric vector, matrix or data frame.
#' @param p numeric vector of p values.
#' @param digits number of decimals; for `fmtt()` one number, or two: for the statistic and for the p value. A
#'   vector with
#'   the names used by [rma()] (`"est"`, `"pval"`, `"test"`) gives its element.
#' @param flag flag of [formatC()]: `" "` keeps room for a minus sign, `"+"` shows plus signs.
#' @param quote whether the text is printed with quotes.
#' @param pname name written before a p value.
#' @param equal whether an equal sign stands before p values above the bound.
#' @param sep whether blanks stand around the signs.
#' @param add0 whether a zero stands before the decimal point (in `fmtp()`: of the bound).
#' @param cutoff two bounds: below the smaller one only the bound is given, from the larger one on its number of
#'   decimals.
#' @param val value of the test statistic.
#' @param tname its name.
#' @param df,df1,df2 its degrees of freedom; `df1` and `df2` for an F statistic.
#' @param pval its p value.
#' @param format 1: degrees of freedom in parentheses after the name; 2: after the statistic.
#' @param call whether a call of [paste()] is returned, so that `tname` can be a plotmath expression in a figure.
#' @param ... for `fmtx()`: `postfix`, text after each number.
#' @return A character vector with the names and dimensions of the input, of class `noquote` unless `quote = TRUE`;
#'   `fmtt(call = TRUE)`: a call.
#' @details Errors of class `metaparity_error_input`: `cutoff` not of length 2, `pval` missing, values that are not
#'   numbers.
#' @section In other software: the names are those of \pkg{metafor}; Stata: `display %9.4f`; RevMan has none.
#' @references The forms follow the package \pkg{metafor} (Viechtbauer, 2010, *Journal of Statistical Software*,
#'   36(3)).
#' @examples
#' fmtx(c(1.0002, 2.00008, -3))
#' fmtp(c(0.0002, 0.00008), pname = "p", equal = TRUE, sep = TRUE)
#' fmtp2(c(0.0005, 0.0423, 0.5329))
#' fmtt(8.75, "F", df1 = 2, df2 = 35, pval = 0.00083, digits = c(2, 3))
#' @name formatters
NULL

#' @rdname formatters
#' @export
fmtp <- function(p, digits = 4, pname = "", equal = FALSE, sep = FALSE, add0 = FALSE, quote = FALSE) {
  check_given(p)
  p <- check_shown(p, "p", sys.call())
  if (!length(p)) return(logical())
  digits <- max(1L, kind_digits(digits, "pval"))
  blank <- if (check_flag(sep, "sep", sys.call())) " " else ""
  check_word(pname, "pname", sys.call())
  check_flag(equal, "equal", sys.call())
  check_flag(add0, "add0", sys.call())
  before <- paste0(pname, if (nzchar(pname)) blank)
  small <- p %in% p[!is.na(p) & p < 10^-digits]
  bound <- paste0("<", blank, if (add0) "0", smallest_p(digits))
  large <- paste0(if (equal) paste0("=", blank), format_fixed(pmin(p, 1), digits))
  as_shown(paste0(before, ifelse(small, bound, large)), p, quote)
}

#' @rdname formatters
#' @export
fmtp2 <- function(p, cutoff = c(0.001, 0.06), pname = "p", sep = TRUE, add0 = FALSE, quote = FALSE) {
  check_given(p)
  p <- check_shown(p, "p", sys.call())
  if (length(cutoff) < 2L || !is.numeric(cutoff) || anyNA(cutoff[1:2])) {
    abort_input("cutoff", "must be two numbers", sys.call())
  }
  cutoff <- sort(cutoff[1:2])
  check_word(pname, "pname", sys.call())
  check_flag(sep, "sep", sys.call())
  check_flag(add0, "add0", sys.call())
  if (!length(p)) return(as_shown(character(), p, quote))
  decimals <- function(x) nchar(sub("^[^.]*[.]?", "", format(x, scientific = FALSE)))
  lead <- function(text) if (add0) text else sub("^0[.]", ".", text)
  digits <- ifelse(!is.na(p) & p >= cutoff[2L], decimals(cutoff[2L]), decimals(cutoff[1L]))
  exact <- lead(sprintf("%.*f", digits, as.double(p)))
  exact[is.na(p)] <- "NA"
  small <- !is.na(p) & p < cutoff[1L]
  text <- ifelse(small, lead(format(cutoff[1L], scientific = FALSE)), exact)
  sign <- ifelse(small, "<", "=")
  as_shown(if (sep) paste0(pname, if (nzchar(pname)) " ", sign, " ", text) else paste0(pname, sign, text), p, quote)
}

#' @rdname formatters
#' @export
fmtx <- function(x, digits = 4, flag = "", quote = FALSE, ...) {
  check_given(x)
  if (is.data.frame(x)) {
    x[] <- lapply(x, fmtx, digits = digits, flag = flag, quote = quote, ...)
    return(x)
  }
  more <- list(...)
  check_word(flag, "flag", sys.call())
  if (!grepl("^[-+ #0]*$", flag))
    abort_input("flag", sprintf("must be of the flags of formatC(), not %s", describe(flag)), sys.call())
  x <- check_shown(x, "x", sys.call())
  text <- formatC(as.double(x), digits = kind_digits(digits, "est"), format = "f", flag = flag)
  text[is.na(x)] <- paste0(if (grepl(" ", flag, fixed = TRUE)) " ", "NA")
  if (!is.null(more$postfix)) text <- paste0(text, more$postfix)
  as_shown(text, x, quote, right = TRUE)
}

#' @rdname formatters
#' @export
fmtt <- function(val, tname, df, df1, df2, pval, digits = 4, pname = "p-val", format = 1, sep = TRUE,
                 quote = FALSE, call = FALSE, ...) {
  if (missing(pval)) abort_input("pval", "must be given", sys.call())
  if (missing(tname)) abort_input("tname", "must be given", sys.call())
  where <- sys.call()
  Map(check_word, list(tname, pname), c("tname", "pname"), list(where))
  Map(check_flag, list(sep, quote, call), c("sep", "quote", "call"), list(where))
  dfs <- list(df = if (!missing(df)) df, df1 = if (!missing(df1)) df1, df2 = if (!missing(df2)) df2)
  Map(check_degrees, dfs, names(dfs), list(where))
  if (!is.atomic(format) || length(format) != 1L || !format %in% 1:2)
    abort_input("format", sprintf("must be 1 or 2, not %s", describe(format)), sys.call())
  digits <- test_digits(digits)
  blank <- if (sep) " " else ""
  equal <- list(blank, "=", blank)
  value <- unclass(fmtx(val, digits[1L], quote = TRUE))
  p <- unclass(fmtp(pval, digits[2L], equal = TRUE, sep = sep, quote = TRUE))
  parts <- c(list(tname), test_parts(Filter(length, dfs), value, equal, format), list(", ", pname, blank, p))
  if (call) return(as.call(c(as.name("paste"), parts)))
  text <- do.call(paste0, parts)
  if (quote) text else noquote(text)
}

check_degrees <- function(x, arg, call) {
  if (!is.numeric(x) && !is.null(x)) abort_input(arg, sprintf("must be numeric, not %s", describe(x)), call)
}

# The pieces between the name of a test and its p value.
test_parts <- function(dfs, value, equal, format) {
  one <- length(dfs) == 1L
  if (format == 1) {
    inside <- switch(length(dfs) + 1L, NULL, c(list("(df"), equal, dfs[[1L]], ")"),
                     c(list("(df1"), equal, dfs[[1L]], ",", equal[1L], "df2", equal, dfs[[2L]], ")"))
    return(c(inside, equal, value))
  }
  after <- if (one) c(list(", df"), equal, dfs[[1L]])
  if (length(dfs) == 2L) after <- c(list(", df1"), equal, dfs[[1L]], list(", df2"), equal, dfs[[2L]])
  c(equal, value, after)
}

# Decimals of a test statistic and of its p value.
test_digits <- function(digits) {
  check_decimals(digits)
  if (all(c("test", "pval") %in% names(digits))) return(c(digits[["test"]], digits[["pval"]]))
  rep_len(digits, 2L)
}

kind_digits <- function(digits, kind) {
  check_decimals(digits)
  if (kind %in% names(digits)) return(digits[[kind]])
  digits[[1L]]
}

check_shown <- function(x, arg, call) {
  if (is.null(x)) return(numeric())
  if (!is.numeric(x) && !is.logical(x) && !(is.atomic(x) && !length(x))) {
    abort_input(arg, sprintf("must be numeric, not %s", describe(x)), call)
  }
  x
}

as_shown <- function(text, like, quote, right = FALSE) {
  check_flag(quote, "quote")
  text <- keep_shape(text, like)
  if (quote) text else noquote(text, right = right)
}

keep_shape <- function(out, like) {
  names(out) <- names(like)
  if (!is.null(dim(like))) {
    dim(out) <- dim(like)
    dimnames(out) <- dimnames(like)
  }
  out
}

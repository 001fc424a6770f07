# Owns the reading of printed numbers: text as it stands in papers, English, European and Chinese -> a value, its
# decimals and the interval of numbers that would be printed so.

#' Numbers as papers print them
#'
#' Reads printed numbers and says what they stand for: each for the interval of all numbers that round to it. Known are
#' decimal
#' points, commas and raised points, separators of thousands, minus signs of every kind, full-width digits and
#' signs, "<0.001", "P = 0.03", "45\%", "1.2e-5", "1.2 x 10^-5".
#'
#' @param x text or numbers.
#' @param digits decimals printed, where `x` is numeric and so has lost its zeros at the end; by default the most that
#'   any of the
#'   numbers needs.
#' @param decimal `"."`, `","` or `"auto"`: a comma is a decimal comma if one of the texts leaves no doubt of it
#'   ("0,95") and none has a
#'   point.
#' @return A data frame with one row per element: `value` (NA: no number), `digits`, `low` and `high` (the interval; of
#'   "<0.001" it is
#'   0 to 0.001, of ">10" from 10 up), `sign` ("=", "<" or ">"). `printed_pairs()` reads texts of several numbers, "0.95
#'   (0.77, 1.16)",
#'   "0.5~1.2", "58.4 (3.4)", "1/119", and returns a list of such data frames.
#' @details Errors: `metaparity_error_input` for what is neither text nor numbers.
#' @section In other software: there is no such command in Stata, RevMan or \pkg{metafor}.
#' @examples
#' printed_numbers(c("0.50", "\u22120.05", "<0.001", "10,101", "45%"))
#' printed_numbers(c("0,95", "1,20"))
#' printed_pairs("0.95 (0.77 to 1.16)")
#' @export
printed_numbers <- function(x, digits = NULL, decimal = "auto") {
  check_given(x)
  call <- match.call()
  check_choice(decimal, c("auto", ".", ","), "decimal", call)
  if (is.factor(x)) x <- as.character(x)
  if (is.numeric(x) && !is.object(x) || is.logical(x) &&
      all(is.na(x))) return(numbers_as_printed(as.numeric(x), digits, call))
  if (!is.character(x)) abort_input("x", sprintf("must be text or numbers, not %s", describe(x)), call)
  text <- plain_numerals(x)
  text <- plain_decimals(text, decimal)
  text_as_printed(text)
}

#' @rdname printed_numbers
#' @export
printed_pairs <- function(x, decimal = "auto") {
  check_given(x)
  call <- match.call()
  check_choice(decimal, c("auto", ".", ","), "decimal", call)
  if (!is.character(x)) abort_input("x", sprintf("must be text, not %s", describe(x)), call)
  text <- plain_decimals(plain_numerals(x), decimal)
  lapply(text, function(one) text_as_printed(number_tokens(one)))
}

# Full-width forms, signs of minus and of thousands, raised points.
plain_numerals <- function(x) {
  x <- enc2utf8(x)
  bad <- !validUTF8(x)
  x[bad] <- ""
  x[is.na(x)] <- ""
  wide <- !grepl("^[ -~]*$", x)
  if (any(wide)) {
    y <- x[wide]
    y <- translate_signs(y)
    y <- gsub("(?<=[0-9])[\u00a0\u2009\u202f](?=[0-9]{3}(?![0-9]))", "", y, perl = TRUE)
    x[wide] <- gsub("[\u00a0\u2009\u202f\u3000]", " ", y)
  }
  x <- sub("^ *\u2248 *", "", x)
  x <- sub("(?<=[0-9]) *[*#\u2020\u2021\u00a7\u00b6]+ *$", "", x, perl = TRUE)
  raised <- grepl(raised_power, x, perl = TRUE)
  x[raised] <- vapply(x[raised], lowered_power, "")
  power <- grepl("x *10", x)
  x[power] <- gsub(" *x *10 *\\^? *(-?[0-9]+)", "e\\1", x[power])
  x
}

# Ten to a raised power, as in "1.2 x 10" with raised "-5".
raised_power <- "(?<=10)\u207b?[\u2070\u00b9\u00b2\u00b3\u2074-\u2079]+"
raised_signs <- c(0x207b, 0x2070, 0xb9, 0xb2, 0xb3, 0x2074:0x2079)

lowered_power <- function(x) {
  code <- utf8ToInt(x)
  at <- match(code, raised_signs)
  intToUtf8(ifelse(is.na(at), code, c(utf8ToInt("-"), utf8ToInt("0123456789"))[at]))
}

# Code points and what stands for them.
sign_forms <- list("." = c(0xFF0E, 0xB7, 0x2219, 0x22C5), "," = 0xFF0C, "(" = 0xFF08, ")" = 0xFF09,
                   "<" = c(0xFF1C, 0x2264, 0x2A7D), ">" = c(0xFF1E, 0x2265, 0x2A7E),
                   "+" = 0xFF0B, "%" = 0xFF05, ";" = 0xFF1B, "=" = 0xFF1D, "[" = 0xFF3B, "]" = 0xFF3D, "x" = 0xD7,
                   "/" = 0xFF0F,
                   "~" = c(0xFF5E, 0x301C, 0x223C, 0x3001), "-" = c(0x2212, 0xFF0D, 0xFE63, 0x2010:0x2014))

translate_signs <- function(x) {
  from <- c(0xFF10:0xFF19, unlist(sign_forms, use.names = FALSE))
  to <- c(utf8ToInt("0123456789"), rep(vapply(names(sign_forms), utf8ToInt, 0L), lengths(sign_forms)))
  vapply(x, function(one) {
    code <- utf8ToInt(one)
    at <- match(code, from)
    intToUtf8(ifelse(is.na(at), code, to[at]))
  }, "", USE.NAMES = FALSE)
}

# A comma that no thousands can explain, and such a point.
sure_comma <- "(^|[^0-9.])(0,[0-9]+|[0-9]+,([0-9]{1,2}|[0-9]{4,}))(?![0-9,])"
sure_point <- "(^|[^0-9,])([0-9]*[.]([0-9]{1,2}|[0-9]{4,})|0[.][0-9]+)(?![0-9.])"

# The columns of one table write decimals in one way: a column that leaves it open goes with the others.
decimal_sign <- function(text) {
  text <- plain_numerals(as.character(text))
  if (any(grepl(sure_comma, text, perl = TRUE)) && !any(grepl(sure_point, text, perl = TRUE))) "," else "auto"
}

# Commas of thousands go, those of decimals become points.
plain_decimals <- function(text, decimal) {
  comma <- grepl("[0-9],[0-9]", text)
  if (decimal == "auto") {
    point <- any(grepl("[0-9][.][0-9]", text))
    decimal <- if (any(grepl(sure_comma, text[comma], perl = TRUE)) && !point) "," else "."
  }
  if (decimal == ",") {
    text <- gsub("(?<=[0-9])[.](?=[0-9]{3}(?![0-9]))", "", text, perl = TRUE)
    return(gsub("(?<=[0-9]),(?=[0-9])", ".", text, perl = TRUE))
  }
  text[comma] <- gsub("(?<![0-9.])([1-9][0-9]{0,2}),(?=[0-9]{3}(?![0-9]))", "\\1", text[comma], perl = TRUE)
  text[comma] <- gsub("(?<=[0-9]{3}),(?=[0-9]{3}(?![0-9.,]))", "", text[comma], perl = TRUE)
  text
}

number_pattern <- "[<>]?[-+]?([0-9]+[.]?[0-9]*|[.][0-9]+)(e[-+]?[0-9]+)?"

# The numbers of a text; a dash after a number stands between two, before one it is its sign.
number_tokens <- function(text) {
  text <- gsub("(?<=[0-9%]) *[-~] *(?=[-+.0-9])", " | ", text, perl = TRUE)
  text <- gsub("([<>]) +", "\\1", gsub("([-+]) +(?=[.0-9])", "\\1", text, perl = TRUE))
  regmatches(text, gregexpr(number_pattern, text, perl = TRUE))[[1L]]
}

# Texts of one number each, in plain characters.
text_as_printed <- function(text) {
  bare <- gsub("^ *([pP]|I2|I\u00b2)(?= *[=<>])|[ %=]|[()\\[\\]]", "", text, perl = TRUE)
  sign <- substr(bare, 1L, 1L)
  sign[!sign %in% c("<", ">")] <- "="
  bare <- sub("^[<>]+", "", bare)
  fits <- grepl(paste0("^", number_pattern, "$"), bare, perl = TRUE)
  bare[!fits] <- NA
  value <- as.numeric(bare)
  decimals <- nchar(sub("^[^.]*[.]?", "", sub("[eE].*$", "", bare)))
  power <- grepl("[eE]", bare) & fits
  decimals[power] <- decimals[power] - as.integer(sub("^.*[eE]", "", bare[power]))
  new_printed(value, ifelse(fits, decimals, NA), sign)
}

numbers_as_printed <- function(x, digits, call = NULL) {
  if (is.null(digits)) digits <- printed_digits(x)
  if (!is.numeric(digits) || anyNA(digits) || any(digits < -15 | digits > 15) ||
      !length(digits) %in% c(1L, length(x))) {
    abort_input("digits", "must be numbers of decimals, from -15 to 15", call)
  }
  new_printed(x, rep_len(digits, length(x)), rep("=", length(x)))
}

new_printed <- function(value, digits, sign) {
  half <- 0.5 * 10^-digits + 1e-9
  low <- ifelse(sign == "<", 0, ifelse(sign == ">", value, value - half))
  high <- ifelse(sign == "<", value, ifelse(sign == ">", Inf, value + half))
  data.frame(value = value, digits = as.integer(digits), low = low, high = high, sign = sign, stringsAsFactors = FALSE)
}

# A column without any number is logical.
column_as_printed <- function(x) printed_numbers(if (is.logical(x)) as.numeric(x) else x)

# As it was printed.
show_number <- function(p, i = seq_len(nrow(p))) {
  digits <- pmax(p$digits[i], 0L)
  out <- paste0(ifelse(p$sign[i] == "=", "", p$sign[i]), sprintf("%.*f", ifelse(is.na(digits), 0L, digits), p$value[i]))
  ifelse(is.na(p$value[i]), "", out)
}

# An interval of possible values with one decimal more than what it is compared with, and without one where it is a
# point.
show_range <- function(low, high, digits) {
  digits <- pmax(ifelse(is.na(digits), 2L, digits), 0L) + 1L
  show <- function(x) ifelse(is.finite(x) & abs(x) < 1e15, sprintf("%.*f", digits, x),
                             format(x, digits = 4L, trim = TRUE))
  one <- show(low) == show(high)
  ifelse(is.na(low) | is.na(high), "", ifelse(one, show(low), sprintf("%s to %s", show(low), show(high))))
}

# Do two intervals have a point in common? NA where one is not known.
overlaps <- function(low1, high1, low2, high2) {
  slack <- 1e-9 * pmax(1, abs(low1), abs(low2), na.rm = TRUE)
  low1 <= high2 + slack & low2 <= high1 + slack
}

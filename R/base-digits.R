# The numbers of decimals that results carry for printing, named by the kind of number.

digit_kinds <- c("est", "se", "test", "pval", "ci", "var", "sevar", "fit", "het")

default_digits <- c(est = 4, se = 4, test = 4, pval = 4, ci = 4, var = 4, sevar = 4, fit = 4, het = 4)

# A double has 15 or 16 figures: decimals beyond are noise of its binary form.
most_decimals <- 15

check_decimals <- function(digits, call = NULL) {
  fine <- is.numeric(digits) && !is.object(digits) && length(digits) > 0L && !anyNA(digits) &&
    all(digits >= 0 & digits <= most_decimals & digits == round(digits))
  if (!fine) abort_input("digits",
                         sprintf("must be whole numbers of decimals from 0 to %d, not %s", most_decimals,
                                 describe(digits)),
                         call)
  digits
}

# One number stands for all kinds; a named vector changes those it names.
expand_digits <- function(digits = NULL, base = NULL, call = NULL) {
  if (is.null(digits) && is.null(base) && is.null(getOption("metafor"))) return(default_digits)
  out <- base
  if (is.null(names(out))) {
    out <- option_digits(default_digits)
    if (length(base)) out[] <- base[1L]
  }
  if (is.null(digits)) return(out)
  check_decimals(digits, call)
  if (is.null(names(digits))) {
    if (length(digits) != 1L) warn_input("digits", "has several numbers without names: the first one counts", call)
    out[] <- digits[1L]
    return(out)
  }
  bad <- setdiff(names(digits), digit_kinds)
  if (length(bad)) {
    warn_input("digits", sprintf("has the unknown name \"%s\"; known are %s", bad[1L],
                                 paste(digit_kinds, collapse = ", ")), call)
    digits <- digits[names(digits) %in% digit_kinds]
  }
  out[names(digits)] <- digits
  out
}

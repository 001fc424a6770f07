# One sanitiser per kind of argument, run once at the door of a verb. Each returns the clean value.

check_flag <- function(x, arg, call = NULL) {
  if (!is.logical(x) || length(x) != 1L || is.na(x)) {
    abort_input(arg, sprintf("must be TRUE or FALSE, not %s", describe(x)), call)
  }
  x
}

check_choice <- function(x, choices, arg, call = NULL) {
  if (!is.character(x) || length(x) != 1L || is.na(x) || !x %in% choices) {
    abort_input(arg, sprintf("must be one of %s, not %s%s", paste0('"', choices, '"', collapse = ", "), describe(x),
                             did_you_mean(x, choices)), call)
  }
  x
}

# The choices that a misspelt word may stand for: in other case, with few letters changed, or begun by it.
did_you_mean <- function(x, choices) {
  if (!is.character(x) || length(x) != 1L || is.na(x) || !validUTF8(x) || !nzchar(x) || nchar(x, "bytes") > 60L)
    return("")
  steps <- drop(utils::adist(x, choices, ignore.case = TRUE))
  near <- if (min(steps) <= max(1L, nchar(x) %/% 3L) && min(steps) < nchar(x)) choices[steps == min(steps)] else {
    choices[startsWith(tolower(choices), tolower(x))]
  }
  if (!length(near)) "" else
    sprintf(message_part("; did you mean %s?"), paste0('"', utils::head(near, 3L), '"', collapse = " or "))
}

# An argument without which the caller can do nothing.
check_given <- function(x, arg = deparse(substitute(x)), call = sys.call(-1L)) {
  if (missing(x)) abort_input(arg, "must be given", call)
}

check_number <- function(x, arg, lower = -Inf, upper = Inf, call = NULL) {
  if (!is.numeric(x) || length(x) != 1L || is.na(x) || x < lower || x > upper) {
    abort_input(arg, sprintf("must be one number between %s and %s, not %s", lower, upper, describe(x)), call)
  }
  as.numeric(x)
}

# NA alone stands for none.
is_na <- function(x) is.atomic(x) && length(x) == 1L && is.na(x)

# A name such as a variable may have.
is_word <- function(x) is.character(x) && length(x) == 1L && !is.na(x) && validUTF8(x) && nzchar(x) &&
  nchar(x, "bytes") < 1000L

check_vector_of_words <- function(x, arg, call = NULL) {
  if (!is.character(x) || !length(x) || anyNA(x) || !all(validUTF8(x)))
    abort_input(arg, sprintf("must be text, not %s", describe(x)), call)
  x
}

# Beyond these bounds squares and sums leave the range of numbers.
check_finite <- function(x, arg, lower = -1e150, call = NULL) check_number(x, arg, lower, 1e150, call)

# A level is given in percent (95) or as a proportion (.95, or .05 of its complement), as in metafor.
check_level <- function(x, arg = "level", call = NULL) {
  if (!is.numeric(x) || length(x) != 1L || is.na(x) || x < 0 || x > 100) {
    abort_input(arg, sprintf("must be a confidence level in percent, 0 to 100 (or a proportion), not %s", describe(x)),
                call)
  }
  x <- as.numeric(x)
  if (x > 0 && 1 - x == 1) abort_input(arg, sprintf("must not be so near to 100 percent as %s", describe(x)), call)
  if (x >= 1 || x == 0) x / 100 else max(x, 1 - x)
}

check_numeric_vector <- function(x, arg, call = NULL) {
  if (is.numeric(x) && !is.object(x)) return(as.numeric(x))
  if (is.factor(x) || is.character(x)) {
    abort_input(arg, sprintf("must be numeric, not %s", if (is.factor(x)) message_part("a factor") else
                             message_part("character strings")), call)
  }
  if (!is.numeric(x) && !(is.logical(x) && all(is.na(x)))) {
    abort_input(arg, sprintf("must be numeric, not %s", describe(x)), call)
  }
  as.numeric(x)
}

# A plain list of named settings.
check_settings <- function(x, arg, call = NULL) {
  if (!is.list(x) || is.object(x) || length(x) && is.null(names(x))) {
    abort_input(arg, sprintf("must be a list with names, not %s", describe(x)), call)
  }
  x
}

# Every text among the values of arguments is one.
check_encodings <- function(values, call = NULL) {
  for (arg in names(values)) {
    x <- values[[arg]]
    if (is.character(x) && !all(validUTF8(x)))
      abort_input(arg, sprintf("must be text in a known encoding, not %s", describe(x)), call)
  }
  values
}

check_vector <- function(x, arg, call = NULL) {
  if (!is.atomic(x) && !is.list(x)) abort_input(arg, sprintf("must be a vector, not %s", describe(x)), call)
  x
}

describe <- function(x) {
  if (is.null(x)) return("NULL")
  if (is.character(x) && length(x) == 1L) return(dQuote(printable(x), FALSE))
  if (is.atomic(x) && length(x) == 1L) return(tryCatch(format(x), error = function(e) message_part("something else")))
  sprintf(message_part("%s of length %d"), class(x)[1L], length(x))
}

# Bytes that are no text as <ff>.
legible <- function(x) {
  foreign <- Encoding(x) == "latin1"
  x[foreign] <- enc2utf8(x[foreign])
  wrong <- !is.na(x) & !validUTF8(x)
  x[wrong] <- iconv(x[wrong], "UTF-8", "UTF-8", sub = "byte")
  x
}

# Text as it may stand in a message: no more than 60 characters.
printable <- function(x) {
  x <- legible(x)
  long <- !is.na(x) & nchar(x) > 60L
  x[long] <- paste0(substr(x[long], 1L, 57L), "...")
  x
}

# The names in `...` without a look at their values; "" where there is none.
dots_names <- function(...) {
  given <- ...names()
  if (is.null(given)) rep("", ...length()) else given
}

# Values of arguments by name. mget() would evaluate one that is a name again.
values_in <- function(frame, names) sapply(names, function(name) frame[[name]], simplify = FALSE)

# In which of `names` a string stands, which may be a regular expression.
matches <- function(pattern, names, arg, call = NULL, fixed = FALSE) {
  found <- tryCatch(suppressWarnings(grepl(pattern, names, fixed = fixed)), error = function(e) NULL)
  if (is.null(found) || is.na(pattern))
    abort_input(arg, sprintf("must be a text or a regular expression, not %s", describe(pattern)), call)
  found
}

# What a verb knows of its `...`; of the rest a warning tells that it goes unused.
named_dots <- function(known, mc, ...) {
  if (...length() == 0L) return(list())
  names <- dots_names(...)
  used <- names %in% known
  warn_unknown(names[!used], mc)
  # What goes unused is not evaluated: it may be the bare name of a column.
  stats::setNames(lapply(which(used), function(i) ...elt(i)), names[used])
}

# Stata's commands take levels from 10 to below 100; a proportion is understood, too.
check_stata_level <- function(x, arg = "level", call = NULL) {
  out <- check_level(x, arg, call)
  if (x == 0 || (x >= 1 && x < 10) || x >= 100) {
    abort_input(arg, sprintf("must be a confidence level in percent, 10 to below 100, not %s", describe(x)), call)
  }
  out
}

# `seed` of a verb that draws random numbers: as set.seed() before it.
use_seed <- function(seed, call = NULL) if (!is.null(seed)) set.seed(check_seed(seed, call))

check_seed <- function(x, call = NULL) check_number(x, "seed", -.Machine$integer.max, .Machine$integer.max, call)

# A fit whose parts somebody changed by hand is none.
check_whole <- function(fit, arg, call = NULL) {
  k <- length(fit$yi)
  whole <- k > 0L && !anyNA(fit$beta)
  if (inherits(fit, "metaparity_uni")) {
    whole <- whole && length(fit$vi) == k && identical(as.integer(fit$k), k) && !anyNA(fit$tau2) &&
      !anyNA(fit$vi) && NROW(fit$X) == k
  }
  if (!whole) abort_input(arg, "is damaged: its yi, vi, X and k do not belong together", call)
}

check_word <- function(x, arg, call = NULL) {
  if (is.character(x) && length(x) == 1L && !is.na(x) && validUTF8(x)) return(x)
  abort_input(arg, sprintf("must be one text, not %s", describe_shortly(x)), call)
}

# Text in small letters; what is none, or none in a known encoding, as it is: the check that follows refuses it.
lower_text <- function(x) if (is.character(x) && all(validUTF8(x))) tolower(x) else x

describe_shortly <- function(x) {
  text <- tryCatch(describe(x), error = function(e) message_part("something else"))
  if (validUTF8(text)) substr(text, 1L, 60L) else message_part("text in an unknown encoding")
}

`%||%` <- function(x, y) if (is.null(x)) y else x

check_limits <- function(x, arg, call = NULL) {
  if (is.null(x)) return(NULL)
  if (!is.numeric(x) || length(x) != 2L || anyNA(x) || x[1L] == x[2L]) {
    abort_input(arg, sprintf("must be two different numbers, not %s", describe(x)), call)
  }
  as.numeric(x)
}

# A word or its beginning; of several that begin so, the one that is whole.
abbreviated <- function(x, choices, arg, call) {
  if (is.null(x)) abort_input(arg, sprintf("must be given: one of %s", paste0('"', choices, '"', collapse = ", ")),
                              call)
  if (is.character(x) && length(x) == 1L && !is.na(x) && nzchar(x)) {
    at <- pmatch(x, choices)
    if (!is.na(at)) return(choices[at])
  }
  check_choice(x, choices, arg, call)
}

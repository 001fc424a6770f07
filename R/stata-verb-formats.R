# Formats of Stata's variables and of display: %w.df, %w.dg, %w.de, dates. Source: Stata's manual, [D] format.

# One value per element in a format such as %9.0g, %8.2f, %10s, %td.
apply_format <- function(x, format) {
  f <- parse_format(format)
  if (f$kind == "t" && is.numeric(x)) return(apply_time_format(x, format, f))
  if (is.character(x)) return(x)
  out <- switch(f$kind, f = fixed_text(x, f$width, f$digits), e = stata_exponent(x, 0L, f$digits),
                g = general_text(x, f$width, f$digits))
  if (any(startsWith(out, " "))) out <- trimws(out)
  if (f$comma) out <- group_thousands(out)
  if (f$zero) out <- vapply(out, zero_filled, "", width = f$width, USE.NAMES = FALSE)
  lost <- which(is.na(x))
  if (length(lost)) {
    rank <- missing_rank(x[lost])
    out[lost] <- ifelse(rank > 0, paste0(".", c(letters, "")[ifelse(rank > 0, rank, 27L)]), ".")
  }
  justify(out, f$width, f$left)
}

# A date in its format; missing values show their letter.
apply_time_format <- function(x, format, f) {
  out <- rep("", length(x))
  lost <- is.na(x)
  out[!lost] <- format_stata_time(x[!lost], format)
  rank <- missing_rank(x[lost])
  out[lost] <- ifelse(rank > 0, paste0(".", c(letters, "")[ifelse(rank > 0, rank, 27L)]), ".")
  justify(out, f$width, f$left)
}

# Each format is read once.
known_formats <- new.env()

parse_format <- function(format) {
  known <- known_formats[[format]]
  if (is.null(known)) known_formats[[format]] <- known <- read_format(format)
  known
}

read_format <- function(format) {
  if (grepl("^%-?[0-9]*(t[cCdwmqhy]|d)", format)) {
    return(list(kind = "t", width = 9L, digits = 0L, left = startsWith(format, "%-"), comma = FALSE))
  }
  part <- regmatches(format, regexec("^%([-~]?)(0?)([0-9]+)([.]([0-9]+))?([fgeS s])(c?)$", format))[[1L]]
  if (!length(part)) abort_unsupported(sprintf("format %s", format))
  list(kind = tolower(part[7L]), width = as.integer(part[4L]),
       digits = if (nzchar(part[6L])) as.integer(part[6L]) else 0L,
       left = part[2L] == "-", comma = part[8L] == "c", zero = part[3L] == "0" && part[2L] != "-")
}

# %03.0f fills with zeros behind the sign.
zero_filled <- function(text, width) {
  sign <- if (startsWith(text, "-")) "-" else ""
  digits <- substring(text, nchar(sign) + 1L)
  paste0(sign, strrep("0", max(0L, width - nchar(text))), digits)
}

format_stata_date <- function(x) {
  day <- as.POSIXlt(as.Date(ifelse(is.na(x), 0, x) - 3653, origin = "1970-01-01"))
  sprintf("%02d%s%04d", day$mday, tolower(month.abb)[day$mon + 1L], day$year + 1900L)
}

group_thousands <- function(text) {
  whole <- sub("^(-?[0-9]*).*$", "\\1", text)
  rest <- substring(text, nchar(whole) + 1L)
  while (any(grepl("[0-9]{4}", whole))) whole <- sub("^(-?[0-9]+)([0-9]{3})", "\\1,\\2", whole)
  paste0(whole, rest)
}

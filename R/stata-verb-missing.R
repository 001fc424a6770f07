# Stata's missing values: `.` is NA, .a to .z are NaNs whose payload holds the letter, in the layout that haven reads.
# In comparisons they are larger than every number, in the order . < .a < ... < .z.

missing_value <- function(letter = "") {
  if (!nzchar(letter)) return(NA_real_)
  raw <- writeBin(NA_real_, raw(), endian = "little")
  raw[5L] <- charToRaw(letter)
  readBin(raw, "double", endian = "little")
}

missing_values <- vapply(c("", letters), missing_value, 0, USE.NAMES = FALSE)

# 0 for `.`, 1 to 26 for .a to .z; `x` holds missing values only.
missing_rank <- function(x) {
  bytes <- matrix(as.integer(writeBin(as.double(x), raw(), endian = "little")), nrow = 8L)
  letter <- bytes[5L, ]
  ifelse(letter >= 97L & letter <= 122L, letter - 96L, 0L)
}

# Numbers that compare and sort as Stata's do: missing values become values above every number of Stata.
comparable <- function(x) {
  if (is.character(x)) return(x)
  x <- as.double(x)
  if (!anyNA(x)) return(x)
  lost <- which(is.na(x))
  x[lost] <- 2^1023 * (1 + missing_rank(x[lost]) / 4096)
  x
}

# What arithmetic cannot compute, or what is beyond Stata's range, is missing.
stata_number <- function(x) {
  x <- as.double(x)
  if (!anyNA(x) && !any(abs(x) >= 2^1023)) return(x)
  bad <- is.nan(x) & missing_rank_any(x) | is.infinite(x) | abs(x) >= 2^1023
  x[which(bad)] <- NA_real_
  x
}

# NaN made by arithmetic carries no letter; extended missing values do and are kept.
missing_rank_any <- function(x) {
  out <- logical(length(x))
  lost <- which(is.na(x))
  if (length(lost)) out[lost] <- missing_rank(x[lost]) == 0L
  out
}

is_missing <- function(x) if (is.character(x)) !nzchar(x) else is.na(x)

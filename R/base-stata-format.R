# Stata's numeric display formats %w.df, %w.dg, %w.0g, %w.de as vectorised functions; display-width padding.
# Source: Stata's documented rules for %fmt, checked against every number printed in the verified logs.

# %w.df. One column of overflow is kept ("1085.051" in %7.3f); wider numbers turn to e-notation, which keeps a column
# for the sign (" 4.0e+04" in %7.3f).
stata_fixed <- function(x, width, digits, left = FALSE) justify(fixed_text(x, width, digits), width, left)

fixed_text <- function(x, width, digits) {
  x <- as.numeric(x) + 0
  out <- sprintf("%.*f", digits, x)
  wide <- is.finite(x) & nchar(out) - startsWith(out, "-") > width + 1L
  if (any(wide)) out[wide] <- sprintf("% .*e", pmax(rep_len(width, length(x))[wide] - 6L, 0L), x[wide])
  mark_missing(out, x)
}

# %w.0g fills the width: w-2 digits, those before the point first. %w.dg: d significant digits.
stata_general <- function(x, width, digits = 0L, left = FALSE) justify(general_text(x, width, digits), width, left)

general_text <- function(x, width, digits = 0L) {
  vapply(as.numeric(x), general_one, "", width = as.integer(width), digits = as.integer(digits))
}

general_one <- function(x, width, digits) {
  if (!is.finite(x)) return(".")
  if (x == 0) return("0")
  magnitude <- as.integer(floor(log10(abs(x)))) + 1L
  before <- max(magnitude, 0L)
  if (abs(x) < 1e-5 || before > width - 2L) return(sprintf("%.*e", max(width - 7L, 0L), x))
  decimals <- width - 2L - before
  if (digits > 0L) decimals <- max(min(decimals, digits - magnitude), 0L)
  text <- sprintf("%.*f", decimals, x)
  if (decimals > 0L) text <- sub("[.]?0+$", "", text)
  if (abs(x) < 1) text <- sub("0.", ".", text, fixed = TRUE)
  if (text %in% c("-0", "-", "")) "0" else text
}

stata_exponent <- function(x, width, digits, left = FALSE) {
  x <- as.numeric(x)
  justify(mark_missing(sprintf("%.*e", digits, x), x), width, left)
}

# Integers as Stata's %w.0f prints them.
stata_integer <- function(x, width, left = FALSE) stata_fixed(x, width, 0L, left)

mark_missing <- function(text, x) {
  text[!is.finite(x)] <- "."
  text
}

# Pads to a display width, so that columns stay aligned behind Chinese labels.
justify <- function(text, width, left = FALSE) {
  gap <- width - display_width(text)
  gap[gap < 0L] <- 0L
  gap <- strrep(" ", gap)
  if (left) paste0(text, gap) else paste0(gap, text)
}

display_width <- function(text) nchar(text, type = "width")

# Cuts a label to `width` columns as a str# variable would, never through a wide character.
cut_label <- function(text, width) {
  text <- enc2utf8(as.character(text))
  text[is.na(text)] <- ""
  strtrim(text, width)
}

# Variables that metan and its relatives keep are in single precision: what a log shows has passed through it.
as_single <- function(x) {
  readBin(writeBin(as.numeric(x), raw(), size = 4L), "numeric", length(x), size = 4L)
}

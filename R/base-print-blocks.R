# Blocks of printed output. format_*() return character vectors, one element per line; print
# methods put blocks together and cat() them. Numbers arrive computed.

# Fixed decimals, as formatC() writes them: NA, Inf and -0 stay visible.
format_fixed <- function(x, digits) {
  out <- formatC(as.double(x), digits = digits, format = "f")
  out[is.na(x)] <- "NA"
  out
}

# A variance that is exactly 0 is shown without decimals.
format_variance <- function(x, digits) if (x %in% 0) "0" else format_fixed(x, digits)

# p values in a table: ".0012" needs at least two decimals to mean anything.
format_p_value <- function(p, digits) {
  digits <- max(2L, digits)
  small <- !is.na(p) & p < 10^-digits
  ifelse(small, paste0("<", smallest_p(digits)), format_fixed(p, digits))
}

# p values in a sentence: "p-val < .0001", "p-val = 0.0012".
format_p_equation <- function(p, digits, name = "p-val", zero = FALSE) {
  digits <- max(2L, digits)
  if (!is.na(p) && p < 10^-digits) return(sprintf("%s < %s%s", name, if (zero) "0" else "", smallest_p(digits)))
  sprintf("%s = %s", name, format_fixed(p, digits))
}

smallest_p <- function(digits) sprintf(".%s1", strrep("0", digits - 1L))

# Significance marks; NA has none.
signif_breaks <- c(0, 0.001, 0.01, 0.05, 0.1, 1)
signif_marks <- c("***", "**", "*", ".", " ")

format_stars <- function(p) {
  mark <- signif_marks[findInterval(p, signif_breaks, left.open = TRUE, rightmost.closed = TRUE, all.inside = TRUE)]
  mark[is.na(mark)] <- " "
  mark
}

format_signif_legend <- function() {
  c("---", paste("Signif. codes: ", attr(stats::symnum(0.5, corr = FALSE, na = FALSE, cutpoints = signif_breaks,
                                                       symbols = signif_marks), "legend")))
}

# A table of text, right justified, wrapped at the width of the console as any matrix is.
# `label = FALSE` leaves the row names out, and a single row is never wrapped.
format_text_table <- function(x, label = TRUE) {
  if (!label) {
    rownames(x) <- rep("", nrow(x))
    old <- options(width = 1000L)
    on.exit(options(old))
  }
  lines <- utils::capture.output(print.default(x, quote = FALSE, right = TRUE, print.gap = 2L))
  if (!label) lines <- substring(lines, 3L)
  paste0(lines, " ")
}

# A row of named numbers in columns of one width.
format_row <- function(x) {
  paste0(utils::capture.output(print.default(x, quote = FALSE, print.gap = 2L)), " ")
}

# "label: value", the values in one column, in the language that is set: its characters may be twice as wide.
format_labelled <- function(labels, values) {
  labels <- paste0(translate(labels), if (translate("Study") == "Study") ":" else translate(":"))
  paste(pad_right(labels), translate(values))
}

# As wide as the widest on the screen.
pad_right <- function(text) {
  width <- nchar(text, type = "width")
  paste0(text, strrep(" ", max(width) - width))
}

pad_left <- function(text) {
  width <- nchar(text, type = "width")
  paste0(strrep(" ", max(width) - width), text)
}

# Numbers of coefficients as runs: 1, 3, 4 -> "1,3:4".
format_runs <- function(i) {
  start <- i[c(TRUE, diff(i) != 1)]
  end <- i[c(diff(i) != 1, TRUE)]
  paste(ifelse(start == end, start, paste0(start, ":", end)), collapse = ",")
}

# Blocks with an empty line before each and one at the end.
join_blocks <- function(...) {
  blocks <- Filter(length, list(...))
  c(unlist(lapply(blocks, function(block) c("", block)), use.names = FALSE), "")
}

# The empty lines around a result are dropped when the option `space` is FALSE.
cat_lines <- function(lines) {
  n <- length(lines)
  if (n > 1L && !with_space()) lines <- lines[!(seq_len(n) %in% c(1L, n) & !nzchar(lines))]
  cat(translate(lines), sep = "\n")
}

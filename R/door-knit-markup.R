# Owns a table of a document as markup: its caption, number and label, and what makes a wide one fit.

# result: list(frame or table, label, caption, notes, digits, level, heads, own, sentence, blank), made by the
# knit_print() methods. In documents that are not made by pandoc, and where the user wants it, the result prints as in
# the console.
knit_result <- function(x, result, options = NULL, inline = FALSE, ...) {
  if (is.null(options)) options <- knitr::opts_current$get()
  plain <- isFALSE(options$metaparity.table) || is.null(knitr::opts_knit$get("rmarkdown.pandoc.to"))
  if (plain && !isTRUE(inline)) return(knitr::normal_print(x))
  result <- result(x)
  level <- format_level(result$level %||% shown_level(x))
  digits <- expand_digits(NULL, result$digits %||% x$digits)
  table <- result$table %||% document_table(result$frame, digits, level, result$heads, result$own)
  label <- result$label
  if (!any(nzchar(unlist(label)))) label <- NULL
  label <- lapply(label, function(text) if (inherits(text, "AsIs")) unclass(text) else escape_markdown(text))
  if (isTRUE(result$blank)) table[] <- lapply(table, function(text) ifelse(grepl("^ *NA( .* NA)? *$", text), "", text))
  if (isTRUE(inline)) {
    if (!is.null(result$inline)) return(knitr::asis_output(result$inline))
    frame <- result$frame
    if (identical(result$sentence, "estimate")) frame$natural <- NULL
    spoken <- result$spoken %||% seq_len(nrow(frame))
    frame <- frame[spoken, , drop = FALSE]
    table <- table[spoken, , drop = FALSE]
    label <- if (length(spoken) == 1L && nrow(result$frame) > 1L) NULL else lapply(label, `[`, spoken)
    text <- inline_rows(frame, table, result$heads, digits, level)
    return(knitr::asis_output(paste(trimws(paste(if (length(label)) label[[length(label)]] else "", text)),
                                    collapse = "; ")))
  }
  if (length(label)) table <- data.frame(c(stats::setNames(label, translate(names(label))), table), check.names = FALSE)
  notes <- result$notes[nzchar(result$notes)]
  text <- table_markup(table, length(label), result$caption, options)
  knitr::asis_output(paste(c("", text, "", if (length(notes)) c(document_signs(paste(notes, collapse = "; ")), "")),
                           collapse = "\n"))
}

# Percent.
shown_level <- function(x) {
  level <- if (is.null(x$overall)) list_origin(x, "level") else x$overall$level
  if (is.null(level)) return(95)
  if (level < 0.5) level <- 1 - level
  if (level < 1) 100 * level else level
}

table_markup <- function(table, labels, caption, options) {
  text <- vapply(table, is_text_column, NA)
  align <- ifelse(text, "l", "r")
  align[seq_len(labels)] <- "l"
  width <- shown_widths(table)
  wide <- sum(width) + 3L * length(width) > pandoc_columns
  # Intervals stay on one line.
  if (wide && !identical(knitr::pandoc_to(), "docx"))
    table[!text] <- lapply(table[!text], gsub, pattern = " ", replacement = "&nbsp;")
  number <- table_number(options)
  label <- if (!is.null(options$label)) paste0(options$label, if (number > 1L) paste0("-", number))
  lines <- knitr::kable(table, format = "pipe", align = align, caption = table_caption(caption, number, options),
                        label = label, row.names = FALSE)
  lines <- strsplit(paste(lines, collapse = "\n"), "\n", fixed = TRUE)[[1L]]
  lines[grep("^\\|[:-]", lines)[1L]] <- separator_line(if (wide &&
                                                           identical(knitr::pandoc_to(),
                                                                     "docx")) word_widths(table) else width, align)
  if (wide) fit_width(lines, width) else lines
}

# In Word, whose lines have about as many characters as pandoc's, no column is narrower than its longest word and the
# margins
# of its cells; what is left goes to those that have more to show.
word_widths <- function(table) {
  words <- function(x) vapply(strsplit(as.character(x), " ", fixed = TRUE),
                              function(w) c(w[which.max(nchar(w, type = "width"))], "")[1L], "")
  least <- shown_widths(stats::setNames(as.data.frame(lapply(table, words)), words(names(table)))) + 2L
  more <- pmax(0L, shown_widths(table) + 2L - least)
  spare <- max(0L, pandoc_columns - sum(least))
  least + pmin(more, as.integer(spare * more / max(1L, sum(more))))
}

is_text_column <- function(column) !any(grepl("^[-<>0-9. ]", column))

# Beyond this length of a line pandoc gives columns the shares of the line that their dashes have.
pandoc_columns <- 72L

# As wide as what is read, not as its markup.
shown_widths <- function(table) {
  shown <- function(x) nchar(gsub("[$^\\\\]", "", gsub("&#?[a-z0-9]+;", "x", x)), type = "width")
  pmax(3L, mapply(function(head, column) max(shown(head), shown(column), 0L), names(table), table, USE.NAMES = FALSE))
}

separator_line <- function(width, align) {
  dashes <- strrep("-", width + 1L)
  paste0("|", paste(ifelse(align == "l", paste0(":", dashes), paste0(dashes, ":")), collapse = "|"), "|")
}

# A line of 6.5 inches has 469 points; a digit is half as wide as its font's size.
latex_sizes <- c(normalsize = 10, small = 9, footnotesize = 8, scriptsize = 7, tiny = 5)

fit_width <- function(text, width) {
  if (knitr::is_latex_output()) {
    fits <- (sum(width) + 2) * latex_sizes / 2 + 6 * length(width) <= 469
    size <- names(latex_sizes)[if (any(fits)) which(fits)[1L] else length(fits)]
    raw <- function(code) c("```{=latex}", code, "```", "")
    return(c(raw(sprintf("\\begingroup\\%s\\setlength{\\tabcolsep}{3pt}", size)), text, "", raw("\\endgroup")))
  }
  if (!knitr::is_html_output()) return(text)
  c("::: {style=\"overflow-x: auto\"}", text, ":::")
}

# The how many-eth table this is in its chunk.
table_number <- function(options) {
  key <- c(options$label %||% "", knit_run())
  last <- knitr_state$table
  n <- if (identical(last$key, key)) last$n + 1L else 1L
  assign("table", list(key = key, n = n), knitr_state)
  n
}

# The address of the frame in which knitr knits: another for each document.
knit_run <- function() {
  running <- which(vapply(seq_len(sys.nframe()), function(i) identical(sys.function(i), knitr::knit), NA))
  if (length(running)) format(sys.frame(running[length(running)])) else ""
}

# The chunk's tab.cap (one element per table, NA for none) goes before the caption of the result; Quarto writes its
# tbl-cap itself.
table_caption <- function(own, number, options) {
  if (!is.null(options[["tbl-cap"]])) return(NULL)
  given <- options$tab.cap
  if (isFALSE(given)) return(NULL)
  if (length(given) >= number) return(if (!is.na(given[[number]])) given[[number]])
  if (!is.null(own)) document_signs(translate(own))
}

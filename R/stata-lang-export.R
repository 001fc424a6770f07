# export delimited, outsheet, export excel, putexcel: tables on disk, below the session's folders.
# Source: Stata's Data Management and Reporting manuals, the entries of these names. Workbooks are written by openxlsx.

run_export <- function(text, session, statement) {
  kind <- leading_word(text)
  rest <- trimws(substring(text, nchar(kind) + 1L))
  what <- match_option(kind, c(delimited = "delim", excel = "exc", sasxport = "sas", dbase = "dbase"))
  switch(if (is.na(what)) "" else what, delimited = export_delimited(parse_command(paste("export", rest)), session),
         excel = export_excel(parse_command(paste("export", rest)), session), abort_unsupported(paste("export", kind)))
  invisible()
}

# export delimited [varlist] using file [if] [in] [, delimiter() novarnames nolabel datafmt quote replace]
export_delimited <- function(command, session) {
  o <- command_options(command, c(delimiter = "d", novarnames = "novar", nolabel = "nol", datafmt = "dataf",
                                  quote = "q",
                                  replace = "replace", nformat = "nf"))
  mark <- if (is.null(o$delimiter)) "," else switch(unquote(o$delimiter), tab = , "\\t" = "\t", unquote(o$delimiter))
  write_delimited(command, session, o, mark, "csv", !is.null(o$quote), is.null(o$novarnames))
}

# outsheet [varlist] using file [, comma nonames nolabel noquote replace delimiter()]
run_outsheet <- function(command, session, rows) {
  o <- command_options(command, c(comma = "c", delimiter = "del", nonames = "non", nolabel = "nol", noquote = "noq",
                                  names = "names", label = "label", quote = "quote", replace = "replace"))
  mark <- if (!is.null(o$comma)) "," else if (!is.null(o$delimiter)) unquote(o$delimiter) else "\t"
  write_delimited(command, session, o, mark, "out", is.null(o$noquote), is.null(o$nonames))
}

write_delimited <- function(command, session, o, mark, extension, quoted, named) {
  name <- if (is.null(command$using)) unquote(command$rest_text) else command$using
  if (is.null(command$using) && nrow(command$rest) == 0L) abort_stata("using required", 100L)
  vars <- if (is.null(command$using)) character() else expand_varlist(command$rest, session)
  if (!length(vars)) vars <- names(session$data)
  if (!length(vars)) abort_stata("no variables defined", 111L)
  rows <- selected_rows(command, session)
  cells <- lapply(vars, function(v) delimited_cells(v, rows, o, mark, quoted, session))
  lines <- c(if (named) paste(vars, collapse = mark), do.call(paste, c(cells, sep = mark)))
  write_output(lines, name, extension, !is.null(o$replace), "data", session)
}

# Labels stand for values; missing numbers are empty; a text that holds the separator or a quote is quoted.
delimited_cells <- function(v, rows, o, mark, quoted, session) {
  x <- session$data[[v]][rows]
  m <- session$meta[[v]]
  labelled <- !is.null(m$labels) && is.null(o$nolabel)
  if (is.numeric(x) && !labelled) {
    text <- if (!is.null(o$datafmt)) trimws(apply_format(x, m$format)) else shortest_number(x, m$type)
    return(ifelse(is.na(x), ifelse(missing_rank_any_of(x), letter_text(x), ""), text))
  }
  text <- if (labelled) ifelse(is.na(x), "", shown_value(v, session, rows)) else x
  wrap <- if (quoted) nzchar(text) | TRUE else grepl(mark, text, fixed = TRUE) | grepl("[\"\n]", text)
  ifelse(wrap, paste0("\"", gsub("\"", "\"\"", text, fixed = TRUE), "\""), text)
}

missing_rank_any_of <- function(x) is.na(x) & missing_rank(x) > 0
letter_text <- function(x) ifelse(missing_rank_any_of(x), paste0(".", letters[pmax(missing_rank(x), 1)]), ".")

# The shortest text that reads back as the value, of a float as a float.
shortest_number <- function(x, type) {
  x[is.na(x)] <- 0
  digits <- if (type == "float") 6:9 else 15:17
  out <- trimws(formatC(x, digits = digits[1L], format = "g", flag = ""))
  for (d in digits) {
    back <- if (type == "float") as_single(as.numeric(out)) else as.numeric(out)
    off <- back != x
    if (!any(off)) break
    out[off] <- trimws(formatC(x[off], digits = d, format = "g"))
  }
  sub("^(-?)0[.]", "\\1.", out)
}

# Lines into a file below the session's folders; an old one only with replace.
write_output <- function(lines, name, extension, replace, kind, session, append = FALSE) {
  shown <- with_extension(name, extension)
  file <- check_kind(session_path(shown, session), kind)
  if (file.exists(file) && !replace && !append) abort_stata(sprintf("file %s already exists", shown), 602L)
  check_writable(file)
  con <- file(file, if (append) "ab" else "wb")
  on.exit(close(con))
  writeLines(enc2utf8(lines), con, useBytes = TRUE)
  if (!append) emit(session, sprintf("file %s saved", shown))
  invisible(file)
}

# ---- workbooks ---------------------------------------------------------------------------------

# export excel [varlist] using file [if] [in] [, firstrow(variables|varlabels) sheet("", replace|modify) replace
# nolabel cell()]
export_excel <- function(command, session) {
  o <- command_options(command, c(firstrow = "first", sheet = "sh", replace = "replace", nolabel = "nol", cell = "cell",
                                  sheetmodify = "sheetmod", sheetreplace = "sheetrep", missing = "miss",
                                  datestring = "dates",
                                  keepcellfmt = "keep", locale = "loc"))
  require_reader("openxlsx", "export excel")
  name <- if (is.null(command$using)) unquote(command$rest_text) else command$using
  vars <- if (is.null(command$using)) character() else expand_varlist(command$rest, session)
  if (!length(vars)) vars <- names(session$data)
  rows <- selected_rows(command, session)
  frame <- lapply(vars, function(v) excel_cells(v, rows, is.null(o$nolabel), session))
  head <- if (!is.null(o$firstrow)) switch(match_option(c(o$firstrow, "")[1L],
                                                        c(variables = "var", varlabels = "varl")),
    varlabels = vapply(vars, function(v) if (nzchar(variable_label(v, session))) variable_label(v, session) else v,
                       ""), vars)
  sheet_words <- strsplit(c(o$sheet, "\"Sheet1\"")[1L], ",", fixed = TRUE)[[1L]]
  how <- trimws(c(sheet_words[2L], if (!is.null(o$sheetmodify)) "modify", if (!is.null(o$sheetreplace)) "replace"))
  book <- open_workbook(name, !is.null(o$replace), any(how %in% c("modify", "replace")), session)
  corner <- cell_place(c(o$cell, "A1")[1L])
  sheet <- workbook_sheet(book, unquote(trimws(sheet_words[1L])), any(how %in% "replace"))
  if (!is.null(head)) openxlsx::writeData(book$book, sheet, t(unname(head)), startCol = corner[2L],
                                          startRow = corner[1L], colNames = FALSE)
  for (j in seq_along(frame)) {
    openxlsx::writeData(book$book, sheet, frame[[j]], startCol = corner[2L] + j - 1L,
                        startRow = corner[1L] + !is.null(head), colNames = FALSE)
  }
  save_workbook(book, session)
}

excel_cells <- function(v, rows, labelled, session) {
  x <- session$data[[v]][rows]
  m <- session$meta[[v]]
  if (is.character(x)) return(ifelse(nzchar(x), x, NA))
  if (labelled && !is.null(m$labels)) return(ifelse(is.na(x), NA, shown_value(v, session, rows)))
  if (grepl("^%t?d", m$format)) return(as.Date(x - origin_days, origin = "1970-01-01"))
  ifelse(is.na(x), NA_real_, x)
}

# list(book, file, shown): a new workbook, or the one that is there.
open_workbook <- function(name, replace, modify, session) {
  shown <- with_extension(name, "xlsx")
  file <- check_kind(session_path(shown, session), "excel")
  there <- file.exists(file) && file.size(file) > 0
  if (there && !replace && !modify) abort_stata(sprintf("file %s already exists", shown), 602L)
  book <- if (there && modify && !replace) openxlsx::loadWorkbook(file) else openxlsx::createWorkbook()
  list(book = book, file = file, shown = shown)
}

workbook_sheet <- function(book, name, fresh = FALSE) {
  if (name %in% openxlsx::sheets(book$book)) {
    if (!fresh) return(name)
    openxlsx::removeWorksheet(book$book, name)
  }
  openxlsx::addWorksheet(book$book, name)
  name
}

save_workbook <- function(book, session, told = TRUE) {
  check_writable(book$file)
  openxlsx::saveWorkbook(book$book, book$file, overwrite = TRUE)
  check_written(book$file)
  if (told) emit(session, sprintf("file %s saved", book$shown))
}

# "B12" as row and column.
cell_place <- function(text) {
  part <- regmatches(toupper(text), regexec("^\\$?([A-Z]{1,3})\\$?([0-9]{1,7})$", toupper(trimws(text))))[[1L]]
  if (!length(part)) abort_stata(sprintf("%s: invalid cell", text), 198L)
  column <- Reduce(function(a, b) 26 * a + b, match(strsplit(part[2L], "")[[1L]], LETTERS), 0)
  c(as.integer(part[3L]), as.integer(column))
}

# putexcel set file [, replace modify sheet()]; putexcel A1 = exp B1 = "text" C1 = matrix(A), names; putexcel save,
# close
run_putexcel <- function(text, session, statement) {
  require_reader("openxlsx", "putexcel")
  word <- leading_word(text)
  if (word == "set") return(set_putexcel(sub("^set\\s+", "", text), session))
  if (word %in% c("close", "save", "clear", "describe")) {
    if (word == "describe") abort_unsupported("putexcel describe")
    session$putexcel <- NULL
    return(invisible())
  }
  if (is.null(session$putexcel)) abort_stata("putexcel set must come first", 198L)
  comma <- top_level_comma(text)
  body <- if (is.na(comma)) text else substr(text, 1L, comma - 1L)
  options <- parse_command(paste("putexcel ,", if (is.na(comma)) "" else substring(text, comma + 1L)))$options
  cells <- putexcel_cells(body)
  for (cell in cells) put_cell(cell, options, session)
  save_workbook(session$putexcel, session, told = FALSE)
  emit(session, sprintf("file %s saved", session$putexcel$shown))
}

set_putexcel <- function(text, session) {
  command <- parse_command(paste("putexcel", if (grepl("^[`\"]", text)) text else sub("^([^,]+?)\\s*(,|$)",
      "\"\\1\"\\2", text, perl = TRUE)))
  o <- command_options(command, c(replace = "replace", modify = "modify", sheet = "sh", open = "open",
                                  keepcellformat = "keep"))
  book <- open_workbook(command$rest$text[1L], !is.null(o$replace), !is.null(o$modify), session)
  words <- strsplit(c(o$sheet, "\"Sheet1\"")[1L], ",", fixed = TRUE)[[1L]]
  book$sheet <- workbook_sheet(book, unquote(trimws(words[1L])), any(grepl("replace", words[-1L])))
  session$putexcel <- book
  invisible()
}

# A1 = exp B1 = "text" A1 = ("text") A2 = matrix(M): pairs of a cell and what stands behind its sign.
putexcel_cells <- function(text) {
  text <- gsub("\\(\\s*([A-Za-z]{1,3}[0-9]+)\\s*\\)(\\s*=)", "\\1\\2", text)
  tokens <- tokenize(text)
  depth <- token_depth(tokens)
  cell <- grepl("^[A-Za-z]{1,3}[0-9]+$", tokens$text) & tokens$type == "name" & depth == 0L
  equal <- c(tokens$text[-1L], "") == "="
  range <- cell & c(tokens$text[-1L], "") == ":"
  start <- which(cell & (equal | range))
  start <- start[!(start - 1L) %in% which(tokens$text == ":")]
  if (!length(start)) abort_stata("invalid syntax: putexcel cell = value", 198L)
  lapply(seq_along(start), function(i) {
    end <- if (i < length(start)) start[i + 1L] - 1L else nrow(tokens)
    sign <- start[i] - 1L + match("=", tokens$text[start[i]:end])
    list(cell = tokens$text[start[i]], tokens = if (is.na(sign)) NULL else tokens[seq(sign + 1L, end), ],
         text = if (is.na(sign)) "" else token_text(text, tokens, sign + 1L, end))
  })
}

put_cell <- function(cell, options, session) {
  at <- cell_place(cell$cell)
  if (is.null(cell$tokens)) return(invisible())
  words <- cell$tokens$text
  if (words[1L] == "formula") abort_unsupported("putexcel formula()")
  if (words[1L] %in% c("picture", "image")) abort_unsupported("putexcel picture()")
  put <- function(x, row, column) {
    openxlsx::writeData(session$putexcel$book, session$putexcel$sheet, x, startCol = column, startRow = row,
                        colNames = FALSE,
                        rowNames = FALSE)
    style_cells(session$putexcel, row, column, dim(as.matrix(x)), options)
  }
  if (words[1L] %in% c("matrix", "mat") && words[2L] == "(") return(put_matrix(cell, options, at, put, session))
  if (words[1L] == "etable" && length(words) == 1L) return(put_etable(at, put, session))
  if (words[1L] %in% c("rscalars", "escalars", "rscalarnames", "resultset", "etable")) {
    abort_unsupported(sprintf("putexcel %s", words[1L]))
  }
  value <- evaluate_scalar(cell$tokens, session)
  if (is.numeric(value) && is.na(value)) value <- NA
  put(value, at[1L], at[2L])
}

# etable: the table of coefficients of the last regression with its heading, below an empty row.
put_etable <- function(at, put, session) {
  fit <- session$regression
  if (is.null(fit)) abort_unsupported("putexcel etable after this command")
  ratio <- isTRUE(fit$eform)
  table <- if (is.null(fit$kind)) fit$table else shown_coefficients(fit)
  shown <- !fit$design$base
  name <- ifelse(nzchar(table$block), paste(table$block, table$name), table$name)[shown]
  robust <- if (fit$cluster$kind == "ols") "" else "Robust "
  letter <- if (is.null(fit$kind)) "t" else "z"
  head <- c(fit$depvar, if (ratio) sub("Ratio", "ratio", likelihood_kinds[[fit$kind]]$ratio) else "Coefficient",
            paste0(robust, if (nzchar(robust)) "std. err." else "Std. err."), letter, sprintf("P>|%s|", letter),
            sprintf("[%s%% conf. interval]", format(fit$level)), "")
  put(t(head), at[1L] + 1L, at[2L])
  put(abbreviate_name(name, 12L), at[1L] + 2L, at[2L])
  put(as.matrix(unname(table[shown, c("b", "se", "t", "p", "lo", "hi")])), at[1L] + 2L, at[2L] + 1L)
}

put_matrix <- function(cell, options, at, put, session) {
  inside <- cell$tokens[-c(1L, 2L), ]
  close <- closing_token(cell$tokens, 2L)
  name <- cell$tokens[seq(3L, close - 1L), ]
  comma <- match(",", name$text)
  own <- if (is.na(comma)) character() else name$text[-seq_len(comma)]
  m <- matrix_value(if (is.na(comma)) name else name[seq_len(comma - 1L), ], session)
  m[is.na(m)] <- NA
  given <- c(names(options), own)
  rows <- any(given %in% c("names", "rownames"))
  columns <- any(given %in% c("names", "colnames"))
  if (columns) put(t(colnames(m)), at[1L], at[2L] + rows)
  if (rows) put(rownames(m), at[1L] + columns, at[2L])
  put(unname(m), at[1L] + columns, at[2L] + rows)
}

# bold, italic, nformat(), hcenter and the like.
style_cells <- function(book, row, column, size, options) {
  given <- names(options)
  known <- c("bold", "italic", "underline", "nformat", "hcenter", "left", "right", "names", "rownames", "colnames",
             "overwritefmt",
             "txtwrap", "merge", "border", "font", "fpattern", "vcenter", "top", "bottom", "sheet", "asdate")
  odd <- setdiff(given, known)
  if (length(odd)) refuse_option(odd[1L], "putexcel", known)
  looks <- intersect(given, c("bold", "italic", "underline"))
  align <- intersect(given, c("hcenter", "left", "right"))
  format <- if ("nformat" %in% given) excel_format(unquote(options$nformat))
  if (!length(looks) && !length(align) && is.null(format)) return(invisible())
  style <- openxlsx::createStyle(textDecoration = if (length(looks)) looks, numFmt = c(format, "GENERAL")[1L],
                                 halign = if (length(align)) sub("hcenter", "center", align[1L]))
  openxlsx::addStyle(book$book, book$sheet, style, rows = row + seq_len(size[1L]) - 1L,
                     cols = column + seq_len(size[2L]) - 1L,
                     gridExpand = TRUE)
}

excel_format <- function(name) {
  known <- c(number = "0", number_d2 = "0.00", number_sep = "#,##0", number_sep_d2 = "#,##0.00", percent = "0%",
             percent_d2 = "0.00%", scientific_d2 = "0.00E+00")
  if (name %in% names(known)) known[[name]] else name
}

# Tables of estimates as csv, TeX and RTF; esttab of a matrix; outreg2.
# Source: help of estout 3.31 (Jann 2005, 2007: The Stata Journal 5(3), 7(2)) and of outreg2. Oracle: the same cells as
# in
# the log.

# Cells between separators; csv has them as formulas, so that a spreadsheet shows them as they are.
esttab_split <- function(rows, cells, title, notes, kind) {
  quote <- function(x) if (kind == "csv") sprintf("\"%s%s%s\"", ifelse(nzchar(x), "=\"\"", ""), x, ifelse(nzchar(x),
    "\"\"",
                                                                                                        "")) else x
  sep <- if (kind == "csv") "," else "\t"
  line <- function(label, x) paste(c(if (kind == "csv") sprintf("\"%s\"", gsub("\"", "\"\"", label, fixed = TRUE)) else
    label, quote(x)), collapse = sep)
  single <- function(x) if (kind == "csv") sprintf("\"%s\"", x) else x
  c(single(title), vapply(rows$head, function(h) line("", h), ""),
    unlist(lapply(rows$body, function(r) c(line(r$label, paste0(r$b, r$star)), if (!is.null(r$under)) line("",
      r$under)))),
    vapply(names(cells$stats), function(s) line(s, cells$stats[[s]]), "", USE.NAMES = FALSE), single(notes))
}

esttab_tex <- function(rows, cells, title, notes, o) {
  safe <- function(x) gsub("([_%&#$])", "\\\\\\1", x)
  line <- function(label, x) paste0(paste(c(safe(label), x), collapse = " & "), " \\\\")
  star <- function(x) ifelse(nzchar(x), sprintf("\\sym{%s}", x), "")
  rules <- if (is.null(o$booktabs)) c("\\hline\\hline", "\\hline", "\\hline\\hline") else c("\\toprule", "\\midrule",
                                                                                           "\\bottomrule")
  n <- cells$n
  body <- c(rules[1L], vapply(rows$head, function(h) line("", sprintf("\\multicolumn{1}{c}{%s}", safe(h))), ""),
    rules[2L],
            unlist(lapply(rows$body, function(r) c(line(r$label, paste0(r$b, star(r$star))), if (!is.null(r$under))
              line("", r$under)))), rules[2L],
            vapply(names(cells$stats), function(s) line(s, cells$stats[[s]]), "", USE.NAMES = FALSE), rules[3L],
            sprintf("\\multicolumn{%d}{l}{\\footnotesize %s}\\\\", n + 1L, sub("<", "\\(<\\)", safe(notes),
              fixed = TRUE)))
  if (!is.null(o$fragment)) return(body)
  c(if (length(title)) c("\\begin{table}[htbp]\\centering", sprintf("\\caption{%s}", safe(title))),
    "\\def\\sym#1{\\ifmmode^{#1}\\else\\(^{#1}\\)\\fi}", sprintf("\\begin{tabular}{l*{%d}{c}}", n), body,
    "\\end{tabular}", if (length(title)) "\\end{table}")
}

esttab_rtf <- function(rows, cells, title, notes) {
  safe <- function(x) {
    x <- gsub("([\\\\{}])", "\\\\\\1", enc2utf8(x))
    vapply(x, function(s) {
      code <- utf8ToInt(s)
      if (!length(code)) return("")
      paste(ifelse(code > 127L, sprintf("\\u%d?", code), intToUtf8(code, multiple = TRUE)), collapse = "")
    }, "", USE.NAMES = FALSE)
  }
  edges <- paste0("\\cellx", 2400L + 1500L * (0:cells$n), collapse = "")
  row <- function(label, x) paste0("\\trowd", edges, "\n\\pard\\intbl\\ql ", safe(label), "\\cell",
                                   paste0("\n\\pard\\intbl\\qc ", safe(x), "\\cell", collapse = ""), "\n\\row")
  c("{\\rtf1\\ansi\\deff0 {\\fonttbl{\\f0\\froman Times New Roman;}}", if (length(title)) sprintf("{\\pard\\b %s\\par}",
                                                                                                  safe(title)),
    vapply(rows$head, function(h) row("", h), ""),
    unlist(lapply(rows$body, function(r) c(row(r$label, paste0(r$b, r$star)), if (!is.null(r$under)) row("",
      r$under)))),
    vapply(names(cells$stats), function(s) row(s, cells$stats[[s]]), "", USE.NAMES = FALSE),
    if (length(notes)) sprintf("{\\pard\\fs18 %s\\par}", safe(notes)), "}")
}

table_file_kind <- function(file, o) {
  for (kind in c("csv", "tex", "rtf")) if (!is.null(o[[kind]])) return(kind)
  if (!is.null(o$booktabs)) return("tex")
  extension <- if (is.null(file)) "" else tolower(tools::file_ext(file))
  switch(extension, csv = "csv", tex = "tex", rtf = , doc = "rtf", xls = , xml = "tab", "text")
}

write_table_file <- function(file, lines, kind, o, session) {
  shown <- with_extension(file, c(text = "txt", csv = "csv", tex = "tex", rtf = "rtf", tab = "txt")[[kind]])
  path <- check_kind(session_path(shown, session), "table")
  old <- character()
  if (file.exists(path)) {
    if (is.null(o$replace) && is.null(o$append)) abort_stata(sprintf("file %s already exists", shown), 602L)
    if (!is.null(o$append)) old <- read_text_lines(path)
  }
  write_lines(c(old, lines), path)
  emit(session, sprintf("(output written to %s)", shown))
}

# esttab matrix(name [, fmt()]): the matrix as a table.
esttab_matrix <- function(hit, session) {
  m <- find_matrix_value(hit[2L], session)
  command <- parse_command(paste("esttab", sub("^\\s*$", "", hit[4L])))
  o <- command_options(command, esttab_options)
  format <- regmatches(hit[3L], regexec("fmt\\(([^)]*)\\)", hit[3L]))[[1L]]
  formats <- if (length(format)) plain_words(format[2L]) else "a3"
  text <- matrix(vapply(seq_along(m), function(i) estout_number(m[i], formats[min((i - 1L) %/% nrow(m) + 1L,
                                                                                length(formats))]), ""), nrow(m))
  cells <- list(n = ncol(m), labels = rownames(m), stats = list(), titles = colnames(m),
                entry = lapply(seq_len(ncol(m)), function(j) lapply(seq_len(nrow(m)), function(i) list(b = text[i, j],
                  star = "", under = ""))))
  wish <- list(below = character(), stars = NULL, bracket = c("", ""))
  o <- unclass(o)
  o$nonumbers <- o$nonotes <- ""
  o <- exact_list(o)
  kind <- table_file_kind(command$using, o)
  lines <- esttab_page(cells, wish, o, kind)
  if (is.null(command$using)) emit(session, lines) else write_table_file(command$using, lines, kind, o, session)
}

find_matrix_value <- function(name, session) {
  hit <- regmatches(name, regexec("^([re])\\((\\w+)\\)$", name))[[1L]]
  m <- if (length(hit)) session[[hit[2L]]][[hit[3L]]] else session$matrices[[name]]
  if (!is.matrix(m)) abort_stata(sprintf("matrix %s not found", name), 111L)
  if (is.null(rownames(m))) rownames(m) <- paste0("r", seq_len(nrow(m)))
  if (is.null(colnames(m))) colnames(m) <- paste0("c", seq_len(ncol(m)))
  m
}

outreg_options <- c(replace = "rep", append = "app", dec = "dec", bdec = "bd", sdec = "sd", tdec = "tdec", rdec = "rd",
                    adec = "ad", pdec = "pd", ctitle = "ct", addstat = "adds", addtext = "addt", label = "lab",
                    keep = "keep", drop = "drop", excel = "exc", word = "word", tex = "tex", title = "ti",
                    addnote = "addn", nocons = "noc", tstat = "ts", pvalue = "pv", ci = "ci", eform = "ef",
                    alpha = "al", symbol = "sym", noaster = "noas", bracket = "br", nor2 = "nor2", noobs = "noobs",
                    stats = "st", sortvar = "so", text = "text", see = "see", seeout = "seeo", e = "e",
                      nonotes = "nono",
                    auto = "auto", onecol = "one", long = "long", groupvar = "gr", sum = "sum", noni = "noni",
                    noparen = "nopa", asterisk = "as")

# outreg2 [names] using file [, replace append dec(#) ...]: coefficients over standard errors, one file.
run_outreg2 <- function(text, session, statement) {
  command <- parse_command(paste("outreg2", text))
  o <- command_options(command, outreg_options)
  if (!is.null(o$sum)) abort_unsupported("option sum of outreg2")
  if (is.null(command$using)) abort_stata("using required", 100L)
  names <- stored_names(command$rest$text, session)
  digits <- function(...) for (x in list(...)) if (!is.null(x)) return(sprintf("%d", as.integer(number_word(x))))
  below <- if (!is.null(o$tstat)) "t" else if (!is.null(o$pvalue)) "p" else if (!is.null(o$ci)) "ci" else "se"
  wish <- list(below = below, b = c(digits(o$bdec, o$dec), "a3")[1L], under = c(digits(o$sdec, o$dec), "a3")[1L],
               stars = if (is.null(o$noaster)) c(`***` = 0.01, `**` = 0.05, `*` = 0.1),
               bracket = if (!is.null(o$bracket)) c("[", "]") else c("(", ")"))
  table <- list(keep = o$keep, drop = o$drop, label = o$label, title = o$title, eform = o$eform, noconstant = o$nocons,
                addnotes = o$addnote, mtitles = o$ctitle, noobs = o$noobs, replace = o$replace, append = o$append)
  table <- exact_list(Filter(Negate(is.null), table))
  # Columns that append adds stand beside those of the file's table so far.
  key <- session_path(command$using, session)
  columns <- if (!is.null(o$append)) session$outreg[[key]]
  all <- c(columns, stats::setNames(lapply(names, find_estimates, session = session), rep("", length(names))))
  session$outreg[[key]] <- all
  inner <- list2env(list(stored = stats::setNames(all, paste0("m", seq_along(all))), meta = session$meta,
                         value_labels = session$value_labels), parent = emptyenv())
  cells <- esttab_cells(paste0("m", seq_along(all)), wish, table, inner)
  kind <- table_file_kind(command$using, exact_list(Filter(Negate(is.null), list(tex = o$tex, rtf = o$word))))
  if (kind == "text") kind <- "tab"
  lines <- esttab_page(cells, wish, table, kind)
  table <- unclass(table)
  table$append <- NULL
  table$replace <- ""
  exists <- file.exists(session_path(command$using, session))
  if (exists && is.null(o$replace) && is.null(o$append)) abort_stata("file already exists", 602L)
  write_table_file(command$using, lines, kind, exact_list(table), session)
}

# asdoc command, save() title() replace append dec() ...: the command runs; its output stays in the log.
run_asdoc <- function(text, session, statement) {
  comma <- top_level_comma(text)
  if (!is.na(comma)) {
    rest <- without_asdoc(parse_command(paste("asdoc", substring(text, comma)))$options)
    text <- paste0(substr(text, 1L, comma - 1L), if (length(rest)) paste(",", written_options(rest)))
  }
  if (!nzchar(trimws(text))) return(invisible())
  emit(session, "(asdoc: no file is written; the output is in the log)")
  run_command(trimws(text), session, statement)
}

# asdoc's own options with a text and without one; the others are those of the command: row of tabulate is no row().
asdoc_texts <- c("save", "title", "dec", "text", "fs", "font", "rnames", "cnames", "row", "accumulate", "notes", "cmd")
asdoc_flags <- c("append", "replace", "nest", "setstars", "hide", "abb", "label", "tzok", "offline", "noci", "wide",
                 "landscape")

without_asdoc <- function(options) {
  words <- names(options)
  options[!(words %in% asdoc_texts & !is.na(options) | words %in% c(asdoc_flags, "cmd") & is.na(options))]
}

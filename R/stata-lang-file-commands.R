# use, save, import delimited, import excel, insheet, input, sysuse. Files of Stata through haven.

require_reader <- function(package, what) {
  if (!requireNamespace(package, quietly = TRUE)) abort_stata(sprintf("%s needs the R package %s", what, package), 601L)
}

existing_file <- function(file, session) {
  if (grepl("^\\s*(https?|ftps?)://", file, ignore.case = TRUE)) {
    abort_gap(sprintf("reading of %s", file), "a do-file reads files of its folder; download it there")
  }
  named <- gsub("\\", "/", file, fixed = TRUE)
  file <- session_path(file, session, read = TRUE)
  if (!file.exists(file)) abort_stata(sprintf("file %s not found", file), 601L)
  session$read_as[[normalizePath(file, "/")]] <- named
  plain_path(file)
}

check_unsaved <- function(o, session) {
  if (is.null(o$clear) && data_changed(session)) abort_stata("no; data in memory would be lost", 4L)
}

# use file [, clear], use a b if x > 1 using file
run_use <- function(command, session, rows) {
  o <- command_options(command, c(clear = "clear", nolabel = "nol", replace = "replace"))
  if (!is.null(o$replace)) o <- exact_list(list(clear = ""))
  file <- if (!is.null(command$using)) command$using else unquote(command$rest_text)
  check_unsaved(o, session)
  file <- existing_file(with_extension(file, "dta"), session)
  require_reader("haven", "use")
  load_dta(file, session)
  session$on_file <- session$data
  if (is.null(command$using)) return(invisible())
  if (!is.null(command$`if`) || !is.null(command[["in"]])) filter_rows(session, selected_rows(command, session))
  vars <- expand_varlist(command$rest, session)
  if (length(vars)) drop_variables(session, setdiff(names(session$data), vars))
}

# Written beside its place and moved there: what fails leaves the old file as it was.
write_dta_whole <- function(session, file, label = NULL) {
  check_writable(file)
  made <- tempfile("data", dirname(file), ".dta")
  on.exit(unlink(made))
  haven::write_dta(haven_frame(session), made, label = label)
  check_written(made)
  if (!file.rename(made, file)) abort_stata(sprintf("file %s could not be written", basename(file)), 603L)
  remember_written(file, session)
}

run_save <- function(command, session, rows) {
  o <- command_options(command, c(replace = "replace", orphans = "orphans", nolabel = "nol", emptyok = "empty",
                                  all = "all",
                                  version = "vers"))
  file <- unquote(command$rest_text)
  if (!nzchar(file)) file <- session$file
  if (!nzchar(file)) abort_stata("invalid file specification", 198L)
  o$emptyok <- o$emptyok %||% if (length(session$data)) ""
  if (is.null(o$emptyok)) abort_stata("no variables defined", 111L)
  shown <- with_extension(file, "dta")
  file <- check_kind(session_path(shown, session), "dta")
  if (file.exists(file) && is.null(o$replace)) abort_stata(sprintf("file %s already exists", file), 602L)
  require_reader("haven", "save")
  write_dta_whole(session, file, if (nzchar(session$data_label)) session$data_label)
  session$file <- file
  session$on_file <- session$data
  emit(session, sprintf("file %s saved", shown))
}

haven_frame <- function(session) {
  columns <- lapply(names(session$data), function(name) {
    m <- session$meta[[name]]
    labels <- if (!is.null(m$labels)) session$value_labels[[m$labels]]
    label <- if (nzchar(m$label)) m$label
    x <- session$data[[name]]
    if (length(labels)) x <- haven::labelled(x, labels, label) else attr(x, "label") <- label
    attr(x, "format.stata") <- m$format
    x
  })
  structure(stats::setNames(columns, names(session$data)), class = "data.frame", row.names = seq_len(session$n))
}

# import delimited [a b] using file, clear delimiters(";") varnames(1) encoding("GB18030"); insheet using file.
run_import <- function(text, session, statement) {
  kind <- sub("^(\\S+).*$", "\\1", text)
  rest <- sub("^\\S+\\s*", "", text)
  if (kind %in% c("exc", "exce", "excel")) return(import_excel(parse_command(paste("excel", rest)), session))
  if (startsWith("delimited", kind) && nchar(kind) >= 3L) {
    return(import_delimited(parse_command(paste("delimited", rest)), session))
  }
  abort_unsupported(paste("import", kind))
}

run_insheet <- function(command, session, rows) import_delimited(command, session)

import_delimited <- function(command, session) {
  o <- command_options(command, c(clear = "clear", delimiters = "delim", varnames = "varn", case = "case",
                                  encoding = "enc",
                                  comma = "comma", tab = "tab", names = "names", nonames = "nonames",
                                    stringcols = "stringc", numericcols = "numericc", rowrange = "rowr",
                                    colrange = "colr", bindquotes = "bindq",
                                  stripquotes = "stripq", groupseparator = "group", parselocale = "parse",
                                  favorstrfixed = "favor",
                                  asdouble = "asd", asfloat = "asf", double = "dou", maxquotedrows = "maxq",
                                  delimiter = "delimiter"))
  file <- if (is.null(command$using)) unquote(command$rest_text) else command$using
  check_unsaved(o, session)
  file <- existing_file(with_extension(file, if (command$word == "insheet") "raw" else "csv"), session)
  lines <- read_text_lines(file, if (is.null(o$encoding)) NULL else unquote(o$encoding))
  header <- is.null(o$nonames) && !identical(o$varnames, "nonames")
  data <- utils::read.table(text = lines, sep = delimiter_of(o, lines), header = header, quote = "\"",
                            stringsAsFactors = FALSE, comment.char = "", check.names = FALSE, fill = TRUE,
                            na.strings = character(), strip.white = FALSE, encoding = "UTF-8", colClasses = "character")
  names(data) <- trimws(names(data))
  data <- import_range(data, o, header)
  text <- import_columns(o$stringcols, ncol(data))
  number <- import_columns(o$numericcols, ncol(data))
  data[] <- lapply(seq_along(data), function(j) if (j %in% text) enc2utf8(ifelse(is.na(data[[j]]), "", data[[j]])) else
    if (j %in% number) suppressWarnings(real_value(trimws(data[[j]]))) else number_or_text(data[[j]]))
  import_frame(data, header, o$case, session)
  if (!is.null(command$using) && nrow(command$rest)) {
    rename_variables(session, names(session$data), varlist_words(command$rest))
  }
  emit_size(session)
}

# rowrange(2:9), colrange(1:3): lines and columns of the file, the line of names among them.
import_range <- function(data, o, header) {
  ends <- function(text, most) {
    part <- strsplit(paste0(text, " "), ":", fixed = TRUE)[[1L]]
    value <- suppressWarnings(as.numeric(trimws(part)))
    from <- if (is.na(value[1L])) 1 else value[1L]
    to <- if (length(value) < 2L || is.na(value[2L])) (if (grepl(":", text, fixed = TRUE) ||
      length(part) == 1L) most else from) else value[2L]
    c(max(from, 1), min(to, most))
  }
  if (!is.null(o$rowrange)) {
    shift <- as.integer(header)
    r <- ends(o$rowrange, nrow(data) + shift)
    keep <- seq(r[1L], max(r)) - shift
    data <- data[keep[keep >= 1L & keep <= nrow(data)], , drop = FALSE]
  }
  if (!is.null(o$colrange)) {
    r <- ends(o$colrange, ncol(data))
    data <- data[, seq(r[1L], max(r)), drop = FALSE]
  }
  data
}

import_columns <- function(text, most) {
  if (is.null(text)) return(integer())
  if (trimws(text) == "_all") return(seq_len(most))
  as.integer(parse_numlist(text))
}

# A column whose cells are numbers, "." or empty is one of numbers, blanks beside them or not; text keeps its blanks.
number_or_text <- function(x) {
  x[is.na(x)] <- ""
  cell <- trimws(x)
  number <- real_value(cell)
  if (all(!is.na(number) | cell %in% c("", "."))) number else enc2utf8(x)
}

emit_size <- function(session) {
  size <- format(session$n, big.mark = ",")
  emit(session, sprintf("(%s, %s obs)", plural(length(session$data), "var"), size))
}

delimiter_of <- function(o, lines) {
  if (!is.null(o$tab)) return("\t")
  if (!is.null(o$comma)) return(",")
  if (!is.null(o$delimiters)) {
    text <- unquote(strsplit(o$delimiters, ",\\s*[a-z]")[[1L]][1L])
    return(switch(text, tab = , "\\t" = "\t", comma = ",", space = , whitespace = "", text))
  }
  if (length(lines) && grepl("\t", lines[1L], fixed = TRUE)) "\t" else if (!grepl(",", lines[1L], fixed = TRUE) &&
                                                                           grepl(";", lines[1L],
                                                                                 fixed = TRUE)) ";" else ","
}

# Stata takes names in small letters and keeps the heading as the variable's label.
import_frame <- function(data, header, case, session) {
  heads <- if (header) names(data) else paste0("v", seq_along(data))
  shown <- if (is.null(case) || case == "lower") tolower(heads) else if (case == "upper") toupper(heads) else heads
  blank <- !nzchar(trimws(shown))
  shown[blank] <- paste0("v", which(blank))
  names(data) <- stata_names(gsub("[^[:alnum:]_]", "", shown))
  for (i in seq_along(data)) {
    if (is.logical(data[[i]]) && !all(is.na(data[[i]]))) data[[i]] <- as.character(data[[i]])
    if (header && heads[i] != names(data)[i]) attr(data[[i]], "label") <- heads[i]
  }
  load_data_frame(data, session)
}

# A to Z, AA to ZZ, ...
column_letters <- function(n) {
  two <- c(LETTERS, paste0(rep(LETTERS, each = 26L), LETTERS))
  if (n <= length(two)) return(two[seq_len(n)])
  c(two, paste0(rep(LETTERS, each = 676L), two[-(1:26)]))[seq_len(n)]
}

# Without an extension Stata means .xls; .xlsx is taken where that alone is there.
existing_workbook <- function(file, session) {
  old <- with_extension(file, "xls")
  new <- with_extension(file, "xlsx")
  if (old == new || file.exists(session_path(old, session, read = TRUE))) return(existing_file(old, session))
  if (file.exists(session_path(new, session, read = TRUE))) return(existing_file(new, session))
  existing_file(old, session)
}

import_excel <- function(command, session) {
  o <- command_options(command, c(sheet = "sh", firstrow = "first", clear = "clear", cellrange = "cell", case = "case",
                                  allstring = "all", describe = "desc",
                                  locale = "loc"))
  file <- if (is.null(command$using)) unquote(command$rest_text) else command$using
  if (!is.null(o$describe)) return(describe_workbook(existing_workbook(file, session), session))
  check_unsaved(o, session)
  file <- existing_workbook(file, session)
  require_reader("readxl", "import excel")
  # Empty rows and columns at the start count.
  whole <- readxl::cell_limits(c(1L, 1L), c(NA_integer_, NA_integer_))
  data <- tryCatch(readxl::read_excel(file, sheet = if (is.null(o$sheet)) NULL else unquote(o$sheet),
                                      range = cell_range(o$cellrange) %||% whole, col_names = !is.null(o$firstrow),
                                      col_types = if (!is.null(o$allstring)) "text", .name_repair = "minimal"),
                   error = function(e) abort_stata(sprintf("file %s: %s", basename(file), conditionMessage(e)), 603L))
  data <- as.data.frame(data, stringsAsFactors = FALSE)
  dates <- vapply(data, inherits, NA, what = "POSIXct")
  data[dates] <- lapply(data[dates], as.Date)
  letter <- column_letters(length(data))
  unnamed <- is.null(o$firstrow) | !nzchar(trimws(names(data))) | is.na(names(data))
  names(data)[rep_len(unnamed, length(data))] <- letter[rep_len(unnamed, length(data))]
  if (!is.null(o$allstring)) data[] <- lapply(data, function(x) ifelse(is.na(x), "", as.character(x)))
  import_frame(data, TRUE, if (is.null(o$case)) "preserve" else o$case, session)
  if (!is.null(command$using) && nrow(command$rest)) take_columns(command$rest, session)
  emit_size(session)
}

# A1:D9 as it stands; A2 alone goes on to the end, A2: as well.
cell_range <- function(text) {
  if (is.null(text)) return(NULL)
  text <- unquote(text)
  hit <- regmatches(text, regexec("^([A-Za-z]+)([0-9]+):?$", text))[[1L]]
  if (!length(hit)) return(text)
  column <- Reduce(function(a, b) 26 * a + b, match(strsplit(toupper(hit[2L]), "")[[1L]], LETTERS))
  readxl::cell_limits(c(as.integer(hit[3L]), as.integer(column)), c(NA_integer_, NA_integer_))
}

# import excel new=A B using file: columns by letter, those named keep the new names.
take_columns <- function(tokens, session) {
  words <- plain_words(gsub("\\s*=\\s*", "=", paste0(ifelse(tokens$blank, " ", ""), tokens$text, collapse = "")))
  part <- strsplit(words, "=", fixed = TRUE)
  from <- vapply(part, function(p) find_stata_variable(p[length(p)], session), "")
  drop_variables(session, setdiff(names(session$data), from))
  new <- vapply(part, `[`, "", 1L)
  if (any(new != from)) rename_variables(session, from, new)
}

# The sheets of a workbook and the cells that they use.
describe_workbook <- function(file, session) {
  require_reader("readxl", "import excel")
  sheets <- readxl::excel_sheets(file)
  size <- vapply(sheets, function(s) {
    d <- suppressMessages(readxl::read_excel(file, sheet = s, col_names = FALSE, .name_repair = "minimal"))
    if (!nrow(d)) "" else sprintf("A1:%s%d", utils::tail(column_letters(ncol(d)), 1L), nrow(d))
  }, "")
  session$r <- c(list(N_worksheet = length(sheets)), stats::setNames(as.list(c(rbind(sheets, size))),
                 c(rbind(sprintf("worksheet_%d", seq_along(sheets)), sprintf("range_%d", seq_along(sheets))))))
  emit(session, c("", "               Sheet | Range", rule(21L, 28L), sprintf("%20s | %s", sheets, size)))
}

# input [str10] a b ... end: the rows follow the command up to `end`.
run_input <- function(text, session, statement) {
  spec <- input_variables(text, session)
  n <- length(spec$name)
  rows <- statement$rows
  if (!length(rows) || trimws(rows[[length(rows)]]$text) != "end") abort_stata("input: end is missing", 198L)
  echo <- input_echo(spec, rows)
  emit_input(session, echo)
  cells <- vapply(rows[-length(rows)], function(r) input_row(r, n), character(n))
  cells <- matrix(cells, nrow = n)
  for (i in seq_len(n)) {
    string <- startsWith(spec$type[i], "str")
    value <- if (string) cells[i, ] else input_number(cells[i, ], rows)
    store_variable(session, spec$name[i], value, if (string) NULL else spec$type[i])
  }
}

emit_input <- function(session, lines) emit(session, lines)

input_variables <- function(text, session) {
  words <- strsplit(trimws(text), "\\s+")[[1L]]
  if (length(session$data)) abort_unsupported("input with data in memory")
  is_type <- words %in% storage_types | grepl("^str([0-9]+|L)$", words)
  names <- words[!is_type]
  at <- which(!is_type)
  type <- ifelse(at > 1L & c(FALSE, is_type)[at], words[pmax(at - 1L, 1L)], session$type)
  if (!length(names)) abort_stata("too few variables specified", 102L)
  for (name in names) check_new_name(name, session)
  list(name = names, type = type)
}

input_row <- function(statement, n) {
  tokens <- tokenize(statement$text)
  words <- macro_words(statement$text)
  if (length(words) != n) {
    abort_stata(sprintf("input row %s has %d values, not %d", dQuote(statement$text, FALSE), length(words), n), 198L)
  }
  words
}

input_number <- function(text, rows) {
  out <- real_value(text)
  letter <- grepl("^[.][a-z]$", text)
  out[letter] <- vapply(substring(text[letter], 2L), missing_value, 0)
  bad <- which(is.na(out) & !text %in% "." & !letter)
  if (length(bad)) abort_stata(sprintf("'%s' cannot be read as a number", text[bad[1L]]), 198L)
  out
}

input_echo <- function(spec, rows) {
  width <- ifelse(startsWith(spec$type, "str"), pmax(suppressWarnings(as.integer(substring(spec$type, 4L))), 9L), 9L)
  width[is.na(width)] <- 9L
  head <- paste0("     ", paste0(justify(abbreviate_name(spec$name, 9L), width), collapse = "  "))
  c("", head, sprintf("%3d. %s", seq_along(rows), vapply(rows, function(r) trimws(r$text), "")))
}

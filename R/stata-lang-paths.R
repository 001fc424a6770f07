# Where a script may write: only below its folders, and never over a file of another kind.

# The folder that relative names start from; `cd` changes it for the session alone.
working_folder <- function(session) if (is.null(session$cwd)) normalizePath(getwd(), "/") else session$cwd

is_absolute <- function(file) grepl("^(/|~|[[:alpha:]]:[/\\\\])", file)

in_working_folder <- function(file, session) {
  file <- in_copied_folder(file, session)
  if (is.null(session$cwd) || is_absolute(file)) file else file.path(session$cwd, file)
}

# A session that works on a copy of a folder finds there what the script calls by the name of the original.
in_copied_folder <- function(file, session) {
  from <- session$copied
  if (is.null(from) || !is_absolute(file)) return(file)
  file <- gsub("\\", "/", file, fixed = TRUE)
  if (file == from || startsWith(file, paste0(from, "/"))) paste0(session$folder,
                                                                  substring(file, nchar(from) + 1L)) else
    file
}

script_roots <- function(session) normalizePath(unique(c(getwd(), tempdir(), session$folder)), "/", mustWork = FALSE)

is_inside <- function(target, roots) any(startsWith(paste0(target, "/"), paste0(sub("/$", "", roots), "/")))

# A name in a folder that is not there, or in the root of a disk, stands for the file of that name in the session's
# folder, which the log says: do-files name the folders of the machine they were written on.
own_folder_of <- function(file, session, read = FALSE) {
  file <- in_copied_folder(file, session)
  root <- grepl(if (read) "^([[:alpha:]]:)?[/\\\\]+[^/\\\\]+$" else "^[[:alpha:]]:[/\\\\]+[^/\\\\]+$", file)
  if (!root && dir.exists(dirname(in_working_folder(path.expand(file), session)))) return(file)
  parts <- strsplit(file, "[/\\\\]+")[[1L]]
  for (i in seq_along(parts)[-1L]) {
    tail <- paste(parts[i:length(parts)], collapse = "/")
    if (file.exists(in_working_folder(tail, session))) break
    folder <- in_working_folder(dirname(tail), session)
    if (dirname(tail) != "." && dir.exists(folder)) break
  }
  own <- in_working_folder(tail, session)
  if (!read || file.exists(own)) emit(session, sprintf("(%s: there is no such folder; taken as %s)", file, tail))
  own
}

# A script writes only below the working folder, the folder of its do-file and R's temporary folder.
script_path <- function(file, session) {
  if (!is_plain_path(file)) abort_stata(sprintf("file %s is no path of a file", file), 603L)
  named <- file
  file <- in_working_folder(own_folder_of(file, session), session)
  file <- tryCatch(plain_path(file), metaparity_error_input = function(e) {
    abort_stata(sprintf("file %s could not be opened", file), 603L)
  })
  link <- Sys.readlink(file)
  target <- if (file.exists(file)) normalizePath(file, "/") else file
  check_not_read(named, target, session)
  roots <- script_roots(session)
  if (!is_inside(target,
                 roots) || target %in% roots || (!is.na(link) && nzchar(link) && !file.exists(file)) ||
                   dir.exists(target)) {
    abort_stata(sprintf("file %s is outside the folders that a script may write to", file), 608L)
  }
  file
}

# Two files of another machine may stand for one here: what was read by one name is not overwritten by another.
check_not_read <- function(named, target, session) {
  read <- session$read_as[[target]]
  if (is.null(read) || read == named || file.exists(in_working_folder(path.expand(named), session))) return()
  abort_stata(sprintf("file %s would overwrite what was read as %s: there is no such folder", named, read), 602L)
}

script_kinds <- list(log = c("log", "smcl", "txt"), dta = "dta", graph = character(),
                     data = c("csv", "txt", "tsv", "raw", "out", "tab", "dat", "prn", "asc"),
                     text = c("csv", "txt", "tsv", "raw", "out", "tab", "dat", "tex", "md", "htm", "html", "prn",
                              "asc"),
                     excel = c("xlsx", "xls"), gph = "gph", ster = "ster", docx = "docx",
                     table = c("csv", "txt", "tsv", "tex", "rtf", "doc", "xls", "xml", "htm", "html", "out", "md",
                       "dat"))

# A script replaces only what is of the kind it writes.
check_kind <- function(file, kind) {
  extension <- tolower(sub("^.*[.]", "", basename(file)))
  known <- if (kind == "graph") c(names(figure_devices()), "tif", "jpg", "ps", "emf") else script_kinds[[kind]]
  if (!extension %in% known) abort_stata(sprintf("file %s: a %s has no such extension", basename(file), kind), 198L)
  if (!file.exists(file) || file.size(file) == 0) return(file)
  own <- switch(kind, log = is_log_file(file), dta = !is.na(dta_header(file)$release), graph = is_graph_file(file),
                text = , table = is_text_file(file), data = is_text_file(file) && is_delimited_file(file), excel = ,
                docx = is_workbook(file), gph = is_saved_graph(file), ster = is_estimates_file(file))
  if (!own) abort_stata(sprintf("file %s is no %s and is not overwritten", file, kind), 608L)
  file
}

is_log_file <- function(file) {
  bytes <- first_bytes(file, 400L)
  if (any(bytes == as.raw(0L))) return(FALSE)
  text <- rawToChar(bytes)
  grepl("^\\s*(-{20,}|[{]smcl[}])", text, useBytes = TRUE) && grepl("log:", text, fixed = TRUE, useBytes = TRUE)
}

is_graph_file <- function(file) {
  head <- first_bytes(file, 5L)
  marks <- list(charToRaw("%PDF"), charToRaw("%!PS"), charToRaw("<?xml"), charToRaw("<svg"),
                as.raw(c(0x89, 0x50, 0x4e, 0x47)), as.raw(c(0xff, 0xd8)), charToRaw("II*"), charToRaw("MM"),
                charToRaw("BM"), as.raw(c(1L, 0L, 0L, 0L, 88L)))
  any(vapply(marks, function(mark) identical(head[seq_along(mark)], mark), NA))
}

# Text without a zero byte.
is_text_file <- function(file) !any(first_bytes(file, 4000L) == as.raw(0L))

# Every line has the marks that divide the first, or more where texts have them too; a single column has no blanks.
is_delimited_file <- function(file) {
  lines <- suppressWarnings(readLines(file, 200L, warn = FALSE))
  bare <- gsub('"[^"]*"', "q", lines[nzchar(lines)], useBytes = TRUE)
  if (!length(bare)) return(TRUE)
  marks <- setdiff(regmatches(bare[1L], gregexpr("[[:punct:][:blank:]]", bare[1L], useBytes = TRUE))[[1L]],
                   c(".", "_", "-", "'", if (length(bare) == 1L) " "))
  count <- function(mark) lengths(regmatches(bare, gregexpr(mark, bare, fixed = TRUE, useBytes = TRUE)))
  any(vapply(lapply(marks, count), function(n) all(n >= n[1L]), NA)) || !any(grepl("[[:blank:]]", trimws(bare)))
}

is_saved_graph <- function(file) grepl("graph of metaparity", rawToChar(first_bytes(file, 60L)), fixed = TRUE,
                                       useBytes = TRUE)

estimates_file_head <- "estimates of metaparity 1"

is_estimates_file <- function(file) {
  head <- charToRaw(estimates_file_head)
  identical(first_bytes(file, length(head)), head)
}

# A workbook begins as a zip archive.
is_workbook <- function(file) identical(first_bytes(file, 2L), charToRaw("PK"))

# What output_path() asks while a script runs.
run_rule <- function(session) function(file, kind) check_kind(script_path(file, session), kind)

with_extension <- function(file, extension) if (grepl("[.][[:alnum:]]+$", basename(file))) file else paste0(file, ".",
                                                                                                            extension)

# Paths are relative to the do-file when they are not found from the working folder; a do-file reads below its folders.
session_path <- function(file, session, read = FALSE) {
  file <- gsub("\\", "/", file, fixed = TRUE)
  if (!read) return(script_path(file, session))
  if (!is_plain_path(file)) abort_stata(sprintf("file %s not found", file), 601L)
  named <- file
  file <- path.expand(in_working_folder(file, session))
  if (file.exists(file)) return(readable_path(file, session))
  beside <- if (!is.null(session$folder) && !is_absolute(named)) file.path(session$folder, named)
  if (!is.null(beside) && file.exists(beside)) return(readable_path(beside, session))
  own <- own_folder_of(named, session, TRUE)
  if (file.exists(own)) readable_path(own, session) else file
}

# What a do-file may read: files below its folder, the working folder and R's temporary folder.
readable_path <- function(file, session) {
  if (is.null(session$folder) || is_inside(normalizePath(file, "/"), script_roots(session))) return(file)
  abort_stata(sprintf("file %s is outside the folders that a do-file may read from", file), 608L)
}

# The existing folder of a name, within the session's folders.
inner_folder <- function(folder, session) {
  if (!nzchar(folder)) folder <- "."
  if (!is_plain_path(folder)) abort_stata(sprintf("folder %s not found", folder), 601L)
  target <- path.expand(in_working_folder(gsub("\\", "/", folder, fixed = TRUE), session))
  if (!dir.exists(target)) abort_stata(sprintf("folder %s not found", folder), 601L)
  target <- normalizePath(target, "/")
  if (!is_inside(target, script_roots(session))) abort_stata(sprintf("%s is outside the folders of the session",
                                                                     folder), 608L)
  target
}

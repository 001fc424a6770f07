# One door for files: a path from a user or a script is a file's name, never a pipe, URL or connection description.
# Absolute names are handed on, because R's file() and devices read "|cmd", "clipboard" and "http:" from relative ones.

is_plain_path <- function(file) {
  is.character(file) && length(file) == 1L && !is.na(file) && nzchar(trimws(file)) &&
    !grepl("^\\s*[|]|^\\s*[[:alpha:]][[:alnum:]+.-]+://|[[:cntrl:]]", file) &&
    !grepl("^\\s*(https?|ftps?|file|data):", tolower(file)) &&
    !grepl("^\\s*(clipboard|clipboard-[0-9]+|stdin|x11_(primary|secondary|clipboard))\\s*$", tolower(file))
}

# The absolute name; links in the folder are resolved, the file itself need not exist.
plain_path <- function(file, arg = "file", call = NULL) {
  if (!is_plain_path(file)) {
    abort_input(arg, sprintf("must be the path of a file, not a pipe, URL or connection: %s", describe(file)), call)
  }
  file <- path.expand(file)
  folder <- suppressWarnings(normalizePath(dirname(file), "/", mustWork = FALSE))
  if (!dir.exists(folder)) abort_input(arg, sprintf("is in a folder that does not exist: %s", describe(file)), call)
  out <- paste0(sub("/$", "", folder), "/", basename(file))
  if (dir.exists(out)) abort_input(arg, sprintf("must be a file, not a folder: %s", describe(file)), call)
  out
}

# Devices read a per cent sign as the format of a page's number.
device_path <- function(file) gsub("%", "%%", file, fixed = TRUE)

# The file can be opened for writing; its content is left alone.
check_writable <- function(file, arg = "file", call = NULL) {
  new <- !file.exists(file)
  con <- tryCatch(suppressWarnings(file(file, "ab")), error = function(e) NULL)
  if (is.null(con)) abort_input(arg, sprintf("cannot be opened for writing: %s", describe(file)), call)
  close(con)
  if (new) unlink(file)
  file
}

# A figure or table that was written is there and not empty.
check_written <- function(file, arg = "file", call = NULL) {
  size <- file.size(file)
  if (is.na(size) || size == 0 || dir.exists(file)) {
    abort_input(arg, sprintf("could not be written: %s", describe(file)), call)
  }
  invisible(file)
}

# ---- scripts -----------------------------------------------------------------------------------

# A script writes only below the working folder, the folder of its do-file and R's temporary folder.
script_path <- function(file, session) {
  if (!is_plain_path(file)) abort_stata(sprintf("file %s is no path of a file", file), 603L)
  file <- tryCatch(plain_path(file), metaparity_error_input = function(e) {
    abort_stata(sprintf("file %s could not be opened", file), 603L)
  })
  link <- Sys.readlink(file)
  target <- if (file.exists(file)) normalizePath(file, "/") else file
  roots <- normalizePath(c(getwd(), tempdir(), session$folder), "/")
  inside <- startsWith(target, paste0(sub("/$", "", roots), "/"))
  if (!any(inside) || (!is.na(link) && nzchar(link) && !file.exists(file)) || dir.exists(target)) {
    abort_stata(sprintf("file %s is outside the folders that a script may write to", file), 608L)
  }
  file
}

script_kinds <- list(log = c("log", "smcl", "txt"), dta = "dta", graph = character())

# The door for a file written by a command that is also an R function: the script's rule while a script runs.
output_path <- function(file, kind, arg, call) {
  if (is.null(stata_memory$running)) return(plain_path(file, arg, call))
  check_kind(script_path(file, stata_memory$running), kind)
}

# A script replaces only what is of the kind it writes.
check_kind <- function(file, kind) {
  extension <- tolower(sub("^.*[.]", "", basename(file)))
  known <- if (kind == "graph") c(names(figure_devices()), "tif", "jpg", "ps") else script_kinds[[kind]]
  if (!extension %in% known) abort_stata(sprintf("file %s: a %s has no such extension", basename(file), kind), 198L)
  if (!file.exists(file) || file.size(file) == 0) return(file)
  own <- switch(kind, log = is_log_file(file), dta = !is.na(dta_header(file)$release), graph = is_graph_file(file))
  if (!own) abort_stata(sprintf("file %s is no %s and is not overwritten", file, kind), 608L)
  file
}

first_bytes <- function(file, n) {
  con <- file(file, "rb")
  on.exit(close(con))
  readBin(con, "raw", n)
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
                as.raw(c(0x89, 0x50, 0x4e, 0x47)), as.raw(c(0xff, 0xd8)), charToRaw("II*"), charToRaw("MM"))
  any(vapply(marks, function(mark) identical(head[seq_along(mark)], mark), NA))
}

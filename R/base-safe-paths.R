# One door for files: a path from a user or a script is a file's name, never a pipe, URL or connection description.
# Absolute names are handed on, because R's file() and devices read "|cmd", "clipboard" and "http:" from relative ones.

is_plain_path <- function(file) {
  # Names in another encoding are looked at byte by byte.
  has <- function(pattern) grepl(pattern, file, ignore.case = TRUE, useBytes = TRUE)
  is.character(file) && length(file) == 1L && !is.na(file) && nchar(file, "bytes") < 4096L &&
    Encoding(file) != "bytes" &&
    has("[^[:space:]]") &&
    !has("^\\s*[|]|^\\s*[[:alpha:]][[:alnum:]+.-]+://|[\x01-\x1f\x7f]") &&
    !has("^\\s*(https?|ftps?|file|data):") &&
    !has("^\\s*(clipboard|clipboard-[0-9]+|stdin|x11_(primary|secondary|clipboard))\\s*$")
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

# The rule of a running script, function(file, kind), set by the interpreter.
path_rules <- new.env(parent = emptyenv())

# The door for a file written by a command that is also an R function: the script's rule while a script runs.
output_path <- function(file, kind, arg, call) {
  if (is.null(path_rules$script)) plain_path(file, arg, call) else path_rules$script(file, kind)
}

first_bytes <- function(file, n) {
  con <- file(file, "rb")
  on.exit(close(con))
  readBin(con, "raw", n)
}

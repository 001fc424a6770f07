# estimates save and use: the results of an estimation command in a file of text, read by parts and never evaluated.
# Source: Stata's Base Reference manual, estimates save. The file is our own, not Stata's .ster.

save_estimates <- function(command, session) {
  o <- command_options(command, c(replace = "replace", append = "append", all = "all"))
  if (!is.null(o$append)) abort_unsupported("option append of estimates save")
  if (is.null(session$e$b)) abort_stata("last estimates not found", 301L)
  e <- session$e
  file <- write_output(c(estimates_file_head, unlist(lapply(names(e), function(n) estimates_lines(n, e[[n]])))),
                       estimates_file_name(command), "ster", !is.null(o$replace), "ster", session)
  whole <- stats::setNames(lapply(estimation_fields, function(f) session[[f]]), estimation_fields)
  session$estimate_files[[normalizePath(file, "/")]] <- whole
}

estimates_file_name <- function(command) {
  name <- unquote(c(command$using, trimws(sub("^\\s*\\S+", "", command$rest_text)))[1L])
  if (!nzchar(name)) abort_stata("invalid file specification", 198L)
  name
}

# What the script itself saved comes back whole; a file of another session has e() alone.
use_estimates <- function(command, session) {
  shown <- with_extension(estimates_file_name(command), "ster")
  file <- session_path(shown, session, TRUE)
  if (!file.exists(file)) abort_stata(sprintf("file %s not found", shown), 601L)
  lines <- read_text_lines(file)
  if (!identical(lines[1L], estimates_file_head)) abort_stata(sprintf("file %s does not hold estimates", shown), 610L)
  e <- read_estimates(lines[-1L], shown)
  kept <- session$estimate_files[[normalizePath(file, "/")]]
  if (!identical(kept$e$b, e$b)) kept <- list(e = e)
  for (f in estimation_fields) session[[f]] <- kept[[f]]
}

number_text <- function(x) ifelse(is.na(x), ".", sprintf("%.17g", x))

estimates_lines <- function(name, x) {
  plain <- function(text) !any(grepl("[\t\r\n]", text))
  if (is.numeric(x) && length(x) == 1L && is.null(dim(x))) return(paste("scalar", name, number_text(x), sep = "\t"))
  if (is.character(x) && length(x) == 1L && plain(x)) return(paste("macro", name, x, sep = "\t"))
  if (!is.numeric(x) || !is.matrix(x) || !plain(unlist(dimnames(x)))) return(NULL)
  names <- function(given, n, letter) if (is.null(given)) paste0(letter, seq_len(n)) else given
  c(paste("matrix", name, nrow(x), ncol(x), sep = "\t"), paste(names(rownames(x), nrow(x), "r"), collapse = "\t"),
    paste(names(colnames(x), ncol(x), "c"), collapse = "\t"),
    apply(x, 1L, function(row) paste(number_text(row), collapse = "\t")))
}

read_estimates <- function(lines, shown) {
  damaged <- function() abort_stata(sprintf("file %s is damaged", shown), 610L)
  e <- list()
  at <- 1L
  while (at <= length(lines)) {
    part <- strsplit(lines[at], "\t", fixed = TRUE)[[1L]]
    kind <- c(part, "")[1L]
    if (kind == "scalar" && length(part) == 3L) e[[part[2L]]] <- read_number(part[3L])
    else if (kind == "macro" && length(part) >= 2L) e[[part[2L]]] <- c(part, "")[3L]
    else if (kind == "matrix" && length(part) == 4L) {
      size <- suppressWarnings(as.integer(part[3:4]))
      if (anyNA(size) || any(size < 1L) || at + 2L + size[1L] > length(lines)) damaged()
      e[[part[2L]]] <- read_estimates_matrix(lines[at + seq_len(2L + size[1L])], size, damaged)
      at <- at + 2L + size[1L]
    } else damaged()
    at <- at + 1L
  }
  if (!is.matrix(e$b) || !is.matrix(e$V) || !all(dim(e$V) == ncol(e$b))) damaged()
  e
}

read_number <- function(text) suppressWarnings(as.numeric(ifelse(text == ".", NA, text)))

read_estimates_matrix <- function(lines, size, damaged) {
  parts <- strsplit(lines, "\t", fixed = TRUE)
  if (length(parts[[1L]]) != size[1L] || any(lengths(parts[-1L]) != size[2L])) damaged()
  matrix(read_number(unlist(parts[-(1:2)])), size[1L], size[2L], byrow = TRUE,
         dimnames = list(parts[[1L]], parts[[2L]]))
}

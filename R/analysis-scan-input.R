# Where the summary statistics of rma_scan() come from: text files, Parquet files and data frames, all as pieces of text
# below a header; and which of their columns are read.

scan_roles <- c("id", "effect", "se", "p", "n", "effect_allele", "other_allele", "eaf")
scan_piece <- 8388608L  # bytes read at once

# Per study: label, file (or NA), size in bytes of text (a guess where it is compressed), open(columns).
scan_sources <- function(files, studies, call) {
  if (is.data.frame(files)) files <- list(files)
  frames <- is.list(files) && length(files) && all(vapply(files, is.data.frame, NA))
  if (!frames && (!is.character(files) || !length(files) || anyNA(files))) {
    abort_input("files", sprintf("must be names of files or a list of data frames, not %s", describe(files)), call)
  }
  if (!frames) files[] <- vapply(files, plain_path, "", "files", call)
  labels <- scan_labels(files, studies, frames, call)
  lapply(seq_along(files), function(i) {
    one <- if (frames) frame_source(files[[i]], call) else file_source(files[[i]], call)
    c(list(study = labels[i]), one)
  })
}

scan_labels <- function(files, studies, frames, call) {
  k <- length(files)
  if (!is.null(studies)) {
    check_vector_of_words(studies, "studies", call)
    if (length(studies) != k || anyDuplicated(studies)) {
      abort_input("studies", sprintf("must be %d different labels, not %s", k, describe(studies)), call)
    }
    return(studies)
  }
  labels <- names(files) %||% if (frames) paste("study", seq_len(k)) else sub("[.](gz|bgz|bz2|xz)$", "",
                                                                              basename(files))
  labels[!nzchar(labels)] <- paste("study", seq_len(k))[!nzchar(labels)]
  make.unique(legible(labels))
}

file_source <- function(path, call) {
  if (!file.exists(path)) abort_input("files", sprintf("must be files that exist: %s", describe(path)), call)
  head <- first_bytes(path, 4L)
  if (identical(head, charToRaw("PAR1"))) return(parquet_source(path, call))
  packed <- any(vapply(list(as.raw(c(0x1f, 0x8b)), charToRaw("BZh"), as.raw(c(0xfd, 0x37, 0x7a))),
                       function(magic) identical(head[seq_along(magic)], magic), NA))
  size <- file.size(path)
  list(file = path, size = if (packed) 5 * size else size, header = 0, stamp = list(path, size, file.mtime(path)),
       open = function(columns) if (packed) packed_reader(path, call) else file_reader(file(path, "rb")))
}

file_reader <- function(con) {
  list(read = function(most = scan_piece) {
    bytes <- readBin(con, "raw", most)
    if (length(bytes)) bytes
  }, close = function() close(con))
}

# A damaged or shortened file is an error, not a shorter one.
packed_reader <- function(path, call) {
  reader <- file_reader(gzfile(path, "rb"))
  told <- function(w) {
    if (inherits(w, "metaparity_error_input")) stop(w)
    abort_input("files", sprintf("has a damaged file, %s: %s", basename(path), conditionMessage(w)), call)
  }
  read <- reader$read
  seen <- 0
  reader$read <- function(most = scan_piece) {
    bytes <- tryCatch(read(most), warning = told, error = told)
    if (is.null(bytes)) check_gzip_end(path, seen, call)
    seen <<- seen + length(bytes)
    bytes
  }
  reader
}

# The last four bytes of a gzip file are the size of its last member modulo 2^32; that of bgzip is an empty one.
check_gzip_end <- function(path, seen, call) {
  size <- file.size(path)
  if (!identical(first_bytes(path, 2L), as.raw(c(0x1f, 0x8b)))) return(invisible())
  con <- file(path, "rb")
  on.exit(close(con))
  seek(con, max(size - 4, 0))
  last <- sum(as.integer(readBin(con, "raw", 4L)) * 256^(0:3))
  if (last == seen %% 2^32 || last == 0) return(invisible())
  seek(con, 0)
  members <- gzip_members(con, size)
  if (members < 2L) abort_input("files", sprintf("has a damaged file, %s: its end is missing", basename(path)), call)
}

# At least how many members a gzip file has: headers as gzip and bgzip write them.
gzip_members <- function(con, size) {
  found <- 0L
  while (length(bytes <- readBin(con, "raw", scan_piece))) {
    found <- found + length(grepRaw(as.raw(c(0x1f, 0x8b, 0x08)), bytes, fixed = TRUE, all = TRUE))
    if (found > 1L) break
  }
  found
}

frame_source <- function(data, call) {
  numbers <- vapply(data, function(x) if (is.numeric(x)) sum(as.double(unclass(x)), na.rm = TRUE) else 0, 0)
  list(file = NA_character_, size = nrow(data) * 50, header = 1, stamp = list(dim(data), names(data), unname(numbers)),
       open = function(columns) {
         odd <- Filter(function(name) !is.atomic(data[[name]]) || length(dim(data[[name]])),
                       intersect(columns, names(data)))
         if (length(odd)) {
           abort_input("files", sprintf("has a data frame whose column %s is no column of numbers or text, but %s",
                                        describe(odd[1L]), describe(data[[odd[1L]]])), call)
         }
         at <- 0L
         table_reader(names(data), columns, function(wanted) {
           if (at >= nrow(data)) return(NULL)
           rows <- seq(at + 1L, min(at + 50000L, nrow(data)))
           at <<- rows[length(rows)]
           lapply(wanted, function(name) data[[name]][rows])
         })
       })
}

# Row groups of a Parquet file, one after the other.
parquet_source <- function(path, call) {
  if (!requireNamespace("arrow", quietly = TRUE)) {
    abort_input("files", sprintf(
      "has a Parquet file, %s, which needs package arrow; without it, give a text file or a data frame",
        basename(path)), call)
  }
  size <- file.size(path)
  list(file = path, size = 4 * size, header = 1, stamp = list(path, size, file.mtime(path)), open = function(columns) {
    reader <- arrow::ParquetFileReader$create(path)
    names <- names(reader$GetSchema())
    group <- 0L
    table_reader(names, columns, function(wanted) {
      if (group >= reader$num_row_groups) return(NULL)
      data <- as.data.frame(reader$ReadRowGroup(group, match(wanted, names) - 1L))
      group <<- group + 1L
      lapply(wanted, function(name) data[[name]])
    })
  })
}

# A table as text with tabs: first its header, then blocks of rows. columns: those that are needed, NULL for the header.
table_reader <- function(names, columns, block) {
  wanted <- if (is.null(columns)) names else intersect(names, columns)
  begun <- FALSE
  list(read = function(most) {
    if (!begun) {
      begun <<- TRUE
      return(charToRaw(paste0(paste(table_text(wanted), collapse = "\t"), "\n")))
    }
    data <- block(wanted)
    if (is.null(data)) return(NULL)
    if (!length(data[[1L]])) return(raw())
    charToRaw(paste0(do.call(paste, c(lapply(data, table_text), sep = "\t", collapse = "\n")), "\n"))
  }, close = function() NULL)
}

# 17 digits give every number back.
table_text <- function(x) {
  if (inherits(x, "integer64")) return(integer64_text(x))
  if (is.integer(x) || is.logical(x)) return(as.character(x))
  if (is.numeric(x)) return(sprintf("%.17g", as.double(x)))
  x <- enc2utf8(as.character(x))
  if (any(grepl("[\r\n]", x))) abort_input("files", "must have no line breaks in the text of data frames")
  x[is.na(x)] <- "NA"
  odd <- grepl("[\t\"]|^ | $", x)
  x[odd] <- paste0("\"", gsub("\"", "\"\"", x[odd], fixed = TRUE), "\"")
  x
}

# Whole numbers of 64 bits, as databases and fread() give them, are bits of doubles without the package that reads them.
integer64_text <- function(x) {
  if (!requireNamespace("bit64", quietly = TRUE)) {
    abort_input("files", "has a column of class \"integer64\", which needs package bit64; or make it text or doubles")
  }
  as.character(x)
}

# Each source with what the core has to know of its lines.
scan_layouts <- function(sources, columns, sep, where, o, call) {
  k <- length(sources)
  if (!is.null(sep) && (!is_word(sep) || nchar(sep, "bytes") != 1L)) {
    abort_input("sep", sprintf("must be one character, not %s", describe(sep)), call)
  }
  columns <- scan_columns(columns, k, o, call)
  where <- check_where(where, call)
  lapply(seq_len(k), function(i) {
    own <- vapply(columns, function(x) x[i], "")
    s <- sources[[i]]
    s$wanted <- c(own[!is.na(own)], o$keep, names(where))
    head <- scan_head(s, sep, call)
    at <- lapply(stats::setNames(nm = names(own)), function(arg) column_at(own[[arg]], arg, head$names, s$study, call))
    keep <- vapply(o$keep, column_at, 0L, "keep", head$names, s$study, call)
    filter <- vapply(names(where), column_at, 0L, "where", head$names, s$study, call)
    s$layout <- list(sep = head$sep, fields = length(head$names), column = unlist(at[scan_roles]), keep = unname(keep),
                     filter = unname(filter), lower = vapply(where, `[`, 0, 1L), upper = vapply(where, `[`, 0, 2L),
                     sample_size = o$sample_size)
    c(s, list(skip = head$bytes, first = head$lines + 1 - s$header, rows = s$size / head$width))
  })
}

# One name per study for each column that is read; NA for none.
scan_columns <- function(columns, k, o, call) {
  needed <- c("id", "effect", if (!o$sample_size) "se" else c("n", if (is.null(columns$p)) "se"),
              if (o$align) c("effect_allele", "other_allele"))
  unused <- c(if (o$sample_size && is.character(columns$p) && !anyNA(columns$p)) "se", if (!o$sample_size) "p")
  columns[unused] <- list(NULL)
  lapply(stats::setNames(nm = scan_roles), function(arg) {
    x <- columns[[arg]]
    if (is.null(x) && arg %in% needed) abort_input(arg, "must be the name of a column", call)
    if (is.null(x) || is.logical(x) && all(is.na(x))) x <- NA_character_
    bad <- !is.character(x) || !length(x) %in% c(1L, k) || !all(validUTF8(x)) || anyNA(x) && arg %in% needed
    if (bad) {
      abort_input(arg, sprintf("must be the name of a column, or one for each of %d files, not %s", k, describe(x)),
                  call)
    }
    rep_len(x, k)
  })
}

check_where <- function(where, call) {
  if (is.null(where)) return(list())
  where <- check_settings(where, "where", call)
  for (name in names(where)) {
    x <- where[[name]]
    if (!nzchar(name) || !is.numeric(x) || length(x) != 2L || anyNA(x) || x[1L] > x[2L]) {
      abort_input("where", sprintf("must be a list of ranges by column, such as list(INFO = c(0.3, 1)), not %s",
                                   describe(x)), call)
    }
  }
  lapply(where, as.double)
}

# From 0; -1: none.
column_at <- function(name, arg, names, study, call) {
  if (is.na(name)) return(-1L)
  at <- which(names == name)
  if (length(at) == 1L) return(at - 1L)
  if (length(at) > 1L) abort_input(arg, sprintf("stands for several columns of %s: %s", study, describe(name)), call)
  abort_input(arg, sprintf("must be a column of %s, which has %s, not %s%s", study,
                           paste0('"', utils::head(printable(names), 12L), '"', collapse = ", "), describe(name),
                           did_you_mean(name, names)), call)
}

# The header, and how many bytes of text a line has. More is read while the header, or what stands above it, has no end.
scan_head <- function(source, sep, call) {
  reader <- source$open(source$wanted)
  on.exit(reader$close())
  bytes <- raw()
  repeat {
    more <- reader$read(max(131072L, length(bytes)))
    bytes <- c(bytes, more)
    head <- tryCatch(call_core(cpp_scan_header(bytes, sep %||% ""), call), metaparity_error_input = function(e) e)
    ended <- is.null(more) || length(bytes) > 8 * scan_piece
    if (ended || !inherits(head, "condition") &&
        (head$bytes < length(bytes) || bytes[length(bytes)] == as.raw(10L))) break
  }
  if (inherits(head, "condition")) stop(head)
  lines <- sum(bytes == as.raw(10L)) - head$lines
  head$width <- if (lines > 0) (length(bytes) - head$bytes) / lines else 50
  head
}

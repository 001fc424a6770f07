# Stata's data files: the header tells version and storage types; text of files before Stata 14 has no declared
# encoding. Source: Stata's dta format documentation (help dta). Reading is haven's.

load_dta <- function(file, session) {
  head <- dta_header(file)
  old <- !is.na(head$release) && head$release < 118L
  data <- tryCatch(haven::read_dta(file, encoding = if (old) "ISO-8859-1"), error = function(e) {
    abort_stata(sprintf("file %s not Stata format: %s", basename(file), conditionMessage(e)), 610L)
  })
  if (old) data <- recode_dta(data, session$encoding)
  data_label <- attr(data, "label", exact = TRUE)
  known <- recall_written(file, length(data))
  if (is.null(known)) known <- list(types = head$types, sets = head$sets)
  for (i in seq_along(data)) {
    if (length(known$types) == length(data)) attr(data[[i]], "type.stata") <- known$types[i]
    if (length(known$sets) == length(data) && nzchar(known$sets[i])) attr(data[[i]], "set.stata") <- known$sets[i]
  }
  load_data_frame(as_plain_frame(data), session)
  session$sorted <- names(session$data)[head$sorted[head$sorted <= length(session$data)]]
  session$file <- file
  session$data_label <- if (is.character(data_label) && length(data_label)) data_label[1L] else ""
  if (nzchar(session$data_label)) emit(session, sprintf("(%s)", session$data_label))
}

# haven writes doubles and names a set of value labels after its variable: what a file written here had instead, as long
# as the file is that one.
written_files <- new.env(parent = emptyenv())

file_stamp <- function(file) unlist(file.info(file, extra_cols = FALSE)[c("size", "mtime")], use.names = FALSE)

remember_written <- function(file, session) {
  part <- function(what, none) vapply(session$meta[names(session$data)], function(m) m[[what]] %||% none, "")
  written_files[[normalizePath(file)]] <- list(stamp = file_stamp(file), types = unname(part("type", "")),
                                               sets = unname(part("labels", "")))
}

recall_written <- function(file, k) {
  found <- written_files[[normalizePath(file)]]
  if (!is.null(found) && length(found$types) == k && identical(found$stamp, file_stamp(file))) found
}

as_plain_frame <- function(data) {
  out <- lapply(data, function(x) if (inherits(x, "POSIXct")) as.Date(x) else x)
  structure(out, class = "data.frame", row.names = seq_len(nrow(data)))
}

# Release (115: Stata 10-12, 117: 13, 118: 14 and later) and storage types; NA where the file has another form.
dta_header <- function(file) {
  con <- file(file, "rb")
  on.exit(close(con))
  bytes <- readBin(con, "raw", 4e5)
  if (length(bytes) > 60L && identical(bytes[1:11], charToRaw("<stata_dta>"))) return(dta_header_tagged(bytes))
  release <- if (length(bytes) > 109L) as.integer(bytes[1L]) else 0L
  if (!release %in% 108:115) return(list(release = NA_integer_, types = character()))
  endian <- if (as.integer(bytes[2L]) == 1L) "big" else "little"
  k <- readBin(bytes[5:6], "integer", size = 2L, signed = FALSE, endian = endian)
  start <- if (release > 108L) 109L else 60L
  code <- as.integer(bytes[start + seq_len(k)])
  known <- c("251" = "byte", "252" = "int", "253" = "long", "254" = "float", "255" = "double")
  types <- if (release >= 111L) ifelse(code > 244L, known[as.character(code)], paste0("str", code)) else character()
  at <- start + 34L * k
  sorted <- if (release >= 110L) sort_list(bytes[at + seq_len(2L * k)], 2L, endian)
  list(release = release, types = unname(types), sorted = sorted)
}

# The names of the variables' sets of value labels.
label_sets <- function(bytes, text, k, release) {
  tag <- "<value_label_names>"
  from <- regexpr(tag, text, fixed = TRUE)
  size <- if (release >= 118L) 129L else 33L
  from <- from + nchar(tag)
  if (from <= nchar(tag) || from + k * size - 1L > length(bytes)) return(character())
  vapply(seq_len(k), function(i) {
    name <- bytes[from + (i - 1L) * size + seq_len(size) - 1L]
    name <- rawToChar(name[cumsum(name == as.raw(0L)) == 0L])
    Encoding(name) <- "UTF-8"
    name
  }, "")
}

# Numbers of the variables that the data are sorted by; a zero ends the list.
sort_list <- function(bytes, size, endian) {
  if (anyNA(bytes)) return(integer())
  number <- readBin(bytes, "integer", n = length(bytes) %/% size, size = size, signed = size > 2L, endian = endian)
  number[cumsum(number == 0L) == 0L]
}

dta_header_tagged <- function(bytes) {
  text <- bytes
  text[text == as.raw(0L)] <- as.raw(32L)
  text <- iconv(rawToChar(text), "latin1", "UTF-8")
  release <- as.integer(sub("^.*<release>([0-9]+)</release>.*$", "\\1", substr(text, 1L, 200L)))
  endian <- if (grepl("<byteorder>MSF", substr(text, 1L, 200L), fixed = TRUE)) "big" else "little"
  from <- regexpr("<variable_types>", text, fixed = TRUE) + 16L
  to <- regexpr("</variable_types>", text, fixed = TRUE) - 1L
  if (to < from) return(list(release = release, types = character()))
  code <- readBin(bytes[from:to], "integer", (to - from + 1L) / 2L, size = 2L, signed = FALSE, endian = endian)
  known <- c("65526" = "double", "65527" = "float", "65528" = "long", "65529" = "int", "65530" = "byte",
             "32768" = "strL")
  start <- regexpr("<sortlist>", text, fixed = TRUE) + 10L
  size <- if (release >= 119L) 4L else 2L
  list(release = release, types = unname(ifelse(code <= 2045L, paste0("str", code), known[as.character(code)])),
       sets = label_sets(bytes, text, length(code), release),
       sorted = sort_list(bytes[start - 1L + seq_len(size * length(code))], size, endian))
}

# ---- encodings ---------------------------------------------------------------------------------

# One decision for the whole file: UTF-8 when valid, else GB18030 when its letters stand in pairs of high bytes, else
# Western European. `encoding` overrides.
recode_dta <- function(data, encoding = NULL) {
  texts <- unlist(c(names(data), attr(data, "label"), lapply(data, function(x) {
    c(if (is.character(x)) unique(x), attr(x, "label"), names(attr(x, "labels")))
  })), use.names = FALSE)
  if (is.null(encoding)) encoding <- guess_encoding(texts)
  recode <- function(x) recode_text(x, encoding)
  for (i in seq_along(data)) {
    x <- data[[i]]
    if (is.character(x)) x[] <- recode(x)
    if (!is.null(attr(x, "label"))) attr(x, "label") <- recode(attr(x, "label"))
    if (!is.null(attr(x, "labels"))) names(attr(x, "labels")) <- recode(names(attr(x, "labels")))
    data[[i]] <- x
  }
  names(data) <- recode(names(data))
  if (!is.null(attr(data, "label"))) attr(data, "label") <- recode(attr(data, "label"))
  data
}

# The bytes of the file: read as Latin-1, every byte is one character.
file_bytes <- function(x) iconv(x, "UTF-8", "ISO-8859-1")

recode_text <- function(x, encoding) {
  out <- iconv(file_bytes(x), encoding, "UTF-8")
  ifelse(is.na(out), x, out)
}

guess_encoding <- function(texts) {
  bytes <- file_bytes(texts[!is.na(texts)])
  bytes <- bytes[!is.na(bytes) & grepl("[^ -~]", bytes, useBytes = TRUE)]
  if (!length(bytes) || all(validUTF8(bytes))) return("UTF-8")
  runs <- unlist(lapply(bytes, function(b) {
    run <- rle(charToRaw(b) >= as.raw(0x81))
    run$lengths[run$values]
  }))
  paired <- mean(runs %% 2L == 0L) >= 0.5
  if (paired && !anyNA(iconv(bytes, "GB18030", "UTF-8"))) "GB18030" else "windows-1252"
}

# Lines as bytes; a file in UTF-16, with its mark or without, as UTF-8.
byte_lines <- function(file) {
  bytes <- first_bytes(file, file.size(file))
  zero <- bytes == as.raw(0L)
  if (any(zero) || identical(bytes[1:2], as.raw(c(0xff, 0xfe))) || identical(bytes[1:2], as.raw(c(0xfe, 0xff)))) {
    odd <- seq_along(zero) %% 2L == 1L
    big <- identical(bytes[1:2], as.raw(c(0xfe, 0xff))) ||
      (!identical(bytes[1:2], as.raw(c(0xff, 0xfe))) && sum(zero[odd]) > sum(zero[!odd]))
    text <- iconv(list(bytes), if (big) "UTF-16BE" else "UTF-16LE", "UTF-8")
    if (is.na(text)) abort_input("file", "must be a text file", NULL)
    text <- sub("^\ufeff", "", text)
  } else text <- rawToChar(bytes)
  Encoding(text) <- "bytes"
  strsplit(text, "\r\n|\n|\r", useBytes = TRUE)[[1L]]
}

# Lines of a text file: UTF-8 with or without its mark, else by the same rule.
read_text_lines <- function(file, encoding = NULL) {
  lines <- byte_lines(file)
  lines <- sub("^\xef\xbb\xbf", "", lines, useBytes = TRUE)
  if (is.null(encoding)) encoding <- guess_encoding(iconv(lines, "ISO-8859-1", "UTF-8"))
  if (tolower(encoding) %in% c("utf-8", "utf8")) {
    Encoding(lines) <- "UTF-8"
    return(lines)
  }
  iconv(lines, encoding, "UTF-8")
}

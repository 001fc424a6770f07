# A writer of Stata's data files, byte by byte, after the published descriptions of the formats 113 to 115, 117 and 118.
# A column is list(name, type, value, missing, label, format, set): `missing` holds "." or a letter where it is missing.

dta_column <- function(name, type, value, missing = rep("", length(value)), label = "", format = "%9.0g", set = "") {
  list(name = name, type = type, value = value, missing = missing, label = label, format = format, set = set)
}

dta_file <- function(release, columns, sets = list(), data_label = "", endian = "little", encoding = "UTF-8",
                     sorted = integer()) {
  w <- dta_writer(release, endian, encoding)
  bytes <- if (release < 117L) dta_plain(w, columns, sets, data_label, sorted) else
    dta_tagged(w, columns, sets, data_label, sorted)
  file <- tempfile(fileext = ".dta")
  writeBin(bytes, file)
  file
}

dta_writer <- function(release, endian, encoding) {
  long_names <- release >= 118L
  w <- list(release = release, endian = endian, name = if (long_names) 129L else 33L,
            label = if (long_names) 321L else 81L,
            format = if (release < 114L) 12L else if (long_names) 57L else 49L)
  w$int <- function(x, size) writeBin(as.integer(x), raw(), size = size, endian = endian)
  w$bytes <- function(text) iconv(text, "UTF-8", encoding, toRaw = TRUE)[[1L]]
  w$text <- function(text, size) utils::head(c(w$bytes(text), raw(size)), size)
  w$texts <- function(texts, size) unlist(lapply(texts, w$text, size = size))
  w$tag <- function(name, ...) c(charToRaw(sprintf("<%s>", name)), ..., charToRaw(sprintf("</%s>", name)))
  w
}

field_of <- function(columns, name) vapply(columns, function(x) x[[name]], "")

dta_type_code <- function(types, release) {
  codes <- if (release < 117L) c(byte = 251, int = 252, long = 253, float = 254, double = 255)
  else c(byte = 65530, int = 65529, long = 65528, float = 65527, double = 65526)
  out <- unname(codes[types])
  out[is.na(out)] <- as.numeric(sub("str", "", types[is.na(out)]))
  out
}

unsigned_16 <- function(w, x) w$int(ifelse(x > 32767, x - 65536, x), 2L)

# 0 for ".", 1 to 26 for the letters: added to the code of ".", in steps of the type.
dta_cell <- function(w, column, i) {
  x <- column$value[i]
  if (startsWith(column$type, "str")) return(w$text(x, as.integer(sub("str", "", column$type))))
  lost <- column$missing[i]
  rank <- match(lost, c(".", letters)) - 1L
  flip <- function(bytes) if (w$endian == "little") rev(bytes) else bytes
  switch(column$type,
    byte = w$int(if (is.na(rank)) x else 101L + rank, 1L), int = w$int(if (is.na(rank)) x else 32741L + rank, 2L),
    long = w$int(if (is.na(rank)) x else 2147483621L + rank, 4L),
    float = if (is.na(rank)) writeBin(x, raw(), size = 4L, endian = w$endian)
    else flip(writeBin(as.integer(0x7f000000 + 0x800 * rank), raw(), size = 4L, endian = "big")),
    double = if (is.na(rank)) writeBin(x, raw(), size = 8L, endian = w$endian)
    else flip(as.raw(c(0x7f, 0xe0, rank, 0, 0, 0, 0, 0))))
}

dta_rows <- function(w, columns) {
  n <- length(columns[[1L]]$value)
  unlist(lapply(seq_len(n), function(i) lapply(columns, dta_cell, w = w, i = i)))
}

dta_value_labels <- function(w, sets, wrap) {
  unlist(lapply(names(sets), function(name) {
    texts <- lapply(names(sets[[name]]), function(t) c(w$bytes(t), as.raw(0L)))
    offset <- cumsum(c(0L, lengths(texts)))
    table <- c(w$int(length(texts), 4L), w$int(sum(lengths(texts)), 4L), w$int(utils::head(offset, -1L), 4L),
               w$int(sets[[name]], 4L), unlist(texts))
    wrap(c(w$int(length(table), 4L), w$text(name, w$name), raw(3L), table))
  }))
}

dta_descriptors <- function(w, columns, sorted) {
  k <- length(columns)
  list(varnames = w$texts(field_of(columns, "name"), w$name),
       sortlist = w$int(utils::head(c(sorted, integer(k + 1L)), k + 1L), 2L),
       formats = w$texts(field_of(columns, "format"), w$format),
       value_label_names = w$texts(field_of(columns, "set"), w$name),
       variable_labels = w$texts(field_of(columns, "label"), w$label))
}

dta_plain <- function(w, columns, sets, data_label, sorted) {
  header <- c(as.raw(c(w$release, if (w$endian == "big") 1L else 2L, 1L, 0L)), w$int(length(columns), 2L),
              w$int(length(columns[[1L]]$value), 4L), w$text(data_label, 81L), w$text("29 Nov 2010 10:00", 18L))
  c(header, as.raw(dta_type_code(field_of(columns, "type"), w$release)),
    unlist(dta_descriptors(w, columns, sorted), use.names = FALSE), raw(5L), dta_rows(w, columns),
    dta_value_labels(w, sets, identity))
}

dta_tagged <- function(w, columns, sets, data_label, sorted) {
  wide <- w$release >= 118L
  n <- length(columns[[1L]]$value)
  label <- w$bytes(data_label)
  count <- if (!wide) w$int(n, 4L) else if (w$endian == "little") c(w$int(n, 4L), raw(4L)) else c(raw(4L), w$int(n, 4L))
  header <- w$tag("header", w$tag("release", charToRaw(as.character(w$release))),
                  w$tag("byteorder", charToRaw(if (w$endian == "big") "MSF" else "LSF")),
                  w$tag("K", w$int(length(columns), 2L)), w$tag("N", count),
                  w$tag("label", w$int(length(label), if (wide) 2L else 1L), label),
                  w$tag("timestamp", as.raw(17L), charToRaw("29 Nov 2010 10:00")))
  parts <- c(list(map = raw(14L * 8L),
                  variable_types = unsigned_16(w, dta_type_code(field_of(columns, "type"), w$release))),
             dta_descriptors(w, columns, sorted),
             list(characteristics = raw(), data = dta_rows(w, columns), strls = raw(),
                  value_labels = dta_value_labels(w, sets, function(x) w$tag("lbl", x))))
  parts <- Map(function(name, x) w$tag(name, x), names(parts), parts)
  parts$map <- w$tag("map", dta_map(w, header, parts))
  c(charToRaw("<stata_dta>"), header, unlist(parts, use.names = FALSE), charToRaw("</stata_dta>"))
}

# Where each part begins, from the start of the file to its end.
dta_map <- function(w, header, parts) {
  starts <- 11L + length(header) + cumsum(c(0L, lengths(parts)))
  unlist(lapply(c(0L, starts, utils::tail(starts, 1L) + 12L), function(at) {
    if (w$endian == "little") c(w$int(at, 4L), raw(4L)) else c(raw(4L), w$int(at, 4L))
  }))
}

# Zip archives without another program: R's gzip files hold the deflated bytes and their checksum.
# Source: PKWARE's APPNOTE 6.3 (local header, central directory, end record); RFC 1952 (gzip). Oracle: utils::unzip().

# parts: a named list of raw vectors or texts; the names are the paths inside.
write_zip <- function(parts, file) {
  entries <- lapply(names(parts), function(name) zip_entry(name, parts[[name]]))
  sizes <- vapply(entries, function(e) 30L + length(e$name) + length(e$packed), 0L)
  offsets <- cumsum(c(0L, sizes))[seq_along(entries)]
  local <- lapply(entries, function(e) c(le32(67324752L), le16(20L), zip_fields(e), e$name, e$packed))
  central <- unlist(Map(function(e, at) {
    c(le32(33639248L), le16(c(20L, 20L)), zip_fields(e), le16(c(0L, 0L, 0L)), le32(c(0L, at)), e$name)
  }, entries, offsets))
  end <- c(le32(101010256L), le16(c(0L, 0L, length(entries), length(entries))), le32(c(length(central), sum(sizes))),
           le16(0L))
  writeBin(c(unlist(local), central, end), file)
  invisible(file)
}

zip_entry <- function(name, content) {
  bytes <- if (is.raw(content)) content else charToRaw(paste(enc2utf8(content), collapse = "\n"))
  packed <- tempfile()
  on.exit(unlink(packed))
  con <- gzfile(packed, "wb")
  writeBin(bytes, con)
  close(con)
  gz <- readBin(packed, "raw", file.size(packed))
  n <- length(gz)
  list(name = charToRaw(enc2utf8(name)), packed = gz[11L:(n - 8L)], crc = gz[(n - 7L):(n - 4L)], size = length(bytes))
}

# Flags (names in UTF-8), deflate, date of 1980, checksum, sizes, lengths of name and extra field.
zip_fields <- function(e) {
  c(le16(c(2048L, 8L, 0L, 33L)), e$crc, le32(c(length(e$packed), e$size)), le16(c(length(e$name), 0L)))
}

le16 <- function(x) writeBin(as.integer(x), raw(), 2L, endian = "little")
le32 <- function(x) writeBin(as.integer(x), raw(), 4L, endian = "little")

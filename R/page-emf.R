# Enhanced metafiles, which office programs of Windows read: a figure drawn as a bitmap, in one record.
# Source: Microsoft's [MS-EMF], EMR_HEADER, EMR_STRETCHDIBITS, EMR_EOF, and [MS-WMF] for device-independent bitmaps.
# Oracle: the file's own sizes, and the bitmap that it holds.

# The bitmap file `bitmap` as the metafile `file`, width and height in inches.
write_emf <- function(bitmap, file, width, height) {
  bytes <- readBin(bitmap, "raw", file.size(bitmap))
  int <- function(at) readBin(bytes[at + 1:4], "integer", 1L, 4L, endian = "little")
  offset <- int(10L)
  header <- int(14L)
  pixels <- c(int(18L), abs(int(22L)))
  info <- bytes[14L + seq_len(offset - 14L)]
  bits <- bytes[-seq_len(offset)]
  size <- 80L + length(info) + length(bits)
  pad <- (4L - size %% 4L) %% 4L
  raw_int <- function(...) writeBin(as.integer(c(...)), raw(), 4L, endian = "little")
  record <- c(raw_int(81L, size + pad, 0L, 0L, pixels - 1L, 0L, 0L, 0L, 0L, pixels, 80L, length(info),
                      80L + length(info), length(bits), 0L, 13369376L, pixels), info, bits, raw(pad))
  end <- raw_int(14L, 20L, 0L, 0L, 20L)
  millimetres <- round(c(width, height) * 25.4)
  total <- 88L + length(record) + length(end)
  head <- c(raw_int(1L, 88L, 0L, 0L, pixels - 1L, 0L, 0L, 100L * millimetres), charToRaw(" EMF"),
            raw_int(65536L, total, 3L), as.raw(c(1L, 0L, 0L, 0L)), raw_int(0L, 0L, 0L, pixels, millimetres))
  writeBin(c(head, record, end), file)
  invisible(file)
}

# Tolerances live in fixtures/gates.csv, each with its reason; comparisons are relative.
gates <- utils::read.csv(test_path("fixtures", "gates.csv"), stringsAsFactors = FALSE)

gate <- function(quantity) {
  row <- match(quantity, gates$quantity)
  if (is.na(row)) stop("no gate for ", quantity)
  gates$tolerance[row]
}

# |actual - expected| <= tolerance * max(|expected|, scale); scale is for expected values near 0.
expect_gate <- function(actual, expected, quantity, scale = 0) {
  label <- paste(deparse(substitute(actual), nlines = 1L), "[", quantity, "]")
  actual <- as.numeric(actual)
  expected <- as.numeric(expected)
  if (length(actual) != length(expected)) {
    return(fail(sprintf("%s has length %d, expected %d", label, length(actual), length(expected))))
  }
  same <- (is.na(actual) & is.na(expected)) | actual == expected
  off <- abs(actual - expected) / pmax(abs(expected), scale)
  bad <- !(same %in% TRUE) & !(off <= gate(quantity) & !is.na(off))
  record_comparison(quantity, off[!is.na(actual) & !is.na(expected)], bad)
  if (any(bad)) {
    i <- which(bad)[1L]
    return(fail(sprintf("%s: element %d is %s, expected %s (relative %.3g > %.3g)", label, i,
                        format(actual[i], digits = 15), format(expected[i], digits = 15), off[i], gate(quantity))))
  }
  succeed()
}

# tools/validation asks for a list of what is compared: the kind of comparison, how many numbers, the worst of them.
record_comparison <- function(quantity, off, bad) {
  file <- Sys.getenv("METAPARITY_VALIDATION")
  if (!nzchar(file) || any(bad) || !length(off)) return(invisible())
  off <- off[is.finite(off)]
  cat(sprintf("%s,%d,%.6g\n", quantity, length(off), max(0, off)), file = file, append = TRUE)
}

# Compares a fit with metafor's, field by field; the fields left out are not numbers of the fit.
fit_fields_left_out <- c("call", "version", "time", "data", "chksumyi", "chksumvi", "outdat.f")

# A deviance of -0.0000 is a rounding error of metafor.
expect_same_fit <- function(verb, ..., leave = character(), printed = TRUE) {
  ours <- suppressWarnings(getExportedValue("metaparity", verb)(...))
  theirs <- suppressWarnings(getExportedValue("metafor", verb)(...))
  expect_identical(setdiff(names(theirs), c("time", names(ours))), character())
  for (field in setdiff(names(theirs), c(fit_fields_left_out, leave))) {
    a <- ours[[field]]
    b <- theirs[[field]]
    if (is.list(b)) {
      a <- unlist(a)
      b <- unlist(b)
    }
    if (is.numeric(b)) {
      expect_gate(a, b, "metafor_closed", scale = 1e-4)
    } else {
      expect_identical(as.vector(a), as.vector(b), label = paste(verb, field))
    }
  }
  expect_identical(names(ours$beta), names(theirs$beta))
  expect_identical(dimnames(ours$vb), dimnames(theirs$vb))
  expect_identical(dimnames(ours$fit.stats), dimnames(theirs$fit.stats))
  if (printed) {
    expect_identical(capture.output(print(ours)), capture.output(print(theirs)))
  }
  lines <- function(x) gsub("-0.0000", " 0.0000", capture.output(print(summary(x))), fixed = TRUE)
  if (printed) expect_identical(lines(ours), lines(theirs))
}

sparse_tables <- function() {
  list(ai = c(3, 0, 0, 5, NA), bi = c(7, 10, 9, 0, 4), ci = c(5, 2, 0, 4, 0), di = c(11, 12, 13, 0, 9))
}

stata_tables <- function(name) {
  utils::read.csv(test_path("fixtures", "stata-tables", name), stringsAsFactors = FALSE)
}

# Printed numbers as strings.
stata_tables_printed <- function(name) {
  utils::read.csv(test_path("fixtures", "stata-tables", name), colClasses = "character")
}

expect_rounds_to <- function(value, printed, label) {
  digits <- nchar(sub("^[^.]*[.]?", "", printed))
  expect_lte(abs(value - as.numeric(printed)), 0.5 * 10^-digits * (1 + 1e-9) + abs(value) * 6e-8, label = label)
}

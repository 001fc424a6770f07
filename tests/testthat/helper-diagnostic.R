# Counts and logs of fixtures/dta.
dta_counts <- function(name) {
  utils::read.csv(test_path("fixtures", "dta", paste0(name, ".csv")), stringsAsFactors = FALSE, encoding = "UTF-8")
}

dta_log <- function(name) readLines(test_path("fixtures", "dta", paste0(name, ".txt")), encoding = "UTF-8")

dta_fit <- function(name = "dementia", ...) rma.dta(tp, fp, fn, tn, data = dta_counts(name), slab = study, ...)

# Texts alike, numbers of the log within the gate of the log's.
expect_dta_log <- function(lines, log, quantity) {
  expect_length(lines, length(log))
  number <- "-?[0-9]*[.]?[0-9]+"
  expect_identical(gsub("[ ]+", " ", gsub(number, "#", lines)), gsub("[ ]+", " ", gsub(number, "#", log)))
  expect_identical(nchar(lines), nchar(log))
  values <- function(text) as.numeric(unlist(regmatches(text, gregexpr(number, text))))
  expect_gate(values(lines), values(log), quantity)
}

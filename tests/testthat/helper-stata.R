# Inputs and printed numbers of real Stata runs (fixtures/stata/README.md); numbers are compared at the printed digits.
stata_fixture <- function(name) {
  utils::read.csv(test_path("fixtures", "stata", name), stringsAsFactors = FALSE, encoding = "UTF-8")
}

stata_printed <- function() {
  utils::read.csv(test_path("fixtures", "stata", "printed.csv"), stringsAsFactors = FALSE, colClasses = "character")
}

stata_case <- function(id) {
  cases <- stata_fixture("cases.csv")
  case <- cases[cases$id == id, ]
  d <- stata_fixture(paste0(case$data, ".csv"))
  suppressWarnings(eval(parse(text = case$call), list(d = d), asNamespace("metaparity")),
                   classes = "metaparity_warning_dropped")
}

# The value behind a key such as s3_lci, sub1_wt, ov_es, g2_pQ, Qb.
stata_value <- function(view, key) {
  part <- strsplit(key, "_")[[1L]]
  field <- c(es = "es", lci = "ci_low", uci = "ci_upp", wt = "weight", Q = "het", df = "df", pQ = "p_het", I2 = "i_sq",
             tau2 = "tau2", z = "z", pz = "p_z")
  index <- suppressWarnings(as.integer(gsub("[^0-9]", "", part[1L])))
  rows <- function(type) view$table[view$table$type == type, ]
  stem <- gsub("[0-9]+", "#", part[1L])
  if (length(part) == 2L) {
    name <- field[[part[2L]]]
    return(switch(stem, "s#" = view$table[view$table$type %in% c("study", "excluded"), ][[name]][index],
                  "sub#" = rows("subtotal")[[name]][index], "sub#b" = rows("subtotal_second")[[name]][index],
                  ov = rows("overall")[[name]], "ov#" = rows("overall_second")[[name]],
                  "g#" = view$groups[[name]][index]))
  }
  switch(key, Qb = view$between$Q, dfb = view$between$df, pQb = view$between$p, view$r[[field[[key]]]])
}

# Printed and recomputed value agree when the latter, in single precision, rounds to the former.
rounds_to <- function(value, printed) {
  digits <- nchar(sub("^[^.]*[.]?", "", printed))
  abs(as_single(value) - as.numeric(printed)) <= 0.5 * 10^-digits * (1 + 1e-9) + abs(value) * 6e-8
}

expect_printed <- function(view, id, value = stata_value) {
  want <- stata_printed()
  want <- want[want$id == id, ]
  if (nrow(want) == 0L) return(fail(paste("no printed numbers for", id)))
  got <- vapply(want$key, function(k) as.numeric(value(view, k)), 0)
  bad <- !(rounds_to(got, want$printed) %in% TRUE)
  if (any(bad)) {
    i <- which(bad)[1L]
    return(fail(sprintf("%s: %d of %d differ, first %s: printed %s, got %s", id, sum(bad), length(bad), want$key[i],
                        want$printed[i], format(got[i], digits = 12))))
  }
  succeed()
}

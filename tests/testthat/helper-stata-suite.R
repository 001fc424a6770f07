# Printed numbers of Stata's meta suite by their keys.
suite_case <- function(id) {
  cases <- stata_fixture("suite-cases.csv")
  case <- cases[cases$id == id, ]
  d <- stata_fixture(paste0(case$data, ".csv"))
  eval(parse(text = case$call), list(d = d), asNamespace("metaparity"))
}

suite_value <- function(v, key) {
  part <- strsplit(key, "_")[[1L]]
  index <- suppressWarnings(as.integer(gsub("[^0-9]", "", part[1L])))
  fields <- c(es = "es", lci = "cil", uci = "ciu", wt = "weight", b = "b", se = "se", t = "t", p = "p",
              lo = "lo", hi = "hi")
  if (length(part) == 2L && grepl("^[sc][0-9]+$", part[1L])) return(v$table[[fields[[part[2L]]]]][index])
  if (length(part) == 2L && part[1L] %in% c("obs", "fill"))
    return(v$table[[fields[[part[2L]]]]][match(part[1L], c("obs", "fill"))])
  pool_field <- c(es = "est", lci = "lo", uci = "hi", tau2 = "tau2", I2 = "I2", H2 = "H2", df = "df",
                  Q = "Q", pQ = "pQ")
  if (grepl("^(sub|g)[0-9]+$", part[1L])) return(v$sets[[1L]]$pools[[index]][[pool_field[[part[2L]]]]])
  if (part[1L] == "ov") return(v$options$display$back(v$pool[[pool_field[[part[2L]]]]]))
  r <- v$r
  if (key == "b") return(r$beta1)
  name <- switch(key, k = c("N", "K_total"), obs = "K_observed", imp = "K_imputed", pz = "p", pchi2 = "p",
                 df = c("df_Q", "df_Q_res"),
                 Q = c("Q", "Q_res"), pQ = c("p_Q", "p_Q_res"), I2 = c("I2", "I2_res"), H2 = c("H2", "H2_res"),
                 dfb = "df_Q_b",
                 Qb = "Q_b", pQb = "p_Q_b", key)
  r[[intersect(name, names(r))[1L]]]
}

expect_suite_case <- function(id) {
  v <- suite_case(id)
  printed <- utils::read.csv(test_path("fixtures", "stata", "suite-printed.csv"), colClasses = "character")
  printed <- printed[printed$id == id, ]
  testthat::expect_gt(nrow(printed), 3L)
  value <- vapply(printed$key, function(k) as.numeric(suite_value(v, k)), 0)
  digits <- nchar(sub("^[^.]*[.]?", "", printed$printed))
  off <- abs(value - as.numeric(printed$printed)) > 0.5 * 10^-digits * (1 + 1e-6)
  testthat::expect_identical(paste(printed$key, printed$printed)[off], character())
}

suite_magnesium <- function(..., version = 18) {
  d <- stata_fixture("suite-magnesium.csv")
  meta_esize(dead1, tot1 - dead1, dead0, tot0 - dead0, data = d, studylabel = trialnam, esize = "lnrratio",
             version = version, ...)
}

# The cases of metan 4: data, call, and the value behind the key of a printed number.

metan4_fixture <- function(name) {
  d <- utils::read.csv(test_path("fixtures", "stata-metan4", paste0(name, ".csv")), stringsAsFactors = FALSE,
                       encoding = "UTF-8")
  if ("logor" %in% names(d)) {
    half <- stats::qnorm(.975) * d$selogor
    d <- transform(d, country = "", lcilogor = logor - half, ucilogor = logor + half)
  }
  d
}

metan4_case <- function(id) {
  cases <- metan4_fixture("cases")
  case <- cases[cases$id == id, ]
  d <- metan4_fixture(case$data)
  suppressWarnings(eval(parse(text = case$call), list(d = d), asNamespace("metaparity")),
                   classes = c("metaparity_warning_dropped", "metaparity_warning_input"))
}

metan4_value <- function(view, key) {
  part <- strsplit(key, "_")[[1L]]
  stem <- gsub("[0-9]+", "", part[1L])
  index <- max(1L, suppressWarnings(as.integer(gsub("[^0-9]", "", part[1L]))), na.rm = TRUE)
  rest <- paste(part[-1L], collapse = "_")
  if (stem %in% c("s", "ov", "sub")) {
    rows <- view$table[view$table$type == c(s = "study", ov = "overall", sub = "subtotal")[[stem]], ]
    return(rows[[c(es = "es", lci = "ci_low", uci = "ci_upp", wt = "weight")[[rest]]]][index])
  }
  test <- c(z = "value", t = "value", chi2 = "value", pz = "p", p = "p", tdf = "df", Q = "Q", df = "Qdf",
            pQ = "Qp", I2 = "I2")
  if (stem == "m") return(view$results[[index]][[test[[rest]]]])
  if (stem == "g") return(view$groups[[index]][[1L]][[test[[rest]]]])
  if (stem == "t") return(metaparity:::tau2_rows(view$results)[[c(tau2 = "tau2", tau2_lci = "lo",
                                                                  tau2_uci = "hi")[[rest]]]][index])
  fields <- c(k = "k", Q = "Q", df = "Qdf", pQ = "Qp", I2 = "I2", H = "H", H_lci = "H_lo", H_uci = "H_hi",
              I2_lci = "I2_lo",
              I2_uci = "I2_hi", tau2 = "tau2", tau2_lci = "tau2_lo", tau2_uci = "tau2_hi", z = "value", pz = "p")
  if (key %in% names(fields)) return(view$results[[1L]][[fields[[key]]]])
  if (key == "npts") return(view$r$n)
  view$between[[c(Qb = "Q", dfb = "df", pQb = "p")[[key]]]]
}

# Very large numbers are printed as 7.8e+21.
prints_as <- function(got, printed) {
  long <- grepl("e", printed, fixed = TRUE)
  out <- logical(length(got))
  out[!long] <- rounds_to(got[!long], printed[!long]) %in% TRUE
  out[long] <- sprintf("%.1e", got[long]) == printed[long]
  out
}

# Estimates and variances of many metadat data sets, by metafor's escalc(): inputs for comparing what
# works on yi and vi. Only complete rows; at least 4 of them.
metadat_effects <- function() {
  skip_if_not_installed("metafor")
  one <- function(table, names, measures) {
    sets <- read_metadat(table, names)
    out <- list()
    for (set in names(sets)) for (measure in measures) {
      es <- suppressWarnings(do.call(metafor::escalc, c(list(measure = measure), sets[[set]])))
      d <- data.frame(yi = as.numeric(es$yi), vi = as.numeric(es$vi), ni = as.numeric(attr(es$yi, "ni")))
      d <- d[stats::complete.cases(d) & is.finite(d$yi) & d$vi > 0 & is.finite(d$vi), ]
      rownames(d) <- NULL
      if (nrow(d) >= 4L) out[[paste(set, measure)]] <- d
    }
    out
  }
  c(one(metadat_tables, c("ai", "n1i", "ci", "n2i"), c("OR", "RR", "RD")),
    one(metadat_means, c("n1i", "n2i", "m1i", "m2i", "sd1i", "sd2i"), c("MD", "SMD")),
    one(metadat_proportions, c("xi", "ni"), c("PLO", "PAS")),
    one(metadat_rates, c("x1i", "x2i", "t1i", "t2i"), "IRR"))
}

# Effects as metafor has them: without what tells which rows their notes belong to.
without_proof <- function(x) {
  if (is.data.frame(x)) x[] <- lapply(x, without_proof) else attr(x, "rows") <- NULL
  x
}

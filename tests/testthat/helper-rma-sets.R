# Estimates and variances of the data sets of metadat: given, or made by metafor::escalc(), so that the
# fits are tested whatever our escalc() does.

metadat_given <- metadat_columns("
  dat.assink2016 yi vi
  dat.bangertdrowns2004 yi vi
  dat.baskerville2012 smd se^2
  dat.begg1989 yi vi
  dat.berkey1998 yi vi
  dat.greenland1992 b SE^2
  dat.hackshaw1998 yi vi
  dat.ishak2007 y1i v1i
  dat.kalaian1996 yi vi
  dat.knapp2017 yi vi
  dat.konstantopoulos2011 yi vi
  dat.lehmann2018 yi vi
  dat.raudenbush1985 yi vi
  dat.riley2003 yi vi
  dat.steurer2006 lnHR selnHR^2
  dat.tannersmith2016 yi vi
  dat.cohen1981 atanh(ri) 1/(ni-3)
  dat.craft2003 atanh(ri) 1/(ni-3)
  dat.crede2010 atanh(ri) 1/(ni-3)
  dat.mcdaniel1994 atanh(ri) 1/(ni-3)
  dat.molloy2014 atanh(ri) 1/(ni-3)")

# Named list of data frames with yi, vi and a moderator x; at most `most` studies each.
metadat_estimates <- function(most = 120L) {
  effect <- function(measure, columns) {
    keep <- stats::complete.cases(as.data.frame(columns))
    suppressWarnings(do.call(metafor::escalc, c(list(measure = measure), lapply(columns, `[`, keep))))
  }
  sets <- c(
    read_metadat(metadat_given, c("yi", "vi")),
    lapply(read_metadat(metadat_tables, c("ai", "n1i", "ci", "n2i")), effect, measure = "OR"),
    lapply(read_metadat(metadat_means, c("n1i", "n2i", "m1i", "m2i", "sd1i", "sd2i")), effect, measure = "SMD"),
    lapply(read_metadat(metadat_proportions, c("xi", "ni")), effect, measure = "PLO"),
    lapply(read_metadat(metadat_rates, c("x1i", "x2i", "t1i", "t2i")), effect, measure = "IRR"))
  lapply(sets, function(set) {
    d <- data.frame(yi = as.numeric(set$yi), vi = as.numeric(set$vi))
    d <- utils::head(d[is.finite(d$yi) & is.finite(d$vi) & d$vi > 0, ], most)
    d$x <- (seq_len(nrow(d)) * 7) %% 5
    d
  })
}

# Mantel-Haenszel and Peto fits of the BCG trials by both.
pooled_pairs <- function() {
  skip_if_not_installed("metafor")
  d <- metadat::dat.bcg
  args <- list(ai = d$tpos, bi = d$tneg, ci = d$cpos, di = d$cneg)
  list(list(ours = do.call(rma.mh, args), theirs = do.call(metafor::rma.mh, args)),
       list(ours = do.call(rma.peto, args), theirs = do.call(metafor::rma.peto, args)))
}

expect_named_equal <- function(a, b, scale = 1) {
  expect_equal(names(a), names(b))
  expect_gate(a, b, "metafor_tight", scale = scale)
}

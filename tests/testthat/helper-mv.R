# Models of dependent estimates that several tests run under metafor and under this package. Each is a call of rma.mv() in
# which the data stand by their names in mv_data().

mv_data <- function() {
  kon <- metadat::dat.konstantopoulos2011
  ber <- metadat::dat.berkey1998
  ass <- metadat::dat.assink2016
  kal <- metadat::dat.kalaian1996
  wide <- metadat::dat.ishak2007
  ish <- stats::reshape(wide, direction = "long", idvar = "study", v.names = c("yi", "vi"),
                        varying = list(c(2, 4, 6, 8), c(3, 5, 7, 9)))
  ish <- ish[order(ish$study, ish$time), ]
  ish <- ish[!is.na(ish$yi), ]
  ish$times <- factor(ish$time, labels = c("t1", "t2", "t3", "t4"))
  ish$one <- 1
  list(kon = kon, ber = ber, ass = ass, kal = kal, ish = ish, mai = metadat::dat.maire2019$dat,
       D = metadat::dat.maire2019$dmat,
       Vb = unclass(metafor::vcalc(vi = 1, cluster = author, rvars = c(v1i, v2i), data = ber)),
       Va = unclass(metafor::vcalc(vi, cluster = study, obs = esid, data = ass, rho = 0.6)),
       Vk = unclass(metafor::vcalc(vi, cluster = study, type = outcome, data = kal, rho = 0.66)))
}

mv_models <- list(
  three_level = quote(rma.mv(yi, vi, random = ~ 1 | district/school, data = kon)),
  moderator_ml = quote(rma.mv(yi, vi, mods = ~ I(year - mean(year)), random = ~ 1 | district/school, data = kon,
                              method = "ML")),
  compound = quote(rma.mv(yi, vi, random = ~ factor(school) | district, data = kon)),
  contain = quote(rma.mv(yi, vi, mods = ~ I(year - 1990), random = ~ 1 | district/school, data = kon, dfs = "contain")),
  bivariate = quote(rma.mv(yi, Vb, mods = ~ 0 + outcome, random = ~ outcome | trial, struct = "UN", data = ber,
                           method = "ML")),
  bivariate_t = quote(rma.mv(yi, Vb, mods = ~ 0 + outcome, random = ~ outcome | trial, struct = "UN", data = ber,
                             test = "t")),
  common = quote(rma.mv(yi, Vb, mods = ~ 0 + outcome, data = ber, method = "FE")),
  blocks = quote(rma.mv(yi, Va, random = ~ 1 | study/esid, data = ass)),
  blocks_mods = quote(rma.mv(yi, Va, mods = ~ deltype, random = ~ 1 | study/esid, data = ass, test = "t")),
  cs = quote(rma.mv(yi, vi, mods = ~ 0 + times, random = ~ times | study, struct = "CS", data = ish)),
  hcs = quote(rma.mv(yi, vi, mods = ~ 0 + times, random = ~ times | study, struct = "HCS", data = ish)),
  un = quote(rma.mv(yi, vi, mods = ~ 0 + times, random = ~ times | study, struct = "UN", data = ish)),
  id = quote(rma.mv(yi, vi, mods = ~ 0 + times, random = ~ times | study, struct = "ID", data = ish)),
  diagonal = quote(rma.mv(yi, vi, mods = ~ 0 + times, random = ~ times | study, struct = "DIAG", data = ish)),
  ar = quote(rma.mv(yi, vi, mods = ~ 0 + times, random = ~ times | study, struct = "AR", data = ish)),
  har = quote(rma.mv(yi, vi, mods = ~ 0 + times, random = ~ times | study, struct = "HAR", data = ish)),
  car = quote(rma.mv(yi, vi, mods = ~ 0 + times, random = ~ time | study, struct = "CAR", data = ish)),
  gen = quote(rma.mv(yi, vi, mods = ~ time, random = ~ time | study, struct = "GEN", data = ish)),
  gdiag = quote(rma.mv(yi, vi, mods = ~ time, random = ~ time | study, struct = "GDIAG", data = ish)),
  spexp = quote(rma.mv(s1, vars1, random = ~ site_station | const, struct = "SPEXP", data = mai, dist = list(D),
                       control = list(rho.init = 10))),
  kalaian = quote(rma.mv(yi, Vk, mods = ~ 0 + outcome, random = ~ outcome | study, struct = "UN", data = kal)),
  weighted = quote(rma.mv(yi, vi, W = 1 / seq(1, 2, length = 56), random = ~ 1 | district/school, data = kon)),
  given = quote(rma.mv(yi, vi, random = ~ 1 | study, sigma2 = 3, data = ish)),
  none = quote(rma.mv(yi, vi, data = ish)))

# list(ours, theirs)
mv_both <- function(call, data = mv_data()) {
  list(ours = suppressWarnings(eval(call, c(data, list(rma.mv = getExportedValue("metaparity", "rma.mv"))))),
       theirs = suppressWarnings(eval(call, c(data, list(rma.mv = metafor::rma.mv)))))
}

# Numbers of printed lines agree up to what metafor's optimiser leaves: text is identical, numbers are close.
expect_close_print <- function(a, b, tolerance) {
  lines <- lapply(list(a, b), function(x) utils::capture.output(print(x)))
  number <- "-?[0-9]+[.][0-9]+"
  plain <- lapply(lines, function(l) gsub(" +", " ", gsub(number, "#", l)))
  expect_identical(plain[[1L]], plain[[2L]])
  values <- lapply(lines, function(l) as.numeric(unlist(regmatches(l, gregexpr(number, l)))))
  expect_equal(values[[1L]], values[[2L]], tolerance = tolerance)
}

test_that("metan 4 gives the numbers that Stata printed, in every case", {
  cases <- metan4_fixture("cases")
  printed <- utils::read.csv(test_path("fixtures", "stata-metan4", "printed.csv"), colClasses = "character")
  expect_identical(nrow(cases), 41L)
  checked <- vapply(cases$id, function(id) {
    view <- metan4_case(id)
    want <- printed[printed$id == id, ]
    got <- vapply(want$key, function(key) {
      value <- metan4_value(view, key)
      if (length(value) == 1L) as.numeric(value) else NA_real_
    }, 0)
    bad <- !prints_as(got, want$printed)
    expect_true(!any(bad), label = paste(id, toString(sprintf("%s %s/%s", want$key[bad], want$printed[bad], got[bad]))))
    sum(!bad)
  }, 0)
  expect_gt(sum(checked), 3000)
})

test_that("the models agree with metafor's", {
  skip_if_not_installed("metafor")
  d <- metan4_fixture("validation")
  methods <- c(dl = "DL", he = "HE", mp = "PM", pmm = "PMM", ml = "ML", reml = "REML", hksj = "DL")
  for (word in names(methods)) {
    v <- metan(logor, selogor, data = d, model = word, version = 4)
    fit <- metafor::rma(logor, sei = selogor, data = d, method = methods[[word]],
                        test = if (word == "hksj") "knha" else "z",
                        control = list(threshold = 1e-10, tol = 1e-10, maxiter = 1000))
    expect_gate(c(v$r$eff, v$r$se_eff), c(as.numeric(fit$beta), fit$se), "metafor_iterative")
    if (word != "hksj") expect_gate(v$r$tausq, fit$tau2, "metafor_iterative")
  }
  hc <- metafor::hc(metafor::rma(logor, sei = selogor, data = d, method = "DL"))
  v <- metan(logor, selogor, data = d, hc = TRUE, version = 4)
  expect_gate(c(v$r$eff_lci, v$r$eff_uci), c(hc$ci.lb, hc$ci.ub), "metafor_iterative")
})

test_that("cumulative and influence analyses are those of the subsets", {
  d <- metan4_fixture("validation")[1:8, ]
  v <- metan(logor, selogor, data = d, random = TRUE, influence = TRUE, version = 4)
  one <- metan(logor, selogor, data = d[-3, ], random = TRUE, version = 4)
  expect_equal(v$table$es[3], one$r$eff)
  expect_equal(v$table$tau2[3], one$r$tausq)
  v <- metan(logor, selogor, data = d, random = TRUE, cumulative = TRUE, version = 4)
  expect_equal(v$table$es[4], metan(logor, selogor, data = d[1:4, ], random = TRUE, version = 4)$r$eff)
})

test_that("several words of a measure mean one", {
  d <- metan4_fixture("validation")
  a <- metan(logor, selogor, data = d, or = TRUE, version = 4)
  b <- metan(logor, selogor, data = d, eform = TRUE, version = 4)
  expect_identical(a$table$es, b$table$es)
  expect_match(format(a), "Meta-analysis pooling of Odds Ratios", all = FALSE)
  expect_match(format(metan(logor, selogor, data = d, hr = TRUE, version = 4)), "Hazard Ratios", all = FALSE)
  expect_identical(metan(tsample, tmean, tsd, csample, cmean, csd, data = d, md = TRUE, version = 4)$r$eff,
                   metan(tsample, tmean, tsd, csample, cmean, csd, data = d, nostandard = TRUE, version = 4)$r$eff)
})

test_that("the results set is written and takes the place of the data", {
  d <- metan4_fixture("validation")
  file <- tempfile(fileext = ".csv")
  v <- metan(tdeath, tnodeath, cdeath, cnodeath, data = d, or = TRUE, by = type_study, saving = file, version = 4)
  set <- utils::read.csv(file, check.names = FALSE)
  expect_identical(sum(set[["_USE"]] == 1), 20L)
  expect_equal(set[["_ES"]][set[["_USE"]] == 5], v$r$eff)
  expect_error(metan(logor, selogor, data = d, saving = file, version = 4), class = "metaparity_error_input")
  out <- stata("metan logor selogor, nograph clear", d, metan = 4)
  expect_identical(nrow(out$data), 21L)
  out <- stata("metan logor selogor, model(dl \\ fe) nograph ebshrinkage allweights", d, metan = 4)
  expect_true(all(c("_EBS_ES", "_EBS_seES", "_WT1", "_WT2") %in% names(out$data)))
})

test_that("options that do not go together are named", {
  d <- metan4_fixture("validation")
  arg_of <- function(...) tryCatch(metan(logor, selogor, data = d, ..., version = 4),
                                   metaparity_error_input = function(e) e$arg)
  expect_identical(arg_of(proportion = 3), "proportion")
  expect_identical(arg_of(cumulative = TRUE, influence = TRUE), "influence")
  expect_identical(arg_of(model = "dl \\ fe", cumulative = TRUE), "model")
  expect_identical(arg_of(model = "nosuch"), "model")
  expect_identical(arg_of(b0 = TRUE), "npts")
  expect_identical(arg_of(qe = TRUE), "qwt")
  expect_identical(arg_of(model = "ml, hksj", citype = "exact"), "citype")
  expect_identical(arg_of(efficacy = TRUE), "efficacy")
  expect_identical(arg_of(or = TRUE, hr = TRUE), "hr")
})

test_that("r() of version 4 has the names of version 9: ratios, and selogES for their standard error", {
  d <- metan4_fixture("validation")
  v <- metan(tdeath, tnodeath, cdeath, cnodeath, data = d, or = TRUE, version = 4)
  expect_equal(v$r$selogES, v$r$se_eff)
  expect_equal(v$r$ES, exp(v$r$eff))
  expect_equal(c(v$r$ci_low, v$r$ci_upp), exp(c(v$r$eff_lci, v$r$eff_uci)))
  expect_equal(v$r$tger, sum(d$tdeath) / sum(d$tdeath + d$tnodeath))
  expect_equal(v$r$cger, metan(tdeath, tnodeath, cdeath, cnodeath, data = d)$r$cger)
  typed <- stata("metan tdeath tnodeath cdeath cnodeath, or nograph", d, metan = 4)
  expect_equal(typed$r$selogES, v$r$se_eff)
  logs <- metan(tdeath, tnodeath, cdeath, cnodeath, data = d, or = TRUE, log = TRUE, version = 4)
  expect_equal(logs$r$ES, v$r$eff)
  expect_null(logs$r$selogES)
  peto <- metan(tdeath, tnodeath, cdeath, cnodeath, data = d, peto = TRUE, version = 4)$r
  expect_equal(peto$OE / peto$V, peto$eff)
})

test_that("r() of groups, proportions, several models and random effects", {
  d <- metan4_fixture("validation")
  by <- metan(logor, selogor, data = d, by = type_study, version = 4)
  expect_equal(c(by$r$nby, by$r$Qbet), c(2, by$between$Q))
  expect_equal(by$r$Qsum + by$r$Qbet, by$r$Q)
  expect_identical(dim(by$r$bystats), c(11L, 2L))
  p <- metan(c(3, 9, 5), c(20, 30, 40), proportion = TRUE, transform = "logit", version = 4)
  expect_equal(c(p$r$prop_eff, p$r$prop_lci, p$r$prop_uci), stats::plogis(c(p$r$eff, p$r$eff_lci, p$r$eff_uci)))
  two <- metan(logor, selogor, data = d, random = TRUE, second = "fixed", version = 4)
  fixed <- metan(logor, selogor, data = d, version = 4)$r
  expect_equal(two$r$ES_2, fixed$eff)
  expect_equal(two$r$ovstats["eff", ], c(dl = two$r$eff, iv = fixed$eff))
  w <- 1 / (d$selogor^2 + two$r$tausq)
  expect_equal(two$r$Hstar, sqrt(sum(w * (d$logor - two$r$eff)^2) / (nrow(d) - 1)))
  eb <- stata("metan logor selogor, random ebshrinkage nograph", d, metan = 4)$data
  share <- two$r$tausq * w
  expect_equal(as.vector(eb[["_EBS_seES"]]), sqrt(share * d$selogor^2 + ((1 - share) * two$r$se_eff)^2),
               tolerance = 1e-6)
})

test_that("network setup describes the network as Stata does", {
  net <- network_setup(d, n, data = smoking_data(), studyvar = study, trtvar = trt, ref = "Self help")
  expect_identical(format(net), c(
    "Treatments used", "   A:                                  No contact",
    "   B (reference):                      Self help",
    "   C:                                  Individual counselling",
    "   D:                                  Group counselling",
    "", "Measure                                Log odds ratio", "", "Studies",
    "   ID variable:                        study", "   Number used:                        24",
    "   IDs with zero cells:                9 20", "   - count added to all their cells:   .5",
    "   IDs with augmented reference arm:   1 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20 23 24",
    "   - observations added:               0.00001", "   - mean in augmented observations:   study-specific mean", "",
    "Network information                    ", "   Components:                         1 (connected)",
    "   D.f. for inconsistency:             7", "   D.f. for heterogeneity:             16", "", "Current data",
    "   Data format:                        augmented", "   Design variable:                    _design",
    "   Estimate variables:                 _y*", "   Variance variables:                 _S*",
    "   Command to list the data:           list study _y* _S*, noo sepby(_design)"))
  first <- net$data[1L, ]
  expect_equal(unlist(first[c("_y_A", "_y_C", "_y_D")], use.names = FALSE), c(-.4860533, .56523973, -.35752573),
               tolerance = 1e-6)
  expect_equal(first[["_S_A_A"]], 1106408.4, tolerance = 1e-7)
  expect_equal(c(first$dB, first$nB), c(42 / 418 * 1e-5, 1e-5))
})

test_that("a zero cell adds a half to every cell of every arm of its study", {
  net <- network_setup(d, n, data = smoking_data(), studyvar = study, trtvar = trt)
  expect_identical(net$zero, c(9L, 20L))
  arms <- net$studies[[9L]]$arms
  expect_identical(arms$d, c(0.5, 9.5))
  expect_identical(arms$n, c(34, 49))
  one <- network_setup(d, n, data = smoking_data(), studyvar = study, trtvar = trt, zeroadd = 1)
  expect_identical(one$studies[[9L]]$arms$n, c(35, 50))
  full <- data.frame(s = c(1, 1), t = c("A", "B"), d = c(5, 3), n = c(5, 9))
  expect_identical(network_setup(d, n, data = full, studyvar = s, trtvar = t)$zero, 1)
  expect_null(network_setup(d, n, data = full, studyvar = s, trtvar = t, hr = TRUE)$zero |> (\(x) if (length(x)) x)())
})

test_that("standardised mean differences are Stata's", {
  s <- data.frame(study = c(1, 1, 1, 2, 2, 3, 3), trt = c("A", "B", "C", "A", "B", "A", "C"),
                  sbp = c(50, 60, 62, 70, 75, 60, 55), sbpsd = 10, count = c(100, 100, 100, 100, 100, 25, 25))
  net <- network_setup(sbp, sbpsd, count, data = s, studyvar = study, trtvar = trt, smd = TRUE)
  expect_gate(net$data[["_y_B"]][1:2], c(.99747229, .49810326), "stata_smd")
  expect_gate(net$data[["_y_C"]][c(1, 3)], c(1.1969667, -.49213973), "stata_smd")
  expect_gate(net$data[["_S_B_B"]][1:2], c(.02168497, .02063211), "stata_smd")
  expect_gate(net$data[["_S_C_C"]][c(1, 3)], c(.02242635, .08261818), "stata_smd")
  expect_gate(net$data[["_S_B_C"]][1], .01202196, "stata_smd")
  m <- network_meta(net, "c", force = TRUE)
  expect_gate(m$table$b, c(.5482048, .3755333), "stata_smd")
  expect_gate(m$table$se, c(.5599685, .5715054), "stata_smd")
})

test_that("measures are those of escalc", {
  d <- data.frame(s = c(1, 1), t = c("A", "B"), r = c(10, 20), n = c(100, 90))
  for (m in c("or", "rr", "rd")) {
    net <- do.call(network_setup, c(list(quote(r), quote(n), data = d, studyvar = quote(s), trtvar = quote(t)),
                                    stats::setNames(list(TRUE), m)))
    e <- escalc(toupper(m), ai = 20, n1i = 90, ci = 10, n2i = 100)
    expect_equal(net$studies[[1L]]$y, as.numeric(e$yi))
    expect_equal(as.numeric(net$studies[[1L]]$S), as.numeric(e$vi))
  }
  h <- network_setup(r, n, data = d, studyvar = s, trtvar = t, hr = TRUE)
  e <- escalc("IRR", x1i = 20, t1i = 90, x2i = 10, t2i = 100)
  expect_equal(c(h$studies[[1L]]$y, h$studies[[1L]]$S), c(e$yi, e$vi), ignore_attr = TRUE)
  q <- data.frame(s = c(1, 1), t = c("A", "B"), m = c(5, 7), sd = c(2, 3), n = c(20, 30))
  e <- escalc("MD", m1i = 7, sd1i = 3, n1i = 30, m2i = 5, sd2i = 2, n2i = 20)
  net <- network_setup(m, sd, n, data = q, studyvar = s, trtvar = t)
  expect_equal(c(net$studies[[1L]]$y, net$studies[[1L]]$S), c(e$yi, e$vi), ignore_attr = TRUE)
})

test_that("wide data, lists of treatments and codes", {
  wide <- data.frame(study = 1:3, rA = c(9, NA, 79), nA = c(140, NA, 702), rB = c(23, 11, 77), nB = c(140, 78, 694),
                     rC = c(NA, 12, NA), nC = c(NA, 85, NA))
  net <- network_setup(r, n, data = wide, studyvar = study)
  expect_identical(net$designs, c("A B", "B C", "A B"))
  d <- smoking_data()
  some <- network_setup(d, n, data = d, studyvar = study, trtvar = trt, trtlist = c("Self help", "No contact"))
  expect_identical(some$treatments$name, c("Self help", "No contact"))
  expect_identical(length(some$ids), 3L)
  expect_identical(network_setup(d, n, data = d, studyvar = study, trtvar = trt, numcodes = TRUE)$treatments$code,
                   as.character(1:4))
  expect_identical(network_setup(d, n, data = d, studyvar = study, trtvar = trt, alpha = TRUE,
                                 nocodes = TRUE)$treatments$code[1],
                   "Group_counselling")
  expect_identical(network_letters(28L)[27:28], c("BA", "BB"))
})

test_that("contrasts of pairs are imported, those of several arms with their covariance", {
  net <- network_import(network_fixture("coronary"), c(t1, t2), logOR, selogOR, study = study)
  expect_identical(format(net), c("Importing from pairs format", "Reference treatment: BMS",
                                  "All treatments: BMS DES MT PTCA"))
  expect_identical(network_import(network_fixture("coronary"), c(t1, t2), logOR, variance = selogOR,
                                  study = study)$ref, "BMS")
  smoking <- network_setup(d, n, data = smoking_data(), studyvar = study, trtvar = trt, format = "pairs")
  p <- smoking$data
  names(p) <- sub("^_", "", names(p))
  back <- network_import(p, c(t1, t2), y, stderr, study = study)
  expect_equal(back$studies[[1L]]$S, unname(smoking$studies[[1L]]$S))
  expect_error(network_import(p[-1, ], c(t1, t2), y, stderr, study = study), class = "metaparity_error_studies")
  expect_error(network_import(p, c(t1, t1), y, stderr, study = study), class = "metaparity_error_studies")
})

test_that("what is no network is refused by name", {
  d <- smoking_data()
  expect_error(network_setup(d, n, data = d), class = "metaparity_error_input")
  expect_error(network_setup(d, data = d, studyvar = study, trtvar = trt), class = "metaparity_error_input")
  expect_error(network_setup(d, n, data = d, studyvar = study, trtvar = trt, smd = TRUE),
               class = "metaparity_error_input")
  expect_error(network_setup(d, n, data = d, studyvar = study, trtvar = trt, or = TRUE, rr = TRUE),
               class = "metaparity_error_input")
  expect_error(network_setup(d, n, data = d, studyvar = study, trtvar = trt, ref = "Placebo"),
               class = "metaparity_error_input")
  expect_error(network_setup(d, n, data = d, studyvar = study, trtvar = trt, format = "long"),
               class = "metaparity_error_input")
  d$n[3] <- -1
  expect_error(network_setup(d, n, data = d, studyvar = study, trtvar = trt), class = "metaparity_error_studies")
  d$n[3] <- NA
  expect_warning(network_setup(d, n, data = d, studyvar = study, trtvar = trt), class = "metaparity_warning_dropped")
  twice <- smoking_data()
  twice$trt[2] <- twice$trt[1]
  expect_error(network_setup(d, n, data = twice, studyvar = study, trtvar = trt), class = "metaparity_error_studies")
})

test_that("events beyond the persons are an error with their rows, but of a hazard", {
  d <- data.frame(s = c(1, 1, 2, 2), t = c("A", "B"), r = c(5, 30, 2, 3), n = 20)
  e <- expect_error(network_setup(r, n, data = d, studyvar = s, trtvar = t), class = "metaparity_error_studies")
  expect_identical(e$rows, 2L)
  expect_s3_class(network_setup(r, n, data = d, studyvar = s, trtvar = t, hr = TRUE), "stata_network")
  wide <- data.frame(s = 1:3, rA = 2, nA = 20, rB = c(2, 3, 30), nB = 20)
  e <- expect_error(network_setup(r, n, data = wide, studyvar = s), class = "metaparity_error_studies")
  expect_identical(e$rows, 3L)
})

test_that("treatments with spaces are as those without", {
  p <- data.frame(s = 1:7, t1 = c("A", "A", "A", "B", "A", "A", "B"),
                  t2 = c("B", "B", "Dx y", "Dx y", "C", "Dx y", "C"), y = c(.1, .3, .5, .2, .6, .9, .1), v = .1)
  import <- function(data) network_import(data = data, treatments = c(t1, t2), effect = y, variance = v, study = s,
                                          ref = "A")
  q <- import(p)
  plain <- import(transform(p, t2 = sub(" ", "", t2)))
  expect_identical(network_pattern(q)$table$studies, network_pattern(plain)$table$studies)
  expect_equal(network_meta(q, "inconsistency")$test, network_meta(plain, "inconsistency")$test)
  expect_equal(network_sidesplit(q, "all")$table[-1], network_sidesplit(plain, "all")$table[-1])
  expect_identical(network_sidesplit(q, "B Dx y")$table, network_sidesplit(q, c("B", "Dx y"))$table)
  for (names in list(c("A", "A B"), c("A_B", "A B"))) {
    mixed <- import(transform(p, t1 = ifelse(t1 == "B", names[1], ifelse(t1 == "A", "A", t1)),
                              t2 = ifelse(t2 == "B", names[1], ifelse(t2 == "Dx y", names[2], t2)))[-c(1, 2), ])
    expect_true(names[2] %in% mixed$treatments$name)
    expect_false(anyDuplicated(mixed$treatments$code) > 0L)
  }
  expect_warning(import(transform(p, t2 = ifelse(s == 2, " ", t2))), class = "metaparity_warning_dropped")
})

test_that("codes are words of one piece whose pairs and designs differ", {
  expect_identical(network_plain_codes(c("A", "B x")), c("A", "B_x"))
  expect_identical(network_plain_codes(c("A B", "A_B", "C")), c("A", "B", "C"))
  expect_identical(network_plain_codes(c("A", "A_B", "B_A")), c("A", "B", "C"))
  net <- list(designs = c("A BC", "AB C", "A BC"))
  expect_length(unique(network_design_name(net$designs, net)), 2L)
})

test_that("heterogeneity can be told while contrasts are left over", {
  d <- data.frame(study = c(1, 1, 1, 2, 2, 3, 3, 4, 4), trt = c("A", "B", "C", "A", "B", "A", "C", "B", "C"),
                  r = c(9, 23, 10, 11, 12, 29, 79, 77, 18), n = c(140, 140, 138, 78, 85, 170, 702, 694, 671))
  net <- network_setup(r, n, data = d, studyvar = study, trtvar = trt)
  fit <- network_meta(net, "consistency", nouncertainv = TRUE)
  expect_error(network_meta(net, "inconsistency"), class = "metaparity_error_input")
  expect_error(network_meta(network_setup(r, n, data = d[4:7, ], studyvar = study, trtvar = trt), "consistency"),
               class = "metaparity_error_input")
  skip_if_not_installed("metafor")
  s <- network_convert(net, "standard")$data
  y <- as.vector(t(as.matrix(s[c("_y_1", "_y_2")])))
  keep <- !is.na(y)
  V <- lapply(1:4, function(i) {
    if (i > 1) return(s[["_S_1_1"]][i])
    matrix(c(s[["_S_1_1"]][1], s[["_S_1_2"]][1], s[["_S_1_2"]][1], s[["_S_2_2"]][1]), 2)
  })
  X <- cbind(B = c(1, 0, 1, 0, -1), C = c(0, 1, 0, 1, 1))
  long <- data.frame(y = y[keep], id = c(1, 1, 2, 3, 4), j = c(1, 2, 1, 1, 1))
  f <- metafor::rma.mv(y, V, mods = X, intercept = FALSE, random = ~ j | id, struct = "CS", rho = 0.5, data = long)
  expect_gate(sqrt(fit$fit$fit$Sigma[1, 1]), sqrt(f$tau2), "mvmeta_metafor")
  expect_gate(unname(fit$fit$fit$beta), unname(f$beta[, 1]), "mvmeta_metafor")
})

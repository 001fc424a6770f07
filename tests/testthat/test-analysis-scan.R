# rma_scan() against rma_batch() and rma() on the joined table, and against the published formulas of METAL.

test_that("every row is that of rma_batch() on the joined table, and of rma()", {
  d <- some_studies()
  yi <- joined_studies(d, "BETA")
  sei <- joined_studies(d, "SE")
  for (method in c("EE", "DL", "REML", "PM")) for (test in c("z", "knha")) {
    s <- scan_quietly(d, "SNP", "BETA", "SE", n = "N", method = method, test = test)
    b <- calm(rma_batch(yi, sei = sei, method = method, test = test))
    expect_identical(s$outcome, b$outcome)
    shared <- setdiff(names(b), "code")
    expect_identical(plain_columns(s)[shared], plain_columns(b)[shared])
    expect_s3_class(s, "metaparity_batch")
    i <- which(b$k == 4L)[1:3]
    for (j in i) {
      f <- rma(yi[j, ], sei = sei[j, ], method = method, test = test)
      expect_gate(c(s$estimate[j], s$se[j], s$pval[j], s$tau2[j], s$QE[j]), c(f$beta, f$se, f$pval, f$tau2, f$QE),
                  "exact_solution")
    }
  }
  expect_identical(s$n, unname(rowSums(joined_studies(d, "N"), na.rm = TRUE)))
  signs <- ifelse(is.na(yi), "?", ifelse(yi > 0, "+", ifelse(yi < 0, "-", "0")))
  expect_identical(s$direction, unname(apply(signs, 1L, paste, collapse = "")))
})

test_that("the schemes are the published formulas", {
  d <- some_studies(k = 3)
  yi <- joined_studies(d, "BETA")
  w <- 1 / joined_studies(d, "SE")^2
  s <- scan_quietly(d, "SNP", "BETA", "SE")
  beta <- rowSums(w * yi, na.rm = TRUE) / rowSums(w * !is.na(yi), na.rm = TRUE)
  expect_gate(s$estimate, beta, "exact_solution")
  expect_gate(s$se, sqrt(1 / rowSums(w, na.rm = TRUE)), "exact_solution")
  expect_gate(s$pval, 2 * pnorm(-abs(beta * sqrt(rowSums(w, na.rm = TRUE)))), "exact_solution")
  z <- sign(yi) * -qnorm(joined_studies(d, "P") / 2)
  n <- joined_studies(d, "N")
  total <- rowSums(z * sqrt(n), na.rm = TRUE) / sqrt(rowSums(n, na.rm = TRUE))
  s <- scan_quietly(d, "SNP", "BETA", p = "P", n = "N", scheme = "samplesize")
  expect_gate(s$zval, total, "exact_solution")
  expected <- sqrt(n) * rowSums(z * sqrt(n), na.rm = TRUE) / rowSums(n, na.rm = TRUE)
  expect_gate(s$QE[s$k > 1], rowSums((z - expected)^2, na.rm = TRUE)[s$k > 1], "exact_solution")
  both <- scan_quietly(d, "SNP", "BETA", "SE", n = "N", scheme = "samplesize")
  z <- yi / joined_studies(d, "SE")
  expect_gate(both$zval, rowSums(z * sqrt(n), na.rm = TRUE) / sqrt(rowSums(n, na.rm = TRUE)), "exact_solution")
})

test_that("genomic control", {
  d <- some_studies(k = 3)
  z2 <- lapply(d, function(x) (x$BETA / x$SE)^2)
  lambda <- vapply(z2, stats::median, 0) / stats::qchisq(0.5, 1)
  d[[3]]$SE <- d[[3]]$SE * 10
  lambda[3] <- lambda[3] / 100
  s <- scan_quietly(d, "SNP", "BETA", "SE", genomic_control = TRUE)
  expect_gate(attr(s, "studies")$lambda, lambda, "exact_solution")
  expect_true(all(lambda[1:2] > 1) && lambda[3] < 1)
  v <- sweep(joined_studies(d, "SE")^2, 2L, pmax(1, lambda), "*")
  se <- 1 / sqrt(rowSums(1 / v, na.rm = TRUE))
  expect_gate(s$se, se, "exact_solution")
  one <- scan_quietly(d, "SNP", "BETA", "SE", genomic_control = c(FALSE, FALSE, TRUE))
  expect_identical(one$se, scan_quietly(d, "SNP", "BETA", "SE")$se)
  d <- some_studies(k = 1)
  z <- sign(d[[1]]$BETA) * -qnorm(d[[1]]$P / 2)
  s <- scan_quietly(d, "SNP", "BETA", p = "P", n = "N", scheme = "samplesize", genomic_control = TRUE)
  expect_gate(s$zval, z / sqrt(stats::median(z^2) / stats::qchisq(0.5, 1)), "exact_solution")
})

test_that("alleles are aligned to the study that has the identifier first", {
  first <- data.frame(id = c("a", "b", "c", "d", "e"), effect = 1:5 / 10, se = 0.1, ea = c("A", "a", "A", "A", "C"),
                      oa = c("G", "G", "T", "T", "G"), f = c(.3, .3, .3, .5, .2))
  second <- data.frame(id = c("a", "b", "c", "d", "e"), effect = 0.2, se = 0.2, ea = c("G", "T", "A", "A", "C"),
                       oa = c("A", "C", "T", "T", "A"), f = c(.6, .3, .8, .3, .2))
  scan <- function(...) scan_quietly(list(first, second), effect_allele = "ea", other_allele = "oa", ...)
  expect_warning(s <- rma_scan(list(first, second), effect_allele = "ea", other_allele = "oa", eaf = "f"),
                 class = "metaparity_warning_lines")
  expect_identical(s$outcome, c("a", "b", "c", "e", "d"))
  expect_identical(s$direction, c("+-", "++", "+-", "+?", "?+"))
  expect_identical(s$effect_allele, c("A", "A", "A", "C", "A"))
  w <- c(100, 25)
  expect_gate(s$estimate[1:3], c(sum(w * c(.1, -.2)), sum(w * c(.2, .2)), sum(w * c(.3, -.2))) / sum(w), "exact_solution")
  expect_gate(s$eaf[1], sum(w * c(.3, .4)) / sum(w), "exact_solution")
  problems <- attr(s, "problems")
  expect_identical(problems$reason, c("strand cannot be told", "other alleles than before"))
  expect_identical(paste(problems$study, problems$line), c("study 1 4", "study 2 5"))
  expect_identical(scan(eaf = "f", ambiguous = "keep")$direction, c("+-", "++", "++", "++", "+?"))
  expect_identical(scan(eaf = "f", ambiguous = "drop")$outcome, c("a", "b", "e"))
  expect_identical(scan()$outcome, c("a", "b", "e"))
  expect_identical(scan(eaf = "f", maf = 0.1)$outcome, c("a", "b", "e"))
})

test_that("filters, kept columns and the least number of studies", {
  d <- some_studies()
  s <- scan_quietly(d, "SNP", "BETA", "SE", keep = c("CHR", "N"), where = list(N = c(600, 700)), min_studies = 2)
  cut <- lapply(d, function(x) x[x$N >= 600 & x$N <= 700, ])
  b <- scan_quietly(cut, "SNP", "BETA", "SE")
  expect_identical(s$estimate, b$estimate[b$k > 1])
  expect_equal(attr(s, "few"), sum(b$k == 1))
  expect_identical(attr(s, "studies")$filtered, vapply(seq_along(d), function(i) nrow(d[[i]]) - nrow(cut[[i]]), 0L) + 0)
  all <- do.call(rbind, cut)
  first <- all[match(s$outcome, all$SNP), ]
  expect_identical(s$CHR, as.character(first$CHR))
  expect_identical(s$N, as.character(first$N))
  expect_identical(as.integer(scan_quietly(d, "SNP", "BETA", "SE", keep = "CHR")$CHR[1:9]), as.integer(d[[1]]$CHR[1:9]))
})

test_that("what does not fit is named", {
  d <- some_studies(20, 2)
  bad <- function(...) expect_error(rma_scan(...), class = "metaparity_error_input")
  bad()
  bad(1)
  bad(list())
  bad(character())
  bad("|ls")
  bad("https://a.org/b.csv")
  bad(tempfile())
  bad(tempdir())
  bad(d, "snp", "BETA", "SE")
  bad(d, "SNP", NULL, "SE")
  bad(d, "SNP", "BETA", c("SE", "SE", "SE"))
  bad(d, "SNP", "BETA", "SE", scheme = "samplesize")
  bad(d, "SNP", "BETA", "SE", scheme = "size")
  bad(d, "SNP", "BETA", "SE", effect_allele = "A1")
  bad(d, "SNP", "BETA", "SE", method = "MH")
  bad(d, "SNP", "BETA", "SE", where = list(N = 3))
  bad(d, "SNP", "BETA", "SE", where = list(M = 1:2))
  bad(d, "SNP", "BETA", "SE", studies = c("a", "a"))
  bad(d, "SNP", "BETA", "SE", genomic_control = NA)
  bad(d, "SNP", "BETA", "SE", memory = 0)
  bad(d, "SNP", "BETA", "SE", sep = "ab")
  bad(d, "SNP", "BETA", "SE", out = "|cat")
  bad(d, "SNP", "BETA", "SE", folder = "http://a")
  expect_warning(rma_scan(d, "SNP", "BETA", "SE", methd = "DL"), class = "metaparity_warning_unknown")
})

# Printed examples of Stata's Base Reference manual, Epitab.
strata_log <- function(d, line) stata(line, d)$log
strata_row <- function(log, name) grep(sprintf("^ *%s \\|", name), log, value = TRUE)

test_that("ir, by() prints the manual's table of smoking doctors", {
  d <- data.frame(age = rep(c("35-44", "45-54", "55-64", "65-74", "75-84"), each = 2), smokes = rep(1:0, 5),
                  deaths = c(32, 2, 104, 12, 206, 28, 186, 28, 102, 31),
                  pyears = c(52407, 18790, 43248, 10673, 28612, 5710, 12663, 2585, 5317, 1462))
  log <- strata_log(d, "ir deaths smokes pyears, by(age)")
  words <- function(name) strsplit(trimws(sub("^.*[|]", "", strata_row(log, name))), " +")[[1L]]
  expect_equal(words("35-44"), c("5.736638", "1.463557", "49.40468", "1.472169", "(exact)"))
  expect_equal(words("75-84"), c(".9047304", ".6000757", "1.399687", "24.31435", "(exact)"))
  expect_equal(words("Crude"), c("1.719823", "1.391992", "2.14353", "(exact)"))
  expect_equal(words("M-H combined"), c("1.424682", "1.154703", "1.757784"))
  expect_match(log[length(log)], "chi2\\(4\\) =     10.41  Pr>chi2 = 0.0340")
})

test_that("cs, by() prints the manual's table of tolbutamide", {
  d <- data.frame(age = rep(c("<55", "55+"), each = 4), dead = rep(c(1, 1, 0, 0), 2), ex = rep(1:0, 4),
                  n = c(8, 5, 98, 115, 22, 16, 76, 69))
  log <- strata_log(d, "cs dead ex [fweight = n], by(age)")
  expect_true("             <55 |    1.811321     .6112044   5.367898     2.345133" %in% log)
  expect_true("           Crude |    1.435574     .8510221   2.421645" %in% log)
  expect_true("    M-H combined |    1.325555      .797907   2.202132" %in% log)
  expect_match(log[length(log)], "^Test of homogeneity \\(M-H\\)      chi2\\(1\\) =    0.447  Pr>chi2 = 0.5037")
})

test_that("cc, by() prints the manual's table of Down syndrome, and is mantelhaen.test()", {
  d <- data.frame(age = rep(c("<35", "35+"), each = 4), case = rep(c(1, 1, 0, 0), 2), ex = rep(1:0, 4),
                  n = c(3, 9, 104, 1059, 1, 3, 5, 86))
  lines <- c("cc case ex [fweight = n], by(age) pool", "display %21.17f r(or)", "display %21.17f r(lb_or)",
             "display %21.17f r(chi2)", "display %21.17f r(pooled)")
  log <- strata_log(d, lines)
  expect_true("    M-H combined |   3.781172       1.18734   12.04142" %in% log)
  expect_true(any(grepl("homogeneity [(]M-H[)] +chi2[(]1[)] =     0.14  Pr>chi2 = 0.7105", log)))
  test <- stats::mantelhaen.test(stats::xtabs(n ~ ex + case + age, d), correct = FALSE)
  found <- as.numeric(utils::tail(log, 4))
  logs <- log(c(3 * 1059 / (9 * 104), 86 / 15))
  w <- 1 / c(1 / 3 + 1 / 9 + 1 / 104 + 1 / 1059, 1 + 1 / 3 + 1 / 5 + 1 / 86)
  expect_gate(found, c(test$estimate[[1]], test$conf.int[1], test$statistic[[1]], exp(sum(w * logs) / sum(w))),
              "exact_solution")
})

test_that("cs, by() or has Cornfield's limits in the strata and for the crude ratio", {
  d <- data.frame(g = rep(1:2, each = 4), dead = rep(c(1, 1, 0, 0), 2), ex = rep(1:0, 4),
                  n = c(259, 571, 318, 1365, 0, 12, 9, 20))
  log <- strata_log(d, "cs dead ex [fweight = n], by(g) or")
  words <- function(name) strsplit(trimws(sub("^.*[|]", "", strata_row(log, name))), " +")[[1L]]
  expect_equal(words("1")[c(1:3, 5)], c("1.947015", "1.608816", "2.35632", "(Cornfield)"))
  expect_equal(words("2")[1:2], c("0", "0"))
  expect_match(strata_row(log, "Crude"), "^           Crude .* {14}[(]Cornfield[)]$")
  expect_true(any(grepl("[(]Woolf[)]$", strata_log(d, "cs dead ex [fweight = n], by(g) or woolf"))))
})

test_that("risk differences by strata are refused by name", {
  d <- data.frame(a = c(1, 0, 1, 0), b = c(1, 1, 0, 0), g = c(1, 1, 2, 2))
  expect_error(stata("cs a b, by(g) rd", d), class = "metaparity_error_stata_gap")
})

# Deliberate differences of the printed lines: estimates that metafor stops early on (so the estimators here are closed
# forms), a zero that it prints as -0.0000, and in dat.begg1989 a variance of 0.01235 to all digits, rounded the other
# way.
test_that("every class prints line by line as in metafor on the data sets of metadat", {
  skip_if_not_installed("metafor")
  sets <- metadat_estimates(12L)
  sets <- sets[vapply(sets, nrow, 0L) >= 5L & names(sets) != "dat.begg1989"]
  sets <- sets[seq(1L, length(sets), by = 2L)]
  expect_gte(length(sets), 25L)
  shown <- function(package, d) {
    f <- function(name) getExportedValue(package, name)
    fit <- f("rma")(yi, vi, data = d, method = "DL")
    objects <- list(fit, summary(fit), f("rma")(yi, vi, data = d, method = "EE"),
                    f("rma")(yi, vi, data = d, method = "HE", test = "knha"),
                    f("rma")(yi, vi, mods = ~x, data = d, method = "DL", digits = 3), f("regtest")(fit),
                    f("ranktest")(fit),
                    f("leave1out")(fit), f("cumul")(fit), predict(fit), f("fsn")(fit))
    lines <- unlist(lapply(objects, function(x) utils::capture.output(print(x))))
    gsub("-(0[.]0+)(?![0-9])", " \\1", lines, perl = TRUE)
  }
  for (name in names(sets)) {
    d <- sets[[name]]
    expect_identical(suppressWarnings(shown("metaparity", d)), suppressWarnings(shown("metafor", d)), label = name)
  }
})

cells <- list(ai = c(4, 12, 0), bi = c(20, 30, 15), ci = c(11, 5, 3), di = c(25, 41, 9))
equal <- list(ai = 5, bi = 20, ci = 10, di = 40)

of_family <- function(families) {
  Filter(function(m) measure_table[[m]]$family %in% families, names(table_measures))
}

test_that("equal groups have the value of no effect", {
  for (m in setdiff(of_family("binary"), "PETO")) {
    expect_gate(escalc(m, ai = 5, bi = 20, ci = 10, di = 40)$yi, measure_table[[m]]$null, "closed_form", scale = 1)
  }
  expect_gate(escalc("PETO", ai = 5, bi = 20, ci = 10, di = 40)$yi, 0, "closed_form", scale = 1)
  for (m in of_family("matched"))
    expect_gate(escalc(m, ai = 5, bi = 20, ci = 20, di = 40)$yi, measure_table[[m]]$null, "closed_form", scale = 1)
  for (m in of_family("rates"))
    expect_gate(escalc(m, x1i = 6, x2i = 12, t1i = 30, t2i = 60)$yi, measure_table[[m]]$null, "closed_form", scale = 1)
})

test_that("back on the natural scale a ratio is the ratio", {
  back <- function(m, ...) measure_function(measure_table[[m]]$back)(as.numeric(escalc(m, ...)$yi))
  expect_gate(back("RR", ai = 4, bi = 20, ci = 11, di = 25), (4 / 24) / (11 / 36), "closed_form")
  expect_gate(back("OR", ai = 4, bi = 20, ci = 11, di = 25), 4 * 25 / (20 * 11), "closed_form")
  expect_gate(back("MPRR", ai = 4, bi = 20, ci = 11, di = 25), 24 / 15, "closed_form")
  expect_gate(back("IRR", x1i = 6, x2i = 9, t1i = 30, t2i = 20), 0.2 / 0.45, "closed_form")
  expect_gate(back("PLO", xi = 3, ni = 12), 0.25, "closed_form")
  expect_gate(back("PLN", xi = 3, ni = 12), 0.25, "closed_form")
  expect_gate(back("PRZ", xi = 3, ni = 12), 0.25, "closed_form")
  expect_gate(back("PAS", xi = 3, ni = 12), 0.25, "closed_form")
  expect_gate(back("IRLN", xi = 3, ti = 12), 0.25, "closed_form")
  expect_gate(back("IRS", xi = 3, ti = 12), 0.25, "closed_form")
})

test_that("only what the table says is added to an empty cell", {
  for (m in setdiff(of_family("binary"), c("YUQ", "YUY"))) {
    add <- measure_table[[m]]$add
    own <- suppressWarnings(do.call(escalc, c(list(m), cells)))
    by_hand <- suppressWarnings(do.call(escalc, c(list(m, add = 0, to = "none"),
                                                  lapply(cells, function(x) x + c(0, 0, add)))))
    expect_gate(own$yi, by_hand$yi, "closed_form", scale = 1)
    expect_gate(own$vi, by_hand$vi, "closed_form")
  }
})

test_that("variance formulas are the listed ones, no more", {
  for (m in of_family("binary")) {
    for (v in c("LS", "UB", "AV", "H0", "ST", "CS")) {
      run <- function() suppressWarnings(do.call(escalc, c(list(m, vtype = v), equal)))
      if (v %in% measure_table[[m]]$vtypes) expect_s3_class(run(), "escalc") else
        expect_error(run(), class = "metaparity_error_input", label = paste(m, v))
    }
  }
})

test_that("names in other software are one for each measure", {
  also <- lapply(table_measures, `[[`, "also")
  for (house in unique(unlist(lapply(also, names)))) {
    words <- unlist(lapply(also, function(x) x[names(x) == house]))
    expect_identical(anyDuplicated(words), 0L, label = house)
  }
  expect_identical(names(table_measures), unique(names(table_measures)))
})

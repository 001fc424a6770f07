test_that("all measures of metafor in long format and as tables", {
  expect_same_output({
    v <- list(ai = c(1, 0, 3), bi = c(5, 6, NA), ci = c(2, 0, 2), di = c(8, 9, 9), x1i = c(1, 0, 4), x2i = c(2, 3, 4),
              t1i = c(10, 20, 30), t2i = c(11, 21, 31), xi = c(2, 0, 5), mi = c(3, 4, 5), ti = c(10, 12, 14))
    both <- function(m, v) {
      print(to_l <- do.call(to.long, c(list(measure = m), v)))
      print(levels(to_l[[1]]))
      print(do.call(to.table, c(list(measure = m), v)))
    }
    for (m in c("RR", "OR", "PETO", "RD", "AS", "PHI", "YUQ", "YUY", "RTET", "PBIT", "OR2D", "OR2DN",
                "OR2DL", "MPRD", "MPRR", "MPOR",
                "MPORC", "MPPETO", "MPORM", "IRR", "IRD", "IRSD", "PR", "PLN", "PLO", "PRZ", "PAS", "PFT",
                "IR", "IRLN", "IRS", "IRFT")) both(m, v)
    v <- list(n1i = c(10, 12, 14), n2i = c(11, 13, 15), m1i = c(1, 2, 3), m2i = c(1.5, 2, 2.5), sd1i = c(1, 1.1, 1.2),
              sd2i = c(.9, 1, .8), ri = c(.1, .2, .3), ni = c(20, 21, 22), mi = 3:5, sdi = c(1, 2, 3))
    for (m in c("MD", "SMD", "SMDH", "ROM", "RPB", "RBIS", "D2OR", "D2ORN", "D2ORL", "COR", "UCOR", "ZCOR",
                "MC", "SMCC", "SMCR", "SMCRH",
                "ROMC", "CVRC", "MN", "SMN", "MNLN")) both(m, v)
    both("ABT", list(ai = c(.8, .9), mi = c(5, 6), ni = c(20, 30)))
  })
})

test_that("added amounts, labels, subsets, appended columns, cells", {
  expect_same_output({
    d <- data.frame(a = c(1, 0, 3, 0), b = c(5, 6, NA, 4), c = c(2, 0, 2, 0), d = c(8, 9, 9, 5),
                    s = c("x", "y", "z", "z"))
    to.long("OR", ai = a, bi = b, ci = c, di = d, data = d, slab = s)
    to.long("OR", ai = a, bi = b, ci = c, di = d, data = d, slab = s, subset = 2:3, append = FALSE)
    to.long("OR", ai = a, bi = b, ci = c, di = d, data = d, vlong = TRUE)
    to.long("MPORC", ai = a, bi = b, ci = c, di = d, data = d, vlong = TRUE)
    to.long("MPOR", ai = a, bi = b, ci = c, di = d, data = d, vlong = TRUE)
    to.long("PLO", xi = c(0, 2), mi = c(3, 4), vlong = TRUE)
    to.long("OR", ai = a, bi = b, ci = c, di = d, data = d, to = "only0")
    to.long("OR", ai = a, bi = b, ci = c, di = d, data = d, drop00 = TRUE)
    to.long("RD", ai = a, bi = b, ci = c, di = d, data = d, to = "if0all", append = 5,
            var.names = c("S", "G", "o1", "o2"))
    to.long("RD", ai = a, n1i = b, ci = c, n2i = d, data = d, append = "s")
    to.long("PR", xi = c(0, 2), ni = c(3, 4), add = 0.5, to = "only0")
    to.long("IRR", x1i = c(0, 2), x2i = c(0, 1), t1i = 1:2, t2i = 2:3, drop00 = TRUE)
    to.long("IRR", x1i = x1i, x2i = x2i, t1i = t1i, t2i = t2i, data = dat.hart1999)
    to.table("MD", m1i = m1i, sd1i = sd1i, n1i = n1i, m2i = m2i, sd2i = sd2i, n2i = n2i, data = dat.normand1999,
             slab = source,
             rows = c("Specialized Care", "Routine Care"))
  })
})

test_that("data that do not fit are named", {
  d <- data.frame(a = c(1, 0), b = c(5, 6), c = c(2, 0), d = c(8, 9))
  expect_error(to.long("OR", ai = a, bi = b, ci = c, data = d), class = "metaparity_error_input")
  expect_error(to.long("PCOR", ri = 0.1, ni = 5), class = "metaparity_error_input")
  expect_error(to.long(ai = 1, bi = 2, ci = 3, di = 4), class = "metaparity_error_input")
  expect_error(to.long("OR", ai = -a, bi = b, ci = c, di = d, data = d), class = "metaparity_error_studies")
  expect_error(to.long("OR", ai = a, bi = b, n1i = b, ci = c, di = d, data = d), class = "metaparity_error_studies")
  expect_error(to.long("COR", ri = 1.2, ni = 5), class = "metaparity_error_studies")
  expect_error(to.long("OR", ai = a, bi = b, ci = c, di = d, data = d, var.names = "a"),
               class = "metaparity_error_input")
  expect_error(to.table("OR", ai = a, bi = b, ci = c, di = d, data = d, rows = "a"), class = "metaparity_error_input")
  expect_error(to.long("OR", ai = a, bi = b, ci = c, di = d, data = d, append = "q"), class = "metaparity_error_input")
  expect_warning(to.long("COR", ri = c(0.1, NA), ni = c(5, 6)), class = "metaparity_warning_dropped")
})

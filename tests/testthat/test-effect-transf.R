# Arguments that a function takes beside xi, for grids.
transf_more <- list(pft = list(ni = 23), ipft = list(ni = 23), ipft.hm = list(targs = list(ni = c(5, 20, 41))),
                    irft = list(ti = 7),
                    iirft = list(ti = 7), dtomd = list(targs = 12.5), lnortord = list(pc = 0.3),
                    lnortorr = list(pc = 0.3))

transf_names <- function() names(metaparity:::transf_table)

# Points inside the domain, whatever the function.
transf_grid <- function(name) {
  unit <- c(0.001, 0.02, 0.1, 0.35, 0.5, 0.77, 0.95, 0.999)
  inside <- c("logit", "probit", "arcsin", "pft", "irft", "clestod", "r2toz", "rtoz", "rpbtod", "rtod", "ahw", "abt")
  if (name == "rtod") unit * 0.79 else if (name %in% inside) unit else c(-3.1, -1, -0.2, 0, 0.05, 0.4, 0.8, 1.3, 2.6)
}

test_that("every function of metafor is here with its arguments, and the table names no other", {
  skip_if_not_installed("metafor")
  theirs <- grep("^transf[.]", getNamespaceExports("metafor"), value = TRUE)
  expect_gte(length(theirs), 58L)
  expect_setequal(grep("^transf[.]", getNamespaceExports("metaparity"), value = TRUE), theirs)
  expect_setequal(paste0("transf.", transf_names()), theirs)
  for (f in theirs) {
    expect_identical(names(formals(getExportedValue("metaparity", f))), names(formals(getExportedValue("metafor", f))),
                     label = f)
  }
})

test_that("closed forms agree with metafor over grids, with NA and names", {
  skip_if_not_installed("metafor")
  for (name in grep("[.](int|mode)$", transf_names(), invert = TRUE, value = TRUE)) {
    f <- paste0("transf.", name)
    x <- c(transf_grid(name), NA)
    names(x) <- letters[seq_along(x)]
    arguments <- c(list(xi = x), transf_more[[name]])
    ours <- do.call(getExportedValue("metaparity", f), arguments)
    theirs <- do.call(getExportedValue("metafor", f), arguments)
    expect_gate(ours, theirs, "closed_form", scale = 1e-3)
    expect_identical(names(ours), names(theirs), label = f)
  }
})

test_that("group sizes, risks and proportions as metafor takes them", {
  skip_if_not_installed("metafor")
  x <- c(-0.7, 0.2, 0.5)
  n1 <- c(10, 25, 40)
  n2 <- c(12, 50, 8)
  for (f in paste0("transf.", c("dtorpb", "dtorbis", "rtod", "rpbtod"))) {
    ours <- getExportedValue("metaparity", f)
    theirs <- getExportedValue("metafor", f)
    expect_gate(ours(x, n1, n2), theirs(x, n1, n2), "closed_form")
    expect_gate(ours(x, 20, 30), theirs(x, rep(20, 3), rep(30, 3)), "closed_form")
    expect_gate(ours(x, 20), theirs(x, 20), "closed_form")
  }
  for (f in paste0("transf.", c("rpbtorbis", "rtorpb"))) {
    p <- c(0.2, 0.5, NA)
    expect_gate(getExportedValue("metaparity", f)(x, p), getExportedValue("metafor", f)(x, p), "closed_form")
  }
  pc <- c(0, 0.3, 1)
  expect_gate(transf.lnortord(x, pc), metafor::transf.lnortord(x, pc), "closed_form", scale = 1e-3)
  expect_gate(transf.lnortorr(x, pc), metafor::transf.lnortorr(x, pc), "closed_form")
})

test_that("beyond the range of a scale its ends are given, outside the domain NaN with a warning", {
  expect_identical(transf.iarcsin(c(-1, 4)), c(0, 1))
  expect_identical(transf.iahw(c(-1, 4)), c(0, 1))
  expect_identical(transf.iabt(c(-1, Inf)), c(0, 1))
  expect_identical(transf.ipft(c(0, 2), 10), c(0, 1))
  expect_identical(transf.iirft(c(0, Inf), 10), c(0, Inf))
  expect_identical(transf.rtoz(c(-2, 2)), c(-Inf, Inf))
  expect_identical(transf.isqrt(-2), 0)
  for (f in list(transf.logit, transf.probit, transf.arcsin, transf.clestod)) {
    expect_warning(out <- f(c(0.5, 1.2, NA)), class = "metaparity_warning_input")
    expect_identical(is.nan(out), c(FALSE, TRUE, FALSE))
  }
})

test_that("inverses return", {
  for (name in transf_names()) {
    inverse <- metaparity:::transf_table[[name]]$inverse
    if (!nzchar(inverse) || name == "ipft.hm") next
    x <- if (name %in% c("ipft", "iirft")) c(0.4, 0.7, 1.1) else if (name == "ztor2") c(0.2, 0.7) else
      c(0.12, 0.35, 0.6)
    there <- do.call(getExportedValue("metaparity", paste0("transf.", name)), c(list(x), transf_more[[name]]))
    back <- do.call(getExportedValue("metaparity", paste0("transf.", inverse)), c(list(there), transf_more[[name]]))
    expect_gate(back, x, "exact_solution")
  }
})

test_that("means agree with closed forms and with metafor", {
  skip_if_not_installed("metafor")
  x <- c(0.05, 0.5, 1.2)
  for (t in c(0.01, 0.4, 3, 100)) {
    expect_gate(transf.iprobit.int(x, t), pnorm(x / sqrt(1 + t)), "closed_form")
    expect_gate(transf.dtocles.int(x, t), pnorm(x / sqrt(2 + t)), "closed_form")
    expect_gate(transf.exp.int(x, t), exp(x + t / 2), "closed_form")
    for (f in grep("[.]int$", transf_names(), value = TRUE)) {
      f <- paste0("transf.", f)
      # One value at a time: on truncated scales metafor's vectors mix the masses of their elements.
      theirs <- vapply(x, getExportedValue("metafor", f), 0, list(tau2 = t))
      expect_gate(getExportedValue("metaparity", f)(x, list(tau2 = t)), theirs, "metafor_quadrature")
    }
  }
  upper <- function(z) pnorm(z, lower.tail = FALSE)
  truncated <- function(m, t) 1 - exp(-m + t / 2) * upper((t - m) / sqrt(t)) / upper(-m / sqrt(t))
  for (t in c(0.02, 0.5, 4)) expect_gate(transf.iabt.int(c(-0.5, 0.3, 2), t), truncated(c(-0.5, 0.3, 2), t),
                                         "exact_solution")
})

test_that("limits cut the mean as in metafor, and beyond the scale they mean its ends", {
  skip_if_not_installed("metafor")
  limits <- list(tau2 = 1, lower = 0.1, upper = 0.8)
  for (f in setdiff(grep("[.]int$", transf_names(), value = TRUE), "exp.int")) {
    f <- paste0("transf.", f)
    expect_gate(getExportedValue("metaparity", f)(0.5, limits), getExportedValue("metafor", f)(0.5, limits),
                "metafor_quadrature")
  }
  expect_identical(transf.iahw.int(0.5, list(tau2 = 1, lower = -5, upper = 5)), transf.iahw.int(0.5, 1))
  expect_identical(transf.ilogit.int(c(-Inf, Inf), 1), c(0, 1))
  # Far outside the scale the truncated normal is close to exponential; metafor's difference of two tails is lost.
  expect_gate(transf.iahw.int(3, 0.01), 1, "metafor_quadrature")
})

test_that("modes solve their equations and agree with metafor's search", {
  skip_if_not_installed("metafor")
  x <- c(-0.5, 0.05, 0.5, 1.2)
  for (f in grep("[.]mode$", transf_names(), value = TRUE)) {
    f <- paste0("transf.", f)
    for (t in c(0, 0.01, 0.2)) {
      theirs <- suppressWarnings(getExportedValue("metafor", f)(x, list(tau2 = t)))
      expect_lt(max(abs(getExportedValue("metaparity", f)(x, list(tau2 = t)) - theirs)), 1e-4, label = f)
    }
  }
  p <- transf.ilogit.mode(x, 1.3)
  expect_gate(qlogis(p), x + 1.3 * (2 * p - 1), "exact_solution")
  r <- transf.ztor.mode(x, 0.3)
  expect_gate(atanh(r), x + 0.6 * r, "exact_solution")
  a <- asin(sqrt(transf.iarcsin.mode(0.5, 0.01)))
  expect_gate(0.5 - a, 0.02 / tan(2 * a), "exact_solution")
  expect_identical(transf.ilogit.mode(0.5, 2.1), NA_real_)
  expect_identical(transf.iprobit.mode(c(-1, 0, 1), 2), c(0, NA, 1))
})

test_that("wrong arguments are named", {
  wrong <- function(code, arg) expect_identical(tryCatch(code, metaparity_error_input = function(e) e$arg), arg)
  wrong(transf.rtoz("a"), "xi")
  wrong(transf.rtoz(), "xi")
  wrong(transf.pft(0.1), "ni")
  wrong(transf.pft(c(0.1, 0.2, 0.3), c(10, 20)), "ni")
  wrong(transf.irft(0.1), "ti")
  wrong(transf.lnortord(0.1), "pc")
  wrong(transf.lnortorr(0.1, 1.2), "pc")
  wrong(transf.rpbtorbis(0.1, -1), "pi")
  wrong(transf.dtorpb(0.1, c(3, 4), c(1, 2, 5)), "n1i")
  wrong(transf.ipft.hm(0.1), "targs")
  wrong(transf.ipft.hm(0.1, list(10)), "targs")
  wrong(transf.dtomd(0.1), "targs")
  wrong(transf.exp.int(0.1), "targs")
  wrong(transf.exp.int(0.1, list(tau2 = c(1, 2))), "targs")
  wrong(transf.exp.mode(0.1, list(tau2 = -1)), "targs")
  wrong(transf.ilogit.int(0.1, list(tau2 = 1, lower = NA)), "targs")
})

test_that("shapes stay", {
  m <- matrix(c(0.1, 0.2), 1L, dimnames = list("r", c("a", "b")))
  expect_identical(dimnames(transf.rtoz(m)), dimnames(m))
  expect_identical(transf.rtoz(data.frame(a = 0.5)), data.frame(a = atanh(0.5)))
  expect_identical(transf.rtoz(NULL), numeric())
  expect_identical(transf.ilogit.int(numeric(), 1), numeric())
  expect_identical(is.na(transf.iahw.int(c(0.2, NA, 0.4), 1)), c(FALSE, TRUE, FALSE))
  expect_length(transf.pft(0.1, c(10, 20)), 2L)
})

test_that("predict() hands tau2 of the fit to means and modes", {
  expect_same_output({
    d <- escalc("RR", ai = tpos, bi = tneg, ci = cpos, di = cneg, data = dat.bcg)
    res <- rma(yi, vi, data = d, method = "DL")
    predict(res, transf = transf.exp.int)
    predict(res, transf = transf.exp.int, targs = list(tau2 = res$tau2, lower = -4, upper = 4))
    predict(res, transf = transf.exp.mode)
    predict(res, transf = exp)
    predict(res, transf = transf.dtomd, targs = 15)
  })
})

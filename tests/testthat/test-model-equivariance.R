# What must not change a model of dependent estimates, of counts, of selection or of scale: units, the order of the rows and of
# the outcomes, the names of levels; and models that are each other.

# The same numbers up to the rounding of a search in other units.
expect_same_numbers <- function(a, b, gate = "scale_free") {
  expect_equal(as.numeric(unlist(a)), as.numeric(unlist(b)), tolerance = gate(gate))
}

likelihood_of <- function(fit) as.numeric(logLik(fit))

equivariance_data <- function() {
  set.seed(71)
  d <- data.frame(g = rep(1:14, each = 3), out = rep(1:3, 14))
  d$x <- rnorm(42)
  d$vi <- rchisq(42, 4) / 60
  d$yi <- 0.3 * d$x + rnorm(14, 0, 0.5)[d$g] + rnorm(42, 0, sqrt(d$vi + 0.1))
  d
}

mv_structs_compared <- c("CS", "HCS", "UN", "ID", "DIAG", "AR", "HAR")

test_that("units and the order of the rows change nothing, for every structure of levels", {
  d <- equivariance_data()
  shuffled <- d[sample(nrow(d)), ]
  for (struct in mv_structs_compared) {
    fit <- function(data, s = 1) suppressWarnings(rma.mv(yi * s, vi * s^2, mods = ~ x, random = ~ out | g, struct = struct,
                                                         data = data))
    base <- fit(d)
    for (s in c(1e-3, 1e3)) {
      other <- fit(d, s)
      expect_same_numbers(list(other$beta / s, other$se / s, other$tau2 / s^2, other$rho, other$QE),
                          list(base$beta, base$se, base$tau2, base$rho, base$QE))
      expect_same_numbers(likelihood_of(other) + (nrow(d) - 2) * log(s), likelihood_of(base))
    }
    other <- fit(shuffled)
    expect_same_numbers(list(other$beta, other$se, other$tau2, other$rho, likelihood_of(other)),
                        list(base$beta, base$se, base$tau2, base$rho, likelihood_of(base)))
  }
})

test_that("the order and the names of outcomes change nothing where the structure has none", {
  d <- equivariance_data()
  for (struct in c("CS", "HCS", "UN", "DIAG")) {
    fit <- function(labels) {
      d$name <- labels[d$out]
      suppressWarnings(rma.mv(yi, vi, mods = ~ 0 + name, random = ~ name | g, struct = struct, data = d))
    }
    base <- fit(c("a", "b", "c"))
    other <- fit(c("z", "k", "b"))
    expect_same_numbers(rev(other$beta), base$beta)
    expect_same_numbers(other$G[3:1, 3:1], base$G)
    expect_same_numbers(likelihood_of(other), likelihood_of(base))
  }
  nested <- rma.mv(yi, vi, random = ~ 1 | g/out, data = d)
  d$h <- paste("group", letters[15 - d$g])
  expect_same_numbers(rma.mv(yi, vi, random = ~ 1 | h/out, data = d)$sigma2, nested$sigma2)
})

test_that("models of counts: the order of studies, the sides of the odds ratio, times in other units", {
  d <- metadat::dat.bcg
  back <- d[rev(seq_len(nrow(d))), ]
  for (model in c("UM.FS", "UM.RS", "CM.EL", "CM.AL")) {
    fit <- function(data) rma.glmm(measure = "OR", ai = tpos, bi = tneg, ci = cpos, di = cneg, data = data, model = model)
    base <- fit(d)
    other <- fit(back)
    expect_same_numbers(list(other$beta, other$se, other$tau2, likelihood_of(other)),
                        list(base$beta, base$se, base$tau2, likelihood_of(base)))
  }
  swapped <- rma.glmm(measure = "OR", ai = tneg, bi = tpos, ci = cneg, di = cpos, data = d, model = "CM.EL")
  straight <- rma.glmm(measure = "OR", ai = tpos, bi = tneg, ci = cpos, di = cneg, data = d, model = "CM.EL")
  expect_same_numbers(list(-swapped$beta, swapped$tau2, likelihood_of(swapped)),
                      list(straight$beta, straight$tau2, likelihood_of(straight)))
  rates <- metadat::dat.nielweise2008
  per <- function(s) rma.glmm(measure = "IRR", x1i = x1i, t1i = t1i * s, x2i = x2i, t2i = t2i * s, data = rates, model = "CM.EL")
  expect_same_numbers(per(100)$beta, per(1)$beta)
  expect_same_numbers(per(100)$tau2, per(1)$tau2)
})

test_that("selection models: units, order, weights of 1", {
  d <- metadat::dat.hackshaw1998
  for (type in c("stepfun", "beta", "halfnorm", "logistic", "power")) {
    fit <- function(s = 1, rows = seq_len(nrow(d))) {
      args <- list(suppressWarnings(rma(d$yi[rows] * s, d$vi[rows] * s^2, method = "ML")), type = type)
      if (type == "stepfun") args$steps <- c(0.025, 0.5)
      suppressWarnings(do.call(selmodel, args))
    }
    base <- fit()
    other <- fit(1e3)
    gate <- if (type %in% c("beta", "halfnorm", "logistic", "power")) "exact_printed" else "scale_free"
    expect_same_numbers(list(other$beta / 1e3, other$tau2 / 1e6, other$delta), list(base$beta, base$tau2, base$delta), gate)
    other <- fit(rows = rev(seq_len(nrow(d))))
    expect_same_numbers(list(other$beta, other$tau2, other$delta, likelihood_of(other)),
                        list(base$beta, base$tau2, base$delta, likelihood_of(base)), gate)
  }
  plain <- rma(yi, vi, data = d, method = "ML")
  held <- selmodel(plain, type = "stepfun", steps = c(0.025, 0.5), delta = c(1, 1, 1))
  expect_same_numbers(list(held$beta, likelihood_of(held)), list(plain$beta, likelihood_of(plain)), "closed_iterative")
})

test_that("location and scale: units, order, a constant scale is rma()", {
  d <- metadat::dat.bangertdrowns2004
  d$n <- d$ni / 100
  fit <- function(data, s = 1) rma(yi * s, vi * s^2, mods = ~ n, scale = ~ n, data = data)
  base <- fit(d)
  for (s in c(1e-3, 1e3)) {
    other <- fit(d, s)
    expect_same_numbers(list(other$beta / s, other$alpha - c(2 * log(s), 0)), list(base$beta, base$alpha), "mv_scale")
  }
  other <- fit(d[rev(seq_len(nrow(d))), ])
  expect_same_numbers(list(other$beta, other$alpha, likelihood_of(other)), list(base$beta, base$alpha, likelihood_of(base)))
  one <- rma(yi, vi, scale = ~ 1, data = d)
  plain <- rma(yi, vi, data = d)
  expect_same_numbers(list(one$tau2[1L], one$beta, likelihood_of(one)), list(plain$tau2, plain$beta, likelihood_of(plain)),
                      "closed_iterative")
})

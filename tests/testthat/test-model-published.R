# Ten published analyses under both packages (rare events against the paper): the same words, and numbers within the last
# digits that metafor's search leaves.

# The analysis f with a package's functions: what it prints.
printed_by <- function(package, f) {
  space <- asNamespace(package)
  out <- NULL
  lines <- utils::capture.output(out <- suppressMessages(suppressWarnings(f(space))))
  c(lines, unlist(lapply(out, function(x) utils::capture.output(print(x)))))
}

number_pattern <- "[-+]?[0-9]*[.]?[0-9]+([eE][-+]?[0-9]+)?"

# Words, and numbers less what printing rounds away.
expect_same_print <- function(f, slack = 2e-4) {
  ours <- printed_by("metaparity", f)
  theirs <- printed_by("metafor", f)
  expect_identical(gsub(" +", " ", gsub(number_pattern, "#", ours)), gsub(" +", " ", gsub(number_pattern, "#", theirs)))
  numbers <- function(x) as.numeric(unlist(regmatches(x, gregexpr(number_pattern, x))))
  a <- numbers(ours)
  b <- numbers(theirs)
  expect_identical(length(a), length(b))
  expect_true(all(abs(a - b) <= 1.01e-4 + slack * abs(b)), info = paste(theirs[ours != theirs], collapse = "\n"))
}

skip_if_not_installed("metafor")
skip_if_not_installed("metadat")

test_that("Konstantopoulos (2011): schools within districts", {
  d <- metadat::dat.konstantopoulos2011
  expect_same_print(function(m) {
    fit <- m$rma.mv(yi, vi, random = ~ 1 | district / school, data = d)
    year <- m$rma.mv(yi, vi, mods = ~ I(year - mean(year)), random = ~ 1 | district / school, data = d, method = "ML")
    list(fit, summary(year), predict(fit), confint(fit), anova(year))
  })
})

test_that("Berkey et al. (1998): two outcomes of periodontal treatment", {
  d <- metadat::dat.berkey1998
  expect_same_print(function(m) {
    V <- m$vcalc(vi = 1, cluster = author, rvars = c(v1i, v2i), data = d)
    fit <- m$rma.mv(yi, V, mods = ~ 0 + outcome, random = ~ outcome | trial, struct = "UN", data = d, method = "ML")
    list(summary(fit), predict(fit, newmods = diag(2), tau2.levels = c("AL", "PD")), anova(fit, X = c(1, -1)))
  })
})

test_that("Ishak et al. (2007): effects over time", {
  wide <- metadat::dat.ishak2007
  d <- data.frame(study = rep(wide$study, each = 4), time = rep(1:4, nrow(wide)),
                  yi = as.vector(t(wide[paste0("y", 1:4, "i")])), vi = as.vector(t(wide[paste0("v", 1:4, "i")])))
  d <- d[!is.na(d$yi), ]
  expect_same_print(function(m) {
    list(m$rma.mv(yi, vi, mods = ~ 0 + factor(time), random = ~ 1 | study, data = d),
         m$rma.mv(yi, vi, mods = ~ 0 + factor(time), random = ~ factor(time) | study, struct = "DIAG", data = d))
  })
})

test_that("Assink and Wibbelink (2016): dependent effect sizes", {
  d <- metadat::dat.assink2016
  expect_same_print(function(m) {
    V <- m$vcalc(vi, cluster = study, obs = esid, rho = 0.6, data = d)
    fit <- m$rma.mv(yi, V, random = ~ 1 | study / esid, data = d)
    list(fit, m$robust(fit, cluster = study), m$rma.mv(yi, V, mods = ~ deltype, random = ~ 1 | study / esid, data = d))
  })
})

test_that("van Houwelingen et al. (2002): odds in both arms", {
  d <- metadat::dat.colditz1994
  expect_same_print(function(m) {
    long <- m$to.long(measure = "OR", ai = tpos, bi = tneg, ci = cpos, di = cneg, data = d)
    long <- m$escalc(measure = "PLO", xi = out1, mi = out2, data = long)
    fit <- m$rma.mv(yi, vi, mods = ~ 0 + group, random = ~ group | study, struct = "UN", data = long, method = "ML")
    list(fit, anova(fit, X = c(1, -1)))
  }, slack = 5e-4)
})

test_that("Gleser and Olkin (2009): several treatments and one control", {
  d <- data.frame(study = c(1, 1, 2, 3, 3, 3), trt = c("a", "b", "a", "a", "b", "c"), ai = c(40, 40, 10, 150, 150, 18),
                  n1i = c(1000, 1000, 200, 2000, 2000, 2000), ci = c(100, 100, 15, 150, 150, 150),
                  n2i = c(4000, 4000, 400, 2000, 2000, 2000))
  expect_same_print(function(m) {
    es <- m$escalc(measure = "RD", ai = ai, n1i = n1i, ci = ci, n2i = n2i, data = d)
    shared <- with(d, ci / n2i * (1 - ci / n2i) / n2i)
    V <- ifelse(outer(d$study, d$study, `==`), shared, 0)
    diag(V) <- es$vi
    list(m$rma.mv(yi, V, mods = ~ 0 + trt, data = es))
  })
})

test_that("Law et al. (2016): consistency and inconsistency of a network", {
  d <- data.frame(study = rep(1:8, c(1, 1, 1, 1, 2, 1, 2, 1)), design = c(1, 1, 2, 2, 3, 3, 4, 5, 5, 6),
                  b = c(1, 1, 0, 0, 1, 0, -1, 1, 0, 0), c = c(0, 0, 1, 1, 0, 1, 1, 0, 1, 1),
                  yi = c(-0.3, 0.1, -0.5, -0.9, -0.2, -0.4, -0.6, 0.3, -0.7, -0.1), vi = rep(c(0.04, 0.09), 5))
  V <- diag(d$vi)
  for (s in c(5, 7)) V[d$study == s, d$study == s][c(2, 3)] <- 0.02
  expect_same_print(function(m) {
    d$contrast <- paste0(d$b, d$c)
    list(m$rma.mv(yi, V, mods = ~ 0 + b + c, random = ~ contrast | study, rho = 1 / 2, data = d),
         m$rma.mv(yi, V, mods = ~ 0 + b + c, random = list(~ contrast | study, ~ contrast | design), rho = 1 / 2, phi = 1 / 2,
                  data = d))
  }, slack = 1e-3)
})

test_that("Stijnen et al. (2010): rare events, tables II and III", {
  d <- metadat::dat.nielweise2007
  control <- rma.glmm(measure = "PLO", xi = ci, ni = n2i, data = d)
  treated <- rma.glmm(measure = "PLO", xi = ai, ni = n1i, data = d)
  # The paper's likelihood is approximate.
  expect_equal(c(coef(control), control$se, control$tau2, coef(treated), treated$se, treated$tau2),
               c(-3.4964, 0.2570, 0.8124, -4.8121, 0.3555, 0.8265), tolerance = 3e-3, ignore_attr = TRUE)
  odds <- suppressWarnings(rma.glmm(measure = "OR", ai = ai, n1i = n1i, ci = ci, n2i = n2i, data = d, model = "CM.EL"))
  expect_equal(round(c(coef(odds), odds$se, sqrt(odds$tau2)), 3), c(-1.353, 0.351, 0.833), ignore_attr = TRUE)
  expect_equal(round(unlist(unclass(predict(odds, transf = exp))[c("pred", "ci.lb", "ci.ub")]), 4), c(0.2584, 0.1299, 0.5142),
               ignore_attr = TRUE)
})

test_that("Vevea and Woods (2005): weights of p-values given", {
  d <- metadat::dat.raudenbush1985
  steps <- c(0.005, 0.01, 0.05, 0.1, 0.25, 0.35, 0.5, 0.65, 0.75, 0.9, 0.95, 0.99, 0.995, 1)
  delta <- c(1, 0.99, 0.95, 0.8, 0.75, 0.65, 0.6, 0.55, 0.5, 0.5, 0.5, 0.5, 0.5, 0.5)
  expect_same_print(function(m) {
    fit <- m$rma(yi, vi, data = d, method = "ML")
    list(m$selmodel(fit, type = "stepfun", steps = steps, delta = delta))
  }, slack = 1e-3)
})

test_that("Viechtbauer and Lopez-Lopez (2022): location and scale", {
  d <- metadat::dat.bangertdrowns2004
  d$ni100 <- d$ni / 100
  expect_same_print(function(m) {
    list(m$rma(yi, vi, mods = ~ ni100, scale = ~ ni100, data = d), m$rma(yi, vi, scale = ~ meta, data = d[!is.na(d$meta), ]))
  }, slack = 1e-3)
})

# ---- numbers of papers and exact solutions: fixtures/published/models.csv ----

published_numbers <- function(case, kind) {
  all <- utils::read.csv(testthat::test_path("fixtures", "published", "models.csv"), colClasses = "character")
  own <- all[all$case == case & all$kind == kind, ]
  decimals <- nchar(sub("^[^.]*[.]?", "", own$value))
  Map(function(i) list(value = as.numeric(own$value[i]), decimals = decimals[i]), split(seq_len(nrow(own)), own$quantity))
}

# found: a list of numbers by quantity; those that are compared are counted. Of a number of a paper the last digit may differ
# by one; of an exact solution log-likelihoods and other numbers have a gate each.
expect_published <- function(case, found) {
  count <- 0L
  for (kind in c("printed", "approximate", "exact")) {
    for (name in names(numbers <- published_numbers(case, kind))) {
      expect_true(name %in% names(found), info = paste(case, name))
      want <- numbers[[name]]
      have <- as.numeric(unlist(found[[name]]))
      expect_identical(length(have), length(want$value), info = paste(case, name))
      if (kind == "printed") {
        expect_true(all(abs(have - want$value) <= 1.05 * 10^-want$decimals), info = paste(case, name))
      } else if (kind == "approximate") {
        # The paper's likelihood is approximate.
        slack <- pmax(gate("metafor_glmer") * abs(want$value), 1.05 * 10^-want$decimals)
        expect_true(all(abs(have - want$value) <= slack), info = paste(case, name))
      } else {
        # Exact solutions are written with as many figures as they are known to.
        gate <- gate(if (name == "loglik") "mv_exact_loglik" else "mv_exact_component")
        slack <- pmax(gate * abs(want$value), 0.51 * 10^-want$decimals)
        expect_true(all(abs(have - want$value) <= slack), info = paste(case, name))
      }
      count <- count + length(have)
    }
  }
  invisible(count)
}

likelihood <- function(fit) as.numeric(logLik(fit))

multilevel_numbers <- function() {
  d <- metadat::dat.konstantopoulos2011
  d$y <- d$year - mean(d$year)
  uni <- rma(yi, vi, data = d)
  year <- rma(yi, vi, mods = ~ y, data = d)
  nested <- rma.mv(yi, vi, mods = ~ y, random = ~ 1 | district/study, data = d, method = "ML")
  three <- rma.mv(yi, vi, random = ~ 1 | district/study, data = d)
  cr2 <- robust(three, cluster = district, clubSandwich = TRUE)
  limits <- function(j) confint(three, sigma2 = j)$random[1L, 2:3]
  wide <- metadat::dat.ishak2007
  long <- stats::reshape(wide, direction = "long", idvar = "study", v.names = c("yi", "vi"),
                         varying = list(c(2, 4, 6, 8), c(3, 5, 7, 9)))
  long <- long[order(long$study, long$time) & TRUE, ]
  long <- long[!is.na(long$yi), ]
  times <- function(...) rma.mv(yi, vi, mods = ~ 0 + factor(time), data = long, ...)
  berkey <- metadat::dat.berkey1998
  V <- vcalc(vi = 1, cluster = author, rvars = c(v1i, v2i), data = berkey)
  un <- rma.mv(yi, V, mods = ~ 0 + outcome, random = ~ outcome | trial, struct = "UN", data = berkey, method = "ML")
  diagonal <- times(random = ~ time | study, struct = "DIAG")
  study <- times(random = ~ 1 | study)
  har <- times(random = ~ time | study, struct = "HAR")
  list(kon_uni = list(beta = uni$beta, se = uni$se, tau2 = uni$tau2, se_tau2 = uni$se.tau2),
       kon_uni_year = list(beta = year$beta, se = year$se, tau2 = year$tau2, se_tau2 = year$se.tau2),
       kon_three_year = list(beta = nested$beta, se = nested$se, sigma2 = nested$sigma2),
       kon_three = list(beta = three$beta, se = three$se, sigma2 = three$sigma2, icc = three$sigma2[1L] / sum(three$sigma2),
                        loglik = likelihood(three), confint = c(limits(1L), limits(2L)), robust_CR2.se = cr2$se,
                        robust_CR2.t = cr2$zval, robust_CR2.df = cr2$ddf, robust_CR2.p = cr2$pval),
       berkey_un = list(beta = un$beta, se = un$se, tau2 = un$tau2, rho = un$rho, loglik = likelihood(un)),
       ishak_diag = list(beta = diagonal$beta, tau2 = diagonal$tau2),
       ishak_study = list(beta = study$beta, sigma2 = study$sigma2),
       ishak_har = list(beta = har$beta, tau2 = har$tau2, rho = har$rho))
}

glmm_numbers <- function() {
  d <- metadat::dat.nielweise2007
  control <- rma.glmm(measure = "PLO", xi = ci, ni = n2i, data = d)
  treated <- rma.glmm(measure = "PLO", xi = ai, ni = n1i, data = d)
  exact <- suppressWarnings(rma.glmm(measure = "OR", ai = ai, n1i = n1i, ci = ci, n2i = n2i, data = d, model = "CM.EL"))
  back <- function(fit, f) unlist(unclass(predict(fit, transf = f))[c("pred", "ci.lb", "ci.ub")])
  b <- metadat::dat.bcg
  bcg <- function(...) suppressWarnings(rma.glmm(measure = "OR", ai = tpos, bi = tneg, ci = cpos, di = cneg, data = b, ...))
  each <- function(fit) list(theta = fit$beta[1L], beta = fit$beta, tau2 = fit$tau2, sigma2 = fit$sigma2, se = fit$se,
                             loglik = likelihood(fit))
  b$lat <- b$ablat - 33.46
  arms <- to.long(measure = "OR", ai = tpos, bi = tneg, ci = cpos, di = cneg, data = metadat::dat.colditz1994)
  arms <- escalc(measure = "PLO", xi = out1, mi = out2, data = arms)
  two <- rma.mv(yi, vi, mods = ~ 0 + group, random = ~ group | trial, struct = "UN", data = arms, method = "ML")
  difference <- predict(two, newmods = c(1, -1), transf = exp, tau2.levels = 1)
  G <- two$G
  between <- G[1L, 1L] + G[2L, 2L] - 2 * G[1L, 2L]
  reach <- stats::qnorm(0.975) * sqrt(between + c(c(1, -1) %*% two$vb %*% c(1, -1)))
  order <- if (two$beta[1L] < two$beta[2L]) c(2L, 1L) else 1:2
  list(nielweise_control = list(beta = control$beta, se = control$se, tau2 = control$tau2, pred = back(control, transf.ilogit)),
       nielweise_treated = list(beta = treated$beta, se = treated$se, tau2 = treated$tau2, pred = back(treated, transf.ilogit)),
       nielweise_cmel = c(each(exact), list(tau = sqrt(exact$tau2), pred = back(exact, exp))),
       bcg_arms = list(beta = two$beta[order], tau2 = two$tau2[order], rho = two$rho, tau2_logor = between,
                       or_ = exp(c(0, -1, 1) * stats::qnorm(0.975) * sqrt(c(c(1, -1) %*% two$vb %*% c(1, -1))) -
                                   abs(diff(c(two$beta)))),
                       pi = exp(-abs(diff(c(two$beta))) + c(-1, 1) * reach)),
       bcg_cmel = each(bcg(model = "CM.EL")), bcg_umfs = each(bcg(model = "UM.FS")), bcg_umrs = each(bcg(model = "UM.RS")),
       bcg_umrs_cor = each(bcg(model = "UM.RS", cor = TRUE)), bcg_cmel_ablat = each(bcg(model = "CM.EL", mods = ~ lat)))
}

selection_numbers <- function() {
  each <- function(fit) list(mu = fit$beta, tau2 = fit$tau2, delta = if (fit$type == "stepfun") fit$delta[-1L] else fit$delta,
                             loglik = likelihood(fit), se_mu = fit$se, se = c(fit$se, fit$se.tau2, fit$se.delta))
  model <- function(yi, vi, ...) suppressWarnings(selmodel(rma(yi, vi, method = "ML"), ...))
  h <- metadat::dat.hackshaw1998
  dorn <- escalc(measure = "RR", ai = x.a, n1i = n.a, ci = x.p, n2i = n.p, data = metadat::dat.dorn2007)
  smoke <- metadat::dat.baskerville2012
  list(hackshaw_step3 = each(model(h$yi, h$vi, type = "stepfun", steps = c(0.025, 0.1, 0.5))),
       hackshaw_step1 = each(model(h$yi, h$vi, type = "stepfun", steps = 0.025)),
       hackshaw_halfnorm = each(model(h$yi, h$vi, type = "halfnorm")),
       hackshaw_logistic = each(model(h$yi, h$vi, type = "logistic")),
       baskerville_beta = each(model(smoke$smd, smoke$se^2, type = "beta")),
       dorn_beta = each(model(dorn$yi, dorn$vi, type = "beta")))
}

# Correlations of the tips of a tree with Grafen's (1989) branch lengths: the height of a node is its number of tips less 1.
tree_correlations <- function(tree) {
  n <- length(tree$tip.label)
  below <- vector("list", max(tree$edge))
  below[seq_len(n)] <- as.list(seq_len(n))
  children <- split(tree$edge[, 2L], tree$edge[, 1L])
  tips <- function(node) if (node <= n) node else unlist(lapply(children[[as.character(node)]], tips))
  out <- diag(n)
  for (node in as.integer(names(children))) {
    groups <- lapply(children[[as.character(node)]], tips)
    height <- (length(unlist(groups)) - 1) / (n - 1)
    for (i in seq_along(groups)) for (j in seq_along(groups)) if (i != j) out[groups[[i]], groups[[j]]] <- 1 - height
  }
  dimnames(out) <- list(tree$tip.label, tree$tip.label)
  out
}

phylogeny_numbers <- function() {
  each <- function(fit) list(loglik = likelihood(fit), sigma2 = fit$sigma2, beta = fit$beta, se = fit$se)
  birds <- escalc(measure = "ZCOR", ri = ri, ni = ni, data = metadat::dat.lim2014$o_o_unadj)
  birds$phy <- birds$species
  birds$esid <- seq_len(nrow(birds))
  lim <- rma.mv(yi, vi, random = list(~ 1 | article, ~ 1 | esid, ~ 1 | species, ~ 1 | phy),
                R = list(phy = tree_correlations(metadat::dat.lim2014$o_o_unadj_tree)), data = birds)
  mates <- escalc(measure = "ZCOR", ri = ri, ni = ni, data = metadat::dat.moura2021$dat)
  mates$phy <- mates$species.id
  moura <- rma.mv(yi, vi, random = list(~ 1 | study.id, ~ 1 | effect.size.id, ~ 1 | species.id, ~ 1 | phy),
                  R = list(phy = tree_correlations(metadat::dat.moura2021$tree)), data = mates)
  list(lim_phylo = each(lim), moura_phylo = each(moura))
}


test_that("papers and exact solutions: every number of every case that can be run", {
  found <- c(multilevel_numbers(), glmm_numbers(), selection_numbers(), phylogeny_numbers())
  count <- sum(vapply(names(found), function(case) expect_published(case, found[[case]]), 0L))
  all <- utils::read.csv(testthat::test_path("fixtures", "published", "models.csv"))
  expect_identical(count, sum(all$case %in% names(found)))
  expect_setequal(setdiff(all$case, names(found)), c("fine_har", "dementia", "telomerase"))
})

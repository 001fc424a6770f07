# Fits of many random data sets by the models with several maxima: rma.mv (three levels; two outcomes), rma.glmm, selmodel,
# location-scale models.
# A fit fails by an error, by a warning of no convergence, or where a start of another place reaches a likelihood that is
# higher. Call: Rscript tools/stress-models.R [three-level] [bivariate] [glmm] [selection] [structures] [rates]
# [location-scale] [first seed]: how many sets of each, and with which seeds.
# Needs the installed package (R_LIBS=.build/library).
suppressMessages(library(metaparity))
given <- as.integer(commandArgs(trailingOnly = TRUE))
counts <- c(2000L, 1000L, 500L, 500L, 300L, 300L, 300L, 1L)
counts[seq_along(given)] <- given
failures <- list()

note <- function(kind, seed, what) {
  failures[[length(failures) + 1L]] <<- data.frame(kind = kind, seed = seed, what = what)
  message(kind, " ", seed, ": ", what)
}

# A fit, or NULL with its failure noted.
try_fit <- function(kind, seed, expr) {
  warned <- character()
  fit <- tryCatch(withCallingHandlers(expr, warning = function(w) {
    warned <<- c(warned, class(w)[[1L]])
    if (inherits(w, "metaparity_warning_not_converged") || grepl("converge", conditionMessage(w)))
      note(kind, seed, conditionMessage(w))
    invokeRestart("muffleWarning")
  }), error = function(e) {
    note(kind, seed, paste("error:", conditionMessage(e)))
    NULL
  })
  fit
}

higher <- function(kind, seed, fit, other, slack = 1e-6) {
  if (is.null(fit) || is.null(other)) return()
  gap <- as.numeric(logLik(other)) - as.numeric(logLik(fit))
  if (is.na(gap)) return(note(kind, seed, "a log-likelihood is missing"))
  if (gap > slack * (1 + abs(as.numeric(logLik(fit))))) note(kind, seed, sprintf("higher by %.3g elsewhere", gap))
}

three_level <- function(seed) {
  set.seed(seed)
  groups <- sample(3:30, 1L)
  size <- sample.int(8L, groups, replace = TRUE)
  d <- data.frame(g = rep(seq_len(groups), size))
  d$s <- seq_len(nrow(d))
  d$x <- rnorm(nrow(d))
  d$vi <- 10^runif(nrow(d), -3, 0) * 10^runif(1L, -4, 4)
  scale <- sqrt(median(d$vi))
  d$yi <- scale * (rnorm(1L) + rnorm(groups)[d$g] * sample(c(0, 0.3, 2), 1L) + rnorm(nrow(d)) * sample(c(0, 0.3, 2), 1L)) +
    rnorm(nrow(d), sd = sqrt(d$vi))
  method <- sample(c("REML", "ML"), 1L)
  mods <- if (runif(1L) < 0.4 && nrow(d) > 6L) ~ x else ~ 1
  call <- function(control = list()) rma.mv(yi, vi, mods = mods, random = ~ 1 | g / s, data = d, method = method, control = control)
  fit <- try_fit("three-level", seed, call())
  if (seed %% 4L == 0L) {
    for (i in 1:3)
      higher("three-level", seed, fit,
             try_fit("three-level", seed, call(list(sigma2.init = scale^2 * 10^runif(2L, -4, 2)))))
  }
}

two_outcomes <- function(seed) {
  set.seed(seed)
  k <- sample(4:25, 1L)
  d <- data.frame(id = rep(seq_len(k), each = 2L), o = rep(c("a", "b"), k))
  keep <- runif(2L * k) > sample(c(0, 0.2), 1L)
  d$vi <- 10^runif(2L * k, -2, 0)
  r <- sample(c(0, 0.5, 0.9), 1L)
  L <- t(chol(matrix(c(1, r, r, 1), 2L)))
  u <- sample(c(0, 0.5, 2), 1L) * L %*% matrix(rnorm(2L * k), 2L)
  d$yi <- as.vector(u) + rnorm(2L * k, sd = sqrt(d$vi))
  d <- d[keep, ]
  if (length(unique(d$o)) < 2L) return()
  V <- vcalc(vi, cluster = id, obs = o, rho = 0.4, data = d)
  method <- sample(c("REML", "ML"), 1L)
  call <- function(control = list()) rma.mv(yi, V, mods = ~ 0 + o, random = ~ o | id, struct = "UN", data = d, method = method,
                                            control = control)
  fit <- try_fit("bivariate", seed, call())
  if (seed %% 4L == 0L) {
    for (i in 1:3)
      higher("bivariate", seed, fit, try_fit("bivariate", seed, call(list(tau2.init = 10^runif(2L, -3, 1),
                                                                         rho.init = runif(1L, -0.9, 0.9)))))
  }
}

tables <- function(seed) {
  set.seed(seed)
  k <- sample(3:25, 1L)
  n1 <- sample(c(10, 50, 300), 1L) + sample.int(100L, k, replace = TRUE)
  n2 <- sample(c(10, 50, 300), 1L) + sample.int(100L, k, replace = TRUE)
  a <- qlogis(sample(c(0.02, 0.2, 0.6), 1L)) + rnorm(k) * sample(c(0, 1), 1L)
  theta <- rnorm(k, 0.4, sample(c(0, 0.4, 1.2), 1L))
  d <- data.frame(ai = rbinom(k, n1, plogis(a + theta)), n1 = n1, ci = rbinom(k, n2, plogis(a)), n2 = n2)
  d <- d[d$ai + d$ci > 0 & d$ai + d$ci < d$n1 + d$n2, ]
  if (nrow(d) < 3L) return()
  model <- sample(c("UM.FS", "UM.RS", "CM.AL", "CM.EL"), 1L)
  method <- if (seed %% 5L == 0L) "EE" else "ML"
  fit <- try_fit(paste("glmm", model), seed,
                 rma.glmm(ai = ai, n1i = n1, ci = ci, n2i = n2, measure = "OR", model = model, method = method, data = d))
  if (is.null(fit)) return()
  if (model == "UM.FS" && method == "ML") {
    more <- try_fit("glmm UM.FS", seed, rma.glmm(ai = ai, n1i = n1, ci = ci, n2i = n2, measure = "OR", model = model,
                                                 data = d, nAGQ = 25))
    if (!is.null(more) && abs(as.numeric(logLik(more)) - as.numeric(logLik(fit))) > 1e-5)
      note("glmm UM.FS", seed, "more nodes change the likelihood")
  }
}

selection <- function(seed) {
  set.seed(seed)
  k <- sample(8:60, 1L)
  vi <- 10^runif(k, -2.5, 0)
  yi <- rnorm(k, 0.3, sqrt(vi + sample(c(0, 0.1), 1L)))
  p <- pnorm(yi / sqrt(vi), lower.tail = FALSE)
  keep <- runif(k) < ifelse(p < 0.025, 1, sample(c(0.3, 1), 1L))
  if (sum(keep) < 6L) return()
  fit <- rma(yi[keep], vi[keep], method = "ML")
  type <- sample(c("stepfun", "beta", "halfnorm", "negexp", "logistic", "power", "negexppow"), 1L)
  args <- list(fit, type = type)
  if (type == "stepfun") args$steps <- list(0.025, c(0.025, 0.5))[[sample.int(2L, 1L)]]
  kind <- paste("selection", type)
  res <- try_fit(kind, seed, do.call(selmodel, args))
  if (!is.null(res) && as.numeric(logLik(res)) < as.numeric(logLik(fit)) - 1e-6)
    note(kind, seed, "lower than without selection")
}

structures <- function(seed) {
  set.seed(seed)
  k <- sample(4:15, 1L)
  d <- expand.grid(t = 1:4, id = seq_len(k))
  d <- d[runif(nrow(d)) > 0.2, ]
  d$vi <- 10^runif(nrow(d), -2, 0)
  d$yi <- rnorm(k)[d$id] * sample(c(0, 1), 1L) + rnorm(nrow(d)) * sample(c(0, 0.5), 1L) + rnorm(nrow(d), sd = sqrt(d$vi))
  struct <- sample(c("CS", "HCS", "ID", "DIAG", "AR", "HAR", "CAR", "SPEXP", "SPGAU", "SPRAT"), 1L)
  kind <- paste("structures", struct)
  call <- function(control = list()) rma.mv(yi, vi, random = ~ t | id, struct = struct, data = d, control = control)
  fit <- try_fit(kind, seed, suppressWarnings(call()))
  if (is.null(fit) || seed %% 3L != 0L) return()
  rhos <- if (fit$rhos > 0L && !all(is.na(fit$rho)) && !all(fit$vc.fix$rho))
    if (startsWith(struct, "SP")) 10^runif(3L, -1, 1) else runif(3L, 0.05, 0.9)
  for (r in rhos)
    higher(kind, seed, fit, try_fit(kind, seed, suppressWarnings(call(list(rho.init = r)))))
}

rates <- function(seed) {
  set.seed(seed)
  k <- sample(3:25, 1L)
  time <- 10^runif(2L * k, 1, 3)
  rate <- exp(log(sample(c(0.002, 0.05), 1L)) + rep(rnorm(k) * 0.5, 2L) + rep(c(0.3, 0), each = k))
  x <- rpois(2L * k, rate * time)
  one <- seq_len(k)
  d <- data.frame(x1 = x[one], t1 = time[one], x2 = x[-one], t2 = time[-one], n = 50L + rpois(k, 100))
  d$xi <- rbinom(k, d$n, plogis(rnorm(k, -2, sample(c(0, 1), 1L))))
  what <- sample(c("IRR", "IRLN", "PLO"), 1L)
  model <- sample(c("UM.FS", "UM.RS", "CM.EL"), 1L)
  fit <- try_fit(paste("rates", what), seed, suppressWarnings(switch(what,
    IRR = if (any(d$x1 + d$x2 > 0))
      rma.glmm(x1i = x1, t1i = t1, x2i = x2, t2i = t2, measure = what, model = model, data = d),
    IRLN = rma.glmm(xi = x1, ti = t1, measure = what, data = d),
    PLO = rma.glmm(xi = xi, ni = n, measure = what, data = d))))
  if (!is.null(fit) && is.na(logLik(fit))) note(paste("rates", what), seed, "no likelihood")
}

# Amounts by a number, a factor or both; starts of other places, the order of rows and units change nothing.
location_scale <- function(seed) {
  set.seed(seed)
  k <- sample(6:40, 1L)
  d <- data.frame(x = rnorm(k), z = rnorm(k) * 10^runif(1L, -2, 2), f = factor(sample(letters[1:3], k, TRUE)),
                  vi = 10^runif(k, -2.5, 0))
  d$yi <- rnorm(k, 0.2 * d$x, sqrt(d$vi + sample(c(0, 0.1, 1), 1L) * exp(sample(c(0, 1), 1L) * as.vector(scale(d$z)))))
  link <- sample(c("log", "identity"), 1L)
  scale <- list(~z, ~f, ~z + f)[[sample.int(3L, 1L)]]
  mods <- list(~1, ~x)[[sample.int(2L, 1L)]]
  method <- sample(c("REML", "ML"), 1L)
  kind <- paste("location-scale", link)
  call <- function(d, ...) suppressWarnings(rma(yi, vi, mods = mods, scale = scale, data = d, link = link, method = method,
                                                ...))
  fit <- try_fit(kind, seed, call(d))
  if (is.null(fit)) return()
  if (link == "log") {
    for (i in 1:3) {
      start <- c(log(mean(d$vi)), rnorm(fit$q - 1L, sd = 2) / apply(fit$Z[, -1L, drop = FALSE], 2L, stats::sd))
      higher(kind, seed, fit, try_fit(kind, seed, call(d, control = list(alpha.init = start))))
    }
  }
  other <- try_fit(kind, seed, call(transform(d, yi = yi * 1e-6, vi = vi * 1e-12)[rev(seq_len(k)), ]))
  if (!is.null(other) && max(abs(other$beta * 1e6 - fit$beta) / fit$se) > 1e-5) note(kind, seed, "units or order change it")
}

run <- function(name, count, one) {
  took <- system.time(for (seed in counts[[8L]] - 1L + seq_len(count)) one(seed))[["elapsed"]]
  cat(sprintf("%-14s %5d sets, %.0f s\n", name, count, took))
}

run("three-level", counts[[1L]], three_level)
run("bivariate", counts[[2L]], two_outcomes)
run("glmm", counts[[3L]], tables)
run("selection", counts[[4L]], selection)
run("structures", counts[[5L]], structures)
run("rates", counts[[6L]], rates)
run("location-scale", counts[[7L]], location_scale)
cat(length(failures), "failures\n")
if (length(failures)) {
  print(do.call(rbind, failures), right = FALSE)
  quit(status = 1L)
}

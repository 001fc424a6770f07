# streg's other distributions: Gompertz (proportional hazards), lognormal, loglogistic and generalized gamma
# (accelerated failure time), with late entries. A record's log-likelihood is that of ln(t), as Stata's.
# Source: Stata's Survival Analysis manual, streg (methods and formulas). Oracle: survreg() (lognormal, loglogistic),
# the density integrated numerically, optim().

# The record's terms in the linear predictor m and the ancillary parameter a: late is 1 where t0 > 0.
streg_records <- list(
  gompertz = ~ d * (m + a * t + lt) - exp(m) * (exp(a * t) - exp(a * t0)) / a,
  loglogistic = ~ d * ((lt - m) / exp(a) - a - log(1 + exp((lt - m) / exp(a)))) - log(1 + exp((lt - m) / exp(a))) +
    late * log(1 + exp((lt0 - m) / exp(a))),
  lognormal = ~ d * (log(dnorm((lt - m) / exp(a))) - a - log(pnorm((m - lt) / exp(a)))) +
    log(pnorm((m - lt) / exp(a))) - late * log(pnorm((m - lt0) / exp(a))))

streg_words <- list(gompertz = c("Gompertz", "/gamma"), loglogistic = c("Loglogistic", "/lngamma", "gamma"),
                    lognormal = c("Lognormal", "/lnsigma", "sigma"),
                    ggamma = c("Generalized gamma", "/lnsigma", "sigma"))

streg_is_other <- function(kind) kind %in% names(streg_words)

record_values <- function(d) {
  late <- as.numeric(d$t0 > 0)
  list(d = as.numeric(d$d == 1), t = d$t, t0 = d$t0, lt = log(d$t), lt0 = log(ifelse(late == 1, d$t0, 1)), late = late)
}

# Log-likelihood, its gradient, curvature and scores by the coefficients and the ancillary parameters.
records_likelihood <- function(theta, X, d, kind) {
  k <- ncol(X)
  q <- length(theta) - k
  m <- drop(X %*% theta[seq_len(k)])
  aux <- theta[k + seq_len(q)]
  parts <- if (kind == "ggamma") gamma_records(m, aux, d) else {
    f <- stats::deriv3(streg_records[[kind]], c("m", "a"),
                       function.arg = c("m", "a", "d", "t", "t0", "lt", "lt0", "late"))
    v <- record_values(d)
    out <- f(m, rep(aux, length(m)), v$d, v$t, v$t0, v$lt, v$lt0, v$late)
    list(value = as.numeric(out), gradient = attr(out, "gradient"), hessian = attr(out, "hessian"))
  }
  score <- cbind(X * parts$gradient[, 1L], parts$gradient[, -1L, drop = FALSE])
  H <- matrix(0, k + q, k + q)
  H[seq_len(k), seq_len(k)] <- crossprod(X * parts$hessian[, 1L, 1L], X)
  for (j in seq_len(q)) {
    H[seq_len(k), k + j] <- H[k + j, seq_len(k)] <- crossprod(X, parts$hessian[, 1L, j + 1L])
    for (i in seq_len(q)) H[k + i, k + j] <- sum(parts$hessian[, i + 1L, j + 1L])
  }
  list(ll = sum(parts$value), gradient = unname(colSums(score)), hessian = H, score = unname(score))
}

# The generalized gamma: derivatives by central differences of the record's terms, extrapolated once.
gamma_records <- function(m, aux, d) {
  v <- record_values(d)
  f <- function(m, a, b) gamma_terms(m, a, b, v)
  at <- function(s) f(m + s[1L], aux[1L] + s[2L], aux[2L] + s[3L])
  n <- length(m)
  value <- at(c(0, 0, 0))
  gradient <- matrix(0, n, 3L)
  hessian <- array(0, c(n, 3L, 3L))
  h <- 1e-3
  e <- diag(3)
  twice <- function(g) (4 * g(h) - g(2 * h)) / 3
  for (i in 1:3) {
    gradient[, i] <- twice(function(h) (at(h * e[i, ]) - at(-h * e[i, ])) / (2 * h))
    for (j in seq_len(i)) {
      second <- twice(function(h) if (i == j) (at(h * e[i, ]) - 2 * value + at(-h * e[i, ])) / h^2 else
        (at(h * (e[i, ] + e[j, ])) - at(h * (e[i, ] - e[j, ])) - at(h * (e[j, ] - e[i, ])) +
           at(-h * (e[i, ] + e[j, ]))) / (4 * h^2))
      hessian[, i, j] <- hessian[, j, i] <- second
    }
  }
  list(value = value, gradient = gradient, hessian = hessian)
}

# At kappa 0 the lognormal distribution.
gamma_terms <- function(m, lns, kappa, v) {
  sigma <- exp(lns)
  z <- (v$lt - m) / sigma
  z0 <- (v$lt0 - m) / sigma
  if (abs(kappa) < 1e-4) {
    density <- stats::dnorm(z, log = TRUE) - lns
    return(v$d * density + (1 - v$d) * stats::pnorm(z, lower.tail = FALSE, log.p = TRUE) -
             v$late * stats::pnorm(z0, lower.tail = FALSE, log.p = TRUE))
  }
  g <- kappa^-2
  log_survivor <- function(z) stats::pgamma(g * exp(kappa * z), g, lower.tail = kappa < 0, log.p = TRUE)
  density <- g * log(g) - lns - 0.5 * log(g) - lgamma(g) + sign(kappa) * z * sqrt(g) - g * exp(kappa * z)
  v$d * density + (1 - v$d) * log_survivor(z) - v$late * log_survivor(z0)
}

# Newton's steps; where the curvature is none of a maximum a ridge makes it one.
records_maximum <- function(X, d, kind) {
  theta <- records_start(X, d, kind)
  at <- records_likelihood(theta, X, d, kind)
  if (!is.finite(at$ll)) abort_stata("initial values not feasible", 1400L)
  for (i in 1:300) {
    ridge <- 0
    scale <- pmax(abs(diag(at$hessian)), 1e-8)
    repeat {
      step <- tryCatch(backsolve(chol(-at$hessian + diag(ridge * scale, length(theta))), at$gradient, transpose = TRUE),
                       error = function(e) NULL)
      if (!is.null(step)) {
        step <- backsolve(chol(-at$hessian + diag(ridge * scale, length(theta))), step)
        break
      }
      ridge <- if (ridge == 0) 1e-4 else ridge * 10
    }
    size <- 1
    repeat {
      new <- suppressWarnings(records_likelihood(theta + size * step, X, d, kind))
      if (is.finite(new$ll) && new$ll >= at$ll - 1e-12 * abs(at$ll)) break
      size <- size / 2
      if (size < 1e-12) break
    }
    if (size < 1e-12) break
    theta <- theta + size * step
    still <- max(abs(size * step) / (1 + abs(theta))) < 1e-10
    at <- new
    if (still && ridge == 0) break
  }
  # Central differences of the generalized gamma leave a gradient of rounding.
  if (max(abs(at$gradient) / sqrt(abs(diag(at$hessian)))) > 1e-3 || max(abs(theta)) > 500) {
    abort_stata("convergence not achieved", 430L)
  }
  c(at, list(theta = theta))
}

records_start <- function(X, d, kind) {
  k <- ncol(X)
  if (kind == "gompertz") return(c(rep(0, k - 1L), log(sum(d$d) / sum(d$t - d$t0)), 0.01 / mean(d$t)))
  fit <- stats::lm.fit(X, log(d$t))
  spread <- max(log(sqrt(mean(fit$residuals^2))), -3)
  near <- c(fit$coefficients, spread)
  if (kind == "loglogistic") near[k + 1L] <- spread - log(1.8)
  if (kind == "ggamma") return(c(records_maximum(X, d, "lognormal")$theta, 0.1))
  unname(near)
}

# Rows of the ancillary parameters.
other_shape <- function(fit, row) {
  words <- streg_words[[fit$kind]]
  z <- critical_value(fit$level / 100)
  bar <- rule(13L, 64L)
  line <- function(name, q) {
    est <- fit$theta[q]
    se <- sqrt(fit$all_V[q, q])
    test <- paste0(stata_fixed(est / se, 9L, 2L), stata_fixed(two_sided_p(est / se), 8L, 3L))
    row(name, est, se, est - z * se, est + z * se, test)
  }
  q <- fit$k + 1L
  est <- exp(fit$theta[q])
  se <- sqrt(fit$all_V[q, q])
  c(bar, line(words[2L], q), if (fit$kind == "ggamma") line("/kappa", q + 1L),
    if (!is.na(words[3L])) c(bar, row(words[3L], est, est * se, est * exp(-z * se), est * exp(z * se))))
}

aux_names <- function(fit) {
  if (fit$kind == "weibull") "/ln_p" else c(streg_words[[fit$kind]][2L], if (fit$kind == "ggamma") "/kappa")
}

aux_values <- function(fit) {
  a <- fit$theta[-seq_len(fit$k)]
  switch(fit$kind, weibull = list(aux_p = exp(a)), gompertz = list(gamma = a), loglogistic = list(gamma = exp(a)),
         lognormal = list(sigma = exp(a)), ggamma = list(sigma = exp(a[1L]), kappa = a[2L]), list())
}

# The cumulative hazard from 0 to t, the hazard at t, the median.
other_curves <- function(fit, xb) {
  a <- fit$theta[-seq_len(fit$k)]
  s <- exp(a[1L])
  g <- if (fit$kind == "ggamma") a[2L]^-2
  survivor <- function(t) {
    z <- (log(t) - xb) / s
    switch(fit$kind, lognormal = stats::pnorm(z, lower.tail = FALSE), loglogistic = stats::plogis(-z),
           ggamma = stats::pgamma(g * exp(a[2L] * z), g, lower.tail = a[2L] < 0),
           gompertz = exp(-exp(xb) * expm1(a[1L] * t) / a[1L]))
  }
  hazard <- function(t) {
    z <- (log(t) - xb) / s
    switch(fit$kind, lognormal = stats::dnorm(z) / (s * t) / stats::pnorm(z, lower.tail = FALSE),
           loglogistic = stats::plogis(z) / (s * t), gompertz = exp(xb + a[1L] * t),
           ggamma = exp(gamma_terms(xb, a[1L], a[2L], list(lt = log(t), lt0 = 0, d = 1, late = 0))) / t / survivor(t))
  }
  median <- switch(fit$kind, gompertz = log1p(a[1L] * log(2) / exp(xb)) / a[1L],
                   ggamma = exp(xb) * (stats::qgamma(0.5, g) / g)^(s / a[2L]), exp(xb))
  list(survivor = survivor, hazard = hazard, median = median,
       mean = switch(fit$kind, lognormal = exp(xb + s^2 / 2),
                     loglogistic = if (s < 1) exp(xb) * pi * s / sin(pi * s) else rep(NA_real_, length(xb))))
}

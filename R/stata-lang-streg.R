# streg: exponential and Weibull regression of survival times, with late entry and several records a subject.
# Source: Stata's Survival Analysis manual, streg (methods and formulas); Kalbfleisch & Prentice (2002), ch. 3. The
# likelihood with ln p beside the coefficients is climbed by Newton's method with its exact derivatives. Oracle: the
# manual's printed example of generators' bearings, survreg(), the Poisson likelihood.

streg_options <- c(distribution = "d", nohr = "nohr", hr = "hr", tratio = "tr", time = "time", robust = "r",
                   vce = "vce", cluster = "cl", level = "l", nolog = "nolog", noconstant = "nocons", noheader = "nohe",
                   noshow = "nosh", strata = "st", ancillary = "anc", frailty = "fr", shared = "sh", offset = "off",
                   iterate = "iter", technique = "tech")

# streg x ... , distribution() [nohr time tratio vce() level()]
run_streg <- function(command, session, rows) {
  o <- command_options(command, streg_options)
  for (bad in intersect(names(o), c("strata", "ancillary", "frailty", "shared", "offset", "noconstant"))) {
    abort_gap(sprintf("option %s of streg", bad), "use survreg() of the R package survival")
  }
  if (!nrow(command$rest) && is.null(o$distribution) && identical(session$e$cmd2, "streg")) {
    fit <- session$parametric
    fit$eform <- if (fit$aft) !is.null(o$tratio) else is.null(o$nohr)
    return(emit(session, streg_lines(fit, o, session)))
  }
  kind <- streg_distribution(o$distribution)
  fit <- fit_streg(command, session, rows, o, kind)
  fit$aft <- !is.null(o$time) || !is.null(o$tratio)
  if (kind == "gompertz" && fit$aft) abort_stata("gompertz has no accelerated failure-time form", 198L)
  if (streg_is_other(kind)) fit$aft <- kind != "gompertz" else if (fit$aft) fit <- accelerated(fit)
  fit$eform <- if (fit$aft) !is.null(o$tratio) else is.null(o$nohr)
  store_streg(fit, session, command)
  emit(session, streg_lines(fit, o, session))
}

streg_distribution <- function(text) {
  known <- c(exponential = "e", weibull = "w", gompertz = "go", lognormal = "logn", lnormal = "ln",
             loglogistic = "logl",
             llogistic = "ll", ggamma = "gg")
  if (is.null(text)) abort_stata("option distribution() required", 198L)
  kind <- match_option(trimws(text), known)
  if (is.na(kind)) abort_stata(sprintf("unknown distribution: %s", text), 198L)
  same <- c(lnormal = "lognormal", llogistic = "loglogistic")
  if (kind %in% names(same)) same[[kind]] else kind
}

fit_streg <- function(command, session, rows, o, kind) {
  words <- regressor_words(command$rest, session)
  s <- survival_sample(command, session, rows)
  design <- design_of(words, session, s$rows, TRUE)
  cluster <- survival_cluster(o, session)
  use <- s$rows[stats::complete.cases(design$X[s$rows, , drop = FALSE]) & !is_missing_of(cluster$value, s$rows)]
  if (length(use) < 2L) abort_stata("no observations", 2000L)
  free <- which(!design$base)
  kept <- free[independent_columns(design$X[use, free, drop = FALSE], TRUE)]
  X <- design$X[use, kept, drop = FALSE]
  d <- list(t = s$t[use], t0 = s$t0[use], d = s$d[use])
  if (!sum(d$d)) abort_stata("no failures", 2000L)
  maximum <- if (streg_is_other(kind)) records_maximum else streg_maximum
  found <- maximum(X, d, kind)
  null <- maximum(matrix(1, length(use), 1L), d, kind)
  k <- length(kept)
  fit <- list(kind = kind, N = length(use), k = k, kept = kept, design = design, use = use, depvar = "_t",
              level = if (is.null(o$level)) session$level else number_word(o$level), cluster = cluster, weight = "none",
              theta = found$theta, ll = found$ll, ll_0 = null$ll, df_t = NA_real_, df_m = k - 1L,
              failures = sum(d$d), risk = sum(d$t - d$t0), subjects = length(unique(survival_subjects(session, use))))
  fit$all_V <- solve(-found$hessian)
  if (cluster$kind != "ols") fit <- streg_sandwich(fit, if (streg_is_other(kind)) found$score else
    streg_scores(found$theta, X, d, kind))
  streg_tests(fit)
}

streg_sandwich <- function(fit, score) {
  if (fit$cluster$kind == "cluster") {
    own <- fit$cluster$value[fit$use]
    score <- rowsum(score, match(own, unique(own)))
    fit$n_clusters <- nrow(score)
    if (nrow(score) < 2L) abort_stata("insufficient observations: one cluster alone", 2001L)
  }
  n <- nrow(score)
  fit$all_V <- fit$all_V %*% crossprod(score) %*% fit$all_V * n / (n - 1)
  fit
}

# The parts of a record's cumulative hazard: t^p - t0^p with its first and second derivatives by ln p.
weibull_parts <- function(d, lp) {
  p <- exp(lp)
  term <- function(t) {
    u <- ifelse(t > 0, t^p, 0)
    l <- ifelse(t > 0, p * log(t), 0)
    cbind(u, u * l, u * (l^2 + l))
  }
  term(d$t) - term(d$t0)
}

# Log-likelihood in Stata's terms (that of ln t), gradient and curvature by the coefficients and ln p.
streg_likelihood <- function(theta, X, d, kind) {
  k <- ncol(X)
  lp <- if (kind == "weibull") theta[k + 1L] else 0
  xb <- drop(X %*% theta[seq_len(k)])
  h <- exp(xb) * weibull_parts(d, lp)
  p <- exp(lp)
  logt <- ifelse(d$d == 1, log(d$t), 0)
  ll <- sum(d$d * (xb + lp) + p * logt) - sum(h[, 1L])
  gradient <- crossprod(X, d$d - h[, 1L])
  H <- -crossprod(X * h[, 1L], X)
  if (kind == "weibull") {
    cross <- -crossprod(X, h[, 2L])
    gradient <- c(gradient, sum(d$d) + p * sum(logt) - sum(h[, 2L]))
    H <- rbind(cbind(H, cross), c(cross, p * sum(logt) - sum(h[, 3L])))
  }
  list(ll = ll, gradient = drop(gradient), hessian = unname(H))
}

streg_scores <- function(theta, X, d, kind) {
  k <- ncol(X)
  lp <- if (kind == "weibull") theta[k + 1L] else 0
  h <- exp(drop(X %*% theta[seq_len(k)])) * weibull_parts(d, lp)
  p <- exp(lp)
  score <- X * (d$d - h[, 1L])
  if (kind == "exponential") return(score)
  cbind(score, d$d + ifelse(d$d == 1, p * log(d$t), 0) - h[, 2L])
}

# Newton's steps, halved while the likelihood does not rise.
streg_maximum <- function(X, d, kind) {
  theta <- c(rep(0, ncol(X)), if (kind == "weibull") 0)
  theta[ncol(X)] <- log(sum(d$d) / sum(d$t - d$t0))
  at <- streg_likelihood(theta, X, d, kind)
  for (i in 1:200) {
    step <- tryCatch(solve(-at$hessian, at$gradient), error = function(e) NULL)
    if (is.null(step) || sum(step * at$gradient) < 0) step <- at$gradient / max(abs(diag(at$hessian)))
    size <- 1
    repeat {
      new <- streg_likelihood(theta + size * step, X, d, kind)
      if (is.finite(new$ll) && new$ll >= at$ll - 1e-12 * abs(at$ll)) break
      size <- size / 2
      if (size < 1e-12) break
    }
    if (size < 1e-12) break
    theta <- theta + size * step
    still <- max(abs(size * step) / (1 + abs(theta))) < 1e-11
    at <- new
    if (still) break
  }
  if (rcond(-at$hessian) < 1e-16 || max(abs(theta)) > 500) abort_stata("convergence not achieved", 430L)
  c(at, list(theta = theta))
}

# Accelerated failure time: coefficients -beta / p; the shape's logarithm stays.
accelerated <- function(fit) {
  k <- fit$k
  q <- length(fit$theta)
  p <- if (q > k) exp(fit$theta[q]) else 1
  J <- diag(q)
  J[seq_len(k), seq_len(k)] <- -diag(k) / p
  if (q > k) J[seq_len(k), q] <- fit$theta[seq_len(k)] / p
  fit$theta[seq_len(k)] <- -fit$theta[seq_len(k)] / p
  fit$all_V <- J %*% fit$all_V %*% t(J)
  streg_tests(fit)
}

streg_tests <- function(fit) {
  k <- seq_len(fit$k)
  fit$beta <- fit$theta[k]
  fit$V <- fit$all_V[k, k, drop = FALSE]
  fit <- coefficient_tests(fit)
  tested <- utils::head(k, -1L)
  fit$chi2type <- if (fit$cluster$kind == "ols") "LR" else "Wald"
  fit$chi2 <- if (!length(tested)) 0 else if (fit$chi2type == "LR") 2 * (fit$ll - fit$ll_0) else
    sum(fit$beta[tested] * solve(fit$V[tested, tested, drop = FALSE], fit$beta[tested]))
  fit$p <- if (fit$df_m > 0L) upper_p(fit$chi2, fit$df_m) else NA_real_
  fit
}

store_streg <- function(fit, session, command) {
  stored <- stored_estimates(fit)
  shaped <- length(fit$theta) > fit$k
  if (shaped) {
    m <- length(fit$names)
    extra <- seq_len(length(fit$theta) - fit$k)
    at <- c(fit$kept, m + extra)
    stored$b <- cbind(stored$b, t(fit$theta[fit$k + extra]))
    V <- matrix(0, m + length(extra), m + length(extra))
    V[at, at] <- fit$all_V
    plain <- c(fit$names, aux_names(fit))
    colnames(stored$b) <- plain
    dimnames(V) <- list(plain, plain)
    stored$V <- V
  }
  e <- list(N = fit$N, N_sub = fit$subjects, N_fail = fit$failures, risk = fit$risk, df_m = fit$df_m, ll = fit$ll,
            ll_0 = fit$ll_0, chi2 = fit$chi2, p = fit$p, chi2type = fit$chi2type, N_clust = fit$n_clusters,
            rank = length(fit$theta), k = ncol(stored$b),
            cmdline = paste("streg", sub("^\\S+\\s*", "", command$text)), cmd = fit$kind, cmd2 = "streg", depvar = "_t",
            t0 = "_t0", distribution = fit$kind, frm2 = if (fit$aft) "time" else "hazard",
            vce = if (fit$cluster$kind == "ols") "oim" else fit$cluster$kind, clustvar = fit$cluster$name,
            title = streg_title(fit), properties = "b V", b = stored$b, V = stored$V)
  session$e <- c(Filter(Negate(is.null), e), if (shaped) aux_values(fit))
  session$regression <- session$estimates <- session$cox <- NULL
  session$sample <- fit$use
  session$parametric <- fit
  session$r <- coefficient_results(shown_coefficients(fit), fit$names, fit$level, fit$eform)
}

streg_title <- function(fit) {
  name <- if (streg_is_other(fit$kind)) streg_words[[fit$kind]][1L] else
    if (fit$kind == "weibull") "Weibull" else "Exponential"
  sprintf("%s %s regression", name, if (fit$aft) "AFT" else "PH")
}

streg_lines <- function(fit, o, session) {
  ratio <- if (fit$aft) "Time Ratio" else "Haz. Ratio"
  table <- shown_coefficients(fit)[!fit$design$base, ]
  lines <- format_coef_table(table[0L, ], "_t", fit$level / 100, "z", if (fit$eform) ratio else "Coef.")
  body <- coefficient_rows(table)
  note <- if (fit$eform) sprintf("Note: _cons estimates baseline %s.", if (fit$aft) "time" else "hazard")
  c(if (is.null(o$noshow)) st_heading(session), omitted_notes(fit), if (is.null(o$noheader)) streg_header(fit),
    if (is.null(fit$n_clusters)) "", lines[1L], if (fit$cluster$kind != "ols") "             |               Robust",
    lines[2:3], body, streg_shape(fit),
    lines[1L], note)
}

streg_header <- function(fit) {
  c(streg_title(fit), "", survival_facts(fit), cluster_note(fit))
}

# ln p, p and 1/p: limits of the last two from those of the first.
streg_shape <- function(fit) {
  if (length(fit$theta) == fit$k) return(NULL)
  q <- fit$k + 1L
  lp <- fit$theta[q]
  se <- sqrt(fit$all_V[q, q])
  ends <- lp + c(-1, 1) * critical_value(fit$level / 100) * se
  row <- function(name, est, se, lo, hi, test = strrep(" ", 17L)) {
    paste0(justify(name, 12L), " |  ", stata_general(est, 9L), "  ", stata_general(se, 9L), test, "    ",
           stata_general(lo, 9L), "   ", stata_general(hi, 9L))
  }
  if (streg_is_other(fit$kind)) return(other_shape(fit, row))
  z <- lp / se
  test <- paste0(stata_fixed(z, 9L, 2L), stata_fixed(two_sided_p(z), 8L, 3L))
  p <- exp(lp)
  bar <- rule(13L, 64L)
  c(bar, row("/ln_p", lp, se, ends[1L], ends[2L], test), bar, row("p", p, p * se, exp(ends[1L]), exp(ends[2L])),
    row("1/p", 1 / p, se / p, exp(-ends[2L]), exp(-ends[1L])))
}

# mixed with several nested groupings, or none: y = X beta + sum of Z_l b_l + e, covariances of b_l linear in their
# elements. Newton's steps with the exact information of those elements (Harville 1977, JASA 72, 320), a block for each
# group of the highest level. Oracle: lme4's lmer(), the dense likelihood.

# One `|| group: slopes, options`.
mixed_level <- function(piece, session) {
  tail <- regmatches(piece, regexec("^\\s*(\\w+)\\s*:\\s*([^,]*)(,.*)?$", piece))[[1L]]
  if (!length(tail)) abort_stata("invalid syntax: mixed y x || group:", 198L)
  if (tail[2L] == "_all" || grepl("R\\.", tail[3L])) abort_gap("mixed with crossed effects", "use lmer() of lme4")
  own <- sub("^,", "", tail[4L])
  o <- command_options(parse_command(paste("mixed y,", own)), mixed_options)
  slopes <- if (nzchar(trimws(tail[3L]))) expand_varlist(tokenize(tail[3L]), session, 0L) else character()
  constant <- is.null(o$noconstant)
  if (!length(slopes) && !constant) abort_stata("no random effects", 198L)
  list(id = find_stata_variable(tail[2L], session), slopes = slopes, constant = constant, own = own,
       coefs = c(slopes, if (constant) "_cons"), structure = mixed_structure(o$covariance, length(slopes) + constant))
}

mixed_structure <- function(text, size) {
  known <- c(independent = "ind", exchangeable = "ex", identity = "id", unstructured = "un")
  structure <- if (is.null(text)) "independent" else match_option(trimws(text), known)
  if (is.na(structure)) abort_stata(sprintf("covariance(%s) is not known", text), 198L)
  if (size == 1L) "identity" else structure
}

run_mixed_levels <- function(pieces, session, statement) {
  levels <- lapply(pieces[-1L], mixed_level, session = session)
  head <- pieces[1L]
  comma <- top_level_comma(head)
  rest <- if (is.na(comma)) "" else substring(head, comma + 1L)
  if (!is.na(comma)) head <- substr(head, 1L, comma - 1L)
  own <- vapply(levels, function(l) gsub("\\b(cov\\w*\\s*\\([^)]*\\)|nocons\\w*)", "", l$own), "")
  words <- trimws(paste(c(rest, own), collapse = " "))
  command <- parse_command(paste("mixed", head, if (nzchar(words)) paste(",", words)))
  o <- command_options(command, mixed_options)
  for (bad in intersect(names(o), c("dfmethod", "robust", "vce", "cluster", "noconstant"))) {
    abort_unsupported(sprintf("option %s of mixed", bad))
  }
  reml <- !is.null(o$reml)
  rows <- seq_len(session$n)
  for (v in unlist(lapply(levels, function(l) c(l$slopes, l$id)))) rows <- rows[!is_missing(session$data[[v]][rows])]
  d <- levels_data(command, session, rows, o, levels)
  found <- fit_mixed_levels(d, levels, reml)
  fit <- intercept_result(d, found, if (length(levels)) levels[[1L]]$id else "")
  fit$reml <- reml
  fit$n_groups <- vapply(d$groups, max, 0L)
  store_random(fit, session, command, "mixed", sprintf("Mixed-effects %s regression", if (reml) "REML" else "ML"))
  session$e <- c(session$e, list(k_r = length(found$theta), ll_c = found$ll_c, method = if (reml) "REML" else "ML",
                                 sigma_e = sqrt(found$s2_e)), if (length(levels)) list(
                                   chi2_c = 2 * (found$ll - found$ll_c), df_c = length(found$theta) - 1L))
  session$mixed <- list(fit = fit, found = found, levels = levels, groups = d$groups, Z = d$Z)
  emit(session, levels_lines(fit, found, levels, d, o))
}

# The data of the fixed part, Z of each level, and its groups within those of the levels above.
levels_data <- function(command, session, rows, o, levels) {
  any_id <- if (length(levels)) levels[[1L]]$id else names(session$data)[!vapply(session$data, anyNA, NA)][1L]
  if (is.na(any_id)) any_id <- regressor_words(command$rest, session)[1L]
  d <- panel_data(command, session, rows, o, any_id)
  d$Z <- lapply(levels, function(l) {
    Z <- vapply(session$data[l$slopes], function(v) numeric_operand(v)[d$use], numeric(length(d$use)))
    cbind(matrix(Z, length(d$use)), if (l$constant) 1)
  })
  code <- rep(1L, length(d$use))
  d$groups <- lapply(levels, function(l) {
    x <- session$data[[l$id]][d$use]
    key <- paste(code, match(x, unique(x)))
    code <<- match(key, unique(key))
    code
  })
  d
}

# The elements of the covariances: of which level, which columns; the residual variance last.
level_elements <- function(levels) {
  of <- function(i) {
    q <- length(levels[[i]]$coefs)
    pair <- function(a, b) list(level = i, a = a, b = b)
    switch(levels[[i]]$structure, identity = list(pair(seq_len(q), seq_len(q))),
           independent = lapply(seq_len(q), function(j) pair(j, j)),
           exchangeable = list(pair(seq_len(q), seq_len(q)), list(level = i, a = utils::combn(q, 2L)[1L, ],
                                                                  b = utils::combn(q, 2L)[2L, ])),
           unstructured = c(lapply(seq_len(q), function(j) pair(j, j)),
                            lapply(seq_len(choose(q, 2L)), function(k) pair(utils::combn(q, 2L)[1L, k],
                                                                          utils::combn(q, 2L)[2L, k]))))
  }
  unlist(lapply(seq_along(levels), of), recursive = FALSE)
}

# G of a level from the elements.
level_matrix <- function(theta, elements, i, q) {
  G <- matrix(0, q, q)
  for (k in which(vapply(elements, function(e) e$level == i, NA))) {
    e <- elements[[k]]
    G[cbind(e$a, e$b)] <- G[cbind(e$b, e$a)] <- theta[k]
  }
  G
}

# Blocks of rows: those of a group of the highest level, or a row each.
level_blocks <- function(d, levels, elements) {
  top <- if (length(levels)) d$groups[[1L]] else (seq_along(d$y) - 1L) %/% 20L + 1L
  lapply(split(seq_along(d$y), top), function(at) {
    D <- lapply(elements, function(e) {
      Z <- d$Z[[e$level]][at, , drop = FALSE]
      same <- outer(d$groups[[e$level]][at], d$groups[[e$level]][at], `==`)
      S <- Z[, e$a, drop = FALSE] %*% t(Z[, e$b, drop = FALSE])
      (if (identical(e$a, e$b)) S else S + t(S)) * same
    })
    list(at = at, D = c(D, list(diag(length(at)))))
  })
}

# The log-likelihood at theta, its gradient, the expected and the observed information.
levels_likelihood <- function(theta, d, X, blocks, reml, slopes = TRUE) {
  N <- length(d$y)
  p <- ncol(X)
  fit <- levels_means(theta, d, X, blocks)
  RA <- if (!is.null(fit)) tryCatch(chol(fit$A), error = function(e) NULL)
  if (is.null(RA)) return(NULL)
  Ai <- chol2inv(RA)
  beta <- drop(Ai %*% fit$c0)
  r <- d$y - drop(X %*% beta)
  quad <- 0
  for (i in seq_along(blocks)) {
    at <- blocks[[i]]$at
    quad <- quad + sum(drop(fit$parts[[i]]$Vi %*% r[at]) * r[at])
  }
  ll <- -fit$half - quad / 2 - (if (reml) sum(log(diag(RA))) + (N - p) / 2 * log(2 * pi) else N / 2 * log(2 * pi))
  if (!slopes) return(list(ll = ll))
  c(list(ll = ll, beta = beta, V = Ai), levels_slopes(length(theta), r, Ai, blocks, fit$parts, reml), list(r = r))
}

# X'V^-1 X and X'V^-1 y by blocks, and half the log determinant; NULL where a V is not positive definite.
levels_means <- function(theta, d, X, blocks) {
  A <- matrix(0, ncol(X), ncol(X))
  c0 <- numeric(ncol(X))
  half <- 0
  parts <- vector("list", length(blocks))
  for (i in seq_along(blocks)) {
    b <- blocks[[i]]
    R <- tryCatch(chol(Reduce(`+`, Map(`*`, b$D, theta))), error = function(e) NULL)
    if (is.null(R)) return(NULL)
    Vi <- chol2inv(R)
    half <- half + sum(log(diag(R)))
    Xi <- X[b$at, , drop = FALSE]
    parts[[i]] <- list(Vi = Vi, ViX = Vi %*% Xi)
    A <- A + crossprod(Xi, parts[[i]]$ViX)
    c0 <- c0 + drop(crossprod(parts[[i]]$ViX, d$y[b$at]))
  }
  list(A = A, c0 = c0, half = half, parts = parts)
}

# Score, expected and observed information of the variances.
levels_slopes <- function(m, r, Ai, blocks, parts, reml) {
  p <- ncol(Ai)
  score <- numeric(m)
  E <- O <- matrix(0, m, m)
  B <- replicate(m, matrix(0, p, p), simplify = FALSE)
  w <- matrix(0, p, m)
  for (i in seq_along(blocks)) {
    b <- blocks[[i]]
    u <- drop(parts[[i]]$Vi %*% r[b$at])
    ViD <- lapply(b$D, function(D) parts[[i]]$Vi %*% D)
    Du <- matrix(vapply(b$D, function(D) drop(D %*% u), numeric(length(u))), length(u))
    score <- score - 0.5 * vapply(ViD, function(M) sum(diag(M)), 0) + 0.5 * drop(crossprod(Du, u))
    O <- O + crossprod(Du, parts[[i]]$Vi %*% Du)
    w <- w + crossprod(parts[[i]]$ViX, Du)
    DX <- lapply(b$D, function(D) D %*% parts[[i]]$ViX)
    for (k in seq_len(m)) {
      B[[k]] <- B[[k]] + crossprod(parts[[i]]$ViX, DX[[k]])
      for (l in seq_len(k)) {
        add <- sum(ViD[[k]] * t(ViD[[l]]))
        if (reml) add <- add - 2 * sum(Ai * crossprod(DX[[k]], parts[[i]]$Vi %*% DX[[l]]))
        E[k, l] <- E[l, k] <- E[k, l] + add / 2
      }
    }
  }
  O <- O - crossprod(w, Ai %*% w)
  if (reml) {
    AB <- lapply(B, function(M) Ai %*% M)
    score <- score + 0.5 * vapply(AB, function(M) sum(diag(M)), 0)
    for (k in seq_len(m)) for (l in seq_len(m)) E[k, l] <- E[k, l] + 0.5 * sum(AB[[k]] * t(AB[[l]]))
  }
  list(score = score, expected = E, observed = O - E)
}

levels_allowed <- function(theta, elements, levels) {
  if (theta[length(theta)] <= 0) return(FALSE)
  all(vapply(seq_along(levels), function(i) {
    G <- level_matrix(theta, elements, i, length(levels[[i]]$coefs))
    min(eigen(G, symmetric = TRUE, only.values = TRUE)$values) >= 0
  }, NA))
}

fit_mixed_levels <- function(d, levels, reml) {
  free <- which(!d$design$base)
  kept <- free[independent_columns(d$X[, free, drop = FALSE], TRUE)]
  X <- d$X[, kept, drop = FALSE]
  elements <- level_elements(levels)
  blocks <- level_blocks(d, levels, elements)
  rest <- sum(stats::lm.fit(X, d$y)$residuals^2)
  s2 <- rest / (length(d$y) - if (reml) ncol(X) else 0)
  m <- length(elements)
  variance <- vapply(elements, function(e) identical(e$a, e$b), NA)
  weight <- vapply(elements, function(e) mean(d$Z[[e$level]][, e$a]^2), 0)
  theta <- c(ifelse(variance, 0.5 * s2 / pmax(weight, 1e-8) / max(length(levels), 1L), 0), s2 / if (m) 2 else 1)
  at <- levels_likelihood(theta, d, X, blocks, reml)
  if (is.null(at)) abort_stata("initial values not feasible", 1400L)
  edge <- rep(FALSE, m + 1L)
  for (i in 1:200) {
    use <- !edge
    # The observed information where it is a maximum's, else the expected one.
    info <- at$observed[use, use, drop = FALSE]
    flat <- inherits(tryCatch(chol(info), error = identity), "error")
    if (i <= 3L || flat) info <- at$expected[use, use, drop = FALSE]
    step <- numeric(m + 1L)
    step[use] <- solve(info, at$score[use])
    size <- 1
    repeat {
      try <- theta + size * step
      new <- if (levels_allowed(try, elements, levels)) levels_likelihood(try, d, X, blocks, reml)
      if (!is.null(new) && new$ll >= at$ll - 1e-10 * abs(at$ll)) break
      size <- size / 2
      if (size < 1e-10) break
    }
    if (size < 1e-10) {
      low <- use & c(variance, FALSE) & theta < 1e-6 * theta[m + 1L] & at$score < 0
      if (!any(low)) break
    } else {
      moved <- max(abs(size * step) / (abs(theta) + 1e-8 * s2))
      theta <- try
      at <- new
      low <- use & c(variance, FALSE) & theta < 1e-7 * theta[m + 1L] & at$score < 0
      if (moved < 1e-10 && !any(low)) break
    }
    if (any(low)) {
      theta[low] <- 0
      edge <- edge | low
      for (k in which(low)) edge[seq_len(m)][vapply(elements, function(e) e$level == elements[[k]]$level &&
        !identical(e$a, e$b) && any(c(e$a, e$b) %in% elements[[k]]$a), NA)] <- TRUE
      theta[c(!variance, FALSE) & edge] <- 0
      at <- levels_likelihood(theta, d, X, blocks, reml)
    }
  }
  use <- !edge
  ok <- max(abs(at$score[use] * theta[use])) < 1e-4 * (1 + abs(at$ll))
  if (!ok) abort_stata("convergence not achieved", 430L)
  none <- levels_likelihood(s2, d, X, level_blocks(list(y = d$y), list(), list()), reml, FALSE)
  c(levels_scales(theta, at, edge, elements, levels), list(beta = at$beta, kept = kept, X = X, ll = at$ll, V = at$V,
    ll_c = none$ll, s2_e = theta[m + 1L], effects = mixed_level_effects(theta, at, d, levels, elements, blocks)))
}

# On the scale of logarithms of standard deviations and atanh of correlations, each level with the residual behind it.
levels_scales <- function(theta, at, edge, elements, levels) {
  m <- length(theta)
  J <- diag(m) * 0
  scaled <- numeric(m)
  variance <- c(vapply(elements, function(e) identical(e$a, e$b), NA), TRUE)
  place <- function(level, column) which(vapply(elements, function(e) {
    e$level == level && identical(e$a, e$b) && column %in% e$a
  }, NA))
  for (k in seq_len(m)) {
    if (edge[k]) next
    if (variance[k]) {
      scaled[k] <- log(theta[k]) / 2
      J[k, k] <- 1 / (2 * theta[k])
    } else {
      e <- elements[[k]]
      own <- c(place(e$level, e$a[1L]), place(e$level, e$b[1L]))
      rho <- theta[k] / sqrt(prod(theta[own]))
      scaled[k] <- atanh(rho)
      J[k, k] <- 1 / sqrt(prod(theta[own])) / (1 - rho^2)
      for (j in own) J[k, j] <- J[k, j] - rho / (2 * theta[j]) / (1 - rho^2)
    }
  }
  use <- !edge
  V <- matrix(NA_real_, m, m)
  V[use, use] <- J[use, use] %*% solve(at$observed[use, use]) %*% t(J[use, use])
  of <- function(i) {
    k <- c(which(vapply(elements, function(e) e$level == i, NA)), m)
    list(G = level_matrix(theta, elements, i, length(levels[[i]]$coefs)), theta = scaled[k],
         v_theta = V[k, k, drop = FALSE], s2_e = theta[m])
  }
  list(theta = scaled, v_theta = V, linear = theta, v_linear = {
    U <- matrix(0, m, m)
    U[use, use] <- solve(at$observed[use, use])
    U
  }, levels = lapply(seq_along(levels), of))
}

# The best linear predictions: G Z'V^-1 r of each group.
mixed_level_effects <- function(theta, at, d, levels, elements, blocks) {
  u <- numeric(length(d$y))
  for (b in blocks) {
    V <- Reduce(`+`, Map(`*`, b$D, theta))
    u[b$at] <- solve(V, at$r[b$at])
  }
  lapply(seq_along(levels), function(i) {
    G <- level_matrix(theta, elements, i, length(levels[[i]]$coefs))
    rowsum(d$Z[[i]] * u, d$groups[[i]]) %*% G
  })
}

levels_lines <- function(fit, found, levels, d, o) {
  word <- if (fit$reml) "Log restricted-likelihood" else "Log likelihood"
  line <- function(name, value) sprintf("%s = %s", justify(name, 17L, TRUE), justify(value, 10L))
  head <- c("", to_right(sprintf("Mixed-effects %s regression", if (fit$reml) "REML" else "ML"),
                         line("Number of obs", format(fit$N, big.mark = ",")), 78L))
  wald <- wald_facts(fit)
  tail <- c("", to_right("", wald[1L], 78L),
            to_right(sprintf("%s = %s", word, trimws(stata_general(fit$ll, 10L))), wald[2L], 78L))
  sd <- !is.null(o$stddeviations)
  rows <- lapply(seq_along(levels), function(i) {
    random_rows(list(coefs = levels[[i]]$coefs, structure = levels[[i]]$structure, level = fit$level),
                found$levels[[i]], sd)$random
  })
  cells <- function(r) paste0(justify(r$name, 28L), " |  ", stata_general(r$est, 9L), "  ", stata_general(r$se, 9L),
                              "     ", stata_general(r$lo, 9L), "   ", stata_general(r$hi, 9L))
  bar <- rule(29L, 48L)
  random <- unlist(lapply(seq_along(levels), function(i) {
    kind <- paste0(toupper(substr(levels[[i]]$structure, 1L, 1L)), substring(levels[[i]]$structure, 2L))
    c(paste0(justify(sprintf("%s: %s", levels[[i]]$id, kind), 28L, TRUE), " |"), cells(rows[[i]]), bar)
  }))
  residual <- residual_row(found, fit, sd)
  c(omitted_notes(fit), if (is.null(o$noheader)) c(head, if (length(levels) && is.null(o$nogroup))
    c("", group_counts(levels, d)), tail), if (is.null(o$nofetable)) c("", z_table(fit)),
    if (is.null(o$noretable)) c("", strrep("-", 78L), sprintf(
      "  Random-effects Parameters  |   Estimate   Std. Err.     %s", ci_heading(fit$level / 100)), bar, random,
      cells(residual), strrep("-", 78L)),
    if (length(levels) && is.null(o$nolrtest)) linear_test_lines(found))
}

residual_row <- function(found, fit, sd) {
  power <- if (sd) 1 else 2
  m <- length(found$theta)
  se <- sqrt(found$v_theta[m, m])
  est <- found$s2_e^(power / 2)
  reach <- exp(power * critical_value(fit$level / 100) * se)
  data.frame(name = sprintf("%s(Residual)", if (sd) "sd" else "var"), est = est, se = power * est * se,
             lo = est / reach, hi = est * reach)
}

# How many groups each level has, and how large they are.
group_counts <- function(levels, d) {
  line <- function(i) {
    size <- tabulate(d$groups[[i]])
    paste0(justify(abbreviate_name(levels[[i]]$id, 15L), 15L), " |", justify(format(length(size), big.mark = ","), 11L),
           justify(format(min(size), big.mark = ","), 11L), justify(sprintf("%.1f", mean(size)), 11L),
           justify(format(max(size), big.mark = ","), 11L))
  }
  c(strrep("-", 61L), "                |     No. of       Observations per Group",
    " Group Variable |     Groups    Minimum    Average    Maximum", rule(16L, 44L),
    vapply(seq_along(levels), line, ""), strrep("-", 61L))
}

# estat icc: of two observations that share the groups down to a level.
icc_levels <- function(m, level, session) {
  m_el <- level_elements(m$levels)
  total <- function(i) {
    k <- match("_cons", m$levels[[i]]$coefs)
    if (is.na(k)) return(NA_integer_)
    which(vapply(m_el, function(e) e$level == i && identical(e$a, e$b) && k %in% e$a, NA))
  }
  at <- vapply(seq_along(m$levels), total, 0L)
  if (anyNA(at)) abort_stata("estat icc needs random intercepts", 198L)
  v <- m$found$linear[c(at, length(m$found$linear))]
  V <- m$found$v_linear[c(at, length(m$found$linear)), c(at, length(m$found$linear))]
  rows <- lapply(seq_along(at), function(i) {
    up <- sum(v[seq_len(i)])
    icc <- up / sum(v)
    slope <- (as.numeric(seq_along(v) <= i) - icc) / sum(v)
    se <- sqrt(drop(slope %*% V %*% slope))
    ends <- stats::plogis(stats::qlogis(icc) + c(-1, 1) * critical_value(level) * se / (icc * (1 - icc)))
    c(icc, se, ends)
  })
  ids <- vapply(m$levels, `[[`, "", "id")
  names <- vapply(seq_along(ids), function(i) paste(rev(ids[seq_len(i)]), collapse = "|"), "")
  top <- length(rows) + 1L
  session$r <- c(stats::setNames(lapply(rows, `[`, 1L), paste0("icc", rev(seq_along(rows) + 1L))),
                 stats::setNames(lapply(rows, `[`, 2L), paste0("se", rev(seq_along(rows) + 1L))),
                 list(level = 100 * level))
  slopes <- any(lengths(lapply(m$levels, `[[`, "slopes")) > 0L)
  bar <- strrep("-", 78L)
  emit(session, c("", if (slopes) "Conditional intraclass correlation" else "Residual intraclass correlation", "", bar,
    sprintf("                       Level |        ICC   Std. Err.     %s", ci_heading(level)), rule(29L, 48L),
    vapply(seq_along(rows), function(i) paste0(justify(names[i], 28L), " |  ", stata_general(rows[[i]][1L], 9L), "  ",
      stata_general(rows[[i]][2L], 9L), "     ", stata_general(rows[[i]][3L], 9L), "   ",
      stata_general(rows[[i]][4L], 9L)), ""), bar,
    if (slopes) c("Note: ICC is conditional on zero values of random-effects", "      covariates.")))
}

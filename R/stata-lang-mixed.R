# mixed: linear models with random intercepts and slopes of one grouping; estat icc and predict after it.
# Source: Stata's Multilevel Mixed-Effects manual, mixed and mixed postestimation. The maximum is the core's
# (model/random_coefficients). Oracle: nlme::lme(), the dense likelihood.

mixed_options <- c(reml = "reml", mle = "mle", variance = "var", stddeviations = "std", level = "l", nolog = "nolog",
                   nogroup = "nogr", noheader = "nohead", nostderr = "nostd", covariance = "cov", robust = "r",
                   vce = "vce", cluster = "cl", dfmethod = "df", nolrtest = "nolr", iterate = "iter", emonly = "emo",
                   technique = "tech", noretable = "noret", nofetable = "nofet", noconstant = "nocons")

# mixed y x ... [|| g: [z ...] [, covariance() noconstant]] [, reml mle variance stddeviations level()]
run_mixed <- function(text, session, statement) {
  pieces <- split_bars(text)
  if (length(pieces) != 2L) return(run_mixed_levels(pieces, session, statement))
  model <- mixed_model(pieces, session)
  o <- model$options
  reml <- !is.null(o$reml) || grepl("^xtmixed", statement_words(statement)) && is.null(o$mle) && session$version < 12
  rows <- seq_len(session$n)
  for (v in model$slopes) rows <- rows[!is_missing(session$data[[v]][rows])]
  d <- panel_data(model$command, session, rows, o, model$id)
  Z <- vapply(session$data[model$slopes], function(v) numeric_operand(v)[d$use], numeric(length(d$use)))
  Z <- cbind(matrix(Z, length(d$use)), if (model$constant) 1)
  found <- random_coefficients(d, Z, model$structure, reml)
  fit <- intercept_result(d, found, model$id)
  fit$reml <- reml
  fit[c("structure", "coefs")] <- list(model$structure, c(model$slopes, if (model$constant) "_cons"))
  store_mixed(fit, found, Z, session, model$command)
  emit(session, mixed_lines(fit, found, o))
}

# The fixed part, the group, its slopes and the structure of their covariances.
mixed_model <- function(pieces, session) {
  tail <- regmatches(pieces[2L], regexec("^\\s*(\\w+)\\s*:\\s*([^,]*)(,.*)?$", pieces[2L]))[[1L]]
  if (!length(tail)) abort_stata("invalid syntax: mixed y x || group:", 198L)
  if (tail[2L] == "_all" || grepl("R\\.", tail[3L])) abort_gap("mixed with crossed effects", "use lmer() of lme4")
  own <- sub("^,", "", tail[4L])
  head <- pieces[1L]
  comma <- top_level_comma(head)
  fixed <- if (is.na(comma)) "" else substring(head, comma + 1L)
  if (!is.na(comma)) head <- substr(head, 1L, comma - 1L)
  o <- command_options(parse_command(paste("mixed y,", own)), mixed_options)
  command <- parse_command(paste("mixed", head, if (nzchar(paste0(own, fixed))) paste(",", fixed, own)))
  all <- command_options(command, mixed_options)
  for (bad in intersect(names(all), c("dfmethod", "robust", "vce", "cluster"))) {
    abort_unsupported(sprintf("option %s of mixed", bad))
  }
  if (is.null(o$noconstant) && !is.null(all$noconstant)) abort_unsupported("noconstant of the fixed part of mixed")
  slopes <- expand_varlist(tokenize(tail[3L]), session, 0L)
  if (!nzchar(trimws(tail[3L]))) slopes <- character()
  constant <- is.null(o$noconstant)
  if (!length(slopes) && !constant) abort_stata("no random effects", 198L)
  known <- c(independent = "ind", exchangeable = "ex", identity = "id", unstructured = "un")
  structure <- if (is.null(o$covariance)) "independent" else match_option(trimws(o$covariance), known)
  if (is.na(structure)) abort_stata(sprintf("covariance(%s) is not known", o$covariance), 198L)
  if (length(slopes) + constant == 1L) structure <- "identity"
  list(command = command, options = all, id = find_stata_variable(tail[2L], session), slopes = slopes,
       constant = constant, structure = structure)
}

# The core's fit of y on the kept columns with random coefficients of the columns of Z.
random_coefficients <- function(d, Z, structure, reml) {
  free <- which(!d$design$base)
  kept <- free[independent_columns(d$X[, free, drop = FALSE], TRUE)]
  X <- d$X[, kept, drop = FALSE]
  found <- call_core(cpp_random_coefficients(d$y, X, Z, as.integer(d$own), structure, reml))
  if (!found$converged) abort_stata("convergence not achieved", 430L)
  c(found, list(kept = kept, X = X))
}

store_mixed <- function(fit, found, Z, session, command) {
  store_random(fit, session, command, "mixed", sprintf("Mixed-effects %s regression", if (fit$reml) "REML" else "ML"))
  single <- length(fit$coefs) == 1L
  session$e <- c(session$e, list(k_r = length(found$theta), chi2_c = 2 * (found$ll - found$ll_c), ll_c = found$ll_c,
                                 df_c = length(found$theta) - 1L, method = if (fit$reml) "REML" else "ML"),
                 if (single) list(sigma_u = sqrt(found$G[1L, 1L])), list(sigma_e = sqrt(found$s2_e)))
  session$mixed <- list(fit = fit, found = found, Z = Z, own = match(session$data[[fit$panel]][fit$use],
                                                                    unique(session$data[[fit$panel]][fit$use])))
}

# ---- what is printed ---------------------------------------------------------------------------

# A row for each variance and covariance (or standard deviation and correlation): estimate, error, limits.
random_rows <- function(fit, found, sd) {
  names <- abbreviate_name(fit$coefs, 12L)
  q <- length(names)
  one <- fit$structure %in% c("identity", "exchangeable")
  z <- critical_value(fit$level / 100)
  v <- diag(found$v_theta)
  power <- if (sd) 1 else 2
  scale <- function(label, s2, v) {
    est <- s2^(power / 2)
    reach <- exp(power * z * sqrt(v))
    data.frame(name = sprintf("%s(%s)", if (sd) "sd" else "var", label), est = est, se = power * est * sqrt(v),
               lo = est / reach, hi = est * reach)
  }
  shown <- if (one) paste(names, collapse = " ") else names
  out <- scale(shown, diag(found$G)[seq_along(shown)], v[seq_along(shown)])
  if (fit$structure %in% c("exchangeable", "unstructured")) {
    pairs <- if (one) matrix(1:2, 2L) else utils::combn(q, 2L)
    label <- if (one) shown else sprintf("%s,%s", names[pairs[1L, ]], names[pairs[2L, ]])
    out <- rbind(out, do.call(rbind, lapply(seq_len(ncol(pairs)), function(k) {
      together_row(pairs[, k], length(shown) + k, one, label[k], found, z, sd)
    })))
  }
  list(random = out, residual = scale("Residual", found$s2_e, v[length(v)]))
}

# A covariance with its error by the delta method, or a correlation with limits of its atanh.
together_row <- function(at, k, one, label, found, z, sd) {
  size <- sqrt(found$G[at[1L], at[1L]] * found$G[at[2L], at[2L]])
  est <- found$G[at[1L], at[2L]]
  rho <- est / size
  if (sd) {
    se <- sqrt(found$v_theta[k, k])
    ends <- tanh(found$theta[k] + c(-1, 1) * z * se)
    return(data.frame(name = sprintf("corr(%s)", label), est = rho, se = (1 - rho^2) * se, lo = ends[1L],
                      hi = ends[2L]))
  }
  own <- if (one) 1L else at
  slope <- c(if (one) 2 * est else rep(est, 2L), (1 - rho^2) * size)
  V <- found$v_theta[c(own, k), c(own, k)]
  se <- sqrt(drop(slope %*% V %*% slope))
  data.frame(name = sprintf("cov(%s)", label), est = est, se = se, lo = est - z * se, hi = est + z * se)
}

mixed_lines <- function(fit, found, o) {
  right <- c(panel_counts(fit), "", wald_facts(fit))
  word <- if (fit$reml) "Log restricted-likelihood" else "Log likelihood"
  left <- c(sprintf("Mixed-effects %s regression", if (fit$reml) "REML" else "ML"), paste("Group variable:", fit$panel),
            rep("", 7L), sprintf("%s = %s", word, trimws(stata_general(fit$ll, 10L))))
  rows <- random_rows(fit, found, !is.null(o$stddeviations))
  line <- function(r) paste0(justify(r$name, 28L), " |  ", stata_general(r$est, 9L), "  ", stata_general(r$se, 9L),
                             "     ", stata_general(r$lo, 9L), "   ", stata_general(r$hi, 9L))
  head <- sprintf("  Random-effects Parameters  |   Estimate   Std. Err.     %s", ci_heading(fit$level / 100))
  kind <- paste0(toupper(substr(fit$structure, 1L, 1L)), substring(fit$structure, 2L))
  c(omitted_notes(fit), if (is.null(o$noheader)) c("", trimws(paste0(justify(left, 48L, TRUE), right), "right")),
    if (is.null(o$nofetable)) c("", z_table(fit)),
    if (is.null(o$noretable)) c("", strrep("-", 78L), head, rule(29L, 48L),
      paste0(justify(sprintf("%s: %s", fit$panel, kind), 28L, TRUE), " |"), line(rows$random), rule(29L, 48L),
      line(rows$residual), strrep("-", 78L)),
    if (is.null(o$nolrtest)) linear_test_lines(found))
}

# One variance more: a mixture of chi-squared with 0 and 1 degrees of freedom; several: a bound of the probability.
linear_test_lines <- function(found) {
  x <- max(2 * (found$ll - found$ll_c), 0)
  df <- length(found$theta) - 1L
  value <- trimws(stata_fixed(x, 9L, 2L))
  if (df == 1L) {
    return(sprintf("LR test vs. linear model: chibar2(01) = %s%s", value,
                   justify(sprintf("Prob >= chibar2 = %.4f", if (x > 0) upper_p(x, 1) / 2 else 1), 31L)))
  }
  head <- sprintf("LR test vs. linear model: chi2(%d) = %s", df, value)
  c(paste0(head, justify(sprintf("Prob > chi2 = %.4f", upper_p(x, df)), 78L - nchar(head))), "",
    "Note: LR test is conservative and provided only for reference.")
}

# ---- after mixed -------------------------------------------------------------------------------

last_mixed <- function(session) {
  if (!identical(session$e$cmd, "mixed") || is.null(session$mixed)) abort_stata("last estimates not found", 301L)
  session$mixed
}

# estat icc: the share of the variance that is between groups, at 0 of the random slopes.
estat_icc <- function(command, session) {
  if (identical(session$e$cmd, "xtreg")) {
    abort_stata("subcommand estat icc is not valid after xtreg: rho of its table is this correlation, with its error after mle",
                321L)
  }
  o <- command_options(command, c(level = "l"))
  m <- last_mixed(session)
  level <- (if (is.null(o$level)) session$level else number_word(o$level)) / 100
  if (!is.null(m$levels)) return(icc_levels(m, level, session))
  k <- match("_cons", m$fit$coefs)
  if (is.na(k)) abort_stata("estat icc needs a random intercept", 198L)
  v <- m$found$G[k, k]
  icc <- v / (v + m$found$s2_e)
  at <- c(if (m$fit$structure %in% c("identity", "exchangeable")) 1L else k, length(m$found$theta))
  V <- m$found$v_theta[at, at]
  # The logit of the share is the difference of the logarithms of the variances.
  se <- 2 * sqrt(V[1L, 1L] + V[2L, 2L] - 2 * V[1L, 2L])
  ends <- stats::plogis(stats::qlogis(icc) + c(-1, 1) * critical_value(level) * se)
  delta <- icc * (1 - icc) * se
  session$r <- list(icc2 = icc, se2 = delta, ci2 = matrix(ends, 1L, dimnames = list("r1", c("c1", "c2"))),
                    level = 100 * level, label2 = m$fit$panel)
  slopes <- length(m$fit$coefs) > 1L
  title <- if (slopes) "Conditional intraclass correlation" else
    if (m$fit$df_m > 0L) "Residual intraclass correlation" else "Intraclass correlation"
  bar <- strrep("-", 78L)
  emit(session, c("", title, "", bar, sprintf("                       Level |        ICC   Std. Err.     %s",
                                              ci_heading(level)), rule(29L, 48L),
                  paste0(justify(m$fit$panel, 28L), " |  ", stata_general(icc, 9L), "  ", stata_general(delta, 9L),
                         "     ", stata_general(ends[1L], 9L), "   ", stata_general(ends[2L], 9L)), bar,
                  if (slopes) c("Note: ICC is conditional on zero values of random-effects", "      covariates.")))
}

# predict [type] new|stub* [, xb stdp fitted residuals reffects]
predict_mixed <- function(command, session, rows) {
  m <- last_mixed(session)
  o <- command_options(command, c(xb = "xb", stdp = "stdp", fitted = "fit", residuals = "res", reffects = "ref",
                                  rstandard = "rsta"))
  kind <- c(names(o), "xb")[1L]
  if (length(o) > 1L) abort_stata("only one statistic may be specified", 198L)
  words <- command$rest$text
  type <- if (length(words) > 1L && words[1L] %in% storage_types) words[1L] else session$type
  words <- setdiff(words, storage_types)
  X <- kept_design(m$fit, session)
  xb <- drop(X %*% m$found$beta)
  parts <- mixed_parts(m)
  effects <- lapply(parts, function(part) {
    out <- rep(NA_real_, session$n)
    out[m$fit$use] <- part$value
    out
  })
  allowed <- selected_rows(command, session, rows)
  put <- function(name, value, label) {
    value[setdiff(seq_len(session$n), allowed)] <- NA_real_
    store_variable(session, check_new_name(name, session), value, type, label)
    note_missing(value, session)
  }
  if (kind == "reffects") {
    names <- mixed_effect_names(words, length(effects))
    for (j in seq_along(effects)) {
      put(names[j], effects[[j]], sprintf("BLUP r.e. for %s: %s", parts[[j]]$id, parts[[j]]$coef))
    }
    return(invisible())
  }
  random <- rep(NA_real_, session$n)
  random[m$fit$use] <- Reduce(`+`, lapply(parts, function(part) part$value * part$z), rep(0, length(m$fit$use)))
  rest <- numeric_operand(session$data[[find_stata_variable(m$fit$depvar, session)]]) - xb - random
  value <- switch(kind, xb = xb, stdp = sqrt(rowSums((X %*% m$fit$V) * X)), fitted = xb + random, residuals = rest,
                  rstandard = rest / sqrt(m$found$s2_e))
  labels <- c(xb = "Linear prediction, fixed portion", stdp = "S.E. of linear prediction, fixed portion",
              fitted = "Fitted values, xb + Zu", residuals = "Residuals", rstandard = "Standardized residuals")
  if (!length(o)) emit(session, "(option xb assumed)")
  put(utils::tail(words, 1L), value, labels[[kind]])
}

# Every random coefficient: its prediction and its column of Z on the rows of the estimation.
mixed_parts <- function(m) {
  one <- function(id, coefs, effects, own, Z) lapply(seq_along(coefs), function(j) {
    list(id = id, coef = coefs[j], value = effects[own, j], z = Z[, j])
  })
  if (is.null(m$levels)) return(one(m$fit$panel, m$fit$coefs, m$found$effects, m$own, m$Z))
  unlist(lapply(seq_along(m$levels), function(i) {
    one(m$levels[[i]]$id, m$levels[[i]]$coefs, m$found$effects[[i]], m$groups[[i]], m$Z[[i]])
  }), recursive = FALSE)
}

# A name for each random effect, or stub*.
mixed_effect_names <- function(words, q) {
  words <- glob_words(words)
  if (length(words) == 1L && endsWith(words, "*")) return(paste0(sub("[*]$", "", words), seq_len(q)))
  if (length(words) != q) abort_stata(sprintf("%d new variables expected: one for each random effect", q), 102L)
  words
}

# logit, logistic and poisson: maximum likelihood by iterated weighted least squares (stats::glm.fit), with classical,
# robust and cluster-robust variances; predict after them. Stata's lines of iterations are not printed.
# Source: Stata's Base Reference manual, logit, logistic, poisson (methods and formulas); McCullagh & Nelder (1989).
# Oracle: the manual's printed examples, stats::glm().

# What the commands differ in: the mean, its derivatives by the linear predictor, log-likelihood of a row.
likelihood_kinds <- list(
  logit = list(family = stats::binomial, title = "Logistic regression", ratio = "Odds Ratio",
               mean = stats::plogis, slope = function(xb) stats::dlogis(xb),
               bend = function(xb) stats::dlogis(xb) * (1 - 2 * stats::plogis(xb)),
               loglik = function(y, mu) ifelse(y == 1, log(mu), log1p(-mu))),
  poisson = list(family = stats::poisson, title = "Poisson regression", ratio = "IRR",
                 mean = exp, slope = exp, bend = exp,
                 loglik = function(y, mu) y * log(mu) - mu - lgamma(y + 1)))

likelihood_options <- c(robust = "r", vce = "vce", cluster = "cl", noconstant = "nocons", level = "l", nolog = "nolog",
                        log = "log", offset = "off", exposure = "exp", or = "or", irr = "ir", coef = "coef",
                        noheader = "nohe", vsquish = "vsq", iterate = "iter", technique = "tech", difficult = "dif")

run_logit <- function(command, session, rows) run_likelihood(command, session, rows, "logit", "logit", "or")

run_logistic <- function(command, session, rows) run_likelihood(command, session, rows, "logit", "logistic", "coef")

run_poisson <- function(command, session, rows) run_likelihood(command, session, rows, "poisson", "poisson", "irr")

# logit y x ... [if] [in] [weight] [, or vce() offset() noconstant level()]; ratios are the default of logistic alone.
run_likelihood <- function(command, session, rows, kind, word, ratio) {
  o <- command_options(command, likelihood_options, weights = c("fweight", "pweight", "iweight"))
  wrong <- intersect(names(o), setdiff(c("or", "irr", "coef", "exposure"),
                                       c(ratio, if (kind == "poisson") "exposure", if (word == "logistic") "or")))
  if (length(wrong)) refuse_option(wrong[1L], word, names(likelihood_options))
  if (!nrow(command$rest)) {
    if (!identical(session$e$cmd, word)) abort_stata("last estimates not found", 301L)
    fit <- session$regression
  } else fit <- fit_likelihood(command, session, rows, o, kind)
  fit$word <- word
  fit$eform <- if (word == "logistic") is.null(o$coef) else !is.null(o[[ratio]])
  store_likelihood(fit, session, command)
  emit(session, likelihood_lines(fit, o))
}

fit_likelihood <- function(command, session, rows, o, kind) {
  d <- likelihood_data(command, session, rows, o, kind)
  X <- d$design$X[d$use, , drop = FALSE]
  free <- which(!d$design$base)
  kept <- free[independent_columns(X[, free, drop = FALSE], d$design$constant)]
  X <- X[, kept, drop = FALSE]
  model <- likelihood_kinds[[kind]]
  found <- maximum_likelihood(X, d$y, d$weight, d$offset, model)
  null <- if (d$design$constant) maximum_likelihood(matrix(1, length(d$y)), d$y, d$weight, d$offset, model)$ll
  fit <- list(kind = kind, N = d$N, k = length(kept), kept = kept, design = d$design, use = d$use, depvar = d$depvar,
              level = if (is.null(o$level)) session$level else number_word(o$level), cluster = d$cluster,
              weight = d$w$kind, weights = d$weight, beta = found$beta, inverse = found$inverse, ll = found$ll,
                ll_0 = null,
              df_t = NA_real_, df_m = length(kept) - d$design$constant, offset = d$offset_name, exposed = d$exposed)
  e <- d$y - model$mean(drop(X %*% fit$beta) + d$offset)
  fit$V <- likelihood_variance(fit, X, e, d$weight, d$w$kind)
  if (fit$cluster$kind == "cluster") fit$n_clusters <- length(unique(fit$cluster$value[fit$use]))
  likelihood_tests(coefficient_tests(fit))
}

# The rows that are used, their outcome, weights and offset.
likelihood_data <- function(command, session, rows, o, kind) {
  words <- regressor_words(command$rest, session)
  depvar <- words[1L]
  y <- numeric_operand(session$data[[find_stata_variable(depvar, session)]])
  rows <- selected_rows(command, session, rows)
  design <- design_of(words[-1L], session, rows, is.null(o$noconstant))
  if (!ncol(design$X)) abort_stata("no regressors", 198L)
  w <- regression_weights(command, session)
  cluster <- regression_cluster(o, session)
  offset <- likelihood_offset(o, session)
  weight <- if (is.null(w$value)) rep(1, session$n) else w$value
  use <- rows[!is.na(y[rows]) & stats::complete.cases(design$X[rows, , drop = FALSE]) & !is.na(offset$value[rows]) &
                !is.na(weight[rows]) & weight[rows] > 0 & !is_missing_of(cluster$value, rows)]
  if (length(use) < 2L) abort_stata(if (length(use)) "insufficient observations" else "no observations",
                                    2000L + length(use))
  y <- outcome_values(y[use], kind, depvar)
  if (w$kind == "fweight" && any(weight[use] != trunc(weight[use]))) {
    abort_stata("may not use noninteger frequency weights", 401L)
  }
  if (w$kind == "pweight" && cluster$kind == "ols") cluster$kind <- "robust"
  N <- if (w$kind == "fweight") sum(weight[use]) else length(use)
  list(y = y, design = design, use = use, w = w, weight = weight[use], cluster = cluster, offset = offset$value[use],
       offset_name = offset$name, exposed = offset$exposed, depvar = depvar, N = N)
}

outcome_values <- function(y, kind, depvar) {
  if (kind == "poisson") {
    if (any(y < 0)) abort_stata(sprintf("%s must be greater than or equal to zero", depvar), 459L)
    return(y)
  }
  y <- as.numeric(y != 0)
  if (all(y == y[1L])) {
    abort_stata(paste("outcome does not vary; remember: 0 = negative outcome, all other nonmissing values =",
                      "positive outcome"), 2000L)
  }
  y
}

# offset(x) as it is, exposure(x) as its logarithm.
likelihood_offset <- function(o, session) {
  name <- o$offset %||% o$exposure
  if (is.null(name)) return(list(value = rep(0, session$n)))
  name <- find_stata_variable(trimws(name), session)
  x <- numeric_operand(session$data[[name]])
  if (!is.null(o$offset)) return(list(value = x, name = name, exposed = FALSE))
  list(value = ifelse(x > 0, suppressWarnings(log(x)), NA_real_), name = name, exposed = TRUE)
}

# Maximum of the likelihood; an outcome that a regressor predicts perfectly has none.
maximum_likelihood <- function(X, y, weight, offset, model) {
  control <- stats::glm.control(epsilon = 1e-14, maxit = 100L)
  fit <- suppressWarnings(stats::glm.fit(X, y, weight, offset = offset, family = model$family(), control = control,
                                         intercept = FALSE))
  xb <- drop(X %*% fit$coefficients) + offset
  apart <- identical(model$title, "Logistic regression") && min(model$slope(xb)) < 1e-12
  if (apart || anyNA(fit$coefficients)) abort_unsupported("an outcome that a regressor predicts perfectly")
  information <- crossprod(X * (weight * model$slope(xb)), X)
  list(beta = unname(fit$coefficients), inverse = chol2inv(chol(information)),
       ll = sum(weight * model$loglik(y, model$mean(xb))))
}

likelihood_variance <- function(fit, X, e, weight, kind) {
  if (fit$cluster$kind == "ols") return(fit$inverse)
  score <- X * (e * if (kind == "fweight") sqrt(weight) else weight)
  n <- fit$N
  if (fit$cluster$kind == "cluster") {
    own <- fit$cluster$value[fit$use]
    score <- rowsum(X * (e * weight), match(own, unique(own)))
    n <- nrow(score)
    if (n < 2L) abort_stata("insufficient observations: one cluster alone", 2001L)
  }
  fit$inverse %*% crossprod(score) %*% fit$inverse * n / (n - 1)
}

# Likelihood ratio test against the constant alone; Wald's with robust variances or without a constant.
likelihood_tests <- function(fit) {
  m <- ncol(fit$design$X)
  tested <- seq_along(fit$kept)[!(fit$design$constant & fit$kept == m)]
  fit$chi2type <- if (fit$cluster$kind == "ols" && fit$design$constant) "LR" else "Wald"
  fit$chi2 <- if (!length(tested)) 0 else if (fit$chi2type == "LR") 2 * (fit$ll - fit$ll_0) else {
    b <- fit$beta[tested]
    sum(b * solve(fit$V[tested, tested, drop = FALSE], b))
  }
  fit$p <- if (fit$df_m > 0L) upper_p(fit$chi2, fit$df_m) else NA_real_
  fit$r2_p <- if (is.null(fit$ll_0)) NULL else 1 - fit$ll / fit$ll_0
  fit
}

# ---- what is saved -----------------------------------------------------------------------------

store_likelihood <- function(fit, session, command) {
  stored <- stored_estimates(fit)
  e <- list(N = fit$N, df_m = fit$df_m, ll = fit$ll, ll_0 = fit$ll_0, chi2 = fit$chi2, p = fit$p, r2_p = fit$r2_p,
            k = length(fit$names), rank = fit$k, N_clust = fit$n_clusters, converged = 1,
            cmdline = paste(fit$word, sub("^\\S+\\s*", "", command$text)), cmd = fit$word,
            title = likelihood_kinds[[fit$kind]]$title, depvar = fit$depvar, chi2type = fit$chi2type,
            vce = if (fit$cluster$kind == "ols") "oim" else fit$cluster$kind, clustvar = fit$cluster$name,
            offset = fit$offset, properties = "b V", b = stored$b, V = stored$V)
  session$e <- Filter(Negate(is.null), e)
  session$regression <- fit
  session$estimates <- NULL
  session$sample <- fit$use
  session$r <- coefficient_results(shown_coefficients(fit), fit$names, fit$level, fit$eform)
}

# The coefficients, or their exponents with standard errors by the delta method.
shown_coefficients <- function(fit) {
  table <- fit$table
  if (!fit$eform) return(table)
  # What is omitted is exp(0).
  table$empty <- rep("1", nrow(table))
  table$se <- exp(table$b) * table$se
  for (column in c("b", "lo", "hi")) table[[column]] <- exp(table[[column]])
  table
}

# ---- what is printed ---------------------------------------------------------------------------

likelihood_lines <- function(fit, o) {
  lines <- unlist(lapply(fit$omitted, function(i) sprintf("note: %s omitted because of collinearity",
                                                          fit$design$names[i])))
  c(lines, if (is.null(o$noheader)) likelihood_header(fit), "", likelihood_table(fit))
}

likelihood_header <- function(fit) {
  line <- function(name, value) sprintf("%s = %s", justify(name, 17L, TRUE), justify(value, 10L))
  robust <- fit$cluster$kind != "ols"
  ll <- sprintf("Log %slikelihood = %s", if (robust) "pseudo" else "", stata_general(fit$ll, 10L))
  right <- c(line("Number of obs", format(fit$N, big.mark = ",")),
             line(sprintf("%s chi2(%d)", fit$chi2type, fit$df_m), stata_fixed(fit$chi2, 9L, 2L)),
             line("Prob > chi2", if (is.na(fit$p)) "." else sprintf("%.4f", fit$p)),
             if (!is.null(fit$r2_p)) line("Pseudo R2", sprintf("%.4f", fit$r2_p)))
  left <- c(likelihood_kinds[[fit$kind]]$title, rep("", length(right) - 1L))
  if (length(right) == 4L) left[4L] <- ll else right <- c(right, "")
  if (length(left) < length(right)) left <- c(left, ll)
  note <- if (fit$cluster$kind == "cluster") {
    c("", justify(sprintf("(Std. Err. adjusted for %d clusters in %s)", fit$n_clusters, fit$cluster$name), 78L))
  }
  c("", trimws(paste0(justify(left, 48L, TRUE), right), "right"), note)
}

likelihood_table <- function(fit) {
  model <- likelihood_kinds[[fit$kind]]
  table <- shown_coefficients(fit)[!fit$design$base, ]
  lines <- format_coef_table(table[0L, ], fit$depvar, fit$level / 100, "z", if (fit$eform) model$ratio else "Coef.")
  robust <- if (fit$cluster$kind != "ols") "             |               Robust"
  body <- coefficient_rows(table)
  offset <- if (!is.null(fit$offset)) {
    name <- if (fit$exposed) sprintf("ln(%s)", fit$offset) else fit$offset
    sprintf("%s |          1  (%s)", justify(abbreviate_name(name, 12L), 12L), if (fit$exposed) "exposure" else
            "offset")
  }
  note <- if (fit$eform && fit$design$constant) {
    sprintf("Note: _cons estimates baseline %s.", if (fit$kind == "logit") "odds" else "incidence rate")
  }
  c(lines[1L], robust, lines[2:3], body, offset, lines[1L], note)
}

# ---- predict -----------------------------------------------------------------------------------

# predict [type] new [if] [in] [, pr n ir xb stdp nooffset]
predict_likelihood <- function(command, session, rows) {
  fit <- session$regression
  kinds <- if (fit$kind == "logit") c(pr = "p", xb = "xb", stdp = "stdp") else c(n = "n", ir = "ir", xb = "xb",
                                                                               stdp = "stdp")
  words <- command$rest$text
  type <- if (length(words) > 1L && words[1L] %in% storage_types) words[1L] else session$type
  name <- check_new_name(utils::tail(words, 1L), session)
  o <- command_options(command, c(kinds, nooffset = "nooff"))
  asked <- intersect(names(o), names(kinds))
  if (length(asked) > 1L) abort_stata("only one statistic may be specified", 198L)
  kind <- c(asked, names(kinds)[1L])[1L]
  value <- predicted_likelihood(kind, fit, session, is.null(o$nooffset))
  value[setdiff(seq_len(session$n), selected_rows(command, session, rows))] <- NA_real_
  labels <- c(pr = sprintf("Pr(%s)", fit$depvar), n = "Predicted number of events", ir = "Predicted incidence rate",
              xb = "Linear prediction", stdp = "S.E. of the prediction")
  if (!length(asked)) {
    emit(session, sprintf("(option %s assumed; %s)", kind, if (kind == "n") "predicted number of events" else
                          labels[["pr"]]))
  }
  store_variable(session, name, value, type, labels[[kind]])
  note_missing(value, session)
}

predicted_likelihood <- function(kind, fit, session, with_offset) {
  X <- kept_design(fit, session)
  if (kind == "stdp") return(sqrt(rowSums((X %*% fit$V) * X)))
  xb <- drop(X %*% fit$beta)
  if (!is.null(fit$offset) && with_offset && kind != "ir") xb <- xb + offset_of(fit, session)
  if (kind == "xb") xb else likelihood_kinds[[fit$kind]]$mean(xb)
}

offset_of <- function(fit, session) {
  if (is.null(fit$offset)) return(0)
  x <- numeric_operand(session$data[[find_stata_variable(fit$offset, session)]])
  if (fit$exposed) suppressWarnings(log(x)) else x
}

# The columns of the coefficients that were estimated, for all rows of the data.
kept_design <- function(fit, session) {
  design <- design_of(fit$design$terms, session, fit$use, fit$design$constant)
  design$X[, match(fit$design$names[fit$kept], design$names), drop = FALSE]
}

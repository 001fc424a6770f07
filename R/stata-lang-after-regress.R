# estat vif, hettest, ovtest, ic after regress; nlcom; anova; bootstrap. Source: Stata's Base Reference manual, regress
# postestimation, nlcom, anova, bootstrap (methods and formulas). Oracle: car's formulas written out, lm(), the delta
# method with exact derivatives.

# estat vif|hettest|ovtest|ic|vce|summarize after regress and its kin
regression_estat <- function(what, command, session) {
  known <- c(vif = "vif", hettest = "hett", ovtest = "ovt", ic = "ic", vce = "vce", phtest = "pht", summarize = "su",
             bootstrap = "boot", imtest = "imt", gof = "gof", classification = "clas")
  kind <- if (is.null(what) || is.na(what)) NA else match_option(what, known)
  if (is.na(kind) || kind %in% c("summarize", "bootstrap", "imtest", "gof", "classification")) {
    abort_unsupported(paste("estat", what))
  }
  if (kind == "ic") return(estat_ic(session))
  if (kind == "vce") return(estat_vce(session))
  if (kind == "phtest") {
    if (!identical(session$e$cmd2, "stcox")) abort_stata("last estimates not found", 301L)
    return(cox_phtest(session, command))
  }
  fit <- session$regression
  if (is.null(fit) || !identical(session$e$cmd, "regress")) abort_stata("last estimates not found: regress", 301L)
  switch(kind, vif = estat_vif(fit, session), hettest = estat_hettest(fit, command, session),
    ovtest = estat_ovtest(fit, session))
}

run_vif <- function(command, session, rows) regression_estat("vif", command, session)

regression_columns <- function(fit) fit$design$X[fit$use, fit$kept, drop = FALSE]

estat_vif <- function(fit, session) {
  X <- regression_columns(fit)
  names <- fit$names[fit$kept]
  own <- names != "_cons"
  X <- X[, own, drop = FALSE]
  if (ncol(X) < 1L) abort_stata("no regressors", 198L)
  # The diagonal of the inverse correlation matrix.
  vif <- if (ncol(X) == 1L) 1 else diag(solve(stats::cor(X)))
  order <- order(-vif)
  session$r <- list()
  for (i in seq_along(order)) session$r[sprintf(c("vif_%d", "name_%d"), i)] <- list(vif[order[i]], names[own][order[i]])
  line <- function(name, v) paste0(justify(abbreviate_name(name, 12L), 12L), " |", stata_fixed(v, 11L, 2L),
    stata_fixed(1 / v, 12L, 6L))
  emit(session, c("", "    Variable |       VIF       1/VIF  ", rule(13L, 22L), line(names[own][order], vif[order]),
    rule(13L, 22L),
                  paste0(justify("Mean VIF", 12L), " |", stata_fixed(mean(vif), 11L, 2L))))
}

# Breusch and Pagan's score test on the fitted values, by Cook and Weisberg; iid is Koenker's.
estat_hettest <- function(fit, command, session) {
  o <- command_options(command, c(rhs = "rhs", iid = "iid", fstat = "fs", normal = "norm", mtest = "mt"))
  if (!is.null(o$fstat) || !is.null(o$mtest)) abort_unsupported("options fstat and mtest of estat hettest")
  words <- command$rest$text[-1L]
  X <- regression_columns(fit)
  xb <- drop(X %*% fit$beta)
  y <- numeric_operand(session$data[[fit$depvar]])[fit$use]
  e2 <- (y - xb)^2
  Z <- if (length(words)) vapply(expand_varlist(words, session),
    function(v) numeric_operand(session$data[[v]])[fit$use],
                                 numeric(length(xb))) else if (!is.null(o$rhs)) X[, fit$names[fit$kept] != "_cons",
                                   drop = FALSE] else
                                   as.matrix(xb)
  what <- if (length(words)) paste(words, collapse = " ") else if (!is.null(o$rhs))
    paste(fit$names[fit$kept][fit$names[fit$kept] != "_cons"], collapse = " ") else sprintf("fitted values of %s",
      fit$depvar)
  u <- e2 / mean(e2)
  aux <- stats::lm.fit(cbind(1, Z), u)
  mss <- sum((aux$fitted.values - mean(u))^2)
  df <- aux$rank - 1L
  chi2 <- if (is.null(o$iid)) mss / 2 else length(u) * mss / sum((u - mean(u))^2)
  session$r <- list(chi2 = chi2, df = df, p = upper_p(chi2, df))
  emit(session, c("", "Breusch-Pagan / Cook-Weisberg test for heteroskedasticity ", "         Ho: Constant variance",
                  sprintf("         Variables: %s", what), "", sprintf("         chi2(%d)      = %s", df,
                    stata_fixed(chi2, 8L, 2L)),
                  sprintf("         Prob > chi2  = %s", stata_fixed(upper_p(chi2, df), 8L, 4L))))
}

# Ramsey's test with the second to fourth powers of the fitted values.
estat_ovtest <- function(fit, session) {
  X <- regression_columns(fit)
  y <- numeric_operand(session$data[[fit$depvar]])[fit$use]
  xb <- drop(X %*% fit$beta)
  z <- (xb - min(xb)) / diff(range(xb))
  more <- stats::lm.fit(cbind(X, z^2, z^3, z^4), y)
  less <- stats::lm.fit(X, y)
  df <- c(more$rank - less$rank, length(y) - more$rank)
  f <- ((sum(less$residuals^2) - sum(more$residuals^2)) / df[1L]) / (sum(more$residuals^2) / df[2L])
  p <- upper_p(f, df[1L], df[2L])
  session$r <- list(p = p, F = f, df_r = df[2L], df = df[1L])
  emit(session, c("", sprintf("Ramsey RESET test using powers of the fitted values of %s", fit$depvar),
                  "       Ho:  model has no omitted variables",
                  sprintf("%s =%s", justify(sprintf("F(%d, %d)", df[1L], df[2L]), 26L), stata_fixed(f, 10L, 2L)),
                  sprintf("                  Prob > F =%s", stata_fixed(p, 12L, 4L))))
}

estat_ic <- function(session) {
  e <- session$e
  if (is.null(e$ll)) abort_stata("likelihood information not found in last estimation results", 321L)
  k <- e$rank %||% sum(diag(e$V) > 0)
  if (!is.null(e$k_r)) k <- k + e$k_r
  ic <- -2 * e$ll + k * c(2, log(e$N))
  session$r <- list(S = matrix(c(e$N, e$ll_0 %||% NA_real_, e$ll, k, ic), 1L,
                               dimnames = list(".", c("N", "ll0", "ll", "df", "AIC", "BIC"))))
  cell <- function(x) justify(trimws(stata_general(x, 9L)), 11L)
  emit(session, c("", "Akaike's information criterion and Bayesian information criterion", "", strrep("-", 77L),
                  "       Model |          N   ll(null)  ll(model)      df        AIC        BIC", rule(13L, 63L),
                  paste0("           . |", justify(format(e$N, big.mark = ","), 11L), cell(e$ll_0 %||% NA_real_),
                    cell(e$ll),
                         justify(k, 8L), cell(ic[1L]), cell(ic[2L])), strrep("-", 77L),
                  sprintf("Note: BIC uses N = %s; see [R] BIC note.", format(e$N, big.mark = ","))))
}

estat_vce <- function(session) {
  V <- session$e$V
  if (is.null(V)) abort_stata("last estimates not found", 301L)
  names <- colnames(V)
  emit(session, c("", sprintf("Covariance matrix of coefficients of %s model", session$e$cmd), "",
                  paste0("        e(V) |", paste(justify(abbreviate_name(names, 10L), 12L), collapse = "")),
                  rule(13L, 12L * length(names) + 1L),
                  vapply(seq_along(names), function(i) paste0(justify(abbreviate_name(names[i], 12L), 12L), " |",
                    paste(justify(trimws(stata_general(V[i, seq_len(i)], 9L)), 12L), collapse = "")), "")))
}

# nlcom (name: exp) ... | exp [, level()]: the delta method with derivatives by differences of fourth order.
run_nlcom <- function(text, session, statement) {
  comma <- top_level_comma(text)
  head <- trimws(if (is.na(comma)) text else substr(text, 1L, comma - 1L))
  command <- parse_command(paste("nlcom ,", if (is.na(comma)) "" else substring(text, comma + 1L)))
  o <- command_options(command, c(level = "l", post = "post", noheader = "noh", df = "df"))
  e <- session$e
  if (is.null(e$b)) abort_stata("last estimates not found", 301L)
  specs <- nlcom_specs(head)
  level <- (if (is.null(o$level)) session$level else number_word(o$level)) / 100
  found <- lapply(specs, function(s) {
    tokens <- tokenize(s$exp)
    with_slopes(function(inner) evaluate_scalar(tokens, inner), session)
  })
  J <- do.call(rbind, lapply(found, `[[`, "slope"))
  V <- J %*% e$V %*% t(J)
  value <- vapply(found, `[[`, 0, "value")
  names <- vapply(specs, `[[`, "", "name")
  se <- sqrt(diag(V))
  se[!(se > 0)] <- NA_real_
  z <- value / se
  reach <- critical_value(level) * se
  dimnames(V) <- list(names, names)
  session$r <- list(b = matrix(value, 1L, dimnames = list("r1", names)), V = V, N = e$N)
  if (!is.null(o$post)) {
    session$e <- list(b = matrix(value, 1L, dimnames = list("y1", names)), V = V, N = e$N, cmd = "nlcom",
      properties = "b V", depvar = "")
    session$regression <- session$estimates <- NULL
  }
  table <- data.frame(name = names, b = value, se = se, t = z, p = two_sided_p(z), lo = value - reach, hi = value +
    reach)
  emit(session, c("", sprintf("%s:  %s", justify(names, 13L), vapply(specs, `[[`, "", "exp")), "",
                  format_coef_table(table, e$depvar %||% "", level, "z")))
}

# list(value, slope): an expression of the coefficients and its derivatives, a column for each coefficient.
with_slopes <- function(f, session) {
  b <- session$e$b[1L, ]
  variance <- diag(session$e$V)
  at <- function(b) {
    inner <- list2env(as.list(session), parent = emptyenv())
    inner$e$b[1L, ] <- b
    f(inner)
  }
  value <- at(b)
  slope <- vapply(seq_along(b), function(j) {
    if (variance[j] == 0) return(rep(0, length(value)))
    h <- max(abs(b[j]), sqrt(variance[j])) * 1e-3
    moved <- function(k) at(replace(b, j, b[j] + k * h))
    (moved(-2) - 8 * moved(-1) + 8 * moved(1) - moved(2)) / (12 * h)
  }, numeric(length(value)))
  list(value = value, slope = matrix(slope, length(value)))
}

nlcom_specs <- function(text) {
  if (!startsWith(text, "(")) return(list(nlcom_spec(text, 1L)))
  tokens <- tokenize(text)
  parts <- test_specs(tokens, text)
  if (length(parts) == 1L && identical(trimws(parts), trimws(text))) return(list(nlcom_spec(text, 1L)))
  lapply(seq_along(parts), function(i) nlcom_spec(parts[i], i))
}

nlcom_spec <- function(text, i) {
  hit <- regmatches(text, regexec("^\\s*([[:alpha:]_]\\w*)\\s*:\\s*(.*)$", text))[[1L]]
  if (length(hit)) list(name = hit[2L], exp = trimws(hit[3L])) else list(name = sprintf("_nl_%d", i),
    exp = trimws(text))
}

# anova y a b a#b c.x: partial sums of squares of each term.
run_anova <- function(command, session, rows) {
  o <- command_options(command, c(partial = "p", sequential = "seq", noconstant = "nocons", repeated = "rep",
    continuous = "c",
                                  category = "cat", dropemptycells = "drop"))
  for (bad in intersect(names(o), c("noconstant", "repeated"))) abort_unsupported(sprintf("option %s of anova", bad))
  if (any(command$rest$text %in% c("/", "|"))) {
    abort_gap("anova with nested terms and their own error terms (a / b|a)", "use mixed, or aov() of R with Error()")
  }
  words <- design_words(command$rest)
  depvar <- find_stata_variable(words[1L], session)
  terms <- anova_terms(words[-1L], session)
  y <- numeric_operand(session$data[[depvar]])
  rows <- selected_rows(command, session, rows)
  vars <- unique(unlist(lapply(terms, `[[`, "vars")))
  rows <- rows[!is.na(y[rows])]
  for (v in vars) rows <- rows[!is.na(numeric_operand(session$data[[v]])[rows])]
  if (length(rows) < 3L) abort_stata("insufficient observations", 2001L)
  blocks <- lapply(terms, anova_columns, rows = rows, session = session)
  y <- y[rows]
  rss <- function(X) {
    f <- stats::lm.fit(X, y)
    c(sum(f$residuals^2), f$rank)
  }
  whole <- do.call(cbind, c(list(rep(1, length(y))), blocks))
  full <- rss(whole)
  ss <- lapply(seq_along(blocks), function(i) {
    if (is.null(o$sequential)) {
      less <- rss(do.call(cbind, c(list(rep(1, length(y))), blocks[-i])))
      return(c(less[1L] - full[1L], full[2L] - less[2L]))
    }
    a <- rss(do.call(cbind, c(list(rep(1, length(y))), blocks[seq_len(i - 1L)])))
    b <- rss(do.call(cbind, c(list(rep(1, length(y))), blocks[seq_len(i)])))
    c(a[1L] - b[1L], b[2L] - a[2L])
  })
  total <- sum((y - mean(y))^2)
  N <- length(y)
  df_r <- N - full[2L]
  if (df_r < 1) abort_stata("insufficient observations", 2001L)
  ms <- full[1L] / df_r
  model <- c(total - full[1L], full[2L] - 1)
  f <- model[1L] / model[2L] / ms
  session$e <- list(N = N, mss = model[1L], df_m = model[2L], rss = full[1L], df_r = df_r, r2 = model[1L] / total,
                    r2_a = 1 - full[1L] / df_r / (total / (N - 1)), F = f, rmse = sqrt(ms), cmd = "anova",
                      depvar = depvar)
  for (i in seq_along(ss)) {
    session$e[sprintf(c("term_%d", "ss_%d", "df_%d", "F_%d"), i)] <- list(terms[[i]]$name, ss[[i]][1L], ss[[i]][2L],
                                                                         ss[[i]][1L] / ss[[i]][2L] / ms)
  }
  session$regression <- session$estimates <- NULL
  session$sample <- rows
  emit(session, anova_lines(session$e, terms, ss, model, total, !is.null(o$sequential)))
}

# a b are factors, c.x is a number, a##b holds its parts.
anova_terms <- function(words, session) {
  names <- unlist(lapply(words, function(w) {
    if (!grepl("##", w, fixed = TRUE)) return(w)
    parts <- strsplit(w, "##", fixed = TRUE)[[1L]]
    unlist(lapply(seq_along(parts), function(k) utils::combn(parts, k, paste, collapse = "#")))
  }))
  lapply(unique(names), function(w) {
    parts <- strsplit(w, "#", fixed = TRUE)[[1L]]
    bare <- sub("^(c|ib?n?[0-9]*|b[0-9]+)[.]", "", parts)
    list(name = paste(bare, collapse = "#"),
         vars = vapply(bare, find_stata_variable, "", session = session, USE.NAMES = FALSE),
         number = startsWith(parts, "c."))
  })
}

# Columns of a term in effects that sum to 0, so that each term's test does not hang on the coding of the others.
anova_columns <- function(term, rows, session) {
  parts <- lapply(seq_along(term$vars), function(i) {
    x <- session$data[[term$vars[i]]][rows]
    if (term$number[i]) return(matrix(x, ncol = 1L))
    f <- factor(x)
    if (nlevels(f) < 2L) return(matrix(0, length(x), 0L))
    stats::contr.sum(nlevels(f))[as.integer(f), , drop = FALSE]
  })
  out <- parts[[1L]]
  for (p in parts[-1L]) {
    grid <- expand.grid(seq_len(ncol(out)), seq_len(ncol(p)))
    out <- out[, grid[[1L]], drop = FALSE] * p[, grid[[2L]], drop = FALSE]
  }
  out
}

anova_lines <- function(e, terms, ss, model, total, sequential) {
  head <- c(sprintf("Number of obs = %10s", format(e$N, big.mark = ",")), sprintf("Root MSE      = %s",
    stata_general(e$rmse, 10L, 6L)))
  right <- c(sprintf("R-squared     = %s", stata_fixed(e$r2, 7L, 4L)), sprintf("Adj R-squared = %s",
    stata_fixed(e$r2_a, 7L, 4L)))
  line <- function(name, s, test = TRUE) {
    m <- s[1L] / s[2L]
    f <- if (test) m / (e$rss / e$df_r)
    paste0(justify(abbreviate_name(name, 10L), 24L), " |", stata_general(s[1L], 12L, 9L), justify(format(s[2L]), 11L),
           stata_general(m, 12L, 9L), if (test) paste0(stata_fixed(f, 10L, 2L), stata_fixed(upper_p(f, s[2L], e$df_r),
             8L, 4L)))
  }
  bar <- paste0(strrep(" ", 14L), rule(11L, 52L))
  blank <- paste0(strrep(" ", 25L), "|")
  c("", paste0(strrep(" ", 25L), head, "    ", right), "",
    sprintf("                  Source | %s         df         MS        F    Prob>F",
      if (sequential) "   Seq. SS" else "Partial SS"),
    bar, line("Model", model), blank, vapply(seq_along(terms), function(i) line(terms[[i]]$name, ss[[i]]), ""), blank,
    line("Residual", c(e$rss, e$df_r), FALSE), bar, line("Total", c(total, e$N - 1), FALSE))
}

# bootstrap exps, reps(#) [seed() cluster() strata() nodots]: command
run_bootstrap <- function(text, session, statement) {
  part <- split_prefix(text, "bootstrap")
  comma <- top_level_comma(part[1L])
  command <- parse_command(paste("bootstrap ,", if (is.na(comma)) "" else substring(part[1L], comma + 1L)))
  o <- command_options(command, c(reps = "r", seed = "se", cluster = "cl", strata = "str", nodots = "nodots",
    dots = "dots",
                                  level = "l", noisily = "n", saving = "sa", idcluster = "idc", group = "gr",
                                    size = "si",
                                  nowarn = "now", bca = "bca", title = "ti", notable = "notab", noheader = "nohe",
                                  nolegend = "nol", force = "force", verbose = "v", ties = "ties", mse = "mse"))
  for (bad in intersect(names(o), c("idcluster", "group", "size", "bca", "mse"))) {
    abort_unsupported(sprintf("option %s of bootstrap", bad))
  }
  if (!is.null(o$seed)) set_seed(o$seed, session)
  reps <- if (is.null(o$reps)) 50 else number_word(o$reps)
  if (is.na(reps) || reps < 2 || reps > 1e5) abort_stata("reps() must be between 2 and 100000", 198L)
  wishes <- bootstrap_wishes(trimws(if (is.na(comma)) part[1L] else substr(part[1L], 1L, comma - 1L)))
  run_hidden(part[2L], session, statement)
  observed <- bootstrap_values(wishes, session)
  info <- list(command = part[2L], e = session$e, n = session$n, wishes = wishes, whole = is.null(wishes))
  N <- session$e$N %||% session$n
  whole <- mget(snapshot_names, envir = session)
  note_random(session)
  draws <- tryCatch(lapply(seq_len(reps), function(i) {
    list2env(whole, session)
    filter_rows(session, bootstrap_rows(o, session))
    tryCatch({
      run_hidden(part[2L], session, statement)
      value <- bootstrap_values(wishes, session)
      if (identical(names(value), names(observed))) unlist(value)
    }, metaparity_error = function(e) if (inherits(e, "metaparity_error_stata_unsupported")) stop(e) else NULL)
  }), finally = list2env(whole, session))
  draws <- do.call(rbind, draws)
  if (is.null(draws) ||
    nrow(draws) < 2L) abort_stata("insufficient observations to compute bootstrap standard errors", 2000L)
  finish_bootstrap(unlist(observed), draws, N, reps, info, o, session)
}

bootstrap_wishes <- function(text) if (!nzchar(text) || text == "_b") NULL else saved_wishes(gsub("\"", "", text,
  fixed = TRUE))

bootstrap_values <- function(wishes, session) {
  if (is.null(wishes)) {
    if (is.null(session$e$b)) abort_stata("last estimates not found", 301L)
    return(as.list(session$e$b[1L, ]))
  }
  out <- lapply(wishes, function(w) evaluate_scalar(tokenize(w$exp), session))
  names <- vapply(wishes, `[[`, "", "name")
  stats::setNames(out, sub("^_stat_", "_bs_", names))
}

bootstrap_rows <- function(o, session) {
  by <- if (is.null(o$strata)) character() else expand_varlist(tokenize(o$strata), session, 1L)
  unlist(lapply(groups_of(by, seq_len(session$n), session), function(g) {
    if (is.null(o$cluster)) return(g[sample.int(length(g), replace = TRUE)])
    id <- key_codes(expand_varlist(tokenize(o$cluster), session, 1L), session, session)[[1L]]
    units <- split(g, id[g])
    unlist(units[sample.int(length(units), replace = TRUE)], use.names = FALSE)
  }))
}

finish_bootstrap <- function(b, draws, N, reps, info, o, session) {
  level <- (if (is.null(o$level)) session$level else number_word(o$level)) / 100
  V <- stats::cov(draws)
  se <- sqrt(diag(V))
  se[!(se > 0)] <- NA_real_
  names <- names(b)
  z <- b / se
  reach <- critical_value(level) * se
  table <- data.frame(name = names, b = unname(b), se = se, t = unname(z), p = two_sided_p(unname(z)),
    lo = unname(b - reach), hi = unname(b + reach))
  dimnames(V) <- list(names, names)
  session$e <- list(b = matrix(b, 1L, dimnames = list("y1", names)), V = V, N = N, N_reps = nrow(draws),
    cmd = "bootstrap",
                    prefix = "bootstrap", depvar = info$e$depvar %||% "", vcetype = "Bootstrap", properties = "b V")
  session$regression <- session$estimates <- NULL
  r <- rbind(b = table$b, se = table$se, z = table$t, pvalue = table$p, ll = table$lo, ul = table$hi)
  colnames(r) <- names
  session$r <- list(table = r, level = 100 * level)
  line <- function(name, value) sprintf("%s = %s", justify(name, 17L, TRUE), justify(value, 10L))
  depvar <- if (info$whole) info$e$depvar %||% "" else ""
  lines <- format_coef_table(table, depvar, level, "z")
  words <- if (!info$whole) c(sprintf("      command:  %s", info$command),
                              sprintf("%s:  %s", justify(names, 13L), vapply(info$wishes, `[[`, "", "exp")), "")
  emit(session, c("", to_right("Bootstrap results", line("Number of obs", format(N, big.mark = ",")), 78L),
                  to_right("", line("Replications", format(nrow(draws), big.mark = ",")), 78L), "", words, lines[1L],
                  "             |   Observed   Bootstrap                         Normal-based", lines[-1L],
                  if (nrow(draws) < reps) "Note: Some bootstrap replicates could not estimate all parameters."))
}

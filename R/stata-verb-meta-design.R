# Owns the moderators of meta regress and meta bias: Stata's i., ib#., c. and R formulas into a design with Stata's
# row names.

# `exprs`: unevaluated moderators. Returns X (intercept first) and `terms`: a data frame with block, name, column.
meta_design <- function(exprs, m, env, call) {
  words <- unlist(lapply(exprs, meta_moderator_words))
  formulas <- vapply(words, is.call, NA)
  parts <- lapply(words, function(w) if (is.call(w)) formula_terms(w, m, env, call) else
                  moderator_term(w, m, env, call))
  X <- do.call(cbind, lapply(parts, `[[`, "X"))
  terms <- do.call(rbind, lapply(parts, `[[`, "terms"))
  if (is.null(X)) {
    X <- matrix(0, nrow(m$table), 0L)
    terms <- data.frame(block = character(), name = character(), column = integer())
  }
  terms$column[!is.na(terms$column)] <- seq_len(sum(!is.na(terms$column)))
  X <- cbind(intrcpt = 1, X)
  colnames(X) <- c("intrcpt", sprintf("x%d", seq_len(ncol(X) - 1L)))
  list(X = X, terms = terms, bases = unlist(lapply(parts, `[[`, "base"), recursive = FALSE),
       complete = stats::complete.cases(X),
       names = vapply(words, function(w) paste(deparse(w), collapse = ""), ""), formula = any(formulas))
}

# A string may hold several words; `_cons` asks for the constant alone.
meta_moderator_words <- function(e) {
  if (is.character(e)) e <- lapply(strsplit(trimws(e), "\\s+")[[1L]], as.name) else e <- list(e)
  Filter(function(w) !identical(w, as.name("_cons")), e)
}

moderator_term <- function(word, m, env, call) {
  text <- as.character(word)
  if (grepl("#", text, fixed = TRUE) && !text %in% names(m$table)) return(product_term(text, m, env, call))
  prefix <- regmatches(text, regexpr("^(i|c|ib[0-9]+)[.]", text))
  found <- text %in% names(m$table)
  name <- if (length(prefix) && !found) substring(text, nchar(prefix) + 1L) else text
  value <- stata_option_column(as.name(name), m$table, env, name, nrow(m$table), call)
  categorical <- is.factor(value) || (length(prefix) && !found && prefix != "c.")
  if (!categorical) {
    x <- check_numeric_vector(value, name, call)
    return(list(X = cbind(x), terms = data.frame(block = "", name = name, column = 1L, stringsAsFactors = FALSE)))
  }
  groups <- stata_groups(value)
  base <- if (length(prefix) && grepl("[0-9]", prefix)) gsub("[^0-9]", "", prefix) else levels(groups)[1L]
  # Of a factor a number that is no level is the place of one.
  place <- if (is.factor(value) && !base %in% levels(groups)) suppressWarnings(as.integer(base))
  if (isTRUE(place >= 1L) && place <= nlevels(value)) base <- levels(value)[place]
  if (!base %in% levels(groups)) abort_input(name, sprintf("has no level %s", base), call)
  shown <- setdiff(levels(groups), base)
  X <- vapply(shown, function(l) as.numeric(groups == l), numeric(length(groups)))
  list(X = matrix(X, ncol = length(shown)), base = list(list(block = name, base = base, levels = levels(groups))),
       terms = data.frame(block = rep(name, length(shown)), name = shown, column = seq_along(shown),
                          stringsAsFactors = FALSE))
}

# i.a#c.x#c.x: products of the columns of its parts; a product of numbers alone stands beside its name.
product_term <- function(text, m, env, call) {
  parts <- lapply(strsplit(text, "#", fixed = TRUE)[[1L]], function(w) moderator_term(as.name(w), m, env, call))
  out <- parts[[1L]]
  factors <- nzchar(out$terms$block[1L])
  named <- function(part) if (nzchar(part$terms$block[1L])) part$terms$block[1L] else paste0("c.", part$terms$name[1L])
  block <- named(out)
  level <- if (factors) out$terms$name else ""
  for (p in parts[-1L]) {
    i <- rep(seq_len(ncol(out$X)), each = ncol(p$X))
    j <- rep(seq_len(ncol(p$X)), ncol(out$X))
    out$X <- out$X[, i, drop = FALSE] * p$X[, j, drop = FALSE]
    own <- if (nzchar(p$terms$block[1L])) p$terms$name else rep("", ncol(p$X))
    level <- paste0(level[i], ifelse(nzchar(level[i]) & nzchar(own[j]), "#", ""), own[j])
    block <- paste(block, named(p), sep = "#")
  }
  list(X = unname(out$X), base = NULL,
       terms = data.frame(block = rep(block, length(level)), name = level, column = seq_along(level),
                          stringsAsFactors = FALSE))
}

# The names of coefficients: x, 2.g, c.x#c.x, 1.g#2.h, 2.g#c.x.
coefficient_words <- function(terms) {
  vapply(seq_len(nrow(terms)), function(i) {
    block <- terms$block[i]
    name <- terms$name[i]
    if (!nzchar(block)) return(name)
    if (!nzchar(name)) return(block)
    if (!grepl("#", block, fixed = TRUE)) return(paste(name, block, sep = "."))
    parts <- strsplit(block, "#", fixed = TRUE)[[1L]]
    own <- !startsWith(parts, "c.")
    levels <- strsplit(name, "#", fixed = TRUE)[[1L]]
    if (length(levels) == sum(own)) parts[own] <- paste(levels, parts[own], sep = ".")
    paste(parts, collapse = "#")
  }, "")
}

formula_terms <- function(formula, m, env, call) {
  formula <- stats::as.formula(formula, env)
  frame <- tryCatch(stats::model.frame(formula, m$table, na.action = stats::na.pass),
                    error = function(e) abort_input("...", conditionMessage(e), call))
  frame[] <- lapply(frame, function(v) if (is.character(v)) stata_groups(v) else v)
  X <- stats::model.matrix(formula, frame, na.action = stats::na.pass)
  X <- X[, colnames(X) != "(Intercept)", drop = FALSE]
  labels <- attr(stats::terms(formula), "term.labels")
  assign <- attr(stats::model.matrix(formula, frame), "assign")
  assign <- assign[assign > 0L]
  blocks <- vapply(labels, function(l) if (l %in% names(frame) && is.factor(frame[[l]])) l else "", "")
  blocks <- unname(blocks[assign])
  plain <- sub("^(as[.])?factor\\((.*)\\)$", "\\2", blocks)
  name <- ifelse(nzchar(blocks), substring(colnames(X), nchar(blocks) + 1L), colnames(X))
  list(X = unname(X), terms = data.frame(block = plain, name = name, column = seq_along(name),
                                         stringsAsFactors = FALSE))
}

# Studies without a value of every moderator are left out.
meta_design_rows <- function(design, call) {
  missing <- which(!design$complete)
  if (length(missing)) warn_dropped(missing, "missing values in the moderators", call)
  if (!any(design$complete)) abort_input("...", "leaves no study with values of all moderators", call)
  which(design$complete)
}

# z or t tests of given coefficients.
coef_tests <- function(b, se, ddf, level) {
  crit <- critical_value(level, ddf)
  z <- b / se
  p <- two_sided_p(z, ddf)
  data.frame(b = b, se = se, t = z, p = p, lo = b - crit * se, hi = b + crit * se)
}

# One regression on a design. error = "multiplicative": weighted least squares, phi scales the standard errors.
meta_regression <- function(yi, vi, X, o, slab = NULL) {
  p <- ncol(X)
  k <- length(yi)
  method <- if (o$model == "random") meta_random_methods[[o$method]] else "FE"
  fit <- meta_uni(yi, vi, method, if (o$multiplicative) "z" else o$test, o$level, o$tau2, slab, X = if (p > 1L) X)
  b <- as.numeric(fit$beta)
  se <- fit$se
  phi <- 1
  if (o$multiplicative) {
    phi <- fit$QE / (k - length(b))
    se <- se * sqrt(phi)
  }
  ddf <- if (o$test == "z") NA_real_ else k - length(b)
  q <- length(b) - 1L
  chi2 <- if (q > 0L) fit$QM / (if (o$multiplicative) phi * (if (o$test == "z") 1 else q) else 1) else NA_real_
  kept <- match(colnames(X), rownames(fit$beta))
  if (p == 1L) kept <- 1L
  pchi2 <- if (q == 0L) NA_real_ else upper_p(chi2, q, ddf)
  list(coef = coef_tests(b, se, ddf, o$level)[kept, ], ddf = ddf, df_m = q, chi2 = chi2, p = pchi2, fit = fit,
       phi = phi,
       k = k, Q = fit$QE, df = k - length(b), pQ = fit$QEp)
}

# What mvmeta() makes of the columns: outcomes and their covariances by stubs, covariates by outcome, studies left out.
# Source: White (2009) Stata J 9:40. Oracle: genuine logs.

mvmeta_studies <- function(mc, data, env, model, call) {
  if (is.null(data)) abort_input("data", "is missing: the columns are found by the beginnings of their names", call)
  stub <- mvmeta_stub(mc$b, "b", call)
  spread <- mvmeta_stub(mc$V, "V", call)
  wanted <- resolve_column(mc$vars, data, env, "vars", call)
  outcomes <- mvmeta_outcomes(names(data), stub, wanted, call)
  shared <- vapply(as.list(mc$...), mvmeta_name, "", call = call)
  equations <- mvmeta_equations(model$equations, shared, outcomes, names(data), call)
  label <- mvmeta_labels(mc$id, data, env, call)
  keep <- check_subset(resolve_column(mc$subset, data, env, "subset", call), nrow(data), call)
  rows <- if (is.null(keep)) seq_len(nrow(data)) else keep
  if (!length(rows)) abort_input("subset", "keeps no rows", call)
  y <- mvmeta_columns(data, outcomes, rows, call)
  x <- mvmeta_columns(data, unique(unlist(equations)), rows, call)
  s <- mvmeta_left_out(y, x, equations, outcomes)
  s$rows <- rows[s$use]
  s$label <- label$text[s$rows]
  s$id <- label$name
  s$stubs <- c(stub, spread)
  s$data <- data
  s <- mvmeta_covariances(s, data, model, call)
  mvmeta_design(s, equations, model, call)
}

mvmeta_stub <- function(expr, arg, call) {
  if (is.symbol(expr)) return(as.character(expr))
  if (is.character(expr) && length(expr) == 1L && !is.na(expr) && nzchar(expr)) return(expr)
  abort_input(arg, "must be the beginning of the names of columns, as y for y1 and y2", call)
}

mvmeta_name <- function(expr, call) {
  if (is.symbol(expr)) return(as.character(expr))
  if (is.character(expr) && length(expr) == 1L) return(expr)
  abort_input("...", "must be names of columns", call)
}

mvmeta_outcomes <- function(names, stub, wanted, call) {
  all <- names[startsWith(names, stub) & nchar(names) > nchar(stub)]
  if (!is.null(wanted)) {
    words <- unlist(strsplit(trimws(check_vector_of_words(wanted, "vars", call)), "\\s+"))
    all <- unique(unlist(lapply(words, mvmeta_matching, names = names, call = call)))
    bad <- all[!startsWith(all, stub)]
    if (length(bad)) abort_input("vars", sprintf("%s does not begin with %s", bad[1L], stub), call)
  }
  if (!length(all)) abort_input("b", sprintf("no column's name begins with %s", stub), call)
  all
}

mvmeta_matching <- function(word, names, call) {
  found <- if (grepl("[*?]", word)) grep(utils::glob2rx(word), names, value = TRUE) else intersect(word, names)
  if (!length(found)) abort_input("vars", sprintf("%s is not a column of `data`", word), call)
  found
}

mvmeta_columns <- function(data, names, rows, call) {
  out <- lapply(names, function(n) check_numeric_vector(data[[n]], n, call)[rows])
  matrix(as.numeric(unlist(out)), length(rows), length(names), dimnames = list(NULL, names))
}

mvmeta_labels <- function(expr, data, env, call) {
  if (is.null(expr)) return(list(text = as.character(seq_len(nrow(data))), name = ""))
  value <- stata_option_column(expr, data, env, "id", nrow(data), call)
  list(text = format_label_value(value), name = if (is.symbol(expr)) as.character(expr) else "id")
}

# The studies under the names of another column, of the data of the fit or of other data with the same rows.
mvmeta_relabelled <- function(s, expr, data, env, call) {
  data <- data %||% s$data
  if (nrow(data) < max(s$rows)) abort_input("data", "must have the rows of the data of the fit", call)
  label <- mvmeta_labels(expr, data, env, call)
  s$label <- label$text[s$rows]
  s$id <- label$name
  s
}

# Names of covariates of each outcome: "y1 y2: x1, y3: x2" or a list; `shared` go to all.
mvmeta_equations <- function(given, shared, outcomes, columns, call) {
  if (is.character(given)) given <- mvmeta_parsed_equations(given, call)
  if (!is.null(given) && (!is.list(given) || is.null(names(given))))
    abort_input("equations", "must be as \"y1: x1, y2: x2\" or a list named by the outcomes", call)
  bad <- setdiff(names(given), outcomes)
  if (length(bad)) abort_input("equations", sprintf("%s is not one of the outcomes", bad[1L]), call)
  out <- lapply(outcomes, function(y) c(shared, as.character(unlist(given[[y]]))))
  lacks <- setdiff(unlist(out), columns)
  if (length(lacks)) abort_input(if (lacks[1L] %in% shared) "..." else "equations",
                                 sprintf("%s is not a column of `data`", lacks[1L]), call)
  stats::setNames(out, outcomes)
}

mvmeta_parsed_equations <- function(text, call) {
  check_encodings(list(equations = text), call)
  out <- list()
  for (part in trimws(strsplit(paste(text, collapse = ","), ",", fixed = TRUE)[[1L]])) {
    sides <- strsplit(part, ":", fixed = TRUE)[[1L]]
    if (length(sides) < 1L || length(sides) > 2L) abort_input("equations", sprintf("%s is no equation", part), call)
    words <- strsplit(trimws(sides), "\\s+")
    for (y in words[[1L]]) out[[y]] <- if (length(sides) == 2L) words[[2L]] else character()
  }
  out
}

# Rows without any outcome, and rows with an outcome whose covariate is missing, are told and left out.
mvmeta_left_out <- function(y, x, equations, outcomes) {
  seen <- is.finite(y)
  none <- rowSums(seen) == 0
  lacks <- vapply(outcomes, function(j) rowSums(!is.finite(x[, equations[[j]], drop = FALSE])) > 0, logical(nrow(y)))
  lost <- !none & rowSums(matrix(lacks, nrow(y)) & seen) > 0
  use <- which(!none & !lost)
  list(outcomes = outcomes, y = y[use, , drop = FALSE], x = x[use, , drop = FALSE], use = use,
       none = which(none), lost = which(lost))
}

# Variances and covariances as one row of p * p numbers for each study.
mvmeta_covariances <- function(s, data, model, call) {
  p <- length(s$outcomes)
  suffix <- substring(s$outcomes, nchar(s$stubs[1L]) + 1L)
  S <- matrix(NA_real_, nrow(s$y), p * p)
  s$warnings <- character()
  used <- found <- FALSE
  for (a in seq_len(p)) for (b in seq_len(a)) {
    both <- is.finite(s$y[, a]) & is.finite(s$y[, b])
    names <- paste0(s$stubs[2L], c(suffix[b], suffix[a]), c(suffix[a], suffix[b]))
    name <- intersect(names, names(data))[1L]
    value <- if (is.na(name)) rep(NA_real_, nrow(s$y)) else check_numeric_vector(data[[name]], name, call)[s$rows]
    if (a != b && !is.na(name)) found <- TRUE
    if (a == b) mvmeta_check_variance(value, both, name, names[1L], s$rows, call)
    else if (model$overall) value[] <- 0
    lacking <- both & !is.finite(value)
    if (a != b && any(lacking)) {
      value[lacking] <- mvmeta_wscorr(model$wscorr, names[1L], s$rows[lacking], call) *
        sqrt(S[lacking, (b - 1L) * p + b] * mvmeta_variance_of(data, s, suffix[a], lacking))
      used <- TRUE
    }
    if (!(model$overall && a != b)) s$idle <- c(s$idle, mvmeta_idle(s, value, a, b, name))
    S[, (a - 1L) * p + b] <- S[, (b - 1L) * p + a] <- value
  }
  s$S <- S
  if (!model$overall && !model$noposdef) check_within_covariances(mvmeta_blocks(s), s$rows, "V", -1e-8, call)
  s$wscorr_used <- used
  s$covariances_found <- found
  s
}

# The covariances of each study's estimates.
mvmeta_blocks <- function(s) {
  p <- length(s$outcomes)
  lapply(seq_len(nrow(s$y)), function(i) {
    seen <- is.finite(s$y[i, ])
    matrix(s$S[i, ], p)[seen, seen, drop = FALSE]
  })
}

# No estimates have errors that correlate beyond 1, nor with an eigenvalue below 0; one of 0 has a part without error.
# below: eigenvalues of the correlations that are an error; the others are rounded numbers perhaps.
check_within_covariances <- function(blocks, rows, arg, below, call) {
  many <- which(vapply(blocks, nrow, 0L) > 1L)
  corr <- lapply(blocks[many], stats::cov2cor)
  least <- vapply(corr, function(R) min(eigen(R, TRUE, TRUE)$values), 0)
  bad <- least < below | vapply(corr, function(R) max(abs(R)) > 1 + 1e-8, NA)
  if (any(bad)) abort_studies(arg, rows[many[bad]], "holds covariances that are too large for their variances", call)
  zero <- many[least < 1e-12]
  if (length(zero)) warn_studies(arg, rows[zero], "is not positive definite", call)
}

mvmeta_variance_of <- function(data, s, suffix, rows) data[[paste0(s$stubs[2L], suffix, suffix)]][s$rows][rows]

mvmeta_check_variance <- function(value, needed, name, asked, rows, call) {
  if (is.na(name)) abort_input("V", sprintf("needs the column %s", asked), call)
  bad <- which(needed & !is.finite(value))
  if (length(bad)) abort_studies(name, rows[bad], "must not be missing beside an estimate", call)
  bad <- which(needed & value <= 0)
  if (length(bad)) abort_studies(name, rows[bad], "must be greater than zero", call)
}

mvmeta_wscorr <- function(wscorr, name, rows, call) {
  if (is.null(wscorr)) {
    abort_studies("V", rows, sprintf("needs the covariance %s, or give `wscorr`", name), call)
  }
  wscorr
}

# Variances beside an estimate that is missing are not used.
mvmeta_idle <- function(s, value, a, b, name) {
  at <- which(is.finite(value) & !(is.finite(s$y[, a]) & is.finite(s$y[, b])))
  who <- ifelse(is.finite(s$y[at, a]), s$outcomes[b], s$outcomes[a])
  where <- if (nzchar(s$id)) paste0(s$id, "=", s$label[at]) else paste("observation", s$label[at])
  if (!length(at)) return(NULL)
  sprintf("Warning: at %s, %s is missing, so I'm ignoring non-missing %s", where, who, name)
}

# A row of X for each study and outcome, and the names of its columns: equation and term.
mvmeta_design <- function(s, equations, model, call) {
  p <- length(s$outcomes)
  k <- nrow(s$y)
  constant <- !model$noconstant
  s$terms <- lapply(equations, function(x) c(x, if (constant) "_cons"))
  size <- lengths(s$terms)
  if (model$commonparm && length(unique(size)) > 1L)
    abort_input("commonparm", "needs equally many covariates for all outcomes", call)
  if (!any(size > 0L)) abort_input("noconstant", "needs a covariate", call)
  from <- if (model$commonparm) rep(0L, p) else cumsum(c(0L, size))[seq_len(p)]
  X <- matrix(0, k * p, if (model$commonparm) size[[1L]] else sum(size))
  for (j in seq_len(p)) {
    own <- cbind(s$x[, equations[[j]], drop = FALSE], if (constant) rep(1, k))
    own[!is.finite(own)] <- 0
    X[seq(j, by = p, length.out = k), from[j] + seq_len(size[[j]])] <- own
  }
  s$X <- X
  s$equations <- equations
  s$N <- k
  s$names <- mvmeta_coefficient_names(s, model)
  seen <- is.finite(as.vector(t(s$y)))
  if (qr(X[seen, , drop = FALSE])$rank < ncol(X)) {
    abort_input("b", sprintf("%d coefficients cannot be told apart by %d estimates", ncol(X), sum(seen)), call)
  }
  s
}

mvmeta_coefficient_names <- function(s, model) {
  covariates <- length(unlist(s$equations)) > 0L
  if (model$commonparm) return(data.frame(eq = s$outcomes[1L], term = s$terms[[1L]]))
  if (covariates || model$longparm) {
    return(data.frame(eq = rep(s$outcomes, lengths(s$terms)), term = unlist(s$terms, use.names = FALSE)))
  }
  data.frame(eq = "Overall_mean", term = s$outcomes)
}

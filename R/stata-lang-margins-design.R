# The columns of a model by the names of its coefficients (2.g#c.x), with covariates set to values or to their means:
# what margins needs after meta regress and metareg, and with atmeans among factors.
# Source: Stata's Base Reference manual, margins. Oracle: rma() and its predict(), model.matrix() with means in it.

# The model of a meta-regression as margins takes it: no covariances but those of the coefficients.
meta_margins_fit <- function(session) {
  view <- session$estimates
  e <- session$e
  if (!inherits(view, c("stata_meta_regress", "stata_metareg"))) return(NULL)
  rows <- if (is.null(view$meta$rows)) view$rows %||% session$sample else view$meta$rows[view$rows]
  known <- diag(e$V) > 0
  list(use = rows, beta = e$b[1L, known], V = e$V[known, known, drop = FALSE], columns = colnames(e$b)[known],
       design = list(names = colnames(e$b), terms = setdiff(colnames(e$b)[known], "_cons")),
       df_t = e$df_r %||% NA_real_, cluster = list(kind = "ols"), meta = e$cmd, depvar = e$depvar)
}

# One row per observation: the product of the parts of each name.
named_design <- function(set, m, session) {
  columns <- m$fit$columns %||% m$fit$design$names[m$fit$kept]
  X <- vapply(strsplit(columns, "#", fixed = TRUE), function(parts) {
    Reduce(`*`, lapply(parts, part_values, set = set, m = m, session = session))
  }, numeric(length(m$rows)))
  matrix(X, length(m$rows))
}

part_values <- function(part, set, m, session) {
  n <- length(m$rows)
  if (part == "_cons") return(rep(1, n))
  hit <- regmatches(part, regexec("^(?:(.*?)b?n?[.])?([^.]+)$", part, perl = TRUE))[[1L]]
  v <- find_stata_variable(hit[3L], session)
  x <- session$data[[v]][m$rows]
  if (hit[2L] %in% c("", "c", "co")) {
    if (!is.null(set[[v]])) return(rep_len(as.numeric(set[[v]]), n))
    x <- numeric_operand(x)
    return(if (m$atmeans) rep(average(x, m), n) else x)
  }
  is_level <- function(value) if (is.character(value)) value == hit[2L] else value == as.numeric(hit[2L])
  if (!is.null(set[[v]])) return(rep_len(as.numeric(is_level(set[[v]])), n))
  if (m$atmeans) rep(average(as.numeric(is_level(x)), m), n) else as.numeric(is_level(x))
}

# The shares of the levels at which atmeans sets the factors, for the legend: 1.g = .5.
factor_shares <- function(m, session) {
  unlist(lapply(m$factors, function(v) {
    x <- session$data[[v]][m$rows]
    levels <- sort(unique(x))
    stats::setNames(vapply(levels, function(l) average(as.numeric(x == l), m), 0),
                    paste(vapply(levels, macro_text, ""), v, sep = "."))
  }))
}

# Moderators -> design matrix: formula, vector, matrix or data frame. Formulas of plain numeric
# columns take a short way that skips model.frame().

resolve_mods <- function(expr, data, env, call) {
  if (is.call(expr) && identical(expr[[1L]], quote(`~`))) return(eval(expr, env))
  resolve_column(expr, data, env, "mods", call)
}

design_matrix <- function(mods, data, k, intercept, env, call) {
  X <- if (inherits(mods, "formula")) formula_design(mods, data, env, call) else plain_design(mods, intercept, call)
  # A formula without variables says nothing of the number of rows.
  if (is.null(data) && nrow(X) == 0L && inherits(mods, "formula") && !length(all.vars(mods[[length(mods)]])))
    X <- matrix(1, k, ncol(X), dimnames = list(NULL, colnames(X)))
  if (ncol(X) == 0L) {
    warn_input("mods", "has no column: the model has an intercept", call)
    return(intercept_column(k))
  }
  if (nrow(X) != k) {
    abort_input("mods", sprintf("must have one row for each of the %d studies, not %d", k, nrow(X)), call)
  }
  intercept_first(X)
}

# The intercept is the first column that is 1 throughout.
intercept_first <- function(X) {
  colnames(X)[colnames(X) == "(Intercept)"] <- "intrcpt"
  if (anyNA(X)) constant <- colMeans(X == 1, na.rm = TRUE) == 1 else constant <- colSums(X != 1) == 0
  first <- which(constant)
  if (length(first)) X <- X[, c(first[1L], seq_len(ncol(X))[-first[1L]]), drop = FALSE]
  int.incl <- length(first) > 0L
  if (int.incl) colnames(X)[1L] <- "intrcpt"
  list(X = X, int.incl = int.incl, int.only = int.incl && ncol(X) == 1L)
}

# A dot stands for every column of `data` that has no other part in the call, as in lm(): what serves as estimate,
# variance, weight, label, subset, group or raw number is no moderator.
expand_dot <- function(formula, mc, data, response = formula) {
  at <- length(formula)
  if (!inherits(formula, "formula") || !"." %in% all.vars(formula[[at]])) return(formula)
  if (is.null(data)) abort_input(if (length(response) == 3L) "yi" else "mods", "has a dot, which needs `data`", mc)
  free <- setdiff(names(data), columns_with_part(mc, data, response))
  all <- if (length(free)) Reduce(function(a, b) call("+", a, b), lapply(free, as.name)) else 1
  if (is.call(all) && !identical(formula[[at]], quote(.))) all <- call("(", all)
  rhs <- do.call(substitute, list(formula[[at]], list(. = all)))
  formula[[at]] <- rhs
  formula
}

columns_with_part <- function(mc, data, response) {
  roles <- setdiff(c("yi", "vi", "sei", "weights", "slab", "subset", "by", "subgroup", raw_data_args),
                   if (length(response) == 3L) "yi")
  c(unlist(lapply(roles, function(arg) all.vars(mc[[arg]]))), if (length(response) == 3L) all.vars(response[[2L]]),
    implied_columns(mc, data))
}

# The effects and variances that escalc() data bring along when the call does not name them.
implied_columns <- function(mc, data) {
  c(if ((is.null(mc$yi) || is.null(mc$data)) && !any(raw_data_args %in% names(mc))) attr(data, "yi.names")[1L],
    if (is.null(mc$vi) && is.null(mc$sei)) attr(data, "vi.names")[1L])
}

formula_design <- function(formula, data, env, call) {
  X <- numeric_terms(formula[[length(formula)]], data)
  if (!is.null(X)) return(X)
  tryCatch({
    frame <- stats::model.frame(formula, data = data, na.action = stats::na.pass)
    if (!is.null(stats::model.offset(frame))) warn_input("mods", "has an offset, which has no part in the model", call)
    stats::model.matrix(formula, frame)
  }, error = function(e) abort_input("mods", sprintf("could not be evaluated: %s", conditionMessage(e)), call))
}

# The design of `~ a + b` when a and b are numeric columns of `data`; NULL otherwise.
numeric_terms <- function(rhs, data) {
  if (is.null(data)) return(NULL)
  names <- character()
  while (is.call(rhs) && identical(rhs[[1L]], quote(`+`)) && length(rhs) == 3L && is.symbol(rhs[[3L]])) {
    names <- c(as.character(rhs[[3L]]), names)
    rhs <- rhs[[2L]]
  }
  if (!is.symbol(rhs)) return(NULL)
  names <- c(as.character(rhs), names)
  if (anyDuplicated(names)) return(NULL)
  columns <- vector("list", length(names) + 1L)
  columns[[1L]] <- rep(1, nrow(data))
  for (i in seq_along(names)) {
    x <- .subset2(data, names[i])
    if (!is.numeric(x) || is.object(x) || is.matrix(x)) return(NULL)
    columns[[i + 1L]] <- as.double(x)
  }
  matrix(unlist(columns, use.names = FALSE), nrow(data), dimnames = list(NULL, c("(Intercept)", names)))
}

plain_design <- function(mods, intercept, call) {
  if (is.data.frame(mods)) mods <- as.matrix(mods)
  if (is.factor(mods) || is.character(mods)) {
    abort_input("mods", "must be numeric; give factors in a formula, as in mods = ~ x", call)
  }
  if (length(dim(mods)) > 2L) abort_input("mods", sprintf("must be a vector or a matrix, not %s", describe(mods)), call)
  if (!is.numeric(mods) && !is.logical(mods))
    abort_input("mods", sprintf("must be numeric, not %s", describe(mods)), call)
  if (length(dim(mods)) < 2L) mods <- matrix(as.vector(mods), ncol = 1L, dimnames = list(NULL, "mods"))
  if (!length(mods)) abort_input("mods", sprintf("must have one element for each study, not %s", describe(mods)), call)
  storage.mode(mods) <- "double"
  colnames(mods) <- unique_slab(if (is.null(colnames(mods))) character(ncol(mods)) else colnames(mods))
  has_intercept <- any(colSums(mods != 1, na.rm = TRUE) == 0 & !is.na(mods[1L, ]))
  if (intercept && !has_intercept) cbind(intrcpt = 1, mods) else mods
}

# Drops columns that others explain, with a warning; returns the design and what happened.
drop_collinear <- function(X, rows, call, arg = "mods") {
  if (!all(is.finite(X))) abort_studies(arg, rows[rowSums(!is.finite(X)) > 0], "must be finite", call)
  none <- rep(FALSE, ncol(X))
  names(none) <- colnames(X)
  kept <- core_result(cpp_independent_columns(X), call)
  if (length(kept) == length(none)) return(list(X = X[, kept, drop = FALSE], coef.na = none))
  if (length(kept) == 0L) abort_input(arg, "has only columns of 0", call)
  none[-kept] <- TRUE
  if (any(none)) {
    warn_input(arg, sprintf("has redundant columns, which are dropped: %s",
                               paste(colnames(X)[none], collapse = ", ")), call)
  }
  list(X = X[, kept, drop = FALSE], coef.na = none)
}

# The columns of a design that a fit kept; a matrix without names has lost none or has names of its own by then.
columns_of_fit <- function(X, names) {
  if (is.null(names) || length(names) == ncol(X)) X else X[, names, drop = FALSE]
}

intercept_kept <- c(X = FALSE)

# What a Stata verb does with the user's words: a varlist in `...`, label(), by(), if/in as `subset`.
# Columns are found by resolve_column(); a string that names a column stands for the column.

# The unnamed arguments of `...` are the varlist; a named one is an option that the verb does not know.
stata_varlist <- function(dots, data, env, sizes, call) {
  dots <- as.list(dots)
  given <- names(dots)
  if (!is.null(given) && any(nzchar(given))) {
    abort_input(given[nzchar(given)][1L], "is not an option this command supports here", call)
  }
  if (!length(dots) %in% sizes) {
    abort_input("...", sprintf("must be a list of %s variables, not %d", paste(sizes, collapse = ", "),
                               length(dots)), call)
  }
  names(dots) <- varlist_names(dots)
  out <- lapply(names(dots), function(n) check_numeric_vector(stata_column(dots[[n]], data, env, n, call), n, call))
  names(out) <- names(dots)
  check_same_length(out, call)
}

varlist_names <- function(exprs) {
  name <- vapply(exprs, function(e) if (is.character(e)) e[1L] else paste(deparse(e), collapse = ""), "")
  make.unique(unname(name))
}

check_same_length <- function(columns, call) {
  n <- lengths(columns)
  if (length(unique(n)) > 1L) {
    odd <- which(n != n[1L])[1L]
    abort_input(names(columns)[odd], sprintf("must have %d values like `%s`, not %d", n[1L], names(columns)[1L],
                                             n[odd]), call)
  }
  columns
}

# Objects of the package meta go on to its function of the same name, so that attaching us breaks nothing.
is_meta_call <- function(dots, env) {
  if (length(dots) == 0L) return(FALSE)
  first <- tryCatch(eval(dots[[1L]], env), error = function(e) NULL)
  inherits(first, "meta") && requireNamespace("meta", quietly = TRUE)
}

# A bare name, an expression, or a string that names a column of `data`.
stata_column <- function(expr, data, env, arg, call) {
  value <- resolve_column(expr, data, env, arg, call)
  if (is.character(value) && length(value) == 1L && !is.null(data) && value %in% names(data)) data[[value]]
  else value
}

# An optional column of k values; NULL when the option was not given.
stata_option_column <- function(expr, data, env, arg, k, call) {
  if (is.null(expr)) return(NULL)
  value <- stata_column(expr, data, env, arg, call)
  if (is.null(value)) return(NULL)
  if (!is.atomic(value)) abort_input(arg, sprintf("must be a column of values, not %s", describe(value)), call)
  if (length(value) != k) {
    abort_input(arg, sprintf("must have one value for each of the %d observations, not %d", k, length(value)), call)
  }
  value
}

# label(namevar = , yearvar = ) as c(), list() or an object of that kind: bare names, strings or vectors.
# `full` is what metan prints, "name (year)"; `name` what commands print that leave out the year.
stata_labels <- function(expr, data, env, k, call) {
  if (is.null(expr)) return(list(full = as.character(seq_len(k)), name = as.character(seq_len(k))))
  part <- stata_label_parts(expr, data, env, k, call)
  year <- if (!is.null(part$year)) format_label_value(part$year)
  if (is.null(part$name)) return(list(full = year, name = year))
  list(full = if (is.null(year)) part$name else paste0(part$name, " (", year, ")"), name = part$name)
}

stata_label_parts <- function(expr, data, env, k, call) {
  parts <- if (is.call(expr) && as.character(expr[[1L]])[1L] %in% c("c", "list")) as.list(expr)[-1L]
  else as.list(resolve_column(expr, data, env, "label", call))
  if (!length(parts) || is.null(names(parts)) || !all(nzchar(names(parts)))) parts <- list(namevar = expr)
  known <- c(namevar = "name", namevars = "name", yearid = "year", yearvar = "year")
  bad <- setdiff(names(parts), names(known))
  if (length(bad)) abort_input("label", sprintf("must name namevar and yearid or yearvar, not %s", bad[1L]), call)
  out <- lapply(parts, function(e) stata_option_column(e, data, env, "label", k, call))
  names(out) <- known[names(parts)]
  if (!is.null(out$name)) out$name <- format_label_value(out$name)
  out
}

format_label_value <- function(x) {
  if (!is.numeric(x) && !is.logical(x)) return(as.character(x))
  trimws(stata_general(x, 9L))
}

# A factor keeps the order of its levels, numbers and strings are sorted as Stata sorts them.
stata_groups <- function(by) {
  if (is.null(by)) return(NULL)
  if (!is.atomic(by)) abort_input("by", sprintf("must be a column of values, not %s", describe(by)))
  if (is.factor(by)) return(droplevels(by))
  if (is.character(by)) return(factor(by, levels = sort(unique(by), method = "radix")))
  factor(format_label_value(by), levels = format_label_value(sort(unique(by))))
}

# theta and se | var, or exp(theta) and its limits with an optional level per study, on the ratio scale. drop: ratios
# without a logarithm make missing values instead of an error.
bias_effects <- function(vars, var = FALSE, ci = FALSE, drop = FALSE, call = NULL) {
  theta <- vars[[1L]]
  if (length(vars) == 2L) {
    spread <- vars[[2L]]
    return(list(theta = theta, se = if (var) sqrt(pmax(spread, 0)) else spread, log = FALSE))
  }
  level <- if (length(vars) == 4L) vars[[4L]] else rep(0.95, length(theta))
  level <- ifelse(level > 1, level / 100, level)
  bad <- which(theta <= 0 | vars[[2L]] <= 0 | vars[[3L]] <= 0)
  if (length(bad) && !drop) abort_studies(names(vars)[1L], bad, "must be ratios with positive limits", call)
  vars[1:3] <- lapply(vars[1:3], replace, bad, NA_real_)
  z <- critical_value(level)
  list(theta = log(vars[[1L]]), se = (log(vars[[3L]]) - log(vars[[2L]])) / (2 * z), log = TRUE, bad = bad)
}

# Studies that cannot be used are left out with a warning that names the rows.
usable_studies <- function(theta, se, call = NULL, rows = seq_along(theta), bad = integer()) {
  missing <- is.na(theta) | is.na(se) | is.infinite(theta) | is.infinite(se)
  zero <- !missing & se <= 0
  other <- setdiff(which(missing), bad)
  if (length(bad)) warn_dropped(rows[bad], "a ratio or one of its limits is not positive", call)
  if (length(other)) warn_dropped(rows[other], "estimate or standard error is missing", call)
  if (any(zero)) warn_dropped(rows[zero], "standard error is not positive", call)
  keep <- !missing & !zero
  if (!any(keep)) {
    abort_input("...", "must hold at least one study with an estimate and a positive standard error", call)
  }
  keep
}

# A proportion of 0 or 1 has no Wald standard error; one that was made up can take the whole weight.
warn_boundary_weight <- function(theta, se, labels, call = NULL) {
  share <- (1 / se^2) / sum(1 / se^2)
  trap <- which((theta == 0 | theta == 1) & share >= 0.9 & length(theta) > 1L)
  if (length(trap)) {
    text <- paste("gives study \"%s\" %.2f %% of the weight: its estimate is exactly %s and its standard error %s;",
                  "a proportion of 0 or 1 has no Wald standard error, use a transformation")
    i <- trap[1L]
    warn_input("se", sprintf(text, labels[i], 100 * share[i], format(theta[i]), format(se[i], digits = 3)), call)
  }
}

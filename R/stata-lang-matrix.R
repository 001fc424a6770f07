# Matrices of a session: what estimation commands leave in e(), matrix list and define, _b[], _se[] and subscripts.
# Source: Stata's Programming manual, matrix, ereturn; User's Guide, 13.5 (coefficients and standard errors).

# e() of an estimation command: scalars and macros under Stata's names, b and V with the names of the coefficients.
saved_estimates <- function(view) UseMethod("saved_estimates")

#' @exportS3Method
saved_estimates.default <- function(view) NULL

# The place of a coefficient: 1.group is 1b.group where that is the base; a name alone is of the first equation.
coefficient_place <- function(text, names) {
  at <- match(text, names)
  if (is.na(at) && !grepl(":", text, fixed = TRUE)) at <- match(paste0(sub(":.*$", ":", names[1L]), text), names)
  if (is.na(at)) match(without_base(text), without_base(names)) else at
}

# 0b.x and 0bn.x are 0.x.
without_base <- function(names) gsub("(^|[#:])([0-9]+)bn?[.]", "\\1\\2.", names)

# r(table) of the commands that show coefficients with b, se, t, p, lo and hi.
result_table <- function(table, e) {
  if (!all(c("b", "se", "t", "p", "lo", "hi") %in% names(table))) return(NULL)
  table <- table[!is.na(table$b), ]
  if (!is.null(e$k_f)) {
    fixed <- seq_len(e$k_f)
    e <- list(b = e$b[, fixed, drop = FALSE], V = e$V[fixed, fixed, drop = FALSE], df_r = e$df_r)
  }
  known <- diag(e$V) > 0 | drop(e$b) != 0
  if (!is.null(e$nparms_mean)) known <- known & seq_along(known) <= nrow(table)
  out <- matrix(NA_real_, 6L, length(known))
  out[1L, ] <- 0
  out[, known] <- t(as.matrix(table[c("b", "se", "t", "p", "lo", "hi")]))
  rownames(out) <- c("b", "se", if (is.null(e$df_r)) "z" else "t", "pvalue", "ll", "ul")
  colnames(out) <- colnames(e$b)
  rbind(out, df = if (is.null(e$df_r)) NA_real_ else e$df_r)
}

# aa.g#c.x with the value of the label aa.
product_by_values <- function(name, session) {
  parts <- strsplit(name, "#", fixed = TRUE)[[1L]]
  of <- regmatches(parts, regexec("^(.*)[.]([^.]+)$", parts))
  paste(vapply(of, function(p) {
    set <- session$value_labels[[session$meta[[p[3L]]]$labels %||% ""]]
    if (p[2L] %in% names(set)) paste(macro_text(set[[p[2L]]]), p[3L], sep = ".") else p[1L]
  }, ""), collapse = "#")
}

# The coefficients of labelled groups are named by the groups' values: 2.alloc.
with_level_values <- function(estimates, session) {
  names <- colnames(estimates$b)
  block <- sub("^.*[.]", "", names)
  set <- lapply(block, function(v) session$value_labels[[session$meta[[v]]$labels %||% ""]])
  level <- substr(names, 1L, nchar(names) - nchar(block) - 1L)
  code <- mapply(function(l, s) {
    base <- sub("b$", "", l)
    if (l %in% names(s)) macro_text(s[[l]]) else if (base %in% names(s)) paste0(macro_text(s[[base]]), "b") else l
  }, level, set, USE.NAMES = FALSE)
  product <- grepl("#", names, fixed = TRUE)
  colnames(estimates$b) <- ifelse(nzchar(level) & !product, paste(code, block, sep = "."), names)
  colnames(estimates$b)[product] <- vapply(names[product], product_by_values, "", session = session)
  dimnames(estimates$V) <- rep(list(colnames(estimates$b)), 2L)
  estimates
}

named_matrix <- function(text, session) {
  call <- regmatches(text, regexec("^([er])\\(([[:alnum:]_]+)\\)$", text))[[1L]]
  value <- if (length(call)) session[[call[2L]]][[call[3L]]] else session$matrices[[text]]
  if (is.null(value) && text %in% c("get(_b)", "get(VCE)")) value <- session$e[[if (text == "get(_b)") "b" else "V"]]
  if (is.null(value) || !is.numeric(value)) return(NULL)
  if (is.matrix(value)) value else if (length(value) > 1L) t(value)
}

find_matrix <- function(text, session) {
  found <- named_matrix(text, session)
  if (is.null(found)) abort_stata(sprintf("matrix %s not found", text), 111L)
  found
}

# A symmetric matrix shows its lower half. Columns are as wide as the widest number, or as their names.
format_matrix <- function(m, name, format, halve = TRUE) {
  rows <- if (is.null(rownames(m))) sprintf("r%d", seq_len(nrow(m))) else abbreviate_name(rownames(m), 12L)
  columns <- if (is.null(colnames(m))) sprintf("c%d", seq_len(ncol(m))) else abbreviate_name(colnames(m), 12L)
  half <- halve && nrow(m) == ncol(m) && nrow(m) > 1L && isSymmetric(unname(m), tol = 1e-12)
  cell <- matrix(trimws(apply_format(as.vector(m), format)), nrow(m))
  width <- pmax(display_width(columns), max(display_width(cell)))
  cell[] <- justify(as.vector(cell), rep(width, each = nrow(m)))
  if (half) cell[upper.tri(cell)] <- ""
  lead <- max(display_width(rows))
  body <- apply(cell, 1L, function(x) paste0("  ", x, collapse = ""))
  c("", sprintf("%s%s[%d,%d]", if (half) "symmetric " else "", name, nrow(m), ncol(m)),
    paste0(strrep(" ", lead), paste0("  ", justify(columns, width), collapse = "")),
    sub("\\s+$", "", paste0(justify(rows, lead), body)))
}

# ---- in expressions ----------------------------------------------------------------------------

# _b[x], _se[x]: of the last estimation.
evaluate_coefficient <- function(tree, session) {
  b <- session$e$b
  if (is.null(b)) abort_stata("last estimates not found", 301L)
  at <- coefficient_place(tree$text, colnames(b))
  if (is.na(at)) abort_stata(sprintf("[%s] not found", tree$text), 111L)
  if (tree$name == "_se") sqrt(session$e$V[at, at]) else b[1L, at]
}

# A[i,j], e(V)[i,j]; a row or column may be given by its name.
evaluate_element <- function(tree, ctx) {
  m <- find_matrix(if (is.null(tree$call)) tree$name else sprintf("%s(%s)", tree$name, tree$call), ctx$session)
  i <- matrix_index(evaluate(tree$index, ctx), rownames(m), nrow(m))
  j <- if (is.null(tree$column)) 1L else matrix_index(evaluate(tree$column, ctx), colnames(m), ncol(m))
  if (is.null(tree$column) && nrow(m) == 1L) abort_stata("invalid syntax: a matrix has two subscripts", 198L)
  if (is.na(i) || is.na(j)) NA_real_ else m[[i, j]]
}

matrix_index <- function(value, names, n) {
  at <- if (is.character(value)) match(value[1L], names) else trunc(value[1L])
  if (is.na(at) || at < 1 || at > n) NA else as.integer(at)
}

matrix_functions <- c("el", "rowsof", "colsof", "rownumb", "colnumb", "det", "trace", "issymmetric")

evaluate_matrix_function <- function(tree, ctx) {
  arg <- tree$args[[1L]]
  name <- if (arg$node == "call") sprintf("%s(%s)", arg$name, arg$args[[1L]]$name) else arg$name
  if (is.null(name)) abort_stata("type mismatch", 109L)
  m <- find_matrix(name, ctx$session)
  rest <- lapply(tree$args[-1L], evaluate, ctx = ctx)
  needs <- c(el = 2L, rowsof = 0L, colsof = 0L, rownumb = 1L, colnumb = 1L, det = 0L, trace = 0L,
             issymmetric = 0L)[[tree$name]]
  if (length(rest) != needs) {
    abort_stata(sprintf("invalid syntax: %s() has %d arguments", tree$name, length(tree$args)), 198L)
  }
  as.numeric(switch(tree$name, rowsof = nrow(m), colsof = ncol(m), det = det(m), trace = sum(diag(m)),
    issymmetric = isSymmetric(unname(m)), rownumb = match(rest[[1L]], rownames(m)),
    colnumb = match(rest[[1L]], colnames(m)), {
      i <- matrix_index(rest[[1L]], rownames(m), nrow(m))
      j <- matrix_index(rest[[2L]], colnames(m), ncol(m))
      if (is.na(i) || is.na(j)) NA else m[i, j]
    }))
}

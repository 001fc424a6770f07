# Owns the data of dose-response meta-analysis: studies of doses against one reference, their covariances, their own
# trends.
# Source: Greenland & Longnecker (1992); Orsini, Bellocco & Greenland (2006). Oracle: their example, the R package
# dosresmeta.

dose_designs <- c("cc", "ir", "ci")

# list(y, X, V, study, rows, ids, own): rows without the references, doses counted from that of the study's reference.
# `columns`: y, se, doses (a list), n, cases, id, type (one for each row).
dose_studies <- function(columns, rows, how, call) {
  check_dose_columns(columns, rows, call)
  ids <- unique(columns$id)
  parts <- lapply(seq_along(ids), function(s) one_dose_study(columns, which(columns$id == ids[s]), rows, how, call))
  list(y = unlist(lapply(parts, `[[`, "y")), X = do.call(rbind, lapply(parts, `[[`, "X")), V = lapply(parts, `[[`, "V"),
       study = rep(seq_along(ids), vapply(parts, function(p) length(p$y), 0L)), at = unlist(lapply(parts, `[[`, "at")),
       ids = ids, n = length(columns$y), fitted = unlist(lapply(parts, `[[`, "cases")))
}

check_dose_columns <- function(d, rows, call) {
  reference <- is.na(d$se) | d$se == 0
  for (name in c("y", "n", "cases")) {
    bad <- !is.finite(d[[name]]) & (name != "y" | !reference)
    if (any(bad)) abort_studies(name, rows[bad], "must be numbers without missing values", call)
  }
  bad <- Reduce(`|`, lapply(d$doses, function(x) !is.finite(x)))
  if (any(bad)) abort_studies("...", rows[bad], "must have all doses", call)
  if (any(d$se < 0, na.rm = TRUE)) abort_studies("se", rows[which(d$se < 0)], "must not be negative", call)
  if (anyNA(d$id)) abort_studies("id", rows[is.na(d$id)], "must name the study", call)
  if (any(d$cases <= 0)) abort_studies("cases", rows[d$cases <= 0], "must be positive", call)
  closed <- d$type != "ir" & d$cases >= d$n | d$n <= 0
  if (any(closed)) abort_studies("n", rows[closed], "must be larger than the numbers of cases", call)
  count <- tapply(reference, match(d$id, unique(d$id)), sum)
  wrong <- d$id %in% unique(d$id)[count != 1L]
  if (any(wrong))
    abort_studies("se", rows[wrong], "must be 0 or missing in one row of each study, that of the reference", call)
}

# how: "gl" (Greenland and Longnecker), "hamling" or "vwls", no covariances.
one_dose_study <- function(d, i, rows, how, call) {
  type <- unique(d$type[i])
  if (length(type) > 1L) abort_studies("type", rows[i], "must be the same in all rows of a study", call)
  if (length(i) < 2L) abort_studies("id", rows[i], "must have a dose beside the reference", call)
  ref <- which(is.na(d$se[i]) | d$se[i] == 0)
  own <- i[-ref]
  X <- vapply(d$doses, function(x) x[own] - x[i[ref]], numeric(length(own)))
  X <- matrix(X, length(own), dimnames = list(NULL, names(d$doses)))
  se <- replace(d$se[i], ref, 0)
  y <- replace(as.double(d$y[i]), ref, 0)
  found <- call_core(cpp_dose_covariance(type, as.double(d$cases[i]), as.double(d$n[i]), y, as.double(se), ref,
                                         how == "hamling"), call)
  V <- if (how == "vwls") diag(se[-ref]^2, length(own)) else found$covariance
  list(y = d$y[own], X = X, V = V, at = own, cases = found$cases)
}

# Coefficients of each study alone, and their covariance matrices.
own_trends <- function(s, call) {
  lapply(seq_along(s$ids), function(g) {
    i <- s$study == g
    X <- s$X[i, , drop = FALSE]
    if (qr(X)$rank < ncol(X)) abort_input("...", sprintf("are more doses than study %s can tell", s$ids[g]), call)
    W <- solve(s$V[[g]])
    V <- solve(t(X) %*% W %*% X)
    list(b = as.numeric(V %*% t(X) %*% W %*% s$y[i]), V = V)
  })
}

# Generalized least squares over all studies, by the core.
dose_gls <- function(s, o, random = NULL, method = "FE") {
  X <- s$X
  if (qr(X)$rank < ncol(X)) abort_input("...", "names doses that are combinations of each other")
  colnames(X) <- sprintf("x%d", seq_len(ncol(X)))
  frame <- as.data.frame(cbind(s$X))
  names(frame) <- sprintf(".s%d", seq_len(ncol(X)))
  frame$.study <- s$study
  fit <- fit_stacked(s$y, s$V, X, frame, method, random, o)
  list(fit = fit, test = stacked_tests(fit, X, rep(FALSE, ncol(X)), o))
}

dose_options <- function(level, eform, call) {
  list(level = check_stata_level(level, "level", call), eform = check_flag(eform, "eform", call), test = "z",
       seadj = NULL)
}

dose_table <- function(names, test) {
  out <- cbind(name = names, test$coef)
  rownames(out) <- NULL
  out
}

# exp(b) with its delta-method standard error when asked for.
shown_doses <- function(table, eform) {
  if (!eform) return(table)
  table$se <- exp(table$b) * table$se
  table[c("b", "lo", "hi")] <- lapply(table[c("b", "lo", "hi")], exp)
  table
}

dose_matrices <- function(names, test) {
  list(b = matrix(test$coef$b, 1L, dimnames = list("y1", names)),
       V = matrix(test$V, length(names), dimnames = list(names, names)))
}

# One column for each of Stata's words n and cases; a string or a vector of names, or a list of columns.
two_columns <- function(x, d, arg, call) {
  if (is.list(x) && length(x) == 2L) return(lapply(x, whole_column, d = d, arg = arg, call = call))
  names <- option_columns(x, arg, call)
  if (length(names) != 2L) abort_input(arg, sprintf("must name two columns, not %d", length(names)), call)
  lapply(names, numeric_column, data = d$data, arg = arg, call = call)
}

# A column as long as the data before the subset was taken.
whole_column <- function(x, d, arg, call) {
  x <- check_numeric_vector(x, arg, call)
  if (length(x) != d$all) abort_input(arg, sprintf("must have %d values in each column, not %d", d$all, length(x)),
                                      call)
  x[d$rows]
}

dose_variables <- function(dots, data, env, call) {
  vars <- stata_varlist(dots, data, env, 2:20, call)
  if (length(vars) < 2L) abort_input("...", "must name the estimates and a dose", call)
  twice <- duplicated(names(vars))
  if (any(twice)) abort_input("...", sprintf("names a variable twice: %s", paste(names(vars)[twice], collapse = ", ")),
                              call)
  vars
}

dose_frame <- function(data, call) {
  if (!is.data.frame(data)) abort_input("data", sprintf("must be a data frame, not %s", describe(data)), call)
  data
}

# What all transf.*() share: checks, the call of the core, names and dimensions of the result.

# A function of xi alone.
transf_function <- function(name) {
  force(name)
  function(xi) apply_transform(name, xi)
}

# The value of an argument that must be given.
needed <- function(x) {
  value <- substitute(x)
  if (eval.parent(call("missing", value))) abort_input(as.character(value), "must be given", sys.call(-1L))
  x
}

# Core values with the names and dimensions of xi (or of the longer argument).
apply_transform <- function(name, xi, more = list()) {
  if (missing(xi)) abort_input("xi", "must be given", sys.call(-1L))
  if (is.data.frame(xi)) {
    xi[] <- lapply(xi, function(column) apply_transform(name, column, more))
    return(xi)
  }
  call <- sys.call(-1L)
  x <- check_transformed(xi, "xi", call)
  more <- Map(function(v, arg) check_transformed(v, arg, call), more, names(more))
  n <- max(length(x), lengths(more))
  if (length(x) == 0L) n <- 0L
  given <- c(list(xi = x), more)
  for (arg in names(given)) {
    if (n > 0L && !length(given[[arg]]) %in% c(1L, n)) {
      abort_input(arg, sprintf("must have length 1 or %d, not %d", n, length(given[[arg]])), call)
    }
  }
  extra <- c(more, list(numeric(), numeric()))
  out <- call_core(cpp_transform(name, rep_len(x, n), extra[[1L]], extra[[2L]]), call)
  warn_outside_domain(out, rep_len(x, n), more, call)
  keep_shape(out, if (length(xi) == n) xi else Find(function(v) length(v) == n, more))
}

check_transformed <- function(x, arg, call) {
  if (is.null(x)) return(numeric())
  if (!is.numeric(x) && !is.logical(x)) abort_input(arg, sprintf("must be numeric, not %s", describe(x)), call)
  attributes_of <- attributes(x)
  x <- as.numeric(x)
  names(x) <- attributes_of$names
  x
}

warn_outside_domain <- function(out, x, more, call) {
  known <- !is.na(x) & Reduce(`&`, lapply(more, function(v) rep_len(!is.na(v), length(x))), TRUE)
  bad <- which(is.nan(out) & known)
  if (length(bad)) {
    warning(warningCondition(sprintf("`xi` holds values outside the domain: NaN given (%s)", format_rows(bad)),
                             arg = "xi", rows = bad, class = c("metaparity_warning_input", "metaparity_warning"),
                             call = call))
  }
}

harmonic_size <- function(targs) {
  ni <- if (is.list(targs)) targs$ni else if ("ni" %in% names(targs)) targs[["ni"]]
  if (!is.numeric(ni)) abort_input("targs", "must be a list with the sample sizes as `ni`", sys.call(-1L))
  1 / mean(1 / ni, na.rm = TRUE)
}

# The only code that finds the columns a user names: in `data` first, then where the verb was
# called from. Expressions come from match.call(), so nothing is deparsed on the way.

# expr: an element of match.call() (NULL when the argument was not given).
resolve_column <- function(expr, data, env, arg, call = NULL) {
  if (is.symbol(expr)) {
    name <- as.character(expr)
    if (!nzchar(name)) return(NULL)
    value <- if (is.null(data)) NULL else .subset2(data, name)
    if (is.null(value)) value <- find_variable(expr, name, data, env, arg, call)
    return(check_values(value, arg, call))
  }
  if (!is.call(expr)) return(check_values(expr, arg, call))
  value <- tryCatch(eval(expr, data, env), error = function(e) {
    abort_input(arg, sprintf("could not be evaluated: %s", conditionMessage(e)), call)
  })
  check_values(value, arg, call)
}

# Columns hold values: no functions, environments or pieces of code but formulas and labels.
# Bytes of text that are no text in R's encoding are shown as such.
check_values <- function(x, arg, call = NULL) {
  if (is.pairlist(x) && !is.null(x)) x <- as.list(x)
  if ((is.character(x) || is.factor(x)) && !is_valid_text(x)) {
    warn_encoding(as.character(x), arg, call)
    if (is.factor(x)) levels(x) <- legible(levels(x)) else x[] <- legible(x)
  }
  if (is.null(x) || is.atomic(x) || is.list(x) || inherits(x, "formula") && arg %in% c("yi", "x", "mods") ||
      is.expression(x) && arg == "slab") return(x)
  abort_input(arg, sprintf("must be a column of values, not %s", describe(x)), call)
}

is_valid_text <- function(x) all(validUTF8(if (is.factor(x)) levels(x) else x))

warn_encoding <- function(text, arg, call) {
  rows <- which(!is.na(text) & Encoding(text) != "latin1" & !validUTF8(text))
  if (length(rows)) {
    warn_studies(arg, rows,
                 "holds text in an unknown encoding, which is shown by its bytes: mark it with `Encoding<-`()", call)
  }
}

# A variable of the caller hides a function of the same name (`t`, `c`, `data`).
find_variable <- function(expr, name, data, env, arg, call) {
  if (is_dots_name(name)) return(find_in_dots(expr, name, data, env, arg, call))
  if (!exists(name, envir = env)) abort_unknown_column(name, data, arg, call)
  value <- get(name, envir = env)
  if (!is.function(value)) return(value)
  for (mode in c("numeric", "logical", "character", "list")) {
    value <- get0(name, envir = env, mode = mode)
    if (!is.null(value)) return(value)
  }
  abort_unknown_column(name, data, arg, call)
}

# A verb called through a wrapper's `...` sees ..1, ..2; what the wrapper's user wrote may name a
# column of `data`.
find_in_dots <- function(expr, name, data, env, arg, call) {
  found <- written_in_dots(name, env)
  columns <- any(all.vars(found$written) %in% names(data))
  tryCatch(if (columns) eval(found$written, data, found$env) else eval(expr, env), error = function(e) {
    abort_input(arg, sprintf("could not be evaluated: %s", conditionMessage(e)), call)
  })
}

is_dots_name <- function(name) startsWith(name, "..") && grepl("^[.][.][0-9]+$", name)

# What stands for ..1 of a wrapper, and where it was written: through wrappers of the wrapper, too.
written_in_dots <- function(name, env) {
  repeat {
    at <- as.integer(substring(name, 3L)) + 1L
    written <- as.list(eval(quote(substitute(list(...))), env))
    # The dots may belong to a function around the wrapper; then they are evaluated where they are.
    written <- if (at <= length(written)) written[[at]]
    frame <- Position(function(f) identical(f, env), sys.frames(), right = TRUE)
    if (is.na(frame)) return(list(written = NULL, env = env))
    env <- sys.frame(sys.parents()[frame])
    if (!is.symbol(written) || !is_dots_name(as.character(written))) return(list(written = written, env = env))
    name <- as.character(written)
  }
}

# What the user wrote for an argument, also where a wrapper handed it on in `...`.
name_as_written <- function(expr, env) {
  if (is.symbol(expr) && is_dots_name(as.character(expr))) expr <- written_in_dots(as.character(expr), env)$written
  deparse(expr, nlines = 1L)
}

abort_unknown_column <- function(name, data, arg, call) {
  where <- if (is.null(data)) "" else {
    sprintf("; `data` has the columns %s", paste0('"', utils::head(names(data), 12L), '"', collapse = ", "))
  }
  abort_input(arg, sprintf("must be a column of `data` or a variable, but \"%s\" is neither%s", name, where), call)
}

# All of `args` at once; the result has an element for each argument that was given.
resolve_columns <- function(args, mc, data, env, call = NULL) {
  out <- list()
  for (arg in args) {
    expr <- mc[[arg]]
    if (!is.null(expr)) out[[arg]] <- resolve_column(expr, data, env, arg, call)
  }
  out
}

resolve_data <- function(data, call = NULL) {
  if (is.null(data) || is.data.frame(data)) return(data)
  if (is.list(data) || is.matrix(data)) return(as_frame(data, "data", call))
  if (is.environment(data)) return(as.list(data))
  abort_input("data", sprintf("must be a data frame, not %s", describe(data)), call)
}

# A data frame of no class of its own: subsetting is base R's, whoever else has methods for its class.
frame_alone <- function(data) {
  if (is.data.frame(data)) class(data) <- "data.frame"
  data
}

# A list or matrix of columns as a data frame.
as_frame <- function(x, arg, call = NULL) {
  if (is.data.frame(x)) return(x)
  if (is.pairlist(x) && !is.null(x)) x <- as.list(x)
  is_column <- function(v) is.atomic(v) || is.data.frame(v) || is.list(v) && all(vapply(v, is.atomic, NA))
  fine <- is.atomic(x) || is.list(x) && all(vapply(x, is_column, NA))
  out <- if (fine) tryCatch(as.data.frame(x, stringsAsFactors = FALSE), error = function(e) NULL)
  if (is.null(out)) abort_input(arg, sprintf("must be columns of one length, not %s", describe(x)), call)
  out
}

# The data of the call mc that was made in env.
data_of_call <- function(mc, env) {
  if (is.null(mc$data)) return(NULL)
  name <- if (is.symbol(mc$data)) as.character(mc$data)
  if (!is.null(name) && !is_dots_name(name) && !exists(name, envir = env)) {
    abort_input("data", sprintf("is not found: there is no `%s`", name), mc)
  }
  data <- tryCatch(eval(mc$data, env), error = function(e) {
    abort_input("data", sprintf("could not be evaluated: %s", conditionMessage(e)), mc)
  })
  resolve_data(data, mc)
}

# The rows that `subset` keeps, in the order of the data; NULL keeps all k.
check_subset <- function(subset, k, call = NULL) {
  if (is.null(subset)) return(NULL)
  if (is.logical(subset)) {
    if (length(subset) != k) {
      abort_input("subset", sprintf("must have one element for each of the %d rows, not %d", k, length(subset)), call)
    }
    if (anyNA(subset)) warn_dropped(which(is.na(subset)), "a missing value in `subset`", call)
    return(which(subset))
  }
  if (!is.numeric(subset)) abort_input("subset", sprintf("must be logical or row numbers, not %s", describe(subset)),
                                       call)
  if (anyNA(subset)) {
    warn_input("subset", "has missing row numbers, which are left out", call)
    subset <- subset[!is.na(subset)]
  }
  bad <- subset != trunc(subset) | abs(subset) > k | subset == 0
  if (any(bad)) abort_studies("subset", which(bad), sprintf("must hold row numbers from 1 to %d", k), call)
  if (any(subset < 0) && any(subset > 0)) abort_input("subset", "must not mix positive and negative row numbers", call)
  sort(unique(seq_len(k)[subset]))
}

# The same as metafor's field: one logical per row of the data.
kept_logical <- function(keep, k) if (!is.null(keep)) replace(logical(k), keep, TRUE)

# Study labels for k rows.
check_slab <- function(slab, k, call = NULL) {
  if (is.null(slab)) return(NULL)
  if (length(slab) != k) {
    abort_input("slab", sprintf("must have one label for each of the %d rows, not %d", k, length(slab)), call)
  }
  if (anyNA(slab)) abort_studies("slab", which(is.na(slab)), "must not be missing", call)
  if (is.factor(slab)) slab <- as.character(slab)
  slab
}

# The full name, or NA. An abbreviation must be at least as long as the minimal one.
match_option <- function(word, known) {
  full <- names(known)
  if (word %in% full) return(word)
  hit <- full[startsWith(full, word) & nchar(word) >= nchar(known)]
  if (length(hit) > 1L) hit <- hit[order(nchar(known[hit]))][1L]
  if (length(hit)) hit[1L] else NA_character_
}

# What the conv.*() functions share: their columns, the rows they compute, and where the results go.

# The columns named in `args` as numbers, all of one length; NA for those not given. `single`: arguments that may have
# one value for all rows.
conversion_columns <- function(args, mc, env, single = character()) {
  data <- data_of_call(mc, env)
  given <- resolve_columns(args, mc, data, env, mc)
  given <- Map(function(x, arg) check_numeric_vector(unclass_values(x), arg, mc), given, names(given))
  given <- Filter(Negate(is.null), given)
  if (!length(given)) {
    abort_input(args[1L], sprintf("or other data must be given: %s", paste(args, collapse = ", ")), mc)
  }
  k <- max(lengths(given))
  for (arg in names(given)) {
    n <- length(given[[arg]])
    if (n != k && !(n == 1L && arg %in% single)) {
      abort_input(arg, sprintf("must have %d elements, not %d", k, n), mc)
    }
  }
  columns <- lapply(stats::setNames(nm = args), function(arg) rep_len(as.numeric(given[[arg]] %||% NA_real_), k))
  include <- check_subset(resolve_column(mc$include, data, env, "include", mc), k, mc)
  list(columns = mask_rows(columns, include), k = k, data = data, include = include)
}

unclass_values <- function(x) if (is.numeric(x)) as.vector(unclass(x)) else x

conversion_replace <- function(replace, call) {
  if (isTRUE(replace)) return("all")
  if (isFALSE(replace)) return("ifna")
  choices <- c("ifna", "all", "complete")
  at <- if (is.character(replace) && length(replace) == 1L) pmatch(replace, choices) else NA
  if (is.na(at)) check_choice(replace, choices, "replace", call)
  choices[at]
}

# Which rows of an existing column take the new value.
replaced_rows <- function(old, new, replace) {
  if (is.null(old) || replace == "complete") return(rep(TRUE, length(new)))
  if (replace == "all") !is.na(new) else is.na(old) & !is.na(new)
}

fill_column <- function(old, new, replace) {
  rows <- replaced_rows(old, new, replace)
  if (all(rows)) return(new)
  old[rows] <- new[rows]
  old
}

# single: may one result stand beside all rows?
check_data_rows <- function(found, call, single = FALSE) {
  if (!is.data.frame(found$data) || nrow(found$data) == found$k || single && found$k == 1L && nrow(found$data) > 0L)
    return(invisible())
  abort_input("data", sprintf("must have one row for each of the %d studies, not %d", found$k, nrow(found$data)), call)
}

check_conv_names <- function(var.names, n, call) {
  if (!is.character(var.names) || length(var.names) != n || anyNA(var.names) || !all(validUTF8(var.names))) {
    abort_input("var.names", sprintf("must be %d names", n), call)
  }
  make.names(var.names)
}

# A data frame with the effects and their variances as escalc() makes it, old values kept as `replace` says.
# form: var.names, append, replace, and a measure when it is not that of the old values.
place_effects <- function(found, yi, vi, ni, form, call) {
  bad <- which(is.infinite(yi) | is.infinite(vi))
  if (length(bad)) warn_studies("vi", bad, "or the estimate is infinite: both set to missing", call)
  negative <- which(vi < 0)
  if (length(negative)) warn_studies("vi", negative, "is negative: set to missing", call)
  yi[bad] <- NA
  vi[c(bad, negative)] <- NA
  names <- form$var.names
  check_data_rows(found, call)
  data <- if (!is.data.frame(found$data)) data.frame(row.names = seq_len(found$k)) else
    plain_frame(as.data.frame(found$data))
  old <- if (!is.null(data[[names[1L]]])) noted_column(data, names[1L], call)
  rows <- replaced_rows(old, yi, form$replace)
  kept_size <- attr(old, "ni")
  if (!is.null(ni) || !all(rows)) {
    size <- if (is.null(kept_size)) rep(NA_real_, found$k) else kept_size
    if (!is.null(ni)) size[rows] <- ni[rows]
    kept_size <- if (!is.null(ni) || !is.null(kept_size)) size
  } else {
    kept_size <- NULL
  }
  measure <- form$measure %||% (if (form$replace != "complete") attr(old, "measure")) %||% "GEN"
  data[[names[1L]]] <- as.vector(fill_column(old, yi, form$replace))
  data[[names[2L]]] <- as.vector(fill_column(data[[names[2L]]], vi, form$replace))
  data[[names[1L]]] <- with_notes(data[[names[1L]]], kept_size, attr(old, "slab"), measure,
                                  columns_beside(data, names[1L]))
  out <- if (form$append) data else data[names]
  attr(out, "digits") <- expand_digits(NULL, attr(found$data, "digits"), call)
  attr(out, "yi.names") <- join_names(names[1L], attr(found$data, "yi.names"), out)
  attr(out, "vi.names") <- join_names(names[2L], attr(found$data, "vi.names"), out)
  class(out) <- c("metaparity_escalc", "escalc", "data.frame")
  out
}

# var.names of an effect and its variance: given, those of the data, or yi and vi.
effect_names <- function(given, data, call) {
  if (!is.null(given)) return(check_conv_names(given, 2L, call))
  if (!inherits(data, "escalc")) return(c("yi", "vi"))
  c(attr(data, "yi.names")[1L] %||% "yi", attr(data, "vi.names")[1L] %||% "vi")
}

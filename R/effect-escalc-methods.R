# What can be done with an escalc data frame: print, summary with tests and limits, rows and columns.

#' Methods for effect sizes
#'
#' `summary()` adds standard errors, test statistics, p-values and confidence limits of the studies;
#' `print()` shows the table; `[`, `$<-`, `rbind()`, `cbind()`, `head()`, `tail()` keep the attributes of the effects;
#' `as.data.frame()` drops the class.
#'
#' @param object,x a result of [escalc()].
#' @param out.names names of the new columns.
#' @param var.names names of the columns with effects and variances, when not the first ones.
#' @param H0 value of the null hypothesis.
#' @param append,replace as in [escalc()].
#' @param level coverage of the limits in percent.
#' @param olim smallest and largest possible effect: limits are cut there.
#' @param digits decimals: one number, or a vector named `est`, `se`, `test`, `pval`, `ci`, `var`.
#' @param transf function that transforms effects and limits, such as `exp`.
#' @param i,j,drop rows and columns, as for data frames; columns may be named in `i`, as in `x[year > 1990, ]`.
#' @param name,value column to change and its new values.
#' @param deparse.level as for data frames.
#' @param row.names,optional not used.
#' @param ... of `summary()` further arguments of `transf`, one value or one per study; else not used, or further
#'   arguments of the method for data frames.
#' @return `summary()`, `[`, `rbind()`, `cbind()` give a data frame of the same class.
#' @details An effect column that is not there is an error of class `metaparity_error_input`.
#' @section In other software: the study rows of Stata's `metan` table are `summary(x, transf = exp)`;
#'   \pkg{metafor} has the same methods.
#' @references Higgins JPT et al. (2024) Cochrane Handbook for Systematic Reviews of Interventions,
#'   chapter 6.
#' @examples
#' x <- escalc("OR", ai = c(4, 6), bi = c(119, 300), ci = c(11, 29), di = c(128, 274))
#' summary(x)
#' summary(x, transf = exp)
#' @name escalc-methods
NULL

#' @rdname escalc-methods
#' @export
summary.metaparity_escalc <- function(object, out.names = c("sei", "zi", "pval", "ci.lb", "ci.ub"), var.names,
                                      H0 = 0, append = TRUE, replace = TRUE, level = 95, olim, digits, transf, ...) {
  call <- sys.call()
  if (!is.character(out.names) || length(out.names) != 5L) abort_input("out.names", "must be five names", call)
  names <- effect_columns(object, if (missing(var.names)) NULL else var.names, call)
  object[[names[1L]]] <- yi <- noted_column(object, names[1L], call)
  test <- call_core(cpp_study_tests(as.numeric(yi), as.numeric(object[[names[2L]]]),
                                    check_number(H0, "H0", call = call), check_level(level, call = call)), call)
  names(test) <- out.names
  limits <- c(out.names[4:5])
  if (!missing(olim)) {
    olim <- sort(check_numeric_vector(olim, "olim", call))
    test[limits] <- lapply(test[limits], function(x) pmin(pmax(x, olim[1L]), olim[2L]))
    yi[] <- pmin(pmax(yi, olim[1L]), olim[2L])
  }
  digits <- expand_digits(if (missing(digits)) NULL else digits, attr(object, "digits"), call)
  if (!missing(transf)) {
    back <- study_transform(transf, list(...), attr(yi, "ni"), call)
    return(transformed_summary(object, yi, test[limits], names, back,
                               list(check_flag(append, "append", call), digits, out.names)))
  }
  out <- plain_frame(if (check_flag(append, "append", call)) object else object[names])
  out[[names[1L]]] <- yi
  for (name in out.names) out[[name]] <- merge_column(out[[name]], test[[name]], NULL, replace)
  restore_escalc(out, object, names, out.names, digits)
}

# As in metafor, further arguments of the function have one value, or one per study; `targs` may be a list for all, or
# the sizes that a function needs.
study_transform <- function(transf, more, ni, call) {
  if (!is.function(transf)) abort_input("transf", sprintf("must be a function, not %s", describe(transf)), call)
  whole <- identical(names(more), "targs") && (is.list(more$targs) || !takes_name(transf, "targs"))
  if (length(more) && !whole) {
    bad <- Filter(function(name) !takes_name(transf, name), names(more))
    if (length(bad)) abort_input(bad[1L], "is no argument of the function of `transf`", call)
    return(function(v) as.numeric(do.call(mapply, c(list(transf, v), more))))
  }
  bound <- bind_transform(transf, more$targs, ni, call = call)
  function(v) transform_studies(bound, v)
}

takes_name <- function(fun, name) name == "" || any(c(name, "...") %in% names(formals(args(fun))))

transformed_summary <- function(object, yi, limits, names, transf, form) {
  out <- plain_frame(if (form[[1L]]) object else object[names])
  yi[] <- transf(as.numeric(yi))
  limits[] <- lapply(limits, transf)
  out[[names[1L]]] <- yi
  out[[names[2L]]] <- NULL
  low <- pmin(limits[[1L]], limits[[2L]])
  out[[names(limits)[2L]]] <- NULL
  out[[names(limits)[1L]]] <- low
  out[[names(limits)[2L]]] <- pmax(limits[[1L]], limits[[2L]])
  restore_escalc(out, object, names, form[[3L]], form[[2L]])
}

effect_columns <- function(object, var.names, call) {
  names <- if (is.null(var.names))
    c(attr(object, "yi.names")[1L] %||% "yi", attr(object, "vi.names")[1L] %||% "vi") else var.names
  if (!is.character(names)) abort_input("var.names", sprintf("must be names of columns, not %s", describe(names)), call)
  check_encodings(list(var.names = names), call)
  absent <- setdiff(names, base::names(object))
  if (length(names) != 2L || length(absent)) {
    abort_input("var.names", sprintf("must name the columns of the effects and their variances%s",
                                     if (length(absent)) sprintf("; there is no \"%s\"", absent[1L]) else ""), call)
  }
  names
}

restore_escalc <- function(out, object, names, out.names, digits) {
  attr(out, "digits") <- digits
  attr(out, "yi.names") <- unique(c(names[1L], attr(object, "yi.names")))
  attr(out, "vi.names") <- unique(c(names[2L], attr(object, "vi.names")))
  yi <- out[[names[1L]]]
  if (!is.null(attr(yi, "rows"))) attr(out[[names[1L]]], "rows") <- note_rows(yi, columns_beside(out, names[1L]))
  kinds <- c("sei.names", "zi.names", "pval.names", "ci.lb.names", "ci.ub.names")
  for (i in seq_along(kinds)) attr(out, kinds[i]) <- unique(c(out.names[i], attr(object, kinds[i])))
  class(out) <- class(object)
  out
}

#' @rdname escalc-methods
#' @export
print.metaparity_escalc <- function(x, digits, ...) {
  digits <- expand_digits(if (missing(digits)) NULL else digits, attr(x, "digits"), sys.call())
  shown <- plain_frame(x)
  if (nrow(shown)) {
    for (name in names(shown)) shown[[name]] <- format_escalc_column(shown[[name]], name, x, digits)
  }
  lines <- utils::capture.output(print(shown, ...))
  space <- if (with_space()) "\n" else ""
  cat(space, paste0(lines, " \n"), space, sep = "")
  invisible(x)
}

escalc_kinds <- c(yi.names = "est", vi.names = "var", sei.names = "se", zi.names = "test", pval.names = "pval",
                  ci.lb.names = "ci", ci.ub.names = "ci")

format_escalc_column <- function(column, name, x, digits) {
  kind <- escalc_kinds[vapply(names(escalc_kinds), function(a) name %in% attr(x, a), NA)]
  if (!length(kind)) return(column)
  d <- digits[[kind[1L]]]
  column <- as.vector(column)
  text <- formatC(column, digits = d, format = "f")
  if (kind[1L] == "pval") {
    text[which(column < 10^-d)] <- paste0("<", sub("^0", "", formatC(10^-d, digits = d, format = "f")))
  }
  text[is.na(column)] <- "NA"
  text
}

#' @rdname escalc-methods
#' @export
`[.metaparity_escalc` <- function(x, i, j, drop) {
  by_row <- nargs() - (!missing(drop)) > 2L
  plain <- plain_frame(x)
  if (by_row && !missing(i)) {
    # As in metafor, rows may be chosen by the names of columns; code of this package means its own variables.
    if (!identical(topenv(parent.frame()), topenv())) i <- eval(substitute(i), plain, parent.frame())
    cell <- list(plain, i, if (missing(j)) quote(expr = ) else j)
    out <- do.call(`[`, if (missing(drop)) cell else c(cell, list(drop = drop)))
  } else {
    out <- if (missing(drop)) NextMethod() else NextMethod(drop = drop)
  }
  if (!is.data.frame(out)) return(out)
  if (by_row && !missing(i)) take_notes(plain_frame(out), x, row_positions(x, i), sys.call()) else as_escalc_of(out, x)
}

row_positions <- function(x, i) {
  all <- seq_len(nrow(x))
  if (is.character(i)) return(match(i, row.names(x)))
  if (is.logical(i)) return(all[rep_len(i, length(all))])
  all[i]
}

#' @rdname escalc-methods
#' @export
`$<-.metaparity_escalc` <- function(x, name, value) {
  out <- NextMethod("$<-")
  for (kind in names(escalc_kinds)) {
    kept <- attr(out, kind)
    kept <- kept[kept %in% names(out)]
    attr(out, kind) <- if (length(kept)) kept
  }
  renew_notes(out, x)
}

#' @rdname escalc-methods
#' @export
cbind.metaparity_escalc <- function(..., deparse.level = 1) {
  parts <- list(...)
  frames <- lapply(parts, function(p) if (inherits(p, "escalc")) plain_frame(p) else p)
  out <- do.call(cbind.data.frame, frames)
  with_escalc_names(out, parts)
}

#' @rdname escalc-methods
#' @export
rbind.metaparity_escalc <- function(..., deparse.level = 1) {
  parts <- Filter(function(p) length(p) > 0L, list(...))
  out <- do.call(rbind.data.frame, lapply(parts, function(p) if (is.data.frame(p)) plain_frame(p) else p))
  out <- with_escalc_names(out, parts)
  attr(out, "digits") <- attr(parts[[1L]], "digits")
  for (name in attr(out, "yi.names")) {
    columns <- lapply(parts, function(p) if (is.data.frame(p)) noted_column(p, name, sys.call(-2L)))
    own <- joined_attributes(columns)
    out[[name]] <- with_notes(as.numeric(out[[name]]), own$ni, own$slab, own$measure, columns_beside(out, name))
  }
  out
}

with_escalc_names <- function(out, parts) {
  for (kind in names(escalc_kinds)) {
    found <- unique(unlist(lapply(parts, attr, kind)))
    attr(out, kind) <- found[found %in% names(out)]
    if (!length(attr(out, kind))) attr(out, kind) <- NULL
  }
  raw <- unique(Filter(Negate(is.null), lapply(parts, attr, "raw.names")))
  attr(out, "raw.names") <- if (length(raw) == 1L) raw[[1L]]
  class(out) <- class(Filter(function(p) inherits(p, "escalc"), parts)[[1L]])
  out
}

# Of effects put under each other: sizes and labels only if all have them.
joined_attributes <- function(columns) {
  sizes <- lapply(columns, attr, "ni")
  slabs <- lapply(columns, attr, "slab")
  measures <- unique(unlist(lapply(columns, function(y) attr(y, "measure") %||% "GEN")))
  ni <- unlist(sizes)
  list(ni = if (!any(vapply(sizes, is.null, NA)) && !all(is.na(ni))) ni,
       slab = if (!any(vapply(slabs, is.null, NA))) unique_slab(unlist(lapply(slabs, as.character))),
       measure = if (length(measures) == 1L) measures else "GEN")
}

#' @rdname escalc-methods
#' @export
as.data.frame.metaparity_escalc <- function(x, row.names = NULL, optional = FALSE, ...) {
  out <- plain_frame(x)
  attr(out, "raw.names") <- NULL
  out
}

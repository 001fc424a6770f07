# to.wide(), contrmat(): data with one row per group to data with one row per comparison, and which groups each row
# compares. Oracle: metafor.

#' One row per comparison from one row per group
#'
#' Turns data with one row per study group into data with one row per comparison of a group with the reference group
#' of
#' its study.
#'
#' @param data a data frame with one row per group of a study.
#' @param study,grp name or position of the columns with the studies and with the groups.
#' @param ref the reference group; by default the most frequent one. A study without it takes its last group (in the
#'   order
#'   of the levels).
#' @param grpvars names or positions of the columns that belong to the groups; the others belong to the studies.
#' @param postfix two strings put behind the names of the columns of the first and the second group.
#' @param addid,addcomp,adddesign whether columns are added that number the rows, name the two groups compared, and
#'   name
#'   all groups of the study.
#' @param minlen least number of letters of a group in these names; more are taken until the groups differ.
#' @param var.names names of the three columns.
#' @return A data frame with one row per comparison. A study with a single group has one row, with `NA` for the
#'   second.
#' @details Errors of class `metaparity_error_input`: a column or a group that is not there or not unique, missing
#'   studies or groups.
#' @section In other software: \pkg{metafor}: the same call; Stata: `network setup` or `reshape wide`.
#' @seealso [contrmat()]
#' @examples
#' d <- data.frame(study = c(1, 1, 2, 2, 2), trt = c("A", "P", "A", "B", "P"), x = c(3, 5, 2, 4, 6))
#' to.wide(d, study = "study", grp = "trt", ref = "P", grpvars = "x")
#' @export
to.wide <- function(data, study, grp, ref, grpvars, postfix = c(".1", ".2"), addid = TRUE, addcomp = TRUE,
                    adddesign = TRUE, minlen = 2, var.names = c("id", "comp", "design")) {
  check_given(data)
  mc <- match.call()
  data <- check_frame(data, mc)
  check_given(study)
  check_given(grp)
  study <- one_column(data, study, "study", mc)
  grp <- one_column(data, grp, "grp", mc)
  if (missing(grpvars)) abort_input("grpvars", "must be given", mc)
  vars <- vapply(check_vector(grpvars, "grpvars", mc), function(v) one_column(data, v, "grpvars", mc), "")
  if (length(postfix) != 2L) abort_input("postfix", "must be two strings", mc)
  if (length(var.names) != 3L) abort_input("var.names", "must be three names", mc)
  levels <- group_levels(data[[grp]], if (missing(ref)) NULL else ref, mc)
  group <- match(as.character(data[[grp]]), levels)
  data <- data[order(match_sorted(data[[study]]), group), , drop = FALSE]
  wide <- pair_rows(data, study, c(grp, setdiff(vars, grp)), postfix)
  if (!is.character(var.names) || anyNA(var.names)) abort_input("var.names", "must be three names", mc)
  minlen <- check_number(minlen, "minlen", 1, 1000, mc)
  add <- c(check_flag(addid, "addid", mc), check_flag(addcomp, "addcomp", mc), check_flag(adddesign, "adddesign", mc))
  add_comparison(wide, shortened(levels, minlen), levels, add, var.names)
}

check_frame <- function(data, call) {
  if (is.matrix(data)) data <- as.data.frame(data)
  if (!is.data.frame(data)) abort_input("data", sprintf("must be a data frame, not %s", describe(data)), call)
  data
}

# The name of a column that is given by name (or its beginning) or position.
one_column <- function(data, which, arg, call) {
  if (length(which) != 1L || !is.numeric(which) && !is.character(which))
    abort_input(arg, "must be the name or position of one column", call)
  at <- if (is.numeric(which)) which else pmatch(which, names(data))
  if (is.na(at) || !at %in% seq_along(data)) abort_input(arg, sprintf("names no column of `data`: %s", which), call)
  at <- names(data)[at]
  if (arg != "grpvars" && anyNA(data[[at]])) abort_studies(arg, which(is.na(data[[at]])), "must not be missing", call)
  at
}

match_sorted <- function(x) if (is.factor(x)) as.integer(x) else match(x, sort(unique(x)))

# The groups in order, the reference group last.
group_levels <- function(group, ref, call, arg = "ref") {
  levels <- if (is.factor(group)) levels(group)[levels(group) %in% group] else sort(unique(as.character(group)))
  count <- table(factor(as.character(group), levels))
  if (is.null(ref)) {
    last <- names(count)[which.max(count)]
  } else {
    if (!is.atomic(ref)) abort_input(arg, sprintf("must be the name of a group, not %s", describe(ref)), call)
    at <- pmatch(ref, levels)
    if (length(at) != 1L || is.na(at)) abort_input(arg, sprintf("names no group: %s", ref), call)
    last <- levels[at]
  }
  c(setdiff(levels, last), last)
}

# Each row but the last of a study beside the last one.
pair_rows <- function(data, study, vars, postfix) {
  index <- split(seq_len(nrow(data)), match_sorted(data[[study]]))
  first <- unlist(lapply(index, function(i) if (length(i) > 1L) i[-length(i)] else i))
  second <- unlist(lapply(index, function(i) if (length(i) > 1L) rep(i[length(i)], length(i) - 1L) else NA_integer_))
  wide <- data[first, , drop = FALSE]
  names(wide)[match(vars, names(data))] <- paste0(vars, postfix[1L])
  wide[paste0(vars, postfix[2L])] <- data[second, vars, drop = FALSE]
  row.names(wide) <- NULL
  group <- as.character(data[[vars[1L]]])
  attr(wide, "groups") <- list(first = group[first], second = group[second],
                               study = rep(seq_along(index), pmax(lengths(index) - 1L, 1L)))
  wide
}

add_comparison <- function(wide, short, levels, add, var.names) {
  groups <- attr(wide, "groups")
  attr(wide, "groups") <- NULL
  first <- short[match(groups$first, levels)]
  second <- short[match(groups$second, levels)]
  if (add[1L]) wide[[var.names[1L]]] <- seq_len(nrow(wide))
  comp <- paste(first, second, sep = "-")
  if (add[2L]) wide[[var.names[2L]]] <- ifelse(is.na(second), NA_character_, comp)
  design <- tapply(seq_along(first), groups$study, function(i) paste(c(first[i], second[i[1L]]), collapse = "-"))
  if (add[3L]) wide[[var.names[3L]]] <- ifelse(is.na(second), NA_character_, as.vector(design)[groups$study])
  wide
}

# The first letters of each name, as many as make them differ.
shortened <- function(names, least) {
  n <- least
  while (anyDuplicated(substr(names, 1L, n)) && n < max(nchar(names))) n <- n + 1L
  substr(names, 1L, n)
}

#' Which groups are compared in each row
#'
#' @param data a data frame with one row per comparison of two groups.
#' @param grp1,grp2 name or position of the columns with the first and the second group.
#' @param last the group whose column comes last; by default the most frequent second group. `NA` leaves all in sorted
#'   order.
#' @param shorten whether the groups are shortened to name the columns.
#' @param minlen least number of letters then.
#' @param check whether the names are made valid names of variables.
#' @param append whether the columns are appended to `data`.
#' @return `data` with one more column per group (or the matrix of these columns): 1 for the first group of a row,
#'   -1 for
#'   the second, 0 for the others.
#' @details Errors of class `metaparity_error_input` or `metaparity_error_studies`: a column or group that is not
#'   there,
#'   missing groups.
#' @section In other software: \pkg{metafor}: the same call; Stata: `network setup` makes such columns.
#' @seealso [to.wide()]
#' @examples
#' d <- data.frame(trt1 = c("A", "B", "A"), trt2 = c("P", "P", "B"))
#' contrmat(d, "trt1", "trt2")
#' @export
contrmat <- function(data, grp1, grp2, last, shorten = FALSE, minlen = 2, check = TRUE, append = TRUE) {
  check_given(data)
  mc <- match.call()
  data <- check_frame(data, mc)
  check_given(grp1)
  check_given(grp2)
  first <- as.character(data[[one_column(data, grp1, "grp1", mc)]])
  second <- as.character(data[[one_column(data, grp2, "grp2", mc)]])
  if (missing(last)) last <- group_levels(second, NULL, mc)
  in_order <- is_na(last)
  if (in_order) last <- NULL
  if (length(last) && is.atomic(last)) last <- last[length(last)]
  levels <- group_levels(c(first, second), last, mc, "last")
  if (in_order) levels <- sort(levels)
  out <- 1 * outer(first, levels, "==") - outer(second, levels, "==")
  names <- if (check_flag(shorten, "shorten", mc)) shortened(levels, minlen) else levels
  if (check_flag(check, "check", mc)) names <- make.names(names, unique = TRUE)
  dimnames(out) <- list(row.names(data), names)
  if (check_flag(append, "append", mc)) cbind(data, out) else out
}

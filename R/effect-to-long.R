# to.long(), to.table(): summary data with one row per study to one row per group, or to an array of tables. The
# formats of the families of measures stand in one table. Oracle: metafor.

# columns: one vector of arguments per group; names: their names in the long format; heads: in a table. complement: the
# argument that may be given instead as total (total = with + without). count: cells that `add` is added to.
long_format <- function(measures, columns, names, heads, group = "group", rows = c("Grp1", "Grp2"),
                        total = character(), count = character()) {
  list(measures = strsplit(measures, " ")[[1L]], columns = columns, names = names, heads = heads,
       group = if (length(columns) > 1L) group, cell = if (identical(group, "out.time1")) "out.time2" else "outcome",
       rows = if (length(columns) > 1L) rows else "Grp", total = total,
       count = count)
}

table_totals <- c(bi = "n1i", di = "n2i")

long_formats <- list(
  table = long_format("RR OR PETO RD AS PHI ZPHI YUQ YUY RTET ZTET PBIT OR2D OR2DN OR2DL MPORM",
                      list(c("ai", "bi"), c("ci", "di")), c("out1", "out2"), c("Out1", "Out2"), total = table_totals,
                      count = c("ai", "bi", "ci", "di")),
  pairs = long_format("MPRD MPRR MPOR", list(c("ai", "bi"), c("ci", "di")), c("out1", "out2"),
                      c("Out1", "Out2"), "time", c("Time1", "Time2"), table_totals, c("ai", "bi", "ci", "di")),
  pair_cells = long_format("MPORC MPPETO", list(c("ai", "bi"), c("ci", "di")), c("out1.time2", "out2.time2"),
                           c("Time2.Out1", "Time2.Out2"), "out.time1", c("Time1.Out1", "Time1.Out2"), table_totals,
                           c("ai", "bi", "ci", "di")),
  rates = long_format("IRR IRD IRSD", list(c("x1i", "t1i"), c("x2i", "t2i")), c("events", "ptime"),
                      c("Events", "Person-Time"), count = c("x1i", "x2i")),
  means = long_format("MD SMD SMDH SMD1 SMD1H ROM CVR RPB ZPB RBIS ZBIS D2OR D2ORN D2ORL CLES CLESN AUC AUCN",
                      list(c("m1i", "sd1i", "n1i"), c("m2i", "sd2i", "n2i")), c("mean", "sd", "n"),
                      c("Mean", "SD", "n")),
  correlation = long_format("COR UCOR ZCOR", list(c("ri", "ni")), c("r", "n"), c("r", "n")),
  proportion = long_format("PR PLN PLO PRZ PAS PFT", list(c("xi", "mi")), c("out1", "out2"), c("Out1", "Out2"),
                           total = c(mi = "ni"), count = c("xi", "mi")),
  rate = long_format("IR IRLN IRS IRFT", list(c("xi", "ti")), c("events", "ptime"), c("Events", "Person-Time"),
                     count = "xi"),
  mean = long_format("MN SMN MNLN CVLN", list(c("mi", "sdi", "ni")), c("mean", "sd", "n"), c("Mean", "SD", "n")),
  change = long_format("MC SMCC SMCRH SMCRP SMCRPH CLESCN AUCCN ROMC CVRC",
                       list(c("m1i", "m2i", "sd1i", "sd2i", "ni", "ri")), c("mean1", "mean2", "sd1", "sd2", "n", "r"),
                       c("Mean1", "Mean2", "SD1", "SD2", "n", "r")),
  change_raw = long_format("SMCR", list(c("m1i", "m2i", "sd1i", "ni", "ri")), c("mean1", "mean2", "sd1", "n", "r"),
                           c("Mean1", "Mean2", "SD1", "n", "r")),
  alpha = long_format("ARAW AHW ABT", list(c("ai", "mi", "ni")), c("alpha", "m", "n"), c("alpha", "m", "n"))
)

format_of_measure <- function(measure, call) {
  found <- if (is.character(measure)) Find(function(f) isTRUE(measure %in% f$measures), long_formats)
  if (is.null(found)) {
    all <- unlist(lapply(long_formats, `[[`, "measures"), use.names = FALSE)
    check_choice(measure, all, "measure", call)
  }
  found
}

#' Summary data in long format, or as tables
#'
#' @description
#' `to.long()` turns data with one row per study into data with one row per group (or time point, or cell).
#' `to.table()` turns them into an array with one table per study.
#'
#' @param measure name of a measure of [escalc()]; it tells which data are given.
#' @param ai,bi,ci,di cells of 2x2 tables (first row, then second row); `ai` also holds values of coefficient alpha.
#' @param n1i,n2i group sizes; they may be given instead of `bi` and `di`.
#' @param x1i,x2i,t1i,t2i numbers of events and person-times of the two groups.
#' @param m1i,m2i,sd1i,sd2i means and standard deviations of two groups or time points.
#' @param xi,mi,ri,ti,sdi,ni data of one group: events, non-events (or mean, or number of items), correlation,
#'   person-time, standard deviation, sample size.
#' @param data data frame in which the columns are looked up first.
#' @param slab study labels; the row numbers by default.
#' @param subset studies to use: logical or row numbers.
#' @param add,to,drop00 as in [escalc()]: amount added to cells, to which studies (`"none"`, `"only0"`, `"all"`,
#'   `"if0all"`), and whether studies without events (or only events) in both groups are left out.
#' @param vlong whether tables get one row per cell.
#' @param append whether the columns of `data` are returned too; or the names or positions of some of them.
#' @param var.names names of the new columns.
#' @param rows,cols names of the rows (groups) and columns of the tables.
#' @return `to.long()`: a data frame with a factor for the study, for two groups a factor for the group (its reference
#'   level 2), and the data. `to.table()`: an array whose third dimension are the studies.
#' @details Studies with missing data are left out with a warning of class `metaparity_warning_dropped`. Errors of
#'   class
#'   `metaparity_error_input` (data that the measure needs are not given, wrong lengths) and
#'   `metaparity_error_studies`
#'   (negative counts, totals that do not fit, correlations beyond -1 to 1).
#' @section In other software: \pkg{metafor}: the same calls; Stata: `reshape long`.
#' @examples
#' d <- data.frame(ev1 = c(4, 6), no1 = c(119, 300), ev2 = c(11, 29), no2 = c(128, 274))
#' to.long("OR", ai = ev1, bi = no1, ci = ev2, di = no2, data = d)
#' to.table("OR", ai = ev1, bi = no1, ci = ev2, di = no2, data = d, rows = c("Vaccine", "Control"))
#' @name to.long
#' @export
to.long <- function(measure, ai, bi, ci, di, n1i, n2i, x1i, x2i, t1i, t2i, m1i, m2i, sd1i, sd2i, xi, mi, ri, ti, sdi,
                    ni, data, slab, subset, add = 1/2, to = "none", drop00 = FALSE, vlong = FALSE, append = TRUE,
                    var.names) {
  mc <- match.call()
  if (missing(measure)) abort_input("measure", "must be given", mc)
  found <- long_columns(measure, mc, parent.frame(), list(add = add, to = to, drop00 = drop00))
  cells <- check_flag(vlong, "vlong", mc) && length(found$format$total) > 0L
  long <- if (cells) cell_rows(found) else group_rows(found)
  if (!missing(var.names)) {
    if (length(var.names) != length(long)) {
      abort_input("var.names", sprintf("must have %d names, not %d", length(long), length(var.names)), mc)
    }
    names(long) <- var.names
  }
  kept <- appended_columns(found$data, append, mc)
  if (is.null(kept)) return(long)
  repeated <- kept[rep(found$rows, each = nrow(long) / length(found$rows)), , drop = FALSE]
  row.names(repeated) <- NULL
  data.frame(repeated, long, check.names = FALSE)
}

#' @rdname to.long
#' @export
to.table <- function(measure, ai, bi, ci, di, n1i, n2i, x1i, x2i, t1i, t2i, m1i, m2i, sd1i, sd2i, xi, mi, ri, ti, sdi,
                     ni, data, slab, subset, add = 1/2, to = "none", drop00 = FALSE, rows, cols) {
  mc <- match.call()
  if (missing(measure)) abort_input("measure", "must be given", mc)
  found <- long_columns(measure, mc, parent.frame(), list(add = add, to = to, drop00 = drop00))
  groups <- found$format$columns
  labels <- list(rows = if (missing(rows)) found$format$rows else rows,
                 cols = if (missing(cols)) found$format$heads else cols)
  needed <- c(rows = length(groups), cols = length(groups[[1L]]))
  for (arg in names(labels)) {
    if (!is.atomic(labels[[arg]])) abort_input(arg, sprintf("must be names, not %s", describe(labels[[arg]])), mc)
    if (length(labels[[arg]]) != needed[arg]) {
      abort_input(arg, sprintf("must have %d names, not %d", needed[arg], length(labels[[arg]])), mc)
    }
  }
  values <- beside(found)
  out <- array(unlist(values), c(length(groups), length(found$rows), length(values)))
  out <- aperm(out, c(1L, 3L, 2L))
  dimnames(out) <- list(labels$rows, labels$cols, as.character(found$slab))
  out
}

# The columns of the measure's format, complete rows only.
long_columns <- function(measure, mc, env, adding) {
  format <- format_of_measure(measure, mc)
  data <- data_of_call(mc, env)
  needed <- unlist(format$columns)
  given <- resolve_columns(c(needed, format$total), mc, data, env, mc)
  given <- Map(function(x, arg) check_numeric_vector(unclass_values(x), arg, mc), given, names(given))
  for (arg in names(given)[lengths(given) != length(given[[1L]])]) {
    abort_input(arg, sprintf("must have %d elements, not %d", length(given[[1L]]), length(given[[arg]])), mc)
  }
  columns <- complete_counts(given, format, mc)
  k <- length(columns[[1L]])
  slab <- check_slab(resolve_column(mc$slab, data, env, "slab", mc), k, mc)
  keep <- check_subset(resolve_column(mc$subset, data, env, "subset", mc), k, mc)
  slab <- if (is.null(slab)) seq_len(k) else unique_slab(slab)
  rows <- if (is.null(keep)) seq_len(k) else keep
  columns <- add_to_counts(lapply(columns, `[`, rows), format, adding, mc)
  if (identical(format$group, "time")) columns <- margins_of_pairs(columns)
  whole <- Reduce(`&`, lapply(columns, function(x) !is.na(x)))
  if (!all(whole)) warn_dropped(rows[!whole], "missing data", mc)
  if (!any(whole)) abort_input(needed[1L], "must be known in at least one study", mc)
  rows <- rows[whole]
  list(format = format, columns = lapply(columns, `[`, whole), rows = rows, slab = slab[rows], data = data)
}

# Non-events from totals where they are not given; all columns numeric and of one length.
complete_counts <- function(given, format, call) {
  for (part in names(format$total)) {
    total <- given[[format$total[[part]]]]
    first <- format_partner(part)
    if (is.null(given[[part]]) && !is.null(total) && !is.null(given[[first]])) {
      if (any(given[[first]] > total, na.rm = TRUE)) {
        abort_studies(first, which(given[[first]] > total), "must not be above the group size", call)
      }
      given[[part]] <- total - given[[first]]
    } else if (!is.null(total) && !is.null(given[[part]])) {
      bad <- which(given[[first]] + given[[part]] != total)
      if (length(bad)) abort_studies(format$total[[part]], bad, sprintf("must be `%s` + `%s`", first, part), call)
    }
  }
  columns <- unlist(format$columns)
  absent <- setdiff(columns, names(given))
  if (length(absent)) {
    abort_input(absent[1L], sprintf("must be given: the measure needs %s", paste(columns, collapse = ", ")), call)
  }
  check_long_columns(given[columns], format, call)
}

format_partner <- function(part) c(bi = "ai", di = "ci", mi = "xi")[[part]]

check_long_columns <- function(columns, format, call) {
  k <- length(columns[[1L]])
  for (arg in names(columns)) {
    x <- columns[[arg]]
    if (length(x) != k) abort_input(arg, sprintf("must have %d elements, not %d", k, length(x)), call)
    limit <- if (arg == "ri" || (arg == "ai" && "alpha" %in% format$names)) 1 else Inf
    lowest <- if (arg %in% c(format$count, "sd1i", "sd2i", "sdi", "t1i", "t2i", "ti", "n1i", "n2i", "ni")) 0 else -Inf
    if (arg == "ri") lowest <- -1
    bad <- which(x < lowest | x > limit)
    if (length(bad)) abort_studies(arg, bad, sprintf("must be between %s and %s", lowest, limit), call)
  }
  columns
}

add_to_counts <- function(columns, format, adding, call) {
  to <- check_choice(adding$to, c("all", "only0", "if0all", "none"), "to", call)
  add <- check_number(adding$add, "add", 0, call = call)
  if (!length(format$count)) return(columns)
  counts <- columns[format$count]
  if (check_flag(adding$drop00, "drop00", call) && length(format$columns) > 1L) {
    pairs <- do.call(Map, c(list(c), format$columns))
    pairs <- Filter(function(p) all(p %in% format$count), pairs)
    empty <- lapply(pairs, function(p) columns[[p[1L]]] == 0 & columns[[p[2L]]] == 0)
    counts[] <- lapply(counts, function(x) replace(x, which(Reduce(`|`, empty)), NA))
  }
  zero <- Reduce(`|`, lapply(counts, function(x) x == 0))
  where <- switch(to, all = rep(TRUE, length(zero)), only0 = zero, if0all = rep(any(zero, na.rm = TRUE), length(zero)),
                  none = rep(FALSE, length(zero)))
  if (any(where, na.rm = TRUE)) counts[] <- lapply(counts, function(x) x + add * (where %in% TRUE))
  columns[format$count] <- counts
  columns
}

# Outcomes at the two times, from the tables of pairs.
margins_of_pairs <- function(x) {
  list(ai = x$ai + x$bi, bi = x$ci + x$di, ci = x$ai + x$ci, di = x$bi + x$di)
}

group_factor_long <- function(i) factor(i, levels = c(2L, 1L))

group_rows <- function(found) {
  groups <- found$format$columns
  n <- length(groups)
  out <- list(study = factor(rep(found$slab, each = n)))
  if (n > 1L) out[[found$format$group]] <- group_factor_long(rep(1:2, length(found$rows)))
  values <- lapply(beside(found), c)
  names(values) <- found$format$names
  data.frame(c(out, values), check.names = FALSE)
}

# For each variable a matrix with the groups in rows and the studies in columns.
beside <- function(found) {
  groups <- found$format$columns
  lapply(seq_along(groups[[1L]]), function(j) do.call(rbind, lapply(groups, function(g) found$columns[[g[j]]])))
}

cell_rows <- function(found) {
  cells <- unlist(found$format$columns)
  k <- length(found$rows)
  out <- list(study = factor(rep(found$slab, each = length(cells))))
  if (length(cells) > 2L) out[[found$format$group]] <- group_factor_long(rep(c(1L, 1L, 2L, 2L), k))
  out[[found$format$cell]] <- group_factor_long(rep(1:2, k * length(cells) / 2L))
  out$freq <- c(do.call(rbind, found$columns[cells]))
  data.frame(out, check.names = FALSE)
}

appended_columns <- function(data, append, call) {
  if (is.null(data) || isFALSE(append)) return(NULL)
  data <- plain_frame(as.data.frame(data))
  if (isTRUE(append)) return(data)
  at <- if (is.character(append)) match(append, names(data)) else if (is.atomic(append)) as.vector(append)
  if (!is.numeric(at) || anyNA(at) || any(!at %in% seq_along(data))) {
    abort_input("append", "must be TRUE, FALSE, or columns of `data`", call)
  }
  data[at]
}

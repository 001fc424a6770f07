# Owns the declaration of meta data: meta_set(), meta_esize(), meta_update(), meta_query() and their log.
# Source: Stata's documented syntax; standard errors as in escalc(); oracle: logs of Stata 16, 17 and 18.

#' Declare meta-analysis data as Stata's meta suite
#'
#' `meta_set()` declares effect sizes that are given, `meta_esize()` computes them from summary data, `meta_update()`
#' changes the declaration, `meta_query()` shows it. The result is the first argument of the other commands of
#' the suite, such as [meta_summarize()].
#'
#' @param ... `meta_set()`: `es, se` or `es, cil, ciu`. `meta_esize()`: the cells of 2x2 tables (events and
#'   non-events, treated then control), or size, mean and standard deviation of two groups, or events and size of one
#'   group. Bare names or expressions, found in `data`; strings name columns. `meta_update()`: options to change.
#' @param data a data frame.
#' @param subset rows to use: logical or row numbers.
#' @param studylabel variable of the study labels.
#' @param studysize variable of the study sizes.
#' @param eslabel text that names the effect size.
#' @param esize effect size: `"lnoratio"` (default for tables), `"lnrratio"`, `"rdiff"`, `"lnorpeto"`; `"hedgesg"`
#'   (default for means), `"cohend"`, `"glassdelta2"`, `"glassdelta1"`, `"mdiff"`; `"ftukeyprop"`, `"logitprop"`,
#'   `"proportion"`, `"arcsineprop"`. Words may be abbreviated; suboptions follow after a comma: `"hedgesg, exact"`,
#'   `"cohend, holkinse"`, `"mdiff, unequal"`.
#' @param zerocells `c(0.5, "only0")`: what is added to the cells, and where: `"only0"`, `"allif0"`, `"all"`, `"none"`,
#'   `"tacc"` (Stata's words also as one string, `"0.5, only0"`).
#' @param random,fixed,common the model: `TRUE`, or the method: `"reml"`, `"mle"`, `"ebayes"`, `"dlaird"`, `"sjonkman"`,
#'   `"hedges"`, `"hschmidt"`; `"mhaenszel"`, `"invvariance"`. Random effects by REML is the default.
#' @param civartolerance largest relative asymmetry of the limits given.
#' @param civarlevel confidence level of the limits given, in percent.
#' @param level confidence level in percent of all that follows.
#' @param metashow show the declaration before each analysis.
#' @param version 16, 17 or 18: the layout of the logs (16 writes "Std. Err.", later versions "Std. err.").
#' @param x meta data.
#' @param short show the short form, as before each analysis.
#' @return An object of classes `stata_meta_data` and `stata_view` (see [stata_view]). `as.data.frame()` gives the data
#'   with Stata's system variables `_meta_id`, `_meta_es`, `_meta_se`, `_meta_cil`, `_meta_ciu`, `_meta_studylabel`,
#'   `_meta_studysize`.
#' @details Errors are of class `metaparity_error_input` (which names the argument) and `metaparity_error_studies`
#'   (which names the rows); studies without an effect size or standard error are left out with a warning of class
#'   `metaparity_warning_dropped`. The standard error from limits is `(ciu - cil) / (2 z)`.
#' @section Shortest forms: In stata() and stata_do() an option may be cut: `r option_forms("meta_set")`.
#' @section In other software: Stata `meta set`, `meta esize`, `meta update`, `meta query`; metafor `escalc()`; RevMan:
#'   data and analyses.
#' @references Hedges LV (1981). Journal of Educational Statistics 6, 107-128. Sweeting MJ, Sutton AJ, Lambert PC
#'   (2004). Statistics in Medicine 23, 1351-1375.
#' @examples
#' d <- data.frame(a = c(1, 9, 2), b = c(39, 126, 198), c = c(2, 23, 7), d = c(34, 112, 193))
#' m <- meta_esize(a, b, c, d, data = d, esize = "lnrratio")
#' m
#' meta_summarize(m, eform = TRUE)
#' @export
meta_set <- function(..., data = NULL, subset = NULL, studylabel = NULL, studysize = NULL, eslabel = NULL,
                     random = FALSE,
                     fixed = FALSE, common = FALSE, civartolerance = 1e-6, civarlevel = 95, level = 95, metashow = TRUE,
                     version = 18) {
  mc <- match.call(expand.dots = FALSE)
  call <- match.call()
  env <- parent.frame()
  vars <- stata_varlist(mc$..., resolve_data(data, call), env, 2:3, call)
  o <- meta_declared(list(random = random, fixed = fixed, common = common, eslabel = eslabel, level = level,
                          metashow = metashow, version = version), "Generic", call)
  ci <- length(vars) == 3L
  se <- if (ci) meta_se_of_limits(vars, civartolerance, civarlevel, call) else vars[[2L]]
  es_name <- names(vars)[1L]
  names <- list(es = es_name, se = if (ci) "_meta_se" else names(vars)[2L],
                ci = if (ci) names(vars)[2:3] else c("_meta_cil", "_meta_ciu"))
  o$eslabel_given <- !is.null(eslabel)
  if (is.null(eslabel)) o$eslabel <- by_version(c("Effect Size", "Effect size"), o$version)
  size <- stata_option_column(mc$studysize, data, env, "studysize", length(se), call)
  format <- if (es_name %in% names(data)) attr(data[[es_name]], "format.stata")
  new_meta_data(vars[[1L]], se, size, mc, data, env, c(o, list(type = "Generic", names = names, declared = "meta set",
    es_format = format,
    size_name = if (is.null(size)) "N/A" else deparse_name(mc$studysize))), call)
}

#' @rdname meta_set
#' @export
meta_esize <- function(..., data = NULL, subset = NULL, esize = NULL, studylabel = NULL, eslabel = NULL,
                       zerocells = c("0.5", "only0"), random = FALSE, fixed = FALSE, common = FALSE, level = 95,
                       metashow = TRUE, version = 18) {
  mc <- match.call(expand.dots = FALSE)
  call <- match.call()
  env <- parent.frame()
  vars <- stata_varlist(mc$..., resolve_data(data, call), env, c(2L, 4L, 6L), call)
  spec <- meta_esize_spec(esize, length(vars), zerocells, call)
  o <- meta_declared(list(random = random, fixed = fixed, common = common, eslabel = eslabel, level = level,
                          metashow = metashow, version = version), spec$type, call)
  o$eslabel_given <- !is.null(eslabel)
  if (is.null(eslabel)) o$eslabel <- by_version(meta_types[[spec$type]]$label, o$version)
  effect <- meta_effects(vars, spec, call)
  names <- list(es = "_meta_es", se = "_meta_se", ci = c("_meta_cil", "_meta_ciu"))
  new_meta_data(effect$yi, sqrt(effect$vi), effect$ni, mc, data, env,
    c(o, spec, list(names = names, declared = "meta esize", size_name = "_meta_studysize", vars = vars)), call)
}

deparse_name <- function(expr) if (is.character(expr)) expr[1L] else paste(deparse(expr), collapse = "")

meta_declared <- function(o, type, call) {
  model <- meta_model_of(o, type, call)
  if (is.null(model)) model <- list(model = "random", method = "reml")
  if (!is.null(o$eslabel) && (!is.character(o$eslabel) || length(o$eslabel) != 1L)) {
    abort_input("eslabel", "must be one text", call)
  }
  list(model = model$model, method = model$method, eslabel = o$eslabel,
       level = check_stata_level(o$level, "level", call),
       metashow = check_flag(o$metashow, "metashow", call), version = check_number(o$version, "version", 16, 19, call))
}

# reldif(x, y) of Stata: |x - y| / (|y| + 1).
meta_se_of_limits <- function(vars, tolerance, level, call) {
  tolerance <- check_number(tolerance, "civartolerance", 0, Inf, call)
  level <- check_stata_level(level, "civarlevel", call)
  up <- vars[[3L]] - vars[[1L]]
  down <- vars[[1L]] - vars[[2L]]
  bad <- which(abs(up - down) / (abs(down) + 1) > tolerance)
  if (length(bad)) {
    abort_studies(names(vars)[2L], bad,
                  "and the upper limit are not symmetric about the effect size; see `civartolerance`",
                  call)
  }
  (vars[[3L]] - vars[[2L]]) / (2 * critical_value(level))
}

meta_esize_spec <- function(esize, nvars, zerocells, call) {
  family <- c("2" = "proportion", "4" = "binary", "6" = "means")[[as.character(nvars)]]
  fitting <- names(meta_types)[vapply(meta_types, function(t) t$family == family, NA)]
  words <- if (is.null(esize)) fitting[1L] else meta_suboptions(esize, "esize", call)
  if (words[1L] %in% "lnor") words[1L] <- "lnoratio"
  type <- meta_match(words[1L], fitting, "esize", call)
  sub <- vapply(words[-1L], meta_match, "", c("exact", "holkinse", "unequal"), "esize", call)
  wrong <- sub[!sub %in% switch(type, hedgesg = c("exact", "holkinse"), cohend = "holkinse", mdiff = "unequal", "")]
  if (length(wrong)) abort_input("esize", sprintf("= \"%s\" has no suboption \"%s\"", type, wrong[1L]), call)
  list(type = type, exact = "exact" %in% sub, holkinse = "holkinse" %in% sub, unequal = "unequal" %in% sub,
       zero = if (family == "binary") meta_zerocells(zerocells, call) else list(add = 0.5, to = "only0"))
}

meta_zerocells <- function(x, call) {
  if (!is.atomic(x)) abort_input("zerocells", sprintf("must be text, not %s", describe(x)), call)
  words <- meta_suboptions(as.character(x), "zerocells", call)
  number <- suppressWarnings(as.numeric(words))
  where <- words[is.na(number)]
  to <- if (length(where)) meta_match(where[1L], c("only0", "allif0", "all", "none", "tacc"), "zerocells", call) else
    "only0"
  add <- if (all(is.na(number))) 0.5 else number[!is.na(number)][1L]
  list(add = check_number(add, "zerocells", 0, 1e6, call), to = to)
}

meta_effects <- function(vars, spec, call) {
  info <- meta_types[[spec$type]]
  columns <- stats::setNames(unname(vars), switch(info$family, binary = c("ai", "bi", "ci", "di"),
    means = c("n1i", "m1i", "sd1i", "n2i", "m2i", "sd2i"), proportion = c("xi", "ni")))
  if (spec$type == "ftukeyprop") {
    e <- call_core(cpp_proportion_effects(as.numeric(columns$xi), as.numeric(columns$ni), TRUE), call)
    return(list(yi = as.numeric(e$yi), vi = as.numeric(e$vi), ni = columns$ni))
  }
  if (spec$type == "glassdelta1") {
    columns <- stats::setNames(columns[c(4:6, 1:3)], names(columns))
    columns$m1i <- -columns$m1i
    columns$m2i <- -columns$m2i
  }
  if (info$family == "binary") columns <- meta_cells(columns, spec$zero)
  given <- list()
  if (info$family == "means") {
    given <- list(vtype = info$vtype[[if (spec$holkinse || spec$unequal) 2L else 1L]])
    if (info$measure == "SMD") given$correct <- info$correct
  }
  if (info$family == "binary" && spec$type != "lnorpeto") {
    given[c("add", "to")] <- list(if (spec$zero$to == "tacc") 0 else spec$zero$add, meta_where(spec$zero$to))
  }
  rules <- convention_spec("stata18", call)
  if (spec$exact) rules$j <- "exact"
  if (grepl("^glass", spec$type)) rules$smd <- "glass"
  out <- quiet_drops(effect_sizes(info$measure, columns, effect_spec(info$measure, rules, given, call), call))
  list(yi = as.numeric(out$yi), vi = as.numeric(out$vi), ni = out$ni)
}

# Stata's words for where cells are corrected, in those of escalc().
meta_where <- function(to) c(only0 = "only0", allif0 = "if0all", all = "all", none = "none", tacc = "none")[[to]]

# Treatment-arm correction (Sweeting et al. 2004): each arm gets its share of 1 in studies with a zero cell.
meta_cells <- function(columns, zero) {
  if (zero$to != "tacc") return(columns)
  n1 <- columns$ai + columns$bi
  n2 <- columns$ci + columns$di
  hit <- (columns$ai == 0 | columns$bi == 0 | columns$ci == 0 | columns$di == 0) %in% TRUE
  share <- n1 / (n1 + n2)
  for (arm in c("ai", "bi")) columns[[arm]][hit] <- columns[[arm]][hit] + share[hit]
  for (arm in c("ci", "di")) columns[[arm]][hit] <- columns[[arm]][hit] + (1 - share)[hit]
  columns
}

new_meta_data <- function(es, se, size, mc, data, env, o, call) {
  k <- length(es)
  labels <- stata_option_column(mc$studylabel, data, env, "studylabel", k, call)
  keep <- check_subset(resolve_column(mc$subset, data, env, "subset", call), k, call)
  if (is.null(keep)) keep <- seq_len(k)
  use <- keep[usable_studies(es[keep], se[keep], call)]
  n <- length(use)
  z <- critical_value(o$level)
  label <- if (is.null(labels)) sprintf("Study %*d", nchar(n), seq_len(n)) else format_label_value(labels)[use]
  system <- data.frame(`_meta_id` = seq_len(n), `_meta_studylabel` = label, `_meta_es` = es[use], `_meta_se` = se[use],
                       `_meta_cil` = es[use] - z * se[use], `_meta_ciu` = es[use] + z * se[use], check.names = FALSE,
                       stringsAsFactors = FALSE)
  if (!is.null(size)) system$`_meta_studysize` <- size[use]
  own <- if (is.null(data)) NULL else data[use, setdiff(names(data), names(system)), drop = FALSE]
  table <- if (is.null(own)) system else cbind(own, system)
  rownames(table) <- NULL
  o$vars <- lapply(o$vars, function(v) v[use])
  o$label_name <- if (is.null(mc$studylabel)) "Generic" else deparse_name(mc$studylabel)
  o$rows <- use
  o$source <- list(mc = mc, data = data, env = env)
  out <- do.call(new_stata_view, c(list("meta_data", list(k = n, level = 100 * o$level), table), o))
  out$call <- call
  out
}

#' @rdname meta_set
#' @export
meta_update <- function(x, ...) {
  check_given(x)
  call <- match.call()
  check_meta(x, call)
  new <- as.list(match.call(expand.dots = FALSE)$...)
  if (length(new) && (is.null(names(new)) || !all(nzchar(names(new)))))
    abort_input("...", "must be named options", call)
  old <- as.list(x$call)[-1L]
  if (any(c("random", "fixed", "common") %in% names(new))) old[c("random", "fixed", "common")] <- NULL
  if ("nometashow" %in% names(new)) new <- c(new[names(new) != "nometashow"], list(metashow = FALSE))
  verb <- if (x$declared == "meta set") meta_set else meta_esize
  bad <- setdiff(names(new), names(formals(verb)))
  if (length(bad)) abort_input(bad[1L], "is not an option of the declaration", call)
  for (name in names(new)) {
    if (!name %in% c("studylabel", "studysize", "subset")) new[[name]] <- eval(new[[name]], parent.frame())
  }
  old[names(new)] <- new
  old["data"] <- list(x$source$data)
  out <- do.call(verb, old, envir = x$source$env)
  out$updated <- TRUE

  out
}

#' @rdname meta_set
#' @export
meta_query <- function(x, short = FALSE) {
  check_given(x)
  check_meta(x, match.call())
  x$updated <- TRUE
  x$short <- check_flag(short, "short", match.call())
  x
}

check_meta <- function(x, call) {
  if (!inherits(x, "stata_meta_data")) {
    abort_input("x", sprintf("must be meta data made by meta_set() or meta_esize(), not %s", describe(x)), call)
  }
}

#' @export
format.stata_meta_data <- function(x, ...) {
  if (isTRUE(x$short)) return(format_meta_show(x))
  v <- x$version
  gap <- if (v < 17) "  " else " "
  line <- function(name, value) paste0(justify(name, 18L), ":", gap, value)
  err <- by_version(c("Std. Err.", "Std. err."), v)
  binary <- x$type %in% c("lnoratio", "lnrratio", "rdiff")
  smd <- x$type %in% c("hedgesg", "cohend", "mdiff")
  model <- meta_model_name(x$model)
  c("", paste0("Meta-analysis setting information", if (isTRUE(x$updated)) paste(" from", x$declared)), "",
    " Study information", line("No. of studies", format(nrow(x$table))), line("Study label", x$label_name),
    line("Study size", x$size_name), if (length(x$vars)) line("Summary data", paste(names(x$vars), collapse = " ")), "",
    "       Effect size", line("Type", x$type), line("Label", x$eslabel), line("Variable", x$names$es),
    if (x$type == "hedgesg") line("Bias correction", if (x$exact) "Exact" else "Approximate"),
    if (binary) line("Zero-cells adj.", format_zerocells(x$zero)), "",
    "         Precision", line(err, x$names$se),
    if (smd) line(paste(err, "adj."), if (x$unequal) "Unequal" else
                  if (x$holkinse) meta_word("Hedges\u2013Olkin", v) else "None"),
    line("CI", sprintf("[%s, %s]", x$names$ci[1L], x$names$ci[2L])),
    line("CI level", paste0(format(100 * x$level), "%")),
    "", "  Model and method", line("Model", if (v < 17) model else sub("-", " ", model, fixed = TRUE)),
    line("Method", meta_method_name(x$method, v)))
}

format_zerocells <- function(zero) {
  switch(zero$to, none = "None", tacc = "tacc", sprintf("%s, %s", format(zero$add), zero$to))
}

# The declaration shown before an analysis.
format_meta_show <- function(m, study_label = FALSE) {
  v <- m$version
  line <- function(name, value) paste0(justify(name, 19L), ":", if (v < 17) "  " else " ", value)
  c("", line("Effect-size label", m$eslabel), line("Effect size", m$names$es),
    line(by_version(c("Std. Err.", "Std. err."), v), m$names$se),
    if (study_label && m$label_name != "Generic") line("Study label", m$label_name))
}

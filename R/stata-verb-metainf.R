# metainf() and metaninf(): the pooled result without each study in turn, as Stata prints and draws it.
# Source: Tobias (1999, 2000) STB-47/56 sbe26; metaninf is its descendant on metan. Oracle: verified logs of metaninf.

#' Influence of single studies as Stata's metainf and metaninf
#'
#' The pooled estimate and its interval without each study in turn, and with all of them.
#'
#' @param ... for `metainf()` `theta, se` (or `exp(theta), ll, ul`); for `metaninf()` the variables and options of
#'   [metan()].
#' @inheritParams metan
#' @param id,label study labels, as in [metan()]; the name alone is shown.
#' @param random DerSimonian-Laird with the between-study variance estimated anew; otherwise fixed effect,
#'   inverse variance (`metainf()`) or the default of [metan()] (`metaninf()`).
#' @param eform show exponents.
#' @param print show the table; Stata's `metainf` draws the plot alone unless `print` is given, `metaninf` always shows
#'   it.
#' @param format display format of the numbers, such as `"%9.3f"`; Stata's default is `%10.0g`.
#' @param save name of the variable that [stata()] makes of the estimates without each study.
#' @param graph draw the plot at once.
#' @return An object of class `stata_metainf` (see [stata_view]): `table` with one row per omitted study and the row
#'   `Combined`; `r` with `ES`, `ci_low`, `ci_upp` of all studies and `min`, `max` of the estimates.
#' @details Errors and warnings are those of [metan()]. At least two studies are needed
#'   (`metaparity_error_input`). An object of the package \pkg{meta} is passed on to its function of this name.
#' @section Shortest forms: In stata() and stata_do() an option may be cut: `r option_forms("metainf")`.
#' @section In other software: Stata `metainf theta se, random id(study) print`; metafor `leave1out(rma(...))`.
#' @references Tobias A (1999). Assessing the influence of a single study in meta-analysis. Stata Technical
#'   Bulletin 47, 15-17.
#' @examples
#' d <- data.frame(id = c("A", "B", "C"), es = c(-0.76, 11.01, -3.76), se = c(3.70, 4.48, 0.51))
#' metainf(es, se, data = d, id = id, random = TRUE)
#' @export
metainf <- function(..., data = NULL, subset = NULL, random = FALSE, eform = FALSE, print = TRUE, id = NULL,
                    label = NULL, graph = FALSE) {
  mc <- match.call(expand.dots = FALSE)
  call <- match.call()
  if (is.null(data) && is_meta_call(mc$..., parent.frame())) return(meta::metainf(...))
  s <- bias_input(mc, data, parent.frame(), FALSE, call)
  o <- list(random = check_flag(random, "random", call), eform = check_flag(eform, "eform", call), ilevel = 0.95,
            olevel = 0.95, print = check_flag(print, "print", call))
  frame <- data.frame(yi = s$theta, vi = s$se^2, label = s$label, stringsAsFactors = FALSE)
  view <- metainf_view(frame, if (o$random) "D+L" else "I-V", o, if (o$eform) exp else identity, call)
  if (check_flag(graph, "graph", call)) plot(view)
  view
}

#' @rdname metainf
#' @export
metaninf <- function(..., data = NULL, subset = NULL, label = NULL, print = TRUE, format = NULL, save = NULL,
                     graph = FALSE) {
  mc <- call <- match.call()
  mc[c("graph", "print", "format", "save")] <- NULL
  mc[[1L]] <- quote(metaparity::metan)
  full <- eval(mc, parent.frame())
  used <- full$studies[is.na(full$studies$reason), , drop = FALSE]
  used$label <- used$name
  o <- full$options
  o$print <- check_flag(print, "print", call) && !o$notable
  o$format <- check_number_format(format, call)
  o$save <- check_saved_name(save, call)
  view <- metainf_view(used, full$r$method, o, if (o$ratio && !o$log || o$eform) exp else identity, call)
  if (check_flag(graph, "graph", call)) plot(view)
  view
}

metainf_view <- function(s, model, o, show, call) {
  k <- nrow(s)
  if (k < 2L) abort_input("...", "must hold at least two studies", call)
  all <- metan_pool(s, model, o)
  omitted <- omit_each(s, model, o, all)
  table <- data.frame(study = c(s$label, "Combined"), es = show(c(omitted$est, all$est)),
                      ci_low = show(c(omitted$lo, all$lo)), ci_upp = show(c(omitted$hi, all$hi)),
                      stringsAsFactors = FALSE)
  last <- table[k + 1L, ]
  r <- list(ES = last$es, ci_low = last$ci_low, ci_upp = last$ci_upp, min = min(table$es[-(k + 1L)]),
            max = max(table$es[-(k + 1L)]))
  table$influential <- table$es < last$ci_low | table$es > last$ci_upp
  new_stata_view("metainf", r, table, fit = all$fit, o, rows = s$row, call = call)
}

# format(%6.3f): a display format of Stata for the numbers of the table.
check_number_format <- function(format, call) {
  if (is.null(format)) return(NULL)
  if (!is.character(format) || length(format) != 1L || !grepl("^%[0-9]+[.][0-9]+[fg]$", format)) {
    abort_input("format", sprintf("must be a display format such as \"%%9.3f\", not %s", describe(format)), call)
  }
  format
}

# save(name[, replace]): the variable that takes the estimates without each study.
check_saved_name <- function(save, call) {
  if (is.null(save)) return(NULL)
  check_word(save, "save", call)
  name <- trimws(strsplit(save, ",", fixed = TRUE)[[1L]][1L])
  if (!grepl("^[[:alpha:]_][[:alnum:]_]*$", name)) abort_input("save", "must be the name of a variable", call)
  name
}

#' @exportS3Method
new_variables.stata_metainf <- function(view) {
  if (is.null(view$options$save)) return(new_variables.default(view))
  value <- view$table$es[-nrow(view$table)]
  list(rows = view$rows, values = stats::setNames(list(value), view$options$save), labels = list())
}

# Every model of metan can be pooled without one study.
omit_each <- function(s, model, o, all) {
  parts <- lapply(seq_len(nrow(s)), function(i) metan_pool(s[-i, , drop = FALSE], model, o))
  pick <- function(name) vapply(parts, `[[`, 0, name)
  list(est = pick("est"), lo = pick("lo"), hi = pick("hi"))
}

#' @export
format.stata_metainf <- function(x, ...) {
  if (!x$options$print) return(character())
  line <- paste0(" ", justify(cut_label(x$table$study, 18L), 18L, left = TRUE), "|")
  shown <- function(v) {
    if (is.null(x$options$format)) trimws(stata_general(as_single(v), 10L)) else
      trimws(apply_format(as_single(v), x$options$format))
  }
  line <- at_column(line, 24L, shown(x$table$es))
  line <- at_column(line, 39L, shown(x$table$ci_low))
  line <- at_column(line, 52L, shown(x$table$ci_upp))
  n <- length(line)
  head <- at_column(at_column(" Study omitted     |", 24L, "Estimate"), 39L, "[95%  Conf.  Interval]")
  c("", strrep("-", 78L), head, rule(19L, 58L), line[-n], rule(19L, 58L), line[n], strrep("-", 78L))
}

# The plot of a results set of metan 4 (saving(), clear), as its command forestplot draws it: rows by _USE, _LABELS,
# _ES,
# _LCI, _UCI and _WT. Source: help of forestplot and metan 4.08 (Fisher). Oracle: the plot of metan on the same data.

# _USE: 0 heading, 1 study, 2 excluded study, 3 subgroup, 4 and 6 text, 5 overall, 7 prediction interval.
forestplot_types <- c("heading", "study", "excluded", "subtotal", "text", "summary", "text", "prediction")

# rows: data frame of use, label, es, lo, hi, weight; left, right: named columns of text.
forestplot_view <- function(rows, left, right, o, call) {
  rows <- rows[rows$use %in% 0:7, , drop = FALSE]
  rows$type <- forestplot_types[rows$use + 1L]
  o <- utils::modifyList(list(dp = 2, texts = 100, boxsca = 100, astext = 50, ratio = FALSE, log = FALSE,
                              eform = FALSE, counts = FALSE, summaryonly = FALSE, oev = FALSE, efficacy = FALSE,
                              force = FALSE, nulloff = FALSE, classic = FALSE, nobox = FALSE, nowt = FALSE,
                              nostats = FALSE, nooverall = FALSE, nosubgroup = FALSE, ilevel = 0.95), o)
  o$ilevel <- check_stata_level(if (is.null(o$level)) 95 else o$level, "level", call)
  if (o$nooverall) rows <- rows[rows$type != "summary", , drop = FALSE]
  if (o$nosubgroup) rows <- rows[rows$type != "subtotal", , drop = FALSE]
  for (name in c("xlabel", "xtick")) check_ticks(o[[name]], name, call)
  new_stata_view("forestplot", list(k = sum(rows$type == "study")), rows, options = o, studies = rows, lcols = left,
                 rcols = right, call = list(label = TRUE))
}

#' @export
format.stata_forestplot <- function(x, ...) character()

#' @rdname stata_plots
#' @export
plot.stata_forestplot <- function(x, ...) forest(x, ...)

#' @exportS3Method forest stata_forestplot
#' @exportS3Method metafor::forest stata_forestplot
forest.stata_forestplot <- function(x, ...) {
  own <- metan_forest_options(x)
  own$style$axis$ticks <- "pretty"
  given <- list(...)
  own[names(given)] <- given
  own <- with_text_share(x, own)
  do.call(forest.metaparity, c(list(x), own), quote = TRUE)
}

#' @export
forest_rows.stata_forestplot <- function(x, options = forest_options()) {
  o <- x$options
  rows <- x$table
  block <- list(type = rows$type, label = rows$label, study = seq_len(nrow(rows)), est = rows$es, lo = rows$lo,
                hi = rows$hi, weight = rows$weight)
  text <- !rows$type %in% c("study", "subtotal", "summary", "prediction")
  for (name in c("est", "lo", "hi", "weight")) block[[name]][text] <- NA_real_
  info <- forest_info(measure = "GEN", level = 100 * o$ilevel,
                      null = if (is.null(o[["null"]])) 0 else if (o$eform) log(o[["null"]]) else o[["null"]],
                      natural = if (o$eform) exp, style = "stata",
                      names = list(stata = if (is.null(o$effect)) "Effect" else o$effect))
  info$studies <- nrow(rows)
  new_forest_rows(list(block), info, metan_extra(x))
}

# Owns meta_forestplot(): rows, columns and texts of the suite's forest plot for the one forest engine.
# Source: exported graphs of Stata 16 (texts, ticks, colours); oracle: their numbers.

#' Forest plot as Stata's meta forestplot
#'
#' @inheritParams meta_summarize
#' @param nullrefline,esrefline vertical lines at no effect and at the overall effect: `TRUE`, or Stata's words for them
#'   in one string, of which `favorsleft(text)` and `favorsright(text)` are drawn below the axis.
#' @param nooverall leave out the overall effect.
#' @param columns columns in their order, Stata's `_id`, `_data`, `_plot`, `_es`, `_ci`, `_esci`, `_weight`, `_pvalue`,
#'   or variables of the data, as strings.
#' @param customoverall a further diamond of the user: `c(es, lower, upper)` or Stata's words,
#'   `"-.7 -1 -.4, label(ML)"`.
#' @param crop limits of the axis; intervals that reach further end in an arrow.
#' @param noohetstats,noohomtest,noosigtest,nogbhomtests,noghetstats,nogwhomtests,nogsigtests leave out texts below the
#'   table, as in Stata: heterogeneity, homogeneity and significance of the whole; the test between groups; the same of
#'   groups.
#' @param nonotes leave out the footer that names the model.
#' @param draw draw the plot.
#' @param nometashow leave out the declaration of the data.
#' @return An object of classes `stata_meta_forestplot` and `stata_meta_summarize`: the analysis with `text`, the words
#'   and numbers of the graph, one element per line. `plot()` and [forest()] draw it.
#' @details Errors: `metaparity_error_input`.
#' @section Shortest forms: In stata() and stata_do() an option may be cut: `r option_forms("meta_forestplot")`.
#' @section In other software: Stata `meta forestplot`; metafor `forest()`; RevMan: forest plot.
#' @references Lewis S, Clarke M (2001). Forest plots: trying to see the wood and the trees. BMJ 322, 1479-1480.
#' @examples
#' d <- data.frame(a = c(1, 9, 2), b = c(39, 126, 198), c = c(2, 23, 7), d = c(34, 112, 193))
#' m <- meta_esize(a, b, c, d, data = d, esize = "lnrratio")
#' meta_forestplot(m, eform = TRUE, nullrefline = TRUE)$text
#' @export
meta_forestplot <- function(x, random = FALSE, fixed = FALSE, common = FALSE, subgroup = NULL, cumulative = NULL,
                            leaveoneout = FALSE, sort = NULL, predinterval = FALSE, se = NULL, tdistribution = FALSE,
                            tau2 = NULL, i2 = NULL, level = NULL, eform = FALSE, or = FALSE, rr = FALSE,
                            transform = NULL,
                            proportion = FALSE,
                            nullrefline = FALSE, esrefline = FALSE, noohetstats = FALSE, noohomtest = FALSE,
                            noosigtest = FALSE, nogbhomtests = FALSE, noghetstats = FALSE, nogwhomtests = FALSE,
                            nogsigtests = FALSE, nonotes = FALSE, nooverall = FALSE, columns = NULL,
                            customoverall = NULL,
                            crop = NULL, nometashow = FALSE, subset = NULL, draw = TRUE) {
  check_given(x)
  mc <- match.call()
  flags <- list(noohetstats = noohetstats, noohomtest = noohomtest, noosigtest = noosigtest,
                nogbhomtests = nogbhomtests,
                noghetstats = noghetstats, nogwhomtests = nogwhomtests, nogsigtests = nogsigtests, nonotes = nonotes,
                nooverall = nooverall)
  for (name in names(flags)) check_flag(flags[[name]], name, mc)
  null <- meta_refline(nullrefline, "nullrefline", mc)
  graph <- c(flags, list(nullrefline = null$drawn, favours = null$favours,
                         esrefline = meta_refline(esrefline, "esrefline", mc)$drawn,
                         columns = meta_forest_columns(columns, x, mc), customoverall = meta_custom(customoverall, mc),
                         crop = meta_crop(crop, mc)))
  analysis <- mc[!names(mc) %in% c(names(flags), "nullrefline", "esrefline", "columns", "customoverall",
                                   "crop", "draw")]
  analysis[[1L]] <- meta_summarize
  view <- eval(analysis, parent.frame())
  view$graph <- graph
  view$text <- meta_forest_text(view)
  view$call <- mc
  class(view) <- c("stata_meta_forestplot", class(view))
  if (check_flag(draw, "draw", mc)) plot(view)
  view
}

#' @export
format.stata_meta_forestplot <- function(x, ...) {
  if (x$meta$metashow && !x$options$nometashow) format_meta_show(x$meta, TRUE) else character()
}

#' @rdname stata_plots
#' @export
plot.stata_meta_summarize <- function(x, ...) forest(x, ...)

#' @exportS3Method forest stata_meta_summarize
#' @exportS3Method metafor::forest stata_meta_summarize
forest.stata_meta_summarize <- function(x, ...) {
  if (is.null(x$graph)) x$graph <- list(nullrefline = x$options$display$ratio)
  own <- list(style = meta_forest_style(x), digits = 2L)
  ticks <- meta_forest_ticks(x)
  if (!is.null(ticks)) own[c("at", "alim")] <- list(stats::setNames(ticks$at, ticks$labels), ticks$alim)
  if (!isTRUE(x$graph$nonotes)) own$note <- translate(meta_model_words(x))
  if (!isTRUE(x$graph$nullrefline)) own$refline <- NA_real_
  own$favours <- x$graph$favours
  own$columns <- x$graph$columns
  if (!is.null(x$graph$crop)) own$alim <- if (x$options$display$ratio) log(x$graph$crop) else x$graph$crop
  if (!x$options$display$name %in% c("none", "exp")) own$transf <- x$options$display$back
  given <- list(...)
  own[names(given)] <- given
  if (length(given$at) && is.null(given$alim) && !is.null(own$alim)) own$alim <- range(own$alim, given$at)
  do.call(forest.metaparity, c(list(x), own), quote = TRUE)
}

# The suite's look; the rows bring their own words below the pooled estimates.
meta_forest_style <- function(x) {
  plain <- x$kind %in% c("cumulative", "leaveoneout")
  style <- style_stata_meta(natural = TRUE, left = if (plain) "label" else c("label", "extra"),
                            right = if (plain) c("est", "extra") else c("est", "weight"))
  style["null_line"] <- list(if (isTRUE(x$graph$nullrefline)) list(col = "black", lwd = 0.75, lty = "solid"))
  style["pooled_line"] <- list(if (isTRUE(x$graph$esrefline)) list(col = "#55752F", lwd = 0.75, lty = "44"))
  style$labels[c("summary_below", "subtotal_below", "model_note")] <- list(NULL)
  style
}

# TRUE, or Stata's words for the line; favours: the texts below the axis.
meta_refline <- function(value, arg, call) {
  if (!is.character(value)) return(list(drawn = check_flag(value, arg, call)))
  check_word(value, arg, call)
  text <- function(word) {
    hit <- regmatches(value, regexec(sprintf("%s[(]([^()]*)", word), value))[[1L]]
    if (length(hit)) gsub("\"", "", strsplit(hit[2L], ",", fixed = TRUE)[[1L]][1L], fixed = TRUE) else ""
  }
  favours <- trimws(c(text("favorsleft"), text("favorsright")))
  list(drawn = TRUE, favours = if (any(nzchar(favours))) favours)
}

# customoverall(# # # [, label(text)])
meta_custom <- function(value, call) {
  if (is.null(value)) return(NULL)
  label <- "Custom"
  if (is.character(value)) {
    hit <- regmatches(value, regexec("label[(](.*?)[)]", value))[[1L]]
    if (length(hit)) label <- gsub("[\"{}]|bf:", "", hit[2L])
    value <- suppressWarnings(as.numeric(strsplit(trimws(sub(",.*$", "", value)), "[[:space:]]+")[[1L]]))
  }
  value <- check_numeric_vector(value, "customoverall", call)
  if (length(value) != 3L || anyNA(value)) abort_input("customoverall", "must be an estimate and its limits", call)
  list(value = value, label = label)
}

meta_crop <- function(value, call) {
  if (is.null(value)) return(NULL)
  if (is.character(value)) value <- suppressWarnings(as.numeric(strsplit(trimws(value), "[[:space:]]+")[[1L]]))
  value <- check_numeric_vector(value, "crop", call)
  if (length(value) != 2L || anyNA(value) || value[1L] >= value[2L])
    abort_input("crop", "must be two rising numbers", call)
  value
}

meta_column_words <- c(`_id` = "label", `_data` = "extra", `_plot` = "panel", `_es` = "est", `_esci` = "est",
                       `_ci` = "est",
                       `_weight` = "weight")

# Stata's column names and the variables of the data; a list for the engine.
meta_forest_columns <- function(columns, m, call) {
  if (is.null(columns)) return(NULL)
  if (!is.character(columns)) abort_input("columns", sprintf("must be names of columns, not %s", describe(columns)),
                                          call)
  unknown <- setdiff(columns, c(names(meta_column_words), "_pvalue", "_size", names(m$table)))
  if (length(unknown)) abort_input("columns", sprintf("has an unknown column: %s", unknown[1L]), call)
  if (!"_plot" %in% columns) columns <- c(columns, "_plot")
  made <- lapply(columns, function(name) {
    if (name %in% names(meta_column_words)) return(meta_column_words[[name]])
    forest_column(meta_column_values(name, m), header = if (name == "_pvalue") "p-value" else
                  if (name == "_size") "Size" else name)
  })
  made[!duplicated(made)]
}

meta_column_values <- function(name, m) {
  if (name == "_pvalue") return(stata_fixed(two_sided_p(m$table[["_meta_es"]] / m$table[["_meta_se"]]), 5L, 3L))
  value <- m$table[[if (name == "_size") "_meta_studysize" else name]]
  if (is.numeric(value)) trimws(stata_general(value, 9L)) else as.character(value)
}

# ---- rows for the engine --------------------------------------------------------------------------

#' @export
forest_rows.stata_meta_summarize <- function(x, options = forest_options()) {
  o <- x$options
  blocks <- switch(x$kind, subgroup = meta_group_blocks(x),
                   plain = c(list(meta_study_block(x, x$table)), meta_end_blocks(x)),
                   meta_sequence_blocks(x))
  back <- if (o$display$name == "none") NULL else o$display$back
  info <- forest_info(measure = meta_measure(x$meta), level = 100 * o$level, null = 0, random = o$model == "random",
                      natural = back, style = "stata_meta",
                      names = list(suite = meta_graph_label(x), suite_natural = meta_graph_label(x)))
  info$sequence <- x$kind %in% c("cumulative", "leaveoneout")
  info$extra_spans <- meta_cell_spans(x)
  new_forest_rows(blocks, info, meta_extra_columns(x))
}

meta_graph_label <- function(x) x$options$display$label

meta_study_block <- function(x, rows, group = NA_character_) {
  d <- x$meta$table[rows$row, ]
  z <- critical_value(x$options$level)
  es <- d[["_meta_es"]]
  se <- d[["_meta_se"]]
  list(type = "study", label = rows$label, group = group, study = rows$row, est = es, lo = es - z * se,
       hi = es + z * se,
       weight = rows$weight)
}

meta_pooled_block <- function(p, type, label, group = NA_character_) {
  list(type = type, label = label, group = group, est = p$est, lo = p$lo, hi = p$hi, Q = p$Q, df = p$df, p = p$pQ,
       I2 = if (p$df > 0L) p$I2 else NA_real_, H2 = if (p$df > 0L) p$H2 else NA_real_, tau2 = p$tau2)
}

meta_text_block <- function(text, group = NA_character_) list(type = "text", label = translate(text), group = group)

meta_end_blocks <- function(x) {
  p <- x$pool
  g <- x$graph
  common <- x$options$model == "common"
  if (isTRUE(g$nooverall)) return(meta_custom_blocks(x))
  whole <- list(meta_pooled_block(p, "summary", translate("Overall")),
       if (!is.null(x$pi)) list(type = "prediction", lo = x$pi[1L], hi = x$pi[2L]),
       if (!common && !isTRUE(g$noohetstats))
         meta_text_block(translatef("Heterogeneity: %s", meta_het_words(p, x$options, meta_sup))),
       if (!common && !isTRUE(g$noohomtest)) meta_text_block(meta_hom_words(p, meta_sup)),
       if (x$kind == "subgroup") {
         if (!isTRUE(g$nogbhomtests)) meta_text_block(meta_between_words(x$between, meta_sup))
       } else if (!isTRUE(g$noosigtest)) meta_text_block(meta_sig_words(p, meta_sup)))
  c(whole, meta_custom_blocks(x))
}

meta_custom_blocks <- function(x) {
  own <- x$graph$customoverall
  if (is.null(own)) return(NULL)
  un <- meta_unshow(x$options$display)
  list(list(type = "summary", label = own$label, est = un(own$value[1L]), lo = un(own$value[2L]),
            hi = un(own$value[3L])))
}

meta_group_blocks <- function(x) {
  several <- length(x$sets) > 1L
  common <- x$options$model == "common"
  blocks <- lapply(names(x$sets), function(variable) {
    set <- x$sets[[variable]]
    rows <- lapply(names(set$pools), function(g) {
      p <- set$pools[[g]]
      if (several) return(list(meta_pooled_block(p, "subtotal", g, g)))
      list(list(type = "heading", label = g, group = g), meta_study_block(x, x$table[x$table$group == g, ], g),
           meta_pooled_block(p, "subtotal", if (common || isTRUE(x$graph$noghetstats)) "" else NA_character_, g),
           if (!common && !isTRUE(x$graph$nogwhomtests)) meta_text_block(meta_hom_words(p, meta_sup), g))
    })
    c(if (several) list(list(type = "heading", label = variable)), unlist(rows, recursive = FALSE))
  })
  c(unlist(blocks, recursive = FALSE), meta_end_blocks(x))
}

# Cumulative and leave-one-out rows are pooled results with an interval of their own.
meta_sequence_blocks <- function(x) {
  t <- x$table
  un <- meta_unshow(x$options$display)
  ends <- list(un(t$cil), un(t$ciu))
  list(list(type = "study", label = t$label, study = seq_len(nrow(t)), est = un(t$es),
            lo = pmin(ends[[1L]], ends[[2L]]),
            hi = pmax(ends[[1L]], ends[[2L]]), size = 1))
}

# Back to the scale of analysis.
meta_unshow <- function(display) {
  switch(display$name, none = identity, exp = log, corr = , tanh = atanh, efficacy = function(v) log1p(-v),
         invlogit = stats::qlogis)
}

meta_extra_columns <- function(x) {
  cells <- meta_cells_text(x)
  if (is.null(cells)) return(NULL)
  head <- ifelse(names(cells) %in% x$ordervar, names(cells), translate(names(cells)))
  matrix(unlist(cells), ncol = length(cells), dimnames = list(NULL, head))
}

# The groups stand above the columns of their data.
meta_cell_spans <- function(x) {
  n <- if (x$kind %in% c("cumulative", "leaveoneout")) 0L else length(meta_cells_text(x))
  if (n %in% c(4L, 6L)) rep(translate(c("Treatment", "Control")), each = n / 2)
}

# The summary data of the studies as Stata prints them.
meta_cells_text <- function(x) {
  m <- x$meta
  if (x$kind %in% c("cumulative", "leaveoneout")) {
    out <- list("P-value" = stata_fixed(x$table$p, 5L, 3L))
    if (x$kind == "cumulative") out[[x$ordervar]] <- trimws(stata_general(x$table$order, 9L))
    return(out)
  }
  if (!length(m$vars) || length(x$sets) > 1L) return(NULL)
  names <- switch(as.character(length(m$vars)), "4" = c("Yes", "No", "Yes", "No"),
                  "6" = c("N", "Mean", "SD", "N", "Mean", "SD"), c("Events", "Total"))
  whole <- !names %in% c("Mean", "SD")
  text <- Map(function(v, w) {
    if (w) count_suite(v) else measured_suite(v)
  }, unname(m$vars), whole)
  stats::setNames(text, names)
}

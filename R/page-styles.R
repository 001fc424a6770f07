# Owns the looks of the plots. A style is a plain nested list; the layout reads it and never asks for
# its name. Lengths are in em of the font size. Source of Stata's look: metan 9 (Harris et al. 2008).

#' Styles of forest plots
#'
#' A style is a plain nested list of lengths, colours, texts and rules that [forest()] reads. Take one,
#' change what you want, and hand it to `forest(style = )`.
#'
#' @param ... named replacements, for example `fontsize = 10` or `box = list(fill = "steelblue")`. A list
#'   replaces only the elements it names.
#'
#' @return A list of class `forest_style`. Lengths are in em, that is, in multiples of the font size:
#' * `family`: family of fonts of all texts, as [forest()] takes it; `""` is that of the device.
#' * `fontsize`: points; `pitch`: distance of two rows; `gap`: between columns; `margin`: around the plot;
#'   `indent`: of studies in a subgroup; `panel`: width of the data panel (`natural`, `least`, `most`).
#' * `natural`: are ratios shown as such, not as logarithms; `showweights`: is there a column of weights;
#'   `pooled_weight`: do pooled rows have one.
#' * `sequence`: what differs for cumulative and leave-one-out results: parts of `box` and `ci`, and the symbol `pch`.
#' * `left`, `right`: the columns beside the panel, in order: `label`, `extra` (what `ilab` and `columns` add), `arms`,
#'   `est`, `weight`, `weight2` or any standard column of [forest_column()].
#' * `arms`: which columns `arms` has for `binary` data, `means`, `rates` and a `proportion`, the names of the `groups`,
#' and
#'   whether pooled rows show `sums`.
#' * `header`: the texts over the columns and over the `panel` (a line feed breaks a line), their `font`, the `gap`
#' below
#'   them, how many rows stay free without a heading (`empty`), and whose short words for the `effect` they use.
#' * `est`: `sprintf()` formats of estimate, lower and upper limit; `join` prints the interval as one text; with
#'   `align = "left"` all three are one text from the left. `weight`, `weight_align`: format and side; `digits`,
#'   `weight_digits`: decimals.
#' * `box`, `marker`, `ci`, `diamond`, `prediction`, `fitted`, `filled`: the marks; `order`: which lies above which. A
#'   box has an area in proportion to the weight (`rule = "area"`), or a side that grows with it (`"linear"`), and may
#'   have another colour for each kind of data (`kinds`).
#' * `rules`, `null_line`, `pooled_line`, `axis`, `shade`: lines, axis and shading. `NULL` omits one.
#' * `labels`: texts of pooled rows and of the lines below them. `{model}` (`"RE"`), `{model_long}`, `{Q}`, `{df}`,
#'   `{p}`, `{I2}`, `{H2}`, `{tau2}`, `{z}` (`{z_size}` without its sign), `{pz}`, `{group}`, `{level}`, `{scheme}`,
#'   `{effects}` and `{model_name}` are filled in by the numbers of the row, in the notation of `formats`. `^2` is a
#'   superscript, `_i` a subscript. Texts that are named `random` or `fixed` stand for such models only, those named
#'   `ungrouped` where there are no subgroups. `model_note` stands under the plot.
#' * `footer`: `lines` about the overall result and the test `between` subgroups, `"beside"` the axis or `"below"` it
#'   (`place`); `single` when there is one study; a name for the `prediction` interval where it has no row of its own.
#' * `heading_font`, `pooled_font`, `subtotal_font` (where it differs): 1 plain, 2 bold.
#' * `favours`: texts at the axis of comparisons of two arms.
#' * `between`: does the test between subgroups stand `"first"` or `"last"` among the overall rows, or in the
#' `"footer"`.
#' * `coordinates`: `"metafor"` places edges and columns in user coordinates as metafor's `forest()` does by default, as
#'   long as the texts fit there; `"own"` as the texts need it.
#' * `blank`: empty rows `before_group`, `before_summary`, `after_header` and `at_end`.
#' * `scatter`: the look of the figures with two axes ([funnel()], [radial()], the Stata graphs): sizes of text in
#' points
#'   (`pt_...`), lengths in inches, colours.
#' @details An unknown element gives an error of class `metaparity_error_input`.
#' @references Harris RJ, Bradburn MJ, Deeks JJ, et al. (2008). metan: fixed- and random-effects meta-analysis.
#'   *Stata Journal*, 8, 3-28.
#' @section In other software:
#' `style_stata()` is the graph of Stata's `metan` 9, `style_stata_meta()` that of `meta forestplot` (Stata 16 and
#' later), `style_revman()` that of Review Manager 5 and Web, `style_metafor()` that of metafor's `forest()`;
#' `style_jama()`, `style_bmj()` and `style_lancet()` follow the figures of these journals.
#' @examples
#' blue <- style_metafor(fontsize = 10, box = list(fill = "steelblue", border = "steelblue"))
#' blue$box$fill
#' @export
style_metafor <- function(...) {
  change_style(new_style(
    est = list(est = "%s", lo = "[%s,", hi = "%s]"),
    weight = "%s%%",
    left = c("label", "extra"), right = c("weight", "weight2", "est"),
    header = list(label = "Study", est = "{measure} [{level}% CI]", weight = "Weight", weight2 = "Weight", font = 2L,
                  effect = "metafor", gap = 0.95, empty = 2, est_align = "right"),
    box = list(fill = "black", border = "black", largest = 0.85, least = 0.25, rule = "area"),
    diamond = list(fill = "black", border = "black", lwd = 1, half = 0.4),
    rules = list(header = list(col = "black", lwd = 1), summary = list(col = "black", lwd = 1),
                 span = list(col = "black", lwd = 0.75)),
    null_line = list(col = "black", lwd = 1, lty = "dotted"),
    labels = list(summary = "{model_long}", summary_below = NULL,
                  subtotal = "{model_long}", subtotal_below = "Q = {Q}, df = {df}, p {p}; I^2 = {I2}%",
                  between = "Test for subgroup differences: Q = {Q}, df = {df}, p {p}",
                  prediction = "{level}% prediction interval", excluded = "Not estimable", note_random = NULL),
    footer = list(lines = "Q = {Q}, df = {df}, p {p}; I^2 = {I2}%", prediction = "{level}% prediction interval",
                  place = "beside"),
    between = "last", coordinates = "metafor",
    blank = list(before_group = 1, before_summary = 1, after_header = 0.5, at_end = 0.5),
    scatter = scatter_style_metafor()), list(...))
}

#' @rdname style_metafor
#' @export
style_stata <- function(...) {
  change_style(new_style(
    est = list(est = "%s", lo = "(%s,", hi = "%s)"),
    weight = "%s",
    left = c("label", "extra"), right = c("est", "weight", "weight2"),
    header = list(label = "Study\nID", est = "{measure} ({level}% CI)", weight = "%\nWeight", weight2 = "%\nWeight",
                  font = 1L, effect = "stata", gap = 0.35, est_align = "right"),
    natural = TRUE, showweights = TRUE,
    box = list(fill = "#B4B4B4", border = "#B4B4B4", largest = 1.5, least = 0.12, rule = "area"),
    marker = list(col = "black", half = 0.14),
    diamond = list(fill = NA, border = "#000064", lwd = 1, half = 0.4),
    ci = list(col = "black", lwd = 1, cap = 0, arrow = 0.6, arrow_half = 0.25),
    prediction = list(col = "#000064", lwd = 1, lty = "solid", cap = 0, open = TRUE),
    rules = list(header = list(col = "#C0C0C0", lwd = 1), summary = NULL),
    null_line = list(col = "black", lwd = 0.75, lty = "solid"),
    pooled_line = list(col = "#800000", lwd = 0.75, lty = "44"),
    axis = list(ticks = "limits", format = format_tick_stata, col = "black", lwd = 1, tick = 0.4, title = FALSE,
                size = 1,
                title_size = 1),
    formats = list(Q = "%.2f", I2 = "%.1f", H2 = "%.2f", tau2 = "%.4f", z = "%.2f", p = "%.3f", p_least = 0,
                   missing = ".", decimal = "."),
    order = c("shade", "line", "fitted", "box", "ci", "marker", "prediction", "diamond"),
    labels = list(summary = "Overall  (I-squared = {I2}%, p {p})", summary_below = NULL,
                  subtotal = "Subtotal  (I-squared = {I2}%, p {p})", subtotal_below = NULL,
                  between = "Heterogeneity between groups: p {p}",
                  prediction = "with estimated predictive interval", excluded = "(Excluded)",
                  note_random = "NOTE: Weights are from random effects analysis"),
    heading_font = 1L, pooled_font = 1L, indent = 0,
    blank = list(before_group = 1, before_summary = 1, after_header = 0.5, at_end = 0.4),
    scatter = scatter_style_stata()), list(...))
}

# What the styles share; `...` replaces whole elements.
new_style <- function(...) {
  base <- list(
    family = "", fontsize = 9, pitch = 1.6, gap = 1.4, margin = 1, indent = 1,
    panel = list(natural = 22, least = 14, most = 50),
    left = "label", right = "est", header = NULL, est = NULL, weight = "%s", digits = 2L, weight_digits = 2L,
    arms = list(binary = c("events", "total"), means = c("mean", "sd", "total"), rates = c("events", "time"),
                proportion = c("events", "total"), groups = c("Experimental", "Control"), sums = TRUE),
    footer = NULL, favours = NULL,
    box = NULL, marker = NULL,
    ci = list(col = "black", lwd = 1, cap = 0.2, arrow = 0.6, arrow_half = 0.25),
    diamond = NULL,
    prediction = list(col = "black", lwd = 1, lty = "dotted", cap = 0.2, open = FALSE),
    fitted = list(fill = "grey80", border = "grey80", half = 0.4),
    filled = list(fill = "white", border = "black"),
    rules = NULL, null_line = NULL, pooled_line = NULL,
    axis = list(ticks = "pretty", col = "black", lwd = 1, tick = 0.4, title = TRUE, size = 1, title_size = 1),
    formats = list(Q = "%.2f", I2 = "%.1f", H2 = "%.2f", tau2 = "%.4f", z = "%.2f", p = "%.3f", p_least = 0.001,
                   missing = "NA", decimal = "."),
    labels = NULL, shade = "grey92", heading_font = 2L, pooled_font = 1L, subtotal_font = NULL,
    text_col = "black", note_size = 0.9,
    main_size = 1.2, blank = NULL, scatter = NULL, natural = FALSE, showweights = FALSE, pooled_weight = TRUE,
    between = "first",
    coordinates = "own", sequence = NULL, weight_align = "right",
    order = c("shade", "line", "fitted", "ci", "marker", "prediction", "box", "diamond"))
  given <- list(...)
  base[names(given)] <- given
  structure(base, class = "forest_style")
}

change_style <- function(style, change) {
  if (!length(change)) return(style)
  unknown <- setdiff(names(change), names(style))
  if (length(unknown) || is.null(names(change))) {
    abort_input(if (length(unknown)) unknown[1L] else "...",
                sprintf("must be an element of the style: %s", paste(names(style), collapse = ", ")))
  }
  for (name in names(change)) {
    new <- change[[name]]
    old <- style[[name]]
    check_style_element(new, old, name)
    if (is.list(new) && is.list(old)) old[names(new)] <- new
    style[name] <- list(if (is.list(new) && is.list(old)) old else new)
  }
  style
}

styles <- function() {
  list(metafor = style_metafor, stata = style_stata, stata_meta = style_stata_meta, revman = style_revman,
       jama = style_jama, bmj = style_bmj, lancet = style_lancet)
}

# A style object, or the name of one; the font size may be replaced.
resolve_style <- function(style, fontsize = NULL, call = NULL) {
  if (is.character(style)) style <- styles()[[check_choice(style, names(styles()), "style", call)]]()
  if (!inherits(style, "forest_style")) {
    abort_input("style", sprintf("must be a style such as style_stata(), or its name, not %s", describe(style)), call)
  }
  if (!is.null(fontsize)) style$fontsize <- check_number(fontsize, "fontsize", 2, 72, call)
  style
}

# What arguments of forest() change in a style.
fitted_style <- function(style, options) {
  # A size of 1 is R's 12 points.
  if (!is.null(options$cex)) style$fontsize <- 12 * options$cex
  em <- style$fontsize / 72
  if (!is.null(options$colgap)) style$gap <- length_in_inches(options$colgap, "colgap") / em
  if (!is.null(options$plotwidth)) {
    style$panel[c("natural", "least", "most")] <- length_in_inches(options$plotwidth, "plotwidth") / em
  }
  if (!is.null(options$spacing)) style$pitch <- style$pitch * options$spacing
  if (!is.null(options$cex.axis)) style$axis$size <- 12 * options$cex.axis / style$fontsize
  if (!is.null(options$cex.lab)) style$axis$title_size <- 12 * options$cex.lab / style$fontsize
  if (!is.null(options$est_format)) style$est <- options$est_format
  if (!is.null(options$lwd)) style$ci$lwd <- style$prediction$lwd <- options$lwd
  if (!is.null(options$plim) && !is.null(style$box)) {
    # metafor's points of size 1 are 0.6 em wide.
    style$box$plim <- 0.6 * options$plim
  }
  if (options$predstyle != "line") style$labels$prediction <- "Prediction Interval"
  if (!is.null(options$mlab)) {
    style$labels["summary_below"] <- list(NULL)
    if (has_metafor_places(style)) style$footer$lines <- NULL
  }
  style
}

# Pooled rows of metafor's look have what is told about them in the footer, or, where there are several, below each.
told_below <- function(style, rows) {
  if (!has_metafor_places(style)) return(style)
  if (sum(rows$type %in% c("subtotal", "summary")) > 1L) {
    told <- !is.null(style$footer$lines)
    style["footer"] <- list(NULL)
    if (told && is.null(style$labels$summary_below)) style$labels["summary_below"] <- style$labels["subtotal_below"]
  } else if (!is.null(style$labels$summary_below)) {
    style$footer$lines <- NULL
  }
  style
}

# Does the style stand in metafor's user coordinates?
has_metafor_places <- function(style) identical(style$coordinates, "metafor")

# Inches of "2mm", "1.5 cm" or a grid unit.
length_in_inches <- function(value, arg) {
  unit <- c(mm = 1 / 25.4, cm = 1 / 2.54, "in" = 1, inch = 1, inches = 1, pt = 1 / 72.27, points = 1 / 72.27)
  text <- as.character(value)
  known <- sprintf("^ *([0-9.]+) *(%s) *$", paste(names(unit), collapse = "|"))
  if (length(text) != 1L || !grepl(known, text)) {
    abort_input(arg, sprintf("must be a length with its unit, one of %s, for example \"2mm\", not %s",
                             toString(names(unit)), describe(value)))
  }
  as.numeric(sub(known, "\\1", text)) * unit[[sub(known, "\\2", text)]]
}

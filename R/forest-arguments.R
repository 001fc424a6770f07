# Owns the one table of argument names that forest() takes from metafor's forest() and meta's forest(), and what each
# becomes here.

# package: whose argument; ours: our argument; becomes: value -> a list of our arguments, by default the value itself
# under the name `ours`; remark: what is different.
foreign_argument <- function(package, ours, becomes = NULL, remark = "") {
  if (is.null(becomes)) becomes <- function(value) stats::setNames(list(value), ours)
  list(package = package, ours = ours, becomes = becomes, remark = remark)
}

same_argument <- function(package, name, remark = "") foreign_argument(package, name, NULL, remark)

# A title of the axis, or with two or three texts also what stands at its ends.
axis_words <- function(value) {
  value <- as_label(value)
  switch(min(length(value), 4L), list(xlab = value), list(favours = value),
         list(xlab = value[2L], favours = value[c(1L, 3L)]), list(xlab = value))
}

interval_symbols <- function(value) {
  value <- as.character(value)
  if (length(value) < 3L) abort_input("annosym", "must be at least three texts")
  minus <- if (length(value) > 3L) value[4L]
  list(minus = minus, est_format = list(est = "%s", lo = paste0(trimws(value[1L]), "%s", sub(" +$", "", value[2L])),
                         hi = paste0("%s", trimws(value[3L]))))
}

check_tabular_figures <- function(value) {
  check_choice(as.character(value), as.character(0:3), "tabfig")
  list()
}

meta_layouts <- c(RevMan5 = "revman", RevMan = "revman", JAMA = "jama", BMJ = "bmj", Lancet = "lancet",
                  meta = "metafor", subgroup = "metafor")

foreign_arguments <- list(
  xlim = same_argument("metafor", "xlim", "user coordinates of the outer edges of the texts"),
  ylim = same_argument("metafor", "ylim", "user coordinates; more room is made where the rows need it"),
  olim = same_argument("metafor", "olim"),
  clim = foreign_argument("metafor", "olim", remark = "the older name of olim"),
  addcred = foreign_argument("metafor", "addpred", remark = "the older name of addpred"),
  rows = same_argument("metafor", "rows"),
  top = same_argument("metafor", "top", "free rows above the first study"),
  steps = same_argument("metafor", "steps"),
  ilab.lab = same_argument("metafor", "ilab.lab"),
  ilab.xpos = same_argument("metafor", "ilab.xpos", "user coordinates; the scale grows until the columns fit"),
  ilab.pos = same_argument("metafor", "ilab.pos"),
  textpos = same_argument("metafor", "textpos", "user coordinates of labels and annotation"),
  predstyle = foreign_argument("metafor", "predstyle", function(value) list(predstyle = value, addpred = TRUE)),
  preddist = same_argument("metafor", "preddist"),
  predlim = same_argument("metafor", "predlim"),
  shade = same_argument("metafor", "shade", "numbers are heights, as those of rows"),
  colshade = same_argument("metafor", "colshade"),
  lty = same_argument("metafor", "lty", "of intervals, prediction intervals, rules"),
  lwd = same_argument("metafor, meta", "lwd"),
  efac = same_argument("metafor", "efac"),
  pch = same_argument("metafor", "pch"),
  psize = same_argument("metafor", "psize"),
  plim = same_argument("metafor", "plim"),
  col = same_argument("metafor", "col"),
  border = same_argument("metafor", "border"),
  colout = same_argument("metafor", "colout"),
  colci = same_argument("metafor", "colci"),
  fonts = same_argument("metafor", "fonts"),
  family = foreign_argument("metafor", "fonts"),
  cex = same_argument("metafor, meta", "cex"),
  cex.lab = same_argument("metafor", "cex.lab"),
  cex.axis = same_argument("metafor", "cex.axis"),
  annosym = foreign_argument("metafor", "est_format", interval_symbols),
  targs = same_argument("metafor", "targs"),
  subset = same_argument("metafor", "subset"),
  xlab = foreign_argument("metafor, meta", "xlab, favours", axis_words, "two or three texts are also Favours labels"),
  width = same_argument("metafor", "width", "least width of the annotation's numbers in digits"),
  tabfig = foreign_argument("metafor", "", function(value) check_tabular_figures(value),
                            "numbers are aligned whatever the font"),
  rowadj = same_argument("metafor", "rowadj", "rows that labels, annotation and ilab are raised by"),
  studlab = foreign_argument("meta", "slab"),
  sortvar = foreign_argument("meta", "order"),
  ref = foreign_argument("meta", "refline"),
  prediction = foreign_argument("meta", "addpred"),
  overall = same_argument("meta", "overall",
                          "without the overall estimate; groups keep theirs and the test between them"),
  subgroup = same_argument("meta", "subgroup", "without the estimates of groups, or of those that are FALSE"),
  label.left = foreign_argument("meta", "favours", function(value) list(favours_left = as_label(value))),
  label.right = foreign_argument("meta", "favours", function(value) list(favours_right = as_label(value))),
  text.random = foreign_argument("meta", "mlab"),
  text.common = foreign_argument("meta", "mlab"),
  layout = foreign_argument("meta", "style", function(value) {
    list(style = meta_layouts[[check_choice(value, names(meta_layouts), "layout")]])
  }),
  backtransf = foreign_argument("meta", "atransf", function(value) list(natural = check_flag(value, "backtransf"))),
  col.square = foreign_argument("meta", "colout"),
  col.study = foreign_argument("meta", "colci"),
  col.diamond = foreign_argument("meta", "col"),
  col.diamond.lines = foreign_argument("meta", "border"),
  fontfamily = foreign_argument("meta", "fonts"),
  spacing = same_argument("meta", "spacing", "times the style's distance of rows"),
  colgap = same_argument("meta", "colgap", "a length such as \"2mm\""),
  plotwidth = same_argument("meta", "plotwidth", "a length such as \"6cm\""))

#' Arguments of other packages in forest()
#'
#' The argument names of metafor's `forest()` and of meta's `forest()` that [forest()] takes besides its own, and what
#' each becomes.
#'
#' @return A data frame with the columns `argument`, `package`, `ours` (our argument; empty when there is nothing to
#'   do) and `remark`.
#' @details The names of [graphics::par()] are taken, too; those without a meaning for the layout (`mgp`, `yaxs`, ...)
#'   have no effect. Any other name in a call of [forest()] gives a warning of class `metaparity_warning_unknown`.
#'   There are no errors of its own.
#' @section In other software: metafor: `?forest.rma`. meta: `?forest.meta`.
#' @examples
#' head(forest_arguments())
#' @export
forest_arguments <- function() {
  pick <- function(name) vapply(foreign_arguments, `[[`, "", name)
  data.frame(argument = names(foreign_arguments), package = pick("package"), ours = pick("ours"),
             remark = pick("remark"), stringsAsFactors = FALSE, row.names = NULL)
}

# Names that metafor hands on to plot() and axis(), and that mean nothing in a layout that measures itself.
graphical_parameters <- c("adj", "ann", "ask", "bg", "bty", "cex.main", "cex.sub", "col.axis", "col.lab",
                          "col.main", "col.sub",
                          "crt", "err", "fg", "font", "font.axis", "font.lab", "font.main", "font.sub", "lab",
                          "las", "lend", "lheight", "ljoin", "lmitre", "mai", "mar", "mex", "mgp", "oma", "omi", "omd",
                          "pin", "plt", "ps", "pty", "smo", "srt", "tck", "tcl", "xaxp", "xaxs", "xaxt", "xpd",
                          "yaxp", "yaxs", "yaxt", "ylbias", "axes", "sub", "frame.plot")

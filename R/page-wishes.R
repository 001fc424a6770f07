# Owns what every plot verb understands in `...`: base graphics' words for sizes, axes and boxes, which change the look;
# and arguments of a plot that may name columns of the fit's data.

# Words of par() and plot() with a place in a look.
graphic_words <- c("main", "lwd", "cex", "cex.lab", "cex.axis", "cex.main", "las", "bty", "xaxt", "yaxt")

# `style` as the words in `further` want it; words beyond these and `known` are reported.
wished_style <- function(style, further, known = character(), call = NULL) {
  warn_unknown(setdiff(names(further), c(graphic_words, known, "seed")), call)
  check_kinds(further[intersect(names(further), c(graphic_words, known))], call)
  sizes <- c(cex = "point_cex", cex.lab = "pt_axis_title", cex.axis = "pt_tick", cex.main = "pt_title")
  for (word in intersect(names(further), setdiff(names(sizes), known))) {
    # Symbols may vanish, texts may not.
    style[[sizes[[word]]]] <- style[[sizes[[word]]]] *
      check_number(further[[word]], word, if (word == "cex") 0 else 0.01, 20, call)
  }
  if (!is.null(further$lwd)) style$line_lwd <- check_number(further$lwd, "lwd", 0.01, 50, call)
  if (!is.null(further$las)) style$y_horizontal <- further$las %in% 1:2
  if (!is.null(further$bty)) style$frame <- switch(as.character(further$bty), l = , L = "L", n = "none", "box")
  style$hidden_axes <- c("x", "y")[c(identical(further$xaxt, "n"), identical(further$yaxt, "n"))]
  style
}

# The look in which a size of 1 is that of points(): for plots whose result gives the sizes.
exact_sizes <- function(style) {
  style$point_cex <- 1
  style
}

# Stata's names of colours, symbols, patterns and sizes, and what boxopt(), pointopt(), diamopt(), ciopt() and
# olineopt() of metan and metaprop change in the look of a forest plot. Source: Stata's Graphics manual, colorstyle,
# symbolstyle, linepatternstyle; help of metan 3.04 and 4.08. Oracle: the layout's own colours and sizes.

stata_colour_names <- c(
  navy = "#1A476F", maroon = "#90353B", forest_green = "#55752F", dkorange = "#E37E00", teal = "#6E8E84",
  cranberry = "#C10534",
  lavender = "#938DD2", khaki = "#CAC27E", sienna = "#A0522D", emidblue = "#7B92A8", emerald = "#2D6D66",
  brown = "#9C8847",
  erose = "#BFA19C", gold = "#FFD200", bluishgray = "#D9E6EB", black = "#000000", white = "#FFFFFF", red = "#FF0000",
  blue = "#0000FF", green = "#008000", lime = "#00FF00", yellow = "#FFFF00", cyan = "#00FFFF", magenta = "#FF00FF",
  orange = "#FF7F00", purple = "#800080", pink = "#FF0080", gray = "#808080", grey = "#808080", dimgray = "#696969",
  olive_teal = "#C0DCC0", ltblue = "#ADD8E6", ltbluishgray = "#EAF2F3", midblue = "#0080FF", midgreen = "#00C000",
  mint = "#98FF98", olive = "#6B8E23", orange_red = "#FF4500", sand = "#D7D29E", sandb = "#FAEBD7", stone = "#D7D7C1",
  dkgreen = "#006000", dknavy = "#1E2D53", ebblue = "#008BBC", edkblue = "#3E647D", eltblue = "#82C0E9",
  eltgreen = "#A0B9A7",
  eggshell = "#F6F5EE", ltkhaki = "#E6E0B4", teal_ = "#6E8E84", stblue = "#1A85FF", stred = "#D41159",
  stgreen = "#00BF7F",
  styellow = "#FFD400")

# A colour: a name, gs0 to gs16, "r g b", with *# for intensity and %# for opacity.
stata_colour <- function(text, default = NA) {
  text <- trimws(gsub("\"", "", c(text, "")[1L], fixed = TRUE))
  if (!nzchar(text)) return(default)
  part <- regmatches(text, regexec("^(.*?)(\\*([0-9.]+))?(%([0-9]+))?$", text, perl = TRUE))[[1L]]
  base <- plain_colour(trimws(part[2L]), default)
  if (is.na(base)) return(base)
  if (nzchar(part[4L])) base <- lightened(base, as.numeric(part[4L]))
  if (nzchar(part[6L])) base <- grDevices::adjustcolor(base, as.numeric(part[6L]) / 100)
  base
}

plain_colour <- function(name, default) {
  if (name %in% names(stata_colour_names)) return(stata_colour_names[[name]])
  if (grepl("^gs([0-9]|1[0-6])$", name)) {
    level <- min(as.numeric(substring(name, 3L)) * 16, 255)
    return(grDevices::rgb(level, level, level, maxColorValue = 255))
  }
  rgb <- suppressWarnings(as.numeric(strsplit(name, "\\s+")[[1L]]))
  if (length(rgb) == 3L && !anyNA(rgb)) return(grDevices::rgb(rgb[1L], rgb[2L], rgb[3L], maxColorValue = 255))
  if (name %in% c("none", "transparent")) return(NA)
  if (!nzchar(name) || name %in% c("foreground", "background", "=", ".")) return(default)
  warn_input(name, "is no colour that is known here; the scheme's own is drawn")
  default
}

# Intensity below 1 goes towards white, above 1 towards black.
lightened <- function(colour, intensity) {
  v <- grDevices::col2rgb(colour)[, 1L]
  out <- floor((if (intensity <= 1) 255 - (255 - v) * intensity else v / intensity) + 0.5)
  grDevices::rgb(out[1L], out[2L], out[3L], maxColorValue = 255)
}

stata_symbol_codes <- c(O = 19, D = 18, T = 17, S = 15, circle = 19, diamond = 18, triangle = 17, square = 15, Oh = 1,
                        Dh = 5,
                        Th = 2, Sh = 0, circle_hollow = 1, diamond_hollow = 5, triangle_hollow = 2, square_hollow = 0,
                        "+" = 3, plus = 3, X = 4, x = 4, point = 46, p = 46, none = NA, i = NA)

# list(pch, cex) of a symbol; small letters are small symbols.
stata_symbol <- function(text, default) {
  text <- plain_words(c(text, "")[1L])[1L]
  if (is.na(text)) return(list(pch = default, cex = 1))
  if (grepl("^sm", text)) return(list(pch = c(stata_symbol_codes[sub("^sm", "", text)], default)[[1L]], cex = 0.7))
  if (text %in% names(stata_symbol_codes)) return(list(pch = stata_symbol_codes[[text]], cex = 1))
  small <- paste0(toupper(substr(text, 1L, 1L)), substring(text, 2L))
  if (small %in% names(stata_symbol_codes)) return(list(pch = stata_symbol_codes[[small]], cex = 0.7))
  list(pch = default, cex = 1)
}

stata_patterns <- c(solid = "solid", dash = "44", dot = "13", dash_dot = "4414", shortdash = "22",
                    shortdash_dot = "2212",
                    longdash = "84", longdash_dot = "8414", blank = "blank")

stata_pattern <- function(text, default = "solid") {
  word <- gsub("\"", "", plain_words(c(text, "")[1L])[1L])
  if (is.na(word) || !word %in% names(stata_patterns)) default else stata_patterns[[word]]
}

stata_sizes <- c(none = 0, vvvthin = 0.1, vvthin = 0.2, vthin = 0.4, thin = 0.6, medthin = 0.8, medium = 1,
                 medthick = 1.6, thick = 2.4,
                 vthick = 4, vvthick = 6, vvvthick = 8, zero = 0, tiny = 0.3, vtiny = 0.2, vsmall = 0.6, small = 0.8,
                 medsmall = 0.9, medlarge = 1.2, large = 1.4, vlarge = 1.7, huge = 2.2, vhuge = 3, ehuge = 5,
                 half_tiny = 0.2)

# The words of a text, between blanks.
plain_words <- function(text) {
  words <- strsplit(trimws(text), "\\s+")[[1L]]
  words[nzchar(words)]
}

# A size of lines or symbols: a word, *#, or a number.
stata_size <- function(text, default = 1) {
  word <- plain_words(c(text, "")[1L])[1L]
  if (is.na(word)) return(default)
  if (word %in% names(stata_sizes)) return(stata_sizes[[word]])
  number <- suppressWarnings(as.numeric(sub("^[*]", "", sub("pt$", "", word))))
  if (is.na(number)) default else if (startsWith(word, "*")) default * number else number
}

# ---- parts of the forest plot ------------------------------------------------------------------

# "mcolor(red) msize(*2)" as named texts.
part_words <- function(text) {
  if (is.null(text) || !is.character(text)) return(list())
  hits <- regmatches(text, gregexpr("[a-z_]+[0-9]*\\s*\\([^()]*\\)", paste(text, collapse = " ")))[[1L]]
  stats::setNames(as.list(trimws(sub("^[^(]*\\((.*)\\)$", "\\1", hits))), trimws(sub("\\(.*$", "", hits)))
}

# A part of the style with the colour, width and pattern that are asked for; NULL when it is not to be seen.
line_part <- function(look, words, arg, colour = "col") {
  own <- words[["lcolor"]] %||% words[["lc"]] %||% words[["mcolor"]] %||% words[["color"]]
  if (!is.null(own)) look[[colour]] <- stata_colour(own, look[[colour]])
  if (is.na(look[[colour]])) return(NULL)
  width <- words[["lwidth"]] %||% words[["lw"]]
  if (!is.null(width)) look$lwd <- look$lwd * stata_size(width)
  pattern <- words[["lpattern"]] %||% words[["lp"]]
  if (!is.null(pattern)) {
    if (is.null(look$lty)) warn_input(arg, "lpattern() has no effect here") else look$lty <- stata_pattern(pattern)
  }
  idle_looks(words, c("lcolor", "lc", "mcolor", "color", "lwidth", "lw", "lpattern", "lp"), arg)
  look
}

# Words that change nothing here are named.
idle_looks <- function(words, known, arg) {
  idle <- setdiff(names(words), known)
  if (length(idle)) warn_input(arg, sprintf("%s() has no effect here", idle[1L]))
}

hidden_symbol <- function(words) gsub("\"", "", words[["msymbol"]] %||% words[["ms"]] %||% "") %in% c("none", "i")

box_part <- function(box, text) {
  words <- part_words(text)
  if (!length(words) || is.null(box)) return(box)
  own <- words[["mcolor"]] %||% words[["mc"]] %||% words[["color"]]
  if (!is.null(own)) box[c("fill", "border")] <- stata_colour(own, box$fill)
  if (!is.null(words[["mfcolor"]])) box$fill <- stata_colour(words[["mfcolor"]], box$fill)
  edge <- words[["mlcolor"]] %||% words[["lcolor"]]
  if (!is.null(edge)) box$border <- stata_colour(edge, box$border)
  idle_looks(words, c("mcolor", "mc", "color", "mfcolor", "mlcolor", "lcolor", "msymbol", "ms"), "boxopt")
  if (hidden_symbol(words) || is.na(box$fill) && is.na(box$border)) NULL else box
}

marker_part <- function(marker, text) {
  words <- part_words(text)
  if (!length(words) || is.null(marker)) return(marker)
  own <- words[["mcolor"]] %||% words[["mc"]] %||% words[["color"]]
  if (!is.null(own)) marker$col <- stata_colour(own, marker$col)
  size <- words[["msize"]] %||% words[["msiz"]]
  if (!is.null(size)) marker$half <- marker$half * stata_size(size)
  idle_looks(words, c("mcolor", "mc", "color", "msize", "msiz", "msymbol", "ms"), "pointopt")
  if (hidden_symbol(words) || is.na(marker$col)) NULL else marker
}

diamond_part <- function(diamond, text) {
  words <- part_words(text)
  if (!length(words)) return(diamond)
  fill <- words[["fcolor"]] %||% words[["fc"]]
  if (!is.null(fill)) diamond$fill <- stata_colour(fill, diamond$fill)
  line_part(diamond, words[!names(words) %in% c("fcolor", "fc")], "diamopt", "border") %||% diamond
}

style_with_looks <- function(style, o) {
  style["box"] <- list(box_part(style$box, o$boxopt))
  style["marker"] <- list(marker_part(style$marker, o$pointopt))
  style$diamond <- diamond_part(style$diamond, o$diamopt)
  ci <- part_words(o$ciopt)
  if (length(ci)) style$ci <- line_part(style$ci, ci, "ciopt") %||% utils::modifyList(style$ci, list(lwd = 0))
  line <- part_words(o$olineopt)
  if (length(line)) style["pooled_line"] <- list(line_part(style$pooled_line, line, "olineopt"))
  style
}

# astext(): the percentage of the graph's width that the texts take; the rest is the plot. 50, the default, leaves the
# width to the plot.
text_share_width <- function(x, own, astext) {
  if (is.null(astext) || identical(as.numeric(astext), 50)) return(NULL)
  lay <- do.call(forest_layout, c(list(x), own), quote = TRUE)
  texts <- lay$width - (lay$panel[["right"]] - lay$panel[["left"]])
  sprintf("%.4fin", max(texts * (100 - astext) / astext, 0.5))
}

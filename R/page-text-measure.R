# Owns how a string becomes runs of one family, size and rise, and how wide it is in inches on the
# open device. pdf() and postscript() have no font fallback: there, East Asian characters are drawn
# with the CID families that R declares for them, run by run. Everywhere else the device falls back.

# ---- scripts ----------------------------------------------------------------------------------

is_ascii <- function(x) !grepl("[^ -~]", x, perl = TRUE, useBytes = TRUE)

# Han, kana, hangul, bopomofo, CJK punctuation and full-width forms.
is_wide_code <- function(code) {
  (code >= 0x1100 & code <= 0x11ff) | (code >= 0x2e80 & code <= 0x9fff) | (code >= 0xac00 & code <= 0xd7af) |
    (code >= 0xf900 & code <= 0xfaff) | (code >= 0xfe30 & code <= 0xfe4f) | (code >= 0xff00 & code <= 0xffef) |
    (code >= 0x20000 & code <= 0x2ffff)
}

# One element per string: does it hold an East Asian character?
has_cjk <- function(x) {
  x <- enc2utf8(as.character(x))
  out <- !is.na(x) & !is_ascii(x)
  out[out] <- vapply(x[out], function(s) any(is_wide_code(utf8ToInt(s))), NA, USE.NAMES = FALSE)
  out
}

# R's CID family for a string: kana decide for Japanese, hangul for Korean; Han that GB 2312 lacks and
# Big5 has is traditional Chinese; everything else is set in the simplified Chinese family.
cjk_family <- function(x) {
  code <- utf8ToInt(enc2utf8(x))
  if (any((code >= 0x3041 & code <= 0x30fa) | (code >= 0x30fc & code <= 0x30ff))) return("Japan1")
  if (any((code >= 0xac00 & code <= 0xd7af) | (code >= 0x1100 & code <= 0x11ff))) return("Korea1")
  if (!encodable(x, "GB2312") && encodable(x, "BIG5")) return("CNS1")
  "GB1"
}

family_encoding <- c(GB1 = "GBK", CNS1 = "BIG5", Japan1 = "EUC-JP", Korea1 = "CP949")

encodable <- function(x, encoding) !is.na(suppressWarnings(iconv(x, "UTF-8", encoding)))

# ---- runs -------------------------------------------------------------------------------------

script_size <- 0.7
superscript_rise <- 0.33
subscript_rise <- -0.18

# One row per run: id (the string it belongs to), text, family ("" is the device's), rel (size
# relative to the string's), rise (in em). With `markup`, "^2" is a superscript and "_i" or "_{HW}" a subscript. East
# Asian parts are runs of their own on every device: cairo shifts the baseline of a string that mixes two fonts.
text_runs <- function(text, markup = FALSE, plain = is_plain_device()) {
  text <- enc2utf8(as.character(text))
  text[is.na(text)] <- ""
  math <- is_math(text)
  # Tabulators and other control characters have no shape in any font.
  text[!math] <- gsub("[\001-\011\013-\037\177]", " ", text[!math])
  markup <- rep_len(markup, length(text)) & grepl(script_mark, text, perl = TRUE) & !math
  if (plain) text[!math] <- ascii_punctuation(text[!math])
  simple <- math | !markup & if (plain) is_ascii(text) | encodable(text, "latin1") else !has_cjk(text)
  out <- new_runs(which(simple), text[simple])
  for (i in if (plain) which(is_math(out$text) & has_cjk(out$text))) out$family[i] <- cjk_family(out$text[i])
  if (all(simple)) return(out)
  parts <- remembered_runs(text[!simple], markup[!simple], plain)
  pick <- function(name) unlist(lapply(parts, `[[`, name), use.names = FALSE)
  id <- rep(which(!simple), vapply(parts, function(part) length(part$text), 0L))
  out <- rbind(out, new_runs(id, pick("text"), pick("family"), pick("script")))
  out[order(out$id), , drop = FALSE]
}

new_runs <- function(id, text, family = "", script = "") {
  n <- length(text)
  if (is.null(text)) text <- character()
  script <- rep_len(if (is.null(script)) "" else script, n)
  if (is.null(family)) family <- ""
  data.frame(id = rep_len(id, n), text = text, family = rep_len(family, n),
             rel = ifelse(nzchar(script), script_size, 1),
             rise = ifelse(script == "^", superscript_rise, ifelse(script == "_", subscript_rise, 0)),
             stringsAsFactors = FALSE)
}

# A layout measures each string several times; how it splits depends on string and kind of device only.
known_runs <- new.env(parent = emptyenv())

remembered_runs <- function(text, markup, plain) {
  key <- paste0(if (plain) "p" else "c", ifelse(markup, "m", "t"), text)
  # R's names have at most 10,000 bytes.
  if (any(nchar(key, "bytes") > 9999L)) return(Map(split_runs, text, markup, plain))
  new <- which(!duplicated(key) & !vapply(key, exists, NA, envir = known_runs, inherits = FALSE))
  if (length(known_runs) + length(new) > 20000L) {
    rm(list = ls(known_runs, all.names = TRUE), envir = known_runs)
    new <- which(!duplicated(key))
  }
  for (i in new) assign(key[i], split_runs(text[i], markup[i], plain), known_runs)
  mget(key, known_runs)
}

# text, family and script ("^" or "_") of the runs of one string.
split_runs <- function(text, markup, plain) {
  pieces <- if (markup) split_scripts(text) else list(text = text, script = "")
  parts <- lapply(pieces$text, if (plain) split_families else split_wide)
  size <- vapply(parts, function(part) length(part$text), 0L)
  list(text = unlist(lapply(parts, `[[`, "text"), use.names = FALSE),
       family = unlist(Map(function(part, n) rep_len(part$family, n), parts, size), use.names = FALSE),
       script = rep(pieces$script, size))
}

script_mark <- "\\^[0-9]+|_[a-z](?![A-Za-z0-9])|[_^]\\{[^{}]+\\}"

split_scripts <- function(text) {
  at <- gregexpr(script_mark, text, perl = TRUE)[[1L]]
  inside <- regmatches(text, list(at))[[1L]]
  outside <- regmatches(text, list(at), invert = TRUE)[[1L]]
  pieces <- script <- character(length(inside) + length(outside))
  raised <- seq_along(pieces) %% 2L == 0L
  pieces[!raised] <- outside
  pieces[raised] <- gsub("[{}]", "", substring(inside, 2L))
  script[raised] <- substring(inside, 1L, 1L)
  keep <- nzchar(pieces)
  list(text = pieces[keep], script = script[keep])
}

split_wide <- function(text) {
  code <- utf8ToInt(text)
  runs <- rle(is_wide_code(code))
  id <- rep(seq_along(runs$values), runs$lengths)
  list(text = unname(vapply(split(code, id), intToUtf8, "")), family = "")
}

# What an 8-bit font lacks goes to the CID family when its encoding has it, else to ASCII.
split_families <- function(text) {
  chars <- strsplit(text, "")[[1L]]
  if (!length(chars)) return(list(text = "", family = ""))
  latin <- is_ascii(chars)
  latin[!latin] <- encodable(chars[!latin], "latin1")
  family <- if (all(latin)) "GB1" else cjk_family(paste(chars[!latin], collapse = ""))
  cid <- !latin
  cid[cid] <- encodable(chars[cid], family_encoding[[family]])
  lost <- !latin & !cid
  chars[lost] <- plain_latin(chars[lost])
  runs <- rle(cid)
  id <- rep(seq_along(runs$values), runs$lengths)
  list(text = unname(vapply(split(chars, id), paste, "", collapse = "")), family = ifelse(runs$values, family, ""))
}

# Dashes, the minus sign and curly quotes are wide or missing in the CID fonts.
ascii_punctuation <- function(text) {
  text <- gsub("[\u2010-\u2015\u2212]", "-", text)
  text <- gsub("[\u2018\u2019]", "'", text)
  gsub("[\u201c\u201d]", "\"", text)
}

# ---- measuring --------------------------------------------------------------------------------

points_to_cex <- function(size) size / (graphics::par("ps") * graphics::par("cex"))

# Width in inches of each string at `size` points on the open device, on which a plot must have begun.
text_width <- function(text, size, font = 1L, markup = FALSE) {
  n <- length(text)
  if (!n) return(numeric())
  text <- as.character(text)
  size <- rep_len(size, n)
  font <- rep_len(font, n)
  markup <- rep_len(markup, n)
  key <- paste(text, size, font, markup, sep = "\r")
  once <- which(!duplicated(key))
  runs <- text_runs(text[once], markup[once])
  runs$width <- run_width(runs, size[once][runs$id], font[once][runs$id])
  total <- numeric(length(once))
  sums <- rowsum(runs$width, runs$id)
  total[as.integer(rownames(sums))] <- sums
  total[match(key, key[once])]
}

run_width <- function(runs, size, font) {
  out <- numeric(nrow(runs))
  cex <- points_to_cex(size * runs$rel)
  family <- run_families(runs)
  for (group in split(seq_along(out), paste(family, font, cex, is_math(runs$text)))) {
    i <- group[1L]
    out[group] <- graphics::strwidth(run_labels(runs$text[group]), units = "inches", cex = cex[i], font = font[i],
                                     family = family[i])
  }
  out
}

# The family of the page, but another one for letters that the vector fonts and the symbol font lack, for which no
# device falls back to another font. Of what is not ASCII vector fonts draw the bytes.
run_families <- function(runs) {
  own <- graphics::par("family")
  out <- ifelse(nzchar(runs$family), runs$family, own)
  if (own == "symbol" || startsWith(own, "Hershey")) {
    out[!nzchar(runs$family) & !is_math(runs$text) & !is_ascii(runs$text)] <- "sans"
  }
  out
}

# ---- drawing ----------------------------------------------------------------------------------

# Text at user coordinates. `hadj` 0, .5 or 1; `vadj` is the height of the anchor above the baseline in
# em (.35 centres a line on y, 0 is the baseline); `srt` is 0 or 90.
draw_text <- function(x, y, text, size, hadj = 0, vadj = 0.35, col = "black", font = 1L, markup = FALSE, srt = 0) {
  n <- length(text)
  if (!n) return(invisible())
  at <- list(x = rep_len(graphics::grconvertX(x, "user", "inches"), n),
             y = rep_len(graphics::grconvertY(y, "user", "inches"), n))
  runs <- lay_runs(text, rep_len(size, n), rep_len(hadj, n), rep_len(vadj, n), rep_len(font, n), markup)
  turn <- if (srt == 90) list(x = -runs$up, y = runs$along) else list(x = runs$along, y = runs$up)
  runs$x <- graphics::grconvertX(at$x[runs$id] + turn$x, "inches", "user")
  runs$y <- graphics::grconvertY(at$y[runs$id] + turn$y, "inches", "user")
  draw_runs(runs, rep_len(col, n)[runs$id], srt)
}

# Runs with their offset from the anchor in inches along and across the line.
lay_runs <- function(text, size, hadj, vadj, font, markup = FALSE) {
  runs <- text_runs(text, markup)
  runs$size <- size[runs$id] * runs$rel
  runs$font <- font[runs$id]
  single <- !duplicated(runs$id) & !duplicated(runs$id, fromLast = TRUE)
  runs$hadj <- ifelse(single, hadj[runs$id], 0)
  runs$along <- numeric(nrow(runs))
  runs$up <- (runs$rise - vadj[runs$id]) * size[runs$id] / 72
  math <- which(is_math(runs$text))
  runs$up[math] <- runs$up[math] - math_depth(runs$text[math], points_to_cex(runs$size[math]), runs$font[math])
  many <- which(!single)
  if (!length(many)) return(runs)
  width <- run_width(runs[many, ], size[runs$id[many]], runs$font[many])
  before <- stats::ave(width, runs$id[many], FUN = function(w) cumsum(w) - w)
  total <- stats::ave(width, runs$id[many], FUN = sum)
  runs$along[many] <- before - hadj[runs$id[many]] * total
  runs
}

draw_runs <- function(runs, col, srt = 0) {
  cid <- nzchar(runs$family)
  if (any(has_cjk(runs$text[cid]))) inform_not_embedded()
  family <- run_families(runs)
  cex <- points_to_cex(runs$size)
  key <- paste(family, runs$font, cex, runs$hadj, col, is_math(runs$text), sep = "\r")
  for (group in split(seq_len(nrow(runs)), factor(key, unique(key)))) {
    i <- group[1L]
    draw <- function(family) {
      graphics::text(runs$x[group], runs$y[group], run_labels(runs$text[group]), adj = c(runs$hadj[i], 0), cex = cex[i],
                     font = runs$font[i], family = family, col = col[i], srt = srt, xpd = NA)
    }
    if (cid[i]) draw_cid(draw, family[i]) else draw(family[i])
  }
  invisible()
}

# postscript() draws only with the families it was opened with.
draw_cid <- function(draw, family) {
  tryCatch(draw(family), error = function(e) {
    warning(warningCondition(sprintf(paste(
      "this %s() device was opened without the family \"%s\" that some labels need:",
      "open it with fonts = \"%s\", or use save_forest() or cairo_ps()"), names(grDevices::dev.cur()), family, family),
      family = family, class = c("metaparity_warning_font", "metaparity_warning"), call = NULL))
    suppressWarnings(draw(graphics::par("family")))
  })
}

# ---- wrapping ---------------------------------------------------------------------------------

# Lines of one string that are at most `width` inches wide. Breaks at spaces and between East Asian
# characters, never before closing punctuation; a word wider than a line is broken where the line ends. Plotmath
# stays whole.
wrap_text <- function(text, width, size, font = 1L, markup = FALSE) wrap_texts(text, width, size, font, markup)[[1L]]

# The same of many strings, which are measured together: a list with the lines of each.
wrap_texts <- function(text, width, size, font = 1L, markup = FALSE) {
  out <- as.list(text)
  long <- which(nzchar(text) & !is_math(text))
  long <- long[text_width(text[long], size, font, markup) > width]
  if (!length(long)) return(out)
  measure <- function(x) text_width(sub(" +$", "", x), size, font, markup)
  tokens <- break_words(lapply(text[long], break_points), width, size, measure)
  known <- unique(unlist(tokens))
  wide <- stats::setNames(measure(known), known)
  space <- text_width("o o", size, font, markup) - text_width("oo", size, font, markup)
  # Words kern with their neighbours: where a line comes out too wide, all lines of that string are filled less.
  for (share in c(1, 0.96, 0.9, 0.8)) {
    out[long] <- lapply(tokens, function(token) fill_lines(token, wide[token], space, width * share))
    count <- lengths(out[long])
    over <- tapply(text_width(unlist(out[long]), size, font, markup), rep(seq_along(long), count), max) > width
    tokens <- tokens[over]
    long <- long[over]
    if (!length(long)) break
  }
  out
}

# Words wider than a line become characters; where not two of them fit into a line, they stay.
break_words <- function(tokens, width, size, measure) {
  if (width <= size / 24) return(tokens)
  known <- unique(unlist(tokens))
  broken <- known[measure(known) > width]
  if (!length(broken)) return(tokens)
  lapply(tokens, function(token) {
    unlist(Map(function(word, wide) if (wide) strsplit(word, "")[[1L]] else word, token, token %in% broken),
           use.names = FALSE)
  })
}

# Tokens one after the other, each on the line before it as long as there is room.
fill_lines <- function(token, wide, space, width) {
  spaces <- (nchar(token) - nchar(sub(" +$", "", token))) * space
  line <- integer(length(token))
  at <- 0
  for (i in seq_along(token)) {
    fresh <- i == 1L || at + wide[i] > width
    line[i] <- if (i == 1L) 1L else line[i - 1L] + fresh
    at <- (if (fresh) 0 else at) + wide[i] + spaces[i]
  }
  sub(" +$", "", vapply(split(token, line), paste, "", collapse = "", USE.NAMES = FALSE))
}

closing_codes <- utf8ToInt("\uff0c\u3002\u3001\uff1b\uff1a\uff1f\uff01\uff09\u300b\u300d\u3011\u201d\u2019,.;:?!)]%")

# The spaces before and after =, < and >: "P = 0.03" stays on one line.
beside_relation <- function(code) {
  n <- length(code)
  if (n < 2L) return(rep(FALSE, n))
  relation <- code %in% utf8ToInt("=<>\u2264\u2265")
  space <- code == 32L
  before <- space & c(relation[-1L], FALSE)
  after <- space & c(FALSE, relation[-n])
  before | after | relation & c(space[-1L], FALSE)
}

break_points <- function(text) {
  code <- utf8ToInt(enc2utf8(text))
  n <- length(code)
  wide <- is_wide_code(code)
  after <- code == 32L | wide | c(wide[-1L], FALSE)
  stays <- c(code[-1L] %in% c(closing_codes, 32L), FALSE) | beside_relation(code)
  starts <- c(TRUE, (after & !stays)[-n])
  unname(vapply(split(code, cumsum(starts)), intToUtf8, ""))
}

# Paragraphs about an analysis for a paper: what a text is, how it prints, its references. The sentences stand in
# door-methods-text.R and door-results-text.R, their Chinese in inst/translations.

# sentences: character, in order; keys: entries of inst/REFERENCES.bib that they cite. The text is plain; as it stands
# in
# a document, with labels that are no markup, it is the attribute `markup`.
new_text <- function(sentences, keys = character(), lang = getOption("metaparity.lang", "en")) {
  sentences <- sentences[!is.na(sentences) & nzchar(sentences)]
  if (lang == "zh") sentences <- gsub("; (LRT[(])", "\uff1b\\1", gsub(", P ([<=])", "\uff0cP \\1", sentences))
  markup <- paste(sentences, collapse = if (lang == "zh") "" else " ")
  structure(plain_markdown(markup), keys = unique(keys), markup = markup, class = c("metaparity_text", "character"))
}

text_markup <- function(text) attr(text, "markup", exact = TRUE) %||% escape_markdown(unclass(text))

# A mark of citation where `cite` asks for them.
cited <- function(keys, cite) {
  check_flag(cite, "cite")
  if (cite && length(keys)) sprintf(" [%s]", paste0("@", keys, collapse = "; ")) else ""
}

#' @rdname methods_text
#' @export
print.metaparity_text <- function(x, ...) {
  text <- as.vector(unclass(x))
  if (!l10n_info()[["UTF-8"]]) text <- gsub("\u03c4\u00b2", "tau2", gsub("I\u00b2", "I2", text, fixed = TRUE),
                                            fixed = TRUE)
  cat(if (grepl("[\u4e00-\u9fff]", text)) text else strwrap(text, 0.9 * getOption("width")), sep = "\n")
  invisible(x)
}

#' @rdname methods_text
#' @exportS3Method knitr::knit_print
knit_print.metaparity_text <- function(x, ...) {
  text <- text_markup(x)
  knitr::asis_output(paste0(if (knitr::is_latex_output()) greek_as_math(text) else text, "\n"))
}

# LaTeX's usual fonts have no Greek letters outside of formulas.
greek_as_math <- function(text) {
  letters <- c("\u03c4" = "tau", "\u03c3" = "sigma", "\u03b3" = "gamma", "\u03c7" = "chi")
  for (letter in names(letters)) text <- gsub(paste0(letter, "(\u00b2?)"), sprintf("$\\\\%s\\1$", letters[[letter]]),
                                              text)
  gsub("\u00b2[$]", "^2$", text)
}

#' @rdname methods_text
#' @importFrom utils toBibtex
#' @export
toBibtex.metaparity_text <- function(object, ...) {
  entries <- bibliography()
  structure(unname(entries[intersect(attr(object, "keys"), names(entries))]), class = "Bibtex")
}

# The entries of the package's bibliography, by their keys.
bibliography <- function() {
  lines <- readLines(system.file("REFERENCES.bib", package = "metaparity"), encoding = "UTF-8")
  lines <- lines[startsWith(lines, "@")]
  stats::setNames(lines, sub("^@[a-z]+\\{([^,]+),.*$", "\\1", lines))
}

# Numbers of a text: on the natural scale of the measure, with as many decimals as it is usual to print, and as many as
# show the estimate.
text_numbers <- function(x, digits, estimate = x$beta) {
  scale <- natural_scale(x$measure, ni = x$ni)
  info <- measure_info(x$measure %||% "GEN")
  back <- function(v) vapply(as.numeric(v), function(one) as.numeric(if (is.null(scale)) one else scale$fun(one)), 0)
  digits <- text_places(back(estimate), digits)
  list(show = function(v) text_fixed(back(v), digits), plain = function(v) text_fixed(v, digits),
       effect = text_measure(info, !is.null(scale)))
}

# Decimals that show two significant digits of the largest of some values; what is 0 but for rounding has none.
text_places <- function(x, digits) {
  size <- max(0, abs(x[is.finite(x)]))
  if (size < 1e-12) digits else max(digits, min(1L - floor(log10(size)), 13L))
}

# Fixed decimals without a negative zero.
text_fixed <- function(x, digits) sub("^-(0([.]0*)?)$", "\\1", format_fixed(x, digits))

# The name of a measure within a sentence; names of people keep their capitals.
text_measure <- function(info, natural = FALSE) {
  label <- if (natural) info$natural_label else info$label
  if (label %in% c("Observed Outcome", "Estimate")) return(own_text(translate("effect")))
  if (getOption("metaparity.lang", "en") != "en") return(own_text(translate(label)))
  lower <- gsub("\\b([A-Z])([a-z]+)", "\\L\\1\\2", label, perl = TRUE)
  own_text(gsub("\\b([a-z])(?=isher|ule's|reeman|ukey|ronbach|eto\\b)", "\\U\\1", lower, perl = TRUE))
}

# Words of the user's, safe in Markdown and in no language but their own.
own_label <- function(x) own_text(escape_markdown(x))

# Chinese papers write P.
text_p <- function(p, digits = 3L) {
  out <- format_p_document(p, digits, sentence = TRUE)
  own_text(if (getOption("metaparity.lang", "en") == "zh") sub("^p", "P", out) else out)
}

# Degrees of freedom: whole, or to one decimal.
text_df <- function(df) if (df == round(df)) format(df) else format_fixed(df, 1L)
text_level <- function(x) format(100 * (1 - x$level))

# Text as it reads once the marks that keep labels from being markup are resolved.
plain_markdown <- function(text) {
  text <- gsub("&#8203;", "", text, fixed = TRUE)
  codes <- unique(unlist(regmatches(text, gregexpr("&#[0-9]+;", text))))
  for (code in codes) text <- gsub(code, intToUtf8(as.integer(gsub("[^0-9]", "", code))), text, fixed = TRUE)
  gsub("&amp;", "&", text, fixed = TRUE)
}

# "A", "A and B", "A, B and C" in the language of the text.
text_list <- function(words) {
  words <- escape_markdown(words)
  n <- length(words)
  own_text(if (n < 2L) words else paste0(paste(words[-n], collapse = translate(", ")), translate(" and "), words[n]))
}

# Owns the language of what is drawn and printed: one table per language, inst/translations/<lang>.csv (UTF-8), from the
# English text to its translation. Placeholders are sprintf()'s (%s, %d, %.2f) or the styles' ({model}). A text that was
# filled in already is found by the template it was made from, but only where that is sure: what fills its holes is a
# text of the table, a number or a sign. The column `holes` says where else a hole is filled by the user: "own" (never
# translated), or by the user or the package: "any".

# A character vector (or a list of them) in the language `lang`; what the table lacks comes back unchanged.
translate <- function(text, lang = getOption("metaparity.lang", "en")) {
  lang <- check_language(lang)
  if (inherits(text, "own_text")) return(unclass(text))
  if (lang == "en") return(text)
  if (is.list(text) && !is.object(text)) {
    text[] <- lapply(text, translate, lang = lang)
    return(text)
  }
  if (!is.character(text)) return(text)
  table <- translations(lang)
  found <- unname(table$words[text])
  open <- which(is.na(found) & !is.na(text) & grepl("[A-Za-z]", text))
  found[open] <- vapply(text[open], translate_filled, "", table = table, USE.NAMES = FALSE)
  text[!is.na(found)] <- found[!is.na(found)]
  text
}

# What the user wrote, or names of the user's, which no language changes; other text may be a text of the table by
# chance.
own_text <- function(text) {
  if (is.numeric(text)) text <- format(text)
  if (is.character(text)) structure(text, class = "own_text") else text
}

# sprintf() with a translated format; arguments that are text are translated too.
translatef <- function(format, ..., lang = getOption("metaparity.lang", "en")) {
  do.call(sprintf, c(list(translate(format, lang)), lapply(list(...), translate, lang = lang)))
}

# Evaluates `code` with another language as the default; NULL keeps the one that is set.
with_language <- function(lang, code) {
  if (is.null(lang)) return(code)
  old <- options(metaparity.lang = check_language(lang))
  on.exit(options(old))
  code
}

languages <- function() {
  files <- list.files(system.file("translations", package = "metaparity"), "\\.csv$")
  c("en", sub("\\.csv$", "", files))
}

# "zh_CN", "zh-Hans" and "zh_CN.UTF-8" are "zh".
check_language <- function(lang, arg = "lang", call = NULL) {
  if (identical(lang, "en")) return(lang)
  if (is.character(lang) && length(lang) == 1L && !is.na(lang) && validUTF8(lang))
    lang <- tolower(sub("[-_.].*", "", lang))
  check_choice(lang, languages(), arg, call)
}

translation_tables <- new.env(parent = emptyenv())

# words: translations named by their texts; templates: those with placeholders, as patterns of the filled text.
translations <- function(lang) {
  if (is.null(translation_tables[[lang]])) {
    file <- system.file("translations", paste0(lang, ".csv"), package = "metaparity", mustWork = TRUE)
    assign(lang, read_translations(file), translation_tables)
  }
  translation_tables[[lang]]
}

read_translations <- function(file) {
  table <- utils::read.csv(file, colClasses = "character", encoding = "UTF-8", na.strings = character())
  words <- stats::setNames(table$translation, table$text)
  open <- grepl(placeholder, table$text)
  templates <- table[open, , drop = FALSE]
  templates$pattern <- vapply(templates$text, template_pattern, "", USE.NAMES = FALSE)
  # The most specific template first.
  fixed <- nchar(gsub(placeholder, "", templates$text))
  list(words = words, templates = templates[order(-fixed), , drop = FALSE])
}

placeholder <- "%(?:[0-9]+\\$)?[-+0-9.]*[sdfgi]|\\{[A-Za-z0-9_]+\\}"

template_pattern <- function(template) {
  fixed <- strsplit(paste0(template, " "), placeholder, perl = TRUE)[[1L]]
  fixed[length(fixed)] <- sub(" $", "", fixed[length(fixed)])
  holes <- regmatches(template, gregexpr(placeholder, template, perl = TRUE))[[1L]]
  filler <- ifelse(grepl("^%.*[di]$", holes), "(-?[0-9]+)", ifelse(grepl("^%.*[fg]$", holes), "(-?[0-9.]+)", "(.*?)"))
  quoted <- gsub("([][{}()*+?.\\\\^$|])", "\\\\\\1", gsub("%%", "%", fixed, fixed = TRUE))
  paste0("^", paste0(quoted, c(filler, ""), collapse = ""), "$")
}

# A text without an entry of its own: the translation of its template with the same pieces in it; NA if there is none.
translate_filled <- function(text, table) {
  if (grepl("\n", text, fixed = TRUE)) return(translate_lines(text, table))
  for (i in seq_len(nrow(table$templates))) {
    template <- table$templates[i, ]
    found <- regmatches(text, regexec(template$pattern, text, perl = TRUE))[[1L]]
    if (length(found) == 0L || (template$holes == "" && !all(are_known(found[-1L], table)))) next
    pieces <- if (template$holes == "own") found[-1L] else translate_pieces(found[-1L], table)
    return(refill(template, pieces))
  }
  NA_character_
}

# Texts of the table, and numbers, signs and names of statistics. Numbers side by side are a row of a table, and what
# stands before them is a label of the user's.
are_known <- function(pieces, table) {
  left <- gsub(statistic_names, "", gsub(placeholder, "", pieces, perl = TRUE), perl = TRUE)
  row <- grepl("[0-9%] +[-+]?[.]?[0-9]", pieces)
  !is.na(table$words[trimws(pieces)]) | !grepl("[A-Za-z]{2,}", left) & !row
}

statistic_names <- paste0("(?<![A-Za-z])([A-Z][A-Z0-9]{1,6}|tau[0-9]?|theta|chi2?|df[12]?|sei|vi|ni|inf|Inf|NaN|exp|",
                          "log|se|val|Kendall)(?![A-Za-z])")

translate_lines <- function(text, table) {
  lines <- strsplit(text, "\n", fixed = TRUE)[[1L]]
  own <- unname(table$words[lines])
  open <- which(is.na(own) & nzchar(lines))
  own[open] <- vapply(lines[open], translate_filled, "", table = table, USE.NAMES = FALSE)
  paste(ifelse(is.na(own), lines, own), collapse = "\n")
}

# Blanks around a piece, which align printed columns, stay.
translate_pieces <- function(pieces, table) {
  own <- unname(table$words[trimws(pieces)])
  blanks <- sub("[^ ].*$", "", pieces)
  ifelse(is.na(own), pieces, paste0(blanks, own))
}

refill <- function(template, pieces) {
  holes <- function(text) regmatches(text, gregexpr(placeholder, text, perl = TRUE))[[1L]]
  from <- holes(template$text)
  to <- holes(template$translation)
  named <- startsWith(to, "{")
  index <- match(to, from)
  plain <- which(!named)
  number <- sub("^%([0-9]+)\\$.*", "\\1", to[plain])
  index[plain] <- ifelse(grepl("^[0-9]+$", number), suppressWarnings(as.integer(number)), seq_along(plain))
  out <- template$translation
  regmatches(out, gregexpr(placeholder, out, perl = TRUE)) <- list(pieces[index])
  gsub("%%", "%", out, fixed = TRUE)
}

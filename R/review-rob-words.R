# Owns the recognition of judgements: words and signs, English and Chinese, of a user's table -> levels of a tool.

# In lower case, full-width signs as ASCII, dashes and crosses of all kinds as one, without blanks and marks around.
plain_word <- function(text) {
  text <- enc2utf8(as.character(text))
  text[!validUTF8(text)] <- "\ufffd"
  text <- gsub("[\uff0d\u2212\u2013\u2014\u2010\u2011\ufe63]", "-", text)
  text <- chartr("\uff0b\u2713\u2714\u00d7\u2715\u2717\u2718\uff1f\uff01\uff0f\u3000\u00a0\u2019", "+++xxxx?!/  '",
                 text)
  text <- gsub("[_[:space:]]+", " ", tolower(text))
  bare <- gsub("\uff08[^\uff09]*\uff09|[(][^)]*[)]", "", text)
  text <- ifelse(grepl("[^[:space:]]", bare), bare, text)
  text <- gsub("^[[:space:](\\[\"']+|[[:space:])\\].,;:\"'\u3002\uff0c\uff1b\uff08\uff09]+$", "", text, perl = TRUE)
  trimws(text)
}

# Without the words that all judgements of a tool share: "low risk of bias" and its Chinese kin are "low".
bare_word <- function(word) {
  out <- gsub("\\b(risk of bias|risk|of bias|for bias|bias|rob|regarding applicability|about applicability|concerns?|level)\\b", " ", word)
  out <- gsub(paste0("\u504f\u501a\u98ce\u9669|\u98ce\u9669\u504f\u501a|\u504f\u501a|\u504f\u5dee|\u98ce\u9669|\u5371\u9669|",
                     "\u9002\u7528\u6027|\u7a0b\u5ea6|\u7684|\u7ea7\u522b"), "", out)
  out <- trimws(gsub(" +", " ", out))
  sub("^(\u9ad8|\u4f4e|\u4e2d)\u5ea6$", "\\1", out)
}

blank_words <- c("", "na", "n/a", "not assessed", "not judged", "not applicable", "none", "\u672a\u8bc4\u4ef7",
                 "\u672a\u8bc4\u4f30",
                 "\u672a\u8bc4", "\u4e0d\u9002\u7528", "\u7f3a\u5931")

# Levels of the words of a tool; NA for blank cells, and "" for what is no judgement.
recognise_judgements <- function(values, tool) {
  words <- plain_word(values)
  out <- rep("", length(words))
  out[is.na(values)] <- NA
  for (read in list(identity, bare_word)) {
    open <- which(out == "")
    out[open] <- level_of_words(read(words[open]), tool)
  }
  blank <- which(out == "" & (words %in% blank_words))
  out[blank] <- NA
  middle <- middle_dash(words, tool)
  if (!is.null(middle)) out[words %in% "-"] <- middle
  out
}

level_of_words <- function(words, tool) {
  signs <- stats::setNames(tool$levels$level, plain_word(tool$levels$symbol))
  signs <- signs[nchar(names(signs)) == 1L & !duplicated(names(signs))]
  known <- stats::setNames(rep(names(tool$words), lengths(tool$words)), unlist(tool$words, use.names = FALSE))
  found <- signs[words]
  found[is.na(found)] <- known[words][is.na(found)]
  if (tool$name == "rob1") found[is.na(found)] <- old_words[words][is.na(found)]
  unname(ifelse(is.na(found), "", found))
}

# Judgements of Cochrane's first tool as they were called until 2011.
old_words <- c(yes = "low", y = "low", adequate = "low", "\u662f" = "low", no = "high", n = "high", inadequate = "high",
               "\u5426" = "high")

# Beside crosses for the worst of three levels, as some programs write them, a dash is the middle one.
middle_dash <- function(words, tool) {
  if (nrow(tool$levels) != 3L || !"x" %in% words || "?" %in% words) return(NULL)
  tool$levels$level[2L]
}

# Numbers of stars: digits, stars, or a sum such as "2/4"; NA for blank cells and NaN for what is none.
recognise_stars <- function(values, most) {
  text <- gsub("[[:space:]]", "", plain_word(values))
  out <- rep(NaN, length(text))
  out[is.na(values) | text %in% setdiff(blank_words, "none")] <- NA
  starred <- grepl("^[*\u2605\u2606\u2b50\u22c6]+$", text)
  out[starred] <- nchar(gsub("\u2606", "", text[starred]))
  number <- grepl("^[0-9]+(/[0-9]+)?(stars?|\u661f|\u5206|\u9897\u661f)?$", text)
  out[number] <- as.numeric(sub("^([0-9]+).*$", "\\1", text[number]))
  out[!is.na(out) & out > most] <- NaN
  out
}

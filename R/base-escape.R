# Labels of strangers in documents: every character that Markdown, knitr, HTML or LaTeX reads as markup is written as a
# character reference, which pandoc turns into the plain character for every format. A backslash would not do: knitr
# runs `r code` behind one.

escape_markdown <- function(x) {
  x <- gsub("[[:cntrl:]]+", " ", as.character(x))
  codes <- c(38L, 92L, 96L, 42L, 95L, 123L, 125L, 91L, 93L, 60L, 62L, 35L, 33L, 124L, 126L, 94L, 36L, 64L)
  for (code in codes) {
    text <- gsub(intToUtf8(code), if (code == 38L) "&amp;" else sprintf("&#%d;", code), x, fixed = TRUE)
    x <- if (code == 35L) escape_hash(x) else text
  }
  x <- gsub("://", "&#58;//", x, fixed = TRUE)
  gsub("^(\\s*)([-+=])", "\\1&#8203;\\2", gsub("\\bwww[.]", "www&#46;", x))
}

# The sign that stands in the references themselves.
escape_hash <- function(x) gsub("(?<!&)#", "&#35;", x, perl = TRUE)

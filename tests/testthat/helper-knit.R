# The value of `code` as in a document of that format; blanks that do not break are blanks.
in_document <- function(code, format = "html") {
  old <- knitr::opts_knit$get("rmarkdown.pandoc.to")
  on.exit(knitr::opts_knit$set(rmarkdown.pandoc.to = old))
  knitr::opts_knit$set(rmarkdown.pandoc.to = format)
  gsub("&nbsp;", " ", force(code), fixed = TRUE)
}

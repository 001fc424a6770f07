# Rscript readme.R write|check: runs the example of README.md with the installed package. `write` puts its output
# and its figure into place; `check` fails when the output in README.md is not what the example prints.
mode <- commandArgs(TRUE)[1L]
text <- readLines("README.md", encoding = "UTF-8")
open <- which(text == "```r")
code_at <- open[match(TRUE, text[open + 1L] == "library(metaparity)")]
closing <- which(text == "```")
code_end <- closing[closing > code_at][1L]
code <- text[(code_at + 1L):(code_end - 1L)]
output_at <- which(text == "```text")[1L]
output_end <- closing[closing > output_at][1L]

run_example <- function(code) {
  old <- setwd(tempdir())
  on.exit(setwd(old))
  options(width = 100)
  printed <- utils::capture.output(for (call in parse(text = code)) {
    result <- withVisible(eval(call, globalenv()))
    if (result$visible) print(result$value)
  })
  list(printed = gsub("[\u2018\u2019]", "'", sub(" +$", "", printed)), figure = normalizePath("forest.png"))
}
shorten <- function(lines) {
  lines <- lines[nzchar(lines) | c(TRUE, nzchar(lines[-length(lines)]))]
  if (!nzchar(lines[1L])) lines[-1L] else lines
}
made <- run_example(code)
printed <- shorten(made$printed)
if (mode == "write") {
  dir.create("man/figures", showWarnings = FALSE, recursive = TRUE)
  file.copy(made$figure, "man/figures/README-forest.png", overwrite = TRUE)
  writeLines(enc2utf8(c(text[seq_len(output_at)], printed, text[output_end:length(text)])), "README.md",
             useBytes = TRUE)
} else if (!identical(printed, text[seq_len(output_end - output_at - 1L) + output_at])) {
  writeLines(printed)
  stop("the output in README.md is not what its example prints: run tools/readme-figure", call. = FALSE)
}

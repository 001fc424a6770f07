# Knits the templates of the installed package with their example data, each in a fresh folder; `html`, `word` or `pdf`.
# The last line is `counts: <knitted> <failed>`; what shows markup, an error or nothing counts as failed.
arguments <- commandArgs(TRUE)
out <- arguments[1L]
formats <- arguments[-1L]
shown <- function(file) {
  html <- paste(readLines(file, encoding = "UTF-8", warn = FALSE), collapse = "\n")
  gsub("<[^>]+>", " ", gsub("(?s)<(style|script|head)\\b.*?</\\1>", " ", html, perl = TRUE))
}
text_of <- function(file) {
  if (grepl("html$", file)) return(shown(file))
  if (grepl("pdf$", file)) return(paste(suppressWarnings(system2("pdftotext", c(shQuote(file), "-"), stdout = TRUE)), collapse = "\n"))
  page <- tempfile(fileext = ".html")
  rmarkdown::pandoc_convert(normalizePath(file), to = "html", output = page)
  shown(page)
}
knit <- function(name, format) {
  folder <- file.path(out, format, name)
  dir.create(folder, recursive = TRUE, showWarnings = FALSE)
  file <- file.path(folder, "report.Rmd")
  unlink(file)
  rmarkdown::draft(file, name, "metaparity", create_dir = FALSE, edit = FALSE)
  page <- rmarkdown::render(file, paste0(format, "_document"), quiet = TRUE, envir = new.env())
  text <- text_of(page)
  wrong <- unlist(regmatches(text, gregexpr("Error in|&amp;#|\\[@[a-z]+|\\bNA\\b|\\^2\\^|tau\\^2|NULL", text)))
  if (length(wrong) || nchar(text) < 500) stop("shows ", paste(unique(wrong), collapse = ", "))
}
names <- list.files(system.file("rmarkdown", "templates", package = "metaparity"))
jobs <- expand.grid(name = names, format = formats, stringsAsFactors = FALSE)
failed <- parallel::mclapply(seq_len(nrow(jobs)), mc.cores = if (.Platform$OS.type == "unix") min(2L, length(names)) else 1L,
                             mc.preschedule = FALSE, function(i) {
  tryCatch({
    knit(jobs$name[i], jobs$format[i])
    NULL
  }, error = function(e) sprintf("   %s (%s): %s", jobs$name[i], jobs$format[i], conditionMessage(e)))
})
failed <- unlist(failed)
if (length(failed)) writeLines(failed)
cat(sprintf("counts: %d %d\n", nrow(jobs) - length(failed), length(failed)))

# Rscript run.R [folder] [en|zh]: analyses the probiotics review and writes logs, figures, tables and report.html there.
given <- commandArgs(trailingOnly = TRUE)
folder <- if (length(given)) given[1L] else "probiotics-report"
lang <- if (length(given) > 1L) match.arg(given[2L], c("en", "zh")) else "en"
dir.create(folder, recursive = TRUE, showWarnings = FALSE)
folder <- normalizePath(folder, winslash = "/")
library(metaparity)
if (!requireNamespace("rmarkdown", quietly = TRUE) || !rmarkdown::pandoc_available()) {
  stop("report.html needs the R package rmarkdown and pandoc; tools/setup installs both")
}
source_of <- tempfile("probiotics")
dir.create(source_of)
copied <- file.copy(system.file("probiotics", "report.Rmd", package = "metaparity"), source_of)
options(metaparity.probiotics = list(folder = folder, lang = lang))
rmarkdown::render(file.path(source_of, "report.Rmd"), output_file = file.path(folder, "report.html"),
                  intermediates_dir = source_of, quiet = TRUE, envir = new.env())
unlink(source_of, recursive = TRUE)
cat("written:", file.path(folder, "report.html"), "\n")

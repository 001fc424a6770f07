# What a fresh R process prints that attaches packages in this order and runs these lines; the installed package is met.
fresh_lines <- function(lines, packages) {
  skip_on_cran()
  skip_if_not_installed("metafor")
  home <- dirname(find.package("metaparity"))
  skip_if_not(file.exists(file.path(home, "metaparity", "Meta", "package.rds")), "installed package needed")
  script <- tempfile(fileext = ".R")
  on.exit(unlink(script))
  writeLines(c(sprintf(".libPaths(c(%s, .libPaths()))", deparse(home)),
               sprintf("suppressPackageStartupMessages(library(%s))", packages), lines), script)
  suppressWarnings(system2(file.path(R.home("bin"), "Rscript"), c("--vanilla", shQuote(script)), stdout = TRUE,
                           stderr = TRUE))
}

library(testthat)
library(metaparity)

# Comparisons with other packages take minutes: CRAN's machines run what needs none of them, tools/test everything.
files <- list.files("testthat", "^test-.*[.]R$", full.names = TRUE)
compares <- function(file) any(grepl("metafor|metadat|meta::|\"meta\"", readLines(file, encoding = "UTF-8")))
chosen <- if (identical(Sys.getenv("NOT_CRAN"), "true")) files else Filter(Negate(compares), files)
stems <- sub("^test-(.*)[.]R$", "\\1", basename(chosen))
test_check("metaparity", filter = paste0("^(", paste(stems, collapse = "|"), ")$"))

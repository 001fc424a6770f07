library(testthat)
library(metaparity)

# tools/test runs every file. CRAN's machines are asked for little: the rooms of the numbers, without the comparisons
# with other packages.
files <- list.files("testthat", "^test-.*[.]R$", full.names = TRUE)
compares <- function(file) any(grepl("metafor|metadat|meta::|\"meta\"", readLines(file, encoding = "UTF-8")))
numbers <- grep("test-(base|effect|model|analysis)-", files, value = TRUE)
chosen <- if (identical(Sys.getenv("NOT_CRAN"), "true")) files else Filter(Negate(compares), numbers)
stems <- sub("^test-(.*)[.]R$", "\\1", basename(chosen))
test_check("metaparity", filter = paste0("^(", paste(stems, collapse = "|"), ")$"))

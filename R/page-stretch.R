# How much further apart than its style says the rows of a forest plot stand: a page of a given shape asks for it.

row_stretch <- new.env(parent = emptyenv())

with_stretch <- function(factor, code) {
  old <- row_stretch$factor
  row_stretch$factor <- factor
  on.exit(row_stretch$factor <- old)
  force(code)
}

# Made data of the kinds that RevMan's files hold.
example_review <- function() read_rm5(system.file("extdata", "example.rm5", package = "metaparity"))

revman_tables <- data.frame(study = c("Ash 2001", "Birch 2004", "Cedar 2009", "Dill 2011", "Elm 2015"),
                            e1 = c(0, 12, 30, 7, 0), n1 = c(40, 60, 150, 55, 20),
                            e2 = c(4, 20, 41, 9, 0), n2 = c(38, 61, 148, 54, 21), g = c("a", "a", "b", "b", "b"))

# An outcome with subgroups of which one has nothing estimable, of a name in Chinese.
revman_made <- function(...) {
  revman(revman_tables, ai = e1, n1i = n1, ci = e2, n2i = n2, study = study, by = g, ...)
}

written <- function(x, ...) {
  file <- tempfile(fileext = ".rm5")
  write_rm5(x, file, ...)
  file
}

example_file <- function() system.file("extdata", "example.rm5", package = "metaparity")

as_rm5 <- function(lines) {
  file <- tempfile(fileext = ".rm5")
  writeLines(enc2utf8(lines), file, useBytes = TRUE)
  file
}

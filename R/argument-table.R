# Owns the table from the argument names of metafor's and meta's plots to ours, for the documentation: what forest()
# takes is forest_arguments(); what else does the same here is inst/arguments/meta.csv.

# A data frame: argument, here (Markdown).
argument_table <- function(package = "metafor", plot = "forest") {
  package <- check_choice(package, c("metafor", "meta"), "package")
  taken <- if (plot == "forest") taken_arguments(package)
  if (package == "metafor") return(taken)
  file <- system.file("arguments", "meta.csv", package = "metaparity", mustWork = TRUE)
  table <- utils::read.csv(file, colClasses = "character", encoding = "UTF-8")
  table <- table[table$plot == plot, ]
  rbind(taken, data.frame(argument = as_code(strsplit(table$argument, ", ", fixed = TRUE)), here = table$here))
}

# metafor's names are our own or in the engine's table.
taken_arguments <- function(package) {
  table <- forest_arguments()
  table <- table[grepl(paste0("\\b", package, "\\b"), table$package), ]
  own <- if (package == "metafor") setdiff(names(formals(forest.metaparity)), c("x", "...", ours_alone, table$argument))
  here <- ifelse(nzchar(table$ours), as_code(strsplit(table$ours, ", ", fixed = TRUE)), "")
  here[table$ours == table$argument] <- "the same"
  remark <- ifelse(nzchar(table$remark), paste0(ifelse(nzchar(here), "; ", ""), table$remark), "")
  data.frame(argument = as_code(c(own, table$argument)), here = c(rep("the same", length(own)), paste0(here, remark)))
}

ours_alone <- c("style", "fontsize", "main", "note", "plot", "columns", "lang")

as_code <- function(names) vapply(names, function(n) paste0("`", n, "`", collapse = ", "), "", USE.NAMES = FALSE)

# Owns the table from the argument names of metafor's and meta's plots to ours: metafor's from the engine's own lists,
# meta's from inst/arguments/meta.csv.

# A data frame: argument, here (Markdown).
argument_table <- function(package = "metafor", plot = "forest") {
  if (package == "metafor") return(metafor_arguments())
  file <- system.file("arguments", paste0(check_choice(package, "meta", "package"), ".csv"), package = "metaparity")
  table <- utils::read.csv(file, colClasses = "character", encoding = "UTF-8")
  table <- table[table$plot == plot, ]
  code <- function(names) paste0("`", gsub(", ", "`, `", names, fixed = TRUE), "`")
  data.frame(argument = code(table$argument), here = table$here)
}

metafor_arguments <- function() {
  taken <- setdiff(union(names(formals(forest.metaparity)), names(forest_defaults)),
                   c("x", "...", "device", "size", "plot", "style", "fontsize", "main", "note", "favours", "lang"))
  data.frame(argument = paste0("`", c(taken, unused_arguments), "`"),
             here = c(rep("the same", length(taken)), rep("automatic: the layout measures its texts", length(unused_arguments))))
}

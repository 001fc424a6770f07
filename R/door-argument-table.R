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

# The other plots have metafor's names throughout. A data frame: verb, same (arguments of metafor's function), beside
# (ours).
plot_argument_table <- function() {
  methods <- list("`funnel()`" = funnel.metaparity, "`radial()`, `galbraith()`" = radial.metaparity,
                  "`labbe()`" = labbe.metaparity,
                  "`baujat()`" = baujat.metaparity, "`regplot()`" = regplot.metaparity_uni, "`llplot()`" = llplot,
                  "`plot()` of a fit" = plot.metaparity, "`plot()` of `cumul()`" = plot.metaparity_cumul,
                  "`plot()` of `gosh()`" = plot.metaparity_gosh,
                  "`plot()` of `influence()`" = plot.metaparity_influence,
                  "`plot()` of `profile()`" = plot.metaparity_profile, "`qqnorm()`" = qqnorm.metaparity)
  own <- c(ours_alone, "by", "horizontal", "refline2", "level2", "draw")
  given <- lapply(methods, function(method) setdiff(names(formals(method))[-1L], "..."))
  list_of <- function(names) paste(as_code(names), collapse = ", ")
  data.frame(verb = names(methods), same = vapply(given, function(names) list_of(setdiff(names, own)), ""),
             beside = vapply(given, function(names) list_of(intersect(names, own)), ""), row.names = NULL)
}

as_code <- function(names) vapply(names, function(n) paste0("`", n, "`", collapse = ", "), "", USE.NAMES = FALSE)

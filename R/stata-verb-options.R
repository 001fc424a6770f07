# The options of Stata's commands: one table, inst/stata/options.csv, tells of every command which options it has, how
# far each may be cut, how its text is read, which version of the command has it and what it is for. What is asked of an
# option anywhere - flags, abbreviations, versions, help pages - is asked of this table.

option_tables <- new.env(parent = emptyenv())

no_options_listed <- local({
  none <- stats::setNames(character(), character())
  list(least = none, kind = none, versions = none, role = none)
})

# A list for the command: least (shortest forms, named by option), kind, versions, role.
options_of <- function(command) {
  if (is.null(option_tables$loaded)) load_option_tables()
  found <- option_tables[[command]]
  if (is.null(found)) no_options_listed else found
}

load_option_tables <- function(file = system.file("stata", "options.csv", package = "metaparity", mustWork = TRUE)) {
  for (table in split_options(utils::read.csv(file, colClasses = "character"))) {
    assign(table$command, table$options, option_tables)
  }
  option_tables$loaded <- TRUE
}

split_options <- function(table) {
  lapply(split(table, table$command), function(rows) {
    by_option <- function(x) stats::setNames(x, rows$option)
    list(command = rows$command[1L],
         options = list(least = by_option(rows$least), kind = by_option(rows$kind),
                        versions = by_option(rows$versions), role = by_option(rows$role)))
  })
}

# Shortest forms of the options of one command, or of several whose options go together (the first has the word).
options_least <- function(commands, names) {
  all <- unlist(lapply(commands, function(command) options_of(command)$least))
  all[match(names, names(all))]
}

# How the text of an option is read: flag (takes none), optional (alone, or with a text), column, factor, columns,
# label,
# numbers, ticks, favours, second, key, names, text, or free: numbers where the text is numbers.
option_kind <- function(commands, name) {
  for (command in commands) {
    kind <- options_of(command)$kind[name]
    if (!is.na(kind)) return(unname(kind))
  }
  "free"
}

# What names columns of the data.
column_kinds <- c("column", "columns", "factor", "key", "label")

has_version <- function(versions, version) versions == "" | versions == as.character(version)

# Options of a version of a command; flags alone, or those with a role.
option_names <- function(command, version = "", kind = NULL, role = NULL) {
  table <- options_of(command)
  keep <- if (identical(version, "")) rep(TRUE, length(table$versions)) else has_version(table$versions, version)
  if (!is.null(kind)) keep <- keep & table$kind %in% kind
  if (!is.null(role)) keep <- keep & table$role %in% role
  names(table$least)[keep]
}

# For help pages: the options with their shortest forms.
option_forms <- function(command) {
  least <- options_of(command)$least
  cut <- least[least != names(least)]
  paste0("`", cut, "` for `", names(cut), "`", collapse = ", ")
}

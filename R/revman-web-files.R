# Owns the files of a data package of RevMan Web: zip or folder -> its tables as text, by their names; cells as numbers,
# flags and plain text. Nothing of a zip file is written but its tables, under names of our own.

package_parts <- c(settings = "overall-estimates-and-settings", rows = "data-rows", subgroups = "subgroup-estimates",
                   information = "study-information", bias = "risk-of-bias")

# The tables of a package by their names' ends, wherever in it they lie.
package_files <- function(path, call) {
  if (!is_plain_path(path)) abort_input("path", sprintf("must be a zip file or a folder, not %s", describe(path)), call)
  path <- path.expand(path)
  if (!file.exists(path)) abort_input("path", sprintf("must be a zip file or a folder; there is none at %s",
                                                      describe(path)), call)
  temporary <- character()
  folder <- path
  if (!dir.exists(path)) {
    folder <- temporary <- tempfile("package")
    dir.create(folder)
    unpack(path, folder, call)
  }
  inner <- list.files(folder, "-data[.]zip$", recursive = TRUE, full.names = TRUE)
  found <- package_tables(folder)
  if (length(inner) && is.na(found["rows"])) {
    temporary <- c(temporary, own <- tempfile("package"))
    dir.create(own)
    unpack(inner[1L], own, call)
    found <- package_tables(own)
  }
  check_package(found, folder, temporary, call)
  several <- attr(found, "several")
  if (several > 1L) {
    unlink(temporary, recursive = TRUE)
    abort_input("path", sprintf("holds %d packages; give the folder or file of one", several), call)
  }
  list(tables = as.list(found[which(!is.na(found))]), temporary = temporary,
       name = sub("-data-rows[.]csv$", "", basename(found[["rows"]])))
}

package_tables <- function(folder) {
  all <- list.files(folder, "[.]csv$", recursive = TRUE, full.names = TRUE)
  of <- function(part) all[grepl(paste0("(^|[-_/])", part, "[.]csv$"), all)]
  structure(vapply(package_parts, function(part) of(part)[1L], ""), several = length(of("data-rows")))
}

check_package <- function(found, folder, temporary, call) {
  lacking <- names(which(is.na(found[c("settings", "rows")])))
  if (!length(lacking)) return(invisible())
  tests <- length(list.files(folder, "parameters[.]csv$", recursive = TRUE)) > 0L
  unlink(temporary, recursive = TRUE)
  if (tests) abort_input("path",
                         "is the package of a review of diagnostic tests, which has no comparisons of interventions",
                         call)
  abort_input("path", sprintf("is no data package of RevMan Web: it lacks a file %s.csv",
                              package_parts[[lacking[1L]]]), call)
}

# Only tables and inner packages are taken out, under their own base names in folders of their number.
unpack <- function(file, folder, call) {
  list <- tryCatch(suppressWarnings(utils::unzip(file, list = TRUE)), error = function(e) NULL)
  if (is.null(list) || !nrow(list)) {
    abort_input("path", sprintf("is no zip file that can be read: %s", describe(basename(file))), call)
  }
  wanted <- grepl("[.]csv$|-data[.]zip$", list$Name) & !grepl("(^|[/\\\\])__MACOSX", list$Name)
  list <- list[wanted, ]
  if (sum(list$Length) > 1e9) abort_input("path", "unpacks to more than 1 GB, which no data package does", call)
  for (i in seq_len(nrow(list))) {
    own <- file.path(folder, i)
    dir.create(own)
    suppressWarnings(utils::unzip(file, files = list$Name[i], exdir = own, junkpaths = TRUE))
  }
}

# All columns as text under keys of their names, missing ones NA.
read_package_table <- function(file, call) {
  bytes <- first_bytes(file, file.size(file))
  if (length(bytes) >= 3L && identical(bytes[1:3], as.raw(c(0xef, 0xbb, 0xbf)))) bytes <- bytes[-(1:3)]
  if (!length(bytes)) return(data.frame())
  copy <- tempfile(fileext = ".csv")
  on.exit(unlink(copy))
  writeBin(bytes, copy)
  out <- tryCatch(utils::read.csv(copy, colClasses = "character", check.names = FALSE, na.strings = c("", "#N/A"),
                                  encoding = "UTF-8",
                                  strip.white = TRUE), error = function(e) NULL)
  if (is.null(out)) abort_input("path", sprintf("has a table that cannot be read: %s", basename(file)), call)
  attr(out, "headings") <- names(out)
  names(out) <- make.unique(heading_name(names(out)))
  out
}

# "Heterogeneity Tau^2" with a superscript is heterogeneity_tau.
heading_name <- function(heading) {
  key <- gsub("[^a-z0-9]+", "_", tolower(iconv(heading, "UTF-8", "ASCII", sub = " ")))
  gsub("^_|_$", "", key)
}

# The first of the columns that the table has; NA without one.
web_column <- function(table, ...) {
  name <- intersect(c(...), names(table))
  if (length(name)) table[[name[1L]]] else rep(NA_character_, nrow(table))
}

web_number <- function(table, ...) suppressWarnings(as.numeric(sub("%$", "", web_column(table, ...))))

web_flag <- function(table, ...) {
  value <- tolower(web_column(table, ...))
  ifelse(is.na(value), NA, value %in% c("true", "yes", "1"))
}

html_entities <- c("&nbsp;" = "\u00a0", "&lt;" = "<", "&gt;" = ">", "&quot;" = "\"", "&apos;" = "'", "&le;" = "\u2264",
                   "&ge;" = "\u2265",
                   "&ndash;" = "\u2013", "&mdash;" = "\u2014", "&micro;" = "\u00b5", "&plusmn;" = "\u00b1",
                   "&sup2;" = "\u00b2", "&amp;" = "&")

# Text of HTML: no tags, entities as signs; paragraphs and breaks are lines.
html_text <- function(text, lines = FALSE) {
  some <- which(grepl("[<&]", text))
  out <- text[some]
  out <- gsub("</p>|<br */?>|</li>", if (lines) "\n" else " ", out)
  out <- gsub("</?[a-zA-Z][^<>]*>", "", out)
  for (number in unique(unlist(regmatches(out, gregexpr("&#x?[0-9a-fA-F]+;", out))))) {
    code <- gsub("[&#;]", "", number)
    value <- if (startsWith(code, "x")) strtoi(sub("^x", "", code), 16L) else suppressWarnings(as.integer(code))
    if (!is.na(value) && value > 31L && value < 0x110000L) out <- gsub(number, intToUtf8(value), out, fixed = TRUE)
  }
  for (entity in names(html_entities)) out <- gsub(entity, html_entities[[entity]], out, fixed = TRUE)
  text[some] <- out
  gsub("^[ \t\n\u00a0]+|[ \t\n\u00a0]+$", "", gsub("\u00a0", " ", text, fixed = TRUE))
}


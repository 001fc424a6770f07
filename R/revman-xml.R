# Owns the XML of Review Manager 5: bytes of a file -> document, attributes and texts of nodes as columns.
# Source: elements and attributes as met in RevMan 5.0 to 5.4 and in data-only downloads. xml2 reads the bytes; entities
# are not expanded and nothing is fetched.

revman_document <- function(file, call = NULL) {
  if (!requireNamespace("xml2", quietly = TRUE)) abort_input("file", "needs the package xml2 to be read", call)
  bytes <- revman_bytes(file, call)
  document <- tryCatch(xml2::read_xml(bytes, options = c("NOBLANKS", "NONET", "HUGE")), error = function(e) NULL)
  if (is.null(document)) abort_input("file", "is no RevMan file: it is no well-formed XML", call)
  check_revman_document(document, call)
  document
}

revman_bytes <- function(file, call) {
  path <- plain_path(file, "file", call)
  if (!file.exists(path)) abort_input("file", sprintf("must be a file; there is none at %s", describe(file)), call)
  first_bytes(path, file.size(path))
}

# Files that only call themselves RevMan lack the parts of a review, or have outcomes without RevMan's attributes.
check_revman_document <- function(document, call) {
  parts <- xml2::xml_name(xml2::xml_children(document))
  known <- identical(xml2::xml_name(document), "COCHRANE_REVIEW") &&
    all(c("STUDIES_AND_REFERENCES", "ANALYSES_AND_DATA") %in% parts)
  outcomes <- if (known) xml2::xml_find_all(document, revman_outcome_path)
  foreign <- if (known) xml2::xml_find_all(document, "./ANALYSES_AND_DATA/COMPARISON/*[not(self::NAME or self::NOTES)]")
  if (!known || length(foreign) != length(outcomes) || anyNA(xml2::xml_attr(outcomes, "ID")) ||
        anyNA(xml2::xml_attr(outcomes, "TOTALS"))) {
    abort_input("file", paste("is no RevMan 5 file: it lacks COCHRANE_REVIEW with STUDIES_AND_REFERENCES and",
                              "ANALYSES_AND_DATA, or its outcomes have other names or attributes than RevMan's"), call)
  }
}

revman_kinds <- c("DICH", "CONT", "IV", "IPD", "OTHER")
revman_path <- function(part) paste(sprintf("./ANALYSES_AND_DATA//%s_%s", revman_kinds, part), collapse = "|")
revman_outcome_path <- revman_path("OUTCOME")

# Attributes as character columns named in lower case; those that no node has are left out unless `all`.
attribute_columns <- function(nodes, names, all = FALSE) {
  columns <- lapply(stats::setNames(names, tolower(names)), function(name) xml2::xml_attr(nodes, name))
  if (!all) columns <- Filter(function(column) !all(is.na(column)), columns)
  as.data.frame(columns, stringsAsFactors = FALSE, optional = TRUE)
}

# Java's doubles: "" is not there; NaN and infinities are kept.
as_numbers <- function(frame, names) {
  for (name in intersect(names, names(frame))) frame[[name]] <- suppressWarnings(as.numeric(frame[[name]]))
  frame
}

as_flags <- function(frame, names) {
  for (name in intersect(names, names(frame))) frame[[name]] <- frame[[name]] == "YES"
  frame
}

# The text of the first child of that name; "" where there is none.
child_text <- function(nodes, name) {
  text <- xml2::xml_text(xml2::xml_find_first(nodes, paste0("./", name)))
  ifelse(is.na(text), "", text)
}

# Paragraphs as lines.
paragraphs <- function(nodes) {
  vapply(seq_along(nodes), function(i) {
    parts <- xml2::xml_find_all(nodes[[i]], ".//P|.//HEADING|.//LI[not(P)]")
    text <- if (length(parts)) xml2::xml_text(parts) else xml2::xml_text(nodes[[i]])
    paste(text[nzchar(trimws(text))], collapse = "\n")
  }, "")
}

words_of <- function(text) strsplit(trimws(text), "[[:space:]]+")[[1L]]

# Writes the field Collate of DESCRIPTION: files by floor and name; a file whose top level computes with what another
# one defines comes after it.
collation <- function(folder = "R", rooms = utils::read.csv("tools/rooms.csv", stringsAsFactors = FALSE)) {
  files <- list.files(folder, "[.]R$")
  floor <- vapply(files, function(file) floor_of(file, rooms), 0)
  files <- files[order(floor, files, method = "radix")]
  needs <- needed_files(file.path(folder, files))
  placed <- character()
  place <- function(file, on_the_way) {
    # A circle may be no need at all: a function that a value holds need not run while files are loaded.
    if (file %in% c(placed, on_the_way)) return(invisible())
    for (other in intersect(files, needs[[file]])) place(other, c(on_the_way, file))
    placed <<- c(placed, file)
  }
  for (file in files) place(file, character())
  placed
}

# The room of a file is the longest prefix that fits; what the compiler's tool makes has none and comes last.
room_of <- function(file, rooms) {
  hits <- rooms$prefix[startsWith(basename(file), rooms$prefix)]
  if (length(hits)) hits[which.max(nchar(hits))] else NA_character_
}

floor_of <- function(file, rooms) {
  room <- room_of(file, rooms)
  if (is.na(room)) Inf else rooms$floor[match(room, rooms$prefix)]
}

# Per file the files whose definitions its top level computes with, through functions that those call.
needed_files <- function(paths) {
  definitions <- list()
  home <- character()
  for (path in paths) for (e in as.list(parse(path, keep.source = FALSE))) {
    if (!is.call(e) || !identical(e[[1L]], as.name("<-")) || is.call(e[[2L]])) next
    definitions[[as.character(e[[2L]])]] <- e[[3L]]
    home[as.character(e[[2L]])] <- basename(path)
  }
  is_function <- vapply(definitions, function(e) is.call(e) && identical(e[[1L]], as.name("function")), NA)
  uses <- lapply(definitions, function(e) intersect(unique(all.names(e)), names(definitions)))
  reach <- function(names) {
    seen <- character()
    while (length(names)) {
      seen <- c(seen, names)
      names <- setdiff(unlist(uses[names]), seen)
    }
    seen
  }
  out <- stats::setNames(vector("list", length(paths)), basename(paths))
  for (name in names(definitions)[!is_function]) {
    # A name of a function is enough for a value that only holds it: what it calls is needed when it is called here.
    found <- if (calls_something(definitions[[name]])) reach(uses[[name]]) else uses[[name]]
    out[[home[[name]]]] <- union(out[[home[[name]]]], setdiff(home[found], home[[name]]))
  }
  out
}

# Lists and vectors only hold what they name; any other call may run it.
holders <- c("list", "c", "<-", "(", "{")
calls_something <- function(e) {
  if (!is.call(e) || identical(e[[1L]], as.name("function"))) return(FALSE)
  if (!is.name(e[[1L]]) || !as.character(e[[1L]]) %in% holders) return(TRUE)
  any(vapply(as.list(e)[-1L], calls_something, NA))
}

write_collation <- function(file = "DESCRIPTION") {
  lines <- readLines(file, encoding = "UTF-8")
  from <- grep("^Collate:", lines)
  if (length(from)) {
    to <- from
    while (to < length(lines) && grepl("^[[:space:]]", lines[to + 1L])) to <- to + 1L
    lines <- lines[-(from:to)]
  }
  writeLines(c(lines, "Collate:", paste0("    '", collation(), "'")), file, useBytes = TRUE)
}

if (sys.nframe() == 0L) write_collation()

# The arrows between the files of R/, from the functions' globals, and what they must be by tools/rooms.csv: a file
# belongs to a room, a room calls the rooms of lower floors that are listed, files form no large circle.
sys.source("tools/collate.R", rooms_tools <- new.env())

# One row per definition at top level: name, file, the names of the package that it refers to.
definitions_of <- function(files) {
  found <- lapply(files, function(file) lapply(as.list(parse(file, keep.source = FALSE)), function(e) {
    if (is.call(e) && identical(e[[1L]], as.name("<-")) && is.name(e[[2L]])) {
      list(name = as.character(e[[2L]]), file = basename(file), refers = globals_of(e[[3L]]))
    }
  }))
  Filter(length, unlist(found, recursive = FALSE))
}

globals_of <- function(e) {
  if (!is.call(e) || !identical(e[[1L]], as.name("function"))) return(unique(all.names(e)))
  codetools::findGlobals(eval(e, baseenv()), merge = TRUE)
}

file_arrows <- function(files) {
  defined <- definitions_of(files)
  home <- stats::setNames(vapply(defined, `[[`, "", "file"), vapply(defined, `[[`, "", "name"))
  do.call(rbind, lapply(defined, function(d) {
    to <- setdiff(intersect(d$refers, names(home)), d$name)
    if (length(to)) data.frame(from = d$name, to = to, from_file = d$file, to_file = unname(home[to]))
  }))
}

upward_arrows <- function(arrows, rooms) {
  room <- function(file) vapply(file, rooms_tools$room_of, "", rooms = rooms)
  from <- room(arrows$from_file)
  to <- room(arrows$to_file)
  may <- stats::setNames(strsplit(rooms$calls, " ", fixed = TRUE), rooms$prefix)
  fine <- is.na(from) | is.na(to) | from == to | mapply(function(f, t) t %in% may[[f]], from, to)
  sprintf("%s: %s calls %s of %s", arrows$from_file, arrows$from, arrows$to, arrows$to_file)[!fine]
}

# The sets of files that reach each other, largest first (Tarjan 1972).
circles <- function(arrows) {
  edges <- unique(arrows[arrows$from_file != arrows$to_file, c("from_file", "to_file")])
  next_of <- split(edges$to_file, edges$from_file)
  state <- list2env(list(order = list(), low = list(), stack = character(), sets = list()))
  visit <- function(v) {
    state$order[[v]] <- state$low[[v]] <- length(state$order) + 1L
    state$stack <- c(state$stack, v)
    for (w in next_of[[v]]) {
      if (is.null(state$order[[w]])) visit(w)
      if (w %in% state$stack) state$low[[v]] <- min(state$low[[v]], state$low[[w]])
    }
    if (state$low[[v]] == state$order[[v]]) {
      at <- match(v, state$stack)
      state$sets <- c(state$sets, list(state$stack[at:length(state$stack)]))
      state$stack <- state$stack[seq_len(at - 1L)]
    }
  }
  for (v in names(next_of)) if (is.null(state$order[[v]])) visit(v)
  sets <- Filter(function(set) length(set) > 1L, state$sets)
  sets[order(-lengths(sets))]
}

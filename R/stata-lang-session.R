# What a Stata session holds: data, labels, formats, macros, saved results, log and graphs. One environment per run.

new_session <- function(data = NULL) {
  s <- list2env(list(
    data = list(), n = 0L, meta = list(), value_labels = list(), data_label = "", file = "", sorted = character(),
    locals = list(), globals = list(), scalars = list(), matrices = list(), r = list(), e = list(), rc = 0L,
    type = "float",
    quiet = 0L, print = FALSE, record = new_buffer(), logs = list(), results = list(), graphs = list(),
    draw = NULL, preserved = list(), linesize = 255L, level = 95, metan = 9, encoding = NULL, meta_data = NULL,
    estimates = NULL,
    statement = NULL, temp = 0L, loops = 0L, folder = NULL, cwd = NULL, programs = list(), depth = 0L,
    returning = list(), sreturn = list(), frame = "default", frames = list(), named_graphs = list(),
    stored = list(), posts = list(), files = list(), timers = list(), echo = FALSE, line_open = "",
    version = 16, on_file = NULL, snapshots = list(), margins = NULL, read_as = list()), parent = emptyenv())
  if (!is.null(data)) load_data_frame(data, s)
  s
}

# What the language looks up while it runs: the table of commands, their index and the functions, filled when all files
# are there.
stata_registry <- new.env(parent = emptyenv())

# Lines of output go to the log, to the screen and to the files that `log using` opened.
emit <- function(session, lines, always = FALSE) {
  if (!length(lines) || session$quiet > 0L && !always) return(invisible())
  record(session, "output", lines, lines)
}

record <- function(session, kind, lines, shown) {
  add_item(session$record, list(kind = kind, lines = lines, shown = shown))
  if (session$print) cat(shown, sep = "\n")
  for (file in session$logs) append_log(file, shown)
}

append_log <- function(file, lines) {
  con <- file(file, "ab")
  on.exit(close(con))
  writeLines(lines, con, useBytes = TRUE)
}

# The echo belongs to the log but not to the output of a command.
emit_echo <- function(session, lines, raw) record(session, "source", raw, lines)

log_lines <- function(session) {
  lines <- unlist(lapply(buffer_items(session$record), `[[`, "shown"))
  if (is.null(lines)) character() else lines
}

# What stands in the log in turn: sources and outputs, each run of one kind together, and the numbers of graphs.
log_pieces <- function(session) {
  items <- buffer_items(session$record)
  kind <- vapply(items, `[[`, "", "kind")
  start <- c(TRUE, kind[-1L] != kind[-length(kind)])[seq_along(kind)] | kind == "graph"
  unname(lapply(split(items, cumsum(start)), function(run) {
    list(kind = run[[1L]]$kind, lines = unlist(lapply(run, `[[`, "lines")))
  }))
}

# ---- a list that grows -------------------------------------------------------------------------

# Full chunks in an environment by number, and the chunk that fills: one long list inside an environment would be copied
# with each item that it takes.
new_buffer <- function() {
  buffer <- new.env(parent = emptyenv())
  buffer$size <- buffer$full <- 0L
  buffer$chunk <- list()
  buffer$items <- new.env(parent = emptyenv())
  buffer
}

add_item <- function(buffer, item) {
  buffer$size <- size <- buffer$size + 1L
  buffer$chunk[[size]] <- item
  if (size < 64L) return(invisible())
  buffer$full <- full <- buffer$full + 1L
  items <- buffer$items
  items[[as.character(full)]] <- buffer$chunk
  buffer$chunk <- list()
  buffer$size <- 0L
}

buffer_items <- function(buffer) {
  chunks <- mget(as.character(seq_len(buffer$full)), envir = buffer$items)
  c(unlist(chunks, recursive = FALSE, use.names = FALSE), buffer$chunk)
}

# ---- variables ---------------------------------------------------------------------------------

default_format <- function(type) {
  if (startsWith(type, "str")) return(sprintf("%%%ss",
                                              max(9L, if (type == "strL") 9L else as.integer(substring(type, 4L)))))
  switch(type, byte = , int = "%8.0g", long = "%12.0g", float = "%9.0g", "%10.0g")
}

string_type <- function(x) sprintf("str%d", max(1L, nchar(x, "bytes")))

# The smallest type that holds the values: whole numbers as byte, int, long; else float if that loses nothing.
smallest_type <- function(x) {
  if (is.character(x)) return(string_type(x))
  x <- x[!is.na(x)]
  if (!length(x)) return("byte")
  if (all(x == trunc(x))) {
    top <- max(abs(x))
    if (top <= 100) return("byte")
    if (top <= 32740) return("int")
    if (top <= 2147483620) return("long")
  }
  if (all(x == as_single(x))) "float" else "double"
}

store_variable <- function(session, name, value, type = NULL, label = "", format = NULL, labels = NULL) {
  if (is.null(type)) type <- smallest_type(value)
  session$data[[name]] <- if (type == "float") as_single_missing(value) else value
  session$n <- length(value)
  if (is.null(format)) format <- default_format(type)
  session$meta[[name]] <- list(type = type, label = label, format = format, labels = labels)
  invisible(name)
}

# Single precision keeps the letters of missing values.
as_single_missing <- function(x) {
  out <- as_single(x)
  lost <- is.na(x)
  out[lost] <- x[lost]
  out[!lost & !is.finite(out)] <- NA_real_
  out
}

variable_label <- function(name, session) {
  label <- session$meta[[name]]$label
  if (is.null(label)) "" else label
}

drop_variables <- function(session, names) {
  session$data[names] <- NULL
  session$meta[names] <- NULL
  if (!length(session$data)) session$n <- 0L
  session$sorted <- session$sorted[cumsum(session$sorted %in% names) == 0L]
}

filter_rows <- function(session, rows) {
  session$data <- lapply(session$data, `[`, rows)
  session$n <- length(rows)
}

clear_data <- function(session) {
  session$data <- list()
  session$meta <- list()
  session$n <- 0L
  session$sorted <- character()
  session$value_labels <- list()
  session$data_label <- ""
  session$file <- ""
  session$meta_data <- NULL
}

# ---- data frames in and out --------------------------------------------------------------------

load_data_frame <- function(data, session) {
  if (!is.data.frame(data)) abort_input("data", sprintf("must be a data frame, not %s", describe(data)))
  clear_data(session)
  session$n <- nrow(data)
  names <- stata_names(names(data))
  changed <- names != names(data)
  if (any(changed)) {
    warn_input("data", sprintf("has names that Stata cannot take: %s became %s", toString(names(data)[changed]),
                               toString(names[changed])))
  }
  for (i in seq_along(names)) load_column(data[[i]], names[i], session)
  session$n <- nrow(data)
  session$sorted <- intersect(attr(data, "sorted", exact = TRUE), names)
}

stata_names <- function(names) {
  out <- gsub("[^[:alnum:]_]", "_", names)
  out <- sub("^([0-9])", "_\\1", out)
  make.unique(substr(out, 1L, 32L), "_")
}

load_column <- function(x, name, session) {
  label <- attr(x, "label", exact = TRUE)
  label <- if (is.character(label) && length(label) == 1L) label else ""
  format <- attr(x, "format.stata", exact = TRUE)
  labels <- attr(x, "labels", exact = TRUE)
  type <- attr(x, "type.stata", exact = TRUE)
  if (is.factor(x)) labels <- stats::setNames(as.numeric(seq_along(levels(x))), levels(x))
  if (inherits(x, "Date")) return(store_variable(session, name, as.numeric(x) + 3653, "int", label, "%td"))
  if (is.factor(x) || is.logical(x)) x <- as.numeric(x)
  if (!is.character(x) && !is.numeric(x)) {
    abort_input(name, sprintf("must be a column of numbers or strings, not %s", describe(x)))
  }
  value <- if (is.character(x)) ifelse(is.na(x), "", enc2utf8(as.vector(x))) else stata_number(unclass(as.vector(x)))
  set <- if (length(labels) && !is.character(x)) attr(x, "set.stata", exact = TRUE) %||% name
  if (!is.null(set)) session$value_labels[[set]] <- stats::setNames(as.numeric(labels), enc2utf8(names(labels)))
  store_variable(session, name, value, type, label, format, set)
}

# The data frame of a session: value labels as factors when every value has one, variable labels as attributes.
session_data <- function(session) {
  out <- lapply(names(session$data), function(name) column_out(name, session))
  names(out) <- names(session$data)
  structure(out, class = "data.frame", row.names = seq_len(session$n))
}

column_out <- function(name, session) {
  x <- labelled_column(name, session)
  if (is.numeric(x)) x[is.na(x)] <- NA_real_
  describe_column(x, name, session)
}

# A column's label, and its display format when it is not that of its type.
describe_column <- function(x, name, session) {
  label <- variable_label(name, session)
  if (nzchar(label)) attr(x, "label") <- label
  meta <- session$meta[[name]]
  if (is.numeric(x) && !identical(meta$format, default_format(meta$type))) attr(x, "format.stata") <- meta$format
  x
}

labelled_column <- function(name, session) {
  x <- session$data[[name]]
  labels <- session$value_labels[[if (is.null(session$meta[[name]]$labels)) "" else session$meta[[name]]$labels]]
  if (is.null(labels) || is.character(x) || !all(x[!is.na(x)] %in% labels)) return(x)
  labels <- sort(labels)
  factor(x, levels = unname(labels), labels = make.unique(names(labels)))
}

# Do the data in memory differ from what use or save last took?
data_changed <- function(session) {
  length(session$data) > 0L && session$n > 0L && !identical(session$on_file, session[["data"]])
}

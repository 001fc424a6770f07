# A log of Stata as commands with what they printed, each run again here, and the comparison of the two.
# Source: Stata's User's Guide, 15 (logs): commands behind a dot, their further lines behind > or a number.

# list of (line, text, output) from the lines of a log; what stands before the first command is its head.
read_log_commands <- function(lines) {
  lines <- sub("\\s+$", "", lines)
  out <- list()
  i <- 1L
  while (i <= length(lines)) {
    if (!is_prompt(lines[i])) {
      i <- i + 1L
      next
    }
    taken <- take_command(lines, i)
    after <- taken$last + 1L
    stop_at <- after
    while (stop_at <= length(lines) && !is_prompt(lines[stop_at])) stop_at <- stop_at + 1L
    text <- taken$text
    if (nzchar(trimws(text))) {
      out <- c(out, list(list(line = i, text = text, output = log_output(lines[seq(after,
          length.out = stop_at - after)]))))
    }
    i <- stop_at
  }
  out
}

is_prompt <- function(line) line == "." || startsWith(line, ". ")

# The text of the command whose prompt stands on line i, and its last line.
take_command <- function(lines, i) {
  text <- substring(lines[i], 3L)
  shown <- nchar(lines[i], "width")
  last <- i
  while (last < length(lines) && grepl("^> ?", lines[last + 1L])) {
    piece <- sub("^> ?", "", lines[last + 1L])
    whole <- grepl("(///|/[*])\\s*$", text) || shown < 78L
    text <- paste0(text, if (whole) "\n" else "", piece)
    shown <- nchar(lines[last + 1L], "width")
    last <- last + 1L
  }
  if (opens_block(text)) take_block(lines, last, text) else list(text = sub(";\\s*$", "", text), last = last)
}

opens_block <- function(text) {
  grepl("\\{\\s*$", text) || grepl(program_head, text, perl = TRUE) || grepl(other_head, text) ||
    is_input(gsub("\n", " ", text))
}

# Lines behind numbers belong to a block; those between the command and the first number are the head of `input`.
take_block <- function(lines, last, text) {
  numbered <- "^\\s{0,4}[0-9]+\\.( |$)"
  at <- last + 1L
  while (at <= length(lines) && at <= last + 3L && !grepl(numbered, lines[at]) && !is_prompt(lines[at])) at <- at + 1L
  if (at > length(lines) || !grepl(numbered, lines[at])) return(list(text = text, last = last))
  while (at <= length(lines) && (grepl(numbered, lines[at]) || grepl("^> ", lines[at]))) {
    more <- grepl("^> ", lines[at])
    piece <- sub(if (more) "^> ?" else numbered, "", lines[at])
    text <- paste0(text, "\n", piece)
    last <- at
    at <- at + 1L
  }
  list(text = text, last = last)
}

# What the log says of itself is no output.
log_output <- function(lines) {
  own <- "^(end of do-file|\\s*name:  |\\s*log:  |\\s*log type:  | opened on:  | closed on:  )"
  trim_blank_lines(lines[!grepl(own, lines)])
}

# ---- running -----------------------------------------------------------------------------------

# Commands that only concern the log or the clock are not compared; those that echo their own lines are not run.
uncompared_words <- c("log", "cmdlog", "cd", "chdir", "pwd", "timer", "set", "version", "more", "about", "query",
                      "dir", "ls", "sleep",
                      "ssc", "which", "compress", "use", "save", "saveold", "help", "memory", "adopath", "sysdir")

# list(status, lines, what): the output of one command here. An error prints Stata's message and its code.
replay_command <- function(text, session) {
  session$record <- new_buffer()
  session$logs <- list()
  failed <- tryCatch({
    statements <- parse_blocks(split_statements(strsplit(text, "\n", fixed = TRUE)[[1L]]))
    until_exit(function() suppressWarnings(suppressMessages(run_statements(statements, session, depth = 1L))))
    NULL
  }, metaparity_error = function(e) e, error = function(e) e)
  lines <- trim_blank_lines(sub("\\s+$", "", output_lines(session)))
  if (is.null(failed)) return(list(status = "ran", lines = lines))
  if (inherits(failed, "metaparity_error_stata_unsupported")) {
    return(list(status = "refused", lines = lines, what = c(failed$what, conditionMessage(failed))[1L]))
  }
  message <- sub("^line [0-9]+: ", "", strsplit(conditionMessage(failed), "\n  command: ", fixed = TRUE)[[1L]][1L])
  list(status = "error", lines = c(lines, message, sprintf("r(%s);", c(failed$rc, 198L)[1L])), what = message,
       rc = c(failed$rc, 198L)[1L])
}

output_lines <- function(session) {
  items <- Filter(function(item) item$kind == "output", buffer_items(session$record))
  unlist(lapply(items, `[[`, "lines"))
}

# ---- comparing ---------------------------------------------------------------------------------

numbers_of_line <- function(line) {
  line <- gsub("(?<=[0-9]),(?=[0-9]{3}(?![0-9]))", "", line, perl = TRUE)
  regmatches(line, gregexpr("-?([0-9]+\\.?[0-9]*|\\.[0-9]+)(e[-+][0-9]+)?", line))[[1L]]
}

# c(equal, last_digit, different) of the numbers of two lines; a number that differs by a unit of its last digit, or by
# less than single precision shows, is equal but for its last digit.
compare_line_numbers <- function(want, got) {
  tally <- c(equal = 0, last_digit = 0, different = 0)
  if (!length(want)) return(tally)
  got <- c(got, rep(NA_character_, length(want)))[seq_along(want)]
  w <- as.numeric(want)
  g <- suppressWarnings(as.numeric(got))
  unit <- 10^-nchar(sub("^[^.]*\\.?", "", sub("e.*$", "", want)))
  kind <- ifelse(is.na(g), "different", ifelse(want == got, "equal", ifelse(
    abs(w - g) <= 1.001 * unit & grepl(".", want, fixed = TRUE) | abs(w - g) <= 1e-6 * abs(w), "last_digit",
    "different")))
  tally[] <- tabulate(match(kind, names(tally)), 3L)
  tally
}

# For each wanted line the line here that it is compared with: by its place, or by its words where the numbers of
# lines differ. NA where there is none.
align_lines <- function(want, got) {
  if (length(want) == length(got) || !length(got)) return(if (length(got)) seq_along(want) else rep(NA_integer_,
      length(want)))
  shape <- function(x) gsub("\\s+", " ", gsub("-?[0-9.]+(e[-+][0-9]+)?", "#", x))
  a <- shape(want)
  b <- shape(got)
  if (length(a) * length(b) > 4e6) return(c(seq_along(got), rep(NA_integer_, length(want)))[seq_along(want)])
  best <- matrix(0L, length(a) + 1L, length(b) + 1L)
  for (i in rev(seq_along(a))) {
    same <- a[i] == b
    for (j in rev(seq_along(b))) {
      best[i, j] <- if (same[j]) best[i + 1L, j + 1L] + 1L else max(best[i + 1L, j], best[i, j + 1L])
    }
  }
  out <- rep(NA_integer_, length(a))
  i <- j <- 1L
  while (i <= length(a) && j <= length(b)) {
    if (a[i] == b[j]) {
      out[i] <- j
      i <- i + 1L
      j <- j + 1L
    } else if (best[i + 1L, j] >= best[i, j + 1L]) i <- i + 1L else j <- j + 1L
  }
  out
}

# One row of the verification: what the log printed against what was printed here.
compare_output <- function(want, got) {
  at <- align_lines(want, got)
  here <- ifelse(is.na(at), "", got[ifelse(is.na(at), 1L, at)])
  if (!length(got)) here <- rep("", length(want))
  same <- want == here & (!is.na(at) | !nzchar(want))
  tally <- vapply(seq_along(want), function(i) compare_line_numbers(numbers_of_line(want[i]), numbers_of_line(here[i])),
                  c(equal = 0, last_digit = 0, different = 0))
  tally <- if (length(want)) rowSums(tally) else c(equal = 0, last_digit = 0, different = 0)
  first <- which(!same)[1L]
  list(lines = length(want), lines_equal = sum(same), numbers = sum(tally), tally = tally,
       first = if (is.na(first)) "" else sprintf("line %d: %s | here: %s", first, trimws(want[first]),
                                                 if (is.na(at[first])) "(no such line)" else trimws(here[first])))
}

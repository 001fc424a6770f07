# stata_verify(): a log of Stata run again, command by command, with what agrees and what does not.
# Where the data are missing, tables of studies that the log prints are audited instead (review-audit).

#' Replay a log of Stata and compare
#'
#' Reads the commands and the output from a log (SMCL or text), runs the commands here, and compares what they print
#' line by line and number by number. What cannot be run is refused by name and counted; nothing is guessed.
#'
#' @param log path of the log, `.smcl`, `.log` or `.txt`.
#' @param folder the folder with the data, by default that of the log. The commands run in a copy of it below R's
#' temporary
#'   folder, so that nothing in it changes.
#' @param data a data frame to start with, when the log begins with data in memory.
#' @param metan the version of `metan` that the word means, 9 or 4, as in [stata()]. Where it is not given, what the
#'   command printed tells, else the commands of the log, as [stata_do()] reads them from a do-file.
#' @param x,object a result of `stata_verify()`.
#' @param all for `print()`: also the commands that agree?
#' @param file path of the HTML page.
#' @param ... not used.
#' @return A data frame of class `stata_verification`, a row per command: `line` of the log, `command`, `lines` that the
#'   log printed, `lines_equal`, `numbers` printed, of these `equal`, equal but for the `last_digit` (one unit, or less
#'   than
#'   single precision shows) and `different`; `status` and `first_difference`. The status is one of
#'   * `"equal"`, `"last digit"`, `"layout"` (all numbers agree, some line differs), `"different"`;
#'   * `"ran"`: nothing was printed, or what depends on the machine;
#'   * `"refused"` or `"error"`: not run here, `first_difference` says why; `"not run"`: the data were not there;
#'   * `"audited"`: not run, but the printed studies and their pooled result agree by [audit()].
#'
#'   `summary()` counts by status. `verify_page()` writes an HTML page and returns its path. `verify_status()` is 0 when
#'   nothing differs and all was run, 1 when a number differs, 2 when something was not run: the exit status for a
#'   script.
#' @details Commands that only concern the log, the clock or the machine (`log`, `cd`, `set`, `use`, `save`, ...) run
#' and are not
#'   compared. Errors are of class `metaparity_error_input`: there is no such log or folder, or the log holds no
#'   command.
#' @section In other software: there is no equivalent in Stata, metafor or RevMan; Stata's `cscript` and `cf` compare
#' files.
#' @references StataCorp. Stata User's Guide: printing and preserving output. Stata Programming manual: smcl.
#' @examples
#' log <- tempfile(fileext = ".log")
#' writeLines(c(". display 2 + 3", "5", "", ". display %5.3f normal(1.96)", "0.975", ""), log)
#' stata_verify(log, tempdir())
#' @export
stata_verify <- function(log, folder = dirname(log), data = NULL, metan = 9) {
  check_given(log)
  if (!is.character(log) || length(log) != 1L || is.na(log) || Encoding(log) == "bytes") {
    abort_input("log", sprintf("must be one path, not %s", describe(log)))
  }
  if (!file.exists(log)) abort_input("log", sprintf("must exist, but there is no %s", dQuote(log, FALSE)))
  if (!is_plain_path(folder) || !dir.exists(folder)) {
    abort_input("folder", sprintf("must be a folder, not %s", describe(folder)))
  }
  commands <- read_log_commands(smcl_lines(read_text_lines(plain_path(log, "log"))))
  if (!length(commands)) abort_input("log", "holds no command behind a dot")
  session <- verification_session(folder, data, metan, sys.call())
  on.exit({
    path_rules$script <- NULL
    unlink(session$folder, recursive = TRUE)
  })
  versions <- if (missing(metan)) metan_of_log(commands) else rep(metan, length(commands))
  rows <- Map(function(command, version) {
    session$metan <- version
    verify_command(command, session)
  }, commands, versions)
  structure(do.call(rbind, rows), class = c("stata_verification", "data.frame"), row.names = seq_along(rows),
            log = basename(log))
}

# The version of metan for each command: by the layout that it printed, else as for a do-file of these commands, in
# which a printed layout also counts.
metan_of_log <- function(commands) {
  printed <- vapply(commands, function(command) metan_of_output(command$output), 0)
  usual <- if (all(is.na(printed))) metan_of_texts(unlist(lapply(commands, log_command_texts))) else
    printed[!is.na(printed)][1L]
  ifelse(is.na(printed), usual, printed)
}

# Version 4 counts the studies above its table, version 9 has a heading of its own and "Heterogeneity chi-squared".
metan_of_output <- function(output) {
  if (any(grepl("^Studies included: ", output))) return(4)
  nine <- "^\\s*(Study|Sub-total)\\s.*% Weight\\s*$|^\\s*Heterogeneity chi-squared ="
  if (any(grepl(nine, output))) 9 else NA_real_
}

log_command_texts <- function(command) {
  tryCatch(script_texts(parse_blocks(split_statements(strsplit(command$text, "\n", fixed = TRUE)[[1L]]))),
           error = function(e) command$text)
}

# The commands see a copy of the folder as their working folder.
verification_session <- function(folder, data, metan, call) {
  session <- new_session(data)
  prepare_session(session, metan, FALSE, NULL)
  files <- files_below(normalizePath(folder, "/"), call)
  copy <- tempfile("replay")
  dir.create(copy)
  for (place in unique(dirname(files))) dir.create(file.path(copy, place), FALSE, TRUE)
  file.copy(file.path(folder, files), file.path(copy, files))
  session$folder <- session$cwd <- normalizePath(copy, "/")
  session$copied <- normalizePath(folder, "/")
  path_rules$script <- run_rule(session)
  session
}

most_files <- 20000L
most_bytes <- 2 * 1024^3

# The files of a folder and of those in it, by their names from there. Neither links nor R's own temporary folders are
# followed, and what is too much to be somebody's data is refused before it is copied.
files_below <- function(folder, call) {
  own <- normalizePath(tempdir(), "/")
  out <- character()
  bytes <- 0
  left <- ""
  while (length(left)) {
    here <- if (nzchar(left[1L])) file.path(folder, left[1L]) else folder
    names <- list.files(here, no.. = TRUE)
    paths <- if (nzchar(left[1L])) file.path(left[1L], names) else names
    full <- file.path(here, names)
    plain <- !nzchar(Sys.readlink(full))
    inner <- plain & dir.exists(full) & (folder == own | full != own) & !grepl("^replay[0-9a-f]+$", names)
    files <- plain & !dir.exists(full)
    out <- c(out, paths[files])
    bytes <- bytes + sum(file.size(full[files]), na.rm = TRUE)
    left <- c(left[-1L], paths[inner])
    if (length(out) + length(left) > most_files || bytes > most_bytes) {
      abort_input("folder", sprintf("holds more than %d files or 2 GB: give the folder of the data alone", most_files),
                  call)
    }
  }
  out
}

verify_command <- function(command, session) {
  words <- strip_prefixes(tokenize(gsub("[\r\n]+", " ", command$text))$text)
  word <- c(words, "")[1L]
  shown <- gsub("\\s*\n\\s*", " ", gsub("///\\s*\n", " ", command$text))
  row <- function(status, x = compare_output(command$output, character()), first = x$first) {
    data.frame(line = command$line, command = shown, lines = x$lines, lines_equal = x$lines_equal, numbers = x$numbers,
               equal = x$tally[["equal"]], last_digit = x$tally[["last_digit"]], different = x$tally[["different"]],
               status = status, first_difference = first, stringsAsFactors = FALSE)
  }
  none <- compare_output(character(), character())
  if (word %in% c("do", "exit") || grepl("^[*/]", trimws(command$text))) return(row("ran", none))
  found <- replay_command(command$text, session)
  if (found$status == "refused") return(row("refused", first = found$what))
  expected <- length(command$output) && grepl("^r\\([0-9]+\\);$", command$output[length(command$output)])
  if (found$status == "error" && !expected) return(unrun_row(command, found, row))
  quiet <- !is.na(match(word, uncompared_words)) || !length(command$output)
  if (quiet) return(row("ran", none))
  x <- compare_output(command$output, found$lines)
  row(compared_status(x), x)
}

compared_status <- function(x) {
  if (x$tally[["different"]]) "different" else if (x$lines_equal == x$lines) "equal" else
    if (x$tally[["last_digit"]]) "last digit"
  else "layout"
}

# Without its data a command is not run; a printed table of studies is audited.
unrun_row <- function(command, found, row) {
  lost <- found$rc %in% c(601L, 111L, 2000L, 100L, 301L)
  table <- printed_studies(command$output)
  if (!is.null(table)) {
    report <- tryCatch(suppressWarnings(audit(table$studies, pooled = table$pooled)),
                       metaparity_error = function(e) NULL)
    if (!is.null(report)) {
      wrong <- report[report$severity == "error", , drop = FALSE]
      return(if (nrow(wrong)) row("different", first = sprintf("audit: %s", as.character(wrong$what[1L])))
             else row("audited", first = "the printed studies give the printed result"))
    }
  }
  row(if (lost) "not run" else "error", first = found$what)
}

# Studies and pooled row of a table of metan 9: name | estimate limits weight.
printed_studies <- function(lines) {
  number <- "(-?[0-9]*\\.?[0-9]+)"
  shape <- sprintf("^(.+?)\\s*\\|\\s*%s\\s+%s\\s+%s\\s+%s\\s*$", number, number, number, number)
  found <- regmatches(lines, regexec(shape, lines))
  found <- found[lengths(found) == 6L]
  if (length(found) < 3L) return(NULL)
  m <- do.call(rbind, found)
  frame <- data.frame(study = trimws(m[, 2L]), est = m[, 3L], ci.lb = m[, 4L], ci.ub = m[, 5L], weight = m[, 6L],
                      stringsAsFactors = FALSE)
  pooled <- grepl("pooled|overall", frame$study, ignore.case = TRUE)
  if (sum(pooled) != 1L || any(grepl("sub-?total", frame$study, ignore.case = TRUE))) return(NULL)
  model <- if (grepl("^D\\+L", frame$study[pooled])) "DL" else if (grepl("^(I-V|IV)", frame$study[pooled])) "fixed"
  pooled_row <- frame[pooled, c("est", "ci.lb", "ci.ub")]
  list(studies = frame[!pooled, ], pooled = pooled_row, model = model)
}

# ---- results -----------------------------------------------------------------------------------

verification_counts <- function(x) {
  states <- c("equal", "last digit", "layout", "different", "audited", "ran", "refused", "error", "not run")
  stats::setNames(tabulate(match(x$status, states), length(states)), states)
}

#' @rdname stata_verify
#' @export
summary.stata_verification <- function(object, ...) {
  compared <- object$status %in% c("equal", "last digit", "layout", "different")
  structure(list(status = verification_counts(object), commands = nrow(object), lines = sum(object$lines[compared]),
                 lines_equal = sum(object$lines_equal[compared]), numbers = sum(object$numbers[compared]),
                 equal = sum(object$equal[compared]),
                 last_digit = sum(object$last_digit[compared]), different = sum(object$different[compared])),
            class = "summary.stata_verification")
}

#' @rdname stata_verify
#' @export
print.summary.stata_verification <- function(x, ...) {
  n <- x$status[x$status > 0L]
  cat(sprintf("%d commands: %s\n", x$commands, paste(n, names(n), collapse = ", ")))
  cat(sprintf("%d of %d lines equal; of %d numbers %d equal, %d but for the last digit, %d different\n", x$lines_equal,
              x$lines,
              x$numbers, x$equal, x$last_digit, x$different))
  invisible(x)
}

#' @rdname stata_verify
#' @export
print.stata_verification <- function(x, all = FALSE, ...) {
  print(summary(x))
  shown <- if (check_flag(all, "all")) seq_len(nrow(x)) else which(!x$status %in% c("equal", "ran", "last digit"))
  for (i in shown) {
    cat(sprintf("\nline %d, %s: %s\n", x$line[i], x$status[i], cut_label(x$command[i], 70L)))
    if (nzchar(x$first_difference[i])) cat("  ", x$first_difference[i], "\n", sep = "")
  }
  invisible(x)
}

#' @exportS3Method knitr::knit_print
knit_print.stata_verification <- function(x, options = NULL, ...) {
  table <- as.data.frame(unclass(x), stringsAsFactors = FALSE)
  table$command <- escape_markdown(cut_label(table$command, 60L))
  table$first_difference <- escape_markdown(table$first_difference)
  names(table) <- translate(gsub("_", " ", names(table)))
  knitr::knit_print(knitr::kable(table, row.names = FALSE), ...)
}

#' @rdname stata_verify
#' @export
verify_status <- function(x) {
  check_verification(x)
  if (any(x$status == "different")) 1L else if (any(x$status %in% c("refused", "error", "not run"))) 2L else 0L
}

#' @rdname stata_verify
#' @export
verify_page <- function(x, file) {
  check_verification(x)
  check_given(file)
  file <- check_writable(plain_path(file), "file")
  s <- summary(x)
  counts <- s$status[s$status > 0L]
  escape <- function(text) gsub(">", "&gt;", gsub("<", "&lt;", gsub("&", "&amp;", text, fixed = TRUE), fixed = TRUE),
                                fixed = TRUE)
  cells <- lapply(x, function(column) sprintf("<td>%s</td>", escape(as.character(column))))
  rows <- sprintf("<tr class=\"%s\">%s</tr>", gsub(" ", "-", x$status), do.call(paste0, cells))
  head <- paste0("<th>", gsub("_", " ", names(x)), "</th>", collapse = "")
  page <- c("<!DOCTYPE html>", "<html><head><meta charset=\"utf-8\"><title>Verification of a log</title>", "<style>",
            verification_style, "</style></head><body>",
            sprintf("<h1>%s</h1>", escape(c(attr(x, "log"), "log")[1L])),
            sprintf("<p>%d commands: %s. Of %d numbers %d equal, %d but for the last digit, %d different.</p>",
                    s$commands,
                    paste(counts, names(counts), collapse = ", "), s$numbers, s$equal, s$last_digit, s$different),
            paste0("<table><tr>", head, "</tr>"), rows, "</table></body></html>")
  con <- file(file, "wb")
  on.exit(close(con))
  writeLines(enc2utf8(page), con, useBytes = TRUE)
  invisible(file)
}

verification_style <- c("body{font-family:sans-serif;margin:2em}", "table{border-collapse:collapse;font-size:90%}",
                "td,th{border:1px solid #ccc;padding:2px 6px;text-align:left;vertical-align:top}",
                "td:nth-child(2){font-family:monospace}",
                "tr.different{background:#fdd}", "tr.refused,tr.error,tr.not-run{background:#ffd}",
                "tr.equal,tr.audited{background:#efe}")

check_verification <- function(x) {
  check_given(x)
  if (!inherits(x, "stata_verification")) abort_input("x",
                                                      sprintf("must be a result of stata_verify(), not %s",
                                                              describe(x)))
}

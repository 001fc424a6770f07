# cd, pwd, mkdir, dir, type and confirm of folders: all within the session's folder.
# Source: Stata's Data Management manual, cd, mkdir, dir, type.

# cd folder: for the session alone. The folder of another machine stands for the session's own, which the log says.
run_cd <- function(text, session, statement) {
  folder <- gsub("\\", "/", unquote(text), fixed = TRUE)
  if (!nzchar(folder)) return(emit(session, working_folder(session)))
  if (!is_plain_path(folder)) abort_stata(sprintf("unable to change to %s", folder), 170L)
  target <- path.expand(in_working_folder(folder, session))
  if (!dir.exists(target)) {
    if (!is_absolute(folder)) abort_stata(sprintf("unable to change to %s", folder), 170L)
    return(emit(session, sprintf("(%s: there is no such folder; the working folder stays %s)", folder,
                                 working_folder(session))))
  }
  target <- normalizePath(target, "/")
  # A script that goes up from the folder of its own machine stays in the session's.
  own <- normalizePath(session$folder %||% getwd(), "/")
  if (target != own && is_inside(own, target) || !is_inside(target, script_roots(session))) {
    if (!is_inside(own, target)) abort_stata(sprintf("%s is outside the folders of the session", folder), 608L)
    session$cwd <- own
    return(emit(session, sprintf("(%s: outside the folders of the session; the working folder is %s)", folder, own)))
  }
  session$cwd <- target
  emit(session, target)
}

run_pwd <- function(text, session, statement) emit(session, working_folder(session))

run_mkdir <- function(text, session, statement) {
  command <- parse_command(paste("mkdir", if (grepl("^\"", trimws(text))) text else sub("^([^,]+)", "\"\\1\"",
      trimws(text))))
  no_options(command, c("public", "pub"))
  folder <- gsub("\\", "/", trimws(command$rest$text[1L]), fixed = TRUE)
  if (!is_plain_path(folder)) abort_stata(sprintf("could not create directory %s", folder), 693L)
  target <- in_working_folder(folder, session)
  if (is_absolute(folder) && !dir.exists(dirname(target))) target <- in_working_folder(basename(folder), session)
  above <- normalizePath(dirname(target), "/", mustWork = FALSE)
  if (file.exists(target) || !dir.exists(above)) abort_stata(sprintf("could not create directory %s", folder), 693L)
  if (!is_inside(above, script_roots(session))) {
    abort_stata(sprintf("%s is outside the folders that a script may write to", folder), 608L)
  }
  dir.create(file.path(above, basename(target)))
}

run_dir <- function(text, session, statement) {
  pattern <- unquote(sub(",.*$", "", text))
  folder <- inner_folder(if (grepl("[/\\\\]", pattern)) dirname(pattern) else ".", session)
  files <- list.files(folder)
  if (nzchar(pattern) && basename(pattern) != ".") files <- grep(utils::glob2rx(basename(pattern)), files, value = TRUE)
  emit(session, files)
}

# type file: its lines.
run_type <- function(text, session, statement) {
  command <- parse_command(paste("type", if (grepl("^[`\"]", trimws(text))) text else sub("^([^,]+?)\\s*(,|$)",
      "\"\\1\"\\2",
                                                                                  trimws(text), perl = TRUE)))
  no_options(command, c("asis", "smcl", "showtabs", "starbang", "lines"))
  emit(session, read_text_lines(existing_file(command$rest$text[1L], session)))
}

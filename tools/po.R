# Makes the catalogue of messages: po/R-metaparity.pot from the texts in the calls that raise conditions, po/R-<lang>.po
# brought up to date with it, inst/po/<lang>/LC_MESSAGES/R-metaparity.mo. Needs gettext's msgmerge and msgfmt.
raising <- c("abort_input", "abort_studies", "abort_not_converged", "abort_capability", "warn_dropped", "warn_input",
             "warn_studies", "warn_fit", "message_part")

# One row per text: its singular and, for ngettext(), its plural.
texts_of <- function(e) {
  if (is.pairlist(e) || is.expression(e)) return(do.call(rbind, lapply(as.list(e), texts_of)))
  if (!is.call(e)) return(NULL)
  name <- if (is.name(e[[1L]])) as.character(e[[1L]]) else ""
  arguments <- as.list(e)[-1L]
  found <- if (name == "ngettext") data.frame(text = arguments[[2L]], plural = arguments[[3L]]) else {
    here <- if (name %in% raising) lapply(arguments, literal) else if (name %in% c("gettext", "gettextf")) arguments[1L]
    here <- unlist(Filter(is.character, here))
    if (length(here)) data.frame(text = here, plural = "")
  }
  present <- !vapply(arguments, function(a) is.name(a) && !nzchar(as.character(a)), NA)
  rbind(found, do.call(rbind, lapply(arguments[present], texts_of)))
}

# A message, not the name of an argument: it has a blank.
literal <- function(a) {
  if (is.call(a) && identical(a[[1L]], quote(sprintf))) a <- a[[2L]]
  if (is.character(a) && length(a) == 1L && grepl(" ", a, fixed = TRUE)) a
}

quoted <- function(text) encodeString(text, quote = "\"")

catalogue_entry <- function(text, plural) {
  format <- if (grepl("%", text, fixed = TRUE)) "#, c-format"
  if (!nzchar(plural)) return(c("", format, paste("msgid", quoted(text)), "msgstr \"\""))
  c("", format, paste("msgid", quoted(text)), paste("msgid_plural", quoted(plural)), "msgstr[0] \"\"", "msgstr[1] \"\"")
}

write_pot <- function(file) {
  sources <- list.files("R", "[.]R$", full.names = TRUE)
  texts <- do.call(rbind, lapply(sources, function(source) texts_of(parse(source, keep.source = FALSE))))
  texts <- texts[!duplicated(texts$text), ]
  texts <- texts[order(texts$text, method = "radix"), ]
  head <- c("msgid \"\"", "msgstr \"\"", "\"Project-Id-Version: metaparity\\n\"", "\"MIME-Version: 1.0\\n\"",
            "\"Content-Type: text/plain; charset=UTF-8\\n\"", "\"Content-Transfer-Encoding: 8bit\\n\"",
            "\"Plural-Forms: nplurals=INTEGER; plural=EXPRESSION;\\n\"")
  writeLines(c(head, unlist(Map(catalogue_entry, texts$text, texts$plural))), file, useBytes = TRUE)
}

run <- function(command, ...) if (system2(command, c(...)) != 0L) stop(command, " failed")

if (sys.nframe() == 0L) {
  lacking <- Filter(function(tool) !nzchar(Sys.which(tool)), c("msgmerge", "msgfmt"))
  if (length(lacking)) stop("tools/po needs gettext: ", toString(lacking), " not found")
  write_pot("po/R-metaparity.pot")
  for (po in list.files("po", "^R-.*[.]po$", full.names = TRUE)) {
    run("msgmerge", "--quiet", "--update", "--no-fuzzy-matching", "--backup=none", "--no-wrap", po,
        "po/R-metaparity.pot")
    folder <- file.path("inst/po", sub("^R-(.*)[.]po$", "\\1", basename(po)), "LC_MESSAGES")
    dir.create(folder, recursive = TRUE, showWarnings = FALSE)
    run("msgfmt", "--check", "--statistics", "-o", file.path(folder, "R-metaparity.mo"), po)
  }
}

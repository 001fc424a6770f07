# Checks of the sources' shape: floors, build lists, encodings, generated files, gates, pages.
# Each check returns the offences it found; sizes are only reported.
sources <- function(folder, pattern) {
  setdiff(list.files(folder, pattern, full.names = TRUE, recursive = TRUE),
          c("R/RcppExports.R", "src/RcppExports.cpp"))
}
r_files <- sources("R", "[.]R$")
core_files <- sources("src/core", "[.][ch]pp$")
cpp_files <- sources("src", "[.]([ch]pp|h)$")
lines_of <- function(file) readLines(file, encoding = "UTF-8", warn = FALSE)

hits <- function(files, pattern) {
  unlist(lapply(files, function(file) {
    found <- grep(pattern, lines_of(file), perl = TRUE, useBytes = TRUE)
    if (length(found)) paste0(file, ":", found)
  }))
}

core_without_r <- function() hits(core_files, "#include *[<\"](Rcpp|R[.]h|Rmath|Rinternals|R_ext)")
core_silent <- function() hits(core_files, "std::(cout|cerr|clog)|\\bprintf\\(|\\brand\\(")

# What Makevars lists after `name =` or `name:`, over its continued lines.
makevars_list <- function(text, name) {
  from <- which(startsWith(text, name))
  if (length(from) != 1L) return(character())
  to <- from + match(FALSE, endsWith(text[from:length(text)], "\\")) - 1L
  listed <- strsplit(paste(sub("\\\\$", "", text[from:to]), collapse = " "), "[[:space:]]+")[[1L]]
  grep("[.](o|[ch]pp|h)$", listed, value = TRUE)
}

list_offences <- function(what, there, listed) {
  c(sprintf("%s lacks %s", what, setdiff(there, listed)),
    sprintf("%s lists %s, which is not there", what, setdiff(listed, there)),
    sprintf("%s lists %s twice", what, unique(listed[duplicated(listed)])))
}

# A unit of src/units is compiled for the sources it includes: every source stands in exactly one, and is named as
# what the unit's object is made from.
makevars_complete <- function() {
  text <- lines_of("src/Makevars")
  own <- sub("^src/", "", cpp_files)
  units <- grep("^units/", own, value = TRUE)
  included <- lapply(units, function(unit) {
    found <- grep('^#include "', lines_of(file.path("src", unit)), value = TRUE)
    sub('^#include "(.*)"$', "\\1", found)
  })
  objects <- sub("[.]cpp$", ".o", units)
  c(list_offences("src/Makevars", c("RcppExports.o", objects), makevars_list(text, "OBJECTS =")),
    list_offences("src/Makevars", grep("[.]h(pp)?$", own, value = TRUE), makevars_list(text, "HEADERS =")),
    list_offences("src/units", setdiff(grep("[.]cpp$", own, value = TRUE), units), unlist(included)),
    unlist(Map(function(object, sources) {
      list_offences(paste("src/Makevars,", object), sources, setdiff(makevars_list(text, paste0(object, ":")), object))
    }, objects, included)))
}

ascii_only <- function() hits(c(r_files, cpp_files, "DESCRIPTION", "NAMESPACE"), "[^\\x01-\\x7F]")

tracked <- function() {
  files <- if (nzchar(Sys.which("git"))) suppressWarnings(system2("git", "ls-files", stdout = TRUE, stderr = FALSE))
  if (length(files)) files[file.exists(files)] else list.files(".", recursive = TRUE)
}

no_machine_paths <- function() {
  text <- grep("[.](R|r|[ch]pp|Rmd|md|Rd|sh|yml|do)$|^tools/[a-z-]+$|DESCRIPTION|Makefile", tracked(), value = TRUE)
  hits(text, "(^|[^\\w.$}*)])/(tmp|work|home|root)/|cran[.]r-project|cloud[.]r-project")
}

gates_reasoned <- function() {
  gates <- utils::read.csv("tests/testthat/fixtures/gates.csv", stringsAsFactors = FALSE)
  bad <- is.na(gates$tolerance) | gates$tolerance < 0 | !nzchar(trimws(gates$reason)) |
    duplicated(gates$quantity) | is.na(gates$reason)
  sprintf("gates.csv: %s", gates$quantity[bad])
}

# The parts that a page of a function lacks: its value, its errors (the class named, or that there are none), where it
# comes from (references, a formula or other software), and an example that runs.
page_lacks <- function(file) {
  page <- tools::parse_Rd(file)
  tags <- vapply(page, attr, "", "Rd_tag")
  if (!"\\usage" %in% tags) return(NULL)
  titles <- vapply(page[tags == "\\section"], function(part) paste(unlist(part[[1L]]), collapse = ""), "")
  code <- lapply(page[tags == "\\examples"], function(part) part[vapply(part, attr, "", "Rd_tag") == "RCODE"])
  has <- c(value = "\\value" %in% tags,
           errors = grepl("metaparity_error|no\\s+errors\\s+of\\s+its\\s+own", paste(unlist(page), collapse = "")),
           source = "\\references" %in% tags || any(grepl("^(In other software|Formulas?)$", titles)),
           example = any(nzchar(trimws(unlist(code)))))
  if (!all(has)) paste(file, "lacks", toString(names(has)[!has]))
}

pages_complete <- function() unlist(lapply(sources("man", "[.]Rd$"), page_lacks))

# The manual's page is 100 characters wide in an example.
examples_fit <- function() {
  unlist(lapply(sources("man", "[.]Rd$"), function(file) {
    text <- lines_of(file)
    from <- match(TRUE, startsWith(text, "\\examples{"))
    if (is.na(from)) return(NULL)
    block <- text[from:(from + match("}", text[from:length(text)]) - 1L)]
    if (any(nchar(block) > 100L)) paste(file, "has an example line over 100 characters")
  }))
}

arguments_documented <- function() {
  found <- utils::capture.output(print(tools::checkDocFiles(dir = ".")))
  found[nzchar(found)]
}

generated_current <- function() {
  noted <- read.dcf("DESCRIPTION", "RoxygenNote")[1L]
  if (!nzchar(system.file(package = "roxygen2")) || utils::packageVersion("roxygen2") != noted) return(NULL)
  copy <- tempfile("sources")
  dir.create(copy)
  on.exit(unlink(copy, recursive = TRUE))
  file.copy(c("DESCRIPTION", "NAMESPACE", "R", "src", "man", "tools", if (dir.exists("inst")) "inst"), copy,
            recursive = TRUE)
  if (system2("bash", file.path(copy, "tools/document"), stdout = FALSE, stderr = FALSE)) return("tools/document fails")
  made <- c("NAMESPACE", "R/RcppExports.R", "src/RcppExports.cpp",
            file.path("man", list.files(file.path(copy, "man"), "Rd$")))
  made <- union(made, file.path("man", list.files("man", "Rd$")))
  same <- unname(tools::md5sum(made)) == unname(tools::md5sum(file.path(copy, made)))
  sprintf("%s: run tools/document", made[!(same %in% TRUE)])
}

# tools/po makes the template of messages from the sources.
catalogue_current <- function() {
  made <- new.env()
  sys.source("tools/po.R", made)
  file <- tempfile()
  made$write_pot(file)
  if (!identical(lines_of(file), lines_of("po/R-metaparity.pot"))) "po/R-metaparity.pot: run tools/po"
}

# The same eight lines of code in two places; braces and comments do not count.
repeated_blocks <- function(span = 8L) {
  blocks <- do.call(rbind, lapply(c(r_files, cpp_files), function(file) {
    text <- trimws(lines_of(file))
    at <- which(nchar(text) > 3L & !grepl("^(#|//)", text))
    if (length(at) < span) return(NULL)
    starts <- seq_len(length(at) - span + 1L)
    key <- vapply(starts, function(i) paste(text[at[i + seq_len(span) - 1L]], collapse = "\n"), "")
    data.frame(where = paste0(file, ":", at[starts]), key = key)
  }))
  again <- duplicated(blocks$key)
  first <- blocks$where[match(blocks$key[again], blocks$key)]
  sprintf("%s repeats %s", blocks$where[again], first)
}

# Files of R/ share one namespace: a later definition of a name silently replaces an earlier one.
defined_once <- function() {
  defined <- unlist(lapply(r_files, function(file) {
    names <- vapply(parse(file), function(e) {
      if (is.call(e) && identical(e[[1L]], as.name("<-")) && is.name(e[[2L]])) as.character(e[[2L]]) else ""
    }, "")
    stats::setNames(names, rep(file, length(names)))
  }))
  again <- unique(defined[duplicated(defined) & nzchar(defined)])
  vapply(again, function(name) sprintf("%s: %s", name, toString(names(defined)[defined == name])), "")
}

# Functions named as a method of a class of the package that are none, with the reason.
no_methods <- c()

# Inside the namespace a method is found by its name; a user's call finds only those that NAMESPACE registers.
methods_registered <- function() {
  directives <- Filter(function(e) identical(e[[1L]], as.name("S3method")), as.list(parse("NAMESPACE")))
  generics <- vapply(directives, function(e) sub("^.*::", "", deparse(e[[2L]])), "")
  generics <- gsub("[\"`]", "", generics)
  classes <- vapply(directives, function(e) as.character(e[[3L]]), "")
  registered <- c(paste(generics, classes, sep = "."),
                  unlist(lapply(directives, function(e) if (length(e) > 3L) as.character(e[[4L]]))))
  own <- grep("^(summary[.])?(metaparity|stata_|revman_|escalc|rma)", unique(classes), value = TRUE)
  defined <- unlist(lapply(r_files, function(file) lapply(parse(file), function(e) {
    if (is.call(e) && identical(e[[1L]], as.name("<-")) && is.name(e[[2L]])) as.character(e[[2L]])
  })))
  endings <- paste0(".", own)
  method <- vapply(defined, function(name) any(endsWith(name, endings)), NA)
  setdiff(defined[method], c(registered, names(no_methods)))
}

sys.source("tools/rooms.R", environment())
rooms <- utils::read.csv("tools/rooms.csv", stringsAsFactors = FALSE)
arrows <- file_arrows(r_files)

every_file_has_a_room <- function() {
  r_files[is.na(vapply(r_files, rooms_tools$room_of, "", rooms = rooms))]
}

collation_current <- function() {
  listed <- scan(text = read.dcf("DESCRIPTION", "Collate")[1L], what = "", quiet = TRUE)
  if (!identical(listed, rooms_tools$collation())) "DESCRIPTION: run tools/document"
}

largest_circle <- 12L
no_large_circle <- function() {
  found <- Filter(function(set) length(set) > largest_circle, circles(arrows))
  vapply(found, function(set) paste(length(set), "files call each other:", toString(set)), "")
}

# One test file per source on both floors; what the compiler's tool makes has none.
sources_without_test <- function() {
  r <- sub("[.]R$", "", basename(r_files))
  core <- sub("[.]cpp$", "", basename(grep("[.]cpp$", core_files, value = TRUE)))
  c(sprintf("R/%s.R", r[!file.exists(sprintf("tests/testthat/test-%s.R", r))]),
    sprintf("src/core/%s.cpp", core[!file.exists(sprintf("tests/cpp/test_%s.cpp", core))]))
}

report_rooms <- function() {
  sets <- circles(arrows)
  cat("   rooms:", nrow(rooms), " files:", length(r_files), " arrows:", nrow(arrows),
      " upward:", length(upward_arrows(arrows, rooms)), " largest circle:", max(0L, lengths(sets)), "files\n")
}

format_settled <- function() {
  tool <- Sys.which("clang-format")
  if (!nzchar(tool)) return(NULL)
  files <- c(cpp_files, sources("tests/cpp", "[.][ch]pp$"))
  off <- vapply(files, function(file) {
    system2(tool, c("--dry-run", "-Werror", file), stdout = FALSE, stderr = FALSE) != 0L
  }, NA)
  names(off)[off]
}

report_sizes <- function() {
  for (file in r_files) {
    parsed <- parse(file, keep.source = TRUE)
    for (i in seq_along(parsed)) {
      where <- attr(parsed, "srcref")[[i]]
      long <- where[3L] - where[1L] + 1L
      if (is.call(parsed[[i]]) && identical(parsed[[i]][[1L]], as.name("<-")) && is.call(parsed[[i]][[3L]]) &&
          identical(parsed[[i]][[3L]][[1L]], as.name("function")) && long > 40L) {
        cat("   long:", file, as.character(parsed[[i]][[2L]]), long, "lines\n")
      }
    }
  }
  size <- vapply(c(r_files, cpp_files), function(file) length(lines_of(file)), 0L)
  guide <- ifelse(grepl("[.]R$", names(size)), 300L, 400L)
  for (file in names(size)[size > guide]) cat("   long:", file, size[[file]], "lines\n")
}

report_format <- function() {
  off <- format_settled()
  if (length(off)) cat("   tools/format would change", length(off), "C++ files\n")
}

checks <- list(
  "the core includes no R header" = core_without_r,
  "the core prints nothing and draws no random numbers" = core_silent,
  "every source is compiled once, and Makevars lists it" = makevars_complete,
  "R and C++ sources are ASCII" = ascii_only,
  "no R name is defined twice" = defined_once,
  "every method is registered" = methods_registered,
  "every file stands in a room" = every_file_has_a_room,
  "no arrow points upward" = function() upward_arrows(arrows, rooms),
  "no large circle of files" = no_large_circle,
  "Collate follows the rooms" = collation_current,
  "every source has a test of its own" = sources_without_test,
  "no machine paths, no registry hosts" = no_machine_paths,
  "every gate has a reason" = gates_reasoned,
  "every page of a function has value, errors, source and example" = pages_complete,
  "every argument is documented" = arguments_documented,
  "examples fit the manual's page" = examples_fit,
  "generated files are up to date" = generated_current,
  "the catalogue of messages is up to date" = catalogue_current,
  "no repeated blocks" = repeated_blocks
)
offences <- lapply(checks, function(check) tryCatch(check(), error = function(e) conditionMessage(e)))
for (name in names(offences)) {
  found <- offences[[name]]
  cat("  ", if (length(found)) "FAILED" else "ok", name, "\n")
  if (length(found)) cat(paste0("      ", utils::head(found, 20L), "\n"), sep = "")
}
report_rooms()
report_sizes()
report_format()
cat("counts: ", sum(!lengths(offences)), " ", sum(lengths(offences) > 0L), "\n", sep = "")

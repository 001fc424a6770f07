# Owns what a device can draw: which need one font per string, whether a font with East Asian characters is installed,
# and what the user is told when not.

# TRUE on devices that draw each string with one 8-bit font.
is_plain_device <- function() {
  names(grDevices::dev.cur())[1L] %in% c("pdf", "postscript", "xfig", "pictex")
}

# Letters of Latin Extended-A by their base letters, for fonts that lack them; "?" for what has none.
plain_latin <- function(x) {
  extended <- intToUtf8(0x100:0x17f)
  base <- paste0("AaAaAaCcCcCcCcDdDdEeEeEeEeEeGgGgGgGgHhHhIiIiIiIiIiJjJjKkkLlLlLlLlLlNnNnNnnNnOoOoOoOoRrRrRr",
                 "SsSsSsSsTtTtTtUuUuUuUuUuUuWwYyYZzZzZzs")
  x <- chartr(extended, base, enc2utf8(x))
  other <- !is_ascii(x)
  x[other] <- iconv(x[other], "UTF-8", "ASCII//TRANSLIT", sub = "?")
  ifelse(is.na(x), "?", x)
}

# Is a font for the language installed where fontconfig answers? NA when nothing can be asked.
cjk_font_available <- function(language = "zh") {
  if (has_own_fonts()) return(TRUE)
  tool <- Sys.which("fc-list")
  if (!nzchar(tool)) return(NA)
  found <- suppressWarnings(system2(tool, c(paste0(":lang=", language), "family"), stdout = TRUE, stderr = FALSE))
  length(found) > 0L
}

# A family of fonts that the open device draws with: R's names, and those that are installed where that can be asked.
check_family <- function(family, call = NULL) {
  if (is.character(family)) family <- family[1L]
  if (!is.character(family) || is.na(family)) {
    abort_input("family", sprintf("must be the name of a family of fonts, not %s", describe(family)), call)
  }
  usual <- c("", "sans", "serif", "mono", "symbol", if (!is_plain_device()) c("monospace", "sans-serif"),
             grep("^Hershey", family, value = TRUE), names(grDevices::pdfFonts()))
  known <- if (is_plain_device()) usual else if (length(installed_families())) c(usual, installed_families())
  if (is.null(known) || tolower(family) %in% tolower(known)) return(family)
  where <- if (is_plain_device()) "is not one of names(pdfFonts())" else "is not installed"
  abort_input("family", sprintf("is a family of fonts that this device cannot draw: \"%s\" %s", family, where), call)
}

# Evaluates code while texts of the open device are set in a family; NULL and "" leave the device's.
with_family <- function(family, code) {
  if (is.null(family) || identical(family, "")) return(code)
  old <- graphics::par(family = check_family(family))
  on.exit(graphics::par(old))
  force(code)
}

# By fontconfig, asked once per session; none where it cannot be asked.
installed_families <- function() {
  if (is.null(session_answers[["families"]])) {
    tool <- if (has_own_fonts()) "" else Sys.which("fc-list")
    found <- if (nzchar(tool)) suppressWarnings(system2(tool, c(":", "family"), stdout = TRUE, stderr = FALSE))
    assign("families", unique(trimws(as.character(unlist(strsplit(enc2utf8(as.character(found)), ","))))),
           session_answers)
  }
  session_answers[["families"]]
}

has_own_fonts <- function() .Platform$OS.type == "windows" || Sys.info()[["sysname"]] == "Darwin"

cjk_language <- function(text) {
  families <- unique(vapply(text[has_cjk(text)], cjk_family, ""))
  unique(c(GB1 = "zh", CNS1 = "zh", Japan1 = "ja", Korea1 = "ko")[families])
}

# What the session knows and has said.
session_answers <- new.env(parent = emptyenv())

# TRUE the first time in a session.
first_time <- function(what) {
  if (isTRUE(session_answers[[what]])) return(FALSE)
  assign(what, TRUE, session_answers)
  TRUE
}

# A device with font fallback draws boxes, silently, when no installed font has the characters. Said once per session,
# kind of device and language. `available` is a function of the language, answered once per session.
warn_missing_font <- function(text, call = NULL, available = ask_font_once) {
  device <- names(grDevices::dev.cur())[1L]
  for (language in cjk_language(text)) {
    if (identical(available(language), FALSE) && first_time(paste("font", device, language))) {
      warning(warningCondition(
        sprintf("no installed font has the characters of some labels: on %s() they will show as boxes. %s, or write the figure with pdf().",
                device, font_advice(language)),
        language = language, class = c("metaparity_warning_font", "metaparity_warning"), call = call))
    }
  }
  invisible(text)
}

ask_font_once <- function(language) {
  if (is.null(session_answers[[language]])) assign(language, cjk_font_available(language), session_answers)
  session_answers[[language]]
}

# What to install, in the words of the system.
font_advice <- function(language, system = system_name()) {
  named <- c(zh = "Chinese", ja = "Japanese", ko = "Korean")[[language]]
  switch(system,
         windows = sprintf("Add the %s supplemental fonts in Settings, Apps, Optional features", named),
         darwin = sprintf("Install a %s font in Font Book", named),
         debian = , ubuntu = "Install one: sudo apt-get install fonts-noto-cjk",
         fedora = , rhel = , centos = "Install one: sudo dnf install google-noto-sans-cjk-ttc-fonts",
         arch = "Install one: sudo pacman -S noto-fonts-cjk",
         alpine = "Install one: apk add font-noto-cjk",
         suse = , opensuse = "Install one: sudo zypper install noto-sans-cjk-fonts",
         sprintf("Install a %s font, for example Noto Sans CJK", named))
}

# "windows", "darwin", or the first known name of the Linux distribution and those it stems from.
system_name <- function(release = "/etc/os-release") {
  if (.Platform$OS.type == "windows") return("windows")
  if (Sys.info()[["sysname"]] == "Darwin") return("darwin")
  if (!file.exists(release)) return("")
  lines <- readLines(release, warn = FALSE)
  names <- unlist(lapply(c("ID", "ID_LIKE"), function(key) {
    value <- sub(paste0("^", key, "="), "", grep(paste0("^", key, "="), lines, value = TRUE))
    strsplit(gsub("\"", "", value), " ", fixed = TRUE)
  }))
  known <- c("debian", "ubuntu", "fedora", "rhel", "centos", "arch", "alpine", "suse", "opensuse")
  c(intersect(names, known), "")[1L]
}

# Once per session: what pdf() makes of East Asian text can be read but is not embedded. In a document the figure is
# written by a device that embeds.
inform_not_embedded <- function() {
  if (has_own_page() || !first_time("embedding")) return(invisible())
  inform("East Asian labels in pdf() use a font of the reader's machine; save_forest() and cairo_pdf() embed one.",
         "embedding")
}

# The site by pkgdown, from the installed package. The groups of help pages are the sections of R/base-package.R.
arguments <- commandArgs(TRUE)
out <- arguments[1L]
quick <- "quick" %in% arguments
map <- "map" %in% arguments   # only the home page and the index of help pages
options(pkgdown.internet = FALSE)
# Where documents keep figures that they do not draw in chunks: the process that builds one is gone when its page is looked at.
figures <- tempfile("figures")
dir.create(figures)
Sys.setenv(METAPARITY_FIGURES = figures)
if (!requireNamespace("pkgdown", quietly = TRUE)) stop("pkgdown is missing: apt-get install r-cran-pkgdown", call. = FALSE)

# Links to packages that are not installed come from CRAN's list, where it can be reached.
if (requireNamespace("downlit", quietly = TRUE)) local({
  listed <- getFromNamespace("CRAN_urls", "downlit")
  none <- data.frame(Package = character(), URL = character())
  utils::assignInNamespace("CRAN_urls", function() tryCatch(listed(), error = function(e) none), "downlit")
})

# list(title, contents): the topics that each section of the map names, each in its first section.
site_groups <- function(pages = tools::Rd_db(dir = ".")) {
  alias <- lapply(pages, function(page) {
    unlist(lapply(Filter(function(part) attr(part, "Rd_tag") == "\\alias", unclass(page)), function(part) paste(unlist(part), collapse = "")))
  })
  topic <- sub("[.]Rd$", "", rep(basename(names(alias)), lengths(alias)))
  names(topic) <- unlist(alias)
  map <- readLines("R/base-package.R", encoding = "UTF-8")
  starts <- grep("^#' @section", map)
  titles <- sub("^#' @section (.*):$", "\\1", map[starts])
  ends <- c(starts[-1L], grep("^#' @keywords", map)) - 1L
  hidden <- vapply(pages, function(page) any(vapply(unclass(page), function(part) {
    attr(part, "Rd_tag") == "\\keyword" && trimws(paste(unlist(part), collapse = "")) == "internal"
  }, NA)), NA)
  left <- setdiff(unique(topic), sub("[.]Rd$", "", basename(names(pages)[hidden])))
  groups <- list()
  for (i in seq_along(starts)) {
    text <- paste(map[starts[i]:ends[i]], collapse = " ")
    words <- regmatches(text, gregexpr("[A-Za-z][A-Za-z0-9_.]*", text))[[1L]]
    named <- intersect(unique(topic[words[words %in% names(topic)]]), left)
    left <- setdiff(left, named)
    if (length(named)) groups[[length(groups) + 1L]] <- list(title = titles[i], contents = named)
  }
  if (length(left)) groups[[length(groups) + 1L]] <- list(title = "Methods and helpers", contents = sort(left))
  groups
}

articles <- list(
  list(title = "First steps", navbar = NULL, contents = c("get-started", "from-stata", "from-revman", "from-metafor")),
  list(title = "Tasks", contents = c("figures", "reporting", "multilevel", "at-scale", "probiotics")),
  list(title = "Background", contents = c("methods", "validation", "inside")))

# Lines of code of 100 characters fit beside the contents; wide tables scroll by themselves on narrow screens.
look <- c("<style>", "main pre { font-size: 0.82rem; }",
          "main table.table { display: block; overflow-x: auto; }", "</style>")

config <- list(
  destination = out,
  template = list(bootstrap = 5L, bslib = list(`base_font` = "system-ui, sans-serif"),
                  includes = list(in_header = paste(look, collapse = "\n"))),
  reference = site_groups(), articles = articles, home = list(title = "metaparity"),
  development = list(mode = "release"))

pkg <- pkgdown::as_pkgdown(".", override = config)
failed <- character()
try_step <- function(name, code) {
  tryCatch(code, error = function(e) {
    failed <<- c(failed, name)
    message(name, ": ", conditionMessage(e))
  })
}
try_step("frame", pkgdown::init_site(pkg))
try_step("home", pkgdown::build_home(pkg, preview = FALSE, quiet = TRUE))
if (map) {
  try_step("map", pkgdown::build_reference_index(pkg))
  cat(sprintf("%d failed\n", length(failed)))
  quit(status = length(failed) > 0L)
}
try_step("help pages", pkgdown::build_reference(pkg, lazy = FALSE, examples = !quick, run_dont_run = FALSE, seed = 1L, devel = FALSE,
                                                preview = FALSE))
for (name in tools::file_path_sans_ext(list.files("vignettes", "[.]Rmd$"))) {
  try_step(name, pkgdown::build_article(name, pkg, lazy = quick, quiet = TRUE))
}
try_step("articles", pkgdown::build_articles_index(pkg))
try_step("news", pkgdown::build_news(pkg, preview = FALSE))
try_step("search", pkgdown::build_search(pkg))

# Figures that a document wrote to a folder of its own are shown from the folder of its page.
keep_figures <- function(page) {
  html <- paste(readLines(page, encoding = "UTF-8", warn = FALSE), collapse = "\n")
  found <- unique(regmatches(html, gregexpr('(?<=<img src=")(?!data:|https?:)[^"]+', html, perl = TRUE))[[1L]])
  own <- paste0(tools::file_path_sans_ext(basename(page)), "_files")
  for (src in found[!file.exists(file.path(dirname(page), found))]) {
    from <- file.path("vignettes", src)
    if (!file.exists(from)) stop("no figure ", src, " for ", basename(page), call. = FALSE)
    to <- file.path(own, basename(src))
    dir.create(file.path(dirname(page), own), showWarnings = FALSE)
    file.copy(from, file.path(dirname(page), to), overwrite = TRUE)
    html <- gsub(src, to, html, fixed = TRUE)
  }
  writeLines(html, page, useBytes = TRUE)
}
for (page in list.files(file.path(out, "articles"), "[.]html$", full.names = TRUE)) try_step(basename(page), keep_figures(page))
unlink(figures, recursive = TRUE)

# Debian's pkgdown names MathJax of the machine too, which no reader of the page has.
portable <- function(page) {
  html <- paste(readLines(page, encoding = "UTF-8", warn = FALSE), collapse = "\n")
  writeLines(gsub('<script[^>]*src="file://[^"]*"[^>]*></script>', "", html), page, useBytes = TRUE)
}
pages <- list.files(out, "[.]html$", recursive = TRUE)
for (page in file.path(out, pages)) try_step(page, portable(page))
cat(sprintf("%d pages, %d failed\n", length(pages), length(failed)))
if (length(failed)) quit(status = 1L)

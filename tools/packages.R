# Rscript packages.R missing|install [coverage|site]: the R packages DESCRIPTION names (with the versions the
# oracles need) that are absent or too old; `install` fetches them from the configured CRAN repository.
oldest <- c(metafor = "5.0", meta = "8.0", metadat = "1.4", CompQuadForm = "1.4", testthat = "3.1")

needed <- function(extra) {
  fields <- read.dcf("DESCRIPTION", c("Imports", "LinkingTo", "Suggests"))
  names <- trimws(gsub("[(][^)]*[)]", "", unlist(strsplit(fields, ","))))
  unique(c(setdiff(names[!is.na(names)], ""), "CompQuadForm", extra))
}

absent <- function(packages) {
  lacks <- function(name) {
    if (!nzchar(system.file(package = name))) return(TRUE)
    name %in% names(oldest) && utils::packageVersion(name) < oldest[[name]]
  }
  packages[vapply(packages, lacks, NA)]
}

own_library <- function() {
  if (file.access(.libPaths()[1L], 2L) == 0L) return(.libPaths()[1L])
  path <- strsplit(Sys.getenv("R_LIBS_USER"), .Platform$path.sep, fixed = TRUE)[[1L]][1L]
  path <- path.expand(path)
  dir.create(path, recursive = TRUE, showWarnings = FALSE)
  path
}

install_absent <- function(packages) {
  if (identical(getOption("repos")[["CRAN"]], "@CRAN@")) {
    utils::chooseCRANmirror(graphics = FALSE, ind = 1L, local.only = TRUE)
  }
  options(timeout = max(600, getOption("timeout")))
  library_path <- own_library()
  .libPaths(library_path)
  utils::install.packages(packages, lib = library_path, quiet = TRUE,
                          Ncpus = min(2L, parallel::detectCores(), na.rm = TRUE))
  left <- absent(packages)
  if (length(left)) stop("could not be installed: ", toString(left), call. = FALSE)
}

arguments <- commandArgs(TRUE)
lacking <- absent(needed(c(if ("coverage" %in% arguments) "covr", if ("site" %in% arguments) "pkgdown")))
if (arguments[1L] == "missing") {
  writeLines(lacking)
} else if (length(lacking)) {
  install_absent(lacking)
}

# The cases of metan 4 and metacum for tools/check-stata-logs: what their data files say beyond the rows (variable
# labels, sort order, limits), and how a command becomes a call.
metan4_formats <- c("metan4", "metacum")

metan4_labels <- c(id = "Study identifier", year = "Year", type_study = "Type of study", trialnam = "Trial name")

metan4_data <- function(data) {
  if (all(c("logor", "selogor") %in% names(data))) {
    data$lcilogor <- data$logor - stats::qnorm(.975) * data$selogor
    data$ucilogor <- data$logor + stats::qnorm(.975) * data$selogor
    data$country <- ""
  }
  labelled <- c("year", "type_study", "trialnam")
  if (any(labelled %in% names(data)) || "csample" %in% names(data)) {
    for (name in intersect(names(metan4_labels), names(data))) attr(data[[name]], "label") <- metan4_labels[[name]]
  }
  if (all(c("year", "type_study") %in% names(data))) attr(data, "sorted") <- c("year", "type_study")
  data
}

# "cc(.5, opposite)" and "model(dk2s,init(he) \ dl)" keep their text; flags are TRUE.
metan4_options <- function(text) {
  found <- regmatches(text, gregexpr("[A-Za-z0-9_]+(\\((?:[^()]|\\([^()]*\\))*\\))?", text, perl = TRUE))[[1L]]
  name <- sub("\\(.*$", "", found)
  value <- lapply(found, function(f) if (grepl("(", f, fixed = TRUE)) sub("\\)$", "", sub("^[^(]*\\(", "", f)) else
                  TRUE)
  stats::setNames(value, name)
}

metan4_value <- function(name, value, data) {
  if (isTRUE(value)) return(TRUE)
  if (name == "label") return(pairs_of(value))
  if (name %in% c("by", "wgt", "sortby", "study", "npts")) return(as.name(column(value, data)))
  if (name %in% c("lcols", "rcols")) return(strsplit(value, "\\s+")[[1L]])
  number <- suppressWarnings(as.numeric(value))
  if (is.na(number)) value else number
}

run_metan4 <- function(case) {
  text <- gsub("\n", " ", gsub("///\\s*\n>?\\s*", " ", case$command))
  text <- trimws(sub("^\\.\\s*", "", sub("\\s//.*$", "", text)))
  data <- metan4_data(case_data(case))
  comma <- regexpr(",", text, fixed = TRUE)
  words <- strsplit(trimws(if (comma > 0) substr(text, 1L, comma - 1L) else text), "\\s+")[[1L]]
  options <- metan4_options(if (comma > 0) substring(text, comma + 1L) else "")
  options <- Map(metan4_value, names(options), options, MoreArgs = list(data = data))
  if (words[1L] == "metan") options$version <- 4
  vars <- lapply(words[-1L], function(v) as.name(column(v, data)))
  view <- tryCatch(eval(as.call(c(as.name(words[1L]), vars, list(data = quote(data)), options))),
                   metaparity_error = function(e) conditionMessage(e))
  if (is.character(view)) view else list(view = view, lines = format(view))
}

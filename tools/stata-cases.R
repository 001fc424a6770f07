# The cases of metaprop, metareg, metaan and heterogi: Stata's words of a case -> a call of the package.
# A tokenizer for options with nested parentheses and quotes; a graph's options are not handed on.

# "metaprop r n, ftt label(namevar=id) ti("a, b")" -> command, varlist, options (name -> text, NA without parentheses).
stata_words <- function(text) {
  text <- gsub("\n", " ", gsub("///\\s*\n>?", " ", text))
  text <- trimws(sub("^\\.\\s*", "", sub("\\s//.*$", "", text)))
  letters <- strsplit(text, "")[[1L]]
  depth <- cumsum((letters == "(") - (letters == ")"))
  quoted <- cumsum(letters == "\"") %% 2L == 1L
  comma <- which(letters == "," & depth == 0L & !quoted)[1L]
  cut <- if (is.na(comma)) length(letters) + 1L else comma
  head <- strsplit(trimws(paste(letters[seq_len(cut - 1L)], collapse = "")), "\\s+")[[1L]]
  list(command = head[1L], vars = head[-1L], options = stata_options(letters[-seq_len(min(cut, length(letters)))]))
}

stata_options <- function(letters) {
  depth <- cumsum((letters == "(") - (letters == ")"))
  quoted <- cumsum(letters == "\"") %% 2L == 1L
  breaks <- letters == " " & depth == 0L & !quoted
  words <- vapply(split(letters, cumsum(breaks)), paste, "", collapse = "")
  words <- trimws(words)
  words <- words[nzchar(words)]
  value <- ifelse(grepl("(", words, fixed = TRUE), sub("\\)$", "", sub("^[^(]*\\(", "", words)), NA)
  stats::setNames(as.list(value), sub("\\(.*$", "", words))
}

# Options that Stata lets one shorten, as this package's argument; "" leaves the option out.
graph_options <- c("nograph", "xlabel", "xlab", "xtick", "xline", "ti", "title", "subti", "subtitle",
                   "xtitle", "olineopt",
                   "diamopt", "pointopt", "boxopt", "ciopt", "plotregion", "graphregion", "astext", "texts", "force",
                   "graph", "randomsize", "forest", "favours", "nostats")

small_value <- function(name, value, data) {
  if (is.na(value)) return(TRUE)
  if (name == "label") {
    if (!grepl("=", value, fixed = TRUE)) return(trimws(value))
    parts <- strsplit(strsplit(value, ",")[[1L]], "=")
    return(as.call(c(quote(c), stats::setNames(lapply(parts, function(p) as.name(trimws(p[2L]))),
                                               trimws(vapply(parts, `[`, "", 1L))))))
  }
  if (name %in% c("by", "wgt", "wsse", "wsvar", "sortby", "lcols", "rcols")) {
    words <- intersect(strsplit(trimws(value), "\\s+")[[1L]], names(data))
    names <- lapply(words, as.name)
    return(if (length(names) == 1L) names[[1L]] else as.call(c(quote(c), names)))
  }
  number <- suppressWarnings(as.numeric(value))
  if (is.na(number)) value else number
}

small_verbs <- c("metaprop", "metareg", "metaan", "heterogi")

# The labels of variables are not part of a case; "Study identifier" is that of `id` in the validation data.
run_small <- function(case, data) {
  words <- stata_words(case$command)
  if ("id" %in% names(data)) attr(data$id, "label") <- "Study identifier"
  if ("year" %in% names(data)) attr(data$year, "label") <- "Year"
  options <- words$options[!names(words$options) %in% graph_options]
  options <- Map(small_value, names(options), options, MoreArgs = list(data = data))
  fun <- get(words$command, envir = asNamespace("metaparity"))
  call <- as.call(c(list(fun), lapply(words$vars, as.name), list(data = quote(data)), options))
  view <- tryCatch(suppressWarnings(eval(call)), metaparity_error = function(e) conditionMessage(e))
  if (is.character(view)) view else list(view = view, lines = format(view))
}

# A printed number of a figure or of a recalled table in our results.
small_number <- function(key, view) {
  part <- strsplit(key, "_")[[1L]]
  index <- suppressWarnings(as.integer(gsub("[^0-9]", "", part[1L])))
  if (grepl("^c[0-9]+$", part[1L])) return(view$table[[part[2L]]][index])
  field <- c(es = "es", lci = "ci_low", uci = "ci_upp", wt = "weight")[part[2L]]
  if (grepl("^s[0-9]+$", part[1L])) return(view$table[[field]][view$table$type == "study"][index])
  if (part[1L] == "ov" && !is.na(field)) return(view$table[[field]][view$table$type == "overall"])
  r <- view$r
  value <- switch(key, k = r$N, tau2 = r$tau2, I2 = if (is.null(r$I2)) r$i_sq else r$I2, R2 = r$adjR2, Q = r$het,
                  ov_I2 = r$i_sq, pQ = , ov_pQ = r$p_het, NA)
  if (length(value) == 1L) value else NA
}

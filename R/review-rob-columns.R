# Owns where judgements stand in a user's table: which column is the study, which the domains, which the support, in
# wide tables (a column per domain), long ones (a row per judgement) and those of RevMan.

# Names of columns from what was written: bare names, text, positions, or c() of those, whose names are kept.
column_names <- function(expr, data, env, arg, call = NULL) {
  if (is.null(expr)) return(NULL)
  parts <- if (is.call(expr) && identical(expr[[1L]], quote(c))) as.list(expr)[-1L] else list(expr)
  bare <- length(parts) > 0L && all(vapply(parts, function(p) is.symbol(p) && as.character(p) %in% names(data), NA))
  value <- if (bare) vapply(parts, as.character, "") else evaluated(expr, env, arg, call)
  if (is.null(value)) return(NULL)
  labels <- if (bare) names(parts) else names(value)
  if (is.numeric(value) && all(is.finite(value)) && all(value >= 1 & value <= length(data))) value <- names(data)[value]
  if (!is.character(value) || !length(value) || !all(value %in% names(data))) {
    abort_input(arg, sprintf("must name columns of `data` (%s), not %s",
                             paste0('"', utils::head(names(data), 12L), '"', collapse = ", "), describe(value)), call)
  }
  stats::setNames(value, labels)
}

evaluated <- function(expr, env, arg, call) {
  tryCatch(eval(expr, env), error = function(e) {
    abort_input(arg, sprintf("could not be evaluated: %s", conditionMessage(e)), call)
  })
}

rob_column <- function(expr, data, env, arg, call) {
  name <- column_names(expr, data, env, arg, call)
  if (length(name) > 1L) abort_input(arg, sprintf("must name one column of `data`, not %d", length(name)), call)
  if (length(name)) unname(name)
}

# What a heading says, without signs and case; tables read with check.names have dots for all that.
heading_key <- function(text) {
  text <- tolower(enc2utf8(as.character(text)))
  text <- gsub("[^a-z0-9\u00c0-\uffff]+", " ", text)
  trimws(gsub("[\uff08\uff09\u3001\uff0c\uff1a]", " ", text))
}

column_words <- list(
  study = c("study", "studies", "author", "authors", "study id", "studyid", "trial", "reference", "slab", "study name",
            "first author",
            "author year", "study label", "\u7814\u7a76", "\u4f5c\u8005", "\u7eb3\u5165\u7814\u7a76", "\u6587\u732e",
            "\u7814\u7a76\u540d\u79f0",
            "\u7b2c\u4e00\u4f5c\u8005", "\u8bd5\u9a8c"),
  domain = c("domain", "domains", "item", "bias domain", "bias", "criterion", "question", "\u9886\u57df",
             "\u6761\u76ee", "\u9879\u76ee",
             "\u8bc4\u4ef7\u6761\u76ee", "\u504f\u501a\u9886\u57df", "\u504f\u501a\u6765\u6e90"),
  judgement = c("judgement", "judgment", "rating", "risk", "result", "risk of bias", "level", "stars", "score",
                "answer",
                "\u5224\u65ad", "\u8bc4\u4ef7", "\u8bc4\u4ef7\u7ed3\u679c", "\u98ce\u9669", "\u7ed3\u679c",
                "\u504f\u501a\u98ce\u9669"),
  support = c("support", "reason", "comment", "comments", "justification", "description", "support for judgement",
              "support for judgment", "\u4f9d\u636e", "\u7406\u7531", "\u5224\u65ad\u4f9d\u636e", "\u8bf4\u660e"),
  outcome = c("outcome", "result of", "endpoint", "\u7ed3\u5c40", "\u7ed3\u5c40\u6307\u6807"),
  weight = c("weight", "weights", "\u6743\u91cd"))

column_of <- function(data, kind) {
  found <- which(heading_key(names(data)) %in% column_words[[kind]])
  if (length(found)) names(data)[found[1L]]
}

overall_keys <- c("overall", "overall bias", "overall risk of bias", "overall judgement", "overall judgment",
                  "overall rob", "total",
                  "total stars", "total score", "score", "overall risk", "summary", "\u603b\u4f53",
                  "\u603b\u4f53\u504f\u501a",
                  "\u603b\u4f53\u504f\u501a\u98ce\u9669", "\u6574\u4f53", "\u6574\u4f53\u504f\u501a",
                  "\u6574\u4f53\u504f\u501a\u98ce\u9669", "\u603b\u98ce\u9669",
                  "\u603b\u5206", "\u7efc\u5408", "\u603b\u8bc4", "\u603b\u4f53\u8bc4\u4ef7")
overall_applicability_keys <- c("overall applicability", "applicability overall", "overall applicability concerns",
                                "overall concern",
                                "\u603b\u4f53\u9002\u7528\u6027")

# The rows of a tool's domains that headings name: by short name, label, the label without brackets, other names,
# Chinese. A heading that comes again is of the domain's applicability.
domain_rows <- function(headings, tool) {
  key <- heading_key(unrepeated(headings))
  own <- tool$domains
  out <- rep(NA_integer_, length(key))
  if (!nrow(own)) return(out)
  names <- function(label) heading_key(c(label, sub("[ ]*[(\uff08].*$", "", label)))
  keys <- lapply(seq_len(nrow(own)), function(i) {
    group <- if (own$group[i] == "applicability") paste(own$label[i], "applicability") else own$label[i]
    c(heading_key(own$id[i]), names(group), heading_key(between_bars(own$keys[i])[[1L]]),
      names(translate(own$label[i], "zh")), if (own$group[i] == "applicability") names(own$label[i]))
  })
  table <- data.frame(key = unlist(keys), row = rep(seq_along(keys), lengths(keys)))
  for (i in seq_along(key)) {
    rows <- setdiff(table$row[table$key == key[i]], out)
    if (length(rows)) out[i] <- rows[1L]
  }
  out
}

# Headings as they were before they were made unique: "Patient selection.1" beside "Patient selection".
unrepeated <- function(headings) {
  plain <- sub("[.][0-9]+$", "", headings)
  again <- plain != headings & heading_key(plain) %in% heading_key(headings)
  ifelse(again, plain, headings)
}

# Headings such as "Bias due to missing data (judgement)" of RevMan Web, and which of them hold the support.
web_headings <- function(names) {
  pattern <- "^(.*?)[ .(\\[_-]+(judgement|judgment|support)[ .)\\]]*:?[ .]*(.*)$"
  hit <- grepl(pattern, names, ignore.case = TRUE, perl = TRUE)
  part <- function(i) sub(pattern, paste0("\\", i), names, ignore.case = TRUE, perl = TRUE)
  rest <- part(3L)
  label <- ifelse(hit & nzchar(rest), rest, ifelse(hit, part(1L), names))
  data.frame(name = names, label = trimws(label), support = hit & tolower(part(2L)) == "support",
             judgement = hit & tolower(part(2L)) != "support", stringsAsFactors = FALSE)
}

# Owns the two shapes of a user's table: a row per judgement, or a row per study; both become matrices of words,
# studies by domains, with the rows of the table that the words come from.

# The columns that are asked for, or whose headings say so; a column of the domain's name makes a table long.
is_long_table <- function(data, columns) {
  if (!is.null(columns$domains)) return(FALSE)
  if (!is.null(columns$domain)) return(TRUE)
  !is.null(column_of(data, "domain")) && !is.null(or_column(columns$judgement, data, "judgement"))
}

or_column <- function(given, data, kind) if (is.null(given)) column_of(data, kind) else given

need_column <- function(given, data, kind, call) {
  name <- or_column(given, data, kind)
  if (is.null(name)) abort_input(kind, sprintf("must name the column of `data`; none is called \"%s\"", kind), call)
  name
}

long_table <- function(frame, columns, call) {
  data <- frame$data
  name <- function(kind) need_column(columns[[kind]], data, kind, call)
  study <- rob_labels(data[[name("study")]], "study", call)
  domain <- rob_labels(data[[name("domain")]], "domain", call)
  words <- word_column(data[[columns$judgement %||% star_column(data) %||% name("judgement")]])
  support <- or_column(columns$support, data, "support")
  outcome <- or_column(columns$outcome, data, "outcome")
  outcome <- if (!is.null(outcome)) as.character(data[[outcome]])
  key <- if (is.null(outcome)) study else paste(study, outcome, sep = "\r")
  again <- duplicated(paste(key, domain, sep = "\r"))
  if (any(again)) abort_studies("data", which(again), "must not have a judgement of the same study and domain twice",
                                call)
  keys <- unique(key)
  first <- match(keys, key)
  domains <- unique(domain)
  at <- cbind(match(key, keys), match(domain, domains))
  fill <- function(value, empty) {
    out <- matrix(empty, length(keys), length(domains), dimnames = list(NULL, domains))
    out[at] <- value
    out
  }
  out <- new_table(study[first], fill(words, NA_character_),
                   fill(if (is.null(support)) "" else as.character(data[[support]]), ""),
                   outcome[first], fill(seq_along(key), NA_integer_))
  unjudged <- setdiff(frame$studies, out$study)
  if (length(frame$studies)) out <- with_all_studies(out, frame$studies, length(unjudged))
  out
}

# The numbers of stars beside the levels that follow from them, as as.data.frame() writes them.
star_column <- function(data) {
  key <- heading_key(names(data))
  if (!all(c("judgement", "stars") %in% key)) return(NULL)
  words <- data[[match("judgement", key)]]
  if (all(words[!is.na(words)] %in% c("all_stars", "some_stars", "no_star"))) names(data)[match("stars", key)]
}

# Every study of the review in its order; those without judgements have empty rows.
with_all_studies <- function(table, studies, more) {
  row <- match(c(studies, setdiff(table$study, studies)), table$study)
  table$study <- c(studies, setdiff(table$study, studies))
  for (name in c("words", "support", "rows")) table[[name]] <- table[[name]][row, , drop = FALSE]
  if (!is.null(table$outcome)) table$outcome <- table$outcome[row]
  table
}

rob_labels <- function(values, arg, call) {
  if (is.list(values)) abort_input(arg, "must be a column of labels, not a list", call)
  values <- enc2utf8(as.character(values))
  if (!all(validUTF8(values[!is.na(values)]))) abort_input(arg, "must be a column of valid UTF-8 text", call)
  empty <- is.na(values) | !nzchar(trimws(values))
  if (any(empty)) abort_studies(arg, which(empty), "must not be missing", call)
  trimws(values)
}

word_column <- function(values) if (is.list(values)) rep("?list", length(values)) else as.character(values)

wide_table <- function(frame, columns, tool, call) {
  data <- frame$data
  study <- or_column(columns$study, data, "study")
  if (is.null(study)) study <- names(data)[1L]
  heads <- web_headings(names(data))
  weight <- column_of(data, "weight")
  weight <- if (!is.null(weight) && is.numeric(data[[weight]]) && !weight %in% columns$domains) weight
  outcome <- columns$outcome %||% telling_outcome(data, study, columns)
  used <- c(study, weight, outcome)
  named <- if (is.null(columns$domains)) judged_columns(data, heads, used, tool) else unname(columns$domains)
  named <- unique(c(named, columns$overall))
  if (!length(named)) abort_input("data", "must have columns with judgements; none has words that are", call)
  words <- vapply(named, function(name) word_column(data[[name]]), character(nrow(data)))
  words <- matrix(words, nrow(data), length(named), dimnames = list(NULL, named))
  labels <- heads$label[match(named, heads$name)]
  mine <- rep("", length(named))
  if (!is.null(names(columns$domains))) mine <- names(columns$domains)[match(named, columns$domains)]
  mine[is.na(mine)] <- ""
  colnames(words) <- ifelse(nzchar(mine), named, labels)
  labels <- ifelse(nzchar(mine), mine, labels)
  support <- support_columns(data, heads, labels)
  key <- paste(data[[study]], if (!is.null(outcome)) data[[outcome]], sep = "\r")
  if (anyDuplicated(key)) {
    abort_studies("data", which(duplicated(key)),
                  "must not have a study twice, unless `outcome` names the column of its results", call)
  }
  new_table(rob_labels(data[[study]], "study", call), words, support$text,
            if (!is.null(outcome)) as.character(data[[outcome]]),
            matrix(seq_len(nrow(data)), nrow(data), length(named)), labels,
            labels[named %in% columns$overall], if (!is.null(weight)) as.numeric(data[[weight]]),
            setdiff(names(data), c(used, named, support$names)))
}

# Where studies come several times, the column that tells their results apart.
telling_outcome <- function(data, study, columns) {
  own <- column_of(data, "outcome")
  if (is.null(own) || own %in% columns$domains || !anyDuplicated(data[[study]])) return(NULL)
  if (!anyDuplicated(data[c(study, own)])) own
}

# Columns with a judgement at least, and empty ones that a tool's domain is called like. Numbers are stars only where
# the tool counts them.
judged_columns <- function(data, heads, used, tool) {
  candidates <- setdiff(names(data)[!heads$support], used)
  if (any(heads$judgement)) candidates <- intersect(candidates, heads$name[heads$judgement])
  tools <- if (is.null(tool)) lapply(c("generic", "jbi", "nos"), rob_tool) else list(tool)
  together <- lapply(tools, function(tool) stats::setNames(domain_rows(heads$label, tool), heads$name))
  Filter(function(name) {
    label <- heads$label[heads$name == name]
    is_overall <- heading_key(label) %in% c(overall_keys, overall_applicability_keys)
    values <- data[[name]]
    any(mapply(function(tool, rows) {
      named <- is_overall || !is.na(domain_rows(label, tool)) || !is.na(rows[[name]])
      named && (!has_stars(tool) || length(tools) == 1L || all_stars(values)) || looks_judged(values, tool)
    }, tools, together))
  }, candidates)
}

# Are most words of the column judgements of the tool? Another column may hold one by chance.
looks_judged <- function(values, tool) {
  if (is.list(values) || has_stars(tool) && is.numeric(values)) return(FALSE)
  if (has_stars(tool)) return(is_star_column(values))
  found <- recognise_judgements(as.character(values), tool)
  found <- found[!is.na(found)]
  length(found) > 0L && mean(nzchar(found)) > 0.5
}

is_star_column <- function(values) any(grepl("[*\u2605\u2b50\u22c6]", values))

# The reasons: a column named like the domain and "support", or the column after the domain's of that name.
support_columns <- function(data, heads, labels) {
  text <- matrix("", nrow(data), length(labels))
  key <- heading_key(heads$name)
  found <- character()
  for (j in seq_along(labels)) {
    own <- which(heads$support & heads$label == labels[j])
    if (!length(own)) own <- which(key %in% paste(heading_key(labels[j]), column_words$support))
    if (!length(own)) next
    values <- as.character(data[[own[1L]]])
    text[, j] <- ifelse(is.na(values), "", values)
    found <- c(found, heads$name[own[1L]])
  }
  list(text = text, names = found)
}

# The tool whose domains have the names, all of whose words are there, and that has fewest others. Short names alone
# (D1, D2) tell the tool only where it is the one that has as many. Where names tell nothing: the first tool that has
# all the words, with the domains of the table.
guessed_tool <- function(table) {
  tools <- lapply(rob_tables()$tools$tool, rob_tool)
  overall <- heading_key(table$labels) %in% c(overall_keys, overall_applicability_keys)
  own <- table$labels[!overall]
  fits <- vapply(tools, has_all_words, NA, words = table$words, labels = own)
  tools <- tools[fits]
  if (!length(tools)) return(rob_tool("generic"))
  score <- vapply(tools, function(tool) {
    named <- sum(!is.na(domain_rows(own[!heading_key(own) %in% heading_key(tool$domains$id)], tool)))
    if (named) named / max(nrow(tool$domains), length(own)) else 0
  }, 0)
  if (max(score) > 0) return(tools[[which.max(score)]])
  counted <- vapply(tools, function(tool) {
    numbered <- heading_key(own) %in% heading_key(tool$domains$id)
    length(own) > 0L && all(numbered) && length(own) %in% c(nrow(tool$domains), sum(tool$domains$group == "bias"))
  }, NA) & !startsWith(vapply(tools, `[[`, "", "name"), "jbi")
  if (sum(counted) == 1L) return(tools[[which(counted)]])
  best <- tools[[1L]]
  best$domains <- best$domains[0L, ]
  if (identical(best$overall, "worst")) best$overall <- "worst_on_request"
  best
}

# Yes and no are words of Cochrane's first tool only where its domains are named.
has_all_words <- function(tool, words, labels) {
  if (has_stars(tool)) return(all_stars(words))
  if (any(recognise_judgements(words, tool) %in% "")) return(FALSE)
  tool$name != "rob1" || !any(plain_word(words) %in% names(old_words)) || any(!is.na(domain_rows(labels, tool)))
}

all_stars <- function(words) {
  found <- recognise_stars(words, 99)
  !any(is.nan(found)) && any(!is.na(found))
}

# The columns of a regression: variables, i.x, ib2.x, c.x, a#b, a##b, under the names that Stata gives their
# coefficients.
# Source: Stata's User's Guide, 11.4.3 (factor variables).

# list(X, names, block, level, base): one column per coefficient, base levels among them as columns of zeros.
design_of <- function(words, session, rows, constant = TRUE) {
  terms <- unlist(lapply(words, expand_interactions), use.names = FALSE)
  terms <- terms[!duplicated(terms)]
  parts <- lapply(terms, term_columns, session = session, rows = rows)
  X <- do.call(cbind, c(lapply(parts, `[[`, "X"), if (constant) list(rep(1, session$n))))
  of <- function(field) unlist(lapply(parts, `[[`, field))
  list(X = matrix(X, session$n), names = c(of("names"), if (constant) "_cons"), terms = terms,
       block = c(of("block"), if (constant) ""), level = c(of("level"), if (constant) "_cons"),
       base = c(of("base"), if (constant) FALSE), constant = constant)
}

# a##b is a, b and a#b; variables in lists and wildcards are taken apart by the caller.
expand_interactions <- function(word) {
  if (!grepl("##", word, fixed = TRUE)) return(word)
  parts <- strsplit(word, "##", fixed = TRUE)[[1L]]
  out <- parts[1L]
  for (p in parts[-1L]) out <- c(out, p, paste0(out, "#", p))
  out[order(lengths(regmatches(out, gregexpr("#", out))))]
}

# The words of a varlist with factors: plain ones may be abbreviated, ranges or wildcards.
regressor_words <- function(tokens, session) {
  words <- design_words(tokens)
  unlist(lapply(words, function(w) {
    if (grepl("[.#]", w)) {
      inside <- regmatches(w, regexec("^([a-z0-9]*[.])\\((.*)\\)$", w))[[1L]]
      if (length(inside)) return(paste0(inside[2L], strsplit(trimws(inside[3L]), "\\s+")[[1L]]))
      return(w)
    }
    expand_varword(w, session)
  }))
}

# Words that touch each other; the parentheses of i.(a b) hold several.
design_words <- function(tokens) {
  if (!nrow(tokens)) return(character())
  depth <- token_depth(tokens)
  inside <- depth > 0L
  start <- tokens$blank & !inside & tokens$text != ")"
  dash <- tokens$text == "-" & tokens$type == "op"
  start <- start & !dash & !c(FALSE, utils::head(dash, -1L))
  text <- paste0(ifelse(tokens$blank & inside, " ", ""), tokens$text)
  start[1L] <- TRUE
  unname(vapply(split(text, cumsum(start)), paste, "", collapse = ""))
}

# One term: the product of the columns of its parts.
term_columns <- function(term, session, rows) {
  parts <- strsplit(term, "#", fixed = TRUE)[[1L]]
  # Factors stand before numbers in a product, in whatever order it was written.
  parts <- parts[order(grepl("^co?[.]", parts))]
  cells <- lapply(parts, part_columns, session = session, rows = rows, alone = length(parts) == 1L)
  out <- cells[[1L]]
  for (cell in cells[-1L]) out <- product_columns(out, cell)
  single <- length(parts) == 1L && !out$factor
  several <- length(parts) > 1L
  shown <- sum(!out$base)
  flat <- single || !several && shown == 1L && !out$labelled
  names <- if (single) out$variable else paste0(out$key)
  list(X = out$X, names = names, block = rep(if (flat) "" else block_name(parts), length(names)),
       level = if (flat) names else out$text, base = out$base)
}

block_name <- function(parts) {
  bare <- sub("^i?b?[0-9]*n?[.]", "", parts)
  paste(ifelse(grepl("^c[.]", parts), parts, bare), collapse = "#")
}

# A part of a term: levels with their names, the lowest or the asked one as base.
part_columns <- function(part, session, rows, alone) {
  hit <- regmatches(part, regexec("^(?:([a-z]*)(b?)([0-9]*|first|last|none)(n?)[.])?([^.]+)$", part, perl = TRUE))[[1L]]
  if (!length(hit)) abort_unsupported(sprintf("the factor %s", part))
  variable <- find_stata_variable(hit[6L], session)
  x <- numeric_operand(session$data[[variable]])
  kind <- sub("b$", "", hit[2L])
  plain <- !nzchar(hit[2L]) && !nzchar(hit[4L])
  if (kind == "c" || plain && alone) {
    key <- if (alone) variable else paste0("c.", variable)
    return(list(X = matrix(x, ncol = 1L), key = key, text = "", base = FALSE, factor = FALSE, variable = variable,
                labelled = FALSE))
  }
  if (!kind %in% c("i", "", "ib", "o", "io") || kind %in% c("o", "io")) abort_unsupported(sprintf("the factor %s",
      part))
  factor_columns(variable, x, hit, session, rows)
}

factor_columns <- function(variable, x, hit, session, rows) {
  levels <- sort(unique(x[rows][!is.na(x[rows])]))
  if (any(levels < 0 | levels != trunc(levels))) {
    abort_stata(sprintf("%s: factor variables may not contain negative or noninteger values", variable), 452L)
  }
  if (length(levels) > 1000L) abort_stata("too many levels", 103L)
  asked <- hit[4L]
  only <- nzchar(asked) && !grepl("b", paste0(hit[2L], hit[3L]))
  base <- if (only) NA else if (!nzchar(asked) || asked == "first") levels[1L] else if (asked == "last")
    levels[length(levels)] else if (asked == "none") NA else as.numeric(asked)
  if (only) levels <- as.numeric(asked)
  X <- vapply(levels, function(v) ifelse(is.na(x), NA_real_, as.numeric(x == v)), numeric(length(x)))
  is_base <- !is.na(base) & levels == base
  set <- session$value_labels[[session$meta[[variable]]$labels %||% ""]]
  text <- ifelse(levels %in% set, names(set)[match(levels, set)], vapply(levels, macro_text, ""))
  list(X = matrix(X, length(x)), key = paste0(vapply(levels, macro_text, ""), ifelse(is_base, "b", ""), ".", variable),
       text = text, base = is_base, factor = TRUE, variable = variable, labelled = any(levels %in% set))
}

product_columns <- function(a, b) {
  i <- rep(seq_len(ncol(a$X)), each = ncol(b$X))
  j <- rep(seq_len(ncol(b$X)), ncol(a$X))
  text <- ifelse(nzchar(a$text[i]) & nzchar(b$text[j]), paste0(a$text[i], "#", b$text[j]), paste0(a$text[i], b$text[j]))
  list(X = a$X[, i, drop = FALSE] * b$X[, j, drop = FALSE], key = paste0(a$key[i], "#", b$key[j]), text = text,
       base = a$base[i] | b$base[j], factor = TRUE, variable = "", labelled = TRUE)
}

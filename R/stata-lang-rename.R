# rename: one name, lists in parentheses, wildcards, letter case. Source: Stata's Data Management manual, rename group.

# rename old new; rename (a b) (c d); rename old* new*; rename *, lower
run_rename <- function(command, session, rows) {
  o <- command_options(command, c(lower = "l", upper = "u", proper = "p", renumber = "renum", dryrun = "d",
                                  addnumber = "add"))
  tokens <- command$rest
  groups <- glued_groups(tokens)
  if (length(intersect(names(o), c("lower", "upper", "proper")))) {
    old <- expand_varlist(unlist(groups), session)
    new <- if (!is.null(o$lower)) tolower(old) else if (!is.null(o$upper)) toupper(old) else proper_case(old)
    return(rename_variables(session, old, new))
  }
  if (length(o)) abort_unsupported(sprintf("option %s of rename", names(o)[1L]))
  if (length(groups) != 2L) abort_stata("syntax is rename oldname newname", 198L)
  pairs <- rename_pairs(groups[[1L]], groups[[2L]], session)
  rename_variables(session, pairs$old, pairs$new)
}

# The words of the old and of the new names: each side is one word or a list in parentheses.
glued_groups <- function(tokens) {
  words <- varlist_words_of(tokens)
  inside <- grepl("^\\(", words)
  lapply(seq_along(words), function(i) if (inside[i]) strsplit(trimws(gsub("[()]", "", words[i])),
                                                               "\\s+")[[1L]] else words[i])
}

varlist_words_of <- function(tokens) {
  depth <- token_depth(tokens)
  inside <- depth > 0L | tokens$text == ")"
  first <- !inside & tokens$blank
  first[1L] <- TRUE
  first <- first | tokens$text == "(" & depth == 0L
  text <- paste0(ifelse(tokens$blank & inside, " ", ""), tokens$text)
  unname(vapply(split(text, cumsum(first)), function(x) trimws(paste(x, collapse = "")), ""))
}

rename_pairs <- function(from, to, session) {
  wild <- function(w) grepl("[*?#]", w)
  if (length(from) == 1L && length(to) == 1L && wild(from)) return(rename_wild(from, to, session))
  if (length(from) == length(to) && any(wild(from))) {
    parts <- Map(function(a, b) if (wild(a)) rename_wild(a, b, session) else
      list(old = find_stata_variable(a, session), new = b), from, to)
    return(list(old = unlist(lapply(parts, `[[`, "old")), new = unlist(lapply(parts, `[[`, "new"))))
  }
  list(old = expand_varlist(from, session), new = to)
}

# What * ? and # stand for in the old names is put where they stand in the new one.
rename_wild <- function(from, to, session) {
  plain <- gsub("([.\\^$+|])", "\\\\\\1", from)
  shape <- gsub("*", "(.*)", gsub("?", "(.)", gsub("#", "([0-9]+)", plain, fixed = TRUE), fixed = TRUE), fixed = TRUE)
  shape <- paste0("^", shape, "$")
  old <- grep(shape, names(session$data), value = TRUE)
  if (!length(old)) abort_stata(sprintf("%s: no variables", from), 111L)
  new <- vapply(old, function(name) {
    held <- regmatches(name, regexec(shape, name))[[1L]][-1L]
    out <- to
    for (h in held) {
      at <- regexpr("[*?#]", out)
      if (at < 1L) break
      out <- paste0(substr(out, 1L, at - 1L), h, substring(out, at + 1L))
    }
    out
  }, "", USE.NAMES = FALSE)
  list(old = old, new = new)
}

# recode, mvdecode, mvencode, tostring, split, duplicates, clonevar, separate, recast, isid.
# Source: Stata's Data Management manual; notes are worded as Stata words them.

# recode a b (rule) (rule) [if] [in] [, generate() prefix() label() copyrest test]
run_recode <- function(command, session, rows) {
  o <- command_options(command, c(generate = "g", prefix = "pre", label = "l", copyrest = "copy", test = "t"))
  words <- glued_words(command$rest)
  rule <- startsWith(words, "(") | grepl("=", words, fixed = TRUE)
  first <- match(TRUE, rule)
  tokens <- command$rest
  if (is.na(first)) abort_stata("recode: no rules", 198L)
  cut <- first_rule_token(tokens)
  vars <- expand_varlist(tokens[seq_len(cut - 1L), ], session, 1L)
  rules <- recode_rules(token_text(command$text, tokens, cut, nrow(tokens)))
  new <- if (!is.null(o$generate)) strsplit(trimws(o$generate), "\\s+")[[1L]]
         else if (!is.null(o$prefix)) paste0(o$prefix, vars)
  if (!is.null(new) &&
      length(new) != length(vars)) abort_stata("generate(): as many new names as variables are needed", 198L)
  kept <- selected_rows(command, session)
  for (i in seq_along(vars)) recode_one(vars[i], new[i], rules, kept, o, session)
}

# Rules begin at a parenthesis, or at the first number or value before an equals sign.
first_rule_token <- function(tokens) {
  open <- which(tokens$text == "(" & tokens$type == "punct")
  equal <- which(tokens$text == "=")
  if (length(open) && open[1L] < c(equal, Inf)[1L]) return(open[1L])
  number <- which(tokens$type %in% c("number", "missing") | tokens$text %in% c("min", "max", "miss", "missing", "nonm",
                                                                             "nonmissing", "else"))
  at <- number[number <= equal[1L]]
  if (!length(at)) abort_stata("recode: invalid rule", 198L)
  if (at[1L] > 1L && tokens$text[at[1L] - 1L] == "-") at[1L] - 1L else at[1L]
}

# list(from = list of tests, to, label) for "(1/3 5 = 2 "few") (else = .)" or "1=2 3=4".
recode_rules <- function(text) {
  inside <- regmatches(text, gregexpr("\\((?:[^()\"]|\"[^\"]*\"|\\((?:[^()])*\\))*\\)", text, perl = TRUE))[[1L]]
  if (!length(inside)) {
    text <- gsub("\\s*([=/])\\s*", "\\1", text)
    inside <- regmatches(text, gregexpr("[^=]+=\\S+", text))[[1L]]
  } else inside <- substr(inside, 2L, nchar(inside) - 1L)
  lapply(trimws(inside), function(rule) {
    at <- regexpr("=", rule, fixed = TRUE)
    if (at < 1L) abort_stata(sprintf("recode: invalid rule (%s)", rule), 198L)
    right <- tokenize(trimws(substring(rule, at + 1L)))
    text <- right$type == "string"
    to <- paste(right$text[!text], collapse = "")
    list(from = strsplit(trimws(gsub("\\s*/\\s*", "/", substr(rule, 1L, at - 1L))), "[ \t,]+")[[1L]], to = to,
         label = if (any(text)) right$text[text][1L])
  })
}

recode_one <- function(name, new, rules, kept, o, session) {
  x <- numeric_operand(session$data[[name]])
  out <- x
  free <- seq_along(x) %in% kept
  touched <- rep(FALSE, length(x))
  for (rule in rules) {
    hit <- free & !touched & Reduce(`|`, lapply(rule$from, recode_test, x = x))
    if (rule$to != "copy") out[hit] <- recode_target(rule$to)
    touched <- touched | hit
  }
  if (!is.null(new) && is.null(o$copyrest)) out[!free] <- NA_real_
  changed <- sum(comparable(out) != comparable(x))
  m <- session$meta[[name]]
  if (is.null(new)) {
    session$data[[name]] <- out
    session$meta[[name]]$type <- promoted_type(m$type, out)
    return(emit(session, sprintf("(%s: %d changes made)", name, changed)))
  }
  check_new_name(new, session)
  labels <- recode_labels(rules, out, m$labels, session)
  set <- if (length(labels)) c(o$label, new)[1L]
  if (!is.null(set)) session$value_labels[[set]] <- labels
  store_variable(session, new, out, promoted_type(m$type, out),
                 sprintf("RECODE of %s%s", name, if (nzchar(m$label)) sprintf(" (%s)", m$label) else ""), labels = set)
  emit(session, sprintf("(%d differences between %s and %s)", changed, name, new))
}

recode_test <- function(word, x) {
  if (word %in% c("else", "*")) return(rep(TRUE, length(x)))
  if (word %in% c("missing", "miss", "mis")) return(is.na(x))
  if (word %in% c("nonmissing", "nonmiss", "nonm", "nonmis")) return(!is.na(x))
  ends <- strsplit(word, "/", fixed = TRUE)[[1L]]
  number <- function(w) {
    if (w == "min") return(min(x, Inf, na.rm = TRUE))
    if (w == "max") return(max(x, -Inf, na.rm = TRUE))
    recode_target(w)
  }
  if (length(ends) == 1L) return(comparable(x) == comparable(number(ends)))
  !is.na(x) & x >= number(ends[1L]) & x <= number(ends[2L])
}

recode_target <- function(word) {
  if (grepl("^[.][a-z]?$", word)) return(missing_value(substring(word, 2L)))
  value <- real_value(word)
  if (is.na(value)) abort_stata(sprintf("recode: %s is no number", word), 198L)
  value
}

# Labels of the rules; values that no rule changed keep theirs.
recode_labels <- function(rules, out, set, session) {
  labelled <- Filter(function(r) !is.null(r$label), rules)
  if (!length(labelled)) return(NULL)
  made <- stats::setNames(vapply(labelled, function(r) recode_target(r$to), 0), vapply(labelled, `[[`, "", "label"))
  old <- if (!is.null(set)) session$value_labels[[set]]
  sort(c(made, old[!old %in% made & old %in% out]))
}

# mvdecode a b, mv(9 = .a \ 8) and mvencode a b, mv(9): numbers and missing values.
run_mvdecode <- function(command, session, rows) mv_change(command, session, decode = TRUE)
run_mvencode <- function(command, session, rows) mv_change(command, session, decode = FALSE)

mv_change <- function(command, session, decode) {
  o <- command_options(command, c(mv = "mv", override = "override"), required = "mv")
  vars <- expand_varlist(command$rest, session, 1L)
  kept <- selected_rows(command, session)
  text <- gsub("\\\\", " ", gsub("\\s*=\\s*", "=", o$mv))
  for (v in vars) if (!is.character(session$data[[v]])) {
    x <- session$data[[v]]
    out <- x
    for (word in strsplit(trimws(text), "\\s+")[[1L]]) {
      pair <- strsplit(word, "=", fixed = TRUE)[[1L]]
      if (decode) {
        from <- parse_numlist(pair[1L])
        hit <- x %in% from
        to <- if (length(pair) > 1L) recode_target(pair[2L]) else NA_real_
      } else {
        to <- recode_target(pair[length(pair)])
        hit <- if (length(pair) > 1L && pair[1L] != "else") comparable(x) == comparable(recode_target(pair[1L]))
               else is.na(out)
        if (is.null(o$override) && any(x == to, na.rm = TRUE)) {
          abort_stata(sprintf("%s: already %s in %d observations", v, macro_text(to), sum(x == to, na.rm = TRUE)), 9L)
        }
      }
      out[hit & seq_along(x) %in% kept] <- to
    }
    n <- sum(comparable(out) != comparable(x))
    if (!n) next
    session$data[[v]] <- out
    session$meta[[v]]$type <- promoted_type(session$meta[[v]]$type, out)
    emit(session, sprintf("%12s: %s %s", v, plural(n, "missing value"), if (decode) "generated" else "recoded"))
  }
}

# ---- strings and numbers -----------------------------------------------------------------------

# tostring a b, generate() or replace [format() force usedisplayformat]
run_tostring <- function(command, session, rows) {
  o <- command_options(command, c(generate = "gen", replace = "replace", format = "f", force = "force",
                                  usedisplayformat = "u"))
  if (is.null(o$generate) == is.null(o$replace)) abort_stata("must specify either generate or replace option", 198L)
  vars <- expand_varlist(command$rest, session, 1L)
  new <- if (is.null(o$generate)) vars else strsplit(trimws(o$generate), "\\s+")[[1L]]
  if (length(new) != length(vars)) abort_stata("generate(): as many new names as variables are needed", 198L)
  for (i in seq_along(vars)) tostring_one(vars[i], new[i], o, session)
}

tostring_one <- function(name, new, o, session) {
  x <- session$data[[name]]
  if (is.character(x)) return(emit(session, sprintf("%s already string; no %s", name,
                                                    if (is.null(o$generate)) "replace" else "generate")))
  old <- session$meta[[name]]
  format <- if (!is.null(o$usedisplayformat)) old$format else if (!is.null(o$format)) unquote(o$format) else "%12.0g"
  text <- trimws(apply_format(x, format))
  back <- real_value(text)
  if (is.null(o$force) && any(!is.na(x) & (is.na(back) | back != x))) {
    return(emit(session, sprintf("%s cannot be converted reversibly; no %s", name,
                                 if (is.null(o$generate)) "replace" else "generate")))
  }
  if (is.null(o$replace)) check_new_name(new, session)
  at <- match(name, names(session$data))
  store_variable(session, new, text, NULL, old$label)
  emit(session, if (new == name) sprintf("%s was %s now %s", name, old$type, session$meta[[new]]$type)
       else sprintf("%s generated as %s", new, session$meta[[new]]$type))
}

# split s [, parse(",") generate(stub) limit() destring notrim ignore() force]: s1 s2 ...
run_split <- function(command, session, rows) {
  o <- command_options(command, c(parse = "p", generate = "g", limit = "l", destring = "destring", notrim = "notr",
                                  ignore = "i", force = "force", percent = "percent"))
  name <- expand_varlist(command$rest, session, 1L, 1L)
  x <- session$data[[name]]
  if (!is.character(x)) abort_stata("not possible with numeric variable", 107L)
  marks <- if (is.null(o$parse)) " " else macro_marks(o$parse)
  rows <- selected_rows(command, session)
  parts <- lapply(seq_along(x), function(i) if (i %in% rows) split_text(x[i], marks,
      is.null(o$notrim)) else character())
  k <- max(lengths(parts), 0L)
  if (!is.null(o$limit)) k <- min(k, number_word(o$limit))
  stub <- c(o$generate, name)[1L]
  made <- paste0(stub, seq_len(k))
  for (i in seq_len(k)) check_new_name(made[i], session)
  for (i in seq_len(k)) {
    value <- vapply(parts, function(p) if (length(p) >= i) p[i] else "", "")
    store_variable(session, made[i], value)
  }
  session$r <- list(nvars = k, varlist = paste(made, collapse = " "))
  emit(session, c(sprintf("variable%s created as string: ", if (k == 1L) "" else "s"), paste(made, collapse = "  ")))
  if (!is.null(o$destring)) for (v in made) destring_one(v, v, list(force = o$force, ignore = o$ignore, replace = ""),
                                                         session)
}

macro_marks <- function(text) {
  tokens <- tokenize(text)
  if (any(tokens$type == "string")) tokens$text[tokens$type == "string"] else strsplit(text, "\\s+")[[1L]]
}

split_text <- function(s, marks, trim) {
  if (trim) s <- trimws(s)
  if (!nzchar(s)) return(character())
  for (m in marks[-1L]) s <- gsub(m, marks[1L], s, fixed = TRUE)
  out <- strsplit(s, marks[1L], fixed = TRUE)[[1L]]
  if (identical(marks, " ")) out <- out[nzchar(out)]
  if (trim) trimws(out) else out
}

# ---- copies ------------------------------------------------------------------------------------

# duplicates report|drop|list|tag|examples [varlist] [if] [in] [, force generate()]
run_duplicates <- function(command, session, rows) {
  o <- command_options(command, c(force = "force", generate = "gen", sepby = "sepby", noobs = "noobs", clean = "clean"))
  what <- match_option(c(command$rest$text, "")[1L], c(report = "r", drop = "drop", list = "l", tag = "t",
                                                       examples = "ex", browse = "b"))
  if (is.na(what)) abort_unsupported(paste("duplicates", command$rest$text[1L]))
  vars <- expand_varlist(command$rest[-1L, ], session)
  whole <- !length(vars)
  if (whole) vars <- names(session$data)
  rows <- selected_rows(command, session)
  code <- key_codes(vars, session, session)[[1L]]
  size <- stats::ave(rep(1, length(rows)), code[rows], FUN = length)
  again <- duplicated(code[rows])
  session$r <- list(unique_value = length(unique(code[rows])), N = length(rows), N_drop = sum(again))
  head <- sprintf("Duplicates in terms of %s", if (whole) "all variables" else paste(vars, collapse = " "))
  switch(what,
    report = emit(session, c("", head, "", duplicates_report(size))),
    tag = {
      if (is.null(o$generate)) abort_stata("option generate() required", 198L)
      value <- rep(NA_real_, session$n)
      value[rows] <- size - 1
      store_variable(session, check_new_name(o$generate, session), value, NULL)
      emit(session, c("", head))
    },
    drop = {
      if (!whole && is.null(o$force)) abort_stata("force option required when varlist is specified", 198L)
      left <- setdiff(seq_len(session$n), rows[again])
      filter_rows(session, left)
      emit(session, c("", head, "", sprintf("(%s deleted)", plural(sum(again), "observation"))))
    },
    list_duplicates(rows, size, code, vars, head, session))
  invisible()
}

duplicates_report <- function(size) {
  n <- table(size)
  copies <- as.numeric(names(n))
  count <- as.vector(n)
  bar <- rule(10L, 27L)
  edge <- strrep("-", 38L)
  c(edge, "   copies | observations       surplus", bar,
    paste0(justify(copies, 9L), " |", justify(count, 13L), justify(count - count / copies, 14L)), edge)
}

list_duplicates <- function(rows, size, code, vars, head, session) {
  at <- rows[size > 1]
  if (!length(at)) return(emit(session, c("", head, "", "(0 observations are duplicates)")))
  at <- at[order(code[at])]
  group <- match(code[at], unique(code[at]))
  cells <- c(list(as.character(group), as.character(at)), lapply(vars, function(v) shown_value(v, session, at)))
  heads <- c("group:", "obs:", abbreviate_name(vars, 8L))
  emit(session, c("", head, format_list_output(heads, cells, rep(FALSE, length(heads)), at,
                                               list(noobs = "", separator = "0"), session)))
}

# isid a b [, missok sort]
run_isid <- function(command, session, rows) {
  o <- command_options(command, c(missok = "m", sort = "s"))
  vars <- expand_varlist(command$rest, session, 1L)
  if (is.null(o$missok)) for (v in vars) if (any(is_missing(session$data[[v]]))) {
    abort_stata(sprintf("variable %s should never be missing", v), 459L)
  }
  if (anyDuplicated(key_codes(vars, session, session)[[1L]])) {
    abort_stata(sprintf("variable%s %s do%s not uniquely identify the observations", if (length(vars) > 1L) "s" else "",
                        paste(vars, collapse = " "), if (length(vars) > 1L) "" else "es"), 459L)
  }
  if (!is.null(o$sort)) sort_data(session, vars)
}

run_clonevar <- function(command, session, rows) {
  no_options(command)
  words <- command$rest$text
  if (length(words) != 3L || words[2L] != "=") abort_stata("invalid syntax: clonevar new = old", 198L)
  old <- find_stata_variable(words[3L], session)
  new <- check_new_name(words[1L], session)
  x <- session$data[[old]]
  out <- if (is.character(x)) rep("", session$n) else rep(NA_real_, session$n)
  rows <- selected_rows(command, session)
  out[rows] <- x[rows]
  session$data[[new]] <- out
  session$meta[[new]] <- session$meta[[old]]
}

# separate y, by(g) [generate(stub)]: one variable per group.
run_separate <- function(command, session, rows) {
  o <- command_options(command, c(by = "by", generate = "g", missing = "m", shortlabel = "short", sequential = "seq"),
                       required = "by")
  name <- expand_varlist(command$rest, session, 1L, 1L)
  tokens <- tokenize(o$by)
  by <- evaluate_column(tokens, session)
  values <- sort(unique(by[!is_missing(by)]), method = "radix")
  x <- numeric_operand(session$data[[name]])
  rows <- seq_len(session$n) %in% selected_rows(command, session)
  for (i in seq_along(values)) {
    code <- if (is.character(values) || !is.null(o$sequential)) i else macro_text(values[i])
    new <- check_new_name(paste0(c(o$generate, name)[1L], code), session)
    hit <- rows & !is_missing(by) & by == values[i]
    store_variable(session, new, ifelse(hit, x, NA_real_), session$meta[[name]]$type,
                   sprintf("%s, %s == %s", name, o$by, macro_text(values[i])))
  }
}

# recast type a b [, force]
run_recast <- function(command, session, rows) {
  o <- command_options(command, c(force = "force"))
  type <- command$rest$text[1L]
  if (!type %in% storage_types && !grepl("^str([0-9]+|L)$", type)) abort_stata(sprintf("%s is no storage type", type),
      198L)
  for (v in expand_varlist(command$rest[-1L, ], session, 1L)) recast_one(v, type, !is.null(o$force), session)
}

recast_one <- function(name, type, force, session) {
  x <- session$data[[name]]
  if (is.character(x) != startsWith(type, "str")) abort_stata("type mismatch", 109L)
  if (is.character(x)) {
    session$meta[[name]]$type <- type
    return(invisible())
  }
  new <- if (type == "float") as_single_missing(x) else if (type == "double") x else in_integer_range(x, type)
  lost <- sum(comparable(new) != comparable(x))
  if (lost && !force) {
    return(emit(session, sprintf("%s:  %s would be changed; not changed", name, plural(lost, "value"))))
  }
  session$data[[name]] <- new
  session$meta[[name]]$type <- type
  if (lost) emit(session, sprintf("%s:  %s changed", name, plural(lost, "value")))
}

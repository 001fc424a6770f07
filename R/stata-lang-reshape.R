# reshape, expand, fillin, xpose, stack of rows: the shape of the data. Source: Stata's Data Management manual.

# reshape long|wide stubs, i() j() [string]; reshape long and reshape wide alone go back.
run_reshape <- function(command, session, rows) {
  o <- command_options(command, c(i = "i", j = "j", string = "s"))
  words <- varlist_words(command$rest)
  direction <- match_option(c(words, "")[1L], c(long = "l", wide = "w", error = "error", query = "q", clear = "clear"))
  if (is.na(direction)) abort_unsupported(paste("reshape", words[1L]))
  if (direction == "clear") return(invisible(session$reshape <- NULL))
  spec <- if (is.null(o$i)) session$reshape else reshape_spec(words[-1L], o, session, direction)
  if (is.null(spec)) abort_stata("data have not been reshaped yet", 111L)
  switch(direction, long = reshape_long(spec, session), wide = reshape_wide(spec, session),
         abort_unsupported(paste("reshape", direction)))
}

reshape_spec <- function(stubs, o, session, direction) {
  j <- if (is.null(o$j)) "_j" else strsplit(trimws(sub(",.*$", "", o$j)), "\\s+")[[1L]]
  values <- j[-1L]
  stubs <- unlist(lapply(stubs, function(s) if (direction == "wide" && grepl("[*?-]", s)) expand_varlist(s,
      session) else s))
  list(stubs = stubs, i = expand_varlist(tokenize(o$i), session, 1L), j = j[1L], values = values,
       string = !is.null(o$string) || grepl(",\\s*s", c(o$j, "")[1L]))
}

# stack a b c d, into(x y) [clear wide] or group(2): blocks of variables one below the other.
run_stack <- function(command, session, rows) {
  o <- command_options(command, c(into = "into", group = "group", clear = "clear", wide = "wide"))
  if (!is.null(o$wide)) abort_unsupported("option wide of stack")
  if (is.null(o$clear)) check_unsaved(o, session)
  vars <- varlist_words(command$rest)
  vars <- unlist(lapply(vars, expand_varword, session = session))
  into <- if (is.null(o$into)) NULL else plain_words(o$into)
  size <- if (!is.null(into)) length(into) else if (!is.null(o$group)) length(vars) / number_word(o$group) else NA
  if (is.na(size) || size < 1 || length(vars) %% size) {
    abort_stata("number of variables in into() or group() must divide the number of variables", 198L)
  }
  if (is.null(into)) into <- vars[seq_len(size)]
  rows <- selected_rows(command, session)
  blocks <- length(vars) / size
  out <- new_session()
  store_variable(out, "_stack", rep(seq_len(blocks), each = length(rows)), "byte")
  for (j in seq_len(size)) {
    parts <- lapply(session$data[vars[seq(j, by = size, length.out = blocks)]], `[`, rows)
    if (length(unique(vapply(parts, is.character, NA))) > 1L) abort_stata("type mismatch", 109L)
    value <- unlist(parts, use.names = FALSE)
    store_variable(out, into[j], value, if (is.character(value)) NULL else "double")
  }
  list2env(mget(c("data", "meta", "n", "sorted"), envir = out), session)
  invisible()
}

# Names that begin with the stub and end in a value of j; inc@r holds it in the middle.
stub_names <- function(stub, values) {
  if (grepl("@", stub, fixed = TRUE)) vapply(values, function(v) sub("@", v, stub, fixed = TRUE), "", USE.NAMES = FALSE)
  else paste0(stub, values)
}

stub_variable <- function(stub) sub("@", "", stub, fixed = TRUE)

reshape_values <- function(spec, session) {
  if (length(spec$values)) return(spec$values)
  found <- unlist(lapply(spec$stubs, function(stub) {
    parts <- strsplit(paste0(stub, if (!grepl("@", stub, fixed = TRUE)) "@"), "@", fixed = TRUE)[[1L]]
    quote_re <- function(x) gsub("([.\\^$*+?()\\[\\]{}|])", "\\\\\\1", x, perl = TRUE)
    end <- if (length(parts) > 1L) parts[2L] else ""
    shape <- sprintf("^%s(%s)%s$", quote_re(parts[1L]), if (spec$string) ".+" else "[0-9]+", quote_re(end))
    hit <- grepl(shape, names(session$data)) & !names(session$data) %in% spec$i
    sub(shape, "\\1", names(session$data)[hit])
  }))
  found <- unique(found)
  if (!length(found)) abort_stata(sprintf("no xij variables found: names like %s and a value of %s are needed",
                                          spec$stubs[1L], spec$j), 111L)
  if (spec$string) sort(found, method = "radix") else found[order(as.numeric(found))]
}

reshape_long <- function(spec, session) {
  if (anyDuplicated(key_codes(spec$i, session, session)[[1L]])) {
    abort_stata(sprintf("variable id does not uniquely identify the observations: %s", toString(spec$i)), 9L)
  }
  if (!spec$j %in% spec$values) check_new_name(spec$j, session)
  values <- reshape_values(spec, session)
  wide <- lapply(spec$stubs, stub_names, values = values)
  moved <- unlist(wide)
  kept <- setdiff(names(session$data), moved)
  n <- session$n
  k <- length(values)
  before <- length(session$data)
  at <- rep(seq_len(n), each = k)
  data <- lapply(session$data[kept], `[`, at)
  meta <- session$meta[kept]
  jvalue <- rep(if (spec$string) values else as.numeric(values), n)
  long <- Map(function(stub, names) long_column(names, session, n), spec$stubs, wide)
  out <- new_session()
  out$data <- c(data[spec$i], data[setdiff(kept, spec$i)])
  out$meta <- meta
  out$value_labels <- session$value_labels
  out$n <- as.integer(n * k)
  store_variable(out, spec$j, jvalue)
  for (i in seq_along(long)) {
    store_variable(out, stub_variable(spec$stubs[i]), long[[i]]$value, long[[i]]$type, labels = long[[i]]$labels)
  }
  order <- c(spec$i, spec$j, vapply(spec$stubs, stub_variable, ""), setdiff(kept, spec$i))
  session$data <- out$data[order]
  session$meta <- out$meta[order]
  session$n <- out$n
  spec$values <- values
  session$reshape <- spec
  sort_data(session, c(spec$i, spec$j))
  emit(session, reshape_table(c("wide", "long"), c(n, session$n), c(before, length(session$data)), spec, values, TRUE))
}

# The wide variables of one stub in turn, row by row; one that is not there is missing.
long_column <- function(names, session, n) {
  there <- names[names %in% names(session$data)]
  if (!length(there)) return(list(value = rep(NA_real_, n * length(names)), type = "byte", labels = NULL))
  text <- is.character(session$data[[there[1L]]])
  cells <- lapply(names, function(v) {
    x <- session$data[[v]]
    if (is.null(x)) x <- if (text) rep("", n) else rep(NA_real_, n)
    if (is.character(x) != text) abort_stata(sprintf("%s: the variables of the stub have different types", v), 198L)
    x
  })
  value <- as.vector(do.call(rbind, cells))
  types <- unique(vapply(session$meta[there], `[[`, "", "type"))
  type <- if (text) NULL else Reduce(function(a, b) wider_type(a, b, value), types)
  list(value = value, type = type, labels = session$meta[[there[1L]]]$labels)
}

reshape_wide <- function(spec, session) {
  if (!spec$j %in% names(session$data)) abort_stata(sprintf("variable %s not found", spec$j), 111L)
  stubs <- vapply(spec$stubs, stub_variable, "", USE.NAMES = FALSE)
  stubs <- expand_varlist(stubs, session, 1L)
  if (any(is_missing(session$data[[spec$j]]))) abort_stata(sprintf("variable %s contains missing values", spec$j), 498L)
  fixed <- setdiff(names(session$data), c(spec$j, stubs))
  if (anyDuplicated(key_codes(c(spec$i, spec$j), session, session)[[1L]])) {
    abort_stata(sprintf("values of variable %s not unique within %s", spec$j, paste(spec$i, collapse = " ")), 9L)
  }
  n <- session$n
  before <- length(session$data)
  sort_data(session, c(spec$i, spec$j))
  id <- key_codes(spec$i, session, session)[[1L]]
  first <- which(!duplicated(id))
  check_constant(setdiff(fixed, spec$i), id, first, session)
  jvalue <- session$data[[spec$j]]
  values <- sort(unique(jvalue), method = "radix")
  shown <- if (is.character(values)) values else vapply(values, macro_text, "")
  out <- new_session()
  out$n <- length(first)
  out$data <- lapply(session$data[spec$i], `[`, first)
  out$meta <- session$meta[spec$i]
  wide_columns(out, spec, stubs, list(at = jvalue, values = values, shown = shown), id, first, session)
  for (v in setdiff(fixed, spec$i)) {
    out$data[[v]] <- session$data[[v]][first]
    out$meta[[v]] <- session$meta[[v]]
  }
  session$data <- out$data
  session$meta <- out$meta
  session$n <- out$n
  session$sorted <- spec$i
  spec$values <- shown
  session$reshape <- spec
  emit(session, reshape_table(c("long", "wide"), c(n, session$n), c(before, length(session$data)), spec, shown, FALSE))
}

# One variable for each value of j and each stub; rows without the value are missing.
wide_columns <- function(out, spec, stubs, j, id, first, session) {
  for (v in seq_along(j$values)) for (i in seq_along(stubs)) {
    name <- stub_names(spec$stubs[i], j$shown[v])
    if (!grepl("^[[:alpha:]_][[:alnum:]_]{0,31}$", name)) abort_stata(sprintf("%s invalid variable name", name), 198L)
    rows <- which(j$at == j$values[v])
    x <- rows_or_missing(session$data[[stubs[i]]], rows[match(id[first], id[rows])])
    m <- session$meta[[stubs[i]]]
    store_variable(out, name, x, m$type, paste(j$shown[v], if (nzchar(m$label)) m$label else stubs[i]), m$format,
                   m$labels)
  }
}

check_constant <- function(vars, id, first, session) {
  for (v in vars) {
    x <- comparable(session$data[[v]])
    if (any(x != x[first][match(id, id[first])])) {
      abort_stata(sprintf("variable %s not constant within the groups of i()", v), 9L)
    }
  }
}

# Stata's account of what became what.
reshape_table <- function(names, rows, variables, spec, values, long) {
  line <- function(text, a, b) paste0(justify(text, 32L, TRUE), justify(a, 7L), "   ->   ", b)
  count <- function(n) format(n, trim = TRUE, scientific = FALSE)
  xij <- vapply(spec$stubs, function(stub) {
    n <- stub_names(stub, values)
    paste(c(utils::head(n, 2L), if (length(n) > 3L) "...", if (length(n) > 2L) utils::tail(n, 1L)), collapse = " ")
  }, "")
  stub <- vapply(spec$stubs, stub_variable, "")
  j <- if (long) line(sprintf("j variable (%d values)", length(values)), "", spec$j)
       else line(sprintf("j variable (%d values)", length(values)), spec$j, "(dropped)")
  pair <- if (long) paste0(justify(xij, 39L), "   ->   ", stub) else paste0(justify(stub, 39L), "   ->   ", xij)
  note <- if (long) sprintf("(note: j = %s)", paste(values, collapse = " "))
  rule <- strrep("-", 77L)
  c(note, "", paste0(justify("Data", 32L, TRUE), justify(names[1L], 7L), "   ->   ", names[2L]), rule,
    line("Number of obs.", count(rows[1L]), justify(count(rows[2L]), 5L)),
    line("Number of variables", count(variables[1L]), justify(count(variables[2L]), 5L)), j, "xij variables:", pair,
    rule)
}

# ---- rows made or turned -----------------------------------------------------------------------

# expand [=]exp [if] [in] [, generate(new)]: copies stand behind all rows.
run_expand <- function(command, session, rows) {
  o <- command_options(command, c(generate = "gen"))
  tokens <- command$rest
  if (identical(tokens$text[1L], "=")) tokens <- tokens[-1L, ]
  times <- evaluate_column(tokens, session)
  if (is.character(times)) abort_stata("type mismatch", 109L)
  chosen <- seq_len(session$n) %in% selected_rows(command, session)
  times <- ifelse(chosen & !is.na(times) & times >= 1, trunc(times), 1)
  if (sum(times) > 5e7) abort_stata("no room to add more observations", 901L)
  more <- rep(seq_len(session$n), times - 1)
  n <- session$n
  if (!is.null(o$generate)) check_new_name(o$generate, session)
  filter_rows(session, c(seq_len(n), more))
  session$sorted <- character()
  if (!is.null(o$generate)) store_variable(session, o$generate, as.numeric(seq_len(session$n) > n), "byte")
  emit(session, sprintf("(%s created)", plural(length(more), "observation")))
}

# fillin a b: a row for each combination; _fillin tells which are new.
run_fillin <- function(command, session, rows) {
  no_options(command)
  vars <- expand_varlist(command$rest, session, 2L)
  check_new_name("_fillin", session)
  values <- lapply(session$data[vars], function(x) x[match(sort(unique(comparable(x))), comparable(x))])
  grid <- expand.grid(rev(lapply(values, seq_along)))[rev(seq_along(vars))]
  inner <- new_session()
  inner$n <- nrow(grid)
  for (i in seq_along(vars)) store_variable(inner, vars[i], values[[i]][grid[[i]]])
  code <- key_codes(vars, session, inner)
  new <- which(!code[[2L]] %in% code[[1L]])
  at <- list(master = c(seq_len(session$n), rep(NA_integer_, length(new))), using = c(rep(NA_integer_, session$n), new))
  n <- session$n
  replace_data(session, join_rows(session, inner, at, vars))
  store_variable(session, "_fillin", as.numeric(seq_len(session$n) > n), "byte")
  sort_data(session, vars)
}

# xpose, clear [varname]: rows become variables v1, v2, ...; strings become missing.
run_xpose <- function(command, session, rows) {
  o <- command_options(command, c(clear = "clear", varname = "v", promote = "promote", format = "f"),
                       required = "clear")
  m <- vapply(session$data, function(x) if (is.character(x)) rep(NA_real_, length(x)) else x, numeric(session$n))
  m <- matrix(m, session$n)
  names <- names(session$data)
  clear_data(session)
  for (i in seq_len(nrow(m))) store_variable(session, paste0("v", i), m[i, ], session$type)
  if (!is.null(o$varname)) store_variable(session, "_varname", names)
}

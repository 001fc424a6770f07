# Evaluates expression trees over whole columns; within by: over the rows of one group.
# ctx: list(session, rows): the rows that _n counts. Values are vectors of one or length(rows) elements.

evaluate <- function(tree, ctx) {
  switch(tree$node,
    value = tree$value,
    name = lookup_name(tree$name, ctx),
    negate = -numeric_operand(evaluate(tree$inner, ctx)),
    not = as.numeric(comparable(numeric_operand(evaluate(tree$inner, ctx))) == 0),
    binary = evaluate_chain(tree, ctx),
    subscript = evaluate_subscript(tree, ctx),
    element = evaluate_element(tree, ctx),
    coefficient = evaluate_coefficient(tree, ctx$session),
    call = evaluate_call(tree, ctx))
}

# a + b + c stands as (a + b) + c: a long sum is computed from its left end without a call per term.
evaluate_chain <- function(tree, ctx) {
  if (tree$left$node != "binary") {
    return(evaluate_binary(tree$op, evaluate(tree$left, ctx), evaluate(tree$right, ctx)))
  }
  links <- list()
  while (tree$node == "binary") {
    links[[length(links) + 1L]] <- tree
    tree <- tree$left
  }
  value <- evaluate(tree, ctx)
  for (link in rev(links)) value <- evaluate_binary(link$op, value, evaluate(link$right, ctx))
  value
}

numeric_operand <- function(x) {
  if (is.character(x)) abort_stata("type mismatch", 109L)
  x
}

evaluate_binary <- function(op, a, b) {
  text <- is.character(a)
  if (op == "*" && text != is.character(b)) return(if (text) repeat_text(a, b) else repeat_text(b, a))
  if (text != is.character(b)) abort_stata("type mismatch", 109L)
  if (text) return(string_binary(op, a, b))
  switch(op,
    "+" = stata_number(a + b), "-" = stata_number(a - b), "*" = stata_number(a * b),
    "/" = stata_number(a / b), "^" = stata_number(a^b),
    "&" = as.numeric(comparable(a) != 0 & comparable(b) != 0),
    "|" = as.numeric(comparable(a) != 0 | comparable(b) != 0),
    compare_values(op, comparable(a), comparable(b)))
}

string_binary <- function(op, a, b) {
  if (op == "+") return(paste0(a, b))
  if (!op %in% c("==", "!=", "<", ">", "<=", ">=")) abort_stata("type mismatch", 109L)
  if (op == "==") return(as.numeric(a == b))
  if (op == "!=") return(as.numeric(a != b))
  rank <- match(c(a, b), sort(unique(c(a, b)), method = "radix"))
  compare_values(op, rank[seq_along(a)], rank[-seq_along(a)])
}

compare_values <- function(op, a, b) {
  as.numeric(switch(op, "==" = a == b, "!=" = a != b, "<" = a < b, ">" = a > b, "<=" = a <= b, ">=" = a >= b))
}

lookup_name <- function(name, ctx) {
  s <- ctx$session
  if (!is.null(ctx$turn) && name %in% c("_n", "_N")) {
    return(as.numeric(if (name == "_n") ctx$turn$n else length(ctx$turn$rows)))
  }
  if (name == "_n") return(as.numeric(if (is.null(ctx$start)) seq_along(ctx$rows) else seq_along(ctx$rows) - ctx$start))
  if (name == "_N") return(as.numeric(if (is.null(ctx$size)) length(ctx$rows) else ctx$size))
  if (name == "_pi") return(pi)
  if (name == "_rc") return(as.numeric(s$rc))
  if (name %in% names(s$data)) return(s$data[[name]][ctx$rows])
  if (grepl(".", name, fixed = TRUE)) return(lagged_column(name, s)[ctx$rows])
  if (!is.null(s$scalars[[name]])) return(s$scalars[[name]])
  s$data[[find_stata_variable(name, s)]][ctx$rows]
}

# L.x, F2.x, D.x: the value at another time of the panel that tsset or xtset names.
lagged_column <- function(name, session) {
  part <- regmatches(name, regexec("^([LFDlfd])([0-9]*)[.](.+)$", name))[[1L]]
  p <- session$panel
  if (is.null(p$time)) abort_stata("time variable not set, use tsset varname ...", 111L)
  x <- numeric_operand(session$data[[find_stata_variable(part[4L], session)]])
  time <- session$data[[p$time]]
  id <- if (is.null(p$id)) rep(1, session$n) else session$data[[p$id]]
  order <- if (nzchar(part[3L])) as.numeric(part[3L]) else 1
  key <- paste(id, time)
  at <- function(v, shift) v[match(paste(id, time + shift), key)]
  kind <- toupper(part[2L])
  if (kind != "D") return(stata_number(at(x, if (kind == "L") -order else order)))
  for (i in seq_len(order)) x <- x - at(x, -1)
  stata_number(x)
}

# x[_n-1]: the value in another row of the group; outside it missing.
evaluate_subscript <- function(tree, ctx) {
  s <- ctx$session
  if (!tree$name %in% names(s$data) && tree$name %in% names(s$matrices)) return(evaluate_element(tree, ctx))
  whole <- if (is.null(ctx$turn)) ctx$rows else ctx$turn$rows
  column <- ctx$session$data[[find_stata_variable(tree$name, ctx$session)]][whole]
  index <- trunc(numeric_operand(evaluate(tree$index, ctx)))
  if (!is.null(ctx$start)) index <- rep_len(index, length(column))
  last <- if (is.null(ctx$size)) length(column) else ctx$size
  index[is.na(index) | index < 1 | index > last] <- NA
  value <- column[if (is.null(ctx$start)) index else index + ctx$start]
  if (is.character(value)) value[is.na(index)] <- ""
  value
}

evaluate_call <- function(tree, ctx) {
  if (tree$name %in% c("r", "e", "c", "s", "return")) return(saved_result(tree, ctx))
  if (tree$name == "scalar" && length(tree$args) == 1L) return(named_scalar(tree$args[[1L]]$name, ctx$session))
  if (tree$name %in% names(random_functions)) return(evaluate_random(tree, ctx))
  if (tree$name %in% matrix_functions && length(tree$args)) return(evaluate_matrix_function(tree, ctx))
  f <- stata_registry$functions[[tree$name]]
  if (is.null(f)) refuse_function(tree$name)
  arity <- formals(f)
  n <- length(tree$args)
  most <- if ("..." %in% names(arity)) Inf else length(arity)
  least <- sum(vapply(arity[names(arity) != "..."], function(a) is.symbol(a) && !nzchar(as.character(a)), NA))
  if (n < least || n > most) abort_stata(sprintf("invalid syntax: %s() has %d arguments", tree$name, n), 198L)
  args <- lapply(tree$args, evaluate, ctx = ctx)
  check_argument_types(tree$name, args)
  if (!tree$name %in% constant_functions) args <- same_rows(args)
  if (tree$name == "sum" && !is.null(ctx$start)) return(sum_in_groups(args[[1L]], ctx))
  value <- suppressWarnings(do.call(f, unname(args)))
  if (is.character(value)) value else stata_number(value)
}

# The running sum begins anew with each group.
sum_in_groups <- function(x, ctx) {
  x <- rep_len(numeric_operand(x), length(ctx$rows))
  stata_number(unlist(lapply(split(x, ctx$start), running_sum), use.names = FALSE))
}

# regexs() has the rows of the regexm() before it.
constant_functions <- c("regexs", "ustrregexs")

# A function meets all its arguments in one length: a constant stands for every row.
same_rows <- function(args) {
  n <- lengths(args)
  if (length(args) < 2L || all(n == n[1L])) return(args)
  lapply(args, rep_len, if (any(n == 0L)) 0L else max(n))
}

check_argument_types <- function(name, args) {
  text <- vapply(args, is.character, NA)
  if (name %in% mixed_functions) return(invisible())
  strings <- string_places[[name]]
  if (is.null(strings)) strings <- if (name %in% string_functions) 1L else integer()
  if (!identical(which(text), intersect(seq_along(text), strings))) abort_stata("type mismatch", 109L)
}

# A function that nobody knows may be a typo.
refuse_function <- function(name) {
  near <- near_word(name, c(names(stata_registry$functions), names(random_functions)))
  if (length(near)) abort_unknown(sprintf("function %s()", name), paste0(near, "()"))
  abort_unsupported(sprintf("function %s()", name))
}

named_scalar <- function(name, s) {
  value <- s$scalars[[name]]
  if (is.null(value)) abort_stata(sprintf("scalar %s not found", name), 111L)
  value
}

# r(mean), e(N), c(N): a name that was not saved is missing, as in Stata; e(sample) is 1 for the rows that were used.
saved_result <- function(tree, ctx) {
  s <- ctx$session
  if (length(tree$args) != 1L || tree$args[[1L]]$node != "name") abort_stata("invalid syntax", 198L)
  name <- tree$args[[1L]]$name
  if (tree$name == "c") return(system_value(name, s))
  if (tree$name == "e" && name == "sample") {
    return(if (is.null(s$sample)) 0 else as.numeric(ctx$rows %in% s$sample))
  }
  from <- switch(tree$name, s = "sreturn", return = "returning", tree$name)
  value <- s[[from]][[name]]
  if (is.null(value)) return(NA_real_)
  if (length(value) != 1L) {
    if (length(value) && is.matrix(value)) abort_stata("type mismatch: a matrix stands where one value is needed", 509L)
    abort_unsupported(sprintf("%s(%s), a matrix, in an expression", tree$name, name))
  }
  if (is.character(value)) value else as.numeric(value)
}

system_value <- function(name, s) {
  switch(name, N = as.numeric(s$n), k = as.numeric(length(s$data)), pi = pi, rc = as.numeric(s$rc), epsfloat = 2^-23,
         epsdouble = 2^-52, level = s$level, pwd = , cwd = working_folder(s), linesize = s$linesize, type = s$type,
         current_date = stata_today("%d %b %Y"), current_time = format(Sys.time(), "%H:%M:%S"), filename = s$file,
         changed = as.numeric(data_changed(s)), os = stata_system(), version = , stata_version = s$version,
         dirsep = "/", frame = s$frame,
         maxdouble = 8.9884656743e307, mindouble = -8.9884656743e307, maxbyte = 100, maxint = 32740,
         maxlong = 2147483620,
         maxfloat = 1.70141173319e38, smallestdouble = 2.2250738585072014e-308, username = "user", mode = "batch",
         tmpdir = "", alpha = paste(letters, collapse = " "), ALPHA = paste(LETTERS, collapse = " "),
         Months = paste(month.name, collapse = " "), Mons = paste(month.abb, collapse = " "),
         Weekdays = paste(weekday_names[c(2:7, 1L)], collapse = " "), more = "off", rmsg = "off", scheme = "s2color",
         sortedby = paste(s$sorted, collapse = " "), width = 0, obs_t = "long", console = "console", flavor = "IC",
         bit = 64, SE = 0, MP = 0, matsize = 800, maxvar = 5000, processors = 1, seed = "", rng = "R",
         abort_unsupported(sprintf("c(%s)", name)))
}

stata_today <- function(shape) {
  p <- as.POSIXlt(Sys.time())
  sub("%b", month.abb[p$mon + 1L], sub("%d", sprintf("%2d", p$mday), sub("%Y", p$year + 1900L, shape, fixed = TRUE),
                                       fixed = TRUE), fixed = TRUE)
}

stata_system <- function() if (.Platform$OS.type == "windows") "Windows" else "Unix"

# The whole column or one value that an expression gives, in full length.
evaluate_column <- function(tokens, session, rows = seq_len(session$n)) {
  value <- evaluate(parse_expression(tokens), list(session = session, rows = rows))
  if (length(value) == 1L) rep(value, length(rows)) else value
}

# One value: what display, local = and scalar need; columns give their first observation.
evaluate_scalar <- function(tokens, session) {
  value <- evaluate(parse_expression(tokens), list(session = session, rows = seq_len(session$n), single = TRUE))
  if (length(value)) value[1L] else NA_real_
}

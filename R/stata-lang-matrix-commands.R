# matrix define, list, drop, rename, rownames, colnames, accum, dir; mkmat, svmat; matrix expressions.
# Source: Stata's Programming manual, matrix; User's Guide, 14. Operators bind as , and \ < + - < * / < unary - < '.

run_matrix <- function(text, session, statement) {
  tokens <- tokenize(text)
  if (!nrow(tokens)) abort_stata("invalid syntax", 198L)
  word <- tokens$text[1L]
  rest <- trimws(substring(text, tokens$end[1L] + 1L))
  assigns <- nrow(tokens) > 1L && tokens$text[2L] %in% c("=", "[")
  if (!assigns) {
    known <- c(list = "l", drop = "drop", rename = "ren", rownames = "rown", colnames = "coln", roweq = "rowe",
               coleq = "cole", dir = "di", input = "inp", accum = "ac", define = "def", symeigen = "syme", svd = "svd",
               vecaccum = "veca", glsaccum = "gls", score = "sco")
    what <- match_option(word, known)
    return(switch(if (is.na(what)) "" else what,
      list = list_matrix(rest, session), drop = drop_matrices(strsplit(rest, "\\s+")[[1L]], session),
      rename = rename_matrix(rest, session), rownames = , colnames = name_matrix(what, rest, session),
      roweq = , coleq = abort_unsupported(paste("matrix", what)), dir = list_matrices(session),
      input = , define = define_matrix(rest, session), accum = accumulate_matrix(rest, session),
      abort_unsupported(paste("matrix", word))))
  }
  define_matrix(text, session)
}

# A = expression, or A[i,j] = expression for a part of it.
define_matrix <- function(text, session) {
  tokens <- tokenize(text)
  depth <- token_depth(tokens)
  equal <- which(tokens$text == "=" & depth == 0L)
  if (!length(equal)) abort_stata("invalid syntax: = expected", 198L)
  value <- matrix_value(tokens[-seq_len(equal[1L]), ], session)
  name <- tokens$text[1L]
  if (!grepl("^[[:alpha:]_][[:alnum:]_]*$", name)) abort_stata(sprintf("%s invalid name", name), 198L)
  if (equal[1L] == 2L) {
    session$matrices[[name]] <- value
    return(invisible())
  }
  m <- find_matrix(name, session)
  comma <- which(tokens$text == "," & depth == 1L)[1L]
  at <- function(from, to) evaluate_scalar(tokens[from:to, ], session)
  i <- matrix_index(at(3L, comma - 1L), rownames(m), nrow(m))
  j <- matrix_index(at(comma + 1L, equal[1L] - 2L), colnames(m), ncol(m))
  if (is.na(i) || is.na(j) || i + nrow(value) - 1L > nrow(m) || j + ncol(value) - 1L > ncol(m)) {
    abort_stata("subscript out of range", 503L)
  }
  m[i + seq_len(nrow(value)) - 1L, j + seq_len(ncol(value)) - 1L] <- value
  session$matrices[[name]] <- m
  invisible()
}

drop_matrices <- function(names, session) {
  lost <- setdiff(names, c("_all", names(session$matrices)))
  if (length(lost)) abort_stata(sprintf("matrix %s not found", lost[1L]), 111L)
  session$matrices[if ("_all" %in% names) names(session$matrices) else names] <- NULL
}

rename_matrix <- function(text, session) {
  words <- strsplit(text, "\\s+")[[1L]]
  m <- find_matrix(words[1L], session)
  session$matrices[[words[1L]]] <- NULL
  session$matrices[[words[2L]]] <- m
  invisible()
}

# matrix rownames A = a b c: fewer names than rows are repeated to the end.
name_matrix <- function(what, text, session) {
  part <- regmatches(text, regexec("^(\\S+?)\\s*=\\s*(.*)$", text, perl = TRUE))[[1L]]
  if (!length(part)) abort_stata("invalid syntax: = expected", 198L)
  m <- find_matrix(part[2L], session)
  names <- macro_words(part[3L])
  n <- if (what == "rownames") nrow(m) else ncol(m)
  if (length(names) > n || !length(names)) abort_stata("conformability error", 503L)
  names <- c(names, rep(names[length(names)], n - length(names)))
  if (what == "rownames") rownames(m) <- names else colnames(m) <- names
  session$matrices[[part[2L]]] <- m
  invisible()
}

list_matrices <- function(session) {
  for (name in names(session$matrices)) {
    m <- session$matrices[[name]]
    emit(session, sprintf("%s[%d,%d]", justify(name, 14L), nrow(m), ncol(m)))
  }
}

# matrix list A [, format() noheader nonames title()]
list_matrix <- function(text, session) {
  comma <- top_level_comma(text)
  name <- gsub("\\s", "", if (is.na(comma)) text else substr(text, 1L, comma - 1L))
  o <- command_options(parse_command(paste("list ,", if (is.na(comma)) "" else substring(text, comma + 1L))),
                       c(format = "f", noheader = "noh", nonames = "non", title = "t", noblank = "nob",
                         nodotz = "nodotz",
                         nohalf = "noha"))
  format <- if (is.null(o$format)) "%10.0g" else unquote(o$format)
  lines <- format_matrix(find_matrix(name, session), name, format, is.null(o$nohalf))
  if (!is.null(o$title)) lines <- append(lines, paste0(unquote(o$title)), 1L)
  if (!is.null(o$noheader)) lines <- lines[-(1:2)]
  emit(session, lines)
}

# matrix accum A = varlist [if] [in] [, noconstant deviations means()]: X'X.
accumulate_matrix <- function(text, session) {
  part <- regmatches(text, regexec("^(\\w+)\\s*=\\s*(.*)$", text))[[1L]]
  if (!length(part)) abort_stata("invalid syntax", 198L)
  command <- parse_command(paste("accum", part[3L]))
  o <- command_options(command, c(noconstant = "noc", deviations = "dev", means = "m"))
  vars <- expand_varlist(command$rest, session, 1L)
  rows <- selected_rows(command, session)
  x <- vapply(session$data[vars], function(v) numeric_operand(v)[rows], numeric(length(rows)))
  x <- matrix(x, length(rows), dimnames = list(NULL, vars))
  x <- x[stats::complete.cases(x), , drop = FALSE]
  if (!is.null(o$deviations)) x <- sweep(x, 2L, colMeans(x))
  if (!is.null(o$means)) session$matrices[[o$means]] <- matrix(colMeans(x), 1L, dimnames = list("_cons", vars))
  if (is.null(o$noconstant)) x <- cbind(x, `_cons` = 1)
  session$matrices[[part[2L]]] <- crossprod(x)
  session$r <- list(N = nrow(x))
  emit(session, sprintf("(obs=%d)", nrow(x)))
}

# ---- matrices and variables --------------------------------------------------------------------

# mkmat a b [if] [in], matrix(A) [nomissing rownames(v)]: the columns are the variables.
run_mkmat <- function(command, session, rows) {
  o <- command_options(command, c(matrix = "mat", nomissing = "nomis", rownames = "rown"))
  vars <- expand_varlist(command$rest, session, 1L)
  rows <- selected_rows(command, session)
  m <- matrix(vapply(session$data[vars], function(x) numeric_operand(x)[rows], numeric(length(rows))), length(rows))
  keep <- if (is.null(o$nomissing)) rep(TRUE, nrow(m)) else stats::complete.cases(m)
  names <- if (is.null(o$rownames)) paste0("r", seq_len(sum(keep))) else
    shown_value(find_stata_variable(o$rownames, session), session, rows[keep])
  m <- matrix(m[keep, ], sum(keep), dimnames = list(names, vars))
  if (!is.null(o$matrix)) session$matrices[[o$matrix]] <- m
  else for (v in vars) session$matrices[[v]] <- m[, v, drop = FALSE]
}

# svmat A [, names(col|eqcol|matcol|stub*)]: columns become variables, with rows added where the data are shorter.
run_svmat <- function(command, session, rows) {
  o <- command_options(command, c(names = "n"))
  words <- command$rest$text
  typed <- words[1L] %in% storage_types && length(words) > 1L
  name <- words[1L + typed]
  m <- find_matrix(name, session)
  stub <- if (is.null(o$names)) paste0(name, seq_len(ncol(m))) else switch(o$names, col = colnames(m),
      eqcol = colnames(m),
    matcol = paste0(name, colnames(m)), paste0(sub("[*]$", "", unquote(o$names)), seq_len(ncol(m))))
  stub[stub == "_cons"] <- "_cons_"
  for (v in stub) check_new_name(v, session)
  if (session$n < nrow(m)) set_observations(nrow(m), session)
  for (j in seq_len(ncol(m))) {
    store_variable(session, stub[j], c(m[, j], rep(NA_real_, session$n - nrow(m))), if (typed) words[1L] else "float")
  }
}

# ---- expressions -------------------------------------------------------------------------------

# The parser walks over tokens; `p` holds its place.
matrix_value <- function(tokens, session) {
  p <- list2env(list(tokens = tokens, at = 1L, session = session), parent = emptyenv())
  out <- matrix_join(p)
  if (p$at <= nrow(tokens)) abort_stata(sprintf("%s invalid in a matrix expression", tokens$text[p$at]), 198L)
  as_stata_matrix(out)
}

as_stata_matrix <- function(x) {
  if (!is.matrix(x)) x <- matrix(x, 1L, 1L)
  storage.mode(x) <- "double"
  if (is.null(rownames(x))) rownames(x) <- sprintf("r%d", seq_len(nrow(x)))
  if (is.null(colnames(x))) colnames(x) <- sprintf("c%d", seq_len(ncol(x)))
  x
}

next_token <- function(p) if (p$at <= nrow(p$tokens)) p$tokens$text[p$at] else ""
next_is <- function(p, what) p$at <= nrow(p$tokens) && p$tokens$text[p$at] %in% what && p$tokens$type[p$at] != "string"
take_token <- function(p) {
  out <- next_token(p)
  p$at <- p$at + 1L
  out
}
expect_token <- function(p, what) if (take_token(p) != what) abort_stata(sprintf("%s expected in a matrix expression",
    what), 198L)

# Rows are put below each other by \, columns beside each other by a comma, which binds tighter.
matrix_join <- function(p) {
  left <- matrix_beside(p)
  while (next_is(p, "\\")) {
    take_token(p)
    left <- join_matrices(left, matrix_beside(p), rbind)
  }
  left
}

matrix_beside <- function(p) {
  left <- matrix_sum(p)
  while (next_is(p, ",")) {
    take_token(p)
    left <- join_matrices(left, matrix_sum(p), cbind)
  }
  left
}

join_matrices <- function(a, b, how) {
  a <- as.matrix(a)
  b <- as.matrix(b)
  if (!length(a)) return(b)
  same <- if (identical(how, cbind)) nrow(a) == nrow(b) else ncol(a) == ncol(b)
  if (!same) abort_stata("conformability error", 503L)
  out <- how(a, b)
  # Names of one side alone are no names.
  side <- if (identical(how, cbind)) 2L else 1L
  names <- lapply(list(a, b), function(m) dimnames(m)[[side]])
  if (any(vapply(names, is.null, NA))) {
    size <- c(dim(a)[side], dim(b)[side])
    mark <- if (side == 1L) "r" else "c"
    made <- Map(function(n, k) if (is.null(n)) rep("", k) else n, names, size)
    all <- unlist(made)
    all[!nzchar(all)] <- paste0(mark, seq_along(all))[!nzchar(all)]
    dimnames(out)[[side]] <- all
  }
  out
}

matrix_sum <- function(p) {
  left <- matrix_product(p)
  while (next_is(p, c("+", "-"))) {
    op <- take_token(p)
    right <- matrix_product(p)
    left <- cellwise(left, right, if (op == "+") `+` else `-`)
  }
  left
}

cellwise <- function(a, b, f) {
  if (length(a) == 1L && length(b) == 1L) return(f(a, b))
  if (!is.matrix(a) || !is.matrix(b) || !identical(dim(a), dim(b))) abort_stata("conformability error", 503L)
  f(a, b)
}

matrix_product <- function(p) {
  left <- matrix_signed(p)
  while (next_is(p, c("*", "/", "#"))) {
    op <- take_token(p)
    if (op == "#") {
      left <- kronecker(as.matrix(left), as.matrix(matrix_signed(p)))
      next
    }
    right <- matrix_signed(p)
    left <- if (op == "/") left / drop_scalar(right) else if (is_scalar(left) || is_scalar(right))
      drop_scalar_if(left) * drop_scalar_if(right) else multiply_matrices(left, right)
  }
  left
}

is_scalar <- function(x) !is.matrix(x)
drop_scalar <- function(x) if (length(x) == 1L) as.numeric(x) else abort_stata("conformability error", 503L)
drop_scalar_if <- function(x) if (is_scalar(x)) as.numeric(x) else x

multiply_matrices <- function(a, b) {
  if (ncol(a) != nrow(b)) abort_stata("conformability error", 503L)
  a %*% b
}

matrix_signed <- function(p) {
  if (next_is(p, "-")) {
    take_token(p)
    return(-matrix_signed(p))
  }
  out <- matrix_primary(p)
  while (next_is(p, "'")) {
    take_token(p)
    out <- t(as.matrix(out))
  }
  if (next_is(p, "^") && !is.matrix(out)) {
    take_token(p)
    out <- out^drop_scalar(matrix_signed(p))
  }
  out
}

matrix_primary <- function(p) {
  if (p$at > nrow(p$tokens)) abort_stata("a matrix expression ends too early", 198L)
  type <- p$tokens$type[p$at]
  if (next_is(p, "(")) {
    take_token(p)
    inner <- matrix_join(p)
    expect_token(p, ")")
    return(subscripted(inner, p))
  }
  if (type == "number") return(as.numeric(take_token(p)))
  if (type == "missing") return(missing_value(substring(take_token(p), 2L)))
  if (type != "name") abort_stata(sprintf("%s invalid in a matrix expression", next_token(p)), 198L)
  name <- take_token(p)
  if (next_is(p, "(") && !p$tokens$blank[p$at]) return(subscripted(matrix_call(name, p), p))
  if (next_is(p, "[") && name %in% c("_b", "_se", "_coef")) return(scalar_run(p, p$at - 1L))
  m <- p$session$matrices[[name]]
  if (!is.null(m)) return(subscripted(m, p))
  if (next_is(p, "[") && name %in% names(p$session$data)) return(scalar_run(p, p$at - 1L))
  value <- p$session$scalars[[name]]
  if (is.null(value)) value <- if (name %in% c("_pi", "_N", "_rc")) scalar_value(p$tokens[p$at - 1L, ], p$session)
  if (is.null(value) && length(p$session$data)) value <- scalar_value(p$tokens[p$at - 1L, ], p$session)
  if (is.null(value)) abort_stata(sprintf("matrix %s not found", name), 111L)
  value
}

scalar_value <- function(tokens, session) evaluate_scalar(tokens, session)

# A[1,2], A[1..2, 1...], A["row", 1]; one number alone stays a matrix of one.
subscripted <- function(m, p) {
  if (!next_is(p, "[") || p$tokens$blank[p$at]) return(m)
  if (!is.matrix(m)) m <- as_stata_matrix(m)
  take_token(p)
  i <- matrix_range(p, rownames(m), nrow(m), ",")
  expect_token(p, ",")
  j <- matrix_range(p, colnames(m), ncol(m), "]")
  expect_token(p, "]")
  m[i, j, drop = FALSE]
}

# The tokens up to the mark: i, i..j, i... or "name".
matrix_range <- function(p, names, n, mark) {
  from <- p$at
  depth <- 0L
  while (p$at <= nrow(p$tokens) && !(depth == 0L && next_is(p, mark))) {
    if (next_is(p, c("(", "["))) depth <- depth + 1L
    if (next_is(p, c(")", "]"))) depth <- depth - 1L
    take_token(p)
  }
  tokens <- p$tokens[seq(from, length.out = p$at - from), ]
  text <- paste(tokens$text, collapse = "")
  ends <- regmatches(text, regexec("^(.*?)[.]{2,3}(.*)$", text, perl = TRUE))[[1L]]
  index <- function(word) {
    at <- if (word %in% names) match(word, names) else matrix_index(scalar_value(tokenize(word), p$session), names, n)
    if (is.na(at)) abort_stata("subscript out of range", 503L)
    at
  }
  if (!length(ends)) {
    if (nrow(tokens) == 1L && tokens$type == "string") return(index(tokens$text))
    return(index(text))
  }
  last <- sub("^[.]", "", ends[3L])
  seq(index(ends[2L]), if (nzchar(last)) index(last) else n)
}

# Functions whose value is a matrix; all others are expressions of one value.
matrix_makers <- list(
  I = function(n) diag(drop_scalar(n)), J = function(r, c, z) matrix(drop_scalar(z), drop_scalar(r), drop_scalar(c)),
  inv = function(m) inverse_of(m), invsym = function(m) inverse_of(m), syminv = function(m) inverse_of(m),
  cholesky = function(m) t(chol(m)), diag = function(v) {
    out <- diag(as.vector(v), length(v))
    dimnames(out) <- rep(list(if (ncol(v) == 1L) rownames(v) else colnames(v)), 2L)
    out
  }, vecdiag = function(m) matrix(diag(m), 1L, dimnames = list("r1", colnames(m))),
  vec = function(m) matrix(as.vector(m), ncol = 1L), hadamard = function(a, b) cellwise(a, b, `*`),
  corr = function(m) stats::cov2cor(m), det = function(m) det(m), trace = function(m) sum(diag(m)),
  rowsof = function(m) nrow(as.matrix(m)), colsof = function(m) ncol(as.matrix(m)),
  matuniform = function(r, c) matrix(stats::runif(drop_scalar(r) * drop_scalar(c)), drop_scalar(r)),
  mreldif = function(a, b) max(abs(a - b) / (abs(b) + 1)), issymmetric = function(m) as.numeric(isSymmetric(unname(m))),
  nullmat = function(m) m)

inverse_of <- function(m) {
  if (nrow(m) != ncol(m)) abort_stata("conformability error", 503L)
  out <- tryCatch(solve(m), error = function(e) abort_stata("matrix not positive definite or singular", 504L))
  dimnames(out) <- rev(dimnames(m))
  out
}

matrix_call <- function(name, p) {
  start <- p$at - 1L
  if (name %in% c("e", "r", "get")) {
    whole <- paste0(name, "(", p$tokens$text[p$at + 1L], ")")
    m <- named_matrix(whole, p$session)
    if (!is.null(m)) {
      p$at <- p$at + 3L
      return(m)
    }
  }
  maker <- matrix_makers[[name]]
  if (is.null(maker)) return(scalar_run(p, start))
  take_token(p)
  args <- list()
  while (!next_is(p, ")")) {
    args[[length(args) + 1L]] <- if (name == "nullmat") null_matrix(p) else matrix_sum(p)
    if (!next_is(p, ")")) expect_token(p, ",")
  }
  take_token(p)
  if (length(args) != length(formals(maker))) {
    abort_stata(sprintf("invalid syntax: %s() has %d arguments", name, length(args)), 198L)
  }
  if (!name %in% c("I", "J", "matuniform")) args <- lapply(args, as.matrix)
  do.call(maker, unname(args))
}

# nullmat(A): nothing where there is no A.
null_matrix <- function(p) {
  name <- take_token(p)
  m <- p$session$matrices[[name]]
  if (is.null(m)) matrix(numeric(), 0L, 0L) else m
}

# A call whose value is one number: up to its closing bracket it is an ordinary expression.
scalar_run <- function(p, start) {
  depth <- 0L
  at <- start + 1L
  repeat {
    if (p$tokens$text[at] %in% c("(", "[")) depth <- depth + 1L
    if (p$tokens$text[at] %in% c(")", "]")) depth <- depth - 1L
    if (depth == 0L || at >= nrow(p$tokens)) break
    at <- at + 1L
  }
  p$at <- at + 1L
  scalar_value(p$tokens[start:at, ], p$session)
}

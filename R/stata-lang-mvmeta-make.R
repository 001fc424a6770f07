# mvmeta_make: a regression in each study, its coefficients and their variances as the columns that mvmeta reads.
# Source: White (2009), Multivariate random-effects meta-analysis, Stata Journal 9, 40-56. Oracle: the regressions one
# by one.

# mvmeta_make command, by() saving() [names(b V) replace usevars() useconstant nodetails ...]; also as a prefix.
run_mvmeta_make <- function(text, session, statement) {
  made <- mvmeta_make_parts(text)
  o <- made$options
  by <- expand_varlist(tokenize(o$by), session, 1L)
  if (length(by) != 1L) abort_stata("option by() needs one variable", 198L)
  stubs <- plain_words(c(o$names, "b V")[1L])
  if (length(stubs) != 2L) abort_stata("option names() needs two words", 198L)
  groups <- groups_of(by, seq_len(session$n), session)
  whole <- mget(snapshot_names, envir = session)
  fits <- tryCatch(lapply(groups, function(g) {
    list2env(whole, session)
    filter_rows(session, g)
    run_hidden(made$command, session, statement)
    own_estimates(session$e, o)
  }), finally = list2env(whole, session))
  out <- new_session()
  copy_variable(out, by, session, vapply(groups, `[`, 0L, 1L))
  columns <- mvmeta_make_columns(fits, stubs)
  for (name in names(columns)) store_variable(out, name, columns[[name]], "double")
  if (!is.null(o$replace) && !is.null(o$saving)) o$saving <- paste0(o$saving, ", replace")
  if (finish_saved(out, o, session)) list2env(mget(c("data", "meta", "n", "sorted"), envir = out), session)
}

# The options that are mvmeta_make's own; what else is written belongs to the regression.
mvmeta_make_own <- c(by = "by", saving = "sav", names = "names", replace = "replace", clear = "clear",
                     append = "append", usevars = "usev", useconstant = "usec", nodetails = "nodet", details = "det",
                     pause = "pause",
                     esave = "esave", augment = "aug", noaugment = "noaug", augquiet = "augq", hard = "hard",
                     ppfix = "ppf", ppcmd = "ppc", strict = "strict", collapse = "coll")

mvmeta_make_parts <- function(text) {
  prefix <- startsWith(trimws(text), ",")
  parts <- if (prefix) split_prefix(text, "mvmeta_make") else c(text, "")
  comma <- top_level_comma(parts[1L])
  if (is.na(comma)) abort_stata("option by() required", 198L)
  all <- parse_command(paste("mvmeta_make", substring(parts[1L], comma)))$options
  own <- vapply(names(all), match_option, "", known = mvmeta_make_own)
  if (prefix && anyNA(own)) abort_stata(sprintf("option %s not allowed", names(all)[is.na(own)][1L]), 198L)
  rest <- all[is.na(own)]
  o <- stats::setNames(all[!is.na(own)], own[!is.na(own)])
  if (is.null(o$by)) abort_stata("option by() required", 198L)
  for (word in c("append", "esave", "ppcmd", "collapse")) {
    if (!is.null(o[[word]])) abort_unsupported(sprintf("option %s of mvmeta_make", word))
  }
  head <- substr(parts[1L], 1L, comma - 1L)
  own_words <- if (length(rest)) paste(",", written_options(rest))
  command <- if (prefix) parts[2L] else trimws(paste0(head, own_words))
  list(command = command, options = o)
}

# The constant is left out unless asked for, as are coefficients that were not estimated.
own_estimates <- function(e, o) {
  if (is.null(e$b)) abort_stata("last estimates not found", 301L)
  names <- colnames(e$b)
  kept <- if (!is.null(o$usevars)) c(plain_words(o$usevars), if (!is.null(o$useconstant)) "_cons")
          else setdiff(names, if (is.null(o$useconstant)) "_cons")
  at <- which(names %in% kept & diag(e$V) > 0)
  list(b = stats::setNames(e$b[1L, at], sub("^_cons$", "cons", names[at])), V = e$V[at, at, drop = FALSE])
}

# b<name> and V<name><name>, missing where a study has no such coefficient.
mvmeta_make_columns <- function(fits, stubs) {
  names <- unique(unlist(lapply(fits, function(f) names(f$b))))
  if (!length(names)) abort_stata("no coefficients to save", 498L)
  b <- lapply(names, function(n) vapply(fits, function(f) f$b[n][[1L]], 0))
  pairs <- which(upper.tri(diag(length(names)), TRUE), arr.ind = TRUE)
  pairs <- pairs[order(pairs[, 1L], pairs[, 2L]), , drop = FALSE]
  V <- lapply(seq_len(nrow(pairs)), function(k) {
    vapply(fits, function(f) {
      at <- match(names[pairs[k, ]], names(f$b))
      if (anyNA(at)) NA_real_ else f$V[at[1L], at[2L]]
    }, 0)
  })
  clean <- gsub("[^[:alnum:]_]", "_", names)
  stats::setNames(c(b, V), c(paste0(stubs[1L], clean), paste0(stubs[2L], clean[pairs[, 1L]], clean[pairs[, 2L]])))
}

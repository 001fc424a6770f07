# `mvmeta`: stubs of columns, matrix expressions in bscovariance(), replay without variables.

# What steers Stata's optimiser or its storage and has no meaning where the maximum is exact.
mvmeta_idle_options <- c("difficult", "quick", "nolog", "log", "iterate", "technique", "gradient", "hessian", "trace",
                         "tolerance", "ltolerance", "nrtolerance", "start", "showstart", "missest", "missvar", "maxse",
                         "psdcrit", "notrunc", "wscorrforce", "taulog", "notaulog", "augment", "augquiet",
                         "network", "nowt", "forest",
                         "showchol")

run_mvmeta <- function(command, session, rows) {
  idle <- vapply(names(command$options), function(word) {
    !is.na(match_option(word, stats::setNames(substr(mvmeta_idle_options, 1L, pmax(4L,
                                                                                   nchar(mvmeta_idle_options) - 4L)),
                                              mvmeta_idle_options)))
  }, NA)
  command$options <- command$options[!idle]
  drawn <- startsWith("bubble", as.character(names(command$options)))
  command$options <- command$options[!drawn]
  known <- formals(mvmeta)
  options <- analysis_options(command, session, known[setdiff(names(known), c("b", "V"))], "never", "mvmeta")
  options$draw <- any(drawn)
  words <- varlist_words(command$rest)
  if (!length(words)) return(replay_mvmeta(command, session, rows, options))
  if (length(words) < 2L) abort_stata("too few variables specified", 102L)
  if (!is.null(options$args$bscovariance)) {
    options$args$bscovariance <- mvmeta_bscov_words(options$args$bscovariance, session)
  }
  rows <- selected_rows(command, session, rows)
  if (!length(rows)) abort_stata("no observations", 2000L)
  covariates <- expand_varlist(words[-(1:2)], session)
  args <- c(list(words[1L], words[2L]), as.list(covariates), list(data = analysis_data(session), subset = rows),
            level_argument(mvmeta, options$args, session), options$args)
  finish_analysis(mvmeta_with(args), command, session, rows, options)
}

replay_mvmeta <- function(command, session, rows, options) {
  if (!inherits(session$estimates, "stata_mvmeta")) abort_stata("last estimates not found", 301L)
  view <- session$estimates
  args <- c(list(view), level_argument(mvmeta, options$args, session), options$args)
  finish_analysis(eval(as.call(c(as.name("mvmeta"), args)), list(), asNamespace("metaparity")), command, session,
                  session$sample, options)
}

# "prop I(2)", "equals Sigma": the matrix by the session; "exch 0.5" stays as it is.
mvmeta_bscov_words <- function(text, session) {
  text <- trimws(paste(text, collapse = " "))
  kind <- sub("\\s.*$", "", text)
  rest <- trimws(substring(text, nchar(kind) + 1L))
  if (!nzchar(rest) || !is.na(suppressWarnings(as.numeric(rest)))) return(text)
  value <- matrix_value(tokenize(rest), session)
  list(kind, value, rest)
}

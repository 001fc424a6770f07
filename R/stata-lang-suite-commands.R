# `meta ...`: the suite of Stata 16, whose settings stay with the data, and the old command of the same name.

suite_words <- c(set = "set", esize = "es", update = "up", query = "q", summarize = "su", forestplot = "forest",
                 funnelplot = "funnel", bias = "bias", trimfill = "trim", regress = "reg", galbraithplot = "galb",
                 labbeplot = "labbe", clear = "clear", mvregress = "mvreg", meregress = "mereg", multilevel = "multi")

run_meta <- function(command, session, rows) {
  word <- if (nrow(command$rest)) match_option(command$rest$text[1L], suite_words) else NA
  if (is.na(word) || is_old_meta(command, session)) return(run_old_meta(command, session, rows))
  command$rest <- command$rest[-1L, ]
  command$word <- paste("meta", word)
  if (word == "clear") return(session$meta_data <- NULL)
  if (word == "query" && is.null(session$meta_data)) {
    return(emit(session, c("(data not meta set; use meta set or meta esize to declare as meta-analysis data)")))
  }
  if (!word %in% suite_models) command$options <- command$options[!is_maximisation(names(command$options))]
  if (word %in% suite_models) return(run_meta_model(command, session, rows, word))
  verb <- paste0("meta_", word)
  fun <- get0(verb, envir = asNamespace("metaparity"), mode = "function", inherits = FALSE)
  if (is.null(fun)) abort_unsupported(command$word)
  if (word %in% c("set", "esize")) declare_meta(command, session, rows, verb, fun) else continue_meta(command,
                                                                                                      session, rows,
                                                                                                        verb, fun)
}

# How Stata goes to the maximum has no part in the numbers here.
is_maximisation <- function(words) {
  !is.na(vapply(as.character(words), match_option, "", USE.NAMES = FALSE,
                known = c(iterate = "iter", tolerance = "tol", nrtolerance = "nrtol", nonrtolerance = "nonrtol",
                          from = "from", showtrace = "showtr")))
}

# `meta es se` with a variable es is the command of 1997: `meta esize` takes no two or three variables named so.
is_old_meta <- function(command, session) {
  words <- varlist_words(command$rest)
  length(words) %in% 2:3 && !words[1L] %in% names(suite_words) && all(words %in% names(session$data))
}

run_old_meta <- function(command, session, rows) run_analysis(command, session, rows, "sbe16_meta", draws = "asked")

# meta set, meta esize: the object they return holds the settings; its effect sizes become variables.
declare_meta <- function(command, session, rows, verb, fun) {
  run_analysis(command, session, rows, verb, draws = "never")
  session$meta_data <- session$results[[length(session$results)]]
}

continue_meta <- function(command, session, rows, verb, fun) {
  if (is.null(session$meta_data)) abort_stata("data not meta set", 119L)
  first <- names(formals(fun))[1L]
  data <- keep_by_factor(analysis_data(session), session, command)
  # Columns are named before the comma; columnopts() is another option.
  known <- option_formals(verb, fun)
  options <- analysis_options(command, session, known[setdiff(names(known), "columns")], "never",
                              option_verbs(verb))
  options$draw <- grepl("plot$", verb) || isTRUE(options$draw)
  if ("draw" %in% names(formals(fun))) options$args$draw <- FALSE
  refresh_meta(session)
  if (verb == "meta_forestplot" && nrow(command$rest)) {
    options$args$columns <- forest_column_words(command, session)
    command$rest <- command$rest[0L, ]
  }
  vars <- meta_words(command, session, word_takes_factors = verb %in% c("meta_regress", "meta_bias"))
  args <- c(stats::setNames(list(session$meta_data), if (first == "...") "" else first), vars, silence(fun),
            options$args)
  if ("data" %in% names(formals(fun))) args$data <- data
  if (!is.null(command$`if`) || !is.null(command[["in"]])) {
    if (!"subset" %in% names(formals(fun))) abort_unsupported(sprintf("if or in of %s", command$word))
    args$subset <- which(session$meta_data$rows %in% selected_rows(command, session, rows))
  }
  view <- eval(as.call(c(as.name(verb), args)), list(), asNamespace("metaparity"))
  if (verb == "meta_update") session$meta_data <- view
  finish_analysis(view, command, session, rows, options)
}

# The columns of meta forestplot: Stata's own begin with an underscore.
forest_column_words <- function(command, session) {
  unlist(lapply(varlist_words(command$rest), function(w) if (startsWith(w, "_")) w else
                find_stata_variable(w, session)))
}

# Variables, or moderators with Stata's prefixes: i.alloc, ib2.alloc, c.year, _cons. Without a prefix a variable counts
# as numbers even when its values have labels.
meta_words <- function(command, session, word_takes_factors) {
  if (!word_takes_factors) return(lapply(expand_varlist(command$rest, session), as.name))
  words <- varlist_words(command$rest)
  products <- grepl("#", words, fixed = TRUE)
  words <- unlist(Map(function(w, product) if (product) expand_interactions(marked_factors(w)) else w, words, products))
  lapply(unique(unlist(lapply(words, expand_moderator, session = session))), as.name)
}

# In products a variable without a prefix is a factor: a##c.x is i.a##c.x.
marked_factors <- function(word) {
  mark <- if (grepl("##", word, fixed = TRUE)) "##" else "#"
  parts <- strsplit(word, mark, fixed = TRUE)[[1L]]
  paste(ifelse(grepl(".", parts, fixed = TRUE), parts, paste0("i.", parts)), collapse = mark)
}

expand_moderator <- function(word, session) {
  if (word == "_cons") return(word)
  if (grepl("#", word, fixed = TRUE)) {
    parts <- strsplit(word, "#", fixed = TRUE)[[1L]]
    return(paste(vapply(parts, expand_moderator, "", session = session), collapse = "#"))
  }
  prefix <- regmatches(word, regexpr("^(i|c|ib?[(]?[0-9]+[)]?|b[0-9]+)[.]", word))
  if (!length(prefix)) {
    vars <- expand_varword(word, session)
    if (!is.null(session$meta_data)) for (v in vars) {
      session$meta_data$table[[v]] <- labelled_or_plain(v, session)[session$meta_data$rows]
    }
    return(vars)
  }
  base <- gsub("[^0-9]", "", prefix)
  name <- find_stata_variable(substring(word, nchar(prefix) + 1L), session)
  if (nzchar(base)) base <- level_place(base, name, session)
  paste0(if (nzchar(base)) sprintf("ib%s.", base) else substr(prefix, 1L, 2L), name)
}

# Where values have labels the level is told by its place among them.
level_place <- function(base, name, session) {
  x <- labelled_column(name, session)
  set <- session$value_labels[[session$meta[[name]]$labels %||% ""]]
  if (!is.factor(x) || !as.numeric(base) %in% set) return(base)
  place <- match(names(set)[match(as.numeric(base), set)], levels(x))
  if (is.na(place)) base else as.character(place)
}

# The settings hold the columns as they were; variables made or changed since are carried over.
refresh_meta <- function(session) {
  m <- session$meta_data
  if (is.null(m$table) || is.null(m$rows) || any(m$rows > session$n)) return(invisible())
  own <- setdiff(names(session$data), grep("^_meta_", names(m$table), value = TRUE))
  for (name in own) m$table[[name]] <- labelled_column(name, session)[m$rows]
  session$meta_data <- m
}

# predict newvar [, xb|stdp|...] after a meta-regression; estat bubbleplot.
run_predict <- function(command, session, rows) {
  if (identical(session$e$cmd, "regress") && !is.null(session$regression)) return(predict_regression(command, session,
      rows))
  if (!is.null(session$regression$kind)) return(predict_likelihood(command, session, rows))
  if (identical(session$e$cmd, "mixed")) return(predict_mixed(command, session, rows))
  if (isTRUE(session$e$cmd2 %in% c("stcox", "streg"))) return(predict_survival(command, session, rows))
  view <- last_regression(session)
  if (!nrow(command$rest)) abort_stata("varlist required", 100L)
  if (inherits(view, c(model_views, "stata_mvmeta"))) return(predict_model(view, command, session, rows))
  name <- check_new_name(utils::tail(command$rest$text, 1L), session)
  given <- names(command$options)
  flags <- intersect(given, "fixedonly")
  statistic <- setdiff(given, flags)
  if (length(statistic) > 1L) abort_unsupported(sprintf("option %s of predict", statistic[2L]))
  args <- c(list(view), if (length(statistic)) list(statistic), if (length(flags)) list(fixedonly = TRUE))
  value <- rep(NA_real_, session$n)
  at <- if (!is.null(view$meta$rows)) view$meta$rows else if (!is.null(view$rows)) view$rows else seq_len(session$n)
  value[at] <- as.numeric(do.call(stats::predict, args))
  value[setdiff(seq_len(session$n), selected_rows(command, session, rows))] <- NA_real_
  store_variable(session, name, value, session$type)
  note_missing(value, session)
}

last_regression <- function(session) {
  if (is.null(session$estimates)) abort_stata("last estimates not found", 301L)
  session$estimates
}

run_estat <- function(command, session, rows) {
  what <- command$rest$text[1L]
  if (identical(what, "icc")) return(estat_icc(command, session))
  if (inherits(session$estimates, model_views)) return(run_model_estat(what, command, session, rows))
  if (!isTRUE(startsWith("bubbleplot", what)) || nchar(what) < 6L) return(regression_estat(what, command, session))
  known <- c(formals(estat_bubbleplot)["level"], list(reweighted = FALSE, n = NULL))
  options <- analysis_options(command, session, known, "always", "estat_bubbleplot")
  words <- c(options$words, options$args["level"], list(weights = if (isTRUE(options$args$reweighted)) "regress"))
  add_graph(last_regression(session), Filter(Negate(is.null), words), session)
}

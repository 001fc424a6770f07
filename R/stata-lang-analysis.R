# Runs the meta-analysis commands: options become arguments of the R verb, its view gives log, r(), variables and graph.

# `verb` is the R function; `fixed` arguments go with the word (metan9); `draws` tells when Stata draws.
run_analysis <- function(command, session, rows, verb, fixed = list(), draws = "always") {
  fun <- get0(verb, envir = asNamespace("metaparity"), mode = "function", inherits = FALSE)
  if (is.null(fun)) abort_unsupported(command$word)
  if (!is.null(command$weight)) abort_stata("weights not allowed", 101L)
  fixed <- known_arguments(fixed, fun, command)
  if ("boxsca" %in% names(formals(fun))) command$options <- forest_plot_options(command$options)
  tables <- option_verbs(verb)
  own_options <- option_formals(verb, fun)
  if (identical(fixed$version, 9)) own_options <- own_options[setdiff(names(own_options), "saving")]
  data <- analysis_data(session)
  vars <- lapply(expand_varlist(command$rest, session, 1L), as.name)
  options <- analysis_options(command, session, own_options, draws, tables)
  rows <- selected_rows(command, session, rows)
  if (!length(rows)) abort_stata("no observations", 2000L)
  data <- keep_by_factor(data, session, command)
  if (keeps_found_groups(verb, fixed$version)) {
    data <- groups_as_labelled(data, options$args$by)
  }
  if (!"olevel" %in% names(options$args)) options$args <- c(options$args, level_argument(fun, options$args, session))
  args <- c(vars, list(data = data, subset = rows), silence(fun), fixed[setdiff(names(fixed), names(options$args))],
            options$args)
  view <- eval(as.call(c(as.name(verb), args)), list(), asNamespace("metaparity"))
  finish_analysis(view, command, session, rows, options)
}

# forestplot(...) of metan 4 holds options of the plot; eform(text) heads the effects; plural words mean the singular.
forest_plot_options <- function(options) {
  inner <- which(names(options) == "forestplot" & !is.na(options))
  for (text in unname(options[inner])) {
    options <- c(options, parse_command(paste("forestplot ,", trimws(sub("^\\s*,", "", unquote(text)))))$options)
  }
  if (length(inner)) options <- options[-inner]
  names(options) <- sub("^(box|diam|point|ci|oline)opts$", "\\1opt", names(options))
  # point1opts() and the like style the marks of one group of plotid().
  names(options) <- sub("^(box|diam|point|ci|oline|nline|rcap)[0-9]+opts?$", "plotid", names(options))
  names(options) <- sub("^textsi?z?e?$|^textscale$", "texts", names(options))
  names(options) <- sub("^boxscale?$", "boxsca", names(options))
  headed <- which(names(options) %in% c("eform", "efo", "efor", "ef") & !is.na(options))
  if (length(headed)) {
    options <- c(options, list(effect = options[[headed[1L]]]))
    options[headed] <- NA
  }
  options
}

# Commands that pass their options on take those of the verb behind them.
option_verbs <- function(verb) {
  c(verb, switch(verb, metaninf = , metacum = "metan", meta_update = c("meta_set", "meta_esize")))
}

option_formals <- function(verb, fun) {
  behind <- do.call(c, lapply(option_verbs(verb)[-1L], function(v) formals(get(v, envir = asNamespace("metaparity")))))
  c(formals(fun), behind[setdiff(names(behind), names(formals(fun)))])
}

level_argument <- function(fun, given, session) {
  if (session$level == 95 || "level" %in% names(given) || !"level" %in% names(formals(fun))) return(list())
  list(level = session$level)
}

# What the command's word means; a version that the verb does not have is refused.
known_arguments <- function(fixed, fun, command) {
  if (is.null(fixed$version) || "version" %in% names(formals(fun))) return(fixed)
  if (fixed$version != 9) abort_unsupported(sprintf("version %s of %s", fixed$version, command$word))
  fixed[names(fixed) != "version"]
}

# Graphs are drawn here, not by the verb.
silence <- function(fun) {
  if ("graph" %in% names(formals(fun)) && is.logical(formals(fun)$graph)) list(graph = FALSE) else list()
}

analysis_data <- function(session) {
  out <- lapply(names(session$data), function(name) labelled_or_plain(name, session))
  structure(stats::setNames(out, names(session$data)), class = "data.frame", row.names = seq_len(session$n),
            sorted = session$sorted)
}

# Numbers stay numbers: labels matter only where a variable groups or names.
labelled_or_plain <- function(name, session) {
  x <- session$data[[name]]
  if (is.numeric(x)) x[is.na(x)] <- NA_real_
  describe_column(x, name, session)
}

keep_by_factor <- function(data, session, command) {
  used <- unlist(lapply(command$options, function(text) {
    if (is.na(text)) return(NULL)
    tokens <- tokenize(text)
    intersect(tokens$text[tokens$type == "name"], names(session$data))
  }))
  for (name in setdiff(used, command$rest$text)) if (!is.null(session$meta[[name]]$labels)) {
    data[[name]] <- structure(labelled_column(name, session), label = attr(data[[name]], "label"))
  }
  data
}

# The values of labelled groups in the order in which the data name them, as these commands keep it.
groups_as_labelled <- function(data, by) {
  if (is.symbol(by) && is.factor(data[[as.character(by)]])) {
    x <- data[[as.character(by)]]
    data[[as.character(by)]] <- structure(factor(x, unique(x[!is.na(x)])), label = attr(x, "label"))
  }
  data
}

# list(args, graph): arguments for the verb, and whether and with which words its graph is drawn.
# `tables` names the commands whose options these are.
analysis_options <- function(command, session, known, draws, tables) {
  names <- setdiff(as.character(names(known)), unlisted_arguments)
  command$known <- names
  least <- options_least(tables, names)
  args <- list()
  words <- list()
  draw <- draws == "always"
  for (i in seq_along(command$options)) {
    word <- names(command$options)[i]
    text <- command$options[[i]]
    name <- match_option(word, least)
    if (startsWith("graph", word) && draws != "always") {
      draw <- TRUE
      if (!is.na(text)) words$which <- text
    } else if (startsWith("graph", word) && nchar(word) > 1L && is.na(name) && is.na(text)) {
      draw <- TRUE
    } else if (is.na(name) && is.na(text) && negates_flag(word, known)) {
      args[[substring(word, 3L)]] <- FALSE
    } else if (is.na(name) || name %in% c("plotregion", "graphregion") && !is.na(text)) {
      words <- graph_word(word, text, words, command)
    } else {
      if (name %in% c("nograph", "nogr")) draw <- FALSE
      if (name %in% graph_options) draw <- TRUE
      if (name == "funnel") words$contours <- funnel_contours(text)
      if (name == "plplot") words$plplot <- match_option(text, c(mu = "mu", tsq = "tsq"))
      if (!name %in% graph_options) {
        args[[name]] <- option_argument(kind_of_option(name, text, known[[name]], tables), text, known[[name]], command,
                                        session)
      }
    }
    if (word == "nograph" || grepl("^nogr", word)) draw <- FALSE
  }
  list(args = args, draw = draw, words = words)
}

# Options that ask for the graph; the verb does not draw, the session does.
graph_options <- c("funnel", "forest", "plplot")

# funnel(contours(1 5 10)) of meta trimfill.
funnel_contours <- function(text) {
  hit <- regmatches(text, regexec("contours[(]([^()]*)[)]", text))[[1L]]
  if (length(hit) == 2L) option_numbers(hit[2L])
}

# nometashow where the R argument is metashow = TRUE.
negates_flag <- function(word, known) startsWith(word, "no") && isTRUE(known[[substring(word, 3L)]])

kind_of_option <- function(name, text, default, tables) {
  if (is.logical(default) && is.na(text)) return("flag")
  kind <- option_kind(tables, name)
  if (kind == "optional") "free" else kind
}

# Arguments of the verbs that are no options of the command.
unlisted_arguments <- c("...", "data", "subset", "graph", "draw")

# What every analysis leaves behind.
finish_analysis <- function(view, command, session, rows, options) {
  session$results <- c(session$results, list(view))
  estimates <- saved_estimates(view)
  if (!is.null(estimates)) {
    session$estimates <- view
    session$regression <- NULL
    session$sample <- rows
    session$e <- with_level_values(estimates, session)
    session$e$cmdline <- session$e$cmdline %||% command$text
  }
  if (is.list(view) && !is.null(view$r)) session$r <- view$r
  if (!is.null(estimates)) session$r$table <- result_table(view$table, session$e)
  globals <- saved_globals(view)
  session$globals[names(globals)] <- globals
  emit(session, analysis_lines(view))
  if (inherits(view, "stata_metan4") && isTRUE(view$options$clear)) load_data_frame(metan4_results_set(view), session)
  else create_variables(view, session, rows, command)
  if (isTRUE(options$draw)) add_graph(view, options$words, session)
  invisible(view)
}

# Old commands leave their results in the global macros S_1, S_2 and so on, too.
saved_globals <- function(view) {
  effects <- c("ES", "seES", "ci_low", "ci_upp", "z", "p_z", "het", "df", "p_het", "chi2", "p_chi2", "tau2", "tger",
               "cger")
  bias <- c("k", "score", "score_sd", "Begg_p", "Begg_pcc", "Egger_bc", "Egger_p", "effect")
  names <- if (inherits(view, c("stata_metan", "stata_metan4"))) effects else if (inherits(view, "stata_metabias6"))
    bias
  value <- lapply(c(names, if (identical(names, effects)) "i_sq"), function(name) view$r[[name]])
  if (inherits(view, "stata_metan4")) value[[5L]] <- abs(value[[5L]] %||% NA_real_)
  text <- lapply(value, function(x) if (is.null(x)) "." else macro_text(x))
  stats::setNames(text, sprintf("S_%d", c(seq_along(names), if (identical(names, effects)) 51L)))
}

analysis_lines <- function(view) {
  if (inherits(view, c("stata_galbr", "stata_metafunnel", "stata_labbe"))) return(character())
  if (inherits(view, "stata_view")) return(format(view))
  utils::capture.output(print(view))
}

# ---- graphs ------------------------------------------------------------------------------------

add_graph <- function(view, words, session) {
  if (inherits(view, "stata_sbe16_meta")) {
    view$options$gr <- substr(c(words$which, "f")[1L], 1L, 1L)
    words$which <- NULL
  }
  if (!is.null(words$plplot)) {
    view$options$plplot <- check_plplot(words$plplot, view$options$model, view$call)
    words$plplot <- NULL
  }
  name <- c(words$name, "Graph")[1L]
  words$name <- NULL
  if (is.null(words$looks$scheme) && !is.null(session$scheme)) words$looks$scheme <- session$scheme
  graph <- list(view = view, words = words)
  session$graphs <- c(session$graphs, list(graph))
  session$named_graphs[[name]] <- graph
  add_item(session$record, list(kind = "graph", lines = length(session$graphs)))
  if (is.function(session$draw)) session$draw(graph)
}

# ---- variables ---------------------------------------------------------------------------------

# The variables that a command adds, in single precision as Stata stores them; old ones are replaced.
create_variables <- function(view, session, rows, command) {
  if ("nokeep" %in% names(command$options)) return(invisible())
  made <- new_variables(view)
  old <- intersect(setdiff(made$replaces, names(made$values)), names(session$data))
  if (length(old)) drop_variables(session, old)
  for (name in names(made$values)) {
    new <- made$values[[name]]
    value <- if (is.character(new)) rep("", session$n) else rep(NA_real_, session$n)
    value[made$rows] <- new
    type <- if (is.character(new)) NULL else if (is.null(made$type)) "float" else made$type
    label <- made$labels[[name]]
    store_variable(session, name, value, type, if (is.null(label)) "" else label)
  }
}

#' @exportS3Method
new_variables.stata_metan <- function(view) {
  s <- view$studies
  if (is.null(s) || !all(c("yi", "vi", "row", "weight") %in% names(s))) return(new_variables.default(view))
  o <- view$options
  ratio <- isTRUE(o$ratio) && !isTRUE(o$log)
  show <- if (ratio || isTRUE(o$eform)) exp else identity
  lo <- if (is.null(s$lo)) NA_real_ else s$lo
  hi <- if (is.null(s$hi)) NA_real_ else s$hi
  values <- list(`_ES` = show(s$yi), se = sqrt(s$vi), `_LCI` = show(lo), `_UCI` = show(hi), `_WT` = s$weight)
  values <- lapply(values, function(x) ifelse(is.na(s$reason), x, NA_real_))
  names(values)[2L] <- if (isTRUE(o$ratio)) "_selogES" else "_seES"
  size <- if ("a" %in% names(s)) s$a + s$b + s$c + s$d else if ("n1" %in% names(s)) s$n1 + s$n2
  if (!is.null(size)) values[["_SS"]] <- size
  words <- c(`_ES` = view$r$measure, `_seES` = sprintf("se(%s)", view$r$measure),
             `_selogES` = sprintf("se(log %s)", view$r$measure),
             `_LCI` = sprintf("Lower CI (%s)", view$r$measure), `_UCI` = sprintf("Upper CI (%s)", view$r$measure),
             `_WT` = sprintf("%s weight", view$r$method), `_SS` = "Sample size")
  list(rows = s$row, values = values, labels = as.list(words), replaces = names(words))
}

# Proportions as they are; after ftt the standard errors are on the transformed scale, as Stata leaves them.
#' @exportS3Method
new_variables.stata_metaprop <- function(view) {
  view$r$measure <- "ES"
  new_variables.stata_metan(view)
}

# The system variables of the suite are doubles; _meta_studylabel is a string.
#' @exportS3Method
new_variables.stata_meta_data <- function(view) {
  made <- view$table[startsWith(names(view$table), "_meta_")]
  list(rows = view$rows, values = as.list(made), labels = list(), type = "double")
}

# The weights in percent are a variable of the system, too.
#' @exportS3Method
new_variables.stata_meta_summarize <- function(view) {
  weight <- view$meta$table[["_meta_weight"]]
  if (is.null(weight) || is.null(view$meta$rows)) return(new_variables.default(view))
  list(rows = view$meta$rows, values = list(`_meta_weight` = weight), labels = list(), type = "double")
}

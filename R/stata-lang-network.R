# `network ...`: the network of a session, whose data change with the format. Source: White (2015) Stata J 15:951.

network_words <- c(setup = "set", import = "imp", convert = "conv", meta = "m", forest = "for", rank = "rank",
                   sidesplit = "side", map = "map", table = "tab", pattern = "pat", compare = "comp", unset = "unset",
                   query = "q")

run_network <- function(command, session, rows) {
  word <- if (nrow(command$rest)) match_option(command$rest$text[1L], network_words) else NA
  if (is.na(word)) abort_unsupported(paste("network", c(command$rest$text, "")[1L]))
  command$rest <- command$rest[-1L, ]
  command$word <- paste("network", word)
  if (word == "setup") return(declare_network(command, session, rows, network_setup))
  if (word == "import") return(import_network(command, session, rows))
  if (is.null(session$network)) abort_stata("data are not in network format: use network setup or network import", 459L)
  switch(word, unset = session$network <- NULL, convert = convert_network(command, session, rows),
         meta = model_network(command, session, rows), rank = rank_network(command, session, rows),
         sidesplit = split_network(command, session, rows), compare = after_network(command, session, rows,
                                                                                    network_compare,
                                                                                      session$network_fits$consistency),
         table = after_network(command, session, rows, network_table, session$network),
         pattern = after_network(command, session, rows, network_pattern, session$network),
         map = , forest = draw_network(command, session, word), abort_unsupported(command$word))
  invisible()
}

# The data of the network replace those of the session.
hold_network <- function(net, session) {
  session$network <- net
  load_data_frame(net$data, session)
}

network_arguments <- function(command, session, fun, leave = character()) {
  known <- formals(fun)
  out <- analysis_options(command, session, known[setdiff(names(known), c("...", "net", "x", "data", leave))], "never",
                          sub(" ", "_", command$word))
  named <- intersect(c("ref", "trtlist"), names(out$args))
  out$args[named] <- lapply(out$args[named], as.character)
  out
}

declare_network <- function(command, session, rows, fun) {
  idle <- names(command$options) %in% c("genprefix", "gensuffix", "armvars")
  command$options <- command$options[!idle]
  options <- network_arguments(command, session, fun)
  args <- options$args
  for (n in c("studyvar",
              "trtvar")) if (!is.null(args[[n]])) args[[n]] <- as.name(find_stata_variable(as.character(args[[n]]),
                                                                                           session))
  if (is.null(args$studyvar)) abort_stata("option studyvar() required", 198L)
  words <- varlist_words(command$rest)
  if (!is.null(args$trtvar)) words <- vapply(words, find_stata_variable, "", session = session, USE.NAMES = FALSE)
  data <- keep_by_factor(analysis_data(session), session, command)
  data <- data[selected_rows(command, session, rows), , drop = FALSE]
  net <- eval(as.call(c(quote(network_setup), lapply(words, as.name), list(data = data), args)), list(),
              asNamespace("metaparity"))
  finish_analysis(net, command, session, rows, options)
  session$network_fits <- list()
  hold_network(net, session)
}

import_network <- function(command, session, rows) {
  options <- network_arguments(command, session, network_import)
  args <- options$args
  name <- function(text) as.name(find_stata_variable(text, session))
  for (n in c("effect", "stderr", "variance",
              "study")) if (!is.null(args[[n]])) args[[n]] <- name(as.character(args[[n]]))
  words <- strsplit(trimws(as.character(args$treatments)), "\\s+")[[1L]]
  args$treatments <- as.call(c(quote(c), lapply(words, name)))
  data <- analysis_data(session)[selected_rows(command, session, rows), , drop = FALSE]
  net <- eval(as.call(c(quote(network_import), list(data = data), args)), list(), asNamespace("metaparity"))
  finish_analysis(net, command, session, rows, options)
  session$network_fits <- list()
  hold_network(net, session)
}

convert_network <- function(command, session, rows) {
  options <- network_arguments(command, session, network_convert, "format")
  net <- do.call(network_convert, c(list(session$network, c(command$rest$text, "")[1L]), options$args))
  finish_analysis(net, command, session, rows, options)
  hold_network(net, session)
}

model_network <- function(command, session, rows) {
  fun <- if (session$network$format == "pairs") metareg else mvmeta
  known <- c(formals(network_meta)[c("fixed", "force")], formals(fun))
  known <- known[setdiff(names(known), c("...", "b", "V", "data", "subset", "vars", "equations", "bscovariance",
                                         "wsse", "wsvar",
                                         "graph"))]
  options <- analysis_options(command, session, known[!duplicated(names(known))], "never",
                              c("network_meta", if (session$network$format == "pairs") "metareg" else "mvmeta"))
  args <- options$args
  if (session$network$format != "pairs" && is.null(args$suppress)) args$suppress <- NULL
  view <- do.call(network_meta, c(list(session$network, c(command$rest$text, "")[1L]), args))
  view$stata_ran <- network_with_words(view$stata_ran, command)
  session$network_fits[[view$model]] <- NULL
  session$network_fits[[view$model]] <- view
  finish_analysis(view, command, session, rows, options)
}

# The options as they were typed.
network_with_words <- function(text, command) {
  given <- as.character(names(command$options))
  own <- command$options[!startsWith("force", given) | nchar(given) < 2L]
  shown <- if (length(own)) written_options(own)
  at <- regexpr("(bscovariance|longparm|commonparm|wsse)", text)
  lead <- sub(",.*$", ",", text)
  paste(c(lead, shown, substring(text, at)), collapse = " ")
}

rank_network <- function(command, session, rows) {
  fit <- session$network_fits[[if (length(session$network_fits)) length(session$network_fits) else "none"]]
  if (is.null(fit)) abort_stata("last estimates not found", 301L)
  drawn <- names(command$options) %in% c("bar", "line", "cumulative", "cumul", "all", "zero", "trtcodes", "title",
                                         "gen",
                                         "replace", "saving")
  asked <- intersect(c("bar", "line"), names(command$options))
  added <- any(names(command$options) %in% c("cumulative", "cumul"))
  if ("bar" %in% asked) warn_input("bar", "is drawn as lines")
  prefix <- command$options[names(command$options) == "gen"]
  command$options <- command$options[!drawn]
  options <- network_arguments(command, session, network_rank, "best")
  if (length(asked)) options[c("draw", "words")] <- list(TRUE, list(type = if (added) "cumulative" else "rankogram"))
  view <- do.call(network_rank, c(list(fit, c(command$rest$text, "")[1L]), options$args))
  finish_analysis(view, command, session, rows, options)
  if (length(prefix)) keep_ranks(view$ranks, trimws(prefix[[1L]]), fit$network, session)
}

# gen(): prob1_A is the probability that treatment A has rank 1, in the observation of the study; in the first one
# where the studies agree.
keep_ranks <- function(ranks, prefix, net, session) {
  if (is.na(prefix) || !grepl("^[[:alpha:]_][[:alnum:]_]*$", prefix)) abort_stata("gen() needs a prefix of names", 198L)
  row <- if (length(ranks$values) == 1L) 1L else match(ranks$values, as.character(net$ids))
  order <- c(net$ref, setdiff(net$treatments$code, net$ref))
  for (code in order) for (r in seq_along(order)) {
    name <- check_new_name(sprintf("%s%d_%s", prefix, r, code), session)
    at <- match(code, net$treatments$code)
    value <- rep(NA_real_, session$n)
    value[row] <- vapply(ranks$probability, function(p) p[r, at], 0)
    store_variable(session, name, value, "double", sprintf("Probability that %s has rank %d",
        net$treatments$name[at], r))
  }
}

split_network <- function(command, session, rows) {
  idle <- names(command$options) %in% c("show", "nowarnings")
  command$options <- command$options[!idle]
  options <- network_arguments(command, session, network_sidesplit, "side")
  view <- do.call(network_sidesplit, c(list(session$network, paste(varlist_words(command$rest), collapse = " ")),
                                       options$args))
  finish_analysis(view, command, session, rows, options)
}

after_network <- function(command, session, rows, fun, object) {
  if (is.null(object)) abort_stata("last estimates not found", 301L)
  idle <- names(command$options) %in% c("saving", "replace", "clear")
  command$options <- command$options[!idle]
  options <- network_arguments(command, session, fun)
  finish_analysis(do.call(fun, c(list(object), options$args)), command, session, rows, options)
}

# The figure is drawn like those of the other commands: the view answers plot().
draw_network <- function(command, session, word) {
  known <- formals(if (word == "map") network_map else network_forest)
  idle <- names(command$options) %in% c("improve", "triangular", "circle", "group", "columns", "contrastpos", "msize",
                                        "ms",
                                        "xsize", "ysize", "xline", "ncolumns", "list", "diamond", "contrastoptions")
  command$options <- command$options[!idle]
  options <- analysis_options(command, session, known[setdiff(names(known), c("...", "net", "consistency",
                                                                              "inconsistency"))],
                              "always", sub(" ", "_", command$word))
  view <- structure(list(network = session$network, word = word, args = options$args, fits = session$network_fits),
                    class = c("stata_network_figure", "stata_view"))
  add_graph(view, options$words, session)
}

#' @exportS3Method
plot.stata_network_figure <- function(x, ...) {
  if (x$word == "map") return(do.call(network_map, c(list(x$network), x$args, list(...))))
  fit <- function(model) if (is.null(x$fits[[model]])) FALSE else x$fits[[model]]
  do.call(network_forest, c(list(x$network, fit("consistency"), fit("inconsistency")), x$args, list(...)))
}

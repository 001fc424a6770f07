# estimates store, restore, table, replay, dir, drop: results of estimation commands by name.
# Source: Stata's Base Reference manual, estimates store, estimates table.

run_estimates <- function(text, session, statement) {
  command <- parse_command(paste("estimates", text))
  words <- command$rest$text
  what <- match_option(c(words, "")[1L], c(store = "sto", restore = "res", table = "tab", replay = "r", dir = "di",
                                           drop = "drop",
                                           clear = "clear", title = "ti", save = "save", use = "use", stats = "stat"))
  names <- words[-1L]
  switch(if (is.na(what)) "" else what,
    store = store_estimates(names[1L], session), restore = restore_estimates(names[1L], session),
    table = emit(session, estimates_table(names, command, session)), replay = replay_estimates(names, session),
    dir = emit(session, estimates_list(session)),
    drop = session$stored[if ("_all" %in% names) names(session$stored) else names] <- NULL,
    clear = session$stored <- list(),
    save = save_estimates(command, session), use = use_estimates(command, session),
    title = invisible(), abort_unsupported(paste("estimates", words[1L])))
  invisible()
}

estimation_fields <- c("e", "regression", "estimates", "sample")

store_estimates <- function(name, session) {
  if (is.null(session$e$b)) abort_stata("last estimates not found", 301L)
  session$stored[[name]] <- stats::setNames(lapply(estimation_fields, function(f) session[[f]]), estimation_fields)
}

find_estimates <- function(name, session) {
  if (name == ".") return(list(e = session$e))
  found <- session$stored[[name]]
  if (is.null(found)) abort_stata(sprintf("estimation result %s not found", name), 111L)
  found
}

restore_estimates <- function(name, session) {
  found <- find_estimates(name, session)
  for (f in estimation_fields) session[[f]] <- found[[f]]
  emit(session, sprintf("(results %s are active now)", name))
}

replay_estimates <- function(names, session) {
  for (name in if (length(names)) names else ".") {
    fit <- if (name == ".") session$regression else find_estimates(name, session)$regression
    if (is.null(fit)) abort_unsupported("estimates replay of this command")
    emit(session, c("", strrep("-", 78L), sprintf("Model %s", name), strrep("-", 78L),
                    if (is.null(fit$kind)) regression_lines(fit, list()) else likelihood_lines(fit, list())))
  }
}

estimates_list <- function(session) {
  if (!length(session$stored)) return(character())
  line <- function(n) {
    e <- session$stored[[n]]$e
    paste0(justify(n, 12L), " | ", justify(c(e$cmd, "")[1L], 12L, TRUE), justify(c(e$depvar, "")[1L], 14L, TRUE))
  }
  c("", strrep("-", 60L), "        name | command     depvar", rule(13L, 46L),
    vapply(names(session$stored), line, "", USE.NAMES = FALSE),
    strrep("-", 60L))
}

# Names across, coefficients down; se, t and p below each, or stars.
estimates_table <- function(names, command, session) {
  o <- command_options(command, c(b = "b", se = "se", t = "t", p = "p", star = "star", stats = "s", keep = "k",
                                  drop = "d",
                                  style = "sty", eform = "ef", varwidth = "varw", modelwidth = "model", title = "ti",
                                  equations = "eq"))
  if (!is.null(o$style) ||
      !is.null(o$equations)) abort_unsupported("options style() and equations() of estimates table")
  if (!length(names)) names <- if (length(session$stored)) names(session$stored) else "."
  es <- lapply(names, function(n) find_estimates(n, session)$e)
  vars <- unique(unlist(lapply(es, function(e) colnames(e$b)[diag(e$V) > 0 | e$b[1L, ] != 0])))
  vars <- c(setdiff(vars, "_cons"), intersect(vars, "_cons"))
  if (!is.null(o$keep)) vars <- intersect(vars, plain_words(o$keep))
  if (!is.null(o$drop)) vars <- setdiff(vars, plain_words(o$drop))
  format <- function(text, default) if (is.null(text) || !nzchar(text)) default else plain_words(text)[1L]
  number <- function(x, f) justify(trimws(ifelse(is.na(x), "", apply_format(x, f))), 12L)
  bf <- format(o$b, "%10.0g")
  rows <- unlist(lapply(vars, function(v) estimate_rows(v, es, o, bf, number, format)))
  stats <- if (!is.null(o$stats)) plain_words(o$stats)
  foot <- vapply(stats, function(s) {
    paste0(justify(s, 12L), " |", paste0("  ", vapply(es, function(e) number(as.numeric(c(e[[s]], NA)[1L]),
                                                      if (s == "N") "%10.0f" else bf), ""),
                                        collapse = ""))
  }, "", USE.NAMES = FALSE)
  width <- 14L * length(es)
  bar <- rule(13L, width + 2L)
  legend <- if (!is.null(o$star)) "legend: * p<0.05; ** p<0.01; *** p<0.001" else estimates_legend(o)
  c("", strrep("-", 16L + width), paste0("    Variable |",
                                         paste0("  ", justify(abbreviate_name(names, 12L), 12L), collapse = ""), "  "),
                                         bar, rows,
    if (length(foot)) c(bar, foot), strrep("-", 16L + width), if (length(legend)) justify(legend, 16L + width))
}

estimates_legend <- function(o) {
  given <- c("b"[length(intersect(names(o), c("se", "t", "p"))) > 0L], intersect(c("se", "t", "p"), names(o)))
  if (length(given)) paste("legend:", paste(given, collapse = "/"))
}

estimate_rows <- function(v, es, o, bf, number, format) {
  value <- function(e, what) {
    j <- match(v, colnames(e$b))
    if (is.na(j) || e$V[j, j] == 0 && e$b[1L, j] == 0) return(NA_real_)
    b <- e$b[1L, j]
    se <- sqrt(e$V[j, j])
    switch(what, b = if (is.null(o$eform)) b else exp(b), se = if (is.null(o$eform)) se else exp(b) * se, t = b / se,
           p = two_sided_p(b / se, e$df_r %||% NA_real_))
  }
  line <- function(name, cells) sub("\\s+$", "", paste0(justify(abbreviate_name(name, 12L), 12L), " |",
                                                        paste0("  ", cells, collapse = "")))
  b <- vapply(es, function(e) number(value(e, "b"), bf), "")
  if (!is.null(o$star)) b <- paste0(b, vapply(es, function(e) justify(stars_of(value(e, "p")), 3L, TRUE), ""))
  more <- lapply(intersect(c("se", "t", "p"), names(o)), function(w) {
    f <- format(o[[w]], switch(w, se = bf, t = "%7.2f", "%7.4f"))
    line("", vapply(es, function(e) number(value(e, w), f), ""))
  })
  c(line(v, b), unlist(more))
}

stars_of <- function(p) if (is.na(p)) "" else if (p < 0.001) "***" else if (p < 0.01) "**" else if (p < 0.05) "*" else
  ""

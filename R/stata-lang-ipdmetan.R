# ipdmetan: a regression in each study, its coefficients pooled by metan 4 (the two-stage analysis).
# Source: Fisher (2015), Stata Journal 15:369-396. Oracle: lm() and glm() in each study, rma() of their coefficients.

ipd_options <- c(study = "study", by = "by", interaction = "inter", poolvar = "pool", random = "random", re = "re",
                 nototal = "nototal", message = "mess", keepall = "keepall")

# ipdmetan [, study(var) by(var) re(model) eform poolvar(x) interaction forestplot()]: command
run_ipdmetan <- function(text, session, statement) {
  part <- split_prefix(text, "ipdmetan")
  command <- parse_command(paste("ipdmetan", part[1L]))
  if (nrow(command$rest)) abort_unsupported("expressions of ipdmetan")
  own <- !is.na(vapply(names(command$options), match_option, "", known = ipd_options))
  mine <- command
  mine$options <- command$options[own]
  o <- command_options(mine, ipd_options, required = "study")
  if (!is.null(o$nototal)) abort_unsupported("option nototal of ipdmetan")
  made <- ipd_estimates(part[2L], o, session, statement)
  pool_ipd_estimates(made, command$options[!own], o, session, statement)
}

# One row per study: label, estimate, standard error, number of participants.
ipd_estimates <- function(text, o, session, statement) {
  by <- find_stata_variable(trimws(sub(",.*$", "", o$study)), session)
  sub <- if (!is.null(o$by)) find_stata_variable(trimws(sub(",.*$", "", o$by)), session)
  groups <- groups_of(c(sub, by), seq_len(session$n), session)
  groups <- Filter(function(g) !is_missing(session$data[[by]][g[1L]]), groups)
  labels <- vapply(groups, function(g) trimws(shown_value(by, session, g[1L])), "")
  parts <- if (!is.null(sub)) vapply(groups, function(g) session$data[[sub]][g[1L]], session$data[[sub]][1L])
  whole <- mget(snapshot_names, envir = session)
  found <- tryCatch(lapply(groups, function(g) {
    list2env(whole, session)
    filter_rows(session, g)
    ipd_coefficient(text, o, session, statement)
  }), finally = list2env(whole, session))
  out <- data.frame(label = labels, es = vapply(found, `[[`, 0, "b"), se = vapply(found, `[[`, 0, "se"),
                    n = vapply(found, `[[`, 0, "n"), stringsAsFactors = FALSE)
  if (!is.null(sub)) out$part <- parts
  attr(out, "sub") <- sub
  out
}

# The coefficient that is pooled: that of poolvar(), the first interaction, or the first of the command. A study whose
# fit fails, or that has no such coefficient, is left out.
ipd_coefficient <- function(text, o, session, statement) {
  none <- list(b = NA_real_, se = NA_real_, n = as.numeric(session$n))
  done <- tryCatch({
    run_hidden(text, session, statement)
    TRUE
  }, metaparity_error = function(e) {
    if (inherits(e, "metaparity_error_stata_unsupported")) stop(e)
    FALSE
  })
  e <- session$e
  if (!done || is.null(e$b)) return(none)
  names <- colnames(e$b)
  hit <- if (!is.null(o$poolvar)) which(names == trimws(o$poolvar)) else {
    which(diag(e$V) > 0 & names != "_cons" & (is.null(o$interaction) | grepl("#", names, fixed = TRUE)))
  }
  # A model of a mean has its constant alone.
  if (!length(hit) && identical(names[diag(e$V) > 0][1L], "_cons")) hit <- match("_cons", names)
  none$n <- e$N %||% none$n
  if (!length(hit) || e$V[hit[1L], hit[1L]] <= 0) return(none)
  list(b = e$b[1L, hit[1L]], se = sqrt(e$V[hit[1L], hit[1L]]), n = none$n)
}

# metan 4 on the estimates, in a data set of its own; the data in memory stay as they are.
pool_ipd_estimates <- function(made, options, o, session, statement) {
  whole <- mget(snapshot_names, envir = session)
  on.exit(list2env(whole, session))
  own <- new_session()
  by <- find_stata_variable(trimws(sub(",.*$", "", o$study)), session)
  title <- variable_label(by, session)
  store_variable(own, "_STUDY", made$label, NULL, if (nzchar(title)) title else by)
  for (v in c("es", "se", "n")) store_variable(own, c(es = "_ES", se = "_seES", n = "_NN")[[v]], made[[v]], "double")
  sub <- attr(made, "sub")
  if (!is.null(sub)) {
    meta <- session$meta[[sub]]
    store_variable(own, "_BY", made$part, NULL, if (nzchar(meta$label)) meta$label else sub, labels = meta$labels)
    own$value_labels <- session$value_labels
  }
  list2env(mget(snapshot_names, envir = own), session)
  model <- ipd_model(o)
  by <- if (!is.null(sub)) "by(_BY)"
  command <- parse_command(paste("metan _ES _seES, study(_STUDY) npts(_NN) nokeep", by, model))
  command$options <- c(command$options, options)
  command$statement <- statement
  run_analysis(command, session, seq_len(session$n), "metan", list(version = 4), "always")
}

# re is DerSimonian-Laird's model; re(reml) and the like another one, re(hk) that of Hartung and Knapp.
ipd_model <- function(o) {
  word <- o$re %||% o$random
  if (is.null(word)) return("")
  word <- tolower(trimws(word))
  switch(word, hk = "model(dl, hksj)", if (nzchar(word)) sprintf("model(%s)", word) else "model(dl)")
}

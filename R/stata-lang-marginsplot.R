# marginsplot: the last margins as points with their intervals, over the first covariate that varies.
# Source: Stata's Graphics and Base Reference manuals, marginsplot.

marginsplot_options <- c(xdimension = "x", recast = "recast", recastci = "recastci", noci = "noci", level = "l",
                         plotdimension = "plotd", plotopts = "ploto", ciopts = "ciopts", derivlabels = "deriv",
                         allxlabels = "allx", nolabels = "nolab", horizontal = "hor", unique = "uni",
                         bydimension = "by", addplot = "addplot", legend = "leg", title = "ti", ytitle = "yti",
                         xtitle = "xti", xlabel = "xla")

# marginsplot [, xdimension() recast() recastci() noci titles, axes, legend(), name()]
run_marginsplot <- function(text, session, statement) {
  command <- parse_command(paste("marginsplot", text))
  found <- session$margins
  if (is.null(found)) abort_stata("previous command was not margins", 301L)
  own <- !is.na(vapply(as.character(names(command$options)), match_option, "", known = marginsplot_options))
  mine <- command
  mine$options <- command$options[own]
  o <- command_options(mine, marginsplot_options)
  for (bad in intersect(names(o), c("horizontal", "addplot", "bydimension"))) {
    abort_unsupported(sprintf("option %s of marginsplot", bad))
  }
  d <- marginsplot_data(found, o, session)
  rest <- command$options[!own]
  passed <- written_options(rest)
  whole <- mget(snapshot_names, envir = session)
  on.exit(list2env(whole, session))
  clear_data(session)
  for (v in c("_x", "_m", "_lo", "_hi", "_series")) store_variable(session, v, d[[v]], "double")
  draw_twoway(paste(marginsplot_layers(d, o), ",", marginsplot_words(d, found, o), passed), session, NULL)
}

# x of each margin and the series it belongs to.
marginsplot_data <- function(found, o, session) {
  settings <- lapply(found$cells, function(cell) {
    set <- c(cell$set[setdiff(names(cell$set), names(cell$own))], cell$own)
    if (is.null(cell$by)) set else c(set, list(.by = cell$by))
  })
  names <- unique(unlist(lapply(settings, names)))
  values <- lapply(stats::setNames(nm = names), function(n) {
    vapply(settings, function(s) as.character(s[[n]] %||% NA), "")
  })
  dims <- names[vapply(values, function(v) length(unique(v)) > 1L, NA)]
  x <- if (!is.null(o$xdimension)) find_stata_variable(plain_words(o$xdimension)[1L], session) else
    c(setdiff(dims, ".by"), dims, "")[1L]
  others <- setdiff(dims, x)
  number <- if (x %in% c("", ".by")) rep(NA_real_, length(settings)) else suppressWarnings(as.numeric(values[[x]]))
  labels <- if (x == "") "" else if (x == ".by") values[[x]] else vapply(values[[x]], function(v) {
    level_text(x, as.numeric(v), session)
  }, "")
  place <- match(labels, unique(labels))
  coded <- x %in% c("", ".by") || any(labels != values[[x]])
  series <- if (length(others)) do.call(paste, c(lapply(others, function(n) {
    if (n == ".by") return(values[[n]])
    paste0(n, "=", vapply(values[[n]], function(v) level_text(n, as.numeric(v), session), ""))
  }), sep = ", ")) else rep("", length(settings))
  list(`_x` = if (anyNA(number)) as.numeric(place) else number, `_m` = found$table$b, `_lo` = found$table$lo,
       `_hi` = found$table$hi, `_series` = as.numeric(match(series, unique(series))), series = unique(series),
       xname = if (x %in% c("", ".by")) "" else if (nzchar(variable_label(x, session))) variable_label(x, session) else x,
       labels = if (coded) labels)
}

marginsplot_layers <- function(d, o) {
  curve <- if (is.null(o$recast)) "connected" else plain_words(o$recast)[1L]
  band <- if (is.null(o$recastci)) "rcap" else plain_words(o$recastci)[1L]
  layers <- vapply(seq_along(d$series), function(k) {
    paste0(if (is.null(o$noci)) sprintf("(%s _lo _hi _x if _series == %d, sort pstyle(p%d)) ", band, k, k),
           sprintf("(%s _m _x if _series == %d, sort pstyle(p%d))", curve, k, k))
  }, "")
  paste(layers, collapse = " ")
}

marginsplot_words <- function(d, found, o) {
  quoted <- function(x) paste0("\"", gsub("\"", "'", x), "\"")
  words <- sub(",.*$", "", found$words)
  effects <- found$kind == "dy/dx"
  kind <- if (effects) paste(if (found$fixed) "Conditional" else "Average", "Marginal Effects") else if (found$fixed)
    "Adjusted Predictions" else "Predictive Margins"
  ci <- if (is.null(o$noci)) sprintf(" with %s%% CIs", trimws(stata_general(found$level, 5L)))
  keys <- seq_along(d$series) * if (is.null(o$noci)) 2L else 1L
  own <- function(name, default) if (is.null(o[[name]])) default else sprintf("%s(%s)", name, o[[name]])
  ticks <- if (!is.null(d$labels)) {
    at <- !duplicated(d$`_x`)
    sprintf("xlabel(%s)", paste(macro_all(d$`_x`[at]), quoted(d$labels[at]), collapse = " "))
  }
  paste(c(own("title", sprintf("title(%s)", quoted(paste0(kind, ci)))),
          own("ytitle", sprintf("ytitle(%s)", quoted(if (effects) paste("Effects on", words) else words))),
          own("xtitle", sprintf("xtitle(%s)", quoted(d$xname))), own("xlabel", ticks),
          own("legend", if (length(d$series) < 2L) "legend(off)" else
            sprintf("legend(order(%s))", paste(keys, quoted(d$series), collapse = " ")))), collapse = " ")
}

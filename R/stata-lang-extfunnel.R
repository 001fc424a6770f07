# extfunnel: the funnel plot with what one study more would do to the pooled estimate's significance.
# Source: Langan, Higgins, Gregory & Sutton (2012, J Clin Epidemiol 65: 511); Crowther, Langan & Sutton (2012, Stata
# Journal 12: 605) for the command's words. Oracle: the core's grid against rma() of the studies with the new one.

extfunnel_options <- c(fixedi = "fixed", randomi = "random", cpoints = "cp", null = "null", isquared = "isq",
                       tausquared = "tausq", measure = "meas", loe = "loe", loeline = "loel",
                       newstudycontrol = "newstudyc", newstudytreatment = "newstudyt", or = "or", rr = "rr",
                       xrange = "xran", yrange = "yran", sumd = "sumd", sumdposition = "sumdp", prediction = "pred",
                       nonullline = "nonull", nopooledline = "nopool", noshading = "noshad", noscatter = "noscat",
                       eform = "eform", level = "lev", addplot = "addp", legend = "leg")

# extfunnel es se [if] [in] [, fixedi randomi cpoints() null() isquared() tausquared() sumd prediction ...]
run_extfunnel <- function(command, session, rows) {
  given <- figure_options(command, extfunnel_options)
  o <- given$o
  words <- given$words
  for (bad in intersect(names(o), c("measure", "loe", "loeline", "newstudycontrol", "newstudytreatment", "or", "rr",
                                    "addplot"))) {
    abort_gap(sprintf("option %s of extfunnel", bad), "use randomi, fixedi, isquared() and tausquared()")
  }
  if (identical(trimws(o$legend %||% ""), "off")) words$legend <- FALSE
  vars <- expand_varlist(command$rest, session, 2L, 2L)
  rows <- selected_rows(command, session, rows)
  x <- lapply(session$data[vars], function(v) numeric_operand(v)[rows])
  use <- !is.na(x[[1L]]) & !is.na(x[[2L]]) & x[[2L]] > 0
  if (!any(use)) abort_stata("no observations", 2000L)
  s <- extfunnel_numbers(x[[1L]][use], x[[2L]][use], o, session)
  session$r <- list(ES = s$pooled, seES = s$pooled_se, tau2 = s$tau2, lci = s$ends[1L], uci = s$ends[2L])
  add_graph(restyled(extfunnel_figure(s, o, words), words), list(name = words$name), session)
}

# The pooled estimate now, and the grid of new studies: a row for each standard error.
extfunnel_numbers <- function(es, se, o, session) {
  if (!is.null(o$fixedi) && !is.null(o$randomi)) abort_stata("only one of fixedi and randomi may be specified", 198L)
  random <- !is.null(o$randomi)
  fit <- fit_estimates(es, se^2, if (random) "DL" else "FE")
  z <- critical_value((if (is.null(o$level)) session$level else number_word(o$level)) / 100)
  pooled <- fit$beta[[1L]]
  null <- if (is.null(o$null)) 0 else number_word(o$null)
  n <- if (is.null(o$cpoints)) 100L else as.integer(number_word(o$cpoints))
  if (is.na(n) || n < 10L) abort_stata("cpoints() must be at least 10", 198L)
  reach <- range(es - 1.2 * z * max(se), es + 1.2 * z * max(se), null)
  across <- if (is.null(o$xrange)) reach else extfunnel_range(o$xrange, "xrange")
  down <- if (is.null(o$yrange)) c(0, 1.1 * max(se)) else extfunnel_range(o$yrange, "yrange")
  error <- seq(max(down[1L], down[2L] / 1000), down[2L], length.out = n)
  effect <- seq(across[1L], across[2L], length.out = max(401L, 2L * n))
  grid <- call_core(cpp_extended_funnel(es, se^2, effect, error, random))
  tau2 <- if (random) fit$tau2 else 0
  wide <- if (length(es) > 2L) stats::qt(stats::pnorm(z), length(es) - 2) * sqrt(tau2 + fit$se[[1L]]^2) else NA_real_
  list(es = es, se = se, pooled = pooled, pooled_se = fit$se[[1L]], ends = pooled + c(-1, 1) * z * fit$se[[1L]],
       prediction = pooled + c(-1, 1) * wide, tau2 = tau2, null = null, z = z, effect = effect, error = error,
       grid = grid, across = across, down = down)
}

extfunnel_range <- function(text, word) {
  x <- option_numbers(text)
  if (length(x) != 2L || x[1L] >= x[2L]) abort_stata(sprintf("%s() needs two increasing numbers", word), 198L)
  x
}

# Runs of one verdict along a row: below the null, above it, neither; ends where the limit passes the null.
verdict_runs <- function(effect, low, high) {
  verdict <- ifelse(low > 0, 1L, ifelse(high < 0, -1L, 0L))
  change <- which(diff(verdict) != 0L)
  ends <- vapply(change, function(i) {
    f <- if (1L %in% verdict[i + 0:1]) low else high
    effect[i] + (effect[i + 1L] - effect[i]) * f[i] / (f[i] - f[i + 1L])
  }, 0)
  data.frame(from = c(effect[1L], ends), to = c(ends, effect[length(effect)]),
             verdict = verdict[c(change, length(verdict))])
}

extfunnel_colours <- c("-1" = "#D0D0D0", "0" = "#FFFFFF", "1" = "#A8A8A8")

# Each row of the grid is a band that reaches half way to its neighbours.
extfunnel_bands <- function(s) {
  low <- s$grid$estimate - s$z * s$grid$se - s$null
  high <- s$grid$estimate + s$z * s$grid$se - s$null
  half <- diff(s$error[1:2]) / 2
  bands <- lapply(seq_along(s$error), function(i) {
    runs <- verdict_runs(s$effect, low[i, ], high[i, ])
    y <- c(if (i == 1L) s$down[1L] else s$error[i] - half, if (i == length(s$error)) s$down[2L] else s$error[i] + half)
    cbind(runs, lo = y[1L], hi = y[2L])
  })
  do.call(rbind, bands)
}

# The outline (of those not taken yet) whose last row has the verdict of a run and lies beside it; 0 for none.
outline_of <- function(run, open, taken) {
  for (k in setdiff(seq_along(open), taken)) {
    last <- open[[k]][nrow(open[[k]]), ]
    if (last$verdict == run$verdict && run$from < last$to && last$from < run$to) return(k)
  }
  0L
}

# Neighbouring bands of one verdict that touch make one outline: the steps between rows are straightened.
band_layers <- function(bands) {
  open <- list()
  done <- list()
  for (y in unique(bands$lo)) {
    row <- bands[bands$lo == y, ]
    from <- integer()
    for (i in seq_len(nrow(row))) from[i] <- outline_of(row[i, ], open, from)
    done <- c(done, open[setdiff(seq_along(open), from)])
    open <- lapply(seq_len(nrow(row)), function(i) rbind(if (from[i]) open[[from[i]]], row[i, ]))
  }
  lapply(c(done, open), function(b) {
    y <- (b$lo + b$hi) / 2
    y[1L] <- b$lo[1L]
    y[length(y)] <- b$hi[nrow(b)]
    if (nrow(b) == 1L) b[2L, ] <- b[1L, ]
    if (length(y) == 1L) y <- c(b$lo[1L], b$hi[1L])
    layer_polygon(c(b$from, rev(b$to)), c(y, rev(y)), extfunnel_colours[[as.character(b$verdict[1L])]])
  })
}

contour_layers <- function(s, values, levels, name, style) {
  if (is.null(levels)) return(NULL)
  lines <- grDevices::contourLines(s$error, s$effect, values, levels = levels)
  shades <- rep_len(stata_colours[-(1:2)], length(levels))
  drawn <- levels %in% vapply(lines, `[[`, 0, "level")
  list(layers = lapply(lines, function(l) layer_line(l$y, l$x, shades[match(l$level, levels)], style$line_lwd)),
       legend = Map(function(v, col) legend_line(sprintf("%s = %s", name, macro_text(v)), col, style$line_lwd),
                    levels[drawn], shades[drawn]))
}

extfunnel_figure <- function(s, o, words) {
  style <- scatter_style_stata()
  eform <- !is.null(o$eform)
  label <- words$xtitle %||% "Effect"
  x <- stata_axis(s$across, style, label)
  x$limits <- s$across
  inside <- x$at >= s$across[1L] & x$at <= s$across[2L]
  if (eform) x <- exponential_axis(s$across, style, label) else x[c("at", "labels")] <- list(x$at[inside],
                                                                                            x$labels[inside])
  y <- stata_axis(s$down, style, "Standard error", n = 4, reverse = TRUE)
  y$limits <- rev(s$down + c(0, if (is.null(o$sumd)) 0 else diff(s$down) * 0.12))
  far <- s$down
  bands <- if (is.null(o$noshading)) band_layers(extfunnel_bands(s))
  isq <- contour_layers(s, s$grid$I2, if (!is.null(o$isquared)) option_numbers(o$isquared), "I-squared", style)
  tau <- contour_layers(s, s$grid$tau2, if (!is.null(o$tausquared)) option_numbers(o$tausquared), "tau-squared", style)
  layers <- c(bands, isq$layers, tau$layers, list(
    if (is.null(o$nonullline)) layer_line(rep(s$null, 2L), far, style$text_col, style$line_lwd),
    if (is.null(o$nopooledline)) layer_line(rep(s$pooled, 2L), far, "#C10534", style$line_lwd, 2),
    if (is.null(o$noscatter)) stata_points(s$es, s$se, style)), summary_diamond(s, o, style))
  legend <- c(
    if (is.null(o$noscatter)) list(legend_point("Studies", style$pch, style$point_col, style$point_bg)),
    if (is.null(o$nopooledline)) list(legend_line("Pooled effect", "#C10534", style$line_lwd, 2)),
    if (is.null(o$nonullline)) list(legend_line("Null", style$text_col, style$line_lwd)),
    if (is.null(o$noshading)) list(legend_fill("Significant below the null", extfunnel_colours[["-1"]]),
                                   legend_fill("Significant above the null", extfunnel_colours[["1"]]),
                                   legend_fill("Not significant", extfunnel_colours[["0"]])), isq$legend, tau$legend)
  title <- NULL
  new_figure(layers, x, y, list(title = title), legend, style, data.frame(x = s$es, y = s$se),
             c(style$size[1L], style$size[2L] + 0.5))
}

# The pooled interval as a diamond below the studies; prediction adds its line.
summary_diamond <- function(s, o, style) {
  if (is.null(o$sumd)) return(NULL)
  height <- diff(s$down) * 0.03
  at <- if (is.null(o$sumdposition)) s$down[2L] + diff(s$down) * 0.06 else number_word(o$sumdposition)
  list(if (!is.null(o$prediction) && !anyNA(s$prediction)) layer_line(s$prediction, c(at, at), style$text_col,
                                                                      style$line_lwd),
       layer_polygon(c(s$ends[1L], s$pooled, s$ends[2L], s$pooled), at + height * c(0, 1, 0, -1), "#1A476F"))
}

# Ticks at round ratios of a log scale.
exponential_axis <- function(across, style, label) {
  ticks <- axis_ratios(exp(across))
  axis <- stata_axis(across, style, label)
  axis$limits <- across
  axis[c("at", "labels")] <- list(log(ticks), format_tick_stata(ticks))
  axis
}

axis_ratios <- function(ends) {
  all <- as.vector(outer(c(1, 2, 5), 10^(-6:6)))
  inside <- all[all >= ends[1L] & all <= ends[2L]]
  if (length(inside) > 8L) inside <- inside[grepl("^1", format(inside, scientific = TRUE))]
  if (length(inside) < 2L) pretty(ends, 4L) else inside
}

# The gallery: one table of plots; every plot is drawn in each of its styles, for few and many studies, in English and
# Chinese, as PDF, PNG and SVG. A new plot is one row of `plots`. Called by tools/gallery.

suppressPackageStartupMessages(library(metaparity))

languages <- c("en", "zh")
formats <- c("png", "pdf", "svg")

# ---- data: `k` trials with events, means, labels and subgroups -------------------------------------

zh_names <- c("\u738b\u5c0f\u660e", "\u674e\u83b2\u82b1", "\u859b\u5ddd\u4e91", "\u6b27\u9633\u5a1c\u5a1c",
              "\u5f20\u4f1f", "\u4e0a\u6d77\u9aa8\u8d28\u758f\u677e\u7814\u7a76\u534f\u4f5c\u7ec4",
              "\u5b8b\u6c38\u5761",
              "\u9648\u9759", "\u8d75\u7389\u5170", "\u5218\u6d0b")
en_names <- c("Aronson", "Ferguson & Simes", "Rosenthal", "Hart", "Frimodt-Moller", "TPT Madras", "Coetzee & Berjak",
              "International Osteoporosis Prevention Trial Group", "Comstock", "N\u00fa\u00f1ez-L\u00f3pez")
zh_groups <- c("\u836f\u7269\u6cbb\u7597", "\u624b\u672f", "\u751f\u6d3b\u65b9\u5f0f\u5e72\u9884")
en_groups <- c("Drugs", "Surgery", "Life style")

trials <- function(k, lang) {
  set.seed(k)
  names <- if (lang == "zh") zh_names else en_names
  groups <- if (lang == "zh") zh_groups else en_groups
  n1 <- round(stats::rlnorm(k, 4.6, 0.9)) + 10
  n2 <- round(n1 * stats::runif(k, 0.8, 1.2)) + 1
  dose <- round(stats::runif(k, 1, 20))
  risk <- stats::plogis(stats::rnorm(k, -1.5, 0.5))
  year <- sort(1980 + sample(43, k, TRUE))
  data.frame(author = rep_len(names, k), year = year, dose = dose,
             study = make.unique(paste(rep_len(names, k), year), sep = " "),
             group = factor(rep_len(groups, k), groups[seq_len(min(k, length(groups)))]),
             ev1 = stats::rbinom(k, n1, pmin(0.95, risk * exp(stats::rnorm(k, -0.02 * dose, 0.3)))), n1 = n1,
             ev2 = stats::rbinom(k, n2, risk), n2 = n2,
             m1 = stats::rnorm(k, 50, 4), sd1 = stats::runif(k, 5, 12), m2 = stats::rnorm(k, 54, 4),
             sd2 = stats::runif(k, 5, 12))
}

# What the expressions of the table may use; m is set as in Stata's meta suite.
gallery_data <- function(k, lang) {
  d <- trials(k, lang)
  es <- escalc("RR", ai = ev1, n1i = n1, ci = ev2, n2i = n2, slab = study, data = d)
  d$yi <- es$yi
  d$vi <- es$vi
  d$se <- sqrt(es$vi)
  m <- meta_esize(ev1, n1 - ev1, ev2, n2 - ev2, data = d, esize = "lnrratio", studylabel = study)
  list(d = d, es = es, fit = rma(yi, vi, data = es, method = "DL"), m = m, judged = gallery_rob(d, "rob2"),
       judged1 = gallery_rob(d, "rob1"))
}

# Judgements of all domains of a tool at random.
gallery_rob <- function(d, tool) {
  domains <- rob_tool(tool)$domains
  levels <- rob_tool(tool)$levels$level
  words <- lapply(domains$label, function(label) sample(levels, nrow(d), TRUE, c(0.6, 0.25, 0.15)))
  names(words) <- domains$label
  rob(data.frame(study = d$study, words, check.names = FALSE), tool)
}

# A profile with one outcome per study: fits without it, judgements at random.
gallery_grade <- function(d, es) {
  fits <- lapply(seq_len(nrow(d)), function(i) rma(yi, vi, data = es[-i, ], method = "DL"))
  names(fits) <- as.character(d$study)
  words <- c("not serious", "serious", "very serious")
  pick <- function() sample(words, nrow(d), TRUE, c(0.6, 0.3, 0.1))
  grade_profile(fits, data.frame(outcome = d$study, risk_of_bias = pick(), inconsistency = pick(), imprecision = pick(),
                                 risk_of_bias_reason = "Allocation was not concealed", inconsistency_reason = "I2",
                                 imprecision_reason = "Few events"), assumed = "range")
}

# ---- the plots -----------------------------------------------------------------------------------

# call: an expression of d, es, fit and style; k: few and many studies; styles: NULL for the plot's own look.
plot_row <- function(name, call, styles = NULL, k = c(5, 40)) list(name = name, call = call, styles = styles, k = k)

forest_styles <- names(getFromNamespace("styles", "metaparity")())
two_axes <- c("metafor", "stata")

plots <- list(
  plot_row("forest", quote(forest(fit, style = style, atransf = exp)), forest_styles),
  plot_row("forest-subgroups", quote(forest(rma(yi, vi, by = group, data = es), style = style, atransf = exp)),
           forest_styles, c(6, 45)),
  plot_row("forest-columns", quote(forest(fit, style = style, atransf = exp, showweights = TRUE, addpred = TRUE,
                                          ilab = cbind(d$ev1, d$n1, d$ev2, d$n2),
                                          ilab.lab = c("Events", "Total", "Events", "Total"),
                                          favours = c("Favours treatment", "Favours control"))), forest_styles),
  plot_row("forest-arms", quote(forest(rma.mh(measure = "RR", ai = ev1, n1i = n1, ci = ev2, n2i = n2,
                                              data = d, slab = study),
                                       style = style, atransf = exp)), forest_styles),
  plot_row("forest-means", quote(forest(rma(measure = "MD", m1i = m1, sd1i = sd1, n1i = n1, m2i = m2,
                                            sd2i = sd2, n2i = n2,
                                            data = d, slab = study), style = style)), c("metafor", "revman", "bmj")),
  plot_row("forest-outcomes", quote(forest(list(`Risk ratio` = fit, Means = rma(yi, vi, data = es)), style = style,
                                           atransf = exp)), c("metafor", "stata"), c(3, 20)),
  plot_row("forest-moderator", quote(forest(rma(yi, vi, mods = ~ dose, data = d, slab = study))), k = c(5, 30)),
  plot_row("forest-trimfill", quote(forest(trimfill(fit), style = style)), two_axes),
  plot_row("forest-leave1out", quote(forest(leave1out(fit), style = style, atransf = exp)), two_axes),
  plot_row("forest-cumulative", quote(forest(cumul(fit, order = d$year), style = style, atransf = exp)), two_axes),
  plot_row("forest-clipped", quote(forest(fit, style = style, atransf = exp, alim = log(c(0.5, 1.5)))), two_axes),
  plot_row("forest-lights", quote(forest(fit, style = style, atransf = exp, rob = judged)), forest_styles, c(4, 30, 60)),
  plot_row("rob-summary", quote(rob_summary(judged1)), k = c(5, 40, 120)),
  plot_row("rob-summary-ids", quote(rob_summary(judged, labels = "id", colours = "colourblind")), k = c(5, 40)),
  plot_row("rob-graph", quote(rob_graph(judged1)), k = c(5, 40)),
  plot_row("rob-graph-weighted", quote(rob_graph(judged, weights = fit, colours = "colourblind")), k = c(5, 40)),
  plot_row("prisma-flow", quote(prisma_flow(databases = stats::setNames(d$n1, make.unique(d$author)), registers = 20,
                                            duplicates = 110, excluded = sum(d$n1) - 180, not_retrieved = 3,
                                            excluded_reports = c("wrong design" = 50, "no data" = 27),
                                            included = c(studies = 9, reports = 10))), k = c(3, 9)),
  plot_row("grade-profile", quote(plot(gallery_grade(d, es))), k = c(3, 8)),
  plot_row("sof-table", quote(plot(sof_table(gallery_grade(d, es)))), k = c(3, 8)),
  plot_row("funnel", quote(funnel(fit, style = style)), two_axes, c(8, 80)),
  plot_row("funnel-contours",
           quote(funnel(fit, refline = 0, level = c(90, 95, 99), shade = c("white", "gray60", "gray75"),
                                           legend = TRUE, style = style)), two_axes, c(8, 80)),
  plot_row("funnel-trimfill", quote(funnel(trimfill(fit), legend = TRUE, style = style)), two_axes, c(8, 80)),
  plot_row("funnel-labels", quote(funnel(fit, label = "out", atransf = exp)), k = c(8, 80)),
  plot_row("funnel-groups", quote(funnel(rma(yi, vi, by = group, data = es), atransf = exp, style = style)),
           two_axes, c(8, 80)),
  plot_row("funnel-horizontal", quote(funnel(fit, horizontal = TRUE, label = 5, refline2 = 0, style = style)),
           two_axes, c(8, 80)),
  plot_row("funnel-precision",
           quote(funnel(fit, yaxis = "seinv", level = c(90, 95, 99), refline = 0, legend = list(show = "cis"))),
           k = c(8, 80)),
  plot_row("radial", quote(radial(fit, style = style)), two_axes, c(8, 80)),
  plot_row("labbe", quote(labbe(rma(measure = "OR", ai = ev1, n1i = n1, ci = ev2, n2i = n2, data = d, slab = study),
                                ci = TRUE, pi = TRUE,
                                grid = TRUE, legend = TRUE, transf = plogis, style = style)), two_axes, c(8, 80)),
  plot_row("baujat", quote(baujat(rma(yi, vi, data = es, method = "EE"), style = style)), two_axes, c(8, 80)),
  plot_row("baujat-names", quote(baujat(fit, symbol = "slab")), k = c(8, 40)),
  plot_row("regplot", quote(regplot(rma(yi, vi, mods = ~ dose, data = cbind(es, dose = d$dose), slab = d$study),
                                    pi = TRUE, label = "ciout",
                                    legend = TRUE, atransf = exp, refline = 0, style = style)), two_axes, c(8, 60)),
  plot_row("gosh", quote(plot(gosh(rma(yi, vi, data = es, method = "EE"), subsets = 5000, progbar = FALSE), out = 3)),
           k = c(8, 30)),
  plot_row("influence", quote(plot(influence(fit), slab.style = 2)), k = c(8, 40)),
  plot_row("profile", quote(plot(profile(rma(yi, vi, data = es), plot = FALSE), cline = TRUE)), k = c(8, 40)),
  plot_row("qqnorm", quote(qqnorm(fit, label = "out", grid = TRUE, style = style)), two_axes, c(8, 80)),
  plot_row("llplot", quote(llplot("GEN", yi = es$yi, vi = es$vi, style = style)), two_axes, c(8, 80)),
  plot_row("llplot-tables", quote(llplot("OR", ai = d$ev1, n1i = d$n1, ci = d$ev2, n2i = d$n2, refline = NA)),
           k = c(8, 40)),
  plot_row("drapery", quote(drapery(fit, labels = "ids", atransf = exp, style = style)), two_axes, c(8, 60)),
  plot_row("drapery-pval", quote(drapery(fit, type = "pval")), k = c(8, 60)),
  plot_row("fit", quote(plot(fit, style = style)), two_axes, c(8, 60)),
  plot_row("fit-moderator", quote(plot(rma(yi, vi, mods = ~ dose, data = cbind(es, dose = d$dose)), qqplot = TRUE)),
           k = c(8, 60)),
  plot_row("cumul", quote(plot(cumul(fit, order = d$year), atransf = exp, style = style)), two_axes, c(8, 60)),
  plot_row("leave1out", quote(plot(leave1out(fit), atransf = exp, style = style)), two_axes, c(8, 60)),
  plot_row("regtest", quote(plot(regtest(fit), legend = TRUE, style = style)), two_axes, c(8, 60)),
  plot_row("regtest-predictor", quote(plot(regtest(fit, predictor = "ninv"), legend = TRUE)), k = c(8, 60)),
  plot_row("metan", quote(metan(yi, se, data = d, random = TRUE, label = list(namevar = author, yearvar = year))),
           k = c(5, 40)),
  plot_row("metan-by", quote(metan(yi, se, data = d, random = TRUE, by = group, label = list(namevar = study))),
           k = c(6, 40)),
  plot_row("egger", quote(plot(metabias6(yi, se, data = d), which = "egger"))),
  plot_row("begg", quote(plot(metabias6(yi, se, data = d), which = "begg"))),
  plot_row("metafunnel", quote(plot(metafunnel(yi, se, data = d)))),
  plot_row("metafunnel-by", quote(plot(metafunnel(yi, se, data = d, by = group))), k = c(8, 60)),
  plot_row("metatrim", quote(plot(metatrim(yi, se, data = d)))),
  plot_row("galbr", quote(plot(galbr(yi, se, data = d, label = list(namevar = author)))), k = c(5, 25)),
  plot_row("metainf", quote(plot(metainf(yi, se, data = d, random = TRUE, label = list(namevar = study)))),
           k = c(5, 60)),
  plot_row("meta-forestplot", quote(forest(meta_forestplot(m, eform = TRUE, nullrefline = TRUE, draw = FALSE)))),
  plot_row("meta-forestplot-subgroup", quote(forest(meta_forestplot(m, subgroup = group, draw = FALSE))), k = c(6, 45)),
  plot_row("meta-funnelplot", quote(meta_funnelplot(m, contours = c(1, 5, 10))), k = c(8, 80)),
  plot_row("meta-funnelplot-by", quote(meta_funnelplot(m, by = group)), k = c(8, 60)),
  plot_row("meta-galbraithplot", quote(meta_galbraithplot(m)), k = c(8, 80)),
  plot_row("meta-labbeplot", quote(meta_labbeplot(m)), k = c(8, 80)),
  plot_row("stata-labbe", quote(plot(labbe(ev1, n1 - ev1, ev2, n2 - ev2, data = d, graph = FALSE)))),
  plot_row("stata-metareg", quote(plot(metareg(yi, dose, wsse = se, data = d)))),
  plot_row("stata-metabias", quote(plot(metabias(yi, se, data = d, egger = TRUE)))),
  plot_row("meta-bubbleplot", quote(estat_bubbleplot(meta_regress(m, dose))), k = c(8, 60))
)

# ---- drawing -------------------------------------------------------------------------------------

one_figure <- function(row, style, k, lang) {
  key <- gsub("[^a-z0-9]+", "-", tolower(paste(c(row$name, style, paste0("k", k), lang), collapse = "-")))
  list(key = key, name = row$name, style = style, k = k, lang = lang, call = row$call)
}

all_figures <- function(plots) {
  out <- list()
  for (row in plots) for (style in as.list(row$styles %||% NA_character_)) for (k in row$k) for (lang in languages) {
    out <- c(out, list(one_figure(row, if (!is.na(style)) style, k, lang)))
  }
  out
}

`%||%` <- function(x, y) if (is.null(x)) y else x

# forest() and what it draws has save_forest(); any other call gives a figure.
save_call <- function(call, file, env) {
  verb <- as.character(call[[1L]])
  if (verb == "forest") {
    call[[1L]] <- quote(save_forest)
    call$file <- file
    call$dpi <- 110
    return(eval(call, env))
  }
  made <- if (verb == "plot") drawn_silently(call, env) else eval(as.call(c(as.list(call), draw_argument(verb))), env)
  if (inherits(made, c("stata_metan", "stata_meta_summarize", "metaparity"))) save_forest(made, file, dpi = 110) else
    save_figure(made, file, dpi = 110)
}

draw_argument <- function(verb) {
  if ("draw" %in% names(formals(args(get(verb))))) list(draw = FALSE) else if (verb %in% c("metan"))
    NULL else list(draw = FALSE)
}

drawn_silently <- function(call, env) {
  grDevices::pdf(NULL)
  on.exit(grDevices::dev.off())
  suppressMessages(eval(call, env))
}

# Files of one figure, and what it said: warnings, messages, errors.
draw_figure <- function(figure, folder) {
  said <- character()
  note <- function(c) said <<- c(said, paste0(class(c)[1L], ": ", trimws(conditionMessage(c))))
  old <- options(metaparity.lang = figure$lang)
  on.exit(options(old))
  started <- proc.time()[[3L]]
  env <- list2env(c(gallery_data(figure$k, figure$lang), list(style = figure$style)), parent = globalenv())
  failed <- tryCatch({
    withCallingHandlers(for (format in formats) {
      # What is drawn at random is the same in every format.
      set.seed(figure$k)
      save_call(figure$call, file.path(folder, paste0(figure$key, ".", format)), env)
    },
      warning = function(w) { note(w); invokeRestart("muffleWarning") },
      message = function(m) { note(m); invokeRestart("muffleMessage") })
    FALSE
  }, error = function(e) { note(e); TRUE })
  small <- vapply(formats, function(format)
                    !isTRUE(file.size(file.path(folder, paste0(figure$key, ".", format))) > 500), NA)
  c(figure, list(said = unique(said), failed = failed || any(small), seconds = proc.time()[[3L]] - started))
}

# ---- the page ------------------------------------------------------------------------------------

escape <- function(x) gsub("<", "&lt;", gsub("&", "&amp;", x, fixed = TRUE), fixed = TRUE)

figure_html <- function(f) {
  links <- sprintf("<a href=\"figures/%s.%s\">%s</a>", f$key, formats, toupper(formats))
  sprintf(paste0("<figure class=\"%s\"><a href=\"figures/%s.png\"><img loading=\"lazy\" src=\"figures/%s.png\" alt=\"%s\"></a>",
                 "<figcaption>%s, k = %d, %s; %s%s</figcaption></figure>"),
          if (f$failed) "failed" else "", f$key, f$key, f$key, f$style %||% "own look", f$k, f$lang,
          paste(links, collapse = " "),
          if (length(f$said)) paste0("<br><em>", escape(paste(f$said, collapse = "; ")), "</em>") else "")
}

section_html <- function(name, figures) {
  mine <- Filter(function(f) f$name == name, figures)
  c(sprintf("<h2 id=\"%s\">%s</h2>", name, name),
    sprintf("<pre>%s</pre>", escape(paste(deparse(mine[[1L]]$call, 100L), collapse = "\n"))),
    "<div class=\"row\">", vapply(mine, figure_html, ""), "</div>")
}

page_html <- function(figures) {
  names <- unique(vapply(figures, `[[`, "", "name"))
  failed <- Filter(function(f) f$failed, figures)
  c("<!DOCTYPE html><html lang=\"en\"><head><meta charset=\"utf-8\"><title>Gallery</title><style>",
    "body{font-family:sans-serif;margin:2em} .row{display:flex;flex-wrap:wrap;gap:1em;align-items:flex-start}",
    "figure{margin:0;border:1px solid #ccc;padding:.5em;max-width:420px} img{max-width:100%;max-height:480px}",
    "figcaption{font-size:80%} .failed{background:#fdd} pre{background:#f5f5f5;padding:.5em;white-space:pre-wrap}",
    "</style></head><body><h1>Gallery</h1>",
    sprintf("<p>%d figures in %d files, %d failed.</p>", length(figures), length(figures) * length(formats),
            length(failed)),
    if (length(failed)) sprintf("<p>Failed: %s</p>", escape(paste(vapply(failed, `[[`, "", "key"), collapse = ", "))),
    sprintf("<p>%s</p>", paste(sprintf("<a href=\"#%s\">%s</a>", names, names), collapse = " | ")),
    unlist(lapply(names, section_html, figures)), "</body></html>")
}

write_gallery <- function(out, pattern = Sys.getenv("GALLERY", "")) {
  chosen <- Filter(function(row) grepl(pattern, row$name), plots)
  folder <- file.path(out, "figures")
  dir.create(folder, recursive = TRUE, showWarnings = FALSE)
  figures <- lapply(all_figures(chosen), function(figure) {
    done <- draw_figure(figure, folder)
    if (done$failed) cat("failed:", done$key, paste(done$said, collapse = "; "), "\n")
    done
  })
  connection <- file(file.path(out, "index.html"), "wb")
  on.exit(close(connection))
  writeLines(enc2utf8(page_html(figures)), connection, useBytes = TRUE)
  figures
}

figures <- write_gallery(commandArgs(TRUE)[1L])
failed <- sum(vapply(figures, `[[`, NA, "failed"))
slow <- figures[[which.max(vapply(figures, `[[`, 0, "seconds"))]]
cat(sprintf("slowest: %s, %.1f s\n%d figures, %d failed\n", slow$key, slow$seconds, length(figures), failed))
if (failed) quit(status = 1L)

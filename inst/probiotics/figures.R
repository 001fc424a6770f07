# The figures of the worked example: which there are, how each is drawn, where it is written.

figure_plan <- function() {
  plan <- read_table(here_probiotics("figures.csv"))
  plan$file <- ifelse(is.na(plan$number), file_key("extra", plan$kind, plan$analysis),
                      file_key(sprintf("figure-%02d", plan$number), plan$kind, plan$analysis))
  plan
}

figure_caption <- function(row, a) {
  kinds <- c(forest = "forest plot", egger = "Egger's plot", begg = "Begg's funnel plot", metainf = "leave-one-out",
             galbr = "Galbraith plot", metatrim = "trim and fill")
  name <- say("%s, %s", shown_title(a), shown(kinds[[row$kind]]))
  if (is.na(row$number)) return(name)
  say(if (row$mapping == "inferred") "Fig. %d. %s (number inferred)" else "Fig. %d. %s", row$number, name)
}

# Writes one figure; returns its width in inches, in which its text has the size it was laid out for.
draw_kind <- function(kind, a, steps, file, dpi) {
  if (kind == "forest") return(attr(save_forest(steps$metan$view, file, dpi = dpi), "size")[["width"]])
  figure <- switch(kind,
    egger = plot(steps$metabias6$view, which = "egger", draw = FALSE),
    begg = plot(steps$metabias6$view, which = "begg", draw = FALSE),
    plot(steps[[kind]]$view, draw = FALSE))
  save_figure(figure, file, dpi = dpi)
  figure_size(figure)[["width"]]
}

# One warning about a missing font is enough for all figures.
warn_once <- function(code) {
  told <- FALSE
  withCallingHandlers(code, metaparity_warning_font = function(w) {
    if (told) invokeRestart("muffleWarning")
    told <<- TRUE
  })
}

# Writes every figure of the plan; returns the plan with captions, paths and widths.
write_figures <- function(analyses, steps, folder, formats = c("pdf", "png"), dpi = 300) {
  plan <- figure_plan()
  plan$width <- NA_real_
  plan$caption <- vapply(seq_len(nrow(plan)), function(i) figure_caption(plan[i, ], analyses[[plan$analysis[i]]]), "")
  warn_once(for (i in seq_len(nrow(plan))) {
    key <- plan$analysis[i]
    for (format in formats) {
      file <- file.path(folder, paste0(plan$file[i], ".", format))
      plan$width[i] <- draw_kind(plan$kind[i], analyses[[key]], steps[[key]], file, dpi)
    }
  })
  plan$png <- file.path(folder, paste0(plan$file, ".png"))
  plan
}

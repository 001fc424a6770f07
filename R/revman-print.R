# Owns RevMan's table as text: the rows of the forest plot, the data of the arms beside them, and RevMan's footers,
# whose texts are those of style_revman().

#' @rdname revman
#' @export
print.revman_view <- function(x, digits = 2, ...) {
  cat_lines(format(x, digits = digits))
  invisible(x)
}

#' @exportS3Method
format.revman_view <- function(x, digits = 2, ...) {
  digits <- check_decimals(check_number(digits, "digits", 0, 15, sys.call()), sys.call())
  rows <- forest_rows(x, forest_options(addpred = !is.null(x$web)))
  style <- revman_view_style(x)
  table <- revman_cells(x, rows, style, digits)
  wide <- apply(rbind(table$over, table$head, table$cells), 2L, function(column) max(display_width(column)))
  line <- function(cells) sub(" +$", "", paste(c(justify(cells[1L], wide[1L], left = TRUE),
                                                 justify(cells[-1L], wide[-1L])), collapse = "  "))
  body <- unlist(lapply(seq_len(nrow(rows)), function(i) {
    c(if (rows$type[i] %in% c("heading", "summary") && i > 1L) "",
      if (any(nzchar(table$cells[i, ]))) line(table$cells[i, ]),
      if (!is.null(table$events[[i]])) line(table$events[[i]]), revman_footers(rows, i, style))
  }))
  plain_squares(c(revman_title(x), "", if (any(nzchar(table$over))) line(table$over), line(table$head),
                  strrep("-", sum(wide) + 2L * (length(wide) - 1L)), body, revman_notes(x, rows)))
}

revman_title <- function(x) {
  s <- x$settings
  name <- if (is.null(s$name) || is.na(s$name)) "" else s$name
  c(trimws(sprintf("%s %s  %s", translate("Analysis"), s$outcome, name)))
}

# over, head: two lines of headings; cells: one row per row of the figure; events: a list of lines of sums.
revman_cells <- function(x, rows, style, digits) {
  back <- if (is_ratio_view(x)) exp else identity
  number <- function(v) sprintf("%.*f", as.integer(digits), v)
  pooled <- rows$type %in% c("study", "subtotal", "summary")
  effect <- ifelse(is.na(rows$est), "", sprintf("%s [%s, %s]", number(back(rows$est)), number(back(rows$lo)),
                                                number(back(rows$hi))))
  effect[rows$type == "excluded" | rows$type %in% c("subtotal",
                                                    "summary") & is.na(rows$est)] <- translate(style$labels$excluded)
  effect[rows$type == "prediction"] <- sprintf("[%s, %s]", number(back(rows$lo)),
                                               number(back(rows$hi)))[rows$type == "prediction"]
  weight <- ifelse(is.na(rows$weight) | !pooled, "", sprintf("%.1f%%", rows$weight))
  arms <- revman_arm_cells(x, rows, style)
  label <- row_labels(rows, style)
  indent <- ifelse(rows$type %in% c("study", "excluded") & nrow(x$subgroups) > 0L, "  ", "")
  label[rows$type == "between"] <- ""
  info <- attr(rows, "info")
  words <- fill_words(translate("{measure}\n{scheme}, {effects}, {level}% CI"),
                      c(list(measure = translate(revman_effect_label(x)), level = format_level(info$level_study)),
                        lapply(info$words, translate)))
  over_effect <- strsplit(words, "\n", fixed = TRUE)[[1L]]
  showing <- any(nzchar(weight))
  list(over = unname(c("", arms$over, if (showing) "", over_effect[1L])),
       head = unname(c(translate(style$header$label), arms$head, if (showing) translate("Weight"), over_effect[2L])),
       cells = unname(cbind(paste0(indent, label), arms$cells, if (showing) weight, effect)),
       events = lapply(seq_len(nrow(rows)), function(i) {
         if (!is.null(arms$events[[i]])) c(translate(style$labels$events), arms$events[[i]], if (showing) "", "")
       }))
}

# The columns of the data of studies, and the sums of pooled rows.
revman_arm_cells <- function(x, rows, style) {
  entered <- revman_extra(x, forest_options())
  info <- attr(rows, "info")
  arms <- info$arms
  n <- nrow(rows)
  studies <- function(text) ifelse(is.na(rows$study), "", text[rows$study])
  cells <- matrix("", n, 0L)
  over <- head <- character()
  sums <- list()
  for (name in colnames(entered)) {
    cells <- cbind(cells, studies(entered[, name]))
    over <- c(over, "")
    head <- c(head, translate(name))
  }
  events <- vector("list", n)
  if (!is.null(arms)) {
    formats <- arm_formats(style)
    quantities <- arm_quantities[style$arms[[arms$kind]]]
    groups <- translate(style$arms$groups)
    for (i in 1:2) {
      for (q in names(quantities)) {
        text <- studies(quantities[[q]]$text(arms$arms[[i]], formats))
        total <- if (!is.null(quantities[[q]]$sum)) ifelse(rows$type %in% c("subtotal", "summary"),
                                                           format_count(sums_of(arms$arms[[i]][[q]], rows)), "")
        if (identical(quantities[[q]]$row, "row")) text[nzchar(total)] <- total[nzchar(total)]
        sums <- c(sums, list(if (identical(quantities[[q]]$row, "events")) total else rep("", n)))
        cells <- cbind(cells, text)
        over <- c(over, if (q == names(quantities)[1L]) groups[i] else "")
        head <- c(head, translate(quantities[[q]]$header))
      }
    }
    told <- matrix(unlist(sums), nrow = n)
    blank <- rep("", NCOL(entered) * !is.null(entered))
    if (any(nzchar(told))) events <- lapply(seq_len(n), function(i) if (any(nzchar(told[i, ]))) c(blank, told[i, ]))
  }
  list(over = over, head = head, cells = cells, events = events)
}

# What RevMan prints below a pooled row.
revman_footers <- function(rows, i, style) {
  info <- attr(rows, "info")
  row <- rows[i, ]
  text <- switch(row$type, subtotal = fill_label(below_template(style$labels, row), row, style, info),
                 summary = fill_label(footer_template(style$footer, row), row, style, info),
                 between = fill_label(style$footer$between, row, style, info))
  text <- text[nzchar(text)]
  if (length(text)) c(text, if (row$type == "subtotal") NULL)
}

# RevMan Web says below its figures how intervals and tau2 were made.
revman_notes <- function(x, rows) {
  if (is.null(x$web) || !x$spec$random) return(NULL)
  long <- c(Wald = "Wald", HKSJ = "Hartung-Knapp-Sidik-Jonkman", DL = "DerSimonian and Laird",
            REML = "restricted maximum likelihood")
  c("", translatef("CI: %s method; tau2: %s method", long[[x$web$interval]], long[[x$web$tau2]]))
}

# "Tau^2" as text: a superscript where the console has one.
plain_squares <- function(text) {
  gsub("^2", if (l10n_info()$`UTF-8`) "\u00b2" else "2", text, fixed = TRUE)
}

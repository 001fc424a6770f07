# Owns the boxes of a study flow: numbers -> boxes in rows and lanes with their texts, for both templates and for
# RevMan's charts.

# lane: "previous", "main", "side", "other" or "other_side"; row: from the top; several main boxes of a row stand side
# by side.
new_box <- function(id, lane, row, text, stage = "", ground = "white") {
  data.frame(id = id, lane = lane, row = row, text = text, stage = stage, ground = ground, stringsAsFactors = FALSE)
}

# Says of each number whether it has a place: those that are there or switched on, in an open template all.
prisma_shown <- function(flow, boxes, open, template) {
  absent <- c("identified", "previous", "total", "after", if (template == "2020") {
    c("after_duplicates", "qualitative", "quantitative")
  } else c("registers", "automation", "removed", "duplicates", "sought", "not_retrieved", "included", "other_sought",
           "other_assessed",
           "other_excluded"))
  function(name) {
    if (name %in% names(boxes)) return(boxes[[name]])
    !is.null(flow[[name]]) || open && !name %in% absent
  }
}

prisma_chart <- function(flow, template, boxes, labels, open) {
  shown <- prisma_shown(flow, boxes, open, template)
  text <- function(name, label = prisma_fields[[name]], value = flow[[name]], colon = FALSE) {
    label <- if (name %in% names(labels)) labels[[name]] else translate(label)
    box_text(label, value)
  }
  parts <- if (template == "2020") boxes_2020(flow, shown, text, labels) else boxes_2009(flow, shown, text, labels)
  parts <- c(parts, after_boxes(flow, shown))
  chart <- do.call(rbind, Filter(Negate(is.null), parts))
  if (is.null(chart)) chart <- new_box("none", "main", 1, translate("Records identified"))
  chart$row <- match(chart$row, sort(unique(chart$row)))
  switch_on <- function(name) !identical(unname(boxes[name]), FALSE)
  list(boxes = chart, template = template,
       stages = if (switch_on("stages")) translated_names(prisma_stages[[template]]),
       heads = if (template == "2020" && switch_on("heads")) translated_names(prisma_heads(chart)))
}

translated_names <- function(texts) stats::setNames(translate(unname(texts)), names(texts))

count_text <- function(n) if (is.na(n)) translate("(n = )") else translatef("(n = %s)", count_digits(n))

# "Label (n = 12)", and its parts line by line.
box_text <- function(label, value) {
  parts <- parts_of(value)
  first <- paste(label, count_text(prisma_total(value)))
  if (!length(parts)) return(first)
  paste(c(first, part_lines(parts)), collapse = "\n")
}

part_lines <- function(parts) {
  if (!length(parts)) return(NULL)
  paste0("\u00a0\u00a0\u00a0", translate(names(parts)), " ", vapply(parts, count_text, ""))
}

pair_text <- function(value, labels) {
  some <- intersect(c("studies", "reports"), names(value))
  if (!length(some)) some <- c("studies", "reports")
  lines <- vapply(some, function(what) {
    paste(translate(labels[[what]]), count_text(if (is.null(value)) NA_real_ else value[[what]]))
  }, "")
  paste(lines, collapse = "\n")
}

lines_box <- function(head, flow, shown, names, labels, nested) {
  some <- Filter(shown, names)
  if (!length(some)) return(NULL)
  lines <- lapply(some, function(name) {
    label <- if (name %in% names(labels)) labels[[name]] else translate(nested[[name]])
    c(paste(label, count_text(prisma_total(flow[[name]]))), part_lines(parts_of(flow[[name]])))
  })
  paste(c(translate(head), unlist(lines)), collapse = "\n")
}

boxes_2020 <- function(flow, shown, text, labels) {
  box <- function(name, lane, row, stage, ...) if (shown(name)) new_box(name, lane, row, text(name, ...), stage)
  sources <- lines_box("Records identified from:", flow, shown, c("databases", "registers"), labels, prisma_fields)
  removed <- lines_box("Records removed before screening:", flow, shown, prisma_removals, labels, prisma_fields)
  others <- if (shown("other")) paste(c(translate("Records identified from:"), other_lines(flow[["other"]])),
                                      collapse = "\n")
  again <- shown("previous")
  list(if (again) new_box("previous", "previous", 1, pair_text(flow[["previous"]], previous_texts), "identification",
                          "grey92"),
       if (!is.null(sources)) new_box("identified", "main", 1, sources, "identification") else box("identified", "main",
                                                                                                   1, "identification"),
       if (!is.null(removed)) new_box("removed", "side", 1, removed, "identification"),
       if (!is.null(others)) new_box("other", "other", 1, others, "identification", "grey92"),
       box("screened", "main", 2, "screening"), box("excluded", "side", 2, "screening"),
       box("sought", "main", 3, "screening"), box("not_retrieved", "side", 3, "screening"),
       box("assessed", "main", 4, "screening"), box("excluded_reports", "side", 4, "screening"),
       other_box("other_sought", "sought", 3, flow, shown, labels), other_box("other_not_retrieved", "not_retrieved", 3,
                                                                              flow, shown, labels),
       other_box("other_assessed", "assessed", 4, flow, shown, labels),
       other_box("other_excluded", "excluded_reports", 4, flow, shown, labels),
       if (shown("included")) {
         new_box("included", "main", 5, if ("included" %in% names(labels)) box_text(labels[["included"]],
                                                                                    flow[["included"]]["studies"]) else
           pair_text(flow[["included"]], if (again) new_study_texts else included_texts), "included")
       },
       if (shown("total")) new_box("total", "main", 6, pair_text(flow[["total"]], total_texts), "included"),
       box("qualitative", "main", 7, "included"), box("quantitative", "main", 8, "included"))
}

previous_texts <- c(studies = "Studies included in previous version of review",
                    reports = "Reports of studies included in previous version of review")
included_texts <- c(studies = "Studies included in review", reports = "Reports of included studies")
new_study_texts <- c(studies = "New studies included in review", reports = "Reports of new included studies")
total_texts <- c(studies = "Total studies included in review", reports = "Reports of total included studies")

# Other methods have the words of the boxes beside them.
other_box <- function(name, like, row, flow, shown, labels) {
  if (!shown(name)) return(NULL)
  label <- if (name %in% names(labels)) labels[[name]] else translate(prisma_fields[[like]])
  new_box(name, if (name %in% c("other_sought", "other_assessed")) "other" else "other_side", row,
          box_text(label, flow[[name]]),
          "screening", "grey92")
}

other_lines <- function(other) {
  if (is.null(other)) return(paste(translate(c("Websites", "Organisations", "Citation searching")), count_text(NA)))
  if (length(parts_of(other))) paste(translate(names(parts_of(other))), vapply(parts_of(other), count_text, "")) else
    paste(translate("Other sources"), count_text(prisma_total(other)))
}

boxes_2009 <- function(flow, shown, text, labels) {
  box <- function(name, lane, row, stage, label = prisma_fields[[name]]) if (shown(name)) new_box(name, lane, row,
                                                                                                  text(name, label),
                                                                                                  stage)
  removed <- Filter(shown, prisma_removals)
  found <- if (shown("databases")) text("databases", "Records identified through database searching") else
    if (shown("identified")) text("identified")
  if (shown("registers")) found <- paste(c(found, text("registers")), collapse = "\n")
  list(if (!is.null(found)) new_box("databases", "main", 1, found, "identification"),
       box("other", "main", 1, "identification", "Additional records identified through other sources"),
       if (shown("previous")) new_box("previous", "previous", 1, pair_text(flow[["previous"]], previous_texts),
                                      "identification"),
       if (length(removed)) new_box("removed", "side", 2, paste(vapply(removed, text, ""), collapse = "\n"),
                                    "identification"),
       box("after_duplicates", "main", 3, "screening"), box("screened", "main", 4, "screening"),
       box("excluded", "side", 4, "screening"),
       box("sought", "main", 5, "eligibility"), box("not_retrieved", "side", 5, "eligibility"),
       box("assessed", "main", 6, "eligibility", "Full-text articles assessed for eligibility"),
       box("excluded_reports", "side", 6, "eligibility", "Full-text articles excluded, with reasons"),
       if (shown("included")) new_box("included", "main", 7, pair_text(flow[["included"]], included_texts), "included"),
       box("qualitative", "main", 8, "included"), box("quantitative", "main", 9, "included"),
       if (shown("total")) new_box("total", "main", 10, pair_text(flow[["total"]], total_texts), "included"))
}

after_boxes <- function(flow, shown) {
  if (!shown("after")) return(NULL)
  lapply(seq_along(flow[["after"]]), function(i) {
    new_box(paste0("after", i), "main", 20 + i,
            paste(translate(names(flow[["after"]])[i]), count_text(flow[["after"]][[i]])), "included")
  })
}

prisma_stages <- list(`2020` = c(identification = "Identification", screening = "Screening", included = "Included"),
                      `2009` = c(identification = "Identification", screening = "Screening",
                                 eligibility = "Eligibility",
                                 included = "Included"))

prisma_heads <- function(chart) {
  texts <- c(previous = "Previous studies", main = "Identification of studies via databases and registers",
             other = "Identification of studies via other methods")
  if (any(chart$lane == "previous")) texts[["main"]] <- "Identification of new studies via databases and registers"
  if (any(chart$lane == "previous")) texts[["other"]] <- "Identification of new studies via other methods"
  texts[names(texts) %in% chart$lane]
}

# ---- RevMan's charts -------------------------------------------------------------------------------

# Boxes with their own texts; the numbers of the lines below the first are their parts.
revman_chart <- function(table) {
  box <- ifelse(table$side, "side", "main")
  boxes <- new_box(paste0("box", seq_len(nrow(table))), box, match(table$step, sort(unique(table$step))),
                   plain_lines(table$text))
  parts <- lapply(seq_len(nrow(table)), function(i) text_parts(boxes$text[i]))
  numbers <- do.call(rbind, lapply(seq_along(parts), function(i) {
    label <- substr(first_line(boxes$text[i]), 1L, 60L)
    data.frame(box = label, part = c("", names(parts[[i]])), n = c(table$n[i], unname(parts[[i]])), derived = FALSE,
               stringsAsFactors = FALSE)
  }))
  list(chart = list(boxes = boxes, n = table$n, parts = parts), numbers = numbers)
}

plain_lines <- function(text) {
  text[is.na(text)] <- ""
  gsub("[ \t]+", " ", gsub("\r\n?", "\n", trimws(text)))
}

first_line <- function(text) if (nzchar(text)) strsplit(text, "\n", fixed = TRUE)[[1L]][1L] else ""

# Numbers at the beginning of the lines after the first, named by their words; the first line may have no number of
# its own.
text_parts <- function(text) {
  lines <- trimws(strsplit(text, "\n", fixed = TRUE)[[1L]])
  lines <- lines[nzchar(lines)]
  if (length(lines) && grepl("^[0-9]", lines[1L])) lines <- lines[-1L]
  lines <- grep("^[0-9]+", lines, value = TRUE)
  stats::setNames(as.numeric(sub("^([0-9]+).*$", "\\1", lines)), trimws(sub("^[0-9]+[ :.-]*", "", lines)))
}

# What is left of each step is the next one; duplicates that a box names are lost, and parts are of one kind with
# their total.
chart_balance <- function(chart) {
  rows <- list()
  boxes <- chart$boxes
  duplicate <- lapply(chart$parts, function(parts) parts[grepl("duplicat|\u91cd\u590d", names(parts),
                                                               ignore.case = TRUE)])
  listed <- which(lengths(chart$parts) > 0L & !is.na(chart$n))
  for (i in listed) {
    others <- chart$parts[[i]][!names(chart$parts[[i]]) %in% names(duplicate[[i]])]
    headless <- !grepl("^[0-9]", first_line(boxes$text[i]))
    if (length(others) && !headless) {
      rows <- c(rows, list(balance_row(first_line(boxes$text[i]), unname(others), chart$n[i])))
    }
  }
  for (step in seq_len(max(boxes$row) - 1L)) {
    above <- which(boxes$row == step & boxes$lane == "main")
    below <- which(boxes$row == step + 1L & boxes$lane == "main")
    if (!length(above) || length(below) != 1L) next
    lost <- c(unlist(lapply(which(boxes$row == step & boxes$lane == "side"), function(i) lost_beside(chart, i))),
              unlist(duplicate[above]))
    merged <- length(above) > 1L || step == 1L
    rows <- c(rows, list(balance_row(first_line(boxes$text[below]), c(chart$n[above], -unname(lost)), chart$n[below],
                                     if (merged && !length(lost)) "<=" else "=")))
  }
  out <- do.call(rbind, c(list(no_balance), Filter(Negate(is.null), rows)))
  rownames(out) <- NULL
  out
}

# A box of exclusions without a number of its own excludes the sum of its lines.
lost_beside <- function(chart, i) {
  parts <- chart$parts[[i]]
  if (length(parts) && !grepl("^[0-9]", first_line(chart$boxes$text[i]))) unname(parts) else chart$n[i]
}

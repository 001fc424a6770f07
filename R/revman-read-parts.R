# Owns the parts of a RevMan file beside its analyses: references, characteristics, risk of bias, texts and the links
# from them, tables, figures, the study flow diagram.

revman_references <- function(document) {
  nodes <- xml2::xml_find_all(document, "./STUDIES_AND_REFERENCES//REFERENCE")
  study <- xml2::xml_find_first(nodes, "./parent::STUDY")
  fields <- c(authors = "AU", title = "TI", source = "SO", year = "YR", volume = "VL", issue = "NO",
              pages = "PG", editors = "ED",
              publisher = "PB", city = "CY", edition = "EN")
  out <- data.frame(study_id = xml2::xml_attr(study, "ID"), id = xml2::xml_attr(nodes, "ID"),
                    name = xml2::xml_attr(nodes, "NAME"),
                    type = xml2::xml_attr(nodes, "TYPE"), primary = xml2::xml_attr(nodes, "PRIMARY") == "YES",
                    stringsAsFactors = FALSE)
  out[names(fields)] <- lapply(fields, function(name) child_text(nodes, name))
  for (type in c("DOI", "PUBMED")) {
    path <- sprintf("./IDENTIFIERS/IDENTIFIER[@TYPE='%s']", type)
    out[[tolower(type)]] <- xml2::xml_attr(xml2::xml_find_first(nodes, path), "VALUE")
  }
  out
}

revman_characteristics <- function(document, studies) {
  nodes <- xml2::xml_find_all(document, "./CHARACTERISTICS_OF_STUDIES/*/*[@STUDY_ID]/*")
  id <- xml2::xml_attr(xml2::xml_find_first(nodes, ".."), "STUDY_ID")
  own <- match(id, studies$study_id)
  data.frame(study_id = id, study = studies$study[own], section = studies$section[own],
             field = tolower(sub("^CHAR_", "", xml2::xml_name(nodes))), text = paragraphs(nodes),
             stringsAsFactors = FALSE)
}

# An item without entries, and an entry without judgement or support, was not assessed.
revman_judgements <- function(document, studies) {
  nodes <- xml2::xml_find_all(document, "./QUALITY_ITEMS/QUALITY_ITEM/QUALITY_ITEM_DATA/QUALITY_ITEM_DATA_ENTRY")
  item <- xml2::xml_find_first(nodes, "../..")
  groups <- xml2::xml_find_all(document, "./QUALITY_ITEMS/QUALITY_ITEM/QUALITY_ITEM_DATA_ENTRY_GROUP")
  group <- match(xml2::xml_attr(nodes, "GROUP_ID"), xml2::xml_attr(groups, "ID"))
  id <- xml2::xml_attr(nodes, "STUDY_ID")
  support <- if (length(nodes)) paragraphs(xml2::xml_find_first(nodes, "./DESCRIPTION")) else character()
  result <- xml2::xml_attr(nodes, "RESULT")
  judgement <- unname(c(YES = "low", NO = "high", UNKNOWN = "unclear")[result])
  judgement[result %in% "UNKNOWN" & !nzchar(support)] <- NA
  data.frame(item_id = xml2::xml_attr(item, "ID"), item = child_text(item, "NAME"),
             level = tolower(xml2::xml_attr(item, "LEVEL")),
             core = xml2::xml_attr(item, "CORE_ITEM") == "YES", group = child_text(groups, "NAME")[group],
             outcomes = xml2::xml_attr(groups, "REF_IDS")[group], study_id = id,
             study = studies$study[match(id, studies$study_id)],
             judgement = judgement, support = support, stringsAsFactors = FALSE)
}

# Every part of the text that has paragraphs of its own.
revman_texts <- function(document) {
  path <- "./MAIN_TEXT//*[P or SUBSECTION or TITLE]|./APPENDICES/APPENDIX/APPENDIX_BODY"
  nodes <- xml2::xml_find_all(document, path)
  own <- vapply(seq_along(nodes), function(i) {
    text <- xml2::xml_text(xml2::xml_find_all(nodes[[i]],
                                              "./P|./SUBSECTION/*[self::P or self::HEADING]|./TITLE|./OL/LI|./UL/LI"))
    paste(text[nzchar(trimws(text))], collapse = "\n")
  }, "")
  section <- tolower(xml2::xml_name(nodes))
  keep <- section != "subsection"
  data.frame(section = section[keep], path = xml2::xml_path(nodes)[keep], text = own[keep], stringsAsFactors = FALSE)
}

# One row per link from the text to an outcome, with the paragraph that holds it.
revman_links <- function(document, outcomes) {
  nodes <- xml2::xml_find_all(document, "./MAIN_TEXT//LINK[@TYPE='ANALYSIS']")
  paragraph <- xml2::xml_find_first(nodes, "./ancestor::*[self::P or self::LI][1]")
  ref <- xml2::xml_attr(nodes, "REF")
  data.frame(ref = ref, outcome = outcomes$outcome[match(sub("^([^.]+[.][^.]+)[.].*$", "\\1", ref), outcomes$id)],
             shown = xml2::xml_text(nodes),
             sentence = xml2::xml_text(paragraph), stringsAsFactors = FALSE)
}

# Tables of text as matrices; a cell over several columns stands in the first.
revman_tables <- function(document, path) {
  nodes <- xml2::xml_find_all(document, path)
  out <- lapply(seq_along(nodes), function(i) {
    list(title = trimws(child_text(nodes[i], "TITLE")), cells = table_cells(nodes[[i]]),
         footnotes = paragraphs(xml2::xml_find_all(nodes[[i]], "./FOOTNOTES")))
  })
  stats::setNames(out, xml2::xml_attr(nodes, "ID"))
}

table_cells <- function(node) {
  rows <- xml2::xml_find_all(node, "./TABLE//TR")
  cells <- lapply(seq_along(rows), function(i) {
    one <- xml2::xml_find_all(rows[[i]], "./TH|./TD")
    span <- suppressWarnings(as.integer(xml2::xml_attr(one, "COLSPAN")))
    span <- pmin(pmax(ifelse(is.na(span), 1L, span), 1L), 100L)
    unlist(Map(function(text, n) c(text, rep("", n - 1L)), paragraphs(one), span), use.names = FALSE)
  })
  width <- max(0L, lengths(cells))
  do.call(rbind, lapply(cells, function(row) c(row, rep("", width - length(row)))))
}

# data: the picture in base64, as it stands in the file.
revman_figures <- function(document) {
  nodes <- xml2::xml_find_all(document, "./FIGURES/FIGURE")
  out <- attribute_columns(nodes, c("ID", "NO", "TYPE", "FILENAME", "FILE_TYPE", "SHORT_VERSION_FIGURE"), all = TRUE)
  out$caption <- if (length(nodes)) trimws(child_text(nodes, "CAPTION")) else character()
  out$data <- if (length(nodes)) child_text(nodes, "FILE") else character()
  out
}

# The file nests each box in the one below it: the outermost is the last. `step` counts from the top; `side` marks boxes
# of exclusions; `n` is the number that a text begins with.
revman_flowchart <- function(document) {
  nodes <- xml2::xml_find_all(document, "./EXTENSIONS/EXTENSION[@TYPE='FLOWCHART']//*[self::FLOWCHARTBOX or self::OUT]")
  depth <- lengths(lapply(seq_along(nodes),
                          function(i) xml2::xml_find_all(nodes[[i]], "ancestor-or-self::FLOWCHARTBOX")))
  text <- xml2::xml_attr(nodes, "TEXT")
  text <- ifelse(is.na(text), child_text(nodes, "TEXT"), text)
  plain <- trimws(gsub("[[:space:]]*\n[[:space:]]*", "\n", gsub("<[^>]*>", "", gsub("</p>", "\n", text, fixed = TRUE))))
  step <- max(depth, 0L) - depth + 1L
  side <- xml2::xml_name(nodes) == "OUT"
  out <- data.frame(step = step, side = side,
                    n = suppressWarnings(as.integer(sub("^[^0-9]*([0-9]*).*$", "\\1", plain))), text = plain,
                    stringsAsFactors = FALSE)
  out <- out[order(step, side), ]
  rownames(out) <- NULL
  out
}

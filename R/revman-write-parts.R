# Owns the parts of a RevMan file beside its analyses as they are written: verbatim while the tables say what the part
# says, else from the tables. Source: order of elements as met in RevMan 5.0 to 5.4.

kept_sections <- c("COVER_SHEET", "MAIN_TEXT", "STUDIES_AND_REFERENCES", "CHARACTERISTICS_OF_STUDIES", "QUALITY_ITEMS",
                   "SOF_TABLES",
                   "ADDITIONAL_TABLES", "FEEDBACK", "APPENDICES", "EXTENSIONS")

# The attributes of the root, and the text of the parts that tables hold only in outline.
revman_kept <- function(document) {
  sections <- vapply(kept_sections, function(name) {
    node <- xml2::xml_find_first(document, paste0("./", name))
    text <- if (inherits(node, "xml_missing")) "" else as.character(node, options = character())
    # What refers to entities of a document type would be no XML without it.
    if (grepl("&(?!(amp|lt|gt|quot|apos|#[0-9]+|#x[0-9a-fA-F]+);)", text, perl = TRUE)) "" else text
  }, "")
  own <- xml2::xml_attrs(document)
  list(attributes = own[order(names(own))], sections = sections)
}

review_sections <- c("COVER_SHEET", "MAIN_TEXT", "STUDIES_AND_REFERENCES", "CHARACTERISTICS_OF_STUDIES",
                     "QUALITY_ITEMS", "SOF_TABLES",
                     "ADDITIONAL_TABLES", "ANALYSES_AND_DATA", "FIGURES", "FEEDBACK", "APPENDICES", "EXTENSIONS")

review_xml <- function(x, call) {
  kept <- attr(x, "kept", exact = TRUE)
  same <- if (!is.null(kept)) unchanged_sections(x, kept) else character()
  made <- lapply(stats::setNames(nm = review_sections), function(name) {
    if (name %in% same && nzchar(kept$sections[[name]])) kept$sections[[name]] else section_makers[[name]](x, kept)
  })
  again <- setdiff(names(kept$sections)[nzchar(kept$sections) & !grepl("^<[A-Z_]+/>$", kept$sections)],
                   c(same, "COVER_SHEET"))
  if (length(again)) {
    warn_input("x", sprintf("was changed: these parts are written from its tables alone, without formatting and links: %s",
                            toString(tolower(again))), call)
  }
  wrap_xml("COCHRANE_REVIEW", unlist(made, use.names = FALSE), root_attributes(x$review, kept$attributes))
}

# Sections whose tables are what the kept text says.
unchanged_sections <- function(x, kept) {
  document <- xml2::read_xml(charToRaw(enc2utf8(paste0("<COCHRANE_REVIEW>", paste(kept$sections, collapse = ""),
                                                       "</COCHRANE_REVIEW>"))),
                             encoding = "UTF-8", options = c("NOBLANKS", "NONET", "HUGE"))
  studies <- revman_studies(document)
  texts <- revman_texts(document)
  of <- function(table, part) as_plain(table[grepl(paste0("^/COCHRANE_REVIEW/", part), table$path),
                                             c("section", "text"), drop = FALSE])
  agrees <- c(
    COVER_SHEET = identical(cover_title(document), x$review$title[1L]),
    MAIN_TEXT = identical(of(texts, "MAIN_TEXT"), of(x$texts, "MAIN_TEXT")),
    STUDIES_AND_REFERENCES = identical(studies, as_plain(x$studies)) &&
      identical(revman_references(document), as_plain(x$references)),
    CHARACTERISTICS_OF_STUDIES = identical(revman_characteristics(document, studies), as_plain(x$characteristics)),
    QUALITY_ITEMS = identical(revman_judgements(document, studies), as_plain(x$risk_of_bias)),
    SOF_TABLES = identical(revman_tables(document, "./SOF_TABLES/SOF_TABLE"), x$sof_tables),
    ADDITIONAL_TABLES = identical(revman_tables(document, "./ADDITIONAL_TABLES/ADDITIONAL_TABLE"), x$additional_tables),
    FEEDBACK = TRUE, APPENDICES = identical(of(texts, "APPENDICES"), of(x$texts, "APPENDICES")),
    EXTENSIONS = identical(revman_flowchart(document), as_plain(x$flowchart)))
  names(agrees)[agrees]
}

as_plain <- function(table) {
  if (is.data.frame(table)) rownames(table) <- NULL
  table
}

cover_title <- function(document) trimws(xml2::xml_text(xml2::xml_find_first(document, "./COVER_SHEET/TITLE")))

root_defaults <- c(DESCRIPTION = "", DOI = "", GROUP_ID = "", ID = strrep("0", 18L), MERGED_FROM = "", REVIEW_NO = "",
                   REVMAN_SUB_VERSION = "5.4.1", REVMAN_VERSION = "5", SPLIT_FROM = "", STAGE = "R", STATUS = "A",
                   TYPE = "INTERVENTION",
                   VERSION_NO = "0.0")

root_attributes <- function(review, kept) {
  own <- if (is.null(kept)) root_defaults else kept
  given <- vapply(review[setdiff(names(review), "title")], function(v) as.character(v)[1L], "")
  given <- given[!is.na(given)]
  own[toupper(names(given))] <- given
  own <- own[order(names(own))]
  paste0(sprintf(" %s=\"%s\"", names(own), xml_escape(own, TRUE)), collapse = "")
}

# ---- makers --------------------------------------------------------------------------------------

# The authors and dates of a cover sheet stay when its title is changed.
cover_xml <- function(x, kept) {
  title <- x$review$title[1L]
  old <- if (is.null(kept)) "" else kept$sections[["COVER_SHEET"]]
  if (nzchar(old)) {
    node <- xml2::read_xml(charToRaw(enc2utf8(old)), encoding = "UTF-8", options = c("NOBLANKS", "NONET", "HUGE"))
    at <- xml2::xml_find_first(node, "./TITLE")
    if (!inherits(at, "xml_missing")) {
      xml2::xml_set_text(at, title)
      return(as.character(xml2::xml_root(node), options = "no_declaration"))
    }
  }
  date <- "<DATE DAY=\"\" MONTH=\"\" YEAR=\"\"/>"
  issue <- sprintf("<%s ISSUE=\"\" YEAR=\"\"/>", c("PROTOCOL_PUBLISHED", "REVIEW_PUBLISHED", "LAST_CITATION_ISSUE"))
  wrap_xml("COVER_SHEET", c(element("TITLE", title), "<CONTACT/>", "<CREATORS/>",
                            wrap_xml("DATES", c(sprintf("<%s>%s</%s>", c("UP_TO_DATE", "LAST_SEARCH", "NEXT_STAGE"),
                                                        date,
                                                        c("UP_TO_DATE", "LAST_SEARCH", "NEXT_STAGE")), issue)),
                            "<WHATS_NEW/>", "<HISTORY/>", wrap_xml("SOURCES_OF_SUPPORT",
                                                                   c("<INTERNAL_SOURCES/>", "<EXTERNAL_SOURCES/>")),
                            "<MESH_TERMS VERIFIED=\"NO\"/>", "<KEYWORDS/>"))
}

# Names of the parts of the main text; a list where a part has parts.
parts_list <- function(...) {
  given <- list(...)
  nested <- nzchar(if (is.null(names(given))) character(length(given)) else names(given))
  unlist(lapply(seq_along(given), function(i) {
    if (nested[i]) return(given[i])
    words <- words_of(given[[i]])
    stats::setNames(vector("list", length(words)), words)
  }), recursive = FALSE)
}

main_text_parts <- parts_list(
  SUMMARY = parts_list("SUMMARY_BODY"),
  ABSTRACT = parts_list(paste("ABS_BACKGROUND ABS_OBJECTIVES ABS_SEARCH_STRATEGY ABS_SELECTION_CRITERIA",
                              "ABS_DATA_COLLECTION ABS_RESULTS ABS_CONCLUSIONS")),
  BODY = parts_list(
    BACKGROUND = parts_list("CONDITION INTERVENTION THEORY IMPORTANCE"), "OBJECTIVES",
    METHODS = parts_list(
      SELECTION_CRITERIA = parts_list("CRIT_STUDIES CRIT_PARTICIPANTS CRIT_INTERVENTIONS",
                                      CRIT_OUTCOMES = parts_list("CRIT_OUTCOMES_PRIMARY CRIT_OUTCOMES_SECONDARY")),
      SEARCH_METHODS = parts_list("ELECTRONIC_SEARCHES OTHER_SEARCHES"),
      DATA_COLLECTION = parts_list(paste("STUDY_SELECTION DATA_EXTRACTION QUALITY_ASSESSMENT EFFECT_MEASURES",
                                         "UNIT_OF_ANALYSIS MISSING_DATA",
                                         "HETEROGENEITY_ASSESSMENT BIAS_ASSESSMENT DATA_SYNTHESIS SUBGROUP_ANALYSIS",
                                         "SENSITIVITY_ANALYSIS"))),
    RESULTS = parts_list(STUDY_DESCRIPTION = parts_list("SEARCH_RESULTS INCLUDED_STUDIES_DESCR EXCLUDED_STUDIES_DESCR"),
                         STUDY_QUALITY = parts_list(paste("ALLOCATION BLINDING EXCLUSIONS SELECTIVE_REPORTING",
                                                          "OTHER_BIAS_SOURCES")),
                         "INTERVENTION_EFFECTS"),
    DISCUSSION = parts_list(paste("SUMMARY_OF_RESULTS APPLICABILITY_OF_FINDINGS QUALITY_OF_EVIDENCE POTENTIAL_BIASES",
                                  "AGREEMENT")),
    CONCLUSIONS = parts_list("IMPLICATIONS_PRACTICE IMPLICATIONS_RESEARCH")),
  "ACKNOWLEDGEMENTS CONFLICT_OF_INTEREST CONTRIBUTIONS PRO_REV_DIFF PUBLIC_NOTES")

main_text_xml <- function(x, kept) {
  texts <- x$texts
  part <- function(name, parts, path) {
    path <- paste0(path, "/", name)
    own <- texts$text[texts$path %in% path]
    inner <- unlist(Map(part, names(parts), parts, MoreArgs = list(path = path)), use.names = FALSE)
    lines <- if (length(own)) paragraph_xml(own[1L])
    if (name == "SUMMARY") lines <- if (length(lines)) gsub("P>", "TITLE>", lines[1L], fixed = TRUE) else "<TITLE/>"
    wrap_xml(name, c(lines, inner))
  }
  part("MAIN_TEXT", main_text_parts, "/COCHRANE_REVIEW")
}

study_sections <- c(included = "INCLUDED", excluded = "EXCLUDED", awaiting = "AWAITING", ongoing = "ONGOING")

reference_fields <- c(AU = "authors", TI = "title", SO = "source", ED = "editors", PB = "publisher", CY = "city",
                      YR = "year",
                      VL = "volume", NO = "issue", PG = "pages", EN = "edition")

reference_xml <- function(r, in_study) {
  given <- vapply(r[reference_fields], function(v) if (is.na(v)) "" else as.character(v), "")
  fields <- element(names(reference_fields), given)[nzchar(given)]
  ids <- c(PUBMED = r$pubmed, DOI = r$doi)
  ids <- ids[!is.na(ids)]
  marks <- if (in_study) {
    sprintf(" PRIMARY=\"%s\" TYPE=\"%s\"", if (isTRUE(r$primary)) "YES" else "NO",
            xml_escape(or_default(r$type, "OTHER"), TRUE))
  } else {
    sprintf(" ID=\"%s\" NAME=\"%s\" TYPE=\"%s\"", xml_escape(or_default(r$id, "REF"), TRUE),
            xml_escape(or_default(r$name, ""), TRUE),
            xml_escape(or_default(r$type, "OTHER"), TRUE))
  }
  identifiers <- wrap_xml("IDENTIFIERS", if (length(ids)) sprintf("<IDENTIFIER TYPE=\"%s\" VALUE=\"%s\"/>", names(ids),
                                                                  xml_escape(ids, TRUE)))
  wrap_xml("REFERENCE", c(fields, identifiers), marks)
}

or_default <- function(value, default) if (!length(value) || is.na(value[1L])) default else value[1L]

studies_xml <- function(x, kept) {
  refs <- x$references
  one <- function(s) {
    mine <- which(refs$study_id %in% s$study_id)
    content <- c(unlist(lapply(mine, function(i) reference_xml(refs[i, ], TRUE))), "<IDENTIFIERS/>")
    wrap_xml("STUDY", content, sprintf(" DATA_SOURCE=\"%s\" ID=\"%s\" NAME=\"%s\" YEAR=\"%s\"",
                                       xml_escape(or_default(s$data_source, "PUB"), TRUE),
                                       xml_escape(s$study_id, TRUE), xml_escape(s$study, TRUE),
                                       xml_escape(or_default(s$year, ""), TRUE)))
  }
  sections <- unlist(lapply(names(study_sections), function(name) {
    mine <- which(x$studies$section %in% name)
    wrap_xml(paste0(study_sections[[name]], "_STUDIES"), unlist(lapply(mine, function(i) one(x$studies[i, ]))))
  }))
  others <- if (is.null(refs)) integer() else which(is.na(refs$study_id))
  wrap_xml("STUDIES_AND_REFERENCES", c(wrap_xml("STUDIES", sections), wrap_xml("OTHER_REFERENCES", c(
    wrap_xml("ADDITIONAL_REFERENCES", unlist(lapply(others, function(i) reference_xml(refs[i, ], FALSE)))),
    "<OTHER_VERSIONS_REFERENCES/>",
    "<PENDING_REFERENCES/>"))))
}

characteristics_xml <- function(x, kept) {
  table <- x$characteristics
  of <- function(name) {
    own <- table[table$section %in% name, ]
    entries <- unlist(lapply(unique(own$study_id), function(id) {
      mine <- own[own$study_id %in% id, ]
      fields <- unlist(Map(function(field, text) wrap_xml(paste0("CHAR_", toupper(field)), paragraph_xml(text)),
                           mine$field, mine$text),
                       use.names = FALSE)
      wrap_xml(paste0(study_sections[[name]], "_CHAR"), fields, sprintf(" STUDY_ID=\"%s\"", xml_escape(id, TRUE)))
    }))
    user <- if (name != "excluded") paste(sprintf(" USER_DEF_%d_ENABLED=\"%s\"", 1:3,
                                                  ifelse(sprintf("user_def_%d", 1:3) %in% own$field, "YES", "NO")),
                                          collapse = "")
    wrap_xml(sprintf("CHARACTERISTICS_OF_%s_STUDIES", study_sections[[name]]), c(entries, "<FOOTNOTES/>"),
             paste0(" SORT_BY=\"STUDY\"", user))
  }
  wrap_xml("CHARACTERISTICS_OF_STUDIES", unlist(lapply(names(study_sections), of)))
}

# Judgements of groups of outcomes stand under the items that have them.
quality_xml <- function(x, kept) {
  table <- x$risk_of_bias
  items <- unlist(lapply(unique(table$item_id), function(id) {
    own <- table[table$item_id %in% id, ]
    number <- match(id, unique(table$item_id))
    groups <- unique(own[nzchar(ifelse(is.na(own$group), "", own$group)), c("group", "outcomes")])
    ids <- sprintf("QIG-%02d.%02d", number, seq_len(nrow(groups)))
    refs <- ifelse(is.na(groups$outcomes), "", sprintf(" REF_IDS=\"%s\"", xml_escape(groups$outcomes, TRUE)))
    heads <- unlist(lapply(seq_len(nrow(groups)), function(i) {
      wrap_xml("QUALITY_ITEM_DATA_ENTRY_GROUP", element("NAME", groups$group[i]),
               sprintf(" ID=\"%s\" NO=\"%d\"%s", ids[i], i, refs[i]))
    }))
    in_group <- match(own$group, groups$group)
    result <- c(low = "YES", high = "NO", unclear = "UNKNOWN")[own$judgement]
    result[is.na(result)] <- "UNKNOWN"
    entries <- unlist(lapply(seq_len(nrow(own)), function(i) {
      marks <- paste0(if (!is.na(in_group[i])) sprintf(" GROUP_ID=\"%s\"", ids[in_group[i]]),
                      sprintf(" RESULT=\"%s\" STUDY_ID=\"%s\"", result[i], xml_escape(own$study_id[i], TRUE)))
      wrap_xml("QUALITY_ITEM_DATA_ENTRY", wrap_xml("DESCRIPTION", paragraph_xml(own$support[i])), marks)
    }))
    wrap_xml("QUALITY_ITEM", c(element("NAME", own$item[1L]), "<DESCRIPTION/>", heads,
                               wrap_xml("QUALITY_ITEM_DATA", entries)),
             sprintf(" CORE_ITEM=\"%s\" ID=\"%s\" LEVEL=\"%s\" NO=\"%d\"", if (isTRUE(own$core[1L])) "YES" else "NO",
                     xml_escape(id, TRUE),
                     toupper(or_default(own$level, "study")), number))
  }))
  wrap_xml("QUALITY_ITEMS", items)
}

table_maker <- function(name) {
  force(name)
  function(x, kept) {
    tables <- x[[tolower(paste0(name, "S"))]]
    wrap_xml(paste0(name, "S"), unlist(lapply(seq_along(tables), function(i) {
      one <- tables[[i]]
      rows <- unlist(lapply(seq_len(NROW(one$cells)), function(r) {
        wrap_xml("TR", unlist(lapply(one$cells[r, ], function(cell) wrap_xml("TD",
                                                                             c(paragraph_xml(cell),
                                                                               if (!nzchar(cell)) "<P/>")))))
      }))
      wrap_xml(name, c(element("TITLE", one$title), wrap_xml("TABLE", rows,
                                                             sprintf(" COLS=\"%d\" ROWS=\"%d\"", NCOL(one$cells),
                                                                     NROW(one$cells))),
                       wrap_xml("FOOTNOTES", unlist(lapply(one$footnotes, paragraph_xml)))),
               sprintf(" ID=\"%s\" NO=\"%d\"", xml_escape(names(tables)[i], TRUE), i))
    })))
  }
}

figures_xml <- function(x, kept) {
  table <- x$figures
  wrap_xml("FIGURES", unlist(lapply(seq_len(NROW(table)), function(i) {
    marks <- attributes_xml(table[i, ], c("FILENAME", "FILE_TYPE", "ID", "NO", "SHORT_VERSION_FIGURE", "TYPE"))
    wrap_xml("FIGURE", c(wrap_xml("CAPTION", paragraph_xml(table$caption[i])), element("FILE", table$data[i])), marks)
  })))
}

appendices_xml <- function(x, kept) {
  own <- x$texts[x$texts$section %in% "appendix_body", ]
  wrap_xml("APPENDICES", unlist(lapply(seq_len(NROW(own)), function(i) {
    wrap_xml("APPENDIX", c("<TITLE/>", wrap_xml("APPENDIX_BODY", paragraph_xml(own$text[i]))),
             sprintf(" ID=\"APP-%02d\" NO=\"%d\"", i, i))
  })))
}

# Each box holds the boxes above it, and those of exclusions at its side.
flowchart_xml <- function(x, kept) {
  chart <- x$flowchart
  if (!NROW(chart)) return("<EXTENSIONS/>")
  text <- function(i) {
    lines <- strsplit(chart$text[i], "\n", fixed = TRUE)[[1L]]
    sprintf(" TEXT=\"%s\" WIDTH=\"120\"", xml_escape(paste0("<p>", lines, "</p>", collapse = ""), TRUE))
  }
  box <- function(step) {
    own <- which(chart$step == step & !chart$side)
    sides <- which(chart$step == step & chart$side)
    above <- if (step > min(chart$step)) box(step - 1L)
    unlist(lapply(seq_along(own), function(j) {
      outs <- if (j == 1L) unlist(lapply(sides, function(i) wrap_xml("OUT", NULL, text(i))))
      wrap_xml("FLOWCHARTBOX", c(if (j == 1L) above, outs), text(own[j]))
    }))
  }
  wrap_xml("EXTENSIONS", wrap_xml("EXTENSION", wrap_xml("ALIAS", box(max(chart$step)), " ALIAS_ID=\"1\""),
                                  " ID=\"FLOW_1\" NAME=\"FIGURE\" REVMAN_VERSION=\"5.1.0\" TYPE=\"FLOWCHART\""))
}

section_makers <- list(
  COVER_SHEET = cover_xml, MAIN_TEXT = main_text_xml, STUDIES_AND_REFERENCES = studies_xml,
  CHARACTERISTICS_OF_STUDIES = characteristics_xml,
  QUALITY_ITEMS = quality_xml, SOF_TABLES = table_maker("SOF_TABLE"),
  ADDITIONAL_TABLES = table_maker("ADDITIONAL_TABLE"),
  ANALYSES_AND_DATA = function(x, kept) analyses_xml(x), FIGURES = figures_xml,
  FEEDBACK = function(x, kept) "<FEEDBACK/>",
  APPENDICES = appendices_xml, EXTENSIONS = flowchart_xml)

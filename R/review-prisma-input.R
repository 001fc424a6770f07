# Owns the numbers of a study flow as they come in: by name, from tables and files, from RevMan's charts.

# The numbers that a flow may have, and what they are called.
prisma_fields <- c(
  previous = "Studies included in previous version of review", databases = "Databases", registers = "Registers",
  other = "Other sources", identified = "Records identified", duplicates = "Duplicate records removed",
  automation = "Records marked as ineligible by automation tools", removed = "Records removed for other reasons",
  after_duplicates = "Records after duplicates removed", screened = "Records screened", excluded = "Records excluded",
  sought = "Reports sought for retrieval", not_retrieved = "Reports not retrieved",
  assessed = "Reports assessed for eligibility",
  excluded_reports = "Reports excluded", other_sought = "Other methods: reports sought for retrieval",
  other_not_retrieved = "Other methods: reports not retrieved",
  other_assessed = "Other methods: reports assessed for eligibility",
  other_excluded = "Other methods: reports excluded", included = "Studies included in review",
  qualitative = "Studies included in qualitative synthesis",
  quantitative = "Studies included in quantitative synthesis (meta-analysis)",
  total = "Total studies included in review",
  after = "After inclusion")

prisma_parted <- c("databases", "registers", "other", "removed", "excluded", "excluded_reports", "not_retrieved",
                   "other_excluded",
                   "duplicates", "after", "automation", "other_not_retrieved")
prisma_pairs <- c("previous", "included", "total")

prisma_numbers <- function(given, call) {
  if (!length(given)) return(list())
  names <- names(given)
  if (is.null(names) || !all(nzchar(names))) abort_input("...", "must be numbers with names of boxes", call)
  for (name in setdiff(names, names(prisma_fields))) {
    abort_input(name, sprintf("is no box of a flow diagram: these are %s%s",
                              paste(names(prisma_fields), collapse = ", "),
                              did_you_mean(name, names(prisma_fields))), call)
  }
  again <- names[duplicated(names)]
  if (length(again)) abort_input(again[1L], "must be given once", call)
  given <- Filter(Negate(is.null), given)
  Map(function(value, name) check_counts(value, name, call), given, names(given))
}

# Whole numbers; parts have names, pairs are of studies and reports.
check_counts <- function(value, name, call) {
  if (is.pairlist(value)) value <- as.list(value)
  if (is.list(value) && !is.object(value) && all(lengths(value) == 1L)) value <- unlist(value)
  fine <- is.numeric(value) && length(value) && all(is.finite(value)) && all(value >= 0) && all(value == round(value))
  if (!fine) abort_input(name, sprintf("must be whole numbers, not negative, not %s", describe(value)), call)
  if (!is.null(names(value)) && !all(validUTF8(names(value)))) abort_input(name, "must have names in valid UTF-8", call)
  most <- if (name %in% prisma_pairs) 2L else if (name %in% prisma_parted) Inf else 1L
  if (length(value) > most) abort_input(name, sprintf("must be %d number(s), not %d", most, length(value)), call)
  if (name %in% prisma_pairs) return(as_pair(value, name, call))
  value <- stats::setNames(as.numeric(value), names(value))
  if (name == "after" && any(part_names(value) == "")) {
    abort_input(name, "must have the texts of its boxes as names", call)
  }
  if (length(value) > 1L && sum(part_names(value) == "") > 1L) {
    abort_input(name, "must have names for its parts; one without a name is their total", call)
  }
  value
}

as_pair <- function(value, name, call) {
  if (is.null(names(value))) names(value) <- c("studies", "reports")[seq_along(value)]
  if (!all(names(value) %in% c("studies", "reports")) || anyDuplicated(names(value))) {
    abort_input(name, "must be c(studies =, reports =)", call)
  }
  stats::setNames(as.numeric(value), names(value))
}

part_names <- function(value) if (is.null(names(value))) rep("", length(value)) else names(value)

# The total of a number with parts: the part without a name, or their sum.
prisma_total <- function(value) {
  if (is.null(value)) return(NA_real_)
  own <- part_names(value) == ""
  if (any(own)) unname(value[own][1L]) else sum(value)
}

parts_of <- function(value) value[part_names(value) != ""]

# ---- tables and files -----------------------------------------------------------------------------

prisma_data <- function(data, call) {
  if (is.null(data)) return(list(flow = list()))
  if (is.character(data) && length(data) == 1L) data <- prisma_file(data, call)
  if (inherits(data, "revman_review")) data <- data$flowchart
  if (!is.data.frame(data)) {
    abort_input("data", sprintf("must be a data frame, a review or a file, not %s", describe(data)), call)
  }
  if (!nrow(data)) abort_input("data", "has no boxes of a flow diagram", call)
  if (all(c("step", "side", "n", "text") %in% names(data))) return(revman_chart(data))
  names(data) <- tolower(names(data))
  if (!"n" %in% names(data)) abort_input("data", "must have a column `n`, the numbers of the boxes", call)
  if (all(c("data", "boxtext") %in% names(data))) return(list(flow = template_numbers(data, call)))
  if (!"box" %in% names(data)) abort_input("data", "must have a column `box`, the texts of the boxes", call)
  list(flow = table_numbers(data, call))
}

prisma_file <- function(file, call) {
  if (!validUTF8(file)) abort_input("data", "must be a path in valid UTF-8", call)
  path <- plain_path(file, "data", call)
  if (!file.exists(path)) abort_input("data", sprintf("must be a file; there is none at %s", describe(file)), call)
  if (grepl("[.]rm5$", path, ignore.case = TRUE)) return(read_rm5(path))
  table <- tryCatch(utils::read.csv(path, fileEncoding = "UTF-8-BOM", stringsAsFactors = FALSE),
                    error = function(e) NULL,
                    warning = function(w) NULL)
  if (is.null(table)) abort_input("data", "is no .csv with columns that can be read", call)
  table
}

table_numbers <- function(data, call) {
  box <- enc2utf8(as.character(data$box))
  stage <- if (is.null(data$stage)) rep("", length(box)) else tolower(enc2utf8(as.character(data$stage)))
  n <- suppressWarnings(as.numeric(gsub("[ ,]", "", as.character(data$n))))
  bad <- is.na(n) | n < 0 | n != round(n)
  if (any(bad)) abort_studies("data", which(bad), "must have whole numbers in the column `n`", call)
  if (!all(validUTF8(box)) || !all(validUTF8(stage))) abort_input("data", "must hold valid UTF-8 text", call)
  field <- vapply(seq_along(box), function(i) box_field(tolower(box[i]), stage[i]), "")
  flow <- lapply(split(seq_along(box), factor(field, unique(field))),
                 function(rows) stats::setNames(n[rows], box[rows]))
  pairs <- c(included_reports = "included", total_reports = "total", previous_reports = "previous")
  for (name in intersect(names(pairs), names(flow))) {
    flow[[pairs[[name]]]] <- c(studies = unname(flow[[pairs[[name]]]])[1L], reports = flow[[name]][[1L]])
    flow[[name]] <- NULL
  }
  flow[names(flow)] <- Map(function(value, name) table_field(value, name, call), flow, names(flow))
  flow
}

# Sources keep their names, of the others only several parts do.
table_field <- function(value, name, call) {
  if (name %in% prisma_pairs) return(as_pair(if (all(names(value) %in% c("studies",
                                                                         "reports"))) value[!is.na(value)] else unname(value)[1L], name, call))
  if (length(value) > 1L && !name %in% prisma_parted) {
    abort_input("data", sprintf("has several boxes that are \"%s\": %s", name, paste(names(value), collapse = ", ")),
                call)
  }
  # "Full texts excluded: wrong design" is the reason after the colon.
  if (grepl("excluded|removed|retrieved", name)) {
    reason <- trimws(sub("^[^:\uff1a]*[:\uff1a]", "", names(value)))
    told <- reason != trimws(names(value)) & nzchar(reason)
    names(value)[told] <- reason[told]
    if (length(value) == 1L && told) return(value)
  }
  keep <- name %in% c("databases", "registers", "other", "after") && !all(grepl(plain_source, tolower(names(value))))
  if (length(value) > 1L || keep) value else unname(value)
}

plain_source <- "^(records )?(identified )?(from |through |in )*(databases?|database searching|registers?|other sources?|other methods)$"

# A box called as this package calls it; single words that a stage may tell otherwise ("total", "excluded") aside.
own_field <- function(box) {
  key <- gsub("[ .-]+", "_", trimws(box))
  clear <- c("assessed", grep("_", names(prisma_fields), value = TRUE))
  own <- match(trimws(box), tolower(prisma_fields))
  if (key %in% clear) key else names(prisma_fields)[own]
}

# Which number a text stands for; rules in order, the stage decides what the words leave open.
box_field <- function(box, stage) {
  own <- own_field(box)
  if (!is.na(own)) return(own)
  has <- function(pattern, text = box) grepl(pattern, text, perl = TRUE)
  excluded <- has("exclu|ineligible|not eligible|\u6392\u9664|\u5254\u9664")
  first <- has("identif|search|\u68c0\u7d22|\u8bc6\u522b|\u8bc6\u522b", stage)
  late <- has("eligib|full|\u5168\u6587|\u8d44\u683c|\u7eb3\u5165\u5224",
              stage) || has("full.?text|report|eligib|\u5168\u6587|\u590d\u7b5b")
  if (has("duplicat|\u91cd\u590d|\u53bb\u91cd")) return(if (has("after|\u540e")) "after_duplicates" else "duplicates")
  if (has("automation|automatic|\u81ea\u52a8")) return("automation")
  if (has("not retrieved|could not be (found|retrieved)|no full text|\u672a\u83b7\u53d6|\u672a\u83b7\u5f97|\u65e0\u6cd5\u83b7")) return("not_retrieved")
  if (has("sought|retrieval|\u83b7\u53d6\u5168\u6587|\u62df\u83b7\u53d6")) return("sought")
  if (excluded && has("full.?text|\u5168\u6587|\u590d\u7b5b")) return("excluded_reports")
  if (excluded && has("title|abstract|\u9898|\u6458\u8981|\u521d\u7b5b|record")) return("excluded")
  if (excluded || has("removed|\u79fb\u9664"))
    return(if (first) "removed" else if (late) "excluded_reports" else "excluded")
  if (has("quantitative|meta.?analysis|\u5b9a\u91cf|meta")) return("quantitative")
  if (has("qualitative|\u5b9a\u6027")) return("qualitative")
  if (has("previous|earlier version|\u65e2\u5f80|\u4e0a\u4e00\u7248"))
    return(if (has("report")) "previous_reports" else "previous")
  if (has("includ|\u7eb3\u5165")) return(included_field(has))
  if (has("screened|screening of|\u7b5b\u9009|\u521d\u7b5b")) return("screened")
  if (late && has("assess|eligib|full.?text|\u8bc4\u4f30|\u8bc4\u4ef7|\u590d\u7b5b|\u5168\u6587")) return("assessed")
  if (has("^total|^all records|records identified$|^identified|\u5408\u8ba1|\u603b\u8ba1|\u5171\u68c0|\u603b\u6570"))
    return("identified")
  if (has("screen|\u7b5b", stage)) return("excluded")
  if (late) return("excluded_reports")
  if (has("includ|\u7eb3\u5165", stage)) return("after")
  source_field(has)
}

included_field <- function(has) {
  paste0(if (has("total|\u603b|\u5408\u8ba1")) "total" else "included",
         if (has("^reports|number of reports|\u62a5\u544a\u6570")) "_reports" else "")
}

source_field <- function(has) {
  if (has("regist|clinicaltrials|ictrp|prospero|chictr|\u6ce8\u518c")) return("registers")
  if (has("website|organi[sz]ation|citation|hand|reference list|other|additional|grey|gray|expert|author|\u5176\u4ed6|\u8ffd\u6eaf|\u624b\u5de5|\u624b\u68c0|\u53c2\u8003\u6587\u732e")) return("other")
  "databases"
}

# ---- the template file of the package PRISMA2020 -------------------------------------------------

template_names <- c(
  previous_studies = "previous.studies", previous_reports = "previous.reports", database_results = "databases",
  register_results = "registers", website_results = "other.Websites", organisation_results = "other.Organisations",
  citations_results = "other.Citation searching", duplicates = "duplicates", excluded_automatic = "automation",
  excluded_other = "removed", records_screened = "screened", records_excluded = "excluded",
  dbr_sought_reports = "sought", dbr_notretrieved_reports = "not_retrieved", dbr_assessed = "assessed",
  dbr_excluded = "excluded_reports", other_sought_reports = "other_sought",
  other_notretrieved_reports = "other_not_retrieved", other_assessed = "other_assessed",
  other_excluded = "other_excluded", new_studies = "included.studies", new_reports = "included.reports",
  total_studies = "total.studies", total_reports = "total.reports", database_specific_results = "databases",
  register_specific_results = "registers")

template_numbers <- function(data, call) {
  flow <- list()
  for (i in which(data$data %in% names(template_names))) {
    value <- template_value(as.character(data$n[i]))
    if (is.null(value)) next
    if (anyNA(value)) abort_studies("data", i, "must have whole numbers in the column `n`", call)
    target <- strsplit(template_names[[data$data[i]]], ".", fixed = TRUE)[[1L]]
    if (length(target) == 2L) names(value) <- target[2L]
    old <- flow[[target[1L]]]
    single <- endsWith(data$data[i], "_specific_results") && !is.null(names(value))
    flow[[target[1L]]] <- if (single) value else c(old, value)
  }
  if (!length(flow)) abort_input("data", "has no boxes of a flow diagram", call)
  prisma_numbers(flow, call)
}

# "12", or "Reason, 3; Another, 4".
template_value <- function(text) {
  text <- trimws(text)
  if (is.na(text) || !nzchar(text)) return(NULL)
  parts <- trimws(strsplit(text, ";", fixed = TRUE)[[1L]])
  parts <- parts[nzchar(parts)]
  number <- suppressWarnings(as.numeric(sub("^.*,", "", parts)))
  if (length(parts) == 1L && !grepl(",", parts)) number else stats::setNames(number, trimws(sub(",[^,]*$", "", parts)))
}

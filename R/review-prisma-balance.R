# Owns the arithmetic of a study flow: what follows from other numbers, and which numbers do not add up.

# Sum of those that are there; NA if none is.
sum_of <- function(flow, names) {
  values <- vapply(names, function(name) prisma_total(flow[[name]]), 0)
  if (all(is.na(values))) NA_real_ else sum(values, na.rm = TRUE)
}

prisma_sources <- function(template) c("databases", "registers", if (template == "2009") "other")
prisma_removals <- c("duplicates", "automation", "removed")

less <- function(from, what) if (is.na(what)) from else from - what

# Numbers of boxes that were not given and follow from the others.
prisma_filled <- function(flow, template) {
  add <- function(name, value) if (is.null(flow[[name]]) && !is.na(value) && value >= 0) flow[[name]] <<- value
  of <- function(name) prisma_total(flow[[name]])
  identified <- if (is.null(flow[["identified"]])) sum_of(flow, prisma_sources(template)) else of("identified")
  left <- less(identified, sum_of(flow, prisma_removals))
  known <- any(c(prisma_removals, "after_duplicates") %in% names(flow))
  if (template == "2009" && known) add("after_duplicates", left)
  if (known) add("screened", if (is.na(of("after_duplicates"))) left else of("after_duplicates"))
  passed <- less(of("screened"), of("excluded"))
  if (!is.null(flow[["not_retrieved"]])) add("sought", passed)
  if (!is.null(flow[["excluded"]])) add("assessed", if (is.null(flow[["sought"]])) passed else less(of("sought"),
                                                                                                    of("not_retrieved")))
  if (!is.null(flow[["other_sought"]])) add("other_assessed", less(of("other_sought"), of("other_not_retrieved")))
  both <- flow[c("previous", "included")]
  known <- intersect(names(both[[1L]]), names(both[[2L]]))
  if (is.null(flow[["total"]]) && length(known)) flow$total <- both[[1L]][known] + both[[2L]][known]
  flow
}

# One row per check: what the others make it, and what is stated.
balance_row <- function(check, terms, stated, relation = "=") {
  if (anyNA(terms[1L]) || is.na(stated)) return(NULL)
  terms <- terms[!is.na(terms)]
  expected <- sum(terms)
  text <- paste0(ifelse(seq_along(terms) == 1L, "", ifelse(terms < 0 | 1 / terms < 0, " - ", " + ")),
                 count_digits(abs(terms)), collapse = "")
  difference <- stated - expected
  data.frame(check = check, formula = text, expected = expected, relation = relation, stated = stated,
             difference = difference,
             balanced = if (relation == "=") difference == 0 else difference <= 0, stringsAsFactors = FALSE)
}

no_balance <- data.frame(check = character(), formula = character(), expected = numeric(), relation = character(),
                         stated = numeric(), difference = numeric(), balanced = logical(), stringsAsFactors = FALSE)

prisma_balance <- function(flow, template) {
  rows <- c(parts_balance(flow), sources_balance(flow, template), screening_balance(flow, template),
            included_balance(flow, template))
  out <- do.call(rbind, c(list(no_balance), Filter(Negate(is.null), rows)))
  rownames(out) <- NULL
  out
}

# Parts against the total that stands beside them.
parts_balance <- function(flow) {
  lapply(setdiff(intersect(prisma_parted, names(flow)), "after"), function(name) {
    parts <- parts_of(flow[[name]])
    if (length(parts) && length(parts) < length(flow[[name]])) {
      balance_row(prisma_fields[[name]], unname(parts), prisma_total(flow[[name]]))
    }
  })
}

# All numbers of several boxes, parts one by one.
all_parts <- function(flow, names) {
  c(numeric(), unlist(lapply(names, function(name) {
    value <- flow[[name]]
    if (is.null(value)) NULL else if (length(parts_of(value)) == length(value)) unname(value) else prisma_total(value)
  })))
}

sources_balance <- function(flow, template) {
  of <- function(name) prisma_total(flow[[name]])
  sources <- all_parts(flow, prisma_sources(template))
  removed <- all_parts(flow, prisma_removals)
  start <- if (is.null(flow[["identified"]])) sources else of("identified")
  next_box <- if (is.null(flow[["after_duplicates"]])) "screened" else "after_duplicates"
  list(if (length(sources)) balance_row("Records identified", sources, of("identified")),
       if (length(start) && length(removed)) balance_row(prisma_fields[[next_box]], c(start, -removed),
                                                         of(next_box)) else
         if (length(start)) balance_row(prisma_fields[[next_box]], start, of(next_box), "<="),
       if (length(start) && length(removed) && is.na(of(next_box))) {
         balance_row(prisma_fields[["duplicates"]], start, sum(removed), "<=")
       },
       balance_row("Records screened", of("after_duplicates"), of("screened")))
}

# From the last number that is there to the next one, less what is lost between.
screening_balance <- function(flow, template) {
  chain <- list(screened = NULL, sought = "excluded", assessed = "not_retrieved")
  of <- function(name) prisma_total(flow[[name]])
  full <- prisma_filled(flow, template)
  at <- prisma_total(full[["screened"]])
  lost <- numeric()
  rows <- list()
  for (name in names(chain)[-1L]) {
    lost <- c(lost, if (!is.null(flow[[chain[[name]]]])) all_parts(flow, chain[[name]]))
    if (is.null(flow[[name]])) next
    if (length(lost) || name != "sought") rows <- c(rows, list(balance_row(prisma_fields[[name]], c(at, -lost),
                                                                           of(name), if (length(lost)) "=" else "<=")))
    at <- of(name)
    lost <- numeric()
  }
  other <- list(if (!is.null(flow[["other"]])) balance_row(prisma_fields[["other_sought"]], all_parts(flow, "other"),
                                                           of("other_sought"), "<="),
                balance_row(prisma_fields[["other_assessed"]], c(of("other_sought"), -of("other_not_retrieved")),
                            of("other_assessed")))
  c(rows, if (template == "2020") other)
}

included_balance <- function(flow, template) {
  full <- prisma_filled(flow, template)
  pair <- function(name, what) if (what %in% names(flow[[name]])) flow[[name]][[what]] else NA_real_
  of <- function(name) prisma_total(flow[[name]])
  lost <- all_parts(flow, "excluded_reports")
  terms <- c(prisma_total(full[["assessed"]]), -lost)
  if (template == "2020") terms <- c(terms, prisma_total(full[["other_assessed"]]), -all_parts(flow, "other_excluded"))
  reports <- pair("included", "reports")
  studies <- if (is.na(pair("included", "studies"))) of("qualitative") else pair("included", "studies")
  if (is.na(studies)) studies <- of("quantitative")
  exact <- length(lost) && template == "2009"
  box <- if (!is.na(pair("included", "studies"))) "included" else if (is.null(flow[["qualitative"]]))
    "quantitative" else "qualitative"
  passed <- if (!is.na(reports)) balance_row("Reports of included studies", terms, reports,
                                             if (length(lost)) "=" else "<=") else
    balance_row(prisma_fields[[box]], terms, studies, if (exact) "=" else "<=")
  c(list(passed, if (!is.na(reports)) balance_row("Studies included in review", reports, pair("included", "studies"),
                                                  "<="),
         if (box != "quantitative") balance_row(prisma_fields[["quantitative"]], studies, of("quantitative"), "<="),
         if (box == "included") balance_row(prisma_fields[["qualitative"]], studies, of("qualitative"), "<=")),
    lapply(c("studies", "reports"), function(what) {
      balance_row(if (what == "studies") prisma_fields[["total"]] else "Reports of total included studies",
                  c(pair("previous", what), pair("included", what)), pair("total", what),
                  if (is.na(pair("included", what))) "<=" else "=")
    }),
    lapply(grep("stud|\u7814\u7a76", names(flow[["after"]]), value = TRUE, ignore.case = TRUE), function(name) {
      most <- if (is.na(of("total"))) studies else pair("total", "studies")
      balance_row(name, most, flow[["after"]][[name]], "<=")
    }))
}

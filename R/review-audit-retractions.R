# Owns the check of references against a list of retracted papers that the user brings (C15): by DOI, PubMed number and
# title. Nothing is looked up in a network.

retraction_keys <- list(doi = "doi", pubmed = c("pubmed", "pmid", "pubmedid"), title = "title")

retraction_check <- function(x, retracted, call) {
  if (is.null(retracted)) return(NULL)
  if (is.character(retracted)) retracted <- data.frame(doi = retracted, stringsAsFactors = FALSE)
  check_table(retracted, "retracted", call)
  check_encodings(retracted, call)
  check_encodings(x, call)
  known <- reference_keys(retracted)
  own <- reference_keys(x)
  if (!length(known)) abort_input("retracted", "must have a column doi, pubmed or title", call)
  shared <- intersect(names(own), names(known))
  if (!length(shared)) {
    abort_input("x", sprintf("must have one of the columns of `retracted`: %s", paste(names(known), collapse = ", ")),
                call)
  }
  hit <- lapply(shared, function(name) own[[name]] %in% known[[name]] & nzchar(own[[name]]))
  by <- vapply(seq_len(nrow(x)), function(i) shared[which(vapply(hit, `[`, NA, i))][1L], "")
  i <- which(!is.na(by))
  told <- Reduce(`|`, lapply(shared, function(name) nzchar(own[[name]])))
  found <- new_findings("C15", i, "the paper is on the list of retracted ones", "warning", what = by[i],
                        printed = vapply(i, function(j) own[[by[j]]][j], ""))
  because <- if (any(!told)) "a reference has neither DOI, number nor title" else ""
  new_check("C15", sum(told), found, sum(!told), because)
}

# DOIs in lower case without address; numbers alone; letters of titles that are long enough to be one's own.
reference_keys <- function(x) {
  own <- plain_name(names(x))
  at <- lapply(retraction_keys, function(names) match(names, own)[!is.na(match(names, own))][1L])
  at <- Filter(function(i) !is.na(i), at)
  out <- lapply(names(at), function(name) {
    text <- trimws(tolower(enc2utf8(as.character(x[[at[[name]]]]))))
    text[is.na(text)] <- ""
    switch(name, doi = sub("^(https?://)?(dx[.])?(doi[.]org/|doi: *)", "", text), pubmed = gsub("[^0-9]", "", text),
           title = {
             text <- gsub("[^a-z0-9\u4e00-\u9fff]", "", text)
             ifelse(nchar(text, "width") < 20L, "", text)
           })
  })
  stats::setNames(out, names(at))
}

# Of a review: its references, named by their study.
review_retractions <- function(x, retracted, call) {
  if (is.null(retracted) || !NROW(x$references)) return(list())
  out <- retraction_check(x$references, retracted, call)
  if (!is.null(out$findings)) {
    study <- x$studies$study[match(x$references$study_id[out$findings$row], x$studies$study_id)]
    out$findings$part <- ifelse(is.na(study), "", study)
    out$findings$row <- NA_integer_
  }
  list(out)
}

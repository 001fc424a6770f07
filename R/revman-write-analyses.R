# Owns analyses of revman() as a review that can be written: comparisons, outcomes and subgroups are numbered, studies
# are joined by their labels and have ids as RevMan makes them.

# RevMan's ids of studies: blanks are dashes, other signs their code points.
study_ids <- function(names) {
  ids <- vapply(enc2utf8(names), function(name) {
    chars <- strsplit(name, "")[[1L]]
    plain <- grepl("^[A-Za-z0-9]$", chars)
    chars[!plain] <- vapply(chars[!plain], function(ch) if (ch == " ") "-" else sprintf("_x%04x_", utf8ToInt(ch)), "")
    paste0("STD-", paste(chars, collapse = ""))
  }, "", USE.NAMES = FALSE)
  make.unique(ids, sep = "-")
}

# web: for RevMan Web, which knows all methods.
review_of_analyses <- function(x, title, call, web = FALSE) {
  title <- if (is.character(title) && length(title) == 1L && !is.na(title)) title else {
    abort_input("title", sprintf("must be one text, not %s", describe(title)), call)
  }
  comparisons <- as_comparisons(x, title, call)
  number <- unlist(Map(function(i, n) sprintf("%d.%d", i, seq_len(n)), seq_along(comparisons), lengths(comparisons)))
  views <- unlist(unname(comparisons), recursive = FALSE)
  names <- unlist(lapply(comparisons, names), use.names = FALSE)
  unknown <- vapply(views, function(v) v$spec$random && (!identical(v$spec$tau2, "DL") || isTRUE(v$spec$hksj)), NA)
  if (any(unknown) && !web) {
    warn_input("x", sprintf("has analyses by methods that RevMan 5 does not know (%s): its file has DerSimonian and Laird's tau2 and Wald's intervals",
                            paste(number[unknown], collapse = ", ")), call)
  }
  ids <- unlist(Map(function(i, n) sprintf("CMP-%03d.%02d", i, seq_len(n)), seq_along(comparisons),
                    lengths(comparisons)))
  parts <- Map(numbered_outcome, views, number, ids, names)
  rows <- bind_frames(lapply(parts, `[[`, "rows"))
  studies <- unique(rows$study)
  years <- regmatches(studies, regexpr("(19|20)[0-9]{2}", studies))
  year <- rep("", length(studies))
  year[grepl("(19|20)[0-9]{2}", studies)] <- years
  rows$study_id <- study_ids(studies)[match(rows$study, studies)]
  rows$order <- seq_len(nrow(rows))
  out <- list(review = data.frame(title = title, stringsAsFactors = FALSE),
              studies = data.frame(study_id = study_ids(studies), study = studies, year = year, section = "included",
                                   data_source = "PUB",
                                   stringsAsFactors = FALSE),
              comparisons = data.frame(comparison = as.character(seq_along(comparisons)),
                                       id = sprintf("CMP-%03d", seq_along(comparisons)),
                                       name = names(comparisons), stringsAsFactors = FALSE),
              outcomes = bind_frames(lapply(parts, `[[`, "settings")), rows = rows,
              subgroups = bind_frames(c(list(data_subgroups(factor())), lapply(parts, `[[`, "subgroups"))))
  structure(out, class = "revman_review")
}

# A list of comparisons, each a named list of outcomes.
as_comparisons <- function(x, title, call) {
  is_one <- function(v) inherits(v, c("revman_view", "revman_outcome"))
  if (is_one(x)) x <- list(x)
  if (!is.list(x) || is.data.frame(x) || !length(x)) {
    abort_input("x", sprintf("must be a review, an analysis of revman(), or a list of analyses, not %s", describe(x)),
                call)
  }
  if (all(vapply(x, is_one, NA))) x <- stats::setNames(list(x), if (nzchar(title)) title else "Comparison")
  if (is.null(names(x))) names(x) <- paste("Comparison", seq_along(x))
  lapply(x, function(one) {
    if (is_one(one)) one <- list(one)
    bad <- !is.list(one) || !length(one) || !all(vapply(one, is_one, NA))
    if (bad) abort_input("x", "must be a list of analyses of revman(), or a list of such lists", call)
    own <- vapply(one, function(v) or_default(v$settings$name, ""), "")
    given <- if (is.null(names(one))) character(length(one)) else names(one)
    named <- ifelse(nzchar(given), given, ifelse(nzchar(own), own, paste("Outcome", seq_along(one))))
    stats::setNames(one, named)
  })
}

numbered_outcome <- function(view, number, id, name) {
  s <- view$settings
  s$outcome <- number
  s$id <- id
  s$name <- name
  if (is.null(s$scale) || is.na(s$scale)) s$scale <- default_scale(view)
  groups <- view$subgroups
  groups$outcome <- rep(number, nrow(groups))
  groups$id <- sprintf("%s.%02d", rep(id, nrow(groups)), seq_len(nrow(groups)))
  rows <- view$rows
  rows$outcome <- number
  list(settings = s, subgroups = groups, rows = rows)
}

# An axis that holds the pooled result and most intervals: RevMan's 100 unless differences are smaller or larger.
default_scale <- function(view) {
  if (!inherits(view, "revman_view")) return(100)
  if (is_ratio_view(view)) return(100)
  reach <- max(abs(unlist(view$effects[c("ci.lb", "ci.ub")])), na.rm = TRUE)
  if (is.finite(reach) && reach > 0) round_scale(reach, c(1, 2, 5, 10)) else 100
}

# Owns what is told of judgements: data frames, counts per domain, the print.

#' @rdname rob
#' @param x what `rob()` returned.
#' @param row.names,optional,... not used.
#' @param shape `"long"`, `"wide"` or `"counts"`.
#' @export
as.data.frame.metaparity_rob <- function(x, row.names = NULL, optional = FALSE, shape = "long", ...) {
  shape <- check_choice(shape, c("long", "wide", "counts"), "shape", sys.call())
  if (shape == "counts") return(rob_counts(x))
  key <- data.frame(study = x$study, stringsAsFactors = FALSE)
  if (!is.null(x$outcome)) key$outcome <- x$outcome
  shown <- if (is.null(x$stars)) x$values else x$stars
  if (shape == "wide") return(cbind(key, as.data.frame(shown, stringsAsFactors = FALSE), stringsAsFactors = FALSE))
  n <- length(x$study)
  column <- rep(seq_len(ncol(x$values)), each = n)
  own <- x$domains[column, ]
  out <- data.frame(key[rep(seq_len(n), ncol(x$values)), , drop = FALSE], domain = own$id, label = own$label,
                    group = own$group,
                    overall = own$overall, judgement = as.vector(x$values), support = as.vector(x$support),
                    derived = as.vector(x$derived), row.names = NULL, stringsAsFactors = FALSE)
  if (!is.null(x$stars)) out$stars <- as.vector(x$stars)
  out
}

# How many studies, or which weight, each level has in each domain; the rest is not judged.
rob_counts <- function(x, weight = rep(1, length(x$study))) {
  domains <- if (is.null(x$stars)) seq_len(ncol(x$values)) else which(!x$domains$overall)
  levels <- x$tool$levels$level
  parts <- lapply(domains, function(j) {
    own <- x$values[, j]
    n <- vapply(levels, function(level) sum(own %in% level), 0L)
    share <- vapply(levels, function(level) sum(weight[own %in% level]), 0) / sum(weight)
    data.frame(domain = x$domains$id[j], label = x$domains$label[j], group = x$domains$group[j],
               overall = x$domains$overall[j],
               level = levels, n = unname(n), share = unname(share), stringsAsFactors = FALSE)
  })
  out <- do.call(rbind, parts)
  rownames(out) <- NULL
  out
}

#' @export
print.metaparity_rob <- function(x, ...) {
  with_language(x$lang, cat(format_rob(x), sep = "\n"))
  invisible(x)
}

format_rob <- function(x) {
  title <- translate(x$tool$title)
  head <- c(translatef("Risk of bias: %s", own_text(title)),
            translatef("Studies: %d, domains: %d", nrow(x$values), sum(!x$domains$overall)), "")
  notes <- c(if (any(x$derived)) translate("* Overall judgement derived by the rule of the tool"),
             if (length(x$unused)) paste0(translate("Columns without judgements:"), " ",
                                          paste(x$unused, collapse = ", ")))
  c(head, if (is.null(x$stars)) format_levels(x) else format_stars_table(x), if (length(notes)) c("", notes))
}

shown_domains <- function(x) {
  several <- length(unique(x$domains$group)) > 1L
  label <- translate(x$domains$label)
  group <- ifelse(x$domains$group == "applicability", translate("applicability"), "")
  paste0(label, ifelse(several & nzchar(group), paste0(" (", group, ")"), ""), ifelse(colSums(x$derived) > 0, " *", ""))
}

format_levels <- function(x) {
  counts <- t(vapply(seq_len(ncol(x$values)), function(j) {
    c(vapply(x$tool$levels$level, function(level) sum(x$values[, j] %in% level), 0L), sum(is.na(x$values[, j])))
  }, integer(nrow(x$tool$levels) + 1L)))
  used <- colSums(counts) > 0 | c(x$tool$name != "generic" & x$tool$levels$level != "no_information", FALSE)
  heads <- c(short_labels(x$tool$levels$label), translate("Not judged"))[used]
  format_columns(shown_domains(x), counts[, used, drop = FALSE], heads)
}

format_stars_table <- function(x) {
  mean <- apply(x$stars, 2L, function(s) if (all(is.na(s))) NA else mean(s, na.rm = TRUE))
  cells <- cbind(format_fixed(mean, 1L), as.character(apply(x$stars, 2L, function(s) sum(is.na(s)))))
  format_columns(shown_domains(x), cells, c(translate("Mean stars"), translate("Not judged")))
}

# "Low risk of bias" is "Low" at the head of a column.
short_labels <- function(labels) {
  text <- sub(" risk of bias$", "", labels)
  translate(text)
}

format_columns <- function(labels, cells, heads) {
  cells[] <- as.character(cells)
  body <- rbind(heads, cells)
  columns <- lapply(seq_len(ncol(body)), function(j) {
    width <- nchar(body[, j], "width")
    paste0("  ", strrep(" ", max(width) - width), body[, j])
  })
  do.call(paste0, c(list(pad_right(c("", labels))), columns))
}

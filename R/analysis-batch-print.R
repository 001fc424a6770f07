# What a table of many meta-analyses says of itself.

#' @rdname rma_batch
#' @export
print.metaparity_batch <- function(x, n = 10, digits = 4, ...) {
  n <- check_number(n, "n", 0, 1e6)
  cat(format_batch(x, n, digits), sep = "\n")
  invisible(x)
}

format_batch <- function(x, n, digits) {
  s <- attr(x, "settings")
  if (is.null(s) || !all(c("outcome", "k", "code") %in% names(x))) {
    return(utils::capture.output(print.data.frame(utils::head(as.data.frame(x), n), digits = digits)))
  }
  shown <- utils::head(x[x$code == "ok", , drop = FALSE], n)
  p <- intersect(c("pval", "QMp"), names(x))[1L]
  counts <- table(droplevels(x$code))
  c("", translatef(if (nrow(x) == 1L) "%d meta-analysis (%s)" else "%d meta-analyses (%s)", nrow(x), batch_words(s)),
    paste(c(sprintf("k: %s", range_words(x$k)), sprintf("%s: %d", names(counts), counts)), collapse = "; "),
    translatef("%s < 0.05: %d; adjusted (%s): %d", own_text(p), sum(x[[p]] < 0.05, na.rm = TRUE), own_text(s$padj),
            sum(x$padj < 0.05, na.rm = TRUE)), "",
    if (nrow(shown)) utils::capture.output(print(batch_shown(shown, digits), row.names = FALSE)),
    if (nrow(x) > nrow(shown)) translatef("... %d more rows", nrow(x) - nrow(shown)), "")
}

batch_words <- function(s) {
  model <- if (!is.null(s$pooled)) s$pooled else if (s$method %in% common_methods) "common-effect model" else
    translatef("tau^2 estimator: %s", own_text(s$method))
  own_text(translatef("%s; measure %s; test: %s", own_text(translate(model)), own_text(s$measure), own_text(s$test)))
}

range_words <- function(k) {
  if (!length(k)) "0" else if (min(k) == max(k)) format(k[1L]) else sprintf("%d to %d", min(k), max(k))
}

batch_shown <- function(x, digits) {
  x <- as.data.frame(unclass_batch(x))
  numbers <- vapply(x, is.double, NA)
  p <- grepl("(^|[.])(pval|padj|QEp|QMp|QBp|p)([.]|$)", names(x))
  x[numbers & !p] <- lapply(x[numbers & !p], function(v) formatC(v, digits = digits, format = "f"))
  x[numbers & p] <- lapply(x[numbers & p], function(v) formatC(v, digits = digits, format = "g"))
  x
}

unclass_batch <- function(x) {
  attr(x, "settings") <- attr(x, "call") <- NULL
  class(x) <- "data.frame"
  x
}

#' @rdname rma_batch
#' @export
as.data.frame.metaparity_batch <- function(x, row.names = NULL, optional = FALSE, ...) unclass_batch(x)

#' @rdname rma_batch
#' @export
summary.metaparity_batch <- function(object, ...) {
  numbers <- Filter(is.double, as.data.frame(object))
  quant <- function(v) stats::quantile(v, c(0, 0.25, 0.5, 0.75, 1), na.rm = TRUE, names = FALSE)
  out <- as.data.frame(t(vapply(numbers, quant, numeric(5L))))
  names(out) <- c("min", "q1", "median", "q3", "max")
  out
}

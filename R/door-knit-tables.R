# Owns results as tables of a document: the columns of a result -> headings and text, and the same in a sentence. One
# style of p values: that of format_p_document().

# One entry per column of a table: its heading, the kind of its decimals, and the fields of the results that fill it.
document_columns <- list(
  k = list(head = "k", kind = NA, fields = "k"),
  estimate = list(head = "Estimate", kind = "est", fields = c("estimate", "pred")),
  ci = list(head = "%s%% CI", kind = "ci", fields = c("ci.lb", "ci.ub")),
  natural = list(head = "Estimate", kind = "est", fields = "natural"),
  natural_ci = list(head = "%s%% CI", kind = "ci", fields = c("natural.lb", "natural.ub")),
  resid = list(head = "Residual", kind = "est", fields = "resid"),
  se = list(head = "SE", kind = "se", fields = "se"),
  z = list(head = "z", kind = "test", fields = c("zval", "z")),
  t = list(head = "t", kind = "test", fields = "tval"),
  QM = list(head = "QM", kind = "test", fields = "QM"),
  F = list(head = "F", kind = "test", fields = "Fval"),
  LRT = list(head = "LRT", kind = "test", fields = "LRT"),
  df = list(head = "df", kind = "df", fields = "df"),
  df1 = list(head = "df1", kind = "df", fields = "df1"),
  df2 = list(head = "df2", kind = "df", fields = "df2"),
  p = list(head = "p", kind = "pval", fields = "pval"),
  pi = list(head = "%s%% PI", kind = "ci", fields = c("pi.lb", "pi.ub")),
  Q = list(head = "Q", kind = "test", fields = c("Q", "QE")),
  Qp = list(head = "p (Q)", kind = "pval", fields = c("Qp", "QEp")),
  tau2 = list(head = "tau^2", kind = "var", fields = c("tau2", "tau^2")),
  I2 = list(head = "I^2 (%)", kind = 1L, fields = "I2"),
  H2 = list(head = "H^2", kind = 2L, fields = "H2"),
  R2 = list(head = "R^2 (%)", kind = 1L, fields = "R^2"))

# Both ends of a column's interval, or the one field that a result has.
column_fields <- function(column, frame) {
  found <- intersect(column$fields, names(frame))
  if (length(found) > 1L && column$kind != "ci") found[1L] else found
}

# frame: the numbers of a result. heads: headings of its own, named by columns here; own: columns that carry a name of
# the user's, which is escaped and not translated.
document_table <- function(frame, digits, level, heads = character(), own = character(), signs = document_signs) {
  fields <- lapply(document_columns, column_fields, frame = frame)
  known <- Filter(function(name) length(fields[[name]]) > 0L, names(document_columns))
  columns <- lapply(known, function(name) document_column(frame[fields[[name]]], document_columns[[name]]$kind, digits))
  names(columns) <- vapply(known, function(name) {
    if (name %in% names(heads)) return(heads[[name]])
    head <- document_columns[[name]]$head
    signs(if (grepl("%s", head, fixed = TRUE)) translatef(head, level) else translate(head))
  }, "")
  rest <- setdiff(names(frame), unlist(fields))
  others <- lapply(rest, function(name) other_column(frame[[name]], name, digits))
  names(others) <- ifelse(rest %in% own, escape_markdown(rest), translate(rest))
  data.frame(c(columns, others), check.names = FALSE, stringsAsFactors = FALSE)
}

document_column <- function(values, kind, digits) {
  if (is.na(kind)) return(as.character(values[[1L]]))
  if (kind == "df") return(format(round(values[[1L]], 2)))
  decimals <- if (is.character(kind)) digits[[kind]] else kind
  if (kind == "pval") return(format_p_document(values[[1L]], decimals))
  text <- lapply(values, format_plain, digits = decimals)
  if (kind == "ci" && length(text) == 2L) translatef("%s to %s", text[[1L]], text[[2L]]) else text[[1L]]
}

# Numbers that would fill a line are powers of ten.
format_plain <- function(values, digits) {
  far <- !is.na(values) & abs(values) >= 1e7
  text <- format_fixed(values, digits)
  text[far] <- format(values[far], digits = 3L, scientific = TRUE)
  text
}

other_column <- function(values, name, digits) {
  if (!is.numeric(values)) return(escape_markdown(values))
  if (is.integer(values)) return(as.character(values))
  if (startsWith(name, "X.") || name == "intrcpt") return(format(values))
  kind <- if (name %in% names(list_digits)) list_digits[[name]] else if (name %in% digit_kinds) name else "est"
  format_fixed(values, digits[[kind]])
}

# "<0.0001" or "0.0123" in a table, "p < 0.0001" or "p = 0.0123" in a sentence. The option metaparity.p: "apa" has no 0
# before the point, "jama" two decimals from 0.01 on and at most three.
format_p_document <- function(p, digits, sentence = FALSE, style = getOption("metaparity.p", "plain")) {
  digits <- if (style == "jama") 3L else max(2L, digits)
  small <- !is.na(p) & p < 10^-digits
  sign <- ifelse(small, if (sentence) "p < " else "<", if (sentence) "p = " else "")
  number <- format_fixed(ifelse(small, 10^-digits, p), digits)
  if (style == "jama") number <- ifelse(!is.na(p) & p >= 0.01, format_fixed(p, 2L), number)
  if (style == "apa") number <- sub("^0[.]", ".", number)
  paste0(sign, number)
}

# What a printed block says, in the style of documents.
as_sentence <- function(lines) {
  lines <- gsub(" +", " ", gsub("\\bp-val\\b", "p", lines))
  gsub("(?<![0-9])[.](?=[0-9])", "0.", lines, perl = TRUE)
}

# Squares with their letters: mathematics in LaTeX, whose text fonts lack Greek; elsewhere text, which needs no MathJax.
document_signs <- function(text) {
  if (knitr::is_latex_output()) {
    text <- gsub("\\b(tau|sigma|gamma)\\^2(?!\\^)", "$\\\\\\1^2$", text, perl = TRUE)
    return(gsub("\\b([IHRX])\\^2(?!\\^)", "$\\1^2$", text, perl = TRUE))
  }
  greek <- c(tau = "\u03c4", sigma = "\u03c3", gamma = "\u03b3")
  for (name in names(greek)) text <- gsub(sprintf("\\b%s\\^2(?!\\^)", name), paste0(greek[[name]], "^2^"), text,
                                          perl = TRUE)
  gsub("\\b([IHRX])\\^2(?!\\^)", "\\1^2^", text, perl = TRUE)
}

# Estimates and intervals on the scale that a measure's row in measure_table names; NULL when there is none, or when it
# needs more than the estimate and the sizes of the studies, `ni`. Differences of logarithms are ratios, those of other
# scales are nothing there.
natural_scale <- function(measure, moderated = FALSE, ni = NULL) {
  info <- if (!is.null(measure)) measure_info(measure)
  if (is.null(info) || info$back == "" || (moderated && info$back != "exp")) return(NULL)
  sized <- info$back == "transf.ipft"
  if (sized && !known_sizes(ni)) return(NULL)
  list(fun = if (sized) pooled_proportion(ni) else measure_function(info$back),
       head = if (moderated) sprintf("exp(%s)", translate("Estimate")) else translate(info$natural_label))
}

known_sizes <- function(ni) is.numeric(ni) && length(ni) > 0L && all(is.finite(ni) & ni > 0)

# Miller (1978): pooled double arcsines are turned back with the harmonic mean of the sizes.
pooled_proportion <- function(ni) {
  force(ni)
  function(v) transf.ipft.hm(v, targs = list(ni = as.numeric(ni)))
}

add_natural <- function(frame, scale) {
  centre <- intersect(c("estimate", "pred"), names(frame))
  if (is.null(scale) || !length(centre) || !"ci.lb" %in% names(frame)) return(frame)
  # each: a function for every row, where rows are of different studies.
  back <- function(v) vapply(seq_along(v), function(i) as.numeric((scale$each[[i]] %||% scale$fun)(v[[i]])), 0)
  frame$natural <- back(frame[[centre]])
  frame$natural.lb <- back(frame$ci.lb)
  frame$natural.ub <- back(frame$ci.ub)
  frame
}

# The heading of estimates: the measure, where they are estimates of one.
measure_heads <- function(measure, scale, moderated = FALSE) {
  info <- if (!is.null(measure)) measure_info(measure)
  named <- !is.null(info) && !moderated && info$label != "Observed Outcome"
  c(if (named) c(estimate = translate(info$label)), if (!is.null(scale)) c(natural = scale$head))
}

# A number stays one; other text of strangers is escaped.
escape_number <- function(text) ifelse(grepl("^<?-?[0-9.]+$", text), text, escape_markdown(text))

# A result in the middle of a sentence: estimates with their intervals, on the natural scale if there is one.
inline_rows <- function(frame, table, heads, digits, level) {
  natural <- "natural" %in% names(frame)
  centre <- if (natural) "natural" else intersect(c("estimate", "pred"), names(frame))
  ends <- if (natural) c("natural.lb", "natural.ub") else c("ci.lb", "ci.ub")
  if (!length(centre) || !all(ends %in% names(frame))) {
    cells <- Map(function(head, text) paste(head, trimws(text)), names(table), table)
    return(do.call(paste, c(unname(cells), sep = ", ")))
  }
  number <- function(name, kind) format_fixed(frame[[name]], digits[[kind]])
  head <- if (natural && "natural" %in% names(heads)) heads[["natural"]] else if ("estimate" %in% names(heads)) heads[["estimate"]]
  translatef("%s (%s%% CI %s to %s)", trimws(paste(head %||% "", number(centre, "est"))), level, number(ends[1L], "ci"),
             number(ends[2L], "ci"))
}

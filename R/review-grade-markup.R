# Owns GRADE's tables as markup: HTML in which the words of users are escaped, Markdown, the tables of documents, and
# flextable where it is installed.

#' @rdname grade_profile
#' @param as `"text"` as printed, `"html"`, or `"markdown"`, a pipe table with its notes below.
#' @export
format.metaparity_grade <- function(x, as = "text", ...) {
  as <- check_choice(as, c("text", "html", "markdown"), "as", sys.call())
  with_language(x$lang, switch(as, text = format_grade(x), html = grade_html(grade_cells(x)),
                               markdown = grade_markdown(grade_cells(x))))
}

escape_html <- function(text) {
  for (pair in list(c("&", "&amp;"), c("<", "&lt;"), c(">", "&gt;"), c("\"", "&quot;"))) {
    text <- gsub(pair[1L], pair[2L], text, fixed = TRUE)
  }
  text
}

html_signs <- function(level) {
  ifelse(is.na(level), "", paste0(strrep("&#8853;", level), strrep("&#9711;", 4L - level)))
}

# Notes stand in square brackets in the cells and become superscripts.
html_cell <- function(text) {
  out <- gsub("\n", "<br>", escape_html(text), fixed = TRUE)
  gsub(" \\[([a-z,]+)\\](<br>|$)", "<sup>\\1</sup>\\2", out)
}

grade_html <- function(t) {
  body <- matrix(html_cell(t$cells), nrow(t$cells))
  body[, t$signs] <- ifelse(is.na(t$level), "", paste0("<span style=\"white-space:nowrap\">", html_signs(t$level),
                                                       "</span><br>", body[, t$signs]))
  cell <- "border:1px solid #999;padding:4px 6px;vertical-align:top"
  head <- function(text, more = "") sprintf("<th%s style=\"%s;text-align:left;background:#eee\">%s</th>", more, cell,
                                            text)
  runs <- rle(t$spans)
  ends <- cumsum(runs$lengths)
  top <- unlist(lapply(seq_along(ends), function(i) {
    own <- seq(ends[i] - runs$lengths[i] + 1L, ends[i])
    if (nzchar(runs$values[i])) return(head(html_cell(runs$values[i]), sprintf(" colspan=\"%d\"", length(own))))
    head(html_cell(t$heads[own]), " rowspan=\"2\"")
  }))
  rows <- apply(body, 1L, function(row) {
    c("<tr>", sprintf("<td style=\"%s\">%s</td>", cell, row), "</tr>")
  })
  c("<table class=\"metaparity-grade\" style=\"border-collapse:collapse\">",
    sprintf("<caption>%s</caption>", html_cell(t$title)), "<thead>", "<tr>", top, "</tr>", "<tr>",
    head(html_cell(t$heads[nzchar(t$spans)])), "</tr>", "</thead>", "<tbody>", unlist(as.list(rows)), "</tbody>",
    "</table>", if (length(t$notes)) sprintf("<p style=\"font-size:smaller\">%s</p>", html_cell(t$notes)))
}

# Signs are mathematics in LaTeX, whose text fonts lack them.
markdown_signs <- function(level) {
  if (isNamespaceLoaded("knitr") && isTRUE(knitr::is_latex_output())) {
    math <- paste0("$", strrep("\\oplus", level), strrep("\\bigcirc", 4L - level), "$")
    return(ifelse(is.na(level), "", math))
  }
  certainty_signs(level, TRUE)
}

markdown_cell <- function(text) {
  out <- escape_markdown(text)
  out <- gsub("\n", "; ", out, fixed = TRUE)
  gsub("|", "\\|", gsub("\\|", "|", out, fixed = TRUE), fixed = TRUE)
}

markdown_table <- function(t) {
  body <- matrix(markdown_cell(t$cells), nrow(t$cells))
  signs <- markdown_signs(t$level)
  body[, t$signs] <- trimws(paste(signs, body[, t$signs]))
  colnames(body) <- markdown_cell(t$heads)
  body
}

grade_markdown <- function(t) {
  body <- markdown_table(t)
  line <- function(cells) paste0("| ", paste(cells, collapse = " | "), " |")
  c(markdown_cell(t$title), "", line(colnames(body)), line(rep(":---", ncol(body))), apply(body, 1L, line), "",
    as.vector(rbind(markdown_cell(t$notes), rep("", length(t$notes)))))
}

#' @rdname knitr
#' @exportS3Method knitr::knit_print
knit_print.metaparity_grade <- function(x, options = NULL, ...) {
  if (is.null(options)) options <- knitr::opts_current$get()
  if (isFALSE(options$metaparity.table) || is.null(knitr::opts_knit$get("rmarkdown.pandoc.to"))) {
    return(knitr::normal_print(x))
  }
  t <- grade_cells(x)
  if (isTRUE(knitr::is_html_output())) {
    html <- paste(grade_html(t), collapse = "\n")
    return(knitr::asis_output(paste0("\n\n```{=html}\n<div style=\"overflow-x:auto\">\n", html, "\n</div>\n```\n\n")))
  }
  table <- with_language(x$lang, markdown_table(t))
  lines <- knitr::kable(table, format = "pipe", caption = markdown_cell(t$title), row.names = FALSE)
  knitr::asis_output(paste(c("", lines, "", as.vector(rbind(markdown_cell(t$notes), ""))), collapse = "\n"))
}

# flextable's generic; registered when that package is loaded.
as_flextable_grade <- function(x, ..., from = function(name) getExportedValue("flextable", name)) {
  t <- grade_cells(x)
  body <- as.data.frame(t$cells, stringsAsFactors = FALSE)
  body[[t$signs]] <- trimws(paste(certainty_signs(t$level, TRUE), body[[t$signs]]))
  names(body) <- sprintf("c%d", seq_along(body))
  out <- from("flextable")(body)
  out <- from("set_header_labels")(out, values = stats::setNames(as.list(t$heads), names(body)))
  runs <- rle(t$spans)
  out <- from("add_header_row")(out, values = runs$values, colwidths = runs$lengths)
  out <- from("set_caption")(out, caption = t$title)
  if (length(t$notes)) out <- from("add_footer_lines")(out, values = t$notes)
  from("autofit")(out)
}

register_flextable_method <- function(...) {
  registerS3method("as_flextable", "metaparity_grade", as_flextable_grade, envir = asNamespace("flextable"))
}

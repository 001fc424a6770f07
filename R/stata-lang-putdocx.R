# putdocx: paragraphs, text, images and tables as a document of Office Open XML, below the session's folders.
# Source: Stata's Reporting manual, putdocx; ECMA-376 part 1 (WordprocessingML). Oracle: the archive's own parts.

run_putdocx <- function(text, session, statement) {
  word <- leading_word(text)
  rest <- trimws(substring(text, nchar(word) + 1L))
  if (word == "clear") return(invisible(session$docx <- NULL))
  if (word == "begin") return(begin_docx(rest, session))
  if (is.null(session$docx)) abort_stata("document not created", 198L)
  switch(word, paragraph = docx_paragraph(rest, session), text = docx_text(rest, session),
         image = docx_image(rest, session), table = docx_table(rest, session),
         pagebreak = add_docx(session, "<w:p><w:r><w:br w:type=\"page\"/></w:r></w:p>"),
         save = save_docx(rest, session), describe = invisible(), abort_unsupported(paste("putdocx", word)))
  invisible()
}

begin_docx <- function(text, session) {
  if (!is.null(session$docx)) abort_stata("document already open", 110L)
  o <- command_options(parse_command(paste("putdocx", text)), c(pagesize = "pages", landscape = "land", font = "font",
                                                                margin = "marg", header = "head", footer = "foot",
                                                                pagenum = "pagen"))
  for (bad in intersect(names(o), c("header", "footer"))) abort_unsupported(sprintf("option %s of putdocx begin", bad))
  session$docx <- list(blocks = list(), images = list(), tables = list(), wide = !is.null(o$landscape))
}

add_docx <- function(session, block) session$docx$blocks <- c(session$docx$blocks, list(block))

# A paragraph is open until the next block: list(style, align, runs).
docx_paragraph <- function(text, session) {
  o <- command_options(parse_command(paste("paragraph", text)),
                       c(style = "sty", halign = "hal", font = "font", spacing = "spac", indent = "ind",
                         valign = "val", shading = "shad", toheader = "tohead", tofooter = "tofoot"))
  align <- switch(trimws(o$halign %||% "left"), left = "left", center = "center", right = "right", "both")
  add_docx(session, list(style = gsub("[^[:alnum:]]", "", o$style %||% ""), align = align, runs = character()))
}

open_paragraph <- function(session) {
  n <- length(session$docx$blocks)
  if (!n || !is.list(session$docx$blocks[[n]])) abort_stata("no active paragraph", 198L)
  n
}

# putdocx text (exp) [, bold italic underline script(super) linebreak nformat()]
docx_text <- function(text, session) {
  n <- open_paragraph(session)
  command <- parse_command(paste("text", text))
  o <- command_options(command, docx_text_options)
  shown <- docx_value(command$rest, o, session)
  session$docx$blocks[[n]]$runs <- c(session$docx$blocks[[n]]$runs, docx_run(shown, o))
}

docx_text_options <- c(bold = "b", italic = "i", underline = "under", strikeout = "strike", script = "scr",
                       linebreak = "line", nformat = "nf", font = "font", allcaps = "allc", shading = "shad")

docx_value <- function(tokens, o, session) {
  value <- evaluate_scalar(tokens, session)
  if (is.character(value)) return(value)
  if (is.null(o$nformat)) trimws(display_number(value, "%10.0g")) else trimws(apply_format(value, trimws(o$nformat)))
}

xml_text <- function(x) {
  x <- gsub("&", "&amp;", enc2utf8(x), fixed = TRUE)
  x <- gsub("<", "&lt;", gsub(">", "&gt;", x, fixed = TRUE), fixed = TRUE)
  gsub("[\001-\010\013\014\016-\037]", "", x)
}

docx_run <- function(text, o = list()) {
  script <- c(super = "superscript", sub = "subscript")[gsub("script", "", trimws(unclass(o)$script %||% ""))]
  looks <- c(if (!is.null(unclass(o)$bold)) "<w:b/>", if (!is.null(unclass(o)$italic)) "<w:i/>",
             if (!is.null(unclass(o)$allcaps)) "<w:caps/>", if (!is.null(unclass(o)$strikeout)) "<w:strike/>",
             if (!is.null(unclass(o)$underline)) "<w:u w:val=\"single\"/>",
             if (!is.na(script)) sprintf("<w:vertAlign w:val=\"%s\"/>", script))
  sprintf("<w:r><w:rPr>%s</w:rPr><w:t xml:space=\"preserve\">%s</w:t>%s</w:r>", paste(looks, collapse = ""),
          xml_text(text), if (!is.null(unclass(o)$linebreak)) "<w:br/>" else "")
}

# ---- images ------------------------------------------------------------------------------------

# putdocx image file [, width(6) height(4)]: png files; the width is that of the text unless it is given.
docx_image <- function(text, session) {
  n <- open_paragraph(session)
  if (!grepl("^[`\"]", text)) text <- sub("^([^,]+?)\\s*(,.*)?$", "\"\\1\"\\2", text, perl = TRUE)
  command <- parse_command(paste("image", text))
  o <- command_options(command, c(width = "w", height = "h", linebreak = "line", link = "link"))
  file <- existing_file(command$rest$text[1L], session)
  bytes <- readBin(file, "raw", file.size(file))
  if (length(bytes) < 24L || !identical(bytes[2:4], charToRaw("PNG"))) abort_unsupported("putdocx image of this kind")
  pixels <- readBin(bytes[17:24], "integer", 2L, 4L, endian = "big")
  size <- docx_inches(c(o$width %||% "", o$height %||% ""))
  if (is.na(size[1L])) size[1L] <- if (is.na(size[2L])) 6 else size[2L] * pixels[1L] / pixels[2L]
  if (is.na(size[2L])) size[2L] <- size[1L] * pixels[2L] / pixels[1L]
  session$docx$images <- c(session$docx$images, list(bytes))
  session$docx$blocks[[n]]$runs <- c(session$docx$blocks[[n]]$runs, image_run(length(session$docx$images), size))
}

# "6", "6in", "15cm", "400pt" in inches.
docx_inches <- function(text) {
  number <- suppressWarnings(as.numeric(sub("[a-z]+\\s*$", "", trimws(text))))
  unit <- ifelse(grepl("cm", text), 2.54, ifelse(grepl("pt", text), 72, 1))
  out <- number / unit
  ifelse(is.na(out) | out <= 0 | out > 50, NA_real_, out)
}

image_run <- function(i, inches) {
  emu <- format(round(inches * 914400), scientific = FALSE, trim = TRUE)
  sprintf(paste0("<w:r><w:drawing><wp:inline><wp:extent cx=\"%s\" cy=\"%s\"/><wp:docPr id=\"%d\" name=\"image%d\"/>",
                 "<a:graphic><a:graphicData uri=\"http://schemas.openxmlformats.org/drawingml/2006/picture\"><pic:pic>",
                 "<pic:nvPicPr><pic:cNvPr id=\"%d\" name=\"image%d\"/><pic:cNvPicPr/></pic:nvPicPr><pic:blipFill>",
                 "<a:blip r:embed=\"rImage%d\"/><a:stretch><a:fillRect/></a:stretch></pic:blipFill><pic:spPr><a:xfrm>",
                 "<a:off x=\"0\" y=\"0\"/><a:ext cx=\"%s\" cy=\"%s\"/></a:xfrm><a:prstGeom prst=\"rect\"/></pic:spPr>",
                 "</pic:pic></a:graphicData></a:graphic></wp:inline></w:drawing></w:r>"),
          emu[1L], emu[2L], i, i, i, i, i, emu[1L], emu[2L])
}

# ---- tables ------------------------------------------------------------------------------------

# putdocx table t = (3,2) | matrix(A) [, rownames colnames nformat()] | data(x y) [, varnames]; putdocx table t(1,2) =
# (exp)
docx_table <- function(text, session) {
  cell <- regmatches(text, regexec("^(\\w+)\\s*\\(([^,()]+),([^()]+)\\)\\s*=?\\s*(.*)$", text))[[1L]]
  if (length(cell)) return(docx_cell(cell, session))
  part <- regmatches(text, regexec("^(\\w+)\\s*=\\s*(.*)$", text))[[1L]]
  if (!length(part)) abort_stata("invalid syntax: putdocx table name = ...", 198L)
  command <- parse_command(paste("table", part[3L]))
  o <- command_options(command, c(rownames = "rown", colnames = "coln", varnames = "varn", obsno = "obs",
    nformat = "nf",
                                  title = "ti", border = "bord", halign = "hal", layout = "lay", width = "w",
                                  headerrow = "head", memtable = "mem", note = "note", cellmargin = "cellm"))
  session$docx$tables[[part[2L]]] <- docx_cells(command$rest, o, session)
  add_docx(session, structure(part[2L], class = "docx_table"))
}

docx_cells <- function(tokens, o, session) {
  word <- tokens$text[1L]
  close <- if (nrow(tokens) > 1L && any(tokens$text == "(")) closing_token(tokens, match("(", tokens$text))
  inside <- if (!is.null(close)) tokens[seq(match("(", tokens$text) + 1L, close - 1L), ]
  format <- function(x) if (is.null(o$nformat)) trimws(stata_general(x, 9L)) else trimws(apply_format(x,
      trimws(o$nformat)))
  if (word == "(") {
    comma <- match(",", inside$text)
    size <- c(evaluate_scalar(inside[seq_len(comma - 1L), ], session),
              evaluate_scalar(inside[-seq_len(comma), ], session))
    if (anyNA(size) || any(size < 1 | size > 1000)) abort_stata("invalid size of a table", 198L)
    return(matrix("", size[1L], size[2L]))
  }
  if (word %in% c("matrix", "mat")) {
    m <- matrix_value(inside, session)
    out <- matrix(format(as.vector(m)), nrow(m))
    if (!is.null(o$colnames)) out <- rbind(colnames(m), out)
    if (!is.null(o$rownames)) out <- cbind(c(if (!is.null(o$colnames)) "", rownames(m)), out)
    return(unname(out))
  }
  if (word != "data") abort_unsupported(sprintf("putdocx table of %s", word))
  vars <- expand_varlist(inside, session, 1L)
  out <- vapply(vars, function(v) shown_value(v, session, seq_len(session$n)), character(session$n))
  out <- matrix(trimws(out), session$n)
  if (!is.null(o$varnames)) out <- rbind(vars, out)
  unname(out)
}

docx_cell <- function(part, session) {
  table <- session$docx$tables[[part[2L]]]
  if (is.null(table)) abort_stata(sprintf("table %s not found", part[2L]), 111L)
  command <- parse_command(paste("cell", part[5L]))
  o <- command_options(command, c(docx_text_options, halign = "hal", valign = "val", colspan = "colsp",
                                  rowspan = "rowsp", border = "bord", append = "app", trim = "trim"))
  if (!nrow(command$rest)) return(invisible())
  at <- c(evaluate_scalar(tokenize(part[3L]), session), evaluate_scalar(tokenize(part[4L]), session))
  if (anyNA(at) || any(at < 1) || any(at > dim(table))) abort_stata("cell is outside of the table", 198L)
  session$docx$tables[[part[2L]]][at[1L], at[2L]] <- docx_value(command$rest, o, session)
}

table_xml <- function(cells) {
  edges <- paste0(sprintf("<w:%s w:val=\"single\" w:sz=\"4\"/>", c("top", "left", "bottom", "right", "insideH",
                                                                   "insideV")), collapse = "")
  row <- function(i) paste0("<w:tr>", paste0("<w:tc><w:p>", vapply(cells[i, ], docx_run, ""), "</w:p></w:tc>",
                                             collapse = ""), "</w:tr>")
  paste0("<w:tbl><w:tblPr><w:tblBorders>", edges, "</w:tblBorders></w:tblPr><w:tblGrid>",
         strrep("<w:gridCol/>", ncol(cells)), "</w:tblGrid>", paste(vapply(seq_len(nrow(cells)), row, ""),
                                                                   collapse = ""), "</w:tbl>")
}

# ---- the file ----------------------------------------------------------------------------------

save_docx <- function(text, session) {
  if (!grepl("^[`\"]", text)) text <- sub("^([^,]+?)\\s*(,.*)?$", "\"\\1\"\\2", text, perl = TRUE)
  command <- parse_command(paste("save", text))
  o <- command_options(command, c(replace = "replace", append = "app", nomsg = "nomsg"))
  if (!is.null(o$append)) abort_unsupported("putdocx save, append")
  shown <- with_extension(unquote(command$rest$text[1L]), "docx")
  file <- check_kind(session_path(shown, session), "docx")
  if (file.exists(file) && is.null(o$replace)) abort_stata(sprintf("file %s already exists", shown), 602L)
  check_writable(file)
  write_zip(docx_parts(session$docx), file)
  session$docx <- NULL
  if (is.null(o$nomsg)) emit(session, sprintf("successfully created \"%s\"", shown))
}

docx_block <- function(block, docx) {
  if (inherits(block, "docx_table")) return(table_xml(docx$tables[[block]]))
  if (!is.list(block)) return(block)
  style <- if (nzchar(block$style)) sprintf("<w:pStyle w:val=\"%s\"/>", block$style) else ""
  sprintf("<w:p><w:pPr>%s<w:jc w:val=\"%s\"/></w:pPr>%s</w:p>", style, block$align, paste(block$runs, collapse = ""))
}

docx_parts <- function(docx) {
  head <- "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>"
  office <- "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
  package <- "http://schemas.openxmlformats.org/package/2006"
  word <- "application/vnd.openxmlformats-officedocument.wordprocessingml"
  i <- seq_along(docx$images)
  relation <- function(id, type, target) sprintf("<Relationship Id=\"%s\" Type=\"%s/%s\" Target=\"%s\"/>", id, office,
                                                 type, target)
  page <- if (docx$wide) "<w:pgSz w:w=\"15840\" w:h=\"12240\" w:orient=\"landscape\"/>" else
    "<w:pgSz w:w=\"12240\" w:h=\"15840\"/>"
  spaces <- c(w = "http://schemas.openxmlformats.org/wordprocessingml/2006/main", r = office,
              wp = "http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing",
              a = "http://schemas.openxmlformats.org/drawingml/2006/main",
              pic = "http://schemas.openxmlformats.org/drawingml/2006/picture")
  spaces <- paste(sprintf("xmlns:%s=\"%s\"", names(spaces), spaces), collapse = " ")
  body <- paste(vapply(docx$blocks, docx_block, "", docx = docx), collapse = "")
  parts <- list(
    `[Content_Types].xml` = paste0(head, "<Types xmlns=\"", package, "/content-types\">",
      "<Default Extension=\"rels\" ContentType=\"application/vnd.openxmlformats-package.relationships+xml\"/>",
      "<Default Extension=\"xml\" ContentType=\"application/xml\"/><Default Extension=\"png\" ContentType=\"image/png\"/>",
      "<Override PartName=\"/word/document.xml\" ContentType=\"", word, ".document.main+xml\"/>",
      "<Override PartName=\"/word/styles.xml\" ContentType=\"", word, ".styles+xml\"/></Types>"),
    `_rels/.rels` = paste0(head, "<Relationships xmlns=\"", package, "/relationships\">",
                           relation("rId1", "officeDocument", "word/document.xml"), "</Relationships>"),
    `word/document.xml` = paste0(head, "<w:document ", spaces, "><w:body>", body, "<w:sectPr>", page,
                                 "</w:sectPr></w:body></w:document>"),
    `word/styles.xml` = docx_styles(head, spaces),
    `word/_rels/document.xml.rels` = paste0(head, "<Relationships xmlns=\"", package, "/relationships\">",
      relation("rId1", "styles", "styles.xml"), paste(relation(sprintf("rImage%d", i), "image",
                                                              sprintf("media/image%d.png", i))[i], collapse = ""),
      "</Relationships>"))
  c(parts, stats::setNames(docx$images, sprintf("word/media/image%d.png", i)[i]))
}

docx_styles <- function(head, spaces) {
  size <- c(Title = 56, Subtitle = 28, Heading1 = 32, Heading2 = 26, Heading3 = 24, Heading4 = 22)
  styles <- sprintf(paste0("<w:style w:type=\"paragraph\" w:styleId=\"%s\"><w:name w:val=\"%s\"/><w:rPr><w:b/>",
                           "<w:sz w:val=\"%d\"/></w:rPr></w:style>"), names(size),
                    tolower(sub("([0-9])", " \\1", names(size))), as.integer(size))
  paste0(head, "<w:styles ", spaces, ">", paste(styles, collapse = ""), "</w:styles>")
}

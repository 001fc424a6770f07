# Owns the cells of a results table: blocks of rows -> text, as rows or side by side.

# Numbers under the names that tables of documents know (document_columns).
shown_numbers <- function(frame) {
  out <- frame[intersect(c("k", "estimate", "ci.lb", "ci.ub", "pval", "pi.lb", "pi.ub", "tau2", "I2", "Q", "Qp"),
                         names(frame))]
  names(out)[match(c("estimate", "ci.lb", "ci.ub"), names(out))] <- c("natural", "natural.lb", "natural.ub")
  out
}

# Which columns of the numbers a chosen column stands for.
choice_fields <- list(k = "k", estimate = "natural", ci = c("natural.lb", "natural.ub"), p = "pval",
                      pi = c("pi.lb", "pi.ub"), tau2 = "tau2", I2 = "I2", Q = "Q", Qp = "Qp")

# list(head, label, inner, table): inner rows stand under the name of their block. signs: how Greek and squares are
# written; clean: what makes the user's words harmless in the document.
result_cells <- function(x, signs = identity, clean = identity) {
  if (inherits(x, "metaparity_study_table")) return(study_cells(x, signs, clean))
  x$blocks <- lapply(x$blocks, clean_block, clean = clean)
  if (x$form$layout == "columns") return(side_cells(x, signs))
  texts <- lapply(x$blocks, block_cells, x = x, frame = as.data.frame(x), signs = signs)
  head <- ifelse(lengths(lapply(x$blocks, function(b) b$rows$label)) > 1L, "block", "row")
  parts <- Map(function(b, text, kind) {
    if (kind == "row") return(list(label = row_name(b), inner = FALSE, table = text))
    empty <- text[1L, , drop = FALSE]
    empty[] <- ""
    named <- nzchar(b$name)
    list(label = c(if (named) b$name, b$rows$label), inner = c(if (named) FALSE, rep(named, nrow(b$rows))),
         table = rbind(if (named) empty, text))
  }, x$blocks, texts, head)
  table <- do.call(rbind, lapply(parts, `[[`, "table"))
  rownames(table) <- NULL
  list(head = translate("Analysis"), label = unlist(lapply(parts, `[[`, "label")),
       inner = unlist(lapply(parts, `[[`, "inner")), table = table)
}

clean_block <- function(b, clean) {
  b$name <- clean(b$name)
  b$rows$label <- clean(b$rows$label)
  b
}

# The only row of a block has the name of the block, and its own beside it.
row_name <- function(b) paste(unique(c(b$name, b$rows$label)[nzchar(c(b$name, b$rows$label))]), collapse = ": ")

# The text of one block, in the columns that the whole table has.
block_cells <- function(b, x, frame, signs = identity) {
  numbers <- shown_numbers(frame)
  filled <- names(numbers)[vapply(numbers, function(v) !all(is.na(v)), NA)]
  if (!is.null(x$form$columns)) filled <- intersect(filled, unlist(choice_fields[x$form$columns]))
  digits <- x$form$digits
  out <- data.frame(row.names = seq_len(nrow(b$rows)))
  if (length(filled))
    out <- document_table(shown_numbers(b$rows)[filled], digits, x$level, c(natural = estimate_head(x)), signs = signs)
  out[] <- lapply(out, function(text) ifelse(is.na(text) | grepl("\\bNA\\b", text), "", text))
  tested <- any(!is.na(frame$test)) && (is.null(x$form$columns) || "test" %in% x$form$columns)
  if (tested) out[[translate("Test")]] <- statistic_text(b$rows, digits)
  if (!is.null(x$form$columns) || !tested) return(out)
  at <- match("p", names(out), 0L)
  out[c(setdiff(seq_along(out), c(at, ncol(out))), ncol(out), at)]
}

# The measure, where all estimates are of one.
estimate_head <- function(x) {
  measures <- unique(unlist(lapply(x$blocks, `[[`, "measure")))
  if (length(measures) == 1L) measures else translate("Estimate")
}

# "t(11) = -1.40".
statistic_text <- function(rows, digits) {
  df <- ifelse(is.na(rows$df), "", sprintf("(%s)", vapply(rows$df, function(v) if (is.na(v)) "" else text_df(v), "")))
  number <- ifelse(rows$test %in% "N", vapply(rows$statistic, format_drawer, ""),
                   format_fixed(rows$statistic, digits[["test"]]))
  ifelse(is.na(rows$test), "", paste0(rows$test, df, " = ", number))
}

# Results side by side: what a block says, one line for each quantity.
side_cells <- function(x, signs) {
  columns <- lapply(x$blocks, side_column, x = x, signs = signs)
  names <- unique(unlist(lapply(columns, names)))
  table <- data.frame(lapply(columns, function(column) unname(column[names])), stringsAsFactors = FALSE)
  table[is.na(table)] <- ""
  names(table) <- make.unique(vapply(x$blocks, `[[`, "", "name"))
  list(head = " ", label = names, inner = rep(FALSE, length(names)), table = table)
}

side_column <- function(b, x, signs) {
  text <- block_cells(b, x, as.data.frame(x), signs)
  if (nrow(text) == 1L) return(filled_cells(stats::setNames(unlist(text, use.names = FALSE), names(text))))
  centre <- match(c(estimate_head(x), translatef("%s%% CI", x$level)), names(text))
  p <- match(c("p", translate("Test")), names(text))
  cells <- apply(text[stats::na.omit(c(centre, rev(p)))], 1L, function(v) paste(v[nzchar(v)], collapse = "; "))
  rest <- setdiff(seq_along(text), c(centre, p))
  whole <- if (isTRUE(b$moderated)) 1L else nrow(text)
  filled_cells(c(stats::setNames(cells, b$rows$label), unlist(text[whole, rest, drop = FALSE])))
}

filled_cells <- function(cells) cells[!is.na(cells) & nzchar(trimws(cells))]

# What is said below the table: the models, what they test, what could not be done; what several blocks share is said
# once.
table_notes <- function(x) {
  if (inherits(x, "metaparity_study_table"))
    return(if (x$left) translatef(if (x$left == 1L) "%d study without an effect is not shown" else
      "%d studies without an effect are not shown", x$left))
  mixed <- length(unique(unlist(lapply(x$blocks, `[[`, "measure")))) > 1L
  said <- do.call(rbind, lapply(x$blocks, function(b) {
    notes <- b$notes
    if (mixed && length(b$measure)) notes <- c(paste(c(b$measure, notes[1L]), collapse = ", "), notes[-1L])
    if (length(notes)) data.frame(name = b$name, note = notes, stringsAsFactors = FALSE)
  }))
  vapply(unique(said$note), function(note) {
    names <- unique(said$name[said$note == note])
    named <- any(nzchar(names)) && length(names) < length(x$blocks)
    paste0(if (named) paste0(paste(names, collapse = ", "), ": "), note)
  }, "", USE.NAMES = FALSE)
}

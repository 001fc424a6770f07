# Owns labels that are plotmath. An expression travels through vectors and data frames as text behind a mark, and
# becomes an expression again where it is measured or drawn.

math_mark <- "\001"

# A character vector of what the user gave: text stays, expressions, calls and names become marked text.
as_label <- function(x, arg = "xlab") {
  if (is.null(x)) return(NULL)
  if (is.character(x)) return(check_encodings(stats::setNames(list(x), arg))[[1L]])
  if (is.expression(x)) x <- as.list(x) else if (is.language(x)) x <- list(x)
  if (!is.atomic(x) && !is.list(x)) abort_input(arg, sprintf("must be text or an expression, not %s", describe(x)))
  if (!is.list(x)) return(as.character(x))
  vapply(x, one_label, "", USE.NAMES = FALSE)
}

one_label <- function(x) {
  if (is.expression(x) && length(x) == 1L) x <- x[[1L]]
  if (is.language(x)) return(paste0(math_mark, paste(deparse(plain_constants(x), 500L), collapse = " ")))
  if (length(x)) as.character(x)[1L] else NA_character_
}

# bquote() puts objects into calls, formatted numbers with a class for example; deparse() would write out the class.
plain_constants <- function(x) {
  if (is.call(x)) return(as.call(lapply(as.list(x), plain_constants)))
  if (is.atomic(x) && !is.null(attributes(x))) as.vector(unclass(x)) else x
}

is_math <- function(text) if (length(text)) !is.na(text) & startsWith(as.character(text), math_mark) else logical()

as_math <- function(text) as.expression(lapply(substring(text, nchar(math_mark) + 1L), str2lang))

# What strwidth() and text() take: strings, or expressions where all of `text` is marked.
run_labels <- function(text) if (is_math(text[1L])) as_math(text) else text

# How far plotmath reaches below the baseline, in inches: what it adds to something higher that stands on the baseline.
math_depth <- function(text, cex, font) {
  tall <- quote(phantom(I^I^I^I^I^I))
  one <- function(label, cex, font) {
    height <- function(e) graphics::strheight(as.expression(e), units = "inches", cex = cex, font = font)
    height(call("*", call("{", as_math(label)[[1L]]), tall)) - height(tall)
  }
  pmax(0, unlist(Map(one, text, cex, font), use.names = FALSE))
}

# Height of texts in inches: that of their line, or of the plotmath where it is higher.
label_height <- function(text, size, font) {
  out <- size / 72
  for (i in which(is_math(text))) {
    out[i] <- max(out[i], graphics::strheight(as_math(text[i]), units = "inches", cex = points_to_cex(size[i]),
                                              font = font[i]))
  }
  out
}

# Has text the marks that markup_of_math() makes?
has_indices <- function(text) grepl("[_^]\\{", text)

# Plotmath of names, products, powers and indices as text with markup, which has the fonts of other text and can stand
# among it.
markup_of_math <- function(x) {
  if (is.expression(x)) x <- x[[1L]]
  if (is.name(x)) return(switch(as.character(x), Phi = "\u03a6", phi = "\u03c6", as.character(x)))
  if (!is.call(x)) return(as.character(x))
  parts <- vapply(as.list(x)[-1L], markup_of_math, "")
  switch(head <- as.character(x[[1L]]),
         "*" = paste(parts, collapse = ""), "{" = parts, "(" = sprintf("(%s)", parts), "-" = paste0("\u2212", parts),
         "^" = sprintf("%s^{%s}", parts[1L], parts[2L]), sqrt = paste0("\u221a", parts),
         # A square within an index has no smaller size of its own.
         "[" = sprintf("%s_{%s}", parts[1L], gsub("^{2}", "\u00b2", parts[2L], fixed = TRUE)),
         sprintf("%s(%s)", head, paste(parts, collapse = ", ")))
}

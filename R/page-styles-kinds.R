# Owns what an element of a style may be: of the kind that it has in the seven styles, a list by its parts.

# Elements whose kind the base style does not show, since they are NULL there.
style_lists <- c("header", "est", "footer", "box", "marker", "diamond", "rules", "null_line", "pooled_line",
                 "labels", "blank", "scatter",
                 "sequence")

# Without these nothing can be laid out.
style_needs <- c("fontsize", "pitch", "gap", "margin", "indent", "panel", "ci", "prediction", "axis",
                 "formats", "arms", "order",
                 "note_size", "main_size", "weight", "weight_digits", "digits", "text_col")

check_style_element <- function(new, old, name) {
  if (is.null(new)) {
    if (name %in% style_needs) abort_input(name, "must not be NULL: the style needs it")
    return(invisible())
  }
  if (is.list(old) || name %in% style_lists) return(check_style_list(new, old, name))
  switch(name, fontsize = check_number(new, name, 2, 72), pitch = check_number(new, name, 0.5, 100),
         note_size = , main_size = check_number(new, name, 0.01, 20), margin = check_number(new, name, 0, 1000),
         gap = , indent = check_number(new, name, -1000, 1000),
         digits = check_tick_digits(new, name),
         weight_digits = check_tick_digits(new, name), order = check_style_order(new, old), left = ,
         right = check_style_columns(new, name), check_style_leaf(new, old, name, name))
}

check_style_order <- function(new, known) {
  if (!is.character(new) || !all(new %in% known)) {
    abort_input("order", sprintf("must be an order of %s, not %s", paste0('"', known, '"', collapse = ", "),
                                 describe(new)))
  }
}

# The names that a forest plot has columns for.
style_column_words <- c("label", "extra", "est", "effect", "weight", "weight2", "z", "p", "Q", "I2", "H2",
                        "tau2", "arms", "rob", "events",
                  "noevents", "total", "mean", "sd", "mean_sd", "ratio", "time")

check_style_columns <- function(new, name) {
  known <- c(style_column_words, "panel", "|")
  if (!is.character(new) || !all(new %in% known)) {
    abort_input(name, sprintf("must name columns among %s, not %s", toString(known), describe(new)))
  }
}

check_style_list <- function(new, old, name) {
  named <- is.list(new) && !is.object(new) && (!length(new) || !is.null(names(new)) && all(nzchar(names(new))))
  if (!named) abort_input(name,
                          sprintf("must be a list of its parts, such as %s, not %s", style_part_names(old),
                                  describe(new)))
  for (part in names(new)) {
    own <- if (is.list(old)) old[[part]]
    if (is.list(own)) check_style_list(new[[part]], own, name) else check_style_leaf(new[[part]], own, part, name)
  }
}

style_part_names <- function(old) {
  if (length(names(old))) paste(utils::head(names(old), 3L), collapse = ", ") else "col"
}

check_style_leaf <- function(new, old, part, name) {
  if (is.null(new) || is.function(new) && name %in% c("formats", "axis", "scatter")) return(invisible())
  colour <- grepl("(^|_)(col|fill|border|bg|shade)$", part)
  if (colour) check_colours(new, name) else if (part == "lty") check_lty(new, name) else
    check_style_value(new, old, part, name)
}

# A format of one number or text takes the place of another one only.
fits_format <- function(new, old) {
  if (!is.character(new) || any(grepl("{", old, fixed = TRUE)) ||
      !all(grepl("^[^%]*%[-+ #0]*[0-9]*([.][0-9]+)?[a-z]([^%]|%%)*$", old))) return(TRUE)
  one <- function(format) is.character(sprintf(format, if (any(grepl("%[^%]*s", old))) "a" else 1))
  isTRUE(tryCatch(all(vapply(new, one, NA)), error = function(e) FALSE, warning = function(w) FALSE))
}

# Of the kind of what it replaces; where nothing stood, text, numbers or a list of them.
check_style_value <- function(new, old, part, name) {
  kind <- if (is.numeric(old)) "number" else if (is.logical(old) && !anyNA(old)) "flag" else if (is.character(old))
    "text" else "any"
  plain <- is.atomic(new) && !is.object(new) && is.null(dim(new)) && length(new) <= 1000L
  fine <- switch(kind, number = plain && is.numeric(new) && length(new) > 0L && all(is.finite(new)) &&
                 all(abs(new) <= 1000),
                 flag = plain && (is.logical(new) && length(new) == 1L && !is.na(new) || is.character(new)),
                 text = fits_format(new, old) && plain &&
                   (is.character(new) && !anyNA(new) && all(validUTF8(new)) || identical(new, NA)),
                 any = plain && !is.raw(new) && !is.complex(new) && (!is.character(new) || all(validUTF8(new))) ||
                   is.list(new) && !is.object(new))
  if (fine) return(invisible())
  what <- switch(kind, number = "a number", flag = "TRUE or FALSE", text = "text", any = "text or numbers")
  abort_input(name, sprintf("must have %s as `%s`, not %s", what, part, describe(new)))
}

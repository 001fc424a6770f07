# Owns what the two figures of risk of bias share: colours, levels that a legend shows, headings, checks of their
# arguments.

# The tool's levels with the colours asked for: "revman", "colourblind", or the user's, one per level.
coloured_levels <- function(tool, colours, call) {
  levels <- tool$levels
  if (is.character(colours) && length(colours) == 1L && is.null(names(colours))) {
    levels$fill <- levels[[check_choice(colours, c("revman", "colourblind"), "colours", call)]]
    levels$ink <- if (colours == "revman") rep("black", nrow(levels)) else text_on(levels$fill)
    dark <- levels$level %in% c("critical", "very_high") | !levels$fill %in% c(rob_tables()$levels$revman,
                                                                               levels$fill[levels$ink == "black"])
    levels$ink[dark] <- text_on(levels$fill[dark])
    return(levels)
  }
  given <- per_level(colours, levels$level, "colours", call)
  if (is.null(given)) abort_input("colours", "must be \"revman\", \"colourblind\", or colours of the levels", call)
  check_level_colours(given, call)
  levels$fill <- ifelse(is.na(given), levels$revman, given)
  levels$ink <- text_on(levels$fill)
  levels
}

# Levels without a judgement are in the legend as long as the tool is one that has them by rule.
legend_levels <- function(x, levels) {
  used <- levels$level %in% x$values
  levels[used | x$tool$name != "generic" & !levels$level %in% c("no_information", "not_applicable"), ]
}

# Where some domains are about applicability, the levels are not of bias alone.
level_labels <- function(x, levels) {
  if (length(unique(x$domains$group)) > 1L) short_labels(levels$label) else translate(levels$label)
}

check_rob <- function(x, call) {
  if (!inherits(x, "metaparity_rob")) abort_input("x", sprintf("must be what rob() returned, not %s", describe(x)),
                                                  call)
  if (!nrow(x$values)) abort_input("x", "must have a study at least", call)
  x
}

# With or without overall judgements; TRUE asks for them.
shown_overall <- function(x, overall, call) {
  if (is.null(overall)) return(x)
  if (!check_flag(overall, "overall", call)) return(keep_domains(x, which(!x$domains$overall)))
  if (any(x$domains$overall)) return(x)
  with_overall(x, TRUE, call)
}

group_headings <- c(bias = "Risk of bias", applicability = "Applicability concerns")

# Labels of domains: names, or short names, which a key explains.
domain_labels <- function(x, labels, call) {
  choice <- check_choice(labels, c("name", "id"), "labels", call)
  ifelse(choice == "name" | x$domains$overall, translate(x$domains$label), short_ids(x$domains))
}

# Domains without a short name are counted.
short_ids <- function(domains) {
  long <- domains$id == domains$label | nchar(domains$id, "width") > 4L
  ifelse(long, paste0("D", cumsum(!domains$overall)), domains$id)
}

rob_title <- function(title, arg, call) if (!is.null(title)) own_text(check_one_text(title, arg, call))

# Title over a block that is as wide as the block.
titled_block <- function(block, title, pt, width = block$width) {
  if (is.null(title)) return(block)
  words <- wrapped_labels(title, width, 1.2 * pt, 2L)
  depth <- words$height + 0.8 * pt / 72
  items <- c(list(label_item(words, 1L, 0, 0, 1.2 * pt, vjust = 1, font = 2L, role = "title")),
             shift_items(block$items, 0, -depth))
  list(items = items, width = max(block$width, words$width), height = block$height + depth)
}

# White space around a block.
padded_block <- function(block, pad) {
  list(items = shift_items(block$items, pad, -pad), width = block$width + 2 * pad, height = block$height + 2 * pad)
}

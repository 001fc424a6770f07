# metan's forest plot: its rows and options for the one forest engine, in the Stata style.
# Source: the graph of metan 3.04 (Harris et al. 2008, Stata J 8:3-28).

#' @rdname stata_plots
#' @export
plot.stata_metan <- function(x, ...) forest(x, ...)

#' @exportS3Method forest stata_metan
#' @exportS3Method metafor::forest stata_metan
forest.stata_metan <- function(x, ...) {
  own <- metan_forest_options(x)
  given <- list(...)
  own[names(given)] <- given
  own <- with_text_share(x, own)
  do.call(forest.metaparity, c(list(x), own), quote = TRUE)
}

with_text_share <- function(x, own) {
  share <- x$options$astext
  x$options$astext <- NULL
  width <- if (is.null(own$plotwidth)) text_share_width(x, own[setdiff(names(own), "plot")], share)
  if (!is.null(width)) own$plotwidth <- width
  own
}

# metan's options of the graph in the engine's words; what the user hands to plot() wins.
metan_forest_options <- function(x) {
  o <- x$options
  ticks <- named_ticks(tick_numbers(o$xlabel))
  ticks <- with_minor_ticks(ticks, o$xtick)
  if (metan_ratio(o)) ticks <- ratio_ticks(ticks)
  own <- list(style = metan_style(o), columns = metan_right_columns(x), digits = o$dp, at = ticks,
              favours = favours_texts(o$favours),
              alim = if (o$force && length(ticks) > 1L) range(ticks), refline = if (o$nulloff) NA_real_)
  Filter(Negate(is.null), own)
}

# The texts on both sides of #, which quotes may hold: "left" # "right".
favours_texts <- function(text) {
  if (is.null(text)) return(NULL)
  if (length(text) == 2L) return(trimws(text))
  if (grepl("^\\s*\"[^\"]*#[^\"]*\"\\s*$", text)) text <- gsub("\"", "", text, fixed = TRUE)
  quoted <- "`\"([^\"]*)\"'|\"([^\"]*)\""
  inner <- gsub("#", "\001", regmatches(text, gregexpr(quoted, text))[[1L]], fixed = TRUE)
  regmatches(text, gregexpr(quoted, text)) <- list(inner)
  sides <- trimws(strsplit(text, "#", fixed = TRUE)[[1L]])
  sides <- gsub(paste0("(", quoted, ")\\s+(?=`?\")"), "\\1\n", sides, perl = TRUE)
  gsub("\001", "#", gsub(quoted, "\\1\\2", sides), fixed = TRUE)
}

# Ticks with texts of their own, as Stata's xlabel(.5 "half" 1 2); the others show their numbers.
named_ticks <- function(ticks) {
  if (is.null(ticks)) return(NULL)
  words <- names(ticks)
  ticks <- check_numeric_vector(ticks, "xlabel")
  if (is.null(words)) return(ticks)
  stats::setNames(ticks, ifelse(nzchar(words) & !is.na(words), words, format_tick_stata(ticks)))
}

# xtick(): further ticks without labels.
with_minor_ticks <- function(ticks, minor) {
  minor <- setdiff(tick_numbers(minor), ticks)
  if (is.null(ticks) || !length(minor) || anyNA(minor)) return(ticks)
  stats::setNames(c(ticks, minor), c(names(ticks) %||% format_tick_stata(ticks), rep("", length(minor))))
}

# "0.1, 10" as Stata writes it, quotes and all, or a vector.
tick_numbers <- function(x) {
  if (!is.character(x)) return(x)
  text <- paste(x, collapse = " ")
  if (!validUTF8(text)) return(NA_real_)
  with_texts <- ticks_with_texts(text)
  if (!is.null(with_texts)) return(with_texts)
  suppressWarnings(as.numeric(strsplit(trimws(gsub("[\"'`]", " ", text)), "[, ]+")[[1L]]))
}

check_ticks <- function(x, arg, call = NULL) {
  if (!is.null(x) && (!is.character(x) && !is.numeric(x) || anyNA(tick_numbers(x)))) {
    abort_input(arg, sprintf("must hold numbers, each with its text in quotes behind it where it has one, not %s",
                             describe(x)), call)
  }
}

ratio_ticks <- function(ticks) {
  if (any(ticks <= 0)) abort_input("xlabel", "must be positive for ratios")
  if (is.null(ticks)) NULL else log(ticks)
}

# texts() and boxsca() are percentages; the no... options take parts away; boxopt() and the like change colours.
metan_style <- function(o) {
  style <- style_stata()
  style$fontsize <- style$fontsize * check_number(o$texts, "texts", 10, 500) / 100
  style$box$largest <- style$box$largest * check_number(o$boxsca, "boxsca", 0, 1000) / 100
  if (isTRUE(o$classic)) {
    style$box[c("fill", "border")] <- "black"
    style["marker"] <- list(NULL)
  }
  style <- style_with_looks(style, o)
  if (o$nobox) style["box"] <- list(NULL)
  if (o$nowt) style$right <- setdiff(style$right, c("weight", "weight2"))
  if (o$nostats) style$right <- setdiff(style$right, "est")
  style
}

# Rows of the log that have a place in the plot; numbers go back to the scale of the analysis.
#' @export
forest_rows.stata_metan <- function(x, options = forest_options()) {
  o <- x$options
  rows <- x$rows[x$rows$type != "rule" & x$rows$type != "sub_heading" & x$rows$type != "level_rule", ]
  if (o$summaryonly) rows <- rows[!rows$type %in% c("study", "excluded"), ]
  blocks <- unlist(lapply(seq_len(nrow(rows)), function(i) metan_block(rows[i, ], x)), recursive = FALSE)
  shown_as_ratio <- metan_ratio(o)
  info <- forest_info(measure = metan_measure_word(o), level = 100 * o$ilevel,
                      null = if (is.null(o[["null"]])) 0 else if (shown_as_ratio) log(o[["null"]]) else o[["null"]],
                      random = identical(x$r$method, "D+L") && !o$nowarning, natural = if (shown_as_ratio) exp,
                      style = "stata", names = list(stata = metan_effect_name(o)))
  info$studies <- nrow(x$studies)
  new_forest_rows(blocks, info, metan_extra(x))
}

metan_ratio <- function(o) o$ratio && !o$log || o$eform

metan_measure_word <- function(o) {
  if (is.null(o$measure)) "GEN" else switch(o$measure, WMD = "MD", ES = "GEN", o$measure)
}

metan_effect_name <- function(o) {
  if (!is.null(o$effect)) o$effect else if (o$log) paste0("log", o$measure) else o$measure
}

metan_block <- function(row, x) {
  back <- if (metan_ratio(x$options)) log else identity
  base <- list(type = c(heading = "heading", study = "study", excluded = "excluded", subtotal = "subtotal",
                        subtotal_second = "subtotal", overall_heading = "between", overall = "summary",
                        overall_second = "summary")[[row$type]],
               label = if (row$type %in% c("heading", "study", "excluded")) row$label else NA_character_,
               group = row$group, study = row$study, est = back(row$es), lo = back(row$ci_low), hi = back(row$ci_upp),
               weight = row$weight)
  switch(row$type,
    overall_heading = metan_between_block(base, x),
    subtotal = list(c(base_label(base, row, x, "Subtotal"), metan_heterogeneity(x, row$group))),
    overall = metan_overall_block(c(base_label(base, row, x, "Overall"), metan_heterogeneity(x, "Overall")), x),
    subtotal_second = list(base_label(base, row, x, "Subtotal")),
    overall_second = list(base_label(base, row, x, "Overall")),
    list(base))
}

# With two models each pooled row says which it is; otherwise the style writes the label.
base_label <- function(base, row, x, word) {
  model <- sub(" pooled .*$", "", row$label)
  second <- grepl("second", row$type)
  base$model <- model
  if (is.null(x$options$second) && is.null(x$options$first)) {
    if (x$options$nohet) base$label <- translate(word)
    return(base)
  }
  g <- x$groups
  het <- if (word == "Overall") x$r[c("i_sq", "p_het")] else as.list(g[match(row$group, g$label), c("i_sq", "p_het")])
  tail <- if (second || x$options$nohet) "" else {
    sprintf("  (I-squared = %s%%, p = %s)", trimws(stata_fixed(het$i_sq, 5L, 1L)), stata_p(het$p_het))
  }
  user <- if (second && is.list(x$options$second)) "secondstats" else
    if (row$type == "overall" && is.list(x$options$first)) "firststats"
  if (!is.null(user)) tail <- if (is.null(x$options[[user]])) "" else paste0("  ", x$options[[user]])
  base$label <- translate(paste0(model, " ", word, tail))
  base
}

metan_heterogeneity <- function(x, group) {
  if (group == "Overall") {
    r <- x$r
    return(list(Q = r$het, df = r$df, p = r$p_het, I2 = r$i_sq, tau2 = if (is.null(r$tau2)) NA_real_ else r$tau2))
  }
  g <- x$groups[match(group, x$groups$label), ]
  list(Q = g$het, df = g$df, p = g$p_het, I2 = g$i_sq, tau2 = g$tau2)
}

metan_between_block <- function(base, x) {
  b <- x$between
  if (is.null(b) || is.na(b$p)) return(NULL)
  list(list(type = "between", Q = b$Q, df = b$df, p = b$p))
}

metan_overall_block <- function(base, x) {
  if (is.null(x$r$rflow) || is.na(x$r$rflow)) return(list(base))
  back <- if (metan_ratio(x$options)) log else identity
  list(base, list(type = "prediction", lo = back(x$r$rflow), hi = back(x$r$rfupp)))
}

# lcols on the left; the first of them is the label when there is no label().
metan_extra <- function(x) {
  columns <- lapply(if (is.null(x$call$label)) x$lcols[-1L] else x$lcols, format_label_value)
  if (!length(columns)) return(NULL)
  matrix(unlist(columns), nrow = nrow(x$studies), dimnames = list(NULL, names(columns)))
}

# Right of effect and weight: counts, then oev and efficacy, then rcols.
metan_right_columns <- function(x) {
  o <- x$options
  s <- x$studies
  columns <- list()
  if (o$counts && !is.null(s[["a"]])) {
    columns[[paste0("Events,\n", o$group1)]] <- sprintf("%g/%g", s$a, s$a + s$b)
    columns[[paste0("Events,\n", o$group2)]] <- sprintf("%g/%g", s$c, s$c + s$d)
  }
  if (o$counts && !is.null(s$n1)) {
    columns[[paste0("N, mean\n(SD); ", o$group1)]] <- means_text(s$n1, s$m1, s$sd1)
    columns[[paste0("N, mean\n(SD); ", o$group2)]] <- means_text(s$n2, s$m2, s$sd2)
  }
  if (isTRUE(o$oev) && !is.null(s$a0)) columns[c("O-E", "V")] <- peto_columns(s)
  if (isTRUE(o$efficacy)) columns[["Vaccine efficacy\n(%)"]] <- efficacy_text(s)
  columns <- c(columns, lapply(x$rcols, format_label_value))
  if (!length(columns) || o$summaryonly) return(NULL)
  Map(function(text, head) forest_column(text, head, align = "left", side = "right"), unname(columns), names(columns))
}

# oev: observed minus expected events and their hypergeometric variance.
peto_columns <- function(s) {
  e <- quiet_drops(escalc("PETO", ai = s$a0, bi = s$b0, ci = s$c0, di = s$d0, add = 0, to = "none"))
  v <- 1 / as.numeric(e$vi)
  lapply(list(as.numeric(e$yi) * v, v), function(x) ifelse(is.finite(x), trimws(stata_fixed(x, 9L, 2L)), ""))
}

# 100 (1 - ratio) with its limits, which change places.
efficacy_text <- function(s) {
  share <- function(v) trimws(stata_fixed(100 * (1 - exp(v)), 6L, 0L))
  ifelse(is.na(s$reason), sprintf("%s (%s, %s)", share(s$yi), share(s$hi), share(s$lo)), "")
}

means_text <- function(n, m, sd) {
  short <- function(v) trimws(stata_general(v, 7L, 3L))
  sprintf("%g, %s (%s)", n, short(m), short(sd))
}

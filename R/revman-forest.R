# Owns RevMan's figures of an analysis: its rows, columns and words for the one forest engine, in RevMan's style, and
# its funnel plot. Source: figures of RevMan 5.4 and RevMan Web, whose geometry is in style_revman().

#' @rdname revman
#' @exportS3Method forest revman_view
#' @exportS3Method metafor::forest revman_view
forest.revman_view <- function(x, ...) {
  own <- revman_forest_options(x)
  given <- list(...)
  own[names(given)] <- given
  do.call(forest.metaparity, c(list(x), own), quote = TRUE)
}

revman_forest_options <- function(x) {
  s <- x$settings
  style <- revman_view_style(x)
  side <- vapply(s[c("graph_label_1", "graph_label_2")], function(v) if (is.na(v)) "" else as.character(v), "")
  # RevMan's own words are in the style, which translates them.
  if (identical(unname(side), style$favours)) side <- NULL
  own <- list(style = style, favours = unname(side), addpred = !is.null(x$web))
  c(Filter(Negate(is.null), own), revman_scale(s$scale, is_ratio_view(x)))
}

# The look of this analysis: the names of its arms, the columns of its data, RevMan Web's words for tau2.
revman_view_style <- function(x) {
  s <- x$settings
  style <- style_revman()
  groups <- vapply(s[c("group_label_1", "group_label_2")], function(v) if (is.na(v)) "" else as.character(v), "")
  style$arms$groups <- ifelse(nzchar(groups), groups, c("Experimental", "Control"))
  style$arms$generic <- "total"
  style$arms$oe <- c("events", "total")
  if (x$spec$totals == "NO") style$showweights <- FALSE
  if (!is.null(x$tau2_interval) && !is.na(x$tau2_interval[1L])) {
    style$footer$lines[["random"]] <- revman_web_footer
  }
  style
}

revman_web_footer <- paste("Heterogeneity: Tau^2 ({estimator}, {level}% CI) = {tau2} [{tau2_lo}, {tau2_hi}]; Chi^2 = {Q}, df = {df}",
                           "(P {p}); I^2 = {I2}%")

# RevMan's axis on the scale of analysis: it ends at SCALE, and its ticks are round and symmetric about no effect.
revman_scale <- function(scale, ratio) {
  if (is.null(scale) || !is.finite(scale) || scale <= (if (ratio) 1.0001 else 0)) return(NULL)
  shown <- if (ratio) scale_of_ratios(scale) else round_down(scale, c(1, 2, 4, 5)) * c(-1, -0.5, 0, 0.5, 1)
  end <- if (ratio) log(scale) else scale
  list(at = stats::setNames(if (ratio) log(shown) else shown, tick_labels(shown)), alim = c(-end, end))
}

scale_of_ratios <- function(scale) {
  end <- round_down(scale, c(1, 2, 5))
  if (end < 2) return(signif(c(1 / scale, 1, scale), 2L))
  if (scale <= 1000) ratio_scale(end) else c(1 / end, 1 / signif(sqrt(end), 1L), 1, signif(sqrt(end), 1L), end)
}

# The largest of `steps` times a power of ten that is not above the value.
round_down <- function(value, steps) {
  scales <- sort(as.vector(outer(steps, 10^(floor(log10(value)) + -1:0))))
  max(scales[scales <= value * (1 + 1e-9)])
}

#' @exportS3Method
forest_rows.revman_view <- function(x, options = forest_options()) {
  k <- nrow(x$rows)
  e <- x$effects
  weighted <- x$spec$totals != "NO" && any(e$weight > 0, na.rm = TRUE)
  studies <- new_studies(e$est, slab = forest_slab(options$slab, as.character(x$rows$study), k), lo = e$ci.lb,
                         hi = e$ci.ub, vi = e$se^2,
                         weight = if (weighted) ifelse(e$estimable, e$weight, NA),
                         type = ifelse(e$estimable, "study", "excluded"))
  studies$est[!e$estimable] <- NA
  order <- resolve_order(options$order, studies)
  blocks <- if (nrow(x$subgroups)) revman_group_blocks(x, studies, order, options) else
    list(study_block(studies, order))
  end <- c(if (options$addfit && shows_totals(x)) revman_pooled_blocks(x, x$total, "summary", NA_character_, options),
           if (shows_between(x)) list(revman_between_block(x)))
  new_forest_rows(c(blocks, end), revman_info(x, options), revman_extra(x, options))
}

# Rows of the whole alone stand below the subgroups.
revman_group_blocks <- function(x, studies, order, options) {
  member <- revman_groups(x)
  keys <- make.unique(group_names_of(x))
  blocks <- unlist(lapply(seq_len(nrow(x$subgroups)), function(g) {
    name <- keys[g]
    index <- order[member[order] %in% g]
    own <- match(g, x$groups$subgroup)
    pooled <- if (options$addfit && shows_subtotals(x)) {
      if (is.na(own)) list(list(type = "subtotal", group = name)) else
        revman_pooled_blocks(x, x$groups[own, ], "subtotal", name, options)
    }
    c(list(list(type = "heading", label = group_names_of(x)[g], group = name), study_block(studies, index, name)),
      pooled)
  }), recursive = FALSE)
  c(blocks, list(study_block(studies, order[is.na(member[order])])))
}

# RevMan Web's test under Hartung-Knapp intervals is a T; its P stays that of Z.
revman_pooled_blocks <- function(x, p, type, group, options) {
  some <- p$estimable && p$df > 0
  adjusted <- x$spec$hksj && x$spec$random && some
  weight <- if (x$spec$totals == "NO" || p$weight %in% c(0, NA)) NA_real_ else if (type == "summary") 100 else p$weight
  row <- list(type = type, group = group, label = if (is.null(options$mlab) || type != "summary") NA_character_ else
              options$mlab,
              est = p$est, lo = p$ci.lb, hi = p$ci.ub, weight = weight, model = if (x$spec$random) "RE" else "FE",
              Q = if (some) p$Q else NA_real_, df = p$df, p = if (some) p$Qp else NA_real_, I2 = if (some) p$I2 else
                NA_real_,
              tau2 = if (x$spec$random) p$tau2 else NA_real_, z = if (adjusted) abs(p$est) / p$se else p$z, pz = p$p,
              tdf = if (adjusted) p$df else NA_real_)
  if (!p$estimable) row[c("est", "lo", "hi")] <- NA_real_
  prediction <- if (options$addpred && type == "summary" && some && is.finite(p$pi.lb)) {
    list(type = "prediction", group = group, lo = p$pi.lb, hi = p$pi.ub)
  }
  list(row, prediction)
}

revman_between_block <- function(x) {
  b <- x$between
  some <- !is.na(b$p)
  list(type = "between", Q = if (some) b$Q else NA_real_, df = if (some) b$df else NA_real_, p = b$p,
       I2 = if (some) b$I2 else NA_real_)
}

revman_effect_label <- function(x) {
  word <- revman_measure_names[x$spec$measure]
  if (!is.na(word)) return(unname(word))
  own <- x$settings$effect_measure
  if (is.null(own) || is.na(own) || !nzchar(trimws(own))) "Effect" else trimws(own)
}

revman_info <- function(x, options) {
  label <- revman_effect_label(x)
  words <- list(scheme = c(MH = "M-H", IV = "IV", PETO = if (x$spec$measure == "OE") "Exp[(O-E) / V]" else
                           "Peto")[[x$spec$method]],
                effects = if (x$spec$random) "Random" else "Fixed", model_name = "")
  if (!is.null(x$web)) {
    ends <- sprintf("%.2f", x$tau2_interval)
    words <- c(words, list(estimator = x$web$tau2, tau2_lo = ends[1L], tau2_hi = ends[2L]))
  }
  measure <- c(PETO_OR = "PETO", GIV = "GEN", OE = "GEN")[x$spec$measure]
  info <- forest_info(measure = if (is.na(measure)) x$spec$measure else unname(measure),
                      level = 100 * x$spec$level_total, null = 0,
                      random = x$spec$random, natural = if (is_ratio_view(x)) exp, style = "revman",
                      names = list(raw = label, natural = label, stata = label, suite = label, suite_natural = label),
                      words = words)
  info$studies <- nrow(x$rows)
  # The heading is of the rows' intervals; labels and footers are of the pooled ones.
  info$level_study <- 100 * x$spec$level_study
  info$arms <- revman_arms(x)
  info
}

revman_arms <- function(x) {
  kind <- switch(revman_kind(x$spec$measure), table = "binary", means = "means", oe = "oe",
                 generic = if (x$settings$show_participants %in% TRUE) "generic" else return(NULL))
  fields <- switch(kind, binary = , oe = c(events = "events", total = "total"),
                   means = c(mean = "mean", sd = "sd", total = "total"),
                   generic = c(total = "total"))
  arm <- function(i) lapply(fields, function(name) as.numeric(x$rows[[paste0(name, "_", i)]]))
  arms <- list(arm(1L), arm(2L))
  if (all(lengths(unlist(arms, recursive = FALSE)) != nrow(x$rows)) || all(is.na(unlist(arms)))) return(NULL)
  list(kind = kind, count = 2L, arms = arms)
}

# What was entered of effects: the logarithm where it is one, O - E and its variance.
revman_entered <- function(x) {
  label <- revman_effect_label(x)
  own <- switch(revman_kind(x$spec$measure),
    generic = stats::setNames(x$rows[c("estimate", "se")], c(if (isTRUE(x$settings$log_data)) sprintf("log[%s]",
                                                                                                      label) else label, "SE")),
    oe = stats::setNames(x$rows[c("o_e", "var")], c("O-E", translate("Variance"))))
  if (is.null(own)) return(NULL)
  vapply(own, function(column) {
    text <- vapply(as.numeric(column), function(v) format(round(v, 4L), trim = TRUE, scientific = FALSE, digits = 7L),
                   "")
    ifelse(is.na(column), "", text)
  }, character(nrow(x$rows)))
}

revman_extra <- function(x, options) {
  own <- revman_entered(x)
  if (!is.null(own) && is.null(dim(own))) own <- matrix(own, nrow = nrow(x$rows), dimnames = list(NULL, names(own)))
  user <- study_extra(options, nrow(x$rows))
  if (is.null(own)) user else cbind(own, user)
}

#' @rdname revman
#' @exportS3Method funnel revman_view
#' @exportS3Method metafor::funnel revman_view
funnel.revman_view <- function(x, ...) {
  e <- x$effects[x$effects$estimable, ]
  used <- which(x$effects$estimable)
  if (!length(used)) abort_input("x", "has no estimable row to plot", sys.call())
  given <- list(...)
  own <- list(sei = e$se, slab = as.character(x$rows$study[used]), level = 100 * x$spec$level_total,
              refline = if (isTRUE(x$total$estimable)) x$total$est else 0,
              xlab = with_language(given$lang, translate(revman_effect_label(x))),
              back = "white", shade = "white", hlines = "white", lty = c("dashed", "dotted"),
              ylab = if (is_ratio_view(x)) sprintf("SE(log[%s])", funnel_word(x)) else
                  sprintf("SE(%s)", funnel_word(x)))
  if (is_ratio_view(x)) own$atransf <- exp
  if (nrow(x$groups) > 1L) {
    names <- group_names_of(x)
    own$by <- factor(names[revman_groups(x)[used]], unique(names))
    # In the panel it could cover the lines.
    own$legend <- list(x = "below", show = NA)
  }
  own[names(given)] <- given
  do.call(funnel, c(list(e$est), own), quote = TRUE)
}

funnel_word <- function(x) {
  word <- c(OR = "OR", RR = "RR", RD = "RD", PETO_OR = "OR", MD = "MD", SMD = "SMD")[x$spec$measure]
  if (is.na(word)) revman_effect_label(x) else unname(word)
}

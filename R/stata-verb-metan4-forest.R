# metan 4's forest plot: its rows and labels for the one forest engine, in the Stata style.
# Source: help of metan 4.08 and forestplot (texts, weights, prediction, vertical lines of influence analyses).

#' @rdname stata_plots
#' @export
plot.stata_metan4 <- function(x, ...) forest(x, ...)

#' @exportS3Method forest stata_metan4
#' @exportS3Method metafor::forest stata_metan4
forest.stata_metan4 <- function(x, ...) {
  x$options$xlabel <- xlabel_numbers(x$options)
  if (any(x$options$xlabel <= 0) && !x$options$exponent) x$options$ratio <- FALSE
  own <- metan_forest_options(x)
  own$style$axis$ticks <- "pretty"
  own$style$header$label <- paste(title_wrap(metan4_title_text(x), 14L)$lines, collapse = "\n")
  own$style$labels$note_random <- "NOTE: Weights are from random-effects model"
  own <- c(own, if (x$options$proportion && is.null(own$refline)) list(refline = NA_real_))
  given <- list(...)
  own[names(given)] <- given
  own <- with_text_share(x, own)
  do.call(forest.metaparity, c(list(x), own), quote = TRUE)
}

#' @export
forest_rows.stata_metan4 <- function(x, options = forest_options()) {
  o <- x$options
  rows <- x$rows[!x$rows$type %in% c("rule", "blank"), , drop = FALSE]
  if (o$summaryonly) rows <- rows[!rows$type %in% c("study", "excluded"), , drop = FALSE]
  blocks <- unlist(lapply(seq_len(nrow(rows)), function(i) metan4_block(rows[i, ], x)), recursive = FALSE)
  null <- if (is.null(o[["null"]])) 0 else if (o$exponent) log(o[["null"]]) else o[["null"]]
  info <- forest_info(measure = if (o$measure == "PR") "GEN" else metan_measure_word(o), level = 100 * o$ilevel,
                      null = null,
                      random = is_random_model(o$models[[1L]]) && !o$nowarning, natural = if (o$exponent) exp,
                      style = "stata",
                      names = list(stata = paste(effect_heading(o), collapse = " ")))
  if (o$cumulative) info$pooled <- if (o$proportion) metan4_show(x$r$eff, o, x$studies[["n"]]) else x$r$eff
  info$studies <- nrow(x$studies)
  new_forest_rows(blocks, info, metan_extra(x))
}

# Numbers of the table return to the scale of the analysis; proportions are drawn as they are shown.
metan4_block <- function(row, x) {
  back <- if (x$options$exponent) log else identity
  base <- list(type = c(heading = "heading", study = "study", excluded = "excluded", subtotal = "subtotal",
                        overall = "summary")[[row$type]],
               label = sub(" [*][*]$", "", row$label), group = row$group, study = row$study, est = back(row$es),
               lo = back(row$ci_low),
               hi = back(row$ci_upp), weight = row$weight)
  if (row$type %in% c("heading", "study", "excluded")) return(list(base))
  p <- pooled_of_row(row, x)
  base$model <- p$label
  base$label <- paste0(base$label, pooled_tail(p, x$options))
  out <- list(c(base, list(Q = or_missing(p$Q), df = or_missing(p$Qdf), p = or_missing(p$Qp), I2 = or_missing(p$I2),
                           tau2 = or_missing(p$tau2))))
  if (row$type == "overall" && x$options$rfdist && !is.null(p$tau2) && p$k > 2L) {
    ends <- metan_predict(list(est = p$est, se = p$se, tau2 = p$tau2, k = p$k), x$options$rflevel)
    if (x$options$proportion) ends <- lapply(ends, metan4_show, o = x$options, n = x$studies[["n"]])
    out <- c(out, list(list(type = "prediction", lo = ends[[1L]], hi = ends[[2L]])))
  }
  out
}

or_missing <- function(value) if (is.null(value)) NA_real_ else value

pooled_of_row <- function(row, x) {
  pool <- if (row$type == "overall") x$results else x$groups[[row$group]]
  pool[[match(row$model, vapply(pool, `[[`, "", "label"))]]
}

# "(I-squared = 41.9%, p = 0.026)" behind the first model; a user's text behind its own row.
pooled_tail <- function(p, o) {
  extra <- p$model$options$extralabel
  if (is.character(extra)) return(paste0(" ", extra))
  first <- identical(p$label, o$models[[1L]]$label)
  if (!first || o$nohet || is.null(p$Q) || is.na(p$I2)) return("")
  if (!is.null(o$hetinfo)) return(sprintf(" (%s)", heterogeneity_words(p, o$hetinfo)))
  sprintf(" (I\u00b2 = %s%%, p = %s)", trimws(stata_fixed(p$I2, 5L, 1L)), stata_p(p$Qp))
}

# hetinfo(): which statistics stand behind the labels of pooled results.
heterogeneity_words <- function(p, words) {
  known <- c(isq = "i", i2 = "i2", h = "h", q = "q", p = "p", tausq = "t", tau2 = "tau2")
  asked <- vapply(tolower(strsplit(trimws(gsub(",", " ", words)), "[[:space:]]+")[[1L]]), match_option,
                  "", known = known)
  if (anyNA(asked)) abort_input("hetinfo",
                                sprintf("must be of isq, h, q, p and tausq, not \"%s\"",
                                        names(asked)[is.na(asked)][1L]))
  text <- vapply(asked, function(word) switch(word,
    isq = , i2 = sprintf("I\u00b2 = %s%%", trimws(stata_fixed(p$I2, 5L, 1L))),
    h = sprintf("H = %s", trimws(stata_fixed(p$H, 7L, 2L))),
    q = sprintf("Q = %s on %g df", trimws(stata_fixed(p$Q, 9L, 2L)), p$Qdf), p = sprintf("p = %s", stata_p(p$Qp)),
    sprintf("\u03c4\u00b2 = %s", trimws(stata_fixed(or_missing(p$tau2), 9L, 4L)))), "")
  paste(text, collapse = ", ")
}

# allweights: the weights of every model, _WT1, _WT2 and so on.
further_weights <- function(view, s) {
  if (!view$options$allweights || length(view$results) < 2L) return(list())
  out <- lapply(view$results, function(p) {
    weight <- rep(NA_real_, nrow(s))
    weight[is.na(s$reason)] <- 100 * p$weight / sum(p$weight)
    weight
  })
  stats::setNames(out, paste0("_WT", seq_along(out)))
}

# ebshrinkage: the studies' empirical Bayes estimates under the first model and their standard errors, which hold that
# of the mean.
shrunken_estimates <- function(view, s) {
  p <- view$results[[1L]]
  if (!view$options$ebshrinkage || is.null(p$tau2)) return(list())
  share <- p$tau2 / (p$tau2 + s$vi)
  list(`_EBS_ES` = share * s$yi + (1 - share) * p$est, `_EBS_seES` = sqrt(share * s$vi + ((1 - share) * p$se)^2))
}

#' @exportS3Method
new_variables.stata_metan4 <- function(view) {
  s <- view$studies
  used <- is.na(s$reason)
  values <- list(`_ES` = s$yi, `_seES` = sqrt(s$vi), `_LCI` = s[["lo"]], `_UCI` = s[["hi"]], `_WT` = s$weight)
  values <- Filter(Negate(is.null), values)
  values <- lapply(values, function(v) ifelse(used, v, NA_real_))
  if (!is.null(s[["n"]])) values[["_NN"]] <- s[["n"]]
  values <- c(values, further_weights(view, s), shrunken_estimates(view, s))
  if (any(s$corrected)) values[["_CC"]] <- as.numeric(s$corrected)
  values[["_rsample"]] <- as.numeric(used)
  list(rows = s$row, values = values, labels = list(`_ES` = "Effect size", `_seES` = "Standard error of effect size",
                                                    `_LCI` = "Lower confidence limit",
                                                    `_UCI` = "Upper confidence limit",
                                                    `_WT` = "% Weight", `_NN` = "No. pts",
                                                    `_rsample` = "Sample included in most recent model"),
       replaces = c(names(values), "_CC"))
}

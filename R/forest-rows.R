# Owns the rows of a forest plot: any result -> one data frame, in the order of display, all numbers on
# the scale of analysis. forest_rows() is the internal generic that each kind of result answers.

# x: a result; options: forest_options(). Returns new_forest_rows().
forest_rows <- function(x, options = forest_options()) UseMethod("forest_rows")

#' @exportS3Method forest_rows default
forest_rows.default <- function(x, options = forest_options()) {
  abort_capability("x", sprintf("is of class \"%s\", which has no rows of a forest plot", class(x)[1L]), sys.call(-1L))
}

# The schema. One row per printed row, numbers missing where they do not apply:
#   type     heading, study, filled (imputed by trim and fill), excluded, subtotal, summary,
#            prediction (stands after the pooled row whose interval it is), between, text
#   label    NA lets the style write the label of subtotal, summary, prediction and between
#   group    name of the subgroup; study: index of the study in the caller's order
#   est, lo, hi       estimate and interval; weight: percent; size: relative area of the box (default: weight)
#   weight2           percent under a second model
#   Q, df, p, I2, H2, tau2, model   heterogeneity of pooled rows (I2 in percent), "RE" or "EE" ...
#   z, pz, tdf        test of the row; tdf: degrees of freedom of a t test, missing for z
#   fit, fit_lo, fit_hi         fitted value of a study under moderators
# Attributes: `info` (see forest_info()) and `extra`, a character matrix of further columns.
row_schema <- list(type = "study", label = NA_character_, group = NA_character_, study = NA_integer_,
                   est = NA_real_, lo = NA_real_, hi = NA_real_, weight = NA_real_, weight2 = NA_real_,
                   size = NA_real_, Q = NA_real_, df = NA_real_, p = NA_real_, I2 = NA_real_, H2 = NA_real_,
                   tau2 = NA_real_, z = NA_real_, pz = NA_real_, tdf = NA_real_, model = NA_character_,
                   fit = NA_real_, fit_lo = NA_real_, fit_hi = NA_real_)

row_types <- c("heading", "study", "filled", "excluded", "subtotal", "summary", "prediction", "between", "text")

# blocks: a list of lists, each the columns of some rows; a column that a block lacks is missing there.
# extra: one row per study, joined by the column `study`.
new_forest_rows <- function(blocks, info = forest_info(), extra = NULL) {
  blocks <- Filter(function(b) length(b) && max(lengths(b)), blocks)
  n <- vapply(blocks, function(b) max(lengths(b)), 0L)
  columns <- lapply(names(row_schema), function(name) {
    unlist(Map(function(b, m) rep_len(if (is.null(b[[name]])) row_schema[[name]] else b[[name]], m), blocks, n),
           use.names = FALSE)
  })
  names(columns) <- names(row_schema)
  rows <- as.data.frame(columns, stringsAsFactors = FALSE)
  unknown <- setdiff(rows$type, row_types)
  if (length(unknown)) abort_input("type", sprintf("must be one of %s, not %s", toString(row_types), unknown[1L]))
  if (!is.null(extra)) {
    extra <- extra[rows$study, , drop = FALSE]
    extra[is.na(extra)] <- ""
  }
  structure(rows, info = info, extra = extra)
}

# measure: escalc's word; level: percent; null: value of no effect on the scale of analysis; random: are
# the weights those of a random-effects model; natural: back-transformation a ratio is printed with;
# style: the name of the default look; names: replaces the words for the effect; words: of the model, for templates.
# with_columns() adds columns, arms and colours, place_between() the test between subgroups.
forest_info <- function(measure = "GEN", level = 95, null = 0, random = FALSE, natural = NULL, style = "metafor",
                        names = NULL, words = model_words()) {
  list(measure = measure, level = level, null = null, random = random, natural = natural, style = style,
       names = names, words = words)
}

# ---- one fit ----------------------------------------------------------------------------------

#' @export
forest_rows.metaparity <- function(x, options = forest_options()) {
  options <- align_options(options, x)
  studies <- forest_studies(x, options)
  pooled <- if (options$addfit && isTRUE(x$int.only)) {
    c(pooled_blocks(x, "summary", options), second_blocks(options$second, "summary", options))
  }
  fitted <- if (options$addfit && !isTRUE(x$int.only)) fitted_values(x, options)
  block <- study_block(studies, resolve_order(options$order, studies, options$decreasing))
  if (!is.null(fitted)) block[names(fitted)] <- lapply(fitted, function(v) align_rows(v, x)[block$study])
  new_forest_rows(c(list(block), pooled), fit_info(x, options), study_extra(options, studies$k))
}

# All studies of a fit with their intervals, weights and labels; those that have no part in it are excluded.
forest_studies <- function(x, options) {
  yi <- as.numeric(x$yi.f)
  vi <- as.numeric(x$vi.f)
  k <- length(yi)
  fill <- align_rows(x$fill, x)
  fill <- if (is.null(fill)) logical(k) else fill %in% TRUE
  out <- is.na(yi) | is.na(vi) | !estimated_rows(x)
  yi[out] <- vi[out] <- NA
  own <- if (!isTRUE(x$slab.null)) as.character(align_rows(x$slab, x)) else translatef("Study %s", align_rows(x$ids, x))
  own[fill] <- translate(own[fill])
  weight <- ifelse(out, NA, fit_weights(x, k))
  studies <- new_studies(yi, vi, level = options_level(options, x), slab = forest_slab(options$slab, own, k),
                         weight = weight, type = ifelse(out, "excluded", ifelse(fill, "filled", "study")))
  studies$weight2 <- second_weights(options$second, k)
  studies$fit <- x
  studies
}

# Which of the rows of `yi.f` have an estimate that the fit used.
estimated_rows <- function(x) {
  used <- if (is.null(x$not.na.yivi)) x$not.na else x$not.na.yivi
  if (length(used) == length(x$yi.f)) used else rep(TRUE, length(x$yi.f))
}

# Weights under a second model of the same studies.
second_weights <- function(second, k) {
  if (is.null(second)) return(rep(NA_real_, k))
  if (!inherits(second, "metaparity") || length(second$yi.f) != k) {
    abort_input("second", sprintf("must be another fit of the same %d studies, not %s", k, describe(second)))
  }
  fit_weights(second, k)
}

second_blocks <- function(second, type, options) {
  if (is.null(second)) return(NULL)
  blocks <- pooled_blocks(second, type, options, label = NULL)
  blocks[[1L]]$weight2 <- 100
  blocks[[1L]]$weight <- NA_real_
  blocks
}

fit_weights <- function(x, k) {
  # Where a model gives its studies no weights their marks are as large as they are precise.
  own <- if (inherits(x, c("metaparity_selmodel", "metaparity_glmm"))) 1 / marginal_diagonal(x) else stats::weights(x)
  weight <- align_rows(as.numeric(own), x)
  if (length(weight) != k) return(rep(NA_real_, k))
  100 * weight / sum(weight, na.rm = TRUE)
}

# The caller's values for studies, one for each row of the fit.
align_options <- function(options, x) {
  for (name in c("slab", "ilab", "order", "colout", "psize", "colci", "pch")) {
    if (length(options[[name]]) > 1L) options[[name]] <- align_rows(options[[name]], x)
  }
  if (is.logical(options$shade) && length(options$shade) > 1L) options$shade <- align_rows(options$shade, x) %in% TRUE
  options
}

new_studies <- function(yi, vi = NULL, level = 95, slab, lo = NULL, hi = NULL, weight = NULL, type = "study") {
  k <- length(yi)
  if (is.null(lo)) {
    half <- critical_value(level / 100) * sqrt(vi)
    lo <- yi - half
    hi <- yi + half
  }
  if (is.null(vi)) vi <- ((hi - lo) / (2 * critical_value(level / 100)))^2
  if (is.null(weight)) weight <- rep(NA_real_, k)
  list(k = k, est = yi, lo = lo, hi = hi, vi = vi, label = slab, weight = weight,
       weight2 = rep(NA_real_, k), size = if (all(is.na(weight))) 1 / vi else weight, type = rep_len(type, k))
}

# The block of some studies, in the order of `index`.
study_block <- function(studies, index, group = NA_character_) {
  if (!length(index)) return(NULL)
  take <- c("type", "label", "est", "lo", "hi", "weight", "weight2", "size")
  c(lapply(studies[take], `[`, index), list(study = index, group = group))
}

# The pooled row and, when asked for, its prediction interval.
pooled_blocks <- function(x, type, options, group = NA_character_, weight = 100, label = options$mlab) {
  level <- options_level(options, x)
  random <- is_random(x)
  same <- isTRUE(all.equal(level, level_percent(x$level)))
  ends <- c(x$ci.lb[1L], x$ci.ub[1L])
  prediction <- NULL
  if (!same || (options$addpred && random)) {
    predicted <- stats::predict(x, level = level)
    ends <- c(predicted$ci.lb[1L], predicted$ci.ub[1L])
    limits <- predictive_limits(options$preddist, c(predicted$pi.lb[1L], predicted$pi.ub[1L]), level)
    prediction <- if (options$addpred && random) list(type = "prediction", group = group, lo = limits[1L],
                                                      hi = limits[2L])
  }
  row <- list(type = type, label = if (is.null(label)) NA_character_ else label, group = group,
              est = as.numeric(x$beta)[1L], lo = ends[1L], hi = ends[2L], weight = weight, model = model_word(x),
              z = one_number(x$zval), pz = one_number(x$pval),
              tdf = one_number(x$ddf))
  list(c(row, forest_heterogeneity(x)), prediction)
}

# Limits of a distribution of the user, list(values, densities, pi.lb, pi.ub), if there is one: its own, or its
# quantiles.
predictive_limits <- function(preddist, usual, level) {
  if (is.null(preddist)) return(usual)
  preddist <- check_preddist(preddist)
  if (!is.null(preddist$pi.lb) && !is.null(preddist$pi.ub)) return(c(preddist$pi.lb, preddist$pi.ub))
  x <- preddist[[1L]]
  d <- preddist[[2L]]
  area <- c(0, cumsum(diff(x) * (d[-1L] + d[-length(d)]) / 2))
  stats::approx(area / area[length(area)], x, 0.5 + c(-0.5, 0.5) * level / 100, ties = "ordered")$y
}

forest_heterogeneity <- function(x) {
  df <- as.numeric(heterogeneity_df(x))
  some <- df > 0
  list(Q = if (some) one_number(x$QE) else NA_real_, df = df, p = if (some) one_number(x$QEp) else NA_real_,
       I2 = if (some) one_number(x$I2) else NA_real_, H2 = if (some) one_number(x$H2) else NA_real_,
       tau2 = one_number(x$tau2))
}

one_number <- function(value) if (is.null(value)) NA_real_ else as.numeric(value)[1L]

model_word <- function(x) if (isTRUE(x$method %in% c("EE", "FE", "CE"))) x$method else if (is_random(x)) "RE" else "EE"

# Sample sizes for the rows of a fit, those that it used; NULL where the data know none.
study_sizes <- function(x) {
  ni <- align_rows(x$ni.f %||% x$ni, x)
  if (length(ni) == length(x$yi.f)) ifelse(estimated_rows(x), ni, NA)
}

fitted_values <- function(x, options) {
  p <- stats::predict(x, level = options_level(options, x))
  wide <- options$addpred && !is.null(p$pi.lb)
  list(fit = p$pred, fit_lo = if (wide) p$pi.lb else p$ci.lb, fit_hi = if (wide) p$pi.ub else p$ci.ub)
}

fit_info <- function(x, options) {
  names <- forest_effect(x$measure)
  info <- forest_info(measure = if (is.null(x$measure)) "GEN" else x$measure, level = options_level(options, x),
                      null = names$null, random = is_random(x), natural = names$back, words = model_words(x))
  info$studies <- length(x$yi.f)
  info$ni <- study_sizes(x)
  info$align <- function(sizes) align_rows(sizes, x)
  info
}

# ---- subgroups --------------------------------------------------------------------------------

#' @export
forest_rows.metaparity_subgroup <- function(x, options = forest_options()) {
  overall <- x$overall
  options <- align_options(options, overall)
  studies <- forest_studies(overall, options)
  by <- as.factor(if (is.null(x$by.f)) align_rows(x$by, overall) else x$by.f)
  if (is.null(options$slab)) studies$label <- plain_slab(studies$label, by)
  order <- resolve_order(options$order, studies, options$decreasing)
  blocks <- lapply(group_names(x, by), function(name) {
    index <- order[which(as.character(by)[order] == name)]
    pooled <- if (options$addfit) group_pooled(x, name, studies, index, options)
    c(list(list(type = "heading", label = name, group = name), study_block(studies, index, name)), pooled)
  })
  end <- if (options$addfit) {
    c(list(between_block(x$between)), pooled_blocks(overall, "summary", options),
      second_blocks(options$second, "summary", options))
  }
  new_forest_rows(c(unlist(blocks, recursive = FALSE), end), fit_info(overall, options),
                  study_extra(options, studies$k))
}

# Groups with a fit and groups whose studies are all excluded, in the order of the levels.
group_names <- function(x, by) unique(c(intersect(levels(by), c(names(x$groups), as.character(by))), names(x$groups)))

# A group of one study is fitted without tau2; its subtotal still belongs to the model of the whole.
group_pooled <- function(x, name, studies, index, options) {
  sum_of <- function(weight) if (all(is.na(weight[index]))) NA_real_ else sum(weight[index], na.rm = TRUE)
  fit <- x$groups[[name]]
  pooled <- if (is.null(fit)) {
    list(list(type = "subtotal", group = name))
  } else {
    pooled_blocks(fit, "subtotal", options, name, sum_of(studies$weight), NULL)
  }
  pooled[[1L]]$model <- model_word(x$overall)
  pooled[[1L]]$weight2 <- sum_of(studies$weight2)
  pooled
}

# The fit numbers repeated labels ("Han.1"). A study may stand in several groups under its own name.
plain_slab <- function(slab, by) {
  plain <- sub("\\.[0-9]+$", "", slab)
  recovered <- identical(make.unique(plain), slab) && !anyDuplicated(data.frame(plain, by))
  if (recovered) plain else slab
}

between_block <- function(between) {
  if (is.null(between) || is.null(between$Q) || is.na(between$Q)) return(NULL)
  list(type = "between", Q = between$Q, df = between$df, p = between$pval,
       I2 = i2_from_q(between$Q, between$df))
}

# ---- helpers ----------------------------------------------------------------------------------

# metafor keeps the level as alpha (0.05); here and in Stata it is percent.
level_percent <- function(level) {
  if (is.null(level)) return(95)
  if (level <= 0.5) 100 * (1 - level) else if (level < 1) 100 * level else level
}

options_level <- function(options, x) if (is.null(options$level)) level_percent(x$level) else options$level

forest_slab <- function(given, own, k) {
  slab <- as_label(if (is.null(given)) own else given)
  if (is.atomic(given) && length(given) == 1L && is.na(given)) return(rep("", k))
  if (is.null(slab)) return(translatef("Study %s", seq_len(k)))
  if (length(slab) != k) {
    abort_input("slab", sprintf("must have one label for each of the %d studies, not %d", k, length(slab)))
  }
  slab <- as.character(slab)
  ifelse(is.na(slab), "", slab)
}

# Further columns as text; headings from `ilab.lab`, else from the columns' names.
study_extra <- function(options, k) {
  ilab <- options$ilab
  if (is.null(ilab)) return(NULL)
  if (is.expression(ilab)) ilab <- as_label(ilab)
  if (length(dim(ilab)) == 1L) ilab <- as.vector(ilab)
  unnamed <- !is.data.frame(ilab) && is.null(colnames(ilab))
  ilab <- as_frame(ilab, "ilab")
  if (nrow(ilab) != k) {
    abort_input("ilab", sprintf("must have one row for each of the %d studies, not %d", k, nrow(ilab)))
  }
  head <- if (is.null(options$ilab.lab)) names(ilab) else as_label(options$ilab.lab)
  # Who places columns by hand also writes over them by hand.
  if (is.null(options$ilab.lab) && (unnamed || !is.null(options$ilab.xpos))) head <- rep("", ncol(ilab))
  if (length(head) != ncol(ilab)) {
    abort_input("ilab.lab", sprintf("must have one heading for each of the %d columns, not %d", ncol(ilab),
                                    length(head)))
  }
  text <- vapply(ilab, function(column) {
    if (is.numeric(column)) format_cells(column) else blank_missing(as_label(column))
  }, character(k))
  matrix(text, nrow = k, dimnames = list(NULL, head))
}

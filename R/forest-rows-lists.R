# Owns the rows of results that are lists of estimates: leave-one-out and cumulative results, plain estimates, and
# several outcomes under one axis.

# ---- leave-one-out, cumulative ----------------------------------------------------------------

#' @export
forest_rows.metaparity_list <- function(x, options = forest_options()) {
  measure <- list_origin(x, "measure")
  ni <- attr(x, "ni", exact = TRUE)
  if (is.null(x$estimate)) x$estimate <- x$pred
  if (is.null(x$estimate) || is.matrix(x$estimate)) abort_input("x", "must have one estimate per row")
  k <- length(x$estimate)
  level <- if (is.null(options$level)) level_percent(list_origin(x, "level")) else options$level
  studies <- new_studies(as.numeric(x$estimate), level = level, lo = as.numeric(x$ci.lb), hi = as.numeric(x$ci.ub),
                         slab = forest_slab(options$slab, x$slab, k))
  studies$size <- rep(NA_real_, k)
  names <- forest_effect(measure)
  changed <- is.function(x$transf) || isTRUE(x$transf)
  info <- forest_info(if (is.null(measure)) "GEN" else measure, level, if (changed) NA_real_ else names$null,
                      natural = if (!changed) names$back, words = model_words(x))
  info$sequence <- TRUE
  info$ni <- ni
  index <- resolve_order(options$order, studies)
  block <- c(study_block(studies, index), list_tests(x, index, changed))
  new_forest_rows(list(block), info, study_extra(options, k))
}

# The tests that the result itself holds; those of transformed estimates are none of theirs.
list_tests <- function(x, index, changed) {
  statistic <- x$zval %||% x$tval
  if (changed || is.null(statistic) || is.null(x$pval)) return(NULL)
  list(z = as.numeric(statistic)[index], pz = as.numeric(x$pval)[index])
}

# ---- plain estimates --------------------------------------------------------------------------

# x: list(yi, vi, lo, hi, slab, level, measure) of class metaparity_estimates.
#' @export
forest_rows.metaparity_estimates <- function(x, options = forest_options()) {
  k <- length(x$yi)
  level <- if (is.null(options$level)) x$level else options$level
  studies <- new_studies(x$yi, x$vi, level, forest_slab(options$slab, x$slab, k), x$lo, x$hi)
  names <- forest_effect(x$measure)
  index <- resolve_order(options$order, studies)
  block <- study_block(studies, index)
  block$type <- ifelse(is.na(block$est), "excluded", "study")
  info <- forest_info(x$measure, level, names$null, natural = names$back)
  info$given_ratios <- isTRUE(x$given_ratios)
  info$ni <- x$ni
  new_forest_rows(list(block), info, study_extra(options, k))
}

# ---- several outcomes ---------------------------------------------------------------------------

# A named list of fits as one result.
new_outcomes <- function(x, call = NULL) {
  if (!length(x)) abort_input("x", "must hold at least one fit", call)
  bad <- which(!vapply(x, function(fit) inherits(fit, "metaparity") && !inherits(fit, "metaparity_subgroup"), NA))
  if (length(bad)) {
    abort_input("x", sprintf("must be a list of fits; element %d is %s", bad[1L], describe(x[[bad[1L]]])), call)
  }
  measure <- vapply(x, function(fit) if (is.null(fit$measure)) "GEN" else fit$measure, "")
  back <- lapply(measure, function(m) forest_effect(m)$back)
  if (length(unique(measure)) > 1L && !all(vapply(back, identical, NA, back[[1L]]))) {
    abort_input("x", "must be fits whose effects share one axis; forest_stack() draws one axis for each", call)
  }
  if (is.null(names(x))) names(x) <- translatef("Outcome %s", seq_along(x))
  structure(list(fits = x, same = length(unique(measure)) == 1L), class = c("metaparity_outcomes", "metaparity"))
}

# Headings, studies and the pooled row of each fit; studies are counted through.
#' @export
forest_rows.metaparity_outcomes <- function(x, options = forest_options()) {
  before <- 0L
  blocks <- list()
  sizes <- numeric()
  extra <- options
  extra[c("slab", "ilab", "order")] <- list(NULL)
  for (name in names(x$fits)) {
    rows <- forest_rows(x$fits[[name]], extra)
    info <- attr(rows, "info")
    sizes <- c(sizes, info$ni %||% rep(NA_real_, info$studies))
    rows$study <- rows$study + before
    rows$group <- rep(name, nrow(rows))
    rows$type[rows$type == "summary"] <- "subtotal"
    blocks <- c(blocks, list(list(type = "heading", label = name, group = name), as.list(rows)))
    before <- before + info$studies
  }
  if (!x$same) info$measure <- "GEN"
  info$studies <- before
  info["ni"] <- list(if (!all(is.na(sizes))) sizes)
  info$align <- NULL
  rows <- new_forest_rows(blocks, info, study_extra(options, before))
  if (!is.null(options$slab)) {
    study <- !is.na(rows$study)
    rows$label[study] <- forest_slab(options$slab, NULL, before)[rows$study[study]]
  }
  rows
}

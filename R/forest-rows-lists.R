# Owns the rows of results that are lists of estimates: leave-one-out and cumulative results, plain estimates, and
# several outcomes under one axis.

# ---- leave-one-out, cumulative ----------------------------------------------------------------

#' @export
forest_rows.metaparity_list <- function(x, options = forest_options()) {
  ni <- attr(x, "ni", exact = TRUE)
  if (is.null(x$estimate)) x$estimate <- x$pred
  if (is.null(x$estimate) || is.matrix(x$estimate)) abort_input("x", "must have one estimate per row")
  k <- length(x$estimate)
  info <- list_info(x, options)
  info$ni <- ni
  studies <- new_studies(as.numeric(x$estimate), level = info$level, lo = as.numeric(x$ci.lb), hi = as.numeric(x$ci.ub),
                         slab = forest_slab(options$slab, sequence_labels(x), k))
  studies$size <- rep(NA_real_, k)
  index <- resolve_order(options$order, studies, options$decreasing)
  block <- c(study_block(studies, index), lapply(list_numbers(x), `[`, index))
  new_forest_rows(list(block, if (options$addfit) list_pooled(x, options)), info, study_extra(options, k))
}

# Intervals are those of the result, at its own level. Transformed estimates have the tests of the untransformed ones.
list_info <- function(x, options) {
  measure <- list_origin(x, "measure")
  level <- level_percent(list_origin(x, "level"))
  if (!is.null(options$level) && !isTRUE(all.equal(options$level, level))) {
    warn_input("level", sprintf("is that of the result, %s, whose intervals are shown; give it to the model",
                                format_level(level)))
  }
  names <- forest_effect(measure)
  changed <- is.function(x$transf) || isTRUE(x$transf)
  model <- attr(x, "model", exact = TRUE)
  info <- forest_info(if (is.null(measure)) "GEN" else measure, level, if (changed) NA_real_ else names$null,
                      random = !is.null(model) && is_random(model), natural = if (!changed) names$back,
                      words = model_words(model %||% x))
  info$sequence <- TRUE
  info$changed <- changed
  info$analysed <- model$measure
  info
}

# As metafor's: what is added bears a plus, what is left out a minus.
sequence_labels <- function(x) {
  own <- as.character(x$slab)
  if (inherits(x, "metaparity_leave1out") && isTRUE(attr(x, "unnamed", exact = TRUE))) {
    return(paste0("-", translatef("Study %s", sub("^-", "", own))))
  }
  if (!inherits(x, "metaparity_cumul")) return(own)
  if (isTRUE(x$slab.null)) own <- translatef("Study %s", x$ids)
  paste0(rep(c("", "+ "), c(1L, length(own) - 1L)), own)
}

# Tests and heterogeneity that the result itself holds, under the names of rows.
list_numbers <- function(x) {
  fields <- list(z = x$zval %||% x$tval, pz = x$pval, Q = x$Q, p = x$Qp, I2 = x$I2, H2 = x$H2, tau2 = x$tau2)
  lapply(fields[lengths(fields) == length(x$estimate)], as.numeric)
}

# The row of all studies: that of the last step, or what the result says beside its rows.
list_pooled <- function(x, options) {
  model <- attr(x, "model", exact = TRUE)
  whole <- attr(x, "all", exact = TRUE)
  df <- whole$df
  if (inherits(x, "metaparity_cumul")) {
    last <- which.max(x$k)
    whole <- lapply(Filter(function(v) length(v) == length(x$k), unclass(x)), `[`, last)
    df <- attr(x, "df", exact = TRUE)
    whole$tdf <- attr(x, "tdf", exact = TRUE)
  } else if (!inherits(x, "metaparity_leave1out")) {
    return(NULL)
  }
  if (is.null(model) || !length(whole$estimate) || is.na(whole$estimate)) return(NULL)
  numbers <- lapply(list_numbers(whole), one_number)
  if (!isTRUE(df > 0)) numbers[c("Q", "p", "I2", "H2")] <- NULL
  c(list(type = "summary", label = if (is.null(options$mlab)) NA_character_ else options$mlab,
         est = as.numeric(whole$estimate),
         lo = as.numeric(whole$ci.lb), hi = as.numeric(whole$ci.ub), model = model_word(model), df = as.numeric(df),
         tdf = one_number(whole$tdf)), numbers)
}

# ---- plain estimates --------------------------------------------------------------------------

# x: list(yi, vi, lo, hi, slab, level, measure) of class metaparity_estimates.
#' @export
forest_rows.metaparity_estimates <- function(x, options = forest_options()) {
  k <- length(x$yi)
  level <- if (is.null(options$level)) x$level else options$level
  studies <- new_studies(x$yi, x$vi, level, forest_slab(options$slab, x$slab, k), x$lo, x$hi)
  names <- forest_effect(x$measure)
  index <- resolve_order(options$order, studies, options$decreasing)
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

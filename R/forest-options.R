# Owns the arguments of forest(): their defaults and checks, what depends on rows and style, and the evaluation of those
# that may name columns of the data. Names of other packages are resolved in forest-arguments.R.

# Every option with its default; options that are NULL by default are named in `open_options`.
forest_defaults <- c(
  list(annotate = TRUE, addfit = TRUE, overall = TRUE, subgroup = TRUE, addpred = FALSE, excluded = TRUE,
       header = TRUE, plot = TRUE, predstyle = "line", efac = 1,
       shade = FALSE, steps = 5, size = c(NA_real_, NA_real_)),
  sapply(c("showweights", "alim", "at", "refline", "digits", "level", "xlab", "favours", "slab", "mlab", "ilab",
           "ilab.lab", "order", "transf", "atransf", "main", "note", "columns", "lang", "style", "fontsize", "targs",
           "xlim", "textpos", "ylim", "olim", "rows", "top", "ilab.xpos", "ilab.pos", "preddist", "predlim",
           "colshade", "lty",
           "lwd", "pch", "psize", "plim", "col", "border", "colout", "colci", "fonts", "cex", "cex.lab", "cex.axis",
           "est_format", "subset", "favours_left", "favours_right", "natural", "spacing", "ticks", "limits", "colour",
           "second", "rob", "robcolours", "device", "widths", "wrap", "by_hand", "width", "rowadj", "colgap",
             "plotwidth",
           "minus", "decreasing"), function(name) NULL,
         simplify = FALSE))

forest_options <- function(...) {
  given <- own_arguments(list(...))
  options <- forest_defaults
  options[names(given)] <- given
  check_forest_options(options)
}

check_forest_options <- function(options) {
  for (name in c("annotate", "addfit", "overall", "addpred", "excluded")) check_flag(options[[name]], name)
  if (!is.null(options$showweights)) check_flag(options$showweights, "showweights")
  for (name in c("alim", "xlim", "textpos", "limits", "predlim")) check_pair(options[[name]], name)
  for (name in c("at", "refline", "rows", "psize", "ticks", "ilab.xpos", "ylim")) {
    value <- options[[name]]
    if (is.null(value)) next
    number <- check_numeric_vector(value, name)
    beyond <- abs(number) > 1e150 & !is.na(number) | name %in% c("at", "ticks", "ylim") & is.na(number)
    number[!is.na(number) & abs(number) < 1e-150] <- 0
    if (name %in% c("rows", "ylim", "psize") && length(number) && all(is.na(number)) || any(beyond)) {
      abort_input(name, sprintf("must be finite numbers, not %s", describe(value)))
    }
    if (!is.integer(value)) options[[name]] <- stats::setNames(number, names(value))
  }
  for (name in c("col", "border", "colout", "colci")) {
    if (!is.null(options[[name]])) check_colours(options[[name]], name)
  }
  if (!is.null(options$pch)) check_forest_symbols(check_symbols(options$pch, "pch"))
  if (!is.null(options$colshade)) check_colours(options$colshade, "colshade")
  for (name in c("cex", "cex.lab", "cex.axis", "spacing", "lwd")) {
    if (!is.null(options[[name]])) check_number(options[[name]], name, 0.05, 20)
  }
  check_placing(options)
  check_point_limits(options$plim)
  if (!is.null(options$top)) check_number(options$top, "top", 0, 1000)
  options <- check_transformations(options)
  if (!is.null(options$level)) options$level <- 100 * check_level(options$level)
  options$steps <- check_number(options$steps[1L], "steps", 1, 100)
  options$efac <- check_expansion(options$efac)
  options["lty"] <- list(check_line_types(options$lty))
  options$predstyle <- check_prediction_style(options$predstyle)
  check_observation_limits(options$olim)
  check_words(options)
}

# metafor's plim: sizes of the smallest and the largest point, one of which may be NA, and the least size.
check_point_limits <- function(plim) {
  if (is.null(plim)) return(invisible())
  if (!is.numeric(plim) || !length(plim) %in% 2:3 || all(is.na(plim[1:2])) || any(plim < 0, na.rm = TRUE)) {
    abort_input("plim", sprintf("must be two or three sizes, one of which may be NA, not %s", describe(plim)))
  }
}

# metafor's width and rowadj: one number, or one per part.
check_placing <- function(options) {
  for (name in c("width", "rowadj")) {
    value <- options[[name]]
    if (is.null(value)) next
    check_numeric_vector(value, name)
    if (length(value) > 4L || anyNA(value) || any(abs(value) > 100)) {
      abort_input(name, sprintf("must be one to four small numbers, not %s", describe(value)))
    }
  }
}

# FALSE is metafor's word for none.
check_transformations <- function(options) {
  for (name in c("transf", "atransf")) {
    if (isFALSE(options[[name]])) options[name] <- list(NULL)
    if (!is.null(options[[name]]) && !is.function(options[[name]])) {
      abort_input(name, sprintf("must be a function, not %s", describe(options[[name]])))
    }
  }
  if (!is.null(options$transf) && !is.null(options$atransf)) {
    abort_input("atransf", "cannot be used together with `transf`")
  }
  options
}

# metafor's vector of one to four: ends of intervals, arrows, diamonds, prediction.
check_expansion <- function(efac) {
  if (!is.numeric(efac) || !length(efac) || length(efac) > 4L || anyNA(efac) || any(efac < 0 | efac > 10)) {
    abort_input("efac", sprintf("must be one to four numbers between 0 and 10, not %s", describe(efac)))
  }
  parts <- switch(length(efac), rep(efac, 3L), efac[c(1L, 1L, 2L)], efac, efac[1:3])
  list(cap = parts[1L], arrow = parts[2L], polygon = parts[3L], prediction = if (length(efac) == 4L) efac[4L] else 1)
}

# R's numbers of line types as words.
check_line_types <- function(lty) {
  if (is.null(lty)) return(NULL)
  check_lty(lty, "lty")
  if (is.numeric(lty)) line_type_words(lty) else lty
}

prediction_styles <- c("line", "polygon", "bar", "shade", "dist")

check_prediction_style <- function(predstyle) {
  if (is.character(predstyle) && length(predstyle) == 1L) {
    predstyle <- c(prediction_styles[startsWith(prediction_styles, predstyle)], predstyle)[1L]
  }
  check_choice(predstyle, prediction_styles, "predstyle")
}

# One end of olim may be open: NA or infinite.
check_observation_limits <- function(olim) {
  if (is.null(olim)) return(invisible())
  if (!is.numeric(olim) || length(olim) != 2L || isTRUE(olim[1L] >= olim[2L])) {
    abort_input("olim", sprintf("must be two increasing numbers, not %s", describe(olim)))
  }
}

check_words <- function(options) {
  for (name in c("xlab", "favours", "mlab", "main", "note", "header", "slab")) check_texts(options[[name]], name)
  if (!is.null(options$digits)) options$digits <- unlist(check_tick_digits(options$digits, "digits"))
  for (name in c("xlab", "favours", "mlab", "main", "note")) options[name] <- list(as_label(options[[name]], name))
  if (!is.logical(options$header)) options$header <- as_label(options$header, "header")
  if (is.null(options$favours) && !is.null(c(options$favours_left, options$favours_right))) {
    options$favours <- c(c(options$favours_left, "")[1L], c(options$favours_right, "")[1L])
  }
  if (!is.null(options$favours) && length(options$favours) != 2L) {
    abort_input("favours", sprintf("must be two texts, not %d", length(options$favours)))
  }
  options["favours"] <- list(own_text(options$favours))
  options
}

# Texts, expressions or numbers, of a length that a page can hold.
check_texts <- function(x, arg) {
  one <- function(v) is.language(v) || is.atomic(v) && length(v) <= 1L
  fine <- is.null(x) || is.language(x) || is.atomic(x) && (!is.character(x) || all(validUTF8(x))) ||
    is.list(x) && all(vapply(x, one, NA))
  if (!fine || (arg != "slab" && length(x) > 1000L))
    abort_input(arg, sprintf("must be text or an expression, not %s", describe(x)))
}

check_pair <- function(x, arg) {
  if (is.null(x)) return(invisible())
  if (!is.numeric(x) || length(x) != 2L || !all(is.finite(x)) || any(abs(x) > 1e150) || abs(x[1L] - x[2L]) < 1e-150) {
    abort_input(arg, sprintf("must be two different numbers, not %s", describe(x)))
  }
}

# What depends on rows and style: digits, weights, the scale of ratios; numbers under `transf`.
settle_options <- function(rows, style, options) {
  if (is.null(options$digits)) options$digits <- style$digits
  if (is.null(options$showweights)) options$showweights <- style$showweights
  info <- attr(rows, "info")
  options <- bind_options(options, info)
  natural <- options$natural %||% (info$given_ratios %in% TRUE || style$natural)
  if (is.null(options$transf) && is.null(options$atransf) && isTRUE(natural) && identical(info$natural, exp)) {
    options$atransf <- exp
    if (isTRUE(info$given_ratios)) options <- ratio_places(options)
  }
  options <- natural_axis(options)
  if (is.null(options$favours) && isTRUE(info$arms$count == 2L)) options$favours <- style$favours
  rows <- place_between(rows, style$between)
  rows <- keep_subset(rows, options$subset)
  list(rows = transform_forest_rows(rows, options), options = options)
}

# `transf` and `atransf` with the arguments that they need. Rows are on the scale of `transf`; `atransf` changes only
# what is printed.
bind_options <- function(options, info) {
  for (name in c("transf", "atransf")) {
    fun <- options[[name]]
    targs <- align_sizes(options$targs, fun, info$align %||% identity)
    options[name] <- list(bind_transform(fun, targs, info$ni, arg = name))
  }
  options
}

# Of which studies the rows are the results, for bind_transform(); those of a sequence are pooled.
own_studies <- function(rows) {
  if (isTRUE(attr(rows, "info")$sequence)) rep(NA_integer_, nrow(rows)) else rows$study
}

# Who gives ratios also places ticks, limits and lines on their scale.
ratio_places <- function(options) {
  for (name in c("at", "alim", "refline")) {
    if (!is.null(options[[name]])) options[[name]] <- unprinted(options[[name]], exp, name)
  }
  options
}

# `ticks` and `limits` are on the scale that is printed; `at` and `alim` on that of the estimates.
natural_axis <- function(options) {
  for (pair in list(c("ticks", "at"), c("limits", "alim"))) {
    value <- options[[pair[1L]]]
    if (!is.null(value)) options[[pair[2L]]] <- unprinted(value, options$atransf, pair[1L])
  }
  options
}

unprinted <- function(value, atransf, arg) {
  if (is.null(atransf)) return(value)
  if (identical(atransf, exp)) {
    if (any(value <= 0, na.rm = TRUE)) abort_input(arg, "must be positive for ratios")
    return(log(value))
  }
  inverse <- function(v) {
    tryCatch(stats::uniroot(function(x) atransf(x) - v, c(-20, 20), tol = 1e-10)$root,
             error = function(e) abort_input(arg, sprintf("has a value that `atransf` does not reach: %s", format(v))))
  }
  vapply(value, inverse, 0)
}

# The test between subgroups comes first or last among the overall rows, or becomes a footer.
place_between <- function(rows, place) {
  last <- rows$type == "between"
  if (!any(last) || place == "first") return(rows)
  info <- attr(rows, "info")
  if (place == "footer") {
    info$between <- rows[which(last)[1L], ]
    return(take_forest_rows(rows, which(!last), info))
  }
  take_forest_rows(rows, c(which(!last), which(last)), info)
}

# Some rows of a forest in a new order; attributes follow.
take_forest_rows <- function(rows, index, info = attr(rows, "info")) {
  extra <- attr(rows, "extra")
  structure(rows[index, , drop = FALSE], row.names = seq_along(index), info = info,
            extra = if (!is.null(extra)) extra[index, , drop = FALSE])
}

# Without the studies that have no estimate, and groups of which nothing is left. metafor's `rows` may have heights for
# the others only.
without_excluded <- function(rows, options) {
  out <- rows$type == "excluded"
  given <- length(options$rows)
  spared <- given > 1L && given == sum(is_study(rows)) && is.null(options$subset)
  if (!any(out) || (options$excluded && !spared)) return(rows)
  empty <- !is.na(rows$group) & !rows$group %in% rows$group[is_study(rows)]
  take_forest_rows(rows, which(!out & !empty))
}

# `overall` and `subgroup` as in meta's forest(), `addfit` for both: estimates of the whole, those of groups, and what
# belongs to them. The test between groups stays beside either.
without_pooled <- function(rows, options) {
  of_group <- !is.na(rows$group)
  shown <- shown_groups(rows, options$subgroup) & options$addfit
  pooled <- rows$type %in% c("subtotal", "summary", "prediction")
  out <- pooled & ifelse(of_group, !shown, !(options$overall && options$addfit))
  if (!options$addfit) out <- out | rows$type == "between"
  if (any(out)) take_forest_rows(rows, which(!out)) else rows
}

# For each row: are results of its group shown? One answer for all groups, or one for each in their order.
shown_groups <- function(rows, subgroup) {
  groups <- unique(rows$group[!is.na(rows$group)])
  if (!is.logical(subgroup) || anyNA(subgroup) || !length(subgroup) %in% c(1L, length(groups))) {
    abort_input("subgroup", sprintf("must be TRUE or FALSE, or one of them for each of the %d groups, not %s",
                                    length(groups), describe(subgroup)))
  }
  rep_len(subgroup, max(1L, length(groups)))[match(rows$group, groups)] %in% TRUE
}

keep_subset <- function(rows, subset) {
  if (is.null(subset)) return(rows)
  k <- attr(rows, "info")$studies %||% max(rows$study, 0L, na.rm = TRUE)
  kept <- if (is.logical(subset)) which(rep_len(subset, k)) else subset
  if (!is.numeric(kept) || !length(kept) || anyNA(kept) || any(abs(kept) > k)) {
    abort_input("subset", "must select some of the studies by number or by TRUE and FALSE")
  }
  take_forest_rows(rows, in_order_of(rows, seq_len(k)[kept], is.numeric(subset)))
}

# The rows of the studies that are kept and all others; numbers also say their order where there are no groups.
in_order_of <- function(rows, kept, ordered) {
  index <- which(is.na(rows$study) | rows$study %in% kept)
  study <- which(!is.na(rows$study[index]))
  if (ordered && !any(rows$type == "heading")) {
    index[study] <- index[study][order(match(rows$study[index[study]], kept))]
  }
  index
}

transform_forest_rows <- function(rows, options) {
  numbers <- c("est", "lo", "hi", "fit", "fit_lo", "fit_hi")
  if (!is.null(options$transf)) {
    rows[numbers[1:3]] <- lapply(rows[numbers[1:3]], transform_studies, f = options$transf, study = own_studies(rows))
    rows[numbers[4:6]] <- lapply(rows[numbers[4:6]], options$transf)
    for (ends in list(c("lo", "hi"), c("fit_lo", "fit_hi"))) {
      swap <- which(rows[[ends[1L]]] > rows[[ends[2L]]])
      rows[swap, ends] <- rows[swap, rev(ends)]
    }
  }
  if (!is.null(options$olim)) {
    reach <- c(max(options$olim[1L], -Inf, na.rm = TRUE), min(options$olim[2L], Inf, na.rm = TRUE))
    rows[numbers] <- lapply(rows[numbers], function(v) pmin(pmax(v, reach[1L]), reach[2L]))
  }
  rows
}

# The data in which `slab`, `ilab` and `order` may name columns.
plot_data <- function(x) {
  data <- if (inherits(x, "metaparity_subgroup")) x$overall$data else if (is.list(x)) x$data
  if (is.data.frame(data)) data
}

# An argument that names columns of the data means these, as far as it can be evaluated with them; otherwise it is what
# the caller passed.
data_argument <- function(expr, value, data, env) {
  names <- all.vars(expr)
  if (!any(names %in% names(data))) return(value)
  if (all(names %in% names(data))) return(eval(expr, data, env))
  tryCatch(eval(expr, data, env), error = function(e) value)
}

check_preddist <- function(own) {
  numbers <- is.list(own) && length(own) >= 2L && is.numeric(own[[1L]]) && is.numeric(own[[2L]])
  if (!numbers || length(own[[1L]]) != length(own[[2L]]) || length(own[[1L]]) < 2L || anyNA(unlist(own[1:2])) ||
        is.unsorted(own[[1L]]) || any(own[[2L]] < 0) || !any(own[[2L]] > 0)) {
    abort_input("preddist", "must be a list of increasing values and their densities")
  }
  own
}

is_study <- function(rows) rows$type %in% c("study", "filled")

# The arguments of a call in our names. What is neither ours nor in the table is named in a warning.
own_arguments <- function(given) {
  given <- Filter(Negate(is.null), given)
  if (length(given) && (is.null(names(given)) || !all(nzchar(names(given))))) {
    abort_input("...", "must hold named arguments only")
  }
  out <- list()
  for (name in names(given)) {
    if (is.null(foreign_arguments[[name]])) {
      if (!name %in% names(forest_defaults)) {
        if (!name %in% graphical_parameters) warn_unknown(name)
        next
      }
      out[[name]] <- given[[name]]
    } else {
      became <- foreign_arguments[[name]]$becomes(given[[name]])
      out[names(became)] <- became
    }
  }
  out
}
